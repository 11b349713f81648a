/* Agreements of many members at once: where a trace spends its time.
 *
 * Members are taken MARK_CHUNK at a time. For each segment one call makes the key stream of all of
 * them, the bits of 128 slots a member come from ANDs and ORs of whole words (see codeword.c), are
 * compared with what was read, and the agreements of each group are population counts.
 *
 * The *rough* count makes only the first three planes. They settle the comparison u < numerator but
 * for one u in eight; what stays open is counted as agreeing. So the rough count is never less than
 * the exact one, weights are never negative, and a member whose rough score misses the threshold
 * misses it exactly: accuse.c counts exactly only those who reach it. "Open counts as agreeing" is
 * free: the comparison from the lowest plane up merely starts, instead of at 0, at the bit read.
 *
 * The loops are plain ones over words which the compiler turns into the widest vectors there are;
 * they are compiled for three kinds of processor, chosen when the program runs. */
#include "internal.h"

#include <endian.h>
#include <string.h>

#define LANES ((size_t)2 * MARK_CHUNK) /* 64-bit words of a plane: two a member */

#if defined(__GNUC__)
#define INLINED static inline __attribute__((always_inline))
#else
#define INLINED static inline
#endif

/* less ← n ? less | stream : less & stream, for `lanes` words. */
INLINED void compare_plane(uint64_t *restrict less, const uint64_t *restrict stream, uint64_t n,
                           size_t lanes)
{
    for (size_t i = 0; i < lanes; i++) {
        const uint64_t s = le64toh(stream[i]);
        less[i] = (less[i] & s) | (n & (less[i] | s));
    }
}

INLINED void count_probe(uint64_t *restrict counts, const uint64_t *restrict bits,
                         const uint64_t read[2], const uint64_t mask[2], size_t lanes)
{
    const uint64_t read0 = ~read[0], read1 = ~read[1], mask0 = mask[0], mask1 = mask[1];
    for (size_t i = 0; i < lanes; i += 2) {
        counts[i] += (uint64_t)__builtin_popcountll((bits[i] ^ read0) & mask0);
        counts[i + 1] += (uint64_t)__builtin_popcountll((bits[i + 1] ^ read1) & mask1);
    }
}

/* Three planes and two probes, which is what a pass over everybody mostly meets, in one loop. */
INLINED void count_common(const struct mark_segment *segment, const uint64_t *restrict stream,
                          const uint64_t start[2], uint64_t *restrict counts0,
                          uint64_t *restrict counts1, size_t lanes)
{
    const uint64_t *s0 = stream, *s1 = stream + lanes, *s2 = stream + 2 * lanes;
    const uint64_t n0 = segment->numerator & 32 ? UINT64_MAX : 0;
    const uint64_t n1 = segment->numerator & 16 ? UINT64_MAX : 0;
    const uint64_t n2 = segment->numerator & 8 ? UINT64_MAX : 0;
    uint64_t mask0[2], mask1[2], read[2], open[2];
    memcpy(mask0, segment->probes[0].mask, sizeof mask0);
    memcpy(mask1, segment->probes[1].mask, sizeof mask1);
    memcpy(read, segment->read, sizeof read);
    memcpy(open, start, sizeof open);
    for (size_t i = 0; i < lanes; i += 2) {
        for (size_t h = 0; h < 2; h++) {
            uint64_t less = open[h], s = le64toh(s2[i + h]);
            less = (less & s) | (n2 & (less | s));
            s = le64toh(s1[i + h]);
            less = (less & s) | (n1 & (less | s));
            s = le64toh(s0[i + h]);
            less = (less & s) | (n0 & (less | s));
            less = ~(less ^ read[h]);
            counts0[i + h] += (uint64_t)__builtin_popcountll(less & mask0[h]);
            counts1[i + h] += (uint64_t)__builtin_popcountll(less & mask1[h]);
        }
    }
}

INLINED void count_segment(const struct mark_segment *segment, const uint64_t *stream,
                           unsigned planes, const uint64_t start[2], uint64_t *bits,
                           uint64_t *counts, size_t lanes)
{
    if (planes == 3 && segment->nprobes == 2) {
        count_common(segment, stream, start, counts + segment->probes[0].group * LANES,
                     counts + segment->probes[1].group * LANES, lanes);
        return;
    }
    for (size_t i = 0; i < lanes; i += 2) {
        bits[i] = start[0];
        bits[i + 1] = start[1];
    }
    for (unsigned k = planes; k-- > 0;) {
        const uint64_t n = segment->numerator >> (MARK_PLANES - 1 - k) & 1 ? UINT64_MAX : 0;
        compare_plane(bits, stream + k * lanes, n, lanes);
    }
    for (uint32_t i = 0; i < segment->nprobes; i++) {
        const struct mark_probe *probe = &segment->probes[i];
        count_probe(counts + probe->group * LANES, bits, segment->read, probe->mask, lanes);
    }
}

/* Adds the halves: agreements of n members in one group. */
INLINED void add_halves(uint32_t *restrict totals, const uint64_t *restrict counts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        totals[i] = (uint32_t)(counts[2 * i] + counts[2 * i + 1]);
}

/* A count fits 32 bits, as a paper has fewer than 2^32 sites, and a weight 21. */
INLINED void add_scores(int64_t *restrict scores, const uint32_t *restrict totals, uint32_t weight,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        scores[i] += (int64_t)((uint64_t)totals[i] * weight);
}

INLINED void note_reached(uint64_t *restrict reached, const int64_t *restrict scores,
                          int64_t threshold, uint64_t flag, size_t n)
{
    for (size_t i = 0; i < n; i++)
        reached[i] |= scores[i] >= threshold ? flag : 0;
}

struct kernel {
    void (*segment)(const struct mark_segment *segment, const uint64_t *stream, unsigned planes,
                    const uint64_t start[2], uint64_t *bits, uint64_t *counts, size_t lanes);
    void (*halves)(uint32_t *totals, const uint64_t *counts, size_t n);
    void (*scores)(int64_t *scores, const uint32_t *totals, uint32_t weight, size_t n);
    void (*reached)(uint64_t *reached, const int64_t *scores, int64_t threshold, uint64_t flag,
                    size_t n);
};

/* The loops above, compiled for one kind of processor. */
#define KERNEL(kind, ...)                                                                     \
    __VA_ARGS__ static void segment_##kind(                                                   \
        const struct mark_segment *segment, const uint64_t *stream, unsigned planes,          \
        const uint64_t start[2], uint64_t *bits, uint64_t *counts, size_t lanes)              \
    {                                                                                         \
        count_segment(segment, stream, planes, start, bits, counts, lanes);                   \
    }                                                                                         \
    __VA_ARGS__ static void halves_##kind(uint32_t *totals, const uint64_t *counts, size_t n) \
    {                                                                                         \
        add_halves(totals, counts, n);                                                        \
    }                                                                                         \
    __VA_ARGS__ static void scores_##kind(int64_t *scores, const uint32_t *totals,            \
                                          uint32_t weight, size_t n)                          \
    {                                                                                         \
        add_scores(scores, totals, weight, n);                                                \
    }                                                                                         \
    __VA_ARGS__ static void reached_##kind(uint64_t *reached, const int64_t *scores,          \
                                           int64_t threshold, uint64_t flag, size_t n)        \
    {                                                                                         \
        note_reached(reached, scores, threshold, flag, n);                                    \
    }                                                                                         \
    static const struct kernel kernel_##kind = {segment_##kind, halves_##kind, scores_##kind, \
                                                reached_##kind};

KERNEL(portable, )

#if defined(__x86_64__)
KERNEL(avx2, __attribute__((target("avx2,popcnt"))))
KERNEL(avx512, __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vpopcntdq,popcnt"))))

static const struct kernel *kernel_here(void)
{
    if (__builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        return &kernel_avx512;
    return __builtin_cpu_supports("avx2") ? &kernel_avx2 : &kernel_portable;
}
#else
static const struct kernel *kernel_here(void)
{
    return &kernel_portable;
}
#endif

/* Memory that begins a line of the cache: a vector that lies across two is read and written as two. */
#define LINE_BYTES 64U
static void *take_lines(struct arena *arena, size_t bytes)
{
    char *at = arena_take(arena, bytes + LINE_BYTES);
    return at + -(uintptr_t)at % LINE_BYTES;
}

struct mark_counter mark_counter_make(struct arena *arena, const struct mark_segment *segments,
                                      size_t nsegments, size_t ngroups)
{
    const size_t plane_bytes = (size_t)MARK_CHUNK * MARK_BLOCK_BYTES;
    return (struct mark_counter){
        .segments = segments,
        .nsegments = nsegments,
        .ngroups = ngroups,
        .blocks = take_lines(arena, MARK_PLANES * plane_bytes),
        .stream = take_lines(arena, MARK_PLANES * plane_bytes),
        .bits = take_lines(arena, LANES * sizeof(uint64_t)),
        .counts = take_lines(arena, ngroups * LANES * sizeof(uint64_t)),
        .totals = take_lines(arena, ngroups * MARK_CHUNK * sizeof(uint32_t)),
        .scores = take_lines(arena, MARK_CHUNK * sizeof(int64_t)),
        .reached = take_lines(arena, MARK_CHUNK * sizeof(uint64_t)),
    };
}

static void count(struct mark_counter *counter, const uint32_t *members, size_t n, unsigned most)
{
    const struct kernel *kernel = kernel_here();
    for (unsigned k = 0; k < most; k++)
        for (size_t i = 0; i < n; i++)
            mark_stream_counter(counter->blocks + (k * n + i) * MARK_BLOCK_BYTES, k, members[i]);
    for (size_t g = 0; g < counter->ngroups; g++)
        memset(counter->counts + g * LANES, 0, 2 * n * sizeof *counter->counts);
    for (size_t s = 0; s < counter->nsegments; s++) {
        const struct mark_segment *segment = &counter->segments[s];
        const unsigned all = mark_planes_of(segment->numerator);
        const unsigned planes = all < most ? all : most;
        const uint64_t settled[2] = {0, 0};
        mark_stream_run(segment->cipher, counter->stream, counter->blocks, planes * n);
        kernel->segment(segment, (const uint64_t *)(const void *)counter->stream, planes,
                        planes < all ? segment->read : settled, counter->bits, counter->counts,
                        2 * n);
    }
    for (size_t g = 0; g < counter->ngroups; g++)
        kernel->halves(counter->totals + g * MARK_CHUNK, counter->counts + g * LANES, n);
}

void mark_count_exact(struct mark_counter *counter, const uint32_t *members, size_t n)
{
    count(counter, members, n, MARK_PLANES);
}

void mark_count_rough(struct mark_counter *counter, const uint32_t *members, size_t n)
{
    count(counter, members, n, MARK_ROUGH_PLANES);
}

void mark_count_reached(struct mark_counter *counter, const struct mark_family *families,
                        size_t nfamilies, size_t n)
{
    const struct kernel *kernel = kernel_here();
    memset(counter->reached, 0, n * sizeof *counter->reached);
    for (size_t f = 0; f < nfamilies; f++) {
        const struct mark_family *family = &families[f];
        memset(counter->scores, 0, n * sizeof *counter->scores);
        for (size_t g = 0; g < counter->ngroups; g++)
            kernel->scores(counter->scores, counter->totals + g * MARK_CHUNK, family->weight[g], n);
        kernel->reached(counter->reached, counter->scores, family->threshold, MARK_REACHES_NAME, n);
        kernel->reached(counter->reached, counter->scores, family->shortlist, MARK_REACHES_LIST, n);
    }
}
