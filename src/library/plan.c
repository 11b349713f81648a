/* Plans in the store; see plan.h. */
#include "library/plan.h"

#include <inttypes.h>
#include <string.h>

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

struct str library_price_text(struct arena *arena, int64_t price, struct str currency)
{
    return str_format(arena, "%.*s %" PRId64 ".%02d", STR_ARG(currency), price / 100,
                      (int)(price % 100));
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
    if (status && store_was_duplicate(store))
        return error_set(err, STATUS_CONFLICT, "There is a plan named \"%.*s\" already.",
                         "已有名为“%.*s”的方案。", STR_ARG(p->name));
    return status;
}

static enum status open_groups(struct store *store, const struct plan *p, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < p->ngroups; i++) {
        struct query *q = query_start(store, "INSERT INTO plan_group (plan, \"group\")"
                                             " VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        query_bind_int(q, 1, p->id);
        query_bind_int(q, 2, p->groups[i].id);
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
    return json_pack("{s:o, s:I, s:o, s:I, s:I, s:o}", "name", record_text(p->name), "price",
                     (json_int_t)p->price, "currency", record_text(p->currency), "days",
                     (json_int_t)p->days, "lookback_days", (json_int_t)p->lookback_days, "groups",
                     groups);
}

enum status library_make_plan(struct arena *arena, struct store *store, struct plan *p,
                              struct error *err)
{
    enum status status = check(p, err);
    if (!status)
        status = library_new_key(arena, &p->key, err);
    if (status)
        return status;
    p->created_ms = store_now_ms();
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

#define PLAN_SQL                                                                           \
    "SELECT p.id, p.key, p.name, p.about, p.price, p.currency, p.days, p.lookback_days,"   \
    " p.created_ms, p.closed_ms, (SELECT count(*) FROM subscription s WHERE s.plan = p.id" \
    " AND " RUNNING_SQL("s", "?1") ") FROM plan p "

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
        .running = query_int(q, 10),
    };
}

static enum status load_groups(struct arena *arena, struct store *store, struct plan *p,
                               struct error *err)
{
    struct query *q = query_start(
        store, "SELECT g.id, g.key, g.name FROM plan_group l JOIN \"group\" g ON g.id = l.\"group\""
               " WHERE l.plan = ?1 ORDER BY g.name LIMIT 200");
    p->groups = arena_array(arena, PLAN_GROUPS_MAX, struct plan_group);
    p->ngroups = 0;
    query_bind_int(q, 1, p->id);
    while (query_row(q))
        p->groups[p->ngroups++] = (struct plan_group){
            query_int(q, 0), str_copy(arena, query_str(q, 1)), str_copy(arena, query_str(q, 2))};
    return query_end(q, err);
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
