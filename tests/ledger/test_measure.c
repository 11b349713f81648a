/* Growth, comparison, forecast, alarms and the days they depend on, across year ends and leap days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ledger/measure.h"
#include "ledger/split.h"

/* Chance that comes back: a small generator, seeded by each test. */
static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance = state_of_chance * 6364136223846793005U + 1442695040888963407U;
    return (state_of_chance >> 33) % below;
}

#define UNKNOWN        ((double)NAN)
#define M(year, month) ((year)*12 + (month)-1)

static void growth_is_by_the_size_of_the_base(void **state)
{
    static const struct {
        int64_t now, base;
        bool known;
        double percent;
    } cases[] = {
        {110, 100, true, 10},       {90, 100, true, -10},
        {0, 100, true, -100},       {-50, -100, true, 50}, /* less of a loss is growth */
        {50, -100, true, 150},      {5, 0, false, 0},
        {LEDGER_NONE, 5, false, 0}, {5, LEDGER_NONE, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double percent = 0;
        assert_int_equal(ledger_grow(cases[i].now, cases[i].base, &percent), cases[i].known);
        assert_true(fabs(percent - cases[i].percent) < 1e-9);
    }
}

static void the_year_so_far_begins_in_january_and_lacks_what_a_month_lacks(void **state)
{
    int64_t at[16];
    struct ledger_series series = {at, 16, M(2023, 11)};
    (void)state;
    for (int i = 0; i < 16; i++)
        at[i] = 1 << i; /* November 2023 is 1, January 2024 is 4 */
    assert_int_equal(ledger_year_to_date(LEDGER_SUM, &series, M(2024, 1)), 4);
    assert_int_equal(ledger_year_to_date(LEDGER_SUM, &series, M(2024, 3)), 4 + 8 + 16);
    assert_int_equal(ledger_year_to_date(LEDGER_LAST, &series, M(2024, 3)), 16);
    assert_int_equal(ledger_year_to_date(LEDGER_MEAN, &series, M(2024, 3)), 9);
    assert_int_equal(ledger_year_to_date(LEDGER_SUM, &series, M(2023, 12)), LEDGER_NONE);
    assert_int_equal(ledger_year_to_date(LEDGER_SUM, &series, M(2025, 1)), 1 << 14);
    at[3] = LEDGER_NONE;
    assert_int_equal(ledger_year_to_date(LEDGER_SUM, &series, M(2024, 3)), LEDGER_NONE);
}

static void a_value_is_above_all_only_when_it_is_better_than_every_known_one(void **state)
{
    const struct {
        enum ledger_direction direction;
        double own;
        double others[3];
        enum ledger_rank rank;
    } cases[] = {
        {LEDGER_UP, 6, {5, 4, 3}, LEDGER_ABOVE_ALL},
        {LEDGER_UP, 5, {5, 4, 3}, LEDGER_ABOVE_SOME}, /* level is not above */
        {LEDGER_UP, 3, {5, 4, 3}, LEDGER_BELOW_ALL},
        {LEDGER_UP, 6, {5, UNKNOWN, UNKNOWN}, LEDGER_ABOVE_ALL},
        {LEDGER_UP, 6, {UNKNOWN, UNKNOWN, UNKNOWN}, LEDGER_UNRANKED},
        {LEDGER_UP, UNKNOWN, {5, 4, 3}, LEDGER_UNRANKED},
        {LEDGER_DOWN, 2, {5, 4, 3}, LEDGER_ABOVE_ALL},
        {LEDGER_DOWN, 4, {5, 4, 3}, LEDGER_ABOVE_SOME},
        {LEDGER_DOWN, 6, {5, 4, 3}, LEDGER_BELOW_ALL},
    };
    size_t better;
    size_t known;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            ledger_rank(cases[i].direction, cases[i].own, cases[i].others, 3, &better, &known),
            cases[i].rank);
}

/* --- forecasts ------------------------------------------------------------------------------------------- */

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * (1 + fabs(b));
}

static void a_year_that_goes_like_the_last_times_something_ends_there_for_certain(void **state)
{
    (void)state;
    state_of_chance = 4;
    for (int round = 0; round < 500; round++) {
        int64_t at[24];
        struct ledger_series series = {at, 24, M(2023, 1)};
        struct ledger_forecast f;
        int64_t all = 0;
        unsigned upto = 2 + (unsigned)chance(10);
        for (int m = 0; m < 12; m++) {
            at[m] = 1 + (int64_t)chance(1000);
            at[12 + m] = (unsigned)m < upto ? 3 * at[m] : LEDGER_NONE;
            all += 3 * at[m];
        }
        ledger_forecast_year(LEDGER_SUM, &series, 2024, &f);
        assert_int_equal(f.method, upto == 12 ? LEDGER_COMPLETE : LEDGER_LIKE_LAST);
        assert_true(near(f.value, (double)all) && near(f.low, (double)all) &&
                    near(f.high, (double)all));
    }
}

static void a_complete_year_is_its_result(void **state)
{
    int64_t at[12];
    struct ledger_series series = {at, 12, M(2024, 1)};
    struct ledger_forecast f;
    (void)state;
    for (int m = 0; m < 12; m++)
        at[m] = m + 1;
    ledger_forecast_year(LEDGER_SUM, &series, 2024, &f);
    assert_int_equal(f.method, LEDGER_COMPLETE);
    assert_true(f.value == 78 && f.low == 78 && f.high == 78);
    ledger_forecast_year(LEDGER_LAST, &series, 2024, &f);
    assert_true(f.method == LEDGER_COMPLETE && f.value == 12);
    ledger_forecast_year(LEDGER_SUM, &series, 2025, &f);
    assert_true(f.method == LEDGER_NO_FORECAST && isnan(f.value) && isnan(f.low));
}

static void one_month_gives_a_forecast_without_a_band(void **state)
{
    static const int64_t at[1] = {10};
    struct ledger_series series = {at, 1, M(2024, 1)};
    struct ledger_forecast f;
    (void)state;
    ledger_forecast_year(LEDGER_SUM, &series, 2024, &f);
    assert_int_equal(f.method, LEDGER_LIKE_SO_FAR);
    assert_true(f.value == 120 && isnan(f.low) && isnan(f.high));
    ledger_forecast_year(LEDGER_MEAN, &series, 2024, &f);
    assert_true(f.value == 10);
    ledger_forecast_year(LEDGER_LAST, &series, 2024, &f);
    assert_int_equal(f.method, LEDGER_NO_FORECAST); /* no change is known */
}

static void a_level_goes_on_as_it_went_across_the_years_end(void **state)
{
    int64_t at[14];
    struct ledger_series series = {at, 14, M(2023, 1)};
    struct ledger_forecast f;
    (void)state;
    for (int m = 0; m < 14; m++)
        at[m] = 100 + 5 * m;
    ledger_forecast_year(LEDGER_LAST, &series, 2024, &f);
    assert_int_equal(f.method, LEDGER_TREND);
    assert_true(near(f.value, 100 + 5 * 23) && near(f.low, f.value) && near(f.high, f.value));
    assert_true(isnan(f.months[1]) && near(f.months[2], 100 + 5 * 14));
}

static void the_same_figures_in_other_units_give_the_same_forecast(void **state)
{
    (void)state;
    state_of_chance = 5;
    for (int round = 0; round < 1000; round++) {
        int64_t at[24];
        int64_t tenfold[24];
        struct ledger_series series = {at, 24, M(2023, 1)};
        struct ledger_series other = {tenfold, 24, M(2023, 1)};
        struct ledger_forecast f;
        struct ledger_forecast g;
        enum ledger_fold fold = (enum ledger_fold)chance(LEDGER_FOLDS);
        for (int m = 0; m < 24; m++) {
            at[m] = chance(5) ? (int64_t)chance(1000) : LEDGER_NONE;
            tenfold[m] = at[m] == LEDGER_NONE ? LEDGER_NONE : 10 * at[m];
        }
        ledger_forecast_year(fold, &series, 2024, &f);
        ledger_forecast_year(fold, &other, 2024, &g);
        assert_int_equal(f.method, g.method);
        assert_true(isnan(f.value) == isnan(g.value) && isnan(f.low) == isnan(g.low));
        if (!isnan(f.value) && f.method != LEDGER_COMPLETE)
            assert_true(near(10 * f.value, g.value));
        if (!isnan(f.low) && f.method != LEDGER_COMPLETE)
            assert_true(near(10 * f.low, g.low) && f.low <= f.value && f.value <= f.high);
    }
}

/* Months that scatter by themselves around last year's: some 8 of 10 years are to end within the band. */
static void the_band_holds_eight_years_in_ten(void **state)
{
    enum { YEARS = 4000 };
    unsigned within = 0;
    (void)state;
    state_of_chance = 6;
    for (int round = 0; round < YEARS; round++) {
        int64_t at[24];
        int64_t all = 0;
        struct ledger_series series = {at, 24, M(2023, 1)};
        struct ledger_forecast f;
        for (int m = 0; m < 24; m++) {
            int64_t noise = 0;
            for (int i = 0; i < 12; i++)
                noise += (int64_t)chance(1001) - 500; /* near normal */
            at[m] = m < 12 ? 100000 : 110000 + noise;
            all += m < 12 ? 0 : at[m];
        }
        for (int m = 18; m < 24; m++)
            at[m] = LEDGER_NONE;
        ledger_forecast_year(LEDGER_SUM, &series, 2024, &f);
        within += f.low <= (double)all && (double)all <= f.high;
    }
    assert_in_range(within, YEARS * 77 / 100, YEARS * 83 / 100);
}

/* --- days ------------------------------------------------------------------------------------------------ */

static void months_begin_and_end_where_the_calendar_says(void **state)
{
    (void)state;
    assert_int_equal(ledger_month_begin(M(1970, 1)), 0);
    assert_int_equal(ledger_month_begin(M(2000, 3)), 11017);
    assert_int_equal(ledger_month_begin(M(2024, 3)) - ledger_month_begin(M(2024, 2)), 29);
    assert_int_equal(ledger_month_begin(M(2100, 3)) - ledger_month_begin(M(2100, 2)), 28);
    assert_int_equal(ledger_month_begin(M(2026, 11)), 20758);
    for (int64_t day = ledger_month_begin(M(1950, 1)); day < ledger_month_begin(M(2199, 1));
         day++) {
        int month = ledger_month_of(day);
        assert_true(ledger_month_begin(month) <= day && day < ledger_month_begin(month + 1));
    }
}

static void an_actual_is_due_in_the_next_month_or_on_its_last_day(void **state)
{
    (void)state;
    assert_int_equal(ledger_actual_due(M(2023, 12), 10), ledger_month_begin(M(2024, 1)) + 9);
    assert_int_equal(ledger_actual_due(M(2024, 1), 31),
                     ledger_month_begin(M(2024, 3)) - 1); /* 29 February */
    assert_int_equal(ledger_actual_due(M(2025, 1), 30),
                     ledger_month_begin(M(2025, 3)) - 1); /* 28 February */
}

static void the_planned_part_grows_by_the_day_and_ends_whole(void **state)
{
    static const int64_t even[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    (void)state;
    assert_true(
        near(ledger_planned_part(LEDGER_SUM, even, 2024, ledger_month_begin(M(2024, 2)) + 14),
             (1 + 15.0 / 29) / 12));
    assert_true(
        near(ledger_planned_part(LEDGER_SUM, even, 2025, ledger_month_begin(M(2025, 2)) + 13),
             1.5 / 12));
    assert_true(near(ledger_planned_part(LEDGER_MEAN, even, 2024, ledger_month_begin(M(2024, 1))),
                     1.0 / 366));
    for (unsigned fold = 0; fold < LEDGER_FOLDS; fold++) {
        double before = 0;
        for (int64_t day = ledger_month_begin(M(2023, 12)); day < ledger_month_begin(M(2025, 2));
             day++) {
            double part = ledger_planned_part((enum ledger_fold)fold, even, 2024, day);
            assert_true(part >= before && part <= 1);
            before = part;
        }
        assert_true(before == 1);
    }
}

/* --- alarms ---------------------------------------------------------------------------------------------- */

static void alarms_are_raised_by_their_rules(void **state)
{
    static const struct {
        const char *what;
        enum ledger_direction direction;
        int64_t months[12]; /* 0: not in */
        int64_t whole;      /* with even months; 0: none */
        enum ledger_rank rank;
        int day_month, day; /* of 2024, or month 13: January 2025 */
        unsigned alarms;
        int late; /* month, 0 none */
    } cases[] = {
        {"all well", LEDGER_UP, {10, 10, 10}, 120, LEDGER_UNRANKED, 4, 20, 0, 0},
        {"April is due on 15 May", LEDGER_UP, {10, 10, 10}, 120, LEDGER_UNRANKED, 5, 15, 0, 0},
        {"and late on the 16th",
         LEDGER_UP,
         {10, 10, 10},
         120,
         LEDGER_UNRANKED,
         5,
         16,
         LEDGER_ALARM_LATE,
         4},
        {"a gap is late, whatever followed",
         LEDGER_UP,
         {10, 0, 10},
         0,
         LEDGER_UNRANKED,
         4,
         1,
         LEDGER_ALARM_LATE,
         2},
        {"December is late in January",
         LEDGER_UP,
         {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10},
         110,
         LEDGER_UNRANKED,
         13,
         16,
         LEDGER_ALARM_LATE,
         12},
        {"a little behind is allowed, if in doubt",
         LEDGER_UP,
         {9, 10, 10},
         120,
         LEDGER_UNRANKED,
         4,
         1,
         LEDGER_ALARM_RISK,
         0},
        {"behind for good",
         LEDGER_UP,
         {8, 8, 8},
         120,
         LEDGER_UNRANKED,
         4,
         1,
         LEDGER_ALARM_BEHIND | LEDGER_ALARM_MISS,
         0},
        {"more is worse where less is wanted",
         LEDGER_DOWN,
         {12, 12, 12},
         120,
         LEDGER_UNRANKED,
         4,
         1,
         LEDGER_ALARM_BEHIND | LEDGER_ALARM_MISS,
         0},
        {"less is not", LEDGER_DOWN, {8, 8, 8}, 120, LEDGER_UNRANKED, 4, 1, 0, 0},
        {"above all", LEDGER_UP, {10, 10, 10}, 0, LEDGER_ABOVE_ALL, 4, 1, 0, 0},
        {"above some", LEDGER_UP, {10, 10, 10}, 0, LEDGER_ABOVE_SOME, 4, 1, LEDGER_ALARM_BELOW, 0},
        {"an odd figure",
         LEDGER_UP,
         {10, 10, 100},
         0,
         LEDGER_UNRANKED,
         4,
         1,
         LEDGER_ALARM_STRANGE,
         0},
    };
    struct ledger_watch_rule rule = {.due_day = 15, .behind_percent = 5};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at[24];
        int64_t targets[12];
        struct ledger_series series = {at, 24, M(2023, 1)};
        struct ledger_forecast f;
        int late;
        for (int m = 0; m < 12; m++) {
            at[m] = 10;
            at[12 + m] = cases[i].months[m] ? cases[i].months[m] : LEDGER_NONE;
        }
        ledger_split(cases[i].whole, NULL, 12, targets);
        ledger_forecast_year(LEDGER_SUM, &series, 2024, &f);
        struct ledger_watched w = {LEDGER_SUM,
                                   cases[i].direction,
                                   false,
                                   &series,
                                   cases[i].whole ? targets : NULL,
                                   cases[i].whole ? cases[i].whole : LEDGER_NONE,
                                   &f,
                                   cases[i].rank,
                                   M(2020, 1)};
        unsigned alarms =
            ledger_watch(&rule, &w, 2024,
                         ledger_month_begin(M(2024, cases[i].day_month)) + cases[i].day - 1, &late);
        if (alarms != cases[i].alarms || late != (cases[i].late ? M(2024, cases[i].late) : -1))
            fail_msg("%s: %u, late %d", cases[i].what, alarms, late);
    }
}

static void nothing_is_late_before_it_begins_or_when_it_is_made_of_others(void **state)
{
    static const int64_t none[1] = {LEDGER_NONE};
    struct ledger_watch_rule rule = {.due_day = 10, .behind_percent = 5};
    struct ledger_series series = {none, 1, M(2024, 1)};
    struct ledger_forecast f;
    int late;
    (void)state;
    ledger_forecast_year(LEDGER_SUM, &series, 2024, &f);
    struct ledger_watched w = {
        .actuals = &series, .whole = LEDGER_NONE, .forecast = &f, .begins = M(2024, 6)};
    assert_int_equal(ledger_watch(&rule, &w, 2024, ledger_month_begin(M(2024, 7)) + 9, &late), 0);
    assert_int_equal(ledger_watch(&rule, &w, 2024, ledger_month_begin(M(2024, 7)) + 10, &late),
                     LEDGER_ALARM_LATE);
    assert_int_equal(late, M(2024, 6));
    w.made = true;
    assert_int_equal(ledger_watch(&rule, &w, 2024, ledger_month_begin(M(2024, 12)), &late), 0);
}

static void every_alarm_rank_and_method_has_its_words_in_both_languages(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LEDGER_ALARM_KINDS; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            assert_true(strlen(ledger_alarm_word(1U << i, (enum lang)lang)) > 0);
            assert_true(strlen(ledger_alarm_rule(1U << i, (enum lang)lang)) > 0);
        }
    assert_string_equal(ledger_alarm_name(LEDGER_ALARM_STRANGE), "strange");
    assert_string_equal(ledger_alarm_name(LEDGER_ALARM_BELOW), "below");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_is_by_the_size_of_the_base),
        cmocka_unit_test(the_year_so_far_begins_in_january_and_lacks_what_a_month_lacks),
        cmocka_unit_test(a_value_is_above_all_only_when_it_is_better_than_every_known_one),
        cmocka_unit_test(a_year_that_goes_like_the_last_times_something_ends_there_for_certain),
        cmocka_unit_test(a_complete_year_is_its_result),
        cmocka_unit_test(one_month_gives_a_forecast_without_a_band),
        cmocka_unit_test(a_level_goes_on_as_it_went_across_the_years_end),
        cmocka_unit_test(the_same_figures_in_other_units_give_the_same_forecast),
        cmocka_unit_test(the_band_holds_eight_years_in_ten),
        cmocka_unit_test(months_begin_and_end_where_the_calendar_says),
        cmocka_unit_test(an_actual_is_due_in_the_next_month_or_on_its_last_day),
        cmocka_unit_test(the_planned_part_grows_by_the_day_and_ends_whole),
        cmocka_unit_test(alarms_are_raised_by_their_rules),
        cmocka_unit_test(nothing_is_late_before_it_begins_or_when_it_is_made_of_others),
        cmocka_unit_test(every_alarm_rank_and_method_has_its_words_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
