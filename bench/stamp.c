/* Stamping a copy against memcpy of the same bytes, in one process, medians of many rounds.
 *
 * Prints `stamp_vs_memcpy<TAB>ratio<TAB>detail`, ratio = memcpy time / stamp time; 0.5 is the goal. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "paper/stamp.h"

#define ROUNDS  201
#define MEMBERS 16

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static uint32_t dice(uint32_t below)
{
    static uint32_t state = 2463534242U;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % below;
}

/* A text of about `size` bytes with choices of one to four Han characters at uneven distances. */
static struct stamp_plan *make_plan(struct arena *arena, size_t size, uint32_t choices)
{
    struct stamp_plan *plan = stamp_plan_make(arena);
    size_t mean = size / choices;
    char *text = arena_take(arena, 2 * mean + 1);
    memset(text, 'x', 2 * mean);
    for (uint32_t i = 0; i < choices; i++) {
        size_t len = mean > 12 ? dice((uint32_t)(2 * (mean - 6))) : 6;
        stamp_plan_literal(plan, (struct str){text, len});
        stamp_plan_choice(plan, i, (struct str){"abcdefghijkl", 3 * (1 + dice(4))},
                          (struct str){"mnopqrstuvwx", 3 * (1 + dice(4))});
    }
    stamp_plan_end(plan);
    return plan;
}

/* `places` copies in turn: 1 keeps everything in the nearest cache; many give each copy memory of
 * its own, as when members' copies are written out. */
static void measure(size_t size, uint32_t choices, size_t places)
{
    struct arena *arena = arena_make();
    struct stamp_plan *plan = make_plan(arena, size, choices);
    size_t room = stamp_plan_room(plan);
    uint8_t *bits = arena_take(arena, (size_t)MEMBERS * choices);
    for (size_t i = 0; i < (size_t)MEMBERS * choices; i++)
        bits[i] = (uint8_t)dice(2);
    char *source = arena_take(arena, room);
    char *out = arena_take(arena, room * places);
    size_t len = stamp_plan_write(plan, bits, source);
    unsigned repeat = (unsigned)(8000000 / size) + 1;
    static double stamp[ROUNDS];
    static double copy[ROUNDS];
    for (unsigned round = 0; round < ROUNDS; round++) {
        double start = now();
        for (unsigned i = 0; i < repeat; i++) {
            (void)stamp_plan_write(plan, bits + (size_t)(i % MEMBERS) * choices,
                                   out + i % places * room);
            __asm__ volatile("" : : "r"(out) : "memory");
        }
        double middle = now();
        for (unsigned i = 0; i < repeat; i++) {
            memcpy(out + i % places * room, source, len);
            __asm__ volatile("" : : "r"(out) : "memory");
        }
        copy[round] = now() - middle;
        stamp[round] = middle - start;
    }
    qsort(stamp, ROUNDS, sizeof *stamp, compare);
    qsort(copy, ROUNDS, sizeof *copy, compare);
    double ratio = copy[ROUNDS / 2] / stamp[ROUNDS / 2];
    printf("stamp_vs_memcpy\t%.3f\t%zu bytes, %u choices, %zu places: %.2f us against %.2f us\n",
           ratio, len, choices, places, stamp[ROUNDS / 2] / repeat * 1e6,
           copy[ROUNDS / 2] / repeat * 1e6);
    arena_free(arena);
}

int main(void)
{
    measure(17000, 350, 1);
    measure(17000, 350, 2000);
    measure(1000000, 20000, 1);
    measure(1000000, 20000, 32);
    return 0;
}
