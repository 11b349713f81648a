/* Every format writes the same words; sites may lie anywhere, also across runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scribble.h"

static struct str stamp(struct arena *arena, const struct stamp_plan *plan, const uint8_t *bits)
{
    char *out = arena_take(arena, stamp_plan_room(plan));
    return (struct str){out, stamp_plan_write(plan, bits, out)};
}

static struct str render(struct arena *arena, const struct paper_doc *doc,
                         const struct paper_sites *sites, const uint8_t *bits,
                         enum format_kind kind)
{
    return stamp(arena, format_write(arena, doc, sites, NULL, kind), bits);
}

static void markdown_reads_back_into_the_same_text(void **state)
{
    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct arena *arena = arena_make();
        struct str source = scribble_markdown(arena);
        struct paper_doc doc =
            scribble_read(arena, source, round % 3 ? FORMAT_MARKDOWN : FORMAT_TEXT);
        uint8_t none[1] = {0};
        struct str written = render(arena, &doc, NULL, none, FORMAT_MARKDOWN);
        struct paper_doc back = scribble_read(arena, written, FORMAT_MARKDOWN);
        if (!str_equal(back.text, doc.text))
            print_message("source <%.*s>\nwritten <%.*s>\n", STR_ARG(source), STR_ARG(written));
        assert_string_equal(str_z(arena, back.text), str_z(arena, doc.text));
        arena_free(arena);
    }
}

/* Tags gone, entities back: what a browser shows, all white space left out. */
static struct str shown(struct arena *arena, struct str html)
{
    static const char *const entities[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    struct buf out = {.arena = arena};
    size_t at = str_find(html, STR("<main"), 0);
    for (; at < html.len; at++) {
        if (html.at[at] == '<') {
            at = str_find(html, STR(">"), at);
            continue;
        }
        bool entity = false;
        for (size_t i = 0; i < 5 && !entity; i++) {
            struct str name = str_of(entities[i][0]);
            entity = str_starts(str_slice(html, at, html.len), name);
            if (entity) {
                buf_add(&out, str_of(entities[i][1]));
                at += name.len - 1;
            }
        }
        if (!entity && !strchr(" \n\t", html.at[at]))
            buf_add_byte(&out, html.at[at]);
    }
    return buf_str(&out);
}

static bool tags_nest(struct arena *arena, struct str html)
{
    char *open = arena_take(arena, html.len + 1);
    size_t depth = 0;
    for (size_t at = str_find(html, STR("<main"), 0); at < html.len; at++) {
        if (html.at[at] != '<' || str_starts(str_slice(html, at, 3), STR("<hr")))
            continue;
        bool closes = html.at[at + 1] == '/';
        char name = html.at[at + 1 + closes];
        if (!closes)
            open[depth++] = name;
        else if (depth && open[depth - 1] == name)
            depth--;
        else
            return str_starts(str_slice(html, at, 7), STR("</body>"));
    }
    return false;
}

static void a_copy_shows_the_chosen_words_in_every_format(void **state)
{
    (void)state;
    for (int round = 0; round < 1500; round++) {
        struct arena *arena = arena_make();
        struct paper_doc doc = scribble_read(arena, scribble_markdown(arena), FORMAT_MARKDOWN);
        struct paper_sites sites = scribble_sites(arena, &doc);
        uint8_t bits[201] = {0};
        for (size_t i = 0; i < sites.nplaces; i++)
            bits[i] = round % 4 == 0 ? 1 : (uint8_t)scribble_dice(2);
        struct str expected = scribble_pressed(arena, scribble_stamp(arena, &doc, &sites, bits));
        struct str html = render(arena, &doc, &sites, bits, FORMAT_HTML);
        assert_string_equal(str_z(arena, shown(arena, html)), str_z(arena, expected));
        assert_true(tags_nest(arena, html));
        struct str md = render(arena, &doc, &sites, bits, FORMAT_MARKDOWN);
        struct paper_doc back = scribble_read(arena, md, FORMAT_MARKDOWN);
        struct str words = scribble_pressed(arena, back.text);
        if (!str_equal(words, expected))
            print_message("md <%.*s>\n", STR_ARG(md));
        assert_string_equal(str_z(arena, words), str_z(arena, expected));
        arena_free(arena);
    }
}

static void alternative_zero_everywhere_is_the_master(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_make();
        struct paper_doc doc = scribble_read(arena, scribble_markdown(arena), FORMAT_MARKDOWN);
        struct paper_sites sites = scribble_sites(arena, &doc);
        uint8_t bits[201] = {0};
        for (unsigned k = 0; k < FORMAT_PLAIN_KINDS; k++) {
            if (k == FORMAT_MARKDOWN) /* leaves emphasis out where sites touch its borders */
                continue;
            struct str copy = render(arena, &doc, &sites, bits, (enum format_kind)k);
            struct str master = render(arena, &doc, NULL, bits, (enum format_kind)k);
            assert_string_equal(str_z(arena, copy), str_z(arena, master));
        }
        arena_free(arena);
    }
}

static void the_layout_changes_nothing_in_formats_that_have_none(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_make();
        struct paper_doc doc = scribble_read(arena, scribble_markdown(arena), FORMAT_MARKDOWN);
        struct paper_sites sites = scribble_sites(arena, &doc);
        uint8_t bits[201];
        memset(bits, 1, sizeof bits);
        for (size_t i = 0; i < sites.nplaces; i++) {
            sites.sites[sites.places[i].site].channel = PAPER_LAYOUT;
            sites.places[i].alt[1] = sites.places[i].alt[0];
        }
        for (unsigned k = FORMAT_TEXT; k <= FORMAT_HTML; k++) {
            struct str copy = render(arena, &doc, &sites, bits, (enum format_kind)k);
            struct str master = render(arena, &doc, NULL, bits, (enum format_kind)k);
            assert_string_equal(str_z(arena, copy), str_z(arena, master));
        }
        arena_free(arena);
    }
}

static void html_lets_nothing_through_that_runs(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = scribble_read(arena,
                                         STR("# T\n\nt <script>x</script> [a](javascript:x) "
                                             "[b](data:x) [c](https://ok/?a&b) [d](/e)\n"),
                                         FORMAT_MARKDOWN);
    struct format_frame frame = {.notice = STR("<i>n</i>"), .credit = STR("C & D")};
    uint8_t bits[1] = {0};
    char *html =
        str_z(arena, stamp(arena, format_write(arena, &doc, NULL, &frame, FORMAT_HTML), bits));
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "javascript:"));
    assert_null(strstr(html, "data:x"));
    assert_non_null(strstr(html, "href=\"https://ok/?a&amp;b\""));
    assert_non_null(strstr(html, "href=\"/e\""));
    assert_non_null(strstr(html, "&lt;i&gt;n&lt;/i&gt;"));
    assert_non_null(strstr(html, "<html lang=\"en\">"));
    assert_non_null(strstr(html, "id=\"p1\""));
    assert_non_null(strstr(strstr(html, "C &amp; D") + 1, "C &amp; D"));
    arena_free(arena);
}

static void credit_stands_at_both_ends_and_notice_at_the_head(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = scribble_read(arena, STR("Title here\n\nBody."), FORMAT_TEXT);
    struct format_frame frame = {.notice = STR("Notice"), .credit = STR("Credit")};
    uint8_t bits[1] = {0};
    struct str text = stamp(arena, format_write(arena, &doc, NULL, &frame, FORMAT_TEXT), bits);
    assert_string_equal(str_z(arena, text), "Credit\n\nNotice\n\nTitle here\n\nBody.\n\nCredit\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_reads_back_into_the_same_text),
        cmocka_unit_test(a_copy_shows_the_chosen_words_in_every_format),
        cmocka_unit_test(alternative_zero_everywhere_is_the_master),
        cmocka_unit_test(the_layout_changes_nothing_in_formats_that_have_none),
        cmocka_unit_test(html_lets_nothing_through_that_runs),
        cmocka_unit_test(credit_stands_at_both_ends_and_notice_at_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
