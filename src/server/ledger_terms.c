/* Terms of machines on pages; see ledger_terms.h. */
#include "server/ledger_terms.h"

const struct ledger_values ledger_kind_values = {ledger_kind_name, ledger_kind_word,
                                                 .end = LEDGER_KINDS};

const struct ledger_values ledger_state_values = {line_state_name, line_state_word,
                                                  .end = LINE_STATES};

void ledger_fill_values(const struct request *rq, const struct ledger_values *values,
                        struct str chosen, struct ledger_choice **list, size_t *count)
{
    const struct machine_terms *terms = values->terms;
    unsigned end = terms ? (unsigned)terms->count : values->end;
    *count = end - values->first;
    *list = arena_array(rq->arena, *count, struct ledger_choice);
    for (unsigned i = values->first; i < end; i++) {
        struct str name = str_of(terms ? terms->at[i].name : values->name(i));
        const char *words =
            terms ? machine_words(*terms, (int)i, rq->lang) : values->words(i, rq->lang);
        (*list)[i - values->first] =
            (struct ledger_choice){name, str_of(words), str_equal(name, chosen)};
    }
}

void ledger_fill_terms(const struct request *rq, struct machine_terms terms, struct str chosen,
                       struct ledger_choice **list, size_t *count)
{
    const struct ledger_values values = {.terms = &terms};
    ledger_fill_values(rq, &values, chosen, list, count);
}

const char *ledger_term_words(struct machine_terms terms, struct str name, enum lang lang)
{
    int at = machine_named(terms, name);
    return at == terms.count ? "" : machine_words(terms, at, lang);
}
