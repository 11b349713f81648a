/* Steps with time limits: the table holds together, stages open in order, questions stop clocks, silence lapses at the right
 * moment and once, and what is sent back is asked again. */
#include "day_case.h"

#include <string.h>

#include "ledger/step.h"
#include "ledger/unit.h"

#define KEEPER \
    1 /* members 1 keeps, 2 leads the line, 3 heads unit one, 4 is in it, 5 is in unit two, 6 is nobody */
#define ALL (~0U)

static void the_table_has_a_row_for_every_act_and_words_for_everything(void **state)
{
    unsigned reached = STEP_BIT(STEP_WAITING);
    (void)state;
    for (int i = 0; i < STEP_ACTS; i++) {
        assert_int_not_equal(step_rules[i].from, 0); /* a row for every act */
        assert_int_equal(step_act_named(str_of(step_act_name((enum step_act)i))), i);
        reached |= STEP_BIT(step_rules[i].to);
    }
    for (int i = 0; i < STEP_STATES; i++)
        assert_int_equal(step_state_named(str_of(step_state_name((enum step_state)i))), i);
    for (int i = 1; i < STEP_REASONS; i++)
        assert_int_equal(step_reason_named(str_of(step_reason_name((enum step_reason)i))), i);
    for (unsigned bit = 0; bit < STEP_NEEDS_COUNT; bit++)
        assert_non_null(step_needs_words(1U << bit, LANG_ZH));
    assert_int_equal(reached, (1U << STEP_STATES) - 1);
    assert_int_equal(step_act_named(STR("delete")), STEP_ACTS);
}

static void an_act_is_refused_by_state_then_person_then_what_is_lacking(void **state)
{
    static const struct {
        enum step_state at;
        enum step_act act;
        struct machine_facts facts;
        enum status status;
        const char *says;
    } cases[] = {
        {STEP_OPEN, STEP_ACT_AGREE, {ALL, ALL}, STATUS_OK, ""},
        {STEP_WAITING, STEP_ACT_AGREE, {ALL, ALL}, STATUS_CONFLICT, "waiting for its turn"},
        {STEP_AGREED, STEP_ACT_REFUSE, {ALL, ALL}, STATUS_CONFLICT, "agreed"},
        {STEP_OPEN, STEP_ACT_ANSWER, {ALL, ALL}, STATUS_CONFLICT, "being worked on"},
        {STEP_OPEN, STEP_ACT_REFUSE, {ALL, 1U << STEP_WHO_KEEPER}, STATUS_FORBIDDEN, "its unit"},
        {STEP_OPEN, STEP_ACT_REFUSE, {ALL & ~1U, ALL}, STATUS_CONFLICT, "words"},
        {STEP_OPEN, STEP_ACT_ASK, {STEP_NEEDS_WORDS, ALL}, STATUS_CONFLICT, "about"},
        {STEP_ASKED, STEP_ACT_LAPSE, {ALL, ALL}, STATUS_CONFLICT, "question"},
        {STEP_OPEN, STEP_ACT_LAPSE, {ALL, ~(1U << STEP_WHO_CLOCK)}, STATUS_FORBIDDEN, "itself"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_int_equal(step_allow(cases[i].at, cases[i].act, cases[i].facts, &err),
                         cases[i].status);
        if (!strstr(err.en, cases[i].says))
            fail_msg("case %zu says: %s", i, err.en);
    }
}

/* --- kept ----------------------------------------------------------------------------------------- */

static const struct workdays *calendar;

static int64_t at(const char *text, int hour)
{
    return calendar_moment_of(day(text)) + (int64_t)hour * 3600000;
}

static int64_t make_unit(struct ledger_case *c, const char *name, int64_t head, int64_t member)
{
    struct unit unit = {.name = str_of(name), .head = head};
    must(c, ledger_make_unit(c->arena, c->store, &unit, 0, &c->err));
    must(c, ledger_put_in_unit(c->store, unit.id, member, &c->err));
    return unit.id;
}

static int64_t make_line(struct ledger_case *c)
{
    struct line line = {.kind = LEDGER_REVIEW,
                        .title = STR("Old bridge"),
                        .state = LINE_ACTIVE,
                        .lead = 2,
                        .weight = 1};
    struct ledger_deed deed = {.now_ms = at("2026-03-02", 9)};
    calendar = load(c->arena, "weekdays");
    must(c, store_run(c->store, "INSERT INTO role (member, role) VALUES (1, 'editor'), (2, 'lead')",
                      &c->err));
    must(c, ledger_make_line(c->arena, c->store, &line, &deed, &c->err));
    return line.id;
}

static struct step add(struct ledger_case *c, int64_t line, int64_t stage, int64_t unit,
                       int64_t limit, bool silence)
{
    struct step step = {
        .line = line, .stage = stage, .unit = unit, .limit_days = limit, .silence = silence};
    struct ledger_deed deed = {.now_ms = at("2026-03-02", 9)};
    must(c, ledger_add_step(c->arena, c->store, &step, &deed, &c->err));
    return step;
}

static void open_at(struct ledger_case *c, int64_t line, const char *day_text)
{
    struct ledger_deed deed = {.now_ms = at(day_text, 9)};
    must(c, ledger_open_steps(c->arena, c->store, calendar, line, &deed, &c->err));
}

static void look(struct ledger_case *c, struct step *step)
{
    must(c, ledger_find_step(c->arena, c->store, step->line, step->key, step, &c->err));
}

static enum status act(struct ledger_case *c, struct step *step, enum step_act act, int64_t who,
                       const char *day_text)
{
    struct step_deed does = {
        .act = act, .actor = who, .reason = STEP_REASON_PAPERS, .days = 3, .words = STR("Words.")};
    struct ledger_deed deed = {.now_ms = at(day_text, 16)};
    look(c, step);
    return ledger_act_on_step(c->arena, c->store, calendar, step, &does, &deed, &c->err);
}

static size_t keep_clocks(struct ledger_case *c, int64_t now_ms)
{
    int64_t after = 0;
    size_t lapsed = 0;
    do
        must(c,
             ledger_keep_clocks(c->arena, c->store, calendar, now_ms, &after, 2, &lapsed, &c->err));
    while (after);
    return lapsed;
}

static int64_t count(struct ledger_case *c, const char *sql)
{
    struct query *q = query_start(c->store, sql);
    int64_t n = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return n;
}

static void steps_of_a_stage_run_together_and_the_next_opens_when_all_ended_well(void **state)
{
    struct ledger_case *c = *state;
    struct step_sum sum;
    int64_t line = make_line(c);
    int64_t one = make_unit(c, "One", 3, 4);
    int64_t two = make_unit(c, "Two", 0, 5);
    struct step first = add(c, line, 1, one, 5, false);
    struct step beside = add(c, line, 1, two, 5, false);
    struct step later = add(c, line, 2, two, 3, false);
    open_at(c, line, "2026-03-02");
    look(c, &later);
    assert_int_equal(later.state, STEP_WAITING);
    must(c, act(c, &first, STEP_ACT_CONDITION, 4, "2026-03-03"));
    look(c, &later);
    assert_int_equal(later.state, STEP_WAITING);
    assert_int_equal(act(c, &later, STEP_ACT_AGREE, 5, "2026-03-03"), STATUS_CONFLICT);
    must(c, act(c, &beside, STEP_ACT_AGREE, 5, "2026-03-04"));
    look(c, &later);
    assert_int_equal(later.state, STEP_OPEN);
    assert_int_equal(later.due_day, day("2026-03-09"));
    must(c, ledger_sum_steps(c->store, line, &sum, &c->err));
    assert_true(sum.all == 3 && sum.stage == 2 && sum.running == 1 && !sum.over);
    must(c, act(c, &later, STEP_ACT_AGREE, 5, "2026-03-04"));
    must(c, ledger_sum_steps(c->store, line, &sum, &c->err));
    assert_true(sum.over && !sum.stuck && sum.stage == 0);
}

static void a_refusal_holds_up_what_comes_after_it_until_it_is_sent_back(void **state)
{
    struct ledger_case *c = *state;
    struct step_sum sum;
    struct ledger_deed deed = {.now_ms = at("2026-03-05", 9), .why = STR("")};
    int64_t line = make_line(c);
    int64_t one = make_unit(c, "One", 3, 4);
    struct step first = add(c, line, 1, one, 5, false);
    struct step later = add(c, line, 2, one, 3, false);
    open_at(c, line, "2026-03-02");
    must(c, act(c, &first, STEP_ACT_REFUSE, 3, "2026-03-03"));
    look(c, &later);
    assert_int_equal(later.state, STEP_WAITING);
    must(c, ledger_sum_steps(c->store, line, &sum, &c->err));
    assert_true(sum.stuck && sum.over && sum.stage == 1);
    assert_int_equal(ledger_send_steps_back(c->arena, c->store, calendar, line, 1, &deed, &c->err),
                     STATUS_INPUT);
    deed.why = STR("The drawings were changed.");
    assert_int_equal(ledger_send_steps_back(c->arena, c->store, calendar, line, 2, &deed, &c->err),
                     STATUS_CONFLICT);
    must(c, ledger_send_steps_back(c->arena, c->store, calendar, line, 1, &deed, &c->err));
    struct step *list;
    size_t n;
    must(c, ledger_list_steps(c->arena, c->store, line, &list, &n, &c->err));
    assert_int_equal(n, 3);
    assert_true(list[0].state == STEP_REFUSED && list[0].again_ms && list[0].round == 1);
    assert_true(list[1].state == STEP_OPEN && list[1].round == 2 && !list[1].again_ms);
    assert_int_equal(list[2].state, STEP_WAITING);
    must(c, act(c, &list[1], STEP_ACT_AGREE, 4, "2026-03-06"));
    look(c, &later);
    assert_int_equal(later.state, STEP_OPEN);
    assert_int_equal(act(c, &list[0], STEP_ACT_AGREE, 4, "2026-03-06"), STATUS_CONFLICT);
}

static void a_question_stops_the_clock_until_its_answer_and_only_three_are_free(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    struct step step = add(c, line, 1, make_unit(c, "One", 3, 4), 5, true);
    open_at(c, line, "2026-03-02");
    assert_int_equal(act(c, &step, STEP_ACT_ASK, 2, "2026-03-04"), STATUS_FORBIDDEN);
    must(c, act(c, &step, STEP_ACT_ASK, 4, "2026-03-04"));
    look(c, &step);
    assert_int_equal(step.due_day, 0);
    assert_int_equal(keep_clocks(c, at("2026-04-01", 0)), 0);
    assert_int_equal(act(c, &step, STEP_ACT_ANSWER, 4, "2026-04-01"), STATUS_FORBIDDEN);
    must(c, act(c, &step, STEP_ACT_ANSWER, 2, "2026-04-01"));
    look(c, &step);
    assert_int_equal(step.due_day, day("2026-04-07"));
    for (int i = 0; i < 2; i++) {
        must(c, act(c, &step, STEP_ACT_ASK, 4, "2026-04-02"));
        must(c, act(c, &step, STEP_ACT_ANSWER, 2, "2026-04-02"));
    }
    assert_int_equal(act(c, &step, STEP_ACT_ASK, 4, "2026-04-03"), STATUS_CONFLICT);
}

static void silence_lapses_into_consent_at_midnight_once_and_opens_the_next_stage(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    int64_t one = make_unit(c, "One", 3, 4);
    struct step step = add(c, line, 1, one, 3, true);
    struct step strict = add(c, line, 1, one, 3, false);
    struct step later = add(c, line, 2, one, 3, true);
    int64_t next = 0;
    open_at(c, line, "2026-03-02");
    must(c, ledger_next_lapse(c->store, 0, &next, &c->err));
    assert_int_equal(next, at("2026-03-06", 0));
    assert_int_equal(keep_clocks(c, next - 1), 0);
    assert_int_equal(keep_clocks(c, next), 1);
    assert_int_equal(keep_clocks(c, next), 0);
    look(c, &step);
    assert_true(step.state == STEP_SILENT && step.ended_ms == next && step.ended_by == 0);
    assert_int_equal(count(c, "SELECT next_ms FROM step_round"), at("2026-03-07", 0));
    assert_int_equal(count(c, "SELECT count(*) FROM event WHERE kind = 'line.step'"
                              " AND json_extract(data, '$.act') = 'lapse'"),
                     1);
    must(c, act(c, &strict, STEP_ACT_AGREE, 4, "2026-03-10")); /* late, and it counts */
    look(c, &later);
    assert_int_equal(later.due_day, day("2026-03-13"));
}

static void who_speaks_after_the_limit_but_before_the_round_is_too_late(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    struct step step = add(c, line, 1, make_unit(c, "One", 3, 4), 3, true);
    open_at(c, line, "2026-03-02");
    assert_int_equal(act(c, &step, STEP_ACT_REFUSE, 4, "2026-03-06"), STATUS_CONFLICT);
    must(c, act(c, &step, STEP_ACT_REFUSE, 4, "2026-03-05"));
}

static void a_closed_line_stops_all_its_clocks(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    struct step step = add(c, line, 1, make_unit(c, "One", 3, 4), 3, true);
    struct ledger_deed deed = {.now_ms = at("2026-03-03", 9), .why = STR("Withdrawn.")};
    struct line_change closed = {.field = LINE_STATE, .number = LINE_CLOSED};
    open_at(c, line, "2026-03-02");
    must(c, ledger_change_line(c->store, line, &closed, 1, &deed, &c->err));
    assert_int_equal(keep_clocks(c, at("2026-05-01", 0)), 0);
    assert_int_equal(act(c, &step, STEP_ACT_AGREE, 4, "2026-03-03"), STATUS_CONFLICT);
    must(c, ledger_end_steps(c->store, line, &deed, &c->err));
    look(c, &step);
    assert_int_equal(step.state, STEP_DROPPED);
}

static void only_who_keeps_the_ledger_extends_or_lets_go_and_never_after_the_limit(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    int64_t one = make_unit(c, "One", 3, 4);
    struct step step = add(c, line, 1, one, 3, false);
    struct step other = add(c, line, 1, one, 3, false);
    open_at(c, line, "2026-03-02");
    assert_int_equal(act(c, &step, STEP_ACT_EXTEND, 2, "2026-03-03"), STATUS_FORBIDDEN);
    must(c, act(c, &step, STEP_ACT_EXTEND, KEEPER, "2026-03-03"));
    look(c, &step);
    assert_int_equal(step.due_day, day("2026-03-10"));
    assert_int_equal(act(c, &step, STEP_ACT_EXTEND, KEEPER, "2026-03-11"), STATUS_CONFLICT);
    assert_int_equal(act(c, &other, STEP_ACT_DROP, 4, "2026-03-03"), STATUS_FORBIDDEN);
    must(c, act(c, &other, STEP_ACT_DROP, KEEPER, "2026-03-03"));
}

static void what_cannot_be_a_step_is_refused(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    struct ledger_deed deed = {.now_ms = at("2026-03-02", 9)};
    struct step wrong[] = {
        {.line = line, .stage = 1},
        {.line = line, .stage = 0, .member = 4},
        {.line = line, .stage = 1, .member = 4, .limit_days = 251},
        {.line = line, .stage = 1, .member = 4, .silence = true},
        {.line = line, .stage = 1, .member = 4, .limit_days = 5, .silence = true, .work = true},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(ledger_add_step(c->arena, c->store, &wrong[i], &deed, &c->err),
                         STATUS_INPUT);
}

static void what_is_to_be_told_is_the_opening_then_that_the_limit_nears(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make_line(c);
    struct step step = add(c, line, 1, make_unit(c, "One", 3, 4), 5, false);
    assert_int_equal(count(c, "SELECT count(*) FROM step WHERE tell_ms IS NOT NULL"), 0);
    open_at(c, line, "2026-03-02");
    assert_int_equal(count(c, LEDGER_STEPS_TELL_SQL), at("2026-03-02", 9));
    (void)keep_clocks(c, at("2026-03-03", 0));
    assert_int_equal(count(c, "SELECT tell = 'open' FROM step"), 1);
    look(c, &step);
    must(c, ledger_step_told(c->arena, c->store, calendar, &step, at("2026-03-03", 1), &c->err));
    assert_int_equal(count(c, LEDGER_STEPS_TELL_SQL), at("2026-03-06", 8));
    must(c, ledger_step_told(c->arena, c->store, calendar, &step, at("2026-03-06", 8), &c->err));
    assert_int_equal(count(c, "SELECT count(*) FROM step WHERE tell_ms IS NOT NULL"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_a_row_for_every_act_and_words_for_everything),
        cmocka_unit_test(an_act_is_refused_by_state_then_person_then_what_is_lacking),
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)
        CASE(steps_of_a_stage_run_together_and_the_next_opens_when_all_ended_well),
        CASE(a_refusal_holds_up_what_comes_after_it_until_it_is_sent_back),
        CASE(a_question_stops_the_clock_until_its_answer_and_only_three_are_free),
        CASE(silence_lapses_into_consent_at_midnight_once_and_opens_the_next_stage),
        CASE(who_speaks_after_the_limit_but_before_the_round_is_too_late),
        CASE(a_closed_line_stops_all_its_clocks),
        CASE(only_who_keeps_the_ledger_extends_or_lets_go_and_never_after_the_limit),
        CASE(what_cannot_be_a_step_is_refused),
        CASE(what_is_to_be_told_is_the_opening_then_that_the_limit_nears),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
