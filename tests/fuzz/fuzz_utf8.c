/* Any bytes as UTF-8: walking forwards and backwards and folding agree with each other. */
#include <stdint.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str s = {(const char *)data, size};
    size_t bad = utf8_first_bad(s);
    size_t steps = 0;
    for (size_t pos = 0; pos < size; steps++) {
        size_t at = pos;
        uint32_t code = utf8_next(s, &pos);
        char bytes[4];
        if (pos <= at || (bad == SIZE_MAX && utf8_put(bytes, code) != pos - at))
            abort();
        size_t back = pos;
        if (bad == SIZE_MAX && (utf8_before(s, &back) != code || back != at))
            abort();
    }
    if (steps != utf8_count(s))
        abort();
    struct folded folded = unicode_fold(arena, s);
    for (size_t i = 0; i < folded.count; i++) {
        if (folded.from[i] > folded.from[i + 1] || folded.from[i] >= size)
            abort();
    }
    if (bad == SIZE_MAX && size > 0) {
        struct words words = unicode_segment(arena, s, size % 2);
        if (words.count == 0 || words.end[words.count - 1] != size)
            abort();
    }
    arena_free(arena);
    return 0;
}
