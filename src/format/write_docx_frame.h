/* Inside format/: what stands around the text of a Word document, made anew or in the likeness of another. */
#ifndef FORMAT_WRITE_DOCX_FRAME_H
#define FORMAT_WRITE_DOCX_FRAME_H

#include "format/press.h"
#include "format/splice.h"

/* Lines of the frame as paragraphs. */
void docx_put_margin_lines(struct buf *out, struct str lines);
/* Parts: a header with credit, notice (if `first`) and the field of the visible mark; a footer with the credit, or also with
 * the page's number. */
#define DOCX_MARK_FIELD 0U
struct splice *docx_header(struct arena *arena, const struct format_frame *frame, bool first);
struct str docx_footer(struct arena *arena, const struct format_frame *frame);
struct str docx_numbered_footer(struct arena *arena, const struct format_frame *frame,
                                enum lang lang);
/* What stands in the field; empty where nobody's copy is made, or no mark is wanted. */
struct str docx_visible_mark(struct arena *arena, enum format_mark mark,
                             const struct format_owner *owner);
/* The title, as XML, in the copy's own words. */
void docx_put_title(struct splice *s, struct arena *arena, const struct paper_doc *doc,
                    const struct paper_sites *sites);
/* The part docProps/core.xml. */
struct splice *docx_core(struct arena *arena, const struct press_order *order);

#endif
