/* The roster; see roster.h. */
#include "library/roster.h"

/* ?1 now, ?2 search, ?3 state, ?4 the key of one member (empty: all). */
#define ROSTER                                                                                   \
    " FROM (SELECT m.id, m.key, m.name, m.email, m.created_ms,"                                  \
    " coalesce((SELECT group_concat(g.name, ', ') FROM group_member gm JOIN \"group\" g"         \
    " ON g.id = gm.\"group\" WHERE gm.member = m.id), '') AS team,"                              \
    " CASE WHEN a.suspended_ms IS NOT NULL THEN 'suspended' WHEN a.password <> '' THEN 'active'" \
    " WHEN EXISTS (SELECT 1 FROM ticket t WHERE t.member = m.id AND t.kind = 'invitation'"       \
    " AND t.used_ms IS NULL AND t.expires_ms > ?1) THEN 'invited' ELSE 'listed' END AS state,"   \
    " coalesce((SELECT group_concat(r.role, ' ') FROM role r WHERE r.member = m.id), '')"        \
    " AS roles FROM member m LEFT JOIN account a ON a.member = m.id"                             \
    " WHERE m.erased_ms IS NULL AND (?4 = '' OR m.key = ?4)) AS r"                               \
    " WHERE (?2 = '' OR instr(lower(r.name || char(10) || r.email || char(10) || r.team),"       \
    " lower(?2)) > 0) AND (?3 = '' OR r.state = ?3 OR (?3 = 'roles' AND r.roles <> ''))"

static void bind(struct query *q, const struct roster_question *question, struct str key)
{
    query_bind_int(q, 1, question->now_ms);
    query_bind_str(q, 2, question->search);
    query_bind_str(q, 3, question->state);
    query_bind_str(q, 4, key);
}

static enum status list(struct arena *arena, struct store *store,
                        const struct roster_question *question, struct str key,
                        struct roster_member *members, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT r.id, r.name, r.email, r.team, r.state, r.roles, r.created_ms,"
        " coalesce((SELECT max(s.seen_ms) FROM session s WHERE s.member = r.id), 0), r.key" ROSTER
        " ORDER BY r.id LIMIT ?5 OFFSET ?6");
    bind(q, question, key);
    query_bind_int(q, 5, question->most);
    query_bind_int(q, 6, question->from);
    *count = 0;
    while (query_row(q))
        members[(*count)++] = (struct roster_member){
            .id = query_int(q, 0),
            .name = str_copy(arena, query_str(q, 1)),
            .email = str_copy(arena, query_str(q, 2)),
            .groups = str_copy(arena, query_str(q, 3)),
            .state = str_copy(arena, query_str(q, 4)),
            .roles = str_copy(arena, query_str(q, 5)),
            .created_ms = query_int(q, 6),
            .seen_ms = query_int(q, 7),
            .key = str_copy(arena, query_str(q, 8)),
        };
    return query_end(q, err);
}

enum status roster_list(struct arena *arena, struct store *store,
                        const struct roster_question *question, struct roster_member **members,
                        size_t *count, int64_t *all, struct error *err)
{
    *members = arena_array(arena, (size_t)question->most, struct roster_member);
    enum status status = list(arena, store, question, STR(""), *members, count, err);
    if (status)
        return status;
    struct query *q = query_start(store, "SELECT count(*)" ROSTER);
    bind(q, question, STR(""));
    *all = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

enum status roster_find(struct arena *arena, struct store *store, struct str key, int64_t now_ms,
                        struct roster_member *found, struct error *err)
{
    const struct roster_question question = {
        .search = STR(""), .state = STR(""), .now_ms = now_ms, .most = 1};
    size_t count = 0;
    enum status status =
        key.len ? list(arena, store, &question, key, found, &count, err) : STATUS_OK;
    if (!status && count == 0)
        return error_set(err, STATUS_MISSING, "There is no such member.", "没有这名成员。");
    return status;
}
