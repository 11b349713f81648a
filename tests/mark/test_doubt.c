/* Doubt: a mark that may be misread counts for less, and a leaker is named from fewer marks for it; what
 * several sights of a mark say together. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "leak.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static void a_chance_of_misreading_has_a_class(void **state)
{
    static const struct {
        double error;
        unsigned doubt;
    } cases[] = {{0, 0},
                 {0.02, 0},
                 {0.044, 0},
                 {0.046, 1},
                 {0.08, 1},
                 {0.13, 2},
                 {0.18, 2},
                 {0.26, 3},
                 {0.349, 3},
                 {0.36, MARK_DOUBTS},
                 {0.5, MARK_DOUBTS},
                 {1, MARK_DOUBTS},
                 {(double)NAN, MARK_DOUBTS}};
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_int_equal(mark_doubt_of(cases[i].error), cases[i].doubt);
    for (unsigned doubt = 0; doubt < MARK_DOUBTS; doubt++) {
        assert_int_equal(mark_doubt_of(mark_doubt_error(doubt)), doubt);
        assert_true(doubt == 0 || mark_doubt_error(doubt) > mark_doubt_error(doubt - 1));
    }
}

static void sights_that_agree_make_surer_and_of_others_the_surer_stands(void **state)
{
    enum { X = MARK_ERASED };
    static const struct {
        int8_t read[3];
        uint8_t doubt[3];
        int8_t all;
        uint8_t all_doubt;
    } cases[] = {
        {{X, X, X}, {0, 0, 0}, X, 0},
        {{1, X, X}, {2, 0, 0}, 1, 2},
        {{1, 1, X}, {0, 0, 0}, 1, 0},
        {{1, 1, X}, {2, 2, 0}, 1, 1}, /* two at 0.18: 0.046 */
        {{0, 0, 0}, {3, 3, 3}, 0, 1}, /* three at 0.32: 0.09 */
        {{1, 0, X}, {0, 0, 0}, X, 0}, /* equally sure … */
        {{1, 0, 1}, {0, 0, 0}, X, 0}, /* … and no third says who was right */
        {{1, 0, X}, {3, 3, 0}, X, 0},
        {{1, 0, X}, {0, 3, 0}, 1, 0},           /* 0.041 */
        {{1, 0, X}, {0, 2, 0}, 1, 1},           /* 0.085 */
        {{0, 1, X}, {3, 0, 0}, 1, 0},           /* whichever comes first */
        {{0, 1, X}, {2, 1, 0}, 1, 3},           /* 0.28 */
        {{1, 1, X}, {0, MARK_DOUBTS, 0}, 1, 0}, /* too doubtful to say anything */
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct mark_sight sight = {.read = MARK_ERASED};
        for (unsigned k = 0; k < 3; k++)
            mark_sight_add(&sight, cases[i].read[k], cases[i].doubt[k]);
        if (sight.read != cases[i].all || (sight.read >= 0 && sight.doubt != cases[i].all_doubt))
            fail_msg("case %zu: %d, class %u", i, sight.read, sight.doubt);
    }
}

/* Marks of one leaker as a scan gives them: a third of them sure, the rest misread with the chance of
 * their class. */
static void scan(struct arena *arena, const struct mark_code *code, uint32_t leaker, uint64_t *seed,
                 int8_t *read, uint8_t *doubt)
{
    const uint32_t nsites = mark_code_sites(code);
    uint8_t *bits = arena_array(arena, nsites, uint8_t);
    mark_codeword(code, leaker, bits);
    for (uint32_t i = 0; i < nsites; i++) {
        doubt[i] = i % 3 ? (uint8_t)(2 + leak_random(seed) % 2) : 0;
        read[i] = (int8_t)(bits[i] ^ (leak_chance(seed) < mark_doubt_error(doubt[i])));
    }
}

static unsigned named_of(uint32_t sites, bool doubtful, unsigned trials, unsigned *wrong)
{
    unsigned named = 0;
    uint64_t seed = 71;
    for (unsigned t = 0; t < trials; t++) {
        struct arena *arena = arena_make();
        const struct digest key = leak_key(leak_random(&seed));
        struct mark_code *code = mark_code_make(arena, &key, 2, sites);
        int8_t *read = arena_array(arena, sites, int8_t);
        uint8_t *doubt = arena_array(arena, sites, uint8_t);
        const uint32_t leaker = 1 + (uint32_t)(leak_random(&seed) % 1000);
        scan(arena, code, leaker, &seed, read, doubt);
        const struct mark_evidence evidence = {code, read, doubtful ? doubt : NULL};
        struct mark_finding finding;
        assert_int_equal(mark_accuse(arena, &evidence, 1, leak_members(arena, 1, 1000), 1000, 1e-6,
                                     &finding, NULL),
                         STATUS_OK);
        for (size_t i = 0; i < finding.naccused; i++)
            *(finding.accused[i].member == leaker ? &named : wrong) += 1;
        arena_free(arena);
    }
    return named;
}

static void doubt_names_a_leaker_from_fewer_marks(void **state)
{
    unsigned wrong = 0;
    (void)state;
    const unsigned blind = named_of(110, false, 200, &wrong);
    const unsigned aware = named_of(110, true, 200, &wrong);
    const unsigned blind_more = named_of(150, false, 200, &wrong);
    print_message("110 marks: %u of 200 as if all were sure, %u by doubt; 150 marks: %u\n", blind,
                  aware, blind_more);
    assert_true(aware >= 180);
    assert_true(blind + 30 < aware);
    assert_int_equal(wrong, 0);
}

static void doubtful_marks_leave_more_to_be_wanted(void **state)
{
    const struct digest key = leak_key(5);
    struct mark_code *code = mark_code_make(*state, &key, 2, 30);
    uint64_t seed = 5;
    int8_t read[30];
    uint8_t doubt[30];
    memset(doubt, MARK_DOUBTS - 1, sizeof doubt);
    leak_make(*state, code, (const uint32_t[]){2000}, 1, MIX_INTERLEAVE, 0.3, &seed, read);
    uint32_t needed[2];
    for (unsigned k = 0; k < 2; k++) {
        const struct mark_evidence evidence = {code, read, k ? doubt : NULL};
        struct mark_finding finding;
        assert_int_equal(mark_accuse(*state, &evidence, 1, leak_members(*state, 1, 1000), 1000,
                                     1e-6, &finding, NULL),
                         STATUS_OK);
        assert_int_equal(finding.naccused, 0);
        assert_int_equal(finding.read, 30);
        needed[k] = finding.needed;
    }
    assert_true(needed[1] > needed[0] + 20);
}

static int start(void **state)
{
    *state = arena_make();
    return 0;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chance_of_misreading_has_a_class),
        cmocka_unit_test(sights_that_agree_make_surer_and_of_others_the_surer_stands),
        cmocka_unit_test(doubt_names_a_leaker_from_fewer_marks),
        cmocka_unit_test_setup_teardown(doubtful_marks_leave_more_to_be_wanted, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
