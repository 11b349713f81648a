/* What the files that keep steps share and nobody else sees. */
#ifndef LEDGER_STEP_KEPT_H
#define LEDGER_STEP_KEPT_H

#include "ledger/step.h"

/* Columns of `step` under the alias s with the count of questions, and the row they give. */
#define STEP_COLUMNS                                                                            \
    "s.id, s.key, s.line, s.stage, s.round, s.title, s.unit, s.member, s.limit_days, s.work,"   \
    " s.silence, s.state, s.opened_ms, s.due_day, s.ended_ms, s.ended_by, s.words, s.again_ms," \
    " (SELECT count(*) FROM step_pause p WHERE p.step = s.id)"
void ledger_take_step(struct arena *arena, struct query *q, struct step *step);

/* Writes down where a step stands: state, limit, moments, words, who ended it, and its last day by the calendar. What is
 * to be told of it next is `tell` ("" : nothing more, unless the limit nears), from `now_ms` on. */
enum status ledger_keep_step(struct arena *arena, struct store *store,
                             const struct workdays *calendar, struct step *step, const char *tell,
                             int64_t now_ms, struct error *err);
/* Event line.step; `reason` and `days` as the act has them. */
enum status ledger_record_step(struct store *store, const struct step *step, enum step_act act,
                               const struct step_deed *step_deed, const struct ledger_deed *deed,
                               struct error *err);

#endif
