/* Inside format/: Word documents out, and e-books. Never included from elsewhere. */
#ifndef FORMAT_WRITE_DOCX_H
#define FORMAT_WRITE_DOCX_H

#include "format/press.h"

extern const struct press_maker format_docx_maker;
extern const struct press_maker format_epub_maker;

#endif
