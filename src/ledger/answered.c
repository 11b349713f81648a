/* Who answered when; see answered.h. */
#include "ledger/answered.h"

enum status ledger_keep_answering(struct store *store, const struct line *was,
                                  const struct line *is, const struct ledger_deed *deed,
                                  struct error *err)
{
    if (was->lead == is->lead && was->unit == is->unit)
        return STATUS_OK;
    /* Of changes in one moment the first counts: it knows who answered before. */
    struct query *q =
        query_start(store, "INSERT OR IGNORE INTO line_answered (line, until_ms, lead, unit)"
                           " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, was->id);
    query_bind_int(q, 2, deed->now_ms);
    query_bind_int_or_null(q, 3, was->lead);
    query_bind_int_or_null(q, 4, was->unit);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_find_answering(struct store *store, int64_t line, int64_t at_ms,
                                  struct ledger_answering *answering, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT lead, unit FROM (SELECT lead, unit, until_ms FROM line_answered"
                           " WHERE line = ?1 AND until_ms > ?2 UNION ALL"
                           " SELECT lead, unit, 9223372036854775807 FROM line WHERE id = ?1)"
                           " ORDER BY until_ms LIMIT 1");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, at_ms);
    *answering = (struct ledger_answering){0};
    if (query_row(q))
        *answering = (struct ledger_answering){query_int(q, 0), query_int(q, 1)};
    return query_end(q, err);
}
