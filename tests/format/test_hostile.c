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
        cmocka_unit_test(a_file_beyond_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
