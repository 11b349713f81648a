/* Copies as PDF: how soon the first page of a paper that nobody opened yet is there, and what a further copy costs.
 *
 * Prints `pdf_first_ms<TAB>milliseconds<TAB>detail` and `pdf_us<TAB>microseconds<TAB>detail`. The paper is the project's
 * own sample, with a choice at every thirtieth character or so. With a file's name, writes a copy there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format/format.h"

#define ROUNDS   101
#define MEMBERS  16
#define DISTANCE 90U /* bytes from one choice to the next */

static double now(void)
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

static struct str read_file(struct arena *arena, const char *path)
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

/* Every so often the next Han character may be another, or be missing. */
static struct paper_sites choices(struct arena *arena, const struct paper_doc *doc)
{
    size_t most = doc->text.len / DISTANCE + 1;
    struct paper_sites sites = {.sites = arena_array(arena, most, struct paper_site),
                                .places = arena_array(arena, most, struct paper_place)};
    for (size_t at = 0; at + 3 < doc->text.len; at++) {
        if ((unsigned char)doc->text.at[at] < 0xE4 || (unsigned char)doc->text.at[at] > 0xE9)
            continue;
        sites.places[sites.nplaces] = (struct paper_place){
            .at = at,
            .len = 3,
            .site = sites.nsites++,
            .alt = {str_slice(doc->text, at, 3), sites.nplaces % 2 ? STR("") : STR("的")}};
        sites.nplaces++;
        at += DISTANCE;
    }
    return sites;
}

static void write_out(const char *path, struct str bytes)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file))
        abort();
}

int main(int argc, char **argv)
{
    static double copies[ROUNDS];
    struct arena *arena = arena_make();
    struct arena *scratch = arena_make();
    struct paper_doc doc;
    struct format_press *press;
    struct error err;
    struct str text = read_file(arena, "samples/zh-speech.txt");
    if (format_read(arena, text, FORMAT_TEXT, NULL, STR(""), &doc, &err)) {
        (void)fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    struct paper_sites sites = choices(arena, &doc);
    uint8_t *bits = arena_take(arena, (size_t)MEMBERS * (sites.nsites + 1));
    srandom(7);
    for (size_t i = 0; i < (size_t)MEMBERS * (sites.nsites + 1); i++)
        bits[i] = (uint8_t)(random() & 1);
    double start = now();
    if (format_press_make(arena, &doc, &sites, NULL, STR(""), FORMAT_PDF, &press, &err)) {
        (void)fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    struct str copy = format_press_write(press, arena, bits, NULL);
    double first = (now() - start) * 1e3;
    for (unsigned round = 0; round < ROUNDS; round++) {
        start = now();
        for (unsigned i = 0; i < MEMBERS; i++) {
            (void)format_press_write(press, scratch, bits + (size_t)i * sites.nsites, NULL);
            arena_reset(scratch);
        }
        copies[round] = (now() - start) / MEMBERS;
    }
    qsort(copies, ROUNDS, sizeof *copies, compare);
    printf("pdf_first_ms\t%.1f\tfonts found, shaped and cut down, %zu bytes\n", first, copy.len);
    printf("pdf_us\t%.0f\ta copy of %zu bytes, %u choices\n", copies[ROUNDS / 2] * 1e6, copy.len,
           sites.nsites);
    if (argc > 1)
        write_out(argv[1], copy);
    arena_free(scratch);
    arena_free(arena);
    return 0;
}
