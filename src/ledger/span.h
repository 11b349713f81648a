/* Where time goes: figures over the spans that lines spend in steps, and over their delays. What is counted, exactly:
 *
 * - Time is counted in working days of a calendar. A span from day a to day b takes the working days after a, up to and
 *   with b: spans that touch add up to the whole, and what is done on the day on which it came takes none.
 * - A span is worked, or waited: for somebody's act, or for another line (`before`). Its elapsed time is one of the two, so
 *   time worked and time waited add up to time elapsed, by whatever they are told apart. Steps of one line that run at the
 *   same time count each for itself.
 * - A span that has not ended goes up to today. Of a span only the days within the period count; how long a wait was is
 *   its whole length, also before the period.
 * - The delay of a line: working days from its due day to its end, or to today while it has not ended; 0 where it ended in
 *   time or has no due day.
 * - A line waits for those before it: it begins when they have ended (and a lag is over); and a line that others are part
 *   of ends when these have ended. What one of these hands on is the least of three: the delay of the line itself, that of
 *   the other, and how many working days later than planned the line could begin (end) because of it. The line inherits
 *   what the one hands on that hands on most, the first of several alike; the rest of its delay is its own. Inherited and
 *   own delay add up to the delay.
 * - What a line caused: its own delay, and what others inherited of it, also by way of others. Where one hands on less than
 *   its own delay and what it inherited, its own is handed on first. All that lines caused is all delay there is.
 * - What blocks: a wait for somebody's act that has not ended, by its length; and work that has not ended, by the working
 *   days after its due day. It weighs these days times the lines that it holds up: its own, and all that wait for that one
 *   and have not ended, directly or by way of others that have not ended.
 * - The last step before the user: after it nothing follows but the user's own use of it. Which steps are last is said
 *   where the steps are (flow.h).
 * - Of a week: the waits that ended in it and how long they were; those that stood at its end (or today) and how long they
 *   had by then.
 *
 * Pure. */
#ifndef LEDGER_SPAN_H
#define LEDGER_SPAN_H

#include "ledger/workday.h"

struct span {
    int64_t line;   /* 0: about none */
    int64_t before; /* line that it waits for; 0: for no line */
    int64_t unit; /* whose turn it is, of `before` while it waits for that; 0: nobody's of a unit */
    unsigned step, reason;
    bool waiting, open; /* open: has not ended, `to` is today */
    bool last;          /* the last step before the user */
    int64_t from, to;   /* civil days, from <= to */
    int64_t due;        /* by when it is to end; 0: not said */
    int64_t behind;     /* further steps of its line that can't begin before it ends */
};
struct span_period {
    int64_t first, last; /* days, both within */
};

/* --- days ----------------------------------------------------------------------------------------- */

/* The working days of a stretch, counted once: O(stretch) to make, O(1) to ask. */
struct span_clock;
/* Makes one in the arena, from day `first` up to and with `last`. The calendar may go afterwards. */
struct span_clock *span_count_days(struct arena *arena, const struct workdays *calendar,
                                   int64_t first, int64_t last);
/* Working days after `from` up to and with `to`; below 0 where `to` comes first. Days outside of the stretch count as its
 * first, or last. */
int64_t span_days(const struct span_clock *clock, int64_t from, int64_t to);
/* Of a span within the period. */
int64_t span_days_within(const struct span_clock *clock, const struct span *span,
                         const struct span_period *period);
/* Whether it has a day, or its end, within. */
bool span_touches(const struct span *span, const struct span_period *period);

/* --- sums ----------------------------------------------------------------------------------------- */

enum span_by { SPAN_BY_NOTHING, SPAN_BY_STEP, SPAN_BY_REASON, SPAN_BY_UNIT };
struct span_sum {
    int64_t key;            /* step, reason or unit */
    int64_t worked, waited; /* working days within the period */
    int64_t spans, open;
    int64_t ended, ended_days; /* waits that ended within the period, and their whole length */
    int64_t longest;           /* wait */
};
/* Of the spans that touch the period: one sum for each that there is, most waited first; of SPAN_BY_NOTHING just one.
 * In the arena. */
struct span_sum *span_sum_up(struct arena *arena, const struct span_clock *clock,
                             const struct span *spans, size_t count,
                             const struct span_period *period, enum span_by by, size_t *sums);

struct span_week {
    int64_t last;              /* its last day, or today */
    int64_t ended, ended_days; /* waits that ended in it */
    int64_t stood, stood_days; /* waits that stood at its end */
};
/* Fills `count` weeks that end with the one of `today`; a week ends on Sunday. */
void span_sum_weeks(const struct span_clock *clock, const struct span *spans, size_t count,
                    int64_t today, struct span_week *weeks, size_t nweeks);

/* --- lines ---------------------------------------------------------------------------------------- */

struct span_line {
    int64_t id;
    int64_t begins, due; /* planned; 0: not */
    int64_t end;         /* the day on which it ended, or today */
    bool ended;
};
/* `after` waits for `before`: to begin, or to end where `before` is part of it. */
struct span_hold {
    size_t before, after; /* lines by their place */
    int64_t lag;          /* civil days after the end of `before` */
    bool part;
};
struct span_fan;
struct span_net {
    struct span_line *lines; /* by id, lowest first */
    size_t nlines;
    struct span_hold *holds;
    size_t nholds;
    struct span_fan *fan; /* what waits for each, from span_join_net; for what blocks */
};
/* Once lines and holds are filled. In the arena. */
void span_join_net(struct arena *arena, struct span_net *net);
/* Its place, or SIZE_MAX. */
size_t span_find_line(const struct span_net *net, int64_t id);

struct span_delay {
    int64_t days, inherited, own, caused;
    size_t from; /* place of the line that it inherited from; SIZE_MAX: nothing */
};
/* Fills delays, one a line. Where lines hand on to each other in a ring, one of them inherits nothing.
 * Takes O(lines + holds + the ways up). */
void span_find_delays(struct arena *arena, const struct span_clock *clock,
                      const struct span_net *net, struct span_delay *delays);

struct span_block {
    size_t span;   /* its place */
    int64_t days;  /* that it blocks so far */
    int64_t lines; /* that wait for its line and have not ended */
    int64_t weight;
};
/* The worst, at most `most`, a line at most once: the greatest weight first, then the longest, then by place. In the arena. */
struct span_block *span_find_blocks(struct arena *arena, const struct span_clock *clock,
                                    const struct span *spans, size_t count,
                                    const struct span_net *net, size_t most, size_t *nblocks);
/* Places of the lines that have not ended and wait for this one, nearest first. In the arena. */
size_t *span_find_held(struct arena *arena, const struct span_net *net, size_t line, size_t *count);

#endif
