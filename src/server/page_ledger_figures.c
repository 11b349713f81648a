/* The actuals of all indicators by year, as a list that is taken along; and taken in, from a spreadsheet or pasted
 * from one. What a spreadsheet calls an indicator is said once and kept. */
#include "server/grid.h"
#include "server/internal.h"

#include "base/utf8.h"
#include "format/sheet.h"
#include "ledger/import.h"
#include "ledger/indicator.h"

#define NAMES_SHOWN   200
#define PASTED_MAX    200000 /* characters */
#define UNKNOWN_SHOWN 8U

/* --- the list ------------------------------------------------------------------------------------------------- */

#define AMOUNT(MONTH)                                                                                   \
    "(SELECT a.amount FROM indicator_actual a WHERE a.line = i.line AND a.month = y.year * 12 + " MONTH \
    " AND a.replaced_ms IS NULL)"
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
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})", "Title or number",
     "名称或编号", NULL, NULL},
    {"year", "y.year = CAST({} AS INTEGER)", "Year", "年份", NULL, NULL},
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
    bool any_names;
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
    {0},
};

static enum status show_figures(struct request *rq, struct error *err)
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
    }
    status = ledger_list_names(rq->arena, rq->store, NAMES_SHOWN, &page.names, &page.nnames, err);
    page.any_names = page.nnames != 0;
    return status ? status
                  : answer_page(rq, "ledger-figures", "Figures", "指标数据", FIGURES_PAGE, &page);
}

static const struct input LIST_INPUTS[] = {
    GRID_INPUTS,
    {.name = "words", .kind = INPUT_TEXT, .most = 100, .en = "Words", .zh = "名称或编号"},
    {.name = "year", .kind = INPUT_TEXT, .most = 4, .en = "Year", .zh = "年份"},
    {0},
};

const struct route route_ledger_figures = {
    .method = "GET",
    .path = "/ledger/indicators",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "The actuals of all indicators by year; with format=csv or xlsx as a file that can be taken in again.",
    .zh = "全部指标各年实际值；format=csv 或 xlsx 时导出，可再次导入。",
    .inputs = LIST_INPUTS,
    .output = FIGURES_PAGE,
    .page = "ledger-figures",
    .run = show_figures,
};

/* --- taken in ------------------------------------------------------------------------------------------------- */

struct taking {
    struct ledger_person person;
    struct ledger_deed deed;
    const struct ledger_import_figure *figures;
    size_t count;
    bool since_january; /* the figures are, each with the months before it */
    struct str name;    /* that the indicator at hand goes by */
    struct indicator indicator;
};

/* All names that are none's are told at once. */
static enum status check_names(struct arena *arena, struct store *store, const struct taking *t,
                               struct error *err)
{
    struct buf unknown = {.arena = arena};
    struct str last = {0};
    unsigned count = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < t->count && !status && count < UNKNOWN_SHOWN; i++) {
        int64_t line = 0;
        if (str_equal(t->figures[i].name, last))
            continue;
        last = t->figures[i].name;
        status = ledger_find_named(store, last, &line, err);
        if (!status && !line)
            buf_format(&unknown, "%s%.*s", count++ ? "; " : "", STR_ARG(utf8_cut(last, 60)));
    }
    if (!status && count)
        return error_set(
            err, STATUS_INPUT,
            "No indicator goes by these names: %.*s. Say below which they are, then take "
            "the figures in again.",
            "没有指标使用以下名称：%.*s。请先在下方说明各是哪个指标，然后重新导入。",
            STR_ARG(buf_str(&unknown)));
    return status;
}

static enum status open_named(struct arena *arena, struct store *store, struct taking *t,
                              struct str name, struct error *err)
{
    int64_t line = 0;
    unsigned is = 0;
    if (t->name.len && str_equal(name, t->name))
        return STATUS_OK;
    enum status status = ledger_find_named(store, name, &line, err);
    if (!status)
        status = ledger_stand_to(store, &t->person, line, &is, err);
    if (!status && !ledger_may(is, LEDGER_REPORT))
        return error_set(err, STATUS_FORBIDDEN,
                         "Its figures are entered by its unit, its lead or editors.",
                         "该指标由其责任单位、分包领导或编辑填报。");
    if (!status)
        status = ledger_find_indicator(arena, store, line, &t->indicator, err);
    t->name = status ? (struct str){0} : name;
    return status;
}

static enum status take_figure(struct arena *arena, struct store *store, struct taking *t,
                               const struct ledger_import_figure *figure, struct error *err)
{
    int64_t amount = 0;
    enum status status = open_named(arena, store, t, figure->name, err);
    if (!status)
        status = ledger_read_amount(figure->text, t->indicator.places, &amount, err);
    if (!status && t->since_january)
        status =
            ledger_part_since_january(store, &t->indicator, figure->month, amount, &amount, err);
    return status ? status
                  : ledger_put_actual(store, &t->indicator, figure->month, amount, t->person.member,
                                      &t->deed, err);
}

static enum status take_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct taking *t = context;
    t->person.is = 0;
    enum status status = ledger_know_person(store, &t->person, err);
    if (!status)
        status = check_names(scratch, store, t, err);
    for (size_t i = 0; i < t->count && !status; i++) {
        struct error why;
        const struct ledger_import_figure *figure = &t->figures[i];
        status = take_figure(scratch, store, t, figure, &why);
        if (status)
            (void)error_within(err, &why, "Row %u, %.*s, %04d-%02d: ", "第%u行，%.*s，%04d-%02d：",
                               figure->row, STR_ARG(utf8_cut(figure->name, 60)), figure->month / 12,
                               figure->month % 12 + 1);
    }
    return status;
}

/* The rows of the file that was sent, or of what was pasted. */
static enum status read_rows(struct request *rq, struct ledger_row **rows, size_t *count,
                             struct error *err)
{
    const struct upload *file = request_upload(rq, "file");
    struct str text = request_input(rq, "text");
    struct sheet sheet = {0};
    enum status status;
    if (file && file->bytes.len)
        status = sheet_read(rq->arena, file->file, file->bytes, &sheet, err);
    else if (str_trim(text).len)
        status = sheet_read(rq->arena, request_words(rq, "What was pasted", "粘贴的内容"), text,
                            &sheet, err);
    else
        return error_set(err, STATUS_INPUT, "Choose a file, or paste the cells.",
                         "请选择文件，或粘贴单元格内容。");
    *count = sheet.nrows;
    *rows = arena_array(rq->arena, sheet.nrows, struct ledger_row);
    for (size_t i = 0; i < sheet.nrows; i++)
        (*rows)[i] =
            (struct ledger_row){sheet.rows[i].number, sheet.rows[i].cells, sheet.rows[i].ncells};
    return status;
}

static enum status take_figures(struct request *rq, struct error *err)
{
    struct taking t = {.person = ledger_viewer(rq),
                       .since_january = request_number(rq, "since_january") != 0,
                       .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    struct ledger_import_figure *figures = NULL;
    struct ledger_row *rows = NULL;
    size_t nrows = 0;
    enum status status = read_rows(rq, &rows, &nrows, err);
    if (!status)
        status = ledger_map_rows(rq->arena, rows, nrows, (int)request_number(rq, "of_year"),
                                 &figures, &t.count, err);
    t.figures = figures;
    if (!status && t.count == 0)
        return error_set(err, STATUS_INPUT, "There are headings, but no figures under them.",
                         "只有标题行，没有数据。");
    if (!status)
        status = ledger_refuse_marks(rq, t.deed.why, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, take_step, &t, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/indicators"),
                                    str_format(rq->arena, "Figures taken in: %zu.", t.count).at,
                                    str_format(rq->arena, "已导入 %zu 个数据。", t.count).at);
}

static const struct input TAKE_INPUTS[] = {
    {.name = "file", .kind = INPUT_FILE, .en = "File", .zh = "文件"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = PASTED_MAX, .en = "Cells", .zh = "单元格"},
    {.name = "of_year",
     .kind = INPUT_NUMBER,
     .least = LEDGER_YEAR_LEAST,
     .most = LEDGER_YEAR_MOST,
     .en = "Year",
     .zh = "年份"},
    {.name = "since_january", .kind = INPUT_FLAG, .en = "Since January", .zh = "自1月起累计"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "说明"},
    {0},
};

const struct route route_ledger_figures_import = {
    .method = "POST",
    .path = "/ledger/indicators/import",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Take in actuals from XLSX, CSV or pasted cells: all of them, or none and the row that is wrong.",
    .zh = "从 XLSX、CSV 或粘贴的单元格导入实际值；如有错误则不导入任何内容，并指明所在行。",
    .inputs = TAKE_INPUTS,
    .uploads = true,
    .run = take_figures,
    .again = show_figures,
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
    .again = show_figures,
};
