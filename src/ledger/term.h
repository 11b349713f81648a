/* The words by which policies are sorted, and the lines that they may serve: industry, field, category, and whom a policy
 * is for. They are the organisation's own: added and ended, never deleted.
 *
 * Changes run within the caller's open write transaction. */
#ifndef LEDGER_TERM_H
#define LEDGER_TERM_H

#include "ledger/fit.h"
#include "ledger/line.h"

#define TERM_MAX        40 /* characters */
#define TERMS_OF_A_LINE 40U

struct policy_term {
    int64_t id;
    struct str key;
    enum policy_facet facet;
    struct str en, zh; /* one may be empty */
    int64_t ended_ms;
    int64_t lines; /* that have it */
};
/* As a reader of `lang` calls it. */
struct str policy_term_words(const struct policy_term *term, enum lang lang);

/* All, by facet, those that are offered first. */
enum status ledger_list_terms(struct arena *arena, struct store *store, struct policy_term **list,
                              size_t *count, struct error *err);
/* Those of a line, by facet; `lines` is not filled. */
enum status ledger_list_line_terms(struct arena *arena, struct store *store, int64_t line,
                                   struct policy_term **list, size_t *count, struct error *err);
/* STATUS_MISSING when there is none of that key. */
enum status ledger_find_term(struct arena *arena, struct store *store, struct str key,
                             struct policy_term *term, struct error *err);

/* Adds one; fills id and key. Event term.made, subject "T<id>". STATUS_INPUT when it has no words or they can't be taken,
 * STATUS_CONFLICT when the facet has the same word. */
enum status ledger_make_term(struct arena *arena, struct store *store, struct policy_term *term,
                             struct error *err);
/* It is offered no more, or again. Events term.ended, term.resumed. */
enum status ledger_end_term(struct store *store, int64_t term, int64_t now_ms, struct error *err);
enum status ledger_resume_term(struct store *store, int64_t term, struct error *err);

/* A line has these and no others. Event line.terms where that changes something. STATUS_MISSING when one is not there,
 * STATUS_LIMITED for more than TERMS_OF_A_LINE. */
enum status ledger_set_line_terms(struct arena *arena, struct store *store, int64_t line,
                                  const int64_t *terms, size_t count,
                                  const struct ledger_deed *deed, struct error *err);

#endif
