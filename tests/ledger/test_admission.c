/* Projects in the library: admitted by others than those who propose them, reviewed in rounds, and a machine that no
 * order of acts leaves. */
#include "ledger_case.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/admission.h"
#include "ledger/unit.h"
#include "ledger/watch.h"

#define EVERYTHING ((1U << PROJECT_WHOS) - 1)

static const struct ledger_deed why = {.now_ms = 5000, .why = {"Agreed", 6}};

static int64_t make_project(struct ledger_case *c, int64_t unit, int64_t lead)
{
    struct line line = {.kind = LEDGER_PROJECT,
                        .title = STR("Bridge"),
                        .state = LINE_ACTIVE,
                        .weight = 1,
                        .unit = unit,
                        .lead = lead,
                        .due_day = 30000};
    must(c, ledger_make_line(c->arena, c->store, &line, &why, &c->err));
    return line.id;
}

static int64_t make_unit(struct ledger_case *c)
{
    struct unit unit = {.name = STR("Roads")};
    must(c, ledger_make_unit(c->arena, c->store, &unit, 1, &c->err));
    return unit.id;
}

static enum status act(struct ledger_case *c, int64_t line, int64_t member, enum project_act act)
{
    const struct ledger_project_deed deed = {.act = act, .member = member, .is = EVERYTHING};
    return ledger_act_on_project(c->arena, c->store, line, &deed, &why, &c->err);
}

static enum status mark(struct ledger_case *c, int64_t line, int64_t member, int64_t points)
{
    const struct ledger_project_deed deed = {.member = member, .is = EVERYTHING};
    const int64_t marks[] = {points, points, points, points, points};
    return ledger_mark_project(c->arena, c->store, line, &deed, marks, 5, &why, &c->err);
}

static struct project_turn last_turn(struct ledger_case *c, int64_t line)
{
    struct project_turn *turns;
    size_t count;
    must(c, ledger_list_turns(c->arena, c->store, line, &turns, &count, &c->err));
    assert_true(count > 0);
    return turns[0];
}

static enum project_state state_of(struct ledger_case *c, int64_t line)
{
    struct ledger_project p;
    must(c, ledger_find_project(c->arena, c->store, line, &p, &c->err));
    return p.state;
}

static void nobody_admits_marks_or_decides_what_they_propose_or_lead(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_project(c, make_unit(c), 2);
    must(c, act(c, line, 1, PROJECT_ACT_PROPOSE));
    assert_int_equal(mark(c, line, 1, 90), STATUS_FORBIDDEN);
    assert_int_equal(mark(c, line, 2, 90), STATUS_FORBIDDEN);
    must(c, mark(c, line, 3, 90));
    must(c, mark(c, line, 4, 80));
    assert_int_equal(act(c, line, 1, PROJECT_ACT_ADMIT), STATUS_FORBIDDEN);
    assert_int_equal(act(c, line, 2, PROJECT_ACT_ADMIT), STATUS_FORBIDDEN);
    assert_int_equal(act(c, line, 1, PROJECT_ACT_DECLINE), STATUS_FORBIDDEN);
    must(c, act(c, line, 3, PROJECT_ACT_ADMIT));
    assert_int_equal(last_turn(c, line).total, 8500);
    assert_true(str_equal(last_turn(c, line).verdict, STR("admit")));
    assert_int_equal(mark(c, line, 3, 10), STATUS_CONFLICT);
}

static void admission_needs_scorers_points_a_lead_and_a_day(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_project(c, 0, 0);
    must(c, act(c, line, 1, PROJECT_ACT_PROPOSE));
    must(c, mark(c, line, 3, 90));
    assert_int_equal(act(c, line, 4, PROJECT_ACT_ADMIT), STATUS_CONFLICT);
    must(c, mark(c, line, 4, 29)); /* 59.5 on the whole */
    assert_int_equal(act(c, line, 4, PROJECT_ACT_ADMIT), STATUS_CONFLICT);
    must(c, mark(c, line, 4, 30)); /* 60, just enough */
    assert_int_equal(act(c, line, 4, PROJECT_ACT_ADMIT), STATUS_CONFLICT);
    assert_non_null(strstr(c->err.en, "lead"));
    const struct line_change changes[] = {{.field = LINE_LEAD, .number = 2},
                                          {.field = LINE_UNIT, .number = make_unit(c)}};
    must(c, ledger_change_line(c->store, line, changes, 2, &why, &c->err));
    must(c, act(c, line, 4, PROJECT_ACT_ADMIT));
}

static void marks_of_who_comes_to_lead_it_count_no_more(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_project(c, make_unit(c), 2);
    const struct line_change change = {.field = LINE_LEAD, .number = 3};
    must(c, act(c, line, 1, PROJECT_ACT_PROPOSE));
    must(c, mark(c, line, 3, 100));
    must(c, mark(c, line, 4, 70));
    must(c, ledger_change_line(c->store, line, &change, 1, &why, &c->err));
    assert_int_equal(act(c, line, 4, PROJECT_ACT_ADMIT), STATUS_CONFLICT);
    must(c, mark(c, line, 5, 70));
    must(c, act(c, line, 4, PROJECT_ACT_ADMIT));
    assert_int_equal(last_turn(c, line).total, 7000);
}

static void totals_of_open_turns_follow_the_criteria_and_decided_ones_stay(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = make_unit(c);
    int64_t lines[] = {make_project(c, unit, 2), make_project(c, unit, 2)};
    const struct score_bar strict = {9000, 3};
    for (int i = 0; i < 2; i++) {
        must(c, act(c, lines[i], 1, PROJECT_ACT_PROPOSE));
        must(c, mark(c, lines[i], 3, 80));
        must(c, mark(c, lines[i], 4, 80));
    }
    must(c, act(c, lines[0], 3, PROJECT_ACT_ADMIT));
    must(c, ledger_set_bar(c->arena, c->store, &strict, &c->err));
    assert_true(last_turn(c, lines[0]).passes && !last_turn(c, lines[1]).passes);
    struct project_criterion more = {.en = STR("Green"), .rule = {50, 0}};
    must(c, ledger_keep_criterion(c->arena, c->store, &more, &c->err));
    assert_int_equal(last_turn(c, lines[0]).total, 8000);
    assert_int_equal(last_turn(c, lines[1]).total, SCORE_NONE); /* nobody marked every criterion */
    must(c, ledger_end_criterion(c->arena, c->store, more.key, 1, &c->err));
    assert_int_equal(last_turn(c, lines[1]).total, 8000);
}

static void a_line_in_the_library_changes_its_state_by_its_acts_alone(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_project(c, 0, 0);
    struct line_change done = {.field = LINE_STATE, .number = LINE_DONE};
    struct line_change active = {.field = LINE_STATE, .number = LINE_ACTIVE};
    must(c, ledger_change_line(c->store, line, &done, 1, &why, &c->err));
    must(c, ledger_change_line(c->store, line, &active, 1, &why, &c->err));
    must(c, act(c, line, 1, PROJECT_ACT_PROPOSE));
    assert_int_equal(ledger_change_line(c->store, line, &done, 1, &why, &c->err), STATUS_CONFLICT);
    assert_int_equal(ledger_change_line(c->store, line, &active, 1, &why, &c->err),
                     STATUS_CONFLICT);
}

static int64_t admitted(struct ledger_case *c, int64_t unit, int64_t lead)
{
    int64_t line = make_project(c, unit, lead);
    must(c, act(c, line, 1, PROJECT_ACT_PROPOSE));
    must(c, mark(c, line, 3, 80));
    must(c, mark(c, line, 4, 80));
    must(c, act(c, line, 3, PROJECT_ACT_ADMIT));
    return line;
}

static void a_round_asks_about_every_project_in_the_library_and_closes_when_all_are_decided(
    void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = make_unit(c);
    int64_t kept = admitted(c, unit, 2);
    int64_t under_way = admitted(c, unit, 2);
    int64_t out = admitted(c, unit, 2);
    int64_t fresh = make_project(c, unit, 2);
    struct project_round round = {.name = STR("Spring")};
    struct project_round other = {.name = STR("Summer")};
    must(c, act(c, under_way, 2, PROJECT_ACT_START));
    must(c, act(c, fresh, 1, PROJECT_ACT_PROPOSE));
    must(c, ledger_open_round(c->arena, c->store, &round, 6000, &c->err));
    assert_int_equal(ledger_open_round(c->arena, c->store, &other, 6000, &c->err), STATUS_CONFLICT);
    assert_int_equal(act(c, kept, 3, PROJECT_ACT_KEEP), STATUS_CONFLICT); /* not marked again */
    must(c, mark(c, kept, 3, 70));
    must(c, mark(c, kept, 4, 70));
    assert_int_equal(act(c, kept, 2, PROJECT_ACT_KEEP), STATUS_FORBIDDEN);
    must(c, act(c, kept, 3, PROJECT_ACT_KEEP));
    assert_int_equal(act(c, under_way, 1, PROJECT_ACT_SUSPEND), STATUS_FORBIDDEN);
    must(c, act(c, under_way, 4, PROJECT_ACT_SUSPEND));
    assert_int_equal(ledger_close_round(c->store, &round, 7000, &c->err), STATUS_CONFLICT);
    assert_non_null(strstr(c->err.en, ": 1."));
    must(c, act(c, out, 3, PROJECT_ACT_WITHDRAW));
    must(c, ledger_close_round(c->store, &round, 7000, &c->err));
    must(c, ledger_find_round(c->arena, c->store, round.key, &round, &c->err));
    assert_true(round.projects == 3 && round.decided == 3 && round.closed_ms == 7000);
    assert_int_equal(state_of(c, kept), PROJECT_ADMITTED);
    assert_int_equal(state_of(c, under_way), PROJECT_SUSPENDED);
    assert_int_equal(state_of(c, out), PROJECT_WITHDRAWN);
    assert_int_equal(state_of(c, fresh), PROJECT_PROPOSED);
    assert_int_equal(last_turn(c, fresh).round, 0);
    must(c, ledger_open_round(c->arena, c->store, &other, 8000, &c->err));
}

/* --- at random ---------------------------------------------------------------------------------- */

#define PROJECTS 6

static void check_all(struct ledger_case *c, const int64_t *lines)
{
    for (int i = 0; i < PROJECTS; i++) {
        struct ledger_project p;
        struct line line;
        struct project_turn *turns;
        size_t count;
        must(c, ledger_find_project(c->arena, c->store, lines[i], &p, &c->err));
        must(c, ledger_find_line_by_id(c->arena, c->store, lines[i], &line, &c->err));
        must(c, ledger_list_turns(c->arena, c->store, lines[i], &turns, &count, &c->err));
        assert_int_equal(line.state, project_line_state(p.state));
        assert_int_equal(count, p.turn);
        for (size_t t = 0; t < count; t++) {
            assert_int_equal(turns[t].verdict.len > 0, turns[t].decided_ms > 0);
            assert_true(t == 0 || turns[t].verdict.len > 0); /* the last alone is open */
            if (str_equal(turns[t].verdict, STR("admit")))
                assert_true(turns[t].passes && (t > 0 || turns[t].member != p.proposer));
        }
    }
}

static void no_order_of_acts_leaves_the_machine(void **state)
{
    struct ledger_case *c = *state;
    int64_t unit = make_unit(c);
    int64_t lines[PROJECTS];
    size_t done[PROJECT_ACTS] = {0};
    struct project_round round = {.closed_ms = 1};
    for (int i = 0; i < PROJECTS; i++)
        lines[i] = make_project(c, unit, 9);
    for (int step = 0; step < 4000; step++) {
        int64_t line = lines[random() % PROJECTS];
        int64_t member = 1 + random() % 9;
        enum project_act chosen = (enum project_act)(random() % PROJECT_ACTS);
        if (step % 97 == 0 && round.closed_ms) {
            round = (struct project_round){.name = str_format(c->arena, "Round %d", step)};
            must(c, ledger_open_round(c->arena, c->store, &round, step + 1, &c->err));
        } else if (step % 97 == 96 && !ledger_close_round(c->store, &round, step + 1, &c->err)) {
            round.closed_ms = step + 1;
        }
        enum status status = chosen == PROJECT_ACT_SCORE || random() % 2
                                 ? mark(c, line, member, 40 + random() % 61)
                                 : act(c, line, member, chosen);
        assert_true(status == STATUS_OK || status == STATUS_CONFLICT || status == STATUS_FORBIDDEN);
        done[chosen] += status == STATUS_OK;
        if (step % 20 == 0)
            check_all(c, lines);
    }
    for (int i = 0; i < PROJECT_ACTS; i++)
        if (i != PROJECT_ACT_FINISH && i != PROJECT_ACT_REOPEN) /* watches are another test's */
            assert_true(done[i] > 0);
}

static void a_project_is_finished_when_its_watches_are_passed(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = admitted(c, make_unit(c), 2);
    must(c, act(c, line, 2, PROJECT_ACT_START));
    assert_int_equal(act(c, line, 3, PROJECT_ACT_FINISH), STATUS_CONFLICT);
    for (int w = 0; w < WATCHES; w++) {
        const struct ledger_watch_deed waive = {.watch = (enum watch)w,
                                                .act = WATCH_ACT_WAIVE,
                                                .member = 3,
                                                .is = EVERYTHING,
                                                .words = STR("None")};
        must(c, ledger_act_on_watch(c->arena, c->store, line, &waive, 20000, &why, &c->err));
    }
    assert_int_equal(act(c, line, 2, PROJECT_ACT_FINISH), STATUS_FORBIDDEN);
    must(c, act(c, line, 3, PROJECT_ACT_FINISH));
    assert_int_equal(state_of(c, line), PROJECT_FINISHED);
    must(c, act(c, line, 3, PROJECT_ACT_REOPEN));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_case, close_case)

int main(void)
{
    srandom(31);
    const struct CMUnitTest tests[] = {
        CASE(nobody_admits_marks_or_decides_what_they_propose_or_lead),
        CASE(admission_needs_scorers_points_a_lead_and_a_day),
        CASE(marks_of_who_comes_to_lead_it_count_no_more),
        CASE(totals_of_open_turns_follow_the_criteria_and_decided_ones_stay),
        CASE(a_line_in_the_library_changes_its_state_by_its_acts_alone),
        CASE(a_round_asks_about_every_project_in_the_library_and_closes_when_all_are_decided),
        CASE(no_order_of_acts_leaves_the_machine),
        CASE(a_project_is_finished_when_its_watches_are_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
