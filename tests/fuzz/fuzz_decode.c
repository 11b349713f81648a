/* Any bytes decode to valid UTF-8 without NUL, or are refused. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str text;
    const char *encoding;
    struct error err;
    struct str bytes = {(const char *)data, size};
    if (format_decode(arena, bytes, &text, &encoding, &err) == STATUS_OK &&
        (utf8_first_bad(text) != SIZE_MAX || (text.len && memchr(text.at, 0, text.len))))
        abort();
    arena_free(arena);
    return 0;
}
