/* Supervision: the list of what is under it, and a line's own page with its acts. */
#include "base/calendar.h"
#include "ledger/supervision.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_files.h"
#include "server/ledger_notices.h"
#include "server/ledger_told.h"

#define ACTS_MOST 200

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values STATES = {supervise_state_name, supervise_state_words,
                                            .first = SUPERVISE_ENTERED, .end = SUPERVISE_STATES};

static const struct grid_option MINE[] = {
    {"led", "I lead", "我分包的"},
    {"unit", "Of my units", "我单位的"},
    {"part", "Parts handed to me", "分办给我的"},
    {0},
};

static const char *state_word(struct str value, enum lang lang)
{
    enum supervise_state state = supervise_state_named(value);
    return state == SUPERVISE_STATES ? "" : supervise_state_words(state, lang);
}

static const char *rhythm_word(struct str value, enum lang lang)
{
    enum rhythm rhythm = rhythm_named(value);
    return rhythm == RHYTHMS ? "" : rhythm_words(rhythm, lang);
}

static const struct grid SUPERVISED = {
    .path = "/ledger/supervision",
    .en = "Supervision",
    .zh = "督查督办",
    .from = "supervision s JOIN line l ON l.id = s.line LEFT JOIN unit u ON u.id = l.unit"
            " LEFT JOIN member m ON m.id = l.lead",
    .where = "1",
    .key = "l.key",
    .row = "l.id",
    .link = "'/ledger/lines/' || l.key || '/supervision'",
    .order = "due",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Title", "名称", NULL},
            {"number", GRID_TEXT, "l.number", "l.kind, l.id", "Number", "编号", NULL},
            {"state", GRID_TEXT, "s.state", NULL, "Stands at", "办理环节", state_word},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"due", GRID_DAY, "l.due_day", NULL, "Due", "完成期限", NULL},
            {"progress", GRID_NUMBER, "l.progress", NULL, "Progress, %", "进度（%）", NULL},
            {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
            {"fed", GRID_DAY, "s.fed_day", NULL, "Last feedback", "最近反馈", NULL},
            {"rhythm", GRID_TEXT, "s.rhythm", NULL, "Feedback", "反馈周期", rhythm_word},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"state", "s.state = {}", "Stands at", "办理环节", .values = &STATES},
            {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
             .choices = grid_unit_choices},
            {"mine",
             "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'unit' THEN l.unit IN"
             " (SELECT unit FROM unit_member WHERE member = ?1) WHEN 'part' THEN l.id IN"
             " (SELECT p.line FROM supervision_part p WHERE p.taken_ms IS NULL AND (p.member = ?1"
             " OR p.unit IN (SELECT id FROM unit WHERE head = ?1))) END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};
struct supervised_page {
    struct grid_sight grid;
    bool may_enter;
    struct ledger_choice *rhythms;
    size_t nrhythms;
};
static const struct field SUPERVISED_PAGE[] = {
    GRID_FIELD(struct supervised_page, grid),
    FIELD(FLAG, struct supervised_page, may_enter),
    FIELD_OF_LIST(struct supervised_page, rhythms, ledger_choice_fields),
    {0},
};

static const struct ledger_values RHYTHM_VALUES = {rhythm_name, rhythm_words, .end = RHYTHMS};

static enum status show_supervised(struct request *rq, struct error *err)
{
    struct supervised_page page = {.may_enter = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    bool answered = false;
    enum status status = grid_read(rq, &SUPERVISED, &page.grid, &answered, err);
    if (status || answered)
        return status;
    ledger_fill_values(rq, &RHYTHM_VALUES, str_of(rhythm_name(RHYTHM_MONTHLY)), &page.rhythms,
                       &page.nrhythms);
    return answer_page(rq, "ledger-supervision", "Supervision", "督查督办", SUPERVISED_PAGE, &page);
}

const struct route route_ledger_supervision = {
    .method = "GET",
    .path = "/ledger/supervision",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "What is under supervision, and where each line stands in it.",
    .zh = "督办事项及各自所处环节。",
    .grid = &SUPERVISED,
    .output = SUPERVISED_PAGE,
    .page = "ledger-supervision",
    .run = show_supervised,
};

/* --- a line --------------------------------------------------------------------------------------- */

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
struct supervise_form {
    struct str act, act_words, part, id;
    bool with_words, words_needed, with_rhythm, with_progress, with_evidence, with_holder;
};
static const struct field FORM_ROW[] = {
    FIELD(TEXT, struct supervise_form, act),
    FIELD_HIDDEN(TEXT, struct supervise_form, act_words),
    FIELD_HIDDEN(TEXT, struct supervise_form, part),
    FIELD_HIDDEN(TEXT, struct supervise_form, id),
    FIELD_HIDDEN(FLAG, struct supervise_form, with_words),
    FIELD_HIDDEN(FLAG, struct supervise_form, words_needed),
    FIELD_HIDDEN(FLAG, struct supervise_form, with_rhythm),
    FIELD_HIDDEN(FLAG, struct supervise_form, with_progress),
    FIELD_HIDDEN(FLAG, struct supervise_form, with_evidence),
    FIELD_HIDDEN(FLAG, struct supervise_form, with_holder),
    {0},
};
struct part_row {
    struct str key, holder, words, due;
    int64_t level, given, signed_at, done, taken;
    struct supervise_form *forms;
    size_t nforms;
};
static const struct field PART_ROW[] = {
    FIELD(TEXT, struct part_row, key),
    FIELD(TEXT, struct part_row, holder),
    FIELD(TEXT, struct part_row, words),
    FIELD(DATE, struct part_row, due),
    FIELD(NUMBER, struct part_row, level),
    FIELD(TIME, struct part_row, given),
    FIELD(TIME, struct part_row, signed_at),
    FIELD(TIME, struct part_row, done),
    FIELD(TIME, struct part_row, taken),
    FIELD_OF_LIST(struct part_row, forms, FORM_ROW),
    {0},
};
struct deed_row {
    struct str act, act_words, by, words, shown;
    int64_t time, progress;
    bool moved;
};
static const struct field DEED_ROW[] = {
    FIELD(TEXT, struct deed_row, act),
    FIELD_HIDDEN(TEXT, struct deed_row, act_words),
    FIELD(TEXT, struct deed_row, by),
    FIELD(TEXT, struct deed_row, words),
    FIELD(TEXT, struct deed_row, shown),
    FIELD(TIME, struct deed_row, time),
    FIELD(NUMBER, struct deed_row, progress),
    FIELD_HIDDEN(FLAG, struct deed_row, moved),
    {0},
};
struct supervise_page {
    struct ledger_head head;
    struct ledger_files files;
    struct str state, state_words, rhythm, rhythm_words, next_feedback, missed_feedback;
    int64_t progress, unknown_year;
    bool entered;
    struct step_row *steps;
    struct supervise_form *forms;
    struct part_row *parts;
    struct deed_row *acts;
    struct ledger_notice_row *notices;
    struct ledger_choice *rhythms, *units, *people;
    size_t nsteps, nforms, nparts, nacts, nnotices, nrhythms, nunits, npeople;
};
static const struct field SUPERVISE_PAGE[] = {
    LEDGER_HEAD_FIELD(struct supervise_page, head),
    LEDGER_FILES_FIELD(struct supervise_page, files),
    FIELD(TEXT, struct supervise_page, state),
    FIELD_HIDDEN(TEXT, struct supervise_page, state_words),
    FIELD(TEXT, struct supervise_page, rhythm),
    FIELD_HIDDEN(TEXT, struct supervise_page, rhythm_words),
    FIELD(DATE, struct supervise_page, next_feedback),
    FIELD(DATE, struct supervise_page, missed_feedback),
    FIELD(NUMBER, struct supervise_page, unknown_year),
    FIELD_HIDDEN(NUMBER, struct supervise_page, progress),
    FIELD_HIDDEN(FLAG, struct supervise_page, entered),
    FIELD_OF_LIST(struct supervise_page, steps, STEP_ROW),
    FIELD_OF_LIST(struct supervise_page, forms, FORM_ROW),
    FIELD_OF_LIST(struct supervise_page, parts, PART_ROW),
    FIELD_OF_LIST(struct supervise_page, acts, DEED_ROW),
    FIELD_OF_LIST(struct supervise_page, notices, ledger_notice_fields),
    FIELD_OF_LIST(struct supervise_page, rhythms, ledger_choice_fields),
    FIELD_OF_LIST(struct supervise_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct supervise_page, people, ledger_choice_fields),
    {0},
};

/* The way from entry to the end, with the step that is next. */
static void fill_steps(const struct request *rq, enum supervise_state state,
                       struct supervise_page *page)
{
    static const enum supervise_act STEPS[] = {SUPERVISE_ENTER, SUPERVISE_ASSIGN,
                                               SUPERVISE_SIGN,  SUPERVISE_REPORT,
                                               SUPERVISE_PASS,  SUPERVISE_STRIKE};
    int done = state == SUPERVISE_DROPPED ? 0 : (int)state;
    page->nsteps = sizeof STEPS / sizeof *STEPS;
    page->steps = arena_array(rq->arena, page->nsteps, struct step_row);
    for (int i = 0; i < (int)page->nsteps; i++)
        page->steps[i] = (struct step_row){str_of(supervise_act_words(STEPS[i], rq->lang)),
                                           i == done && done, i < done};
}

static void fill_forms(const struct request *rq, unsigned acts, struct str part,
                       struct supervise_form **forms, size_t *count)
{
    *count = 0;
    *forms = arena_array(rq->arena, SUPERVISE_ACTS, struct supervise_form);
    for (int i = 0; i < SUPERVISE_ACTS; i++) {
        enum supervise_act act = (enum supervise_act)i;
        bool needed = supervise_rules[i].needs & SUPERVISE_NEEDS_WORDS;
        if (!(acts >> i & 1U))
            continue;
        (*forms)[(*count)++] = (struct supervise_form){
            .act = str_of(supervise_act_name(act)),
            .act_words = str_of(supervise_act_words(act, rq->lang)),
            .part = part,
            .id = str_format(rq->arena, "%s%.*s", supervise_act_name(act), STR_ARG(part)),
            .with_words = needed || act == SUPERVISE_STRIKE || act == SUPERVISE_ENTER,
            .words_needed = needed,
            .with_rhythm = act == SUPERVISE_ENTER || act == SUPERVISE_RHYTHM,
            .with_progress = act == SUPERVISE_FEED,
            .with_evidence = act == SUPERVISE_REPORT,
            .with_holder = act == SUPERVISE_SHARE,
        };
    }
}

static enum status name_holder(struct request *rq, const struct supervision_part *part,
                               struct str *holder, struct error *err)
{
    struct unit unit = {0};
    struct str name = {0};
    enum status status = ledger_member_name(rq, part->member, &name, err);
    if (!status && part->unit)
        status = ledger_find_unit_by_id(rq->arena, rq->store, part->unit, &unit, err);
    *holder = unit.name.len && name.len
                  ? str_format(rq->arena, "%.*s · %.*s", STR_ARG(unit.name), STR_ARG(name))
              : name.len ? name
                         : unit.name;
    return status;
}

static enum status fill_parts(struct request *rq, int64_t line, const struct supervision *s,
                              struct supervise_page *page, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    struct supervision_part *list;
    enum status status = ledger_list_parts(rq->arena, rq->store, line, &list, &page->nparts, err);
    if (status)
        return status;
    page->parts = arena_array(rq->arena, page->nparts + 1, struct part_row);
    for (size_t i = 0; !status && i < page->nparts; i++) {
        unsigned acts = 0;
        struct part_row *row = &page->parts[i];
        *row = (struct part_row){.key = list[i].key,
                                 .words = list[i].words,
                                 .due = ledger_day(rq, list[i].due_day),
                                 .level = (int64_t)list[i].depth + 2,
                                 .given = list[i].given_ms,
                                 .signed_at = list[i].signed_ms,
                                 .done = list[i].done_ms,
                                 .taken = list[i].taken_ms};
        status = name_holder(rq, &list[i], &row->holder, err);
        if (!status)
            status = ledger_supervision_acts(rq->store, &person, line, s, &list[i], &acts, err);
        fill_forms(rq, acts, row->key, &row->forms, &row->nforms);
    }
    return status;
}

static enum status fill_acts(struct request *rq, int64_t line, struct supervise_page *page,
                             struct error *err)
{
    struct supervision_entry *list;
    enum status status = ledger_list_supervision_acts(rq->arena, rq->store, line, ACTS_MOST, &list,
                                                      &page->nacts, err);
    if (status)
        return status;
    page->acts = arena_array(rq->arena, page->nacts + 1, struct deed_row);
    for (size_t i = 0; !status && i < page->nacts; i++) {
        page->acts[i] = (struct deed_row){
            .act = str_of(supervise_act_name(list[i].act)),
            .act_words = str_of(ledger_done_words(&supervise_machine, (int)list[i].act, rq->lang)),
            .words = list[i].words,
            .shown = list[i].shown,
            .time = list[i].made_ms,
            .moved = list[i].progress >= 0,
            .progress = list[i].progress,
        };
        status = ledger_member_name(rq, list[i].member, &page->acts[i].by, err);
    }
    return status;
}

static enum status fill_feedback(struct request *rq, const struct supervision *s,
                                 struct supervise_page *page, struct error *err)
{
    const struct workdays *calendar;
    int64_t today = calendar_day_of(rq->now_ms);
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (status || s->state != SUPERVISE_WORKING)
        return status;
    int64_t next = rhythm_next_day(s->rhythm, calendar, s->signed_day, today - 1);
    page->next_feedback = ledger_day(rq, next);
    page->missed_feedback =
        ledger_day(rq, urge_missed_feedback(s->rhythm, calendar, s->signed_day, s->fed_day, today));
    page->unknown_year = next ? workday_unknown_year(calendar, today, next) : 0;
    return STATUS_OK;
}

static enum status fill_choices(struct request *rq, const struct supervision *s,
                                struct supervise_page *page, struct error *err)
{
    ledger_fill_values(rq, &RHYTHM_VALUES,
                       str_of(rhythm_name(s->state == SUPERVISE_NONE ? RHYTHM_MONTHLY : s->rhythm)),
                       &page->rhythms, &page->nrhythms);
    enum status status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    return status ? status : ledger_list_people(rq, 0, &page->people, &page->npeople, err);
}

static enum status show_supervision(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct supervision s;
    struct supervise_page page = {0};
    unsigned acts = 0;
    struct ledger_person person = ledger_viewer(rq);
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/supervision", &page.head, err);
    if (!status)
        status = ledger_load_supervision(rq->store, sight.line.id, &s, err);
    if (!status)
        status = ledger_supervision_acts(rq->store, &person, sight.line.id, &s, NULL, &acts, err);
    if (status)
        return status;
    page.state = str_of(supervise_state_name(s.state));
    page.state_words = str_of(supervise_state_words(s.state, rq->lang));
    page.entered = s.state != SUPERVISE_NONE;
    page.rhythm = page.entered ? str_of(rhythm_name(s.rhythm)) : STR("");
    page.rhythm_words = page.entered ? str_of(rhythm_words(s.rhythm, rq->lang)) : STR("");
    page.progress = sight.line.progress;
    fill_steps(rq, s.state, &page);
    fill_forms(rq, acts, STR(""), &page.forms, &page.nforms);
    status = fill_parts(rq, sight.line.id, &s, &page, err);
    if (!status)
        status = fill_acts(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_feedback(rq, &s, &page, err);
    if (!status)
        status = ledger_fill_files(rq, &sight, SUPERVISION_EVIDENCE, &page.files, err);
    page.files.path = ledger_path(rq, sight.line.key, "/supervision/files");
    page.files.may_attach &= s.state == SUPERVISE_WORKING;
    if (!status)
        status = ledger_list_notices(rq, sight.line.id, &page.notices, &page.nnotices, err);
    if (!status)
        status = fill_choices(rq, &s, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-supervise", sight.line.title, SUPERVISE_PAGE,
                                       &page);
}

const struct route route_ledger_supervise = {
    .method = "GET",
    .path = "/ledger/lines/{line}/supervision",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A line's supervision: where it stands, whom it was handed to, feedback and notices.",
    .zh = "条目的督办情况：所处环节、交办层级、反馈与督办单。",
    .output = SUPERVISE_PAGE,
    .page = "ledger-supervise",
    .run = show_supervision,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct supervising {
    int64_t line, now_ms;
    struct supervision_deed deed;
};

static enum status supervise_step(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    const struct supervising *s = context;
    return ledger_supervise(scratch, store, s->line, &s->deed, s->now_ms, err);
}

static enum status write_deed(struct request *rq, struct str key, struct supervising *s,
                              struct error *err)
{
    enum status status = ledger_refuse_marks(rq, s->deed.words, err);
    s->now_ms = rq->now_ms;
    s->deed.actor = rq->viewer.member;
    s->deed.today = calendar_day_of(rq->now_ms);
    if (!status)
        status = ledger_refuse_marks(rq, s->deed.shown, err);
    if (!status)
        status = ledger_write(rq, s->line, LEDGER_SEE, supervise_step, s, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, key, "/supervision"), "It is recorded.",
                                    "已记录。");
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct str rhythm = request_input(rq, "rhythm");
    struct supervising s = {
        .deed = {.act = supervise_act_named(request_input(rq, "act")),
                 .rhythm = rhythm.len ? rhythm_named(rhythm) : RHYTHM_NONE,
                 .part = request_input(rq, "part"),
                 .due_day = ledger_read_day(rq, "due"),
                 .progress =
                     request_input(rq, "progress").len ? request_number(rq, "progress") : -1,
                 .words = request_input(rq, "words"),
                 .shown = request_input(rq, "evidence")},
    };
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (status)
        return status;
    if (s.deed.act == SUPERVISE_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    status = ledger_read_unit(rq, "unit", &s.deed.unit, err);
    if (!status)
        status = ledger_read_person(rq, "member", &s.deed.member, err);
    s.line = sight.line.id;
    return status ? status : write_deed(rq, rq->params[0], &s, err);
}

#define RHYTHM_INPUT                                                               \
    {                                                                              \
        .name = "rhythm", .kind = INPUT_TEXT, .most = 20, .en = "Feedback is due", \
        .zh = "反馈周期"                                                       \
    }
static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "part", .kind = INPUT_TEXT, .most = 40, .en = "Part", .zh = "分办事项"},
    RHYTHM_INPUT,
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "承办单位"},
    {.name = "member", .kind = INPUT_TEXT, .most = 40, .en = "Person", .zh = "承办人"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "期限"},
    {.name = "progress",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = 100,
     .en = "Progress, %",
     .zh = "进度（%）"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = SUPERVISION_WORDS_MAX,
     .en = "Words",
     .zh = "说明"},
    {.name = "evidence",
     .kind = INPUT_TEXT,
     .most = SUPERVISION_WORDS_MAX,
     .en = "Where the evidence is found",
     .zh = "佐证所在"},
    {0},
};
const struct route route_ledger_supervise_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/supervision",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act in a line's supervision: enter, assign, sign for, feed back, report, check, strike "
          "off, send back.",
    .zh = "办理督办环节：立项、交办、签收、反馈、报结、复核、销号、退回等。",
    .inputs = ACT_INPUTS,
    .run = act,
};

static enum status enter_numbered(struct request *rq, struct error *err)
{
    struct line line;
    struct supervising s = {.deed = {.act = SUPERVISE_ENTER,
                                     .rhythm = rhythm_named(request_input(rq, "rhythm")),
                                     .progress = -1}};
    enum status status =
        ledger_find_line_numbered(rq->arena, rq->store, request_input(rq, "number"), &line, err);
    s.line = line.id;
    return status ? status : write_deed(rq, line.key, &s, err);
}

static const struct input ENTER_INPUTS[] = {
    {.name = "number",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 20,
     .en = "Number of the line",
     .zh = "条目编号"},
    RHYTHM_INPUT,
    {0},
};
const struct route route_ledger_supervision_enter = {
    .method = "POST",
    .path = "/ledger/supervision",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Enter a line into supervision by its number.",
    .zh = "按编号将条目列入督办。",
    .inputs = ENTER_INPUTS,
    .run = enter_numbered,
    .again = show_supervised,
};

static enum status attach(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct supervision s;
    struct line_file file;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_REPORT, &sight, err);
    if (!status)
        status = ledger_load_supervision(rq->store, sight.line.id, &s, err);
    if (!status && s.state != SUPERVISE_WORKING)
        return error_set(err, STATUS_CONFLICT, "Evidence is attached while the line is worked on.",
                         "仅在办理期间可添加佐证。");
    if (!status)
        status = ledger_take_file(rq, sight.line.id, SUPERVISION_EVIDENCE, &file, err);
    return status ? status
                  : ledger_answer_done(rq, "/supervision", "The evidence is attached.",
                                       "佐证已添加。");
}

static const struct input ATTACH_INPUTS[] = {LEDGER_FILE_INPUTS, {0}};
const struct route route_ledger_supervise_attach = {
    .method = "POST",
    .path = "/ledger/lines/{line}/supervision/files",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Attach a file that shows what was done for a line under supervision.",
    .zh = "为督办事项添加佐证附件。",
    .inputs = ATTACH_INPUTS,
    .uploads = true,
    .run = attach,
};
