/* The layout read off what was measured, and the doubt that noise and bad reading leave. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "align_bed.h"

static const struct attack_page FINE = {.noise = 0.02, .stretch = 1, .lost = 0.04};

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

static struct reading read_page(const struct bed *bed, const struct paper_seen *seen)
{
    struct reading reading;
    paper_read_marks(bed->arena, bed->lattice, seen, &reading);
    return reading;
}

static struct reading measure(const struct bed *bed, const uint8_t *bits,
                              const struct attack_page *how, uint64_t seed)
{
    struct attack_dice dice = {seed};
    const struct paper_seen seen =
        attack_measure(bed->arena, &bed->doc, &bed->sites, bits, how, &dice);
    return read_page(bed, &seen);
}

/* Marks read of the layout, and of them wrong. */
static struct bed_score score_layout(const struct bed *bed, const struct reading *reading,
                                     const uint8_t *bits)
{
    struct bed_score score = {0, 0, 0};
    for (uint32_t i = 0; i < bed->sites.nsites; i++) {
        if (bed->sites.sites[i].channel != PAPER_LAYOUT)
            continue;
        score.sites++;
        score.read += reading->read[i] != MARK_ERASED;
        score.wrong += reading->read[i] != MARK_ERASED && reading->read[i] != bits[i];
    }
    return score;
}

static void a_page_measured_well_gives_its_layout_marks(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, 12000, BED_PAIRS | BED_LAYOUT, 3);
        uint8_t *bits = bed_bits(&bed, 5);
        struct reading reading = measure(&bed, bits, &FINE, 7);
        struct bed_score score = score_layout(&bed, &reading, bits);
        assert_true(score.sites > 100);
        assert_true(score.read > 0.88 * score.sites);
        assert_int_equal(score.wrong, 0);
        assert_int_equal(reading.reads[PAPER_LAYOUT], score.read);
        assert_true(reading.erased[PAPER_LAYOUT] > 0); /* those that end a line */
        for (size_t i = 0; i < reading.nsights; i++) {
            const struct paper_place *place = &bed.sites.places[reading.sights[i].place];
            if (bed.sites.sites[place->site].channel == PAPER_LAYOUT)
                assert_true(reading.sights[i].len == place->len);
        }
    }
}

static void a_printer_that_moves_all_gaps_alike_changes_nothing(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 12000, BED_PAIRS | BED_LAYOUT, 3);
    uint8_t *bits = bed_bits(&bed, 5);
    static const struct attack_page pages[] = {
        {.noise = 0.02, .offset = 0.03, .stretch = 1},
        {.noise = 0.02, .offset = -0.03, .stretch = 1},
        {.noise = 0.015, .offset = 0.01, .stretch = 0.8},
        {.noise = 0.02, .offset = -0.01, .stretch = 1.2},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct reading reading = measure(&bed, bits, &pages[i], 11);
        struct bed_score score = score_layout(&bed, &reading, bits);
        assert_true(score.read > 0.9 * score.sites);
        assert_true(score.wrong <= score.read / 50);
    }
}

/* A reader who thinks that it measures better than it does is found out by what it measured. */
static void noise_that_is_larger_than_said_is_seen(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 30000, BED_PAIRS | BED_LAYOUT, 3);
    uint8_t *bits = bed_bits(&bed, 5);
    const struct attack_page page = {.noise = 0.06, .stretch = 1};
    struct attack_dice dice = {13};
    struct paper_seen seen = attack_measure(*state, &bed.doc, &bed.sites, bits, &page, &dice);
    struct paper_shift *shifts = arena_array(*state, seen.nshifts, struct paper_shift);
    memcpy(shifts, seen.shifts, seen.nshifts * sizeof *shifts);
    for (size_t i = 0; i < seen.nshifts; i++)
        shifts[i].noise = 0.02F;
    seen.shifts = shifts;
    struct reading reading = read_page(&bed, &seen);
    double expected = 0;
    for (uint32_t i = 0; i < bed.sites.nsites; i++)
        if (bed.sites.sites[i].channel == PAPER_LAYOUT && reading.read[i] != MARK_ERASED)
            expected += mark_doubt_error(reading.doubt[i]);
    struct bed_score score = score_layout(&bed, &reading, bits);
    assert_true(score.wrong < 1.5 * expected);
}

static void doubt_says_how_often_a_mark_is_misread(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 60000, BED_PAIRS | BED_LAYOUT, 3);
    unsigned read[MARK_DOUBTS] = {0};
    unsigned wrong[MARK_DOUBTS] = {0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        const struct attack_page page = {
            .noise = 0.03 + 0.01 * (double)seed, .stretch = 1, .doubtful = 0.1};
        uint8_t *bits = bed_bits(&bed, seed);
        struct reading reading = measure(&bed, bits, &page, seed);
        for (uint32_t i = 0; i < bed.sites.nsites; i++) {
            if (bed.sites.sites[i].channel != PAPER_LAYOUT || reading.read[i] == MARK_ERASED)
                continue;
            read[reading.doubt[i]]++;
            wrong[reading.doubt[i]] += reading.read[i] != bits[i];
        }
    }
    for (unsigned doubt = 0; doubt < MARK_DOUBTS; doubt++) {
        double share = (double)wrong[doubt] / read[doubt];
        print_message("class %u: %u read, %.3f wrong\n", doubt, read[doubt], share);
        assert_true(read[doubt] > 100);
        assert_true(share < 1.4 * mark_doubt_error(doubt));
        assert_true(doubt == 0 || share > 0.6 * mark_doubt_error(doubt));
    }
}

static void a_layout_that_was_made_anew_is_erased_and_not_read_as_zeros(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 12000, BED_PAIRS | BED_LAYOUT, 3);
    uint8_t *bits = bed_bits(&bed, 5);
    static const struct attack_page pages[] = {
        {.noise = 0.03, .stretch = 0},                  /* all usual */
        {.noise = 0.03, .stretch = 0, .offset = 0.125}, /* all wider */
        {.noise = 0.001, .stretch = 0},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct reading reading = measure(&bed, bits, &pages[i], 11);
        assert_true(reading.reads[PAPER_LAYOUT] <= reading.sites[PAPER_LAYOUT] / 50);
        assert_true(reading.reads[PAPER_WORD] > 0.9 * reading.sites[PAPER_WORD]);
    }
    /* The second half made anew: the first is read, the other is not. */
    struct attack_dice dice = {17};
    struct paper_seen seen = attack_measure(*state, &bed.doc, &bed.sites, bits, &FINE, &dice);
    struct paper_shift *shifts = arena_array(*state, seen.nshifts, struct paper_shift);
    for (size_t i = 0; i < seen.nshifts; i++) {
        shifts[i] = seen.shifts[i];
        if (shifts[i].at > seen.text.len / 2)
            shifts[i].ems = 0.01F * (float)(i % 3);
    }
    seen.shifts = shifts;
    struct reading reading = read_page(&bed, &seen);
    struct bed_score score = score_layout(&bed, &reading, bits);
    assert_true(score.read > 0.4 * score.sites && score.read < 0.6 * score.sites);
    assert_true(score.wrong < score.read / 20);
}

static void a_text_without_measurements_says_nothing_of_the_layout(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 3000, BED_PAIRS | BED_LAYOUT, 3);
    uint8_t *bits = bed_bits(&bed, 5);
    const struct paper_seen seen = paper_seen_text(bed_copy(&bed, bits));
    struct reading reading = read_page(&bed, &seen);
    assert_int_equal(reading.reads[PAPER_LAYOUT] + reading.erased[PAPER_LAYOUT], 0);
    assert_true(reading.sites[PAPER_LAYOUT] > 10);
    assert_true(reading.reads[PAPER_WORD] > 0.9 * reading.sites[PAPER_WORD]);
    for (size_t i = 0; i < reading.nsights; i++)
        assert_int_not_equal(
            bed.sites.sites[bed.sites.places[reading.sights[i].place].site].channel, PAPER_LAYOUT);
}

static void two_scans_of_a_page_are_surer_than_one(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 6000, BED_PAIRS | BED_LAYOUT, 3);
    uint8_t *bits = bed_bits(&bed, 5);
    const struct attack_page page = {.noise = 0.05, .stretch = 1, .doubtful = 0.05};
    struct attack_dice dice = {19};
    struct paper_seen one = attack_measure(*state, &bed.doc, &bed.sites, bits, &page, &dice);
    struct paper_seen two = attack_measure(*state, &bed.doc, &bed.sites, bits, &page, &dice);
    struct buf doubt = {.arena = *state};
    buf_add(&doubt, (struct str){(const char *)one.doubt, one.text.len});
    buf_add_byte(&doubt, 0);
    buf_add(&doubt, (struct str){(const char *)two.doubt, two.text.len});
    struct paper_shift *shifts = arena_array(*state, one.nshifts + two.nshifts, struct paper_shift);
    memcpy(shifts, one.shifts, one.nshifts * sizeof *shifts);
    for (size_t i = 0; i < two.nshifts; i++) {
        shifts[one.nshifts + i] = two.shifts[i];
        shifts[one.nshifts + i].at += one.text.len + 1;
    }
    const struct paper_seen both = {
        .text = str_format(*state, "%.*s\n%.*s", STR_ARG(one.text), STR_ARG(two.text)),
        .doubt = (const uint8_t *)doubt.at,
        .shifts = shifts,
        .nshifts = one.nshifts + two.nshifts,
    };
    struct reading once = read_page(&bed, &one);
    struct reading twice = read_page(&bed, &both);
    struct bed_score first = score_layout(&bed, &once, bits);
    struct bed_score all = score_layout(&bed, &twice, bits);
    unsigned sure[2] = {0, 0};
    for (uint32_t i = 0; i < bed.sites.nsites; i++) {
        sure[0] += once.read[i] != MARK_ERASED && once.doubt[i] == 0;
        sure[1] += twice.read[i] != MARK_ERASED && twice.doubt[i] == 0;
    }
    assert_true(all.read >= first.read);
    assert_true(all.wrong < first.wrong);
    assert_true(sure[1] > sure[0]);
}

/* --- words ------------------------------------------------------------------------------------ */

static void a_word_is_as_doubtful_as_the_characters_that_tell_it_apart(void **state)
{
    static const char text[] = "我们要把城市建设管理经济社会生活质量进一步提高到新的水平上来";
    struct str words = str_of(text);
    size_t at = str_find(words, STR("质量"), 0);
    const struct {
        const char *here, *other;
        uint8_t doubt[2]; /* of its two characters */
        unsigned class;
    } cases[] = {
        {"质量", "品质", {3, 3}, 0},
        {"质量", "品质", {100, 100}, 2}, /* both would have to be misread: 0.15 */
        {"质量", "质素", {250, 21}, 1},  /* the first says nothing: 0.08 */
        {"质量", "质素", {3, 80}, 3},    /* 0.31 */
        {"质量", "质素", {3, 130}, MARK_DOUBTS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct paper_place place = {at, 6, 0, {str_of(cases[i].here), str_of(cases[i].other)}};
        struct paper_site site = {.channel = PAPER_WORD};
        struct bed bed = bed_of(*state, LANG_ZH, text, &place, 1, &site, 1);
        uint8_t doubt[sizeof text] = {0};
        memset(doubt + at, cases[i].doubt[0], 3);
        memset(doubt + at + 3, cases[i].doubt[1], 3);
        const struct paper_seen seen = {.text = words, .doubt = doubt};
        struct reading reading = read_page(&bed, &seen);
        assert_int_equal(reading.read[0], cases[i].class == MARK_DOUBTS ? MARK_ERASED : 0);
        if (reading.read[0] != MARK_ERASED)
            assert_int_equal(reading.doubt[0], cases[i].class);
        assert_int_equal(reading.doubtful[PAPER_WORD], reading.doubt[0] > 0);
    }
}

/* Numbers that no reader should give are no measurements. */
static void measurements_that_are_no_numbers_are_left(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 3000, BED_LAYOUT, 3);
    uint8_t *bits = bed_bits(&bed, 5);
    struct attack_dice dice = {23};
    struct paper_seen seen = attack_measure(*state, &bed.doc, &bed.sites, bits, &FINE, &dice);
    struct paper_shift *shifts = arena_array(*state, seen.nshifts, struct paper_shift);
    static const float odd[] = {NAN, INFINITY, -INFINITY, 1e30F, 0};
    for (size_t i = 0; i < seen.nshifts; i++) {
        shifts[i] = seen.shifts[i];
        if (i % 4 == 0)
            *(i % 8 ? &shifts[i].ems : &shifts[i].noise) = odd[i / 8 % 5];
        if (i % 16 == 0)
            shifts[i].noise = -1;
    }
    seen.shifts = shifts;
    struct reading reading = read_page(&bed, &seen);
    struct bed_score score = score_layout(&bed, &reading, bits);
    assert_true(score.read > 0.6 * score.sites);
    assert_true(score.wrong <= score.read / 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_measured_well_gives_its_layout_marks),
        TEST(a_printer_that_moves_all_gaps_alike_changes_nothing),
        TEST(noise_that_is_larger_than_said_is_seen),
        TEST(doubt_says_how_often_a_mark_is_misread),
        TEST(a_layout_that_was_made_anew_is_erased_and_not_read_as_zeros),
        TEST(a_text_without_measurements_says_nothing_of_the_layout),
        TEST(two_scans_of_a_page_are_surer_than_one),
        TEST(a_word_is_as_doubtful_as_the_characters_that_tell_it_apart),
        TEST(measurements_that_are_no_numbers_are_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
