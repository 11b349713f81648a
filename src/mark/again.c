/* One result of an accusation computed anew, by who has neither key nor codewords: see mark_bound_again.
 *
 * The tallies may come from anybody. A group that no accusation makes (a bias of 0, twice the same group) is refused,
 * so that what is computed is the bound of a test that mark_accuse does make. */
#include "internal.h"

#include <math.h>

#define LN10        2.302585092994045684
#define TALLIES_MAX ((size_t)MARK_BIAS_UNIT * 2 * MARK_DOUBTS * (MARK_EXPLAINERS_MAX + 1))

static bool is_like(const struct mark_tally *a, const struct mark_tally *b)
{
    return a->bias == b->bias && a->bit == b->bit && a->explained == b->explained &&
           a->doubt == b->doubt;
}

static bool may_be(const struct mark_tally *tallies, size_t i, unsigned stage)
{
    const struct mark_tally *t = &tallies[i];
    for (size_t before = 0; before < i; before++)
        if (is_like(&tallies[before], t))
            return false;
    return t->bias > 0 && t->bias < MARK_BIAS_UNIT && t->bit <= 1 && t->explained <= t->known &&
           t->known <= MARK_EXPLAINERS_MAX && t->known == tallies[0].known &&
           t->doubt < MARK_DOUBTS && (t->known == 0) == (stage == 1) && t->sites > 0 &&
           t->agree <= t->sites;
}

static struct mark_group group_of(const struct mark_tally *t)
{
    const double p = (double)t->bias / MARK_BIAS_UNIT;
    return (struct mark_group){
        .numerator = t->bias,
        .bit = t->bit,
        .explained = t->explained,
        .known = t->known,
        .doubt = t->doubt,
        .agree = t->bit ? p : 1 - p,
        .sites = t->sites,
    };
}

bool mark_bound_again(struct arena *arena, const struct mark_tally *tallies, size_t ntallies,
                      unsigned stage, double *score, double *log10_p)
{
    struct mark_family families[MARK_FAMILIES_MAX];
    if (ntallies == 0 || ntallies > TALLIES_MAX || stage == 0 || stage > MARK_STAGES_MAX)
        return false;
    struct mark_group *groups = arena_array(arena, ntallies, struct mark_group);
    uint32_t *agree = arena_array(arena, ntallies, uint32_t);
    for (size_t i = 0; i < ntallies; i++) {
        if (!may_be(tallies, i, stage))
            return false;
        groups[i] = group_of(&tallies[i]);
        agree[i] = tallies[i].agree;
    }
    uint32_t *room = arena_array(arena, MARK_FAMILIES_MAX * ntallies, uint32_t);
    const size_t nfamilies = mark_families_make(room, groups, ntallies, families);
    *log10_p =
        mark_bound_strongest(groups, ntallies, families, nfamilies, stage, agree, score) / LN10;
    return true;
}
