/* Assessments as they are made and kept, and objections to them (容错纠错). The formula is in assess.h. */
#ifndef LEDGER_ASSESSMENT_H
#define LEDGER_ASSESSMENT_H

#include "ledger/assess.h"
#include "ledger/workday.h"
#include "store/store.h"

#define ASSESSMENT_WORDS_MAX 2000 /* characters */

/* Assesses everybody and every unit that answered for something under supervision in the period, within the open write
 * transaction; event assessment.made. STATUS_INPUT when the period is not over on `today`, STATUS_CONFLICT when it was
 * assessed already or nobody has anything to be assessed on. */
enum status ledger_assess(struct arena *arena, struct store *store, const struct workdays *calendar,
                          int64_t first, int64_t last, int64_t member, int64_t today,
                          int64_t now_ms, struct error *err);

struct assessment_score {
    int64_t id, assessment;
    struct str key;
    int64_t first_day, last_day, made_ms;
    int64_t assessor;
    int64_t member, unit; /* one of them; the other is 0 */
    struct assess_facts facts;
    int64_t tenths, corrected; /* corrected: -1 where it was not */
};
/* STATUS_MISSING when there is none. */
enum status ledger_find_score(struct arena *arena, struct store *store, struct str key,
                              struct assessment_score *score, struct error *err);

struct objection {
    int64_t id, member, made_ms;
    struct str grounds;
    int64_t decided_by, decided_ms; /* 0: it is open */
    bool upheld;
    struct str words;
    int64_t tenths; /* the score as corrected; -1: as it was */
};
/* The newest first. */
enum status ledger_list_objections(struct arena *arena, struct store *store, int64_t score,
                                   struct objection **list, size_t *count, struct error *err);

/* Whether a score is a member's own to object to: theirs, or that of a unit that they head. */
enum status ledger_owns_score(struct store *store, const struct assessment_score *score,
                              int64_t member, bool *owns, struct error *err);
/* Objects to one's own score, with grounds. Event assessment.objected. STATUS_FORBIDDEN for another's, STATUS_CONFLICT while
 * an objection to it is open, STATUS_INPUT when the grounds can't be taken. */
enum status ledger_object(struct store *store, const struct assessment_score *score, int64_t member,
                          struct str grounds, int64_t now_ms, struct error *err);

struct objection_verdict {
    int64_t member; /* who decides; that they are let to at all is the caller's to know */
    bool upheld;
    int64_t tenths; /* the score as corrected, where it is upheld */
    struct str words;
};
/* Whether somebody stands apart enough to decide: neither who assessed, nor who objected, nor whose score it is. */
enum status ledger_may_decide(struct store *store, const struct assessment_score *score,
                              const struct objection *objection, int64_t member, bool *may,
                              struct error *err);
/* Decides the open objection to a score; the score that was computed stays on record beside the corrected one. Event
 * assessment.decided. STATUS_FORBIDDEN as above, STATUS_CONFLICT when none is open, STATUS_INPUT without words or with a score
 * that is none. */
enum status ledger_decide_objection(struct arena *arena, struct store *store,
                                    const struct assessment_score *score,
                                    const struct objection_verdict *verdict, int64_t now_ms,
                                    struct error *err);

#endif
