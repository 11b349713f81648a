/* XLSX (ECMA-376, SpreadsheetML) to rows of text: a zip of XML parts, of which the workbook names the first
 * sheet, its relations the sheet's part, and the shared strings and styles say what cells mean.
 *
 * Bounds against bombs: parts are unpacked to SHEET_UNPACKED_MAX bytes together, whatever the archive says of their
 * size; XML is read by a pull reader that holds one node, without network, and ends at a document type. */
#include <libxml/xmlreader.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "format/sheet_rows.h"

static enum status refuse(const struct sheet_rows *rows, struct error *err)
{
    return error_set(
        err, STATUS_INPUT,
        "%.*s can't be read as a spreadsheet; open it and save it again as XLSX or CSV.",
        "%.*s 无法作为电子表格读取，请打开后重新另存为 XLSX 或 CSV。", STR_ARG(rows->name));
}

/* --- XML --------------------------------------------------------------------------------------------------- */

struct xml {
    xmlTextReader *reader; /* NULL for an empty part */
    bool bad;
};

static void stay_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static struct xml xml_open(struct str part)
{
    struct xml xml = {0};
    if (part.len == 0)
        return xml;
    xml.reader = xmlReaderForMemory(part.at, (int)part.len, NULL, NULL, XML_PARSE_NONET);
    xml.bad = !xml.reader;
    if (xml.reader)
        xmlTextReaderSetStructuredErrorHandler(xml.reader, stay_silent, NULL);
    return xml;
}

/* The next node; false at the end, or at what is not well-formed or declares a document type, which xml->bad
 * tells. */
static bool xml_next(struct xml *xml)
{
    int found = xml->reader && !xml->bad ? xmlTextReaderRead(xml->reader) : 0;
    xml->bad = xml->bad || found < 0 ||
               (found == 1 && xmlTextReaderNodeType(xml->reader) == XML_READER_TYPE_DOCUMENT_TYPE);
    return found == 1 && !xml->bad;
}

static bool xml_close(struct xml *xml)
{
    xmlFreeTextReader(xml->reader);
    return !xml->bad;
}

static bool is_named(struct xml *xml, const char *name)
{
    return !strcmp((const char *)xmlTextReaderConstLocalName(xml->reader), name);
}

static bool begins(struct xml *xml, const char *name)
{
    return xmlTextReaderNodeType(xml->reader) == XML_READER_TYPE_ELEMENT && is_named(xml, name);
}

static bool ends(struct xml *xml, const char *name)
{
    int kind = xmlTextReaderNodeType(xml->reader);
    return is_named(xml, name) &&
           (kind == XML_READER_TYPE_END_ELEMENT ||
            (kind == XML_READER_TYPE_ELEMENT && xmlTextReaderIsEmptyElement(xml->reader)));
}

static bool is_text(struct xml *xml)
{
    int kind = xmlTextReaderNodeType(xml->reader);
    return kind == XML_READER_TYPE_TEXT || kind == XML_READER_TYPE_CDATA ||
           kind == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

/* An attribute by its name without prefix; empty when there is none. */
static struct str attribute(struct arena *arena, struct xml *xml, const char *name)
{
    struct str value = {0};
    while (xmlTextReaderMoveToNextAttribute(xml->reader) == 1)
        if (is_named(xml, name))
            value = str_copy(arena, str_of((const char *)xmlTextReaderConstValue(xml->reader)));
    (void)xmlTextReaderMoveToElement(xml->reader);
    return value;
}

static unsigned number_of(struct str text)
{
    uint64_t number;
    return str_to_u64(text, &number) && number < 10000000 ? (unsigned)number : 0;
}

/* --- shared strings and styles ------------------------------------------------------------------------------ */

struct looks {
    struct str *strings;
    size_t nstrings, strings_cap;
    enum look { LOOK_PLAIN, LOOK_DAY, LOOK_PERCENT } * styles;
    size_t nstyles, styles_cap;
    bool since_1904;
};

static void add_string(struct arena *arena, struct looks *looks, struct str text)
{
    if (looks->nstrings == looks->strings_cap) {
        size_t cap = looks->strings_cap ? 2 * looks->strings_cap : 64;
        looks->strings = arena_grow(arena, looks->strings, looks->strings_cap * sizeof(struct str),
                                    cap * sizeof(struct str));
        looks->strings_cap = cap;
    }
    looks->strings[looks->nstrings++] = str_copy(arena, text);
}

/* The texts of <si>, without how they are pronounced (<rPh>). */
static bool read_strings(struct arena *arena, struct str part, struct looks *looks)
{
    struct xml xml = xml_open(part);
    struct buf text = {.arena = arena};
    bool in_text = false;
    bool aside = false;
    while (xml_next(&xml)) {
        if (begins(&xml, "si"))
            text.len = 0;
        if (begins(&xml, "rPh"))
            aside = !xmlTextReaderIsEmptyElement(xml.reader);
        if (begins(&xml, "t"))
            in_text = true;
        if (is_text(&xml) && in_text && !aside && text.len < SHEET_CELL_MAX)
            buf_add(&text, str_slice(str_of((const char *)xmlTextReaderConstValue(xml.reader)), 0,
                                     SHEET_CELL_MAX));
        if (ends(&xml, "t"))
            in_text = false;
        if (ends(&xml, "rPh"))
            aside = false;
        if (ends(&xml, "si"))
            add_string(arena, looks, buf_str(&text));
    }
    return xml_close(&xml);
}

/* What a number format shows, by its code; what is quoted, escaped or in brackets is not part of it. */
static enum look look_of_code(struct str code)
{
    bool quoted = false;
    for (size_t i = 0; i < code.len && code.at[i] != ';'; i++) {
        char c = code.at[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (c == '\\' || c == '_' || c == '*')
            i++;
        else if (c == '[')
            while (i + 1 < code.len && code.at[i] != ']')
                i++;
        else if (c == '%')
            return LOOK_PERCENT;
        else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D' || c == 'm' || c == 'M')
            return LOOK_DAY;
    }
    return LOOK_PLAIN;
}

/* Formats without a code of their own (ECMA-376, 18.8.30, with those of East Asian editions). */
static enum look look_of_number(unsigned id)
{
    if (id == 9 || id == 10)
        return LOOK_PERCENT;
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
                   (id >= 50 && id <= 54) || id == 57 || id == 58
               ? LOOK_DAY
               : LOOK_PLAIN;
}

#define CODES_MAX 512U

struct codes {
    unsigned id[CODES_MAX];
    enum look look[CODES_MAX];
    size_t count;
};

static enum look find_look(const struct codes *codes, unsigned id)
{
    for (size_t i = 0; i < codes->count; i++)
        if (codes->id[i] == id)
            return codes->look[i];
    return look_of_number(id);
}

static void add_style(struct arena *arena, struct looks *looks, enum look look)
{
    if (looks->nstyles == looks->styles_cap) {
        size_t cap = looks->styles_cap ? 2 * looks->styles_cap : 64;
        looks->styles = arena_grow(arena, looks->styles, looks->styles_cap * sizeof *looks->styles,
                                   cap * sizeof *looks->styles);
        looks->styles_cap = cap;
    }
    looks->styles[looks->nstyles++] = look;
}

static bool read_styles(struct arena *arena, struct str part, struct looks *looks)
{
    struct xml xml = xml_open(part);
    struct codes *codes = arena_new(arena, struct codes);
    bool in_cells = false;
    while (xml_next(&xml)) {
        if (begins(&xml, "numFmt") && codes->count < CODES_MAX) {
            codes->id[codes->count] = number_of(attribute(arena, &xml, "numFmtId"));
            codes->look[codes->count++] = look_of_code(attribute(arena, &xml, "formatCode"));
        }
        if (begins(&xml, "cellXfs"))
            in_cells = !xmlTextReaderIsEmptyElement(xml.reader);
        if (begins(&xml, "xf") && in_cells)
            add_style(arena, looks,
                      find_look(codes, number_of(attribute(arena, &xml, "numFmtId"))));
        if (ends(&xml, "cellXfs"))
            in_cells = false;
    }
    return xml_close(&xml);
}

/* --- cells -------------------------------------------------------------------------------------------------- */

struct cell {
    size_t column;
    struct str kind;
    size_t style;
    struct buf text;
};

/* "AB12": column 27 of row 12; what it does not say stays. */
static void read_place(struct str place, size_t *column)
{
    size_t value = 0;
    size_t at = 0;
    for (; at < place.len && place.at[at] >= 'A' && place.at[at] <= 'Z' && value < 100000; at++)
        value = value * 26 + (size_t)(place.at[at] - 'A') + 1;
    if (at)
        *column = value - 1;
}

/* A day by its count from 1900-01-01 as 1, which takes 1900 for a leap year, or from 1904-01-01 as 0. */
static struct str write_day(struct arena *arena, double count, bool since_1904)
{
    int64_t day = (int64_t)floor(count) + (since_1904 ? 1462 : 0) + 693899; /* from 0000-03-01 */
    int64_t era = day / 146097;
    int64_t in_era = day % 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153; /* from March */
    return str_format(arena, "%04d-%02d-%02d", (int)(year + era * 400 + (month >= 10)),
                      (int)(month < 10 ? month + 3 : month - 9),
                      (int)(in_year - (153 * month + 2) / 5 + 1));
}

static struct str show_number(struct arena *arena, const struct looks *looks, size_t style,
                              struct str text)
{
    double value;
    enum look look = style < looks->nstyles ? looks->styles[style] : LOOK_PLAIN;
    if (!str_to_double(text, &value))
        return text;
    if (look == LOOK_DAY && value >= 61 && value < 2000000)
        return write_day(arena, value, looks->since_1904);
    if (look == LOOK_PERCENT)
        return str_format(arena, "%.13g%%", value * 100);
    return str_format(arena, "%.15g", value);
}

static struct str show_cell(struct arena *arena, const struct looks *looks, const struct cell *cell)
{
    struct str text = buf_str(&cell->text);
    if (str_equal(cell->kind, STR("s"))) {
        uint64_t at;
        return str_to_u64(str_trim(text), &at) && at < looks->nstrings ? looks->strings[at]
                                                                       : STR("");
    }
    if (cell->kind.len == 0 || str_equal(cell->kind, STR("n")))
        return show_number(arena, looks, cell->style, str_trim(text));
    return text;
}

static bool begin_row(struct sheet_rows *rows, struct xml *xml, unsigned *number)
{
    unsigned said = number_of(attribute(rows->arena, xml, "r"));
    *number = said ? said : *number + 1;
    return sheet_add_row(rows, *number);
}

static void begin_cell(struct arena *arena, struct xml *xml, struct cell *cell)
{
    cell->column++;
    read_place(attribute(arena, xml, "r"), &cell->column);
    cell->kind = attribute(arena, xml, "t");
    cell->style = number_of(attribute(arena, xml, "s"));
    cell->text.len = 0;
}

/* Handles one node; false when the sheet is too great. */
static bool take_node(struct sheet_rows *rows, const struct looks *looks, struct xml *xml,
                      struct cell *cell, unsigned *number, bool *in_row, bool *in_value)
{
    if (begins(xml, "row") && !*in_row) {
        *in_row = true;
        cell->column = SIZE_MAX;
        if (!begin_row(rows, xml, number))
            return false;
    }
    if (!*in_row)
        return true;
    if (begins(xml, "c"))
        begin_cell(rows->arena, xml, cell);
    if (begins(xml, "v") || begins(xml, "t"))
        *in_value = true;
    if (is_text(xml) && *in_value && cell->text.len < SHEET_CELL_MAX)
        buf_add(&cell->text, str_slice(str_of((const char *)xmlTextReaderConstValue(xml->reader)),
                                       0, SHEET_CELL_MAX));
    if (ends(xml, "v") || ends(xml, "t"))
        *in_value = false;
    if (ends(xml, "c") && !sheet_put_cell(rows, cell->column, show_cell(rows->arena, looks, cell)))
        return false;
    if (ends(xml, "row")) {
        *in_row = false;
        sheet_end_row(rows);
    }
    return true;
}

static enum status read_cells(struct sheet_rows *rows, const struct looks *looks, struct str part,
                              struct error *err)
{
    struct xml xml = xml_open(part);
    struct cell cell = {.text = {.arena = rows->arena}};
    bool in_row = false;
    bool in_value = false;
    bool fits = true;
    unsigned number = 0;
    while (fits && xml_next(&xml))
        fits = take_node(rows, looks, &xml, &cell, &number, &in_row, &in_value);
    bool good = xml_close(&xml);
    return !fits ? sheet_refuse_size(rows, err) : good ? STATUS_OK : refuse(rows, err);
}

static enum status read_parts(struct sheet_rows *rows, const struct sheet_parts *parts,
                              struct error *err)
{
    struct looks looks = {.since_1904 = parts->since_1904};
    if (!read_strings(rows->arena, parts->strings, &looks) ||
        !read_styles(rows->arena, parts->styles, &looks))
        return refuse(rows, err);
    return read_cells(rows, &looks, parts->cells, err);
}

enum status sheet_read_parts(struct arena *arena, struct str name, const struct sheet_parts *parts,
                             struct sheet *sheet, struct error *err)
{
    struct sheet_rows rows = {.arena = arena, .sheet = sheet, .name = name};
    *sheet = (struct sheet){0};
    return read_parts(&rows, parts, err);
}

/* --- the archive -------------------------------------------------------------------------------------------- */

struct archive {
    struct arena *arena;
    zip_t *zip;
    size_t left; /* bytes that may still be unpacked */
    bool full;   /* more was there */
};

/* Unpacks a part; empty when there is none, it is damaged or goes beyond what is left. */
static struct str unpack(struct archive *archive, struct str path)
{
    struct buf out = {.arena = archive->arena};
    zip_file_t *file = zip_fopen(archive->zip, str_z(archive->arena, path), 0);
    zip_int64_t got = 0;
    if (!file)
        return (struct str){0};
    do {
        buf_reserve(&out, 65536);
        got = zip_fread(file, out.at + out.len, 65536);
        if (got > 0)
            out.len += (size_t)got;
        archive->full = archive->full || out.len > archive->left;
    } while (got > 0 && !archive->full);
    (void)zip_fclose(file);
    if (got < 0 || archive->full)
        return (struct str){0};
    archive->left -= out.len;
    return buf_str(&out);
}

/* The first sheet's id among the workbook's relations, and how it counts days. */
static bool read_workbook(struct archive *archive, struct str *id, bool *since_1904)
{
    struct xml xml = xml_open(unpack(archive, STR("xl/workbook.xml")));
    *id = (struct str){0};
    while (xml_next(&xml)) {
        if (begins(&xml, "workbookPr")) {
            struct str said = attribute(archive->arena, &xml, "date1904");
            *since_1904 = str_equal(said, STR("1")) || str_equal(said, STR("true"));
        }
        if (begins(&xml, "sheet") && id->len == 0 &&
            !str_ends(attribute(archive->arena, &xml, "state"), STR("idden")))
            while (xmlTextReaderMoveToNextAttribute(xml.reader) == 1) /* r:id, beside sheetId */
                if (is_named(&xml, "id"))
                    *id = str_copy(archive->arena,
                                   str_of((const char *)xmlTextReaderConstValue(xml.reader)));
    }
    return xml_close(&xml) && id->len;
}

/* The path of the part that a relation of the workbook leads to. */
static struct str find_part(struct archive *archive, struct str id)
{
    struct xml xml = xml_open(unpack(archive, STR("xl/_rels/workbook.xml.rels")));
    struct str target = {0};
    while (xml_next(&xml))
        if (begins(&xml, "Relationship") && str_equal(attribute(archive->arena, &xml, "Id"), id))
            target = attribute(archive->arena, &xml, "Target");
    if (!xml_close(&xml) || target.len == 0)
        return (struct str){0};
    return target.at[0] == '/' ? str_slice(target, 1, target.len)
                               : str_format(archive->arena, "xl/%.*s", STR_ARG(target));
}

static enum status read_archive(struct sheet_rows *rows, struct archive *archive, struct error *err)
{
    struct sheet_parts parts = {0};
    struct str id;
    if (!read_workbook(archive, &id, &parts.since_1904))
        return refuse(rows, err);
    struct str path = find_part(archive, id);
    parts.cells = path.len ? unpack(archive, path) : (struct str){0};
    parts.strings = unpack(archive, STR("xl/sharedStrings.xml"));
    parts.styles = unpack(archive, STR("xl/styles.xml"));
    if (archive->full)
        return error_set(err, STATUS_INPUT,
                         "%.*s unpacks to more than 64 MiB; take out what is not needed.",
                         "%.*s 解压后超过64 MiB，请删去不需要的部分。", STR_ARG(rows->name));
    return parts.cells.len ? read_parts(rows, &parts, err) : refuse(rows, err);
}

enum status sheet_read_xlsx(struct sheet_rows *rows, struct str bytes, struct error *err)
{
    struct archive archive = {.arena = rows->arena, .left = SHEET_UNPACKED_MAX};
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &why);
    archive.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    zip_error_fini(&why);
    if (!archive.zip) {
        zip_source_free(source);
        return refuse(rows, err);
    }
    enum status status = read_archive(rows, &archive, err);
    zip_discard(archive.zip);
    return status;
}
