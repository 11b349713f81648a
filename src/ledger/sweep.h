/* Sweeps (排查): a checklist (sheet.h) handed to units, each to look for itself and answer by a day; what they find becomes
 * risks or rectifications.
 *
 * A sweep is a line of kind LEDGER_SWEEP, its last day the units' deadline. It runs while the line is under way; late answers
 * are taken as well, and known as late. Its progress is the share of units that have answered. */
#ifndef LEDGER_SWEEP_H
#define LEDGER_SWEEP_H

#include "ledger/filled.h"
#include "ledger/may.h"

#define SWEEP_UNITS_MAX 200U

/* How a unit stands in a sweep. */
enum sweep_standing {
    SWEEP_WAITING,  /* there is time */
    SWEEP_LATE,     /* the day is past, and it has not answered */
    SWEEP_ANSWERED, /* in time */
    SWEEP_ANSWERED_LATE,
    SWEEP_STANDINGS
};
/* Pure. Days; due_day 0: there is none; answered_day, of the first answer, 0: there is none. */
enum sweep_standing sweep_stand(int64_t due_day, int64_t answered_day, int64_t today);
const char *sweep_standing_name(enum sweep_standing standing);
const char *sweep_standing_words(enum sweep_standing standing, enum lang lang);

/* Makes the line and hands the sheet to the units. Event line.sweep, besides that of the line. Errors as ledger_make_line;
 * STATUS_INPUT without units or with too many, without a last day, or for a sheet that is not for sweeps; STATUS_CONFLICT for
 * one that is closed. */
enum status ledger_begin_sweep(struct arena *arena, struct store *store, struct line *line,
                               int64_t sheet, const int64_t *units, size_t count,
                               const struct ledger_deed *deed, struct error *err);
/* Its sheet; STATUS_MISSING for a line that is none, or was never handed out. */
enum status ledger_find_sweep(struct store *store, int64_t line, int64_t *sheet, struct error *err);

struct sweep_unit {
    int64_t unit;
    struct str key, name;
    int64_t given_ms, answered_ms; /* the first answer, also one replaced since; 0: none */
    int64_t findings, open;        /* of what stands, and of these not decided about */
};
/* By name. */
enum status ledger_list_sweep_units(struct arena *arena, struct store *store, int64_t line,
                                    struct sweep_unit **list, size_t *count, struct error *err);

/* Whether ledger_answer_sweep would take what `filled` says of line, unit and member: asked before files are put by for
 * it. Errors as there. */
enum status ledger_may_answer_sweep(struct arena *arena, struct store *store,
                                    const struct filled *filled, struct error *err);
/* Answers for a unit: filled->unit, with member, sent_key, replaces, items and words; line and sheet are filled in. Event
 * line.filled, and line.changed where the progress moves. STATUS_FORBIDDEN for who does not belong to the unit,
 * STATUS_MISSING for a unit that it was not handed to, STATUS_CONFLICT when the sweep does not run, and as
 * ledger_fill_sheet. */
enum status ledger_answer_sweep(struct arena *arena, struct store *store, struct filled *filled,
                                const struct ledger_deed *deed, struct error *err);
/* Ends it: the line is done. deed->why says what came of it. STATUS_INPUT without, STATUS_CONFLICT while a finding is not
 * decided about or when it does not run. */
enum status ledger_end_sweep(struct arena *arena, struct store *store, int64_t line,
                             const struct ledger_deed *deed, struct error *err);

/* The units of sweep `l` that have answered, in SQL. */
#define SWEEP_ANSWERED_SQL                                                                      \
    "(SELECT count(*) FROM sweep_unit su WHERE su.line = l.id AND EXISTS (SELECT 1 FROM filled" \
    " f WHERE f.line = su.line AND f.unit = su.unit))"

#endif
