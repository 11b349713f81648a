/* Stamping a copy against memcpy of the same bytes, in one process, medians of many rounds.
 *
 * Prints `stamp_vs_memcpy<TAB>ratio<TAB>detail`, ratio = memcpy time / stamp time; 0.5 is the goal, for
 * copies that have memory of their own, as members' copies have. Where one short copy is written over
 * and over in the nearest cache, the line is `stamp_hot` and beside it `moves_hot`: a loop that moves as
 * many bytes in blocks of 64 and chooses nothing, which is what can be had there at most, as memcpy uses
 * an instruction that need not read what it writes over. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed.h"
#include "paper/stamp.h"

#define ROUNDS  201
#define MEMBERS 16

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

static double median(double *seconds, unsigned repeat)
{
    return bed_median(seconds, ROUNDS) / repeat * 1e6;
}

typedef char block __attribute__((vector_size(64)));

static void move_blocks(char *out, const char *from, size_t len)
{
    for (size_t at = 0; at < len; at += sizeof(block)) {
        block piece;
        memcpy(&piece, from + at, sizeof piece);
        memcpy(out + at, &piece, sizeof piece);
        __asm__ volatile("" : : "r"(out) : "memory"); /* or the compiler makes a memcpy of it */
    }
}

/* `places` copies in turn: 1 keeps everything in the nearest cache; many give each copy memory of
 * its own, as when members' copies are written out. */
static void measure(const char *name, size_t size, uint32_t choices, size_t places)
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
    static double move[ROUNDS];
    for (unsigned round = 0; round < ROUNDS; round++) {
        double start = bed_now();
        for (unsigned i = 0; i < repeat; i++) {
            (void)stamp_plan_write(plan, bits + (size_t)(i % MEMBERS) * choices,
                                   out + i % places * room);
            __asm__ volatile("" : : "r"(out) : "memory");
        }
        double stamped = bed_now();
        for (unsigned i = 0; i < repeat; i++) {
            memcpy(out + i % places * room, source, len);
            __asm__ volatile("" : : "r"(out) : "memory");
        }
        double copied = bed_now();
        for (unsigned i = 0; places == 1 && i < repeat; i++)
            move_blocks(out, source, len);
        move[round] = bed_now() - copied;
        copy[round] = copied - stamped;
        stamp[round] = stamped - start;
    }
    double stamp_us = median(stamp, repeat);
    double copy_us = median(copy, repeat);
    printf("%s\t%.3f\t%zu bytes, %u choices, %zu places: %.2f us against %.2f us\n", name,
           copy_us / stamp_us, len, choices, places, stamp_us, copy_us);
    if (places == 1)
        printf("moves_hot\t%.3f\tthe same bytes in blocks of 64, nothing chosen\n",
               copy_us / median(move, repeat));
    arena_free(arena);
}

int main(void)
{
    measure("stamp_hot", 17000, 350, 1);
    measure("stamp_vs_memcpy", 17000, 350, 2000);
    measure("stamp_vs_memcpy", 1000000, 20000, 2);
    measure("stamp_vs_memcpy", 1000000, 20000, 32);
    return 0;
}
