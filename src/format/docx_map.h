/* Inside format/: where the text that was read of a Word document stands in its parts, and how far apart. */
#ifndef FORMAT_DOCX_MAP_H
#define FORMAT_DOCX_MAP_H

#include "format/format.h"

enum docx_part { DOCX_MAIN, DOCX_FOOTNOTES, DOCX_ENDNOTES, DOCX_OTHER };

/* Bytes of the document's text that are, one by one, bytes of an element's text. */
struct docx_piece {
    uint32_t part;
    uint32_t element; /* by the order in which they begin in their part, from 1 */
    size_t from;      /* byte of the element's text, without entities */
    size_t at, len;   /* in the document's text */
    unsigned size;    /* of its letters in half points; 0: not in a run, or set to fit a width */
    int spacing;      /* behind each of them, in twentieths of a point */
    const struct buf *in; /* while reading: the buffer that `at` counts in, NULL for the document */
};
/* The space above a block. It is not `known` where it is counted in lines alone, since how high they are only Word knows; where
 * Word sets it itself, and joins it to the space below the paragraph before; where the style is not there. It does not `show`
 * where a page has less of it or none: between paragraphs of one style that joins them, and where more stands below the paragraph
 * before, which then counts alone. */
struct docx_line {
    size_t at;
    uint32_t element;       /* its paragraph in the main part, as of pieces */
    unsigned size;          /* of its first letters, in half points */
    unsigned usual, before; /* as its style has it, and as it is: in twentieths of a point */
    bool known, shows;
    bool sized; /* while reading: the first letters were met */
};
struct docx_map {
    struct docx_piece *pieces; /* by part, element, from */
    size_t npieces;
    struct docx_line *
        lines; /* one for each block that is a paragraph of the body, in order: those of boxes and notes stand at
                                another place on a page than in the text */
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
