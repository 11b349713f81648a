/* Stamping plans.
 *
 * Stamping is copying, and what slows copying down is a branch that can't be foreseen: how long is
 * this literal, which alternative is it? So a plan is cut, when it is built, into steps of at most 64
 * bytes, and writing is the same move for every step whatever it holds: pick the piece by the bit, copy
 * a whole wide block, move on by the true length. What was copied beyond the true length is
 * overwritten by the next move, and the last one ends inside the slack that stamp_plan_room includes.
 * The bit is an index, never a branch, so a copy takes the same time whatever its bits are.
 *
 * A piece is an alternative and as much of the literal after it as fits, so that most choices take one
 * move; that part of the text stands in the pool twice, once behind each alternative. What remains of a
 * long literal stands once, as pieces that both bits lead to.
 *
 *   pool   |..literal..|alt0|literal|alt1|literal|..rest of the literal..|alt0|literal| … | slack
 *   steps  {at[2], site, len[2]} …                                          (16 bytes each)
 */
#include "paper/stamp.h"

#include <string.h>

#define PIECE_BYTES 64U
#define ALT_BYTES   32U /* of a longer alternative, pieces of its own are made first */

typedef char wide __attribute__((vector_size(PIECE_BYTES)));

struct step {
    uint32_t at[2];
    uint32_t site;
    uint8_t len[2];
};

struct stamp_plan {
    struct arena *arena;
    struct buf pool;
    struct step *steps;
    size_t nsteps;
    size_t cap;
    size_t longest; /* bytes of the longest copy */
    uint32_t nsites;
    /* What is not in the pool yet: the last choice, and the literal since. */
    bool chosen;
    struct str alt[2];
    uint32_t site; /* of the last choice: a site whose bit is there, for steps without a choice */
    struct buf literal;
};

struct stamp_plan *stamp_plan_make(struct arena *arena)
{
    struct stamp_plan *plan = arena_new(arena, struct stamp_plan);
    plan->arena = arena;
    plan->pool.arena = arena;
    plan->literal.arena = arena;
    return plan;
}

static void add_step(struct stamp_plan *plan, struct step step)
{
    if (plan->nsteps == plan->cap) {
        size_t cap = plan->cap ? plan->cap * 2 : 64;
        plan->steps = arena_grow(plan->arena, plan->steps, plan->cap * sizeof(struct step),
                                 cap * sizeof(struct step));
        plan->cap = cap;
    }
    plan->steps[plan->nsteps++] = step;
}

/* Pieces are addressed by 32 bits; more than that is treated as memory that can't be had. */
static uint32_t put(struct stamp_plan *plan, struct str bytes)
{
    if (plan->pool.len + bytes.len > UINT32_MAX - PIECE_BYTES)
        (void)arena_take_array(plan->arena, SIZE_MAX, 2);
    uint32_t at = (uint32_t)plan->pool.len;
    buf_add(&plan->pool, bytes);
    return at;
}

static struct str take_front(struct str *rest, size_t len)
{
    struct str front = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, front.len, rest->len);
    return front;
}

/* The last choice with what fits of the literal behind it, which is taken off *literal. */
static void add_choice(struct stamp_plan *plan, struct str *literal)
{
    struct str rest[2] = {plan->alt[0], plan->alt[1]};
    bool more = true;
    while (more) {
        struct step step = {.site = plan->site};
        struct str front[2] = {take_front(&rest[0], ALT_BYTES), take_front(&rest[1], ALT_BYTES)};
        more = rest[0].len || rest[1].len;
        size_t longer = front[0].len > front[1].len ? front[0].len : front[1].len;
        struct str behind = take_front(literal, more ? 0 : PIECE_BYTES - longer);
        for (int i = 0; i < 2; i++) {
            step.at[i] = put(plan, front[i]);
            step.len[i] = (uint8_t)(front[i].len + behind.len);
            (void)put(plan, behind);
        }
        add_step(plan, step);
    }
    plan->chosen = false;
}

/* Puts the last choice and the literal since into steps. */
static void flush(struct stamp_plan *plan)
{
    struct str literal = buf_str(&plan->literal);
    if (plan->chosen)
        add_choice(plan, &literal);
    while (literal.len) {
        struct str piece = take_front(&literal, PIECE_BYTES);
        uint32_t at = put(plan, piece);
        uint8_t len = (uint8_t)piece.len;
        add_step(plan, (struct step){.at = {at, at}, .site = plan->site, .len = {len, len}});
    }
    plan->literal.len = 0;
}

void stamp_plan_literal(struct stamp_plan *plan, struct str bytes)
{
    buf_add(&plan->literal, bytes);
    plan->longest += bytes.len;
}

void stamp_plan_choice(struct stamp_plan *plan, uint32_t site, struct str alt0, struct str alt1)
{
    if (plan->nsites == 0)
        plan->site = site;
    flush(plan);
    plan->chosen = true;
    plan->site = site;
    plan->alt[0] = str_copy(plan->arena, alt0);
    plan->alt[1] = str_copy(plan->arena, alt1);
    plan->longest += alt0.len > alt1.len ? alt0.len : alt1.len;
    if (site >= plan->nsites)
        plan->nsites = site + 1;
}

void stamp_plan_end(struct stamp_plan *plan)
{
    static const char slack[PIECE_BYTES];
    flush(plan);
    (void)put(plan, (struct str){slack, PIECE_BYTES});
}

size_t stamp_plan_room(const struct stamp_plan *plan)
{
    return plan->longest + PIECE_BYTES;
}

uint32_t stamp_plan_sites(const struct stamp_plan *plan)
{
    return plan->nsites;
}

/* The moves, to be compiled for the widest block that a processor copies at once. */
static inline __attribute__((always_inline)) size_t write_steps(const struct stamp_plan *plan,
                                                                const uint8_t *bits, char *out)
{
    static const uint8_t none[1]; /* the bit of a plan without choices */
    const uint8_t *bit_of = plan->nsites ? bits : none;
    const char *pool = plan->pool.at;
    char *to = out;
    for (size_t i = 0; i < plan->nsteps; i++) {
        const struct step *step = &plan->steps[i];
        unsigned bit = bit_of[step->site] & 1U;
        wide piece; /* one value: one load and one store where there are such */
        memcpy(&piece, pool + step->at[bit], sizeof piece);
        memcpy(to, &piece, sizeof piece);
        to += step->len[bit];
    }
    return (size_t)(to - out);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512vl,avx512bw"))) static size_t write_in_64s(
    const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
    return write_steps(plan, bits, out);
}
#endif

size_t stamp_plan_write(const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return write_in_64s(plan, bits, out);
#endif
    return write_steps(plan, bits, out);
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
