/* Any bytes as a finding that was kept, and as the places of its marks: read or refused. */
#include <stdint.h>
#include <stdlib.h>

#include "folder.h"
#include "library/finding_json.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct finding finding = {0};
    struct store *store = open_store();
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    if (!library_unpack_finding(arena, store, bytes, &finding, &err)) {
        (void)library_pack_finding(arena, &finding);
        json_decref(library_finding_json(&finding));
        (void)library_unpack_matches(arena, store, bytes, &finding, &err);
    }
    struct finding none = {0};
    (void)library_unpack_matches(arena, store, bytes, &none, &err);
    arena_free(arena);
    return 0;
}
