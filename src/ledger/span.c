/* Where time goes; the definitions are in span.h. */
#include "ledger/span.h"

#include <stdlib.h>

/* --- days ----------------------------------------------------------------------------------------- */

struct span_clock {
    int64_t first, last;
    int32_t *worked; /* working days after first, up to and with first + i */
};

struct span_clock *span_count_days(struct arena *arena, const struct workdays *calendar,
                                   int64_t first, int64_t last)
{
    struct span_clock *clock = arena_new(arena, struct span_clock);
    size_t days = last > first ? (size_t)(last - first) : 0;
    *clock =
        (struct span_clock){first, first + (int64_t)days, arena_array(arena, days + 1, int32_t)};
    for (size_t i = 1; i <= days; i++)
        clock->worked[i] = clock->worked[i - 1] + workday_is(calendar, first + (int64_t)i);
    return clock;
}

static int64_t worked_until(const struct span_clock *clock, int64_t day)
{
    int64_t at = day < clock->first ? clock->first : day > clock->last ? clock->last : day;
    return clock->worked[at - clock->first];
}

int64_t span_days(const struct span_clock *clock, int64_t from, int64_t to)
{
    return worked_until(clock, to) - worked_until(clock, from);
}

bool span_touches(const struct span *span, const struct span_period *period)
{
    return span->to >= period->first && span->from <= period->last;
}

int64_t span_days_within(const struct span_clock *clock, const struct span *span,
                         const struct span_period *period)
{
    int64_t from = span->from < period->first ? period->first - 1 : span->from;
    int64_t to = span->to > period->last ? period->last : span->to;
    return from < to ? span_days(clock, from, to) : 0;
}

/* --- sums ----------------------------------------------------------------------------------------- */

/* Sums by key, found by hashing; `slots` is a power of two, at least twice the sums. */
struct tally {
    struct arena *arena;
    struct span_sum *sums;
    size_t count, room;
    size_t *slots; /* place of a sum + 1; 0: free */
    size_t nslots;
};

static size_t slot_of(const struct tally *t, int64_t key)
{
    size_t at = (size_t)((uint64_t)key * 0x9E3779B97F4A7C15U >> 32) & (t->nslots - 1);
    while (t->slots[at] && t->sums[t->slots[at] - 1].key != key)
        at = (at + 1) & (t->nslots - 1);
    return at;
}

static void grow(struct tally *t)
{
    size_t room = t->room ? 2 * t->room : 32;
    t->sums = arena_grow(t->arena, t->sums, t->room * sizeof *t->sums, room * sizeof *t->sums);
    t->room = room;
    t->nslots = 2 * room;
    t->slots = arena_array(t->arena, t->nslots, size_t);
    for (size_t i = 0; i < t->count; i++)
        t->slots[slot_of(t, t->sums[i].key)] = i + 1;
}

static struct span_sum *sum_of(struct tally *t, int64_t key)
{
    if (t->count == t->room)
        grow(t);
    size_t at = slot_of(t, key);
    if (!t->slots[at]) {
        t->sums[t->count] = (struct span_sum){.key = key};
        t->slots[at] = ++t->count;
    }
    return &t->sums[t->slots[at] - 1];
}

static void add_span(const struct span_clock *clock, const struct span *span,
                     const struct span_period *period, struct span_sum *sum)
{
    int64_t days = span_days_within(clock, span, period);
    sum->spans++;
    sum->open += span->open;
    if (!span->waiting) {
        sum->worked += days;
        return;
    }
    int64_t whole = span_days(clock, span->from, span->to);
    sum->waited += days;
    sum->longest = whole > sum->longest ? whole : sum->longest;
    if (!span->open && span->to <= period->last) {
        sum->ended++;
        sum->ended_days += whole;
    }
}

static int64_t key_of(const struct span *span, enum span_by by)
{
    switch (by) {
    case SPAN_BY_STEP:
        return span->step;
    case SPAN_BY_REASON:
        return span->reason;
    case SPAN_BY_UNIT:
        return span->unit;
    default:
        return 0;
    }
}

static int compare_sums(const void *left, const void *right)
{
    const struct span_sum *a = left;
    const struct span_sum *b = right;
    if (a->waited != b->waited)
        return a->waited < b->waited ? 1 : -1;
    if (a->worked != b->worked)
        return a->worked < b->worked ? 1 : -1;
    return a->key < b->key ? -1 : a->key > b->key;
}

struct span_sum *span_sum_up(struct arena *arena, const struct span_clock *clock,
                             const struct span *spans, size_t count,
                             const struct span_period *period, enum span_by by, size_t *sums)
{
    struct tally t = {.arena = arena};
    if (by == SPAN_BY_NOTHING)
        (void)sum_of(&t, 0);
    for (size_t i = 0; i < count; i++)
        if (span_touches(&spans[i], period))
            add_span(clock, &spans[i], period, sum_of(&t, key_of(&spans[i], by)));
    if (t.count)
        qsort(t.sums, t.count, sizeof *t.sums, compare_sums);
    *sums = t.count;
    return t.sums;
}

#define WEEK   7
#define MONDAY 3 /* 1 January 1970 was a Thursday: day + 3 is a whole number of weeks on Mondays */

static int64_t sunday_of(int64_t day)
{
    int64_t of_week = (day + MONDAY) % WEEK;
    return day + WEEK - 1 - (of_week < 0 ? of_week + WEEK : of_week);
}

static void add_to_weeks(const struct span_clock *clock, const struct span *span,
                         struct span_week *weeks, size_t count, int64_t sunday)
{
    int64_t first = sunday - WEEK * ((int64_t)count - 1); /* the first week's own Sunday */
    int64_t ended = (sunday_of(span->to) - first) / WEEK;
    if (!span->open && sunday_of(span->to) >= first && ended < (int64_t)count) {
        weeks[ended].ended++;
        weeks[ended].ended_days += span_days(clock, span->from, span->to);
    }
    int64_t since = span->from <= first ? 0 : (sunday_of(span->from) - first) / WEEK;
    for (size_t i = (size_t)since; i < count; i++) {
        if (!span->open && span->to <= weeks[i].last)
            break;
        if (span->from > weeks[i].last)
            continue;
        weeks[i].stood++;
        weeks[i].stood_days += span_days(clock, span->from, weeks[i].last);
    }
}

void span_sum_weeks(const struct span_clock *clock, const struct span *spans, size_t count,
                    int64_t today, struct span_week *weeks, size_t nweeks)
{
    int64_t sunday = sunday_of(today);
    for (size_t i = 0; i < nweeks; i++) {
        int64_t last = sunday - WEEK * (int64_t)(nweeks - 1 - i);
        weeks[i] = (struct span_week){.last = last > today ? today : last};
    }
    for (size_t i = 0; i < count; i++)
        if (spans[i].waiting && nweeks)
            add_to_weeks(clock, &spans[i], weeks, nweeks, sunday);
}

/* --- lines ---------------------------------------------------------------------------------------- */

size_t span_find_line(const struct span_net *net, int64_t id)
{
    if (!net->nlines || id < net->lines[0].id)
        return SIZE_MAX;
    /* Ids ascend by one at least: a line can't stand further on than its id is from the first, and where few ids lack it
     * stands close before that place. */
    uint64_t ahead = (uint64_t)(id - net->lines[0].id);
    size_t high = ahead < net->nlines ? (size_t)ahead + 1 : net->nlines;
    size_t low = high - 1;
    for (size_t stride = 1; low > 0 && net->lines[low].id > id; stride *= 2) {
        high = low;
        low = low > stride ? low - stride : 0;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (net->lines[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < net->nlines && net->lines[low].id == id ? low : SIZE_MAX;
}

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Working days that the line could begin, or end, later than planned because of the one before it. */
static int64_t held_up(const struct span_clock *clock, const struct span_line *before,
                       const struct span_line *after, const struct span_hold *hold)
{
    if (hold->part)
        return span_days(clock, after->due, before->end + hold->lag);
    return after->begins ? span_days(clock, after->begins - 1, before->end + hold->lag) : 0;
}

static void inherit(const struct span_clock *clock, const struct span_net *net,
                    struct span_delay *delays)
{
    for (size_t i = 0; i < net->nholds; i++) {
        const struct span_hold *hold = &net->holds[i];
        struct span_delay *to = &delays[hold->after];
        int64_t days = least_of(to->days, delays[hold->before].days);
        if (days > to->inherited)
            days = least_of(
                days, held_up(clock, &net->lines[hold->before], &net->lines[hold->after], hold));
        if (days > to->inherited) {
            to->inherited = days;
            to->from = hold->before;
        }
    }
}

/* Each line inherits from one at most, so that a ring is found by walking up; it is cut where it closes. */
static void cut_rings(struct arena *arena, struct span_delay *delays, size_t count)
{
    size_t *seen = arena_array(arena, count, size_t); /* the walk that came by; 0: none */
    for (size_t i = 0; i < count; i++)
        for (size_t at = i; !seen[at]; at = delays[at].from) {
            size_t up = delays[at].from;
            seen[at] = i + 1;
            if (up == SIZE_MAX)
                break;
            if (seen[up] == i + 1) {
                delays[at].from = SIZE_MAX;
                delays[at].inherited = 0;
                break;
            }
        }
}

void span_find_delays(struct arena *arena, const struct span_clock *clock,
                      const struct span_net *net, struct span_delay *delays)
{
    for (size_t i = 0; i < net->nlines; i++) {
        const struct span_line *line = &net->lines[i];
        int64_t days = line->due ? span_days(clock, line->due, line->end) : 0;
        delays[i] = (struct span_delay){.days = days > 0 ? days : 0, .from = SIZE_MAX};
    }
    inherit(clock, net, delays);
    cut_rings(arena, delays, net->nlines);
    for (size_t i = 0; i < net->nlines; i++)
        delays[i].own = delays[i].days - delays[i].inherited;
    for (size_t i = 0; i < net->nlines; i++) {
        int64_t left = delays[i].inherited;
        delays[i].caused += delays[i].own;
        for (size_t at = delays[i].from; left > 0; at = delays[at].from) {
            int64_t share = least_of(left, delays[at].own);
            delays[at].caused += share;
            left -= share;
        }
    }
}

/* --- what blocks ---------------------------------------------------------------------------------- */

/* The lines after each, in one row: those of line i from starts[i] to starts[i + 1]. */
struct span_fan {
    size_t *starts, *after;
    size_t *queue;
    size_t *seen; /* in which walk last */
    size_t walks;
};

void span_join_net(struct arena *arena, struct span_net *net)
{
    struct span_fan *fan = arena_new(arena, struct span_fan);
    net->fan = fan;
    *fan = (struct span_fan){
        .starts = arena_array(arena, net->nlines + 2, size_t),
        .after = arena_array(arena, net->nholds + 1, size_t),
        .queue = arena_array(arena, net->nlines + 1, size_t),
        .seen = arena_array(arena, net->nlines + 1, size_t),
    };
    for (size_t i = 0; i < net->nholds; i++)
        fan->starts[net->holds[i].before + 2]++;
    for (size_t i = 2; i < net->nlines + 2; i++)
        fan->starts[i] += fan->starts[i - 1];
    for (size_t i = 0; i < net->nholds; i++)
        fan->after[fan->starts[net->holds[i].before + 1]++] = net->holds[i].after;
}

/* Fills the queue with the lines that wait for `line`, nearest first. */
static size_t walk(const struct span_net *net, size_t line)
{
    struct span_fan *fan = net->fan;
    size_t count = 0;
    size_t this = ++fan->walks;
    fan->seen[line] = this;
    for (size_t next = 0, at = line;; at = fan->queue[next++]) {
        for (size_t i = fan->starts[at]; i < fan->starts[at + 1]; i++) {
            size_t after = fan->after[i];
            if (fan->seen[after] == this || net->lines[after].ended)
                continue;
            fan->seen[after] = this;
            fan->queue[count++] = after;
        }
        if (next == count)
            return count;
    }
}

size_t *span_find_held(struct arena *arena, const struct span_net *net, size_t line, size_t *count)
{
    *count = walk(net, line);
    size_t *held = arena_array(arena, *count + 1, size_t);
    for (size_t i = 0; i < *count; i++)
        held[i] = net->fan->queue[i];
    return held;
}

static int64_t blocked_days(const struct span_clock *clock, const struct span *span)
{
    if (!span->open || (span->waiting && span->before))
        return 0;
    if (span->waiting)
        return span_days(clock, span->from, span->to);
    return span->due ? span_days(clock, span->due, span->to) : 0;
}

static bool is_worse(const struct span_block *a, const struct span_block *b)
{
    if (a->weight != b->weight)
        return a->weight > b->weight;
    return a->days != b->days ? a->days > b->days : a->span < b->span;
}

/* A line stands in the list once. False when what is there of it is worse. */
static bool take_out(struct span_block *list, size_t *count, const struct span *spans,
                     const struct span_block *block)
{
    int64_t line = spans[block->span].line;
    size_t at = 0;
    while (at < *count && (!line || spans[list[at].span].line != line))
        at++;
    if (at == *count)
        return true;
    if (!is_worse(block, &list[at]))
        return false;
    for (--*count; at < *count; at++)
        list[at] = list[at + 1];
    return true;
}

static void keep_worst(struct span_block *list, size_t *count, size_t most,
                       const struct span *spans, struct span_block block)
{
    if (!take_out(list, count, spans, &block))
        return;
    size_t at = *count;
    if (at == most && (most == 0 || !is_worse(&block, &list[most - 1])))
        return;
    at -= at == most;
    for (; at > 0 && is_worse(&block, &list[at - 1]); at--)
        list[at] = list[at - 1];
    list[at] = block;
    *count += *count < most;
}

struct span_block *span_find_blocks(struct arena *arena, const struct span_clock *clock,
                                    const struct span *spans, size_t count,
                                    const struct span_net *net, size_t most, size_t *nblocks)
{
    struct span_block *list = arena_array(arena, most + 1, struct span_block);
    int64_t *held = arena_array(arena, net->nlines + 1, int64_t); /* lines + 1; 0: not counted */
    *nblocks = 0;
    for (size_t i = 0; i < count; i++) {
        struct span_block block = {.span = i, .days = blocked_days(clock, &spans[i])};
        size_t place = block.days > 0 ? span_find_line(net, spans[i].line) : SIZE_MAX;
        if (block.days <= 0)
            continue;
        if (place != SIZE_MAX && !held[place])
            held[place] = (int64_t)walk(net, place) + 1;
        block.lines = place == SIZE_MAX ? 0 : held[place] - 1;
        block.weight = block.days * (1 + block.lines);
        keep_worst(list, nblocks, most, spans, block);
    }
    return list;
}
