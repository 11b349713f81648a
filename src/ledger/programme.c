/* Programmes and what they state; see programme.h. */
#include "ledger/programme.h"

#include <math.h>

#include "base/calendar.h"
#include "base/json.h"
#include "ledger/key.h"
#include "ledger/settle.h"

/* --- programmes --------------------------------------------------------------------------------- */

#define PROGRAMME_SQL \
    "SELECT id, key, name, area, body, created_ms, closed_ms, closed_why FROM programme "

static enum status take_programme(struct arena *arena, struct query *q, struct programme *p,
                                  struct error *err)
{
    bool found = query_row(q);
    if (found)
        *p = (struct programme){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .name = str_copy(arena, query_str(q, 2)),
            .area = str_copy(arena, query_str(q, 3)),
            .body = str_copy(arena, query_str(q, 4)),
            .created_ms = query_int(q, 5),
            .closed_ms = query_int(q, 6),
            .closed_why = str_copy(arena, query_str(q, 7)),
        };
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no such programme.", "没有这项规划。");
}

enum status ledger_find_programme(struct arena *arena, struct store *store, struct str key,
                                  struct programme *programme, struct error *err)
{
    struct query *q = query_start(store, PROGRAMME_SQL "WHERE key = ?1");
    query_bind_str(q, 1, key);
    return take_programme(arena, q, programme, err);
}

static enum status programme_by_id(struct arena *arena, struct store *store, int64_t id,
                                   struct programme *programme, struct error *err)
{
    struct query *q = query_start(store, PROGRAMME_SQL "WHERE id = ?1");
    query_bind_int(q, 1, id);
    return take_programme(arena, q, programme, err);
}

static enum status check_programme(struct store *store, const struct programme *p,
                                   struct error *err)
{
    if (!ledger_is_line_of_text(p->name, 1, PROGRAMME_TEXT_MAX) ||
        !ledger_is_line_of_text(p->area, 1, PROGRAMME_TEXT_MAX) ||
        !ledger_is_line_of_text(p->body, 0, PROGRAMME_TEXT_MAX))
        return error_in(
            err, "name",
            error_set(
                err, STATUS_INPUT,
                "A programme has a name and an area, each on one line of %d characters at most.",
                "规划应有名称与范围，各为一行，不超过 %d 个字。", PROGRAMME_TEXT_MAX));
    struct query *q = query_start(store, "SELECT 1 FROM programme WHERE name = ?1 AND id <> ?2");
    query_bind_str(q, 1, p->name);
    query_bind_int(q, 2, p->id);
    bool taken = query_row(q);
    enum status status = query_end(q, err);
    return status || !taken
               ? status
               : error_set(err, STATUS_CONFLICT, "There is a programme of that name already.",
                           "已有同名规划。");
}

static json_t *programme_data(const struct programme *p)
{
    return json_pack("{s:o, s:o, s:o}", "name", str_to_json(p->name), "area", str_to_json(p->area),
                     "body", str_to_json(p->body));
}

enum status ledger_make_programme(struct arena *arena, struct store *store,
                                  struct programme *programme, int64_t now_ms, struct error *err)
{
    programme->id = 0;
    programme->created_ms = now_ms;
    enum status status = check_programme(store, programme, err);
    if (!status)
        status = digest_random_key(arena, &programme->key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO programme (key, name, area, body, created_ms)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_str(q, 1, programme->key);
    query_bind_str(q, 2, programme->name);
    query_bind_str(q, 3, programme->area);
    query_bind_str(q, 4, programme->body);
    query_bind_int(q, 5, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    programme->id = status ? 0 : store_last_id(store);
    return status ? status
                  : ledger_add_event(store, "programme.made", 'N', programme->id,
                                     programme_data(programme), err);
}

static enum status update_programme(struct store *store, const struct programme *p,
                                    struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE programme SET name = ?2, area = ?3, body = ?4, closed_ms = ?5,"
                           " closed_why = ?6 WHERE id = ?1");
    query_bind_int(q, 1, p->id);
    query_bind_str(q, 2, p->name);
    query_bind_str(q, 3, p->area);
    query_bind_str(q, 4, p->body);
    query_bind_int_or_null(q, 5, p->closed_ms);
    query_bind_str(q, 6, p->closed_why);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_change_programme(struct store *store, const struct programme *programme,
                                    int64_t now_ms, struct error *err)
{
    struct arena *scratch = arena_make();
    struct programme is;
    enum status status = check_programme(store, programme, err);
    if (!status)
        status = programme_by_id(scratch, store, programme->id, &is, err);
    bool same = !status && str_equal(is.name, programme->name) &&
                str_equal(is.area, programme->area) && str_equal(is.body, programme->body);
    json_t *before = status || same ? NULL : programme_data(&is);
    if (before) {
        is.name = programme->name;
        is.area = programme->area;
        is.body = programme->body;
        status = update_programme(store, &is, err);
        json_t *data = json_pack("{s:o, s:o}", "before", before, "after", programme_data(&is));
        if (status)
            json_decref(data);
        else
            status = ledger_add_event(store, "programme.changed", 'N', is.id, data, err);
        if (!status)
            status = ledger_find_clashes(store, now_ms, err);
    }
    arena_free(scratch);
    return status;
}

enum status ledger_close_programme(struct store *store, int64_t programme, struct str why,
                                   int64_t now_ms, struct error *err)
{
    struct arena *scratch = arena_make();
    struct programme is;
    if (!ledger_is_line_of_text(why, 1, LINE_WHY_MAX)) {
        arena_free(scratch);
        return error_in(err, "why",
                        error_set(err, STATUS_INPUT, "Say why the programme is closed.",
                                  "请说明关闭规划的理由。"));
    }
    enum status status = programme_by_id(scratch, store, programme, &is, err);
    if (!status && !is.closed_ms) {
        is.closed_ms = now_ms;
        is.closed_why = why;
        status = update_programme(store, &is, err);
        if (!status)
            status = ledger_add_event(store, "programme.closed", 'N', programme,
                                      json_pack("{s:o}", "why", str_to_json(why)), err);
        if (!status)
            status = ledger_find_clashes(store, now_ms, err);
    }
    arena_free(scratch);
    return status;
}

enum status ledger_reopen_programme(struct store *store, int64_t programme, int64_t now_ms,
                                    struct error *err)
{
    struct arena *scratch = arena_make();
    struct programme is;
    enum status status = programme_by_id(scratch, store, programme, &is, err);
    if (!status && is.closed_ms) {
        is.closed_ms = 0;
        is.closed_why = STR("");
        status = update_programme(store, &is, err);
        if (!status)
            status = ledger_add_event(store, "programme.reopened", 'N', programme, NULL, err);
        if (!status)
            status = ledger_find_clashes(store, now_ms, err);
    }
    arena_free(scratch);
    return status;
}

/* --- statements --------------------------------------------------------------------------------- */

static double amount_of(struct query *q, int column)
{
    return query_is_null(q, column) ? (double)NAN : query_real(q, column);
}

void ledger_take_statement(struct arena *arena, struct query *q, int from,
                           struct statement *statement)
{
    *statement = (struct statement){
        .id = query_int(q, from),
        .key = str_copy(arena, query_str(q, from + 1)),
        .programme = query_int(q, from + 2),
        .line = query_int(q, from + 3),
        .subject = str_copy(arena, query_str(q, from + 4)),
        .first_day = query_int(q, from + 5),
        .last_day = query_int(q, from + 6),
        .least = amount_of(q, from + 7),
        .most = amount_of(q, from + 8),
        .measure = str_copy(arena, query_str(q, from + 9)),
        .place = str_copy(arena, query_str(q, from + 10)),
        .use = str_copy(arena, query_str(q, from + 11)),
        .changes = query_int(q, from + 12),
        .closed_ms = query_int(q, from + 13),
        .closed_why = str_copy(arena, query_str(q, from + 14)),
    };
}

static enum status take_statement(struct arena *arena, struct query *q, struct statement *statement,
                                  struct error *err)
{
    bool found = query_row(q);
    if (found)
        ledger_take_statement(arena, q, 0, statement);
    enum status status = query_end(q, err);
    return status || found ? status
                           : error_set(err, STATUS_MISSING, "The programme states no such thing.",
                                       "规划中没有这一条。");
}

enum status ledger_find_statement(struct arena *arena, struct store *store, struct str key,
                                  struct statement *statement, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " STATEMENT_COLUMNS("s") " FROM statement s WHERE s.key = ?1");
    query_bind_str(q, 1, key);
    return take_statement(arena, q, statement, err);
}

static enum status statement_by_id(struct arena *arena, struct store *store, int64_t id,
                                   struct statement *statement, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " STATEMENT_COLUMNS("s") " FROM statement s WHERE s.id = ?1");
    query_bind_int(q, 1, id);
    return take_statement(arena, q, statement, err);
}

enum status ledger_list_statements(struct arena *arena, struct store *store, int64_t programme,
                                   struct statement **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " STATEMENT_COLUMNS("s") " FROM statement s"
                                                " WHERE s.programme = ?1 AND s.closed_ms IS NULL"
                                                " ORDER BY s.subject, s.id");
    query_bind_int(q, 1, programme);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        ledger_take_statement(arena, q, 0, &(*list)[(*count)++]);
    }
    return query_end(q, err);
}

static bool is_amount(double amount)
{
    return isnan(amount) || (isfinite(amount) && fabs(amount) <= 1e15);
}

static enum status check_statement(const struct statement *s, struct error *err)
{
    bool amounts = !isnan(s->least) || !isnan(s->most);
    if (!ledger_is_line_of_text(s->subject, 1, PROGRAMME_TEXT_MAX))
        return error_set(err, STATUS_INPUT,
                         "Say what it is about, on one line of %d characters at most.",
                         "请写明事项，一行，不超过 %d 个字。", PROGRAMME_TEXT_MAX);
    if (!ledger_is_line_of_text(s->place, 0, PROGRAMME_TEXT_MAX) ||
        !ledger_is_line_of_text(s->use, 0, PROGRAMME_TEXT_MAX) ||
        !ledger_is_line_of_text(s->measure, 0, 40))
        return error_set(err, STATUS_INPUT,
                         "Place, use and unit stand on one line each, and are shorter.",
                         "地点、用途、计量单位应各为一行，且不宜过长。");
    if (s->first_day && s->last_day && s->first_day > s->last_day)
        return error_set(err, STATUS_INPUT, "The first day is after the last.",
                         "开始日期晚于结束日期。");
    if (!is_amount(s->least) || !is_amount(s->most) || s->least > s->most)
        return error_set(err, STATUS_INPUT, "The least is a number no greater than the most.",
                         "下限应为不大于上限的数。");
    if (amounts != (s->measure.len > 0))
        return error_set(err, STATUS_INPUT, "A quantity needs its unit, and a unit its quantity.",
                         "数量与计量单位须一并填写。");
    return STATUS_OK;
}

/* Statements are made in programmes that are in force, about lines that are there. */
static enum status check_around(struct store *store, const struct statement *s, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT (SELECT closed_ms IS NULL FROM programme WHERE id = ?1),"
                           " ?2 = 0 OR EXISTS (SELECT 1 FROM line WHERE id = ?2)");
    query_bind_int(q, 1, s->programme);
    query_bind_int(q, 2, s->line);
    (void)query_row(q);
    bool in_force = query_int(q, 0) != 0;
    bool line = query_int(q, 1) != 0;
    enum status status = query_end(q, err);
    if (!status && !in_force)
        return error_set(err, STATUS_CONFLICT, "The programme is closed.", "该规划已关闭。");
    if (!status && !line)
        return error_set(err, STATUS_MISSING, "There is no such line in the ledger.",
                         "台账中没有这一条目。");
    return status;
}

static void bind_amount(struct query *q, int at, double amount)
{
    if (isnan(amount))
        query_bind_null(q, at);
    else
        query_bind_real(q, at, amount);
}

static void bind_statement(struct query *q, const struct statement *s)
{
    query_bind_int(q, 1, s->id);
    query_bind_int_or_null(q, 2, s->line);
    query_bind_str(q, 3, s->subject);
    query_bind_int_or_null(q, 4, s->first_day);
    query_bind_int_or_null(q, 5, s->last_day);
    bind_amount(q, 6, s->least);
    bind_amount(q, 7, s->most);
    query_bind_str(q, 8, s->measure);
    query_bind_str(q, 9, s->place);
    query_bind_str(q, 10, s->use);
}

static json_t *json_of_amount(double amount)
{
    return isnan(amount) ? json_null() : json_real(amount);
}

static json_t *statement_data(const struct statement *s)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "line",
                     ledger_json_id('L', s->line), "subject", str_to_json(s->subject), "first_day",
                     ledger_json_day(s->first_day), "last_day", ledger_json_day(s->last_day),
                     "least", json_of_amount(s->least), "most", json_of_amount(s->most), "measure",
                     str_to_json(s->measure), "place", str_to_json(s->place), "use",
                     str_to_json(s->use));
}

enum status ledger_state(struct arena *arena, struct store *store, struct statement *statement,
                         int64_t now_ms, struct error *err)
{
    statement->id = 0;
    enum status status = check_statement(statement, err);
    if (!status)
        status = check_around(store, statement, err);
    if (!status)
        status = digest_random_key(arena, &statement->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store,
        "INSERT INTO statement (id, line, subject, first_day, last_day, least, most, measure,"
        " place, use, key, programme, created_ms) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6,"
        " ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    bind_statement(q, statement);
    query_bind_str(q, 11, statement->key);
    query_bind_int(q, 12, statement->programme);
    query_bind_int(q, 13, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    statement->id = status ? 0 : store_last_id(store);
    if (!status)
        status = ledger_add_event(store, "programme.stated", 'N', statement->programme,
                                  json_pack("{s:I, s:o}", "statement", (json_int_t)statement->id,
                                            "after", statement_data(statement)),
                                  err);
    return status ? status : ledger_find_clashes(store, now_ms, err);
}

static enum status update_statement(struct store *store, const struct statement *s,
                                    struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE statement SET line = ?2, subject = ?3, first_day = ?4, last_day = ?5,"
               " least = ?6, most = ?7, measure = ?8, place = ?9, use = ?10, changes = changes + 1"
               " WHERE id = ?1");
    bind_statement(q, s);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status withdrawn(struct error *err)
{
    return error_set(err, STATUS_CONFLICT, "It was withdrawn already.", "该条已撤销。");
}

enum status ledger_restate(struct store *store, const struct statement *statement, int64_t now_ms,
                           struct error *err)
{
    struct arena *scratch = arena_make();
    struct statement was = {0};
    enum status status = check_statement(statement, err);
    if (!status)
        status = statement_by_id(scratch, store, statement->id, &was, err);
    if (!status && was.closed_ms)
        status = withdrawn(err);
    if (!status)
        status = check_around(store, statement, err);
    json_t *before = status ? NULL : statement_data(&was);
    json_t *after = status ? NULL : statement_data(statement);
    json_t *data = status ? NULL
                          : json_pack("{s:I, s:O, s:O}", "statement", (json_int_t)statement->id,
                                      "before", before, "after", after);
    if (!status && !json_equal(before, after)) {
        status = update_statement(store, statement, err);
        if (!status)
            status = ledger_add_event(store, "programme.restated", 'N', was.programme,
                                      json_incref(data), err);
        if (!status)
            status = ledger_find_clashes(store, now_ms, err);
    }
    json_decref(data);
    json_decref(before);
    json_decref(after);
    arena_free(scratch);
    return status;
}

enum status ledger_withdraw(struct store *store, int64_t statement, struct str why, int64_t now_ms,
                            struct error *err)
{
    struct arena *scratch = arena_make();
    struct statement was = {0};
    enum status status = statement_by_id(scratch, store, statement, &was, err);
    arena_free(scratch);
    if (!status && was.closed_ms)
        return withdrawn(err);
    if (!status && !ledger_is_line_of_text(why, 1, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "Say why it is withdrawn.", "请说明撤销的理由。");
    if (status)
        return status;
    struct query *q = query_start(
        store, "UPDATE statement SET closed_ms = ?2, closed_why = ?3, changes = changes + 1"
               " WHERE id = ?1");
    query_bind_int(q, 1, statement);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3, why);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = ledger_add_event(
            store, "programme.withdrew", 'N', was.programme,
            json_pack("{s:I, s:o}", "statement", (json_int_t)statement, "why", str_to_json(why)),
            err);
    return status ? status : ledger_find_clashes(store, now_ms, err);
}
