/* Steps of lines: adding one, acting on one, and the desk where a unit finds all that waits for it. */
#include "base/calendar.h"
#include "ledger/procedure.h"
#include "ledger/register.h"
#include "ledger/unit.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_files.h"
#include "server/ledger_notices.h"
#include "server/ledger_steps.h"

/* --- the desk ------------------------------------------------------------------------------------- */

static const char *state_word(struct str value, enum lang lang)
{
    enum step_state state = step_state_named(value);
    return state == STEP_STATES ? "" : step_state_words(state, lang);
}

static const struct grid_option WHOSE[] = {
    {"ours", "For me or my units", "我和我单位的"},
    {"answers", "Questions for me to answer", "待我答复的"},
    {0},
};
static const struct grid_option HOW[] = {
    {"late", "Late", "已逾期"},
    {"asked", "Stopped by a question", "计时暂停"},
    {"silence", "Silence will be consent", "逾期视为同意"},
    {0},
};

#define OURS_SQL                                                                             \
    "(s.member = ?1 OR s.unit IN (SELECT id FROM unit WHERE head = ?1) OR (s.member IS NULL" \
    " AND s.unit IN (SELECT unit FROM unit_member WHERE member = ?1)))"

static const struct grid RUNNING = {
    .path = "/ledger/steps",
    .en = "Steps under way",
    .zh = "在办步骤",
    .from = "step s JOIN line l ON l.id = s.line LEFT JOIN unit u ON u.id = s.unit"
            " LEFT JOIN member m ON m.id = s.member LEFT JOIN member d ON d.id = l.lead",
    .where = "s.state IN ('open', 'asked') AND l.state = 'active'",
    .key = "l.key",
    .link = "'/ledger/lines/' || l.key || " LEDGER_STEPS_PAGE_SQL " || '#step-' || s.key",
    .order = "due",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Matter", "事项", NULL},
            {"number", GRID_TEXT, "l.number", "l.kind, l.id", "Number", "编号", NULL},
            {"kind", GRID_TEXT, "l.kind", NULL, "Kind", "类别", grid_kind_word},
            {"unit", GRID_TEXT, "coalesce(u.name, '')", NULL, "Unit", "承办单位", NULL},
            {"member", GRID_TEXT, "coalesce(m.name, '')", NULL, "Person", "承办人", NULL},
            {"state", GRID_TEXT, "s.state", NULL, "Stands at", "状态", state_word},
            {"limit", GRID_NUMBER, "nullif(s.limit_days, 0)", "s.limit_days", "Limit, working days",
             "时限（工作日）", NULL},
            {"due", GRID_DAY, "s.due_day", "coalesce(s.due_day, 9999999)", "Due", "到期日", NULL},
            {"late", GRID_NUMBER, "CASE WHEN s.due_day < ?2 THEN ?2 - s.due_day END",
             "coalesce(?2 - s.due_day, -9999999)", "Late, days", "逾期（天）", NULL},
            {"lead", GRID_TEXT, "d.name", NULL, "Lead of the matter", "分包领导", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"whose",
             "CASE {} WHEN 'ours' THEN " OURS_SQL " WHEN 'answers' THEN s.state = 'asked' AND"
             " (l.lead = ?1 OR l.unit IN (SELECT id FROM unit WHERE head = ?1)) END",
             "Whose", "与我有关", .options = WHOSE},
            {"unit", "s.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "承办单位",
             .choices = grid_unit_choices},
            {"how",
             "CASE {} WHEN 'late' THEN s.due_day < ?2 WHEN 'asked' THEN s.state = 'asked' WHEN"
             " 'silence' THEN s.silence END",
             "How it stands", "时限情况", .options = HOW},
            {0},
        },
};

struct desk_page {
    struct grid_sight grid;
    struct ledger_desk_row *ours, *answers;
    size_t nours, nanswers;
};
static const struct field DESK_PAGE[] = {
    GRID_FIELD(struct desk_page, grid),
    FIELD_OF_LIST(struct desk_page, ours, ledger_desk_fields),
    FIELD_OF_LIST(struct desk_page, answers, ledger_desk_fields),
    {0},
};

static enum status show_desk(struct request *rq, struct error *err)
{
    struct desk_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &RUNNING, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = ledger_list_desk(rq, LEDGER_DESK_OURS, &page.ours, &page.nours, err);
    if (!status)
        status = ledger_list_desk(rq, LEDGER_DESK_ANSWERS, &page.answers, &page.nanswers, err);
    return status ? status
                  : answer_page(rq, "ledger-desk", "Waiting for us", "待办步骤", DESK_PAGE, &page);
}

const struct route route_ledger_desk = {
    .method = "GET",
    .path = "/ledger/steps",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "What waits for one's units, what for one's answer, and all steps that are under way.",
    .zh = "待本单位办理的步骤、待本人答复的问题，以及全部在办步骤。",
    .grid = &RUNNING,
    .output = DESK_PAGE,
    .page = "ledger-desk",
    .run = show_desk,
};

/* --- adding --------------------------------------------------------------------------------------- */

struct adding {
    struct step step;
    int64_t now_ms;
};

/* Where steps of the line run already, one added to their stage opens at once. */
static enum status add_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct adding *a = context;
    struct step_sum sum;
    const struct workdays *calendar;
    const struct ledger_deed deed = {.now_ms = a->now_ms};
    enum status status = ledger_sum_steps(store, a->step.line, &sum, err);
    if (!status)
        status = ledger_notices_calendar(scratch, store, &calendar, err);
    if (!status)
        status = ledger_add_step(scratch, store, &a->step, &deed, err);
    if (!status && (sum.running || sum.ended))
        status = ledger_open_steps(scratch, store, calendar, a->step.line, &deed, err);
    return status ? status
                  : ledger_follow_steps(scratch, store, calendar, a->step.line, &deed, err);
}

static enum status add(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct adding a = {.now_ms = rq->now_ms,
                       .step = {.stage = request_number(rq, "stage"),
                                .title = request_input(rq, "title"),
                                .limit_days = request_number(rq, "days"),
                                .work = str_equal(request_input(rq, "asks"), STR("work")),
                                .silence = request_input(rq, "silence").len}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (!status)
        status = ledger_read_unit(rq, "unit", &a.step.unit, err);
    if (!status)
        status = ledger_read_person(rq, "member", &a.step.member, err);
    if (!status)
        status = ledger_refuse_marks(rq, a.step.title, err);
    a.step.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, sight.line.id, LEDGER_CHANGE, add_step, &a, err);
    return status ? status
                  : answer_redirect(rq, ledger_steps_page(rq, &sight.line), "The step is added.",
                                    "步骤已添加。");
}

/* On the page where its form stands; those of other procedures than reviews see it on a page of its own. */
static enum status show_again(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status && sight.line.kind != LEDGER_REVIEW)
        return STATUS_MISSING;
    return status ? status : ledger_show_review(rq, err);
}

static const struct input ADD_INPUTS[] = {
    {.name = "stage",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = STEP_STAGE_MAX,
     .en = "Stage",
     .zh = "阶段"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "承办单位"},
    {.name = "member", .kind = INPUT_TEXT, .most = 40, .en = "Person", .zh = "承办人"},
    {.name = "title", .kind = INPUT_TEXT, .most = STEP_TITLE_MAX, .en = "What", .zh = "内容"},
    {.name = "asks", .kind = INPUT_TEXT, .most = 10, .en = "Opinion or work", .zh = "步骤性质"},
    {.name = "days",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = CLOCK_LIMIT_MAX,
     .en = "Limit, working days",
     .zh = "时限（工作日）"},
    {.name = "silence", .kind = INPUT_FLAG, .en = "Silence is consent", .zh = "逾期视为同意"},
    {0},
};
const struct route route_ledger_step_add = {
    .method = "POST",
    .path = "/ledger/lines/{line}/steps",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Add a step with a time limit to a line: whose it is, in which stage.",
    .zh = "为条目添加限时步骤：承办单位或承办人、所属阶段、时限。",
    .inputs = ADD_INPUTS,
    .run = add,
    .again = show_again,
};

/* --- acting --------------------------------------------------------------------------------------- */

struct acting {
    int64_t line, now_ms;
    struct str key;
    struct step_deed deed;
    struct line_file *file; /* NULL: none was sent */
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct acting *a = context;
    struct step step;
    const struct workdays *calendar;
    const struct ledger_deed deed = {.now_ms = a->now_ms};
    enum status status = ledger_find_step(scratch, store, a->line, a->key, &step, err);
    if (!status)
        status = ledger_notices_calendar(scratch, store, &calendar, err);
    if (!status)
        status = ledger_act_on_step(scratch, store, calendar, &step, &a->deed, &deed, err);
    return status || !a->file ? status : ledger_attach_file(scratch, store, a->file, &deed, err);
}

/* Nobody's file is kept whose act is refused anyway, as the step says. */
static bool may_act(struct request *rq, const struct acting *a)
{
    struct ledger_person person = ledger_viewer(rq);
    struct step step;
    unsigned acts = 0;
    return !ledger_find_step(rq->arena, rq->store, a->line, a->key, &step, NULL) &&
           !ledger_step_acts(rq->store, &person, &step, &acts, NULL) && acts >> a->deed.act & 1U;
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct line_file file;
    struct acting a = {.now_ms = rq->now_ms,
                       .key = rq->params[1],
                       .deed = {.act = step_act_named(request_input(rq, "act")),
                                .actor = rq->viewer.member,
                                .reason = step_reason_named(request_input(rq, "reason")),
                                .days = request_number(rq, "days"),
                                .words = request_input(rq, "words")}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status && a.deed.act == STEP_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    a.line = sight.line.id;
    if (!status)
        status = ledger_refuse_marks(rq, a.deed.words, err);
    if (!status && request_upload(rq, "file") && may_act(rq, &a)) {
        struct str about = step_files(rq->arena, a.key);
        status = ledger_read_file(rq, a.line, about, &file, err);
        a.file = &file;
    }
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, act_step, &a, err);
    return status ? status
                  : answer_redirect(rq,
                                    str_format(rq->arena, "%.*s#step-%.*s",
                                               STR_ARG(ledger_steps_page(rq, &sight.line)),
                                               STR_ARG(a.key)),
                                    "It is recorded.", "已记录。");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "words", .kind = INPUT_LONG_TEXT, .most = STEP_WORDS_MAX, .en = "Words", .zh = "说明"},
    {.name = "reason", .kind = INPUT_TEXT, .most = 20, .en = "What it is about", .zh = "问题类别"},
    {.name = "days",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = CLOCK_LIMIT_MAX,
     .en = "Working days more",
     .zh = "延长的工作日数"},
    {.name = "file", .kind = INPUT_FILE, .en = "File", .zh = "附件"},
    {.name = "note",
     .kind = INPUT_TEXT,
     .most = LINE_FILE_NOTE_MAX,
     .en = "What the file shows",
     .zh = "附件说明"},
    {0},
};
const struct route route_ledger_step_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/steps/{step}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Act on a step: agree, agree with conditions, refuse, ask, answer, finish, extend, let go.",
    .zh = "办理步骤：同意、附条件同意、不同意、提出问题、答复、办结、延长时限、撤回。",
    .inputs = ACT_INPUTS,
    .uploads = true,
    .run = act,
    .again = show_again,
};
