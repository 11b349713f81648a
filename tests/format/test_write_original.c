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
    {"word/settings.xml", "<w:settings " NAMES "/>"},
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
     "<w:p><w:r><w:instrText> INCLUDEPICTURE \"http://SECRET\" </w:instrText></w:r>" RUN("Last paragraph.") "<w:fldSimple w:instr=\" INCLUDEPICTURE &quot;http://SECRET&quot; \">" RUN(" ") "</w:fldSimple></w:p>"
     "<w:tbl><w:tr><w:tc><w:p>" RUN("one ") "</w:p></w:tc></w:tr><w:tr><w:tc><w:p>" RUN("two") "</w:p></w:tc><w:tc><w:p>" RUN("three") "</w:p></w:tc></w:tr></w:tbl>"
     "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"h\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr></w:body></w:document>"},
};
/* clang-format on */

/* The same package with another text in two of its parts. */
struct instead {
    const char *path, *text;
};
static struct str original_with(struct arena *arena, struct instead a, struct instead b)
{
    struct zip_press *zip = zip_press_make(arena);
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        const char *path = PARTS[i].path;
        const char *text = a.path && strcmp(path, a.path) == 0   ? a.text
                           : b.path && strcmp(path, b.path) == 0 ? b.text
                                                                 : PARTS[i].text;
        zip_press_add(zip, str_of(path), str_of(text));
    }
    return zip_press_write(zip, arena, NULL, NULL);
}

static struct str original(struct arena *arena)
{
    return original_with(arena, (struct instead){0}, (struct instead){0});
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

#define BODY(TEXT)                                                                    \
    "<w:document " NAMES                                                              \
    "><w:body><w:p><w:pPr><w:pStyle w:val=\"T\"/></w:pPr>" RUN("Title") "</w:p>" TEXT \
                                                                        "</w:body></w:document>"
#define ENDS     "<w:rPr><w:del w:author=\"SECRET\"/></w:rPr>"
#define GONE(T)  "<w:del w:id=\"1\"><w:r><w:delText>SECRET " T "</w:delText></w:r></w:del>"
#define CELL(T)  "<w:tc><w:p>" T "</w:p></w:tc>"
#define GONE_ROW "<w:tr><w:trPr><w:del w:author=\"SECRET\"/></w:trPr>" CELL(GONE("row")) "</w:tr>"

/* What tracked deletions took away besides words is gone, and the rest looks as it did. */
static void deleted_ends_rows_and_tables_leave_the_original_as_it_is(void **state)
{
    static const struct {
        const char *body, *stands; /* what the copy's body holds */
    } CASES[] = {
        {BODY("<w:p><w:pPr><w:jc w:val=\"left\"/>" ENDS "</w:pPr>" RUN(
             "One ") "</w:p>"
                     "<w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr>" RUN("line.") "</w:p>"),
         "<w:p><w:pPr><w:jc w:val=\"left\"/><w:rPr></w:rPr></w:pPr><w:r>"
         "<w:t xml:space=\"preserve\">One </w:t></w:r><w:r>"},
        {BODY("<w:p><w:pPr>" ENDS "</w:pPr>" RUN("One ") "</w:p><w:p><w:pPr>" ENDS "</w:pPr>" GONE(
             "between") "</w:p><w:bookmarkStart/><w:p>" RUN("line.") "</w:p>"),
         "line."},
        {BODY("<w:p><w:pPr><w:pStyle w:val=\"T\"/>" ENDS "</w:pPr>" GONE(
             "heading") "</w:p><w:p>"
                        "<w:pPr><w:jc w:val=\"right\"/></w:pPr>" RUN("Words.") "</w:p>"),
         "<w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr><w:r>"},
        {BODY("<w:tbl><w:tr>" CELL(RUN("one")) "</w:tr>" GONE_ROW
                                               "<w:tr>" CELL(RUN("two")) "</w:tr></w:tbl>"),
         "</w:tr><w:tr>"},
        {BODY("<w:tbl>" GONE_ROW "</w:tbl><w:p>" RUN("Words.") "</w:p>"), "Words."},
        {BODY("<w:tbl><w:tr>"
              "<w:tc><w:tbl>" GONE_ROW "</w:tbl><w:p>" RUN("in") "</w:p></w:tc></w:tr></w:tbl>"),
         "<w:tc><w:p>"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct arena *arena = arena_make();
        struct str bytes = original_with(
            arena, (struct instead){"word/document.xml", CASES[i].body}, (struct instead){0});
        struct paper_doc doc = read_word(arena, bytes);
        struct str copy = format_press_write(press_of(arena, &doc, NULL, bytes), arena, NULL, NULL);
        struct str body = part_of(arena, copy, "word/document.xml");
        assert_true(is_of_the_original(arena, copy));
        assert_string_equal(str_z(arena, read_word(arena, copy).text), str_z(arena, doc.text));
        if (!holds(body, CASES[i].stands) || holds(body, "SECRET") || holds(body, "<w:del"))
            fail_msg("case %zu: %.*s", i, STR_ARG(body));
        arena_free(arena);
    }
}

/* What would have to be guessed is not: the last end of all, and a break of sections in what joins. */
static void a_deleted_end_with_nothing_to_join_is_given_anew(void **state)
{
    static const char *const BODIES[] = {
        BODY("<w:p><w:pPr>" ENDS "</w:pPr>" RUN("Last.") "</w:p>"),
        BODY("<w:p><w:pPr>" ENDS
             "</w:pPr>" RUN("Words.") "</w:p><w:tbl><w:tr>" CELL(RUN("a")) "</w:tr></w:tbl>"),
        BODY("<w:p><w:pPr>" ENDS
             "</w:pPr>" RUN("One ") "</w:p>"
                                    "<w:p><w:pPr><w:sectPr/></w:pPr>" RUN("line.") "</w:p>"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        struct arena *arena = arena_make();
        struct str bytes = original_with(arena, (struct instead){"word/document.xml", BODIES[i]},
                                         (struct instead){0});
        struct paper_doc doc = read_word(arena, bytes);
        struct str copy = format_press_write(press_of(arena, &doc, NULL, bytes), arena, NULL, NULL);
        assert_false(is_of_the_original(arena, copy));
        assert_string_equal(str_z(arena, read_word(arena, copy).text), str_z(arena, doc.text));
        arena_free(arena);
    }
}

/* Notes as Word writes them: a blank behind the sign, in a run of its own or not, and paragraphs. */
static void notes_keep_their_words_whatever_stands_around_them(void **state)
{
    static const char *const NOTES[] = {
        "<w:p>" RUN(" The footnote's words. ") "</w:p>",
        "<w:p><w:r><w:footnoteRef/></w:r>" RUN(" ") RUN("The footnote's") RUN(" words.") "</w:p>",
        "<w:p>" RUN("The foot") RUN("note's ") "</w:p><w:p>" RUN(" words.") "</w:p>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof NOTES / sizeof *NOTES; i++) {
        struct arena *arena = arena_make();
        struct str notes = str_format(
            arena, "<w:footnotes " NAMES "><w:footnote w:id=\"2\">%s</w:footnote></w:footnotes>",
            NOTES[i]);
        struct str bytes =
            original_with(arena, (struct instead){"word/footnotes.xml", str_z(arena, notes)},
                          (struct instead){0});
        struct paper_doc doc = read_word(arena, bytes);
        struct paper_site all[2] = {{.rule = STR("word")}};
        struct paper_place places[2];
        struct paper_sites sites = {all, 0, places, 0};
        add_site(&sites, &doc, "footnote's", "note's");
        const struct format_press *press = press_of(arena, &doc, &sites, bytes);
        for (uint8_t bit = 0; bit < 2; bit++) {
            struct str copy = format_press_write(press, arena, &bit, NULL);
            assert_true(is_of_the_original(arena, copy));
            assert_string_equal(str_z(arena, read_word(arena, copy).text),
                                str_z(arena, scribble_stamp(arena, &doc, &sites, &bit)));
        }
        arena_free(arena);
    }
}

static unsigned times(struct str text, const char *words)
{
    unsigned count = 0;
    for (size_t at = 0; (at = str_find(text, str_of(words), at)) != SIZE_MAX; at++)
        count++;
    return count;
}

static void a_copy_that_is_published_again_is_whole(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct str copy = format_press_write(press_of(arena, &doc, NULL, bytes), arena, NULL, NULL);
    struct paper_doc again = read_word(arena, copy);
    struct str second = format_press_write(press_of(arena, &again, NULL, copy), arena, NULL, NULL);
    struct str relations = part_of(arena, second, "word/_rels/document.xml.rels");
    struct str body = part_of(arena, second, "word/document.xml");
    (void)state;
    assert_true(is_of_the_original(arena, second));
    assert_string_equal(str_z(arena, read_word(arena, second).text), str_z(arena, doc.text));
    for (unsigned k = 0; k < 6; k++) {
        char id[] = "\"own0\"";
        char path[] = "own/0.xml";
        id[4] = path[4] = (char)('0' + k);
        assert_int_equal(times(relations, id), 1);
        assert_int_equal(times(relations, path), 1);
        assert_int_equal(times(part_of(arena, second, "[Content_Types].xml"), path), 1);
        /* The first section has a header of its own on most pages. */
        assert_int_equal(times(body, id), k > 0);
        assert_int_equal(times(second, path), 2); /* a part and its entry in the list */
    }
    arena_free(arena);
}

static void ids_of_parts_that_are_added_are_nobody_elses(void **state)
{
    struct arena *arena = arena_make();
    struct str relations = str_format(
        arena,
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"own0\" Type=\"" OFFICE "header\" Target=\"header1.xml\"/>"
        "<Relationship Id=\"own\" Type=\"" OFFICE "styles\" Target=\"styles.xml\"/>"
        "<Relationship Id=\"f\" Type=\"" OFFICE "footnotes\" Target=\"footnotes.xml\"/>"
        "</Relationships>");
    struct str bytes = original_with(
        arena, (struct instead){"word/_rels/document.xml.rels", str_z(arena, relations)},
        (struct instead){0});
    struct paper_doc doc = read_word(arena, bytes);
    struct str copy = format_press_write(press_of(arena, &doc, NULL, bytes), arena, NULL, NULL);
    (void)state;
    assert_true(is_of_the_original(arena, copy));
    assert_int_equal(times(part_of(arena, copy, "word/_rels/document.xml.rels"), "Id=\"own0\""), 1);
    arena_free(arena);
}

/* Else every paper with notes or numbers that Word makes up would lose its look to a mark that stands in one. */
static void sites_where_the_document_has_no_letters_are_locked(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct paper_site all[4] = {{.rule = STR("word")}};
    struct paper_place places[4];
    struct paper_sites sites = {all, 0, places, 0};
    uint8_t bits[4] = {1, 1, 0, 1};
    (void)state;
    add_site(&sites, &doc, "speed up", "hurry");
    add_site(&sites, &doc, "[1].", "(1).");
    add_site(&sites, &doc, "[1] ", "[1]\xC2\xA0");
    add_site(&sites, &doc, "footnote's", "note's");
    format_docx_lock_sites(bytes, &doc, &sites);
    assert_false(all[0].locked || all[3].locked);
    assert_true(all[1].locked && all[2].locked);
    bits[1] = 0; /* as of every site that is locked */
    struct str copy = format_press_write(press_of(arena, &doc, &sites, bytes), arena, bits, NULL);
    assert_true(is_of_the_original(arena, copy));
    assert_string_equal(str_z(arena, read_word(arena, copy).text),
                        str_z(arena, scribble_stamp(arena, &doc, &sites, bits)));
    arena_free(arena);
}

/* --- marks of the layout -------------------------------------------------------------------------- */

/* clang-format off */
static const char STYLES[] =
    "<w:styles " NAMES "><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val=\"24\"/></w:rPr></w:rPrDefault>"
    "<w:pPrDefault><w:pPr><w:spacing w:before=\"60\"/></w:pPr></w:pPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"N\"><w:name w:val=\"Normal\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"B\"><w:name w:val=\"Body\"/><w:basedOn w:val=\"N\"/>"
    "<w:pPr><w:spacing w:before=\"120\" w:line=\"360\"/></w:pPr><w:rPr><w:spacing w:val=\"-6\"/><w:sz w:val=\"32\"/></w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"L\"><w:name w:val=\"List\"/><w:basedOn w:val=\"N\"/><w:pPr><w:contextualSpacing/></w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"H\"><w:name w:val=\"Half\"/><w:basedOn w:val=\"N\"/><w:pPr><w:spacing w:beforeLines=\"50\" w:before=\"156\"/></w:pPr></w:style>"
    "<w:style w:type=\"character\" w:styleId=\"C\"><w:name w:val=\"Large\"/><w:rPr><w:spacing w:val=\"8\"/><w:sz w:val=\"40\"/></w:rPr></w:style></w:styles>";

static const char BODY[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document " NAMES "><w:body>"
    "<w:p>" RUN("The work of the year") "</w:p>"
    "<w:p>" RUN("Below the title, where no line is moved.") "</w:p>"
    "<w:p>" RUN("First, without properties, as it stands; and so on.") "</w:p>"
    "<w:p><w:pPr><w:pStyle w:val=\"B\"/><w:keepNext/><w:snapToGrid w:val=\"0\"/><w:ind w:left=\"0\"/><w:jc w:val=\"both\"/><w:rPr><w:spacing w:val=\"3\"/></w:rPr></w:pPr>"
    RUN("Second, in a style, ") "<w:r><w:rPr><w:rStyle w:val=\"C\"/><w:b/><w:color w:val=\"FF0000\"/><w:kern w:val=\"0\"/><w:lang w:val=\"en-US\"/></w:rPr><w:t>large, &amp; bold, here</w:t></w:r></w:p>"
    "<w:p><w:pPr><w:pStyle w:val=\"B\"/><w:spacing w:line=\"400\" w:before=\"300\" w:after=\"20\"></w:spacing><w:jc w:val=\"left\"/></w:pPr>"
    "<w:ins w:author=\"SECRET\"><w:r><w:rPr><w:i/><w:spacing w:val=\"14\"/><w:sz w:val=\"21\"/><w:rPrChange w:author=\"SECRET\"><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr><w:t>Third, spaced out, again, </w:t><w:tab/><w:t>and, more</w:t></w:r></w:ins></w:p>"
    "<w:p><w:pPr><w:pStyle w:val=\"B\"/><w:spacing w:before=\"300\"/></w:pPr><w:r><w:rPr><w:sz w:val=\"21\"/></w:rPr><w:t>Fourth with a space of its own.</w:t></w:r></w:p>"
    "<w:p><w:pPr><w:spacing w:before=\"100\" w:beforeAutospacing=\"1\"/></w:pPr>" RUN("Fifth as Word likes it.") "</w:p>"
    "<w:p><w:pPr><w:pStyle w:val=\"H\"/><w:spacing w:after=\"7\"/></w:pPr>" RUN("Half a line, as Word and WPS say it.") "</w:p>"
    "<w:p><w:pPr><w:spacing w:beforeLines=\"50\"/></w:pPr>" RUN("Half a line alone.") "</w:p>"
    "<w:p><w:pPr><w:pStyle w:val=\"L\"/></w:pPr>" RUN("One of a list, with space.") "</w:p>"
    "<w:p><w:pPr><w:pStyle w:val=\"L\"/></w:pPr>" RUN("Two of a list, without.") "</w:p>"
    "<w:p><w:pPr><w:spacing w:after=\"200\"/></w:pPr>" RUN("With room below.") "</w:p>"
    "<w:p>" RUN("Less room above.") "</w:p>"
    "<w:p><w:pPr/>" RUN("Sixth, with a box") "<w:r><w:drawing><w:txbxContent><w:p><w:pPr><w:pStyle w:val=\"B\"/></w:pPr>" RUN("Boxed words, to wit, these") "</w:p></w:txbxContent></w:drawing><w:t>, beside it</w:t></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:p><w:pPr><w:pStyle w:val=\"B\"/></w:pPr>" RUN("one, two, three") "</w:p></w:tc></w:tr></w:tbl>"
    "<w:p><w:r><w:rPr><w:fitText w:val=\"900\"/></w:rPr><w:t>Fitted, to a width</w:t></w:r></w:p>"
    "</w:body></w:document>";
/* clang-format on */

static struct str styled_original(struct arena *arena)
{
    return original_with(arena, (struct instead){"word/styles.xml", STYLES},
                         (struct instead){"word/document.xml", BODY});
}

static const char *const PLACES_OF_RUN[] = {"rStyle", "b",  "i",       "color", "spacing",
                                            "kern",   "sz", "fitText", "lang"};
static const char *const PLACES_OF_PARAGRAPH[] = {"pStyle", "keepNext", "snapToGrid", "spacing",
                                                  "ind",    "jc",       "rPr"};

static size_t rank_of(const char *name, const char *const *names, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    assert_true(i < count);
    return i;
}

/* Children of properties stand in the order of the schema, none twice. */
static void check_order(struct str part)
{
    struct xml xml = xml_open(part);
    size_t last = 0;
    int inside = 0;
    bool run = false;
    while (xml_next(&xml)) {
        int depth = xmlTextReaderDepth(xml.reader);
        if (!xml_is_element(&xml))
            continue;
        if (inside && depth == inside) {
            const char *name = (const char *)xmlTextReaderConstLocalName(xml.reader);
            size_t rank =
                1 + (run ? rank_of(name, PLACES_OF_RUN, 9) : rank_of(name, PLACES_OF_PARAGRAPH, 7));
            assert_true(rank > last);
            last = rank;
        }
        if (inside && depth < inside)
            inside = 0;
        if (!inside && (xml_begins(&xml, "rPr") || xml_begins(&xml, "pPr"))) {
            run = xml_begins(&xml, "rPr");
            inside = xml_is_empty(&xml) ? 0 : depth + 1;
            last = 0;
        }
    }
    assert_true(xml_close(&xml));
}

static const struct paper_shift *shift_at(const struct paper_seen *seen, size_t at,
                                          enum paper_shift_kind kind)
{
    for (size_t i = 0; i < seen->nshifts; i++)
        if (seen->shifts[i].at == at && seen->shifts[i].kind == kind)
            return &seen->shifts[i];
    return NULL;
}

/* How many marks were read; each that was says its bit. */
static unsigned check_marks(struct arena *arena, struct str copy, const struct paper_doc *doc,
                            const struct paper_sites *sites, const uint8_t *bits)
{
    struct paper_seen seen;
    struct error err;
    unsigned read = 0;
    assert_int_equal(format_read_docx_shifts(arena, STR("found.docx"), copy, &seen, &err),
                     STATUS_OK);
    assert_string_equal(str_z(arena, seen.text), str_z(arena, doc->text));
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        const struct paper_site *site = &sites->sites[place->site];
        if (site->channel != PAPER_LAYOUT || site->locked)
            continue;
        bool gap = paper_site_shift(site) == PAPER_SHIFT_GAP;
        const struct paper_shift *found =
            shift_at(&seen, gap ? place->at + place->len : place->at, paper_site_shift(site));
        double want = bits[place->site] ? gap ? PAPER_GAP_EMS : PAPER_LINE_EMS : 0;
        read += found != NULL;
        if (found && !((double)found->ems - want < 0.006 && want - (double)found->ems < 0.006))
            fail_msg("at %zu: %.3f for %.3f", place->at, (double)found->ems, want);
    }
    return read;
}

static uint32_t layout_site(const struct paper_doc *doc, const struct paper_sites *sites,
                            const char *words)
{
    size_t at = str_find(doc->text, str_of(words), 0);
    size_t i = paper_place_from(sites, at);
    assert_true(i < sites->nplaces && sites->places[i].at == at);
    assert_int_equal(sites->sites[sites->places[i].site].channel, PAPER_LAYOUT);
    return sites->places[i].site;
}

static struct str body_of(struct arena *arena, const struct format_press *press,
                          const uint8_t *bits)
{
    return part_of(arena, format_press_write(press, arena, bits, NULL), "word/document.xml");
}

static void marks_of_the_layout_are_spacing_within_the_originals_own(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = styled_original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct paper_sites sites;
    struct error err;
    unsigned marks = 0;
    (void)state;
    assert_int_equal(
        paper_find_sites(arena, &doc, paper_lexicon_make(arena), PAPER_FULL, &sites, &err),
        STATUS_OK);
    format_docx_lock_sites(bytes, &doc, &sites);
    for (uint32_t i = 0; i < sites.nsites; i++)
        marks += sites.sites[i].channel == PAPER_LAYOUT && !sites.sites[i].locked;
    const struct format_press *press = press_of(arena, &doc, &sites, bytes);
    uint8_t *bits = arena_take(arena, sites.nsites);
    memset(bits, 0, sites.nsites);
    /* Nothing tells where marks could be. */
    assert_true(str_equal(body_of(arena, press, bits),
                          body_of(arena, press_of(arena, &doc, NULL, bytes), NULL)));
    for (unsigned round = 0; round < 40; round++) {
        for (uint32_t i = 0; i < sites.nsites; i++)
            bits[i] = sites.sites[i].channel == PAPER_LAYOUT && (round == 0 || scribble_dice(2));
        stamp_apply_locks(&sites, bits);
        bits[layout_site(&doc, &sites, "First")] = 1; /* else nobody knows that there are any */
        bits[layout_site(&doc, &sites, ", as it")] = 1;
        struct str copy = format_press_write(press, arena, bits, NULL);
        assert_true(is_of_the_original(arena, copy));
        check_order(part_of(arena, copy, "word/document.xml"));
        /* The two paragraphs with the same space of their own explain each other, where they differ. */
        bool differ =
            bits[layout_site(&doc, &sites, "Third")] != bits[layout_site(&doc, &sites, "Fourth")];
        assert_int_equal(check_marks(arena, copy, &doc, &sites, bits), marks - (differ ? 0 : 2));
        for (uint32_t i = 0; i < sites.nsites; i++)
            bits[i] = (uint8_t)scribble_dice(2);
        stamp_apply_locks(&sites, bits);
        copy = format_press_write(press, arena, bits, NULL);
        assert_string_equal(str_z(arena, read_word(arena, copy).text),
                            str_z(arena, scribble_stamp(arena, &doc, &sites, bits)));
    }
    arena_free(arena);
}

/* Else they would be measured on paper, and taken for bit 0. */
static void sites_whose_layout_cant_be_moved_are_locked(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = styled_original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct paper_sites sites;
    struct error err;
    unsigned marks = 0;
    (void)state;
    assert_int_equal(
        paper_find_sites(arena, &doc, paper_lexicon_make(arena), PAPER_FULL, &sites, &err),
        STATUS_OK);
    format_docx_lock_sites(bytes, &doc, &sites);
    uint8_t *bits = arena_take(arena, sites.nsites);
    for (uint32_t i = 0; i < sites.nsites; i++) {
        bits[i] = sites.sites[i].channel == PAPER_LAYOUT && !sites.sites[i].locked;
        marks += bits[i];
    }
    assert_true(sites.sites[layout_site(&doc, &sites, "Half a line alone")].locked);
    assert_true(sites.sites[layout_site(&doc, &sites, "Two of a list")].locked);
    assert_true(sites.sites[layout_site(&doc, &sites, "Less room above")].locked);
    assert_false(sites.sites[layout_site(&doc, &sites, "One of a list")].locked);
    bits[layout_site(&doc, &sites, "Third")] = 0; /* so that the next one is seen to differ */
    struct str copy = format_press_write(press_of(arena, &doc, &sites, bytes), arena, bits, NULL);
    assert_int_equal(check_marks(arena, copy, &doc, &sites, bits), marks);
    arena_free(arena);
}

/* Where a document asks for it, the space above counts whatever stands below the paragraph before. */
static void spaces_that_are_added_up_are_both_there_to_be_moved(void **state)
{
    static const char *const SETTINGS[] = {
        "<w:settings " NAMES "/>",
        "<w:settings " NAMES
        "><w:compat><w:doNotUseHTMLParagraphAutoSpacing/></w:compat></w:settings>"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct arena *arena = arena_make();
        struct str bytes = original_with(arena, (struct instead){"word/settings.xml", SETTINGS[i]},
                                         (struct instead){"word/document.xml", BODY});
        struct paper_doc doc = read_word(arena, bytes);
        struct paper_sites sites;
        struct error err;
        assert_int_equal(
            paper_find_sites(arena, &doc, paper_lexicon_make(arena), PAPER_FULL, &sites, &err),
            STATUS_OK);
        format_docx_lock_sites(bytes, &doc, &sites);
        assert_int_equal(sites.sites[layout_site(&doc, &sites, "Less room")].locked, i == 0);
        arena_free(arena);
    }
}

/* What is said in properties already is kept. */
static void what_properties_say_besides_stays(void **state)
{
    struct arena *arena = arena_make();
    struct str bytes = styled_original(arena);
    struct paper_doc doc = read_word(arena, bytes);
    struct paper_sites sites;
    struct error err;
    (void)state;
    assert_int_equal(
        paper_find_sites(arena, &doc, paper_lexicon_make(arena), PAPER_FULL, &sites, &err),
        STATUS_OK);
    uint8_t *bits = arena_take(arena, sites.nsites);
    for (uint32_t i = 0; i < sites.nsites; i++)
        bits[i] = sites.sites[i].channel == PAPER_LAYOUT;
    struct str body = body_of(arena, press_of(arena, &doc, &sites, bytes), bits);
    static const char *const THERE[] = {
        "<w:p><w:pPr><w:spacing w:before=\"84\" w:beforeLines=\"0\"/></w:pPr><w:r>",
        "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"152\" w:beforeLines=\"0\"/><w:ind w:left=\"0\"/>",
        "<w:spacing w:before=\"321\" w:beforeLines=\"0\" w:line=\"400\" w:after=\"20\"></w:spacing><w:jc",
        "<w:spacing w:before=\"180\" w:beforeLines=\"0\" w:after=\"7\"/>",
        "<w:spacing w:beforeLines=\"50\"/>",
        "<w:spacing w:before=\"100\" w:beforeAutospacing=\"1\"/>",
        "<w:r><w:rPr><w:rStyle w:val=\"C\"/><w:b/><w:color w:val=\"FF0000\"/><w:spacing w:val=\"58\"/>"
        "<w:kern w:val=\"0\"/><w:lang w:val=\"en-US\"/></w:rPr><w:t xml:space=\"preserve\">,</w:t></w:r>"
        "<w:r><w:rPr><w:rStyle w:val=\"C\"/><w:b/><w:color w:val=\"FF0000\"/><w:kern w:val=\"0\"/>"
        "<w:lang w:val=\"en-US\"/></w:rPr><w:t xml:space=\"preserve\"> &amp; bold",
        "<w:i/><w:spacing w:val=\"40\"/><w:sz w:val=\"21\"/></w:rPr><w:t xml:space=\"preserve\">,</w:t>",
        "<w:rPr><w:spacing w:val=\"30\"/></w:rPr><w:t xml:space=\"preserve\">;</w:t>",
    };
    for (size_t i = 0; i < sizeof THERE / sizeof *THERE; i++)
        if (!holds(body, THERE[i]))
            fail_msg("no %s in %.*s", THERE[i], STR_ARG(body));
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
        cmocka_unit_test(deleted_ends_rows_and_tables_leave_the_original_as_it_is),
        cmocka_unit_test(a_deleted_end_with_nothing_to_join_is_given_anew),
        cmocka_unit_test(notes_keep_their_words_whatever_stands_around_them),
        cmocka_unit_test(a_copy_that_is_published_again_is_whole),
        cmocka_unit_test(ids_of_parts_that_are_added_are_nobody_elses),
        cmocka_unit_test(sites_where_the_document_has_no_letters_are_locked),
        cmocka_unit_test(marks_of_the_layout_are_spacing_within_the_originals_own),
        cmocka_unit_test(sites_whose_layout_cant_be_moved_are_locked),
        cmocka_unit_test(spaces_that_are_added_up_are_both_there_to_be_moved),
        cmocka_unit_test(what_properties_say_besides_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
