/* The process that reads what strangers made; see reader/wire.h for what is said between it and us.
 *
 * It gets the file as memory that has a descriptor, and nothing else of ours: no other descriptor, no signal mask, of the
 * environment only where fonts and models of letters are. It shuts itself away before it looks at the file. Here it is
 * followed: told to stop when the watch says so, killed when it is silent for too long or says too much. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "format/see.h"
#include "reader/wire.h"

#define READER_NAME "chancery-reader"
#define TICK_MS     100 /* between two looks at the watch */
#define PIECE       ((size_t)64 * 1024)
#define PASSED_ON   4

/* --- where it is --------------------------------------------------------------------------------------- */

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

/* Beside the running program, where a build or a package put both. */
static bool find_beside(char path[PATH_MAX])
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        return false;
    self[len] = 0;
    char *slash = strrchr(self, '/');
    if (!slash)
        return false;
    *slash = 0;
    int written = snprintf(path, PATH_MAX, "%s/%s", self, READER_NAME);
    return written > 0 && written < PATH_MAX && is_program(path);
}

static enum status find_reader(char path[PATH_MAX], struct error *err)
{
    const char *chosen = secure_getenv("CHANCERY_READER");
    if (!chosen && find_beside(path))
        return STATUS_OK;
    (void)snprintf(path, PATH_MAX, "%s", chosen ? chosen : CHANCERY_LIBEXEC "/" READER_NAME);
    if (is_program(path))
        return STATUS_OK;
    return error_set(
        err, STATUS_IO,
        "PDF and pictures are read by a program of their own, chancery-reader, which is not at "
        "%s. Install it, or say where it is by CHANCERY_READER.",
        "PDF 和图片由独立程序 chancery-reader 读取，但 %s "
        "处没有该程序。请安装它，或用环境变量 CHANCERY_READER 指明位置。",
        path);
}

/* --- starting it ---------------------------------------------------------------------------------------- */

struct child {
    pid_t id;
    int answer; /* the end of a pipe */
};

static enum status refuse_start(int number, struct error *err)
{
    return error_set_system(err, number,
                            "chancery-reader can't be started: ", "无法启动 chancery-reader：");
}

/* The bytes as a file without a name. */
static int lend_bytes(struct str bytes)
{
    int fd = memfd_create("exhibit", MFD_CLOEXEC);
    if (fd >= 0 && fd_write(fd, bytes) && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static char **environment_for(struct arena *arena)
{
    static const char *const PASSED[PASSED_ON] = {"FONTCONFIG_FILE", "FONTCONFIG_PATH",
                                                  "TESSDATA_PREFIX", "LD_LIBRARY_PATH"};
    char **list = arena_array(arena, PASSED_ON + 3, char *);
    size_t count = 0;
    for (size_t i = 0; i < PASSED_ON; i++) {
        const char *value = secure_getenv(PASSED[i]);
        if (value)
            list[count++] = str_z(arena, str_format(arena, "%s=%s", PASSED[i], value));
    }
    list[count++] = str_z(arena, STR("LC_ALL=C.UTF-8"));
    list[count] = str_z(arena, STR("OMP_THREAD_LIMIT=1")); /* one file, one processor */
    return list;
}

/* Nothing of ours but these two descriptors goes along. */
static int spawn(const char *path, int file, int answer, char **words, char **environment,
                 pid_t *id)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t manner;
    sigset_t none;
    sigset_t all;
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    int failed = posix_spawn_file_actions_init(&files);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&manner);
    if (!failed) {
        (void)posix_spawn_file_actions_adddup2(&files, file, STDIN_FILENO);
        (void)posix_spawn_file_actions_adddup2(&files, answer, STDOUT_FILENO);
        (void)posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        (void)posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
        (void)posix_spawnattr_setsigmask(&manner, &none);
        (void)posix_spawnattr_setsigdefault(&manner, &all);
        (void)posix_spawnattr_setpgroup(&manner, 0);
        (void)posix_spawnattr_setflags(&manner, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
        failed = posix_spawn(id, path, &files, &manner, words, environment);
        (void)posix_spawnattr_destroy(&manner);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return failed;
}

static enum status start(struct arena *arena, struct str bytes, const char *task,
                         struct child *child, struct error *err)
{
    char path[PATH_MAX];
    int ends[2];
    enum status status = find_reader(path, err);
    if (status)
        return status;
    char *words[] = {
        str_z(arena, STR(READER_NAME)), str_z(arena, str_format(arena, "%d", WIRE_VERSION)),
        str_z(arena, str_of(task)), str_z(arena, str_format(arena, "%d", (int)getpid())), NULL};
    int file = lend_bytes(bytes);
    if (file < 0)
        return refuse_start(errno, err);
    int failed = pipe2(ends, O_CLOEXEC) ? errno : 0;
    if (!failed) {
        failed = spawn(path, file, ends[1], words, environment_for(arena), &child->id);
        child->answer = ends[0];
        (void)close(ends[1]);
        if (failed)
            (void)close(ends[0]);
    }
    (void)close(file);
    return failed ? refuse_start(failed, err) : STATUS_OK;
}

/* --- following it ----------------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum status refuse_silence(struct error *err)
{
    return error_set(
        err, STATUS_INPUT,
        "reading it took too long and was given up. Give fewer pages at a time, or pictures "
        "with less detail.",
        "读取耗时过长，已放弃。请减少页数或降低图片分辨率后重试。");
}

/* Takes what is there of the answer; *open is false at its end. */
static enum status take_piece(int fd, struct buf *answer, bool *open, struct error *err)
{
    buf_reserve(answer, PIECE);
    ssize_t got = read(fd, answer->at + answer->len, PIECE);
    if (got < 0)
        return errno == EINTR || errno == EAGAIN
                   ? STATUS_OK
                   : error_set_system(err, errno, "chancery-reader's answer can't be read: ",
                                      "无法读取 chancery-reader 的应答：");
    *open = got > 0;
    answer->len += (size_t)got;
    return STATUS_OK;
}

static enum status follow(struct child *child, int silence_ms, const struct format_watch *watch,
                          struct buf *answer, struct error *err)
{
    bool open = true;
    size_t from = 0;
    unsigned done = 0;
    unsigned all = 0;
    int64_t heard_ms = now_ms();
    while (open) {
        struct pollfd end = {.fd = child->answer, .events = POLLIN};
        enum status status = STATUS_OK;
        if (poll(&end, 1, TICK_MS) > 0) {
            status = take_piece(child->answer, answer, &open, err);
            heard_ms = now_ms();
        }
        if (status)
            return status;
        if (watch && !watch->step(watch->context, done, all))
            return error_set(err, STATUS_INTERRUPTED, "reading it was stopped.", "读取已中止。");
        if (now_ms() - heard_ms > silence_ms)
            return refuse_silence(err);
        if (answer->len > WIRE_ANSWER_MAX ||
            !see_follow_answer(buf_str(answer), &from, &done, &all))
            return error_set(err, STATUS_INPUT, "it holds more than can be read.",
                             "内容过多，无法读取。");
    }
    return STATUS_OK;
}

/* Its end; killed unless it went by itself. */
static int end(struct child *child, bool by_itself)
{
    int how = 0;
    (void)close(child->answer);
    if (!by_itself)
        (void)kill(child->id, SIGKILL);
    while (waitpid(child->id, &how, 0) < 0 && errno == EINTR)
        ;
    return how;
}

static enum status judge_end(int how, struct error *err)
{
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return STATUS_OK;
    if (WIFEXITED(how) && WEXITSTATUS(how) == WIRE_EXIT_USAGE)
        return error_set(
            err, STATUS_IO,
            "chancery-reader could not shut itself away, or is of another version than this "
            "program. Install both of one version.",
            "chancery-reader 无法进入隔离环境，或与本程序版本不一致。请安装同一版本。");
    if (WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL)
        return error_set(
            err, STATUS_IO,
            "chancery-reader was killed while it read it, perhaps because the machine ran out "
            "of memory. Try again.",
            "读取过程中 chancery-reader 被终止，可能是内存不足。请重试。");
    return error_set(
        err, STATUS_INPUT,
        "chancery-reader broke down over it (%s %d), so the file is damaged, or made to do harm. "
        "Nothing else was touched.",
        "chancery-reader 读取时崩溃（%s %d），文件可能已损坏或含有恶意内容。其他数据未受影响。",
        WIFSIGNALED(how) ? "signal" : "exit", WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how));
}

static enum status run(struct arena *arena, struct str bytes, const char *task, int silence_ms,
                       const struct format_watch *watch, struct str *answer, struct error *err)
{
    struct child child;
    struct buf heard = {.arena = arena};
    enum status status = start(arena, bytes, task, &child, err);
    if (status)
        return status;
    status = follow(&child, silence_ms, watch, &heard, err);
    int how = end(&child, !status);
    *answer = buf_str(&heard);
    return status ? status : judge_end(how, err);
}

enum status see_run(struct arena *arena, struct str name, struct str bytes, const char *task,
                    int silence_ms, const struct format_watch *watch, struct str *answer,
                    struct error *err)
{
    struct error reason;
    enum status status = run(arena, bytes, task, silence_ms, watch, answer, &reason);
    return status ? error_within(err, &reason, "%.*s: ", "%.*s：", STR_ARG(name)) : STATUS_OK;
}
