/* The key file: one secret an epoch.
 *
 *   chancery keys
 *   1 <64 hexadecimal digits>
 *   2 <64 hexadecimal digits>
 *
 * Before there were epochs the file was the one secret's digits alone; it is read as epoch 1, and written in the
 * new form when a second one comes. The database lists the epochs too (key_epoch). A new one is written to the
 * file before the database knows of it: a crash in between leaves a secret that nothing was made with, and the
 * next rotation puts another in its place. The file never lacks an epoch that the database has.
 *
 * It is written under the database's write lock, to secret.key.draft, then renamed. A kill in between leaves the
 * draft, which holds every secret: the next rotation and the next start of the server take it away, under the same
 * lock, so that it is never another's at work. */
#include "internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYS_HEAD "chancery keys\n"
#define KEYS_MAX  ((size_t)STORE_EPOCHS_MAX * (DIGEST_HEX + 16) + sizeof KEYS_HEAD)

static enum status no_key(const char *path, struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "The secret key file %s does not hold keys (64 hexadecimal digits each); "
                     "restore it from your backup.",
                     "密钥文件 %s 中没有密钥（每个应为 64 位十六进制数字）；请从备份恢复。", path);
}

bool store_parse_keys(struct str text, struct store_keys *keys)
{
    struct str line;
    keys->count = 0;
    if (!str_starts(text, STR(KEYS_HEAD))) {
        keys->count = 1;
        return digest_from_hex(str_trim(text), &keys->secrets[0]);
    }
    text = str_slice(text, sizeof KEYS_HEAD - 1, text.len);
    while (str_split(&text, '\n', &line)) {
        struct str epoch;
        uint64_t number;
        if (!str_split(&line, ' ', &epoch) || !str_to_u64(epoch, &number) ||
            number != keys->count + 1 || keys->count == STORE_EPOCHS_MAX ||
            !digest_from_hex(line, &keys->secrets[keys->count]))
            return false;
        keys->count++;
    }
    return keys->count > 0;
}

static struct str write_keys(struct arena *arena, const struct store_keys *keys)
{
    struct buf out = {.arena = arena};
    char hex[DIGEST_HEX + 1];
    buf_add(&out, STR(KEYS_HEAD));
    for (size_t i = 0; i < keys->count; i++) {
        digest_to_hex(&keys->secrets[i], hex);
        buf_format(&out, "%zu %s\n", i + 1, hex);
    }
    explicit_bzero(hex, sizeof hex);
    return buf_str(&out);
}

enum status store_write_keys(const char *path, const struct store_keys *keys, struct error *err)
{
    struct arena *arena = arena_make();
    struct str text = write_keys(arena, keys);
    enum status status = store_write_file_alone(path, text, 0600, err);
    explicit_bzero((void *)(uintptr_t)text.at, text.len);
    arena_free(arena);
    return status;
}

enum status store_make_keys(const char *path, struct error *err)
{
    struct store_keys keys = {.count = 1};
    enum status status = digest_random(keys.secrets[0].bytes, DIGEST_BYTES, err);
    if (!status)
        status = store_write_keys(path, &keys, err);
    explicit_bzero(&keys, sizeof keys);
    return status;
}

static enum status check_private(const char *path, struct error *err)
{
    struct stat about;
    if (stat(path, &about))
        return error_set_system(
            err, errno,
            "Without the secret key file %s no copy can be made or traced; restore it from your "
            "backup. It can't be used",
            "缺少密钥文件 %s 便不能制作或追踪副本，请从备份恢复。该文件无法使用", path);
    if (about.st_mode & 077)
        return error_set(
            err, STATUS_IO,
            "The secret key file %s can be read by others (mode %03o); run chmod 600 on "
            "it.",
            "密钥文件 %s 可被他人读取（权限 %03o）；请执行 chmod 600。", path,
            (unsigned)about.st_mode & 0777U);
    return STATUS_OK;
}

enum status store_read_keys(const char *path, struct store_keys *keys, struct error *err)
{
    struct str text;
    enum status status = check_private(path, err);
    if (status)
        return status;
    struct arena *arena = arena_make();
    status = store_read_file(arena, path, KEYS_MAX, &text, err);
    if (!status && !store_parse_keys(text, keys))
        status = no_key(path, err);
    if (!status)
        explicit_bzero((void *)(uintptr_t)text.at, text.len);
    arena_free(arena);
    return status;
}

/* --- of an open store ----------------------------------------------------------------------------- */

const struct digest *store_secret(const struct store *store)
{
    return &store->keys.secrets[0];
}

static enum status read_again(struct store *store, struct error *err)
{
    char *path = store_path(store->dir, STORE_KEY_FILE);
    struct store_keys keys;
    enum status status = store_read_keys(path, &keys, err);
    if (!status)
        store->keys = keys;
    explicit_bzero(&keys, sizeof keys);
    free(path);
    return status;
}

enum status store_need_epoch(struct store *store, int64_t epoch, struct error *err)
{
    enum status status = STATUS_OK;
    if (epoch > (int64_t)store->keys.count)
        status = read_again(store, err); /* another process may have begun it */
    if (!status && (epoch < 1 || epoch > (int64_t)store->keys.count))
        status = error_set(
            err, STATUS_IO,
            "The key file in %s lacks epoch %" PRId64 ": it is older than the database. "
            "Restore the newest copy of secret.key; `chancery keys --help` says more.",
            "%s 中的密钥文件缺少第 %" PRId64 " 期密钥：它比数据库旧。请恢复最新的 secret.key，"
            "另见 `chancery keys --help`。",
            store->dir, epoch);
    return status;
}

const struct digest *store_epoch_secret(const struct store *store, int64_t epoch)
{
    if (epoch < 1 || epoch > (int64_t)store->keys.count)
        abort(); /* store_need_epoch was not asked */
    return &store->keys.secrets[epoch - 1];
}

enum status store_newest_epoch(struct store *store, int64_t *epoch, struct error *err)
{
    struct query *q = query_start(store, "SELECT max(epoch) FROM key_epoch");
    *epoch = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    return status ? status : store_need_epoch(store, *epoch, err);
}

enum status store_clear_keys(struct store *store, struct error *err)
{
    char *path = store_path(store->dir, STORE_KEY_FILE);
    enum status status = store_clear_draft(path, err);
    free(path);
    return status;
}

static enum status insert_epoch(struct store *store, int64_t epoch, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO key_epoch (epoch, began_ms) VALUES (?1, ?2)");
    query_bind_int(q, 1, epoch);
    query_bind_int(q, 2, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status store_begin_epoch(struct store *store, int64_t *epoch, struct error *err)
{
    enum status status = store_newest_epoch(store, epoch, err);
    if (!status && *epoch == STORE_EPOCHS_MAX)
        status = error_set(err, STATUS_LIMITED, "There are %d key epochs; no more fit.",
                           "密钥已有 %d 期，不能再增加。", STORE_EPOCHS_MAX);
    if (!status)
        status = read_again(store, err);
    if (status)
        return status;
    struct store_keys keys = store->keys;
    char *path = store_path(store->dir, STORE_KEY_FILE);
    keys.count = (size_t)*epoch + 1;
    status = digest_random(keys.secrets[*epoch].bytes, DIGEST_BYTES, err);
    if (!status)
        status = store_write_keys(path, &keys, err);
    if (!status)
        status = insert_epoch(store, *epoch + 1, err);
    if (!status) {
        store->keys = keys;
        ++*epoch;
    }
    explicit_bzero(&keys, sizeof keys);
    free(path);
    return status;
}
