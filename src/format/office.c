/* Copies opened and saved by LibreOffice, as people do it; see office.h. */
#include "format/office.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

#define OFFICE         "soffice"
#define SECONDS        "120"
#define FOLDERS_OPENED 16

extern char **environ;

bool format_office_there(void)
{
    char name[4096];
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "");
    struct str folder;
    while (str_split(&rest, ':', &folder)) {
        if (folder.len + sizeof "/" OFFICE > sizeof name)
            continue;
        memcpy(name, folder.at, folder.len);
        memcpy(name + folder.len, "/" OFFICE, sizeof "/" OFFICE);
        if (access(name, X_OK) == 0)
            return true;
    }
    return false;
}

static enum status fail(struct error *err, const char *folder)
{
    return error_set(err, STATUS_IO, "A copy could not be kept in %s for LibreOffice: %s.",
                     "无法在 %s 中为 LibreOffice 存放副本：%s。", folder, strerror(errno));
}

static bool write_all(const char *path, struct str bytes)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = file >= 0 && fd_write(file, bytes);
    return file >= 0 && close(file) == 0 && written;
}

static bool read_all(struct arena *arena, const char *path, struct str *bytes)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool whole = file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
                 about.st_size > 0 && (size_t)about.st_size <= FORMAT_INPUT_MAX;
    char *out = whole ? arena_take_unset(arena, (size_t)about.st_size) : NULL;
    size_t len = 0;
    while (whole && len < (size_t)about.st_size) {
        ssize_t n = read(file, out + len, (size_t)about.st_size - len);
        whole = n > 0 || (n < 0 && errno == EINTR);
        len += n > 0 ? (size_t)n : 0;
    }
    if (file >= 0)
        (void)close(file);
    *bytes = (struct str){out, len};
    return whole;
}

/* Runs it in the folder, with a profile of its own there, so that nobody's LibreOffice is disturbed. */
static bool convert(struct arena *arena, const char *folder, const char *filter)
{
    struct str profile = str_format(arena, "-env:UserInstallation=file://%s/profile", folder);
    const char *const words[] = {
        "timeout",
        SECONDS,
        OFFICE,
        "--headless",
        "--norestore",
        str_z(arena, profile),
        "--convert-to",
        filter,
        "--outdir",
        str_z(arena, str_format(arena, "%s/saved", folder)),
        str_z(arena, str_format(arena, "%s/copy.docx", folder)),
        NULL,
    };
    posix_spawn_file_actions_t files;
    pid_t child;
    int state = 0;
    if (posix_spawn_file_actions_init(&files))
        return false;
    (void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    bool begun = posix_spawnp(&child, words[0], &files, NULL, (char *const *)words, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&files);
    while (begun && waitpid(child, &state, 0) < 0)
        begun = errno == EINTR;
    return begun && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

enum status format_office_save(struct arena *arena, struct str docx, enum format_kind kind,
                               struct str *bytes, struct error *err)
{
    const char *room = getenv("TMPDIR");
    char *folder =
        str_z(arena, str_format(arena, "%s/chancery-office-XXXXXX", room && *room ? room : "/tmp"));
    if (!mkdtemp(folder))
        return fail(err, folder);
    const char *copy = str_z(arena, str_format(arena, "%s/copy.docx", folder));
    const char *saved =
        str_z(arena, str_format(arena, "%s/saved/copy.%s", folder, format_name(kind)));
    enum status status = STATUS_OK;
    if (!write_all(copy, docx))
        status = fail(err, folder);
    else if (!convert(arena, folder, kind == FORMAT_PDF ? "pdf" : "docx:MS Word 2007 XML"))
        status = error_set(err, STATUS_IO,
                           "LibreOffice failed to save a copy again, or took longer than " SECONDS
                           " seconds.",
                           "LibreOffice 未能另存副本，或耗时超过 " SECONDS " 秒。");
    else if (!read_all(arena, saved, bytes))
        status = fail(err, folder);
    (void)nftw(folder, remove_one, FOLDERS_OPENED, FTW_DEPTH | FTW_PHYS);
    return status;
}
