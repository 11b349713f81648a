/* What the files of `chancery ledger import` share: what is under way, how a record is read, and the tables of what can
 * be taken. A procedure adds a file cli/ledger_NAME.c with a table of its own and its name below; its rows call what the
 * pages call, so that what is taken in obeys the rules.
 *
 * A record {"on": "2026-03-02"} has no take: it moves the clock, so that a past can be told. What follows it happened at
 * nine in the morning of that day; on the day of the import itself, now. None lies ahead. Clocks of steps that ran out
 * before then lapse on the way, each at its moment. */
#ifndef CLI_LEDGER_IMPORT_H
#define CLI_LEDGER_IMPORT_H

#include <jansson.h>

#include "cli/command.h"
#include "ledger/filled.h"
#include "ledger/line.h"
#include "ledger/workday.h"

struct taking {
    struct call *call;
    struct store *store;
    struct arena *arena;             /* of one line of the file */
    json_t *record;                  /* at hand */
    json_t *lines, *units;           /* ids by ref and by name */
    json_t *members;                 /* ids by e-mail */
    json_t *keys;                    /* of what is no line, by ref */
    const struct workdays *calendar; /* of the installation */
    struct ledger_deed deed;         /* its moment is that of the clock */
    int64_t by;       /* who is said to have done it, unless a record says otherwise */
    int64_t began_ms; /* now; deed.now_ms is what the file's clock says, and today its day */
    int64_t today;
    uint64_t taken;
};

struct take_row {
    const char *name; /* what "take" says */
    enum status (*take)(struct taking *t, struct error *err);
};
/* Each ends with a name of NULL. */
extern const struct take_row take_lines[], take_figures[], take_projects[], take_above[],
    take_supervision[], take_campaigns[], take_reviews[], take_inspections[], take_rectifications[],
    take_studies[], take_policies[], take_risks[];

/* What the record at hand says under a name: empty, `otherwise` or 0 where it says nothing. STATUS_INPUT for what is not
 * of its kind, STATUS_MISSING for whom or what there is not. Texts live as long as the record. */
struct str said_text(const struct taking *t, const char *name);
int64_t said_number(const struct taking *t, const char *name, int64_t otherwise);
double said_real(const struct taking *t, const char *name, double otherwise);
enum status said_day(const struct taking *t, const char *name, int64_t *found, struct error *err);
/* Must be said. */
enum status said_month(const struct taking *t, const char *name, int *found, struct error *err);
/* By e-mail; the member's number. */
enum status said_person(const struct taking *t, const char *name, int64_t otherwise, int64_t *id,
                        struct error *err);
/* By name. */
enum status said_unit(const struct taking *t, const char *name, int64_t *id, struct error *err);
/* By its ref in the file, or its number. said_the_line is what "line" says, which must be said. */
enum status said_line(const struct taking *t, const char *name, int64_t *id, struct error *err);
enum status said_the_line(const struct taking *t, int64_t *id, struct error *err);
/* The other way round: what was made gets the record's "ref" as its name. */
void said_name_line(const struct taking *t, int64_t line);
/* The same for the keys of what is no line. */
struct str said_key(const struct taking *t, const char *name);
void said_name_key(const struct taking *t, struct str key);
/* What was found of each item of a sheet: "marks", {"value": "8.5", "words": "…", "problem": true} in the sheet's order. */
enum status said_marks(struct taking *t, const struct sheet *sheet, struct filled *filled,
                       struct error *err);
/* STATUS_INPUT: "soon" is no <what>. */
enum status said_no(const char *what, struct str said, struct error *err);

#endif
