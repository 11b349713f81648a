/* The actuals of all indicators by year, as a list that is taken along, with the form by which they are taken in
 * (page_ledger_import.c). What a spreadsheet calls an indicator is said once and kept. */
#include "server/grid.h"
#include "server/internal.h"

#include "ledger/indicator.h"
#include "ledger/mapping.h"
#include "server/ledger_figures.h"

#define NAMES_SHOWN 200

/* --- the list ------------------------------------------------------------------------------------------------- */

/* What was entered of a month, or what the indicator's formula makes of it. */
#define AMOUNT(MONTH)                                                                        \
    "coalesce((SELECT a.amount FROM indicator_actual a WHERE a.line = i.line AND a.month = " \
    "y.year * 12 + " MONTH " AND a.replaced_ms IS NULL), (SELECT r.amount FROM"              \
    " indicator_result r WHERE r.line = i.line AND r.month = y.year * 12 + " MONTH "))"
#define MONTH(NAME, OFFSET, EN, ZH)                                                               \
    {                                                                                             \
        NAME, GRID_NUMBER,                                                                        \
            "(SELECT printf('%.*f', i.places, v / CASE i.places WHEN 0 THEN 1.0 WHEN 1 THEN 10.0" \
            " WHEN 2 THEN 1e2 WHEN 3 THEN 1e3 WHEN 4 THEN 1e4 WHEN 5 THEN 1e5 ELSE 1e6 END)"      \
            " FROM (SELECT " AMOUNT(OFFSET) " AS v) WHERE v IS NOT NULL)",                        \
            AMOUNT(OFFSET), EN, ZH, NULL                                                          \
    }

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Indicator", "指标", NULL},
    {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
    {"measure", GRID_TEXT, "i.measure", NULL, "Measured in", "计量单位", NULL},
    {"year", GRID_TEXT, "y.year", NULL, "Year", "年份", NULL},
    MONTH("m1", "0", "Jan", "1月"),
    MONTH("m2", "1", "Feb", "2月"),
    MONTH("m3", "2", "Mar", "3月"),
    MONTH("m4", "3", "Apr", "4月"),
    MONTH("m5", "4", "May", "5月"),
    MONTH("m6", "5", "Jun", "6月"),
    MONTH("m7", "6", "Jul", "7月"),
    MONTH("m8", "7", "Aug", "8月"),
    MONTH("m9", "8", "Sep", "9月"),
    MONTH("m10", "9", "Oct", "10月"),
    MONTH("m11", "10", "Nov", "11月"),
    MONTH("m12", "11", "Dec", "12月"),
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"year", "y.year = CAST({} AS INTEGER)", .en = "Year", .zh = "年份"},
    {0},
};
static const struct grid FIGURES = {
    .path = "/ledger/indicators",
    .en = "Figures",
    .zh = "指标数据",
    .from = "indicator_entered y"
            " JOIN indicator i ON i.line = y.line JOIN line l ON l.id = i.line",
    .where = "1",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || '/indicator?year=' || y.year",
    .order = "number",
    .columns = COLUMNS,
    .filters = FILTERS,
};

struct figures_page {
    struct grid_sight grid;
    struct str text, year, name;
    struct indicator_name *names;
    size_t nnames;
    struct ledger_choice *sources; /* whose columns are known */
    size_t nsources;
    bool any_names, since_january, any_sources;
};
static const struct field NAME_ROW[] = {
    FIELD(TEXT, struct indicator_name, name),
    FIELD(TEXT, struct indicator_name, number),
    {0},
};
static const struct field FIGURES_PAGE[] = {
    GRID_FIELD(struct figures_page, grid),
    FIELD_HIDDEN(TEXT, struct figures_page, text),
    FIELD_HIDDEN(TEXT, struct figures_page, year),
    FIELD_HIDDEN(TEXT, struct figures_page, name),
    FIELD_OF_LIST(struct figures_page, names, NAME_ROW),
    FIELD_HIDDEN(FLAG, struct figures_page, any_names),
    FIELD_OF_LIST(struct figures_page, sources, ledger_choice_fields),
    FIELD_HIDDEN(FLAG, struct figures_page, any_sources),
    FIELD_HIDDEN(FLAG, struct figures_page, since_january),
    {0},
};

static enum status list_sources(struct request *rq, struct figures_page *page, struct error *err)
{
    struct ledger_mapping *list;
    size_t count;
    enum status status = ledger_list_mappings(rq->arena, rq->store, &list, &count, err);
    page->any_sources = !status && count;
    page->sources = arena_array(rq->arena, count + 1, struct ledger_choice);
    for (; !status && page->nsources < count; page->nsources++)
        page->sources[page->nsources] =
            (struct ledger_choice){list[page->nsources].key, list[page->nsources].name, false};
    if (rq->post)
        ledger_choose(page->sources, page->nsources, request_input(rq, "source"));
    return status;
}

enum status ledger_show_figures(struct request *rq, struct error *err)
{
    struct figures_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &FIGURES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (rq->post) {
        page.text = request_input(rq, "text");
        page.year = request_input(rq, "of_year");
        page.name = request_input(rq, "name");
        page.since_january = request_input(rq, "since_january").len != 0;
    }
    status = ledger_list_names(rq->arena, rq->store, NAMES_SHOWN, &page.names, &page.nnames, err);
    page.any_names = page.nnames != 0;
    if (!status)
        status = list_sources(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-figures", "Figures", "指标数据", FIGURES_PAGE, &page);
}

const struct route route_ledger_figures = {
    .method = "GET",
    .path = "/ledger/indicators",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "The actuals of all indicators by year, entered or made by formulas; with format=csv or xlsx as a file that can be taken in again.",
    .zh = "全部指标各年实际值，含公式算出的；format=csv 或 xlsx 时导出，可再次导入。",
    .grid = &FIGURES,
    .output = FIGURES_PAGE,
    .page = "ledger-figures",
    .run = ledger_show_figures,
};

/* --- names kept ----------------------------------------------------------------------------------------------- */

struct naming {
    struct str name;
    int64_t line;
    struct ledger_deed deed;
};

static enum status name_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct naming *n = context;
    (void)scratch;
    return ledger_keep_name(store, n->name, n->line, &n->deed, err);
}

static enum status keep_name(struct request *rq, struct error *err)
{
    struct naming n = {.name = request_input(rq, "name"), .deed = {.now_ms = rq->now_ms}};
    struct ledger_person person = ledger_viewer(rq);
    unsigned is = 0;
    enum status status = ledger_read_line(rq, "number", &n.line, err);
    if (!status)
        status = ledger_stand_to(rq->store, &person, n.line, &is, err);
    if (!status && !ledger_may(is, LEDGER_REPORT))
        return error_set(err, STATUS_FORBIDDEN,
                         "Its names are given by its unit, its lead or editors.",
                         "该指标的名称由其责任单位、分包领导或编辑填写。");
    struct indicator indicator;
    if (!status)
        status = ledger_find_indicator(rq->arena, rq->store, n.line, &indicator, err);
    if (!status)
        status = ledger_refuse_marks(rq, n.name, err);
    if (!status)
        status = ledger_write(rq, n.line, LEDGER_REPORT, name_step, &n, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/indicators"), "The name is kept.",
                                    "名称已保存。");
}

static const struct input NAME_INPUTS[] = {
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = INDICATOR_NAME_MAX,
     .en = "Name in files",
     .zh = "表中名称"},
    {.name = "number",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 20,
     .en = "Number",
     .zh = "编号"},
    {0},
};

const struct route route_ledger_figures_name = {
    .method = "POST",
    .path = "/ledger/indicators/names",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Keep what spreadsheets call an indicator.",
    .zh = "记下表格中对某一指标的称呼。",
    .inputs = NAME_INPUTS,
    .run = keep_name,
    .again = ledger_show_figures,
};
