/* The server as a whole: its threads and what they share; see server.h. */
#include "server/internal.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/embed.h"
#include "server/first_run.h"
#include "server/gate.h"
#include "server/grant.h"
#include "server/hooks.h"
#include "server/indexer.h"
#include "server/letter_text.h"
#include "server/live.h"
#include "server/mail.h"
#include "server/outgoing.h"
#include "server/press.h"
#include "server/standing.h"
#include "server/timer.h"
#include "server/tracer.h"

#define WORKERS_MAX   64U
#define WORKERS_A_CPU 32U /* most wait for the writer: as many writes as wait share one commit */
#define KEPT_BYTES    (64 << 20) /* of freed memory, so that requests do not fetch it anew each time */

extern const struct embedded web_files[];

#define ERRANDS_MAX    8U
#define ASSET_PATH_MAX 96 /* bytes */

struct worker {
    struct server *server;
    struct store *store;
    pthread_t thread;
    pthread_cond_t called;
    struct exchange *given;
    struct worker *idle; /* idle for longer */
};

struct server {
    struct server_options options;
    struct arena *arena;
    struct templates *templates;
    struct presses *presses;
    struct gate *gate;
    struct grants *grants;
    struct outgoing *outgoing;
    struct timer timer;
    struct writer writer;
    struct worker workers[WORKERS_MAX];
    unsigned nworkers;
    pthread_mutex_t lock;
    struct worker *idle;           /* the latest to be */
    struct exchange *first, *last; /* for whom none was */
    atomic_bool stopping;
    struct errand *errands[ERRANDS_MAX];
    int64_t indexed; /* of the indexer */
    unsigned nerrands;
    struct mail *mail;
    struct hooks *hooks;
    struct tracer_desk *tracer;
    struct first_run *first_run;
    struct live *live;
    struct http *http;
    int folder; /* the data folder, locked while it is served; -1: not yet */
};

struct writer *server_writer(struct server *server)
{
    return &server->writer;
}

const struct templates *server_templates(const struct server *server)
{
    return server->templates;
}

const struct server_options *server_options_of(const struct server *server)
{
    return &server->options;
}

struct outgoing *server_outgoing(const struct server *server)
{
    return server->outgoing;
}

struct grants *server_grants(const struct server *server)
{
    return server->grants;
}

struct presses *server_presses(const struct server *server)
{
    return server->presses;
}

struct gate *server_gate(const struct server *server)
{
    return server->gate;
}

struct first_run *server_first_run(const struct server *server)
{
    return server->first_run;
}

const char *server_first_run_code(const struct server *server)
{
    return first_run_code(server->first_run);
}

struct live *server_live(const struct server *server)
{
    return server->live;
}

bool server_stopping(struct server *server)
{
    return atomic_load(&server->stopping);
}

uint16_t server_port(const struct server *server)
{
    return http_port(server->http);
}

/* Paths of the files of web/, in their order: made once, as every page names three of them. */
static char (*asset_paths)[ASSET_PATH_MAX];
static pthread_once_t asset_once = PTHREAD_ONCE_INIT;

static void name_assets(void)
{
    size_t count = 0;
    while (web_files[count].name)
        count++;
    asset_paths = calloc(count + 1, sizeof *asset_paths);
    if (!asset_paths)
        abort();
    for (size_t i = 0; i < count; i++) {
        char hex[DIGEST_HEX + 1];
        struct digest digest = digest_of((struct str){web_files[i].at, web_files[i].len});
        digest_to_hex(&digest, hex);
        (void)snprintf(asset_paths[i], sizeof asset_paths[i], "/assets/%s?v=%.12s",
                       web_files[i].name, hex);
    }
}

struct str server_asset(const char *name)
{
    (void)pthread_once(&asset_once, name_assets);
    for (size_t i = 0; web_files[i].name; i++)
        if (strcmp(web_files[i].name, name) == 0)
            return str_of(asset_paths[i]);
    return STR("");
}

/* --- workers ------------------------------------------------------------------------------------ */

/* Whoever went idle last is called first: its stack, its statements and its pages of the database are still at
 * hand. */
bool server_enqueue(struct server *server, struct exchange *x)
{
    (void)pthread_mutex_lock(&server->lock);
    bool takes = !server_stopping(server);
    struct worker *w = takes ? server->idle : NULL;
    x->next = NULL;
    if (w) {
        server->idle = w->idle;
        w->given = x;
        (void)pthread_cond_signal(&w->called);
    } else if (takes && server->last) {
        server->last = server->last->next = x;
    } else if (takes) {
        server->first = server->last = x;
    }
    (void)pthread_mutex_unlock(&server->lock);
    return takes;
}

/* What waits longest, or what comes next; NULL when the server stops and nothing is left. */
static struct exchange *take_exchange(struct worker *w)
{
    struct server *server = w->server;
    (void)pthread_mutex_lock(&server->lock);
    struct exchange *x = server->first;
    if (x) {
        server->first = x->next;
        if (!server->first)
            server->last = NULL;
    } else {
        w->idle = server->idle;
        server->idle = w;
        while (!w->given && !server_stopping(server))
            (void)pthread_cond_wait(&w->called, &server->lock);
        x = w->given;
        w->given = NULL;
    }
    (void)pthread_mutex_unlock(&server->lock);
    return x;
}

/* Most workers wait for a crowd that seldom comes: each opens its store when it is first called. */
static struct store *worker_store(struct worker *w, struct error *err)
{
    if (!w->store && (store_open(w->server->options.data, &w->store, err) ||
                      store_run(w->store, "PRAGMA cache_size = -4096", err))) {
        store_close(w->store);
        w->store = NULL;
    }
    return w->store;
}

static void *worker_main(void *context)
{
    struct worker *w = context;
    struct exchange *x;
    struct error err;
    while ((x = take_exchange(w))) {
        x->rq.store = worker_store(w, &err);
        if (x->rq.store)
            dispatch(&x->rq, buf_str(&x->body));
        else
            dispatch_fail(&x->rq, &err);
        x->rq.store = NULL;
        http_resume(x);
    }
    return NULL;
}

static unsigned count_workers(const struct server *server)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned wanted = server->options.workers ? server->options.workers
                                              : WORKERS_A_CPU * (unsigned)(cpus > 0 ? cpus : 1);
    return wanted < WORKERS_MAX ? wanted : WORKERS_MAX;
}

static enum status start_workers(struct server *server, struct error *err)
{
    unsigned wanted = count_workers(server);
    enum status status = STATUS_OK;
    while (!status && server->nworkers < wanted) {
        struct worker *w = &server->workers[server->nworkers];
        w->server = server;
        (void)pthread_cond_init(&w->called, NULL);
        if (pthread_create(&w->thread, NULL, worker_main, w))
            status = error_set(err, STATUS_IO, "The system has no thread left for a worker.",
                               "系统已无可用线程，工作线程无法启动。");
        server->nworkers += !status;
    }
    return status;
}

/* --- what goes on by itself --------------------------------------------------------------------- */

static enum status start_errands(struct server *server, struct error *err)
{
    const struct {
        errand_round round;
        void *context;
    } all[] = {{timer_round, &server->timer},
               {index_round, &server->indexed},
               {standing_round, NULL},
               {mail_round, server->mail},
               {hooks_round, server->hooks},
               {tracer_round, tracer_place(server->tracer, 0)},
               {tracer_round, tracer_place(server->tracer, 1)},
               {tracer_round, tracer_place(server->tracer, TRACER_QUICK)}};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof all / sizeof *all; i++) {
        status = errand_start(server, all[i].round, all[i].context,
                              &server->errands[server->nerrands], err);
        server->nerrands += !status;
    }
    return status;
}

struct mail *server_mail(const struct server *server)
{
    return server->mail;
}

struct tracer_desk *server_tracer(const struct server *server)
{
    return server->tracer;
}

/* --- start and stop ----------------------------------------------------------------------------- */

/* A template that does not fit its table would show as a hole on a page one day. */
static enum status check_pages(struct server *server, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && route_list[i]; i++) {
        const struct route *route = route_list[i];
        if (!route->page)
            continue;
        const struct field *scopes[] = {answer_shell_fields(), route->output};
        status = template_check(server->templates, route->page, scopes, 2, err);
    }
    const struct field *shell[] = {answer_shell_fields()};
    if (!status)
        status = template_check(server->templates, "layout", shell, 1, err);
    if (!status)
        status = letter_text_check(server->templates, err);
    return status;
}

/* A portal has to write: sessions, events, copies given. Said at once, and not by the first reader's page. */
static enum status check_writable(const char *data, struct error *err)
{
    struct store *store;
    enum status status = store_open(data, &store, err);
    if (status)
        return status;
    status = store_begin(store, err);
    if (!status)
        status = store_clear_keys(store, err);
    store_rollback(store);
    store_close(store);
    return status;
}

/* A second server would send every letter and message once more, and take what this one traces for left behind. A file
 * system that knows no locks is left to whoever runs it. */
static enum status take_folder(struct server *s, struct error *err)
{
    s->folder = open(s->options.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->folder < 0 || flock(s->folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return STATUS_OK;
    return error_set(
        err, STATUS_CONFLICT,
        "%s is served already: `chancery serve` runs once for a data folder. End the other "
        "one first (systemctl stop chancery).",
        "%s 已有门户在运行：同一数据文件夹只能运行一个 `chancery serve`。请先停止另一个"
        "（systemctl stop chancery）。",
        s->options.data);
}

enum status server_start(const struct server_options *options, struct server **server,
                         struct error *err)
{
    struct server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->options = *options;
    s->folder = -1;
    s->arena = arena_make();
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    s->presses = presses_make(PRESS_BYTES_MAX);
    s->gate = gate_make(count_workers(s));
    s->grants = grants_make();
    s->outgoing = outgoing_make();
    (void)pthread_mutex_init(&s->lock, NULL);
    enum status status =
        sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK
            ? error_set(err, STATUS_IO, "The cryptographic libraries can't start here.",
                        "密码学库无法在此系统上启动。")
            : STATUS_OK;
    if (!status)
        status = template_load_all(s->arena, web_files, &s->templates, err);
    if (!status)
        s->mail = mail_make(s);
    if (!status)
        s->hooks = hooks_make(s);
    if (!status)
        s->tracer = tracer_make();
    if (!status)
        status = check_pages(s, err);
    if (!status)
        status = check_writable(options->data, err);
    if (!status)
        status = take_folder(s, err);
    if (!status)
        status = writer_start(&s->writer, options->data, err);
    if (!status)
        status = first_run_make(s->arena, s->writer.store, &s->first_run, err);
    if (!status)
        status = start_workers(s, err);
    if (!status)
        status = live_start(s, &s->live, err);
    if (!status)
        status = http_start(s, &s->http, err);
    if (!status)
        status = start_errands(s, err);
    if (status) {
        server_stop(s);
        return status;
    }
    *server = s;
    return STATUS_OK;
}

/* New requests end first, then those under way, then what they write. */
void server_stop(struct server *s)
{
    if (!s)
        return;
    if (s->http)
        http_quiesce(s->http);
    (void)pthread_mutex_lock(&s->lock);
    atomic_store(&s->stopping, true);
    for (unsigned i = 0; i < s->nworkers; i++)
        (void)pthread_cond_signal(&s->workers[i].called);
    (void)pthread_mutex_unlock(&s->lock);
    if (s->writer.store)
        writer_release(&s->writer);
    for (unsigned i = 0; i < s->nworkers; i++) {
        (void)pthread_join(s->workers[i].thread, NULL);
        store_close(s->workers[i].store);
        (void)pthread_cond_destroy(&s->workers[i].called);
    }
    for (unsigned i = 0; i < s->nerrands; i++)
        errand_stop(s->errands[i]);
    mail_free(s->mail);
    hooks_free(s->hooks);
    tracer_free(s->tracer);
    live_end_streams(s->live);
    http_stop(s->http);
    live_free(s->live);
    writer_stop(&s->writer);
    (void)pthread_mutex_destroy(&s->lock);
    outgoing_free(s->outgoing);
    grants_free(s->grants);
    presses_free(s->presses);
    gate_free(s->gate);
    if (s->folder >= 0)
        (void)close(s->folder);
    arena_free(s->arena);
    free(s);
}
