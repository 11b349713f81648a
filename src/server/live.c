/* The hub and its listeners; see live.h.
 *
 * A listener is one open stream: a member, how far they have been told, and lines that wait to be sent.
 * MHD pulls; with nothing to send the connection is suspended, and the hub resumes it. A comment now and
 * then wakes each stream, so that one whose reader is gone is noticed and released.
 *
 * A stream ends with the session or token that opened it. The hub looks whether that still holds when the
 * stream begins, at every event about the member themselves, and now and then. A member has twenty at most. */
#include "server/live.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "server/internal.h"
#include "server/live_lines.h"

#define POLL_MS      250 /* how late an event of another process is seen */
#define GATHER_MS    10  /* for the events of one moment to be told in one round */
#define HEARTBEAT_MS 15000
#define WAITING_MAX  ((size_t)256 * 1024) /* a reader further behind than this must come again */
#define BLOCK_BYTES  4096
#define STREAMS_MAX  20U /* of one member */

/* One that has just come may be behind: it is caught up in the next round, and from then on is where the hub
 * is. So a round that concerns nobody looks at no listener. */
enum standing { STANDING_NEW, STANDING_CATCHING_UP, STANDING_CURRENT };

struct listener {
    struct listener *next, *before;
    struct live *live;
    struct loop *loop;
    struct MHD_Connection *connection;
    int64_t member;
    struct digest opened_by; /* hash of the session or token */
    bool by_token;
    enum lang lang;
    int64_t seq; /* told up to here, until it is current */
    enum standing standing;
    char *waiting;
    size_t len, cap, sent;
    bool suspended, ending;
};

struct live {
    struct server *server;
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    struct listener *first;
    unsigned nnew;
    int64_t told; /* everybody current is told up to here; the hub's own */
    bool stopping;
};

/* --- one stream; the hub's lock is held ----------------------------------------------------------- */

static void wake(struct listener *l)
{
    if (!l->suspended)
        return;
    l->suspended = false;
    http_wake(l->loop, l->connection);
}

static void push(struct listener *l, struct str line)
{
    if (l->sent == l->len)
        l->sent = l->len = 0;
    if (l->len - l->sent + line.len > WAITING_MAX) {
        l->ending = true; /* it comes back with Last-Event-ID and is told the rest */
    } else {
        if (l->len + line.len > l->cap) {
            size_t cap = (l->len + line.len) * 2;
            char *more = realloc(l->waiting, cap);
            if (!more)
                abort();
            l->waiting = more;
            l->cap = cap;
        }
        memcpy(l->waiting + l->len, line.at, line.len);
        l->len += line.len;
    }
    wake(l);
}

/* Nothing that waits is told any more. */
static void end_stream(struct listener *l)
{
    l->sent = l->len = 0;
    l->ending = true;
    wake(l);
}

static ssize_t on_pull(void *context, uint64_t at, char *to, size_t room)
{
    struct listener *l = context;
    (void)at;
    (void)pthread_mutex_lock(&l->live->lock);
    size_t part = l->len - l->sent < room ? l->len - l->sent : room;
    ssize_t given = (ssize_t)part;
    memcpy(to, l->waiting + l->sent, part);
    l->sent += part;
    if (part == 0 && (l->ending || l->live->stopping)) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (part == 0) {
        l->suspended = true;
        MHD_suspend_connection(l->connection);
    }
    (void)pthread_mutex_unlock(&l->live->lock);
    return given;
}

static void on_end(void *context)
{
    struct listener *l = context;
    struct live *live = l->live;
    (void)pthread_mutex_lock(&live->lock);
    live->nnew -= l->standing == STANDING_NEW;
    if (l->before)
        l->before->next = l->next;
    else
        live->first = l->next;
    if (l->next)
        l->next->before = l->before;
    (void)pthread_mutex_unlock(&live->lock);
    free(l->waiting);
    free(l);
}

/* One member must not hold all the connections that there are: their oldest stream makes room. The newest stand
 * first. */
static void make_room(struct live *live, int64_t member)
{
    struct listener *oldest = NULL;
    unsigned count = 0;
    for (struct listener *l = live->first; l; l = l->next) {
        if (l->member != member || l->ending)
            continue;
        oldest = l;
        count++;
    }
    if (count >= STREAMS_MAX)
        end_stream(oldest);
}

enum status live_answer(struct request *rq, struct error *err)
{
    struct live *live = server_live(rq->server);
    struct listener *l = calloc(1, sizeof *l);
    uint64_t told = 0;
    (void)err;
    if (!l)
        abort();
    int64_t newest = 0;
    (void)store_newest_event(rq->store, &newest, NULL);
    struct str last = request_header(rq, "Last-Event-ID");
    last = last.len ? last : request_input(rq, "after");
    bool resumes = last.len && str_to_u64(last, &told) && told <= (uint64_t)newest;
    *l = (struct listener){.live = live,
                           .loop = rq->loop,
                           .connection = rq->connection,
                           .member = rq->viewer.member,
                           .opened_by = rq->viewer.session,
                           .by_token = rq->viewer.by_token,
                           .lang = rq->lang,
                           .seq = resumes ? (int64_t)told : newest};
    rq->answer.code = 200;
    rq->answer.type = STR("text/event-stream; charset=utf-8");
    rq->answer.stream =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_pull, l, on_end);
    answer_header(rq, "Cache-Control", STR("no-store"));
    answer_header(rq, "X-Accel-Buffering", STR("no"));
    (void)pthread_mutex_lock(&live->lock);
    make_room(live, l->member);
    l->next = live->first;
    if (live->first)
        live->first->before = l;
    live->first = l;
    live->nnew++;
    push(l, STR("retry: 2000\n\n"));
    (void)pthread_mutex_unlock(&live->lock);
    return STATUS_OK;
}

/* --- the hub ------------------------------------------------------------------------------------- */

/* Whether what opened a stream still holds. The hub's lock is held. */
static bool may_listen(struct live *live, const struct listener *l)
{
    struct query *q = query_start(
        live->store, l->by_token
                         ? "SELECT 1 FROM token t JOIN account a ON a.member = t.member"
                           " WHERE t.hash = ?1 AND t.ended_ms IS NULL AND a.suspended_ms IS NULL"
                           " AND ?2 > 0"
                         : "SELECT 1 FROM session s JOIN account a ON a.member = s.member"
                           " WHERE s.hash = ?1 AND s.expires_ms > ?2 AND a.suspended_ms IS NULL");
    query_bind_blob(q, 1, digest_bytes(&l->opened_by));
    query_bind_int(q, 2, store_now_ms());
    bool may = query_row(q);
    return query_end(q, NULL) || may; /* a database in trouble has ended nobody's session */
}

/* Ends the streams of a member (0: of everybody) whose session or token is over. */
static void end_strangers(struct live *live, int64_t member)
{
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l; l = l->next)
        if ((!member || l->member == member) && !l->ending && !may_listen(live, l))
            end_stream(l);
    (void)pthread_mutex_unlock(&live->lock);
}

/* Takes those who are new into the round; gives where it must begin, past all events while nobody listens: an idle
 * portal reads none. What opened their stream may be over since they were let in, and its event told before they
 * came. */
static int64_t begin_round(struct live *live, bool *anybody)
{
    (void)pthread_mutex_lock(&live->lock);
    int64_t least = live->first ? live->told : INT64_MAX;
    *anybody = live->nnew > 0;
    for (struct listener *l = live->nnew ? live->first : NULL; l; l = l->next) {
        if (l->standing != STANDING_NEW)
            continue;
        l->standing = STANDING_CATCHING_UP;
        if (!may_listen(live, l))
            end_stream(l);
        least = l->seq < least ? l->seq : least;
    }
    live->nnew = 0;
    (void)pthread_mutex_unlock(&live->lock);
    return least;
}

/* Who was caught up is where the hub is, unless the round broke off. */
static void end_round(struct live *live, bool whole)
{
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l; l = l->next) {
        if (l->standing != STANDING_CATCHING_UP)
            continue;
        l->standing = whole ? STANDING_CURRENT : STANDING_NEW;
        live->nnew += !whole;
    }
    (void)pthread_mutex_unlock(&live->lock);
}

struct telling {
    struct live *live;
    struct arena *arena;
};

static bool knows(const struct live *live, const struct listener *l, int64_t seq)
{
    return l->standing == STANDING_NEW ||
           (l->standing == STANDING_CURRENT ? live->told : l->seq) >= seq;
}

/* Passes one event on to everybody it concerns and who has not been told of it. */
static bool tell_event(void *context, const struct event *event)
{
    struct telling *t = context;
    struct live *live = t->live;
    struct live_line line;
    int64_t ended = live_member_of(event);
    if (ended)
        end_strangers(live, ended);
    arena_reset(t->arena);
    bool concerns = live_line_make(t->arena, live->store, event, &line);
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = concerns ? live->first : NULL; l; l = l->next) {
        if (knows(live, l, event->seq))
            continue;
        l->seq = event->seq;
        struct str told = live_line_for(&line, l->member, l->lang);
        if (told.len && !l->ending)
            push(l, told);
    }
    live->told = event->seq > live->told ? event->seq : live->told;
    bool more = !live->stopping;
    (void)pthread_mutex_unlock(&live->lock);
    return more;
}

void live_tell(struct live *live, const struct live_line *line)
{
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l && !live->stopping; l = l->next)
        if (live_line_concerns(line, l->member))
            push(l, line->text[l->lang]);
    (void)pthread_mutex_unlock(&live->lock);
}

static void run_round(struct live *live, struct telling *telling)
{
    int64_t newest = live->told;
    bool anybody;
    int64_t from = begin_round(live, &anybody);
    if (store_newest_event(live->store, &newest, NULL) || newest < live->told)
        newest = live->told;
    enum status status = STATUS_OK;
    if (newest > from)
        status = live_list_events(live->store, from, newest, tell_event, telling);
    if (!status)
        live->told = newest;
    if (anybody)
        end_round(live, !status);
    server_note_events(live->server, live->told);
}

static void beat(struct live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l; l = l->next)
        push(l, STR(":\n\n"));
    (void)pthread_mutex_unlock(&live->lock);
}

static void *live_main(void *context)
{
    struct live *live = context;
    struct telling telling = {live, arena_make()};
    int64_t last_beat = store_now_ms();
    live->told = server_wait_events(live->server, -1, 0);
    while (!server_stopping(live->server)) {
        (void)server_wait_events(live->server, live->told, store_now_ms() + POLL_MS);
        run_round(live, &telling);
        server_wait(live->server, store_now_ms() + GATHER_MS);
        if (store_now_ms() - last_beat >= HEARTBEAT_MS) {
            end_strangers(live, 0); /* sessions run out without an event */
            beat(live);
            last_beat = store_now_ms();
        }
    }
    arena_free(telling.arena);
    return NULL;
}

enum status live_start(struct server *server, struct live **live, struct error *err)
{
    struct live *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->server = server;
    (void)pthread_mutex_init(&l->lock, NULL);
    enum status status = store_open(server_options_of(server)->data, &l->store, err);
    if (!status)
        status = store_follow(l->store, err);
    if (!status && pthread_create(&l->thread, NULL, live_main, l)) {
        store_close(l->store);
        status = error_set(err, STATUS_IO, "The system has no thread left for live lines.",
                           "系统已无可用线程，实时推送无法启动。");
    }
    if (status) {
        (void)pthread_mutex_destroy(&l->lock);
        free(l);
        return status;
    }
    *live = l;
    return STATUS_OK;
}

void live_end_streams(struct live *live)
{
    if (!live)
        return;
    (void)pthread_mutex_lock(&live->lock);
    live->stopping = true;
    for (struct listener *l = live->first; l; l = l->next)
        wake(l);
    (void)pthread_mutex_unlock(&live->lock);
    (void)pthread_join(live->thread, NULL);
    store_close(live->store);
}

void live_free(struct live *live)
{
    if (!live)
        return;
    (void)pthread_mutex_destroy(&live->lock);
    free(live);
}
