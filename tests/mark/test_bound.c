/* The bound on innocents' scores against the truth: all codewords of small codes, and the deep tail
 * of large ones by importance sampling. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "leak.h"
#include "mark/internal.h"

#define SMALL 14U

/* Fills groups for `sites` sites drawn at random, as adversarial as chance has it: any class, any
 * bit, any number explained of `known`. One group a site, merging is left to the caller. */
static void random_groups(unsigned colluders, unsigned known, uint64_t *seed, double sites_each,
                          struct mark_group *groups, size_t count)
{
    const struct mark_distribution *d = mark_distribution_for(colluders);
    for (size_t g = 0; g < count; g++) {
        const unsigned numerator = d->numerator[leak_random(seed) % d->nclasses];
        const unsigned bit = (unsigned)(leak_random(seed) & 1);
        const double p = (double)numerator / MARK_BIAS_UNIT;
        groups[g] = (struct mark_group){.numerator = numerator,
                                        .bit = bit,
                                        .known = known,
                                        .explained = (unsigned)(leak_random(seed) % (known + 1)),
                                        .agree = bit ? p : 1 - p,
                                        .sites = sites_each};
    }
}

struct outcome {
    int64_t score;
    double chance;
};

static int lower_first(const void *a, const void *b)
{
    const struct outcome *x = a;
    const struct outcome *y = b;
    return x->score < y->score ? -1 : x->score > y->score;
}

/* Walks all 2^SMALL codewords and holds the bound against the exact tail at every score. */
static void check_family(const struct mark_group *groups, const uint32_t *weight)
{
    static struct outcome outcomes[1U << SMALL];
    for (uint32_t word = 0; word < 1U << SMALL; word++) {
        struct outcome outcome = {0, 1};
        for (unsigned g = 0; g < SMALL; g++) {
            const bool agrees = word >> g & 1;
            outcome.score += agrees ? weight[g] : 0;
            outcome.chance *= agrees ? groups[g].agree : 1 - groups[g].agree;
        }
        outcomes[word] = outcome;
    }
    qsort(outcomes, 1U << SMALL, sizeof *outcomes, lower_first);
    double tail = 0;
    double last_bound = -HUGE_VAL;
    for (uint32_t i = 1U << SMALL; i-- > 0;) {
        tail += outcomes[i].chance;
        if (i > 0 && outcomes[i - 1].score == outcomes[i].score)
            continue;
        if (i % 16 != 0 && i < (1U << SMALL) - 64)
            continue;
        const double bound = mark_bound_ln(groups, weight, SMALL, outcomes[i].score);
        assert_true(log(tail) <= bound + 1e-12);
        assert_true(bound >= last_bound - 1e-9); /* more agreement never weighs less */
        last_bound = bound;
    }
}

static void the_bound_holds_for_every_codeword_of_small_codes(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int round = 0; round < 8; round++) {
        struct mark_group groups[SMALL];
        struct mark_family families[MARK_FAMILIES_MAX];
        uint32_t room[MARK_FAMILIES_MAX * SMALL];
        random_groups(2 + 2 * (unsigned)(round % 4), (unsigned)round / 4 * 2, &seed, 1, groups,
                      SMALL);
        const size_t n = mark_families_make(room, groups, SMALL, families);
        for (size_t f = 0; f < n; f++)
            check_family(groups, families[f].weight);
    }
}

static void a_threshold_is_where_the_bound_meets_the_target(void **state)
{
    (void)state;
    uint64_t seed = 12;
    for (int round = 0; round < 200; round++) {
        struct mark_group groups[8];
        struct mark_family families[MARK_FAMILIES_MAX];
        uint32_t room[MARK_FAMILIES_MAX * 8];
        random_groups(2 + (unsigned)(round % 7), (unsigned)round % 3, &seed, 1 + round, groups, 8);
        const double target = -0.7 - 40 * leak_chance(&seed);
        const size_t n = mark_families_make(room, groups, 8, families);
        for (size_t f = 0; f < n; f++) {
            const uint32_t *weight = families[f].weight;
            const int64_t at = mark_bound_threshold(groups, weight, 8, target);
            if (at == INT64_MAX)
                continue;
            assert_true(mark_bound_ln(groups, weight, 8, at) <= target);
            assert_true(mark_bound_ln(groups, weight, 8, at - at / 100 - 1) > target - 1e-3);
        }
    }
}

static void no_threshold_exists_when_agreement_everywhere_is_too_likely(void **state)
{
    (void)state;
    const struct mark_group half = {.numerator = 32, .bit = 1, .agree = 0.5, .sites = 20};
    const uint32_t weight = MARK_WEIGHT_UNIT;
    assert_true(mark_bound_threshold(&half, &weight, 1, 20.1 * log(0.5)) == INT64_MAX);
    assert_true(mark_bound_threshold(&half, &weight, 1, 19.9 * log(0.5)) <=
                20 * (int64_t)MARK_WEIGHT_UNIT);
    assert_true(fabs(mark_bound_ln(&half, &weight, 1, 20 * (int64_t)MARK_WEIGHT_UNIT) -
                     20 * log(0.5)) < 1e-6);
}

/* P(S ≥ threshold) by sampling from agreement chances tilted so that the threshold is the mean, each
 * sample weighed by what the tilting did to its chance. */
static double sampled_tail(const struct mark_group *groups, const uint32_t *weight, size_t n,
                           int64_t threshold, uint64_t *seed)
{
    double low = 0, high = 1e-3;
    for (int i = 0; i < 80; i++) {
        double mean = 0;
        const double t = (low + high) / 2;
        for (size_t g = 0; g < n; g++) {
            const double tilt = groups[g].agree * exp(t * weight[g]);
            mean += groups[g].sites * weight[g] * tilt / (tilt + 1 - groups[g].agree);
        }
        *(mean < (double)threshold ? &low : &high) = t;
    }
    const int samples = 4000;
    double sum = 0;
    for (int i = 0; i < samples; i++) {
        double score = 0, ln_ratio = 0;
        for (size_t g = 0; g < n; g++) {
            const double q = groups[g].agree;
            const double norm = q * exp(high * weight[g]) + 1 - q;
            for (int k = 0; k < (int)groups[g].sites; k++) {
                const bool agrees = leak_chance(seed) < 1 - (1 - q) / norm;
                score += agrees ? weight[g] : 0;
                ln_ratio += log(norm) - (agrees ? high * weight[g] : 0);
            }
        }
        sum += score >= (double)threshold ? exp(ln_ratio) : 0;
    }
    return sum / samples;
}

static void the_deep_tail_lies_below_the_bound_but_near_it(void **state)
{
    (void)state;
    uint64_t seed = 13;
    const double target = log(1e-12);
    for (unsigned c = 2; c <= 8; c += 2) {
        struct mark_group groups[10];
        struct mark_family families[MARK_FAMILIES_MAX];
        uint32_t room[MARK_FAMILIES_MAX * 10];
        random_groups(c, c == 6 ? 2 : 0, &seed, 40, groups, 10);
        const size_t n = mark_families_make(room, groups, 10, families);
        for (size_t f = 0; f < n; f++) {
            const int64_t at = mark_bound_threshold(groups, families[f].weight, 10, target);
            if (at == INT64_MAX)
                continue;
            const double tail = sampled_tail(groups, families[f].weight, 10, at, &seed);
            assert_true(tail <= 1e-12);
            assert_true(tail >= 1e-14); /* a bound far above the truth would waste marks */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_holds_for_every_codeword_of_small_codes),
        cmocka_unit_test(a_threshold_is_where_the_bound_meets_the_target),
        cmocka_unit_test(no_threshold_exists_when_agreement_everywhere_is_too_likely),
        cmocka_unit_test(the_deep_tail_lies_below_the_bound_but_near_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
