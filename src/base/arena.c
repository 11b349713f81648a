/* A list of pieces that double in size; see arena.h. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PIECE   ((size_t)16 * 1024)
#define LARGEST_PIECE ((size_t)8 * 1024 * 1024)

struct piece {
    struct piece *before;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct piece *top;
    size_t held;
};

static void *take_from_system(size_t size)
{
    void *memory = malloc(size);
    if (!memory) {
        (void)fprintf(stderr, "chancery: out of memory (%zu bytes) / 内存不足\n", size);
        exit(1);
    }
    return memory;
}

static size_t round_up(size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        (void)take_from_system(SIZE_MAX / 2);
    return (size + unit - 1) / unit * unit;
}

struct arena *arena_make(void)
{
    struct arena *arena = take_from_system(sizeof *arena);
    *arena = (struct arena){0};
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct piece *p = arena->top; p;) {
        struct piece *before = p->before;
        free(p);
        p = before;
    }
    free(arena);
}

void arena_reset(struct arena *arena)
{
    struct piece *keep = NULL;
    for (struct piece *p = arena->top; p;) {
        struct piece *before = p->before;
        if (!keep || p->size > keep->size) {
            free(keep);
            keep = p;
        } else {
            free(p);
        }
        p = before;
    }
    if (keep) {
        keep->before = NULL;
        keep->used = 0;
    }
    arena->top = keep;
    arena->held = keep ? keep->size : 0;
}

static struct piece *add_piece(struct arena *arena, size_t at_least)
{
    size_t size = arena->top ? arena->top->size * 2 : FIRST_PIECE;
    if (size > LARGEST_PIECE)
        size = LARGEST_PIECE;
    if (size < at_least)
        size = at_least;
    struct piece *p = take_from_system(sizeof *p + size);
    p->before = arena->top;
    p->size = size;
    p->used = 0;
    arena->top = p;
    arena->held += size;
    return p;
}

void *arena_take_unset(struct arena *arena, size_t size)
{
    size_t rounded = round_up(size);
    struct piece *p = arena->top;
    if (!p || p->size - p->used < rounded)
        p = add_piece(arena, rounded);
    unsigned char *at = p->bytes + p->used;
    p->used += rounded;
    return at;
}

void *arena_take(struct arena *arena, size_t size)
{
    return memset(arena_take_unset(arena, size), 0, size);
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t whole;
    if (__builtin_mul_overflow(count, size, &whole))
        whole = SIZE_MAX / 2;
    return arena_take(arena, whole);
}

void *arena_grow_unset(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
    struct piece *p = arena->top;
    size_t old_rounded = round_up(old_size);
    size_t new_rounded = round_up(new_size);
    if (old && p && (unsigned char *)old + old_rounded == p->bytes + p->used &&
        new_rounded >= old_rounded && p->size - p->used >= new_rounded - old_rounded) {
        p->used += new_rounded - old_rounded;
        return old;
    }
    unsigned char *at = arena_take_unset(arena, new_size);
    if (old)
        memcpy(at, old, old_size < new_size ? old_size : new_size);
    return at;
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
    unsigned char *at = arena_grow_unset(arena, old, old_size, new_size);
    size_t kept = old ? old_size : 0;
    if (new_size > kept)
        memset(at + kept, 0, new_size - kept);
    return at;
}

void *arena_double(struct arena *arena, void *list, size_t *cap, size_t first, size_t size)
{
    size_t before = *cap;
    *cap = before ? 2 * before : first;
    return arena_grow(arena, list, before * size, *cap * size);
}

size_t arena_held(const struct arena *arena)
{
    return arena->held;
}
