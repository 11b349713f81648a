/* The commitments of a paper: library/ and ledger/ joined. Pages and the command line ask here. */
#ifndef SERVER_COMMITMENTS_H
#define SERVER_COMMITMENTS_H

#include "ledger/commitment.h"
#include "ledger/decide.h"
#include "library/paper.h"
#include "paper/doc.h"

/* Proposes what a document commits to. `number` of each is its paragraph's, whose id on the page is "p" and
 * this number; texts point into the document's. Quotations, code and tables are left out: they say what others said.
 * STATUS_DAMAGED only when the rules that are built in don't read. */
enum status commitments_of(struct arena *arena, const struct paper_doc *doc,
                           struct ledger_commitment **found, size_t *count, struct error *err);

/* A sentence of an edition, and what was decided about it. */
struct commitment_place {
    struct ledger_commitment proposed; /* in the master's words, which are shown to nobody */
    struct ledger_place place;
    struct str name;                  /* "p12.1": the first commitment of paragraph 12 */
    const struct commitment *decided; /* NULL: nothing yet */
};
/* What was decided in an earlier edition about words that are not there any more. */
struct commitment_gone {
    const struct commitment *decided;
    const struct commitment_place *now; /* undecided and most like it; NULL: none */
};
struct commitments {
    struct commitment_place *places;
    size_t nplaces;
    struct commitment_gone *gone;
    size_t ngone;
};
/* Both for an edition: what it commits to, and what was decided about that here or where an earlier one said the same.
 * Takes O(text × decided). */
enum status commitments_join(struct arena *arena, struct store *store,
                             const struct edition_text *text, struct commitments *joined,
                             struct error *err);

/* The paragraphs that decided commitments stand in, for an edition: "p12"; the same decided ones only. */
struct commitment_mark {
    unsigned paragraph;
    const struct commitment *decided;
};
enum status commitments_marks(struct arena *arena, struct store *store,
                              const struct edition *edition, struct commitment_mark **marks,
                              size_t *count, struct error *err);

#endif
