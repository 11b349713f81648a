/* Time limits: how much of one is used, until when it runs, how late somebody is, and when silence is consent.
 *
 * The rule in one sentence: a working day counts when no question stood open on it, and the day on which the clock starts
 * does not count. So the clock stands still from the day of a question to the day of its answer, both of them included; the
 * limit ends with the last moment of its last day, and what lapses does so after it, never before. Pure. */
#ifndef LEDGER_CLOCK_H
#define LEDGER_CLOCK_H

#include "ledger/workday.h"

#define CLOCK_LIMIT_MAX 250 /* working days */

/* Days from the one on which a question was asked to the one on which it was answered; to_day 0: it is open. */
struct clock_pause {
    int64_t from_day, to_day;
};

struct clock {
    int64_t opened_day;
    int64_t limit;                    /* working days; 0: there is none */
    int64_t ended_day;                /* 0: it runs */
    bool silence;                     /* who says nothing consents */
    const struct clock_pause *pauses; /* in any order; they may overlap */
    size_t npauses;
};

struct clock_reading {
    int64_t used; /* days that count, up to and with the last one: today, or the day of the end */
    int64_t stopped; /* working days up to then that do not, for questions */
    int64_t due_day; /* last day of the limit; 0: there is none, or an open question holds it off */
    int64_t
        left; /* working days after today until due_day; 0 also when ended, late or without due_day */
    int64_t late; /* working days after due_day until the end, or today; 0: in time */
    bool holds;   /* it runs, and a question stands open */
    bool
        lapsed; /* it runs, silence consents, no question is open, the last day is past, and the calendar knows all
                       * days up to it */
    int unknown_year; /* a year in it of which the calendar knows no holidays; 0: it knows all */
};
/* How a clock stands on the day `today`, which is not before opened_day. Takes O(days). */
void clock_read(const struct clock *clock, const struct workdays *calendar, int64_t today,
                struct clock_reading *reading);

#endif
