/* The database file: opening, migrations, statements, transactions.
 *
 * SQLite in WAL mode with synchronous=FULL: a commit that returned is on disk. Statements are kept
 * prepared by the address of their text, so a query costs a bind and a step. An error sticks to
 * its query until query_end, so that callers check once. */
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"

extern const struct embedded migration_files[]; /* sql/, by number from 1 on */

/* What the system said last of the database (SQLITE_FCNTL_FILE_POINTER) or of its log (SQLITE_FCNTL_JOURNAL_POINTER). By
 * then errno, which sqlite3_system_errno goes by, may be of something later. */
static int last_errno(sqlite3 *db, int which)
{
    sqlite3_file *file = NULL;
    int why = 0;
    if (sqlite3_file_control(db, "main", which, &file) == SQLITE_OK && file && file->pMethods)
        (void)file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &why);
    return why;
}

/* SQLite has a word for a full disk, but none for one too full for the file that readers share, nor for a quota or a
 * limit of files' sizes that is used up. */
static bool is_full(sqlite3 *db, int code)
{
    static const int FILES[] = {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER};
    bool full = code == SQLITE_IOERR_SHMSIZE;
    for (size_t i = 0; code == SQLITE_IOERR_WRITE && i < sizeof FILES / sizeof *FILES; i++) {
        int why = last_errno(db, FILES[i]);
        full = full || why == EFBIG || why == EDQUOT;
    }
    return full;
}

enum status store_db_error(sqlite3 *db, int code, struct error *err)
{
    switch (is_full(db, code) ? SQLITE_FULL : code & 0xFF) {
    case SQLITE_FULL:
        return error_set(err, STATUS_IO,
                         "There is no room left on the disk for the database. Free some space and "
                         "try again; what was stored before is whole.",
                         "磁盘空间不足，数据库无法写入。请腾出空间后重试；此前存储的数据完好。");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(
            err, STATUS_IO,
            "Another command has been writing for too long; try again when it is done.",
            "另一命令写入时间过长；请待其完成后重试。");
    case SQLITE_READONLY:
        return error_set(
            err, STATUS_IO,
            "The data folder can't be written, and this has to write. Let this user write there, "
            "or work on a copy of the folder.",
            "数据文件夹无法写入，而此操作需要写入。请授予当前用户写权限，或改用该文件夹的副本。");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return error_set(err, STATUS_DAMAGED,
                         "The database is damaged (%s). Restore the last backup: chancery restore.",
                         "数据库已损坏（%s）。请用最近的备份恢复：chancery restore。",
                         sqlite3_errmsg(db));
    default:
        return error_set(err, STATUS_IO, "The database refused: %s (code %d).",
                         "数据库拒绝操作：%s（代码 %d）。", sqlite3_errmsg(db), code);
    }
}

static int run_plain(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Whether database and folder can be written, in the eyes of the system. */
static bool is_writable(const char *path)
{
    char *copy = strdup(path);
    bool writable = copy && access(path, W_OK) == 0 && access(dirname(copy), W_OK) == 0;
    free(copy);
    return writable;
}

/* Opens what can only be read. With no log beside it nothing is left to merge, and nobody can add anything:
 * only then may it be read without one, which could not be made. */
static int open_to_read(const char *path, sqlite3 **db)
{
    struct stat about;
    char *log;
    char *uri = sqlite3_mprintf("file:");
    if (asprintf(&log, "%s-wal", path) < 0)
        return SQLITE_NOMEM;
    bool merged = stat(log, &about) || about.st_size == 0;
    free(log);
    for (const unsigned char *c = (const unsigned char *)path; uri && *c; c++)
        uri = sqlite3_mprintf(isalnum(*c) || strchr("/-._~", *c) ? "%z%c" : "%z%%%02X", uri, *c);
    if (merged)
        uri = sqlite3_mprintf("%z?immutable=1", uri);
    int code =
        uri ? sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                              NULL)
            : SQLITE_NOMEM;
    sqlite3_free(uri);
    return code;
}

static int set_up(sqlite3 *db, bool writable)
{
    static const char *const settings[] = {
        "PRAGMA synchronous = FULL",  "PRAGMA foreign_keys = ON",    "PRAGMA cache_size = -65536",
        "PRAGMA temp_store = MEMORY", "PRAGMA trusted_schema = OFF", "PRAGMA mmap_size = 268435456",
    };
    int code = sqlite3_extended_result_codes(db, 1);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(db, STORE_BUSY_MS);
    if (code == SQLITE_OK && writable)
        code = run_plain(db, "PRAGMA journal_mode = WAL");
    for (size_t i = 0; code == SQLITE_OK && i < sizeof settings / sizeof *settings; i++)
        code = run_plain(db, settings[i]);
    return code == SQLITE_OK ? store_add_tokenizer(db) : code;
}

/* SQLite counts the memory it has in use behind one lock for all threads; nothing here asks for that. Only before its
 * first use can it be told so. */
static void count_no_memory(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum status store_open_database(const char *path, bool create, sqlite3 **db, struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, count_no_memory);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    bool writable = create || is_writable(path);
    int code = writable ? sqlite3_open_v2(path, db, flags, NULL) : open_to_read(path, db);
    if (code == SQLITE_OK)
        code = set_up(*db, writable);
    if (code == SQLITE_OK)
        return STATUS_OK;
    /* A log that can't be merged, for want of the file that readers share. */
    if (!writable && (code & 0xFF) == SQLITE_CANTOPEN)
        code = SQLITE_READONLY;
    enum status status = store_db_error(*db, code, err);
    (void)sqlite3_close(*db);
    *db = NULL;
    return status;
}

/* --- migrations --------------------------------------------------------------------------------- */

static int schema_version(sqlite3 *db, int *version)
{
    sqlite3_stmt *s;
    int code = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(s);
        *version = sqlite3_column_int(s, 0);
        code = code == SQLITE_ROW ? SQLITE_OK : code;
    }
    (void)sqlite3_finalize(s);
    return code;
}

static int run_migration(sqlite3 *db, int number)
{
    char set_version[48];
    sqlite3_snprintf(sizeof set_version, set_version, "PRAGMA user_version = %d", number);
    int code = run_plain(db, migration_files[number - 1].at);
    return code == SQLITE_OK ? run_plain(db, set_version) : code;
}

/* What a step of the schema failed with; one that does not fit what is there is no fault of the disk. */
static enum status migration_error(sqlite3 *db, int code, int number, struct error *err)
{
    if (code != SQLITE_ERROR)
        return store_db_error(db, code, err);
    return error_set(
        err, STATUS_DAMAGED,
        "The data folder can't be brought up to this program: step %d fails (%s), as its database was "
        "changed by other hands or comes from before the first release. Nothing was changed; the "
        "program that you had before opens it still.",
        "无法将数据文件夹升级到本程序：第 %d 步失败（%s），其数据库曾被其他途径改动，"
        "或早于首个正式版本。未作任何更改；此前所用的程序仍可打开。",
        number, sqlite3_errmsg(db));
}

/* All that are lacking in one transaction, unless another process ran them meanwhile: where one fails, the program that the
 * folder was used with before goes on. */
static enum status run_migrations(sqlite3 *db, int known, struct error *err)
{
    int version = 0;
    int number = 0;
    int code = run_plain(db, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = schema_version(db, &version);
    for (number = version; code == SQLITE_OK && number < known;)
        code = run_migration(db, ++number);
    if (code == SQLITE_OK)
        code = run_plain(db, "COMMIT");
    enum status status = code == SQLITE_OK ? STATUS_OK : migration_error(db, code, number, err);
    if (status && !sqlite3_get_autocommit(db))
        (void)run_plain(db, "ROLLBACK");
    return status;
}

enum status store_migrate(sqlite3 *db, struct error *err)
{
    int version = 0;
    int known = 0;
    int code = schema_version(db, &version);
    while (migration_files[known].name)
        known++;
    if (code != SQLITE_OK)
        return store_db_error(db, code, err);
    if (version > known)
        return error_set(err, STATUS_CONFLICT,
                         "The data folder was made by a newer chancery (schema %d; this one knows "
                         "%d). Nothing was changed; install the newer program.",
                         "该数据文件夹由更新版本的 chancery 创建（结构 %d，本程序为 %d）。"
                         "未作任何更改；请安装新版程序。",
                         version, known);
    return version < known ? run_migrations(db, known, err) : STATUS_OK;
}

enum status store_migrate_existing(sqlite3 *db, struct error *err)
{
    int version = 0;
    int code = schema_version(db, &version);
    if (code == SQLITE_OK && version == 0)
        return error_set(err, STATUS_DAMAGED,
                         "The database is empty: what was in it is gone. Restore the last backup: "
                         "chancery restore.",
                         "数据库是空的，原有内容已丢失。请用最近的备份恢复：chancery restore。");
    return code == SQLITE_OK ? store_migrate(db, err) : store_db_error(db, code, err);
}

/* --- statements --------------------------------------------------------------------------------- */

static void note(struct query *q, int code)
{
    if (q->code == SQLITE_OK && code != SQLITE_OK)
        q->code = code;
}

/* A program has some hundred statements, each a literal; a query stays where it is, as callers hold
 * several at once. */
struct query *query_start(struct store *store, const char *sql)
{
    size_t slot = ((uintptr_t)sql * 0x9E3779B97F4A7C15U >> 40) % STORE_QUERIES_MAX;
    for (size_t tried = 0; tried < STORE_QUERIES_MAX; tried++) {
        if (store->queries[slot].sql == sql || !store->queries[slot].sql)
            break;
        slot = (slot + 1) % STORE_QUERIES_MAX;
    }
    struct query *q = &store->queries[slot];
    if (q->sql != sql) {
        (void)sqlite3_finalize(q->statement);
        *q = (struct query){.store = store, .sql = sql};
    }
    q->finished = false;
    q->code = SQLITE_OK;
    if (!q->statement) {
        store->noting = &q->more;
        note(q, sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->statement,
                                   NULL));
        store->noting = NULL;
    }
    store->wrote_more |= q->more;
    return q;
}

struct query *query_start_made(struct store *store, struct str sql)
{
    struct query *q = &store->made;
    (void)sqlite3_finalize(q->statement);
    *q = (struct query){.store = store};
    store->noting = &q->more;
    note(q, sqlite3_prepare_v2(store->db, sql.at, (int)sql.len, &q->statement, NULL));
    store->noting = NULL;
    store->wrote_more |= q->more;
    return q;
}

void query_bind_int(struct query *q, int at, int64_t value)
{
    note(q, sqlite3_bind_int64(q->statement, at, value));
}

void query_bind_int_or_null(struct query *q, int at, int64_t value)
{
    if (value)
        query_bind_int(q, at, value);
    else
        query_bind_null(q, at);
}

void query_bind_real(struct query *q, int at, double value)
{
    note(q, sqlite3_bind_double(q->statement, at, value));
}

void query_bind_str(struct query *q, int at, struct str text)
{
    note(q, sqlite3_bind_text64(q->statement, at, text.at ? text.at : "", text.len, SQLITE_STATIC,
                                SQLITE_UTF8));
}

void query_bind_blob(struct query *q, int at, struct str bytes)
{
    note(q,
         sqlite3_bind_blob64(q->statement, at, bytes.at ? bytes.at : "", bytes.len, SQLITE_STATIC));
}

void query_bind_null(struct query *q, int at)
{
    note(q, sqlite3_bind_null(q->statement, at));
}

bool query_row(struct query *q)
{
    if (q->code != SQLITE_OK || q->finished)
        return false;
    int code = sqlite3_step(q->statement);
    if (code == SQLITE_ROW)
        return true;
    q->finished = true;
    if (code != SQLITE_DONE)
        note(q, code);
    return false;
}

int64_t query_int(struct query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

double query_real(struct query *q, int column)
{
    return sqlite3_column_double(q->statement, column);
}

struct str query_str(struct query *q, int column)
{
    const char *at = (const char *)sqlite3_column_text(q->statement, column);
    return (struct str){at ? at : "", (size_t)sqlite3_column_bytes(q->statement, column)};
}

struct str query_blob(struct query *q, int column)
{
    const char *at = sqlite3_column_blob(q->statement, column);
    return (struct str){at ? at : "", (size_t)sqlite3_column_bytes(q->statement, column)};
}

bool query_is_null(struct query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

enum status query_end(struct query *q, struct error *err)
{
    enum status status = STATUS_OK;
    q->store->last_code = q->code;
    if (q->code != SQLITE_OK)
        status = store_db_error(q->store->db, q->code, err);
    (void)sqlite3_reset(q->statement);
    if (q->statement) /* there is none when the SQL could not be prepared */
        (void)sqlite3_clear_bindings(q->statement);
    return status;
}

enum status store_run(struct store *store, const char *sql, struct error *err)
{
    store->noting = &store->wrote_more;
    int code = run_plain(store->db, sql);
    store->noting = NULL;
    return code == SQLITE_OK ? STATUS_OK : store_db_error(store->db, code, err);
}

enum status store_follow(struct store *store, struct error *err)
{
    return store_run(store, "PRAGMA mmap_size = 0", err);
}

enum status store_lead(struct store *store, struct error *err)
{
    return store_run(store, "PRAGMA wal_autocheckpoint = 4000", err); /* pages: 16 MB */
}

int64_t store_last_id(struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

int64_t store_changes(struct store *store)
{
    return sqlite3_changes64(store->db);
}

bool store_was_duplicate(struct store *store)
{
    return store->last_code == SQLITE_CONSTRAINT_UNIQUE ||
           store->last_code == SQLITE_CONSTRAINT_PRIMARYKEY;
}

/* --- what decides ------------------------------------------------------------------------------- */

static bool is_record(const struct store *store, const char *table, const char *column)
{
    size_t len = strlen(table);
    for (size_t i = 0; store->records[i]; i++) {
        const char *name = store->records[i];
        if (strncmp(name, table, len) != 0)
            continue;
        if (!name[len] || (name[len] == '.' && column && strcmp(name + len + 1, column) == 0))
            return true;
    }
    return false;
}

/* SQLite asks about every table and column that a statement touches, once, as it is prepared. */
static int note_write(void *context, int action, const char *table, const char *column,
                      const char *schema, const char *trigger)
{
    struct store *store = context;
    (void)schema;
    (void)trigger;
    bool writes = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
    if (writes && store->noting &&
        !is_record(store, table, action == SQLITE_UPDATE ? column : NULL))
        *store->noting = true;
    return SQLITE_OK;
}

void store_watch(struct store *store, const char *const *records)
{
    store->records = records;
    (void)sqlite3_set_authorizer(store->db, note_write, store);
    (void)store_wrote_more(store);
}

bool store_wrote_more(struct store *store)
{
    struct query *q = query_start(store, "PRAGMA data_version");
    int64_t version = query_row(q) ? query_int(q, 0) : 0;
    bool more = query_end(q, NULL) || store->wrote_more || version != store->version;
    store->version = version;
    store->wrote_more = false;
    return more;
}

/* --- transactions ------------------------------------------------------------------------------- */

static enum status run_step(struct store *store, const char *sql, struct error *err)
{
    struct query *q = query_start(store, sql);
    (void)query_row(q);
    return query_end(q, err);
}

/* Runs a step that changes how deep transactions are nested. */
static enum status step_depth(struct store *store, const char *outermost, const char *inner,
                              int change, struct error *err)
{
    bool outer = store->depth + (change < 0 ? 0U : 1U) == 1;
    enum status status = run_step(store, outer ? outermost : inner, err);
    if (outer)
        store->head_seq = 0;
    if (!status)
        store->depth += (unsigned)change;
    return status;
}

enum status store_begin(struct store *store, struct error *err)
{
    /* SQLite itself only refuses what would be written first. */
    if (store->depth == 0 && sqlite3_db_readonly(store->db, "main"))
        return store_db_error(store->db, SQLITE_READONLY, err);
    return step_depth(store, "BEGIN IMMEDIATE", "SAVEPOINT part", 1, err);
}

enum status store_begin_read(struct store *store, struct error *err)
{
    return step_depth(store, "BEGIN", "SAVEPOINT part", 1, err);
}

enum status store_commit(struct store *store, struct error *err)
{
    return step_depth(store, "COMMIT", "RELEASE part", -1, err);
}

void store_hold(struct store *store)
{
    store->held = store->depth;
}

void store_let_go(struct store *store)
{
    store->held = 0;
}

unsigned store_depth(const struct store *store)
{
    return store->depth;
}

void store_rollback(struct store *store)
{
    for (size_t i = 0; i < STORE_QUERIES_MAX; i++)
        (void)sqlite3_reset(store->queries[i].statement);
    bool open = !sqlite3_get_autocommit(store->db);
    store->head_seq = 0;
    if (open && store->held && store->depth <= store->held)
        return;
    if (store->depth > 1)
        (void)run_plain(store->db, "ROLLBACK TO part; RELEASE part");
    else if (!sqlite3_get_autocommit(store->db))
        (void)run_plain(store->db, "ROLLBACK");
    store->depth -= store->depth > 0;
    /* Some failures undo the whole transaction by themselves. */
    if (sqlite3_get_autocommit(store->db))
        store->depth = 0;
}
