/* Files of lines; see file.h. */
#include "ledger/file.h"

#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "ledger/key.h"

/* --- what is taken -------------------------------------------------------------------------------- */

#define ZIP           "PK\x03\x04"
#define OLE           "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
#define BEGINS(bytes) (bytes), sizeof(bytes) - 1, 0
#define OFFICE        "application/vnd.openxmlformats-officedocument."
#define OPEN          "application/vnd.oasis.opendocument."

static const struct ledger_file_kind KINDS[] = {
    {"pdf", "application/pdf", BEGINS("%PDF-"), false},
    {"jpg", "image/jpeg", BEGINS("\xFF\xD8\xFF"), false},
    {"jpeg", "image/jpeg", BEGINS("\xFF\xD8\xFF"), false},
    {"png", "image/png", BEGINS("\x89PNG\r\n\x1A\n"), false},
    {"webp", "image/webp", "WEBP", 4, 8, false},
    {"heic", "image/heic", "ftyp", 4, 4, false},
    {"mp4", "video/mp4", "ftyp", 4, 4, false},
    {"docx", OFFICE "wordprocessingml.document", BEGINS(ZIP), false},
    {"xlsx", OFFICE "spreadsheetml.sheet", BEGINS(ZIP), false},
    {"pptx", OFFICE "presentationml.presentation", BEGINS(ZIP), false},
    {"odt", OPEN "text", BEGINS(ZIP), false},
    {"ods", OPEN "spreadsheet", BEGINS(ZIP), false},
    {"ofd", "application/ofd", BEGINS(ZIP), false},
    {"doc", "application/msword", BEGINS(OLE), false},
    {"xls", "application/vnd.ms-excel", BEGINS(OLE), false},
    {"ppt", "application/vnd.ms-powerpoint", BEGINS(OLE), false},
    {"wps", "application/vnd.ms-works", BEGINS(OLE), false},
    {"et", "application/vnd.ms-excel", BEGINS(OLE), false},
    {"txt", "text/plain", BEGINS(""), true},
    {"csv", "text/csv", BEGINS(""), true},
};

static struct str ending_of(struct str name)
{
    size_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.')
        dot--;
    return dot > 1 ? str_slice(name, dot, name.len) : STR("");
}

static bool same_letters(struct str a, const char *b)
{
    if (a.len != strlen(b))
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (tolower((unsigned char)a.at[i]) != b[i])
            return false;
    return true;
}

const struct ledger_file_kind *ledger_file_kind_of(struct str name, struct str bytes)
{
    struct str end = ending_of(name);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        const struct ledger_file_kind *k = &KINDS[i];
        bool begins = bytes.len >= k->begins_at + k->begins_len &&
                      memcmp(bytes.at + k->begins_at, k->begins, k->begins_len) == 0;
        if (same_letters(end, k->end))
            return begins && bytes.len ? k : NULL;
    }
    return NULL;
}

/* Control characters, those that turn the direction of writing or can't be seen, and what file systems refuse. */
static bool is_refused(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0xFEFF || c == 0xFFFD ||
           c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           (c >= 0xFE00 && c <= 0xFE0F) || c >= 0xE0000 || (c < 0x80 && strchr("\"*:<>?|", (int)c));
}

static struct str without_folders(struct str name)
{
    size_t from = name.len;
    while (from > 0 && name.at[from - 1] != '/' && name.at[from - 1] != '\\')
        from--;
    return str_slice(name, from, name.len);
}

struct str ledger_clean_file_name(struct arena *arena, struct str name)
{
    struct buf out = {.arena = arena};
    name = without_folders(name);
    struct str end = ending_of(name);
    size_t stem = end.len ? name.len - end.len - 1 : name.len;
    size_t room = LINE_FILE_NAME_MAX > end.len + 1 ? LINE_FILE_NAME_MAX - end.len - 1 : 0;
    size_t count = 0;
    for (size_t at = 0; at < name.len;) {
        bool in_stem = at < stem;
        uint32_t c = utf8_next(name, &at);
        if (is_refused(c) || (in_stem && count++ >= room))
            continue;
        buf_add_code(&out, c);
    }
    struct str clean = str_trim(buf_str(&out));
    while (clean.len && clean.at[0] == '.')
        clean = str_slice(clean, 1, clean.len);
    return clean.len ? clean : STR("file");
}

/* --- kept ----------------------------------------------------------------------------------------- */

static enum status check_file(const struct line_file *file, int64_t now_ms, struct error *err)
{
    if (!ledger_is_line_of_text(file->name, 1, LINE_FILE_NAME_MAX))
        return error_set(err, STATUS_INPUT, "A file's name has 1 to %d characters.",
                         "文件名应为 1 至 %d 个字。", LINE_FILE_NAME_MAX);
    if (!ledger_is_line_of_text(file->note, 0, LINE_FILE_NOTE_MAX))
        return error_set(err, STATUS_INPUT,
                         "Say what it shows on one line of at most %d characters.",
                         "说明应为一行，不超过 %d 个字。", LINE_FILE_NOTE_MAX);
    if (!ledger_is_line_of_text(file->place, 0, LINE_FILE_PLACE_MAX))
        return error_set(err, STATUS_INPUT, "The place is one line of at most %d characters.",
                         "地点应为一行，不超过 %d 个字。", LINE_FILE_PLACE_MAX);
    if (file->taken_ms < 0 || file->taken_ms > now_ms)
        return error_set(err, STATUS_INPUT, "It can't have been taken later than now.",
                         "拍摄时间不能晚于现在。");
    return STATUS_OK;
}

static enum status check_line(struct store *store, int64_t line, struct str about,
                              struct error *err)
{
    struct query *q =
        query_start(store, "SELECT state = 'closed', (SELECT count(*) FROM line_file f"
                           " WHERE f.line = ?1 AND f.about = ?2 AND f.removed_ms IS NULL)"
                           " FROM line WHERE id = ?1");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, about);
    bool found = query_row(q);
    bool closed = found && query_int(q, 0);
    bool full = found && query_int(q, 1) >= LINE_FILES_MAX;
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such line in the ledger.",
                         "台账中没有这一条目。");
    if (!status && closed)
        return error_set(err, STATUS_CONFLICT, "The line is closed; nothing is attached any more.",
                         "条目已关闭，不再接收附件。");
    if (!status && full)
        return error_set(
            err, STATUS_LIMITED,
            "There are at most %d files to one matter of a line. Remove one that is not "
            "needed.",
            "条目的同一事项最多 %d 个附件，请先移除不需要的。", LINE_FILES_MAX);
    return status;
}

static enum status insert_file(struct store *store, struct line_file *file, struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT INTO line_file (key, line, name, media, digest, bytes, about, note, taken_ms,"
        " place, member, added_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    query_bind_str(q, 1, file->key);
    query_bind_int(q, 2, file->line);
    query_bind_str(q, 3, file->name);
    query_bind_str(q, 4, file->media);
    query_bind_blob(q, 5, digest_bytes(&file->digest));
    query_bind_int(q, 6, file->bytes);
    query_bind_str(q, 7, file->about);
    query_bind_str(q, 8, file->note);
    query_bind_int_or_null(q, 9, file->taken_ms);
    query_bind_str(q, 10, file->place);
    query_bind_int(q, 11, file->member);
    query_bind_int(q, 12, file->added_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    file->id = status ? 0 : store_last_id(store);
    return status;
}

/* {"file": [null, "site.jpg"], "about": …}: as a change, so that the history tells of it like others. */
static json_t *data_of(const struct line_file *file, bool added)
{
    json_t *name = str_to_json(file->name);
    json_t *data =
        json_pack("{s:o}", "file", added ? json_pack("[n, o]", name) : json_pack("[o, n]", name));
    if (file->about.len)
        json_object_set_new(data, "about", str_to_json(file->about));
    return data;
}

enum status ledger_attach_file(struct arena *arena, struct store *store, struct line_file *file,
                               const struct ledger_deed *deed, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    file->added_ms = deed->now_ms;
    enum status status = check_file(file, deed->now_ms, err);
    if (!status)
        status = check_line(store, file->line, file->about, err);
    if (!status)
        status = digest_random_key(arena, &file->key, err);
    if (!status)
        status = insert_file(store, file, err);
    if (status)
        return status;
    json_t *data = data_of(file, true);
    digest_to_hex(&file->digest, hex);
    json_object_set_new(data, "digest", json_string(hex));
    return ledger_record(store, file->line, "line.file", data, deed, err);
}

enum status ledger_remove_file(struct store *store, const struct line_file *file,
                               const struct ledger_deed *deed, struct error *err)
{
    if (!ledger_is_line_of_text(str_trim(deed->why), 1, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "Say why it is removed.", "请说明移除的理由。");
    struct query *q = query_start(store, "UPDATE line_file SET removed_ms = ?2, removed_why = ?3"
                                         " WHERE id = ?1 AND removed_ms IS NULL");
    query_bind_int(q, 1, file->id);
    query_bind_int(q, 2, deed->now_ms);
    query_bind_str(q, 3, deed->why);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "It is removed already.", "附件已被移除。");
    return status ? status
                  : ledger_record(store, file->line, "line.file-removed", data_of(file, false),
                                  deed, err);
}

/* --- found ---------------------------------------------------------------------------------------- */

#define FILE_COLUMNS                                                                             \
    "id, key, line, name, media, digest, bytes, about, note, taken_ms, place, member, added_ms," \
    " removed_ms, removed_why, swept_ms"

static void take_file(struct arena *arena, struct query *q, struct line_file *file)
{
    *file = (struct line_file){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .line = query_int(q, 2),
        .name = str_copy(arena, query_str(q, 3)),
        .media = str_copy(arena, query_str(q, 4)),
        .bytes = query_int(q, 6),
        .about = str_copy(arena, query_str(q, 7)),
        .note = str_copy(arena, query_str(q, 8)),
        .taken_ms = query_int(q, 9),
        .place = str_copy(arena, query_str(q, 10)),
        .member = query_int(q, 11),
        .added_ms = query_int(q, 12),
        .removed_ms = query_int(q, 13),
        .removed_why = str_copy(arena, query_str(q, 14)),
        .swept_ms = query_int(q, 15),
    };
    struct str digest = query_blob(q, 5);
    if (digest.len == DIGEST_BYTES)
        memcpy(file->digest.bytes, digest.at, DIGEST_BYTES);
}

enum status ledger_find_file(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct line_file *file, struct error *err)
{
    struct query *q = query_start(store, "SELECT " FILE_COLUMNS " FROM line_file"
                                         " WHERE key = ?1 AND line = ?2");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, line);
    bool found = query_row(q);
    if (found)
        take_file(arena, q, file);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such file.", "没有这个附件。");
    return status;
}

static enum status take_files(struct arena *arena, struct query *q, struct line_file **list,
                              size_t *count, struct error *err)
{
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        take_file(arena, q, &(*list)[n]);
    }
    return query_end(q, err);
}

enum status ledger_list_files(struct arena *arena, struct store *store, int64_t line,
                              struct str about, struct line_file **list, size_t *count,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT " FILE_COLUMNS " FROM line_file"
                                         " WHERE line = ?1 AND about = ?2 ORDER BY id DESC");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, about);
    return take_files(arena, q, list, count, err);
}

enum status ledger_list_files_of_matters(struct arena *arena, struct store *store, int64_t line,
                                         struct str matter, struct line_file **list, size_t *count,
                                         struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " FILE_COLUMNS " FROM line_file WHERE line = ?1 AND about >= ?2 || '.'"
               " AND about < ?2 || '/' AND removed_ms IS NULL ORDER BY id");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, matter);
    return take_files(arena, q, list, count, err);
}

/* --- content that left ---------------------------------------------------------------------------- */

int64_t ledger_file_until(const struct line_file *file)
{
    return file->removed_ms && !file->swept_ms && !file->about.len
               ? file->removed_ms + LINE_FILE_KEPT_DAYS * STORE_DAY_MS
               : 0;
}

/* The one that has been due longest; file->id 0 when none is. */
static enum status find_due(struct arena *arena, struct store *store, int64_t after, int64_t now_ms,
                            struct line_file *file, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " FILE_COLUMNS " FROM line_file WHERE removed_ms IS NOT NULL AND swept_ms"
               " IS NULL AND about = '' AND removed_ms <= ?1 AND id > ?2 ORDER BY id LIMIT 1");
    query_bind_int(q, 1, now_ms - LINE_FILE_KEPT_DAYS * STORE_DAY_MS);
    query_bind_int(q, 2, after);
    *file = (struct line_file){0};
    if (query_row(q))
        take_file(arena, q, file);
    return query_end(q, err);
}

/* Rows of files whose content has left, and this one. */
static enum status count_own(struct store *store, const struct line_file *file, int64_t *own,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM line_file WHERE digest = ?1"
                                         " AND (swept_ms IS NOT NULL OR id = ?2)");
    query_bind_blob(q, 1, digest_bytes(&file->digest));
    query_bind_int(q, 2, file->id);
    *own = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status note_swept(struct store *store, const struct line_file *file, int64_t now_ms,
                              struct error *err)
{
    struct query *q = query_start(store, "UPDATE line_file SET swept_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, file->id);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : ledger_add_event(store, "line.file-swept", 'L', file->line,
                                     json_pack("{s:o}", "name", str_to_json(file->name)), err);
}

/* Where somebody put the same bytes a moment ago, it waits. The bytes go before it is noted, so that after a crash it is
 * done again and not forgotten. */
static enum status sweep_one(struct store *store, const struct line_file *file, int64_t now_ms,
                             struct error *err)
{
    int64_t own;
    bool wait = false;
    enum status status = count_own(store, file, &own, err);
    if (!status)
        status = store_drop_blob(store, &file->digest, own, now_ms, &wait, err);
    return status || wait ? status : note_swept(store, file, now_ms, err);
}

enum status ledger_sweep_files(struct store *store, int64_t now_ms, struct error *err)
{
    struct arena *arena = arena_make();
    struct line_file file = {0};
    enum status status;
    store_act_as(store, STR("server"));
    do {
        arena_reset(arena);
        status = store_begin(store, err);
        if (!status)
            status = find_due(arena, store, file.id, now_ms, &file, err);
        if (!status && file.id)
            status = sweep_one(store, &file, now_ms, err);
        if (!status)
            status = store_commit(store, err);
        if (status)
            store_rollback(store);
    } while (!status && file.id);
    store_act_as(store, STR(""));
    arena_free(arena);
    return status;
}
