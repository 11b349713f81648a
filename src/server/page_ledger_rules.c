/* By what rules lights show and notices are given, with the numbers behind them, which who runs the portal sets. */
#include "server/internal.h"

#include "ledger/limits.h"
#include "server/ledger_notices.h"

struct light_row {
    struct str light, word, rule;
};
static const struct field LIGHT_ROW[] = {
    FIELD(TEXT, struct light_row, light),
    FIELD(TEXT, struct light_row, word),
    FIELD(TEXT, struct light_row, rule),
    {0},
};
struct notice_row {
    struct str cause, kind, kind_words, rule;
};
static const struct field NOTICE_ROW[] = {
    FIELD(TEXT, struct notice_row, cause),
    FIELD(TEXT, struct notice_row, kind),
    FIELD_HIDDEN(TEXT, struct notice_row, kind_words),
    FIELD(TEXT, struct notice_row, rule),
    {0},
};
struct rules_page {
    int64_t near_days, behind_points, from_hour, until_hour;
    struct str typed_near, typed_behind, typed_from, typed_until, why, calendar;
    struct light_row *lights;
    size_t nlights;
    struct notice_row *notices;
    size_t nnotices;
    bool may_set;
};
static const struct field RULES_PAGE[] = {
    FIELD(NUMBER, struct rules_page, near_days),
    FIELD(NUMBER, struct rules_page, behind_points),
    FIELD(NUMBER, struct rules_page, from_hour),
    FIELD(NUMBER, struct rules_page, until_hour),
    FIELD(TEXT, struct rules_page, calendar),
    FIELD_OF_LIST(struct rules_page, lights, LIGHT_ROW),
    FIELD_OF_LIST(struct rules_page, notices, NOTICE_ROW),
    FIELD_HIDDEN(TEXT, struct rules_page, typed_near),
    FIELD_HIDDEN(TEXT, struct rules_page, typed_behind),
    FIELD_HIDDEN(TEXT, struct rules_page, typed_from),
    FIELD_HIDDEN(TEXT, struct rules_page, typed_until),
    FIELD_HIDDEN(TEXT, struct rules_page, why),
    FIELD(FLAG, struct rules_page, may_set),
    {0},
};
#define ROLES_SET (ROLE_OWNER | ROLE_STEWARD)

static void fill_rules(struct request *rq, struct rules_page *page)
{
    page->lights = arena_array(rq->arena, LIGHTS, struct light_row);
    for (int l = LIGHT_RED; l > LIGHT_NONE; l--)
        page->lights[page->nlights++] = (struct light_row){
            str_of(light_name((enum light)l)), str_of(light_word((enum light)l, rq->lang)),
            ledger_light_rule(rq, (enum light)l)};
    page->notices = arena_array(rq->arena, URGE_CAUSES, struct notice_row);
    for (; page->nnotices < URGE_CAUSES; page->nnotices++) {
        const struct urge_rule *r = &urge_rules[page->nnotices];
        page->notices[page->nnotices] = (struct notice_row){
            str_of(r->name), str_of(urge_kind_name(r->kind)),
            str_of(urge_kind_words(r->kind, rq->lang)),
            urge_rule_words(rq->arena, r->cause, ledger_limits_now(rq), rq->lang)};
    }
}

static struct str typed(const struct request *rq, const char *input, int64_t is)
{
    return rq->post ? request_input(rq, input) : str_format(rq->arena, "%lld", (long long)is);
}

static enum status show_rules(struct request *rq, struct error *err)
{
    const struct ledger_limits *now = ledger_limits_now(rq);
    const struct workdays *calendar;
    struct rules_page page = {
        .near_days = now->near_days,
        .behind_points = now->behind_points,
        .from_hour = now->from_hour,
        .until_hour = now->until_hour,
        .typed_near = typed(rq, "near_days", now->near_days),
        .typed_behind = typed(rq, "behind_points", now->behind_points),
        .typed_from = typed(rq, "from_hour", now->from_hour),
        .typed_until = typed(rq, "until_hour", now->until_hour),
        .why = rq->post ? request_input(rq, "why") : STR(""),
        .may_set = request_may(rq, ROLES_SET),
    };
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (status)
        return status;
    page.calendar = workday_name(calendar, rq->lang);
    fill_rules(rq, &page);
    return answer_page(rq, "ledger-rules", "Rules of lights and notices", "亮灯与督办规则",
                       RULES_PAGE, &page);
}

const struct route route_ledger_rules = {
    .method = "GET",
    .path = "/ledger/rules",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "By what rules lights show and notices are given, with the numbers behind them.",
    .zh = "亮灯与督办单的规则及其数值。",
    .output = RULES_PAGE,
    .page = "ledger-rules",
    .run = show_rules,
};

struct setting_limits {
    struct ledger_limits limits;
    struct ledger_deed deed;
};

static enum status set_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct setting_limits *s = context;
    (void)scratch;
    return ledger_set_limits(store, &s->limits, &s->deed, err);
}

static enum status set_rules(struct request *rq, struct error *err)
{
    struct setting_limits s = {
        {request_number(rq, "near_days"), request_number(rq, "behind_points"),
         request_number(rq, "from_hour"), request_number(rq, "until_hour")},
        {.now_ms = rq->now_ms, .why = request_input(rq, "why")},
    };
    enum status status = ledger_refuse_marks(rq, s.deed.why, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, set_step, &s, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/rules"), "The rules go by these numbers now.",
                                    "规则已按新数值执行。");
}

static const struct input SET_INPUTS[] = {
    {.name = "near_days",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = LIMITS_NEAR_MOST,
     .en = "Days that are near",
     .zh = "临期天数"},
    {.name = "behind_points",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = 100,
     .en = "Points behind",
     .zh = "落后百分点"},
    {.name = "from_hour",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 0,
     .most = 23,
     .en = "Notices from",
     .zh = "发出时段起"},
    {.name = "until_hour",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = 24,
     .en = "Notices until",
     .zh = "发出时段止"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};

const struct route route_ledger_rules_set = {
    .method = "POST",
    .path = "/ledger/rules",
    .roles = ROLES_SET,
    .scope = "manage",
    .en = "Set the numbers behind lights and notices.",
    .zh = "设定亮灯与督办单规则的数值。",
    .inputs = SET_INPUTS,
    .run = set_rules,
    .again = show_rules,
};
