/* Files that a process of its own reads: what it says, what becomes of one that breaks down, and what it is not given. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/serial.h"
#include "base/utf8.h"
#include "format/pdf.h"
#include "format/press.h"
#include "format/see.h"
#include "paper/align.h"
#include "pdf_made.h"
#include "reader/wire.h"

static char folder[] = "/tmp/chancery-see-XXXXXX";
static char script[64];

/* A reader of the test's own: a script in its place. */
static void pose_as_reader(const char *lines)
{
    FILE *file = fopen(script, "w");
    assert_non_null(file);
    (void)fprintf(file, "#!/bin/sh\n%s\n", lines);
    (void)fclose(file);
    assert_int_equal(chmod(script, 0700), 0);
    assert_int_equal(setenv("CHANCERY_READER", script, 1), 0);
}

static int begin(void **state)
{
    *state = arena_make();
    return setenv("CHANCERY_READER", TEST_READER, 1);
}

static int finish(void **state)
{
    arena_free(*state);
    return 0;
}

static enum status see(struct arena *arena, struct str bytes, struct format_seen *seen,
                       struct error *err)
{
    return format_see(arena, STR("found.pdf"), bytes, NULL, seen, err);
}

static void a_page_of_pdf_is_read(void **state)
{
    struct arena *arena = *state;
    struct format_seen seen;
    struct format_seen again;
    struct error err;
    struct str page = STR("BT /F 11 Tf 72 700 Td (Members read it in confidence.) Tj ET");
    struct str bytes = pdf_made_pages(arena, &page, 1);
    assert_int_equal(see(arena, bytes, &seen, &err), STATUS_OK);
    assert_true(str_equal(seen.seen.text, STR("Members read it in confidence.")));
    assert_string_equal(seen.how, "PDF");
    assert_int_equal(seen.pages, 1);
    assert_int_equal(seen.pictured, 0);
    assert_int_equal(format_see_again(arena, seen.kept, &again, &err), STATUS_OK);
    assert_true(str_equal(again.seen.text, seen.seen.text));
    assert_int_equal(
        format_see_again(arena, str_slice(seen.kept, 0, seen.kept.len - 1), &again, &err),
        STATUS_DAMAGED);
}

/* --- words ---------------------------------------------------------------------------------------------- */

/* Adds a line at (x, y) in a font of a size. Chinese is given as code points. */
static void draw(struct buf *page, const char *font, double size, double x, double y,
                 const char *text)
{
    buf_format(page, "BT /%s %g Tf %g %g Td ", font, size, x, y);
    if (font[0] != 'C') {
        buf_format(page, "(%s) Tj ET\n", text);
        return;
    }
    struct str left = str_of(text);
    buf_add(page, STR("<"));
    for (size_t pos = 0; pos < left.len;)
        buf_format(page, "%04X", (unsigned)utf8_next(left, &pos));
    buf_add(page, STR("> Tj ET\n"));
}

static struct buf new_page(struct arena *arena)
{
    struct buf page = {.arena = arena};
    buf_add(&page, STR("q Q\n"));
    return page;
}

static struct str words_of(struct arena *arena, struct buf *pages, size_t count)
{
    struct str contents[8];
    struct format_seen seen;
    struct error err;
    for (size_t i = 0; i < count; i++)
        contents[i] = buf_str(&pages[i]);
    assert_int_equal(see(arena, pdf_made_pages(arena, contents, count), &seen, &err), STATUS_OK);
    return seen.seen.text;
}

static void lines_become_paragraphs_again(void **state)
{
    struct buf page = new_page(*state);
    draw(&page, "C", 12, 84, 700, "一、抓好落实");
    draw(&page, "C", 12, 84, 675, "各部门要把各项任务抓紧抓");
    draw(&page, "C", 12, 60, 657, "实，确保年底前全部完成任务");
    draw(&page, "C", 12, 60, 639, "目标。");
    draw(&page, "C", 12, 84, 621, "各县区要及时报告进展情况");
    draw(&page, "C", 12, 60, 603, "和问题。");
    assert_true(str_equal(words_of(*state, &page, 1),
                          STR("一、抓好落实\n"
                              "各部门要把各项任务抓紧抓实，确保年底前全部完成任务目标。\n"
                              "各县区要及时报告进展情况和问题。")));
}

static void words_parted_at_the_end_of_a_line_are_joined(void **state)
{
    struct buf page = new_page(*state);
    draw(&page, "F", 12, 72, 700, "The Partnership will publish its quarterly infor-");
    draw(&page, "F", 12, 72, 685, "mation without delay, and its members will have");
    draw(&page, "F", 12, 72, 670, "read it.");
    assert_true(str_equal(words_of(*state, &page, 1),
                          STR("The Partnership will publish its quarterly information without "
                              "delay, and its members will have read it.")));
}

static void words_that_stand_far_apart_are_parted(void **state)
{
    struct buf page = new_page(*state);
    draw(&page, "B", 12, 72, 700, "Place");
    draw(&page, "F", 12, 170, 700, "The hall of the district, which is open.");
    draw(&page, "B", 12, 72, 674, "Time");
    draw(&page, "F", 12, 170, 674, "At noon.");
    assert_true(str_equal(words_of(*state, &page, 1),
                          STR("Place The hall of the district, which is open. Time At noon.")));
}

static void heads_feet_and_numbers_of_pages_are_no_words(void **state)
{
    struct buf pages[3];
    for (size_t i = 0; i < 3; i++) {
        char number[32];
        pages[i] = new_page(*state);
        (void)snprintf(number, sizeof number, "Page %zu of 3", i + 1);
        draw(&pages[i], "F", 9, 72, 800, "In confidence, to members");
        draw(&pages[i], "F", 12, 72, 700,
             i == 1 ? "goes on here, over the end of two pages, and"
             : i    ? "comes to its end."
                    : "A paragraph that begins on the first page and");
        draw(&pages[i], "F", 9, 280, 30, number);
    }
    assert_true(
        str_equal(words_of(*state, pages, 3),
                  STR("A paragraph that begins on the first page and goes on here, over the "
                      "end of two pages, and comes to its end.")));
}

/* --- papers ---------------------------------------------------------------------------------------------- */

static struct paper_doc paper_of(struct arena *arena, struct buf *pages, size_t count,
                                 struct format_left left[FORMAT_LEFT_KINDS])
{
    struct str contents[8];
    struct paper_doc doc;
    unsigned npages = 0;
    struct error err = {0};
    for (size_t i = 0; i < count; i++)
        contents[i] = buf_str(&pages[i]);
    enum status status =
        format_read_pdf(arena, STR("paper.pdf"), pdf_made_pages(arena, contents, count), NULL,
                        STR(""), &doc, left, &npages, &err);
    assert_string_equal(err.en, "");
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(npages, count);
    return doc;
}

static void assert_block(const struct paper_doc *doc, size_t at, enum paper_block_kind kind,
                         unsigned level, const char *text)
{
    assert_true(at < doc->nblocks);
    const struct paper_block *block = &doc->blocks[at];
    struct str found = str_slice(doc->text, block->at, block->len);
    if (!str_equal(found, str_of(text)))
        fail_msg("block %zu is %.*s", at, STR_ARG(found));
    assert_int_equal(block->kind, kind);
    assert_int_equal(block->level, level);
}

static void a_paper_has_its_headings_items_and_tables(void **state)
{
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf page = new_page(*state);
    draw(&page, "B", 20, 72, 740, "Keeping our word");
    draw(&page, "B", 14, 72, 700, "Where we stand");
    draw(&page, "F", 11, 72, 680,
         "The Partnership serves eleven districts, and it has approved many");
    draw(&page, "F", 11, 72, 666, "projects.");
    draw(&page, "B", 11, 72, 640, "What is open");
    draw(&page, "F", 11, 72, 620,
         "\\225 Six projects are late, of which two should have been closed.");
    draw(&page, "F", 11, 72, 606,
         "\\225 Nobody was told that the next step was theirs to take at all.");
    draw(&page, "F", 11, 72, 570, "District");
    draw(&page, "F", 11, 250, 570, "Projects");
    draw(&page, "F", 11, 72, 556, "Pellwick");
    draw(&page, "F", 11, 250, 556, "12");
    draw(&page, "F", 11, 72, 542, "Tolleshaven");
    draw(&page, "F", 11, 250, 542, "29");
    struct paper_doc doc = paper_of(*state, &page, 1, left);
    assert_int_equal(doc.lang, LANG_EN);
    assert_true(str_equal(doc.title, STR("Keeping our word")));
    assert_block(&doc, 0, PAPER_TITLE, 0, "Keeping our word");
    assert_block(&doc, 1, PAPER_HEADING, 1, "Where we stand");
    assert_block(&doc, 2, PAPER_PARAGRAPH, 0,
                 "The Partnership serves eleven districts, and it has approved many projects.");
    assert_block(&doc, 3, PAPER_HEADING, 2, "What is open");
    assert_block(&doc, 4, PAPER_ITEM, 1,
                 "Six projects are late, of which two should have been closed.");
    assert_block(&doc, 5, PAPER_ITEM, 1,
                 "Nobody was told that the next step was theirs to take at all.");
    assert_block(&doc, 6, PAPER_ROW, 1, "District\tProjects");
    assert_block(&doc, 7, PAPER_ROW, 0, "Pellwick\t12");
    assert_block(&doc, 8, PAPER_ROW, 0, "Tolleshaven\t29");
    assert_int_equal(doc.nblocks, 9);
}

static void a_note_does_not_part_the_paragraph_that_goes_on_over_it(void **state)
{
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf pages[2] = {new_page(*state), new_page(*state)};
    draw(&pages[0], "F", 9, 72, 810, "In confidence");
    draw(&pages[0], "F", 12, 72, 120,
         "The members approved the plan that the board had laid before");
    draw(&pages[0], "F", 8, 72, 90, "1 See the minutes of the third meeting.");
    draw(&pages[1], "F", 9, 72, 810, "In confidence");
    draw(&pages[1], "F", 12, 72, 740, "them in the spring, and thanked its authors.");
    struct paper_doc doc = paper_of(*state, pages, 2, left);
    assert_block(&doc, 0, PAPER_PARAGRAPH, 0,
                 "The members approved the plan that the board had laid before them in the spring, "
                 "and thanked its authors.");
    assert_int_equal(doc.nblocks, 2);
    assert_true(str_ends(doc.text, STR("See the minutes of the third meeting.")));
    assert_int_equal(left[FORMAT_LEFT_MARGINS].count, 1);
    assert_true(str_equal(left[FORMAT_LEFT_MARGINS].example, STR("In confidence")));
}

/* Adds a line in Helvetica; what stands between bars is raised: "plan|1|, and". */
static void draw_with_notes(struct buf *page, double size, double x, double y, const char *text)
{
    bool raised = false;
    struct str left = str_of(text);
    struct str part;
    buf_format(page, "BT %g %g Td ", x, y);
    for (; str_split(&left, '|', &part); raised = !raised)
        buf_format(page, "/F %g Tf %g Ts (%.*s) Tj ", raised ? size * 0.58 : size,
                   raised ? size * 0.33 : 0, STR_ARG(part));
    buf_add(page, STR("ET\n"));
}

static void notes_are_tied_to_what_refers_to_them_and_whole(void **state)
{
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf pages[2] = {new_page(*state), new_page(*state)};
    draw(&pages[0], "B", 20, 72, 740, "What was approved");
    draw_with_notes(&pages[0], 12, 72, 200,
                    "The members approved the plan|1|, of 40 m|2| in all, and thanked the");
    draw_with_notes(&pages[0], 12, 72, 185, "authors of it|2|.");
    draw_with_notes(&pages[0], 8, 72, 100,
                    "|1| See the minutes of the third meeting, of which the");
    draw_with_notes(&pages[0], 8, 72, 90, "3 members of the board were given copies.");
    draw_with_notes(&pages[0], 8, 72, 80, "|2| They had worked on it for three years, and");
    draw_with_notes(&pages[1], 12, 72, 740, "The board reports on it in the autumn.|3|");
    draw_with_notes(&pages[1], 8, 72, 110, "without being paid.");
    draw_with_notes(&pages[1], 8, 72, 100, "|3| In writing.");
    struct paper_doc doc = paper_of(*state, pages, 2, left);
    assert_block(
        &doc, 1, PAPER_PARAGRAPH, 0,
        "The members approved the plan[1], of 40 m2 in all, and thanked the authors of it[2].");
    assert_block(&doc, 2, PAPER_PARAGRAPH, 0, "The board reports on it in the autumn.[3]");
    assert_block(
        &doc, 3, PAPER_PARAGRAPH, 0,
        "[1] See the minutes of the third meeting, of which the 3 members of the board were "
        "given copies.");
    assert_block(&doc, 4, PAPER_PARAGRAPH, 0,
                 "[2] They had worked on it for three years, and without being paid.");
    assert_block(&doc, 5, PAPER_PARAGRAPH, 0, "[3] In writing.");
    assert_int_equal(doc.nblocks, 6);
}

static void cells_hold_all_their_lines_where_columns_and_rows_are_plain(void **state)
{
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf page = new_page(*state);
    draw(&page, "F", 11, 72, 720,
         "The board has agreed on what follows, and reports on it in public");
    draw(&page, "F", 11, 72, 706, "every quarter.");
    for (int i = 0; i < 2; i++) { /* rows parted by room, then by their first column alone */
        double y = 670 - 150 * i;
        double room = i ? 0 : 5;
        draw(&page, "F", 11, 72, y, "No.");
        draw(&page, "F", 11, 110, y, "Commitment");
        draw(&page, "F", 11, 330, y, "Owner");
        draw(&page, "F", 11, 72, y - 13 - room, "1");
        draw(&page, "F", 11, 110, y - 13 - room, "Repair the roofs of all district");
        draw(&page, "F", 11, 330, y - 13 - room, "Estates, with the");
        draw(&page, "F", 11, 110, y - 26 - room, "halls and publish what it costs");
        draw(&page, "F", 11, 330, y - 26 - room, "districts");
        draw(&page, "F", 11, 72, y - 39 - 2 * room, "2");
        draw(&page, "F", 11, 110, y - 39 - 2 * room, "Open on Saturdays");
        draw(&page, "F", 11, 330, y - 39 - 2 * room, "Library");
        draw(&page, "F", 11, 72, y - 80,
             "What is late is said in public, with the name of whoever is to do it,");
        draw(&page, "F", 11, 72, y - 94, "and of who can help.");
    }
    struct paper_doc doc = paper_of(*state, &page, 1, left);
    for (size_t i = 0; i < 2; i++) {
        assert_block(&doc, 4 * i + 1, PAPER_ROW, 1, "No.\tCommitment\tOwner");
        assert_block(&doc, 4 * i + 2, PAPER_ROW, 0,
                     "1\tRepair the roofs of all district halls and publish what it costs"
                     "\tEstates, with the districts");
        assert_block(&doc, 4 * i + 3, PAPER_ROW, 0, "2\tOpen on Saturdays\tLibrary");
    }
    assert_int_equal(doc.nblocks, 9);
}

static void lists_whose_numbers_hang_and_columns_of_sentences_are_no_table(void **state)
{
    static const char *const LABELS[3][5] = {
        {"1.", "2.", "3.", "4.", "5."},
        {"Roof", "Hall", "Gate", "Yard", "Well"},
        {"It rained.", "We went.", "She read.", "He slept.", "They left."},
    };
    for (int kind = 0; kind < 3; kind++) {
        struct format_left left[FORMAT_LEFT_KINDS];
        struct buf page = new_page(*state);
        double y = 700;
        for (int i = 0; i < 5; i++) {
            draw(&page, "F", 11, 72, y, LABELS[kind][i]);
            draw(&page, "F", 11, 150, y, kind ? "the first line of it" : "what is short");
            if (kind == 2)
                draw(&page, "F", 11, 350, y, "It is done.");
            if (kind == 1)
                draw(&page, "F", 11, 150, y -= 14, "and one more, which");
            y -= 14;
        }
        struct paper_doc doc = paper_of(*state, &page, 1, left);
        for (size_t i = 0; i < doc.nblocks; i++)
            assert_int_not_equal(doc.blocks[i].kind, PAPER_ROW);
    }
}

/* Lines of Chinese around figures, with room of so many thousandths of an em before and behind these, or every third. */
static struct str paper_with_room(struct arena *arena, int room, bool everywhere)
{
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf page = new_page(arena);
    for (int i = 0; i < 9; i++) {
        int here = everywhere || i % 3 == 0 ? room : 0;
        buf_format(&page,
                   "BT 72 %d Td /C 12 Tf <5404 90E8 95E8 8981 5728> Tj /F 12 Tf [%d (20%d)] TJ "
                   "/C 12 Tf [%d <5E74 6293 597D 843D 5B9E FF0C 4E0D 51C6 62D6 5EF6 FF1B>] TJ ET\n",
                   700 - 18 * i, -here, 26 + i, -here);
    }
    return paper_of(arena, &page, 1, left).text;
}

static void room_that_an_office_program_leaves_beside_figures_is_no_space(void **state)
{
    struct str left = paper_with_room(*state, 250, true);
    assert_true(str_find(left, STR("要在2026年抓好"), 0) != SIZE_MAX);
    assert_true(str_find(left, STR(" "), 0) == SIZE_MAX);
    struct str typed = paper_with_room(*state, 250, false);
    assert_true(str_find(typed, STR("要在 2026 年抓好"), 0) != SIZE_MAX);
    assert_true(str_find(typed, STR("要在2027年抓好"), 0) != SIZE_MAX);
    struct str wide = paper_with_room(*state, 500, true);
    assert_true(str_find(wide, STR("要在 2026 年抓好"), 0) != SIZE_MAX);
}

static void columns_of_text_are_no_table(void **state)
{
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf page = new_page(*state);
    for (int i = 0; i < 4; i++) {
        draw(&page, "F", 10, 72, 700 - 14 * i, "The left column goes on with its own words");
        draw(&page, "F", 10, 310, 700 - 14 * i, "while the right one says other things here");
    }
    struct paper_doc doc = paper_of(*state, &page, 1, left);
    for (size_t i = 0; i < doc.nblocks; i++)
        assert_int_not_equal(doc.blocks[i].kind, PAPER_ROW);
}

/* A grid of lines: level ones at ys, upright ones at xs, from the top down. */
static void draw_grid(struct buf *page, const double *xs, size_t nxs, const double *ys, size_t nys)
{
    for (size_t i = 0; i < nys; i++)
        buf_format(page, "%g %g m %g %g l .5 w S\n", xs[0], ys[i], xs[nxs - 1], ys[i]);
    for (size_t i = 0; i < nxs; i++)
        buf_format(page, "%g %g m %g %g l .5 w S\n", xs[i], ys[0], xs[i], ys[nys - 1]);
}

static void cells_hold_all_their_lines_where_their_borders_are_drawn(void **state)
{
    static const double XS[] = {60, 110, 300, 500};
    static const double YS[] = {720, 700, 640, 620};
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf page = new_page(*state);
    draw(&page, "C", 12, 84, 760, "现将各项任务分工表印发给你们请抓好落实工作，");
    draw(&page, "C", 12, 60, 742, "按时完成。");
    draw_grid(&page, XS, 4, YS, 4);
    draw(&page, "C", 10, 65, 706, "序号");
    draw(&page, "C", 10, 115, 706, "任务");
    draw(&page, "C", 10, 305, 706, "单位");
    draw(&page, "F", 10, 65, 666, "1");
    draw(&page, "C", 10, 115, 686, "完成改造一百二十个小区，惠及居民");
    draw(&page, "C", 10, 115, 672, "三万六千户，同步改造管网，做到一");
    draw(&page, "C", 10, 115, 658, "次到位");
    draw(&page, "F", 10, 305, 679, "Estates, with the eleven dis-");
    draw(&page, "F", 10, 305, 665, "tricts and");
    draw(&page, "F", 10, 305, 651, "others");
    draw(&page, "F", 10, 65, 626, "2");
    draw(&page, "C", 10, 305, 626, "全体");
    draw(&page, "C", 12, 84, 590, "特此通知，请认真执行。");
    struct paper_doc doc = paper_of(*state, &page, 1, left);
    assert_block(&doc, 0, PAPER_PARAGRAPH, 0,
                 "现将各项任务分工表印发给你们请抓好落实工作，按时完成。");
    assert_block(&doc, 1, PAPER_ROW, 1, "序号\t任务\t单位");
    assert_block(&doc, 2, PAPER_ROW, 0,
                 "1\t完成改造一百二十个小区，惠及居民三万六千户，同步改造管网，做到一次到位"
                 "\tEstates, with the eleven districts and others");
    assert_block(&doc, 3, PAPER_ROW, 0, "2\t\t全体");
    assert_block(&doc, 4, PAPER_PARAGRAPH, 0, "特此通知，请认真执行。");
    assert_int_equal(doc.nblocks, 5);
}

static void a_table_goes_on_over_a_page_with_its_head_once_and_its_rows_whole(void **state)
{
    static const double XS[] = {60, 110, 500};
    static const double FIRST[] = {140, 120, 100, 80};
    static const double SECOND[] = {780, 760, 740, 720};
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf pages[2] = {new_page(*state), new_page(*state)};
    draw_grid(&pages[0], XS, 3, FIRST, 4);
    draw_grid(&pages[1], XS, 3, SECOND, 4);
    for (int i = 0; i < 2; i++) {
        draw(&pages[i], "C", 12, 65, i ? 765 : 125, "序号");
        draw(&pages[i], "C", 12, 115, i ? 765 : 125, "任务名称");
    }
    draw(&pages[0], "F", 12, 65, 105, "1");
    draw(&pages[0], "C", 12, 115, 105, "建成养老服务体系");
    draw(&pages[0], "F", 12, 65, 85, "2");
    draw(&pages[0], "C", 12, 115, 85, "新建农村公路三百");
    draw(&pages[1], "C", 12, 115, 745, "公里");
    draw(&pages[1], "F", 12, 65, 725, "3");
    draw(&pages[1], "C", 12, 115, 725, "其他任务");
    struct paper_doc doc = paper_of(*state, pages, 2, left);
    assert_block(&doc, 0, PAPER_ROW, 1, "序号\t任务名称");
    assert_block(&doc, 1, PAPER_ROW, 0, "1\t建成养老服务体系");
    assert_block(&doc, 2, PAPER_ROW, 0, "2\t新建农村公路三百公里");
    assert_block(&doc, 3, PAPER_ROW, 0, "3\t其他任务");
    assert_int_equal(doc.nblocks, 4);
}

static void a_frame_around_text_is_no_table(void **state)
{
    static const double XS[] = {50, 540};
    static const double YS[] = {720, 640, 560};
    struct format_left left[FORMAT_LEFT_KINDS];
    struct buf page = new_page(*state);
    draw_grid(&page, XS, 2, YS, 3);
    for (int i = 0; i < 4; i++) {
        draw(&page, "F", 10, 72, 700 - 40 * i, "The left column goes on with its words");
        draw(&page, "F", 10, 310, 700 - 40 * i, "while the right one says other things");
    }
    struct paper_doc doc = paper_of(*state, &page, 1, left);
    for (size_t i = 0; i < doc.nblocks; i++)
        assert_int_not_equal(doc.blocks[i].kind, PAPER_ROW);
}

static void a_scan_is_no_paper(void **state)
{
    struct pdf_made pdf = {.bytes = {.arena = *state}};
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    unsigned pages;
    struct error err;
    pdf_made_add(&pdf, STR("<< /Type /Catalog /Pages 2 0 R >>"));
    pdf_made_add(&pdf, STR("<< /Type /Pages /Count 1 /Kids [3 0 R] >>"));
    pdf_made_add(&pdf, STR("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                           "/Resources << /XObject << /X 5 0 R >> >> >>"));
    pdf_made_stream(&pdf, "", STR("q 595 0 0 842 0 0 cm /X Do Q"));
    pdf_made_stream(&pdf,
                    "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray "
                    "/BitsPerComponent 8 ",
                    STR("abcd"));
    assert_int_equal(format_read_pdf(*state, STR("scan.pdf"), pdf_made_end(&pdf, ""), NULL, STR(""),
                                     &doc, left, &pages, &err),
                     STATUS_INPUT);
    assert_non_null(strstr(err.en, "scan.pdf: its pages are pictures (page 1"));
    assert_non_null(strstr(err.en, "Publish the document"));
}

/* --- shifts ---------------------------------------------------------------------------------------------- */

#define SHIFTED_LINES 12

/* Twelve lines, in each a mark with a gap behind it that is wider in every third; and every fourth line stands lower. */
static struct buf shifted_page(struct arena *arena)
{
    struct buf page = new_page(arena);
    double y = 700;
    for (int i = 0; i < SHIFTED_LINES; i++) {
        y -= 18 + (i % 4 == 3 ? 12 * PAPER_LINE_EMS : 0);
        buf_format(&page,
                   "BT /C 12 Tf 60 %g Td [<5404 90E8 95E8 8981 628A 4EFB 52A1 FF0C> %g "
                   "<6293 7D27 6293 597D 843D 5B9E>] TJ ET\n",
                   y, i % 3 == 2 ? -1000 * PAPER_GAP_EMS : 0);
    }
    return page;
}

static void gaps_and_lines_are_measured(void **state)
{
    struct buf page = shifted_page(*state);
    struct str content = buf_str(&page);
    struct format_seen seen;
    struct error err;
    size_t gaps = 0;
    size_t lines = 0;
    assert_int_equal(see(*state, pdf_made_pages(*state, &content, 1), &seen, &err), STATUS_OK);
    for (size_t i = 0; i < seen.seen.nshifts; i++) {
        const struct paper_shift *s = &seen.seen.shifts[i];
        double wide = 0;
        if (s->kind == PAPER_SHIFT_GAP) {
            wide = gaps++ % 3 == 2 ? PAPER_GAP_EMS : 0;
            assert_true(s->at >= 3 && memcmp(seen.seen.text.at + s->at - 3, "，", 3) == 0);
        } else {
            wide = ++lines % 4 == 3 ? PAPER_LINE_EMS : 0;
            assert_true(str_starts(str_slice(seen.seen.text, s->at, 6), STR("各部")));
        }
        assert_true(fabs((double)s->ems - wide) < 0.01);
        assert_true(s->noise > 0 && s->noise < 0.02F);
    }
    assert_int_equal(gaps, SHIFTED_LINES);
    assert_int_equal(lines, SHIFTED_LINES - 1);
}

/* --- copies of our own ------------------------------------------------------------------------------------ */

/* A paper of many clauses, each with a mark, and of many paragraphs. */
static struct paper_doc marked_paper(struct arena *arena)
{
    struct paper_doc doc;
    struct error err;
    struct buf text = {.arena = arena};
    buf_add(&text, STR("关于抓好落实的通知\n"));
    for (uint32_t i = 0, chance = 1; i < 40 * 9; i++) {
        static const char *const MARKS[] = {"，", "、", "；", "，"};
        for (int k = 0; k < 7; k++, chance = chance * 1664525 + 1013904223)
            buf_add_code(&text, 0x4E00 + (chance >> 16) % 2000);
        buf_add(&text, str_of(i % 9 == 8 ? "。\n" : MARKS[chance >> 30]));
    }
    assert_int_equal(format_read(arena, buf_str(&text), FORMAT_TEXT, NULL, STR(""), &doc, &err),
                     STATUS_OK);
    return doc;
}

/* The copy of whoever has these bits, as PDF with a number in its margin. */
static struct str set_copy(struct arena *arena, const struct paper_doc *doc,
                           const struct paper_sites *sites, const uint8_t *bits,
                           const struct serial *number)
{
    struct format_frame frame = {.notice = STR("仅供成员阅读。"), .mark = FORMAT_MARK_MARGIN};
    struct format_owner owner = {.name = STR("李华"), .number = serial_print(arena, number)};
    struct press_order order = {.doc = doc, .sites = sites, .frame = &frame};
    void *press;
    struct error err;
    assert_int_equal(format_pdf_maker.make(arena, &order, &press, &err), STATUS_OK);
    return format_pdf_maker.write(press, arena, bits, &owner);
}

/* Three bits in four are 1: what is usual is the rarer one. Of those without width the first and the last are there: beyond
 * them nobody knows whether one is missing or all were taken out. */
static uint8_t *draw_bits(struct arena *arena, const struct paper_sites *sites)
{
    uint8_t *bits = arena_take(arena, sites->nsites);
    uint32_t last = UINT32_MAX;
    for (uint32_t i = 0; i < sites->nsites; i++) {
        bits[i] = i * 2654435761U >> 30 != 0;
        if (sites->sites[i].channel != PAPER_ZERO)
            continue;
        if (last == UINT32_MAX)
            bits[i] = 1;
        last = i;
    }
    assert_true(last < sites->nsites);
    bits[last] = 1;
    return bits;
}

static void the_layout_of_a_copy_is_read_back(void **state)
{
    struct arena *arena = *state;
    struct paper_doc doc = marked_paper(arena);
    struct paper_sites sites;
    struct serial number;
    struct format_seen seen;
    struct reading reading;
    struct error err;
    unsigned read = 0;
    unsigned all = 0;
    unsigned unseen = 0;
    assert_int_equal(
        paper_find_sites(arena, &doc, paper_lexicon_make(arena), PAPER_FULL, &sites, &err),
        STATUS_OK);
    uint8_t *bits = draw_bits(arena, &sites);
    assert_int_equal(serial_make(&number, &err), STATUS_OK);
    assert_int_equal(see(arena, set_copy(arena, &doc, &sites, bits, &number), &seen, &err),
                     STATUS_OK);
    paper_read_marks(arena, paper_lattice_make(arena, &doc, &sites), &seen.seen, &reading);
    for (uint32_t i = 0; i < sites.nsites; i++) {
        if (sites.sites[i].channel == PAPER_ZERO) {
            assert_int_equal(reading.read[i], bits[i]);
            unseen++;
        }
        if (sites.sites[i].channel != PAPER_LAYOUT)
            continue;
        all++;
        read += reading.read[i] != MARK_ERASED;
        if (reading.read[i] != MARK_ERASED)
            assert_int_equal(reading.read[i], bits[i]);
    }
    assert_true(all > 250 && 10 * read > 8 * all && unseen > 100);
    assert_true(seen.nsigns >= 1);
    assert_true(str_equal(seen.signs[0], serial_print(arena, &number)));
}

static void a_form_that_only_the_font_has_is_no_mark(void **state)
{
    struct buf page = new_page(*state);
    draw(&page, "C", 12, 60, 700, "⼀件事情⼤家都要记住不能忘");
    assert_true(str_equal(words_of(*state, &page, 1), STR("一件事情大家都要记住不能忘")));
    draw(&page, "C", 12, 60, 682, "一件一件去办，要办就要办好");
    assert_true(str_equal(words_of(*state, &page, 1),
                          STR("⼀件事情大家都要记住不能忘一件一件去办，要办就要办好")));
}

/* --- what goes wrong -------------------------------------------------------------------------------------- */

static void a_printed_page_comes_back_from_a_scanner_with_its_words(void **state)
{
    struct arena *arena = *state;
    const struct format_journey journey = {
        .way = FORMAT_WAY_SCAN, .seed = 7, .first = 5, .pages = 1};
    struct str page = STR("BT /F 14 Tf 18 TL 72 700 Td (Members read this paper in confidence;) Tj "
                          "T* (each copy of it differs a little from others,) Tj "
                          "T* (and the committee knows whose copy is whose.) Tj ET");
    struct format_seen seen;
    struct error err;
    assert_int_equal(
        format_see_printed(arena, pdf_made_pages(arena, &page, 1), &journey, NULL, &seen, &err),
        STATUS_OK);
    assert_true(str_equal(seen.seen.text, STR("Members read this paper in confidence;\n"
                                              "each copy of it differs a little from others,\n"
                                              "and the committee knows whose copy is whose.")));
    assert_non_null(seen.seen.doubt);
    assert_int_equal(seen.pictured, 1);
}

static void text_and_web_pages_are_read_without_it(void **state)
{
    struct format_seen seen;
    struct error err;
    assert_int_equal(setenv("CHANCERY_READER", "/nowhere", 1), 0);
    assert_int_equal(see(*state, STR("plain words"), &seen, &err), STATUS_OK);
    assert_string_equal(seen.how, "text");
    assert_int_equal(seen.kept.len, 0);
    assert_int_equal(see(*state, STR("<!doctype html><html><p>words</p></html>"), &seen, &err),
                     STATUS_OK);
    assert_string_equal(seen.how, "HTML");
}

static void photographs_of_telephones_are_told_from_films_by_their_brands(void **state)
{
    const struct {
        struct str bytes;
        bool picture;
    } FILES[] = {
        {STR("\0\0\0\x18"
             "ftypheic\0\0\0\0mif1heic"),
         true},
        {STR("\0\0\0\x18"
             "ftypheix\0\0\0\0mif1heix"),
         true},
        {STR("\0\0\0\x1C"
             "ftypmif1\0\0\0\0mif1miafheic"),
         true},
        {STR("\0\0\0\x18"
             "ftypmif1\0\0\0\0mif1miafheic"),
         false}, /* behind its end */
        {STR("\0\0\0\x1C"
             "ftypmif1\0\0\0\0mif1miafavif"),
         false},
        {STR("\0\0\0\x18"
             "ftypavif\0\0\0\0mif1avif"),
         false},
        {STR("\0\0\0\x18"
             "ftyphevc\0\0\0\0msf1heic"),
         false},
        {STR("\0\0\0\x18"
             "ftypisom\0\0\0\0mp41heic"),
         false},
        {STR("\0\0\0\x14"
             "ftypqt  \0\0\0\0qt  "),
         false},
        {STR("ftyp"), false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
        assert_int_equal(format_is_picture(FILES[i].bytes), FILES[i].picture);
}

static void what_cannot_be_read_is_refused_with_the_reason(void **state)
{
    static const struct {
        struct str bytes;
        const char *says;
    } CASES[] = {
        {{"%PDF-1.4\nnothing follows", 24}, "damaged"},
        {{"\x89PNG\r\n\x1A\n", 8}, "damaged"},
    };
    struct format_seen seen;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct error err;
        assert_int_equal(see(*state, CASES[i].bytes, &seen, &err), STATUS_INPUT);
        assert_non_null(strstr(err.en, "found.pdf"));
        assert_non_null(strstr(err.en, CASES[i].says));
        assert_non_null(strstr(err.zh, "found.pdf"));
    }
    struct error err;
    struct str blank = STR("");
    assert_int_equal(see(*state, pdf_made_pages(*state, &blank, 1), &seen, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "no words"));
}

static void a_locked_pdf_is_refused_as_locked(void **state)
{
    struct pdf_made pdf = {.bytes = {.arena = *state}};
    struct format_seen seen;
    struct error err;
    pdf_made_add(&pdf, STR("<< /Type /Catalog /Pages 2 0 R >>"));
    pdf_made_add(&pdf, STR("<< /Type /Pages /Count 0 /Kids [] >>"));
    pdf_made_add(&pdf, STR("<< /Filter /Standard /V 1 /R 2 /P -4 "
                           "/O (01234567890123456789012345678901) "
                           "/U (01234567890123456789012345678901) >>"));
    struct str bytes =
        pdf_made_end(&pdf, "/Encrypt 3 0 R /ID [(0123456789abcdef) (0123456789abcdef)] ");
    assert_int_equal(see(*state, bytes, &seen, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "password"));
}

/* Readers that go wrong in every way. */
static const struct {
    const char *lines;
    enum status status;
    const char *says;
} WRONG[] = {
    {"kill -KILL $$", STATUS_IO, "was killed"},
    {"kill -SEGV $$", STATUS_INPUT, "broke down"},
    {"exit 3", STATUS_INPUT, "broke down"},
    {"exit 64", STATUS_IO, "another version"},
    {"exit 0", STATUS_INPUT, "does not fit together"},
    {"printf ChR1", STATUS_INPUT, "does not fit together"},
    {"printf 'ChR1t\\001\\000\\000\\000\\377.\\000\\000\\000\\000'", STATUS_INPUT,
     "does not fit together"},
    {"printf 'ChR1x\\005\\000\\000\\000\\007\\007\\000\\000\\000'", STATUS_INPUT, "page 7"},
    {"printf 'ChR1x\\005\\000\\000\\000\\377\\007\\000\\000\\000'", STATUS_INPUT, "damaged"},
    {"printf 'ChR1t\\377\\377\\377\\377'; exec sleep 1000", STATUS_INPUT, "more than can be read"},
    {"exec yes", STATUS_INPUT, "more than can be read"},
};

static void a_reader_that_goes_wrong_is_told_from_one_that_refuses(void **state)
{
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        struct format_seen seen;
        struct error err;
        pose_as_reader(WRONG[i].lines);
        assert_int_equal(see(*state, STR("%PDF-1.4"), &seen, &err), WRONG[i].status);
        assert_non_null(strstr(err.en, WRONG[i].says));
        assert_true(err.zh[0] != 0);
    }
}

static void a_reader_that_is_not_there_is_missed_by_name(void **state)
{
    struct format_seen seen;
    struct error err;
    assert_int_equal(setenv("CHANCERY_READER", "/nowhere/at all", 1), 0);
    assert_int_equal(see(*state, STR("%PDF-1.4"), &seen, &err), STATUS_IO);
    assert_non_null(strstr(err.en, "/nowhere/at all"));
    assert_non_null(strstr(err.en, "Install it"));
}

static void a_silent_reader_is_given_up(void **state)
{
    struct str answer;
    struct error err;
    pose_as_reader("exec sleep 1000");
    assert_int_equal(see_run(*state, STR("a"), STR("%PDF-"), "see", 1, NULL, &answer, &err),
                     STATUS_INPUT);
    assert_non_null(strstr(err.en, "too long"));
}

struct heard {
    unsigned done, all;
};

static bool stop_when_told(void *context, unsigned done, unsigned all)
{
    struct heard *heard = context;
    *heard = (struct heard){done, all};
    return all == 0;
}

static void whoever_watches_hears_of_pages_and_may_stop(void **state)
{
    struct heard heard = {0};
    struct format_watch watch = {stop_when_told, &heard};
    struct format_seen seen;
    struct error err;
    pose_as_reader("printf 'ChR1p\\010\\000\\000\\000\\003\\000\\000\\000\\011\\000\\000\\000'\n"
                   "exec sleep 1000");
    assert_int_equal(format_see(*state, STR("a"), STR("%PDF-1.4"), &watch, &seen, &err),
                     STATUS_INTERRUPTED);
    assert_int_equal(heard.done, 3);
    assert_int_equal(heard.all, 9);
}

static void nothing_of_ours_goes_along(void **state)
{
    char path[96];
    struct str answer;
    struct error err;
    (void)snprintf(path, sizeof path, "%s/secret", folder);
    int kept = open(path, O_RDWR | O_CREAT, 0600); /* one that stays open over an exec */
    assert_true(kept > 2);
    assert_int_equal(setenv("CHANCERY_SECRET", "of the server", 1), 0);
    pose_as_reader("printf 'ChR1t\\377\\377\\000\\000'; ls -l /proc/$$/fd; cat; env");
    assert_int_equal(see_run(*state, STR("a"), STR("the file"), "see", 10000, NULL, &answer, &err),
                     STATUS_OK);
    assert_true(str_find(answer, STR("the file"), 0) != SIZE_MAX);
    assert_true(str_find(answer, STR("/secret"), 0) == SIZE_MAX);
    assert_true(str_find(answer, STR("of the server"), 0) == SIZE_MAX);
    (void)close(kept);
    (void)unlink(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_of_pdf_is_read, begin, finish),
        cmocka_unit_test_setup_teardown(a_printed_page_comes_back_from_a_scanner_with_its_words,
                                        begin, finish),
        cmocka_unit_test_setup_teardown(lines_become_paragraphs_again, begin, finish),
        cmocka_unit_test_setup_teardown(words_parted_at_the_end_of_a_line_are_joined, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(words_that_stand_far_apart_are_parted, begin, finish),
        cmocka_unit_test_setup_teardown(heads_feet_and_numbers_of_pages_are_no_words, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(a_paper_has_its_headings_items_and_tables, begin, finish),
        cmocka_unit_test_setup_teardown(a_note_does_not_part_the_paragraph_that_goes_on_over_it,
                                        begin, finish),
        cmocka_unit_test_setup_teardown(notes_are_tied_to_what_refers_to_them_and_whole, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(cells_hold_all_their_lines_where_columns_and_rows_are_plain,
                                        begin, finish),
        cmocka_unit_test_setup_teardown(
            lists_whose_numbers_hang_and_columns_of_sentences_are_no_table, begin, finish),
        cmocka_unit_test_setup_teardown(
            room_that_an_office_program_leaves_beside_figures_is_no_space, begin, finish),
        cmocka_unit_test_setup_teardown(columns_of_text_are_no_table, begin, finish),
        cmocka_unit_test_setup_teardown(cells_hold_all_their_lines_where_their_borders_are_drawn,
                                        begin, finish),
        cmocka_unit_test_setup_teardown(
            a_table_goes_on_over_a_page_with_its_head_once_and_its_rows_whole, begin, finish),
        cmocka_unit_test_setup_teardown(a_frame_around_text_is_no_table, begin, finish),
        cmocka_unit_test_setup_teardown(a_scan_is_no_paper, begin, finish),
        cmocka_unit_test_setup_teardown(gaps_and_lines_are_measured, begin, finish),
        cmocka_unit_test_setup_teardown(the_layout_of_a_copy_is_read_back, begin, finish),
        cmocka_unit_test_setup_teardown(a_form_that_only_the_font_has_is_no_mark, begin, finish),
        cmocka_unit_test_setup_teardown(text_and_web_pages_are_read_without_it, begin, finish),
        cmocka_unit_test(photographs_of_telephones_are_told_from_films_by_their_brands),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused_with_the_reason, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(a_locked_pdf_is_refused_as_locked, begin, finish),
        cmocka_unit_test_setup_teardown(a_reader_that_goes_wrong_is_told_from_one_that_refuses,
                                        begin, finish),
        cmocka_unit_test_setup_teardown(a_reader_that_is_not_there_is_missed_by_name, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(a_silent_reader_is_given_up, begin, finish),
        cmocka_unit_test_setup_teardown(whoever_watches_hears_of_pages_and_may_stop, begin, finish),
        cmocka_unit_test_setup_teardown(nothing_of_ours_goes_along, begin, finish),
    };
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(script, sizeof script, "%s/reader", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(script);
    (void)rmdir(folder);
    return failed;
}
