/* Sheets by which visits, sweeps and checks are made: the list of those in use, and one with its items. */
#include "ledger/sheet.h"
#include "server/internal.h"
#include "server/ledger.h"
#include "server/ledger_terms.h"

static struct str path_of(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "/ledger/sheets/%.*s", STR_ARG(key));
}

static const struct ledger_values USES = {sheet_use_name, sheet_use_words, .end = SHEET_USES};

/* --- the list ------------------------------------------------------------------------------------- */

struct sheet_row {
    struct str key, name, use, use_words;
    int64_t filled;
};
static const struct field SHEET_ROW[] = {
    FIELD(TEXT, struct sheet_row, key),      FIELD(TEXT, struct sheet_row, name),
    FIELD(TEXT, struct sheet_row, use),      FIELD_HIDDEN(TEXT, struct sheet_row, use_words),
    FIELD(NUMBER, struct sheet_row, filled), {0},
};
struct sheets_page {
    struct sheet_row *sheets;
    struct ledger_choice *uses;
    size_t nsheets, nuses;
    bool may_arrange, making;
    struct str name, items;
};
static const struct field SHEETS_PAGE[] = {
    FIELD_OF_LIST(struct sheets_page, sheets, SHEET_ROW),
    FIELD(FLAG, struct sheets_page, may_arrange),
    FIELD_OF_LIST(struct sheets_page, uses, ledger_choice_fields),
    FIELD_HIDDEN(FLAG, struct sheets_page, making),
    FIELD_HIDDEN(TEXT, struct sheets_page, name),
    FIELD_HIDDEN(TEXT, struct sheets_page, items),
    {0},
};

static enum status show_sheets(struct request *rq, struct error *err)
{
    struct sheet *list;
    struct sheets_page page = {.may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE),
                               .making = rq->post};
    if (rq->post) {
        page.name = request_input(rq, "name");
        page.items = request_input(rq, "items");
    }
    enum status status =
        ledger_list_sheets(rq->arena, rq->store, SHEET_USES, &list, &page.nsheets, err);
    if (status)
        return status;
    page.sheets = arena_array(rq->arena, page.nsheets + 1, struct sheet_row);
    for (size_t i = 0; i < page.nsheets; i++)
        page.sheets[i] =
            (struct sheet_row){list[i].key, list[i].name, str_of(sheet_use_name(list[i].use)),
                               str_of(sheet_use_words(list[i].use, rq->lang)), list[i].filled};
    ledger_fill_values(rq, &USES, rq->post ? request_input(rq, "use") : STR(""), &page.uses,
                       &page.nuses);
    return answer_page(rq, "ledger-sheets", "Sheets", "检查表和评分表", SHEETS_PAGE, &page);
}

const struct route route_ledger_sheets = {
    .method = "GET",
    .path = "/ledger/sheets",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The sheets in use for visits, sweeps and checks.",
    .zh = "在用的检查表和评分表。",
    .output = SHEETS_PAGE,
    .page = "ledger-sheets",
    .run = show_sheets,
};

struct sheet_deed {
    struct sheet sheet;
    int64_t now_ms;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct sheet_deed *d = context;
    return ledger_make_sheet(scratch, store, &d->sheet, d->now_ms, err);
}

/* Name and items as they were typed. */
static enum status read_sheet(struct request *rq, struct sheet *sheet, struct error *err)
{
    sheet->name = request_input(rq, "name");
    enum status status =
        sheet_read_items(rq->arena, request_input(rq, "items"), &sheet->items, &sheet->nitems, err);
    return status ? status
                  : ledger_refuse_marks(rq,
                                        str_format(rq->arena, "%.*s\n%.*s", STR_ARG(sheet->name),
                                                   STR_ARG(request_input(rq, "items"))),
                                        err);
}

static enum status make_sheet(struct request *rq, struct error *err)
{
    struct sheet_deed d = {
        .sheet = {.use = sheet_use_named(request_input(rq, "use")), .member = rq->viewer.member},
        .now_ms = rq->now_ms};
    struct sheet made;
    if (d.sheet.use == SHEET_USES)
        return request_blame(
            rq, "use",
            error_set(err, STATUS_INPUT, "Choose what the sheet is for.", "请选择表的用途。"));
    enum status status = read_sheet(rq, &d.sheet, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, make_step, &d, err);
    if (!status)
        status = ledger_find_sheet_by_id(rq->arena, rq->store, d.sheet.id, &made, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, made.key), "The sheet is made.", "表已建立。");
}

#define SHEET_INPUTS                                                                            \
    {.name = "name",                                                                            \
     .kind = INPUT_TEXT,                                                                        \
     .needed = true,                                                                            \
     .most = SHEET_NAME_MAX,                                                                    \
     .en = "Name",                                                                              \
     .zh = "名称"},                                                                             \
    {                                                                                           \
        .name = "items", .kind = INPUT_LONG_TEXT, .needed = true, .most = 20000, .en = "Items", \
        .zh = "项目"                                                                          \
    }
static const struct input MAKE_INPUTS[] = {
    {.name = "use", .kind = INPUT_CHOICE, .needed = true, .most = 20, .en = "For", .zh = "用途"},
    SHEET_INPUTS,
    {0},
};
const struct route route_ledger_sheet_make = {
    .method = "POST",
    .path = "/ledger/sheets",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Make a sheet: items one a line, as \"text | points | weight\".",
    .zh = "建立检查表或评分表：每行一项，“内容 | 分值 | 权重”。",
    .inputs = MAKE_INPUTS,
    .run = make_sheet,
    .again = show_sheets,
};

/* --- one sheet ------------------------------------------------------------------------------------ */

struct item_row {
    struct str text;
    int64_t most, weight;
};
static const struct field ITEM_ROW[] = {
    FIELD(TEXT, struct item_row, text),
    FIELD(NUMBER, struct item_row, most),
    FIELD(NUMBER, struct item_row, weight),
    {0},
};
struct sheet_page {
    struct str key, name, use, use_words, by, written, typed_name, typed_items;
    int64_t made, closed, filled;
    struct item_row *items;
    size_t nitems;
    bool may_change, may_copy, changing;
};
static const struct field SHEET_PAGE[] = {
    FIELD(TEXT, struct sheet_page, key),
    FIELD(TEXT, struct sheet_page, name),
    FIELD(TEXT, struct sheet_page, use),
    FIELD_HIDDEN(TEXT, struct sheet_page, use_words),
    FIELD(TEXT, struct sheet_page, by),
    FIELD(TIME, struct sheet_page, made),
    FIELD(TIME, struct sheet_page, closed),
    FIELD(NUMBER, struct sheet_page, filled),
    FIELD_OF_LIST(struct sheet_page, items, ITEM_ROW),
    FIELD(FLAG, struct sheet_page, may_change),
    FIELD(FLAG, struct sheet_page, may_copy),
    FIELD_HIDDEN(TEXT, struct sheet_page, written),
    FIELD_HIDDEN(TEXT, struct sheet_page, typed_name),
    FIELD_HIDDEN(TEXT, struct sheet_page, typed_items),
    FIELD_HIDDEN(FLAG, struct sheet_page, changing),
    {0},
};

static enum status show_sheet(struct request *rq, struct error *err)
{
    struct sheet sheet;
    struct sheet_page page = {0};
    bool arranges = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE);
    enum status status = ledger_find_sheet(rq->arena, rq->store, rq->params[0], &sheet, err);
    if (status)
        return status;
    page = (struct sheet_page){
        .key = sheet.key,
        .name = sheet.name,
        .use = str_of(sheet_use_name(sheet.use)),
        .use_words = str_of(sheet_use_words(sheet.use, rq->lang)),
        .made = sheet.made_ms,
        .closed = sheet.closed_ms,
        .filled = sheet.filled,
        .may_change = arranges && !sheet.closed_ms && !sheet.filled,
        .may_copy = arranges,
        .changing = rq->post,
        .written = sheet_write_items(rq->arena, sheet.items, sheet.nitems),
        .items = arena_array(rq->arena, sheet.nitems + 1, struct item_row),
        .nitems = sheet.nitems,
    };
    page.typed_name = rq->post ? request_input(rq, "name") : sheet.name;
    page.typed_items = rq->post ? request_input(rq, "items") : page.written;
    for (size_t i = 0; i < sheet.nitems; i++)
        page.items[i] =
            (struct item_row){sheet.items[i].text, sheet.items[i].most, sheet.items[i].weight};
    status = ledger_member_name(rq, sheet.member, &page.by, err);
    return status ? status : answer_titled_page(rq, "ledger-sheet", sheet.name, SHEET_PAGE, &page);
}

const struct route route_ledger_sheet = {
    .method = "GET",
    .path = "/ledger/sheets/{sheet}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A sheet and its items.",
    .zh = "一张表及其项目。",
    .output = SHEET_PAGE,
    .page = "ledger-sheet",
    .run = show_sheet,
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct sheet_deed *d = context;
    return ledger_change_sheet(scratch, store, &d->sheet, err);
}

static enum status change_sheet(struct request *rq, struct error *err)
{
    struct sheet_deed d = {.now_ms = rq->now_ms};
    enum status status = ledger_find_sheet(rq->arena, rq->store, rq->params[0], &d.sheet, err);
    if (!status)
        status = read_sheet(rq, &d.sheet, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, change_step, &d, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0]), "The sheet is changed.",
                                    "表已修改。");
}

static const struct input CHANGE_INPUTS[] = {SHEET_INPUTS, {0}};
const struct route route_ledger_sheet_change = {
    .method = "POST",
    .path = "/ledger/sheets/{sheet}",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Change a sheet that was not filled in yet.",
    .zh = "修改尚无填报的表。",
    .inputs = CHANGE_INPUTS,
    .run = change_sheet,
    .again = show_sheet,
};

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct sheet_deed *d = context;
    (void)scratch;
    return ledger_close_sheet(store, d->sheet.id, d->now_ms, err);
}

static enum status close_sheet(struct request *rq, struct error *err)
{
    struct sheet_deed d = {.now_ms = rq->now_ms};
    enum status status = ledger_find_sheet(rq->arena, rq->store, rq->params[0], &d.sheet, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, close_step, &d, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/sheets"), "The sheet is not in use any more.",
                                    "该表已停用。");
}

const struct route route_ledger_sheet_close = {
    .method = "POST",
    .path = "/ledger/sheets/{sheet}/close",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Take a sheet out of use; what was filled in by it stays.",
    .zh = "停用一张表，已有填报保留。",
    .run = close_sheet,
};
