/* A study session (学习, "第一议题"): the machine that takes one from its agenda to a record that its chair has confirmed,
 * and how soon a paper was studied. docs/studies.md is drawn from the table. Pure. */
#ifndef LEDGER_SESSION_H
#define LEDGER_SESSION_H

#include "ledger/clock.h"
#include "ledger/line.h"
#include "ledger/machine.h"

enum session_state {
    SESSION_NONE = 0,
    SESSION_PLANNED,
    SESSION_HELD,    /* its record is to be written */
    SESSION_WRITTEN, /* its record is to be confirmed by the chair */
    SESSION_CONFIRMED,
    SESSION_OFF,
    SESSION_STATES
};
enum session_act {
    SESSION_HOLD,
    SESSION_WRITE,
    SESSION_CONFIRM,
    SESSION_RETURN, /* the record, to be written again */
    SESSION_REOPEN,
    SESSION_CALL_OFF,
    SESSION_ACTS
};
enum session_who {
    SESSION_WHO_BODY,  /* member of the body, its head, the chair, or who keeps the ledger */
    SESSION_WHO_CHAIR, /* the line's own lead */
    SESSION_WHO_KEEPER,
    SESSION_WHOS
};
enum {
    SESSION_NEEDS_WORDS = 1,
    SESSION_NEEDS_DAY = 2, /* its day has come */
    SESSION_NEEDS_CHAIR = 4,
    SESSION_NEEDS_AGENDA = 8, /* at least one item with something to study or a title of its own */
    SESSION_NEEDS_PRESENT = 16,
    SESSION_NEEDS_OTHER = 32, /* the record was written by another than the chair */
};
#define SESSION_NEEDS_COUNT 6

extern const struct machine session_machine;

/* Bits of states in which the agenda and attendance may still be changed. */
#define SESSION_OPEN (MACHINE_BIT(SESSION_PLANNED) | MACHINE_BIT(SESSION_HELD))
/* In which what is on the agenda counts as studied. */
#define SESSION_STUDIED_SQL "('held', 'written', 'confirmed')"

/* What the line's own state and progress are in each. */
enum line_state session_line_state(enum session_state state);
int64_t session_progress(enum session_state state);

enum presence { PRESENCE_UNSAID, PRESENCE_PRESENT, PRESENCE_EXCUSED, PRESENCE_ABSENT, PRESENCES };
extern const struct machine_terms presence_terms;

/* How soon a paper was studied by a body after it was published (第一时间), by the limit that was set for it. */
enum soonness {
    SOON_IN_TIME,
    SOON_LATE,    /* studied, after the last day */
    SOON_WAITING, /* not studied, the last day has not passed */
    SOON_OVERDUE, /* not studied, and it has */
    SOONNESSES
};
extern const struct machine_terms soonness_terms;
struct study_time {
    enum soonness is;
    int64_t days;    /* working days from publication to study, or to today */
    int64_t due_day; /* the last day in time */
    int64_t late;    /* working days after it; 0: none */
};
/* `studied_day` is 0 for what was not studied yet; what was studied before it was published counts as studied on that
 * day. The day of publication does not count. */
void study_read_time(const struct workdays *calendar, int64_t published_day, int64_t limit,
                     int64_t studied_day, int64_t today, struct study_time *time);

#endif
