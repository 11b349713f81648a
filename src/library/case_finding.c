/* Findings of a case, and whom it accuses; see case.h. */
#include <inttypes.h>
#include <string.h>

#include "library/case_steps.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/record.h"
#include "library/trace.h"

/* --- accused ------------------------------------------------------------------------------------ */

static enum status insert_accused(struct store *store, int64_t file, int64_t member,
                                  int64_t finding, struct str words, int64_t now_ms,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO case_accused (case_file, member, finding, words, since_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
                           " SET finding = coalesce(excluded.finding, finding)");
    query_bind_int(q, 1, file);
    query_bind_int(q, 2, member);
    query_bind_int_or_null(q, 3, finding);
    query_bind_str(q, 4, words);
    query_bind_int(q, 5, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status case_accuse(struct store *store, int64_t file, int64_t actor, int64_t member,
                        struct str words, int64_t now_ms, struct error *err)
{
    struct case_going g = {store, file, 0, actor, now_ms, CASE_ACT_ACCUSE, words, 0, 0, 0, 0, 0};
    enum status status = case_pass(&g, err);
    if (!status)
        status = insert_accused(store, file, member, 0, g.words, now_ms, err);
    return status ? status
                  : case_note_step(&g, json_pack("{s:o}", "member", record_member(member)), err);
}

enum status case_clear(struct store *store, int64_t file, int64_t actor, int64_t member,
                       struct str words, int64_t now_ms, struct error *err)
{
    struct case_going g = {store, file, 0, actor, now_ms, CASE_ACT_CLEAR, words, 0, 0, 0, 0, 0};
    enum status status = case_pass(&g, err);
    if (status)
        return status;
    struct query *q = query_start(store, "DELETE FROM case_accused WHERE case_file = ?1"
                                         " AND member = ?2 AND finding IS NULL");
    query_bind_int(q, 1, file);
    query_bind_int(q, 2, member);
    (void)query_row(q);
    status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(
            err, STATUS_CONFLICT,
            "A finding names this member, or nobody does. Decide \"no ground\" for "
            "who is not to blame.",
            "该成员由追踪结果认定，或并未列入。如其无责，请在处理意见中选择“不成立”。");
    return status ? status
                  : case_note_step(&g, json_pack("{s:o}", "member", record_member(member)), err);
}

/* --- findings ----------------------------------------------------------------------------------- */

/* Accuses everybody in "members" of the finding. */
static enum status accuse_named(struct arena *arena, struct store *store, int64_t file,
                                const struct case_finding *f, json_t *members, int64_t now_ms,
                                struct error *err)
{
    enum status status = STATUS_OK;
    size_t i;
    json_t *one;
    json_array_foreach(members, i, one)
    {
        struct member m;
        struct str id = str_of(json_string_value(json_object_get(one, "member")));
        if (!status)
            status = library_find_member(arena, store, id, &m, err);
        if (!status)
            status = insert_accused(store, file, m.id, f->id, STR(""), now_ms, err);
    }
    return status;
}

static enum status insert_finding(struct store *store, int64_t file, struct case_finding *f,
                                  struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO case_finding (key, case_file, made_by, made_ms, verdict, asked,"
               " finding) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_str(q, 1, f->key);
    query_bind_int(q, 2, file);
    query_bind_int(q, 3, f->made_by);
    query_bind_int(q, 4, f->made_ms);
    query_bind_str(q, 5, str_of(verdict_name(f->verdict)));
    query_bind_str(q, 6, f->asked);
    query_bind_str(q, 7, f->finding);
    (void)query_row(q);
    enum status status = query_end(q, err);
    f->id = store_last_id(store);
    for (size_t i = 0; !status && i < f->nexhibits; i++) {
        q = query_start(store,
                        "INSERT INTO case_finding_exhibit (finding, exhibit) VALUES (?1, ?2)");
        query_bind_int(q, 1, f->id);
        query_bind_int(q, 2, f->exhibits[i]);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

enum status case_keep_finding(struct arena *arena, struct store *store, int64_t file,
                              struct case_finding *f, int64_t now_ms, struct error *err)
{
    struct case_going g = {
        .store = store, .file = file, .actor = f->made_by, .now_ms = now_ms, .act = CASE_ACT_TRACE};
    json_t *found = json_loadb(f->finding.at, f->finding.len, 0, NULL);
    f->made_ms = now_ms;
    enum status status = case_pass(&g, err);
    if (!status && !json_is_object(found))
        status = error_set(err, STATUS_USAGE, "This is no finding.", "这不是追踪结果。");
    if (!status)
        status = digest_random_key(arena, &f->key, err);
    if (!status)
        status = insert_finding(store, file, f, err);
    if (!status)
        status =
            accuse_named(arena, store, file, f, json_object_get(found, "members"), now_ms, err);
    json_decref(found);
    return status
               ? status
               : case_note_step(&g, json_pack("{s:s}", "verdict", verdict_name(f->verdict)), err);
}

static enum verdict verdict_of(struct str name)
{
    static const enum verdict all[] = {VERDICT_NAMED, VERDICT_INSUFFICIENT, VERDICT_UNMARKED};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_equal(name, str_of(verdict_name(all[i]))))
            return all[i];
    return VERDICT_UNKNOWN_SOURCE;
}

enum status case_list_findings(struct arena *arena, struct store *store, int64_t file,
                               struct case_finding **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT f.id, f.key, f.made_by, f.made_ms, m.name, f.verdict, f.asked, f.finding"
               " FROM case_finding f JOIN member m ON m.id = f.made_by WHERE f.case_file = ?1"
               " ORDER BY f.id DESC LIMIT 1000");
    struct buf rows = {.arena = arena};
    query_bind_int(q, 1, file);
    while (query_row(q)) {
        struct case_finding f = {
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .made_by = query_int(q, 2),
            .made_ms = query_int(q, 3),
            .made_by_name = str_copy(arena, query_str(q, 4)),
            .verdict = verdict_of(query_str(q, 5)),
            .asked = str_copy(arena, query_str(q, 6)),
            .finding = str_copy(arena, query_str(q, 7)),
        };
        buf_add(&rows, (struct str){(const char *)&f, sizeof f});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_finding);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

/* What the finding says of one member. */
static double chance_of(struct str finding, int64_t member)
{
    double found = 0;
    char id[24];
    size_t i;
    json_t *one;
    json_t *json = json_loadb(finding.at, finding.len, 0, NULL);
    (void)snprintf(id, sizeof id, "M%" PRId64, member);
    json_array_foreach(json_object_get(json, "members"), i, one)
    {
        const char *name = json_string_value(json_object_get(one, "member"));
        if (name && strcmp(name, id) == 0)
            found = json_number_value(json_object_get(one, "log10_p_all"));
    }
    json_decref(json);
    return found;
}

enum status case_list_accused(struct arena *arena, struct store *store, int64_t file,
                              struct case_accused **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT a.member, m.name, m.email, a.words, a.since_ms, coalesce(a.finding, 0),"
               " coalesce(f.finding, '') FROM case_accused a JOIN member m ON m.id = a.member"
               " LEFT JOIN case_finding f ON f.id = a.finding WHERE a.case_file = ?1"
               " ORDER BY a.since_ms, a.member LIMIT 1000");
    struct buf rows = {.arena = arena};
    query_bind_int(q, 1, file);
    while (query_row(q)) {
        struct case_accused a = {
            .member = query_int(q, 0),
            .name = str_copy(arena, query_str(q, 1)),
            .email = str_copy(arena, query_str(q, 2)),
            .words = str_copy(arena, query_str(q, 3)),
            .since_ms = query_int(q, 4),
            .finding = query_int(q, 5),
            .log10_p_all = chance_of(query_str(q, 6), query_int(q, 0)),
        };
        buf_add(&rows, (struct str){(const char *)&a, sizeof a});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_accused);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}
