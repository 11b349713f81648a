/* What becomes of a printed page on its way back: scanned, photographed, taken from a screen. For rehearsals, tests and
 * benchmarks; the same seed gives the same picture. */
#ifndef READER_DISTORT_H
#define READER_DISTORT_H

#include <leptonica/allheaders.h>

#include "base/str.h"

#define DISTORT_DPI 300 /* of the page as printed */

enum distort_way {
    DISTORT_SCAN,       /* 200 dpi, a degree askew, noise, JPEG */
    DISTORT_PHOTOGRAPH, /* by a telephone: perspective, shading, blur, noise, JPEG */
    DISTORT_SCREEN,     /* a screenshot at 100 % (96 dpi) */
    DISTORT_SCREEN_2,   /* at 200 % */
    DISTORT_WAYS
};
/* "scan", "photograph", "screen", "screen2". */
const char *distort_name(enum distort_way way);
bool distort_parse(struct str name, enum distort_way *way);

/* The picture of a printed page (grey, 8 bits, at DISTORT_DPI). The caller's; NULL where memory is lacking. */
PIX *distort_page(PIX *printed, enum distort_way way, uint64_t seed);

#endif
