/* Rows of a sheet as they are read; not for other rooms. */
#ifndef FORMAT_SHEET_ROWS_H
#define FORMAT_SHEET_ROWS_H

#include "format/sheet.h"

struct sheet_rows {
    struct arena *arena;
    struct sheet *sheet;
    struct str name;                /* the file's, for messages */
    size_t cap, width, ncells, len; /* len: bytes of all cells */
};

/* Begins a row; false when there are too many. */
bool sheet_add_row(struct sheet_rows *rows, unsigned number);
/* Puts a cell, trimmed, in the row begun last; false when the sheet is too wide or too full. */
bool sheet_put_cell(struct sheet_rows *rows, size_t column, struct str text);
/* Ends the row: one without cells is taken away. */
void sheet_end_row(struct sheet_rows *rows);
enum status sheet_refuse_size(const struct sheet_rows *rows, struct error *err);

enum status sheet_read_xlsx(struct sheet_rows *rows, struct str bytes, struct error *err);

#endif
