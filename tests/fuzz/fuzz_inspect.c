/* Any bytes through the inspector: order, bounds, and that cleaning what was found stays in step. */
#include <stdlib.h>

#include "base/utf8.h"
#include "paper/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_make();
    struct str text = {(const char *)data + 1, size - 1};
    struct concerns found = paper_inspect(arena, text, data[0] & 1 ? LANG_EN : LANG_ZH);
    bool *apply = arena_array(arena, found.count + 1, bool);
    size_t last = 0;
    size_t longer = 0;
    for (size_t i = 0; i < found.count; i++) {
        const struct concern *c = &found.list[i];
        require(c->len > 0 && c->at >= last && c->line > 0 && c->column > 0);
        last = c->at + c->len;
        require(last <= text.len && c->found.len == c->len);
        apply[i] = true;
        longer += c->intended.len;
        for (size_t k = 0; k < c->nalso; k++)
            longer += c->also[k].intended.len;
    }
    struct str cleaned = paper_inspect_clean(arena, text, &found, apply);
    require(cleaned.len <= text.len + longer);
    if (utf8_first_bad(text) == SIZE_MAX)
        require(utf8_first_bad(cleaned) == SIZE_MAX);
    arena_free(arena);
    return 0;
}
