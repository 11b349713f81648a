/* The arithmetic of the record: how a line's hash follows from the line before, and the tree over all lines.
 *
 *   said = SHA-256( salt ‖ |actor| actor ‖ |subject| subject ‖ |data| data )
 *   hash = SHA-256( previous hash ‖ seq ‖ time ‖ |kind| kind ‖ said )
 *
 * Numbers and lengths are eight bytes, little-endian; the hash before the first is 32 zero bytes. Lengths stand before
 * texts so that no two events have one encoding.
 *
 * The tree is that of RFC 6962 (2.1) over the hashes of lines 1 … n: who has its root can be shown that a line is among
 * them by a digest for each of the tree's levels, and learns nothing of any other line.
 *
 * Pure: enters base/ only, so that a proof can be checked where there is no database. */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "base/digest.h"

#define CHAIN_LEVELS 63U

/* What an event says, by digest. The arena is for what is in between. */
struct digest chain_said(struct arena *arena, struct str salt, struct str actor, struct str subject,
                         struct str data);
struct digest chain_hash(struct arena *arena, const struct digest *before, int64_t seq,
                         int64_t time_ms, struct str kind, const struct digest *said);

/* A tree that grows by a line at a time; zeroed, it is empty. */
struct chain_tree {
    uint64_t count;
    struct digest peaks[CHAIN_LEVELS]; /* roots of whole parts, the largest first */
    unsigned npeaks;
};
/* A line wanted of a tree that grows, and its way to the root; sorted by seq. */
struct chain_path {
    uint64_t seq; /* from 1 */
    struct digest steps[CHAIN_LEVELS + 1];
    unsigned nsteps;
};
/* Adds the next line, to the paths of those wanted too. Takes O(1) hashes on average. */
void chain_tree_add(struct chain_tree *tree, const struct digest *hash, struct chain_path *wanted,
                    size_t nwanted);
/* The root, and the paths ended; the tree must not grow after that. Zero for an empty one. */
struct digest chain_tree_end(const struct chain_tree *tree, struct chain_path *wanted,
                             size_t nwanted);
/* Whether the line `seq` of `count` with this hash stands under the root. */
bool chain_tree_holds(const struct digest *root, uint64_t count, uint64_t seq,
                      const struct digest *hash, const struct digest *steps, size_t nsteps);

#endif
