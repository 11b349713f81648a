/* Alarms of indicators that stand, as a list: since when, by which rule, whose. */
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"

#include "ledger/measure.h"

static const char *alarm_word(struct str value, enum lang lang)
{
    return ledger_alarm_word(ledger_alarm_named(value), lang);
}

static const char *alarm_rule(struct str value, enum lang lang)
{
    return ledger_alarm_rule(ledger_alarm_named(value), lang);
}

static enum status alarm_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                 size_t *count, struct error *err)
{
    (void)err;
    *list = arena_array(rq->arena, LEDGER_ALARM_KINDS, struct ledger_choice);
    for (*count = 0; *count < LEDGER_ALARM_KINDS; ++*count) {
        struct str name = str_of(ledger_alarm_name(1U << *count));
        (*list)[*count] = (struct ledger_choice){
            name, str_of(ledger_alarm_word(1U << *count, rq->lang)), str_equal(name, chosen)};
    }
    return STATUS_OK;
}

static const struct grid_option MINE[] = {
    {"own", "I answer for", "我负责的"},
    {"followed", "I follow", "我关注的"},
    {0},
};
static const struct grid ALARMS = {
    .path = "/ledger/alarms",
    .en = "Alarms of indicators",
    .zh = "指标提醒",
    .from = "indicator_alarm a JOIN line l ON l.id = a.line LEFT JOIN unit u ON u.id = l.unit"
            " LEFT JOIN member m ON m.id = l.lead",
    .where = "l.state = 'active'",
    .key = "l.key",
    .row = "a.id",
    .link = "'/ledger/lines/' || l.key || '/indicator?year=' || coalesce(a.month / 12, a.year)",
    .order = "since",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Indicator", "指标", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"alarm", GRID_TEXT, "a.kind", NULL, "Alarm", "提醒", alarm_word},
            {"month", GRID_TEXT,
             "CASE WHEN a.month IS NOT NULL THEN printf('%04d-%02d', a.month / 12, a.month % 12 + 1) END",
             "a.month", "Month that lacks", "所缺月份", NULL},
            {"since", GRID_DAY, "a.since_day", NULL, "Since", "起始日期", NULL},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"rule", GRID_TEXT, "a.kind", NULL, "Rule", "规则", alarm_rule},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
             .en = "Title or number", .zh = "名称或编号"},
            {"alarm", "a.kind = {}", "Alarm", "提醒", .choices = alarm_choices},
            {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
             .choices = grid_unit_choices},
            {"lead", "l.lead = (SELECT id FROM member WHERE key = {})", "Lead", "分包领导",
             .choices = grid_lead_choices},
            {"mine",
             "CASE {} WHEN 'own' THEN l.lead = ?1 OR l.unit IN (SELECT id FROM unit WHERE head = ?1)"
             " WHEN 'followed' THEN l.id IN (SELECT line FROM line_follow WHERE member = ?1) END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};

struct alarms_page {
    struct grid_sight grid;
};
static const struct field ALARMS_PAGE[] = {
    GRID_FIELD(struct alarms_page, grid),
    {0},
};

static enum status show_alarms(struct request *rq, struct error *err)
{
    struct alarms_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &ALARMS, &page.grid, &answered, err);
    return status || answered ? status
                              : answer_page(rq, "ledger-alarms", "Alarms of indicators", "指标提醒",
                                            ALARMS_PAGE, &page);
}

const struct route route_ledger_alarms = {
    .method = "GET",
    .path = "/ledger/alarms",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "Alarms of indicators that stand: since when, by which rule, whose; with format=csv or xlsx as a file.",
    .zh = "现有指标提醒：起始日期、规则、责任单位与分包领导；format=csv 或 xlsx 时导出。",
    .grid = &ALARMS,
    .output = ALARMS_PAGE,
    .page = "ledger-alarms",
    .run = show_alarms,
};
