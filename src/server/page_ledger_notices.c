/* Notices of supervision: the list with the rules that they follow, and each as a sheet to print. */
#include "base/calendar.h"
#include "library/setting.h"
#include "server/grid.h"
#include "server/internal.h"
#include "server/ledger_notices.h"

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values KINDS = {urge_kind_name, urge_kind_words, .end = URGE_KINDS};

static const struct grid_option MINE[] = {{"1", "Sent to me", "发给我的"}, {0}};

static const char *kind_word(struct str value, enum lang lang)
{
    enum urge_kind kind = urge_kind_named(value);
    return kind == URGE_KINDS ? "" : urge_kind_words(kind, lang);
}

static const char *cause_word(struct str value, enum lang lang)
{
    enum urge_cause cause = urge_cause_named(value);
    return cause == URGE_CAUSES
               ? ""
               : lang_pick(lang, urge_rules[cause].short_en, urge_rules[cause].short_zh);
}

static const struct grid NOTICES = {
    .path = "/ledger/supervision/notices",
    .en = "Supervision notices",
    .zh = "督办单",
    .from =
        "supervision_notice n LEFT JOIN line l ON l.id = n.line LEFT JOIN unit u ON u.id = n.unit"
        " LEFT JOIN member m ON m.id = n.lead",
    .where = LEDGER_NOTICE_OPEN_SQL,
    .key = "n.key",
    .row = "n.id",
    .link = "'/ledger/supervision/notices/' || n.key",
    .order = "-sheet",
    .columns =
        (const struct grid_column[]){
            {"line", GRID_TEXT, "l.number || ' ' || l.title", NULL, "Line", "条目", NULL},
            {"kind", GRID_TEXT, "n.kind", NULL, "Notice", "督办单", kind_word},
            {"sheet", GRID_NUMBER, "n.id", NULL, "Sheet no.", "单号", NULL},
            {"given", GRID_DAY, "n.made_day", NULL, "Given on", "发出日期", NULL},
            {"cause", GRID_TEXT, "n.cause", NULL, "Cause", "事由", cause_word},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"due", GRID_DAY, "n.due_day", NULL, "Due", "完成期限", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"kind", "n.kind = {}", "Notice", "督办单", .values = &KINDS},
            {"mine",
             "{} = '1' AND n.id IN (SELECT notice FROM supervision_notice_to WHERE member = ?1)",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};

struct rule_row {
    struct str cause, kind, kind_words, rule;
};
static const struct field RULE_ROW[] = {
    FIELD(TEXT, struct rule_row, cause),
    FIELD(TEXT, struct rule_row, kind),
    FIELD_HIDDEN(TEXT, struct rule_row, kind_words),
    FIELD(TEXT, struct rule_row, rule),
    {0},
};
struct notices_page {
    struct grid_sight grid;
    struct str calendar;
    int64_t unknown_year, from_hour, until_hour;
    struct rule_row *rules;
    size_t nrules;
};
static const struct field NOTICES_PAGE[] = {
    GRID_FIELD(struct notices_page, grid),
    FIELD(TEXT, struct notices_page, calendar),
    FIELD(NUMBER, struct notices_page, unknown_year),
    FIELD(NUMBER, struct notices_page, from_hour),
    FIELD(NUMBER, struct notices_page, until_hour),
    FIELD_OF_LIST(struct notices_page, rules, RULE_ROW),
    {0},
};

/* The year of today, or the next from December on, when the calendar does not know it. */
static enum status fill_calendar(struct request *rq, struct notices_page *page, struct error *err)
{
    const struct workdays *calendar;
    int64_t today = calendar_day_of(rq->now_ms);
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (status)
        return status;
    page->from_hour = ledger_limits_now(rq)->from_hour;
    page->until_hour = ledger_limits_now(rq)->until_hour;
    page->calendar = workday_name(calendar, rq->lang);
    page->unknown_year = workday_unknown_year(calendar, today, today + 31);
    return STATUS_OK;
}

static enum status show_notices(struct request *rq, struct error *err)
{
    struct notices_page page = {.nrules = URGE_CAUSES};
    bool answered = false;
    enum status status = grid_read(rq, &NOTICES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    page.rules = arena_array(rq->arena, URGE_CAUSES, struct rule_row);
    for (int i = 0; i < URGE_CAUSES; i++)
        page.rules[i] = (struct rule_row){
            str_of(urge_rules[i].name), str_of(urge_kind_name(urge_rules[i].kind)),
            str_of(urge_kind_words(urge_rules[i].kind, rq->lang)),
            urge_rule_words(rq->arena, (enum urge_cause)i, ledger_limits_now(rq), rq->lang)};
    status = fill_calendar(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-notices", "Supervision notices", "督办单", NOTICES_PAGE,
                                &page);
}

const struct route route_ledger_notices = {
    .method = "GET",
    .path = "/ledger/supervision/notices",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Notices of supervision that are open to the viewer, and the rules that cause them.",
    .zh = "本人可见的督办单，以及发出督办单的规则。",
    .grid = &NOTICES,
    .output = NOTICES_PAGE,
    .page = "ledger-notices",
    .run = show_notices,
};

/* --- a sheet -------------------------------------------------------------------------------------- */

struct told_row {
    struct str name;
};
static const struct field TOLD_ROW[] = {FIELD(TEXT, struct told_row, name), {0}};
struct sheet_page {
    struct str organisation, kind, kind_words, rule, line_key, number, title, text, part, unit,
        lead, due, made;
    int64_t sheet, progress, planned, late, left, unknown_year;
    bool is_late;
    struct told_row *to;
    size_t nto;
};
static const struct field SHEET_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct sheet_page, organisation),
    FIELD(NUMBER, struct sheet_page, sheet),
    FIELD(TEXT, struct sheet_page, kind),
    FIELD_HIDDEN(TEXT, struct sheet_page, kind_words),
    FIELD(TEXT, struct sheet_page, rule),
    FIELD(TEXT, struct sheet_page, line_key),
    FIELD(TEXT, struct sheet_page, number),
    FIELD(TEXT, struct sheet_page, title),
    FIELD(TEXT, struct sheet_page, text),
    FIELD(TEXT, struct sheet_page, part),
    FIELD(TEXT, struct sheet_page, unit),
    FIELD(TEXT, struct sheet_page, lead),
    FIELD(DATE, struct sheet_page, due),
    FIELD(DATE, struct sheet_page, made),
    FIELD(NUMBER, struct sheet_page, progress),
    FIELD(NUMBER, struct sheet_page, planned),
    FIELD(NUMBER, struct sheet_page, late),
    FIELD(NUMBER, struct sheet_page, left),
    FIELD(NUMBER, struct sheet_page, unknown_year),
    FIELD_HIDDEN(FLAG, struct sheet_page, is_late),
    FIELD_OF_LIST(struct sheet_page, to, TOLD_ROW),
    {0},
};

static enum status fill_to(struct request *rq, struct sheet_page *page, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT m.name FROM supervision_notice_to t JOIN member m"
                               " ON m.id = t.member WHERE t.notice = ?1 ORDER BY m.name, m.id");
    query_bind_int(q, 1, page->sheet);
    while (query_row(q)) {
        size_t n = page->nto++;
        page->to = arena_one_more(rq->arena, page->to, n, sizeof *page->to);
        page->to[n] = (struct told_row){str_copy(rq->arena, query_str(q, 0))};
    }
    return query_end(q, err);
}

static void take_sheet(struct request *rq, struct query *q, struct sheet_page *page)
{
    enum urge_kind kind = urge_kind_named(query_str(q, 1));
    enum urge_cause cause = urge_cause_named(query_str(q, 2));
    int64_t due = query_int(q, 8);
    int64_t made = query_int(q, 9);
    struct str *const into[] = {&page->line_key, &page->number, &page->title, &page->unit,
                                &page->lead};
    static const int from[] = {3, 4, 5, 6, 7};
    page->sheet = query_int(q, 0);
    page->kind = str_copy(rq->arena, query_str(q, 1));
    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        *into[i] = str_copy(rq->arena, query_str(q, from[i]));
    page->kind_words = str_of(kind < URGE_KINDS ? urge_kind_words(kind, rq->lang) : "");
    if (cause < URGE_CAUSES)
        page->rule = ledger_notice_rule(rq->arena, q, 14, cause, rq->lang);
    page->part = str_copy(rq->arena, query_str(q, 16));
    page->due = ledger_day(rq, due);
    page->made = ledger_day(rq, made);
    page->is_late = made > due;
    page->late = made > due ? made - due : 0;
    page->left = made > due ? 0 : due - made;
    page->progress = query_int(q, 10);
    page->planned = query_int(q, 11);
    page->unknown_year = query_int(q, 12);
    page->text = str_copy(rq->arena, query_str(q, 13));
}

static enum status show_sheet(struct request *rq, struct error *err)
{
    struct sheet_page page = {0};
    struct query *q = query_start(
        rq->store,
        "SELECT n.id, n.kind, n.cause, l.key, l.number, l.title, u.name, m.name, n.due_day,"
        " n.made_day, n.progress, n.planned, n.unknown_year, l.text, n.near_days, n.behind_points, p.words"
        " FROM supervision_notice n LEFT JOIN supervision_part p ON p.id = n.part"
        " JOIN line l ON l.id = n.line LEFT JOIN unit u ON u.id = n.unit"
        " LEFT JOIN member m ON m.id = n.lead WHERE n.key = ?2 AND " LEDGER_NOTICE_OPEN_SQL);
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_str(q, 2, rq->params[0]);
    bool found = query_row(q);
    if (found)
        take_sheet(rq, q, &page);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such notice for you.",
                         "没有您可查看的该督办单。");
    if (!status)
        status = fill_to(rq, &page, err);
    if (!status)
        status =
            library_get_setting(rq->arena, rq->store, STR("organisation"), &page.organisation, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-notice", page.kind_words, SHEET_PAGE, &page);
}

const struct route route_ledger_notice = {
    .method = "GET",
    .path = "/ledger/supervision/notices/{sheet}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A notice of supervision as a sheet to print: line, rule, how things stood, whom it went "
          "to.",
    .zh = "可打印的督办单：条目、依据、发出时的情况与发送对象。",
    .output = SHEET_PAGE,
    .page = "ledger-notice",
    .run = show_sheet,
};
