/* Texts side by side; see beside.h. Between two marks it is known where both texts are, so a row can end only
 * there. */
#include "library/beside.h"

#define ROW_LONG \
    400 /* bytes of the edition after which a row ends at the next paragraph by itself */

struct layer {
    struct arena *arena;
    const struct trace_match *match;
    struct str exhibit;
    struct beside_row *rows;
    size_t count;
    size_t mark;            /* the next one */
    struct beside_row open; /* the row being made */
    size_t at, source_at;   /* how far both texts have come, behind the last mark or cut */
};

static void end_row(struct layer *l, size_t at, size_t source_at)
{
    struct beside_row *row = &l->open;
    row->len = at - row->at;
    row->source_len = source_at - row->source_at;
    row->nmarks = l->mark - row->first;
    l->rows = arena_one_more(l->arena, l->rows, l->count, sizeof *l->rows);
    if (row->len || row->source_len)
        l->rows[l->count++] = *row;
    *row = (struct beside_row){.at = at, .source_at = source_at, .first = l->mark};
}

/* Where the last line within [from, to) begins; SIZE_MAX when no line ends there. */
static size_t last_line(struct str text, size_t from, size_t to)
{
    while (to > from && text.at[to - 1] != '\n')
        to--;
    return to > from ? to : SIZE_MAX;
}

/* Both texts run to `at` and `source_at` without a mark: ends the row between them where that may be. */
static void run_to(struct layer *l, size_t at, size_t source_at)
{
    size_t source_line = last_line(l->match->text, l->source_at, source_at);
    size_t line = last_line(l->exhibit, l->at, at);
    if (source_line == SIZE_MAX)
        return;
    if (line != SIZE_MAX)
        end_row(l, line, source_line);
    else if (l->source_at - l->open.source_at > ROW_LONG)
        end_row(l, l->at, l->source_at);
}

/* Whether the mark lies within the span, and behind what was laid out of both texts. */
static bool holds(const struct layer *l, const struct span *span, const struct trace_mark *m)
{
    return m->at >= l->at && m->at + m->len <= span->at + span->len &&
           m->source_at >= l->source_at &&
           m->source_at + m->source_len <= span->source_at + span->source_len;
}

static void lay_span(struct layer *l, const struct span *span)
{
    const struct trace_match *match = l->match;
    while (l->mark < match->nmarks && match->marks[l->mark].at < span->at)
        l->mark++;
    l->at = span->at;
    l->source_at = span->source_at;
    l->open = (struct beside_row){
        .at = l->at, .source_at = l->source_at, .first = l->mark, .gap = l->count > 0};
    while (l->mark < match->nmarks && match->marks[l->mark].at <= span->at + span->len) {
        const struct trace_mark *m = &match->marks[l->mark];
        if (!holds(l, span, m)) {
            /* The row must not hold it: marks of a row are one run of the list. */
            end_row(l, l->at, l->source_at);
            l->open.first = ++l->mark;
            continue;
        }
        run_to(l, m->at, m->source_at);
        l->at = m->at + m->len;
        l->source_at = m->source_at + m->source_len;
        l->mark++;
    }
    size_t end = span->at + span->len;
    size_t source_end = span->source_at + span->source_len;
    run_to(l, end, source_end);
    end_row(l, end, source_end);
}

void library_lay_beside(struct arena *arena, const struct trace_match *match, struct str exhibit,
                        struct beside_row **rows, size_t *count)
{
    struct layer l = {.arena = arena, .match = match, .exhibit = exhibit};
    for (size_t i = 0; i < match->nspans; i++)
        lay_span(&l, &match->spans[i]);
    *rows = l.rows;
    *count = l.count;
}
