/* A year's target as twelve months: evenly, as past years went, or by hand, and always so that the months make the
 * year exactly.
 *
 * Shares are rounded as they add up: the months up to each one are together as near to their share as whole steps
 * allow, so every quarter is as well, and no month carries what rounding left over.
 *
 * Pure: no database, no clock. */
#ifndef LEDGER_SPLIT_H
#define LEDGER_SPLIT_H

#include "ledger/amount.h"

/* Cuts `whole` into `count` parts in proportion to weights ≥ 0 (NULL, or all of them 0: alike). The parts add up to
 * whole, each differs from its exact share by less than 1, and a weight of 0 gets 0 unless all have. count ≥ 1;
 * |whole| and each weight are at most 12 × LEDGER_AMOUNT_MAX. */
void ledger_split(int64_t whole, const int64_t *weights, size_t count, int64_t *parts);

/* What months count for by past years: each month's actuals of the newest three complete years before `year`,
 * added up. Returns how many years these were; with 0, and where a month comes out below nothing, the weights are
 * all 0 and 0 is returned. */
unsigned ledger_weigh_months(const struct ledger_series *actuals, int year, int64_t weights[12]);

struct ledger_year_plan {
    enum ledger_fold fold;
    int64_t whole; /* the year's target */
    /* LEDGER_LAST: where the way begins, last December's value; LEDGER_NONE: every month is to reach the year's. */
    int64_t start;
    const int64_t *weights; /* of twelve months, NULL: alike. Of a level, they weigh its changes */
    int64_t by_hand[12];    /* months that somebody set; LEDGER_NONE: free */
};
/* Fills the months. STATUS_INPUT when those set by hand leave no month to make up what is missing, saying how much
 * that is in steps of `places`. */
enum status ledger_plan_year(const struct ledger_year_plan *plan, unsigned places,
                             int64_t months[12], struct error *err);
/* Sets the months of a quarter (0 … 3) by hand so that they make `amount`, in the proportions that `months` (the
 * plan so far) gives them. */
void ledger_set_quarter(struct ledger_year_plan *plan, const int64_t months[12], unsigned quarter,
                        int64_t amount);

/* What months [from, from + count) make together, as the fold says, rounded half away from zero; LEDGER_NONE unless
 * all that it needs are known (of a level: the last). */
int64_t ledger_fold_months(enum ledger_fold fold, const struct ledger_series *series, int from,
                           int count);

#endif
