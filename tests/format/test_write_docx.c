/* Word documents out: what a member gets reads as the member's copy does, and carries its marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "format/package.h"
#include "format/write_docx_style.h"
#include "scribble.h"

static struct format_press *press_of(struct arena *arena, const struct paper_doc *doc,
                                     const struct paper_sites *sites,
                                     const struct format_frame *frame)
{
    struct format_press *press = NULL;
    struct error err;
    assert_int_equal(
        format_press_make(arena, doc, sites, frame, STR(""), FORMAT_DOCX, &press, &err), STATUS_OK);
    return press;
}

static struct paper_doc read_back(struct arena *arena, struct str bytes)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct error err;
    assert_int_equal(
        format_read_docx(arena, STR("copy.docx"), bytes, NULL, STR(""), &doc, left, &err),
        STATUS_OK);
    return doc;
}

static struct str part_of(struct arena *arena, struct str bytes, const char *path)
{
    struct package package;
    assert_true(package_open(&package, arena, bytes, 1 << 24));
    struct str part = package_part(&package, str_of(path));
    package_close(&package);
    return part;
}

static void a_copy_reads_as_the_members_words(void **state)
{
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct arena *arena = arena_make();
        struct paper_doc doc = scribble_read(arena, scribble_markdown(arena),
                                             round % 3 ? FORMAT_MARKDOWN : FORMAT_TEXT);
        struct paper_sites sites = scribble_sites(arena, &doc);
        uint8_t bits[201] = {0};
        const struct format_press *press = press_of(arena, &doc, &sites, NULL);
        for (int copy = 0; copy < 3; copy++) {
            for (size_t i = 0; i < sites.nplaces; i++)
                bits[i] = copy == 0 ? 0 : copy == 1 ? 1 : (uint8_t)scribble_dice(2);
            struct str want = scribble_pressed(arena, scribble_stamp(arena, &doc, &sites, bits));
            struct str bytes = format_press_write(press, arena, bits, NULL);
            if (want.len) {
                struct paper_doc back = read_back(arena, bytes);
                assert_string_equal(str_z(arena, scribble_pressed(arena, back.text)),
                                    str_z(arena, want));
            }
        }
        arena_free(arena);
    }
}

static void the_same_member_gets_the_same_bytes(void **state)
{
    struct arena *arena = arena_make();
    struct paper_doc doc = scribble_read(arena, STR("标题\n\n正文。"), FORMAT_TEXT);
    struct format_frame frame = {.mark = FORMAT_MARK_MARGIN};
    struct format_owner owner = {STR("李华"), STR("7"), STR("https://a.b/check"), 1764000000000};
    const struct format_press *press = press_of(arena, &doc, NULL, &frame);
    (void)state;
    struct str one = format_press_write(press, arena, NULL, &owner);
    struct str two = format_press_write(press_of(arena, &doc, NULL, &frame), arena, NULL, &owner);
    assert_true(str_equal(one, two));
    arena_free(arena);
}

static const char PAPER[] =
    "# A Paper\n\nBefore it: **bold** and *slanted* with [a link](https://a.b/?c=1&d=2).\n\n"
    "## 1. Part\n\n1. one\n2. two\n   - inner\n3. three\n\ntext\n\n1. again\n\n"
    "| a | b |\n| --- | --- |\n| c |  |\n\n| x |\n| --- |\n| y |\n";

static void the_outline_lists_tables_and_emphasis_are_words_own(void **state)
{
    struct arena *arena = arena_make();
    struct paper_doc doc = scribble_read(arena, str_of(PAPER), FORMAT_MARKDOWN);
    struct paper_doc back =
        read_back(arena, format_press_write(press_of(arena, &doc, NULL, NULL), arena, NULL, NULL));
    (void)state;
    assert_string_equal(str_z(arena, back.text), str_z(arena, doc.text));
    assert_int_equal(back.nblocks, doc.nblocks);
    for (size_t i = 0; i < doc.nblocks; i++) {
        assert_int_equal(back.blocks[i].kind, doc.blocks[i].kind);
        assert_int_equal(back.blocks[i].ordinal, doc.blocks[i].ordinal);
        if (doc.blocks[i].kind == PAPER_ITEM)
            assert_int_equal(back.blocks[i].level, doc.blocks[i].level);
    }
    assert_int_equal(back.nruns, doc.nruns);
    for (size_t i = 0; i < doc.nruns; i++) {
        assert_int_equal(back.runs[i].kind, doc.runs[i].kind);
        assert_true(str_equal(back.runs[i].target, doc.runs[i].target));
    }
    arena_free(arena);
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_of(words), 0) != SIZE_MAX;
}

static void notice_credit_and_visible_mark_stand_in_the_margins(void **state)
{
    static const struct {
        enum format_mark mark;
        const char *holds;
    } CASES[] = {
        {FORMAT_MARK_NONE, NULL},
        {FORMAT_MARK_MARGIN, ">李 &lt;华&gt; · 20260007 · 2025-11-2"},
        {FORMAT_MARK_DIAGONAL, "string=\"李 &lt;华&gt; · 20260007 · 2025-11-2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct arena *arena = arena_make();
        struct paper_doc doc = scribble_read(arena, STR("标题\n\n正文。"), FORMAT_TEXT);
        struct format_frame frame = {STR("请勿外传 <b>"), STR("甲会\n010-1"), CASES[i].mark};
        struct format_owner owner = {STR("李 <华>"), STR("20260007"), STR(""), 1764000000000};
        const struct format_press *press = press_of(arena, &doc, NULL, &frame);
        struct str bytes = format_press_write(press, arena, NULL, &owner);
        struct str nobody = format_press_write(press, arena, NULL, NULL);
        struct str first = part_of(arena, bytes, "word/header2.xml");
        assert_true(holds(first, "请勿外传 &lt;b&gt;") && holds(first, "甲会"));
        assert_true(holds(part_of(arena, bytes, "word/footer1.xml"), "010-1"));
        assert_int_equal(holds(first, "李"), CASES[i].holds != NULL);
        if (CASES[i].holds) {
            assert_true(holds(first, CASES[i].holds));
            assert_true(holds(part_of(arena, bytes, "word/header1.xml"), CASES[i].holds));
        }
        assert_false(holds(part_of(arena, nobody, "word/header2.xml"), "李"));
        arena_free(arena);
    }
}

static void the_title_in_the_properties_is_the_copys_own(void **state)
{
    struct arena *arena = arena_make();
    struct paper_doc doc = scribble_read(arena, STR("# On the plan\n\nText."), FORMAT_MARKDOWN);
    struct paper_place place = {.at = 7, .len = 4, .alt = {STR("plan"), STR("Plan B")}};
    struct paper_site site = {.rule = STR("word")};
    struct paper_sites sites = {&site, 1, &place, 1};
    const struct format_press *press = press_of(arena, &doc, &sites, NULL);
    uint8_t bits[] = {1};
    (void)state;
    struct str core =
        part_of(arena, format_press_write(press, arena, bits, NULL), "docProps/core.xml");
    assert_true(holds(core, "<dc:title>On the Plan B</dc:title>"));
    arena_free(arena);
}

/* The gap behind the comma and the line of the first paragraph, as a found file shows them. */
static void check_shifts(struct arena *arena, struct str bytes, size_t gap, size_t line,
                         const uint8_t *bits)
{
    struct paper_seen seen;
    bool wide = false;
    bool low = false;
    assert_int_equal(format_read_docx_shifts(arena, STR("found.docx"), bytes, &seen, NULL),
                     STATUS_OK);
    for (size_t i = 0; i < seen.nshifts; i++) {
        const struct paper_shift *s = &seen.shifts[i];
        bool is_gap = s->kind == PAPER_SHIFT_GAP;
        float want = s->ems < 0.05F ? 0 : is_gap ? (float)PAPER_GAP_EMS : (float)PAPER_LINE_EMS;
        assert_true(s->ems - want < 0.01F && want - s->ems < 0.01F);
        wide = wide || (is_gap && s->at == gap && want > 0);
        low = low || (!is_gap && s->at == line && want > 0);
        assert_true(want <= 0 || s->at == (is_gap ? gap : line));
    }
    assert_int_equal(low, bits[0]);
    assert_int_equal(wide, bits[1]);
}

static void layout_marks_are_spacing_that_a_reader_does_not_see(void **state)
{
    struct arena *arena = arena_make();
    struct paper_doc doc =
        scribble_read(arena, STR("标题\n\n第一段，第二句。\n\n第二段。"), FORMAT_TEXT);
    size_t comma = str_find(doc.text, STR("，"), 0);
    struct paper_site all[] = {{.number = 0, .channel = PAPER_LAYOUT, .rule = STR("layout:line")},
                               {.number = 1, .channel = PAPER_LAYOUT, .rule = STR("layout:gap")}};
    struct paper_place places[] = {
        {.at = doc.blocks[1].at, .len = 3, .site = 0, .alt = {STR("第"), STR("第")}},
        {.at = comma, .len = 3, .site = 1, .alt = {STR("，"), STR("，")}}};
    struct paper_sites sites = {all, 2, places, 2};
    const struct format_press *press = press_of(arena, &doc, &sites, NULL);
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        uint8_t bits[] = {i & 1, i >> 1};
        struct str bytes = format_press_write(press, arena, bits, NULL);
        struct str body = part_of(arena, bytes, "word/document.xml");
        assert_int_equal(holds(body, "<w:spacing w:before=\"32\"/>"), bits[0]);
        assert_int_equal(
            holds(body, "<w:spacing w:val=\"40\"/></w:rPr><w:t xml:space=\"preserve\">，</w:t>"),
            bits[1]);
        assert_true(str_equal(read_back(arena, bytes).text, doc.text));
        check_shifts(arena, bytes, comma + 3, doc.blocks[1].at, bits);
    }
    arena_free(arena);
}

static void room_above_text_is_no_less_than_what_stands_before_it_leaves_below(void **state)
{
    (void)state;
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        const struct docx_face *faces = docx_faces((enum lang)lang);
        for (int kind = DOCX_HEADING; kind <= DOCX_QUOTE; kind++) {
            assert_true(faces[kind].after <= faces[DOCX_BODY].before);
            assert_true(faces[kind].after <= faces[DOCX_ITEM].before);
        }
        assert_true(faces[DOCX_BODY].after <= faces[DOCX_ITEM].before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_reads_as_the_members_words),
        cmocka_unit_test(the_same_member_gets_the_same_bytes),
        cmocka_unit_test(the_outline_lists_tables_and_emphasis_are_words_own),
        cmocka_unit_test(notice_credit_and_visible_mark_stand_in_the_margins),
        cmocka_unit_test(the_title_in_the_properties_is_the_copys_own),
        cmocka_unit_test(layout_marks_are_spacing_that_a_reader_does_not_see),
        cmocka_unit_test(room_above_text_is_no_less_than_what_stands_before_it_leaves_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
