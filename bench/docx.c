/* A copy as a Word document against unpacking, replacing the body and packing again by libzip at its default level, in one
 * process, medians of many rounds.
 *
 * Prints `docx_vs_libzip<TAB>ratio<TAB>detail` and `docx_us<TAB>microseconds<TAB>detail`. The paper is the project's own
 * sample, with a choice at every thirtieth character or so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "bed.h"
#include "format/format.h"
#include "format/package.h"

#define ROUNDS  101
#define MEMBERS 16

static void repack(struct str copy, struct str body)
{
    zip_error_t why;
    char *bytes = malloc(copy.len);
    if (!bytes)
        abort();
    memcpy(bytes, copy.at, copy.len);
    zip_source_t *source = zip_source_buffer_create(bytes, copy.len, 1, &why);
    (void)zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, 0, &why);
    zip_int64_t at = zip_name_locate(zip, "word/document.xml", 0);
    if (zip_file_replace(zip, (zip_uint64_t)at, zip_source_buffer(zip, body.at, body.len, 0), 0) ||
        zip_close(zip))
        abort();
    zip_source_free(source);
}

static struct str body_of(struct arena *arena, struct str copy)
{
    struct package package;
    if (!package_open(&package, arena, copy, 1 << 26))
        abort();
    struct str body = package_part(&package, STR("word/document.xml"));
    package_close(&package);
    return body;
}

int main(int argc, char **argv)
{
    static double stamp[ROUNDS];
    static double zip[ROUNDS];
    struct arena *arena = arena_make();
    struct arena *scratch = arena_make();
    struct paper_doc doc;
    struct format_press *press;
    struct error err;
    struct str text = bed_read_file(arena, argc > 1 ? argv[1] : "samples/zh-speech.txt");
    if (format_read(arena, text, FORMAT_TEXT, NULL, STR(""), &doc, &err)) {
        (void)fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    struct paper_sites sites = bed_choices(arena, &doc);
    if (format_press_make(arena, &doc, &sites, NULL, STR(""), FORMAT_DOCX, &press, &err))
        return 1;
    uint8_t *bits = bed_bits(arena, MEMBERS, sites.nsites);
    struct str copy = format_press_write(press, arena, bits, NULL);
    struct str body = body_of(arena, copy);
    for (unsigned round = 0; round < ROUNDS; round++) {
        double start = bed_now();
        for (unsigned i = 0; i < MEMBERS; i++) {
            (void)format_press_write(press, scratch, bits + (size_t)i * sites.nsites, NULL);
            arena_reset(scratch);
        }
        double stamped = bed_now();
        repack(copy, body);
        zip[round] = bed_now() - stamped;
        stamp[round] = (stamped - start) / MEMBERS;
    }
    double stamp_us = bed_median(stamp, ROUNDS) * 1e6;
    double zip_us = bed_median(zip, ROUNDS) * 1e6;
    printf("docx_vs_libzip\t%.1f\t%zu bytes, %u choices: %.1f us against %.0f us\n",
           zip_us / stamp_us, copy.len, sites.nsites, stamp_us, zip_us);
    printf("docx_us\t%.1f\ta copy of %zu bytes\n", stamp_us, copy.len);
    arena_free(scratch);
    arena_free(arena);
    return 0;
}
