/* Subscriptions in the store; see subscription.h. */
#include "library/subscription.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "library/entitlement.h"
#include "library/letter.h"
#include "library/record.h"

/* --- found -------------------------------------------------------------------------------------- */

#define SUBSCRIPTION_COLUMNS                                                            \
    "SELECT s.id, s.member, s.plan, p.name, p.key, s.starts_ms, " SUBSCRIPTION_END_SQL( \
        "s") ", s.lookback_ms, s.keeps, CASE WHEN s.ended_ms IS NULL THEN s.paused_ms END, s.source, s.version"
#define SUBSCRIPTION_NCOLUMNS 12
#define SUBSCRIPTION_SQL      SUBSCRIPTION_COLUMNS " FROM subscription s JOIN plan p ON p.id = s.plan "

static const struct {
    const char *en, *zh;
} STATES[SUBSCRIPTION_STATES] = {
    [SUBSCRIPTION_COMING] = {"To come", "未开始"},
    [SUBSCRIPTION_RUNNING] = {"Runs", "有效"},
    [SUBSCRIPTION_PAUSED] = {"Paused", "暂停"},
    [SUBSCRIPTION_ENDED] = {"Ended", "已结束"},
    [SUBSCRIPTION_KEPT] = {"Ended, kept", "已结束（保留）"},
};

const char *library_subscription_state_words(enum subscription_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

bool library_read_subscription_state(struct str words, enum subscription_state *state)
{
    for (int i = 0; i < SUBSCRIPTION_STATES; i++) {
        *state = (enum subscription_state)i;
        if (str_equal(words, str_of(STATES[i].en)) || str_equal(words, str_of(STATES[i].zh)))
            return true;
    }
    return false;
}

static enum subscription_state state_of(const struct subscription *s, int64_t now_ms)
{
    if (s->paused_ms)
        return SUBSCRIPTION_PAUSED;
    if (s->ends_ms <= now_ms)
        return s->keeps ? SUBSCRIPTION_KEPT : SUBSCRIPTION_ENDED;
    return s->starts_ms > now_ms ? SUBSCRIPTION_COMING : SUBSCRIPTION_RUNNING;
}

static const char *source_of(struct str name)
{
    static const char *const sources[] = {"steward", "import", "code"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (str_equal(name, str_of(sources[i])))
            return sources[i];
    return "reward";
}

static void read_subscription(struct arena *arena, struct query *q, int64_t now_ms,
                              struct subscription *s)
{
    *s = (struct subscription){
        .id = query_int(q, 0),
        .member = query_int(q, 1),
        .plan = query_int(q, 2),
        .plan_name = str_copy(arena, query_str(q, 3)),
        .plan_key = str_copy(arena, query_str(q, 4)),
        .starts_ms = query_int(q, 5),
        .ends_ms = query_int(q, 6),
        .lookback_ms = query_int(q, 7),
        .keeps = query_int(q, 8) != 0,
        .paused_ms = query_int(q, 9),
        .source = source_of(query_str(q, 10)),
        .version = query_int(q, 11),
    };
    s->state = state_of(s, now_ms);
}

enum status library_list_subscriptions(struct arena *arena, struct store *store, int64_t member,
                                       int64_t now_ms, struct subscription **list, size_t *count,
                                       struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(store, SUBSCRIPTION_SQL
                                  "WHERE s.member = ?1 ORDER BY s.ends_ms DESC, s.id DESC");
    query_bind_int(q, 1, member);
    while (query_row(q)) {
        struct subscription s;
        read_subscription(arena, q, now_ms, &s);
        buf_add(&rows, (struct str){(const char *)&s, sizeof s});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count, struct subscription);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

/* before_ms 0: all. */
static enum status list_subscribers(struct arena *arena, struct store *store, struct str search,
                                    int64_t before_ms, int64_t now_ms, int64_t skip, int64_t most,
                                    struct subscriber **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, SUBSCRIPTION_COLUMNS
        ", m.name, m.email, m.key FROM subscription s JOIN plan p ON p.id = s.plan"
        " JOIN member m ON m.id = s.member WHERE (?2 = '' OR"
        " instr(lower(m.name || char(10) || m.email), lower(?2)) > 0) AND (?1 = 0 OR"
        " (s.ended_ms IS NULL AND s.paused_ms IS NULL AND s.starts_ms <= ?5 AND s.ends_ms > ?5"
        "  AND s.ends_ms < ?1 AND " UNFOLLOWED_SQL "))"
        " ORDER BY CASE WHEN ?1 <> 0 THEN s.ends_ms END, s.id DESC LIMIT ?4 OFFSET ?3");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, before_ms);
    query_bind_str(q, 2, search);
    query_bind_int(q, 3, skip);
    query_bind_int(q, 4, most);
    query_bind_int(q, 5, now_ms);
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        struct subscriber *s = &(*list)[(*count)++];
        read_subscription(arena, q, now_ms, &s->subscription);
        s->name = str_copy(arena, query_str(q, SUBSCRIPTION_NCOLUMNS));
        s->email = str_copy(arena, query_str(q, SUBSCRIPTION_NCOLUMNS + 1));
        s->key = str_copy(arena, query_str(q, SUBSCRIPTION_NCOLUMNS + 2));
    }
    return query_end(q, err);
}

enum status library_list_subscribers(struct arena *arena, struct store *store, struct str search,
                                     int64_t now_ms, int64_t skip, int64_t most,
                                     struct subscriber **list, size_t *count, struct error *err)
{
    return list_subscribers(arena, store, search, 0, now_ms, skip, most, list, count, err);
}

enum status library_list_ending(struct arena *arena, struct store *store, struct str search,
                                int64_t before_ms, int64_t now_ms, int64_t skip, int64_t most,
                                struct subscriber **list, size_t *count, struct error *err)
{
    return list_subscribers(arena, store, search, before_ms, now_ms, skip, most, list, count, err);
}

enum status library_note_subscribers_taken(struct arena *arena, struct store *store,
                                           struct str format, size_t count, struct error *err)
{
    json_t *data =
        json_pack("{s:o, s:I}", "format", str_to_json(format), "subscriptions", (json_int_t)count);
    return store_add_event(store, "steward", "subscription.exported", STR(""),
                           str_from_json(arena, data), err);
}

static enum status find_by_number(struct arena *arena, struct store *store, int64_t id,
                                  int64_t now_ms, struct subscription *s, struct error *err)
{
    struct query *q = query_start(store, SUBSCRIPTION_SQL "WHERE s.id = ?1");
    query_bind_int(q, 1, id);
    bool found = query_row(q);
    if (found)
        read_subscription(arena, q, now_ms, s);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such subscription.", "没有这份订阅。");
    return status;
}

enum status library_find_subscription(struct arena *arena, struct store *store, struct str id,
                                      int64_t now_ms, struct subscription *subscription,
                                      struct error *err)
{
    uint64_t number = 0;
    bool lettered = id.len && (id.at[0] == 'S' || id.at[0] == 's');
    if (!lettered || !str_to_u64(str_slice(id, 1, id.len), &number) || number > INT64_MAX)
        number = 0;
    return find_by_number(arena, store, (int64_t)number, now_ms, subscription, err);
}

/* --- given -------------------------------------------------------------------------------------- */

struct terms {
    int64_t days, lookback_days;
    bool closed;
};

static enum status load_terms(struct store *store, struct subscription *s, struct terms *terms,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT coalesce(f.days, p.days), coalesce(f.lookback_days, p.lookback_days),"
               " p.closed_ms IS NOT NULL, coalesce(f.version, p.version) FROM plan p"
               " LEFT JOIN plan_former f ON f.plan = p.id AND f.version = ?2 WHERE p.id = ?1");
    query_bind_int(q, 1, s->plan);
    query_bind_int(q, 2, s->version);
    bool found = query_row(q);
    if (found) {
        *terms = (struct terms){query_int(q, 0), query_int(q, 1), query_int(q, 2) != 0};
        s->version = query_int(q, 3);
    }
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such plan.", "没有这个方案。");
    if (!status && terms->closed)
        return error_set(err, STATUS_CONFLICT, "This plan is closed; choose another.",
                         "该方案已停止订阅，请选择其他方案。");
    return status;
}

/* One number over member ?1, plan ?2 and moment ?3; 0 when there is none. */
static enum status ask(struct store *store, const char *sql, const struct subscription *s,
                       int64_t moment_ms, int64_t *number, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, s->member);
    query_bind_int(q, 2, s->plan);
    query_bind_int(q, 3, moment_ms);
    *number = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status settle_times(struct store *store, struct subscription *s,
                                const struct terms *terms, int64_t now_ms, struct error *err)
{
    int64_t before = 0;
    enum status status = STATUS_OK;
    if (!s->starts_ms) {
        status = ask(store,
                     "SELECT max(ends_ms) FROM subscription WHERE member = ?1 AND plan = ?2"
                     " AND ended_ms IS NULL AND (ends_ms > ?3 OR paused_ms IS NOT NULL)",
                     s, now_ms, &before, err);
        s->starts_ms = before > now_ms ? before : now_ms;
    }
    if (!s->ends_ms)
        s->ends_ms = s->starts_ms + terms->days * STORE_DAY_MS;
    s->lookback_ms = s->starts_ms - terms->lookback_days * STORE_DAY_MS;
    if (!status)
        status =
            ask(store,
                "SELECT min(s.lookback_ms) FROM subscription s WHERE s.member = ?1"
                " AND s.plan = ?2 AND s.starts_ms <= ?3 AND " SUBSCRIPTION_END_SQL("s") " >= ?3",
                s, s->starts_ms, &before, err);
    if (before && before < s->lookback_ms)
        s->lookback_ms = before;
    if (!status && s->ends_ms <= s->starts_ms && !s->ended_ms)
        return error_set(err, STATUS_INPUT, "A subscription cannot end before it begins.",
                         "订阅的结束时间不能早于开始时间。");
    return status;
}

/* The same list imported twice gives nobody two. What has ended leaves room for one from the same day. */
static enum status check_single(struct store *store, const struct subscription *s,
                                struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM subscription WHERE member = ?1"
                                         " AND plan = ?2 AND starts_ms = ?3 AND ended_ms IS"
                                         " nullif(?4, 0)");
    query_bind_int(q, 1, s->member);
    query_bind_int(q, 2, s->plan);
    query_bind_int(q, 3, s->starts_ms);
    query_bind_int(q, 4, s->ended_ms);
    bool same = query_row(q);
    enum status status = query_end(q, err);
    if (!status && same)
        return error_set(err, STATUS_CONFLICT,
                         "There is a subscription of this plan from that day already.",
                         "从该日起已有同一方案的订阅。");
    return status;
}

static enum status insert_subscription(struct store *store, struct subscription *s,
                                       struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO subscription (member, plan, starts_ms, ends_ms,"
                           " lookback_ms, keeps, source, version, paused_ms, ended_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, nullif(?9, 0),"
                           " nullif(?10, 0))");
    query_bind_int(q, 1, s->member);
    query_bind_int(q, 2, s->plan);
    query_bind_int(q, 3, s->starts_ms);
    query_bind_int(q, 4, s->ends_ms);
    query_bind_int(q, 5, s->lookback_ms);
    query_bind_int(q, 6, s->keeps);
    query_bind_str(q, 7, str_of(s->source));
    query_bind_int(q, 8, s->version);
    query_bind_int(q, 9, s->paused_ms);
    query_bind_int(q, 10, s->ended_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    s->id = store_last_id(store);
    return status;
}

enum status library_add_subscription(struct store *store, struct subscription *s, int64_t now_ms,
                                     struct error *err)
{
    struct terms terms = {0};
    enum status status = load_terms(store, s, &terms, err);
    if (!status)
        status = settle_times(store, s, &terms, now_ms, err);
    if (!status)
        status = check_single(store, s, err);
    return status ? status : insert_subscription(store, s, err);
}

enum status library_subscribe(struct store *store, struct subscription *s, int64_t now_ms,
                              struct error *err)
{
    enum status status = library_add_subscription(store, s, now_ms, err);
    if (status)
        return status;
    json_t *data =
        json_pack("{s:o, s:o, s:I, s:I, s:I, s:b, s:s}", "member", record_member(s->member), "plan",
                  json_sprintf("L%" PRId64, s->plan), "version", (json_int_t)s->version,
                  "starts_ms", (json_int_t)s->starts_ms, "ends_ms", (json_int_t)s->ends_ms, "keeps",
                  s->keeps, "source", s->source);
    return record_event(store, "subscription.made", 'S', s->id, data, err);
}

enum status library_grant(struct store *store, struct subscription *s, int64_t now_ms,
                          struct error *err)
{
    struct letter letter = {.member = s->member, .kind = "granted"};
    enum status status = library_subscribe(store, s, now_ms, err);
    if (!status)
        status = store_newest_event(store, &letter.event, err);
    if (status)
        return status;
    struct query *q = query_start(store, "SELECT name FROM plan WHERE id = ?1");
    query_bind_int(q, 1, s->plan);
    struct str plan = query_row(q) ? query_str(q, 0) : STR("");
    json_t *data = json_pack("{s:s, s:o, s:I}", "path", "/subscriptions", "plan", str_to_json(plan),
                             "until_ms", (json_int_t)(s->ends_ms - 1));
    status = query_end(q, err);
    if (!status)
        return library_queue_letter_of(store, letter, data, err);
    json_decref(data);
    return status;
}

/* --- paused, resumed, ended --------------------------------------------------------------------- */

static enum status load(struct store *store, int64_t id, int64_t now_ms, struct subscription *s,
                        struct error *err)
{
    struct arena *arena = arena_make();
    enum status status = find_by_number(arena, store, id, now_ms, s, err);
    arena_free(arena);
    s->plan_name = s->plan_key = (struct str){0};
    return status;
}

/* Runs a change of subscription ?1 with a number ?2 and a second ?3, and records it. */
static enum status change(struct store *store, const char *sql, int64_t id, int64_t a, int64_t b,
                          const char *kind, json_t *data, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, a);
    query_bind_int(q, 3, b);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && kind)
        return record_event(store, kind, 'S', id, data, err);
    json_decref(data);
    return status;
}

/* What follows a subscription follows it still when its end moves: ?1 it, ?2 by how much, ?3 its end so far. */
#define SHIFT_SQL                                                                \
    "UPDATE subscription SET starts_ms = starts_ms + ?2, ends_ms = ends_ms + ?2" \
    " WHERE id <> ?1 AND starts_ms >= ?3 AND ended_ms IS NULL AND EXISTS"        \
    " (SELECT 1 FROM subscription f WHERE f.id = ?1"                             \
    "  AND f.member = subscription.member AND f.plan = subscription.plan)"

enum status library_pause_subscription(struct store *store, int64_t id, int64_t now_ms,
                                       struct error *err)
{
    struct subscription s;
    enum status status = load(store, id, now_ms, &s, err);
    if (status)
        return status;
    if (s.state != SUBSCRIPTION_RUNNING && s.state != SUBSCRIPTION_COMING)
        return error_set(err, STATUS_CONFLICT, "Only a subscription that runs can be paused.",
                         "只有有效的订阅才能暂停。");
    return change(store, "UPDATE subscription SET paused_ms = ?2 WHERE id = ?1 AND ?3 = 0", id,
                  now_ms, 0, "subscription.paused", NULL, err);
}

enum status library_resume_subscription(struct store *store, int64_t id, int64_t now_ms,
                                        struct error *err)
{
    struct subscription s;
    enum status status = load(store, id, now_ms, &s, err);
    if (status)
        return status;
    if (s.state != SUBSCRIPTION_PAUSED)
        return error_set(err, STATUS_CONFLICT, "This subscription is not paused.",
                         "该订阅未处于暂停状态。");
    int64_t pause_ms = now_ms - s.paused_ms;
    /* What follows it follows it still. */
    status = change(store, SHIFT_SQL, id, pause_ms, s.ends_ms, NULL, NULL, err);
    if (status)
        return status;
    return change(store,
                  "UPDATE subscription SET paused_ms = NULL, ends_ms = ends_ms + ?2"
                  " WHERE id = ?1 AND ?3 = 0",
                  id, pause_ms, 0, "subscription.resumed",
                  json_pack("{s:I}", "ends_ms", (json_int_t)(s.ends_ms + pause_ms)), err);
}

enum status library_end_subscription(struct store *store, int64_t id, bool keeps, int64_t now_ms,
                                     struct error *err)
{
    struct subscription s;
    enum status status = load(store, id, now_ms, &s, err);
    if (status)
        return status;
    bool ended = s.state == SUBSCRIPTION_ENDED || s.state == SUBSCRIPTION_KEPT;
    if (ended && s.keeps == keeps)
        return error_set(err, STATUS_CONFLICT, "This subscription has ended already.",
                         "该订阅已结束。");
    /* A pause opened nothing, so what ends while paused ended when the pause began. */
    return change(store,
                  ended ? "UPDATE subscription SET keeps = ?2 WHERE id = ?1 AND ?3 > 0"
                        : "UPDATE subscription SET keeps = ?2, ended_ms = coalesce(paused_ms, ?3),"
                          " paused_ms = NULL WHERE id = ?1",
                  id, keeps, now_ms, "subscription.ended", json_pack("{s:b}", "keeps", keeps), err);
}

/* --- longer ------------------------------------------------------------------------------------- */

enum status library_extend_subscription(struct store *store, int64_t id, int64_t by_ms,
                                        struct error *err)
{
    struct subscription s;
    enum status status = load(store, id, 0, &s, err);
    if (!status)
        status = change(store, SHIFT_SQL, id, by_ms, s.ends_ms, NULL, NULL, err);
    if (status)
        return status;
    return change(store, "UPDATE subscription SET ends_ms = ends_ms + ?2 WHERE id = ?1 AND ?3 = 0",
                  id, by_ms, 0, "subscription.extended",
                  json_pack("{s:I}", "ends_ms", (json_int_t)(s.ends_ms + by_ms)), err);
}

enum status library_restore_subscription(struct store *store, int64_t id, int64_t sanction,
                                         int64_t now_ms, struct error *err)
{
    return change(
        store,
        "UPDATE subscription SET keeps = w.keeps, paused_ms = w.paused_ms, ended_ms = NULL,"
        " ends_ms = ends_ms + CASE WHEN w.paused_ms IS NULL THEN max(0, ?3 - max(ended_ms,"
        " starts_ms)) ELSE 0 END FROM sanction_subscription w WHERE subscription.id = ?1"
        " AND w.subscription = ?1 AND w.sanction = ?2 AND ended_ms IS NOT NULL",
        id, sanction, now_ms, "subscription.restored", NULL, err);
}

/* --- reminders ---------------------------------------------------------------------------------- */

#define REMINDERS_AT_ONCE 500

struct reminder {
    int64_t id, member, ends_ms;
    struct str plan;
};

static enum status list_reminders(struct arena *arena, struct store *store, int64_t now_ms,
                                  struct reminder *list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT r.id, r.member, r.ends_ms, p.name FROM (" REMINDER_SQL ") r"
                           " JOIN plan p ON p.id = r.plan WHERE r.due_ms <= ?1 LIMIT 500");
    *count = 0;
    query_bind_int(q, 1, now_ms);
    while (query_row(q))
        list[(*count)++] = (struct reminder){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                             str_copy(arena, query_str(q, 3))};
    return query_end(q, err);
}

static enum status remind(struct store *store, const struct reminder *r, int64_t now_ms,
                          struct error *err)
{
    struct letter letter = {.member = r->member, .kind = "renewal"};
    enum status status = STATUS_OK;
    if (now_ms < r->ends_ms)
        status = library_queue_letter_of(store, letter,
                                         json_pack("{s:s, s:o, s:I, s:I}", "path", "/subscriptions",
                                                   "plan", str_to_json(r->plan), "until_ms",
                                                   (json_int_t)(r->ends_ms - 1), "subscription",
                                                   (json_int_t)r->id),
                                         err);
    if (status)
        return status;
    return change(store, "UPDATE subscription SET reminded_ms = ?2 WHERE id = ?1 AND ?3 = 0", r->id,
                  now_ms, 0, NULL, NULL, err);
}

enum status library_make_reminders(struct store *store, struct arena *arena, int64_t now_ms,
                                   struct error *err)
{
    struct reminder *list = arena_array(arena, REMINDERS_AT_ONCE, struct reminder);
    size_t count = REMINDERS_AT_ONCE;
    bool can;
    enum status status = library_can_mail(store, &can, err);
    if (status || !can)
        return status;
    status = store_begin(store, err);
    while (!status && count == REMINDERS_AT_ONCE) {
        status = list_reminders(arena, store, now_ms, list, &count, err);
        for (size_t i = 0; !status && i < count; i++)
            status = remind(store, &list[i], now_ms, err);
    }
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

enum status library_is_ending(struct store *store, int64_t id, int64_t now_ms, bool *ending,
                              struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM (" REMINDER_SQL ") WHERE id = ?1 AND ends_ms > ?2");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    *ending = query_row(q);
    return query_end(q, err);
}
