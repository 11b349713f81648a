/* Files and folders of the data folder: whole under their name, or not there. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

char *store_path(const char *dir, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", dir, name) < 0) {
        (void)fprintf(stderr, "chancery: out of memory / 内存不足\n");
        exit(1);
    }
    return path;
}

enum status store_write_error(const char *path, struct error *err)
{
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
        return error_set(err, STATUS_IO,
                         "There is no room to write %s. Free some space and try again; what was "
                         "stored before is whole.",
                         "空间不足，无法写入 %s。请腾出空间后重试；此前存储的数据完好。", path);
    return error_set_system(err, errno, "%s could not be written", "无法写入 %s", path);
}

enum status store_read_error(const char *path, struct error *err)
{
    enum status status = errno == ENOENT ? STATUS_MISSING : STATUS_IO;
    (void)error_set_system(err, errno, "%s could not be read", "无法读取 %s", path);
    if (err)
        err->status = status;
    return status;
}

enum status store_make_folder(const char *path, struct error *err)
{
    char *parts = strdup(path);
    enum status status = STATUS_OK;
    for (char *at = parts ? parts + 1 : NULL; at;) {
        char *end = strchr(at, '/');
        if (end)
            *end = 0;
        if (mkdir(parts, 0700) && errno != EEXIST) {
            status = store_write_error(parts, err);
            break;
        }
        if (end)
            *end = '/';
        at = end ? end + 1 : NULL;
    }
    free(parts);
    return status;
}

/* Makes a rename or a new name in `path`'s folder durable. */
static bool sync_folder_of(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    free(copy);
    return done;
}

/* Fills a draft and gives it its name; closes fd, which is -1 when the draft could not be made. */
static enum status conclude_file(int fd, const char *draft, const char *path, struct str bytes,
                                 unsigned mode, struct error *err)
{
    bool written = fd >= 0 && fchmod(fd, mode) == 0 && fd_write(fd, bytes) && fsync(fd) == 0;
    if (fd >= 0 && close(fd))
        written = false;
    if (written)
        written = rename(draft, path) == 0 && sync_folder_of(path);
    enum status status = written ? STATUS_OK : store_write_error(path, err);
    if (!written && fd >= 0)
        (void)unlink(draft);
    return status;
}

enum status store_write_file(const char *path, struct str bytes, unsigned mode, struct error *err)
{
    char *draft;
    if (asprintf(&draft, "%s.XXXXXX", path) < 0)
        return store_write_error(path, err);
    enum status status = conclude_file(mkostemp(draft, O_CLOEXEC), draft, path, bytes, mode, err);
    free(draft);
    return status;
}

enum status store_clear_draft(const char *path, struct error *err)
{
    char *draft;
    if (asprintf(&draft, "%s" STORE_DRAFT, path) < 0)
        return store_write_error(path, err);
    enum status status =
        unlink(draft) && errno != ENOENT ? store_write_error(draft, err) : STATUS_OK;
    free(draft);
    return status;
}

enum status store_write_file_alone(const char *path, struct str bytes, unsigned mode,
                                   struct error *err)
{
    char *draft;
    enum status status = store_clear_draft(path, err);
    if (status)
        return status;
    if (asprintf(&draft, "%s" STORE_DRAFT, path) < 0)
        return store_write_error(path, err);
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    status = conclude_file(fd, draft, path, bytes, mode, err);
    free(draft);
    return status;
}

enum status store_read_file(struct arena *arena, const char *path, size_t limit, struct str *bytes,
                            struct error *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about)) {
        enum status status = store_read_error(path, err);
        if (fd >= 0)
            (void)close(fd);
        return status;
    }
    size_t size = (size_t)about.st_size;
    if (!S_ISREG(about.st_mode) || size > limit) {
        (void)close(fd);
        return error_set(err, STATUS_DAMAGED, "%s is not a file of the size expected.",
                         "%s 不是预期大小的文件。", path);
    }
    char *at = arena_take(arena, size + 1);
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, at + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    (void)close(fd);
    *bytes = (struct str){at, done};
    return done == size ? STATUS_OK : store_read_error(path, err);
}
