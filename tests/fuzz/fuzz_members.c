/* Any bytes as a member file: decoded and imported, or refused with a reason; never half taken. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "folder.h"
#include "format/format.h"
#include "library/member.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct store *open_store(void)
{
    static struct store *store;
    struct error err;
    const char *dir = store ? NULL : make_folder();
    if (dir && (store_create(dir, &err) || store_open(dir, &store, &err)))
        abort();
    return store;
}

static int64_t count_members(struct store *store)
{
    struct error err;
    struct query *q = query_start(store, "SELECT count(*) FROM member");
    int64_t count = query_row(q) ? query_int(q, 0) : -1;
    if (query_end(q, &err))
        abort();
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct str text;
    const char *encoding;
    struct store *store = open_store();
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    if (format_decode(arena, bytes, &text, &encoding, &err) == STATUS_OK) {
        struct digest digest = digest_of(bytes);
        struct import import = {0};
        int64_t before = count_members(store);
        enum status status =
            library_import_members(arena, store, STR("fuzz.csv"), &digest, text, &import, &err);
        int64_t taken = count_members(store) - before;
        if (status ? taken != 0 || err.en[0] == 0 : taken != (int64_t)import.imported)
            abort();
    }
    arena_free(arena);
    return 0;
}
