/* A document's blocks as the ledger's passages. */
#include "server/commitments.h"

/* Puts the passage of a block behind those that there are. Quotations, code and tables give none. */
static void add_passage(const struct paper_doc *doc, const struct paper_block *block,
                        unsigned paragraph, struct ledger_passage *passages, size_t *count)
{
    /* "一要" is the marker of a measure and binds; other outline numbers say nothing. */
    size_t skip = block->kind == PAPER_MEASURE ? 0 : block->marker_len;
    struct ledger_passage passage = {
        .level = block->level,
        .text = str_slice(doc->text, block->at + skip, block->len - skip),
        .number = paragraph,
    };
    switch (block->kind) {
    case PAPER_TITLE:
    case PAPER_HEADING:
        passage.kind = LEDGER_HEADING;
        break;
    case PAPER_ITEM:
        passage.kind = LEDGER_ITEM;
        break;
    case PAPER_PARAGRAPH:
    case PAPER_MEASURE:
        passage.kind = LEDGER_PARAGRAPH;
        break;
    default:
        return;
    }
    passages[(*count)++] = passage;
}

static bool is_paragraph(enum paper_block_kind kind)
{
    return kind == PAPER_PARAGRAPH || kind == PAPER_MEASURE || kind == PAPER_ITEM ||
           kind == PAPER_QUOTE;
}

enum status commitments_of(struct arena *arena, const struct paper_doc *doc,
                           struct ledger_commitment **found, size_t *count, struct error *err)
{
    struct ledger_rules *rules;
    enum status status = ledger_load_rules(arena, doc->lang, &rules, err);
    if (status)
        return status;
    struct ledger_passage *passages = arena_array(arena, doc->nblocks, struct ledger_passage);
    size_t npassages = 0;
    unsigned paragraphs = 0;
    for (size_t i = 0; i < doc->nblocks; i++) {
        paragraphs += is_paragraph(doc->blocks[i].kind);
        add_passage(doc, &doc->blocks[i], paragraphs, passages, &npassages);
    }
    *count = ledger_find_commitments(arena, rules, passages, npassages, found);
    return STATUS_OK;
}
