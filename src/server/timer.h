/* The timer: an errand that does by itself what falls due at a time of day: scheduled publications,
 * reminders, forgetting what has expired. What fails is tried again each round, and said on standard error, for whoever runs
 * the server, once an hour while it fails. */
#ifndef SERVER_TIMER_H
#define SERVER_TIMER_H

#include "server/errand.h"

#define TIMER_DUTIES_MAX 32U

struct timer {
    int64_t told_ms[TIMER_DUTIES_MAX]; /* when it was last said that a duty fails; 0: never */
};

/* A round of it, to be started with errand_start; the context is a struct timer, all 0 at first. */
int64_t timer_round(struct server *server, struct store *store, struct arena *arena, void *context);

#endif
