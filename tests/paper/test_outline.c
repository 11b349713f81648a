/* The official outline, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "paper/doc.h"

static const struct {
    enum lang lang;
    const char *line;
    enum paper_block_kind kind;
    unsigned level, ordinal;
    const char *marker;
} CASES[] = {
    {LANG_ZH, "一、认清形势、坚定信心，奋力开创各项工作新局面，以优异成绩迎接新的一年到来",
     PAPER_HEADING, 1, 1, "一、"},
    {LANG_ZH, "十二、加强领导", PAPER_HEADING, 1, 12, "十二、"},
    {LANG_ZH, "一、加强领导。各级要负起责任。", PAPER_PARAGRAPH, 0, 1, "一、"},
    {LANG_ZH, "一、二、三等奖各一名", PAPER_PARAGRAPH, 0, 0, ""},
    {LANG_ZH, "（二）健全机制", PAPER_HEADING, 2, 2, "（二）"},
    {LANG_ZH, "(三)健全机制", PAPER_HEADING, 2, 3, "(三)"},
    {LANG_ZH, "1. 压实责任", PAPER_HEADING, 3, 1, "1."},
    {LANG_ZH, "2．压实责任", PAPER_HEADING, 3, 2, "2．"},
    {LANG_ZH, "3、压实责任", PAPER_HEADING, 3, 3, "3、"},
    {LANG_ZH, "1.压实责任。层层签订责任书。", PAPER_ITEM, 1, 1, "1."},
    {LANG_ZH, "3.5亿元的投资已经到位", PAPER_PARAGRAPH, 0, 0, ""},
    {LANG_ZH, "2020年是关键之年。", PAPER_PARAGRAPH, 0, 0, ""},
    {LANG_ZH, "（1）按时报送。", PAPER_ITEM, 2, 1, "（1）"},
    {LANG_ZH, "①按时报送", PAPER_ITEM, 3, 1, "①"},
    {LANG_ZH, "一要突出重点。抓住主要矛盾。", PAPER_MEASURE, 0, 1, "一要"},
    {LANG_ZH, "三是强化督查。", PAPER_MEASURE, 0, 3, "三是"},
    {LANG_ZH, "第一，统一思想。", PAPER_MEASURE, 0, 1, "第一，"},
    {LANG_ZH, "首先，统一思想。", PAPER_PARAGRAPH, 0, 1, "首先，"},
    {LANG_ZH, "第二章 组织机构", PAPER_HEADING, 1, 2, "第二章"},
    {LANG_ZH, "一些同志认为还早。", PAPER_PARAGRAPH, 0, 0, ""},
    {LANG_ZH, "一、", PAPER_PARAGRAPH, 0, 0, ""},
    {LANG_EN, "1. Attendance", PAPER_HEADING, 1, 1, "1."},
    {LANG_EN, "2. The chair opened the meeting.", PAPER_ITEM, 1, 2, "2."},
    {LANG_EN, "1.2 Scope of work", PAPER_HEADING, 2, 2, "1.2"},
    {LANG_EN, "(b) reply within a week;", PAPER_ITEM, 2, 2, "(b)"},
    {LANG_EN, "IV. Findings", PAPER_HEADING, 1, 4, "IV."},
    {LANG_EN, "First, we look at costs.", PAPER_PARAGRAPH, 0, 1, "First,"},
    {LANG_EN, "In 2020. A year", PAPER_PARAGRAPH, 0, 0, ""},
    {LANG_EN, "", PAPER_PARAGRAPH, 0, 0, ""},
};

static void each_shape_of_the_outline_is_recognised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct paper_block block = {.kind = PAPER_RULE, .marker_len = 99};
        paper_classify_line(str_of(CASES[i].line), CASES[i].lang, &block);
        if (block.kind != CASES[i].kind || block.marker_len != strlen(CASES[i].marker))
            print_message("line: %s\n", CASES[i].line);
        assert_int_equal(block.kind, CASES[i].kind);
        assert_int_equal(block.level, CASES[i].level);
        assert_int_equal(block.ordinal, CASES[i].ordinal);
        assert_int_equal(block.marker_len, strlen(CASES[i].marker));
    }
}

static void a_marker_never_reaches_beyond_the_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct str line = str_of(CASES[i].line);
        for (size_t len = 0; len <= line.len; len++) {
            struct paper_block block = {0};
            paper_classify_line(str_slice(line, 0, len), CASES[i].lang, &block);
            assert_true(block.marker_len <= len);
        }
    }
}

/* A paragraph, its opening as a heading (empty: none) and the heading's level. */
static const struct {
    enum lang lang;
    const char *text, *opening;
    unsigned level;
} OPENINGS[] = {
    {LANG_ZH, "（一）全力以赴抓项目。项目是发展的支撑。", "（一）全力以赴抓项目", 2},
    {LANG_ZH, "一、加强领导。各级要负起责任。", "一、加强领导", 1},
    {LANG_ZH, "（一）全力以赴抓项目。", "（一）全力以赴抓项目", 2},
    {LANG_ZH, "（一）全力以赴抓项目", "", 0},
    {LANG_ZH, "一要突出重点。抓住主要矛盾。", "", 0},
    {LANG_ZH, "首先，统一思想。再谈其他。", "", 0},
    {LANG_ZH, "项目是发展的支撑。（一）抓项目。", "", 0},
    {LANG_EN, "We begin. And go on.", "", 0},
    {LANG_EN, "", "", 0},
};

static void a_paragraph_may_open_with_a_heading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof OPENINGS / sizeof *OPENINGS; i++) {
        struct str text = str_of(OPENINGS[i].text);
        struct paper_block block = {.kind = PAPER_PARAGRAPH, .len = text.len};
        struct paper_block opening = {0};
        struct paper_doc doc = {
            .lang = OPENINGS[i].lang, .text = text, .blocks = &block, .nblocks = 1};
        bool found = paper_find_opening(&doc, &block, &opening);
        assert_int_equal(found, OPENINGS[i].opening[0] != 0);
        if (!found)
            continue;
        assert_true(
            str_equal(str_slice(text, opening.at, opening.len), str_of(OPENINGS[i].opening)));
        assert_int_equal(opening.level, OPENINGS[i].level);
        block.kind = PAPER_ITEM;
        assert_false(paper_find_opening(&doc, &block, &opening));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shape_of_the_outline_is_recognised),
        cmocka_unit_test(a_marker_never_reaches_beyond_the_line),
        cmocka_unit_test(a_paragraph_may_open_with_a_heading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
