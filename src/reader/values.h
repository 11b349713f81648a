/* Measured values, many at a time: sorted, and the one in their middle. Pure, thread-safe. */
#ifndef READER_VALUES_H
#define READER_VALUES_H

#include <stddef.h>

/* Sorts `count` values in place, the least first; none is no number. */
void values_sort(float *values, size_t count);
/* The middle one of `count` values, which are sorted for it; 0 of none. */
float values_median(float *values, size_t count);

#endif
