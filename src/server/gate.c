/* The gate; see gate.h. */
#include "server/gate.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define PATIENCE_SECONDS 10

#define MOST_AT_ONCE 3

struct waiter {
    int64_t who;
    struct waiter *next;
};

struct lane {
    pthread_cond_t left; /* somebody gave a place back */
    unsigned at_once, may_wait;
    unsigned inside, waiting;
    int64_t members[MOST_AT_ONCE]; /* who are inside; 0: nobody, or nobody by name */
    struct waiter *waiters;
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

/* Puts `now` into one place of `before`; false when there is none. */
static bool change_place(struct lane *lane, int64_t before, int64_t now)
{
    size_t i = 0;
    while (i < MOST_AT_ONCE && lane->members[i] != before)
        i++;
    if (i < MOST_AT_ONCE)
        lane->members[i] = now;
    return i < MOST_AT_ONCE;
}

static bool may_pass(struct lane *lane, int64_t who)
{
    return lane->inside < lane->at_once && (!who || !change_place(lane, who, who));
}

static bool may_wait(const struct lane *lane, int64_t who)
{
    for (const struct waiter *w = lane->waiters; who && w; w = w->next)
        if (w->who == who)
            return false;
    return lane->waiting < lane->may_wait;
}

/* Waits until `who` may pass; an errno when that takes too long. */
static int wait_turn(struct gate *gate, struct lane *lane, int64_t who)
{
    struct waiter self = {who, lane->waiters};
    struct waiter **at = &lane->waiters;
    struct timespec until;
    int code = 0;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    lane->waiters = &self;
    lane->waiting++;
    while (!code && !may_pass(lane, who))
        code = pthread_cond_timedwait(&lane->left, &gate->lock, &until);
    lane->waiting--;
    while (*at != &self)
        at = &(*at)->next;
    *at = self.next;
    return code;
}

bool gate_enter(struct gate *gate, enum gate_lane which, int64_t who)
{
    struct lane *lane = &gate->lanes[which];
    int code = 0;
    (void)pthread_mutex_lock(&gate->lock);
    if (!may_pass(lane, who))
        code = may_wait(lane, who) ? wait_turn(gate, lane, who) : EAGAIN;
    lane->inside += !code;
    if (!code)
        (void)change_place(lane, 0, who);
    (void)pthread_mutex_unlock(&gate->lock);
    return !code;
}

void gate_leave(struct gate *gate, enum gate_lane which, int64_t who)
{
    struct lane *lane = &gate->lanes[which];
    (void)pthread_mutex_lock(&gate->lock);
    lane->inside--;
    (void)change_place(lane, who, 0);
    /* Not one of them only: that one may be whose other one is inside. */
    (void)pthread_cond_broadcast(&lane->left);
    (void)pthread_mutex_unlock(&gate->lock);
}
