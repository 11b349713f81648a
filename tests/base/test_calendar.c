/* Days of the local calendar, where summer time changes too. Each case has a process of its own, as a time
 * zone is chosen once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "base/calendar.h"

#define HOUR ((int64_t)3600 * 1000)

static const struct {
    const char *zone, *day;
    int64_t begins_s; /* Unix seconds, as `date -d` of another program gives them */
    int hours;
} DAYS[] = {
    {"Asia/Shanghai", "2026-11-24", 1795449600, 24},
    {"Europe/Berlin", "2026-03-29", 1774738800, 23}, /* summer time begins at 02:00 */
    {"Europe/Berlin", "2026-10-25", 1792879200, 25}, /* and ends at 03:00 */
    {"America/New_York", "2026-03-08", 1772946000, 23},
    {"America/New_York", "2026-11-01", 1793505600, 25},
    {"Asia/Beirut", "2022-03-27", 1648332000, 23},       /* there is no midnight: 00:00 is 01:00 */
    {"Asia/Beirut", "2021-10-30", 1635541200, 25},       /* its last hour comes twice */
    {"America/Sao_Paulo", "2018-11-04", 1541300400, 23}, /* no midnight either */
    {"Pacific/Apia", "2011-12-29", 1325152800, 24},      /* the day after it was left out */
    {"UTC", "2024-02-29", 1709164800, 24},
};

static int check_day(size_t i)
{
    int64_t begin;
    if (!calendar_choose_zone(str_of(DAYS[i].zone)))
        return 1;
    if (!calendar_read_day(str_of(DAYS[i].day), &begin) || begin != DAYS[i].begins_s * 1000)
        return 2;
    int64_t end = calendar_day_begin(begin, 1);
    if (end - begin != DAYS[i].hours * HOUR)
        return 3;
    for (int64_t at = begin; at < end; at += HOUR / 4)
        if (calendar_day_begin(at, 0) != begin || calendar_day_begin(at, 1) != end)
            return 4;
    return calendar_day_begin(begin - 1, 0) < begin && calendar_day_begin(end - 1, 0) == begin ? 0
                                                                                               : 5;
}

static void a_day_is_as_long_as_the_calendar_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        int how = 0;
        pid_t child = fork();
        if (child == 0)
            _exit(check_day(i));
        assert_int_equal(waitpid(child, &how, 0), child);
        if (!WIFEXITED(how) || WEXITSTATUS(how))
            fail_msg("%s in %s: %d", DAYS[i].day, DAYS[i].zone, WEXITSTATUS(how));
    }
}

static void what_is_no_day_is_not_read(void **state)
{
    static const char *const texts[] = {"",           "2026-13-01", "2026-02-30",  "2026-2-3",
                                        "2026-11/24", "26-11-24",   "2026-11-24x", "abcd-11-24"};
    int64_t at;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(calendar_read_day(str_of(texts[i]), &at));
    assert_true(calendar_read_day(STR("2026/11/24"), &at));
}

static void only_time_zones_that_there_are_are_known(void **state)
{
    static const char *const none[] = {
        "", "Nowhere/Here", "../../../etc/passwd", "/etc/passwd", "Asia", "Asia/Shanghai\n"};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(calendar_knows_zone(str_of(none[i])));
    assert_true(calendar_knows_zone(STR("Asia/Shanghai")));
    assert_true(calendar_knows_zone(STR("UTC")));
}

/* Every day of 1200 years in its turn, against the rule of leap years alone. */
static void civil_days_follow_each_other_without_gap(void **state)
{
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t expected = calendar_day_number(1500, 1, 1);
    (void)state;
    assert_int_equal(calendar_day_number(1970, 1, 1), 0);
    assert_int_equal(calendar_day_number(2000, 3, 1), 11017);
    for (int year = 1500; year < 2700; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (unsigned month = 1; month <= 12; month++) {
            unsigned length = lengths[month - 1] + (month == 2 && leap);
            for (unsigned day = 1; day <= length; day++, expected++) {
                int y;
                unsigned m;
                unsigned d;
                calendar_date_of(expected, &y, &m, &d);
                if (calendar_day_number(year, month, day) != expected || y != year || m != month ||
                    d != day)
                    fail_msg("%d-%u-%u", year, month, day);
            }
            if (year >= 1900)
                assert_true(calendar_is_date(year, month, length) &&
                            !calendar_is_date(year, month, length + 1));
        }
    }
}

static void a_civil_day_is_written_and_read_alike(void **state)
{
    struct arena *arena = arena_make();
    int64_t day = 0;
    (void)state;
    assert_true(calendar_read_date(STR("2024-02-29"), &day));
    assert_true(str_equal(calendar_day_text(arena, day), STR("2024-02-29")));
    assert_false(calendar_read_date(STR("2025-02-29"), &day));
    assert_false(calendar_read_date(STR("2025-2-9"), &day));
    assert_int_equal(calendar_day_of(calendar_moment_of(day)), day);
    assert_int_equal(calendar_day_of(calendar_moment_of(day) - 1), day - 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_as_long_as_the_calendar_says),
        cmocka_unit_test(what_is_no_day_is_not_read),
        cmocka_unit_test(civil_days_follow_each_other_without_gap),
        cmocka_unit_test(a_civil_day_is_written_and_read_alike),
        cmocka_unit_test(only_time_zones_that_there_are_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
