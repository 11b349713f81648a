/* Erasing a member; see erasure.h. */
#include "library/erasure.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "library/attempt.h"
#include "library/exhibit.h"
#include "library/offer.h"
#include "library/personal.h"

/* --- may it be ------------------------------------------------------------------------------------ */

/* A row of the query stands in the way; ?1 is the member. */
static const struct {
    const char *sql;
    const char *en, *zh;
    bool
        secret; /* told when it is confirmed, and to nobody before: the member must not learn of a case by it */
} OBSTACLES[] = {
    {"SELECT 1 FROM member WHERE id = ?1 AND erased_ms IS NOT NULL",
     "This member is erased already.", "该成员的资料已抹除。", false},
    {"SELECT 1 FROM role WHERE member = ?1",
     "This member has a role. An owner takes it away first, so that nobody is erased in office.",
     "该成员担任角色。请先由所有者取消其角色，以免在任者被抹除。", false},
    {"SELECT 1 FROM case_accused a JOIN case_file f ON f.id = a.case_file WHERE a.member = ?1"
     " AND (f.state NOT IN ('dismissed', 'settled') OR EXISTS (SELECT 1 FROM sanction s"
     " WHERE s.member = ?1 AND s.state IN ('standing', 'appealed')))",
     "A case about this member is not over. Its evidence is kept until it is; confirm the erasure then.",
     "涉及该成员的案件尚未了结，证据须保留至结案，届时再确认抹除。", true},
};

/* The first that stands, or -1. */
static enum status find_obstacle(struct store *store, int64_t member, bool secret, int *found,
                                 struct error *err)
{
    enum status status = STATUS_OK;
    *found = -1;
    for (int i = 0; !status && *found < 0 && i < (int)(sizeof OBSTACLES / sizeof *OBSTACLES); i++) {
        if (OBSTACLES[i].secret && !secret)
            continue;
        struct query *q = query_start(store, OBSTACLES[i].sql);
        query_bind_int(q, 1, member);
        if (query_row(q))
            *found = i;
        status = query_end(q, err);
    }
    return status;
}

enum status library_erasure_obstacle(struct store *store, int64_t member, enum lang lang,
                                     struct str *why, struct error *err)
{
    int found;
    enum status status = find_obstacle(store, member, false, &found, err);
    *why = status || found < 0 ? STR("")
                               : str_of(lang_pick(lang, OBSTACLES[found].en, OBSTACLES[found].zh));
    return status;
}

static enum status refuse_obstacle(struct store *store, int64_t member, bool secret,
                                   struct error *err)
{
    int found;
    enum status status = find_obstacle(store, member, secret, &found, err);
    return status || found < 0 ? status
                               : error_about(err, STATUS_CONFLICT, OBSTACLES[found].en,
                                             OBSTACLES[found].zh, "%s", "%s", "");
}

/* --- asking --------------------------------------------------------------------------------------- */

static enum status add_event(struct arena *arena, struct store *store, const char *kind,
                             int64_t member, struct error *err)
{
    return store_add_event(store, "steward", kind, str_format(arena, "M%" PRId64, member),
                           STR("{}"), err);
}

static enum status check_member(struct store *store, int64_t member, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM member WHERE id = ?1");
    query_bind_int(q, 1, member);
    bool found = query_row(q);
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no such member.", "没有这名成员。");
}

/* Whoever decides about members' data is a steward or an owner, in the pages and by command alike. */
static enum status check_steward(struct store *store, int64_t by, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM role WHERE member = ?1 AND role IN ('steward', 'owner')");
    query_bind_int(q, 1, by);
    bool found = query_row(q);
    enum status status = query_end(q, err);
    return status || found ? status
                           : error_set(err, STATUS_FORBIDDEN,
                                       "Only a steward or an owner decides about members' data.",
                                       "只有管理员或所有者可以处置成员资料。");
}

enum status library_ask_erasure(struct arena *arena, struct store *store, int64_t member,
                                int64_t by, struct str *key, struct error *err)
{
    enum status status = check_member(store, member, err);
    if (!status && by != member)
        status = check_steward(store, by, err);
    if (!status)
        status = refuse_obstacle(store, member, false, err);
    if (!status)
        status = digest_random_key(arena, key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO erasure (key, member, asked_by, asked_ms)"
                                         " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
    query_bind_str(q, 1, *key);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, by);
    query_bind_int(q, 4, store_now_ms());
    (void)query_row(q);
    status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT,
                         "This was asked for already; it waits for a second person.",
                         "已提出过抹除请求，正在等待另一人确认。");
    return status ? status : add_event(arena, store, "member.erasure_asked", member, err);
}

enum status library_withdraw_erasure(struct store *store, struct str key, int64_t by,
                                     struct error *err)
{
    int64_t member = 0;
    struct query *q = query_start(store, "UPDATE erasure SET state = 'withdrawn', decided_by = ?2,"
                                         " decided_ms = ?3 WHERE key = ?1 AND state = 'asked'"
                                         " RETURNING member");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, by);
    query_bind_int(q, 3, store_now_ms());
    if (query_row(q)) {
        member = query_int(q, 0);
        (void)query_row(q);
    }
    enum status status = query_end(q, err);
    if (!status && !member)
        return error_set(err, STATUS_MISSING, "No such request is open.", "没有这项待处理的请求。");
    struct arena *arena = arena_make();
    if (!status)
        status = add_event(arena, store, "member.erasure_withdrawn", member, err);
    arena_free(arena);
    return status;
}

/* --- what events say ------------------------------------------------------------------------------ */

struct erasing {
    struct arena *arena;
    struct store *store;
    int64_t member, now_ms;
    struct str name, email, number; /* "M17" */
    struct store_cutting cutting;
    struct json_t *done;
};

/* Names of words in events that a program chose, not a person. */
static const char *const PLAIN[] = {"format",  "role",   "mail",   "scopes", "kind",
                                    "verdict", "access", "source", "cut"};

/* "M17", "P3/2", or a digest. */
static bool is_reference(const char *s)
{
    size_t digits = 0;
    if (strlen(s) == DIGEST_HEX && strspn(s, "0123456789abcdef") == DIGEST_HEX)
        return true;
    if (*s < 'A' || *s > 'Z')
        return false;
    for (s++; isdigit((unsigned char)*s) || (*s == '/' && digits); s++)
        digits++;
    return digits > 0 && *s == 0;
}

static bool is_plain(const char *name)
{
    for (size_t i = 0; name && i < sizeof PLAIN / sizeof *PLAIN; i++)
        if (strcmp(PLAIN[i], name) == 0)
            return true;
    return false;
}

/* A name of one letter would be found everywhere. */
#define NAME_LEAST 4

static bool says_who(const struct erasing *e, const char *text)
{
    return strstr(text, e->email.at) || (e->name.len >= NAME_LEAST && strstr(text, e->name.at));
}

/* Takes out of a value what a person may have written; of an event that is not about the member, only what says
 * who they are. */
static void take_words_out(const struct erasing *e, json_t *value, const char *name, bool about)
{
    const char *key;
    json_t *inner;
    void *next;
    size_t i;
    if (json_is_string(value) && !is_plain(name) && !is_reference(json_string_value(value)) &&
        (about || says_who(e, json_string_value(value))))
        (void)json_string_set(value, "");
    json_object_foreach_safe(value, next, key, inner)
    {
        take_words_out(e, inner, key, about);
    }
    json_array_foreach(value, i, inner)
    {
        take_words_out(e, inner, name, about);
    }
}

/* The event without words, in the arena; false when it holds none. */
static bool reduce(struct erasing *e, struct event *event, bool about)
{
    json_t *data = json_loadb(event->data.at, event->data.len, 0, NULL);
    json_t *was = json_deep_copy(data);
    take_words_out(e, data, NULL, about);
    bool changed = !data || !json_equal(data, was);
    json_decref(was);
    if (changed)
        event->data = str_from_json(e->arena, data);
    else
        json_decref(data);
    return changed;
}

struct event_list {
    struct arena *arena;
    struct listed_event {
        struct event event;
        bool about; /* the member, and does not merely hold their name */
    } * events;
    size_t count;
};

static void keep_event(struct event_list *list, struct query *q)
{
    list->events = arena_one_more(list->arena, list->events, list->count, sizeof *list->events);
    list->events[list->count++] = (struct listed_event){
        .event = {.seq = query_int(q, 0),
                  .actor = str_copy(list->arena, query_str(q, 1)),
                  .subject = str_copy(list->arena, query_str(q, 2)),
                  .data = str_copy(list->arena, query_str(q, 3))},
        .about = query_int(q, 4),
    };
}

/* Events with words that the member caused, that are about them or a post of theirs, or that hold their name or
 * address. Events of nothing but numbers are let be. */
static enum status list_events(struct erasing *e, struct event_list *list, struct error *err)
{
    struct query *q = query_start(
        e->store, "SELECT * FROM (SELECT seq, actor, subject, data, actor = ?1 OR subject = ?1"
                  " OR instr(data, '\"' || ?1 || '\"') > 0 OR coalesce(json_extract(data, '$.post')"
                  " IN (SELECT 'T' || id FROM post WHERE author = ?4), 0) AS about FROM event"
                  " WHERE data <> '{}') WHERE about OR instr(data, ?2) > 0 OR instr(data, ?3) > 0"
                  " ORDER BY seq");
    query_bind_str(q, 1, e->number);
    query_bind_str(q, 2, e->name);
    query_bind_str(q, 3, e->email);
    query_bind_int(q, 4, e->member);
    while (query_row(q))
        keep_event(list, q);
    return query_end(q, err);
}

static enum status cut_events(struct erasing *e, struct error *err)
{
    struct event_list list = {.arena = e->arena};
    enum status status = list_events(e, &list, err);
    for (size_t i = 0; !status && i < list.count; i++)
        if (reduce(e, &list.events[i].event, list.events[i].about))
            status = store_cut_event(e->store, &e->cutting, &list.events[i].event, err);
    return status;
}

/* --- erasing -------------------------------------------------------------------------------------- */

/* What no column holds the member's number for, before the register. ?1 the member, ?2 now. */
static const char *const BESIDES[] = {
    /* others' letters that are still to go out and may say the name */
    "UPDATE letter SET data = '{}', ended_ms = ?2 WHERE sent_ms IS NULL AND ended_ms IS NULL"
    " AND instr(data, (SELECT json_quote(name) FROM member WHERE id = ?1)) > 0",
    /* mentions in others' words, and of others in theirs */
    "UPDATE post SET text = replace(text, '@' || (SELECT name FROM member WHERE id = ?1), '@M' || ?1)"
    " WHERE id IN (SELECT post FROM mention WHERE member = ?1)",
    "DELETE FROM mention WHERE post IN (SELECT id FROM post WHERE author = ?1)",
    "DELETE FROM unseen_post WHERE post IN (SELECT id FROM post WHERE author = ?1)",
    /* what was said in cases about them alone, and in their appeals */
    "UPDATE appeal SET words = '', reasons = '' WHERE sanction IN (SELECT id FROM sanction"
    " WHERE member = ?1)",
    "UPDATE case_step SET words = '' WHERE sanction IN (SELECT id FROM sanction WHERE member = ?1)"
    " OR case_file IN (SELECT a.case_file FROM case_accused a WHERE a.member = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM case_accused o WHERE o.case_file = a.case_file AND o.member <> ?1))",
    "UPDATE decision SET grounds = '' WHERE case_file IN (SELECT a.case_file FROM case_accused a WHERE"
    " a.member = ?1 AND NOT EXISTS (SELECT 1 FROM case_accused o WHERE o.case_file = a.case_file"
    " AND o.member <> ?1))",
    "DELETE FROM sanction_subscription WHERE subscription IN (SELECT id FROM subscription"
    " WHERE member = ?1)",
    "UPDATE reward SET subscription = NULL WHERE subscription IN (SELECT id FROM subscription"
    " WHERE member = ?1)",
    /* by-lines; the papers stay the organisation's */
    "UPDATE offer SET author = '' WHERE author = (SELECT name FROM member WHERE id = ?1)",
};

static enum status run_one(struct erasing *e, const char *sql, struct error *err)
{
    struct query *q = query_start(e->store, sql);
    query_bind_int(q, 1, e->member);
    if (strstr(sql, "?2"))
        query_bind_int(q, 2, e->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status go_through_register(struct erasing *e, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof BESIDES / sizeof *BESIDES; i++)
        status = run_one(e, BESIDES[i], err);
    for (int i = 0; !status && personal_register[i].table; i++) {
        if (!personal_register[i].erase_sql)
            continue;
        status = run_one(e, personal_register[i].erase_sql, err);
        int64_t rows = store_changes(e->store);
        if (!status && rows)
            json_array_append_new(e->done, json_pack("[i, I]", i, (json_int_t)rows));
    }
    return status;
}

/* Tries at signing in are kept by a digest of the address, which could be tried out. */
static enum status forget_attempts(struct erasing *e, struct error *err)
{
    enum status status = STATUS_OK;
    for (int kind = 0; !status && kind < ATTEMPT_KINDS; kind++) {
        struct attempt a = attempt_at(e->store, (enum attempt_kind)kind, e->email);
        struct query *q = query_start(e->store, "DELETE FROM attempt WHERE subject = ?1");
        query_bind_str(q, 1, str_of(a.subject));
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status load_member(struct erasing *e, struct error *err)
{
    struct query *q = query_start(e->store, "SELECT name, email FROM member WHERE id = ?1");
    query_bind_int(q, 1, e->member);
    if (query_row(q)) {
        e->name = str_copy(e->arena, query_str(q, 0));
        e->email = str_copy(e->arena, query_str(q, 1));
    }
    return query_end(q, err);
}

static enum status conclude(struct erasing *e, const struct erasure *erasure, int64_t by,
                            struct error *err)
{
    struct str data =
        str_format(e->arena, "\"asked_by\":\"M%" PRId64 "\",\"confirmed_by\":\"M%" PRId64 "\",",
                   erasure->asked_by, by);
    enum status status =
        store_end_cutting(e->store, &e->cutting, "steward", "member.erased", e->number, data, err);
    if (!status) {
        struct query *q =
            query_start(e->store, "UPDATE erasure SET state = 'done', decided_by = ?2,"
                                  " decided_ms = ?3, event = ?4, done = ?5 WHERE id = ?1");
        query_bind_int(q, 1, erasure->id);
        query_bind_int(q, 2, by);
        query_bind_int(q, 3, e->now_ms);
        query_bind_int(q, 4, e->cutting.by);
        query_bind_str(q, 5, str_from_json(e->arena, json_incref(e->done)));
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status erase(struct erasing *e, const struct erasure *erasure, int64_t by,
                         struct error *err)
{
    enum status status = load_member(e, err);
    if (!status)
        status = store_begin_cutting(e->store, &e->cutting, err);
    if (!status)
        status = cut_events(e, err);
    if (!status)
        status = forget_attempts(e, err);
    if (!status)
        status = go_through_register(e, err);
    if (!status)
        status = store_replace_text(e->store, e->email, e->number, err);
    return status ? status : conclude(e, erasure, by, err);
}

enum status library_confirm_erasure(struct arena *arena, struct store *store, struct str key,
                                    int64_t by, struct error *err)
{
    struct erasure erasure;
    enum status status = library_find_erasure(arena, store, key, &erasure, err);
    if (status)
        return status;
    if (!str_equal(erasure.state, STR("asked")))
        return error_set(err, STATUS_MISSING, "No such request is open.", "没有这项待处理的请求。");
    if (by == erasure.asked_by || by == erasure.member)
        return error_set(err, STATUS_FORBIDDEN,
                         "Whoever asked for it can't confirm it, nor can the member: a second "
                         "person does.",
                         "提出者和成员本人不能确认，须由另一人确认。");
    status = check_steward(store, by, err);
    if (!status)
        status = refuse_obstacle(store, erasure.member, true, err);
    if (status)
        return status;
    struct erasing e = {
        .arena = arena,
        .store = store,
        .member = erasure.member,
        .now_ms = store_now_ms(),
        .number = str_format(arena, "M%" PRId64, erasure.member),
        .done = json_array(),
    };
    status = erase(&e, &erasure, by, err);
    json_decref(e.done);
    return status;
}

/* --- reading -------------------------------------------------------------------------------------- */

#define ERASURE_COLUMNS                                                                        \
    "SELECT e.id, e.key, e.member, e.asked_by, e.asked_ms, m.name, coalesce(e.decided_by, 0)," \
    " coalesce(e.decided_ms, 0), e.state, e.done, coalesce(e.event, 0),"                       \
    " coalesce((SELECT lower(hex(hash)) FROM event WHERE seq = e.event), ''),"                 \
    " coalesce(e.swept_ms, 0), m.key FROM erasure e JOIN member m ON m.id = e.member"

static void read_erasure(struct arena *arena, struct query *q, struct erasure *e)
{
    *e = (struct erasure){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .member = query_int(q, 2),
        .asked_by = query_int(q, 3),
        .asked_ms = query_int(q, 4),
        .name = str_copy(arena, query_str(q, 5)),
        .decided_by = query_int(q, 6),
        .decided_ms = query_int(q, 7),
        .state = str_copy(arena, query_str(q, 8)),
        .done = str_copy(arena, query_str(q, 9)),
        .event = query_int(q, 10),
        .event_hash = str_copy(arena, query_str(q, 11)),
        .swept_ms = query_int(q, 12),
        .member_key = str_copy(arena, query_str(q, 13)),
    };
}

enum status library_find_erasure(struct arena *arena, struct store *store, struct str key,
                                 struct erasure *erasure, struct error *err)
{
    struct query *q = query_start(store, ERASURE_COLUMNS " WHERE e.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        read_erasure(arena, q, erasure);
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no such erasure.", "没有这项抹除记录。");
}

enum status library_open_erasure(struct arena *arena, struct store *store, int64_t member,
                                 struct erasure *erasure, struct error *err)
{
    struct query *q =
        query_start(store, ERASURE_COLUMNS " WHERE e.member = ?1 AND e.state = 'asked'");
    *erasure = (struct erasure){0};
    query_bind_int(q, 1, member);
    if (query_row(q))
        read_erasure(arena, q, erasure);
    return query_end(q, err);
}

enum status library_list_erasures(struct arena *arena, struct store *store, size_t most,
                                  struct erasure **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, ERASURE_COLUMNS " ORDER BY e.state <> 'asked', e.id DESC LIMIT ?1");
    *list = arena_array(arena, most + 1, struct erasure);
    *count = 0;
    query_bind_int(q, 1, (int64_t)most);
    while (query_row(q))
        read_erasure(arena, q, &(*list)[(*count)++]);
    return query_end(q, err);
}

enum status library_count_erasures(struct store *store, int64_t by, int64_t *count,
                                   struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM erasure WHERE state = 'asked'"
                                         " AND asked_by <> ?1 AND member <> ?1");
    query_bind_int(q, 1, by);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

struct tracing {
    struct arena *arena;
    struct erasure_trace *traces;
    size_t count;
};

static void keep_trace(void *context, struct str table, struct str column, int64_t rows)
{
    struct tracing *t = context;
    /* What the register empties needs nobody's judgement. */
    if (str_equal(table, STR("member")) || str_equal(table, STR("event")) ||
        str_equal(table, STR("letter")))
        return;
    t->traces = arena_one_more(t->arena, t->traces, t->count, sizeof *t->traces);
    t->traces[t->count++] =
        (struct erasure_trace){str_copy(t->arena, table), str_copy(t->arena, column), rows};
}

enum status library_find_name(struct arena *arena, struct store *store, struct str name,
                              struct erasure_trace **traces, size_t *count, struct error *err)
{
    struct tracing t = {.arena = arena};
    enum status status = store_find_text(store, name, keep_trace, &t, err);
    *traces = t.traces;
    *count = t.count;
    return status;
}

/* --- sweeping ------------------------------------------------------------------------------------- */

enum status library_list_erased_exhibits(struct arena *arena, struct store *store,
                                         struct digest **digests, size_t *count, struct error *err)
{
    struct buf all = {.arena = arena};
    struct query *q = query_start(
        store,
        "SELECT lower(hex(x.digest)) FROM case_exhibit x JOIN member m ON m.id = x.member"
        " WHERE x.source = 'appeal' AND m.erased_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " case_exhibit o LEFT JOIN member p ON p.id = o.member WHERE o.digest = x.digest AND"
        " (o.source <> 'appeal' OR p.erased_ms IS NULL))"
        " AND NOT EXISTS (SELECT 1 FROM edition e WHERE x.digest IN (e.doc, e.sites))"
        " AND NOT EXISTS (SELECT 1 FROM line_file f WHERE f.digest = x.digest) UNION"
        " SELECT DISTINCT x.value FROM event v, json_each(v.data, '$.exhibits') x"
        " WHERE v.kind = 'trace.made' AND EXISTS (SELECT 1 FROM json_each(v.data, '$.named') n"
        " JOIN member m ON 'M' || m.id = json_extract(n.value, '$.member')"
        " WHERE m.erased_ms IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM event o,"
        " json_each(o.data, '$.exhibits') y WHERE o.kind = 'trace.made' AND y.value = x.value"
        " AND EXISTS (SELECT 1 FROM json_each(o.data, '$.named') n JOIN member m"
        " ON 'M' || m.id = json_extract(n.value, '$.member') WHERE m.erased_ms IS NULL))"
        /* The ledger may hold the same file as an attachment. */
        " AND NOT EXISTS (SELECT 1 FROM line_file f WHERE lower(hex(f.digest)) = x.value)");
    while (query_row(q)) {
        struct digest digest;
        if (digest_from_hex(query_str(q, 0), &digest))
            buf_add(&all, digest_bytes(&digest));
    }
    *count = all.len / DIGEST_BYTES;
    *digests = (struct digest *)all.at;
    return query_end(q, err);
}

static enum status remove_exhibits(struct store *store, struct error *err)
{
    struct arena *arena = arena_make();
    struct digest *digests;
    size_t count = 0;
    enum status status = library_list_erased_exhibits(arena, store, &digests, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        status = library_forget_readings(store, &digests[i], err);
        if (!status)
            status = store_remove_blob(store, &digests[i], err);
    }
    arena_free(arena);
    return status;
}

/* Words of a report, and the names of its files, stay while its case goes on. A trace has the names again. */
static enum status empty_reports(struct store *store, struct error *err)
{
    static const char *const STEPS[] = {
        "UPDATE case_exhibit SET name = '' WHERE source = 'report' AND case_file IN"
        " (SELECT case_file FROM report WHERE " ERASURE_REPORTS_SQL ")",
        "UPDATE report SET words = '', place = '', link = '' WHERE " ERASURE_REPORTS_SQL,
        ("UPDATE trace_exhibit SET name = '' WHERE digest IN"
         " (SELECT digest FROM case_exhibit WHERE name = '')"),
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof STEPS / sizeof *STEPS; i++)
        status = store_run(store, STEPS[i], err);
    return status;
}

static enum status note_swept(struct store *store, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE erasure SET swept_ms = ?1 WHERE state = 'done'"
                                         " AND swept_ms IS NULL");
    enum status status = store_begin(store, err);
    if (status)
        return status;
    query_bind_int(q, 1, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status library_sweep_erasures(struct store *store, int64_t now_ms, struct error *err)
{
    enum status status = remove_exhibits(store, err);
    if (!status)
        status = empty_reports(store, err);
    if (!status)
        status = store_sweep_blobs(store, now_ms, err);
    if (!status)
        status = store_sweep(store, err);
    return status ? status : note_swept(store, now_ms, err);
}
