/* The commitments of a paper: library/ and ledger/ joined. Pages and the command line ask here. */
#ifndef SERVER_COMMITMENTS_H
#define SERVER_COMMITMENTS_H

#include "ledger/commitment.h"
#include "paper/doc.h"

/* Proposes what a document commits to. `number` of each is its paragraph's, whose id on the page is "p" and
 * this number; texts point into the document's. Quotations, code and tables are left out: they say what others said. STATUS_DAMAGED only when the
 * rules that are built in don't read. */
enum status commitments_of(struct arena *arena, const struct paper_doc *doc,
                           struct ledger_commitment **found, size_t *count, struct error *err);

#endif
