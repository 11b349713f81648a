/* Leads: the page of one's own day, and what each of them carries. */
#include "base/calendar.h"
#include "ledger/duty.h"
#include "ledger/measure.h"
#include "server/grid.h"
#include "server/internal.h"
#include "server/ledger_handovers.h"
#include "server/ledger_notices.h"

#define DAY_MOST    200
#define DUTIES_MOST 60
#define ALARMS_MOST 12

/* --- one's own day -------------------------------------------------------------------------------- */

struct day_line {
    struct str key, number, title, kind_word, due, unit, light;
    int64_t days, progress, planned;
    bool one;
};
static const struct field DAY_LINE[] = {
    FIELD(TEXT, struct day_line, key),        FIELD(TEXT, struct day_line, number),
    FIELD(TEXT, struct day_line, title),      FIELD_HIDDEN(TEXT, struct day_line, kind_word),
    FIELD(DATE, struct day_line, due),        FIELD(TEXT, struct day_line, unit),
    FIELD(TEXT, struct day_line, light),      FIELD(NUMBER, struct day_line, days),
    FIELD_HIDDEN(FLAG, struct day_line, one), FIELD(NUMBER, struct day_line, progress),
    FIELD(NUMBER, struct day_line, planned),  {0},
};
struct day_alarm {
    struct str key, number, title, kind, word, rule, since;
};
static const struct field DAY_ALARM[] = {
    FIELD(TEXT, struct day_alarm, key),         FIELD(TEXT, struct day_alarm, number),
    FIELD(TEXT, struct day_alarm, title),       FIELD(TEXT, struct day_alarm, kind),
    FIELD_HIDDEN(TEXT, struct day_alarm, word), FIELD(TEXT, struct day_alarm, rule),
    FIELD(DATE, struct day_alarm, since),       {0},
};
/* What a procedure waits for. */
struct day_duty {
    struct str duty, words, path, number, title, due;
    bool late;
};
static const struct field DAY_DUTY[] = {
    FIELD(TEXT, struct day_duty, duty),  FIELD_HIDDEN(TEXT, struct day_duty, words),
    FIELD(TEXT, struct day_duty, path),  FIELD(TEXT, struct day_duty, number),
    FIELD(TEXT, struct day_duty, title), FIELD(DATE, struct day_duty, due),
    FIELD(FLAG, struct day_duty, late),  {0},
};
struct today_page {
    struct day_duty *duties;
    size_t nduties;
    struct day_alarm *alarms; /* of one's own indicators, the oldest first */
    size_t nalarms;
    int64_t alarm_count;
    struct ledger_handovers handovers;
    struct ledger_notice_row *notices;
    struct ledger_waiting_row *waiting;
    struct day_line *late, *behind, *close;
    size_t nnotices, nwaiting, nlate, nbehind, nclose;
    struct str red_rule, yellow_rule, blue_rule;
    int64_t late_count, behind_count, close_count, rest, open;
    bool more;
};
static const struct field TODAY_PAGE[] = {
    LEDGER_HANDOVERS_FIELD(struct today_page, handovers),
    FIELD_OF_LIST(struct today_page, notices, ledger_notice_fields),
    FIELD_OF_LIST(struct today_page, waiting, ledger_waiting_fields),
    FIELD_OF_LIST(struct today_page, duties, DAY_DUTY),
    FIELD_OF_LIST(struct today_page, alarms, DAY_ALARM),
    FIELD(NUMBER, struct today_page, alarm_count),
    FIELD_OF_LIST(struct today_page, late, DAY_LINE),
    FIELD_OF_LIST(struct today_page, behind, DAY_LINE),
    FIELD_OF_LIST(struct today_page, close, DAY_LINE),
    FIELD_HIDDEN(TEXT, struct today_page, red_rule),
    FIELD_HIDDEN(TEXT, struct today_page, yellow_rule),
    FIELD_HIDDEN(TEXT, struct today_page, blue_rule),
    FIELD(NUMBER, struct today_page, late_count),
    FIELD(NUMBER, struct today_page, behind_count),
    FIELD(NUMBER, struct today_page, close_count),
    FIELD(NUMBER, struct today_page, rest),
    FIELD(NUMBER, struct today_page, open),
    FIELD(FLAG, struct today_page, more),
    {0},
};

/* Where a line stands on the page; the rest is only counted. `before` its title is what it is part of, where the title
 * alone would say nothing: "Groundworks", with twenty projects in hand. */
static void put(struct request *rq, struct today_page *page, const struct line *line,
                struct str before, struct str unit, int64_t today)
{
    enum light light = ledger_light(rq, line);
    struct {
        struct day_line *list;
        size_t *n;
        int64_t *count;
    } at = {NULL, NULL, &page->rest};
    if (light == LIGHT_RED)
        at.list = page->late, at.n = &page->nlate, at.count = &page->late_count;
    else if (light == LIGHT_YELLOW)
        at.list = page->behind, at.n = &page->nbehind, at.count = &page->behind_count;
    else if (light == LIGHT_BLUE)
        at.list = page->close, at.n = &page->nclose, at.count = &page->close_count;
    page->open++;
    ++*at.count;
    if (!at.list)
        return;
    if (*at.n == DAY_MOST) {
        page->more = true;
        return;
    }
    int64_t days = light == LIGHT_RED ? today - line->due_day : line->due_day - today;
    at.list[(*at.n)++] = (struct day_line){
        .key = line->key,
        .number = line->number,
        .title = str_format(rq->arena, "%.*s%.*s", STR_ARG(before), STR_ARG(line->title)),
        .kind_word = str_of(ledger_kind_word(line->kind, rq->lang)),
        .due = ledger_day(rq, line->due_day),
        .unit = str_copy(rq->arena, unit),
        .light = str_of(light_name(light)),
        .days = days,
        .one = days == 1,
        .progress = line->progress,
        .planned = line_planned(line, today),
    };
}

static enum status fill_today(struct request *rq, struct today_page *page, struct error *err)
{
    int64_t today = calendar_day_of(rq->now_ms);
    struct line line;
    struct query *q = query_start(
        rq->store,
        "SELECT " LINE_COLUMNS(
            "l") ", coalesce(u.name, ''),"
                 " CASE l.kind WHEN 'milestone' THEN p.title || ' · ' ELSE '' END"
                 " FROM line l LEFT JOIN unit u ON u.id = l.unit"
                 " LEFT JOIN line p ON p.id = l.parent WHERE l.state = 'active' AND (l.lead = ?1 OR l.unit IN"
                 " (SELECT id FROM unit WHERE head = ?1))"
                 " ORDER BY l.due_day IS NULL, l.due_day, l.id");
    query_bind_int(q, 1, rq->viewer.member);
    while (query_row(q)) {
        ledger_take_line(rq->arena, q, &line);
        put(rq, page, &line, query_str(q, LINE_COLUMN_COUNT + 1), query_str(q, LINE_COLUMN_COUNT),
            today);
    }
    return query_end(q, err);
}

static enum status fill_alarms(struct request *rq, struct today_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT l.key, l.number, l.title, a.kind, a.since_day, count(*) OVER ()"
                   " FROM indicator_alarm a JOIN line l ON l.id = a.line WHERE l.state = 'active'"
                   " AND (l.lead = ?1 OR l.unit IN (SELECT id FROM unit WHERE head = ?1))"
                   " ORDER BY a.since_day, l.id, a.id LIMIT ?2");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, ALARMS_MOST);
    page->alarms = arena_array(rq->arena, ALARMS_MOST, struct day_alarm);
    while (query_row(q)) {
        unsigned alarm = ledger_alarm_named(query_str(q, 3));
        page->alarm_count = query_int(q, 5);
        page->alarms[page->nalarms++] = (struct day_alarm){
            .key = str_copy(rq->arena, query_str(q, 0)),
            .number = str_copy(rq->arena, query_str(q, 1)),
            .title = str_copy(rq->arena, query_str(q, 2)),
            .kind = str_of(ledger_alarm_name(alarm)),
            .word = str_of(ledger_alarm_word(alarm, rq->lang)),
            .rule = str_of(ledger_alarm_rule(alarm, rq->lang)),
            .since = ledger_day(rq, query_int(q, 4)),
        };
    }
    return query_end(q, err);
}

static enum status fill_duties(struct request *rq, struct today_page *page, struct error *err)
{
    struct ledger_duty *list;
    size_t count;
    int64_t today = calendar_day_of(rq->now_ms);
    enum status status = ledger_list_duties(rq->arena, rq->store, DUTY_OWN, rq->viewer.member,
                                            today, DUTIES_MOST, &list, &count, err);
    if (status)
        return status;
    page->duties = arena_array(rq->arena, count + 1, struct day_duty);
    for (size_t i = 0; i < count; i++) {
        const struct ledger_duty *d = &list[i];
        const char *rest = d->source->page ? d->source->page : ledger_kind_page(d->line.kind);
        page->duties[page->nduties++] = (struct day_duty){
            .duty = str_of(d->source->name),
            .words = request_words(rq, d->source->en, d->source->zh),
            .path = ledger_path(rq, d->line.key, rest),
            .number = d->line.number,
            .title = d->line.title,
            .due = ledger_day(rq, d->due_day),
            .late = d->due_day && d->due_day < today,
        };
    }
    return STATUS_OK;
}

static enum status show_today(struct request *rq, struct error *err)
{
    struct today_page page = {
        .late = arena_array(rq->arena, DAY_MOST, struct day_line),
        .behind = arena_array(rq->arena, DAY_MOST, struct day_line),
        .close = arena_array(rq->arena, DAY_MOST, struct day_line),
        .red_rule = ledger_light_rule(rq, LIGHT_RED),
        .yellow_rule = ledger_light_rule(rq, LIGHT_YELLOW),
        .blue_rule = ledger_light_rule(rq, LIGHT_BLUE),
    };
    enum status status = fill_today(rq, &page, err);
    if (!status)
        status = fill_duties(rq, &page, err);
    if (!status)
        status = fill_alarms(rq, &page, err);
    if (!status)
        status = ledger_list_notices(rq, 0, &page.notices, &page.nnotices, err);
    if (!status)
        status = ledger_list_waiting(rq, &page.waiting, &page.nwaiting, err);
    if (!status)
        status = ledger_fill_handovers(rq, &page.handovers, err);
    return status ? status
                  : answer_page(rq, "ledger-today", "My day", "今日待办", TODAY_PAGE, &page);
}

const struct route route_ledger_today = {
    .method = "GET",
    .path = "/ledger/today",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "What needs the viewer today, of the lines that they lead or whose unit they head: late, behind, close.",
    .zh = "本人分包及本单位负责条目中今日须处理的事项：逾期、滞后、临期。",
    .output = TODAY_PAGE,
    .page = "ledger-today",
    .run = show_today,
};

/* --- what each carries ---------------------------------------------------------------------------- */

/* Lights are counted line by line before anything is added up, so that the rule stays the one of light.h. */
static const struct grid LEADS = {
    .path = "/ledger/leads",
    .en = "Leads",
    .zh = "分包领导",
    .from =
        "(SELECT lead, count(*) AS lines, sum(light = 4) AS late, sum(light = 3) AS behind,"
        " sum(light = 2) AS close FROM (SELECT l.lead AS lead, " LIGHT_SQL
        " AS light FROM line l WHERE l.state = 'active' AND l.lead IS NOT NULL) GROUP BY lead) s"
        " JOIN member m ON m.id = s.lead",
    .where = "1",
    .key = "m.key",
    .link = "'/ledger?state=active&lead=' || m.key",
    .order = "-late",
    .columns =
        (const struct grid_column[]){
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"lines", GRID_NUMBER, "s.lines", NULL, "Lines in hand", "在办条目", NULL},
            {"late", GRID_NUMBER, "s.late", NULL, "Late", "逾期", NULL},
            {"behind", GRID_NUMBER, "s.behind", NULL, "Behind", "滞后", NULL},
            {"close", GRID_NUMBER, "s.close", NULL, "Close", "临期", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(m.name), lower({})) > 0", .en = "Name", .zh = "姓名"},
            {0},
        },
};
struct leads_page {
    struct grid_sight grid;
};
static const struct field LEADS_PAGE[] = {
    GRID_FIELD(struct leads_page, grid),
    {0},
};

static enum status show_leads(struct request *rq, struct error *err)
{
    struct leads_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &LEADS, &page.grid, &answered, err);
    return status || answered
               ? status
               : answer_page(rq, "ledger-leads", "Leads", "分包领导", LEADS_PAGE, &page);
}

const struct route route_ledger_leads = {
    .method = "GET",
    .path = "/ledger/leads",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Who leads how many lines in hand, and how many of them are late, behind or close.",
    .zh = "各分包领导的在办条目数，及其中逾期、滞后、临期的条目数。",
    .grid = &LEADS,
    .output = LEADS_PAGE,
    .page = "ledger-leads",
    .run = show_leads,
};
