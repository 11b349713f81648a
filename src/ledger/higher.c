/* Goals of a higher level; see higher.h. */
#include "ledger/higher.h"

#include <math.h>

#include "base/calendar.h"
#include "base/json.h"
#include "ledger/key.h"

/* --- coverage ----------------------------------------------------------------------------------- */

double higher_covered(const struct higher_taking *takings, size_t count, double whole)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += takings[i].closed || takings[i].within ? 0 : takings[i].amount;
    return 100 * sum / whole;
}

enum higher_coverage higher_coverage_of(double covered)
{
    return covered >= 100.15  ? HIGHER_OVER
           : covered >= 99.85 ? HIGHER_WHOLE
           : covered > 0      ? HIGHER_PARTLY
                              : HIGHER_UNTAKEN;
}

struct words {
    const char *name, *en, *zh;
};
static const struct words COVERAGES[HIGHER_COVERAGES] = {
    [HIGHER_UNTAKEN] = {"none", "Nobody has taken it up", "无人承接"},
    [HIGHER_PARTLY] = {"part", "Taken up in part", "部分承接"},
    [HIGHER_WHOLE] = {"whole", "Taken up", "已承接"},
    [HIGHER_OVER] = {"over", "More than was asked", "超出要求"},
};
static const struct words LEVELS[HIGHER_LEVELS] = {
    [HIGHER_NATIONAL] = {"national", "National", "国家"},
    [HIGHER_PROVINCE] = {"province", "Provincial", "省级"},
    [HIGHER_CITY] = {"city", "Municipal", "市级"},
    [HIGHER_COUNTY] = {"county", "County", "县（区）级"},
    [HIGHER_OTHER] = {"other", "Other", "其他"},
};

/* Where the name stands in such a table; `count` when it does not. */
static int find_name(const struct words *table, int count, struct str name)
{
    int at = 0;
    while (at < count && !str_equal(name, str_of(table[at].name)))
        at++;
    return at;
}

const char *higher_coverage_name(enum higher_coverage coverage)
{
    return COVERAGES[coverage].name;
}

bool higher_coverage_named(struct str name, enum higher_coverage *coverage)
{
    int at = find_name(COVERAGES, HIGHER_COVERAGES, name);
    if (at < HIGHER_COVERAGES)
        *coverage = (enum higher_coverage)at;
    return at < HIGHER_COVERAGES;
}

const char *higher_coverage_word(enum higher_coverage coverage, enum lang lang)
{
    return lang_pick(lang, COVERAGES[coverage].en, COVERAGES[coverage].zh);
}

const char *higher_level_name(enum higher_level level)
{
    return LEVELS[level].name;
}

bool higher_level_named(struct str name, enum higher_level *level)
{
    int at = find_name(LEVELS, HIGHER_LEVELS, name);
    if (at < HIGHER_LEVELS)
        *level = (enum higher_level)at;
    return at < HIGHER_LEVELS;
}

const char *higher_level_word(enum higher_level level, enum lang lang)
{
    return lang_pick(lang, LEVELS[level].en, LEVELS[level].zh);
}

/* --- found -------------------------------------------------------------------------------------- */

#define HIGHER_SQL                                                                          \
    "SELECT id, key, title, level, body, document, due_day, quantity, measure, created_ms," \
    " closed_ms, closed_why FROM higher_goal "

static enum status take_one(struct arena *arena, struct query *q, struct higher_goal *higher,
                            struct error *err)
{
    bool found = query_row(q);
    if (found) {
        *higher = (struct higher_goal){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .title = str_copy(arena, query_str(q, 2)),
            .body = str_copy(arena, query_str(q, 4)),
            .document = str_copy(arena, query_str(q, 5)),
            .due_day = query_int(q, 6),
            .quantity = query_real(q, 7),
            .measure = str_copy(arena, query_str(q, 8)),
            .created_ms = query_int(q, 9),
            .closed_ms = query_int(q, 10),
            .closed_why = str_copy(arena, query_str(q, 11)),
        };
        (void)higher_level_named(query_str(q, 3), &higher->level);
    }
    enum status status = query_end(q, err);
    return status || found ? status
                           : error_set(err, STATUS_MISSING, "There is no such higher goal.",
                                       "没有这项上级目标。");
}

enum status ledger_find_higher(struct arena *arena, struct store *store, struct str key,
                               struct higher_goal *higher, struct error *err)
{
    struct query *q = query_start(store, HIGHER_SQL "WHERE key = ?1");
    query_bind_str(q, 1, key);
    return take_one(arena, q, higher, err);
}

static enum status find_by_id(struct arena *arena, struct store *store, int64_t id,
                              struct higher_goal *higher, struct error *err)
{
    struct query *q = query_start(store, HIGHER_SQL "WHERE id = ?1");
    query_bind_int(q, 1, id);
    return take_one(arena, q, higher, err);
}

enum status ledger_count_higher(struct store *store, int64_t counts[HIGHER_COVERAGES],
                                struct error *err)
{
    struct query *q =
        query_start(store, "SELECT c, count(*) FROM (SELECT " HIGHER_COVERAGE_SQL " AS c"
                           " FROM higher_goal h WHERE h.closed_ms IS NULL) GROUP BY c");
    for (int i = 0; i < HIGHER_COVERAGES; i++)
        counts[i] = 0;
    while (query_row(q)) {
        enum higher_coverage coverage;
        if (higher_coverage_named(query_str(q, 0), &coverage))
            counts[coverage] = query_int(q, 1);
    }
    return query_end(q, err);
}

/* --- made and changed --------------------------------------------------------------------------- */

static enum status check(const struct higher_goal *h, struct error *err)
{
    if (!ledger_is_line_of_text(h->title, 1, LINE_TITLE_MAX))
        return error_in(err, "title",
                        error_set(err, STATUS_INPUT,
                                  "The title must have 1 to %d characters, on one line.",
                                  "名称应为一行，1 至 %d 个字。", LINE_TITLE_MAX));
    if (!ledger_is_line_of_text(h->body, 0, HIGHER_SOURCE_MAX) ||
        !ledger_is_line_of_text(h->document, 0, HIGHER_SOURCE_MAX))
        return error_set(err, STATUS_INPUT,
                         "Who sets it and the document have %d characters at most, on one line.",
                         "下达单位与文件应各为一行，不超过 %d 个字。", HIGHER_SOURCE_MAX);
    if (!isfinite(h->quantity) || h->quantity < 0 || h->quantity > 1e15)
        return error_in(err, "quantity",
                        error_set(err, STATUS_INPUT, "A quantity is a number above 0.",
                                  "数量应为大于 0 的数。"));
    if (!ledger_is_line_of_text(h->measure, 0, 40) || (h->quantity > 0 && !h->measure.len) ||
        (h->quantity == 0 && h->measure.len))
        return error_in(
            err, "quantity",
            error_set(
                err, STATUS_INPUT,
                "A quantity needs its unit, of 40 characters at most, and a unit its quantity.",
                "数量与计量单位须一并填写，单位不超过 40 个字。"));
    return STATUS_OK;
}

static void bind(struct query *q, const struct higher_goal *h)
{
    query_bind_int(q, 1, h->id);
    query_bind_str(q, 2, h->title);
    query_bind_str(q, 3, str_of(LEVELS[h->level].name));
    query_bind_str(q, 4, h->body);
    query_bind_str(q, 5, h->document);
    query_bind_int_or_null(q, 6, h->due_day);
    if (h->quantity > 0)
        query_bind_real(q, 7, h->quantity);
    else
        query_bind_null(q, 7);
    query_bind_str(q, 8, h->measure);
}

static json_t *data_of(const struct higher_goal *h)
{
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:f, s:o}", "title", str_to_json(h->title), "level",
                     LEVELS[h->level].name, "body", str_to_json(h->body), "document",
                     str_to_json(h->document), "due_day", ledger_json_day(h->due_day), "quantity",
                     h->quantity, "measure", str_to_json(h->measure));
}

enum status ledger_make_higher(struct arena *arena, struct store *store, struct higher_goal *higher,
                               int64_t now_ms, struct error *err)
{
    enum status status = check(higher, err);
    if (!status)
        status = digest_random_key(arena, &higher->key, err);
    if (status)
        return status;
    higher->id = 0;
    higher->created_ms = now_ms;
    struct query *q = query_start(
        store,
        "INSERT INTO higher_goal (id, title, level, body, document, due_day, quantity,"
        " measure, key, created_ms) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    bind(q, higher);
    query_bind_str(q, 9, higher->key);
    query_bind_int(q, 10, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    higher->id = status ? 0 : store_last_id(store);
    return status ? status
                  : ledger_add_event(store, "higher.made", 'H', higher->id, data_of(higher), err);
}

static enum status count_takings(struct store *store, int64_t higher, int64_t *count,
                                 struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*) FROM goal_taking WHERE higher = ?1");
    query_bind_int(q, 1, higher);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status check_measure(struct store *store, const struct higher_goal *was,
                                 const struct higher_goal *is, struct error *err)
{
    int64_t takings = 0;
    if ((was->quantity > 0) == (is->quantity > 0))
        return STATUS_OK;
    enum status status = count_takings(store, is->id, &takings, err);
    return status || !takings
               ? status
               : error_set(
                     err, STATUS_CONFLICT,
                     "Lines take it over already, by percent or by quantity; give those up first, "
                     "then say how much each takes.",
                     "已有条目按原口径（百分比或数量）承接，请先取消承接，再重新填写。");
}

enum status ledger_change_higher(struct store *store, const struct higher_goal *higher,
                                 struct error *err)
{
    struct arena *scratch = arena_make();
    struct higher_goal was;
    enum status status = check(higher, err);
    if (!status)
        status = find_by_id(scratch, store, higher->id, &was, err);
    if (!status)
        status = check_measure(store, &was, higher, err);
    json_t *before = status ? NULL : data_of(&was);
    json_t *after = status ? NULL : data_of(higher);
    bool same = status || json_equal(before, after);
    arena_free(scratch);
    if (same) {
        json_decref(before);
        json_decref(after);
        return status;
    }
    struct query *q = query_start(store, "UPDATE higher_goal SET title = ?2, level = ?3, body = ?4,"
                                         " document = ?5, due_day = ?6, quantity = ?7, measure = ?8"
                                         " WHERE id = ?1");
    bind(q, higher);
    (void)query_row(q);
    status = query_end(q, err);
    json_t *data = json_pack("{s:o, s:o}", "before", before, "after", after);
    if (!status)
        return ledger_add_event(store, "higher.changed", 'H', higher->id, data, err);
    json_decref(data);
    return status;
}

/* Runs a statement over ?1, ?2 and ?3; *changed gets whether it changed a row. */
static enum status run(struct store *store, const char *sql, int64_t one, int64_t two,
                       struct str text, bool *changed, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, one);
    query_bind_int_or_null(q, 2, two);
    query_bind_str(q, 3, text);
    (void)query_row(q);
    enum status status = query_end(q, err);
    *changed = !status && store_changes(store) > 0;
    return status;
}

enum status ledger_close_higher(struct store *store, int64_t higher, struct str why, int64_t now_ms,
                                struct error *err)
{
    bool changed = false;
    if (!ledger_is_line_of_text(why, 1, LINE_WHY_MAX))
        return error_in(
            err, "why",
            error_set(err, STATUS_INPUT, "Say why it is closed.", "请说明关闭的理由。"));
    enum status status = run(
        store,
        "UPDATE higher_goal SET closed_ms = ?2, closed_why = ?3 WHERE id = ?1 AND closed_ms IS NULL",
        higher, now_ms, why, &changed, err);
    return status || !changed ? status
                              : ledger_add_event(store, "higher.closed", 'H', higher,
                                                 json_pack("{s:o}", "why", str_to_json(why)), err);
}

enum status ledger_reopen_higher(struct store *store, int64_t higher, struct error *err)
{
    bool changed = false;
    enum status status = run(store,
                             "UPDATE higher_goal SET closed_ms = ?2, closed_why = ?3"
                             " WHERE id = ?1 AND closed_ms IS NOT NULL",
                             higher, 0, STR(""), &changed, err);
    return status || !changed ? status
                              : ledger_add_event(store, "higher.reopened", 'H', higher, NULL, err);
}

/* --- taken over --------------------------------------------------------------------------------- */

static enum status find_amount(struct store *store, int64_t higher, int64_t line, double *amount,
                               struct error *err)
{
    struct query *q =
        query_start(store, "SELECT amount FROM goal_taking WHERE higher = ?1 AND line = ?2");
    query_bind_int(q, 1, higher);
    query_bind_int(q, 2, line);
    *amount = query_row(q) ? query_real(q, 0) : 0;
    return query_end(q, err);
}

static json_t *json_of_amount(double amount)
{
    return amount > 0 ? json_real(amount) : json_null();
}

/* {"higher": [null, "H1"], "amount": [null, 60]} */
static json_t *taking_data(int64_t higher, double was, double is)
{
    return json_pack("{s:[o, o], s:[o, o]}", "higher", ledger_json_id('H', was > 0 ? higher : 0),
                     ledger_json_id('H', is > 0 ? higher : 0), "amount", json_of_amount(was),
                     json_of_amount(is));
}

static enum status check_taking(struct store *store, const struct higher_goal *higher, int64_t line,
                                double amount, struct error *err)
{
    struct arena *scratch = arena_make();
    struct line found = {0};
    enum status status = ledger_find_line_by_id(scratch, store, line, &found, err);
    arena_free(scratch);
    if (status)
        return status;
    if (!isfinite(amount) || amount <= 0 || amount > 1e15)
        return error_in(err, "amount",
                        error_set(err, STATUS_INPUT,
                                  "Say how much it takes over, as a number above 0.",
                                  "请填写承接多少，应为大于 0 的数。"));
    if (found.state == LINE_CLOSED)
        return error_set(err, STATUS_CONFLICT, "The line is closed and takes over nothing.",
                         "该条目已关闭，不能承接。");
    if (higher->closed_ms)
        return error_set(err, STATUS_CONFLICT, "That goal is closed.", "该上级目标已关闭。");
    return STATUS_OK;
}

enum status ledger_take_over(struct store *store, const struct higher_goal *higher, int64_t line,
                             double amount, const struct ledger_deed *deed, struct error *err)
{
    double was = 0;
    enum status status = check_taking(store, higher, line, amount, err);
    if (!status)
        status = find_amount(store, higher->id, line, &was, err);
    if (status || was == amount)
        return status;
    struct query *q = query_start(
        store, "INSERT OR REPLACE INTO goal_taking (higher, line, amount) VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, higher->id);
    query_bind_int(q, 2, line);
    query_bind_real(q, 3, amount);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status
                  : ledger_record(store, line, "line.took_over",
                                  taking_data(higher->id, was, amount), deed, err);
}

enum status ledger_give_up(struct store *store, int64_t higher, int64_t line,
                           const struct ledger_deed *deed, struct error *err)
{
    double was = 0;
    bool changed = false;
    if (!ledger_is_line_of_text(deed->why, 1, LINE_WHY_MAX))
        return error_in(err, "why",
                        error_set(err, STATUS_INPUT, "Say why the line takes it over no longer.",
                                  "请说明取消承接的理由。"));
    enum status status = find_amount(store, higher, line, &was, err);
    if (!status && was == 0)
        return error_set(err, STATUS_MISSING, "The line does not take over of that goal.",
                         "该条目未承接此目标。");
    if (!status)
        status = run(store, "DELETE FROM goal_taking WHERE higher = ?1 AND line = ?2 AND ?3 = ''",
                     higher, line, STR(""), &changed, err);
    return status
               ? status
               : ledger_record(store, line, "line.gave_up", taking_data(higher, was, 0), deed, err);
}
