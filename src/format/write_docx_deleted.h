/* Inside format/: what tracked deletions take away besides words, looked up in a part's bytes before it is copied. */
#ifndef FORMAT_WRITE_DOCX_DELETED_H
#define FORMAT_WRITE_DOCX_DELETED_H

#include "base/str.h"

/* How a paragraph fares whose end was deleted (or moved away). */
enum docx_fate {
    DOCX_STAYS,
    DOCX_JOINS,   /* its words go on in the paragraph behind it */
    DOCX_VANISHES /* likewise, but it keeps no words: nothing tells that it was there */
};

/* Of the paragraph, row or table that begins at `at` in a part. Each costs at most the
 * length of it. */
enum docx_fate docx_fate_of_paragraph(struct str in, size_t at);
/* Whether a paragraph's properties have a child of one of those names, of which NULL is the last. */
bool docx_paragraph_has(struct str in, size_t at, const char *const *names);
bool docx_row_is_deleted(struct str in, size_t at);
/* Whether a table has rows and all are deleted. */
bool docx_table_is_deleted(struct str in, size_t at);

#endif
