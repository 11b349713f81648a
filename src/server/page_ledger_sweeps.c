/* Sweeps: the list of all, and handing a checklist to units. */
#include "base/calendar.h"
#include "ledger/sweep.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"

/* --- the list ------------------------------------------------------------------------------------- */

#define UNITS_SQL "(SELECT count(*) FROM sweep_unit su WHERE su.line = l.id)"
#define FINDINGS_SQL                                                                       \
    "(SELECT count(*) FROM finding n JOIN filled f ON f.id = n.filled WHERE f.line = l.id" \
    " AND f.replaced_ms IS NULL"
#define OWN_UNITS_SQL                                                                 \
    "(SELECT su.unit FROM sweep_unit su JOIN unit_member m ON m.unit = su.unit WHERE" \
    " su.line = l.id AND m.member = ?1"

static const struct grid_option MINE[] = {
    {"answer", "Wait for my unit's answer", "待我单位反馈"},
    {"unit", "Handed to my unit", "下发我单位的"},
    {"led", "I lead", "我分包的"},
    {0},
};
static const struct grid SWEEPS = {
    .path = "/ledger/sweeps",
    .en = "Sweeps",
    .zh = "风险排查",
    .from = "line l LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead",
    .where = "l.kind = 'sweep'",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || '/sweep'",
    .order = "-due",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Sweep", "排查", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"state", GRID_TEXT, "l.state", NULL, "State", "状态", grid_state_word},
            {"due", GRID_DAY, "l.due_day", NULL, "To be answered by", "反馈期限", NULL},
            {"units", GRID_NUMBER, UNITS_SQL, NULL, "Units", "下发单位", NULL},
            {"answered", GRID_NUMBER, SWEEP_ANSWERED_SQL, NULL, "Answered", "已反馈", NULL},
            {"findings", GRID_NUMBER, FINDINGS_SQL ")", NULL, "Findings", "发现问题", NULL},
            {"undecided", GRID_NUMBER, FINDINGS_SQL " AND n.settled_ms IS NULL)", NULL,
             "To be decided", "待处理", NULL},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "组织单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"state", "l.state = {}", "State", "状态", .values = &ledger_state_values},
            {"mine",
             "CASE {} WHEN 'unit' THEN EXISTS " OWN_UNITS_SQL ") WHEN 'answer' THEN"
             " l.state = 'active' AND EXISTS " OWN_UNITS_SQL
             " AND NOT EXISTS (SELECT 1 FROM filled f WHERE f.line = l.id AND f.unit = su.unit))"
             " WHEN 'led' THEN l.lead = ?1 END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};
struct sweeps_page {
    struct grid_sight grid;
    struct ledger_choice *sheets, *units, *people;
    size_t nsheets, nunits, npeople;
    struct str title, text, due;
    bool may_begin, beginning;
};
static const struct field SWEEPS_PAGE[] = {
    GRID_FIELD(struct sweeps_page, grid),
    FIELD_OF_LIST(struct sweeps_page, sheets, ledger_choice_fields),
    FIELD_OF_LIST(struct sweeps_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct sweeps_page, people, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct sweeps_page, title),
    FIELD_HIDDEN(TEXT, struct sweeps_page, text),
    FIELD_HIDDEN(TEXT, struct sweeps_page, due),
    FIELD(FLAG, struct sweeps_page, may_begin),
    FIELD_HIDDEN(FLAG, struct sweeps_page, beginning),
    {0},
};

/* Units that were ticked stay so where the form is shown again. */
static void tick_units(struct request *rq, struct sweeps_page *page)
{
    struct str *ticked = arena_array(rq->arena, SWEEP_UNITS_MAX, struct str);
    size_t count = rq->post ? request_inputs(rq, "to", ticked, SWEEP_UNITS_MAX) : 0;
    for (size_t i = 0; i < page->nunits; i++)
        for (size_t t = 0; t < count; t++)
            page->units[i].chosen |= str_equal(page->units[i].value, ticked[t]);
}

static enum status fill_form(struct request *rq, struct sweeps_page *page, struct error *err)
{
    struct sheet *list;
    enum status status =
        ledger_list_sheets(rq->arena, rq->store, SHEET_SWEEP, &list, &page->nsheets, err);
    if (status)
        return status;
    page->sheets = arena_array(rq->arena, page->nsheets + 1, struct ledger_choice);
    for (size_t i = 0; i < page->nsheets; i++)
        page->sheets[i] = (struct ledger_choice){list[i].key, list[i].name, false};
    if (rq->post) {
        page->beginning = true;
        page->title = request_input(rq, "title");
        page->text = request_input(rq, "text");
        page->due = request_input(rq, "due");
        ledger_choose(page->sheets, page->nsheets, request_input(rq, "sheet"));
    }
    status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    if (!status)
        tick_units(rq, page);
    return status ? status
                  : grid_lead_choices(rq, rq->post ? request_input(rq, "lead") : STR(""),
                                      &page->people, &page->npeople, err);
}

static enum status show_sweeps(struct request *rq, struct error *err)
{
    struct sweeps_page page = {.may_begin = ledger_may(ledger_viewer(rq).is, LEDGER_MAKE)};
    bool answered = false;
    enum status status = grid_read(rq, &SWEEPS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (page.may_begin)
        status = fill_form(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-sweeps", "Sweeps", "风险排查", SWEEPS_PAGE, &page);
}

const struct route route_ledger_sweeps = {
    .method = "GET",
    .path = "/ledger/sweeps",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Sweeps: checklists handed to units, how many have answered, what they found.",
    .zh = "风险排查：下发单位、反馈情况与发现问题。",
    .grid = &SWEEPS,
    .output = SWEEPS_PAGE,
    .page = "ledger-sweeps",
    .run = show_sweeps,
};

/* --- handing out ---------------------------------------------------------------------------------- */

struct beginning {
    struct line line;
    int64_t sheet;
    int64_t *units;
    size_t count;
    struct ledger_deed deed;
};

static enum status begin_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct beginning *b = context;
    return ledger_begin_sweep(scratch, store, &b->line, b->sheet, b->units, b->count, &b->deed,
                              err);
}

static enum status read_units(struct request *rq, struct beginning *b, struct error *err)
{
    struct str *keys = arena_array(rq->arena, SWEEP_UNITS_MAX + 1, struct str);
    size_t count = request_inputs(rq, "to", keys, SWEEP_UNITS_MAX + 1);
    enum status status = STATUS_OK;
    b->units = arena_array(rq->arena, count + 1, int64_t);
    for (size_t i = 0; !status && i < count; i++) {
        struct unit unit;
        status = ledger_find_unit(rq->arena, rq->store, keys[i], &unit, err);
        b->units[b->count++] = unit.id;
    }
    return status;
}

static enum status read_sweep(struct request *rq, struct beginning *b, struct error *err)
{
    struct sheet sheet = {0};
    struct str key = request_input(rq, "sheet");
    b->line = (struct line){.title = request_input(rq, "title"),
                            .text = request_input(rq, "text"),
                            .weight = 1,
                            .begins_day = calendar_day_of(rq->now_ms),
                            .due_day = ledger_read_day(rq, "due")};
    enum status status = ledger_find_sheet(rq->arena, rq->store, key, &sheet, err);
    b->sheet = sheet.id;
    if (!status)
        status = ledger_read_person(rq, "lead", &b->line.lead, err);
    if (!status)
        status = read_units(rq, b, err);
    return status ? status
                  : ledger_refuse_marks(rq,
                                        str_format(rq->arena, "%.*s\n%.*s", STR_ARG(b->line.title),
                                                   STR_ARG(b->line.text)),
                                        err);
}

static enum status begin(struct request *rq, struct error *err)
{
    struct line made;
    struct beginning b = {.deed = {.now_ms = rq->now_ms}};
    enum status status = read_sweep(rq, &b, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_MAKE, begin_step, &b, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, b.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/sweep"),
                                    "The checklist is handed out.", "排查表已下发。");
}

static const struct input BEGIN_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "名称"},
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .most = LINE_TEXT_MAX,
     .en = "What to look for",
     .zh = "排查要求"},
    {.name = "sheet",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 40,
     .en = "Checklist",
     .zh = "排查表"},
    {.name = "due", .kind = INPUT_DAY, .needed = true, .en = "To be answered by", .zh = "反馈期限"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "to", .kind = INPUT_LIST, .most = 40, .en = "Units", .zh = "下发单位"},
    {0},
};
const struct route route_ledger_sweep_begin = {
    .method = "POST",
    .path = "/ledger/sweeps",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Begin a sweep: hand a checklist to units, to be answered by a day.",
    .zh = "开展排查：将排查表下发各单位，限期反馈。",
    .inputs = BEGIN_INPUTS,
    .run = begin,
    .again = show_sweeps,
};
