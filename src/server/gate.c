/* The gate; see gate.h. */
#include "server/gate.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define PATIENCE_SECONDS 10

struct lane {
    pthread_cond_t left; /* somebody gave a place back */
    unsigned at_once, may_wait;
    unsigned inside, waiting;
};

struct gate {
    pthread_mutex_t lock;
    struct lane lanes[GATE_LANES];
};

struct gate *gate_make(unsigned threads)
{
    static const unsigned at_once[GATE_LANES] = {GATE_STRANGERS_AT_ONCE, GATE_KNOWN_AT_ONCE,
                                                 GATE_RECORD_AT_ONCE};
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        abort();
    (void)pthread_mutex_init(&gate->lock, NULL);
    for (size_t i = 0; i < GATE_LANES; i++) {
        gate->lanes[i] = (struct lane){.at_once = at_once[i], .may_wait = threads / 4};
        (void)pthread_cond_init(&gate->lanes[i].left, NULL);
    }
    return gate;
}

void gate_free(struct gate *gate)
{
    if (!gate)
        return;
    for (size_t i = 0; i < GATE_LANES; i++)
        (void)pthread_cond_destroy(&gate->lanes[i].left);
    (void)pthread_mutex_destroy(&gate->lock);
    free(gate);
}

bool gate_enter(struct gate *gate, enum gate_lane which)
{
    struct lane *lane = &gate->lanes[which];
    struct timespec until;
    int code = 0;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    (void)pthread_mutex_lock(&gate->lock);
    if (lane->inside >= lane->at_once && lane->waiting >= lane->may_wait)
        code = EAGAIN;
    lane->waiting++;
    while (!code && lane->inside >= lane->at_once)
        code = pthread_cond_timedwait(&lane->left, &gate->lock, &until);
    lane->waiting--;
    lane->inside += !code;
    (void)pthread_mutex_unlock(&gate->lock);
    return !code;
}

void gate_leave(struct gate *gate, enum gate_lane which)
{
    struct lane *lane = &gate->lanes[which];
    (void)pthread_mutex_lock(&gate->lock);
    lane->inside--;
    (void)pthread_cond_signal(&lane->left);
    (void)pthread_mutex_unlock(&gate->lock);
}
