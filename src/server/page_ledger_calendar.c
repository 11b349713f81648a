/* Calendars of the ledger's days: at addresses that hold their own key, and the page that makes such addresses. */
#include "base/calendar.h"
#include "ledger/duty.h"
#include "ledger/project.h"
#include "library/member.h"
#include "library/token.h"
#include "server/feed_token.h"
#include "server/ical.h"
#include "server/internal.h"
#include "server/ledger.h"
#include "server/letter_text.h"

#define EVENTS_MOST 5000
#define DUTIES_MOST 1000
#define PAST_DAYS   90 /* what was due longer ago is no matter of a calendar */

/* --- the calendar --------------------------------------------------------------------------------- */

struct calendar {
    struct request *rq;
    struct buf out;
    struct str site;
    int64_t member, today;
};

/* Whoever has lost access to the ledger since has lost its calendars. */
static enum status check_open(const struct calendar *c, struct error *err)
{
    enum status status = ledger_check_right(c->rq->store, c->member, 0, LEDGER_SEE, err);
    if (status == STATUS_FORBIDDEN)
        return error_set(err, STATUS_MISSING, "There is no calendar at this address (any more).",
                         "此地址没有日历，或已停用。");
    return status;
}

/* Lines by whose they are: "own", "all", or a unit's key, with the units under it. */
#define WHOSE_SQL                                                                              \
    " AND CASE ?3 WHEN 'all' THEN 1 WHEN 'own' THEN (l.lead = ?1 OR l.unit IN (SELECT id FROM" \
    " unit WHERE head = ?1) OR l.id IN (SELECT line FROM line_follow WHERE member = ?1))"      \
    " ELSE l.unit IN (WITH RECURSIVE under (id) AS (SELECT id FROM unit WHERE key = ?3 UNION"  \
    " SELECT u.id FROM unit u JOIN under o ON u.parent = o.id) SELECT id FROM under) END"

static void add_event(struct calendar *c, struct query *q)
{
    struct request *rq = c->rq;
    struct str key = query_str(q, 0);
    struct str watch = query_str(q, 8);
    enum watch at = watch_named(watch);
    enum ledger_kind kind = LEDGER_GOAL;
    struct str unit = query_str(q, 5);
    struct str lead = query_str(q, 6);
    (void)ledger_kind_named(query_str(q, 3), &kind);
    struct str what = at == WATCHES
                          ? STR("")
                          : str_format(rq->arena, "%s · ",
                                       lang_pick(rq->lang, watch_kinds[at].en, watch_kinds[at].zh));
    const char *colon = lang_pick(rq->lang, ": ", "：");
    struct ical_event event = {
        .uid = str_format(rq->arena, "%.*s%s%.*s@chancery", STR_ARG(key), watch.len ? "-" : "",
                          STR_ARG(watch)),
        .day = query_int(q, 7),
        .changed_ms = query_int(q, 9),
        .summary = str_format(rq->arena, "%.*s%.*s %.*s", STR_ARG(what), STR_ARG(query_str(q, 1)),
                              STR_ARG(query_str(q, 2))),
        .text = str_format(
            rq->arena, "%s%s%.*s\n%s%s%.*s\n%s%s%lld%%", lang_pick(rq->lang, "Unit", "责任单位"),
            colon, STR_ARG(unit), lang_pick(rq->lang, "Lead", "分包领导"), colon, STR_ARG(lead),
            lang_pick(rq->lang, "Progress", "进度"), colon, (long long)query_int(q, 4)),
        .url = str_format(rq->arena, "%.*s/ledger/lines/%.*s%s", STR_ARG(c->site), STR_ARG(key),
                          watch.len ? "/watches" : ""),
        .category = str_of(ledger_kind_word(kind, rq->lang)),
    };
    ical_add(&c->out, &event);
}

#define COLUMNS_SQL \
    "SELECT l.key, l.number, l.title, l.kind, l.progress, coalesce(u.name, ''), coalesce(m.name, '')"
#define JOINS_SQL " LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead"

static enum status add_events(struct calendar *c, struct str whose, struct error *err)
{
    struct query *q = query_start(
        c->rq->store, COLUMNS_SQL
        ", l.due_day AS day, '' AS watch, l.changed_ms FROM line l" JOINS_SQL
        " WHERE l.state = 'active' AND l.due_day >= ?2" WHOSE_SQL " UNION ALL " COLUMNS_SQL
        ", w.planned_day, w.watch, l.changed_ms FROM project_watch w"
        " JOIN line l ON l.id = w.line" JOINS_SQL
        " WHERE l.state = 'active' AND w.state = 'open' AND w.planned_day >= ?2" WHOSE_SQL
        " ORDER BY day, 2, watch LIMIT ?4");
    query_bind_int(q, 1, c->member);
    query_bind_int(q, 2, c->today - PAST_DAYS);
    query_bind_str(q, 3, whose);
    query_bind_int(q, 4, EVENTS_MOST);
    while (query_row(q))
        add_event(c, q);
    return query_end(q, err);
}

/* Days of what procedures wait for, beside those of the lines themselves. */
static enum status add_duties(struct calendar *c, struct str whose, struct error *err)
{
    struct request *rq = c->rq;
    struct ledger_duty *list;
    size_t count = 0;
    struct unit unit = {0};
    bool own = str_equal(whose, STR("own"));
    bool all = str_equal(whose, STR("all"));
    enum status status =
        own || all ? STATUS_OK : ledger_find_unit(rq->arena, rq->store, whose, &unit, err);
    if (!status)
        status = ledger_list_duties(rq->arena, rq->store,
                                    own   ? DUTY_OWN
                                    : all ? DUTY_ALL
                                          : DUTY_UNIT,
                                    own ? c->member : unit.id, c->today, DUTIES_MOST, &list, &count,
                                    err);
    for (size_t i = 0; !status && i < count; i++) {
        const struct ledger_duty *d = &list[i];
        const char *rest = d->source->page ? d->source->page : ledger_kind_page(d->line.kind);
        struct str path = ledger_path(rq, d->line.key, rest);
        if (d->due_day < c->today - PAST_DAYS)
            continue;
        ical_add(&c->out,
                 &(struct ical_event){
                     .uid = str_format(rq->arena, "%.*s-%s-%.*s@chancery", STR_ARG(d->line.key),
                                       d->source->name, STR_ARG(d->key)),
                     .day = d->due_day,
                     .changed_ms = d->line.changed_ms,
                     .summary = str_format(rq->arena, "%s · %.*s %.*s",
                                           lang_pick(rq->lang, d->source->en, d->source->zh),
                                           STR_ARG(d->line.number), STR_ARG(d->line.title)),
                     .url = str_format(rq->arena, "%.*s%.*s", STR_ARG(c->site), STR_ARG(path)),
                     .category = str_of(ledger_kind_word(d->line.kind, rq->lang)),
                 });
    }
    return status;
}

static enum status name_of(struct request *rq, struct str whose, struct str *name,
                           struct error *err)
{
    struct unit unit;
    bool own = str_equal(whose, STR("own"));
    *name = own ? request_words(rq, "My days in the ledger", "台账：我的期限")
                : request_words(rq, "Days in the ledger", "台账：全部期限");
    if (own || str_equal(whose, STR("all")))
        return STATUS_OK;
    enum status status = ledger_find_unit(rq->arena, rq->store, whose, &unit, err);
    *name = status ? *name : unit.name;
    return status;
}

static enum status show_calendar(struct request *rq, struct error *err)
{
    struct feed_token token;
    struct str name;
    struct calendar c = {
        .rq = rq, .out = {.arena = rq->arena}, .today = calendar_day_of(rq->now_ms)};
    enum status status = feed_token_find(rq, "calendar", &token, err);
    c.member = token.member;
    if (!status)
        status = check_open(&c, err);
    if (!status)
        status = letter_site_url(rq->arena, rq->server, rq->store, &c.site, err);
    if (!status)
        status = name_of(rq, rq->params[1], &name, err);
    if (status)
        return status;
    ical_begin(&c.out, name);
    status = add_events(&c, rq->params[1], err);
    if (!status)
        status = add_duties(&c, rq->params[1], err);
    ical_end(&c.out);
    return status ? status : feed_answer(rq, "text/calendar; charset=utf-8", buf_str(&c.out));
}

const struct route route_calendar = {
    .method = "GET",
    .path = "/calendar/{token}/{whose}",
    .roles = ROLE_ANYONE,
    .en = "Days of the ledger (iCalendar): own, all, or those of a unit; the token is the key.",
    .zh = "台账期限日历（iCalendar）：own 为本人，all 为全部，或某一单位；凭令牌访问。",
    .run = show_calendar,
};

/* --- its address ---------------------------------------------------------------------------------- */

struct calendars_page {
    struct str address; /* shown once */
    struct ledger_choice *units;
    size_t nunits;
    int64_t calendars;
};
static const struct field CALENDARS_PAGE[] = {
    FIELD(TEXT, struct calendars_page, address),
    FIELD_OF_LIST(struct calendars_page, units, ledger_choice_fields),
    FIELD(NUMBER, struct calendars_page, calendars),
    {0},
};

static enum status show_calendars(struct request *rq, struct str address, struct error *err)
{
    struct calendars_page page = {.address = address};
    struct query *q =
        query_start(rq->store, "SELECT count(*) FROM token WHERE member = ?1 AND ended_ms IS NULL"
                               " AND instr(' ' || scopes || ' ', ' calendar ') > 0");
    query_bind_int(q, 1, rq->viewer.member);
    page.calendars = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status)
        status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    return status ? status
                  : answer_page(rq, "ledger-calendars", "Calendars", "日历订阅", CALENDARS_PAGE,
                                &page);
}

static enum status get_calendars(struct request *rq, struct error *err)
{
    return show_calendars(rq, STR(""), err);
}

const struct route route_ledger_calendars = {
    .method = "GET",
    .path = "/ledger/calendars",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "How to get the ledger's days into a calendar.",
    .zh = "将台账期限订阅到日历。",
    .output = CALENDARS_PAGE,
    .page = "ledger-calendars",
    .run = get_calendars,
};

struct new_calendar {
    struct arena *arena;
    int64_t member, now_ms;
    struct str name, secret;
};

static enum status make_token(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct new_calendar *c = context;
    (void)scratch;
    return token_make(c->arena, store, c->member, c->name, STR("calendar"), 0, c->now_ms,
                      &c->secret, err);
}

static enum status make_calendar(struct request *rq, struct error *err)
{
    struct str site;
    struct str whose = request_input(rq, "whose");
    struct new_calendar c = {.arena = rq->arena, .member = rq->viewer.member, .now_ms = rq->now_ms};
    enum status status = name_of(rq, whose, &c.name, err);
    if (!status)
        status = letter_site_url(rq->arena, rq->server, rq->store, &site, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), make_token, &c, err);
    return status ? status
                  : show_calendars(rq,
                                   str_format(rq->arena, "%.*s/calendar/%.*s/%.*s", STR_ARG(site),
                                              STR_ARG(c.secret), STR_ARG(whose)),
                                   err);
}

static const struct input MAKE_INPUTS[] = {
    {.name = "whose",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 40,
     .en = "Whose days",
     .zh = "范围"},
    {0},
};

const struct route route_ledger_calendar_make = {
    .method = "POST",
    .path = "/ledger/calendars",
    .roles = ROLES_LEDGER,
    .en = "Make a calendar's address.",
    .zh = "生成日历订阅地址。",
    .inputs = MAKE_INPUTS,
    .output = CALENDARS_PAGE,
    .page = "ledger-calendars",
    .run = make_calendar,
    .again = get_calendars,
};
