/* Sweeps; see sweep.h. */
#include "ledger/sweep.h"

#include "ledger/key.h"

static const struct {
    const char *name, *en, *zh;
} STANDINGS[SWEEP_STANDINGS] = {
    [SWEEP_WAITING] = {"waiting", "Not answered yet", "待反馈"},
    [SWEEP_LATE] = {"late", "Late", "逾期未反馈"},
    [SWEEP_ANSWERED] = {"answered", "Answered", "已反馈"},
    [SWEEP_ANSWERED_LATE] = {"answered-late", "Answered late", "逾期反馈"},
};

enum sweep_standing sweep_stand(int64_t due_day, int64_t answered_day, int64_t today)
{
    int64_t day = answered_day ? answered_day : today;
    bool late = due_day && day > due_day;
    if (answered_day)
        return late ? SWEEP_ANSWERED_LATE : SWEEP_ANSWERED;
    return late ? SWEEP_LATE : SWEEP_WAITING;
}

const char *sweep_standing_name(enum sweep_standing standing)
{
    return STANDINGS[standing].name;
}

const char *sweep_standing_words(enum sweep_standing standing, enum lang lang)
{
    return lang_pick(lang, STANDINGS[standing].en, STANDINGS[standing].zh);
}

/* --- handing out ---------------------------------------------------------------------------------- */

static enum status check_sheet(struct arena *arena, struct store *store, int64_t id,
                               struct error *err)
{
    struct sheet sheet;
    enum status status = ledger_find_sheet_by_id(arena, store, id, &sheet, err);
    if (!status && sheet.use != SHEET_SWEEP)
        return error_set(err, STATUS_INPUT, "That sheet is not for sweeps.", "该表不用于排查。");
    if (!status && sheet.closed_ms)
        return error_set(err, STATUS_CONFLICT, "That sheet is not in use any more.",
                         "该表已停用。");
    return status;
}

static enum status give(struct store *store, int64_t line, int64_t unit, int64_t now_ms,
                        struct error *err)
{
    struct query *q = query_start(store, "INSERT OR IGNORE INTO sweep_unit (line, unit, given_ms)"
                                         " SELECT ?1, id, ?3 FROM unit WHERE id = ?2"
                                         " AND closed_ms IS NULL");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, unit);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep(struct store *store, int64_t line, int64_t sheet, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO sweep (line, sheet) VALUES (?1, ?2)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, sheet);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_begin_sweep(struct arena *arena, struct store *store, struct line *line,
                               int64_t sheet, const int64_t *units, size_t count,
                               const struct ledger_deed *deed, struct error *err)
{
    if (count < 1 || count > SWEEP_UNITS_MAX)
        return error_set(err, STATUS_INPUT, "Hand it to one unit at least, and at most %u.",
                         "请选择 1 至 %u 个单位。", SWEEP_UNITS_MAX);
    if (!line->due_day)
        return error_set(err, STATUS_INPUT, "Say by which day the units are to answer.",
                         "请填写反馈期限。");
    line->kind = LEDGER_SWEEP;
    line->state = LINE_ACTIVE;
    enum status status = check_sheet(arena, store, sheet, err);
    if (!status)
        status = ledger_make_line(arena, store, line, deed, err);
    if (!status)
        status = keep(store, line->id, sheet, err);
    for (size_t i = 0; !status && i < count; i++)
        status = give(store, line->id, units[i], deed->now_ms, err);
    return status ? status
                  : ledger_record(store, line->id, "line.sweep",
                                  json_pack("{s:s, s:o, s:I}", "act", "begin", "sheet",
                                            ledger_json_id('Q', sheet), "units", (json_int_t)count),
                                  deed, err);
}

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_find_sweep(struct store *store, int64_t line, int64_t *sheet, struct error *err)
{
    struct query *q = query_start(store, "SELECT sheet FROM sweep WHERE line = ?1");
    query_bind_int(q, 1, line);
    *sheet = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*sheet)
        return error_set(err, STATUS_MISSING, "This line was handed to no unit as a sweep.",
                         "该条目未作为排查下发。");
    return status;
}

enum status ledger_list_sweep_units(struct arena *arena, struct store *store, int64_t line,
                                    struct sweep_unit **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT s.unit, u.key, u.name, s.given_ms, (SELECT min(f.sent_ms) FROM filled f"
        " WHERE f.line = s.line AND f.unit = s.unit), (SELECT count(*) FROM finding n JOIN filled f"
        " ON f.id = n.filled WHERE f.line = s.line AND f.unit = s.unit AND f.replaced_ms IS NULL),"
        " (SELECT count(*) FROM finding n JOIN filled f ON f.id = n.filled WHERE f.line = s.line"
        " AND f.unit = s.unit AND f.replaced_ms IS NULL AND n.settled_ms IS NULL)"
        " FROM sweep_unit s JOIN unit u ON u.id = s.unit WHERE s.line = ?1 ORDER BY u.name");
    *list = arena_array(arena, SWEEP_UNITS_MAX, struct sweep_unit);
    *count = 0;
    query_bind_int(q, 1, line);
    while (*count < SWEEP_UNITS_MAX && query_row(q))
        (*list)[(*count)++] = (struct sweep_unit){
            .unit = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .name = str_copy(arena, query_str(q, 2)),
            .given_ms = query_int(q, 3),
            .answered_ms = query_int(q, 4),
            .findings = query_int(q, 5),
            .open = query_int(q, 6),
        };
    return query_end(q, err);
}

/* --- answering ------------------------------------------------------------------------------------ */

static enum status check_answerer(struct store *store, const struct filled *filled,
                                  struct error *err)
{
    bool given = false;
    bool belongs = false;
    struct query *q =
        query_start(store, "SELECT EXISTS (SELECT 1 FROM sweep_unit WHERE line = ?1 AND unit = ?2),"
                           " EXISTS (SELECT 1 FROM unit_member WHERE unit = ?2 AND member = ?3)");
    query_bind_int(q, 1, filled->line);
    query_bind_int(q, 2, filled->unit);
    query_bind_int(q, 3, filled->member);
    if (query_row(q)) {
        given = query_int(q, 0) != 0;
        belongs = query_int(q, 1) != 0;
    }
    enum status status = query_end(q, err);
    if (!status && !given)
        return error_set(err, STATUS_MISSING, "The sweep was not handed to that unit.",
                         "该排查未下发给此单位。");
    if (!status && !belongs)
        return error_set(err, STATUS_FORBIDDEN, "Members of the unit answer for it.",
                         "须由该单位成员反馈。");
    return status;
}

static enum status check_runs(const struct line *line, struct error *err)
{
    return line->state == LINE_ACTIVE
               ? STATUS_OK
               : error_set(err, STATUS_CONFLICT, "The sweep has ended.", "排查已结束。");
}

/* The share of units that have answered. */
static enum status move_on(struct store *store, int64_t line, const struct ledger_deed *deed,
                           struct error *err)
{
    struct line_change progress = {.field = LINE_PROGRESS};
    struct ledger_deed alone = {.now_ms = deed->now_ms};
    struct query *q = query_start(
        store, "SELECT 100 * count(*) FILTER (WHERE EXISTS (SELECT 1 FROM filled f WHERE"
               " f.line = s.line AND f.unit = s.unit)) / count(*) FROM sweep_unit s"
               " WHERE s.line = ?1");
    query_bind_int(q, 1, line);
    progress.number = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    return status ? status : ledger_change_line(store, line, &progress, 1, &alone, err);
}

enum status ledger_may_answer_sweep(struct arena *arena, struct store *store,
                                    const struct filled *filled, struct error *err)
{
    struct line line;
    enum status status = ledger_find_line_by_id(arena, store, filled->line, &line, err);
    if (!status)
        status = check_answerer(store, filled, err);
    return status ? status : check_runs(&line, err);
}

enum status ledger_answer_sweep(struct arena *arena, struct store *store, struct filled *filled,
                                const struct ledger_deed *deed, struct error *err)
{
    enum status status = ledger_may_answer_sweep(arena, store, filled, err);
    if (!status)
        status = ledger_find_sweep(store, filled->line, &filled->sheet, err);
    if (!status)
        status = ledger_fill_sheet(arena, store, filled, NULL, deed, err);
    return status ? status : move_on(store, filled->line, deed, err);
}

enum status ledger_end_sweep(struct arena *arena, struct store *store, int64_t id,
                             const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct sweep_unit *units;
    size_t count = 0;
    int64_t open = 0;
    int64_t sheet;
    struct line_change done = {.field = LINE_STATE, .number = LINE_DONE};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_find_sweep(store, id, &sheet, err);
    if (!status)
        status = check_runs(&line, err);
    if (!status)
        status = ledger_list_sweep_units(arena, store, id, &units, &count, err);
    for (size_t i = 0; i < count; i++)
        open += units[i].open;
    if (!status && open)
        return error_set(err, STATUS_CONFLICT,
                         "Decide first about each finding: a risk, a rectification, or nothing.",
                         "请先逐项处理发现的问题：转风险、转整改或不予处理。");
    if (!status && !ledger_is_line_of_text(str_trim(deed->why), 1, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "Say what came of it, in at most %d characters.",
                         "请填写排查结果，不超过 %d 个字。", LINE_WHY_MAX);
    if (!status)
        status = ledger_change_line(store, id, &done, 1, deed, err);
    return status ? status
                  : ledger_record(store, id, "line.sweep", json_pack("{s:s}", "act", "end"), deed,
                                  err);
}
