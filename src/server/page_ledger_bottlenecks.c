/* Bottlenecks (中梗阻、最后一公里): where the ledger's time goes, what blocks most, and the spans that each figure counts. */
#include <math.h>
#include <stdlib.h>

#include "server/chart.h"
#include "server/internal.h"
#include "server/ledger_flow.h"

#define WORST        10U /* shown of what is worst */
#define HELD_SHOWN   5U  /* lines that one holds up */
#define BARS_SHOWN   12U
#define WEEKS_FEWEST 5
#define SPANS_PAGE   100U

/* --- what blocks ---------------------------------------------------------------------------------- */

struct block_row {
    struct str step, step_words, reason, reason_words, key, number, title, within, unit, unit_key,
        since;
    int64_t days, lines, behind, weight, more;
    bool late; /* work after its day */
    struct flow_name *held;
    size_t nheld;
};
static const struct field BLOCK_ROW[] = {
    FIELD(TEXT, struct block_row, step),
    FIELD_HIDDEN(TEXT, struct block_row, step_words),
    FIELD(TEXT, struct block_row, reason),
    FIELD_HIDDEN(TEXT, struct block_row, reason_words),
    FIELD(TEXT, struct block_row, key),
    FIELD(TEXT, struct block_row, number),
    FIELD(TEXT, struct block_row, title),
    FIELD(TEXT, struct block_row, within),
    FIELD(TEXT, struct block_row, unit),
    FIELD(TEXT, struct block_row, unit_key),
    FIELD(DATE, struct block_row, since),
    FIELD(NUMBER, struct block_row, days),
    FIELD(NUMBER, struct block_row, lines),
    FIELD(NUMBER, struct block_row, behind),
    FIELD(NUMBER, struct block_row, weight),
    FIELD_HIDDEN(NUMBER, struct block_row, more),
    FIELD(FLAG, struct block_row, late),
    FIELD_OF_LIST(struct block_row, held, flow_name_fields),
    {0},
};

/* --- sums ----------------------------------------------------------------------------------------- */

struct sum_row {
    struct str name, words, path;
    int64_t worked, waited, share, spans, open, longest;
    double mean; /* days that a wait took which ended */
    bool ended;
};
static const struct field SUM_ROW[] = {
    FIELD(TEXT, struct sum_row, name),         FIELD_HIDDEN(TEXT, struct sum_row, words),
    FIELD_HIDDEN(TEXT, struct sum_row, path),  FIELD(NUMBER, struct sum_row, worked),
    FIELD(NUMBER, struct sum_row, waited),     FIELD(NUMBER, struct sum_row, share),
    FIELD(NUMBER, struct sum_row, spans),      FIELD(NUMBER, struct sum_row, open),
    FIELD(NUMBER, struct sum_row, longest),    FIELD(REAL, struct sum_row, mean),
    FIELD_HIDDEN(FLAG, struct sum_row, ended), {0},
};

static int64_t percent(int64_t part, int64_t whole)
{
    return whole ? llround(100.0 * (double)part / (double)whole) : 0;
}

static double mean_of(int64_t sum, int64_t count)
{
    return count ? round(10.0 * (double)sum / (double)count) / 10 : 0;
}

/* Names of what a sum is of, and the address of the spans in it. */
static void name_sum(const struct request *rq, const struct flow_view *view, enum span_by by,
                     int64_t key, const char *only, struct sum_row *row)
{
    struct str query = flow_query(rq, view);
    const char *field = by == SPAN_BY_STEP ? "step" : "reason";
    if (by == SPAN_BY_STEP) {
        row->name = str_of(flow_steps[key].name);
        row->words = str_of(flow_step_words((unsigned)key, rq->lang));
    } else if (by == SPAN_BY_REASON) {
        row->name = str_of(flow_reasons[key].name);
        row->words = str_of(flow_reason_words((unsigned)key, rq->lang));
    } else {
        row->name = flow_unit_key(view, key);
        row->words = flow_unit_name(rq, view, key);
        query = str_format(rq->arena, "period=%lld%s%.*s", (long long)view->days,
                           view->kind.len ? "&kind=" : "", STR_ARG(view->kind));
        field = "whose";
    }
    row->path = str_format(rq->arena, "/ledger/bottlenecks/spans?%.*s&%s=%.*s%s", STR_ARG(query),
                           field, STR_ARG(row->name.len ? row->name : STR("none")), only);
}

/* `only` is what the addresses say besides: "&last=1". */
static struct sum_row *sum_rows(const struct request *rq, const struct flow_view *view,
                                const struct span *spans, size_t nspans, enum span_by by,
                                const char *only, size_t *count)
{
    struct span_sum *sums =
        span_sum_up(rq->arena, view->flow.clock, spans, nspans, &view->filter.period, by, count);
    struct sum_row *rows = arena_array(rq->arena, *count + 1, struct sum_row);
    for (size_t i = 0; i < *count; i++) {
        rows[i] = (struct sum_row){
            .worked = sums[i].worked,
            .waited = sums[i].waited,
            .share = percent(sums[i].waited, sums[i].worked + sums[i].waited),
            .spans = sums[i].spans,
            .open = sums[i].open,
            .longest = sums[i].longest,
            .mean = mean_of(sums[i].ended_days, sums[i].ended),
            .ended = sums[i].ended > 0,
        };
        if (by != SPAN_BY_NOTHING)
            name_sum(rq, view, by, sums[i].key, only, &rows[i]);
    }
    return rows;
}

static struct str chart_sums(const struct request *rq, const struct sum_row *rows, size_t count,
                             const char *en, const char *zh)
{
    const struct str parts[CHART_SHARES] = {request_words(rq, "waited", "等待"),
                                            request_words(rq, "worked", "办理"), STR("")};
    size_t bars = count < BARS_SHOWN ? count : BARS_SHOWN;
    struct chart_share *shares = arena_array(rq->arena, bars + 1, struct chart_share);
    for (size_t i = 0; i < bars; i++)
        shares[i] = (struct chart_share){chart_label(rq->arena, rows[i].words),
                                         {rows[i].waited, rows[i].worked, 0}};
    return bars ? chart_shares(rq->arena, shares, bars, parts, request_words(rq, en, zh)) : STR("");
}

/* --- delays, weeks -------------------------------------------------------------------------------- */

struct delay_row {
    struct str unit, unit_key;
    int64_t late, days, inherited, own, caused, share;
};
static const struct field DELAY_ROW[] = {
    FIELD(TEXT, struct delay_row, unit),
    FIELD(TEXT, struct delay_row, unit_key),
    FIELD(NUMBER, struct delay_row, late),
    FIELD(NUMBER, struct delay_row, days),
    FIELD(NUMBER, struct delay_row, inherited),
    FIELD(NUMBER, struct delay_row, own),
    FIELD(NUMBER, struct delay_row, caused),
    FIELD(NUMBER, struct delay_row, share),
    {0},
};
struct origin_row {
    struct str key, number, title, within, unit;
    int64_t own, passed;
};
static const struct field ORIGIN_ROW[] = {
    FIELD(TEXT, struct origin_row, key),      FIELD(TEXT, struct origin_row, number),
    FIELD(TEXT, struct origin_row, title),    FIELD(TEXT, struct origin_row, within),
    FIELD(TEXT, struct origin_row, unit),     FIELD(NUMBER, struct origin_row, own),
    FIELD(NUMBER, struct origin_row, passed), {0},
};
struct week_row {
    struct str last;
    int64_t ended, stood;
    double mean, age;
};
static const struct field WEEK_ROW[] = {
    FIELD(DATE, struct week_row, last), FIELD(NUMBER, struct week_row, ended),
    FIELD(REAL, struct week_row, mean), FIELD(NUMBER, struct week_row, stood),
    FIELD(REAL, struct week_row, age),  {0},
};

/* --- the page ------------------------------------------------------------------------------------- */

struct bottleneck_page {
    struct flow_form form;
    struct str today, query, calendar;
    int64_t unknown_year;
    bool any;
    int64_t worked, waited, share, standing;
    int64_t late, delay, inherited, own, inherited_share;
    int64_t last_worked, last_waited, last_share, last_of_all;
    struct block_row *worst, *last_worst;
    struct sum_row *steps, *reasons, *units, *last_steps;
    struct str step_chart, unit_chart, reason_chart, week_chart;
    struct delay_row *delays;
    struct origin_row *origins;
    struct week_row *weeks;
    size_t nworst, nlast_worst, nsteps, nreasons, nunits, nlast_steps, ndelays, norigins, nweeks;
};
static const struct field BOTTLENECK_PAGE[] = {
    FIELD_OF_PART(struct bottleneck_page, form, flow_form_fields),
    FIELD(DATE, struct bottleneck_page, today),
    FIELD_HIDDEN(TEXT, struct bottleneck_page, query),
    FIELD(TEXT, struct bottleneck_page, calendar),
    FIELD(NUMBER, struct bottleneck_page, unknown_year),
    FIELD_HIDDEN(FLAG, struct bottleneck_page, any),
    FIELD(NUMBER, struct bottleneck_page, worked),
    FIELD(NUMBER, struct bottleneck_page, waited),
    FIELD(NUMBER, struct bottleneck_page, share),
    FIELD(NUMBER, struct bottleneck_page, standing),
    FIELD(NUMBER, struct bottleneck_page, late),
    FIELD(NUMBER, struct bottleneck_page, delay),
    FIELD(NUMBER, struct bottleneck_page, inherited),
    FIELD(NUMBER, struct bottleneck_page, own),
    FIELD(NUMBER, struct bottleneck_page, inherited_share),
    FIELD(NUMBER, struct bottleneck_page, last_worked),
    FIELD(NUMBER, struct bottleneck_page, last_waited),
    FIELD(NUMBER, struct bottleneck_page, last_share),
    FIELD(NUMBER, struct bottleneck_page, last_of_all),
    FIELD_OF_LIST(struct bottleneck_page, worst, BLOCK_ROW),
    FIELD_OF_LIST(struct bottleneck_page, last_worst, BLOCK_ROW),
    FIELD_OF_LIST(struct bottleneck_page, steps, SUM_ROW),
    FIELD_OF_LIST(struct bottleneck_page, reasons, SUM_ROW),
    FIELD_OF_LIST(struct bottleneck_page, units, SUM_ROW),
    FIELD_OF_LIST(struct bottleneck_page, last_steps, SUM_ROW),
    FIELD_HIDDEN(MARKUP, struct bottleneck_page, step_chart),
    FIELD_HIDDEN(MARKUP, struct bottleneck_page, unit_chart),
    FIELD_HIDDEN(MARKUP, struct bottleneck_page, reason_chart),
    FIELD_HIDDEN(MARKUP, struct bottleneck_page, week_chart),
    FIELD_OF_LIST(struct bottleneck_page, delays, DELAY_ROW),
    FIELD_OF_LIST(struct bottleneck_page, origins, ORIGIN_ROW),
    FIELD_OF_LIST(struct bottleneck_page, weeks, WEEK_ROW),
    {0},
};

struct found_block {
    struct span_block block;
    size_t *held; /* places */
    size_t nheld;
};
struct naming {
    struct request *rq;
    const struct flow_view *view;
    int64_t *ids;
    size_t nids;
    struct flow_name *names;
    size_t nnames;
};

static void want_name(struct naming *n, int64_t id)
{
    n->ids = arena_one_more(n->rq->arena, n->ids, n->nids, sizeof *n->ids);
    n->ids[n->nids++] = id;
}

static struct flow_name name_of(const struct naming *n, int64_t id)
{
    return flow_name_of(n->names, n->nnames, id);
}

static struct found_block *find_blocks(struct naming *n, const struct span *spans, size_t nspans,
                                       size_t *count)
{
    const struct flow *flow = &n->view->flow;
    struct span_block *blocks =
        span_find_blocks(n->rq->arena, flow->clock, spans, nspans, &flow->net, WORST, count);
    struct found_block *found = arena_array(n->rq->arena, *count + 1, struct found_block);
    for (size_t i = 0; i < *count; i++) {
        int64_t line = spans[blocks[i].span].line;
        size_t place = span_find_line(&flow->net, line);
        found[i].block = blocks[i];
        if (place != SIZE_MAX)
            found[i].held = span_find_held(n->rq->arena, &flow->net, place, &found[i].nheld);
        want_name(n, line);
        for (size_t k = 0; k < found[i].nheld && k < HELD_SHOWN; k++)
            want_name(n, flow->net.lines[found[i].held[k]].id);
    }
    return found;
}

static struct block_row *block_rows(const struct naming *n, const struct span *spans,
                                    const struct found_block *found, size_t count)
{
    const struct request *rq = n->rq;
    struct block_row *rows = arena_array(rq->arena, count + 1, struct block_row);
    for (size_t i = 0; i < count; i++) {
        const struct span *span = &spans[found[i].block.span];
        struct flow_name line = name_of(n, span->line);
        struct block_row *row = &rows[i];
        *row = (struct block_row){
            .step = str_of(flow_steps[span->step].name),
            .step_words = str_of(flow_step_words(span->step, rq->lang)),
            .reason = str_of(flow_reasons[span->reason].name),
            .reason_words = str_of(flow_reason_words(span->reason, rq->lang)),
            .key = line.key,
            .number = line.number,
            .title = line.title,
            .within = line.within,
            .unit = flow_unit_name(rq, n->view, span->unit),
            .unit_key = flow_unit_key(n->view, span->unit),
            .since = ledger_day(rq, span->waiting ? span->from : span->due),
            .days = found[i].block.days,
            .lines = found[i].block.lines,
            .behind = span->behind,
            .weight = found[i].block.weight,
            .late = !span->waiting,
        };
        row->nheld = found[i].nheld < HELD_SHOWN ? found[i].nheld : HELD_SHOWN;
        row->more = (int64_t)(found[i].nheld - row->nheld);
        row->held = arena_array(rq->arena, row->nheld + 1, struct flow_name);
        for (size_t k = 0; k < row->nheld; k++)
            row->held[k] = name_of(n, n->view->flow.net.lines[found[i].held[k]].id);
    }
    return rows;
}

static void fill_sums(const struct request *rq, const struct flow_view *view,
                      struct bottleneck_page *page)
{
    const struct flow *flow = &view->flow;
    size_t one;
    struct sum_row *all = sum_rows(rq, view, flow->spans, flow->nspans, SPAN_BY_NOTHING, "", &one);
    page->worked = all->worked;
    page->waited = all->waited;
    page->share = all->share;
    page->standing = all->open;
    page->steps = sum_rows(rq, view, flow->spans, flow->nspans, SPAN_BY_STEP, "", &page->nsteps);
    page->reasons =
        sum_rows(rq, view, flow->spans, flow->nspans, SPAN_BY_REASON, "", &page->nreasons);
    page->units = sum_rows(rq, view, flow->spans, flow->nspans, SPAN_BY_UNIT, "", &page->nunits);
    page->step_chart =
        chart_sums(rq, page->steps, page->nsteps, "Working days by step", "各步骤用时（工作日）");
    page->unit_chart =
        chart_sums(rq, page->units, page->nunits, "Working days by unit", "各单位用时（工作日）");
    page->reason_chart = chart_sums(rq, page->reasons, page->nreasons, "Working days by reason",
                                    "各原因用时（工作日）");
}

/* The last steps before the user, out of all spans. */
static struct span *pick_last(const struct request *rq, const struct flow *flow, size_t *count)
{
    struct span *list = arena_array(rq->arena, flow->nspans + 1, struct span);
    *count = 0;
    for (size_t i = 0; i < flow->nspans; i++)
        if (flow->spans[i].last)
            list[(*count)++] = flow->spans[i];
    return list;
}

static void fill_last_sums(const struct request *rq, const struct flow_view *view,
                           const struct span *spans, size_t nspans, struct bottleneck_page *page)
{
    size_t one;
    struct sum_row *all = sum_rows(rq, view, spans, nspans, SPAN_BY_NOTHING, "", &one);
    page->last_worked = all->worked;
    page->last_waited = all->waited;
    page->last_share = all->share;
    page->last_of_all = percent(all->worked + all->waited, page->worked + page->waited);
    page->last_steps =
        sum_rows(rq, view, spans, nspans, SPAN_BY_STEP, "&last=1", &page->nlast_steps);
}

static void fill_delays(const struct request *rq, const struct flow_view *view,
                        struct bottleneck_page *page)
{
    struct flow_delay all;
    struct flow_delay *sums = flow_sum_delays(rq->arena, &view->flow, &all, &page->ndelays);
    page->late = all.late;
    page->delay = all.days;
    page->inherited = all.inherited;
    page->own = all.own;
    page->inherited_share = percent(all.inherited, all.days);
    page->delays = arena_array(rq->arena, page->ndelays + 1, struct delay_row);
    for (size_t i = 0; i < page->ndelays; i++)
        page->delays[i] = (struct delay_row){
            sums[i].unit ? flow_unit_name(rq, view, sums[i].unit)
                         : request_words(rq, "No unit", "未指定单位"),
            flow_unit_key(view, sums[i].unit),
            sums[i].late,
            sums[i].days,
            sums[i].inherited,
            sums[i].own,
            sums[i].caused,
            percent(sums[i].inherited, sums[i].days),
        };
}

static void fill_origins(const struct naming *n, const size_t *places, size_t count,
                         struct bottleneck_page *page)
{
    const struct flow *flow = &n->view->flow;
    page->norigins = count;
    page->origins = arena_array(n->rq->arena, count + 1, struct origin_row);
    for (size_t i = 0; i < count; i++) {
        struct flow_name line = name_of(n, flow->net.lines[places[i]].id);
        const struct span_delay *delay = &flow->delays[places[i]];
        int64_t unit = flow->lines[places[i]].unit;
        page->origins[i] = (struct origin_row){
            .key = line.key,
            .number = line.number,
            .title = line.title,
            .within = line.within,
            .unit = unit ? flow_unit_name(n->rq, n->view, unit) : STR(""),
            .own = delay->own,
            .passed = delay->caused - delay->own,
        };
    }
}

static struct str chart_weeks(const struct request *rq, const struct span_week *weeks, size_t count)
{
    struct str *steps = arena_array(rq->arena, count, struct str);
    double *mean = arena_array(rq->arena, count, double);
    double *age = arena_array(rq->arena, count, double);
    for (size_t i = 0; i < count; i++) {
        struct str day = ledger_day(rq, weeks[i].last);
        steps[i] = str_slice(day, 5, day.len);
        mean[i] = weeks[i].ended ? mean_of(weeks[i].ended_days, weeks[i].ended) : (double)NAN;
        age[i] = weeks[i].stood ? mean_of(weeks[i].stood_days, weeks[i].stood) : (double)NAN;
    }
    const struct chart_line lines[] = {
        {CHART_ACTUAL, request_words(rq, "ended in the week", "本周结束的等待"), mean},
        {CHART_TARGET, request_words(rq, "still waiting at its end", "周末仍在等待"), age},
    };
    struct chart_course course = {
        .steps = steps,
        .count = count,
        .lines = lines,
        .nlines = 2,
        .from_zero = true,
        .words = request_words(rq, "Working days waited, by week", "每周平均等待工作日"),
    };
    return chart_course(rq->arena, &course);
}

static void fill_weeks(const struct request *rq, const struct flow_view *view,
                       struct bottleneck_page *page)
{
    size_t count = (size_t)((view->days + 6) / 7);
    count = count < WEEKS_FEWEST ? WEEKS_FEWEST : count;
    struct span_week *weeks = arena_array(rq->arena, count, struct span_week);
    span_sum_weeks(view->flow.clock, view->flow.spans, view->flow.nspans, view->today, weeks,
                   count);
    page->nweeks = count;
    page->weeks = arena_array(rq->arena, count, struct week_row);
    for (size_t i = 0; i < count; i++) /* the newest first */
        page->weeks[count - 1 - i] =
            (struct week_row){ledger_day(rq, weeks[i].last), weeks[i].ended, weeks[i].stood,
                              mean_of(weeks[i].ended_days, weeks[i].ended),
                              mean_of(weeks[i].stood_days, weeks[i].stood)};
    page->week_chart = chart_weeks(rq, weeks, count);
}

static enum status show_bottlenecks(struct request *rq, struct error *err)
{
    struct flow_view view;
    struct bottleneck_page page = {0};
    size_t nlast;
    size_t norigins;
    enum status status = flow_read_view(rq, &view, err);
    if (!status)
        status = flow_fill_form(rq, &view, &page.form, err);
    if (status)
        return status;
    struct naming naming = {.rq = rq, .view = &view};
    struct span *last = pick_last(rq, &view.flow, &nlast);
    struct found_block *worst =
        find_blocks(&naming, view.flow.spans, view.flow.nspans, &page.nworst);
    struct found_block *last_worst = find_blocks(&naming, last, nlast, &page.nlast_worst);
    size_t *origins = flow_find_origins(rq->arena, &view.flow, WORST, &norigins);
    for (size_t i = 0; i < norigins; i++)
        want_name(&naming, view.flow.net.lines[origins[i]].id);
    status = flow_know_lines(rq, naming.ids, naming.nids, &naming.names, &naming.nnames, err);
    if (status)
        return status;
    page.today = ledger_day(rq, view.today);
    page.query = flow_query(rq, &view);
    page.calendar = view.calendar;
    page.unknown_year = view.unknown_year;
    page.worst = block_rows(&naming, view.flow.spans, worst, page.nworst);
    page.last_worst = block_rows(&naming, last, last_worst, page.nlast_worst);
    fill_sums(rq, &view, &page);
    fill_last_sums(rq, &view, last, nlast, &page);
    fill_delays(rq, &view, &page);
    fill_origins(&naming, origins, norigins, &page);
    fill_weeks(rq, &view, &page);
    page.any = view.flow.nspans || page.late;
    return answer_page(rq, "ledger-bottlenecks", "Bottlenecks", "堵点分析", BOTTLENECK_PAGE, &page);
}

static const struct input BOTTLENECK_INPUTS[] = {FLOW_INPUTS, {0}};

const struct route route_ledger_bottlenecks = {
    .method = "GET",
    .path = "/ledger/bottlenecks",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Where time goes: by step, unit and reason, what blocks most, inherited delay, the last "
          "step before the user.",
    .zh = "时间用在何处：按步骤、单位、原因统计，最突出的堵点，传递的延误，最后一公里。",
    .inputs = BOTTLENECK_INPUTS,
    .output = BOTTLENECK_PAGE,
    .page = "ledger-bottlenecks",
    .run = show_bottlenecks,
};

/* --- the spans in a figure ------------------------------------------------------------------------ */

struct span_row {
    struct str key, number, title, within, step, step_words, reason, reason_words, unit, from, to;
    int64_t days, whole;
    bool waiting, open;
};
static const struct field SPAN_ROW[] = {
    FIELD(TEXT, struct span_row, key),     FIELD(TEXT, struct span_row, number),
    FIELD(TEXT, struct span_row, title),   FIELD(TEXT, struct span_row, within),
    FIELD(TEXT, struct span_row, step),    FIELD_HIDDEN(TEXT, struct span_row, step_words),
    FIELD(TEXT, struct span_row, reason),  FIELD_HIDDEN(TEXT, struct span_row, reason_words),
    FIELD(TEXT, struct span_row, unit),    FIELD(DATE, struct span_row, from),
    FIELD(DATE, struct span_row, to),      FIELD(NUMBER, struct span_row, days),
    FIELD(NUMBER, struct span_row, whole), FIELD(FLAG, struct span_row, waiting),
    FIELD(FLAG, struct span_row, open),    {0},
};
struct spans_page {
    struct str what, back, newer, older;
    int64_t count, worked, waited;
    struct span_row *spans;
    size_t nspans;
};
static const struct field SPANS_PAGE_FIELDS[] = {
    FIELD(TEXT, struct spans_page, what),
    FIELD_HIDDEN(TEXT, struct spans_page, back),
    FIELD_HIDDEN(TEXT, struct spans_page, newer),
    FIELD_HIDDEN(TEXT, struct spans_page, older),
    FIELD(NUMBER, struct spans_page, count),
    FIELD(NUMBER, struct spans_page, worked),
    FIELD(NUMBER, struct spans_page, waited),
    FIELD_OF_LIST(struct spans_page, spans, SPAN_ROW),
    {0},
};

/* Which spans are asked for; a step or reason that there is not gives none. */
struct span_wish {
    bool by_step, by_reason, by_unit, last;
    unsigned step, reason;
    int64_t unit;
};

static enum status read_wish(struct request *rq, struct span_wish *wish, struct error *err)
{
    struct str step = request_input(rq, "step");
    struct str reason = request_input(rq, "reason");
    struct str whose = request_input(rq, "whose");
    struct unit unit = {0};
    *wish = (struct span_wish){
        step.len > 0, reason.len > 0, whose.len > 0, request_input(rq, "last").len > 0, 0, 0, 0};
    if ((step.len && !flow_step_named(step, &wish->step)) ||
        (reason.len && !flow_reason_named(reason, &wish->reason)))
        return error_set(err, STATUS_MISSING, "There is no such step or reason.",
                         "没有这一步骤或原因。");
    if (!whose.len || str_equal(whose, STR("none")))
        return STATUS_OK;
    enum status status = ledger_find_unit(rq->arena, rq->store, whose, &unit, err);
    wish->unit = unit.id;
    return status;
}

static size_t pick_spans(const struct flow_view *view, const struct span_wish *wish,
                         struct span *spans)
{
    size_t kept = 0;
    for (size_t i = 0; i < view->flow.nspans; i++) {
        const struct span *span = &view->flow.spans[i];
        if ((!wish->by_step || span->step == wish->step) &&
            (!wish->by_reason || span->reason == wish->reason) &&
            (!wish->by_unit || span->unit == wish->unit) && (!wish->last || span->last))
            spans[kept++] = *span;
    }
    return kept;
}

/* The longest first; what waits longest is what it is about. */
static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;
    if (a->waiting != b->waiting)
        return a->waiting ? -1 : 1;
    if (a->to - a->from != b->to - b->from)
        return a->to - a->from < b->to - b->from ? 1 : -1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

static struct str wish_words(const struct request *rq, const struct flow_view *view,
                             const struct span_wish *wish)
{
    struct buf out = {.arena = rq->arena};
    if (wish->last)
        buf_add(&out, request_words(rq, "Last step before the user", "最后一公里"));
    if (wish->by_step)
        buf_format(&out, "%s%s", out.len ? " · " : "", flow_step_words(wish->step, rq->lang));
    if (wish->by_reason)
        buf_format(&out, "%s%s", out.len ? " · " : "", flow_reason_words(wish->reason, rq->lang));
    if (wish->by_unit)
        buf_format(&out, "%s%.*s", out.len ? " · " : "",
                   STR_ARG(flow_unit_name(rq, view, wish->unit)));
    return buf_str(&out);
}

static enum status fill_spans(struct request *rq, const struct flow_view *view,
                              const struct span *spans, size_t count, struct spans_page *page,
                              struct error *err)
{
    struct naming n = {.rq = rq, .view = view};
    for (size_t i = 0; i < count; i++)
        want_name(&n, spans[i].line);
    enum status status = flow_know_lines(rq, n.ids, n.nids, &n.names, &n.nnames, err);
    page->spans = arena_array(rq->arena, count + 1, struct span_row);
    page->nspans = count;
    for (size_t i = 0; !status && i < count; i++) {
        const struct span *span = &spans[i];
        struct flow_name line = name_of(&n, span->line);
        page->spans[i] = (struct span_row){
            .key = line.key,
            .number = line.number,
            .title = line.title,
            .within = line.within,
            .step = str_of(flow_steps[span->step].name),
            .step_words = str_of(flow_step_words(span->step, rq->lang)),
            .reason = str_of(flow_reasons[span->reason].name),
            .reason_words = str_of(flow_reason_words(span->reason, rq->lang)),
            .unit = flow_unit_name(rq, view, span->unit),
            .from = ledger_day(rq, span->from),
            .to = span->open ? STR("") : ledger_day(rq, span->to),
            .days = span_days_within(view->flow.clock, span, &view->filter.period),
            .whole = span_days(view->flow.clock, span->from, span->to),
            .waiting = span->waiting,
            .open = span->open,
        };
    }
    return status;
}

static struct str page_path(const struct request *rq, const struct flow_view *view,
                            const struct span_wish *wish, int64_t page)
{
    struct buf out = {.arena = rq->arena};
    struct str unit = flow_unit_key(view, wish->unit);
    buf_format(&out, "/ledger/bottlenecks/spans?%.*s&page=%lld", STR_ARG(flow_query(rq, view)),
               (long long)page);
    if (wish->by_step)
        buf_format(&out, "&step=%s", flow_steps[wish->step].name);
    if (wish->by_reason)
        buf_format(&out, "&reason=%s", flow_reasons[wish->reason].name);
    if (wish->by_unit)
        buf_format(&out, "&whose=%.*s", STR_ARG(unit.len ? unit : STR("none")));
    if (wish->last)
        buf_add(&out, STR("&last=1"));
    return buf_str(&out);
}

static enum status show_spans(struct request *rq, struct error *err)
{
    struct flow_view view;
    struct span_wish wish;
    uint64_t at = 1;
    size_t sums;
    struct spans_page page = {0};
    enum status status = read_wish(rq, &wish, err);
    if (!status)
        status = flow_read_view(rq, &view, err);
    if (status)
        return status;
    struct span *spans = arena_array(rq->arena, view.flow.nspans + 1, struct span);
    size_t count = pick_spans(&view, &wish, spans);
    struct span_sum *all = span_sum_up(rq->arena, view.flow.clock, spans, count,
                                       &view.filter.period, SPAN_BY_NOTHING, &sums);
    if (count)
        qsort(spans, count, sizeof *spans, compare_spans);
    (void)str_to_u64(request_input(rq, "page"), &at);
    size_t from = at > 0 ? (size_t)(at - 1) * SPANS_PAGE : 0;
    size_t rest = from < count ? count - from : 0;
    page.what = wish_words(rq, &view, &wish);
    page.back = str_format(rq->arena, "/ledger/bottlenecks?%.*s", STR_ARG(flow_query(rq, &view)));
    page.count = (int64_t)count;
    page.worked = all->worked;
    page.waited = all->waited;
    if (from)
        page.newer = page_path(rq, &view, &wish, (int64_t)at - 1);
    if (rest > SPANS_PAGE)
        page.older = page_path(rq, &view, &wish, (int64_t)at + 1);
    status = fill_spans(rq, &view, rest ? spans + from : spans,
                        rest < SPANS_PAGE ? rest : SPANS_PAGE, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-spans", "Where time went", "用时明细",
                                SPANS_PAGE_FIELDS, &page);
}

static const struct input SPANS_INPUTS[] = {
    FLOW_INPUTS,
    {.name = "step", .kind = INPUT_TEXT, .most = 40, .en = "Step", .zh = "步骤"},
    {.name = "reason", .kind = INPUT_TEXT, .most = 40, .en = "Reason", .zh = "原因"},
    {.name = "whose", .kind = INPUT_TEXT, .most = 40, .en = "Whose turn", .zh = "责任单位"},
    {.name = "last", .kind = INPUT_FLAG, .en = "Last step", .zh = "最后一公里"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

const struct route route_ledger_spans = {
    .method = "GET",
    .path = "/ledger/bottlenecks/spans",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The spans of time behind a figure of the bottlenecks, the longest waits first.",
    .zh = "堵点分析各项数据的用时明细，等待最久的在前。",
    .inputs = SPANS_INPUTS,
    .output = SPANS_PAGE_FIELDS,
    .page = "ledger-spans",
    .run = show_spans,
};
