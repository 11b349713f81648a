/* Any bytes as what the program kept once and reads again: keys, blanks of a template, decisions about sites, terms of a draft,
 * the words of a line. A folder comes back from a backup, and that from anybody. */
#include <stdint.h>
#include <stdlib.h>

#include "ledger/likeness.h"
#include "library/blank.h"
#include "library/decision.h"
#include "library/draft.h"
#include "store/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT "要不断完善服务体系，按【日期】前报送【姓名】。"

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Of places in the text alone. */
static void read_blanks(struct arena *arena, const struct paper_doc *doc, struct str said)
{
    struct blanks blanks;
    struct blanks again;
    library_find_blanks(arena, doc, said, &blanks);
    for (size_t i = 0; i < blanks.nplaces; i++)
        require(blanks.places[i].at + blanks.places[i].len <= doc->text.len &&
                (blanks.places[i].blank == BLANK_NONE || blanks.places[i].blank < blanks.count));
    struct str kept = library_write_blanks(arena, &blanks);
    library_find_blanks(arena, doc, kept, &again);
    require(again.count == blanks.count && again.nplaces == blanks.nplaces);
}

static void read_decisions(struct arena *arena, const struct paper_doc *doc, struct str said)
{
    struct decisions decisions;
    struct decisions again;
    struct paper_sites sites = {0};
    library_read_decisions(arena, said, &decisions);
    library_read_decisions(arena, library_write_decisions(arena, &decisions), &again);
    require(again.count == decisions.count && decisions.count <= DECISIONS_MAX);
    library_apply_decisions(arena, doc, &sites, &decisions);
    for (size_t i = 0; i < sites.nplaces; i++)
        require(sites.places[i].at + sites.places[i].len <= doc->text.len &&
                sites.places[i].site < sites.nsites);
}

static void read_likeness(struct arena *arena, struct str packed)
{
    struct likeness one = likeness_unpack(arena, packed);
    struct likeness other = likeness_read(arena, packed);
    int like = likeness_of(&one, &other);
    require(like >= 0 && like <= 100 && like == likeness_of(&other, &one));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    struct paper_block block = {.kind = PAPER_PARAGRAPH, .len = sizeof TEXT - 1};
    struct paper_doc doc = {.text = STR(TEXT), .blocks = &block, .nblocks = 1, .title = STR("t")};
    struct draft_terms terms;
    struct store_keys keys;
    require(!store_parse_keys(bytes, &keys) || (keys.count && keys.count <= STORE_EPOCHS_MAX));
    read_blanks(arena, &doc, bytes);
    read_decisions(arena, &doc, bytes);
    library_read_terms(arena, bytes, &terms);
    read_likeness(arena, bytes);
    arena_free(arena);
    return 0;
}
