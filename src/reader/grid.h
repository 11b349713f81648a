/* Inside the reader: rows and columns of a table, and what stands in them. */
#ifndef READER_GRID_H
#define READER_GRID_H

#include "reader/reader.h"

#define GRID_COLUMNS 40U
#define GRID_ROWS    150U

struct grid {
    float xs[GRID_COLUMNS + 1],
        ys[GRID_ROWS + 1];                   /* between its fields and around them, ascending */
    size_t nxs, nys;                         /* one more than columns and rows */
    size_t owners[GRID_ROWS * GRID_COLUMNS]; /* by field, row by row: the field that owns it */
};

/* Makes of a page's lines those of the grid's rows, parted where cells end; leaves all as it is where they are no table:
 * less than two rows or columns say something. Takes O(characters × fields) at most. */
void grid_fill(struct arena *arena, struct reader_page *page, const struct grid *grid);

#endif
