/* Any bytes as a file that somebody brings, to publish it and to trace it: text, a web page, or a refusal that says why. */
#include <stdint.h>
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    struct format_opened opened;
    struct error err = {0};
    struct str words;
    const char *how;
    if (format_open(arena, STR("fuzz"), bytes, &opened, &err) && (!err.en[0] || !err.zh[0]))
        abort();
    err = (struct error){0};
    if (format_open_words(arena, STR("fuzz"), bytes, &words, &how, &err) &&
        (!err.en[0] || !err.zh[0]))
        abort();
    arena_free(arena);
    return 0;
}
