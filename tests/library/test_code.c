/* Codes: typed as people type, checked before they are looked up, good once. */
#include "library_case.h"

#include <ctype.h>
#include <string.h>

#include "library/code.h"
#include "library/plan.h"

#define DAY ((int64_t)24 * 3600 * 1000)
#define NOW (1000 * DAY)

static int64_t make_plan(struct library_case *c)
{
    struct plan plan = {
        .name = STR("P"), .currency = STR("CNY"), .days = 365, .lookback_days = 1096};
    must(c, library_make_plan(c->arena, c->store, &plan, &c->err));
    return plan.id;
}

static struct str make_code(struct library_case *c, struct code_batch *batch)
{
    struct str code;
    must(c, library_new_code(c->arena, &code, &c->err));
    must(c, library_make_codes(c->store, batch, &code, 1, NOW, &c->err));
    return code;
}

static void a_code_is_read_however_it_is_typed(void **state)
{
    struct library_case *c = *state;
    for (int i = 0; i < 200; i++) {
        struct str code;
        char plain[CODE_LEN + 1];
        char again[CODE_LEN + 1];
        struct buf typed = {.arena = c->arena};
        must(c, library_new_code(c->arena, &code, &c->err));
        assert_int_equal(code.len, CODE_TEXT_LEN);
        must(c, library_read_code(code, plain, &c->err));
        assert_int_equal(strlen(plain), CODE_LEN);
        assert_null(strpbrk(plain, "01ILO"));
        for (size_t k = 0; k < CODE_LEN; k++)
            buf_format(&typed, k % 3 ? "%c" : " %c", tolower((unsigned char)plain[k]));
        must(c, library_read_code(buf_str(&typed), again, &c->err));
        assert_string_equal(plain, again);
    }
}

static void any_one_wrong_character_is_noticed_and_any_two_changed_round(void **state)
{
    static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    struct library_case *c = *state;
    for (int i = 0; i < 50; i++) {
        struct str code;
        char plain[CODE_LEN + 1];
        char wrong[CODE_LEN + 1];
        char out[CODE_LEN + 1];
        must(c, library_new_code(c->arena, &code, &c->err));
        must(c, library_read_code(code, plain, &c->err));
        for (size_t k = 0; k < CODE_LEN; k++)
            for (const char *a = alphabet; *a; a++) {
                memcpy(wrong, plain, sizeof wrong);
                wrong[k] = *a;
                enum status status = library_read_code(str_of(wrong), out, &c->err);
                assert_int_equal(status, *a == plain[k] ? STATUS_OK : STATUS_INPUT);
            }
        for (size_t k = 0; k + 1 < CODE_LEN; k++) {
            memcpy(wrong, plain, sizeof wrong);
            wrong[k] = plain[k + 1];
            wrong[k + 1] = plain[k];
            enum status status = library_read_code(str_of(wrong), out, &c->err);
            assert_int_equal(status, plain[k] == plain[k + 1] ? STATUS_OK : STATUS_INPUT);
        }
    }
}

static void what_can_not_be_a_code_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "-",
                                      "2",
                                      "2222-2222-2222-222",
                                      "2222-2222-2222-22222",
                                      "OOOO-OOOO-OOOO-OOOO",
                                      "2222-2222-2222-222\xE5"};
    struct library_case *c = *state;
    char out[CODE_LEN + 1];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(library_read_code(str_of(bad[i]), out, &c->err), STATUS_INPUT);
    assert_int_equal(library_read_code((struct str){"\0\0", 2}, out, &c->err), STATUS_INPUT);
}

static void a_code_gives_its_plan_once(void **state)
{
    struct library_case *c = *state;
    struct subscription s;
    add_members(c, 2);
    must(c, store_begin(c->store, &c->err));
    struct code_batch batch = {.key = STR("b1"), .plan = make_plan(c)};
    struct str code = make_code(c, &batch);
    must(c, library_redeem_code(c->store, 1, code, NOW, &s, &c->err));
    assert_int_equal(s.starts_ms, NOW);
    assert_int_equal(s.ends_ms, NOW + 365 * DAY);
    assert_int_equal(s.lookback_ms, NOW - 1096 * DAY);
    assert_int_equal(library_redeem_code(c->store, 1, code, NOW, &s, &c->err), STATUS_CONFLICT);
    assert_non_null(strstr(c->err.en, "You have redeemed"));
    assert_int_equal(library_redeem_code(c->store, 2, code, NOW, &s, &c->err), STATUS_CONFLICT);
    assert_non_null(strstr(c->err.en, "somebody else"));
    must(c, store_commit(c->store, &c->err));
}

static void a_code_that_was_voided_has_run_out_or_never_was_gives_nothing(void **state)
{
    struct library_case *c = *state;
    struct subscription s;
    struct str stray;
    add_members(c, 1);
    must(c, store_begin(c->store, &c->err));
    int64_t plan = make_plan(c);
    struct code_batch voided = {.key = STR("b1"), .plan = plan};
    struct code_batch old = {.key = STR("b2"), .plan = plan, .expires_ms = NOW};
    struct str first = make_code(c, &voided);
    struct str second = make_code(c, &old);
    must(c, library_void_codes(c->store, voided.id, NOW, &c->err));
    assert_int_equal(library_void_codes(c->store, voided.id, NOW, &c->err), STATUS_CONFLICT);
    must(c, library_new_code(c->arena, &stray, &c->err));
    assert_int_equal(library_redeem_code(c->store, 1, first, NOW, &s, &c->err), STATUS_CONFLICT);
    assert_int_equal(library_redeem_code(c->store, 1, second, NOW, &s, &c->err), STATUS_CONFLICT);
    assert_int_equal(library_redeem_code(c->store, 1, stray, NOW, &s, &c->err), STATUS_MISSING);
    must(c, library_redeem_code(c->store, 1, second, NOW - 1, &s, &c->err));
    must(c, store_commit(c->store, &c->err));
}

static void a_batch_is_made_once_and_its_codes_are_nowhere_in_the_store(void **state)
{
    struct library_case *c = *state;
    struct code_state *list;
    size_t count;
    must(c, store_begin(c->store, &c->err));
    struct code_batch batch = {.key = STR("b1"), .plan = make_plan(c)};
    struct str code = make_code(c, &batch);
    assert_int_equal(library_make_codes(c->store, &batch, &code, 1, NOW, &c->err), STATUS_CONFLICT);
    must(c, library_list_codes(c->arena, c->store, batch.id, 0, 10, &list, &count, &c->err));
    assert_int_equal(count, 1);
    assert_true(str_equal(list[0].tail, str_slice(code, CODE_TEXT_LEN - 4, 4)));
    struct query *q = query_start(c->store, "SELECT count(*) FROM code WHERE length(hash) = 32");
    assert_true(query_row(q));
    assert_int_equal(query_int(q, 0), 1);
    must(c, query_end(q, &c->err));
    must(c, library_close_plan(c->store, batch.plan, NOW, &c->err));
    batch.key = STR("b2");
    assert_int_equal(library_make_codes(c->store, &batch, &code, 1, NOW, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_code_is_read_however_it_is_typed),
        CASE(any_one_wrong_character_is_noticed_and_any_two_changed_round),
        CASE(what_can_not_be_a_code_is_refused),
        CASE(a_code_gives_its_plan_once),
        CASE(a_code_that_was_voided_has_run_out_or_never_was_gives_nothing),
        CASE(a_batch_is_made_once_and_its_codes_are_nowhere_in_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
