/* Errands; see errand.h. */
#include "server/errand.h"

#include <pthread.h>
#include <stdlib.h>

#define DISTANCE_MS 100 /* between the beginnings of two rounds */

struct errand {
    struct server *server;
    struct store *store;
    struct arena *arena;
    errand_round round;
    void *context;
    pthread_t thread;
};

static void *errand_main(void *context)
{
    struct errand *e = context;
    while (!server_stopping(e->server)) {
        int64_t began_ms = store_now_ms();
        int64_t seen = server_wait_events(e->server, -1, 0);
        arena_reset(e->arena);
        int64_t again_ms = e->round(e->server, e->store, e->arena, e->context);
        (void)server_wait_events(e->server, seen, again_ms);
        server_wait(e->server, began_ms + DISTANCE_MS);
    }
    return NULL;
}

enum status errand_start(struct server *server, errand_round round, void *context,
                         struct errand **errand, struct error *err)
{
    struct errand *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    *e = (struct errand){.server = server, .round = round, .context = context};
    enum status status = store_open(server_options_of(server)->data, &e->store, err);
    if (!status)
        status = store_follow(e->store, err);
    e->arena = arena_make();
    if (!status && pthread_create(&e->thread, NULL, errand_main, e))
        status = error_set(err, STATUS_IO, "The system has no thread left for what goes out.",
                           "系统已无可用线程，后台任务无法启动。");
    if (status) {
        store_close(e->store);
        arena_free(e->arena);
        free(e);
        return status;
    }
    *errand = e;
    return STATUS_OK;
}

void errand_stop(struct errand *e)
{
    if (!e)
        return;
    (void)pthread_join(e->thread, NULL);
    store_close(e->store);
    arena_free(e->arena);
    free(e);
}
