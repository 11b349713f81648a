/* Talk: who is meant by a mention. */
#include "library_case.h"

#include "library/post.h"

static void a_mention_is_of_the_longest_name_that_fits_and_never_of_two_people(void **state)
{
    const struct mentionable people[] = {
        {1, STR("Li Hua"), STR("li.hua@example.org")}, {2, STR("李华"), STR("lh@example.org")},
        {3, STR("李华强"), STR("lhq@example.org")},    {4, STR("Li"), STR("li@example.org")},
        {5, STR("Wang"), STR("w1@example.org")},       {6, STR("wang"), STR("w2@example.org")},
    };
    static const struct {
        const char *text, *completed, *members;
    } cases[] = {
        {"@Li Hua, please", "@Li Hua, please", "1"},
        {"(@li hua's)", "(@Li Hua's)", "1"},
        {"@Li said", "@Li said", "4"},
        {"> @Li said\n@Lisa", "> @Li said\n@Lisa", ""},
        {"> so\n@Li", "> so\n@Li", "4"},
        {"@Lisa said", "@Lisa said", ""},
        {"@Li-Ming and @Li.", "@Li-Ming and @Li.", "4"},
        {"@李华请看", "@李华请看", "2"},
        {"请@李华强看", "请@李华强看", "3"},
        {"@LI.HUA@example.org: yes", "@Li Hua: yes", "1"},
        {"@li@example.org.", "@Li.", "4"},
        {"@li@example.org.cn", "@li@example.org.cn", ""},
        {"@li@elsewhere.org", "@li@elsewhere.org", ""},
        {"write to me@li.org or x@Li", "write to me@li.org or x@Li", ""},
        {"@Wang", "@Wang", ""},
        {"@w2@example.org", "@wang", "6"},
        {"@Li and @Li and @李华", "@Li and @Li and @李华", "42"},
        {"@", "@", ""},
        {"@@Li", "@@Li", ""},
        {"", "", ""},
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mentions m;
        char members[POST_MENTIONS + 1] = {0};
        struct str got = post_complete_mentions(c->arena, str_of(cases[i].text), people,
                                                sizeof people / sizeof *people, &m);
        for (size_t k = 0; k < m.count; k++)
            members[k] = (char)('0' + m.members[k]);
        assert_string_equal(str_z(c->arena, got), cases[i].completed);
        assert_string_equal(members, cases[i].members);
    }
}

static void a_post_mentions_no_more_than_it_may(void **state)
{
    struct library_case *c = *state;
    struct mentionable people[POST_MENTIONS + 5];
    struct buf text = {.arena = c->arena};
    struct mentions m;
    for (size_t i = 0; i < POST_MENTIONS + 5; i++) {
        people[i] = (struct mentionable){(int64_t)i, str_format(c->arena, "N%zu", i), STR("x@y")};
        buf_format(&text, "@N%zu ", i);
    }
    (void)post_complete_mentions(c->arena, buf_str(&text), people, POST_MENTIONS + 5, &m);
    assert_int_equal(m.count, POST_MENTIONS);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_mention_is_of_the_longest_name_that_fits_and_never_of_two_people),
        CASE(a_post_mentions_no_more_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
