/* A document's blocks as the ledger's passages, and what was decided about its sentences. */
#include "server/commitments.h"

#include <string.h>

#define WINDOW      6U  /* bytes: two characters of Chinese, most of an English word */
#define LIKE_ENOUGH 0.4 /* of the windows of both */

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

/* --- joined with what was decided ----------------------------------------------------------------- */

static struct commitment_place *place_all(struct arena *arena, const struct edition_text *t,
                                          const struct ledger_commitment *found, size_t count)
{
    struct commitment_place *places = arena_array(arena, count + 1, struct commitment_place);
    for (size_t i = 0, nth = 1; i < count; i++, nth++) {
        if (i && found[i].number != found[i - 1].number)
            nth = 1;
        places[i] = (struct commitment_place){
            .proposed = found[i],
            .place = {t->edition.paper, t->edition.number,
                      (size_t)(found[i].sentence.at - t->doc.text.at), found[i].sentence.len},
            .name = str_format(arena, "p%u.%zu", found[i].number, nth),
        };
    }
    return places;
}

/* The master's words at a place of whatever edition. The last edition that was asked for stays at hand. */
static enum status words_of(struct arena *arena, struct store *store, const struct ledger_place *p,
                            struct edition_text *last, struct str *words, struct error *err)
{
    struct edition edition;
    enum status status = STATUS_OK;
    if (last->edition.number != p->edition) {
        status = library_find_edition(arena, store, p->paper, p->edition, &edition, err);
        if (!status)
            status = library_load_edition(arena, store, &edition, last, err);
    }
    *words = status ? STR("") : str_slice(last->doc.text, p->at, p->len);
    return status;
}

/* Where a commitment stands in this edition; SIZE_MAX where its words are not there any more. */
static enum status find_now(struct arena *arena, struct store *store, const struct edition_text *t,
                            const struct commitment *c, struct edition_text *last, size_t *at,
                            struct error *err)
{
    struct str words;
    *at = c->place.at;
    if (c->place.edition == t->edition.number)
        return STATUS_OK;
    enum status status = words_of(arena, store, &c->place, last, &words, err);
    *at = status || !words.len ? SIZE_MAX : str_find(t->doc.text, words, 0);
    return status;
}

/* How much of two sentences is alike, 0 … 1: windows of one that the other has too. */
static double likeness(struct str a, struct str b)
{
    size_t same = 0;
    if (a.len < WINDOW || b.len < WINDOW)
        return 0;
    for (size_t i = 0; i + WINDOW <= a.len; i++)
        same += str_find(b, str_slice(a, i, WINDOW), 0) != SIZE_MAX;
    size_t longer = a.len > b.len ? a.len : b.len;
    return (double)same / (double)(longer - WINDOW + 1);
}

static const struct commitment_place *most_like(const struct commitments *joined, struct str words)
{
    const struct commitment_place *best = NULL;
    double most = LIKE_ENOUGH;
    for (size_t i = 0; i < joined->nplaces; i++) {
        double now =
            joined->places[i].decided ? 0 : likeness(words, joined->places[i].proposed.sentence);
        if (now > most) {
            most = now;
            best = &joined->places[i];
        }
    }
    return best;
}

static struct commitment_place *place_at(struct commitments *joined, size_t at)
{
    for (size_t i = 0; i < joined->nplaces; i++)
        if (joined->places[i].place.at == at && !joined->places[i].decided)
            return &joined->places[i];
    return NULL;
}

enum status commitments_join(struct arena *arena, struct store *store, const struct edition_text *t,
                             struct commitments *joined, struct error *err)
{
    struct ledger_commitment *found;
    struct commitment *list = NULL;
    struct edition_text last = {0};
    size_t count = 0;
    *joined = (struct commitments){0};
    enum status status = commitments_of(arena, &t->doc, &found, &joined->nplaces, err);
    if (!status)
        status = ledger_list_commitments(arena, store, t->edition.paper, t->edition.number, &list,
                                         &count, err);
    if (status)
        return status;
    joined->places = place_all(arena, t, found, joined->nplaces);
    joined->gone = arena_array(arena, count + 1, struct commitment_gone);
    for (size_t i = 0; !status && i < count; i++) {
        size_t at;
        status = find_now(arena, store, t, &list[i], &last, &at, err);
        struct commitment_place *place = at == SIZE_MAX ? NULL : place_at(joined, at);
        if (place)
            place->decided = &list[i];
        else if (at == SIZE_MAX && list[i].state != COMMITMENT_DROPPED)
            joined->gone[joined->ngone++].decided = &list[i];
    }
    for (size_t i = 0; !status && i < joined->ngone; i++) {
        struct str words;
        status = words_of(arena, store, &joined->gone[i].decided->place, &last, &words, err);
        joined->gone[i].now = status ? NULL : most_like(joined, words);
    }
    return status;
}

static unsigned paragraph_at(const struct paper_doc *doc, size_t at)
{
    unsigned number = 0;
    for (size_t i = 0; i < doc->nblocks && doc->blocks[i].at <= at; i++)
        number += is_paragraph(doc->blocks[i].kind);
    return number;
}

enum status commitments_marks(struct arena *arena, struct store *store,
                              const struct edition *edition, struct commitment_mark **marks,
                              size_t *count, struct error *err)
{
    struct commitment *list = NULL;
    struct edition_text text;
    struct edition_text last = {0};
    size_t n = 0;
    *count = 0;
    enum status status =
        ledger_list_commitments(arena, store, edition->paper, edition->number, &list, &n, err);
    if (status || !n)
        return status;
    status = library_load_edition(arena, store, edition, &text, err);
    *marks = arena_array(arena, n, struct commitment_mark);
    for (size_t i = 0; !status && i < n; i++) {
        size_t at;
        if (list[i].state == COMMITMENT_DROPPED)
            continue;
        status = find_now(arena, store, &text, &list[i], &last, &at, err);
        if (!status && at != SIZE_MAX)
            (*marks)[(*count)++] = (struct commitment_mark){paragraph_at(&text.doc, at), &list[i]};
    }
    return status;
}
