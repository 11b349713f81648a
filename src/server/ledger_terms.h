/* Terms of the ledger's machines (ledger/machine.h) and values of its enums as choices of forms and lists. */
#ifndef SERVER_LEDGER_TERMS_H
#define SERVER_LEDGER_TERMS_H

#include "ledger/machine.h"
#include "server/ledger.h"

/* What can be chosen: the values of an enum from `first` to before `end` by the functions that name them and say what they are
 * called (the compilers used take an enum without negative values for an unsigned), or the terms of a machine from `first`
 * on. A row of data: {urge_kind_name, urge_kind_words, .end = URGE_KINDS}, {.terms = &rectify_sorts}. */
struct ledger_values {
    const char *(*name)(unsigned value);
    const char *(*words)(unsigned value, enum lang lang);
    unsigned first, end;
    const struct machine_terms *terms;
};
/* All of them in order, in the request's language; the values are their names. */
void ledger_fill_values(const struct request *rq, const struct ledger_values *values,
                        struct str chosen, struct ledger_choice **list, size_t *count);
/* All terms in order, likewise. */
void ledger_fill_terms(const struct request *rq, struct machine_terms terms, struct str chosen,
                       struct ledger_choice **list, size_t *count);
/* What one is called; "" for anything else. */
const char *ledger_term_words(struct machine_terms terms, struct str name, enum lang lang);

/* Kinds of lines, one called by its word in the singular; states of lines. */
extern const struct ledger_values ledger_kind_values, ledger_state_values;

#endif
