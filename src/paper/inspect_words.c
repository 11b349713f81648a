/* The text cut into words, how often each occurs, and the built-in data files.
 *
 * The dictionary behind unicode_segment tells which characters stand alone and which make a word;
 * the tally tells which words this text uses. Both are what the judgement of misreadings and of
 * mixed forms rests on. */
#include <string.h>

#include "base/embed.h"
#include "base/unicode.h"
#include "paper/inspect_look.h"

extern const struct embedded inspect_data[];

#define CHUNK ((size_t)32 * 1024) /* cells segmented at a time, to bound the scratch memory */

/* Open addressing over word hashes; a word is kept as its hash only. Two words that share one
 * (2⁻⁶⁴) would share their counts, which at worst shifts a suggestion. */
struct tally {
    uint64_t *hash;
    uint32_t *count;
    size_t mask, used;
};

static uint64_t hash_word(struct str s)
{
    uint64_t h = 0xCBF29CE484222325U; /* FNV-1a */
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * 0x100000001B3U;
    h = (h ^ h >> 32) * 0x9E3779B97F4A7C15U;
    return h ? h : 1;
}

static size_t tally_slot(const struct tally *t, uint64_t hash)
{
    size_t slot = hash >> 20 & t->mask;
    while (t->hash[slot] && t->hash[slot] != hash)
        slot = (slot + 1) & t->mask;
    return slot;
}

static void tally_grow(struct arena *arena, struct tally *t)
{
    struct tally old = *t;
    t->mask = old.mask ? 2 * old.mask + 1 : 1023;
    t->hash = arena_array(arena, t->mask + 1, uint64_t);
    t->count = arena_array(arena, t->mask + 1, uint32_t);
    for (size_t i = 0; old.hash && i <= old.mask; i++) {
        if (!old.hash[i])
            continue;
        size_t slot = tally_slot(t, old.hash[i]);
        t->hash[slot] = old.hash[i];
        t->count[slot] = old.count[i];
    }
}

static void tally_add(struct arena *arena, struct tally *t, struct str word)
{
    if (!t->hash || 2 * t->used >= t->mask)
        tally_grow(arena, t);
    uint64_t hash = hash_word(word);
    size_t slot = tally_slot(t, hash);
    t->used += !t->hash[slot];
    t->hash[slot] = hash;
    t->count[slot] += t->count[slot] < UINT32_MAX;
}

size_t look_count_word(const struct look *look, struct str word)
{
    if (!look->tally->hash)
        return 0;
    return look->tally->count[tally_slot(look->tally, hash_word(word))];
}

/* The end of the piece that begins at `from`: after a line break where there is one. */
static size_t piece_end(const struct look *look, size_t from)
{
    size_t most = look->n - from > CHUNK ? from + CHUNK : look->n;
    size_t to = most;
    while (to > from && to < look->n && look->code[to - 1] != '\n')
        to--;
    return to > from ? to : most;
}

static void read_piece(struct look *look, struct arena *scratch, size_t from, size_t to)
{
    struct str piece = look_cells(look, from, to);
    struct words words = unicode_segment(scratch, piece, true);
    size_t cell = from;
    for (size_t w = 0; w < words.count; w++) {
        size_t first = cell;
        look->starts[cell] = 1;
        while (cell < to && look->at[cell] - look->at[from] < words.end[w])
            cell++;
        if (unicode_is_letter(look->code[first]))
            tally_add(look->arena, look->tally, look_cells(look, first, cell));
    }
}

void look_read_words(struct look *look)
{
    look->starts = arena_array(look->arena, look->n + 1, uint8_t);
    look->tally = arena_new(look->arena, struct tally);
    struct arena *scratch = arena_make();
    for (size_t from = 0; from < look->n;) {
        size_t to = piece_end(look, from);
        read_piece(look, scratch, from, to);
        arena_reset(scratch);
        from = to;
    }
    arena_free(scratch);
    look->starts[look->n] = 1;
}

struct str look_data(const char *name)
{
    for (const struct embedded *e = inspect_data; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return (struct str){e->at, e->len};
    return (struct str){"", 0};
}

bool look_data_line(struct str *rest, struct str *fields, size_t most, size_t *count)
{
    struct str line;
    while (str_split(rest, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        struct str piece;
        *count = 0;
        while (*count < most && str_split(&line, ' ', &piece))
            if (piece.len)
                fields[(*count)++] = piece;
        return true;
    }
    return false;
}
