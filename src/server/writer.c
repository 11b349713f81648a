/* The writer: one thread, one connection, many writes a commit.
 *
 * A durable commit costs a flush of the disk; writes that arrive while one is under way wait together and
 * share the next. Each is a part of the transaction, so that one which fails takes back only its own. */
#include "server/internal.h"

#include <errno.h>
#include <semaphore.h>
#include <time.h>

#define GROUP_DEPTH 1U    /* a job is a part of its group's transaction */
#define GROUP_MAX   1024U /* writes in one commit */

/* What only records, tells or finds: it depends on none of these who may do what. Copies given and deletions
 * due are looked up whenever they matter; see grant.h. */
static const char *const RECORDS[] = {
    "event",
    "cursor",
    "copy",
    "deletion",
    "reading",
    "letter",
    "delivery",
    "attempt",
    "search",
    "search_entry",
    "search_word",
    "glimpse",
    "gram",
    "session.seen_ms",
    "token.seen_ms",
    /* the ledger opens no paper to anybody */
    "line",
    "line_count",
    "line_batch",
    "handover",
    "line_follow",
    "line_file",
    "line_post",
    "commitment",
    "commitment_place",
    "saved_view",
    "sheet",
    "sheet_item",
    "filled",
    "filled_item",
    "finding",
    "inspection",
    "inspection_stop",
    "inspection_scorer",
    "unit",
    "unit_member",
    NULL,
};

/* A step that leaves the nesting askew would break its neighbours. */
static void run_part(struct writer *w, struct job *job)
{
    job->status = store_begin(w->store, job->err);
    if (!job->status)
        job->status = job->step(w->store, w->scratch, job->context, job->err);
    if (!job->status && store_depth(w->store) != GROUP_DEPTH + 1)
        job->status = error_set(job->err, STATUS_DAMAGED, "A write lost its transaction midway.",
                                "写入中途失去了事务。");
    if (!job->status)
        job->status = store_commit(w->store, job->err);
    while (job->status && store_depth(w->store) > GROUP_DEPTH)
        store_rollback(w->store);
}

static bool note_facts(struct writer *w)
{
    bool changed = store_wrote_more(w->store);
    if (changed)
        (void)atomic_fetch_add(&w->facts, 1);
    return changed;
}

static void run_job(struct writer *w, struct job *job)
{
    store_act_as(w->store, job->actor);
    if (!job->facts)
        run_part(w, job);
    else if (job->facts != atomic_load(&w->facts))
        job->status = STATUS_CONFLICT;
    else
        job->status = job->step(w->store, w->scratch, job->context, job->err);
    arena_reset(w->scratch);
}

/* The reason that all of a group fail for: that of the job with which the transaction went. */
static enum status lost_group(const struct job *job, struct error *err)
{
    if (job->status && job->err) {
        *err = *job->err;
        return job->status;
    }
    return error_set(err, STATUS_IO, "The database undid what was being written; try again.",
                     "数据库撤销了正在写入的内容，请重试。");
}

/* What a step changes is counted at once, for the steps after it, and once more when others can see it: whoever
 * asked in between may have looked things up as they were before. */
static void run_group(struct writer *w, struct job *jobs)
{
    struct error err = {0};
    bool changed = false;
    enum status status = store_begin(w->store, &err);
    store_hold(w->store);
    (void)note_facts(w);
    for (struct job *job = jobs; !status && job; job = job->next) {
        run_job(w, job);
        changed |= !job->facts && note_facts(w);
        /* A full disk undoes the whole transaction; whoever comes after must not write on its own. */
        if (store_depth(w->store) == 0)
            status = lost_group(job, &err);
    }
    store_let_go(w->store);
    int64_t newest = w->group_seq;
    (void)store_newest_event(w->store, &newest, NULL); /* here it costs no locks of its own */
    if (!status)
        status = store_commit(w->store, &err);
    if (status)
        store_rollback(w->store);
    else
        w->group_seq = newest;
    if (changed || status)
        (void)atomic_fetch_add(&w->facts, 1);
    for (struct job *job = jobs; status && job; job = job->next) {
        job->status = status;
        if (job->err)
            *job->err = err;
    }
}

static struct job *take_group(struct writer *w)
{
    struct job *first = w->first;
    struct job *last = first;
    if (!last)
        return NULL;
    for (unsigned count = 1; count < GROUP_MAX && last->next; count++)
        last = last->next;
    w->first = last->next;
    if (!w->first)
        w->last = NULL;
    last->next = NULL;
    return first;
}

/* Whoever submitted a job may be gone with it as soon as it is told. */
static void release_group(struct job *group)
{
    for (struct job *job = group, *next; job; job = next) {
        next = job->next;
        job->finished(job);
    }
}

static void *writer_main(void *context)
{
    struct writer *w = context;
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        struct job *group = take_group(w);
        if (!group && w->stopping)
            break;
        if (!group) {
            (void)pthread_cond_wait(&w->work, &w->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&w->lock);
        run_group(w, group);
        (void)pthread_mutex_lock(&w->lock);
        if (w->group_seq > w->durable_seq)
            w->durable_seq = w->group_seq;
        (void)pthread_cond_broadcast(&w->finished);
        (void)pthread_mutex_unlock(&w->lock);
        release_group(group);
        (void)pthread_mutex_lock(&w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

void writer_submit(struct writer *w, struct job *first, struct job *last)
{
    last->next = NULL;
    (void)pthread_mutex_lock(&w->lock);
    if (w->last)
        w->last->next = first;
    else
        w->first = first;
    w->last = last;
    (void)pthread_cond_signal(&w->work);
    (void)pthread_mutex_unlock(&w->lock);
}

/* Who waits for a write sleeps on a semaphore of its own, and through what others are told. */
struct waiting {
    struct job job;
    sem_t done;
};

static void wake(struct job *job)
{
    (void)sem_post(&((struct waiting *)(void *)job)->done);
}

enum status server_write(struct server *server, struct str actor, server_write_step step,
                         void *context, struct error *err)
{
    struct waiting w = {
        {.step = step, .context = context, .actor = actor, .err = err, .finished = wake}, {{0}}};
    (void)sem_init(&w.done, 0, 0);
    writer_submit(server_writer(server), &w.job, &w.job);
    while (sem_wait(&w.done) && errno == EINTR)
        continue;
    (void)sem_destroy(&w.done);
    return w.job.status;
}

uint64_t server_facts(struct server *server)
{
    return atomic_load(&server_writer(server)->facts);
}

int64_t server_wait_events(struct server *server, int64_t after, int64_t until_ms)
{
    struct writer *w = server_writer(server);
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    int code = 0;
    (void)pthread_mutex_lock(&w->lock);
    while (w->durable_seq <= after && !w->released && code != ETIMEDOUT)
        code = pthread_cond_timedwait(&w->finished, &w->lock, &until);
    int64_t seq = w->durable_seq;
    (void)pthread_mutex_unlock(&w->lock);
    return seq;
}

void server_wait(struct server *server, int64_t until_ms)
{
    struct writer *w = server_writer(server);
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    int code = 0;
    (void)pthread_mutex_lock(&w->lock);
    while (!w->released && code != ETIMEDOUT)
        code = pthread_cond_timedwait(&w->ending, &w->lock, &until);
    (void)pthread_mutex_unlock(&w->lock);
}

enum status writer_start(struct writer *w, const char *data, struct error *err)
{
    enum status status = store_open(data, &w->store, err);
    if (status)
        return status;
    status = store_lead(w->store, err);
    if (status) {
        store_close(w->store);
        w->store = NULL;
        return status;
    }
    w->scratch = arena_make();
    atomic_init(&w->facts, 1);
    store_watch(w->store, RECORDS);
    (void)store_newest_event(w->store, &w->durable_seq, NULL);
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->work, NULL);
    (void)pthread_cond_init(&w->finished, NULL);
    (void)pthread_cond_init(&w->ending, NULL);
    if (pthread_create(&w->thread, NULL, writer_main, w)) {
        store_close(w->store);
        arena_free(w->scratch);
        w->store = NULL;
        return error_set(err, STATUS_IO, "The system has no thread left for the writer.",
                         "系统已无可用线程，写入线程无法启动。");
    }
    return STATUS_OK;
}

void server_note_events(struct server *server, int64_t seq)
{
    struct writer *w = server_writer(server);
    (void)pthread_mutex_lock(&w->lock);
    if (seq > w->durable_seq) {
        w->durable_seq = seq;
        (void)pthread_cond_broadcast(&w->finished);
    }
    (void)pthread_mutex_unlock(&w->lock);
}

void writer_release(struct writer *w)
{
    (void)pthread_mutex_lock(&w->lock);
    w->released = true;
    (void)pthread_cond_broadcast(&w->finished);
    (void)pthread_cond_broadcast(&w->ending);
    (void)pthread_mutex_unlock(&w->lock);
}

void writer_stop(struct writer *w)
{
    if (!w->store)
        return;
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    (void)pthread_cond_broadcast(&w->work);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    store_close(w->store);
    arena_free(w->scratch);
    (void)pthread_cond_destroy(&w->ending);
    (void)pthread_cond_destroy(&w->finished);
    (void)pthread_cond_destroy(&w->work);
    (void)pthread_mutex_destroy(&w->lock);
}
