/* Steps of a line (ledger/step.h) on pages: a picture of who stands where, what was said, and the forms of those whose turn
 * it is. For every procedure that is built of them.
 *
 * A page has a struct ledger_steps as a part named "steps", filled by ledger_fill_steps, and shows it by
 * {{#steps}}{{>ledger-steps}}{{/steps}}. The forms go to /ledger/lines/{line}/steps, whose answer leads back to the page of
 * the procedure of the line's kind (ledger_kind_page). */
#ifndef SERVER_LEDGER_STEPS_H
#define SERVER_LEDGER_STEPS_H

#include "ledger/step.h"
#include "server/ledger.h"

struct ledger_step_form {
    struct str act, act_words, id;
    struct str words; /* that were typed into it, and refused */
    bool open;        /* so it is shown again */
    bool words_needed, with_reason, with_days, with_file;
};
struct ledger_step_question {
    struct str reason, reason_words, by, question, answered_by, answer;
    int64_t asked, answered;
};
struct ledger_step_file {
    struct str path, name, by;
};
struct ledger_step_row {
    struct str key, title, unit, member, whose, state, state_words, look, due, words, ended_by;
    int64_t stage, round, limit, used, left, late, stopped, opened, ended;
    bool silence, waits, runs, over, again, told;
    bool days_left, last_day, past; /* of a limit that runs: one of them, unless it is late */
    struct ledger_step_question *questions;
    struct ledger_step_file *files;
    struct ledger_step_form *forms,
        *keeper_forms; /* of those whose turn it is; of who keeps it all */
    size_t nquestions, nfiles, nforms, nkeeper_forms;
};
struct ledger_stage_row {
    int64_t number;
    bool here, past, held; /* somebody is at work on it; all ended well; somebody refused */
    struct ledger_step_row *steps;
    size_t nsteps;
};
struct ledger_steps {
    struct str path; /* where the forms go */
    struct ledger_stage_row *stages;
    struct ledger_step_row *told; /* with something to read or do */
    struct ledger_step_row *kept,
        *again; /* whose limits are the viewer's to move; sent back since */
    struct ledger_choice *reasons, *units, *people;
    size_t nstages, ntold, nkept, nagain, nreasons, nunits, npeople;
    int64_t next_stage, unknown_year; /* where a further step is proposed */
    struct str new_title, new_days;   /* of the form that adds one, as typed or proposed */
    bool adding;                      /* it is shown again */
    bool may_add, may_keep, sent_back;
    struct step_sum sum; /* not shown by itself */
};
extern const struct field ledger_steps_fields[];
#define LEDGER_STEPS_FIELD(type, member) FIELD_OF_PART(type, member, ledger_steps_fields)

/* Fills the part with the line's steps and what the viewer may do with each, in the request's arena. */
enum status ledger_fill_steps(struct request *rq, const struct ledger_sight *sight,
                              struct ledger_steps *steps, struct error *err);
/* The page of the joint review rq->params[0]: also shown again when a form on it is refused. */
enum status ledger_show_review(struct request *rq, struct error *err);
/* The same pages as an expression of SQL over the line l, of kinds that have steps. */
#define LEDGER_STEPS_PAGE_SQL \
    "CASE WHEN l.kind IN ('review', 'policy', 'risk') THEN '/' || l.kind ELSE '' END"
/* "/ledger/lines/KEY" with the page of the line's kind on which its steps are shown. */
struct str ledger_steps_page(const struct request *rq, const struct line *line);

/* What waits for the viewer: steps that are theirs or their units', and questions that they are to answer for a line of
 * theirs. The soonest due first, at most 50. */
enum ledger_desk { LEDGER_DESK_OURS, LEDGER_DESK_ANSWERS };
struct ledger_desk_row {
    struct str key, number, title, kind, path, whose, state, state_words, due, question;
    int64_t late; /* days; 0: in time */
    bool silence;
};
extern const struct field ledger_desk_fields[];
enum status ledger_list_desk(struct request *rq, enum ledger_desk desk,
                             struct ledger_desk_row **list, size_t *count, struct error *err);

#endif
