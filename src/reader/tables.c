/* Tables of a page; see layout.h. What neither lines show (grid.c) nor three columns (columns.c) is told by rows alone:
 *
 * A row is two lines or more at the same height that do not touch one another. Rows one below another with as many cells
 * each, which begin, end or stand in the middle at the same places, are a table; unless the cells fill their
 * columns or are sentences, lines go on between the rows, or the first cells are numbers of a list. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "reader/layout.h"

#define CELLS_MOST  32U
#define ROWS_LEAST  2U
#define ROWS_OF_TWO 3U   /* of two columns */
#define FULL        0.7F /* cells that fill more of their columns are text */
#define ALIGN_EMS   0.6F
#define APART_EMS   0.8F /* between two cells */
#define BELOW_EMS   3.5F /* between two rows */

struct row {
    size_t cells[CELLS_MOST]; /* lines of the page, from left to right */
    size_t count;
    float base, size;
};

static int by_left(const void *a, const void *b)
{
    const struct reader_line *one = *(const struct reader_line *const *)a;
    const struct reader_line *other = *(const struct reader_line *const *)b;
    return one->left < other->left ? -1 : one->left > other->left;
}

/* All that stands at the height of line `at`; false where it is alone, or where something is in the way. */
static bool find_row(const struct reader_page *page, size_t at, struct row *row)
{
    const struct reader_line *cells[CELLS_MOST];
    const struct reader_line *line = &page->lines[at];
    *row = (struct row){.base = line->base, .size = line->size};
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *other = &page->lines[i];
        if (other->aside || other->in_table || fabsf(other->base - line->base) > 0.3F * line->size)
            continue;
        if (row->count == CELLS_MOST)
            return false;
        cells[row->count++] = other;
    }
    qsort(cells, row->count, sizeof *cells, by_left);
    for (size_t i = 0; i < row->count; i++) {
        row->cells[i] = (size_t)(cells[i] - page->lines);
        if (i && cells[i]->left - cells[i - 1]->right < APART_EMS * line->size)
            return false;
    }
    return row->count > 1;
}

static bool is_aligned(const struct reader_line *a, const struct reader_line *b)
{
    float most = ALIGN_EMS * a->size;
    return fabsf(a->left - b->left) < most || fabsf(a->right - b->right) < most ||
           fabsf(a->left + a->right - b->left - b->right) < 2 * most;
}

/* Whether a line stands between two rows: their cells would go on in it. */
static bool is_between(const struct reader_page *page, const struct row *row,
                       const struct row *next)
{
    float left = page->lines[row->cells[0]].left;
    float right = page->lines[row->cells[row->count - 1]].right;
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *line = &page->lines[i];
        if (!line->aside && line->base > row->base + 0.3F * row->size &&
            line->base < next->base - 0.3F * row->size && line->left < right && line->right > left)
            return true;
    }
    return false;
}

static bool goes_on(const struct reader_page *page, const struct row *row, const struct row *next)
{
    if (is_between(page, row, next))
        return false;
    if (row->count != next->count || next->base - row->base > BELOW_EMS * row->size)
        return false;
    for (size_t i = 0; i < row->count; i++)
        if (!is_aligned(&page->lines[row->cells[i]], &page->lines[next->cells[i]]))
            return false;
    return true;
}

/* Of the room between the beginnings of neighbouring columns, how much cells take. */
static float fullness(const struct reader_page *page, const struct row *rows, size_t nrows)
{
    float taken = 0;
    float room = 0;
    for (size_t c = 0; c + 1 < rows->count; c++) {
        float left = page->lines[rows[0].cells[c]].left;
        float next = page->lines[rows[0].cells[c + 1]].left;
        for (size_t r = 0; r < nrows; r++) {
            const struct reader_line *cell = &page->lines[rows[r].cells[c]];
            left = fminf(left, cell->left);
            next = fminf(next, page->lines[rows[r].cells[c + 1]].left);
            taken += cell->right - cell->left;
        }
        room += (next - left) * (float)nrows;
    }
    return room > 0 ? taken / room : 1;
}

/* Whether a good part of what stands in the cells are sentences. */
static bool are_sentences(const struct reader_page *page, const struct row *rows, size_t nrows)
{
    size_t sentences = 0;
    size_t count = 0;
    for (size_t r = 0; r < nrows; r++)
        for (size_t c = rows[r].count > 2 ? 0 : 1; c < rows[r].count; c++, count++) {
            const struct reader_line *cell = &page->lines[rows[r].cells[c]];
            sentences += cell->nchars && layout_ends_sentence(cell->chars[cell->nchars - 1].code);
        }
    return 3 * sentences > count;
}

/* Whether the first of two columns numbers what stands in the second: a list. */
static bool is_list(const struct reader_page *page, const struct row *rows, size_t nrows)
{
    size_t labels = 0;
    for (size_t r = 0; r < nrows && rows->count == 2; r++) {
        const struct reader_line *cell = &page->lines[rows[r].cells[0]];
        uint32_t last = cell->nchars ? cell->chars[cell->nchars - 1].code : 0;
        labels += cell->nchars <= 5 && (unicode_is_punct(last) || last == 0x2022);
    }
    return 2 * labels > nrows;
}

/* One line of all cells of a row, in the place of its first; the others say nothing any more. */
static void join_row(struct arena *arena, struct reader_page *page, const struct row *row)
{
    size_t nchars = row->count;
    for (size_t i = 0; i < row->count; i++)
        nchars += page->lines[row->cells[i]].nchars;
    struct reader_char *chars = arena_array(arena, nchars, struct reader_char);
    struct reader_line whole = page->lines[row->cells[0]];
    nchars = 0;
    for (size_t i = 0; i < row->count; i++) {
        struct reader_line *cell = &page->lines[row->cells[i]];
        if (i)
            chars[nchars++] =
                (struct reader_char){.code = '\t', .left = whole.right, .right = cell->left};
        for (size_t k = 0; k < cell->nchars; k++)
            chars[nchars++] = cell->chars[k];
        whole.right = cell->right;
        cell->aside = cell->in_table = true;
    }
    whole.chars = chars;
    whole.nchars = nchars;
    whole.in_table = true;
    page->lines[row->cells[0]] = whole;
}

static int by_base(const void *a, const void *b)
{
    const struct row *one = a;
    const struct row *other = b;
    return one->base < other->base ? -1 : one->base > other->base;
}

/* Rows move to where the first of them stands in reading order, which may have gone column by column. */
static void gather_rows(struct arena *arena, struct reader_page *page, const struct row *rows,
                        size_t nrows)
{
    struct reader_line *lines = arena_array(arena, page->nlines + 1, struct reader_line);
    bool *moved = arena_array(arena, page->nlines + 1, bool);
    size_t first = page->nlines;
    size_t count = 0;
    for (size_t r = 0; r < nrows; r++) {
        moved[rows[r].cells[0]] = true;
        first = rows[r].cells[0] < first ? rows[r].cells[0] : first;
    }
    for (size_t i = 0; i < page->nlines; i++) {
        for (size_t r = 0; i == first && r < nrows; r++)
            lines[count++] = page->lines[rows[r].cells[0]];
        if (!moved[i])
            lines[count++] = page->lines[i];
    }
    page->lines = lines;
}

/* The first table of a page that is not known yet; false where there is none. */
static bool find_table(struct arena *arena, struct reader_page *page, struct row *rows)
{
    size_t nrows = 0;
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *line = &page->lines[i];
        bool first = !line->aside && !line->in_table && find_row(page, i, &rows[nrows]);
        nrows += first && rows[nrows].cells[0] == i;
    }
    qsort(rows, nrows, sizeof *rows, by_base);
    for (size_t from = 0; from < nrows;) {
        size_t to = from + 1;
        while (to < nrows && goes_on(page, &rows[to - 1], &rows[to]))
            to++;
        size_t least = rows[from].count > 2 ? ROWS_LEAST : ROWS_OF_TWO;
        if (to - from >= least && !are_sentences(page, rows + from, to - from) &&
            !is_list(page, rows + from, to - from) &&
            fullness(page, rows + from, to - from) < FULL) {
            for (size_t r = from; r < to; r++)
                join_row(arena, page, &rows[r]);
            gather_rows(arena, page, rows + from, to - from);
            return true;
        }
        from = to;
    }
    return false;
}

/* Whether something stands beside a line, at its height and apart from it. */
static bool has_neighbour(const struct reader_page *page, const struct reader_line *line)
{
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *other = &page->lines[i];
        if (fabsf(other->base - line->base) < 0.8F * line->size &&
            (other->left > line->right || line->left > other->right))
            return true;
    }
    return false;
}

static bool has_hole(const struct reader_line *line)
{
    for (size_t i = 0; i + 1 < line->nchars; i++) {
        size_t next = layout_next_char(line, i);
        if (next < line->nchars && !unicode_is_space(line->chars[i].code) &&
            line->chars[next].left - line->chars[i].right > APART_EMS * line->size)
            return true;
    }
    return false;
}

#define LINES_MOST  600U /* a page with more is no page of a paper: it is read as it comes */
#define TABLES_MOST 20

bool layout_may_hold_table(const struct reader_page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->nlines && page->nlines <= LINES_MOST && count < 4; i++)
        count += has_hole(&page->lines[i]) ? 2 : has_neighbour(page, &page->lines[i]);
    return count >= 4;
}

/* --- over pages -------------------------------------------------------------------------------------------- */

static size_t count_tabs(const struct reader_line *row)
{
    size_t count = 0;
    for (size_t i = 0; i < row->nchars; i++)
        count += row->chars[i].code == '\t';
    return count;
}

static bool says_the_same(const struct reader_line *a, const struct reader_line *b)
{
    bool same = a->nchars == b->nchars;
    for (size_t i = 0; same && i < a->nchars; i++)
        same = a->chars[i].code == b->chars[i].code;
    return same;
}

static size_t cell_end(const struct reader_line *row, size_t at)
{
    while (at < row->nchars && row->chars[at].code != '\t')
        at++;
    return at;
}

/* Adds characters to others; `parted`: with a space between words. */
static size_t add_chars(struct reader_char *chars, size_t count, const struct reader_line *row,
                        size_t from, size_t to, bool parted)
{
    if (from < to && count)
        chars[count - 1].wider_noise = READER_BLIND; /* it ended its line */
    if (from < to && parted &&
        !(layout_is_wide(chars[count - 1].code) && layout_is_wide(row->chars[from].code)))
        chars[count++] = (struct reader_char){.code = ' '};
    memcpy(chars + count, row->chars + from, (to - from) * sizeof *chars);
    return count + to - from;
}

/* Adds what a row's cells hold to those of the row before, which has as many. */
static void join_cells(struct arena *arena, struct reader_line *row, const struct reader_line *more)
{
    struct reader_char *chars =
        arena_array(arena, 2 * (row->nchars + more->nchars) + 1, struct reader_char);
    size_t count = 0;
    size_t at = 0;
    for (size_t from = 0; from <= row->nchars; from++, at++) {
        size_t to = cell_end(row, from);
        size_t end = cell_end(more, at);
        count = add_chars(chars, count, row, from, to, false);
        count = add_chars(chars, count, more, at, end, to > from);
        if (to < row->nchars)
            chars[count++] = row->chars[to];
        from = to;
        at = end;
    }
    row->chars = chars;
    row->nchars = count;
}

static struct reader_line *first_of(struct reader_page *page)
{
    for (size_t i = 0; i < page->nlines; i++)
        if (!page->lines[i].aside)
            return &page->lines[i];
    return NULL;
}

static struct reader_line *last_of(struct reader_page *page)
{
    for (size_t i = page->nlines; i-- > 0;)
        if (!page->lines[i].aside)
            return &page->lines[i];
    return NULL;
}

/* The first row of the table whose last is `row`, on its page, even if it is not said again. */
static const struct reader_line *head_of(const struct reader_page *page,
                                         const struct reader_line *row)
{
    const struct reader_line *head = row;
    for (; row > page->lines && (row[-1].in_table || row[-1].aside); row--)
        if (row[-1].in_table && count_tabs(&row[-1]))
            head = &row[-1];
    return head;
}

/* A table that goes on over a page's end: its head is there once, and a row that was parted is one again. Whoever parts a
 * row leaves the cell that names it empty on the next page. `head`: the first row of a table that goes on over the page's
 * beginning, or NULL; gives that of one that goes on over its end. */
static const struct reader_line *join_pages(struct arena *arena, struct reader_page *page,
                                            struct reader_page *next,
                                            const struct reader_line *head)
{
    struct reader_line *last = last_of(page);
    struct reader_line *first = first_of(next);
    if (!last || !first || !last->in_table || !first->in_table ||
        count_tabs(last) != count_tabs(first))
        return NULL;
    const struct reader_line *own = head_of(page, last);
    const struct reader_line *begins = first_of(page);
    if (!head || (begins && begins < own))
        head = own;
    if (head != last && says_the_same(head, first)) {
        first->aside = true;
        first = first_of(next);
    }
    if (first && first->in_table && first->nchars && first->chars[0].code == '\t' && last->nchars &&
        last->chars[0].code != '\t' && count_tabs(last) == count_tabs(first)) {
        join_cells(arena, last, first);
        first->aside = true;
    }
    return head;
}

void layout_find_tables(struct reader *reader)
{
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        if (page->pictured || page->nlines > LINES_MOST)
            continue;
        layout_find_grids(reader->arena, page);
        layout_find_columns(reader->arena, page);
        struct row *rows = arena_array(reader->arena, page->nlines + 1, struct row);
        for (int i = 0; i < TABLES_MOST && find_table(reader->arena, page, rows); i++)
            ;
    }
    const struct reader_line *head = NULL;
    for (size_t p = 0; p + 1 < reader->npages; p++)
        head = join_pages(reader->arena, &reader->pages[p], &reader->pages[p + 1], head);
}
