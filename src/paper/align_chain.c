/* From seeds to chains; see align_steps.h.
 *
 * Seeds that go on node by node make a run. Runs that follow each other in both texts within a
 * short stretch make a chain, scored by what they match less what lies unmatched between them. Each
 * run looks back over LOOK_BACK runs only, which keeps the whole near linear whatever the exhibit.
 * Chains then claim their stretch of the exhibit, best first. */
#include <stdlib.h>
#include <string.h>

#include "paper/align_steps.h"

#define SEEDS_AT_ONCE 8U /* a position's seeds, see GRAM_FREQUENT */
#define LOOK_BACK     48U
#define OVERLAP_MOST  32U
#define GAP_WEIGHT    700U /* weight that may lie unmatched within a chain: 140 ideographs */

struct seed {
    uint32_t node;
    uint32_t at;
    uint32_t before; /* the run's seed before this, or ALIGN_NONE */
};

struct run {
    uint32_t first, last; /* seeds */
    uint32_t before;      /* run before it in the best chain, or ALIGN_NONE */
    uint32_t fork_of;     /* earlier run that it shares its beginning with, or ALIGN_NONE */
    int64_t own;          /* weight matched by it alone */
    int64_t score;        /* … with the chain that leads to it */
    bool used;            /* by a chain taken */
};

struct search {
    const struct lattice *lattice;
    const struct folded *exhibit;
    uint32_t *weight; /* of the exhibit's codes before each index */
    struct seed *seeds;
    uint32_t nseeds;
    struct run *runs;
    uint32_t nruns;
    struct arena *scratch;
};

static uint32_t add_seed(struct search *search, struct seed seed)
{
    search->seeds =
        arena_one_more(search->scratch, search->seeds, search->nseeds, sizeof *search->seeds);
    search->seeds[search->nseeds] = seed;
    return search->nseeds++;
}

static uint32_t add_run(struct search *search, uint32_t seed)
{
    search->runs =
        arena_one_more(search->scratch, search->runs, search->nruns, sizeof *search->runs);
    search->runs[search->nruns] =
        (struct run){.first = seed, .last = seed, .before = ALIGN_NONE, .fork_of = ALIGN_NONE};
    return search->nruns++;
}

/* Does `to` carry the next code after `from` on some way? Joins are passed. */
static bool follows(const struct lattice *lattice, uint32_t from, uint32_t to, unsigned depth)
{
    uint32_t after[2];
    unsigned count = lattice_after(lattice, from, after);
    for (unsigned i = 0; i < count; i++) {
        if (after[i] == to)
            return true;
        if (depth > 0 && lattice->nodes[after[i]].code == 0 &&
            follows(lattice, after[i], to, depth - 1))
            return true;
    }
    return false;
}

/* --- runs ------------------------------------------------------------------------------------- */

/* Runs that reached a position, and the seed each had there. */
struct front {
    uint32_t run[SEEDS_AT_ONCE];
    uint32_t seed[SEEDS_AT_ONCE];
    unsigned count;
};

/* The run that the seed goes on with: one of `before`, a fork of it when it has gone on already
 * (both alternatives begin alike), or a new one. */
static uint32_t join_run(struct search *search, const struct front *before, uint32_t seed)
{
    for (unsigned i = 0; i < before->count; i++) {
        uint32_t last = before->seed[i];
        if (!follows(search->lattice, search->seeds[last].node, search->seeds[seed].node, 2))
            continue;
        uint32_t run = before->run[i];
        search->seeds[seed].before = last;
        if (search->runs[run].last != last) {
            uint32_t fork = add_run(search, seed);
            search->runs[fork].first = search->runs[run].first;
            search->runs[fork].fork_of = run;
            return fork;
        }
        search->runs[run].last = seed;
        return run;
    }
    return add_run(search, seed);
}

static void find_runs(struct search *search, const struct grams *grams)
{
    const struct lattice *l = search->lattice;
    struct front before = {0};
    uint32_t position = 0;
    for (size_t g = 0; g < grams->count; g++) {
        uint32_t at = grams->grams[g].at;
        if (at != position + 1)
            before.count = 0;
        position = at;
        struct front now = {0};
        const struct align_slot *slot = lattice_find(l, grams->grams[g].hash);
        uint32_t entry = slot ? slot->first : ALIGN_NONE;
        for (; entry != ALIGN_NONE && now.count < SEEDS_AT_ONCE; entry = l->entries[entry].before) {
            uint32_t seed = add_seed(search, (struct seed){l->entries[entry].node, at, ALIGN_NONE});
            now.run[now.count] = join_run(search, &before, seed);
            now.seed[now.count++] = seed;
        }
        before = now;
    }
}

static uint32_t weight_between(const struct search *search, uint32_t from, uint32_t to)
{
    if (to > search->exhibit->count)
        to = (uint32_t)search->exhibit->count;
    return search->weight[to] - search->weight[from];
}

static uint32_t gram_end(const struct search *search, uint32_t at)
{
    return at + align_gram_len(search->exhibit->code[at]);
}

/* What is lost between the end of `a` and the beginning of `b`, or -1 when they can't be linked. A
 * beginning of `b` that `a` holds already is left to `a`. */
static int64_t gap_cost(const struct search *search, const struct run *a, const struct run *b)
{
    struct seed end = search->seeds[a->last];
    struct seed start = search->seeds[b->first];
    if (start.at <= end.at) {
        uint32_t overlap = end.at + 1 - start.at;
        if (overlap > OVERLAP_MOST || search->seeds[b->last].at <= end.at)
            return -1;
        start.at += overlap;
        start.node += overlap;
    }
    if (start.node <= end.node || start.node >= search->lattice->nnodes)
        return -1;
    uint32_t here = weight_between(search, end.at, start.at);
    uint64_t columns = search->lattice->nodes[start.node].column;
    uint64_t before = search->lattice->nodes[end.node].column;
    columns = columns > before ? columns - before : 0;
    uint64_t there = columns * align_weight(search->exhibit->code[start.at]);
    if (here > GAP_WEIGHT || there > GAP_WEIGHT)
        return -1;
    int64_t shift = (int64_t)here - (int64_t)there;
    int64_t larger = here > there ? here : (int64_t)there;
    /* what both runs match counts once */
    uint32_t first = search->seeds[b->first].at;
    uint32_t tail = gram_end(search, end.at);
    int64_t twice = tail > first ? weight_between(search, first, tail) : 0;
    return larger * 3 / 10 + (shift < 0 ? -shift : shift) * 3 / 10 + twice;
}

static void score_run(struct search *search, uint32_t index)
{
    struct run *run = &search->runs[index];
    run->own = weight_between(search, search->seeds[run->first].at,
                              gram_end(search, search->seeds[run->last].at));
    run->score = run->own;
    if (run->fork_of != ALIGN_NONE) {
        const struct run *twin = &search->runs[run->fork_of];
        run->before = twin->before;
        run->score += twin->score - twin->own;
        return;
    }
    for (uint32_t back = 1; back <= LOOK_BACK && back <= index; back++) {
        const struct run *before = &search->runs[index - back];
        int64_t cost = gap_cost(search, before, run);
        if (cost < 0 || before->score + run->own - cost <= run->score)
            continue;
        run->score = before->score + run->own - cost;
        run->before = index - back;
    }
}

/* --- chains ----------------------------------------------------------------------------------- */

struct found {
    struct align_chain *chains;
    size_t count;
    struct arena *arena;
    unsigned char *claimed;   /* by exhibit code */
    int64_t least;            /* weight asked of a chain */
    int64_t weight;           /* of all chains so far */
    struct align_pair *pairs; /* of the chain being taken, last first */
    size_t npairs, pair_room;
};

/* The pairs gathered, if they weigh enough, become a chain and claim their stretch. */
static void add_chain(struct search *search, struct found *found, int64_t weight)
{
    size_t count = found->npairs;
    found->npairs = 0;
    if (weight < found->least)
        return;
    found->weight += weight;
    struct align_chain chain = {.pairs = arena_array(found->arena, count, struct align_pair),
                                .npairs = count};
    for (size_t i = 0; i < count; i++)
        chain.pairs[i] = found->pairs[count - 1 - i];
    uint32_t from = chain.pairs[0].at;
    uint32_t to = gram_end(search, chain.pairs[count - 1].at);
    memset(found->claimed + from, 1, to - from);
    found->chains =
        arena_one_more(found->arena, found->chains, found->count, sizeof *found->chains);
    found->chains[found->count++] = chain;
}

static void add_pair(struct search *search, struct found *found, struct seed seed)
{
    found->pairs = arena_room(search->scratch, found->pairs, found->npairs, &found->pair_room, 1024,
                              sizeof *found->pairs);
    found->pairs[found->npairs++] = (struct align_pair){seed.at, seed.node};
}

/* Takes the chain that ends with run `last`, less what better chains claimed: what lies between
 * claims stands or falls on its own. */
static void take_chain(struct search *search, struct found *found, uint32_t last)
{
    int64_t weight = 0;
    for (uint32_t r = last; r != ALIGN_NONE && !search->runs[r].used; r = search->runs[r].before) {
        search->runs[r].used = true;
        for (uint32_t s = search->runs[r].last; s != ALIGN_NONE; s = search->seeds[s].before) {
            struct seed seed = search->seeds[s];
            uint32_t end = gram_end(search, seed.at);
            uint32_t next = end;
            if (found->npairs) {
                struct align_pair later = found->pairs[found->npairs - 1];
                if (seed.at >= later.at || seed.node >= later.node)
                    continue;
                next = later.at;
            }
            if (memchr(found->claimed + seed.at, 1, next - seed.at)) {
                add_chain(search, found, weight);
                weight = 0;
                if (memchr(found->claimed + seed.at, 1, end - seed.at))
                    continue;
                next = end;
            }
            weight += weight_between(search, seed.at, end < next ? end : next);
            if (next > end)
                weight -= weight_between(search, end, next) * 3 / 10;
            add_pair(search, found, seed);
        }
    }
    add_chain(search, found, weight);
}

struct rank {
    int64_t score;
    uint32_t run;
};

static int by_score(const void *a, const void *b)
{
    const struct rank *x = a;
    const struct rank *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->run > y->run) - (x->run < y->run);
}

static int by_place(const void *a, const void *b)
{
    const struct align_chain *x = a;
    const struct align_chain *y = b;
    return (x->pairs[0].at > y->pairs[0].at) - (x->pairs[0].at < y->pairs[0].at);
}

/* Takes every chain of at least `least`, best first. */
static void take_best(struct search *search, struct found *found, int64_t least)
{
    struct rank *ranks = arena_array(search->scratch, search->nruns + 1, struct rank);
    size_t count = 0;
    found->least = least;
    for (uint32_t i = 0; i < search->nruns; i++) {
        search->runs[i].used = false;
        if (search->runs[i].score >= least)
            ranks[count++] = (struct rank){search->runs[i].score, i};
    }
    qsort(ranks, count, sizeof *ranks, by_score);
    for (size_t i = 0; i < count; i++)
        take_chain(search, found, ranks[i].run);
}

static void take_chains(struct search *search, struct found *found)
{
    take_best(search, found, ALIGN_CHAIN_LEAST);
    /* Once the exhibit is known to hold the edition, a short line is no chance likeness. */
    if (found->weight >= ALIGN_KNOWN)
        take_best(search, found, ALIGN_CHAIN_KNOWN);
    if (found->count)
        qsort(found->chains, found->count, sizeof *found->chains, by_place);
    for (size_t i = 0; i < found->count; i++) {
        struct align_chain *chain = &found->chains[i];
        uint32_t end = gram_end(search, chain->pairs[chain->npairs - 1].at);
        chain->room_to = i + 1 < found->count ? found->chains[i + 1].pairs[0].at
                                              : (uint32_t)search->exhibit->count;
        if (i + 1 < found->count)
            found->chains[i + 1].room_from = end < chain->room_to ? end : chain->room_to;
    }
}

struct align_chains align_find_chains(struct arena *arena, const struct lattice *lattice,
                                      const struct folded *exhibit)
{
    struct search search = {.lattice = lattice, .exhibit = exhibit, .scratch = arena_make()};
    search.weight = arena_array(search.scratch, exhibit->count + 1, uint32_t);
    for (size_t i = 0; i < exhibit->count; i++)
        search.weight[i + 1] = search.weight[i] + align_weight(exhibit->code[i]);
    struct grams grams = paper_all_grams(search.scratch, exhibit);
    find_runs(&search, &grams);
    for (uint32_t i = 0; i < search.nruns; i++)
        score_run(&search, i);
    struct found found = {.arena = arena};
    found.claimed = arena_take(search.scratch, exhibit->count + 1);
    take_chains(&search, &found);
    arena_free(search.scratch);
    return (struct align_chains){found.chains, found.count};
}
