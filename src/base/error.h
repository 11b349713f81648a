/* What went wrong, said once, in both languages.
 *
 * Every function that can fail returns an `enum status` and takes a `struct error *` last. The
 * function that understands the failure fills the error; everybody above only passes it on. The
 * message says what happened, where (file, line, field), and what the person can do about it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>

enum status {
    STATUS_OK = 0,
    STATUS_USAGE,       /* the command or call was put together wrongly */
    STATUS_INPUT,       /* what the person gave (file, line, field) can't be taken */
    STATUS_MISSING,     /* something named does not exist */
    STATUS_CONFLICT,    /* the present state does not allow it */
    STATUS_FORBIDDEN,   /* this person may not, and is told why */
    STATUS_LIMITED,     /* too much at once; later it will do */
    STATUS_IO,          /* disk, database or system refused */
    STATUS_DAMAGED,     /* stored data does not fit together */
    STATUS_INTERRUPTED, /* the person stopped it; data is whole */
};

#define ERROR_TEXT_MAX 640

struct error {
    enum status status;
    const char *field; /* what of the things given it is about, as error_in said; else NULL */
    size_t place;      /* which of several of that name, from 0 */
    char en[ERROR_TEXT_MAX];
    char zh[ERROR_TEXT_MAX];
};

/* Fills *err (which may be NULL) with status and the message formatted from `en` and from `zh`.
 * Both formats take the same arguments in the same order. A message longer than ERROR_TEXT_MAX ends
 * in "…" at a whole character. Returns status, so that `return error_set(...)` is the usual form.
 * Thread-safe as far as *err is the caller's own. */
enum status error_set(struct error *err, enum status status, const char *en, const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same for something that has a name in each language: "Title" and ": please fill this in.", "标题" and
 * "尚未填写。". */
enum status error_about(struct error *err, enum status status, const char *what_en,
                        const char *what_zh, const char *en, const char *zh, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));

/* Fills *err with the message formatted from `en` and `zh`, followed by the cause's own words in each
 * language; the status is the cause's, and is returned. */
enum status error_within(struct error *err, const struct error *cause, const char *en,
                         const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The cause under the name that something has in each language: "Time zone: …", "时区：…". Status as above. */
enum status error_named(struct error *err, const struct error *cause, const char *what_en,
                        const char *what_zh);

/* Says by which name the person gave what *err (which may be NULL) is about: the input of a form, such as "due". The
 * name stays where it is. Returns status: `return error_in(err, "due", error_set(err, …))`; nothing for STATUS_OK. */
enum status error_in(struct error *err, const char *field, enum status status);
/* The same of what was given several times under one name: the place says which, from 0. */
enum status error_in_list(struct error *err, const char *field, size_t place, enum status status);

/* Fills *err with STATUS_IO and the message formatted from `en` and `zh`, followed by why the system
 * refused: what `number` (of errno) stands for, in each language, and a full stop. */
enum status error_set_system(struct error *err, int number, const char *en, const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

#endif
