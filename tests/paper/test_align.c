/* Reading marks: what survives which treatment, and what must stay unread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
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

static struct reading read_of(const struct bed *bed, struct str exhibit)
{
    const struct paper_seen seen = paper_seen_text(exhibit);
    struct reading reading;
    paper_read_marks(bed->arena, bed->lattice, &seen, &reading);
    return reading;
}

static struct str join(struct arena *arena, struct str a, struct str b)
{
    return str_format(arena, "%.*s\n%.*s", STR_ARG(a), STR_ARG(b));
}

/* --- what an attack leaves -------------------------------------------------------------------- */

static const struct {
    enum attack_kind kind;
    double least; /* share of the sites read */
} floors[] = {
    {ATTACK_PASTE, 0.99},   {ATTACK_STRIP, 0.99},       {ATTACK_FOLD, 0.99},
    {ATTACK_REFLOW, 0.99},  {ATTACK_RETYPE, 0.88},      {ATTACK_OCR, 0.85},
    {ATTACK_REORDER, 0.95}, {ATTACK_EMBED, 0.97},       {ATTACK_REWRITE, 0.55},
    {ATTACK_COMBINED, 0.8}, {ATTACK_TRADITIONAL, 0.97},
};

static void each_attack_leaves_enough_marks_and_hardly_a_wrong_one(void **state)
{
    struct arena *arena = *state;
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(arena, lang, lang == LANG_ZH ? 6000 : 15000, BED_VISIBLE, 7);
        assert_true(bed.sites.nsites > 150);
        for (size_t i = 0; i < sizeof floors / sizeof *floors; i++) {
            struct bed_score all = {0};
            for (uint64_t seed = 1; seed <= 3; seed++) {
                uint8_t *bits = bed_bits(&bed, seed);
                struct attack_dice dice = {seed + 50};
                struct str text =
                    attack_text(arena, bed_copy(&bed, bits), lang, floors[i].kind, &dice);
                struct reading reading = read_of(&bed, text);
                struct bed_score score = bed_score(&bed, &reading, bits);
                all.read += score.read;
                all.wrong += score.wrong;
                all.sites += score.sites;
            }
            if (all.read < floors[i].least * all.sites || all.wrong > 0.03 * all.read)
                fail_msg("%s (%s): %u of %u read, %u wrong", attack_name(floors[i].kind, LANG_EN),
                         lang_code(lang), all.read, all.sites, all.wrong);
        }
    }
}

/* A comma that may be there or not, at each |; what is put in is the other alternative. */
static struct bed bed_of_commas(struct arena *arena)
{
    static const char *const PARTS[] = {
        "In spring, before the thaw, the harbour board met",
        " and agreed to mend the outer wall, the slipway and the winter moorings",
        ". The treasurer, who had been ill, sent figures by post",
        " and asked for patience, which was given, if not gladly",
        ". A year later, when the stone came, two barges sank",
        " and nobody could say, then or since, whose they were",
        ". The inquiry sat for nine days, heard sixty people",
        " and closed without naming anybody, to general relief",
        ". Since then, for what it is worth, the wall has held",
        " and fishing boats, even the small ones, stay the winter",
        ". The lamp at its end, once lit by hand, burns by itself",
        " and the keeper's cottage, long empty, is let in summer.",
    };
    struct buf text = {.arena = arena};
    const size_t count = sizeof PARTS / sizeof *PARTS;
    struct paper_place *places = arena_array(arena, count, struct paper_place);
    struct paper_site *sites = arena_array(arena, count, struct paper_site);
    uint32_t made = 0;
    for (size_t i = 0; i < count; i++) {
        buf_add(&text, str_of(PARTS[i]));
        if (i % 2)
            continue;
        const bool has = i % 4;
        places[made] = (struct paper_place){.at = text.len, .len = has, .site = made};
        places[made].alt[0] = has ? STR(",") : STR("");
        places[made].alt[1] = has ? STR("") : STR(",");
        sites[made] = (struct paper_site){.number = made, .channel = PAPER_PUNCT};
        buf_add(&text, places[made++].alt[0]);
    }
    return bed_of(arena, LANG_EN, buf_str(&text).at, places, made, sites, made);
}

static struct str without_commas(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != ',')
            buf_add(&out, str_slice(text, i, 1));
    return buf_str(&out);
}

static void commas_missing_say_nothing_where_the_text_has_lost_its_commas(void **state)
{
    struct bed bed = bed_of_commas(*state);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        uint8_t *bits = bed_bits(&bed, seed);
        struct str copy = bed_copy(&bed, bits);
        struct reading reading = read_of(&bed, copy);
        assert_int_equal(bed_score(&bed, &reading, bits).read, bed.sites.nsites);
        assert_int_equal(bed_score(&bed, &reading, bits).wrong, 0);
        for (uint32_t i = 0; i < bed.sites.nsites; i++)
            assert_int_equal(reading.doubt[i], 0);
        reading = read_of(&bed, without_commas(*state, copy));
        assert_true(reading.coverage > 0.8);
        assert_int_equal(bed_score(&bed, &reading, bits).read, 0);
    }
}

static void an_excerpt_from_anywhere_is_read_where_it_covers(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, lang == LANG_ZH ? 6000 : 15000, BED_VISIBLE, 3);
        for (uint64_t seed = 1; seed <= 6; seed++) {
            uint8_t *bits = bed_bits(&bed, seed);
            struct attack_dice dice = {seed};
            struct str text =
                attack_text(*state, bed_copy(&bed, bits), lang, ATTACK_EXCERPT, &dice);
            struct reading reading = read_of(&bed, text);
            struct bed_score score = bed_score(&bed, &reading, bits);
            assert_true(reading.explained > 0.9);
            assert_true(score.read > 0.8 * reading.coverage * score.sites);
            assert_true(score.wrong <= 1);
        }
    }
}

static void two_copies_run_together_leave_only_what_they_share(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 4000, BED_VISIBLE, 5);
    uint8_t *a = bed_bits(&bed, 1);
    uint8_t *b = bed_bits(&bed, 2);
    struct reading reading = read_of(&bed, join(*state, bed_copy(&bed, a), bed_copy(&bed, b)));
    uint32_t read = 0;
    for (uint32_t i = 0; i < bed.sites.nsites; i++) {
        if (a[i] != b[i])
            assert_int_equal(reading.read[i], MARK_ERASED);
        else if (reading.read[i] != MARK_ERASED)
            assert_int_equal(reading.read[i], a[i]);
        read += reading.read[i] != MARK_ERASED;
    }
    assert_true(read > 0.4 * bed.sites.nsites);
    assert_true(reading.explained > 0.95);
}

static void a_paper_of_both_languages_is_read_in_both(void **state)
{
    struct arena *arena = *state;
    struct bed zh = bed_make(arena, LANG_ZH, 2000, BED_VISIBLE, 11);
    struct bed en = bed_make(arena, LANG_EN, 5000, BED_VISIBLE, 12);
    uint8_t *zbits = bed_bits(&zh, 1);
    uint8_t *ebits = bed_bits(&en, 2);
    struct str both = join(arena, bed_copy(&en, ebits), bed_copy(&zh, zbits));
    struct reading rz = read_of(&zh, both);
    struct reading re = read_of(&en, both);
    assert_true(bed_score(&zh, &rz, zbits).read >= 0.97 * zh.sites.nsites);
    assert_true(bed_score(&en, &re, ebits).read >= 0.97 * en.sites.nsites);
    assert_int_equal(bed_score(&zh, &rz, zbits).wrong + bed_score(&en, &re, ebits).wrong, 0);
    assert_true(rz.explained + re.explained > 0.95 && rz.explained + re.explained < 1.05);
}

/* --- what must stay unread -------------------------------------------------------------------- */

static void an_unrelated_text_explains_nothing(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, 8000, BED_VISIBLE, 21);
        struct bed other = bed_make(*state, lang, 8000, BED_VISIBLE, 22);
        struct reading reading = read_of(&bed, other.doc.text);
        assert_true(reading.explained < 0.05 && reading.coverage < 0.05);
        for (uint32_t i = 0; i < bed.sites.nsites; i++)
            assert_int_equal(reading.read[i], MARK_ERASED);
    }
}

static void shared_set_phrases_do_not_make_a_match(void **state)
{
    struct arena *arena = *state;
    struct bed bed = bed_make(arena, LANG_ZH, 5000, BED_VISIBLE, 31);
    struct bed other = bed_make(arena, LANG_ZH, 3000, BED_VISIBLE, 32);
    struct buf text = {.arena = arena};
    struct attack_dice dice = {4};
    for (size_t i = 0; i < 60; i++) { /* phrases of eighteen characters from all over the paper */
        size_t at = (size_t)(attack_roll(&dice) % (bed.doc.text.len - 60));
        while (((unsigned char)bed.doc.text.at[at] & 0xC0) == 0x80)
            at++;
        buf_add(&text, str_slice(other.doc.text, 60 * i, 60));
        buf_add(&text, str_slice(bed.doc.text, at, 54));
    }
    struct reading reading = read_of(&bed, buf_str(&text));
    assert_true(reading.explained < 0.05);
}

static void nothing_is_read_from_an_empty_exhibit(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 1000, BED_VISIBLE, 41);
    static const char *const empty[] = {"", " \n \xE3\x80\x80 \n", "\xE2\x80\x8B\xE2\x80\x8B",
                                        "一"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        struct reading reading = read_of(&bed, str_of(empty[i]));
        assert_true(reading.coverage <= 0 && reading.explained <= 0 && reading.nspans == 0);
        assert_int_equal(reading.ones, 0);
    }
}

static void locked_and_absent_sites_stay_unread(void **state)
{
    struct arena *arena = *state;
    const char *text =
        "各地区各部门要立足本职推动城市交通改善和乡村道路养护，把群众身边的小事当作大事来办，"
        "年底以前逐项公布进展情况并接受评议。";
    size_t at = str_find(str_of(text), STR("推动"), 0);
    struct paper_place place = {.at = at, .len = 6, .alt = {STR("推动"), STR("推进")}};
    for (int how = 0; how < 3; how++) {
        struct paper_site site = {.channel = PAPER_WORD, .locked = how == 1, .absent = how == 2};
        struct bed bed = bed_of(arena, LANG_ZH, text, &place, how != 2, &site, 1);
        assert_int_equal(read_of(&bed, str_of(text)).read[0], how == 0 ? 0 : MARK_ERASED);
    }
}

/* --- wide sites ------------------------------------------------------------------------------- */

static struct str with_wide(const struct bed *bed, size_t ones, size_t *places)
{
    struct buf out = {.arena = bed->arena};
    size_t at = 0;
    *places = 0;
    for (size_t i = 0; i < bed->sites.nplaces; i++) {
        const struct paper_place *place = &bed->sites.places[i];
        if (place->site != 0)
            continue;
        buf_add(&out, str_slice(bed->doc.text, at, place->at - at));
        buf_add(&out, place->alt[(*places)++ < ones]);
        at = place->at + place->len;
    }
    buf_add(&out, str_slice(bed->doc.text, at, bed->doc.text.len));
    return buf_str(&out);
}

static void a_wide_site_is_read_by_a_clear_majority(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 3000, BED_WIDE | BED_PAIRS, 51);
    size_t places = 0;
    (void)with_wide(&bed, 0, &places);
    assert_true(places >= 12);
    static const struct {
        double ones;
        int read;
    } cases[] = {{0, 0}, {0.15, 0}, {0.5, MARK_ERASED}, {0.6, MARK_ERASED}, {0.85, 1}, {1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = with_wide(&bed, (size_t)(cases[i].ones * (double)places + 0.5), &places);
        assert_int_equal(read_of(&bed, text).read[0], cases[i].read);
    }
}

/* --- fragile channels ------------------------------------------------------------------------- */

static void hidden_marks_are_read_from_a_plain_copy(void **state)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct bed bed = bed_make(*state, lang, 8000, BED_ZERO | BED_SPACE | BED_GLYPH, 61);
        uint8_t *bits = bed_bits(&bed, 9);
        struct reading reading = read_of(&bed, bed_copy(&bed, bits));
        struct bed_score score = bed_score(&bed, &reading, bits);
        assert_true(score.read >= 0.9 * score.sites);
        assert_int_equal(score.wrong, 0);
    }
}

static void a_stripped_channel_is_erased_and_never_read_as_zero(void **state)
{
    static const struct {
        unsigned kind;
        enum attack_kind attack;
    } cases[] = {
        {BED_ZERO, ATTACK_STRIP}, {BED_SPACE, ATTACK_STRIP},  {BED_ZERO, ATTACK_RETYPE},
        {BED_GLYPH, ATTACK_FOLD}, {BED_GLYPH, ATTACK_RETYPE}, {BED_SPACE, ATTACK_RETYPE},
        {BED_SPACE, ATTACK_FOLD}, {BED_SPACE, ATTACK_REFLOW}, {BED_ZERO, ATTACK_OCR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bed bed = bed_make(*state, LANG_ZH, 6000, cases[i].kind, 71 + i);
        struct attack_dice dice = {i};
        struct str text =
            attack_text(*state, bed_copy(&bed, bed_bits(&bed, i)), LANG_ZH, cases[i].attack, &dice);
        struct reading reading = read_of(&bed, text);
        assert_true(reading.coverage > 0.9);
        for (uint32_t site = 0; site < bed.sites.nsites; site++)
            assert_int_equal(reading.read[site], MARK_ERASED);
    }
}

static void a_copy_stripped_halfway_is_read_in_the_other_half(void **state)
{
    struct arena *arena = *state;
    struct bed bed = bed_make(arena, LANG_ZH, 12000, BED_ZERO, 81);
    uint8_t *bits = bed_bits(&bed, 3);
    struct str copy = bed_copy(&bed, bits);
    size_t half = str_find(copy, STR("。"), copy.len / 2) + 3;
    struct attack_dice dice = {1};
    struct str tail =
        attack_text(arena, str_slice(copy, half, copy.len), LANG_ZH, ATTACK_STRIP, &dice);
    struct reading reading =
        read_of(&bed, str_format(arena, "%.*s%.*s", (int)half, copy.at, STR_ARG(tail)));
    struct bed_score score = bed_score(&bed, &reading, bits);
    assert_true(score.read > 0.4 * score.sites && score.read < 0.56 * score.sites);
    assert_true(score.wrong <= 2);
}

/* --- figures ---------------------------------------------------------------------------------- */

static void the_figures_add_up(void **state)
{
    struct bed bed = bed_make(*state, LANG_EN, 9000, BED_VISIBLE | BED_ZERO, 91);
    uint8_t *bits = bed_bits(&bed, 4);
    struct attack_dice dice = {6};
    struct str text = attack_text(*state, bed_copy(&bed, bits), LANG_EN, ATTACK_COMBINED, &dice);
    struct reading reading = read_of(&bed, text);
    uint32_t ones = 0, reads = 0, sites = 0;
    for (unsigned c = 0; c < PAPER_CHANNELS; c++) {
        assert_true(reading.reads[c] + reading.erased[c] <= reading.sites[c]);
        reads += reading.reads[c];
        sites += reading.sites[c];
    }
    struct bed_score score = bed_score(&bed, &reading, bits);
    for (uint32_t i = 0; i < bed.sites.nsites; i++)
        ones += reading.read[i] == 1;
    assert_int_equal(sites, bed.sites.nsites);
    assert_int_equal(reads, score.read);
    assert_int_equal(ones, reading.ones);
    size_t end = 0;
    for (size_t i = 0; i < reading.nspans; i++) {
        const struct span *span = &reading.spans[i];
        assert_true(span->at >= end && span->len > 0 && span->at + span->len <= text.len);
        assert_true(span->source_at + span->source_len <= bed.doc.text.len);
        end = span->at;
    }
}

static void the_same_exhibit_always_reads_the_same(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 5000, BED_VISIBLE | BED_ZERO, 95);
    struct attack_dice dice = {6};
    struct str text =
        attack_text(*state, bed_copy(&bed, bed_bits(&bed, 1)), LANG_ZH, ATTACK_COMBINED, &dice);
    struct reading a = read_of(&bed, text);
    struct reading b = read_of(&bed, str_copy(*state, text));
    assert_memory_equal(a.read, b.read, bed.sites.nsites);
    assert_int_equal(a.matched, b.matched);
    assert_int_equal(a.nspans, b.nspans);
}

/* --- hostile exhibits ------------------------------------------------------------------------- */

static struct str repeated(struct arena *arena, struct str piece, size_t bytes)
{
    struct buf out = {.arena = arena};
    while (out.len < bytes)
        buf_add(&out, piece);
    return buf_str(&out);
}

static void hostile_exhibits_end_and_read_nothing_foreign(void **state)
{
    struct arena *arena = *state;
    struct bed bed = bed_make(arena, LANG_ZH, 3000, BED_VISIBLE, 97);
    struct bed same =
        bed_of(arena, LANG_ZH, repeated(arena, STR("一"), 30000).at, NULL, 0, NULL, 0);
    struct bed two = bed_of(arena, LANG_EN, repeated(arena, STR("ab"), 20000).at, NULL, 0, NULL, 0);
    struct str exhibits[] = {
        repeated(arena, STR(" "), 1000000),
        repeated(arena, STR("一"), 300000),
        repeated(arena, STR("ab"), 200000),
        repeated(arena, STR("一二"), 300000),
        repeated(arena, STR("\xE2\x80\x8B"), 300000),
        repeated(arena, str_slice(bed.doc.text, 0, 60), 300000),
    };
    for (size_t i = 0; i < sizeof exhibits / sizeof *exhibits; i++) {
        struct reading reading = read_of(&bed, exhibits[i]);
        assert_true(reading.coverage < 0.05);
        (void)read_of(&same, exhibits[i]);
        (void)read_of(&two, exhibits[i]);
    }
}

static void many_repetitions_of_a_copy_still_read(void **state)
{
    struct bed bed = bed_make(*state, LANG_ZH, 1500, BED_VISIBLE, 98);
    uint8_t *bits = bed_bits(&bed, 1);
    struct str copy = bed_copy(&bed, bits);
    struct reading reading = read_of(&bed, repeated(*state, copy, 40 * copy.len));
    struct bed_score score = bed_score(&bed, &reading, bits);
    assert_true(score.read >= 0.95 * score.sites);
    assert_int_equal(score.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_attack_leaves_enough_marks_and_hardly_a_wrong_one,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            commas_missing_say_nothing_where_the_text_has_lost_its_commas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_excerpt_from_anywhere_is_read_where_it_covers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_copies_run_together_leave_only_what_they_share, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_paper_of_both_languages_is_read_in_both, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_unrelated_text_explains_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shared_set_phrases_do_not_make_a_match, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_read_from_an_empty_exhibit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(locked_and_absent_sites_stay_unread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wide_site_is_read_by_a_clear_majority, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hidden_marks_are_read_from_a_plain_copy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stripped_channel_is_erased_and_never_read_as_zero, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_copy_stripped_halfway_is_read_in_the_other_half, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_figures_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_exhibit_always_reads_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_exhibits_end_and_read_nothing_foreign, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(many_repetitions_of_a_copy_still_read, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
