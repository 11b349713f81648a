/* Styles and pages of Word documents, in each language.
 *
 * Chinese papers look as GB/T 9704-2012 sets official documents: A4, 37 mm above and 28 mm left of a text of
 * 156 × 225 mm, title in 小标宋 22 pt centred, body in 仿宋 16 pt, 22 lines of 28 characters, headings in 黑体, 楷体
 * and bold 仿宋. Fonts are named, not brought along; a table says what stands in where they are missing. */
#include "format/write_docx_style.h"

#include "format/write_docx_names.h"

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

/* Between two paragraphs lies the larger of the room below the one and above the other, in Word and LibreOffice alike. The
 * room of text stands above it and hardly any below, so that a little more above a line shows. */
static const struct docx_face ENGLISH[DOCX_KINDS] = {
    [DOCX_BODY] = {"Normal", "Normal", NULL, 23, 140, 0, 312, 0, 0, false, false, true},
    [DOCX_TITLE] = {"Title", "Title", NULL, 40, 240, 320, 264, 0, 0, true, false, true},
    [DOCX_HEADING] = {"Heading1", "heading 1", NULL, 30, 360, 60, 276, 0, 0, true, false, true},
    {"Heading2", "heading 2", NULL, 26, 280, 60, 276, 0, 0, true, false, true},
    {"Heading3", "heading 3", NULL, 23, 240, 60, 276, 0, 0, true, false, true},
    {"Heading4", "heading 4", NULL, 23, 200, 60, 276, 0, 0, true, false, true},
    {"Heading5", "heading 5", NULL, 23, 200, 60, 276, 0, 0, false, false, true},
    {"Heading6", "heading 6", NULL, 23, 200, 60, 276, 0, 0, false, false, true},
    [DOCX_ITEM] = {"ListParagraph", "List Paragraph", NULL, 23, 60, 0, 312, 0, 0, false, false,
                   true},
    [DOCX_QUOTE] = {"Quote", "Quote", NULL, 23, 140, 0, 312, 0, 567, false, false, true},
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

struct str docx_styles(struct arena *arena, enum lang lang)
{
    struct buf out = {.arena = arena};
    buf_add(&out,
            STR(DOCX_XML_HEAD "<w:styles " DOCX_NAMES "><w:docDefaults><w:rPrDefault><w:rPr>"
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

static const char FONTS[] = DOCX_XML_HEAD
    "<w:fonts " DOCX_NAMES ">"
    "<w:font w:name=\"仿宋_GB2312\"><w:altName w:val=\"仿宋\"/></w:font>"
    "<w:font w:name=\"楷体_GB2312\"><w:altName w:val=\"楷体\"/></w:font>"
    "<w:font w:name=\"方正小标宋简体\"><w:altName w:val=\"宋体\"/></w:font></w:fonts>";

struct str docx_fonts(void)
{
    return str_of(FONTS);
}
