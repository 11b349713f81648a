/* Grams: what is kept of one text is found in another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "align_bed.h"

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

static struct folded fold(void **state, struct str s)
{
    return unicode_fold(*state, s);
}

static void of_any_window_of_grams_one_is_kept(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, 5000, BED_PAIRS, 1);
        struct folded text = fold(state, bed.doc.text);
        struct grams all = paper_all_grams(*state, &text);
        struct grams kept = paper_winnow(*state, &text);
        size_t next = 0;
        size_t last = 0;
        for (size_t i = 0; i < all.count; i++) {
            bool is_kept = next < kept.count && kept.grams[next].at == all.grams[i].at;
            if (is_kept)
                assert_true(kept.grams[next++].hash == all.grams[i].hash);
            last = is_kept ? i + 1 : last;
            assert_true(i + 1 - last < WINNOW_WINDOW);
        }
        assert_int_equal(next, kept.count);
        assert_true(kept.count < all.count / 4);
    }
}

static void an_excerpt_shares_kept_grams_with_its_source(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 8000, BED_PAIRS, 2);
    struct folded whole = fold(state, bed.doc.text);
    struct folded part = fold(state, str_slice(bed.doc.text, 3 * 2000, 3 * 120));
    struct grams kept = paper_winnow(*state, &whole);
    struct grams asked = paper_all_grams(*state, &part);
    size_t shared = 0;
    for (size_t i = 0; i < asked.count; i++) {
        for (size_t k = 0; k < kept.count; k++)
            shared += asked.grams[i].hash == kept.grams[k].hash;
    }
    assert_true(shared >= asked.count / WINNOW_WINDOW);
}

static void grams_see_through_spaces_case_and_width(void **state)
{
    struct folded a = fold(state, STR("The Quick brown fox, jumps over 13 dogs"));
    struct folded b = fold(state, STR("the  quick\nBROWN ｆｏｘ，jumps over １３ dogs"));
    struct grams ga = paper_all_grams(*state, &a);
    struct grams gb = paper_all_grams(*state, &b);
    assert_int_equal(ga.count, gb.count);
    assert_true(ga.count > 10);
    for (size_t i = 0; i < ga.count; i++)
        assert_true(ga.grams[i].hash == gb.grams[i].hash && ga.grams[i].hash != 0);
}

static void a_text_shorter_than_a_gram_has_none(void **state)
{
    static const char *const shorts[] = {"", "一二三四", "nine char"};
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
        struct folded text = fold(state, str_of(shorts[i]));
        assert_int_equal(paper_all_grams(*state, &text).count, 0);
        assert_int_equal(paper_winnow(*state, &text).count, 0);
    }
    struct folded text = fold(state, STR("一二三四五"));
    assert_int_equal(paper_winnow(*state, &text).count, 1);
}

static void monotonous_text_keeps_one_gram_a_window(void **state)
{
    struct buf buf = {.arena = *state};
    for (size_t i = 0; i < 12000; i++)
        buf_add(&buf, STR("一"));
    struct folded text = fold(state, buf_str(&buf));
    struct grams kept = paper_winnow(*state, &text);
    assert_true(kept.count <= 12000 / WINNOW_WINDOW + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_any_window_of_grams_one_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_excerpt_shares_kept_grams_with_its_source, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(grams_see_through_spaces_case_and_width, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_shorter_than_a_gram_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(monotonous_text_keeps_one_gram_a_window, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
