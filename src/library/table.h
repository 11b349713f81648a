/* CSV files (RFC 4180) with a header, read row by row in one transaction: bad lines are named, and nothing is
 * taken unless all of it is good or the caller skips the bad. Not for other rooms. */
#ifndef LIBRARY_TABLE_H
#define LIBRARY_TABLE_H

#include "library/member.h"

#define TABLE_COLUMNS_MAX 8

/* What a column may be called, in any case; several may name the same one. */
struct table_heading {
    const char *heading;
    unsigned column;
};

struct table {
    struct str name;                      /* the file's, for messages */
    const struct table_heading *headings; /* ends with a heading of NULL */
    unsigned needed;                      /* the columns before this one must be in the header */
    const char *header_en, *header_zh;    /* what the header must name, as the end of a sentence */
    const char *skip_en, *skip_zh;        /* how to leave bad lines out: "use --skip-bad …" */
    /* Takes one row: the columns' fields, trimmed, empty where the file has none. STATUS_INPUT and
     * STATUS_CONFLICT make it a bad line, any other failure ends the reading. */
    enum status (*take)(void *context, const struct str fields[TABLE_COLUMNS_MAX],
                        struct error *reason);
    void *context;
    struct import *import; /* skip_bad and progress; gets imported, bad_count and bad */
};

/* Reads UTF-8 text. Rows are taken within the caller's open write transaction, which is to be rolled back
 * unless this succeeds. STATUS_INPUT names the first bad line. */
enum status table_read(struct arena *arena, const struct table *table, struct str csv,
                       struct error *err);

#endif
