/* Attacks: each does what its name says, and the same seed does the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "align_bed.h"
#include "base/utf8.h"

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

static struct str attacked(struct arena *arena, struct str text, enum lang lang,
                           enum attack_kind kind, uint64_t seed)
{
    struct attack_dice dice = {seed};
    return attack_text(arena, text, lang, kind, &dice);
}

static void the_same_seed_gives_the_same_text_and_valid_utf8(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, 5000, BED_VISIBLE | BED_ZERO, 1);
        for (enum attack_kind kind = 0; kind < ATTACK_SINGLES; kind++) {
            struct str a = attacked(*state, bed.doc.text, lang, kind, 9);
            struct str b = attacked(*state, bed.doc.text, lang, kind, 9);
            assert_true(str_equal(a, b) && a.len > 0);
            assert_true(utf8_first_bad(a) == SIZE_MAX);
            assert_true(*attack_name(kind, lang) != 0);
        }
    }
}

static void every_attack_takes_an_empty_text(void **state)
{
    for (enum attack_kind kind = 0; kind < ATTACK_SINGLES; kind++)
        (void)attacked(*state, STR(""), LANG_ZH, kind, 1);
}

static void a_pasted_text_is_unchanged(void **state)
{
    struct str text = STR("一\xE2\x80\x8B二 three\n");
    assert_true(str_equal(attacked(*state, text, LANG_ZH, ATTACK_PASTE, 1), text));
}

static void stripping_and_retyping_leave_nothing_hidden(void **state)
{
    static const enum attack_kind kinds[] = {ATTACK_STRIP, ATTACK_RETYPE, ATTACK_OCR,
                                             ATTACK_COMBINED};
    struct bed bed = bed_make(*state, LANG_ZH, 3000, BED_ZERO | BED_SPACE, 2);
    struct str copy = bed_copy(&bed, bed_bits(&bed, 1));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct str text = attacked(*state, copy, LANG_ZH, kinds[i], 3);
        for (size_t pos = 0; pos < text.len;) {
            uint32_t code = utf8_next(text, &pos);
            assert_false(unicode_is_invisible(code) || code == 0x2009);
        }
    }
}

static void folding_and_reflowing_change_only_form(void **state)
{
    struct str wide = STR("ＡＢＣ１２３，（ｄ）");
    assert_true(str_equal(attacked(*state, wide, LANG_ZH, ATTACK_FOLD, 1), STR("ABC123,(d)")));
    struct bed bed = bed_make(*state, LANG_EN, 3000, BED_VISIBLE, 2);
    struct folded a = unicode_fold(*state, bed.doc.text);
    struct folded b =
        unicode_fold(*state, attacked(*state, bed.doc.text, LANG_EN, ATTACK_REFLOW, 1));
    assert_int_equal(a.count, b.count);
    assert_memory_equal(a.code, b.code, a.count * sizeof *a.code);
}

static void retyping_gets_about_two_in_a_hundred_wrong(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, 20000, BED_PAIRS, 4);
        struct reading reading;
        struct str text = attacked(*state, bed.doc.text, lang, ATTACK_RETYPE, 5);
        const struct paper_seen seen = paper_seen_text(text);
        paper_read_marks(*state, bed.lattice, &seen, &reading);
        assert_true(reading.coverage > 0.97 && reading.coverage < 0.995);
    }
}

static void an_excerpt_has_the_length_promised(void **state)
{
    struct bed zh = bed_make(*state, LANG_ZH, 8000, BED_PAIRS, 6);
    struct bed en = bed_make(*state, LANG_EN, 20000, BED_PAIRS, 6);
    size_t a = utf8_count(attacked(*state, zh.doc.text, LANG_ZH, ATTACK_EXCERPT, 1));
    size_t b = utf8_count(attacked(*state, en.doc.text, LANG_EN, ATTACK_EXCERPT, 1));
    assert_true(a > 1150 && a < 1250);
    assert_true(b > 2900 && b < 3100);
}

static void simplified_text_comes_back_from_traditional(void **state)
{
    struct str text = STR("发展乡村旅游，改进里程计算，推后表决。");
    struct folded a = unicode_fold(*state, text);
    struct folded b = unicode_fold(*state, attacked(*state, text, LANG_ZH, ATTACK_TRADITIONAL, 1));
    assert_int_equal(a.count, b.count);
    assert_memory_equal(a.code, b.code, a.count * sizeof *a.code);
}

/* --- coalitions ------------------------------------------------------------------------------- */

static void a_coalition_writes_only_what_one_of_it_has(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 6000, BED_VISIBLE, 8);
    const uint8_t *bits[5];
    for (uint64_t k = 0; k < 5; k++)
        bits[k] = bed_bits(&bed, 100 + k);
    for (size_t members = 1; members <= 5; members++) {
        for (enum attack_mix mix = 0; mix < ATTACK_MIXES; mix++) {
            struct attack_dice dice = {7};
            uint8_t *result = arena_take(*state, bed.sites.nsites);
            attack_mix_bits(&bed.doc, &bed.sites, bits, members, mix, &dice, result);
            for (uint32_t i = 0; i < bed.sites.nsites; i++) {
                size_t have = 0;
                for (size_t k = 0; k < members; k++)
                    have += bits[k][i] == result[i];
                assert_true(have > 0);
                if (mix == MIX_MAJORITY)
                    assert_true(2 * have >= members);
                if (mix == MIX_MINORITY)
                    assert_true(2 * have <= members || have == members);
                if ((mix == MIX_ZEROS || mix == MIX_ONES) && have < members)
                    assert_int_equal(result[i], mix == MIX_ONES);
            }
        }
    }
}

static void a_mix_by_sentence_keeps_each_sentence_of_one_hand(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 6000, BED_VISIBLE, 9);
    uint8_t *zeros = arena_take(*state, bed.sites.nsites);
    uint8_t *ones = arena_take(*state, bed.sites.nsites);
    memset(ones, 1, bed.sites.nsites);
    const uint8_t *bits[2] = {zeros, ones};
    uint8_t *result = arena_take(*state, bed.sites.nsites);
    struct attack_dice dice = {7};
    attack_mix_bits(&bed.doc, &bed.sites, bits, 2, MIX_SENTENCE, &dice, result);
    size_t changes = 0;
    for (size_t i = 1; i < bed.sites.nplaces; i++) {
        const struct paper_place *a = &bed.sites.places[i - 1];
        const struct paper_place *b = &bed.sites.places[i];
        struct str sa = paper_sentence_at(&bed.doc, a->at, a->len);
        struct str sb = paper_sentence_at(&bed.doc, b->at, b->len);
        if (sa.at == sb.at)
            assert_int_equal(result[a->site], result[b->site]);
        changes += result[a->site] != result[b->site];
    }
    assert_true(changes > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_seed_gives_the_same_text_and_valid_utf8, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_attack_takes_an_empty_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pasted_text_is_unchanged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stripping_and_retyping_leave_nothing_hidden, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(folding_and_reflowing_change_only_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(retyping_gets_about_two_in_a_hundred_wrong, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_excerpt_has_the_length_promised, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simplified_text_comes_back_from_traditional, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_coalition_writes_only_what_one_of_it_has, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_mix_by_sentence_keeps_each_sentence_of_one_hand, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
