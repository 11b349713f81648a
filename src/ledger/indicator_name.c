/* What spreadsheets call indicators; see indicator.h. */
#include "base/json.h"
#include "ledger/indicator.h"

#include "ledger/key.h"

enum status ledger_find_named(struct store *store, struct str name, int64_t *line,
                              struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT coalesce((SELECT i.line FROM indicator i JOIN line l ON l.id = i.line"
        " WHERE l.number = upper(?1)), (SELECT line FROM indicator_name WHERE name = ?1),"
        " (SELECT max(i.line) FROM line l JOIN indicator i ON i.line = l.id"
        " WHERE l.title = ?1 AND l.kind = 'indicator' AND l.state <> 'closed' HAVING count(*) = 1))");
    query_bind_str(q, 1, name);
    *line = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status ledger_keep_name(struct store *store, struct str name, int64_t line,
                             const struct ledger_deed *deed, struct error *err)
{
    if (!ledger_is_line_of_text(name, 1, INDICATOR_NAME_MAX))
        return error_in(err, "name",
                        error_set(err, STATUS_INPUT, "A name has 1 to %d characters, on one line.",
                                  "名称应为一行，1 至 %d 个字。", INDICATOR_NAME_MAX));
    struct query *q = query_start(store, "INSERT INTO indicator_name (name, line) VALUES (?1, ?2)"
                                         " ON CONFLICT DO UPDATE SET line = ?2 WHERE line <> ?2");
    query_bind_str(q, 1, name);
    query_bind_int(q, 2, line);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || store_changes(store) == 0)
        return status;
    return ledger_record(store, line, "line.name", json_pack("{s:o}", "name", str_to_json(name)),
                         deed, err);
}

enum status ledger_list_names(struct arena *arena, struct store *store, size_t most,
                              struct indicator_name **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT n.name, l.number FROM indicator_name n"
                                         " JOIN line l ON l.id = n.line ORDER BY n.name LIMIT ?1");
    query_bind_int(q, 1, (int64_t)most);
    *list = arena_array(arena, most, struct indicator_name);
    for (*count = 0; query_row(q); ++*count)
        (*list)[*count] = (struct indicator_name){str_copy(arena, query_str(q, 0)),
                                                  str_copy(arena, query_str(q, 1))};
    return query_end(q, err);
}
