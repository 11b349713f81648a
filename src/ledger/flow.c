/* Spans and the net of lines as they are drawn from the database; see flow.h. Where from, is in flow_sources.c. */
#include "ledger/flow.h"

#include <stdlib.h>

#include "base/calendar.h"

#define LAST_DAY 2932896 /* 9999-12-31: a greater number is a moment */

static int64_t day_at(struct query *q, int column)
{
    int64_t value = query_int(q, column);
    return value > LAST_DAY ? calendar_day_of(value) : value;
}

struct drawing {
    struct arena *arena;
    const struct flow_filter *filter;
    struct flow *flow;
    size_t room;
    unsigned step, reason; /* of the row before: the next one's are often the same */
    bool unknown;          /* a source named a step or reason that there is not */
};

static void know_names(struct drawing *d, struct str step, struct str reason)
{
    unsigned found;
    if (!str_equal(step, str_of(flow_steps[d->step].name))) {
        d->unknown |= !flow_step_named(step, &found);
        d->step = flow_steps[found].name ? found : d->step;
    }
    if (!str_equal(reason, str_of(flow_reasons[d->reason].name))) {
        d->unknown |= !flow_reason_named(reason, &found);
        d->reason = flow_reasons[found].name ? found : d->reason;
    }
}

static void add_span(struct drawing *d, struct span span)
{
    struct flow *flow = d->flow;
    const struct flow_filter *f = d->filter;
    if (span.from > span.to || !span_touches(&span, &f->period) ||
        (f->unit && f->unit != span.unit))
        return;
    if (flow->nspans == d->room) {
        size_t room = d->room ? 2 * d->room : 256;
        flow->spans =
            arena_grow_unset(d->arena, flow->spans, d->room * sizeof span, room * sizeof span);
        d->room = room;
    }
    span.waiting = flow_reasons[span.reason].waits;
    span.last = flow_steps[span.step].last;
    flow->spans[flow->nspans++] = span;
}

static void take_span(struct drawing *d, struct query *q)
{
    int64_t today = d->filter->period.last;
    int64_t closed = day_at(q, 8);
    int64_t until = query_is_null(q, 5) ? INT64_MAX : day_at(q, 5);
    if (query_is_null(q, 4))
        return;
    if (closed && until == INT64_MAX)
        until = closed;
    know_names(d, query_str(q, 0), query_str(q, 1));
    add_span(d, (struct span){
                    .line = query_int(q, 2),
                    .unit = query_int(q, 3),
                    .step = d->step,
                    .reason = d->reason,
                    .open = until > today,
                    .from = day_at(q, 4),
                    .to = until > today ? today : until,
                    .due = day_at(q, 6),
                    .behind = query_int(q, 7),
                });
}

static enum status draw(struct drawing *d, struct store *store, const char *sql, struct error *err)
{
    const struct flow_filter *f = d->filter;
    struct query *q = query_start(store, sql);
    query_bind_str(q, 1,
                   f->kind < 0 ? STR("") : str_of(ledger_kind_name((enum ledger_kind)f->kind)));
    query_bind_int(q, 2, f->unit);
    query_bind_int(q, 3, calendar_moment_of(f->period.first));
    while (query_row(q))
        take_span(d, q);
    enum status status = query_end(q, err);
    return status || !d->unknown
               ? status
               : error_set(err, STATUS_DAMAGED, "A source of steps names one that there is not.",
                           "某一步骤来源使用了未定义的步骤名称。");
}

/* --- the net -------------------------------------------------------------------------------------- */

static enum status count_lines(struct store *store, size_t *lines, size_t *links, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT (SELECT count(*) FROM line WHERE state <> 'closed'),"
                           " (SELECT count(*) FROM line_link)");
    if (query_row(q)) {
        *lines = (size_t)query_int(q, 0);
        *links = (size_t)query_int(q, 1);
    }
    return query_end(q, err);
}

static void take_line(struct query *q, const struct flow_filter *f, struct flow *flow,
                      int64_t *parents)
{
    size_t at = flow->net.nlines++;
    bool ended = query_int(q, 6);
    int64_t end = ended ? day_at(q, 5) : f->period.last;
    enum ledger_kind kind = at ? flow->lines[at - 1].kind : LEDGER_GOAL;
    if (!str_equal(query_str(q, 2), str_of(ledger_kind_name(kind))))
        (void)ledger_kind_named(query_str(q, 2), &kind);
    flow->net.lines[at] =
        (struct span_line){query_int(q, 0), query_int(q, 3), query_int(q, 4), end, ended};
    flow->lines[at] =
        (struct flow_line){query_int(q, 1), kind, query_int(q, 8) == 0, query_int(q, 9) > 0};
    flow->shown[at] = end >= f->period.first && (!f->unit || f->unit == flow->lines[at].unit) &&
                      (f->kind < 0 || f->kind == (int)kind);
    parents[at] = query_int(q, 7);
}

/* What is only proposed is not late. */
static enum status load_lines(struct store *store, const struct flow_filter *f, size_t room,
                              struct flow *flow, int64_t *parents, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT id, unit, kind, begins_day, CASE WHEN state <> 'proposed' THEN due_day END,"
               " ended_ms, state = 'done', parent, state = 'proposed', progress FROM line"
               " WHERE state <> 'closed' ORDER BY id");
    while (flow->net.nlines < room && query_row(q))
        take_line(q, f, flow, parents);
    return query_end(q, err);
}

/* Lines wait for each other within the same one; a link that was left behind when one was moved holds nothing. */
static enum status load_links(struct store *store, size_t room, struct flow *flow,
                              const int64_t *parents, struct error *err)
{
    struct span_net *net = &flow->net;
    struct query *q = query_start(store, "SELECT before, after, lag FROM line_link ORDER BY after");
    for (size_t n = 0; n < room && query_row(q); n++) {
        size_t before = span_find_line(net, query_int(q, 0));
        size_t after = span_find_line(net, query_int(q, 1));
        if (before != SIZE_MAX && after != SIZE_MAX && parents[after] &&
            parents[before] == parents[after])
            net->holds[net->nholds++] = (struct span_hold){before, after, query_int(q, 2), false};
    }
    return query_end(q, err);
}

/* What lies in a line holds up its end. */
static void hold_wholes(struct span_net *net, const int64_t *parents)
{
    for (size_t i = 0; i < net->nlines; i++) {
        size_t whole = parents[i] ? span_find_line(net, parents[i]) : SIZE_MAX;
        if (whole != SIZE_MAX)
            net->holds[net->nholds++] = (struct span_hold){i, whole, 0, true};
    }
}

static enum status load_net(struct arena *arena, struct store *store, const struct flow_filter *f,
                            struct flow *flow, struct error *err)
{
    size_t lines = 0;
    size_t links = 0;
    enum status status = count_lines(store, &lines, &links, err);
    if (status)
        return status;
    int64_t *parents = arena_array(arena, lines + 1, int64_t);
    flow->net.lines = arena_array(arena, lines + 1, struct span_line);
    flow->net.holds = arena_array(arena, lines + links + 1, struct span_hold);
    flow->lines = arena_array(arena, lines + 1, struct flow_line);
    flow->shown = arena_array(arena, lines + 1, bool);
    status = load_lines(store, f, lines, flow, parents, err);
    if (!status)
        status = load_links(store, links, flow, parents, err);
    hold_wholes(&flow->net, parents);
    return status;
}

/* --- milestones ----------------------------------------------------------------------------------- */

/* What comes before a line of the same line, as links say. */
struct ahead {
    bool any, leads; /* something comes before it, and after it */
    size_t before;   /* that has not ended, else that ended last */
    int64_t free;    /* day on which the last of them had ended; 0: one has not */
};

static struct ahead *look_ahead(struct arena *arena, const struct span_net *net)
{
    struct ahead *list = arena_array(arena, net->nlines + 1, struct ahead);
    for (size_t i = 0; i < net->nholds; i++) {
        const struct span_hold *hold = &net->holds[i];
        const struct span_line *before = &net->lines[hold->before];
        struct ahead *a = &list[hold->after];
        if (hold->part)
            continue;
        int64_t free = before->ended ? before->end + hold->lag : 0;
        if (!a->any || (a->free && (!free || free > a->free))) {
            a->before = hold->before;
            a->free = free;
        }
        a->any = true;
        list[hold->before].leads = true;
    }
    return list;
}

/* Milestones, and other lines that come after one of the same line, from the day on which they were to begin. While one waits
 * it is the turn of whose line it waits for. Nobody notes when work began: one that has progress, or has ended, is taken to have
 * begun as soon as it could. */
static void draw_line(struct drawing *d, size_t at, const struct ahead *ahead, unsigned work,
                      unsigned before)
{
    const struct flow *flow = d->flow;
    const struct span_line *line = &flow->net.lines[at];
    const struct flow_line *more = &flow->lines[at];
    struct span span = {.line = line->id, .step = d->step, .from = line->begins - 1};
    int64_t free = ahead->any && ahead->free <= line->end ? ahead->free : 0;
    bool late = !ahead->free || ahead->free > line->end; /* what comes before, or its lag */
    bool waits = ahead->any && late && !line->ended && !more->begun;
    if (waits || free > span.from) {
        span.before = flow->net.lines[ahead->before].id;
        span.unit = flow->lines[ahead->before].unit;
        span.reason = before;
        span.open = waits;
        span.to = waits ? line->end : free;
        span.behind = 1;
        add_span(d, span);
    }
    if (waits)
        return;
    add_span(d, (struct span){.line = line->id,
                              .unit = more->unit,
                              .step = d->step,
                              .reason = work,
                              .open = !line->ended,
                              .from = free > span.from ? free : span.from,
                              .to = line->end,
                              .due = line->due});
}

static void draw_lines(struct drawing *d)
{
    const struct flow *flow = d->flow;
    struct ahead *ahead = look_ahead(d->arena, &flow->net);
    unsigned step = 0;
    unsigned last = 0;
    unsigned work = 0;
    unsigned before = 0;
    (void)flow_step_named(STR("line.step"), &step);
    (void)flow_step_named(STR("line.last"), &last);
    (void)flow_reason_named(STR("work"), &work);
    (void)flow_reason_named(STR("before"), &before);
    for (size_t i = 0; i < flow->net.nlines; i++) {
        const struct flow_line *line = &flow->lines[i];
        int64_t begins = flow->net.lines[i].begins;
        if (!line->active || !begins || begins > d->filter->period.last ||
            (line->kind != LEDGER_MILESTONE && !ahead[i].any) ||
            (d->filter->kind >= 0 && d->filter->kind != (int)line->kind))
            continue;
        d->step = ahead[i].leads ? step : last;
        draw_line(d, i, &ahead[i], work, before);
    }
}

/* The stretch that all spans and lines lie in. */
static struct span_clock *make_clock(struct arena *arena, const struct workdays *calendar,
                                     const struct flow *flow, int64_t today)
{
    int64_t first = today - 1;
    for (size_t i = 0; i < flow->nspans; i++) {
        first = flow->spans[i].from < first ? flow->spans[i].from : first;
        if (flow->spans[i].due && flow->spans[i].due < first)
            first = flow->spans[i].due;
    }
    for (size_t i = 0; i < flow->net.nlines; i++) {
        const struct span_line *line = &flow->net.lines[i];
        first = line->begins && line->begins <= first ? line->begins - 1 : first;
        first = line->due && line->due < first ? line->due : first;
    }
    return span_count_days(arena, calendar, first, today);
}

enum status ledger_load_flow(struct arena *arena, struct store *store,
                             const struct workdays *calendar, const struct flow_filter *filter,
                             struct flow *flow, struct error *err)
{
    struct drawing d = {.arena = arena, .filter = filter, .flow = flow};
    enum status status = STATUS_OK;
    *flow = (struct flow){0};
    for (size_t i = 0; !status && flow_sources[i]; i++)
        status = draw(&d, store, flow_sources[i], err);
    if (!status)
        status = load_net(arena, store, filter, flow, err);
    if (status)
        return status;
    draw_lines(&d);
    span_join_net(arena, &flow->net);
    flow->clock = make_clock(arena, calendar, flow, filter->period.last);
    flow->delays = arena_array(arena, flow->net.nlines + 1, struct span_delay);
    span_find_delays(arena, flow->clock, &flow->net, flow->delays);
    return STATUS_OK;
}

/* --- delays --------------------------------------------------------------------------------------- */

static int compare_units(const void *left, const void *right)
{
    const struct flow_delay *a = left;
    const struct flow_delay *b = right;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static int compare_caused(const void *left, const void *right)
{
    const struct flow_delay *a = left;
    const struct flow_delay *b = right;
    if (a->caused != b->caused)
        return a->caused < b->caused ? 1 : -1;
    return compare_units(left, right);
}

static void add_delay(struct flow_delay *sum, const struct flow_delay *one)
{
    sum->late += one->late;
    sum->days += one->days;
    sum->inherited += one->inherited;
    sum->own += one->own;
    sum->caused += one->caused;
}

struct flow_delay *flow_sum_delays(struct arena *arena, const struct flow *flow,
                                   struct flow_delay *all, size_t *count)
{
    struct flow_delay *list = arena_array(arena, flow->net.nlines + 1, struct flow_delay);
    size_t late = 0;
    *all = (struct flow_delay){0};
    *count = 0;
    for (size_t i = 0; i < flow->net.nlines; i++) {
        const struct span_delay *d = &flow->delays[i];
        if (!flow->shown[i] || !d->days)
            continue;
        list[late] =
            (struct flow_delay){flow->lines[i].unit, 1, d->days, d->inherited, d->own, d->caused};
        add_delay(all, &list[late++]);
    }
    if (late)
        qsort(list, late, sizeof *list, compare_units);
    for (size_t i = 0; i < late; i++) {
        if (*count && list[*count - 1].unit == list[i].unit)
            add_delay(&list[*count - 1], &list[i]);
        else
            list[(*count)++] = list[i];
    }
    if (*count)
        qsort(list, *count, sizeof *list, compare_caused);
    return list;
}

size_t *flow_find_origins(struct arena *arena, const struct flow *flow, size_t most, size_t *count)
{
    size_t *list = arena_array(arena, most + 1, size_t);
    const struct span_delay *d = flow->delays;
    *count = 0;
    for (size_t i = 0; i < flow->net.nlines; i++) {
        int64_t passed = d[i].caused - d[i].own;
        size_t at = *count;
        if (!flow->shown[i] || passed <= 0)
            continue;
        for (; at > 0 && d[list[at - 1]].caused - d[list[at - 1]].own < passed; at--)
            list[at] = list[at - 1]; /* the list has room for one more than is kept */
        list[at] = i;
        *count += *count < most;
    }
    return list;
}
