/* Fills errors; see error.h. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts an over-long message at a whole UTF-8 character and marks the cut. */
static void end_cleanly(char *text, int wanted)
{
    static const char cut[] = "\xE2\x80\xA6";
    if (wanted < ERROR_TEXT_MAX)
        return;
    size_t end = ERROR_TEXT_MAX - sizeof cut;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    memcpy(text + end, cut, sizeof cut);
}

static void format_both(struct error *err, const char *en, const char *zh, va_list args)
    __attribute__((format(printf, 2, 0), format(printf, 3, 0)));

static void format_both(struct error *err, const char *en, const char *zh, va_list args)
{
    va_list again;
    va_copy(again, args);
    end_cleanly(err->en, vsnprintf(err->en, sizeof err->en, en, args));
    end_cleanly(err->zh, vsnprintf(err->zh, sizeof err->zh, zh, again));
    va_end(again);
}

static void append(char *text, const char *more)
{
    size_t len = strlen(text);
    end_cleanly(text, (int)len + snprintf(text + len, ERROR_TEXT_MAX - len, "%s", more));
}

enum status error_set(struct error *err, enum status status, const char *en, const char *zh, ...)
{
    if (!err)
        return status;
    err->status = status;
    err->field = NULL;
    err->place = 0;
    va_list args;
    va_start(args, zh);
    format_both(err, en, zh, args);
    va_end(args);
    return status;
}

enum status error_about(struct error *err, enum status status, const char *what_en,
                        const char *what_zh, const char *en, const char *zh, ...)
{
    if (!err)
        return status;
    struct error said = {.status = status};
    va_list args;
    va_start(args, zh);
    format_both(&said, en, zh, args);
    va_end(args);
    *err = (struct error){.status = status};
    append(err->en, what_en);
    append(err->zh, what_zh);
    append(err->en, said.en);
    append(err->zh, said.zh);
    return status;
}

enum status error_within(struct error *err, const struct error *cause, const char *en,
                         const char *zh, ...)
{
    if (!err)
        return cause->status;
    err->status = cause->status;
    err->field = cause->field;
    err->place = cause->place;
    va_list args;
    va_start(args, zh);
    format_both(err, en, zh, args);
    va_end(args);
    append(err->en, cause->en);
    append(err->zh, cause->zh);
    return err->status;
}

enum status error_named(struct error *err, const struct error *cause, const char *what_en,
                        const char *what_zh)
{
    struct error name;
    (void)error_about(&name, cause->status, what_en, what_zh, ": ", "：");
    append(name.en, cause->en);
    append(name.zh, cause->zh);
    name.field = cause->field;
    name.place = cause->place;
    if (err)
        *err = name;
    return cause->status;
}

enum status error_in(struct error *err, const char *field, enum status status)
{
    return error_in_list(err, field, 0, status);
}

enum status error_in_list(struct error *err, const char *field, size_t place, enum status status)
{
    if (err && status) {
        err->field = field;
        err->place = place;
    }
    return status;
}

/* The C library knows Chinese only where its catalogue is installed and the locale is made, which a
 * server rarely has; so what a person meets with files is said here. */
static const struct {
    int number;
    const char *zh;
} reasons[] = {
    {ENOENT, "没有这个文件或文件夹"},
    {EACCES, "没有权限"},
    {EPERM, "系统不允许此操作"},
    {EISDIR, "这是文件夹，不是文件"},
    {ENOTDIR, "路径中有一段不是文件夹"},
    {EEXIST, "已经存在"},
    {ENOSPC, "磁盘已满"},
    {EDQUOT, "超出磁盘配额"},
    {EROFS, "文件系统只读"},
    {EFBIG, "文件过大"},
    {EIO, "读写设备出错"},
    {ENAMETOOLONG, "名称过长"},
    {ELOOP, "符号链接过多"},
    {EMFILE, "打开的文件过多"},
    {ENFILE, "系统打开的文件过多"},
    {ENOMEM, "内存不足"},
    {EBUSY, "正被占用"},
    {EADDRINUSE, "已被占用"},
    {EADDRNOTAVAIL, "本机没有这个地址"},
    {EPIPE, "接收方已关闭"},
};

static const char *reason_zh(int number)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].number == number)
            return reasons[i].zh;
    return strerror(number);
}

enum status error_set_system(struct error *err, int number, const char *en, const char *zh, ...)
{
    if (!err)
        return STATUS_IO;
    err->status = STATUS_IO;
    err->field = NULL;
    va_list args;
    va_start(args, zh);
    format_both(err, en, zh, args);
    va_end(args);
    append(err->en, ": ");
    append(err->en, strerror(number));
    append(err->en, ".");
    append(err->zh, "：");
    append(err->zh, reason_zh(number));
    append(err->zh, "。");
    return STATUS_IO;
}
