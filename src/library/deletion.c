/* Delete after use; see deletion.h. */
#include "library/deletion.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "library/letter.h"

#define DELETION_COLUMNS                                                                   \
    "SELECT d.paper, d.member, o.key, e.title, m.name, m.email, d.due_ms,"                 \
    " coalesce(d.attested_ms, 0), m.key FROM deletion d JOIN offer o ON o.paper = d.paper" \
    " JOIN edition e ON e.paper = d.paper"                                                 \
    " AND e.number = (SELECT max(n.number) FROM edition n WHERE n.paper = d.paper)"        \
    " JOIN member m ON m.id = d.member"

static enum status read_deletions(struct arena *arena, struct query *q, struct deletion **list,
                                  size_t *count, struct error *err)
{
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        (*list)[(*count)++] = (struct deletion){
            .paper = query_int(q, 0),
            .member = query_int(q, 1),
            .key = str_copy(arena, query_str(q, 2)),
            .title = str_copy(arena, query_str(q, 3)),
            .name = str_copy(arena, query_str(q, 4)),
            .email = str_copy(arena, query_str(q, 5)),
            .due_ms = query_int(q, 6),
            .attested_ms = query_int(q, 7),
            .member_key = str_copy(arena, query_str(q, 8)),
        };
    }
    return query_end(q, err);
}

enum status library_list_deletions(struct arena *arena, struct store *store, int64_t member,
                                   struct deletion **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, DELETION_COLUMNS
                                  " WHERE d.member = ?1 ORDER BY"
                                  " d.attested_ms IS NOT NULL, d.attested_ms DESC, d.due_ms");
    query_bind_int(q, 1, member);
    return read_deletions(arena, q, list, count, err);
}

enum status library_list_open_deletions(struct arena *arena, struct store *store, size_t most,
                                        struct deletion **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, DELETION_COLUMNS
                                  " WHERE d.attested_ms IS NULL ORDER BY d.due_ms LIMIT ?1");
    query_bind_int(q, 1, (int64_t)most);
    return read_deletions(arena, q, list, count, err);
}

enum status library_list_deletion_papers(struct arena *arena, struct store *store, size_t most,
                                         struct deletion_paper **list, size_t *count,
                                         struct error *err)
{
    struct query *q = query_start(
        store, "SELECT o.key, e.title, count(*), count(d.attested_ms) FROM deletion d"
               " JOIN offer o ON o.paper = d.paper JOIN edition e ON e.paper = d.paper"
               " AND e.number = (SELECT max(n.number) FROM edition n WHERE n.paper = d.paper)"
               " GROUP BY d.paper ORDER BY d.paper DESC LIMIT ?1");
    *list = arena_array(arena, most, struct deletion_paper);
    *count = 0;
    query_bind_int(q, 1, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct deletion_paper){str_copy(arena, query_str(q, 0)),
                                                      str_copy(arena, query_str(q, 1)),
                                                      query_int(q, 2), query_int(q, 3)};
    return query_end(q, err);
}

enum status library_list_deletion_proofs(struct arena *arena, struct store *store, int64_t paper,
                                         size_t most, struct deletion_proof **list, size_t *count,
                                         struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT d.member, m.name, coalesce((SELECT min(c.first_ms) FROM copy c"
        " WHERE c.paper = d.paper AND c.member = d.member), 0), d.due_ms,"
        " coalesce(d.reminded_ms, 0), coalesce(d.attested_ms, 0), coalesce(v.seq, 0),"
        " coalesce(lower(hex((SELECT hash FROM event WHERE seq = v.seq))), '')"
        " FROM deletion d JOIN member m ON m.id = d.member"
        " LEFT JOIN (SELECT json_extract(data, '$.member') AS who, max(seq) AS seq FROM event"
        " WHERE subject = 'P' || ?1 AND kind = 'deletion.attested' GROUP BY 1) v"
        " ON v.who = 'M' || d.member AND d.attested_ms IS NOT NULL WHERE d.paper = ?1"
        " ORDER BY d.attested_ms IS NULL, d.attested_ms, d.due_ms, d.member LIMIT ?2");
    *list = arena_array(arena, most, struct deletion_proof);
    *count = 0;
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct deletion_proof){
            .member = query_int(q, 0),
            .name = str_copy(arena, query_str(q, 1)),
            .given_ms = query_int(q, 2),
            .due_ms = query_int(q, 3),
            .reminded_ms = query_int(q, 4),
            .attested_ms = query_int(q, 5),
            .event = query_int(q, 6),
            .hash = str_copy(arena, query_str(q, 7)),
        };
    return query_end(q, err);
}

static enum status find_open(struct store *store, int64_t member, struct str key, int64_t *paper,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT d.paper FROM deletion d JOIN offer o"
                                         " ON o.paper = d.paper WHERE o.key = ?1 AND d.member = ?2"
                                         " AND d.attested_ms IS NULL");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, member);
    bool found = query_row(q);
    *paper = found ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "No copy of yours waits to be deleted there.",
                         "您没有待删除的该文稿副本。");
    return status;
}

static enum status add_event(struct store *store, const char *kind, int64_t paper, int64_t member,
                             struct error *err)
{
    struct arena *arena = arena_make();
    enum status status =
        store_add_event(store, "member", kind, str_format(arena, "P%" PRId64, paper),
                        str_format(arena, "{\"member\":\"M%" PRId64 "\"}", member), err);
    arena_free(arena);
    return status;
}

enum status library_attest_deletion(struct store *store, int64_t member, struct str key,
                                    struct error *err)
{
    int64_t paper;
    enum status status = find_open(store, member, key, &paper, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE deletion SET attested_ms = ?3 WHERE paper = ?1 AND member = ?2");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : add_event(store, "deletion.attested", paper, member, err);
}

enum status library_owes_deletion(struct store *store, int64_t member, int64_t paper, bool *owes,
                                  struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM deletion WHERE paper = ?1 AND member = ?2"
                                         " AND attested_ms IS NULL");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, member);
    *owes = query_row(q);
    return query_end(q, err);
}

/* --- reminders ------------------------------------------------------------------------------------ */

static enum status list_due(struct arena *arena, struct store *store, struct deletion **list,
                            size_t *count, struct error *err)
{
    struct query *q = query_start(store, DELETION_COLUMNS
                                  " WHERE d.attested_ms IS NULL AND ((d.reminded_ms IS NULL"
                                  " AND d.due_ms - 259200000 <= ?1) OR (d.reminded_ms < d.due_ms"
                                  " AND d.due_ms <= ?1)) ORDER BY d.paper, d.member LIMIT 1000");
    query_bind_int(q, 1, store_now_ms());
    return read_deletions(arena, q, list, count, err);
}

static enum status remind(struct store *store, const struct deletion *d, struct error *err)
{
    json_t *json =
        json_pack("{s:s, s:s%, s:I, s:I}", "path", "/deletions", "title", d->title.at, d->title.len,
                  "until_ms", (json_int_t)d->due_ms, "paper", (json_int_t)d->paper);
    struct letter letter = {.member = d->member, .kind = "deletion"};
    enum status status = library_queue_letter_of(store, letter, json, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE deletion SET reminded_ms = ?3 WHERE paper = ?1 AND member = ?2");
    query_bind_int(q, 1, d->paper);
    query_bind_int(q, 2, d->member);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    status = query_end(q, err);
    return status ? status : add_event(store, "deletion.reminded", d->paper, d->member, err);
}

enum status library_make_deletion_reminders(struct store *store, struct arena *scratch,
                                            void *context, struct error *err)
{
    struct deletion *list;
    size_t count = 0;
    bool can = false;
    (void)context;
    enum status status = library_can_mail(store, &can, err);
    if (!status && can)
        status = list_due(scratch, store, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = remind(store, &list[i], err);
    return status;
}
