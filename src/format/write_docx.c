/* Word documents out: the package around the body, with styles and pages of each language; see write_docx.h.
 *
 * Chinese papers look as GB/T 9704-2012 sets official documents: A4, 37 mm above and 28 mm left of a text of
 * 156 × 225 mm, title in 小标宋 22 pt centred, body in 仿宋 16 pt, 22 lines of 28 characters, headings in 黑体, 楷体
 * and bold 仿宋. Fonts are named, not brought along; a table says what stands in where they are missing. */
#include "format/write_docx.h"

#define W_NAMES  "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define R_NAMES  "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"
#define WORD     "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const struct docx_face CHINESE[DOCX_KINDS] = {
    [DOCX_BODY] = {"Normal", "Normal", NULL, 32, 0, 0, 560, 200, 0, false, false, false},
    [DOCX_TITLE] = {"Title", "Title", "方正小标宋简体", 44, 0, 560, 600, 0, 0, false, true, true},
    [DOCX_HEADING] = {"Heading1", "heading 1", "黑体", 32, 0, 0, 560, 200, 0, false, false, true},
    {"Heading2", "heading 2", "楷体_GB2312", 32, 0, 0, 560, 200, 0, false, false, true},
    {"Heading3", "heading 3", NULL, 32, 0, 0, 560, 200, 0, true, false, true},
    {"Heading4", "heading 4", NULL, 32, 0, 0, 560, 200, 0, false, false, true},
    {"Heading5", "heading 5", NULL, 32, 0, 0, 560, 200, 0, false, false, true},
    {"Heading6", "heading 6", NULL, 32, 0, 0, 560, 200, 0, false, false, true},
    [DOCX_ITEM] = {"ListParagraph", "List Paragraph", NULL, 32, 0, 0, 560, 0, 0, false, false,
                   false},
    [DOCX_QUOTE] = {"Quote", "Quote", "楷体_GB2312", 32, 0, 0, 560, 200, 640, false, false, false},
    [DOCX_CODE] = {"CodeBlock", "Code Block", NULL, 24, 120, 120, 400, 0, 0, false, false, true},
    [DOCX_CELL] = {"TableText", "Table Text", NULL, 28, 0, 0, 480, 0, 0, false, false, true},
    [DOCX_HEAD_CELL] = {"TableHead", "Table Head", "黑体", 28, 0, 0, 480, 0, 0, false, true, true},
};

static const struct docx_face ENGLISH[DOCX_KINDS] = {
    [DOCX_BODY] = {"Normal", "Normal", NULL, 23, 0, 140, 312, 0, 0, false, false, true},
    [DOCX_TITLE] = {"Title", "Title", NULL, 40, 240, 320, 264, 0, 0, true, false, true},
    [DOCX_HEADING] = {"Heading1", "heading 1", NULL, 30, 360, 120, 276, 0, 0, true, false, true},
    {"Heading2", "heading 2", NULL, 26, 280, 100, 276, 0, 0, true, false, true},
    {"Heading3", "heading 3", NULL, 23, 240, 80, 276, 0, 0, true, false, true},
    {"Heading4", "heading 4", NULL, 23, 200, 80, 276, 0, 0, true, false, true},
    {"Heading5", "heading 5", NULL, 23, 200, 80, 276, 0, 0, false, false, true},
    {"Heading6", "heading 6", NULL, 23, 200, 80, 276, 0, 0, false, false, true},
    [DOCX_ITEM] = {"ListParagraph", "List Paragraph", NULL, 23, 0, 60, 312, 0, 0, false, false,
                   true},
    [DOCX_QUOTE] = {"Quote", "Quote", NULL, 23, 0, 140, 312, 0, 567, false, false, true},
    [DOCX_CODE] = {"CodeBlock", "Code Block", NULL, 19, 60, 140, 264, 0, 0, false, false, true},
    [DOCX_CELL] = {"TableText", "Table Text", NULL, 21, 40, 40, 264, 0, 0, false, false, true},
    [DOCX_HEAD_CELL] = {"TableHead", "Table Head", NULL, 21, 40, 40, 264, 0, 0, true, false, true},
};

const struct docx_face *docx_faces(enum lang lang)
{
    return lang == LANG_ZH ? CHINESE : ENGLISH;
}

const struct docx_page *docx_page(enum lang lang)
{
    static const struct docx_page chinese = {2098, 1474, 1984, 1588, 851, 1417};
    static const struct docx_page english = {1587, 1417, 1587, 1417, 709, 709};
    return lang == LANG_ZH ? &chinese : &english;
}

/* --- styles --------------------------------------------------------------------------------------- */

static void put_style(struct buf *out, const struct docx_face *face, enum docx_kind kind,
                      enum lang lang)
{
    buf_format(out, "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/>",
               kind == DOCX_BODY ? " w:default=\"1\"" : "", face->id, face->name);
    if (kind != DOCX_BODY)
        buf_add(out, STR("<w:basedOn w:val=\"Normal\"/>"));
    buf_add(out, STR("<w:qFormat/><w:pPr>"));
    if (kind >= DOCX_TITLE && kind < DOCX_ITEM)
        buf_add(out, STR("<w:keepNext/>"));
    buf_format(out, "<w:spacing w:before=\"%u\" w:after=\"%u\" w:line=\"%u\" w:lineRule=\"%s\"/>",
               face->before, face->after, face->line, lang == LANG_ZH ? "exact" : "auto");
    buf_format(out, "<w:ind w:left=\"%u\" w:firstLineChars=\"%u\" w:firstLine=\"%u\"/>", face->left,
               face->indent, face->indent * face->size / 10);
    buf_format(out, "<w:jc w:val=\"%s\"/>",
               face->centred  ? "center"
               : face->ragged ? "left"
                              : "both");
    if (kind >= DOCX_HEADING && kind < DOCX_ITEM)
        buf_format(out, "<w:outlineLvl w:val=\"%d\"/>", (int)(kind - DOCX_HEADING));
    buf_add(out, STR("</w:pPr><w:rPr>"));
    if (kind == DOCX_CODE)
        buf_add(out, STR("<w:rFonts w:ascii=\"Consolas\" w:eastAsia=\"仿宋_GB2312\""
                         " w:hAnsi=\"Consolas\"/>"));
    else if (face->font)
        buf_format(out, "<w:rFonts w:eastAsia=\"%s\"/>", face->font);
    if (face->bold)
        buf_add(out, STR("<w:b/>"));
    buf_format(out, "<w:sz w:val=\"%u\"/><w:szCs w:val=\"%u\"/></w:rPr></w:style>", face->size,
               face->size);
}

static struct str styles(struct arena *arena, enum lang lang)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR(XML_HEAD "<w:styles " W_NAMES "><w:docDefaults><w:rPrDefault><w:rPr>"
                               "<w:rFonts w:ascii=\"Times New Roman\" w:eastAsia=\"仿宋_GB2312\""
                               " w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\"/>"));
    buf_format(&out, "<w:lang w:val=\"%s\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>",
               lang == LANG_ZH ? "en-US" : "en-GB");
    buf_add(&out, STR("<w:pPrDefault/></w:docDefaults>"));
    for (int i = 0; i < DOCX_KINDS; i++)
        put_style(&out, &docx_faces(lang)[i], (enum docx_kind)i, lang);
    buf_add(
        &out,
        STR("<w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/>"
            "<w:rPr><w:color w:val=\"0B57A4\"/><w:u w:val=\"single\"/></w:rPr></w:style>"
            "<w:style w:type=\"character\" w:customStyle=\"1\" w:styleId=\"CodeText\">"
            "<w:name w:val=\"Code Text\"/><w:rPr><w:rFonts w:ascii=\"Consolas\""
            " w:hAnsi=\"Consolas\"/></w:rPr></w:style>"
            "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"Plain\">"
            "<w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>"
            "<w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/>"
            "<w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/>"
            "</w:tblCellMar></w:tblPr></w:style>"
            "<w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Table Grid\"/>"
            "<w:basedOn w:val=\"Plain\"/><w:tblPr><w:tblBorders>"));
    static const char *const EDGES[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    for (size_t i = 0; i < sizeof EDGES / sizeof *EDGES; i++)
        buf_format(&out, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>",
                   EDGES[i]);
    buf_add(&out, STR("</w:tblBorders></w:tblPr></w:style></w:styles>"));
    return buf_str(&out);
}

static const char FONTS[] =
    XML_HEAD "<w:fonts " W_NAMES ">"
             "<w:font w:name=\"仿宋_GB2312\"><w:altName w:val=\"仿宋\"/></w:font>"
             "<w:font w:name=\"楷体_GB2312\"><w:altName w:val=\"楷体\"/></w:font>"
             "<w:font w:name=\"方正小标宋简体\"><w:altName w:val=\"宋体\"/></w:font></w:fonts>";

static const char SETTINGS[] =
    XML_HEAD "<w:settings " W_NAMES "><w:zoom w:percent=\"100\"/>"
             "<w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat><w:compatSetting"
             " w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\""
             " w:val=\"15\"/></w:compat></w:settings>";

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
    buf_add(&out, STR(XML_HEAD "<w:hdr " W_NAMES ">"));
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
    buf_add(&out, STR(XML_HEAD "<w:ftr " W_NAMES ">" MARGIN_PARAGRAPH "</w:p>"));
    docx_put_margin_lines(&out, frame->credit);
    buf_add(&out, STR("</w:ftr>"));
    return buf_str(&out);
}

static struct str numbered_footer(struct arena *arena, const struct format_frame *frame,
                                  enum lang lang)
{
    static const char LOOK[] =
        "<w:r><w:rPr><w:sz w:val=\"%u\"/></w:rPr><w:t xml:space=\"preserve\">"
        "%s</w:t></w:r>";
    struct buf out = {.arena = arena};
    unsigned size = lang == LANG_ZH ? 28 : 18;
    buf_add(&out, STR(XML_HEAD "<w:ftr " W_NAMES "><w:p><w:pPr><w:ind w:firstLineChars=\"0\""
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

static struct str visible_mark(struct arena *arena, enum format_mark mark,
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

/* --- other parts ---------------------------------------------------------------------------------- */

static const struct {
    const char *name, *kind, *type;
} PARTS[] = {
    {"styles.xml", "styles", WORD "styles+xml"},
    {"numbering.xml", "numbering", WORD "numbering+xml"},
    {"settings.xml", "settings", WORD "settings+xml"},
    {"fontTable.xml", "fontTable", WORD "fontTable+xml"},
    {"header1.xml", "header", WORD "header+xml"},
    {"header2.xml", "header", WORD "header+xml"},
    {"footer1.xml", "footer", WORD "footer+xml"},
    {"footer2.xml", "footer", WORD "footer+xml"},
};
#define NPARTS (sizeof PARTS / sizeof *PARTS)

static struct str content_types(struct arena *arena)
{
    struct buf out = {.arena = arena};
    buf_add(&out,
            STR(XML_HEAD
                "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\""
                " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD
                "document.main+xml\"/><Override PartName=\"/docProps/core.xml\""
                " ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"));
    for (size_t i = 0; i < NPARTS; i++)
        buf_format(&out, "<Override PartName=\"/word/%s\" ContentType=\"%s\"/>", PARTS[i].name,
                   PARTS[i].type);
    buf_add(&out, STR("</Types>"));
    return buf_str(&out);
}

static const char RELATIONS[] = XML_HEAD
    "<Relationships xmlns=\"" PACKAGE "relationships\">"
    "<Relationship Id=\"main\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"core\" Type=\"" PACKAGE "relationships/metadata/core-properties\""
    " Target=\"docProps/core.xml\"/></Relationships>";

static struct str body_relations(struct arena *arena, const struct paper_doc *doc,
                                 const struct docx_body *body)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR(XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">"));
    for (size_t i = 0; i < NPARTS; i++) {
        size_t name = str_find(str_of(PARTS[i].name), STR("."), 0);
        buf_format(&out, "<Relationship Id=\"%.*s\" Type=\"" OFFICE "%s\" Target=\"%s\"/>",
                   (int)name, PARTS[i].name, PARTS[i].kind, PARTS[i].name);
    }
    for (size_t i = 0; i < doc->nruns; i++) {
        if (!body->links[i])
            continue;
        buf_format(&out, "<Relationship Id=\"link%zu\" Type=\"" OFFICE "hyperlink\" Target=\"",
                   i + 1);
        format_escape_xml(&out, doc->runs[i].target);
        buf_add(&out, STR("\" TargetMode=\"External\"/>"));
    }
    buf_add(&out, STR("</Relationships>"));
    return buf_str(&out);
}

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
    splice_literal(s, STR(XML_HEAD "<cp:coreProperties xmlns:cp=\"" PACKAGE
                                   "metadata/core-properties\""
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

static struct str numbering(struct arena *arena, const struct docx_body *body)
{
    return str_format(arena, XML_HEAD "<w:numbering " W_NAMES ">%.*s%.*s</w:numbering>",
                      STR_ARG(buf_str(&body->lists)), STR_ARG(buf_str(&body->numbers)));
}

/* --- the press ------------------------------------------------------------------------------------ */

struct docx_press {
    struct zip_press *zip;
    enum format_mark mark;
};

static void splice_literal_of(void *to, struct str bytes)
{
    splice_literal(to, bytes);
}

static void splice_choice_of(void *to, uint32_t site, struct str alt0, struct str alt1)
{
    splice_choice(to, site, alt0, alt1);
}

/* The package made anew from the paper. */
static struct zip_press *make_anew(struct arena *arena, const struct press_order *order)
{
    struct arena *scratch = arena_make();
    struct docx_body body = {.lists = {.arena = scratch}, .numbers = {.arena = scratch}};
    struct splice *document = splice_make(arena);
    struct zip_press *zip = zip_press_make(arena);
    enum lang lang = order->doc->lang;
    body.links = arena_array(scratch, order->doc->nruns + 1, bool);
    writer_write(&format_docx_hooks, scratch, order->doc, order->sites, order->frame,
                 (struct writer_sink){splice_literal_of, splice_choice_of, document}, &body);
    splice_end(document);
    zip_press_add(zip, STR("[Content_Types].xml"), content_types(scratch));
    zip_press_add(zip, STR("_rels/.rels"), str_of(RELATIONS));
    zip_press_add_splice(zip, STR("docProps/core.xml"), docx_core(arena, order));
    zip_press_add(zip, STR("word/_rels/document.xml.rels"),
                  body_relations(scratch, order->doc, &body));
    zip_press_add(zip, STR("word/styles.xml"), styles(scratch, lang));
    zip_press_add(zip, STR("word/numbering.xml"), numbering(scratch, &body));
    zip_press_add(zip, STR("word/settings.xml"), str_of(SETTINGS));
    zip_press_add(zip, STR("word/fontTable.xml"), str_of(FONTS));
    zip_press_add_splice(zip, STR("word/header1.xml"), docx_header(arena, order->frame, false));
    zip_press_add_splice(zip, STR("word/header2.xml"), docx_header(arena, order->frame, true));
    zip_press_add(zip, STR("word/footer1.xml"), numbered_footer(scratch, order->frame, lang));
    zip_press_add(zip, STR("word/footer2.xml"), numbered_footer(scratch, order->frame, lang));
    zip_press_add_splice(zip, STR("word/document.xml"), document);
    arena_free(scratch);
    return zip;
}

static enum status make(struct arena *arena, const struct press_order *order, void **made,
                        struct error *err)
{
    struct docx_press *press = arena_new(arena, struct docx_press);
    (void)err;
    press->mark = order->frame->mark;
    if (order->original.len)
        press->zip = docx_make_original(arena, order);
    if (!press->zip)
        press->zip = make_anew(arena, order);
    *made = press;
    return STATUS_OK;
}

static struct str write(const void *made, struct arena *arena, const uint8_t *bits,
                        const struct format_owner *owner)
{
    const struct docx_press *press = made;
    struct str mark = visible_mark(arena, press->mark, owner);
    return zip_press_write(press->zip, arena, bits, &mark);
}

const struct press_maker format_docx_maker = {make, write};
