/* A copy printed and brought back: pages of a PDF drawn as a printer would, distorted (distort.h), and read from the
 * picture. For rehearsals and tests. */
#ifndef READER_PRINTED_H
#define READER_PRINTED_H

#include "reader/reader.h"

/* The task WAY/SEED/FIRST/COUNT, as in scan/7/0/2: COUNT pages from FIRST on (0 is the first), each with chance of its own.
 * FIRST is counted round, so that there are as many pages where the copy has them; the last page, which is seldom full, is
 * left out where there are enough others. False where the task is none of these. Refuses what can't be read. */
bool printed_see(struct reader *reader, struct str bytes, struct str task);

/* The task draw/WAY/SEED/FIRST/COUNT: writes the picture of page FIRST to standard output instead, as PNG. */
bool printed_draw(struct str bytes, struct str task);

#endif
