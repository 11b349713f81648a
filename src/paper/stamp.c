/* Stamping plans.
 *
 * While a plan is built it is two growing pools, one of literal bytes and one of alternatives, and a
 * list of steps. A step is "a literal of so many bytes, then one of two alternatives"; the literals
 * follow one another in their pool, so a step needs only their length. stamp_plan_end lays the pools
 * out with slack behind them, so that writing may copy whole wide blocks and only then move on by
 * the true length:
 *
 *   literals  |....literal 0....|..literal 1..|.........literal 2.........| slack
 *   alts      |a0|a1|a0|a1| … | slack
 *   steps     {literal_len, site, alt_at[2], alt_len[2]} …              (24 bytes each)
 *
 * What a wide copy writes beyond the true length is overwritten by the next step, and the last one
 * ends inside the slack that stamp_plan_room includes. The bit is an index, never a branch, so a
 * copy takes the same time whatever its bits are. */
#include "paper/stamp.h"

#include <string.h>

#define LITERAL_WIDE 64U
#define LITERAL_LONG 512U /* from here on the library's copy is worth its call */
#define ALT_WIDE 32U
#define SLACK 64U

struct step {
    uint32_t literal_len;
    uint32_t site;
    uint32_t alt_at[2];
    uint32_t alt_len[2];
};

struct stamp_plan {
    struct buf literals;
    struct buf alts;
    struct step *steps;
    size_t nsteps;
    size_t cap;
    size_t pending; /* literal bytes added since the last choice */
    size_t longest; /* bytes of the longest copy */
    uint32_t nsites;
};

struct stamp_plan *stamp_plan_make(struct arena *arena)
{
    struct stamp_plan *plan = arena_new(arena, struct stamp_plan);
    plan->literals.arena = arena;
    plan->alts.arena = arena;
    return plan;
}

static struct step *add_step(struct stamp_plan *plan)
{
    if (plan->nsteps == plan->cap) {
        size_t cap = plan->cap ? plan->cap * 2 : 64;
        plan->steps = arena_grow(plan->literals.arena, plan->steps, plan->cap * sizeof(struct step),
                                 cap * sizeof(struct step));
        plan->cap = cap;
    }
    return &plan->steps[plan->nsteps++];
}

/* Closes the literal before a choice. One beyond 4 GiB becomes several steps with empty choices. */
static struct step *close_literal(struct stamp_plan *plan)
{
    while (plan->pending > UINT32_MAX) {
        *add_step(plan) = (struct step){.literal_len = UINT32_MAX};
        plan->pending -= UINT32_MAX;
    }
    struct step *step = add_step(plan);
    *step = (struct step){.literal_len = (uint32_t)plan->pending};
    plan->pending = 0;
    return step;
}

void stamp_plan_literal(struct stamp_plan *plan, struct str bytes)
{
    buf_add(&plan->literals, bytes);
    plan->pending += bytes.len;
    plan->longest += bytes.len;
}

void stamp_plan_choice(struct stamp_plan *plan, uint32_t site, struct str alt0, struct str alt1)
{
    /* Alternatives are addressed by 32 bits; more than that is treated as memory that can't be had. */
    if (alt0.len > UINT32_MAX / 4 || alt1.len > UINT32_MAX / 4 || plan->alts.len > UINT32_MAX / 4)
        (void)arena_take_array(plan->alts.arena, SIZE_MAX, 2);
    struct step *step = close_literal(plan);
    step->site = site;
    step->alt_at[0] = (uint32_t)plan->alts.len;
    step->alt_len[0] = (uint32_t)alt0.len;
    buf_add(&plan->alts, alt0);
    step->alt_at[1] = (uint32_t)plan->alts.len;
    step->alt_len[1] = (uint32_t)alt1.len;
    buf_add(&plan->alts, alt1);
    plan->longest += alt0.len > alt1.len ? alt0.len : alt1.len;
    if (site >= plan->nsites)
        plan->nsites = site + 1;
}

void stamp_plan_end(struct stamp_plan *plan)
{
    static const char slack[SLACK];
    buf_add(&plan->literals, (struct str){slack, SLACK});
    buf_add(&plan->alts, (struct str){slack, SLACK});
}

size_t stamp_plan_room(const struct stamp_plan *plan)
{
    return plan->longest + SLACK;
}

uint32_t stamp_plan_sites(const struct stamp_plan *plan)
{
    return plan->nsites;
}

size_t stamp_plan_write(const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
    const char *from = plan->literals.at;
    const char *alts = plan->alts.at;
    const struct step *step = plan->steps;
    const struct step *end = step + plan->nsteps;
    char *to = out;
    for (; step < end; step++) {
        size_t len = step->literal_len;
        memcpy(to, from, LITERAL_WIDE);
        if (len > LITERAL_LONG)
            memcpy(to + LITERAL_WIDE, from + LITERAL_WIDE, len - LITERAL_WIDE);
        else
            for (size_t done = LITERAL_WIDE; done < len; done += LITERAL_WIDE)
                memcpy(to + done, from + done, LITERAL_WIDE);
        to += len;
        from += len;

        unsigned bit = bits[step->site] & 1U;
        const char *alt = alts + step->alt_at[bit];
        size_t alt_len = step->alt_len[bit];
        memcpy(to, alt, ALT_WIDE);
        if (alt_len > ALT_WIDE)
            memcpy(to + ALT_WIDE, alt + ALT_WIDE, alt_len - ALT_WIDE);
        to += alt_len;
    }
    memcpy(to, from, plan->pending);
    return (size_t)(to - out) + plan->pending;
}

void stamp_apply_locks(const struct paper_sites *sites, uint8_t *bits)
{
    for (uint32_t i = 0; i < sites->nsites; i++) {
        if (sites->sites[i].locked || sites->sites[i].absent)
            bits[i] = 0;
    }
}
