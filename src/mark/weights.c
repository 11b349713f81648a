/* What an agreement is worth: the families of scores.
 *
 * Nobody knows how leakers mix their copies, so several scores stand side by side, each the best
 * one against some way of mixing: the log-likelihood ratio of "this member is one of the leakers,
 * who mix thus" to "is not" (Neyman and Pearson; for interleaving, Laarhoven, "Capacities and
 * capacity-achieving decoders for various fingerprinting games", 2014; given members named before,
 * Meerwald and Furon, "Toward practical joint decoding of binary Tardos fingerprinting codes",
 * 2012), and Skoric's symmetric score, which no way of mixing can push down.
 *
 * Only the difference between agreeing and disagreeing at a site matters to who scores higher, so a
 * family is one whole number a group of like sites: the worth of an agreement there. It is
 * never negative: agreeing more never lowers a score. Whole numbers add up to the same on every
 * machine. A badly chosen weight costs power and never truth: the bound in bound.c holds for any. */
#include "internal.h"

#include <math.h>
#include <string.h>

double mark_strategy_one(enum mark_strategy strategy, unsigned ones, unsigned colluders,
                         double error_rate)
{
    double one = 0.5;
    if (ones == 0 || ones == colluders)
        one = ones == 0 ? 0 : 1; /* all copies alike: they can't know that a site is here */
    else if (strategy == MARK_INTERLEAVE)
        one = (double)ones / colluders;
    else if (strategy == MARK_MAJORITY && 2 * ones != colluders)
        one = 2 * ones > colluders;
    else if (strategy == MARK_MINORITY && 2 * ones != colluders)
        one = 2 * ones < colluders;
    else if (strategy == MARK_ONES || strategy == MARK_ZEROS)
        one = strategy == MARK_ONES;
    return error_rate + (1 - 2 * error_rate) * one;
}

double mark_strategy_bit(enum mark_strategy strategy, const struct mark_group *group, unsigned held,
                         unsigned colluders, double error_rate)
{
    const double p = (double)group->numerator / MARK_BIAS_UNIT;
    const unsigned known = group->known < colluders ? group->known : colluders - 1;
    const unsigned explained = group->explained < known ? group->explained : known;
    const unsigned certain = held + (group->bit ? explained : known - explained);
    const unsigned unknown = colluders - 1 - known;
    double sum = 0;
    double share = pow(1 - p, unknown); /* chance that `more` of the unknown hold 1 */
    for (unsigned more = 0; more <= unknown; more++) {
        const double one = mark_strategy_one(strategy, certain + more, colluders, error_rate);
        sum += share * (group->bit ? one : 1 - one);
        share *= (double)(unknown - more) / (more + 1) * p / (1 - p);
    }
    return sum;
}

struct guess {
    enum mark_strategy strategy;
    unsigned more; /* leakers besides those named */
    double prior;
};

/* Nobody named yet. A single leaker is by far the most frequent case and gets the largest share. */
static const struct guess first_guesses[] = {
    {MARK_INTERLEAVE, 1, 5.0 / 16}, {MARK_INTERLEAVE, 2, 4.0 / 16}, {MARK_INTERLEAVE, 3, 3.0 / 16},
    {MARK_INTERLEAVE, 5, 2.0 / 16}, {MARK_INTERLEAVE, 8, 1.0 / 16}, {MARK_SYMMETRIC, 0, 1.0 / 16},
};

/* Some are named: how do those explain the exhibit together with one or a few more? */
static const struct guess later_guesses[] = {
    {MARK_INTERLEAVE, 1, 3.0 / 16}, {MARK_MAJORITY, 1, 1.0 / 16},   {MARK_MINORITY, 1, 1.0 / 16},
    {MARK_ONES, 1, 1.0 / 16},       {MARK_ZEROS, 1, 1.0 / 16},      {MARK_COIN, 1, 1.0 / 16},
    {MARK_INTERLEAVE, 2, 2.0 / 16}, {MARK_INTERLEAVE, 4, 1.0 / 16}, {MARK_MAJORITY, 2, 1.0 / 16},
    {MARK_MINORITY, 2, 1.0 / 16},   {MARK_ONES, 2, 1.5 / 16},       {MARK_ZEROS, 2, 1.5 / 16},
};

static double worth(const struct guess *guess, const struct mark_group *group)
{
    const double error = mark_doubt_error(group->doubt);
    if (guess->strategy ==
        MARK_SYMMETRIC) /* which misreading weakens as it weakens any correlation */
        return (1 - 2 * error) / sqrt(group->agree * (1 - group->agree));
    const unsigned colluders = group->known + guess->more;
    const unsigned bit = group->bit;
    const double same = mark_strategy_bit(guess->strategy, group, bit, colluders, error);
    const double other = mark_strategy_bit(guess->strategy, group, !bit, colluders, error);
    return fmax(0, log(same / other));
}

/* Fills weight with whole numbers whose greatest is MARK_WEIGHT_UNIT; false if all are 0. */
static bool weigh(const struct guess *guess, const struct mark_group *groups, size_t ngroups,
                  uint32_t *weight)
{
    double most = 0;
    for (size_t g = 0; g < ngroups; g++)
        most = fmax(most, worth(guess, &groups[g]));
    if (most < 1e-9)
        return false;
    for (size_t g = 0; g < ngroups; g++)
        weight[g] = (uint32_t)lround(worth(guess, &groups[g]) / most * MARK_WEIGHT_UNIT);
    return true;
}

size_t mark_families_make(uint32_t *room, const struct mark_group *groups, size_t ngroups,
                          struct mark_family families[MARK_FAMILIES_MAX])
{
    const bool first = ngroups == 0 || groups[0].known == 0;
    const struct guess *guesses = first ? first_guesses : later_guesses;
    const size_t nguesses = first ? sizeof first_guesses / sizeof *first_guesses
                                  : sizeof later_guesses / sizeof *later_guesses;
    size_t count = 0;
    for (size_t i = 0; i < nguesses; i++) {
        uint32_t *weight = room + count * ngroups;
        if (!weigh(&guesses[i], groups, ngroups, weight))
            continue;
        size_t like = 0;
        while (like < count && memcmp(families[like].weight, weight, ngroups * sizeof *weight) != 0)
            like++;
        if (like == count)
            families[count++] = (struct mark_family){.weight = weight};
        families[like].prior += guesses[i].prior;
    }
    return count;
}
