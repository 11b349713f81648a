/* Backup and restore: one file that holds the installation as of one moment.
 *
 * The file is an SQLite database: a copy of chancery.db made by SQLite's online backup, with two
 * tables more, backup_key (the secret, hexadecimal) and backup_blob (digest, bytes). Blobs are
 * written before the transaction that refers to them and never removed, so copying them after the
 * database gives a whole. Behind the database stands a seal, which SQLite does not look at:
 *
 *   SHA-256 of all bytes before it (32) ‖ "chancery backup\n" (16)
 *
 * Restoring checks the seal and everything else before anything appears. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES_A_STEP 512
#define BLOB_MAX     ((size_t)1 << 30)
#define SEAL_MARK    "chancery backup\n"
#define SEAL_BYTES   (DIGEST_BYTES + sizeof SEAL_MARK - 1)

typedef void backup_progress(void *context, uint64_t done, uint64_t all);

static enum status copy_database(struct store *store, sqlite3 *to, backup_progress *progress,
                                 void *context, struct error *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", store->db, "main");
    int code = backup ? SQLITE_OK : sqlite3_errcode(to);
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        uint64_t all = (uint64_t)sqlite3_backup_pagecount(backup);
        if (progress)
            progress(context, all - (uint64_t)sqlite3_backup_remaining(backup), all + 1);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            (void)sqlite3_sleep(10);
    }
    (void)sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? STATUS_OK : store_db_error(to, code, err);
}

static enum status add_row(sqlite3 *db, sqlite3_stmt *s, struct str digest, struct str bytes,
                           struct error *err)
{
    (void)sqlite3_bind_text64(s, 1, digest.at, digest.len, SQLITE_STATIC, SQLITE_UTF8);
    (void)sqlite3_bind_blob64(s, 2, bytes.at, bytes.len, SQLITE_STATIC);
    int code = sqlite3_step(s);
    (void)sqlite3_reset(s);
    return code == SQLITE_DONE ? STATUS_OK : store_db_error(db, code, err);
}

/* Copies the blobs of one folder, blobs/ab. One that is damaged is left out: it would make all the rest look forged. */
static enum status copy_blob_folder(const char *folder, const char *prefix, sqlite3 *to,
                                    sqlite3_stmt *s, struct error *err)
{
    DIR *dir = opendir(folder);
    enum status status = dir ? STATUS_OK : store_read_error(folder, err);
    for (struct dirent *e; !status && (e = readdir(dir));) {
        char hex[DIGEST_HEX + 1];
        struct digest digest;
        struct str bytes;
        if (snprintf(hex, sizeof hex, "%s%.62s", prefix, e->d_name) != DIGEST_HEX ||
            strlen(e->d_name) != DIGEST_HEX - 2 || !digest_from_hex(str_of(hex), &digest))
            continue; /* a temporary file of a write under way */
        struct arena *arena = arena_make();
        char *path = store_path(folder, e->d_name);
        status = store_read_file(arena, path, BLOB_MAX, &bytes, err);
        struct digest found = digest_of(status ? STR("") : bytes);
        if (!status && memcmp(found.bytes, digest.bytes, DIGEST_BYTES) == 0)
            status = add_row(to, s, str_of(hex), bytes, err);
        free(path);
        arena_free(arena);
    }
    if (dir)
        (void)closedir(dir);
    return status;
}

static enum status copy_blobs(struct store *store, sqlite3 *to, struct error *err)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(to, "INSERT INTO backup_blob (digest, bytes) VALUES (?1, ?2)", -1,
                                  &s, NULL);
    enum status status = code == SQLITE_OK ? STATUS_OK : store_db_error(to, code, err);
    for (unsigned i = 0; !status && i < 256; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, STORE_BLOBS "/%02x", i);
        char *folder = store_path(store->dir, name);
        if (access(folder, F_OK) == 0)
            status = copy_blob_folder(folder, name + strlen(STORE_BLOBS "/"), to, s, err);
        free(folder);
    }
    (void)sqlite3_finalize(s);
    return status;
}

/* Read after the database was copied: the file never lacks an epoch that the database has. */
static enum status add_keys(struct store *store, sqlite3 *to, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    struct store_keys keys;
    char *path = store_path(store->dir, STORE_KEY_FILE);
    enum status status = store_read_keys(path, &keys, err);
    free(path);
    if (status)
        return status;
    int code =
        sqlite3_exec(to,
                     "CREATE TABLE backup_key (secret TEXT NOT NULL);"
                     "CREATE TABLE backup_blob (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL);",
                     NULL, NULL, NULL);
    for (size_t i = 0; code == SQLITE_OK && i < keys.count; i++) {
        char sql[256];
        digest_to_hex(&keys.secrets[i], hex);
        (void)snprintf(sql, sizeof sql, "INSERT INTO backup_key VALUES ('%s');", hex);
        code = sqlite3_exec(to, sql, NULL, NULL, NULL);
        explicit_bzero(sql, sizeof sql);
    }
    explicit_bzero(hex, sizeof hex);
    explicit_bzero(&keys, sizeof keys);
    return code == SQLITE_OK ? STATUS_OK : store_db_error(to, code, err);
}

static enum status write_backup(struct store *store, const char *temporary,
                                backup_progress *progress, void *context, struct error *err)
{
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(temporary, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    enum status status = code == SQLITE_OK ? STATUS_OK : store_db_error(to, code, err);
    if (!status)
        status = copy_database(store, to, progress, context, err);
    if (!status && (code = sqlite3_exec(to, "PRAGMA journal_mode = DELETE; BEGIN", NULL, NULL,
                                        NULL)) != SQLITE_OK)
        status = store_db_error(to, code, err);
    if (!status)
        status = add_keys(store, to, err);
    if (!status)
        status = copy_blobs(store, to, err);
    if (!status && (code = sqlite3_exec(to, "COMMIT", NULL, NULL, NULL)) != SQLITE_OK)
        status = store_db_error(to, code, err);
    (void)sqlite3_close(to);
    return status;
}

/* The file's bytes, mapped; false when that can't be done or it is empty. */
static bool map_file(int fd, struct str *bytes)
{
    struct stat about;
    if (fstat(fd, &about) || about.st_size <= 0)
        return false;
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    *bytes = (struct str){at, (size_t)about.st_size};
    return at != MAP_FAILED;
}

enum status store_seal_backup(const char *path, struct error *err)
{
    struct str bytes;
    char seal[SEAL_BYTES];
    int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    bool done = fd >= 0 && map_file(fd, &bytes);
    if (done) {
        struct digest digest = digest_of(bytes);
        memcpy(seal, digest.bytes, DIGEST_BYTES);
        memcpy(seal + DIGEST_BYTES, SEAL_MARK, sizeof SEAL_MARK - 1);
        (void)munmap((void *)(uintptr_t)bytes.at, bytes.len);
        done = write(fd, seal, sizeof seal) == (ssize_t)sizeof seal && fsync(fd) == 0;
    }
    enum status status = done ? STATUS_OK : store_write_error(path, err);
    if (fd >= 0)
        (void)close(fd);
    return status;
}

static bool seal_fits(const char *path)
{
    struct str bytes;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fits = fd >= 0 && map_file(fd, &bytes);
    if (fits) {
        size_t len = bytes.len > SEAL_BYTES ? bytes.len - SEAL_BYTES : 0;
        struct digest digest = digest_of(str_slice(bytes, 0, len));
        fits = len && memcmp(bytes.at + len, digest.bytes, DIGEST_BYTES) == 0 &&
               memcmp(bytes.at + len + DIGEST_BYTES, SEAL_MARK, sizeof SEAL_MARK - 1) == 0;
        (void)munmap((void *)(uintptr_t)bytes.at, bytes.len);
    }
    if (fd >= 0)
        (void)close(fd);
    return fits;
}

/* With what SQLite leaves beside it where there was no room to undo. */
static void remove_draft(const char *draft)
{
    char *journal;
    (void)unlink(draft);
    if (asprintf(&journal, "%s-journal", draft) < 0)
        return;
    (void)unlink(journal);
    free(journal);
}

enum status store_backup(struct store *store, const char *file, backup_progress *progress,
                         void *context, struct error *err)
{
    char *temporary;
    if (access(file, F_OK) == 0)
        return error_set(err, STATUS_CONFLICT,
                         "%s exists already; name another file, nothing was overwritten.",
                         "%s 已存在；请另取文件名，未作覆盖。", file);
    if (asprintf(&temporary, "%s.XXXXXX", file) < 0)
        return store_write_error(file, err);
    int fd = mkstemp(temporary); /* mode 0600: the file holds the secret */
    if (fd < 0) {
        enum status status = store_write_error(file, err);
        free(temporary);
        return status;
    }
    (void)close(fd);
    enum status status = write_backup(store, temporary, progress, context, err);
    if (!status)
        status = store_seal_backup(temporary, err);
    /* link, not rename: a file that appeared meanwhile is not overwritten. */
    if (!status && link(temporary, file))
        status = store_write_error(file, err);
    remove_draft(temporary);
    free(temporary);
    if (!status && progress)
        progress(context, 1, 1);
    return status;
}

/* --- restore ------------------------------------------------------------------------------------ */

static enum status not_a_backup(const char *file, struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "%s is not a whole backup made by chancery; nothing was restored.",
                     "%s 不是 chancery 的完整备份；未作恢复。", file);
}

/* Whether the first row of what is asked says so. */
static bool says(sqlite3 *db, const char *sql, const char *expected)
{
    sqlite3_stmt *s = NULL;
    bool said = sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK &&
                sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) == SQLITE_TEXT &&
                strcmp((const char *)sqlite3_column_text(s, 0), expected) == 0;
    (void)sqlite3_finalize(s);
    return said;
}

/* Chancery makes no trigger and no view. One in a backup would act in the restored library, or have no end. A schema
 * without a number would be taken for an empty database. */
static bool is_whole(sqlite3 *db)
{
    return says(db, "PRAGMA integrity_check(1)", "ok") &&
           says(db,
                "SELECT iif(count(*), 'foreign', 'own') FROM sqlite_schema"
                " WHERE type IN ('trigger', 'view')",
                "own") &&
           says(db, "SELECT iif(user_version > 0, 'made', 'empty') FROM pragma_user_version",
                "made");
}

/* Whether the database, migrated, has every table that a new one has. */
static bool has_all_tables(sqlite3 *db)
{
    static const char NAMES[] =
        "SELECT json_group_array(name) FROM sqlite_schema WHERE type = 'table'";
    sqlite3 *made = NULL;
    sqlite3_stmt *names = NULL;
    sqlite3_stmt *s = NULL;
    bool all = sqlite3_open_v2(":memory:", &made,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               NULL) == SQLITE_OK &&
               store_add_tokenizer(made) == SQLITE_OK && !store_migrate(made, NULL) &&
               sqlite3_prepare_v2(made, NAMES, -1, &names, NULL) == SQLITE_OK &&
               sqlite3_step(names) == SQLITE_ROW &&
               sqlite3_prepare_v2(db,
                                  "SELECT 1 FROM json_each(?1) WHERE value NOT IN"
                                  " (SELECT name FROM sqlite_schema WHERE type = 'table')",
                                  -1, &s, NULL) == SQLITE_OK &&
               sqlite3_bind_value(s, 1, sqlite3_column_value(names, 0)) == SQLITE_OK &&
               sqlite3_step(s) == SQLITE_DONE;
    (void)sqlite3_finalize(s);
    (void)sqlite3_finalize(names);
    (void)sqlite3_close(made);
    return all;
}

/* One row an epoch; in backups made before there were epochs the only one. */
static enum status restore_keys(sqlite3 *db, const char *dir, const char *file, struct error *err)
{
    sqlite3_stmt *s = NULL;
    struct store_keys keys = {0};
    int code = sqlite3_prepare_v2(db, "SELECT secret FROM backup_key ORDER BY rowid", -1, &s, NULL);
    bool good = code == SQLITE_OK;
    while (good && sqlite3_step(s) == SQLITE_ROW)
        good = keys.count < STORE_EPOCHS_MAX &&
               digest_from_hex(str_of((const char *)sqlite3_column_text(s, 0)),
                               &keys.secrets[keys.count++]);
    (void)sqlite3_finalize(s);
    if (!good || keys.count == 0)
        return not_a_backup(file, err);
    char *path = store_path(dir, STORE_KEY_FILE);
    enum status status = store_write_keys(path, &keys, err);
    explicit_bzero(&keys, sizeof keys);
    free(path);
    return status;
}

static enum status restore_blob(const char *dir, const char *named, struct str bytes,
                                const char *file, struct error *err)
{
    struct digest found = digest_of(bytes);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&found, hex);
    if (strcmp(named, hex) != 0)
        return not_a_backup(file, err);
    char name[DIGEST_HEX + 16];
    (void)snprintf(name, sizeof name, STORE_BLOBS "/%.2s", hex);
    char *folder = store_path(dir, name);
    char *path = store_path(folder, hex + 2);
    enum status status = store_make_folder(folder, err);
    if (!status)
        status = store_write_file(path, bytes, 0600, err);
    free(path);
    free(folder);
    return status;
}

static enum status restore_blobs(sqlite3 *db, const char *dir, const char *file, struct error *err)
{
    sqlite3_stmt *s = NULL;
    enum status status = STATUS_OK;
    int code = sqlite3_prepare_v2(db, "SELECT digest, bytes FROM backup_blob", -1, &s, NULL);
    while (code == SQLITE_OK && !status && (code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *hex = (const char *)sqlite3_column_text(s, 0);
        struct str bytes = {sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1)};
        status = restore_blob(dir, hex ? hex : "", bytes, file, err);
        code = SQLITE_OK;
    }
    (void)sqlite3_finalize(s);
    if (!status && code != SQLITE_DONE)
        status = not_a_backup(file, err);
    return status;
}

/* The database goes over without the backup's own tables. */
static enum status restore_database(sqlite3 *from, const char *dir, const char *file,
                                    struct error *err)
{
    char *path = store_path(dir, STORE_DATABASE);
    sqlite3 *to = NULL;
    enum status status = store_open_database(path, true, &to, err);
    int code = SQLITE_OK;
    if (!status) {
        sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
        if (backup)
            (void)sqlite3_backup_step(backup, -1);
        code = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(to);
        if (code == SQLITE_OK)
            code = sqlite3_exec(to,
                                "DROP TABLE backup_key; DROP TABLE backup_blob; VACUUM;"
                                " PRAGMA journal_mode = WAL",
                                NULL, NULL, NULL);
        if (code != SQLITE_OK)
            status = store_db_error(to, code, err);
    }
    if (!status && (code = store_add_tokenizer(to)) != SQLITE_OK)
        status = store_db_error(to, code, err);
    if (!status)
        status = store_migrate(to, err);
    if (!status && !has_all_tables(to))
        status = not_a_backup(file, err);
    (void)sqlite3_close(to);
    if (!status && chmod(path, 0600))
        status = store_write_error(path, err);
    free(path);
    return status;
}

/* A codeword leads to a member by their number, mail servers know a letter by its own, and the number of a joint test is
 * its share of the false-alarm budget. All were given on after the backup was made, nobody knows how far; what comes now
 * gets none of those. Of a joint test's numbers few are left out, as each costs strength (docs/marking.md, section 5). */
static enum status skip_numbers(struct store *store, struct error *err)
{
    static const struct {
        const char *table;
        int64_t skip;
    } SKIPS[] = {{"member", STORE_RESTORE_SKIP},
                 {"letter", STORE_RESTORE_SKIP},
                 {"joint", STORE_RESTORE_SKIP_JOINT}};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof SKIPS / sizeof *SKIPS; i++) {
        struct query *q = query_start(
            store,
            "INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq) SELECT max(rowid), ?1,"
            " coalesce(max(seq), 0) + ?2 FROM sqlite_sequence WHERE name = ?1");
        query_bind_str(q, 1, str_of(SKIPS[i].table));
        query_bind_int(q, 2, SKIPS[i].skip);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status check_restored(const char *dir, struct error *err)
{
    struct store *store;
    int64_t count;
    int64_t bad;
    enum status status = store_open(dir, &store, err);
    if (!status)
        status = store_verify_events(store, &count, &bad, err);
    if (!status)
        status = skip_numbers(store, err);
    store_close(store);
    return status;
}

static void remove_folder(const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        char *path = store_path(dir, e->d_name);
        if (unlink(path))
            remove_folder(path);
        free(path);
    }
    if (d)
        (void)closedir(d);
    (void)rmdir(dir);
}

static enum status fill_folder(const char *file, const char *dir, struct error *err)
{
    sqlite3 *from = NULL;
    if (access(file, R_OK))
        return store_read_error(file, err);
    if (!seal_fits(file))
        return not_a_backup(file, err);
    int code = sqlite3_open_v2(file, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    enum status status = code == SQLITE_OK && is_whole(from) ? STATUS_OK : not_a_backup(file, err);
    if (!status)
        status = restore_keys(from, dir, file, err);
    if (!status)
        status = restore_blobs(from, dir, file, err);
    if (!status)
        status = restore_database(from, dir, file, err);
    (void)sqlite3_close(from);
    if (!status)
        status = check_restored(dir, err);
    return status;
}

enum status store_restore(const char *file, const char *dir, struct error *err)
{
    char *temporary;
    if (rmdir(dir) && errno != ENOENT)
        return error_set(err, STATUS_CONFLICT,
                         "%s is not empty; restore into a new folder, nothing was overwritten.",
                         "%s 不为空；请恢复到新文件夹，未作覆盖。", dir);
    if (asprintf(&temporary, "%s.XXXXXX", dir) < 0)
        return store_write_error(dir, err);
    char *parent = strdup(dir);
    char *slash = parent ? strrchr(parent, '/') : NULL;
    enum status status = STATUS_OK;
    if (slash && slash != parent) {
        *slash = 0;
        status = store_make_folder(parent, err);
    }
    if (!status && !mkdtemp(temporary))
        status = store_write_error(dir, err);
    if (!status) {
        char *blobs = store_path(temporary, STORE_BLOBS);
        status = store_make_folder(blobs, err);
        free(blobs);
        if (!status)
            status = fill_folder(file, temporary, err);
        if (!status && rename(temporary, dir))
            status = store_write_error(dir, err);
        if (status)
            remove_folder(temporary);
    }
    free(parent);
    free(temporary);
    return status;
}
