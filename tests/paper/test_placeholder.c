/* Placeholders: what is one and what is not, and a document with them filled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "paper/placeholder.h"

/* One paragraph of text. */
static struct paper_doc paragraph(struct arena *arena, const char *text)
{
    struct paper_doc doc = {.lang = paper_detect_lang(str_of(text)), .text = str_of(text)};
    doc.title = doc.text;
    doc.blocks = arena_new(arena, struct paper_block);
    doc.blocks[0] = (struct paper_block){.kind = PAPER_PARAGRAPH, .len = doc.text.len};
    doc.nblocks = 1;
    return doc;
}

/* What is found, as "words=name:kind" joined by spaces; spaces within as "_". */
static struct str found(struct arena *arena, const struct paper_doc *doc)
{
    struct buf out = {.arena = arena};
    struct placeholder *list;
    size_t count;
    paper_find_placeholders(arena, doc, &list, &count);
    for (size_t i = 0; i < count; i++)
        buf_format(&out, "%s%.*s=%.*s:%s", i ? " " : "",
                   STR_ARG(str_slice(doc->text, list[i].at, list[i].len)), STR_ARG(list[i].name),
                   placeholder_kind_name(list[i].kind));
    for (size_t i = 0; i < out.len; i++)
        if (out.at[i] == '\n')
            out.at[i] = ' ';
    return buf_str(&out);
}

static void placeholders_are_found_and_named_and_nothing_else_is(void **state)
{
    (void)state;
    static const struct {
        const char *text, *finds;
    } cases[] = {
        {"今年××市要完成××亿元。", "××=××市:place ××=××亿:number"},
        {"XX同志主持会议", "XX=XX同:text"},
        {"20××年的目标", "20××=20××年:number"},
        {"××年×月×日召开", "××年×月×日=××年×月×日:date"},
        {"2026年×月×日", "2026年×月×日=2026年×月×日:date"},
        {"×月×日前", "×月×日=×月×日:date"},
        {"请填【单位名称】和【签署日期】", "【单位名称】=单位名称:text 【签署日期】=签署日期:date"},
        {"【同意/不同意】", "【同意/不同意】=同意/不同意:choice"},
        {"Dear {{ name }}, on {{start date}}",
         "{{ name }}=name:text {{start date}}=start date:date"},
        {"held on XX March in ＸＸ", "XX=XX March:text ＸＸ=ＸＸ:text"},
        /* none of these */
        {"3×4 is twelve, X marks the spot, and XXL or BoXXer fit", ""},
        {"2026年11月24日，X光检查", ""},
        {"a {brace} and 【an opening only", ""},
        {"{{}}x{{", "{{}}={{}}:text"},
        {"part XX9 of it", ""},
    };
    struct arena *arena = arena_make();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct paper_doc doc = paragraph(arena, cases[i].text);
        assert_string_equal(found(arena, &doc).at ? str_z(arena, found(arena, &doc)) : "",
                            cases[i].finds);
    }
    arena_free(arena);
}

static void code_holds_no_placeholder(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = paragraph(arena, "{{a}} {{b}} {{c}}");
    doc.runs = arena_new(arena, struct paper_run);
    doc.runs[0] = (struct paper_run){.kind = PAPER_CODE_SPAN, .at = 6, .len = 5};
    doc.nruns = 1;
    assert_string_equal(str_z(arena, found(arena, &doc)), "{{a}}=a:text {{c}}=c:text");
    doc.blocks[0].kind = PAPER_CODE;
    assert_int_equal(found(arena, &doc).len, 0);
    arena_free(arena);
}

static void filling_in_moves_blocks_runs_and_places_and_keeps_the_sites(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct paper_doc doc = {.text = STR("XX plan\nto XX by road and XX")};
    struct paper_block blocks[] = {{.kind = PAPER_TITLE, .len = 7},
                                   {.kind = PAPER_PARAGRAPH, .at = 8, .len = 20}};
    struct paper_run runs[] = {{.kind = PAPER_STRONG, .at = 8, .len = 5},
                               {.kind = PAPER_EMPHASIS, .at = 26, .len = 2}};
    struct paper_place places[] = {{.at = 14, .len = 2, .site = 0, .alt = {STR("by"), STR("on")}},
                                   {.at = 22, .len = 3, .site = 1, .alt = {STR("and"), STR("or")}}};
    struct paper_site sites[] = {{.number = 0}, {.number = 1}};
    struct paper_sites all = {sites, 2, places, 2};
    struct paper_filling fillings[] = {
        {0, 2, STR("Harbour")}, {11, 2, STR("Port Y")}, {26, 2, STR("")}};
    struct paper_doc filled;
    struct paper_sites moved;
    doc.blocks = blocks;
    doc.nblocks = 2;
    doc.runs = runs;
    doc.nruns = 2;
    paper_fill(arena, &doc, &all, fillings, 3, &filled, &moved);
    assert_string_equal(str_z(arena, filled.text), "Harbour plan\nto Port Y by road and ");
    assert_string_equal(str_z(arena, filled.title), "Harbour plan");
    assert_int_equal(filled.blocks[1].at, 13);
    assert_int_equal(filled.blocks[1].len, filled.text.len - 13);
    assert_int_equal(filled.runs[0].len, 9);
    assert_int_equal(filled.runs[1].len, 0);
    assert_int_equal(moved.nsites, 2);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(filled.text.at + moved.places[i].at, moved.places[i].alt[0].at,
                            moved.places[i].len);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_are_found_and_named_and_nothing_else_is),
        cmocka_unit_test(code_holds_no_placeholder),
        cmocka_unit_test(filling_in_moves_blocks_runs_and_places_and_keeps_the_sites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
