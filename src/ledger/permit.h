/* The permit that a joint review of a project is about: an entry of the project's account (account.h) that follows the review
 * once somebody who may change the project has tied the two.
 *
 * Sending the matter to the units makes it "applied for", a reply that agrees "granted" on that day, one that refuses, and
 * withdrawing, "needed" again; asking a stage again takes back what was granted. A reply that sets conditions grants nothing:
 * somebody says when they are met. What was granted otherwise in the meantime stays so, and a struck entry is left alone. Each
 * change is one of the entry's own, which whoever may change the project can take back. */
#ifndef LEDGER_PERMIT_H
#define LEDGER_PERMIT_H

#include "ledger/account.h"
#include "ledger/review.h"

struct permit {
    int64_t project; /* the line whose account it is in; 0: the review has none */
    struct account_entry entry;
};
/* The permit that the review is tied to, in the arena; with `project` 0 where it is tied to none. */
enum status ledger_find_permit(struct arena *arena, struct store *store, int64_t review,
                               struct permit *permit, struct error *err);

/* Ties the review to the entry of that key in the account of the project that it is part of, in the place of another; an empty
 * key to none, and PERMIT_NEW to one that is entered by the review's title. The entry is at once as the review stands. Event
 * line.permit of the review, besides those of the entry. STATUS_CONFLICT for what is no review of a project, or an entry that
 * is no permit or struck; STATUS_FORBIDDEN unless the actor may change the project; STATUS_MISSING. */
#define PERMIT_NEW "new"
enum status ledger_tie_permit(struct arena *arena, struct store *store, int64_t review,
                              struct str key, int64_t actor, const struct ledger_deed *deed,
                              struct error *err);
/* What an act on the review makes of its permit; nothing where there is none. For review.c. */
enum status ledger_follow_permit(struct arena *arena, struct store *store, int64_t review,
                                 enum review_act act, enum review_verdict verdict,
                                 const struct ledger_deed *deed, struct error *err);

#endif
