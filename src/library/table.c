/* CSV tables, through libcsv; see table.h. */
#include "library/table.h"

#include <csv.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define FIELDS_MAX 64
#define PIECE      65536 /* bytes given to the parser at a time */

struct reader {
    const struct table *table;
    struct import *import;
    struct str file;
    struct error *err;
    struct arena *row_arena;
    struct str fields[FIELDS_MAX];
    size_t nfields;
    size_t columns[TABLE_COLUMNS_MAX]; /* 1-based index of the field, 0 when there is none */
    size_t width;                      /* fields in the header */
    uint64_t rows;                     /* header included */
    uint64_t line;                     /* where the present row begins */
    uint64_t lines_seen;               /* newlines up to where the parser is */
    enum status status;                /* of what stops the reading */
};

static bool matches(struct str heading, const char *name)
{
    return heading.len == strlen(name) && strncasecmp(heading.at, name, heading.len) == 0;
}

static void refuse_header(struct reader *r)
{
    struct error what;
    (void)error_about(&what, STATUS_INPUT, r->table->header_en, r->table->header_zh,
                      " Nothing was taken.", "未导入任何内容。");
    r->status = error_within(r->err, &what, "%.*s, line 1: the header must name ",
                             "%.*s 第 1 行：表头须含", STR_ARG(r->file));
}

static void read_header(struct reader *r)
{
    bool whole = true;
    r->width = r->nfields;
    for (size_t i = 0; i < r->nfields && i < FIELDS_MAX; i++)
        for (const struct table_heading *h = r->table->headings; h->heading; h++)
            if (matches(str_trim(r->fields[i]), h->heading))
                r->columns[h->column] = i + 1;
    for (unsigned c = 0; c < r->table->needed; c++)
        whole = whole && r->columns[c];
    if (!whole)
        refuse_header(r);
}

static void note_bad(struct reader *r, const struct error *reason)
{
    struct import *import = r->import;
    if (import->nbad < IMPORT_BAD_KEPT)
        import->bad[import->nbad++] = (struct bad_line){r->line, *reason};
    import->bad_count++;
}

static void take_row(struct reader *r)
{
    struct error reason;
    struct str fields[TABLE_COLUMNS_MAX];
    enum status status = STATUS_OK;
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
        size_t at = r->columns[i];
        fields[i] = at && at <= r->nfields ? str_trim(r->fields[at - 1]) : STR("");
    }
    if (r->nfields != r->width)
        status = error_set(&reason, STATUS_INPUT, "%zu fields where the header has %zu.",
                           "有 %zu 个字段，而表头有 %zu 个。", r->nfields, r->width);
    if (!status)
        status = r->table->take(r->table->context, fields, &reason);
    if (status == STATUS_INPUT || status == STATUS_CONFLICT) {
        note_bad(r, &reason);
        return;
    }
    r->status = status;
    if (status && r->err)
        *r->err = reason;
    r->import->imported += !status;
}

static void on_field(void *bytes, size_t len, void *context)
{
    struct reader *r = context;
    if (r->nfields < FIELDS_MAX)
        r->fields[r->nfields] = str_copy(r->row_arena, (struct str){bytes, len});
    r->nfields++;
}

static void on_row(int end, void *context)
{
    struct reader *r = context;
    (void)end;
    bool blank = r->nfields == 0 || (r->nfields == 1 && str_trim(r->fields[0]).len == 0);
    if (!blank && !r->status) {
        if (r->rows++ == 0)
            read_header(r);
        else
            take_row(r);
    }
    r->nfields = 0;
    arena_reset(r->row_arena);
}

/* libcsv does not count lines, so the text is fed line by line: a row begins at the line during which
 * the parser held no field yet. */
static void parse(struct reader *r, struct csv_parser *parser, struct str csv)
{
    uint64_t told = 0;
    for (size_t at = 0; at < csv.len && !r->status;) {
        const char *newline = memchr(csv.at + at, '\n', csv.len - at);
        size_t len = newline ? (size_t)(newline - (csv.at + at)) + 1 : csv.len - at;
        bool between = r->nfields == 0 && parser->entry_pos == 0 && !parser->quoted;
        r->lines_seen++;
        if (between)
            r->line = r->lines_seen;
        if (csv_parse(parser, csv.at + at, len, on_field, on_row, r) != len) {
            r->status =
                error_set(r->err, STATUS_INPUT, "%.*s, line %" PRIu64 ": %s. Nothing was taken.",
                          "%.*s 第 %" PRIu64 " 行：%s。未导入任何内容。", STR_ARG(r->file),
                          r->lines_seen, csv_strerror(csv_error(parser)));
            return;
        }
        at += len;
        if (r->import->progress && at - told >= PIECE) {
            told = at;
            if (r->import->progress(r->import->context, at, csv.len))
                r->status = error_set(r->err, STATUS_INTERRUPTED, "Stopped; nothing was taken.",
                                      "已停止，未导入任何内容。");
        }
    }
    if (!r->status && csv_fini(parser, on_field, on_row, r))
        r->status = error_set(r->err, STATUS_INPUT,
                              "%.*s, line %" PRIu64 ": a quotation mark is not closed. Nothing "
                              "was taken.",
                              "%.*s 第 %" PRIu64 " 行：引号未闭合。未导入任何内容。",
                              STR_ARG(r->file), r->line);
}

static void judge(struct reader *r)
{
    const struct import *import = r->import;
    if (r->status)
        return;
    if (r->rows == 0) {
        r->status = error_set(r->err, STATUS_INPUT, "%.*s is empty; nothing was taken.",
                              "%.*s 为空，未导入任何内容。", STR_ARG(r->file));
    } else if (import->bad_count && !import->skip_bad) {
        struct error first;
        import->bad[0].reason.status = STATUS_INPUT;
        (void)error_within(&first, &import->bad[0].reason, "The first, line %" PRIu64 ": ",
                           "首个错误在第 %" PRIu64 " 行：", import->bad[0].line);
        /* Each language shows its own way to skip, and nothing of the other's. */
        r->status = error_within(
            r->err, &first,
            "Nothing was taken of %.*s; bad lines: %" PRIu64 ". Correct them, or %s%.0s. ",
            "%.*s 有 %" PRIu64 " 行有误，未导入任何内容；请更正，或%.0s%s。", STR_ARG(r->file),
            import->bad_count, r->table->skip_en, r->table->skip_zh);
    }
}

enum status table_read(struct arena *arena, const struct table *table, struct str csv,
                       struct error *err)
{
    struct csv_parser parser;
    struct import *import = table->import;
    struct reader r = {.table = table,
                       .import = import,
                       .file = table->name,
                       .err = err,
                       .row_arena = arena_make()};
    import->bad = arena_array(arena, IMPORT_BAD_KEPT, struct bad_line);
    import->imported = import->bad_count = 0;
    import->nbad = 0;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL)) {
        r.status =
            error_set(err, STATUS_IO, "The CSV reader could not start.", "CSV 读取器无法启动。");
    } else {
        parse(&r, &parser, csv);
        csv_free(&parser);
    }
    judge(&r);
    arena_free(r.row_arena);
    return r.status;
}
