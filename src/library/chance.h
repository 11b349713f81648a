/* A small chance said in words. Pure. */
#ifndef LIBRARY_CHANCE_H
#define LIBRARY_CHANCE_H

#include "base/lang.h"
#include "base/str.h"

/* "one in a million million", "万亿分之一": a chance of 10^log10 (at most 0) rounded up to a power of ten that
 * has words, so that "at most" may stand before it; what is smaller than the last of them is said as that. In
 * the arena. */
struct str chance_words(struct arena *arena, double log10, enum lang lang);

#endif
