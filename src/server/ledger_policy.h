/* Policies on pages: opening one, and the words by which they are sorted, as choices of a form. */
#ifndef SERVER_LEDGER_POLICY_H
#define SERVER_LEDGER_POLICY_H

#include "ledger/policies.h"
#include "server/ledger.h"

/* Finds the line in the address, for a deed, as ledger_open does; STATUS_MISSING where it is no policy. */
enum status ledger_open_policy_line(struct request *rq, enum ledger_deed_kind deed,
                                    struct ledger_sight *sight, struct error *err);

struct policy_word {
    struct str key, words;
    bool chosen, ended;
};
struct policy_facet_row {
    struct str facet, words;
    struct str chosen; /* the words that are, one after the other */
    struct policy_word *terms;
    size_t nterms;
};
extern const struct field policy_facet_fields[];
/* All words by facet, those of a line (0: of none) chosen; in a form that is shown again, what was ticked. Words that were
 * ended are left out unless they are chosen. */
enum status ledger_fill_facets(struct request *rq, int64_t line, struct policy_facet_row **list,
                               size_t *count, struct error *err);
/* In a route's inputs. */
#define POLICY_TERM_INPUT                                                                    \
    {                                                                                        \
        .name = "term", .kind = INPUT_LIST, .most = 40, .en = "Sorted under", .zh = "分类" \
    }
/* What was ticked, as numbers. STATUS_MISSING, STATUS_LIMITED. */
enum status ledger_read_terms(struct request *rq, int64_t terms[TERMS_OF_A_LINE], size_t *count,
                              struct error *err);

/* What is pointed out of a policy today. */
struct policy_flag_row {
    struct str flag, words, rule;
    int64_t count;   /* of policies, in a list */
    struct str path; /* the list of those */
};
extern const struct field policy_flag_fields[];
struct policy_flag_row *ledger_flag_rows(const struct request *rq, unsigned flags, size_t *count);

#endif
