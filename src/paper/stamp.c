/* Stamping plans.
 *
 * Stamping is copying, and what slows copying down is a branch that can't be foreseen: how long is
 * this literal, which alternative is it? So a plan is cut, when it is built, into steps of at most 64
 * bytes of literal and then at most 16 bytes of an alternative, and writing is the same moves for
 * every step whatever it holds: copy a whole wide block, move on by the true length, pick the
 * alternative by the bit, copy, move on. What was copied beyond the true length is overwritten by
 * the next move, and the last one ends inside the slack that stamp_plan_room includes. The bit is
 * an index, never a branch, so a copy takes the same time whatever its bits are.
 *
 *   literals  |....literal 0....|..literal 1..|.........literal 2.........| slack
 *   alts      |a0|a1|a0|a1| … | slack
 *   steps     {literal_len, alt_len[2], site, alt_at[2]} …                  (16 bytes each)
 *
 * The literals follow one another in their pool, so a step needs only their length. A longer
 * literal, and the rare longer alternative, become several steps. */
#include "paper/stamp.h"

#include <string.h>

#define LITERAL_BYTES 64U
#define ALT_BYTES     16U

struct step {
    uint32_t alt_at[2];
    uint32_t site;
    uint8_t literal_len;
    uint8_t alt_len[2];
};

struct stamp_plan {
    struct arena *arena;
    struct buf literals;
    struct buf alts;
    struct step *steps;
    size_t nsteps;
    size_t cap;
    size_t pending; /* literal bytes added since the last step */
    size_t longest; /* bytes of the longest copy */
    uint32_t site;  /* of the last choice: a site whose bit is there, for steps without a choice */
    uint32_t nsites;
};

struct stamp_plan *stamp_plan_make(struct arena *arena)
{
    struct stamp_plan *plan = arena_new(arena, struct stamp_plan);
    plan->arena = arena;
    plan->literals.arena = arena;
    plan->alts.arena = arena;
    return plan;
}

static struct step *add_step(struct stamp_plan *plan, size_t literal_len)
{
    if (plan->nsteps == plan->cap) {
        size_t cap = plan->cap ? plan->cap * 2 : 64;
        plan->steps = arena_grow(plan->arena, plan->steps, plan->cap * sizeof(struct step),
                                 cap * sizeof(struct step));
        plan->cap = cap;
    }
    struct step *step = &plan->steps[plan->nsteps++];
    *step = (struct step){.site = plan->site, .literal_len = (uint8_t)literal_len};
    return step;
}

/* Puts the pending literal into steps but for its last piece, whose length it returns. */
static size_t cut_literal(struct stamp_plan *plan)
{
    for (; plan->pending > LITERAL_BYTES; plan->pending -= LITERAL_BYTES)
        (void)add_step(plan, LITERAL_BYTES);
    size_t last = plan->pending;
    plan->pending = 0;
    return last;
}

static struct str take_front(struct str *rest, size_t len)
{
    struct str front = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, front.len, rest->len);
    return front;
}

void stamp_plan_literal(struct stamp_plan *plan, struct str bytes)
{
    buf_add(&plan->literals, bytes);
    plan->pending += bytes.len;
    plan->longest += bytes.len;
}

void stamp_plan_choice(struct stamp_plan *plan, uint32_t site, struct str alt0, struct str alt1)
{
    struct str rest[2] = {alt0, alt1};
    /* Alternatives are addressed by 32 bits; more than that is treated as memory that can't be had. */
    if (alt0.len > UINT32_MAX / 4 || alt1.len > UINT32_MAX / 4 || plan->alts.len > UINT32_MAX / 4)
        (void)arena_take_array(plan->arena, SIZE_MAX, 2);
    plan->site = plan->nsites ? plan->site : site;
    size_t literal_len = cut_literal(plan);
    plan->site = site;
    do {
        struct step *step = add_step(plan, literal_len);
        for (int i = 0; i < 2; i++) {
            struct str piece = take_front(&rest[i], ALT_BYTES);
            step->alt_at[i] = (uint32_t)plan->alts.len;
            step->alt_len[i] = (uint8_t)piece.len;
            buf_add(&plan->alts, piece);
        }
        literal_len = 0;
    } while (rest[0].len || rest[1].len);
    plan->longest += alt0.len > alt1.len ? alt0.len : alt1.len;
    if (site >= plan->nsites)
        plan->nsites = site + 1;
}

void stamp_plan_end(struct stamp_plan *plan)
{
    static const char slack[LITERAL_BYTES];
    (void)add_step(plan, cut_literal(plan));
    buf_add(&plan->literals, (struct str){slack, LITERAL_BYTES});
    buf_add(&plan->alts, (struct str){slack, LITERAL_BYTES});
}

size_t stamp_plan_room(const struct stamp_plan *plan)
{
    return plan->longest + LITERAL_BYTES;
}

uint32_t stamp_plan_sites(const struct stamp_plan *plan)
{
    return plan->nsites;
}

size_t stamp_plan_write(const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
    static const uint8_t none[1]; /* the bit of a plan without choices */
    const uint8_t *bit_of = plan->nsites ? bits : none;
    const char *from = plan->literals.at;
    const char *alts = plan->alts.at;
    const struct step *end = plan->steps + plan->nsteps;
    char *to = out;
    for (const struct step *step = plan->steps; step < end; step++) {
        unsigned bit = bit_of[step->site] & 1U;
        memcpy(to, from, LITERAL_BYTES);
        to += step->literal_len;
        from += step->literal_len;
        memcpy(to, alts + step->alt_at[bit], ALT_BYTES);
        to += step->alt_len[bit];
    }
    return (size_t)(to - out);
}

void stamp_apply_locks(const struct paper_sites *sites, uint8_t *bits)
{
    for (uint32_t i = 0; i < sites->nsites; i++) {
        if (sites->sites[i].locked || sites->sites[i].absent)
            bits[i] = 0;
    }
}

/* --- a copy as a document ----------------------------------------------------------------------- */

/* Where bytes of the master's text lie in the copy's; asked with rising offsets. */
struct moved {
    const struct paper_sites *sites;
    const uint8_t *bits;
    size_t place;  /* next to pass */
    size_t before; /* bytes of the master passed, up to the end of the last place … */
    size_t after;  /* … and of the copy */
};

static void pass_place(struct moved *m)
{
    const struct paper_place *place = &m->sites->places[m->place++];
    m->after += place->at - m->before + place->alt[m->bits[place->site]].len;
    m->before = place->at + place->len;
}

/* Where what begins at `at` begins: in front of an empty place that stands there. A byte inside a place is
 * taken to the beginning of its alternative. */
static size_t move_begin(struct moved *m, size_t at)
{
    const struct paper_place *places = m->sites->places;
    while (m->place < m->sites->nplaces && places[m->place].at < at &&
           places[m->place].at + places[m->place].len <= at)
        pass_place(m);
    bool inside = m->place < m->sites->nplaces && places[m->place].at < at;
    return m->after + (inside ? places[m->place].at : at) - m->before;
}

/* Where what ends at `at` ends: behind an empty place that stands there. */
static size_t move_end(struct moved *m, size_t at)
{
    const struct paper_place *places = m->sites->places;
    while (m->place < m->sites->nplaces && places[m->place].at + places[m->place].len <= at)
        pass_place(m);
    return move_begin(m, at);
}

static struct str stamp_text(struct arena *arena, struct str text, const struct paper_sites *sites,
                             const uint8_t *bits)
{
    struct buf out = {.arena = arena};
    size_t at = 0;
    buf_reserve(&out, text.len + text.len / 8 + 1);
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        buf_add(&out, str_slice(text, at, place->at - at));
        buf_add(&out, place->alt[bits[place->site]]);
        at = place->at + place->len;
    }
    buf_add(&out, str_slice(text, at, text.len));
    return buf_str(&out);
}

struct paper_doc stamp_doc(struct arena *arena, const struct paper_doc *doc,
                           const struct paper_sites *sites, const uint8_t *bits)
{
    struct paper_doc copy = {.lang = doc->lang, .title = doc->title, .nblocks = doc->nblocks};
    struct moved m = {.sites = sites, .bits = bits};
    copy.text = stamp_text(arena, doc->text, sites, bits);
    copy.blocks = arena_array(arena, doc->nblocks, struct paper_block);
    for (size_t i = 0; i < doc->nblocks; i++) {
        const struct paper_block *block = &doc->blocks[i];
        copy.blocks[i] = *block;
        copy.blocks[i].at = move_begin(&m, block->at);
        copy.blocks[i].marker_len =
            move_begin(&m, block->at + block->marker_len) - copy.blocks[i].at;
        copy.blocks[i].len = move_end(&m, block->at + block->len) - copy.blocks[i].at;
        if (block->kind == PAPER_TITLE)
            copy.title = str_slice(copy.text, copy.blocks[i].at, copy.blocks[i].len);
    }
    return copy;
}
