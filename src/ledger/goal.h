/* Goals: how far ahead each looks. Where they stand is summed from their parts (sum.h). */
#ifndef LEDGER_GOAL_H
#define LEDGER_GOAL_H

#include "ledger/line.h"

/* How far ahead a goal looks: near, middle, far (近期、中期、远期). Where nobody has said so, its due day does. */
enum goal_horizon { HORIZON_NONE, HORIZON_NEAR, HORIZON_MIDDLE, HORIZON_FAR, HORIZONS };

#define HORIZON_NEAR_DAYS   365  /* near: due within a year */
#define HORIZON_MIDDLE_DAYS 1826 /* middle: within five */

/* "near" … as in the database and JSON, "" for none; static. */
const char *goal_horizon_name(enum goal_horizon horizon);
/* Reads it, "" too; false on anything else. */
bool goal_horizon_named(struct str name, enum goal_horizon *horizon);
/* "Near term", "近期"; static. */
const char *goal_horizon_word(enum goal_horizon horizon, enum lang lang);
/* How it follows from the due day, as a sentence; static. */
const char *goal_horizon_rule(enum lang lang);
/* Of a due day, seen from today; HORIZON_NONE without one. Pure. */
enum goal_horizon goal_horizon_of(int64_t due_day, int64_t today);
/* The same as SQL, a name, over a line under the alias `l`, its goal under `g` and today as parameter ?2. */
#define HORIZON_SQL                                                                                    \
    "coalesce(g.horizon, CASE WHEN l.due_day IS NULL THEN '' WHEN l.due_day - ?2 <= " HORIZON_NEAR_SQL \
    " THEN 'near' WHEN l.due_day - ?2 <= " HORIZON_MIDDLE_SQL " THEN 'middle' ELSE 'far' END)"
#define HORIZON_NEAR_SQL   STORE_NUMBER_SQL(HORIZON_NEAR_DAYS)
#define HORIZON_MIDDLE_SQL STORE_NUMBER_SQL(HORIZON_MIDDLE_DAYS)

/* What was said by hand; HORIZON_NONE where nothing was. */
enum status ledger_load_horizon(struct store *store, int64_t line, enum goal_horizon *horizon,
                                struct error *err);
/* Says how far ahead a goal looks; HORIZON_NONE takes it back. Event line.horizon, none where it is so already.
 * STATUS_INPUT when the line is no goal. */
enum status ledger_say_horizon(struct store *store, int64_t line, enum goal_horizon horizon,
                               const struct ledger_deed *deed, struct error *err);

#endif
