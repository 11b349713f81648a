/* What follows from figures; see alarm.h. */
#include "ledger/alarm.h"

#include <math.h>

#include "base/calendar.h"
#include "ledger/monitor.h"

#define ROUND_LINES 200 /* indicators of one transaction of the daily round */

/* --- a year judged -------------------------------------------------------------------------------- */

static int compared_month(const struct ledger_year *y)
{
    for (int m = 11; m >= 0; m--)
        for (size_t b = 0; b < y->nbenchmarks; b++)
            if (ledger_series_at(&y->actuals, y->year * 12 + m) != LEDGER_NONE &&
                y->benchmarks[b].months[m] != LEDGER_NONE)
                return m;
    return -1;
}

static enum ledger_rank rank_of(const struct indicator *indicator, const struct ledger_year *y)
{
    double others[BENCHMARKS_MAX];
    size_t better;
    size_t known;
    int m = y->compared;
    if (m < 0)
        return LEDGER_UNRANKED;
    for (size_t b = 0; b < y->nbenchmarks; b++)
        others[b] = y->benchmarks[b].months[m] == LEDGER_NONE ? (double)NAN
                                                              : (double)y->benchmarks[b].months[m];
    return ledger_rank(indicator->direction,
                       (double)ledger_series_at(&y->actuals, y->year * 12 + m), others,
                       y->nbenchmarks, &better, &known);
}

enum status ledger_load_year(struct arena *arena, struct store *store,
                             const struct indicator *indicator, int year, struct ledger_year *of,
                             struct error *err)
{
    *of = (struct ledger_year){.year = year};
    enum status status = ledger_load_figures(arena, store, indicator, &of->figures, err);
    if (!status)
        status = ledger_find_target(store, indicator->line, year, &of->target, err);
    if (!status)
        status = ledger_list_benchmarks(arena, store, indicator->line, year, &of->benchmarks,
                                        &of->nbenchmarks, err);
    if (status)
        return status;
    of->actuals = ledger_figure_series(arena, of->figures, (year - 1) * 12, 24);
    ledger_forecast_year(indicator->fold, &of->actuals, year, &of->forecast);
    of->compared = compared_month(of);
    of->rank = rank_of(indicator, of);
    return STATUS_OK;
}

unsigned ledger_year_alarms(const struct indicator *indicator, const struct ledger_year *of,
                            int64_t today, int *late)
{
    struct ledger_watch_rule rule = {indicator->due_day, indicator->behind_percent};
    struct ledger_watched watched = {
        .fold = indicator->fold,
        .direction = indicator->direction,
        .made = indicator->formula.len != 0,
        .actuals = &of->actuals,
        .targets = of->target.whole == LEDGER_NONE ? NULL : of->target.months,
        .whole = of->target.whole,
        .forecast = &of->forecast,
        .rank = of->rank,
        .begins = indicator->begins,
    };
    return ledger_watch(&rule, &watched, of->year, today, late);
}

/* --- alarms kept ---------------------------------------------------------------------------------- */

struct found {
    unsigned alarms;
    int year, late;
};

/* The year judged is that of last month: what is due in January is of the year before. An actual of the year before that
 * which still lacks is late all the same. */
static enum status judge(struct arena *arena, struct store *store,
                         const struct indicator *indicator, int64_t today, struct found *found,
                         struct error *err)
{
    struct ledger_year of;
    int before = -1;
    found->year = (ledger_month_of(today) - 1) / 12;
    enum status status = ledger_load_year(arena, store, indicator, found->year - 1, &of, err);
    if (!status)
        (void)ledger_year_alarms(indicator, &of, today, &before);
    if (!status)
        status = ledger_load_year(arena, store, indicator, found->year, &of, err);
    if (status)
        return status;
    found->alarms = ledger_year_alarms(indicator, &of, today, &found->late);
    if (before >= 0) {
        found->alarms |= LEDGER_ALARM_LATE;
        found->late = before;
    }
    return STATUS_OK;
}

static enum status put_alarm(struct store *store, const struct indicator *indicator,
                             const struct found *found, unsigned alarm, int64_t today,
                             struct error *err)
{
    bool late = alarm == LEDGER_ALARM_LATE;
    struct query *q = query_start(
        store,
        "INSERT INTO indicator_alarm (line, kind, year, month, since_day)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (line, kind) DO UPDATE SET year = ?3, month = ?4,"
        " since_day = CASE WHEN year = ?3 AND ?4 IS NULL THEN since_day ELSE ?5 END"
        " WHERE year <> ?3 OR month IS NOT ?4");
    query_bind_int(q, 1, indicator->line);
    query_bind_str(q, 2, str_of(ledger_alarm_name(alarm)));
    query_bind_int(q, 3, found->year);
    if (late)
        query_bind_int(q, 4, found->late);
    else
        query_bind_null(q, 4);
    query_bind_int(q, 5, late ? ledger_actual_due(found->late, indicator->due_day) + 1 : today);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status drop_alarm(struct store *store, int64_t line, unsigned alarm, struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM indicator_alarm WHERE line = ?1 AND kind = ?2");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(ledger_alarm_name(alarm)));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status kept_alarms(struct store *store, int64_t line, unsigned *alarms,
                               struct error *err)
{
    struct query *q = query_start(store, "SELECT kind FROM indicator_alarm WHERE line = ?1");
    query_bind_int(q, 1, line);
    *alarms = 0;
    while (query_row(q))
        *alarms |= ledger_alarm_named(query_str(q, 0));
    return query_end(q, err);
}

static enum status keep_alarms(struct store *store, const struct indicator *indicator,
                               const struct found *found, int64_t today, struct error *err)
{
    unsigned kept;
    enum status status = kept_alarms(store, indicator->line, &kept, err);
    for (unsigned bit = 1; !status && bit < 1U << LEDGER_ALARM_KINDS; bit <<= 1)
        if (found->alarms & bit)
            status = put_alarm(store, indicator, found, bit, today, err);
        else if (kept & bit)
            status = drop_alarm(store, indicator->line, bit, err);
    return status;
}

/* What is not being worked on raises none. */
static enum status refresh_alarms(struct arena *arena, struct store *store,
                                  const struct indicator *indicator, int64_t today,
                                  struct error *err)
{
    struct line line;
    struct found found = {0};
    enum status status = ledger_find_line_by_id(arena, store, indicator->line, &line, err);
    if (!status && line.state == LINE_ACTIVE)
        status = judge(arena, store, indicator, today, &found, err);
    return status ? status : keep_alarms(store, indicator, &found, today, err);
}

/* --- results kept --------------------------------------------------------------------------------- */

static enum status forget_results(struct store *store, int64_t line, struct error *err)
{
    static const char *const HOW[] = {
        "DELETE FROM indicator_result WHERE line = ?1",
        "DELETE FROM indicator_entered WHERE line = ?1 AND year NOT IN"
        " (SELECT month / 12 FROM indicator_actual WHERE line = ?1)",
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof HOW / sizeof *HOW; i++) {
        struct query *q = query_start(store, HOW[i]);
        query_bind_int(q, 1, line);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status keep_result(struct store *store, int64_t line, int month, int64_t amount,
                               int64_t so_far, struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT INTO indicator_result (line, month, amount, so_far) VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, month);
    query_bind_int(q, 3, amount);
    if (so_far == LEDGER_NONE)
        query_bind_null(q, 4);
    else
        query_bind_int(q, 4, so_far);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status)
        return status;
    q = query_start(store, "INSERT OR IGNORE INTO indicator_entered (line, year) VALUES (?1, ?2)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, month / 12);
    (void)query_row(q);
    return query_end(q, err);
}

/* Of all months from the first with a figure to the end of the year of the last. */
static enum status refresh_results(struct arena *arena, struct store *store,
                                   const struct indicator *indicator, struct error *err)
{
    struct ledger_figures *figures;
    int first;
    int last;
    enum status status = forget_results(store, indicator->line, err);
    if (status || !indicator->formula.len)
        return status;
    status = ledger_load_figures(arena, store, indicator, &figures, err);
    if (status || !ledger_figures_span(figures, &first, &last))
        return status;
    for (int month = first; !status && month <= last - last % 12 + 11; month++) {
        int64_t amount = ledger_figure(figures, month, 1);
        int64_t so_far = ledger_figure(figures, month - month % 12, month % 12 + 1);
        if (amount != LEDGER_NONE)
            status = keep_result(store, indicator->line, month, amount, so_far, err);
    }
    return status;
}

/* --- what changed --------------------------------------------------------------------------------- */

/* Those noted and all that use them. */
static enum status list_stale(struct arena *arena, struct store *store, int64_t **lines,
                              size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "WITH RECURSIVE stale (id) AS (SELECT line FROM indicator_stale UNION"
                           " SELECT u.line FROM indicator_use u JOIN stale s ON u.uses = s.id)"
                           " SELECT id FROM stale");
    *lines = NULL;
    *count = 0;
    while (query_row(q)) {
        *lines = arena_one_more(arena, *lines, *count, sizeof **lines);
        (*lines)[(*count)++] = query_int(q, 0);
    }
    return query_end(q, err);
}

static enum status refresh(struct store *store, int64_t line, int64_t now_ms, bool changed,
                           struct error *err)
{
    struct arena *arena = arena_make();
    struct indicator indicator;
    enum status status = ledger_find_indicator(arena, store, line, &indicator, err);
    if (!status && changed)
        status = refresh_results(arena, store, &indicator, err);
    if (!status)
        status = refresh_alarms(arena, store, &indicator, calendar_day_of(now_ms), err);
    if (!status && changed)
        status = ledger_judge_indicator(store, line, now_ms, err);
    arena_free(arena);
    return status;
}

enum status ledger_freshen(struct store *store, int64_t now_ms, struct error *err)
{
    struct arena *arena = arena_make();
    int64_t *lines;
    size_t count;
    enum status status = list_stale(arena, store, &lines, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = refresh(store, lines[i], now_ms, true, err);
    if (!status && count)
        status = store_run(store, "DELETE FROM indicator_stale", err);
    arena_free(arena);
    return status;
}

/* --- day by day ----------------------------------------------------------------------------------- */

/* The next of them after *from; *count 0 at the end. */
static enum status list_next(struct store *store, int64_t *from, int64_t lines[ROUND_LINES],
                             size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT line FROM indicator WHERE line > ?1 ORDER BY line LIMIT ?2");
    query_bind_int(q, 1, *from);
    query_bind_int(q, 2, ROUND_LINES);
    *count = 0;
    while (query_row(q))
        lines[(*count)++] = *from = query_int(q, 0);
    return query_end(q, err);
}

static enum status look_at_some(struct store *store, int64_t now_ms, int64_t *from, bool *more,
                                struct error *err)
{
    int64_t lines[ROUND_LINES];
    size_t count = 0;
    enum status status = list_next(store, from, lines, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = refresh(store, lines[i], now_ms, false, err);
    *more = count != 0;
    return status;
}

static enum status set_next(struct store *store, int64_t next_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE alarm_round SET next_ms = ?1");
    query_bind_int(q, 1, next_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status in_transaction(struct store *store, enum status done, struct error *err)
{
    if (!done)
        return store_commit(store, err);
    store_rollback(store);
    return done;
}

enum status ledger_alarm_round(struct store *store, int64_t now_ms, struct error *err)
{
    int64_t from = 0;
    bool more = true;
    enum status status = store_begin(store, err);
    if (!status)
        status = in_transaction(store, ledger_freshen(store, now_ms, err), err);
    while (!status && more) {
        status = store_begin(store, err);
        if (!status)
            status = in_transaction(store, look_at_some(store, now_ms, &from, &more, err), err);
    }
    if (!status)
        status = store_begin(store, err);
    return status ? status
                  : in_transaction(
                        store,
                        set_next(store, calendar_moment_of(calendar_day_of(now_ms) + 1), err), err);
}
