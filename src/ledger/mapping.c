/* Mappings of columns; see mapping.h. */
#include "ledger/mapping.h"

#include "base/json.h"
#include "ledger/key.h"

static enum status check_name(struct str name, struct error *err)
{
    return ledger_is_line_of_text(name, 1, MAPPING_NAME_MAX)
               ? STATUS_OK
               : error_set(err, STATUS_INPUT, "A source's name has 1 to %d characters.",
                           "来源名称应为 1 至 %d 个字。", MAPPING_NAME_MAX);
}

static enum status check_mapping(const struct ledger_mapping *mapping, struct error *err)
{
    enum status status = check_name(mapping->name, err);
    if (!status && mapping->columns.count > MAPPING_COLUMNS_MAX)
        return error_set(err, STATUS_LIMITED, "A table has at most %u columns.", "表格最多 %u 列。",
                         MAPPING_COLUMNS_MAX);
    for (size_t i = 0; !status && i < mapping->columns.count; i++)
        if (!ledger_is_line_of_text(mapping->columns.at[i].heading, 1, MAPPING_HEADING_MAX))
            return error_set(err, STATUS_INPUT, "A heading has 1 to %d characters, on one line.",
                             "列标题应为一行，1 至 %d 个字。", MAPPING_HEADING_MAX);
    return status ? status : ledger_check_columns(&mapping->columns, err);
}

/* Whose name it is (0: nobody's), and how many there are. */
static enum status look_around(struct store *store, struct str name, int64_t *id, int64_t *member,
                               int64_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT (SELECT count(*) FROM figure_mapping), m.id, m.member FROM (SELECT 1)"
               " LEFT JOIN figure_mapping m ON m.name = ?1");
    query_bind_str(q, 1, name);
    *id = *member = *count = 0;
    if (query_row(q)) {
        *count = query_int(q, 0);
        *id = query_int(q, 1);
        *member = query_int(q, 2);
    }
    return query_end(q, err);
}

static enum status forget_columns(struct store *store, int64_t id, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM figure_column WHERE mapping = ?1");
    query_bind_int(q, 1, id);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_column(struct store *store, int64_t id, size_t place,
                               const struct ledger_column *column, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO figure_column (mapping, place, heading, role)"
                                         " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, (int64_t)place);
    query_bind_str(q, 3, column->heading);
    query_bind_str(q, 4, str_of(ledger_role_name(column->role)));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status write_mapping(struct arena *arena, struct store *store,
                                 struct ledger_mapping *mapping, struct error *err)
{
    enum status status = digest_random_key(arena, &mapping->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO figure_mapping (key, name, member, kept_ms, since_january)"
               " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE SET member = ?3,"
               " kept_ms = ?4, since_january = ?5 RETURNING id, key");
    query_bind_str(q, 1, mapping->key);
    query_bind_str(q, 2, mapping->name);
    query_bind_int(q, 3, mapping->member);
    query_bind_int(q, 4, mapping->kept_ms);
    query_bind_int(q, 5, mapping->since_january);
    if (query_row(q)) {
        mapping->id = query_int(q, 0);
        mapping->key = str_copy(arena, query_str(q, 1));
    }
    (void)query_row(q);
    return query_end(q, err);
}

static enum status tell(struct store *store, const char *kind, int64_t id, struct str name,
                        const struct ledger_deed *deed, struct error *err)
{
    json_t *data = json_pack("{s:o}", "name", str_to_json(name));
    if (deed->why.len)
        json_object_set_new(data, "why", str_to_json(deed->why));
    return ledger_add_event(store, kind, 'F', id, data, err);
}

enum status ledger_keep_mapping(struct arena *arena, struct store *store,
                                struct ledger_mapping *mapping, bool editor,
                                const struct ledger_deed *deed, struct error *err)
{
    int64_t id = 0;
    int64_t member = 0;
    int64_t count = 0;
    mapping->kept_ms = deed->now_ms;
    enum status status = check_mapping(mapping, err);
    if (!status)
        status = look_around(store, mapping->name, &id, &member, &count, err);
    if (!status && id && member != mapping->member && !editor)
        return error_set(err, STATUS_CONFLICT,
                         "A source of this name is kept by somebody else. Give it another name.",
                         "该来源名称已由他人保存，请换一个名称。");
    if (!status && !id && count >= MAPPINGS_MAX)
        return error_set(err, STATUS_LIMITED, "At most %d sources are kept. Remove one.",
                         "最多保存 %d 个来源，请先删除不用的。", MAPPINGS_MAX);
    if (!status)
        status = write_mapping(arena, store, mapping, err);
    if (!status)
        status = forget_columns(store, mapping->id, err);
    for (size_t i = 0; !status && i < mapping->columns.count; i++)
        status = keep_column(store, mapping->id, i, &mapping->columns.at[i], err);
    return status ? status : tell(store, "mapping.kept", mapping->id, mapping->name, deed, err);
}

enum status ledger_rename_mapping(struct store *store, const struct ledger_mapping *mapping,
                                  struct str name, const struct ledger_deed *deed,
                                  struct error *err)
{
    int64_t id = 0;
    int64_t member;
    int64_t count;
    enum status status = check_name(name, err);
    if (!status)
        status = look_around(store, name, &id, &member, &count, err);
    if (!status && id && id != mapping->id)
        return error_set(err, STATUS_CONFLICT, "Another source has this name.",
                         "另一来源已用此名称。");
    if (status || str_equal(name, mapping->name))
        return status;
    struct query *q = query_start(store, "UPDATE figure_mapping SET name = ?2 WHERE id = ?1");
    query_bind_int(q, 1, mapping->id);
    query_bind_str(q, 2, name);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : tell(store, "mapping.renamed", mapping->id, name, deed, err);
}

enum status ledger_remove_mapping(struct store *store, const struct ledger_mapping *mapping,
                                  const struct ledger_deed *deed, struct error *err)
{
    enum status status = forget_columns(store, mapping->id, err);
    if (status)
        return status;
    struct query *q = query_start(store, "DELETE FROM figure_mapping WHERE id = ?1");
    query_bind_int(q, 1, mapping->id);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : tell(store, "mapping.removed", mapping->id, mapping->name, deed, err);
}

enum status ledger_use_mapping(struct store *store, int64_t id, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE figure_mapping SET used_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* --- found ---------------------------------------------------------------------------------------- */

static void take_column(struct arena *arena, struct query *q, struct ledger_mapping *mapping)
{
    struct ledger_column column = {.heading = str_copy(arena, query_str(q, 7))};
    struct ledger_column *at = (struct ledger_column *)mapping->columns.at;
    size_t n = mapping->columns.count++;
    at = arena_one_more(arena, at, n, sizeof *at);
    (void)ledger_role_named(query_str(q, 8), &column.role);
    at[n] = column;
    mapping->columns.at = at;
}

enum status ledger_list_mappings(struct arena *arena, struct store *store,
                                 struct ledger_mapping **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT m.id, m.key, m.name, m.member, m.kept_ms, m.used_ms, m.since_january,"
               " c.heading, c.role FROM figure_mapping m JOIN figure_column c ON c.mapping = m.id"
               " ORDER BY m.name, m.id, c.place");
    *list = arena_array(arena, MAPPINGS_MAX, struct ledger_mapping);
    *count = 0;
    while (query_row(q)) {
        struct ledger_mapping *m = *count ? &(*list)[*count - 1] : NULL;
        if (!m || m->id != query_int(q, 0)) {
            if (*count == MAPPINGS_MAX)
                break;
            m = &(*list)[(*count)++];
            *m = (struct ledger_mapping){.id = query_int(q, 0),
                                         .key = str_copy(arena, query_str(q, 1)),
                                         .name = str_copy(arena, query_str(q, 2)),
                                         .member = query_int(q, 3),
                                         .kept_ms = query_int(q, 4),
                                         .used_ms = query_int(q, 5),
                                         .since_january = query_int(q, 6) != 0};
        }
        take_column(arena, q, m);
    }
    return query_end(q, err);
}

enum status ledger_find_mapping(struct arena *arena, struct store *store, struct str key,
                                struct ledger_mapping *mapping, struct error *err)
{
    struct ledger_mapping *list;
    size_t count;
    enum status status = ledger_list_mappings(arena, store, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        if (str_equal(list[i].key, key)) {
            *mapping = list[i];
            return STATUS_OK;
        }
    return status ? status
                  : error_set(err, STATUS_MISSING, "There is no such source.", "没有这个来源。");
}

const struct ledger_mapping *ledger_fitting_mapping(const struct ledger_mapping *list, size_t count,
                                                    const struct ledger_row *rows, size_t nrows)
{
    const struct ledger_mapping *best = NULL;
    for (size_t i = 0; i < count; i++)
        if ((!best || list[i].columns.count > best->columns.count) &&
            ledger_has_headings(rows, nrows, &list[i].columns))
            best = &list[i];
    return best;
}
