/* Alarms of risks joined with members and letters. */
#ifndef SERVER_LEDGER_MONITOR_H
#define SERVER_LEDGER_MONITOR_H

#include "base/arena.h"
#include "store/store.h"

/* When alarms are to be told of: as soon as there are any untold. */
#define LEDGER_MONITOR_DUE_SQL "SELECT min(raised_ms) FROM risk_alarm WHERE told_ms IS NULL"
/* A step for server_write: queues a letter about each risk whose alarm was raised and still stands, to its lead, and where
 * somebody must act to who heads its unit as well; where there is no lead, to the first head above. Each alarm is told of
 * once. */
enum status ledger_tell_risks(struct store *store, struct arena *scratch, void *context,
                              struct error *err);

#endif
