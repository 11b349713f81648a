/* Inspections kept: tours with their stops, scorers and scores (see inspect.h for the machine, filled.h for what is filled
 * in, rank.h for what scores come to).
 *
 * A tour is a line of the kind inspection. What becomes of it is said by its acts alone, which drive the line's own state:
 * planned is proposed, under way and scored are active, closed is done, called off is closed. All changes run within the
 * caller's open write transaction, ask whether the actor may, and add their event; none tells a mark. */
#ifndef LEDGER_INSPECTION_H
#define LEDGER_INSPECTION_H

#include "ledger/filled.h"
#include "ledger/inspect.h"
#include "ledger/may.h"
#include "ledger/rank.h"

#define INSPECTION_STOPS_MAX   60U
#define INSPECTION_SCORERS_MAX 40U
#define INSPECTION_PLACE_MAX   200  /* characters */
#define INSPECTION_WORDS_MAX   1000 /* characters */

struct inspection {
    int64_t line;
    enum inspect_state state;
    int64_t sheet;
    struct rank_by by;
    int64_t scored_ms; /* when the scoring was closed first, since when marks are known; 0: never */
};

struct inspection_stop {
    int64_t id;
    struct str key;
    int64_t line; /* the tour */
    struct str
        place;      /* what and where it is, as shown; of a line its title unless said otherwise */
    int64_t target; /* the project or other line that is looked at; 0: none */
    int64_t unit;   /* whose it is; of a line that line's unless said otherwise; 0: none */
    int64_t removed_ms; /* 0: it stands */
    struct str removed_why;
    /* read only */
    struct str target_key, target_number, unit_name;
};

struct inspection_scorer {
    int64_t member;
    int64_t weight; /* 1 … RANK_WEIGHT_MAX */
    int64_t sent;   /* read only: standing stops that they have scored */
};

/* Makes the line (title, text, unit, lead, days) and the tour in state planned; fills ids, keys and number. Errors of
 * ledger_make_line; STATUS_INPUT for a rule that is none, STATUS_CONFLICT for a sheet that is closed or not for
 * inspections. */
enum status ledger_plan_inspection(struct arena *arena, struct store *store, struct line *line,
                                   struct inspection *inspection, const struct ledger_deed *deed,
                                   struct error *err);
/* STATUS_MISSING when the line is none of the kind. One that was made as any line is has INSPECT_NONE and no sheet. */
enum status ledger_load_inspection(struct store *store, int64_t line, struct inspection *inspection,
                                   struct error *err);

/* Puts a sheet and rule in force, by `actor`; plans the tour where the line alone was made. Event line.inspection. Errors as planning, and of machine_allow. */
enum status ledger_set_inspection(struct arena *arena, struct store *store,
                                  const struct inspection *inspection, int64_t actor,
                                  const struct ledger_deed *deed, struct error *err);
/* Adds a stop behind the others; fills id and key. Event line.stop. STATUS_INPUT without place or line, STATUS_LIMITED
 * when there are INSPECTION_STOPS_MAX, STATUS_CONFLICT when the tour has that line already, and of machine_allow. */
enum status ledger_add_stop(struct arena *arena, struct store *store, struct inspection_stop *stop,
                            int64_t actor, const struct ledger_deed *deed, struct error *err);
/* Takes it out, for deed->why: it is not scored or ranked any more, its sheets stay. Event line.stop. */
enum status ledger_remove_stop(struct arena *arena, struct store *store, int64_t line,
                               struct str key, int64_t actor, const struct ledger_deed *deed,
                               struct error *err);
/* Names a scorer, or gives them another weight. Event line.scorer. STATUS_INPUT for a weight that is none or for whom the
 * ledger is not open to, STATUS_LIMITED, and of machine_allow. */
enum status ledger_add_scorer(struct store *store, int64_t line, int64_t member, int64_t weight,
                              int64_t actor, const struct ledger_deed *deed, struct error *err);
/* What they sent does not count any more. Event line.scorer. Who is none already is no error and no event. */
enum status ledger_remove_scorer(struct store *store, int64_t line, int64_t member, int64_t actor,
                                 const struct ledger_deed *deed, struct error *err);

/* All stops in their order, those taken out too. */
enum status ledger_list_stops(struct arena *arena, struct store *store, int64_t line,
                              struct inspection_stop **list, size_t *count, struct error *err);
/* STATUS_MISSING when the tour has none of this key that stands. */
enum status ledger_find_stop(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct inspection_stop *stop, struct error *err);
enum status ledger_list_scorers(struct arena *arena, struct store *store, int64_t line,
                                struct inspection_scorer **list, size_t *count, struct error *err);

/* INSPECT_START, _END, _REOPEN, _CLOSE or _DROP, by `actor`, with deed->why as the words. Event line.inspection. Errors of
 * machine_allow. */
enum status ledger_inspect(struct store *store, int64_t line, enum inspect_act act, int64_t actor,
                           const struct ledger_deed *deed, struct error *err);
/* What a person is to a tour: 1U << INSPECT_WHO_…. */
enum status ledger_stand_to_inspection(struct store *store, const struct ledger_person *person,
                                       int64_t line, unsigned *is, struct error *err);
/* Whether a stop is not a member's to score: they are of its unit, or lead the line that is looked at. */
enum status ledger_is_own_stop(struct store *store, const struct inspection_stop *stop,
                               int64_t member, bool *own, struct error *err);

/* Whether ledger_score_stop would take what `filled` says of member, sent_key and replaces: asked before files are put by
 * for it. Errors of machine_allow; a repeat of what was kept may in any state. */
enum status ledger_may_score(struct arena *arena, struct store *store, int64_t line,
                             struct str stop, const struct filled *filled, struct error *err);
/* Keeps what a scorer filled in at a stop; of `filled` sheet, line, part, target and unit are filled from the stop. Once
 * the scoring was closed and marks are known, what was sent can't be replaced any more; what is missing can be sent when
 * the scoring is opened again. Errors of machine_allow and ledger_fill_sheet; a repeat of what was kept is no error in any
 * state. */
enum status ledger_score_stop(struct arena *arena, struct store *store, int64_t line,
                              struct str stop, struct filled *filled, struct str *standing,
                              const struct ledger_deed *deed, struct error *err);

/* What a tour comes to. `scores` holds stop by stop one for each scorer. Stops and scorers that were taken out have no
 * part in it. Whoever shows it asks first whether the scoring is closed. */
struct inspection_ranking {
    struct inspection_stop *stops;
    struct inspection_scorer *scorers;
    struct filled **filled;    /* as scores; NULL: none */
    struct rank_score *scores; /* stops × scorers */
    int64_t *results;          /* of each stop; RANK_NONE */
    size_t *places;            /* of each stop; 0 */
    size_t nstops, nscorers;
};
enum status ledger_rank_inspection(struct arena *arena, struct store *store,
                                   const struct inspection *inspection,
                                   struct inspection_ranking *ranking, struct error *err);

#endif
