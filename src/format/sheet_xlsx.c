/* XLSX (ECMA-376, SpreadsheetML) to rows of text: a zip of XML parts, of which the workbook names the first
 * sheet, its relations the sheet's part, and the shared strings and styles say what cells mean.
 *
 * Bounds: see package.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/package.h"
#include "format/sheet_rows.h"

static enum status refuse(const struct sheet_rows *rows, struct error *err)
{
    return error_set(
        err, STATUS_INPUT,
        "%.*s can't be read as a spreadsheet; open it and save it again as XLSX or CSV.",
        "%.*s 无法作为电子表格读取，请打开后重新另存为 XLSX 或 CSV。", STR_ARG(rows->name));
}

/* --- shared strings and styles ------------------------------------------------------------------------------ */

struct looks {
    struct str *strings;
    size_t nstrings;
    enum look { LOOK_PLAIN, LOOK_DAY, LOOK_PERCENT } * styles;
    size_t nstyles;
    bool since_1904;
};

static void add_string(struct arena *arena, struct looks *looks, struct str text)
{
    looks->strings = arena_one_more(arena, looks->strings, looks->nstrings, sizeof *looks->strings);
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
        if (xml_begins(&xml, "si"))
            text.len = 0;
        if (xml_begins(&xml, "rPh"))
            aside = !xml_is_empty(&xml);
        if (xml_begins(&xml, "t"))
            in_text = true;
        if (xml_is_text(&xml) && in_text && !aside && text.len < SHEET_CELL_MAX)
            buf_add(&text, str_slice(xml_text(&xml), 0, SHEET_CELL_MAX));
        if (xml_ends(&xml, "t"))
            in_text = false;
        if (xml_ends(&xml, "rPh"))
            aside = false;
        if (xml_ends(&xml, "si"))
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
    looks->styles = arena_one_more(arena, looks->styles, looks->nstyles, sizeof *looks->styles);
    looks->styles[looks->nstyles++] = look;
}

static bool read_styles(struct arena *arena, struct str part, struct looks *looks)
{
    struct xml xml = xml_open(part);
    struct codes *codes = arena_new(arena, struct codes);
    bool in_cells = false;
    while (xml_next(&xml)) {
        if (xml_begins(&xml, "numFmt") && codes->count < CODES_MAX) {
            codes->id[codes->count] = xml_number(xml_attribute(arena, &xml, "numFmtId"));
            codes->look[codes->count++] = look_of_code(xml_attribute(arena, &xml, "formatCode"));
        }
        if (xml_begins(&xml, "cellXfs"))
            in_cells = !xml_is_empty(&xml);
        if (xml_begins(&xml, "xf") && in_cells)
            add_style(arena, looks,
                      find_look(codes, xml_number(xml_attribute(arena, &xml, "numFmtId"))));
        if (xml_ends(&xml, "cellXfs"))
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
    unsigned said = xml_number(xml_attribute(rows->arena, xml, "r"));
    *number = said ? said : *number + 1;
    return sheet_add_row(rows, *number);
}

static void begin_cell(struct arena *arena, struct xml *xml, struct cell *cell)
{
    cell->column++;
    read_place(xml_attribute(arena, xml, "r"), &cell->column);
    cell->kind = xml_attribute(arena, xml, "t");
    cell->style = xml_number(xml_attribute(arena, xml, "s"));
    cell->text.len = 0;
}

/* Handles one node; false when the sheet is too great. */
static bool take_node(struct sheet_rows *rows, const struct looks *looks, struct xml *xml,
                      struct cell *cell, unsigned *number, bool *in_row, bool *in_value)
{
    if (xml_begins(xml, "row") && !*in_row) {
        *in_row = true;
        cell->column = SIZE_MAX;
        if (!begin_row(rows, xml, number))
            return false;
    }
    if (!*in_row)
        return true;
    if (xml_begins(xml, "c"))
        begin_cell(rows->arena, xml, cell);
    if (xml_begins(xml, "v") || xml_begins(xml, "t"))
        *in_value = true;
    if (xml_is_text(xml) && *in_value && cell->text.len < SHEET_CELL_MAX)
        buf_add(&cell->text, str_slice(xml_text(xml), 0, SHEET_CELL_MAX));
    if (xml_ends(xml, "v") || xml_ends(xml, "t"))
        *in_value = false;
    if (xml_ends(xml, "c") &&
        !sheet_put_cell(rows, cell->column, show_cell(rows->arena, looks, cell)))
        return false;
    if (xml_ends(xml, "row")) {
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

/* --- the package -------------------------------------------------------------------------------------------- */

/* The first sheet's id among the workbook's relations, and how it counts days. */
static bool read_workbook(struct package *package, struct str *id, bool *since_1904)
{
    struct xml xml = xml_open(package_part(package, STR("xl/workbook.xml")));
    *id = (struct str){0};
    while (xml_next(&xml)) {
        if (xml_begins(&xml, "workbookPr")) {
            struct str said = xml_attribute(package->arena, &xml, "date1904");
            *since_1904 = str_equal(said, STR("1")) || str_equal(said, STR("true"));
        }
        if (xml_begins(&xml, "sheet") && id->len == 0 &&
            !str_ends(xml_attribute(package->arena, &xml, "state"), STR("idden")))
            while (xmlTextReaderMoveToNextAttribute(xml.reader) == 1) /* r:id, beside sheetId */
                if (xml_named(&xml, "id"))
                    *id = str_copy(package->arena, xml_text(&xml));
    }
    return xml_close(&xml) && id->len;
}

/* The path of the part that a relation of the workbook leads to. */
static struct str find_part(struct package *package, struct str id)
{
    struct xml xml = xml_open(package_part(package, STR("xl/_rels/workbook.xml.rels")));
    struct str target = {0};
    while (xml_next(&xml))
        if (xml_begins(&xml, "Relationship") &&
            str_equal(xml_attribute(package->arena, &xml, "Id"), id))
            target = xml_attribute(package->arena, &xml, "Target");
    if (!xml_close(&xml) || target.len == 0)
        return (struct str){0};
    return package_path(package->arena, "xl/", target);
}

static enum status read_package(struct sheet_rows *rows, struct package *package, struct error *err)
{
    struct sheet_parts parts = {0};
    struct str id;
    if (!read_workbook(package, &id, &parts.since_1904))
        return refuse(rows, err);
    struct str path = find_part(package, id);
    parts.cells = path.len ? package_part(package, path) : (struct str){0};
    parts.strings = package_part(package, STR("xl/sharedStrings.xml"));
    parts.styles = package_part(package, STR("xl/styles.xml"));
    if (package->full)
        return error_set(err, STATUS_INPUT,
                         "%.*s unpacks to more than 64 MiB; take out what is not needed.",
                         "%.*s 解压后超过64 MiB，请删去不需要的部分。", STR_ARG(rows->name));
    return parts.cells.len ? read_parts(rows, &parts, err) : refuse(rows, err);
}

enum status sheet_read_xlsx(struct sheet_rows *rows, struct str bytes, struct error *err)
{
    struct package package;
    if (!package_open(&package, rows->arena, bytes, SHEET_UNPACKED_MAX))
        return refuse(rows, err);
    enum status status = read_package(rows, &package, err);
    package_close(&package);
    return status;
}
