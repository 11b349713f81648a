/* Inside format/: where the text that was read of a Word document stands in its parts, and how far apart. */
#ifndef FORMAT_DOCX_MAP_H
#define FORMAT_DOCX_MAP_H

#include "format/format.h"

enum docx_part { DOCX_MAIN, DOCX_FOOTNOTES, DOCX_ENDNOTES, DOCX_OTHER };

/* Bytes of the document's text that are, one by one, bytes of an element's text. */
struct docx_piece {
    uint32_t part;
    uint32_t element;     /* by the order in which they begin in their part, from 1 */
    size_t from;          /* byte of the element's text, without entities */
    size_t at, len;       /* in the document's text */
    float gap;            /* behind each of its letters, in ems */
    const struct buf *in; /* while reading: the buffer that `at` counts in, NULL for the document */
};
/* A block that stands lower than its style has it. */
struct docx_line {
    size_t at;
    float ems;
};
struct docx_map {
    struct docx_piece *pieces; /* by part, element, from */
    size_t npieces;
    struct docx_line *lines; /* one for each block that is a paragraph, in order */
    size_t nlines;
    struct str main, folder; /* path of the part that holds the body, and its folder: "word/" */
};

/* As format_read_docx; *map, which is zeroed before, may be NULL. Text without a piece is what the reader made up: numbers,
 * white space, signs of notes. */
enum status format_read_docx_map(struct arena *arena, struct str name, struct str bytes,
                                 const enum lang *lang, struct str title, struct paper_doc *doc,
                                 struct format_left left[FORMAT_LEFT_KINDS], struct docx_map *map,
                                 struct error *err);

#endif
