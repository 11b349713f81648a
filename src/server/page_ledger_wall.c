/* The wall: how the whole stands, on one page, kept up to date while it is looked at. What is wrong comes first, and every
 * number leads to the lines that it counts. */
#include <math.h>

#include "base/calendar.h"
#include "base/utf8.h"
#include "ledger/account.h"
#include "ledger/standing.h"
#include "server/chart.h"
#include "server/internal.h"
#include "server/ledger.h"

#define RELOAD_S    60
#define UNITS_SHOWN 16U

/* --- tallies -------------------------------------------------------------------------------------- */

/* Lines of a kind by light. */
struct wall_tally {
    struct str words, kind, path;
    int64_t late, behind, close, on_course, undated, done, all;
};
static const struct field TALLY[] = {
    FIELD_HIDDEN(TEXT, struct wall_tally, words),
    FIELD(TEXT, struct wall_tally, kind),
    FIELD_HIDDEN(TEXT, struct wall_tally, path),
    FIELD(NUMBER, struct wall_tally, late),
    FIELD(NUMBER, struct wall_tally, behind),
    FIELD(NUMBER, struct wall_tally, close),
    FIELD(NUMBER, struct wall_tally, on_course),
    FIELD(NUMBER, struct wall_tally, undated),
    FIELD(NUMBER, struct wall_tally, done),
    FIELD(NUMBER, struct wall_tally, all),
    {0},
};

static struct wall_tally tally_of(const struct request *rq, const struct standing *s,
                                  enum ledger_kind kind)
{
    const struct standing_lights *lights = &s->kinds[kind];
    return (struct wall_tally){
        .words = str_of(ledger_kind_words(kind, rq->lang)),
        .kind = str_of(ledger_kind_name(kind)),
        .path = str_format(rq->arena, "/ledger?kind=%s", ledger_kind_name(kind)),
        .late = lights->of[LIGHT_RED],
        .behind = lights->of[LIGHT_YELLOW],
        .close = lights->of[LIGHT_BLUE],
        .on_course = lights->of[LIGHT_GREEN],
        .undated = lights->of[LIGHT_NONE],
        .done = s->done[kind],
        .all = lights->all,
    };
}

/* --- lines ---------------------------------------------------------------------------------------- */

struct wall_line {
    struct str key, number, title, within, unit, due, kind_word, light;
    int64_t days, progress, planned;
};
static const struct field LINE[] = {
    FIELD(TEXT, struct wall_line, key),       FIELD(TEXT, struct wall_line, number),
    FIELD(TEXT, struct wall_line, title),     FIELD(TEXT, struct wall_line, within),
    FIELD(TEXT, struct wall_line, unit),      FIELD(DATE, struct wall_line, due),
    FIELD(TEXT, struct wall_line, kind_word), FIELD(TEXT, struct wall_line, light),
    FIELD(NUMBER, struct wall_line, days),    FIELD(NUMBER, struct wall_line, progress),
    FIELD(NUMBER, struct wall_line, planned), {0},
};

static struct wall_line *lines_of(struct request *rq, const struct standing_line *from,
                                  size_t count)
{
    struct wall_line *list = arena_array(rq->arena, count + 1, struct wall_line);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct wall_line){
            .key = from[i].line.key,
            .number = from[i].line.number,
            .title = from[i].line.title,
            .within = from[i].within,
            .unit = from[i].unit,
            .due = ledger_day(rq, from[i].line.due_day),
            .kind_word = str_of(ledger_kind_word(from[i].line.kind, rq->lang)),
            .light = str_of(light_name(ledger_light(rq, &from[i].line))),
            .days = from[i].days,
            .progress = from[i].line.progress,
            .planned = from[i].planned,
        };
    return list;
}

/* --- units ---------------------------------------------------------------------------------------- */

struct wall_unit {
    struct str key, name;
    int64_t late, behind, close, all;
};
static const struct field UNIT[] = {
    FIELD(TEXT, struct wall_unit, key),
    FIELD(TEXT, struct wall_unit, name),
    FIELD(NUMBER, struct wall_unit, late),
    FIELD(NUMBER, struct wall_unit, behind),
    FIELD(NUMBER, struct wall_unit, close),
    FIELD(NUMBER, struct wall_unit, all),
    {0},
};

static struct str chart_of(const struct request *rq, const struct wall_unit *units, size_t count)
{
    const struct str parts[CHART_SHARES] = {
        request_words(rq, "late", "逾期"),
        request_words(rq, "behind", "滞后"),
        request_words(rq, "close or on course", "临期或正常"),
    };
    struct chart_share *rows = arena_array(rq->arena, count + 1, struct chart_share);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct chart_share){
            chart_label(rq->arena, units[i].name),
            {units[i].late, units[i].behind, units[i].all - units[i].late - units[i].behind}};
    return count ? chart_shares(rq->arena, rows, count, parts,
                                request_words(rq, "Lines in hand by unit and light",
                                              "各单位在办条目亮灯情况"))
                 : STR("");
}

/* --- watches -------------------------------------------------------------------------------------- */

struct wall_watch {
    struct str watch, words;
    int64_t passed, reported, open, late, waived;
};
static const struct field WATCH[] = {
    FIELD(TEXT, struct wall_watch, watch),           FIELD_HIDDEN(TEXT, struct wall_watch, words),
    FIELD(NUMBER, struct wall_watch, passed),        FIELD(NUMBER, struct wall_watch, reported),
    FIELD(NUMBER, struct wall_watch, open),          FIELD(NUMBER, struct wall_watch, late),
    FIELD_HIDDEN(NUMBER, struct wall_watch, waived), {0},
};
struct wall_state {
    struct str state, words, path;
    int64_t count;
};
static const struct field STATE[] = {
    FIELD(TEXT, struct wall_state, state),
    FIELD_HIDDEN(TEXT, struct wall_state, words),
    FIELD_HIDDEN(TEXT, struct wall_state, path),
    FIELD(NUMBER, struct wall_state, count),
    {0},
};

/* --- indicators ----------------------------------------------------------------------------------- */

struct wall_indicator {
    struct str key, number, title, unit, measure, actual, target, gap;
};
static const struct field INDICATOR[] = {
    FIELD(TEXT, struct wall_indicator, key),
    FIELD(TEXT, struct wall_indicator, number),
    FIELD(TEXT, struct wall_indicator, title),
    FIELD(TEXT, struct wall_indicator, unit),
    FIELD(TEXT, struct wall_indicator, measure),
    FIELD(TEXT, struct wall_indicator, actual),
    FIELD(TEXT, struct wall_indicator, target),
    FIELD(TEXT, struct wall_indicator, gap),
    {0},
};

struct wall_check {
    struct str key, number, title, watch;
};
static const struct field CHECK[] = {
    FIELD(TEXT, struct wall_check, key),
    FIELD(TEXT, struct wall_check, number),
    FIELD(TEXT, struct wall_check, title),
    FIELD(TEXT, struct wall_check, watch),
    {0},
};

/* --- procedures ----------------------------------------------------------------------------------- */

struct wall_duty {
    struct str duty, words, path;
    int64_t open, late;
};
static const struct field DUTY[] = {
    FIELD(TEXT, struct wall_duty, duty),        FIELD_HIDDEN(TEXT, struct wall_duty, words),
    FIELD_HIDDEN(TEXT, struct wall_duty, path), FIELD(NUMBER, struct wall_duty, open),
    FIELD(NUMBER, struct wall_duty, late),      {0},
};
struct wall_campaign {
    struct str key, number, title, due;
    int64_t left, past, progress, planned;
    bool behind;
};
static const struct field CAMPAIGN[] = {
    FIELD(TEXT, struct wall_campaign, key),           FIELD(TEXT, struct wall_campaign, number),
    FIELD(TEXT, struct wall_campaign, title),         FIELD(DATE, struct wall_campaign, due),
    FIELD(NUMBER, struct wall_campaign, left),        FIELD(NUMBER, struct wall_campaign, past),
    FIELD(NUMBER, struct wall_campaign, progress),    FIELD(NUMBER, struct wall_campaign, planned),
    FIELD_HIDDEN(FLAG, struct wall_campaign, behind), {0},
};

/* --- the page ------------------------------------------------------------------------------------- */

struct wall_page {
    struct str today;
    int64_t own_late, own_behind, own_close, own_all, to_check;
    struct wall_check *checks;
    bool any, more_units, may_draft;
    struct wall_tally *tallies;
    struct wall_line *late, *behind;
    int64_t late_count, behind_count;
    struct str red_rule, yellow_rule, blue_rule, green_rule;
    struct wall_unit *units;
    struct str chart;
    struct wall_state *states;
    struct wall_watch *watches;
    struct str planned, paid;
    int64_t paid_percent;
    struct str year;
    int64_t met, near, short_of, untold, above_all, above_some, below_all, measured, ranked;
    struct wall_indicator *missed;
    struct wall_duty *duties;
    struct wall_campaign *campaigns;
    bool procedures;
    size_t nduties, ncampaigns, ntallies, nlate, nbehind, nunits, nstates, nwatches, nmissed,
        nchecks;
};
static const struct field WALL_PAGE[] = {
    FIELD(DATE, struct wall_page, today),
    FIELD(NUMBER, struct wall_page, own_late),
    FIELD(NUMBER, struct wall_page, own_behind),
    FIELD(NUMBER, struct wall_page, own_close),
    FIELD(NUMBER, struct wall_page, own_all),
    FIELD(NUMBER, struct wall_page, to_check),
    FIELD_OF_LIST(struct wall_page, checks, CHECK),
    FIELD_HIDDEN(FLAG, struct wall_page, any),
    FIELD_HIDDEN(FLAG, struct wall_page, may_draft),
    FIELD(FLAG, struct wall_page, more_units),
    FIELD_OF_LIST(struct wall_page, tallies, TALLY),
    FIELD_OF_LIST(struct wall_page, late, LINE),
    FIELD_OF_LIST(struct wall_page, behind, LINE),
    FIELD(NUMBER, struct wall_page, late_count),
    FIELD(NUMBER, struct wall_page, behind_count),
    FIELD_HIDDEN(TEXT, struct wall_page, red_rule),
    FIELD_HIDDEN(TEXT, struct wall_page, yellow_rule),
    FIELD_HIDDEN(TEXT, struct wall_page, blue_rule),
    FIELD_HIDDEN(TEXT, struct wall_page, green_rule),
    FIELD_OF_LIST(struct wall_page, units, UNIT),
    FIELD_HIDDEN(MARKUP, struct wall_page, chart),
    FIELD_OF_LIST(struct wall_page, states, STATE),
    FIELD_OF_LIST(struct wall_page, watches, WATCH),
    FIELD(TEXT, struct wall_page, planned),
    FIELD(TEXT, struct wall_page, paid),
    FIELD(NUMBER, struct wall_page, paid_percent),
    FIELD(TEXT, struct wall_page, year),
    FIELD(NUMBER, struct wall_page, met),
    FIELD(NUMBER, struct wall_page, near),
    FIELD(NUMBER, struct wall_page, short_of),
    FIELD(NUMBER, struct wall_page, untold),
    FIELD(NUMBER, struct wall_page, above_all),
    FIELD(NUMBER, struct wall_page, above_some),
    FIELD(NUMBER, struct wall_page, below_all),
    FIELD_HIDDEN(NUMBER, struct wall_page, measured),
    FIELD_HIDDEN(NUMBER, struct wall_page, ranked),
    FIELD_OF_LIST(struct wall_page, missed, INDICATOR),
    FIELD_OF_LIST(struct wall_page, duties, DUTY),
    FIELD_OF_LIST(struct wall_page, campaigns, CAMPAIGN),
    FIELD_HIDDEN(FLAG, struct wall_page, procedures),
    {0},
};

static void fill_lines(struct request *rq, const struct standing *s, struct wall_page *page)
{
    page->tallies = arena_array(rq->arena, LEDGER_KINDS, struct wall_tally);
    for (int kind = 0; kind < LEDGER_KINDS; kind++) {
        struct wall_tally tally = tally_of(rq, s, (enum ledger_kind)kind);
        if (!standing_tells((enum ledger_kind)kind))
            continue;
        page->late_count += tally.late;
        page->behind_count += tally.behind;
        if (tally.all + tally.done)
            page->tallies[page->ntallies++] = tally;
    }
    page->late = lines_of(rq, s->late, s->nlate);
    page->nlate = s->nlate;
    page->behind = lines_of(rq, s->behind, s->nbehind);
    page->nbehind = s->nbehind;
    page->red_rule = ledger_light_rule(rq, LIGHT_RED);
    page->yellow_rule = ledger_light_rule(rq, LIGHT_YELLOW);
    page->blue_rule = ledger_light_rule(rq, LIGHT_BLUE);
    page->green_rule = ledger_light_rule(rq, LIGHT_GREEN);
}

static void fill_units(struct request *rq, const struct standing *s, struct wall_page *page)
{
    page->nunits = s->nunits < UNITS_SHOWN ? s->nunits : UNITS_SHOWN;
    page->more_units = s->nunits > UNITS_SHOWN;
    page->units = arena_array(rq->arena, page->nunits + 1, struct wall_unit);
    for (size_t i = 0; i < page->nunits; i++) {
        const struct standing_lights *lights = &s->units[i].lights;
        page->units[i] = (struct wall_unit){s->units[i].key,        s->units[i].name,
                                            lights->of[LIGHT_RED],  lights->of[LIGHT_YELLOW],
                                            lights->of[LIGHT_BLUE], lights->all};
    }
    page->chart = chart_of(rq, page->units, page->nunits);
}

static void fill_projects(struct request *rq, const struct standing *s, struct wall_page *page)
{
    page->states = arena_array(rq->arena, PROJECT_STATES, struct wall_state);
    for (int state = PROJECT_PROPOSED; state < PROJECT_STATES; state++) {
        const char *name = project_state_name((enum project_state)state);
        if (s->projects[state])
            page->states[page->nstates++] = (struct wall_state){
                str_of(name), str_of(project_state_words((enum project_state)state, rq->lang)),
                str_format(rq->arena, "/ledger/projects?state=%s", name), s->projects[state]};
    }
    page->watches = arena_array(rq->arena, WATCHES, struct wall_watch);
    page->nwatches = page->nstates ? WATCHES : 0;
    for (size_t i = 0; i < page->nwatches; i++) {
        const struct standing_watch *w = &s->watches[i];
        page->watches[i] =
            (struct wall_watch){str_of(watch_kinds[i].name),
                                str_of(lang_pick(rq->lang, watch_kinds[i].en, watch_kinds[i].zh)),
                                w->passed,
                                w->reported,
                                w->open,
                                w->late,
                                w->waived};
    }
    if (s->planned_cents > 0) {
        int64_t step = rq->lang == LANG_ZH ? 10000 : 1000000; /* 万元, millions */
        page->planned = account_money(rq->arena, s->planned_cents / step);
        page->paid = account_money(rq->arena, s->paid_cents / step);
        page->paid_percent = s->paid_cents * 100 / s->planned_cents;
    }
}

static void fill_indicators(struct request *rq, const struct standing *s, struct wall_page *page)
{
    page->year = str_format(rq->arena, "%d", s->year);
    page->met = s->met;
    page->near = s->near;
    page->short_of = s->short_of;
    page->untold = s->untold;
    page->above_all = s->above_all;
    page->above_some = s->above_some;
    page->below_all = s->below_all;
    page->measured = s->met + s->near + s->short_of + s->untold;
    page->ranked = s->above_all + s->above_some + s->below_all;
    page->missed = arena_array(rq->arena, s->nmissed + 1, struct wall_indicator);
    for (; page->nmissed < s->nmissed; page->nmissed++) {
        const struct standing_indicator *one = &s->missed[page->nmissed];
        page->missed[page->nmissed] = (struct wall_indicator){
            one->key,
            one->number,
            one->title,
            one->unit,
            one->measure,
            ledger_write_amount(rq->arena, one->actual, one->places),
            ledger_write_amount(rq->arena, one->target, one->places),
            str_format(rq->arena, "−%.1f%%", fabs(one->gap)),
        };
    }
}

static void fill_procedures(struct request *rq, const struct standing *s, struct wall_page *page)
{
    page->duties = arena_array(rq->arena, DUTY_SOURCES_MAX, struct wall_duty);
    for (size_t i = 0; duty_sources[i].name; i++)
        if (s->duties[i].open)
            page->duties[page->nduties++] = (struct wall_duty){
                str_of(duty_sources[i].name),
                request_words(rq, duty_sources[i].en, duty_sources[i].zh),
                str_of(duty_sources[i].list), s->duties[i].open, s->duties[i].late};
    page->campaigns = arena_array(rq->arena, s->ncampaigns + 1, struct wall_campaign);
    for (size_t i = 0; i < s->ncampaigns; i++) {
        const struct line *line = &s->campaigns[i].line;
        page->campaigns[page->ncampaigns++] = (struct wall_campaign){
            .key = line->key,
            .number = line->number,
            .title = line->title,
            .due = ledger_day(rq, line->due_day),
            .left = line->due_day > s->today ? line->due_day - s->today : 0,
            .past = s->campaigns[i].days,
            .progress = line->progress,
            .planned = s->campaigns[i].planned,
            .behind = line->progress < s->campaigns[i].planned,
        };
    }
    page->procedures = page->nduties + page->ncampaigns > 0;
}

static void fill_own(struct request *rq, const struct standing_own *own, struct wall_page *page)
{
    page->own_late = own->lights.of[LIGHT_RED];
    page->own_behind = own->lights.of[LIGHT_YELLOW];
    page->own_close = own->lights.of[LIGHT_BLUE];
    page->own_all = own->lights.all;
    if (!ledger_may(ledger_viewer(rq).is, LEDGER_VERIFY))
        return;
    page->to_check = own->to_check;
    page->nchecks = own->nchecks;
    page->checks = arena_array(rq->arena, own->nchecks + 1, struct wall_check);
    for (size_t i = 0; i < own->nchecks; i++) {
        const struct watch_kind *kind = &watch_kinds[own->checks[i].watch];
        page->checks[i] =
            (struct wall_check){own->checks[i].key, own->checks[i].number, own->checks[i].title,
                                str_of(lang_pick(rq->lang, kind->en, kind->zh))};
    }
}

static enum status show_wall(struct request *rq, struct error *err)
{
    struct standing s;
    struct standing_own own;
    int64_t today = calendar_day_of(rq->now_ms);
    struct wall_page page = {.today = ledger_day(rq, today)};
    enum status status = ledger_load_standing(rq->arena, rq->store, today, &s, err);
    if (!status)
        status =
            ledger_load_own_standing(rq->arena, rq->store, rq->viewer.member, today, &own, err);
    if (status)
        return status;
    fill_own(rq, &own, &page);
    fill_lines(rq, &s, &page);
    fill_units(rq, &s, &page);
    fill_projects(rq, &s, &page);
    fill_indicators(rq, &s, &page);
    fill_procedures(rq, &s, &page);
    page.any = page.ntallies || page.measured;
    page.may_draft = request_may(rq, ROLE_EDITOR);
    rq->reload_s = RELOAD_S;
    return answer_page(rq, "ledger-wall", "Wall", "总览", WALL_PAGE, &page);
}

const struct route route_ledger_wall = {
    .method = "GET",
    .path = "/ledger/wall",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "How the whole ledger stands today: goals, indicators, projects, units, the worst first.",
    .zh = "台账全局今日情况：目标、指标、项目、各单位，问题最突出的在前。",
    .output = WALL_PAGE,
    .page = "ledger-wall",
    .run = show_wall,
};
