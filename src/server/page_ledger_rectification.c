/* A line's own page of rectification: problem, cause, measure, evidence, verification, and what it is like. */
#include "base/calendar.h"
#include "ledger/clock.h"
#include "ledger/likeness.h"
#include "server/internal.h"
#include "server/ledger_files.h"
#include "server/ledger_found.h"
#include "server/ledger_notices.h"
#include "server/ledger_terms.h"
#include "server/ledger_told.h"
#include "server/talk_text.h"

#define ACTS_MOST 200

/* --- the page ------------------------------------------------------------------------------------- */

struct step_row {
    struct str words;
    bool here, past;
};
static const struct field STEP_ROW[] = {
    FIELD(TEXT, struct step_row, words),
    FIELD(FLAG, struct step_row, here),
    FIELD(FLAG, struct step_row, past),
    {0},
};
/* An act that is the viewer's to do, with what its form asks. */
struct rectify_form {
    struct str act, act_words, words, due, evidence;
    bool with_words, with_due, with_evidence, again; /* it was refused so */
};
static const struct field FORM_ROW[] = {
    FIELD(TEXT, struct rectify_form, act),
    FIELD_HIDDEN(TEXT, struct rectify_form, act_words),
    FIELD_HIDDEN(TEXT, struct rectify_form, words),
    FIELD_HIDDEN(TEXT, struct rectify_form, due),
    FIELD_HIDDEN(TEXT, struct rectify_form, evidence),
    FIELD_HIDDEN(FLAG, struct rectify_form, again),
    FIELD_HIDDEN(FLAG, struct rectify_form, with_words),
    FIELD_HIDDEN(FLAG, struct rectify_form, with_due),
    FIELD_HIDDEN(FLAG, struct rectify_form, with_evidence),
    {0},
};
struct deed_row {
    struct str act, act_words, by, words, shown;
    int64_t time;
};
static const struct field DEED_ROW[] = {
    FIELD(TEXT, struct deed_row, act),
    FIELD_HIDDEN(TEXT, struct deed_row, act_words),
    FIELD(TEXT, struct deed_row, by),
    FIELD(TEXT, struct deed_row, words),
    FIELD(TEXT, struct deed_row, shown),
    FIELD(TIME, struct deed_row, time),
    {0},
};
struct alike_row {
    struct str key, number, title, text, measure, struck, state, state_words, by;
    int64_t likeness, decided;
    bool open, may_confirm, may_deny;
};
static const struct field ALIKE_ROW[] = {
    FIELD(TEXT, struct alike_row, key),
    FIELD(TEXT, struct alike_row, number),
    FIELD(TEXT, struct alike_row, title),
    FIELD(TEXT, struct alike_row, text),
    FIELD(TEXT, struct alike_row, measure),
    FIELD(DATE, struct alike_row, struck),
    FIELD(TEXT, struct alike_row, state),
    FIELD_HIDDEN(TEXT, struct alike_row, state_words),
    FIELD(TEXT, struct alike_row, by),
    FIELD(NUMBER, struct alike_row, likeness),
    FIELD(TIME, struct alike_row, decided),
    FIELD_HIDDEN(FLAG, struct alike_row, open),
    FIELD_HIDDEN(FLAG, struct alike_row, may_confirm),
    FIELD_HIDDEN(FLAG, struct alike_row, may_deny),
    {0},
};
struct named_line {
    struct str key, number, title;
};
static const struct field NAMED_LINE[] = {
    FIELD(TEXT, struct named_line, key),
    FIELD(TEXT, struct named_line, number),
    FIELD(TEXT, struct named_line, title),
    {0},
};
struct rectify_page {
    struct ledger_head head;
    struct ledger_files files;
    struct str state, state_words, origin, origin_words, sort, sort_words;
    struct str problem, cause, measure, stage_due, rule;
    int64_t returned, stage_late, unknown_year;
    bool grave, nobody, likened, came_back;
    struct step_row *steps;
    struct rectify_form *forms;
    struct alike_row *alike;
    struct named_line *source, *back;
    struct deed_row *acts;
    struct ledger_choice *origins, *sorts;
    size_t nsteps, nforms, nalike, nsource, nback, nacts, norigins, nsorts;
};
static const struct field RECTIFY_PAGE[] = {
    LEDGER_HEAD_FIELD(struct rectify_page, head),
    LEDGER_FILES_FIELD(struct rectify_page, files),
    FIELD(TEXT, struct rectify_page, state),
    FIELD_HIDDEN(TEXT, struct rectify_page, state_words),
    FIELD(TEXT, struct rectify_page, origin),
    FIELD_HIDDEN(TEXT, struct rectify_page, origin_words),
    FIELD(TEXT, struct rectify_page, sort),
    FIELD_HIDDEN(TEXT, struct rectify_page, sort_words),
    FIELD(TEXT, struct rectify_page, problem),
    FIELD(TEXT, struct rectify_page, cause),
    FIELD(TEXT, struct rectify_page, measure),
    FIELD(DATE, struct rectify_page, stage_due),
    FIELD_HIDDEN(TEXT, struct rectify_page, rule),
    FIELD(NUMBER, struct rectify_page, returned),
    FIELD(NUMBER, struct rectify_page, stage_late),
    FIELD(NUMBER, struct rectify_page, unknown_year),
    FIELD(FLAG, struct rectify_page, grave),
    FIELD_HIDDEN(FLAG, struct rectify_page, nobody),
    FIELD_HIDDEN(FLAG, struct rectify_page, likened),
    FIELD_HIDDEN(FLAG, struct rectify_page, came_back),
    FIELD_OF_LIST(struct rectify_page, steps, STEP_ROW),
    FIELD_OF_LIST(struct rectify_page, forms, FORM_ROW),
    FIELD_OF_LIST(struct rectify_page, alike, ALIKE_ROW),
    FIELD_OF_LIST(struct rectify_page, source, NAMED_LINE),
    FIELD_OF_LIST(struct rectify_page, back, NAMED_LINE),
    FIELD_OF_LIST(struct rectify_page, acts, DEED_ROW),
    FIELD_OF_LIST(struct rectify_page, origins, ledger_choice_fields),
    FIELD_OF_LIST(struct rectify_page, sorts, ledger_choice_fields),
    {0},
};

/* The way from the problem to the end, with the step that is next. */
static void fill_steps(const struct request *rq, enum rectify_state state,
                       struct rectify_page *page)
{
    static const enum rectify_act STEPS[] = {RECTIFY_EXPLAIN, RECTIFY_PLAN, RECTIFY_SHOW,
                                             RECTIFY_PASS, RECTIFY_STRIKE};
    int done = (int)state - RECTIFY_FOUND;
    page->nsteps = sizeof STEPS / sizeof *STEPS;
    page->steps = arena_array(rq->arena, page->nsteps, struct step_row);
    for (int i = 0; i < (int)page->nsteps; i++)
        page->steps[i] =
            (struct step_row){str_of(machine_words(rectify_machine.acts, STEPS[i], rq->lang)),
                              i == done, i < done && state != RECTIFY_DROPPED};
}

extern const struct route route_ledger_rectification_act;

/* What was typed and refused stands in the form again. */
static void fill_typed(const struct request *rq, struct rectify_form *form)
{
    form->again = true;
    form->words = request_input(rq, "words");
    form->due = request_input(rq, "due");
    form->evidence = request_input(rq, "evidence");
}

static void fill_forms(const struct request *rq, unsigned acts, const struct line *line,
                       struct rectify_page *page)
{
    page->forms = arena_array(rq->arena, RECTIFY_ACTS, struct rectify_form);
    for (int i = 0; i < RECTIFY_ACTS; i++) {
        unsigned needs = rectify_machine.rules[i].needs;
        if (!(acts >> i & 1U))
            continue;
        page->forms[page->nforms++] = (struct rectify_form){
            .act = str_of(rectify_machine.acts.at[i].name),
            .act_words = str_of(machine_words(rectify_machine.acts, i, rq->lang)),
            .due = ledger_day(rq, line->due_day),
            .with_words = needs & RECTIFY_NEEDS_WORDS,
            .with_due = needs & RECTIFY_NEEDS_DUE,
            .with_evidence = needs & RECTIFY_NEEDS_EVIDENCE,
        };
        struct rectify_form *form = &page->forms[page->nforms - 1];
        if (rq->route == &route_ledger_rectification_act &&
            str_equal(form->act, request_input(rq, "act")))
            fill_typed(rq, form);
    }
}

static enum status fill_alike(struct request *rq, int64_t line, const struct rectification *r,
                              struct rectify_page *page, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    struct recurrence *list;
    bool may = false;
    enum status status =
        ledger_list_recurrences(rq->arena, rq->store, line, &list, &page->nalike, err);
    if (!status)
        status = ledger_may_decide_recurrence(rq->store, &person, line, r, &may, err);
    page->alike = arena_array(rq->arena, page->nalike + 1, struct alike_row);
    for (size_t i = 0; !status && i < page->nalike; i++) {
        enum recurrence_state state = list[i].state;
        page->alike[i] = (struct alike_row){
            .key = list[i].earlier.key,
            .number = list[i].earlier.number,
            .title = list[i].earlier.title,
            .text = list[i].earlier.text,
            .measure = list[i].measure,
            .struck = ledger_day(rq, list[i].struck_day),
            .state = str_of(recurrence_states.at[state].name),
            .state_words = str_of(machine_words(recurrence_states, (int)state, rq->lang)),
            .likeness = list[i].likeness,
            .decided = list[i].decided_ms,
            .open = state == RECURRENCE_PROPOSED,
            .may_confirm = may && state != RECURRENCE_CONFIRMED,
            .may_deny = may && state != RECURRENCE_DENIED,
        };
        status = ledger_member_name(rq, list[i].member, &page->alike[i].by, err);
    }
    return status;
}

static struct named_line name(const struct line *line)
{
    return (struct named_line){line->key, line->number, line->title};
}

/* Where it was found, and in which later ones it came back. */
static enum status fill_around(struct request *rq, int64_t line, const struct rectification *r,
                               struct rectify_page *page, struct error *err)
{
    struct line source;
    struct line *back;
    enum status status =
        ledger_list_came_back(rq->arena, rq->store, line, &back, &page->nback, err);
    if (!status && r->source)
        status = ledger_find_line_by_id(rq->arena, rq->store, r->source, &source, err);
    if (status)
        return status;
    page->back = arena_array(rq->arena, page->nback + 1, struct named_line);
    for (size_t i = 0; i < page->nback; i++)
        page->back[i] = name(&back[i]);
    page->source = arena_new(rq->arena, struct named_line);
    if (r->source)
        page->source[page->nsource++] = name(&source);
    return STATUS_OK;
}

static enum status fill_acts(struct request *rq, int64_t line, struct rectify_page *page,
                             struct error *err)
{
    struct rectification_entry *list;
    enum status status = ledger_list_rectification_acts(rq->arena, rq->store, line, ACTS_MOST,
                                                        &list, &page->nacts, err);
    if (status)
        return status;
    page->acts = arena_array(rq->arena, page->nacts + 1, struct deed_row);
    for (size_t i = 0; !status && i < page->nacts; i++) {
        page->acts[i] = (struct deed_row){
            .act = str_of(rectify_machine.acts.at[list[i].act].name),
            .act_words = str_of(ledger_done_words(&rectify_machine, (int)list[i].act, rq->lang)),
            .words = list[i].words,
            .shown = list[i].shown,
            .time = list[i].made_ms,
        };
        status = ledger_member_name(rq, list[i].member, &page->acts[i].by, err);
    }
    return status;
}

/* Until when it may stand as it does. */
static enum status fill_limit(struct request *rq, const struct rectification *r,
                              struct rectify_page *page, struct error *err)
{
    const struct workdays *calendar;
    struct clock_reading reading;
    struct clock clock = {.opened_day = r->since_day, .limit = rectify_limit(r->state, r->grave)};
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (status || !clock.limit)
        return status;
    clock_read(&clock, calendar, calendar_day_of(rq->now_ms), &reading);
    page->stage_due = ledger_day(rq, reading.due_day);
    page->stage_late = reading.late;
    page->unknown_year = reading.unknown_year;
    return STATUS_OK;
}

static void fill_words(const struct request *rq, const struct line *line,
                       const struct rectification *r, struct rectify_page *page)
{
    page->state = str_of(rectify_machine.states.at[r->state].name);
    page->state_words = str_of(machine_words(rectify_machine.states, (int)r->state, rq->lang));
    page->origin = str_of(rectify_origins.at[r->origin].name);
    page->origin_words = str_of(machine_words(rectify_origins, (int)r->origin, rq->lang));
    page->sort = str_of(rectify_sorts.at[r->sort].name);
    page->sort_words = str_of(machine_words(rectify_sorts, (int)r->sort, rq->lang));
    page->problem = line->text;
    page->cause = r->cause;
    page->measure = r->measure;
    page->rule = str_of(likeness_rule(rq->lang));
    page->returned = r->returned;
    page->grave = r->grave;
    page->nobody = rectify_line_state(r->state) == LINE_ACTIVE && !line->unit && !line->lead;
    ledger_fill_terms(rq, rectify_origins, page->origin, &page->origins, &page->norigins);
    ledger_fill_terms(rq, rectify_sorts, page->sort, &page->sorts, &page->nsorts);
}

static enum status open_one(struct request *rq, enum ledger_deed_kind deed,
                            struct ledger_sight *sight, struct rectification *r, struct error *err)
{
    enum status status = ledger_open(rq, rq->params[0], deed, sight, err);
    if (!status)
        status = ledger_load_rectification(rq->arena, rq->store, &sight->line, r, err);
    if (!status && r->state == RECTIFY_NONE)
        return error_set(err, STATUS_MISSING, "This line is no rectification.",
                         "该条目不是整改事项。");
    return status;
}

static enum status show_rectification(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct rectification r;
    struct rectify_page page = {0};
    unsigned acts = 0;
    struct ledger_person person = ledger_viewer(rq);
    enum status status = open_one(rq, LEDGER_SEE, &sight, &r, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/rectification", &page.head, err);
    if (!status)
        status = ledger_rectification_acts(rq->store, &person, sight.line.id, &r, &acts, err);
    if (status)
        return status;
    fill_words(rq, &sight.line, &r, &page);
    fill_steps(rq, r.state, &page);
    fill_forms(rq, acts, &sight.line, &page);
    status = fill_alike(rq, sight.line.id, &r, &page, err);
    if (!status)
        status = fill_around(rq, sight.line.id, &r, &page, err);
    if (!status)
        status = fill_acts(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_limit(rq, &r, &page, err);
    if (!status)
        status = ledger_fill_files(rq, &sight, RECTIFICATION_EVIDENCE, &page.files, err);
    page.likened = page.nalike;
    page.came_back = page.nback;
    page.files.path = ledger_path(rq, sight.line.key, "/rectification/files");
    page.files.may_attach &= r.state == RECTIFY_WORKING;
    return status ? status
                  : answer_titled_page(rq, "ledger-rectification", sight.line.title, RECTIFY_PAGE,
                                       &page);
}

const struct route route_ledger_rectification = {
    .method = "GET",
    .path = "/ledger/lines/{line}/rectification",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "A problem's rectification: cause, measure, evidence, verification, and earlier ones that "
        "it is like.",
    .zh = "问题整改情况：原因、措施、佐证、验收，以及相似的既往问题。",
    .output = RECTIFY_PAGE,
    .page = "ledger-rectification",
    .run = show_rectification,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct rectifying {
    int64_t line, now_ms;
    struct rectification_deed deed;
};

static enum status rectify_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct rectifying *r = context;
    return ledger_rectify(scratch, store, r->line, &r->deed, r->now_ms, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct rectification now;
    int at = machine_named(rectify_machine.acts, request_input(rq, "act"));
    struct rectifying r = {
        .now_ms = rq->now_ms,
        .deed = {.act = (enum rectify_act)at,
                 .actor = rq->viewer.member,
                 .today = calendar_day_of(rq->now_ms),
                 .due_day = ledger_read_day(rq, "due"),
                 .words = request_input(rq, "words"),
                 .shown = request_input(rq, "evidence")},
    };
    enum status status = open_one(rq, LEDGER_SEE, &sight, &now, err);
    if (status)
        return status;
    if (at == RECTIFY_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    r.line = sight.line.id;
    status = ledger_refuse_marks(
        rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(r.deed.words), STR_ARG(r.deed.shown)), err);
    if (!status)
        status = ledger_write(rq, r.line, LEDGER_SEE, rectify_step, &r, err);
    return status ? status : ledger_answer_recorded(rq, "/rectification");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = RECTIFICATION_WORDS_MAX,
     .en = "Words",
     .zh = "说明"},
    {.name = "evidence",
     .kind = INPUT_TEXT,
     .most = RECTIFICATION_WORDS_MAX,
     .en = "Where the evidence is found",
     .zh = "佐证所在"},
    {.name = "due", .kind = INPUT_DAY, .en = "Last day", .zh = "整改期限"},
    {0},
};
const struct route route_ledger_rectification_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/rectification",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act in a rectification: name the cause, set the measure, say that it is put right, "
          "verify, send back, strike off.",
    .zh = "办理整改环节：剖析原因、制定措施、报送结果、验收、退回、销号。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_rectification,
};

/* --- what comes back ------------------------------------------------------------------------------ */

struct deciding {
    int64_t line, earlier, actor, now_ms;
    bool again;
};

static enum status decide_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct deciding *d = context;
    return ledger_decide_recurrence(scratch, store, d->line, d->earlier, d->again, d->actor,
                                    d->now_ms, err);
}

static enum status decide(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct rectification r;
    struct line earlier;
    struct str said = request_input(rq, "again");
    enum status status = open_one(rq, LEDGER_SEE, &sight, &r, err);
    if (!status && !str_equal(said, STR("yes")) && !str_equal(said, STR("no")))
        return error_set(err, STATUS_INPUT, "Say whether it is the same again.",
                         "请判定是否为反复问题。");
    if (!status)
        status =
            ledger_find_line(rq->arena, rq->store, request_input(rq, "earlier"), &earlier, err);
    if (status)
        return status;
    struct deciding d = {sight.line.id, earlier.id, rq->viewer.member, rq->now_ms,
                         str_equal(said, STR("yes"))};
    status = ledger_write(rq, d.line, LEDGER_SEE, decide_step, &d, err);
    return status ? status : ledger_answer_done(rq, "/rectification", "It is decided.", "已判定。");
}

static const struct input DECIDE_INPUTS[] = {
    {.name = "earlier",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "Earlier problem",
     .zh = "既往问题"},
    {.name = "again",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 3,
     .en = "The same again",
     .zh = "是否反复"},
    {0},
};
const struct route route_ledger_recurrence_decide = {
    .method = "POST",
    .path = "/ledger/lines/{line}/rectification/recurrence",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say whether an earlier problem came back in this one: yes or no.",
    .zh = "判定是否为既往问题的反复：yes 或 no。",
    .inputs = DECIDE_INPUTS,
    .run = decide,
};

/* --- sorted and shown ------------------------------------------------------------------------------- */

struct sorting {
    int64_t line;
    struct rectification wanted;
    struct ledger_deed deed;
};

static enum status sort_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct sorting *s = context;
    return ledger_sort_rectification(scratch, store, s->line, &s->wanted, &s->deed, err);
}

static enum status sort(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct sorting s = {.deed = {.now_ms = rq->now_ms}};
    enum status status = open_one(rq, LEDGER_VERIFY, &sight, &s.wanted, err);
    if (!status)
        status = ledger_read_sort(rq, &s.wanted, err);
    s.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, s.line, LEDGER_VERIFY, sort_step, &s, err);
    return status ? status : ledger_answer_recorded(rq, "/rectification");
}

static const struct input SORT_INPUTS[] = {
    LEDGER_SORT_INPUTS,
    {0},
};
const struct route route_ledger_rectification_sort = {
    .method = "POST",
    .path = "/ledger/lines/{line}/rectification/sort",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say where a problem was found, of which sort it is and whether it is grave.",
    .zh = "标明问题来源、类别及是否严重。",
    .inputs = SORT_INPUTS,
    .run = sort,
};

static enum status attach(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct rectification r;
    struct line_file file;
    enum status status = open_one(rq, LEDGER_REPORT, &sight, &r, err);
    if (!status && r.state != RECTIFY_WORKING)
        return error_set(err, STATUS_CONFLICT,
                         "Evidence is attached once the measure is set, until it is said to be put "
                         "right.",
                         "仅在整改期间可添加佐证。");
    if (!status)
        status = ledger_take_file(rq, sight.line.id, RECTIFICATION_EVIDENCE, &file, err);
    return status ? status
                  : ledger_answer_done(rq, "/rectification", "The evidence is attached.",
                                       "佐证已添加。");
}

static const struct input ATTACH_INPUTS[] = {LEDGER_FILE_INPUTS, {0}};
const struct route route_ledger_rectification_attach = {
    .method = "POST",
    .path = "/ledger/lines/{line}/rectification/files",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Attach a file that shows what was put right.",
    .zh = "添加证明整改到位的附件。",
    .inputs = ATTACH_INPUTS,
    .uploads = true,
    .run = attach,
};
