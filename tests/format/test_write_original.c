/* A copy in the likeness of the Word document that the paper was read from: the member's words, and nothing of what must
 * not leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "format/package.h"
#include "format/zip_press.h"
#include "scribble.h"

#define NAMES                                                                          \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""         \
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"" \
    " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\""
#define OFFICE    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define WORD      "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define RUN(TEXT) "<w:r w:rsidR=\"00AB12CD\"><w:t>" TEXT "</w:t></w:r>"

/* clang-format off */
static const struct {
    const char *path, *text;
} PARTS[] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
     "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
     "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"PNG\" ContentType=\"image/png\"/>"
     "<Default Extension=\"bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>"
     "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/>"
     "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD "styles+xml\"/>"
     "<Override PartName=\"/word/header1.xml\" ContentType=\"" WORD "header+xml\"/>"
     "<Override PartName=\"/word/footnotes.xml\" ContentType=\"" WORD "footnotes+xml\"/>"
     "<Override PartName=\"/word/comments.xml\" ContentType=\"" WORD
     "comments+xml\"/></Types>"},
    {"_rels/.rels",
     "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
     "<Relationship Id=\"a\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
     "<Relationship Id=\"b\" Type=\"" OFFICE
     "extended-properties\" Target=\"docProps/app.xml\"/></Relationships>"},
    {"docProps/app.xml", "<Properties><Company>SECRET COMPANY</Company></Properties>"},
    {"word/_rels/document.xml.rels",
     "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
     "<Relationship Id=\"s\" Type=\"" OFFICE "styles\" Target=\"styles.xml\"/>"
     "<Relationship Id=\"h\" Type=\"" OFFICE "header\" Target=\"header1.xml\"/>"
     "<Relationship Id=\"f\" Type=\"" OFFICE "footnotes\" Target=\"footnotes.xml\"/>"
     "<Relationship Id=\"c\" Type=\"" OFFICE "comments\" Target=\"comments.xml\"/>"
     "<Relationship Id=\"p\" Type=\"" OFFICE "image\" Target=\"media/a.png\"/>"
     "<Relationship Id=\"v\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"vbaProject.bin\"/>"
     "<Relationship Id=\"spy\" Type=\"" OFFICE
     "image\" Target=\"http://spy.example/x.png\" TargetMode=\"External\"/>"
     "<Relationship Id=\"web\" Type=\"" OFFICE
     "hyperlink\" Target=\"https://a.example/?x=1&amp;y=2\" TargetMode=\"External\"/>"
     "<Relationship Id=\"file\" Type=\"" OFFICE
     "hyperlink\" Target=\"file:///c:/SECRET\" TargetMode=\"External\"/></Relationships>"},
    {"word/styles.xml",
     "<w:styles " NAMES
     "><w:style w:type=\"paragraph\" w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style></w:styles>"},
    {"word/header1.xml",
     "<w:hdr " NAMES "><w:p><w:r><w:t>HOUSE HEADER</w:t></w:r></w:p></w:hdr>"},
    {"word/comments.xml",
     "<w:comments " NAMES
     "><w:comment w:id=\"0\"><w:p><w:r><w:t>SECRET COMMENT</w:t></w:r></w:p></w:comment></w:comments>"},
    {"word/footnotes.xml", "<w:footnotes " NAMES "><w:footnote w:id=\"2\"><w:p>" RUN("The footnote's words.") "</w:p></w:footnote></w:footnotes>"},
    {"word/media/a.png", "PNG BYTES"},
    {"word/vbaProject.bin", "SECRET MACRO"},
    {"word/document.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document " NAMES
     "><w:body>"
     "<w:p><w:pPr><w:pStyle w:val=\"T\"/></w:pPr>" RUN("The plan of work") "</w:p>"
     "<!-- SECRET REMARK --><w:p><w:commentRangeStart w:id=\"0\"/>" RUN("We sp") RUN("eed up the work &amp; go on") "<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>"
     "<w:del w:author=\"SECRET AUTHOR\"><w:r><w:delText>SECRET DELETED</w:delText></w:r></w:del>"
     "<w:ins w:author=\"SECRET AUTHOR\">" RUN(" gladly") "</w:ins>"
     "<w:r><w:footnoteReference w:id=\"2\"/></w:r>" RUN(".") "</w:p>"
     "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET HIDDEN</w:t></w:r>" RUN("  See ") "<w:hyperlink r:id=\"web\">" RUN("the site") "</w:hyperlink>" RUN(" and ") "<w:hyperlink r:id=\"file\">" RUN("the file") "</w:hyperlink></w:p>"
     "<w:p><w:r><w:drawing><blip r:embed=\"p\"/></w:drawing></w:r><w:r><w:drawing><blip r:link=\"spy\"/></w:drawing></w:r>"
     "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><w:txbxContent><w:p>" RUN("Words in a box") "</w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>" RUN("SECRET FALLBACK") "</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
     "<w:p><w:r><w:instrText> INCLUDEPICTURE \"http://SECRET\" </w:instrText></w:r>" RUN("Last paragraph.") "</w:p>"
     "<w:tbl><w:tr><w:tc><w:p>" RUN("one ") "</w:p></w:tc></w:tr><w:tr><w:tc><w:p>" RUN("two") "</w:p></w:tc><w:tc><w:p>" RUN("three") "</w:p></w:tc></w:tr></w:tbl>"
     "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"h\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr></w:body></w:document>"},
};
/* clang-format on */

static struct str original(struct arena *arena)
{
    struct zip_press *zip = zip_press_make(arena);
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        zip_press_add(zip, str_of(PARTS[i].path), str_of(PARTS[i].text));
    return zip_press_write(zip, arena, NULL, NULL);
}

static struct paper_doc read_word(struct arena *arena, struct str bytes)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct error err;
    enum lang lang = LANG_EN;
    assert_int_equal(
        format_read_docx(arena, STR("a.docx"), bytes, &lang, STR(""), &doc, left, &err), STATUS_OK);
    return doc;
}

static const struct format_frame FRAME = {{"NOTICE", 6}, {"CREDIT", 6}, FORMAT_MARK_MARGIN};

static struct format_press *press_of(struct arena *arena, const struct paper_doc *doc,
                                     const struct paper_sites *sites, struct str bytes)
{
    struct format_press *press = NULL;
    struct error err;
    assert_int_equal(format_press_make(arena, doc, sites, &FRAME, bytes, FORMAT_DOCX, &press, &err),
                     STATUS_OK);
    return press;
}

static struct str part_of(struct arena *arena, struct str bytes, const char *path)
{
    struct package package;
    assert_true(package_open(&package, arena, bytes, 1 << 24));
    struct str part = package_part(&package, str_of(path));
    package_close(&package);
    return part;
}

static bool is_of_the_original(struct arena *arena, struct str bytes)
{
    return part_of(arena, bytes, "own/0.xml").len > 0;
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_of(words), 0) != SIZE_MAX;
}

/* A site of one place over the words where they first stand. */
static void add_site(struct paper_sites *sites, const struct paper_doc *doc, const char *words,
                     const char *other)
{
    size_t at = str_find(doc->text, str_of(words), 0);
    assert_true(at != SIZE_MAX);
    sites->places[sites->nplaces] =
        (struct paper_place){at,
                             strlen(words),
                             (uint32_t)sites->nplaces,
                             {str_slice(doc->text, at, strlen(words)), str_of(other)}};
    sites->nsites = (uint32_t)++sites->nplaces;
}

static void the_members_words_stand_in_the_original_everywhere(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct paper_site all[8] = {{.rule = STR("word")}};
    struct paper_place places[8];
    struct paper_sites sites = {all, 0, places, 0};
    (void)state;
    add_site(&sites, &doc, "plan of work", "plan");
    add_site(&sites, &doc, "speed up", "hurry <on>");
    add_site(&sites, &doc, "& go", "and go");
    add_site(&sites, &doc, "the site", "a site");
    add_site(&sites, &doc, "Words in", "Text within");
    add_site(&sites, &doc, "footnote's", "note's");
    const struct format_press *press = press_of(arena, &doc, &sites, bytes);
    for (unsigned round = 0; round < 64; round++) {
        uint8_t bits[8];
        for (unsigned i = 0; i < 8; i++)
            bits[i] = round >> i & 1;
        struct str copy = format_press_write(press, arena, bits, NULL);
        assert_true(is_of_the_original(arena, copy));
        assert_string_equal(str_z(arena, read_word(arena, copy).text),
                            str_z(arena, scribble_stamp(arena, &doc, &sites, bits)));
        struct str body = part_of(arena, copy, "word/document.xml");
        assert_int_equal(holds(body, "go on"), true);
        assert_int_equal(holds(part_of(arena, copy, "word/footnotes.xml"), "footnote's"), !bits[5]);
        assert_int_equal(holds(part_of(arena, copy, "docProps/core.xml"), "plan of work"),
                         !bits[0]);
    }
    arena_free(arena);
}

static void what_must_not_leave_is_in_no_part(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct format_owner owner = {STR("Li Hua"), STR("77"), STR(""), 0};
    struct str copy = format_press_write(press_of(arena, &doc, NULL, bytes), arena, NULL, &owner);
    struct package package;
    (void)state;
    assert_true(is_of_the_original(arena, copy));
    assert_true(package_open(&package, arena, copy, 1 << 24));
    for (zip_int64_t i = 0; i < zip_get_num_entries(package.zip, 0); i++) {
        const char *path = zip_get_name(package.zip, (zip_uint64_t)i, 0);
        struct str part = package_part(&package, str_of(path));
        static const char *const NEVER[] = {"SECRET",       "spy.example", "rsid",
                                            "macroEnabled", "<w:ins ",     "comment"};
        for (size_t k = 0; k < sizeof NEVER / sizeof *NEVER; k++)
            if (holds(part, NEVER[k]) || holds(str_of(path), NEVER[k]))
                fail_msg("%s holds %s: %.*s", path, NEVER[k], STR_ARG(part));
    }
    package_close(&package);
    struct str header = part_of(arena, copy, "word/header1.xml");
    assert_true(holds(header, "HOUSE HEADER") && holds(header, "CREDIT") &&
                holds(header, "NOTICE") && holds(header, "Li Hua · 77"));
    assert_true(holds(part_of(arena, copy, "own/3.xml"), "CREDIT"));
    assert_true(holds(part_of(arena, copy, "word/media/a.png"), "PNG BYTES"));
    assert_true(holds(part_of(arena, copy, "word/document.xml"), "r:embed=\"p\""));
    assert_true(holds(part_of(arena, copy, "word/_rels/document.xml.rels"),
                      "https://a.example/?x=1&amp;y=2"));
    arena_free(arena);
}

/* Documents of our own making stand for those of others; places may lie anywhere. */
static void a_copy_reads_as_the_members_words_whatever_the_document(void **state)
{
    unsigned kept = 0;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_make();
        struct paper_doc source = scribble_read(arena, scribble_markdown(arena), FORMAT_MARKDOWN);
        struct str bytes =
            format_press_write(press_of(arena, &source, NULL, STR("")), arena, NULL, NULL);
        if (scribble_pressed(arena, source.text).len) {
            struct paper_doc doc = read_word(arena, bytes);
            struct paper_sites sites = scribble_sites(arena, &doc);
            const struct format_press *press = press_of(arena, &doc, &sites, bytes);
            for (int copies = 0; copies < 3; copies++) {
                uint8_t bits[201] = {0};
                for (size_t i = 0; i < sites.nplaces; i++)
                    bits[i] = copies == 0 ? 1 : (uint8_t)scribble_dice(2);
                struct str copy = format_press_write(press, arena, bits, NULL);
                kept += is_of_the_original(arena, copy);
                assert_string_equal(
                    str_z(arena, scribble_pressed(arena, read_word(arena, copy).text)),
                    str_z(arena,
                          scribble_pressed(arena, scribble_stamp(arena, &doc, &sites, bits))));
            }
        }
        arena_free(arena);
    }
    assert_true(kept > 300);
}

static void a_text_that_went_through_markdown_still_fits(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = original(arena);
    struct format_opened opened;
    struct error err;
    (void)state;
    assert_int_equal(format_open(arena, STR("a.docx"), bytes, &opened, &err), STATUS_OK);
    struct paper_doc doc = scribble_read(arena, opened.text, opened.kind);
    assert_false(str_equal(doc.text, read_word(arena, bytes).text)); /* rows were filled up */
    struct paper_site all[2] = {{.rule = STR("word")}};
    struct paper_place places[2];
    struct paper_sites sites = {all, 0, places, 0};
    uint8_t bits[2] = {1, 1};
    add_site(&sites, &doc, "speed up", "hurry");
    add_site(&sites, &doc, "three", "3");
    struct str copy = format_press_write(press_of(arena, &doc, &sites, bytes), arena, bits, NULL);
    assert_true(is_of_the_original(arena, copy));
    assert_string_equal(
        str_z(arena, scribble_pressed(arena, read_word(arena, copy).text)),
        str_z(arena, scribble_pressed(arena, scribble_stamp(arena, &doc, &sites, bits))));
    arena_free(arena);
}

static void another_text_than_the_originals_is_given_anew(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = original(arena);
    struct paper_doc doc = scribble_read(arena, STR("The plan\n\nOther words."), FORMAT_TEXT);
    struct str copy = format_press_write(press_of(arena, &doc, NULL, bytes), arena, NULL, NULL);
    (void)state;
    assert_false(is_of_the_original(arena, copy));
    assert_true(str_equal(read_word(arena, copy).text, doc.text));
    copy = format_press_write(press_of(arena, &doc, NULL, STR("no package")), arena, NULL, NULL);
    assert_false(is_of_the_original(arena, copy));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_members_words_stand_in_the_original_everywhere),
        cmocka_unit_test(what_must_not_leave_is_in_no_part),
        cmocka_unit_test(a_copy_reads_as_the_members_words_whatever_the_document),
        cmocka_unit_test(a_text_that_went_through_markdown_still_fits),
        cmocka_unit_test(another_text_than_the_originals_is_given_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
