/* Forgetting: words taken out wherever they stand, and out of the bytes that nothing uses any more.
 *
 * SQLite leaves deleted rows where they lay until something else is written there, and older pages in its log.
 * A sweep writes the whole database anew and cuts the log to nothing. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
