/* What a PDF unpacks to, before anything unpacks it. */
#ifndef READER_PDF_CHECK_H
#define READER_PDF_CHECK_H

#include "base/str.h"

/* Refuses a PDF whose streams unpack to far more than they hold, or whose pictures are larger than any page. Takes the
 * time of unpacking what is kept, at most some hundred MB, and no memory to speak of. */
void pdf_check(struct str bytes);

#endif
