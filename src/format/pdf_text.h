/* Inside format/: the texts of an edition, shaped, with what differs between copies.
 *
 * A text is a row of cells. Most hold what every copy has; a cell that places of sites touch holds a variant for each
 * choice of bits. A cell takes in the whole word around its places, so that kerning and joined letters are right in
 * each. */
#ifndef FORMAT_PDF_TEXT_H
#define FORMAT_PDF_TEXT_H

#include "format/pdf_type.h"
#include "paper/site.h"

#define PDF_CELL_SITES 3U
#define PDF_NO_SITE    UINT32_MAX

struct pdf_variant {
    uint32_t first, count; /* clusters */
};
struct pdf_cell {
    uint32_t variant; /* the first; bit k of a variant's number is the choice at sites[k] */
    uint32_t nsites;
    uint32_t sites[PDF_CELL_SITES];
};
struct pdf_text {
    uint32_t cell, ncells;
    uint32_t longest; /* clusters of its longest form */
};

struct pdf_texts {
    struct arena *arena;
    struct pdf_type *type;
    struct pdf_clusters clusters;
    struct pdf_variant *variants;
    struct pdf_cell *cells;
    uint32_t nvariants, ncells;
};

/* Begins without texts. Type and arena must outlive it. */
void pdf_texts_begin(struct pdf_texts *texts, struct arena *arena, struct pdf_type *type);
/* A text that is the same in all copies. */
enum status pdf_text_plain(struct pdf_texts *texts, struct str words, enum pdf_role role,
                           struct pdf_text *text, struct error *err);
/* The words of a block, set in `role` where no run says otherwise. *line_site gets the site whose bit lowers its first
 * line, or PDF_NO_SITE. */
enum status pdf_text_block(struct pdf_texts *texts, const struct paper_doc *doc,
                           const struct paper_sites *sites, const struct paper_block *block,
                           enum pdf_role role, struct pdf_text *text, uint32_t *line_site,
                           struct error *err);

/* The clusters of the text in the copy with these bits; `out` has room for text->longest. Gives how many. */
size_t pdf_text_gather(const struct pdf_texts *texts, const struct pdf_text *text,
                       const uint8_t *bits, const struct pdf_cluster **out);

#endif
