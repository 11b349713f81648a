/* Working days: the calendars that are built in, case by case, and what counting by any of them must keep, across year
 * ends, leap days and adjusted weekends. */
#include "day_case.h"

#include <string.h>

#include "base/calendar.h"
#include "ledger/workday.h"

static void chinas_holidays_and_the_weekends_worked_for_them_are_as_announced(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    static const struct {
        const char *day;
        bool worked;
    } cases[] = {
        {"2025-01-01", false}, {"2025-01-02", true},  {"2025-01-26", true},  {"2025-01-27", true},
        {"2025-01-28", false}, {"2025-02-04", false}, {"2025-02-05", true},  {"2025-02-08", true},
        {"2025-02-09", false}, {"2025-04-27", true},  {"2025-05-31", false}, {"2025-09-28", true},
        {"2025-10-08", false}, {"2025-10-11", true},  {"2025-12-31", true},  {"2026-01-01", false},
        {"2026-01-02", false}, {"2026-01-03", false}, {"2026-01-04", true},  {"2026-02-14", true},
        {"2026-02-15", false}, {"2026-02-23", false}, {"2026-02-24", true},  {"2026-02-28", true},
        {"2026-03-01", false}, {"2026-05-09", true},  {"2026-06-19", false}, {"2026-09-20", true},
        {"2026-10-07", false}, {"2026-10-08", true},  {"2026-10-10", true},  {"2026-10-11", false},
        {"2026-11-29", false}, {"2026-11-30", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (workday_is(china, day(cases[i].day)) != cases[i].worked)
            fail_msg("%s is%s worked", cases[i].day, cases[i].worked ? "" : " not");
    arena_free(arena);
}

static void working_days_are_counted_over_holidays_and_year_ends(void **state)
{
    struct arena *arena = arena_make();
    static const struct {
        const char *calendar, *from;
        int64_t n;
        const char *to;
    } cases[] = {
        {"china", "2025-12-31", 1, "2026-01-04"},    {"china", "2026-01-04", -1, "2025-12-31"},
        {"china", "2026-02-13", 2, "2026-02-24"},    {"china", "2026-09-30", 3, "2026-10-10"},
        {"china", "2025-09-30", 1, "2025-10-09"},    {"china", "2026-02-24", -1, "2026-02-14"},
        {"weekdays", "2026-01-01", 1, "2026-01-02"}, {"weekdays", "2028-02-28", 1, "2028-02-29"},
        {"weekdays", "2028-02-29", 1, "2028-03-01"}, {"weekdays", "2027-12-31", 1, "2028-01-03"},
        {"weekdays", "2026-11-28", 0, "2026-11-28"}, {"weekdays", "2026-11-27", 5, "2026-12-04"},
        {"weekdays", "1969-12-31", 1, "1970-01-01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct workdays *calendar = load(arena, cases[i].calendar);
        int64_t from = day(cases[i].from);
        int64_t to = workday_add(calendar, from, cases[i].n);
        if (to != day(cases[i].to))
            fail_msg("case %zu: %s", i, str_z(arena, calendar_day_text(arena, to)));
        assert_int_equal(workday_between(calendar, from, to), cases[i].n);
    }
    arena_free(arena);
}

static void a_year_whose_holidays_are_not_known_is_said(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *china = load(arena, "china");
    const struct workdays *plain = load(arena, "weekdays");
    (void)state;
    assert_int_equal(workday_unknown_year(china, day("2025-01-01"), day("2026-12-31")), 0);
    assert_int_equal(workday_unknown_year(china, day("2026-12-31"), day("2027-01-01")), 2027);
    assert_int_equal(workday_unknown_year(china, day("2024-12-31"), day("2025-01-01")), 2024);
    assert_int_equal(workday_unknown_year(plain, day("1999-01-01"), day("2099-12-31")), 0);
    assert_true(workday_is(china, day("2027-01-01"))); /* a Friday */
    assert_true(workday_is(load(arena, "everyday"), day("2027-01-02")));
    arena_free(arena);
}

static void what_is_no_calendar_is_refused_with_its_line(void **state)
{
    struct arena *arena = arena_make();
    static const char *const texts[] = {
        "named A|甲\nyear 2026\noff 2027-01-01\n",
        "named A|甲\nyear 2026\noff 2026-01-03..2026-01-01\n",
        "named A|甲\nyear 2026\nwork 2026-01-05\n", /* a Monday */
        "named A|甲\nyear 2026\noff 2026-02-29\n",
        "named A|甲\nyear 2026\nyear 2026\n",
        "named A|甲\nyear 2026\nperhaps 2026-01-01\n",
    };
    const struct workdays *calendar;
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(workday_read(arena, "a.txt", str_of(texts[i]), &calendar, &err),
                         STATUS_DAMAGED);
        assert_non_null(strstr(err.en, "a.txt, line 3"));
    }
    assert_int_equal(workday_read(arena, "a.txt", STR("always\n"), &calendar, &err),
                     STATUS_DAMAGED);
    assert_int_equal(workday_load(arena, STR("mars"), &calendar, &err), STATUS_MISSING);
    arena_free(arena);
}

static int64_t draw(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 33) % (uint64_t)(most + 1));
}

/* From 2023 to 2029: two leap days, known and unknown years. */
static void counting_forth_and_back_agrees_on_any_calendar(void **state)
{
    struct arena *arena = arena_make();
    const struct workdays *calendars[] = {load(arena, "china"), load(arena, "weekdays"),
                                          load(arena, "everyday")};
    int64_t first = day("2023-01-01");
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 4000; i++) {
        const struct workdays *c = calendars[i % 3];
        int64_t a = first + draw(&seed, 2500);
        int64_t n = draw(&seed, 80) - 40;
        int64_t b = workday_add(c, a, n);
        int64_t m = draw(&seed, 200);
        assert_true(n == 0 || workday_is(c, b));
        assert_int_equal(workday_between(c, a, b), n);
        assert_int_equal(workday_between(c, a, a + m) + workday_between(c, a + m, a + 2 * m),
                         workday_between(c, a, a + 2 * m));
        if (workday_is(c, a))
            assert_int_equal(workday_add(c, b, -n), a);
        assert_true(workday_at_or_before(c, a) <= a && workday_is(c, workday_at_or_before(c, a)));
        assert_int_equal(workday_between(c, workday_at_or_before(c, a), a), 0);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinas_holidays_and_the_weekends_worked_for_them_are_as_announced),
        cmocka_unit_test(working_days_are_counted_over_holidays_and_year_ends),
        cmocka_unit_test(a_year_whose_holidays_are_not_known_is_said),
        cmocka_unit_test(what_is_no_calendar_is_refused_with_its_line),
        cmocka_unit_test(counting_forth_and_back_agrees_on_any_calendar),
    };
    return cmocka_run_group_tests_name("workday", tests, NULL, NULL);
}
