/* The ledger's list of lines, and making one. */
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"

#include "ledger/handover.h"

/* --- what can be chosen --------------------------------------------------------------------------- */

static const struct grid_option MINE[] = {
    {"led", "I lead", "我分包的"},
    {"unit", "Of my units", "我单位的"},
    {"followed", "I follow", "我关注的"},
    {0},
};

/* --- the list ------------------------------------------------------------------------------------- */

/* Leads, and before them what nobody leads. */
static enum status lead_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                size_t *count, struct error *err)
{
    struct ledger_choice *people;
    enum status status = grid_lead_choices(rq, chosen, &people, count, err);
    if (status)
        return status;
    *list = arena_array(rq->arena, *count + 1, struct ledger_choice);
    (*list)[0] =
        (struct ledger_choice){STR("-"), request_words(rq, "(nobody at present)", "（无人分包）"),
                               str_equal(chosen, STR("-"))};
    for (size_t i = 0; i < *count; i++)
        (*list)[i + 1] = people[i];
    ++*count;
    return STATUS_OK;
}

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Title", "名称", NULL},
    {"number", GRID_TEXT, "l.number", "l.kind, l.id", "Number", "编号", NULL},
    {"kind", GRID_TEXT, "l.kind", NULL, "Kind", "类别", grid_kind_word},
    {"state", GRID_TEXT, "l.state", NULL, "State", "状态", grid_state_word},
    {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
    {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
    {"due", GRID_DAY, "l.due_day", NULL, "Due", "完成期限", NULL},
    {"progress", GRID_NUMBER, "l.progress", NULL, "Progress, %", "进度（%）", NULL},
    {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"kind", "l.kind = {}", "Kind", "类别", .values = &ledger_kind_values},
    {"state", "l.state = {}", "State", "状态", .values = &ledger_state_values},
    {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
     .choices = grid_unit_choices},
    {"light", LIGHT_SQL " = CAST({} AS INTEGER)", "Light", "亮灯", .choices = grid_light_choices},
    {"lead",
     "CASE {} WHEN '-' THEN " LEDGER_LEADERLESS_SQL
     " ELSE l.lead = (SELECT id FROM member WHERE key = {}) END",
     "Lead", "分包领导", .choices = lead_choices},
    {"mine",
     "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'unit' THEN l.unit IN"
     " (SELECT unit FROM unit_member WHERE member = ?1) WHEN 'followed' THEN l.id IN"
     " (SELECT line FROM line_follow WHERE member = ?1) END",
     "Mine", "与我有关", .options = MINE},
    {0},
};
static const struct grid LINES = {
    .path = "/ledger",
    .en = "Ledger",
    .zh = "台账",
    .from = "line l LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead",
    .where = "1",
    .key = "l.key",
    .row = "l.id",
    .order = "number",
    .deeds = "/ledger/bulk",
    .columns = COLUMNS,
    .filters = FILTERS,
};
static const struct input LIST_INPUTS[] = {
    {.name = "part_of", .kind = INPUT_TEXT, .most = 20, .en = "Part of", .zh = "上级条目"},
    {0},
};

struct ledger_page {
    struct grid_sight grid;
    struct ledger_choice *kinds, *units, *people;
    size_t nkinds, nunits, npeople;
    struct str title, text, part_of, begins, due;
    bool may_make;
};
static const struct field LEDGER_PAGE[] = {
    GRID_FIELD(struct ledger_page, grid),
    FIELD_OF_LIST(struct ledger_page, kinds, ledger_choice_fields),
    FIELD_OF_LIST(struct ledger_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct ledger_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct ledger_page, title),
    FIELD_HIDDEN(TEXT, struct ledger_page, text),
    FIELD_HIDDEN(TEXT, struct ledger_page, part_of),
    FIELD_HIDDEN(TEXT, struct ledger_page, begins),
    FIELD_HIDDEN(TEXT, struct ledger_page, due),
    FIELD(FLAG, struct ledger_page, may_make),
    {0},
};

/* Lines that are part of nothing are made by editors; those under a line by whoever may change that one. */
static enum status may_make(struct request *rq, int64_t parent, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    unsigned is = person.is;
    enum status status = parent ? ledger_stand_to(rq->store, &person, parent, &is, err) : STATUS_OK;
    if (!status && !ledger_may(is, parent ? LEDGER_CHANGE : LEDGER_MAKE))
        return error_set(err, STATUS_FORBIDDEN,
                         "Lines are made by editors, and under a line by its lead or the head of "
                         "its unit.",
                         "条目由编辑建立；某一条目的下级条目也可由其分包领导或单位负责人建立。");
    return status;
}

/* Whether the form for a new line is offered: under the line that is named, to whoever may add to it; and again to
 * whoever has filled it in. */
static enum status offers_form(struct request *rq, bool *offers, struct error *err)
{
    struct error why;
    int64_t parent;
    enum status status = ledger_read_line(rq, "part_of", &parent, &why);
    if (!status)
        status = may_make(rq, parent, &why);
    *offers = !status || rq->post;
    if (!status || status == STATUS_MISSING || status == STATUS_FORBIDDEN)
        return STATUS_OK;
    *err = why;
    return status;
}

/* What the form for a new line offers, and what was typed into it. */
static enum status fill_form(struct request *rq, struct ledger_page *page, struct error *err)
{
    ledger_fill_values(rq, &ledger_kind_values, rq->post ? request_input(rq, "kind") : STR(""),
                       &page->kinds, &page->nkinds);
    enum status status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    if (!status)
        status = ledger_list_people(rq, 0, &page->people, &page->npeople, err);
    page->part_of = request_input(rq, "part_of");
    if (rq->post) {
        ledger_choose(page->units, page->nunits, request_input(rq, "unit"));
        ledger_choose(page->people, page->npeople, request_input(rq, "lead"));
        page->title = request_input(rq, "title");
        page->text = request_input(rq, "text");
        page->begins = request_input(rq, "begins");
        page->due = request_input(rq, "due");
    }
    return status;
}

static enum status show_ledger(struct request *rq, struct error *err)
{
    struct ledger_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &LINES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = offers_form(rq, &page.may_make, err);
    if (!status && page.may_make)
        status = fill_form(rq, &page, err);
    return status ? status : answer_page(rq, "ledger", "Ledger", "台账", LEDGER_PAGE, &page);
}

const struct route route_ledger = {
    .method = "GET",
    .path = "/ledger",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "The ledger's lines, sorted and filtered; with format=csv or xlsx the whole list as a file.",
    .zh = "台账条目，可排序、筛选；format=csv 或 xlsx 时导出全部。",
    .grid = &LINES,
    .inputs = LIST_INPUTS,
    .output = LEDGER_PAGE,
    .page = "ledger",
    .run = show_ledger,
};

/* --- a new line ----------------------------------------------------------------------------------- */

static const struct input MAKE_INPUTS[] = {
    {.name = "kind", .kind = INPUT_CHOICE, .needed = true, .most = 40, .en = "Kind", .zh = "类别"},
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

struct making {
    struct line line;
    struct ledger_deed deed;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    return ledger_make_line(scratch, store, &m->line, &m->deed, err);
}

static enum status read_line(struct request *rq, struct line *line, struct error *err)
{
    if (!ledger_kind_named(request_input(rq, "kind"), &line->kind))
        return request_blame(rq, "kind",
                             error_set(err, STATUS_INPUT, "Choose a kind.", "请选择类别。"));
    line->title = request_input(rq, "title");
    line->text = request_input(rq, "text");
    line->state = line_first_state(line->kind);
    line->weight = 1;
    line->begins_day = ledger_read_day(rq, "begins");
    line->due_day = ledger_read_day(rq, "due");
    enum status status = ledger_read_line(rq, "part_of", &line->parent, err);
    if (!status)
        status = ledger_read_unit(rq, "unit", &line->unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &line->lead, err);
    return status;
}

static enum status make_line(struct request *rq, struct error *err)
{
    struct making m = {.deed = {.now_ms = rq->now_ms}};
    struct line made;
    enum status status = read_line(rq, &m.line, err);
    if (!status)
        status = may_make(rq, m.line.parent, err);
    if (!status)
        status = ledger_refuse_marks(
            rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(m.line.title), STR_ARG(m.line.text)),
            err);
    if (!status)
        status = ledger_write(rq, m.line.parent, m.line.parent ? LEDGER_CHANGE : LEDGER_MAKE,
                              make_step, &m, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, m.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, ""), "The line is made.",
                                    "条目已建立。");
}

const struct route route_ledger_make = {
    .method = "POST",
    .path = "/ledger",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Make a line.",
    .zh = "建立台账条目。",
    .inputs = MAKE_INPUTS,
    .run = make_line,
    .again = show_ledger,
};
