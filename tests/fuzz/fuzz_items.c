/* Any bytes as the items of a sheet: what is read keeps to its bounds, and is the same when written and read again. */
#include <stdint.h>
#include <stdlib.h>

#include "ledger/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct error err = {0};
    struct sheet_item *items = NULL;
    struct sheet_item *again = NULL;
    size_t count = 0;
    size_t more = 0;
    if (sheet_read_items(arena, (struct str){(const char *)data, size}, &items, &count, &err)) {
        if (!err.en[0] || !err.zh[0])
            abort();
        arena_free(arena);
        return 0;
    }
    struct str written = sheet_write_items(arena, items, count);
    if (sheet_read_items(arena, written, &again, &more, &err) || more != count)
        abort();
    for (size_t i = 0; i < count; i++)
        if (!items[i].text.len || !str_equal(items[i].text, again[i].text) ||
            items[i].most != again[i].most || items[i].weight != again[i].weight)
            abort();
    arena_free(arena);
    return 0;
}
