/* The network of a project's steps: when each is to be expected, which of them decide the end (the critical path),
 * and how many days the others may slip before they do.
 *
 * Critical path method (Kelley and Walker, 1959) with what has happened taken in: a step that is done ended when it
 * ended, one under way can't end before what is left of it is done, one that has not begun can't begin before today.
 * A step is never expected earlier than it was planned, as others have arranged themselves by the plan.
 *
 * Days are civil days as numbers, both ends belong to a step; 0 is no day. Pure. */
#ifndef LEDGER_SCHEDULE_H
#define LEDGER_SCHEDULE_H

#include "base/error.h"
#include "base/str.h"

struct schedule_step {
    int64_t begins, due; /* as planned; begins 0: it takes no time but happens on the due day */
    int64_t begun, done; /* what happened; 0: not yet */
    unsigned progress;   /* 0 … 100, of one under way */
};

/* `after` begins `lag` days or more after the end of `before`; with 0, on the next day. */
struct schedule_link {
    size_t before, after; /* steps by their place */
    int64_t lag;          /* ≥ 0 */
};

/* What is to be expected of a step. */
struct schedule_forecast {
    int64_t begins, ends;
    int64_t latest; /* day on which it may end without moving the end of the whole */
    int64_t slack;  /* days from ends to latest; 0 of a step that is done */
    bool critical;  /* not done, and has no slack */
};

/* Fills `forecasts`, one a step, and *end, the last day of the whole (0: there is no step). STATUS_CONFLICT when the
 * steps wait for each other in a ring: then nothing is filled but *ring, in the arena, with the places of the steps in the
 * order in which each waits for the one before it, the first for the last. A step without a due day is left
 * out: its forecast is zero and links to it do nothing. Takes O(steps + links). */
enum status ledger_find_schedule(struct arena *arena, const struct schedule_step *steps,
                                 size_t nsteps, const struct schedule_link *links, size_t nlinks,
                                 int64_t today, struct schedule_forecast *forecasts, int64_t *end,
                                 size_t **ring, size_t *nring);

#endif
