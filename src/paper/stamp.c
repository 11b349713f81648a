/* Stamping plans.
 *
 * Stamping is copying, and what slows copying down is a branch that can't be foreseen: how long is
 * this literal, which alternative is it? So a plan is all that any copy holds, one behind the other,
 * literals once and both alternatives of each choice, cut into blocks of 64 bytes. A copy is those
 * bytes less the alternatives that it doesn't have:
 *
 *   text   |..literal..alt0alt1..literal|literal..alt0alt1alt0alt1..|..
 *   keep    11111111111111100001111111111 ...        a bit a byte, by the bits of the block's two sites
 *
 * A block has room for two sites, so that one of four masks says what stays of it; where a third would
 * come the block ends early. Writing is then the same work for every block whatever it holds: find the
 * mask by the bits, press the kept bytes together, store them, move on by their number. What was stored
 * beyond that is overwritten by the next block, and the last one ends inside the slack that
 * stamp_plan_room includes. The bits are an index, never a branch, so where the processor presses a
 * block in one instruction (AVX-512 VBMI2) a copy takes the same time whatever its bits are. */
#include "paper/stamp.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BLOCK_BYTES 64U
#define BLOCK_SITES 2U
#define STRIDE      8U /* blocks written in one go */
#define NO_SITE     UINT32_MAX

struct block {
    uint64_t
        keep[1U << BLOCK_SITES]; /* by the first site's bit + 2 × the second's; bit i: byte i */
    uint32_t site[BLOCK_SITES];
};

struct stamp_plan {
    struct arena *arena;
    struct block *blocks;
    char *text; /* BLOCK_BYTES a block */
    size_t nblocks;
    size_t cap;
    unsigned filled; /* bytes of the last block … */
    unsigned chosen; /* … and its sites */
    size_t longest;  /* bytes of the longest copy */
    uint32_t nsites;
};

struct stamp_plan *stamp_plan_make(struct arena *arena)
{
    struct stamp_plan *plan = arena_new(arena, struct stamp_plan);
    plan->arena = arena;
    return plan;
}

static void begin_block(struct stamp_plan *plan)
{
    if (plan->nblocks == plan->cap) {
        size_t cap = plan->cap ? plan->cap * 2 : 64;
        plan->blocks = arena_grow(plan->arena, plan->blocks, plan->cap * sizeof(struct block),
                                  cap * sizeof(struct block));
        plan->text =
            arena_grow(plan->arena, plan->text, plan->cap * BLOCK_BYTES, cap * BLOCK_BYTES);
        plan->cap = cap;
    }
    plan->nblocks++;
    plan->filled = 0;
    plan->chosen = 0;
}

/* The place of the site among the last block's, in a new block where it has no place left. */
static unsigned place_of(struct stamp_plan *plan, uint32_t site)
{
    struct block *block = &plan->blocks[plan->nblocks - 1];
    for (unsigned i = 0; i < plan->chosen; i++) {
        if (block->site[i] == site)
            return i;
    }
    if (plan->chosen == BLOCK_SITES) {
        begin_block(plan);
        block = &plan->blocks[plan->nblocks - 1];
    }
    block->site[plan->chosen] = site;
    return plan->chosen++;
}

/* Bytes that every copy holds (NO_SITE), or those with this bit at this site. */
static void add_bytes(struct stamp_plan *plan, struct str bytes, uint32_t site, unsigned bit)
{
    while (bytes.len) {
        if (plan->nblocks == 0 || plan->filled == BLOCK_BYTES)
            begin_block(plan);
        unsigned place = site == NO_SITE ? 0 : place_of(plan, site);
        size_t free = BLOCK_BYTES - plan->filled;
        size_t len = bytes.len < free ? bytes.len : free;
        uint64_t run = (UINT64_MAX >> (BLOCK_BYTES - len)) << plan->filled;
        struct block *block = &plan->blocks[plan->nblocks - 1];
        for (unsigned bits = 0; bits < 1U << BLOCK_SITES; bits++) {
            if (site == NO_SITE || (bits >> place & 1U) == bit)
                block->keep[bits] |= run;
        }
        memcpy(plan->text + (plan->nblocks - 1) * BLOCK_BYTES + plan->filled, bytes.at, len);
        plan->filled += (unsigned)len;
        bytes = str_slice(bytes, len, bytes.len);
    }
}

void stamp_plan_literal(struct stamp_plan *plan, struct str bytes)
{
    add_bytes(plan, bytes, NO_SITE, 0);
    plan->longest += bytes.len;
}

void stamp_plan_choice(struct stamp_plan *plan, uint32_t site, struct str alt0, struct str alt1)
{
    add_bytes(plan, alt0, site, 0);
    add_bytes(plan, alt1, site, 1);
    plan->longest += alt0.len > alt1.len ? alt0.len : alt1.len;
    if (site >= plan->nsites)
        plan->nsites = site + 1;
}

void stamp_plan_end(struct stamp_plan *plan)
{
    while (plan->nblocks % STRIDE)
        begin_block(plan);
    /* Whole blocks are read from the beginning of each run: slack behind the last. And a block that
     * begins a line of the cache is read fastest. */
    size_t len = plan->nblocks * BLOCK_BYTES;
    char *text = arena_take(plan->arena, len + 2 * BLOCK_BYTES);
    text += -(uintptr_t)text % BLOCK_BYTES;
    if (len)
        memcpy(text, plan->text, len);
    plan->text = text;
}

size_t stamp_plan_room(const struct stamp_plan *plan)
{
    return plan->longest + BLOCK_BYTES;
}

uint32_t stamp_plan_sites(const struct stamp_plan *plan)
{
    return plan->nsites;
}

/* A place that no site took leads to site 0, or to `none` in a plan without choices; either bit will do. */
static const uint8_t none[1];

static inline uint64_t kept(const struct block *block, const uint8_t *bits)
{
    return block->keep[(bits[block->site[0]] & 1U) + 2U * (bits[block->site[1]] & 1U)];
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static size_t write_pressed(
    const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
    const struct block *blocks = plan->blocks;
    const char *text = plan->text;
    size_t nblocks = plan->nblocks;
    char *to = out;
    for (size_t i = 0; i < nblocks; i += STRIDE) {
        uint64_t keep[STRIDE];
        __m512i pressed[STRIDE];
        for (size_t k = 0; k < STRIDE; k++) {
            keep[k] = kept(&blocks[i + k], bits);
            __m512i block = _mm512_load_si512(text + (i + k) * BLOCK_BYTES);
            pressed[k] = _mm512_maskz_compress_epi8(keep[k], block);
        }
        for (size_t k = 0; k < STRIDE; k++) {
            _mm512_storeu_si512(to, pressed[k]);
            to += __builtin_popcountll(keep[k]);
        }
    }
    return (size_t)(to - out);
}
#endif

/* The same by runs of kept bytes. */
size_t stamp_plan_write_in_runs(const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
    const uint8_t *bit_of = plan->nsites ? bits : none;
    char *to = out;
    for (size_t i = 0; i < plan->nblocks; i++) {
        const char *from = plan->text + i * BLOCK_BYTES;
        uint64_t keep = kept(&plan->blocks[i], bit_of);
        while (keep) {
            int skip = __builtin_ctzll(keep);
            keep >>= skip;
            from += skip;
            int run = ~keep ? __builtin_ctzll(~keep) : (int)BLOCK_BYTES;
            memcpy(to, from,
                   BLOCK_BYTES); /* a whole block: a move of known length is the fastest */
            to += run;
            from += run;
            keep = run < (int)BLOCK_BYTES ? keep >> run : 0;
        }
    }
    return (size_t)(to - out);
}

size_t stamp_plan_write(const struct stamp_plan *plan, const uint8_t *bits, char *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2"))
        return write_pressed(plan, plan->nsites ? bits : none, out);
#endif
    return stamp_plan_write_in_runs(plan, bits, out);
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
