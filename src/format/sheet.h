/* A spreadsheet's first sheet as rows of text: from XLSX, from CSV, or as pasted from a spreadsheet program.
 *
 * Any bytes will do. An XLSX is unpacked to bounded sizes only, its XML is read as it streams by, and one that
 * declares entities is refused, so that a small file can't become a great one. Cells come as a person sees them,
 * but with all their digits: dates as 2026-03-31, per cents as 12.5%, results of formulas as they were saved. */
#ifndef FORMAT_SHEET_H
#define FORMAT_SHEET_H

#include "base/error.h"
#include "base/str.h"

#define SHEET_ROWS_MAX     20000U
#define SHEET_COLUMNS_MAX  256U
#define SHEET_CELLS_MAX    1000000U
#define SHEET_CELL_MAX     4000U /* bytes of one cell; longer text is cut … */
#define SHEET_TEXT_MAX     ((size_t)32 * 1024 * 1024) /* … and of all: many may show one shared text */
#define SHEET_UNPACKED_MAX ((size_t)64 * 1024 * 1024) /* of all parts of an XLSX together */

struct sheet_row {
    unsigned number; /* as the spreadsheet counts it, from 1 */
    struct str *cells;
    size_t ncells; /* up to the last that is not empty; rows without any are left out */
};
struct sheet {
    struct sheet_row *rows;
    size_t nrows;
};

/* Reads a sheet, in the arena. What begins like an XLSX is read as one; other bytes as text in any encoding that
 * format_decode knows, its cells parted by tabs, commas or semicolons (RFC 4180), by the first that the first line with
 * any of them has, in this order. STATUS_INPUT says what is wrong, with the file's `name` in front. */
enum status sheet_read(struct arena *arena, struct str name, struct str bytes, struct sheet *sheet,
                       struct error *err);

/* The parts of an XLSX that a sheet is made of, for tests and fuzzing; any may be empty. */
struct sheet_parts {
    struct str strings, styles, cells; /* sharedStrings.xml, styles.xml, sheetN.xml */
    bool since_1904;                   /* days count from 1904-01-01 */
};
enum status sheet_read_parts(struct arena *arena, struct str name, const struct sheet_parts *parts,
                             struct sheet *sheet, struct error *err);

#endif
