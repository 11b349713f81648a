/* Letters about alarms; see ledger_monitor.h. */
#include "server/ledger_monitor.h"

#include <inttypes.h>

#include "ledger/threshold.h"
#include "library/letter.h"

#define RISKS_AT_ONCE 100

struct told_risk {
    int64_t line, lead, unit, alarm;
    bool must_act;
    struct str key;
};

/* One row a risk: of what is untold and stands, the worst. */
static enum status list_untold(struct arena *arena, struct store *store, struct told_risk *list,
                               size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT t.line, l.lead, l.unit, l.key, max((a.level = 'act') * 1000000000000 + a.id),"
        " max(a.level = 'act') FROM risk_alarm a JOIN risk_threshold t ON t.id = a.threshold"
        " JOIN line l ON l.id = t.line WHERE a.told_ms IS NULL AND a.fell_ms IS NULL"
        " AND l.state <> 'closed' GROUP BY t.line LIMIT ?1");
    query_bind_int(q, 1, RISKS_AT_ONCE);
    for (*count = 0; query_row(q); ++*count)
        list[*count] = (struct told_risk){query_int(q, 0),      query_int(q, 1),
                                          query_int(q, 2),      query_int(q, 4) % 1000000000000,
                                          query_int(q, 5) != 0, str_copy(arena, query_str(q, 3))};
    return query_end(q, err);
}

/* The first head from the unit up who is not the lead; 0: none. */
static enum status find_head(struct store *store, const struct told_risk *risk, int64_t *head,
                             struct error *err)
{
    struct query *q =
        query_start(store, "WITH RECURSIVE over (id, parent, head, depth) AS ("
                           " SELECT id, parent, head, 0 FROM unit WHERE id = ?1 UNION ALL"
                           " SELECT u.id, u.parent, u.head, o.depth + 1 FROM unit u JOIN over o"
                           " ON u.id = o.parent WHERE o.depth < 100)"
                           " SELECT head FROM over WHERE head IS NOT NULL AND head IS NOT ?2"
                           " ORDER BY depth LIMIT 1");
    query_bind_int(q, 1, risk->unit);
    query_bind_int_or_null(q, 2, risk->lead);
    *head = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status tell(struct arena *arena, struct store *store, const struct told_risk *risk,
                        int64_t member, struct error *err)
{
    struct letter letter = {
        .member = member,
        .kind = "alarm",
        .data = str_format(arena, "{\"path\":\"/ledger/lines/%.*s/risk\",\"alarm\":%" PRId64 "}",
                           STR_ARG(risk->key), risk->alarm),
    };
    return member ? library_queue_letter(store, &letter, err) : STATUS_OK;
}

static enum status tell_risk(struct arena *arena, struct store *store, const struct told_risk *risk,
                             struct error *err)
{
    int64_t head = 0;
    enum status status = tell(arena, store, risk, risk->lead, err);
    if (!status && (risk->must_act || !risk->lead))
        status = find_head(store, risk, &head, err);
    if (!status)
        status = tell(arena, store, risk, head, err);
    struct query *q =
        query_start(store, "UPDATE risk_alarm SET told_ms = ?2 WHERE told_ms IS NULL AND threshold"
                           " IN (SELECT id FROM risk_threshold WHERE line = ?1)");
    query_bind_int(q, 1, risk->line);
    query_bind_int(q, 2, store_now_ms());
    (void)query_row(q);
    enum status kept = query_end(q, status ? NULL : err);
    return status ? status : kept;
}

/* What fell before it was told of, or whose risk was closed. */
static enum status leave_rest(struct store *store, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE risk_alarm SET told_ms = ?1 WHERE told_ms IS NULL AND (fell_ms IS NOT NULL"
               " OR threshold IN (SELECT t.id FROM risk_threshold t JOIN line l ON l.id = t.line"
               " WHERE l.state = 'closed'))");
    query_bind_int(q, 1, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_tell_risks(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct told_risk *list = arena_array(scratch, RISKS_AT_ONCE, struct told_risk);
    size_t count = 0;
    (void)context;
    enum status status = leave_rest(store, err);
    if (!status)
        status = list_untold(scratch, store, list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = tell_risk(scratch, store, &list[i], err);
    return status;
}
