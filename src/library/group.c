/* Groups in the store; see group.h. */
#include "library/group.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "library/application.h"
#include "library/entitlement.h"
#include "library/offer.h"
#include "library/record.h"

/* --- made and changed --------------------------------------------------------------------------- */

static enum status check(const struct group *g, struct error *err)
{
    bool control = false;
    for (size_t i = 0; i < g->name.len; i++)
        control |= (unsigned char)g->name.at[i] < 0x20 || g->name.at[i] == 0x7F;
    if (g->name.len == 0)
        return error_set(err, STATUS_INPUT, "The group needs a name.", "请填写群组名称。");
    if (control || g->name.len > GROUP_NAME_MAX || utf8_first_bad(g->name) != SIZE_MAX)
        return error_set(err, STATUS_INPUT,
                         "The group's name is longer than %d bytes or holds control characters.",
                         "群组名称超过 %d 字节，或含有控制字符。", GROUP_NAME_MAX);
    return STATUS_OK;
}

static enum status name_taken(const struct group *g, struct error *err)
{
    return error_set(err, STATUS_CONFLICT, "There is a group named \"%.*s\" already.",
                     "已有名为“%.*s”的群组。", STR_ARG(g->name));
}

static struct str door_of(const struct group *g)
{
    return g->is_public ? STR("public") : g->asking ? STR("asking") : STR("invitation");
}

static json_t *describe(const struct group *g)
{
    json_t *data = json_pack("{s:o, s:b, s:b}", "name", str_to_json(g->name), "paid", g->paid,
                             "public", g->is_public);
    if (g->asking && !g->is_public)
        json_object_set_new(data, "asking", json_true());
    return data;
}

enum status library_make_group(struct arena *arena, struct store *store, struct group *g,
                               struct error *err)
{
    enum status status = check(g, err);
    if (!status)
        status = digest_random_key(arena, &g->key, err);
    if (status)
        return status;
    g->created_ms = store_now_ms();
    struct query *q =
        query_start(store, "INSERT INTO \"group\" (key, name, about, paid, door, created_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_str(q, 1, g->key);
    query_bind_str(q, 2, g->name);
    query_bind_str(q, 3, g->about);
    query_bind_int(q, 4, g->paid);
    query_bind_str(q, 5, door_of(g));
    query_bind_int(q, 6, g->created_ms);
    (void)query_row(q);
    status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return name_taken(g, err);
    g->id = store_last_id(store);
    return status ? status : record_event(store, "group.made", 'G', g->id, describe(g), err);
}

enum status library_change_group(struct store *store, const struct group *g, struct error *err)
{
    enum status status = check(g, err);
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE \"group\" SET name = ?2, about = ?3, paid = ?4,"
                                         " door = ?5 WHERE id = ?1");
    query_bind_int(q, 1, g->id);
    query_bind_str(q, 2, g->name);
    query_bind_str(q, 3, g->about);
    query_bind_int(q, 4, g->paid);
    query_bind_str(q, 5, door_of(g));
    (void)query_row(q);
    status = query_end(q, err);
    if (status && store_was_duplicate(store))
        return name_taken(g, err);
    return status ? status : record_event(store, "group.changed", 'G', g->id, describe(g), err);
}

/* Runs a statement over group ?1, a second number ?2 and a third ?3; records `kind` if a row changed. */
static enum status change(struct store *store, const char *sql, const int64_t numbers[3],
                          const char *kind, json_t *data, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, numbers[0]);
    query_bind_int(q, 2, numbers[1]);
    query_bind_int(q, 3, numbers[2]);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store))
        return record_event(store, kind, 'G', numbers[0], data, err);
    json_decref(data);
    return status;
}

enum status library_close_group(struct store *store, int64_t group, int64_t now_ms,
                                struct error *err)
{
    return change(
        store, "UPDATE \"group\" SET closed_ms = ?2 WHERE id = ?1 AND closed_ms IS NULL AND ?3 = 0",
        (int64_t[]){group, now_ms, 0}, "group.closed", NULL, err);
}

enum status library_reopen_group(struct store *store, int64_t group, struct error *err)
{
    return change(store,
                  "UPDATE \"group\" SET closed_ms = NULL WHERE id = ?1 AND closed_ms IS NOT NULL"
                  " AND ?2 = ?3",
                  (int64_t[]){group, 0, 0}, "group.reopened", NULL, err);
}

enum status library_find_group_named(struct store *store, struct str name, int64_t *group,
                                     struct error *err)
{
    struct query *q =
        query_start(store, "SELECT id, closed_ms IS NOT NULL FROM \"group\" WHERE name = ?1");
    query_bind_str(q, 1, name);
    bool found = query_row(q);
    bool closed = found && query_int(q, 1);
    *group = found ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && closed)
        return error_set(err, STATUS_CONFLICT, "The group \"%.*s\" is closed", "群组“%.*s”已关闭",
                         STR_ARG(name));
    return status;
}

/* --- seen --------------------------------------------------------------------------------------- */

/* Member ?1 at ?2, ?3: a steward. */
#define SIGHT_SQL                                                                                                             \
    "SELECT g.id, g.key, g.name, g.about, g.paid, g.door = 'public', g.created_ms, g.closed_ms,"                              \
    " (SELECT count(*) FROM (SELECT m.member FROM group_member m WHERE m.\"group\" = g.id UNION"                              \
    "  SELECT s.member FROM plan_group p JOIN subscription s ON s.plan = p.plan AND s.version = p.version"                    \
    "  WHERE p.\"group\" = g.id AND " RUNNING_SQL(                                                                            \
        "s",                                                                                                                  \
        "?2") ")),"                                                                                                           \
              " (SELECT count(*) FROM group_paper a JOIN offer o ON o.paper = a.paper"                                        \
              "  WHERE a.\"group\" = g.id AND o.published_ms <= ?2 AND o.withdrawn_ms IS NULL),"                              \
              " " IN_GROUP_SQL(                                                                                               \
                  "g.id", "?1",                                                                                               \
                  "?2") " AS inside,"                                                                                         \
                        " EXISTS (SELECT 1 FROM group_member j WHERE j.\"group\" = g.id AND j.member = ?1),"                  \
                        " g.door = 'asking', " ANSWERS_SQL(                                                                   \
                            "g.id", "?1",                                                                                     \
                            "?2") ","                                                                                         \
                                  " (SELECT count(*) FROM application w WHERE w.\"group\" = g.id AND w.answered_ms IS NULL)," \
                                  " (SELECT o.asked_ms FROM application o WHERE o.\"group\" = g.id AND o.member = ?1"         \
                                  "  AND o.answered_ms IS NULL), coalesce((SELECT d.why FROM application d"                   \
                                  "  WHERE d.\"group\" = g.id AND d.member = ?1 ORDER BY d.id DESC), '')"                     \
                                  " FROM \"group\" g WHERE (?3 OR g.door IN ('public', 'asking') OR inside)"

static void read_sight(struct arena *arena, struct query *q, bool all, struct group_sight *s)
{
    *s = (struct group_sight){
        .group = {.id = query_int(q, 0),
                  .key = str_copy(arena, query_str(q, 1)),
                  .name = str_copy(arena, query_str(q, 2)),
                  .about = str_copy(arena, query_str(q, 3)),
                  .paid = query_int(q, 4) != 0,
                  .is_public = query_int(q, 5) != 0,
                  .created_ms = query_int(q, 6),
                  .closed_ms = query_int(q, 7),
                  .asking = query_int(q, 12) != 0},
        .in = query_int(q, 10) != 0,
        .joined = query_int(q, 11) != 0,
        .answers = query_int(q, 13) != 0,
        .asked_ms = query_int(q, 15),
    };
    s->outside = !all && !s->in && !s->group.is_public;
    s->members = s->outside ? 0 : query_int(q, 8);
    s->papers = s->outside ? 0 : query_int(q, 9);
    s->waiting = s->answers ? query_int(q, 14) : 0;
    if (!s->in)
        s->declined = str_copy(arena, query_str(q, 16));
}

static void bind_sight(struct query *q, int64_t member, int64_t now_ms, bool all)
{
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, all);
}

enum status library_see_group(struct arena *arena, struct store *store, struct str key,
                              int64_t member, bool all, int64_t now_ms, struct group_sight *sight,
                              struct error *err)
{
    struct query *q = query_start(store, SIGHT_SQL " AND g.key = ?4");
    bind_sight(q, member, now_ms, all);
    query_bind_str(q, 4, key);
    bool found = query_row(q);
    if (found)
        read_sight(arena, q, all, sight);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_in(
            err, "group",
            error_set(err, STATUS_MISSING, "There is no such group.", "没有这个群组。"));
    return status;
}

enum status library_list_groups(struct arena *arena, struct store *store, int64_t member, bool all,
                                int64_t now_ms, struct group_sight **list, size_t *count,
                                struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(store, SIGHT_SQL " ORDER BY g.closed_ms IS NOT NULL, g.name");
    bind_sight(q, member, now_ms, all);
    while (query_row(q)) {
        struct group_sight sight;
        read_sight(arena, q, all, &sight);
        buf_add(&rows, (struct str){(const char *)&sight, sizeof sight});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count, struct group_sight);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

/* --- in and out --------------------------------------------------------------------------------- */

static enum status end_application(struct store *store, int64_t group, int64_t member,
                                   int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE application SET answered_ms = ?3 WHERE \"group\" = ?1"
                           " AND member = ?2 AND answered_ms IS NULL");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_put_in_group(struct store *store, int64_t group, int64_t member, int64_t now_ms,
                                 struct error *err)
{
    struct query *q =
        query_start(store, "SELECT closed_ms IS NOT NULL FROM \"group\" WHERE id = ?1");
    query_bind_int(q, 1, group);
    bool closed = query_row(q) && query_int(q, 0);
    enum status status = query_end(q, err);
    if (!status && closed)
        return error_set(err, STATUS_CONFLICT, "This group is closed; nobody joins it any more.",
                         "该群组已关闭，不再接收成员。");
    if (!status)
        status = end_application(store, group, member, now_ms, err);
    if (status)
        return status;
    return change(store,
                  "INSERT INTO group_member (\"group\", member, since_ms) VALUES (?1, ?2, ?3)"
                  " ON CONFLICT DO NOTHING",
                  (int64_t[]){group, member, now_ms}, "group.joined",
                  json_pack("{s:o}", "member", record_member(member)), err);
}

enum status library_join_group(struct store *store, int64_t group, int64_t member, int64_t now_ms,
                               struct error *err)
{
    struct query *q = query_start(
        store, "SELECT 1 FROM \"group\" WHERE id = ?1 AND door = 'public' AND NOT paid");
    query_bind_int(q, 1, group);
    bool may = query_row(q);
    enum status status = query_end(q, err);
    if (!status && !may)
        return error_set(
            err, STATUS_FORBIDDEN,
            "Nobody joins this group by themselves: a subscription or a steward opens it.",
            "该群组不能自行加入，须凭订阅或由管理员加入。");
    return status ? status : library_put_in_group(store, group, member, now_ms, err);
}

enum status library_take_out_of_group(struct store *store, int64_t group, int64_t member,
                                      struct error *err)
{
    return change(store, "DELETE FROM group_member WHERE \"group\" = ?1 AND member = ?2 AND ?3 = 0",
                  (int64_t[]){group, member, 0}, "group.left",
                  json_pack("{s:o}", "member", record_member(member)), err);
}

/* --- members and papers ------------------------------------------------------------------------- */

enum status library_list_group_members(struct arena *arena, struct store *store, int64_t group,
                                       int64_t now_ms, int64_t skip, int64_t most,
                                       struct group_member **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT m.id, m.name, m.email, max(w.since_ms) FROM"
        " (SELECT member, since_ms FROM group_member WHERE \"group\" = ?1 UNION ALL"
        "  SELECT s.member, 0 FROM plan_group p JOIN subscription s ON s.plan = p.plan AND s.version = p.version"
        "  WHERE p.\"group\" = ?1 AND " RUNNING_SQL(
            "s", "?2") ") w"
                       " JOIN member m ON m.id = w.member GROUP BY m.id ORDER BY m.name, m.id"
                       " LIMIT ?4 OFFSET ?3");
    *list = arena_array(arena, (size_t)most, struct group_member);
    *count = 0;
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, skip);
    query_bind_int(q, 4, most);
    while (query_row(q))
        (*list)[(*count)++] =
            (struct group_member){query_int(q, 0), str_copy(arena, query_str(q, 1)),
                                  str_copy(arena, query_str(q, 2)), query_int(q, 3)};
    return query_end(q, err);
}

enum status library_list_group_papers(struct arena *arena, struct store *store, int64_t group,
                                      int64_t member, int64_t now_ms, int64_t skip, int64_t most,
                                      struct group_paper **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT o.key, e.title, o.summary, o.kind, o.published_ms,"
        " " ENTITLED_SQL(
            "o.paper", "?2",
            "?3") " FROM group_paper a"
                  " JOIN offer o ON o.paper = a.paper JOIN edition e ON e.paper = o.paper AND e.number ="
                  " (SELECT max(n.number) FROM edition n WHERE n.paper = o.paper)"
                  " WHERE a.\"group\" = ?1 AND o.published_ms <= ?3 AND o.withdrawn_ms IS NULL"
                  " ORDER BY o.published_ms DESC, o.paper DESC LIMIT ?5 OFFSET ?4");
    *list = arena_array(arena, (size_t)most, struct group_paper);
    *count = 0;
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, skip);
    query_bind_int(q, 5, most);
    while (query_row(q))
        (*list)[(*count)++] = (struct group_paper){str_copy(arena, query_str(q, 0)),
                                                   str_copy(arena, query_str(q, 1)),
                                                   str_copy(arena, query_str(q, 2)),
                                                   str_copy(arena, query_str(q, 3)),
                                                   query_int(q, 4),
                                                   query_int(q, 5) != 0};
    return query_end(q, err);
}
