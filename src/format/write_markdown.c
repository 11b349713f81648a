/* Markdown out, so that reading it back gives the same text.
 *
 * Every character that could mean something is escaped. Emphasis is written only where CommonMark
 * surely reads it back as such (spec 0.29, 6.4: delimiter runs must be left- or right-flanking):
 * its borders touch no site, no other run's border and no white space, and are not pressed between
 * a letter and punctuation. Elsewhere the words stay and only the emphasis is left out. */
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/writer.h"

/* --- which runs can be written ---------------------------------------------------------------- */

static int compare_sizes(const void *a, const void *b)
{
    size_t left = *(const size_t *)a;
    size_t right = *(const size_t *)b;
    return (left > right) - (left < right);
}

/* Whether more than one run begins or ends at byte `at`. */
static bool is_shared(const size_t *borders, size_t count, size_t at)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (borders[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low + 1 < count && borders[low + 1] == at;
}

static bool touches_place(const struct writer *writer, size_t at)
{
    if (!writer->sites)
        return false;
    size_t i = paper_place_from(writer->sites, at);
    const struct paper_place *places = writer->sites->places;
    return (i < writer->sites->nplaces && places[i].at == at) ||
           (i > 0 && places[i - 1].at + places[i - 1].len >= at);
}

static bool holds_place(const struct writer *writer, const struct paper_run *run)
{
    size_t i = paper_place_from(writer->sites, run->at);
    return writer->sites && i < writer->sites->nplaces &&
           writer->sites->places[i].at <= run->at + run->len;
}

/* Can a delimiter stand between these two, the first outside the emphasis, the second inside? 0
 * stands for the block's border. */
static bool flanks(uint32_t outside, uint32_t inside)
{
    bool open = outside == 0 || unicode_is_space(outside) || unicode_is_punct(outside);
    return !unicode_is_space(inside) && !unicode_is_invisible(inside) &&
           (open || !unicode_is_punct(inside));
}

static bool is_writable_emphasis(const struct writer *writer, const struct paper_run *run)
{
    const struct paper_block *block = paper_block_at(writer->doc, run->at);
    if (!block || block->kind == PAPER_CODE)
        return false;
    struct str text = str_slice(writer->doc->text, block->at, block->len);
    size_t begin = run->at - block->at;
    size_t end = begin + run->len;
    size_t pos = begin;
    uint32_t before = pos ? utf8_before(text, &pos) : 0;
    pos = begin;
    uint32_t first = utf8_next(text, &pos);
    pos = end;
    uint32_t last = utf8_before(text, &pos);
    pos = end;
    uint32_t after = pos < text.len ? utf8_next(text, &pos) : 0;
    if (before == '\t')
        before = 0;
    return flanks(before, first) && flanks(after, last) && before != '*' && after != '*' &&
           !touches_place(writer, run->at) && !touches_place(writer, run->at + run->len);
}

/* One walk: code spans hide what lies in them, an emphasis hides the same kind inside it. */
static const bool *drop_runs(struct writer *writer)
{
    const struct paper_doc *doc = writer->doc;
    bool *dropped = arena_array(writer->arena, doc->nruns, bool);
    size_t *borders = arena_array(writer->arena, 2 * doc->nruns, size_t);
    for (size_t i = 0; i < doc->nruns; i++) {
        borders[2 * i] = doc->runs[i].at;
        borders[2 * i + 1] = doc->runs[i].at + doc->runs[i].len;
    }
    if (doc->nruns)
        qsort(borders, 2 * doc->nruns, sizeof *borders, compare_sizes);
    size_t covered[PAPER_LINK + 1] = {0}; /* by kind: end of the last run kept */
    for (size_t i = 0; i < doc->nruns; i++) {
        const struct paper_run *run = &doc->runs[i];
        size_t end = run->at + run->len;
        const struct paper_block *block = paper_block_at(doc, run->at);
        bool shared =
            is_shared(borders, 2 * doc->nruns, run->at) || is_shared(borders, 2 * doc->nruns, end);
        if (run->len == 0 || !block || block->kind == PAPER_CODE ||
            covered[PAPER_CODE_SPAN] > run->at || covered[run->kind] > run->at)
            dropped[i] = true;
        else if (run->kind == PAPER_CODE_SPAN)
            dropped[i] = holds_place(writer, run) || touches_place(writer, run->at);
        else if (run->kind != PAPER_LINK)
            dropped[i] = shared || !is_writable_emphasis(writer, run);
        else
            dropped[i] = touches_place(writer, run->at) || touches_place(writer, end);
        if (!dropped[i])
            covered[run->kind] = end;
    }
    return dropped;
}

/* --- escaping --------------------------------------------------------------------------------- */

static bool needs_escape(const struct writer *writer, char byte, enum paper_block_kind kind)
{
    if (byte && strchr("\\`*_[]<>&|~", byte))
        return true;
    if (byte == '#')
        return writer->start != LINE_MIDDLE || kind == PAPER_HEADING || kind == PAPER_TITLE;
    if (byte && strchr("+-=:", byte))
        return writer->start == LINE_START;
    return (byte == '.' || byte == ')') && writer->start == LINE_DIGITS;
}

static void escape(struct writer *writer, struct str text, enum paper_block_kind kind)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == '\n' || byte == '\r')
            byte = ' ';
        if (writer->start == LINE_START && (byte == ' ' || byte == '\t')) {
            buf_add(writer->out, byte == ' ' ? STR("&#32;") : STR("&#9;")); /* no code block */
            continue;
        }
        bool before_link = byte == '!' && i + 1 == text.len;
        if (before_link || needs_escape(writer, byte, kind))
            buf_add_byte(writer->out, '\\');
        buf_add_byte(writer->out, byte);
        bool digit = byte >= '0' && byte <= '9';
        if (digit && writer->start != LINE_MIDDLE)
            writer->start = LINE_DIGITS;
        else
            writer->start = LINE_MIDDLE;
    }
}

static void cell_border(struct writer *writer)
{
    buf_add(writer->out, STR(" | "));
}

static void text(struct writer *writer, struct str words)
{
    enum paper_block_kind kind = writer->doc->blocks[writer->block].kind;
    if (kind == PAPER_CODE) {
        buf_add(writer->out, words);
        return;
    }
    for (size_t from = 0; from < words.len;) {
        size_t tab = kind == PAPER_ROW ? str_find(words, STR("\t"), from) : SIZE_MAX;
        size_t to = tab == SIZE_MAX ? words.len : tab;
        struct str piece = str_slice(words, from, to - from);
        for (size_t i = 0; writer->verbatim && i < piece.len; i++) {
            if (piece.at[i] == '|' && kind == PAPER_ROW)
                buf_add_byte(writer->out, '\\');
            buf_add_byte(writer->out, piece.at[i]);
        }
        if (!writer->verbatim)
            escape(writer, piece, kind);
        if (tab != SIZE_MAX)
            cell_border(writer);
        from = to + 1;
    }
}

/* --- runs ------------------------------------------------------------------------------------- */

static size_t longest_ticks(struct str text)
{
    size_t longest = 0;
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count = text.at[i] == '`' ? count + 1 : 0;
        longest = count > longest ? count : longest;
    }
    return longest;
}

static void ticks(struct buf *out, size_t count)
{
    while (count--)
        buf_add_byte(out, '`');
}

static void code_border(struct writer *writer, const struct paper_run *run, bool open)
{
    struct str code = str_slice(writer->doc->text, run->at, run->len);
    char first = code.at[0];
    char last = code.at[code.len - 1];
    bool pad = first == '`' || last == '`' || (first == ' ' && last == ' ' && str_trim(code).len);
    if (!open && pad)
        buf_add_byte(writer->out, ' ');
    ticks(writer->out, longest_ticks(code) + 1);
    if (open && pad)
        buf_add_byte(writer->out, ' ');
    writer->verbatim = open;
}

static void link_target(struct writer *writer, struct str target)
{
    buf_add(writer->out, STR("](<"));
    for (size_t i = 0; i < target.len; i++) {
        if (target.at[i] == '\n' || target.at[i] == '\r') {
            buf_add(writer->out, STR("%0A"));
            continue;
        }
        if (target.at[i] && strchr("\\<>&|", target.at[i]))
            buf_add_byte(writer->out, '\\');
        buf_add_byte(writer->out, target.at[i]);
    }
    buf_add(writer->out, STR(">)"));
}

static void run_begin(struct writer *writer, size_t run)
{
    const struct paper_run *it = &writer->doc->runs[run];
    if (it->kind == PAPER_CODE_SPAN)
        code_border(writer, it, true);
    else if (it->kind == PAPER_LINK)
        buf_add_byte(writer->out, '[');
    else
        buf_add(writer->out, it->kind == PAPER_STRONG ? STR("**") : STR("*"));
    writer->start = LINE_MIDDLE;
}

static void run_end(struct writer *writer, size_t run)
{
    const struct paper_run *it = &writer->doc->runs[run];
    if (it->kind == PAPER_CODE_SPAN)
        code_border(writer, it, false);
    else if (it->kind == PAPER_LINK)
        link_target(writer, it->target);
    else
        buf_add(writer->out, it->kind == PAPER_STRONG ? STR("**") : STR("*"));
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void frame_part(struct writer *writer, struct str part)
{
    struct str line;
    while (str_split(&part, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0)
            continue;
        writer->start = LINE_START;
        escape(writer, line, PAPER_PARAGRAPH);
        buf_add(writer->out, STR("\n\n"));
    }
}

static void begin(struct writer *writer)
{
    frame_part(writer, writer->frame->credit);
    frame_part(writer, writer->frame->notice);
}

static void end(struct writer *writer)
{
    if (writer->frame->credit.len == 0)
        return;
    buf_add_byte(writer->out, '\n');
    frame_part(writer, writer->frame->credit);
}

static void spaces(struct buf *out, unsigned count)
{
    while (count--)
        buf_add_byte(out, ' ');
}

static void begin_item(struct writer *writer, const struct paper_block *block)
{
    const struct paper_block *before = writer_before(writer);
    if (!before || !writer_is_listed(before))
        writer->lists = 0;
    unsigned level = block->level ? block->level : 1;
    if (level > writer->lists + 1)
        level = writer->lists + 1;
    if (level > WRITER_LISTS)
        level = WRITER_LISTS;
    unsigned indent = level > 1 ? writer->offset[level - 1] : 0;
    size_t from = writer->out->len;
    spaces(writer->out, indent);
    if (block->ordinal)
        buf_format(writer->out, "%u. ", block->ordinal % 1000000000U);
    else
        buf_add(writer->out, STR("- "));
    writer->offset[level] = (unsigned)(writer->out->len - from);
    writer->lists = level;
}

static unsigned columns_in(struct str row)
{
    unsigned columns = 1;
    for (size_t i = 0; i < row.len; i++)
        columns += row.at[i] == '\t';
    return columns;
}

static bool opens_table(const struct paper_block *before, const struct paper_block *block)
{
    return !before || before->kind != PAPER_ROW || (block->level == 1 && before->level != 1);
}

/* The widest row decides: a table's rows all have as many cells as its header. */
static void measure_table(struct writer *writer)
{
    const struct paper_doc *doc = writer->doc;
    writer->columns = 1;
    for (size_t i = writer->block; i < doc->nblocks && doc->blocks[i].kind == PAPER_ROW; i++) {
        const struct paper_block *row = &doc->blocks[i];
        if (i > writer->block && opens_table(row - 1, row))
            break;
        unsigned columns = columns_in(str_slice(doc->text, row->at, row->len));
        writer->columns = columns > writer->columns ? columns : writer->columns;
    }
}

static void end_row(struct writer *writer, const struct paper_block *block)
{
    unsigned has = columns_in(str_slice(writer->doc->text, block->at, block->len));
    for (; has < writer->columns; has++)
        cell_border(writer);
    buf_add(writer->out, STR(" |\n"));
    if (!opens_table(writer_before(writer), block))
        return;
    for (unsigned i = 0; i < writer->columns; i++)
        buf_add(writer->out, i ? STR(" --- |") : STR("| --- |"));
    buf_add_byte(writer->out, '\n');
}

static size_t fence_of(const struct writer *writer, const struct paper_block *block)
{
    size_t fence = longest_ticks(str_slice(writer->doc->text, block->at, block->len));
    size_t end = block->at + block->len;
    for (size_t i = paper_place_from(writer->sites, block->at);
         writer->sites && i < writer->sites->nplaces && writer->sites->places[i].at <= end; i++)
        fence += writer->sites->places[i].alt[1].len;
    return fence < 3 ? 3 : fence + 1;
}

static void block_begin(struct writer *writer, const struct paper_block *block)
{
    unsigned level = block->level ? block->level : 1;
    switch (block->kind) {
    case PAPER_TITLE:
        buf_add(writer->out, STR("# "));
        break;
    case PAPER_HEADING:
        for (unsigned i = 0; i < level && i < 6; i++)
            buf_add_byte(writer->out, '#');
        buf_add_byte(writer->out, ' ');
        break;
    case PAPER_QUOTE:
        for (unsigned i = 0; i < level && i < WRITER_LISTS; i++)
            buf_add(writer->out, STR("> "));
        break;
    case PAPER_ITEM:
        if (writer_is_listed(block))
            begin_item(writer, block);
        break;
    case PAPER_ROW:
        if (opens_table(writer_before(writer), block))
            measure_table(writer);
        buf_add(writer->out, STR("| "));
        break;
    case PAPER_CODE:
        ticks(writer->out, fence_of(writer, block));
        buf_add_byte(writer->out, '\n');
        break;
    case PAPER_RULE:
        buf_add(writer->out, STR("---"));
        break;
    case PAPER_PARAGRAPH:
    case PAPER_MEASURE:
        break;
    }
}

static void block_end(struct writer *writer, const struct paper_block *block)
{
    const struct paper_block *after = writer_after(writer);
    if (block->kind == PAPER_CODE) {
        buf_add_byte(writer->out, '\n');
        ticks(writer->out, fence_of(writer, block));
    }
    if (block->kind == PAPER_ROW)
        end_row(writer, block);
    else
        buf_add_byte(writer->out, '\n');
    bool list = after && writer_is_listed(block) && writer_is_listed(after);
    bool table =
        after && block->kind == PAPER_ROW && after->kind == PAPER_ROW && !opens_table(block, after);
    /* Inside an item only a list that begins with 1 may follow a paragraph without a gap. */
    bool gap = list && after->level > writer->lists && after->ordinal > 1;
    if (after && ((!list && !table) || gap))
        buf_add_byte(writer->out, '\n');
}

const struct hooks format_markdown_hooks = {
    .begin = begin,
    .end = end,
    .block_begin = block_begin,
    .block_end = block_end,
    .run_begin = run_begin,
    .run_end = run_end,
    .text = text,
    .drop_runs = drop_runs,
};
