/* Inside format/: one font of a PDF: which codes stand for which glyphs, and its embedded subset. */
#ifndef FORMAT_PDF_FONT_H
#define FORMAT_PDF_FONT_H

#include "format/pdf_face.h"
#include "format/pdf_file.h"

struct pdf_code {
    uint16_t code, width; /* thousandths of an em */
};

struct pdf_font_entry {
    uint32_t glyph; /* of the face */
    uint32_t cid;   /* of the subset; known when it is embedded */
    uint16_t width;
    struct str text;
};
struct pdf_font {
    struct arena *arena;
    const struct pdf_face *face;
    struct pdf_font_entry *entries; /* by code; 0 stands for no glyph */
    uint32_t count, cap;
    uint32_t *table; /* of codes, by a hash of glyph and text; 0 for none */
    uint32_t table_cap;
    uint8_t *glyphs; /* a bit each: those that have a code */
};

/* A font of the face without codes yet, in the arena, where its codes come too. The face must outlive it. */
struct pdf_font *pdf_font_make(struct arena *arena, const struct pdf_face *face);
/* Whether a glyph has a code already by which it stands for another text. */
bool pdf_font_has_other(const struct pdf_font *font, uint32_t glyph, struct str text);
/* How wide a glyph is, in thousandths of an em. */
uint16_t pdf_font_width(const struct pdf_font *font, uint32_t glyph);
/* The code for a glyph that stands for a text. A font has 65,535 codes; whatever comes after those gets the last. */
struct pdf_code pdf_font_code(struct pdf_font *font, uint32_t glyph, struct str text);
/* Writes the font with the glyphs that have codes; gives its number. STATUS_IO where the face can't be cut down. */
enum status pdf_font_embed(struct pdf_font *font, struct pdf_file *file, uint32_t *number,
                           struct error *err);

#endif
