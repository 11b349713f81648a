/* Inside format/: packages (zip archives) of which every copy shares most parts, which are packed once. */
#ifndef FORMAT_ZIP_PRESS_H
#define FORMAT_ZIP_PRESS_H

#include "format/splice.h"

struct zip_press;

/* Makes an empty one in the arena; parts come in the order in which they are added. Names and bytes are not kept. */
struct zip_press *zip_press_make(struct arena *arena);
/* A part that is the same in every copy. */
void zip_press_add(struct zip_press *zip, struct str name, struct str bytes);
/* The same, never packed: what a reader looks for at a known place. */
void zip_press_add_plain(struct zip_press *zip, struct str name, struct str bytes);
/* A part that differs; the splice must have come to its end. */
void zip_press_add_splice(struct zip_press *zip, struct str name, const struct splice *splice);

/* A copy's package, in the arena; bits and fields as in splice_write. Any thread. */
struct str zip_press_write(const struct zip_press *zip, struct arena *arena, const uint8_t *bits,
                           const struct str *fields);

#endif
