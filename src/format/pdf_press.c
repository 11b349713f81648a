/* What the copies of an edition in PDF share; see pdf_press.h. */
#include "format/pdf_press.h"

#include <inttypes.h>
#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/writer.h"

/* --- texts ---------------------------------------------------------------------------------------- */

static struct pdf_item *add_item(struct pdf_press *press, enum pdf_part part)
{
    struct pdf_item *item = &press->items[press->nitems++];
    *item = (struct pdf_item){.part = part, .line_site = PDF_NO_SITE};
    return item;
}

static enum pdf_role role_of(const struct pdf_press *press, enum pdf_part part)
{
    return press->look->parts[part].role;
}

static enum status add_notice(struct pdf_press *press, struct str notice, struct error *err)
{
    struct str line;
    enum status status = STATUS_OK;
    while (!status && str_split(&notice, '\n', &line)) {
        line = str_trim(line);
        if (!line.len)
            continue;
        struct pdf_item *item = add_item(press, PDF_PART_NOTICE);
        status = pdf_text_plain(&press->texts, line, role_of(press, item->part), &item->text, err);
    }
    return status;
}

#define OPENING_MOST 30U /* characters */
#define SIGNED_MOST  24U
#define SIGNED_LINES 3U

static struct str words_of(const struct paper_doc *doc, size_t block)
{
    return str_slice(doc->text, doc->blocks[block].at, doc->blocks[block].len);
}

/* Whom a Chinese paper is addressed to: its first paragraph, when it is short and ends in a colon. */
static bool is_opening(const struct paper_doc *doc, size_t block)
{
    struct str words = words_of(doc, block);
    for (size_t i = 0; i < block; i++)
        if (doc->blocks[i].kind != PAPER_TITLE && doc->blocks[i].kind != PAPER_RULE)
            return false;
    return doc->lang == LANG_ZH && str_ends(words, STR("：")) && utf8_count(words) <= OPENING_MOST;
}

static bool is_short_line(const struct paper_doc *doc, size_t block)
{
    struct str words = words_of(doc, block);
    return doc->blocks[block].kind == PAPER_PARAGRAPH && utf8_count(words) <= SIGNED_MOST &&
           !str_ends(words, STR("。")) && !str_ends(words, STR("：")) &&
           !str_ends(words, STR("）")) && !str_ends(words, STR("！"));
}

/* The first of the lines at a Chinese paper's end that say who wrote it and when; nblocks for none. */
static size_t find_signed(const struct paper_doc *doc)
{
    size_t n = doc->nblocks;
    if (doc->lang != LANG_ZH || n < 3 || !is_short_line(doc, n - 1))
        return n;
    struct str date = words_of(doc, n - 1);
    if (str_find(date, STR("年"), 0) == SIZE_MAX || !str_ends(date, STR("日")))
        return n;
    size_t first = n - 1;
    while (n - first < SIGNED_LINES && first > 1 && is_short_line(doc, first - 1))
        first--;
    return first;
}

static enum pdf_part part_of(const struct paper_doc *doc, size_t block, unsigned rank,
                             size_t first_signed)
{
    switch (doc->blocks[block].kind) {
    case PAPER_TITLE:
        return PDF_PART_TITLE;
    case PAPER_HEADING:
        return rank > 4 ? PDF_PART_FOURTH : (enum pdf_part)(PDF_PART_HEADING + rank - 1);
    case PAPER_ITEM:
        return writer_is_listed(&doc->blocks[block]) ? PDF_PART_ITEM : PDF_PART_TEXT;
    case PAPER_QUOTE:
        return PDF_PART_QUOTE;
    case PAPER_CODE:
        return PDF_PART_CODE;
    case PAPER_ROW:
        return PDF_PART_ROW;
    case PAPER_RULE:
        return PDF_PART_RULE;
    case PAPER_PARAGRAPH:
    case PAPER_MEASURE:
        break;
    }
    return block >= first_signed    ? PDF_PART_SIGNED
           : is_opening(doc, block) ? PDF_PART_OPENING
                                    : PDF_PART_TEXT;
}

static unsigned top_level(const struct paper_doc *doc)
{
    unsigned top = 6;
    for (size_t i = 0; i < doc->nblocks; i++)
        if (doc->blocks[i].kind == PAPER_HEADING && doc->blocks[i].level < top)
            top = doc->blocks[i].level;
    return top ? top : 1;
}

static enum status add_label(struct pdf_press *press, struct pdf_item *item, unsigned ordinal,
                             struct error *err)
{
    struct str label = ordinal ? str_format(press->texts.arena, "%u.", ordinal) : STR("•");
    return pdf_text_plain(&press->texts, label, role_of(press, item->part), &item->label, err);
}

static uint32_t count_columns(struct str words)
{
    uint32_t columns = 1;
    for (size_t i = 0; i < words.len; i++)
        columns += words.at[i] == '\t';
    return columns;
}

/* The picture beside a block, as an item has it. */
static uint32_t picture_beside(const struct pdf_options *options, size_t block)
{
    size_t from = 0;
    size_t to = options->npictures;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (options->pictures[middle].block < block)
            from = middle + 1;
        else
            to = middle;
    }
    bool found = from < options->npictures && options->pictures[from].block == block;
    return found ? (uint32_t)from + 1 : 0;
}

static enum status add_block(struct pdf_press *press, const struct press_order *order, size_t i,
                             unsigned top, size_t first_signed, struct error *err)
{
    const struct paper_doc *doc = order->doc;
    const struct paper_block *block = &doc->blocks[i];
    unsigned rank = block->level > top ? block->level - top + 1 : 1;
    struct pdf_item *item = add_item(press, part_of(doc, i, rank, first_signed));
    item->rank = rank;
    item->depth = block->level ? block->level > 15 ? 15 : block->level : 1;
    item->ordered = block->ordinal > 0;
    item->picture = picture_beside(&press->options, i);
    enum status status = STATUS_OK;
    if (item->part == PDF_PART_ITEM)
        status = add_label(press, item, block->ordinal, err);
    enum pdf_role role = role_of(press, item->part);
    if (item->part == PDF_PART_ROW) {
        item->head = block->level == 1;
        item->columns = count_columns(words_of(doc, i));
        role = item->head ? PDF_HEADING : role;
        if (writer_opens_table(i ? &doc->blocks[i - 1] : NULL, block))
            press->ntables++;
        item->table = (uint32_t)press->ntables - 1;
    }
    if (!status)
        status = pdf_text_block(&press->texts, doc, order->sites, block, role, &item->text,
                                &item->line_site, err);
    return status;
}

static enum status add_items(struct pdf_press *press, const struct press_order *order,
                             struct error *err)
{
    const struct paper_doc *doc = order->doc;
    size_t lines = 1;
    for (size_t i = 0; i < order->frame->notice.len; i++)
        lines += order->frame->notice.at[i] == '\n';
    press->items = arena_array(press->texts.arena, doc->nblocks + lines, struct pdf_item);
    enum status status = add_notice(press, order->frame->notice, err);
    unsigned top = top_level(doc);
    size_t first_signed = find_signed(doc);
    for (size_t i = 0; !status && i < doc->nblocks; i++) {
        press->has_title = press->has_title || doc->blocks[i].kind == PAPER_TITLE;
        status = add_block(press, order, i, top, first_signed, err);
    }
    return status;
}

static void keep_links(struct pdf_press *press, const struct paper_doc *doc)
{
    press->nlinks = doc->nruns;
    press->links = arena_array(press->texts.arena, doc->nruns, struct str);
    for (size_t i = 0; i < doc->nruns; i++) {
        struct str target = doc->runs[i].target;
        if (doc->runs[i].kind == PAPER_LINK && writer_is_safe_target(target) &&
            memchr(target.at, ':', target.len))
            press->links[i] = str_copy(press->texts.arena, target);
    }
}

/* --- tables --------------------------------------------------------------------------------------- */

/* How wide a row's cells would be on one line, in thousandths of a point; kept where it is more than was known. */
static void measure_row(struct pdf_press *press, const struct pdf_item *item, const uint8_t *bits,
                        int32_t *widths)
{
    const struct pdf_cluster **clusters = (const struct pdf_cluster **)arena_take_array(
        press->texts.arena, item->text.longest, sizeof *clusters);
    size_t n = pdf_text_gather(&press->texts, &item->text, bits, clusters);
    int64_t size = press->look->parts[PDF_PART_ROW].size;
    int64_t width = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && !(clusters[i]->flags & PDF_NEXT_CELL)) {
            width += clusters[i]->advance + clusters[i]->gap;
            continue;
        }
        int64_t points = width * size / 1000 + 1;
        points = points > 4000000 ? 4000000 : points;
        if (points > *widths)
            *widths = (int32_t)points;
        widths++;
        width = 0;
    }
}

/* Columns that need less than their share of the width get what they need, the others share the rest; what is left over
 * goes to all alike. */
static void share_width(int32_t *widths, uint32_t n, int32_t room, bool *settled)
{
    int64_t left = room;
    uint32_t open = n;
    for (bool changed = true; changed && open;) {
        int64_t fair = left / open;
        changed = false;
        for (uint32_t i = 0; i < n; i++) {
            if (settled[i] || widths[i] > fair)
                continue;
            settled[i] = true;
            changed = true;
            left -= widths[i];
            open--;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (open)
            widths[i] = settled[i] ? widths[i] : (int32_t)(left / open);
        else
            widths[i] += (int32_t)(left / n);
    }
}

static void lay_tables(struct pdf_press *press, const struct paper_sites *sites)
{
    struct arena *arena = press->texts.arena;
    uint32_t nsites = sites ? sites->nsites : 0;
    uint8_t *zeros = arena_array(arena, (size_t)nsites + 1, uint8_t);
    uint8_t *ones = arena_array(arena, (size_t)nsites + 1, uint8_t);
    memset(ones, 1, nsites);
    press->tables = arena_array(arena, press->ntables, struct pdf_table);
    for (size_t i = 0; i < press->nitems; i++)
        if (press->items[i].part == PDF_PART_ROW) {
            struct pdf_table *table = &press->tables[press->items[i].table];
            uint32_t columns = press->items[i].columns;
            table->first = table->ncolumns ? table->first : i;
            table->ncolumns = columns > table->ncolumns ? columns : table->ncolumns;
        }
    for (size_t i = 0; i < press->ntables; i++)
        press->tables[i].widths = arena_array(arena, press->tables[i].ncolumns, int32_t);
    for (size_t i = 0; i < press->nitems; i++) {
        if (press->items[i].part != PDF_PART_ROW)
            continue;
        measure_row(press, &press->items[i], zeros, press->tables[press->items[i].table].widths);
        measure_row(press, &press->items[i], ones, press->tables[press->items[i].table].widths);
    }
    int32_t room = PDF_PAGE_WIDTH - press->look->left - press->look->right;
    for (size_t i = 0; i < press->ntables; i++) {
        struct pdf_table *table = &press->tables[i];
        int32_t padding = (int32_t)table->ncolumns * 2 * PDF_CELL_PADDING;
        share_width(table->widths, table->ncolumns, room > padding ? room - padding : room,
                    arena_array(arena, table->ncolumns, bool));
    }
}

/* --- what all pages show -------------------------------------------------------------------------- */

#define MARGIN_SIZE  8500
#define MARGIN_PITCH 12000
#define MARGIN_LINES 3U

/* The lines of a text at the head or foot of each page. */
static enum status shape_margin(struct pdf_press *press, struct str words, struct pdf_text *texts,
                                size_t *count, struct error *err)
{
    struct str line;
    enum status status = STATUS_OK;
    *count = 0;
    while (!status && *count < MARGIN_LINES && str_split(&words, '\n', &line)) {
        if (str_trim(line).len)
            status =
                pdf_text_plain(&press->texts, str_trim(line), PDF_BODY, &texts[(*count)++], err);
    }
    return status;
}

/* Writes them as a form, lines growing down from `top`, in the middle or at the right. */
static uint32_t put_margin(struct pdf_press *press, const struct pdf_text *texts, size_t count,
                           int64_t top, bool right)
{
    struct arena *arena = press->texts.arena;
    struct buf content = {.arena = arena};
    struct pdf_pen pen = {.out = &content};
    int64_t room = PDF_PAGE_WIDTH - press->look->left - press->look->right;
    room = right ? room * 6 / 10 : room;
    pdf_pen_begin(&pen);
    buf_add(&content, STR("0 Tc 0 Ts\nBT\n.35 g\n"));
    unsigned done = 0;
    for (size_t i = 0; i < count && done < MARGIN_LINES; i++) {
        const struct pdf_cluster **clusters = (const struct pdf_cluster **)arena_take_array(
            arena, texts[i].longest, sizeof *clusters);
        size_t n = pdf_text_gather(&press->texts, &texts[i], NULL, clusters);
        struct pdf_measure measure = {.room = room * 1000 / MARGIN_SIZE};
        struct pdf_line *lines;
        uint32_t nlines = pdf_break_lines(arena, clusters, n, &measure, &lines);
        for (uint32_t k = 0; k < nlines && done < MARGIN_LINES; k++, done++) {
            int64_t width = lines[k].width * MARGIN_SIZE / 1000;
            int64_t x = right ? PDF_PAGE_WIDTH - press->look->right - width
                              : press->look->left + (room - width) / 2;
            struct pdf_stroke stroke = {
                .x = x * 1000, .y = top - (int64_t)(done + 1) * MARGIN_PITCH, .size = MARGIN_SIZE};
            size_t all = lines[k].to - lines[k].from;
            (void)pdf_pen_draw(&pen, pdf_line_order(arena, clusters, &lines[k]), all, all, &stroke);
        }
    }
    buf_add(&content, STR("ET\n"));
    struct buf entries = {.arena = arena};
    uint32_t number = pdf_file_number(&press->base);
    buf_format(&entries, "/Type/XObject/Subtype/Form/BBox[0 0 596 842]/Resources<</Font<<%.*s>>>>",
               STR_ARG(press->fonts));
    pdf_file_stream(&press->base, number, buf_str(&entries), buf_str(&content), PDF_WELL);
    return number;
}

/* A profile says when it was made; ours always says the same. */
static void put_profile(struct pdf_press *press)
{
    cmsHPROFILE profile = cmsCreate_sRGBProfile();
    cmsUInt32Number len = 0;
    if (!profile || !cmsSaveProfileToMem(profile, NULL, &len))
        abort();
    char *bytes = arena_take(press->texts.arena, len);
    if (!cmsSaveProfileToMem(profile, bytes, &len))
        abort();
    (void)cmsCloseProfile(profile);
    static const char made[12] = {0x07, (char)0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}; /* 1 Jan 2024 */
    if (len > 36)
        memcpy(bytes + 24, made, sizeof made);
    press->profile = pdf_file_number(&press->base);
    pdf_file_stream(&press->base, press->profile, STR("/N 3"), (struct str){bytes, len}, PDF_WELL);
}

/* --- pictures ------------------------------------------------------------------------------------- */

static uint32_t put_picture(struct pdf_press *press, const struct pdf_picture *picture)
{
    uint32_t number = pdf_file_number(&press->base);
    struct str entries = str_format(press->texts.arena,
                                    "/Type/XObject/Subtype/Image/Width %u/Height %u"
                                    "/ColorSpace/DeviceGray/BitsPerComponent 8",
                                    picture->width, picture->height);
    pdf_file_stream(&press->base, number, entries, picture->grey, PDF_WELL);
    return number;
}

static void put_pictures(struct pdf_press *press)
{
    const struct pdf_picture *pictures = press->options.pictures;
    size_t count = press->options.npictures;
    press->pictures = arena_array(press->texts.arena, count + 1, uint32_t);
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        while (pictures[same].grey.at != pictures[i].grey.at)
            same++;
        press->pictures[i] = same < i ? press->pictures[same] : put_picture(press, &pictures[i]);
    }
}

/* --- attachments ---------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct pdf_attachment *const *x = a;
    const struct pdf_attachment *const *y = b;
    return str_compare((*x)->name, (*y)->name);
}

/* A type as a name of PDF: "application#2Fjson". */
static void put_type(struct buf *out, struct str type)
{
    for (size_t i = 0; i < type.len; i++) {
        char c = type.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '+';
        if (plain)
            buf_add_byte(out, c);
        else
            buf_format(out, "#%02X", (uint8_t)c);
    }
}

/* As they are, so that whoever is told where they begin can read them without reading PDF. */
static uint32_t put_attachment(struct pdf_press *press, const struct pdf_attachment *file,
                               size_t *at)
{
    struct buf body = {.arena = press->texts.arena};
    uint32_t stream = pdf_file_number(&press->base);
    uint32_t number = pdf_file_number(&press->base);
    buf_add(&body, STR("/Type/EmbeddedFile/Subtype/"));
    put_type(&body, file->type);
    buf_format(&body, "/Params<</Size %zu", file->bytes.len);
    if (press->options.made_ms) {
        buf_add(&body, STR("/ModDate"));
        pdf_put_date(&body, press->options.made_ms);
    }
    buf_add(&body, STR(">>"));
    *at = pdf_file_stream(&press->base, stream, buf_str(&body), file->bytes, PDF_PLAIN);
    body.len = 0;
    buf_add(&body, STR("<</Type/Filespec/AFRelationship/Data/F"));
    pdf_put_text(&body, file->name);
    buf_add(&body, STR("/UF"));
    pdf_put_text(&body, file->name);
    buf_add(&body, STR("/Desc"));
    pdf_put_text(&body, file->description);
    buf_format(&body, "/EF<</F %" PRIu32 " 0 R/UF %" PRIu32 " 0 R>>>>", stream, stream);
    pdf_file_pack(&press->base, number, buf_str(&body));
    return number;
}

static void put_attachments(struct pdf_press *press)
{
    size_t count = press->options.nattachments;
    if (!count)
        return;
    struct arena *arena = press->texts.arena;
    const struct pdf_attachment **files = arena_array(arena, count, const struct pdf_attachment *);
    for (size_t i = 0; i < count; i++)
        files[i] = &press->options.attachments[i];
    qsort(files, count, sizeof *files, by_name);
    struct buf names = {.arena = arena};
    struct buf all = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        size_t at;
        uint32_t number = put_attachment(press, files[i], &at);
        if (press->options.at)
            press->options.at[files[i] - press->options.attachments] = at;
        pdf_put_text(&names, files[i]->name);
        buf_format(&names, "%" PRIu32 " 0 R ", number);
        buf_format(&all, "%" PRIu32 " 0 R ", number);
    }
    press->files = str_format(arena, "/Names<</EmbeddedFiles<</Names[%.*s]>>>>/AF[%.*s]",
                              STR_ARG(buf_str(&names)), STR_ARG(buf_str(&all)));
}

/* --- the press ------------------------------------------------------------------------------------ */

static enum status put_shared(struct pdf_press *press, const struct format_frame *frame,
                              struct error *err)
{
    struct pdf_text margin[MARGIN_LINES];
    size_t count = 0;
    enum status status = shape_margin(press, frame->credit, margin, &count, err);
    if (!status)
        status = pdf_type_embed(press->texts.type, &press->base, &press->fonts, err);
    if (status)
        return status;
    if (count) {
        press->header =
            put_margin(press, margin, count, PDF_PAGE_HEIGHT - press->look->top / 3, false);
        press->footer = put_margin(press, margin, count, PDF_MARK_TOP, frame->mark);
    }
    put_profile(press);
    put_pictures(press);
    put_attachments(press);
    pdf_file_pause(&press->base);
    return STATUS_OK;
}

enum status pdf_press_make(struct arena *arena, const struct press_order *order,
                           const struct pdf_options *options, struct pdf_press **made,
                           struct error *err)
{
    const struct paper_doc *doc = order->doc;
    struct pdf_press *press = arena_new(arena, struct pdf_press);
    press->lang = doc->lang;
    press->look = &pdf_looks[doc->lang];
    press->title = str_copy(arena, doc->title);
    press->mark = order->frame->mark;
    if (options)
        press->options = *options;
    pdf_texts_begin(&press->texts, arena, pdf_type_make(arena, doc->lang));
    pdf_file_begin(&press->base, arena, press->options.line);
    enum status status = add_items(press, order, err);
    if (!status)
        status = pdf_text_plain(&press->texts, STR("— 0123456789"), PDF_BODY, &press->digits, err);
    if (!status)
        status = put_shared(press, order->frame, err);
    if (status)
        return status;
    keep_links(press, doc);
    lay_tables(press, order->sites);
    press->options.attachments = NULL;
    press->options.at = NULL;
    *made = press;
    return STATUS_OK;
}
