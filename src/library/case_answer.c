/* Sanctions answered: read, appealed against, heard, run out; see case.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "library/account.h"
#include "library/case_steps.h"
#include "library/letter.h"
#include "library/record.h"
#include "library/subscription.h"

/* --- found -------------------------------------------------------------------------------------- */

#define SANCTION_SQL                                                                             \
    "SELECT s.id, s.case_file, s.member, s.key, m.name, s.measure, s.keeps, s.grounds, s.state," \
    " s.told_ms, s.appeal_until_ms, coalesce(s.until_ms, 0), coalesce(s.read_ms, 0),"            \
    " coalesce(s.settled_ms, 0), coalesce(f.finding, ''), coalesce(f.made_ms, 0),"               \
    " coalesce(a.made_ms, 0), coalesce(a.decided_ms, 0), coalesce(a.words, ''),"                 \
    " coalesce(a.reasons, ''), coalesce(h.name, '') FROM sanction s JOIN member m"               \
    " ON m.id = s.member LEFT JOIN case_accused c ON c.case_file = s.case_file"                  \
    " AND c.member = s.member LEFT JOIN case_finding f ON f.id = c.finding"                      \
    " LEFT JOIN appeal a ON a.sanction = s.id LEFT JOIN member h ON h.id = a.decided_by"

static void read_sanction(struct arena *arena, struct query *q, struct case_sanction *s)
{
    *s = (struct case_sanction){
        .id = query_int(q, 0),
        .case_file = query_int(q, 1),
        .member = query_int(q, 2),
        .key = str_copy(arena, query_str(q, 3)),
        .name = str_copy(arena, query_str(q, 4)),
        .measure = case_measure_named(query_str(q, 5)),
        .keeps = query_int(q, 6) != 0,
        .grounds = str_copy(arena, query_str(q, 7)),
        .state = case_state_named(query_str(q, 8)),
        .told_ms = query_int(q, 9),
        .appeal_until_ms = query_int(q, 10),
        .until_ms = query_int(q, 11),
        .read_ms = query_int(q, 12),
        .settled_ms = query_int(q, 13),
        .finding = str_copy(arena, query_str(q, 14)),
        .finding_ms = query_int(q, 15),
        .appealed_ms = query_int(q, 16),
        .heard_ms = query_int(q, 17),
        .appeal = str_copy(arena, query_str(q, 18)),
        .reasons = str_copy(arena, query_str(q, 19)),
        .heard_by = str_copy(arena, query_str(q, 20)),
    };
}

static enum status read_sanctions(struct arena *arena, struct query *q, struct case_sanction **list,
                                  size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    while (query_row(q)) {
        struct case_sanction s;
        read_sanction(arena, q, &s);
        buf_add(&rows, (struct str){(const char *)&s, sizeof s});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_sanction);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

enum status case_list_sanctions(struct arena *arena, struct store *store, int64_t file,
                                struct case_sanction **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, SANCTION_SQL " WHERE s.case_file = ?1 ORDER BY s.id LIMIT 1000");
    query_bind_int(q, 1, file);
    return read_sanctions(arena, q, list, count, err);
}

enum status case_list_own_sanctions(struct arena *arena, struct store *store, int64_t member,
                                    struct case_sanction **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, SANCTION_SQL " WHERE s.member = ?1 ORDER BY s.id DESC LIMIT 1000");
    query_bind_int(q, 1, member);
    return read_sanctions(arena, q, list, count, err);
}

static enum status missing(struct error *err)
{
    return error_set(err, STATUS_MISSING, "There is no such decision about you.",
                     "没有这项与您有关的决定。");
}

enum status case_find_own_sanction(struct arena *arena, struct store *store, struct str key,
                                   int64_t member, struct case_sanction *sanction,
                                   struct error *err)
{
    struct query *q = query_start(store, SANCTION_SQL " WHERE s.key = ?1 AND s.member = ?2");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, member);
    bool found = query_row(q);
    if (found)
        read_sanction(arena, q, sanction);
    enum status status = query_end(q, err);
    return status || found ? status : missing(err);
}

/* The case of a sanction and whom it is about. */
static enum status find_file(struct store *store, int64_t sanction, int64_t *file, int64_t *member,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT case_file, member FROM sanction WHERE id = ?1");
    query_bind_int(q, 1, sanction);
    bool found = query_row(q);
    *file = found ? query_int(q, 0) : 0;
    *member = found ? query_int(q, 1) : 0;
    enum status status = query_end(q, err);
    return status || found ? status : missing(err);
}

enum status case_note_read(struct store *store, int64_t sanction, int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE sanction SET read_ms = ?2 WHERE id = ?1 AND read_ms IS NULL");
    query_bind_int(q, 1, sanction);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* --- appealed ----------------------------------------------------------------------------------- */

static enum status insert_appeal(const struct case_going *g, struct error *err)
{
    struct query *q =
        query_start(g->store, "INSERT INTO appeal (sanction, words, made_ms) VALUES (?1, ?2, ?3)");
    query_bind_int(q, 1, g->sanction);
    query_bind_str(q, 2, g->words);
    query_bind_int(q, 3, g->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status case_appeal(struct arena *arena, struct store *store, int64_t sanction, int64_t member,
                        struct str words, const struct case_kept *files, size_t nfiles,
                        int64_t now_ms, struct error *err)
{
    int64_t about;
    struct case_going g = {.store = store,
                           .sanction = sanction,
                           .actor = member,
                           .now_ms = now_ms,
                           .act = CASE_ACT_APPEAL,
                           .words = words};
    enum status status = find_file(store, sanction, &g.file, &about, err);
    if (!status)
        status = case_pass(&g, err);
    if (!status)
        status = insert_appeal(&g, err);
    if (!status)
        status = case_insert_exhibits(arena, &g, "appeal", files, nfiles, err);
    g.words = STR(""); /* they stand in the appeal */
    return status ? status : case_note_step(&g, NULL, err);
}

/* --- heard -------------------------------------------------------------------------------------- */

static enum status note_heard(const struct case_going *g, struct error *err)
{
    struct query *q = query_start(g->store, "UPDATE appeal SET decided_by = ?2, decided_ms = ?3,"
                                            " reasons = ?4 WHERE sanction = ?1");
    query_bind_int(q, 1, g->sanction);
    query_bind_int(q, 2, g->actor);
    query_bind_int(q, 3, g->now_ms);
    query_bind_str(q, 4, g->words);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status tell(struct arena *arena, const struct case_going *g, int64_t member,
                        const char *kind, struct error *err)
{
    struct query *q = query_start(g->store, "SELECT key FROM sanction WHERE id = ?1");
    query_bind_int(q, 1, g->sanction);
    const char *key = query_row(q) ? str_z(arena, query_str(q, 0)) : "";
    enum status status = query_end(q, err);
    return status
               ? status
               : library_queue_letter_of(g->store, (struct letter){.member = member, .kind = kind},
                                         json_pack("{s:s+, s:o}", "path", "/sanctions/", key,
                                                   "words", str_to_json(g->words)),
                                         err);
}

/* Once nothing of the case stands open it is settled, and what was upheld is rewarded. */
static enum status settle(const struct case_going *of, struct error *err)
{
    struct error not_yet;
    struct case_going g = {
        .store = of->store, .file = of->file, .now_ms = of->now_ms, .act = CASE_ACT_SETTLE};
    enum status status = case_pass(&g, &not_yet);
    if (status == STATUS_CONFLICT)
        return STATUS_OK;
    if (status) {
        if (err)
            *err = not_yet;
        return status;
    }
    status = case_note_step(&g, NULL, err);
    return status ? status : case_make_rewards(g.store, g.file, g.now_ms, err);
}

/* What hearing an appeal is, whatever comes of it: the gate, who heard it and when, the step on record. */
static enum status hear(struct case_going *g, int64_t *member, struct error *err)
{
    enum status status = find_file(g->store, g->sanction, &g->file, member, err);
    if (!status)
        status = case_pass(g, err);
    if (!status)
        status = note_heard(g, err);
    return status ? status : case_note_step(g, NULL, err);
}

enum status case_refuse_appeal(struct arena *arena, struct store *store, int64_t sanction,
                               int64_t actor, struct str reasons, int64_t now_ms, struct error *err)
{
    int64_t member;
    struct case_going g = {.store = store,
                           .sanction = sanction,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = CASE_ACT_REFUSE,
                           .words = reasons};
    enum status status = hear(&g, &member, err);
    if (!status)
        status = tell(arena, &g, member, "appeal-refused", err);
    return status ? status : settle(&g, err);
}

/* --- undone ------------------------------------------------------------------------------------- */

/* Ids that a query with one number finds. */
static enum status list_ids(struct arena *arena, struct store *store, const char *sql,
                            int64_t given, int64_t **ids, size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, given);
    while (query_row(q)) {
        int64_t id = query_int(q, 0);
        buf_add(&rows, (struct str){(const char *)&id, sizeof id});
    }
    *count = rows.len / sizeof **ids;
    *ids = arena_array(arena, *count + 1, int64_t);
    if (*count)
        memcpy(*ids, rows.at, rows.len);
    return query_end(q, err);
}

static enum status restore_subscriptions(struct arena *arena, const struct case_going *g,
                                         struct error *err)
{
    int64_t *ids = NULL;
    size_t count = 0;
    enum status status = list_ids(
        arena, g->store, "SELECT subscription FROM sanction_subscription WHERE sanction = ?1",
        g->sanction, &ids, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = library_restore_subscription(g->store, ids[i], g->sanction, g->now_ms, err);
    return status;
}

enum status case_grant_appeal(struct arena *arena, struct store *store, int64_t sanction,
                              int64_t actor, struct str reasons, int64_t now_ms, struct error *err)
{
    int64_t member;
    struct case_going g = {.store = store,
                           .sanction = sanction,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = CASE_ACT_GRANT,
                           .words = reasons};
    enum status status = hear(&g, &member, err);
    if (!status)
        status = account_end_suspension(arena, store, member, now_ms, err);
    if (!status)
        status = restore_subscriptions(arena, &g, err);
    if (!status)
        status = tell(arena, &g, member, "appeal-granted", err);
    return status ? status : settle(&g, err);
}

/* --- by itself ---------------------------------------------------------------------------------- */

static enum status expire(struct arena *arena, struct store *store, int64_t sanction,
                          int64_t now_ms, struct error *err)
{
    int64_t member;
    struct case_going g = {
        .store = store, .sanction = sanction, .now_ms = now_ms, .act = CASE_ACT_EXPIRE};
    enum status status = find_file(store, sanction, &g.file, &member, err);
    if (!status)
        status = case_pass(&g, err);
    if (!status)
        status = case_note_step(&g, NULL, err);
    if (!status)
        status = tell(arena, &g, member, "appeal-over", err);
    return status ? status : settle(&g, err);
}

enum status case_keep_time(struct arena *arena, struct store *store, int64_t now_ms,
                           struct error *err)
{
    int64_t *ids;
    size_t count = 0;
    enum status status = list_ids(arena, store,
                                  "SELECT id FROM sanction WHERE state = 'standing'"
                                  " AND appeal_until_ms <= ?1 ORDER BY id LIMIT 500",
                                  now_ms, &ids, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = expire(arena, store, ids[i], now_ms, err);
    if (!status)
        status = list_ids(arena, store,
                          "SELECT member FROM account WHERE suspended_ms IS NOT NULL"
                          " AND suspended_until_ms <= ?1 ORDER BY member LIMIT 500",
                          now_ms, &ids, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        status = account_end_suspension(arena, store, ids[i], now_ms, err);
    return status ? status : case_give_rewards(arena, store, now_ms, err);
}
