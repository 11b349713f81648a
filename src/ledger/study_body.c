/* What bodies are to study and how soon; see study.h. */
#include "ledger/key.h"
#include "ledger/study.h"

static enum status check(const struct study_body *body, struct error *err)
{
    if (body->limit_days < 1 || body->limit_days > STUDY_LIMIT_MAX)
        return error_set(err, STATUS_INPUT, "The limit is 1 to %d working days.",
                         "时限应为 1 至 %d 个工作日。", STUDY_LIMIT_MAX);
    if (body->window_days < 1 || body->window_days > STUDY_WINDOW_MAX)
        return error_set(err, STATUS_INPUT, "Look back 1 to %d days.", "回溯天数应为 1 至 %d 天。",
                         STUDY_WINDOW_MAX);
    if ((!body->ngroups && !body->for_all) || !body->since_day)
        return error_set(err, STATUS_INPUT, "Choose whose papers, and from which day on.",
                         "请选择文稿范围和起始日期。");
    return STATUS_OK;
}

static enum status keep(struct store *store, const struct study_body *body, struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT INTO study_body (unit, limit_days, window_days, since_day,"
        " for_all) SELECT id, ?2, ?3, ?4, ?5 FROM unit WHERE id = ?1 ON CONFLICT DO UPDATE"
        " SET limit_days = ?2, window_days = ?3, since_day = ?4, for_all = ?5 RETURNING unit");
    query_bind_int(q, 1, body->unit);
    query_bind_int(q, 2, body->limit_days);
    query_bind_int(q, 3, body->window_days);
    query_bind_int(q, 4, body->since_day);
    query_bind_int(q, 5, body->for_all);
    bool found = query_row(q);
    (void)(found && query_row(q));
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such unit.", "没有这个单位。");
    return status;
}

static enum status drop_groups(struct store *store, int64_t unit, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM study_body_group WHERE unit = ?1");
    query_bind_int(q, 1, unit);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_group(struct store *store, int64_t unit, int64_t group, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT OR IGNORE INTO study_body_group (unit, \"group\") VALUES (?1, ?2)");
    query_bind_int(q, 1, unit);
    query_bind_int(q, 2, group);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_set_study_body(struct store *store, const struct study_body *body,
                                  struct error *err)
{
    enum status status = check(body, err);
    if (!status)
        status = keep(store, body, err);
    if (!status)
        status = drop_groups(store, body->unit, err);
    for (size_t i = 0; !status && i < body->ngroups; i++)
        status = keep_group(store, body->unit, body->groups[i], err);
    if (status)
        return status;
    json_t *data = json_pack("{s:I, s:I, s:I}", "limit", (json_int_t)body->limit_days, "window",
                             (json_int_t)body->window_days, "groups", (json_int_t)body->ngroups);
    (void)json_object_set_new(data, "since", ledger_json_day(body->since_day));
    return ledger_add_event(store, "unit.study", 'U', body->unit, data, err);
}

static enum status fill_groups(struct arena *arena, struct store *store, struct study_body *body,
                               struct error *err)
{
    struct query *q = query_start(
        store, "SELECT \"group\" FROM study_body_group WHERE unit = ?1 ORDER BY \"group\"");
    query_bind_int(q, 1, body->unit);
    while (query_row(q)) {
        size_t n = body->ngroups++;
        body->groups = arena_one_more(arena, body->groups, n, sizeof(int64_t));
        body->groups[n] = query_int(q, 0);
    }
    return query_end(q, err);
}

/* unit 0: all. */
static enum status read_bodies(struct arena *arena, struct store *store, int64_t unit,
                               struct study_body **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT b.unit, b.limit_days, b.window_days, b.since_day, b.for_all FROM study_body b JOIN unit"
        " u ON u.id = b.unit WHERE ?1 = 0 OR b.unit = ?1 ORDER BY u.name");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, unit);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct study_body){.unit = query_int(q, 0),
                                         .limit_days = query_int(q, 1),
                                         .window_days = query_int(q, 2),
                                         .since_day = query_int(q, 3),
                                         .for_all = query_int(q, 4)};
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < *count; i++)
        status = fill_groups(arena, store, &(*list)[i], err);
    return status;
}

enum status ledger_list_study_bodies(struct arena *arena, struct store *store,
                                     struct study_body **list, size_t *count, struct error *err)
{
    return read_bodies(arena, store, 0, list, count, err);
}

enum status ledger_load_study_body(struct arena *arena, struct store *store, int64_t unit,
                                   struct study_body *body, struct error *err)
{
    struct study_body *list;
    size_t count = 0;
    enum status status = unit ? read_bodies(arena, store, unit, &list, &count, err) : STATUS_OK;
    *body = count ? list[0] : (struct study_body){0};
    return status;
}
