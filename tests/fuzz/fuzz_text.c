/* Any text reads into a document that survives packing and every writer. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    if (utf8_first_bad(text) != SIZE_MAX || (size && memchr(data, 0, size)))
        return 0;
    struct arena *arena = arena_make();
    struct paper_doc doc;
    struct paper_doc back;
    struct error err;
    if (format_read(arena, text, FORMAT_TEXT, NULL, STR(""), &doc, &err) == STATUS_OK) {
        if (paper_doc_unpack(arena, paper_doc_pack(arena, &doc), &back, &err) != STATUS_OK)
            abort();
        for (unsigned kind = 0; kind < FORMAT_PLAIN_KINDS; kind++)
            (void)format_write(arena, &doc, NULL, NULL, (enum format_kind)kind);
    }
    arena_free(arena);
    return 0;
}
