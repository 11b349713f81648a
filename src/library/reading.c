/* Reading; see reading.h. */
#include "library/reading.h"

#include "library/entitlement.h"

#define SHELF_COLUMNS                                                                                                        \
    "SELECT o.paper, o.key, e.title, o.kind, o.author, o.summary, e.lang,"                                                   \
    " e.number, o.published_ms, e.published_ms, NOT EXISTS (SELECT 1 FROM copy c"                                            \
    "  WHERE c.paper = o.paper AND c.member = ?1 AND c.edition = e.number), coalesce(r.edition, 0), coalesce(r.anchor, '')," \
    " coalesce(r.seen_ms, 0)"
#define NEWEST_EDITION                     \
    " JOIN edition e ON e.paper = o.paper" \
    " AND e.number = (SELECT max(n.number) FROM edition n WHERE n.paper = o.paper)"

static enum status read_shelf(struct arena *arena, struct query *q, struct shelf_paper **papers,
                              size_t *count, struct error *err)
{
    *papers = NULL;
    *count = 0;
    while (query_row(q)) {
        *papers = arena_one_more(arena, *papers, *count, sizeof **papers);
        struct shelf_paper *p = &(*papers)[(*count)++];
        *p = (struct shelf_paper){
            .paper = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .title = str_copy(arena, query_str(q, 2)),
            .kind = str_copy(arena, query_str(q, 3)),
            .author = str_copy(arena, query_str(q, 4)),
            .summary = str_copy(arena, query_str(q, 5)),
            .edition = query_int(q, 7),
            .published_ms = query_int(q, 8),
            .edition_ms = query_int(q, 9),
            .unread = query_int(q, 10) != 0,
            .read_edition = query_int(q, 11),
            .anchor = str_copy(arena, query_str(q, 12)),
            .seen_ms = query_int(q, 13),
        };
        (void)lang_parse(query_str(q, 6), &p->lang);
    }
    return query_end(q, err);
}

enum status library_list_shelf(struct arena *arena, struct store *store,
                               const struct shelf_query *query, struct shelf_paper **papers,
                               size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, SHELF_COLUMNS
        " FROM offer o" NEWEST_EDITION " LEFT JOIN reading r ON r.member = ?1 AND r.paper = o.paper"
        " WHERE (?3 = '' OR o.kind = ?3)"
        " AND (?4 = '' OR EXISTS (SELECT 1 FROM group_paper gp JOIN \"group\" g"
        "  ON g.id = gp.\"group\" WHERE gp.paper = o.paper AND g.key = ?4))"
        " AND " ENTITLED_SQL(
            "o.paper", "?1",
            "?2") " ORDER BY o.published_ms DESC, o.paper DESC LIMIT ?5 OFFSET ?6");
    query_bind_int(q, 1, query->member);
    query_bind_int(q, 2, query->now_ms);
    query_bind_str(q, 3, query->kind);
    query_bind_str(q, 4, query->group);
    query_bind_int(q, 5, (int64_t)query->most);
    query_bind_int(q, 6, (int64_t)query->skip);
    return read_shelf(arena, q, papers, count, err);
}

enum status library_list_begun(struct arena *arena, struct store *store,
                               const struct shelf_query *query, struct shelf_paper **papers,
                               size_t *count, struct error *err)
{
    struct query *q = query_start(store, SHELF_COLUMNS
                                  " FROM reading r JOIN offer o ON o.paper = r.paper" NEWEST_EDITION
                                  " WHERE r.member = ?1 AND " ENTITLED_SQL(
                                      "r.paper", "?1", "?2") " ORDER BY r.seen_ms DESC LIMIT ?3");
    query_bind_int(q, 1, query->member);
    query_bind_int(q, 2, query->now_ms);
    query_bind_int(q, 3, (int64_t)query->most);
    return read_shelf(arena, q, papers, count, err);
}

enum status library_list_shelf_groups(struct arena *arena, struct store *store, int64_t member,
                                      struct shelf_group **groups, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT g.key, g.name FROM \"group\" g WHERE g.id IN"
        " (SELECT \"group\" FROM group_member WHERE member = ?1 UNION"
        "  SELECT l.\"group\" FROM subscription s JOIN plan_group l ON l.plan = s.plan AND l.version = s.version"
        "  WHERE s.member = ?1) ORDER BY g.name");
    *groups = NULL;
    *count = 0;
    query_bind_int(q, 1, member);
    while (query_row(q)) {
        *groups = arena_one_more(arena, *groups, *count, sizeof **groups);
        (*groups)[(*count)++] = (struct shelf_group){str_copy(arena, query_str(q, 0)),
                                                     str_copy(arena, query_str(q, 1))};
    }
    return query_end(q, err);
}

#define KINDS_MAX 40U

enum status library_list_shelf_kinds(struct arena *arena, struct store *store, int64_t member,
                                     int64_t now_ms, struct str **kinds, size_t *count,
                                     struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT DISTINCT kind FROM (SELECT o.kind FROM offer o WHERE " ENTITLED_SQL(
            "o.paper", "?1",
            "?2") " ORDER BY o.published_ms DESC LIMIT 1000) WHERE kind <> '' ORDER BY kind");
    *kinds = arena_array(arena, KINDS_MAX, struct str);
    *count = 0;
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    while (*count < KINDS_MAX && query_row(q))
        (*kinds)[(*count)++] = str_copy(arena, query_str(q, 0));
    return query_end(q, err);
}

enum status library_may_know(struct store *store, int64_t member, int64_t paper, bool *may,
                             struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT 1 FROM offer o WHERE o.paper = ?1 AND (o.access = 'members' OR " STAFF_SQL(
            "?2") " OR EXISTS (SELECT 1 FROM copy c WHERE c.paper = ?1 AND c.member = ?2"
                  "  AND c.edition IN (SELECT number FROM edition WHERE paper = ?1))"
                  " OR EXISTS (SELECT 1 FROM group_paper p JOIN \"group\" g ON g.id = p.\"group\""
                  "  WHERE p.paper = ?1 AND (g.door = 'public'"
                  "  OR EXISTS (SELECT 1 FROM group_member m WHERE m.\"group\" = g.id"
                  "   AND m.member = ?2)"
                  "  OR EXISTS (SELECT 1 FROM plan_group l JOIN plan s ON s.id = l.plan AND s.version = l.version"
                  "   WHERE l.\"group\" = g.id AND s.closed_ms IS NULL)"
                  "  OR EXISTS (SELECT 1 FROM plan_group l JOIN subscription s ON s.plan = l.plan AND s.version = l.version"
                  "   WHERE l.\"group\" = g.id AND s.member = ?2))))");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, member);
    *may = query_row(q);
    return query_end(q, err);
}

enum status library_list_editions(struct arena *arena, struct store *store, int64_t paper,
                                  struct shelf_edition **editions, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT number, published_ms, title FROM edition"
                                         " WHERE paper = ?1 ORDER BY number DESC");
    *editions = NULL;
    *count = 0;
    query_bind_int(q, 1, paper);
    while (query_row(q)) {
        *editions = arena_one_more(arena, *editions, *count, sizeof **editions);
        (*editions)[(*count)++] = (struct shelf_edition){query_int(q, 0), query_int(q, 1),
                                                         str_copy(arena, query_str(q, 2))};
    }
    return query_end(q, err);
}

/* --- position ----------------------------------------------------------------------------------- */

bool library_is_anchor(struct str anchor)
{
    uint64_t number;
    if (str_equal(anchor, STR("title")))
        return true;
    return (str_starts(anchor, STR("h")) || str_starts(anchor, STR("p"))) && anchor.len <= 8 &&
           str_to_u64(str_slice(anchor, 1, anchor.len), &number) && number > 0;
}

enum status library_keep_position(struct store *store, int64_t member, int64_t paper,
                                  int64_t edition, struct str anchor, struct error *err)
{
    if (!library_is_anchor(anchor))
        return error_set(err, STATUS_INPUT, "There is no such place in a paper.",
                         "文稿中没有这个位置。");
    struct query *q = query_start(
        store, "INSERT INTO reading (member, paper, edition, anchor, seen_ms)"
               " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (member, paper) DO UPDATE SET"
               " edition = excluded.edition, anchor = excluded.anchor, seen_ms = excluded.seen_ms");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    query_bind_int(q, 3, edition);
    query_bind_str(q, 4, anchor);
    query_bind_int(q, 5, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_find_position(struct arena *arena, struct store *store, int64_t member,
                                  int64_t paper, int64_t *edition, struct str *anchor,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "SELECT edition, anchor FROM reading WHERE member = ?1 AND paper = ?2");
    *edition = 0;
    *anchor = STR("");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, paper);
    if (query_row(q)) {
        *edition = query_int(q, 0);
        *anchor = str_copy(arena, query_str(q, 1));
    }
    return query_end(q, err);
}
