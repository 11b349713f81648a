/* Applications in the store; see application.h. */
#include "library/application.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "library/group.h"
#include "library/letter.h"
#include "library/offer.h"
#include "library/record.h"

/* --- letters ------------------------------------------------------------------------------------ */

/* What a letter about a group says. */
struct telling {
    const char *kind;
    const char *page; /* below the group's own */
    struct str author, why;
};

static enum status queue(struct store *store, int64_t member, const struct telling *t,
                         struct str key, struct str name, struct error *err)
{
    json_t *path = json_sprintf("/groups/%.*s%s", STR_ARG(key), t->page);
    json_t *data = json_pack("{s:o, s:o, s:o, s:o}", "path", path, "group", str_to_json(name),
                             "author", str_to_json(t->author), "why", str_to_json(t->why));
    return library_queue_letter_of(store, (struct letter){.member = member, .kind = t->kind}, data,
                                   err);
}

static enum status tell(struct store *store, int64_t group, const int64_t *members, size_t count,
                        const struct telling *t, struct error *err)
{
    struct arena *arena = arena_make();
    struct str key = {0};
    struct str name = {0};
    struct query *q = query_start(store, "SELECT key, name FROM \"group\" WHERE id = ?1");
    query_bind_int(q, 1, group);
    if (query_row(q)) {
        key = str_copy(arena, query_str(q, 0));
        name = str_copy(arena, query_str(q, 1));
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++)
        status = queue(store, members[i], t, key, name, err);
    arena_free(arena);
    return status;
}

static enum status tell_answerers(struct arena *arena, struct store *store, int64_t group,
                                  int64_t asker, int64_t now_ms, struct error *err)
{
    struct buf ids = {.arena = arena};
    struct telling t = {.kind = "join", .page = "/applications"};
    struct query *q = query_start(store, "SELECT a.member FROM account a WHERE a.suspended_ms IS"
                                         " NULL AND " ANSWERS_SQL("?1", "a.member", "?2"));
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, now_ms);
    while (query_row(q)) {
        int64_t id = query_int(q, 0);
        buf_add(&ids, (struct str){(const char *)&id, sizeof id});
    }
    enum status status = query_end(q, err);
    if (status)
        return status;
    size_t count = ids.len / sizeof(int64_t);
    int64_t *members = arena_array(arena, count, int64_t);
    if (count)
        memcpy(members, ids.at, ids.len);
    q = query_start(store, "SELECT name FROM member WHERE id = ?1");
    query_bind_int(q, 1, asker);
    t.author = query_row(q) ? str_copy(arena, query_str(q, 0)) : STR("");
    status = query_end(q, err);
    return status ? status : tell(store, group, members, count, &t, err);
}

/* --- asked -------------------------------------------------------------------------------------- */

static enum status check_door(struct store *store, int64_t group, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM \"group\" WHERE id = ?1 AND door = 'asking'"
                                         " AND NOT paid AND closed_ms IS NULL");
    query_bind_int(q, 1, group);
    bool can = query_row(q);
    enum status status = query_end(q, err);
    if (!status && !can)
        return error_set(err, STATUS_CONFLICT, "This group takes no applications.",
                         "该群组不接受加入申请。");
    return status;
}

static enum status insert(struct arena *arena, struct store *store, int64_t group, int64_t member,
                          struct str words, int64_t now_ms, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO application (key, \"group\", member, words, asked_ms)"
               " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT " IN_GROUP_SQL(
                   "?2", "?3",
                   "?5") " ON CONFLICT (\"group\", member) WHERE answered_ms IS NULL DO NOTHING");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, group);
    query_bind_int(q, 3, member);
    query_bind_str(q, 4, words);
    query_bind_int(q, 5, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_apply(struct arena *arena, struct store *store, int64_t group, int64_t member,
                          struct str words, int64_t now_ms, struct error *err)
{
    enum status status = check_door(store, group, err);
    if (!status)
        status = insert(arena, store, group, member, words, now_ms, err);
    if (status || !store_changes(store))
        return status;
    status = record_event(store, "group.asked", 'G', group,
                          json_pack("{s:o}", "member", record_member(member)), err);
    return status ? status : tell_answerers(arena, store, group, member, now_ms, err);
}

enum status library_unapply(struct store *store, int64_t group, int64_t member, struct error *err)
{
    struct query *q = query_start(store, "DELETE FROM application WHERE \"group\" = ?1"
                                         " AND member = ?2 AND answered_ms IS NULL");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, member);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status || !store_changes(store)
               ? status
               : record_event(store, "group.unasked", 'G', group,
                              json_pack("{s:o}", "member", record_member(member)), err);
}

/* --- answered ----------------------------------------------------------------------------------- */

static enum status find_open(struct store *store, int64_t group, struct str key, int64_t *id,
                             int64_t *member, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT id, member, answered_ms IS NOT NULL FROM application"
                           " WHERE key = ?1 AND \"group\" = ?2");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, group);
    bool found = query_row(q);
    *id = found ? query_int(q, 0) : 0;
    *member = found ? query_int(q, 1) : 0;
    bool answered = found && query_int(q, 2);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "This application was taken back.", "该申请已撤回。");
    if (!status && answered)
        return error_set(err, STATUS_CONFLICT, "Somebody answered this application already.",
                         "该申请已有人处理。");
    return status;
}

enum status library_admit(struct store *store, int64_t group, struct str key, int64_t now_ms,
                          struct error *err)
{
    int64_t id;
    int64_t member;
    struct telling t = {.kind = "admitted", .page = ""};
    enum status status = find_open(store, group, key, &id, &member, err);
    if (!status)
        status = library_put_in_group(store, group, member, now_ms, err);
    return status ? status : tell(store, group, &member, 1, &t, err);
}

static enum status was_in(struct store *store, int64_t group, int64_t member, bool *in, bool *asked,
                          struct error *err)
{
    struct query *q = query_start(
        store, "SELECT EXISTS (SELECT 1 FROM group_member WHERE \"group\" = ?1 AND member = ?2),"
               " EXISTS (SELECT 1 FROM application WHERE \"group\" = ?1 AND member = ?2"
               " AND answered_ms IS NULL)");
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, member);
    (void)query_row(q);
    *in = query_int(q, 0) != 0;
    *asked = query_int(q, 1) != 0;
    return query_end(q, err);
}

enum status library_place_in_group(struct store *store, int64_t group, int64_t member,
                                   int64_t now_ms, struct error *err)
{
    bool in = false;
    bool asked = false;
    enum status status = was_in(store, group, member, &in, &asked, err);
    if (!status)
        status = library_put_in_group(store, group, member, now_ms, err);
    struct telling t = {.kind = asked ? "admitted" : "placed", .page = ""};
    return status || in ? status : tell(store, group, &member, 1, &t, err);
}

enum status library_decline(struct store *store, int64_t group, struct str key, struct str why,
                            int64_t now_ms, struct error *err)
{
    int64_t id;
    int64_t member;
    struct telling t = {.kind = "declined", .page = "", .why = str_trim(why)};
    if (!t.why.len)
        return error_set(err, STATUS_INPUT, "Give a reason; it is told to who asked.",
                         "请填写理由，将告知申请人。");
    enum status status = find_open(store, group, key, &id, &member, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "UPDATE application SET answered_ms = ?2, why = ?3 WHERE id = ?1");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3, t.why);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = record_event(
            store, "group.declined", 'G', group,
            json_pack("{s:o, s:o}", "member", record_member(member), "why", str_to_json(t.why)),
            err);
    return status ? status : tell(store, group, &member, 1, &t, err);
}

/* --- seen --------------------------------------------------------------------------------------- */

enum status library_answers_for(struct store *store, int64_t group, int64_t member, int64_t now_ms,
                                bool *answers, struct error *err)
{
    struct query *q = query_start(store, "SELECT " ANSWERS_SQL("?1", "?2", "?3"));
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    *answers = query_row(q) && query_int(q, 0);
    return query_end(q, err);
}

enum status library_list_applications(struct arena *arena, struct store *store, int64_t group,
                                      int64_t most, struct application **list, size_t *count,
                                      struct error *err)
{
    struct query *q = query_start(
        store, "SELECT a.id, a.member, a.key, m.name, a.words, a.asked_ms FROM application a"
               " JOIN member m ON m.id = a.member WHERE a.\"group\" = ?1"
               " AND a.answered_ms IS NULL ORDER BY a.id LIMIT ?2");
    *list = arena_array(arena, (size_t)most, struct application);
    *count = 0;
    query_bind_int(q, 1, group);
    query_bind_int(q, 2, most);
    while (query_row(q))
        (*list)[(*count)++] = (struct application){query_int(q, 0),
                                                   query_int(q, 1),
                                                   str_copy(arena, query_str(q, 2)),
                                                   str_copy(arena, query_str(q, 3)),
                                                   str_copy(arena, query_str(q, 4)),
                                                   query_int(q, 5)};
    return query_end(q, err);
}

enum status library_list_waiting(struct arena *arena, struct store *store, int64_t member,
                                 int64_t now_ms, struct waiting_group **list, size_t *count,
                                 struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q =
        query_start(store, "SELECT g.key, g.name, count(*) FROM application a JOIN \"group\" g"
                           " ON g.id = a.\"group\" WHERE a.answered_ms IS NULL AND " ANSWERS_SQL(
                               "g.id", "?1", "?2") " GROUP BY g.id ORDER BY g.name");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, now_ms);
    while (query_row(q)) {
        struct waiting_group one = {str_copy(arena, query_str(q, 0)),
                                    str_copy(arena, query_str(q, 1)), query_int(q, 2)};
        buf_add(&rows, (struct str){(const char *)&one, sizeof one});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count, struct waiting_group);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}
