/* How many marks one needs: planning figures, for advice and not for proof.
 *
 * A number of marks is enough when a leaker's score, taken as normal with its computed mean and
 * variance, reaches the threshold of accuse.c with the wanted chance. The normal distribution is
 * good here, in the middle of the leakers' scores; innocents' tails are never judged by it. */
#include "internal.h"

#include <math.h>

#define MARKS_MAX   1000000U
#define PLAN_GROUPS (2 * MARK_CLASSES_MAX)

struct plan {
    const struct mark_distribution *distribution;
    enum mark_strategy strategy;
    unsigned coalition;
    double error_rate;
    unsigned doubt; /* its class, which the marks are taken to be of */
    double nmembers;
    double false_alarm;
    double deviations; /* how far below its mean a score must still do */
};

/* The groups that a mark of such a leak makes on average, each of a part of a site; held[g] is the chance that one of
 * the leakers holds the bit published there. */
static size_t expected_groups(const struct plan *plan, struct mark_group groups[PLAN_GROUPS],
                              double held[PLAN_GROUPS])
{
    size_t count = 0;
    for (unsigned k = 0; k < plan->distribution->nclasses; k++) {
        for (unsigned bit = 0; bit < 2; bit++) {
            struct mark_group group = {
                .numerator = plan->distribution->numerator[k], .bit = bit, .doubt = plan->doubt};
            const double p = (double)group.numerator / MARK_BIAS_UNIT;
            group.agree = bit ? p : 1 - p;
            const double same = group.agree * mark_strategy_bit(plan->strategy, &group, bit,
                                                                plan->coalition, plan->error_rate);
            const double other =
                (1 - group.agree) *
                mark_strategy_bit(plan->strategy, &group, !bit, plan->coalition, plan->error_rate);
            group.sites = (same + other) * plan->distribution->weight[k] / 65536;
            held[count] = same + other > 0 ? same / (same + other) : 0;
            groups[count++] = group;
        }
    }
    return count;
}

/* Marks with which this family's score, normal with a mean and a variance that grow with them alike, is enough. */
static double least_for(const struct plan *plan, const struct mark_group *groups,
                        const double *held, size_t ngroups, const struct mark_family *family)
{
    struct mark_spread leaker = {.deviations = plan->deviations};
    for (size_t g = 0; g < ngroups; g++) {
        const double weight = family->weight[g];
        leaker.mean += groups[g].sites * held[g] * weight;
        leaker.variance += groups[g].sites * held[g] * (1 - held[g]) * weight * weight;
    }
    return mark_bound_multiple(groups, family->weight, ngroups, &leaker,
                               mark_budget_ln(plan->false_alarm, plan->nmembers, 1, family->prior));
}

static uint32_t marks_for(const struct plan *plan)
{
    struct mark_group groups[PLAN_GROUPS];
    double held[PLAN_GROUPS];
    struct mark_family families[MARK_FAMILIES_MAX];
    uint32_t room[MARK_FAMILIES_MAX * PLAN_GROUPS];
    double least = HUGE_VAL;
    if (!(plan->error_rate >= 0 && plan->error_rate < 0.5))
        return 0;
    const size_t ngroups = expected_groups(plan, groups, held);
    const size_t nfamilies = mark_families_make(room, groups, ngroups, families);
    for (size_t f = 0; f < nfamilies; f++)
        least = fmin(least, least_for(plan, groups, held, ngroups, &families[f]));
    return least <= MARKS_MAX ? (uint32_t)ceil(least) : 0;
}

/* The deviations z with P(a normal variable < -z) = chance. */
static double deviations_for(double chance)
{
    double low = -8;
    double high = 8;
    for (int i = 0; i < 60; i++) {
        const double z = (low + high) / 2;
        if (erfc(z / sqrt(2)) / 2 > chance)
            low = z;
        else
            high = z;
    }
    return high;
}

/* A finding takes marks that are read so badly for the worst class that it counts at all. */
static unsigned class_for(double error_rate)
{
    const unsigned doubt = mark_doubt_of(error_rate);
    return doubt < MARK_DOUBTS ? doubt : MARK_DOUBTS - 1;
}

uint32_t mark_marks_for_single(unsigned colluders, double nmembers, double false_alarm,
                               double error_rate)
{
    const struct plan plan = {
        .distribution = mark_distribution_for(colluders),
        .strategy = MARK_INTERLEAVE,
        .coalition = 1,
        .error_rate = error_rate,
        .doubt = class_for(error_rate),
        .nmembers = nmembers,
        .false_alarm = false_alarm,
        .deviations = deviations_for(0.01),
    };
    return marks_for(&plan);
}

uint32_t mark_marks_for_colluders(unsigned colluders, unsigned coalition, double nmembers,
                                  double false_alarm, double error_rate)
{
    uint32_t most = 0;
    if (coalition < 1)
        coalition = 1;
    for (unsigned strategy = 0; strategy < MARK_STRATEGIES; strategy++) {
        const struct plan plan = {
            .distribution = mark_distribution_for(colluders),
            .strategy = (enum mark_strategy)strategy,
            .coalition = coalition,
            .error_rate = error_rate,
            .doubt = class_for(error_rate),
            .nmembers = nmembers,
            .false_alarm = false_alarm,
            .deviations = deviations_for(pow(0.05, 1.0 / coalition)), /* nobody reaches it: 5 % */
        };
        const uint32_t marks = marks_for(&plan);
        if (marks == 0)
            return 0;
        if (marks > most)
            most = marks;
    }
    return most;
}
