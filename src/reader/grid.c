/* Tables whose lines are drawn; see layout.h.
 *
 * Lines that touch one another are one grid, and where they stand are its rows and columns. Between two fields that no
 * line parts is none: they are one cell, which the first of them owns. A character belongs to the cell in which its
 * middle lies, whatever line poppler took it for, which even joins what stands at two heights; so cells may hold many
 * lines, at the top or in the middle of them. */
#include <math.h>
#include <string.h>

#include "base/unicode.h"
#include "reader/grid.h"
#include "reader/layout.h"
#include "reader/values.h"

#define TOUCH      2.5F /* points: lines as near as this meet, or are one */
#define RULES_MOST 1200U
#define CHARS_MOST 30000U
#define SAME_EMS   0.4F /* characters of one line of text */
#define NOWHERE    SIZE_MAX

/* Characters of one line that stand in one cell, or in none. */
struct shred {
    const struct reader_line *line;
    size_t from, to;
    size_t cell;
    size_t next; /* of the same cell, as it is read */
};

static size_t ncolumns(const struct grid *grid)
{
    return grid->nxs - 1;
}

/* --- lines that touch -------------------------------------------------------------------------------------- */

static bool touches(const struct reader_rule *a, const struct reader_rule *b)
{
    return a->left < b->right + TOUCH && b->left < a->right + TOUCH && a->top < b->bottom + TOUCH &&
           b->top < a->bottom + TOUCH;
}

/* Takes the rules that hang together with the first one left, to the front of `rules`; gives how many. O(rules²). */
static size_t take_group(struct reader_rule *rules, size_t count)
{
    size_t taken = 1;
    for (size_t done = 0; done < taken; done++)
        for (size_t i = taken; i < count; i++)
            if (touches(&rules[done], &rules[i])) {
                struct reader_rule other = rules[taken];
                rules[taken++] = rules[i];
                rules[i] = other;
            }
    return taken;
}

/* Those that are one made one; false where there are too many. */
static bool take_places(float *found, size_t nfound, float *places, size_t most, size_t *count)
{
    values_sort(found, nfound);
    *count = 0;
    for (size_t i = 0; i < nfound; i++) {
        if (*count && found[i] - places[*count - 1] <= TOUCH)
            continue;
        if (*count == most)
            return false;
        places[(*count)++] = found[i];
    }
    return true;
}

/* --- cells ------------------------------------------------------------------------------------------------- */

/* Whether a rule of the group stands at `at` and reaches over `middle`. */
static bool is_drawn(const struct reader_rule *rules, size_t count, bool upright, float at,
                     float middle)
{
    for (size_t i = 0; i < count; i++) {
        const struct reader_rule *r = &rules[i];
        if (r->upright == upright && fabsf((upright ? r->left : r->top) - at) <= 2 * TOUCH &&
            (upright ? r->top : r->left) <= middle && (upright ? r->bottom : r->right) >= middle)
            return true;
    }
    return false;
}

static void find_owners(struct grid *grid, const struct reader_rule *rules, size_t count)
{
    size_t columns = ncolumns(grid);
    for (size_t r = 0; r + 1 < grid->nys; r++)
        for (size_t c = 0; c < columns; c++) {
            size_t field = r * columns + c;
            float x = (grid->xs[c] + grid->xs[c + 1]) / 2;
            float y = (grid->ys[r] + grid->ys[r + 1]) / 2;
            grid->owners[field] = field;
            if (r && !is_drawn(rules, count, false, grid->ys[r], x))
                grid->owners[field] = grid->owners[field - columns];
            else if (c && !is_drawn(rules, count, true, grid->xs[c], y))
                grid->owners[field] = grid->owners[field - 1];
        }
}

/* A grid of two rows and two columns at least; a side that no line closes ends where the others do. */
static bool make_grid(const struct reader_rule *rules, size_t count, struct grid *grid)
{
    float xs[RULES_MOST + 2];
    float ys[RULES_MOST + 2];
    size_t nxs = 0;
    size_t nys = 0;
    float left = INFINITY;
    float right = -INFINITY;
    float top = INFINITY;
    float bottom = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (rules[i].upright)
            xs[nxs++] = rules[i].left;
        else
            ys[nys++] = rules[i].top;
        left = fminf(left, rules[i].left);
        right = fmaxf(right, rules[i].right);
        top = fminf(top, rules[i].top);
        bottom = fmaxf(bottom, rules[i].bottom);
    }
    if (!nxs || nys < 2)
        return false;
    xs[nxs++] = left;
    xs[nxs++] = right;
    ys[nys++] = top;
    ys[nys++] = bottom;
    if (!take_places(xs, nxs, grid->xs, GRID_COLUMNS + 1, &grid->nxs) ||
        !take_places(ys, nys, grid->ys, GRID_ROWS + 1, &grid->nys))
        return false;
    if (grid->nxs < 3 || grid->nys < 3)
        return false;
    find_owners(grid, rules, count);
    return true;
}

/* Between which two of ascending places it lies; NOWHERE: outside. */
static size_t find_between(const float *places, size_t count, float at)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (at >= places[i] && at < places[i + 1])
            return i;
    return NOWHERE;
}

static size_t cell_at(const struct grid *grid, const struct reader_line *line, size_t at)
{
    const struct reader_char *c = &line->chars[at];
    size_t row = find_between(grid->ys, grid->nys, (c->top + c->bottom) / 2);
    size_t column = find_between(grid->xs, grid->nxs, (c->left + c->right) / 2);
    return row == NOWHERE || column == NOWHERE ? NOWHERE
                                               : grid->owners[row * ncolumns(grid) + column];
}

/* --- what stands in them ----------------------------------------------------------------------------------- */

struct harvest {
    struct shred *shreds; /* in the order of the page */
    size_t count;
    size_t *firsts; /* by cell; NOWHERE: it is empty */
};

static bool reads_before(const struct shred *a, const struct shred *b)
{
    const struct reader_char *one = &a->line->chars[a->from];
    const struct reader_char *other = &b->line->chars[b->from];
    if (fabsf(other->bottom - one->bottom) > SAME_EMS * a->line->size)
        return one->bottom < other->bottom;
    return one->left < other->left;
}

static void put_into_cell(struct harvest *harvest, size_t at)
{
    struct shred *shred = &harvest->shreds[at];
    size_t *place = &harvest->firsts[shred->cell];
    while (*place != NOWHERE && !reads_before(shred, &harvest->shreds[*place]))
        place = &harvest->shreds[*place].next;
    shred->next = *place;
    *place = at;
}

/* Cuts a line where cells end, without the spaces there. */
static void cut_line(const struct grid *grid, const struct reader_line *line,
                     struct harvest *harvest)
{
    for (size_t from = 0; from < line->nchars;) {
        size_t cell = cell_at(grid, line, from);
        size_t to = from + 1;
        while (to < line->nchars &&
               (unicode_is_space(line->chars[to].code) || cell_at(grid, line, to) == cell))
            to++;
        size_t end = to;
        while (from < end && unicode_is_space(line->chars[from].code))
            from++;
        while (end > from && unicode_is_space(line->chars[end - 1].code))
            end--;
        if (end > from) {
            harvest->shreds[harvest->count] =
                (struct shred){line, from, end, cell_at(grid, line, from), NOWHERE};
            if (harvest->shreds[harvest->count].cell != NOWHERE)
                put_into_cell(harvest, harvest->count);
            harvest->count++;
        }
        from = to;
    }
}

/* At least two columns and two rows say something. */
static bool is_table(const struct grid *grid, const struct harvest *harvest)
{
    size_t columns = ncolumns(grid);
    size_t cells = columns * (grid->nys - 1);
    bool two_rows = false;
    bool two_columns = false;
    size_t first = NOWHERE;
    for (size_t i = 0; i < cells; i++) {
        if (harvest->firsts[i] == NOWHERE)
            continue;
        if (first == NOWHERE)
            first = i;
        two_rows |= i / columns != first / columns;
        two_columns |= i % columns != first % columns;
    }
    return two_rows && two_columns;
}

/* --- rows -------------------------------------------------------------------------------------------------- */

/* Adds a shred's characters; what parts it from those before, in the same cell, is a space where words need one. */
static void add_shred(struct reader_line *row, const struct shred *shred, bool first)
{
    const struct reader_char *from = shred->line->chars + shred->from;
    struct reader_char *last = row->nchars ? &row->chars[row->nchars - 1] : NULL;
    if (last)
        last->wider_noise = READER_BLIND; /* nothing follows it in its line */
    if (!first && last) {
        if (layout_parts_word(row->chars, row->nchars, from->code))
            row->nchars--;
        else if (!layout_is_wide(last->code) || !layout_is_wide(from->code))
            row->chars[row->nchars++] =
                (struct reader_char){.code = ' ', .left = last->right, .right = from->left};
    }
    memcpy(row->chars + row->nchars, from, (shred->to - shred->from) * sizeof *from);
    row->nchars += shred->to - shred->from;
}

/* One line of all cells of a row; false where they are empty. */
static bool make_row(struct arena *arena, const struct grid *grid, const struct harvest *harvest,
                     size_t r, struct reader_line *row)
{
    size_t columns = ncolumns(grid);
    size_t room = columns;
    const struct reader_line *looks = NULL;
    for (size_t c = 0; c < columns; c++)
        for (size_t i = harvest->firsts[r * columns + c]; i != NOWHERE;
             i = harvest->shreds[i].next) {
            room += harvest->shreds[i].to - harvest->shreds[i].from + 1;
            looks = looks ? looks : harvest->shreds[i].line;
        }
    if (!looks)
        return false;
    *row = *looks;
    row->chars = arena_array(arena, room, struct reader_char);
    row->nchars = 0;
    for (size_t c = 0; c < columns; c++) {
        if (c)
            row->chars[row->nchars++] = (struct reader_char){.code = '\t',
                                                             .left = grid->xs[c],
                                                             .right = grid->xs[c],
                                                             .wider_noise = READER_BLIND};
        size_t first = harvest->firsts[r * columns + c];
        for (size_t i = first; i != NOWHERE; i = harvest->shreds[i].next)
            add_shred(row, &harvest->shreds[i], i == first);
    }
    row->left = grid->xs[0];
    row->right = grid->xs[columns];
    row->top = grid->ys[r];
    row->bottom = grid->ys[r + 1];
    row->aside = false;
    row->in_table = true;
    return true;
}

/* A line of what stands outside of the grid. */
static struct reader_line line_of(struct arena *arena, const struct shred *shred)
{
    struct reader_line line = *shred->line;
    line.nchars = shred->to - shred->from;
    line.chars = arena_array(arena, line.nchars, struct reader_char);
    memcpy(line.chars, shred->line->chars + shred->from, line.nchars * sizeof *line.chars);
    line.left = line.chars[0].left;
    line.right = line.chars[line.nchars - 1].right;
    return line;
}

/* Rows stand where the first of what they hold stood. */
static void put_rows(struct arena *arena, struct reader_page *page, const struct grid *grid,
                     const struct harvest *harvest)
{
    size_t rows = grid->nys - 1;
    struct reader_line *lines =
        arena_array(arena, page->nlines + harvest->count + rows + 1, struct reader_line);
    size_t count = 0;
    size_t at = 0;
    bool done = false;
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *line = &page->lines[i];
        bool whole = true;
        size_t from = at;
        for (; at < harvest->count && harvest->shreds[at].line == line; at++)
            whole = whole && harvest->shreds[at].cell == NOWHERE;
        if (whole) {
            lines[count++] = *line;
            continue;
        }
        for (size_t r = 0; r < rows && !done; r++)
            count += make_row(arena, grid, harvest, r, &lines[count]);
        done = true;
        for (; from < at; from++)
            if (harvest->shreds[from].cell == NOWHERE)
                lines[count++] = line_of(arena, &harvest->shreds[from]);
    }
    page->lines = lines;
    page->nlines = count;
}

void grid_fill(struct arena *arena, struct reader_page *page, const struct grid *grid)
{
    size_t chars = 0;
    size_t fields = ncolumns(grid) * (grid->nys - 1);
    for (size_t i = 0; i < page->nlines; i++)
        chars += page->lines[i].nchars;
    struct harvest harvest = {.shreds = arena_array(arena, chars + 1, struct shred),
                              .firsts = arena_array(arena, fields, size_t)};
    for (size_t i = 0; i < fields; i++)
        harvest.firsts[i] = NOWHERE;
    for (size_t i = 0; i < page->nlines; i++)
        if (!page->lines[i].in_table)
            cut_line(grid, &page->lines[i], &harvest);
    if (is_table(grid, &harvest))
        put_rows(arena, page, grid, &harvest);
}

void layout_find_grids(struct arena *arena, struct reader_page *page)
{
    struct reader_rule *rules = page->rules;
    size_t left = page->nrules;
    size_t chars = 0;
    for (size_t i = 0; i < page->nlines; i++)
        chars += page->lines[i].nchars;
    if (!left || left > RULES_MOST || chars > CHARS_MOST)
        return;
    struct grid *grid = arena_new(arena, struct grid);
    while (left) {
        size_t count = take_group(rules, left);
        if (make_grid(rules, count, grid))
            grid_fill(arena, page, grid);
        rules += count;
        left -= count;
    }
}
