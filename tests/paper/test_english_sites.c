/* The English lexicon as it is shipped, on sentences that would trap a careless matcher and on the
 * project's own sample papers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "paper/site.h"

#define FILE_MAX   ((size_t)1 << 20)
#define BLOCKS_MAX 400

struct bench {
    struct arena *arena;
    struct paper_lexicon *lexicon;
};

static struct str file_text(struct arena *arena, const char *folder, const char *name)
{
    struct str path = str_format(arena, "%s/%s/%s", CHANCERY_SOURCE, folder, name);
    FILE *file = fopen(str_z(arena, path), "rb");
    assert_non_null(file);
    char *bytes = arena_take(arena, FILE_MAX);
    size_t len = fread(bytes, 1, FILE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(len, 1, FILE_MAX - 1);
    return (struct str){bytes, len};
}

static int open_bench(void **state)
{
    static const char *const files[] = {"en-word.txt", "en-order.txt", "en-punct.txt",
                                        "en-locks.txt"};
    static struct bench bench;
    bench.arena = arena_make();
    bench.lexicon = paper_lexicon_make(bench.arena);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct error err = {0};
        enum status status = paper_lexicon_add(bench.lexicon, str_of(files[i]),
                                               file_text(bench.arena, "lexicon", files[i]), &err);
        if (status)
            print_message("%s\n", err.en);
        assert_int_equal(status, STATUS_OK);
    }
    *state = &bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    arena_free(bench->arena);
    return 0;
}

/* A block a line; Markdown's marks at a line's beginning say what carries no sites. */
static struct paper_doc document(struct arena *arena, struct str text, enum paper_block_kind kind)
{
    struct paper_doc doc = {.lang = LANG_EN, .title = STR("A paper"), .text = text};
    doc.blocks = arena_take_array(arena, BLOCKS_MAX, sizeof *doc.blocks);
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.at[end] != '\n')
            end++;
        struct str line = {text.at + at, end - at};
        if (line.len) {
            assert_in_range(doc.nblocks, 0, BLOCKS_MAX - 1);
            struct paper_block *block = &doc.blocks[doc.nblocks++];
            *block = (struct paper_block){.kind = kind, .at = at, .len = line.len};
            if (kind == PAPER_PARAGRAPH)
                paper_classify_line(line, LANG_EN, block);
            block->at = at;
            block->len = line.len;
            if (line.at[0] == '#')
                block->kind = PAPER_HEADING;
            if (line.at[0] == '>')
                block->kind = PAPER_QUOTE;
            if (line.at[0] == '|')
                block->kind = PAPER_ROW;
        }
        at = end + 1;
    }
    return doc;
}

static struct paper_sites find(const struct bench *bench, const struct paper_doc *doc)
{
    struct paper_sites sites;
    struct error err = {0};
    assert_int_equal(
        paper_find_sites(bench->arena, doc, bench->lexicon, PAPER_DISCREET, &sites, &err),
        STATUS_OK);
    return sites;
}

/* Writes the text with every place as [master|alternative]. */
static const char *preview(const struct bench *bench, const char *text, enum paper_block_kind kind)
{
    struct paper_doc doc = document(bench->arena, str_of(text), kind);
    struct paper_sites sites = find(bench, &doc);
    struct buf out = {.arena = bench->arena};
    size_t at = 0;
    for (size_t i = 0; i < sites.nplaces; i++) {
        const struct paper_place *place = &sites.places[i];
        buf_add(&out, (struct str){text + at, place->at - at});
        buf_format(&out, "[%.*s|%.*s]", STR_ARG(place->alt[0]), STR_ARG(place->alt[1]));
        at = place->at + place->len;
    }
    buf_add(&out, str_of(text + at));
    return str_z(bench->arena, buf_str(&out));
}

static void expect(const struct bench *bench, const char *text, const char *part, bool wanted)
{
    const char *shown = preview(bench, text, PAPER_PARAGRAPH);
    if ((strstr(shown, part) != NULL) != wanted)
        print_message("%s: %s\n  in: %s\n", wanted ? "missing" : "unwanted", part, shown);
    assert_int_equal(strstr(shown, part) != NULL, wanted);
}

static void words_that_read_the_same_are_offered(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"The work began to slow.", "[began to|started to]"},
        {"She believes that they will come.", "[that |]they"},
        {"We bought a machine that was made nearby.", "machine [that|which] was"},
        {"They live in a house which was built by hand.", "house [which|that] was"},
        {"A letter was sent to every member.", "[every|each] member"},
        {"It was done in order to reach the quay.", "[in order to|to] reach"},
        {"In practice, the rule is ignored.", "[In practice,|In practice] the"},
        {"In practice the rule is ignored.", "[In practice|In practice,] the"},
        {"They talked to each other all evening.", "[each other|one another]"},
        {"He asked whether the hall was free.", "[whether|if] the hall"},
        {"All the roads and bridges were closed.", "[roads and bridges|bridges and roads]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, cases[i].text, cases[i].shown, true);
}

static void the_case_of_the_master_is_carried_over(void **state)
{
    expect(*state, "Nobody came to the hall.", "[Nobody|No one]", true);
    expect(*state, "We saw that nobody came to the hall.", "[nobody|no one]", true);
    expect(*state, "Although it rained, the fair went ahead.", "[Although|Though]", true);
}

/* No part of the text may be a place. */
static void what_must_stay_is_no_site(void **state)
{
    static const char *const cases[] = {
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
        const char *shown = preview(bench, cases[i], PAPER_PARAGRAPH);
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
        expect(*state, cases[i].text, cases[i].unwanted, false);
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
        struct paper_doc doc = document(bench->arena, text, PAPER_PARAGRAPH);
        struct paper_sites sites = find(bench, &doc);
        size_t after = strlen("It was a ") + vowel;
        for (size_t p = 0; p < sites.nplaces; p++)
            if (sites.places[p].at == after)
                assert_int_equal(opens_with_vowel(sites.places[p].alt[1]), vowel);
    }
}

static void code_and_headings_carry_no_sites(void **state)
{
    const char *text = "nobody began to believe that they came, although it rained";
    assert_string_equal(preview(*state, text, PAPER_CODE), text);
    assert_string_equal(preview(*state, text, PAPER_HEADING), text);
}

static uint32_t sites_of(const struct bench *bench, const char *text, const char *rule,
                         size_t *places)
{
    struct paper_doc doc = document(bench->arena, str_of(text), PAPER_PARAGRAPH);
    struct paper_sites sites = find(bench, &doc);
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
        sites_of(*state, "We went towards it.\nThey ran towards us.\n", "toward", &places), 1);
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
    expect(*state, "The barn is not only dry but also warm.", wanted, true);
    expect(*state, "The barn is not only 2.5 metres high but also warm.", wanted, true);
    expect(*state, "The barn is not only for Mr. Lamb but also for us.", wanted, true);
    expect(*state, "The barn is not only No. 4 but also warm.", wanted, true);
    expect(*state, "Not only dry, he said no. The barn is small but also warm.", wanted, false);
    expect(*state, "The barn is not only dry. It is small but also warm.", wanted, false);
    expect(*state, "The barn is small but also warm. It is not only dry.", wanted, false);
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
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, cases[i].text, cases[i].unwanted, false);
}

static void the_lexicon_is_as_large_as_promised(void **state)
{
    const struct bench *bench = *state;
    assert_true(paper_lexicon_count(bench->lexicon, LANG_EN) >= 400);
}

/* A marked paper is only traceable from an excerpt when sites lie close enough. */
static void each_english_sample_has_a_site_in_ninety_characters(void **state)
{
    static const char *const samples[] = {"en-address.txt", "en-minutes.md", "en-note.md"};
    const struct bench *bench = *state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct str text = file_text(bench->arena, "samples", samples[i]);
        struct paper_doc doc = document(bench->arena, text, PAPER_PARAGRAPH);
        struct paper_sites sites = find(bench, &doc);
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
        cmocka_unit_test(what_grated_in_copies_stays_out),
        cmocka_unit_test(the_lexicon_is_as_large_as_promised),
        cmocka_unit_test(each_english_sample_has_a_site_in_ninety_characters),
    };
    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
