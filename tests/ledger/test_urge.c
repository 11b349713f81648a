/* Notices of supervision: each rule by cases on both sides of its edge, and over random lives of lines that each cause
 * speaks once in its period, on working days, and nobody above is told before who answers was. */
#include "day_case.h"

#include <string.h>

#include "base/calendar.h"
#include "ledger/urge.h"

static void every_cause_has_a_row_and_words_for_everything(void **state)
{
    (void)state;
    for (int i = 0; i < URGE_CAUSES; i++) {
        assert_int_equal(urge_rules[i].cause, i);
        assert_int_equal(urge_cause_named(str_of(urge_rules[i].name)), i);
        assert_true(strlen(urge_rules[i].en) && strlen(urge_rules[i].zh));
        if (i)
            assert_true(urge_rules[i].kind >= urge_rules[i - 1].kind);
    }
    for (int i = 0; i < URGE_KINDS; i++) {
        assert_int_equal(urge_kind_named(str_of(urge_kind_name((enum urge_kind)i))), i);
        assert_non_null(urge_kind_words((enum urge_kind)i, LANG_ZH));
    }
    assert_int_equal(urge_kind_named(STR("")), URGE_KINDS);
    assert_int_equal(urge_cause_named(STR("boredom")), URGE_CAUSES);
}

struct edge {
    const char *today;
    struct urge_facts facts; /* days but today as numbers before or after it */
    enum urge_cause cause;
    bool holds;
    int64_t period; /* the same way; not looked at unless it holds */
};

/* All on the plain week; 2026-11-30 is a Monday. */
static void each_rule_holds_from_its_edge_on(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *plain = load(arena, "weekdays");
    enum supervise_state w = SUPERVISE_WORKING;
    enum supervise_state a = SUPERVISE_ASSIGNED;
    const struct edge cases[] = {
        {"2026-11-30", {.state = w, .due_day = 16}, URGE_COMING, false, 0},
        {"2026-11-30", {.state = w, .due_day = 15}, URGE_COMING, true, 15},
        {"2026-11-30", {.state = w, .due_day = 8}, URGE_COMING, true, 8},
        {"2026-11-30", {.state = w, .due_day = 7}, URGE_COMING, false, 0},
        {"2026-11-30", {.state = w, .due_day = 7}, URGE_NEAR, true, 7},
        {"2026-11-30", {.state = w, .due_day = 0}, URGE_NEAR, true, 0},
        {"2026-11-30", {.state = w, .due_day = -1}, URGE_NEAR, false, 0},
        {"2026-11-30", {.state = w, .due_day = -1}, URGE_LATE, true, -1},
        {"2026-11-30", {.state = a, .due_day = -1}, URGE_LATE, true, -1},
        {"2026-11-30", {.state = SUPERVISE_REPORTED, .due_day = -1}, URGE_LATE, false, 0},
        {"2026-11-30", {.state = SUPERVISE_ENTERED, .due_day = -1}, URGE_LATE, false, 0},
        {"2026-11-29", {.state = w, .due_day = -1}, URGE_LATE, false, 0}, /* a Sunday */
        /* half of the time is gone */
        {"2026-11-30",
         {.state = w, .begins_day = -100, .due_day = 100, .progress = 30},
         URGE_BEHIND,
         true,
         -29},
        {"2026-11-30",
         {.state = w, .begins_day = -100, .due_day = 100, .progress = 31},
         URGE_BEHIND,
         false,
         0},
        {"2026-11-30", {.state = a, .due_day = 99, .assigned_day = -4}, URGE_UNSIGNED, true, -4},
        {"2026-11-30", {.state = a, .due_day = 99, .assigned_day = -3}, URGE_UNSIGNED, false, 0},
        {"2026-11-30", {.state = w, .due_day = 99, .assigned_day = -9}, URGE_UNSIGNED, false, 0},
        {"2026-11-30", {.state = w, .due_day = 99, .fault_day = 0}, URGE_POOR, true, 0},
        {"2026-11-30", {.state = w, .due_day = 99, .fault_day = -30}, URGE_POOR, true, -30},
        {"2026-11-30", {.state = w, .due_day = 99, .fault_day = -31}, URGE_POOR, false, 0},
        /* signed for on Monday the 23rd, weekly by Friday the 27th and December 4th */
        {"2026-11-26",
         {.state = w, .due_day = 99, .rhythm = RHYTHM_WEEKLY, .signed_day = -3},
         URGE_FEEDBACK,
         true,
         1},
        {"2026-11-25",
         {.state = w, .due_day = 99, .rhythm = RHYTHM_WEEKLY, .signed_day = -2},
         URGE_FEEDBACK,
         false,
         0},
        {"2026-11-27",
         {.state = w, .due_day = 99, .rhythm = RHYTHM_WEEKLY, .signed_day = -4, .fed_day = -1},
         URGE_FEEDBACK,
         false,
         0},
        {"2026-11-27",
         {.state = w, .due_day = 99, .rhythm = RHYTHM_WEEKLY, .signed_day = -4},
         URGE_SILENT,
         false,
         0},
        {"2026-11-30",
         {.state = w, .due_day = 99, .rhythm = RHYTHM_WEEKLY, .signed_day = -7},
         URGE_SILENT,
         true,
         -3},
        {"2026-11-30",
         {.state = w, .due_day = 99, .rhythm = RHYTHM_WEEKLY, .signed_day = -7, .fed_day = -7},
         URGE_SILENT,
         false,
         0},
        {"2026-11-30",
         {.state = w, .due_day = -6, .told = {[URGE_LATE] = -5}},
         URGE_RAISE,
         true,
         -6},
        {"2026-11-30",
         {.state = w, .due_day = -6, .told = {[URGE_LATE] = -4}},
         URGE_RAISE,
         false,
         0},
        {"2026-11-30", {.state = w, .due_day = -60}, URGE_RAISE, false, 0}, /* not told yet */
        {"2026-11-30",
         {.state = w, .due_day = -60, .told = {[URGE_LATE] = -40}},
         URGE_RAISE_ON,
         false,
         0},
        {"2026-11-30",
         {.state = w, .due_day = -60, .told = {[URGE_RAISE] = -5}},
         URGE_RAISE_ON,
         true,
         -60},
        {"2026-11-30",
         {.state = w, .due_day = -60, .told = {[URGE_RAISE_ON] = -5}},
         URGE_TELL_ALL,
         false,
         0},
        {"2026-11-30",
         {.state = w, .due_day = -60, .told = {[URGE_RAISE_ON] = -6}},
         URGE_TELL_ALL,
         true,
         -60},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct edge *k = &cases[i];
        struct urge_facts f = k->facts;
        struct urge found[URGE_CAUSES];
        bool holds = false;
        f.today = day(k->today);
        f.due_day += f.today;
        f.begins_day += f.begins_day ? f.today : 0;
        f.assigned_day += f.assigned_day ? f.today : 0;
        f.signed_day += f.signed_day ? f.today : 0;
        f.fed_day += f.fed_day ? f.today : 0;
        if (k->cause == URGE_POOR)
            f.fault_day += f.today;
        for (int c = 0; c < URGE_CAUSES; c++)
            f.told[c] += f.told[c] ? f.today : 0;
        size_t count = urge_find(&f, &ledger_limits_default, plain, found);
        for (size_t n = 0; n < count; n++) {
            if (found[n].cause != k->cause)
                continue;
            holds = true;
            if (found[n].period != f.today + k->period)
                fail_msg("case %zu: period %d", i, (int)(found[n].period - f.today));
        }
        if (holds != k->holds)
            fail_msg("case %zu holds: %d", i, holds);
    }
    arena_free(arena);
}

/* A line's life day by day, with the server off on some; what was given is remembered as the table does. */
static void whatever_happens_nobody_above_is_told_first_and_no_period_twice(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    size_t circulars = 0;
    (void)state;
    srandom(41);
    for (int life = 0; life < 300; life++) {
        int64_t first = day("2025-11-01") + random() % 200;
        struct urge_facts f = {.state = SUPERVISE_ASSIGNED,
                               .rhythm = (enum rhythm)(random() % RHYTHMS),
                               .begins_day = first,
                               .due_day = first + random() % 60,
                               .assigned_day = first};
        int64_t given[URGE_CAUSES][80] = {{0}}; /* periods */
        size_t count[URGE_CAUSES] = {0};
        for (f.today = first; f.today < first + 120; f.today++) {
            struct urge found[URGE_CAUSES];
            if (random() % 4 == 0)
                continue;
            if (f.state == SUPERVISE_ASSIGNED && random() % 5 == 0)
                f.state = SUPERVISE_WORKING, f.signed_day = f.today;
            if (f.state == SUPERVISE_WORKING && random() % 9 == 0)
                f.fed_day = f.today, f.progress += (100 - f.progress) / 4;
            if (random() % 50 == 0)
                f.due_day = f.today + 10, memset(f.told, 0, sizeof f.told); /* extended */
            size_t n = urge_find(&f, &ledger_limits_default, china, found);
            assert_true(!n || workday_is(china, f.today));
            for (size_t i = 0; i < n; i++) {
                enum urge_cause c = found[i].cause;
                bool known = false;
                assert_true(found[i].period > 0);
                for (size_t p = 0; p < count[c]; p++)
                    known |= given[c][p] == found[i].period;
                if (known)
                    continue;
                assert_true(count[c] < 80);
                given[c][count[c]++] = found[i].period;
                if (c > URGE_LATE) {
                    assert_true(f.today > f.due_day);
                    assert_true(f.told[c - 1] && f.told[c - 1] < f.today);
                }
                f.told[c] = c >= URGE_LATE ? f.today : 0;
                circulars += c == URGE_TELL_ALL;
            }
        }
    }
    assert_true(circulars > 30);
    arena_free(arena);
}

static void nearness_lag_and_hours_are_those_that_were_set(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    struct ledger_limits limits = {3, 40, 10, 24};
    struct urge_facts f = {.state = SUPERVISE_WORKING, .today = day("2026-11-30")};
    struct urge found[URGE_CAUSES];
    (void)state;
    f.due_day = f.today + 4;
    assert_int_equal(urge_find(&f, &limits, china, found), 1);
    assert_int_equal(found[0].cause, URGE_COMING);
    f.due_day = f.today + 3;
    assert_int_equal(urge_find(&f, &limits, china, found), 1);
    assert_int_equal(found[0].cause, URGE_NEAR);
    f.begins_day = f.today - 35;
    f.due_day = f.today + 65;
    assert_int_equal(urge_find(&f, &limits, china, found), 0);
    assert_int_equal(urge_find(&f, &ledger_limits_default, china, found), 1);
    assert_int_equal(found[0].cause, URGE_BEHIND);
    int64_t midnight = calendar_moment_of(f.today);
    assert_true(urge_next_moment(china, &limits, midnight) == midnight + 10 * 3600000LL);
    assert_true(urge_next_moment(china, &limits, midnight + 23 * 3600000LL) ==
                midnight + 23 * 3600000LL);
    assert_non_null(
        strstr(str_z(arena, urge_rule_words(arena, URGE_COMING, &limits, LANG_EN)), "more than 3"));
    arena_free(arena);
}

static void a_part_that_was_handed_on_is_urged_by_its_own_day(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *plain = load(arena, "weekdays");
    const int64_t monday = day("2026-11-30");
    static const struct {
        int64_t given, due; /* days from Monday; due 0: none */
        bool is_signed;
        int64_t today;
        int causes[3]; /* ends with −1 */
    } cases[] = {
        {-30, 20, true, 0, {-1}},
        {-30, 15, true, 0, {URGE_COMING, -1}},
        {-30, 7, true, 0, {URGE_NEAR, -1}},
        {-30, -1, true, 0, {URGE_LATE, -1}},
        {-3, 20, false, 0, {-1}}, /* since Friday: one working day */
        {-4, 20, false, 0, {URGE_UNSIGNED, -1}},
        {-4, -1, false, 0, {URGE_UNSIGNED, URGE_LATE, -1}},
        {-30, 0, true, 0, {-1}},
        {-30, 0, false, 0, {URGE_UNSIGNED, -1}},
        {-30, -1, true, -1, {-1}}, /* on a Sunday nobody is told */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct urge_part part = {monday + cases[i].given, cases[i].due ? monday + cases[i].due : 0,
                                 cases[i].is_signed};
        struct urge found[URGE_CAUSES];
        size_t n =
            urge_find_of_part(&part, monday + cases[i].today, &ledger_limits_default, plain, found);
        for (size_t k = 0; k <= n; k++)
            if (cases[i].causes[k] != (k < n ? (int)found[k].cause : -1))
                fail_msg("case %zu", i);
    }
    arena_free(arena);
}

static void notices_wait_for_working_hours_of_a_working_day(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    int64_t hour = 3600000;
    static const struct {
        const char *day;
        int hour;
        const char *then;
        int then_hour;
    } cases[] = {
        {"2026-11-30", 3, "2026-11-30", 8},   {"2026-11-30", 8, "2026-11-30", 8},
        {"2026-11-30", 17, "2026-11-30", 17}, {"2026-11-30", 18, "2026-12-01", 8},
        {"2026-11-28", 12, "2026-11-30", 8},  {"2026-09-30", 20, "2026-10-08", 8},
        {"2026-10-10", 9, "2026-10-10", 9}, /* a Saturday that is worked */
        {"2025-12-31", 23, "2026-01-04", 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t now = calendar_moment_of(day(cases[i].day)) + cases[i].hour * hour;
        int64_t then = calendar_moment_of(day(cases[i].then)) + cases[i].then_hour * hour;
        if (urge_next_moment(china, &ledger_limits_default, now) != then)
            fail_msg("case %zu", i);
        assert_true(urge_next_day(china, &ledger_limits_default, now) > now);
        assert_true(calendar_day_of(urge_next_day(china, &ledger_limits_default, now)) >
                    calendar_day_of(now));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_has_a_row_and_words_for_everything),
        cmocka_unit_test(each_rule_holds_from_its_edge_on),
        cmocka_unit_test(whatever_happens_nobody_above_is_told_first_and_no_period_twice),
        cmocka_unit_test(a_part_that_was_handed_on_is_urged_by_its_own_day),
        cmocka_unit_test(nearness_lag_and_hours_are_those_that_were_set),
        cmocka_unit_test(notices_wait_for_working_hours_of_a_working_day),
    };
    return cmocka_run_group_tests_name("urge", tests, NULL, NULL);
}
