/* Inside format/: the faces that are installed, chosen by the part that they play on a page.
 *
 * fontconfig is asked once a process; a face is opened when first used and stays open, mapped and never changed, so that
 * all threads shape with it. Which face is chosen depends on what is installed alone. */
#ifndef FORMAT_PDF_FACE_H
#define FORMAT_PDF_FACE_H

#include <hb.h>

#include "base/error.h"
#include "base/lang.h"

enum pdf_role {
    PDF_BODY,   /* 仿宋 … */
    PDF_STRONG, /* … and its bold */
    PDF_EMPHASIS,
    PDF_TITLE,   /* 小标宋 */
    PDF_HEADING, /* 黑体 */
    PDF_SECOND,  /* headings of the second level: 楷体 */
    PDF_QUOTE,
    PDF_CODE,
    PDF_ROLES
};

struct pdf_face {
    hb_face_t *face;
    hb_font_t *font; /* in the face's own units */
    unsigned upem;
    bool cff;    /* outlines as in PostScript, or else as in TrueType */
    bool leaned; /* upright, drawn aslant: the emphasis of a family that has no italics */
};

/* The face of a role. STATUS_IO where no font is installed that could be used. */
enum status pdf_face_for_role(enum lang lang, enum pdf_role role, const struct pdf_face **face,
                              struct error *err);
/* A face that has the character, `first` where it does; NULL where none has it. */
const struct pdf_face *pdf_face_for_code(const struct pdf_face *first, uint32_t code);
/* The glyph; false where the face has none for it. */
bool pdf_face_glyph(const struct pdf_face *face, uint32_t code, uint32_t *glyph);

#endif
