/* The English lexicon as it is shipped, on sentences that would trap a careless matcher and on the
 * project's own sample papers. */
#include "lexicon_bed.h"

#include <string.h>

static int open_bench(void **state)
{
    static const char *const files[] = {"en-word.txt",
                                        "en-order.txt",
                                        "en-punct.txt",
                                        "en-locks.txt",
                                        "zh-word.txt",
                                        "zh-locks.txt",
                                        NULL};
    bench_open(state, LANG_EN, files);
    return 0;
}

static void words_that_read_the_same_are_offered(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"The road that leads to it is narrow.", "[that|which] leads to it"},
        {"The work began to slow.", "[began to|started to]"},
        {"She believes that they will come.", "[that |]they"},
        {"We bought a machine that was made nearby.", "machine [that|which] was"},
        {"They live in a house which was too small.", "house [which|that] was"},
        {"They live in a house which was built by hand.", "house [which was |]built"},
        {"A letter was sent to every member.", "[every|each] member"},
        {"It was done in order to reach the quay.", "[in order to|to] reach"},
        {"In practice, the rule is ignored.", "[In practice,|In practice] the"},
        {"In practice the rule is ignored.", "[In practice|In practice,] the"},
        {"They talked to each other all evening.", "[each other|one another]"},
        {"He asked whether the hall was free.", "[whether|if] the hall"},
        {"Use tools like spades.", "[like|such as]"},
        {"It is a system that stores heat.", "system [that|which] stores"},
        {"He asked that it should be recorded.", "[should be|be] recorded"},
        {"To explore the cave, we need lamps.", "[To|In order to] explore"},
        {"It can help people understand the law.", "people [|to ]understand"},
        {"But the hall was full.", "[But|However,] the"},
        {"All the roads and bridges were closed.", "[roads and bridges|bridges and roads]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        bench_expect(*state, cases[i].text, cases[i].shown, true);
}

static void the_case_of_the_master_is_carried_over(void **state)
{
    bench_expect(*state, "Nobody came to the hall.", "[Nobody|No one]", true);
    bench_expect(*state, "We saw that nobody came to the hall.", "[nobody|no one]", true);
    bench_expect(*state, "Although it rained, the fair went ahead.", "[Although|Though]", true);
}

/* No part of the text may be a place. */
static void what_must_stay_is_no_site(void **state)
{
    static const char *const cases[] = {
        "Nothing stands in part 2.",
        "It was seen in part of the town.",
        "The beginners started a newly whichever club.",
        "Everyonesuch and nobodyish are names of boats.",
        "The health and safety rules apply.",
        "The terms and conditions apply.",
        "It is null and void.",
        "Research and development cost us dear.",
        "See https://example.org/although/nobody/began-to for it.",
        "The file en-address.txt=although was sent.",
        "It opened on 12 March 2019.",
        "The fee is 14 per cent of 2,400 pounds.",
        "He wrote \"nobody began to believe that they came\" on it.",
        "The Roads and Bridges Act was passed.",
    };
    const struct bench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *shown = bench_preview(bench, cases[i], PAPER_PARAGRAPH);
        if (strcmp(shown, cases[i]) != 0)
            print_message("unwanted: %s\n", shown);
        assert_string_equal(shown, cases[i]);
    }
}

static void words_keep_to_the_neighbours_that_they_need(void **state)
{
    static const struct {
        const char *text, *unwanted;
    } cases[] = {
        {"They have set up a fund.", "establish]"},
        {"That is the first of them.", "[That|"},
        {"I know that man.", "[that |]"},
        {"The rule, which is old, stays.", "[which|that]"},
        {"The way in which it is done matters.", "[which|"},
        {"Those people that were late paid.", "[that|which]"},
        {"He was too tired to carry on.", "[too|as well]"},
        {"A number of the weekday trains were late.", "|Several] the"},
        {"Every other page was blank.", "[Every|Each]"},
        {"He came to an almost empty hall.", "[almost|nearly]"},
        {"It was a nearly perfect day.", "[nearly|almost]"},
        {"She had not really begun.", "[begun|"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        bench_expect(*state, cases[i].text, cases[i].unwanted, false);
}

static bool opens_with_vowel(struct str word)
{
    return word.len && strchr("aeioAEIO", word.at[0]) != NULL;
}

/* "a" and "an" must still fit, whichever alternative stands after them. */
static void no_alternative_breaks_a_or_an(void **state)
{
    static const char *const words[] = {
        "almost",  "nearly",   "entirely", "wholly",    "further",    "additional",  "extra",
        "earlier", "previous", "enormous", "huge",      "suitable",   "appropriate", "rapid",
        "initial", "first",    "whole",    "entire",    "increase",   "rise",        "often",
        "usually", "exactly",  "easily",   "effective", "sufficient", "important",   "existing",
    };
    const struct bench *bench = *state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool vowel = opens_with_vowel(str_of(words[i]));
        struct str text = str_format(bench->arena, "It was %s %s case in the report.",
                                     vowel ? "an" : "a", words[i]);
        struct paper_doc doc = bench_document(bench, text, PAPER_PARAGRAPH);
        struct paper_sites sites = bench_find(bench, &doc);
        size_t after = strlen("It was a ") + vowel;
        for (size_t p = 0; p < sites.nplaces; p++)
            if (sites.places[p].at == after)
                assert_int_equal(opens_with_vowel(sites.places[p].alt[1]), vowel);
    }
}

static void code_and_headings_carry_no_sites(void **state)
{
    const char *text = "nobody began to believe that they came, although it rained";
    assert_string_equal(bench_preview(*state, text, PAPER_CODE), text);
    assert_string_equal(bench_preview(*state, text, PAPER_HEADING), text);
}

static uint32_t sites_of(const struct bench *bench, const char *text, const char *rule,
                         size_t *places)
{
    struct paper_doc doc = bench_document(bench, str_of(text), PAPER_PARAGRAPH);
    struct paper_sites sites = bench_find(bench, &doc);
    uint32_t count = 0;
    *places = 0;
    for (uint32_t s = 0; s < sites.nsites; s++) {
        if (str_find(sites.sites[s].rule, str_of(rule), 0) == SIZE_MAX)
            continue;
        assert_true(sites.sites[s].wide);
        count++;
        for (size_t p = 0; p < sites.nplaces; p++)
            *places += sites.places[p].site == s;
    }
    return count;
}

static void one_choice_of_style_is_one_site_for_the_paper(void **state)
{
    size_t places;
    assert_int_equal(sites_of(*state,
                              "We keep ponies, goats, and hens.\n"
                              "They sell kettles, spoons, and lamps.\n"
                              "Look for ladders, buckets, and ropes.\n",
                              ", and>", &places),
                     1);
    assert_int_equal(places, 3);
    assert_int_equal(
        sites_of(*state, "We went toward the center.\nThey ran toward us.\n", "toward", &places),
        1);
    assert_int_equal(places, 2);
}

static void a_family_of_spellings_is_one_site_for_the_paper(void **state)
{
    size_t places;
    assert_int_equal(sites_of(*state,
                              "We organise a fair.\nThey recognise the hall.\n"
                              "It was organised late, as she emphasised.\n",
                              "is", &places),
                     1);
    assert_int_equal(places, 4);
}

/* "but also" wants its "not only" in the same sentence, which a decimal and "Mr." do not end. */
static void conditions_look_no_further_than_the_sentence(void **state)
{
    const char *wanted = "[but also|but]";
    bench_expect(*state, "The barn is not only dry but also warm.", wanted, true);
    bench_expect(*state, "The barn is not only 2.5 metres high but also warm.", wanted, true);
    bench_expect(*state, "The barn is not only for Mr. Lamb but also for us.", wanted, true);
    bench_expect(*state, "The barn is not only No. 4 but also warm.", wanted, true);
    bench_expect(*state, "Not only dry, he said no. The barn is small but also warm.", wanted,
                 false);
    bench_expect(*state, "The barn is not only dry. It is small but also warm.", wanted, false);
    bench_expect(*state, "The barn is small but also warm. It is not only dry.", wanted, false);
}

static void a_paper_is_offered_nothing_from_over_the_ocean(void **state)
{
    bench_expect(*state, "They sang while we worked in the centre.", "[while|whilst]", true);
    bench_expect(*state, "They sang while we worked in the center.", "whilst", false);
    bench_expect(*state, "They sang while we worked.\nThe color is new.", "whilst", false);
    bench_expect(*state, "We walked toward the neighborhood.", "[toward|towards]", true);
    bench_expect(*state, "We walked towards the harbour.", "|toward]", false);
}

/* Some are a writer's habit; one in a quotation is another's. */
static void contractions_come_only_where_the_paper_has_some(void **state)
{
    bench_expect(*state, "It doesn't rain. We do not mind.", "[do not|don't]", true);
    bench_expect(*state, "It doesn't rain. We do not mind.", "[doesn't|does not]", true);
    bench_expect(*state, "It doesn\u2019t rain. We do not mind.", "[do not|don\u2019t]", true);
    bench_expect(*state, "It does not rain. We do not mind.", "n't]", false);
    bench_expect(*state, "\"It doesn't rain,\" she said. We do not mind.", "n't]", false);
    bench_expect(*state, "Why don't they come? It doesn't rain.", "[don't|", false);
    bench_expect(*state, "It's been dry, and it's closed.", "[it's|", false);
    bench_expect(*state, "It's a dry year.", "[It's|It is]", true);
}

static void the_comma_after_a_short_opening_may_go(void **state)
{
    bench_expect(*state, "In the wettest year, the board met twice.", "year[, | ]the", true);
    bench_expect(*state, "At most stations, the clock is slow.", "stations[, | ]the", true);
    bench_expect(*state, "In addition, the clock is slow.", "[, | ]", false);
    bench_expect(*state, "In choosing, the board took its time.", "[, | ]", false);
    bench_expect(*state, "After he had left, the board met.", "[, | ]", false);
    bench_expect(*state, "It stood in the hall, the oldest of all.", "hall[, | ]", false);
    bench_expect(*state, "In the long and very cold winter after the flood, the board met.",
                 "flood[, | ]", false);
}

static void a_paragraph_in_chinese_has_the_sites_of_chinese(void **state)
{
    const char *text =
        "Nobody came to the hall.\n这条路修了将近两年，比去年多花了三个月的时间，大家都说值得。\n将近\n";
    bench_expect(*state, text, "[Nobody|No one] came", true);
    bench_expect(*state, text, "[将近|近]两年", true);
    bench_expect(*state, text, "\n将近", true);
}

static void what_grated_in_copies_stays_out(void **state)
{
    static const struct {
        const char *text, *unwanted;
    } cases[] = {
        {"The list is kept up to date by the clerk.", "so far]"},
        {"It must have a different name from the old one.", "|another]"},
        {"The rules are not undertaken lightly.", "[undertaken|"},
        {"Entry requires that you are a member.", "[that |]"},
        {"A range of time was given.", "ariety]"},
        {"It is an instance of a common name.", "[an instance"},
        {"You don't have to be a member.", "must be"},
        {"You don\u2019t have to be a member.", "must be"},
        {"They have more information than we do.", "further"},
        {"It doesn't rain. It's always been dry.", "[It's|"},
        {"It is performing in a better way.", "carrying"},
        {"In that case prices will rise.", "|If so"},
        {"One way to do that is to wait.", "[that|"},
        {"We found an additional aim.", "extra"},
        {"It is easier to recruit drivers.", "simpler"},
        {"Both can run at once.", "immediately"},
        {"They are focused on it.", "concentrated"},
        {"It will make an impact on us.", "effect"},
        {"They sell pens, paper, etc.", "so on"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        bench_expect(*state, cases[i].text, cases[i].unwanted, false);
}

static void the_lexicon_is_as_large_as_promised(void **state)
{
    const struct bench *bench = *state;
    assert_true(paper_lexicon_count(bench->lexicon, LANG_EN) >= 400);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What goes leaves the space that parts its neighbours. */
static void no_alternative_joins_two_words(void **state)
{
    static const char *const samples[] = {"en-address.txt", "en-minutes.md", "en-note.md"};
    const struct bench *bench = *state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct str text = bench_file(bench->arena, "samples", samples[i]);
        struct paper_doc doc = bench_document(bench, text, PAPER_PARAGRAPH);
        struct paper_sites sites = bench_find(bench, &doc);
        for (size_t p = 0; p < sites.nplaces; p++) {
            const struct paper_place *place = &sites.places[p];
            if (place->alt[1].len || !place->at || place->at + place->len >= text.len)
                continue;
            bool joined =
                is_letter(text.at[place->at - 1]) && is_letter(text.at[place->at + place->len]);
            assert_false(joined);
        }
    }
}

/* A marked paper is only traceable from an excerpt when sites lie close enough. */
static void each_english_sample_has_a_site_in_ninety_characters(void **state)
{
    static const char *const samples[] = {"en-address.txt", "en-minutes.md", "en-note.md"};
    const struct bench *bench = *state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct str text = bench_file(bench->arena, "samples", samples[i]);
        struct paper_doc doc = bench_document(bench, text, PAPER_PARAGRAPH);
        struct paper_sites sites = bench_find(bench, &doc);
        print_message("%s: %u sites, one in %zu characters\n", samples[i], sites.nsites,
                      text.len / (sites.nsites ? sites.nsites : 1));
        assert_true((size_t)sites.nsites * 90 >= text.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_read_the_same_are_offered),
        cmocka_unit_test(the_case_of_the_master_is_carried_over),
        cmocka_unit_test(what_must_stay_is_no_site),
        cmocka_unit_test(words_keep_to_the_neighbours_that_they_need),
        cmocka_unit_test(no_alternative_breaks_a_or_an),
        cmocka_unit_test(code_and_headings_carry_no_sites),
        cmocka_unit_test(one_choice_of_style_is_one_site_for_the_paper),
        cmocka_unit_test(a_family_of_spellings_is_one_site_for_the_paper),
        cmocka_unit_test(conditions_look_no_further_than_the_sentence),
        cmocka_unit_test(a_paper_is_offered_nothing_from_over_the_ocean),
        cmocka_unit_test(contractions_come_only_where_the_paper_has_some),
        cmocka_unit_test(the_comma_after_a_short_opening_may_go),
        cmocka_unit_test(a_paragraph_in_chinese_has_the_sites_of_chinese),
        cmocka_unit_test(what_grated_in_copies_stays_out),
        cmocka_unit_test(the_lexicon_is_as_large_as_promised),
        cmocka_unit_test(no_alternative_joins_two_words),
        cmocka_unit_test(each_english_sample_has_a_site_in_ninety_characters),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
