/* An exhibit and the edition it comes from, cut into stretches that stand side by side. Pure. */
#ifndef LIBRARY_BESIDE_H
#define LIBRARY_BESIDE_H

#include "library/trace.h"

struct beside_row {
    size_t at, len;               /* bytes of the exhibit's text */
    size_t source_at, source_len; /* bytes of the edition's text */
    size_t first, nmarks; /* of match->marks; all lie within the row, in order in both texts */
    bool gap;             /* the row before ends elsewhere in either text */
};

/* Cuts what a match explains into rows of about a paragraph each, in the exhibit's order, in the arena. Rows
 * end where both texts begin a new line, or, where the exhibit runs on, behind a mark. Marks that the spans do
 * not hold are left out. Takes O(spans + marks + text). */
void library_lay_beside(struct arena *arena, const struct trace_match *match, struct str exhibit,
                        struct beside_row **rows, size_t *count);

#endif
