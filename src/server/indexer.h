/* The indexer: an errand that takes into the search index what was published. */
#ifndef SERVER_INDEXER_H
#define SERVER_INDEXER_H

#include "server/errand.h"

/* A round of it, to be started with errand_start; no context. */
int64_t index_round(struct server *server, struct store *store, struct arena *arena, void *context);

#endif
