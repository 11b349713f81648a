/* The states of requests: no dead end, whatever way is taken. */
#include "library_case.h"

#include <string.h>

#include "library/ask.h"

static void every_state_is_reached_and_left_again(void **state)
{
    (void)state;
    bool reached[ASK_STATES] = {[ASK_OPEN] = true};
    for (int round = 0; round < ASK_STATES; round++)
        for (const struct ask_step *s = ask_steps; s->from != s->to; s++)
            reached[s->to] |= reached[s->from];
    for (int i = 0; i < ASK_STATES; i++) {
        unsigned out = 0;
        for (int k = 0; k < ASK_STATES; k++)
            out += ask_find_step((enum ask_state)i, (enum ask_state)k) != NULL;
        assert_true(reached[i]);
        assert_true(out > 0);
        assert_null(ask_find_step((enum ask_state)i, (enum ask_state)i));
        enum ask_state parsed = ASK_STATES;
        assert_true(ask_state_parse(str_of(ask_state_name((enum ask_state)i)), &parsed));
        assert_int_equal(parsed, i);
    }
}

static void whoever_says_no_says_why_and_whoever_says_done_shows_the_paper(void **state)
{
    (void)state;
    for (const struct ask_step *s = ask_steps; s->from != s->to; s++) {
        assert_true(s->to != ASK_DECLINED || s->need == ASK_NEEDS_REASON);
        assert_int_equal(s->to == ASK_PUBLISHED, s->need == ASK_NEEDS_PAPER);
    }
}

/* Walks the states at random and sees that the store follows the table and nothing else. */
static void answers_at_random_never_leave_the_table(void **state)
{
    struct library_case *c = *state;
    uint64_t dice = 88172645463325252ULL;
    int64_t id;
    add_members(c, 2);
    struct edition_text paper = publish_text(c, STR("短文\n\n正文在此。\n"), 0);
    struct new_ask a = {.author = 1, .title = STR("需求")};
    must(c, store_begin(c->store, &c->err));
    must(c, library_make_ask(c->arena, c->store, &a, 1, &id, &c->err));
    must(c, store_commit(c->store, &c->err));
    enum ask_state now = ASK_OPEN;
    for (int round = 0; round < 300; round++) {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        struct ask_answer answer = {.state = (enum ask_state)(dice % ASK_STATES), .editor = 2};
        bool reasoned = dice >> 8 & 1;
        bool shown = dice >> 9 & 1;
        answer.reason = reasoned ? STR("缘由") : STR("");
        answer.paper = shown ? paper.edition.paper : 0;
        const struct ask_step *step = ask_find_step(now, answer.state);
        bool good = step && (step->need != ASK_NEEDS_REASON || reasoned) &&
                    (step->need != ASK_NEEDS_PAPER || shown);
        must(c, store_begin(c->store, &c->err));
        enum status status = library_answer_ask(c->arena, c->store, id, &answer, 2, &c->err);
        if (status)
            store_rollback(c->store);
        else
            must(c, store_commit(c->store, &c->err));
        assert_int_equal(status == STATUS_OK, good);
        now = good ? answer.state : now;
        struct query *q = query_start(c->store, "SELECT state FROM request");
        assert_true(query_row(q));
        assert_string_equal(str_z(c->arena, query_str(q, 0)), ask_state_name(now));
        must(c, query_end(q, &c->err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_is_reached_and_left_again),
        cmocka_unit_test(whoever_says_no_says_why_and_whoever_says_done_shows_the_paper),
        cmocka_unit_test_setup_teardown(answers_at_random_never_leave_the_table, open_case,
                                        close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
