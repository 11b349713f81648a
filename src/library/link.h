/* Links: an address that gives a member's own copy to whoever holds it, for a time and so many times.
 *
 * The secret in the address is kept as its SHA-256 only. A link opens what its member may open at that
 * moment, and nothing more: it ends with their entitlement. */
#ifndef LIBRARY_LINK_H
#define LIBRARY_LINK_H

#include "store/store.h"

#define LINK_USES_MAX 20
#define LINK_DAYS_MAX 30
#define LINKS_MAX     50 /* open at once, a member */

struct link {
    struct str key;    /* its name in the member's list */
    struct str format; /* name of a format */
    struct str note;   /* for whom, as the member calls them */
    int64_t paper, edition, member;
    struct str paper_key, title; /* of the paper, and of the edition */
    int64_t created_ms, expires_ms;
    int64_t uses, uses_left;
    int64_t ended_ms; /* by the member; 0: not */
};

/* STATUS_MISSING for a link that can't be opened, in the same words whatever the reason. */
enum status library_link_gone(struct error *err);

/* Makes a link, within the open write transaction, with its event: fills key, uses_left and created_ms, and
 * gives the secret (in the arena), which is known to nobody afterwards. STATUS_LIMITED when the member has
 * LINKS_MAX open ones. */
enum status library_make_link(struct arena *arena, struct store *store, struct link *link,
                              struct str *secret, struct error *err);
/* Finds a link that can still be opened; STATUS_MISSING, with the same words, for any other. */
enum status library_find_link(struct arena *arena, struct store *store, struct str secret,
                              struct link *link, struct error *err);
/* Counts one opening, within the open write transaction, with its event; `notice` is the digest of what was
 * accepted and `network` where from. STATUS_MISSING as above. */
enum status library_use_link(struct store *store, struct str secret, const struct link *link,
                             const struct digest *notice, struct str network, struct error *err);
/* A member's links to a paper, or with paper 0 to all, the latest 200 first. */
enum status library_list_links(struct arena *arena, struct store *store, int64_t member,
                               int64_t paper, struct link **links, size_t *count,
                               struct error *err);
/* Ends a member's link, within the open write transaction, with its event. Gives the paper that it belongs
 * to. STATUS_MISSING when the member has no such link. */
enum status library_end_link(struct store *store, int64_t member, struct str key, int64_t *paper,
                             struct error *err);

#endif
