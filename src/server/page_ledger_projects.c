/* The library of projects: all of them with state, marks, money and light, and proposing one. */
#include "ledger/admission.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_project.h"

/* --- the list ------------------------------------------------------------------------------------- */

static const char *class_word(struct str value, enum lang lang)
{
    enum project_class class = project_class_named(value);
    return class < PROJECT_CLASSES ? project_class_words(class, lang) : "";
}

static const char *state_word(struct str value, enum lang lang)
{
    enum project_state state = project_state_named(value);
    return state < PROJECT_STATES ? project_state_words(state, lang) : "";
}

static const struct ledger_values STATES = {project_state_name, project_state_words,
                                            .end = PROJECT_STATES};

/* Open turns of others' projects that ?1 has not marked, and those marked by enough, which wait for a decision. */
#define OPEN_TO_ME                                                     \
    "t.line IS NOT NULL AND t.decided_ms IS NULL AND p.proposer <> ?1" \
    " AND l.lead IS NOT ?1 AND p.state IN ('proposed', 'admitted', 'active', 'suspended')"
#define WAITS_FOR_MARKS                                                              \
    OPEN_TO_ME " AND NOT EXISTS (SELECT 1 FROM project_mark k WHERE k.line = t.line" \
               " AND k.turn = t.turn AND k.member = ?1)"
#define WAITS_FOR_DECISION OPEN_TO_ME " AND t.scorers >= (SELECT scorers FROM project_bar)"
#define WATCHES_PASSED                                          \
    "(SELECT count(*) FROM project_watch w WHERE w.line = l.id" \
    " AND w.state IN ('passed', 'waived'))"
#define FROM                                                           \
    "line l LEFT JOIN project p ON p.line = l.id"                      \
    " LEFT JOIN project_turn t ON t.line = p.line AND t.turn = p.turn" \
    " LEFT JOIN project_money y ON y.line = l.id"                      \
    " LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead"

static const struct grid_option MINE[] = {
    {"mark", "Wait for my marks", "待我评分"},
    {"decide", "Marked, wait for a decision", "已评分待决定"},
    {"proposed", "I proposed", "我申报的"},
    {"led", "I lead", "我分包的"},
    {0},
};

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Project", "项目", NULL},
    {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
    {"class", GRID_TEXT, "coalesce(p.class, '')", NULL, "Class", "类型", class_word},
    {"state", GRID_TEXT, "coalesce(p.state, 'none')", NULL, "State", "状态", state_word},
    {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
    {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
    {"total", GRID_NUMBER, "round(t.total / 100.0, 2)", "t.total", "Total mark", "总分", NULL},
    {"planned", GRID_MONEY, "y.planned", NULL, "Planned, yuan", "计划资金（元）", NULL},
    {"paid", GRID_MONEY, "y.paid", NULL, "Paid, yuan", "支付资金（元）", NULL},
    {"watches", GRID_TEXT, WATCHES_PASSED " || '/5'", WATCHES_PASSED, "Watches passed", "五盯通过",
     NULL},
    {"due", GRID_DAY, "l.due_day", NULL, "Due", "完成期限", NULL},
    {"progress", GRID_NUMBER, "l.progress", NULL, "Progress, %", "进度（%）", NULL},
    {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"class", "p.class = {}", "Class", "类型", .values = &project_class_values},
    {"state", "coalesce(p.state, 'none') = {}", "State", "状态", .values = &STATES},
    {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
     .choices = grid_unit_choices},
    {"light", LIGHT_SQL " = CAST({} AS INTEGER)", "Light", "亮灯", .choices = grid_light_choices},
    {"lead", "l.lead = (SELECT id FROM member WHERE key = {})", "Lead", "分包领导",
     .choices = grid_lead_choices},
    {"mine",
     "CASE {} WHEN 'mark' THEN " WAITS_FOR_MARKS " WHEN 'decide' THEN " WAITS_FOR_DECISION
     " WHEN 'proposed' THEN p.proposer = ?1 WHEN 'led' THEN l.lead = ?1 END",
     "Mine", "与我有关", .options = MINE},
    {0},
};
static const struct grid PROJECTS = {
    .path = "/ledger/projects",
    .en = "Projects",
    .zh = "项目库",
    .from = FROM,
    .where = "l.kind = 'project'",
    .key = "l.key",
    .row = "l.id",
    .link = "'/ledger/lines/' || l.key || '/project'",
    .order = "number",
    .columns = COLUMNS,
    .filters = FILTERS,
};

struct projects_page {
    struct grid_sight grid;
    struct ledger_choice *classes, *units, *people;
    size_t nclasses, nunits, npeople;
    struct str title, text, part_of, begins, due;
    int64_t to_mark, to_decide; /* by the viewer, where they may */
    bool may_propose;
};
static const struct field PROJECTS_PAGE[] = {
    GRID_FIELD(struct projects_page, grid),
    FIELD_OF_LIST(struct projects_page, classes, ledger_choice_fields),
    FIELD_OF_LIST(struct projects_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct projects_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct projects_page, title),
    FIELD_HIDDEN(TEXT, struct projects_page, text),
    FIELD_HIDDEN(TEXT, struct projects_page, part_of),
    FIELD_HIDDEN(TEXT, struct projects_page, begins),
    FIELD_HIDDEN(TEXT, struct projects_page, due),
    FIELD(FLAG, struct projects_page, may_propose),
    FIELD(NUMBER, struct projects_page, to_mark),
    FIELD(NUMBER, struct projects_page, to_decide),
    {0},
};

/* What the form offers, and what was typed into it. */
static enum status fill_form(struct request *rq, struct projects_page *page, struct error *err)
{
    ledger_fill_values(rq, &project_class_values,
                       rq->post ? request_input(rq, "class") : STR("key"), &page->classes,
                       &page->nclasses);
    if (rq->post) {
        page->title = request_input(rq, "title");
        page->text = request_input(rq, "text");
        page->part_of = request_input(rq, "part_of");
        page->begins = request_input(rq, "begins");
        page->due = request_input(rq, "due");
    }
    enum status status = grid_unit_choices(rq, rq->post ? request_input(rq, "unit") : STR(""),
                                           &page->units, &page->nunits, err);
    return status ? status
                  : grid_lead_choices(rq, rq->post ? request_input(rq, "lead") : STR(""),
                                      &page->people, &page->npeople, err);
}

static enum status count_waiting(struct request *rq, struct projects_page *page, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT count(*) FILTER (WHERE " WAITS_FOR_MARKS
                               "), count(*) FILTER (WHERE " WAITS_FOR_DECISION
                               ") FROM project_turn t JOIN project p ON p.line = t.line"
                               " AND p.turn = t.turn JOIN line l ON l.id = t.line"
                               " WHERE t.decided_ms IS NULL");
    query_bind_int(q, 1, rq->viewer.member);
    if (query_row(q)) {
        page->to_mark = query_int(q, 0);
        page->to_decide = query_int(q, 1);
    }
    return query_end(q, err);
}

static enum status show_projects(struct request *rq, struct error *err)
{
    unsigned is = ledger_viewer(rq).is;
    struct projects_page page = {
        .may_propose = is & (LEDGER_EDITS | LEDGER_IN_UNITS),
    };
    bool answered = false;
    enum status status = grid_read(rq, &PROJECTS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (page.may_propose)
        status = fill_form(rq, &page, err);
    if (!status && is & LEDGER_EDITS)
        status = count_waiting(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-projects", "Projects", "项目库", PROJECTS_PAGE, &page);
}

const struct route route_ledger_projects = {
    .method = "GET",
    .path = "/ledger/projects",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The library of projects: class, state, marks, money and lights; with format=csv or xlsx "
          "the whole of it as a file.",
    .zh = "项目库：类型、状态、评分、资金与亮灯；format=csv 或 xlsx 时导出全部。",
    .grid = &PROJECTS,
    .output = PROJECTS_PAGE,
    .page = "ledger-projects",
    .run = show_projects,
};

/* --- proposing ------------------------------------------------------------------------------------ */

struct proposing {
    struct line line;
    struct ledger_project_deed deed;
    struct ledger_deed change;
};

static enum status propose_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    struct proposing *p = context;
    enum status status = ledger_make_line(scratch, store, &p->line, &p->change, err);
    return status ? status
                  : ledger_act_on_project(scratch, store, p->line.id, &p->deed, &p->change, err);
}

/* Editors propose anything; a unit's members what their unit is to answer for, under lines that are theirs to
 * change. */
static enum status may_propose(struct request *rq, const struct line *line, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    unsigned over = person.is;
    if (person.is & LEDGER_EDITS)
        return STATUS_OK;
    struct query *q =
        query_start(rq->store, "SELECT 1 FROM unit_member WHERE member = ?1 AND unit = ?2");
    query_bind_int(q, 1, person.member);
    query_bind_int(q, 2, line->unit);
    bool of_unit = query_row(q);
    enum status status = query_end(q, err);
    if (!status && line->parent)
        status = ledger_stand_to(rq->store, &person, line->parent, &over, err);
    if (!status && (!of_unit || (line->parent && !ledger_may(over, LEDGER_CHANGE))))
        return error_set(err, STATUS_FORBIDDEN,
                         "Members of a unit propose what their own unit is to answer for.",
                         "单位成员仅可为本单位申报项目。");
    return status;
}

static enum status read_proposal(struct request *rq, struct proposing *p, struct error *err)
{
    p->deed.class = project_class_named(request_input(rq, "class"));
    if (p->deed.class == PROJECT_CLASSES)
        return request_blame(rq, "class",
                             error_set(err, STATUS_INPUT, "Choose a class.", "请选择项目类型。"));
    p->line = (struct line){
        .kind = LEDGER_PROJECT,
        .title = request_input(rq, "title"),
        .text = request_input(rq, "text"),
        .state = LINE_PROPOSED,
        .weight = 1,
        .begins_day = ledger_read_day(rq, "begins"),
        .due_day = ledger_read_day(rq, "due"),
    };
    enum status status = ledger_read_line(rq, "part_of", &p->line.parent, err);
    if (!status)
        status = ledger_read_unit(rq, "unit", &p->line.unit, err);
    return status ? status : ledger_read_person(rq, "lead", &p->line.lead, err);
}

static enum status propose(struct request *rq, struct error *err)
{
    struct proposing p = {
        .deed = {.act = PROJECT_ACT_PROPOSE,
                 .member = rq->viewer.member,
                 .is = 1U << PROJECT_WHO_MEMBER},
        .change = {.now_ms = rq->now_ms},
    };
    struct line made;
    enum status status = read_proposal(rq, &p, err);
    if (!status)
        status = may_propose(rq, &p.line, err);
    if (!status)
        status = ledger_refuse_marks(
            rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(p.line.title), STR_ARG(p.line.text)),
            err);
    if (!status)
        status = ledger_write(rq, p.line.parent, LEDGER_SEE, propose_step, &p, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, p.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/project"),
                                    "The project is proposed.", "项目已申报。");
}

static const struct input PROPOSE_INPUTS[] = {
    {.name = "class",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "Class",
     .zh = "类型"},
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "名称"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = LINE_TEXT_MAX, .en = "Details", .zh = "说明"},
    {.name = "part_of", .kind = INPUT_TEXT, .most = 20, .en = "Part of", .zh = "上级条目"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "begins", .kind = INPUT_DAY, .en = "Begins", .zh = "开始日期"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "完成期限"},
    {0},
};
const struct route route_ledger_propose = {
    .method = "POST",
    .path = "/ledger/projects",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Propose a project.",
    .zh = "申报项目。",
    .inputs = PROPOSE_INPUTS,
    .run = propose,
    .again = show_projects,
};
