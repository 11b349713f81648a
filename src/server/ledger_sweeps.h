/* Letters about sweeps: to whoever is to answer for a unit. */
#ifndef SERVER_LEDGER_SWEEPS_H
#define SERVER_LEDGER_SWEEPS_H

#include "base/arena.h"
#include "store/store.h"

/* As soon as a sweep was handed to a unit that was not told. */
#define LEDGER_SWEEPS_DUE_SQL "SELECT min(given_ms) FROM sweep_unit WHERE told_ms IS NULL"
/* A step for server_write: queues a letter to who heads each such unit, or to its members where nobody does. Each is told
 * once. */
enum status ledger_tell_sweeps(struct store *store, struct arena *scratch, void *context,
                               struct error *err);

#endif
