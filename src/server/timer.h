/* The timer: an errand that does by itself what falls due at a time of day: scheduled publications,
 * reminders, forgetting what has expired. */
#ifndef SERVER_TIMER_H
#define SERVER_TIMER_H

#include "server/errand.h"

/* A round of it, to be started with errand_start; no context. */
int64_t timer_round(struct server *server, struct store *store, struct arena *arena, void *context);

#endif
