/* Time limits by working days; see clock.h. */
#include "ledger/clock.h"

/* Where a question was never answered before the end, the end closed it. */
static int64_t last_day(const struct clock *c, const struct clock_pause *pause)
{
    int64_t open = c->ended_day ? c->ended_day : INT64_MAX;
    return pause->to_day ? pause->to_day : open;
}

static bool stands_still(const struct clock *c, int64_t day)
{
    for (size_t i = 0; i < c->npauses; i++)
        if (day >= c->pauses[i].from_day && day <= last_day(c, &c->pauses[i]))
            return true;
    return false;
}

static bool is_held(const struct clock *c, int64_t *since)
{
    *since = INT64_MAX;
    for (size_t i = 0; i < c->npauses && !c->ended_day; i++)
        if (!c->pauses[i].to_day && c->pauses[i].from_day < *since)
            *since = c->pauses[i].from_day;
    return *since != INT64_MAX;
}

/* The day on which the limit's last counted day lies; 0 when an open question comes first. */
static int64_t find_due(const struct clock *c, const struct workdays *calendar, int64_t held_since)
{
    int64_t day = c->opened_day;
    for (int64_t left = c->limit; left > 0;) {
        day++;
        if (day >= held_since)
            return 0;
        left -= workday_is(calendar, day) && !stands_still(c, day);
    }
    return c->limit ? day : 0;
}

/* Silence is consent only where it is known which days were worked. */
static bool has_lapsed(const struct clock *c, const struct workdays *calendar, int64_t today,
                       const struct clock_reading *r)
{
    return c->silence && !c->ended_day && !r->holds && r->due_day && today > r->due_day &&
           !workday_unknown_year(calendar, c->opened_day, r->due_day);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void clock_read(const struct clock *c, const struct workdays *calendar, int64_t today,
                struct clock_reading *r)
{
    int64_t held_since;
    int64_t end = c->ended_day ? c->ended_day : today;
    *r = (struct clock_reading){.holds = is_held(c, &held_since)};
    for (int64_t day = c->opened_day + 1; day <= end; day++) {
        bool still = stands_still(c, day);
        r->used += !still && workday_is(calendar, day);
        r->stopped += still && workday_is(calendar, day);
    }
    r->due_day = find_due(c, calendar, held_since);
    if (r->due_day && end > r->due_day)
        r->late = workday_between(calendar, r->due_day, end);
    else if (r->due_day && !c->ended_day)
        r->left = workday_between(calendar, end, r->due_day);
    r->lapsed = has_lapsed(c, calendar, today, r);
    r->unknown_year = workday_unknown_year(calendar, c->opened_day, later(end, r->due_day));
}
