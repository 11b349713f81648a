/* Inside format/: how text of a Word document that is made anew is set, in each language. */
#ifndef FORMAT_WRITE_DOCX_STYLE_H
#define FORMAT_WRITE_DOCX_STYLE_H

#include "format/format.h"

/* How text of a kind is set. */
enum docx_kind {
    DOCX_BODY,
    DOCX_TITLE,
    DOCX_HEADING, /* and five below it */
    DOCX_ITEM = DOCX_HEADING + 6,
    DOCX_QUOTE,
    DOCX_CODE,
    DOCX_CELL,
    DOCX_HEAD_CELL,
    DOCX_KINDS
};
struct docx_face {
    const char *id, *name;
    const char *font;       /* of Chinese letters; NULL: the body's */
    unsigned size;          /* in half points */
    unsigned before, after; /* twentieths of a point */
    unsigned line;   /* height: twentieths of a point in Chinese, 240ths of a line in English */
    unsigned indent; /* of the first line, in hundredths of a character */
    unsigned left;   /* twentieths of a point */
    bool bold, centred, ragged; /* ragged: not set out to both margins */
};
struct docx_page { /* twentieths of a point */
    unsigned top, right, bottom, left, header, footer;
};
/* The calm page of each language; Chinese as GB/T 9704 sets official documents. */
const struct docx_face *docx_faces(enum lang lang);
const struct docx_page *docx_page(enum lang lang);
#define DOCX_PAGE_WIDTH  11906U /* A4 */
#define DOCX_PAGE_HEIGHT 16838U

/* The parts styles.xml and fontTable.xml. */
struct str docx_styles(struct arena *arena, enum lang lang);
struct str docx_fonts(void);

#endif
