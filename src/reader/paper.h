/* A PDF as a paper: what each paragraph is, and what is left out. */
#ifndef READER_PAPER_H
#define READER_PAPER_H

#include "reader/reader.h"

/* Answers a paper's blocks, and counts of what they do not hold, of pages that pdf_read filled. Headings are told by size
 * and weight; numbers of the outline are left to the program. */
void paper_answer(struct reader *reader);

#endif
