/* Any bytes unpack to a document that packs to the same bytes and can be written, or are refused. */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    struct paper_doc doc;
    struct error err;
    if (paper_doc_unpack(arena, bytes, &doc, &err) == STATUS_OK) {
        if (!str_equal(paper_doc_pack(arena, &doc), bytes))
            abort();
        for (unsigned kind = 0; kind < FORMAT_PLAIN_KINDS; kind++)
            (void)format_write(arena, &doc, NULL, NULL, (enum format_kind)kind);
    }
    arena_free(arena);
    return 0;
}
