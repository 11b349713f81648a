/* Inside format/: Word documents out. Never included from elsewhere. */
#ifndef FORMAT_WRITE_DOCX_H
#define FORMAT_WRITE_DOCX_H

#include "format/press.h"
#include "format/writer.h"
#include "format/zip_press.h"

extern const struct press_maker format_docx_maker;
extern const struct press_maker format_epub_maker;

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

/* What the body found that other parts must say. */
struct docx_body {
    struct buf lists;   /* ids of lists and how they count: abstractNum elements … */
    struct buf numbers; /* … and num elements */
    unsigned nlists;
    unsigned last[WRITER_LISTS + 1],
        list[WRITER_LISTS + 1]; /* by depth: the last item's number, and its list */
    bool *links;                /* by run: used */
};

/* Parts that documents of others are given too. Lines of the frame as paragraphs; the field is the visible mark's. */
#define DOCX_MARK_FIELD 0U
void docx_put_margin_lines(struct buf *out, struct str lines);
struct splice *docx_header(struct arena *arena, const struct format_frame *frame, bool first);
struct str docx_footer(struct arena *arena, const struct format_frame *frame);
/* The title, as XML, in the copy's own words. */
void docx_put_title(struct splice *s, struct arena *arena, const struct paper_doc *doc,
                    const struct paper_sites *sites);
struct splice *docx_core(struct arena *arena, const struct press_order *order);
/* The package of the order's original with choices where its words are; NULL where it can't carry them exactly. */
struct zip_press *docx_make_original(struct arena *arena, const struct press_order *order);
extern const struct hooks format_docx_hooks; /* own: a docx_body */

#endif
