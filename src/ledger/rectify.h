/* Rectification (查摆整改): the machine that takes a problem to its end.
 *
 * A problem is found, its cause named, a measure set with its last day, the work done and shown, verified by somebody
 * who neither answers for it nor said that it is done, and struck off. It is sent back to the work when the work does
 * not hold, and to the cause when the measure does not reach it. docs/rectifications.md is drawn from the tables. Pure. */
#ifndef LEDGER_RECTIFY_H
#define LEDGER_RECTIFY_H

#include "ledger/line.h"
#include "ledger/machine.h"

enum rectify_state {
    RECTIFY_NONE = 0,
    RECTIFY_FOUND,     /* its cause is to be named */
    RECTIFY_EXPLAINED, /* a measure is to be set */
    RECTIFY_WORKING,
    RECTIFY_SHOWN, /* said to be done, with evidence */
    RECTIFY_VERIFIED,
    RECTIFY_STRUCK,
    RECTIFY_DROPPED, /* no problem after all, or another's */
    RECTIFY_STATES
};
enum rectify_act {
    RECTIFY_EXPLAIN,    /* name the cause */
    RECTIFY_PLAN,       /* set the measure */
    RECTIFY_SHOW,       /* done, with evidence */
    RECTIFY_PASS,       /* verified */
    RECTIFY_RETURN,     /* back to the work */
    RECTIFY_RECONSIDER, /* back to the cause */
    RECTIFY_STRIKE,
    RECTIFY_REOPEN,
    RECTIFY_DROP,
    RECTIFY_ACTS
};
enum rectify_who {
    RECTIFY_WHO_WORKER,   /* the line's lead, who heads its unit, or a member of the unit */
    RECTIFY_WHO_HOLDER,   /* the lead, or who heads the unit */
    RECTIFY_WHO_KEEPER,   /* who keeps the ledger */
    RECTIFY_WHO_VERIFIER, /* inspector or keeper, neither holder nor who said that it is done */
    RECTIFY_WHO_STRIKER,  /* such a keeper */
    RECTIFY_WHOS
};
enum {
    RECTIFY_NEEDS_WORDS = 1,
    RECTIFY_NEEDS_DUE = 2,      /* a last day */
    RECTIFY_NEEDS_EVIDENCE = 4, /* newer than what was sent back */
    RECTIFY_NEEDS_DECIDED = 8,  /* of every earlier one that is alike, whether this is the same */
};
#define RECTIFY_NEEDS_COUNT 4

extern const struct machine rectify_machine;

/* What the line's own state and progress are in each. Pure. */
enum line_state rectify_line_state(enum rectify_state state);
int64_t rectify_progress(enum rectify_state state);

/* Where a problem was found (问题来源). */
enum rectify_origin {
    RECTIFY_OWN, /* 自查 */
    RECTIFY_INSPECTION,
    RECTIFY_SWEEP,
    RECTIFY_CIRCULAR,
    RECTIFY_PAPER,
    RECTIFY_ORIGINS
};
/* What it is about (问题类别). */
enum rectify_sort {
    RECTIFY_DUTY,
    RECTIFY_CONDUCT,
    RECTIFY_SERVICE,
    RECTIFY_FUNDS,
    RECTIFY_QUALITY,
    RECTIFY_SAFETY,
    RECTIFY_ENVIRONMENT,
    RECTIFY_RULES,
    RECTIFY_OTHER,
    RECTIFY_SORTS
};
extern const struct machine_terms rectify_origins, rectify_sorts;

/* Working days that each stage may take, ordinary and grave; 0: until the line's last day, or for ever. Pure. */
int64_t rectify_limit(enum rectify_state state, bool grave);

#endif
