/* Terms of the ledger's machines (ledger/machine.h) as choices of forms and words of lists. */
#ifndef SERVER_LEDGER_TERMS_H
#define SERVER_LEDGER_TERMS_H

#include "ledger/machine.h"
#include "server/ledger.h"

/* All terms in order, in the request's language; the values are their names. */
void ledger_fill_terms(const struct request *rq, struct machine_terms terms, struct str chosen,
                       struct ledger_choice **list, size_t *count);
/* What one is called; "" for anything else. */
const char *ledger_term_words(struct machine_terms terms, struct str name, enum lang lang);

#endif
