/* Supervision (督查督办): the machine that drives a line to its end, and the rhythm of feedback.
 *
 * The machine is a table: a row says from where to where an act leads, who may, and what it needs. A line is entered,
 * handed to who answers for it and by them to further levels, signed for, worked on with feedback at the rhythm agreed,
 * said to be done with evidence, checked by another, and struck off; or it is sent back. docs/supervision.md is drawn from
 * the table. Pure. */
#ifndef LEDGER_SUPERVISE_H
#define LEDGER_SUPERVISE_H

#include "base/error.h"
#include "base/lang.h"
#include "ledger/machine.h"
#include "ledger/workday.h"

enum supervise_state {
    SUPERVISE_NONE = 0, /* not under supervision; in a row's `to`: the state stays */
    SUPERVISE_ENTERED,
    SUPERVISE_ASSIGNED,
    SUPERVISE_WORKING,
    SUPERVISE_REPORTED,
    SUPERVISE_CHECKED,
    SUPERVISE_STRUCK,
    SUPERVISE_DROPPED,
    SUPERVISE_STATES
};
#define SUPERVISE_BIT(state) (1U << (state))

enum supervise_act {
    SUPERVISE_ENTER,   /* 立项 */
    SUPERVISE_RHYTHM,  /* another rhythm of feedback */
    SUPERVISE_ASSIGN,  /* 交办, to the line's unit and lead */
    SUPERVISE_SIGN,    /* 签收 */
    SUPERVISE_DECLINE, /* 退件: it is not ours */
    SUPERVISE_SHARE,   /* hand a part on to a further level */
    SUPERVISE_SIGN_PART,
    SUPERVISE_END_PART,  /* the part is done */
    SUPERVISE_TAKE_PART, /* take it back */
    SUPERVISE_FEED,      /* 反馈 */
    SUPERVISE_FAULT,     /* found poorly done */
    SUPERVISE_REPORT,    /* done, with evidence */
    SUPERVISE_PASS,      /* 复核 */
    SUPERVISE_RETURN,    /* sent back */
    SUPERVISE_STRIKE,    /* 办结销号 */
    SUPERVISE_REOPEN,
    SUPERVISE_DROP,
    SUPERVISE_ACTS
};

enum supervise_who {
    SUPERVISE_WHO_KEEPER,  /* who keeps the ledger: editor, steward, owner */
    SUPERVISE_WHO_HOLDER,  /* the line's lead, or who heads its unit */
    SUPERVISE_WHO_WORKER,  /* the same, or a member of the unit */
    SUPERVISE_WHO_GIVER,   /* whom the part above was handed to, or a keeper */
    SUPERVISE_WHO_PARTNER, /* whom the part was handed to */
    SUPERVISE_WHO_CHECKER, /* inspector or keeper, neither holder nor who said that it is done */
    SUPERVISE_WHO_STRIKER, /* such a keeper */
    SUPERVISE_WHOS
};

enum {
    SUPERVISE_NEEDS_WORDS = 1,
    SUPERVISE_NEEDS_DUE = 2,       /* the line is under way and has a last day */
    SUPERVISE_NEEDS_ANSWERER = 4,  /* a unit or a lead */
    SUPERVISE_NEEDS_EVIDENCE = 8,  /* something that shows it, newer than what was sent back */
    SUPERVISE_NEEDS_PARTS = 16,    /* the parts under it are done */
    SUPERVISE_NEEDS_UNSIGNED = 32, /* the part is not signed for */
    SUPERVISE_NEEDS_SIGNED = 64,   /* the part is signed for and not done */
};
#define SUPERVISE_NEEDS_COUNT 7U

extern const struct machine_rule supervise_rules[SUPERVISE_ACTS]; /* by the act */
extern const struct machine supervise_machine;

/* STATUS_CONFLICT when the state does not allow it or something is lacking, the first of it said; STATUS_FORBIDDEN when it
 * is somebody else's. */
enum status supervise_allow(enum supervise_state state, enum supervise_act act,
                            struct machine_facts facts, struct error *err);

/* Names as kept, and in words; static. */
const char *supervise_state_name(enum supervise_state state);
const char *supervise_state_words(enum supervise_state state, enum lang lang);
const char *supervise_act_name(enum supervise_act act);
const char *supervise_act_words(enum supervise_act act, enum lang lang);
const char *supervise_who_words(enum supervise_who who, enum lang lang);
const char *supervise_needs_words(unsigned need, enum lang lang); /* of one bit */
/* By their names; SUPERVISE_STATES, SUPERVISE_ACTS for anything else. */
enum supervise_state supervise_state_named(struct str name);
enum supervise_act supervise_act_named(struct str name);

/* --- feedback ------------------------------------------------------------------------------------- */

enum rhythm {
    RHYTHM_NONE, /* when it is done */
    RHYTHM_WEEKLY,
    RHYTHM_FORTNIGHTLY,
    RHYTHM_MONTHLY,
    RHYTHM_QUARTERLY,
    RHYTHMS
};
const char *rhythm_name(enum rhythm rhythm);
const char *rhythm_words(enum rhythm rhythm, enum lang lang);
enum rhythm rhythm_named(struct str name); /* RHYTHMS for anything else */

/* The day of the n-th feedback (from 1) of what was signed for on `since`: of weekly feedback the Friday of each week, of
 * fortnightly of every other, then the last days of months and quarters, each moved back to a working day. A period
 * without one is left out, so the days grow with n, all after `since`. 0 for RHYTHM_NONE. */
int64_t rhythm_day(enum rhythm rhythm, const struct workdays *calendar, int64_t since, int n);
/* The last such day up to and with `until`, and the first after it; 0: there is none. */
int64_t rhythm_last_day(enum rhythm rhythm, const struct workdays *calendar, int64_t since,
                        int64_t until);
int64_t rhythm_next_day(enum rhythm rhythm, const struct workdays *calendar, int64_t since,
                        int64_t until);

#endif
