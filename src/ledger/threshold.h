/* Thresholds over an indicator's months: when its figures give warning of a risk, and when they cease to.
 *
 * There are two marks, the one that warns and a worse one at which somebody must act. A mark is passed when so many months
 * in a row are at it or beyond it, in the direction that is worse for the indicator; it is left again when as many months in a
 * row are better than it by more than the margin. In between it stays as it was, so that a figure that hovers about a mark
 * raises no alarm each month. A month without a figure breaks a row and otherwise changes nothing. Pure. */
#ifndef LEDGER_THRESHOLD_H
#define LEDGER_THRESHOLD_H

#include "base/lang.h"
#include "ledger/amount.h"

#define THRESHOLD_MONTHS_MAX 12

enum threshold_level { THRESHOLD_CALM, THRESHOLD_WARN, THRESHOLD_ACT, THRESHOLD_LEVELS };

struct threshold {
    enum ledger_direction direction; /* the indicator's: which way is better */
    int64_t warn, act;               /* in its steps; `act` is worse than `warn` or the same */
    int64_t margin;                  /* in its steps, from 0 */
    int months;                      /* in a row, 1 … THRESHOLD_MONTHS_MAX */
};
/* STATUS_INPUT when marks, margin or months can't be. */
enum status threshold_check(const struct threshold *threshold, struct error *err);

/* Where the last month of the series leaves things. */
struct threshold_standing {
    enum threshold_level level;
    /* Of each level that stands: the month with which it was passed; −1 of those that do not. */
    int since[THRESHOLD_LEVELS];
    int last; /* the last month that has a figure; −1: none has */
};
/* Walks the series from its first month. Takes O(months × row). THRESHOLD_ACT never stands without THRESHOLD_WARN. */
struct threshold_standing threshold_judge(const struct threshold *threshold,
                                          const struct ledger_series *series);

/* "calm", "warn", "act" as kept and in JSON; static. */
const char *threshold_level_name(enum threshold_level level);
const char *threshold_level_words(enum threshold_level level, enum lang lang);
enum threshold_level threshold_level_named(
    struct str name); /* THRESHOLD_LEVELS for anything else */

#endif
