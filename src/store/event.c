/* The record: events, each chained to the one before.
 *
 *   hash = SHA-256( previous hash ‖ seq ‖ time ‖ |actor| actor ‖ |kind| kind ‖ |subject| subject
 *                   ‖ |data| data )
 *
 * Numbers and lengths are eight bytes, little-endian; the hash before the first is 32 zero bytes.
 * Lengths stand before texts so that no two events have one encoding. */
#include "internal.h"

#include <inttypes.h>
#include <string.h>

static void add_number(struct buf *buf, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        buf_add_byte(buf, (char)(value >> (8 * i) & 0xFF));
}

static void add_text(struct buf *buf, struct str text)
{
    add_number(buf, text.len);
    buf_add(buf, text);
}

static struct digest chain(struct arena *arena, const struct digest *before,
                           const struct event *event)
{
    struct buf line = {.arena = arena};
    buf_add(&line, digest_bytes(before));
    add_number(&line, (uint64_t)event->seq);
    add_number(&line, (uint64_t)event->time_ms);
    add_text(&line, event->actor);
    add_text(&line, event->kind);
    add_text(&line, event->subject);
    add_text(&line, event->data);
    return digest_of(buf_str(&line));
}

static enum status last_event(struct store *store, int64_t *seq, struct digest *hash,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");
    *seq = 0;
    memset(hash->bytes, 0, DIGEST_BYTES);
    if (query_row(q)) {
        struct str bytes = query_blob(q, 1);
        *seq = query_int(q, 0);
        if (bytes.len == DIGEST_BYTES)
            memcpy(hash->bytes, bytes.at, DIGEST_BYTES);
    }
    return query_end(q, err);
}

static enum status insert_event(struct store *store, const struct event *e, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO event (seq, time_ms, actor, kind, subject,"
                                         " data, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_int(q, 1, e->seq);
    query_bind_int(q, 2, e->time_ms);
    query_bind_str(q, 3, e->actor);
    query_bind_str(q, 4, e->kind);
    query_bind_str(q, 5, e->subject);
    query_bind_str(q, 6, e->data);
    query_bind_blob(q, 7, digest_bytes(&e->hash));
    (void)query_row(q);
    return query_end(q, err);
}

void store_act_as(struct store *store, struct str actor)
{
    size_t len = actor.len < sizeof store->actor ? actor.len : sizeof store->actor - 1;
    memcpy(store->actor, actor.at ? actor.at : "", len);
    store->actor[len] = 0;
}

enum status store_add_event(struct store *store, const char *actor, const char *kind,
                            struct str subject, struct str data, struct error *err)
{
    int64_t before_seq;
    struct digest before;
    enum status status = last_event(store, &before_seq, &before, err);
    if (status)
        return status;
    struct event event = {
        .seq = before_seq + 1,
        .time_ms = store_now_ms(),
        .actor = str_of(store->actor[0] ? store->actor : actor),
        .kind = str_of(kind),
        .subject = subject,
        .data = data,
    };
    struct arena *arena = arena_make();
    event.hash = chain(arena, &before, &event);
    arena_free(arena);
    return insert_event(store, &event, err);
}

static void read_event(struct query *q, struct event *e)
{
    struct str hash = query_blob(q, 6);
    *e = (struct event){
        .seq = query_int(q, 0),
        .time_ms = query_int(q, 1),
        .actor = query_str(q, 2),
        .kind = query_str(q, 3),
        .subject = query_str(q, 4),
        .data = query_str(q, 5),
    };
    if (hash.len == DIGEST_BYTES)
        memcpy(e->hash.bytes, hash.at, DIGEST_BYTES);
}

enum status store_list_events(struct store *store, int64_t after,
                              bool (*each)(void *context, const struct event *event), void *context,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT seq, time_ms, actor, kind, subject, data, hash"
                                         " FROM event WHERE seq > ?1 ORDER BY seq");
    bool more = true;
    query_bind_int(q, 1, after);
    while (more && query_row(q)) {
        struct event event;
        read_event(q, &event);
        more = each(context, &event);
    }
    return query_end(q, err);
}

enum status store_newest_event(struct store *store, int64_t *seq, struct error *err)
{
    struct query *q = query_start(store, "SELECT coalesce(max(seq), 0) FROM event");
    if (query_row(q))
        *seq = query_int(q, 0);
    return query_end(q, err);
}

enum status store_find_cursor(struct store *store, struct str name, bool *found, int64_t *seq,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT seq FROM cursor WHERE name = ?1");
    query_bind_str(q, 1, name);
    *found = query_row(q);
    *seq = *found ? query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status store_keep_cursor(struct store *store, struct str name, int64_t seq, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO cursor (name, seq) VALUES (?1, ?2)"
                                         " ON CONFLICT (name) DO UPDATE SET seq = ?2");
    query_bind_str(q, 1, name);
    query_bind_int(q, 2, seq);
    (void)query_row(q);
    return query_end(q, err);
}

struct walk {
    struct arena *arena;
    struct digest hash;
    int64_t seq;
    int64_t bad;
};

static bool check_event(void *context, const struct event *event)
{
    struct walk *walk = context;
    struct digest expected = chain(walk->arena, &walk->hash, event);
    arena_reset(walk->arena);
    if (event->seq != walk->seq + 1 ||
        memcmp(expected.bytes, event->hash.bytes, DIGEST_BYTES) != 0) {
        /* A gap shows at the line after it; the first that is missing is the one that misfits. */
        walk->bad = walk->seq + 1;
        return false;
    }
    walk->seq = event->seq;
    walk->hash = expected;
    return true;
}

enum status store_verify_events(struct store *store, int64_t *count, int64_t *bad,
                                struct error *err)
{
    struct walk walk = {.arena = arena_make()};
    enum status status = store_list_events(store, 0, check_event, &walk, err);
    arena_free(walk.arena);
    *count = walk.seq;
    *bad = walk.bad;
    if (!status && walk.bad)
        status = error_set(err, STATUS_DAMAGED,
                           "Event %" PRId64 " does not fit: it was changed, removed or put in "
                           "after it was recorded. The %" PRId64 " before it are whole.",
                           "第 %" PRId64 " 条事件不符：记录之后被改动、删除或插入。其前 %" PRId64
                           " 条完好。",
                           walk.bad, walk.seq);
    return status;
}
