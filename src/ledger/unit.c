/* Units in the store; see unit.h. */
#include "ledger/unit.h"

#include "base/json.h"
#include "ledger/key.h"
#include "ledger/line.h"

/* --- found -------------------------------------------------------------------------------------- */

#define UNIT_SQL                                                                               \
    "SELECT u.id, u.key, u.name, u.parent, u.head, u.created_ms, u.closed_ms, u.closed_why,"   \
    " (SELECT count(*) FROM unit_member m WHERE m.unit = u.id),"                               \
    " (SELECT count(*) FROM line l WHERE l.unit = u.id AND l.state IN ('proposed', 'active'))" \
    " FROM unit u "

static void take_unit(struct arena *arena, struct query *q, struct unit *u)
{
    *u = (struct unit){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .name = str_copy(arena, query_str(q, 2)),
        .parent = query_int(q, 3),
        .head = query_int(q, 4),
        .created_ms = query_int(q, 5),
        .closed_ms = query_int(q, 6),
        .closed_why = str_copy(arena, query_str(q, 7)),
        .members = query_int(q, 8),
        .lines = query_int(q, 9),
    };
}

static enum status take_one(struct arena *arena, struct query *q, struct unit *unit,
                            struct error *err)
{
    bool found = query_row(q);
    if (found)
        take_unit(arena, q, unit);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such unit.", "没有这个单位。");
    return status;
}

enum status ledger_find_unit(struct arena *arena, struct store *store, struct str key,
                             struct unit *unit, struct error *err)
{
    struct query *q = query_start(store, UNIT_SQL "WHERE u.key = ?1");
    query_bind_str(q, 1, key);
    return take_one(arena, q, unit, err);
}

enum status ledger_find_unit_by_id(struct arena *arena, struct store *store, int64_t id,
                                   struct unit *unit, struct error *err)
{
    struct query *q = query_start(store, UNIT_SQL "WHERE u.id = ?1");
    query_bind_int(q, 1, id);
    return take_one(arena, q, unit, err);
}

enum status ledger_list_units(struct arena *arena, struct store *store, struct unit **list,
                              size_t *count, struct error *err)
{
    struct query *q = query_start(store, UNIT_SQL "ORDER BY u.closed_ms IS NOT NULL, u.name");
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        take_unit(arena, q, &(*list)[n]);
    }
    return query_end(q, err);
}

enum status ledger_list_unit_members(struct arena *arena, struct store *store, int64_t unit,
                                     int64_t **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT member FROM unit_member WHERE unit = ?1 ORDER BY member");
    query_bind_int(q, 1, unit);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = query_int(q, 0);
    }
    return query_end(q, err);
}

/* --- changed ------------------------------------------------------------------------------------ */

/* Runs a statement over ?1, ?2 and the text ?3; *changed gets whether it changed or found a row. */
static enum status run(struct store *store, const char *sql, int64_t one, int64_t two,
                       struct str text, bool *changed, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, one);
    query_bind_int_or_null(q, 2, two);
    query_bind_str(q, 3, text);
    *changed = query_row(q);
    enum status status = query_end(q, err);
    *changed |= !status && store_changes(store) > 0;
    return status;
}

/* Whether a query over ?1 and ?2 has a row. */
static enum status has_row(struct store *store, const char *sql, int64_t one, int64_t two,
                           bool *has, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, one);
    query_bind_int(q, 2, two);
    *has = query_row(q);
    return query_end(q, err);
}

static enum status check(struct store *store, const struct unit *u, struct error *err)
{
    bool there = true;
    bool under = false;
    bool head = true;
    if (!ledger_is_line_of_text(u->name, 1, UNIT_NAME_MAX))
        return error_in(err, "name",
                        error_set(err, STATUS_INPUT,
                                  "A unit's name has 1 to %d characters, on one line.",
                                  "单位名称应为一行，1 至 %d 个字。", UNIT_NAME_MAX));
    enum status status = STATUS_OK;
    if (u->parent)
        status = has_row(store, "SELECT 1 FROM unit WHERE id = ?1 AND ?2 IS NOT NULL", u->parent, 0,
                         &there, err);
    if (!status && u->parent && u->id)
        status = has_row(store,
                         "WITH RECURSIVE above (id) AS (SELECT ?1 UNION SELECT u.parent FROM unit u"
                         " JOIN above a ON u.id = a.id WHERE u.parent IS NOT NULL)"
                         " SELECT 1 FROM above WHERE id = ?2",
                         u->parent, u->id, &under, err);
    if (!status && u->head)
        status = has_row(store, "SELECT 1 FROM member WHERE id = ?1 AND ?2 IS NOT NULL", u->head, 0,
                         &head, err);
    if (status)
        return status;
    if (!there)
        return error_set(err, STATUS_MISSING, "There is no unit that it could be under.",
                         "上级单位不存在。");
    if (under)
        return error_in(err, "under",
                        error_set(err, STATUS_CONFLICT, "A unit can't be under itself.",
                                  "单位不能隶属于自身。"));
    if (!head)
        return error_set(err, STATUS_MISSING, "There is no such member.", "没有这名成员。");
    return STATUS_OK;
}

static enum status name_taken(const struct unit *u, struct error *err)
{
    return error_in(err, "name",
                    error_set(err, STATUS_CONFLICT, "There is a unit named \"%.*s\" already.",
                              "已有名为“%.*s”的单位。", STR_ARG(u->name)));
}

static json_t *describe(const struct unit *u)
{
    return json_pack("{s:o, s:o, s:o}", "name", str_to_json(u->name), "parent",
                     ledger_json_id('U', u->parent), "head", ledger_json_id('M', u->head));
}

static enum status seat_head(struct store *store, const struct unit *u, struct error *err)
{
    return u->head ? ledger_put_in_unit(store, u->id, u->head, err) : STATUS_OK;
}

enum status ledger_make_unit(struct arena *arena, struct store *store, struct unit *u,
                             int64_t now_ms, struct error *err)
{
    enum status status = check(store, u, err);
    if (!status)
        status = digest_random_key(arena, &u->key, err);
    if (status)
        return status;
    u->created_ms = now_ms;
    struct query *q = query_start(store, "INSERT INTO unit (key, name, parent, head, created_ms)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_str(q, 1, u->key);
    query_bind_str(q, 2, u->name);
    query_bind_int_or_null(q, 3, u->parent);
    query_bind_int_or_null(q, 4, u->head);
    query_bind_int(q, 5, u->created_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return name_taken(u, err);
    if (status)
        return status;
    u->id = store_last_id(store);
    status = ledger_add_event(store, "unit.made", 'U', u->id, describe(u), err);
    return status ? status : seat_head(store, u, err);
}

enum status ledger_change_unit(struct store *store, const struct unit *u, struct error *err)
{
    enum status status = check(store, u, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE unit SET name = ?2, parent = ?3, head = ?4 WHERE id = ?1"
                           " AND (name <> ?2 OR parent IS NOT ?3 OR head IS NOT ?4)");
    query_bind_int(q, 1, u->id);
    query_bind_str(q, 2, u->name);
    query_bind_int_or_null(q, 3, u->parent);
    query_bind_int_or_null(q, 4, u->head);
    (void)query_row(q);
    status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return name_taken(u, err);
    if (status || !store_changes(store))
        return status;
    status = ledger_add_event(store, "unit.changed", 'U', u->id, describe(u), err);
    return status ? status : seat_head(store, u, err);
}

enum status ledger_close_unit(struct store *store, int64_t unit, struct str why, int64_t now_ms,
                              struct error *err)
{
    bool busy = false;
    bool changed = false;
    if (!ledger_is_line_of_text(why, 1, LINE_WHY_MAX))
        return error_in(
            err, "why",
            error_set(err, STATUS_INPUT, "Say why the unit is closed.", "请说明关闭单位的理由。"));
    enum status status =
        has_row(store,
                "SELECT 1 FROM line WHERE unit = ?1 AND state IN ('proposed', 'active') AND ?2 = 0"
                " UNION ALL SELECT 1 FROM unit WHERE parent = ?1 AND closed_ms IS NULL",
                unit, 0, &busy, err);
    if (!status && busy)
        return error_set(err, STATUS_CONFLICT,
                         "The unit still answers for open lines, or for units under it. Hand them "
                         "over first.",
                         "该单位尚有未结条目或下级单位，请先移交。");
    if (!status)
        status = run(store,
                     "UPDATE unit SET closed_ms = ?2, closed_why = ?3"
                     " WHERE id = ?1 AND closed_ms IS NULL",
                     unit, now_ms, why, &changed, err);
    if (status || !changed)
        return status;
    return ledger_add_event(store, "unit.closed", 'U', unit,
                            json_pack("{s:o}", "why", str_to_json(why)), err);
}

enum status ledger_reopen_unit(struct store *store, int64_t unit, struct error *err)
{
    bool changed;
    enum status status = run(store,
                             "UPDATE unit SET closed_ms = ?2, closed_why = ?3"
                             " WHERE id = ?1 AND closed_ms IS NOT NULL",
                             unit, 0, STR(""), &changed, err);
    return status || !changed ? status
                              : ledger_add_event(store, "unit.reopened", 'U', unit, NULL, err);
}

static json_t *about_member(int64_t member)
{
    return json_pack("{s:o}", "member", ledger_json_id('M', member));
}

enum status ledger_put_in_unit(struct store *store, int64_t unit, int64_t member, struct error *err)
{
    bool changed;
    enum status status =
        run(store, "INSERT OR IGNORE INTO unit_member (unit, member) SELECT ?1, ?2 WHERE ?3 = ''",
            unit, member, STR(""), &changed, err);
    return status || !changed
               ? status
               : ledger_add_event(store, "unit.joined", 'U', unit, about_member(member), err);
}

enum status ledger_take_out_of_unit(struct store *store, int64_t unit, int64_t member,
                                    struct error *err)
{
    bool changed;
    enum status status =
        run(store, "DELETE FROM unit_member WHERE unit = ?1 AND member = ?2 AND ?3 = ''", unit,
            member, STR(""), &changed, err);
    if (status || !changed)
        return status;
    status = run(store, "UPDATE unit SET head = NULL WHERE id = ?1 AND head = ?2 AND ?3 = ''", unit,
                 member, STR(""), &changed, err);
    return status ? status
                  : ledger_add_event(store, "unit.left", 'U', unit, about_member(member), err);
}
