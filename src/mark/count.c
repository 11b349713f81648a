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

INLINED void count_segment(const struct mark_segment *segment, const uint64_t *stream,
                           unsigned planes, const uint64_t start[2], uint64_t *bits,
                           uint64_t *counts, size_t lanes)
{
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

/* Counts fit 32 bits (a paper has fewer than 2^32 sites), weights 21: the product fits. */
INLINED void add_scores(int64_t *restrict scores, const uint64_t *restrict counts, uint32_t weight,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        scores[i] += (int64_t)((counts[2 * i] + counts[2 * i + 1]) * weight);
}

struct kernel {
    void (*count)(const struct mark_segment *segment, const uint64_t *stream, unsigned planes,
                  const uint64_t start[2], uint64_t *bits, uint64_t *counts, size_t lanes);
    void (*score)(int64_t *scores, const uint64_t *counts, uint32_t weight, size_t n);
};

#define KERNEL(name, ...)                                                                          \
    __VA_ARGS__ static void count_##name(const struct mark_segment *segment,                       \
                                         const uint64_t *stream, unsigned planes,                  \
                                         const uint64_t start[2], uint64_t *bits,                  \
                                         uint64_t *counts, size_t lanes)                           \
    {                                                                                              \
        count_segment(segment, stream, planes, start, bits, counts, lanes);                        \
    }                                                                                              \
    __VA_ARGS__ static void score_##name(int64_t *scores, const uint64_t *counts, uint32_t weight, \
                                         size_t n)                                                 \
    {                                                                                              \
        add_scores(scores, counts, weight, n);                                                     \
    }                                                                                              \
    static const struct kernel kernel_##name = {count_##name, score_##name};

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

struct mark_counter mark_counter_make(struct arena *arena, const struct mark_segment *segments,
                                      size_t nsegments, size_t ngroups)
{
    const size_t plane_bytes = (size_t)MARK_CHUNK * MARK_BLOCK_BYTES;
    return (struct mark_counter){
        .segments = segments,
        .nsegments = nsegments,
        .ngroups = ngroups,
        .blocks = arena_take(arena, MARK_PLANES * plane_bytes),
        .stream = arena_take(arena, MARK_PLANES * plane_bytes),
        .bits = arena_array(arena, LANES, uint64_t),
        .counts = arena_array(arena, ngroups * LANES, uint64_t),
        .scores = arena_array(arena, MARK_CHUNK, int64_t),
    };
}

static void count(struct mark_counter *counter, const uint32_t *members, size_t n, bool rough)
{
    const struct kernel *kernel = kernel_here();
    const unsigned most = rough ? MARK_ROUGH_PLANES : MARK_PLANES;
    unsigned char *block = counter->blocks;
    for (unsigned k = 0; k < most; k++)
        for (size_t i = 0; i < n; i++, block += MARK_BLOCK_BYTES)
            mark_stream_counter(block, k, members[i]);
    for (size_t g = 0; g < counter->ngroups; g++)
        memset(counter->counts + g * LANES, 0, 2 * n * sizeof *counter->counts);
    for (size_t s = 0; s < counter->nsegments; s++) {
        const struct mark_segment *segment = &counter->segments[s];
        const unsigned all = mark_planes_of(segment->numerator);
        const unsigned planes = all < most ? all : most;
        const uint64_t decided[2] = {0, 0};
        mark_stream_run(segment->cipher, counter->stream, counter->blocks, planes * n);
        kernel->count(segment, (const uint64_t *)(const void *)counter->stream, planes,
                      planes < all ? segment->read : decided, counter->bits, counter->counts,
                      2 * n);
    }
}

void mark_count_exact(struct mark_counter *counter, const uint32_t *members, size_t n)
{
    count(counter, members, n, false);
}

void mark_count_rough(struct mark_counter *counter, const uint32_t *members, size_t n)
{
    count(counter, members, n, true);
}

void mark_count_scores(struct mark_counter *counter, const uint32_t *weight, size_t n)
{
    memset(counter->scores, 0, n * sizeof *counter->scores);
    for (size_t g = 0; g < counter->ngroups; g++)
        kernel_here()->score(counter->scores, counter->counts + g * LANES, weight[g], n);
}
