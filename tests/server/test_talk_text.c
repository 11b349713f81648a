/* Posts as they are shown: escaped, line by line, with links to this portal and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "server/talk_text.h"

static void a_post_is_shown_as_words_with_links_to_this_portal_alone(void **state)
{
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"a\nb\n\n\nc", "a<br>\nb</p>\n<p>c"},
        {"a\r\nb\r\n\r\nc", "a<br>\nb</p>\n<p>c"},
        {"<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
        {"See /papers/ab12.", "See <a href=\"/papers/ab12\">/papers/ab12</a>."},
        {"见https://x.org/papers/ab12?page=2，谢谢",
         "见<a href=\"/papers/ab12?page=2\">https://x.org/papers/ab12?page=2</a>，谢谢"},
        {"https://x.org/groups/a/talk/b#post-b",
         "<a href=\"/groups/a/talk/b#post-b\">https://x.org/groups/a/talk/b#post-b</a>"},
        {"https://x.org.evil.com/papers/a", "https://x.org.evil.com/papers/a"},
        {"https://x.org@evil.com/papers/a", "https://x.org@evil.com/papers/a"},
        {"https://evil.com/papers/a", "https://evil.com/papers/a"},
        {"https://evil.com?https://x.org/papers/a", "https://evil.com?https://x.org/papers/a"},
        {"//evil.com/papers/", "//evil.com/papers/"},
        {"javascript:alert(1)", "javascript:alert(1)"},
        {"/papers/ and /account", "/papers/ and /account"},
        {"/papers/\"onclick=x", "/papers/&quot;onclick=x"},
        {"@Li Hua, @Li", "<strong>@Li Hua</strong>, <strong>@Li</strong>"},
        {"me@Li @Wang", "me@Li @Wang"},
        {"@A<b>", "<strong>@A&lt;b&gt;</strong>"},
    };
    const struct str names[] = {STR("Li"), STR("Li Hua"), STR("A<b>")};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct buf out = {.arena = arena};
        talk_write_text(&out, str_of(cases[i].text), STR("https://x.org"), names, 3);
        assert_string_equal(out.at, str_format(arena, "<p>%s</p>\n", cases[i].html).at);
        arena_free(arena);
    }
}

static void quoted_lines_are_set_off_and_keep_to_the_same_rules(void **state)
{
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"", ""},
        {"> a\n> b\nc", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<p>c</p>\n"},
        {"a\r\n\r\n>b\r\n", "<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n"},
        {"> > a\n> b",
         "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n</blockquote>\n"},
        {"> <b> @Li /papers/a",
         "<blockquote>\n<p>&lt;b&gt; <strong>@Li</strong> <a href=\"/papers/a\">/papers/a</a></p>\n</blockquote>\n"},
        {"1 > 0", "<p>1 &gt; 0</p>\n"},
        {">", "<blockquote>\n</blockquote>\n"},
        {">>>>>>a", "<blockquote>\n<blockquote>\n<blockquote>\n<blockquote>\n<p>&gt;&gt;a</p>\n"
                    "</blockquote>\n</blockquote>\n</blockquote>\n</blockquote>\n"},
    };
    const struct str names[] = {STR("Li")};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct buf out = {.arena = arena};
        talk_write_text(&out, str_of(cases[i].text), STR("https://x.org"), names, 1);
        assert_string_equal(out.len ? out.at : "", cases[i].html);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_is_shown_as_words_with_links_to_this_portal_alone),
        cmocka_unit_test(quoted_lines_are_set_off_and_keep_to_the_same_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
