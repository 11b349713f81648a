/* The walk over blocks, runs and places that every format is written by; see writer.h.
 *
 * Where a run's border falls inside a place, both sides of the choice carry the border: side 0 as
 * the master has it, side 1 behind its words, so that whatever side is chosen the copy nests. A run
 * that lies wholly inside a place exists on side 0 only. */
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "format/writer.h"

struct cursor {
    size_t run;   /* next run to open */
    size_t place; /* next place */
    size_t at;    /* bytes of the text written so far */
    size_t *open; /* stack of open runs */
    size_t depth;
};

const struct paper_block *writer_before(const struct writer *writer)
{
    return writer->block ? &writer->doc->blocks[writer->block - 1] : NULL;
}

const struct paper_block *writer_after(const struct writer *writer)
{
    return writer->block + 1 < writer->doc->nblocks ? &writer->doc->blocks[writer->block + 1]
                                                    : NULL;
}

bool writer_is_listed(const struct paper_block *block)
{
    return block->kind == PAPER_ITEM && block->marker_len == 0;
}

bool writer_opens_table(const struct paper_block *before, const struct paper_block *block)
{
    return !before || before->kind != PAPER_ROW || (block->level == 1 && before->level != 1);
}

/* Only schemes that can't run anything; addresses with control characters or spaces are refused,
 * since browsers drop those before they look for a scheme. */
bool writer_is_safe_target(struct str target)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel", "ftp"};
    size_t colon = SIZE_MAX;
    for (size_t i = 0; i < target.len; i++) {
        if ((unsigned char)target.at[i] <= 0x20)
            return false;
        if (colon == SIZE_MAX && strchr("/?#", target.at[i]))
            colon = target.len;
        if (colon == SIZE_MAX && target.at[i] == ':')
            colon = i;
    }
    if (colon >= target.len)
        return target.len > 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strlen(schemes[i]) == colon && strncasecmp(target.at, schemes[i], colon) == 0)
            return true;
    }
    return false;
}

static bool is_layout(const struct writer *writer, const struct paper_place *place)
{
    return writer->sites->sites[place->site].channel == PAPER_LAYOUT;
}

static bool is_shift(const struct writer *writer, const struct paper_place *place,
                     enum paper_shift_kind kind)
{
    return is_layout(writer, place) && paper_site_shift(&writer->sites->sites[place->site]) == kind;
}

const struct paper_place *writer_line_place(const struct writer *writer,
                                            const struct paper_block *block)
{
    size_t i = paper_place_from(writer->sites, block->at);
    const struct paper_place *place = writer->sites ? &writer->sites->places[i] : NULL;
    if (!place || i == writer->sites->nplaces || place->at >= block->at + block->len)
        return NULL;
    return is_shift(writer, place, PAPER_SHIFT_LINE) ? place : NULL;
}

static size_t run_end(const struct writer *writer, size_t run)
{
    return writer->doc->runs[run].at + writer->doc->runs[run].len;
}

static bool is_dropped(const struct writer *writer, size_t run)
{
    return (writer->dropped && writer->dropped[run]) || writer->doc->runs[run].len == 0;
}

static void write_text(struct writer *writer, struct cursor *cursor, size_t to)
{
    if (to <= cursor->at)
        return;
    writer->hooks->text(writer, str_slice(writer->doc->text, cursor->at, to - cursor->at));
    cursor->at = to;
}

static void open_run(struct writer *writer, struct cursor *cursor)
{
    if (!is_dropped(writer, cursor->run)) {
        writer->hooks->run_begin(writer, cursor->run);
        cursor->open[cursor->depth++] = cursor->run;
    }
    cursor->run++;
}

static void close_run(struct writer *writer, struct cursor *cursor)
{
    writer->hooks->run_end(writer, cursor->open[--cursor->depth]);
}

static bool run_begins(const struct writer *writer, const struct cursor *cursor, size_t before)
{
    return cursor->run < writer->doc->nruns && writer->doc->runs[cursor->run].at < before;
}

static bool run_ends(const struct writer *writer, const struct cursor *cursor, size_t by)
{
    return cursor->depth && run_end(writer, cursor->open[cursor->depth - 1]) <= by;
}

/* Text and run borders up to byte `to`; of the borders at `to` itself those that close. */
static void write_until(struct writer *writer, struct cursor *cursor, size_t to)
{
    for (;;) {
        size_t begin = run_begins(writer, cursor, to) ? writer->doc->runs[cursor->run].at : to;
        bool ends = run_ends(writer, cursor, begin);
        write_text(writer, cursor, ends ? run_end(writer, cursor->open[cursor->depth - 1]) : begin);
        if (ends)
            close_run(writer, cursor);
        else if (begin < to)
            open_run(writer, cursor);
        else
            return;
    }
}

/* Side 0 of a choice: the master's words, with the borders that lie strictly inside the place. */
static void write_master_side(struct writer *writer, struct cursor *cursor, size_t to)
{
    for (;;) {
        size_t begin = run_begins(writer, cursor, to) ? writer->doc->runs[cursor->run].at : to;
        size_t end = cursor->depth ? run_end(writer, cursor->open[cursor->depth - 1]) : to;
        bool ends = end < to && end <= begin;
        write_text(writer, cursor, ends ? end : begin);
        if (ends)
            close_run(writer, cursor);
        else if (begin < to)
            open_run(writer, cursor);
        else
            return;
    }
}

/* Side 1: the other words, then the borders that side 0 has and that change what is open. */
static void write_other_side(struct writer *writer, const size_t *open_before, size_t before,
                             const struct cursor *after, struct str words)
{
    size_t kept = 0;
    if (words.len)
        writer->hooks->text(writer, words);
    while (kept < before && kept < after->depth && open_before[kept] == after->open[kept])
        kept++;
    for (size_t i = before; i-- > kept;)
        writer->hooks->run_end(writer, open_before[i]);
    for (size_t i = kept; i < after->depth; i++)
        writer->hooks->run_begin(writer, after->open[i]);
}

static void flush_literal(struct writer *writer)
{
    writer->sink.literal(writer->sink.to, buf_str(&writer->literal));
    writer->literal.len = 0;
}

void writer_choose(struct writer *writer, uint32_t site, struct str alt0, struct str alt1)
{
    flush_literal(writer);
    writer->sink.choice(writer->sink.to, site, alt0, alt1);
}

static void settle(struct writer *writer)
{
    if (writer->hooks->settle)
        writer->hooks->settle(writer);
}

static enum line_start joined_start(enum line_start a, enum line_start b)
{
    return a == LINE_DIGITS || b == LINE_DIGITS ? LINE_DIGITS : a == LINE_START ? a : b;
}

static void write_choice(struct writer *writer, struct cursor *cursor,
                         const struct paper_place *place)
{
    size_t to = place->at + place->len;
    size_t before = cursor->depth;
    bool crossed = place->len && (run_begins(writer, cursor, to) ||
                                  (before && run_end(writer, cursor->open[before - 1]) < to));
    size_t *open_before = NULL;
    if (crossed && before) {
        open_before = arena_array(writer->arena, before, size_t);
        memcpy(open_before, cursor->open, before * sizeof *open_before);
    }
    settle(writer);
    enum line_start start = writer->start;
    struct writer_look wanted = writer->wanted;
    struct writer_look shown = writer->shown;
    bool gap = is_shift(writer, place, PAPER_SHIFT_GAP);
    flush_literal(writer);
    writer->alts[0].len = 0;
    writer->alts[1].len = 0;
    writer->out = &writer->alts[0];
    write_master_side(writer, cursor, to);
    settle(writer);
    enum line_start start0 = writer->start;
    writer->start = start;
    writer->wanted = wanted;
    writer->shown = shown;
    writer->out = &writer->alts[1];
    if (gap)
        writer->hooks->gap(writer, place->alt[1]);
    else if (crossed)
        write_other_side(writer, open_before, before, cursor, place->alt[1]);
    else if (place->alt[1].len)
        writer->hooks->text(writer, place->alt[1]);
    settle(writer);
    writer->start = joined_start(start0, writer->start);
    writer->out = &writer->literal;
    writer_choose(writer, place->site, buf_str(&writer->alts[0]), buf_str(&writer->alts[1]));
}

/* A layout mark's words are the same on both sides; that of a line is shown by its block. */
static bool is_written(const struct writer *writer, const struct paper_place *place)
{
    return !is_shift(writer, place, PAPER_SHIFT_LINE);
}

/* Runs that begin right where a place does open outside it; an empty place stands before them. */
static void write_block_text(struct writer *writer, struct cursor *cursor,
                             const struct paper_block *block)
{
    size_t end = block->at + block->len;
    const struct paper_sites *sites = writer->sites;
    while (sites && cursor->place < sites->nplaces && sites->places[cursor->place].at <= end) {
        const struct paper_place *place = &sites->places[cursor->place++];
        if (place->at < cursor->at || place->len > end - place->at)
            continue; /* overlaps or leaves the block: the contract forbids it, the text wins */
        if (!is_written(writer, place))
            continue;
        write_until(writer, cursor, place->at);
        while (place->len && run_begins(writer, cursor, place->at + 1))
            open_run(writer, cursor);
        write_choice(writer, cursor, place);
    }
    write_until(writer, cursor, end);
    while (cursor->depth)
        close_run(writer, cursor);
}

static unsigned top_heading(const struct paper_doc *doc)
{
    unsigned least = 6;
    for (size_t i = 0; i < doc->nblocks; i++) {
        if (doc->blocks[i].kind == PAPER_HEADING && doc->blocks[i].level < least)
            least = doc->blocks[i].level;
    }
    return least;
}

/* The sites less those of the layout, for formats that can't show them. */
static const struct paper_sites *of_the_text(struct arena *arena, const struct paper_sites *sites)
{
    if (!sites)
        return NULL;
    struct paper_sites *shown = arena_new(arena, struct paper_sites);
    *shown = *sites;
    shown->places = arena_array(arena, sites->nplaces, struct paper_place);
    shown->nplaces = 0;
    for (size_t i = 0; i < sites->nplaces; i++)
        if (sites->sites[sites->places[i].site].channel != PAPER_LAYOUT)
            shown->places[shown->nplaces++] = sites->places[i];
    return shown;
}

void writer_write(const struct hooks *hooks, struct arena *arena, const struct paper_doc *doc,
                  const struct paper_sites *sites, const struct format_frame *frame,
                  struct writer_sink sink, void *own)
{
    static const struct format_frame none;
    struct writer writer = {.arena = arena,
                            .doc = doc,
                            .sites = hooks->gap ? sites : of_the_text(arena, sites),
                            .frame = frame ? frame : &none,
                            .sink = sink,
                            .hooks = hooks,
                            .own = own,
                            .literal = {.arena = arena},
                            .alts = {{.arena = arena}, {.arena = arena}},
                            .top_level = top_heading(doc)};
    writer.out = &writer.literal;
    if (writer.hooks->drop_runs)
        writer.dropped = writer.hooks->drop_runs(&writer);
    struct cursor cursor = {.open = arena_array(arena, doc->nruns, size_t)};
    writer.hooks->begin(&writer);
    for (writer.block = 0; writer.block < doc->nblocks; writer.block++) {
        const struct paper_block *block = &doc->blocks[writer.block];
        cursor.at = block->at;
        writer.start = LINE_START;
        writer.hooks->block_begin(&writer, block);
        write_block_text(&writer, &cursor, block);
        writer.hooks->block_end(&writer, block);
        flush_literal(&writer);
    }
    writer.hooks->end(&writer);
    flush_literal(&writer);
}

static void plan_literal(void *to, struct str bytes)
{
    stamp_plan_literal(to, bytes);
}

static void plan_choice(void *to, uint32_t site, struct str alt0, struct str alt1)
{
    stamp_plan_choice(to, site, alt0, alt1);
}

struct writer_sink writer_into_plan(struct stamp_plan *plan)
{
    return (struct writer_sink){plan_literal, plan_choice, plan};
}

static struct stamp_plan *write_by(const struct hooks *hooks, struct arena *arena,
                                   const struct paper_doc *doc, const struct paper_sites *sites,
                                   const struct format_frame *frame)
{
    struct stamp_plan *plan = stamp_plan_make(arena);
    writer_write(hooks, arena, doc, sites, frame, writer_into_plan(plan), NULL);
    stamp_plan_end(plan);
    return plan;
}

struct stamp_plan *format_write(struct arena *arena, const struct paper_doc *doc,
                                const struct paper_sites *sites, const struct format_frame *frame,
                                enum format_kind kind)
{
    static const struct hooks *const all[FORMAT_PLAIN_KINDS] = {
        &format_text_hooks, &format_markdown_hooks, &format_html_hooks};
    return write_by(all[kind], arena, doc, sites, frame);
}

struct stamp_plan *format_write_page(struct arena *arena, const struct paper_doc *doc,
                                     const struct paper_sites *sites)
{
    return write_by(&format_page_hooks, arena, doc, sites, NULL);
}

static void add_entry(struct writer_contents *contents, const struct paper_block *block,
                      char letter, unsigned number)
{
    size_t at = contents->doc.nblocks++;
    contents->doc.blocks[at] = *block;
    contents->anchors[at] = (struct writer_anchor){letter, number};
}

/* Counts as format_page_hooks does. */
static struct writer_contents make_contents(struct arena *arena, const struct paper_doc *doc)
{
    struct writer_contents contents = {.doc = *doc};
    struct paper_block opening;
    unsigned headings = 0;
    unsigned paragraphs = 0;
    contents.doc.blocks = arena_array(arena, doc->nblocks, struct paper_block);
    contents.anchors = arena_array(arena, doc->nblocks, struct writer_anchor);
    contents.doc.nblocks = 0;
    contents.doc.nruns = 0;
    for (size_t i = 0; i < doc->nblocks; i++) {
        const struct paper_block *block = &doc->blocks[i];
        paragraphs += block->kind == PAPER_PARAGRAPH || block->kind == PAPER_MEASURE ||
                      block->kind == PAPER_ITEM || block->kind == PAPER_QUOTE;
        if (block->kind == PAPER_HEADING)
            add_entry(&contents, block, 'h', ++headings);
        else if (paper_find_opening(doc, block, &opening))
            add_entry(&contents, &opening, 'p', paragraphs);
    }
    return contents;
}

void writer_write_contents(struct arena *arena, const struct paper_doc *doc,
                           const struct paper_sites *sites, struct writer_sink sink)
{
    struct writer_contents contents = make_contents(arena, doc);
    writer_write(&format_outline_hooks, arena, &contents.doc, sites, NULL, sink, &contents);
}

struct stamp_plan *format_write_outline(struct arena *arena, const struct paper_doc *doc,
                                        const struct paper_sites *sites)
{
    struct stamp_plan *plan = stamp_plan_make(arena);
    writer_write_contents(arena, doc, sites, writer_into_plan(plan));
    stamp_plan_end(plan);
    return plan;
}

/* XML 1.0 has no other controls, no surrogates and not the last two. */
static bool is_xml(uint32_t code)
{
    return code >= 0x20 ? code != 0xFFFE && code != 0xFFFF : code == '\t' || code == '\n';
}

void format_escape_xml(struct buf *out, struct str text)
{
    size_t from = 0;
    for (size_t at = 0; at < text.len;) {
        size_t here = at;
        uint32_t code = utf8_next(text, &at);
        const char *entity = code == '&'   ? "&amp;"
                             : code == '<' ? "&lt;"
                             : code == '>' ? "&gt;"
                             : code == '"' ? "&quot;"
                                           : NULL;
        if (!entity && is_xml(code))
            continue;
        buf_add(out, str_slice(text, from, here - from));
        buf_add(out, str_of(entity));
        from = at;
    }
    buf_add(out, str_slice(text, from, text.len - from));
}
