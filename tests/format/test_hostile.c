/* Inputs that would make a careless parser quadratic, deep or wrong. They end, and with sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/format.h"

static const struct {
    const char *name, *before, *unit;
    size_t times;
    const char *after;
} CASES[] = {
    {"nested quotations", "", ">", 10000, " x\n"},
    {"nested quotations with spaces", "", "> ", 10000, " x\n"},
    {"nested bullets", "", "* ", 10000, "x\n"},
    {"nested numbers", "", "1. ", 10000, "x\n"},
    {"emphasis marks", "x", "*", 10000, "x\n"},
    {"alternating emphasis", "", "*a **a ", 10000, "\n"},
    {"opening brackets", "x ", "[", 50000, "\n"},
    {"opening images", "x ", "![[]()", 20000, "\n"},
    {"code ticks", "x ", "`a``b", 20000, "\n"},
    {"blank lines", "x\n", "\n", 200000, "y\n"},
    {"one giant line", "", "x", 1000000, ""},
    {"one giant Chinese sentence", "", "中文，", 50000, "。"},
    {"entities", "x ", "&#0;&amp", 50000, "\n"},
    {"table columns", "x|y\n-|-\n", "|", 50000, "\n"},
    {"short rows", "a|a|a|a|a|a|a|a\n-|-|-|-|-|-|-|-\n", "a\n", 20000, "\n"},
    {"backslashes", "x", "\\", 100000, "\n"},
    {"html", "x ", "<a <!-- <?", 20000, "\n"},
    {"closers", "x.", "\"", 200000, "\n"},
    {"pictures that nobody ends", "x ", "![[]()", 200000, "\n"},
    {"instructions that nobody ends", "x ", "<?", 400000, "\n"},
    {"declarations that nobody ends", "x ", "<!A ", 200000, "\n"},
    {"backslashes before pictures", "x ", "\\\\![[]()", 200000, "\n"},
    {"cells of one row", "x|y\n-|-\n", "|", 1000000, "\n"},
    {"columns of a table", "x\n", "-|", 500000, "\n"},
    {"rules", "x\n\n", "---\n\n", 20000, "\n"},
};

static struct str build(struct arena *arena, size_t i)
{
    struct buf text = {.arena = arena};
    buf_add(&text, str_of(CASES[i].before));
    for (size_t n = 0; n < CASES[i].times; n++)
        buf_add(&text, str_of(CASES[i].unit));
    buf_add(&text, str_of(CASES[i].after));
    return buf_str(&text);
}

static void check_as(struct str text, enum format_kind kind)
{
    struct arena *arena = arena_make();
    struct paper_doc doc;
    struct error err;
    assert_int_equal(format_read(arena, text, kind, NULL, STR(""), &doc, &err), STATUS_OK);
    assert_true(doc.title.len > 0);
    assert_true(doc.nblocks > 0);
    struct paper_doc back;
    assert_int_equal(paper_doc_unpack(arena, paper_doc_pack(arena, &doc), &back, &err), STATUS_OK);
    for (unsigned k = 0; k < FORMAT_PLAIN_KINDS; k++) {
        struct stamp_plan *plan = format_write(arena, &doc, NULL, NULL, (enum format_kind)k);
        char *out = arena_take(arena, stamp_plan_room(plan));
        uint8_t bits[1] = {0};
        assert_true(stamp_plan_write(plan, bits, out) > 0);
    }
    arena_free(arena);
}

static void every_hostile_text_becomes_a_whole_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct arena *arena = arena_make();
        struct str text = build(arena, i);
        check_as(text, FORMAT_TEXT);
        check_as(text, FORMAT_MARKDOWN);
        arena_free(arena);
    }
}

/* A reference's address stands wherever the reference is used: here for gigabytes. */
static void a_long_reference_used_often_takes_no_memory(void **state)
{
    struct arena *arena = arena_make();
    struct buf text = {.arena = arena};
    struct paper_doc doc;
    struct error err;
    (void)state;
    buf_add(&text, STR("[x]: "));
    for (size_t i = 0; i < 100000; i++)
        buf_add(&text, STR("aaaaaaaaaa"));
    buf_add(&text, STR("\n\n"));
    for (size_t i = 0; i < 100000; i++)
        buf_add(&text, STR("[x] "));
    assert_int_equal(format_read(arena, buf_str(&text), FORMAT_MARKDOWN, NULL, STR(""), &doc, &err),
                     STATUS_OK);
    assert_true(doc.text.len < 2 * text.len);
    assert_int_equal(doc.nruns, 0);
    arena_free(arena);
}

/* Pages as somebody may send them, to the greatest that are taken. */
static const struct {
    const char *before, *unit;
    bool numbered; /* each unit has a number of its own behind it */
} PAGES[] = {
    {"", "<div>", false},      {"", "<b>", false},
    {"", "</b>", false},       {"", "<p>x</i>", false},
    {"", "<svg>", false},      {"", "<script>", false},
    {"<script>", "</", false}, {"", "<!--", false},
    {"", "<!-", false},        {"", "<", false},
    {"", "&", false},          {"", "&lt", false},
    {"<a ", "b", true},        {"", "<a b='", false},
    {"", "<x", true},          {"", "<table><tr><td>", false},
};

static struct str build_page(struct arena *arena, size_t i, size_t most)
{
    struct buf page = {.arena = arena};
    buf_reserve(&page, most);
    buf_format(&page, "<html><p>begin</p>%s", PAGES[i].before);
    for (size_t n = 0; page.len + 40 < most; n++)
        buf_format(&page, PAGES[i].numbered ? "%s%zu " : "%s", PAGES[i].unit, n);
    return buf_str(&page);
}

static void every_hostile_page_is_read_to_its_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        struct arena *arena = arena_make();
        struct str words;
        const char *how;
        struct error err;
        struct str page = build_page(arena, i, (size_t)8 * 1024 * 1024);
        assert_int_equal(format_open_words(arena, STR("a"), page, &words, &how, &err), STATUS_OK);
        assert_true(str_starts(words, STR("begin")));
        arena_free(arena);
    }
}

static void a_file_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct str text;
    const char *name;
    struct error err;
    struct str huge = {"x", FORMAT_INPUT_MAX + 1};
    assert_int_equal(format_decode(arena, huge, &text, &name, &err), STATUS_INPUT);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hostile_text_becomes_a_whole_document),
        cmocka_unit_test(a_long_reference_used_often_takes_no_memory),
        cmocka_unit_test(every_hostile_page_is_read_to_its_end),
        cmocka_unit_test(a_file_beyond_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
