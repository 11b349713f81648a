/* Joint reviews: the machine, the reply drawn from opinions, and what acts and clocks make of the line. */
#include "day_case.h"

#include <string.h>

#include "ledger/review.h"
#include "ledger/unit.h"

static void the_table_has_a_row_for_every_act_and_words_for_everything(void **state)
{
    unsigned reached = REVIEW_BIT(REVIEW_NONE);
    (void)state;
    for (int round = 0; round < REVIEW_STATES; round++)
        for (int i = 0; i < REVIEW_ACTS; i++)
            if (review_rules[i].from & reached)
                reached |= REVIEW_BIT(review_rules[i].to);
    assert_int_equal(reached, (1U << REVIEW_STATES) - 1);
    for (int i = 0; i < REVIEW_ACTS; i++) {
        assert_int_not_equal(review_rules[i].from, 0); /* a row for every act */
        assert_int_equal(review_act_named(str_of(review_act_name((enum review_act)i))), i);
    }
    for (int i = 0; i < REVIEW_STATES; i++)
        assert_int_equal(review_state_named(str_of(review_state_name((enum review_state)i))), i);
    for (int i = REVIEW_AGREED; i < REVIEW_VERDICTS; i++)
        assert_int_equal(review_verdict_named(str_of(review_verdict_name((enum review_verdict)i))),
                         i);
    assert_int_equal(review_act_named(STR("delete")), REVIEW_ACTS);
}

static void opinions_come_to_the_gravest_of_them(void **state)
{
    static const struct {
        int64_t agreed, conditions, refused, silent;
        enum review_verdict verdict;
    } cases[] = {
        {3, 0, 0, 0, REVIEW_AGREED}, {2, 1, 0, 0, REVIEW_CONDITIONS}, {2, 1, 1, 0, REVIEW_REFUSED},
        {0, 0, 0, 3, REVIEW_AGREED}, {0, 1, 0, 3, REVIEW_CONDITIONS}, {9, 0, 1, 9, REVIEW_REFUSED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step_sum sum = {.of = {[STEP_AGREED] = cases[i].agreed,
                                            [STEP_CONDITIONS] = cases[i].conditions,
                                            [STEP_REFUSED] = cases[i].refused,
                                            [STEP_SILENT] = cases[i].silent}};
        assert_int_equal(review_verdict_of(&sum), cases[i].verdict);
    }
}

static void the_reply_tells_refusals_first_and_leaves_nobody_out(void **state)
{
    struct arena *arena = arena_make();
    const struct review_opinion opinions[] = {
        {STR("Roads"), STEP_AGREED, day("2026-03-04"), STR("")},
        {STR("Water"), STEP_SILENT, day("2026-03-09"), STR("")},
        {STR("Fire"), STEP_REFUSED, day("2026-03-05"), STR("Too narrow.")},
        {STR("Parks"), STEP_CONDITIONS, day("2026-03-06"), STR("Keep the oak.")},
        {STR("Schools"), STEP_WAITING, 0, STR("")},
    };
    const char *draft = str_z(arena, review_draft(arena, opinions, 5, LANG_EN));
    static const char *const ORDER[] = {"asked for: 5.",
                                        "- Fire (5 March 2026): Too narrow.",
                                        "- Parks (6 March 2026): Keep the oak.",
                                        "- Roads (4 March 2026)",
                                        "- Water (9 March 2026)",
                                        "- Schools"};
    (void)state;
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++) {
        const char *found = strstr(draft, ORDER[i]);
        if (!found)
            fail_msg("“%s” does not come in order in: %s", ORDER[i], draft);
        draft = found;
    }
    const char *chinese = str_z(arena, review_draft(arena, opinions, 5, LANG_ZH));
    assert_non_null(strstr(chinese, "不同意：\n- Fire（2026年3月5日）：Too narrow."));
    arena_free(arena);
}

/* --- kept ----------------------------------------------------------------------------------------- */

struct review_case {
    struct ledger_case *c;
    const struct workdays *calendar;
    int64_t line, units[2];
};

static int64_t at(const char *text)
{
    return calendar_moment_of(day(text)) + 9LL * 3600000;
}

static struct step step_of(const struct review_case *r, size_t n)
{
    struct step *list;
    size_t count;
    must(r->c, ledger_list_steps(r->c->arena, r->c->store, r->line, &list, &count, &r->c->err));
    assert_true(n < count);
    return list[n];
}

static struct line line_of(const struct review_case *r)
{
    struct line line;
    must(r->c, ledger_find_line_by_id(r->c->arena, r->c->store, r->line, &line, &r->c->err));
    return line;
}

static void say(const struct review_case *r, size_t n, enum step_act act, int64_t who,
                const char *when)
{
    struct step step = step_of(r, n);
    const struct step_deed does = {
        .act = act, .actor = who, .reason = STEP_REASON_SITE, .words = STR("So.")};
    const struct ledger_deed deed = {.now_ms = at(when)};
    must(r->c, ledger_act_on_step(r->c->arena, r->c->store, r->calendar, &step, &does, &deed,
                                  &r->c->err));
}

static enum status act(const struct review_case *r, enum review_act act, const char *when)
{
    const struct review_deed does = {
        .act = act, .actor = 2, .words = STR("So."), .verdict = REVIEW_AGREED, .stage = 1};
    const struct ledger_deed deed = {.now_ms = at(when)};
    return ledger_act_on_review(r->c->arena, r->c->store, r->calendar, r->line, &does, &deed,
                                &r->c->err);
}

/* Member 2 leads it; 3 and 4 are in the units that are asked, at the same time in stage 1, and unit 2 once more. */
static struct review_case make(struct ledger_case *c)
{
    struct review_case r = {.c = c, .calendar = load(c->arena, "weekdays")};
    struct line line = {.title = STR("Old bridge"), .lead = 2};
    const struct ledger_deed deed = {.now_ms = at("2026-03-02")};
    must(c, store_run(c->store, "INSERT INTO role (member, role) VALUES (2, 'lead')", &c->err));
    must(c, ledger_make_review(c->arena, c->store, &line, STR("Rule 7"), 0, 2, &deed, &c->err));
    r.line = line.id;
    for (int i = 0; i < 2; i++) {
        struct unit unit = {.name = i ? STR("Water") : STR("Roads")};
        must(c, ledger_make_unit(c->arena, c->store, &unit, 0, &c->err));
        must(c, ledger_put_in_unit(c->store, unit.id, 3 + i, &c->err));
        r.units[i] = unit.id;
    }
    for (int i = 0; i < 3; i++) {
        struct step step = {.line = line.id,
                            .stage = 1 + i / 2,
                            .unit = r.units[i ? 1 : 0],
                            .limit_days = i == 2 ? 3 : 5,
                            .silence = i == 1};
        must(c, ledger_add_step(c->arena, c->store, &step, &deed, &c->err));
    }
    return r;
}

static void the_line_is_due_when_all_limits_have_run_out_and_questions_move_that_on(void **state)
{
    struct review_case r = make(*state);
    assert_int_equal(line_of(&r).due_day, 0);
    must(r.c, act(&r, REVIEW_ACT_START, "2026-03-02"));
    assert_int_equal(line_of(&r).state, LINE_ACTIVE);
    assert_int_equal(line_of(&r).begins_day, day("2026-03-02"));
    assert_int_equal(line_of(&r).due_day, day("2026-03-12")); /* five days, then three */
    say(&r, 0, STEP_ACT_ASK, 3, "2026-03-03");
    say(&r, 0, STEP_ACT_ANSWER, 2, "2026-03-06");
    assert_int_equal(line_of(&r).due_day, day("2026-03-18"));
    say(&r, 0, STEP_ACT_AGREE, 3, "2026-03-09");
    assert_int_equal(line_of(&r).due_day, day("2026-03-18")); /* never back */
    assert_int_equal(line_of(&r).progress, 31);
}

static void a_lapse_at_night_moves_the_review_on_like_an_act(void **state)
{
    struct review_case r = make(*state);
    int64_t after = 0;
    size_t lapsed = 0;
    must(r.c, act(&r, REVIEW_ACT_START, "2026-03-02"));
    say(&r, 0, STEP_ACT_AGREE, 3, "2026-03-04");
    must(r.c,
         ledger_keep_clocks(r.c->arena, r.c->store, r.calendar,
                            calendar_moment_of(day("2026-03-10")), &after, 10, &lapsed, &r.c->err));
    assert_int_equal(lapsed, 1);
    assert_int_equal(step_of(&r, 2).state, STEP_OPEN);
    assert_int_equal(line_of(&r).progress, 63);
}

static void a_reply_ends_the_line_and_is_given_only_when_all_have_spoken(void **state)
{
    struct review_case r = make(*state);
    struct review_reply *list;
    size_t count;
    assert_int_equal(act(&r, REVIEW_ACT_REPLY, "2026-03-02"), STATUS_CONFLICT);
    must(r.c, act(&r, REVIEW_ACT_START, "2026-03-02"));
    assert_int_equal(act(&r, REVIEW_ACT_START, "2026-03-02"), STATUS_CONFLICT);
    say(&r, 0, STEP_ACT_AGREE, 3, "2026-03-04");
    assert_int_equal(act(&r, REVIEW_ACT_REPLY, "2026-03-04"), STATUS_CONFLICT);
    say(&r, 1, STEP_ACT_REFUSE, 4, "2026-03-05");
    must(r.c, act(&r, REVIEW_ACT_REPLY, "2026-03-06")); /* a refusal holds up the rest for good */
    assert_int_equal(line_of(&r).state, LINE_DONE);
    assert_int_equal(step_of(&r, 2).state, STEP_DROPPED);
    must(r.c, act(&r, REVIEW_ACT_BACK, "2026-03-09"));
    assert_int_equal(line_of(&r).state, LINE_ACTIVE);
    must(r.c, ledger_list_review_replies(r.c->arena, r.c->store, r.line, &list, &count, &r.c->err));
    assert_int_equal(count, 1);
}

static void who_does_not_answer_for_the_matter_decides_nothing_about_it(void **state)
{
    struct review_case r = make(*state);
    const struct review_deed start = {.act = REVIEW_ACT_START, .actor = 3};
    const struct ledger_deed deed = {.now_ms = at("2026-03-02")};
    assert_int_equal(
        ledger_act_on_review(r.c->arena, r.c->store, r.calendar, r.line, &start, &deed, &r.c->err),
        STATUS_FORBIDDEN);
}

static void what_is_withdrawn_is_closed_and_asks_nobody_any_more(void **state)
{
    struct review_case r = make(*state);
    must(r.c, act(&r, REVIEW_ACT_START, "2026-03-02"));
    must(r.c, act(&r, REVIEW_ACT_WITHDRAW, "2026-03-03"));
    assert_int_equal(line_of(&r).state, LINE_CLOSED);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(step_of(&r, i).state, STEP_DROPPED);
    assert_int_equal(act(&r, REVIEW_ACT_BACK, "2026-03-04"), STATUS_CONFLICT);
}

/* --- whatever is done ----------------------------------------------------------------------------- */

/* What must hold of a running review on any evening. */
static void holds(const struct review_case *r, int64_t now_ms)
{
    struct step *list;
    size_t count;
    struct step_sum sum;
    int64_t first = INT64_MAX;
    must(r->c, ledger_list_steps(r->c->arena, r->c->store, r->line, &list, &count, &r->c->err));
    must(r->c, ledger_sum_steps(r->c->store, r->line, &sum, &r->c->err));
    for (size_t i = 0; i < count; i++)
        if (!list[i].again_ms && !(STEP_WELL >> list[i].state & 1U) && list[i].stage < first)
            first = list[i].stage;
    for (size_t i = 0; i < count; i++) {
        struct clock_reading clock;
        bool running = list[i].state == STEP_OPEN || list[i].state == STEP_ASKED;
        if (list[i].again_ms)
            continue;
        if (running)
            assert_int_equal(list[i].stage, first);
        if (list[i].state == STEP_WAITING && list[i].stage == first)
            assert_true(sum.stuck || !sum.running);
        must(r->c, ledger_read_step_clock(r->c->arena, r->c->store, r->calendar, &list[i],
                                          calendar_day_of(now_ms), &clock, &r->c->err));
        assert_false(clock.lapsed); /* the round has been */
        assert_int_equal(list[i].state == STEP_ASKED, clock.holds);
        if (list[i].state == STEP_SILENT)
            assert_int_equal(clock.used, list[i].limit_days);
    }
}

static void whatever_people_do_stages_keep_their_order_and_nothing_lapses_early_or_twice(
    void **state)
{
    struct ledger_case *c = *state;
    struct review_case r = make(c);
    int64_t today = day("2026-03-02");
    size_t lapsed = 0;
    size_t refused = 0;
    srandom(12);
    must(c, act(&r, REVIEW_ACT_START, "2026-03-02"));
    for (int i = 0; i < 1500; i++) {
        int64_t after = 0;
        struct step *list;
        size_t count;
        today += random() % 4 == 0;
        int64_t now_ms = calendar_moment_of(today) + random() % 80000000;
        const struct ledger_deed deed = {.now_ms = now_ms, .why = STR("Again.")};
        must(c, ledger_keep_clocks(c->arena, c->store, r.calendar, now_ms, &after, 100, &lapsed,
                                   &c->err));
        must(c, ledger_list_steps(c->arena, c->store, r.line, &list, &count, &c->err));
        struct step step = list[(size_t)random() % count];
        const struct step_deed does = {.act = (enum step_act)(random() % STEP_ACTS),
                                       .actor = 2 + random() % 3,
                                       .reason = STEP_REASON_SITE,
                                       .words = STR("So.")};
        if (step_rules[does.act].to == STEP_WAITING || random() % 3)
            refused += ledger_act_on_step(c->arena, c->store, r.calendar, &step, &does, &deed,
                                          &c->err) != STATUS_OK;
        holds(&r, now_ms);
        struct step_sum sum;
        must(c, ledger_sum_steps(c->store, r.line, &sum, &c->err));
        if (sum.over && count < 150)
            must(c,
                 ledger_send_steps_back(c->arena, c->store, r.calendar, r.line, 1, &deed, &c->err));
    }
    assert_true(lapsed > 5 && refused > 100);
    struct query *q = query_start(c->store, "SELECT count(*) FROM event WHERE kind = 'line.step'"
                                            " AND json_extract(data, '$.act') = 'lapse'");
    assert_true(query_row(q) && query_int(q, 0) == (int64_t)lapsed);
    must(c, query_end(q, &c->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_a_row_for_every_act_and_words_for_everything),
        cmocka_unit_test(opinions_come_to_the_gravest_of_them),
        cmocka_unit_test(the_reply_tells_refusals_first_and_leaves_nobody_out),
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)
        CASE(the_line_is_due_when_all_limits_have_run_out_and_questions_move_that_on),
        CASE(a_lapse_at_night_moves_the_review_on_like_an_act),
        CASE(a_reply_ends_the_line_and_is_given_only_when_all_have_spoken),
        CASE(who_does_not_answer_for_the_matter_decides_nothing_about_it),
        CASE(what_is_withdrawn_is_closed_and_asks_nobody_any_more),
        CASE(whatever_people_do_stages_keep_their_order_and_nothing_lapses_early_or_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
