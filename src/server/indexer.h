/* The indexer: an errand that takes into the search index what was published. */
#ifndef SERVER_INDEXER_H
#define SERVER_INDEXER_H

#include "server/errand.h"

/* A round of it, to be started with errand_start; its context is an int64_t of its
 * own, 0 at first: how far it has looked. */
int64_t index_round(struct server *server, struct store *store, struct arena *arena, void *context);

#endif
