/* Thresholds: what raises, what holds, what lets go; and whatever the figures, worse ones never calm an alarm and one that
 * hovers about a mark raises none twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdlib.h>

#include "ledger/threshold.h"

#define NONE  LEDGER_NONE
#define FIRST 24300
#define MOST  24

static struct ledger_series series_of(const int64_t *at, size_t count)
{
    return (struct ledger_series){at, count, FIRST};
}

static void a_mark_is_passed_in_a_row_and_left_beyond_the_margin(void **state)
{
    static const struct {
        struct threshold t;
        int64_t at[8];
        size_t count;
        enum threshold_level level;
        int warned, acting; /* since which month, from the first; −1 */
    } cases[] = {
        /* less is worse: warn at 80, act at 60, margin 5, one month */
        {{LEDGER_UP, 80, 60, 5, 1}, {0}, 0, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 5, 1}, {90, 81}, 2, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 5, 1}, {90, 80}, 2, THRESHOLD_WARN, 1, -1},
        {{LEDGER_UP, 80, 60, 5, 1}, {90, 79, 85}, 3, THRESHOLD_WARN, 1, -1}, /* at the margin */
        {{LEDGER_UP, 80, 60, 5, 1}, {90, 79, 86}, 3, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 5, 1}, {50}, 1, THRESHOLD_ACT, 0, 0}, /* both at once */
        {{LEDGER_UP, 80, 60, 5, 1}, {79, 50, 65}, 3, THRESHOLD_ACT, 0, 1},
        {{LEDGER_UP, 80, 60, 5, 1}, {79, 50, 66}, 3, THRESHOLD_WARN, 0, -1},
        {{LEDGER_UP, 80, 60, 5, 1}, {79, 50, 90}, 3, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 5, 1}, {79, 90, 79}, 3, THRESHOLD_WARN, 2, -1}, /* again */
        /* two months in a row */
        {{LEDGER_UP, 80, 60, 0, 2}, {79}, 1, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {79, 90, 79}, 3, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {90, 79, 78}, 3, THRESHOLD_WARN, 2, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {79, 50}, 2, THRESHOLD_WARN, 1, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {79, 78, 90}, 3, THRESHOLD_WARN, 1, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {79, 78, 90, 90}, 4, THRESHOLD_CALM, -1, -1},
        /* a month that lacks breaks a row, and holds what stands */
        {{LEDGER_UP, 80, 60, 0, 2}, {79, NONE, 79}, 3, THRESHOLD_CALM, -1, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {79, 79, NONE, NONE}, 4, THRESHOLD_WARN, 1, -1},
        {{LEDGER_UP, 80, 60, 0, 2}, {79, 79, 90, NONE, 90}, 5, THRESHOLD_WARN, 1, -1},
        /* more is worse */
        {{LEDGER_DOWN, 10, 20, 2, 1}, {9, 10}, 2, THRESHOLD_WARN, 1, -1},
        {{LEDGER_DOWN, 10, 20, 2, 1}, {25, 18}, 2, THRESHOLD_ACT, 0, 0},
        {{LEDGER_DOWN, 10, 20, 2, 1}, {25, 17, 8}, 3, THRESHOLD_WARN, 0, -1},
        {{LEDGER_DOWN, 10, 20, 2, 1}, {25, 17, 7}, 3, THRESHOLD_CALM, -1, -1},
        {{LEDGER_DOWN, 0, 0, 0, 1}, {-1, 0}, 2, THRESHOLD_ACT, 1, 1}, /* one mark for both */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_series series = series_of(cases[i].at, cases[i].count);
        struct threshold_standing s = threshold_judge(&cases[i].t, &series);
        int warned = s.since[THRESHOLD_WARN] < 0 ? -1 : s.since[THRESHOLD_WARN] - FIRST;
        int acting = s.since[THRESHOLD_ACT] < 0 ? -1 : s.since[THRESHOLD_ACT] - FIRST;
        assert_int_equal(threshold_check(&cases[i].t, NULL), STATUS_OK);
        if (s.level != cases[i].level || warned != cases[i].warned || acting != cases[i].acting)
            fail_msg("case %zu: level %d since %d, %d", i, (int)s.level, warned, acting);
    }
}

static void marks_that_can_not_be_are_refused(void **state)
{
    static const struct threshold bad[] = {
        {LEDGER_UP, 60, 80, 0, 1},     {LEDGER_DOWN, 20, 10, 0, 1}, {LEDGER_UP, 80, 60, -1, 1},
        {LEDGER_UP, 80, 60, 0, 0},     {LEDGER_UP, 80, 60, 0, 13},  {LEDGER_UP, NONE, 60, 0, 1},
        {LEDGER_DOWN, 10, NONE, 0, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(threshold_check(&bad[i], NULL), STATUS_INPUT);
}

static struct threshold any_threshold(void)
{
    struct threshold t = {random() % 2 ? LEDGER_UP : LEDGER_DOWN, random() % 60, 0, random() % 12,
                          1 + (int)(random() % 4)};
    int64_t worse = random() % 30;
    t.act = t.direction == LEDGER_UP ? t.warn - worse : t.warn + worse;
    return t;
}

static void any_figures(int64_t *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        at[i] = random() % 9 ? random() % 100 - 20 : NONE;
}

static void to_act_is_never_called_without_warning(void **state)
{
    int64_t at[MOST];
    size_t acts = 0;
    (void)state;
    srandom(41);
    for (int i = 0; i < 50000; i++) {
        struct threshold t = any_threshold();
        size_t count = (size_t)(random() % MOST);
        struct ledger_series series = series_of(at, count);
        any_figures(at, count);
        struct threshold_standing s = threshold_judge(&t, &series);
        assert_true(s.since[THRESHOLD_ACT] < 0 || s.since[THRESHOLD_WARN] >= 0);
        assert_true(s.since[THRESHOLD_ACT] < 0 ||
                    s.since[THRESHOLD_WARN] <= s.since[THRESHOLD_ACT]);
        acts += s.level == THRESHOLD_ACT;
    }
    assert_true(acts > 1000);
}

static void worse_figures_never_calm_an_alarm(void **state)
{
    int64_t at[MOST];
    int64_t worse[MOST];
    (void)state;
    srandom(43);
    for (int i = 0; i < 50000; i++) {
        struct threshold t = any_threshold();
        size_t count = (size_t)(random() % MOST);
        struct ledger_series a = series_of(at, count);
        struct ledger_series b = series_of(worse, count);
        any_figures(at, count);
        for (size_t m = 0; m < count; m++) {
            int64_t by = random() % 10;
            worse[m] = at[m] == NONE ? NONE : t.direction == LEDGER_UP ? at[m] - by : at[m] + by;
        }
        assert_true(threshold_judge(&t, &b).level >= threshold_judge(&t, &a).level);
    }
}

static void turning_the_axis_round_turns_nothing_else(void **state)
{
    int64_t at[MOST];
    int64_t mirrored[MOST];
    (void)state;
    srandom(47);
    for (int i = 0; i < 20000; i++) {
        struct threshold t = any_threshold();
        struct threshold m = t;
        size_t count = (size_t)(random() % MOST);
        struct ledger_series a = series_of(at, count);
        struct ledger_series b = series_of(mirrored, count);
        any_figures(at, count);
        for (size_t k = 0; k < count; k++)
            mirrored[k] = at[k] == NONE ? NONE : -at[k];
        m.direction = t.direction == LEDGER_UP ? LEDGER_DOWN : LEDGER_UP;
        m.warn = -t.warn;
        m.act = -t.act;
        assert_int_equal(threshold_judge(&m, &b).level, threshold_judge(&t, &a).level);
    }
}

/* Month by month, as figures come in: between two alarms of a level lie at least as many months as a row has, all better by
 * more than the margin. */
static void a_figure_that_hovers_about_a_mark_raises_it_once(void **state)
{
    int64_t at[MOST];
    size_t again = 0;
    (void)state;
    srandom(53);
    for (int i = 0; i < 20000; i++) {
        struct threshold t = any_threshold();
        int since = -1;
        any_figures(at, MOST);
        for (size_t m = 0; m < MOST; m++)
            if (i % 2) /* hovers within the margin */
                at[m] = t.direction == LEDGER_UP ? t.warn + random() % (t.margin + 1)
                                                 : t.warn - random() % (t.margin + 1);
        for (size_t count = 1; count <= MOST; count++) {
            struct ledger_series series = series_of(at, count);
            int now = threshold_judge(&t, &series).since[THRESHOLD_WARN];
            if (since >= 0 && now >= 0)
                assert_int_equal(now, since); /* what stands keeps its month */
            if (since >= 0 && now < 0)
                for (int k = 0; k < t.months; k++) {
                    int64_t figure = at[count - 1 - (size_t)k];
                    assert_true(figure != NONE);
                    assert_true((t.direction == LEDGER_UP ? figure - t.warn : t.warn - figure) >
                                t.margin);
                }
            again += since >= 0 && now < 0;
            assert_true(!(i % 2) || since < 0 || now >= 0);
            since = now;
        }
    }
    assert_true(again > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_passed_in_a_row_and_left_beyond_the_margin),
        cmocka_unit_test(marks_that_can_not_be_are_refused),
        cmocka_unit_test(to_act_is_never_called_without_warning),
        cmocka_unit_test(worse_figures_never_calm_an_alarm),
        cmocka_unit_test(turning_the_axis_round_turns_nothing_else),
        cmocka_unit_test(a_figure_that_hovers_about_a_mark_raises_it_once),
    };
    return cmocka_run_group_tests_name("threshold", tests, NULL, NULL);
}
