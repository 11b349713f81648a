/* The five watches of a project as they are kept; what they are, and by what rules they are passed, is data in
 * project.h. */
#ifndef LEDGER_WATCH_H
#define LEDGER_WATCH_H

#include "ledger/line.h"
#include "ledger/project.h"

#define WATCH_NOTE_MAX 500
#define WATCH_OWN_MAX  200 /* characters of a condition of a project's own */

struct watch_condition {
    unsigned number;   /* below WATCH_CONDITIONS: of all projects */
    struct str en, zh; /* the same of one that is the project's own */
    bool own, met;
    struct str note; /* what shows that it is met */
};
struct ledger_watch {
    enum watch_state state;
    int64_t planned_day, actual_day; /* 0: none */
    int64_t reporter;                /* 0: nobody */
    struct str words;                /* of the last verdict */
    struct watch_condition conditions[WATCH_CONDITIONS + WATCH_OWN_CONDITIONS];
    size_t nconditions;
    int64_t files; /* that are its evidence and were not removed */
};
/* All five; those nothing was said of are open. */
enum status ledger_load_watches(struct arena *arena, struct store *store, int64_t line,
                                struct ledger_watch watches[WATCHES], struct error *err);

struct ledger_watch_deed {
    enum watch watch;
    enum watch_act act;
    int64_t member; /* who acts */
    unsigned
        is; /* 1U << PROJECT_WHO_…, but for what the watch itself decides: who reported never checks */
    int64_t day;        /* planned, or reached on */
    unsigned condition; /* of WATCH_ACT_MEET and WATCH_ACT_DROP */
    /* A verdict's reason, or why a condition is dropped; of WATCH_ACT_MEET, what shows it: empty takes it back; of
     * WATCH_ACT_ADD, the condition. */
    struct str words;
};
/* Acts on a watch of a project. Event line.watch. Errors as watch_allow; STATUS_INPUT when words or condition can't be
 * taken, or it was reached on a day after `today`; STATUS_CONFLICT when the watch has all the conditions of its own
 * that it may have. */
enum status ledger_act_on_watch(struct arena *arena, struct store *store, int64_t line,
                                const struct ledger_watch_deed *deed, int64_t today,
                                const struct ledger_deed *deed_of_line, struct error *err);

/* What files that are evidence of a watch are about; see file.h. Static. */
struct str watch_evidence(enum watch watch);
/* Evidence is added until the watch is passed, and taken away until it is reported: what somebody looked at stays.
 * STATUS_CONFLICT otherwise; fine for files that are about anything else. */
enum status ledger_may_add_evidence(struct arena *arena, struct store *store, int64_t line,
                                    struct str about, struct error *err);
enum status ledger_may_remove_evidence(struct arena *arena, struct store *store, int64_t line,
                                       struct str about, struct error *err);

#endif
