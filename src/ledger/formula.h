/* Indicators made of others: "I3 / I4 * 100", "(I7 - ago(I7, 12)) / ago(I7, 12) * 100".
 *
 *   formula  term { (+|-) term }        term  factor { (*|/) factor }
 *   factor   number | In | - factor | ( formula ) | min(formula, …) | max(formula, …)
 *            | ago(formula, months)     the value of so many months before
 *
 * Chinese writing is read alike: full-width digits, letters and signs, ＋－×÷, （）, and 最小, 最大, 前 for
 * min, max, ago. A formula is worked out for one period from the values that the others have for the same period
 * (a quarter's rate from the quarter's sums, never as a mean of months).
 *
 * Pure: what "I3" is and what it is worth, the caller says. */
#ifndef LEDGER_FORMULA_H
#define LEDGER_FORMULA_H

#include "base/error.h"
#include "base/str.h"

#define LEDGER_FORMULA_LONGEST 1000U /* bytes */
#define LEDGER_AGO_MOST        120   /* months, of all that stand within each other together */

struct ledger_formula; /* read only once made; lives in its arena */

/* Whether there is an indicator of this number ("I3", in capitals), and its id. */
typedef bool ledger_formula_find(void *context, struct str number, int64_t *id);

/* Reads a formula. STATUS_INPUT says what is wrong and where (by the text before it). */
enum status ledger_read_formula(struct arena *arena, struct str text, ledger_formula_find *find,
                                void *context, struct ledger_formula **formula, struct error *err);
/* The indicators it uses, each once, in the order of their first use; borrowed. */
const int64_t *ledger_formula_uses(const struct ledger_formula *formula, size_t *count);

enum ledger_worth {
    LEDGER_KNOWN,
    LEDGER_LACKING, /* an indicator that it uses has no value */
    LEDGER_DIVIDED, /* it divides by nothing */
    LEDGER_BEYOND,  /* the result is beyond any number */
};
/* Gives the value that an indicator had `ago` months before the period asked for; false when there is none. */
typedef bool ledger_formula_value(void *context, int64_t id, int ago, double *value);
/* Works a formula out. *lacking, if not NULL, gets the indicator that has no value with LEDGER_LACKING. */
enum ledger_worth ledger_work_out(const struct ledger_formula *formula, ledger_formula_value *value,
                                  void *context, double *result, int64_t *lacking);

/* That one indicator's formula uses another. */
struct ledger_use {
    int64_t of, uses;
};
/* Whether `of` uses itself by way of others. *path gets the way, in the arena: `of`, what it uses, …, `of` again;
 * the shortest there is. Takes O(uses × log uses). */
bool ledger_find_cycle(struct arena *arena, const struct ledger_use *uses, size_t count, int64_t of,
                       int64_t **path, size_t *npath);

#endif
