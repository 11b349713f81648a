/* Letters as bytes: headers that nothing can break out of, and text from HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdlib.h>

#include "library/letter.h"
#include "server/letter_look.h"
#include "server/mail.h"
#include "server/mime.h"

static int open_arena(void **state)
{
    *state = arena_make();
    return 0;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static struct mime_letter plain_letter(void)
{
    return (struct mime_letter){
        .from = STR("papers@example.org"),
        .from_name = STR("示例研究会"),
        .to = STR("li@example.org"),
        .to_name = STR("李明"),
        .subject = STR("Hello"),
        .id = STR("7.abc"),
        .date_ms = 1795287949000, /* 2026-11-21T19:05:49Z */
        .unsubscribe = STR("https://papers.example.org/unsubscribe/1-a"),
        .html = STR("<h1>Hello</h1><p>你好</p>"),
    };
}

static void headers_are_as_the_standards_want_them(void **state)
{
    struct mime_letter letter = plain_letter();
    struct str bytes = mime_write(*state, &letter);
    static const char *const lines[] = {
        "From: =?UTF-8?B?56S65L6L56CU56m25Lya?=\r\n <papers@example.org>\r\n",
        "To: =?UTF-8?B?5p2O5piO?=\r\n <li@example.org>\r\n",
        "Subject: Hello\r\n",
        "Date: Sat, 21 Nov 2026 19:05:49 +0000\r\n",
        "Message-ID: <7.abc@example.org>\r\n",
        "List-Unsubscribe: <https://papers.example.org/unsubscribe/1-a>\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "Content-Type: multipart/alternative; boundary=\"=_7.abc\"\r\n",
        "\r\n--=_7.abc--\r\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (str_find(bytes, str_of(lines[i]), 0) == SIZE_MAX)
            fail_msg("%s is not in %s", lines[i], bytes.at);
}

static void no_field_adds_a_header_and_no_line_is_too_long(void **state)
{
    struct mime_letter letter = plain_letter();
    letter.subject = STR("One\r\nBcc: all@example.org\r\n\r\nbody =?UTF-8?B?eA==?=");
    letter.to_name = STR("Li\" <x@example.org>,\r\nBcc: all@example.org");
    letter.from_name =
        STR("很长的单位名称很长的单位名称很长的单位名称很长的单位名称很长的单位名称很长");
    struct str rest = mime_write(*state, &letter);
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        assert_false(str_starts(line, STR("Bcc")));
        assert_true(line.len <= 79);
        assert_int_equal(line.at[line.len - 1], '\r');
        for (size_t i = 0; i < line.len; i++)
            assert_true((unsigned char)line.at[i] < 0x7F);
    }
}

static void html_becomes_text_that_reads_the_same(void **state)
{
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"<p>One</p>\n<p>Two  words</p>", "One\n\nTwo words\n"},
        {"<p>R&amp;D &lt;b&gt; &quot;x&quot; &#39;</p>", "R&D <b> \"x\" '\n"},
        {"<p><a href=\"https://a.org/?x=1&amp;y=2\">Read it:</a></p><p>End</p>",
         "Read it:\nhttps://a.org/?x=1&y=2\n\nEnd\n"},
        {"<ul>\n<li>One<br>more</li>\n<li>Two</li>\n</ul>", "- One\nmore\n- Two\n"},
        {"<head><title>no</title></head><body><h1>Yes</h1><p>x", "Yes\n\nx\n"},
        {"<header>From whom</header><p>What</p>", "What\n"},
        {"", "\n"},
        {"<", "\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(mime_text_of_html(*state, str_of(cases[i].html)).at, cases[i].text);
    assert_true(str_equal(mime_element(*state, STR("<h1>A &amp; B</h1>"), "h1"), STR("A & B")));
    assert_int_equal(mime_element(*state, STR("<h1>A"), "h1").len, 0);
}

static size_t count_of(struct str text, const char *part)
{
    size_t count = 0;
    for (size_t at = str_find(text, str_of(part), 0); at != SIZE_MAX;
         at = str_find(text, str_of(part), at + 1))
        count++;
    return count;
}

static void a_letter_is_set_without_other_words_and_a_link_on_its_own_is_a_button(void **state)
{
    const struct str plain =
        STR("<html><head></head><body><main><header>O</header><h1>Hello</h1>\n"
            "<p>See <a href=\"https://a.org/1\">this：</a> &lt;p&gt;</p>\n"
            "<p><a href=\"https://a.org/2\">Go:</a></p>\n<ul>\n<li>One: two</li>\n</ul>\n"
            "<footer><p>Why</p></footer></main></body></html>");
    for (enum lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
        struct str set = letter_look(*state, plain, lang);
        assert_int_equal(count_of(set, "class=\"button\""), 1);
        assert_int_equal(count_of(set, ">Go</a>"), 1);
        assert_int_equal(count_of(set, ">this</a>"), 1);
        assert_int_equal(count_of(set, lang == LANG_ZH ? "lang=\"zh-Hans\"" : "lang=\"en\""), 1);
        assert_int_equal(count_of(set, "style=\""), 12);
        assert_string_equal(mime_text_of_html(*state, set).at,
                            "O\n\nHello\n\nSee this\nhttps://a.org/1\n<p>\n\n"
                            "Go\nhttps://a.org/2\n\n- One: two\n\nWhy\n");
    }
}

static void a_digest_comes_at_seven_and_weekly_ones_on_mondays(void **state)
{
    static const struct {
        int64_t now_ms;
        bool weekly;
        int64_t due_ms;
    } cases[] = {
        /* 24 November 2026 is a Tuesday; 06:59:59, 07:00, 23:00 in Shanghai */
        {1795474799000, false, 1795474800000},
        {1795474800000, false, 1795561200000},
        {1795532400000, false, 1795561200000},
        {1795474799000, true, 1795993200000},
        /* Monday 30 November, 06:59 and 07:00; Sunday 29 November, noon */
        {1795993199000, true, 1795993200000},
        {1795993200000, true, 1796598000000},
        {1795924800000, true, 1795993200000},
    };
    (void)state;
    (void)setenv("TZ", "Asia/Shanghai", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(library_next_digest_ms(cases[i].now_ms, cases[i].weekly), cases[i].due_ms);
    /* The night that loses an hour: still seven in the morning. */
    (void)setenv("TZ", "Europe/Berlin", 1);
    assert_int_equal(library_next_digest_ms(1774713600000, false), 1774760400000);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(headers_are_as_the_standards_want_them),
        CASE(no_field_adds_a_header_and_no_line_is_too_long),
        CASE(html_becomes_text_that_reads_the_same),
        CASE(a_letter_is_set_without_other_words_and_a_link_on_its_own_is_a_button),
        CASE(a_digest_comes_at_seven_and_weekly_ones_on_mondays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
