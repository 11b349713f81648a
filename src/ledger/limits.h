/* By what numbers lights and notices go: set by who runs the portal, shown wherever a rule is shown. */
#ifndef LEDGER_LIMITS_H
#define LEDGER_LIMITS_H

#include "ledger/line.h"

#define LIMITS_NEAR_MOST 14 /* a reminder comes before that */

struct ledger_limits {
    int64_t near_days; /* blue within so many days of the last one, 1 … LIMITS_NEAR_MOST */
    int64_t
        behind_points;  /* yellow when so many points of progress, of 100, are missing; 1 … 100 */
    int64_t from_hour;  /* notices are given from this hour … */
    int64_t until_hour; /* … until this one, local time; 0 … 24, from before until */
};
/* What they are before anybody sets them. */
extern const struct ledger_limits ledger_limits_default;

/* A rule in which {near}, {behind}, {from} and {until} stand for the numbers, with them; in the arena. */
struct str ledger_with_limits(struct arena *arena, const struct ledger_limits *limits,
                              const char *rule);

enum status ledger_load_limits(struct store *store, struct ledger_limits *limits,
                               struct error *err);
/* Puts them in force, and has notices looked for by them. Event ledger.limits with what differs; none where nothing does.
 * STATUS_INPUT. */
enum status ledger_set_limits(struct store *store, const struct ledger_limits *limits,
                              const struct ledger_deed *deed, struct error *err);

#endif
