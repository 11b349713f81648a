/* Accounts: passwords, tickets, tries, the second factor, roles. */
#include "library_case.h"

#include <sodium.h>
#include <string.h>

#include "library/account.h"
#include "library/attempt.h"
#include "library/password.h"
#include "library/second_factor.h"
#include "library/ticket.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* --- passwords ------------------------------------------------------------------------------------ */

static void a_password_is_judged_by_what_others_would_guess(void **state)
{
    static const struct {
        const char *password;
        enum status status;
        const char *why;
    } cases[] = {
        {"ninechars", STATUS_INPUT, "9 characters"},
        {"九个汉字还是太短了", STATUS_INPUT, "9 characters"},
        {"password2024", STATUS_INPUT, "try first"},
        {"P@ssw0rd2024", STATUS_INPUT, "try first"},
        {"iloveyou1234", STATUS_INPUT, "try first"},
        {"Lihua-lihua", STATUS_INPUT, "your name"},
        {"harbour2026", STATUS_INPUT, "your name"},
        {"aaaaaaaaaaaaaaa", STATUS_INPUT, "repeats"},
        {"abcdefghijkl", STATUS_INPUT, "a row"},
        {"2019-11-24", STATUS_INPUT, "a date"},
        {"lantern under cold bridge", STATUS_OK, ""},
        {"渡口的旧灯塔还亮着", STATUS_INPUT, "9 characters"},
        {"渡口的旧灯塔今夜还亮着", STATUS_OK, ""},
        {"x7#Kp2!vQz", STATUS_OK, ""},
        {"lantern under\tcold bridge", STATUS_INPUT, "can't be seen"},
        {"lantern under\x01 cold bridge", STATUS_INPUT, "can't be seen"},
        {"lantern under\xE2\x80\x8B cold bridge", STATUS_INPUT, "can't be seen"},
        {"lantern under cold bridge\r\n", STATUS_INPUT, "can't be seen"},
        {"lantern under \xFF cold bridge", STATUS_INPUT, "can't be seen"},
        {"e\xCC\x81"
         "e\xCC\x81"
         "e\xCC\x81"
         "e\xCC\x81"
         "e\xCC\x81",
         STATUS_INPUT, "5 characters"},
    };
    struct library_case *c = *state;
    const struct str personal[] = {STR("Lihua"), STR(""), STR("Harbour")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status status =
            password_judge(c->arena, str_of(cases[i].password), personal, 3, &c->err);
        if (status != cases[i].status || (status && !strstr(c->err.en, cases[i].why)))
            fail_msg("%s: %d, %s", cases[i].password, status, status ? c->err.en : "");
    }
    struct buf longest = {.arena = c->arena};
    for (int i = 0; i < 201; i++)
        buf_add_byte(&longest, (char)('a' + i * 7 % 26));
    assert_int_equal(password_judge(c->arena, buf_str(&longest), NULL, 0, &c->err), STATUS_INPUT);
}

static void a_kept_password_fits_itself_only_and_nothing_kept_fits_none(void **state)
{
    struct library_case *c = *state;
    struct str hash;
    struct str again;
    must(c, password_hash(c->arena, STR("lantern under"), &hash, &c->err));
    must(c, password_hash(c->arena, STR("lantern under"), &again, &c->err));
    assert_true(str_starts(hash, STR("$argon2id$")));
    assert_false(str_equal(hash, again));
    assert_true(password_fits(c->arena, hash, STR("lantern under")));
    assert_false(password_fits(c->arena, hash, STR("lantern unde")));
    assert_false(password_fits(c->arena, hash, STR("")));
    assert_false(password_fits(c->arena, STR(""), STR("")));
    assert_false(password_fits(c->arena, STR("nonsense"), STR("nonsense")));
}

/* What one input method writes as one character another writes as two; spaces come in many widths. */
static void a_password_is_the_same_by_whatever_input_method_it_is_typed(void **state)
{
    static const struct {
        const char *chosen, *typed;
        bool fits;
    } cases[] = {
        {"caf\xC3\xA9 under bridge", "cafe\xCC\x81 under bridge", true},
        {"cafe\xCC\x81 under bridge", "caf\xC3\xA9 under bridge", true},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB lantern", "\xED\x95\x9C lantern", true},
        {"渡口 旧灯塔", "渡口　旧灯塔", true},
        {"lantern\xC2\xA0under", "lantern under", true},
        {" lantern under ", "lantern under", false},
        {"ＬＡＮＴＥＲＮ", "LANTERN", false},
        {"Lantern under", "lantern under", false},
        {"ﬁle under", "file under", false},
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str hash;
        must(c, password_hash(c->arena, str_of(cases[i].chosen), &hash, &c->err));
        if (password_fits(c->arena, hash, str_of(cases[i].typed)) != cases[i].fits)
            fail_msg("%s and %s", cases[i].chosen, cases[i].typed);
    }
    struct str hash;
    must(c, password_hash(c->arena, STR("lantern under"), &hash, &c->err));
    assert_false(password_fits(c->arena, hash, STR("lantern under\xE2\x80\x8B")));
    assert_false(password_fits(c->arena, hash, STR("lantern under\0")));
    assert_int_equal(password_hash(c->arena, STR("lantern\nunder"), &hash, &c->err), STATUS_INPUT);
}

static void nobody_costs_what_everybody_does(void **state)
{
    struct library_case *c = *state;
    struct str hash;
    must(c, password_hash(c->arena, STR("lantern under"), &hash, &c->err));
    size_t cost = str_find(hash, STR("p=1$"), 0);
    assert_true(str_starts(STR(PASSWORD_NOBODY), str_slice(hash, 0, cost)));
    /* Whole, so that it is worked through and not thrown out. */
    char nobody[crypto_pwhash_STRBYTES] = PASSWORD_NOBODY;
    assert_int_equal(crypto_pwhash_str_needs_rehash(nobody, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                    crypto_pwhash_MEMLIMIT_INTERACTIVE),
                     0);
}

/* --- tickets -------------------------------------------------------------------------------------- */

static struct str make_ticket(struct library_case *c, enum ticket_kind kind, int64_t now_ms)
{
    struct str secret;
    must(c, store_begin(c->store, &c->err));
    must(c, ticket_make(c->arena, c->store, kind, 1, now_ms, &secret, &c->err));
    must(c, store_commit(c->store, &c->err));
    return secret;
}

static enum status use_ticket(struct library_case *c, enum ticket_kind kind, struct str secret,
                              int64_t now_ms)
{
    int64_t member;
    must(c, store_begin(c->store, &c->err));
    enum status status = ticket_use(c->store, kind, secret, now_ms, &member, &c->err);
    must(c, store_commit(c->store, &c->err));
    return status;
}

static void a_ticket_is_good_once_for_its_kind_and_its_time(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    struct str first = make_ticket(c, TICKET_RESET, 1000);
    assert_int_equal(first.len, 32);
    assert_int_equal(use_ticket(c, TICKET_INVITATION, first, 2000), STATUS_MISSING);
    assert_int_equal(use_ticket(c, TICKET_RESET, first, 1000 + ticket_lasts_ms(TICKET_RESET)),
                     STATUS_MISSING);
    assert_int_equal(use_ticket(c, TICKET_RESET, first, 2000), STATUS_OK);
    assert_int_equal(use_ticket(c, TICKET_RESET, first, 2001), STATUS_MISSING);
    struct str second = make_ticket(c, TICKET_RESET, 3000);
    struct str third = make_ticket(c, TICKET_RESET, 3000);
    assert_int_equal(use_ticket(c, TICKET_RESET, second, 3001), STATUS_MISSING);
    assert_int_equal(use_ticket(c, TICKET_RESET, third, 3001), STATUS_OK);
    assert_int_equal(use_ticket(c, TICKET_RESET, STR(""), 3001), STATUS_MISSING);
}

/* --- tries ---------------------------------------------------------------------------------------- */

static void the_pause_doubles_after_the_free_tries_up_to_a_limit(void **state)
{
    static const struct {
        enum attempt_kind kind;
        int64_t failures, pause_ms;
    } cases[] = {
        {ATTEMPT_ACCOUNT, 0, 0},
        {ATTEMPT_ACCOUNT, 4, 0},
        {ATTEMPT_ACCOUNT, 5, 10000},
        {ATTEMPT_ACCOUNT, 6, 20000},
        {ATTEMPT_ACCOUNT, 10, 320000},
        {ATTEMPT_ACCOUNT, 14, 900000},
        {ATTEMPT_ACCOUNT, INT64_MAX, 900000},
        {ATTEMPT_NETWORK, 29, 0},
        {ATTEMPT_NETWORK, 30, 10000},
        {ATTEMPT_KNOWN, 4, 0},
        {ATTEMPT_KNOWN, 100, 900000},
        {ATTEMPT_LETTER, 3, 300000},
        {ATTEMPT_LETTER, 60, DAY_MS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(attempt_pause_ms(cases[i].kind, cases[i].failures), cases[i].pause_ms);
}

static enum status try_at(struct library_case *c, const struct attempt *a, int64_t now_ms,
                          int64_t *wait_ms)
{
    must(c, store_begin(c->store, &c->err));
    enum status status = attempt_count(c->store, a, 1, now_ms, wait_ms, &c->err);
    must(c, store_commit(c->store, &c->err));
    return status;
}

static void tries_are_slowed_forgiven_and_forgotten(void **state)
{
    struct library_case *c = *state;
    struct attempt a = attempt_at(c->store, ATTEMPT_ACCOUNT, STR("Li@Example.org"));
    struct attempt same = attempt_at(c->store, ATTEMPT_ACCOUNT, STR("li@example.ORG"));
    struct attempt other = attempt_at(c->store, ATTEMPT_KNOWN, STR("li@example.org"));
    int64_t wait_ms;
    int64_t now = 100 * DAY_MS;
    assert_string_equal(a.subject, same.subject);
    assert_string_not_equal(a.subject, other.subject);
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_at(c, &a, now, &wait_ms), STATUS_OK);
    assert_int_equal(try_at(c, &a, now + 500, &wait_ms), STATUS_LIMITED);
    assert_int_equal(wait_ms, 9500);
    assert_int_equal(try_at(c, &other, now, &wait_ms), STATUS_OK);
    assert_int_equal(try_at(c, &a, now + 10000, &wait_ms), STATUS_OK);
    assert_int_equal(try_at(c, &a, now + 10000 + 19999, &wait_ms), STATUS_LIMITED);
    must(c, store_begin(c->store, &c->err));
    must(c, attempt_forgive(c->store, &a, 1, &c->err));
    must(c, store_commit(c->store, &c->err));
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_at(c, &a, now + 40000, &wait_ms), STATUS_OK);
    assert_int_equal(try_at(c, &a, now + 40000, &wait_ms), STATUS_LIMITED);
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_at(c, &a, now + 40000 + DAY_MS, &wait_ms), STATUS_OK);
}

static void tries_while_the_clock_was_ahead_lock_nobody_out_when_it_is_right(void **state)
{
    struct library_case *c = *state;
    struct attempt a = attempt_at(c->store, ATTEMPT_ACCOUNT, STR("li@example.org"));
    int64_t wait_ms;
    int64_t now = 100 * DAY_MS;
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_at(c, &a, now + 365 * DAY_MS, &wait_ms), STATUS_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_at(c, &a, now, &wait_ms), i ? STATUS_LIMITED : STATUS_OK);
    /* One that came in earlier and is judged later gains nothing. */
    assert_int_equal(try_at(c, &a, now - 5000, &wait_ms), STATUS_LIMITED);
}

/* --- second factor -------------------------------------------------------------------------------- */

/* RFC 6238, appendix B, the last six digits of its SHA-1 vectors. */
static void codes_are_those_of_the_standard(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } cases[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    struct second_factor factor;
    (void)state;
    memcpy(factor.secret, "12345678901234567890", sizeof factor.secret);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            second_factor_match(&factor, str_of(cases[i].code), cases[i].seconds * 1000, 0),
            cases[i].seconds / 30);
}

static void a_code_is_taken_one_step_around_and_each_step_once(void **state)
{
    static const struct {
        const char *code;
        int64_t seconds, last_step, step;
    } cases[] = {
        {"287082", 59, 0, 1},  {"287082", 89, 0, 1}, {"287082", 90, 0, 0}, {"287082", 29, 0, 1},
        {"287 082", 59, 0, 1}, {"287082", 59, 1, 0}, {"287082", 59, 2, 0}, {"28708", 59, 0, 0},
        {"2870822", 59, 0, 0}, {"", 59, 0, 0},       {"abcdef", 59, 0, 0}, {"287083", 59, 0, 0},
    };
    struct second_factor factor;
    (void)state;
    memcpy(factor.secret, "12345678901234567890", sizeof factor.secret);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(second_factor_match(&factor, str_of(cases[i].code),
                                             cases[i].seconds * 1000, cases[i].last_step),
                         cases[i].step);
}

static void a_secret_comes_back_from_its_text_and_stands_in_its_address(void **state)
{
    struct library_case *c = *state;
    struct second_factor factor;
    struct second_factor back;
    must(c, second_factor_draw(&factor, &c->err));
    struct str text = second_factor_text(c->arena, &factor);
    assert_int_equal(text.len, 32);
    assert_true(second_factor_parse(text, &back));
    assert_memory_equal(&factor, &back, sizeof factor);
    assert_false(second_factor_parse(STR("AAAA"), &back));
    assert_false(second_factor_parse(STR("not base32 at all!"), &back));
    struct str uri =
        second_factor_uri(c->arena, &factor, STR("li+x@example.org"), STR("文库 & co"));
    assert_true(str_starts(uri, STR("otpauth://totp/%E6%96%87%E5%BA%93%20%26%20co:li%2Bx%40")));
}

static void recovery_codes_serve_once_each(void **state)
{
    struct library_case *c = *state;
    struct second_factor factor;
    struct str codes[SECOND_FACTOR_RECOVERY];
    bool on;
    bool recovery;
    int64_t left;
    add_members(c, 1);
    memcpy(factor.secret, "12345678901234567890", sizeof factor.secret);
    must(c, store_run(c->store, "INSERT INTO account (member, created_ms) VALUES (1, 1)", &c->err));
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(
        second_factor_turn_on(c->arena, c->store, 1, &factor, STR("000000"), 59000, codes, &c->err),
        STATUS_INPUT);
    must(c, second_factor_turn_on(c->arena, c->store, 1, &factor, STR("287082"), 59000, codes,
                                  &c->err));
    assert_int_equal(
        second_factor_use(c->arena, c->store, 1, STR("287082"), 59000, &recovery, &c->err),
        STATUS_FORBIDDEN);
    for (size_t i = 0; i < SECOND_FACTOR_RECOVERY; i++) {
        must(c, second_factor_use(c->arena, c->store, 1, codes[i], 59000, &recovery, &c->err));
        assert_true(recovery);
        assert_int_equal(
            second_factor_use(c->arena, c->store, 1, codes[i], 59000, &recovery, &c->err),
            STATUS_FORBIDDEN);
    }
    must(c, second_factor_of(c->store, 1, &on, &left, &c->err));
    assert_true(on);
    assert_int_equal(left, 0);
    must(c, second_factor_turn_off(c->arena, c->store, 1, &c->err));
    assert_int_equal(
        second_factor_use(c->arena, c->store, 1, STR("081804"), 1111111109000, &recovery, &c->err),
        STATUS_FORBIDDEN);
    must(c, store_commit(c->store, &c->err));
}

/* --- roles ---------------------------------------------------------------------------------------- */

static void there_is_always_an_owner_who_can_act(void **state)
{
    struct library_case *c = *state;
    struct str roles;
    add_members(c, 2);
    must(c, account_give_role(c->arena, c->store, 1, STR("owner"), &c->err));
    assert_int_equal(account_take_role(c->arena, c->store, 1, STR("owner"), &c->err),
                     STATUS_CONFLICT);
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(account_suspend(c->arena, c->store, 1, 5, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
    must(c, account_give_role(c->arena, c->store, 2, STR("owner"), &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, account_suspend(c->arena, c->store, 2, 5, &c->err));
    must(c, store_commit(c->store, &c->err));
    assert_int_equal(account_take_role(c->arena, c->store, 1, STR("owner"), &c->err),
                     STATUS_CONFLICT);
    must(c, store_begin(c->store, &c->err));
    must(c, account_lift(c->arena, c->store, 2, 6, &c->err));
    must(c, store_commit(c->store, &c->err));
    must(c, account_take_role(c->arena, c->store, 1, STR("owner"), &c->err));
    must(c, account_list_roles(c->arena, c->store, 1, &roles, &c->err));
    assert_int_equal(roles.len, 0);
    assert_int_equal(account_give_role(c->arena, c->store, 1, STR("king"), &c->err), STATUS_USAGE);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_password_is_judged_by_what_others_would_guess),
        CASE(a_kept_password_fits_itself_only_and_nothing_kept_fits_none),
        CASE(a_password_is_the_same_by_whatever_input_method_it_is_typed),
        CASE(nobody_costs_what_everybody_does),
        CASE(a_ticket_is_good_once_for_its_kind_and_its_time),
        CASE(the_pause_doubles_after_the_free_tries_up_to_a_limit),
        CASE(tries_are_slowed_forgiven_and_forgotten),
        CASE(tries_while_the_clock_was_ahead_lock_nobody_out_when_it_is_right),
        CASE(codes_are_those_of_the_standard),
        CASE(a_code_is_taken_one_step_around_and_each_step_once),
        CASE(a_secret_comes_back_from_its_text_and_stands_in_its_address),
        CASE(recovery_codes_serve_once_each),
        CASE(there_is_always_an_owner_who_can_act),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
