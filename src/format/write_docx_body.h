/* Inside format/: the body of a Word document that is made anew. */
#ifndef FORMAT_WRITE_DOCX_BODY_H
#define FORMAT_WRITE_DOCX_BODY_H

#include "format/writer.h"

/* What the body found that other parts must say. */
struct docx_body {
    struct buf lists;   /* ids of lists and how they count: abstractNum elements … */
    struct buf numbers; /* … and num elements */
    unsigned nlists;
    unsigned last[WRITER_LISTS + 1],
        list[WRITER_LISTS + 1]; /* by depth: the last item's number, and its list */
    bool *links;                /* by run: used */
};

extern const struct hooks format_docx_hooks; /* own: a docx_body */

#endif
