/* What the files of cases share: the gate, and the record. Not for other rooms. */
#ifndef LIBRARY_CASE_STEPS_H
#define LIBRARY_CASE_STEPS_H

#include <jansson.h>

#include "library/case.h"

/* One act under way. */
struct case_going {
    struct store *store;
    int64_t file, sanction, actor, now_ms;
    enum case_act act;
    struct str words;
    /* found by the gate */
    enum case_state from, to;
    int64_t decision, proposer, second; /* the last decision; 0: none */
};

/* Passes the gate: whether the act may be done now (case_allow); fills what is found. A reason that the table
 * asks for must be there: STATUS_INPUT. */
enum status case_pass(struct case_going *going, struct error *err);
/* Puts the new state in force and adds the step and the event. `data` (released; may be NULL) is what the event
 * says besides the states. */
enum status case_note_step(const struct case_going *going, json_t *data, struct error *err);

/* Keeps files as exhibits that the actor of `going` added. source: "report", "steward", "appeal". */
enum status case_insert_exhibits(struct arena *arena, const struct case_going *going,
                                 const char *source, const struct case_kept *files, size_t nfiles,
                                 struct error *err);
/* Notes what the reporters of a case get, if anything of it was upheld; and gives what is due. */
enum status case_make_rewards(struct store *store, int64_t file, int64_t now_ms, struct error *err);
enum status case_give_rewards(struct arena *arena, struct store *store, int64_t now_ms,
                              struct error *err);

/* The state that a name stands for; CASE_NONE for none. */
enum case_state case_state_named(struct str name);
enum case_act case_act_named(struct str name);

/* In SQL, over an expression for a member: a steward or owner whose account runs. */
#define CASE_STEWARD_SQL(MEMBER)                                                         \
    "(EXISTS (SELECT 1 FROM role cs_r WHERE cs_r.member = " MEMBER                       \
    " AND cs_r.role IN ('steward', 'owner')) AND NOT EXISTS (SELECT 1 FROM account cs_a" \
    " WHERE cs_a.member = " MEMBER " AND cs_a.suspended_ms IS NOT NULL))"
#define CASE_ACCUSES_SQL(FILE, MEMBER)                                     \
    "EXISTS (SELECT 1 FROM case_accused cs_c WHERE cs_c.case_file = " FILE \
    " AND cs_c.member = " MEMBER ")"
#define CASE_REPORTED_SQL(FILE, MEMBER)                              \
    "EXISTS (SELECT 1 FROM report cs_p WHERE cs_p.case_file = " FILE \
    " AND cs_p.reporter = " MEMBER ")"

#endif
