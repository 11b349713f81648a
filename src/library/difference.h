/* The difference between two editions, both in one member's own words.
 *
 * What is compared are the masters, so that nothing shows but what the editor changed: a site that was
 * added, locked or moved between two editions changes a member's copy and is no change of the paper. What is
 * shown are the member's words: of the later edition where both agree, of each where they differ. A place of
 * a site is taken whole, and where both read the same to this member nothing is shown.
 *
 * Blocks are matched first, then the words of those that were changed (characters in Chinese). Myers, "An
 * O(ND) difference algorithm and its variations" (1986), in its form with memory linear in the texts; time
 * is bounded, and what is too different within the bound shows as replaced. Pure. */
#ifndef LIBRARY_DIFFERENCE_H
#define LIBRARY_DIFFERENCE_H

#include "paper/site.h"

/* One edition, and the member's bits for it (with locks applied). */
struct difference_side {
    const struct paper_doc *doc;
    const struct paper_sites *sites;
    const uint8_t *bits;
};

enum difference_kind { DIFFERENCE_SAME, DIFFERENCE_DELETED, DIFFERENCE_INSERTED };
struct difference_span {
    enum difference_kind kind;
    struct str text; /* the member's words */
};

enum difference_change { BLOCK_SAME, BLOCK_CHANGED, BLOCK_ADDED, BLOCK_REMOVED };
struct difference_block {
    enum difference_change change;
    enum paper_block_kind kind;
    unsigned level;
    size_t part; /* index in parts */
    struct difference_span *spans;
    size_t nspans;
};

/* What happened below one heading of the later edition; the first part is what stands before all of them. */
struct difference_part {
    struct str heading; /* empty for the first */
    size_t changed, added, removed;
};

struct difference {
    struct difference_block *blocks;
    size_t nblocks;
    struct difference_part *parts;
    size_t nparts;
    size_t changed, added, removed; /* blocks in all */
};

/* Compares in the arena. */
void library_compare(struct arena *arena, const struct difference_side *before,
                     const struct difference_side *after, struct difference *difference);

#endif
