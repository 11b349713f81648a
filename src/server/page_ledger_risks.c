/* The register of risks: all of them with level, state and alarm, and entering one. */
#include "base/calendar.h"
#include "ledger/monitor.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_notices.h"
#include "server/ledger_risk.h"

/* --- the list ------------------------------------------------------------------------------------- */

static const char *level_word(struct str value, enum lang lang)
{
    int level = value.len ? value.at[0] - '0' : 0;
    return risk_level_words(
        level > 0 && level < RISK_LEVELS ? (enum risk_level)level : RISK_NO_LEVEL, lang);
}

static const char *category_word(struct str value, enum lang lang)
{
    enum risk_category category = risk_category_named(value);
    return category < RISK_CATEGORIES ? risk_category_words(category, lang) : "";
}

static const char *state_word(struct str value, enum lang lang)
{
    enum risk_state state = (enum risk_state)machine_named(risk_machine.states, value);
    return state < RISK_STATES ? machine_words(risk_machine.states, state, lang) : "";
}

static const char *alarm_word(struct str value, enum lang lang)
{
    int level = value.len ? value.at[0] - '0' : 0;
    return level > 0 && level < THRESHOLD_LEVELS
               ? threshold_level_words((enum threshold_level)level, lang)
               : "";
}

static enum status level_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                 size_t *count, struct error *err)
{
    (void)err;
    *list = arena_array(rq->arena, RISK_LEVELS, struct ledger_choice);
    *count = 0;
    for (int i = RISK_EXTREME; i > RISK_NO_LEVEL; i--) {
        struct str value = str_format(rq->arena, "%d", i);
        (*list)[(*count)++] =
            (struct ledger_choice){value, str_of(risk_level_words((enum risk_level)i, rq->lang)),
                                   str_equal(value, chosen)};
    }
    return STATUS_OK;
}

/* All that is not gone, then state by state. */
static enum status state_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                 size_t *count, struct error *err)
{
    (void)err;
    *list = arena_array(rq->arena, RISK_STATES + 1, struct ledger_choice);
    (*list)[0] = (struct ledger_choice){STR("open"), request_words(rq, "all but gone", "未消除"),
                                        str_equal(chosen, STR("open"))};
    for (int i = 0; i < RISK_STATES; i++) {
        struct str name = str_of(risk_machine.states.at[i].name);
        (*list)[i + 1] = (struct ledger_choice){
            name, str_of(machine_words(risk_machine.states, i, rq->lang)), str_equal(name, chosen)};
    }
    *count = RISK_STATES + 1;
    return STATUS_OK;
}

/* The fields of the matrix, "43" for 4 × 3: where the heat map leads. */
static enum status place_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                 size_t *count, struct error *err)
{
    (void)err;
    *list = arena_array(rq->arena, RISK_SCALE * RISK_SCALE, struct ledger_choice);
    *count = 0;
    for (int l = RISK_SCALE; l >= 1; l--)
        for (int i = RISK_SCALE; i >= 1; i--) {
            struct str value = str_format(rq->arena, "%d%d", l, i);
            (*list)[(*count)++] = (struct ledger_choice){value, ledger_place_words(rq, l, i),
                                                         str_equal(value, chosen)};
        }
    return STATUS_OK;
}

static const struct grid_option ALARMS[] = {
    {"1", "Warning or act", "预警或报警"},
    {"2", "Act", "报警"},
    {0},
};
static const struct grid_option MINE[] = {
    {"led", "I lead", "我分包的"},
    {"unit", "Of my units", "我单位的"},
    {"judge", "Wait for another's assessment", "待评估剩余风险"},
    {0},
};

#define STATE_SQL  "coalesce(r.state, 'none')"
#define BEFORE_SQL RISK_LEVEL_SQL("r.likelihood", "r.impact")

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Risk", "风险", NULL},
    {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
    {"category", GRID_TEXT, "coalesce(r.category, '')", NULL, "Category", "类别", category_word},
    {"level", GRID_TEXT, RISK_STANDING_SQL, NULL, "Level", "当前等级", level_word},
    {"place", GRID_TEXT, RISK_LIKELIHOOD_SQL " || ' × ' || " RISK_IMPACT_SQL,
     RISK_LIKELIHOOD_SQL " * " RISK_IMPACT_SQL, "Likelihood × impact", "可能性 × 影响", NULL},
    {"before", GRID_TEXT, BEFORE_SQL, NULL, "Before disposal", "处置前等级", level_word},
    {"state", GRID_TEXT, STATE_SQL, NULL, "State", "状态", state_word},
    {"alarm", GRID_TEXT, RISK_ALARM_SQL, NULL, "Alarm", "监测预警", alarm_word},
    {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
    {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
    {"due", GRID_DAY, "l.due_day", NULL, "Due", "完成期限", NULL},
    {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"category", "r.category = {}", "Category", "类别", .values = &risk_category_values},
    {"level", RISK_STANDING_SQL " = CAST({} AS INTEGER)", "Level", "当前等级",
     .choices = level_choices},
    {"state", "CASE {} WHEN 'open' THEN l.state <> 'closed' ELSE " STATE_SQL " = {} END", "State",
     "状态", .choices = state_choices},
    {"alarm", RISK_ALARM_SQL " >= CAST({} AS INTEGER)", "Alarm", "监测预警", .options = ALARMS},
    {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
     .choices = grid_unit_choices},
    {"lead", "l.lead = (SELECT id FROM member WHERE key = {})", "Lead", "分包领导",
     .choices = grid_lead_choices},
    {"place", RISK_LIKELIHOOD_SQL " || " RISK_IMPACT_SQL " = {}", "In the matrix", "矩阵位置",
     .choices = place_choices},
    {"inherent", "r.likelihood || r.impact = {}", "Before disposal", "处置前位置",
     .choices = place_choices},
    {"mine",
     "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'unit' THEN l.unit IN"
     " (SELECT unit FROM unit_member WHERE member = ?1)"
     " WHEN 'judge' THEN r.state = 'reported' AND r.told_by IS NOT ?1 AND l.lead IS NOT ?1 END",
     "Mine", "与我有关", .options = MINE},
    {0},
};
static const struct grid RISKS = {
    .path = "/ledger/risks",
    .en = "Risks",
    .zh = "风险台账",
    .from = "line l LEFT JOIN risk r ON r.line = l.id LEFT JOIN unit u ON u.id = l.unit"
            " LEFT JOIN member m ON m.id = l.lead",
    .where = "l.kind = 'risk'",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || '/risk'",
    .order = "-level",
    .columns = COLUMNS,
    .filters = FILTERS,
};

struct risks_page {
    struct grid_sight grid;
    struct ledger_choice *categories, *likelihoods, *impacts, *units, *people;
    size_t ncategories, nlikelihoods, nimpacts, nunits, npeople;
    struct str title, text, due, words;
    bool may_enter;
};
static const struct field RISKS_PAGE[] = {
    GRID_FIELD(struct risks_page, grid),
    FIELD_OF_LIST(struct risks_page, categories, ledger_choice_fields),
    FIELD_OF_LIST(struct risks_page, likelihoods, ledger_choice_fields),
    FIELD_OF_LIST(struct risks_page, impacts, ledger_choice_fields),
    FIELD_OF_LIST(struct risks_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct risks_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct risks_page, title),
    FIELD_HIDDEN(TEXT, struct risks_page, text),
    FIELD_HIDDEN(TEXT, struct risks_page, due),
    FIELD_HIDDEN(TEXT, struct risks_page, words),
    FIELD(FLAG, struct risks_page, may_enter),
    {0},
};

/* What was typed, where the form is shown again. */
static struct str typed(const struct request *rq, const char *name)
{
    return rq->post ? request_input(rq, name) : STR("");
}

static enum status fill_form(struct request *rq, struct risks_page *page, struct error *err)
{
    ledger_fill_values(rq, &risk_category_values, typed(rq, "category"), &page->categories,
                       &page->ncategories);
    page->likelihoods = ledger_grade_choices(rq, risk_likelihoods, typed(rq, "likelihood"));
    page->impacts = ledger_grade_choices(rq, risk_impacts, typed(rq, "impact"));
    page->nlikelihoods = page->nimpacts = RISK_SCALE;
    page->title = typed(rq, "title");
    page->text = typed(rq, "text");
    page->due = typed(rq, "due");
    page->words = typed(rq, "words");
    enum status status = grid_unit_choices(rq, typed(rq, "unit"), &page->units, &page->nunits, err);
    return status ? status
                  : grid_lead_choices(rq, typed(rq, "lead"), &page->people, &page->npeople, err);
}

static enum status show_risks(struct request *rq, struct error *err)
{
    struct risks_page page = {.may_enter = ledger_viewer(rq).is & (LEDGER_EDITS | LEDGER_IN_UNITS)};
    bool answered = false;
    enum status status = grid_read(rq, &RISKS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (page.may_enter)
        status = fill_form(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-risks", "Risks", "风险台账", RISKS_PAGE, &page);
}

const struct route route_ledger_risks = {
    .method = "GET",
    .path = "/ledger/risks",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The register of risks: level before disposal and now, state, alarm; with format=csv or "
          "xlsx the whole of it as a file.",
    .zh = "风险台账：处置前与当前等级、状态、监测预警；format=csv 或 xlsx 时导出全部。",
    .grid = &RISKS,
    .output = RISKS_PAGE,
    .page = "ledger-risks",
    .run = show_risks,
};

/* --- entering ------------------------------------------------------------------------------------- */

struct entering {
    const struct workdays *calendar;
    struct line line;
    struct risk_deed deed;
    struct ledger_deed change;
};

/* Who may is asked by the machine: members of a unit enter what their own unit is to answer for. */
static enum status enter_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct entering *e = context;
    enum status status = ledger_make_line(scratch, store, &e->line, &e->change, err);
    return status ? status
                  : ledger_act_on_risk(scratch, store, e->calendar, e->line.id, &e->deed,
                                       e->change.now_ms, err);
}

static enum status enter(struct request *rq, struct error *err)
{
    struct line made;
    struct entering e = {
        .line = {.kind = LEDGER_RISK,
                 .title = request_input(rq, "title"),
                 .text = request_input(rq, "text"),
                 .state = LINE_ACTIVE,
                 .weight = 1,
                 .begins_day = calendar_day_of(rq->now_ms),
                 .due_day = ledger_read_day(rq, "due")},
        .deed = {.act = RISK_ENTER,
                 .actor = rq->viewer.member,
                 .today = calendar_day_of(rq->now_ms),
                 .category = risk_category_named(request_input(rq, "category")),
                 .likelihood = request_number(rq, "likelihood"),
                 .impact = request_number(rq, "impact"),
                 .words = request_input(rq, "words")},
        .change = {.now_ms = rq->now_ms},
    };
    enum status status = ledger_read_unit(rq, "unit", &e.line.unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &e.line.lead, err);
    if (!status)
        status =
            ledger_refuse_marks(rq,
                                str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(e.line.title),
                                           STR_ARG(e.line.text), STR_ARG(e.deed.words)),
                                err);
    if (!status)
        status = ledger_notices_calendar(rq->arena, rq->store, &e.calendar, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, enter_step, &e, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, e.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/risk"), "The risk is entered.",
                                    "风险已登记。");
}

static const struct input ENTER_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "What may happen",
     .zh = "风险名称"},
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .most = LINE_TEXT_MAX,
     .en = "Causes and consequences",
     .zh = "成因与后果"},
    {.name = "category",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "Category",
     .zh = "类别"},
    RISK_LIKELIHOOD_INPUT,
    RISK_IMPACT_INPUT,
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "due", .kind = INPUT_DAY, .en = "To be disposed of by", .zh = "处置期限"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = RISK_WORDS_MAX,
     .en = "Why it is assessed so",
     .zh = "评估依据"},
    {0},
};
const struct route route_ledger_risk_enter = {
    .method = "POST",
    .path = "/ledger/risks",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Enter a risk, assessed.",
    .zh = "登记并评估风险。",
    .inputs = ENTER_INPUTS,
    .run = enter,
    .again = show_risks,
};
