/* Cells of CSV (RFC 4180) that people will open in a spreadsheet. Separators and line ends are the caller's. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/str.h"

/* Appends a cell, in quotes. A text that a spreadsheet would take for a formula is set off by an apostrophe: one that
 * begins with = + - @, in full width too, which Chinese editions take alike, or with a tab or a line end. */
void csv_add_text(struct buf *out, struct str text);
/* The same for what is a number, whose sign is no formula. */
void csv_add_number(struct buf *out, struct str number);

#endif
