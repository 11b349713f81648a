/* The schedule of what is under a line: plan and expectation, what decides the end, what waits for what. */
#include "server/internal.h"

#include "base/calendar.h"
#include "ledger/link.h"
#include "server/chart.h"
#include "server/ledger.h"

struct step_row {
    struct str key, number, title, begins, due, expected_begins, expected_ends, waits_for;
    int64_t progress, late, slack;
    bool dated, done, critical, is_late;
};
static const struct field STEP_ROW[] = {
    FIELD(TEXT, struct step_row, key),
    FIELD(TEXT, struct step_row, number),
    FIELD(TEXT, struct step_row, title),
    FIELD(DATE, struct step_row, begins),
    FIELD(DATE, struct step_row, due),
    FIELD(DATE, struct step_row, expected_begins),
    FIELD(DATE, struct step_row, expected_ends),
    FIELD(TEXT, struct step_row, waits_for),
    FIELD(NUMBER, struct step_row, progress),
    FIELD(NUMBER, struct step_row, late),
    FIELD(NUMBER, struct step_row, slack),
    FIELD_HIDDEN(FLAG, struct step_row, dated),
    FIELD(FLAG, struct step_row, done),
    FIELD(FLAG, struct step_row, critical),
    FIELD_HIDDEN(FLAG, struct step_row, is_late),
    {0},
};
struct link_row {
    struct str before, before_title, after, after_title;
    int64_t lag;
};
static const struct field LINK_ROW[] = {
    FIELD(TEXT, struct link_row, before), FIELD(TEXT, struct link_row, before_title),
    FIELD(TEXT, struct link_row, after),  FIELD(TEXT, struct link_row, after_title),
    FIELD(NUMBER, struct link_row, lag),  {0},
};
struct schedule_page {
    struct ledger_head head;
    struct str chart, end;
    int64_t late; /* days that the end is expected after the line's own due day */
    bool any, drawn, is_late, may_link;
    struct step_row *steps;
    struct link_row *links;
    struct ledger_choice *choices;
    size_t nsteps, nlinks, nchoices;
};
static const struct field SCHEDULE_PAGE[] = {
    LEDGER_HEAD_FIELD(struct schedule_page, head),
    FIELD_HIDDEN(MARKUP, struct schedule_page, chart),
    FIELD_HIDDEN(FLAG, struct schedule_page, any),
    FIELD_HIDDEN(FLAG, struct schedule_page, drawn),
    FIELD(DATE, struct schedule_page, end),
    FIELD(NUMBER, struct schedule_page, late),
    FIELD_HIDDEN(FLAG, struct schedule_page, is_late),
    FIELD_HIDDEN(FLAG, struct schedule_page, may_link),
    FIELD_OF_LIST(struct schedule_page, steps, STEP_ROW),
    FIELD_OF_LIST(struct schedule_page, links, LINK_ROW),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "choices",
     .at = offsetof(struct schedule_page, choices),
     .parts = ledger_choice_fields,
     .count_at = offsetof(struct schedule_page, nchoices),
     .size = sizeof(struct ledger_choice)},
    {0},
};

static struct str waits_for(struct request *rq, const struct ledger_plan *plan, size_t step)
{
    struct buf out = {.arena = rq->arena};
    for (size_t i = 0; i < plan->nlinks; i++)
        if (plan->links[i].after == step)
            buf_format(&out, "%s%.*s", out.len ? ", " : "",
                       STR_ARG(plan->lines[plan->links[i].before].number));
    return buf_str(&out);
}

static struct step_row row_of(struct request *rq, const struct ledger_plan *plan, size_t at)
{
    const struct line *line = &plan->lines[at];
    const struct schedule_forecast *f = &plan->forecasts[at];
    int64_t late =
        f->ends && line->due_day && f->ends > line->due_day ? f->ends - line->due_day : 0;
    return (struct step_row){
        .key = line->key,
        .number = line->number,
        .title = line->title,
        .begins = ledger_day(rq, line->begins_day),
        .due = ledger_day(rq, line->due_day),
        .expected_begins = ledger_day(rq, f->begins),
        .expected_ends = ledger_day(rq, f->ends),
        .waits_for = waits_for(rq, plan, at),
        .progress = line->progress,
        .late = late,
        .slack = f->slack,
        .dated = f->ends != 0,
        .done = plan->steps[at].done != 0,
        .critical = f->critical,
        .is_late = late > 0,
    };
}

static struct str draw(struct request *rq, const struct ledger_plan *plan,
                       const struct step_row *rows, int64_t today)
{
    struct chart_span *spans = arena_array(rq->arena, plan->count, struct chart_span);
    for (size_t i = 0; i < plan->count; i++) {
        const struct line *line = &plan->lines[i];
        int64_t planned = line->begins_day ? line->begins_day : line->due_day;
        spans[i] = (struct chart_span){
            .label = line->number,
            .title = str_format(rq->arena, "%.*s %.*s: %.*s – %.*s", STR_ARG(line->number),
                                STR_ARG(line->title),
                                STR_ARG(ledger_day_words(rq, plan->forecasts[i].begins)),
                                STR_ARG(ledger_day_words(rq, plan->forecasts[i].ends))),
            .plan_from = planned < line->due_day ? planned : line->due_day,
            .plan_to = line->due_day,
            .from = plan->forecasts[i].begins,
            .to = plan->forecasts[i].ends,
            .point = !line->begins_day,
            .critical = rows[i].critical,
            .done = rows[i].done,
        };
    }
    return chart_spans(rq->arena, spans, plan->count, today,
                       request_words(rq, "Gantt picture; the table below says the same",
                                     "甘特图；内容与下表相同"));
}

static void fill_rows(struct request *rq, const struct ledger_plan *plan,
                      struct schedule_page *page)
{
    page->nsteps = page->nchoices = plan->count;
    page->nlinks = plan->nlinks;
    page->steps = arena_array(rq->arena, plan->count, struct step_row);
    page->choices = arena_array(rq->arena, plan->count, struct ledger_choice);
    page->links = arena_array(rq->arena, plan->nlinks, struct link_row);
    for (size_t i = 0; i < plan->count; i++) {
        const struct line *line = &plan->lines[i];
        page->steps[i] = row_of(rq, plan, i);
        page->choices[i] = (struct ledger_choice){
            line->number,
            str_format(rq->arena, "%.*s %.*s", STR_ARG(line->number), STR_ARG(line->title)), false};
    }
    for (size_t i = 0; i < plan->nlinks; i++) {
        const struct line *before = &plan->lines[plan->links[i].before];
        const struct line *after = &plan->lines[plan->links[i].after];
        page->links[i] = (struct link_row){before->number, before->title, after->number,
                                           after->title, plan->links[i].lag};
    }
}

static enum status show_schedule(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct ledger_plan plan;
    struct schedule_page page = {0};
    int64_t today = calendar_day_of(rq->now_ms);
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/schedule", &page.head, err);
    if (!status)
        status = ledger_load_plan(rq->arena, rq->store, sight.line.id, today, &plan, err);
    if (status)
        return status;
    fill_rows(rq, &plan, &page);
    page.end = ledger_day(rq, plan.end);
    page.any = plan.count != 0;
    page.drawn = plan.end != 0;
    page.chart = page.drawn ? draw(rq, &plan, page.steps, today) : STR("");
    page.is_late = sight.line.due_day && plan.end > sight.line.due_day;
    page.late = page.is_late ? plan.end - sight.line.due_day : 0;
    page.may_link = page.head.may_change && plan.count > 1;
    return answer_titled_page(rq, "ledger-schedule", sight.line.title, SCHEDULE_PAGE, &page);
}

const struct route route_ledger_schedule = {
    .method = "GET",
    .path = "/ledger/lines/{line}/schedule",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "What is under a line over time: as planned, as to be expected, and what decides the end.",
    .zh = "下级条目的时间安排：计划、预期与关键路径。",
    .output = SCHEDULE_PAGE,
    .page = "ledger-schedule",
    .run = show_schedule,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct linking {
    int64_t parent, before, after, lag;
    struct ledger_deed deed;
};

static enum status link_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct linking *l = context;
    return ledger_link_lines(scratch, store, l->parent, l->before, l->after, l->lag, &l->deed, err);
}

static enum status unlink_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct linking *l = context;
    (void)scratch;
    return ledger_unlink_lines(store, l->parent, l->before, l->after, &l->deed, err);
}

static enum status write_link(struct request *rq, server_write_step step, struct linking *l,
                              const char *en, const char *zh, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (!status)
        status = ledger_read_line(rq, "before", &l->before, err);
    if (!status)
        status = ledger_read_line(rq, "after", &l->after, err);
    l->parent = sight.line.id;
    l->deed.now_ms = rq->now_ms;
    if (!status)
        status = ledger_write(rq, l->parent, LEDGER_CHANGE, step, l, err);
    return status ? status : ledger_answer_done(rq, "/schedule", en, zh);
}

static enum status link_lines(struct request *rq, struct error *err)
{
    struct linking l = {.lag = request_number(rq, "lag")};
    return write_link(rq, link_step, &l, "The order is kept.", "先后关系已保存。", err);
}

static enum status unlink_lines(struct request *rq, struct error *err)
{
    struct linking l = {0};
    return write_link(rq, unlink_step, &l, "It waits for that line no longer.", "先后关系已取消。",
                      err);
}

#define BETWEEN                                                                                  \
    {.name = "before",                                                                           \
     .kind = INPUT_CHOICE,                                                                       \
     .needed = true,                                                                             \
     .most = 20,                                                                                 \
     .en = "Goes before",                                                                        \
     .zh = "前置条目"},                                                                          \
    {                                                                                            \
        .name = "after", .kind = INPUT_CHOICE, .needed = true, .most = 20, .en = "Waits for it", \
        .zh = "后续条目"                                                                     \
    }
static const struct input LINK_INPUTS[] = {
    BETWEEN,
    {.name = "lag",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = LINK_LAG_MAX,
     .en = "Days between",
     .zh = "间隔天数"},
    {0},
};
static const struct input UNLINK_INPUTS[] = {BETWEEN, {0}};

const struct route route_ledger_schedule_link = {
    .method = "POST",
    .path = "/ledger/lines/{line}/schedule/link",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Let one line under this one wait for another.",
    .zh = "设定下级条目的先后关系。",
    .inputs = LINK_INPUTS,
    .run = link_lines,
};
const struct route route_ledger_schedule_unlink = {
    .method = "POST",
    .path = "/ledger/lines/{line}/schedule/unlink",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Let a line wait for another no longer.",
    .zh = "取消下级条目的先后关系。",
    .inputs = UNLINK_INPUTS,
    .run = unlink_lines,
};
