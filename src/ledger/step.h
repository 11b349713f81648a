/* Steps with time limits: what several units or people are to do or say about a line, at the same time or one after the
 * other, each with a limit in working days. Reviews, policies, disposal of risks and rectifications are built of them.
 *
 * Steps of one stage run at the same time; the next stage opens when all of this one have ended well. A step may be
 * stopped by a question, which stops its clock (clock.h) until it is answered, and may lapse into consent where silence is
 * allowed. What does not end well holds the stages after it until somebody decides: what is sent back to a stage is asked
 * again from there on. The machine is a table: a row says from where to where an act leads, who may, and what it needs;
 * docs/steps.md is drawn from it.
 *
 * A procedure says which steps a line has (ledger_add_step), sets them going (ledger_open_steps), shows them
 * (ledger_list_steps, ledger_steps_acts) and passes acts on (ledger_act_on_step); where its line stands in them it asks of
 * ledger_sum_steps, and never keeps it, as a clock may change it at night. Every change runs in the caller's open write
 * transaction; its event is line.step, with the act, the step's number and stage, and never anybody's words but
 * deed->why. */
#ifndef LEDGER_STEP_H
#define LEDGER_STEP_H

#include "ledger/clock.h"
#include "ledger/machine.h"
#include "ledger/may.h"

#define STEP_TITLE_MAX 200  /* characters */
#define STEP_WORDS_MAX 2000 /* characters */
#define STEP_STAGE_MAX 50
#define STEPS_MAX      200 /* of one line, those sent back too */
#define STEP_ASK_MAX   3   /* questions by one step: what is lacking is to be said at once */

enum step_state {
    STEP_NONE,    /* not there; in a row's `to`: the state stays */
    STEP_WAITING, /* for the stages before it */
    STEP_OPEN,
    STEP_ASKED, /* its question is open, its clock stands still */
    /* From here on it has ended. */
    STEP_AGREED,
    STEP_CONDITIONS, /* agreed, if … */
    STEP_REFUSED,
    STEP_SILENT, /* lapsed into consent */
    STEP_DONE,   /* what was to be done is: for steps that are work and no opinion */
    STEP_DROPPED,
    STEP_STATES
};
#define STEP_BIT(state) (1U << (state))
/* What is counted as ended well, so that the stages after it may open. */
#define STEP_WELL                                                                \
    (STEP_BIT(STEP_AGREED) | STEP_BIT(STEP_CONDITIONS) | STEP_BIT(STEP_SILENT) | \
     STEP_BIT(STEP_DONE) | STEP_BIT(STEP_DROPPED))

enum step_act {
    STEP_ACT_BEGIN, /* its turn has come */
    STEP_ACT_ASK,
    STEP_ACT_ANSWER,
    STEP_ACT_AGREE,
    STEP_ACT_CONDITION,
    STEP_ACT_REFUSE,
    STEP_ACT_FINISH,
    STEP_ACT_LAPSE,
    STEP_ACT_EXTEND, /* the limit, by deed.days */
    STEP_ACT_DROP,   /* it is not needed after all */
    STEP_ACTS
};

enum step_who {
    STEP_WHO_WORKER, /* whom it names, else a member of its unit; or who heads the unit */
    STEP_WHO_HOLDER, /* who answers for the line: its lead, the head of its unit, who keeps the ledger */
    STEP_WHO_KEEPER, /* who keeps the ledger: editor, steward, owner */
    STEP_WHO_CLOCK,  /* nobody: it comes of itself */
    STEP_WHOS
};

enum {
    STEP_NEEDS_WORDS = 1,
    STEP_NEEDS_REASON = 2,
    STEP_NEEDS_DAYS = 4,
    STEP_NEEDS_LIMIT = 8,    /* a limit that is not past */
    STEP_NEEDS_OPINION = 16, /* it is a step that is asked for an opinion */
    STEP_NEEDS_WORK = 32,    /* it is a step that is to be carried out */
    STEP_NEEDS_LEAVE = 64,   /* fewer than STEP_ASK_MAX questions were asked */
};
#define STEP_NEEDS_COUNT 7U

extern const struct machine_rule step_rules[STEP_ACTS]; /* by the act */
extern const struct machine step_machine;

/* What a question is about: where time goes is told by it. */
enum step_reason {
    STEP_REASON_NONE,
    STEP_REASON_PAPERS,  /* something is missing */
    STEP_REASON_UNCLEAR, /* something is to be explained */
    STEP_REASON_SITE,    /* something is to be seen on the spot */
    STEP_REASON_OTHERS,  /* another body is to be heard */
    STEP_REASONS
};

/* Pure. STATUS_CONFLICT when the state does not allow it or something is lacking, the first of it said; STATUS_FORBIDDEN when
 * it is somebody else's. */
enum status step_allow(enum step_state state, enum step_act act, struct machine_facts facts,
                       struct error *err);

/* Names as kept, and in words; static. By their names: STEP_STATES, STEP_ACTS, STEP_REASONS for anything else. */
const char *step_state_name(enum step_state state);
const char *step_state_words(enum step_state state, enum lang lang);
enum step_state step_state_named(struct str name);
const char *step_act_name(enum step_act act);
const char *step_act_words(enum step_act act, enum lang lang);
enum step_act step_act_named(struct str name);
const char *step_reason_name(enum step_reason reason);
const char *step_reason_words(enum step_reason reason, enum lang lang);
enum step_reason step_reason_named(struct str name);
const char *step_who_words(enum step_who who, enum lang lang);
const char *step_needs_words(unsigned need, enum lang lang); /* of one bit */

/* --- kept ----------------------------------------------------------------------------------------- */

struct step {
    int64_t id;
    struct str key; /* its name in addresses, unguessable */
    int64_t line;
    int64_t stage;    /* from 1 */
    int64_t round;    /* from 1: how often its stage was asked, this time among them */
    struct str title; /* what is to be done or said */
    int64_t unit,
        member; /* whose it is; one may be 0. With both, the member's, or of who heads the unit */
    int64_t limit_days; /* working days; 0: none */
    bool work;          /* to be carried out; else an opinion is asked for */
    bool silence;       /* no answer within the limit is consent */
    enum step_state state;
    int64_t opened_ms, ended_ms; /* 0: not yet */
    int64_t
        due_day; /* last day by what is known; 0: none, not opened, or a question holds it off */
    int64_t ended_by;  /* member; 0: nobody, it lapsed */
    struct str words;  /* said at its end */
    int64_t questions; /* that were asked */
    int64_t again_ms;  /* sent back since: another round counts instead; 0: it counts */
};
/* Adds a step that waits; line, stage, title, unit, member, limit_days, work and silence are given, id and key (in the arena)
 * and round filled in. STATUS_INPUT when something can't be taken (silence needs a limit and an opinion), STATUS_CONFLICT
 * when the line is closed, a stage after it has opened already, or there are STEPS_MAX. */
enum status ledger_add_step(struct arena *arena, struct store *store, struct step *step,
                            const struct ledger_deed *deed, struct error *err);
/* Opens the first stage that waits, if all before it have ended well, and does nothing otherwise. Acts that end a step do
 * so of themselves. */
enum status ledger_open_steps(struct arena *arena, struct store *store,
                              const struct workdays *calendar, int64_t line,
                              const struct ledger_deed *deed, struct error *err);
/* Asks the stage `stage` and all after it again: their steps wait anew, as they were made, and the first of them open. Who was
 * still at work is let go. deed->why must say why. STATUS_INPUT, STATUS_CONFLICT when no step of it has been opened. The
 * caller has seen to who may. */
enum status ledger_send_steps_back(struct arena *arena, struct store *store,
                                   const struct workdays *calendar, int64_t line, int64_t stage,
                                   const struct ledger_deed *deed, struct error *err);
/* Lets go of all that have not ended, as the line is withdrawn or decided without them. */
enum status ledger_end_steps(struct store *store, int64_t line, const struct ledger_deed *deed,
                             struct error *err);

/* By stage, round and order of making; those sent back too. */
enum status ledger_list_steps(struct arena *arena, struct store *store, int64_t line,
                              struct step **list, size_t *count, struct error *err);
/* STATUS_MISSING when there is none of that key about the line. */
enum status ledger_find_step(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct step *step, struct error *err);

struct step_question {
    int64_t id;
    int64_t step;
    int64_t asked_ms, asked_by;
    enum step_reason reason;
    struct str question;
    int64_t answered_ms, answered_by; /* 0: open; answered by nobody: the step ended without */
    struct str answer;
};
/* Of all steps of a line, oldest first. */
enum status ledger_list_step_questions(struct arena *arena, struct store *store, int64_t line,
                                       struct step_question **list, size_t *count,
                                       struct error *err);

/* How many of the steps that count stand where. */
struct step_sum {
    int64_t all, of[STEP_STATES];
    int64_t stage;   /* the first that has not ended well; 0: all have */
    int64_t running; /* open or asked */
    int64_t ended;   /* well or not */
    bool stuck; /* nothing runs, and a stage that did not end well holds others, or was the last */
    bool over;  /* all have ended, or it is stuck: somebody is to decide what comes of it */
};
enum status ledger_sum_steps(struct store *store, int64_t line, struct step_sum *sum,
                             struct error *err);

/* How a step's clock stands; all 0 while it waits. */
enum status ledger_read_step_clock(struct arena *arena, struct store *store,
                                   const struct workdays *calendar, const struct step *step,
                                   int64_t today, struct clock_reading *reading, struct error *err);

struct step_deed {
    enum step_act act;
    int64_t actor;           /* who acts; 0 for the clock */
    enum step_reason reason; /* STEP_ACT_ASK */
    int64_t days;            /* STEP_ACT_EXTEND: working days more */
    struct str words;
};
/* Which acts the machine allows this person now on a step, as bits by act. What an act needs besides is not looked at: who
 * tries is told. */
enum status ledger_step_acts(struct store *store, const struct ledger_person *person,
                             const struct step *step, unsigned *acts, struct error *err);
/* Whether a step is somebody's to work on. */
enum status ledger_is_step_worker(struct store *store, const struct step *step, int64_t member,
                                  bool *is, struct error *err);
/* Acts on one. Who the actor is, and what to the step, is looked up here, within the transaction that writes; after an end the
 * next stage opens if it may. Errors as step_allow; STATUS_INPUT when words or days can't be taken, STATUS_CONFLICT too when
 * the line is not under way, or the limit of one that lapses is past, though no round has come by since. `step` is as it
 * stands in the transaction, and becomes what it is then. */
enum status ledger_act_on_step(struct arena *arena, struct store *store,
                               const struct workdays *calendar, struct step *step,
                               const struct step_deed *step_deed, const struct ledger_deed *deed,
                               struct error *err);

/* What files of a step are about, see file.h: "step.KEY"; in the arena. They belong to what was said: only who keeps the ledger
 * removes them. */
struct str step_files(struct arena *arena, struct str key);
bool step_is_files(struct str about);

/* --- what is told --------------------------------------------------------------------------------- */

/* Whose a step is are told when it opens, when their question is answered, and when a working day is left of a limit of three
 * or more: who writes the letters reads from step.tell ("open", "answered", "near", and "asked" for who answers for the line) what, and from step.tell_ms when, and says
 * here that it is done. */
#define LEDGER_STEPS_TELL_SQL "SELECT min(tell_ms) FROM step WHERE tell_ms IS NOT NULL"
enum status ledger_step_told(struct arena *arena, struct store *store,
                             const struct workdays *calendar, struct step *step, int64_t now_ms,
                             struct error *err);

/* --- the clocks' round ---------------------------------------------------------------------------- */

/* When the round is due; no time while nothing runs. */
#define LEDGER_CLOCKS_DUE_SQL                                                                 \
    "SELECT next_ms FROM step_round WHERE EXISTS (SELECT 1 FROM step WHERE state IN ('open'," \
    " 'asked'))"
/* Looks at the running clocks of steps whose ids are above *after, at most `most`, within the open write transaction: keeps
 * when each runs out by the calendar as it is now, and lets lapse what has, as of the first moment after its last day. Where
 * the calendar lacks holidays of a year in it, nothing lapses. *after becomes the last step looked at, or 0 when there is none
 * left, and then the next round is due when the next day begins. The same call again does nothing. */
enum status ledger_keep_clocks(struct arena *arena, struct store *store,
                               const struct workdays *calendar, int64_t now_ms, int64_t *after,
                               size_t most, size_t *lapsed, struct error *err);
/* The first moment after after_ms at which a clock may lapse by what is kept; INT64_MAX: none does. */
enum status ledger_next_lapse(struct store *store, int64_t after_ms, int64_t *moment_ms,
                              struct error *err);

#endif
