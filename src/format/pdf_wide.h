/* Inside format/: glyphs that a face's own font can't show as they are meant.
 *
 * Marks that are as wide as the gap behind them says: a pen that is merely moved leaves a hole of an eighth of an em, and
 * whoever reads the text of a page takes a hole for a blank: it would show in what is copied out of it. A mark that takes
 * the room itself leaves none, and its width must be the font's own. And twins: glyphs that stand for another text than
 * elsewhere. A font may have two codes for those, but MuPDF gives both the text of one. So these are a font of their own
 * beside the face's (Type 3: outlines as pages draw them). */
#ifndef FORMAT_PDF_WIDE_H
#define FORMAT_PDF_WIDE_H

#include "format/pdf_face.h"
#include "format/pdf_file.h"

#define PDF_WIDE_MOST 250U

struct pdf_wide_entry {
    uint32_t glyph; /* of the face */
    uint16_t width; /* with the gap, in thousandths of an em */
    struct str text;
};
struct pdf_wide {
    struct arena *arena;
    const struct pdf_face *face;
    struct pdf_wide_entry entries[PDF_WIDE_MOST + 1]; /* by code; 0 stands for none */
    uint32_t count;
};

/* Such a font beside the face's own, without codes yet, in the arena. The face must outlive it. */
struct pdf_wide *pdf_wide_make(struct arena *arena, const struct pdf_face *face);
/* The code, one byte, for a glyph that stands for a text and is so wide; 0 where there is no room for another. */
uint8_t pdf_wide_code(struct pdf_wide *wide, uint32_t glyph, struct str text, uint16_t width);
/* Writes the font; gives its number. */
uint32_t pdf_wide_embed(const struct pdf_wide *wide, struct pdf_file *file);

#endif
