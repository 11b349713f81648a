/* Sheets of text; see sheet.h. The way in, and the rows that both readers fill. XLSX: sheet_xlsx.c. */
#include "format/sheet.h"

#include <string.h>

#include "format/format.h"
#include "format/sheet_rows.h"

/* --- rows ------------------------------------------------------------------------------------------------- */

enum status sheet_refuse_size(const struct sheet_rows *rows, struct error *err)
{
    return error_set(
        err, STATUS_INPUT,
        "%.*s holds more than 20,000 rows, 256 columns, 1,000,000 cells or 32 MiB of text; take "
        "out what is not needed.",
        "%.*s 超过20000行、256列、100万个单元格或32 MiB文字，请删去不需要的部分。",
        STR_ARG(rows->name));
}

bool sheet_add_row(struct sheet_rows *rows, unsigned number)
{
    struct sheet *sheet = rows->sheet;
    if (sheet->nrows == SHEET_ROWS_MAX)
        return false;
    sheet->rows =
        arena_room(rows->arena, sheet->rows, sheet->nrows, &rows->cap, 64, sizeof *sheet->rows);
    sheet->rows[sheet->nrows++] = (struct sheet_row){.number = number};
    rows->width = 0;
    return true;
}

bool sheet_put_cell(struct sheet_rows *rows, size_t column, struct str text)
{
    struct sheet_row *row = &rows->sheet->rows[rows->sheet->nrows - 1];
    text = str_trim(text);
    if (text.len == 0)
        return true;
    if (column >= SHEET_COLUMNS_MAX || ++rows->ncells > SHEET_CELLS_MAX)
        return false;
    if (column >= rows->width) {
        size_t width = column < 8 ? 8 : column < 64 ? 64 : SHEET_COLUMNS_MAX;
        row->cells = arena_grow(rows->arena, row->cells, rows->width * sizeof *row->cells,
                                width * sizeof *row->cells);
        rows->width = width;
    }
    if (text.len > SHEET_CELL_MAX) {
        text.len = SHEET_CELL_MAX;
        while (text.len && ((unsigned char)text.at[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    rows->len += text.len;
    if (rows->len > SHEET_TEXT_MAX)
        return false;
    row->cells[column] = str_copy(rows->arena, text);
    row->ncells = row->ncells > column + 1 ? row->ncells : column + 1;
    return true;
}

void sheet_end_row(struct sheet_rows *rows)
{
    struct sheet *sheet = rows->sheet;
    if (sheet->nrows && sheet->rows[sheet->nrows - 1].ncells == 0)
        sheet->nrows--;
}

/* --- text ------------------------------------------------------------------------------------------------- */

/* A title above the table has one cell, so that the first line with any of them tells. */
static char separator_of(struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        bool comma = str_find(line, STR(","), 0) != SIZE_MAX;
        if (str_find(line, STR("\t"), 0) != SIZE_MAX)
            return '\t';
        if (comma || str_find(line, STR(";"), 0) != SIZE_MAX)
            return comma ? ',' : ';';
    }
    return ',';
}

/* Takes one cell off *at and tells whether the row goes on after it. */
static bool take_cell(struct arena *arena, struct str text, size_t *at, char separator,
                      unsigned *line, struct str *cell)
{
    struct buf out = {.arena = arena};
    bool quoted = *at < text.len && text.at[*at] == '"';
    *at += quoted;
    for (; *at < text.len; ++*at) {
        char c = text.at[*at];
        if (quoted && c == '"' && *at + 1 < text.len && text.at[*at + 1] == '"')
            ++*at;
        else if (quoted && c == '"') {
            quoted = false;
            continue;
        } else if (!quoted && (c == separator || c == '\n'))
            break;
        *line += c == '\n';
        buf_add_byte(&out, c);
    }
    *cell = buf_str(&out);
    bool more = *at < text.len && text.at[*at] == separator;
    *line += *at < text.len && !more;
    ++*at;
    return more;
}

static enum status read_text(struct sheet_rows *rows, struct str text, struct error *err)
{
    char separator = separator_of(text);
    unsigned line = 1;
    for (size_t at = 0; at < text.len;) {
        bool more = sheet_add_row(rows, line);
        if (!more)
            return sheet_refuse_size(rows, err);
        for (size_t column = 0; more; column++) {
            struct str cell;
            more = take_cell(rows->arena, text, &at, separator, &line, &cell);
            if (!sheet_put_cell(rows, column, cell))
                return sheet_refuse_size(rows, err);
        }
        sheet_end_row(rows);
    }
    return STATUS_OK;
}

enum status sheet_read(struct arena *arena, struct str name, struct str bytes, struct sheet *sheet,
                       struct error *err)
{
    struct sheet_rows rows = {.arena = arena, .sheet = sheet, .name = name};
    struct error why = {0};
    struct str text;
    const char *encoding;
    *sheet = (struct sheet){0};
    if (str_starts(bytes, STR("PK\x03\x04")))
        return sheet_read_xlsx(&rows, bytes, err);
    if (str_starts(bytes, STR("\xD0\xCF\x11\xE0")))
        return error_set(
            err, STATUS_INPUT,
            "%.*s is of the old XLS kind or locked by a password; save it as XLSX or CSV "
            "without one.",
            "%.*s 是旧版 XLS 格式或设有密码，请另存为不带密码的 XLSX 或 CSV。", STR_ARG(name));
    if (format_decode(arena, bytes, &text, &encoding, &why))
        return error_within(err, &why, "%.*s: ", "%.*s：", STR_ARG(name));
    return read_text(&rows, text, err);
}
