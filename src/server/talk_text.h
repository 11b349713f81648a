/* The text of a post as it is shown: paragraphs and lines as they were written, everything escaped.
 *
 * Lines that begin with '>' are a quotation, and may hold another.
 *
 * The only other markup that comes of it: names of those mentioned are set off, and addresses of this portal
 * ("/papers/…", "/groups/…", or whole beginning with its own) become links. Other addresses stay words. */
#ifndef SERVER_TALK_TEXT_H
#define SERVER_TALK_TEXT_H

#include "base/str.h"

/* Appends the text as HTML. `site` is the portal's own address without a slash at its end, empty when there
 * is none; `names` those mentioned. Takes O(text × names). */
void talk_write_text(struct buf *out, struct str text, struct str site, const struct str *names,
                     size_t nnames);

#endif
