/* Plain text and Markdown become the blocks a reader would see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/format.h"

/* A document as one letter a block: Title Heading Paragraph Measure Item Quote Code Row rule(-). */
static char *shape(struct arena *arena, const struct paper_doc *doc)
{
    char *letters = arena_take(arena, doc->nblocks + 1);
    for (size_t i = 0; i < doc->nblocks; i++)
        letters[i] = "THPMIQCR-"[doc->blocks[i].kind];
    return letters;
}

static const struct {
    enum format_kind kind;
    const char *text, *shape, *title, *plain;
} CASES[] = {
    {FORMAT_TEXT,
     "仅供内部 禁止外传\n【内部材料】\n在全市春耕工作会上的讲话\n\n某办整理，电话12345678\n"
     "　　同志们：今天我们开会研究春耕工作，任务重、时间紧。\n一、认清形势\n形势总体是好的。\n"
     "一要抓早。赶在雨前。\n二要抓实。落到地头。\n",
     "PPTPPHPMM", "在全市春耕工作会上的讲话", NULL},
    {FORMAT_TEXT, "年度研究报告：协同发展的若干意见\n\n各单位：\n\n一、总体要求\n要做实。\n",
     "TPHP", "年度研究报告：协同发展的若干意见", NULL},
    {FORMAT_TEXT, "报告人：张三\n在全市春耕工作会上的讲话\n\n一、形势\n形势总体是好的。\n", "PTHP",
     "在全市春耕工作会上的讲话", NULL},
    {FORMAT_TEXT,
     "Spring report\n\nThe first line of this paragraph was wrapped by hand\n"
     "and goes on here until it reaches the full width\nand ends.\n\nSecond one.\n",
     "TPP", "Spring report",
     "Spring report\nThe first line of this paragraph was wrapped by hand and goes on here until "
     "it reaches the full width and ends.\nSecond one."},
    {FORMAT_TEXT, "List of things\n\n- one\n- two\n  - inner\n• three\n> said so\n\n---\nEnd it.\n",
     "TIIIIQ-P", "List of things", "List of things\none\ntwo\ninner\nthree\nsaid so\n\nEnd it."},
    {FORMAT_TEXT, "Agenda for May\n1. Open\n2. Vote\n3. Close\n", "TIII", "Agenda for May", NULL},
    {FORMAT_TEXT, "只有一句话。", "P", "只有一句话", "只有一句话。"},
    {FORMAT_TEXT,
     "In the year 2003 somebody contacted Raphaela because she had been writing for a magazine, and "
     "he asked what would come of it if they went on and wrote it all down together.",
     "P", "In the year 2003 somebody contacted", NULL},
    {FORMAT_MARKDOWN,
     "# A *b*\n\nx **y** `z` ![pic](u) <i>t</i>\nnext\n\n## H\n\n1. a\n2. b\n\n> q\n", "TPHIIQ",
     "A b", "A b\nx y z pic <i>t</i> next\nH\na\nb\nq"},
    {FORMAT_MARKDOWN,
     "# 题目\n\n一、形势\n\n中文\n换行\n\n一要快。\n\n| a | b |\n|---|---|\n| 1 | |\n", "THPMRR",
     "题目", "题目\n一、形势\n中文换行\n一要快。\na\tb\n1\t"},
    {FORMAT_MARKDOWN, "```\nx\n\n y\n```\n\n<!-- no -->\n\n---\n", "C-", "x", "x\n\n y\n"},
    {FORMAT_MARKDOWN, "    \f\f\n\nStart here. Go on.\n", "CP", "Start here. Go on.", NULL},
};

static void a_text_becomes_the_blocks_a_reader_sees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct arena *arena = arena_make();
        struct paper_doc doc;
        struct error err;
        assert_int_equal(
            format_read(arena, str_of(CASES[i].text), CASES[i].kind, NULL, STR(""), &doc, &err),
            STATUS_OK);
        assert_string_equal(shape(arena, &doc), CASES[i].shape);
        assert_string_equal(str_z(arena, doc.title), CASES[i].title);
        if (CASES[i].plain)
            assert_string_equal(str_z(arena, doc.text), CASES[i].plain);
        struct paper_doc back;
        assert_int_equal(paper_doc_unpack(arena, paper_doc_pack(arena, &doc), &back, &err),
                         STATUS_OK);
        arena_free(arena);
    }
}

static void a_text_without_any_words_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " \n\n\t", "\xE2\x80\x8B\n\xE3\x80\x80", "---\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *arena = arena_make();
        struct paper_doc doc;
        assert_int_equal(
            format_read(arena, str_of(texts[i]), FORMAT_TEXT, NULL, STR(""), &doc, NULL),
            STATUS_INPUT);
        arena_free(arena);
    }
}

static void a_title_given_by_hand_wins(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc;
    assert_int_equal(format_read(arena, STR("Old title\n\nBody text."), FORMAT_TEXT, NULL,
                                 STR(" New title "), &doc, NULL),
                     STATUS_OK);
    assert_true(str_equal(doc.title, STR("New title")));
    arena_free(arena);
}

static void markdown_is_told_from_text_by_name_and_content(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        enum format_kind kind;
    } cases[] = {
        {"a.md", "plain", FORMAT_MARKDOWN},     {"a.MARKDOWN", "plain", FORMAT_MARKDOWN},
        {"a.txt", "# heading", FORMAT_TEXT},    {"-", "# heading\n\ntext", FORMAT_MARKDOWN},
        {"", "一、概况\n#号开头", FORMAT_TEXT}, {"", "see [x](y)\n**z** it", FORMAT_MARKDOWN},
        {"", "- a\n- b\n1. c", FORMAT_TEXT},    {"", "", FORMAT_TEXT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(format_guess(str_of(cases[i].name), str_of(cases[i].text)), cases[i].kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_becomes_the_blocks_a_reader_sees),
        cmocka_unit_test(a_text_without_any_words_is_refused),
        cmocka_unit_test(a_title_given_by_hand_wins),
        cmocka_unit_test(markdown_is_told_from_text_by_name_and_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
