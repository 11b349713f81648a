/* Any bytes as a lexicon file and as the text it is used on. */
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "paper/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"zh-word.txt",  "en-word.txt",  "zh-order.txt",
                                        "en-order.txt", "zh-punct.txt", "en-punct.txt",
                                        "zh-locks.txt", "en-guard.txt"};
    if (size < 1)
        return 0;
    struct arena *arena = arena_make();
    struct paper_lexicon *lexicon = paper_lexicon_make(arena);
    struct str name = str_of(names[data[0] & 7]);
    struct str text = {(const char *)data + 1, size - 1};
    struct paper_block block = {.kind = PAPER_PARAGRAPH, .len = text.len};
    struct paper_doc doc = {.lang = name.at[0] == 'z' ? LANG_ZH : LANG_EN,
                            .text = text,
                            .blocks = &block,
                            .nblocks = 1,
                            .title = STR("t")};
    struct paper_sites sites;
    if (paper_lexicon_add(lexicon, name, text, NULL) == STATUS_OK)
        (void)paper_find_sites(arena, &doc, lexicon, PAPER_FULL, &sites, NULL);
    arena_free(arena);
    return 0;
}
