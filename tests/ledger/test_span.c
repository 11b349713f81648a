/* Where time goes: cases by hand, and a process made by dice whose true waits and delays are known. */
#include "day_case.h"

#include <stdlib.h>

#include "ledger/span.h"

#define LINES   240
#define PARENTS 20
#define ALL     (LINES + PARENTS)
#define STEPS   5
#define UNITS   7
#define HELD    STEPS /* the step in which a line waits for those before it */
#define NEVER   INT32_MAX
#define BEFORE  3 /* lines that one waits for, at most */

static struct arena *arena;
static const struct workdays *china;

static int begin(void **state)
{
    (void)state;
    arena = arena_make();
    china = load(arena, "china");
    srandom(11);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* --- cases ---------------------------------------------------------------------------------------- */

static void a_span_takes_the_working_days_after_its_first_day_up_to_its_last(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t days;
    } cases[] = {
        {"2026-03-02", "2026-03-02", 0}, /* done on the day on which it came */
        {"2026-03-02", "2026-03-03", 1},  {"2026-03-06", "2026-03-09", 1}, /* over a weekend */
        {"2026-03-07", "2026-03-08", 0},                                   /* within one */
        {"2026-09-30", "2026-10-08", 1}, /* over the national day */
        {"2026-03-06", "2026-03-02", -4},
    };
    struct span_clock *clock = span_count_days(arena, china, day("2026-01-01"), day("2026-12-31"));
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(span_days(clock, day(cases[i].from), day(cases[i].to)), cases[i].days);
    assert_int_equal(span_days(clock, day("2025-12-01"), day("2026-01-05")),
                     span_days(clock, day("2026-01-01"), day("2026-01-05")));
}

static void of_a_span_the_days_within_the_period_count_and_its_whole_wait_is_told(void **state)
{
    struct span_clock *clock = span_count_days(arena, china, day("2026-03-01"), day("2026-04-30"));
    struct span spans[] = {
        {.line = 1, .waiting = true, .from = day("2026-03-02"), .to = day("2026-03-20")},
        {.line = 1, .from = day("2026-03-20"), .to = day("2026-03-25"), .open = true},
        {.line = 2, .waiting = true, .from = day("2026-03-02"), .to = day("2026-03-12")},
    };
    struct span_period period = {day("2026-03-16"), day("2026-03-31")};
    size_t count;
    struct span_sum *sum = span_sum_up(arena, clock, spans, 3, &period, SPAN_BY_NOTHING, &count);
    (void)state;
    assert_int_equal(count, 1);
    assert_int_equal(sum->spans, 2);
    assert_int_equal(sum->open, 1);
    assert_int_equal(sum->waited, 5); /* 16 to 20 March */
    assert_int_equal(sum->worked, 3); /* 23 to 25 */
    assert_int_equal(sum->longest, 14);
    assert_int_equal(sum->ended, 1);
    assert_int_equal(sum->ended_days, 14);
    sum = span_sum_up(arena, clock, spans, 0, &period, SPAN_BY_NOTHING, &count);
    assert_int_equal(count, 1);
    assert_int_equal(sum->spans, 0);
}

struct delay_case {
    const char *begins, *due, *end; /* of the second line; the first one is due on 6 March */
    const char *first;              /* its end */
    int64_t lag;
    bool part;
    int64_t days, inherited;
};

static void a_line_inherits_no_more_than_it_was_held_up_nor_than_the_other_is_late(void **state)
{
    static const struct delay_case cases[] = {
        /* the first is five days late, the second begins as late and ends as late */
        {"2026-03-09", "2026-03-20", "2026-03-27", "2026-03-13", 0, false, 5, 5},
        /* and takes three more of its own */
        {"2026-03-09", "2026-03-20", "2026-04-01", "2026-03-13", 0, false, 8, 5},
        /* and makes two of them good */
        {"2026-03-09", "2026-03-20", "2026-03-25", "2026-03-13", 0, false, 3, 3},
        /* there was a week's room in the plan */
        {"2026-03-16", "2026-03-20", "2026-03-27", "2026-03-13", 0, false, 5, 0},
        /* the first was in time, but the plan let the second begin before that */
        {"2026-03-02", "2026-03-20", "2026-03-27", "2026-03-06", 0, false, 5, 0},
        /* the same, and the first was a day late */
        {"2026-03-02", "2026-03-20", "2026-03-27", "2026-03-09", 0, false, 5, 1},
        /* it was to wait a week after the first */
        {"2026-03-16", "2026-03-20", "2026-03-27", "2026-03-13", 7, false, 5, 5},
        /* it was in time all the same */
        {"2026-03-09", "2026-03-20", "2026-03-20", "2026-03-13", 0, false, 0, 0},
        /* the first is part of the second: what counts is its end */
        {"2026-03-02", "2026-03-11", "2026-03-17", "2026-03-13", 0, true, 4, 2},
        {NULL, "2026-03-20", "2026-03-27", "2026-03-13", 0, false, 5, 0},
        {"2026-03-09", NULL, "2026-03-27", "2026-03-13", 0, false, 0, 0},
    };
    struct span_clock *clock = span_count_days(arena, china, day("2026-03-01"), day("2026-04-30"));
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct delay_case *c = &cases[i];
        struct span_line lines[] = {
            {.id = 1, .due = day("2026-03-06"), .end = day(c->first), .ended = true},
            {.id = 2, .begins = day(c->begins), .due = day(c->due), .end = day(c->end)},
        };
        struct span_hold hold = {0, 1, c->lag, c->part};
        struct span_net net = {lines, 2, &hold, 1, NULL};
        struct span_delay delays[2];
        span_find_delays(arena, clock, &net, delays);
        if (delays[1].days != c->days || delays[1].inherited != c->inherited)
            fail_msg("case %zu: %lld of %lld", i, (long long)delays[1].inherited,
                     (long long)delays[1].days);
        assert_int_equal(delays[1].from, c->inherited ? 0 : SIZE_MAX);
        assert_int_equal(delays[0].caused, delays[0].own + c->inherited);
    }
}

static void lines_that_wait_for_each_other_in_a_ring_cause_what_there_is(void **state)
{
    struct span_clock *clock = span_count_days(arena, china, day("2026-03-01"), day("2026-04-30"));
    struct span_line lines[3];
    struct span_hold holds[] = {{0, 1, 0, true}, {1, 2, 0, true}, {2, 0, 0, true}};
    struct span_net net = {lines, 3, holds, 3, NULL};
    struct span_delay delays[3];
    size_t held;
    (void)state;
    for (int i = 0; i < 3; i++)
        lines[i] = (struct span_line){i + 1, 0, day("2026-03-02"), day("2026-03-09"), false};
    span_find_delays(arena, clock, &net, delays);
    assert_int_equal(delays[0].caused + delays[1].caused + delays[2].caused, 15);
    assert_int_equal(delays[0].own + delays[1].own + delays[2].own, 5);
    span_join_net(arena, &net);
    (void)span_find_held(arena, &net, 0, &held);
    assert_int_equal(held, 2);
}

static void the_worst_is_what_has_stood_longest_times_the_lines_that_it_holds_up(void **state)
{
    int64_t today = day("2026-03-31");
    struct span_clock *clock = span_count_days(arena, china, day("2026-03-01"), today);
    /* 1 and 2 come before 3, that before 4; 5 has ended, and 6 comes after it */
    struct span_line lines[] = {
        {1, 0, 0, today, false}, {2, 0, 0, today, false}, {3, 0, 0, today, false},
        {4, 0, 0, today, false}, {5, 0, 0, today, true},  {6, 0, 0, today, false},
    };
    struct span_hold holds[] = {
        {0, 2, 0, false}, {1, 2, 0, true}, {2, 3, 0, false}, {0, 4, 0, false}, {4, 5, 0, false}};
    struct span_net net = {lines, 6, holds, 5, NULL};
    struct span spans[] = {
        /* a wait of 10 days that 3 lines suffer from */
        {.line = 1, .waiting = true, .open = true, .from = day("2026-03-17"), .to = today},
        /* one of 21 that one suffers from */
        {.line = 4, .waiting = true, .open = true, .from = day("2026-03-02"), .to = today},
        /* work that is 4 days late for 3 */
        {.line = 2, .open = true, .from = day("2026-03-02"), .to = today, .due = day("2026-03-25")},
        /* work that is in time, a wait that is over, one for another line */
        {.line = 3, .open = true, .from = day("2026-03-02"), .to = today, .due = day("2026-04-25")},
        {.line = 3, .waiting = true, .from = day("2026-03-02"), .to = day("2026-03-30")},
        {.line = 3,
         .before = 2,
         .waiting = true,
         .open = true,
         .from = day("2026-03-02"),
         .to = today},
        /* a further wait of the first line, which is less */
        {.line = 1, .waiting = true, .open = true, .from = day("2026-03-26"), .to = today},
        /* one about no line of the net */
        {.waiting = true, .open = true, .from = day("2026-03-30"), .to = today},
    };
    static const struct span_block expected[] = {
        {0, 10, 2, 30}, {1, 21, 0, 21}, {2, 4, 2, 12}, {7, 1, 0, 1}};
    size_t count;
    span_join_net(arena, &net);
    struct span_block *blocks = span_find_blocks(arena, clock, spans, 8, &net, 10, &count);
    (void)state;
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(blocks[i].span, expected[i].span);
        assert_int_equal(blocks[i].days, expected[i].days);
        assert_int_equal(blocks[i].lines, expected[i].lines);
        assert_int_equal(blocks[i].weight, expected[i].weight);
    }
    blocks = span_find_blocks(arena, clock, spans, 8, &net, 2, &count);
    assert_int_equal(count, 2);
    assert_int_equal(blocks[1].span, 1);
    size_t *held = span_find_held(arena, &net, 0, &count);
    assert_int_equal(count, 2);
    assert_int_equal(held[0], 2);
    assert_int_equal(held[1], 3);
}

/* --- a process whose truth is known --------------------------------------------------------------- */

/* It is lived in working days counted from 0; only what is handed over is in days of the calendar. */
struct sim {
    int64_t today; /* NEVER: when all is over */
    int64_t last;  /* day on which anything happens */
    struct span_line lines[ALL];
    struct span_hold holds[LINES * BEFORE + LINES];
    struct span_net net;
    struct span spans[LINES * (2 * STEPS + 1)];
    size_t nspans;
    /* the truth */
    int64_t plan_begins[ALL], plan_ends[ALL], begins[ALL], ends[ALL];
    int64_t inherited[ALL], own[ALL];
    int64_t worked[3][STEPS + UNITS + 2], waited[3][STEPS + UNITS + 2];
};

static int64_t dice(int64_t sides)
{
    return random() % sides;
}

/* Some day on which so many working days are over: the last of them, or a day off after it. */
static int64_t day_after(int64_t working)
{
    int64_t at = workday_add(china, day("2026-01-04"), working);
    int64_t off = workday_add(china, at, 1) - at;
    return at + dice(off);
}

static struct sim *make_sim(int64_t today)
{
    struct sim *s = arena_new(arena, struct sim);
    s->today = today;
    s->net = (struct span_net){s->lines, ALL, s->holds, 0, NULL};
    return s;
}

static void add(struct sim *s, struct span span, int64_t from, int64_t to)
{
    int64_t keys[3] = {span.step, span.reason, span.unit};
    if (from > s->today || from == to)
        return;
    span.open = to > s->today;
    to = span.open ? s->today : to;
    span.from = day_after(from);
    span.to = day_after(to);
    if (span.to < span.from) /* both on days off after the same working day */
        span.to = span.from;
    for (int by = 0; by < 3; by++)
        *(span.waiting ? &s->waited[by][keys[by]] : &s->worked[by][keys[by]]) += to - from;
    s->spans[s->nspans++] = span;
}

/* Some lines before it, whose planned ends its planned beginning follows. */
static size_t wait_for_others(struct sim *s, size_t line)
{
    size_t last = SIZE_MAX;
    s->plan_begins[line] = s->begins[line] = dice(60);
    for (int64_t n = line ? dice(BEFORE + 1) : 0; n > 0; n--) {
        size_t before = (size_t)dice((int64_t)line);
        s->holds[s->net.nholds++] = (struct span_hold){before, line, 0, false};
        if (s->plan_ends[before] > s->plan_begins[line])
            s->plan_begins[line] = s->plan_ends[before] + (dice(3) ? 0 : dice(9));
        if (s->ends[before] > s->begins[line]) {
            s->begins[line] = s->ends[before];
            last = before;
        }
    }
    if (s->plan_begins[line] > s->begins[line])
        s->begins[line] = s->plan_begins[line];
    return s->begins[line] > s->plan_begins[line] ? last : SIZE_MAX;
}

/* Its steps: a wait and work each, with days beyond the plan, or saved. */
static void take_steps(struct sim *s, size_t line, int64_t beyond)
{
    int64_t at = s->begins[line];
    int64_t planned = s->plan_begins[line];
    for (unsigned step = 0; step < STEPS; step++) {
        struct span span = {.line = (int64_t)line + 1,
                            .unit = dice(UNITS),
                            .step = step,
                            .reason = (unsigned)dice(STEPS),
                            .waiting = true};
        for (int i = 0; i < 2; i++) {
            int64_t plan = dice(6);
            int64_t took =
                plan + (beyond && !dice(3) ? dice(beyond) : 0) - (beyond && plan > 2 ? dice(2) : 0);
            add(s, span, at, at + took);
            at += took;
            planned += plan;
            span.waiting = false;
            span.reason = STEPS;
        }
    }
    s->plan_ends[line] = planned;
    s->ends[line] = at;
    s->last = at > s->last ? at : s->last;
}

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void close_line(struct sim *s, size_t line)
{
    int64_t until = least_of(s->ends[line], s->today);
    int64_t late = until - s->plan_ends[line];
    int64_t held = least_of(s->begins[line], s->today) - s->plan_begins[line];
    late = late > 0 ? late : 0;
    s->inherited[line] = least_of(late, held > 0 ? held : 0);
    s->own[line] = late - s->inherited[line];
    s->lines[line] = (struct span_line){
        .id = (int64_t)line + 1,
        .begins = day_after(s->plan_begins[line]) + 1,
        .due = day_after(s->plan_ends[line]),
        .end = day_after(until),
        .ended = s->ends[line] <= s->today,
    };
}

/* Parents end with the last of their parts, and have no work of their own. */
static void close_parents(struct sim *s)
{
    for (size_t p = LINES; p < ALL; p++) {
        for (size_t i = p - LINES; i < LINES; i += PARENTS) {
            s->holds[s->net.nholds++] = (struct span_hold){i, p, 0, true};
            s->ends[p] = s->ends[i] > s->ends[p] ? s->ends[i] : s->ends[p];
            s->plan_ends[p] = s->plan_ends[i] > s->plan_ends[p] ? s->plan_ends[i] : s->plan_ends[p];
        }
        close_line(s, p);
        s->inherited[p] += s->own[p];
        s->own[p] = 0;
    }
}

static struct sim *simulate(int64_t today, int64_t beyond, size_t only)
{
    struct sim *s = make_sim(today);
    for (size_t line = 0; line < LINES; line++) {
        size_t last = wait_for_others(s, line);
        if (last != SIZE_MAX)
            add(s,
                (struct span){.line = (int64_t)line + 1,
                              .before = (int64_t)last + 1,
                              .step = HELD,
                              .reason = HELD,
                              .unit = UNITS,
                              .waiting = true},
                s->plan_begins[line], s->begins[line]);
        take_steps(s, line, only == SIZE_MAX || only == line ? beyond : 0);
        close_line(s, line);
    }
    close_parents(s);
    return s;
}

static struct span_clock *clock_of(const struct sim *s)
{
    return span_count_days(arena, china, day("2026-01-01"),
                           workday_add(china, day("2026-01-04"), least_of(s->today, s->last) + 2));
}

static void the_figures_are_the_true_ones_of_a_simulated_process(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        struct sim *s = simulate(dice(3) ? 100 + dice(60) : NEVER, 12, SIZE_MAX);
        struct span_clock *clock = clock_of(s);
        struct span_period whole = {0, INT32_MAX};
        struct span_delay delays[ALL];
        for (int by = 0; by < 3; by++) {
            size_t count;
            struct span_sum *sums =
                span_sum_up(arena, clock, s->spans, s->nspans, &whole, SPAN_BY_STEP + by, &count);
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(sums[i].worked, s->worked[by][sums[i].key]);
                assert_int_equal(sums[i].waited, s->waited[by][sums[i].key]);
                s->worked[by][sums[i].key] = s->waited[by][sums[i].key] = 0;
            }
            for (size_t key = 0; key < STEPS + UNITS + 2; key++) /* none was left out */
                assert_int_equal(s->worked[by][key] + s->waited[by][key], 0);
        }
        span_find_delays(arena, clock, &s->net, delays);
        for (size_t i = 0; i < ALL; i++)
            if (delays[i].inherited != s->inherited[i] || delays[i].own != s->own[i])
                fail_msg("round %d, line %zu: inherited %lld, own %lld, in truth %lld, %lld", round,
                         i, (long long)delays[i].inherited, (long long)delays[i].own,
                         (long long)s->inherited[i], (long long)s->own[i]);
        arena_reset(arena);
        china = load(arena, "china");
    }
}

static void a_single_delay_is_traced_to_its_line_wherever_it_came_to_light(void **state)
{
    int64_t far = 0;
    (void)state;
    for (int round = 0; round < 40; round++) {
        size_t culprit = (size_t)dice(40);
        struct sim *s = simulate(300, 30, culprit);
        struct span_delay delays[ALL];
        int64_t all = 0;
        span_find_delays(arena, clock_of(s), &s->net, delays);
        for (size_t i = 0; i < ALL; i++) {
            all += delays[i].days;
            assert_int_equal(delays[i].caused, i == culprit ? delays[i].caused : 0);
        }
        assert_int_equal(delays[culprit].caused, all);
        far += all - delays[culprit].days;
        arena_reset(arena);
        china = load(arena, "china");
    }
    assert_true(far > 100); /* there was something to trace */
}

static void everything_adds_up_whatever_the_spans_and_links(void **state)
{
    (void)state;
    for (int round = 0; round < 40; round++) {
        struct sim *s = simulate(130, 12, SIZE_MAX);
        struct span_clock *clock = clock_of(s);
        struct span_delay delays[ALL];
        int64_t sums[4] = {0};
        int64_t elapsed = 0;
        for (size_t i = 0; i < s->nspans; i++)
            elapsed += span_days(clock, s->spans[i].from, s->spans[i].to);
        /* periods that follow each other, by whatever the sums are told apart */
        for (int64_t first = day("2025-12-29"), n; first < day("2026-12-31"); first += n) {
            n = 1 + dice(40);
            for (int by = 0; by < 4; by++) {
                size_t count;
                struct span_period period = {first, first + n - 1};
                struct span_sum *list = span_sum_up(arena, clock, s->spans, s->nspans, &period,
                                                    (enum span_by)by, &count);
                for (size_t i = 0; i < count; i++) {
                    sums[by] += list[i].worked + list[i].waited;
                    assert_true(i == 0 || list[i - 1].waited >= list[i].waited);
                }
            }
        }
        for (int by = 0; by < 4; by++)
            assert_int_equal(sums[by], elapsed);
        /* links at random, also of parts and in rings */
        for (size_t i = 0; i < s->net.nholds; i++)
            s->holds[i] =
                (struct span_hold){(size_t)dice(ALL), (size_t)dice(ALL), dice(9), dice(2)};
        int64_t days = 0;
        int64_t caused = 0;
        span_find_delays(arena, clock, &s->net, delays);
        for (size_t i = 0; i < ALL; i++) {
            assert_true(delays[i].inherited >= 0 && delays[i].own >= 0);
            assert_int_equal(delays[i].inherited + delays[i].own, delays[i].days);
            assert_int_equal(delays[i].inherited > 0, delays[i].from != SIZE_MAX);
            if (delays[i].from != SIZE_MAX)
                assert_true(delays[i].inherited <= delays[delays[i].from].days);
            days += delays[i].days;
            caused += delays[i].caused;
        }
        assert_int_equal(caused, days);
        arena_reset(arena);
        china = load(arena, "china");
    }
}

static void weeks_hold_what_ended_in_them_and_what_stood_at_their_end(void **state)
{
    struct span_week weeks[30];
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct sim *s = simulate(130, 12, SIZE_MAX);
        struct span_clock *clock = clock_of(s);
        int64_t today = workday_add(china, day("2026-01-04"), s->today);
        int64_t ended = 0;
        span_sum_weeks(clock, s->spans, s->nspans, today, weeks, 30);
        assert_int_equal(weeks[29].last, today);
        assert_int_equal((weeks[28].last + 3) % 7, 6);
        for (size_t w = 0; w < 30; w++) {
            struct span_week truth = {.last = weeks[w].last};
            for (size_t i = 0; i < s->nspans; i++) {
                const struct span *one = &s->spans[i];
                bool over = !one->open && one->to <= truth.last;
                bool before = w && !one->open && one->to <= weeks[w - 1].last;
                if (!one->waiting)
                    continue;
                if (over && !before && (w || one->to > truth.last - 7)) {
                    truth.ended++;
                    truth.ended_days += span_days(clock, one->from, one->to);
                }
                if (!over && one->from <= truth.last) {
                    truth.stood++;
                    truth.stood_days += span_days(clock, one->from, truth.last);
                }
            }
            assert_memory_equal(&weeks[w], &truth, sizeof truth);
            ended += truth.ended;
        }
        assert_true(ended > 50);
        arena_reset(arena);
        china = load(arena, "china");
    }
}

/* How many have not ended and wait for it, the slow way. */
static size_t wait_for(const struct span_net *net, size_t line, bool *seen)
{
    size_t count = 0;
    seen[line] = true;
    for (size_t i = 0; i < net->nholds; i++) {
        size_t after = net->holds[i].after;
        if (net->holds[i].before == line && !seen[after] && !net->lines[after].ended)
            count += 1 + wait_for(net, after, seen);
    }
    return count;
}

static void blocks_weigh_what_the_slow_way_finds(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct sim *s = simulate(70, 12, SIZE_MAX);
        struct span_clock *clock = clock_of(s);
        size_t count;
        for (size_t i = 0; i < s->nspans; i++)
            s->spans[i].due = dice(2) ? s->lines[s->spans[i].line - 1].due : 0;
        span_join_net(arena, &s->net);
        struct span_block *blocks =
            span_find_blocks(arena, clock, s->spans, s->nspans, &s->net, 10, &count);
        assert_int_equal(count, 10);
        for (size_t i = 0; i < count; i++) {
            bool seen[ALL] = {0};
            const struct span *span = &s->spans[blocks[i].span];
            assert_true(span->open && !span->before);
            assert_int_equal(blocks[i].lines, wait_for(&s->net, (size_t)span->line - 1, seen));
            assert_int_equal(blocks[i].weight, blocks[i].days * (blocks[i].lines + 1));
            assert_int_equal(blocks[i].days,
                             span_days(clock, span->waiting ? span->from : span->due, span->to));
            assert_true(i == 0 || blocks[i - 1].weight >= blocks[i].weight);
            for (size_t k = 0; k < i; k++)
                assert_true(s->spans[blocks[k].span].line != span->line);
        }
        arena_reset(arena);
        china = load(arena, "china");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_takes_the_working_days_after_its_first_day_up_to_its_last),
        cmocka_unit_test(of_a_span_the_days_within_the_period_count_and_its_whole_wait_is_told),
        cmocka_unit_test(a_line_inherits_no_more_than_it_was_held_up_nor_than_the_other_is_late),
        cmocka_unit_test(lines_that_wait_for_each_other_in_a_ring_cause_what_there_is),
        cmocka_unit_test(the_worst_is_what_has_stood_longest_times_the_lines_that_it_holds_up),
        cmocka_unit_test(the_figures_are_the_true_ones_of_a_simulated_process),
        cmocka_unit_test(a_single_delay_is_traced_to_its_line_wherever_it_came_to_light),
        cmocka_unit_test(everything_adds_up_whatever_the_spans_and_links),
        cmocka_unit_test(weeks_hold_what_ended_in_them_and_what_stood_at_their_end),
        cmocka_unit_test(blocks_weigh_what_the_slow_way_finds),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
