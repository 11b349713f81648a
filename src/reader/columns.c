/* Tables without lines whose cells hold several lines of text; see layout.h.
 *
 * Pieces of text at one height, far apart, are a band. Bands one below another whose pieces keep to the same columns,
 * three of them at least, are a table: two might be a list whose numbers hang, or words with what they mean. Where a row
 * begins is told by more room above it, or else by its first column. Where neither is plain it is left alone: better a
 * table missed than one made up. */
#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "reader/grid.h"
#include "reader/layout.h"

#define PIECES_MOST   1200U
#define COLUMNS_LEAST 3U
#define ROWS_LEAST    3U
#define APART_EMS     0.8F  /* between two pieces */
#define GUTTER_EMS    0.5F  /* between two columns */
#define SAME_EMS      0.35F /* of one height */
#define CLOSE_EMS     0.8F /* bands nearer than this are of cells that stand at different heights */
#define BELOW_EMS     2.6F /* from band to band */
#define LINE_EMS      1.7F /* from line to line of a cell, at most */
#define MORE_EMS      0.25F /* room that parts rows */
#define FULL          0.7F  /* columns filled more than this are text */

struct piece {
    float left, right, base, size;
    uint32_t last; /* character */
};
struct band {
    size_t from, to; /* pieces, from left to right */
    float base;
};
struct sheet {
    struct piece pieces[PIECES_MOST];
    size_t npieces;
    struct band bands[PIECES_MOST];
    size_t nbands;
};
/* Columns as far as the pieces in them reach. */
struct columns {
    float lefts[GRID_COLUMNS], rights[GRID_COLUMNS];
    size_t count;
};

/* --- pieces and bands -------------------------------------------------------------------------------------- */

static bool goes_on(const struct piece *piece, const struct reader_char *c)
{
    return c->left - piece->right <= APART_EMS * piece->size && c->left >= piece->left &&
           fabsf(c->bottom - piece->base) <= SAME_EMS * piece->size;
}

/* False where there are too many. */
static bool take_pieces(const struct reader_line *line, struct sheet *sheet)
{
    struct piece *piece = NULL;
    for (size_t i = 0; i < line->nchars; i++) {
        const struct reader_char *c = &line->chars[i];
        if (unicode_is_space(c->code) || c->raised)
            continue;
        if (piece && goes_on(piece, c)) {
            piece->right = fmaxf(piece->right, c->right);
            piece->last = c->code;
            continue;
        }
        if (sheet->npieces == PIECES_MOST)
            return false;
        piece = &sheet->pieces[sheet->npieces++];
        *piece = (struct piece){c->left, c->right, c->bottom, line->size, c->code};
    }
    return true;
}

static int by_base(const void *a, const void *b)
{
    const struct piece *one = a;
    const struct piece *other = b;
    return one->base < other->base ? -1 : one->base > other->base;
}

static int by_left(const void *a, const void *b)
{
    const struct piece *one = a;
    const struct piece *other = b;
    return one->left < other->left ? -1 : one->left > other->left;
}

static bool take_bands(const struct reader_page *page, struct sheet *sheet)
{
    for (size_t i = 0; i < page->nlines; i++)
        if (!page->lines[i].aside && !page->lines[i].in_table &&
            !take_pieces(&page->lines[i], sheet))
            return false;
    qsort(sheet->pieces, sheet->npieces, sizeof *sheet->pieces, by_base);
    for (size_t from = 0; from < sheet->npieces;) {
        const struct piece *first = &sheet->pieces[from];
        struct band *band = &sheet->bands[sheet->nbands++];
        *band = (struct band){from, from + 1, first->base};
        while (band->to < sheet->npieces &&
               sheet->pieces[band->to].base - first->base <= SAME_EMS * first->size)
            band->to++;
        from = band->to;
        qsort(sheet->pieces + band->from, band->to - band->from, sizeof *first, by_left);
    }
    return true;
}

/* --- columns ----------------------------------------------------------------------------------------------- */

/* The column of a piece; GRID_COLUMNS: none, or more than one. */
static size_t column_of(const struct columns *columns, const struct piece *piece)
{
    size_t found = GRID_COLUMNS;
    for (size_t c = 0; c < columns->count; c++) {
        if (piece->left >= columns->rights[c] || piece->right <= columns->lefts[c])
            continue;
        if (found < GRID_COLUMNS)
            return GRID_COLUMNS;
        found = c;
    }
    return found;
}

/* Widens columns by the pieces of a band; false, and nothing changed, where they do not keep to them. */
static bool take_band(const struct sheet *sheet, const struct band *band, struct columns *columns)
{
    struct columns wider = *columns;
    for (size_t i = band->from; i < band->to; i++) {
        const struct piece *piece = &sheet->pieces[i];
        size_t c = column_of(columns, piece);
        if (c == GRID_COLUMNS)
            return false;
        wider.lefts[c] = fminf(wider.lefts[c], piece->left);
        wider.rights[c] = fmaxf(wider.rights[c], piece->right);
        if ((c && wider.lefts[c] - wider.rights[c - 1] < GUTTER_EMS * piece->size) ||
            (c + 1 < wider.count &&
             wider.lefts[c + 1] - wider.rights[c] < GUTTER_EMS * piece->size))
            return false;
    }
    *columns = wider;
    return true;
}

static bool begin_columns(const struct sheet *sheet, const struct band *band,
                          struct columns *columns)
{
    columns->count = band->to - band->from;
    if (columns->count < COLUMNS_LEAST || columns->count > GRID_COLUMNS)
        return false;
    for (size_t c = 0; c < columns->count; c++) {
        columns->lefts[c] = sheet->pieces[band->from + c].left;
        columns->rights[c] = sheet->pieces[band->from + c].right;
        if (c &&
            columns->lefts[c] - columns->rights[c - 1] < APART_EMS * sheet->pieces[band->from].size)
            return false;
    }
    return true;
}

static bool has_column(const struct sheet *sheet, const struct band *band,
                       const struct columns *columns, size_t c)
{
    for (size_t i = band->from; i < band->to; i++)
        if (column_of(columns, &sheet->pieces[i]) == c)
            return true;
    return false;
}

/* From band to band, in ems. */
static float pitch(const struct sheet *sheet, size_t at)
{
    return (sheet->bands[at].base - sheet->bands[at - 1].base) /
           sheet->pieces[sheet->bands[at].from].size;
}

/* Where the bands end that keep to the columns of band `from`; what stands alone at the end and does not begin where its
 * column does is none of them. */
static size_t find_end(const struct sheet *sheet, size_t from, struct columns *columns)
{
    size_t to = from + 1;
    while (to < sheet->nbands && pitch(sheet, to) <= BELOW_EMS &&
           take_band(sheet, &sheet->bands[to], columns))
        to++;
    while (to > from + 1) {
        const struct band *last = &sheet->bands[to - 1];
        const struct piece *piece = &sheet->pieces[last->from];
        size_t c = column_of(columns, piece);
        if (last->to - last->from > 1 || (pitch(sheet, to - 1) <= LINE_EMS && c < columns->count &&
                                          piece->left - columns->lefts[c] < piece->size / 2))
            break;
        to--;
    }
    return to;
}

/* How much of the columns but the last is taken. */
static float fullness(const struct sheet *sheet, size_t from, size_t to,
                      const struct columns *columns)
{
    float taken = 0;
    float room = 0;
    for (size_t c = 0; c + 1 < columns->count; c++)
        room += (columns->lefts[c + 1] - columns->lefts[c]) * (float)(to - from);
    for (size_t b = from; b < to; b++)
        for (size_t i = sheet->bands[b].from; i < sheet->bands[b].to; i++)
            if (column_of(columns, &sheet->pieces[i]) + 1 < columns->count)
                taken += sheet->pieces[i].right - sheet->pieces[i].left;
    return room > 0 ? taken / room : 1;
}

/* Whether a good part of what stands in the columns are sentences. */
static bool are_sentences(const struct sheet *sheet, size_t from, size_t to)
{
    size_t first = sheet->bands[from].from;
    size_t end = sheet->bands[to - 1].to;
    size_t sentences = 0;
    for (size_t i = first; i < end; i++)
        sentences += layout_ends_sentence(sheet->pieces[i].last);
    return 3 * sentences > end - first;
}

/* --- rows -------------------------------------------------------------------------------------------------- */

/* Whether a row begins with a band, by one of two signs. */
static bool begins_row(const struct sheet *sheet, size_t at, const struct columns *columns,
                       float line)
{
    return line > 0 ? pitch(sheet, at) > line + MORE_EMS
                    : has_column(sheet, &sheet->bands[at], columns, 0);
}

/* Every row has its first column from its first line on, and another one; there are enough of them. */
static bool are_rows(const struct sheet *sheet, size_t from, size_t to,
                     const struct columns *columns, float line)
{
    size_t rows = 0;
    for (size_t b = from; b < to; b++) {
        const struct band *band = &sheet->bands[b];
        if (b > from && !begins_row(sheet, b, columns, line))
            continue;
        rows++;
        if (band->to - band->from < 2 || !has_column(sheet, band, columns, 0))
            return false;
    }
    return rows >= ROWS_LEAST && rows <= GRID_ROWS;
}

/* The least room between bands; 0: some are so close that cells stand at different heights. */
static float least_pitch(const struct sheet *sheet, size_t from, size_t to)
{
    float least = BELOW_EMS;
    for (size_t b = from + 1; b < to; b++)
        least = fminf(least, pitch(sheet, b));
    return least < CLOSE_EMS ? 0 : least;
}

static void make_grid(const struct sheet *sheet, size_t from, size_t to,
                      const struct columns *columns, float line, struct grid *grid)
{
    const struct piece *first = &sheet->pieces[sheet->bands[from].from];
    grid->nxs = grid->nys = 0;
    grid->xs[grid->nxs++] = columns->lefts[0] - first->size;
    for (size_t c = 1; c < columns->count; c++)
        grid->xs[grid->nxs++] = (columns->rights[c - 1] + columns->lefts[c]) / 2;
    grid->xs[grid->nxs++] = columns->rights[columns->count - 1] + first->size;
    grid->ys[grid->nys++] = first->base - 1.3F * first->size;
    for (size_t b = from + 1; b < to; b++)
        if (begins_row(sheet, b, columns, line))
            grid->ys[grid->nys++] =
                (sheet->bands[b - 1].base + sheet->bands[b].base) / 2 - 0.4F * first->size;
    grid->ys[grid->nys++] = sheet->bands[to - 1].base + 0.3F * first->size;
    for (size_t i = 0; i < columns->count * (grid->nys - 1); i++)
        grid->owners[i] = i;
}

/* A table that begins with a band; gives where it ends, or `from`: none. */
static size_t find_table(const struct sheet *sheet, size_t from, struct grid *grid)
{
    struct columns columns;
    if (!begin_columns(sheet, &sheet->bands[from], &columns))
        return from;
    size_t to = find_end(sheet, from, &columns);
    float line = least_pitch(sheet, from, to);
    if (to - from < ROWS_LEAST || line <= 0 || are_sentences(sheet, from, to) ||
        fullness(sheet, from, to, &columns) >= FULL)
        return from;
    if (!are_rows(sheet, from, to, &columns, line))
        line = 0;
    if (!are_rows(sheet, from, to, &columns, line))
        return from;
    make_grid(sheet, from, to, &columns, line, grid);
    return to;
}

void layout_find_columns(struct arena *arena, struct reader_page *page)
{
    struct sheet *sheet = arena_new(arena, struct sheet);
    struct grid *grid = arena_new(arena, struct grid);
    if (!take_bands(page, sheet))
        return;
    for (size_t from = 0; from < sheet->nbands;) {
        size_t to = find_table(sheet, from, grid);
        if (to > from)
            grid_fill(arena, page, grid);
        from = to > from ? to : from + 1;
    }
}
