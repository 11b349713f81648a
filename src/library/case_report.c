/* Cases reported, and what is gathered in them; see case.h. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "library/case_steps.h"
#include "library/offer.h"
#include "library/record.h"

#define LISTED_MAX 1000

/* --- files -------------------------------------------------------------------------------------- */

enum status case_keep_file(struct store *store, struct str name, struct str bytes,
                           struct case_kept *kept, struct error *err)
{
    if (bytes.len == 0)
        return error_set(err, STATUS_INPUT, "The file \"%.*s\" is empty.", "文件“%.*s”是空的。",
                         STR_ARG(name));
    if (bytes.len > CASE_FILE_MAX)
        return error_set(err, STATUS_INPUT, "The file \"%.*s\" is larger than %zu MB.",
                         "文件“%.*s”超过 %zu MB。", STR_ARG(name), CASE_FILE_MAX >> 20);
    *kept = (struct case_kept){.name = name, .size = (int64_t)bytes.len};
    return store_put_blob(store, bytes, &kept->digest, err);
}

static enum status insert_exhibit(struct arena *arena, const struct case_going *g,
                                  const char *source, const struct case_kept *kept,
                                  struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(
        g->store, "INSERT OR IGNORE INTO case_exhibit (key, case_file, source, member, sanction,"
                  " name, size, digest, added_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, g->file);
    query_bind_str(q, 3, str_of(source));
    query_bind_int_or_null(q, 4, g->actor);
    query_bind_int_or_null(q, 5, g->sanction);
    query_bind_str(q, 6, utf8_first_bad(kept->name) == SIZE_MAX ? kept->name : STR("file"));
    query_bind_int(q, 7, kept->size);
    query_bind_blob(q, 8, digest_bytes(&kept->digest));
    query_bind_int(q, 9, g->now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status case_insert_exhibits(struct arena *arena, const struct case_going *going,
                                 const char *source, const struct case_kept *files, size_t nfiles,
                                 struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < nfiles; i++)
        status = insert_exhibit(arena, going, source, &files[i], err);
    return status;
}

/* {"exhibits": ["SHA-256", …]} */
static json_t *digests_of(const struct case_kept *files, size_t nfiles)
{
    json_t *list = json_array();
    for (size_t i = 0; i < nfiles; i++) {
        char hex[DIGEST_HEX + 1];
        digest_to_hex(&files[i].digest, hex);
        json_array_append_new(list, json_string(hex));
    }
    return json_pack("{s:o}", "exhibits", list);
}

/* --- the report --------------------------------------------------------------------------------- */

enum status case_check_report(struct store *store, const struct case_report *r, int64_t now_ms,
                              struct error *err)
{
    if (!r->link.len && !r->words.len && !r->nfiles)
        return error_set(err, STATUS_INPUT,
                         "Give at least a link, a file, or some words about what you saw.",
                         "请至少提供链接、文件或文字说明中的一项。");
    if (!str_equal(r->kind, STR("leak")) && !str_equal(r->kind, STR("reseller")))
        return error_set(err, STATUS_INPUT, "Say whether it is a leak or a reseller.",
                         "请选择举报类型：泄露或倒卖。");
    struct query *q = query_start(
        store, "SELECT count(*) FROM report WHERE reporter = ?1 AND made_ms > ?2 - 86400000");
    query_bind_int(q, 1, r->reporter);
    query_bind_int(q, 2, now_ms);
    bool many = query_row(q) && query_int(q, 0) >= CASE_REPORTS_A_DAY;
    enum status status = query_end(q, err);
    if (!status && many)
        return error_set(err, STATUS_LIMITED,
                         "You have sent %d reports within a day. Please send further ones "
                         "tomorrow, or add to what you sent by writing to a steward.",
                         "您一天内已提交 %d 份举报，请明日再提交，或直接联系管理员补充。",
                         CASE_REPORTS_A_DAY);
    return status;
}

static enum status insert_case(struct arena *arena, struct store *store, int64_t now_ms,
                               int64_t *file, struct error *err)
{
    struct str key;
    enum status status = digest_random_key(arena, &key, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO case_file (key, state, opened_ms, changed_ms)"
                                         " VALUES (?1, 'open', ?2, ?2)");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    status = query_end(q, err);
    *file = store_last_id(store);
    return status;
}

static enum status insert_report(struct arena *arena, struct store *store, struct case_report *r,
                                 struct error *err)
{
    enum status status = digest_random_key(arena, &r->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO report (key, case_file, reporter, anonymous, kind, link, place,"
               " seen_ms, words, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    query_bind_str(q, 1, r->key);
    query_bind_int(q, 2, r->case_file);
    query_bind_int(q, 3, r->reporter);
    query_bind_int(q, 4, r->anonymous);
    query_bind_str(q, 5, r->kind);
    query_bind_str(q, 6, r->link);
    query_bind_str(q, 7, r->place);
    query_bind_int_or_null(q, 8, r->seen_ms);
    query_bind_str(q, 9, r->words);
    query_bind_int(q, 10, r->made_ms);
    (void)query_row(q);
    status = query_end(q, err);
    r->id = store_last_id(store);
    return status;
}

enum status case_report(struct arena *arena, struct store *store, struct case_report *r,
                        int64_t now_ms, struct error *err)
{
    r->made_ms = now_ms;
    enum status status = case_check_report(store, r, now_ms, err);
    if (!status)
        status = insert_case(arena, store, now_ms, &r->case_file, err);
    if (!status)
        status = insert_report(arena, store, r, err);
    struct case_going g = {.store = store,
                           .file = r->case_file,
                           .act = CASE_ACT_REPORT,
                           .now_ms = now_ms,
                           .to = CASE_OPEN};
    if (!status)
        status = case_insert_exhibits(arena, &g, "report", r->files, r->nfiles, err);
    if (status)
        return status;
    return case_note_step(&g, digests_of(r->files, r->nfiles), err);
}

/* Reports of reporter ?1 (0: all) or of case ?2 (0: all); the name for steward ?3. */
#define REPORT_SQL                                                                                \
    "SELECT r.id, r.key, r.case_file, r.reporter, r.anonymous, r.kind, r.link, r.place, r.words," \
    " coalesce(r.seen_ms, 0), r.made_ms, c.state, coalesce(w.given_ms, 0),"                       \
    " coalesce(w.until_ms, 0), w.id IS NOT NULL AND w.given_ms IS NULL, m.name, m.email,"         \
    " r.anonymous AND NOT EXISTS (SELECT 1 FROM case_step u WHERE u.case_file = r.case_file"      \
    "  AND u.act = 'uncover' AND u.actor = ?3)"                                                   \
    " FROM report r JOIN case_file c ON c.id = r.case_file JOIN member m ON m.id = r.reporter"    \
    " LEFT JOIN reward w ON w.case_file = r.case_file AND w.member = r.reporter"

static void read_report(struct arena *arena, struct query *q, struct case_report *r)
{
    bool covered = query_int(q, 17) != 0;
    *r = (struct case_report){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .case_file = query_int(q, 2),
        .reporter = covered ? 0 : query_int(q, 3),
        .anonymous = query_int(q, 4) != 0,
        .kind = str_copy(arena, query_str(q, 5)),
        .link = str_copy(arena, query_str(q, 6)),
        .place = str_copy(arena, query_str(q, 7)),
        .words = str_copy(arena, query_str(q, 8)),
        .seen_ms = query_int(q, 9),
        .made_ms = query_int(q, 10),
        .state = case_state_named(query_str(q, 11)),
        .reward_ms = query_int(q, 12),
        .reward_until_ms = query_int(q, 13),
        .reward_waits = query_int(q, 14) != 0,
        .name = covered ? STR("") : str_copy(arena, query_str(q, 15)),
        .email = covered ? STR("") : str_copy(arena, query_str(q, 16)),
    };
}

static enum status read_reports(struct arena *arena, struct query *q, struct case_report **list,
                                size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    while (query_row(q)) {
        struct case_report r;
        read_report(arena, q, &r);
        buf_add(&rows, (struct str){(const char *)&r, sizeof r});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_report);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

enum status case_list_own_reports(struct arena *arena, struct store *store, int64_t member,
                                  struct case_report **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, REPORT_SQL " WHERE r.reporter = ?1 AND ?2 = 0"
                                                    " ORDER BY r.made_ms DESC LIMIT 1000");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, 0);
    query_bind_int(q, 3, 0);
    return read_reports(arena, q, list, count, err);
}

enum status case_list_reports(struct arena *arena, struct store *store, int64_t file,
                              int64_t viewer, struct case_report **list, size_t *count,
                              struct error *err)
{
    struct query *q =
        query_start(store, REPORT_SQL " WHERE r.case_file = ?2 AND ?1 = 0 ORDER BY r.id");
    query_bind_int(q, 1, 0);
    query_bind_int(q, 2, file);
    query_bind_int(q, 3, viewer);
    return read_reports(arena, q, list, count, err);
}

/* --- gathered ----------------------------------------------------------------------------------- */

enum status case_list_exhibits(struct arena *arena, struct store *store, int64_t file,
                               struct case_exhibit **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT e.id, e.key, e.source, coalesce(nullif(e.name, ''), '#' || e.id), coalesce(m.name, ''), e.size, e.added_ms,"
        " coalesce(e.sanction, 0), e.digest FROM case_exhibit e LEFT JOIN member m"
        " ON m.id = e.member WHERE e.case_file = ?1 ORDER BY e.id LIMIT ?2");
    struct buf rows = {.arena = arena};
    query_bind_int(q, 1, file);
    query_bind_int(q, 2, LISTED_MAX);
    while (query_row(q)) {
        struct case_exhibit e = {
            .id = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .source = str_copy(arena, query_str(q, 2)),
            .name = str_copy(arena, query_str(q, 3)),
            .by = str_copy(arena, query_str(q, 4)),
            .size = query_int(q, 5),
            .added_ms = query_int(q, 6),
            .sanction = query_int(q, 7),
        };
        struct str bytes = query_blob(q, 8);
        if (bytes.len == DIGEST_BYTES)
            memcpy(e.digest.bytes, bytes.at, DIGEST_BYTES);
        buf_add(&rows, (struct str){(const char *)&e, sizeof e});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_exhibit);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

enum status case_add_exhibits(struct arena *arena, struct store *store, int64_t file, int64_t actor,
                              const struct case_kept *files, size_t nfiles, int64_t now_ms,
                              struct error *err)
{
    struct case_going g = {
        .store = store, .file = file, .actor = actor, .now_ms = now_ms, .act = CASE_ACT_ADD};
    enum status status = case_pass(&g, err);
    if (!status && nfiles == 0)
        return error_set(err, STATUS_INPUT, "Choose at least one file.", "请至少选择一个文件。");
    if (!status)
        status = case_insert_exhibits(arena, &g, "steward", files, nfiles, err);
    return status ? status : case_note_step(&g, digests_of(files, nfiles), err);
}

enum status case_add_note(struct store *store, int64_t file, int64_t actor, struct str words,
                          int64_t now_ms, struct error *err)
{
    struct case_going g = {store, file, 0, actor, now_ms, CASE_ACT_NOTE, words, 0, 0, 0, 0, 0};
    enum status status = case_pass(&g, err);
    return status ? status : case_note_step(&g, NULL, err);
}

enum status case_uncover(struct store *store, int64_t file, int64_t actor, struct str words,
                         int64_t now_ms, struct error *err)
{
    struct case_going g = {store, file, 0, actor, now_ms, CASE_ACT_UNCOVER, words, 0, 0, 0, 0, 0};
    enum status status = case_pass(&g, err);
    return status ? status : case_note_step(&g, NULL, err);
}

enum status case_list_steps(struct arena *arena, struct store *store, int64_t file,
                            struct case_step **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT s.act, coalesce(a.name, ''), coalesce(b.name, ''), s.from_state,"
               " s.to_state, s.words, s.time_ms FROM case_step s LEFT JOIN member a"
               " ON a.id = s.actor LEFT JOIN sanction x ON x.id = s.sanction LEFT JOIN member b"
               " ON b.id = x.member WHERE s.case_file = ?1 ORDER BY s.id LIMIT ?2");
    struct buf rows = {.arena = arena};
    query_bind_int(q, 1, file);
    query_bind_int(q, 2, LISTED_MAX);
    while (query_row(q)) {
        struct case_step s = {
            .act = case_act_named(query_str(q, 0)),
            .actor = str_copy(arena, query_str(q, 1)),
            .about = str_copy(arena, query_str(q, 2)),
            .from = case_state_named(query_str(q, 3)),
            .to = case_state_named(query_str(q, 4)),
            .words = str_copy(arena, query_str(q, 5)),
            .time_ms = query_int(q, 6),
        };
        buf_add(&rows, (struct str){(const char *)&s, sizeof s});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_step);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}
