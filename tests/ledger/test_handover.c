/* Lines handed over: in force when the other accepts, and by nobody else. */
#include "ledger_case.h"

#include "ledger/handover.h"

static const struct ledger_deed why = {.now_ms = 1000, .why = {"A new post", 10}};

static int open_with_leads(void **state)
{
    if (open_case(state))
        return -1;
    struct ledger_case *c = *state;
    return store_run(c->store,
                     "INSERT INTO role (member, role) SELECT id, 'lead' FROM member"
                     " WHERE id <= 3",
                     &c->err);
}

static struct line make(struct ledger_case *c, int64_t lead)
{
    struct line line = {.kind = LEDGER_GOAL,
                        .title = STR("Clean water"),
                        .state = LINE_ACTIVE,
                        .lead = lead,
                        .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &why, &c->err));
    return line;
}

static int64_t lead_of(struct ledger_case *c, int64_t id)
{
    struct line line;
    must(c, ledger_find_line_by_id(c->arena, c->store, id, &line, &c->err));
    return line.lead;
}

static struct ledger_handover *open_of(struct ledger_case *c, int64_t member, size_t *count)
{
    struct ledger_handover *list;
    must(c, ledger_list_handovers(c->arena, c->store, member, &list, count, &c->err));
    return list;
}

static void a_line_has_its_lead_until_the_other_accepts(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, 1);
    size_t count;
    must(c, ledger_hand_over(c->arena, c->store, line.id, 1, 2, &why, &c->err));
    assert_int_equal(lead_of(c, line.id), 1);
    struct ledger_handover *list = open_of(c, 2, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ledger_accept_handover(c->arena, c->store, list->key, 1, &why, &c->err),
                     STATUS_FORBIDDEN);
    assert_int_equal(ledger_accept_handover(c->arena, c->store, list->key, 3, &why, &c->err),
                     STATUS_FORBIDDEN);
    must(c, ledger_accept_handover(c->arena, c->store, list->key, 2, &why, &c->err));
    assert_int_equal(lead_of(c, line.id), 2);
    (void)open_of(c, 2, &count);
    assert_int_equal(count, 0);
    assert_int_equal(ledger_accept_handover(c->arena, c->store, list->key, 2, &why, &c->err),
                     STATUS_MISSING);
}

static void only_its_lead_hands_a_line_over_and_says_why(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, 1);
    struct ledger_deed silent = {.now_ms = 1};
    assert_int_equal(ledger_hand_over(c->arena, c->store, line.id, 2, 3, &why, &c->err),
                     STATUS_FORBIDDEN);
    assert_int_equal(ledger_hand_over(c->arena, c->store, line.id, 1, 2, &silent, &c->err),
                     STATUS_INPUT);
    assert_int_equal(ledger_hand_over(c->arena, c->store, line.id, 1, 1, &why, &c->err),
                     STATUS_INPUT);
    assert_int_equal(ledger_hand_over(c->arena, c->store, line.id, 1, 9, &why, &c->err),
                     STATUS_INPUT); /* the ledger is not open to 9 */
    must(c, ledger_hand_over(c->arena, c->store, line.id, 1, 2, &why, &c->err));
    assert_int_equal(ledger_hand_over(c->arena, c->store, line.id, 1, 3, &why, &c->err),
                     STATUS_CONFLICT);
}

static void it_is_declined_with_a_reason_and_withdrawn_by_who_asked(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, 1);
    struct ledger_deed silent = {.now_ms = 1};
    size_t count;
    must(c, ledger_hand_over(c->arena, c->store, line.id, 1, 2, &why, &c->err));
    struct str key = open_of(c, 1, &count)->key;
    assert_int_equal(ledger_decline_handover(c->arena, c->store, key, 2, &silent, &c->err),
                     STATUS_INPUT);
    must(c, ledger_decline_handover(c->arena, c->store, key, 2, &why, &c->err));
    must(c, ledger_hand_over(c->arena, c->store, line.id, 1, 3, &why, &c->err));
    key = open_of(c, 1, &count)->key;
    assert_int_equal(ledger_withdraw_handover(c->arena, c->store, key, 3, &why, &c->err),
                     STATUS_FORBIDDEN);
    must(c, ledger_withdraw_handover(c->arena, c->store, key, 1, &silent, &c->err));
    assert_int_equal(lead_of(c, line.id), 1);
}

static void what_was_asked_lapses_when_the_line_gets_another_lead(void **state)
{
    struct ledger_case *c = *state;
    struct line line = make(c, 1);
    struct line_change other = {.field = LINE_LEAD, .number = 3};
    size_t count;
    must(c, ledger_hand_over(c->arena, c->store, line.id, 1, 2, &why, &c->err));
    struct str key = open_of(c, 2, &count)->key;
    must(c, ledger_change_line(c->store, line.id, &other, 1, &why, &c->err));
    (void)open_of(c, 2, &count);
    assert_int_equal(count, 0);
    assert_int_equal(ledger_accept_handover(c->arena, c->store, key, 2, &why, &c->err),
                     STATUS_MISSING);
    must(c, ledger_hand_over(c->arena, c->store, line.id, 3, 2, &why, &c->err));
}

static int64_t leaderless(struct ledger_case *c)
{
    struct query *q =
        query_start(c->store, "SELECT count(*) FROM line l WHERE " LEDGER_LEADERLESS_SQL);
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return count;
}

static void lines_of_who_is_gone_are_leaderless(void **state)
{
    struct ledger_case *c = *state;
    (void)make(c, 1);
    (void)make(c, 2);
    assert_int_equal(leaderless(c), 0);
    (void)make(c, 0);
    assert_int_equal(leaderless(c), 1);
    must(c, store_run(c->store,
                      "INSERT INTO account (member, created_ms, suspended_ms) VALUES (1, 1, 1)",
                      &c->err));
    assert_int_equal(leaderless(c), 2);
    must(c, store_run(c->store, "DELETE FROM role WHERE member = 2", &c->err));
    assert_int_equal(leaderless(c), 3);
    must(c, store_run(c->store, "UPDATE line SET state = 'done'", &c->err));
    assert_int_equal(leaderless(c), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_with_leads, close_case)
    const struct CMUnitTest tests[] = {
        CASE(a_line_has_its_lead_until_the_other_accepts),
        CASE(only_its_lead_hands_a_line_over_and_says_why),
        CASE(it_is_declined_with_a_reason_and_withdrawn_by_who_asked),
        CASE(what_was_asked_lapses_when_the_line_gets_another_lead),
        CASE(lines_of_who_is_gone_are_leaderless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
