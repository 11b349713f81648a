/* What stands where on pages, and what that means: heads and feet, paragraphs, shifts. Judged by the pages alone. */
#ifndef READER_LAYOUT_H
#define READER_LAYOUT_H

#include "reader/reader.h"

/* Marks lines that stand beside the text as `aside`: what returns at the same place of most pages, and page numbers.
 * O(lines × log lines). */
void layout_find_asides(struct reader *reader);

/* Adds numbers of copies that stand in asides to their pages' signs: a visible mark in a margin is no part of the text. */
void layout_take_numbers(struct reader *reader);

/* Joins what stands side by side in rows of a table to lines of cells, parted by tabs: by the lines that are drawn, where
 * a grid of them is, with all that stands in a cell, or else where rows are plainly a table's. O(lines²) a page. */
void layout_find_tables(struct reader *reader);
/* Whether anything on a page stands side by side more than once, so that it is worth while to look for lines. */
bool layout_may_hold_table(const struct reader_page *page);
/* Parts of it, of a page: by lines alone; of three columns and more, by where words stand. */
void layout_find_grids(struct arena *arena, struct reader_page *page);
void layout_find_columns(struct arena *arena, struct reader_page *page);

/* Marks footnotes: small lines under a page's text, from one that begins with a number or sign, or goes on with a note of
 * the page before. Ties each to where a raised number or sign in the text refers to it: both become [1], [2] … in the
 * order of the text, as in papers out of Word documents. O(lines × notes). */
void layout_find_notes(struct reader *reader);

/* The size of most of the text, in points, that is in no table, if any is; 0 of nothing. Takes O(lines²) of different sizes, of which there are few. */
float layout_body_size(const struct reader *reader);

/* Marks lines that begin a paragraph as `begins`: by room above, indentation, a line before that ended early, and a
 * change of letters. A paragraph goes on over a page's end. */
void layout_find_paragraphs(struct reader *reader);

/* Measures what was not measured yet, on pages with a text layer: `wider` of marks with something behind them in their
 * line, `lower` of lines with one above them. What is usual is the narrowest room that is met often, of the same mark or
 * the same two fonts: marks only ever widen. O(characters × log characters). */
void layout_measure(struct reader *reader);
/* Its part for pages that were read from pictures, whose gaps are measured already: `lower` of lines. O(lines × log lines). */
void layout_measure_pictured(struct reader *reader);

/* The middle one of a few values, which are sorted for it, the least first; 0 of none. O(count²). */
double layout_median(double *values, size_t count);

/* Whether a character is as wide as it is high and needs no space beside it: of Chinese, its marks and full-width forms. */
bool layout_is_wide(uint32_t code);
/* The last line of a page that is of the text, before line `at`; NULL: none. */
const struct reader_line *layout_line_before(const struct reader_page *page, size_t at);
/* The next character of a line behind `at` that is no space; nchars: none. */
size_t layout_next_char(const struct reader_line *line, size_t at);
/* How many of a line's characters there are without the spaces at its end. */
size_t layout_end(const struct reader_line *line);
/* Whether the last of a line's characters is a hyphen that parts a word, before a line that begins with `next`. */
bool layout_parts_word(const struct reader_char *chars, size_t count, uint32_t next);
/* Whether a sentence ends with a character. */
bool layout_ends_sentence(uint32_t code);
struct str layout_line_text(struct arena *arena, const struct reader_line *line);

#endif
