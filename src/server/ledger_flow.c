/* Where time goes as it is asked for; see ledger_flow.h. */
#include "server/ledger_flow.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "server/ledger_notices.h"
#include "server/ledger_terms.h"

static const struct {
    int64_t days;
    const char *en, *zh;
} PERIODS[] = {
    {30, "30 days", "近 30 天"},
    {90, "90 days", "近 90 天"},
    {365, "A year", "近一年"},
};
#define PERIODS_COUNT  (sizeof PERIODS / sizeof *PERIODS)
#define PERIOD_DEFAULT 90

static enum status read_period(struct request *rq, struct flow_view *view, struct error *err)
{
    struct str said = request_input(rq, "period");
    uint64_t days = PERIOD_DEFAULT;
    bool known = !said.len;
    if (said.len && str_to_u64(said, &days))
        for (size_t i = 0; i < PERIODS_COUNT; i++)
            known |= days == (uint64_t)PERIODS[i].days;
    if (!known)
        return error_set(err, STATUS_INPUT, "The period is 30, 90 or 365 days.",
                         "时段应为 30、90 或 365 天。");
    view->days = (int64_t)days;
    view->filter.period = (struct span_period){view->today - view->days + 1, view->today};
    return STATUS_OK;
}

static enum status read_filter(struct request *rq, struct flow_view *view, struct error *err)
{
    struct unit unit = {0};
    enum ledger_kind kind = LEDGER_KINDS;
    view->unit = request_input(rq, "unit");
    view->kind = request_input(rq, "kind");
    view->filter.kind = -1;
    if (view->kind.len && !ledger_kind_named(view->kind, &kind))
        return error_set(err, STATUS_INPUT, "There is no such kind of line.", "没有这一类别。");
    if (view->kind.len)
        view->filter.kind = (int)kind;
    if (view->unit.len) {
        enum status status = ledger_find_unit(rq->arena, rq->store, view->unit, &unit, err);
        if (status)
            return status;
    }
    view->filter.unit = unit.id;
    return read_period(rq, view, err);
}

static int compare_units(const void *left, const void *right)
{
    const struct unit *a = left;
    const struct unit *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

static void hide_objections(const struct request *rq, struct flow *flow)
{
    size_t kept = 0;
    if (ledger_viewer(rq).is & (LEDGER_EDITS | LEDGER_INSPECTS))
        return;
    for (size_t i = 0; i < flow->nspans; i++)
        if (flow->spans[i].line)
            flow->spans[kept++] = flow->spans[i];
    flow->nspans = kept;
}

enum status flow_read_view(struct request *rq, struct flow_view *view, struct error *err)
{
    const struct workdays *calendar;
    *view = (struct flow_view){.today = calendar_day_of(rq->now_ms)};
    enum status status = read_filter(rq, view, err);
    if (!status)
        status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (!status)
        status = ledger_load_flow(rq->arena, rq->store, calendar, &view->filter, &view->flow, err);
    if (!status)
        status = ledger_list_units(rq->arena, rq->store, &view->units, &view->nunits, err);
    if (status)
        return status;
    if (view->nunits)
        qsort(view->units, view->nunits, sizeof *view->units, compare_units);
    hide_objections(rq, &view->flow);
    view->calendar = workday_name(calendar, rq->lang);
    view->unknown_year = workday_unknown_year(calendar, view->filter.period.first, view->today);
    return STATUS_OK;
}

/* --- the form ------------------------------------------------------------------------------------- */

const struct field flow_form_fields[] = {
    FIELD_OF_LIST(struct flow_form, periods, ledger_choice_fields),
    FIELD_OF_LIST(struct flow_form, units, ledger_choice_fields),
    FIELD_OF_LIST(struct flow_form, kinds, ledger_choice_fields),
    FIELD(FLAG, struct flow_form, filtered),
    {0},
};

enum status flow_fill_form(struct request *rq, const struct flow_view *view, struct flow_form *form,
                           struct error *err)
{
    *form = (struct flow_form){.filtered = view->unit.len || view->kind.len};
    form->periods = arena_array(rq->arena, PERIODS_COUNT, struct ledger_choice);
    for (; form->nperiods < PERIODS_COUNT; form->nperiods++)
        form->periods[form->nperiods] = (struct ledger_choice){
            str_format(rq->arena, "%lld", (long long)PERIODS[form->nperiods].days),
            request_words(rq, PERIODS[form->nperiods].en, PERIODS[form->nperiods].zh),
            PERIODS[form->nperiods].days == view->days};
    ledger_fill_values(rq, &ledger_kind_values, view->kind, &form->kinds, &form->nkinds);
    return ledger_list_unit_choices(rq, view->filter.unit, &form->units, &form->nunits, err);
}

struct str flow_query(const struct request *rq, const struct flow_view *view)
{
    return str_format(rq->arena, "period=%lld%s%.*s%s%.*s", (long long)view->days,
                      view->unit.len ? "&unit=" : "", STR_ARG(view->unit),
                      view->kind.len ? "&kind=" : "", STR_ARG(view->kind));
}

/* --- names ---------------------------------------------------------------------------------------- */

static const struct unit *find_unit(const struct flow_view *view, int64_t id)
{
    struct unit wanted = {.id = id};
    return view->nunits ? bsearch(&wanted, view->units, view->nunits, sizeof wanted, compare_units)
                        : NULL;
}

struct str flow_unit_name(const struct request *rq, const struct flow_view *view, int64_t unit)
{
    const struct unit *found = find_unit(view, unit);
    return found ? found->name : request_words(rq, "Who keeps or inspects", "台账管理者、督导员");
}

struct str flow_unit_key(const struct flow_view *view, int64_t unit)
{
    const struct unit *found = find_unit(view, unit);
    return found ? found->key : STR("");
}

const struct field flow_name_fields[] = {
    FIELD(TEXT, struct flow_name, key),
    FIELD(TEXT, struct flow_name, number),
    FIELD(TEXT, struct flow_name, title),
    FIELD(TEXT, struct flow_name, within),
    {0},
};

enum status flow_know_lines(struct request *rq, const int64_t *ids, size_t count,
                            struct flow_name **names, size_t *nnames, struct error *err)
{
    struct buf list = {.arena = rq->arena};
    for (size_t i = 0; i < count; i++)
        buf_format(&list, i ? ",%lld" : "[%lld", (long long)ids[i]);
    buf_add(&list, count ? STR("]") : STR("[]"));
    *names = arena_array(rq->arena, count + 1, struct flow_name);
    *nnames = 0;
    struct query *q =
        query_start(rq->store, "SELECT l.id, l.key, l.number, l.title, CASE l.kind WHEN 'milestone'"
                               " THEN p.title END FROM line l LEFT JOIN line p ON p.id = l.parent"
                               " WHERE l.id IN (SELECT value FROM json_each(?1)) ORDER BY l.id");
    query_bind_str(q, 1, buf_str(&list));
    while (*nnames < count && query_row(q))
        (*names)[(*nnames)++] = (struct flow_name){
            query_int(q, 0), str_copy(rq->arena, query_str(q, 1)),
            str_copy(rq->arena, query_str(q, 2)), str_copy(rq->arena, query_str(q, 3)),
            str_copy(rq->arena, query_str(q, 4))};
    return query_end(q, err);
}

static int compare_names(const void *left, const void *right)
{
    const struct flow_name *a = left;
    const struct flow_name *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

struct flow_name flow_name_of(const struct flow_name *names, size_t count, int64_t id)
{
    struct flow_name wanted = {.id = id};
    const struct flow_name *found =
        count ? bsearch(&wanted, names, count, sizeof wanted, compare_names) : NULL;
    return found ? *found : (struct flow_name){0};
}
