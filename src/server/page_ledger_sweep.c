/* One sweep: who has answered, the forms of the viewer's own units, and what was found, to be decided about. */
#include "base/calendar.h"
#include "ledger/rectification.h"
#include "ledger/sweep.h"
#include "server/internal.h"
#include "server/ledger_notices.h"
#include "server/ledger_risk.h"
#include "server/sheet_form.h"

/* --- the page ------------------------------------------------------------------------------------- */

struct mark_row {
    struct str text, value, words;
};
static const struct field MARK_ROW[] = {
    FIELD(TEXT, struct mark_row, text),
    FIELD(TEXT, struct mark_row, value),
    FIELD(TEXT, struct mark_row, words),
    {0},
};
struct answer_row {
    struct str by, remark;
    int64_t sent;
    struct mark_row *marks;
    size_t nmarks;
};
static const struct field ANSWER_ROW[] = {
    FIELD(TEXT, struct answer_row, by),
    FIELD(TIME, struct answer_row, sent),
    FIELD(TEXT, struct answer_row, remark),
    FIELD_OF_LIST(struct answer_row, marks, MARK_ROW),
    {0},
};
struct unit_row {
    struct str key, name, standing, standing_words, look;
    int64_t answered, findings, open;
    struct answer_row *answers; /* where they are the viewer's to read */
    size_t nanswers;
};
static const struct field UNIT_ROW[] = {
    FIELD(TEXT, struct unit_row, key),
    FIELD(TEXT, struct unit_row, name),
    FIELD(TEXT, struct unit_row, standing),
    FIELD_HIDDEN(TEXT, struct unit_row, standing_words),
    FIELD_HIDDEN(TEXT, struct unit_row, look),
    FIELD(TIME, struct unit_row, answered),
    FIELD(NUMBER, struct unit_row, findings),
    FIELD_HIDDEN(NUMBER, struct unit_row, open),
    FIELD_OF_LIST(struct unit_row, answers, ANSWER_ROW),
    {0},
};
struct finding_row {
    struct str key, unit, item, words, made, made_number, made_title, dropped_why, title;
    bool open, may_decide;
};
static const struct field FINDING_ROW[] = {
    FIELD(TEXT, struct finding_row, key),
    FIELD(TEXT, struct finding_row, unit),
    FIELD(TEXT, struct finding_row, item),
    FIELD(TEXT, struct finding_row, words),
    FIELD(TEXT, struct finding_row, made),
    FIELD(TEXT, struct finding_row, made_number),
    FIELD(TEXT, struct finding_row, made_title),
    FIELD(TEXT, struct finding_row, dropped_why),
    FIELD(FLAG, struct finding_row, open),
    FIELD_HIDDEN(FLAG, struct finding_row, may_decide),
    FIELD_HIDDEN(TEXT, struct finding_row, title),
    {0},
};
struct sweep_page {
    struct ledger_head head;
    struct str text, sheet_key, sheet_name;
    int64_t all, answered, late, undecided;
    bool handed_out, runs, may_end;
    struct unit_row *units;
    struct sheet_form *forms;
    struct finding_row *findings;
    struct ledger_choice *categories, *likelihoods, *impacts;
    size_t nunits, nforms, nfindings, ncategories, nlikelihoods, nimpacts;
};
static const struct field SWEEP_PAGE[] = {
    LEDGER_HEAD_FIELD(struct sweep_page, head),
    FIELD(TEXT, struct sweep_page, text),
    FIELD(TEXT, struct sweep_page, sheet_key),
    FIELD(TEXT, struct sweep_page, sheet_name),
    FIELD(NUMBER, struct sweep_page, all),
    FIELD(NUMBER, struct sweep_page, answered),
    FIELD(NUMBER, struct sweep_page, late),
    FIELD(NUMBER, struct sweep_page, undecided),
    FIELD(FLAG, struct sweep_page, handed_out),
    FIELD(FLAG, struct sweep_page, runs),
    FIELD_HIDDEN(FLAG, struct sweep_page, may_end),
    FIELD_OF_LIST(struct sweep_page, units, UNIT_ROW),
    FIELD_OF_LIST(struct sweep_page, forms, sheet_form_fields),
    FIELD_OF_LIST(struct sweep_page, findings, FINDING_ROW),
    FIELD_OF_LIST(struct sweep_page, categories, ledger_choice_fields),
    FIELD_OF_LIST(struct sweep_page, likelihoods, ledger_choice_fields),
    FIELD_OF_LIST(struct sweep_page, impacts, ledger_choice_fields),
    {0},
};

/* A sweep opened for the viewer, with all that was answered. */
struct sweep_sight {
    struct ledger_sight sight;
    struct sheet sheet;
    struct sweep_unit *units;
    struct filled *filled;
    struct line_file *files;
    size_t nunits, nfilled, nfiles;
    bool reads_all; /* all answers are the viewer's to read, not their units' alone */
};

static enum status open_sweep(struct request *rq, struct sweep_sight *s, struct error *err)
{
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &s->sight, err);
    if (!status && s->sight.line.kind != LEDGER_SWEEP)
        return error_set(err, STATUS_MISSING, "This line is no sweep.", "该条目不是排查。");
    s->reads_all = ledger_may(s->sight.is, LEDGER_CHANGE) || ledger_may(s->sight.is, LEDGER_VERIFY);
    return status;
}

/* Nothing for a line that was never handed out. */
static enum status load_sweep(struct request *rq, struct sweep_sight *s, bool *handed_out,
                              struct error *err)
{
    int64_t sheet;
    int64_t line = s->sight.line.id;
    enum status status = ledger_find_sweep(rq->store, line, &sheet, err);
    *handed_out = status == STATUS_OK;
    if (status)
        return status == STATUS_MISSING ? STATUS_OK : status;
    status = ledger_find_sheet_by_id(rq->arena, rq->store, sheet, &s->sheet, err);
    if (!status)
        status = ledger_list_sweep_units(rq->arena, rq->store, line, &s->units, &s->nunits, err);
    if (!status)
        status = ledger_list_filled(rq->arena, rq->store, line, &s->filled, &s->nfilled, err);
    return status ? status
                  : ledger_list_files_of_matters(rq->arena, rq->store, line, FILLED_FILES,
                                                 &s->files, &s->nfiles, err);
}

/* --- units and answers ---------------------------------------------------------------------------- */

static enum status is_of_unit(struct request *rq, int64_t unit, bool *is, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT 1 FROM unit_member WHERE unit = ?1 AND member = ?2");
    query_bind_int(q, 1, unit);
    query_bind_int(q, 2, rq->viewer.member);
    *is = query_row(q);
    return query_end(q, err);
}

static enum status fill_answer(struct request *rq, const struct sweep_sight *s,
                               const struct filled *filled, struct answer_row *row,
                               struct error *err)
{
    *row = (struct answer_row){.sent = filled->sent_ms,
                               .remark = filled->words,
                               .marks = arena_array(rq->arena, filled->nitems + 1, struct mark_row),
                               .nmarks = filled->nitems};
    for (size_t i = 0; i < filled->nitems && i < s->sheet.nitems; i++)
        row->marks[i] = (struct mark_row){
            s->sheet.items[i].text,
            sheet_value_words(rq->arena, &s->sheet.items[i], filled->items[i].value, rq->lang),
            filled->items[i].words};
    return ledger_member_name(rq, filled->member, &row->by, err);
}

static enum status fill_answers(struct request *rq, const struct sweep_sight *s, int64_t unit,
                                struct unit_row *row, struct error *err)
{
    enum status status = STATUS_OK;
    row->answers = arena_array(rq->arena, s->nfilled + 1, struct answer_row);
    for (size_t i = 0; !status && i < s->nfilled; i++)
        if (s->filled[i].unit == unit)
            status = fill_answer(rq, s, &s->filled[i], &row->answers[row->nanswers++], err);
    return status;
}

static enum status fill_form(struct request *rq, const struct sweep_sight *s,
                             const struct sweep_unit *unit, struct sheet_form *form,
                             struct error *err)
{
    const struct filled *own = NULL;
    for (size_t i = 0; i < s->nfilled; i++)
        if (s->filled[i].unit == unit->unit && s->filled[i].member == rq->viewer.member)
            own = &s->filled[i];
    *form = (struct sheet_form){
        .id = str_format(rq->arena, "unit-%.*s", STR_ARG(unit->key)),
        .path = ledger_path(rq, s->sight.line.key,
                            str_format(rq->arena, "/sweep/units/%.*s", STR_ARG(unit->key)).at),
        .title = unit->name,
        .may_fill = true,
        .open = !unit->answered_ms,
    };
    enum status status =
        sheet_form_fill(rq, &s->sight.line, &s->sheet, own, s->files, s->nfiles, form, err);
    if (!status && rq->post && str_equal(rq->params[1], unit->key))
        sheet_form_again(rq, form);
    return status;
}

static const char *look_of(enum sweep_standing standing)
{
    static const char *const LOOKS[SWEEP_STANDINGS] = {"", "bad", "good", "warn"};
    return LOOKS[standing];
}

static enum status fill_unit(struct request *rq, const struct sweep_sight *s,
                             const struct sweep_unit *unit, struct sweep_page *page,
                             struct error *err)
{
    bool own = false;
    struct unit_row *row = &page->units[page->nunits++];
    enum sweep_standing standing = sweep_stand(
        s->sight.line.due_day, unit->answered_ms ? calendar_day_of(unit->answered_ms) : 0,
        calendar_day_of(rq->now_ms));
    *row = (struct unit_row){.key = unit->key,
                             .name = unit->name,
                             .standing = str_of(sweep_standing_name(standing)),
                             .standing_words = str_of(sweep_standing_words(standing, rq->lang)),
                             .look = str_of(look_of(standing)),
                             .answered = unit->answered_ms,
                             .findings = unit->findings,
                             .open = unit->open};
    page->answered += unit->answered_ms != 0;
    page->late += standing == SWEEP_LATE;
    page->undecided += unit->open;
    enum status status = is_of_unit(rq, unit->unit, &own, err);
    if (!status && (own || s->reads_all))
        status = fill_answers(rq, s, unit->unit, row, err);
    if (!status && own && page->runs)
        status = fill_form(rq, s, unit, &page->forms[page->nforms++], err);
    return status;
}

/* --- findings ------------------------------------------------------------------------------------- */

static enum status fill_made(struct request *rq, int64_t line, struct finding_row *row,
                             struct error *err)
{
    struct line made;
    enum status status =
        line ? ledger_find_line_by_id(rq->arena, rq->store, line, &made, err) : STATUS_OK;
    if (line && !status) {
        row->made = made.key;
        row->made_number = made.number;
        row->made_title = made.title;
    }
    return status;
}

/* Findings are shown with the answers that they were made in. */
static enum status fill_findings(struct request *rq, const struct sweep_sight *s,
                                 struct sweep_page *page, struct error *err)
{
    struct finding *list;
    size_t count = 0;
    bool decides = page->runs && ledger_may(s->sight.is, LEDGER_CHANGE);
    enum status status =
        ledger_list_findings(rq->arena, rq->store, s->sight.line.id, &list, &count, err);
    page->findings = arena_array(rq->arena, count + 1, struct finding_row);
    for (size_t i = 0; !status && i < count; i++) {
        struct unit unit = {0};
        bool own = s->reads_all;
        if (!own)
            status = is_of_unit(rq, list[i].unit, &own, err);
        if (status || !own)
            continue;
        struct finding_row *row = &page->findings[page->nfindings++];
        *row = (struct finding_row){.key = list[i].key,
                                    .item = list[i].item_text,
                                    .words = list[i].words,
                                    .dropped_why = list[i].dropped_why,
                                    .open = !list[i].settled_ms,
                                    .may_decide = decides && !list[i].settled_ms};
        status = ledger_find_unit_by_id(rq->arena, rq->store, list[i].unit, &unit, err);
        row->unit = unit.name;
        row->title = list[i].item_text;
        if (!status)
            status = fill_made(rq, list[i].made_line, row, err);
    }
    return status;
}

static enum status fill_sweep(struct request *rq, const struct sweep_sight *s,
                              struct sweep_page *page, struct error *err)
{
    enum status status = STATUS_OK;
    page->sheet_key = s->sheet.key;
    page->sheet_name = s->sheet.name;
    page->all = (int64_t)s->nunits;
    page->runs = s->sight.line.state == LINE_ACTIVE;
    page->may_end = page->runs && ledger_may(s->sight.is, LEDGER_CHANGE);
    page->units = arena_array(rq->arena, s->nunits + 1, struct unit_row);
    page->forms = arena_array(rq->arena, s->nunits + 1, struct sheet_form);
    for (size_t i = 0; !status && i < s->nunits; i++)
        status = fill_unit(rq, s, &s->units[i], page, err);
    ledger_fill_values(rq, &risk_category_values, STR(""), &page->categories, &page->ncategories);
    page->likelihoods = ledger_grade_choices(rq, risk_likelihoods, STR(""));
    page->impacts = ledger_grade_choices(rq, risk_impacts, STR(""));
    page->nlikelihoods = page->nimpacts = RISK_SCALE;
    return status ? status : fill_findings(rq, s, page, err);
}

static enum status show_sweep(struct request *rq, struct error *err)
{
    struct sweep_sight s = {0};
    struct sweep_page page = {0};
    enum status status = open_sweep(rq, &s, err);
    if (!status)
        status = ledger_fill_head(rq, &s.sight, "/sweep", &page.head, err);
    if (!status)
        status = load_sweep(rq, &s, &page.handed_out, err);
    if (status)
        return status;
    page.text = s.sight.line.text;
    if (page.handed_out)
        status = fill_sweep(rq, &s, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-sweep", s.sight.line.title, SWEEP_PAGE, &page);
}

const struct route route_ledger_sweep = {
    .method = "GET",
    .path = "/ledger/lines/{line}/sweep",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A sweep: which units have answered, the form for one's own, and what was found.",
    .zh = "排查：各单位反馈情况、本单位排查表与发现的问题。",
    .output = SWEEP_PAGE,
    .page = "ledger-sweep",
    .run = show_sweep,
};

/* --- an answer sent ------------------------------------------------------------------------------- */

struct answering {
    struct filled filled;
    struct line_file *photos;
    size_t nphotos;
    struct ledger_deed deed;
};

static enum status answer_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct answering *a = context;
    enum status status = ledger_answer_sweep(scratch, store, &a->filled, &a->deed, err);
    return status ? status
                  : sheet_form_attach(scratch, store, &a->filled, a->photos, a->nphotos, &a->deed,
                                      err);
}

static enum status answer(struct request *rq, struct error *err)
{
    struct sweep_sight s = {0};
    struct unit unit;
    struct answering a = {.deed = {.now_ms = rq->now_ms}};
    int64_t sheet;
    enum status status = open_sweep(rq, &s, err);
    if (!status)
        status = ledger_find_sweep(rq->store, s.sight.line.id, &sheet, err);
    if (!status)
        status = ledger_find_sheet_by_id(rq->arena, rq->store, sheet, &s.sheet, err);
    if (!status)
        status = ledger_find_unit(rq->arena, rq->store, rq->params[1], &unit, err);
    if (!status)
        status = sheet_form_read(rq, &s.sheet, &a.filled, err);
    if (status)
        return status;
    a.filled.line = s.sight.line.id;
    a.filled.unit = unit.id;
    status = ledger_may_answer_sweep(rq->arena, rq->store, &a.filled, err);
    if (!status)
        status = sheet_form_read_photos(rq, &a.photos, &a.nphotos, err);
    if (!status)
        status = ledger_write(rq, s.sight.line.id, LEDGER_SEE, answer_step, &a, err);
    return status ? status
                  : ledger_answer_done(rq, "/sweep", "Your unit's answer has arrived.",
                                       "本单位的反馈已收到。");
}

static const struct input ANSWER_INPUTS[] = {SHEET_FORM_INPUTS, {0}};
const struct route route_ledger_sweep_answer = {
    .method = "POST",
    .path = "/ledger/lines/{line}/sweep/units/{unit}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Answer a sweep for one's unit; sent again under the same key it is kept once.",
    .zh = "以本单位名义反馈排查结果；以同一编号重复提交只保留一份。",
    .inputs = ANSWER_INPUTS,
    .uploads = true,
    .run = answer,
    .again = show_sweep,
};

/* --- a finding decided ---------------------------------------------------------------------------- */

enum decision { DECIDE_RECTIFY, DECIDE_RISK, DECIDE_NOTHING, DECISIONS };

static enum decision decision_named(struct str name)
{
    static const char *const NAMES[DECISIONS] = {"rectification", "risk", "nothing"};
    int at = 0;
    while (at < DECISIONS && !str_equal(name, str_of(NAMES[at])))
        at++;
    return (enum decision)at;
}

struct deciding {
    const struct workdays *calendar;
    enum decision decision;
    struct finding finding;
    struct str title;
    int64_t due_day;
    struct risk_deed risk;
    struct ledger_deed deed;
};

static enum status make_risk(struct arena *arena, struct store *store, const struct deciding *d,
                             struct line *made, struct error *err)
{
    *made = (struct line){.kind = LEDGER_RISK,
                          .title = d->title,
                          .text = d->finding.words,
                          .state = LINE_ACTIVE,
                          .weight = 1,
                          .unit = d->finding.unit,
                          .begins_day = d->risk.today,
                          .due_day = d->due_day};
    enum status status = ledger_make_line(arena, store, made, &d->deed, err);
    return status ? status
                  : ledger_act_on_risk(arena, store, d->calendar, made->id, &d->risk,
                                       d->deed.now_ms, err);
}

/* That the sweep still runs is asked once more where it is written. */
static enum status decide_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct deciding *d = context;
    struct line made = {0};
    struct line sweep;
    enum status status = ledger_find_line_by_id(scratch, store, d->finding.line, &sweep, err);
    if (!status && sweep.state != LINE_ACTIVE)
        return error_set(err, STATUS_CONFLICT, "The sweep has ended.", "排查已结束。");
    if (status || d->decision == DECIDE_NOTHING)
        return status ? status : ledger_drop_finding(store, &d->finding, &d->deed, err);
    if (d->decision == DECIDE_RISK)
        status = make_risk(scratch, store, d, &made, err);
    else
        status =
            ledger_make_rectification(scratch, store, d->finding.line, d->title, d->finding.words,
                                      d->finding.unit, 0, d->due_day, &d->deed, &made, err);
    return status ? status : ledger_settle_finding(store, &d->finding, made.id, &d->deed, err);
}

static enum status read_decision(struct request *rq, struct deciding *d, struct error *err)
{
    d->decision = decision_named(request_input(rq, "as"));
    d->title = request_input(rq, "title");
    d->due_day = ledger_read_day(rq, "due");
    d->deed = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "why")};
    d->risk = (struct risk_deed){.act = RISK_ENTER,
                                 .actor = rq->viewer.member,
                                 .today = calendar_day_of(rq->now_ms),
                                 .category = risk_category_named(request_input(rq, "category")),
                                 .likelihood = request_number(rq, "likelihood"),
                                 .impact = request_number(rq, "impact")};
    if (d->decision == DECISIONS)
        return error_set(err, STATUS_INPUT, "Choose what becomes of the finding.",
                         "请选择对该问题的处理。");
    enum status status = ledger_refuse_marks(
        rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(d->title), STR_ARG(d->deed.why)), err);
    return status ? status : ledger_notices_calendar(rq->arena, rq->store, &d->calendar, err);
}

static enum status decide(struct request *rq, struct error *err)
{
    struct sweep_sight s = {0};
    struct deciding d = {0};
    enum status status = open_sweep(rq, &s, err);
    if (!status && !ledger_may(s.sight.is, LEDGER_CHANGE))
        return error_set(err, STATUS_FORBIDDEN, "Who leads the sweep decides about findings.",
                         "须由排查负责人或台账管理者处理。");
    if (!status)
        status = ledger_find_finding(rq->arena, rq->store, s.sight.line.id, rq->params[1],
                                     &d.finding, err);
    if (!status)
        status = read_decision(rq, &d, err);
    if (!status)
        status = ledger_write(rq, s.sight.line.id, LEDGER_CHANGE, decide_step, &d, err);
    return status ? status
                  : ledger_answer_done(rq, "/sweep#findings", "The finding is decided about.",
                                       "问题已处理。");
}

static const struct input DECIDE_INPUTS[] = {
    {.name = "as", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Becomes", .zh = "处理"},
    {.name = "title", .kind = INPUT_TEXT, .most = LINE_TITLE_MAX, .en = "Title", .zh = "名称"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "期限"},
    {.name = "category", .kind = INPUT_TEXT, .most = 20, .en = "Category", .zh = "类别"},
    RISK_LIKELIHOOD_INPUT,
    RISK_IMPACT_INPUT,
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_sweep_decide = {
    .method = "POST",
    .path = "/ledger/lines/{line}/sweep/findings/{finding}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Make a risk or a rectification of a sweep's finding, or let it go with a reason.",
    .zh = "将排查发现的问题转为风险或整改，或说明理由不予处理。",
    .inputs = DECIDE_INPUTS,
    .run = decide,
};

/* --- ended ---------------------------------------------------------------------------------------- */

struct ending {
    int64_t line;
    struct ledger_deed deed;
};

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct ending *e = context;
    return ledger_end_sweep(scratch, store, e->line, &e->deed, err);
}

static enum status end(struct request *rq, struct error *err)
{
    struct sweep_sight s = {0};
    enum status status = open_sweep(rq, &s, err);
    struct ending e = {s.sight.line.id, {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    if (!status)
        status = ledger_refuse_marks(rq, e.deed.why, err);
    if (!status)
        status = ledger_write(rq, e.line, LEDGER_CHANGE, end_step, &e, err);
    return status ? status
                  : ledger_answer_done(rq, "/sweep", "The sweep has ended.", "排查已结束。");
}

static const struct input END_INPUTS[] = {
    {.name = "why",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_WHY_MAX,
     .en = "What came of it",
     .zh = "排查结果"},
    {0},
};
const struct route route_ledger_sweep_end = {
    .method = "POST",
    .path = "/ledger/lines/{line}/sweep/end",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "End a sweep whose findings are all decided about.",
    .zh = "问题全部处理后结束排查。",
    .inputs = END_INPUTS,
    .run = end,
};
