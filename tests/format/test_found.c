/* Files that papers are found in and not published from: mails, pages kept as one file, EPUB and OpenDocument. */
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

static void check_words(struct str bytes, const char *kind, const char *wanted)
{
    struct str words;
    const char *how;
    struct error err = {0};
    enum status status = format_open_words(arena, STR("found"), bytes, &words, &how, &err);
    if (status)
        fail_msg("%s", err.en);
    assert_string_equal(str_z(arena, words), wanted);
    assert_string_equal(how, kind);
}

static void check_refused(struct str bytes, const char *en, const char *zh)
{
    struct str words;
    const char *how;
    struct error err = {0};
    assert_int_equal(format_open_words(arena, STR("found"), bytes, &words, &how, &err),
                     STATUS_INPUT);
    assert_non_null(strstr(err.en, en));
    assert_non_null(strstr(err.zh, zh));
}

/* --- messages --------------------------------------------------------------------------------------------- */

#define HEAD "From: someone\r\nSubject: x\r\nMIME-Version: 1.0\r\n"

static const struct {
    const char *message, *words;
} MESSAGES[] = {
    /* A page as browsers keep it: of its parts the first page, whose lines are folded. */
    {HEAD
     "Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--Bound=_1\"\r\n\r\n"
     "----Bound=_1\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
     "<!DOCTYPE html><html><body><p>=E7=94=B2=\r\n=E4=B9=99 a=3Db</p><p>=E4=B8=99</p></body></html>\r\n"
     "----Bound=_1\r\nContent-Type: text/css\r\n\r\np { color: red }\r\n"
     "----Bound=_1\r\nContent-Type: text/html\r\n\r\n<html>frame</html>\r\n----Bound=_1--\r\n",
     "甲乙 a=b\n丙"},
    /* A mail with the same said twice, packed: the page counts, wherever it stands. */
    {HEAD
     "content-type: MULTIPART/mixed; boundary=out\n\nfor old programs\n--out\n"
     "Content-Type: multipart/alternative; boundary=in\n\n--in\n\nplain\n--in\n"
     "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: BASE64\n\n"
     "PHA+5LiA5LqM\n5LiJPC9wPg==\n--in--\n--out\nContent-Type: application/pdf\n\n%PDF-\n--out--\n",
     "一二三"},
    /* Plain text alone, with what looks like a boundary and is none. */
    {HEAD "Content-Type: text/plain; charset=utf-8\n\nOne line.\n--out\nAnother.\n",
     "One line.\n--out\nAnother.\n"},
    /* Cut off in the middle of a part's head and of a part. */
    {HEAD
     "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nwhole\n--b\nContent-Ty",
     "whole\n"},
};

static void a_message_is_read_as_the_page_in_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MESSAGES / sizeof *MESSAGES; i++)
        check_words(str_of(MESSAGES[i].message), "mail", MESSAGES[i].words);
}

static void a_text_that_begins_like_a_message_is_a_text(void **state)
{
    static const char *const TEXTS[] = {
        "Present: the chair\nContent-Type: minutes\n\nAll agreed.\n",
        "MIME-Version: 1.0\nand more in a sentence: of a paper about mail\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        check_words(str_of(TEXTS[i]), "text", TEXTS[i]);
}

static void a_mail_that_only_brings_files_says_so(void **state)
{
    (void)state;
    check_refused(STR(HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                           "Content-Type: application/pdf\n\n%PDF-\n--b--\n"),
                  "a mail without words", "没有正文的邮件");
    check_refused(STR(HEAD "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n==\n"),
                  "a mail without words", "没有正文的邮件");
}

static void parts_within_parts_end(void **state)
{
    struct buf deep = {.arena = arena};
    struct str words;
    const char *how;
    struct error err;
    (void)state;
    buf_add(&deep, STR(HEAD));
    for (int i = 0; i < 100000; i++)
        buf_add(&deep, STR("Content-Type: multipart/mixed; boundary=b\n\n--b\n"));
    assert_int_equal(format_open_words(arena, STR("found"), buf_str(&deep), &words, &how, &err),
                     STATUS_INPUT);
}

/* --- pages ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *page, *words;
} PAGES[] = {
    /* What stands within a line and what begins one; blanks as a browser shows them. */
    {"<!DOCTYPE html>\n<html><head><title>t</title></head><body><P>One\n <b>two</B>three</p>four<br/>five"
     "<DIV>six  seven</div>\n</body></html>",
     "One twothree\nfour\nfive\nsix seven"},
    /* A paragraph ends a head that nobody ends, and an end tag alone ends nothing. */
    {"<html><head><title>t</title><p>甲</i>乙</template>丙", "甲乙丙"},
    /* What nobody sees, with more of the same in it, and ends that only look like it. */
    {"<html>a<script>if (a<b) '</p>' </scripty></script>b<svg><text>x</text><svg/><svg></svg>y</svg>c"
     "<template><template></template>z</template>d<style/>e<noscript><p>n</noscript >f",
     "abcdef"},
    {"<html>a<style>b", "a"},
    {"<html>a<svg><b>b</b>", "a"},
    /* Comments, and what browsers take for them. */
    {"<html>a<!-- <p>x</p> -- > y -->b<!-->c<!doctype x>d<?php 'e' ?>f</ g>h</>i", "abcdfhi"},
    {"<html>a<!-- b", "a"},
    /* Attributes may hold what would end a tag; a tag cut off is none. */
    {"<html><a title='>\"' href = \"<p>\" x=>a</a><b c=d>b</b e='>'>c<a href='", "abc"},
    /* Signs by name and number; what is none stays as it stands. */
    {"<html>&ldquo;a&#8221; &#x4E2d;&AMP;&amp;lt;&lt;p>&nosuch; & &# &#0;&#1114112;AT&ampT a < b <3",
     "“a” 中&AMP;&lt;<p>&nosuch; & &# ��AT&ampT a < b <3"},
};

static void a_saved_page_is_read_as_a_browser_shows_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++)
        check_words(str_of(PAGES[i].page), "HTML", PAGES[i].words);
}

/* --- packages --------------------------------------------------------------------------------------------- */

struct part {
    const char *path, *text;
};

/* The first part lies as it is, as these formats want it. */
static struct str zipped_of(const struct part *parts, const size_t *lens, size_t count)
{
    zip_error_t why;
    zip_stat_t stat;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &why);
    for (size_t i = 0; i < count; i++) {
        size_t len = lens ? lens[i] : strlen(parts[i].text);
        zip_int64_t at =
            zip_file_add(zip, parts[i].path, zip_source_buffer(zip, parts[i].text, len, 0), 0);
        assert_true(at >= 0);
        if (i == 0)
            assert_int_equal(zip_set_file_compression(zip, 0, ZIP_CM_STORE, 0), 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_stat(source, &stat), 0);
    char *bytes = arena_take(arena, (size_t)stat.size + 1);
    assert_int_equal(zip_source_read(source, bytes, stat.size), (zip_int64_t)stat.size);
    zip_source_close(source);
    zip_source_free(source);
    return (struct str){bytes, (size_t)stat.size};
}

static struct str zipped(const struct part *parts, size_t count)
{
    return zipped_of(parts, NULL, count);
}

#define EPUB                               \
    {                                      \
        "mimetype", "application/epub+zip" \
    }
#define CONTAINER                                                                                \
    {                                                                                            \
        "META-INF/container.xml",                                                                \
            "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>"   \
            "<rootfile full-path=\"in/book.opf\" media-type=\"application/oebps-package+xml\"/>" \
            "</rootfiles></container>"                                                           \
    }

static void a_book_is_read_in_the_order_of_its_spine(void **state)
{
    static const struct part PARTS[] = {
        EPUB,
        CONTAINER,
        {"in/book.opf",
         "<package xmlns=\"http://www.idpf.org/2007/opf\"><manifest><item id=\"b\" href=\"text/b.xhtml\"/>"
         "<item id=\"a\" href=\"a.xhtml\"/><item id=\"picture\" href=\"a.png\"/></manifest>"
         "<spine><itemref idref=\"b\"/><itemref idref=\"none\"/><itemref idref=\"a\"/>"
         "<itemref idref=\"a\"/></spine></package>"},
        {"in/a.xhtml", "<html><head><title>t</title></head><body><p>后来</p></body></html>"},
        {"in/text/b.xhtml", "<!DOCTYPE html><html><body><h1>First</h1><p>先</p></body></html>"},
        {"in/word/trap", "x"},
    };
    (void)state;
    check_words(zipped(PARTS, sizeof PARTS / sizeof *PARTS), "EPUB", "First\n先\n后来");
    check_refused(zipped(PARTS, 2), "an EPUB without words", "已损坏的 EPUB");
}

#define ODT                                                   \
    {                                                         \
        "mimetype", "application/vnd.oasis.opendocument.text" \
    }
#define ODT_BEGIN \
    "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><office:body><office:text>"
#define ODT_END "</office:text></office:body></office:document-content>"

static void an_open_document_is_read_as_a_person_reads_it(void **state)
{
    static const struct part PARTS[] = {
        ODT,
        {"content.xml", ODT_BEGIN
         "<text:tracked-changes><text:p>struck out</text:p></text:tracked-changes>"
         "<text:h>标题</text:h>\n<text:p>甲<text:span>乙</text:span><text:s/>"
         "<text:s text:c=\"2\"/>丙<text:note><text:note-citation>1</text:note-citation>"
         "<text:note-body><text:p>A note.</text:p></text:note-body></text:note>丁"
         "<text:line-break/>戊</text:p><text:p/><text:p>End<text:tab/>of it</text:p>" ODT_END},
    };
    static const struct part DAMAGED[] = {ODT, {"content.xml", ODT_BEGIN "<text:p>a</text:h>"}};
    (void)state;
    check_words(zipped(PARTS, 2), "ODT", "标题\n甲乙   丙丁\n戊\nEnd\tof it\nA note.");
    check_refused(zipped(DAMAGED, 2), "damaged", "已损坏");
    check_refused(zipped(DAMAGED, 1), "damaged", "已损坏");
}

/* Comments, instructions and quotes hold what would be a tag, and nothing of it counts. */
static void an_open_document_is_read_whatever_stands_around_its_words(void **state)
{
    static const struct part ODD[] = {
        ODT,
        {.path = "content.xml",
         .text = "<?xml version='1.0'?><!-- <a --><?b <c ' ?>" ODT_BEGIN
                 "<text:p text:style-name='>' text:id=\"'\">甲<![CDATA[<d ']]></text:p>" ODT_END}};
    char wide[2 + 2 * sizeof ODT_BEGIN + 200] = "\xFF\xFE";
    size_t len = 2;
    const char *narrow = ODT_BEGIN "<text:p>In two bytes</text:p>" ODT_END;
    for (; *narrow; narrow++, len += 2)
        wide[len] = *narrow;
    const struct part utf16[] = {ODT, {"content.xml", wide}};
    const size_t lens[] = {strlen(utf16[0].text), len};
    (void)state;
    check_words(zipped(ODD, 2), "ODT", "甲<d '");
    check_words(zipped_of(utf16, lens, 2), "ODT", "In two bytes");
}

static void a_paper_is_not_published_from_them(void **state)
{
    static const struct part BOOK[] = {EPUB, CONTAINER};
    static const struct part TEXT[] = {ODT, {"content.xml", ODT_BEGIN ODT_END}};
    struct format_opened opened;
    struct error err = {0};
    (void)state;
    assert_int_equal(format_open(arena, STR("a"), zipped(BOOK, 2), &opened, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "an EPUB; publish the document"));
    assert_int_equal(format_open(arena, STR("a"), zipped(TEXT, 2), &opened, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "save it as DOCX"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_read_as_the_page_in_it),
        cmocka_unit_test(a_text_that_begins_like_a_message_is_a_text),
        cmocka_unit_test(a_mail_that_only_brings_files_says_so),
        cmocka_unit_test(parts_within_parts_end),
        cmocka_unit_test(a_saved_page_is_read_as_a_browser_shows_it),
        cmocka_unit_test(a_book_is_read_in_the_order_of_its_spine),
        cmocka_unit_test(an_open_document_is_read_as_a_person_reads_it),
        cmocka_unit_test(an_open_document_is_read_whatever_stands_around_its_words),
        cmocka_unit_test(a_paper_is_not_published_from_them),
    };
    return cmocka_run_group_tests_name("found", tests, begin, end);
}
