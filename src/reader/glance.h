/* What an exhibit looks like, in small: for people who read about it. Nothing is read off it. */
#ifndef READER_GLANCE_H
#define READER_GLANCE_H

#include "reader/reader.h"

/* The task "glance": answers with the first page of a PDF, or the first picture of a file of pictures, as WIRE_GLANCE. Refuses what
 * can't be drawn. */
void glance_answer(struct reader *reader, struct str bytes);

#endif
