/* Where the ledger's time goes, drawn from what its procedures keep: each procedure is acted through day by day, and the
 * spans must be the days that went by. */
#include "day_case.h"

#include <string.h>

#include "ledger/flow.h"
#include "ledger/handover.h"
#include "ledger/link.h"
#include "ledger/step.h"
#include "ledger/supervision.h"
#include "ledger/unit.h"
#include "ledger/watch.h"

#define EDITOR    1
#define INSPECTOR 2
#define HEAD      3
#define LEAD      4

static const struct workdays *weekdays;

static int begin(void **state)
{
    if (open_case(state))
        return -1;
    struct ledger_case *c = *state;
    struct unit unit = {.name = STR("Water"), .head = HEAD};
    weekdays = load(c->arena, "weekdays");
    must(c, store_run(c->store,
                      "INSERT INTO role (member, role) VALUES (1, 'editor'), (2, 'inspector'),"
                      " (4, 'lead'), (5, 'lead')",
                      &c->err));
    must(c, ledger_make_unit(c->arena, c->store, &unit, 0, &c->err));
    return 0;
}

static int64_t noon(int64_t on)
{
    return calendar_moment_of(on) + 43200000;
}

static struct ledger_deed on(const char *date)
{
    return (struct ledger_deed){.now_ms = noon(day(date)), .why = STR("As agreed")};
}

static int64_t make(struct ledger_case *c, enum ledger_kind kind, int64_t parent,
                    const char *begins, const char *due)
{
    struct ledger_deed deed = on("2026-01-05");
    struct line line = {.kind = kind,
                        .title = STR("Something"),
                        .state = LINE_ACTIVE,
                        .parent = parent,
                        .unit = 1,
                        .lead = LEAD,
                        .weight = 1,
                        .begins_day = day(begins),
                        .due_day = day(due)};
    must(c, ledger_make_line(c->arena, c->store, &line, &deed, &c->err));
    return line.id;
}

static void supervise(struct ledger_case *c, int64_t line, enum supervise_act act, int64_t actor,
                      const char *date)
{
    struct supervision_deed deed = {.act = act,
                                    .actor = actor,
                                    .today = day(date),
                                    .progress = -1,
                                    .words = STR("Said"),
                                    .shown = STR("File 3")};
    must(c, ledger_supervise(c->arena, c->store, line, &deed, noon(day(date)), &c->err));
}

static struct flow read_flow(struct ledger_case *c, const char *first, const char *today)
{
    struct flow_filter filter = {.period = {day(first), day(today)}, .kind = -1};
    struct flow flow;
    must(c, ledger_load_flow(c->arena, c->store, weekdays, &filter, &flow, &c->err));
    return flow;
}

struct expected {
    const char *step, *reason;
    const char *from, *to; /* NULL: it goes on */
    int64_t unit;
};

/* That these and no others are the spans of a line, whatever their order. */
static void expect(const struct flow *flow, int64_t line, const struct expected *expected,
                   size_t count)
{
    size_t found = 0;
    size_t all = 0;
    for (size_t i = 0; i < flow->nspans; i++) {
        const struct span *span = &flow->spans[i];
        if (span->line != line)
            continue;
        all++;
        for (size_t k = 0; k < count; k++) {
            const struct expected *e = &expected[k];
            found += !strcmp(flow_steps[span->step].name, e->step) &&
                     !strcmp(flow_reasons[span->reason].name, e->reason) &&
                     span->from == day(e->from) && span->open == !e->to &&
                     (!e->to || span->to == day(e->to)) && span->unit == e->unit;
        }
    }
    if (found != count || all != count) {
        for (size_t i = 0; i < flow->nspans; i++)
            print_message("line %lld %s %s %lld to %lld\n", (long long)flow->spans[i].line,
                          flow_steps[flow->spans[i].step].name,
                          flow_reasons[flow->spans[i].reason].name, (long long)flow->spans[i].from,
                          (long long)flow->spans[i].to);
        fail_msg("%zu of %zu are there, of %zu", found, count, all);
    }
}
#define EXPECT(flow, line, list) expect(flow, line, list, sizeof(list) / sizeof *(list))

static void supervision_waits_for_each_hand_in_turn(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make(c, LEDGER_GOAL, 0, NULL, "2026-06-30");
    static const struct expected there[] = {
        {"supervise.assign", "assign", "2026-03-02", "2026-03-04", 0},
        {"supervise.sign", "sign", "2026-03-04", "2026-03-10", 1},
        {"supervise.work", "work", "2026-03-10", "2026-04-01", 1},
        {"supervise.check", "check", "2026-04-01", "2026-04-20", 0},
        {"supervise.work", "again", "2026-04-20", "2026-04-27", 1},
        {"supervise.check", "check", "2026-04-27", "2026-04-28", 0},
        {"supervise.strike", "strike", "2026-04-28", NULL, 0},
    };
    supervise(c, line, SUPERVISE_ENTER, EDITOR, "2026-03-02");
    supervise(c, line, SUPERVISE_ASSIGN, EDITOR, "2026-03-04");
    supervise(c, line, SUPERVISE_SIGN, LEAD, "2026-03-10");
    supervise(c, line, SUPERVISE_FEED, LEAD, "2026-03-20");
    supervise(c, line, SUPERVISE_REPORT, LEAD, "2026-04-01");
    supervise(c, line, SUPERVISE_RETURN, INSPECTOR, "2026-04-20");
    supervise(c, line, SUPERVISE_REPORT, LEAD, "2026-04-27");
    supervise(c, line, SUPERVISE_PASS, INSPECTOR, "2026-04-28");
    struct flow flow = read_flow(c, "2026-01-01", "2026-05-11");
    EXPECT(&flow, line, there);
    flow = read_flow(c, "2026-04-28", "2026-05-11");
    expect(&flow, line, &there[5], 2);
    supervise(c, line, SUPERVISE_STRIKE, EDITOR, "2026-05-12");
    flow = read_flow(c, "2026-05-12", "2026-05-20");
    struct expected struck = there[6];
    struck.to = "2026-05-12";
    expect(&flow, line, &struck, 1);
}

static void a_part_handed_on_waits_for_its_own_unit(void **state)
{
    struct ledger_case *c = *state;
    struct unit roads = {.name = STR("Roads"), .head = 6};
    int64_t line = make(c, LEDGER_GOAL, 0, NULL, "2026-06-30");
    struct supervision_part *parts;
    size_t count;
    must(c, ledger_make_unit(c->arena, c->store, &roads, 0, &c->err));
    supervise(c, line, SUPERVISE_ENTER, EDITOR, "2026-03-02");
    supervise(c, line, SUPERVISE_ASSIGN, EDITOR, "2026-03-02");
    supervise(c, line, SUPERVISE_SIGN, LEAD, "2026-03-02");
    struct supervision_deed deed = {.act = SUPERVISE_SHARE,
                                    .actor = LEAD,
                                    .today = day("2026-03-03"),
                                    .unit = roads.id,
                                    .words = STR("Dig")};
    must(c, ledger_supervise(c->arena, c->store, line, &deed, noon(deed.today), &c->err));
    must(c, ledger_list_parts(c->arena, c->store, line, &parts, &count, &c->err));
    deed = (struct supervision_deed){
        .act = SUPERVISE_SIGN_PART, .actor = 6, .today = day("2026-03-12"), .part = parts[0].key};
    must(c, ledger_supervise(c->arena, c->store, line, &deed, noon(deed.today), &c->err));
    struct flow flow = read_flow(c, "2026-01-01", "2026-03-31");
    EXPECT(&flow, line,
           ((struct expected[]){
               {"supervise.assign", "assign", "2026-03-02", "2026-03-02", 0},
               {"supervise.sign", "sign", "2026-03-02", "2026-03-02", 1},
               {"supervise.work", "work", "2026-03-02", NULL, 1},
               {"part.sign", "sign", "2026-03-03", "2026-03-12", roads.id},
               {"part.work", "work", "2026-03-12", NULL, roads.id},
           }));
}

static void finish(struct ledger_case *c, int64_t line, const char *date)
{
    struct line_change change = {.field = LINE_STATE, .number = LINE_DONE};
    struct ledger_deed deed = on(date);
    must(c, ledger_change_line(c->store, line, &change, 1, &deed, &c->err));
}

static void milestones_wait_for_those_before_them_and_inherit_their_delay(void **state)
{
    struct ledger_case *c = *state;
    int64_t project = make(c, LEDGER_PROJECT, 0, "2026-03-02", "2026-05-29");
    int64_t first = make(c, LEDGER_MILESTONE, project, "2026-03-02", "2026-03-13");
    int64_t second = make(c, LEDGER_MILESTONE, project, "2026-03-16", "2026-04-10");
    int64_t third = make(c, LEDGER_MILESTONE, project, "2026-04-13", "2026-05-15");
    struct ledger_deed deed = on("2026-03-02");
    must(c, ledger_link_lines(c->arena, c->store, project, first, second, 0, &deed, &c->err));
    must(c, ledger_link_lines(c->arena, c->store, project, second, third, 0, &deed, &c->err));
    finish(c, first, "2026-03-27"); /* ten working days late */
    struct flow flow = read_flow(c, "2026-01-01", "2026-05-22");
    EXPECT(&flow, first,
           ((struct expected[]){{"line.step", "work", "2026-03-01", "2026-03-27", 1}}));
    EXPECT(&flow, second,
           ((struct expected[]){{"line.step", "before", "2026-03-15", "2026-03-27", 1},
                                {"line.step", "work", "2026-03-27", NULL, 1}}));
    EXPECT(&flow, third, ((struct expected[]){{"line.last", "before", "2026-04-12", NULL, 1}}));
    struct span_delay d = flow.delays[span_find_line(&flow.net, second)];
    assert_int_equal(d.days, 30);
    assert_int_equal(d.inherited, 10);
    assert_int_equal(d.own, 20);
    assert_int_equal(d.caused, 20 + 5); /* five working days of the third are its doing */
    d = flow.delays[span_find_line(&flow.net, third)];
    assert_int_equal(d.days, 5);
    assert_int_equal(d.own, 0);
    size_t count;
    struct flow_delay all;
    struct flow_delay *units = flow_sum_delays(c->arena, &flow, &all, &count);
    assert_int_equal(count, 1);
    assert_int_equal(units[0].late, 3);
    assert_int_equal(all.days, 10 + 30 + 5);
    assert_int_equal(all.inherited + all.own, all.days);
    size_t *origins = flow_find_origins(c->arena, &flow, 10, &count);
    assert_int_equal(count, 2);
    assert_int_equal(flow.net.lines[origins[0]].id, first); /* ten days of the second */
    assert_int_equal(flow.net.lines[origins[1]].id, second);
    struct span_block *blocks =
        span_find_blocks(c->arena, flow.clock, flow.spans, flow.nspans, &flow.net, 10, &count);
    assert_int_equal(count, 1);
    assert_int_equal(flow.spans[blocks[0].span].line, second);
    assert_int_equal(blocks[0].lines, 2); /* the third, and the project */
}

static void watch(struct ledger_case *c, int64_t line, enum watch watch, enum watch_act act,
                  int64_t member, const char *date)
{
    struct ledger_deed deed = on(date);
    struct ledger_watch_deed what = {.watch = watch,
                                     .act = act,
                                     .member = member,
                                     .is = (1U << PROJECT_WHOS) - 1,
                                     .day = day(date),
                                     .words = STR("On file")};
    for (what.condition = 0; act == WATCH_ACT_REPORT && what.condition < WATCH_CONDITIONS;
         what.condition++) {
        what.act = WATCH_ACT_MEET;
        (void)ledger_act_on_watch(c->arena, c->store, line, &what, day(date), &deed, &c->err);
    }
    what.act = act;
    must(c, ledger_act_on_watch(c->arena, c->store, line, &what, day(date), &deed, &c->err));
}

static void watches_are_worked_towards_one_by_one_and_wait_to_be_checked(void **state)
{
    struct ledger_case *c = *state;
    int64_t project = make(c, LEDGER_PROJECT, 0, "2026-03-02", "2026-05-29");
    must(c, store_run(c->store,
                      "INSERT INTO project (line, class, state, proposer, turn, since_ms)"
                      " SELECT id, 'key', 'active', 1, 1, 0 FROM line",
                      &c->err));
    watch(c, project, WATCH_LANDING, WATCH_ACT_REPORT, LEAD, "2026-03-12");
    watch(c, project, WATCH_LANDING, WATCH_ACT_RETURN, INSPECTOR, "2026-03-16");
    watch(c, project, WATCH_LANDING, WATCH_ACT_REPORT, LEAD, "2026-03-18");
    watch(c, project, WATCH_LANDING, WATCH_ACT_PASS, INSPECTOR, "2026-03-20");
    struct flow flow = read_flow(c, "2026-01-01", "2026-04-10");
    EXPECT(&flow, project,
           ((struct expected[]){{"watch.landing", "work", "2026-03-01", "2026-03-12", 1},
                                {"watch.check", "check", "2026-03-12", "2026-03-16", 0},
                                {"watch.landing", "again", "2026-03-16", "2026-03-18", 1},
                                {"watch.check", "check", "2026-03-18", "2026-03-20", 0},
                                {"watch.start", "work", "2026-03-20", NULL, 1}}));
    watch(c, project, WATCH_START, WATCH_ACT_REPORT, LEAD, "2026-04-13");
    flow = read_flow(c, "2026-04-13", "2026-04-20");
    EXPECT(&flow, project,
           ((struct expected[]){{"watch.start", "work", "2026-03-20", "2026-04-13", 1},
                                {"watch.check", "check", "2026-04-13", NULL, 0}}));
}

static void a_handover_waits_until_it_lapses_and_a_filter_leaves_others_out(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make(c, LEDGER_GOAL, 0, NULL, "2026-06-30");
    struct ledger_deed deed = on("2026-03-02");
    must(c, ledger_hand_over(c->arena, c->store, line, LEAD, 5, &deed, &c->err));
    must(c,
         store_run(c->store,
                   "INSERT INTO assessment VALUES (1, 20000, 20089, 1, 0);"
                   "INSERT INTO assessment_score (id, key, assessment, unit, due, in_time, running,"
                   " course, owed, given, verdicts, good, reds, raised, circulars, tenths)"
                   " VALUES (1, 's', 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500);",
                   &c->err));
    struct query *q =
        query_start(c->store, "INSERT INTO assessment_objection (score, member, grounds,"
                              " made_ms) VALUES (1, 3, 'The flood', ?1)");
    query_bind_int(q, 1, noon(day("2026-03-09")));
    (void)query_row(q);
    must(c, query_end(q, &c->err));
    struct flow flow = read_flow(c, "2026-01-01", "2026-03-31");
    static const struct expected waits[] = {{"handover", "accept", "2026-03-02", NULL, 1}};
    static const struct expected objects[] = {{"objection", "decide", "2026-03-09", NULL, 0}};
    EXPECT(&flow, line, waits);
    EXPECT(&flow, 0, objects);
    struct flow_filter filter = {.period = {day("2026-01-01"), day("2026-03-31")},
                                 .kind = LEDGER_PROJECT};
    must(c, ledger_load_flow(c->arena, c->store, weekdays, &filter, &flow, &c->err));
    assert_int_equal(flow.nspans, 0);
    filter.kind = LEDGER_GOAL;
    must(c, ledger_load_flow(c->arena, c->store, weekdays, &filter, &flow, &c->err));
    assert_int_equal(flow.nspans, 1);
    filter = (struct flow_filter){.period = filter.period, .kind = -1, .unit = 1};
    must(c, ledger_load_flow(c->arena, c->store, weekdays, &filter, &flow, &c->err));
    assert_int_equal(flow.nspans, 1);
    struct line_change change = {.field = LINE_LEAD, .number = 5};
    must(c, ledger_change_line(c->store, line, &change, 1, &deed, &c->err));
    flow = read_flow(c, "2026-01-01", "2026-03-31");
    expect(&flow, line, NULL, 0);
}

static void act_on_step(struct ledger_case *c, struct step *step, enum step_act act, int64_t actor,
                        const char *date)
{
    struct step_deed what = {
        .act = act, .actor = actor, .reason = STEP_REASON_PAPERS, .words = STR("Said")};
    struct ledger_deed deed = on(date);
    must(c, ledger_act_on_step(c->arena, c->store, weekdays, step, &what, &deed, &c->err));
}

static void a_step_is_its_unit_s_but_while_its_question_stands(void **state)
{
    struct ledger_case *c = *state;
    struct unit roads = {.name = STR("Roads"), .head = 6};
    int64_t line = make(c, LEDGER_GOAL, 0, NULL, "2026-06-30");
    struct ledger_deed deed = on("2026-03-02");
    must(c, ledger_make_unit(c->arena, c->store, &roads, 0, &c->err));
    struct step step = {.line = line,
                        .stage = 1,
                        .title = STR("Say what you think"),
                        .unit = roads.id,
                        .limit_days = 5};
    struct step after = {.line = line, .stage = 2, .title = STR("Pay"), .unit = 1, .work = true};
    must(c, ledger_add_step(c->arena, c->store, &step, &deed, &c->err));
    must(c, ledger_add_step(c->arena, c->store, &after, &deed, &c->err));
    must(c, ledger_open_steps(c->arena, c->store, weekdays, line, &deed, &c->err));
    must(c, ledger_find_step(c->arena, c->store, line, step.key, &step, &c->err));
    act_on_step(c, &step, STEP_ACT_ASK, 6, "2026-03-05");
    act_on_step(c, &step, STEP_ACT_ANSWER, LEAD, "2026-03-16");
    struct flow flow = read_flow(c, "2026-01-01", "2026-03-18");
    struct expected there[] = {
        {"step.other", "work", "2026-03-02", "2026-03-05", roads.id},
        {"step.other", "papers", "2026-03-05", "2026-03-16", 1},
        {"step.other", "work", "2026-03-16", NULL, roads.id},
    };
    EXPECT(&flow, line, there);
    for (size_t i = 0; i < flow.nspans; i++)
        if (flow.spans[i].open)
            assert_int_equal(flow.spans[i].behind, 1); /* the paying waits for it */
    act_on_step(c, &step, STEP_ACT_ASK, 6, "2026-03-19");
    act_on_step(c, &step, STEP_ACT_ANSWER, LEAD, "2026-03-20");
    act_on_step(c, &step, STEP_ACT_AGREE, 6, "2026-03-24");
    flow = read_flow(c, "2026-03-20", "2026-03-31");
    EXPECT(&flow, line,
           ((struct expected[]){{"step.other", "papers", "2026-03-19", "2026-03-20", 1},
                                {"step.other", "work", "2026-03-20", "2026-03-24", roads.id},
                                {"step.other", "work", "2026-03-24", NULL, 1}}));
}

static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

/* Whatever people do, in whatever order: the spans of a line's supervision follow each other without a gap, from its entry
 * to its end or today. */
static void supervision_leaves_no_day_out_and_counts_none_twice(void **state)
{
    struct ledger_case *c = *state;
    int64_t lines[12];
    int64_t today = day("2026-02-02");
    int64_t tiled = 0;
    srandom(5);
    for (int i = 0; i < 12; i++)
        lines[i] = make(c, LEDGER_GOAL, 0, NULL, "2026-12-31");
    for (int i = 0; i < 12000; i++) {
        struct supervision_deed deed = {.act = (enum supervise_act)(random() % SUPERVISE_ACTS),
                                        .actor = 1 + random() % 4,
                                        .today = today,
                                        .progress = -1,
                                        .words = STR("Said"),
                                        .shown = STR("File 3")};
        today += random() % 60 == 0;
        if (deed.act == SUPERVISE_DROP && random() % 5)
            continue;
        must(c, store_begin(c->store, &c->err));
        if (ledger_supervise(c->arena, c->store, lines[random() % 12], &deed, noon(today), NULL))
            store_rollback(c->store);
        else
            must(c, store_commit(c->store, &c->err));
    }
    struct flow_filter filter = {.period = {1, today}, .kind = -1};
    struct flow flow;
    must(c, ledger_load_flow(c->arena, c->store, weekdays, &filter, &flow, &c->err));
    qsort(flow.spans, flow.nspans, sizeof *flow.spans, compare_spans);
    for (size_t i = 0; i < flow.nspans; i++) {
        const struct span *one = &flow.spans[i];
        size_t next = i + 1;
        if (next == flow.nspans || flow.spans[next].line != one->line || one->open)
            continue;
        bool begins_anew = !strcmp(flow_steps[flow.spans[next].step].name, "supervise.assign") ||
                           !strcmp(flow_reasons[flow.spans[next].reason].name, "again");
        assert_true(one->to == flow.spans[next].from || begins_anew);
        assert_true(one->to <= flow.spans[next].from);
        tiled += one->to == flow.spans[next].from;
    }
    assert_true(tiled > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(supervision_waits_for_each_hand_in_turn, begin, close_case),
        cmocka_unit_test_setup_teardown(a_part_handed_on_waits_for_its_own_unit, begin, close_case),
        cmocka_unit_test_setup_teardown(
            milestones_wait_for_those_before_them_and_inherit_their_delay, begin, close_case),
        cmocka_unit_test_setup_teardown(
            watches_are_worked_towards_one_by_one_and_wait_to_be_checked, begin, close_case),
        cmocka_unit_test_setup_teardown(
            a_handover_waits_until_it_lapses_and_a_filter_leaves_others_out, begin, close_case),
        cmocka_unit_test_setup_teardown(a_step_is_its_unit_s_but_while_its_question_stands, begin,
                                        close_case),
        cmocka_unit_test_setup_teardown(supervision_leaves_no_day_out_and_counts_none_twice, begin,
                                        close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
