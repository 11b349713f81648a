/* Indicators as they are kept: revisions, formulas over others, targets, benchmarks, and the history of each. */
#include "ledger_case.h"

#include <string.h>

#include "base/calendar.h"
#include "ledger/indicator.h"
#include "ledger/standing.h"

#define M(year, month) ((year)*12 + (month)-1)

static const struct ledger_deed plain = {.now_ms = 1000};

static struct indicator make(struct ledger_case *c, const char *title, const char *formula)
{
    struct line line = {.title = str_of(title), .state = LINE_ACTIVE, .weight = 1};
    struct indicator indicator = {.measure = STR("km"),
                                  .places = 1,
                                  .formula = str_of(formula),
                                  .begins = M(2024, 1),
                                  .due_day = 10,
                                  .behind_percent = 5};
    must(c, ledger_make_indicator(c->arena, c->store, &line, &indicator, &plain, &c->err));
    return indicator;
}

static void put(struct ledger_case *c, const struct indicator *i, int month, int64_t amount)
{
    must(c, ledger_put_actual(c->store, i, month, amount, 1, &plain, &c->err));
}

static struct ledger_figures *figures_of(struct ledger_case *c, const struct indicator *i)
{
    struct ledger_figures *figures;
    must(c, ledger_load_figures(c->arena, c->store, i, &figures, &c->err));
    return figures;
}

static int64_t count_events(struct ledger_case *c, int64_t line, const char *kind)
{
    struct query *q =
        query_start(c->store, "SELECT count(*) FROM event WHERE subject = 'L' || ?1 AND kind = ?2");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(kind));
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return count;
}

static void what_was_said_of_a_month_is_kept_when_it_is_said_anew(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    struct ledger_deed later = {.now_ms = 2000, .why = STR("A bridge was counted twice.")};
    struct indicator_revision *list;
    size_t count;
    put(c, &i, M(2024, 2), 125);
    put(c, &i, M(2024, 2), 125); /* said already: nothing happens */
    must(c, ledger_put_actual(c->store, &i, M(2024, 2), 120, 2, &later, &c->err));
    assert_int_equal(ledger_figure(figures_of(c, &i), M(2024, 2), 1), 120);
    must(c, ledger_put_actual(c->store, &i, M(2024, 2), LEDGER_NONE, 2, &later, &c->err));
    assert_int_equal(ledger_figure(figures_of(c, &i), M(2024, 2), 1), LEDGER_NONE);
    must(c, ledger_list_revisions(c->arena, c->store, i.line, 2024, 10, &list, &count, &c->err));
    assert_int_equal(count, 3);
    assert_true(list[0].amount == LEDGER_NONE && list[0].holds && !list[1].holds && !list[2].holds);
    assert_true(list[1].amount == 120 && list[1].member == 2 && list[1].entered_ms == 2000);
    assert_true(str_equal(list[1].why, later.why));
    assert_true(list[2].amount == 125 && list[2].member == 1);
    assert_int_equal(count_events(c, i.line, "line.actual"), 3);
}

static void a_formula_is_worked_out_for_the_period_from_what_others_make_of_it(void **state)
{
    struct ledger_case *c = *state;
    struct indicator done = make(c, "Done", "");
    struct indicator all = make(c, "All", "");
    struct indicator rate = make(c, "Rate", "I1 / I2 * 100");
    struct indicator growth = make(c, "Growth", "(I3 - ago(I3, 12)) / ago(I3, 12) * 100");
    for (int m = 0; m < 14; m++) {
        put(c, &done, M(2024, 1) + m, m < 12 ? 10 * (m + 1) : 300);
        put(c, &all, M(2024, 1) + m, m < 12 ? 200 : 400);
    }
    struct ledger_figures *figures = figures_of(c, &rate);
    assert_int_equal(ledger_figure(figures, M(2024, 1), 1), 50); /* 1.0 of 20.0 is 5.0 % */
    assert_int_equal(ledger_figure(figures, M(2024, 1), 12),
                     325); /* 78 of 240: sums, not a mean of rates */
    assert_int_equal(ledger_figure(figures, M(2025, 1), 1), 750);
    assert_int_equal(ledger_figure(figures, M(2025, 2), 2), LEDGER_NONE); /* March lacks */
    assert_int_equal(ledger_figure(figures_of(c, &growth), M(2025, 1), 1), 14000);
    assert_int_equal(ledger_figure(figures_of(c, &growth), M(2024, 12), 1), LEDGER_NONE);
    assert_int_equal(ledger_put_actual(c->store, &rate, M(2024, 1), 5, 1, &plain, &c->err),
                     STATUS_CONFLICT);
}

static void an_indicator_can_t_be_made_of_itself(void **state)
{
    struct ledger_case *c = *state;
    struct indicator a = make(c, "A", "");
    struct indicator b = make(c, "B", "I1 * 2");
    (void)make(c, "C", "I2 + 1");
    a.formula = STR("I3 - 1");
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(ledger_change_indicator(c->arena, c->store, &a, &plain, &c->err),
                     STATUS_CONFLICT);
    store_rollback(c->store);
    assert_non_null(strstr(c->err.en, "I1 → I3 → I2 → I1"));
    assert_non_null(strstr(c->err.zh, "I1 → I3 → I2 → I1"));
    b.formula = STR("I2");
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(ledger_change_indicator(c->arena, c->store, &b, &plain, &c->err),
                     STATUS_CONFLICT);
    store_rollback(c->store);
    a.formula = STR("I9");
    assert_int_equal(ledger_change_indicator(c->arena, c->store, &a, &plain, &c->err),
                     STATUS_INPUT);
}

/* Thirty indicators, each the sum of the one before with itself many times over: 2^30 ways, worked out at once. */
static void formulas_that_name_each_other_often_are_worked_out_once_each(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "First", "");
    put(c, &i, M(2024, 1), 10);
    for (int n = 1; n < 30; n++)
        i = make(c, "Next", str_z(c->arena, str_format(c->arena, "(I%d + I%d) / 2", n, n)));
    assert_int_equal(ledger_figure(figures_of(c, &i), M(2024, 1), 1), 10);
}

static void a_target_is_kept_with_its_months_and_follows_past_years_when_asked(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    struct indicator_target target = {.year = 2025, .whole = 2400, .split = LEDGER_SEASONAL};
    struct indicator_target kept;
    for (int m = 0; m < 12; m++)
        target.by_hand[m] = LEDGER_NONE;
    assert_int_equal(ledger_put_target(c->arena, c->store, &i, &target, &plain, &c->err),
                     STATUS_CONFLICT);
    for (int m = 0; m < 12; m++)
        put(c, &i, M(2024, 1) + m, m == 11 ? 130 : 10);
    target.by_hand[0] = 0;
    must(c, ledger_put_target(c->arena, c->store, &i, &target, &plain, &c->err));
    must(c, ledger_put_target(c->arena, c->store, &i, &target, &plain, &c->err)); /* no event */
    must(c, ledger_find_target(c->store, i.line, 2025, &kept, &c->err));
    assert_true(kept.whole == 2400 && kept.split == LEDGER_SEASONAL && kept.by_hand[0] == 0);
    assert_int_equal(kept.by_hand[1], LEDGER_NONE);
    assert_int_equal(kept.months[11], 2400 * 130 / 230 + 1);
    int64_t sum = 0;
    for (int m = 0; m < 12; m++)
        sum += kept.months[m];
    assert_int_equal(sum, 2400);
    assert_int_equal(count_events(c, i.line, "line.target"), 1);
    must(c, ledger_find_target(c->store, i.line, 2024, &kept, &c->err));
    assert_int_equal(kept.whole, LEDGER_NONE);
}

static void benchmarks_are_kept_by_name_and_month(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Growth", "");
    struct benchmark *list;
    size_t count;
    must(c, ledger_put_benchmark(c->store, i.line, STR("全市"), M(2025, 3), 52, &plain, &c->err));
    must(c, ledger_put_benchmark(c->store, i.line, STR("Nation"), M(2025, 3), 50, &plain, &c->err));
    must(c, ledger_put_benchmark(c->store, i.line, STR("nation"), M(2025, 4), 51, &plain, &c->err));
    must(c, ledger_put_benchmark(c->store, i.line, STR("Nation"), M(2025, 4), 51, &plain, &c->err));
    must(c, ledger_list_benchmarks(c->arena, c->store, i.line, 2025, &list, &count, &c->err));
    assert_int_equal(count, 2);
    assert_true(list[0].months[2] == 50 && list[0].months[3] == 51 && list[1].months[2] == 52);
    assert_int_equal(list[1].months[3], LEDGER_NONE);
    assert_int_equal(count_events(c, i.line, "line.benchmark"), 3);
    must(c, ledger_put_benchmark(c->store, i.line, STR("Nation"), M(2025, 4), LEDGER_NONE, &plain,
                                 &c->err));
    must(c, ledger_list_benchmarks(c->arena, c->store, i.line, 2025, &list, &count, &c->err));
    assert_int_equal(list[0].months[3], LEDGER_NONE);
    assert_int_equal(
        ledger_put_benchmark(c->store, i.line, STR(" \n"), M(2025, 4), 1, &plain, &c->err),
        STATUS_INPUT);
}

static void what_figures_hang_on_stays_once_there_are_figures(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    i.places = 2;
    must(c, ledger_change_indicator(c->arena, c->store, &i, &plain, &c->err));
    put(c, &i, M(2024, 1), 1);
    i.places = 3;
    assert_int_equal(ledger_change_indicator(c->arena, c->store, &i, &plain, &c->err),
                     STATUS_CONFLICT);
    i.places = 2;
    i.formula = STR("1 + 1");
    assert_int_equal(ledger_change_indicator(c->arena, c->store, &i, &plain, &c->err),
                     STATUS_CONFLICT);
    i.formula = STR("");
    i.measure = STR("公里");
    must(c, ledger_change_indicator(c->arena, c->store, &i, &plain, &c->err));
    assert_int_equal(count_events(c, i.line, "line.indicator"), 3);
}

static struct standing standing_in_april(struct ledger_case *c)
{
    struct standing s;
    must(c,
         ledger_load_standing(c->arena, c->store, calendar_day_number(2026, 4, 20), &s, &c->err));
    assert_int_equal(s.year, 2026);
    return s;
}

static void aim_at(struct ledger_case *c, const struct indicator *i, int64_t whole)
{
    struct indicator_target target = {.year = 2026, .whole = whole, .split = LEDGER_EVEN};
    for (int m = 0; m < 12; m++)
        target.by_hand[m] = LEDGER_NONE;
    must(c, ledger_put_target(c->arena, c->store, i, &target, &plain, &c->err));
}

/* Short of its target by what its actuals and targets of the months that have both come to. */
static void is_short(struct ledger_case *c, int month, int64_t actual, int64_t target)
{
    struct standing s = standing_in_april(c);
    assert_int_equal(s.short_of, 1);
    assert_int_equal(s.nmissed, 1);
    assert_int_equal(s.missed[0].month, month);
    assert_int_equal(s.missed[0].actual, actual);
    assert_int_equal(s.missed[0].target, target);
    assert_true(str_equal(s.missed[0].title, STR("Roads")));
}

static void the_wall_tells_of_the_year_so_far_whatever_is_entered_replaced_or_taken_back(
    void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    put(c, &i, M(2025, 12), 900);
    assert_int_equal(standing_in_april(c).untold, 1);
    put(c, &i, M(2026, 1), 100);
    put(c, &i, M(2026, 2), 200);
    assert_int_equal(standing_in_april(c).untold, 1);
    aim_at(c, &i, 1200);
    assert_int_equal(standing_in_april(c).met, 1);
    put(c, &i, M(2026, 2), 20);
    is_short(c, M(2026, 2), 120, 200);
    put(c, &i, M(2026, 1), LEDGER_NONE);
    is_short(c, M(2026, 2), 20, 100);
    put(c, &i, M(2026, 4), 5000); /* the month that is not over yet */
    is_short(c, M(2026, 2), 20, 100);
    put(c, &i, M(2026, 3), 500);
    assert_int_equal(standing_in_april(c).met, 1);
    aim_at(c, &i, 6000);
    is_short(c, M(2026, 3), 520, 1000);
    put(c, &i, M(2026, 3), LEDGER_NONE);
    put(c, &i, M(2026, 2), LEDGER_NONE);
    assert_int_equal(standing_in_april(c).untold, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_said_of_a_month_is_kept_when_it_is_said_anew),
        CASE(a_formula_is_worked_out_for_the_period_from_what_others_make_of_it),
        CASE(an_indicator_can_t_be_made_of_itself),
        CASE(formulas_that_name_each_other_often_are_worked_out_once_each),
        CASE(a_target_is_kept_with_its_months_and_follows_past_years_when_asked),
        CASE(benchmarks_are_kept_by_name_and_month),
        CASE(the_wall_tells_of_the_year_so_far_whatever_is_entered_replaced_or_taken_back),
        CASE(what_figures_hang_on_stays_once_there_are_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
