/* Figures in a spreadsheet: which cell is the value of which indicator in which month.
 *
 * Two shapes are understood. Wide: a heading row names months ("2026-03", "2026年3月", or "3月" and "Mar" where a year
 * stands in a column of its own or is given), and each row below is an indicator. Long: headings name a month and a
 * value, and each row is one figure. In both an indicator stands in the column headed by a number or a name, or else
 * in the first.
 *
 * Pure: it knows no indicators; names are looked up by the caller. */
#ifndef LEDGER_IMPORT_H
#define LEDGER_IMPORT_H

#include "base/error.h"
#include "base/str.h"

/* A row of cells; empty ones at the end may be left out. */
struct ledger_row {
    unsigned number; /* as the spreadsheet counts it */
    const struct str *cells;
    size_t ncells;
};
struct ledger_import_figure {
    unsigned row; /* its number */
    struct str name;
    int month;
    struct str text; /* never empty */
};
/* Finds the figures, row by row, in the arena; texts point into the rows. `year` is that of months without one, 0:
 * none is given. STATUS_INPUT when no heading row is found, or a row's month or year can't be read. */
enum status ledger_map_rows(struct arena *arena, const struct ledger_row *rows, size_t nrows,
                            int year, struct ledger_import_figure **list, size_t *count,
                            struct error *err);

#endif
