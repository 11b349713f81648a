/* See outgoing.h. */
#include "server/outgoing.h"

#include <pthread.h>
#include <stdlib.h>

struct held {
    int64_t member;
    size_t bytes;
};

/* Of those only for whom something lies; they are few. */
struct outgoing {
    pthread_mutex_t lock;
    struct held *at;
    size_t count, room;
};

struct outgoing *outgoing_make(void)
{
    struct outgoing *outgoing = calloc(1, sizeof *outgoing);
    if (!outgoing)
        abort();
    (void)pthread_mutex_init(&outgoing->lock, NULL);
    return outgoing;
}

void outgoing_free(struct outgoing *outgoing)
{
    if (!outgoing)
        return;
    (void)pthread_mutex_destroy(&outgoing->lock);
    free(outgoing->at);
    free(outgoing);
}

static size_t find(const struct outgoing *outgoing, int64_t member)
{
    size_t i = 0;
    while (i < outgoing->count && outgoing->at[i].member != member)
        i++;
    return i;
}

bool outgoing_is_full(struct outgoing *outgoing, int64_t member)
{
    (void)pthread_mutex_lock(&outgoing->lock);
    size_t i = find(outgoing, member);
    bool full = i < outgoing->count && outgoing->at[i].bytes >= OUTGOING_MAX;
    (void)pthread_mutex_unlock(&outgoing->lock);
    return full;
}

static void add(struct outgoing *outgoing, int64_t member)
{
    if (outgoing->count == outgoing->room) {
        outgoing->room = outgoing->room ? 2 * outgoing->room : 64;
        outgoing->at = realloc(outgoing->at, outgoing->room * sizeof *outgoing->at);
        if (!outgoing->at)
            abort();
    }
    outgoing->at[outgoing->count++] = (struct held){.member = member};
}

void outgoing_begin(struct outgoing *outgoing, int64_t member, size_t bytes)
{
    (void)pthread_mutex_lock(&outgoing->lock);
    size_t i = find(outgoing, member);
    if (i == outgoing->count)
        add(outgoing, member);
    outgoing->at[i].bytes += bytes;
    (void)pthread_mutex_unlock(&outgoing->lock);
}

void outgoing_end(struct outgoing *outgoing, int64_t member, size_t bytes)
{
    (void)pthread_mutex_lock(&outgoing->lock);
    size_t i = find(outgoing, member);
    if (i < outgoing->count) {
        outgoing->at[i].bytes -= bytes;
        if (!outgoing->at[i].bytes)
            outgoing->at[i] = outgoing->at[--outgoing->count];
    }
    (void)pthread_mutex_unlock(&outgoing->lock);
}
