/* The library of projects as it is kept: proposals, marks by several people, who is admitted, and the review rounds
 * in which the library is adjusted (动态调整充实). By which machine a project goes is data in project.h, what its marks
 * come to the rule in score.h.
 *
 * * A project is marked and decided upon in turns: one when it is proposed, one more each time that it is proposed
 * again and in each round. What a turn came to stays with it, though criteria change later. Changes run within the
 * caller's open write transaction and add their event. */
#ifndef LEDGER_ADMISSION_H
#define LEDGER_ADMISSION_H

#include "ledger/project.h"
#include "ledger/score.h"

#define CRITERION_NAME_MAX 100 /* characters */
#define ROUND_NAME_MAX     100 /* characters */
#define SCORERS_MAX        20U

struct ledger_project {
    enum project_state state; /* PROJECT_NONE: it was never proposed, and the rest is empty */
    enum project_class class;
    int64_t proposer, turn, since_ms;
    struct str words; /* why it is in this state */
};
/* What is kept of a line as a project; words in the arena. A line that was never proposed is no error. */
enum status ledger_find_project(struct arena *arena, struct store *store, int64_t line,
                                struct ledger_project *project, struct error *err);

/* --- what projects are judged by ------------------------------------------------------------------ */

struct project_criterion {
    int64_t id;
    struct str key, en, zh; /* one of the two may be empty */
    struct score_criterion rule;
};
/* What it is called to a reader of `lang`. */
struct str ledger_criterion_words(const struct project_criterion *criterion, enum lang lang);
/* Those that count, in order; at most SCORE_CRITERIA_MAX. */
enum status ledger_list_criteria(struct arena *arena, struct store *store,
                                 struct project_criterion **list, size_t *count, struct error *err);
/* Adds a criterion (key empty: it is made, in the arena), or puts another one's fields in force. Totals of open turns
 * follow. Event project.criterion. STATUS_INPUT, STATUS_MISSING. */
enum status ledger_keep_criterion(struct arena *arena, struct store *store,
                                  struct project_criterion *criterion, struct error *err);
/* It counts no more. STATUS_CONFLICT for the last one. */
enum status ledger_end_criterion(struct arena *arena, struct store *store, struct str key,
                                 int64_t now_ms, struct error *err);
/* What a project must come to for being admitted, and by how many marked. Setting it, totals of open turns follow;
 * STATUS_INPUT for a threshold beyond 100 or no or too many scorers. */
enum status ledger_load_bar(struct store *store, struct score_bar *bar, struct error *err);
enum status ledger_set_bar(struct arena *arena, struct store *store, const struct score_bar *bar,
                           struct error *err);

/* --- turns ---------------------------------------------------------------------------------------- */

struct project_turn {
    int64_t turn, round; /* round 0: admission */
    int64_t total;       /* hundredths of a point; SCORE_NONE */
    int64_t scorers;
    bool passes;
    struct str verdict; /* name of an act; empty: not decided */
    struct str words;
    int64_t member; /* who decided; 0 */
    int64_t opened_ms, decided_ms;
    struct str round_name;
};
/* The latest first. */
enum status ledger_list_turns(struct arena *arena, struct store *store, int64_t line,
                              struct project_turn **list, size_t *count, struct error *err);

/* The marks of a turn, by the criteria that count now: marks[scorer × ncriteria + criterion], SCORE_NONE where
 * there is none. Those of the proposer and of the lead do not count and are left out. */
struct project_sheet {
    struct project_criterion *criteria;
    size_t ncriteria;
    int64_t *scorers; /* member numbers */
    size_t nscorers;
    int64_t *marks;
    struct score_bar bar;
    struct score_result result;
};
enum status ledger_load_sheet(struct arena *arena, struct store *store, int64_t line, int64_t turn,
                              struct project_sheet *sheet, struct error *err);

struct ledger_project_deed {
    enum project_act act;
    int64_t member; /* who acts */
    /* 1U << PROJECT_WHO_…, but for what the project itself decides: who proposed or leads it never decides or checks. */
    unsigned is;
    enum project_class class; /* of proposing */
};
/* Acts on a project; PROJECT_ACT_SCORE is ledger_mark_project's. An act that decides ends the open turn with it; in
 * a round that is for a decider, whatever the act. The line's state follows. Event line.project; the reason is
 * deed_of_line's why. Errors as project_allow. */
enum status ledger_act_on_project(struct arena *arena, struct store *store, int64_t line,
                                  const struct ledger_project_deed *deed,
                                  const struct ledger_deed *deed_of_line, struct error *err);
/* Puts a scorer's marks in the place of those they gave in this turn, one for each criterion that counts, by the same
 * order. Event line.marked, without the marks. STATUS_INPUT, STATUS_CONFLICT when no turn is open; otherwise as
 * project_allow. */
enum status ledger_mark_project(struct arena *arena, struct store *store, int64_t line,
                                const struct ledger_project_deed *deed, const int64_t *marks,
                                size_t count, const struct ledger_deed *deed_of_line,
                                struct error *err);

/* --- rounds --------------------------------------------------------------------------------------- */

struct project_round {
    int64_t id;
    struct str key, name;
    int64_t opened_ms, due_day, closed_ms; /* 0: none */
    int64_t projects, decided;
};
enum status ledger_list_rounds(struct arena *arena, struct store *store,
                               struct project_round **list, size_t *count, struct error *err);
enum status ledger_find_round(struct arena *arena, struct store *store, struct str key,
                              struct project_round *round, struct error *err);
/* Begins a review: a turn for each project that is in the library and not finished; what is proposed and not
 * decided stands in it too, as do proposals made until it is closed. Fills id and key. Event round.opened.
 * STATUS_CONFLICT while another is open. */
enum status ledger_open_round(struct arena *arena, struct store *store, struct project_round *round,
                              int64_t now_ms, struct error *err);
/* Event round.closed, with how many were decided how. STATUS_CONFLICT while a project in it waits for its decision,
 * with how many. */
enum status ledger_close_round(struct store *store, const struct project_round *round,
                               int64_t now_ms, struct error *err);

#endif
