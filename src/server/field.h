/* What a page is made of: a plain struct, and a table that describes it.
 *
 * A handler fills a struct; a table of fields tells names, kinds and offsets of its members. From the
 * same table come the page (template.h), its JSON and its line in the OpenAPI file, so that the three
 * never part company. */
#ifndef SERVER_FIELD_H
#define SERVER_FIELD_H

#include <stddef.h>

#include "base/str.h"

enum field_kind {
    FIELD_END = 0,
    FIELD_TEXT,   /* struct str; escaped on a page */
    FIELD_MARKUP, /* struct str of HTML that the program made; put on a page as it is */
    FIELD_NUMBER, /* int64_t */
    FIELD_REAL,   /* double */
    FIELD_FLAG,   /* bool */
    FIELD_TIME, /* int64_t, Unix milliseconds; 0 is none. Day and time in the reader's language on a
                     page, RFC 3339 (UTC) or null in JSON */
    FIELD_DAY,  /* the same, the day only on a page */
    FIELD_DATE, /* struct str, a civil day as calendar_day_text gives it, or empty. So in JSON, and on a
                     page as what a form's field holds; elsewhere on a page as the language writes it */
    FIELD_PART, /* a struct within the struct */
    FIELD_LIST, /* a pointer to an array of structs; its length is a size_t elsewhere in the struct */
};

struct field {
    enum field_kind kind;
    bool hidden; /* on the page only, not in JSON (tokens against forgery, markup) */
    const char *name;
    size_t at;                 /* offset in the struct */
    const struct field *parts; /* of FIELD_PART and FIELD_LIST; ends with FIELD_END */
    size_t count_at;           /* FIELD_LIST: offset of the length */
    size_t size;               /* FIELD_LIST: of one element */
};

/* FIELD(TEXT, struct paper_page, title) and so on for all simple kinds. */
#define FIELD(KIND, type, member)                                           \
    {                                                                       \
        .kind = FIELD_##KIND, .name = #member, .at = offsetof(type, member) \
    }
#define FIELD_HIDDEN(KIND, type, member)                                                    \
    {                                                                                       \
        .kind = FIELD_##KIND, .name = #member, .at = offsetof(type, member), .hidden = true \
    }
#define FIELD_OF_PART(type, member, fields)                                                  \
    {                                                                                        \
        .kind = FIELD_PART, .name = #member, .at = offsetof(type, member), .parts = (fields) \
    }
#define FIELD_HIDDEN_LIST(type, member, fields)                                               \
    {                                                                                         \
        .kind = FIELD_LIST, .name = #member, .at = offsetof(type, member), .parts = (fields), \
        .count_at = offsetof(type, n##member), .size = sizeof(*((type *)NULL)->member),       \
        .hidden = true                                                                        \
    }
/* A list `member` whose length is the size_t member `n<member>`. */
#define FIELD_OF_LIST(type, member, fields)                                                   \
    {                                                                                         \
        .kind = FIELD_LIST, .name = #member, .at = offsetof(type, member), .parts = (fields), \
        .count_at = offsetof(type, n##member), .size = sizeof(*((type *)NULL)->member)        \
    }

/* Appends the struct as a JSON object (RFC 8259). Text that is not UTF-8 becomes U+FFFD. */
void field_write_json(struct buf *out, const struct field *fields, const void *page);
/* Appends text as a JSON string, quotes included. */
void field_write_json_text(struct buf *out, struct str text);
/* Appends "2026-11-24T19:05:49Z". */
void field_write_rfc3339(struct buf *out, int64_t time_ms);

#endif
