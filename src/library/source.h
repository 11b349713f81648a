/* The source index: which edition does an excerpt come from?
 *
 * Each edition's text is winnowed to a few grams, kept as (hash, paper, edition). A text that is
 * looked for is cut into all its grams; those found vote for their editions, a gram counting the
 * less the more papers hold it. See paper/align.h for the grams. */
#ifndef LIBRARY_SOURCE_H
#define LIBRARY_SOURCE_H

#include "base/unicode.h"
#include "store/store.h"

/* Adds an edition's text, within the open write transaction. */
enum status source_index_add(struct arena *arena, struct store *store, int64_t paper,
                             int64_t edition, struct str text, struct error *err);

struct source_candidate {
    int64_t paper, edition;
    double weight;   /* sum over shared grams of 1 / (papers that hold the gram) */
    uint32_t shared; /* grams shared */
};

/* The most likely sources of a text, strongest first, at most `most`. Grams held by more than 200
 * editions are passed over. */
enum status source_index_search(struct arena *arena, struct store *store, struct str text,
                                size_t most, struct source_candidate **candidates, size_t *count,
                                struct error *err);

#endif
