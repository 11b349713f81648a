/* Memory for one operation: taken piece by piece, released all at once.
 *
 * A request, a command or a test owns one arena; everything that lives as long as it does comes
 * from there and is never freed singly. Not thread-safe: one thread, one arena. Memory that can't be
 * had ends the process with a message and exit code 1; the database keeps its last commit, so
 * nothing is half done. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Makes an empty arena. The caller ends it with arena_free. */
struct arena *arena_make(void);

/* Releases the arena and all that was taken from it. NULL is allowed. */
void arena_free(struct arena *arena);

/* Releases everything taken but keeps the arena (and its largest piece) for the next round. */
void arena_reset(struct arena *arena);

/* Takes `size` bytes, zeroed, aligned for any type. size 0 gives a valid, empty piece. */
void *arena_take(struct arena *arena, size_t size);

/* The same, but not zeroed: for bytes that are written next. */
void *arena_take_unset(struct arena *arena, size_t size);

/* Takes count × size bytes, zeroed; a product that overflows ends the process like lack of memory. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* Gives a piece of `new_size` bytes that begins with the first min(old, new) bytes of `old`; the
 * rest is zeroed. The old piece must not be used any more. Cheap when `old` was taken last. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size);

/* What arena_room does where there is none. */
void *arena_double(struct arena *arena, void *list, size_t *cap, size_t first, size_t size);

/* For a list that also gets shorter: room for one more of `count` things of `size` bytes each, of which *cap fit: the list
 * itself, or twice as long elsewhere, `first` long at the beginning; zeroed. */
static inline void *arena_room(struct arena *arena, void *list, size_t count, size_t *cap,
                               size_t first, size_t size)
{
    return count < *cap ? list : arena_double(arena, list, cap, first, size);
}

/* For a list that only grows, from NULL and by this alone, and so keeps no length of its own: room for one more of `count`
 * things of `size` bytes each: the list itself, or twice as long elsewhere; zeroed. */
static inline void *arena_one_more(struct arena *arena, void *list, size_t count, size_t size)
{
    const size_t first = 8;
    bool full = count < first ? count == 0 : (count & (count - 1)) == 0;
    return full ? arena_grow(arena, list, count * size, (count ? 2 * count : first) * size) : list;
}

/* The same as arena_grow, but the rest is not zeroed. */
void *arena_grow_unset(struct arena *arena, void *old, size_t old_size, size_t new_size);

/* Bytes held from the system at present, for tests and figures. */
size_t arena_held(const struct arena *arena);

/* arena_new(arena, struct thing) → a zeroed struct thing *. */
#define arena_new(arena, type)          ((type *)arena_take((arena), sizeof(type)))
#define arena_array(arena, count, type) ((type *)arena_take_array((arena), (count), sizeof(type)))

#endif
