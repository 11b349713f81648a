/* What pages about risks share: scales, categories and levels as choices of a form. */
#ifndef SERVER_LEDGER_RISK_H
#define SERVER_LEDGER_RISK_H

#include "ledger/register.h"
#include "server/ledger.h"
#include "server/ledger_terms.h"

/* The five grades of likelihood, or of impact, "3 possible: once in one to three years"; the value is the number. */
struct ledger_choice *ledger_grade_choices(const struct request *rq,
                                           const struct risk_grade grades[RISK_SCALE],
                                           struct str chosen);
extern const struct ledger_values risk_category_values;
/* "4 × 3 · High"; empty where it is not assessed. */
struct str ledger_place_words(const struct request *rq, int64_t likelihood, int64_t impact);
/* "4 likely", empty for 0. */
struct str ledger_grade_words(const struct request *rq, const struct risk_grade grades[RISK_SCALE],
                              int64_t grade);

#define RISK_LIKELIHOOD_INPUT                                                       \
    {                                                                               \
        .name = "likelihood", .kind = INPUT_NUMBER, .least = 1, .most = RISK_SCALE, \
        .en = "Likelihood", .zh = "可能性"                                       \
    }
#define RISK_IMPACT_INPUT                                                                       \
    {                                                                                           \
        .name = "impact", .kind = INPUT_NUMBER, .least = 1, .most = RISK_SCALE, .en = "Impact", \
        .zh = "影响程度"                                                                    \
    }

#endif
