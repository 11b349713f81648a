/* Indicators as they are kept; see indicator.h. */
#include "ledger/indicator.h"

#include "base/json.h"
#include "ledger/key.h"
#include "ledger/split.h"

static const char *const DIRECTIONS[] = {[LEDGER_UP] = "up", [LEDGER_DOWN] = "down"};
static const char *const SPLITS[] = {[LEDGER_EVEN] = "even", [LEDGER_SEASONAL] = "seasonal"};

const char *ledger_direction_name(enum ledger_direction direction)
{
    return DIRECTIONS[direction];
}

bool ledger_direction_named(struct str name, enum ledger_direction *direction)
{
    bool up = str_equal(name, STR("up"));
    if (!up && !str_equal(name, STR("down")))
        return false;
    *direction = up ? LEDGER_UP : LEDGER_DOWN;
    return true;
}

static json_t *json_of_amount(int64_t amount, unsigned places)
{
    struct arena *scratch = arena_make();
    json_t *json = amount == LEDGER_NONE
                       ? json_null()
                       : str_to_json(ledger_write_amount(scratch, amount, places));
    arena_free(scratch);
    return json;
}

static void set_month_pair(json_t *data, const char *name, int month, json_t *was, json_t *is)
{
    struct arena *scratch = arena_make();
    json_object_set_new(data, "month", str_to_json(ledger_write_month(scratch, month)));
    json_object_set_new(data, name, json_pack("[o, o]", was, is));
    arena_free(scratch);
}

static enum status check_month(int month, struct error *err)
{
    return month < LEDGER_YEAR_LEAST * 12 || month >= (LEDGER_YEAR_MOST + 1) * 12
               ? error_set(err, STATUS_INPUT, "There is no such month.", "没有这个月份。")
               : STATUS_OK;
}

static enum status check_amount(int64_t amount, struct error *err)
{
    return amount != LEDGER_NONE && (amount > LEDGER_AMOUNT_MAX || amount < -LEDGER_AMOUNT_MAX)
               ? error_set(err, STATUS_INPUT, "That is greater than can be kept.",
                           "超出可保存的范围。")
               : STATUS_OK;
}

/* Notes that what follows from it is to be worked out anew; see alarm.h. */
static enum status note_change(struct store *store, int64_t line, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR IGNORE INTO indicator_stale (line) VALUES (?1)");
    query_bind_int(q, 1, line);
    (void)query_row(q);
    return query_end(q, err);
}

/* --- the indicator itself ----------------------------------------------------------------------------------- */

static void take_indicator(struct arena *arena, struct query *q, struct indicator *indicator)
{
    *indicator = (struct indicator){.line = query_int(q, 0),
                                    .measure = str_copy(arena, query_str(q, 1)),
                                    .places = (unsigned)query_int(q, 2),
                                    .formula = str_copy(arena, query_str(q, 5)),
                                    .begins = (int)query_int(q, 6),
                                    .due_day = (unsigned)query_int(q, 7),
                                    .behind_percent = (unsigned)query_int(q, 8)};
    (void)ledger_fold_named(query_str(q, 3), &indicator->fold);
    (void)ledger_direction_named(query_str(q, 4), &indicator->direction);
}

enum status ledger_find_indicator(struct arena *arena, struct store *store, int64_t line,
                                  struct indicator *indicator, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT line, measure, places, fold, direction, formula, begins, due_day,"
               " behind_percent FROM indicator WHERE line = ?1");
    query_bind_int(q, 1, line);
    bool found = query_row(q);
    if (found)
        take_indicator(arena, q, indicator);
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "This line is no indicator.", "该条目不是指标。");
}

static enum status check_indicator(const struct indicator *i, struct error *err)
{
    if (!ledger_is_line_of_text(i->measure, 1, INDICATOR_MEASURE_MAX))
        return error_set(err, STATUS_INPUT, "Say in what it is measured, in 1 to %d characters.",
                         "请填写计量单位，1 至 %d 个字。", INDICATOR_MEASURE_MAX);
    if (i->places > LEDGER_PLACES_MAX)
        return error_set(err, STATUS_INPUT, "There are at most %u decimal places.",
                         "小数位数最多 %u 位。", LEDGER_PLACES_MAX);
    if (i->due_day < 1 || i->due_day > 31 || i->behind_percent > 100)
        return error_set(err, STATUS_INPUT,
                         "The day due is from 1 to 31, what is allowed behind from 0 to 100 %%.",
                         "填报日应为1至31，允许落后幅度应为0至100%%。");
    return check_month(i->begins, err);
}

static enum status list_uses(struct arena *arena, struct store *store, struct ledger_use **list,
                             size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT line, uses FROM indicator_use");
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = (struct ledger_use){query_int(q, 0), query_int(q, 1)};
    }
    return query_end(q, err);
}

/* "I3 → I5 → I3". */
static enum status refuse_cycle(struct arena *arena, struct store *store, const int64_t *path,
                                size_t length, struct error *err)
{
    struct buf way = {.arena = arena};
    for (size_t i = 0; i < length; i++) {
        struct query *q = query_start(store, "SELECT number FROM line WHERE id = ?1");
        query_bind_int(q, 1, path[i]);
        if (i)
            buf_add(&way, STR(" → "));
        if (query_row(q))
            buf_add(&way, query_str(q, 0));
        enum status status = query_end(q, err);
        if (status)
            return status;
    }
    return error_set(err, STATUS_CONFLICT,
                     "By this formula it would be made of itself: %.*s. Take one of them out.",
                     "按此公式，该指标将由自身算出：%.*s。请去掉其中一个。",
                     STR_ARG(buf_str(&way)));
}

static enum status keep_use(struct store *store, int64_t line, int64_t uses, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR IGNORE INTO indicator_use (line, uses) VALUES (?1, ?2)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, uses);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status count_used(struct store *store, int64_t line, int64_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "WITH RECURSIVE used (id) AS (SELECT ?1 UNION SELECT u.uses FROM indicator_use u"
               " JOIN used ON u.line = used.id) SELECT count(*) - 1 FROM used");
    query_bind_int(q, 1, line);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

/* Puts what the formula uses in the place of what it used. */
static enum status set_uses(struct arena *arena, struct store *store, const struct indicator *i,
                            struct error *err)
{
    struct ledger_formula *formula = NULL;
    size_t count = 0;
    const int64_t *uses = NULL;
    struct query *q = query_start(store, "DELETE FROM indicator_use WHERE line = ?1");
    query_bind_int(q, 1, i->line);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && i->formula.len) {
        status = ledger_read_formula(arena, i->formula, ledger_find_indicator_number, store,
                                     &formula, err);
        uses = status ? NULL : ledger_formula_uses(formula, &count);
    }
    for (size_t at = 0; !status && at < count; at++)
        status = keep_use(store, i->line, uses[at], err);
    return status;
}

static enum status check_uses(struct arena *arena, struct store *store, int64_t line,
                              struct error *err)
{
    struct ledger_use *all;
    size_t count;
    int64_t used = 0;
    int64_t *path;
    size_t length;
    enum status status = list_uses(arena, store, &all, &count, err);
    if (!status && ledger_find_cycle(arena, all, count, line, &path, &length))
        return refuse_cycle(arena, store, path, length, err);
    if (!status)
        status = count_used(store, line, &used, err);
    if (!status && used > INDICATOR_USES_MOST)
        return error_set(err, STATUS_INPUT,
                         "The formula uses more than %d indicators, by way of others too.",
                         "公式直接和间接用到的指标超过 %d 个。", INDICATOR_USES_MOST);
    return status;
}

static enum status write_indicator(struct arena *arena, struct store *store,
                                   const struct indicator *i, struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT INTO indicator (line, measure, places, fold, direction, formula, begins, due_day,"
        " behind_percent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET"
        " measure = ?2, places = ?3, fold = ?4, direction = ?5, formula = ?6, begins = ?7,"
        " due_day = ?8, behind_percent = ?9");
    query_bind_int(q, 1, i->line);
    query_bind_str(q, 2, i->measure);
    query_bind_int(q, 3, i->places);
    query_bind_str(q, 4, str_of(ledger_fold_name(i->fold)));
    query_bind_str(q, 5, str_of(ledger_direction_name(i->direction)));
    query_bind_str(q, 6, i->formula);
    query_bind_int(q, 7, i->begins);
    query_bind_int(q, 8, i->due_day);
    query_bind_int(q, 9, i->behind_percent);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status)
        status = set_uses(arena, store, i, err);
    if (!status)
        status = note_change(store, i->line, err);
    return status ? status : check_uses(arena, store, i->line, err);
}

/* What it is, as events say it. */
static json_t *describe(const struct indicator *i)
{
    struct arena *scratch = arena_make();
    json_t *data =
        json_pack("{s:o, s:i, s:s, s:s, s:o, s:o, s:i, s:i}", "measure", str_to_json(i->measure),
                  "places", (int)i->places, "fold", ledger_fold_name(i->fold), "direction",
                  ledger_direction_name(i->direction), "formula", str_to_json(i->formula), "begins",
                  str_to_json(ledger_write_month(scratch, i->begins)), "report_day",
                  (int)i->due_day, "behind_percent", (int)i->behind_percent);
    arena_free(scratch);
    return data;
}

enum status ledger_make_indicator(struct arena *arena, struct store *store, struct line *line,
                                  struct indicator *indicator, const struct ledger_deed *deed,
                                  struct error *err)
{
    line->kind = LEDGER_INDICATOR;
    enum status status = ledger_make_line(arena, store, line, deed, err);
    indicator->line = line->id;
    return status ? status : ledger_define_indicator(arena, store, indicator, deed, err);
}

enum status ledger_define_indicator(struct arena *arena, struct store *store,
                                    const struct indicator *indicator,
                                    const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    enum status status = check_indicator(indicator, err);
    if (!status)
        status = ledger_find_line_by_id(arena, store, indicator->line, &line, err);
    if (!status && line.kind != LEDGER_INDICATOR)
        return error_set(err, STATUS_CONFLICT, "This line is no indicator.", "该条目不是指标。");
    if (!status)
        status = write_indicator(arena, store, indicator, err);
    return status ? status
                  : ledger_record(store, indicator->line, "line.indicator", describe(indicator),
                                  deed, err);
}

/* [was, is] of what differs; NULL when nothing does. */
static json_t *differences(const struct indicator *was, const struct indicator *is)
{
    json_t *before = describe(was);
    json_t *after = describe(is);
    json_t *data = json_object();
    const char *name;
    json_t *value;
    json_object_foreach(after, name, value)
    {
        json_t *old = json_object_get(before, name);
        if (!json_equal(old, value))
            json_object_set_new(data, name, json_pack("[O, O]", old, value));
    }
    json_decref(before);
    json_decref(after);
    if (json_object_size(data))
        return data;
    json_decref(data);
    return NULL;
}

static enum status has_figures(struct store *store, int64_t line, bool *actuals, bool *any,
                               struct error *err)
{
    struct query *q =
        query_start(store, "SELECT EXISTS (SELECT 1 FROM indicator_actual WHERE line = ?1),"
                           " EXISTS (SELECT 1 FROM indicator_year WHERE line = ?1) OR"
                           " EXISTS (SELECT 1 FROM benchmark WHERE line = ?1)");
    query_bind_int(q, 1, line);
    if (query_row(q)) {
        *actuals = query_int(q, 0) != 0;
        *any = *actuals || query_int(q, 1);
    }
    return query_end(q, err);
}

enum status ledger_change_indicator(struct arena *arena, struct store *store,
                                    const struct indicator *indicator,
                                    const struct ledger_deed *deed, struct error *err)
{
    struct indicator was;
    bool actuals = false;
    bool any = false;
    enum status status = check_indicator(indicator, err);
    if (!status)
        status = ledger_find_indicator(arena, store, indicator->line, &was, err);
    if (!status)
        status = has_figures(store, indicator->line, &actuals, &any, err);
    if (status)
        return status;
    if (any && (was.places != indicator->places || was.fold != indicator->fold))
        return error_set(err, STATUS_CONFLICT,
                         "It has figures already: their decimal places and how months make a year "
                         "stay as they are. Make a new indicator in its place.",
                         "该指标已有数据，小数位数和汇总方式不能再改，请另建指标。");
    if (actuals && indicator->formula.len && !was.formula.len)
        return error_set(
            err, STATUS_CONFLICT,
            "Its actuals were entered; an indicator with a formula has none of its own.",
            "该指标已填报实际值；由公式算出的指标不填报实际值。");
    json_t *data = differences(&was, indicator);
    if (!data)
        return STATUS_OK;
    status = write_indicator(arena, store, indicator, err);
    if (status) {
        json_decref(data);
        return status;
    }
    return ledger_record(store, indicator->line, "line.indicator", data, deed, err);
}

/* --- actuals ------------------------------------------------------------------------------------------------ */

enum status ledger_find_actual(struct store *store, int64_t line, int month, int64_t *amount,
                               struct error *err)
{
    struct query *q = query_start(store, "SELECT amount FROM indicator_actual"
                                         " WHERE line = ?1 AND month = ?2 AND replaced_ms IS NULL");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, month);
    *amount = query_row(q) && !query_is_null(q, 0) ? query_int(q, 0) : LEDGER_NONE;
    return query_end(q, err);
}

static enum status replace_actual(struct store *store, int64_t line, int month, int64_t now_ms,
                                  struct error *err)
{
    struct query *q = query_start(store, "UPDATE indicator_actual SET replaced_ms = ?3"
                                         " WHERE line = ?1 AND month = ?2 AND replaced_ms IS NULL");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, month);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status add_actual(struct store *store, int64_t line, int month, int64_t amount,
                              int64_t member, const struct ledger_deed *deed, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO indicator_actual (line, month, amount, member, entered_ms, why)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, month);
    if (amount == LEDGER_NONE)
        query_bind_null(q, 3);
    else
        query_bind_int(q, 3, amount);
    query_bind_int(q, 4, member);
    query_bind_int(q, 5, deed->now_ms);
    query_bind_str(q, 6, deed->why);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_year(struct store *store, int64_t line, int year, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR IGNORE INTO indicator_entered (line, year) VALUES (?1, ?2)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, year);
    (void)query_row(q);
    return query_end(q, err);
}

/* The year so far at each of its months that has an actual, made anew: what the wall goes by. */
static enum status keep_so_far(struct store *store, int64_t line, int year, struct error *err)
{
    static const char *const HOW[] = {
        "DELETE FROM indicator_so_far WHERE line = ?1 AND month BETWEEN ?2 AND ?2 + 11",
        "INSERT INTO indicator_so_far SELECT a.line, a.month, a.amount, t.amount, count(t.amount)"
        " OVER y, sum(iif(t.amount IS NULL, NULL, a.amount)) OVER y, sum(t.amount) OVER y"
        " FROM indicator_actual a LEFT JOIN indicator_month t ON t.line = a.line"
        " AND t.month = a.month WHERE a.line = ?1 AND a.month BETWEEN ?2 AND ?2 + 11"
        " AND a.replaced_ms IS NULL AND a.amount IS NOT NULL WINDOW y AS (ORDER BY a.month)",
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof HOW / sizeof *HOW; i++) {
        struct query *q = query_start(store, HOW[i]);
        query_bind_int(q, 1, line);
        query_bind_int(q, 2, (int64_t)year * 12);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

enum status ledger_put_actual(struct store *store, const struct indicator *indicator, int month,
                              int64_t amount, int64_t member, const struct ledger_deed *deed,
                              struct error *err)
{
    int64_t was = LEDGER_NONE;
    enum status status = check_month(month, err);
    if (!status)
        status = check_amount(amount, err);
    if (!status && indicator->formula.len)
        return error_set(err, STATUS_CONFLICT,
                         "This indicator is made by a formula; enter those it uses.",
                         "该指标由公式算出，请填报其所用的指标。");
    if (!status)
        status = ledger_find_actual(store, indicator->line, month, &was, err);
    if (status || was == amount)
        return status;
    status = replace_actual(store, indicator->line, month, deed->now_ms, err);
    if (!status)
        status = add_actual(store, indicator->line, month, amount, member, deed, err);
    if (!status)
        status = keep_year(store, indicator->line, month / 12, err);
    if (!status)
        status = keep_so_far(store, indicator->line, month / 12, err);
    if (!status)
        status = note_change(store, indicator->line, err);
    if (status)
        return status;
    json_t *data = json_object();
    set_month_pair(data, "actual", month, json_of_amount(was, indicator->places),
                   json_of_amount(amount, indicator->places));
    return ledger_record(store, indicator->line, "line.actual", data, deed, err);
}

enum status ledger_part_since_january(struct store *store, const struct indicator *indicator,
                                      int month, int64_t since, int64_t *amount, struct error *err)
{
    int64_t count = 0;
    int64_t before = 0;
    if (indicator->fold != LEDGER_SUM)
        return error_set(err, STATUS_INPUT,
                         "Its months do not add up, so there are no values since January.",
                         "该指标各月不相加，没有自1月起的累计值。");
    struct query *q = query_start(
        store, "SELECT count(amount), coalesce(sum(amount), 0) FROM indicator_actual"
               " WHERE line = ?1 AND month >= ?2 AND month < ?3 AND replaced_ms IS NULL");
    query_bind_int(q, 1, indicator->line);
    query_bind_int(q, 2, month - month % 12);
    query_bind_int(q, 3, month);
    if (query_row(q)) {
        count = query_int(q, 0);
        before = query_int(q, 1);
    }
    enum status status = query_end(q, err);
    if (!status && count != month % 12)
        return error_set(
            err, STATUS_INPUT,
            "A month before it has no value, so its own part since January is unknown.",
            "此前有月份没有数值，无法由累计值算出当月值。");
    *amount = since - before;
    return status;
}

enum status ledger_list_revisions(struct arena *arena, struct store *store, int64_t line, int year,
                                  size_t most, struct indicator_revision **list, size_t *count,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "SELECT month, amount, member, entered_ms, why, replaced_ms IS NULL"
                           " FROM indicator_actual WHERE line = ?1 AND month BETWEEN ?2 AND ?2 + 11"
                           " ORDER BY id DESC LIMIT ?3");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)year * 12);
    query_bind_int(q, 3, (int64_t)most);
    *list = arena_array(arena, most, struct indicator_revision);
    for (*count = 0; query_row(q); ++*count)
        (*list)[*count] =
            (struct indicator_revision){(int)query_int(q, 0),
                                        query_is_null(q, 1) ? LEDGER_NONE : query_int(q, 1),
                                        query_int(q, 2),
                                        query_int(q, 3),
                                        str_copy(arena, query_str(q, 4)),
                                        query_int(q, 5) != 0};
    return query_end(q, err);
}

/* --- targets ------------------------------------------------------------------------------------------------ */

enum status ledger_find_target(struct store *store, int64_t line, int year,
                               struct indicator_target *target, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT y.whole, y.split, m.month, m.amount, m.by_hand"
                           " FROM indicator_year y JOIN indicator_month m ON m.line = y.line"
                           " AND m.month BETWEEN y.year * 12 AND y.year * 12 + 11"
                           " WHERE y.line = ?1 AND y.year = ?2");
    *target = (struct indicator_target){.year = year, .whole = LEDGER_NONE};
    for (int m = 0; m < 12; m++)
        target->by_hand[m] = target->months[m] = LEDGER_NONE;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, year);
    while (query_row(q)) {
        int month = (int)query_int(q, 2) % 12;
        target->whole = query_int(q, 0);
        target->split = str_equal(query_str(q, 1), str_of(SPLITS[LEDGER_SEASONAL]))
                            ? LEDGER_SEASONAL
                            : LEDGER_EVEN;
        target->months[month] = query_int(q, 3);
        target->by_hand[month] = query_int(q, 4) ? target->months[month] : LEDGER_NONE;
    }
    return query_end(q, err);
}

/* The plan that the pure functions ask for: weights by past years, the level at which a way begins. */
static enum status plan_target(struct arena *arena, struct store *store,
                               const struct indicator *indicator, struct indicator_target *target,
                               struct error *err)
{
    struct ledger_figures *figures;
    int64_t weights[12];
    int year = target->year;
    enum status status = ledger_load_figures(arena, store, indicator, &figures, err);
    if (status)
        return status;
    struct ledger_series past = ledger_figure_series(arena, figures, (year - 6) * 12, 72);
    struct ledger_year_plan plan = {.fold = indicator->fold,
                                    .whole = target->whole,
                                    .start = ledger_series_at(&past, year * 12 - 1)};
    if (target->split == LEDGER_SEASONAL && indicator->fold == LEDGER_SUM) {
        if (!ledger_weigh_months(&past, year, weights))
            return error_set(err, STATUS_CONFLICT,
                             "No past year is complete and above nothing, so there is no season to "
                             "follow; split the year evenly or by hand.",
                             "没有可供参照的完整往年数据，请按月均分或手工填写。");
        plan.weights = weights;
    }
    for (int m = 0; m < 12; m++)
        plan.by_hand[m] = target->by_hand[m];
    return ledger_plan_year(&plan, indicator->places, target->months, err);
}

static enum status write_year(struct store *store, int64_t line,
                              const struct indicator_target *target, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO indicator_year (line, year, whole, split)"
                                         " VALUES (?1, ?2, ?3, ?4)"
                                         " ON CONFLICT DO UPDATE SET whole = ?3, split = ?4");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, target->year);
    query_bind_int(q, 3, target->whole);
    query_bind_str(q, 4, str_of(SPLITS[target->split]));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status write_month(struct store *store, int64_t line,
                               const struct indicator_target *target, int m, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO indicator_month (line, month, amount, by_hand)"
                           " VALUES (?1, ?2, ?3, ?4)"
                           " ON CONFLICT DO UPDATE SET amount = ?3, by_hand = ?4");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)target->year * 12 + m);
    query_bind_int(q, 3, target->months[m]);
    query_bind_int(q, 4, target->by_hand[m] != LEDGER_NONE);
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *json_of_target(const struct indicator_target *target, unsigned places)
{
    if (target->whole == LEDGER_NONE)
        return json_null();
    json_t *months = json_array();
    for (int m = 0; m < 12; m++)
        json_array_append_new(months, json_of_amount(target->months[m], places));
    return json_pack("{s:o, s:s, s:o}", "whole", json_of_amount(target->whole, places), "split",
                     SPLITS[target->split], "months", months);
}

static bool same_target(const struct indicator_target *a, const struct indicator_target *b)
{
    bool same = a->whole == b->whole && a->split == b->split;
    for (int m = 0; m < 12; m++)
        same = same && a->months[m] == b->months[m] && a->by_hand[m] == b->by_hand[m];
    return same;
}

enum status ledger_put_target(struct arena *arena, struct store *store,
                              const struct indicator *indicator, struct indicator_target *target,
                              const struct ledger_deed *deed, struct error *err)
{
    struct indicator_target was;
    enum status status = check_month(target->year * 12, err);
    if (!status)
        status = check_amount(target->whole, err);
    for (int m = 0; m < 12 && !status; m++)
        status = check_amount(target->by_hand[m], err);
    if (!status)
        status = plan_target(arena, store, indicator, target, err);
    if (!status)
        status = ledger_find_target(store, indicator->line, target->year, &was, err);
    if (status || same_target(&was, target))
        return status;
    status = write_year(store, indicator->line, target, err);
    for (int m = 0; m < 12 && !status; m++)
        status = write_month(store, indicator->line, target, m, err);
    if (!status)
        status = keep_so_far(store, indicator->line, target->year, err);
    if (!status)
        status = note_change(store, indicator->line, err);
    if (status)
        return status;
    return ledger_record(store, indicator->line, "line.target",
                         json_pack("{s:i, s:[o, o]}", "year", target->year, "target",
                                   json_of_target(&was, indicator->places),
                                   json_of_target(target, indicator->places)),
                         deed, err);
}

/* --- benchmarks --------------------------------------------------------------------------------------------- */

enum status ledger_list_benchmarks(struct arena *arena, struct store *store, int64_t line, int year,
                                   struct benchmark **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT b.id, b.name, v.month, v.amount FROM benchmark b"
        " LEFT JOIN benchmark_value v ON v.benchmark = b.id AND v.month BETWEEN ?2 AND ?2 + 11"
        " WHERE b.line = ?1 ORDER BY b.name, b.id");
    *list = arena_array(arena, BENCHMARKS_MAX, struct benchmark);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)year * 12);
    while (query_row(q)) {
        struct benchmark *b = *count ? &(*list)[*count - 1] : NULL;
        if (!b || b->id != query_int(q, 0)) {
            if (*count == BENCHMARKS_MAX)
                continue;
            b = &(*list)[(*count)++];
            *b =
                (struct benchmark){.id = query_int(q, 0), .name = str_copy(arena, query_str(q, 1))};
            for (int m = 0; m < 12; m++)
                b->months[m] = LEDGER_NONE;
        }
        if (!query_is_null(q, 2))
            b->months[query_int(q, 2) % 12] = query_int(q, 3);
    }
    return query_end(q, err);
}

/* Finds the benchmark of that name, or makes it. */
static enum status need_benchmark(struct store *store, int64_t line, struct str name, int64_t *id,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "SELECT (SELECT id FROM benchmark WHERE line = ?1 AND name = ?2),"
                           " (SELECT count(*) FROM benchmark WHERE line = ?1)");
    int64_t count = 0;
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, name);
    *id = 0;
    if (query_row(q)) {
        *id = query_int(q, 0);
        count = query_int(q, 1);
    }
    enum status status = query_end(q, err);
    if (status || *id)
        return status;
    if (count >= BENCHMARKS_MAX)
        return error_set(err, STATUS_LIMITED, "An indicator has at most %d benchmarks.",
                         "一个指标最多有 %d 个参照值。", BENCHMARKS_MAX);
    q = query_start(store, "INSERT INTO benchmark (line, name) VALUES (?1, ?2)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, name);
    (void)query_row(q);
    status = query_end(q, err);
    *id = store_last_id(store);
    return status;
}

static enum status swap_benchmark_value(struct store *store, int64_t benchmark, int month,
                                        int64_t amount, int64_t *was, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT amount FROM benchmark_value WHERE benchmark = ?1 AND month = ?2");
    query_bind_int(q, 1, benchmark);
    query_bind_int(q, 2, month);
    *was = query_row(q) ? query_int(q, 0) : LEDGER_NONE;
    enum status status = query_end(q, err);
    if (status || *was == amount)
        return status;
    q = query_start(store, amount == LEDGER_NONE
                               ? "DELETE FROM benchmark_value WHERE benchmark = ?1 AND month = ?2"
                               : "INSERT OR REPLACE INTO benchmark_value (benchmark, month, amount)"
                                 " VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, benchmark);
    query_bind_int(q, 2, month);
    if (amount != LEDGER_NONE)
        query_bind_int(q, 3, amount);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_put_benchmark(struct store *store, int64_t line, struct str name, int month,
                                 int64_t amount, const struct ledger_deed *deed, struct error *err)
{
    struct arena *scratch = arena_make();
    struct indicator indicator = {0};
    int64_t id = 0;
    int64_t was = LEDGER_NONE;
    enum status status = check_month(month, err);
    if (!status)
        status = check_amount(amount, err);
    if (!status && !ledger_is_line_of_text(name, 1, BENCHMARK_NAME_MAX))
        status = error_set(err, STATUS_INPUT, "A benchmark's name has 1 to %d characters.",
                           "参照值的名称应为 1 至 %d 个字。", BENCHMARK_NAME_MAX);
    if (!status)
        status = ledger_find_indicator(scratch, store, line, &indicator, err);
    if (!status)
        status = need_benchmark(store, line, name, &id, err);
    if (!status)
        status = swap_benchmark_value(store, id, month, amount, &was, err);
    if (!status && was != amount)
        status = note_change(store, line, err);
    if (!status && was != amount) {
        json_t *data = json_pack("{s:o}", "name", str_to_json(name));
        set_month_pair(data, "benchmark", month, json_of_amount(was, indicator.places),
                       json_of_amount(amount, indicator.places));
        status = ledger_record(store, line, "line.benchmark", data, deed, err);
    }
    arena_free(scratch);
    return status;
}
