/* Goals: the tree of them, drilled to any depth, and all of them with their fields and milestones as a list. Milestones
 * of projects stand with these. */
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"

#include "base/calendar.h"
#include "ledger/goal.h"
#include "ledger/higher.h"
#include "ledger/progress.h"

#define ROOTS_A_PAGE 30
#define TREE_DEPTH   2   /* levels below the first that one page holds */
#define TREE_MOST    600 /* lines a page */
#define OPEN_AT_ONCE 40  /* so few lines are shown opened */

/* --- the tree ------------------------------------------------------------------------------------- */

struct closing {
    bool one;
};
static const struct field CLOSING[] = {FIELD_HIDDEN(FLAG, struct closing, one), {0}};

struct goal_row {
    struct str key, number, title, kind, kind_word, state, state_word, horizon, horizon_word;
    struct str unit, lead, due, light, light_word, light_rule, weight, share, parent;
    int64_t progress, depth, parts;
    bool done, proposed;
    bool opens, open,
        deeper; /* what is under it follows; is to be seen at once; is on a page of its own */
    struct closing *closes; /* as many as end with it */
    size_t ncloses;
};
static const struct field GOAL_ROW[] = {
    FIELD(TEXT, struct goal_row, key),
    FIELD(TEXT, struct goal_row, number),
    FIELD(TEXT, struct goal_row, title),
    FIELD(TEXT, struct goal_row, kind),
    FIELD_HIDDEN(TEXT, struct goal_row, kind_word),
    FIELD(TEXT, struct goal_row, state),
    FIELD_HIDDEN(TEXT, struct goal_row, state_word),
    FIELD(TEXT, struct goal_row, horizon),
    FIELD_HIDDEN(TEXT, struct goal_row, horizon_word),
    FIELD(TEXT, struct goal_row, unit),
    FIELD(TEXT, struct goal_row, lead),
    FIELD(DATE, struct goal_row, due),
    FIELD(TEXT, struct goal_row, light),
    FIELD_HIDDEN(TEXT, struct goal_row, light_word),
    FIELD_HIDDEN(TEXT, struct goal_row, light_rule),
    FIELD(TEXT, struct goal_row, weight),
    FIELD(TEXT, struct goal_row, share),
    FIELD(TEXT, struct goal_row, parent),
    FIELD(NUMBER, struct goal_row, progress),
    FIELD(NUMBER, struct goal_row, depth),
    FIELD(NUMBER, struct goal_row, parts),
    FIELD_HIDDEN(FLAG, struct goal_row, done),
    FIELD_HIDDEN(FLAG, struct goal_row, proposed),
    FIELD_HIDDEN(FLAG, struct goal_row, opens),
    FIELD_HIDDEN(FLAG, struct goal_row, open),
    FIELD_HIDDEN(FLAG, struct goal_row, deeper),
    FIELD_OF_LIST(struct goal_row, closes, CLOSING),
    {0},
};
struct horizon_row {
    struct str name, words, path;
    int64_t goals, late, behind;
    bool here;
};
static const struct field HORIZON_ROW[] = {
    FIELD(TEXT, struct horizon_row, name),   FIELD_HIDDEN(TEXT, struct horizon_row, words),
    FIELD(TEXT, struct horizon_row, path),   FIELD(NUMBER, struct horizon_row, goals),
    FIELD(NUMBER, struct horizon_row, late), FIELD(NUMBER, struct horizon_row, behind),
    FIELD(FLAG, struct horizon_row, here),   {0},
};
struct goals_page {
    struct horizon_row *horizons;
    size_t nhorizons;
    struct goal_row *goals;
    size_t ngoals;
    struct str under, under_number, under_title; /* whose parts are shown; empty: all goals */
    struct str up, up_number, up_title;          /* what that is part of */
    struct str sum_rule, horizon_rule, newer, older;
    int64_t higher, untaken; /* goals from above, and how many of them nobody has taken up */
    bool filtered, cut, may_make;
};
static const struct field GOALS_PAGE[] = {
    FIELD_OF_LIST(struct goals_page, horizons, HORIZON_ROW),
    FIELD_OF_LIST(struct goals_page, goals, GOAL_ROW),
    FIELD(TEXT, struct goals_page, under),
    FIELD(TEXT, struct goals_page, under_number),
    FIELD(TEXT, struct goals_page, under_title),
    FIELD(TEXT, struct goals_page, up),
    FIELD(TEXT, struct goals_page, up_number),
    FIELD(TEXT, struct goals_page, up_title),
    FIELD(TEXT, struct goals_page, sum_rule),
    FIELD(TEXT, struct goals_page, horizon_rule),
    FIELD(TEXT, struct goals_page, newer),
    FIELD(TEXT, struct goals_page, older),
    FIELD(NUMBER, struct goals_page, higher),
    FIELD(NUMBER, struct goals_page, untaken),
    FIELD_HIDDEN(FLAG, struct goals_page, filtered),
    FIELD(FLAG, struct goals_page, cut),
    FIELD_HIDDEN(FLAG, struct goals_page, may_make),
    {0},
};

/* Goals that are part of no other. */
#define ROOT_SQL                                                                   \
    "l.kind = 'goal' AND l.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM line p" \
    " WHERE p.id = l.parent AND p.kind IN ('goal', 'field', 'milestone') AND p.state <> 'closed')"

/* Depth first, what is due first before its siblings, from the lines that fit WHERE. ?1 the one line to begin with; ?2
 * today; ?3 the horizon, or ''; ?4 and ?5 limit and offset of those that it begins with; ?6 depth; ?7 lines. */
#define ALL_GOALS_SQL ROOT_SQL " AND (?3 = '' OR " HORIZON_SQL " = ?3)"
#define ONE_LINE_SQL  "l.id = ?1"
#define TREE_SQL(WHERE)                                                                             \
    "WITH RECURSIVE root (id, path) AS (SELECT l.id, printf('%012d%012d',"                          \
    " coalesce(l.due_day, 99999999), l.id) FROM line l LEFT JOIN goal g ON g.line = l.id"           \
    " WHERE " WHERE " ORDER BY 2 LIMIT ?4 OFFSET ?5),"                                              \
    " tree (id, depth, path) AS (SELECT id, 0, path FROM root UNION ALL"                            \
    " SELECT l.id, t.depth + 1, t.path || printf('/%012d%012d', coalesce(l.due_day, 99999999),"     \
    " l.id) FROM tree t JOIN line l ON l.parent = t.id WHERE l.state <> 'closed' AND t.depth < ?6)" \
    " SELECT " LINE_COLUMNS(                                                                        \
        "l") ", t.depth, CASE l.kind WHEN 'goal' THEN " HORIZON_SQL                                 \
             " ELSE '' END, u.name, m.name,"                                                        \
             " (SELECT count(*) FROM line c WHERE c.parent = l.id AND c.state <> 'closed'),"        \
             " sum(CASE WHEN " LINE_COUNTS_SQL                                                      \
             " THEN l.weight END) OVER (PARTITION BY l.parent, t.depth),"                           \
             " " LINE_COUNTS_SQL " FROM tree t JOIN line l ON l.id = t.id"                          \
             " LEFT JOIN goal g ON g.line = l.id LEFT JOIN unit u ON u.id = l.unit"                 \
             " LEFT JOIN member m ON m.id = l.lead ORDER BY t.path LIMIT ?7"

static struct goal_row take_row(struct request *rq, struct query *q)
{
    struct line line;
    enum goal_horizon horizon = HORIZON_NONE;
    ledger_take_line(rq->arena, q, &line);
    (void)goal_horizon_named(query_str(q, LINE_COLUMN_COUNT + 1), &horizon);
    enum light light = ledger_light(rq, &line);
    double weights = query_real(q, LINE_COLUMN_COUNT + 5);
    struct goal_row row = {
        .key = line.key,
        .number = line.number,
        .title = line.title,
        .kind = str_of(ledger_kind_name(line.kind)),
        .kind_word = str_of(ledger_kind_word(line.kind, rq->lang)),
        .state = str_of(line_state_name(line.state)),
        .state_word = str_of(line_state_word(line.state, rq->lang)),
        .horizon = str_of(goal_horizon_name(horizon)),
        .horizon_word = horizon ? str_of(goal_horizon_word(horizon, rq->lang)) : STR(""),
        .unit = str_copy(rq->arena, query_str(q, LINE_COLUMN_COUNT + 2)),
        .lead = str_copy(rq->arena, query_str(q, LINE_COLUMN_COUNT + 3)),
        .due = ledger_day(rq, line.due_day),
        .light = str_of(light_name(light)),
        .light_word = str_of(light_word(light, rq->lang)),
        .light_rule = ledger_light_rule(rq, light),
        .weight = str_format(rq->arena, "%g", line.weight),
        .progress = line.progress,
        .depth = query_int(q, LINE_COLUMN_COUNT),
        .parts = query_int(q, LINE_COLUMN_COUNT + 4),
        .done = line.state == LINE_DONE,
        .proposed = line.state == LINE_PROPOSED,
    };
    if (row.depth && query_int(q, LINE_COLUMN_COUNT + 6))
        row.share = str_format(rq->arena, "%.3g", 100 * line.weight / weights);
    return row;
}

/* What opens and closes where, so that rows in a row become lists within lists. */
static void nest(struct request *rq, struct goals_page *page)
{
    for (size_t i = 0; i < page->ngoals; i++) {
        struct goal_row *row = &page->goals[i];
        int64_t next = i + 1 < page->ngoals ? page->goals[i + 1].depth : 0;
        row->opens = next > row->depth;
        row->open =
            row->opens && (page->ngoals <= OPEN_AT_ONCE || (page->under.len && !row->depth));
        row->deeper = row->parts && !row->opens;
        row->ncloses = next < row->depth ? (size_t)(row->depth - next) : 0;
        row->closes = arena_array(rq->arena, row->ncloses + 1, struct closing);
    }
}

static enum status read_tree(struct request *rq, int64_t under, int64_t skip,
                             struct goals_page *page, struct error *err)
{
    struct query *q =
        query_start(rq->store, under ? TREE_SQL(ONE_LINE_SQL) : TREE_SQL(ALL_GOALS_SQL));
    query_bind_int(q, 1, under);
    query_bind_int(q, 2, calendar_day_of(rq->now_ms));
    query_bind_str(q, 3, request_input(rq, "horizon"));
    query_bind_int(q, 4, ROOTS_A_PAGE);
    query_bind_int(q, 5, skip);
    query_bind_int(q, 6, under ? TREE_DEPTH + 1 : TREE_DEPTH);
    query_bind_int(q, 7, TREE_MOST + 1);
    page->goals = arena_array(rq->arena, TREE_MOST + 1, struct goal_row);
    while (query_row(q))
        page->goals[page->ngoals++] = take_row(rq, q);
    page->cut = page->ngoals > TREE_MOST;
    page->ngoals -= page->cut;
    nest(rq, page);
    return query_end(q, err);
}

/* --- horizons ------------------------------------------------------------------------------------- */

static struct str address(const struct request *rq, struct str horizon, int64_t page)
{
    struct str more =
        page > 1 ? str_format(rq->arena, "%spage=%lld", horizon.len ? "&" : "?", (long long)page)
                 : STR("");
    return str_format(rq->arena, "/ledger/goals%s%.*s%.*s", horizon.len ? "?horizon=" : "",
                      STR_ARG(horizon), STR_ARG(more));
}

static void add_goals(struct horizon_row *sum, const struct horizon_row *part)
{
    sum->goals += part->goals;
    sum->late += part->late;
    sum->behind += part->behind;
}

/* How many goals of each horizon there are, and all of them first. */
static enum status read_horizons(struct request *rq, struct goals_page *page, struct error *err)
{
    struct horizon_row *rows = arena_array(rq->arena, HORIZONS + 1, struct horizon_row);
    struct query *q = query_start(
        rq->store,
        "SELECT horizon, count(*), sum(light = 4), sum(light = 3) FROM (SELECT " HORIZON_SQL
        " AS horizon, " LIGHT_SQL " AS light FROM line l LEFT JOIN goal g ON g.line = l.id"
        " WHERE " ROOT_SQL ") GROUP BY horizon");
    query_bind_int(q, 2, calendar_day_of(rq->now_ms));
    rows[0].words = request_words(rq, "All", "全部");
    for (int i = HORIZON_NEAR; i < HORIZONS; i++) {
        rows[i].name = str_of(goal_horizon_name((enum goal_horizon)i));
        rows[i].words = str_of(goal_horizon_word((enum goal_horizon)i, rq->lang));
    }
    while (query_row(q)) {
        enum goal_horizon horizon = HORIZON_NONE;
        (void)goal_horizon_named(query_str(q, 0), &horizon);
        struct horizon_row part = {
            .goals = query_int(q, 1), .late = query_int(q, 2), .behind = query_int(q, 3)};
        add_goals(&rows[0], &part);
        if (horizon)
            add_goals(&rows[horizon], &part);
    }
    for (int i = 0; i < HORIZONS; i++) {
        rows[i].path = address(rq, rows[i].name, 1);
        rows[i].here = !page->under.len && str_equal(rows[i].name, request_input(rq, "horizon"));
    }
    page->horizons = rows;
    page->nhorizons = HORIZONS;
    return query_end(q, err);
}

static void fill_pages(struct request *rq, int64_t number, struct goals_page *page)
{
    struct str horizon = request_input(rq, "horizon");
    int64_t all = 0;
    for (size_t i = 0; i < page->nhorizons; i++)
        if (page->horizons[i].here)
            all = page->horizons[i].goals;
    if (number > 1)
        page->newer = address(rq, horizon, number - 1);
    if (number * ROOTS_A_PAGE < all)
        page->older = address(rq, horizon, number + 1);
}

/* Whose parts are asked for, and what that is part of. */
static enum status find_under(struct request *rq, struct goals_page *page, int64_t *under,
                              struct error *err)
{
    struct line line = {0};
    struct line above = {0};
    struct str key = request_input(rq, "under");
    enum status status =
        key.len ? ledger_find_line(rq->arena, rq->store, key, &line, err) : STATUS_OK;
    if (!status && line.parent)
        status = ledger_find_line_by_id(rq->arena, rq->store, line.parent, &above, err);
    if (status)
        return status;
    *under = line.id;
    page->under = line.key;
    page->under_number = line.number;
    page->under_title = line.title;
    page->up = above.key;
    page->up_number = above.number;
    page->up_title = above.title;
    return STATUS_OK;
}

static enum status count_higher(struct request *rq, struct goals_page *page, struct error *err)
{
    int64_t counts[HIGHER_COVERAGES];
    enum status status = ledger_count_higher(rq->store, counts, err);
    for (int i = 0; !status && i < HIGHER_COVERAGES; i++)
        page->higher += counts[i];
    page->untaken = status ? 0 : counts[HIGHER_UNTAKEN];
    return status;
}

static enum status show_goals(struct request *rq, struct error *err)
{
    struct goals_page page = {
        .sum_rule = str_of(line_sum_rule(rq->lang)),
        .horizon_rule = str_of(goal_horizon_rule(rq->lang)),
        .filtered = request_input(rq, "horizon").len > 0,
        .may_make = ledger_may(ledger_viewer(rq).is, LEDGER_MAKE),
    };
    int64_t under = 0;
    int64_t number = request_number(rq, "page") ? request_number(rq, "page") : 1;
    enum status status = find_under(rq, &page, &under, err);
    if (!status)
        status = read_horizons(rq, &page, err);
    if (!status && !under)
        status = count_higher(rq, &page, err);
    if (!status)
        status = read_tree(rq, under, under ? 0 : (number - 1) * ROOTS_A_PAGE, &page, err);
    if (status)
        return status;
    fill_pages(rq, number, &page);
    return answer_page(rq, "ledger-goals", "Goals", "目标", GOALS_PAGE, &page);
}

static const struct input GOALS_INPUTS[] = {
    {.name = "under", .kind = INPUT_TEXT, .most = 40, .en = "Under", .zh = "所属"},
    {.name = "horizon", .kind = INPUT_TEXT, .most = 10, .en = "Horizon", .zh = "期限类别"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};
const struct route route_ledger_goals = {
    .method = "GET",
    .path = "/ledger/goals",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "The tree of goals, by horizon, with weights, progress and lights; with under=KEY what is under one line.",
    .zh =
        "目标树：按近期、中期、远期列出，含权重、进度与亮灯；under=KEY 时列出某一条目之下的内容。",
    .inputs = GOALS_INPUTS,
    .output = GOALS_PAGE,
    .page = "ledger-goals",
    .run = show_goals,
};

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values HORIZON_VALUES = {goal_horizon_name, goal_horizon_word,
                                                    .first = HORIZON_NEAR, .end = HORIZONS};

static enum status level_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                 size_t *count, struct error *err)
{
    static const enum ledger_kind KINDS[] = {LEDGER_GOAL, LEDGER_FIELD, LEDGER_MILESTONE};
    (void)err;
    *list = arena_array(rq->arena, sizeof KINDS / sizeof *KINDS, struct ledger_choice);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        struct str name = str_of(ledger_kind_name(KINDS[i]));
        (*list)[(*count)++] = (struct ledger_choice){
            name, str_of(ledger_kind_word(KINDS[i], rq->lang)), str_equal(name, chosen)};
    }
    return STATUS_OK;
}

static const char *horizon_word(struct str value, enum lang lang)
{
    enum goal_horizon horizon;
    return value.len && goal_horizon_named(value, &horizon) ? goal_horizon_word(horizon, lang) : "";
}

static const struct grid_column LIST_COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Title", "名称", NULL},
    {"number", GRID_TEXT, "l.number", "l.kind, l.id", "Number", "编号", NULL},
    {"kind", GRID_TEXT, "l.kind", NULL, "Kind", "类别", grid_kind_word},
    {"part_of", GRID_TEXT, "p.number", "p.kind, p.id", "Part of", "上级条目", NULL},
    {"horizon", GRID_TEXT, "CASE l.kind WHEN 'goal' THEN " HORIZON_SQL " END",
     "CASE " HORIZON_SQL " WHEN 'near' THEN 1 WHEN 'middle' THEN 2 WHEN 'far' THEN 3 ELSE 4 END",
     "Horizon", "期限类别", horizon_word},
    {"weight", GRID_NUMBER, "printf('%g', l.weight)", "l.weight", "Weight", "权重", NULL},
    {"progress", GRID_NUMBER, "l.progress", NULL, "Progress, %", "进度（%）", NULL},
    {"state", GRID_TEXT, "l.state", NULL, "State", "状态", grid_state_word},
    {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
    {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
    {"due", GRID_DAY, "l.due_day", NULL, "Due", "完成期限", NULL},
    {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
    {0},
};
static const struct grid_filter LIST_FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"kind", "l.kind = {}", "Kind", "类别", .choices = level_choices},
    {"horizon", "l.kind = 'goal' AND " HORIZON_SQL " = {}", "Horizon", "期限类别",
     .values = &HORIZON_VALUES},
    {0},
};
static const struct grid GOALS = {
    .path = "/ledger/goals/list",
    .en = "Goals",
    .zh = "目标",
    .from = "(WITH RECURSIVE t (id) AS (SELECT id FROM line WHERE kind IN ('goal', 'field')"
            " UNION ALL SELECT c.id FROM t JOIN line c ON c.parent = t.id AND c.kind = 'milestone')"
            " SELECT id FROM t) t JOIN line l ON l.id = t.id"
            " LEFT JOIN goal g ON g.line = l.id LEFT JOIN line p ON p.id = l.parent"
            " LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead",
    .where = "1",
    .key = "l.key",
    .order = "number",
    .columns = LIST_COLUMNS,
    .filters = LIST_FILTERS,
};
struct goal_list_page {
    struct grid_sight grid;
};
static const struct field GOAL_LIST_PAGE[] = {
    GRID_FIELD(struct goal_list_page, grid),
    {0},
};

static enum status show_list(struct request *rq, struct error *err)
{
    struct goal_list_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &GOALS, &page.grid, &answered, err);
    return status || answered ? status
                              : answer_page(rq, "ledger-goal-list", "Goals as a list", "目标列表",
                                            GOAL_LIST_PAGE, &page);
}

const struct route route_ledger_goal_list = {
    .method = "GET",
    .path = "/ledger/goals/list",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "Goals, fields and milestones as a list; with format=csv or xlsx the whole list as a file.",
    .zh = "目标、领域、节点列表；format=csv 或 xlsx 时导出全部。",
    .grid = &GOALS,
    .output = GOAL_LIST_PAGE,
    .page = "ledger-goal-list",
    .run = show_list,
};
