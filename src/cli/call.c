/* What a command may use of its invocation; see command.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "cli/parse.h"

/* --- options ------------------------------------------------------------------------------------ */

bool call_option(const struct call *call, const char *name, struct str *value)
{
    for (size_t i = call->given->count; i-- > 0;) {
        const struct given_option *g = &call->given->options[i];
        if (g->value.at && strcmp(g->name, name) == 0) {
            *value = g->value;
            return true;
        }
    }
    return false;
}

bool call_switch(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->given->count; i++)
        if (strcmp(call->given->options[i].name, name) == 0)
            return true;
    return false;
}

enum status call_number(const struct call *call, const char *name, uint64_t least, uint64_t most,
                        uint64_t *value, struct error *err)
{
    struct str text;
    uint64_t number;
    if (!call_option(call, name, &text))
        return STATUS_OK;
    if (!str_to_u64(text, &number) || number < least || number > most)
        return error_set(err, STATUS_USAGE,
                         "--%s is \"%.*s\"; it takes a whole number from %" PRIu64 " to %" PRIu64
                         ".",
                         "--%s 的值“%.*s”无效，应为 %" PRIu64 " 至 %" PRIu64 " 的整数。", name,
                         STR_ARG(text), least, most);
    *value = number;
    return STATUS_OK;
}

/* --- printing ----------------------------------------------------------------------------------- */

static void print_in(FILE *to, enum lang lang, const char *en, const char *zh, va_list args)
    __attribute__((format(printf, 3, 0), format(printf, 4, 0)));

static void print_in(FILE *to, enum lang lang, const char *en, const char *zh, va_list args)
{
    if (lang == LANG_EN)
        (void)vfprintf(to, en, args);
    else
        (void)vfprintf(to, zh, args);
}

void call_say(const struct call *call, const char *en, const char *zh, ...)
{
    va_list args;
    va_start(args, zh);
    print_in(stdout, call->lang, en, zh, args);
    va_end(args);
}

void call_remark(const struct call *call, const char *en, const char *zh, ...)
{
    va_list args;
    va_start(args, zh);
    print_in(stderr, call->lang, en, zh, args);
    va_end(args);
}

const char *call_count(const struct call *call, uint64_t count, const char *en_one,
                       const char *en_many, const char *zh)
{
    return str_format(call->arena, "%" PRIu64 " %s", count,
                      lang_pick(call->lang, count == 1 ? en_one : en_many, zh))
        .at;
}

int call_columns(const char *text)
{
    int width = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        width += (*c & 0xC0) == 0x80 ? 0 : *c >= 0xE2 ? 2 : 1;
    return width;
}

void call_progress(const struct call *call, const char *en, const char *zh, uint64_t done,
                   uint64_t all)
{
    static const char bar[] = "########################################";
    if (!isatty(STDERR_FILENO) || all == 0)
        return;
    int width = (int)(done >= all ? 40 : done * 40 / all);
    (void)fprintf(stderr, "\r%s [%-40.*s] %3d%%%s", lang_pick(call->lang, en, zh), width, bar,
                  (int)(done >= all ? 100 : done * 100 / all), done >= all ? "\n" : "");
}

void call_print_json(const struct call *call, json_t *value)
{
    size_t flags = JSON_ENCODE_ANY | (call->terminal ? JSON_INDENT(2) : JSON_COMPACT);
    (void)json_dumpf(value, stdout, flags);
    (void)fputc('\n', stdout);
    json_decref(value);
}

/* --- interruption ------------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupted;

#define GRACE_SECONDS 2 /* for what was asked to stop to do so in good order */

static const char *stopped; /* the last words, chosen before they are needed */

/* Asks. Whoever is in a loop hears it and says how far it came. */
static void on_signal(int number)
{
    (void)number;
    if (!interrupted)
        (void)alarm(GRACE_SECONDS);
    interrupted = 1;
}

/* Nobody heard: the command waits for input or is amid one long step. Ending here is as safe as
 * being killed, which nothing that is kept minds. */
static void on_alarm(int number)
{
    (void)number;
    ssize_t said = write(STDERR_FILENO, stopped, strlen(stopped));
    (void)said;
    _exit(1);
}

void call_watch_signals(void)
{
    struct sigaction ask = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction end = {.sa_handler = on_alarm};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    stopped = lang_pick(lang_of_locale(), "chancery: Stopped.\n", "chancery: 已停止。\n");
    (void)sigemptyset(&ask.sa_mask);
    (void)sigemptyset(&end.sa_mask);
    (void)sigaction(SIGALRM, &end, NULL);
    (void)sigaction(SIGINT, &ask, NULL);
    (void)sigaction(SIGTERM, &ask, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    /* A limit of files' sizes (ulimit -f) that is reached is said in words, as a full disk is. */
    (void)sigaction(SIGXFSZ, &ignore, NULL);
}

bool call_interrupted(void)
{
    return interrupted != 0;
}

/* --- files -------------------------------------------------------------------------------------- */

static enum status read_error(struct str name, struct error *err)
{
    if (str_equal(name, STR("-")))
        return error_set_system(err, errno, "Standard input can't be read", "无法读取标准输入");
    return error_set_system(err, errno, "%.*s can't be read", "无法读取 %.*s", STR_ARG(name));
}

static enum status read_all(struct call *call, int fd, struct str name, size_t limit,
                            struct str *bytes, struct error *err)
{
    struct stat about;
    struct buf buf = {.arena = call->arena};
    bool sized = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
    if (sized && (uint64_t)about.st_size <= limit)
        buf_reserve(&buf, (size_t)about.st_size + 1);
    while (buf.len <= limit) {
        buf_reserve(&buf, 65536);
        ssize_t n = read(fd, buf.at + buf.len, 65536);
        if (n < 0 && errno == EINTR && !call_interrupted())
            continue;
        if (n < 0)
            return read_error(name, err);
        if (n == 0) {
            *bytes = buf_str(&buf);
            return STATUS_OK;
        }
        buf.len += (size_t)n;
    }
    return error_set(err, STATUS_INPUT, "%.*s is larger than %zu MiB.", "%.*s 超过 %zu MiB。",
                     STR_ARG(name), limit >> 20);
}

enum status call_read_file(struct call *call, struct str name, size_t limit, struct str *bytes,
                           struct error *err)
{
    if (str_equal(name, STR("-")))
        return read_all(call, STDIN_FILENO, name, limit, bytes, err);
    int fd = open(str_z(call->arena, name), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return read_error(name, err);
    enum status status = read_all(call, fd, name, limit, bytes, err);
    (void)close(fd);
    return status;
}

static enum status write_error(struct str name, struct error *err)
{
    if (str_equal(name, STR("-")))
        return error_set_system(err, errno, "Standard output can't be written", "无法写入标准输出");
    return error_set_system(err, errno, "%.*s can't be written", "无法写入 %.*s", STR_ARG(name));
}

/* A pipe or device is written straight; only a regular file can be put in place whole. */
static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

static bool write_special(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && fd_write(fd, bytes);
    return fd >= 0 && close(fd) == 0 && written;
}

static bool write_whole(const char *path, struct str bytes)
{
    char *temporary;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return false;
    mode_t mask = umask(0);
    (void)umask(mask);
    int fd = mkostemp(temporary, O_CLOEXEC);
    bool written = fd >= 0 && fchmod(fd, 0666 & ~mask) == 0 && fd_write(fd, bytes);
    int problem = errno;
    if (fd >= 0 && close(fd)) {
        problem = errno;
        written = false;
    }
    if (written && rename(temporary, path)) {
        problem = errno;
        written = false;
    }
    if (!written && fd >= 0)
        (void)unlink(temporary);
    free(temporary);
    errno = problem;
    return written;
}

enum status call_write_file(struct call *call, struct str name, struct str bytes, struct error *err)
{
    if (str_equal(name, STR("-"))) {
        (void)fflush(stdout);
        return fd_write(STDOUT_FILENO, bytes) ? STATUS_OK : write_error(name, err);
    }
    char *path = str_z(call->arena, name);
    bool written = is_special(path) ? write_special(path, bytes) : write_whole(path, bytes);
    return written ? STATUS_OK : write_error(name, err);
}
