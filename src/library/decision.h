/* What an editor decides about the sites of a text that is still being written.
 *
 * The text changes under the decisions, so that a site's number says nothing: a decision quotes both
 * readings and the characters around them, and is found again by these. An edit elsewhere leaves it in
 * force; one of the passage itself ends it, and it is then said to fit no longer. Pure but for the JSON. */
#ifndef LIBRARY_DECISION_H
#define LIBRARY_DECISION_H

#include "paper/site.h"

#define DECISIONS_MAX 20000U /* of one draft */

enum decision_kind {
    DECISION_MARK, /* looked at and accepted: marked, also where the last edition had it locked */
    DECISION_LOCK,
    DECISION_ADD /* a site of the editor's own */
};

struct decision {
    enum decision_kind kind;
    struct str words, alternative; /* both readings; of DECISION_ADD as the editor quoted them */
    struct str before, after;      /* what stands around, within its block */
    uint32_t nth;                  /* among passages that read exactly alike, from 0 */
    bool each;                     /* DECISION_ADD: a site of its own at each place */
    /* results of library_apply_decisions */
    bool fits;
    uint32_t site; /* the number of its site, when it fits; of several the first */
};

struct decisions {
    struct decision *list;
    size_t count;
};

/* Reads and writes the kept form, a JSON array. What does not read as a decision is left out. */
void library_read_decisions(struct arena *arena, struct str json, struct decisions *decisions);
struct str library_write_decisions(struct arena *arena, const struct decisions *decisions);

/* Puts decisions in force in the sites of a document: additions first, then locks and marks. Notes in
 * each whether it still fits. Takes decisions × places steps. */
void library_apply_decisions(struct arena *arena, const struct paper_doc *doc,
                             struct paper_sites *sites, struct decisions *decisions);

/* Notes a decision about the site at index `place` of sites->places, in the place of an earlier one about
 * the same site. STATUS_CONFLICT when there are DECISIONS_MAX already. */
enum status library_decide_site(struct arena *arena, const struct paper_doc *doc,
                                const struct paper_sites *sites, size_t place,
                                enum decision_kind kind, struct decisions *decisions,
                                struct error *err);
/* Notes a site of the editor's own, and puts it in force in `sites`. STATUS_INPUT as paper_add_site. */
enum status library_decide_addition(struct arena *arena, const struct paper_doc *doc,
                                    struct paper_sites *sites, struct str words,
                                    struct str alternative, bool each, struct decisions *decisions,
                                    struct error *err);
/* Takes back the decision at `index`. */
void library_undo_decision(struct decisions *decisions, size_t index);

#endif
