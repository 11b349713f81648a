/* Subscriptions: given, renewed, paused, ended, imported; reminded of before the end, once. */
#include "library_case.h"

#include <string.h>

#include "library/letter.h"
#include "library/plan.h"
#include "library/setting.h"
#include "library/subscription.h"

#define DAY ((int64_t)24 * 3600 * 1000)
#define NOW (1000 * DAY)

static int open_plan(void **state)
{
    int status = open_case(state);
    struct library_case *c = *state;
    struct plan plan = {.name = STR("年度方案"),
                        .currency = STR("CNY"),
                        .price = 12850,
                        .days = 365,
                        .lookback_days = 1096};
    if (status)
        return status;
    add_members(c, 2);
    must(c, store_begin(c->store, &c->err));
    must(c, library_make_plan(c->arena, c->store, &plan, &c->err));
    return 0;
}

static int close_plan(void **state)
{
    store_rollback(((struct library_case *)*state)->store);
    return close_case(state);
}

static struct subscription give(struct library_case *c, int64_t starts, int64_t now_ms)
{
    struct subscription s = {.member = 1, .plan = 1, .starts_ms = starts, .source = "steward"};
    must(c, library_subscribe(c->store, &s, now_ms, &c->err));
    return s;
}

static struct subscription look(struct library_case *c, int64_t id, int64_t now_ms)
{
    struct subscription s;
    must(c,
         library_find_subscription(c->arena, c->store, str_format(c->arena, "S%lld", (long long)id),
                                   now_ms, &s, &c->err));
    return s;
}

static void a_price_is_read_and_written_in_hundredths(void **state)
{
    static const struct {
        const char *text;
        int64_t price;
    } good[] = {
        {"0", 0}, {"128", 12800}, {"128.5", 12850}, {"128.05", 12805}, {"10000000", 1000000000}};
    static const char *const bad[] = {"",   ".",   "1.",       ".5",  "1.234",
                                      "-1", "1e3", "10000001", "1,5", " 1"};
    struct library_case *c = *state;
    int64_t price;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(library_parse_price(str_of(good[i].text), &price));
        assert_int_equal(price, good[i].price);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(library_parse_price(str_of(bad[i]), &price));
    assert_string_equal(library_price_text(c->arena, 12805, STR("CNY"), LANG_EN).at, "CNY 128.05");
    assert_string_equal(library_price_text(c->arena, 12805, STR("CNY"), LANG_ZH).at, "128.05 元");
    assert_string_equal(library_price_text(c->arena, 900, STR("USD"), LANG_ZH).at, "9.00 USD");
}

static void a_plan_that_makes_no_sense_is_refused(void **state)
{
    static const struct plan bad[] = {
        {.currency = {"CNY", 3}, .days = 1},
        {.name = {"x", 1}, .currency = {"yen", 3}, .days = 1},
        {.name = {"x", 1}, .currency = {"CNYX", 4}, .days = 1},
        {.name = {"x", 1}, .currency = {"CNY", 3}},
        {.name = {"x", 1}, .currency = {"CNY", 3}, .days = 1, .price = -1},
        {.name = {"x", 1}, .currency = {"CNY", 3}, .days = 1, .lookback_days = 99999},
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct plan plan = bad[i];
        assert_int_equal(library_make_plan(c->arena, c->store, &plan, &c->err), STATUS_INPUT);
    }
    struct plan twice = {.name = STR("年度方案"), .currency = STR("CNY"), .days = 1};
    assert_int_equal(library_make_plan(c->arena, c->store, &twice, &c->err), STATUS_CONFLICT);
}

static void one_that_follows_another_begins_at_its_end_and_looks_back_as_far(void **state)
{
    struct library_case *c = *state;
    struct subscription first = give(c, 0, NOW);
    struct subscription next = give(c, 0, NOW + 300 * DAY);
    assert_int_equal(first.ends_ms, NOW + 365 * DAY);
    assert_int_equal(next.starts_ms, first.ends_ms);
    assert_int_equal(next.lookback_ms, first.lookback_ms);
    struct subscription late = give(c, NOW + 800 * DAY, NOW + 800 * DAY);
    assert_int_equal(late.lookback_ms, NOW + (800 - 1096) * DAY);
}

static void a_pause_moves_the_end_and_what_follows(void **state)
{
    struct library_case *c = *state;
    struct subscription first = give(c, 0, NOW);
    struct subscription next = give(c, 0, NOW);
    must(c, library_pause_subscription(c->store, first.id, NOW + 10 * DAY, &c->err));
    assert_int_equal(library_pause_subscription(c->store, first.id, NOW + 11 * DAY, &c->err),
                     STATUS_CONFLICT);
    assert_int_equal(look(c, first.id, NOW + 400 * DAY).state, SUBSCRIPTION_PAUSED);
    must(c, library_resume_subscription(c->store, first.id, NOW + 30 * DAY, &c->err));
    assert_int_equal(library_resume_subscription(c->store, first.id, NOW + 30 * DAY, &c->err),
                     STATUS_CONFLICT);
    assert_int_equal(look(c, first.id, NOW).ends_ms, first.ends_ms + 20 * DAY);
    assert_int_equal(look(c, next.id, NOW).starts_ms, next.starts_ms + 20 * DAY);
    assert_int_equal(look(c, next.id, NOW).ends_ms, next.ends_ms + 20 * DAY);
}

static void what_ends_while_paused_ended_when_the_pause_began(void **state)
{
    struct library_case *c = *state;
    struct subscription s = give(c, 0, NOW);
    must(c, library_pause_subscription(c->store, s.id, NOW + 10 * DAY, &c->err));
    must(c, library_end_subscription(c->store, s.id, true, NOW + 30 * DAY, &c->err));
    struct subscription ended = look(c, s.id, NOW + 31 * DAY);
    assert_int_equal(ended.ends_ms, NOW + 10 * DAY);
    assert_int_equal(ended.state, SUBSCRIPTION_KEPT);
    assert_int_equal(library_end_subscription(c->store, s.id, true, NOW + 32 * DAY, &c->err),
                     STATUS_CONFLICT);
    must(c, library_end_subscription(c->store, s.id, false, NOW + 33 * DAY, &c->err));
    ended = look(c, s.id, NOW + 34 * DAY);
    assert_int_equal(ended.state, SUBSCRIPTION_ENDED);
    assert_int_equal(ended.ends_ms, NOW + 10 * DAY);
    assert_int_equal(library_pause_subscription(c->store, s.id, NOW + 40 * DAY, &c->err),
                     STATUS_CONFLICT);
}

static void a_closed_plan_and_times_the_wrong_way_round_are_refused(void **state)
{
    struct library_case *c = *state;
    struct subscription s = {
        .member = 1, .plan = 1, .starts_ms = NOW, .ends_ms = NOW, .source = "steward"};
    assert_int_equal(library_subscribe(c->store, &s, NOW, &c->err), STATUS_INPUT);
    must(c, library_close_plan(c->store, 1, NOW, &c->err));
    s = (struct subscription){.member = 1, .plan = 1, .source = "steward"};
    assert_int_equal(library_subscribe(c->store, &s, NOW, &c->err), STATUS_CONFLICT);
    must(c, library_reopen_plan(c->store, 1, &c->err));
    must(c, library_subscribe(c->store, &s, NOW, &c->err));
}

/* --- import ------------------------------------------------------------------------------------- */

static enum status import_csv(struct library_case *c, const char *csv, struct import *import)
{
    struct digest digest = digest_of(str_of(csv));
    return library_import_subscriptions(c->arena, c->store, STR("s.csv"), &digest, str_of(csv), NOW,
                                        import, &c->err);
}

static void a_file_gives_subscriptions_to_the_last_day_named(void **state)
{
    struct library_case *c = *state;
    struct import import = {0};
    struct subscription *list;
    size_t count;
    (void)setenv("TZ", "UTC", 1);
    must(c, import_csv(c,
                       "邮箱,方案,开始,结束\nm1@example.org,年度方案,2026-01-01,2026-12-31\n"
                       "m2@example.org,年度方案,,\n",
                       &import));
    assert_int_equal(import.imported, 2);
    must(c, library_list_subscriptions(c->arena, c->store, 1, NOW, &list, &count, &c->err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].starts_ms, (int64_t)1767225600 * 1000); /* 2026-01-01 */
    assert_int_equal(list[0].ends_ms, (int64_t)1798761600 * 1000);   /* 2027-01-01 */
    must(c, library_list_subscriptions(c->arena, c->store, 2, NOW, &list, &count, &c->err));
    assert_int_equal(list[0].starts_ms, NOW);
    assert_int_equal(list[0].ends_ms, NOW + 365 * DAY);
}

static void a_bad_line_is_named_and_nothing_is_taken(void **state)
{
    static const struct {
        const char *rows, *words;
    } cases[] = {
        {"who@example.org,年度方案,,\n", "line 3: who@example.org is not a member"},
        {"m2@example.org,monthly,,\n", "line 3: There is no plan \"monthly\""},
        {"m2@example.org,年度方案,24.11.2026,\n", "no day"},
        {"m2@example.org,年度方案,2026-02-30,\n", "no day"},
        {"m2@example.org,年度方案,2026-13-01,\n", "no day"},
        {"m2@example.org,年度方案,2026-05-01,2026-04-01\n", "cannot end before"},
        {",年度方案,,\n", "e-mail is empty"},
        {"m1@example.org,年度方案,,\n", "already"},
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import = {0};
        struct subscription *list;
        size_t count;
        const char *csv =
            str_format(c->arena, "email,plan,starts,ends\nm1@example.org,年度方案,,\n%s",
                       cases[i].rows)
                .at;
        assert_int_equal(import_csv(c, csv, &import), STATUS_INPUT);
        if (!strstr(c->err.en, cases[i].words))
            fail_msg("case %zu: %s", i, c->err.en);
        must(c, library_list_subscriptions(c->arena, c->store, 1, NOW, &list, &count, &c->err));
        assert_int_equal(count, 0);
    }
}

/* --- reminders ---------------------------------------------------------------------------------- */

static int64_t letters(struct library_case *c)
{
    struct query *q = query_start(c->store, "SELECT count(*) FROM letter WHERE kind = 'renewal'");
    assert_true(query_row(q));
    int64_t count = query_int(q, 0);
    must(c, query_end(q, &c->err));
    return count;
}

static int64_t due(struct library_case *c)
{
    struct query *q = query_start(c->store, REMINDER_DUE_SQL);
    assert_true(query_row(q));
    int64_t due_ms = query_int(q, 0);
    must(c, query_end(q, &c->err));
    return due_ms;
}

static void remind_on(struct library_case *c, int64_t day)
{
    must(c, library_make_reminders(c->store, c->arena, NOW + day * DAY, &c->err));
}

static void can_mail(struct library_case *c)
{
    must(c, store_run(c->store,
                      "INSERT INTO setting VALUES ('smtp.url', 'smtp://x'), ('mail.from', 'a@b')",
                      &c->err));
}

static void a_reminder_comes_30_and_7_days_before_the_end_and_once_each(void **state)
{
    static const struct {
        int64_t day, letters;
    } days[] = {{0, 0}, {334, 0}, {335, 1}, {336, 1}, {357, 1}, {358, 2}, {364, 2}, {366, 2}};
    struct library_case *c = *state;
    can_mail(c);
    (void)give(c, 0, NOW);
    assert_int_equal(due(c), NOW + 335 * DAY);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        for (int twice = 0; twice < 2; twice++) {
            remind_on(c, days[i].day);
            assert_int_equal(letters(c), days[i].letters);
        }
    assert_int_equal(due(c), 0);
}

static void what_no_letter_could_say_is_said_once_when_one_can_if_it_still_holds(void **state)
{
    struct library_case *c = *state;
    (void)give(c, 0, NOW);
    remind_on(c, 336);
    remind_on(c, 340);
    assert_int_equal(letters(c), 0);
    can_mail(c);
    remind_on(c, 341);
    remind_on(c, 341);
    assert_int_equal(letters(c), 1);
    assert_int_equal(due(c), NOW + 358 * DAY);
    must(c, store_run(c->store, "DELETE FROM setting WHERE name = 'smtp.url'", &c->err));
    remind_on(c, 360);
    must(c, store_run(c->store, "INSERT INTO setting VALUES ('smtp.url', 'smtp://x')", &c->err));
    remind_on(c, 366);
    assert_int_equal(letters(c), 1);
    assert_int_equal(due(c), 0);
}

static void no_reminder_comes_for_what_is_paused_ended_renewed_or_long_over(void **state)
{
    struct library_case *c = *state;
    can_mail(c);
    struct subscription s = give(c, 0, NOW);
    must(c, library_pause_subscription(c->store, s.id, NOW + 300 * DAY, &c->err));
    remind_on(c, 340);
    must(c, library_resume_subscription(c->store, s.id, NOW + 301 * DAY, &c->err));
    struct subscription next = give(c, 0, NOW);
    remind_on(c, 340);
    must(c, library_end_subscription(c->store, next.id, false, NOW, &c->err));
    must(c, library_end_subscription(c->store, s.id, false, NOW, &c->err));
    remind_on(c, 340);
    (void)give(c, NOW - 900 * DAY, NOW);
    remind_on(c, 340);
    assert_int_equal(letters(c), 0);
    assert_int_equal(due(c), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_plan, close_plan)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_price_is_read_and_written_in_hundredths),
        CASE(a_plan_that_makes_no_sense_is_refused),
        CASE(one_that_follows_another_begins_at_its_end_and_looks_back_as_far),
        CASE(a_pause_moves_the_end_and_what_follows),
        CASE(what_ends_while_paused_ended_when_the_pause_began),
        CASE(a_closed_plan_and_times_the_wrong_way_round_are_refused),
        CASE(a_file_gives_subscriptions_to_the_last_day_named),
        CASE(a_bad_line_is_named_and_nothing_is_taken),
        CASE(a_reminder_comes_30_and_7_days_before_the_end_and_once_each),
        CASE(what_no_letter_could_say_is_said_once_when_one_can_if_it_still_holds),
        CASE(no_reminder_comes_for_what_is_paused_ended_renewed_or_long_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
