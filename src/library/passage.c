/* Passages between members; see passage.h. */
#include "library/passage.h"

#include <string.h>

#include "base/utf8.h"

#define CONTEXT      2U /* characters on either side by which a site is known */
#define CLAUSE_LEAST 4U /* characters that say something */

struct str library_own_words(struct arena *arena, const struct edition_text *t, const uint8_t *bits,
                             size_t at, size_t len)
{
    struct buf out = {.arena = arena};
    size_t end = at + len;
    for (size_t i = 0; i < t->sites.nplaces; i++) {
        const struct paper_place *place = &t->sites.places[i];
        if (place->at < at || place->at + place->len > end)
            continue;
        buf_add(&out, str_slice(t->doc.text, at, place->at - at));
        buf_add(&out, place->alt[bits[place->site]]);
        at = place->at + place->len;
    }
    buf_add(&out, str_slice(t->doc.text, at, end - at));
    return buf_str(&out);
}

static size_t characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}

/* Whether a site stands in it or at its edge. */
static bool has_site(const struct edition_text *t, size_t at, size_t len)
{
    for (size_t i = 0; i < t->sites.nplaces; i++) {
        const struct paper_place *place = &t->sites.places[i];
        if (place->at < at + len && place->at + place->len > at)
            return true;
        if (!place->len && place->at > at && place->at < at + len)
            return true;
    }
    return false;
}

/* Bytes of a mark that ends a clause, 0 where there is none. */
static size_t ends_clause(struct str text, size_t at)
{
    static const char *const MARKS[] = {"，", "；", "：", "。", "、", "！", "？", "（",
                                        "）", ", ", "; ", ": ", ". ", "(",  ")",  "\n"};
    struct str rest = str_slice(text, at, text.len);
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (str_starts(rest, str_of(MARKS[i])))
            return strlen(MARKS[i]);
    return 0;
}

struct str library_plain_words(const struct edition_text *t, size_t at, size_t len, size_t most)
{
    struct str text = t->doc.text;
    struct str best = {"", 0};
    size_t end = at + len;
    for (size_t from = at, to = at; to <= end; to++) {
        size_t mark = to < end ? ends_clause(text, to) : 1;
        if (!mark)
            continue;
        struct str clause = str_trim(str_slice(text, from, to - from));
        while (clause.len && (clause.at[clause.len - 1] == '.' || clause.at[clause.len - 1] == ','))
            clause.len--;
        size_t count = characters(clause);
        if (count >= CLAUSE_LEAST && count <= most && clause.len > best.len &&
            !has_site(t, (size_t)(clause.at - text.at), clause.len))
            best = clause;
        from = to + mark;
        to += mark - 1;
    }
    return best;
}

/* `count` characters before (after) a byte of the text, no further than `edge`. */
static size_t back(struct str text, size_t at, size_t edge, unsigned count)
{
    while (at > edge && count) {
        at--;
        count -= ((unsigned char)text.at[at] & 0xC0) != 0x80;
    }
    return at;
}

static size_t onward(struct str text, size_t at, size_t edge, unsigned count)
{
    while (at < edge && count) {
        at++;
        while (at < edge && ((unsigned char)text.at[at] & 0xC0) == 0x80)
            at++;
        count--;
    }
    return at;
}

bool library_bears_marks(struct arena *arena, const struct edition_text *t, const uint8_t *bits,
                         size_t at, size_t len, struct str words)
{
    for (size_t i = 0; i < t->sites.nplaces; i++) {
        const struct paper_place *place = &t->sites.places[i];
        size_t end = place->at + place->len;
        if (place->at < at || end > at + len)
            continue;
        size_t from = back(t->doc.text, place->at, at, CONTEXT);
        size_t to = onward(t->doc.text, end, at + len, CONTEXT);
        struct str around = str_format(
            arena, "%.*s%.*s%.*s", STR_ARG(str_slice(t->doc.text, from, place->at - from)),
            STR_ARG(place->alt[bits[place->site]]), STR_ARG(str_slice(t->doc.text, end, to - end)));
        if (str_find(words, around, 0) != SIZE_MAX)
            return true;
    }
    return false;
}
