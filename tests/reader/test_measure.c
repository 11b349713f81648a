/* Gaps of pages with a text layer: what is usual, what is wider, and what nobody can tell. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "reader/layout.h"

#define SIZE 10 /* points of an em */
#define GAP  ((float)PAPER_GAP_EMS)

/* A line of text whose characters take an em each, and `stretch` more; behind its marks, from the first on, stand the
 * gaps, in ems. What has no width takes the stretch alone. */
static struct reader_line line_of(struct arena *arena, const char *text, float stretch,
                                  const float *gaps)
{
    struct str words = str_of(text);
    struct reader_line line = {.size = SIZE, .font = 1, .base = 100};
    float x = 50;
    line.chars = arena_array(arena, words.len, struct reader_char);
    for (size_t at = 0; at < words.len;) {
        uint32_t code = utf8_next(words, &at);
        bool wide = code != 0x2060;
        struct reader_char *c = &line.chars[line.nchars++];
        c->code = code;
        c->left = x;
        c->right = x + (wide ? SIZE : 0);
        x = c->right + stretch * SIZE;
        if (code == 0xFF0C)
            x += *gaps++ * SIZE;
        /* Where what has no width follows, the stretch is behind that alone. */
        if (at < words.len && (uint8_t)words.at[at] == 0xE2)
            x -= stretch * SIZE;
    }
    line.right = x;
    return line;
}

static void measure(struct arena *arena, struct reader_line *lines, size_t count)
{
    struct reader_page page = {.lines = lines, .nlines = count};
    struct reader reader = {.arena = arena, .pages = &page, .npages = 1};
    for (size_t i = 0; i < count; i++)
        lines[i].base += 20 * (float)i;
    layout_measure(&reader);
}

/* The n-th mark of a line. */
static const struct reader_char *mark_of(const struct reader_line *line, unsigned n)
{
    size_t at = 0;
    while (line->chars[at].code != 0xFF0C || n--)
        at++;
    return &line->chars[at];
}

static void assert_wider(const struct reader_line *line, unsigned n, float ems)
{
    const struct reader_char *mark = mark_of(line, n);
    if (mark->wider_noise <= 0 || fabsf(mark->wider - ems) > 0.03F)
        fail_msg("mark %u: %.3f (%.3f)", n, (double)mark->wider, (double)mark->wider_noise);
}

static void assert_unsaid(const struct reader_line *line, unsigned n)
{
    assert_true(mark_of(line, n)->wider_noise == 0);
}

#define WORDS "年初以来，全市上下，各个部门，一直努力"

static void what_is_moved_by_something_else_is_left_out(void **state)
{
    struct arena *arena = *state;
    struct reader_line lines[] = {
        line_of(arena, WORDS, 0.01F, (const float[]){0, GAP, 0}),
        line_of(arena, WORDS, 0, (const float[]){GAP, 0, GAP}),
        line_of(arena, WORDS, 0.005F, (const float[]){0, 0, 0.09F}),
        line_of(arena, WORDS, 0.02F, (const float[]){GAP, 0.05F, 0}),
    };
    measure(arena, lines, 4);
    assert_wider(&lines[0], 1, GAP);
    assert_wider(&lines[2], 0, 0);
    assert_unsaid(&lines[2], 2);
    assert_wider(&lines[3], 0, GAP);
    assert_unsaid(&lines[3], 1);
    assert_wider(&lines[3], 2, 0);
}

/* A line whose marks were all drawn together is still read. */
static void a_line_whose_marks_are_off_alike_is_read(void **state)
{
    struct arena *arena = *state;
    const float off = -0.03F;
    struct reader_line lines[7];
    for (unsigned i = 0; i < 6; i++)
        lines[i] = line_of(arena, WORDS, 0, (const float[]){0, GAP, i % 2 ? GAP : 0});
    lines[6] = line_of(arena, WORDS, 0, (const float[]){GAP + off, off, off});
    measure(arena, lines, 7);
    assert_wider(&lines[0], 1, GAP);
    assert_wider(&lines[6], 0, GAP + off);
    assert_wider(&lines[6], 1, off);
}

static void a_few_marks_that_are_all_alike_say_nothing(void **state)
{
    struct arena *arena = *state;
    struct reader_line alike[] = {
        line_of(arena, WORDS, 0, (const float[]){GAP, GAP, GAP}),
        line_of(arena, WORDS, 0, (const float[]){GAP, GAP, GAP}),
    };
    measure(arena, alike, 2);
    for (unsigned i = 0; i < 6; i++)
        assert_unsaid(&alike[i / 3], i % 3);
}

static void one_unmarked_gap_tells_that_all_others_are_wider(void **state)
{
    struct arena *arena = *state;
    struct reader_line lines[] = {
        line_of(arena, WORDS, 0, (const float[]){GAP, GAP, GAP}),
        line_of(arena, WORDS, 0, (const float[]){GAP, 0, GAP}),
    };
    measure(arena, lines, 2);
    assert_wider(&lines[0], 0, GAP);
    assert_wider(&lines[1], 1, 0);
}

static void what_has_no_width_is_no_character_behind_a_gap(void **state)
{
    struct arena *arena = *state;
    struct reader_line lines[] = {
        line_of(arena, WORDS, 0.03F, (const float[]){0, GAP, 0}),
        line_of(arena, "年初以来，\xE2\x81\xA0全市上下，各个部门，\xE2\x81\xA0一直努力", 0.03F,
                (const float[]){0, GAP, GAP}),
        line_of(arena, WORDS, 0, (const float[]){0, GAP, 0}),
    };
    measure(arena, lines, 3);
    assert_wider(&lines[1], 0, 0);
    assert_wider(&lines[1], 2, GAP);
    assert_true(fabsf(mark_of(&lines[1], 2)->wider - GAP) < 0.005F);
}

static int set_up(void **state)
{
    *state = arena_make();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_moved_by_something_else_is_left_out),
        TEST(a_line_whose_marks_are_off_alike_is_read),
        TEST(a_few_marks_that_are_all_alike_say_nothing),
        TEST(one_unmarked_gap_tells_that_all_others_are_wider),
        TEST(what_has_no_width_is_no_character_behind_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
