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
#define LOOK_BACK 48U
#define GAP_WEIGHT 700U /* weight that may lie unmatched within a chain: 140 ideographs */

struct seed {
    uint32_t node;
    uint32_t at;
    uint32_t before; /* the run's seed before this, or ALIGN_NONE */
};

struct run {
    uint32_t first, last; /* seeds */
    uint32_t before;      /* run before it in the best chain, or ALIGN_NONE */
    int64_t own;          /* weight matched by it alone */
    int64_t score;        /* … with the chain that leads to it */
    bool used;
};

struct search {
    const struct lattice *lattice;
    const struct folded *exhibit;
    uint32_t *weight; /* of the exhibit's codes before each index */
    struct seed *seeds;
    uint32_t nseeds, seed_room;
    struct run *runs;
    uint32_t nruns, run_room;
    struct arena *scratch;
};

static uint32_t add_seed(struct search *search, struct seed seed)
{
    if (search->nseeds == search->seed_room) {
        uint32_t more = search->seed_room * 2 + 1024;
        search->seeds =
            arena_grow(search->scratch, search->seeds, search->seed_room * sizeof *search->seeds,
                       more * sizeof *search->seeds);
        search->seed_room = more;
    }
    search->seeds[search->nseeds] = seed;
    return search->nseeds++;
}

static uint32_t add_run(struct search *search, uint32_t seed)
{
    if (search->nruns == search->run_room) {
        uint32_t more = search->run_room * 2 + 256;
        search->runs =
            arena_grow(search->scratch, search->runs, search->run_room * sizeof *search->runs,
                       more * sizeof *search->runs);
        search->run_room = more;
    }
    search->runs[search->nruns] = (struct run){.first = seed, .last = seed, .before = ALIGN_NONE};
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

static void find_runs(struct search *search, const struct grams *grams)
{
    const struct lattice *l = search->lattice;
    uint32_t open[SEEDS_AT_ONCE]; /* runs that reached the position before */
    unsigned nopen = 0;
    uint32_t position = 0;
    for (size_t g = 0; g < grams->count; g++) {
        uint32_t at = grams->grams[g].at;
        if (at != position + 1)
            nopen = 0;
        position = at;
        uint32_t now[SEEDS_AT_ONCE];
        unsigned nnow = 0;
        const struct align_slot *slot = lattice_find(l, grams->grams[g].hash);
        uint32_t entry = slot ? slot->first : ALIGN_NONE;
        for (; entry != ALIGN_NONE && nnow < SEEDS_AT_ONCE; entry = l->entries[entry].before) {
            uint32_t seed = add_seed(search, (struct seed){l->entries[entry].node, at, ALIGN_NONE});
            uint32_t run = ALIGN_NONE;
            for (unsigned o = 0; o < nopen && run == ALIGN_NONE; o++) {
                uint32_t last = search->runs[open[o]].last;
                if (search->seeds[last].at + 1 == at &&
                    follows(l, search->seeds[last].node, search->seeds[seed].node, 2))
                    run = open[o];
            }
            if (run == ALIGN_NONE) {
                run = add_run(search, seed);
            } else {
                search->seeds[seed].before = search->runs[run].last;
                search->runs[run].last = seed;
            }
            now[nnow++] = run;
        }
        memcpy(open, now, nnow * sizeof *now);
        nopen = nnow;
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

/* What is lost between the end of `a` and the beginning of `b`, or -1 when they can't be linked. */
static int64_t gap_cost(const struct search *search, const struct run *a, const struct run *b)
{
    struct seed end = search->seeds[a->last];
    struct seed start = search->seeds[b->first];
    if (start.at <= end.at || start.node <= end.node)
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
    uint32_t tail = weight_between(search, end.at, gram_end(search, end.at));
    int64_t twice = tail > here ? tail - here : 0; /* matched by both runs */
    return larger * 3 / 10 + (shift < 0 ? -shift : shift) * 3 / 10 + twice;
}

static void score_runs(struct search *search)
{
    for (uint32_t i = 0; i < search->nruns; i++) {
        struct run *run = &search->runs[i];
        run->own = weight_between(search, search->seeds[run->first].at,
                                  gram_end(search, search->seeds[run->last].at));
        run->score = run->own;
        for (uint32_t back = 1; back <= LOOK_BACK && back <= i; back++) {
            const struct run *before = &search->runs[i - back];
            int64_t cost = gap_cost(search, before, run);
            if (cost < 0 || before->score + run->own - cost <= run->score)
                continue;
            run->score = before->score + run->own - cost;
            run->before = i - back;
        }
    }
}

/* --- chains ----------------------------------------------------------------------------------- */

struct found {
    struct align_chain *chains;
    size_t count, room;
    struct arena *arena;
    unsigned char *claimed; /* by exhibit code */
};

static void add_chain(struct search *search, struct found *found, const uint32_t *runs, size_t nruns)
{
    struct align_chain chain = {0};
    size_t count = 0;
    for (size_t r = 0; r < nruns; r++) {
        const struct run *run = &search->runs[runs[r]];
        count += search->seeds[run->last].at - search->seeds[run->first].at + 1;
    }
    chain.pairs = arena_array(found->arena, count, struct align_pair);
    chain.npairs = count;
    for (size_t r = 0; r < nruns; r++) { /* latest run first, latest seed first */
        for (uint32_t s = search->runs[runs[r]].last; s != ALIGN_NONE; s = search->seeds[s].before)
            chain.pairs[--count] = (struct align_pair){search->seeds[s].at, search->seeds[s].node};
    }
    uint32_t from = chain.pairs[0].at;
    uint32_t to = gram_end(search, chain.pairs[chain.npairs - 1].at);
    memset(found->claimed + from, 1, to - from);
    if (found->count == found->room) {
        size_t more = found->room * 2 + 16;
        found->chains = arena_grow(found->arena, found->chains, found->room * sizeof chain,
                                   more * sizeof chain);
        found->room = more;
    }
    found->chains[found->count++] = chain;
}

static bool is_claimed(const struct found *found, uint32_t from, uint32_t to)
{
    return memchr(found->claimed + from, 1, to - from) != NULL;
}

/* Takes the chain that ends with run `last`, less what better chains claimed: what lies between
 * claims stands or falls on its own. */
static void take_chain(struct search *search, struct found *found, uint32_t last, uint32_t *list)
{
    size_t count = 0;
    int64_t weight = 0;
    for (uint32_t r = last; r != ALIGN_NONE && !search->runs[r].used; r = search->runs[r].before) {
        struct run *run = &search->runs[r];
        uint32_t from = search->seeds[run->first].at;
        uint32_t to = gram_end(search, search->seeds[run->last].at);
        uint32_t until = count ? search->seeds[search->runs[list[count - 1]].first].at : to;
        run->used = true;
        if (is_claimed(found, from, until > to ? until : to)) {
            if (weight >= ALIGN_CHAIN_LEAST)
                add_chain(search, found, list, count);
            count = 0;
            weight = 0;
            if (is_claimed(found, from, to))
                continue;
        }
        weight += run->own;
        if (count)
            weight -= gap_cost(search, run, &search->runs[list[count - 1]]);
        list[count++] = r;
    }
    if (weight >= ALIGN_CHAIN_LEAST)
        add_chain(search, found, list, count);
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

static void take_chains(struct search *search, struct found *found)
{
    struct rank *ranks = arena_array(search->scratch, search->nruns + 1, struct rank);
    uint32_t *list = arena_array(search->scratch, search->nruns + 1, uint32_t);
    size_t count = 0;
    for (uint32_t i = 0; i < search->nruns; i++) {
        if (search->runs[i].score >= ALIGN_CHAIN_LEAST)
            ranks[count++] = (struct rank){search->runs[i].score, i};
    }
    qsort(ranks, count, sizeof *ranks, by_score);
    for (size_t i = 0; i < count; i++)
        take_chain(search, found, ranks[i].run, list);
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
    score_runs(&search);
    struct found found = {.arena = arena};
    found.claimed = arena_take(search.scratch, exhibit->count + 1);
    take_chains(&search, &found);
    arena_free(search.scratch);
    return (struct align_chains){found.chains, found.count};
}
