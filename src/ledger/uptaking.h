/* Figures of a policy month by month (跟踪评估), and what was found of its carrying out; see uptake.h for what they say.
 *
 * Changes run within the caller's open write transaction. */
#ifndef LEDGER_UPTAKING_H
#define LEDGER_UPTAKING_H

#include "ledger/filled.h"
#include "ledger/policies.h"

struct policy_month {
    int64_t month;                         /* year × 12 + month − 1 */
    int64_t meant, claimed, granted, paid; /* how many it is for at its end; in it; hundredths */
    int64_t member, entered_ms;
};
/* Keeps a month's figures, in the place of those that were there. Event line.month with the old and the new ones.
 * STATUS_CONFLICT for a policy that is neither in force nor ended, STATUS_INPUT for a month before it was or after
 * `today`, or a number that can't be taken. */
enum status ledger_put_policy_month(struct arena *arena, struct store *store, int64_t line,
                                    const struct policy_month *month, int64_t today,
                                    const struct ledger_deed *deed, struct error *err);
/* The oldest first. */
enum status ledger_list_policy_months(struct arena *arena, struct store *store, int64_t line,
                                      struct policy_month **list, size_t *count, struct error *err);

enum appraisal_verdict { APPRAISAL_WORKS, APPRAISAL_PARTLY, APPRAISAL_FAILS, APPRAISAL_VERDICTS };
extern const struct machine_terms appraisal_verdicts;

struct policy_appraisal {
    enum appraisal_verdict verdict;
    struct str words;
    int64_t member, made_ms;
};
/* Whether somebody may say it: who verifies, but answers for it in no way. Pure; `is` as in may.h. */
bool appraisal_may(unsigned is);
/* Event line.appraised. STATUS_FORBIDDEN, STATUS_INPUT without words, STATUS_CONFLICT as above. */
enum status ledger_add_appraisal(struct arena *arena, struct store *store, int64_t line,
                                 const struct policy_appraisal *appraisal, struct error *err);
/* The newest first. */
enum status ledger_list_appraisals(struct arena *arena, struct store *store, int64_t line,
                                   struct policy_appraisal **list, size_t *count,
                                   struct error *err);

/* Keeps a check of its carrying out, a sheet of the use SHEET_CHECK, by filled->member: who may appraise it. One person has
 * one standing check by a sheet in a month, and a further one takes its place. Errors as above and as ledger_fill_sheet;
 * STATUS_INPUT for a sheet of another use. */
enum status ledger_check_policy(struct arena *arena, struct store *store, int64_t line,
                                const struct sheet *sheet, struct filled *filled, int64_t today,
                                const struct ledger_deed *deed, struct error *err);
/* Under which part of the policy such a check is kept. Pure. */
int64_t policy_check_part(const struct sheet *sheet, int64_t today);

#endif
