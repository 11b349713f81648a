/* Handing over; see handover.h. */
#include "ledger/handover.h"

#include "ledger/key.h"
#include "ledger/may.h"

/* What is still in force: the giver leads the line, which is not closed. */
#define OPEN_SQL                                                                                \
    " FROM handover h JOIN line l ON l.id = h.line WHERE h.state = 'open' AND l.lead = h.giver" \
    " AND l.state <> 'closed'"

static enum status check_taker(struct store *store, int64_t line, int64_t giver, int64_t taker,
                               struct error *err)
{
    struct error closed;
    if (giver == taker)
        return error_set(err, STATUS_INPUT, "Name somebody else.", "请选择其他人。");
    enum status status = ledger_check_right(store, taker, line, LEDGER_SEE, &closed);
    if (status == STATUS_FORBIDDEN)
        return error_set(err, STATUS_INPUT, "The ledger is not open to them.",
                         "台账未向该成员开放。");
    if (status && err)
        *err = closed;
    return status;
}

static enum status check_line(const struct line *line, int64_t giver, struct error *err)
{
    if (line->lead != giver)
        return error_set(err, STATUS_FORBIDDEN, "You don't lead it.", "您不是该条目的分包领导。");
    if (line->state == LINE_CLOSED)
        return error_set(err, STATUS_CONFLICT, "It is closed.", "该条目已关闭。");
    return STATUS_OK;
}

/* What was asked by who led the line before is over. */
static enum status end_lapsed(struct store *store, int64_t line, int64_t giver, int64_t now_ms,
                              struct error *err)
{
    struct query *q = query_start(store, "UPDATE handover SET state = 'withdrawn', answered_ms = ?3"
                                         " WHERE line = ?1 AND giver <> ?2 AND state = 'open'");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, giver);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert(struct arena *arena, struct store *store, const struct ledger_handover *h,
                          struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "INSERT INTO handover (key, line, giver, taker, why, asked_ms, state)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open')");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, h->line);
    query_bind_int(q, 3, h->giver);
    query_bind_int(q, 4, h->taker);
    query_bind_str(q, 5, h->why);
    query_bind_int(q, 6, h->asked_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return error_set(err, STATUS_CONFLICT,
                         "Somebody was asked to lead it already. Withdraw that first.",
                         "已请他人接手，请先撤回。");
    return status;
}

static enum status record(struct store *store, const struct ledger_handover *h, const char *what,
                          const struct ledger_deed *deed, struct error *err)
{
    json_t *data = json_pack("{s:s, s:[o, o]}", "handover", what, "lead_asked",
                             ledger_json_id('M', h->giver), ledger_json_id('M', h->taker));
    return ledger_record(store, h->line, "line.handover", data, deed, err);
}

enum status ledger_hand_over(struct arena *arena, struct store *store, int64_t line, int64_t giver,
                             int64_t taker, const struct ledger_deed *deed, struct error *err)
{
    struct line found;
    const struct ledger_handover h = {.line = line,
                                      .giver = giver,
                                      .taker = taker,
                                      .why = str_trim(deed->why),
                                      .asked_ms = deed->now_ms};
    if (!ledger_is_line_of_text(h.why, 1, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "Say why you hand it over.", "请说明移交的理由。");
    enum status status = ledger_find_line_by_id(arena, store, line, &found, err);
    if (!status)
        status = check_line(&found, giver, err);
    if (!status)
        status = check_taker(store, line, giver, taker, err);
    if (!status)
        status = end_lapsed(store, line, giver, deed->now_ms, err);
    if (!status)
        status = insert(arena, store, &h, err);
    return status ? status : record(store, &h, "asked", deed, err);
}

#define HANDOVER_COLUMNS "h.id, h.key, h.line, h.giver, h.taker, h.why, h.asked_ms"

static struct ledger_handover take(struct arena *arena, struct query *q)
{
    return (struct ledger_handover){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .line = query_int(q, 2),
        .giver = query_int(q, 3),
        .taker = query_int(q, 4),
        .why = str_copy(arena, query_str(q, 5)),
        .asked_ms = query_int(q, 6),
    };
}

enum status ledger_find_handover(struct arena *arena, struct store *store, struct str key,
                                 struct ledger_handover *handover, struct error *err)
{
    struct query *q = query_start(store, "SELECT " HANDOVER_COLUMNS OPEN_SQL " AND h.key = ?1");
    query_bind_str(q, 1, key);
    bool found = query_row(q);
    if (found)
        *handover = take(arena, q);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "This is not asked any more.", "该移交已不再待办。");
    return status;
}

static enum status answer(struct store *store, const struct ledger_handover *h, const char *state,
                          struct str words, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE handover SET state = ?2, answered_ms = ?3,"
                                         " answer = ?4 WHERE id = ?1");
    query_bind_int(q, 1, h->id);
    query_bind_str(q, 2, str_of(state));
    query_bind_int(q, 3, now_ms);
    query_bind_str(q, 4, words);
    (void)query_row(q);
    return query_end(q, err);
}

/* Finds what is open and sees that `by` may: the taker, or the giver. */
static enum status open_for(struct arena *arena, struct store *store, struct str key, int64_t by,
                            bool taker, struct ledger_handover *h, struct error *err)
{
    enum status status = ledger_find_handover(arena, store, key, h, err);
    if (!status && by != (taker ? h->taker : h->giver))
        return error_set(err, STATUS_FORBIDDEN, "This is for somebody else to answer.",
                         "此移交须由当事人处理。");
    return status;
}

enum status ledger_accept_handover(struct arena *arena, struct store *store, struct str key,
                                   int64_t by, const struct ledger_deed *deed, struct error *err)
{
    struct ledger_handover h;
    struct ledger_deed said = *deed;
    struct line_change lead = {.field = LINE_LEAD, .number = by};
    enum status status = open_for(arena, store, key, by, true, &h, err);
    if (!status)
        status = check_taker(store, h.line, h.giver, by, err);
    said.why = h.why;
    if (!status)
        status = ledger_change_line(store, h.line, &lead, 1, &said, err);
    if (!status)
        status = answer(store, &h, "accepted", STR(""), deed->now_ms, err);
    said.why = STR("");
    return status ? status : record(store, &h, "accepted", &said, err);
}

enum status ledger_decline_handover(struct arena *arena, struct store *store, struct str key,
                                    int64_t by, const struct ledger_deed *deed, struct error *err)
{
    struct ledger_handover h;
    struct str why = str_trim(deed->why);
    enum status status = open_for(arena, store, key, by, true, &h, err);
    if (!status && !ledger_is_line_of_text(why, 1, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "Say why you decline.", "请说明不接手的理由。");
    if (!status)
        status = answer(store, &h, "declined", why, deed->now_ms, err);
    return status ? status : record(store, &h, "declined", deed, err);
}

enum status ledger_withdraw_handover(struct arena *arena, struct store *store, struct str key,
                                     int64_t by, const struct ledger_deed *deed, struct error *err)
{
    struct ledger_handover h;
    enum status status = open_for(arena, store, key, by, false, &h, err);
    if (!status)
        status = answer(store, &h, "withdrawn", STR(""), deed->now_ms, err);
    return status ? status : record(store, &h, "withdrawn", deed, err);
}

enum status ledger_list_handovers(struct arena *arena, struct store *store, int64_t member,
                                  struct ledger_handover **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT " HANDOVER_COLUMNS OPEN_SQL
                                         " AND ?1 IN (h.giver, h.taker) ORDER BY h.id");
    query_bind_int(q, 1, member);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        (*list)[n] = take(arena, q);
    }
    return query_end(q, err);
}
