/* Reports of a period: which days it holds, and a text that follows from the figures alone. */
#include "ledger_case.h"

#include "base/calendar.h"
#include "ledger/summary.h"

static void a_period_holds_whole_weeks_months_and_quarters(void **state)
{
    static const struct {
        enum summary_kind kind;
        int day[3], first[3], past[3];
    } CASES[] = {
        {SUMMARY_WEEK, {2026, 11, 29}, {2026, 11, 23}, {2026, 11, 30}}, /* a Sunday */
        {SUMMARY_WEEK, {2026, 11, 30}, {2026, 11, 30}, {2026, 12, 7}},
        {SUMMARY_WEEK, {2027, 1, 1}, {2026, 12, 28}, {2027, 1, 4}},
        {SUMMARY_WEEK, {1969, 12, 31}, {1969, 12, 29}, {1970, 1, 5}},
        {SUMMARY_MONTH, {2028, 2, 29}, {2028, 2, 1}, {2028, 3, 1}},
        {SUMMARY_MONTH, {2026, 12, 31}, {2026, 12, 1}, {2027, 1, 1}},
        {SUMMARY_QUARTER, {2026, 12, 31}, {2026, 10, 1}, {2027, 1, 1}},
        {SUMMARY_QUARTER, {2027, 1, 1}, {2027, 1, 1}, {2027, 4, 1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const int *d = CASES[i].day;
        const int *f = CASES[i].first;
        const int *p = CASES[i].past;
        struct summary_period period = summary_period_of(
            CASES[i].kind, calendar_day_number(d[0], (unsigned)d[1], (unsigned)d[2]));
        assert_int_equal(period.first, calendar_day_number(f[0], (unsigned)f[1], (unsigned)f[2]));
        assert_int_equal(period.past, calendar_day_number(p[0], (unsigned)p[1], (unsigned)p[2]));
    }
}

static void periods_follow_each_other_without_a_gap_and_every_day_lies_in_its_own(void **state)
{
    (void)state;
    int64_t from = calendar_day_number(2027, 12, 1);
    for (int kind = 0; kind < SUMMARY_KINDS; kind++) {
        for (int64_t day = from; day < from + 500; day++) {
            struct summary_period p = summary_period_of((enum summary_kind)kind, day);
            struct summary_period before = summary_period_before((enum summary_kind)kind, day);
            assert_true(p.first <= day && day < p.past);
            assert_int_equal(before.past, p.first);
        }
    }
}

static bool says(struct str text, const char *words)
{
    return str_find(text, str_of(words), 0) != SIZE_MAX;
}

static struct summary_figures figures_of(struct ledger_case *c)
{
    struct summary_figures f = {
        .period = summary_period_of(SUMMARY_WEEK, calendar_day_number(2026, 11, 25))};
    struct standing *s = &f.standing;
    s->today = calendar_day_number(2026, 11, 30);
    s->year = 2026;
    s->kinds[LEDGER_GOAL] = (struct standing_lights){{[LIGHT_GREEN] = 5, [LIGHT_RED] = 1}, 6};
    s->met = 3;
    s->late = arena_new(c->arena, struct standing_line);
    s->late[0] = (struct standing_line){
        .line = {.number = STR("G4"), .title = STR("Roads *and* [rails]"), .progress = 80},
        .unit = STR("Works"),
        .days = 1};
    s->nlate = 1;
    f.slips = arena_new(c->arena, struct summary_slip);
    f.slips[0] = (struct summary_slip){STR("P2"), STR("Bridge"), STR("Works"), 31,
                                       calendar_day_number(2027, 3, 1)};
    f.nslips = f.slip_count = 1;
    f.slip_days = 31;
    return f;
}

static void the_text_follows_from_the_figures_in_either_language(void **state)
{
    struct ledger_case *c = *state;
    struct summary_figures f = figures_of(c);
    struct str en = summary_write(c->arena, &f, LANG_EN);
    struct str zh = summary_write(c->arena, &f, LANG_ZH);
    assert_true(str_starts(
        en, STR("# Weekly report of the ledger, 23 November 2026 to 29 November 2026\n")));
    assert_true(str_starts(zh, STR("# 台账周报（2026年11月23日至2026年11月29日）\n")));
    assert_true(says(en, "On 30 November 2026 6 lines were under way. Of these 1 were late and 0"));
    assert_true(says(zh, "推进中的条目共6条，其中逾期1条、滞后0条"));
    assert_true(says(en, "- G4 Roads \\*and\\* \\[rails\\]: 1 day late, 80 % done; Works."));
    assert_true(says(zh, "逾期1天，进度80%；责任单位：Works。"));
    assert_true(says(en, "- P2 Bridge: by 31 days, to 1 March 2027."));
    assert_true(says(zh, "延长31天，至2027年3月1日。"));
    assert_true(str_equal(en, summary_write(c->arena, &f, LANG_EN)));
}

static void notices_and_assessments_are_told_and_nobody_s_score(void **state)
{
    struct ledger_case *c = *state;
    struct summary_figures f = figures_of(c);
    struct str bare = summary_write(c->arena, &f, LANG_EN);
    assert_true(says(bare, "No notice was given.") && says(bare, "No assessment was made."));
    f.notices[URGE_BLUE] = 4;
    f.notices[URGE_CIRCULAR] = 1;
    f.told = f.slips;
    f.ntold = 1;
    f.nassessments = 2;
    f.assessments[0] = (struct summary_assessment){
        calendar_day_number(2026, 10, 1), calendar_day_number(2026, 10, 31), 12, 3, 1, 875};
    f.assessments[1] = (struct summary_assessment){
        calendar_day_number(2026, 7, 1), calendar_day_number(2026, 9, 30), 2, 1, 0, -1};
    f.objections = 2;
    struct str en = summary_write(c->arena, &f, LANG_EN);
    struct str zh = summary_write(c->arena, &f, LANG_ZH);
    assert_true(says(en, "| Blue notice | 4 |") && says(zh, "| 蓝色督办单 | 4 |"));
    assert_true(!says(en, "Red notice"));
    assert_true(says(en, "- Told within the organisation: P2 Bridge, due 1 March 2027; Works."));
    assert_true(says(zh, "- 通报：P2 Bridge，期限2027年3月1日；责任单位：Works。"));
    assert_true(says(en, "people: 12, units: 3; the units have 87.5 points of 100 in the mean; "
                         "scores corrected since: 1."));
    assert_true(says(zh, "个人12名，单位3个，单位平均87.5分（满分100分）；其后更正1个得分。"));
    assert_true(says(en, "people: 2, units: 1.\n"));
    assert_true(says(en, "Objections to scores made: 2, upheld: 0."));
}

static void notices_and_assessments_of_the_period_alone_are_counted(void **state)
{
    struct ledger_case *c = *state;
    int64_t today = calendar_day_of(store_now_ms());
    struct line line = {
        .kind = LEDGER_GOAL, .title = STR("Roads"), .state = LINE_ACTIVE, .weight = 1};
    struct ledger_deed deed = {.now_ms = 1};
    struct summary_figures f;
    must(c, ledger_make_line(c->arena, c->store, &line, &deed, &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO unit (key, name, created_ms) VALUES ('a', 'A', 1),"
                      " ('b', 'B', 1), ('c', 'C', 1)",
                      &c->err));
    struct query *q = query_start(
        c->store,
        "INSERT INTO supervision_notice (key, line, cause, period, kind, made_day, made_ms,"
        " due_day, progress, planned) SELECT value, 1, value, 1, CASE value WHEN 'c' THEN"
        " 'circular' ELSE 'red' END, ?1 - (value = 'old') * 7, 1, ?1 - 20, 0, 0"
        " FROM json_each('[\"a\", \"b\", \"c\", \"old\"]')");
    query_bind_int(q, 1, today);
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    q = query_start(c->store, "INSERT INTO assessment (first_day, last_day, member, made_ms)"
                              " VALUES (1, 31, 1, ?1), (32, 59, 1, 5)");
    query_bind_int(q, 1, calendar_moment_of(today) + 1);
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO assessment_score (key, assessment, member, unit, due, in_time,"
                      " running, course, owed, given, verdicts, good, reds, raised, circulars,"
                      " tenths, corrected) SELECT a.id || m.i, a.id, CASE WHEN m.i > 3 THEN m.i"
                      " END, CASE WHEN m.i <= 3 THEN m.i END, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
                      " 100 * m.i, CASE m.i WHEN 1 THEN 400 END FROM assessment a,"
                      " (SELECT value AS i FROM json_each('[1, 2, 3, 4, 5]')) m",
                      &c->err));
    struct summary_period now = {SUMMARY_WEEK, today, today + 1};
    must(c, ledger_load_summary(c->arena, c->store, now, today, &f, &c->err));
    assert_int_equal(f.notices[URGE_RED], 2);
    assert_int_equal(f.notices[URGE_CIRCULAR], 1);
    assert_int_equal(f.ntold, 1);
    assert_int_equal(f.told[0].days, 20);
    assert_int_equal(f.nassessments, 1);
    assert_int_equal(f.assessments[0].people, 2);
    assert_int_equal(f.assessments[0].units, 3);
    assert_int_equal(f.assessments[0].corrected, 1);
    assert_int_equal(f.assessments[0].tenths, 300); /* of 40.0 as corrected, 20.0 and 30.0 */
}

static void figures_tell_of_what_ended_and_what_was_put_off_in_the_period_alone(void **state)
{
    struct ledger_case *c = *state;
    int64_t now_ms = store_now_ms();
    int64_t today = calendar_day_of(now_ms);
    struct ledger_deed deed = {.now_ms = now_ms, .why = STR("rain")};
    struct line lines[2];
    struct summary_figures f;
    for (int i = 0; i < 2; i++) {
        lines[i] = (struct line){.kind = LEDGER_GOAL,
                                 .title = STR("Roads"),
                                 .state = LINE_ACTIVE,
                                 .weight = 1,
                                 .due_day = today + 5};
        must(c, ledger_make_line(c->arena, c->store, &lines[i], &deed, &c->err));
    }
    struct line_change off = {.field = LINE_DUE, .number = today + 12};
    struct line_change done = {.field = LINE_STATE, .number = LINE_DONE};
    must(c, ledger_change_line(c->store, lines[0].id, &off, 1, &deed, &c->err));
    must(c, ledger_change_line(c->store, lines[1].id, &done, 1, &deed, &c->err));
    struct summary_period now = {SUMMARY_WEEK, today, today + 1};
    must(c, ledger_load_summary(c->arena, c->store, now, today, &f, &c->err));
    assert_int_equal(f.done_count, 1);
    assert_int_equal(f.slip_count, 1);
    assert_int_equal(f.slips[0].days, 7);
    assert_int_equal(f.standing.kinds[LEDGER_GOAL].all, 1);
    struct summary_period before = {SUMMARY_WEEK, today - 7, today};
    must(c, ledger_load_summary(c->arena, c->store, before, today, &f, &c->err));
    assert_int_equal(f.done_count + f.slip_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_holds_whole_weeks_months_and_quarters),
        cmocka_unit_test(periods_follow_each_other_without_a_gap_and_every_day_lies_in_its_own),
        cmocka_unit_test_setup_teardown(the_text_follows_from_the_figures_in_either_language,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(notices_and_assessments_are_told_and_nobody_s_score,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(notices_and_assessments_of_the_period_alone_are_counted,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(
            figures_tell_of_what_ended_and_what_was_put_off_in_the_period_alone, open_case,
            close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
