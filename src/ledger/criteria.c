/* What projects are judged by, kept; see admission.h. */
#include "base/json.h"
#include "ledger/admission.h"
#include "ledger/key.h"

struct str ledger_criterion_words(const struct project_criterion *criterion, enum lang lang)
{
    bool english = criterion->zh.len == 0 || (lang == LANG_EN && criterion->en.len > 0);
    return english ? criterion->en : criterion->zh;
}

enum status ledger_list_criteria(struct arena *arena, struct store *store,
                                 struct project_criterion **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT id, key, en, zh, weight, least FROM"
                                         " project_criterion WHERE ended_ms IS NULL"
                                         " ORDER BY id LIMIT ?1");
    *list = arena_array(arena, SCORE_CRITERIA_MAX, struct project_criterion);
    *count = 0;
    query_bind_int(q, 1, SCORE_CRITERIA_MAX);
    while (query_row(q))
        (*list)[(*count)++] = (struct project_criterion){
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .en = str_copy(arena, query_str(q, 2)),
            .zh = str_copy(arena, query_str(q, 3)),
            .rule = {query_int(q, 4), query_int(q, 5)},
        };
    return query_end(q, err);
}

/* Open turns come to what the criteria and the bar now say. */
static enum status refresh_turns(struct arena *arena, struct store *store, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT line, turn FROM project_turn WHERE decided_ms IS NULL");
    size_t count = 0;
    int64_t(*open)[2] = NULL;
    while (query_row(q)) {
        open = arena_one_more(arena, open, count, sizeof *open);
        open[count][0] = query_int(q, 0);
        open[count++][1] = query_int(q, 1);
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++)
        status = ledger_refresh_turn(arena, store, open[i][0], open[i][1], err);
    return status;
}

static enum status check_criterion(struct store *store, const struct project_criterion *c,
                                   struct error *err)
{
    if (!ledger_is_line_of_text(c->en, 0, CRITERION_NAME_MAX) ||
        !ledger_is_line_of_text(c->zh, 0, CRITERION_NAME_MAX) || c->en.len + c->zh.len == 0)
        return error_set(err, STATUS_INPUT,
                         "Name the criterion in at least one language, at most %d characters.",
                         "请至少用一种语言填写标准名称，不超过 %d 个字。", CRITERION_NAME_MAX);
    if (c->rule.weight < 1 || c->rule.weight > 1000 || c->rule.least < 0 || c->rule.least > 100)
        return error_set(err, STATUS_INPUT,
                         "A weight is a whole number from 1 to 1000, the least mark one from 0 to "
                         "100.",
                         "权重应为 1 至 1000 的整数，最低分应为 0 至 100 的整数。");
    struct query *q =
        query_start(store, "SELECT count(*) FROM project_criterion WHERE ended_ms IS NULL");
    bool full = query_row(q) && query_int(q, 0) >= SCORE_CRITERIA_MAX;
    enum status status = query_end(q, err);
    if (!status && full && !c->key.len)
        return error_set(err, STATUS_CONFLICT, "There are %u criteria already; end one first.",
                         "已有 %u 项标准，请先停用一项。", SCORE_CRITERIA_MAX);
    return status;
}

static json_t *data_of(const struct project_criterion *c)
{
    return json_pack("{s:o, s:o, s:I, s:I}", "en", str_to_json(c->en), "zh", str_to_json(c->zh),
                     "weight", (json_int_t)c->rule.weight, "least", (json_int_t)c->rule.least);
}

/* Its id by its key, of one that counts. */
static enum status find_criterion(struct store *store, struct str key, int64_t *id,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "SELECT id FROM project_criterion WHERE key = ?1 AND ended_ms IS NULL");
    query_bind_str(q, 1, key);
    *id = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*id)
        return error_set(err, STATUS_MISSING, "There is no such criterion.", "没有该项标准。");
    return status;
}

enum status ledger_keep_criterion(struct arena *arena, struct store *store,
                                  struct project_criterion *c, struct error *err)
{
    bool made = c->key.len == 0;
    enum status status = check_criterion(store, c, err);
    if (!status)
        status = made ? digest_random_key(arena, &c->key, err)
                      : find_criterion(store, c->key, &c->id, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO project_criterion (key, en, zh, weight, least)"
               " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO UPDATE SET en = ?2, zh = ?3,"
               " weight = ?4, least = ?5");
    query_bind_str(q, 1, c->key);
    query_bind_str(q, 2, c->en);
    query_bind_str(q, 3, c->zh);
    query_bind_int(q, 4, c->rule.weight);
    query_bind_int(q, 5, c->rule.least);
    (void)query_row(q);
    status = query_end(q, err);
    if (made)
        c->id = store_last_id(store);
    if (!status)
        status = refresh_turns(arena, store, err);
    return status ? status
                  : ledger_add_event(store, "project.criterion", 'K', c->id, data_of(c), err);
}

enum status ledger_end_criterion(struct arena *arena, struct store *store, struct str key,
                                 int64_t now_ms, struct error *err)
{
    struct project_criterion *list;
    size_t count;
    int64_t id = 0;
    enum status status = find_criterion(store, key, &id, err);
    if (!status)
        status = ledger_list_criteria(arena, store, &list, &count, err);
    if (!status && count == 1)
        return error_set(err, STATUS_CONFLICT,
                         "This is the last criterion; projects must be judged by something.",
                         "这是最后一项标准，不能停用。");
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE project_criterion SET ended_ms = ?2 WHERE id = ?1");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = refresh_turns(arena, store, err);
    return status ? status
                  : ledger_add_event(store, "project.criterion", 'K', id,
                                     json_pack("{s:b}", "ended", 1), err);
}

enum status ledger_load_bar(struct store *store, struct score_bar *bar, struct error *err)
{
    struct query *q = query_start(store, "SELECT threshold, scorers FROM project_bar");
    *bar = (struct score_bar){6000, 2};
    if (query_row(q))
        *bar = (struct score_bar){query_int(q, 0), (size_t)query_int(q, 1)};
    return query_end(q, err);
}

enum status ledger_set_bar(struct arena *arena, struct store *store, const struct score_bar *bar,
                           struct error *err)
{
    if (bar->threshold < 0 || bar->threshold > 10000 || bar->scorers < 1 ||
        bar->scorers > SCORERS_MAX)
        return error_set(err, STATUS_INPUT,
                         "The total is a number from 0 to 100, the scorers are 1 to %u.",
                         "入库线应为 0 至 100 的数，评分人数应为 1 至 %u。", SCORERS_MAX);
    struct query *q =
        query_start(store, "UPDATE project_bar SET threshold = ?1, scorers = ?2 WHERE id = 1");
    query_bind_int(q, 1, bar->threshold);
    query_bind_int(q, 2, (int64_t)bar->scorers);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status)
        status = refresh_turns(arena, store, err);
    return status
               ? status
               : ledger_add_event(store, "project.bar", 'K', 0,
                                  json_pack("{s:I, s:I}", "threshold", (json_int_t)bar->threshold,
                                            "scorers", (json_int_t)bar->scorers),
                                  err);
}
