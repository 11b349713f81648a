/* Files of a line on pages; see ledger_files.h. */
#include "server/ledger_files.h"

#include "format/format.h"

static const struct field FILE_ROW[] = {
    FIELD(TEXT, struct ledger_file_row, key),
    FIELD(TEXT, struct ledger_file_row, name),
    FIELD(TEXT, struct ledger_file_row, media),
    FIELD_HIDDEN(TEXT, struct ledger_file_row, size),
    FIELD(NUMBER, struct ledger_file_row, bytes),
    FIELD(TEXT, struct ledger_file_row, note),
    FIELD(TIME, struct ledger_file_row, taken),
    FIELD(TEXT, struct ledger_file_row, place),
    FIELD(TEXT, struct ledger_file_row, by),
    FIELD(TEXT, struct ledger_file_row, path),
    FIELD(TIME, struct ledger_file_row, added),
    FIELD(TIME, struct ledger_file_row, removed),
    FIELD(TEXT, struct ledger_file_row, removed_why),
    FIELD(TIME, struct ledger_file_row, until),
    FIELD(TIME, struct ledger_file_row, swept),
    FIELD(FLAG, struct ledger_file_row, may_remove),
    {0},
};
const struct field ledger_files_fields[] = {
    FIELD(TEXT, struct ledger_files, path),
    FIELD(FLAG, struct ledger_files, may_attach),
    FIELD_OF_LIST(struct ledger_files, files, FILE_ROW),
    FIELD_OF_LIST(struct ledger_files, gone, FILE_ROW),
    {0},
};

static struct str size_words(const struct request *rq, int64_t bytes)
{
    if (bytes < 1024)
        return str_format(rq->arena, "%lld B", (long long)bytes);
    double size = (double)bytes / 1024;
    return size < 1024 ? str_format(rq->arena, "%.0f KB", size)
                       : str_format(rq->arena, "%.1f MB", size / 1024);
}

static struct ledger_file_row row_of(struct request *rq, const struct ledger_sight *sight,
                                     const struct line_file *file)
{
    return (struct ledger_file_row){
        .key = file->key,
        .name = file->name,
        .media = file->media,
        .size = size_words(rq, file->bytes),
        .bytes = file->bytes,
        .note = file->note,
        .taken = file->taken_ms,
        .place = file->place,
        .path = ledger_path(rq, sight->line.key,
                            str_format(rq->arena, "/files/%.*s", STR_ARG(file->key)).at),
        .added = file->added_ms,
        .removed = file->removed_ms,
        .removed_why = file->removed_why,
        .until = ledger_file_until(file),
        .swept = file->swept_ms,
        .may_remove = file->member == rq->viewer.member || ledger_may(sight->is, LEDGER_CHANGE),
    };
}

enum status ledger_fill_files(struct request *rq, const struct ledger_sight *sight,
                              struct str about, struct ledger_files *files, struct error *err)
{
    struct line_file *list;
    size_t count;
    *files = (struct ledger_files){
        .path = ledger_path(rq, sight->line.key, "/files"),
        .may_attach = sight->line.state != LINE_CLOSED && ledger_may(sight->is, LEDGER_REPORT),
    };
    enum status status =
        ledger_list_files(rq->arena, rq->store, sight->line.id, about, &list, &count, err);
    if (status)
        return status;
    files->files = arena_array(rq->arena, count + 1, struct ledger_file_row);
    files->gone = arena_array(rq->arena, count + 1, struct ledger_file_row);
    for (size_t i = 0; !status && i < count; i++) {
        struct ledger_file_row row = row_of(rq, sight, &list[i]);
        status = ledger_member_name(rq, list[i].member, &row.by, err);
        if (row.removed)
            files->gone[files->ngone++] = row;
        else
            files->files[files->nfiles++] = row;
    }
    return status;
}

/* --- taken in ------------------------------------------------------------------------------------- */

static enum status check_upload(struct request *rq, const struct upload *upload,
                                const struct ledger_file_kind **kind, struct error *err)
{
    *kind = ledger_file_kind_of(upload->file, upload->bytes);
    if (upload->bytes.len > LINE_FILE_MAX)
        return error_set(err, STATUS_INPUT, "The file is larger than %d MB.", "文件超过 %d MB。",
                         (int)(LINE_FILE_MAX >> 20));
    if (!*kind)
        return error_set(
            err, STATUS_INPUT,
            "Such a file is not taken: pictures, PDF and OFD, office documents, MP4, TXT "
            "and CSV are, when the name's ending fits the content.",
            "不接收此类文件。可上传图片、PDF、OFD、办公文档、MP4、TXT 和 CSV，且扩展名须与内容相符。");
    if (!(*kind)->text)
        return STATUS_OK;
    struct str text;
    const char *encoding;
    if (upload->bytes.len > LINE_FILE_TEXT_MAX)
        return error_set(err, STATUS_INPUT, "A text file has at most %d MB.",
                         "文本文件不超过 %d MB。", (int)(LINE_FILE_TEXT_MAX >> 20));
    enum status status = format_decode(rq->arena, upload->bytes, &text, &encoding, err);
    return status ? status : ledger_refuse_marks(rq, text, err);
}

struct attaching {
    struct line_file *file;
    struct ledger_deed deed;
};

static enum status attach_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct attaching *a = context;
    return ledger_attach_file(scratch, store, a->file, &a->deed, err);
}

enum status ledger_read_file(struct request *rq, int64_t line, struct str about,
                             struct line_file *file, struct error *err)
{
    const struct upload *upload = request_upload(rq, "file");
    const struct ledger_file_kind *kind;
    enum status status = check_upload(rq, upload, &kind, err);
    if (status)
        return status;
    *file = (struct line_file){
        .line = line,
        .name = ledger_clean_file_name(rq->arena, upload->file),
        .media = str_of(kind->media),
        .bytes = (int64_t)upload->bytes.len,
        .about = about,
        .note = request_input(rq, "note"),
        .taken_ms = request_number(rq, "taken"),
        .place = request_input(rq, "place"),
        .member = rq->viewer.member,
    };
    status = ledger_refuse_marks(rq,
                                 str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(file->name),
                                            STR_ARG(file->note), STR_ARG(file->place)),
                                 err);
    return status ? status : store_put_blob(rq->store, upload->bytes, &file->digest, err);
}

enum status ledger_take_file(struct request *rq, int64_t line, struct str about,
                             struct line_file *file, struct error *err)
{
    struct attaching a = {file, {.now_ms = rq->now_ms}};
    enum status status = ledger_read_file(rq, line, about, file, err);
    return status ? status : ledger_write(rq, line, LEDGER_REPORT, attach_step, &a, err);
}
