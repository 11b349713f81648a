/* What follows from figures is kept, and kept right: results of formulas, alarms and since when they stand. */
#include "ledger_case.h"

#include "base/calendar.h"
#include "ledger/alarm.h"

#define M(year, month) ((year)*12 + (month)-1)

static struct indicator make(struct ledger_case *c, const char *title, const char *formula)
{
    struct line line = {.title = str_of(title), .state = LINE_ACTIVE, .weight = 1};
    struct indicator indicator = {.measure = STR("km"),
                                  .places = 1,
                                  .formula = str_of(formula),
                                  .begins = M(2025, 1),
                                  .due_day = 10,
                                  .behind_percent = 5};
    struct ledger_deed deed = {.now_ms = 1000};
    must(c, ledger_make_indicator(c->arena, c->store, &line, &indicator, &deed, &c->err));
    return indicator;
}

static void put(struct ledger_case *c, const struct indicator *i, int month, int64_t amount)
{
    struct ledger_deed deed = {.now_ms = 1000};
    must(c, ledger_put_actual(c->store, i, month, amount, 1, &deed, &c->err));
}

static void freshen(struct ledger_case *c, int64_t day)
{
    must(c, ledger_freshen(c->store, calendar_moment_of(day) + 43200000, &c->err));
}

static int64_t day_of(int year, unsigned month, unsigned day)
{
    return calendar_day_number(year, month, day);
}

/* -1 where there is none. */
static int64_t ask(struct ledger_case *c, const char *sql, int64_t line, int64_t what)
{
    struct query *q = query_start(c->store, sql);
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, what);
    int64_t value = query_row(q) && !query_is_null(q, 0) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return value;
}

static int64_t result(struct ledger_case *c, int64_t line, int month)
{
    return ask(c, "SELECT amount FROM indicator_result WHERE line = ?1 AND month = ?2", line,
               month);
}

static int64_t so_far(struct ledger_case *c, int64_t line, int month)
{
    return ask(c, "SELECT so_far FROM indicator_result WHERE line = ?1 AND month = ?2", line,
               month);
}

static int64_t since(struct ledger_case *c, int64_t line, unsigned alarm)
{
    struct query *q = query_start(
        c->store, "SELECT since_day FROM indicator_alarm WHERE line = ?1 AND kind = ?2");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(ledger_alarm_name(alarm)));
    int64_t day = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return day;
}

static void results_follow_what_they_are_made_of_through_every_step(void **state)
{
    struct ledger_case *c = *state;
    struct indicator done = make(c, "Done", "");
    struct indicator all = make(c, "All", "");
    struct indicator rate = make(c, "Rate", "I1 / I2 * 100");
    struct indicator twice = make(c, "Twice the rate", "I3 * 2");
    put(c, &done, M(2026, 1), 10);
    put(c, &all, M(2026, 1), 200);
    put(c, &done, M(2026, 2), 50);
    put(c, &all, M(2026, 2), 100);
    freshen(c, day_of(2026, 3, 1));
    assert_int_equal(result(c, rate.line, M(2026, 2)), 500);
    assert_int_equal(so_far(c, rate.line, M(2026, 2)), 200); /* 60 of 300, no mean of rates */
    assert_int_equal(result(c, twice.line, M(2026, 2)), 1000);
    put(c, &all, M(2026, 2), LEDGER_NONE);
    freshen(c, day_of(2026, 3, 2));
    assert_int_equal(result(c, rate.line, M(2026, 2)), -1);
    assert_int_equal(result(c, rate.line, M(2026, 1)), 50);
    rate.formula = STR("I1");
    struct ledger_deed deed = {.now_ms = 1000};
    must(c, ledger_change_indicator(c->arena, c->store, &rate, &deed, &c->err));
    freshen(c, day_of(2026, 3, 3));
    assert_int_equal(result(c, twice.line, M(2026, 2)), 100);
    rate.formula = STR("");
    must(c, ledger_change_indicator(c->arena, c->store, &rate, &deed, &c->err));
    freshen(c, day_of(2026, 3, 3));
    assert_int_equal(result(c, rate.line, M(2026, 1)), -1);
    assert_int_equal(
        ask(c, "SELECT count(*) FROM indicator_entered WHERE line = ?1 AND ?2 = 0", rate.line, 0),
        0);
    assert_int_equal(ask(c, "SELECT count(*) FROM indicator_stale WHERE ?1 = ?2", 0, 0), 0);
}

static void a_figure_is_missing_since_the_day_after_it_was_due(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    i.begins = M(2026, 1);
    struct ledger_deed deed = {.now_ms = 1000};
    must(c, ledger_change_indicator(c->arena, c->store, &i, &deed, &c->err));
    freshen(c, day_of(2026, 2, 10));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_LATE), -1); /* due today */
    put(c, &i, M(2026, 2), 5);
    freshen(c, day_of(2026, 4, 20));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_LATE), day_of(2026, 2, 11));
    put(c, &i, M(2026, 1), 5);
    freshen(c, day_of(2026, 4, 21));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_LATE), day_of(2026, 4, 11));
    put(c, &i, M(2026, 3), 5);
    freshen(c, day_of(2026, 4, 22));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_LATE), -1);
}

static void what_lacks_of_the_year_before_is_late_in_the_new_year_too(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    i.begins = M(2025, 1);
    for (int m = M(2025, 1); m < M(2025, 12); m++)
        put(c, &i, m, 5);
    put(c, &i, M(2026, 1), 5);
    freshen(c, day_of(2026, 3, 5));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_LATE), day_of(2026, 1, 11));
}

static void an_alarm_keeps_the_day_on_which_it_was_found_until_it_is_over(void **state)
{
    struct ledger_case *c = *state;
    struct indicator i = make(c, "Roads", "");
    struct ledger_deed deed = {.now_ms = 1000};
    struct indicator_target target = {.year = 2026, .whole = 1200, .split = LEDGER_EVEN};
    struct line_change closed = {.field = LINE_STATE, .number = LINE_CLOSED};
    struct line_change open = {.field = LINE_STATE, .number = LINE_ACTIVE};
    for (int m = 0; m < 12; m++)
        target.by_hand[m] = LEDGER_NONE;
    must(c, ledger_put_target(c->arena, c->store, &i, &target, &deed, &c->err));
    put(c, &i, M(2026, 1), 50);
    freshen(c, day_of(2026, 2, 3));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_BEHIND), day_of(2026, 2, 3));
    put(c, &i, M(2026, 2), 60);
    freshen(c, day_of(2026, 3, 3));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_BEHIND), day_of(2026, 2, 3));
    put(c, &i, M(2026, 3), 200);
    freshen(c, day_of(2026, 4, 3));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_BEHIND), -1);
    put(c, &i, M(2026, 3), 20);
    freshen(c, day_of(2026, 4, 9));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_BEHIND), day_of(2026, 4, 9));
    deed.why = STR("No longer counted");
    must(c, ledger_change_line(c->store, i.line, &closed, 1, &deed, &c->err));
    must(c, ledger_put_benchmark(c->store, i.line, STR("City"), M(2026, 3), 30, &deed, &c->err));
    freshen(c, day_of(2026, 4, 10));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_BEHIND), -1);
    must(c, ledger_change_line(c->store, i.line, &open, 1, &deed, &c->err));
    must(c, ledger_put_benchmark(c->store, i.line, STR("City"), M(2026, 3), 40, &deed, &c->err));
    freshen(c, day_of(2026, 4, 11));
    assert_int_equal(since(c, i.line, LEDGER_ALARM_BELOW), day_of(2026, 4, 11));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_case, close_case)
    const struct CMUnitTest tests[] = {
        CASE(results_follow_what_they_are_made_of_through_every_step),
        CASE(a_figure_is_missing_since_the_day_after_it_was_due),
        CASE(what_lacks_of_the_year_before_is_late_in_the_new_year_too),
        CASE(an_alarm_keeps_the_day_on_which_it_was_found_until_it_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
