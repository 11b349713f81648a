/* HTML out: one complete page that reads well for long, on screen, in the dark and on paper.
 *
 * Self-contained: no script, no outside file. Everything from the document is escaped; links lead
 * only where a paper may lead (http, https, mailto, tel, and places inside the page or site).
 * Headings are h1 (the title), then h2 and down without gaps from the top level on; ids: "title",
 * h1, h2 … in order for headings and p1, p2 … for paragraphs, measures, items and quotations. */
#include <string.h>

#include "format/writer.h"

static const char STYLE[] =
    ":root{color-scheme:light dark;--ink:#1c1c1a;--paper:#fdfcf9;--soft:#5f5c55;--line:#d8d4ca;"
    "--link:#0b57a4}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e1d9;--paper:#191918;--soft:#aaa69c;"
    "--line:#45433e;--link:#8ebcf0}}\n"
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:42rem;background:var(--paper);"
    "color:var(--ink);font:1.0625rem/1.7 Georgia,'Times New Roman',serif;"
    "overflow-wrap:break-word}\n"
    ":lang(zh) body,body:lang(zh){line-height:1.9;font-family:'Source Han Serif SC',"
    "'Noto Serif CJK SC','Songti SC',SimSun,serif;text-align:justify}\n"
    "h1,h2,h3,h4,h5,h6{line-height:1.4;text-align:left;break-after:avoid}\n"
    "h1{font-size:1.7rem;margin:1.5rem 0 2rem}\nh2{font-size:1.3rem;margin:2.2rem 0 .8rem}\n"
    "h3{font-size:1.12rem;margin:1.8rem 0 .6rem}\nh4,h5,h6{font-size:1rem;margin:1.4rem 0 .5rem}\n"
    "h1:lang(zh){text-align:center}\n"
    "p{margin:0 0 1em}\n.body p:lang(zh):not(.plain){text-indent:2em}\n"
    "li{margin:.3em 0}\na{color:var(--link)}\n"
    "blockquote{margin:1em 0;padding:0 0 0 1.1em;border-left:3px solid var(--line);"
    "color:var(--soft)}\n"
    "pre{padding:.9em 1em;border:1px solid var(--line);overflow-x:auto;text-align:left;"
    "line-height:1.5}\ncode,pre{font-family:ui-monospace,Menlo,Consolas,monospace;"
    "font-size:.92em}\n"
    ".table{overflow-x:auto;margin:1em 0}\ntable{border-collapse:collapse;text-align:left}\n"
    "th,td{padding:.4em .8em;border:1px solid var(--line);vertical-align:top}\n"
    "hr{border:0;border-top:1px solid var(--line);margin:2em 0}\n"
    ".credit,.notice{color:var(--soft);font-size:.9rem;text-align:left}\n"
    ".notice{padding:.7em 1em;border:1px solid var(--line)}\n"
    "@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--soft:#333;--line:#999;"
    "--link:#000}body{max-width:none;padding:0;font-size:11pt}p{orphans:3;widows:3}"
    "pre,blockquote,tr{break-inside:avoid}}\n";

/* U+FFFE and U+FFFF: no characters of a page, and a book with one of them is none, as XML can't hold them. */
static bool is_no_character(struct str text)
{
    return str_starts(text, STR("\xEF\xBF\xBE")) || str_starts(text, STR("\xEF\xBF\xBF"));
}

void format_escape_html(struct buf *out, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = NULL;
        size_t end = i + 1;
        switch (text.at[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        case '\xEF':
            if (!is_no_character(str_slice(text, i, 3)))
                continue;
            entity = "";
            end = i + 3;
            break;
        default:
            if ((unsigned char)text.at[i] >= 0x20 || strchr("\t\n\r", text.at[i]))
                continue;
            entity = ""; /* other controls are no characters of a page */
        }
        buf_add(out, str_slice(text, from, i - from));
        buf_add(out, str_of(entity));
        from = end;
    }
    buf_add(out, str_slice(text, from, text.len));
}

/* A part of the frame: its lines as paragraphs of one section. */
static void frame_part(struct writer *writer, const char *name, struct str part)
{
    if (part.len == 0)
        return;
    buf_format(writer->out, "<div class=\"%s\">\n", name);
    struct str line;
    while (str_split(&part, '\n', &line)) {
        if (str_trim(line).len == 0)
            continue;
        buf_add(writer->out, STR("<p class=\"plain\">"));
        format_escape_html(writer->out, str_trim(line));
        buf_add(writer->out, STR("</p>\n"));
    }
    buf_add(writer->out, STR("</div>\n"));
}

/* Only where copies show whose they are. The line at the foot leaves the page its last lines. */
static const char MARK_STYLE[] =
    ".mark{margin:2.5rem 0 0;padding:.5em 0 0;border-top:1px solid var(--line);color:var(--soft);"
    "font-size:.85rem;text-align:left;text-indent:0!important}\n"
    ".mark.foot{position:fixed;left:0;right:0;bottom:0;margin:0;padding:.4em 1.25rem;"
    "background:var(--paper)}\nbody:has(.foot){padding-bottom:5rem}\n"
    ".across{position:fixed;inset:-10%;z-index:1;display:grid;grid-template-columns:repeat(3,1fr);"
    "place-items:center;overflow:hidden;pointer-events:none;user-select:none;opacity:.13;"
    "font-size:1.1rem}\n.across span::before{content:attr(data-mark)}\n"
    ".across span{transform:rotate(-30deg);white-space:nowrap}\n"
    "@media print{.mark.foot{padding:.4em 0 0}.across{opacity:.2}}\n"
    "@media(max-width:40rem){.across{grid-template-columns:1fr}}\n";

static void begin(struct writer *writer)
{
    struct buf *out = writer->out;
    bool chinese = writer->doc->lang == LANG_ZH;
    buf_format(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
               chinese ? "zh-Hans" : "en");
    buf_add(out, STR("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"));
    buf_add(out, STR("<title>"));
    format_escape_html(out, writer->doc->title);
    buf_add(out, STR("</title>\n<style>\n"));
    buf_add(out, str_of(STYLE));
    if (writer->frame->mark)
        buf_add(out, str_of(MARK_STYLE));
    buf_add(out, STR("</style>\n</head>\n<body>\n"));
    if (writer->frame->credit.len || writer->frame->notice.len) {
        buf_add(out, STR("<header>\n"));
        frame_part(writer, "credit", writer->frame->credit);
        frame_part(writer, "notice", writer->frame->notice);
        buf_add(out, STR("</header>\n"));
    }
    buf_add(out, STR("<main class=\"body\">\n"));
}

/* Closes lists down to `depth` open ones, each inside its item. */
static void close_lists(struct writer *writer, unsigned depth)
{
    while (writer->lists > depth) {
        bool ordered = writer->ordered[writer->lists--];
        buf_add(writer->out, ordered ? STR("</li>\n</ol>\n") : STR("</li>\n</ul>\n"));
    }
}

static void end(struct writer *writer)
{
    close_lists(writer, 0);
    buf_add(writer->out, STR("</main>\n"));
    if (writer->frame->credit.len) {
        buf_add(writer->out, STR("<footer>\n"));
        frame_part(writer, "credit", writer->frame->credit);
        buf_add(writer->out, STR("</footer>\n"));
    }
    buf_add(writer->out, STR("</body>\n</html>\n"));
}

static void open_item(struct writer *writer, const struct paper_block *block)
{
    bool ordered = block->ordinal > 0;
    unsigned level = block->level ? block->level : 1;
    if (level > writer->lists + 1)
        level = writer->lists + 1;
    if (level > WRITER_LISTS)
        level = WRITER_LISTS;
    close_lists(writer, level);
    if (writer->lists == level && writer->ordered[level] != ordered)
        close_lists(writer, level - 1);
    if (writer->lists == level) {
        buf_add(writer->out, STR("</li>\n"));
    } else {
        writer->lists = level;
        writer->ordered[level] = ordered;
        buf_add(writer->out, ordered ? STR("\n<ol>\n") : STR("\n<ul>\n"));
    }
    if (ordered)
        buf_format(writer->out, "<li value=\"%u\" id=\"p%u\">", block->ordinal,
                   ++writer->paragraphs);
    else
        buf_format(writer->out, "<li id=\"p%u\">", ++writer->paragraphs);
}

static unsigned heading_rank(const struct writer *writer, unsigned level)
{
    unsigned rank = level > writer->top_level ? level - writer->top_level + 2 : 2;
    return rank > 6 ? 6 : rank;
}

static unsigned quote_depth(const struct paper_block *block)
{
    return block->level > WRITER_LISTS ? WRITER_LISTS : block->level ? block->level : 1;
}

static void repeat(struct writer *writer, unsigned count, struct str what)
{
    while (count--)
        buf_add(writer->out, what);
}

static void block_begin(struct writer *writer, const struct paper_block *block)
{
    struct buf *out = writer->out;
    if (!writer_is_listed(block))
        close_lists(writer, 0);
    switch (block->kind) {
    case PAPER_TITLE:
        buf_add(out, STR("<h1 id=\"title\">"));
        break;
    case PAPER_HEADING:
        buf_format(out, "<h%u id=\"h%u\">", heading_rank(writer, block->level), ++writer->headings);
        break;
    case PAPER_ITEM:
        if (writer_is_listed(block)) {
            open_item(writer, block);
            break;
        }
        buf_format(out, "<p class=\"item\" id=\"p%u\">", ++writer->paragraphs);
        break;
    case PAPER_PARAGRAPH:
        buf_format(out, "<p id=\"p%u\">", ++writer->paragraphs);
        break;
    case PAPER_MEASURE:
        buf_format(out, "<p class=\"measure\" id=\"p%u\">", ++writer->paragraphs);
        break;
    case PAPER_QUOTE:
        repeat(writer, quote_depth(block), STR("<blockquote>"));
        buf_format(out, "<p id=\"p%u\">", ++writer->paragraphs);
        break;
    case PAPER_CODE:
        buf_add(out, STR("<pre><code>"));
        break;
    case PAPER_ROW:
        if (writer_opens_table(writer_before(writer), block))
            buf_add(out, STR("<div class=\"table\" tabindex=\"0\">\n<table>\n"));
        buf_add(out, block->level == 1 ? STR("<tr><th scope=\"col\">") : STR("<tr><td>"));
        break;
    case PAPER_RULE:
        buf_add(out, STR("<hr/>"));
        break;
    }
}

static void end_row(struct writer *writer, const struct paper_block *block)
{
    const struct paper_block *after = writer_after(writer);
    buf_add(writer->out, block->level == 1 ? STR("</th></tr>\n") : STR("</td></tr>\n"));
    if (!after || after->kind != PAPER_ROW || writer_opens_table(block, after))
        buf_add(writer->out, STR("</table>\n</div>\n"));
}

static void block_end(struct writer *writer, const struct paper_block *block)
{
    struct buf *out = writer->out;
    switch (block->kind) {
    case PAPER_TITLE:
        buf_add(out, STR("</h1>\n"));
        break;
    case PAPER_HEADING:
        buf_format(out, "</h%u>\n", heading_rank(writer, block->level));
        break;
    case PAPER_ITEM:
        if (!writer_is_listed(block))
            buf_add(out, STR("</p>\n"));
        break;
    case PAPER_PARAGRAPH:
    case PAPER_MEASURE:
        buf_add(out, STR("</p>\n"));
        break;
    case PAPER_QUOTE:
        buf_add(out, STR("</p>"));
        repeat(writer, quote_depth(block), STR("</blockquote>"));
        buf_add_byte(out, '\n');
        break;
    case PAPER_CODE:
        buf_add(out, STR("</code></pre>\n"));
        break;
    case PAPER_ROW:
        end_row(writer, block);
        break;
    case PAPER_RULE:
        buf_add_byte(out, '\n');
        break;
    }
}

static void run_begin(struct writer *writer, size_t run)
{
    static const char *const tags[] = {"<em>", "<strong>", "<code>"};
    const struct paper_run *it = &writer->doc->runs[run];
    if (it->kind != PAPER_LINK) {
        buf_add(writer->out, str_of(tags[it->kind]));
    } else if (writer_is_safe_target(it->target)) {
        buf_add(writer->out, STR("<a rel=\"noopener noreferrer\" href=\""));
        format_escape_html(writer->out, it->target);
        buf_add(writer->out, STR("\">"));
    } else {
        buf_add(writer->out, STR("<span>"));
    }
}

static void run_end(struct writer *writer, size_t run)
{
    static const char *const tags[] = {"</em>", "</strong>", "</code>"};
    const struct paper_run *it = &writer->doc->runs[run];
    if (it->kind != PAPER_LINK)
        buf_add(writer->out, str_of(tags[it->kind]));
    else
        buf_add(writer->out, writer_is_safe_target(it->target) ? STR("</a>") : STR("</span>"));
}

static void text(struct writer *writer, struct str words)
{
    const struct paper_block *block = &writer->doc->blocks[writer->block];
    if (block->kind != PAPER_ROW) {
        format_escape_html(writer->out, words);
        return;
    }
    while (words.len) {
        size_t tab = str_find(words, STR("\t"), 0);
        format_escape_html(writer->out, str_slice(words, 0, tab));
        if (tab == SIZE_MAX)
            return;
        buf_add(writer->out, block->level == 1 ? STR("</th><th scope=\"col\">") : STR("</td><td>"));
        words = str_slice(words, tab + 1, words.len);
    }
}

const struct hooks format_html_hooks = {
    .begin = begin,
    .end = end,
    .block_begin = block_begin,
    .block_end = block_end,
    .run_begin = run_begin,
    .run_end = run_end,
    .text = text,
};

/* --- parts of a page ------------------------------------------------------------------------------ */

/* A page has one h1; a paper without a title line of its own is given one. */
static void begin_page(struct writer *writer)
{
    for (size_t i = 0; i < writer->doc->nblocks; i++)
        if (writer->doc->blocks[i].kind == PAPER_TITLE)
            return;
    buf_add(writer->out, STR("<h1 id=\"title\">"));
    format_escape_html(writer->out, writer->doc->title);
    buf_add(writer->out, STR("</h1>\n"));
}

static void end_page(struct writer *writer)
{
    close_lists(writer, 0);
}

const struct hooks format_page_hooks = {
    .begin = begin_page,
    .end = end_page,
    .block_begin = block_begin,
    .block_end = block_end,
    .run_begin = run_begin,
    .run_end = run_end,
    .text = text,
};

static void begin_outline(struct writer *writer)
{
    (void)writer;
}

/* Closes entries and lists down to `depth` open ones. */
static void close_entries(struct writer *writer, unsigned depth)
{
    for (; writer->lists > depth; writer->lists--)
        buf_add(writer->out, STR("</li>\n</ol>\n"));
}

static void end_outline(struct writer *writer)
{
    close_entries(writer, 0);
}

static void begin_entry(struct writer *writer, const struct paper_block *block)
{
    unsigned depth = heading_rank(writer, block->level) - 1;
    depth = depth > writer->lists ? writer->lists + 1 : depth;
    close_entries(writer, depth);
    if (writer->lists == depth)
        buf_add(writer->out, STR("</li>\n"));
    else
        buf_add(writer->out, STR("<ol>\n"));
    writer->lists = depth;
    const struct writer_contents *contents = writer->own;
    const struct writer_anchor *to = &contents->anchors[writer->block];
    buf_format(writer->out, "<li><a href=\"#%c%u\">", to->letter, to->number);
}

static void end_entry(struct writer *writer, const struct paper_block *block)
{
    (void)block;
    buf_add(writer->out, STR("</a>"));
}

const struct hooks format_outline_hooks = {
    .begin = begin_outline,
    .end = end_outline,
    .block_begin = begin_entry,
    .block_end = end_entry,
    .run_begin = run_begin,
    .run_end = run_end,
    .text = text,
};
