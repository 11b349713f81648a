/* Rectifications: the machine holds together, nobody verifies their own work whatever the order of acts, and what comes back
 * is pointed to. */
#include "day_case.h"

#include <string.h>

#include "ledger/rectification.h"
#include "ledger/unit.h"

#define ALL (~0U)

/* --- the tables ------------------------------------------------------------------------------------- */

static void check_terms(struct machine_terms terms)
{
    for (int i = 0; i < terms.count; i++) {
        assert_int_equal(machine_named(terms, str_of(terms.at[i].name)), i);
        assert_string_not_equal(machine_words(terms, i, LANG_ZH), terms.at[i].name);
        assert_true(strlen(machine_words(terms, i, LANG_EN)) > 0);
    }
    assert_int_equal(machine_named(terms, STR("nothing such")), terms.count);
}

static void every_state_is_reached_and_only_leads_on_while_open(void **state)
{
    unsigned reached = MACHINE_BIT(RECTIFY_FOUND);
    (void)state;
    check_terms(rectify_machine.states);
    check_terms(rectify_machine.acts);
    check_terms(rectify_machine.whos);
    check_terms(rectify_machine.needs);
    check_terms(rectify_origins);
    check_terms(rectify_sorts);
    check_terms(recurrence_states);
    for (int round = 0; round < RECTIFY_STATES; round++)
        for (int i = 0; i < RECTIFY_ACTS; i++)
            if (rectify_machine.rules[i].from & reached)
                reached |= MACHINE_BIT(rectify_machine.rules[i].to);
    assert_int_equal(reached | 1U, MACHINE_BIT(RECTIFY_STATES) - 1);
    for (int s = RECTIFY_FOUND; s < RECTIFY_STATES; s++) {
        assert_true(machine_acts(&rectify_machine, s, ALL) != 0);
        assert_true(rectify_limit((enum rectify_state)s, true) <=
                    rectify_limit((enum rectify_state)s, false));
    }
    assert_int_equal(machine_acts(&rectify_machine, RECTIFY_NONE, ALL), 0);
}

static void an_act_is_refused_by_state_then_person_then_what_is_lacking(void **state)
{
    static const struct {
        enum rectify_state at;
        enum rectify_act act;
        struct machine_facts facts;
        enum status status;
        const char *says;
    } cases[] = {
        {RECTIFY_FOUND, RECTIFY_EXPLAIN, {ALL, ALL}, STATUS_OK, ""},
        {RECTIFY_FOUND, RECTIFY_PLAN, {ALL, ALL}, STATUS_CONFLICT, "cause to be named"},
        {RECTIFY_NONE, RECTIFY_EXPLAIN, {ALL, ALL}, STATUS_CONFLICT, "not a rectification"},
        {RECTIFY_EXPLAINED, RECTIFY_PLAN, {RECTIFY_NEEDS_WORDS, ALL}, STATUS_CONFLICT, "last day"},
        {RECTIFY_WORKING, RECTIFY_SHOW, {RECTIFY_NEEDS_WORDS, ALL}, STATUS_CONFLICT, "evidence"},
        {RECTIFY_WORKING, RECTIFY_SHOW, {ALL, 1U << RECTIFY_WHO_KEEPER}, STATUS_FORBIDDEN, "lead"},
        {RECTIFY_SHOWN, RECTIFY_PASS, {ALL, 1U << RECTIFY_WHO_HOLDER}, STATUS_FORBIDDEN, "nobody"},
        {RECTIFY_VERIFIED, RECTIFY_STRIKE, {0, ALL}, STATUS_CONFLICT, "same again"},
        {RECTIFY_STRUCK, RECTIFY_DROP, {ALL, ALL}, STATUS_CONFLICT, "struck off"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_int_equal(
            machine_allow(&rectify_machine, cases[i].at, cases[i].act, cases[i].facts, &err),
            cases[i].status);
        if (!strstr(err.en, cases[i].says))
            fail_msg("case %zu says: %s", i, err.en);
    }
}

/* --- kept ------------------------------------------------------------------------------------------- */

enum { KEEPER = 1, INSPECTOR, LEAD, HEAD, WORKER, KEEPER_LEAD, OUTSIDER };

static int64_t moment(const char *text)
{
    return calendar_moment_of(day(text)) + 9LL * 3600 * 1000;
}

/* Roles of the people above, and a unit with its head and a member; gives the unit. */
static int64_t people(struct ledger_case *c)
{
    struct unit unit = {.name = STR("政务服务中心"), .head = HEAD};
    must(c, store_run(c->store,
                      "INSERT INTO role (member, role) VALUES (1, 'editor'),"
                      " (2, 'inspector'), (3, 'lead'), (6, 'editor')",
                      &c->err));
    must(c, ledger_make_unit(c->arena, c->store, &unit, 0, &c->err));
    must(c, ledger_put_in_unit(c->store, unit.id, WORKER, &c->err));
    return unit.id;
}

static struct line make(struct ledger_case *c, int64_t unit, const char *problem, const char *on)
{
    struct line line;
    struct ledger_deed deed = {.now_ms = moment(on)};
    must(c, ledger_make_rectification(c->arena, c->store, 0, str_of(problem), str_of(problem), unit,
                                      LEAD, day("2026-12-31"), &deed, &line, &c->err));
    return line;
}

static enum status act(struct ledger_case *c, int64_t line, enum rectify_act act, int64_t actor,
                       const char *on)
{
    struct rectification_deed deed = {.act = act,
                                      .actor = actor,
                                      .today = day(on),
                                      .words = STR("如实说明"),
                                      .shown = STR("现场照片存档")};
    return ledger_rectify(c->arena, c->store, line, &deed, moment(on), &c->err);
}

static void go_through(struct ledger_case *c, int64_t line, const char *on)
{
    must(c, act(c, line, RECTIFY_EXPLAIN, WORKER, on));
    must(c, act(c, line, RECTIFY_PLAN, HEAD, on));
    must(c, act(c, line, RECTIFY_SHOW, LEAD, on));
    must(c, act(c, line, RECTIFY_PASS, INSPECTOR, on));
}

static void a_problem_goes_from_its_cause_to_the_end_and_the_line_follows(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, people(c), "窗口办件超期", "2026-03-02");
    struct rectification r;
    assert_int_equal(act(c, line.id, RECTIFY_EXPLAIN, OUTSIDER, "2026-03-03"), STATUS_FORBIDDEN);
    assert_int_equal(act(c, line.id, RECTIFY_PLAN, LEAD, "2026-03-03"), STATUS_CONFLICT);
    go_through(c, line.id, "2026-03-20");
    assert_int_equal(act(c, line.id, RECTIFY_STRIKE, INSPECTOR, "2026-03-21"), STATUS_FORBIDDEN);
    must(c, act(c, line.id, RECTIFY_STRIKE, KEEPER, "2026-03-21"));
    must(c, ledger_find_line_by_id(c->arena, c->store, line.id, &line, &c->err));
    must(c, ledger_load_rectification(c->arena, c->store, &line, &r, &c->err));
    assert_int_equal(line.state, LINE_DONE);
    assert_int_equal(line.progress, 100);
    assert_int_equal(r.struck_day, day("2026-03-21"));
    assert_int_equal(r.told_day, day("2026-03-20"));
    must(c, act(c, line.id, RECTIFY_REOPEN, KEEPER, "2026-04-01"));
    must(c, ledger_find_line_by_id(c->arena, c->store, line.id, &line, &c->err));
    assert_int_equal(line.state, LINE_ACTIVE);
}

static void what_was_sent_back_needs_evidence_anew(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, people(c), "窗口办件超期", "2026-03-02");
    struct rectification_deed bare = {
        .act = RECTIFY_SHOW, .actor = LEAD, .today = day("2026-03-22"), .words = STR("已改")};
    go_through(c, line.id, "2026-03-20");
    must(c, store_run(c->store,
                      "INSERT INTO line_file (key, line, name, media, digest, bytes, about,"
                      " member, added_ms) SELECT 'f', max(id), 'a', 'b', x'00', 1,"
                      " 'rectification', 3, 1 FROM line",
                      &c->err));
    must(c, act(c, line.id, RECTIFY_RETURN, INSPECTOR, "2026-03-21"));
    assert_int_equal(
        ledger_rectify(c->arena, c->store, line.id, &bare, moment("2026-03-22"), &c->err),
        STATUS_CONFLICT);
    bare.shown = STR("补充台账第 3 页");
    must(c, ledger_rectify(c->arena, c->store, line.id, &bare, moment("2026-03-22"), &c->err));
}

static void no_order_of_acts_strikes_off_what_no_other_has_verified(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = people(c);
    struct line line = make(c, unit, "窗口办件超期", "2026-03-02");
    int64_t told_by = 0;
    int64_t passed_by = 0;
    size_t struck = 0;
    must(c, store_run(c->store, "UPDATE unit SET head = 4", &c->err));
    srandom(43);
    for (int i = 0; i < 10000; i++) {
        enum rectify_act what = (enum rectify_act)(random() % RECTIFY_ACTS);
        int64_t actor = 1 + random() % 7;
        bool back = what == RECTIFY_DROP || what == RECTIFY_RETURN || what == RECTIFY_RECONSIDER;
        if (back && random() % 8)
            continue;
        if (act(c, line.id, what, actor, "2026-03-20"))
            continue;
        if (what == RECTIFY_SHOW)
            told_by = actor, passed_by = 0;
        if (what == RECTIFY_PASS)
            passed_by = actor;
        if (what == RECTIFY_STRIKE) {
            struck++;
            assert_true(passed_by && passed_by != told_by && actor != told_by);
            assert_true(passed_by == KEEPER || passed_by == INSPECTOR || passed_by == KEEPER_LEAD);
        }
    }
    assert_true(struck > 10);
}

static void the_state_is_changed_by_its_acts_alone(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, people(c), "窗口办件超期", "2026-03-02");
    struct line plain = {.kind = LEDGER_RECTIFICATION,
                         .title = STR("从文件提取"),
                         .state = LINE_PROPOSED,
                         .weight = 1};
    struct ledger_deed deed = {.now_ms = moment("2026-03-03"), .why = STR("改完了")};
    struct line_change done = {.field = LINE_STATE, .number = LINE_DONE};
    struct rectification r;
    struct line_change taken = {.field = LINE_STATE, .number = LINE_ACTIVE};
    must(c, ledger_make_line(c->arena, c->store, &plain, &deed, &c->err));
    assert_int_equal(ledger_change_line(c->store, line.id, &done, 1, &deed, &c->err),
                     STATUS_CONFLICT);
    assert_int_equal(ledger_change_line(c->store, plain.id, &done, 1, &deed, &c->err),
                     STATUS_CONFLICT);
    must(c, ledger_change_line(c->store, plain.id, &taken, 1, &deed, &c->err));
    must(c, ledger_load_rectification(c->arena, c->store, &plain, &r, &c->err));
    assert_int_equal(r.origin, RECTIFY_OWN);
    must(c, store_run(c->store,
                      "INSERT INTO paper (id, key_epoch, colluders, created_ms) VALUES"
                      " (1, 1, 1, 1)",
                      &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO commitment (key, paper, kind, state, line, member,"
                      " decided_ms) SELECT 'k', 1, 'rectification', 'accepted', max(id),"
                      " 1, 1 FROM line",
                      &c->err));
    must(c, ledger_load_rectification(c->arena, c->store, &plain, &r, &c->err));
    assert_int_equal(r.origin, RECTIFY_PAPER);
    assert_int_equal(r.state, RECTIFY_FOUND);
}

static void a_finding_becomes_a_rectification_and_both_lines_tell_of_it(void **state)
{
    struct ledger_case *c = *state;
    struct ledger_deed deed = {.now_ms = moment("2026-03-02")};
    struct line risk = {
        .kind = LEDGER_RISK, .title = STR("渣土抛洒"), .state = LINE_ACTIVE, .weight = 1};
    struct line line;
    struct line *list;
    struct rectification r;
    size_t count;
    must(c, ledger_make_line(c->arena, c->store, &risk, &deed, &c->err));
    must(c,
         ledger_make_rectification(c->arena, c->store, risk.id, STR("渣土车未覆盖"),
                                   STR("三辆渣土车未覆盖上路。"), 0, 0, 0, &deed, &line, &c->err));
    must(c, ledger_load_rectification(c->arena, c->store, &line, &r, &c->err));
    assert_int_equal(r.origin, RECTIFY_SWEEP);
    assert_int_equal(r.source, risk.id);
    assert_false(r.grave);
    must(c, ledger_list_rectifications_of(c->arena, c->store, risk.id, &list, &count, &c->err));
    assert_int_equal(count, 1);
    assert_true(str_equal(list[0].number, STR("C1")));
    assert_int_equal(ledger_make_rectification(c->arena, c->store, 999, STR("无"), STR("无"), 0, 0,
                                               0, &deed, &line, &c->err),
                     STATUS_MISSING);
    assert_int_equal(ledger_make_rectification(c->arena, c->store, 0, STR("无"), STR(" "), 0, 0, 0,
                                               &deed, &line, &c->err),
                     STATUS_INPUT);
}

static void what_comes_back_is_pointed_to_decided_and_becomes_grave(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = people(c);
    struct line first = make(c, unit, "政务窗口办件超期，企业反复催办", "2026-03-02");
    struct line open = make(c, unit, "窗口办件超期未结", "2026-03-03");
    struct line again;
    struct recurrence *list;
    struct rectification r;
    size_t count;
    go_through(c, first.id, "2026-03-20");
    must(c, act(c, first.id, RECTIFY_STRIKE, KEEPER, "2026-03-21"));
    again = make(c, unit, "窗口办件超期未结，企业多次催办", "2026-06-01");
    must(c, ledger_list_recurrences(c->arena, c->store, again.id, &list, &count, &c->err));
    assert_int_equal(count, 1); /* what is open is no earlier one */
    assert_int_equal(list[0].earlier.id, first.id);
    assert_int_equal(list[0].state, RECURRENCE_PROPOSED);
    go_through(c, again.id, "2026-06-20");
    assert_int_equal(act(c, again.id, RECTIFY_STRIKE, KEEPER, "2026-06-21"), STATUS_CONFLICT);
    assert_int_equal(ledger_decide_recurrence(c->arena, c->store, again.id, first.id, false, LEAD,
                                              moment("2026-06-21"), &c->err),
                     STATUS_FORBIDDEN);
    assert_int_equal(ledger_decide_recurrence(c->arena, c->store, again.id, open.id, true, KEEPER,
                                              moment("2026-06-21"), &c->err),
                     STATUS_MISSING);
    must(c, ledger_decide_recurrence(c->arena, c->store, again.id, first.id, true, KEEPER,
                                     moment("2026-06-21"), &c->err));
    must(c, ledger_load_rectification(c->arena, c->store, &again, &r, &c->err));
    assert_true(r.grave);
    must(c, act(c, again.id, RECTIFY_STRIKE, KEEPER, "2026-06-21"));
    assert_int_equal(ledger_decide_recurrence(c->arena, c->store, again.id, first.id, false, KEEPER,
                                              moment("2026-06-21"), &c->err),
                     STATUS_CONFLICT);
}

static void a_problem_is_compared_with_what_was_struck_off_and_not_with_what_was_made_of_it_later(
    void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = people(c);
    struct line first = make(c, unit, "政务窗口办件超期，企业反复催办", "2026-03-02");
    struct ledger_deed deed = {.now_ms = moment("2026-03-22")};
    const struct line_change told_otherwise[] = {{.field = LINE_TITLE, .text = STR("消防通道")},
                                                 {.field = LINE_TEXT, .text = STR("消防通道堵塞")}};
    struct recurrence *list;
    size_t count;
    go_through(c, first.id, "2026-03-20");
    must(c, act(c, first.id, RECTIFY_STRIKE, KEEPER, "2026-03-21"));
    must(c, ledger_change_line(c->store, first.id, told_otherwise, 2, &deed, &c->err));
    struct line again = make(c, unit, "窗口办件超期未结，企业多次催办", "2026-06-01");
    struct line other = make(c, unit, "消防通道堵塞", "2026-06-01");
    must(c, ledger_list_recurrences(c->arena, c->store, again.id, &list, &count, &c->err));
    assert_int_equal(count, 1);
    must(c, ledger_list_recurrences(c->arena, c->store, other.id, &list, &count, &c->err));
    assert_int_equal(count, 0);
}

static void what_was_struck_off_long_ago_is_not_pointed_to(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = people(c);
    struct line first = make(c, unit, "政务窗口办件超期，企业反复催办", "2026-03-02");
    struct recurrence *list;
    size_t count;
    go_through(c, first.id, "2026-03-20");
    must(c, act(c, first.id, RECTIFY_STRIKE, KEEPER, "2026-03-21"));
    must(c,
         store_run(c->store, "UPDATE rectification SET struck_day = struck_day - 1096", &c->err));
    struct line again = make(c, unit, "政务窗口办件超期，企业反复催办", "2026-03-21");
    struct line later = make(c, unit, "政务窗口办件超期，企业反复催办", "2026-03-22");
    must(c, ledger_list_recurrences(c->arena, c->store, again.id, &list, &count, &c->err));
    assert_int_equal(count, 1); /* to the day */
    must(c, ledger_list_recurrences(c->arena, c->store, later.id, &list, &count, &c->err));
    assert_int_equal(count, 0);
}

#define kept(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_is_reached_and_only_leads_on_while_open),
        cmocka_unit_test(an_act_is_refused_by_state_then_person_then_what_is_lacking),
        kept(a_problem_goes_from_its_cause_to_the_end_and_the_line_follows),
        kept(what_was_sent_back_needs_evidence_anew),
        kept(no_order_of_acts_strikes_off_what_no_other_has_verified),
        kept(the_state_is_changed_by_its_acts_alone),
        kept(a_finding_becomes_a_rectification_and_both_lines_tell_of_it),
        kept(what_comes_back_is_pointed_to_decided_and_becomes_grave),
        kept(a_problem_is_compared_with_what_was_struck_off_and_not_with_what_was_made_of_it_later),
        kept(what_was_struck_off_long_ago_is_not_pointed_to),
    };
    return cmocka_run_group_tests_name("rectify", tests, NULL, NULL);
}
