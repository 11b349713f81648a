/* An indicator's page: the year's course with its band, the table beside it, whom it is compared with, what somebody
 * should look at; and the forms for actuals, targets, benchmarks and what it is. */
#include "server/internal.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "ledger/alarm.h"
#include "ledger/indicator.h"
#include "ledger/split.h"
#include "server/chart.h"
#include "server/ledger.h"
#include "server/ledger_indicator.h"

#define REVISIONS_SHOWN 60
#define UNKNOWN         ((double)NAN)

static struct str here(const struct request *rq, int year)
{
    return str_format(rq->arena, "/ledger/lines/%.*s/indicator?year=%d", STR_ARG(rq->params[0]),
                      year);
}

/* --- the page's struct ---------------------------------------------------------------------------------------- */

struct month_row {
    struct str month, label, name, typed_actual, actual, growth, to_date, to_date_growth, target,
        target_to_date, forecast, by_hand;
};
static const struct field MONTH_ROW[] = {
    FIELD(TEXT, struct month_row, month),
    FIELD_HIDDEN(TEXT, struct month_row, label),
    FIELD_HIDDEN(TEXT, struct month_row, name),
    FIELD_HIDDEN(TEXT, struct month_row, typed_actual),
    FIELD(TEXT, struct month_row, actual),
    FIELD(TEXT, struct month_row, growth),
    FIELD(TEXT, struct month_row, to_date),
    FIELD(TEXT, struct month_row, to_date_growth),
    FIELD(TEXT, struct month_row, target),
    FIELD(TEXT, struct month_row, target_to_date),
    FIELD(TEXT, struct month_row, forecast),
    FIELD(TEXT, struct month_row, by_hand),
    {0},
};
struct quarter_row {
    struct str label, name, actual, target;
};
static const struct field QUARTER_ROW[] = {
    FIELD(TEXT, struct quarter_row, label),
    FIELD_HIDDEN(TEXT, struct quarter_row, name),
    FIELD(TEXT, struct quarter_row, actual),
    FIELD(TEXT, struct quarter_row, target),
    {0},
};
struct alarm_row {
    struct str kind, words, rule, month;
};
static const struct field ALARM_ROW[] = {
    FIELD(TEXT, struct alarm_row, kind),
    FIELD(TEXT, struct alarm_row, words),
    FIELD(TEXT, struct alarm_row, rule),
    FIELD(TEXT, struct alarm_row, month),
    {0},
};
struct benchmark_row {
    struct str name, month, value, own;
    bool above;
};
static const struct field BENCHMARK_ROW[] = {
    FIELD(TEXT, struct benchmark_row, name),  FIELD(TEXT, struct benchmark_row, month),
    FIELD(TEXT, struct benchmark_row, value), FIELD(TEXT, struct benchmark_row, own),
    FIELD(FLAG, struct benchmark_row, above), {0},
};
struct revision_row {
    struct str month, value, member, why;
    int64_t entered;
    bool holds;
};
static const struct field REVISION_ROW[] = {
    FIELD(TEXT, struct revision_row, month),
    FIELD(TEXT, struct revision_row, value),
    FIELD(TEXT, struct revision_row, member),
    FIELD(TEXT, struct revision_row, why),
    FIELD(TIME, struct revision_row, entered),
    FIELD(FLAG, struct revision_row, holds),
    {0},
};
struct indicator_page {
    struct ledger_head head;
    struct indicator_form form;
    struct str measure, formula, year_text, typed_whole, chart, method, forecast, low, high, result,
        whole, rank, rank_word, split;
    struct str earlier, later, reached, planned;
    int64_t year;
    bool adds, benchmarks_any, revisions_any, defined, made, may_enter, may_set, seasonal,
        has_target, has_actuals;
    struct month_row *months;
    struct quarter_row *quarters;
    struct alarm_row *alarms;
    struct benchmark_row *benchmarks;
    struct revision_row *revisions;
    size_t nmonths, nquarters, nalarms, nbenchmarks, nrevisions;
};
static const struct field INDICATOR_PAGE[] = {
    LEDGER_HEAD_FIELD(struct indicator_page, head),
    FIELD_OF_PART(struct indicator_page, form, indicator_form_fields),
    FIELD(NUMBER, struct indicator_page, year),
    FIELD(TEXT, struct indicator_page, measure),
    FIELD(TEXT, struct indicator_page, formula),
    FIELD_HIDDEN(TEXT, struct indicator_page, year_text),
    FIELD_HIDDEN(TEXT, struct indicator_page, typed_whole),
    FIELD_HIDDEN(FLAG, struct indicator_page, adds),
    FIELD_HIDDEN(FLAG, struct indicator_page, benchmarks_any),
    FIELD_HIDDEN(FLAG, struct indicator_page, revisions_any),
    FIELD_HIDDEN(MARKUP, struct indicator_page, chart),
    FIELD(TEXT, struct indicator_page, whole),
    FIELD(TEXT, struct indicator_page, split),
    FIELD(TEXT, struct indicator_page, reached),
    FIELD(TEXT, struct indicator_page, planned),
    FIELD(TEXT, struct indicator_page, result),
    FIELD(TEXT, struct indicator_page, forecast),
    FIELD(TEXT, struct indicator_page, low),
    FIELD(TEXT, struct indicator_page, high),
    FIELD(TEXT, struct indicator_page, method),
    FIELD(TEXT, struct indicator_page, rank),
    FIELD(TEXT, struct indicator_page, rank_word),
    FIELD_HIDDEN(TEXT, struct indicator_page, earlier),
    FIELD_HIDDEN(TEXT, struct indicator_page, later),
    FIELD(FLAG, struct indicator_page, defined),
    FIELD(FLAG, struct indicator_page, made),
    FIELD(FLAG, struct indicator_page, may_enter),
    FIELD(FLAG, struct indicator_page, may_set),
    FIELD_HIDDEN(FLAG, struct indicator_page, seasonal),
    FIELD_HIDDEN(FLAG, struct indicator_page, has_target),
    FIELD_HIDDEN(FLAG, struct indicator_page, has_actuals),
    FIELD_OF_LIST(struct indicator_page, months, MONTH_ROW),
    FIELD_OF_LIST(struct indicator_page, quarters, QUARTER_ROW),
    FIELD_OF_LIST(struct indicator_page, alarms, ALARM_ROW),
    FIELD_OF_LIST(struct indicator_page, benchmarks, BENCHMARK_ROW),
    FIELD_OF_LIST(struct indicator_page, revisions, REVISION_ROW),
    {0},
};

/* --- what it is filled from ----------------------------------------------------------------------------------- */

struct sight {
    struct ledger_sight line;
    bool defined; /* else the indicator is what the form for it begins with */
    struct indicator indicator;
    struct ledger_year of;
    int year;
};

static int year_now(const struct request *rq)
{
    int year;
    unsigned month;
    unsigned day;
    calendar_date_of(calendar_day_of(rq->now_ms), &year, &month, &day);
    return year;
}

static enum status open_indicator(struct request *rq, enum ledger_deed_kind deed, struct sight *s,
                                  struct error *err)
{
    struct error none;
    int64_t asked = request_number(rq, "year");
    *s = (struct sight){.year = asked ? (int)asked : year_now(rq)};
    enum status status = ledger_open(rq, rq->params[0], deed, &s->line, err);
    if (status)
        return status;
    if (s->line.line.kind != LEDGER_INDICATOR)
        return error_set(err, STATUS_MISSING, "This line is no indicator.", "该条目不是指标。");
    status = ledger_find_indicator(rq->arena, rq->store, s->line.line.id, &s->indicator, &none);
    s->defined = status == STATUS_OK;
    if (status && status != STATUS_MISSING) {
        *err = none;
        return status;
    }
    if (!s->defined)
        s->indicator = (struct indicator){.line = s->line.line.id,
                                          .places = 1,
                                          .begins = year_now(rq) * 12,
                                          .due_day = 10,
                                          .behind_percent = 5};
    return STATUS_OK;
}

/* The same for what figures are entered into. */
static enum status open_defined(struct request *rq, enum ledger_deed_kind deed, struct sight *s,
                                struct error *err)
{
    enum status status = open_indicator(rq, deed, s, err);
    return status || s->defined ? status
                                : error_set(err, STATUS_CONFLICT, "Say first what it measures.",
                                            "请先填写计量方式。");
}

static enum status load_sight(struct request *rq, struct sight *s, struct error *err)
{
    return s->defined ? ledger_load_year(rq->arena, rq->store, &s->indicator, s->year, &s->of, err)
                      : STATUS_OK;
}

static struct str amount(const struct request *rq, const struct sight *s, int64_t value)
{
    return ledger_write_amount(rq->arena, value, s->indicator.places);
}

/* A forecast, rounded to the indicator's steps. */
static struct str expected(const struct request *rq, const struct sight *s, double steps)
{
    return isnan(steps) ? STR("") : amount(rq, s, ledger_real_amount(steps, 0));
}

static struct str growth(const struct request *rq, int64_t now, int64_t base)
{
    double percent;
    return ledger_grow(now, base, &percent) ? str_format(rq->arena, "%+.1f%%", percent) : STR("");
}

static int64_t to_date(const struct sight *s, int year, int m)
{
    return ledger_figure(s->of.figures, year * 12, m + 1);
}

static struct str month_label(const struct request *rq, int m)
{
    static const char *const names[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return rq->lang == LANG_ZH ? str_format(rq->arena, "%d月", m + 1) : str_of(names[m]);
}

/* What was typed where a form of that address is shown again, else what there is. */
static struct str typed(const struct request *rq, const char *form, struct str name, struct str is)
{
    return rq->post && str_ends(rq->path, str_of(form)) ? request_input(rq, name.at) : is;
}

static void fill_months(const struct request *rq, const struct sight *s,
                        struct indicator_page *page)
{
    struct ledger_series targets = {s->of.target.months, 12, s->year * 12};
    page->months = arena_array(rq->arena, 12, struct month_row);
    page->nmonths = 12;
    for (int m = 0; m < 12; m++) {
        int month = s->year * 12 + m;
        int64_t now = ledger_series_at(&s->of.actuals, month);
        int64_t so_far = to_date(s, s->year, m);
        struct str name = str_format(rq->arena, "m%d", m + 1);
        page->has_actuals = page->has_actuals || now != LEDGER_NONE;
        page->months[m] = (struct month_row){
            .month = ledger_write_month(rq->arena, month),
            .label = month_label(rq, m),
            .name = name,
            .typed_actual = typed(rq, "/actuals", name, amount(rq, s, now)),
            .actual = amount(rq, s, now),
            .growth = growth(rq, now, ledger_series_at(&s->of.actuals, month - 12)),
            .to_date = amount(rq, s, so_far),
            .to_date_growth = growth(rq, so_far, to_date(s, s->year - 1, m)),
            .target = amount(rq, s, s->of.target.months[m]),
            .target_to_date =
                amount(rq, s, ledger_fold_months(s->indicator.fold, &targets, s->year * 12, m + 1)),
            .forecast = expected(rq, s, s->of.forecast.months[m]),
            .by_hand = typed(rq, "/targets", name, amount(rq, s, s->of.target.by_hand[m])),
        };
    }
}

static void fill_quarters(const struct request *rq, const struct sight *s,
                          struct indicator_page *page)
{
    struct ledger_series targets = {s->of.target.months, 12, s->year * 12};
    page->quarters = arena_array(rq->arena, 4, struct quarter_row);
    page->nquarters = 4;
    for (int q = 0; q < 4; q++)
        page->quarters[q] = (struct quarter_row){
            .label = rq->lang == LANG_ZH ? str_format(rq->arena, "第%d季度", q + 1)
                                         : str_format(rq->arena, "Quarter %d", q + 1),
            .name = str_format(rq->arena, "q%d", q + 1),
            .actual = amount(rq, s, ledger_figure(s->of.figures, s->year * 12 + 3 * q, 3)),
            .target = amount(
                rq, s, ledger_fold_months(s->indicator.fold, &targets, s->year * 12 + 3 * q, 3)),
        };
}

/* --- compared ------------------------------------------------------------------------------------------------- */

static void fill_benchmarks(const struct request *rq, const struct sight *s,
                            struct indicator_page *page)
{
    int m = s->of.compared;
    enum ledger_rank rank = s->of.rank;
    int64_t own = m < 0 ? LEDGER_NONE : ledger_series_at(&s->of.actuals, s->year * 12 + m);
    page->rank = str_of(ledger_rank_name(rank));
    page->rank_word = str_of(ledger_rank_word(rank, rq->lang));
    page->benchmarks = arena_array(rq->arena, s->of.nbenchmarks + 1, struct benchmark_row);
    for (size_t b = 0; b < s->of.nbenchmarks; b++) {
        int64_t value = m < 0 ? LEDGER_NONE : s->of.benchmarks[b].months[m];
        page->benchmarks[page->nbenchmarks++] = (struct benchmark_row){
            .name = s->of.benchmarks[b].name,
            .month = m < 0 ? STR("") : ledger_write_month(rq->arena, s->year * 12 + m),
            .value = amount(rq, s, value),
            .own = amount(rq, s, own),
            .above = value != LEDGER_NONE &&
                     (s->indicator.direction == LEDGER_UP ? own > value : own < value),
        };
    }
}

/* --- alarms --------------------------------------------------------------------------------------------------- */

static void fill_alarms(const struct request *rq, const struct sight *s,
                        struct indicator_page *page)
{
    int late = -1;
    unsigned alarms =
        s->line.line.state == LINE_ACTIVE
            ? ledger_year_alarms(&s->indicator, &s->of, calendar_day_of(rq->now_ms), &late)
            : 0;
    page->alarms = arena_array(rq->arena, LEDGER_ALARM_KINDS, struct alarm_row);
    for (unsigned bit = 1; bit < 1U << LEDGER_ALARM_KINDS; bit <<= 1)
        if (alarms & bit)
            page->alarms[page->nalarms++] = (struct alarm_row){
                str_of(ledger_alarm_name(bit)), str_of(ledger_alarm_word(bit, rq->lang)),
                str_of(ledger_alarm_rule(bit, rq->lang)),
                bit == LEDGER_ALARM_LATE ? ledger_write_month(rq->arena, late) : STR("")};
}

/* --- the chart ------------------------------------------------------------------------------------------------ */

struct courses {
    double actual[12], target[12], forecast[12], past[12], low[12], high[12];
};

static double real(const struct sight *s, int64_t value)
{
    return value == LEDGER_NONE ? UNKNOWN : ledger_amount_real(value, s->indicator.places);
}

/* A turnover is shown as it adds up through the year; anything else month by month. */
static void trace_known(const struct sight *s, struct courses *c)
{
    struct ledger_series targets = {s->of.target.months, 12, s->year * 12};
    bool adds = s->indicator.fold == LEDGER_SUM && !s->indicator.formula.len;
    for (int m = 0; m < 12; m++) {
        int month = s->year * 12 + m;
        c->actual[m] =
            real(s, adds ? to_date(s, s->year, m) : ledger_series_at(&s->of.actuals, month));
        c->past[m] = real(s, adds ? to_date(s, s->year - 1, m)
                                  : ledger_series_at(&s->of.actuals, month - 12));
        c->target[m] = real(s, adds ? ledger_fold_months(LEDGER_SUM, &targets, s->year * 12, m + 1)
                                    : s->of.target.months[m]);
        c->forecast[m] = c->low[m] = c->high[m] = UNKNOWN;
    }
}

/* From the newest month known to the year's end, with the band opening on the way. */
static void trace_forecast(const struct sight *s, struct courses *c)
{
    const struct ledger_forecast *f = &s->of.forecast;
    bool adds = s->indicator.fold == LEDGER_SUM && !s->indicator.formula.len;
    double one = ledger_amount_real(1, s->indicator.places);
    int from = 11;
    while (from >= 0 && isnan(c->actual[from]))
        from--;
    if (from < 0 || from == 11 || f->method == LEDGER_NO_FORECAST)
        return;
    c->forecast[from] = c->low[from] = c->high[from] = c->actual[from];
    for (int m = from + 1; m < 12; m++) {
        double part = (double)(m - from) / (11 - from);
        c->forecast[m] = (adds ? c->forecast[m - 1] : 0) + f->months[m] * one;
        c->low[m] = c->forecast[m] + part * (f->low - f->value) * one;
        c->high[m] = c->forecast[m] + part * (f->high - f->value) * one;
    }
    if (isnan(f->low))
        c->low[from] = c->high[from] = UNKNOWN;
}

static struct str draw(const struct request *rq, const struct sight *s)
{
    struct courses *c = arena_new(rq->arena, struct courses);
    struct str steps[12];
    trace_known(s, c);
    trace_forecast(s, c);
    for (int m = 0; m < 12; m++)
        steps[m] = month_label(rq, m);
    const struct chart_line lines[] = {
        {CHART_ACTUAL, request_words(rq, "Actual", "实际值"), c->actual},
        {CHART_FORECAST, request_words(rq, "Forecast", "预测值"), c->forecast},
        {CHART_TARGET, request_words(rq, "Target", "目标值"), c->target},
        {CHART_PAST, request_words(rq, "Last year", "上年"), c->past},
    };
    struct str words = rq->lang == LANG_ZH
                           ? str_format(rq->arena, "%.*s，%d年各月走势，数值见下表",
                                        STR_ARG(s->line.line.title), s->year)
                           : str_format(rq->arena, "%.*s by month of %d; the table has the figures",
                                        STR_ARG(s->line.line.title), s->year);
    return chart_course(rq->arena,
                        &(struct chart_course){.steps = steps,
                                               .count = 12,
                                               .lines = lines,
                                               .nlines = 4,
                                               .low = c->low,
                                               .high = c->high,
                                               .from_zero = s->indicator.fold == LEDGER_SUM,
                                               .words = words});
}

/* --- shown ---------------------------------------------------------------------------------------------------- */

static enum status fill_revisions(struct request *rq, const struct sight *s,
                                  struct indicator_page *page, struct error *err)
{
    struct indicator_revision *list;
    size_t count;
    enum status status = ledger_list_revisions(rq->arena, rq->store, s->indicator.line, s->year,
                                               REVISIONS_SHOWN, &list, &count, err);
    page->revisions = arena_array(rq->arena, count + 1, struct revision_row);
    for (size_t i = 0; !status && i < count; i++) {
        struct revision_row *row = &page->revisions[page->nrevisions++];
        *row = (struct revision_row){.month = ledger_write_month(rq->arena, list[i].month),
                                     .value = amount(rq, s, list[i].amount),
                                     .why = list[i].why,
                                     .entered = list[i].entered_ms,
                                     .holds = list[i].holds};
        status = ledger_member_name(rq, list[i].member, &row->member, err);
    }
    return status;
}

static void fill_forecast(const struct request *rq, const struct sight *s,
                          struct indicator_page *page)
{
    const struct ledger_forecast *f = &s->of.forecast;
    page->method = str_of(ledger_method_words(f->method, rq->lang));
    if (f->method == LEDGER_COMPLETE) {
        page->result = expected(rq, s, f->value);
    } else {
        page->forecast = expected(rq, s, f->value);
        page->low = expected(rq, s, f->low);
        page->high = expected(rq, s, f->high);
    }
}

/* How much of the year's target is reached, and was to be by today. */
static void fill_progress(const struct request *rq, const struct sight *s,
                          struct indicator_page *page)
{
    int m = 11;
    while (m >= 0 && to_date(s, s->year, m) == LEDGER_NONE)
        m--;
    if (!page->adds || s->of.target.whole <= 0)
        return;
    if (m >= 0)
        page->reached =
            str_format(rq->arena, "%.1f%%",
                       100.0 * (double)to_date(s, s->year, m) / (double)s->of.target.whole);
    page->planned = str_format(rq->arena, "%.1f%%",
                               100 * ledger_planned_part(LEDGER_SUM, s->of.target.months, s->year,
                                                         calendar_day_of(rq->now_ms)));
}

static enum status fill_figures(struct request *rq, const struct sight *s,
                                struct indicator_page *page, struct error *err)
{
    page->measure = s->indicator.measure;
    page->formula = s->indicator.formula;
    page->made = s->indicator.formula.len != 0;
    page->adds = s->indicator.fold == LEDGER_SUM && !page->made;
    page->may_enter = page->head.may_report;
    page->whole = amount(rq, s, s->of.target.whole);
    page->typed_whole = typed(rq, "/targets", STR("whole"), page->whole);
    page->has_target = s->of.target.whole != LEDGER_NONE;
    page->seasonal = s->of.target.split == LEDGER_SEASONAL;
    page->split = page->has_target ? str_of(page->seasonal ? "seasonal" : "even") : STR("");
    fill_progress(rq, s, page);
    fill_months(rq, s, page);
    fill_quarters(rq, s, page);
    fill_forecast(rq, s, page);
    fill_benchmarks(rq, s, page);
    fill_alarms(rq, s, page);
    page->benchmarks_any = s->of.nbenchmarks != 0;
    page->chart = draw(rq, s);
    enum status status = fill_revisions(rq, s, page, err);
    page->revisions_any = page->nrevisions != 0;
    return status;
}

static enum status show_indicator(struct request *rq, struct error *err)
{
    struct sight s;
    struct indicator_page page = {0};
    enum status status = open_indicator(rq, LEDGER_SEE, &s, err);
    if (!status)
        status = load_sight(rq, &s, err);
    if (!status)
        status = ledger_fill_head(rq, &s.line, "/indicator", &page.head, err);
    if (!status && s.defined)
        status = fill_figures(rq, &s, &page, err);
    if (status)
        return status;
    page.form = indicator_form_of(rq, &s.indicator);
    page.year = s.year;
    page.year_text = str_format(rq->arena, "%d", s.year);
    page.defined = s.defined;
    page.may_set = page.head.may_change;
    page.earlier = here(rq, s.year - 1);
    page.later = here(rq, s.year + 1);
    return answer_titled_page(rq, "ledger-indicator", s.line.line.title, INDICATOR_PAGE, &page);
}

#define YEAR_INPUT                                                            \
    {                                                                         \
        .name = "year", .kind = INPUT_NUMBER, .least = LEDGER_YEAR_LEAST + 1, \
        .most = LEDGER_YEAR_MOST, .en = "Year", .zh = "年份"                \
    }
#define MONTH_INPUT(N)                                                                    \
    {                                                                                     \
        .name = "m" #N, .kind = INPUT_TEXT, .most = 40, .en = "Month " #N, .zh = #N "月" \
    }
#define MONTH_INPUTS                                                                     \
    MONTH_INPUT(1), MONTH_INPUT(2), MONTH_INPUT(3), MONTH_INPUT(4), MONTH_INPUT(5),      \
        MONTH_INPUT(6), MONTH_INPUT(7), MONTH_INPUT(8), MONTH_INPUT(9), MONTH_INPUT(10), \
        MONTH_INPUT(11), MONTH_INPUT(12)
#define WHY_INPUT                                                                            \
    {                                                                                        \
        .name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由" \
    }

static const struct input SHOW_INPUTS[] = {YEAR_INPUT, {0}};

const struct route route_ledger_indicator = {
    .method = "GET",
    .path = "/ledger/lines/{line}/indicator",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "An indicator's year: actuals, targets, growth, forecast with its band, benchmarks, alarms.",
    .zh = "指标的年度情况：实际值、目标值、增速、预测及区间、参照值与提醒。",
    .inputs = SHOW_INPUTS,
    .output = INDICATOR_PAGE,
    .page = "ledger-indicator",
    .run = show_indicator,
};

/* --- what was typed ------------------------------------------------------------------------------------------- */

/* Reads twelve amounts from m1 … m12, LEDGER_NONE where nothing stands. */
static enum status read_months(const struct request *rq, unsigned places, int64_t months[12],
                               struct error *err)
{
    for (int m = 0; m < 12; m++) {
        struct error why;
        struct str text = request_input(rq, str_format(rq->arena, "m%d", m + 1).at);
        months[m] = LEDGER_NONE;
        if (text.len && ledger_read_amount(text, places, &months[m], &why))
            return error_within(err, &why, "Month %d: ", "%d月：", m + 1);
    }
    return STATUS_OK;
}

struct change {
    const struct sight *s;
    struct ledger_deed deed;
    int64_t member;
    int64_t months[12];
    struct str name;
    struct indicator_target target;
    struct indicator indicator;
};

static struct change change_of(const struct request *rq, const struct sight *s)
{
    return (struct change){.s = s,
                           .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")},
                           .member = rq->viewer.member};
}

static enum status write_change(struct request *rq, enum ledger_deed_kind deed,
                                server_write_step step, struct change *c, const char *en,
                                const char *zh, struct error *err)
{
    enum status status = ledger_refuse_marks(rq, c->deed.why, err);
    if (!status)
        status = ledger_refuse_marks(rq, c->name, err);
    if (!status)
        status = ledger_write(rq, c->s->line.line.id, deed, step, c, err);
    return status ? status : answer_redirect(rq, here(rq, c->s->year), en, zh);
}

/* --- actuals -------------------------------------------------------------------------------------------------- */

static enum status actuals_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct change *c = context;
    enum status status = STATUS_OK;
    (void)scratch;
    for (int m = 0; m < 12 && !status; m++)
        status = ledger_put_actual(store, &c->s->indicator, c->s->year * 12 + m, c->months[m],
                                   c->member, &c->deed, err);
    return status;
}

static enum status put_actuals(struct request *rq, struct error *err)
{
    struct sight s;
    enum status status = open_defined(rq, LEDGER_REPORT, &s, err);
    struct change c = change_of(rq, &s);
    if (!status)
        status = read_months(rq, s.indicator.places, c.months, err);
    return status ? status
                  : write_change(rq, LEDGER_REPORT, actuals_step, &c, "The actuals are kept.",
                                 "实际值已保存。", err);
}

static const struct input ACTUAL_INPUTS[] = {YEAR_INPUT, MONTH_INPUTS, WHY_INPUT, {0}};

const struct route route_ledger_indicator_actuals = {
    .method = "POST",
    .path = "/ledger/lines/{line}/indicator/actuals",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say what an indicator's actuals of a year are; what was said before is kept.",
    .zh = "填报指标全年各月实际值；原值保留备查。",
    .inputs = ACTUAL_INPUTS,
    .run = put_actuals,
    .again = show_indicator,
};

/* --- targets -------------------------------------------------------------------------------------------------- */

static enum status targets_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    struct change *c = context;
    return ledger_put_target(scratch, store, &c->s->indicator, &c->target, &c->deed, err);
}

/* Quarters that are typed set their months by hand, in the proportions of the plan without them. */
static enum status read_quarters(struct request *rq, const struct sight *s, struct change *c,
                                 struct error *err)
{
    struct ledger_year_plan plan = {
        .fold = s->indicator.fold, .whole = c->target.whole, .start = LEDGER_NONE};
    int64_t months[12];
    bool any = false;
    enum status status = STATUS_OK;
    memcpy(plan.by_hand, c->target.by_hand, sizeof plan.by_hand);
    for (unsigned q = 0; q < 4; q++)
        any = any || request_input(rq, str_format(rq->arena, "q%u", q + 1).at).len;
    if (any)
        status = ledger_plan_year(&plan, s->indicator.places, months, err);
    for (unsigned q = 0; q < 4 && any && !status; q++) {
        struct str text = request_input(rq, str_format(rq->arena, "q%u", q + 1).at);
        struct error why;
        int64_t sum;
        if (!text.len)
            continue;
        if (ledger_read_amount(text, s->indicator.places, &sum, &why))
            return error_within(err, &why, "Quarter %u: ", "第%u季度：", q + 1);
        ledger_set_quarter(&plan, months, q, sum);
    }
    memcpy(c->target.by_hand, plan.by_hand, sizeof plan.by_hand);
    return status;
}

static enum status put_targets(struct request *rq, struct error *err)
{
    struct sight s;
    struct error why;
    enum status status = open_defined(rq, LEDGER_CHANGE, &s, err);
    struct change c = change_of(rq, &s);
    if (status)
        return status;
    c.target = (struct indicator_target){.year = s.year};
    c.target.split =
        str_equal(request_input(rq, "split"), STR("seasonal")) ? LEDGER_SEASONAL : LEDGER_EVEN;
    if (ledger_read_amount(request_input(rq, "whole"), s.indicator.places, &c.target.whole, &why))
        return error_within(err, &why, "The year's target: ", "全年目标：");
    status = read_months(rq, s.indicator.places, c.target.by_hand, err);
    if (!status)
        status = read_quarters(rq, &s, &c, err);
    return status ? status
                  : write_change(rq, LEDGER_CHANGE, targets_step, &c,
                                 "The target is split into months and kept.",
                                 "目标已分解到月并保存。", err);
}

#define QUARTER_INPUT(N)                                                                            \
    {                                                                                               \
        .name = "q" #N, .kind = INPUT_TEXT, .most = 40, .en = "Quarter " #N, .zh = "第" #N "季度" \
    }
static const struct input TARGET_INPUTS[] = {
    YEAR_INPUT,
    {.name = "whole",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "The year's target",
     .zh = "全年目标"},
    {.name = "split", .kind = INPUT_TEXT, .most = 10, .en = "Split", .zh = "分解方式"},
    QUARTER_INPUT(1),
    QUARTER_INPUT(2),
    QUARTER_INPUT(3),
    QUARTER_INPUT(4),
    MONTH_INPUTS,
    WHY_INPUT,
    {0},
};

const struct route route_ledger_indicator_targets = {
    .method = "POST",
    .path = "/ledger/lines/{line}/indicator/targets",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Set an indicator's target of a year; it is split into months that add up to it.",
    .zh = "设定指标全年目标，并分解为合计相符的各月目标。",
    .inputs = TARGET_INPUTS,
    .run = put_targets,
    .again = show_indicator,
};

/* --- benchmarks ----------------------------------------------------------------------------------------------- */

static enum status benchmark_step(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    const struct change *c = context;
    enum status status = STATUS_OK;
    (void)scratch;
    for (int m = 0; m < 12 && !status; m++)
        if (c->months[m] != LEDGER_NONE)
            status = ledger_put_benchmark(store, c->s->indicator.line, c->name, c->s->year * 12 + m,
                                          c->months[m], &c->deed, err);
    return status;
}

static enum status put_benchmark(struct request *rq, struct error *err)
{
    struct sight s;
    enum status status = open_defined(rq, LEDGER_REPORT, &s, err);
    struct change c = change_of(rq, &s);
    c.name = request_input(rq, "name");
    if (!status)
        status = read_months(rq, s.indicator.places, c.months, err);
    return status ? status
                  : write_change(rq, LEDGER_REPORT, benchmark_step, &c, "The benchmark is kept.",
                                 "参照值已保存。", err);
}

static const struct input BENCHMARK_INPUTS[] = {
    YEAR_INPUT,
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = BENCHMARK_NAME_MAX,
     .en = "Name",
     .zh = "名称"},
    MONTH_INPUTS,
    WHY_INPUT,
    {0},
};

const struct route route_ledger_indicator_benchmark = {
    .method = "POST",
    .path = "/ledger/lines/{line}/indicator/benchmark",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Enter a benchmark's values of a year: the nation's, the city's, or any other's.",
    .zh = "填报参照值全年各月数据：全国、全市或其他。",
    .inputs = BENCHMARK_INPUTS,
    .run = put_benchmark,
    .again = show_indicator,
};

/* --- what it is ----------------------------------------------------------------------------------------------- */

static enum status settings_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct change *c = context;
    return c->s->defined ? ledger_change_indicator(scratch, store, &c->indicator, &c->deed, err)
                         : ledger_define_indicator(scratch, store, &c->indicator, &c->deed, err);
}

static enum status put_settings(struct request *rq, struct error *err)
{
    struct sight s;
    enum status status = open_indicator(rq, LEDGER_CHANGE, &s, err);
    struct change c = change_of(rq, &s);
    if (!status)
        status = indicator_form_read(rq, &c.indicator, err);
    c.indicator.line = s.indicator.line;
    return status ? status
                  : write_change(rq, LEDGER_CHANGE, settings_step, &c, "What it measures is kept.",
                                 "计量方式已保存。", err);
}

static const struct input SETTING_INPUTS[] = {INDICATOR_FORM_INPUTS, WHY_INPUT, {0}};

const struct route route_ledger_indicator_settings = {
    .method = "POST",
    .path = "/ledger/lines/{line}/indicator/settings",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Change what an indicator measures, its formula and when it is due.",
    .zh = "修改指标的计量方式、公式与填报期限。",
    .inputs = SETTING_INPUTS,
    .run = put_settings,
    .again = show_indicator,
};
