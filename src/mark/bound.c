/* How seldom an innocent scores so high.
 *
 * An innocent's bits are independent of everything that was read and of one another, so the score
 * S = Σ weight[g] × (agreements in group g) is a sum of independent two-valued variables, and for
 * every t > 0 (Markov's inequality applied to e^{tS}; Chernoff 1952)
 *
 *      ln P(S ≥ s) ≤ K(t) - t s,    K(t) = Σ_g n_g ln(1 - q_g + q_g e^{t w_g}),
 *
 * with q_g the chance to agree and n_g the sites of group g. Each t gives a true bound; the search
 * below only looks for a good one. The best t solves K'(t) = s, and K' rises with t, so that
 * bisection finds it. What floating point may lose is added back as `slack`, orders of magnitude
 * more than the sum of the rounding errors.
 *
 * Unlike a fitted normal distribution this is never too small, however skewed the weights are. */
#include "internal.h"

#include <math.h>

#define STEPS 64

struct cumulant {
    double value; /* K(t) */
    double slope; /* K'(t) */
};

static struct cumulant cumulant_at(const struct mark_group *groups, const uint32_t *weight,
                                   size_t ngroups, double t)
{
    struct cumulant k = {0, 0};
    for (size_t g = 0; g < ngroups; g++) {
        /* ln(1 - q + q e^x) = x + ln(q + (1 - q) e^-x), which never overflows as x ≥ 0. */
        const double x = t * weight[g];
        const double inner = groups[g].agree + (1 - groups[g].agree) * exp(-x);
        k.value += groups[g].sites * (x + log(inner));
        k.slope += groups[g].sites * weight[g] * groups[g].agree / inner;
    }
    return k;
}

/* Beyond this t every weight above 0 counts as good as infinitely much. */
static double largest_t(const uint32_t *weight, size_t ngroups)
{
    uint32_t least = MARK_WEIGHT_UNIT;
    for (size_t g = 0; g < ngroups; g++)
        if (weight[g] > 0 && weight[g] < least)
            least = weight[g];
    return 64.0 / least;
}

static double slack(double value, double shift)
{
    return 1e-11 * (1 + value + shift);
}

double mark_bound_ln(const struct mark_group *groups, const uint32_t *weight, size_t ngroups,
                     int64_t score)
{
    double low = 0;
    double high = largest_t(weight, ngroups);
    for (int i = 0; i < STEPS; i++) {
        const double t = (low + high) / 2;
        if (cumulant_at(groups, weight, ngroups, t).slope < (double)score)
            low = t;
        else
            high = t;
    }
    const double k = cumulant_at(groups, weight, ngroups, high).value;
    const double shift = high * (double)score;
    return fmin(0, k - shift + slack(k, shift));
}

double mark_bound_strongest(const struct mark_group *groups, size_t ngroups,
                            const struct mark_family *families, size_t nfamilies, unsigned stage,
                            const uint32_t *agree, double *score)
{
    double best = 0;
    *score = 0;
    for (size_t f = 0; f < nfamilies; f++) {
        const struct mark_family *family = &families[f];
        int64_t sum = 0;
        for (size_t g = 0; g < ngroups; g++)
            sum += (int64_t)((uint64_t)agree[g] * family->weight[g]);
        const double bound = mark_bound_ln(groups, family->weight, ngroups, sum);
        const double all = bound - log(family->prior) + stage * log(2);
        if (all < best) {
            best = all;
            *score = -bound;
        }
    }
    return best;
}

int64_t mark_bound_threshold(const struct mark_group *groups, const uint32_t *weight,
                             size_t ngroups, double ln_target)
{
    /* The bound at the score K'(t) is K(t) - t K'(t), and falls as t rises: find where it meets the
     * target, asking for a little more so that mark_bound_ln agrees. */
    const double ask = ln_target * (1 + 1e-9) - 1e-6;
    double low = 0;
    double high = largest_t(weight, ngroups);
    const struct cumulant end = cumulant_at(groups, weight, ngroups, high);
    if (end.value - high * end.slope > ask)
        return INT64_MAX;
    for (int i = 0; i < STEPS; i++) {
        const double t = (low + high) / 2;
        const struct cumulant k = cumulant_at(groups, weight, ngroups, t);
        if (k.value - t * k.slope > ask)
            low = t;
        else
            high = t;
    }
    const double k = cumulant_at(groups, weight, ngroups, high).value;
    return (int64_t)ceil((k - ask) / high);
}

double mark_bound_multiple(const struct mark_group *groups, const uint32_t *weight, size_t ngroups,
                           const struct mark_spread *leaker, double ln_target)
{
    /* With m times the sites the bound at the score m K'(t) is m (K(t) - t K'(t)): each t has its m, the smaller the
     * greater t is, and the leaker, whose deviation grows with the root of m alone, reaches that score up to some t. */
    double low = 0;
    double high = largest_t(weight, ngroups);
    double multiple = HUGE_VAL;
    for (int i = 0; i < STEPS; i++) {
        const double t = (low + high) / 2;
        const struct cumulant k = cumulant_at(groups, weight, ngroups, t);
        const double m = ln_target / (k.value - t * k.slope);
        if (m > 0 && leaker->mean - leaker->deviations * sqrt(leaker->variance / m) >= k.slope) {
            low = t;
            multiple = m;
        } else {
            high = t;
        }
    }
    return multiple;
}
