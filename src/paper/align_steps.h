/* Inside alignment only: the lattice and the steps from an exhibit to readings.
 *
 *   fold → seeds (exact grams of any rendering) → runs → chains → paths → readings
 *
 * The lattice is a list of nodes in text order. A visible place is laid out as
 *
 *   … before │ alternative 0 … │ alternative 1 … │ join │ after …
 *
 * where `join` carries no code; a node's `next` leaves an alternative for its join, and the node
 * before a place may go on to either alternative (or straight to the join past an empty one).
 * What both alternatives begin or end with alike is laid out once, outside them. Node 0 and the
 * last node carry no code either. Places whose alternatives fold alike make no branch: they are
 * read from raw bytes (align_raw.c), and those of the layout, which differ in nothing but space, from what
 * was measured (align_layout.c). */
#ifndef PAPER_ALIGN_STEPS_H
#define PAPER_ALIGN_STEPS_H

#include "paper/align.h"

#define ALIGN_GRAM_HAN     5U
#define ALIGN_GRAM_OTHER   10U
#define ALIGN_NONE         UINT32_MAX
#define ALIGN_WEIGHT_HAN   5U  /* how telling one matched code is … */
#define ALIGN_WEIGHT_OTHER 2U  /* … a letter, digit or sign says less than an ideograph */
#define ALIGN_CHAIN_LEAST  150 /* 30 ideographs or 75 letters that hang together */
#define ALIGN_CHAIN_KNOWN  60  /* … less once ALIGN_KNOWN has been found of the edition */
#define ALIGN_KNOWN        1500

/* Grams by which an edition is found: so many codes from one of that kind on, hashed code by code from 0 with _step, then
 * closed with _end. */
unsigned align_gram_len(uint32_t code);
uint64_t align_gram_step(uint64_t hash, uint32_t code);
uint64_t align_gram_end(uint64_t hash);
static inline uint32_t align_weight(uint32_t code)
{
    return code >= 0x2E80 ? ALIGN_WEIGHT_HAN : ALIGN_WEIGHT_OTHER;
}

/* A place at which the lattice branches. An alternative without codes has first > last. */
struct align_branch {
    uint32_t place;    /* index in paper_sites.places */
    uint32_t before;   /* node that it branches off */
    uint32_t first[2]; /* nodes of the alternatives, inclusive */
    uint32_t last[2];
    uint32_t join;
};

/* A place whose alternatives fold alike, to `codes` codes that follow node `before`. Node numbers
 * rise along every path, so the path's first step behind `before` is the place or what follows. */
struct align_raw {
    uint32_t place;
    uint32_t before;
    uint32_t codes;
};

struct align_node {
    uint32_t code;   /* 0: carries none */
    uint32_t next;   /* the node that follows (alternative 0's first where it branches) */
    uint32_t before; /* the node before; of a join, the end of alternative 0 */
    uint32_t branch; /* index of the branch whose `before` this is, or ALIGN_NONE */
    uint32_t ends;   /* index of the branch whose join this is, or ALIGN_NONE */
    uint32_t column; /* codes before it along alternative 0 */
    uint32_t at;     /* byte of the edition's text */
    uint32_t in;     /* index of the branch whose alternative it stands in, or ALIGN_NONE */
};

struct align_slot {
    uint64_t hash;
    uint32_t first; /* latest entry */
    uint32_t count;
};
struct align_entry {
    uint32_t node;
    uint32_t before; /* entry with the same hash, or ALIGN_NONE */
};

struct lattice {
    const struct paper_doc *doc;
    const struct paper_sites *sites;
    struct align_node *nodes;
    uint32_t nnodes;
    struct align_branch *branches;
    uint32_t nbranches;
    struct align_raw *raws; /* by `before` */
    uint32_t nraws;
    struct align_raw *layouts; /* places of the layout, likewise */
    uint32_t nlayouts;
    uint32_t columns;         /* codes along alternative 0 */
    struct align_slot *slots; /* grams of every rendering, open addressing */
    uint64_t slot_mask;
    struct align_entry *entries;
};

/* The nodes after `node`: one, or two where it branches. */
unsigned lattice_after(const struct lattice *lattice, uint32_t node, uint32_t out[2]);
/* The entries under a hash, or NULL when it is unknown or too frequent to tell anything. */
const struct align_slot *lattice_find(const struct lattice *lattice, uint64_t hash);

/* Index of the first of `count` places read from raw bytes or measurements at or behind node `from`. */
uint32_t lattice_raw_from(const struct align_raw *raws, uint32_t count, uint32_t from);

/* A code of the exhibit met at a node. */
struct align_pair {
    uint32_t at; /* index in the folded exhibit */
    uint32_t node;
};

/* A chain: the exhibit's codes [from, to) seen in the edition, with exact pairs to hold on to, both
 * rising. from and to leave room for the ends to be extended, and chains do not overlap. */
struct align_chain {
    struct align_pair *pairs;
    size_t npairs;
    uint32_t room_from, room_to;
};
struct align_chains {
    struct align_chain *chains;
    size_t count;
};
/* Finds the chains, in exhibit order. Near linear. */
struct align_chains align_find_chains(struct arena *arena, const struct lattice *lattice,
                                      const struct folded *exhibit);

/* One step of a path: a node with a code, and the exhibit's code that stands for it. */
struct align_step {
    uint32_t node;
    uint32_t at;      /* index in the exhibit, ALIGN_NONE when it is missing there */
    uint32_t strange; /* exhibit codes put in right before this step */
    bool same;        /* the two codes are equal */
};
/* What a chain says at one branch. */
struct align_sight {
    uint32_t branch;
    uint32_t cost[2]; /* of the best path around it by either alternative */
    uint32_t step[2]; /* steps of the chosen alternative: [step[0], step[1]) of the path */
};
struct align_path {
    struct align_step *steps;
    size_t nsteps;
    struct align_sight *sights;
    size_t nsights;
};
/* The best path along a chain, extended at both ends as far as the texts agree. */
void align_walk_chain(struct arena *arena, const struct lattice *lattice,
                      const struct folded *exhibit, const struct align_chain *chain,
                      struct align_path *path);

/* Observations of one site over all chains and places. */
struct align_votes {
    uint32_t votes[2];
    uint8_t doubt[2];        /* class of doubt of the surest vote for each */
    struct mark_sight sight; /* all together, for a site that shows once */
    bool met;                /* lies in a stretch covered */
};
void align_cast_vote(struct align_votes *votes, int8_t value, unsigned doubt);
/* Places met, gathered over all chains. */
struct align_sights {
    struct arena *arena;
    struct sight *list;
    size_t count;
};
void align_add_sight(struct align_sights *sights, struct sight sight);
/* Where the path's branch sight lies in the exhibit, what both alternatives share at their ends included. */
struct sight align_locate_sight(const struct lattice *lattice, struct str text,
                                const struct folded *exhibit, const struct align_path *path,
                                const struct align_sight *sight);

/* Reads the places that folding blurs, and those of fragile channels seen by `sights`. `outcome` has
 * an entry for each sight of the path: what it would read. Each place read is added to `sights`. */
void align_read_fragile(struct arena *arena, const struct lattice *lattice, struct str text,
                        const struct folded *exhibit, const struct align_path *path,
                        const int8_t *outcome, struct align_votes *votes,
                        struct align_sights *sights);

/* A place of the layout met on a path, and what was measured there. */
struct align_shift {
    uint32_t place;
    size_t at, len; /* bytes of the exhibit */
    double ems, noise;
    bool measured;
    uint8_t doubt; /* class */
    int8_t value;  /* 0, 1 or MARK_ERASED */
};
/* Those of one kind, over all chains. */
struct align_shifts {
    struct arena *arena;
    struct align_shift *list;
    size_t count;
};
/* Gathers the places of the layout that a path meets, by kind; none where nothing was measured. */
void align_find_shifts(const struct lattice *lattice, const struct paper_seen *seen,
                       const struct folded *exhibit, const struct align_path *path,
                       struct align_shifts shifts[2]);
/* Reads all that were gathered of a kind; votes for their sites and adds where they are seen. */
void align_read_shifts(const struct lattice *lattice, enum paper_shift_kind kind,
                       struct align_shifts *shifts, struct align_votes *votes,
                       struct align_sights *sights);

#endif
