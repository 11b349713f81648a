/* The source index over SQL; see source.h. */
#include "library/source.h"

#include <stdlib.h>

#include "paper/align.h"

#define HASH_BITS       48  /* of the gram's hash: six bytes a row, chance hits still negligible */
#define COMMON_EDITIONS 200 /* a gram held by more says nothing about the source */
#define ALL_GRAMS_UP_TO 20000 /* folded codes; a longer text is winnowed like the index itself */

static int64_t index_hash(const struct gram *gram)
{
    return (int64_t)(gram->hash >> (64 - HASH_BITS));
}

static int by_hash(const void *a, const void *b)
{
    int64_t x = index_hash(a);
    int64_t y = index_hash(b);
    return (x > y) - (x < y);
}

/* Sorted by hash with repeats removed: the index is walked in its own order. */
static void sort_and_unite(struct grams *grams)
{
    if (grams->count == 0)
        return;
    qsort(grams->grams, grams->count, sizeof *grams->grams, by_hash);
    size_t kept = 1;
    for (size_t i = 1; i < grams->count; i++)
        if (index_hash(&grams->grams[i]) != index_hash(&grams->grams[kept - 1]))
            grams->grams[kept++] = grams->grams[i];
    grams->count = kept;
}

enum status source_index_add(struct arena *arena, struct store *store, int64_t paper,
                             int64_t edition, struct str text, struct error *err)
{
    struct folded folded = unicode_fold(arena, text);
    struct grams grams = paper_winnow(arena, &folded);
    sort_and_unite(&grams);
    for (size_t i = 0; i < grams.count; i++) {
        struct query *q =
            query_start(store, "INSERT INTO gram (hash, paper, edition) VALUES (?1, ?2, ?3)");
        query_bind_int(q, 1, index_hash(&grams.grams[i]));
        query_bind_int(q, 2, paper);
        query_bind_int(q, 3, edition);
        (void)query_row(q);
        enum status status = query_end(q, err);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* --- search ------------------------------------------------------------------------------------ */

/* Votes gathered, an open-addressing table keyed by (paper, edition). */
struct votes {
    struct arena *arena;
    struct source_candidate *slots;
    size_t cap; /* a power of two */
    size_t used;
};

static struct source_candidate *slot_for(const struct votes *votes, int64_t paper, int64_t edition)
{
    uint64_t mixed = ((uint64_t)paper * 0x9E3779B97F4A7C15U) ^ ((uint64_t)edition << 7);
    for (size_t i = (size_t)(mixed >> 20);; i++) {
        struct source_candidate *slot = &votes->slots[i & (votes->cap - 1)];
        if (slot->paper == 0 || (slot->paper == paper && slot->edition == edition))
            return slot;
    }
}

static void make_room(struct votes *votes)
{
    if (votes->used * 2 < votes->cap)
        return;
    struct votes bigger = {.arena = votes->arena, .cap = votes->cap ? votes->cap * 2 : 256};
    bigger.slots = arena_array(votes->arena, bigger.cap, struct source_candidate);
    for (size_t i = 0; i < votes->cap; i++)
        if (votes->slots[i].paper)
            *slot_for(&bigger, votes->slots[i].paper, votes->slots[i].edition) = votes->slots[i];
    bigger.used = votes->used;
    *votes = bigger;
}

static void vote(struct votes *votes, int64_t paper, int64_t edition, double weight)
{
    make_room(votes);
    struct source_candidate *slot = slot_for(votes, paper, edition);
    if (slot->paper == 0) {
        slot->paper = paper;
        slot->edition = edition;
        votes->used++;
    }
    slot->weight += weight;
    slot->shared++;
}

static enum status vote_for_gram(struct store *store, int64_t hash, struct votes *votes,
                                 struct error *err)
{
    int64_t paper[COMMON_EDITIONS + 1];
    int64_t edition[COMMON_EDITIONS + 1];
    size_t count = 0;
    size_t papers = 0;
    struct query *q = query_start(
        store, "SELECT paper, edition FROM gram WHERE hash = ?1 ORDER BY paper, edition LIMIT 201");
    query_bind_int(q, 1, hash);
    while (count <= COMMON_EDITIONS && query_row(q)) {
        paper[count] = query_int(q, 0);
        edition[count] = query_int(q, 1);
        papers += count == 0 || paper[count] != paper[count - 1];
        count++;
    }
    enum status status = query_end(q, err);
    if (count <= COMMON_EDITIONS)
        for (size_t i = 0; i < count; i++)
            vote(votes, paper[i], edition[i], 1.0 / (double)papers);
    return status;
}

static int strongest_first(const void *a, const void *b)
{
    const struct source_candidate *x = a;
    const struct source_candidate *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    if (x->paper != y->paper)
        return x->paper < y->paper ? -1 : 1;
    return (x->edition < y->edition) - (x->edition > y->edition);
}

static void rank(struct votes *votes, size_t most, struct source_candidate **candidates,
                 size_t *count)
{
    *candidates = arena_array(votes->arena, votes->used, struct source_candidate);
    *count = 0;
    for (size_t i = 0; i < votes->cap; i++)
        if (votes->slots[i].paper)
            (*candidates)[(*count)++] = votes->slots[i];
    if (*count)
        qsort(*candidates, *count, sizeof **candidates, strongest_first);
    if (*count > most)
        *count = most;
}

enum status source_index_search(struct arena *arena, struct store *store, struct str text,
                                size_t most, struct source_candidate **candidates, size_t *count,
                                struct error *err)
{
    struct folded folded = unicode_fold(arena, text);
    struct grams grams = folded.count <= ALL_GRAMS_UP_TO ? paper_all_grams(arena, &folded)
                                                         : paper_winnow(arena, &folded);
    sort_and_unite(&grams);
    struct votes votes = {.arena = arena};
    for (size_t i = 0; i < grams.count; i++) {
        enum status status = vote_for_gram(store, index_hash(&grams.grams[i]), &votes, err);
        if (status)
            return status;
    }
    rank(&votes, most, candidates, count);
    return STATUS_OK;
}
