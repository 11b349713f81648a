/* Grams and winnowing; see align.h.
 *
 * A gram is hashed from its own codes alone, so the same words hash alike in any text. Winnowing is
 * the robust form of Schleimer, Wilkerson and Aiken: the window's smallest hash is kept, and one
 * already kept stays the choice as long as it is among the smallest, so that monotonous text does
 * not keep every gram. */
#include "paper/align_steps.h"

unsigned align_gram_len(uint32_t code)
{
    return unicode_is_han(code) ? ALIGN_GRAM_HAN : ALIGN_GRAM_OTHER;
}

uint64_t align_gram_step(uint64_t hash, uint32_t code)
{
    return (hash ^ (code + 0x9E3779B97F4A7C15U)) * 0x9FB21C651E98DF25U;
}

uint64_t align_gram_end(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= 0xD6E8FEB86659FD93U;
    hash ^= hash >> 29;
    return hash ? hash : 1;
}

struct grams paper_all_grams(struct arena *arena, const struct folded *text)
{
    struct grams all = {arena_array(arena, text->count + 1, struct gram), 0};
    for (size_t at = 0; at < text->count; at++) {
        unsigned len = align_gram_len(text->code[at]);
        if (len > text->count - at)
            continue;
        uint64_t hash = len;
        for (unsigned i = 0; i < len; i++)
            hash = align_gram_step(hash, text->code[at + i]);
        all.grams[all.count++] = (struct gram){align_gram_end(hash), (uint32_t)at};
    }
    return all;
}

struct grams paper_winnow(struct arena *arena, const struct folded *text)
{
    struct grams all = paper_all_grams(arena, text);
    struct grams kept = {all.grams, 0}; /* written behind the reader, never before it */
    size_t queue[WINNOW_WINDOW];        /* rising hashes of the window, as a ring */
    uint64_t hash_of[WINNOW_WINDOW];
    uint32_t place_of[WINNOW_WINDOW];
    size_t head = 0;
    size_t tail = 0;
    size_t last_kept = SIZE_MAX;
    size_t window = all.count < WINNOW_WINDOW ? all.count : WINNOW_WINDOW;
    for (size_t i = 0; i < all.count; i++) {
        struct gram gram = all.grams[i];
        if (head < tail && queue[head % WINNOW_WINDOW] + WINNOW_WINDOW <= i)
            head++;
        while (head < tail && hash_of[(tail - 1) % WINNOW_WINDOW] > gram.hash)
            tail--;
        queue[tail % WINNOW_WINDOW] = i;
        hash_of[tail % WINNOW_WINDOW] = gram.hash;
        place_of[tail % WINNOW_WINDOW] = gram.at;
        tail++;
        if (i + 1 < window)
            continue;
        size_t pick = head;
        for (size_t q = head;
             q < tail && hash_of[q % WINNOW_WINDOW] == hash_of[head % WINNOW_WINDOW]; q++) {
            pick = q; /* the rightmost of the smallest, unless one of them is kept already */
            if (queue[q % WINNOW_WINDOW] == last_kept)
                break;
        }
        if (queue[pick % WINNOW_WINDOW] == last_kept)
            continue;
        last_kept = queue[pick % WINNOW_WINDOW];
        kept.grams[kept.count++] =
            (struct gram){hash_of[pick % WINNOW_WINDOW], place_of[pick % WINNOW_WINDOW]};
    }
    return kept;
}
