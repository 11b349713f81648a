/* A member's change of e-mail address: asked for with the password, confirmed by a link mailed to the new
 * address, and open to objection by one mailed to the old.
 *
 * Whoever got hold of somebody's password could take the account away with its address: the link of objection
 * gives the old one back, also after the new one was confirmed, and signs everybody out. Whether the new
 * address is another member's is not told to who asks: then no letter goes to it. */
#ifndef LIBRARY_ADDRESS_H
#define LIBRARY_ADDRESS_H

#include "store/store.h"

struct address_change {
    int64_t id, member;
    struct str old_email, email;
    bool done; /* confirmed */
};

/* Queues both letters, and forgets what the member asked for before and did not confirm; within the open write
 * transaction. STATUS_INPUT when the address can't be one, or is the member's already. */
enum status address_ask(struct arena *arena, struct store *store, int64_t member, struct str email,
                        int64_t now_ms, struct error *err);

/* What the link to the new address, or the one to the old, is about. STATUS_MISSING, in words for whoever
 * follows it, when there is nothing (any more). In the arena. */
enum status address_find_new(struct arena *arena, struct store *store, struct str secret,
                             int64_t now_ms, struct address_change *change, struct error *err);
enum status address_find_old(struct arena *arena, struct store *store, struct str secret,
                             int64_t now_ms, struct address_change *change, struct error *err);

/* Makes the new address the member's, within the open write transaction. STATUS_CONFLICT when it has become
 * another member's. Fills *change. */
enum status address_confirm(struct arena *arena, struct store *store, struct str secret,
                            int64_t now_ms, struct address_change *change, struct error *err);
/* Stops a change that is not confirmed. Undoes one that is: the old address is the member's again, and every
 * session and token of theirs ends. Within the open write transaction. STATUS_CONFLICT when the old address
 * has become another member's. Fills *change. */
enum status address_object(struct arena *arena, struct store *store, struct str secret,
                           int64_t now_ms, struct address_change *change, struct error *err);

#endif
