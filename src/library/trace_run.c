/* Traces asked for from a page; see trace_run.h. */
#include "library/trace_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "library/case_steps.h"
#include "library/finding_json.h"
#include "library/joint.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/record.h"

static const char *const STATES[] = {"waiting",   "running",     "done",
                                     "cancelled", "interrupted", "failed"};

const char *trace_state_name(enum trace_state state)
{
    return STATES[state];
}

static enum trace_state state_named(struct str name)
{
    enum trace_state state = TRACE_WAITING;
    while (state < TRACE_FAILED && !str_equal(name, str_of(STATES[state])))
        state++;
    return state;
}

/* --- rows ------------------------------------------------------------------------------------------- */

#define COLUMNS                                                                              \
    "t.id, t.key, t.paper, t.everyone, t.false_alarm, t.asked_by, m.name, t.asked_ms,"       \
    " t.began_ms, t.ended_ms, t.state, t.failed, t.finding, t.matches, t.case_file,"         \
    " coalesce(c.key, ''), coalesce((SELECT j.number FROM joint j WHERE j.trace = t.id), 0)" \
    " FROM trace t JOIN member m ON m.id = t.asked_by"                                       \
    " LEFT JOIN case_file c ON c.id = t.case_file"

/* Whether there is a trace for a viewer (?2). A finding names members by their numbers (library_pack_finding). */
#define IS_THERE(VIEWER)                                                                                   \
    "NOT " CASE_ACCUSES_SQL(                                                                               \
        "t.case_file",                                                                                     \
        VIEWER) " AND NOT EXISTS (SELECT 1 FROM joint tj"                                                  \
                " WHERE tj.trace = t.id AND (" CASE_ACCUSES_SQL("tj.one", VIEWER) " OR " CASE_ACCUSES_SQL( \
                    "tj.other",                                                                            \
                    VIEWER) ")) AND (t.finding = '' OR NOT EXISTS"                                         \
                            " (SELECT 1 FROM json_each(t.finding, '$.members') tn"                         \
                            " WHERE json_extract(tn.value, '$.member') = 'M' || " VIEWER "))"

static void read_failed(struct str text, struct error *failed)
{
    json_t *json = json_loadb(text.at, text.len, 0, NULL);
    const char *en = json_string_value(json_object_get(json, "en"));
    const char *zh = json_string_value(json_object_get(json, "zh"));
    (void)snprintf(failed->en, sizeof failed->en, "%s", en ? en : "");
    (void)snprintf(failed->zh, sizeof failed->zh, "%s", zh ? zh : "");
    json_decref(json);
}

static struct trace_run read_run(struct arena *arena, struct query *q)
{
    struct trace_run run = {
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .paper = query_int(q, 2),
        .everyone = query_int(q, 3) != 0,
        .false_alarm = query_real(q, 4),
        .asked_by = query_int(q, 5),
        .asker = str_copy(arena, query_str(q, 6)),
        .asked_ms = query_int(q, 7),
        .began_ms = query_int(q, 8),
        .ended_ms = query_int(q, 9),
        .state = state_named(query_str(q, 10)),
        .finding = str_copy(arena, query_str(q, 12)),
        .case_file = query_int(q, 14),
        .case_key = str_copy(arena, query_str(q, 15)),
        .joint = query_int(q, 16),
    };
    struct str digest = query_blob(q, 13);
    if (query_str(q, 11).len)
        read_failed(query_str(q, 11), &run.failed);
    if (digest.len == sizeof run.matches)
        memcpy(&run.matches, digest.at, digest.len);
    return run;
}

enum status library_get_exhibit(struct arena *arena, struct store *store,
                                const struct digest *digest, struct str *bytes, struct error *err)
{
    enum status status = store_get_blob(arena, store, digest, bytes, err);
    return status != STATUS_MISSING
               ? status
               : error_set(err, STATUS_MISSING,
                           "This exhibit is not kept any more: it went with the data of a member "
                           "that was erased. Its digest stays.",
                           "该物证已不再保存：随某成员资料的抹除一并删除，仅留摘要。");
}

/* Exhibits whose names went with a member's data are called by their number. */
static enum status read_exhibits(struct arena *arena, struct store *store, struct trace_run *run,
                                 struct error *err)
{
    struct query *q =
        query_start(store, "SELECT coalesce(nullif(name, ''), '#' || number), digest, reading"
                           " FROM trace_exhibit WHERE trace = ?1 ORDER BY number");
    run->exhibits = arena_array(arena, TRACE_EXHIBITS_ROOM, struct trace_exhibit);
    query_bind_int(q, 1, run->id);
    while (query_row(q) && run->nexhibits < TRACE_EXHIBITS_ROOM) {
        struct trace_exhibit *exhibit = &run->exhibits[run->nexhibits++];
        struct str digest = query_blob(q, 1);
        struct str reading = query_blob(q, 2);
        exhibit->name = str_copy(arena, query_str(q, 0));
        if (digest.len == sizeof exhibit->digest)
            memcpy(&exhibit->digest, digest.at, digest.len);
        exhibit->has_reading = reading.len == sizeof exhibit->reading;
        if (exhibit->has_reading)
            memcpy(&exhibit->reading, reading.at, reading.len);
    }
    return query_end(q, err);
}

enum status library_find_trace(struct arena *arena, struct store *store, struct str key,
                               int64_t viewer, struct trace_run *run, struct error *err)
{
    struct query *q = query_start(store, "SELECT " COLUMNS " WHERE t.key = ?1 AND " IS_THERE("?2"));
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, viewer);
    bool found = query_row(q);
    if (found)
        *run = read_run(arena, q);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such trace.", "没有这次追踪。");
    return status ? status : read_exhibits(arena, store, run, err);
}

enum status library_list_traces(struct arena *arena, struct store *store, int64_t viewer,
                                int64_t case_file, size_t most, struct trace_run **runs,
                                size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " COLUMNS " WHERE (?3 = 0 OR t.case_file = ?3) AND " IS_THERE(
                               "?2") " ORDER BY t.asked_ms DESC, t.id DESC LIMIT ?1");
    *runs = arena_array(arena, most + 1, struct trace_run);
    *count = 0;
    query_bind_int(q, 1, (int64_t)most);
    query_bind_int(q, 2, viewer);
    query_bind_int(q, 3, case_file);
    while (query_row(q))
        (*runs)[(*count)++] = read_run(arena, q);
    return query_end(q, err);
}

enum status library_list_trace_viewers(struct arena *arena, struct store *store, struct str key,
                                       int64_t **members, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT DISTINCT a.member FROM trace t, account a JOIN role r ON r.member = a.member"
               " WHERE t.key = ?1 AND r.role IN ('steward', 'owner') AND a.suspended_ms IS NULL"
               " AND " IS_THERE("a.member") " ORDER BY a.member");
    struct buf ids = {.arena = arena};
    query_bind_str(q, 1, key);
    while (query_row(q)) {
        int64_t member = query_int(q, 0);
        buf_add(&ids, (struct str){(const char *)&member, sizeof member});
    }
    *count = ids.len / sizeof **members;
    *members = arena_array(arena, *count + 1, int64_t);
    if (*count)
        memcpy(*members, ids.at, ids.len);
    return query_end(q, err);
}

static enum status next_trace(struct arena *arena, struct store *store, int heaviest,
                              struct trace_run *run, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " COLUMNS " WHERE t.state = 'waiting' AND t.heavy <= ?1"
                           " ORDER BY EXISTS (SELECT 1 FROM joint j WHERE j.trace = t.id),"
                           " EXISTS (SELECT 1 FROM trace r WHERE r.state = 'running'"
                           " AND (r.asked_by = t.asked_by OR r.case_file = t.case_file)),"
                           " t.asked_ms, t.id LIMIT 1");
    query_bind_int(q, 1, heaviest);
    bool found = query_row(q);
    if (found)
        *run = read_run(arena, q);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "No trace waits.", "没有等待中的追踪。");
    return status ? status : read_exhibits(arena, store, run, err);
}

enum status library_next_trace(struct arena *arena, struct store *store, struct trace_run *run,
                               struct error *err)
{
    return next_trace(arena, store, 1, run, err);
}

enum status library_next_quick_trace(struct arena *arena, struct store *store,
                                     struct trace_run *run, struct error *err)
{
    return next_trace(arena, store, 0, run, err);
}

/* --- asking ----------------------------------------------------------------------------------------- */

static json_t *digest_json(const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    return json_string(hex);
}

static void leave_out_repeats(struct trace_run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->nexhibits; i++) {
        bool known = false;
        for (size_t j = 0; j < kept; j++)
            known |= memcmp(&run->exhibits[j].digest, &run->exhibits[i].digest,
                            sizeof(struct digest)) == 0;
        if (!known)
            run->exhibits[kept++] = run->exhibits[i];
    }
    run->nexhibits = kept;
}

static enum status check_asked(struct trace_run *run, struct error *err)
{
    leave_out_repeats(run);
    if (run->nexhibits == 0)
        return error_set(err, STATUS_INPUT, "Give at least one exhibit: a file, or text pasted in.",
                         "请至少提供一份物证：上传文件，或粘贴文字。");
    if (run->nexhibits > TRACE_EXHIBITS_ROOM)
        return error_set(err, STATUS_INPUT, "At most %u exhibits at a time, please.",
                         "每次最多 %u 份物证。", TRACE_EXHIBITS_MAX);
    if (!(run->false_alarm > 0 && run->false_alarm <= TRACE_FALSE_ALARM))
        return error_set(err, STATUS_INPUT,
                         "The chance of naming anybody innocent may be one in a million at most.",
                         "误认无辜者的概率上限不得高于百万分之一。");
    return STATUS_OK;
}

static enum status insert_run(struct store *store, struct trace_run *run, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO trace (key, paper, everyone, false_alarm, asked_by, asked_ms,"
               " case_file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_str(q, 1, run->key);
    query_bind_int_or_null(q, 2, run->paper);
    query_bind_int(q, 3, run->everyone);
    query_bind_real(q, 4, run->false_alarm);
    query_bind_int(q, 5, run->asked_by);
    query_bind_int(q, 6, run->asked_ms);
    query_bind_int_or_null(q, 7, run->case_file);
    (void)query_row(q);
    enum status status = query_end(q, err);
    run->id = store_last_id(store);
    return status;
}

static enum status insert_exhibit(struct store *store, const struct trace_run *run, size_t at,
                                  struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO trace_exhibit (trace, number, name, digest) VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, run->id);
    query_bind_int(q, 2, (int64_t)at + 1);
    query_bind_str(q, 3, run->exhibits[at].name);
    query_bind_blob(q, 4, digest_bytes(&run->exhibits[at].digest));
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *asked_json(const struct trace_run *run)
{
    json_t *exhibits = json_array();
    for (size_t i = 0; i < run->nexhibits; i++)
        json_array_append_new(exhibits, digest_json(&run->exhibits[i].digest));
    json_t *paper = run->paper ? json_sprintf("P%" PRId64, run->paper) : json_null();
    json_t *file = run->case_file ? json_sprintf("C%" PRId64, run->case_file) : json_null();
    return json_pack("{s:o, s:o, s:b, s:f, s:o}", "exhibits", exhibits, "paper", paper, "everyone",
                     (int)run->everyone, "false_alarm", run->false_alarm, "case", file);
}

enum status library_ask_trace(struct store *store, struct trace_run *run, struct error *err)
{
    enum status status = check_asked(run, err);
    if (!status && run->case_file)
        status =
            case_allow(store, run->case_file, 0, CASE_ACT_TRACE, run->asked_by, run->asked_ms, err);
    if (!status)
        status = insert_run(store, run, err);
    for (size_t i = 0; !status && i < run->nexhibits; i++)
        status = insert_exhibit(store, run, i, err);
    return status ? status : record_event(store, "trace.asked", 'F', run->id, asked_json(run), err);
}

/* --- from state to state ------------------------------------------------------------------------------ */

/* Moves a trace on by an UPDATE whose parameters are ?1 its id and ?2 now, with its event; *moved is false,
 * and nothing recorded, when the state did not allow it. */
static enum status move(struct store *store, const char *sql, const char *event, int64_t id,
                        int64_t now_ms, bool *moved, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    *moved = !status && store_changes(store) > 0;
    return *moved && event ? record_event(store, event, 'F', id, NULL, err) : status;
}

enum status library_ask_trace_again(struct store *store, int64_t id, int64_t now_ms,
                                    struct error *err)
{
    bool moved;
    enum status status =
        move(store,
             "UPDATE trace SET state = 'waiting', asked_ms = ?2, began_ms = NULL, ended_ms = NULL,"
             " failed = '' WHERE id = ?1 AND state IN ('cancelled', 'interrupted', 'failed')",
             "trace.asked_again", id, now_ms, &moved, err);
    if (!status && !moved)
        return error_set(err, STATUS_CONFLICT, "This trace has not been broken off.",
                         "这次追踪并未中断。");
    return status;
}

enum status library_cancel_trace(struct store *store, int64_t id, int64_t now_ms, struct error *err)
{
    bool moved;
    enum status status = move(store,
                              "UPDATE trace SET state = 'cancelled', ended_ms = ?2 WHERE id = ?1"
                              " AND state IN ('waiting', 'running')",
                              "trace.cancelled", id, now_ms, &moved, err);
    if (!status && !moved)
        return error_set(err, STATUS_CONFLICT, "This trace has ended already.",
                         "这次追踪已经结束。");
    return status;
}

enum status library_begin_trace(struct store *store, int64_t id, int64_t now_ms, struct error *err)
{
    bool moved;
    enum status status = move(store,
                              "UPDATE trace SET state = 'running', began_ms = ?2 WHERE id = ?1"
                              " AND state = 'waiting'",
                              NULL, id, now_ms, &moved, err);
    if (!status && !moved)
        return error_set(err, STATUS_CONFLICT, "This trace waits no more.", "这次追踪已不在等待。");
    return status;
}

enum status library_put_back_trace(struct store *store, int64_t id, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE trace SET state = 'waiting', began_ms = NULL, heavy = 1"
                           " WHERE id = ?1 AND state = 'running'");
    query_bind_int(q, 1, id);
    (void)query_row(q);
    return query_end(q, err);
}

enum status library_interrupt_traces(struct store *store, int64_t now_ms, struct error *err)
{
    int64_t left[64];
    size_t count = 0;
    bool moved;
    struct query *q =
        query_start(store, "SELECT id FROM trace WHERE state = 'running' ORDER BY id");
    while (query_row(q) && count < sizeof left / sizeof *left)
        left[count++] = query_int(q, 0);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++)
        status = move(store,
                      "UPDATE trace SET state = 'interrupted', ended_ms = ?2 WHERE id = ?1"
                      " AND state = 'running'",
                      "trace.interrupted", left[i], now_ms, &moved, err);
    return status;
}

/* --- running ------------------------------------------------------------------------------------------ */

enum status library_run_trace(struct arena *arena, struct store *store, struct trace_run *run,
                              const struct trace_watch *watch, struct trace_request *request,
                              struct finding *finding, struct error *err)
{
    struct exhibit *exhibits = arena_array(arena, run->nexhibits + 1, struct exhibit);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < run->nexhibits; i++) {
        struct str bytes;
        status = library_get_exhibit(arena, store, &run->exhibits[i].digest, &bytes, err);
        exhibits[i] = (struct exhibit){.name = run->exhibits[i].name, .bytes = bytes};
    }
    if (!status)
        status = library_read_exhibits(arena, store, exhibits, run->nexhibits, watch, err);
    *request = (struct trace_request){.exhibits = exhibits,
                                      .nexhibits = run->nexhibits,
                                      .paper = run->paper,
                                      .everyone = run->everyone,
                                      .false_alarm = run->false_alarm,
                                      .watch = watch};
    if (!status)
        status = library_trace(arena, store, request, finding, err);
    if (!status && run->joint && finding->verdict == VERDICT_INSUFFICIENT)
        status = library_joint_alike(arena, store, run, request, &run->alike, err);
    return status;
}

static enum verdict verdict_of(struct str finding)
{
    json_t *json = json_loadb(finding.at, finding.len, 0, NULL);
    struct str name = str_of(json_string_value(json_object_get(json, "verdict")));
    enum verdict verdict = VERDICT_NAMED;
    while (verdict < VERDICT_UNKNOWN_SOURCE && !str_equal(name, str_of(verdict_name(verdict))))
        verdict++;
    json_decref(json);
    return verdict;
}

/* The case's own numbers of the exhibits. */
static enum status number_exhibits(struct store *store, const struct trace_run *run, int64_t file,
                                   int64_t *ids, size_t *count, struct error *err)
{
    enum status status = STATUS_OK;
    *count = 0;
    for (size_t i = 0; !status && i < run->nexhibits; i++) {
        struct query *q =
            query_start(store, "SELECT id FROM case_exhibit WHERE case_file = ?1 AND digest = ?2");
        query_bind_int(q, 1, file);
        query_bind_blob(q, 2, digest_bytes(&run->exhibits[i].digest));
        if (query_row(q))
            ids[(*count)++] = query_int(q, 0);
        status = query_end(q, err);
    }
    return status;
}

/* Makes what a trace found a finding of the case. */
static enum status keep_in_case(struct arena *arena, struct store *store,
                                const struct trace_run *run, int64_t file, struct str finding,
                                int64_t now_ms, struct error *err)
{
    int64_t ids[TRACE_EXHIBITS_ROOM];
    struct case_finding kept = {.made_by = run->asked_by,
                                .verdict = verdict_of(finding),
                                .asked = str_from_json(arena, asked_json(run)),
                                .finding = finding,
                                .exhibits = ids};
    enum status status = number_exhibits(store, run, file, ids, &kept.nexhibits, err);
    return status ? status : case_keep_finding(arena, store, file, &kept, now_ms, err);
}

/* Lets the trace refer to what it read. */
static enum status refer_to_readings(struct store *store, const struct trace_run *run,
                                     const struct trace_request *request, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < request->nexhibits; i++) {
        if (!request->exhibits[i].has_reading)
            continue;
        struct query *q = query_start(
            store, "UPDATE trace_exhibit SET reading = ?3 WHERE trace = ?1 AND digest = ?2");
        query_bind_int(q, 1, run->id);
        query_bind_blob(q, 2, digest_bytes(&request->exhibits[i].digest));
        query_bind_blob(q, 3, digest_bytes(&request->exhibits[i].reading));
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

enum status library_end_trace(struct arena *arena, struct store *store, const struct trace_run *run,
                              const struct trace_request *request, const struct finding *finding,
                              const struct digest *matches, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE trace SET state = 'done', ended_ms = ?2,"
                                         " finding = ?3, matches = ?4"
                                         " WHERE id = ?1 AND state = 'running'");
    query_bind_int(q, 1, run->id);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3, library_pack_finding(arena, finding));
    query_bind_blob(q, 4, digest_bytes(matches));
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status || store_changes(store) == 0)
        return status;
    status = refer_to_readings(store, run, request, err);
    if (!status)
        status = library_record_finding(arena, store, str_format(arena, "F%" PRId64, run->id),
                                        request, finding, err);
    if (!status && run->joint)
        status = library_judge_joint(arena, store, run, finding, err);
    if (status || !run->case_file)
        return status;
    status = keep_in_case(arena, store, run, run->case_file, library_pack_finding(arena, finding),
                          now_ms, err);
    return status ? status : library_pair_cases(arena, store, run, now_ms, err);
}

enum status library_fail_trace(struct arena *arena, struct store *store, int64_t id,
                               const struct error *why, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE trace SET state = 'failed', ended_ms = ?2,"
                                         " failed = ?3 WHERE id = ?1 AND state = 'running'");
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, now_ms);
    query_bind_str(q, 3,
                   str_from_json(arena, json_pack("{s:s, s:s}", "en", why->en, "zh", why->zh)));
    (void)query_row(q);
    enum status status = query_end(q, err);
    bool moved = !status && store_changes(store) > 0;
    return moved ? record_event(store, "trace.failed", 'F', id, NULL, err) : status;
}

/* --- a case of it --------------------------------------------------------------------------------------- */

static enum status size_of(struct arena *arena, struct store *store,
                           const struct trace_exhibit *exhibit, struct case_kept *kept,
                           struct error *err)
{
    struct str bytes;
    enum status status = library_get_exhibit(arena, store, &exhibit->digest, &bytes, err);
    *kept = (struct case_kept){exhibit->name, (int64_t)bytes.len, exhibit->digest};
    return status;
}

static enum status find_case_key(struct arena *arena, struct store *store, int64_t file,
                                 struct str *key, struct error *err)
{
    struct query *q = query_start(store, "SELECT key FROM case_file WHERE id = ?1");
    query_bind_int(q, 1, file);
    if (query_row(q))
        *key = str_copy(arena, query_str(q, 0));
    return query_end(q, err);
}

enum status library_open_case_of_trace(struct arena *arena, struct store *store,
                                       const struct trace_run *run, int64_t actor, int64_t now_ms,
                                       struct str *key, struct error *err)
{
    struct case_kept *files = arena_array(arena, run->nexhibits + 1, struct case_kept);
    struct case_report report = {
        .reporter = actor, .kind = STR("leak"), .files = files, .nfiles = run->nexhibits};
    enum status status = STATUS_OK;
    bool moved = false;
    for (size_t i = 0; !status && i < run->nexhibits; i++)
        status = size_of(arena, store, &run->exhibits[i], &files[i], err);
    if (!status)
        status = case_report(arena, store, &report, now_ms, err);
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE trace SET case_file = ?2 WHERE id = ?1"
                                         " AND state = 'done' AND case_file IS NULL");
    query_bind_int(q, 1, run->id);
    query_bind_int(q, 2, report.case_file);
    (void)query_row(q);
    status = query_end(q, err);
    moved = !status && store_changes(store) > 0;
    if (!status && !moved)
        return error_set(err, STATUS_CONFLICT, "This trace is not done, or has a case already.",
                         "这次追踪尚未完成，或已立案。");
    store_act_as(store, library_member_id(arena, actor));
    struct trace_run of_case = *run;
    of_case.case_file = report.case_file;
    if (!status)
        status = keep_in_case(arena, store, run, report.case_file, run->finding, now_ms, err);
    if (!status)
        status = library_pair_cases(arena, store, &of_case, now_ms, err);
    return status ? status : find_case_key(arena, store, report.case_file, key, err);
}
