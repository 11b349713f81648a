/* Accusation: leakers are named, innocents are not, whatever the exhibit; and the fast walk names
 * just those whom scoring everybody in full names. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "leak.h"
#include "mark/internal.h"

static const uint32_t leakers[] = {41, 977, 3, 512, 700};

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

static bool is_leaker(uint32_t member, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (leakers[i] == member)
            return true;
    return false;
}

static struct mark_finding accuse_doubtful(struct arena *arena, const struct mark_code *code,
                                           const int8_t *read, const uint8_t *doubt,
                                           const uint32_t *members, size_t n, double false_alarm)
{
    struct mark_finding finding;
    const struct mark_evidence evidence = {code, read, doubt};
    assert_int_equal(mark_accuse(arena, &evidence, 1, members, n, false_alarm, &finding, NULL),
                     STATUS_OK);
    return finding;
}

static struct mark_finding accuse(struct arena *arena, const struct mark_code *code,
                                  const int8_t *read, const uint32_t *members, size_t n,
                                  double false_alarm)
{
    return accuse_doubtful(arena, code, read, NULL, members, n, false_alarm);
}

/* A class of doubt for every mark, whatever is read there. */
static uint8_t *doubts(struct arena *arena, uint32_t nsites, uint64_t *seed)
{
    uint8_t *doubt = arena_array(arena, nsites, uint8_t);
    for (uint32_t i = 0; i < nsites; i++)
        doubt[i] = (uint8_t)(leak_random(seed) % MARK_DOUBTS);
    return doubt;
}

/* ---- Leakers are named ---- */

struct tally {
    unsigned found;  /* leaks with a leaker named */
    unsigned shares; /* leakers named, all leaks together */
    unsigned wrong;
};

static struct tally leak_many(unsigned colluders, unsigned n, enum mix mix, uint32_t sites,
                              unsigned trials)
{
    struct tally tally = {0, 0, 0};
    uint64_t seed = 1000 * colluders + 100 * n + mix;
    for (unsigned t = 0; t < trials; t++) {
        struct arena *arena = arena_make();
        const struct digest key = leak_key(leak_random(&seed));
        struct mark_code *code = mark_code_make(arena, &key, colluders, sites);
        int8_t *read = arena_take(arena, sites);
        leak_make(arena, code, leakers, n, mix, 0.02, &seed, read);
        const struct mark_finding finding =
            accuse(arena, code, read, leak_members(arena, 1, 1000), 1000, 1e-6);
        unsigned right = 0;
        for (size_t i = 0; i < finding.naccused; i++)
            right += is_leaker(finding.accused[i].member, n);
        tally.found += right > 0;
        tally.shares += right;
        tally.wrong += (unsigned)finding.naccused - right;
        arena_free(arena);
    }
    return tally;
}

static void leakers_are_named_with_the_marks_planned_however_they_mix(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 5; n++) {
        const unsigned plan = n < 2 ? 2 : n;
        const uint32_t sites = n == 1 ? mark_marks_for_single(plan, 1000, 1e-6, 0.02)
                                      : mark_marks_for_colluders(plan, n, 1000, 1e-6, 0.02);
        assert_true(sites > 0);
        for (unsigned mix = 0; mix < MIXES; mix++) {
            const struct tally tally = leak_many(plan, n, (enum mix)mix, sites, 40);
            assert_int_equal(tally.wrong, 0);
            assert_true(tally.found >= 34); /* 95 in 100 are planned for: 38 of 40 */
        }
    }
}

static void with_half_as_many_marks_again_both_of_two_are_named(void **state)
{
    (void)state;
    const uint32_t sites = mark_marks_for_colluders(2, 2, 1000, 1e-6, 0.02) * 3 / 2;
    for (unsigned mix = 0; mix < MIXES; mix++) {
        const struct tally tally = leak_many(2, 2, (enum mix)mix, sites, 40);
        assert_int_equal(tally.wrong, 0);
        assert_true(tally.shares >= 76);
    }
}

/* A leaker who supplied a seventh of the text is out of reach for a single score, but not once the
 * other leaker's share is known. */
static void what_the_first_explains_uncovers_the_second(void **state)
{
    unsigned second = 0;
    uint64_t seed = 21;
    for (int t = 0; t < 20; t++) {
        const struct digest key = leak_key(leak_random(&seed));
        struct mark_code *code = mark_code_make(*state, &key, 2, 500);
        int8_t read[500];
        uint8_t bits[500];
        leak_make(*state, code, leakers, 1, MIX_INTERLEAVE, 0, &seed, read);
        mark_codeword(code, leakers[1], bits);
        for (uint32_t i = 0; i < 500; i++)
            if (leak_chance(&seed) < 0.25)
                read[i] = (int8_t)bits[i];
        const struct mark_finding finding =
            accuse(*state, code, read, leak_members(*state, 1, 1000), 1000, 1e-6);
        assert_true(finding.naccused >= 1);
        assert_int_equal(finding.accused[0].member, leakers[0]);
        if (finding.naccused > 1) {
            assert_int_equal(finding.accused[1].member, leakers[1]);
            second++;
        }
    }
    assert_true(second >= 18);
}

/* Whoever has the tallies comes to the same bound, in every stage; one agreement more or less is another. */
static void a_bound_is_computed_anew_from_its_tallies(void **state)
{
    uint64_t seed = 77;
    unsigned later = 0;
    for (unsigned round = 0; round < 8; round++) {
        const struct digest key = leak_key(leak_random(&seed));
        struct mark_code *code = mark_code_make(*state, &key, 2, 500);
        int8_t read[500];
        uint8_t bits[500];
        leak_make(*state, code, leakers, 1, MIX_INTERLEAVE, 0.01, &seed, read);
        mark_codeword(code, leakers[1], bits);
        for (uint32_t i = 0; i < 500; i++)
            if (leak_chance(&seed) < 0.18 + 0.02 * round)
                read[i] = (int8_t)bits[i];
        const uint8_t *doubt = round % 2 ? doubts(*state, 500, &seed) : NULL;
        const struct mark_finding finding =
            accuse_doubtful(*state, code, read, doubt, leak_members(*state, 1, 1000), 1000, 1e-6);
        assert_true(finding.naccused > 0);
        for (size_t i = 0; i < finding.naccused; i++) {
            const struct mark_accused *a = &finding.accused[i];
            struct mark_tally *t = arena_array(*state, a->ntallies, struct mark_tally);
            double score = 0;
            double log10_p = 0;
            memcpy(t, a->tallies, a->ntallies * sizeof *t);
            later += a->stage > 1;
            assert_true(mark_bound_again(*state, t, a->ntallies, a->stage, &score, &log10_p));
            assert_true(fabs(score - a->score) < 1e-9 && fabs(log10_p - a->log10_p) < 1e-9);
            t[0].agree += t[0].agree ? -1U : 1U;
            assert_true(mark_bound_again(*state, t, a->ntallies, a->stage, &score, &log10_p));
            assert_true(fabs(log10_p - a->log10_p) > 1e-6);
        }
    }
    assert_true(later > 0);
}

static void tallies_that_no_accusation_makes_are_refused(void **state)
{
    static const struct {
        struct mark_tally tallies[2];
        size_t count;
        unsigned stage;
    } cases[] = {
        {{{0}}, 0, 1},
        {{{16, 1, 0, 0, 10, 9, 0}}, 1, 0},
        {{{16, 1, 0, 0, 10, 9, 0}}, 1, MARK_STAGES_MAX + 1},
        {{{0, 1, 0, 0, 10, 9, 0}}, 1, 1},
        {{{64, 1, 0, 0, 10, 9, 0}}, 1, 1},
        {{{16, 2, 0, 0, 10, 9, 0}}, 1, 1},
        {{{16, 1, 1, 0, 10, 9, 0}}, 1, 1},
        {{{16, 1, 0, 1, 10, 9, 0}}, 1, 1},
        {{{16, 1, 0, 0, 10, 9, 0}}, 1, 2},
        {{{16, 1, 0, 8, 10, 9, 0}}, 1, 2},
        {{{16, 1, 0, 0, 10, 11, 0}}, 1, 1},
        {{{16, 1, 0, 0, 0, 0, 0}}, 1, 1},
        {{{16, 1, 0, 0, 10, 9, MARK_DOUBTS}}, 1, 1},
        {{{16, 1, 0, 0, 10, 9, 0}, {16, 1, 0, 0, 5, 4, 0}}, 2, 1},
        {{{16, 1, 0, 1, 10, 9, 0}, {16, 0, 0, 2, 5, 4, 0}}, 2, 2},
    };
    double score;
    double log10_p;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_false(mark_bound_again(*state, cases[i].tallies, cases[i].count, cases[i].stage,
                                      &score, &log10_p));
}

/* ---- Innocents are not ---- */

enum forgery {
    FORGE_ZEROS,
    FORGE_ONES,
    FORGE_RANDOM,
    FORGE_LIKELIEST,
    FORGE_UNLIKELIEST,
    FORGERIES
};

/* Exhibits by someone who knows all sites and alternatives, in the last two even every bias; only
 * the key, and so codewords, are beyond him. */
static void forge(enum forgery forgery, const struct mark_code *code, uint64_t *seed, int8_t *read)
{
    for (uint32_t i = 0; i < mark_code_sites(code); i++) {
        const bool likely_one = mark_code_bias(code, i) > 0.5;
        const int bits[FORGERIES] = {0, 1, (int)(leak_random(seed) & 1), likely_one, !likely_one};
        read[i] = (int8_t)bits[forgery];
    }
}

static void forged_exhibits_name_nobody(void **state)
{
    uint64_t seed = 31;
    for (unsigned c = 2; c <= 8; c += 2) {
        for (unsigned forgery = 0; forgery < FORGERIES; forgery++) {
            const struct digest key = leak_key(leak_random(&seed));
            struct mark_code *code = mark_code_make(*state, &key, c, 700);
            int8_t read[700];
            forge((enum forgery)forgery, code, &seed, read);
            const struct mark_finding finding =
                accuse(*state, code, read, leak_members(*state, 0, 20000), 20000, 1e-6);
            assert_int_equal(finding.naccused, 0);
            assert_true(finding.needed >= 1);
        }
    }
}

/* With so large an allowance innocents are named now and then: no more often than allowed. Every
 * other trial has a leaker in it, so that later stages run as well. */
static void innocents_are_named_no_more_often_than_allowed(void **state)
{
    (void)state;
    enum { TRIALS = 1500, MEMBERS = 130 };
    const double allowed = 0.1;
    uint64_t seed = 32;
    unsigned wrong = 0, any = 0;
    for (unsigned t = 0; t < TRIALS; t++) {
        struct arena *arena = arena_make();
        const struct digest key = leak_key(leak_random(&seed));
        struct mark_code *code = mark_code_make(arena, &key, 2 + t % 4 * 2, 120);
        int8_t read[120];
        if (t % 2)
            leak_make(arena, code, leakers, 1 + t % 3, (enum mix)(t % MIXES), 0.1, &seed, read);
        else
            forge((enum forgery)(t / 2 % FORGERIES), code, &seed, read);
        const uint8_t *doubt = t % 4 > 1 ? doubts(arena, 120, &seed) : NULL;
        const struct mark_finding finding = accuse_doubtful(
            arena, code, read, doubt, leak_members(arena, 1, MEMBERS), MEMBERS, allowed);
        bool innocent = false;
        for (size_t i = 0; i < finding.naccused; i++)
            innocent |= !(t % 2) || !is_leaker(finding.accused[i].member, 1 + t % 3);
        wrong += innocent;
        any += finding.naccused > 0;
        arena_free(arena);
    }
    assert_true(wrong <= allowed * TRIALS);
    assert_true(wrong > 0); /* else this test would see nothing */
    assert_true(any > wrong);
}

/* ---- Fast and full walks ---- */

/* Who ought to be named, from codewords one by one and without any screening. */
static size_t full_walk(struct arena *arena, const struct mark_code *code, const int8_t *read,
                        const uint8_t *doubt, const uint32_t *members, size_t n, double false_alarm,
                        uint32_t *named)
{
    const uint32_t nsites = mark_code_sites(code);
    uint8_t *words = arena_array(arena, n * nsites, uint8_t);
    size_t count = 0;
    bool *done = arena_array(arena, n, bool);
    double *strength = arena_array(arena, n, double);
    for (size_t i = 0; i < n; i++)
        mark_codeword(code, members[i], words + i * nsites);
    for (unsigned number = 1; number <= MARK_STAGES_MAX; number++) {
        const size_t before = count;
        const unsigned known =
            before < MARK_EXPLAINERS_MAX ? (unsigned)before : MARK_EXPLAINERS_MAX;
        struct mark_group *groups = arena_array(arena, nsites, struct mark_group);
        uint32_t *group = arena_array(arena, nsites, uint32_t);
        size_t ngroups = 0;
        for (uint32_t s = 0; s < nsites; s++) {
            struct mark_group now = {
                .numerator = (unsigned)(mark_code_bias(code, s) * MARK_BIAS_UNIT), .known = known};
            if (read[s] < 0)
                continue;
            now.bit = (unsigned)read[s];
            now.doubt = doubt ? doubt[s] : 0;
            now.agree = read[s] ? mark_code_bias(code, s) : 1 - mark_code_bias(code, s);
            for (unsigned k = 0; k < known; k++)
                for (size_t i = 0; i < n; i++)
                    if (members[i] == named[k])
                        now.explained += words[i * nsites + s] == now.bit;
            size_t g = 0;
            while (g < ngroups &&
                   (groups[g].numerator != now.numerator || groups[g].bit != now.bit ||
                    groups[g].doubt != now.doubt || groups[g].explained != now.explained))
                g++;
            if (g == ngroups)
                groups[ngroups++] = now;
            groups[g].sites += 1;
            group[s] = (uint32_t)g;
        }
        struct mark_family families[MARK_FAMILIES_MAX];
        uint32_t *room = arena_array(arena, MARK_FAMILIES_MAX * (ngroups + 1), uint32_t);
        const size_t nfamilies = mark_families_make(room, groups, ngroups, families);
        for (size_t i = 0; i < n; i++) {
            double best = 0;
            for (size_t f = 0; f < nfamilies && !done[i]; f++) {
                const uint32_t *weight = families[f].weight;
                int64_t score = 0;
                for (uint32_t s = 0; s < nsites; s++)
                    if (read[s] >= 0 && words[i * nsites + s] == read[s])
                        score += weight[group[s]];
                const double bound = mark_bound_ln(groups, weight, ngroups, score) +
                                     number * log(2) - log(families[f].prior);
                best = fmin(best, bound);
            }
            if (best > log(false_alarm / (double)n))
                continue;
            done[i] = true;
            strength[i] = best;
            named[count++] = members[i];
        }
        if (count == before)
            break;
        /* Strongest first, as the known ones are taken in that order. */
        size_t at = 0;
        bool *taken = arena_array(arena, n, bool);
        for (at = 0; at < count; at++) {
            size_t first = n;
            for (size_t i = 0; i < n; i++)
                if (done[i] && !taken[i] && (first == n || strength[i] < strength[first]))
                    first = i;
            taken[first] = true;
            named[at] = members[first];
        }
    }
    return count;
}

static void screening_names_just_those_whom_full_scoring_names(void **state)
{
    (void)state;
    uint64_t seed = 41;
    size_t all = 0;
    for (unsigned t = 0; t < 240; t++) {
        struct arena *arena = arena_make();
        const uint32_t sites = 20 + (uint32_t)(leak_random(&seed) % 400);
        const struct digest key = leak_key(leak_random(&seed));
        struct mark_code *code = mark_code_make(arena, &key, 2 + t % 7, sites);
        const size_t n = 1 + leak_random(&seed) % 600;
        uint32_t *members = arena_array(arena, n, uint32_t);
        uint32_t *named = arena_array(arena, n, uint32_t);
        int8_t *read = arena_take(arena, sites);
        for (size_t i = 0; i < n; i++)
            members[i] = t % 3 ? (uint32_t)i * 7919 * (t % 5 + 1) : 4294967295U - (uint32_t)i;
        const unsigned guilty = n > 5 ? 1 + t % 5 : 1;
        if (t % 8 == 7)
            forge((enum forgery)(t / 8 % FORGERIES), code, &seed, read);
        else
            leak_make(arena, code, members + n / 3, guilty, (enum mix)(t % MIXES), 0.05, &seed,
                      read);
        for (uint32_t s = 0; s < sites; s++)
            if (leak_chance(&seed) < 0.2)
                read[s] = MARK_ERASED;
        const double false_alarm = t % 2 ? 0.3 : 1e-3;
        const uint8_t *doubt = t % 3 == 1 ? doubts(arena, sites, &seed) : NULL;
        const size_t want = full_walk(arena, code, read, doubt, members, n, false_alarm, named);
        const struct mark_finding finding =
            accuse_doubtful(arena, code, read, doubt, members, n, false_alarm);
        assert_int_equal(finding.naccused, want);
        for (size_t i = 0; i < want; i++)
            assert_int_equal(finding.accused[i].member, named[i]);
        all += want;
        arena_free(arena);
    }
    assert_true(all > 100);
}

static void a_shortlist_keeps_the_leakers_of_a_large_membership(void **state)
{
    enum { MEMBERS = MARK_EVERYONE_LISTED + 20000, SITES = 500 };
    const struct digest key = leak_key(51);
    uint64_t seed = 51;
    struct mark_code *code = mark_code_make(*state, &key, 2, SITES);
    int8_t read[SITES];
    leak_make(*state, code, leakers, 2, MIX_INTERLEAVE, 0.02, &seed, read);
    const struct mark_finding finding =
        accuse(*state, code, read, leak_members(*state, 0, MEMBERS), MEMBERS, 1e-6);
    assert_int_equal(finding.naccused, 2);
    assert_true(is_leaker(finding.accused[0].member, 2));
    assert_true(is_leaker(finding.accused[1].member, 2));
}

/* ---- What a finding says ---- */

static void evidence_from_several_papers_adds_up(void **state)
{
    enum { PAPERS = 3, SITES = 24 };
    uint64_t seed = 61;
    struct mark_evidence evidence[PAPERS + 1];
    const uint32_t *members = leak_members(*state, 1, 1000);
    struct mark_finding finding;
    for (unsigned p = 0; p < PAPERS; p++) {
        const struct digest key = leak_key(600 + p);
        struct mark_code *code = mark_code_make(*state, &key, 2 + 2 * p, SITES);
        int8_t *read = arena_take(*state, SITES);
        leak_make(*state, code, leakers, 1, MIX_INTERLEAVE, 0, &seed, read);
        evidence[p] = (struct mark_evidence){code, read, NULL};
        assert_int_equal(accuse(*state, code, read, members, 1000, 1e-6).naccused, 0);
    }
    assert_int_equal(mark_accuse(*state, evidence, PAPERS, members, 1000, 1e-6, &finding, NULL),
                     STATUS_OK);
    assert_int_equal(finding.naccused, 1);
    assert_int_equal(finding.accused[0].member, leakers[0]);
    assert_int_equal(finding.accused[0].agree, PAPERS * SITES);
    assert_int_equal(finding.read, PAPERS * SITES);
}

static void the_same_paper_twice_counts_once(void **state)
{
    enum { SITES = 30 };
    uint64_t seed = 62;
    const struct digest key = leak_key(62);
    struct mark_code *code = mark_code_make(*state, &key, 2, SITES);
    struct mark_code *grown = mark_code_make(*state, &key, 2, SITES + 10);
    int8_t read[SITES], again[SITES + 10];
    leak_make(*state, code, leakers, 1, MIX_INTERLEAVE, 0, &seed, read);
    memset(again, MARK_ERASED, sizeof again);
    memcpy(again, read, sizeof read);
    again[5] = !read[5]; /* read both ways: nothing can be said of it */
    const struct mark_evidence evidence[] = {
        {code, read, NULL}, {grown, again, NULL}, {code, read, NULL}};
    struct mark_finding finding;
    assert_int_equal(
        mark_accuse(*state, evidence, 3, leak_members(*state, 1, 1000), 1000, 1e-6, &finding, NULL),
        STATUS_OK);
    assert_int_equal(finding.read, SITES - 1);
    assert_int_equal(finding.naccused, 0);
}

static void more_agreement_is_stronger_and_more_members_weaker(void **state)
{
    enum { SITES = 150 };
    const struct digest key = leak_key(71);
    struct mark_code *code = mark_code_make(*state, &key, 4, SITES);
    uint8_t bits[SITES];
    int8_t read[SITES];
    mark_codeword(code, leakers[2], bits);
    for (uint32_t i = 0; i < SITES; i++)
        read[i] = (int8_t)bits[i];
    double last = -HUGE_VAL;
    for (size_t n = 10; n <= 10000; n *= 10) {
        const struct mark_finding finding =
            accuse(*state, code, read, leak_members(*state, 0, n), n, 1e-6);
        assert_int_equal(finding.naccused, 1);
        assert_true(finding.accused[0].log10_p_all > last);
        assert_true(finding.accused[0].log10_p_all <= -6);
        assert_true(finding.accused[0].log10_p <= finding.threshold_log10);
        last = finding.accused[0].log10_p_all;
    }
    last = 0;
    for (uint32_t more = SITES / 2; more <= SITES; more += 15) {
        for (uint32_t i = 0; i < SITES; i++)
            read[i] = i < more ? (int8_t)bits[i] : MARK_ERASED;
        const struct mark_finding finding =
            accuse(*state, code, read, leak_members(*state, 0, 10), 10, 1e-6);
        assert_int_equal(finding.naccused, 1);
        assert_true(finding.accused[0].log10_p < last);
        last = finding.accused[0].log10_p;
    }
}

/* The number may say how much was read, and nothing about who is near. */
static void marks_needed_are_the_same_whoever_nearly_fits(void **state)
{
    enum { SITES = 20 };
    const struct digest key = leak_key(72);
    struct mark_code *code = mark_code_make(*state, &key, 2, SITES);
    uint8_t bits[SITES];
    int8_t near[SITES], far[SITES];
    mark_codeword(code, leakers[0], bits);
    for (uint32_t i = 0; i < SITES; i++) {
        near[i] = (int8_t)bits[i];
        far[i] = (int8_t)(i % 2);
    }
    const uint32_t *members = leak_members(*state, 0, 1000);
    const struct mark_finding a = accuse(*state, code, near, members, 1000, 1e-6);
    const struct mark_finding b = accuse(*state, code, far, members, 1000, 1e-6);
    assert_int_equal(a.naccused + b.naccused, 0);
    assert_int_equal(a.needed, b.needed);
    assert_true(a.needed >= 5 && a.needed <= 25); /* 2^-31 < 1e-6 / 1000 / 2 */
}

static void nothing_read_and_nobody_tested_name_nobody(void **state)
{
    const struct digest key = leak_key(73);
    struct mark_code *code = mark_code_make(*state, &key, 8, 50);
    struct mark_code *empty = mark_code_make(*state, &key, 8, 0);
    int8_t read[50];
    memset(read, MARK_ERASED, sizeof read);
    const uint32_t *members = leak_members(*state, 0, 100);
    assert_int_equal(accuse(*state, code, read, members, 100, 1e-6).naccused, 0);
    assert_true(accuse(*state, code, read, members, 100, 1e-6).needed > 20);
    assert_int_equal(accuse(*state, empty, read, members, 100, 1e-6).naccused, 0);
    memset(read, 1, sizeof read);
    assert_int_equal(accuse(*state, code, read, members, 0, 1e-6).naccused, 0);
    struct mark_finding finding;
    assert_int_equal(mark_accuse(*state, NULL, 0, members, 100, 1e-6, &finding, NULL), STATUS_OK);
    assert_int_equal(finding.naccused, 0);
}

static void a_senseless_false_alarm_probability_is_refused(void **state)
{
    const double senseless[] = {0, -1, 0.5, 1, nan(""), HUGE_VAL};
    const struct digest key = leak_key(74);
    const int8_t read[1] = {1};
    const struct mark_evidence evidence = {mark_code_make(*state, &key, 2, 1), read, NULL};
    const uint32_t member = 1;
    for (size_t i = 0; i < sizeof senseless / sizeof *senseless; i++) {
        struct mark_finding finding;
        struct error err = {0};
        assert_int_equal(
            mark_accuse(*state, &evidence, 1, &member, 1, senseless[i], &finding, &err),
            STATUS_INPUT);
        assert_int_equal(err.status, STATUS_INPUT);
    }
}

static void plans_ask_for_more_where_more_is_wanted(void **state)
{
    (void)state;
    assert_true(mark_marks_for_single(2, 1e6, 1e-6, 0) > mark_marks_for_single(2, 1e3, 1e-6, 0));
    assert_true(mark_marks_for_single(2, 1e3, 1e-9, 0) > mark_marks_for_single(2, 1e3, 1e-6, 0));
    assert_true(mark_marks_for_single(2, 1e3, 1e-6, .1) > mark_marks_for_single(2, 1e3, 1e-6, 0));
    uint32_t last = 0;
    for (unsigned c = 2; c <= 8; c++) {
        const uint32_t marks = mark_marks_for_colluders(8, c, 1e3, 1e-6, 0.02);
        assert_true(marks > last);
        last = marks;
    }
    /* Anchors: symmetric score, no noise, 1,000 members: 215, 730 and about 2,300. */
    assert_true(mark_marks_for_colluders(2, 2, 1e3, 1e-6, 0) <= 215);
    assert_true(mark_marks_for_colluders(3, 3, 1e3, 1e-6, 0) <= 730);
    assert_true(mark_marks_for_colluders(5, 5, 1e3, 1e-6, 0) <= 2300);
    assert_int_equal(mark_marks_for_single(2, 1e3, 1e-6, 0.5), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(leakers_are_named_with_the_marks_planned_however_they_mix),
        TEST(with_half_as_many_marks_again_both_of_two_are_named),
        TEST(what_the_first_explains_uncovers_the_second),
        TEST(a_bound_is_computed_anew_from_its_tallies),
        TEST(tallies_that_no_accusation_makes_are_refused),
        TEST(forged_exhibits_name_nobody),
        TEST(innocents_are_named_no_more_often_than_allowed),
        TEST(screening_names_just_those_whom_full_scoring_names),
        TEST(a_shortlist_keeps_the_leakers_of_a_large_membership),
        TEST(evidence_from_several_papers_adds_up),
        TEST(the_same_paper_twice_counts_once),
        TEST(more_agreement_is_stronger_and_more_members_weaker),
        TEST(marks_needed_are_the_same_whoever_nearly_fits),
        TEST(nothing_read_and_nobody_tested_name_nobody),
        TEST(a_senseless_false_alarm_probability_is_refused),
        TEST(plans_ask_for_more_where_more_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
