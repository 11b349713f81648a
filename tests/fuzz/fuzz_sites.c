/* Any bytes as kept sites: what is accepted must come back the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "paper/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str text = STR("要不断完善服务体系。\n目前仍然存在困难。");
    struct paper_block blocks[] = {{.kind = PAPER_PARAGRAPH, .len = 30},
                                   {.kind = PAPER_PARAGRAPH, .at = 31, .len = text.len - 31}};
    struct paper_doc doc = {.text = text, .blocks = blocks, .nblocks = 2, .title = STR("t")};
    struct str bytes = {(const char *)data, size};
    struct paper_sites sites;
    if (paper_sites_unpack(arena, bytes, &doc, &sites, NULL) == STATUS_OK &&
        !str_equal(paper_sites_pack(arena, &sites), bytes))
        abort();
    arena_free(arena);
    return 0;
}
