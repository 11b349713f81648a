/* A package made of parts, for targets whose inputs are those: as an archive's checksums guard what it holds, hardly any
 * change to a whole one gets further than them. */
#ifndef TESTS_PACKAGE_BED_H
#define TESTS_PACKAGE_BED_H

#include <stdlib.h>
#include <zip.h>

#include "base/str.h"

static void package_bed_add(zip_t *zip, const char *path, struct str text)
{
    zip_int64_t at =
        zip_file_add(zip, path, zip_source_buffer(zip, text.at, text.len, 0), ZIP_FL_OVERWRITE);
    if (at < 0 || zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0))
        abort();
}

/* One with the parts between bytes 0xFF under these paths, in their order; the first is always there. `begin`, if not NULL, adds what stands before
 * them. In the arena. */
static struct str package_bed_make(struct arena *arena, void (*begin)(zip_t *),
                                   const char *const *paths, size_t npaths, struct str rest)
{
    zip_error_t why;
    zip_stat_t stat;
    struct str part = {"", 0};
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &why);
    if (begin)
        begin(zip);
    for (size_t i = 0; i < npaths && (str_split(&rest, '\xFF', &part) || !i); i++)
        package_bed_add(zip, paths[i], part);
    if (zip_close(zip) || zip_source_open(source) || zip_source_stat(source, &stat))
        abort();
    char *bytes = arena_take(arena, (size_t)stat.size + 1);
    if (zip_source_read(source, bytes, stat.size) < 0)
        abort();
    zip_source_close(source);
    zip_source_free(source);
    return (struct str){bytes, (size_t)stat.size};
}

#endif
