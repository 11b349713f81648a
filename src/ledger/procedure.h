/* What becomes of a line when its steps move on, by its kind: a procedure that keeps something by them is a row of the table in
 * procedure.c. */
#ifndef LEDGER_PROCEDURE_H
#define LEDGER_PROCEDURE_H

#include "ledger/line.h"
#include "ledger/workday.h"

/* After an act on a step of the line, its lapse, or a further one, within the same transaction. Nothing for kinds that keep nothing. */
enum status ledger_follow_steps(struct arena *arena, struct store *store,
                                const struct workdays *calendar, int64_t line,
                                const struct ledger_deed *deed, struct error *err);

#endif
