/* Monitoring: figures raise a risk's alarm the moment they come in, once, by way of formulas too, and let it fall. */
#include "ledger_case.h"

#include "ledger/alarm.h"
#include "ledger/indicator.h"
#include "ledger/monitor.h"

#define M(year, month) ((year)*12 + (month)-1)

static const struct ledger_deed now = {.now_ms = 1000};

static struct indicator make_indicator(struct ledger_case *c, const char *title,
                                       enum ledger_direction direction, const char *formula)
{
    struct line line = {.kind = LEDGER_INDICATOR, .title = str_of(title), .weight = 1};
    struct indicator i = {.measure = STR("%"),
                          .fold = LEDGER_MEAN,
                          .direction = direction,
                          .formula = str_of(formula),
                          .begins = M(2026, 1),
                          .due_day = 10};
    must(c, ledger_make_indicator(c->arena, c->store, &line, &i, &now, &c->err));
    return i;
}

static int64_t make_risk(struct ledger_case *c, const char *title)
{
    struct line line = {
        .kind = LEDGER_RISK, .title = str_of(title), .state = LINE_ACTIVE, .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &now, &c->err));
    return line.id;
}

static void put(struct ledger_case *c, const struct indicator *i, int month, int64_t amount)
{
    must(c, ledger_put_actual(c->store, i, month, amount, 1, &now, &c->err));
    must(c, ledger_freshen(c->store, now.now_ms, &c->err));
}

static int64_t ask(struct ledger_case *c, const char *sql)
{
    struct query *q = query_start(c->store, sql);
    int64_t answer = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return answer;
}

static enum threshold_level level_of(struct ledger_case *c, int64_t line)
{
    struct risk_threshold *list;
    size_t count;
    must(c, ledger_list_thresholds(c->arena, c->store, line, &list, &count, &c->err));
    assert_int_equal(count, 1);
    return list[0].level;
}

static void set(struct ledger_case *c, int64_t line, int64_t indicator, int64_t warn, int64_t act)
{
    struct threshold marks = {.warn = warn, .act = act, .margin = 2, .months = 1};
    must(c, ledger_set_threshold(c->arena, c->store, line, indicator, &marks, 1, &now, &c->err));
}

static void an_alarm_is_raised_once_by_the_figure_that_passes_the_mark(void **state)
{
    struct ledger_case *c = *state;
    struct indicator on_time = make_indicator(c, "Buses on time", LEDGER_UP, "");
    int64_t risk = make_risk(c, "Buses fail");
    set(c, risk, on_time.line, 80, 70);
    put(c, &on_time, M(2026, 1), 90);
    assert_int_equal(level_of(c, risk), THRESHOLD_CALM);
    put(c, &on_time, M(2026, 2), 79);
    assert_int_equal(level_of(c, risk), THRESHOLD_WARN);
    put(c, &on_time, M(2026, 3), 78);
    put(c, &on_time, M(2026, 4), 81); /* within the margin: it stands */
    assert_int_equal(level_of(c, risk), THRESHOLD_WARN);
    assert_int_equal(ask(c, "SELECT count(*) FROM risk_alarm"), 1);
    put(c, &on_time, M(2026, 5), 60);
    assert_int_equal(level_of(c, risk), THRESHOLD_ACT);
    put(c, &on_time, M(2026, 6), 95);
    assert_int_equal(level_of(c, risk), THRESHOLD_CALM);
    assert_int_equal(ask(c, "SELECT count(*) FROM risk_alarm WHERE fell_ms IS NULL"), 0);
    assert_int_equal(ask(c, "SELECT count(*) FROM event WHERE kind = 'line.alarm'"), 4);
}

static void a_figure_put_right_lets_the_alarm_fall_and_put_wrong_again_tells_nobody_twice(
    void **state)
{
    struct ledger_case *c = *state;
    struct indicator dust = make_indicator(c, "Dust", LEDGER_DOWN, "");
    int64_t risk = make_risk(c, "Bad air");
    set(c, risk, dust.line, 35, 75);
    put(c, &dust, M(2026, 1), 50);
    must(c, store_run(c->store, "UPDATE risk_alarm SET told_ms = 1", &c->err));
    put(c, &dust, M(2026, 1), 30);
    assert_int_equal(level_of(c, risk), THRESHOLD_CALM);
    put(c, &dust, M(2026, 1), 51);
    assert_int_equal(level_of(c, risk), THRESHOLD_WARN);
    assert_int_equal(ask(c, "SELECT count(*) FROM risk_alarm WHERE told_ms IS NULL"), 0);
    put(c, &dust, M(2026, 1), LEDGER_NONE);
    assert_int_equal(level_of(c, risk), THRESHOLD_CALM);
}

static void figures_raise_alarms_by_way_of_formulas(void **state)
{
    struct ledger_case *c = *state;
    struct indicator lost = make_indicator(c, "Water lost", LEDGER_DOWN, "");
    struct indicator given = make_indicator(c, "Water given", LEDGER_UP, "");
    struct indicator share = make_indicator(c, "Share lost", LEDGER_DOWN, "I1 / I2 * 100");
    int64_t risk = make_risk(c, "Mains leak");
    set(c, risk, share.line, 20, 30);
    put(c, &given, M(2026, 1), 100);
    put(c, &lost, M(2026, 1), 10);
    assert_int_equal(level_of(c, risk), THRESHOLD_CALM);
    put(c, &given, M(2026, 1), 40);
    assert_int_equal(level_of(c, risk), THRESHOLD_WARN);
}

static void marks_count_from_the_moment_they_are_set_and_end_with_their_alarms(void **state)
{
    struct ledger_case *c = *state;
    struct indicator on_time = make_indicator(c, "Buses on time", LEDGER_UP, "");
    int64_t risk = make_risk(c, "Buses fail");
    struct risk_threshold *list;
    size_t count;
    put(c, &on_time, M(2026, 1), 75);
    set(c, risk, on_time.line, 80, 70);
    assert_int_equal(level_of(c, risk), THRESHOLD_WARN);
    set(c, risk, on_time.line, 60, 50); /* in the place of the first */
    assert_int_equal(level_of(c, risk), THRESHOLD_CALM);
    set(c, risk, on_time.line, 80, 70);
    must(c, ledger_list_thresholds(c->arena, c->store, risk, &list, &count, &c->err));
    assert_int_equal(ledger_end_threshold(c->store, risk, STR("other"), &now, &c->err),
                     STATUS_MISSING);
    must(c, ledger_end_threshold(c->store, risk, list[0].key, &now, &c->err));
    must(c, ledger_list_thresholds(c->arena, c->store, risk, &list, &count, &c->err));
    assert_int_equal(count, 0);
    assert_int_equal(ask(c, "SELECT count(*) FROM risk_alarm WHERE fell_ms IS NULL"), 0);
    put(c, &on_time, M(2026, 2), 10);
    assert_int_equal(ask(c, "SELECT count(*) FROM risk_alarm WHERE fell_ms IS NULL"), 0);
}

static void marks_are_set_for_open_risks_over_indicators_alone(void **state)
{
    struct ledger_case *c = *state;
    struct indicator on_time = make_indicator(c, "Buses on time", LEDGER_UP, "");
    int64_t risk = make_risk(c, "Buses fail");
    struct threshold marks = {.warn = 80, .act = 90, .months = 1}; /* the wrong way round */
    assert_int_equal(
        ledger_set_threshold(c->arena, c->store, risk, on_time.line, &marks, 1, &now, &c->err),
        STATUS_INPUT);
    marks.act = 70;
    assert_int_equal(ledger_set_threshold(c->arena, c->store, risk, risk, &marks, 1, &now, &c->err),
                     STATUS_MISSING);
    assert_int_equal(ledger_set_threshold(c->arena, c->store, on_time.line, on_time.line, &marks, 1,
                                          &now, &c->err),
                     STATUS_CONFLICT);
}

static void a_closed_risk_is_watched_no_more(void **state)
{
    struct ledger_case *c = *state;
    struct indicator on_time = make_indicator(c, "Buses on time", LEDGER_UP, "");
    int64_t risk = make_risk(c, "Buses fail");
    struct line_change closed = {.field = LINE_STATE, .number = LINE_CLOSED};
    struct ledger_deed deed = {.now_ms = 2000, .why = STR("New buses")};
    set(c, risk, on_time.line, 80, 70);
    must(c, ledger_change_line(c->store, risk, &closed, 1, &deed, &c->err));
    put(c, &on_time, M(2026, 1), 10);
    assert_int_equal(ask(c, "SELECT count(*) FROM risk_alarm"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_alarm_is_raised_once_by_the_figure_that_passes_the_mark,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(
            a_figure_put_right_lets_the_alarm_fall_and_put_wrong_again_tells_nobody_twice,
            open_case, close_case),
        cmocka_unit_test_setup_teardown(figures_raise_alarms_by_way_of_formulas, open_case,
                                        close_case),
        cmocka_unit_test_setup_teardown(
            marks_count_from_the_moment_they_are_set_and_end_with_their_alarms, open_case,
            close_case),
        cmocka_unit_test_setup_teardown(marks_are_set_for_open_risks_over_indicators_alone,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(a_closed_risk_is_watched_no_more, open_case, close_case),
    };
    return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
