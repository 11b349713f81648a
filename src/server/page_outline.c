/* The outline of a paper as data: parts, measures, the sentence of each, in the reader's own words. */
#include <inttypes.h>

#include "library/outline.h"
#include "server/internal.h"
#include "server/reader.h"

struct entry_line {
    struct str kind, marker, sentence, anchor, path;
    int64_t ordinal;
};
static const struct field ENTRY_LINE[] = {
    FIELD(TEXT, struct entry_line, kind),
    FIELD(NUMBER, struct entry_line, ordinal),
    FIELD(TEXT, struct entry_line, marker),
    FIELD(TEXT, struct entry_line, sentence),
    FIELD(TEXT, struct entry_line, anchor),
    FIELD_HIDDEN(TEXT, struct entry_line, path),
    {0},
};

struct part_line {
    struct str marker, title, anchor, path;
    int64_t level, ordinal;
    struct entry_line *entries;
    size_t nentries;
    bool within; /* another part */
};
static const struct field PART_LINE[] = {
    FIELD(NUMBER, struct part_line, level),
    FIELD(NUMBER, struct part_line, ordinal),
    FIELD(TEXT, struct part_line, marker),
    FIELD(TEXT, struct part_line, title),
    FIELD(TEXT, struct part_line, anchor),
    FIELD_HIDDEN(TEXT, struct part_line, path),
    FIELD_OF_LIST(struct part_line, entries, ENTRY_LINE),
    FIELD_HIDDEN(FLAG, struct part_line, within),
    {0},
};

struct outline_page {
    struct str key, title, lang;
    int64_t edition, measures;
    struct part_line *parts;
    size_t nparts;
};
static const struct field OUTLINE_PAGE[] = {
    FIELD(TEXT, struct outline_page, key),
    FIELD(TEXT, struct outline_page, title),
    FIELD(TEXT, struct outline_page, lang),
    FIELD(NUMBER, struct outline_page, edition),
    FIELD(NUMBER, struct outline_page, measures),
    FIELD_OF_LIST(struct outline_page, parts, PART_LINE),
    {0},
};

static const struct input OUTLINE_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {0},
};

static void fill_entries(struct request *rq, struct str paper, const struct outline_part *part,
                         struct part_line *line)
{
    line->nentries = part->nentries;
    line->entries = arena_array(rq->arena, part->nentries, struct entry_line);
    for (size_t i = 0; i < part->nentries; i++) {
        const struct outline_entry *entry = &part->entries[i];
        struct str anchor = str_format(rq->arena, "p%u", entry->paragraph);
        line->entries[i] = (struct entry_line){
            .kind = entry->kind == OUTLINE_MEASURE ? STR("measure") : STR("item"),
            .marker = entry->marker,
            .sentence = entry->sentence,
            .anchor = anchor,
            .path = str_format(rq->arena, "%.*s#%.*s", STR_ARG(paper), STR_ARG(anchor)),
            .ordinal = entry->ordinal,
        };
    }
}

static void fill_parts(struct request *rq, const struct reader *r, const struct outline *outline,
                       struct outline_page *page)
{
    struct str paper = reader_path(rq, r);
    unsigned above = 0; /* the level of the last part that is within none */
    page->nparts = outline->nparts;
    page->parts = arena_array(rq->arena, outline->nparts, struct part_line);
    for (size_t i = 0; i < outline->nparts; i++) {
        const struct outline_part *part = &outline->parts[i];
        struct str anchor = part->heading     ? str_format(rq->arena, "h%u", part->heading)
                            : part->paragraph ? str_format(rq->arena, "p%u", part->paragraph)
                                              : STR("title");
        page->parts[i] = (struct part_line){
            .marker = part->marker,
            .title = part->title,
            .anchor = anchor,
            .path = str_format(rq->arena, "%.*s#%.*s", STR_ARG(paper), STR_ARG(anchor)),
            .level = part->level,
            .ordinal = part->ordinal,
            .within = above && part->level > above,
        };
        above = page->parts[i].within ? above : part->level;
        fill_entries(rq, paper, part, &page->parts[i]);
    }
}

static enum status show_outline(struct request *rq, struct error *err)
{
    struct reader r;
    struct paper_doc doc;
    struct outline outline;
    enum status status = reader_open_document(rq, &r, &doc, err);
    if (status || r.refused)
        return status;
    library_make_outline(rq->arena, &doc, &outline);
    struct outline_page page = {
        .key = r.offer.key,
        .title = r.edition.title,
        .lang = r.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .edition = r.edition.number,
        .measures = (int64_t)outline.measures,
    };
    fill_parts(rq, &r, &outline, &page);
    return answer_page(rq, "outline", "Parts and measures", "要点与举措", OUTLINE_PAGE, &page);
}

const struct route route_paper_outline = {
    .method = "GET",
    .path = "/papers/{paper}/outline",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The paper's numbered parts and measures as data, with the sentence of each.",
    .zh = "文稿的编号要点与举措（数据），附各自所在语句。",
    .inputs = OUTLINE_INPUTS,
    .output = OUTLINE_PAGE,
    .page = "outline",
    .run = show_outline,
};
