/* Notices of supervision; see ledger_notices.h. */
#include "server/ledger_notices.h"

#include <inttypes.h>

#include "base/calendar.h"
#include "ledger/urging.h"
#include "library/letter.h"
#include "library/setting.h"

#define LINES_AT_ONCE   200U /* in one transaction */
#define LETTERS_AT_ONCE 100U
#define KEEPERS_MAX     20U
#define NOTICES_MOST    100U
#define RECENT_DAYS     30
#define WAITING_MOST    50U

enum status ledger_notices_calendar(struct arena *arena, struct store *store,
                                    const struct workdays **calendar, struct error *err)
{
    struct str name;
    enum status status = library_get_setting(arena, store, STR("ledger.calendar"), &name, err);
    return status ? status : workday_load(arena, name.len ? name : STR("weekdays"), calendar, err);
}

/* --- the round ------------------------------------------------------------------------------------ */

static enum status list_keepers(struct arena *arena, struct store *store,
                                struct urge_keepers *keepers, struct error *err)
{
    int64_t *members = arena_array(arena, KEEPERS_MAX, int64_t);
    struct query *q = query_start(store, "SELECT DISTINCT member FROM role WHERE role IN"
                                         " ('owner', 'steward') ORDER BY member LIMIT ?1");
    query_bind_int(q, 1, KEEPERS_MAX);
    *keepers = (struct urge_keepers){.members = members};
    while (keepers->count < KEEPERS_MAX && query_row(q))
        members[keepers->count++] = query_int(q, 0);
    return query_end(q, err);
}

/* One letter for what a member was not told yet. */
static enum status tell_member(struct arena *arena, struct store *store, int64_t member,
                               int64_t now_ms, struct error *err)
{
    struct buf data = {.arena = arena};
    bool some = false;
    struct query *q = query_start(
        store, "SELECT t.notice FROM supervision_notice_to t JOIN supervision_notice n"
               " ON n.id = t.notice WHERE t.member = ?1 AND t.told_ms IS NULL"
               " ORDER BY instr('circular raised red yellow blue reminder', n.kind), n.due_day");
    query_bind_int(q, 1, member);
    buf_add(&data, STR("{\"path\":\"/ledger/today\",\"notices\":["));
    while (query_row(q)) {
        buf_format(&data, "%s%" PRId64, some ? "," : "", query_int(q, 0));
        some = true;
    }
    buf_add(&data, STR("]}"));
    enum status status = query_end(q, err);
    q = query_start(store, "UPDATE supervision_notice_to SET told_ms = ?2 WHERE member = ?1"
                           " AND told_ms IS NULL");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status told = query_end(q, status ? NULL : err);
    status = status ? status : told;
    struct letter letter = {.member = member, .kind = "supervision", .data = buf_str(&data)};
    return status || !some ? status : library_queue_letter(store, &letter, err);
}

static enum status tell_some(struct arena *arena, struct store *store, int64_t now_ms, bool *more,
                             struct error *err)
{
    int64_t *members = arena_array(arena, LETTERS_AT_ONCE, int64_t);
    size_t count = 0;
    struct query *q = query_start(store, "SELECT DISTINCT member FROM supervision_notice_to"
                                         " WHERE told_ms IS NULL ORDER BY member LIMIT ?1");
    query_bind_int(q, 1, LETTERS_AT_ONCE);
    while (count < LETTERS_AT_ONCE && query_row(q))
        members[count++] = query_int(q, 0);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++)
        status = tell_member(arena, store, members[i], now_ms, err);
    *more = count == LETTERS_AT_ONCE;
    return status;
}

static enum status put_off(struct store *store, int64_t next_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE supervision_round SET next_ms = ?1");
    query_bind_int(q, 1, next_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* What the round has come to: notices line by line, then letters, then the day when it is due next. */
struct round {
    const struct workdays *calendar;
    struct urge_keepers keepers;
    struct ledger_limits limits;
    int64_t now_ms, after;
    enum { ROUND_GIVES, ROUND_TELLS, ROUND_IS_OVER } stage;
};

static enum status go_on(struct arena *arena, struct store *store, struct round *r,
                         struct error *err)
{
    size_t given = 0;
    bool more = false;
    enum status status;
    if (r->stage == ROUND_GIVES) {
        status = ledger_give_notices(arena, store, r->calendar, &r->keepers, r->now_ms, &r->after,
                                     LINES_AT_ONCE, &given, err);
        r->stage = r->after ? ROUND_GIVES : ROUND_TELLS;
        return status;
    }
    status = tell_some(arena, store, r->now_ms, &more, err);
    if (status || more)
        return status;
    r->stage = ROUND_IS_OVER;
    return put_off(store, urge_next_day(r->calendar, &r->limits, r->now_ms), err);
}

static enum status do_round(struct arena *kept, struct store *store, int64_t now_ms,
                            struct error *err)
{
    struct round r = {.now_ms = now_ms};
    struct arena *arena = arena_make();
    enum status status = ledger_notices_calendar(kept, store, &r.calendar, err);
    if (!status)
        status = ledger_load_limits(store, &r.limits, err);
    if (!status)
        status = list_keepers(kept, store, &r.keepers, err);
    while (!status && r.stage != ROUND_IS_OVER) {
        arena_reset(arena);
        status = store_begin(store, err);
        int64_t opens_ms = status ? 0 : urge_next_moment(r.calendar, &r.limits, now_ms);
        if (!status && opens_ms > now_ms) {
            r.stage = ROUND_IS_OVER;
            status = put_off(store, opens_ms, err);
        } else if (!status) {
            status = go_on(arena, store, &r, err);
        }
        if (!status)
            status = store_commit(store, err);
        if (status)
            store_rollback(store);
    }
    arena_free(arena);
    return status;
}

enum status ledger_notices_round(struct store *store, int64_t now_ms, struct error *err)
{
    struct arena *arena = arena_make();
    store_act_as(store, STR("server"));
    enum status status = do_round(arena, store, now_ms, err);
    store_act_as(store, STR(""));
    arena_free(arena);
    return status;
}

/* --- seen ----------------------------------------------------------------------------------------- */

const struct field ledger_notice_fields[] = {
    FIELD(TEXT, struct ledger_notice_row, key),
    FIELD(NUMBER, struct ledger_notice_row, sheet),
    FIELD(TEXT, struct ledger_notice_row, kind),
    FIELD_HIDDEN(TEXT, struct ledger_notice_row, kind_words),
    FIELD(TEXT, struct ledger_notice_row, rule),
    FIELD(TEXT, struct ledger_notice_row, number),
    FIELD(TEXT, struct ledger_notice_row, title),
    FIELD(DATE, struct ledger_notice_row, due),
    FIELD(DATE, struct ledger_notice_row, made),
    {0},
};

#define ROW_SQL                                                                      \
    "SELECT n.key, n.id, n.kind, n.cause, l.number, l.title, n.due_day, n.made_day," \
    " n.near_days, n.behind_points FROM"                                             \
    " supervision_notice n JOIN line l ON l.id = n.line WHERE " LEDGER_NOTICE_OPEN_SQL " AND "

struct str ledger_notice_rule(struct arena *arena, struct query *q, int at, enum urge_cause cause,
                              enum lang lang)
{
    struct ledger_limits limits = {.near_days = query_int(q, at),
                                   .behind_points = query_int(q, at + 1)};
    return urge_rule_words(arena, cause, &limits, lang);
}

static void take_row(struct request *rq, struct query *q, struct ledger_notice_row *row)
{
    enum urge_kind kind = urge_kind_named(query_str(q, 2));
    enum urge_cause cause = urge_cause_named(query_str(q, 3));
    *row = (struct ledger_notice_row){
        .key = str_copy(rq->arena, query_str(q, 0)),
        .sheet = query_int(q, 1),
        .kind = str_copy(rq->arena, query_str(q, 2)),
        .kind_words = str_of(kind < URGE_KINDS ? urge_kind_words(kind, rq->lang) : ""),
        .number = str_copy(rq->arena, query_str(q, 4)),
        .title = str_copy(rq->arena, query_str(q, 5)),
        .due = ledger_day(rq, query_int(q, 6)),
        .made = ledger_day(rq, query_int(q, 7)),
    };
    if (cause < URGE_CAUSES)
        row->rule = ledger_notice_rule(rq->arena, q, 8, cause, rq->lang);
}

enum status ledger_list_notices(struct request *rq, int64_t line, struct ledger_notice_row **list,
                                size_t *count, struct error *err)
{
    struct query *q = query_start(
        rq->store, line ? ROW_SQL "n.line = ?2 AND ?3 > 0 ORDER BY n.id DESC LIMIT ?4"
                        : ROW_SQL
                       "?2 = 0 AND n.made_day >= ?3 AND l.state = 'active' AND n.id IN"
                       " (SELECT max(o.id) FROM supervision_notice_to t JOIN supervision_notice o"
                       " ON o.id = t.notice WHERE t.member = ?1 GROUP BY o.line, o.part)"
                       " AND (n.part IS NULL OR EXISTS (SELECT 1 FROM supervision_part p WHERE"
                       " p.id = n.part AND p.done_ms IS NULL AND p.taken_ms IS NULL))"
                       " ORDER BY n.id DESC LIMIT ?4");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, line);
    query_bind_int(q, 3, calendar_day_of(rq->now_ms) - RECENT_DAYS);
    query_bind_int(q, 4, NOTICES_MOST);
    *list = arena_array(rq->arena, NOTICES_MOST, struct ledger_notice_row);
    *count = 0;
    while (*count < NOTICES_MOST && query_row(q))
        take_row(rq, q, &(*list)[(*count)++]);
    return query_end(q, err);
}

/* --- what waits ----------------------------------------------------------------------------------- */

const struct field ledger_waiting_fields[] = {
    FIELD(TEXT, struct ledger_waiting_row, key),
    FIELD(TEXT, struct ledger_waiting_row, number),
    FIELD(TEXT, struct ledger_waiting_row, title),
    FIELD(TEXT, struct ledger_waiting_row, what),
    FIELD_HIDDEN(TEXT, struct ledger_waiting_row, what_words),
    FIELD(DATE, struct ledger_waiting_row, due),
    FIELD(TEXT, struct ledger_waiting_row, path),
    {0},
};

/* Acts of supervision, and "verify" of a rectification. */
static struct str waiting_words(const struct request *rq, struct str what)
{
    enum supervise_act act = supervise_act_named(what);
    if (act == SUPERVISE_PASS)
        return request_words(rq, "Check it", "复核");
    return act == SUPERVISE_ACTS ? request_words(rq, "Verify what was put right", "验收整改")
                                 : str_of(supervise_act_words(act, rq->lang));
}

enum status ledger_list_waiting(struct request *rq, struct ledger_waiting_row **list, size_t *count,
                                struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT l.key, l.number, l.title, w.act, l.due_day FROM ("
        " SELECT s.line AS line, 'sign' AS act FROM supervision s JOIN line l ON l.id = s.line"
        "  WHERE s.state = 'assigned' AND (l.lead = ?1 OR l.unit IN (SELECT id FROM unit"
        "  WHERE head = ?1))"
        " UNION SELECT p.line, 'sign-part' FROM supervision_part p JOIN supervision s"
        "  ON s.line = p.line WHERE s.state = 'working' AND p.signed_ms IS NULL"
        "  AND p.taken_ms IS NULL AND (p.member = ?1 OR p.unit IN (SELECT id FROM unit"
        "  WHERE head = ?1))"
        " UNION SELECT s.line, 'pass' FROM supervision s JOIN line l ON l.id = s.line"
        "  WHERE s.state = 'reported' AND ?2 AND s.told_by IS NOT ?1 AND l.lead IS NOT ?1"
        "  AND coalesce(l.unit, 0) NOT IN (SELECT id FROM unit WHERE head = ?1)"
        " UNION SELECT r.line, 'verify' FROM rectification r JOIN line l ON l.id = r.line"
        "  WHERE r.state = 'shown' AND ?2 AND r.told_by IS NOT ?1 AND l.lead IS NOT ?1"
        "  AND coalesce(l.unit, 0) NOT IN (SELECT id FROM unit WHERE head = ?1)) w"
        " JOIN line l ON l.id = w.line ORDER BY l.due_day, l.id LIMIT ?3");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, ledger_may(ledger_viewer(rq).is, LEDGER_VERIFY));
    query_bind_int(q, 3, WAITING_MOST);
    *list = arena_array(rq->arena, WAITING_MOST, struct ledger_waiting_row);
    *count = 0;
    while (*count < WAITING_MOST && query_row(q)) {
        struct str key = str_copy(rq->arena, query_str(q, 0));
        struct str what = str_copy(rq->arena, query_str(q, 3));
        bool verify = str_equal(what, STR("verify"));
        (*list)[(*count)++] = (struct ledger_waiting_row){
            .key = key,
            .number = str_copy(rq->arena, query_str(q, 1)),
            .title = str_copy(rq->arena, query_str(q, 2)),
            .what = what,
            .what_words = waiting_words(rq, what),
            .due = ledger_day(rq, query_int(q, 4)),
            .path = ledger_path(rq, key, verify ? "/rectification" : "/supervision"),
        };
    }
    return query_end(q, err);
}
