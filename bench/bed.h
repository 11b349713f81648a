/* What benchmarks share: a clock, medians, and the paper whose copies are made. */
#ifndef BENCH_BED_H
#define BENCH_BED_H

#include "paper/site.h"

/* Seconds of a clock that only goes on. */
double bed_now(void);
/* The middle one of `count` seconds, which it sorts. */
double bed_median(double *seconds, size_t count);

/* A file whole, in the arena; empty when it can't be read. */
struct str bed_read_file(struct arena *arena, const char *path);
/* A choice every ninety bytes or so: a Han character that may be another, or be missing. In the arena. */
struct paper_sites bed_choices(struct arena *arena, const struct paper_doc *doc);
/* `members` codewords of so many bits each, one behind the other, the same in every run. In the arena. */
uint8_t *bed_bits(struct arena *arena, size_t members, uint32_t nsites);

#endif
