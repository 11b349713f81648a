/* Settings: known names only, checked, recorded. */
#include "library_case.h"

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
                 {"notice", "bad \xFF bytes"}};
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

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_setting_comes_back_as_set_and_is_recorded),
        CASE(what_is_not_allowed_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
