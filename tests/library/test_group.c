/* Groups: one truth of who is in which, and the list of old made groups. */
#include "library_case.h"

#include <string.h>

#include "library/group.h"
#include "library/member.h"

#define DAY ((int64_t)24 * 3600 * 1000)

static void a_running_subscription_is_being_in_the_group_and_no_other_is(void **state)
{
    static const struct {
        int64_t starts, ends;
        const char *paused, *ended;
        bool in;
    } cases[] = {
        {90, 110, "NULL", "NULL", true},  {101, 110, "NULL", "NULL", false},
        {90, 100, "NULL", "NULL", false}, {90, 110, "5", "NULL", false},
        {90, 110, "NULL", "1", false},    {100, 101, "NULL", "NULL", true},
    };
    struct library_case *c = *state;
    struct group group = {.name = STR("G"), .paid = true};
    add_members(c, 1);
    must(c, store_begin(c->store, &c->err));
    must(c, library_make_group(c->arena, c->store, &group, &c->err));
    must(c, store_run(c->store,
                      "INSERT INTO plan (id, key, name, price, days, created_ms) VALUES"
                      " (1,'p','P',0,1,0); INSERT INTO plan_group VALUES (1,1,1);",
                      &c->err));
    must(c, store_commit(c->store, &c->err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct group_sight sight = {0};
        must(c, store_begin(c->store, &c->err));
        must(c,
             store_run(c->store,
                       str_format(c->arena,
                                  "INSERT INTO subscription (member, plan, starts_ms, ends_ms,"
                                  " lookback_ms, paused_ms, ended_ms, source) VALUES"
                                  " (1,1,%lld,%lld,0,%s,%s,'code')",
                                  (long long)(cases[i].starts * DAY),
                                  (long long)(cases[i].ends * DAY), cases[i].paused, cases[i].ended)
                           .at,
                       &c->err));
        enum status status =
            library_see_group(c->arena, c->store, group.key, 1, false, 100 * DAY, &sight, &c->err);
        store_rollback(c->store);
        assert_int_equal(status, cases[i].in ? STATUS_OK : STATUS_MISSING);
        assert_int_equal(sight.in, cases[i].in);
        assert_int_equal(sight.members, cases[i].in);
        assert_false(sight.joined);
    }
}

static void an_imported_file_makes_its_groups_once_in_any_case(void **state)
{
    static const char csv[] =
        "name,email,group\nA,a@x.org,Board\nB,b@x.org,BOARD\nC,c@x.org,理事会\n"
        "D,d@x.org,\n";
    struct library_case *c = *state;
    struct import import = {0};
    struct digest digest = digest_of(str_of(csv));
    struct group_sight *list;
    size_t count;
    must(c, library_import_members(c->arena, c->store, STR("x"), &digest, str_of(csv), &import,
                                   &c->err));
    must(c, library_list_groups(c->arena, c->store, 0, true, 0, &list, &count, &c->err));
    assert_int_equal(count, 2);
    assert_true(str_equal(list[0].group.name, STR("Board")));
    assert_int_equal(list[0].members, 2);
    assert_int_equal(list[1].members, 1);
}

static void a_row_for_a_closed_group_is_bad_and_leaves_no_member_behind(void **state)
{
    static const char csv[] = "name,email,group\nA,a@x.org,Board\nB,b@x.org,\n";
    struct library_case *c = *state;
    struct import import = {.skip_bad = true};
    struct digest digest = digest_of(str_of(csv));
    struct group group = {.name = STR("board")};
    struct member m;
    must(c, store_begin(c->store, &c->err));
    must(c, library_make_group(c->arena, c->store, &group, &c->err));
    must(c, library_close_group(c->store, group.id, 5, &c->err));
    must(c, store_commit(c->store, &c->err));
    must(c, library_import_members(c->arena, c->store, STR("x"), &digest, str_of(csv), &import,
                                   &c->err));
    assert_int_equal(import.imported, 1);
    assert_int_equal(import.bad[0].line, 2);
    assert_non_null(strstr(import.bad[0].reason.en, "closed"));
    assert_int_equal(library_find_member(c->arena, c->store, STR("a@x.org"), &m, &c->err),
                     STATUS_MISSING);
}

static void a_name_that_no_group_has_is_refused(void **state)
{
    struct library_case *c = *state;
    char text[GROUP_NAME_MAX + 2];
    memset(text, 'x', sizeof text);
    const struct str bad[] = {STR(""), STR("a\nb"), STR("\xFF"), {text, sizeof text}};
    must(c, store_begin(c->store, &c->err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct group group = {.name = bad[i]};
        assert_int_equal(library_make_group(c->arena, c->store, &group, &c->err), STATUS_INPUT);
    }
    store_rollback(c->store);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_running_subscription_is_being_in_the_group_and_no_other_is),
        CASE(an_imported_file_makes_its_groups_once_in_any_case),
        CASE(a_row_for_a_closed_group_is_bad_and_leaves_no_member_behind),
        CASE(a_name_that_no_group_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
