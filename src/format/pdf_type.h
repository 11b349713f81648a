/* Inside format/: the type an edition is set in: its texts as shaped clusters of glyphs, and its fonts cut down to the
 * glyphs in use.
 *
 * Whatever a copy may show is shaped once. A glyph on a page is a code of two bytes; each code has one glyph and one
 * text that it stands for, so that what is copied out of a page is what was written into it, even where two characters
 * look alike. All widths are in thousandths of an em, whole numbers, the same for setting and in the font, so that the
 * pen never strays. */
#ifndef FORMAT_PDF_TYPE_H
#define FORMAT_PDF_TYPE_H

#include "format/pdf_break.h"
#include "format/pdf_face.h"
#include "format/pdf_file.h"

struct pdf_glyph {
    uint16_t code;
    int16_t width; /* as the font says */
    int16_t shift; /* how much further than its width the pen moves behind it */
    int16_t dx, dy;
};

enum pdf_cluster_flags {
    PDF_SPACE = 1,    /* not seen at a line's end */
    PDF_WIDE = 2,     /* a line may be stretched beside it */
    PDF_HANGS = 4,    /* closing punctuation whose right half is empty */
    PDF_BACKWARD = 8, /* written from right to left */
    PDF_SPELLED = 16, /* its glyphs do not tell its text */
    PDF_LEANED = 32,
    PDF_NEW_LINE = 64,
    PDF_NEXT_CELL = 128,
};

/* What moves as one: a character with its marks, or a ligature. */
struct pdf_cluster {
    const struct pdf_glyph *glyphs;
    struct str text;
    int32_t advance;
    uint16_t font; /* index in the type */
    uint16_t nglyphs;
    uint16_t gap;  /* room behind it that says something; none at a line's end */
    uint8_t class; /* enum pdf_break */
    uint8_t flags;
    uint8_t wide;  /* its code in the font's wide marks and twins; 0: it has none */
    bool twin;     /* it has no other code */
    uint32_t link; /* run + 1; 0 for none */
};

/* Text with the parts that its stretches play. */
struct pdf_span {
    size_t end; /* byte of the text where it ends */
    enum pdf_role role;
    uint32_t link;
};
struct pdf_words {
    struct str text;
    const struct pdf_span *spans;
    size_t nspans;
    const size_t *gaps; /* bytes behind which a gap says something */
    size_t ngaps;
};

struct pdf_type;
/* Type for texts of a language; it and its clusters lie in the arena. Faces are looked for when they are first used. */
struct pdf_type *pdf_type_make(struct arena *arena, enum lang lang);
/* Shapes words and adds their clusters to a list that grows in the type's arena, in the order they are read. '\n' and '\t' come as
 * clusters without a glyph. */
struct pdf_clusters {
    struct pdf_cluster *list;
    size_t count;
};
enum status pdf_type_shape(struct pdf_type *type, const struct pdf_words *words,
                           struct pdf_clusters *clusters, struct error *err);

/* Writes all fonts with the glyphs that were shaped, and gives the entries of a resource dictionary that name them:
 * "/F0 5 0 R/F1 …", and by the same numbers "/W0 …" those of wide marks and twins.
 * Nothing is shaped after this. */
enum status pdf_type_embed(struct pdf_type *type, struct pdf_file *file, struct str *fonts,
                           struct error *err);

#endif
