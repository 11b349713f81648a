/* Projects: from a proposal into the library, through five watches to what they are built for.
 *
 * Two machines, each a table: what becomes of a project (project_rules), and of each of its five watches
 * (watch_rules). A row says from where to where an act leads, who may, and what it needs. A watch is a gate: it is
 * passed when its conditions are met with evidence, the watches before it are passed, and somebody who does not
 * answer for the project has looked. Pure. */
#ifndef LEDGER_PROJECT_H
#define LEDGER_PROJECT_H

#include "base/error.h"
#include "base/lang.h"
#include "ledger/line.h"
#include "ledger/machine.h"

enum project_state {
    PROJECT_NONE = 0, /* before it is there; in a row's `to`: the state stays */
    PROJECT_PROPOSED,
    PROJECT_ADMITTED, /* in the library of projects, not begun */
    PROJECT_ACTIVE,
    PROJECT_SUSPENDED,
    PROJECT_FINISHED,
    PROJECT_WITHDRAWN,
    PROJECT_STATES
};
enum watch_state {
    WATCH_NONE = 0, /* in a row's `to`: the state stays */
    WATCH_OPEN,
    WATCH_REPORTED, /* said to be reached; waits for a verdict */
    WATCH_PASSED,
    WATCH_WAIVED, /* the project has no such stage */
    WATCH_STATES
};

/* The five watches, in order: 盯落地、盯开工、盯进度、盯配套、盯投产投用. */
enum watch { WATCH_LANDING, WATCH_START, WATCH_PROGRESS, WATCH_SUPPORT, WATCH_OPENING, WATCHES };
#define WATCH_BIT(watch) (1U << (watch))

enum project_act {
    PROJECT_ACT_PROPOSE,
    PROJECT_ACT_SCORE,
    PROJECT_ACT_ADMIT,
    PROJECT_ACT_DECLINE,
    PROJECT_ACT_KEEP, /* in a review: it stays as it is */
    PROJECT_ACT_START,
    PROJECT_ACT_SUSPEND,
    PROJECT_ACT_RESUME,
    PROJECT_ACT_WITHDRAW,
    PROJECT_ACT_RENEW, /* propose again what was withdrawn */
    PROJECT_ACT_FINISH,
    PROJECT_ACT_REOPEN,
    PROJECT_ACTS
};
enum watch_act {
    WATCH_ACT_PLAN,
    WATCH_ACT_MEET, /* a condition is met, or not after all */
    WATCH_ACT_ADD,  /* a condition of the project's own */
    WATCH_ACT_DROP, /* that condition counts no more */
    WATCH_ACT_REPORT,
    WATCH_ACT_PASS,
    WATCH_ACT_RETURN,
    WATCH_ACT_WAIVE,
    WATCH_ACT_REOPEN,
    WATCH_ACTS
};

enum project_who {
    PROJECT_WHO_MEMBER,  /* who may change the line, and of a new one a member of its unit */
    PROJECT_WHO_KEEPER,  /* who keeps the ledger: editor, steward, owner */
    PROJECT_WHO_DECIDER, /* a keeper who neither proposed the project nor leads it */
    PROJECT_WHO_LEAD,    /* who answers for the project, or a keeper */
    PROJECT_WHO_CHECKER, /* inspector or keeper, but neither its lead nor who reported */
    PROJECT_WHOS
};

enum {
    PROJECT_NEEDS_WORDS = 1, /* a reason */
    PROJECT_NEEDS_SCORES =
        2, /* every criterion marked, none below what it demands, the sum high enough */
    PROJECT_NEEDS_LEAD = 4, /* a lead and a unit */
    PROJECT_NEEDS_DAY =
        8, /* a day by which it is to be done; of a watch: the day on which it was reached */
    PROJECT_NEEDS_WATCHES = 16,   /* all five passed or waived */
    PROJECT_NEEDS_BEFORE = 32,    /* the watches before it passed or waived */
    PROJECT_NEEDS_MET = 64,       /* its conditions are met */
    PROJECT_NEEDS_EVIDENCE = 128, /* at least one file or a condition's note shows it */
    PROJECT_NEEDS_UNUSED = 256,   /* no watch after it is reported or passed */
    PROJECT_NEEDS_MARKS = 512,    /* a review is open, and enough have marked it */
};
#define PROJECT_NEEDS_COUNT 10U

extern const struct machine_rule project_rules[PROJECT_ACTS]; /* one a row, by the act */
extern const struct machine project_machine;

extern const struct machine_rule watch_rules[WATCH_ACTS];
extern const struct machine watch_machine;

/* What each watch looks at: the watches that must be passed before it, and the conditions that a project begins
 * with; a project may have more of its own. */
#define WATCH_CONDITIONS     4U
#define WATCH_OWN_CONDITIONS 8U /* numbered on from there */
struct watch_kind {
    const char *name; /* "landing" */
    const char *en, *zh;
    unsigned before; /* WATCH_BIT… */
    struct {
        const char *en, *zh;
    } conditions[WATCH_CONDITIONS]; /* ends early with NULL */
};
extern const struct watch_kind watch_kinds[WATCHES];

/* 重大专项、重点项目. */
enum project_class { PROJECT_SPECIAL, PROJECT_KEY, PROJECT_CLASSES };
const char *project_class_name(enum project_class class);
const char *project_class_words(enum project_class class, enum lang lang);
enum project_class project_class_named(struct str name); /* PROJECT_CLASSES for anything else */

/* What the state makes of the project's line; see line.h. */
enum line_state project_line_state(enum project_state state);

/* Names as kept, and in words; static. */
const char *project_state_name(enum project_state state);
const char *project_state_words(enum project_state state, enum lang lang);
const char *project_act_name(enum project_act act);
const char *project_act_words(enum project_act act, enum lang lang);
const char *project_who_words(enum project_who who, enum lang lang);
const char *project_needs_words(unsigned need, enum lang lang); /* of one bit */
const char *watch_state_name(enum watch_state state);
const char *watch_state_words(enum watch_state state, enum lang lang);
const char *watch_act_name(enum watch_act act);
const char *watch_act_words(enum watch_act act, enum lang lang);
/* By their names; PROJECT_STATES, PROJECT_ACTS … for anything else. */
enum project_state project_state_named(struct str name);
enum project_act project_act_named(struct str name);
enum watch_state watch_state_named(struct str name);
enum watch_act watch_act_named(struct str name);
enum watch watch_named(struct str name);

/* Whether the act may be done: STATUS_CONFLICT when the state does not allow it or something is lacking, the first
 * said; STATUS_FORBIDDEN when it is somebody else's. Words are checked as a need like others. */
enum status project_allow(enum project_state state, enum project_act act,
                          struct machine_facts facts, struct error *err);
enum status watch_allow(enum watch_state state, enum watch_act act, struct machine_facts facts,
                        struct error *err);

/* What the states of all five say about one of them: PROJECT_NEEDS_BEFORE and PROJECT_NEEDS_UNUSED where they
 * hold. PROJECT_NEEDS_WATCHES: all are passed or waived. */
unsigned watch_needs_met(const enum watch_state states[WATCHES], enum watch watch);

#endif
