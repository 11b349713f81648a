/* The formula of assessment: by cases worked by hand, and what it must keep for anybody. */
#include "ledger_case.h"

#include <string.h>

#include "base/calendar.h"
#include "ledger/assess.h"

static void scores_are_what_the_formula_says(void **state)
{
    static const struct {
        struct assess_facts facts;
        int64_t tenths;
    } cases[] = {
        /* all owed, all reached */
        {{{2, 3, 4, 5}, {2, 300, 4, 5}, 0, 0, 0}, 1000},
        {{{2, 3, 4, 5}, {0, 0, 0, 0}, 0, 0, 0}, 0},
        /* 50 · 1/2 + 20 · 1/2 + 15 · 3/4 + 15 · 1 = 61.25 */
        {{{2, 2, 4, 1}, {1, 100, 3, 1}, 0, 0, 0}, 613},
        /* only feedback was owed: it is all that counts */
        {{{0, 0, 3, 0}, {0, 0, 2, 0}, 0, 0, 0}, 667},
        /* timely and quality: (50 · 1 + 15 · 1/3) / 65 = 84.6 */
        {{{1, 0, 0, 3}, {1, 0, 0, 1}, 0, 0, 0}, 846},
        /* a red notice, an escalation and a circular: 10 points */
        {{{1, 0, 0, 0}, {1, 0, 0, 0}, 1, 1, 1}, 900},
        {{{1, 0, 0, 0}, {1, 0, 0, 0}, 50, 0, 0}, 800},
        {{{1, 0, 0, 0}, {0, 0, 0, 0}, 1, 0, 0}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (assess_tenths(&cases[i].facts) != cases[i].tenths)
            fail_msg("case %zu: %d", i, (int)assess_tenths(&cases[i].facts));
    struct assess_facts nothing = {.reds = 1};
    assert_false(assess_is_due(&nothing));
    assert_int_equal(assess_percent(&nothing, ASSESS_TIMELY), -1);
}

static struct assess_facts anybody(void)
{
    struct assess_facts f = {
        .reds = random() % 4, .raised = random() % 3, .circulars = random() % 2};
    for (int i = 0; i < ASSESS_PARTS; i++) {
        f.owed[i] = random() % 5;
        f.reached[i] = random() % (f.owed[i] * (i == ASSESS_COURSE ? 100 : 1) + 1);
    }
    return f;
}

static void reaching_more_never_costs_and_a_notice_never_pays(void **state)
{
    int64_t weights = 0;
    (void)state;
    srandom(53);
    for (int i = 0; i < 20000; i++) {
        struct assess_facts f = anybody();
        struct assess_facts g = f;
        int part = (int)(random() % ASSESS_PARTS);
        int64_t tenths = assess_tenths(&f);
        assert_true(tenths >= 0 && tenths <= 1000);
        if (g.reached[part] < g.owed[part] * (part == ASSESS_COURSE ? 100 : 1)) {
            g.reached[part]++;
            assert_true(assess_tenths(&g) >= tenths);
        }
        g = f;
        g.reds++;
        assert_true(assess_tenths(&g) <= tenths && assess_off(&g) <= ASSESS_OFF_MOST);
    }
    for (int i = 0; i < ASSESS_PARTS; i++)
        weights += assess_rules[i].weight;
    assert_int_equal(weights, 100);
}

static void periods_are_months_and_quarters_to_their_last_day(void **state)
{
    static const struct {
        const char *text, *first, *last, *words;
    } cases[] = {
        {"2026-12", "2026-12-01", "2026-12-31", "2026-12"},
        {"2028-02", "2028-02-01", "2028-02-29", "2028-02"},
        {"2026-02", "2026-02-01", "2026-02-28", "2026-02"},
        {"2026-Q1", "2026-01-01", "2026-03-31", "Quarter 1 of 2026"},
        {"2026-Q4", "2026-10-01", "2026-12-31", "Quarter 4 of 2026"},
    };
    static const char *const bad[] = {"",        "2026",  "2026-13", "2026-Q5", "2026-1",
                                      "2026-00", "26-Q1", "2026-Q",  "2026-Q12"};
    struct arena *arena = arena_make();
    int64_t first;
    int64_t last;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(assess_read_period(str_of(cases[i].text), &first, &last));
        assert_string_equal(str_z(arena, calendar_day_text(arena, first)), cases[i].first);
        assert_string_equal(str_z(arena, calendar_day_text(arena, last)), cases[i].last);
        assert_string_equal(str_z(arena, assess_period_words(arena, first, last, LANG_EN)),
                            cases[i].words);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(assess_read_period(str_of(bad[i]), &first, &last));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_what_the_formula_says),
        cmocka_unit_test(reaching_more_never_costs_and_a_notice_never_pays),
        cmocka_unit_test(periods_are_months_and_quarters_to_their_last_day),
    };
    return cmocka_run_group_tests_name("assess", tests, NULL, NULL);
}
