/* Sources whose columns are known: looked at, renamed, removed. They are kept where figures come in
 * (page_ledger_import.c). */
#include "server/internal.h"

#include "ledger/mapping.h"
#include "server/ledger.h"
#include "server/ledger_figures.h"

/* --- the list ------------------------------------------------------------------------------------- */

struct column_row {
    struct str heading, role;
};
static const struct field COLUMN_ROW[] = {
    FIELD(TEXT, struct column_row, heading),
    FIELD(TEXT, struct column_row, role),
    {0},
};
struct mapping_row {
    struct str key, name, by;
    int64_t kept, used;
    bool since_january, may_change;
    struct column_row *columns;
    size_t ncolumns;
};
static const struct field MAPPING_ROW[] = {
    FIELD(TEXT, struct mapping_row, key),
    FIELD(TEXT, struct mapping_row, name),
    FIELD(TEXT, struct mapping_row, by),
    FIELD(TIME, struct mapping_row, kept),
    FIELD(TIME, struct mapping_row, used),
    FIELD(FLAG, struct mapping_row, since_january),
    FIELD(FLAG, struct mapping_row, may_change),
    FIELD_OF_LIST(struct mapping_row, columns, COLUMN_ROW),
    {0},
};
struct mappings_page {
    struct mapping_row *mappings;
    size_t nmappings;
};
static const struct field MAPPINGS_PAGE[] = {
    FIELD_OF_LIST(struct mappings_page, mappings, MAPPING_ROW),
    {0},
};

static bool may_change(const struct request *rq, const struct ledger_mapping *mapping)
{
    return mapping->member == rq->viewer.member || (ledger_viewer(rq).is & LEDGER_EDITS);
}

/* The columns that are taken in. */
static void fill_columns(struct request *rq, const struct ledger_mapping *mapping,
                         struct mapping_row *row)
{
    row->columns = arena_array(rq->arena, mapping->columns.count + 1, struct column_row);
    for (size_t i = 0; i < mapping->columns.count; i++)
        if (mapping->columns.at[i].role != LEDGER_ROLE_OUT)
            row->columns[row->ncolumns++] = (struct column_row){
                mapping->columns.at[i].heading, ledger_role_words(rq, mapping->columns.at[i].role)};
}

static enum status show_mappings(struct request *rq, struct error *err)
{
    struct mappings_page page = {0};
    struct ledger_mapping *list;
    size_t count;
    enum status status = ledger_list_mappings(rq->arena, rq->store, &list, &count, err);
    page.mappings = arena_array(rq->arena, count + 1, struct mapping_row);
    for (size_t i = 0; !status && i < count; i++) {
        struct mapping_row *row = &page.mappings[page.nmappings++];
        *row = (struct mapping_row){.key = list[i].key,
                                    .name = list[i].name,
                                    .kept = list[i].kept_ms,
                                    .used = list[i].used_ms,
                                    .since_january = list[i].since_january,
                                    .may_change = may_change(rq, &list[i])};
        fill_columns(rq, &list[i], row);
        status = ledger_member_name(rq, list[i].member, &row->by, err);
    }
    return status ? status
                  : answer_page(rq, "ledger-mappings", "Sources of figures", "数据来源",
                                MAPPINGS_PAGE, &page);
}

const struct route route_ledger_mappings = {
    .method = "GET",
    .path = "/ledger/indicators/mappings",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Sources of figures whose columns are known, with what each column holds.",
    .zh = "已知列对应的数据来源，及各列的内容。",
    .output = MAPPINGS_PAGE,
    .page = "ledger-mappings",
    .run = show_mappings,
};

/* --- renamed and removed -------------------------------------------------------------------------- */

struct change {
    struct ledger_mapping mapping;
    struct str name; /* that it is to have */
    bool end;
    struct ledger_deed deed;
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct change *c = context;
    (void)scratch;
    return c->end ? ledger_remove_mapping(store, &c->mapping, &c->deed, err)
                  : ledger_rename_mapping(store, &c->mapping, c->name, &c->deed, err);
}

static enum status change_mapping(struct request *rq, struct error *err)
{
    struct change c = {.name = request_input(rq, "name"),
                       .end = request_number(rq, "end") != 0,
                       .deed = {.now_ms = rq->now_ms}};
    enum status status = ledger_find_mapping(rq->arena, rq->store, rq->params[0], &c.mapping, err);
    if (!status && !may_change(rq, &c.mapping))
        return error_set(err, STATUS_FORBIDDEN,
                         "A source is changed by who keeps it, or by editors.",
                         "数据来源须由保存者本人或编辑修改。");
    if (!status && !c.end)
        status = ledger_refuse_marks(rq, c.name, err);
    if (!status)
        status =
            ledger_write(rq, 0, c.mapping.member == rq->viewer.member ? LEDGER_SEE : LEDGER_ARRANGE,
                         change_step, &c, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/indicators/mappings"),
                                    c.end ? "The source is removed." : "The source is renamed.",
                                    c.end ? "来源已删除。" : "来源已改名。");
}

static const struct input CHANGE_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .most = MAPPING_NAME_MAX, .en = "Name", .zh = "名称"},
    {.name = "end", .kind = INPUT_FLAG, .en = "Remove", .zh = "删除"},
    {0},
};

const struct route route_ledger_mapping_change = {
    .method = "POST",
    .path = "/ledger/indicators/mappings/{mapping}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Rename a source of figures, or remove it; figures that came in by it stay.",
    .zh = "修改数据来源的名称，或删除该来源；已导入的数据不变。",
    .inputs = CHANGE_INPUTS,
    .run = change_mapping,
    .again = show_mappings,
};
