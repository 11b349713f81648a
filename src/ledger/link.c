/* Links between lines; see link.h. */
#include "ledger/link.h"

#include "base/calendar.h"

static size_t place_of(const struct ledger_plan *plan, int64_t line)
{
    size_t at = 0;
    while (at < plan->count && plan->lines[at].id != line)
        at++;
    return at;
}

static struct schedule_step step_of(const struct line *line, int64_t today)
{
    struct schedule_step step = {
        .begins = line->begins_day, .due = line->due_day, .progress = (unsigned)line->progress};
    int64_t until = today;
    if (line->state == LINE_DONE)
        until = step.done = calendar_day_of(line->ended_ms);
    /* Nobody notes when work began: by plan, unless that lies ahead of what was done. */
    if (step.done || line->progress > 0)
        step.begun = line->begins_day && line->begins_day < until ? line->begins_day : until;
    return step;
}

static enum status load_lines(struct arena *arena, struct store *store, int64_t parent,
                              int64_t today, struct ledger_plan *plan, struct error *err)
{
    size_t all;
    enum status status = ledger_list_children(arena, store, parent, &plan->lines, &all, err);
    if (status)
        return status;
    plan->steps = arena_array(arena, all, struct schedule_step);
    plan->forecasts = arena_array(arena, all, struct schedule_forecast);
    for (size_t i = 0; i < all; i++)
        if (plan->lines[i].state != LINE_CLOSED) {
            plan->lines[plan->count] = plan->lines[i];
            plan->steps[plan->count++] = step_of(&plan->lines[i], today);
        }
    return STATUS_OK;
}

static enum status load_links(struct arena *arena, struct store *store, int64_t parent,
                              struct ledger_plan *plan, struct error *err)
{
    struct query *q = query_start(store, "SELECT k.before, k.after, k.lag FROM line a"
                                         " JOIN line_link k ON k.after = a.id"
                                         " JOIN line b ON b.id = k.before AND b.parent = a.parent"
                                         " WHERE a.parent = ?1 ORDER BY k.after, k.before");
    query_bind_int(q, 1, parent);
    while (query_row(q)) {
        struct schedule_link link = {place_of(plan, query_int(q, 0)),
                                     place_of(plan, query_int(q, 1)), query_int(q, 2)};
        if (link.before == plan->count || link.after == plan->count)
            continue;
        size_t n = plan->nlinks++;
        plan->links = arena_one_more(arena, plan->links, n, sizeof link);
        plan->links[n] = link;
    }
    return query_end(q, err);
}

static enum status load(struct arena *arena, struct store *store, int64_t parent, int64_t today,
                        struct ledger_plan *plan, struct error *err)
{
    *plan = (struct ledger_plan){0};
    enum status status = load_lines(arena, store, parent, today, plan, err);
    return status ? status : load_links(arena, store, parent, plan, err);
}

enum status ledger_load_plan(struct arena *arena, struct store *store, int64_t parent,
                             int64_t today, struct ledger_plan *plan, struct error *err)
{
    size_t *ring;
    size_t nring;
    enum status status = load(arena, store, parent, today, plan, err);
    if (status)
        return status;
    if (ledger_find_schedule(arena, plan->steps, plan->count, plan->links, plan->nlinks, today,
                             plan->forecasts, &plan->end, &ring, &nring))
        return error_set(err, STATUS_DAMAGED, "Line %.*s waits for itself by way of others.",
                         "条目 %.*s 的前置关系构成循环。", STR_ARG(plan->lines[ring[0]].number));
    return STATUS_OK;
}

/* Whether the plan with one more link has no ring; lines without a day count too, as they will have one. */
static enum status check_ring(struct arena *arena, struct ledger_plan *plan,
                              struct schedule_link link, struct error *err)
{
    size_t *ring;
    size_t nring;
    struct buf names = {.arena = arena};
    plan->links = arena_one_more(arena, plan->links, plan->nlinks, sizeof link);
    plan->links[plan->nlinks++] = link;
    for (size_t i = 0; i < plan->count; i++)
        plan->steps[i] = (struct schedule_step){.due = 1};
    if (!ledger_find_schedule(arena, plan->steps, plan->count, plan->links, plan->nlinks, 1,
                              plan->forecasts, &plan->end, &ring, &nring))
        return STATUS_OK;
    for (size_t i = 0; i < nring; i++)
        buf_format(&names, "%.*s → ", STR_ARG(plan->lines[ring[i]].number));
    buf_add(&names, plan->lines[ring[0]].number);
    return error_set(err, STATUS_CONFLICT, "Then these would wait for each other: %.*s.",
                     "这样会形成循环等待：%.*s。", STR_ARG(buf_str(&names)));
}

static enum status record(struct store *store, const char *kind, int64_t before, int64_t after,
                          int64_t lag, const struct ledger_deed *deed, struct error *err)
{
    json_t *data = json_object();
    (void)json_object_set_new(data, "before", ledger_json_id('L', before));
    (void)json_object_set_new(data, "lag", json_integer(lag));
    return ledger_record(store, after, kind, data, deed, err);
}

enum status ledger_link_lines(struct arena *arena, struct store *store, int64_t parent,
                              int64_t before, int64_t after, int64_t lag,
                              const struct ledger_deed *deed, struct error *err)
{
    struct ledger_plan plan;
    enum status status = load(arena, store, parent, 1, &plan, err);
    if (status)
        return status;
    struct schedule_link link = {place_of(&plan, before), place_of(&plan, after), lag};
    if (link.before == plan.count || link.after == plan.count || before == after || lag < 0 ||
        lag > LINK_LAG_MAX)
        return error_set(err, STATUS_INPUT, "Choose two different lines under this one.",
                         "请选择本条目下两个不同的条目。");
    status = check_ring(arena, &plan, link, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO line_link (before, after, lag) VALUES (?1, ?2, ?3)"
                           " ON CONFLICT (before, after) DO UPDATE SET lag = excluded.lag");
    query_bind_int(q, 1, before);
    query_bind_int(q, 2, after);
    query_bind_int(q, 3, lag);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : record(store, "line.linked", before, after, lag, deed, err);
}

enum status ledger_unlink_lines(struct store *store, int64_t parent, int64_t before, int64_t after,
                                const struct ledger_deed *deed, struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM line_link WHERE before = ?1 AND after = ?2 AND EXISTS"
                           " (SELECT 1 FROM line WHERE id = ?2 AND parent = ?3)");
    query_bind_int(q, 1, before);
    query_bind_int(q, 2, after);
    query_bind_int(q, 3, parent);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status)
        return status;
    if (!store_changes(store))
        return error_set(err, STATUS_MISSING, "It does not wait for that line.",
                         "该条目没有这一前置条目。");
    return record(store, "line.unlinked", before, after, 0, deed, err);
}
