/* Lines of pages that were read from pictures: what is usual, what stands lower, and of what nothing is said. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reader/layout.h"

#define PITCH 1.8 /* ems from line to line */

/* A page while it is drawn. `scale`: points of an em; `drift`: how much wider distances are at its foot than at its head, of
 * themselves; `bow`: by how much the paper's bow makes them wider and narrower. */
struct sheet {
    struct reader_page page;
    double scale, drift, bow, y;
};

static struct sheet sheet_make(struct arena *arena, double scale, double drift, double bow)
{
    struct sheet sheet = {.scale = scale, .drift = drift, .bow = bow, .y = 100};
    sheet.page.pictured = true;
    sheet.page.lines = arena_array(arena, 64, struct reader_line);
    return sheet;
}

/* A line `room` ems below where it would stand within a paragraph, its letters `height` times as high as most. */
static void add_line(struct sheet *sheet, bool begins, double room, double height)
{
    static struct reader_char stop = {.code = '.'};
    double wider = sheet->drift * (sheet->y - 400) / 800 + sheet->bow * sin(sheet->y / 150);
    sheet->y += sheet->scale * (PITCH + room) * (1 + wider);
    sheet->page.lines[sheet->page.nlines++] = (struct reader_line){
        .chars = &stop,
        .nchars = 1,
        .left = 60,
        .right = 500,
        .base = (float)sheet->y,
        .size = 12, /* whatever it truly is */
        .height = (float)(0.5 * sheet->scale * height),
        .noise = 0.05F,
        .begins = begins,
    };
}

/* Paragraphs of four lines, each `rooms[i]` ems further below than lines within one. */
static void add_paragraphs(struct sheet *sheet, const double *rooms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_line(sheet, true, rooms[i], 1);
        for (unsigned k = 0; k < 3; k++)
            add_line(sheet, false, 0, 1);
    }
}

static void measure(struct arena *arena, struct sheet *sheets, size_t count)
{
    struct reader reader = {.arena = arena, .npages = count};
    reader.pages = arena_array(arena, count, struct reader_page);
    for (size_t i = 0; i < count; i++)
        reader.pages[i] = sheets[i].page;
    layout_measure_pictured(&reader);
}

/* The first lines of paragraphs are said to stand as much lower as they do; the page's first one is not measured. */
static void check(const struct sheet *sheet, const double *lower)
{
    for (size_t i = 0, at = 0; i < sheet->page.nlines; i++) {
        const struct reader_line *line = &sheet->page.lines[i];
        if (!line->begins)
            continue;
        double wanted = lower[at++];
        bool said = line->lower_noise > 0;
        if (said != !isnan(wanted) || (said && fabs((double)line->lower - wanted) > 0.03))
            fail_msg("paragraph %zu: %s, %.3f em", at, said ? "measured" : "not measured",
                     (double)line->lower);
    }
}

#define UNSAID ((double)NAN)

static void paragraphs_at_the_distance_of_lines_stand_lower_by_the_shift_or_not(void **state)
{
    const double rooms[] = {0, PAPER_LINE_EMS, 0, 0, PAPER_LINE_EMS};
    const double lower[] = {UNSAID, PAPER_LINE_EMS, 0, 0, PAPER_LINE_EMS};
    const double drifts[] = {0, 0.1, -0.1};
    for (size_t i = 0; i < sizeof drifts / sizeof *drifts; i++) {
        struct sheet sheet = sheet_make(*state, 12, drifts[i], 0);
        add_paragraphs(&sheet, rooms, 5);
        measure(*state, &sheet, 1);
        check(&sheet, lower);
    }
}

static void a_bow_of_the_paper_is_no_shift(void **state)
{
    const double rooms[] = {0, PAPER_LINE_EMS, 0, PAPER_LINE_EMS, 0, 0, PAPER_LINE_EMS, 0, 0, 0};
    const double lower[] = {UNSAID, PAPER_LINE_EMS, 0, PAPER_LINE_EMS, 0, 0, PAPER_LINE_EMS, 0, 0,
                            0};
    struct sheet sheet = sheet_make(*state, 12, 0, 0.03);
    add_paragraphs(&sheet, rooms, 10);
    measure(*state, &sheet, 1);
    check(&sheet, lower);
}

static void room_between_paragraphs_is_known_where_two_widths_of_it_are_met(void **state)
{
    const double rooms[] = {0, 0.7, 0.7 + PAPER_LINE_EMS, 0.7, 0.4, 0.4};
    const double lower[] = {UNSAID, 0, PAPER_LINE_EMS, 0, UNSAID, UNSAID};
    struct sheet sheet = sheet_make(*state, 12, 0, 0);
    add_paragraphs(&sheet, rooms, 6);
    measure(*state, &sheet, 1);
    check(&sheet, lower);
}

static void pages_of_other_scales_tell_of_each_other(void **state)
{
    const double rooms[] = {0, 0.7, 0.7};
    const double others[] = {0, 0.7 + PAPER_LINE_EMS, 0.7 + PAPER_LINE_EMS};
    const double lower[] = {UNSAID, 0, 0};
    const double other_lower[] = {UNSAID, PAPER_LINE_EMS, PAPER_LINE_EMS};
    struct sheet sheets[2] = {sheet_make(*state, 11.4, 0, 0), sheet_make(*state, 12.6, 0, 0)};
    add_paragraphs(&sheets[0], rooms, 3);
    add_paragraphs(&sheets[1], others, 3);
    measure(*state, sheets, 2);
    check(&sheets[0], lower);
    check(&sheets[1], other_lower);
}

static void below_headings_other_distances_are_usual(void **state)
{
    struct sheet sheet = sheet_make(*state, 12, 0, 0);
    const double rooms[] = {0, 0.3, 0.3};
    add_paragraphs(&sheet, rooms, 3);
    add_line(&sheet, true, 1, 1.3);
    const double below[] = {0.2, 0.3};
    add_paragraphs(&sheet, below, 2);
    /* 0.2 em below a heading and 0.3 below a paragraph are no two widths of one room. */
    const double lower[] = {UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID};
    measure(*state, &sheet, 1);
    check(&sheet, lower);
}

static void of_a_page_whose_lines_do_not_go_on_nothing_is_said(void **state)
{
    struct sheet sheet = sheet_make(*state, 12, 0, 0);
    const double lower[] = {UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID};
    for (unsigned i = 0; i < 6; i++)
        add_line(&sheet, true, i % 2 ? PAPER_LINE_EMS : 0, 1);
    measure(*state, &sheet, 1);
    check(&sheet, lower);
}

static int begin(void **state)
{
    *state = arena_make();
    return 0;
}

static int finish(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_at_the_distance_of_lines_stand_lower_by_the_shift_or_not),
        cmocka_unit_test(a_bow_of_the_paper_is_no_shift),
        cmocka_unit_test(room_between_paragraphs_is_known_where_two_widths_of_it_are_met),
        cmocka_unit_test(pages_of_other_scales_tell_of_each_other),
        cmocka_unit_test(below_headings_other_distances_are_usual),
        cmocka_unit_test(of_a_page_whose_lines_do_not_go_on_nothing_is_said),
    };
    return cmocka_run_group_tests_name("lines", tests, begin, finish);
}
