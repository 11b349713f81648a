/* The outline of official prose; see outline.h. */
#include "library/outline.h"

#include "base/utf8.h"

struct maker {
    struct arena *arena;
    const struct paper_doc *doc;
    struct outline *outline;
    unsigned headings, paragraphs; /* counted as the page counts its ids */
    unsigned last;                 /* ordinal of the measure before, in this part */
};

static void add_part(struct maker *m, const struct outline_part *part)
{
    struct outline *o = m->outline;
    o->parts = arena_one_more(m->arena, o->parts, o->nparts, sizeof *o->parts);
    o->parts[o->nparts++] = *part;
    m->last = 0;
}

static void add_entry(struct maker *m, const struct outline_entry *entry)
{
    struct outline_part *part = &m->outline->parts[m->outline->nparts - 1];
    part->entries = arena_one_more(m->arena, part->entries, part->nentries, sizeof *part->entries);
    part->entries[part->nentries++] = *entry;
    m->outline->measures += entry->kind == OUTLINE_MEASURE;
}

static struct str block_text(const struct maker *m, const struct paper_block *block)
{
    return str_slice(m->doc->text, block->at, block->len);
}

static void take_heading(struct maker *m, const struct paper_block *block)
{
    struct str text = block_text(m, block);
    add_part(m, &(struct outline_part){
                    .heading = ++m->headings,
                    .level = block->level,
                    .ordinal = block->ordinal,
                    .marker = str_slice(text, 0, block->marker_len),
                    .title = str_trim(str_slice(text, block->marker_len, text.len)),
                });
}

/* From `at`, a place in the text, to the end of the sentence that it is in. */
static struct str sentence_from(const struct maker *m, size_t at)
{
    struct str sentence = paper_sentence_at(m->doc, at, 1);
    size_t begin = sentence.len ? (size_t)(sentence.at - m->doc->text.at) : at;
    return str_trim(str_slice(sentence, at - begin, sentence.len));
}

static void take_opening(struct maker *m, const struct paper_block *block)
{
    struct paper_block opening;
    if (!paper_find_opening(m->doc, block, &opening))
        return;
    struct str text = block_text(m, &opening);
    add_part(m, &(struct outline_part){
                    .paragraph = m->paragraphs,
                    .level = opening.level,
                    .ordinal = opening.ordinal,
                    .marker = str_slice(text, 0, opening.marker_len),
                    .title = str_trim(str_slice(text, opening.marker_len, text.len)),
                });
}

static bool opens_clause(uint32_t before)
{
    return before == 0x3002 || before == 0xFF1B || before == 0xFF1A || before == 0xFF01 ||
           before == 0xFF1F || before == ';' || before == ':' || before == '.'; /* 。；：！？ */
}

/* A measure that begins at `at`, if one does. */
static void take_measure(struct maker *m, const struct paper_block *block, size_t at)
{
    struct paper_block found = {0};
    struct str rest = str_slice(m->doc->text, at, block->at + block->len - at);
    paper_classify_line(rest, m->doc->lang, &found);
    bool head = at == block->at;
    bool next = found.ordinal == 1 || found.ordinal == m->last + 1;
    if (found.kind != PAPER_MEASURE || !found.ordinal || (!head && !next))
        return;
    m->last = found.ordinal;
    add_entry(m, &(struct outline_entry){.kind = OUTLINE_MEASURE,
                                         .ordinal = found.ordinal,
                                         .marker = str_slice(rest, 0, found.marker_len),
                                         .sentence = sentence_from(m, at),
                                         .paragraph = m->paragraphs});
}

static void take_measures(struct maker *m, const struct paper_block *block)
{
    struct str text = block_text(m, block);
    take_opening(m, block);
    take_measure(m, block, block->at);
    for (size_t at = 0; at < text.len;) {
        uint32_t code = utf8_next(text, &at);
        if (opens_clause(code) && at < text.len)
            take_measure(m, block, block->at + at);
    }
}

static void take_item(struct maker *m, const struct paper_block *block)
{
    if (!block->ordinal)
        return;
    add_entry(m, &(struct outline_entry){
                     .kind = OUTLINE_ITEM,
                     .ordinal = block->ordinal,
                     .marker = str_slice(block_text(m, block), 0, block->marker_len),
                     .sentence = sentence_from(m, block->at),
                     .paragraph = m->paragraphs,
                 });
}

void library_make_outline(struct arena *arena, const struct paper_doc *doc, struct outline *outline)
{
    struct maker m = {.arena = arena, .doc = doc, .outline = outline};
    *outline = (struct outline){0};
    add_part(&m, &(struct outline_part){0});
    for (size_t i = 0; i < doc->nblocks; i++) {
        const struct paper_block *block = &doc->blocks[i];
        bool paragraph = block->kind == PAPER_PARAGRAPH || block->kind == PAPER_MEASURE ||
                         block->kind == PAPER_ITEM || block->kind == PAPER_QUOTE;
        m.paragraphs += paragraph;
        if (block->kind == PAPER_HEADING)
            take_heading(&m, block);
        else if (block->kind == PAPER_PARAGRAPH || block->kind == PAPER_MEASURE)
            take_measures(&m, block);
        else if (block->kind == PAPER_ITEM)
            take_item(&m, block);
    }
    if (!outline->parts[0].nentries) { /* nothing stands before the first heading */
        outline->parts++;
        outline->nparts--;
    }
}
