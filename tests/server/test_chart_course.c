/* Lines with a band: whatever the figures, the picture is finite and its axis readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "server/chart.h"

#define NONE ((double)NAN)

static struct str drawn(struct arena *arena, const double at[3], bool from_zero)
{
    static const double low[3] = {(double)NAN, (double)NAN, (double)NAN};
    const struct str steps[3] = {STR("Jan"), STR("<Feb>"), STR("Mar")};
    const struct chart_line line = {CHART_ACTUAL, STR("Actual"), at};
    return chart_course(arena, &(struct chart_course){.steps = steps,
                                                      .count = 3,
                                                      .lines = &line,
                                                      .nlines = 1,
                                                      .low = low,
                                                      .high = low,
                                                      .from_zero = from_zero,
                                                      .words = STR("A \"b\"")});
}

static size_t count_of(struct str text, const char *word)
{
    size_t count = 0;
    for (size_t at = 0; (at = str_find(text, str_of(word), at)) != SIZE_MAX; at++)
        count++;
    return count;
}

static const double FIGURES[]
                           [3] = {
                               {1, 2, 3},
                               {5.6, 5.6, 5.6},
                               {5.6, 5.600000000000001, 5.6}, /* what arithmetic leaves */
                               {0, 0, 0},
                               {-3, 4, NONE},
                               {1e15, 1e15 - 1, 1},
                               {1e-6, 2e-6, NONE},
                               {-1e15, NONE, 1e15},
};

static void an_axis_has_a_few_ticks_whatever_the_figures(void **state)
{
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++)
        for (int from_zero = 0; from_zero < 2; from_zero++) {
            struct str svg = drawn(arena, FIGURES[i], from_zero);
            assert_in_range(count_of(svg, "class=\"grid\""), 2, 9);
            assert_int_equal(count_of(svg, "nan") + count_of(svg, "inf"), 0);
        }
    arena_free(arena);
}

static void nothing_known_gives_an_empty_picture_and_words_are_escaped(void **state)
{
    static const double none[3] = {(double)NAN, (double)NAN, (double)NAN};
    struct arena *arena = arena_make();
    (void)state;
    struct str svg = drawn(arena, none, true);
    assert_int_equal(count_of(svg, "class=\"dot\""), 0);
    assert_int_equal(count_of(svg, "&lt;Feb&gt;"), 1);
    assert_int_equal(count_of(svg, "A &quot;b&quot;"), 1);
    assert_int_equal(count_of(svg, "nan") + count_of(svg, "inf"), 0);
    arena_free(arena);
}

static void a_line_is_broken_where_a_figure_lacks(void **state)
{
    static const double gap[3] = {1, (double)NAN, 3};
    struct arena *arena = arena_make();
    (void)state;
    struct str svg = drawn(arena, gap, false);
    size_t from = str_find(svg, STR("class=\"line\""), 0);
    size_t end = str_find(svg, STR("/>"), from);
    struct str path = str_slice(svg, from, end - from);
    assert_int_equal(count_of(path, "M"), 2);
    assert_int_equal(count_of(path, "L"), 0);
    arena_free(arena);
}

static void a_label_with_its_ellipsis_is_no_wider_than_its_room(void **state)
{
    static const struct {
        const char *text, *label;
    } LABELS[] = {
        {"发展统筹局", "发展统筹局"},
        {"八个汉字刚好放下", "八个汉字刚好放下"},
        {"台账管理者、督导员", "台账管理者、督…"},
        {"Planning Office", "Planning Office"},
        {"sixteen letters!", "sixteen letters!"},
        {"Seventeen letters", "Seventeen lett…"},
    };
    (void)state;
    struct arena *arena = arena_make();
    for (size_t i = 0; i < sizeof LABELS / sizeof *LABELS; i++)
        assert_true(str_equal(chart_label(arena, str_of(LABELS[i].text)), str_of(LABELS[i].label)));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_axis_has_a_few_ticks_whatever_the_figures),
        cmocka_unit_test(nothing_known_gives_an_empty_picture_and_words_are_escaped),
        cmocka_unit_test(a_line_is_broken_where_a_figure_lacks),
        cmocka_unit_test(a_label_with_its_ellipsis_is_no_wider_than_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
