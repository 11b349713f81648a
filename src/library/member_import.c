/* Import of members from CSV, through libcsv; see member.h. */
#include <csv.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "library/member.h"
#include "library/member_rules.h"

#define FIELDS_MAX 64
#define PIECE      65536 /* bytes given to the parser at a time */

enum column { COLUMN_NAME, COLUMN_EMAIL, COLUMN_GROUP, COLUMNS };

static const struct {
    const char *heading;
    enum column column;
} headings[] = {
    {"name", COLUMN_NAME},      {"姓名", COLUMN_NAME},   {"名称", COLUMN_NAME},
    {"full name", COLUMN_NAME}, {"email", COLUMN_EMAIL}, {"e-mail", COLUMN_EMAIL},
    {"mail", COLUMN_EMAIL},     {"邮箱", COLUMN_EMAIL},  {"电子邮件", COLUMN_EMAIL},
    {"电子邮箱", COLUMN_EMAIL}, {"邮件", COLUMN_EMAIL},  {"group", COLUMN_GROUP},
    {"群组", COLUMN_GROUP},     {"组", COLUMN_GROUP},    {"分组", COLUMN_GROUP},
    {"组别", COLUMN_GROUP},     {"小组", COLUMN_GROUP},
};

struct importer {
    struct arena *arena;
    struct store *store;
    struct str file;
    struct import *import;
    struct error *err;
    struct arena *row_arena;
    struct str fields[FIELDS_MAX];
    size_t nfields;
    size_t columns[COLUMNS]; /* 1-based index of the field, 0 when there is none */
    size_t width;            /* fields in the header */
    uint64_t rows;           /* header included */
    uint64_t line;           /* where the present row begins */
    uint64_t lines_seen;     /* newlines up to where the parser is */
    int64_t first_id, last_id;
    enum status status; /* of what stops the import */
};

static bool matches(struct str heading, const char *name)
{
    return heading.len == strlen(name) && strncasecmp(heading.at, name, heading.len) == 0;
}

static void read_header(struct importer *im)
{
    im->width = im->nfields;
    for (size_t i = 0; i < im->nfields && i < FIELDS_MAX; i++)
        for (size_t h = 0; h < sizeof headings / sizeof *headings; h++)
            if (matches(str_trim(im->fields[i]), headings[h].heading))
                im->columns[headings[h].column] = i + 1;
    if (!im->columns[COLUMN_NAME] || !im->columns[COLUMN_EMAIL])
        im->status = error_set(
            im->err, STATUS_INPUT,
            "%.*s, line 1: the header must name the columns name and email (group is optional). "
            "Nothing was taken.",
            "%.*s 第 1 行：表头须含“姓名”“邮箱”两列（“分组”可省略）。未导入任何内容。",
            STR_ARG(im->file));
}

static void note_bad(struct importer *im, const struct error *reason)
{
    struct import *import = im->import;
    if (import->nbad < IMPORT_BAD_KEPT)
        import->bad[import->nbad++] = (struct bad_line){im->line, *reason};
    import->bad_count++;
}

static struct str field(const struct importer *im, enum column column)
{
    size_t at = im->columns[column];
    return at && at <= im->nfields ? str_trim(im->fields[at - 1]) : STR("");
}

static void take_row(struct importer *im)
{
    struct error reason;
    struct member m = {0, field(im, COLUMN_NAME), field(im, COLUMN_EMAIL), field(im, COLUMN_GROUP)};
    enum status status = STATUS_OK;
    if (im->nfields != im->width)
        status = error_set(&reason, STATUS_INPUT, "the header has %zu fields, this line %zu",
                           "表头有 %zu 个字段，此行有 %zu 个", im->width, im->nfields);
    if (!status)
        status = member_check(&m, &reason);
    if (!status)
        status = member_insert(im->store, &m, &reason);
    if (status == STATUS_INPUT || status == STATUS_CONFLICT) {
        note_bad(im, &reason);
        return;
    }
    if (status) {
        im->status = status;
        if (im->err)
            *im->err = reason;
        return;
    }
    im->first_id = im->first_id ? im->first_id : m.id;
    im->last_id = m.id;
    im->import->imported++;
}

static void on_field(void *bytes, size_t len, void *context)
{
    struct importer *im = context;
    if (im->nfields < FIELDS_MAX)
        im->fields[im->nfields] = str_copy(im->row_arena, (struct str){bytes, len});
    im->nfields++;
}

static void on_row(int end, void *context)
{
    struct importer *im = context;
    (void)end;
    bool blank = im->nfields == 0 || (im->nfields == 1 && str_trim(im->fields[0]).len == 0);
    if (!blank && !im->status) {
        if (im->rows++ == 0)
            read_header(im);
        else
            take_row(im);
    }
    im->nfields = 0;
    arena_reset(im->row_arena);
}

/* libcsv does not count lines, so the text is fed line by line: a row begins at the line during which
 * the parser held no field yet. */
static void parse(struct importer *im, struct csv_parser *parser, struct str csv)
{
    uint64_t told = 0;
    for (size_t at = 0; at < csv.len && !im->status;) {
        const char *newline = memchr(csv.at + at, '\n', csv.len - at);
        size_t len = newline ? (size_t)(newline - (csv.at + at)) + 1 : csv.len - at;
        bool between = im->nfields == 0 && parser->entry_pos == 0 && !parser->quoted;
        im->lines_seen++;
        if (between)
            im->line = im->lines_seen;
        if (csv_parse(parser, csv.at + at, len, on_field, on_row, im) != len) {
            im->status =
                error_set(im->err, STATUS_INPUT, "%.*s, line %" PRIu64 ": %s. Nothing was taken.",
                          "%.*s 第 %" PRIu64 " 行：%s。未导入任何内容。", STR_ARG(im->file),
                          im->lines_seen, csv_strerror(csv_error(parser)));
            return;
        }
        at += len;
        if (im->import->progress && at - told >= PIECE) {
            told = at;
            if (im->import->progress(im->import->context, at, csv.len))
                im->status = error_set(im->err, STATUS_INTERRUPTED, "Stopped; nothing was taken.",
                                       "已停止，未导入任何内容。");
        }
    }
    if (!im->status && csv_fini(parser, on_field, on_row, im))
        im->status = error_set(im->err, STATUS_INPUT,
                               "%.*s, line %" PRIu64 ": a quotation mark is not closed. Nothing "
                               "was taken.",
                               "%.*s 第 %" PRIu64 " 行：引号未闭合。未导入任何内容。",
                               STR_ARG(im->file), im->line);
}

static void judge(struct importer *im)
{
    const struct import *import = im->import;
    if (im->status)
        return;
    if (im->rows == 0) {
        im->status = error_set(im->err, STATUS_INPUT, "%.*s is empty; nothing was taken.",
                               "%.*s 为空，未导入任何内容。", STR_ARG(im->file));
    } else if (import->bad_count && !import->skip_bad) {
        import->bad[0].reason.status = STATUS_INPUT;
        im->status = error_within(
            im->err, &import->bad[0].reason,
            "Nothing was taken of %.*s; bad lines: %" PRIu64 ". Correct them, or use --skip-bad to "
            "take the others. The first, line %" PRIu64 ": ",
            "%.*s 有 %" PRIu64 " 行有误，未导入任何内容；请更正，或用 --skip-bad 导入其余各行。"
            "首个错误在第 %" PRIu64 " 行：",
            STR_ARG(im->file), import->bad_count, import->bad[0].line);
    }
}

static enum status add_event(struct importer *im, const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    struct str data =
        str_format(im->arena,
                   "{\"imported\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"first\":\"M%" PRId64
                   "\",\"last\":\"M%" PRId64 "\",\"file\":\"%s\"}",
                   im->import->imported, im->import->bad_count, im->first_id, im->last_id, hex);
    return store_add_event(im->store, "steward", "member.imported", STR(""), data, im->err);
}

enum status library_import_members(struct arena *arena, struct store *store, struct str name,
                                   const struct digest *digest, struct str csv,
                                   struct import *import, struct error *err)
{
    struct csv_parser parser;
    struct importer im = {.arena = arena,
                          .store = store,
                          .file = name,
                          .import = import,
                          .err = err,
                          .row_arena = arena_make()};
    import->bad = arena_array(arena, IMPORT_BAD_KEPT, struct bad_line);
    import->imported = import->bad_count = 0;
    import->nbad = 0;
    im.status = store_begin(store, err);
    if (!im.status && csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL)) {
        im.status =
            error_set(err, STATUS_IO, "The CSV reader could not start.", "CSV 读取器无法启动。");
    } else if (!im.status) {
        parse(&im, &parser, csv);
        csv_free(&parser);
    }
    judge(&im);
    if (!im.status && import->imported)
        im.status = add_event(&im, digest);
    if (!im.status)
        im.status = store_commit(store, err);
    if (im.status)
        store_rollback(store);
    arena_free(im.row_arena);
    return im.status;
}
