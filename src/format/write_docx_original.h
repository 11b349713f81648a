/* Inside format/: Word documents out in the likeness of the one that the paper was read from. */
#ifndef FORMAT_WRITE_DOCX_ORIGINAL_H
#define FORMAT_WRITE_DOCX_ORIGINAL_H

#include "format/press.h"
#include "format/zip_press.h"

/* The package of the order's original with choices where its words are, in the arena; NULL where it can't carry them exactly. */
struct zip_press *docx_make_original(struct arena *arena, const struct press_order *order);

#endif
