/* Joint review (联审联批): a matter goes to several units, at the same time or one after the other, each with a limit in
 * working days; what they say is drawn together into one reply.
 *
 * A review is a line of the ledger: a matter of its own, or part of the line that it is about (a project's permit). Who answers
 * for it (its lead, the head of its unit, who keeps the ledger) gathers what is asked, answers questions and gives the reply.
 * Whom it goes to are its steps (step.h). The machine is a table, as in supervise.h; docs/reviews.md is drawn from it. */
#ifndef LEDGER_REVIEW_H
#define LEDGER_REVIEW_H

#include "ledger/machine.h"
#include "ledger/step.h"

#define REVIEW_REPLY_MAX 10000 /* characters */

enum review_state {
    REVIEW_NONE, /* not there; in a row's `to`: the state stays */
    REVIEW_DRAFT,
    REVIEW_RUNNING,
    REVIEW_REPLIED,
    REVIEW_WITHDRAWN,
    REVIEW_STATES
};
#define REVIEW_BIT(state) (1U << (state))

enum review_act {
    REVIEW_ACT_MAKE,
    REVIEW_ACT_START,
    REVIEW_ACT_REPLY,
    REVIEW_ACT_BACK, /* ask a stage, and all after it, again */
    REVIEW_ACT_WITHDRAW,
    REVIEW_ACTS
};

enum {
    REVIEW_NEEDS_WORDS = 1,
    REVIEW_NEEDS_STEPS = 2, /* somebody is asked */
    REVIEW_NEEDS_OVER = 4,  /* all have spoken, were silent, or wait behind a refusal */
};
#define REVIEW_NEEDS_COUNT 3U

/* All acts are of who answers for the line. */
extern const struct machine_rule review_rules[REVIEW_ACTS]; /* by the act */
extern const struct machine review_machine;

enum review_verdict {
    REVIEW_OPEN,
    REVIEW_AGREED,
    REVIEW_CONDITIONS,
    REVIEW_REFUSED,
    REVIEW_VERDICTS
};

/* What its line's state is. */
enum line_state review_line_state(enum review_state state);
/* Pure. STATUS_CONFLICT when the state does not allow it or something is lacking. */
enum status review_allow(enum review_state state, enum review_act act, unsigned met,
                         struct error *err);
/* What the opinions come to: refused when anybody refused; with conditions when anybody set some; else agreed. Pure. */
enum review_verdict review_verdict_of(const struct step_sum *sum);

/* Names as kept, and in words; static. By their names: REVIEW_STATES, REVIEW_ACTS, REVIEW_VERDICTS for anything else. */
const char *review_state_name(enum review_state state);
const char *review_state_words(enum review_state state, enum lang lang);
enum review_state review_state_named(struct str name);
const char *review_act_name(enum review_act act);
const char *review_act_words(enum review_act act, enum lang lang);
enum review_act review_act_named(struct str name);
const char *review_verdict_name(enum review_verdict verdict);
const char *review_verdict_words(enum review_verdict verdict, enum lang lang);
enum review_verdict review_verdict_named(struct str name);
const char *review_needs_words(unsigned need, enum lang lang); /* of one bit */

/* What one of those asked said. */
struct review_opinion {
    struct str whose; /* the unit's name, or the member's */
    enum step_state state;
    int64_t day; /* on which it was said, or lapsed */
    struct str words;
};
/* The reply as it is proposed: who was asked, and what each said, refusals first. Pure; in the arena. */
struct str review_draft(struct arena *arena, const struct review_opinion *opinions, size_t count,
                        enum lang lang);

/* --- kept ----------------------------------------------------------------------------------------- */

struct review {
    enum review_state state;
    int64_t asked_by; /* who made it */
    struct str basis; /* by which rule it is asked, and silence counts; may be empty */
};
/* REVIEW_NONE for a line that is none. */
enum status ledger_load_review(struct arena *arena, struct store *store, int64_t line,
                               struct review *review, struct error *err);

struct review_reply {
    enum review_verdict verdict;
    struct str words;
    int64_t replied_ms, replied_by;
};
/* The newest first: it counts while the review is replied to. Those before it were sent back. At most REVIEW_REPLIES_MOST. */
#define REVIEW_REPLIES_MOST 20
enum status ledger_list_review_replies(struct arena *arena, struct store *store, int64_t line,
                                       struct review_reply **list, size_t *count,
                                       struct error *err);

/* Makes a review: a line of that kind, proposed, that weighs nothing in what it is part of. title, text, parent, unit and lead
 * of `line` are given. `like` is an earlier one whose steps are asked again here, or 0. Event line.review, besides those of the
 * line and of each step. Errors as making a line; STATUS_INPUT when `like` is no review. The caller has seen to who may. */
enum status ledger_make_review(struct arena *arena, struct store *store, struct line *line,
                               struct str basis, int64_t like, int64_t member,
                               const struct ledger_deed *deed, struct error *err);

/* The same for a line of that kind that stands in the ledger otherwise, as from a paper: it is prepared from here on. Event
 * line.review. STATUS_CONFLICT when it is a review already, of another kind, or at its end; STATUS_FORBIDDEN unless the member may
 * change it. */
enum status ledger_take_up_review(struct arena *arena, struct store *store, int64_t line,
                                  int64_t member, const struct ledger_deed *deed,
                                  struct error *err);

struct review_deed {
    enum review_act act;
    int64_t actor;
    struct str words;            /* the reply, or why */
    enum review_verdict verdict; /* REVIEW_ACT_REPLY */
    int64_t stage;               /* REVIEW_ACT_BACK */
};
/* Acts on one, for who may change the line by what stands in the database. Starting opens the first stage; a reply ends the
 * line; withdrawing lets go of all that have not spoken, and closes it; its permit follows (permit.h). Event line.review. Errors as review_allow;
 * STATUS_FORBIDDEN, STATUS_INPUT when words or verdict can't be taken. */
enum status ledger_act_on_review(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, int64_t line,
                                 const struct review_deed *review_deed,
                                 const struct ledger_deed *deed, struct error *err);
/* What its steps make of the line: the progress is the share of those that have ended, and the day it is due that of the last
 * limit, which is moved on by questions and never back. For procedure.c. */
enum status ledger_follow_review(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, const struct line *line,
                                 const struct ledger_deed *deed, struct error *err);

#endif
