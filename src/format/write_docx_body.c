/* The body of a Word document out: paragraphs, runs, tables (ECMA-376, WordprocessingML).
 *
 * Runs of text can't nest, so how text is to look and how the open run looks are kept apart: a run is closed and a new
 * one opened only where text comes that looks different. Both sides of a choice begin and end in an open run. */
#include "format/write_docx_body.h"

#include "format/write_docx_names.h"
#include "format/write_docx_style.h"

/* --- runs ----------------------------------------------------------------------------------------- */

static bool same_look(const struct writer_look *a, const struct writer_look *b)
{
    return !a->strong == !b->strong && !a->slanted == !b->slanted && !a->code == !b->code &&
           a->link == b->link;
}

static void close_text(struct writer *writer)
{
    if (writer->open)
        buf_add(writer->out, STR("</w:t></w:r>"));
    writer->open = false;
}

static void close_all(struct writer *writer)
{
    close_text(writer);
    if (writer->shown.link)
        buf_add(writer->out, STR("</w:hyperlink>"));
    writer->shown = (struct writer_look){0};
}

/* Properties in the order that the schema demands. `gap`: twentieths of a point behind each character. */
static void open_text(struct writer *writer, unsigned gap)
{
    const struct writer_look *look = &writer->shown;
    struct buf *out = writer->out;
    buf_add(out, STR("<w:r>"));
    if (look->strong || look->slanted || look->code || look->link || gap) {
        buf_add(out, STR("<w:rPr>"));
        if (look->code || look->link)
            buf_add(out, look->code ? STR("<w:rStyle w:val=\"CodeText\"/>")
                                    : STR("<w:rStyle w:val=\"Hyperlink\"/>"));
        if (look->strong)
            buf_add(out, STR("<w:b/>"));
        if (look->slanted)
            buf_add(out, STR("<w:i/>"));
        if (gap)
            buf_format(out, "<w:spacing w:val=\"%u\"/>", gap);
        buf_add(out, STR("</w:rPr>"));
    }
    buf_add(out, STR("<w:t xml:space=\"preserve\">"));
    writer->open = true;
}

static void settle_with(struct writer *writer, unsigned gap)
{
    if (writer->open && !gap && same_look(&writer->shown, &writer->wanted))
        return;
    close_text(writer);
    if (writer->shown.link != writer->wanted.link) {
        if (writer->shown.link)
            buf_add(writer->out, STR("</w:hyperlink>"));
        if (writer->wanted.link)
            buf_format(writer->out, "<w:hyperlink r:id=\"link%zu\">", writer->wanted.link);
    }
    writer->shown = writer->wanted;
    open_text(writer, gap);
}

static void settle(struct writer *writer)
{
    settle_with(writer, 0);
}

/* Only what has a scheme: a document has no site of its own. */
static bool leads_out(struct str target)
{
    return writer_is_safe_target(target) && str_find(target, STR(":"), 0) < target.len;
}

static void run_begin(struct writer *writer, size_t run)
{
    const struct paper_run *it = &writer->doc->runs[run];
    struct writer_look *look = &writer->wanted;
    struct docx_body *body = writer->own;
    look->strong += it->kind == PAPER_STRONG;
    look->slanted += it->kind == PAPER_EMPHASIS;
    look->code += it->kind == PAPER_CODE_SPAN;
    if (it->kind == PAPER_LINK && !look->link && leads_out(it->target)) {
        look->link = run + 1;
        body->links[run] = true;
    }
}

static void run_end(struct writer *writer, size_t run)
{
    const struct paper_run *it = &writer->doc->runs[run];
    struct writer_look *look = &writer->wanted;
    look->strong -= it->kind == PAPER_STRONG;
    look->slanted -= it->kind == PAPER_EMPHASIS;
    look->code -= it->kind == PAPER_CODE_SPAN;
    if (look->link == run + 1)
        look->link = 0;
}

/* --- paragraphs ----------------------------------------------------------------------------------- */

static enum docx_kind kind_of(const struct writer *writer, const struct paper_block *block)
{
    unsigned level;
    switch (block->kind) {
    case PAPER_TITLE:
        return DOCX_TITLE;
    case PAPER_HEADING:
        level = block->level > writer->top_level ? block->level - writer->top_level : 0;
        return (enum docx_kind)(DOCX_HEADING + (level > 5 ? 5 : level));
    case PAPER_ITEM:
        return writer_is_listed(block) ? DOCX_ITEM : DOCX_BODY;
    case PAPER_QUOTE:
        return DOCX_QUOTE;
    case PAPER_CODE:
        return DOCX_CODE;
    case PAPER_ROW:
        return block->level == 1 ? DOCX_HEAD_CELL : DOCX_CELL;
    default:
        return DOCX_BODY;
    }
}

static unsigned depth_of(const struct paper_block *block)
{
    unsigned depth = block->level ? block->level : 1;
    return depth > 9 ? 9 : depth; /* Word's lists have nine levels */
}

static void add_list(struct docx_body *body, unsigned depth, unsigned first)
{
    unsigned left = 420 * depth;
    unsigned id = ++body->nlists;
    static const char *const SIGNS[] = {"•", "◦", "▪"};
    buf_format(
        &body->lists,
        "<w:abstractNum w:abstractNumId=\"%u\"><w:multiLevelType w:val=\"hybridMultilevel\"/>"
        "<w:lvl w:ilvl=\"%u\"><w:start w:val=\"%u\"/><w:numFmt w:val=\"%s\"/><w:lvlText w:val=\"%s",
        id, depth - 1, first ? first : 1, first ? "decimal" : "bullet",
        first ? "%" : SIGNS[(depth - 1) % 3]);
    if (first)
        buf_format(&body->lists, "%u.", depth);
    buf_format(
        &body->lists,
        "\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"%u\" w:hanging=\"420\"/></w:pPr>"
        "</w:lvl></w:abstractNum>",
        left);
    buf_format(&body->numbers, "<w:num w:numId=\"%u\"><w:abstractNumId w:val=\"%u\"/></w:num>", id,
               id);
    body->list[depth] = id;
}

/* An item goes on with the list of its depth where its number is the next one there. */
static void put_list(struct writer *writer, const struct paper_block *block)
{
    struct docx_body *body = writer->own;
    unsigned depth = depth_of(block);
    bool goes_on = body->list[depth] &&
                   (block->ordinal ? block->ordinal == body->last[depth] + 1 && body->last[depth]
                                   : !body->last[depth]);
    if (!goes_on)
        add_list(body, depth, block->ordinal);
    body->last[depth] = block->ordinal;
    for (unsigned i = depth + 1; i <= 9; i++)
        body->list[i] = 0;
    buf_format(writer->out, "<w:numPr><w:ilvl w:val=\"%u\"/><w:numId w:val=\"%u\"/></w:numPr>",
               depth - 1, body->list[depth]);
}

/* Where the line above is marked: the style's own space in bit 0, a little more in bit 1. */
static void put_line_mark(struct writer *writer, const struct paper_block *block,
                          const struct docx_face *face)
{
    const struct paper_place *place = writer_line_place(writer, block);
    if (!place)
        return;
    unsigned more = (unsigned)((double)face->size * 10 * PAPER_LINE_EMS + 0.5);
    writer_choose(writer, place->site, STR(""),
                  str_format(writer->arena, "<w:spacing w:before=\"%u\"/>", face->before + more));
}

static const struct docx_face *face_of(const struct writer *writer, const struct paper_block *block)
{
    return &docx_faces(writer->doc->lang)[kind_of(writer, block)];
}

static void open_paragraph(struct writer *writer, const struct paper_block *block)
{
    const struct docx_face *face = face_of(writer, block);
    buf_format(writer->out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>", face->id);
    if (block->kind == PAPER_ITEM && writer_is_listed(block))
        put_list(writer, block);
    if (block->kind == PAPER_RULE)
        buf_add(writer->out, STR("<w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"1\""
                                 " w:color=\"999999\"/></w:pBdr>"));
    put_line_mark(writer, block, face);
    if (block->kind == PAPER_QUOTE && depth_of(block) > 1)
        buf_format(writer->out, "<w:ind w:left=\"%u\"/>", face->left * depth_of(block));
    buf_add(writer->out, STR("</w:pPr>"));
}

static void close_paragraph(struct writer *writer)
{
    close_all(writer);
    writer->wanted = (struct writer_look){0};
    buf_add(writer->out, STR("</w:p>"));
}

/* --- tables --------------------------------------------------------------------------------------- */

static unsigned cells_of(struct str row)
{
    unsigned cells = 1;
    for (size_t i = 0; i < row.len; i++)
        cells += row.at[i] == '\t';
    return cells;
}

static unsigned columns_from(const struct writer *writer)
{
    const struct paper_block *blocks = writer->doc->blocks;
    unsigned most = 1;
    for (size_t i = writer->block; i < writer->doc->nblocks && blocks[i].kind == PAPER_ROW; i++) {
        if (i > writer->block && writer_opens_table(&blocks[i - 1], &blocks[i]))
            break;
        unsigned cells = cells_of(str_slice(writer->doc->text, blocks[i].at, blocks[i].len));
        most = cells > most ? cells : most;
    }
    return most;
}

static void open_table(struct writer *writer)
{
    const struct docx_page *page = docx_page(writer->doc->lang);
    unsigned width = DOCX_PAGE_WIDTH - page->left - page->right;
    writer->columns = columns_from(writer);
    buf_add(writer->out, STR("<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/>"
                             "<w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid>"));
    for (unsigned i = 0; i < writer->columns; i++)
        buf_format(writer->out, "<w:gridCol w:w=\"%u\"/>", width / writer->columns);
    buf_add(writer->out, STR("</w:tblGrid>"));
}

static void open_cell(struct writer *writer, const struct paper_block *block)
{
    buf_add(writer->out, STR("<w:tc><w:tcPr><w:tcW w:w=\"0\" w:type=\"auto\"/></w:tcPr>"));
    buf_format(writer->out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>",
               face_of(writer, block)->id);
}

static void close_cell(struct writer *writer)
{
    close_all(writer);
    buf_add(writer->out, STR("</w:p></w:tc>"));
}

static void open_row(struct writer *writer, const struct paper_block *block)
{
    if (writer_opens_table(writer_before(writer), block))
        open_table(writer);
    buf_add(writer->out, STR("<w:tr><w:trPr><w:cantSplit/>"));
    if (block->level == 1)
        buf_add(writer->out, STR("<w:tblHeader/>"));
    buf_add(writer->out, STR("</w:trPr>"));
    open_cell(writer, block);
}

/* Tables that touch are one to Word, and a document must not end in one. */
static void close_row(struct writer *writer, const struct paper_block *block)
{
    const struct paper_block *after = writer_after(writer);
    unsigned cells = cells_of(str_slice(writer->doc->text, block->at, block->len));
    close_cell(writer);
    writer->wanted = (struct writer_look){0};
    for (; cells < writer->columns; cells++) {
        open_cell(writer, block);
        close_cell(writer);
    }
    buf_add(writer->out, STR("</w:tr>"));
    if (after && after->kind == PAPER_ROW && !writer_opens_table(block, after))
        return;
    buf_add(writer->out, STR("</w:tbl>"));
    if (!after || after->kind == PAPER_ROW)
        buf_add(writer->out, STR("<w:p/>"));
}

/* --- hooks ---------------------------------------------------------------------------------------- */

static void begin(struct writer *writer)
{
    buf_add(writer->out,
            STR(DOCX_XML_HEAD "<w:document " DOCX_NAMES " xmlns:r=\"" DOCX_OFFICE "\"><w:body>"));
}

static void end(struct writer *writer)
{
    const struct docx_page *page = docx_page(writer->doc->lang);
    buf_add(writer->out, STR("<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header1\"/>"
                             "<w:headerReference w:type=\"first\" r:id=\"header2\"/>"
                             "<w:footerReference w:type=\"default\" r:id=\"footer1\"/>"
                             "<w:footerReference w:type=\"first\" r:id=\"footer2\"/>"));
    buf_format(writer->out,
               "<w:pgSz w:w=\"%u\" w:h=\"%u\"/><w:pgMar w:top=\"%u\" w:right=\"%u\" w:bottom=\"%u\""
               " w:left=\"%u\" w:header=\"%u\" w:footer=\"%u\" w:gutter=\"0\"/><w:titlePg/>"
               "</w:sectPr></w:body></w:document>",
               DOCX_PAGE_WIDTH, DOCX_PAGE_HEIGHT, page->top, page->right, page->bottom, page->left,
               page->header, page->footer);
}

static void block_begin(struct writer *writer, const struct paper_block *block)
{
    if (block->kind == PAPER_ROW)
        open_row(writer, block);
    else
        open_paragraph(writer, block);
}

static void block_end(struct writer *writer, const struct paper_block *block)
{
    if (block->kind == PAPER_ROW)
        close_row(writer, block);
    else
        close_paragraph(writer);
}

/* A line's end in code; a tab there, or between cells. */
static void put_control(struct writer *writer, const struct paper_block *block, char control)
{
    if (control == '\t' && block->kind == PAPER_ROW) {
        close_cell(writer);
        open_cell(writer, block);
        return;
    }
    settle(writer);
    buf_add(writer->out, control == '\t' ? STR("</w:t><w:tab/><w:t xml:space=\"preserve\">")
                                         : STR("</w:t><w:br/><w:t xml:space=\"preserve\">"));
}

static void text(struct writer *writer, struct str words)
{
    const struct paper_block *block = &writer->doc->blocks[writer->block];
    while (words.len) {
        size_t len = 0;
        while (len < words.len && words.at[len] != '\t' && words.at[len] != '\n')
            len++;
        if (len) {
            settle(writer);
            format_escape_xml(writer->out, str_slice(words, 0, len));
        }
        if (len < words.len)
            put_control(writer, block, words.at[len]);
        words = str_slice(words, len + 1, words.len);
    }
}

static void gap(struct writer *writer, struct str character)
{
    const struct paper_block *block = &writer->doc->blocks[writer->block];
    double size = face_of(writer, block)->size * 10.0;
    settle_with(writer, (unsigned)(size * PAPER_GAP_EMS + 0.5));
    format_escape_xml(writer->out, character);
    close_text(writer);
}

const struct hooks format_docx_hooks = {
    .begin = begin,
    .end = end,
    .block_begin = block_begin,
    .block_end = block_end,
    .run_begin = run_begin,
    .run_end = run_end,
    .text = text,
    .settle = settle,
    .gap = gap,
};
