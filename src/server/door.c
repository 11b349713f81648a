/* The door; see door.h. */
#include "server/door.h"

#include <stdlib.h>
#include <strings.h>

#include "server/internal.h"

struct door {
    pthread_mutex_t lock; /* of the store */
    struct store *store;
    atomic_size_t held;
};

enum status door_open(struct server *server, struct door **door, struct error *err)
{
    struct door *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    enum status status = store_open(server_options_of(server)->data, &d->store, err);
    if (status) {
        free(d);
        return status;
    }
    (void)pthread_mutex_init(&d->lock, NULL);
    atomic_init(&d->held, 0);
    *door = d;
    return STATUS_OK;
}

void door_close(struct door *d)
{
    if (!d)
        return;
    store_close(d->store);
    (void)pthread_mutex_destroy(&d->lock);
    free(d);
}

/* Two lengths, or a length and chunks: what stands before us may have read another end than we would. */
static bool is_ambiguous(const struct request *rq)
{
    unsigned lengths = 0;
    unsigned codings = 0;
    for (size_t i = 0; i < rq->headers.count; i++) {
        lengths += strcasecmp(rq->headers.at[i].name.at, "Content-Length") == 0;
        codings += strcasecmp(rq->headers.at[i].name.at, "Transfer-Encoding") == 0;
    }
    return lengths + codings > 1;
}

static bool may_send(struct door *d, struct request *rq)
{
    (void)pthread_mutex_lock(&d->lock);
    bool may = session_has_role(rq, d->store, rq->route->roles);
    (void)pthread_mutex_unlock(&d->lock);
    return may;
}

unsigned door_refuse(struct door *d, struct request *rq, size_t body_max)
{
    uint64_t length = 0;
    struct str told = request_header(rq, "Content-Length");
    bool chunked = request_header(rq, "Transfer-Encoding").len > 0;
    if (is_ambiguous(rq))
        return 400;
    if (told.len && (!str_to_u64(told, &length) || length > body_max))
        return 413;
    if ((length || chunked) && atomic_load(&d->held) >= DOOR_BODIES_MAX)
        return 503;
    bool large = body_max > REQUEST_BODY_MAX && (chunked || length > REQUEST_BODY_MAX);
    return large && !may_send(d, rq) ? 403 : 0;
}

bool door_take(struct door *d, size_t bytes)
{
    return atomic_fetch_add(&d->held, bytes) + bytes <= DOOR_BODIES_MAX;
}

void door_let_go(struct door *d, size_t bytes)
{
    atomic_fetch_sub(&d->held, bytes);
}
