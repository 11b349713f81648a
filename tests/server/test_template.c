/* Templates and JSON from described structs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/embed.h"
#include "server/template.h"

struct item {
    struct str name;
    int64_t count;
};
struct page {
    struct str title, markup, none, due;
    struct item *items;
    size_t nitems;
    struct item best;
    bool open;
    int64_t made, number;
    double share;
};
static const struct field ITEM[] = {
    FIELD(TEXT, struct item, name), FIELD(NUMBER, struct item, count), {0}};
static const struct field PAGE[] = {
    FIELD(TEXT, struct page, title),
    FIELD_HIDDEN(MARKUP, struct page, markup),
    FIELD(TEXT, struct page, none),
    FIELD_OF_LIST(struct page, items, ITEM),
    FIELD_OF_PART(struct page, best, ITEM),
    FIELD(FLAG, struct page, open),
    FIELD(TIME, struct page, made),
    FIELD(NUMBER, struct page, number),
    FIELD(REAL, struct page, share),
    FIELD(DATE, struct page, due),
    {0},
};

static struct item ITEMS[] = {{{"a<b", 3}, 1}, {{"c", 1}, 2345}};
static const struct page FILLED = {
    .title = {"T & \"t\" '文'\x01\xFF", 15},
    .markup = {"<b>x</b>", 8},
    .items = ITEMS,
    .nitems = 2,
    .best = {{"best", 4}, 7},
    .open = true,
    .made = 1795547149000,
    .number = -1234567,
    .share = 0.25,
    .due = {"2026-12-20", 10},
};

/* The template, filled; or the error's English words when it is refused. */
static char *filled(struct arena *arena, const char *text, enum lang lang)
{
    const struct embedded files[] = {{"one.html", text, strlen(text)},
                                     {"part.html", "({{title}})", 11},
                                     {"frame.html", "<{{>body}}>", 11},
                                     {0}};
    struct templates *templates;
    struct error err = {0};
    struct buf out = {.arena = arena};
    const struct field *fields = PAGE;
    const struct template_scope scope = {PAGE, &FILLED};
    if (template_load_all(arena, files, &templates, &err) ||
        template_check(templates, "one", &fields, 1, &err))
        return str_z(arena, str_of(err.en));
    template_write(&out, templates, "frame", "one", &scope, 1, lang);
    struct str whole = buf_str(&out);
    return str_z(arena, str_slice(whole, 1, whole.len - 2));
}

static void a_template_is_filled_from_its_struct(void **state)
{
    (void)state;
    static const struct {
        const char *text, *en, *zh;
    } cases[] = {
        {"plain | words", "plain | words", "plain | words"},
        {"{{best}}{{#best}}{{name}} {{count}}{{/best}}", "best 7", "best 7"},
        {"{{#items}}{{name}}:{{count}};{{/items}}", "a&lt;b:1;c:2,345;", "a&lt;b:1;c:2,345;"},
        {"{{#items}}{{#open}}{{name}}{{/open}}{{/items}}", "a&lt;bc", "a&lt;bc"},
        {"{{^items}}none{{/items}}{{#none}}x{{/none}}{{^none}}nothing{{/none}}", "nothing",
         "nothing"},
        {"[[Yes, {{number}}|是 {{number}}]]", "Yes, -1,234,567", "是 -1,234,567"},
        {"[[a \\| b|甲]]", "a | b", "甲"},
        {"{{#items}}{{count}} day{{+count}} {{/items}}", "1 day 2,345 days ", "1 day 2,345 days "},
        {"{{markup}}{{!a remark}}{{share}}", "<b>x</b>0.25", "<b>x</b>0.25"},
        {"{{made}}", "24 November 2026, 19:05", "2026年11月24日 19:05"},
        {"{{#due}}{{due}}{{/due}}", "20 December 2026", "2026年12月20日"},
        {"<input value=\"{{#due}}{{due}}{{/due}}\">", "<input value=\"2026-12-20\">",
         "<input value=\"2026-12-20\">"},
        {"{{#made}}{{>part}}{{/made}}", "(T &amp; &quot;t&quot; &#39;文&#39;\x01\xFF)",
         "(T &amp; &quot;t&quot; &#39;文&#39;\x01\xFF)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        assert_string_equal(filled(arena, cases[i].text, LANG_EN), cases[i].en);
        assert_string_equal(filled(arena, cases[i].text, LANG_ZH), cases[i].zh);
        arena_free(arena);
    }
}

static void a_frame_keeps_its_own_names_whatever_the_page_calls_its_fields(void **state)
{
    (void)state;
    const struct embedded files[] = {{"frame.html", "{{name}} <{{>body}}> {{name}}", 29},
                                     {"one.html", "{{name}} {{count}}", 18},
                                     {0}};
    const struct item frame = {{"frame", 5}, 1};
    const struct item page = {{"page", 4}, 2};
    const struct template_scope scopes[] = {{ITEM, &frame}, {ITEM, &page}};
    struct arena *arena = arena_make();
    struct templates *templates;
    struct buf out = {.arena = arena};
    assert_int_equal(template_load_all(arena, files, &templates, NULL), STATUS_OK);
    template_write(&out, templates, "frame", "one", scopes, 2, LANG_EN);
    assert_string_equal(str_z(arena, buf_str(&out)), "frame <page 2> frame");
    arena_free(arena);
}

static void a_mistake_in_a_template_is_named_by_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"a\n{{nobody}}", "web/one.html, line 2: nothing is named \"nobody\"."},
        {"{{#items}}{{title}}{{nobody}}{{/items}}", "nothing is named \"nobody\""},
        {"{{#items}}\n", "line 1: a section or a choice of language is not closed"},
        {"\n\n{{/items}}", "line 3: closes what is not open"},
        {"{{#items}}{{/open}}", "closes another section"},
        {"[[a|{{#open}}]]", "not closed"},
        {"{{title", "{{ without }}"},
        {"a{{+title}}", "\"title\" is no number"},
        {"{{>missing}}", "there is no template \"missing\""},
        {"{{>one}}", "there is no template \"one\""}, /* it would go on for ever */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        const char *said = filled(arena, cases[i].text, LANG_EN);
        if (!strstr(said, cases[i].says))
            fail_msg("%s: %s", cases[i].text, said);
        arena_free(arena);
    }
}

static void json_tells_the_same_struct_without_what_is_hidden(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct buf out = {.arena = arena};
    field_write_json(&out, PAGE, &FILLED);
    assert_string_equal(
        out.at,
        "{\"title\":\"T & \\\"t\\\" '文'\\u0001\xEF\xBF\xBD\",\"none\":\"\",\"items\":"
        "[{\"name\":\"a<b\",\"count\":1},{\"name\":\"c\",\"count\":2345}],\"best\":{\"name\":"
        "\"best\",\"count\":7},\"open\":true,\"made\":\"2026-11-24T19:05:49Z\",\"number\":"
        "-1234567,\"share\":0.25,\"due\":\"2026-12-20\"}");
    arena_free(arena);
}

int main(void)
{
    (void)setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_is_filled_from_its_struct),
        cmocka_unit_test(a_frame_keeps_its_own_names_whatever_the_page_calls_its_fields),
        cmocka_unit_test(a_mistake_in_a_template_is_named_by_file_and_line),
        cmocka_unit_test(json_tells_the_same_struct_without_what_is_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
