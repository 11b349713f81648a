/* A member's own words of a paper, and what of them is shown; see search.h. */
#include "library/search_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "library/copy.h"

#define EXCERPT_SENTENCES 2U
#define SENTENCE_BYTES    360U /* a longer one is cut on both sides of what was found */
#define LEAD_BYTES        120U /* … with so much before it */
#define MARKS_MAX         256U

/* --- loading -------------------------------------------------------------------------------------- */

enum status search_load_own(struct arena *arena, struct store *store, int64_t paper, int64_t member,
                            bool with_text, struct search_own *own, struct error *err)
{
    return search_load_own_edition(arena, store, paper, 0, member, with_text, own, err);
}

enum status search_load_own_edition(struct arena *arena, struct store *store, int64_t paper,
                                    int64_t number, int64_t member, bool with_text,
                                    struct search_own *own, struct error *err)
{
    struct edition_text t;
    *own = (struct search_own){0};
    enum status status = library_find_edition(arena, store, paper, number, &own->edition, err);
    if (!status)
        status = library_load_edition(arena, store, &own->edition, &t, err);
    if (status)
        return status;
    struct paper_doc doc = member ? copy_make_doc(arena, store, &t, member) : t.doc;
    own->title = doc.title;
    own->text = doc.text;
    own->title_tokens = token_split(arena, own->title);
    if (with_text)
        own->text_tokens = token_split(arena, own->text);
    return STATUS_OK;
}

/* --- fitting -------------------------------------------------------------------------------------- */

static bool stands_in(const struct search_term *term, const struct tokens *tokens)
{
    size_t end;
    for (size_t i = 0; i < tokens->count; i++)
        if (search_term_is_at(term, tokens, i, &end))
            return true;
    return false;
}

bool search_own_fits(const struct search_own *own, const struct search_question *question)
{
    for (size_t i = 0; i < question->nterms; i++) {
        const struct search_term *term = &question->terms[i];
        bool there = stands_in(term, &own->title_tokens) || stands_in(term, &own->text_tokens);
        if (there == term->without)
            return false;
    }
    return question->nwanted > 0;
}

/* --- marking -------------------------------------------------------------------------------------- */

struct mark {
    size_t from, to;
    unsigned term;
};

static size_t find_marks(const struct tokens *tokens, const struct search_question *question,
                         struct mark *marks, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < tokens->count; i++)
        for (unsigned k = 0; k < question->nterms && count < most; k++) {
            size_t end;
            if (!question->terms[k].without &&
                search_term_is_at(&question->terms[k], tokens, i, &end))
                marks[count++] = (struct mark){tokens->at[i].at, end, k};
        }
    return count;
}

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '&')
            buf_add(out, STR("&amp;"));
        else if (c == '<')
            buf_add(out, STR("&lt;"));
        else if (c == '>')
            buf_add(out, STR("&gt;"));
        else
            buf_add_byte(out, (unsigned char)c < 0x20 ? ' ' : c);
    }
}

/* [from, to) of the text as HTML, with what lies in marks marked; marks may overlap. */
static void add_marked(struct buf *out, struct str text, size_t from, size_t to,
                       const struct mark *marks, size_t nmarks)
{
    size_t at = from;
    for (size_t i = 0; i < nmarks; i++) {
        size_t begin = marks[i].from > at ? marks[i].from : at;
        size_t end = marks[i].to;
        for (; i + 1 < nmarks && marks[i + 1].from <= end; i++)
            end = marks[i + 1].to > end ? marks[i + 1].to : end;
        end = end < to ? end : to;
        if (begin >= end)
            continue;
        add_escaped(out, str_slice(text, at, begin - at));
        buf_add(out, STR("<mark>"));
        add_escaped(out, str_slice(text, begin, end - begin));
        buf_add(out, STR("</mark>"));
        at = end;
    }
    add_escaped(out, str_slice(text, at, to - at));
}

/* --- excerpts ------------------------------------------------------------------------------------- */

static bool is_end(struct str text, uint32_t code, size_t next)
{
    return code == '\n' || code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == '!' ||
           code == '?' || (code == '.' && (next >= text.len || text.at[next] == ' '));
}

static size_t whole_character(struct str text, size_t at)
{
    while (at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80)
        at++;
    return at;
}

struct span {
    size_t from, to;
    bool cut_before, cut_after;
};

/* The sentence around a mark; what is too long is cut. */
static struct span sentence_around(struct str text, const struct mark *mark)
{
    struct span s = {mark->from, mark->to, false, false};
    while (s.from > 0) {
        size_t before = s.from;
        uint32_t code = utf8_before(text, &before);
        if (is_end(text, code, s.from))
            break;
        s.from = before;
        if (mark->from - s.from > SENTENCE_BYTES)
            break;
    }
    while (s.to < text.len && s.to - s.from < 2 * (size_t)SENTENCE_BYTES) {
        uint32_t code = utf8_next(text, &s.to);
        if (is_end(text, code, s.to)) {
            s.to -= code == '\n';
            break;
        }
    }
    if (s.to - s.from <= SENTENCE_BYTES)
        return s;
    if (mark->from - s.from > LEAD_BYTES) {
        s.from = whole_character(text, mark->from - LEAD_BYTES);
        s.cut_before = true;
    }
    if (s.to - s.from > SENTENCE_BYTES) {
        s.to = whole_character(text, s.from + SENTENCE_BYTES);
        s.to = s.to < mark->to ? mark->to : s.to;
        s.cut_after = true;
    }
    return s;
}

static unsigned terms_within(const struct span *s, const struct mark *marks, size_t nmarks)
{
    unsigned seen = 0;
    for (size_t i = 0; i < nmarks; i++)
        if (marks[i].from >= s->from && marks[i].to <= s->to)
            seen |= 1U << marks[i].term;
    return seen;
}

/* The sentence that adds most terms to those shown already; false when none adds any. */
static bool best_sentence(struct str text, const struct mark *marks, size_t nmarks, unsigned *shown,
                          struct span *best)
{
    unsigned most = 0;
    unsigned terms = 0;
    for (size_t i = 0; i < nmarks; i++) {
        struct span s = sentence_around(text, &marks[i]);
        unsigned found = terms_within(&s, marks, nmarks) & ~*shown;
        if ((unsigned)__builtin_popcount(found) > most) {
            most = (unsigned)__builtin_popcount(found);
            terms = found;
            *best = s;
        }
    }
    *shown |= terms;
    return most > 0;
}

static void add_sentence(struct buf *plain, struct buf *marked, struct str text,
                         const struct span *s, const struct mark *marks, size_t nmarks)
{
    struct buf *both[] = {plain, marked};
    for (size_t i = 0; i < 2; i++)
        if (both[i]->len || s->cut_before)
            buf_add(both[i], s->cut_before ? STR(" …") : STR(" "));
    size_t from = plain->len;
    buf_add(plain, str_slice(text, s->from, s->to - s->from));
    for (size_t i = from; i < plain->len; i++)
        plain->at[i] = (unsigned char)plain->at[i] < 0x20 ? ' ' : plain->at[i];
    add_marked(marked, text, s->from, s->to, marks, nmarks);
    for (size_t i = 0; i < 2 && s->cut_after; i++)
        buf_add(both[i], STR("…"));
}

/* The text begins with its title, which stands above the excerpt already: what else is found tells more. Gives how
 * many marks are left, all of them when there are none but in the title. */
static size_t leave_title_out(const struct search_own *own, struct mark *marks, size_t count)
{
    size_t in_title = 0;
    if (str_starts(own->text, own->title))
        while (in_title < count && marks[in_title].from < own->title.len)
            in_title++;
    if (in_title == count)
        return count;
    memmove(marks, marks + in_title, (count - in_title) * sizeof *marks);
    return count - in_title;
}

void search_make_excerpt(struct arena *arena, const struct search_own *own,
                         const struct search_question *question, struct search_hit *hit)
{
    struct mark *marks = arena_array(arena, MARKS_MAX, struct mark);
    struct buf title = {.arena = arena};
    size_t count = find_marks(&own->title_tokens, question, marks, MARKS_MAX);
    hit->title = str_copy(arena, own->title);
    add_marked(&title, own->title, 0, own->title.len, marks, count);
    hit->title_marked = buf_str(&title);
    count = find_marks(&own->text_tokens, question, marks, MARKS_MAX);
    count = leave_title_out(own, marks, count);
    struct buf plain = {.arena = arena};
    struct buf marked = {.arena = arena};
    unsigned shown = 0;
    struct span s;
    for (unsigned n = 0; n < EXCERPT_SENTENCES; n++)
        if (best_sentence(own->text, marks, count, &shown, &s))
            add_sentence(&plain, &marked, own->text, &s, marks, count);
    hit->excerpt = str_trim(buf_str(&plain));
    hit->excerpt_marked = str_trim(buf_str(&marked));
}
