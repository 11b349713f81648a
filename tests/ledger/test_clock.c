/* Time limits: cases by hand over holidays, adjusted weekends, year ends and questions; and what any clock keeps, whatever the
 * calendar, the limit and the questions. */
#include "day_case.h"

#include "ledger/clock.h"

struct clock_case {
    const char *what, *calendar;
    const char *opened;
    int64_t limit;
    const char *pauses[4]; /* from, to … */
    const char *ended, *today;
    /* what is expected */
    const char *due;
    int64_t used, stopped, left, late;
    bool holds, lapsed;
};

static const struct clock_case CASES[] = {
    {"a week without anything",
     "weekdays",
     "2026-03-02",
     5,
     {0},
     NULL,
     "2026-03-02",
     "2026-03-09",
     0,
     0,
     5,
     0,
     false,
     false},
    {"its last day is within it",
     "weekdays",
     "2026-03-02",
     5,
     {0},
     NULL,
     "2026-03-09",
     "2026-03-09",
     5,
     0,
     0,
     0,
     false,
     false},
    {"the day after",
     "weekdays",
     "2026-03-02",
     5,
     {0},
     NULL,
     "2026-03-10",
     "2026-03-09",
     6,
     0,
     0,
     1,
     false,
     true},
    {"a weekend later it is no later",
     "weekdays",
     "2026-03-02",
     4,
     {0},
     NULL,
     "2026-03-08",
     "2026-03-06",
     4,
     0,
     0,
     0,
     false,
     true},
    {"opened on a Saturday",
     "weekdays",
     "2026-03-07",
     1,
     {0},
     NULL,
     "2026-03-08",
     "2026-03-09",
     0,
     0,
     1,
     0,
     false,
     false},
    {"over the Spring Festival of 2026",
     "china",
     "2026-02-13",
     2,
     {0},
     NULL,
     "2026-02-20",
     "2026-02-24",
     1,
     0,
     1,
     0,
     false,
     false},
    {"over a Saturday that is worked",
     "china",
     "2026-02-27",
     1,
     {0},
     NULL,
     "2026-02-28",
     "2026-02-28",
     1,
     0,
     0,
     0,
     false,
     false},
    {"over the end of a year",
     "china",
     "2025-12-30",
     3,
     {0},
     NULL,
     "2026-01-04",
     "2026-01-05",
     2,
     0,
     1,
     0,
     false,
     false},
    {"a question stands open",
     "weekdays",
     "2026-03-02",
     5,
     {"2026-03-04", NULL},
     NULL,
     "2026-03-20",
     NULL,
     1,
     13,
     0,
     0,
     true,
     false},
    {"a question that was answered",
     "weekdays",
     "2026-03-02",
     5,
     {"2026-03-04", "2026-03-06"},
     NULL,
     "2026-03-09",
     "2026-03-12",
     2,
     3,
     3,
     0,
     false,
     false},
    {"asked on the last day, there is a day left",
     "weekdays",
     "2026-03-02",
     5,
     {"2026-03-09", "2026-03-17"},
     NULL,
     "2026-03-17",
     "2026-03-18",
     4,
     7,
     1,
     0,
     false,
     false},
    {"asked and answered on one day",
     "weekdays",
     "2026-03-02",
     5,
     {"2026-03-04", "2026-03-04"},
     NULL,
     "2026-03-04",
     "2026-03-10",
     1,
     1,
     4,
     0,
     false,
     false},
    {"asked on the day of opening",
     "weekdays",
     "2026-03-02",
     2,
     {"2026-03-02", "2026-03-03"},
     NULL,
     "2026-03-05",
     "2026-03-05",
     2,
     1,
     0,
     0,
     false,
     false},
    {"asked too late cures nothing",
     "weekdays",
     "2026-03-02",
     5,
     {"2026-03-11", NULL},
     NULL,
     "2026-03-12",
     "2026-03-09",
     6,
     2,
     0,
     3,
     true,
     false},
    {"ended in time",
     "weekdays",
     "2026-03-02",
     5,
     {0},
     "2026-03-05",
     "2026-06-01",
     "2026-03-09",
     3,
     0,
     0,
     0,
     false,
     false},
    {"ended late",
     "weekdays",
     "2026-03-02",
     5,
     {0},
     "2026-03-11",
     "2026-06-01",
     "2026-03-09",
     7,
     0,
     0,
     2,
     false,
     false},
    {"ended with its question open",
     "weekdays",
     "2026-03-02",
     5,
     {"2026-03-04", NULL},
     "2026-03-05",
     "2026-06-01",
     "2026-03-11",
     1,
     2,
     0,
     0,
     false,
     false},
    {"without a limit",
     "weekdays",
     "2026-03-02",
     0,
     {0},
     NULL,
     "2026-06-01",
     NULL,
     65,
     0,
     0,
     0,
     false,
     false},
    {"the holidays of the year are unknown",
     "china",
     "2026-12-28",
     5,
     {0},
     NULL,
     "2027-02-01",
     "2027-01-04",
     25,
     0,
     0,
     20,
     false,
     false},
};

static void check(struct arena *arena, const struct clock_case *c)
{
    struct clock_pause pauses[2];
    struct clock_reading r;
    size_t count = 0;
    for (; count < 2 && c->pauses[2 * count]; count++)
        pauses[count] =
            (struct clock_pause){day(c->pauses[2 * count]), day(c->pauses[2 * count + 1])};
    const struct clock clock = {day(c->opened), c->limit, day(c->ended),
                                c->limit > 0,   pauses,   count};
    clock_read(&clock, load(arena, c->calendar), day(c->today), &r);
    if (r.due_day != day(c->due) || r.used != c->used || r.stopped != c->stopped ||
        r.left != c->left || r.late != c->late || r.holds != c->holds || r.lapsed != c->lapsed)
        fail_msg("%s: due %s, used %d, stopped %d, left %d, late %d%s%s", c->what,
                 str_z(arena, calendar_day_text(arena, r.due_day)), (int)r.used, (int)r.stopped,
                 (int)r.left, (int)r.late, r.holds ? ", holds" : "", r.lapsed ? ", lapsed" : "");
}

static void limits_run_as_the_rule_says(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        check(arena, &CASES[i]);
    arena_free(arena);
}

static void a_year_without_known_holidays_is_said(void **state)
{
    struct arena *arena = arena_make();
    struct clock_reading r;
    const struct clock clock = {.opened_day = day("2026-12-28"), .limit = 5, .silence = true};
    (void)state;
    clock_read(&clock, load(arena, "china"), day("2026-12-29"), &r);
    assert_int_equal(r.unknown_year, 2027);
    clock_read(&clock, load(arena, "weekdays"), day("2027-01-05"), &r);
    assert_int_equal(r.unknown_year, 0);
    assert_true(r.lapsed);
    arena_free(arena);
}

/* --- whatever the clock --------------------------------------------------------------------------- */

static int64_t below(int64_t sides)
{
    return (int64_t)(random() % sides);
}

struct chance {
    struct clock clock;
    struct clock_pause pauses[3];
    const struct workdays *calendar;
    int64_t today;
};

/* Within 2025 and 2026, of which all calendars know the holidays. Only the last question may be open. */
static void draw(struct arena *arena, struct chance *c)
{
    static const char *const CALENDARS[] = {"china", "weekdays", "everyday"};
    int64_t at = day("2025-01-01") + below(500);
    *c = (struct chance){.calendar = load(arena, CALENDARS[below(3)])};
    c->clock = (struct clock){at, 1 + below(30), 0, below(2), c->pauses, (size_t)below(4)};
    for (size_t i = 0; i < c->clock.npauses; i++) {
        c->pauses[i].from_day = at += below(6);
        c->pauses[i].to_day = at += below(10);
    }
    c->today = at + below(60);
    if (c->clock.npauses && !below(3))
        c->pauses[c->clock.npauses - 1].to_day = 0;
}

/* The rule once more, the long way round: each day is asked by itself. */
static bool counts(const struct chance *c, int64_t day)
{
    bool asked = false;
    for (size_t i = 0; i < c->clock.npauses; i++)
        asked = asked || (c->pauses[i].from_day <= day &&
                          (!c->pauses[i].to_day || day <= c->pauses[i].to_day));
    return day > c->clock.opened_day && workday_is(c->calendar, day) && !asked;
}

static void the_last_day_is_the_one_that_fills_the_limit(void **state)
{
    struct arena *arena = arena_make();
    size_t held = 0;
    (void)state;
    srandom(8);
    for (int i = 0; i < 3000; i++) {
        struct chance c;
        struct clock_reading r;
        int64_t filled = 0;
        draw(arena, &c);
        clock_read(&c.clock, c.calendar, c.today, &r);
        held += r.due_day == 0;
        for (int64_t d = c.clock.opened_day; r.due_day && d <= r.due_day; d++)
            filled += counts(&c, d);
        if (r.due_day) {
            assert_int_equal(filled, c.clock.limit);
            assert_true(counts(&c, r.due_day));
        } else {
            assert_true(r.holds);
            for (int64_t d = c.clock.opened_day; d <= c.today; d++)
                filled += counts(&c, d);
            assert_true(filled < c.clock.limit);
        }
        arena_reset(arena);
    }
    assert_true(held > 100);
    arena_free(arena);
}

static void silence_is_consent_once_and_for_all_and_never_before_the_last_day_is_over(void **state)
{
    struct arena *arena = arena_make();
    size_t lapsed = 0;
    (void)state;
    srandom(9);
    for (int i = 0; i < 1000; i++) {
        struct chance c;
        struct clock_reading r;
        bool was = false;
        draw(arena, &c);
        for (int64_t today = c.clock.opened_day; today < c.today + 60; today++) {
            int64_t filled = 0;
            clock_read(&c.clock, c.calendar, today, &r);
            for (int64_t d = c.clock.opened_day; d < today; d++)
                filled += counts(&c, d);
            bool open = c.clock.npauses && !c.pauses[c.clock.npauses - 1].to_day;
            assert_int_equal(r.lapsed, c.clock.silence && !open && filled >= c.clock.limit);
            assert_true(r.lapsed >= was);
            was = r.lapsed;
        }
        lapsed += was;
        arena_reset(arena);
    }
    assert_true(lapsed > 100);
    arena_free(arena);
}

static void days_of_an_open_step_are_used_stopped_or_not_worked(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    srandom(10);
    for (int i = 0; i < 2000; i++) {
        struct chance c;
        struct clock_reading r;
        draw(arena, &c);
        if (!below(2))
            c.clock.ended_day = c.clock.opened_day + below(c.today - c.clock.opened_day + 1);
        clock_read(&c.clock, c.calendar, c.today, &r);
        int64_t end = c.clock.ended_day ? c.clock.ended_day : c.today;
        assert_int_equal(r.used + r.stopped, workday_between(c.calendar, c.clock.opened_day, end));
        assert_true(r.late == 0 || (r.due_day && r.due_day < end));
        assert_true(r.left == 0 || r.late == 0);
        if (c.clock.ended_day)
            assert_false(r.lapsed || r.holds || r.left);
        arena_reset(arena);
    }
    arena_free(arena);
}

static void a_question_never_brings_the_last_day_nearer(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    srandom(11);
    for (int i = 0; i < 2000; i++) {
        struct chance c;
        struct clock_reading with;
        struct clock_reading without;
        draw(arena, &c);
        clock_read(&c.clock, c.calendar, c.today, &with);
        struct clock bare = c.clock;
        bare.npauses = 0;
        clock_read(&bare, c.calendar, c.today, &without);
        assert_true(!with.due_day || with.due_day >= without.due_day);
        assert_int_equal(without.due_day, workday_add(c.calendar, bare.opened_day, bare.limit));
        arena_reset(arena);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_run_as_the_rule_says),
        cmocka_unit_test(a_year_without_known_holidays_is_said),
        cmocka_unit_test(the_last_day_is_the_one_that_fills_the_limit),
        cmocka_unit_test(silence_is_consent_once_and_for_all_and_never_before_the_last_day_is_over),
        cmocka_unit_test(days_of_an_open_step_are_used_stopped_or_not_worked),
        cmocka_unit_test(a_question_never_brings_the_last_day_nearer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
