/* Forgetting: words taken out wherever they stand, and out of the bytes that nothing uses any more.
 *
 * SQLite leaves deleted rows where they lay until something else is written there, and older pages in its log.
 * A sweep writes the whole database anew and cuts the log to nothing. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Columns of text. Settings are the installation's own; an event is changed by cutting it down only. */
static const char COLUMNS[] =
    "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
    " WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND t.name NOT LIKE 'sqlite%'"
    " AND t.name NOT LIKE 'search%' AND c.type = 'TEXT' ORDER BY t.name, c.cid";

struct finding {
    void (*each)(void *context, struct str table, struct str column, int64_t rows);
    void *context;
};

static int replace_in(sqlite3 *db, const char *table, const char *column, struct str text,
                      struct str with)
{
    sqlite3_stmt *s = NULL;
    if (strcmp(table, "setting") == 0 || strcmp(table, "event") == 0)
        return SQLITE_OK;
    char *sql = sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = replace(\"%w\", ?1, ?2)"
                                " WHERE instr(\"%w\", ?1) > 0",
                                table, column, column, column);
    int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    (void)sqlite3_bind_text64(s, 1, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
    (void)sqlite3_bind_text64(s, 2, with.at, with.len, SQLITE_STATIC, SQLITE_UTF8);
    if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_DONE)
        code = SQLITE_OK;
    (void)sqlite3_finalize(s);
    sqlite3_free(sql);
    return code;
}

static int find_in(sqlite3 *db, const char *table, const char *column, struct str text,
                   const struct finding *finding)
{
    sqlite3_stmt *s = NULL;
    char *sql =
        sqlite3_mprintf("SELECT count(*) FROM \"%w\" WHERE instr(\"%w\", ?1) > 0", table, column);
    int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    (void)sqlite3_bind_text64(s, 1, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
    if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        int64_t rows = sqlite3_column_int64(s, 0);
        if (rows)
            finding->each(finding->context, str_of(table), str_of(column), rows);
        code = SQLITE_OK;
    }
    (void)sqlite3_finalize(s);
    sqlite3_free(sql);
    return code;
}

/* finding NULL: replaces. */
static enum status walk(struct store *store, struct str text, struct str with,
                        const struct finding *finding, struct error *err)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(store->db, COLUMNS, -1, &s, NULL);
    while (code == SQLITE_OK && text.len && (code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(s, 0);
        const char *column = (const char *)sqlite3_column_text(s, 1);
        code = finding ? find_in(store->db, table, column, text, finding)
                       : replace_in(store->db, table, column, text, with);
    }
    (void)sqlite3_finalize(s);
    return code == SQLITE_DONE || code == SQLITE_OK ? STATUS_OK
                                                    : store_db_error(store->db, code, err);
}

enum status store_replace_text(struct store *store, struct str text, struct str with,
                               struct error *err)
{
    return walk(store, text, with, NULL, err);
}

enum status store_find_text(struct store *store, struct str text,
                            void (*each)(void *context, struct str table, struct str column,
                                         int64_t rows),
                            void *context, struct error *err)
{
    const struct finding finding = {each, context};
    return walk(store, text, STR(""), &finding, err);
}

/* --- files that nothing refers to ------------------------------------------------------------------ */

/* A file is put before the transaction that refers to it. */
#define FRESH_MS (INT64_C(60) * 60 * 1000)

/* Columns of bytes: any of them may hold the digest of a file. */
static const char BYTE_COLUMNS[] =
    "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
    " WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND t.name NOT LIKE 'sqlite%'"
    " AND t.name NOT LIKE 'search%' AND c.type = 'BLOB'";

/* Which digests the database holds, as one statement that finds ?1 (bytes) or ?2 (hex, in events). */
static char *make_question(sqlite3 *db)
{
    sqlite3_str *sql = sqlite3_str_new(db);
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, BYTE_COLUMNS, -1, &s, NULL);
    sqlite3_str_appendall(sql, "SELECT EXISTS (SELECT 1 FROM event WHERE instr(data, ?2) > 0)");
    while (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *column = (const char *)sqlite3_column_text(s, 1);
        sqlite3_str_appendf(sql, " OR EXISTS (SELECT 1 FROM \"%w\" WHERE \"%w\" = ?1)",
                            (const char *)sqlite3_column_text(s, 0), column);
        code = SQLITE_OK;
    }
    (void)sqlite3_finalize(s);
    char *text = sqlite3_str_finish(sql);
    if (code != SQLITE_DONE) {
        sqlite3_free(text);
        return NULL;
    }
    return text;
}

/* Whether `name` is of a file put long ago. */
static bool is_old(int folder, const char *name, int64_t now_ms)
{
    struct stat found;
    return fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode) &&
           (int64_t)found.st_mtim.tv_sec * 1000 < now_ms - FRESH_MS;
}

/* It is moved aside first: who puts the same bytes meanwhile has either touched it before, which is seen here, or
 * finds it gone and writes it anew. */
static void remove_old(int folder, const char *name, int64_t now_ms)
{
    static const char ASIDE[] = "unused" STORE_DRAFT;
    if (renameat(folder, name, folder, ASIDE))
        return;
    if (is_old(folder, ASIDE, now_ms))
        (void)unlinkat(folder, ASIDE, 0);
    else
        (void)renameat(folder, ASIDE, folder, name);
}

/* What a kill left of a file being written is known by its name, which is no digest's. */
static int consider(sqlite3_stmt *question, int folder, const char *prefix, const char *name,
                    int64_t now_ms)
{
    char hex[DIGEST_HEX + 1];
    struct digest digest;
    if (!is_old(folder, name, now_ms))
        return SQLITE_OK;
    bool whole = strlen(name) == DIGEST_HEX - 2;
    (void)snprintf(hex, sizeof hex, "%.2s%.*s", prefix, DIGEST_HEX - 2, name);
    if (whole && digest_from_hex(str_of(hex), &digest)) {
        (void)sqlite3_reset(question);
        (void)sqlite3_bind_blob(question, 1, digest.bytes, DIGEST_BYTES, SQLITE_STATIC);
        (void)sqlite3_bind_text(question, 2, hex, DIGEST_HEX, SQLITE_STATIC);
        if (sqlite3_step(question) != SQLITE_ROW)
            return sqlite3_reset(question);
        bool used = sqlite3_column_int(question, 0);
        (void)sqlite3_reset(question);
        if (used)
            return SQLITE_OK;
    }
    remove_old(folder, name, now_ms);
    return SQLITE_OK;
}

static int sweep_folder(sqlite3_stmt *question, const char *path, const char *prefix,
                        int64_t now_ms)
{
    DIR *dir = opendir(path);
    int code = SQLITE_OK;
    if (!dir)
        return errno == ENOENT ? SQLITE_OK : SQLITE_IOERR;
    const struct dirent *entry;
    while (code == SQLITE_OK && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            code = consider(question, dirfd(dir), prefix, entry->d_name, now_ms);
    (void)closedir(dir);
    return code;
}

enum status store_sweep_blobs(struct store *store, int64_t now_ms, struct error *err)
{
    char *sql = make_question(store->db);
    sqlite3_stmt *question = NULL;
    int code = sql ? sqlite3_prepare_v2(store->db, sql, -1, &question, NULL) : SQLITE_NOMEM;
    for (unsigned i = 0; code == SQLITE_OK && i < 256; i++) {
        char name[sizeof STORE_BLOBS + 8];
        (void)snprintf(name, sizeof name, STORE_BLOBS "/%02x", i);
        char *path = store_path(store->dir, name);
        code = sweep_folder(question, path, name + sizeof STORE_BLOBS, now_ms);
        free(path);
    }
    (void)sqlite3_finalize(question);
    sqlite3_free(sql);
    return code == SQLITE_OK ? STATUS_OK : store_db_error(store->db, code, err);
}

/* How many rows hold a digest in a column of bytes. */
static enum status count_holders(struct store *store, const struct digest *digest, int64_t *count,
                                 struct error *err)
{
    sqlite3_stmt *columns = NULL;
    int code = sqlite3_prepare_v2(store->db, BYTE_COLUMNS, -1, &columns, NULL);
    *count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(columns)) == SQLITE_ROW) {
        sqlite3_stmt *s = NULL;
        char *sql = sqlite3_mprintf("SELECT count(*) FROM \"%w\" WHERE \"%w\" = ?1",
                                    (const char *)sqlite3_column_text(columns, 0),
                                    (const char *)sqlite3_column_text(columns, 1));
        code = sqlite3_prepare_v2(store->db, sql, -1, &s, NULL);
        (void)sqlite3_bind_blob(s, 1, digest->bytes, DIGEST_BYTES, SQLITE_STATIC);
        if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
            *count += sqlite3_column_int64(s, 0);
            code = SQLITE_OK;
        }
        (void)sqlite3_finalize(s);
        sqlite3_free(sql);
    }
    (void)sqlite3_finalize(columns);
    return code == SQLITE_DONE ? STATUS_OK : store_db_error(store->db, code, err);
}

enum status store_drop_blob(struct store *store, const struct digest *digest, int64_t own,
                            int64_t now_ms, bool *wait, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    char name[sizeof STORE_BLOBS + 8];
    int64_t holders;
    enum status status = count_holders(store, digest, &holders, err);
    *wait = false;
    if (status || holders > own)
        return status;
    digest_to_hex(digest, hex);
    (void)snprintf(name, sizeof name, STORE_BLOBS "/%.2s", hex);
    char *path = store_path(store->dir, name);
    DIR *dir = opendir(path);
    free(path);
    if (!dir)
        return STATUS_OK;
    remove_old(dirfd(dir), hex + 2, now_ms);
    *wait = faccessat(dirfd(dir), hex + 2, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    (void)closedir(dir);
    return STATUS_OK;
}

/* --- pages that nothing uses ----------------------------------------------------------------------- */

static enum status cut_log(struct store *store, struct error *err)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    bool busy = code == SQLITE_ROW && sqlite3_column_int(s, 0);
    (void)sqlite3_finalize(s);
    if (code != SQLITE_ROW)
        return store_db_error(store->db, code, err);
    return busy ? error_set(err, STATUS_CONFLICT, "Somebody is reading; it is tried again.",
                            "正有读取操作，稍后重试。")
                : STATUS_OK;
}

enum status store_sweep(struct store *store, struct error *err)
{
    enum status status = store_run(store, "VACUUM", err);
    return status ? status : cut_log(store, err);
}
