/* Targets and benchmarks of all indicators by year, as lists that are taken along like the actuals are. */
#include "server/grid.h"
#include "server/internal.h"

/* An amount, which counts steps of the indicator's last place, as a number with its places. */
#define WRITTEN(AMOUNT)                                                                   \
    "(SELECT printf('%.*f', i.places, v / CASE i.places WHEN 0 THEN 1.0 WHEN 1 THEN 10.0" \
    " WHEN 2 THEN 1e2 WHEN 3 THEN 1e3 WHEN 4 THEN 1e4 WHEN 5 THEN 1e5 ELSE 1e6 END)"      \
    " FROM (SELECT " AMOUNT " AS v) WHERE v IS NOT NULL)"
#define TARGET(OFFSET)                                                                                  \
    "(SELECT t.amount FROM indicator_month t WHERE t.line = i.line AND t.month = y.year * 12 + " OFFSET \
    ")"
#define BENCHMARK(OFFSET)                                                                                  \
    "(SELECT v.amount FROM benchmark_value v WHERE v.benchmark = y.id AND v.month = y.year * 12 + " OFFSET \
    ")"
#define MONTH(VALUE, NAME, OFFSET, EN, ZH)                                     \
    {                                                                          \
        NAME, GRID_NUMBER, WRITTEN(VALUE(OFFSET)), VALUE(OFFSET), EN, ZH, NULL \
    }
#define MONTHS(VALUE)                                                                   \
    MONTH(VALUE, "m1", "0", "Jan", "1月"), MONTH(VALUE, "m2", "1", "Feb", "2月"),       \
        MONTH(VALUE, "m3", "2", "Mar", "3月"), MONTH(VALUE, "m4", "3", "Apr", "4月"),   \
        MONTH(VALUE, "m5", "4", "May", "5月"), MONTH(VALUE, "m6", "5", "Jun", "6月"),   \
        MONTH(VALUE, "m7", "6", "Jul", "7月"), MONTH(VALUE, "m8", "7", "Aug", "8月"),   \
        MONTH(VALUE, "m9", "8", "Sep", "9月"), MONTH(VALUE, "m10", "9", "Oct", "10月"), \
        MONTH(VALUE, "m11", "10", "Nov", "11月"), MONTH(VALUE, "m12", "11", "Dec", "12月")
#define FIRST_COLUMNS                                                            \
    {"title", GRID_TEXT, "l.title", NULL, "Indicator", "指标", NULL},            \
        {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},       \
    {                                                                            \
        "measure", GRID_TEXT, "i.measure", NULL, "Measured in", "计量单位", NULL \
    }

static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"year", "y.year = CAST({} AS INTEGER)", .en = "Year", .zh = "年份"},
    {0},
};
#define LINK "'/ledger/lines/' || l.key || '/indicator?year=' || y.year"
static const struct grid TARGETS = {
    .path = "/ledger/indicators/targets",
    .en = "Targets",
    .zh = "指标目标",
    .from = "indicator_year y JOIN indicator i ON i.line = y.line JOIN line l ON l.id = i.line",
    .where = "1",
    .key = "l.key",
    .link = LINK,
    .order = "number",
    .columns =
        (const struct grid_column[]){
            FIRST_COLUMNS,
            {"year", GRID_TEXT, "y.year", NULL, "Year", "年份", NULL},
            {"whole", GRID_NUMBER, WRITTEN("y.whole"), "y.whole", "Whole year", "全年", NULL},
            MONTHS(TARGET),
            {0},
        },
    .filters = FILTERS,
};
static const struct grid BENCHMARKS = {
    .path = "/ledger/indicators/benchmarks",
    .en = "Benchmarks",
    .zh = "指标参照值",
    .from = "(SELECT DISTINCT b.id, b.line, b.name, v.month / 12 AS year FROM benchmark b"
            " JOIN benchmark_value v ON v.benchmark = b.id) y"
            " JOIN indicator i ON i.line = y.line JOIN line l ON l.id = i.line",
    .where = "1",
    .key = "l.key",
    .link = LINK,
    .order = "number",
    .columns =
        (const struct grid_column[]){
            FIRST_COLUMNS,
            {"name", GRID_TEXT, "y.name", NULL, "Benchmark", "参照对象", NULL},
            {"year", GRID_TEXT, "y.year", NULL, "Year", "年份", NULL},
            MONTHS(BENCHMARK),
            {0},
        },
    .filters = FILTERS,
};

struct series_page {
    struct grid_sight grid;
    bool targets; /* else benchmarks */
};
static const struct field SERIES_PAGE[] = {
    GRID_FIELD(struct series_page, grid),
    FIELD_HIDDEN(FLAG, struct series_page, targets),
    {0},
};

static enum status show(struct request *rq, const struct grid *grid, struct error *err)
{
    struct series_page page = {.targets = grid == &TARGETS};
    bool answered = false;
    enum status status = grid_read(rq, grid, &page.grid, &answered, err);
    return status || answered
               ? status
               : answer_page(rq, "ledger-series", grid->en, grid->zh, SERIES_PAGE, &page);
}

static enum status show_targets(struct request *rq, struct error *err)
{
    return show(rq, &TARGETS, err);
}

static enum status show_benchmarks(struct request *rq, struct error *err)
{
    return show(rq, &BENCHMARKS, err);
}

const struct route route_ledger_targets = {
    .method = "GET",
    .path = "/ledger/indicators/targets",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The targets of all indicators by year and month; with format=csv or xlsx as a file.",
    .zh = "全部指标各年各月目标；format=csv 或 xlsx 时导出。",
    .grid = &TARGETS,
    .output = SERIES_PAGE,
    .page = "ledger-series",
    .run = show_targets,
};
const struct route route_ledger_benchmarks = {
    .method = "GET",
    .path = "/ledger/indicators/benchmarks",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The benchmarks of all indicators by year and month; with format=csv or xlsx as a file.",
    .zh = "全部指标各年各月参照值；format=csv 或 xlsx 时导出。",
    .grid = &BENCHMARKS,
    .output = SERIES_PAGE,
    .page = "ledger-series",
    .run = show_benchmarks,
};
