/* Letters that ask for a sheet; see sheet_letters.h. */
#include "server/sheet_letters.h"

#include <inttypes.h>

#include "base/calendar.h"
#include "ledger/urge.h"
#include "library/letter.h"
#include "server/ledger_notices.h"

#define LETTERS_AT_ONCE 200

/* A kind of letter, and where it leads to on the line's page. */
struct asking {
    const char *kind, *page;
    const char *mark_sql; /* ?1 line, ?2 unit or scorer, ?3 now: told */
};

struct asked {
    int64_t member, line, whom; /* the unit, or the scorer */
    struct str key;             /* the line's */
};

/* Rows of member, line, its key and whom; ends the query. */
static enum status take(struct arena *arena, struct query *q, struct asked *list, size_t *count,
                        struct error *err)
{
    for (*count = 0; query_row(q); ++*count)
        list[*count] = (struct asked){query_int(q, 0), query_int(q, 1), query_int(q, 3),
                                      str_copy(arena, query_str(q, 2))};
    return query_end(q, err);
}

static enum status tell(struct arena *arena, struct store *store, const struct asking *asking,
                        const struct asked *to, struct error *err)
{
    struct letter letter = {.member = to->member, .kind = asking->kind};
    letter.data = str_format(
        arena, "{\"path\":\"/ledger/lines/%.*s%s\",\"line\":%" PRId64 ",\"unit\":%" PRId64 "}",
        STR_ARG(to->key), asking->page, to->line, to->whom);
    return library_queue_letter(store, &letter, err);
}

static enum status mark(struct store *store, const struct asking *asking, const struct asked *to,
                        struct error *err)
{
    struct query *q = query_start(store, asking->mark_sql);
    query_bind_int(q, 1, to->line);
    query_bind_int(q, 2, to->whom);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

static enum status tell_all(struct arena *arena, struct store *store, const struct asking *asking,
                            const struct asked *list, size_t count, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++)
        status = tell(arena, store, asking, &list[i], err);
    for (size_t i = 0; !status && i < count; i++)
        status = mark(store, asking, &list[i], err);
    return status;
}

/* Whoever is to answer for the unit of `s`, as m. */
#define ANSWERERS_SQL                                                                       \
    "SELECT m.member, s.line, l.key, s.unit FROM sweep_unit s JOIN unit u ON u.id = s.unit" \
    " JOIN line l ON l.id = s.line JOIN unit_member m ON m.unit = s.unit"                   \
    " AND (u.head IS NULL OR m.member = u.head)"

/* --- handed out ----------------------------------------------------------------------------------- */

enum status sheet_tell_given(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    static const struct asking GIVEN = {
        "sweep", "/sweep",
        "UPDATE sweep_unit SET told_ms = ?3 WHERE told_ms IS NULL AND line = ?1 AND unit = ?2"};
    struct asked *list = arena_array(scratch, LETTERS_AT_ONCE, struct asked);
    size_t count = 0;
    (void)context;
    struct query *q = query_start(store, ANSWERERS_SQL
                                  " WHERE s.told_ms IS NULL AND l.state = 'active' LIMIT ?1");
    query_bind_int(q, 1, LETTERS_AT_ONCE);
    enum status status = take(scratch, q, list, &count, err);
    if (!status)
        status = tell_all(scratch, store, &GIVEN, list, count, err);
    if (status || count == LETTERS_AT_ONCE)
        return status;
    /* What is left has nobody to be told, or has ended. */
    q = query_start(store, "UPDATE sweep_unit SET told_ms = ?1 WHERE told_ms IS NULL");
    query_bind_int(q, 1, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

/* --- the day nears -------------------------------------------------------------------------------- */

/* Tells those who have not answered by `last`, the last day that counts as near. */
static enum status tell_near(struct arena *arena, struct store *store, int64_t last, int64_t now_ms,
                             bool *more, struct error *err)
{
    static const struct asking NEAR = {
        "sweep-near", "/sweep",
        "UPDATE sweep_unit SET near_day = (SELECT due_day FROM line WHERE id = ?1)"
        " WHERE line = ?1 AND unit = ?2 AND ?3"};
    struct asked *list = arena_array(arena, LETTERS_AT_ONCE, struct asked);
    size_t count = 0;
    struct query *q = query_start(
        store, ANSWERERS_SQL " JOIN sweep w ON w.line = s.line WHERE l.state = 'active'"
                             " AND w.look_ms <= ?4 AND l.due_day <= ?2 AND s.given_ms < ?3"
                             " AND s.near_day IS NOT l.due_day AND NOT EXISTS (SELECT 1 FROM filled"
                             " f WHERE f.line = s.line AND f.unit = s.unit) LIMIT ?1");
    query_bind_int(q, 1, LETTERS_AT_ONCE);
    query_bind_int(q, 2, last);
    query_bind_int(q, 3, calendar_moment_of(calendar_day_of(now_ms)));
    query_bind_int(q, 4, now_ms);
    enum status status = take(arena, q, list, &count, err);
    *more = count == LETTERS_AT_ONCE;
    return status ? status : tell_all(arena, store, &NEAR, list, count, err);
}

static enum status look_again(struct store *store, int64_t now_ms, int64_t at_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE sweep SET look_ms = ?2 WHERE look_ms <= ?1");
    query_bind_int(q, 1, now_ms);
    query_bind_int(q, 2, at_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status sheet_tell_near(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct workdays *calendar;
    struct ledger_limits limits;
    int64_t now_ms = store_now_ms();
    bool more = false;
    (void)context;
    enum status status = ledger_notices_calendar(scratch, store, &calendar, err);
    if (!status)
        status = ledger_load_limits(store, &limits, err);
    if (status)
        return status;
    int64_t opens_ms = urge_next_moment(calendar, &limits, now_ms);
    if (opens_ms > now_ms)
        return look_again(store, now_ms, opens_ms, err);
    /* Up to the day before the second working day from now: no more than one is left. */
    int64_t last = workday_add(calendar, calendar_day_of(now_ms), 2) - 1;
    status = tell_near(scratch, store, last, now_ms, &more, err);
    return status || more
               ? status
               : look_again(store, now_ms, urge_next_day(calendar, &limits, now_ms), err);
}

/* --- a tour begins -------------------------------------------------------------------------------- */

enum status sheet_tell_scorers(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    static const struct asking TOUR = {
        "tour", "/scoring",
        "UPDATE inspection_scorer SET told_ms = ?3 WHERE line = ?1 AND member = ?2"};
    struct asked *list = arena_array(scratch, LETTERS_AT_ONCE, struct asked);
    size_t count = 0;
    (void)context;
    struct query *q = query_start(
        store, "SELECT c.member, l.id, l.key, c.member FROM inspection_scorer c JOIN inspection i"
               " ON i.line = c.line JOIN line l ON l.id = c.line WHERE c.told_ms IS NULL"
               " AND i.state = 'touring' AND " INSPECTION_OWES_SQL " LIMIT ?1");
    query_bind_int(q, 1, LETTERS_AT_ONCE);
    enum status status = take(scratch, q, list, &count, err);
    return status ? status : tell_all(scratch, store, &TOUR, list, count, err);
}
