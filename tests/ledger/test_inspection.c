/* Tours: the machine, who scores what and when, and what comes out; by cases worked by hand and by walks at random. */
#include "ledger_case.h"

#include <string.h>

#include "ledger/inspection.h"
#include "ledger/unit.h"

/* --- a tour --------------------------------------------------------------------------------------- */

/* Member 1 keeps the ledger; 2 to 8 are inspectors; 9 is nobody here. */
struct tour {
    struct sheet sheet;
    struct line line;
    struct inspection inspection;
    struct inspection_stop stops[3];
};
static const struct ledger_deed DEED = {.now_ms = 1000000};
static const struct ledger_deed WITH_WORDS = {.now_ms = 1000000, .why = {"as agreed", 9}};

static struct tour a_tour(struct ledger_case *c, struct rank_by by)
{
    struct tour t = {
        .sheet = {.use = SHEET_INSPECTION, .name = STR("Autumn tour"), .member = 1},
        .line = {.title = STR("Autumn"), .weight = 1, .lead = 0},
        .inspection = {.by = by},
    };
    must(c, store_run(c->store,
                      "INSERT INTO role (member, role) SELECT 1, 'editor' UNION ALL"
                      " SELECT id, 'inspector' FROM member WHERE id BETWEEN 2 AND 8",
                      &c->err));
    must(c, sheet_read_items(c->arena, STR("Progress | 60\nSafety | 40"), &t.sheet.items,
                             &t.sheet.nitems, &c->err));
    must(c, ledger_make_sheet(c->arena, c->store, &t.sheet, 1000, &c->err));
    t.inspection.sheet = t.sheet.id;
    must(c, ledger_plan_inspection(c->arena, c->store, &t.line, &t.inspection, &DEED, &c->err));
    return t;
}

static void add_stops(struct ledger_case *c, struct tour *t)
{
    static const char *const places[] = {"North works", "South works", "Market street"};
    for (int i = 0; i < 3; i++) {
        t->stops[i] = (struct inspection_stop){.line = t->line.id, .place = str_of(places[i])};
        must(c, ledger_add_stop(c->arena, c->store, &t->stops[i], 1, &DEED, &c->err));
    }
}

static void add_scorers(struct ledger_case *c, struct tour *t, int64_t last)
{
    for (int64_t m = 2; m <= last; m++)
        must(c, ledger_add_scorer(c->store, t->line.id, m, 1, 1, &DEED, &c->err));
}

static enum status act(struct ledger_case *c, struct tour *t, enum inspect_act what,
                       const struct ledger_deed *deed)
{
    return ledger_inspect(c->store, t->line.id, what, 1, deed, &c->err);
}

static struct filled a_form(struct ledger_case *c, const struct tour *t, int64_t member,
                            struct str sent_key, int64_t percent)
{
    struct filled f = {.member = member, .sent_key = sent_key, .nitems = 2};
    f.items = arena_array(c->arena, 2, struct filled_item);
    for (size_t i = 0; i < 2; i++)
        f.items[i] = (struct filled_item){t->sheet.items[i].id,
                                          t->sheet.items[i].most * percent / 10, STR(""), false};
    return f;
}

static enum status score(struct ledger_case *c, struct tour *t, int64_t member, int stop,
                         int64_t percent)
{
    struct filled f =
        a_form(c, t, member,
               str_format(c->arena, "sent-by-%lld-at-stop-%d", (long long)member, stop), percent);
    return ledger_score_stop(c->arena, c->store, t->line.id, t->stops[stop].key, &f, NULL, &DEED,
                             &c->err);
}

static enum line_state line_state_of(struct ledger_case *c, const struct tour *t)
{
    struct line line;
    must(c, ledger_find_line_by_id(c->arena, c->store, t->line.id, &line, &c->err));
    return line.state;
}

static void a_tour_goes_its_way_and_takes_its_line_along(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct line line;
    assert_int_equal(line_state_of(c, &t), LINE_PROPOSED);
    assert_true(t.line.number.at[0] == 'N');
    assert_int_equal(act(c, &t, INSPECT_START, &DEED), STATUS_CONFLICT);
    add_stops(c, &t);
    assert_int_equal(act(c, &t, INSPECT_START, &DEED), STATUS_CONFLICT);
    add_scorers(c, &t, 3);
    must(c, act(c, &t, INSPECT_START, &DEED));
    assert_int_equal(line_state_of(c, &t), LINE_ACTIVE);
    for (int s = 0; s < 3; s++) {
        assert_int_equal(act(c, &t, INSPECT_END, &DEED), STATUS_CONFLICT);
        must(c, score(c, &t, 2, s, 80));
    }
    must(c, act(c, &t, INSPECT_END, &DEED));
    assert_int_equal(score(c, &t, 3, 0, 80), STATUS_CONFLICT);
    assert_int_equal(act(c, &t, INSPECT_CLOSE, &DEED), STATUS_CONFLICT);
    must(c, act(c, &t, INSPECT_CLOSE, &WITH_WORDS));
    must(c, ledger_find_line_by_id(c->arena, c->store, t.line.id, &line, &c->err));
    assert_true(line.state == LINE_DONE && line.progress == 100);
    assert_int_equal(act(c, &t, INSPECT_DROP, &WITH_WORDS), STATUS_CONFLICT);
}

static void a_tour_called_off_closes_its_line_for_the_reason_given(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct line line;
    assert_int_equal(act(c, &t, INSPECT_DROP, &DEED), STATUS_CONFLICT);
    must(c, act(c, &t, INSPECT_DROP, &WITH_WORDS));
    must(c, ledger_find_line_by_id(c->arena, c->store, t.line.id, &line, &c->err));
    assert_true(line.state == LINE_CLOSED && str_equal(line.ended_why, WITH_WORDS.why));
}

static void sheet_and_rule_stand_once_the_tour_is_under_way(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct inspection found;
    t.inspection.by = (struct rank_by){RANK_FAR, 0};
    assert_int_equal(ledger_set_inspection(c->arena, c->store, &t.inspection, 1, &DEED, &c->err),
                     STATUS_INPUT);
    t.inspection.by.far = 15;
    must(c, ledger_set_inspection(c->arena, c->store, &t.inspection, 1, &DEED, &c->err));
    must(c, ledger_load_inspection(c->store, t.line.id, &found, &c->err));
    assert_true(found.by.rule == RANK_FAR && found.by.far == 15);
    add_stops(c, &t);
    add_scorers(c, &t, 2);
    must(c, act(c, &t, INSPECT_START, &DEED));
    assert_int_equal(ledger_set_inspection(c->arena, c->store, &t.inspection, 1, &DEED, &c->err),
                     STATUS_CONFLICT);
}

static void only_a_scorer_scores_and_nobody_their_own(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct unit unit = {.name = STR("Works bureau")};
    struct line project = {
        .kind = LEDGER_RISK, .title = STR("Bridge"), .state = LINE_ACTIVE, .weight = 1, .lead = 4};
    must(c, ledger_make_unit(c->arena, c->store, &unit, 1000, &c->err));
    must(c, ledger_put_in_unit(c->store, unit.id, 3, &c->err));
    project.unit = unit.id;
    must(c, ledger_make_line(c->arena, c->store, &project, &DEED, &c->err));
    add_stops(c, &t);
    struct inspection_stop bridge = {.line = t.line.id, .target = project.id};
    must(c, ledger_add_stop(c->arena, c->store, &bridge, 1, &DEED, &c->err));
    assert_true(str_equal(bridge.place, STR("Bridge")) && bridge.unit == unit.id);
    assert_int_equal(ledger_add_stop(c->arena, c->store, &bridge, 1, &DEED, &c->err),
                     STATUS_CONFLICT);
    add_scorers(c, &t, 4);
    assert_int_equal(ledger_add_scorer(c->store, t.line.id, 9, 1, 1, &DEED, &c->err), STATUS_INPUT);
    must(c, act(c, &t, INSPECT_START, &DEED));
    t.stops[0] = bridge;
    must(c, score(c, &t, 2, 0, 80));
    assert_int_equal(score(c, &t, 3, 0, 100), STATUS_FORBIDDEN); /* of its unit */
    assert_int_equal(score(c, &t, 4, 0, 100), STATUS_FORBIDDEN); /* its lead */
    assert_int_equal(score(c, &t, 5, 0, 100), STATUS_FORBIDDEN); /* no scorer */
    assert_int_equal(score(c, &t, 1, 0, 100), STATUS_FORBIDDEN); /* keeps the ledger, no scorer */
    must(c, score(c, &t, 4, 1, 70));
}

static void whoever_is_no_keeper_arranges_nothing(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct inspection_stop stop = {.line = t.line.id, .place = STR("Mill")};
    assert_int_equal(ledger_add_stop(c->arena, c->store, &stop, 2, &DEED, &c->err),
                     STATUS_FORBIDDEN);
    assert_int_equal(ledger_add_scorer(c->store, t.line.id, 2, 1, 2, &DEED, &c->err),
                     STATUS_FORBIDDEN);
    assert_int_equal(ledger_inspect(c->store, t.line.id, INSPECT_DROP, 2, &WITH_WORDS, &c->err),
                     STATUS_FORBIDDEN);
}

static void once_marks_are_known_what_was_sent_stays_and_what_is_missing_can_come(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    add_stops(c, &t);
    add_scorers(c, &t, 3);
    must(c, act(c, &t, INSPECT_START, &DEED));
    for (int s = 0; s < 3; s++)
        must(c, score(c, &t, 2, s, 80));
    must(c, act(c, &t, INSPECT_END, &DEED));
    assert_int_equal(act(c, &t, INSPECT_REOPEN, &DEED), STATUS_CONFLICT);
    must(c, act(c, &t, INSPECT_REOPEN, &WITH_WORDS));
    struct filled better = a_form(c, &t, 2, STR("another-of-member-2"), 100);
    better.replaces = STR("sent-by-2-at-stop-0");
    assert_int_equal(ledger_score_stop(c->arena, c->store, t.line.id, t.stops[0].key, &better, NULL,
                                       &DEED, &c->err),
                     STATUS_CONFLICT);
    assert_int_equal(ledger_remove_scorer(c->store, t.line.id, 2, 1, &DEED, &c->err),
                     STATUS_CONFLICT);
    assert_int_equal(
        ledger_remove_stop(c->arena, c->store, t.line.id, t.stops[0].key, 1, &WITH_WORDS, &c->err),
        STATUS_CONFLICT);
    must(c, score(c, &t, 3, 0, 60));
}

static void a_phone_that_repeats_itself_is_answered_in_any_state(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct filled *list;
    size_t count;
    add_stops(c, &t);
    add_scorers(c, &t, 2);
    must(c, act(c, &t, INSPECT_START, &DEED));
    for (int s = 0; s < 3; s++)
        must(c, score(c, &t, 2, s, 80));
    must(c, act(c, &t, INSPECT_END, &DEED));
    must(c, score(c, &t, 2, 1, 80));
    must(c, ledger_list_filled(c->arena, c->store, t.line.id, &list, &count, &c->err));
    assert_int_equal(count, 3);
}

static void a_ranking_is_what_the_rule_makes_of_the_sheets(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_TRIM, 0});
    static const int64_t marks[3][5] = {
        {100, 80, 80, 80, 10}, /* one of each left out: 80 */
        {90, 90, 90, 90, 90},  /* 90 */
        {70, 90, -1, 80, 80},  /* four: all count, 80 */
    };
    struct inspection_ranking r;
    add_stops(c, &t);
    add_scorers(c, &t, 6);
    must(c, act(c, &t, INSPECT_START, &DEED));
    for (int s = 0; s < 3; s++)
        for (int m = 0; m < 5; m++)
            if (marks[s][m] >= 0)
                must(c, score(c, &t, 2 + m, s, marks[s][m]));
    must(c, ledger_load_inspection(c->store, t.line.id, &t.inspection, &c->err));
    must(c, ledger_rank_inspection(c->arena, c->store, &t.inspection, &r, &c->err));
    assert_int_equal(r.nstops, 3);
    assert_int_equal(r.nscorers, 5);
    assert_int_equal(r.results[0], 8000);
    assert_int_equal(r.results[1], 9000);
    assert_int_equal(r.results[2], 8000);
    assert_true(r.places[0] == 2 && r.places[1] == 1 && r.places[2] == 2);
    assert_int_equal(r.scores[0].counted, RANK_HIGHEST);
    assert_int_equal(r.scores[4].counted, RANK_LOWEST);
    assert_int_equal(r.scores[12].counted, RANK_ABSENT);
    assert_null(r.filled[12]);
    /* a scorer and a stop taken out have no part in it */
    must(c, ledger_remove_scorer(c->store, t.line.id, 6, 1, &DEED, &c->err));
    must(c, ledger_remove_stop(c->arena, c->store, t.line.id, t.stops[1].key, 1, &WITH_WORDS,
                               &c->err));
    must(c, ledger_rank_inspection(c->arena, c->store, &t.inspection, &r, &c->err));
    assert_true(r.nstops == 2 && r.nscorers == 4);
    assert_int_equal(r.results[0], 8500);
    assert_int_equal(r.places[0], 1);
}

static void a_tour_is_not_closed_while_a_finding_is_open(void **state)
{
    struct ledger_case *c = *state;
    struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
    struct finding *list;
    size_t count;
    add_stops(c, &t);
    add_scorers(c, &t, 2);
    must(c, act(c, &t, INSPECT_START, &DEED));
    struct filled f = a_form(c, &t, 2, STR("sent-with-a-problem"), 50);
    f.items[1].problem = true;
    f.items[1].words = STR("no rail at the pit");
    must(c, ledger_score_stop(c->arena, c->store, t.line.id, t.stops[0].key, &f, NULL, &DEED,
                              &c->err));
    must(c, score(c, &t, 2, 1, 80));
    must(c, score(c, &t, 2, 2, 80));
    must(c, act(c, &t, INSPECT_END, &DEED));
    assert_int_equal(act(c, &t, INSPECT_CLOSE, &WITH_WORDS), STATUS_CONFLICT);
    must(c, ledger_list_findings(c->arena, c->store, t.line.id, &list, &count, &c->err));
    must(c, ledger_drop_finding(c->store, &list[0], &WITH_WORDS, &c->err));
    must(c, act(c, &t, INSPECT_CLOSE, &WITH_WORDS));
}

/* Whatever is tried in whatever order: only what the table allows happens, and the line's state is the tour's. */
static void no_order_of_acts_leaves_the_table(void **state)
{
    static const enum line_state LINES[INSPECT_STATES] = {LINE_STATES, LINE_PROPOSED, LINE_ACTIVE,
                                                          LINE_ACTIVE, LINE_DONE,     LINE_CLOSED};
    static const struct line_change by_hand = {.field = LINE_STATE, .number = LINE_CLOSED};
    struct ledger_case *c = *state;
    bool reached[INSPECT_STATES] = {false};
    srandom(91);
    for (int walk = 0; walk < 30; walk++) {
        must(c, store_begin(c->store, &c->err));
        struct tour t = a_tour(c, (struct rank_by){RANK_ALL, 0});
        add_stops(c, &t);
        add_scorers(c, &t, 2);
        for (int step = 0; step < 25; step++) {
            struct inspection before;
            struct inspection after;
            enum inspect_act what = (enum inspect_act)(random() % INSPECT_ACTS);
            must(c, ledger_load_inspection(c->store, t.line.id, &before, &c->err));
            if (what == INSPECT_SCORE)
                (void)score(c, &t, 2, (int)(random() % 3), 80);
            bool mostly = what != INSPECT_DROP || random() % 6 == 0;
            enum status status =
                what == INSPECT_SCORE || !mostly ? STATUS_INPUT : act(c, &t, what, &WITH_WORDS);
            must(c, ledger_load_inspection(c->store, t.line.id, &after, &c->err));
            assert_int_equal(after.state,
                             status ? (int)before.state : inspect_machine.rules[what].to);
            assert_true(status || inspect_machine.rules[what].from >> before.state & 1U);
            assert_int_equal(line_state_of(c, &t), LINES[after.state]);
            if (after.state != INSPECT_DROPPED)
                assert_int_equal(
                    ledger_change_line(c->store, t.line.id, &by_hand, 1, &WITH_WORDS, &c->err),
                    STATUS_CONFLICT);
            assert_true(before.scored_ms == 0 || after.scored_ms == before.scored_ms);
            reached[after.state] = true;
        }
        store_rollback(c->store);
    }
    for (int s = INSPECT_PLANNED; s < INSPECT_STATES; s++)
        assert_true(reached[s]);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(a_tour_goes_its_way_and_takes_its_line_along),
        CASE(a_tour_called_off_closes_its_line_for_the_reason_given),
        CASE(sheet_and_rule_stand_once_the_tour_is_under_way),
        CASE(only_a_scorer_scores_and_nobody_their_own),
        CASE(whoever_is_no_keeper_arranges_nothing),
        CASE(once_marks_are_known_what_was_sent_stays_and_what_is_missing_can_come),
        CASE(a_phone_that_repeats_itself_is_answered_in_any_state),
        CASE(a_ranking_is_what_the_rule_makes_of_the_sheets),
        CASE(a_tour_is_not_closed_while_a_finding_is_open),
        CASE(no_order_of_acts_leaves_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
