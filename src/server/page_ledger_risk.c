/* A line's risk: how it is assessed, where it stands, what watches it, and what was done about it. */
#include "base/calendar.h"
#include "ledger/indicator.h"
#include "ledger/monitor.h"
#include "server/internal.h"
#include "server/ledger_notices.h"
#include "server/ledger_risk.h"
#include "server/ledger_steps.h"
#include "server/ledger_told.h"

#define ACTS_MOST   200
#define ALARMS_MOST 100

/* --- the page ------------------------------------------------------------------------------------- */

/* An act that is the viewer's to do, with what its form asks. */
struct risk_form {
    struct str act, act_words;
    bool with_place, with_category, with_holder, words_needed;
};
static const struct field FORM_ROW[] = {
    FIELD_HIDDEN(FLAG, struct risk_form, with_holder),
    FIELD(TEXT, struct risk_form, act),
    FIELD_HIDDEN(TEXT, struct risk_form, act_words),
    FIELD_HIDDEN(FLAG, struct risk_form, with_place),
    FIELD_HIDDEN(FLAG, struct risk_form, with_category),
    FIELD_HIDDEN(FLAG, struct risk_form, words_needed),
    {0},
};
struct deed_row {
    struct str act, act_words, by, words, place, level;
    int64_t time, likelihood, impact;
};
static const struct field DEED_ROW[] = {
    FIELD(TEXT, struct deed_row, act),          FIELD_HIDDEN(TEXT, struct deed_row, act_words),
    FIELD(TEXT, struct deed_row, by),           FIELD(TEXT, struct deed_row, words),
    FIELD_HIDDEN(TEXT, struct deed_row, place), FIELD(TEXT, struct deed_row, level),
    FIELD(TIME, struct deed_row, time),         FIELD(NUMBER, struct deed_row, likelihood),
    FIELD(NUMBER, struct deed_row, impact),     {0},
};
struct mark_row {
    struct str key, indicator, number, title, measure, warn, act, margin, level, level_words;
    int64_t months;
    bool worse_below, one_month;
};
static const struct field MARK_ROW[] = {
    FIELD(TEXT, struct mark_row, key),
    FIELD(TEXT, struct mark_row, indicator),
    FIELD(TEXT, struct mark_row, number),
    FIELD(TEXT, struct mark_row, title),
    FIELD(TEXT, struct mark_row, measure),
    FIELD(TEXT, struct mark_row, warn),
    FIELD(TEXT, struct mark_row, act),
    FIELD(TEXT, struct mark_row, margin),
    FIELD(NUMBER, struct mark_row, months),
    FIELD(FLAG, struct mark_row, worse_below),
    FIELD_HIDDEN(FLAG, struct mark_row, one_month),
    FIELD(TEXT, struct mark_row, level),
    FIELD_HIDDEN(TEXT, struct mark_row, level_words),
    {0},
};
struct alarm_row {
    struct str level, level_words, month, number, title, indicator;
    int64_t raised, fell;
};
static const struct field ALARM_ROW[] = {
    FIELD(TEXT, struct alarm_row, level),
    FIELD_HIDDEN(TEXT, struct alarm_row, level_words),
    FIELD(TEXT, struct alarm_row, month),
    FIELD(TEXT, struct alarm_row, number),
    FIELD(TEXT, struct alarm_row, title),
    FIELD(TEXT, struct alarm_row, indicator),
    FIELD(TIME, struct alarm_row, raised),
    FIELD(TIME, struct alarm_row, fell),
    {0},
};
struct risk_page {
    struct ledger_head head;
    struct str state, state_words, category, category_words;
    struct str found_in, found_number, found_title; /* the sweep or tour that found it */
    struct str level, level_words, level_rule, before, before_words, left, left_words;
    int64_t likelihood, impact, residual_likelihood, residual_impact;
    bool assessed, may_watch, planned; /* there are measures */
    struct risk_form *forms;
    struct ledger_steps steps;
    struct mark_row *marks;
    struct alarm_row *alarms;
    struct deed_row *acts;
    struct ledger_choice *categories, *likelihoods, *impacts, *units, *people;
    size_t nforms, nmarks, nalarms, nacts;
    size_t ncategories, nlikelihoods, nimpacts, nunits, npeople;
};
static const struct field RISK_PAGE[] = {
    LEDGER_HEAD_FIELD(struct risk_page, head),
    FIELD(TEXT, struct risk_page, state),
    FIELD_HIDDEN(TEXT, struct risk_page, state_words),
    FIELD(TEXT, struct risk_page, category),
    FIELD_HIDDEN(TEXT, struct risk_page, category_words),
    FIELD(TEXT, struct risk_page, found_in),
    FIELD(TEXT, struct risk_page, found_number),
    FIELD(TEXT, struct risk_page, found_title),
    FIELD(TEXT, struct risk_page, level),
    FIELD_HIDDEN(TEXT, struct risk_page, level_words),
    FIELD_HIDDEN(TEXT, struct risk_page, level_rule),
    FIELD(TEXT, struct risk_page, before),
    FIELD_HIDDEN(TEXT, struct risk_page, before_words),
    FIELD(TEXT, struct risk_page, left),
    FIELD_HIDDEN(TEXT, struct risk_page, left_words),
    FIELD(NUMBER, struct risk_page, likelihood),
    FIELD(NUMBER, struct risk_page, impact),
    FIELD(NUMBER, struct risk_page, residual_likelihood),
    FIELD(NUMBER, struct risk_page, residual_impact),
    FIELD(FLAG, struct risk_page, assessed),
    FIELD(FLAG, struct risk_page, may_watch),
    FIELD_OF_LIST(struct risk_page, forms, FORM_ROW),
    LEDGER_STEPS_FIELD(struct risk_page, steps),
    FIELD_HIDDEN(FLAG, struct risk_page, planned),
    FIELD_OF_LIST(struct risk_page, marks, MARK_ROW),
    FIELD_OF_LIST(struct risk_page, alarms, ALARM_ROW),
    FIELD_OF_LIST(struct risk_page, acts, DEED_ROW),
    FIELD_OF_LIST(struct risk_page, categories, ledger_choice_fields),
    FIELD_OF_LIST(struct risk_page, likelihoods, ledger_choice_fields),
    FIELD_OF_LIST(struct risk_page, impacts, ledger_choice_fields),
    FIELD_OF_LIST(struct risk_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct risk_page, people, ledger_choice_fields),
    {0},
};

static enum status open_risk(struct request *rq, enum ledger_deed_kind deed,
                             struct ledger_sight *sight, struct error *err)
{
    enum status status = ledger_open(rq, rq->params[0], deed, sight, err);
    if (!status && sight->line.kind != LEDGER_RISK)
        return error_set(err, STATUS_MISSING, "This line is no risk.", "该条目不是风险。");
    return status;
}

static struct str level_name(int64_t likelihood, int64_t impact)
{
    return str_of(risk_level_name(risk_level_of(likelihood, impact)));
}

static void fill_risk(const struct request *rq, const struct risk *risk, struct risk_page *page)
{
    enum risk_level level = ledger_risk_level(risk);
    page->state = str_of(risk_machine.states.at[risk->state].name);
    page->state_words = str_of(machine_words(risk_machine.states, risk->state, rq->lang));
    page->assessed = risk->state != RISK_NONE;
    if (risk->category < RISK_CATEGORIES) {
        page->category = str_of(risk_category_name(risk->category));
        page->category_words = str_of(risk_category_words(risk->category, rq->lang));
    }
    page->level = str_of(risk_level_name(level));
    page->level_words = str_of(risk_level_words(level, rq->lang));
    page->level_rule = str_of(risk_level_rule(level, rq->lang));
    page->likelihood = risk->likelihood;
    page->impact = risk->impact;
    page->residual_likelihood = risk->residual_likelihood;
    page->residual_impact = risk->residual_impact;
    page->before = level_name(risk->likelihood, risk->impact);
    page->before_words = ledger_place_words(rq, risk->likelihood, risk->impact);
    page->left = level_name(risk->residual_likelihood, risk->residual_impact);
    page->left_words = ledger_place_words(rq, risk->residual_likelihood, risk->residual_impact);
}

static void fill_forms(const struct request *rq, unsigned acts, struct risk_page *page)
{
    page->forms = arena_array(rq->arena, RISK_ACTS, struct risk_form);
    for (int i = 0; i < RISK_ACTS; i++) {
        enum risk_act act = (enum risk_act)i;
        if (acts >> i & 1U)
            page->forms[page->nforms++] = (struct risk_form){
                .act = str_of(risk_machine.acts.at[act].name),
                .act_words = str_of(machine_words(risk_machine.acts, act, rq->lang)),
                .with_place = risk_machine.rules[i].needs & RISK_NEEDS_PLACE,
                .with_category = act == RISK_ENTER || act == RISK_REASSESS,
                .with_holder = act == RISK_MEASURE,
                .words_needed = risk_machine.rules[i].needs & RISK_NEEDS_WORDS,
            };
    }
    page->likelihoods = ledger_grade_choices(rq, risk_likelihoods, STR(""));
    page->impacts = ledger_grade_choices(rq, risk_impacts, STR(""));
    page->nlikelihoods = page->nimpacts = RISK_SCALE;
    ledger_fill_values(rq, &risk_category_values, page->category, &page->categories,
                       &page->ncategories);
}

static enum status fill_acts(struct request *rq, int64_t line, struct risk_page *page,
                             struct error *err)
{
    struct risk_entry *list;
    enum status status =
        ledger_list_risk_acts(rq->arena, rq->store, line, ACTS_MOST, &list, &page->nacts, err);
    if (status)
        return status;
    page->acts = arena_array(rq->arena, page->nacts + 1, struct deed_row);
    for (size_t i = 0; !status && i < page->nacts; i++) {
        page->acts[i] = (struct deed_row){
            .act = str_of(risk_machine.acts.at[list[i].act].name),
            .act_words = str_of(ledger_done_words(&risk_machine, (int)list[i].act, rq->lang)),
            .words = list[i].words,
            .place = ledger_place_words(rq, list[i].likelihood, list[i].impact),
            .level = level_name(list[i].likelihood, list[i].impact),
            .likelihood = list[i].likelihood,
            .impact = list[i].impact,
            .time = list[i].made_ms,
        };
        status = ledger_member_name(rq, list[i].member, &page->acts[i].by, err);
    }
    return status;
}

/* Measures are added by the machine's own act, which knows when. */
static enum status fill_measures(struct request *rq, const struct ledger_sight *sight,
                                 struct risk_page *page, struct error *err)
{
    enum status status = ledger_fill_steps(rq, sight, &page->steps, err);
    page->steps.may_add = false;
    page->planned = page->steps.nstages > 0;
    return status;
}

static enum status fill_choices(struct request *rq, struct risk_page *page, struct error *err)
{
    enum status status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    return status ? status : ledger_list_people(rq, 0, &page->people, &page->npeople, err);
}

static enum status fill_marks(struct request *rq, int64_t line, struct risk_page *page,
                              struct error *err)
{
    struct risk_threshold *list;
    enum status status =
        ledger_list_thresholds(rq->arena, rq->store, line, &list, &page->nmarks, err);
    if (status)
        return status;
    page->marks = arena_array(rq->arena, page->nmarks + 1, struct mark_row);
    for (size_t i = 0; i < page->nmarks; i++) {
        const struct risk_threshold *t = &list[i];
        page->marks[i] = (struct mark_row){
            .key = t->key,
            .indicator = t->indicator_key,
            .number = t->number,
            .title = t->title,
            .measure = t->measure,
            .warn = ledger_write_amount(rq->arena, t->marks.warn, t->places),
            .act = ledger_write_amount(rq->arena, t->marks.act, t->places),
            .margin = ledger_write_amount(rq->arena, t->marks.margin, t->places),
            .months = t->marks.months,
            .one_month = t->marks.months == 1,
            .worse_below = t->marks.direction == LEDGER_UP,
            .level = str_of(threshold_level_name(t->level)),
            .level_words = str_of(threshold_level_words(t->level, rq->lang)),
        };
    }
    return STATUS_OK;
}

static enum status fill_alarms(struct request *rq, int64_t line, struct risk_page *page,
                               struct error *err)
{
    struct risk_alarm *list;
    enum status status =
        ledger_list_alarms(rq->arena, rq->store, line, ALARMS_MOST, &list, &page->nalarms, err);
    if (status)
        return status;
    page->alarms = arena_array(rq->arena, page->nalarms + 1, struct alarm_row);
    for (size_t i = 0; i < page->nalarms; i++)
        page->alarms[i] = (struct alarm_row){
            .level = str_of(threshold_level_name(list[i].level)),
            .level_words = str_of(threshold_level_words(list[i].level, rq->lang)),
            .month = ledger_write_month(rq->arena, list[i].month),
            .number = list[i].number,
            .title = list[i].title,
            .indicator = list[i].indicator_key,
            .raised = list[i].raised_ms,
            .fell = list[i].fell_ms,
        };
    return STATUS_OK;
}

static enum status fill_found(struct request *rq, int64_t line, struct risk_page *page,
                              struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT l.key, l.number, l.title FROM finding n JOIN filled f ON f.id = n.filled"
                   " JOIN line l ON l.id = f.line WHERE n.line = ?1");
    query_bind_int(q, 1, line);
    if (query_row(q)) {
        page->found_in = str_copy(rq->arena, query_str(q, 0));
        page->found_number = str_copy(rq->arena, query_str(q, 1));
        page->found_title = str_copy(rq->arena, query_str(q, 2));
    }
    return query_end(q, err);
}

static enum status show_risk(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct risk risk;
    struct risk_page page = {0};
    unsigned acts = 0;
    struct ledger_person person = ledger_viewer(rq);
    enum status status = open_risk(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/risk", &page.head, err);
    if (!status)
        status = ledger_load_risk(rq->store, &sight.line, &risk, err);
    if (!status)
        status = ledger_risk_acts(rq->store, &person, &sight.line, &risk, &acts, err);
    if (status)
        return status;
    fill_risk(rq, &risk, &page);
    fill_forms(rq, acts, &page);
    page.may_watch = page.head.may_change && !page.head.closed;
    status = fill_acts(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_measures(rq, &sight, &page, err);
    if (!status)
        status = fill_choices(rq, &page, err);
    if (!status)
        status = fill_found(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_marks(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_alarms(rq, sight.line.id, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-risk", sight.line.title, RISK_PAGE, &page);
}

const struct route route_ledger_risk = {
    .method = "GET",
    .path = "/ledger/lines/{line}/risk",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A risk: level before disposal and now, what watches it, and what was done about it.",
    .zh = "风险：处置前与当前等级、监测设置与处置过程。",
    .output = RISK_PAGE,
    .page = "ledger-risk",
    .run = show_risk,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct acting {
    const struct workdays *calendar;
    int64_t line, now_ms;
    struct risk_deed deed;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct acting *a = context;
    return ledger_act_on_risk(scratch, store, a->calendar, a->line, &a->deed, a->now_ms, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct acting a = {
        .now_ms = rq->now_ms,
        .deed = {.act = (enum risk_act)machine_named(risk_machine.acts, request_input(rq, "act")),
                 .actor = rq->viewer.member,
                 .today = calendar_day_of(rq->now_ms),
                 .category = risk_category_named(request_input(rq, "category")),
                 .likelihood = request_number(rq, "likelihood"),
                 .impact = request_number(rq, "impact"),
                 .words = request_input(rq, "words"),
                 .limit_days = request_number(rq, "days"),
                 .after = request_number(rq, "after") != 0},
    };
    enum status status = open_risk(rq, LEDGER_SEE, &sight, err);
    if (status)
        return status;
    if (a.deed.act == RISK_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    if (a.deed.category == RISK_CATEGORIES && request_input(rq, "category").len)
        return error_in(err, "category",
                        error_set(err, STATUS_INPUT, "Choose a category.", "请选择风险类别。"));
    a.line = sight.line.id;
    status = ledger_read_unit(rq, "unit", &a.deed.unit, err);
    if (!status)
        status = ledger_read_person(rq, "member", &a.deed.member, err);
    if (!status)
        status = ledger_notices_calendar(rq->arena, rq->store, &a.calendar, err);
    if (!status)
        status = ledger_refuse_marks(rq, a.deed.words, err);
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, act_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/risk");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "category", .kind = INPUT_TEXT, .most = 20, .en = "Category", .zh = "类别"},
    RISK_LIKELIHOOD_INPUT,
    RISK_IMPACT_INPUT,
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "承办单位"},
    {.name = "member", .kind = INPUT_TEXT, .most = 40, .en = "Person", .zh = "承办人"},
    {.name = "days",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = CLOCK_LIMIT_MAX,
     .en = "Working days",
     .zh = "工作日"},
    {.name = "after", .kind = INPUT_FLAG, .en = "After the others", .zh = "前项完成后"},
    {.name = "words", .kind = INPUT_LONG_TEXT, .most = RISK_WORDS_MAX, .en = "Words", .zh = "说明"},
    {0},
};
const struct route route_ledger_risk_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/risk",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act on a risk: assess it, dispose of it, assess what is left, bear it, send it back.",
    .zh = "办理风险：评估、处置、评估剩余风险、接受或退回。",
    .inputs = ACT_INPUTS,
    .run = act,
};

/* --- marks ---------------------------------------------------------------------------------------- */

struct marking {
    int64_t line, indicator, member;
    struct threshold marks;
    struct str key; /* of those to be ended */
    struct ledger_deed deed;
};

static enum status set_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct marking *m = context;
    return ledger_set_threshold(scratch, store, m->line, m->indicator, &m->marks, m->member,
                                &m->deed, err);
}

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct marking *m = context;
    (void)scratch;
    return ledger_end_threshold(store, m->line, m->key, &m->deed, err);
}

/* Marks as they were typed, in the indicator's steps. */
static enum status read_marks(struct request *rq, struct marking *m, struct error *err)
{
    struct indicator indicator;
    struct str margin = request_input(rq, "margin");
    enum status status = ledger_read_line(rq, "indicator", &m->indicator, err);
    if (!status)
        status = ledger_find_indicator(rq->arena, rq->store, m->indicator, &indicator, err);
    if (!status)
        status = ledger_read_typed(rq, "warn", indicator.places, &m->marks.warn, err);
    if (!status)
        status = ledger_read_typed(rq, "alarm", indicator.places, &m->marks.act, err);
    if (!status && margin.len)
        status = ledger_read_typed(rq, "margin", indicator.places, &m->marks.margin, err);
    m->marks.months = (int)request_number(rq, "months");
    m->marks.months = m->marks.months ? m->marks.months : 1;
    return status;
}

static enum status set(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct marking m = {.member = rq->viewer.member, .deed = {.now_ms = rq->now_ms}};
    enum status status = open_risk(rq, LEDGER_CHANGE, &sight, err);
    if (!status)
        status = read_marks(rq, &m, err);
    m.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, m.line, LEDGER_CHANGE, set_step, &m, err);
    return status
               ? status
               : ledger_answer_done(rq, "/risk", "The indicator watches the risk.", "监测已设置。");
}

static const struct input SET_INPUTS[] = {
    {.name = "indicator",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 20,
     .en = "Number of the indicator",
     .zh = "指标编号"},
    {.name = "warn",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "Warns at",
     .zh = "预警值"},
    {.name = "alarm",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "Calls to act at",
     .zh = "报警值"},
    {.name = "margin",
     .kind = INPUT_TEXT,
     .most = 40,
     .en = "Falls when better by more than",
     .zh = "回落幅度"},
    {.name = "months",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = THRESHOLD_MONTHS_MAX,
     .en = "Months in a row",
     .zh = "连续月数"},
    {0},
};
const struct route route_ledger_risk_watch = {
    .method = "POST",
    .path = "/ledger/lines/{line}/risk/marks",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Let an indicator watch a risk: the marks at which it warns and calls to act.",
    .zh = "以指标监测风险：设置预警值和报警值。",
    .inputs = SET_INPUTS,
    .run = set,
};

static enum status end(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct marking m = {.key = rq->params[1], .deed = {.now_ms = rq->now_ms}};
    enum status status = open_risk(rq, LEDGER_CHANGE, &sight, err);
    m.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, m.line, LEDGER_CHANGE, end_step, &m, err);
    return status ? status
                  : ledger_answer_done(rq, "/risk", "The indicator watches the risk no more.",
                                       "监测已停用。");
}

static const struct input NO_INPUTS[] = {{0}};
const struct route route_ledger_risk_unwatch = {
    .method = "POST",
    .path = "/ledger/lines/{line}/risk/marks/{marks}/end",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Let an indicator watch a risk no more; its alarms fall.",
    .zh = "停用监测，其预警随之解除。",
    .inputs = NO_INPUTS,
    .run = end,
};
