/* PDF, by poppler. */
#ifndef READER_PDF_H
#define READER_PDF_H

#include "reader/reader.h"

/* Reads a whole PDF: pages with a text layer from that, others as pictures. Refuses what it can't read. */
void pdf_see(struct reader *reader, struct str bytes);
/* Reads its text layer alone: pages that are pictures are said to be `pictured`, and have no lines to speak of. */
void pdf_read(struct reader *reader, struct str bytes);
/* Its first page drawn, in grey. The caller's. Refuses what it can't draw. */
struct Pix *pdf_glance(struct str bytes);

#endif
