/* The tracer; see tracer.h. */
#include "server/tracer.h"

#include <pthread.h>
#include <stdlib.h>

#include "library/finding_json.h"
#include "library/member.h"
#include "library/trace_run.h"
#include "server/internal.h"
#include "server/live.h"
#include "server/live_lines.h"

#define ROUND_MS 60000
#define LOOK_MS  100
#define QUICK_MS 120000
#define TELL_MS  300 /* between two lines about progress */

struct tracer_place {
    struct tracer_desk *desk;
    int64_t trace; /* at work; 0: none */
    bool stop;     /* it is to stop */
    struct trace_progress progress;
};

struct tracer_desk {
    pthread_mutex_t lock;
    struct tracer_place places[TRACER_PLACES];
    bool looked; /* for what an earlier server left */
};

struct tracer_desk *tracer_make(void)
{
    struct tracer_desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        abort();
    (void)pthread_mutex_init(&desk->lock, NULL);
    for (size_t i = 0; i < TRACER_PLACES; i++)
        desk->places[i].desk = desk;
    return desk;
}

struct tracer_place *tracer_place(struct tracer_desk *desk, size_t number)
{
    return &desk->places[number];
}

void tracer_free(struct tracer_desk *desk)
{
    if (!desk)
        return;
    (void)pthread_mutex_destroy(&desk->lock);
    free(desk);
}

/* Where a trace is at work, or NULL; to be asked for with the lock held. */
static struct tracer_place *find_place(struct tracer_desk *desk, int64_t trace)
{
    for (size_t i = 0; trace && i < TRACER_PLACES; i++)
        if (desk->places[i].trace == trace)
            return &desk->places[i];
    return NULL;
}

bool tracer_progress(struct tracer_desk *desk, int64_t trace, struct trace_progress *progress)
{
    (void)pthread_mutex_lock(&desk->lock);
    const struct tracer_place *place = find_place(desk, trace);
    if (place)
        *progress = place->progress;
    (void)pthread_mutex_unlock(&desk->lock);
    return place != NULL;
}

void tracer_stop(struct tracer_desk *desk, int64_t trace)
{
    (void)pthread_mutex_lock(&desk->lock);
    struct tracer_place *place = find_place(desk, trace);
    if (place)
        place->stop = true;
    (void)pthread_mutex_unlock(&desk->lock);
}

static void set_at_work(struct tracer_place *place, int64_t trace)
{
    (void)pthread_mutex_lock(&place->desk->lock);
    place->trace = trace;
    place->stop = false;
    place->progress = (struct trace_progress){0};
    (void)pthread_mutex_unlock(&place->desk->lock);
}

/* --- one trace ---------------------------------------------------------------------------------------- */

struct work {
    struct server *server;
    struct store *store;
    struct arena *arena;
    struct tracer_place *place;
    struct trace_run run;
    struct trace_request request;
    struct finding finding;
    struct digest matches;
    struct error why;
    struct live_line line;
    int64_t told_ms;
    enum trace_phase told_phase;
    int64_t until_ms; /* when it has taken too long for its place; 0: never */
    bool too_long;
};

static bool watch_step(void *context, const struct trace_progress *progress)
{
    struct work *w = context;
    (void)pthread_mutex_lock(&w->place->desk->lock);
    w->place->progress = *progress;
    bool stop = w->place->stop;
    (void)pthread_mutex_unlock(&w->place->desk->lock);
    int64_t now_ms = store_now_ms();
    if (now_ms - w->told_ms >= TELL_MS || progress->phase != w->told_phase) {
        live_tell(server_live(w->server), &w->line);
        w->told_ms = now_ms;
        w->told_phase = progress->phase;
    }
    w->too_long = w->until_ms && now_ms > w->until_ms;
    return !stop && !w->too_long && !server_stopping(w->server);
}

static enum status reading_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    (void)scratch;
    return library_keep_reading(store, context, err);
}

/* What was read of an exhibit is on record before the trace goes on, so that it is read once whatever comes. */
static enum status keep_reading(void *context, struct exhibit *exhibit, struct error *err)
{
    struct work *w = context;
    return server_write(w->server, library_member_id(w->arena, w->run.asked_by), reading_step,
                        exhibit, err);
}

static enum status begin_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct work *w = context;
    (void)scratch;
    return library_begin_trace(store, w->run.id, store_now_ms(), err);
}

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct work *w = context;
    return library_end_trace(scratch, store, &w->run, &w->request, &w->finding, &w->matches,
                             store_now_ms(), err);
}

static enum status fail_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct work *w = context;
    return library_fail_trace(scratch, store, w->run.id, &w->why, store_now_ms(), err);
}

static enum status interrupt_step(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    (void)scratch;
    (void)context;
    return library_interrupt_traces(store, store_now_ms(), err);
}

static enum status put_back_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct work *w = context;
    (void)scratch;
    return library_put_back_trace(store, w->run.id, err);
}

/* Writes how it ended, as done by whoever asked. */
static void put_away(struct work *w, enum status status)
{
    struct error err;
    struct str asker = library_member_id(w->arena, w->run.asked_by);
    server_write_step step = end_step;
    if (!status)
        status = store_put_blob(w->store, library_pack_matches(w->arena, &w->finding), &w->matches,
                                &w->why);
    if (status == STATUS_INTERRUPTED && server_stopping(w->server))
        step = interrupt_step;
    else if (status == STATUS_INTERRUPTED && w->too_long)
        step = put_back_step;
    else if (status == STATUS_INTERRUPTED)
        return; /* cancelled: whoever stopped it has written so */
    else if (status)
        step = fail_step;
    if (server_write(w->server, asker, step, w, &err) && step == end_step) {
        w->why = err;
        (void)server_write(w->server, asker, fail_step, w, &err);
    }
}

/* STATUS_OK when it came to an end, whichever. */
static enum status run_trace(struct work *w)
{
    struct trace_watch watch = {watch_step, keep_reading, w};
    struct error err;
    set_at_work(w->place, w->run.id);
    enum status status =
        server_write(w->server, library_member_id(w->arena, w->run.asked_by), begin_step, w, &err);
    if (!status) {
        live_trace_line(w->arena, w->store, 0, w->run.key, &w->line);
        put_away(w, library_run_trace(w->arena, w->store, &w->run, &watch, &w->request, &w->finding,
                                      &w->why));
    }
    set_at_work(w->place, 0);
    return status;
}

/* Whether what an earlier server left has been seen to, which one place does for all: before any trace runs, as what runs
 * would be taken for left behind. */
static bool has_looked(struct server *server, struct tracer_place *place)
{
    struct tracer_desk *desk = place->desk;
    (void)pthread_mutex_lock(&desk->lock);
    bool looked = desk->looked;
    (void)pthread_mutex_unlock(&desk->lock);
    if (looked || place != desk->places ||
        server_write(server, STR(""), interrupt_step, NULL, NULL))
        return looked;
    (void)pthread_mutex_lock(&desk->lock);
    desk->looked = true;
    (void)pthread_mutex_unlock(&desk->lock);
    return true;
}

static bool is_quick(const struct tracer_place *place)
{
    return place == &place->desk->places[TRACER_QUICK];
}

/* Whether all places but the one for quick traces are at work. */
static bool is_crowded(struct tracer_desk *desk)
{
    bool crowded = true;
    (void)pthread_mutex_lock(&desk->lock);
    for (size_t i = 0; i < TRACER_QUICK; i++)
        crowded = crowded && desk->places[i].trace;
    (void)pthread_mutex_unlock(&desk->lock);
    return crowded;
}

int64_t tracer_round(struct server *server, struct store *store, struct arena *arena, void *context)
{
    struct tracer_place *place = context;
    struct error err;
    if (!has_looked(server, place))
        return store_now_ms() + LOOK_MS;
    while (!server_stopping(server)) {
        struct work w = {.server = server, .store = store, .arena = arena, .place = place};
        arena_reset(arena);
        if ((is_quick(place) ? library_next_quick_trace : library_next_trace)(arena, store, &w.run,
                                                                              &err))
            break;
        if (is_quick(place)) {
            if (!is_crowded(place->desk))
                return store_now_ms() + LOOK_MS;
            unsigned quick_ms = server_options_of(server)->quick_ms;
            w.until_ms = store_now_ms() + (quick_ms ? quick_ms : QUICK_MS);
        }
        /* One that was cancelled meanwhile waits no more, nor one that the other place took up; what else went wrong may
         * pass. */
        enum status status = run_trace(&w);
        if (status && status != STATUS_CONFLICT)
            break;
    }
    return store_now_ms() + ROUND_MS;
}
