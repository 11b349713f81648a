/* Short pieces of one's own copies; see quotation_own.h.
 *
 * The aligner needs a stretch that is long enough to be sure of its source among all papers. Here the sources are
 * few, the copies that the author has, and their words are known to the letter: a gram in common is enough. */
#include "library/quotation_own.h"

#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "library/copy.h"

#define COPIES_MOST 30

/* The author's copy, and where each of its bytes comes from. */
struct own_copy {
    struct str text;
    size_t *from; /* of the master, for each byte and for the end */
    bool *marked; /* the byte stands in a place that is marked */
};

static void add_stretch(struct buf *out, struct own_copy *copy, struct str words, size_t from,
                        bool marked)
{
    for (size_t i = 0; i < words.len; i++) {
        copy->from[out->len + i] = marked ? from : from + i;
        copy->marked[out->len + i] = marked;
    }
    buf_add(out, words);
}

static void make_copy(struct arena *arena, const struct edition_text *t, const uint8_t *bits,
                      struct own_copy *copy)
{
    struct buf out = {.arena = arena};
    size_t most = t->doc.text.len + 1;
    size_t at = 0;
    for (size_t i = 0; i < t->sites.nplaces; i++)
        most += t->sites.places[i].alt[0].len + t->sites.places[i].alt[1].len;
    copy->from = arena_array(arena, most, size_t);
    copy->marked = arena_array(arena, most, bool);
    for (size_t i = 0; i < t->sites.nplaces; i++) {
        const struct paper_place *place = &t->sites.places[i];
        const struct paper_site *site = &t->sites.sites[place->site];
        if (site->locked || site->absent)
            continue;
        add_stretch(&out, copy, str_slice(t->doc.text, at, place->at - at), at, false);
        add_stretch(&out, copy, place->alt[bits[place->site]], place->at, true);
        at = place->at + place->len;
    }
    add_stretch(&out, copy, str_slice(t->doc.text, at, t->doc.text.len), at, false);
    copy->from[out.len] = t->doc.text.len;
    copy->text = buf_str(&out);
}

static size_t gram_length(const struct folded *text, size_t at)
{
    return unicode_is_han(text->code[at]) ? OWN_HAN : OWN_OTHER;
}

/* FNV-1a over the codes of the gram at `at`; 0 where the text is too short for one. */
static uint64_t hash_gram(const struct folded *text, size_t at)
{
    uint64_t hash = 0xcbf29ce484222325U;
    size_t length = gram_length(text, at);
    if (at + length > text->count)
        return 0;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ text->code[at + i]) * 0x100000001b3U;
    return hash | 1U;
}

/* Grams of what was typed, by their hash. */
struct typed {
    struct folded text;
    uint64_t *hashes;
    uint32_t *places;
    size_t room; /* a power of two */
};

static void index_typed(struct arena *arena, struct str text, struct typed *typed)
{
    typed->text = unicode_fold(arena, text);
    typed->room = 64;
    while (typed->room < 2 * typed->text.count)
        typed->room *= 2;
    typed->hashes = arena_array(arena, typed->room, uint64_t);
    typed->places = arena_array(arena, typed->room, uint32_t);
    for (size_t i = 0; i < typed->text.count; i++) {
        uint64_t hash = hash_gram(&typed->text, i);
        size_t slot = hash & (typed->room - 1);
        while (hash && typed->hashes[slot] && typed->hashes[slot] != hash)
            slot = (slot + 1) & (typed->room - 1);
        if (hash && !typed->hashes[slot]) {
            typed->hashes[slot] = hash;
            typed->places[slot] = (uint32_t)i;
        }
    }
}

/* How many codes both texts share from here on; 0 for fewer than a gram. */
static size_t shared(const struct typed *typed, const struct folded *own, size_t at, size_t *where)
{
    uint64_t hash = hash_gram(own, at);
    size_t slot = hash & (typed->room - 1);
    while (hash && typed->hashes[slot] && typed->hashes[slot] != hash)
        slot = (slot + 1) & (typed->room - 1);
    if (!hash || !typed->hashes[slot])
        return 0;
    *where = typed->places[slot];
    size_t len = 0;
    while (at + len < own->count && *where + len < typed->text.count &&
           own->code[at + len] == typed->text.code[*where + len])
        len++;
    return len < gram_length(own, at) ? 0 : len;
}

static bool holds_mark(const struct own_copy *copy, size_t from, size_t to)
{
    bool marked = false;
    for (size_t i = from; i < to; i++)
        marked |= copy->marked[i];
    return marked;
}

/* Whether [from, to) lies within 《》 at its beginning, on its line. */
static bool begins_in_title(struct str text, size_t from)
{
    while (from-- > 0 && text.at[from] != '\n') {
        struct str rest = str_slice(text, from, text.len);
        if (str_starts(rest, STR("《")) || str_starts(rest, STR("》")))
            return str_starts(rest, STR("《"));
    }
    return false;
}

/* Whether as many characters as a gram has stand outside 《》. */
static bool says_enough(const struct own_copy *copy, size_t from, size_t to)
{
    bool title = begins_in_title(copy->text, from);
    size_t first = from;
    unsigned needed = unicode_is_han(utf8_next(copy->text, &first)) ? OWN_HAN : OWN_OTHER;
    unsigned count = 0;
    while (from < to) {
        struct str rest = str_slice(copy->text, from, to);
        uint32_t code = utf8_next(copy->text, &from);
        bool edge = str_starts(rest, STR("《")) || str_starts(rest, STR("》"));
        if (edge)
            title = str_starts(rest, STR("《"));
        else if (!title && !unicode_is_space(code) && !unicode_is_invisible(code))
            count++;
    }
    return count >= needed;
}

typedef bool piece_counts(const struct own_copy *copy, size_t from, size_t to);

static void find_in_copy(struct arena *arena, const struct typed *typed,
                         const struct edition *edition, const struct own_copy *copy,
                         piece_counts *counts, struct own_piece *pieces, size_t *count)
{
    struct folded own = unicode_fold(arena, copy->text);
    for (size_t at = 0, step; at < own.count && *count < OWN_MOST; at += step) {
        size_t where = 0;
        size_t len = shared(typed, &own, at, &where);
        step = len ? len : 1;
        if (!len || !counts(copy, own.from[at], own.from[at + len]))
            continue;
        struct own_piece *piece = &pieces[(*count)++];
        *piece = (struct own_piece){
            .at = typed->text.from[where],
            .len = typed->text.from[where + len] - typed->text.from[where],
            .paper = edition->paper,
            .edition = edition->number,
            .source_at = copy->from[own.from[at]],
        };
        piece->source_len = copy->from[own.from[at + len]] - piece->source_at;
    }
}

struct key {
    int64_t paper, edition;
};

static enum status list_copies(struct store *store, int64_t member, struct key *list, size_t *count,
                               struct error *err)
{
    struct query *q = query_start(store, "SELECT paper, edition FROM copy WHERE member = ?1"
                                         " ORDER BY max(first_ms, opened_ms) DESC LIMIT 30");
    query_bind_int(q, 1, member);
    for (*count = 0; query_row(q); (*count)++)
        list[*count] = (struct key){query_int(q, 0), query_int(q, 1)};
    return query_end(q, err);
}

static enum status find(struct arena *arena, struct store *store, int64_t member, struct str text,
                        piece_counts *counts, struct own_piece *pieces, size_t *count,
                        struct error *err)
{
    struct key copies[COPIES_MOST];
    struct typed typed;
    size_t n = 0;
    struct arena *scratch = arena_make();
    enum status status = list_copies(store, member, copies, &n, err);
    *count = 0;
    index_typed(arena, text, &typed);
    for (size_t i = 0; !status && i < n && typed.text.count >= OWN_HAN; i++) {
        struct edition edition;
        struct edition_text t;
        struct own_copy copy;
        arena_reset(scratch);
        status =
            library_find_edition(scratch, store, copies[i].paper, copies[i].edition, &edition, err);
        if (!status)
            status = library_load_edition(scratch, store, &edition, &t, err);
        if (status)
            continue;
        make_copy(scratch, &t, copy_make_bits(scratch, store, &t, member), &copy);
        find_in_copy(scratch, &typed, &edition, &copy, counts, pieces, count);
    }
    arena_free(scratch);
    return status;
}

enum status quotation_find_own(struct arena *arena, struct store *store, int64_t member,
                               struct str text, struct own_piece *pieces, size_t *count,
                               struct error *err)
{
    return find(arena, store, member, text, says_enough, pieces, count, err);
}

enum status quotation_find_marked(struct arena *arena, struct store *store, int64_t member,
                                  struct str text, struct own_piece *pieces, size_t *count,
                                  struct error *err)
{
    return find(arena, store, member, text, holds_mark, pieces, count, err);
}

/* --- hidden characters ---------------------------------------------------------------------------- */

struct str quotation_drop_hidden(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    uint32_t before = 0;
    size_t at = 0;
    while (at < text.len) {
        size_t start = at;
        uint32_t code = utf8_next(text, &at);
        bool joins =
            (code == 0x200D || code == 0xFE0F) && before >= 0x2190 && !unicode_is_letter(before);
        if (unicode_is_invisible(code) && !joins)
            continue;
        buf_add(&out, str_slice(text, start, at - start));
        before = joins ? before : code;
    }
    return buf_str(&out);
}
