/* Settings: known names only, checked, recorded. */
#include "library_case.h"

#include <sys/stat.h>

#include "library/setting.h"

static void a_setting_comes_back_as_set_and_is_recorded(void **state)
{
    struct library_case *c = *state;
    struct str value;
    must(c, library_get_setting(c->arena, c->store, STR("credit"), &value, &c->err));
    assert_int_equal(value.len, 0);
    must(c, library_set_setting(c->store, STR("credit"), STR("文库 \"编辑部\""), &c->err));
    must(c, library_set_setting(c->store, STR("notice"), STR("two\nlines"), &c->err));
    must(c, library_get_setting(c->arena, c->store, STR("credit"), &value, &c->err));
    assert_true(str_equal(value, STR("文库 \"编辑部\"")));
    int64_t count;
    int64_t bad;
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_int_equal(count, 2);
}

static void what_is_not_allowed_is_refused_and_changes_nothing(void **state)
{
    static const struct {
        const char *name, *value;
    } cases[] = {{"colour", "blue"},
                 {"credit", "two\nlines"},
                 {"credit", "\x01"},
                 {"notice", "bad \xFF bytes"},
                 {"site.url", "ftp://example.org"},
                 {"site.url", "https://example.org/papers"},
                 {"site.url", "https://a@example.org"},
                 {"smtp.url", "https://example.org"},
                 {"smtp.url", "smtp://user:word@example.org"},
                 {"mail.from", "papers"},
                 {"mail.from", "Papers <papers@example.org>"},
                 {"mail.from", "a@b@example.org"},
                 {"hooks.reach", "everywhere"},
                 {"time-zone", "Mars/Olympus"},
                 {"time-zone", "../../etc/passwd"}};
    struct library_case *c = *state;
    int64_t count;
    int64_t bad;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            library_set_setting(c->store, str_of(cases[i].name), str_of(cases[i].value), &c->err),
            STATUS_USAGE);
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_int_equal(count, 0);
}

static void a_password_is_kept_in_a_file_for_the_owner_alone(void **state)
{
    struct library_case *c = *state;
    struct stat about;
    struct str value;
    must(c, library_set_setting(c->store, STR("smtp.password"), STR("hush-hush"), &c->err));
    must(c, library_get_setting(c->arena, c->store, STR("smtp.password"), &value, &c->err));
    assert_true(str_equal(value, STR("hush-hush")));
    struct str path = str_format(c->arena, "%s/smtp.password", c->dir);
    assert_int_equal(stat(path.at, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    struct query *q =
        query_start(c->store, "SELECT (SELECT count(*) FROM setting) +"
                              " (SELECT count(*) FROM event WHERE data LIKE '%hush%')");
    assert_true(query_row(q));
    assert_int_equal(query_int(q, 0), 0);
    must(c, query_end(q, &c->err));
    must(c, library_set_setting(c->store, STR("smtp.password"), STR(""), &c->err));
    must(c, library_get_setting(c->arena, c->store, STR("smtp.password"), &value, &c->err));
    assert_int_equal(value.len, 0);
    assert_int_equal(stat(path.at, &about), -1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_setting_comes_back_as_set_and_is_recorded),
        CASE(a_password_is_kept_in_a_file_for_the_owner_alone),
        CASE(what_is_not_allowed_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
