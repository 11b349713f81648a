/* Webhooks: what happened, told to addresses that the owner chose.
 *
 * Signed as Standard Webhooks (standardwebhooks.com) has it: the header webhook-signature holds "v1," and the
 * base64 of HMAC-SHA-256 over "id.timestamp.body". A delivery is recorded as done, durably, after the
 * receiver's 2xx; a crash between the two, and nothing else, delivers it again under the same webhook-id.
 * No hook waits for another's receiver. Deliveries of one keep the order of events: one that fails is tried again for a day, and those after
 * it wait, longer each time; not longer once it takes a test or has a new secret, or the owner changes what is in
 * reach. A delivery names what happened and where to look; never a paper's text, never a member. */
#ifndef SERVER_HOOKS_H
#define SERVER_HOOKS_H

#include "server/errand.h"

struct hook_kind {
    const char *kind;    /* the event's */
    const char *en, *zh; /* what it tells */
};
/* What can be told; ends with a kind of NULL. */
extern const struct hook_kind hook_kinds[];

struct hooks;

/* What rounds keep between them, to be ended with hooks_free after the errand. */
struct hooks *hooks_make(struct server *server);
void hooks_free(struct hooks *hooks); /* NULL is allowed */
/* A round of it, to be started with errand_start; the context is the struct hooks. */
int64_t hooks_round(struct server *server, struct store *store, struct arena *arena, void *hooks);

/* The key of a hook's signatures as receivers are given it, "whsec_…". It derives from the installation's
 * secret and the hook's salt; another salt makes another key. In the arena. */
struct str hook_secret(struct arena *arena, struct store *store, struct str salt);

#endif
