/* Webhooks; see hooks.h.
 *
 * Each hook has one delivery on its way at most, which keeps their order, and all hooks have theirs at the same time: a
 * receiver that takes its time, or says nothing at all, holds nobody else up. */
#include "server/hooks.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "library/setting.h"
#include "server/internal.h"
#include "server/letter_text.h"
#include "server/reach.h"

#define ROUND_MS        60000
#define CONNECT_SECONDS 5L
#define SECONDS         10L
#define ANSWER_MAX      ((size_t)64 * 1024)
#define HOOKS_MAX       100
#define LOOK_MS         100 /* for what is new, while something is on its way */
#define GIVE_UP_MS      ((int64_t)24 * 3600 * 1000)
#define CURSOR_SLACK    4096

/* Publications that readers are not told of stay untold here too. */
#define WANTS_SQL                                                                   \
    " FROM event e JOIN hook h ON h.ended_ms IS NULL AND e.time_ms >= h.created_ms" \
    " AND instr(' ' || h.kinds || ' ', ' ' || e.kind || ' ') > 0"                   \
    " WHERE e.seq > ?1 AND e.seq <= ?2 AND NOT (e.kind = 'paper.published'"         \
    " AND coalesce(json_extract(e.data, '$.announced'), 1) = 0)"

const struct hook_kind hook_kinds[] = {
    {"paper.published", "a paper or a new edition is published", "发布文稿或新版本"},
    {"paper.withdrawn", "a paper is withdrawn", "撤回文稿"},
    {"paper.restored", "a withdrawn paper is open again", "恢复已撤回的文稿"},
    {"copies.revoked", "copies are revoked", "撤销副本"},
    {"revocation.lifted", "revoked copies are open again", "解除对副本的撤销"},
    {"post.made", "somebody posts in a group or under a paper", "群组内或文稿下有新帖"},
    {"subscription.made", "a subscription is given or redeemed", "新增订阅"},
    {"subscription.paused", "a subscription is paused", "暂停订阅"},
    {"subscription.resumed", "a subscription is resumed", "恢复订阅"},
    {"subscription.ended", "a subscription is ended", "终止订阅"},
    {"subscription.imported", "subscriptions are imported from a file", "批量导入订阅"},
    {"member.added", "a member is added", "新增成员"},
    {"member.imported", "members are imported from a file", "批量导入成员"},
    {"group.made", "a group is made", "创建群组"},
    {"group.closed", "a group is closed", "关闭群组"},
    {"notice.changed", "a notice changes its wording", "须知内容变更"},
    {"trace.made", "a trace is made", "完成一次追踪"},
    {0},
};

struct delivery {
    int64_t hook, event, tries, created_ms;
    struct str key, url, salt;
    struct str kind, subject; /* of the event */
    int64_t time_ms;
};

/* A delivery on its way, in an arena of its own. */
struct flight {
    struct flight *next;
    struct arena *arena;
    struct delivery of;
    CURL *curl;
    struct curl_slist *headers;
    enum reach reach;
    bool out_of_reach; /* the connection was not allowed */
    size_t answered;   /* bytes */
};

struct hooks {
    struct server *server;
    CURLM *multi;
    struct flight *flights;
    int64_t seen, noted;
    bool knows_seen;
    enum reach reach;
};

struct hooks *hooks_make(struct server *server)
{
    struct hooks *hooks = calloc(1, sizeof *hooks);
    if (!hooks || !(hooks->multi = curl_multi_init()))
        abort();
    hooks->server = server;
    return hooks;
}

static struct flight *begin_flight(struct hooks *hooks)
{
    struct arena *arena = arena_make();
    struct flight *f = arena_new(arena, struct flight);
    f->arena = arena;
    f->reach = hooks->reach;
    f->next = hooks->flights;
    hooks->flights = f;
    return f;
}

static void end_flight(struct hooks *hooks, struct flight *f)
{
    struct flight **at = &hooks->flights;
    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    if (f->curl) {
        (void)curl_multi_remove_handle(hooks->multi, f->curl);
        curl_easy_cleanup(f->curl);
    }
    curl_slist_free_all(f->headers);
    arena_free(f->arena);
}

void hooks_free(struct hooks *hooks)
{
    if (!hooks)
        return;
    while (hooks->flights)
        end_flight(hooks, hooks->flights);
    (void)curl_multi_cleanup(hooks->multi);
    free(hooks);
}

/* --- from events to deliveries ------------------------------------------------------------------- */

static enum status keep_cursor(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const int64_t *seq = context;
    (void)scratch;
    return store_keep_cursor(store, STR("hook"), *seq, err);
}

static bool find_cursor(struct hooks *hooks, struct store *store)
{
    if (hooks->knows_seen)
        return true;
    bool found;
    int64_t seq;
    if (store_find_cursor(store, STR("hook"), &found, &seq, NULL))
        return false;
    hooks->seen = hooks->noted = found ? seq : server_wait_events(hooks->server, -1, 0);
    hooks->knows_seen =
        found || !server_write(hooks->server, STR(""), keep_cursor, &hooks->seen, NULL);
    return hooks->knows_seen;
}

/* What lets waiting deliveries go at once: a new secret, for those of its hook; other reach. */
#define MENDED_SQL                                                                \
    " FROM event e WHERE e.seq > ?1 AND e.seq <= ?2 AND (e.kind = 'hook.rotated'" \
    " OR (e.kind = 'setting.changed' AND e.subject = 'hooks.reach'))"

struct span {
    int64_t after, newest;
};

static enum status end_waits(struct store *store, const struct span *span, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE delivery SET due_ms = ?3 WHERE due_ms > ?3 AND done_ms IS NULL"
                           " AND ended_ms IS NULL AND EXISTS (SELECT 1" MENDED_SQL
                           " AND e.subject IN ('hooks.reach', 'H' || hook))");
    query_bind_int(q, 1, span->after);
    query_bind_int(q, 2, span->newest);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

static enum status queue_span(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct span *span = context;
    struct query *q =
        query_start(store, "INSERT OR IGNORE INTO delivery (hook, event, created_ms, due_ms)"
                           " SELECT h.id, e.seq, ?3, ?3" WANTS_SQL);
    query_bind_int(q, 1, span->after);
    query_bind_int(q, 2, span->newest);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status)
        status = end_waits(store, span, err);
    return status ? status : keep_cursor(store, scratch, &span->newest, err);
}

static bool is_wanted(struct store *store, const struct span *span)
{
    struct query *q =
        query_start(store, "SELECT 1" WANTS_SQL " UNION ALL SELECT 1" MENDED_SQL " LIMIT 1");
    query_bind_int(q, 1, span->after);
    query_bind_int(q, 2, span->newest);
    bool wanted = query_row(q);
    return query_end(q, NULL) || wanted;
}

static enum status read_events(struct hooks *hooks, struct store *store, struct error *err)
{
    struct span span = {.newest = server_wait_events(hooks->server, -1, 0)};
    if (!find_cursor(hooks, store) || span.newest <= hooks->seen)
        return STATUS_OK;
    span.after = hooks->seen;
    enum status status = STATUS_OK;
    if (is_wanted(store, &span) || span.newest - hooks->noted > CURSOR_SLACK) {
        status = server_write(hooks->server, STR(""), queue_span, &span, err);
        hooks->noted = status ? hooks->noted : span.newest;
    }
    hooks->seen = status ? hooks->seen : span.newest;
    return status;
}

/* --- one delivery --------------------------------------------------------------------------------- */

static struct digest key_of(struct store *store, struct str salt)
{
    const struct digest *secret = store_secret(store);
    struct digest key = digest_derive(digest_bytes(secret), STR("chancery hook"));
    return digest_keyed(digest_bytes(&key), salt);
}

static struct str base64(struct arena *arena, const struct digest *digest)
{
    char text[sodium_base64_ENCODED_LEN(DIGEST_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    (void)sodium_bin2base64(text, sizeof text, digest->bytes, DIGEST_BYTES,
                            sodium_base64_VARIANT_ORIGINAL);
    return str_copy(arena, str_of(text));
}

struct str hook_secret(struct arena *arena, struct store *store, struct str salt)
{
    struct digest key = key_of(store, salt);
    return str_format(arena, "whsec_%s", base64(arena, &key).at);
}

/* What an event is about, by the letter of its subject: what it is called, and where the owner of the hook looks
 * at it. ?1 is its number, ?2 the event's kind. */
static const struct {
    char letter;
    const char *sql;
} SUBJECTS[] = {
    {'P', "SELECT e.title, '/papers/' || o.key || iif(?2 = 'post.made', '/talk', '') FROM edition e"
          " JOIN offer o ON o.paper = e.paper WHERE e.paper = ?1 ORDER BY e.number DESC LIMIT 1"},
    {'G', "SELECT name, '/groups/' || key || iif(?2 = 'post.made', '/talk', '') FROM \"group\""
          " WHERE id = ?1"},
    {'S', "SELECT p.name, '/subscribers' FROM subscription s JOIN plan p ON p.id = s.plan"
          " WHERE s.id = ?1 AND ?2 <> ''"},
};

static enum status add_subject(struct buf *body, struct hooks *hooks, struct store *store,
                               const struct delivery *d, struct error *err)
{
    struct str site;
    uint64_t number = 0;
    const char *sql = NULL;
    for (size_t i = 0; i < sizeof SUBJECTS / sizeof *SUBJECTS; i++)
        if (d->subject.len && d->subject.at[0] == SUBJECTS[i].letter)
            sql = SUBJECTS[i].sql;
    if (!sql || !str_to_u64(str_slice(d->subject, 1, d->subject.len), &number))
        return STATUS_OK;
    enum status status = letter_site_url(body->arena, hooks->server, store, &site, err);
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, (int64_t)number);
    query_bind_str(q, 2, d->kind);
    if (!status && query_row(q)) {
        buf_add(body, STR(",\"title\":"));
        field_write_json_text(body, query_str(q, 0));
        buf_add(body, STR(",\"url\":"));
        field_write_json_text(
            body, str_format(body->arena, "%.*s%.*s", STR_ARG(site), STR_ARG(query_str(q, 1))));
    }
    enum status ended = query_end(q, status ? NULL : err);
    return status ? status : ended;
}

/* Whose copies are revoked is between them and the stewards. */
static bool names_somebody(const struct delivery *d)
{
    bool revoking =
        str_equal(d->kind, STR("copies.revoked")) || str_equal(d->kind, STR("revocation.lifted"));
    return revoking && str_starts(d->subject, STR("M"));
}

static enum status write_body(struct buf *body, struct hooks *hooks, struct store *store,
                              const struct delivery *d, struct error *err)
{
    buf_add(body, STR("{\"type\":"));
    field_write_json_text(body, d->kind);
    buf_add(body, STR(",\"timestamp\":\""));
    field_write_rfc3339(body, d->time_ms);
    buf_format(body, "\",\"data\":{\"event\":%" PRId64 ",\"subject\":", d->event);
    field_write_json_text(body, names_somebody(d) ? STR("") : d->subject);
    enum status status = add_subject(body, hooks, store, d, err);
    buf_add(body, STR("}}\n"));
    return status;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct flight *f = context;
    (void)purpose;
    if (!reach_allows(&to->addr, f->reach)) {
        f->out_of_reach = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* What a receiver answers is not kept, and not waited for without end. */
static size_t drop_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct flight *f = context;
    (void)bytes;
    f->answered += size * count;
    return f->answered > ANSWER_MAX ? 0 : size * count;
}

static struct curl_slist *add_header(struct curl_slist *list, struct str line)
{
    struct curl_slist *longer = curl_slist_append(list, line.at);
    if (!longer)
        abort();
    return longer;
}

static struct curl_slist *make_headers(struct arena *arena, struct store *store,
                                       const struct delivery *d, struct str body)
{
    int64_t seconds = store_now_ms() / 1000;
    struct str id = str_format(arena, "%.*s.%" PRId64, STR_ARG(d->key), d->event);
    struct str text =
        str_format(arena, "%.*s.%" PRId64 ".%.*s", STR_ARG(id), seconds, STR_ARG(body));
    struct digest key = key_of(store, d->salt);
    struct digest mac = digest_keyed(digest_bytes(&key), text);
    struct curl_slist *list = add_header(NULL, STR("Content-Type: application/json"));
    list = add_header(list, STR("Expect:"));
    list = add_header(list, str_format(arena, "webhook-id: %.*s", STR_ARG(id)));
    list = add_header(list, str_format(arena, "webhook-timestamp: %" PRId64, seconds));
    return add_header(list, str_format(arena, "webhook-signature: v1,%s", base64(arena, &mac).at));
}

static void set_options(struct flight *f, struct str body)
{
    CURL *curl = f->curl;
    (void)curl_easy_setopt(curl, CURLOPT_URL, str_z(f->arena, f->of.url));
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "Chancery");
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, f->headers);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.at);
    /* A connection that is kept would go on after the setting of what is in reach has changed. */
    (void)curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, f);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_bytes);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
    (void)curl_easy_setopt(curl, CURLOPT_PRIVATE, f);
}

/* Sends it off. False when its address is none that may be sent to: *said has why. */
static bool send_off(struct hooks *hooks, struct store *store, struct flight *f, struct str body,
                     struct str *said)
{
    struct str normal;
    struct error err;
    if (reach_check_url(f->arena, f->of.url, f->reach, &normal, &err)) {
        *said = str_copy(f->arena, str_of(err.en));
        return false;
    }
    f->headers = make_headers(f->arena, store, &f->of, body);
    f->curl = curl_easy_init();
    if (!f->curl)
        abort();
    set_options(f, body);
    (void)curl_multi_add_handle(hooks->multi, f->curl);
    return true;
}

/* True when the receiver took it; else *said has why not. */
static bool was_taken(struct flight *f, CURLcode result, struct str *said)
{
    long code = 0;
    (void)curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &code);
    if (code >= 200 && code < 300)
        return true;
    if (f->out_of_reach)
        *said = STR("not sent: the address leads into a network that hooks.reach leaves out");
    else if (code)
        *said = str_format(f->arena, "HTTP %ld", code);
    else
        *said = str_of(curl_easy_strerror(result));
    return false;
}

/* --- deliveries in order --------------------------------------------------------------------------- */

struct result {
    const struct delivery *of;
    int64_t now_ms, due_ms;
    bool done, gives_up;
    struct str failed;
};

/* A receiver that takes a test takes what waits for it. */
static enum status wait_no_more(struct store *store, const struct result *r, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE delivery SET due_ms = ?2 WHERE hook = ?1"
                           " AND due_ms > ?2 AND done_ms IS NULL AND ended_ms IS NULL");
    query_bind_int(q, 1, r->of->hook);
    query_bind_int(q, 2, r->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_result(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct result *r = context;
    (void)scratch;
    struct query *q = query_start(
        store, "UPDATE delivery SET done_ms = iif(?3, ?4, NULL), ended_ms = iif(?5, ?4, NULL),"
               " due_ms = ?6, tries = tries + 1, failed = ?7 WHERE hook = ?1 AND event = ?2");
    query_bind_int(q, 1, r->of->hook);
    query_bind_int(q, 2, r->of->event);
    query_bind_int(q, 3, r->done);
    query_bind_int(q, 4, r->now_ms);
    query_bind_int(q, 5, r->gives_up);
    query_bind_int(q, 6, r->due_ms);
    query_bind_str(q, 7, r->failed);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status || !r->done ? status : wait_no_more(store, r, err);
}

static int64_t wait_ms(int64_t tries)
{
    static const int64_t seconds[] = {5, 30, 120, 600, 1800, 3600, 7200};
    int64_t last = (int64_t)(sizeof seconds / sizeof *seconds) - 1;
    return seconds[tries < last ? tries : last] * 1000;
}

/* The first delivery of a hook that is not over, tests before events. False when there is none, or it is
 * not due. */
static bool next_delivery(struct store *store, struct arena *arena, int64_t hook,
                          struct delivery *d, enum status *status, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT d.event, d.tries, d.created_ms, h.key, h.url, h.salt,"
        " coalesce(e.kind, 'test'), coalesce(e.subject, ''), coalesce(e.time_ms, d.created_ms),"
        " d.due_ms FROM delivery d JOIN hook h ON h.id = d.hook"
        " LEFT JOIN event e ON e.seq = d.event WHERE d.hook = ?1 AND h.ended_ms IS NULL"
        " AND d.done_ms IS NULL AND d.ended_ms IS NULL ORDER BY d.event LIMIT 1");
    query_bind_int(q, 1, hook);
    bool due = query_row(q) && query_int(q, 9) <= store_now_ms();
    if (due)
        *d = (struct delivery){
            .hook = hook,
            .event = query_int(q, 0),
            .tries = query_int(q, 1),
            .created_ms = query_int(q, 2),
            .key = str_copy(arena, query_str(q, 3)),
            .url = str_copy(arena, query_str(q, 4)),
            .salt = str_copy(arena, query_blob(q, 5)),
            .kind = str_copy(arena, query_str(q, 6)),
            .subject = str_copy(arena, query_str(q, 7)),
            .time_ms = query_int(q, 8),
        };
    *status = query_end(q, err);
    return !*status && due;
}

/* Keeps how it ended, and ends it. */
static enum status finish(struct hooks *hooks, struct flight *f, bool taken, struct str said,
                          struct error *err)
{
    const struct delivery *d = &f->of;
    int64_t now_ms = store_now_ms();
    struct result r = {.of = d, .now_ms = now_ms, .done = taken, .failed = said};
    r.due_ms = now_ms + (taken ? 0 : wait_ms(d->tries));
    r.gives_up = !taken && (now_ms - d->created_ms > GIVE_UP_MS || d->event < 0);
    enum status status = server_write(hooks->server, STR(""), keep_result, &r, err);
    end_flight(hooks, f);
    return status;
}

static bool is_on_its_way(const struct hooks *hooks, int64_t hook)
{
    const struct flight *f = hooks->flights;
    while (f && f->of.hook != hook)
        f = f->next;
    return f != NULL;
}

/* Sends off what is due of a hook, if anything is. */
static enum status begin_delivery(struct hooks *hooks, struct store *store, int64_t hook,
                                  struct error *err)
{
    enum status status;
    struct flight *f = begin_flight(hooks);
    struct buf body = {.arena = f->arena};
    struct str said = STR("");
    bool due = next_delivery(store, f->arena, hook, &f->of, &status, err);
    if (due)
        status = write_body(&body, hooks, store, &f->of, err);
    if (!due || status) {
        end_flight(hooks, f);
        return status;
    }
    return send_off(hooks, store, f, buf_str(&body), &said) ? STATUS_OK
                                                            : finish(hooks, f, false, said, err);
}

/* Waits a little for what is on its way, and keeps how what came to an end did. */
static enum status await_flights(struct hooks *hooks, struct error *err)
{
    int count;
    enum status status = STATUS_OK;
    (void)curl_multi_poll(hooks->multi, NULL, 0, LOOK_MS, NULL);
    (void)curl_multi_perform(hooks->multi, &count);
    for (struct CURLMsg *m; (m = curl_multi_info_read(hooks->multi, &count));) {
        struct flight *f;
        struct str said = STR("");
        struct error unkept;
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &f);
        bool taken = was_taken(f, m->data.result, &said);
        enum status kept = finish(hooks, f, taken, said, status ? &unkept : err);
        status = status ? status : kept;
    }
    return status;
}

static enum status list_hooks(struct store *store, int64_t *hooks, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT id FROM hook WHERE ended_ms IS NULL ORDER BY id");
    *count = 0;
    while (*count < HOOKS_MAX && query_row(q))
        hooks[(*count)++] = query_int(q, 0);
    return query_end(q, err);
}

static int64_t next_due_ms(struct store *store)
{
    int64_t latest = store_now_ms() + ROUND_MS;
    struct query *q = query_start(
        store,
        "SELECT min(due_ms) FROM (SELECT (SELECT d.due_ms FROM delivery d WHERE d.hook = h.id"
        " AND d.done_ms IS NULL AND d.ended_ms IS NULL ORDER BY d.event LIMIT 1) AS due_ms"
        " FROM hook h WHERE h.ended_ms IS NULL)");
    int64_t due = query_row(q) && !query_is_null(q, 0) ? query_int(q, 0) : latest;
    (void)query_end(q, NULL);
    return due < latest ? due : latest;
}

/* Sends off what is due and not on its way yet. */
static enum status begin_deliveries(struct hooks *hooks, struct store *store, struct arena *arena,
                                    struct error *err)
{
    struct str reach;
    int64_t ids[HOOKS_MAX];
    size_t count = 0;
    enum status status = library_get_setting(arena, store, STR("hooks.reach"), &reach, err);
    if (!status)
        status = list_hooks(store, ids, &count, err);
    hooks->reach = status ? REACH_PUBLIC : reach_named(reach);
    for (size_t i = 0; !status && i < count && !server_stopping(hooks->server); i++)
        if (!is_on_its_way(hooks, ids[i]))
            status = begin_delivery(hooks, store, ids[i], err);
    return status;
}

/* A round lasts as long as something is on its way, and looks for what is new meanwhile. What is broken off at the end of
 * the server is no fault of the receiver's: it goes again after the next start. */
int64_t hooks_round(struct server *server, struct store *store, struct arena *arena, void *context)
{
    struct hooks *hooks = context;
    struct error err;
    enum status status;
    do {
        arena_reset(arena);
        status = read_events(hooks, store, &err);
        if (!status)
            status = begin_deliveries(hooks, store, arena, &err);
        if (!status && hooks->flights)
            status = await_flights(hooks, &err);
    } while (!status && hooks->flights && !server_stopping(server));
    return status ? store_now_ms() + ROUND_MS : next_due_ms(store);
}
