/* Alignment: is a ten times longer exhibit read in less than fifteen times the time? Edition and
 * exhibit (a whole copy, retyped) grow together. */
#include <stdio.h>
#include <time.h>

#include "align_bed.h"
#include "base/utf8.h"

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Seconds for an exhibit of `characters`: a whole retyped copy of an edition of that length. */
static double time_reading(size_t characters, double *coverage)
{
    double best = 0;
    for (unsigned round = 0; round < 3; round++) {
        struct arena *arena = arena_make();
        struct bed bed = bed_make(arena, LANG_ZH, characters, BED_VISIBLE, 4);
        struct attack_dice dice = {3};
        struct str text =
            attack_text(arena, bed_copy(&bed, bed_bits(&bed, 4)), LANG_ZH, ATTACK_RETYPE, &dice);
        const struct paper_seen seen = paper_seen_text(text);
        struct reading reading;
        double start = seconds();
        paper_read_marks(arena, bed.lattice, &seen, &reading);
        double taken = seconds() - start;
        best = round == 0 || taken < best ? taken : best;
        *coverage = reading.coverage;
        arena_free(arena);
    }
    return best;
}

int main(void)
{
    double coverage = 0;
    double small = time_reading(100000, &coverage);
    double large = time_reading(1000000, &coverage);
    (void)printf("align_growth\t%.2f\t1,000,000 characters in %.3f s (%.0f a second, coverage "
                 "%.3f), 100,000 in %.3f s; goal < 15\n",
                 large / small, large, 1e6 / large, coverage, small);
    return 0;
}
