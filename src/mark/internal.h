/* What the files of mark/ share and nobody else sees.
 *
 * Reading order: bias.c (which biases), codeword.c (which bits), weights.c (what an agreement is
 * worth), bound.c (how seldom an innocent scores so high), count.c (agreements of many members,
 * fast), accuse.c (the walk over all of these), again.c (one result of it computed anew), plan.c (how many marks one needs).
 * doubt.c says what doubt about a mark means. */
#ifndef MARK_INTERNAL_H
#define MARK_INTERNAL_H

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>

#include "mark/mark.h"

#define MARK_PLANES        6U   /* MARK_BIAS_UNIT = 2^6 */
#define MARK_SEGMENT_SLOTS 128U /* slots that one AES block serves */
#define MARK_KEY_BYTES     16U
#define MARK_BLOCK_BYTES   16U

/* ---- codeword.c: the key stream ---- */

struct mark_code {
    struct digest key;
    const struct mark_distribution *distribution;
    uint32_t nsites;
    uint8_t *class; /* of each site */
    uint32_t *slot; /* of each site: its ordinal among the sites of its class */
    unsigned char *keys[MARK_CLASSES_MAX]; /* of each class: MARK_KEY_BYTES a segment */
};

/* Key-stream planes that a bias takes: trailing zero bits of the numerator never matter. */
unsigned mark_planes_of(unsigned numerator);
/* A cipher keyed for one segment (128 slots of one class) of a code. Ends with EVP_CIPHER_CTX_free.
 */
EVP_CIPHER_CTX *mark_stream_open(const struct mark_code *code, unsigned class, uint32_t segment);
/* Writes the counter block of (plane, member). */
static inline void mark_stream_counter(unsigned char block[MARK_BLOCK_BYTES], unsigned plane,
                                       uint32_t member)
{
    const uint32_t words[4] = {htole32(plane), 0, 0, htobe32(member)};
    memcpy(block, words, sizeof words);
}
/* Encrypts counter blocks to key stream; nblocks may be anything. */
void mark_stream_run(EVP_CIPHER_CTX *cipher, unsigned char *out, const unsigned char *counters,
                     size_t nblocks);

/* ---- weights.c: what an agreement is worth ---- */

/* How colluders who see their copies differ at a site choose what to publish there. */
enum mark_strategy {
    MARK_INTERLEAVE, /* one of their copies at random */
    MARK_MAJORITY,
    MARK_MINORITY,
    MARK_ONES,  /* 1 where they can */
    MARK_ZEROS, /* 0 where they can */
    MARK_COIN,  /* 0 or 1 at random */
    MARK_STRATEGIES,
    MARK_SYMMETRIC = MARK_STRATEGIES, /* no strategy: Skoric's symmetric score, good against all */
};

#define MARK_ASSUMED_ERROR \
    0.02 /* misread marks that the weights reckon with where nothing is in doubt */
#define MARK_EXPLAINERS_MAX 7U /* members named so far that later stages take into account */

/* Sites that look alike to a test: same bias, same bit read, same doubt, same number of members named
 * before who hold that bit. */
struct mark_group {
    unsigned numerator; /* of the bias, in 64ths */
    unsigned bit;       /* read there */
    unsigned explained; /* members named before who hold that bit … */
    unsigned known;     /* … of so many taken into account */
    unsigned doubt;     /* class */
    double agree;       /* chance that an innocent holds the bit: p or 1-p, exact */
    double rough;       /* the same for the rough count of count.c, never less */
    double sites;       /* how many (a whole number but in plan.c) */
};

/* Chance that 1 is published when `ones` of `colluders` hold 1, misreading included. */
double mark_strategy_one(enum mark_strategy strategy, unsigned ones, unsigned colluders,
                         double error_rate);
/* Chance that the group's bit is published when one colluder of `colluders` holds `held`, `known`
 * of the others are the group's and the rest are unknown. */
double mark_strategy_bit(enum mark_strategy strategy, const struct mark_group *group, unsigned held,
                         unsigned colluders, double error_rate);

#define MARK_WEIGHT_UNIT (1U << 20)

/* One way of scoring: a member's score is Σ weight[g] × (agreements in group g). */
struct mark_family {
    double prior;      /* its share of the false-alarm budget of its stage */
    uint32_t *weight;  /* for each group; the greatest is MARK_WEIGHT_UNIT */
    int64_t threshold; /* score at which a member is named; INT64_MAX if none can be */
    int64_t shortlist; /* rough score at which later stages look at a member */
};

/* The families for these groups: those of the first stage when nobody is known, else those of
 * later ones. Families that rank members alike are merged, their priors added. The weights lie in
 * `room`, which has place for MARK_FAMILIES_MAX × ngroups; thresholds are left 0. */
#define MARK_FAMILIES_MAX 12U
size_t mark_families_make(uint32_t *room, const struct mark_group *groups, size_t ngroups,
                          struct mark_family families[MARK_FAMILIES_MAX]);

/* ---- bound.c: how seldom an innocent scores so high ---- */

/* An upper bound of ln P(score of an innocent ≥ score), at most 0. */
double mark_bound_ln(const struct mark_group *groups, const uint32_t *weight, size_t ngroups,
                     int64_t score);
/* The strongest of a stage's tests for a member who agrees on agree[g] sites of group g: ln of the bound with all
 * tests counted, at most 0. *score gets minus ln of that test's own bound, 0 where none says anything. */
double mark_bound_strongest(const struct mark_group *groups, size_t ngroups,
                            const struct mark_family *families, size_t nfamilies, unsigned stage,
                            const uint32_t *agree, double *score);
/* The least score (to about a weight unit) whose bound is at most ln_target; INT64_MAX if even
 * agreement everywhere is too likely. */
int64_t mark_bound_threshold(const struct mark_group *groups, const uint32_t *weight,
                             size_t ngroups, double ln_target);

/* A leaker's score, taken as normal, and how many deviations below its mean it must still do. */
struct mark_spread {
    double mean, variance, deviations;
};
/* The least m with which a leaker reaches the score whose bound is ln_target (below 0) when there are m times the sites
 * in each group, and m times the leaker's mean and variance; HUGE_VAL if there is none. */
double mark_bound_multiple(const struct mark_group *groups, const uint32_t *weight, size_t ngroups,
                           const struct mark_spread *leaker, double ln_target);

/* ---- count.c: agreements of many members at once ---- */

/* Sites of one segment that belong to one group. */
struct mark_probe {
    uint32_t group;
    uint64_t mask[2];
};

struct mark_segment {
    EVP_CIPHER_CTX *cipher;
    unsigned numerator;
    uint64_t read[2]; /* bit of each slot as read, 0 where erased */
    struct mark_probe *probes;
    uint32_t nprobes;
};

#define MARK_CHUNK        256U /* members counted at a time */
#define MARK_ROUGH_PLANES 3U   /* planes that the rough count uses */

/* What a member's scores reach, in any family. */
enum { MARK_REACHES_NAME = 1, MARK_REACHES_LIST = 2 };

/* Working memory for a chunk; the last two hold the answers, for member i of the chunk. */
struct mark_counter {
    const struct mark_segment *segments;
    size_t nsegments;
    size_t ngroups;
    unsigned char *blocks; /* counters, plane after plane */
    unsigned char *stream;
    uint64_t *bits;
    uint64_t *counts; /* agreements in either half of the segments */
    int64_t *scores;
    uint32_t *totals;  /* [g * MARK_CHUNK + i]: agreements in group g */
    uint64_t *reached; /* [i]: MARK_REACHES_… */
};

struct mark_counter mark_counter_make(struct arena *arena, const struct mark_segment *segments,
                                      size_t nsegments, size_t ngroups);
/* Counts exactly. n ≤ MARK_CHUNK. */
void mark_count_exact(struct mark_counter *counter, const uint32_t *members, size_t n);
/* Counts from MARK_ROUGH_PLANES planes; a bit that these leave open counts as agreeing. Never less
 * than the exact count. */
void mark_count_rough(struct mark_counter *counter, const uint32_t *members, size_t n);
/* Fills `reached` from the agreements counted last, of n members. */
void mark_count_reached(struct mark_counter *counter, const struct mark_family *families,
                        size_t nfamilies, size_t n);

/* ---- accuse.c ---- */

/* With more members than this, later stages look only at a shortlist. */
#define MARK_EVERYONE_LISTED 65536U

/* ln of the false-alarm chance that one test of one member may have. */
double mark_budget_ln(double false_alarm, double nmembers, unsigned stage, double prior);

#endif
