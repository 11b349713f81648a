/* Figures in a spreadsheet: which cell is the value of which indicator in which month.
 *
 * Columns are known by their headings: by words that all use, or as somebody said once of a source's tables and what is
 * kept since (mapping.h). Two shapes are understood. Wide: a heading row names months ("2026-03", "2026年3月", or "3月" and "Mar" where a year
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
/* What a column holds. */
enum ledger_role {
    LEDGER_ROLE_OUT, /* nothing of ours */
    LEDGER_ROLE_INDICATOR,
    LEDGER_ROLE_YEAR,
    LEDGER_ROLE_MONTH,
    LEDGER_ROLE_VALUE,
    LEDGER_ROLE_JANUARY, /* values of this month; the others follow */
    LEDGER_ROLES = LEDGER_ROLE_JANUARY + 12
};
struct ledger_column {
    struct str heading; /* letters of either case are the same */
    enum ledger_role role;
};
struct ledger_columns {
    const struct ledger_column *at;
    size_t count;
};
/* "indicator", "m3"; static. False where it is none's. */
const char *ledger_role_name(enum ledger_role role);
bool ledger_role_named(struct str name, enum ledger_role *role);
/* What a column so headed is likely to hold, by words that all use. */
enum ledger_role ledger_guess_role(struct str heading);
/* Whether a heading names a month, of a year or of any, so that nothing need be said of its column. */
bool ledger_names_month(struct str heading);
/* STATUS_INPUT unless one column is the indicator's, no heading stands twice, and a month and its value are both said or
 * neither; where neither is, columns that nothing is said of are months if their headings name one. */
enum status ledger_check_columns(const struct ledger_columns *columns, struct error *err);
/* Whether one of the first rows is a heading row: by these columns, or with NULL by words that all use. */
bool ledger_has_headings(const struct ledger_row *rows, size_t nrows,
                         const struct ledger_columns *columns);

/* Finds the figures, row by row, in the arena; texts point into the rows. `columns`, checked, says which is which; NULL:
 * it goes by words that all use. `year` is that of months without one, 0:
 * none is given. STATUS_INPUT when no heading row is found, or a row's month or year can't be read. */
enum status ledger_map_rows(struct arena *arena, const struct ledger_row *rows, size_t nrows,
                            const struct ledger_columns *columns, int year,
                            struct ledger_import_figure **list, size_t *count, struct error *err);

#endif
