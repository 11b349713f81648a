/* Plans frozen; see freeze.h. */
#include "ledger/freeze.h"

#include "ledger/key.h"

/* Line ?1 and all under it that is not closed, at any depth. */
#define UNDER                                                                       \
    "WITH RECURSIVE under (id) AS (SELECT ?1 UNION"                                 \
    " SELECT l.id FROM line l JOIN under u ON l.parent = u.id)"                     \
    " SELECT l.id, l.begins_day, l.due_day FROM under u JOIN line l ON l.id = u.id" \
    " WHERE l.state <> 'closed' ORDER BY l.id"

static enum status load(struct arena *arena, struct query *q, struct baseline_item **items,
                        size_t *count, struct error *err)
{
    size_t room = 0;
    *items = NULL;
    *count = 0;
    while (query_row(q)) {
        if (*count == room) {
            *items =
                arena_grow(arena, *items, room * sizeof **items, (2 * room + 64) * sizeof **items);
            room = 2 * room + 64;
        }
        (*items)[(*count)++] = (struct baseline_item){
            .line = query_int(q, 0), .begins = query_int(q, 1), .due = query_int(q, 2)};
    }
    return query_end(q, err);
}

enum status ledger_load_state(struct arena *arena, struct store *store, int64_t line,
                              int64_t frozen, struct baseline_item **items, size_t *count,
                              struct error *err)
{
    struct query *q = frozen
                          ? query_start(store, "SELECT line, begins_day, due_day FROM baseline_line"
                                               " WHERE baseline = ?1 ORDER BY line")
                          : query_start(store, UNDER);
    query_bind_int(q, 1, frozen ? frozen : line);
    return load(arena, q, items, count, err);
}

static enum status add_baseline(struct store *store, int64_t line, struct str key, struct str name,
                                int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO baseline (key, line, name, frozen_ms)"
                                         " VALUES (?1, ?2, ?3, ?4)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, line);
    query_bind_str(q, 3, name);
    query_bind_int(q, 4, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return error_set(err, STATUS_CONFLICT, "A plan of this line is called that already.",
                         "本条目已有同名基线。");
    return status;
}

static enum status add_item(struct store *store, int64_t baseline, const struct baseline_item *item,
                            struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO baseline_line (baseline, line, begins_day, due_day)"
                           " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, baseline);
    query_bind_int(q, 2, item->line);
    query_bind_int_or_null(q, 3, item->begins);
    query_bind_int_or_null(q, 4, item->due);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_freeze_plan(struct arena *arena, struct store *store, int64_t line,
                               struct str name, const struct ledger_deed *deed, struct error *err)
{
    struct str key;
    struct baseline_item *items;
    size_t count;
    name = str_trim(name);
    if (!ledger_is_line_of_text(name, 1, FREEZE_NAME_MAX))
        return error_set(err, STATUS_INPUT, "Give the plan a name of at most %d characters.",
                         "请为基线命名，不超过 %d 个字。", FREEZE_NAME_MAX);
    enum status status = ledger_load_state(arena, store, line, 0, &items, &count, err);
    if (!status)
        status = digest_random_key(arena, &key, err);
    if (!status)
        status = add_baseline(store, line, key, name, deed->now_ms, err);
    int64_t baseline = status ? 0 : store_last_id(store);
    for (size_t i = 0; !status && i < count; i++)
        status = add_item(store, baseline, &items[i], err);
    if (status)
        return status;
    json_t *data = json_object();
    (void)json_object_set_new(data, "name", ledger_json_text(name));
    (void)json_object_set_new(data, "lines", json_integer((json_int_t)count));
    return ledger_record(store, line, "line.frozen", data, deed, err);
}

enum status ledger_list_frozen(struct arena *arena, struct store *store, int64_t line,
                               struct ledger_frozen **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT b.id, b.key, b.name, b.frozen_ms,"
                           " (SELECT count(*) FROM baseline_line WHERE baseline = b.id)"
                           " FROM baseline b WHERE b.line = ?1 ORDER BY b.id DESC");
    query_bind_int(q, 1, line);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_grow(arena, *list, n * sizeof **list, (n + 1) * sizeof **list);
        (*list)[n] = (struct ledger_frozen){query_int(q, 0), str_copy(arena, query_str(q, 1)),
                                            str_copy(arena, query_str(q, 2)), query_int(q, 3),
                                            query_int(q, 4)};
    }
    return query_end(q, err);
}
