/* Who reads what; see readers.h. */
#include "library/readers.h"

#include <inttypes.h>
#include <time.h>

#include "base/csv.h"
#include "base/json.h"
#include "library/entitlement.h"

#define FORGET_MOST 5000

enum status library_reading_days(struct store *store, int64_t *days, struct error *err)
{
    struct query *q = query_start(store, "SELECT CAST(value AS INTEGER) FROM setting"
                                         " WHERE name = 'reading.days' AND value <> ''");
    *days = query_row(q) ? query_int(q, 0) : READERS_DAYS_DEFAULT;
    return query_end(q, err);
}

/* --- reading -------------------------------------------------------------------------------------- */

static enum status read_readers(struct arena *arena, struct query *q, size_t most,
                                struct reader **list, size_t *count, struct error *err)
{
    *list = arena_array(arena, most, struct reader);
    *count = 0;
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct reader){
            .key = str_copy(arena, query_str(q, 0)),
            .name = str_copy(arena, query_str(q, 1)),
            .accepted_ms = query_int(q, 2),
            .given_ms = query_int(q, 3),
            .first_ms = query_int(q, 4),
            .last_ms = query_int(q, 5),
            .openings = query_int(q, 6),
            .downloads = query_int(q, 7),
            .as_txt = query_int(q, 8),
            .as_md = query_int(q, 9),
            .as_html = query_int(q, 10),
            .as_docx = query_int(q, 11),
            .as_epub = query_int(q, 12),
            .as_pdf = query_int(q, 13),
        };
    return query_end(q, err);
}

/* Sums over the events of reading e of a group. */
#define SUMS                                                                                  \
    "coalesce(min(e.time_ms), 0), coalesce(max(e.time_ms), 0) AS last,"                       \
    " coalesce(sum(e.kind = 'copy.opened'), 0), coalesce(sum(e.kind = 'copy.given'), 0),"     \
    " coalesce(sum(e.kind = 'copy.given' AND json_extract(e.data, '$.format') = 'txt'), 0),"  \
    " coalesce(sum(e.kind = 'copy.given' AND json_extract(e.data, '$.format') = 'md'), 0),"   \
    " coalesce(sum(e.kind = 'copy.given' AND json_extract(e.data, '$.format') = 'html'), 0)," \
    " coalesce(sum(e.kind = 'copy.given' AND json_extract(e.data, '$.format') = 'docx'), 0)," \
    " coalesce(sum(e.kind = 'copy.given' AND json_extract(e.data, '$.format') = 'epub'), 0)," \
    " coalesce(sum(e.kind = 'copy.given' AND json_extract(e.data, '$.format') = 'pdf'), 0)"

/* When a member accepted the notices about a paper, the last of them; only those in force. */
#define ACCEPTED(PAPER, MEMBER)                                                                \
    "coalesce((SELECT max(k.time_ms) FROM acknowledgement k JOIN notice n ON n.id = k.notice"  \
    " WHERE k.member = " MEMBER " AND n.ended_ms IS NULL AND (n.scope = 'library'"             \
    " OR (n.scope = 'paper' AND n.subject = " PAPER ") OR (n.scope = 'group' AND n.subject IN" \
    " (SELECT g.\"group\" FROM group_paper g WHERE g.paper = " PAPER ")))), 0)"

enum status library_list_readers(struct arena *arena, struct store *store, int64_t paper,
                                 size_t most, struct reader **list, size_t *count,
                                 struct error *err)
{
    /* Copies and events side by side: joined to each other they would be compared each with each. */
    struct query *q = query_start(
        store,
        "SELECT m.key, m.name, " ACCEPTED(
            "?1", "m.id") ", min(e.first_ms) AS given, " SUMS
                          " FROM (SELECT member, first_ms, NULL AS time_ms, NULL AS kind,"
                          " NULL AS data FROM copy WHERE paper = ?1 UNION ALL"
                          " SELECT CAST(substr(json_extract(data, '$.member'), 2) AS INTEGER),"
                          " NULL, time_ms, kind, data FROM event WHERE subject = 'P' || ?1"
                          " AND kind IN ('copy.given', 'copy.opened')) e"
                          " JOIN member m ON m.id = e.member GROUP BY m.id"
                          " HAVING given IS NOT NULL ORDER BY last DESC, given DESC LIMIT ?2");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, (int64_t)most);
    return read_readers(arena, q, most, list, count, err);
}

enum status library_list_read(struct arena *arena, struct store *store, int64_t member, size_t most,
                              struct reader **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT o.key, (SELECT title FROM edition WHERE paper = h.paper ORDER BY number DESC"
        " LIMIT 1), " ACCEPTED(
            "h.paper",
            "?1") ", h.given, " SUMS
                  " FROM (SELECT paper, min(first_ms) AS given FROM copy WHERE member = ?1 GROUP BY paper)"
                  " h JOIN offer o ON o.paper = h.paper LEFT JOIN event e ON e.subject = 'P' || h.paper"
                  " AND e.kind IN ('copy.given', 'copy.opened')"
                  " AND json_extract(e.data, '$.member') = 'M' || ?1"
                  " GROUP BY h.paper ORDER BY last DESC, h.given DESC LIMIT ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, (int64_t)most);
    return read_readers(arena, q, most, list, count, err);
}

static enum status name_member(struct arena *arena, struct store *store, int64_t member,
                               struct reader *r, struct error *err)
{
    struct query *q = query_start(store, "SELECT key, name FROM member WHERE id = ?1");
    query_bind_int(q, 1, member);
    if (query_row(q))
        *r = (struct reader){.key = str_copy(arena, query_str(q, 0)),
                             .name = str_copy(arena, query_str(q, 1))};
    return query_end(q, err);
}

static enum status has_copy(struct store *store, int64_t paper, int64_t member, bool *has,
                            struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM copy WHERE paper = ?1 AND member = ?2 LIMIT 1");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, member);
    *has = query_row(q);
    return query_end(q, err);
}

enum status library_list_nonreaders(struct arena *arena, struct store *store, int64_t paper,
                                    size_t most, struct reader **list, size_t *count, size_t *all,
                                    struct error *err)
{
    int64_t *members;
    size_t nmembers = 0;
    enum status status =
        library_entitled_members(arena, store, paper, store_now_ms(), &members, &nmembers, err);
    *list = arena_array(arena, most, struct reader);
    *count = 0;
    *all = 0;
    for (size_t i = 0; !status && i < nmembers; i++) {
        bool has = false;
        status = has_copy(store, paper, members[i], &has, err);
        if (status || has)
            continue;
        ++*all;
        if (*count < most)
            status = name_member(arena, store, members[i], &(*list)[(*count)++], err);
    }
    return status;
}

enum status library_count_reading(struct store *store, int64_t paper, int64_t now_ms,
                                  struct reading_day days[READING_DAYS_SHOWN], int64_t *openings,
                                  int64_t *downloads, struct error *err)
{
    int64_t today = now_ms / STORE_DAY_MS;
    int64_t first = today - (int64_t)READING_DAYS_SHOWN + 1;
    for (size_t i = 0; i < READING_DAYS_SHOWN; i++)
        days[i] = (struct reading_day){.day_ms = (first + (int64_t)i) * STORE_DAY_MS};
    *openings = 0;
    *downloads = 0;
    struct query *q = query_start(
        store, "SELECT time_ms / 86400000, sum(kind = 'copy.opened'), sum(kind = 'copy.given')"
               " FROM event WHERE subject = 'P' || ?1 AND kind IN ('copy.opened', 'copy.given')"
               " GROUP BY 1");
    query_bind_int(q, 1, paper);
    while (query_row(q)) {
        int64_t day = query_int(q, 0) - first;
        *openings += query_int(q, 1);
        *downloads += query_int(q, 2);
        if (day < 0 || day >= (int64_t)READING_DAYS_SHOWN)
            continue;
        days[day].openings = query_int(q, 1);
        days[day].downloads = query_int(q, 2);
    }
    return query_end(q, err);
}

/* --- CSV ------------------------------------------------------------------------------------------ */

static void add_time(struct buf *out, int64_t ms)
{
    char text[32] = "";
    time_t seconds = ms / 1000;
    struct tm t;
    if (ms && gmtime_r(&seconds, &t))
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M", &t);
    buf_format(out, "%s,", text);
}

struct str library_readers_csv(struct arena *arena, const struct reader *list, size_t count)
{
    struct buf out = {.arena = arena};
    buf_add(&out,
            STR("\xEF\xBB\xBF"
                "name,accepted,given,first,last,openings,downloads,txt,md,html,docx,epub,pdf\r\n"));
    for (size_t i = 0; i < count; i++) {
        const struct reader *r = &list[i];
        csv_add_text(&out, r->name);
        buf_add_byte(&out, ',');
        add_time(&out, r->accepted_ms);
        add_time(&out, r->given_ms);
        add_time(&out, r->first_ms);
        add_time(&out, r->last_ms);
        buf_format(&out,
                   "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
                   ",%" PRId64 ",%" PRId64 "\r\n",
                   r->openings, r->downloads, r->as_txt, r->as_md, r->as_html, r->as_docx,
                   r->as_epub, r->as_pdf);
    }
    return buf_str(&out);
}

/* --- forgetting ----------------------------------------------------------------------------------- */

struct forgetting {
    struct arena *arena;
    struct event events[FORGET_MOST];
    size_t count;
    int64_t until_ms, seq; /* seq: the last that needs no further look */
};

/* The event without the member: "member" is whoever did it, and nobody is named in what it says. */
static void keep_reduced(struct forgetting *f, struct query *q)
{
    struct str data = query_str(q, 2);
    json_t *json = json_loadb(data.at, data.len, 0, NULL);
    json_object_del(json, "member");
    json_object_del(json, "link");
    json_object_del(json, "address");
    f->events[f->count++] = (struct event){
        .seq = query_int(q, 0),
        .actor = STR("member"),
        .subject = str_copy(f->arena, query_str(q, 1)),
        .data = str_from_json(f->arena, json),
    };
}

static enum status list_old(struct forgetting *f, struct store *store, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT seq, subject, data FROM event WHERE seq > ?1 AND time_ms < ?2 AND kind IN"
        " ('copy.given', 'copy.opened', 'copy.glimpsed', 'link.opened') ORDER BY seq LIMIT ?3");
    query_bind_int(q, 1, f->seq);
    query_bind_int(q, 2, f->until_ms);
    query_bind_int(q, 3, FORGET_MOST);
    while (f->count < FORGET_MOST && query_row(q))
        keep_reduced(f, q);
    return query_end(q, err);
}

/* Where they stopped reading, and when they last opened it, is forgotten at the same age. */
static enum status forget_places(const struct forgetting *f, struct store *store, struct error *err)
{
    static const char *const HOW[] = {
        "DELETE FROM reading WHERE seen_ms < ?1",
        "UPDATE copy SET opened_ms = 0 WHERE opened_ms > 0 AND opened_ms < ?1",
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof HOW / sizeof *HOW; i++) {
        struct query *q = query_start(store, HOW[i]);
        query_bind_int(q, 1, f->until_ms);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status cut(struct forgetting *f, struct store *store, struct error *err)
{
    struct store_cutting cutting;
    enum status status = store_begin_cutting(store, &cutting, err);
    for (size_t i = 0; !status && i < f->count; i++)
        status = store_cut_event(store, &cutting, &f->events[i], err);
    if (!status && f->count)
        status = store_end_cutting(store, &cutting, "server", "reading.forgotten", STR(""), STR(""),
                                   err);
    if (!status && f->count)
        status = store_keep_cursor(store, STR("reading"), f->events[f->count - 1].seq, err);
    return status;
}

enum status library_forget_reading(struct store *store, struct arena *scratch, void *context,
                                   struct error *err)
{
    int64_t days = 0;
    bool found;
    (void)context;
    struct forgetting *f = arena_new(scratch, struct forgetting);
    f->arena = scratch;
    enum status status = library_reading_days(store, &days, err);
    if (!status)
        status = store_find_cursor(store, STR("reading"), &found, &f->seq, err);
    f->until_ms = store_now_ms() - days * STORE_DAY_MS;
    if (!status)
        status = list_old(f, store, err);
    if (!status)
        status = forget_places(f, store, err);
    return status ? status : cut(f, store, err);
}
