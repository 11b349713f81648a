/* Terms of machines on pages; see ledger_terms.h. */
#include "server/ledger_terms.h"

void ledger_fill_terms(const struct request *rq, struct machine_terms terms, struct str chosen,
                       struct ledger_choice **list, size_t *count)
{
    *count = (size_t)terms.count;
    *list = arena_array(rq->arena, *count, struct ledger_choice);
    for (int i = 0; i < terms.count; i++) {
        struct str name = str_of(terms.at[i].name);
        (*list)[i] = (struct ledger_choice){name, str_of(machine_words(terms, i, rq->lang)),
                                            str_equal(name, chosen)};
    }
}

const char *ledger_term_words(struct machine_terms terms, struct str name, enum lang lang)
{
    int at = machine_named(terms, name);
    return at == terms.count ? "" : machine_words(terms, at, lang);
}
