/* What the files of search share: questions, own copies, candidates. See search.h. */
#ifndef LIBRARY_SEARCH_PARTS_H
#define LIBRARY_SEARCH_PARTS_H

#include "base/token.h"
#include "library/paper.h"
#include "library/search.h"

/* --- questions: search_question.c ----------------------------------------------------------------- */

#define SEARCH_TERMS_MAX 16U

/* A row of words that stand one behind the other. */
struct search_term {
    struct str *words; /* as the index has them; for exact ones as the text has them */
    size_t nwords;
    bool exact;       /* from quotation marks: English not by its stem */
    bool without;     /* must not occur */
    bool begins;      /* the last word may go on */
    struct str typed; /* the piece of the question, folded */
};
struct search_question {
    struct search_term terms[SEARCH_TERMS_MAX];
    size_t nterms;
    size_t nwanted; /* terms that are not `without` */
};

/* Takes any bytes. Words are letters, digits, points and apostrophes, so that they need no escaping. */
void search_parse_question(struct arena *arena, struct str words, struct search_question *question);
/* The question for FTS5's MATCH; empty when nothing is wanted. */
struct str search_match_text(struct arena *arena, const struct search_question *question);
/* One term as a phrase of FTS5. */
void search_add_phrase(struct buf *out, const struct search_term *term);
/* Whether the term's words begin at token i. *end gets the byte behind the last. */
bool search_term_is_at(const struct search_term *term, const struct tokens *tokens, size_t i,
                       size_t *end);

/* --- own copies: search_own.c --------------------------------------------------------------------- */

/* A member's own words of a paper's newest edition. */
struct search_own {
    struct edition edition;
    struct str title, text;
    struct tokens title_tokens, text_tokens; /* text_tokens only when the text may be shown */
};
/* member 0: the master. */
enum status search_load_own(struct arena *arena, struct store *store, int64_t paper, int64_t member,
                            bool with_text, struct search_own *own, struct error *err);
/* The same of the edition of that number; 0: the newest. */
enum status search_load_own_edition(struct arena *arena, struct store *store, int64_t paper,
                                    int64_t number, int64_t member, bool with_text,
                                    struct search_own *own, struct error *err);
/* Whether the copy has every wanted term, in title or text, and no unwanted one. */
bool search_own_fits(const struct search_own *own, const struct search_question *question);
/* One or two sentences with most of the terms, plain and marked; and the title marked. */
void search_make_excerpt(struct arena *arena, const struct search_own *own,
                         const struct search_question *question, struct search_hit *hit);

/* --- finding: search.c ---------------------------------------------------------------------------- */

/* Papers that FTS5 proposes for a MATCH text and that the request's member may open, best first. */
struct search_candidate {
    int64_t id, paper, published_ms;
    double score;
    struct str key, author, kind;
    bool waits;
};
enum status search_find_candidates(struct arena *arena, struct store *store,
                                   const struct search_request *request, struct str match,
                                   struct search_candidate **candidates, size_t *count,
                                   struct error *err);
/* Whether anything of the member's answers a question. */
enum status search_finds_any(struct arena *arena, struct store *store,
                             const struct search_request *request, struct str words, bool *any,
                             struct error *err);
/* Fills found->insteads. */
enum status search_find_insteads(struct arena *arena, struct store *store,
                                 const struct search_request *request,
                                 const struct search_question *question, struct search_found *found,
                                 struct error *err);

#endif
