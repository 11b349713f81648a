/* Passages between members: one copy's words, what bears nobody's marks, and whose marks words bear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "library/passage.h"

/* An edition with two sites, one of words and one of a space that is there or not. */
#define TEXT "The council shall begin the works, and mend every bridge. Nothing else was said."

static struct paper_place places[2];

static struct edition_text edition(void)
{
    static struct paper_site sites[2] = {{.number = 0}, {.number = 1}};
    struct str text = STR(TEXT);
    size_t begin = str_find(text, STR("begin"), 0);
    size_t bridge = str_find(text, STR("bridge."), 0) + 7;
    places[0] =
        (struct paper_place){.at = begin, .len = 5, .site = 0, .alt = {STR("begin"), STR("start")}};
    places[1] = (struct paper_place){
        .at = bridge, .len = 0, .site = 1, .alt = {STR(""), STR("\xE2\x80\x8B")}};
    return (struct edition_text){
        .doc = {.text = text},
        .sites = {.sites = sites, .nsites = 2, .places = places, .nplaces = 2}};
}

static const uint8_t BITS[4][2] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};

static void a_passage_reads_as_the_copy_does_and_the_rest_as_in_the_master(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct edition_text t = edition();
    struct str all = t.doc.text;
    assert_true(str_equal(library_own_words(arena, &t, BITS[0], 0, all.len), all));
    struct str start = library_own_words(arena, &t, BITS[1], 0, all.len);
    assert_true(str_find(start, STR("shall start the works"), 0) != SIZE_MAX);
    assert_true(str_find(library_own_words(arena, &t, BITS[2], 0, all.len),
                         STR("bridge.\xE2\x80\x8B Nothing"), 0) != SIZE_MAX);
    size_t nothing = str_find(all, STR("Nothing"), 0);
    assert_true(str_equal(library_own_words(arena, &t, BITS[3], nothing, 7), STR("Nothing")));
    arena_free(arena);
}

static void a_heading_is_the_longest_clause_that_reads_the_same_in_every_copy(void **state)
{
    (void)state;
    struct edition_text t = edition();
    size_t first = str_find(t.doc.text, STR(" Nothing"), 0);
    assert_true(str_equal(library_plain_words(&t, 0, first, 60), STR("and mend every bridge")));
    assert_true(str_equal(library_plain_words(&t, first, t.doc.text.len - first, 60),
                          STR("Nothing else was said")));
    assert_int_equal(library_plain_words(&t, 0, first, 10).len, 0); /* none is so short */
    assert_int_equal(library_plain_words(&t, 0, 33, 60).len, 0);    /* the only clause has a site */
}

static void no_heading_ever_differs_between_copies(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct edition_text t = edition();
    for (size_t at = 0; at < t.doc.text.len; at++) {
        for (size_t len = 1; at + len <= t.doc.text.len; len++) {
            struct str words = library_plain_words(&t, at, len, 60);
            for (int copy = 0; words.len && copy < 4; copy++)
                assert_true(
                    str_equal(library_own_words(arena, &t, BITS[copy],
                                                (size_t)(words.at - t.doc.text.at), words.len),
                              words));
        }
    }
    arena_free(arena);
}

static void words_bear_marks_where_they_hold_a_site_as_the_copy_has_it(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct edition_text t = edition();
    size_t len = t.doc.text.len;
    const struct {
        const char *words;
        int copy;
        bool bears;
    } cases[] = {
        {"They shall start the works at once", 1, true},
        {"They shall start the works at once", 0, false}, /* another's */
        {"They shall begin the works at once", 0, true},
        {"We start now", 1, false}, /* the word alone, in other company */
        {"Nothing else was said", 1, false},
        {"", 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (library_bears_marks(arena, &t, BITS[cases[i].copy], 0, len, str_of(cases[i].words)) !=
            cases[i].bears)
            fail_msg("case %zu: %s", i, cases[i].words);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_passage_reads_as_the_copy_does_and_the_rest_as_in_the_master),
        cmocka_unit_test(a_heading_is_the_longest_clause_that_reads_the_same_in_every_copy),
        cmocka_unit_test(no_heading_ever_differs_between_copies),
        cmocka_unit_test(words_bear_marks_where_they_hold_a_site_as_the_copy_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
