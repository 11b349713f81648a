/* The errands of steps; see step_round.h. */
#include "server/step_round.h"

#include <inttypes.h>

#include "library/letter.h"
#include "server/ledger_notices.h"

#define STEPS_AT_ONCE 100U
#define TOLD_MOST     20 /* members of a unit that nobody heads */

/* One transaction of an errand: goes on from *after, which becomes 0 at its end. */
typedef enum status (*chunk)(struct arena *arena, struct store *store,
                             const struct workdays *calendar, int64_t now_ms, int64_t *after,
                             struct error *err);

static enum status go_round(struct store *store, int64_t now_ms, chunk run, struct error *err)
{
    struct arena *kept = arena_make();
    struct arena *arena = arena_make();
    const struct workdays *calendar;
    int64_t after = 0;
    store_act_as(store, STR("server"));
    enum status status = ledger_notices_calendar(kept, store, &calendar, err);
    do {
        arena_reset(arena);
        if (!status)
            status = store_begin(store, err);
        if (status)
            break;
        status = run(arena, store, calendar, now_ms, &after, err);
        if (!status)
            status = store_commit(store, err);
        if (status)
            store_rollback(store);
    } while (!status && after);
    store_act_as(store, STR(""));
    arena_free(arena);
    arena_free(kept);
    return status;
}

static enum status keep_some(struct arena *arena, struct store *store,
                             const struct workdays *calendar, int64_t now_ms, int64_t *after,
                             struct error *err)
{
    size_t lapsed = 0;
    return ledger_keep_clocks(arena, store, calendar, now_ms, after, STEPS_AT_ONCE, &lapsed, err);
}

enum status step_keep_clocks(struct store *store, int64_t now_ms, struct error *err)
{
    return go_round(store, now_ms, keep_some, err);
}

/* --- letters -------------------------------------------------------------------------------------- */

static enum status write_to(struct store *store, const char *sql, int64_t id, const char *kind,
                            struct str data, struct error *err)
{
    int64_t members[TOLD_MOST];
    size_t count = 0;
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, TOLD_MOST);
    while (count < TOLD_MOST && query_row(q))
        members[count++] = query_int(q, 0);
    enum status status = query_end(q, err);
    for (size_t i = 0; i < count && !status; i++) {
        struct letter letter = {.member = members[i], .kind = kind, .data = data};
        status = library_queue_letter(store, &letter, err);
    }
    return status;
}

static const char WORKERS[] =
    "SELECT coalesce(s.member, u.head) FROM step s LEFT JOIN unit u ON u.id = s.unit WHERE s.id = ?1"
    " AND coalesce(s.member, u.head) IS NOT NULL UNION SELECT m.member FROM step s JOIN unit u ON"
    " u.id = s.unit JOIN unit_member m ON m.unit = u.id WHERE s.id = ?1 AND s.member IS NULL AND"
    " u.head IS NULL LIMIT ?2";
/* Where nobody answers for the line by name, who asked for the review does. */
static const char HOLDERS[] =
    "SELECT coalesce(l.lead, u.head, r.asked_by) FROM step s JOIN line l ON l.id = s.line LEFT JOIN"
    " unit u ON u.id = l.unit LEFT JOIN review r ON r.line = l.id WHERE s.id = ?1 AND"
    " coalesce(l.lead, u.head, r.asked_by) IS NOT NULL LIMIT ?2";
/* ?1 is the line, ?2 the most, and nobody is told of their own reply. */
static const char ASKERS[] =
    "SELECT r.asked_by FROM review r WHERE r.line = ?1 AND r.asked_by IS NOT (SELECT y.replied_by"
    " FROM review_reply y WHERE y.line = ?1 ORDER BY y.id DESC LIMIT 1) UNION SELECT p.lead FROM"
    " line l JOIN line p ON p.id = l.parent WHERE l.id = ?1 AND p.lead IS NOT NULL AND p.lead IS NOT"
    " (SELECT y.replied_by FROM review_reply y WHERE y.line = ?1 ORDER BY y.id DESC LIMIT 1)"
    " LIMIT ?2";

struct due {
    struct str key, tell;
    int64_t line;
};

static enum status list_due(struct arena *arena, struct store *store, int64_t now_ms,
                            struct due *list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT key, tell, line FROM step WHERE tell_ms <= ?1"
                                         " ORDER BY tell_ms, id LIMIT ?2");
    *count = 0;
    query_bind_int(q, 1, now_ms);
    query_bind_int(q, 2, STEPS_AT_ONCE);
    while (*count < STEPS_AT_ONCE && query_row(q))
        list[(*count)++] = (struct due){str_copy(arena, query_str(q, 0)),
                                        str_copy(arena, query_str(q, 1)), query_int(q, 2)};
    return query_end(q, err);
}

static enum status tell_step(struct arena *arena, struct store *store,
                             const struct workdays *calendar, const struct due *due, int64_t now_ms,
                             struct error *err)
{
    struct step step;
    enum status status = ledger_find_step(arena, store, due->line, due->key, &step, err);
    if (status)
        return status;
    struct str data =
        str_format(arena, "{\"path\":\"/ledger/steps\",\"step\":%" PRId64 ",\"tell\":\"%.*s\"}",
                   step.id, STR_ARG(due->tell));
    const char *who = str_equal(due->tell, STR("asked")) ? HOLDERS : WORKERS;
    status = write_to(store, who, step.id, "step", data, err);
    return status ? status : ledger_step_told(arena, store, calendar, &step, now_ms, err);
}

/* Each that is told is not due any more, or not before another day. */
static enum status tell_some(struct arena *arena, struct store *store,
                             const struct workdays *calendar, int64_t now_ms, int64_t *after,
                             struct error *err)
{
    struct due *list = arena_array(arena, STEPS_AT_ONCE, struct due);
    size_t count;
    enum status status = list_due(arena, store, now_ms, list, &count, err);
    for (size_t i = 0; i < count && !status; i++)
        status = tell_step(arena, store, calendar, &list[i], now_ms, err);
    *after = count == STEPS_AT_ONCE;
    return status;
}

enum status step_tell(struct store *store, int64_t now_ms, struct error *err)
{
    return go_round(store, now_ms, tell_some, err);
}

enum status step_tell_reply(struct store *store, int64_t line, struct error *err)
{
    struct arena *arena = arena_make();
    struct line found;
    enum status status = ledger_find_line_by_id(arena, store, line, &found, err);
    if (!status)
        status = write_to(store, ASKERS, line, "review",
                          str_format(arena,
                                     "{\"path\":\"/ledger/lines/%.*s/review\",\"title\":\"%.*s\"}",
                                     STR_ARG(found.key), STR_ARG(found.number)),
                          err);
    arena_free(arena);
    return status;
}
