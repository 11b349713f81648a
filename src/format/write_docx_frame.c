/* Headers, footers, visible marks and properties of Word documents; see write_docx_frame.h. */
#include "format/write_docx_frame.h"

#include "format/write_docx_names.h"
#include "format/writer.h"

/* --- headers, footers and the visible mark --------------------------------------------------------- */

/* Without a style, as they also stand in documents that others made. */
#define MARGIN_PARAGRAPH                                                                        \
    "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"260\" w:lineRule=\"exact\"/>" \
    "<w:ind w:left=\"0\" w:right=\"0\" w:firstLineChars=\"0\" w:firstLine=\"0\"/>"              \
    "<w:jc w:val=\"center\"/></w:pPr>"
#define MARGIN_TEXT                                                                             \
    "<w:r><w:rPr><w:color w:val=\"595959\"/><w:sz w:val=\"17\"/><w:szCs w:val=\"17\"/></w:rPr>" \
    "<w:t xml:space=\"preserve\">"

void docx_put_margin_lines(struct buf *out, struct str lines)
{
    struct str line;
    while (str_split(&lines, '\n', &line)) {
        if (!str_trim(line).len)
            continue;
        buf_add(out, STR(MARGIN_PARAGRAPH MARGIN_TEXT));
        format_escape_xml(out, str_trim(line));
        buf_add(out, STR("</w:t></w:r></w:p>"));
    }
}

struct splice *docx_header(struct arena *arena, const struct format_frame *frame, bool first)
{
    struct splice *s = splice_make(arena);
    struct buf out = {.arena = arena};
    buf_add(&out, STR(DOCX_XML_HEAD "<w:hdr " DOCX_NAMES ">"));
    docx_put_margin_lines(&out, frame->credit);
    if (first)
        docx_put_margin_lines(&out, frame->notice);
    splice_literal(s, buf_str(&out));
    splice_field(s, DOCX_MARK_FIELD);
    /* A header holds a paragraph at least. */
    splice_literal(s, STR(MARGIN_PARAGRAPH "</w:p></w:hdr>"));
    splice_end(s);
    return s;
}

struct str docx_footer(struct arena *arena, const struct format_frame *frame)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR(DOCX_XML_HEAD "<w:ftr " DOCX_NAMES ">" MARGIN_PARAGRAPH "</w:p>"));
    docx_put_margin_lines(&out, frame->credit);
    buf_add(&out, STR("</w:ftr>"));
    return buf_str(&out);
}

struct str docx_numbered_footer(struct arena *arena, const struct format_frame *frame,
                                enum lang lang)
{
    static const char LOOK[] =
        "<w:r><w:rPr><w:sz w:val=\"%u\"/></w:rPr><w:t xml:space=\"preserve\">"
        "%s</w:t></w:r>";
    struct buf out = {.arena = arena};
    unsigned size = lang == LANG_ZH ? 28 : 18;
    buf_add(&out,
            STR(DOCX_XML_HEAD "<w:ftr " DOCX_NAMES "><w:p><w:pPr><w:ind w:firstLineChars=\"0\""
                              " w:firstLine=\"0\"/><w:jc w:val=\"center\"/></w:pPr>"));
    if (lang == LANG_ZH)
        buf_format(&out, LOOK, size, "— ");
    buf_add(&out, STR("<w:fldSimple w:instr=\" PAGE \">"));
    buf_format(&out, LOOK, size, "1");
    buf_add(&out, STR("</w:fldSimple>"));
    if (lang == LANG_ZH)
        buf_format(&out, LOOK, size, " —");
    buf_add(&out, STR("</w:p>"));
    docx_put_margin_lines(&out, frame->credit);
    buf_add(&out, STR("</w:ftr>"));
    return buf_str(&out);
}

/* As Word itself marks pages: a line of text across the page, drawn behind it from its header. Its shape is said too: two
 * lines that the text is fitted between. */
static void put_diagonal(struct buf *out, struct str line)
{
    buf_format(out,
               MARGIN_PARAGRAPH
               "<w:r><w:pict xmlns:v=\"urn:schemas-microsoft-com:vml\""
               " xmlns:o=\"urn:schemas-microsoft-com:office:office\">"
               "<v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" o:spt=\"136\""
               " path=\"m0,0l21600,0m0,21600l21600,21600e\"><v:path textpathok=\"t\"/>"
               "<v:textpath on=\"t\" fitshape=\"t\"/></v:shapetype>"
               "<v:shape id=\"PowerPlusWaterMarkObject1\" type=\"#_x0000_t136\""
               " style=\"position:absolute;margin-left:0;margin-top:0;width:480pt;height:36pt;"
               "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
               "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
               "mso-position-vertical-relative:margin\" fillcolor=\"#bfbfbf\" stroked=\"f\">"
               "<v:fill opacity=\".5\"/><v:textpath on=\"t\" fitshape=\"t\""
               " style=\"font-family:&quot;Times New Roman&quot;;font-size:1pt\" string=\"%.*s\"/>"
               "</v:shape></w:pict></w:r></w:p>",
               STR_ARG(line));
}

struct str docx_visible_mark(struct arena *arena, enum format_mark mark,
                             const struct format_owner *owner)
{
    struct buf out = {.arena = arena};
    if (!owner || mark == FORMAT_MARK_NONE)
        return STR("");
    struct buf words = {.arena = arena};
    format_escape_xml(&words, format_owner_line(arena, owner));
    struct str line = buf_str(&words);
    if (mark == FORMAT_MARK_DIAGONAL)
        put_diagonal(&out, line);
    buf_add(&out, STR(MARGIN_PARAGRAPH MARGIN_TEXT));
    buf_add(&out, line);
    if (owner->check_url.len) {
        buf_add(&out, STR(" · "));
        format_escape_xml(&out, owner->check_url);
    }
    buf_add(&out, STR("</w:t></w:r></w:p>"));
    return buf_str(&out);
}

/* --- the title ------------------------------------------------------------------------------------- */

/* Where the text holds the title: the title block, or how the first block that begins with it does. False where it was
 * given from outside. */
static bool find_title(const struct paper_doc *doc, size_t *at)
{
    for (size_t i = 0; i < doc->nblocks; i++) {
        struct str text = str_slice(doc->text, doc->blocks[i].at, doc->blocks[i].len);
        if (str_starts(text, doc->title)) {
            *at = doc->blocks[i].at;
            return true;
        }
    }
    return false;
}

static void put_escaped(struct splice *s, struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    format_escape_xml(&out, text);
    splice_literal(s, buf_str(&out));
}

void docx_put_title(struct splice *s, struct arena *arena, const struct paper_doc *doc,
                    const struct paper_sites *sites)
{
    size_t at = 0;
    if (!find_title(doc, &at) || !sites) {
        put_escaped(s, arena, doc->title);
        return;
    }
    size_t end = at + doc->title.len;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        if (place->at < at || place->at + place->len > end)
            continue;
        struct buf sides[2] = {{.arena = arena}, {.arena = arena}};
        format_escape_xml(&sides[0], place->alt[0]);
        format_escape_xml(&sides[1], place->alt[1]);
        put_escaped(s, arena, str_slice(doc->text, at, place->at - at));
        splice_choice(s, place->site, buf_str(&sides[0]), buf_str(&sides[1]));
        at = place->at + place->len;
    }
    put_escaped(s, arena, str_slice(doc->text, at, end - at));
}

struct splice *docx_core(struct arena *arena, const struct press_order *order)
{
    struct splice *s = splice_make(arena);
    struct str credit = order->frame->credit;
    struct str creator = STR("");
    while (!creator.len && str_split(&credit, '\n', &creator))
        creator = str_trim(creator);
    splice_literal(s, STR(DOCX_XML_HEAD
                          "<cp:coreProperties xmlns:cp=\"" DOCX_PACKAGE "metadata/core-properties\""
                          " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>"));
    docx_put_title(s, arena, order->doc, order->sites);
    splice_literal(s, STR("</dc:title><dc:creator>"));
    put_escaped(s, arena, creator);
    splice_literal(s, order->doc->lang == LANG_ZH
                          ? STR("</dc:creator><dc:language>zh-CN</dc:language></cp:coreProperties>")
                          : STR("</dc:creator><dc:language>en</dc:language></cp:coreProperties>"));
    splice_end(s);
    return s;
}
