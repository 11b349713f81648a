/* What waits for what among the lines under one line, and what is to be expected of them (schedule.h). */
#ifndef LEDGER_LINK_H
#define LEDGER_LINK_H

#include "ledger/line.h"
#include "ledger/schedule.h"

#define LINK_LAG_MAX 3650

struct ledger_plan {
    struct line *lines;          /* under one line, oldest first; closed ones are left out */
    struct schedule_step *steps; /* one a line; a line is taken for begun where it has progress */
    struct schedule_forecast *forecasts;
    size_t count;
    struct schedule_link *links; /* between lines by their place */
    size_t nlinks;
    int64_t end; /* the last day to be expected; 0: no line has a due day */
};
/* Reads and reckons the lines under `parent`, in the arena. STATUS_DAMAGED when they wait for each other in a ring. */
enum status ledger_load_plan(struct arena *arena, struct store *store, int64_t parent,
                             int64_t today, struct ledger_plan *plan, struct error *err);

/* From now on `after` waits for `before`, both under `parent`; where it did already, the lag is changed. Event
 * line.linked about `after`. STATUS_INPUT when one is not under parent or they are the same, STATUS_CONFLICT naming the lines that would
 * wait for each other in a ring. */
enum status ledger_link_lines(struct arena *arena, struct store *store, int64_t parent,
                              int64_t before, int64_t after, int64_t lag,
                              const struct ledger_deed *deed, struct error *err);
/* It waits no longer: event line.unlinked. STATUS_MISSING when it did not. */
enum status ledger_unlink_lines(struct store *store, int64_t parent, int64_t before, int64_t after,
                                const struct ledger_deed *deed, struct error *err);

#endif
