/* Leaks for tests of mark/: codewords mixed by colluders, with reading errors, all from a seed. */
#ifndef TESTS_MARK_LEAK_H
#define TESTS_MARK_LEAK_H

#include <string.h>

#include "mark/mark.h"

enum mix {
    MIX_INTERLEAVE, /* each site from one of them at random */
    MIX_MAJORITY,
    MIX_MINORITY,
    MIX_ONES,
    MIX_ZEROS,
    MIX_COIN,
    MIXES
};

/* splitmix64 (Steele, Lea, Flood 2014): good enough to mix copies, and the same everywhere. */
static inline uint64_t leak_random(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15ULL);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

static inline double leak_chance(uint64_t *seed)
{
    return (double)(leak_random(seed) >> 11) * 0x1p-53;
}

static inline struct digest leak_key(uint64_t number)
{
    return digest_of((struct str){(const char *)&number, sizeof number});
}

/* What colluders publish at a site where `ones` of n hold 1. */
static inline int leak_pick(enum mix mix, unsigned ones, unsigned n, uint64_t *seed)
{
    if (ones == 0 || ones == n)
        return ones == n;
    if (mix == MIX_INTERLEAVE)
        return leak_random(seed) % n < ones;
    if ((mix == MIX_MAJORITY || mix == MIX_MINORITY) && 2 * ones != n)
        return (2 * ones > n) == (mix == MIX_MAJORITY);
    if (mix == MIX_ONES || mix == MIX_ZEROS)
        return mix == MIX_ONES;
    return (int)(leak_random(seed) & 1);
}

/* Fills read with a leak made from the members' codewords; each mark is flipped with chance
 * `errors`. */
static inline void leak_make(struct arena *arena, const struct mark_code *code,
                             const uint32_t *members, unsigned n, enum mix mix, double errors,
                             uint64_t *seed, int8_t *read)
{
    const uint32_t nsites = mark_code_sites(code);
    uint8_t *bits = arena_array(arena, nsites, uint8_t);
    uint8_t *ones = arena_array(arena, nsites, uint8_t);
    for (unsigned i = 0; i < n; i++) {
        mark_codeword(code, members[i], bits);
        for (uint32_t site = 0; site < nsites; site++)
            ones[site] = (uint8_t)(ones[site] + bits[site]);
    }
    for (uint32_t site = 0; site < nsites; site++) {
        const int bit = leak_pick(mix, ones[site], n, seed);
        read[site] = (int8_t)(bit ^ (leak_chance(seed) < errors));
    }
}

/* Members first, first+1, … */
static inline uint32_t *leak_members(struct arena *arena, uint32_t first, size_t n)
{
    uint32_t *members = arena_array(arena, n, uint32_t);
    for (size_t i = 0; i < n; i++)
        members[i] = first + (uint32_t)i;
    return members;
}

#endif
