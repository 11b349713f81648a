/* Inside format/: a part of an original copied with choices where the paper's words and marks stand. */
#ifndef FORMAT_WRITE_DOCX_SCAN_H
#define FORMAT_WRITE_DOCX_SCAN_H

#include "format/press.h"
#include "format/write_docx_parts.h"

/* How far copying has come. */
struct docx_copying {
    struct arena *arena; /* scratch */
    struct arena *press; /* what lasts */
    const struct press_order *order;
    const struct docx_map *map; /* of the order's document: at as it counts */
    const struct docx_parts *parts;
    size_t *covered;   /* by place: bytes that were found, plus 1 once it was met */
    size_t next_piece; /* pieces come in the order of parts and elements … */
    size_t next_line;  /* … and lines in that of paragraphs */
    bool sections;     /* the first section has been met */
};

/* Copies a part, in the order of parts: the splice, not ended, in the press's arena. NULL where it holds what can't be carried
 * over exactly. */
struct splice *docx_copy_part(struct docx_copying *copying, const struct docx_kept *kept,
                              struct str bytes);

#endif
