/* libmicrohttpd on one side, struct request on the other.
 *
 * A few loops parse and send, each with its share of the connections. A request whose body is whole is
 * suspended and queued for the workers; a worker's answer resumes it. What is refused by its head alone (no such
 * address, too large) is answered at once, before a byte of the body is kept.
 *
 * What was decided a moment ago (see grant.h) needs no worker: a loop gathers all of it that one round brings
 * in, hands it to the writer as a whole, and goes on; the writer rings when it is durable. So a download costs no
 * change of threads of its own, and while some are recorded others come in and go out. */
#include "server/dismiss.h"
#include "server/door.h"
#include "server/grant.h"
#include "server/internal.h"
#include "server/outgoing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S \
    30U /* that a connection may keep silent; a head and a form may take twice, a file 60 times that */
#define FORM_FACTOR     2
#define UPLOAD_FACTOR   60
#define HEAD_FACTOR     2
#define LATE_CHECK_MS   250
#define MHD_LATER_S     5U           /* than we do it MHD closes what is silent */
#define HEADER_MEMORY   (16U * 1024) /* request line and headers of a connection */
#define CONNECTIONS_MAX 20000U
#define LOOPS_MAX       2U
#define CORES_A_LOOP    2 /* the writer and the workers want some, too */
#define SPARE_FILES     200U
#define SPARE_ARENAS    64U
#define SPARE_BYTES     ((size_t)64 * 1024) /* a spare arena holds no more */
#define CROWD           8U /* requests that wait to be recorded, from which on it is soon */
#define TURNS           3
#define LOOK_AGAIN_MS   2 /* at what MHD has left to do, while a commit is under way */

/* A connection on which no request has begun yet: its head is on its way, or nothing is. */
struct caller {
    struct caller *before, *next; /* in the loop's list; of none: not in it */
    struct MHD_Connection *connection;
    int64_t since_ms;
    bool listed;
};

struct loop {
    struct http *http;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int listening;
    int watched; /* MHD's epoll set */
    int bell; /* an eventfd: rung when there is something to do that MHD's set does not show … */
    atomic_bool rung;   /* … and it has not been done yet */
    atomic_bool asleep; /* or about to be: the bell must be heard */
    bool quiet;
    struct exchange *coming;           /* whose bodies are on their way */
    struct caller *oldest, *newest;    /* whose heads are, by when that began */
    struct dismissed dismissed;        /* who were refused before theirs were read */
    struct job *first, *last;          /* gathered in this round */
    unsigned waiting;                  /* connections whose request is being recorded */
    struct arena *spare[SPARE_ARENAS]; /* of requests that have ended, for others */
    unsigned nspare;
};

struct http {
    struct server *server;
    struct loop loops[LOOPS_MAX];
    unsigned nloops, nlistening;
    atomic_bool quiet; /* no new connections are taken */
    atomic_bool ending;
    struct door *door;
    uint16_t port;
};

/* --- request in --------------------------------------------------------------------------------- */
/* MHD keeps what came in a request's head until its end. */

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct request *rq = context;
    (void)kind;
    pairs_add(rq->arena, &rq->headers, str_of(key), str_of(value));
    return MHD_YES;
}

static enum MHD_Result take_cookie(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct request *rq = context;
    (void)kind;
    pairs_add(rq->arena, &rq->cookies, str_of(key), str_of(value));
    return MHD_YES;
}

static enum MHD_Result take_argument(void *context, enum MHD_ValueKind kind, const char *key,
                                     const char *value)
{
    struct request *rq = context;
    (void)kind;
    pairs_add(rq->arena, &rq->query, str_of(key), str_of(value));
    return MHD_YES;
}

static struct str peer_address(struct request *rq, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info && info->client_addr->sa_family == AF_INET)
        (void)inet_ntop(AF_INET,
                        &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
                        text, sizeof text);
    else if (info && info->client_addr->sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6,
                        &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr,
                        text, sizeof text);
    return str_copy(rq->arena, str_of(text));
}

/* Some proxies add a header of their own to the client's instead of extending it: the last one is theirs. */
static struct str last_header(const struct request *rq, const char *name)
{
    for (size_t i = rq->headers.count; i-- > 0;)
        if (strcasecmp(rq->headers.at[i].name.at, name) == 0)
            return rq->headers.at[i].value;
    return STR("");
}

/* Behind a proxy the client is the last address that the proxy added. */
static void find_address(struct request *rq, struct MHD_Connection *connection)
{
    rq->address = peer_address(rq, connection);
    if (!server_options_of(rq->server)->trust_proxy)
        return;
    struct str all = last_header(rq, "X-Forwarded-For");
    struct str one;
    while (str_split(&all, ',', &one))
        rq->address = str_trim(one);
}

static bool came_by_tls(const struct request *rq)
{
    const struct server_options *options = server_options_of(rq->server);
    return options->trust_proxy ? str_equal(last_header(rq, "X-Forwarded-Proto"), STR("https"))
                                : options->certificate != NULL;
}

static struct exchange *begin_exchange(struct loop *l, struct MHD_Connection *connection,
                                       const char *url, const char *method)
{
    struct arena *arena = l->nspare ? l->spare[--l->nspare] : arena_make();
    struct exchange *x = arena_new(arena, struct exchange);
    struct server *server = l->http->server;
    x->connection = connection;
    x->door = l->http->door;
    x->rq = (struct request){
        .arena = arena,
        .server = server,
        .loop = l,
        .connection = connection,
        .post = strcmp(method, MHD_HTTP_METHOD_POST) == 0,
        .path = str_copy(arena, str_of(url)),
        .now_ms = store_now_ms(),
    };
    x->body = (struct buf){.arena = arena};
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &x->rq);
    (void)MHD_get_connection_values(connection, MHD_COOKIE_KIND, take_cookie, &x->rq);
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, &x->rq);
    x->rq.secure = came_by_tls(&x->rq);
    return x;
}

/* What was made ahead and does not go out. */
static void forget_answer(struct exchange *x)
{
    if (x->ready)
        MHD_destroy_response(x->ready);
    x->ready = NULL;
    x->rq.answer = (struct answer){0};
}

/* What it holds besides its arena. */
static void let_go(struct exchange *x)
{
    if (x->outgoing)
        outgoing_end(server_outgoing(x->rq.server), x->outgoing_to, x->outgoing);
    forget_answer(x);
    dispatch_end(&x->rq);
}

static void end_exchange(struct exchange *x)
{
    let_go(x);
    arena_free(x->rq.arena);
}

/* The same in the loop's own thread: what is warm in its cache serves the next request. */
static void end_exchange_here(struct loop *l, struct exchange *x)
{
    struct arena *arena = x->rq.arena;
    let_go(x);
    arena_reset(arena);
    if (l->nspare < SPARE_ARENAS && arena_held(arena) <= SPARE_BYTES)
        l->spare[l->nspare++] = arena;
    else
        arena_free(arena);
}

static bool is_known_method(const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ||
           strcmp(method, MHD_HTTP_METHOD_POST) == 0;
}

/* Refuses by the head alone; true when it did. */
static bool refuse_early(struct exchange *x, const char *method)
{
    unsigned code =
        is_known_method(method) ? dispatch_find_route(&x->rq) : MHD_HTTP_METHOD_NOT_ALLOWED;
    x->body_max = x->rq.route && x->rq.route->uploads ? REQUEST_UPLOAD_MAX : REQUEST_BODY_MAX;
    if (!code)
        code = door_refuse(x->door, &x->rq, x->body_max);
    if (!code)
        return false;
    dispatch_refuse(&x->rq, code);
    x->refused = true;
    return true;
}

/* --- answer out --------------------------------------------------------------------------------- */

/* The answer as MHD sends it; NULL without memory. Its bytes lie in the exchange's arena, which ends with the
 * exchange. */
static struct MHD_Response *make_response(struct exchange *x)
{
    const struct answer *answer = &x->rq.answer;
    struct MHD_Response *response = answer->stream;
    if (!response)
        response = MHD_create_response_from_buffer(
            answer->body.len, (void *)(uintptr_t)answer->body.at, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return NULL;
    if (answer->type.len)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                      str_z(x->rq.arena, answer->type));
    for (size_t i = 0; i < answer->headers.count; i++)
        (void)MHD_add_response_header(response, str_z(x->rq.arena, answer->headers.at[i].name),
                                      str_z(x->rq.arena, answer->headers.at[i].value));
    return response;
}

/* A live stream is bounded by itself. */
static void count_outgoing(struct exchange *x)
{
    x->outgoing_to = x->rq.grant ? x->rq.grant->member : x->rq.viewer.member;
    size_t held = x->outgoing_to && !x->rq.answer.stream ? arena_held(x->rq.arena) : 0;
    x->outgoing = held > OUTGOING_COUNTED ? held : 0;
    if (x->outgoing)
        outgoing_begin(server_outgoing(x->rq.server), x->outgoing_to, x->outgoing);
}

static enum MHD_Result send_answer(struct exchange *x)
{
    struct MHD_Response *response = x->ready ? x->ready : make_response(x);
    x->ready = NULL;
    if (!response)
        return MHD_NO;
    count_outgoing(x);
    enum MHD_Result result = MHD_queue_response(x->connection, x->rq.answer.code, response);
    MHD_destroy_response(response);
    return result;
}

static void ring(struct loop *l)
{
    const uint64_t one = 1;
    if (!atomic_exchange(&l->rung, true) && atomic_load(&l->asleep))
        (void)!write(l->bell, &one, sizeof one);
}

void http_wake(struct loop *l, struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
    ring(l);
}

void http_resume(struct exchange *x)
{
    x->handled = true;
    http_wake(x->rq.loop, x->connection);
}

/* Queues a request for the workers. */
static enum MHD_Result hand_over(struct loop *l, struct exchange *x)
{
    find_address(&x->rq, x->connection);
    MHD_suspend_connection(x->connection);
    if (server_enqueue(l->http->server, x))
        return MHD_YES;
    dispatch_refuse(&x->rq, MHD_HTTP_SERVICE_UNAVAILABLE);
    http_resume(x);
    return MHD_YES;
}

/* --- what is recalled ----------------------------------------------------------------------------- */

/* A connection whose request is being recorded is left as it is, and MHD asks for the answer again in each round:
 * to park it and take it up again would cost half as much as sending the answer. Should it break meanwhile, the
 * request is lost, and the writer, who still holds its job, ends it. */

static struct exchange *exchange_of(struct job *job)
{
    return (struct exchange *)(void *)((char *)job - offsetof(struct exchange, job));
}

static void on_recorded(struct job *job)
{
    struct exchange *x = exchange_of(job);
    struct loop *to_ring = x->rings ? x->rq.loop : NULL;
    /* x may be gone as soon as it is recorded. */
    if (atomic_exchange(&x->fate, FATE_RECORDED) == FATE_LOST)
        end_exchange(x);
    if (to_ring)
        ring(to_ring);
}

/* Whether the request was decided a moment ago and waits now to be recorded. */
static bool recall(struct loop *l, struct exchange *x)
{
    if (!dispatch_recall(&x->rq, &x->job))
        return false;
    x->recalled = true;
    x->job.finished = on_recorded;
    x->job.next = l->first;
    if (!l->first)
        l->last = &x->job;
    l->first = &x->job;
    l->waiting++;
    return true;
}

/* Whether the request may be ended now; if not, on_recorded does. */
static bool may_end(struct loop *l, struct exchange *x)
{
    if (!x->recalled)
        return true;
    l->waiting--;
    return atomic_exchange(&x->fate, FATE_LOST) == FATE_RECORDED;
}

/* Hands to the writer what was gathered, and makes the answers while they are recorded: they go out when they are.
 * Nothing of an exchange whose connection broke may be touched once the writer has its job. */
static void record_gathered(struct loop *l)
{
    struct exchange *made = NULL;
    if (!l->first)
        return;
    for (struct job *job = l->first; job; job = job->next) {
        struct exchange *x = exchange_of(job);
        if (atomic_load(&x->fate) == FATE_LOST)
            continue;
        x->next = made;
        made = x;
    }
    exchange_of(l->last)->rings = true;
    writer_submit(server_writer(l->http->server), l->first, l->last);
    l->first = l->last = NULL;
    for (; made; made = made->next) {
        dispatch_deliver(&made->rq);
        made->ready = make_response(made);
    }
}

/* Where many wait for a commit it ends soon: to let others have their turn meanwhile costs less than to fall asleep
 * and be woken. */
static void await_commit(struct loop *l)
{
    for (unsigned i = 0; i < TURNS && l->waiting >= CROWD && !atomic_load(&l->rung); i++)
        (void)sched_yield();
}

/* Sleeps until a connection has something, the bell rings, or a connection has been idle for too long. */
static void wait_for_work(struct loop *l)
{
    struct pollfd all[2 + DISMISS_MOST] = {{.fd = l->watched, .events = POLLIN},
                                           {.fd = l->bell, .events = POLLIN}};
    nfds_t watched = 2 + dismiss_watch(&l->dismissed, all + 2);
    MHD_UNSIGNED_LONG_LONG ms;
    uint64_t rings;
    int wait_ms = -1;
    if (MHD_get_timeout(l->daemon, &ms))
        wait_ms = ms < INT_MAX ? (int)ms : INT_MAX;
    if ((l->coming || l->dismissed.count) && (wait_ms < 0 || wait_ms > LATE_CHECK_MS))
        wait_ms = LATE_CHECK_MS;
    if (!wait_ms && l->waiting)
        wait_ms = LOOK_AGAIN_MS;
    if (wait_ms)
        await_commit(l);
    /* Either we see here that it was rung, or who rings sees that we are asleep. */
    atomic_store(&l->asleep, true);
    if (wait_ms && !atomic_load(&l->rung) && poll(all, watched, wait_ms) > 0 && all[1].revents)
        (void)!read(l->bell, &rings, sizeof rings);
    atomic_store(&l->asleep, false);
    /* Before MHD looks at what was resumed: who resumes later rings again. */
    atomic_store(&l->rung, false);
}

/* Only in the loop's own thread, or when that has ended: MHD ends the program where it finds that somebody took
 * the listening socket out of the set before it did. */
static void quiesce(struct loop *l)
{
    if (!l->quiet)
        (void)MHD_quiesce_daemon(l->daemon);
    l->quiet = true;
}

/* --- heads and bodies that take too long ---------------------------------------------------------- */

static void begin_coming(struct loop *l, struct exchange *x)
{
    x->heard_ms = x->rq.now_ms;
    x->coming = l->coming;
    x->coming_here = &l->coming;
    if (x->coming)
        x->coming->coming_here = &x->coming;
    l->coming = x;
}

static void end_coming(struct exchange *x)
{
    if (!x->coming_here)
        return;
    *x->coming_here = x->coming;
    if (x->coming)
        x->coming->coming_here = x->coming_here;
    x->coming_here = NULL;
}

static unsigned patience(const struct loop *l)
{
    unsigned given = server_options_of(l->http->server)->patience;
    return given ? given : PATIENCE_S;
}

static bool is_late(const struct loop *l, const struct exchange *x, int64_t now_ms)
{
    int64_t silence_ms = (int64_t)patience(l) * 1000;
    int64_t most_ms = silence_ms * (x->rq.route->uploads ? UPLOAD_FACTOR : FORM_FACTOR);
    return now_ms - x->heard_ms > silence_ms || now_ms - x->rq.now_ms > most_ms;
}

static int socket_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* MHD answers no request that has not come whole, so this goes past it, and the connection ends. Where there is
 * TLS nothing can be said past it. */
static void say_late(const struct loop *l, struct MHD_Connection *connection)
{
    static const char LATE[] = "HTTP/1.1 408 Request Timeout\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 85\r\n"
                               "Retry-After: 1\r\nConnection: close\r\n\r\n"
                               "The request took too long to come; please send it again.\n"
                               "请求超时，请重试。\n";
    int fd = socket_of(connection);
    if (!server_options_of(l->http->server)->certificate)
        (void)!send(fd, LATE, sizeof LATE - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_RDWR);
}

static void give_up_late(struct loop *l)
{
    int64_t now_ms = l->coming ? store_now_ms() : 0;
    for (struct exchange *x = l->coming, *next; x; x = next) {
        next = x->coming;
        if (!is_late(l, x, now_ms))
            continue;
        end_coming(x);
        say_late(l, x->connection);
    }
}

static void list_caller(struct loop *l, struct caller *c)
{
    c->since_ms = store_now_ms();
    c->before = l->newest;
    c->next = NULL;
    c->listed = true;
    *(l->newest ? &l->newest->next : &l->oldest) = c;
    l->newest = c;
}

static void unlist_caller(struct loop *l, struct caller *c)
{
    if (!c->listed)
        return;
    *(c->before ? &c->before->next : &l->oldest) = c->next;
    *(c->next ? &c->next->before : &l->newest) = c->before;
    c->listed = false;
}

/* MHD ends connections that are silent, so who is here for longer sends a head by and by, and means to hold the
 * connection. What they send wakes the loop. */
static void give_up_slow(struct loop *l)
{
    int64_t now_ms = l->oldest ? store_now_ms() : 0;
    int64_t most_ms = (int64_t)patience(l) * 1000 * HEAD_FACTOR;
    while (l->oldest && now_ms - l->oldest->since_ms > most_ms) {
        struct caller *c = l->oldest;
        unlist_caller(l, c);
        say_late(l, c->connection);
    }
}

static void on_connection(void *context, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode code)
{
    struct loop *l = context;
    struct caller *c = *own;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        if (!(c = calloc(1, sizeof *c)))
            abort();
        c->connection = connection;
        list_caller(l, c);
        *own = c;
    } else if (c) {
        unlist_caller(l, c);
        free(c);
        *own = NULL;
    }
}

static struct caller *caller_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

static void *loop_main(void *context)
{
    struct loop *l = context;
    while (!atomic_load(&l->http->ending)) {
        wait_for_work(l);
        if (atomic_load(&l->http->quiet))
            quiesce(l);
        (void)MHD_run_wait(l->daemon, 0);
        give_up_late(l);
        give_up_slow(l);
        dismiss_drop(&l->dismissed);
        record_gathered(l);
    }
    return NULL;
}

/* --- the walk of a request ------------------------------------------------------------------------ */

/* What was recalled and is on record goes out; what has changed meanwhile is decided anew. */
static enum MHD_Result answer_recalled(struct loop *l, struct exchange *x)
{
    x->recalled = false;
    l->waiting--;
    if (x->job.status) {
        forget_answer(x);
        return hand_over(l, x);
    }
    x->handled = true;
    return send_answer(x);
}

/* All that the head announces at once: a body that grows by and by leaves behind every room that it grew out of. The
 * door has seen that it is not too much, and what is never sent takes no memory. */
static void make_room(struct exchange *x)
{
    uint64_t length = 0;
    if (str_to_u64(request_header(&x->rq, "Content-Length"), &length))
        buf_reserve(&x->body, (size_t)length);
}

/* A refusal before the body is read: MHD closes the connection after it instead of reading that. */
static enum MHD_Result send_early(struct loop *l, struct exchange *x)
{
    struct str length = request_header(&x->rq, "Content-Length");
    bool none = !length.len || str_equal(length, STR("0"));
    if (!none || request_header(&x->rq, "Transfer-Encoding").len)
        dismiss_take(&l->dismissed, socket_of(x->connection));
    return send_answer(x);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **own)
{
    struct loop *l = context;
    struct exchange *x = *own;
    (void)version;
    if (!x) {
        x = begin_exchange(l, connection, url, method);
        *own = x;
        unlist_caller(l, caller_of(connection));
        if (refuse_early(x, method))
            return send_early(l, x);
        if (x->rq.post)
            begin_coming(l, x);
        return MHD_YES;
    }
    if (x->refused)
        return MHD_YES;
    if (*upload_len) {
        x->taken += *upload_len;
        x->heard_ms = store_now_ms();
        if (!door_take(x->door, *upload_len) || x->taken > x->body_max) {
            *upload_len = 0;
            return MHD_NO;
        }
        if (!x->body.len)
            make_room(x);
        buf_add(&x->body, (struct str){upload, *upload_len});
        *upload_len = 0;
        return MHD_YES;
    }
    end_coming(x);
    if (x->handled)
        return send_answer(x);
    if (x->recalled)
        return atomic_load(&x->fate) == FATE_RECORDED ? answer_recalled(l, x) : MHD_YES;
    return recall(l, x) ? MHD_YES : hand_over(l, x);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct loop *l = context;
    struct exchange *x = *own;
    (void)code;
    if (x) {
        list_caller(l, caller_of(connection));
        end_coming(x);
        door_let_go(x->door, x->taken);
        if (may_end(l, x))
            end_exchange_here(l, x);
    }
    *own = NULL;
}

/* --- start and stop ----------------------------------------------------------------------------- */

struct place {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at;
    socklen_t len;
};

static enum status find_place(const struct server_options *options, struct place *place,
                              struct error *err)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(options->port)};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(options->port)};
    *place = (struct place){.len = sizeof six};
    if (inet_pton(AF_INET6, options->address, &six.sin6_addr) == 1) {
        place->at.six = six;
    } else if (inet_pton(AF_INET, options->address, &four.sin_addr) == 1) {
        place->at.four = four;
        place->len = sizeof four;
    } else {
        return error_set(err, STATUS_USAGE, "\"%s\" is not an address to listen on; try 127.0.0.1.",
                         "“%s”不是可监听的地址；可试 127.0.0.1。", options->address);
    }
    return STATUS_OK;
}

/* A socket that holds the place, alone or with others that share; -1 with errno when it can't. */
static int hold_place(const struct place *place, int share)
{
    const int yes = 1;
    int fd = socket(place->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || (!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) &&
                   !setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &share, sizeof share) &&
                   !bind(fd, &place->at.any, place->len)))
        return fd;
    int why = errno;
    (void)close(fd);
    errno = why;
    return -1;
}

static enum status no_port(const struct server_options *options, struct error *err)
{
    return error_set_system(err, errno, "Port %u of %s can't be used", "端口 %u（%s）无法使用",
                            options->port, options->address);
}

static unsigned count_loops(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN) / CORES_A_LOOP;
    return cores < 1 ? 1 : cores < (long)LOOPS_MAX ? (unsigned)cores : LOOPS_MAX;
}

/* Each loop listens by a socket of its own, among which the system shares out connections; from one socket whoever
 * is awake takes all that are waiting, and the other loop has none. That nobody else has the port is found out
 * first, as a port that is shared out would be given to a second server too. */
static enum status listen_at(struct http *http, const struct server_options *options,
                             struct error *err)
{
    struct place place;
    enum status status = find_place(options, &place, err);
    if (status)
        return status;
    int alone = hold_place(&place, 0);
    if (alone < 0 || getsockname(alone, &place.at.any, &place.len))
        status = no_port(options, err);
    if (alone >= 0)
        (void)close(alone);
    for (unsigned left = count_loops(); !status && left; left--) {
        int fd = hold_place(&place, 1);
        if (fd >= 0)
            http->loops[http->nlistening++].listening = fd;
        if (fd < 0 || listen(fd, 1024))
            status = no_port(options, err);
    }
    http->port =
        ntohs(place.at.any.sa_family == AF_INET6 ? place.at.six.sin6_port : place.at.four.sin_port);
    return status;
}

/* As many connections as the system lets us have files, with some left over for the database. */
static unsigned raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files))
        return 512;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur > CONNECTIONS_MAX + SPARE_FILES)
        return CONNECTIONS_MAX;
    return (unsigned)files.rlim_cur > 2 * SPARE_FILES ? (unsigned)files.rlim_cur - SPARE_FILES
                                                      : (unsigned)files.rlim_cur / 2;
}

static enum status read_pem(struct arena *arena, const char *path, struct str *pem,
                            struct error *err)
{
    FILE *file = fopen(path, "rbe");
    struct buf text = {.arena = arena};
    char piece[4096];
    size_t got;
    if (!file)
        return error_set_system(err, errno, "The TLS file %s can't be read", "无法读取 TLS 文件 %s",
                                path);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && text.len < ((size_t)1 << 20))
        buf_add(&text, (struct str){piece, got});
    (void)fclose(file);
    *pem = buf_str(&text);
    return STATUS_OK;
}

struct pem {
    struct str certificate, key;
};

static struct MHD_Daemon *make_daemon(struct loop *l, const struct pem *pem, unsigned connections)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)pem->certificate.at},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)pem->key.at},
        {MHD_OPTION_END, 0, NULL},
    };
    if (pem->certificate.len)
        flags |= MHD_USE_TLS;
    else
        tls[0] = tls[2];
    return MHD_start_daemon(
        flags, l->http->port, NULL, NULL, on_request, l, MHD_OPTION_LISTEN_SOCKET, l->listening,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, l, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        l, MHD_OPTION_CONNECTION_TIMEOUT, patience(l) + MHD_LATER_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        connections, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static enum status make_loop(struct http *http, const struct pem *pem, unsigned connections,
                             struct error *err)
{
    struct loop *l = &http->loops[http->nloops];
    l->http = http;
    l->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->daemon = l->bell < 0 ? NULL : make_daemon(l, pem, connections);
    if (!l->daemon && l->bell >= 0)
        (void)close(l->bell);
    if (!l->daemon)
        return error_set(
            err, STATUS_IO,
            "The web server can't start; check the TLS files, and that the port is free.",
            "网页服务无法启动；请检查 TLS 文件以及端口是否可用。");
    l->watched = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    http->nloops++;
    return STATUS_OK;
}

static enum status write_nothing(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    (void)store;
    (void)scratch;
    (void)context;
    (void)err;
    return STATUS_OK;
}

/* The writer does one after the other: when it has done this, it holds no request of ours any more. */
static void await_writer(struct http *http)
{
    (void)server_write(http->server, STR(""), write_nothing, NULL, NULL);
}

static void end_loops(struct http *http, unsigned count)
{
    atomic_store(&http->ending, true);
    for (unsigned i = 0; i < count; i++) {
        ring(&http->loops[i]);
        (void)pthread_join(http->loops[i].thread, NULL);
    }
    await_writer(http);
}

static enum status run_loops(struct http *http, struct error *err)
{
    for (unsigned i = 0; i < http->nloops; i++)
        if (pthread_create(&http->loops[i].thread, NULL, loop_main, &http->loops[i])) {
            end_loops(http, i);
            return error_set(err, STATUS_IO, "The system has no thread left for the web server.",
                             "系统已无可用线程，网页服务无法启动。");
        }
    return STATUS_OK;
}

static void free_http(struct http *http)
{
    for (unsigned i = 0; i < http->nloops; i++) {
        dismiss_end(&http->loops[i].dismissed);
        quiesce(&http->loops[i]); /* so that the daemon leaves its socket to us */
        MHD_stop_daemon(http->loops[i].daemon);
        (void)close(http->loops[i].bell);
        while (http->loops[i].nspare)
            arena_free(http->loops[i].spare[--http->loops[i].nspare]);
    }
    for (unsigned i = 0; i < http->nlistening; i++)
        (void)close(http->loops[i].listening);
    door_close(http->door);
    free(http);
}

enum status http_start(struct server *server, struct http **http, struct error *err)
{
    const struct server_options *options = server_options_of(server);
    struct http *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    h->server = server;
    struct arena *arena = arena_make();
    struct pem pem = {{"", 0}, {"", 0}};
    unsigned connections = raise_limits();
    enum status status = listen_at(h, options, err);
    if (!status)
        status = door_open(server, &h->door, err);
    if (!status && options->certificate)
        status = read_pem(arena, options->certificate, &pem.certificate, err);
    if (!status && options->certificate)
        status = read_pem(arena, options->key, &pem.key, err);
    while (!status && h->nloops < h->nlistening)
        status = make_loop(h, &pem, connections / h->nlistening, err);
    if (!status)
        status = run_loops(h, err);
    arena_free(arena);
    if (status) {
        free_http(h);
        return status;
    }
    *http = h;
    return STATUS_OK;
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

void http_quiesce(struct http *http)
{
    atomic_store(&http->quiet, true);
    for (unsigned i = 0; i < http->nloops; i++)
        ring(&http->loops[i]);
}

void http_stop(struct http *http)
{
    if (!http)
        return;
    end_loops(http, http->nloops);
    free_http(http);
}
