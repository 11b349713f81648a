/* Letters: queued once, and only when they can go out. */
#include "library_case.h"

#include "library/letter.h"
#include "library/setting.h"

static int64_t letters(struct library_case *c)
{
    struct query *q = query_start(c->store, "SELECT count(*) FROM letter");
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return count;
}

static void set(struct library_case *c, struct str name, struct str value)
{
    must(c, library_set_setting(c->store, name, value, &c->err));
}

static void no_letter_is_queued_until_mail_is_set_up(void **state)
{
    struct library_case *c = *state;
    struct letter letter = {.member = 1, .kind = "reset"};
    add_members(c, 1);
    must(c, library_queue_letter(c->store, &letter, &c->err));
    set(c, STR("smtp.url"), STR("smtp://mail.example.org"));
    must(c, library_queue_letter(c->store, &letter, &c->err));
    assert_int_equal(letters(c), 0);
    set(c, STR("mail.from"), STR("papers@example.org"));
    must(c, library_queue_letter(c->store, &letter, &c->err));
    assert_int_equal(letters(c), 1);
}

static void a_letter_of_one_event_is_queued_once_and_others_each_time(void **state)
{
    struct library_case *c = *state;
    struct letter caused = {.member = 1, .kind = "mention", .event = 7};
    struct letter free = {.member = 1, .kind = "reset"};
    add_members(c, 1);
    set(c, STR("smtp.url"), STR("smtp://mail.example.org"));
    set(c, STR("mail.from"), STR("papers@example.org"));
    for (int i = 0; i < 3; i++) {
        must(c, library_queue_letter(c->store, &caused, &c->err));
        must(c, library_queue_letter(c->store, &free, &c->err));
    }
    assert_int_equal(letters(c), 4);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(no_letter_is_queued_until_mail_is_set_up),
        CASE(a_letter_of_one_event_is_queued_once_and_others_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
