/* Pages of a PDF drawn, for what their text layer does not tell: pictures of text, codes, and the lines of tables. */
#ifndef READER_DRAW_H
#define READER_DRAW_H

#include <leptonica/allheaders.h>
#include <poppler.h>

#include "reader/reader.h"

/* A page in grey, as large as `about` says. The caller's. NULL where it is too large or too small. */
PIX *draw_page(PopplerPage *page, const struct reader_page *about, double dpi);

/* Adds to a page its level and upright lines, long and thin, of a picture that draw_page made of it. */
void draw_find_rules(struct arena *arena, PIX *grey, struct reader_page *page);

#endif
