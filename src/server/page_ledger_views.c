/* Views of the ledger's lists: kept, changed, removed. They are shown above the list, see grid.h. */
#include "server/internal.h"

#include "ledger/view.h"
#include "server/ledger.h"

static enum status keep_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    return ledger_keep_view(scratch, store, context, err);
}

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return ledger_change_view(store, context, err);
}

static enum status drop_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    (void)scratch;
    return ledger_drop_view(store, ((struct ledger_view *)context)->key, err);
}

static enum status back_to(struct request *rq, const struct ledger_view *view, const char *en,
                           const char *zh)
{
    return answer_redirect(rq,
                           view->query.len ? str_format(rq->arena, "%.*s?%.*s", STR_ARG(view->grid),
                                                        STR_ARG(view->query))
                                           : view->grid,
                           en, zh);
}

static enum status keep_view(struct request *rq, struct error *err)
{
    struct ledger_view v = {.member = rq->viewer.member,
                            .grid = request_input(rq, "grid"),
                            .name = request_input(rq, "name"),
                            .query = request_input(rq, "query"),
                            .shared = request_number(rq, "shared") != 0,
                            .opens = request_number(rq, "opens") != 0};
    if (!str_starts(v.grid, STR("/ledger")) || !answer_is_local_path(v.grid) ||
        str_find(v.grid, STR("?"), 0) != SIZE_MAX)
        return error_set(err, STATUS_INPUT, "There is no such list.", "没有这个列表。");
    enum status status = ledger_refuse_marks(rq, v.name, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, keep_step, &v, err);
    return status ? status : back_to(rq, &v, "The view is kept.", "视图已保存。");
}

static const struct input KEEP_INPUTS[] = {
    {.name = "grid", .kind = INPUT_TEXT, .needed = true, .most = 200, .en = "List", .zh = "列表"},
    {.name = "query", .kind = INPUT_TEXT, .most = VIEW_QUERY_MAX, .en = "Query", .zh = "筛选"},
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = VIEW_NAME_MAX,
     .en = "Name",
     .zh = "名称"},
    {.name = "shared", .kind = INPUT_FLAG, .en = "For all", .zh = "共享"},
    {.name = "opens", .kind = INPUT_FLAG, .en = "The list opens so", .zh = "默认视图"},
    {0},
};
const struct route route_ledger_view_keep = {
    .method = "POST",
    .path = "/ledger/views",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Keep a list's sort and filter as a view under a name.",
    .zh = "把列表的排序和筛选保存为视图。",
    .inputs = KEEP_INPUTS,
    .run = keep_view,
};

/* A view is its member's; who keeps the ledger may take a shared one away. */
static enum status change_view(struct request *rq, struct error *err)
{
    struct ledger_view v = {0};
    bool end = request_number(rq, "end") != 0;
    enum status status = ledger_find_view(rq->arena, rq->store, rq->params[0], &v, err);
    if (status)
        return status;
    bool own = v.member == rq->viewer.member;
    if (!own && !v.shared) /* what others keep for themselves is not there */
        return error_set(err, STATUS_MISSING, "There is no such view.", "没有这个视图。");
    if (!own && !(end && (ledger_viewer(rq).is & LEDGER_EDITS)))
        return error_set(err, STATUS_FORBIDDEN, "A view is changed by who keeps it.",
                         "视图须由保存者本人修改。");
    if (!end) {
        v.name = request_input(rq, "name");
        v.shared = request_number(rq, "shared") != 0;
        v.opens = request_number(rq, "opens") != 0;
        status = ledger_refuse_marks(rq, v.name, err);
    }
    if (!status)
        status = ledger_write(rq, 0, own ? LEDGER_SEE : LEDGER_ARRANGE,
                              end ? drop_step : change_step, &v, err);
    return status ? status
                  : back_to(rq, &v, end ? "The view is removed." : "The view is changed.",
                            end ? "视图已删除。" : "视图已修改。");
}

static const struct input CHANGE_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .most = VIEW_NAME_MAX, .en = "Name", .zh = "名称"},
    {.name = "shared", .kind = INPUT_FLAG, .en = "For all", .zh = "共享"},
    {.name = "opens", .kind = INPUT_FLAG, .en = "The list opens so", .zh = "默认视图"},
    {.name = "end", .kind = INPUT_FLAG, .en = "Remove", .zh = "删除"},
    {0},
};
const struct route route_ledger_view_change = {
    .method = "POST",
    .path = "/ledger/views/{view}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Rename a view, share it, open the list with it, or remove it.",
    .zh = "修改视图的名称、共享与默认设置，或删除视图。",
    .inputs = CHANGE_INPUTS,
    .run = change_view,
};
