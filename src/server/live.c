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

#include "library/token.h"
#include "server/internal.h"
#include "server/live_lines.h"

#define POLL_MS      250 /* how late an event of another process is seen */
#define GATHER_MS    10  /* for the events of one moment to be told in one round */
#define HEARTBEAT_MS 15000
#define WAITING_MAX  ((size_t)256 * 1024) /* a reader further behind than this must come again */
#define BLOCK_BYTES  4096
#define STREAMS_MAX  20U    /* of one member */
#define BACK_MOST    100000 /* events of the record that one who comes back may have missed */
#define BACK_NEAR    500    /* … who is not further behind goes before others */
#define CATCH_UP_MS  50     /* of a round, for those who are behind */

/* One that has just come may be behind: it is caught up, and from then on is where the hub is. So a round that
 * concerns nobody looks at no listener. */
enum standing { STANDING_NEW, STANDING_BEHIND, STANDING_CURRENT };

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
    unsigned nbehind; /* and new */
    int64_t told;     /* everybody current is told up to here; the hub's own */
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
    live->nbehind -= l->standing != STANDING_CURRENT;
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
                           .seq = !resumes                             ? newest
                                  : newest - (int64_t)told > BACK_MOST ? newest - BACK_MOST
                                                                       : (int64_t)told};
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
    live->nbehind++;
    push(l, STR("retry: 2000\n\n"));
    (void)pthread_mutex_unlock(&live->lock);
    return STATUS_OK;
}

/* --- the hub ------------------------------------------------------------------------------------- */

/* Whether what opened a stream still holds. The hub's lock is held. */
static bool may_listen(struct live *live, const struct listener *l)
{
    struct query *q = query_start(
        live->store,
        l->by_token
            ? "SELECT 1 FROM token t JOIN account a ON a.member = t.member"
              " WHERE t.hash = ?1 AND " TOKEN_HOLDS_SQL("t", "?2") " AND a.suspended_ms IS NULL"
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

struct telling {
    struct live *live;
    struct arena *arena;
    enum standing whom;
    int64_t from;     /* and who knows so much already */
    int64_t until_ms; /* the round breaks off then; 0: it does not */
    bool broke_off;
};

static bool knows(const struct live *live, const struct listener *l, int64_t seq)
{
    return (l->standing == STANDING_CURRENT ? live->told : l->seq) >= seq;
}

/* Passes one event on to everybody of the round whom it concerns and who has not been told of it. */
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
    bool looks = concerns || t->whom == STANDING_BEHIND; /* they know how far they have come */
    for (struct listener *l = looks ? live->first : NULL; l; l = l->next) {
        if (l->standing != t->whom || l->seq < t->from || knows(live, l, event->seq))
            continue;
        l->seq = event->seq;
        struct str told = live_line_for(&line, l->member, l->lang);
        if (told.len && !l->ending)
            push(l, told);
    }
    live->told = event->seq > live->told ? event->seq : live->told;
    bool more = !live->stopping;
    (void)pthread_mutex_unlock(&live->lock);
    t->broke_off = t->until_ms && store_now_ms() >= t->until_ms;
    return more && !t->broke_off;
}

/* Those who are current are told what is new. An idle portal reads no events. */
static void tell_new(struct live *live, struct arena *arena)
{
    struct telling telling = {.live = live, .arena = arena, .whom = STANDING_CURRENT};
    int64_t newest = live->told;
    (void)pthread_mutex_lock(&live->lock);
    bool anybody = live->first != NULL;
    (void)pthread_mutex_unlock(&live->lock);
    enum status status = store_newest_event(live->store, &newest, NULL);
    if (!status && anybody && newest > live->told)
        status = live_list_events(live->store, live->told, newest, tell_event, &telling);
    if (!status && newest > live->told)
        live->told = newest;
}

/* Gives from where those who are behind miss something: those who are near, if any. What opened the stream of one who is
 * new may be over since they were let in, and its event told before they came. */
static int64_t begin_catching_up(struct live *live)
{
    int64_t near = INT64_MAX;
    int64_t far = INT64_MAX;
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l; l = l->next) {
        enum standing was = l->standing;
        if (was == STANDING_NEW && !may_listen(live, l))
            end_stream(l);
        if (was == STANDING_NEW)
            l->standing = l->seq == live->told ? STANDING_CURRENT : STANDING_BEHIND;
        live->nbehind -= was == STANDING_NEW && l->standing == STANDING_CURRENT;
        int64_t *least = live->told - l->seq <= BACK_NEAR ? &near : &far;
        if (l->standing == STANDING_BEHIND && !l->ending && l->seq < *least)
            *least = l->seq;
    }
    (void)pthread_mutex_unlock(&live->lock);
    return near < INT64_MAX ? near : far;
}

/* Who has been told all is where the hub is, unless they know of more already than the hub does. */
static void end_catching_up(struct live *live, int64_t from)
{
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l; l = l->next) {
        bool caught_up = l->ending || (l->seq >= from && l->seq <= live->told);
        if (l->standing != STANDING_BEHIND || !caught_up)
            continue;
        l->standing = STANDING_CURRENT;
        live->nbehind--;
    }
    (void)pthread_mutex_unlock(&live->lock);
}

/* Those who are behind are told what they missed together, after everybody else and a little at a time: who asks for
 * much keeps nobody else waiting. True where more is to be told. */
static bool catch_up(struct live *live, struct arena *arena)
{
    struct telling telling = {.live = live,
                              .arena = arena,
                              .whom = STANDING_BEHIND,
                              .from = begin_catching_up(live),
                              .until_ms = store_now_ms() + CATCH_UP_MS};
    enum status status = STATUS_OK;
    if (telling.from < live->told)
        status = live_list_events(live->store, telling.from, live->told, tell_event, &telling);
    if (!status && !telling.broke_off)
        end_catching_up(live, telling.from);
    return telling.broke_off;
}

static bool anybody_is_behind(struct live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    bool behind = live->nbehind > 0;
    (void)pthread_mutex_unlock(&live->lock);
    return behind;
}

/* True where more is to be told at once. */
static bool run_round(struct live *live, struct arena *arena)
{
    tell_new(live, arena);
    bool more = anybody_is_behind(live) && catch_up(live, arena);
    server_note_events(live->server, live->told);
    return more;
}

void live_tell(struct live *live, const struct live_line *line)
{
    (void)pthread_mutex_lock(&live->lock);
    for (struct listener *l = live->first; l && !live->stopping; l = l->next)
        if (!l->ending && live_line_concerns(line, l->member))
            push(l, line->text[l->lang]);
    (void)pthread_mutex_unlock(&live->lock);
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
    struct arena *arena = arena_make();
    int64_t last_beat = store_now_ms();
    bool more = false;
    live->told = server_wait_events(live->server, -1, 0);
    while (!server_stopping(live->server)) {
        if (!more)
            (void)server_wait_events(live->server, live->told, store_now_ms() + POLL_MS);
        more = run_round(live, arena);
        server_wait(live->server, store_now_ms() + GATHER_MS);
        if (store_now_ms() - last_beat >= HEARTBEAT_MS) {
            end_strangers(live, 0); /* sessions run out without an event */
            beat(live);
            last_beat = store_now_ms();
        }
    }
    arena_free(arena);
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
    if (!status && pthread_create(&l->thread, NULL, live_main, l))
        status = error_set(err, STATUS_IO, "The system has no thread left for live lines.",
                           "系统已无可用线程，实时推送无法启动。");
    if (status) {
        store_close(l->store);
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
