/* What changed between two editions, in the reader's own copies of both. */
#include <inttypes.h>

#include "library/difference.h"
#include "library/reading.h"
#include "server/internal.h"
#include "server/reader.h"

struct span_line {
    struct str text, kind;
    bool same, deleted, inserted;
};
static const struct field SPAN_LINE[] = {
    FIELD(TEXT, struct span_line, kind),
    FIELD(TEXT, struct span_line, text),
    FIELD_HIDDEN(FLAG, struct span_line, same),
    FIELD_HIDDEN(FLAG, struct span_line, deleted),
    FIELD_HIDDEN(FLAG, struct span_line, inserted),
    {0},
};

struct block_line {
    struct str change;
    struct span_line *spans;
    size_t nspans;
    int64_t skipped; /* blocks without a change that stand in its place */
    bool heading, changed, added, removed, same;
};
static const struct field BLOCK_LINE[] = {
    FIELD(TEXT, struct block_line, change),
    FIELD(NUMBER, struct block_line, skipped),
    FIELD(FLAG, struct block_line, heading),
    FIELD_OF_LIST(struct block_line, spans, SPAN_LINE),
    FIELD_HIDDEN(FLAG, struct block_line, changed),
    FIELD_HIDDEN(FLAG, struct block_line, added),
    FIELD_HIDDEN(FLAG, struct block_line, removed),
    FIELD_HIDDEN(FLAG, struct block_line, same),
    {0},
};

struct part_line {
    struct str heading;
    int64_t changed, added, removed;
};
static const struct field PART_LINE[] = {
    FIELD(TEXT, struct part_line, heading),
    FIELD(NUMBER, struct part_line, changed),
    FIELD(NUMBER, struct part_line, added),
    FIELD(NUMBER, struct part_line, removed),
    {0},
};

struct edition_choice {
    struct str value;
    int64_t published;
    bool first, second;
};
static const struct field EDITION_CHOICE[] = {
    FIELD(TEXT, struct edition_choice, value),
    FIELD(DAY, struct edition_choice, published),
    FIELD_HIDDEN(FLAG, struct edition_choice, first),
    FIELD_HIDDEN(FLAG, struct edition_choice, second),
    {0},
};

struct difference_page {
    struct str key, title, lang;
    int64_t from, to, changed, added, removed;
    struct part_line *parts;
    size_t nparts;
    struct block_line *blocks;
    size_t nblocks;
    struct edition_choice *editions;
    size_t neditions;
    bool any, all, shown; /* shown: there is something to see in full */
};
static const struct field DIFFERENCE_PAGE[] = {
    FIELD(TEXT, struct difference_page, key),
    FIELD(TEXT, struct difference_page, title),
    FIELD(TEXT, struct difference_page, lang),
    FIELD(NUMBER, struct difference_page, from),
    FIELD(NUMBER, struct difference_page, to),
    FIELD(NUMBER, struct difference_page, changed),
    FIELD(NUMBER, struct difference_page, added),
    FIELD(NUMBER, struct difference_page, removed),
    FIELD_OF_LIST(struct difference_page, parts, PART_LINE),
    FIELD_OF_LIST(struct difference_page, blocks, BLOCK_LINE),
    FIELD_OF_LIST(struct difference_page, editions, EDITION_CHOICE),
    FIELD_HIDDEN(FLAG, struct difference_page, any),
    FIELD_HIDDEN(FLAG, struct difference_page, all),
    FIELD_HIDDEN(FLAG, struct difference_page, shown),
    {0},
};

static const struct input DIFFERENCE_INPUTS[] = {
    {.name = "from",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = 1000000,
     .en = "The earlier edition",
     .zh = "较早的版本"},
    {.name = "to",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = 1000000,
     .en = "The later edition",
     .zh = "较晚的版本"},
    {.name = "all", .kind = INPUT_FLAG, .en = "Unchanged paragraphs too", .zh = "同时显示未变段落"},
    {0},
};

/* An edition that the reader has opened, loaded, with their bits for it. */
struct opened {
    struct edition_text text;
    struct difference_side side;
};

static enum status open_side(struct request *rq, const struct edition *edition, struct opened *o,
                             struct error *err)
{
    enum status status = library_load_edition(rq->arena, rq->store, edition, &o->text, err);
    if (!status)
        status = reader_record_opening(rq, edition, err);
    if (!status)
        o->side = (struct difference_side){
            &o->text.doc, &o->text.sites,
            copy_make_bits(rq->arena, rq->store, &o->text, rq->viewer.member)};
    return status;
}

static void fill_spans(struct request *rq, const struct difference_block *block,
                       struct block_line *line)
{
    static const char *const kinds[] = {"same", "deleted", "inserted"};
    line->nspans = block->nspans;
    line->spans = arena_array(rq->arena, block->nspans, struct span_line);
    for (size_t i = 0; i < block->nspans; i++) {
        enum difference_kind kind = block->spans[i].kind;
        line->spans[i] = (struct span_line){
            .text = block->spans[i].text,
            .kind = str_of(kinds[kind]),
            .same = kind == DIFFERENCE_SAME,
            .deleted = kind == DIFFERENCE_DELETED,
            .inserted = kind == DIFFERENCE_INSERTED,
        };
    }
}

static void fill_blocks(struct request *rq, const struct difference *d,
                        struct difference_page *page)
{
    static const char *const changes[] = {"same", "changed", "added", "removed"};
    page->blocks = arena_array(rq->arena, d->nblocks, struct block_line);
    for (size_t i = 0; i < d->nblocks; i++) {
        const struct difference_block *block = &d->blocks[i];
        bool heading = block->kind == PAPER_HEADING || block->kind == PAPER_TITLE;
        struct block_line *last = page->nblocks ? &page->blocks[page->nblocks - 1] : NULL;
        if (block->change == BLOCK_SAME && !heading && !page->all) {
            if (!last || !last->skipped)
                last = &page->blocks[page->nblocks++];
            last->change = STR("same");
            last->skipped++;
            continue;
        }
        struct block_line *line = &page->blocks[page->nblocks++];
        *line = (struct block_line){
            .change = str_of(changes[block->change]),
            .heading = heading,
            .same = block->change == BLOCK_SAME,
            .changed = block->change == BLOCK_CHANGED,
            .added = block->change == BLOCK_ADDED,
            .removed = block->change == BLOCK_REMOVED,
        };
        fill_spans(rq, block, line);
    }
}

static void fill_parts(struct request *rq, const struct difference *d, struct difference_page *page)
{
    page->parts = arena_array(rq->arena, d->nparts, struct part_line);
    for (size_t i = 0; i < d->nparts; i++) {
        const struct difference_part *part = &d->parts[i];
        if (part->changed || part->added || part->removed)
            page->parts[page->nparts++] =
                (struct part_line){part->heading, (int64_t)part->changed, (int64_t)part->added,
                                   (int64_t)part->removed};
    }
    page->any = page->nparts > 0;
    page->shown = page->any || page->all;
}

static enum status fill_choices(struct request *rq, const struct reader *r,
                                struct difference_page *page, struct error *err)
{
    struct shelf_edition *editions;
    enum status status = library_list_editions(rq->arena, rq->store, r->offer.paper, &editions,
                                               &page->neditions, err);
    if (status)
        return status;
    page->editions = arena_array(rq->arena, page->neditions, struct edition_choice);
    for (size_t i = 0; i < page->neditions; i++)
        page->editions[i] = (struct edition_choice){
            .value = str_format(rq->arena, "%" PRId64, editions[i].number),
            .published = editions[i].published_ms,
            .first = editions[i].number == page->from,
            .second = editions[i].number == page->to,
        };
    return STATUS_OK;
}

static enum status show_difference(struct request *rq, struct error *err)
{
    struct reader before;
    struct reader after;
    struct opened was;
    struct opened is;
    struct difference d;
    enum status status = reader_open(rq, rq->params[0], request_input(rq, "from"), &before, err);
    if (status || before.refused)
        return status;
    status = reader_open(rq, rq->params[0], request_input(rq, "to"), &after, err);
    if (status || after.refused)
        return status;
    status = open_side(rq, &before.edition, &was, err);
    if (!status)
        status = open_side(rq, &after.edition, &is, err);
    if (status)
        return status;
    library_compare(rq->arena, &was.side, &is.side, &d);
    struct difference_page page = {
        .key = after.offer.key,
        .title = after.edition.title,
        .lang = after.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .from = before.edition.number,
        .to = after.edition.number,
        .changed = (int64_t)d.changed,
        .added = (int64_t)d.added,
        .removed = (int64_t)d.removed,
        .all = request_number(rq, "all") != 0,
    };
    fill_blocks(rq, &d, &page);
    fill_parts(rq, &d, &page);
    status = fill_choices(rq, &after, &page, err);
    return status
               ? status
               : answer_page(rq, "difference", "What changed", "版本差异", DIFFERENCE_PAGE, &page);
}

const struct route route_paper_difference = {
    .method = "GET",
    .path = "/papers/{paper}/difference",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What changed between two editions, word by word, in your own copies.",
    .zh = "以您本人的副本逐字比较两个版本。",
    .inputs = DIFFERENCE_INPUTS,
    .output = DIFFERENCE_PAGE,
    .page = "difference",
    .run = show_difference,
};
