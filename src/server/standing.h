/* Standing requests, looked at as papers are published; see library/standing.h. An errand that reads the events
 * from a cursor of its own. */
#ifndef SERVER_STANDING_H
#define SERVER_STANDING_H

#include "server/errand.h"

/* A round of it, to be started with errand_start; no context. */
int64_t standing_round(struct server *server, struct store *store, struct arena *arena,
                       void *context);

#endif
