/* Revocations in the store; see revocation.h. */
#include "library/revocation.h"

#include <inttypes.h>

#include "base/json.h"

/* The subject is what is revoked: the paper, else the member, else the group. */
static struct str subject_of(struct arena *arena, const struct revocation *r)
{
    if (r->paper)
        return str_format(arena, "P%" PRId64, r->paper);
    if (r->member)
        return str_format(arena, "M%" PRId64, r->member);
    return str_format(arena, "G%" PRId64, r->group);
}

static void add_id(struct arena *arena, json_t *data, const char *name, char letter, int64_t id)
{
    if (id)
        json_object_set_new(data, name,
                            json_string(str_format(arena, "%c%" PRId64, letter, id).at));
}

static enum status add_event(struct arena *arena, struct store *store, const char *kind,
                             const struct revocation *r, struct error *err)
{
    json_t *data = json_pack("{s:I}", "revocation", (json_int_t)r->id);
    add_id(arena, data, "paper", 'P', r->paper);
    add_id(arena, data, "member", 'M', r->member);
    add_id(arena, data, "group", 'G', r->group);
    if (r->reason.len)
        json_object_set_new(data, "reason", str_to_json(r->reason));
    return store_add_event(store, "editor", kind, subject_of(arena, r), str_from_json(arena, data),
                           err);
}

enum status library_revoke_copies(struct arena *arena, struct store *store, struct revocation *r,
                                  struct error *err)
{
    if (!r->paper && !r->member && !r->group)
        return error_set(err, STATUS_USAGE, "Say whose copies are revoked, or of which paper.",
                         "请指明撤销谁的副本，或哪篇文稿的副本。");
    r->created_ms = store_now_ms();
    struct query *q = query_start(store, "INSERT INTO revocation (paper, member, \"group\", reason,"
                                         " created_ms) VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_int_or_null(q, 1, r->paper);
    query_bind_int_or_null(q, 2, r->member);
    query_bind_int_or_null(q, 3, r->group);
    query_bind_str(q, 4, r->reason);
    query_bind_int(q, 5, r->created_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    r->id = store_last_id(store);
    return status ? status : add_event(arena, store, "copies.revoked", r, err);
}

enum status library_lift_revocation(struct arena *arena, struct store *store, int64_t paper,
                                    int64_t id, struct error *err)
{
    struct revocation r = {.id = id};
    struct query *q = query_start(
        store, "UPDATE revocation SET lifted_ms = ?3 WHERE id = ?1 AND lifted_ms IS NULL"
               " AND (paper = ?2 OR paper IS NULL) RETURNING coalesce(paper, 0),"
               " coalesce(member, 0), coalesce(\"group\", 0)");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, paper);
    query_bind_int(q, 3, store_now_ms());
    bool found = query_row(q);
    if (found) {
        r.paper = query_int(q, 0);
        r.member = query_int(q, 1);
        r.group = query_int(q, 2);
        (void)query_row(q);
    }
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "No such revocation is in force.",
                         "没有这项生效中的撤销。");
    return status ? status : add_event(arena, store, "revocation.lifted", &r, err);
}

enum status library_list_revocations(struct arena *arena, struct store *store, int64_t paper,
                                     size_t most, struct revocation **list, size_t *count,
                                     struct error *err)
{
    struct query *q = query_start(
        store, "SELECT r.id, coalesce(r.paper, 0), coalesce(r.member, 0), coalesce(r.\"group\", 0),"
               " r.reason, r.created_ms, coalesce(r.lifted_ms, 0), coalesce(m.name, g.name, '')"
               " FROM revocation r LEFT JOIN member m ON m.id = r.member"
               " LEFT JOIN \"group\" g ON g.id = r.\"group\""
               " WHERE r.paper = ?1 OR r.paper IS NULL"
               " ORDER BY r.lifted_ms IS NOT NULL, r.id DESC LIMIT ?2");
    *list = arena_array(arena, most + 1, struct revocation);
    *count = 0;
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, (int64_t)most);
    while (query_row(q))
        (*list)[(*count)++] = (struct revocation){
            .id = query_int(q, 0),
            .paper = query_int(q, 1),
            .member = query_int(q, 2),
            .group = query_int(q, 3),
            .reason = str_copy(arena, query_str(q, 4)),
            .created_ms = query_int(q, 5),
            .lifted_ms = query_int(q, 6),
            .name = str_copy(arena, query_str(q, 7)),
        };
    return query_end(q, err);
}
