/* What events of the ledger hold, in words: what was done ("Struck off", not "Strike off"), and the values that stand under
 * other names. One table, by the event's kind and the name: a line's history, the records on pages and what a member is shown
 * of their data say them alike. */
#ifndef SERVER_LEDGER_TOLD_H
#define SERVER_LEDGER_TOLD_H

#include "ledger/machine.h"

/* What an act of a machine is called once it was done; `act` is one of its own. Static. */
const char *ledger_done_words(const struct machine *machine, int act, enum lang lang);

/* A value of an event, such as the "strike" of an "act" of a "line.supervision"; "" where it has no words of its own.
 * Static; fits personal.h's personal_say. */
const char *ledger_told(struct str event, struct str name, struct str value, enum lang lang);

#endif
