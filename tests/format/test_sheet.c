/* Spreadsheets as rows of text: what a person sees, from XLSX, CSV and the clipboard; and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#include "format/sheet.h"

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

/* The rows as "number:a|b|c" a line. */
static const char *shown(const struct sheet *sheet)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR(""));
    for (size_t r = 0; r < sheet->nrows; r++) {
        buf_format(&out, "%u:", sheet->rows[r].number);
        for (size_t c = 0; c < sheet->rows[r].ncells; c++)
            buf_format(&out, "%s%.*s", c ? "|" : "", STR_ARG(sheet->rows[r].cells[c]));
        buf_add_byte(&out, '\n');
    }
    return out.at;
}

static const struct {
    const char *bytes, *rows;
} TEXTS[] = {
    {"a,b\n1,2\n", "1:a|b\n2:1|2\n"},
    {"a,b\r\n\"x, \"\"y\"\"\nz\",2\r\nlast", "1:a|b\n2:x, \"y\"\nz|2\n4:last\n"},
    {"\xEF\xBB\xBF指标;2026年1月\nI1;1,5\n", "1:指标|2026年1月\n2:I1|1,5\n"},
    {"I1\t1,234.5\t\nI2\t\t7\n\n\n", "1:I1|1,234.5\n2:I2||7\n"}, /* as pasted */
    {"\xD6\xB8\xB1\xEA,1\n", "1:指标|1\n"},                      /* GB18030 */
    {"\"open to the end", "1:open to the end\n"},
    {" a , b \n", "1:a|b\n"},
    {"", ""},
};

static void text_is_parted_into_rows_as_it_was_written_or_pasted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct sheet sheet;
        struct error err = {0};
        if (sheet_read(arena, STR("f.csv"), str_of(TEXTS[i].bytes), &sheet, &err))
            fail_msg("%s", err.en);
        assert_string_equal(shown(&sheet), TEXTS[i].rows);
    }
}

#define NS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""

static const char STRINGS[] =
    "<sst " NS "><si><t>指标</t></si><si><r><t>re</t></r><r><t xml:space=\"preserve\">d </t></r>"
    "<rPh sb=\"0\" eb=\"1\"><t>zhi</t></rPh></si><si/></sst>";
static const char STYLES[] =
    "<styleSheet " NS
    "><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"0.00&quot;myd%&quot;\"/><numFmt numFmtId=\"166\" "
    "formatCode=\"[Red]0.0%\"/></numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs>"
    "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"10\"/><xf "
    "numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs></styleSheet>";

static const struct {
    const char *rows, *shown;
} CELLS[] = {
    {"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>",
     "1:指标||red\n"},
    {"<row><c><v>1</v></c><c><v>0.10000000000000001</v></c></row><row r=\"9\"><c><v>2</v></c></row>",
     "1:1|0.1\n9:2\n"},
    {"<row><c s=\"1\"><v>46112</v></c><c s=\"2\"><v>45351.5</v></c><c s=\"2\"><v>61</v></c></row>",
     "1:2026-03-31|2024-02-29|1900-03-01\n"},
    {"<row><c s=\"3\"><v>0.125</v></c><c s=\"4\"><v>3</v></c><c s=\"5\"><v>-1E-3</v></c></row>",
     "1:12.5%|3|-0.1%\n"},
    {"<row><c t=\"str\"><f>A1&amp;B1</f><v>a&lt;b</v></c><c t=\"inlineStr\"><is><t>in</t></is></c>"
     "<c t=\"e\"><v>#REF!</v></c><c t=\"b\"><v>1</v></c></row>",
     "1:a<b|in|#REF!|1\n"},
    {"<row><c t=\"s\"><v>99</v></c><c t=\"s\"><v>-1</v></c></row>", ""},
    {"<row/><row><c/></row>", ""},
};

static struct str wrapped(const char *rows)
{
    return str_format(arena, "<worksheet " NS "><sheetData>%s</sheetData></worksheet>", rows);
}

static void cells_of_a_workbook_are_what_a_person_sees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CELLS / sizeof *CELLS; i++) {
        struct sheet_parts parts = {str_of(STRINGS), str_of(STYLES), wrapped(CELLS[i].rows), false};
        struct sheet sheet;
        assert_int_equal(sheet_read_parts(arena, STR("f.xlsx"), &parts, &sheet, NULL), STATUS_OK);
        assert_string_equal(shown(&sheet), CELLS[i].shown);
    }
}

static void a_workbook_that_counts_from_1904_gives_the_same_days(void **state)
{
    struct sheet_parts parts = {.styles = str_of(STYLES), .since_1904 = true};
    struct sheet sheet;
    (void)state;
    parts.cells = wrapped("<row><c s=\"1\"><v>44650</v></c></row>");
    assert_int_equal(sheet_read_parts(arena, STR("f.xlsx"), &parts, &sheet, NULL), STATUS_OK);
    assert_string_equal(shown(&sheet), "1:2026-03-31\n");
}

static void xml_that_is_broken_or_declares_entities_is_refused(void **state)
{
    static const char *const bad[] = {
        "<!DOCTYPE x [<!ENTITY a \"aa\">]><worksheet><sheetData><row><c>&a;</c></row></sheetData></worksheet>",
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><worksheet/>",
        "<worksheet><sheetData><row><c><v>1</v></row>",
        "no XML",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct sheet_parts parts = {.cells = str_of(bad[i])};
        struct sheet sheet;
        struct error err = {0};
        assert_int_equal(sheet_read_parts(arena, STR("f.xlsx"), &parts, &sheet, &err),
                         STATUS_INPUT);
        assert_non_null(strstr(err.en, "f.xlsx"));
    }
}

static void too_many_rows_columns_or_letters_are_bounded(void **state)
{
    struct buf many = {.arena = arena};
    struct buf wide = {.arena = arena};
    struct buf text = {.arena = arena};
    struct sheet sheet;
    (void)state;
    for (unsigned i = 0; i <= SHEET_ROWS_MAX; i++)
        buf_add(&many, STR("1\n"));
    assert_int_equal(sheet_read(arena, STR("f"), buf_str(&many), &sheet, NULL), STATUS_INPUT);
    many.len -= 2;
    assert_int_equal(sheet_read(arena, STR("f"), buf_str(&many), &sheet, NULL), STATUS_OK);
    for (unsigned i = 0; i < SHEET_COLUMNS_MAX; i++)
        buf_add(&wide, STR(","));
    buf_add(&wide, STR("1"));
    assert_int_equal(sheet_read(arena, STR("f"), buf_str(&wide), &sheet, NULL), STATUS_INPUT);
    assert_int_equal(
        sheet_read(arena, STR("f"), str_slice(buf_str(&wide), 1, wide.len), &sheet, NULL),
        STATUS_OK);
    for (unsigned i = 0; i < SHEET_CELL_MAX; i++)
        buf_add(&text, STR("字"));
    assert_int_equal(sheet_read(arena, STR("f"), buf_str(&text), &sheet, NULL), STATUS_OK);
    assert_int_equal(sheet.rows[0].cells[0].len, SHEET_CELL_MAX / 3 * 3);
}

/* --- whole files ------------------------------------------------------------------------------------------ */

struct file {
    const char *path;
    struct str bytes;
};

static struct str zipped(const struct file *files, size_t count)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &why);
    assert_non_null(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++)
        assert_true(zip_file_add(zip, files[i].path,
                                 zip_source_buffer(zip, files[i].bytes.at, files[i].bytes.len, 0),
                                 ZIP_FL_ENC_UTF_8) >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(source), 0);
    char *out = arena_take(arena, (size_t)4 << 20);
    zip_int64_t len = zip_source_read(source, out, (zip_uint64_t)4 << 20);
    assert_true(len > 0);
    (void)zip_source_close(source);
    zip_source_free(source);
    zip_error_fini(&why);
    return (struct str){out, (size_t)len};
}

#define WORKBOOK                                                                                              \
    STR("<workbook " NS                                                                                       \
        " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"                   \
        "<sheets><sheet name=\"secret\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>"                       \
        "<sheet name=\"数据\" sheetId=\"2\" r:id=\"rId7\"/><sheet name=\"x\" sheetId=\"3\" r:id=\"rId1\"/>" \
        "</sheets></workbook>")
#define RELATIONS                                                                   \
    STR("<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/none.xml\"/>" \
        "<Relationship Id=\"rId7\" Target=\"worksheets/data.xml\"/></Relationships>")

static void the_first_sheet_that_is_shown_is_read_from_its_own_part(void **state)
{
    struct file files[] = {
        {"xl/workbook.xml", WORKBOOK},
        {"xl/_rels/workbook.xml.rels", RELATIONS},
        {"xl/worksheets/data.xml", wrapped(CELLS[0].rows)},
        {"xl/sharedStrings.xml", str_of(STRINGS)},
    };
    struct sheet sheet;
    struct error err = {0};
    (void)state;
    struct str bytes = zipped(files, 4);
    assert_int_equal(sheet_read(arena, STR("f.xlsx"), bytes, &sheet, &err), STATUS_OK);
    assert_string_equal(shown(&sheet), CELLS[0].shown);
    for (size_t len = 4; len < bytes.len; len += 7) /* cut anywhere: refused, or the same */
        (void)sheet_read(arena, STR("f.xlsx"), str_slice(bytes, 0, len), &sheet, &err);
    assert_int_equal(sheet_read(arena, STR("f.xlsx"), zipped(files, 2), &sheet, &err),
                     STATUS_INPUT);
}

static void a_file_that_unpacks_to_a_great_one_is_refused(void **state)
{
    size_t size = SHEET_UNPACKED_MAX + 1000000;
    char *zeros = arena_take(arena, size);
    memset(zeros, ' ', size);
    struct file files[] = {
        {"xl/workbook.xml", WORKBOOK},
        {"xl/_rels/workbook.xml.rels", RELATIONS},
        {"xl/worksheets/data.xml", {zeros, size}},
    };
    struct sheet sheet;
    struct error err = {0};
    (void)state;
    struct str bytes = zipped(files, 3);
    assert_true(bytes.len < 200000);
    assert_int_equal(sheet_read(arena, STR("f.xlsx"), bytes, &sheet, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "64 MiB"));
}

/* Its cells may all show one shared text. */
static void a_small_workbook_of_much_text_is_refused(void **state)
{
    char text[SHEET_CELL_MAX];
    struct buf rows = {.arena = arena};
    struct sheet sheet;
    struct error err = {0};
    (void)state;
    memset(text, 'x', sizeof text);
    buf_add(&rows, STR("<row>"));
    for (size_t i = 0; i < SHEET_TEXT_MAX / SHEET_CELL_MAX; i++)
        buf_format(&rows, "%s<c t=\"s\"><v>0</v></c>", i % 200 ? "" : "</row><row>");
    struct sheet_parts parts = {
        .strings =
            str_format(arena, "<sst " NS "><si><t>%.*s</t></si></sst>", (int)sizeof text, text),
        .cells = wrapped(str_format(arena, "%.*s</row>", STR_ARG(buf_str(&rows))).at)};
    assert_int_equal(sheet_read_parts(arena, STR("f.xlsx"), &parts, &sheet, &err), STATUS_OK);
    parts.cells =
        wrapped(str_format(arena, "%.*s<c t=\"s\"><v>0</v></c></row>", STR_ARG(buf_str(&rows))).at);
    assert_int_equal(sheet_read_parts(arena, STR("f.xlsx"), &parts, &sheet, &err), STATUS_INPUT);
    assert_non_null(strstr(err.en, "32 MiB of text"));
}

static void an_old_or_locked_workbook_is_refused_with_what_to_do(void **state)
{
    struct sheet sheet;
    struct error err = {0};
    (void)state;
    assert_int_equal(sheet_read(arena, STR("a.xls"), STR("\xD0\xCF\x11\xE0\xA1\xB1"), &sheet, &err),
                     STATUS_INPUT);
    assert_non_null(strstr(err.en, "save it as XLSX or CSV"));
    assert_int_equal(sheet_read(arena, STR("a.bin"), STR("a\0b"), &sheet, &err), STATUS_INPUT);
    assert_non_null(strstr(err.zh, "a.bin"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_parted_into_rows_as_it_was_written_or_pasted),
        cmocka_unit_test(cells_of_a_workbook_are_what_a_person_sees),
        cmocka_unit_test(a_workbook_that_counts_from_1904_gives_the_same_days),
        cmocka_unit_test(xml_that_is_broken_or_declares_entities_is_refused),
        cmocka_unit_test(too_many_rows_columns_or_letters_are_bounded),
        cmocka_unit_test(the_first_sheet_that_is_shown_is_read_from_its_own_part),
        cmocka_unit_test(a_file_that_unpacks_to_a_great_one_is_refused),
        cmocka_unit_test(a_small_workbook_of_much_text_is_refused),
        cmocka_unit_test(an_old_or_locked_workbook_is_refused_with_what_to_do),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
