/* What waits for somebody in the ledger's procedures, and by when.
 *
 * One table, a row for each thing that a procedure waits for. One's own day, calendars, the wall and the periodic reports
 * all read it, so that a procedure that adds its rows is known to all of them. Reads only. */
#ifndef LEDGER_DUTY_H
#define LEDGER_DUTY_H

#include "ledger/line.h"

struct duty_source {
    const char *name;    /* in JSON and in calendars, where it stays the same */
    const char *en, *zh; /* what is to be done: "Answer your step" */
    const char *page;    /* behind the line's address; NULL: that of the procedure of its kind */
    const char *list;    /* address where all of them are found */
    const char *one_sql, *count_sql; /* put together from the row's own query, see duty.c */
};
extern const struct duty_source duty_sources[]; /* ends with a name of NULL */
#define DUTY_SOURCES_MAX 32U

struct ledger_duty {
    const struct duty_source *source;
    struct line line;
    int64_t due_day; /* 0: none */
    struct str key;  /* tells it apart from others of its source about the line; may be empty */
};
enum duty_whose {
    DUTY_OWN, /* of a member: by name, as head of the unit, or as one of the unit where nobody is named */
    DUTY_UNIT, /* of a unit and those under it */
    DUTY_ALL,
};
/* By the day it is due, those without one last; at most `most`. `id` is the member's or unit's number. */
enum status ledger_list_duties(struct arena *arena, struct store *store, enum duty_whose whose,
                               int64_t id, int64_t today, size_t most, struct ledger_duty **list,
                               size_t *count, struct error *err);

struct duty_count {
    int64_t open, late; /* late: its day is past */
};
/* Of each source, in the order of the table. */
enum status ledger_count_duties(struct store *store, int64_t today,
                                struct duty_count counts[DUTY_SOURCES_MAX], struct error *err);

#endif
