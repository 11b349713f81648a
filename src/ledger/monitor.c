/* Thresholds kept and alarms raised; see monitor.h. */
#include "ledger/monitor.h"

#include "base/digest.h"
#include "base/json.h"
#include "ledger/indicator.h"
#include "ledger/key.h"

#define MONTHS_JUDGED 120 /* back from the last figure */

#define THRESHOLD_SELECT                                                                         \
    "SELECT t.id, t.key, t.line, t.indicator, i.direction, t.warn, t.act, t.margin, t.months,"   \
    " t.member, t.made_ms, l.number, l.title, l.key, i.measure, i.places,"                       \
    " coalesce((SELECT max(1 + (a.level = 'act')) FROM risk_alarm a WHERE a.threshold = t.id"    \
    " AND a.fell_ms IS NULL), 0) FROM risk_threshold t JOIN indicator i ON i.line = t.indicator" \
    " JOIN line l ON l.id = t.indicator JOIN line r ON r.id = t.line"                            \
    " WHERE t.ended_ms IS NULL AND "

static enum status take(struct arena *arena, struct query *q, struct risk_threshold **list,
                        size_t *count, struct error *err)
{
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        enum ledger_direction direction = LEDGER_UP;
        (void)ledger_direction_named(query_str(q, 4), &direction);
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct risk_threshold){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .line = query_int(q, 2),
            .indicator = query_int(q, 3),
            .marks = {direction, query_int(q, 5), query_int(q, 6), query_int(q, 7),
                      (int)query_int(q, 8)},
            .member = query_int(q, 9),
            .made_ms = query_int(q, 10),
            .number = str_copy(arena, query_str(q, 11)),
            .title = str_copy(arena, query_str(q, 12)),
            .indicator_key = str_copy(arena, query_str(q, 13)),
            .measure = str_copy(arena, query_str(q, 14)),
            .places = (unsigned)query_int(q, 15),
            .level = (enum threshold_level)query_int(q, 16),
        };
    }
    return query_end(q, err);
}

enum status ledger_list_thresholds(struct arena *arena, struct store *store, int64_t line,
                                   struct risk_threshold **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, THRESHOLD_SELECT "t.line = ?1 ORDER BY t.id");
    query_bind_int(q, 1, line);
    return take(arena, q, list, count, err);
}

/* --- judging -------------------------------------------------------------------------------------- */

static json_t *alarm_data(const char *did, enum threshold_level level, int64_t indicator,
                          struct str month)
{
    return json_pack("{s:s, s:s, s:o, s:o}", "alarm", did, "level", threshold_level_name(level),
                     "indicator", ledger_json_id('L', indicator), "month", str_to_json(month));
}

static enum status find_standing(struct store *store, const struct risk_threshold *t,
                                 enum threshold_level level, int64_t *alarm, int *month,
                                 struct error *err)
{
    struct query *q = query_start(store, "SELECT id, month FROM risk_alarm WHERE threshold = ?1"
                                         " AND level = ?2 AND fell_ms IS NULL");
    query_bind_int(q, 1, t->id);
    query_bind_str(q, 2, str_of(threshold_level_name(level)));
    *alarm = 0;
    if (query_row(q)) {
        *alarm = query_int(q, 0);
        *month = (int)query_int(q, 1);
    }
    return query_end(q, err);
}

static enum status raise(struct arena *arena, struct store *store, const struct risk_threshold *t,
                         enum threshold_level level, int month, int64_t now_ms, struct error *err)
{
    struct ledger_deed alone = {.now_ms = now_ms};
    struct query *q = query_start(
        store, "INSERT INTO risk_alarm (threshold, level, month, raised_ms) VALUES (?1, ?2, ?3, ?4)"
               " ON CONFLICT (threshold, level, month) DO UPDATE SET fell_ms = NULL");
    query_bind_int(q, 1, t->id);
    query_bind_str(q, 2, str_of(threshold_level_name(level)));
    query_bind_int(q, 3, month);
    query_bind_int(q, 4, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : ledger_record(
                        store, t->line, "line.alarm",
                        alarm_data("raised", level, t->indicator, ledger_write_month(arena, month)),
                        &alone, err);
}

static enum status let_fall(struct arena *arena, struct store *store,
                            const struct risk_threshold *t, enum threshold_level level,
                            int64_t alarm, int month, int64_t now_ms, struct error *err)
{
    struct ledger_deed alone = {.now_ms = now_ms};
    struct query *q = query_start(store, "UPDATE risk_alarm SET fell_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, alarm);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : ledger_record(
                        store, t->line, "line.alarm",
                        alarm_data("fallen", level, t->indicator, ledger_write_month(arena, month)),
                        &alone, err);
}

/* Brings what stands to what the figures say. */
static enum status apply(struct arena *arena, struct store *store, const struct risk_threshold *t,
                         const struct threshold_standing *s, int64_t now_ms, struct error *err)
{
    enum status status = STATUS_OK;
    for (int i = THRESHOLD_WARN; !status && i < THRESHOLD_LEVELS; i++) {
        enum threshold_level level = (enum threshold_level)i;
        int64_t alarm = 0;
        int month = 0;
        status = find_standing(store, t, level, &alarm, &month, err);
        if (!status && s->since[i] >= 0 && !alarm)
            status = raise(arena, store, t, level, s->since[i], now_ms, err);
        else if (!status && s->since[i] < 0 && alarm)
            status = let_fall(arena, store, t, level, alarm, month, now_ms, err);
    }
    return status;
}

static enum status judge(struct arena *arena, struct store *store, const struct risk_threshold *t,
                         int64_t now_ms, struct error *err)
{
    struct threshold_standing standing = {THRESHOLD_CALM, {-1, -1, -1}, -1};
    struct ledger_figures *figures;
    struct indicator indicator;
    int first;
    int last;
    enum status status = ledger_find_indicator(arena, store, t->indicator, &indicator, err);
    if (!status)
        status = ledger_load_figures(arena, store, &indicator, &figures, err);
    if (status)
        return status;
    /* Marks that an indicator turned round has made senseless raise nothing. */
    if (ledger_figures_span(figures, &first, &last) && !threshold_check(&t->marks, NULL)) {
        first = first > last - MONTHS_JUDGED ? first : last - MONTHS_JUDGED;
        struct ledger_series series = ledger_figure_series(arena, figures, first, last - first + 1);
        standing = threshold_judge(&t->marks, &series);
    }
    return apply(arena, store, t, &standing, now_ms, err);
}

static enum status judge_where(struct store *store, const char *sql, int64_t id, int64_t now_ms,
                               struct error *err)
{
    struct arena *arena = arena_make();
    struct risk_threshold *list;
    size_t count;
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, id);
    enum status status = take(arena, q, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = judge(arena, store, &list[i], now_ms, err);
    arena_free(arena);
    return status;
}

enum status ledger_judge_indicator(struct store *store, int64_t indicator, int64_t now_ms,
                                   struct error *err)
{
    return judge_where(store,
                       THRESHOLD_SELECT "r.state <> 'closed' AND t.indicator = ?1 ORDER BY t.id",
                       indicator, now_ms, err);
}

enum status ledger_judge_risk(struct store *store, int64_t line, int64_t now_ms, struct error *err)
{
    return judge_where(store, THRESHOLD_SELECT "r.state <> 'closed' AND t.line = ?1 ORDER BY t.id",
                       line, now_ms, err);
}

/* --- setting -------------------------------------------------------------------------------------- */

/* Marks before and after; NULL: there were (are) none. */
static json_t *marks_data(struct arena *arena, int64_t indicator, unsigned places,
                          const struct threshold *was, const struct threshold *is)
{
    static const struct threshold NO_MARKS = {LEDGER_UP, LEDGER_NONE, LEDGER_NONE, LEDGER_NONE, 0};
    const struct threshold *both[] = {was ? was : &NO_MARKS, is ? is : &NO_MARKS};
    json_t *data =
        json_pack("{s:o, s:[], s:[], s:[], s:[]}", "indicator", ledger_json_id('L', indicator),
                  "warn_at", "act_at", "margin", "months");
    for (int i = 0; i < 2; i++) {
        const int64_t amounts[] = {both[i]->warn, both[i]->act, both[i]->margin};
        static const char *const NAMES[] = {"warn_at", "act_at", "margin"};
        for (int k = 0; k < 3; k++)
            json_array_append_new(json_object_get(data, NAMES[k]),
                                  str_to_json(ledger_write_amount(arena, amounts[k], places)));
        json_array_append_new(json_object_get(data, "months"),
                              both[i]->months ? json_integer(both[i]->months) : json_null());
    }
    return data;
}

static enum status end(struct arena *arena, struct store *store, const struct risk_threshold *t,
                       const struct ledger_deed *deed, struct error *err)
{
    struct threshold_standing calm = {THRESHOLD_CALM, {-1, -1, -1}, -1};
    enum status status = apply(arena, store, t, &calm, deed->now_ms, err);
    struct query *q = query_start(store, "UPDATE risk_threshold SET ended_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, t->id);
    query_bind_int(q, 2, deed->now_ms);
    (void)query_row(q);
    enum status ended = query_end(q, status ? NULL : err);
    return status ? status : ended;
}

static enum status add(struct arena *arena, struct store *store, int64_t line, int64_t indicator,
                       const struct threshold *marks, int64_t member,
                       const struct ledger_deed *deed, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO risk_threshold (key, line, indicator, warn, act, margin, months,"
               " member, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, indicator);
    query_bind_int(q, 4, marks->warn);
    query_bind_int(q, 5, marks->act);
    query_bind_int(q, 6, marks->margin);
    query_bind_int(q, 7, marks->months);
    query_bind_int(q, 8, member);
    query_bind_int(q, 9, deed->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* The risk, its threshold over the indicator (NULL: none), and the indicator, as they are. */
static enum status look(struct arena *arena, struct store *store, int64_t line, int64_t id,
                        struct indicator *indicator, struct risk_threshold **had, struct error *err)
{
    struct line risk;
    struct risk_threshold *list;
    size_t count = 0;
    enum status status = ledger_find_line_by_id(arena, store, line, &risk, err);
    *had = NULL;
    if (!status && (risk.kind != LEDGER_RISK || risk.state == LINE_CLOSED))
        return error_set(err, STATUS_CONFLICT, "Marks are set for a risk that is not closed.",
                         "只能为未关闭的风险设置预警值。");
    if (!status)
        status = ledger_find_indicator(arena, store, id, indicator, err);
    if (!status)
        status = ledger_list_thresholds(arena, store, line, &list, &count, err);
    for (size_t i = 0; i < count; i++)
        if (list[i].indicator == id)
            *had = &list[i];
    return status;
}

enum status ledger_set_threshold(struct arena *arena, struct store *store, int64_t line, int64_t id,
                                 const struct threshold *marks, int64_t member,
                                 const struct ledger_deed *deed, struct error *err)
{
    struct indicator indicator;
    struct risk_threshold *had;
    struct threshold set = *marks;
    enum status status = look(arena, store, line, id, &indicator, &had, err);
    set.direction = status ? LEDGER_UP : indicator.direction;
    if (!status)
        status = threshold_check(&set, err);
    if (!status && had)
        status = end(arena, store, had, deed, err);
    if (!status)
        status = add(arena, store, line, id, &set, member, deed, err);
    if (status)
        return status;
    status = ledger_record(store, line, "line.threshold",
                           marks_data(arena, id, indicator.places, had ? &had->marks : NULL, &set),
                           deed, err);
    return status ? status : ledger_judge_risk(store, line, deed->now_ms, err);
}

enum status ledger_end_threshold(struct store *store, int64_t line, struct str key,
                                 const struct ledger_deed *deed, struct error *err)
{
    struct arena *arena = arena_make();
    struct risk_threshold *list;
    size_t count = 0;
    size_t at = 0;
    enum status status = ledger_list_thresholds(arena, store, line, &list, &count, err);
    while (at < count && !str_equal(list[at].key, key))
        at++;
    if (!status && at == count)
        status = error_set(err, STATUS_MISSING, "There are no such marks.", "没有该预警设置。");
    if (!status)
        status = end(arena, store, &list[at], deed, err);
    if (!status)
        status = ledger_record(
            store, line, "line.threshold",
            marks_data(arena, list[at].indicator, list[at].places, &list[at].marks, NULL), deed,
            err);
    arena_free(arena);
    return status;
}

/* --- alarms --------------------------------------------------------------------------------------- */

enum status ledger_list_alarms(struct arena *arena, struct store *store, int64_t line, size_t most,
                               struct risk_alarm **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT a.level, a.month, a.raised_ms, a.fell_ms, l.number, l.title, l.key"
               " FROM risk_threshold t JOIN risk_alarm a ON a.threshold = t.id"
               " JOIN line l ON l.id = t.indicator WHERE t.line = ?1"
               " ORDER BY a.fell_ms IS NOT NULL, a.id DESC LIMIT ?2");
    *list = arena_array(arena, most, struct risk_alarm);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct risk_alarm){
            .level = threshold_level_named(query_str(q, 0)),
            .month = (int)query_int(q, 1),
            .raised_ms = query_int(q, 2),
            .fell_ms = query_int(q, 3),
            .number = str_copy(arena, query_str(q, 4)),
            .title = str_copy(arena, query_str(q, 5)),
            .indicator_key = str_copy(arena, query_str(q, 6)),
        };
    return query_end(q, err);
}
