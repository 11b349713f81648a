/* Review rounds of the library of projects; see admission.h. */
#include "base/json.h"
#include "ledger/admission.h"
#include "ledger/key.h"

#define ROUND_SQL                                                                     \
    "SELECT r.id, r.key, r.name, r.opened_ms, r.due_day, r.closed_ms, count(t.line)," \
    " count(t.decided_ms) FROM project_round r LEFT JOIN project_turn t ON t.round = r.id"

static void take_round(struct arena *arena, struct query *q, struct project_round *r)
{
    *r = (struct project_round){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .name = str_copy(arena, query_str(q, 2)),
        .opened_ms = query_int(q, 3),
        .due_day = query_int(q, 4),
        .closed_ms = query_int(q, 5),
        .projects = query_int(q, 6),
        .decided = query_int(q, 7),
    };
}

enum status ledger_list_rounds(struct arena *arena, struct store *store,
                               struct project_round **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, ROUND_SQL " GROUP BY r.id ORDER BY r.id DESC");
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        take_round(arena, q, &(*list)[n]);
    }
    return query_end(q, err);
}

enum status ledger_find_round(struct arena *arena, struct store *store, struct str key,
                              struct project_round *round, struct error *err)
{
    struct query *q = query_start(store, ROUND_SQL " WHERE r.key = ?1 GROUP BY r.id");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        take_round(arena, q, round);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such review.", "没有该调整轮次。");
    return status;
}

static enum status insert_round(struct store *store, struct project_round *round, int64_t now_ms,
                                struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO project_round (key, name, opened_ms, due_day)"
                                         " VALUES (?1, ?2, ?3, ?4)");
    query_bind_str(q, 1, round->key);
    query_bind_str(q, 2, round->name);
    query_bind_int(q, 3, now_ms);
    query_bind_int_or_null(q, 4, round->due_day);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return error_set(err, STATUS_CONFLICT, "A review is open already, or one had this name.",
                         "已有进行中的调整轮次，或名称已被使用。");
    round->id = status ? 0 : store_last_id(store);
    return status;
}

/* Runs a statement over the round ?1 and the moment ?2. */
static enum status run(struct store *store, const char *sql, int64_t round, int64_t now_ms,
                       struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, round);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_open_round(struct arena *arena, struct store *store, struct project_round *round,
                              int64_t now_ms, struct error *err)
{
    round->name = str_trim(round->name);
    if (!ledger_is_line_of_text(round->name, 1, ROUND_NAME_MAX))
        return error_set(err, STATUS_INPUT, "Name the review, in at most %d characters.",
                         "请填写轮次名称，不超过 %d 个字。", ROUND_NAME_MAX);
    enum status status = digest_random_key(arena, &round->key, err);
    if (!status)
        status = insert_round(store, round, now_ms, err);
    if (!status)
        status = run(store,
                     "INSERT INTO project_turn (line, turn, round, opened_ms)"
                     " SELECT line, turn + 1, ?1, ?2 FROM project"
                     " WHERE state IN ('admitted', 'active', 'suspended')",
                     round->id, now_ms, err);
    if (!status)
        status = run(store,
                     "UPDATE project SET turn = turn + 1 WHERE ?2 IS NOT NULL AND line IN"
                     " (SELECT line FROM project_turn WHERE round = ?1)",
                     round->id, now_ms, err);
    if (!status)
        status = run(store,
                     "UPDATE project_turn SET round = ?1 WHERE decided_ms IS NULL"
                     " AND round IS NULL AND ?2 IS NOT NULL",
                     round->id, now_ms, err);
    return status ? status
                  : ledger_add_event(store, "round.opened", 'R', round->id,
                                     json_pack("{s:o, s:o}", "name", str_to_json(round->name),
                                               "due_day", ledger_json_day(round->due_day)),
                                     err);
}

/* How many are still to be decided of those that were in the library when it began. */
static enum status count_waiting(struct store *store, int64_t round, int64_t *waiting,
                                 struct error *err)
{
    struct query *q =
        query_start(store, "SELECT count(*) FROM project_turn t JOIN project p ON p.line = t.line"
                           " WHERE t.round = ?1 AND t.decided_ms IS NULL AND p.state IN"
                           " ('admitted', 'active', 'suspended')");
    query_bind_int(q, 1, round);
    *waiting = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status count_verdicts(struct store *store, int64_t round, json_t *data,
                                  struct error *err)
{
    struct query *q = query_start(store, "SELECT verdict, count(*) FROM project_turn"
                                         " WHERE round = ?1 AND verdict <> '' GROUP BY verdict");
    query_bind_int(q, 1, round);
    while (query_row(q)) {
        struct str verdict = query_str(q, 0);
        (void)json_object_setn_new(data, verdict.at, verdict.len, json_integer(query_int(q, 1)));
    }
    return query_end(q, err);
}

enum status ledger_close_round(struct store *store, const struct project_round *round,
                               int64_t now_ms, struct error *err)
{
    int64_t waiting = 0;
    if (round->closed_ms)
        return error_set(err, STATUS_CONFLICT, "That review is closed.", "该轮次已结束。");
    enum status status = count_waiting(store, round->id, &waiting, err);
    if (!status && waiting)
        return error_set(err, STATUS_CONFLICT,
                         "Still to be decided: %lld. Say of each whether it is kept.",
                         "尚有 %lld 个项目未作决定，请逐一明确去留。", (long long)waiting);
    /* What is finished needs no decision any more; what is only proposed waits outside a round. */
    if (!status)
        status = run(store,
                     "UPDATE project_turn SET round = NULL WHERE round = ?1 AND decided_ms IS NULL"
                     " AND ?2 IS NOT NULL",
                     round->id, now_ms, err);
    if (!status)
        status = run(store, "UPDATE project_round SET closed_ms = ?2 WHERE id = ?1", round->id,
                     now_ms, err);
    if (status)
        return status;
    json_t *data = json_object();
    status = count_verdicts(store, round->id, data, err);
    if (status) {
        json_decref(data);
        return status;
    }
    return ledger_add_event(store, "round.closed", 'R', round->id, data, err);
}
