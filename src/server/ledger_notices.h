/* Notices of supervision joined with members and settings. */
#ifndef SERVER_LEDGER_NOTICES_H
#define SERVER_LEDGER_NOTICES_H

#include "ledger/workday.h"
#include "server/ledger.h"

/* The working days of this installation: the setting ledger.calendar, Monday to Friday where there is none. */
enum status ledger_notices_calendar(struct arena *arena, struct store *store,
                                    const struct workdays **calendar, struct error *err);

#endif
