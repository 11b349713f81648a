/* What benchmarks share; see bed.h. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DISTANCE 90U /* bytes from one choice to the next */

double bed_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

double bed_median(double *seconds, size_t count)
{
    qsort(seconds, count, sizeof *seconds, compare);
    return seconds[count / 2];
}

struct str bed_read_file(struct arena *arena, const char *path)
{
    struct buf out = {.arena = arena};
    FILE *file = fopen(path, "rb");
    size_t got = 1;
    while (file && got) {
        buf_reserve(&out, 65536);
        got = fread(out.at + out.len, 1, 65536, file);
        out.len += got;
    }
    if (file)
        (void)fclose(file);
    return buf_str(&out);
}

struct paper_sites bed_choices(struct arena *arena, const struct paper_doc *doc)
{
    size_t most = doc->text.len / DISTANCE + 1;
    struct paper_sites sites = {.sites = arena_array(arena, most, struct paper_site),
                                .places = arena_array(arena, most, struct paper_place)};
    for (size_t at = DISTANCE; at + 3 < doc->text.len && sites.nplaces < most; at++) {
        unsigned char first = (unsigned char)doc->text.at[at];
        if (first < 0xE4 || first > 0xE9)
            continue;
        struct paper_place *place = &sites.places[sites.nplaces];
        place->at = at;
        place->len = 3;
        place->site = (uint32_t)sites.nplaces++;
        place->alt[0] = str_slice(doc->text, at, 3);
        place->alt[1] = sites.nplaces % 3 ? STR("字") : STR("");
        at += DISTANCE;
    }
    sites.nsites = (uint32_t)sites.nplaces;
    return sites;
}

uint8_t *bed_bits(struct arena *arena, size_t members, uint32_t nsites)
{
    size_t count = members * ((size_t)nsites + 1);
    uint8_t *bits = arena_take(arena, count);
    srandom(7);
    for (size_t i = 0; i < count; i++)
        bits[i] = (uint8_t)(random() & 1);
    return bits;
}
