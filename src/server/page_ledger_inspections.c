/* Inspections: the list of tours, and one tour's own page with its stops, scorers and acts. */
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_inspection.h"

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values STATES = {.terms = &inspect_machine.states,
                                            .first = INSPECT_PLANNED};

static const char *state_word(struct str value, enum lang lang)
{
    int state = machine_named(inspect_machine.states, value);
    return state == INSPECT_STATES ? "" : machine_words(inspect_machine.states, state, lang);
}

static const struct grid_option MINE[] = {
    {"score", "I score", "由我评分的"},
    {"led", "I lead", "我牵头的"},
    {0},
};

static const struct grid INSPECTIONS = {
    .path = "/ledger/inspections",
    .en = "Inspections",
    .zh = "观摩督导",
    .from = "inspection i JOIN line l ON l.id = i.line JOIN sheet s ON s.id = i.sheet"
            " LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead",
    .where = "1",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || '/inspection'",
    .order = "-begins",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Title", "名称", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"state", GRID_TEXT, "i.state", NULL, "Stands at", "所处环节", state_word},
            {"begins", GRID_DAY, "l.begins_day", NULL, "Begins", "开始日期", NULL},
            {"due", GRID_DAY, "l.due_day", NULL, "Ends", "结束日期", NULL},
            {"stops", GRID_NUMBER,
             "(SELECT count(*) FROM inspection_stop p WHERE p.line = l.id AND p.removed_ms IS NULL)",
             NULL, "Stops", "观摩点", NULL},
            {"scorers", GRID_NUMBER,
             "(SELECT count(*) FROM inspection_scorer c WHERE c.line = l.id)", NULL, "Scorers",
             "评分人", NULL},
            {"findings", GRID_NUMBER,
             "CASE WHEN i.state IN ('scored', 'closed') THEN (SELECT count(*) FROM filled f"
             " JOIN finding d ON d.filled = f.id WHERE f.line = l.id AND f.replaced_ms IS NULL) END",
             NULL, "Findings", "问题", NULL},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "牵头领导", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words",
             "(instr(lower(l.title), lower({})) > 0 OR l.number = upper({}) OR EXISTS (SELECT 1 FROM"
             " inspection_stop p WHERE p.line = l.id AND instr(lower(p.place), lower({})) > 0))",
             .en = "Title, number or stop", .zh = "名称、编号或观摩点"},
            {"state", "i.state = {}", "Stands at", "所处环节", .values = &STATES},
            {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
             .choices = grid_unit_choices},
            {"mine",
             "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'score' THEN l.id IN"
             " (SELECT c.line FROM inspection_scorer c WHERE c.member = ?1) END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};
struct inspections_page {
    struct grid_sight grid;
    bool may_plan, planning;
    struct str title, begins, due;
    struct ledger_choice *sheets, *rules, *people, *units;
    size_t nsheets, nrules, npeople, nunits;
};
static const struct field INSPECTIONS_PAGE[] = {
    GRID_FIELD(struct inspections_page, grid),
    FIELD(FLAG, struct inspections_page, may_plan),
    FIELD_HIDDEN(FLAG, struct inspections_page, planning),
    FIELD_HIDDEN(TEXT, struct inspections_page, title),
    FIELD_HIDDEN(TEXT, struct inspections_page, begins),
    FIELD_HIDDEN(TEXT, struct inspections_page, due),
    FIELD_OF_LIST(struct inspections_page, sheets, ledger_choice_fields),
    FIELD_OF_LIST(struct inspections_page, rules, ledger_choice_fields),
    FIELD_OF_LIST(struct inspections_page, people, ledger_choice_fields),
    FIELD_OF_LIST(struct inspections_page, units, ledger_choice_fields),
    {0},
};

static enum status fill_plan(struct request *rq, struct inspections_page *page, struct error *err)
{
    page->planning = rq->post;
    tour_fill_rules(rq, RANK_TRIM, &page->rules, &page->nrules);
    enum status status = tour_list_sheets(rq, 0, &page->sheets, &page->nsheets, err);
    if (!status)
        status = ledger_list_people(rq, 0, &page->people, &page->npeople, err);
    if (!status)
        status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    if (status || !rq->post)
        return status;
    page->title = request_input(rq, "title");
    page->begins = request_input(rq, "begins");
    page->due = request_input(rq, "due");
    ledger_choose(page->sheets, page->nsheets, request_input(rq, "sheet"));
    ledger_choose(page->rules, page->nrules, request_input(rq, "rule"));
    ledger_choose(page->people, page->npeople, request_input(rq, "lead"));
    ledger_choose(page->units, page->nunits, request_input(rq, "of"));
    return STATUS_OK;
}

static enum status show_inspections(struct request *rq, struct error *err)
{
    struct inspections_page page = {.may_plan = ledger_may(ledger_viewer(rq).is, LEDGER_MAKE)};
    bool answered = false;
    enum status status = grid_read(rq, &INSPECTIONS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (page.may_plan)
        status = fill_plan(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-inspections", "Inspections", "观摩督导",
                                INSPECTIONS_PAGE, &page);
}

const struct route route_ledger_inspections = {
    .method = "GET",
    .path = "/ledger/inspections",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Tours of inspection, and where each stands.",
    .zh = "观摩督导及其所处环节。",
    .grid = &INSPECTIONS,
    .output = INSPECTIONS_PAGE,
    .page = "ledger-inspections",
    .run = show_inspections,
};

struct planning {
    struct line line;
    struct inspection inspection;
    struct ledger_deed deed;
};

static enum status plan_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct planning *p = context;
    return ledger_plan_inspection(scratch, store, &p->line, &p->inspection, &p->deed, err);
}

static enum status plan(struct request *rq, struct error *err)
{
    struct line made;
    struct planning p = {.line = {.title = request_input(rq, "title"),
                                  .begins_day = ledger_read_day(rq, "begins"),
                                  .due_day = ledger_read_day(rq, "due"),
                                  .weight = 1},
                         .deed = {.now_ms = rq->now_ms}};
    enum status status = tour_read_plan(rq, &p.inspection, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &p.line.lead, err);
    if (!status)
        status = ledger_read_unit(rq, "of", &p.line.unit, err);
    if (!status)
        status = ledger_refuse_marks(rq, p.line.title, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_MAKE, plan_step, &p, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, p.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/inspection"),
                                    "The tour is planned. Name its stops and scorers.",
                                    "已安排，接下来请设置观摩点和评分人。");
}

static const struct input PLAN_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "名称"},
    {.name = "begins", .kind = INPUT_DAY, .en = "Begins", .zh = "开始日期"},
    {.name = "due", .kind = INPUT_DAY, .en = "Ends", .zh = "结束日期"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "牵头领导"},
    {.name = "of", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    TOUR_PLAN_INPUTS,
    {0},
};
const struct route route_ledger_inspection_plan = {
    .method = "POST",
    .path = "/ledger/inspections",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Plan a tour of inspection.",
    .zh = "安排一次观摩督导。",
    .inputs = PLAN_INPUTS,
    .run = plan,
    .again = show_inspections,
};

/* --- a tour --------------------------------------------------------------------------------------- */

struct course_row {
    struct str words;
    bool here, past;
};
static const struct field COURSE_ROW[] = {
    FIELD(TEXT, struct course_row, words),
    FIELD(FLAG, struct course_row, here),
    FIELD(FLAG, struct course_row, past),
    {0},
};
struct act_form {
    struct str act, act_words;
    bool words_needed;
};
static const struct field ACT_FORM[] = {
    FIELD(TEXT, struct act_form, act),
    FIELD_HIDDEN(TEXT, struct act_form, act_words),
    FIELD_HIDDEN(FLAG, struct act_form, words_needed),
    {0},
};
struct stop_row {
    struct str key, place, target, target_number, unit, removed_why;
    int64_t sent;
    bool removed, may_remove;
};
static const struct field STOP_ROW[] = {
    FIELD(TEXT, struct stop_row, key),
    FIELD(TEXT, struct stop_row, place),
    FIELD(TEXT, struct stop_row, target),
    FIELD(TEXT, struct stop_row, target_number),
    FIELD(TEXT, struct stop_row, unit),
    FIELD(TEXT, struct stop_row, removed_why),
    FIELD(NUMBER, struct stop_row, sent),
    FIELD(FLAG, struct stop_row, removed),
    FIELD_HIDDEN(FLAG, struct stop_row, may_remove),
    {0},
};
struct scorer_row {
    struct str key, name;
    int64_t weight, sent;
    bool may_remove;
};
static const struct field SCORER_ROW[] = {
    FIELD(TEXT, struct scorer_row, key),
    FIELD(TEXT, struct scorer_row, name),
    FIELD(NUMBER, struct scorer_row, weight),
    FIELD(NUMBER, struct scorer_row, sent),
    FIELD_HIDDEN(FLAG, struct scorer_row, may_remove),
    {0},
};
struct inspection_page {
    struct ledger_head head;
    struct str state, state_words, rule, rule_words, sheet_key, sheet_name;
    int64_t far;
    bool may_set, may_arrange, may_score, known, any_scorers;
    struct course_row *course;
    struct act_form *forms;
    struct stop_row *stops;
    struct scorer_row *scorers;
    struct ledger_choice *sheets, *rules, *people, *units;
    size_t ncourse, nforms, nstops, nscorers, nsheets, nrules, npeople, nunits;
};
static const struct field INSPECTION_PAGE[] = {
    LEDGER_HEAD_FIELD(struct inspection_page, head),
    FIELD(TEXT, struct inspection_page, state),
    FIELD_HIDDEN(TEXT, struct inspection_page, state_words),
    FIELD(TEXT, struct inspection_page, rule),
    FIELD(TEXT, struct inspection_page, rule_words),
    FIELD(NUMBER, struct inspection_page, far),
    FIELD(TEXT, struct inspection_page, sheet_key),
    FIELD(TEXT, struct inspection_page, sheet_name),
    FIELD(FLAG, struct inspection_page, may_set),
    FIELD(FLAG, struct inspection_page, may_arrange),
    FIELD(FLAG, struct inspection_page, may_score),
    FIELD(FLAG, struct inspection_page, known),
    FIELD_OF_LIST(struct inspection_page, course, COURSE_ROW),
    FIELD_OF_LIST(struct inspection_page, forms, ACT_FORM),
    FIELD_OF_LIST(struct inspection_page, stops, STOP_ROW),
    FIELD_OF_LIST(struct inspection_page, scorers, SCORER_ROW),
    FIELD_HIDDEN(FLAG, struct inspection_page, any_scorers),
    FIELD_OF_LIST(struct inspection_page, sheets, ledger_choice_fields),
    FIELD_OF_LIST(struct inspection_page, rules, ledger_choice_fields),
    FIELD_OF_LIST(struct inspection_page, people, ledger_choice_fields),
    FIELD_OF_LIST(struct inspection_page, units, ledger_choice_fields),
    {0},
};

static bool may(const struct tour_sight *tour, enum inspect_act act)
{
    return machine_acts(&inspect_machine, (int)tour->inspection.state, tour->is) >> act & 1U;
}

static void fill_course(const struct request *rq, enum inspect_state state,
                        struct inspection_page *page)
{
    page->ncourse = state == INSPECT_DROPPED ? 0 : INSPECT_CLOSED - INSPECT_PLANNED + 1;
    page->course = arena_array(rq->arena, INSPECT_STATES, struct course_row);
    for (int i = 0; i < (int)page->ncourse; i++)
        page->course[i] = (struct course_row){
            str_of(machine_words(inspect_machine.states, INSPECT_PLANNED + i, rq->lang)),
            INSPECT_PLANNED + i == (int)state, INSPECT_PLANNED + i < (int)state};
}

static void fill_forms(const struct request *rq, const struct tour_sight *tour,
                       struct inspection_page *page)
{
    static const enum inspect_act ACTS[] = {INSPECT_START, INSPECT_END, INSPECT_CLOSE,
                                            INSPECT_REOPEN, INSPECT_DROP};
    page->forms = arena_array(rq->arena, INSPECT_ACTS, struct act_form);
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++)
        if (may(tour, ACTS[i]))
            page->forms[page->nforms++] = (struct act_form){
                str_of(inspect_machine.acts.at[ACTS[i]].name),
                str_of(machine_words(inspect_machine.acts, (int)ACTS[i], rq->lang)),
                inspect_machine.rules[ACTS[i]].needs & INSPECT_NEEDS_WORDS};
}

static enum status fill_stops(struct request *rq, const struct tour_sight *tour,
                              struct inspection_page *page, struct error *err)
{
    struct inspection_stop *list;
    int64_t line = tour->sight.line.id;
    enum status status = ledger_list_stops(rq->arena, rq->store, line, &list, &page->nstops, err);
    if (status)
        return status;
    page->stops = arena_array(rq->arena, page->nstops + 1, struct stop_row);
    for (size_t i = 0; i < page->nstops; i++)
        page->stops[i] = (struct stop_row){
            .key = list[i].key,
            .place = list[i].place,
            .target = list[i].target_key,
            .target_number = list[i].target_number,
            .unit = list[i].unit_name,
            .removed = list[i].removed_ms != 0,
            .removed_why = list[i].removed_why,
            .may_remove = page->may_arrange && !list[i].removed_ms,
        };
    struct query *q = query_start(
        rq->store, "SELECT s.id, count(c.member) FROM inspection_stop s LEFT JOIN filled f"
                   " ON f.line = s.line AND f.part = s.id AND f.replaced_ms IS NULL"
                   " LEFT JOIN inspection_scorer c ON c.line = f.line AND c.member = f.member"
                   " WHERE s.line = ?1 GROUP BY s.id ORDER BY s.id");
    query_bind_int(q, 1, line);
    for (size_t i = 0; query_row(q) && i < page->nstops; i++)
        page->stops[i].sent = query_int(q, 1);
    return query_end(q, err);
}

static enum status fill_scorers(struct request *rq, const struct tour_sight *tour,
                                struct inspection_page *page, struct error *err)
{
    struct inspection_scorer *list;
    enum status status =
        ledger_list_scorers(rq->arena, rq->store, tour->sight.line.id, &list, &page->nscorers, err);
    if (status)
        return status;
    page->scorers = arena_array(rq->arena, page->nscorers + 1, struct scorer_row);
    for (size_t i = 0; !status && i < page->nscorers; i++) {
        struct query *q = query_start(rq->store, "SELECT key, name FROM member WHERE id = ?1");
        struct scorer_row *row = &page->scorers[i];
        *row = (struct scorer_row){
            .weight = list[i].weight, .sent = list[i].sent, .may_remove = page->may_arrange};
        query_bind_int(q, 1, list[i].member);
        if (query_row(q)) {
            row->key = str_copy(rq->arena, query_str(q, 0));
            row->name = str_copy(rq->arena, query_str(q, 1));
        }
        status = query_end(q, err);
    }
    return status;
}

static enum status fill_choices(struct request *rq, const struct tour_sight *tour,
                                struct inspection_page *page, struct error *err)
{
    enum status status = STATUS_OK;
    tour_fill_rules(rq, tour->inspection.by.rule, &page->rules, &page->nrules);
    if (page->may_set)
        status = tour_list_sheets(rq, tour->inspection.sheet, &page->sheets, &page->nsheets, err);
    if (!status && page->may_arrange)
        status = ledger_list_people(rq, 0, &page->people, &page->npeople, err);
    if (!status && page->may_arrange)
        status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    return status;
}

static enum status show_inspection(struct request *rq, struct error *err)
{
    struct tour_sight tour;
    struct inspection_page page = {0};
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    if (!status)
        status = ledger_fill_head(rq, &tour.sight, "/inspection", &page.head, err);
    if (status)
        return status;
    page.state = str_of(inspect_machine.states.at[tour.inspection.state].name);
    page.state_words =
        str_of(machine_words(inspect_machine.states, (int)tour.inspection.state, rq->lang));
    page.rule = str_of(rank_rule_name(tour.inspection.by.rule));
    page.rule_words = rank_rule_words(rq->arena, tour.inspection.by, rq->lang);
    page.far = tour.inspection.by.far ? tour.inspection.by.far : 15;
    page.sheet_key = tour.sheet.key;
    page.sheet_name = tour.sheet.name;
    page.may_set = may(&tour, INSPECT_SET) || may(&tour, INSPECT_PLAN);
    page.may_arrange = may(&tour, INSPECT_ARRANGE) && !tour.inspection.scored_ms;
    page.may_score = may(&tour, INSPECT_SCORE);
    page.known = tour.known;
    fill_course(rq, tour.inspection.state, &page);
    fill_forms(rq, &tour, &page);
    status = fill_stops(rq, &tour, &page, err);
    if (!status)
        status = fill_scorers(rq, &tour, &page, err);
    page.any_scorers = page.nscorers > 0;
    if (!status)
        status = fill_choices(rq, &tour, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-inspection", tour.sight.line.title,
                                       INSPECTION_PAGE, &page);
}

const struct route route_ledger_inspection = {
    .method = "GET",
    .path = "/ledger/lines/{line}/inspection",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A tour: where it stands, its stops, scorers, sheet and rule.",
    .zh = "一次观摩：所处环节、观摩点、评分人、评分表和计分规则。",
    .output = INSPECTION_PAGE,
    .page = "ledger-inspection",
    .run = show_inspection,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct touring {
    int64_t line, actor, member, weight;
    enum inspect_act act;
    struct inspection inspection;
    struct inspection_stop stop;
    bool takes_out;
    struct ledger_deed deed;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct touring *t = context;
    (void)scratch;
    return ledger_inspect(store, t->line, t->act, t->actor, &t->deed, err);
}

static enum status set_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct touring *t = context;
    return ledger_set_inspection(scratch, store, &t->inspection, t->actor, &t->deed, err);
}

static enum status stop_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct touring *t = context;
    return ledger_add_stop(scratch, store, &t->stop, t->actor, &t->deed, err);
}

static enum status unstop_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct touring *t = context;
    return ledger_remove_stop(scratch, store, t->line, t->stop.key, t->actor, &t->deed, err);
}

static enum status scorer_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct touring *t = context;
    (void)scratch;
    return t->takes_out
               ? ledger_remove_scorer(store, t->line, t->member, t->actor, &t->deed, err)
               : ledger_add_scorer(store, t->line, t->member, t->weight, t->actor, &t->deed, err);
}

static enum status write_tour(struct request *rq, server_write_step step, struct touring *t,
                              struct error *err)
{
    struct tour_sight tour;
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    t->line = tour.sight.line.id;
    t->actor = rq->viewer.member;
    t->inspection.line = t->line;
    t->stop.line = t->line;
    t->deed = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "words")};
    if (!status)
        status = ledger_refuse_marks(
            rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(t->deed.why), STR_ARG(t->stop.place)),
            err);
    if (!status)
        status = ledger_write(rq, t->line, LEDGER_CHANGE, step, t, err);
    return status ? status : ledger_answer_recorded(rq, "/inspection");
}

static enum status act(struct request *rq, struct error *err)
{
    struct touring t = {
        .act = (enum inspect_act)machine_named(inspect_machine.acts, request_input(rq, "act"))};
    return write_tour(rq, act_step, &t, err);
}

#define WORDS_INPUT(EN, ZH)                                                           \
    {                                                                                 \
        .name = "words", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = EN, .zh = ZH \
    }
static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    WORDS_INPUT("Words", "说明"),
    {0},
};
const struct route route_ledger_inspection_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/inspection",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Begin a tour, close its scoring or open it again, close it, or call it off.",
    .zh = "开始观摩、截止或重新开放评分、办结或取消。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_inspection,
};

static enum status set_plan(struct request *rq, struct error *err)
{
    struct touring t = {0};
    enum status status = tour_read_plan(rq, &t.inspection, err);
    return status ? status : write_tour(rq, set_step, &t, err);
}

static const struct input SET_INPUTS[] = {TOUR_PLAN_INPUTS, {0}};
const struct route route_ledger_inspection_set = {
    .method = "POST",
    .path = "/ledger/lines/{line}/inspection/plan",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Choose another sheet or rule for a tour that is not under way.",
    .zh = "为尚未开始的观摩另选评分表或计分规则。",
    .inputs = SET_INPUTS,
    .run = set_plan,
    .again = show_inspection,
};

static enum status add_stop(struct request *rq, struct error *err)
{
    struct touring t = {.stop = {.place = request_input(rq, "place")}};
    enum status status = ledger_read_line(rq, "number", &t.stop.target, err);
    if (!status)
        status = ledger_read_unit(rq, "of", &t.stop.unit, err);
    return status ? status : write_tour(rq, stop_step, &t, err);
}

static const struct input STOP_INPUTS[] = {
    {.name = "place",
     .kind = INPUT_TEXT,
     .most = INSPECTION_PLACE_MAX,
     .en = "Place",
     .zh = "地点"},
    {.name = "number",
     .kind = INPUT_TEXT,
     .most = 20,
     .en = "Number of the line",
     .zh = "条目编号"},
    {.name = "of", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {0},
};
const struct route route_ledger_inspection_stop = {
    .method = "POST",
    .path = "/ledger/lines/{line}/inspection/stops",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Add a stop to a tour: a place, or a line of the ledger by its number.",
    .zh = "添加观摩点：地点，或按编号填写台账条目。",
    .inputs = STOP_INPUTS,
    .run = add_stop,
    .again = show_inspection,
};

static enum status remove_stop(struct request *rq, struct error *err)
{
    struct touring t = {.stop = {.key = rq->params[1]}};
    return write_tour(rq, unstop_step, &t, err);
}

static const struct input WHY_INPUTS[] = {WORDS_INPUT("Why", "理由"), {0}};
const struct route route_ledger_inspection_unstop = {
    .method = "POST",
    .path = "/ledger/lines/{line}/inspection/stops/{stop}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Take a stop out of a tour, for a reason.",
    .zh = "撤下观摩点并说明理由。",
    .inputs = WHY_INPUTS,
    .run = remove_stop,
    .again = show_inspection,
};

static enum status change_scorer(struct request *rq, struct error *err)
{
    struct touring t = {.weight =
                            request_input(rq, "weight").len ? request_number(rq, "weight") : 1,
                        .takes_out = request_number(rq, "out") != 0};
    enum status status = ledger_read_person(rq, "member", &t.member, err);
    return status ? status : write_tour(rq, scorer_step, &t, err);
}

static const struct input SCORER_INPUTS[] = {
    {.name = "member",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 40,
     .en = "Scorer",
     .zh = "评分人"},
    {.name = "weight",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = RANK_WEIGHT_MAX,
     .en = "Weight",
     .zh = "权重"},
    {.name = "out", .kind = INPUT_FLAG, .en = "Take out", .zh = "撤下"},
    {0},
};
const struct route route_ledger_inspection_scorer = {
    .method = "POST",
    .path = "/ledger/lines/{line}/inspection/scorers",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Name a scorer of a tour with a weight, or take one out.",
    .zh = "设置或撤下评分人。",
    .inputs = SCORER_INPUTS,
    .run = change_scorer,
    .again = show_inspection,
};
