/* Copies as PDF: how soon the first page of a paper that nobody opened yet is there, and what a further copy costs.
 *
 * Prints `pdf_first_ms<TAB>milliseconds<TAB>detail` and `pdf_us<TAB>microseconds<TAB>detail`. The paper is the project's
 * own sample, with a choice at every thirtieth character or so. With a file's name, writes a copy there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed.h"
#include "format/format.h"

#define ROUNDS  101
#define MEMBERS 16

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
    struct str text = bed_read_file(arena, "samples/zh-speech.txt");
    if (format_read(arena, text, FORMAT_TEXT, NULL, STR(""), &doc, &err)) {
        (void)fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    struct paper_sites sites = bed_choices(arena, &doc);
    uint8_t *bits = bed_bits(arena, MEMBERS, sites.nsites);
    double start = bed_now();
    if (format_press_make(arena, &doc, &sites, NULL, STR(""), FORMAT_PDF, &press, &err)) {
        (void)fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    struct str copy = format_press_write(press, arena, bits, NULL);
    double first = (bed_now() - start) * 1e3;
    for (unsigned round = 0; round < ROUNDS; round++) {
        start = bed_now();
        for (unsigned i = 0; i < MEMBERS; i++) {
            (void)format_press_write(press, scratch, bits + (size_t)i * sites.nsites, NULL);
            arena_reset(scratch);
        }
        copies[round] = (bed_now() - start) / MEMBERS;
    }
    printf("pdf_first_ms\t%.1f\tfonts found, shaped and cut down, %zu bytes\n", first, copy.len);
    printf("pdf_us\t%.0f\ta copy of %zu bytes, %u choices\n", bed_median(copies, ROUNDS) * 1e6,
           copy.len, sites.nsites);
    if (argc > 1)
        write_out(argv[1], copy);
    arena_free(scratch);
    arena_free(arena);
    return 0;
}
