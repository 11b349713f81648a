/* Whole numbers as people read them. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/str.h"

/* Appends the number with thousands grouped: 3,009. */
void number_write(struct buf *out, int64_t number);
/* The same as a string in the arena, terminated. */
struct str number_words(struct arena *arena, int64_t number);

#endif
