/* Rectifications (整改) as they are kept: where a problem was found, its cause and measure, what was done, and the earlier
 * ones that it is like. The machine is data in rectify.h, likeness in likeness.h.
 *
 * A line of the kind rectification that has no row of its own yet counts as found in a paper if it was made of one, else
 * by own search. */
#ifndef LEDGER_RECTIFICATION_H
#define LEDGER_RECTIFICATION_H

#include "ledger/may.h"
#include "ledger/rectify.h"

#define RECTIFICATION_WORDS_MAX 2000 /* characters */
#define RECURRENCE_DAYS         1096 /* how far back one looks for earlier ones */
#define RECURRENCES_MAX         5    /* that are pointed to, the most alike first */

struct rectification {
    enum rectify_state state;
    enum rectify_origin origin;
    enum rectify_sort sort;
    bool grave;
    int64_t source; /* line that it was found at; 0: none */
    struct str cause, measure;
    int64_t since_day; /* it stands as it does */
    int64_t told_by;   /* who said that it is put right; 0: nobody */
    int64_t told_day, struck_day;
    int64_t returned; /* times it was sent back */
};

/* Turns a finding into a rectification: makes the line, with the problem as its text, where it was found taken from the
 * source line's kind, and points to earlier ones that are alike. `source`, unit, lead and due_day may be 0; fills `line`.
 * For use within the step that records the finding; who may record it is the caller's to ask. Event line.rectification,
 * and line.rectified about the source. Errors as ledger_make_line; STATUS_INPUT without a problem, STATUS_MISSING when
 * there is no such source. */
enum status ledger_make_rectification(struct arena *arena, struct store *store, int64_t source,
                                      struct str title, struct str problem, int64_t unit,
                                      int64_t lead, int64_t due_day, const struct ledger_deed *deed,
                                      struct line *line, struct error *err);
/* The same where all is said: title, text, unit, lead, due_day, parent and weight of `line`; origin, sort, grave and
 * source of `r`. Fills the rest of both. */
enum status ledger_open_rectification(struct arena *arena, struct store *store, struct line *line,
                                      struct rectification *r, const struct ledger_deed *deed,
                                      struct error *err);

/* STATUS_FORBIDDEN unless the member may put a problem on record that a unit (0: none yet) is to put right: who keeps the
 * ledger and inspectors any, members of the unit their own. */
enum status ledger_may_put_on_record(struct store *store, int64_t member, int64_t unit,
                                     struct error *err);

/* Where it was found, as an expression of SQL over a line under the alias `l` and its row, or none, under `r`. */
#define RECTIFY_ORIGIN_SQL                                                                   \
    "coalesce(r.origin, CASE WHEN EXISTS (SELECT 1 FROM commitment co WHERE co.line = l.id)" \
    " THEN 'paper' ELSE 'own' END)"
/* RECTIFY_NONE for a line of another kind. Texts in the arena. */
enum status ledger_load_rectification(struct arena *arena, struct store *store,
                                      const struct line *line, struct rectification *r,
                                      struct error *err);
/* Lines of the rectifications that were found at a line, oldest first. */
enum status ledger_list_rectifications_of(struct arena *arena, struct store *store, int64_t source,
                                          struct line **list, size_t *count, struct error *err);

struct rectification_entry {
    enum rectify_act act;
    int64_t member, day, made_ms;
    struct str words, shown;
};
/* The newest first, at most `most`. */
enum status ledger_list_rectification_acts(struct arena *arena, struct store *store, int64_t line,
                                           size_t most, struct rectification_entry **list,
                                           size_t *count, struct error *err);

struct rectification_deed {
    enum rectify_act act;
    int64_t actor, today;
    int64_t due_day; /* RECTIFY_PLAN: the last day; 0: as the line has it */
    struct str words;
    struct str shown; /* RECTIFY_SHOW: where the evidence lies, if in no file of the line */
};
/* What files that show it are about, see file.h. */
#define RECTIFICATION_EVIDENCE STR("rectification")
/* Which acts the machine allows this person now, as bits by act. What an act needs besides is not looked at. */
enum status ledger_rectification_acts(struct store *store, const struct ledger_person *person,
                                      int64_t line, const struct rectification *r, unsigned *acts,
                                      struct error *err);
/* Acts. Who the actor is, and what to the line, is looked up here, within the transaction that writes. Event
 * line.rectification, besides that of what the act changes in the line. Errors as machine_allow; STATUS_INPUT when words
 * or the last day can't be taken. */
enum status ledger_rectify(struct arena *arena, struct store *store, int64_t line,
                           const struct rectification_deed *deed, int64_t now_ms,
                           struct error *err);
/* Puts origin, sort and gravity in force, by whoever may change the line. Event line.rectification, none where it is so
 * already. STATUS_CONFLICT for what came back, which stays grave. */
enum status ledger_sort_rectification(struct arena *arena, struct store *store, int64_t line,
                                      const struct rectification *wanted,
                                      const struct ledger_deed *deed, struct error *err);
/* STATUS_CONFLICT for a file that shows what was put right, from when it is said so until it is sent back. */
enum status ledger_may_remove_rectified(struct store *store, int64_t line, struct str about,
                                        struct error *err);

/* --- problems that come back ------------------------------------------------------------------------ */

enum recurrence_state {
    RECURRENCE_PROPOSED,
    RECURRENCE_CONFIRMED,
    RECURRENCE_DENIED,
    RECURRENCE_STATES
};
extern const struct machine_terms recurrence_states;

struct recurrence {
    struct line earlier;
    struct str measure; /* what was done then */
    int64_t struck_day;
    int64_t likeness; /* 0 … 100, weighed */
    enum recurrence_state state;
    int64_t member, decided_ms;
};
/* Looks for earlier ones that are struck off and alike, by title and text, and points to those that are new; what was
 * decided stays. Done where one is made, and again where its cause is named, as it
 * may have been told better since. Takes as many comparisons as were struck off within
 * RECURRENCE_DAYS. */
enum status ledger_look_for_recurrences(struct arena *arena, struct store *store, int64_t line,
                                        int64_t today, struct error *err);
/* Keeps the words of one that is struck off, so that later ones are compared with what it said then, and soon. */
enum status ledger_keep_likeness(struct arena *arena, struct store *store, int64_t line,
                                 struct error *err);
/* The most alike first. */
enum status ledger_list_recurrences(struct arena *arena, struct store *store, int64_t line,
                                    struct recurrence **list, size_t *count, struct error *err);
/* The other way: lines that an earlier one came back in, as confirmed, oldest first. */
enum status ledger_list_came_back(struct arena *arena, struct store *store, int64_t earlier,
                                  struct line **list, size_t *count, struct error *err);
/* Whether the person may decide upon them: as who verifies. */
enum status ledger_may_decide_recurrence(struct store *store, const struct ledger_person *person,
                                         int64_t line, const struct rectification *r, bool *may,
                                         struct error *err);
/* Says that it is the same again (what comes back is grave), or is not; may be said anew while the line is not struck
 * off. Event line.recurrence. STATUS_FORBIDDEN, STATUS_MISSING when that one was not pointed to, STATUS_CONFLICT. */
enum status ledger_decide_recurrence(struct arena *arena, struct store *store, int64_t line,
                                     int64_t earlier, bool again, int64_t actor, int64_t now_ms,
                                     struct error *err);

#endif
