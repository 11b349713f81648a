/* Measured values; see values.h. */
#include "reader/values.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    float one = *(const float *)a;
    float other = *(const float *)b;
    return (one > other) - (one < other);
}

void values_sort(float *values, size_t count)
{
    if (count)
        qsort(values, count, sizeof *values, by_value);
}

float values_median(float *values, size_t count)
{
    values_sort(values, count);
    return count ? values[count / 2] : 0;
}
