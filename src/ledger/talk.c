/* Who follows a line, and what is said about it; see line.h. */
#include "ledger/key.h"
#include "ledger/line.h"

static enum status run(struct store *store, const char *sql, int64_t line, int64_t member,
                       struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, member);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_follow_line(struct store *store, int64_t line, int64_t member, struct error *err)
{
    return run(store, "INSERT OR IGNORE INTO line_follow (line, member) VALUES (?1, ?2)", line,
               member, err);
}

enum status ledger_leave_line(struct store *store, int64_t line, int64_t member, struct error *err)
{
    return run(store, "DELETE FROM line_follow WHERE line = ?1 AND member = ?2", line, member, err);
}

enum status ledger_say(struct arena *arena, struct store *store, int64_t line, int64_t member,
                       struct str text, int64_t now_ms, struct str *key, struct error *err)
{
    const struct ledger_deed deed = {.now_ms = now_ms};
    if (!str_trim(text).len || !ledger_is_text(text, LINE_SAID_MAX))
        return error_set(err, STATUS_INPUT, "Say something, of at most %d characters.",
                         "请填写内容，不超过 %d 个字。", LINE_SAID_MAX);
    enum status status = digest_random_key(arena, key, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO line_post (key, line, member, text, posted_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_str(q, 1, *key);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, member);
    query_bind_str(q, 4, text);
    query_bind_int(q, 5, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : ledger_record(store, line, "line.said", NULL, &deed, err);
}

enum status ledger_unsay(struct store *store, int64_t line, int64_t member, struct str key,
                         int64_t now_ms, struct error *err)
{
    const struct ledger_deed deed = {.now_ms = now_ms};
    struct query *q =
        query_start(store, "UPDATE line_post SET text = '', removed_ms = ?4 WHERE key = ?1"
                           " AND line = ?2 AND member = ?3 AND removed_ms IS NULL");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_MISSING, "There is no such post of yours.",
                         "没有您的这条发言。");
    return status ? status : ledger_record(store, line, "line.unsaid", NULL, &deed, err);
}
