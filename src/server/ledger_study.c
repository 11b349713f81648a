/* Study joined with papers; see ledger_study.h. */
#include "server/ledger_study.h"

#include "base/calendar.h"
#include "library/entitlement.h"
#include "library/reading.h"
#include "server/ledger_notices.h"

#define NEWEST_TITLE \
    "(SELECT e.title FROM edition e WHERE e.paper = o.paper ORDER BY e.number DESC LIMIT 1)"

/* paper, key, title, published, opens */
#define SEEN                               \
    "SELECT o.paper, o.key, " NEWEST_TITLE \
    ", o.published_ms, " ENTITLED_SQL("o.paper", "?2", "?3") " AS opens"

/* Whether a paper is for the body ?1 to study. */
#define TO_STUDY                                                                           \
    "(o.paper IN (SELECT p.paper FROM study_body_group g JOIN group_paper p"               \
    " ON p.\"group\" = g.\"group\" WHERE g.unit = ?1) OR (o.access = 'members' AND EXISTS" \
    " (SELECT 1 FROM study_body b WHERE b.unit = ?1 AND b.for_all)))"

static void take_seen(struct request *rq, struct query *q, struct study_paper *seen)
{
    *seen = (struct study_paper){
        .paper = query_int(q, 0),
        .key = str_copy(rq->arena, query_str(q, 1)),
        .title = str_copy(rq->arena, query_str(q, 2)),
        .published_ms = query_int(q, 3),
        .published_day = calendar_day_of(query_int(q, 3)),
    };
    if (query_int(q, 4))
        seen->path = str_format(rq->arena, "/papers/%.*s", STR_ARG(seen->key));
}

/* What the viewer may not know of is left without a name. */
static enum status hide(struct request *rq, struct study_paper *seen, struct error *err)
{
    bool may = false;
    if (seen->path.len)
        return STATUS_OK;
    enum status status = library_may_know(rq->store, rq->viewer.member, seen->paper, &may, err);
    if (status || !may)
        *seen = (struct study_paper){.paper = seen->paper};
    return status;
}

enum status ledger_see_paper(struct request *rq, int64_t paper, struct study_paper *seen,
                             struct error *err)
{
    struct query *q = query_start(rq->store, SEEN " FROM offer o WHERE o.paper = ?1");
    *seen = (struct study_paper){.paper = paper};
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, rq->viewer.member);
    query_bind_int(q, 3, rq->now_ms);
    if (query_row(q))
        take_seen(rq, q, seen);
    enum status status = query_end(q, err);
    return status ? status : hide(rq, seen, err);
}

enum status ledger_list_new_papers(struct request *rq, const struct study_body *body,
                                   struct study_paper **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT * FROM (" SEEN " FROM offer o WHERE " TO_STUDY
                   " AND o.published_ms > ?4 AND o.published_ms <= ?3 AND o.withdrawn_ms IS NULL"
                   " AND NOT EXISTS (SELECT 1 FROM study_paper p JOIN study_item i ON i.id = p.item"
                   "  JOIN study s ON s.line = i.line JOIN line l ON l.id = s.line"
                   "  WHERE p.paper = o.paper AND l.unit = ?1 AND s.state <> 'off'))"
                   " WHERE opens ORDER BY published_ms LIMIT ?5");
    *list = arena_array(rq->arena, STUDY_PAPERS_MAX, struct study_paper);
    *count = 0;
    query_bind_int(q, 1, body->unit);
    query_bind_int(q, 2, rq->viewer.member);
    query_bind_int(q, 3, rq->now_ms);
    query_bind_int(q, 4, rq->now_ms - body->window_days * STORE_DAY_MS);
    query_bind_int(q, 5, STUDY_PAPERS_MAX);
    while (query_row(q))
        take_seen(rq, q, &(*list)[(*count)++]);
    return query_end(q, err);
}

static enum status read_paper(struct request *rq, struct str key, int64_t *paper, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT o.paper FROM offer o WHERE o.key = ?1 AND " ENTITLED_SQL("o.paper", "?2", "?3"));
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, rq->viewer.member);
    query_bind_int(q, 3, rq->now_ms);
    *paper = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*paper)
        return error_set(err, STATUS_MISSING, "There is no such paper that opens to you.",
                         "没有您可阅读的这份文稿。");
    return status;
}

enum status ledger_read_papers(struct request *rq, const char *input, int64_t *papers, size_t most,
                               size_t *count, struct error *err)
{
    struct str *keys = arena_array(rq->arena, most, struct str);
    size_t given = request_inputs(rq, input, keys, most);
    enum status status = STATUS_OK;
    *count = 0;
    for (size_t i = 0; !status && i < given; i++)
        status = read_paper(rq, keys[i], &papers[(*count)++], err);
    return request_blame(rq, input, status);
}

struct str ledger_soon_tone(enum soonness is)
{
    static const char *const TONES[SOONNESSES] = {
        [SOON_IN_TIME] = "good", [SOON_LATE] = "warn", [SOON_WAITING] = "", [SOON_OVERDUE] = "bad"};
    return str_of(TONES[is]);
}

/* --- how soon ------------------------------------------------------------------------------------- */

/* The first session of the body that was held with the paper on its agenda. */
#define FIRST_SESSION                                                                          \
    "(SELECT l.id FROM study_paper p JOIN study_item i ON i.id = p.item JOIN study s"          \
    " ON s.line = i.line JOIN line l ON l.id = s.line WHERE p.paper = o.paper AND l.unit = ?1" \
    " AND s.state IN " SESSION_STUDIED_SQL " ORDER BY s.held_day, l.id LIMIT 1)"

static enum status read_studied(struct request *rq, const struct study_body *body,
                                struct studied *list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT w.*, l.key, l.number, t.held_day FROM (" SEEN ", " FIRST_SESSION " AS session"
        " FROM offer o WHERE " TO_STUDY " AND o.published_ms >= ?4"
        " AND o.published_ms <= ?3 AND o.withdrawn_ms IS NULL"
        " ORDER BY o.published_ms DESC LIMIT ?5) w LEFT JOIN line l ON l.id = w.session"
        " LEFT JOIN study t ON t.line = w.session"
        " ORDER BY w.published_ms DESC");
    query_bind_int(q, 1, body->unit);
    query_bind_int(q, 2, rq->viewer.member);
    query_bind_int(q, 3, rq->now_ms);
    query_bind_int(q, 4, calendar_moment_of(body->since_day));
    query_bind_int(q, 5, STUDIED_MOST);
    while (query_row(q)) {
        struct studied *one = &list[(*count)++];
        take_seen(rq, q, &one->paper);
        one->session_key = str_copy(rq->arena, query_str(q, 6));
        one->session_number = str_copy(rq->arena, query_str(q, 7));
        one->studied_day = query_int(q, 8);
    }
    return query_end(q, err);
}

enum status ledger_list_studied(struct request *rq, const struct study_body *body,
                                struct studied **list, size_t *count, struct error *err)
{
    const struct workdays *calendar;
    size_t all = 0;
    *list = arena_array(rq->arena, STUDIED_MOST, struct studied);
    *count = 0;
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (!status)
        status = read_studied(rq, body, *list, &all, err);
    for (size_t i = 0; !status && i < all; i++) {
        struct studied one = (*list)[i];
        status = hide(rq, &one.paper, err);
        if (!one.paper.title.len)
            continue;
        study_read_time(calendar, one.paper.published_day, body->limit_days, one.studied_day,
                        calendar_day_of(rq->now_ms), &one.time);
        (*list)[(*count)++] = one;
    }
    return status;
}
