/* Word documents: what a person sees in one comes out as a paper; what a paper can't hold is said; bombs are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#include "format/format.h"

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_make();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* --- making documents ----------------------------------------------------------------------------- */

#define W               "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define R               "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define P(text)         "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define PP(props, runs) "<w:p><w:pPr>" props "</w:pPr>" runs "</w:p>"
#define RUN(text)       "<w:r><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define BOLD(text)      "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define SLANTED(text)   "<w:r><w:rPr><w:i/></w:rPr><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define STYLED(s, text) PP("<w:pStyle w:val=\"" s "\"/>", RUN(text))
#define LISTED(list, level, text) \
    PP("<w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list "\"/></w:numPr>", RUN(text))
#define CELL(text) "<w:tc>" P(text) "</w:tc>"

struct part {
    const char *path;
    struct str text;
};

static struct str zipped(const struct part *parts, size_t count)
{
    zip_error_t why;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &why);
    for (size_t i = 0; i < count; i++)
        assert_true(zip_file_add(zip, parts[i].path,
                                 zip_source_buffer(zip, parts[i].text.at, parts[i].text.len, 0),
                                 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(source), 0);
    zip_stat_t stat;
    assert_int_equal(zip_source_stat(source, &stat), 0);
    char *bytes = arena_take(arena, (size_t)stat.size);
    assert_int_equal(zip_source_read(source, bytes, stat.size), (zip_int64_t)stat.size);
    zip_source_close(source);
    zip_source_free(source);
    return (struct str){bytes, (size_t)stat.size};
}

#define ROOT                                                                            \
    "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/"  \
    "officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>" \
    "</Relationships>"
#define STYLES                                                                                         \
    "<w:styles " W "><w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/></w:style>"                 \
    "<w:style w:styleId=\"2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"1\"/></w:style>"         \
    "<w:style w:styleId=\"mine\"><w:name w:val=\"My own\"/><w:basedOn w:val=\"2\"/></w:style>"         \
    "<w:style w:styleId=\"loop\"><w:name w:val=\"x\"/><w:basedOn w:val=\"loop\"/></w:style>"           \
    "<w:style w:styleId=\"t\"><w:name w:val=\"Title\"/></w:style>"                                     \
    "<w:style w:styleId=\"c\"><w:name w:val=\"toc 1\"/></w:style>"                                     \
    "<w:style w:styleId=\"n\"><w:name w:val=\"numbered\"/><w:pPr><w:outlineLvl w:val=\"0\"/><w:numPr>" \
    "<w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style></w:styles>"
#define LEVEL(at, figures, text)                                                       \
    "<w:lvl w:ilvl=\"" at "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" figures "\"/>" \
    "<w:lvlText w:val=\"" text "\"/></w:lvl>"
#define NUMBERING                                                                                                 \
    "<w:numbering " W "><w:abstractNum w:abstractNumId=\"0\">" LEVEL("0", "bullet", "o") LEVEL(                   \
        "1", "bullet",                                                                                            \
        "-") "</w:abstractNum><w:abstractNum w:abstractNumId=\"1\">" LEVEL("0", "decimal", "%1.")                 \
        LEVEL(                                                                                                    \
            "1", "lowerLetter",                                                                                   \
            "(%2)") "</w:abstractNum>"                                                                            \
                    "<w:abstractNum w:abstractNumId=\"2\">" LEVEL("0", "chineseCounting", "%1、")                 \
                        LEVEL("1", "chineseCounting", "（%2）") LEVEL(                                            \
                            "2", "decimal",                                                                       \
                            "%3.") "</w:abstractNum>"                                                             \
                                   "<w:abstractNum w:abstractNumId=\"3\">" LEVEL("0", "decimal",                  \
                                                                                 "%1")                            \
                                       LEVEL(                                                                     \
                                           "1", "decimal",                                                        \
                                           "%1.%2") "</w:abstractNum>"                                            \
                                                    "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>" \
                                                    "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num>" \
                                                    "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"2\"/></w:num>" \
                                                    "<w:num w:numId=\"4\"><w:abstractNumId w:val=\"3\"/></w:num></w:numbering>"
#define LINKS                                                                                             \
    "<Relationships><Relationship Id=\"web\" Type=\"x/hyperlink\" Target=\"https://example.org/a\" "      \
    "TargetMode=\"External\"/><Relationship Id=\"file\" Type=\"x/hyperlink\" Target=\"file:///c:/a\" "    \
    "TargetMode=\"External\"/><Relationship Id=\"pic\" Type=\"x/image\" Target=\"http://spy.example/p\" " \
    "TargetMode=\"External\"/><Relationship Id=\"h\" Type=\"x/header\" Target=\"header1.xml\"/>"          \
    "<Relationship Id=\"m\" Type=\"x/vbaProject\" Target=\"vbaProject.bin\"/></Relationships>"
#define NOTES                                                             \
    "<w:footnotes " W "><w:footnote w:type=\"separator\" w:id=\"-1\">" P( \
        "---") "</w:footnote>"                                            \
               "<w:footnote w:id=\"1\">" P("The first.")                  \
                   P("Still.") "</w:footnote><w:footnote w:id=\"2\">" P(  \
                       "The second.") "</w:footnote></w:footnotes>"

static struct str document(const char *body)
{
    return str_format(arena, "<w:document " W " " R "><w:body>%s<w:sectPr/></w:body></w:document>",
                      body);
}

static struct str made(const char *body)
{
    const struct part parts[] = {
        {"_rels/.rels", STR(ROOT)},         {"word/document.xml", document(body)},
        {"word/styles.xml", STR(STYLES)},   {"word/numbering.xml", STR(NUMBERING)},
        {"word/footnotes.xml", STR(NOTES)},
    };
    return zipped(parts, sizeof parts / sizeof *parts);
}

/* --- showing papers ------------------------------------------------------------------------------- */

static const char *const KINDS[] = {"title",     "heading", "paragraph", "measure", "item",
                                    "quotation", "code",    "row",       "rule"};

/* A block a line: "heading 1: 一、总则", with runs in brackets as [b:…], tabs as |. */
static const char *shown(const struct paper_doc *doc)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR(""));
    for (size_t i = 0; i < doc->nblocks; i++) {
        const struct paper_block *block = &doc->blocks[i];
        buf_format(&out, "%s", KINDS[block->kind]);
        if (block->level)
            buf_format(&out, " %u", block->level);
        if (block->ordinal && block->kind == PAPER_ITEM)
            buf_format(&out, " #%u", block->ordinal);
        buf_add(&out, STR(": "));
        for (size_t at = block->at; at <= block->at + block->len; at++) {
            for (size_t r = 0; r < doc->nruns; r++)
                if (doc->runs[r].at + doc->runs[r].len == at && at > block->at)
                    buf_add_byte(&out, ']');
            for (size_t r = 0; r < doc->nruns; r++)
                if (doc->runs[r].at == at && at < block->at + block->len)
                    buf_format(&out, "[%c:", "ibcl"[doc->runs[r].kind]);
            if (at < block->at + block->len)
                buf_add_byte(&out, doc->text.at[at] == '\t' ? '|' : doc->text.at[at]);
        }
        buf_add_byte(&out, '\n');
    }
    return out.at;
}

static const struct {
    const char *body, *paper;
} BODIES[] = {
    /* headings by styles, based on others and on themselves */
    {STYLED("t", "Annual report") STYLED("1", "Money") P("Spent.") STYLED("mine", "Wages")
         STYLED("loop", "Text."),
     "title: Annual report\nheading 1: Money\nparagraph: Spent.\nheading 2: Wages\nparagraph: Text.\n"},
    {STYLED("t", "A title") PP("<w:outlineLvl w:val=\"2\"/>", RUN("Third"))
         PP("<w:outlineLvl w:val=\"9\"/>", RUN("Body text.")),
     "title: A title\nheading 3: Third\nparagraph: Body text.\n"},
    /* the official outline, typed and made by Word */
    {STYLED("t", "关于加强管理的意见") P("一、总体要求") P("（一）指导思想") P("坚持稳中求进。")
         P("一要抓好落实。"),
     "title: 关于加强管理的意见\nheading 1: 一、总体要求\nheading 2: （一）指导思想\n"
     "paragraph: 坚持稳中求进。\nmeasure: 一要抓好落实。\n"},
    {STYLED("t", "关于加强管理的意见") LISTED("3", "0", "总体要求") LISTED("3", "1", "指导思想")
         LISTED("3", "1", "基本原则") LISTED("3", "0", "主要任务") LISTED("3", "1", "夯实基础"),
     "title: 关于加强管理的意见\nheading 1: 一、总体要求\nheading 2: （一）指导思想\n"
     "heading 2: （二）基本原则\nheading 1: 二、主要任务\nheading 2: （一）夯实基础\n"},
    {STYLED("t", "总结材料") STYLED("n", "工作成效") STYLED("n", "存在问题"),
     "title: 总结材料\nheading 1: 一、工作成效\nheading 1: 二、存在问题\n"},
    {STYLED("t", "The manual") PP(
         "<w:pStyle w:val=\"1\"/><w:numPr><w:numId w:val=\"4\"/></w:numPr>", RUN("Scope"))
         PP("<w:pStyle w:val=\"2\"/><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"4\"/></w:numPr>",
            RUN("Terms")),
     "title: The manual\nheading 1: 1 Scope\nheading 2: 1.1 Terms\n"},
    /* lists */
    {STYLED("t", "A title") LISTED("1", "0", "one") LISTED("1", "1", "deeper")
         LISTED("2", "0", "first") LISTED("2", "0", "second") LISTED("0", "0", "no list"),
     "title: A title\nitem 1: one\nitem 2: deeper\nitem 1 #1: first\nitem 1 #2: second\nparagraph: no list\n"},
    /* how letters look: joined where runs go on alike, never on white space alone, not in headings */
    {STYLED("t", "A title") "<w:p>" RUN("a ") BOLD("b") BOLD("c") BOLD(" ") RUN("d")
         SLANTED(" e") "</w:p>",
     "title: A title\nparagraph: a [b:bc] d [i:e]\n"},
    {STYLED("t",
            "A title") "<w:p><w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>plain</w:t></w:r></w:p>",
     "title: A title\nparagraph: plain\n"},
    {STYLED("t", "A title") PP("<w:pStyle w:val=\"1\"/>", BOLD("Bold")),
     "title: A title\nheading 1: Bold\n"},
    /* breaks, tabs, hyphens */
    {STYLED("t", "A title") "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t>"
                            "<w:noBreakHyphen/><w:t>four</w:t><w:softHyphen/></w:r></w:p>",
     "title: A title\nparagraph: one two three-four\n"},
    {STYLED("t", "关于工作的通知") "<w:p><w:r><w:t>上行</w:t><w:br/><w:t>下行。</w:t></w:r></w:p>",
     "title: 关于工作的通知\nparagraph: 上行下行。\n"},
    /* tracked changes are taken as accepted, also of whole paragraphs' ends and rows */
    {STYLED("t", "A title") "<w:p>" RUN("We ") "<w:del><w:r><w:delText>may</w:delText></w:r></w:del><w:ins>" RUN(
         "shall") "</w:ins>" RUN(" pay.") "</w:p>",
     "title: A title\nparagraph: We shall pay.\n"},
    {STYLED("t", "A title") PP("<w:rPr><w:del/></w:rPr>", RUN("One ")) P("line.") P("Next."),
     "title: A title\nparagraph: One line.\nparagraph: Next.\n"},
    /* a paragraph that is deleted with its end gives its style and number to nothing */
    {STYLED("t", "A title") PP("<w:pStyle w:val=\"h1\"/><w:rPr><w:del/></w:rPr>",
                               "<w:bookmarkStart/><w:del>" RUN("Part") "</w:del><w:bookmarkEnd/>")
         P("Words."),
     "title: A title\nparagraph: Words.\n"},
    {STYLED("t", "A title") PP("<w:pStyle w:val=\"h1\"/><w:rPr><w:moveFrom/></w:rPr>",
                               "<w:moveFrom>" RUN("Part") "</w:moveFrom>") P("Words."),
     "title: A title\nparagraph: Words.\n"},
    {STYLED("t", "A title") "<w:p><w:moveFrom>" RUN("gone") "</w:moveFrom><w:moveTo>" RUN(
         "here") "</w:moveTo></w:p>",
     "title: A title\nparagraph: here\n"},
    {STYLED("t", "A title") "<w:tbl><w:tr>" CELL("a") "</w:tr><w:tr><w:trPr><w:del/></w:trPr>" CELL(
         "b") "</w:tr></w:tbl>",
     "title: A title\nrow 1: a\n"},
    /* tables */
    {STYLED("t", "A title") "<w:tbl><w:tr>" CELL("Name")
         CELL("Sum") "</w:tr><w:tr>" CELL("Tea") "<w:tc>" P("4")
             P("yuan") "</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>" P(
                 "All") "</w:tc></w:tr></w:tbl>" P("After."),
     "title: A title\nrow 1: Name|Sum\nrow: Tea|4 yuan\nrow: All|\nparagraph: After.\n"},
    {STYLED("t", "A title") "<w:tbl><w:tr><w:tc><w:tbl><w:tr>" CELL("in")
         CELL("side") "</w:tr></w:tbl><w:p/></w:tc>" CELL("b") "</w:tr></w:tbl>",
     "title: A title\nrow 1: in side|b\n"},
    /* notes, in the order in which they are referred to */
    {STYLED("t", "A title") "<w:p>" RUN("One") "<w:r><w:footnoteReference w:id=\"2\"/></w:r>" RUN(
         " two") "<w:r><w:footnoteReference w:id=\"1\"/></w:r>" RUN(".") "</w:p>",
     "title: A title\nparagraph: One[1] two[2].\nparagraph: [1] The second.\nparagraph: [2] The first. Still.\n"},
    /* fields show what they show; a field that is a link is one */
    {STYLED("t", "A title") "<w:p>" RUN(
         "Page ") "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE "
                  "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" RUN(
                      "7") "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" RUN(".") "</w:p>",
     "title: A title\nparagraph: Page 7.\n"},
    {STYLED(
         "t",
         "A title") "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK "
                    "\"https://example.org/\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" RUN(
                        "here") "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" RUN(" and on") "</w:p>",
     "title: A title\nparagraph: [l:here] and on\n"},
    {STYLED("t",
            "A title") "<w:p><w:fldSimple w:instr=\"DATE\">" RUN("today") "</w:fldSimple></w:p>",
     "title: A title\nparagraph: today\n"},
    /* content controls, text for older versions of Word, boxes, readings of letters, formulas */
    {STYLED("t", "A title") "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>" P(
         "Inside.") "</w:sdtContent></w:sdt>",
     "title: A title\nparagraph: Inside.\n"},
    {STYLED("t", "A title") "<w:p>" RUN("Text.") "<w:r><AlternateContent><Choice><w:drawing><w:txbxContent>" P("In a box.") "</w:txbxContent></w:drawing></Choice><Fallback><w:pict><w:txbxContent>" P(
         "In a box.") "</w:txbxContent></w:pict></Fallback></AlternateContent></w:r></w:p>" P("After."),
     "title: A title\nparagraph: Text.\nparagraph: In a box.\nparagraph: After.\n"},
    {STYLED("t", "关于工作的通知") "<w:p><w:r><w:ruby><w:rt>" RUN("hàn") "</w:rt><w:rubyBase>" RUN(
         "汉") "</w:rubyBase></w:ruby></w:r></w:p>",
     "title: 关于工作的通知\nparagraph: 汉\n"},
    {STYLED("t", "A title") "<w:p><m:oMath xmlns:m=\"m\"><m:r><m:t>x=2</m:t></m:r></m:oMath></w:p>",
     "title: A title\nparagraph: x=2\n"},
    /* hidden text and tables of contents are no part of a paper */
    {STYLED("t", "A title") STYLED("c", "Money 1") "<w:p>" RUN(
         "Seen.") "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r></w:p>",
     "title: A title\nparagraph: Seen.\n"},
};

static void a_document_comes_out_as_the_paper_that_a_person_sees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        struct paper_doc doc;
        struct format_left left[FORMAT_LEFT_KINDS];
        struct error err = {0};
        assert_int_equal(format_read_docx(arena, STR("a.docx"), made(BODIES[i].body), NULL, STR(""),
                                          &doc, left, &err),
                         STATUS_OK);
        assert_string_equal(shown(&doc), BODIES[i].paper);
    }
}

static void numbers_that_word_makes_up_are_written_as_word_shows_them(void **state)
{
    static const struct {
        unsigned n;
        const char *han;
    } SHOWN[] = {{1, "一"},    {10, "十"},        {12, "十二"},
                 {20, "二十"}, {105, "一百零五"}, {110, "一百一十"}};
    (void)state;
    struct buf body = {.arena = arena};
    for (unsigned i = 1; i <= 110; i++)
        buf_add(&body, STR(LISTED("3", "0", "项")));
    buf_add_byte(&body, '\0');
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct error err = {0};
    assert_int_equal(
        format_read_docx(arena, STR("a.docx"), made(body.at), NULL, STR("题"), &doc, left, &err),
        STATUS_OK);
    assert_int_equal(doc.nblocks, 110);
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        const struct paper_block *block = &doc.blocks[SHOWN[i].n - 1];
        struct str line = str_slice(doc.text, block->at, block->len);
        assert_true(str_equal(line, str_format(arena, "%s、项", SHOWN[i].han)));
    }
}

/* --- what is left out ----------------------------------------------------------------------------- */

#define RICH                                                                                                                           \
    STYLED("t", "A title")                                                                                                             \
    "<w:p><w:hyperlink r:id=\"web\">" RUN("web") "</w:hyperlink> <w:hyperlink r:id=\"file\">" RUN("file") "</w:hyperlink><w:ins>" RUN( \
        " new") "</w:ins><w:r><w:commentReference/></w:r>"                                                                             \
                "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Between the lines</w:t></w:r>"                                                    \
                "<w:r><w:drawing><a:blip xmlns:a=\"a\"/></w:drawing></w:r><w:r><w:sym w:font=\"Wingdings\"/></w:r>"                    \
                "<w:r><w:object><o:OLEObject xmlns:o=\"o\" ProgID=\"Excel.Sheet\"/></w:object></w:r></w:p>" STYLED(                    \
                    "c", "Contents")

static void what_a_paper_cannot_hold_is_counted_and_said(void **state)
{
    const struct part parts[] = {
        {"_rels/.rels", STR(ROOT)},
        {"word/document.xml", document(RICH)},
        {"word/styles.xml", STR(STYLES)},
        {"word/_rels/document.xml.rels", STR(LINKS)},
        {"word/header1.xml", STR("<w:hdr " W ">" P("In confidence") "</w:hdr>")},
    };
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct error err = {0};
    (void)state;
    assert_int_equal(
        format_read_docx(arena, STR("a.docx"), zipped(parts, 5), NULL, STR(""), &doc, left, &err),
        STATUS_OK);
    assert_string_equal(shown(&doc), "title: A title\nparagraph: [l:web]file new\n");
    assert_true(str_equal(doc.runs[0].target, STR("https://example.org/a")));
    static const struct {
        enum format_left_kind kind;
        unsigned count;
        const char *example;
    } LEFT[] = {
        {FORMAT_LEFT_CHANGES, 1, ""},
        {FORMAT_LEFT_PICTURES, 1, ""},
        {FORMAT_LEFT_MARGINS, 1, "In confidence"},
        {FORMAT_LEFT_CONTENTS, 1, ""},
        {FORMAT_LEFT_COMMENTS, 1, ""},
        {FORMAT_LEFT_HIDDEN, 1, "Between the lines"},
        {FORMAT_LEFT_OUTSIDE, 2, "http://spy.example/p"},
        {FORMAT_LEFT_OBJECTS, 1, "Excel.Sheet"},
        {FORMAT_LEFT_SIGNS, 1, "Wingdings"},
        {FORMAT_LEFT_MACROS, 1, ""},
    };
    for (size_t i = 0; i < sizeof LEFT / sizeof *LEFT; i++) {
        assert_int_equal(left[LEFT[i].kind].count, LEFT[i].count);
        assert_true(str_equal(left[LEFT[i].kind].example, str_of(LEFT[i].example)));
    }
    struct str en = format_left_words(arena, left, LANG_EN);
    struct str zh = format_left_words(arena, left, LANG_ZH);
    assert_true(
        str_starts(en, STR("1 tracked change, taken as accepted; 1 picture; 1 header or footer "
                           "“In confidence”; ")));
    assert_true(str_find(zh, STR("；1处页眉或页脚“In confidence”；"), 0) != SIZE_MAX);
}

/* --- hostile files -------------------------------------------------------------------------------- */

static enum status read_it(struct str bytes, struct error *err)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    *err = (struct error){0};
    return format_read_docx(arena, STR("a.docx"), bytes, NULL, STR(""), &doc, left, err);
}

static void a_file_that_unpacks_to_a_great_one_is_refused(void **state)
{
    struct error err;
    size_t size = 60000000;
    char *blanks = arena_take(arena, size);
    memset(blanks, ' ', size);
    const struct part parts[] = {{"_rels/.rels", STR(ROOT)}, {"word/document.xml", {blanks, size}}};
    (void)state;
    struct str bytes = zipped(parts, 2);
    assert_true(bytes.len < 100000);
    size_t before = arena_held(arena);
    assert_int_equal(read_it(bytes, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "unpacks to far more"));
    assert_true(arena_held(arena) - before < (size_t)100 * 1024 * 1024);
}

static void entities_are_never_declared(void **state)
{
    struct error err;
    const struct part parts[] = {
        {"_rels/.rels", STR(ROOT)},
        {"word/document.xml",
         STR("<!DOCTYPE d [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><w:document " W
             "><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>")},
    };
    (void)state;
    assert_int_equal(read_it(zipped(parts, 2), &err), STATUS_INPUT);
}

static void elements_nested_without_end_are_refused(void **state)
{
    struct error err;
    struct buf body = {.arena = arena};
    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_add(&body, STR("<w:sdt><w:sdtContent>"));
    buf_add_byte(&body, '\0');
    const struct part parts[] = {{"_rels/.rels", STR(ROOT)},
                                 {"word/document.xml", document(body.at)}};
    assert_int_equal(read_it(zipped(parts, 2), &err), STATUS_INPUT);
}

static void a_package_of_very_many_parts_is_refused(void **state)
{
    struct error err;
    enum { MANY = 6000 };
    struct part *parts = arena_array(arena, MANY, struct part);
    (void)state;
    for (size_t i = 0; i < MANY; i++)
        parts[i] = (struct part){str_z(arena, str_format(arena, "word/%zu", i)), STR("x")};
    assert_int_equal(read_it(zipped(parts, MANY), &err), STATUS_INPUT);
}

static void a_document_cut_anywhere_is_refused_or_read(void **state)
{
    struct error err;
    (void)state;
    struct str bytes = made(RICH);
    for (size_t len = 4; len < bytes.len; len += 5) {
        enum status status = read_it(str_slice(bytes, 0, len), &err);
        assert_true(status == STATUS_OK || (err.en[0] && err.zh[0]));
    }
    const struct part empty[] = {{"_rels/.rels", STR(ROOT)}, {"word/document.xml", document("")}};
    assert_int_equal(read_it(zipped(empty, 2), &err), STATUS_INPUT);
}

/* --- files as they are brought -------------------------------------------------------------------- */

static void a_document_is_opened_as_markdown_that_reads_back_the_same(void **state)
{
    struct error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        struct format_opened opened;
        struct paper_doc doc;
        struct paper_doc again;
        struct format_left left[FORMAT_LEFT_KINDS];
        struct str bytes = made(BODIES[i].body);
        assert_int_equal(format_open(arena, STR("a.docx"), bytes, &opened, &err), STATUS_OK);
        assert_int_equal(opened.kind, FORMAT_MARKDOWN);
        assert_int_equal(
            format_read_docx(arena, STR("a.docx"), bytes, NULL, STR(""), &doc, left, &err),
            STATUS_OK);
        assert_int_equal(
            format_read(arena, opened.text, opened.kind, &doc.lang, STR(""), &again, &err),
            STATUS_OK);
        assert_string_equal(shown(&again), shown(&doc));
        struct str words;
        const char *how;
        assert_int_equal(format_open_words(arena, STR("a.docx"), bytes, &words, &how, &err),
                         STATUS_OK);
        assert_true(str_equal(words, doc.text));
        assert_string_equal(how, "DOCX");
    }
}

static void what_is_no_text_is_refused_with_what_to_do(void **state)
{
    const struct {
        struct str bytes;
        const char *en, *zh;
    } OTHERS[] = {
        {STR("\xD0\xCF\x11\xE0\xA1\xB1"), "save it as DOCX", "另存为 DOCX"},
        {STR("\x89PNG\r\n\x1A\n"), "is a picture", "图片"},
        {STR("\0\0\0\x18"
             "ftypheic"),
         "is a picture", "图片"},
        {STR("\0\0\0\x18"
             "ftypisom"),
         "is a film", "视频"},
        {STR("PK\x03\x04zzz"), "is an archive", "压缩包"},
        {STR("{\\rtf1 x}"), "Rich Text", "RTF"},
        {STR("\n<!DOCTYPE html><p>x"), "is a web page", "网页"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        struct format_opened opened;
        struct error err = {0};
        assert_int_equal(format_open(arena, STR("my.file"), OTHERS[i].bytes, &opened, &err),
                         STATUS_INPUT);
        assert_non_null(strstr(err.en, OTHERS[i].en));
        assert_non_null(strstr(err.en, "my.file"));
        assert_non_null(strstr(err.zh, OTHERS[i].zh));
    }
    struct format_opened opened;
    struct error err = {0};
    assert_int_equal(format_open(arena, STR("a.txt"), STR("\xD6\xB8\xB1\xEA"), &opened, &err),
                     STATUS_OK);
    assert_true(str_equal(opened.text, STR("指标")));
}

static const struct {
    const char *page, *words;
} PAGES[] = {
    {"<html><head><title>T</title><style>p{}</style></head><body><h1>Head</h1><p>One <b>bold</b>\n word.</p>"
     "<p>Two.<br>Three.</p><script>x</script></body></html>",
     "Head\nOne bold word.\nTwo.\nThree."},
    {"<!doctype HTML><ul><li>a<li>b</ul>c&amp;d&#20013;<!-- no -->", "a\nb\nc&d中"},
    {"<html><table><tr><td>甲</td><td>乙</td></tr></table><span>丙</span>丁", "甲\n乙\n丙丁"},
    {"<html><p>  \n a \t b  </p>", "a b"},
    {"<html><p>unclosed <i>all the way", "unclosed all the way"},
};

static void a_saved_page_is_read_as_what_is_seen_on_it(void **state)
{
    const char *how;
    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        struct str words;
        struct error err = {0};
        assert_int_equal(
            format_open_words(arena, STR("a.html"), str_of(PAGES[i].page), &words, &how, &err),
            STATUS_OK);
        assert_true(str_equal(words, str_of(PAGES[i].words)));
    }
    struct buf deep = {.arena = arena};
    struct str words;
    struct error err = {0};
    buf_add(&deep, STR("<html>"));
    for (int i = 0; i < 200000; i++)
        buf_add(&deep, STR("<div>"));
    (void)format_open_words(arena, STR("a.html"), buf_str(&deep), &words, &how, &err);
    assert_int_equal(
        format_open_words(arena, STR("a.html"), STR("<html><p></p></html>"), &words, &how, &err),
        STATUS_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_comes_out_as_the_paper_that_a_person_sees),
        cmocka_unit_test(numbers_that_word_makes_up_are_written_as_word_shows_them),
        cmocka_unit_test(what_a_paper_cannot_hold_is_counted_and_said),
        cmocka_unit_test(a_file_that_unpacks_to_a_great_one_is_refused),
        cmocka_unit_test(entities_are_never_declared),
        cmocka_unit_test(elements_nested_without_end_are_refused),
        cmocka_unit_test(a_package_of_very_many_parts_is_refused),
        cmocka_unit_test(a_document_cut_anywhere_is_refused_or_read),
        cmocka_unit_test(a_document_is_opened_as_markdown_that_reads_back_the_same),
        cmocka_unit_test(what_is_no_text_is_refused_with_what_to_do),
        cmocka_unit_test(a_saved_page_is_read_as_what_is_seen_on_it),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
