/* What programme.c and settle.c share and nobody else sees. */
#ifndef LEDGER_SETTLE_H
#define LEDGER_SETTLE_H

#include "ledger/programme.h"

/* Looks at all statements in force and brings the clashes kept up to date. */
enum status ledger_find_clashes(struct store *store, int64_t now_ms, struct error *err);

#endif
