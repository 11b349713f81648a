/* Targets split into quarters and months: they always add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ledger/split.h"

/* Chance that comes back: a small generator, seeded by each test. */
static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance = state_of_chance * 6364136223846793005U + 1442695040888963407U;
    return (state_of_chance >> 33) % below;
}

static int64_t sum_of(const int64_t *at, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += at[i];
    return sum;
}

static const struct {
    int64_t whole;
    size_t count;
    int64_t weights[12];
    int64_t parts[12];
} SPLITS[] = {
    {12, 12, {0}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {100, 4, {0}, {25, 25, 25, 25}},
    {100, 3, {0}, {33, 34, 33}},
    {-100, 3, {0}, {-33, -34, -33}},
    {1, 4, {0}, {0, 1, 0, 0}},
    {0, 3, {1, 2, 3}, {0, 0, 0}},
    {60, 3, {1, 2, 3}, {10, 20, 30}},
    {10, 4, {0, 1, 0, 1}, {0, 5, 0, 5}},
    {7, 2, {3, 1}, {5, 2}},
    {LEDGER_AMOUNT_MAX,
     2,
     {LEDGER_AMOUNT_MAX, LEDGER_AMOUNT_MAX},
     {LEDGER_AMOUNT_MAX / 2, LEDGER_AMOUNT_MAX / 2}},
};

static void a_whole_is_cut_in_proportion(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SPLITS / sizeof *SPLITS; i++) {
        int64_t parts[12];
        ledger_split(SPLITS[i].whole, SPLITS[i].weights, SPLITS[i].count, parts);
        for (size_t p = 0; p < SPLITS[i].count; p++)
            if (parts[p] != SPLITS[i].parts[p])
                fail_msg("case %zu, part %zu: %lld", i, p, (long long)parts[p]);
    }
}

static void parts_add_up_and_are_within_a_step_of_their_share_whatever_the_weights(void **state)
{
    (void)state;
    state_of_chance = 1;
    for (int round = 0; round < 20000; round++) {
        int64_t weights[12];
        int64_t parts[12];
        size_t count = 1 + chance(12);
        int64_t whole = (int64_t)chance(1U << (1 + chance(30))) - 1000;
        for (size_t i = 0; i < count; i++)
            weights[i] = chance(4) ? (int64_t)chance(1U << (1 + chance(20))) : 0;
        double all = (double)sum_of(weights, count);
        ledger_split(whole, weights, count, parts);
        assert_int_equal(sum_of(parts, count), whole);
        for (size_t i = 0; i < count; i++) {
            double share =
                all > 0 ? (double)whole * (double)weights[i] / all : (double)whole / (double)count;
            double off = (double)parts[i] - share;
            assert_true(off < 1.0000001 && off > -1.0000001);
            assert_true(weights[i] || all == 0 || parts[i] == 0);
        }
    }
}

static void quarters_of_an_even_year_differ_by_a_step_at_most(void **state)
{
    (void)state;
    for (int64_t whole = -500; whole <= 500; whole++) {
        int64_t months[12];
        ledger_split(whole, NULL, 12, months);
        for (size_t q = 0; q < 4; q++)
            for (size_t other = 0; other < 4; other++)
                assert_in_range(sum_of(months + 3 * q, 3) - sum_of(months + 3 * other, 3) + 1, 0,
                                2);
    }
}

static struct ledger_year_plan plan_of(enum ledger_fold fold, int64_t whole, int64_t start)
{
    struct ledger_year_plan plan = {.fold = fold, .whole = whole, .start = start};
    for (int m = 0; m < 12; m++)
        plan.by_hand[m] = LEDGER_NONE;
    return plan;
}

static void months_by_hand_stay_and_the_free_ones_make_up_the_year(void **state)
{
    (void)state;
    state_of_chance = 2;
    for (int round = 0; round < 20000; round++) {
        enum ledger_fold fold = (enum ledger_fold)chance(LEDGER_FOLDS);
        struct ledger_year_plan plan = plan_of(fold, (int64_t)chance(100000),
                                               chance(2) ? (int64_t)chance(100000) : LEDGER_NONE);
        int64_t weights[12];
        int64_t months[12];
        struct error err = {0};
        size_t open = 0;
        for (int m = 0; m < 12; m++) {
            weights[m] = (int64_t)chance(100);
            if (m < 11 && chance(2))
                plan.by_hand[m] = (int64_t)chance(20000);
            open += plan.by_hand[m] == LEDGER_NONE;
        }
        plan.weights = chance(2) ? weights : NULL;
        assert_int_equal(ledger_plan_year(&plan, 2, months, &err), STATUS_OK);
        assert_true(open > 0);
        for (int m = 0; m < 12; m++)
            assert_true(plan.by_hand[m] == LEDGER_NONE || months[m] == plan.by_hand[m]);
        struct ledger_series series = {months, 12, 2024 * 12};
        assert_int_equal(ledger_fold_months(fold, &series, 2024 * 12, 12), plan.whole);
    }
}

static void a_year_that_is_set_by_hand_must_add_up_and_the_error_says_by_how_much_it_does_not(
    void **state)
{
    struct ledger_year_plan plan = plan_of(LEDGER_SUM, 120000, LEDGER_NONE);
    int64_t months[12];
    struct error err = {0};
    (void)state;
    for (int m = 0; m < 12; m++)
        plan.by_hand[m] = 10000;
    assert_int_equal(ledger_plan_year(&plan, 2, months, &err), STATUS_OK);
    plan.by_hand[3] = 9950;
    assert_int_equal(ledger_plan_year(&plan, 2, months, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "fall short of the year's target by 0.50"));
    assert_non_null(strstr(err.zh, "少 0.50"));
    plan.by_hand[3] = 10100;
    assert_int_equal(ledger_plan_year(&plan, 2, months, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "exceed the year's target by 1.00"));
    plan = plan_of(LEDGER_LAST, 500, 100);
    plan.by_hand[11] = 499;
    assert_int_equal(ledger_plan_year(&plan, 0, months, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "December"));
}

static void a_level_goes_from_last_december_to_the_target_step_by_step(void **state)
{
    static const int64_t up[12] = {110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210, 220};
    struct ledger_year_plan plan = plan_of(LEDGER_LAST, 220, 100);
    int64_t months[12];
    (void)state;
    assert_int_equal(ledger_plan_year(&plan, 0, months, NULL), STATUS_OK);
    assert_memory_equal(months, up, sizeof up);
    plan.by_hand[5] = 100; /* a way through a level set by hand */
    assert_int_equal(ledger_plan_year(&plan, 0, months, NULL), STATUS_OK);
    for (int m = 0; m < 12; m++)
        assert_int_equal(months[m], m < 6 ? 100 : 100 + 20 * (m - 5));
    plan =
        plan_of(LEDGER_LAST, 220, LEDGER_NONE); /* without a beginning it is to be there all year */
    assert_int_equal(ledger_plan_year(&plan, 0, months, NULL), STATUS_OK);
    for (int m = 0; m < 12; m++)
        assert_int_equal(months[m], 220);
}

static void the_season_is_taken_from_the_newest_complete_years(void **state)
{
    int64_t at[60];
    int64_t weights[12];
    struct ledger_series series = {at, 60, 2020 * 12};
    (void)state;
    for (int m = 0; m < 60; m++)
        at[m] = m / 12 == 0 ? 1000 : (m % 12 == 11 ? 20 : 10);
    assert_int_equal(ledger_weigh_months(&series, 2025, weights), 3); /* 2022, 2023, 2024 */
    assert_int_equal(weights[0], 30);
    assert_int_equal(weights[11], 60);
    at[4 * 12 + 5] = LEDGER_NONE; /* 2024 has a gap: 2021 counts in its place */
    assert_int_equal(ledger_weigh_months(&series, 2025, weights), 3);
    assert_int_equal(weights[0], 30);
    assert_int_equal(ledger_weigh_months(&series, 2021, weights), 1);
    assert_int_equal(weights[0], 1000);
    assert_int_equal(ledger_weigh_months(&series, 2020, weights), 0);
    at[12] = -100;
    assert_int_equal(ledger_weigh_months(&series, 2024, weights), 0); /* below nothing: no season */
    assert_int_equal(sum_of(weights, 12), 0);
}

static void a_quarter_set_by_hand_holds_and_the_year_still_adds_up(void **state)
{
    (void)state;
    for (unsigned fold = 0; fold < LEDGER_FOLDS; fold++)
        for (unsigned quarter = 0; quarter < 3; quarter++)
            for (int64_t amount = 0; amount < 400; amount += 7) {
                struct ledger_year_plan plan = plan_of((enum ledger_fold)fold, 1000, 50);
                int64_t months[12];
                struct ledger_series series = {months, 12, 0};
                assert_int_equal(ledger_plan_year(&plan, 0, months, NULL), STATUS_OK);
                ledger_set_quarter(&plan, months, quarter, amount);
                assert_int_equal(ledger_plan_year(&plan, 0, months, NULL), STATUS_OK);
                assert_int_equal(ledger_fold_months(plan.fold, &series, (int)quarter * 3, 3),
                                 amount);
                assert_int_equal(ledger_fold_months(plan.fold, &series, 0, 12), 1000);
            }
}

static void months_make_a_period_only_when_all_it_needs_are_known(void **state)
{
    static const int64_t at[4] = {10, LEDGER_NONE, 30, 35};
    struct ledger_series series = {at, 4, 2023 * 12 + 10}; /* November 2023 … February 2024 */
    (void)state;
    assert_int_equal(ledger_fold_months(LEDGER_SUM, &series, 2024 * 12, 2), 65);
    assert_int_equal(ledger_fold_months(LEDGER_MEAN, &series, 2024 * 12, 2), 33);
    assert_int_equal(ledger_fold_months(LEDGER_SUM, &series, 2023 * 12 + 11, 2), LEDGER_NONE);
    assert_int_equal(ledger_fold_months(LEDGER_LAST, &series, 2023 * 12 + 11, 2), 30);
    assert_int_equal(ledger_fold_months(LEDGER_LAST, &series, 2023 * 12 + 10, 2), LEDGER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_is_cut_in_proportion),
        cmocka_unit_test(parts_add_up_and_are_within_a_step_of_their_share_whatever_the_weights),
        cmocka_unit_test(quarters_of_an_even_year_differ_by_a_step_at_most),
        cmocka_unit_test(months_by_hand_stay_and_the_free_ones_make_up_the_year),
        cmocka_unit_test(
            a_year_that_is_set_by_hand_must_add_up_and_the_error_says_by_how_much_it_does_not),
        cmocka_unit_test(a_level_goes_from_last_december_to_the_target_step_by_step),
        cmocka_unit_test(the_season_is_taken_from_the_newest_complete_years),
        cmocka_unit_test(a_quarter_set_by_hand_holds_and_the_year_still_adds_up),
        cmocka_unit_test(months_make_a_period_only_when_all_it_needs_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
