/* Plans in the store; see plan.h. */
#include "library/plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "library/group.h"
#include "library/offer.h"
#include "library/record.h"

/* --- money -------------------------------------------------------------------------------------- */

bool library_parse_price(struct str text, int64_t *price)
{
    uint64_t whole;
    uint64_t part = 0;
    size_t dot = str_find(text, STR("."), 0);
    struct str rest = dot == SIZE_MAX ? STR("") : str_slice(text, dot + 1, text.len);
    if (!str_to_u64(str_slice(text, 0, dot == SIZE_MAX ? text.len : dot), &whole) ||
        whole > 10000000)
        return false;
    if (dot != SIZE_MAX && (rest.len == 0 || rest.len > 2 || !str_to_u64(rest, &part)))
        return false;
    *price = (int64_t)(whole * 100 + (rest.len == 1 ? part * 10 : part));
    return true;
}

struct str library_price_text(struct arena *arena, int64_t price, struct str currency,
                              enum lang lang)
{
    struct str sum = str_format(arena, "%" PRId64 ".%02d", price / 100, (int)(price % 100));
    if (lang == LANG_EN)
        return str_format(arena, "%.*s %.*s", STR_ARG(currency), STR_ARG(sum));
    return str_format(arena, "%.*s %.*s", STR_ARG(sum),
                      STR_ARG(str_equal(currency, STR("CNY")) ? STR("元") : currency));
}

/* --- made and closed ---------------------------------------------------------------------------- */

static enum status check(const struct plan *p, struct error *err)
{
    bool letters = p->currency.len == 3;
    for (size_t i = 0; letters && i < 3; i++)
        letters = p->currency.at[i] >= 'A' && p->currency.at[i] <= 'Z';
    if (p->name.len == 0)
        return error_set(err, STATUS_INPUT, "The plan needs a name.", "请填写方案名称。");
    if (!letters)
        return error_set(err, STATUS_INPUT, "A currency is three capital letters, like CNY.",
                         "币种应为三个大写字母，如 CNY。");
    if (p->price < 0 || p->days < 1 || p->days > PLAN_DAYS_MAX || p->lookback_days < 0 ||
        p->lookback_days > PLAN_DAYS_MAX)
        return error_set(err, STATUS_INPUT, "Length and look-back are days, at most %d.",
                         "期限和回溯以天计，最长 %d 天。", PLAN_DAYS_MAX);
    return STATUS_OK;
}

static enum status name_taken(const struct plan *p, struct error *err)
{
    return error_set(err, STATUS_CONFLICT, "There is a plan named \"%.*s\" already.",
                     "已有名为“%.*s”的方案。", STR_ARG(p->name));
}

static enum status insert_plan(struct store *store, const struct plan *p, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO plan (key, name, about, price, currency, days, lookback_days,"
               " created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_str(q, 1, p->key);
    query_bind_str(q, 2, p->name);
    query_bind_str(q, 3, p->about);
    query_bind_int(q, 4, p->price);
    query_bind_str(q, 5, p->currency);
    query_bind_int(q, 6, p->days);
    query_bind_int(q, 7, p->lookback_days);
    query_bind_int(q, 8, p->created_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status && store_was_duplicate(store) ? name_taken(p, err) : status;
}

static enum status open_groups(struct store *store, const struct plan *p, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < p->ngroups; i++) {
        struct query *q = query_start(store, "INSERT INTO plan_group (plan, version, \"group\")"
                                             " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
        query_bind_int(q, 1, p->id);
        query_bind_int(q, 2, p->version);
        query_bind_int(q, 3, p->groups[i].id);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static json_t *describe(const struct plan *p)
{
    json_t *groups = json_array();
    for (size_t i = 0; i < p->ngroups; i++)
        json_array_append_new(groups, json_sprintf("G%" PRId64, p->groups[i].id));
    return json_pack("{s:o, s:I, s:o, s:I, s:I, s:o}", "name", str_to_json(p->name), "price",
                     (json_int_t)p->price, "currency", str_to_json(p->currency), "days",
                     (json_int_t)p->days, "lookback_days", (json_int_t)p->lookback_days, "groups",
                     groups);
}

enum status library_make_plan(struct arena *arena, struct store *store, struct plan *p,
                              struct error *err)
{
    enum status status = check(p, err);
    if (!status)
        status = digest_random_key(arena, &p->key, err);
    if (status)
        return status;
    p->created_ms = store_now_ms();
    p->version = 1;
    status = insert_plan(store, p, err);
    p->id = store_last_id(store);
    if (!status)
        status = open_groups(store, p, err);
    return status ? status : record_event(store, "plan.made", 'L', p->id, describe(p), err);
}

enum status library_close_plan(struct store *store, int64_t plan, int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE plan SET closed_ms = ?2 WHERE id = ?1 AND closed_ms IS NULL");
    query_bind_int(q, 1, plan);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status || !store_changes(store)
               ? status
               : record_event(store, "plan.closed", 'L', plan, NULL, err);
}

enum status library_reopen_plan(struct store *store, int64_t plan, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE plan SET closed_ms = NULL WHERE id = ?1 AND closed_ms IS NOT NULL");
    query_bind_int(q, 1, plan);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status || !store_changes(store)
               ? status
               : record_event(store, "plan.reopened", 'L', plan, NULL, err);
}

/* --- found -------------------------------------------------------------------------------------- */

#define PLAN_SQL                                                                                      \
    "SELECT p.id, p.key, p.name, p.about, p.price, p.currency, p.days, p.lookback_days,"              \
    " p.created_ms, p.closed_ms, p.version, coalesce(r.running, 0), coalesce(r.former, 0),"           \
    " (SELECT count(*) FROM code_batch b JOIN code c ON c.batch = b.id WHERE b.plan = p.id"           \
    "  AND b.voided_ms IS NULL AND (b.expires_ms IS NULL OR b.expires_ms > ?1)"                       \
    "  AND c.redeemed_by IS NULL) FROM plan p LEFT JOIN (SELECT s.plan AS plan, count(*) AS running," \
    " count(*) FILTER (WHERE s.version < o.version) AS former FROM subscription s JOIN plan o"        \
    " ON o.id = s.plan WHERE " RUNNING_SQL("s", "?1") " GROUP BY s.plan) r ON r.plan = p.id "

static void read_plan(struct arena *arena, struct query *q, struct plan *p)
{
    *p = (struct plan){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .name = str_copy(arena, query_str(q, 2)),
        .about = str_copy(arena, query_str(q, 3)),
        .price = query_int(q, 4),
        .currency = str_copy(arena, query_str(q, 5)),
        .days = query_int(q, 6),
        .lookback_days = query_int(q, 7),
        .created_ms = query_int(q, 8),
        .closed_ms = query_int(q, 9),
        .version = query_int(q, 10),
        .running = query_int(q, 11),
        .former = query_int(q, 12),
        .codes = query_int(q, 13),
    };
}

enum status library_list_plan_groups(struct arena *arena, struct store *store, int64_t plan,
                                     int64_t version, struct plan_group **groups, size_t *count,
                                     struct error *err)
{
    struct query *q = query_start(
        store, "SELECT g.id, g.key, g.name FROM plan_group l JOIN \"group\" g ON g.id = l.\"group\""
               " WHERE l.plan = ?1 AND l.version = ?2 ORDER BY g.name LIMIT 200");
    *groups = arena_array(arena, PLAN_GROUPS_MAX, struct plan_group);
    *count = 0;
    query_bind_int(q, 1, plan);
    query_bind_int(q, 2, version);
    while (query_row(q))
        (*groups)[(*count)++] = (struct plan_group){
            query_int(q, 0), str_copy(arena, query_str(q, 1)), str_copy(arena, query_str(q, 2))};
    return query_end(q, err);
}

static enum status load_groups(struct arena *arena, struct store *store, struct plan *p,
                               struct error *err)
{
    return library_list_plan_groups(arena, store, p->id, p->version, &p->groups, &p->ngroups, err);
}

enum status library_find_plan(struct arena *arena, struct store *store, struct str named,
                              int64_t now_ms, struct plan *plan, struct error *err)
{
    struct query *q = query_start(store, PLAN_SQL "WHERE p.key = ?2 OR p.name = ?2"
                                                  " ORDER BY p.key = ?2 DESC");
    query_bind_int(q, 1, now_ms);
    query_bind_str(q, 2, named);
    bool found = query_row(q);
    if (found)
        read_plan(arena, q, plan);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no plan \"%.*s\".", "没有方案“%.*s”。",
                         STR_ARG(named));
    return status ? status : load_groups(arena, store, plan, err);
}

enum status library_list_plans(struct arena *arena, struct store *store, bool closed,
                               int64_t now_ms, struct plan **list, size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(store, PLAN_SQL "WHERE ?2 OR p.closed_ms IS NULL"
                                                  " ORDER BY p.closed_ms IS NOT NULL, p.name");
    query_bind_int(q, 1, now_ms);
    query_bind_int(q, 2, closed);
    while (query_row(q)) {
        struct plan plan;
        read_plan(arena, q, &plan);
        buf_add(&rows, (struct str){(const char *)&plan, sizeof plan});
    }
    enum status status = query_end(q, err);
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count, struct plan);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    for (size_t i = 0; !status && i < *count; i++)
        status = load_groups(arena, store, &(*list)[i], err);
    return status;
}

/* --- changed ------------------------------------------------------------------------------------ */

static bool opens(const struct plan *p, int64_t group)
{
    for (size_t i = 0; i < p->ngroups; i++)
        if (p->groups[i].id == group)
            return true;
    return false;
}

static bool same_terms(const struct plan *a, const struct plan *b)
{
    bool same = a->price == b->price && str_equal(a->currency, b->currency) && a->days == b->days &&
                a->lookback_days == b->lookback_days;
    for (size_t i = 0; same && i < a->ngroups; i++)
        same = opens(b, a->groups[i].id);
    for (size_t i = 0; same && i < b->ngroups; i++)
        same = opens(a, b->groups[i].id);
    return same;
}

/* A statement over plan ?1, its version ?2 and a moment ?3; *any: whether it gives a row. */
static enum status run(struct store *store, const char *sql, const struct plan *p, int64_t now_ms,
                       bool *any, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, p->id);
    query_bind_int(q, 2, p->version);
    query_bind_int(q, 3, now_ms);
    *any = query_row(q);
    return query_end(q, err);
}

/* Makes room for other terms: those that something was sold by stay, as a former version. */
static enum status begin_version(struct store *store, const struct plan *was, int64_t now_ms,
                                 int64_t *version, struct error *err)
{
    bool sold;
    bool none;
    enum status status =
        run(store,
            "SELECT 1 WHERE ?3 >= 0 AND (EXISTS (SELECT 1 FROM subscription WHERE plan = ?1"
            " AND version = ?2) OR EXISTS (SELECT 1 FROM code_batch WHERE plan = ?1"
            " AND version = ?2))",
            was, now_ms, &sold, err);
    *version = was->version + sold;
    if (status)
        return status;
    if (!sold)
        return run(store, "DELETE FROM plan_group WHERE plan = ?1 AND version = ?2 AND ?3 >= 0",
                   was, now_ms, &none, err);
    return run(store,
               "INSERT INTO plan_former SELECT id, version, price, currency, days, lookback_days,"
               " ?3 FROM plan WHERE id = ?1 AND version = ?2",
               was, now_ms, &none, err);
}

static enum status update_plan(struct store *store, const struct plan *p, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE plan SET name = ?2, about = ?3, price = ?4, currency = ?5, days = ?6,"
               " lookback_days = ?7, version = ?8 WHERE id = ?1");
    query_bind_int(q, 1, p->id);
    query_bind_str(q, 2, p->name);
    query_bind_str(q, 3, p->about);
    query_bind_int(q, 4, p->price);
    query_bind_str(q, 5, p->currency);
    query_bind_int(q, 6, p->days);
    query_bind_int(q, 7, p->lookback_days);
    query_bind_int(q, 8, p->version);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status && store_was_duplicate(store) ? name_taken(p, err) : status;
}

static enum status find_by_id(struct arena *arena, struct store *store, int64_t id, int64_t now_ms,
                              struct plan *plan, struct error *err)
{
    struct query *q = query_start(store, PLAN_SQL "WHERE p.id = ?2");
    query_bind_int(q, 1, now_ms);
    query_bind_int(q, 2, id);
    bool found = query_row(q);
    if (found)
        read_plan(arena, q, plan);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such plan.", "没有这个方案。");
    return status ? status : load_groups(arena, store, plan, err);
}

enum status library_change_plan(struct arena *arena, struct store *store, struct plan *p,
                                int64_t now_ms, struct error *err)
{
    struct plan was;
    enum status status = check(p, err);
    if (!status)
        status = find_by_id(arena, store, p->id, now_ms, &was, err);
    if (status)
        return status;
    bool same = same_terms(&was, p);
    if (same && str_equal(was.name, p->name) && str_equal(was.about, p->about))
        return STATUS_OK;
    p->version = was.version;
    if (!same)
        status = begin_version(store, &was, now_ms, &p->version, err);
    if (!status)
        status = update_plan(store, p, err);
    if (!status && !same)
        status = open_groups(store, p, err);
    if (status)
        return status;
    json_t *data = describe(p);
    json_object_set_new(data, "version", json_integer(p->version));
    return record_event(store, "plan.changed", 'L', p->id, data, err);
}
