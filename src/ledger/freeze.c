/* Plans frozen; see freeze.h. */
#include "ledger/freeze.h"

#include "base/json.h"
#include "ledger/amount.h"
#include "ledger/key.h"

/* Line ?1 and all under it that is not closed, at any depth. An indicator's quantity counts steps of its last decimal
 * place, of which the last column has the number. */
#define UNDER                                                                                        \
    "WITH RECURSIVE under (id) AS (SELECT ?1 UNION"                                                  \
    " SELECT l.id FROM line l JOIN under u ON l.parent = u.id)"                                      \
    " SELECT l.id, l.begins_day, l.due_day, coalesce(y.planned, 0),"                                 \
    " coalesce(iy.whole, x.quantity, 0), coalesce(iif(iy.whole IS NULL, x.measure, i.measure), '')," \
    " iif(iy.whole IS NULL, 3, i.places) FROM under u JOIN line l ON l.id = u.id"                    \
    " LEFT JOIN project_money y ON y.line = l.id LEFT JOIN line_quantity x ON x.line = l.id"         \
    " LEFT JOIN indicator i ON i.line = l.id LEFT JOIN indicator_year iy ON iy.line = l.id"          \
    " AND iy.year = CAST(strftime('%Y', l.due_day * 86400, 'unixepoch') AS INTEGER)"                 \
    " WHERE l.state <> 'closed' ORDER BY l.id"

/* Steps of the last of `places` decimal places as thousandths. */
static int64_t thousandths(int64_t steps, int64_t places)
{
    for (; places < 3; places++)
        steps *= 10;
    for (; places > 3; places--)
        steps /= 10;
    return steps;
}

static enum status load(struct arena *arena, struct query *q, struct baseline_item **items,
                        size_t *count, struct error *err)
{
    *items = NULL;
    *count = 0;
    while (query_row(q)) {
        *items = arena_one_more(arena, *items, *count, sizeof **items);
        (*items)[(*count)++] = (struct baseline_item){
            .line = query_int(q, 0),
            .begins = query_int(q, 1),
            .due = query_int(q, 2),
            .cents = query_int(q, 3),
            .quantity = thousandths(query_int(q, 4), query_int(q, 6)),
            .measure = str_copy(arena, query_str(q, 5)),
        };
    }
    return query_end(q, err);
}

enum status ledger_load_state(struct arena *arena, struct store *store, int64_t line,
                              int64_t frozen, struct baseline_item **items, size_t *count,
                              struct error *err)
{
    struct query *q = frozen
                          ? query_start(store, "SELECT line, begins_day, due_day, cents, quantity,"
                                               " measure, 3 FROM baseline_line"
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
        query_start(store, "INSERT INTO baseline_line (baseline, line, begins_day, due_day, cents,"
                           " quantity, measure) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_int(q, 1, baseline);
    query_bind_int(q, 2, item->line);
    query_bind_int_or_null(q, 3, item->begins);
    query_bind_int_or_null(q, 4, item->due);
    query_bind_int(q, 5, item->cents);
    query_bind_int(q, 6, item->quantity);
    query_bind_str(q, 7, item->measure);
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
    (void)json_object_set_new(data, "name", str_to_json(name));
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
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct ledger_frozen){query_int(q, 0), str_copy(arena, query_str(q, 1)),
                                            str_copy(arena, query_str(q, 2)), query_int(q, 3),
                                            query_int(q, 4)};
    }
    return query_end(q, err);
}

/* --- quantities --------------------------------------------------------------------------------- */

enum status ledger_find_quantity_of(struct arena *arena, struct store *store, int64_t line,
                                    int64_t *quantity, struct str *measure, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT quantity, measure FROM line_quantity WHERE line = ?1");
    *quantity = 0;
    *measure = STR("");
    query_bind_int(q, 1, line);
    if (query_row(q)) {
        *quantity = query_int(q, 0);
        *measure = str_copy(arena, query_str(q, 1));
    }
    return query_end(q, err);
}

static enum status check_quantity(struct arena *arena, struct store *store, int64_t line,
                                  int64_t quantity, struct str measure, struct error *err)
{
    struct line found;
    if (!ledger_is_line_of_text(measure, 0, QUANTITY_MEASURE_MAX))
        return error_set(err, STATUS_INPUT, "A measure has at most %d characters.",
                         "计量单位不超过 %d 个字。", QUANTITY_MEASURE_MAX);
    if (quantity < 0 || quantity > QUANTITY_MAX)
        return error_set(err, STATUS_INPUT, "The quantity can't be below nothing or that large.",
                         "数量不能为负，也不能过大。");
    enum status status = ledger_find_line_by_id(arena, store, line, &found, err);
    if (!status && found.kind == LEDGER_INDICATOR)
        return error_set(err, STATUS_CONFLICT, "What an indicator is to reach, its targets say.",
                         "指标的数量以其目标值为准。");
    return status;
}

/* "12.500 km", empty for none. */
static json_t *quantity_json(struct arena *arena, int64_t quantity, struct str measure)
{
    return measure.len ? str_to_json(str_format(arena, "%.*s %.*s",
                                                STR_ARG(ledger_write_amount(arena, quantity, 3)),
                                                STR_ARG(measure)))
                       : json_null();
}

enum status ledger_set_quantity(struct arena *arena, struct store *store, int64_t line,
                                int64_t quantity, struct str measure,
                                const struct ledger_deed *deed, struct error *err)
{
    int64_t was;
    struct str was_measure;
    measure = str_trim(measure);
    enum status status = check_quantity(arena, store, line, quantity, measure, err);
    if (!status)
        status = ledger_find_quantity_of(arena, store, line, &was, &was_measure, err);
    if (status || (was == quantity && str_equal(was_measure, measure)))
        return status;
    struct query *q = query_start(
        store, measure.len ? "INSERT OR REPLACE INTO line_quantity (line, quantity, measure)"
                             " VALUES (?1, ?2, ?3)"
                           : "DELETE FROM line_quantity WHERE line = ?1");
    query_bind_int(q, 1, line);
    if (measure.len) {
        query_bind_int(q, 2, quantity);
        query_bind_str(q, 3, measure);
    }
    (void)query_row(q);
    status = query_end(q, err);
    json_t *data = json_object();
    (void)json_object_set_new(data, "quantity",
                              json_pack("[o, o]", quantity_json(arena, was, was_measure),
                                        quantity_json(arena, quantity, measure)));
    if (status) {
        json_decref(data);
        return status;
    }
    return ledger_record(store, line, "line.quantity", data, deed, err);
}
