/* Tables of a page; see layout.h.
 *
 * A row is two lines or more at the same height that do not touch one another. Rows one below another with as many cells
 * each, which begin, end or stand in the middle at the same places, are a table; unless the cells fill their
 * columns: those are columns of text. */
#include <math.h>
#include <stdlib.h>

#include "reader/layout.h"

#define CELLS_MOST 32U
#define ROWS_LEAST 2U
#define FULL       0.7F /* cells that fill more of their columns are text */
#define ALIGN_EMS  0.6F
#define APART_EMS  0.8F /* between two cells */
#define BELOW_EMS  3.5F /* between two rows */

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

static bool goes_on(const struct reader_page *page, const struct row *row, const struct row *next)
{
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
        if (to - from >= ROWS_LEAST && fullness(page, rows + from, to - from) < FULL) {
            for (size_t r = from; r < to; r++)
                join_row(arena, page, &rows[r]);
            gather_rows(arena, page, rows + from, to - from);
            return true;
        }
        from = to;
    }
    return false;
}

#define LINES_MOST  600U /* a page with more is no page of a paper: it is read as it comes */
#define TABLES_MOST 20

void layout_find_tables(struct reader *reader)
{
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        if (page->pictured || page->nlines > LINES_MOST)
            continue;
        struct row *rows = arena_array(reader->arena, page->nlines + 1, struct row);
        for (int i = 0; i < TABLES_MOST && find_table(reader->arena, page, rows); i++)
            ;
    }
}
