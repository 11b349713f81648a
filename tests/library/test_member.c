/* Members: found, added, imported whole or not at all. */
#include "library_case.h"

#include <string.h>

#include "library/member.h"

static enum status import_csv(struct library_case *c, const char *csv, bool skip_bad,
                              struct import *import)
{
    struct digest digest = digest_of(str_of(csv));
    *import = (struct import){.skip_bad = skip_bad};
    return library_import_members(c->arena, c->store, STR("members.csv"), &digest, str_of(csv),
                                  import, &c->err);
}

static int64_t count_members(struct library_case *c)
{
    struct query *q = query_start(c->store, "SELECT count(*) FROM member");
    assert_true(query_row(q));
    int64_t count = query_int(q, 0);
    must(c, query_end(q, &c->err));
    return count;
}

static void a_member_is_found_by_mail_in_any_case_and_by_id(void **state)
{
    static const char *const ways[] = {"li@example.org", "LI@Example.ORG", "M1", "m1", "1"};
    struct library_case *c = *state;
    struct member m = {0, STR("李华"), STR("li@example.org"), STR("理事会")};
    must(c, library_add_member(c->store, &m, &c->err));
    assert_int_equal(m.id, 1);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct member found;
        must(c, library_find_member(c->arena, c->store, str_of(ways[i]), &found, &c->err));
        assert_int_equal(found.id, 1);
        assert_true(str_equal(found.name, STR("李华")));
        assert_true(str_equal(found.group, STR("理事会")));
    }
    assert_int_equal(library_find_member(c->arena, c->store, STR("M2"), &m, &c->err),
                     STATUS_MISSING);
    assert_int_equal(library_find_member(c->arena, c->store, STR(""), &m, &c->err), STATUS_MISSING);
}

static void a_mail_address_is_taken_once(void **state)
{
    struct library_case *c = *state;
    struct member m = {0, STR("A"), STR("a@example.org"), STR("")};
    must(c, library_add_member(c->store, &m, &c->err));
    m.email = STR("A@EXAMPLE.org");
    assert_int_equal(library_add_member(c->store, &m, &c->err), STATUS_CONFLICT);
    assert_int_equal(count_members(c), 1);
}

static void what_is_no_mail_address_is_refused(void **state)
{
    static const char *const bad[] = {"", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b,c", "<a@b>"};
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct member m = {0, STR("A"), str_of(bad[i]), STR("")};
        assert_int_equal(library_add_member(c->store, &m, &c->err), STATUS_INPUT);
    }
    assert_int_equal(count_members(c), 0);
}

/* By it one name, or address, would pass for another, or turn the words around it. */
static void what_can_not_be_seen_is_no_part_of_a_name_or_an_address(void **state)
{
    static const char *const bad[][2] = {
        {"Li\xE2\x80\x8BHua", "li@example.org"},  /* U+200B */
        {"\xE2\x80\xAELi Hua", "li@example.org"}, /* U+202E */
        {"Li Hua", "li@example.org\xE2\x80\x8C"}, /* U+200C */
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct member m = {0, str_of(bad[i][0]), str_of(bad[i][1]), STR("")};
        assert_int_equal(library_add_member(c->store, &m, &c->err), STATUS_INPUT);
        assert_non_null(strstr(c->err.en, "can't be seen (U+20"));
    }
    assert_int_equal(count_members(c), 0);
}

static void good_files_are_taken_whole(void **state)
{
    static const struct {
        const char *csv;
        uint64_t count;
    } cases[] = {
        {"name,email,group\nA,a1@x.org,g\nB,b1@x.org,\n", 2},
        {"email,name\na2@x.org,A\n", 1},
        {"姓名,邮箱,分组\n李华,a3@x.org,理事会\n", 1},
        {"Name,E-mail,Group\r\nA,a4@x.org,g\r\n\r\nB,b4@x.org,g", 2},
        {"name,email\n\"Li, Hua\",a5@x.org\n\"two \"\"quoted\"\"\",b5@x.org\n", 2},
        {"name,email,phone\nA,a6@x.org,123\n", 1},
    };
    struct library_case *c = *state;
    int64_t all = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import;
        must(c, import_csv(c, cases[i].csv, false, &import));
        assert_int_equal(import.imported, cases[i].count);
        all += (int64_t)cases[i].count;
    }
    assert_int_equal(count_members(c), all);
    struct member found;
    must(c, library_find_member(c->arena, c->store, STR("a5@x.org"), &found, &c->err));
    assert_true(str_equal(found.name, STR("Li, Hua")));
}

static void a_bad_line_is_named_and_nothing_of_the_file_is_taken(void **state)
{
    static const struct {
        const char *csv, *line;
    } cases[] = {
        {"name,email\nA,a@x.org\nB,b\n", "line 3"},
        {"name,email\nA,a@x.org\n,b@x.org\n", "line 3"},
        {"name,email\nA,a@x.org\nB,b@x.org,c\n", "line 3"},
        {"name,email\nA,a@x.org\n\n\nB,A@x.org\n", "line 5"},
        {"name,email\n\"A\nB\",a@x.org\nC,c\n", "line 2"},
        {"name,email\n\"A,a@x.org\n", "line 2"},
        {"who,where\nA,a@x.org\n", "line 1"},
        {"", "empty"},
        {"name,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,email\nA,a@x\n",
         "line 1"},
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import import;
        assert_int_equal(import_csv(c, cases[i].csv, false, &import), STATUS_INPUT);
        if (!strstr(c->err.en, cases[i].line))
            fail_msg("case %zu: %s", i, c->err.en);
        assert_int_equal(count_members(c), 0);
    }
}

static void skip_bad_takes_the_others_and_lists_the_bad(void **state)
{
    struct library_case *c = *state;
    struct import import;
    must(c, import_csv(c, "name,email\nA,a@x.org\nB,b\nC,c@x.org\nD,a@x.org\n", true, &import));
    assert_int_equal(import.imported, 2);
    assert_int_equal(import.bad_count, 2);
    assert_int_equal(import.bad[0].line, 3);
    assert_int_equal(import.bad[1].line, 5);
    assert_int_equal(count_members(c), 2);
}

static bool stop_at_once(void *context, uint64_t done, uint64_t all)
{
    (void)done;
    (void)all;
    ++*(int *)context;
    return true;
}

static void an_interrupted_import_takes_nothing(void **state)
{
    struct library_case *c = *state;
    struct buf csv = {.arena = c->arena};
    int asked = 0;
    buf_add(&csv, STR("name,email\n"));
    for (int i = 0; i < 20000; i++)
        buf_format(&csv, "Member %d,m%d@example.org\n", i, i);
    struct digest digest = digest_of(buf_str(&csv));
    struct import import = {.progress = stop_at_once, .context = &asked};
    assert_int_equal(library_import_members(c->arena, c->store, STR("x"), &digest, buf_str(&csv),
                                            &import, &c->err),
                     STATUS_INTERRUPTED);
    assert_int_equal(asked, 1);
    assert_int_equal(count_members(c), 0);
}

static void an_import_is_one_event(void **state)
{
    struct library_case *c = *state;
    struct import import;
    int64_t count;
    int64_t bad;
    must(c, import_csv(c, "name,email\nA,a@x.org\nB,b@x.org\n", false, &import));
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_int_equal(count, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_member_is_found_by_mail_in_any_case_and_by_id),
        CASE(a_mail_address_is_taken_once),
        CASE(what_is_no_mail_address_is_refused),
        CASE(what_can_not_be_seen_is_no_part_of_a_name_or_an_address),
        CASE(good_files_are_taken_whole),
        CASE(a_bad_line_is_named_and_nothing_of_the_file_is_taken),
        CASE(skip_bad_takes_the_others_and_lists_the_bad),
        CASE(an_interrupted_import_takes_nothing),
        CASE(an_import_is_one_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
