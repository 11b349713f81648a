/* The data folder as a whole: made, opened, closed; its secret and its blobs. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOB_MAX ((size_t)1 << 31)

int64_t store_now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the folder --------------------------------------------------------------------------------- */

/* A new database under a name of its own; it gets its true one when all else stands. */
static enum status draft_database(const char *draft, struct error *err)
{
    sqlite3 *db = NULL;
    (void)unlink(draft);
    enum status status = store_open_database(draft, true, &db, err);
    if (!status)
        status = store_migrate(db, err);
    (void)sqlite3_close(db);
    if (!status && chmod(draft, 0600))
        status = store_write_error(draft, err);
    return status;
}

static enum status check_vacant(const char *dir, const char *database, const char *key,
                                struct error *err)
{
    if (access(database, F_OK) == 0)
        return error_set(err, STATUS_CONFLICT,
                         "There is a data folder at %s already; it was left as it is.",
                         "%s 已是数据文件夹，未作更改。", dir);
    if (access(key, F_OK) == 0)
        return error_set(err, STATUS_CONFLICT,
                         "%s holds a key file but no database; nothing was changed. If an init was "
                         "cut short there, delete the folder; else restore your last backup to "
                         "another one: chancery restore.",
                         "%s 中有密钥文件而没有数据库，未作更改。若是上次 init 中断所致，请删除该"
                         "文件夹；否则请用 chancery restore 把最近的备份恢复到另一文件夹。",
                         dir);
    return STATUS_OK;
}

enum status store_create(const char *dir, struct error *err)
{
    char *database = store_path(dir, STORE_DATABASE);
    char *draft = store_path(dir, STORE_DATABASE ".draft");
    char *key = store_path(dir, STORE_KEY_FILE);
    char *blobs = store_path(dir, STORE_BLOBS);
    enum status status = store_make_folder(dir, err);
    if (!status)
        status = check_vacant(dir, database, key, err);
    if (!status)
        status = store_make_folder(blobs, err);
    if (!status) {
        status = draft_database(draft, err);
        if (!status)
            status = store_make_keys(key, err);
        if (!status && rename(draft, database)) {
            status = store_write_error(database, err);
            (void)unlink(key);
        }
        if (status)
            (void)unlink(draft);
    }
    free(blobs);
    free(key);
    free(draft);
    free(database);
    return status;
}

static enum status fill_store(struct store *store, const char *database, const char *key,
                              struct error *err)
{
    if (access(database, F_OK))
        return error_set(err, STATUS_MISSING,
                         "There is no data folder at %s. Make one with `chancery init`, or name "
                         "another with --data.",
                         "%s 不是数据文件夹。请用 `chancery init` 新建，或用 --data 指定。",
                         store->dir);
    enum status status = store_read_keys(key, &store->keys, err);
    if (!status)
        status = store_open_database(database, false, &store->db, err);
    if (!status)
        status = store_migrate_existing(store->db, err);
    int64_t epoch;
    return status ? status : store_newest_epoch(store, &epoch, err);
}

enum status store_open(const char *dir, struct store **store, struct error *err)
{
    char *database = store_path(dir, STORE_DATABASE);
    char *key = store_path(dir, STORE_KEY_FILE);
    struct store *s = calloc(1, sizeof *s);
    enum status status = STATUS_IO;
    if (s)
        s->scratch = arena_make();
    if (s && (s->dir = strdup(dir)))
        status = fill_store(s, database, key, err);
    free(key);
    free(database);
    if (status) {
        store_close(s);
        s = NULL;
    }
    *store = s;
    return status;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < STORE_QUERIES_MAX; i++)
        (void)sqlite3_finalize(store->queries[i].statement);
    (void)sqlite3_finalize(store->made.statement);
    (void)sqlite3_close(store->db);
    explicit_bzero(&store->keys, sizeof store->keys);
    arena_free(store->scratch);
    free(store->dir);
    free(store);
}

const char *store_folder(const struct store *store)
{
    return store->dir;
}

/* --- secrets of dealings with others --------------------------------------------------------------- */

#define SECRET_MAX 4096

enum status store_put_secret(struct store *store, const char *name, struct str value,
                             struct error *err)
{
    char *path = store_path(store->dir, name);
    enum status status = STATUS_OK;
    if (value.len)
        status = store_write_file(path, value, 0600, err);
    else if (unlink(path) && errno != ENOENT)
        status = store_write_error(path, err);
    free(path);
    return status;
}

enum status store_get_secret(struct arena *arena, struct store *store, const char *name,
                             struct str *value, struct error *err)
{
    char *path = store_path(store->dir, name);
    *value = STR("");
    enum status status =
        access(path, F_OK) ? STATUS_OK : store_read_file(arena, path, SECRET_MAX, value, err);
    free(path);
    return status;
}

/* --- blobs -------------------------------------------------------------------------------------- */

static char *blob_path(const struct store *store, const struct digest *digest, bool make_folder,
                       struct error *err)
{
    char hex[DIGEST_HEX + 1];
    char name[DIGEST_HEX + 16];
    digest_to_hex(digest, hex);
    (void)snprintf(name, sizeof name, STORE_BLOBS "/%.2s", hex);
    char *folder = store_path(store->dir, name);
    enum status status = make_folder ? store_make_folder(folder, err) : STATUS_OK;
    char *path = status ? NULL : store_path(folder, hex + 2);
    free(folder);
    return path;
}

static bool is_whole(struct store *store, const struct digest *digest)
{
    struct arena *arena = arena_make();
    struct str bytes;
    bool whole = !store_get_blob(arena, store, digest, &bytes, NULL);
    arena_free(arena);
    return whole;
}

enum status store_put_blob(struct store *store, struct str bytes, struct digest *digest,
                           struct error *err)
{
    *digest = digest_of(bytes);
    char *path = blob_path(store, digest, true, err);
    if (!path)
        return STATUS_IO;
    enum status status = STATUS_OK;
    /* Touched, it is safe from store_sweep_blobs until it is referred to. */
    if (utimensat(AT_FDCWD, path, NULL, 0) || !is_whole(store, digest))
        status = store_write_file(path, bytes, 0600, err);
    free(path);
    return status;
}

enum status store_get_blob(struct arena *arena, struct store *store, const struct digest *digest,
                           struct str *bytes, struct error *err)
{
    char *path = blob_path(store, digest, false, err);
    enum status status = store_read_file(arena, path, BLOB_MAX, bytes, err);
    if (!status) {
        struct digest found = digest_of(*bytes);
        if (memcmp(found.bytes, digest->bytes, DIGEST_BYTES) != 0)
            status = error_set(err, STATUS_DAMAGED,
                               "The stored file %s is damaged; restore it from your backup.",
                               "存储的文件 %s 已损坏；请从备份恢复。", path);
    }
    free(path);
    return status;
}

enum status store_remove_blob(struct store *store, const struct digest *digest, struct error *err)
{
    char *path = blob_path(store, digest, false, err);
    enum status status = STATUS_OK;
    if (path && unlink(path) && errno != ENOENT)
        status = store_write_error(path, err);
    free(path);
    return status;
}
