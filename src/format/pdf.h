/* PDF out: an edition typeset as an official document, tagged, archivable (PDF/A-2u), its copies in a moment each.
 *
 * Making a press shapes whatever a copy may show once, cuts the fonts down to that, and writes what all copies share.
 * Writing a copy chooses, breaks lines, fills pages and adds what is its own. A Chinese paper is laid out by GB/T 9704
 * (A4, 22 lines of 28 characters); fonts are those that are installed. Enters base/ and paper/. */
#ifndef FORMAT_PDF_H
#define FORMAT_PDF_H

#include "format/press.h"

/* How copies in PDF are made; see format/press.h. */
extern const struct press_maker format_pdf_maker;

/* A file inside the PDF. */
struct pdf_attachment {
    struct str name;        /* a file's name */
    struct str type;        /* "application/json" */
    struct str description; /* for people */
    struct str bytes;
};
/* A picture at the left of a paragraph, whose words stand beside it. */
struct pdf_picture {
    size_t block;           /* the paragraph's index in the document */
    unsigned width, height; /* points, both more than 0 */
    struct str grey;        /* a byte a point, row by row from the top */
    struct str words;       /* read aloud in its place */
};
struct pdf_options {
    int64_t made_ms;                          /* told as its date; 0: none is told */
    const struct pdf_attachment *attachments; /* any make it PDF/A-3u */
    size_t nattachments;
    const struct pdf_picture *pictures; /* by block; those of the same grey are in the file once */
    size_t npictures;
    size_t *at; /* gets where in the file the bytes of each begin, as they are; NULL: not asked */
    size_t
        line; /* blanks that are a comment right behind the first two lines, PDF_LINE_AT; 0: none */
};
#define PDF_LINE_AT 16U /* "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n%" */

/* Typesets a document that is no member's copy. options NULL: none. *bytes is in the arena and may be written to. The same
 * input gives the same bytes. STATUS_IO where there is no font. */
enum status format_pdf_write(struct arena *arena, const struct paper_doc *doc,
                             const struct format_frame *frame, const struct pdf_options *options,
                             struct str *bytes, struct error *err);

#endif
