/* Lights: how a line stands today, by its dates and its progress, by rules that are said wherever a light is shown.
 *
 * As supervision offices colour what they urge: blue, the day is near; yellow, behind what was planned by now; red, the
 * day is past. The worst that is true counts. How near and how far behind are set by who runs the portal (limits.h).
 * Pure. */
#ifndef LEDGER_LIGHT_H
#define LEDGER_LIGHT_H

#include "ledger/limits.h"

enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_BLUE, LIGHT_YELLOW, LIGHT_RED, LIGHTS };

/* What a line was to have reached by `today` if work goes on evenly from its first day to its last: 0 … 100. Of a line
 * without both days nothing is planned until its last day is past. */
int64_t line_planned(const struct line *line, int64_t today);
/* LIGHT_NONE for what is not being worked on, or has no last day. */
enum light line_light(const struct ledger_limits *limits, const struct line *line, int64_t today);

/* "green" … as in addresses and JSON, "" for none; static. */
const char *light_name(enum light light);
/* "Late", "逾期"; static. */
const char *light_word(enum light light, enum lang lang);
/* When it shows, as a sentence; in the arena. */
struct str light_rule(struct arena *arena, const struct ledger_limits *limits, enum light light,
                      enum lang lang);

/* The same as an expression of SQL, 0 … 4, over a line under the alias `l` and today as parameter ?2, by the limits in
 * force, which SQLite reads once a query. */
#define LIGHT_SQL                                                              \
    "CASE WHEN l.state <> 'active' OR l.due_day IS NULL THEN 0"                \
    " WHEN ?2 > l.due_day THEN 4"                                              \
    " WHEN l.begins_day < l.due_day AND ?2 > l.begins_day"                     \
    " AND 100 * (?2 - l.begins_day) / (l.due_day - l.begins_day) - l.progress" \
    " >= (SELECT behind_points FROM ledger_limits) THEN 3"                     \
    " WHEN l.due_day - ?2 <= (SELECT near_days FROM ledger_limits) THEN 2 ELSE 1 END"

#endif
