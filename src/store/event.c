/* The record: events, each chained to the one before, as chain.h has it.
 *
 * To cut an event down is to put other words and a new salt in its row, and the digest `said` as it was into
 * event_cut; the chain is then walked over that. The event that tells of the cutting holds
 *
 *   cut = SHA-256( for each event cut, by number: seq ‖ said before ‖ said after )
 *
 * so that what is left is bound by the chain too. An event that is cut twice has two rows there; the first
 * one's "after" is the second one's "before". */
#include "internal.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/chain.h"

static void add_number(struct buf *buf, uint64_t value)
{
    const uint64_t little = htole64(value);
    buf_add(buf, (struct str){(const char *)&little, sizeof little});
}

static struct digest say(struct arena *arena, struct str salt, const struct event *event)
{
    return chain_said(arena, salt, event->actor, event->subject, event->data);
}

static struct digest chain(struct arena *arena, const struct digest *before,
                           const struct event *event, const struct digest *said)
{
    return chain_hash(arena, before, event->seq, event->time_ms, event->kind, said);
}

/* Within a transaction nobody else adds any, so that the last one of ours is the last. */
static enum status last_event(struct store *store, int64_t *seq, struct digest *hash,
                              struct error *err)
{
    *seq = store->head_seq;
    *hash = store->head;
    if (store->head_seq)
        return STATUS_OK;
    struct query *q = query_start(store, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");
    memset(hash->bytes, 0, DIGEST_BYTES);
    if (query_row(q)) {
        struct str bytes = query_blob(q, 1);
        *seq = query_int(q, 0);
        if (bytes.len == DIGEST_BYTES)
            memcpy(hash->bytes, bytes.at, DIGEST_BYTES);
    }
    return query_end(q, err);
}

static enum status insert_event(struct store *store, const struct event *e, struct str salt,
                                struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO event (seq, time_ms, actor, kind, subject,"
                           " data, hash, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(q, 1, e->seq);
    query_bind_int(q, 2, e->time_ms);
    query_bind_str(q, 3, e->actor);
    query_bind_str(q, 4, e->kind);
    query_bind_str(q, 5, e->subject);
    query_bind_str(q, 6, e->data);
    query_bind_blob(q, 7, digest_bytes(&e->hash));
    query_bind_blob(q, 8, salt);
    (void)query_row(q);
    return query_end(q, err);
}

/* Each salt is given out once and kept by nobody but its event. */
static enum status draw_salt(struct store *store, char salt[STORE_SALT_BYTES], struct error *err)
{
    enum status status = STATUS_OK;
    if (!store->nsalts)
        status = digest_random(store->salts, sizeof store->salts, err);
    if (status)
        return status;
    store->nsalts = store->nsalts ? store->nsalts - 1 : STORE_SALTS - 1;
    memcpy(salt, store->salts[store->nsalts], STORE_SALT_BYTES);
    memset(store->salts[store->nsalts], 0, STORE_SALT_BYTES);
    return STATUS_OK;
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
    char salt[STORE_SALT_BYTES];
    enum status status = last_event(store, &before_seq, &before, err);
    if (!status)
        status = draw_salt(store, salt, err);
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
    struct str salted = {salt, sizeof salt};
    struct digest said = say(store->scratch, salted, &event);
    event.hash = chain(store->scratch, &before, &event, &said);
    arena_reset(store->scratch);
    status = insert_event(store, &event, salted, err);
    if (!status && store->depth) {
        store->head_seq = event.seq;
        store->head = event.hash;
    }
    return status;
}

enum status store_add_event_about(struct store *store, const char *actor, const char *kind,
                                  char letter, int64_t number, json_t *data, struct error *err)
{
    char subject[24];
    int len = snprintf(subject, sizeof subject, "%c%" PRId64, letter, number);
    char *text = data ? json_dumps(data, JSON_COMPACT) : NULL;
    enum status status = STATUS_OK;
    if (data && !text)
        status =
            error_set(err, STATUS_INPUT, "A text is not valid UTF-8.", "有内容不是有效的 UTF-8。");
    if (!status)
        status = store_add_event(store, actor, kind, (struct str){subject, (size_t)len},
                                 str_of(text ? text : "{}"), err);
    free(text);
    json_decref(data);
    return status;
}

#define EVENT_COLUMNS                                        \
    "SELECT seq, time_ms, actor, kind, subject, data, hash," \
    " coalesce((SELECT max(by) FROM event_cut WHERE event = seq), 0)"

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
        .cut_by = query_int(q, 7),
    };
    if (hash.len == DIGEST_BYTES)
        memcpy(e->hash.bytes, hash.at, DIGEST_BYTES);
}

enum status store_list_events(struct store *store, int64_t after,
                              bool (*each)(void *context, const struct event *event), void *context,
                              struct error *err)
{
    struct query *q = query_start(store, EVENT_COLUMNS " FROM event WHERE seq > ?1 ORDER BY seq");
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

static enum status no_event(int64_t seq, struct error *err)
{
    return error_set(err, STATUS_MISSING, "There is no event %" PRId64 ".",
                     "没有第 %" PRId64 " 条事件。", seq);
}

/* --- shown to others ------------------------------------------------------------------------------ */

enum status store_show_event(struct arena *arena, struct store *store, int64_t seq,
                             struct store_shown *shown, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT e.time_ms, e.actor, e.kind, e.subject, e.data, e.hash, e.salt, p.hash,"
               " (SELECT c.before FROM event_cut c WHERE c.event = e.seq ORDER BY c.by LIMIT 1)"
               " FROM event e LEFT JOIN event p ON p.seq = e.seq - 1 WHERE e.seq = ?1");
    query_bind_int(q, 1, seq);
    *shown = (struct store_shown){.event.seq = query_row(q) ? seq : 0};
    if (shown->event.seq) {
        struct str hash = query_blob(q, 5);
        struct str before = query_blob(q, 7);
        struct str cut = query_blob(q, 8);
        shown->event.time_ms = query_int(q, 0);
        shown->event.actor = str_copy(arena, query_str(q, 1));
        shown->event.kind = str_copy(arena, query_str(q, 2));
        shown->event.subject = str_copy(arena, query_str(q, 3));
        shown->event.data = str_copy(arena, query_str(q, 4));
        shown->salt = str_copy(arena, query_blob(q, 6));
        shown->cut = cut.len == DIGEST_BYTES;
        shown->said = say(arena, shown->salt, &shown->event);
        if (shown->cut)
            memcpy(shown->said.bytes, cut.at, DIGEST_BYTES);
        if (hash.len == DIGEST_BYTES)
            memcpy(shown->event.hash.bytes, hash.at, DIGEST_BYTES);
        if (before.len == DIGEST_BYTES)
            memcpy(shown->before.bytes, before.at, DIGEST_BYTES);
    }
    enum status status = query_end(q, err);
    return status || shown->event.seq ? status : no_event(seq, err);
}

enum status store_prove_events(struct store *store, struct chain_path *paths, size_t npaths,
                               int64_t *lines, struct digest *root, struct error *err)
{
    struct chain_tree tree = {0};
    struct query *q = query_start(store, "SELECT hash FROM event ORDER BY seq");
    while (query_row(q)) {
        struct digest hash = {{0}};
        struct str bytes = query_blob(q, 0);
        if (bytes.len == DIGEST_BYTES)
            memcpy(hash.bytes, bytes.at, DIGEST_BYTES);
        chain_tree_add(&tree, &hash, paths, npaths);
    }
    *root = chain_tree_end(&tree, paths, npaths);
    *lines = (int64_t)tree.count;
    return query_end(q, err);
}

/* --- cutting down -------------------------------------------------------------------------------- */

enum status store_begin_cutting(struct store *store, struct store_cutting *cutting,
                                struct error *err)
{
    *cutting = (struct store_cutting){0};
    enum status status = store_newest_event(store, &cutting->by, err);
    cutting->by++;
    /* What is overwritten must not lie in the file's unused bytes. */
    return status ? status : store_run(store, "PRAGMA secure_delete = ON", err);
}

/* What the event says now, by digest. */
static enum status said_now(struct store *store, int64_t seq, struct digest *said,
                            struct error *err)
{
    struct query *q =
        query_start(store, "SELECT actor, subject, data, salt FROM event WHERE seq = ?1");
    query_bind_int(q, 1, seq);
    bool found = query_row(q);
    if (found) {
        struct arena *arena = arena_make();
        struct event event = {
            .actor = query_str(q, 0), .subject = query_str(q, 1), .data = query_str(q, 2)};
        *said = say(arena, query_blob(q, 3), &event);
        arena_free(arena);
    }
    enum status status = query_end(q, err);
    return status || found ? status : no_event(seq, err);
}

static enum status note_cut(struct store *store, int64_t seq, int64_t by,
                            const struct digest *before, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO event_cut (event, by, before) VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, seq);
    query_bind_int(q, 2, by);
    query_bind_blob(q, 3, digest_bytes(before));
    (void)query_row(q);
    return query_end(q, err);
}

enum status store_cut_event(struct store *store, struct store_cutting *cutting,
                            const struct event *event, struct error *err)
{
    struct digest before;
    char salt[STORE_SALT_BYTES];
    enum status status = said_now(store, event->seq, &before, err);
    if (!status)
        status = note_cut(store, event->seq, cutting->by, &before, err);
    if (!status)
        status = digest_random(salt, sizeof salt, err);
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE event SET actor = ?2, subject = ?3, data = ?4,"
                                         " salt = ?5 WHERE seq = ?1");
    query_bind_int(q, 1, event->seq);
    query_bind_str(q, 2, event->actor);
    query_bind_str(q, 3, event->subject);
    query_bind_str(q, 4, event->data);
    query_bind_blob(q, 5, (struct str){salt, sizeof salt});
    (void)query_row(q);
    cutting->count++;
    return query_end(q, err);
}

/* What the event `by` must hold as "cut". A stray row takes part too: it then does not fit. */
static enum status digest_cuts(struct store *store, int64_t by, int64_t *first,
                               struct digest *digest, struct error *err)
{
    struct arena *arena = arena_make();
    struct buf lines = {.arena = arena};
    enum status status = STATUS_OK;
    struct query *q = query_start(
        store, "SELECT event, before, (SELECT n.before FROM event_cut n WHERE n.event = c.event"
               " AND n.by > c.by ORDER BY n.by LIMIT 1) FROM event_cut c WHERE by = ?1"
               " ORDER BY event");
    query_bind_int(q, 1, by);
    *first = 0;
    while (!status && query_row(q)) {
        int64_t seq = query_int(q, 0);
        struct digest after;
        *first = *first ? *first : seq;
        add_number(&lines, (uint64_t)seq);
        buf_add(&lines, query_blob(q, 1));
        if (query_is_null(q, 2)) {
            status = said_now(store, seq, &after, err);
            buf_add(&lines, digest_bytes(&after));
        } else {
            buf_add(&lines, query_blob(q, 2));
        }
    }
    *digest = digest_of(buf_str(&lines));
    arena_free(arena);
    return status ? (void)query_end(q, NULL), status : query_end(q, err);
}

enum status store_end_cutting(struct store *store, const struct store_cutting *cutting,
                              const char *actor, const char *kind, struct str subject,
                              struct str data, struct error *err)
{
    int64_t first;
    int64_t newest = 0;
    struct digest digest;
    char hex[DIGEST_HEX + 1];
    enum status status = digest_cuts(store, cutting->by, &first, &digest, err);
    struct arena *arena = arena_make();
    digest_to_hex(&digest, hex);
    if (!status)
        status = store_add_event(store, actor, kind, subject,
                                 str_format(arena, "{%.*s\"events\":%" PRId64 ",\"cut\":\"%s\"}",
                                            STR_ARG(data), cutting->count, hex),
                                 err);
    if (!status)
        status = store_newest_event(store, &newest, err);
    if (!status && newest != cutting->by)
        status = error_set(err, STATUS_CONFLICT, "Another event came between; nothing was cut.",
                           "期间写入了其他事件，未作删减。");
    arena_free(arena);
    return status;
}

/* --- verifying ------------------------------------------------------------------------------------ */

/* What a line says of the tree of those before it. */
struct bound_tree {
    int64_t seq, lines;
    struct digest root;
};

struct walk {
    struct store *store;
    struct arena *arena;
    struct digest hash;
    int64_t seq;
    int64_t bad;
    struct chain_tree tree;   /* grown only where some line speaks of one */
    struct bound_tree *bound; /* by lines */
    size_t nbound, at_bound;
};

/* The lines that speak of a tree, as they say it; one that says it wrongly holds no tree's root. */
static enum status list_trees(struct walk *walk, struct arena *arena, struct error *err)
{
    struct query *q = query_start(
        walk->store, "SELECT seq, CASE WHEN json_valid(data) THEN json_extract(data, '$.lines')"
                     " END AS lines, CASE WHEN json_valid(data) THEN json_extract(data, '$.tree')"
                     " END FROM event WHERE kind = '" STORE_TREE_KIND "' ORDER BY lines, seq");
    struct buf rows = {.arena = arena};
    while (query_row(q)) {
        struct bound_tree bound = {.seq = query_int(q, 0), .lines = query_int(q, 1)};
        (void)digest_from_hex(query_str(q, 2), &bound.root);
        buf_add(&rows, (struct str){(const char *)&bound, sizeof bound});
    }
    walk->nbound = rows.len / sizeof(struct bound_tree);
    walk->bound = arena_array(arena, walk->nbound + 1, struct bound_tree);
    if (walk->nbound)
        memcpy(walk->bound, rows.at, rows.len);
    return query_end(q, err);
}

/* Grows the tree by the line that was walked last, and looks at what others say of it. */
static void grow_tree(struct walk *walk)
{
    if (walk->at_bound == walk->nbound)
        return;
    chain_tree_add(&walk->tree, &walk->hash, NULL, 0);
    for (; walk->at_bound < walk->nbound; walk->at_bound++) {
        const struct bound_tree *bound = &walk->bound[walk->at_bound];
        if (bound->lines > walk->seq)
            return;
        struct digest root = chain_tree_end(&walk->tree, NULL, 0);
        bool same = bound->lines == walk->seq && bound->seq > bound->lines &&
                    memcmp(root.bytes, bound->root.bytes, DIGEST_BYTES) == 0;
        if (!same && (!walk->bad || bound->seq < walk->bad))
            walk->bad = bound->seq;
    }
}

/* Whether the row's hash follows from the one before. */
static bool fits(struct walk *walk, struct query *q, const struct event *event)
{
    struct digest said;
    struct str before = query_blob(q, 9);
    if (query_is_null(q, 9))
        said = say(walk->arena, query_blob(q, 8), event);
    else if (before.len == DIGEST_BYTES)
        memcpy(said.bytes, before.at, DIGEST_BYTES);
    else
        return false;
    struct digest expected = chain(walk->arena, &walk->hash, event, &said);
    arena_reset(walk->arena);
    if (event->seq != walk->seq + 1 || memcmp(expected.bytes, event->hash.bytes, DIGEST_BYTES) != 0)
        return false;
    walk->hash = expected;
    return true;
}

static enum status walk_chain(struct walk *walk, struct error *err)
{
    struct query *q = query_start(walk->store, EVENT_COLUMNS
                                  ", salt, (SELECT before FROM event_cut WHERE event = seq"
                                  " ORDER BY by LIMIT 1) FROM event ORDER BY seq");
    while (!walk->bad && query_row(q)) {
        struct event event;
        read_event(q, &event);
        /* A gap shows at the line after it; the first that is missing is the one that misfits. */
        if (fits(walk, q, &event)) {
            walk->seq = event.seq;
            grow_tree(walk);
        } else {
            walk->bad = walk->seq + 1;
        }
    }
    return query_end(q, err);
}

/* What speaks of more lines than there are, where all there are fit. */
static void end_trees(struct walk *walk)
{
    bool whole = !walk->bad;
    for (; whole && walk->at_bound < walk->nbound; walk->at_bound++)
        if (!walk->bad || walk->bound[walk->at_bound].seq < walk->bad)
            walk->bad = walk->bound[walk->at_bound].seq;
}

/* What was cut must be as the events that tell of it say. */
static enum status walk_cuts(struct walk *walk, struct error *err)
{
    struct query *q =
        query_start(walk->store, "SELECT c.by, CASE WHEN json_valid(e.data) THEN"
                                 " json_extract(e.data, '$.cut') END FROM"
                                 " (SELECT DISTINCT by FROM event_cut) c LEFT JOIN event e"
                                 " ON e.seq = c.by ORDER BY c.by");
    enum status status = STATUS_OK;
    while (!status && query_row(q)) {
        struct digest told;
        struct digest found;
        int64_t first;
        status = digest_cuts(walk->store, query_int(q, 0), &first, &found, err);
        bool same = digest_from_hex(query_str(q, 1), &told) &&
                    memcmp(told.bytes, found.bytes, DIGEST_BYTES) == 0;
        if (!status && !same && (!walk->bad || first < walk->bad))
            walk->bad = first;
    }
    return status ? (void)query_end(q, NULL), status : query_end(q, err);
}

enum status store_verify_events(struct store *store, int64_t *count, int64_t *bad,
                                struct error *err)
{
    struct walk walk = {.store = store, .arena = arena_make()};
    struct arena *trees = arena_make();
    enum status status = store_begin_read(store, err); /* the walks see one state */
    if (!status) {
        status = list_trees(&walk, trees, err);
        if (!status)
            status = walk_chain(&walk, err);
        end_trees(&walk);
        if (!status)
            status = walk_cuts(&walk, err);
        store_rollback(store);
    }
    arena_free(walk.arena);
    arena_free(trees);
    if (walk.bad && walk.seq >= walk.bad)
        walk.seq = walk.bad - 1;
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
