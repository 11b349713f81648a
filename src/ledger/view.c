/* Views kept; see view.h. */
#include "ledger/view.h"

#include "ledger/key.h"

static enum status check_view(const struct ledger_view *view, struct error *err)
{
    if (!ledger_is_line_of_text(view->name, 1, VIEW_NAME_MAX))
        return error_set(err, STATUS_INPUT, "A view's name has 1 to %d characters.",
                         "视图名称应为 1 至 %d 个字。", VIEW_NAME_MAX);
    if (view->query.len > VIEW_QUERY_MAX || !ledger_is_line_of_text(view->query, 0, VIEW_QUERY_MAX))
        return error_set(err, STATUS_INPUT, "What the list is asked is too long to keep.",
                         "筛选内容过长，无法保存。");
    return STATUS_OK;
}

static enum status check_room(struct store *store, const struct ledger_view *view,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM saved_view WHERE member = ?1"
                                         " AND grid = ?2 AND name <> ?3");
    query_bind_int(q, 1, view->member);
    query_bind_str(q, 2, view->grid);
    query_bind_str(q, 3, view->name);
    bool full = query_row(q) && query_int(q, 0) >= VIEWS_MAX;
    enum status status = query_end(q, err);
    if (!status && full)
        return error_set(err, STATUS_LIMITED, "At most %d views of a list are kept. Remove one.",
                         "每个列表最多保存 %d 个视图，请先删除不用的。", VIEWS_MAX);
    return status;
}

/* A list opens in one way only. */
static enum status open_with(struct store *store, const struct ledger_view *view, struct error *err)
{
    struct query *q = query_start(store, "UPDATE saved_view SET opens = key = ?3 AND ?4"
                                         " WHERE member = ?1 AND grid = ?2 AND (?4 OR key = ?3)");
    query_bind_int(q, 1, view->member);
    query_bind_str(q, 2, view->grid);
    query_bind_str(q, 3, view->key);
    query_bind_int(q, 4, view->opens);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_keep_view(struct arena *arena, struct store *store, struct ledger_view *view,
                             struct error *err)
{
    enum status status = check_view(view, err);
    if (!status)
        status = check_room(store, view, err);
    if (!status)
        status = digest_random_key(arena, &view->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO saved_view (key, member, grid, name, query, shared)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (member, grid, name)"
               " DO UPDATE SET query = excluded.query, shared = excluded.shared RETURNING key");
    query_bind_str(q, 1, view->key);
    query_bind_int(q, 2, view->member);
    query_bind_str(q, 3, view->grid);
    query_bind_str(q, 4, view->name);
    query_bind_str(q, 5, view->query);
    query_bind_int(q, 6, view->shared);
    if (query_row(q))
        view->key = str_copy(arena, query_str(q, 0));
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : open_with(store, view, err);
}

enum status ledger_change_view(struct store *store, const struct ledger_view *view,
                               struct error *err)
{
    enum status status = check_view(view, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE saved_view SET name = ?2, shared = ?3 WHERE key = ?1");
    query_bind_str(q, 1, view->key);
    query_bind_str(q, 2, view->name);
    query_bind_int(q, 3, view->shared);
    (void)query_row(q);
    status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return error_set(err, STATUS_CONFLICT, "You have another view of this name.",
                         "您已有同名视图。");
    return status ? status : open_with(store, view, err);
}

enum status ledger_drop_view(struct store *store, struct str key, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM saved_view WHERE key = ?1");
    query_bind_str(q, 1, key);
    (void)query_row(q);
    return query_end(q, err);
}

static struct ledger_view take_view(struct arena *arena, struct query *q)
{
    return (struct ledger_view){
        .key = str_copy(arena, query_str(q, 0)),
        .member = query_int(q, 1),
        .grid = str_copy(arena, query_str(q, 2)),
        .name = str_copy(arena, query_str(q, 3)),
        .query = str_copy(arena, query_str(q, 4)),
        .shared = query_int(q, 5) != 0,
        .opens = query_int(q, 6) != 0,
    };
}
#define VIEW_COLUMNS "key, member, grid, name, query, shared, opens"

enum status ledger_find_view(struct arena *arena, struct store *store, struct str key,
                             struct ledger_view *view, struct error *err)
{
    struct query *q = query_start(store, "SELECT " VIEW_COLUMNS " FROM saved_view WHERE key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        *view = take_view(arena, q);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such view.", "没有这个视图。");
    return status;
}

enum status ledger_list_views(struct arena *arena, struct store *store, int64_t member,
                              struct str grid, struct ledger_view **list, size_t *count,
                              struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " VIEW_COLUMNS " FROM saved_view WHERE grid = ?2"
                           " AND (member = ?1 OR shared) ORDER BY member <> ?1, name");
    query_bind_int(q, 1, member);
    query_bind_str(q, 2, grid);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = take_view(arena, q);
    }
    return query_end(q, err);
}
