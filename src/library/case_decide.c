/* What one steward proposes and a second puts in force; see case.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "library/account.h"
#include "library/case_steps.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/record.h"
#include "library/setting.h"
#include "library/subscription.h"

#define APPEAL_DAYS 14

/* --- measures ----------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh;
} MEASURES[CASE_MEASURES] = {
    [CASE_MEASURE_NONE] = {"none", "no ground", "不成立"},
    [CASE_MEASURE_WARNING] = {"warning", "warning", "警告"},
    [CASE_MEASURE_SUSPENSION] = {"suspension", "suspension for a time", "限期暂停"},
    [CASE_MEASURE_END] = {"end", "end of subscription", "终止订阅"},
};

const char *case_measure_name(enum case_measure measure)
{
    return MEASURES[measure].name;
}

const char *case_measure_words(enum case_measure measure, enum lang lang)
{
    return lang_pick(lang, MEASURES[measure].en, MEASURES[measure].zh);
}

enum case_measure case_measure_named(struct str name)
{
    int m = CASE_MEASURE_NONE;
    while (m < CASE_MEASURES && !str_equal(name, str_of(MEASURES[m].name)))
        m++;
    return (enum case_measure)m;
}

/* --- proposed ----------------------------------------------------------------------------------- */

static enum status count(struct store *store, const char *sql, int64_t id, int64_t member,
                         int64_t now_ms, int64_t *number, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, now_ms);
    *number = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status check_end(struct store *store, const struct case_proposed *p, int64_t now_ms,
                             struct error *err)
{
    int64_t running = 0;
    enum status status = count(store,
                               "SELECT count(*) FROM subscription WHERE member = ?2 AND ended_ms"
                               " IS NULL AND (ends_ms > ?3 OR paused_ms IS NOT NULL) AND ?1 = 0",
                               0, p->member, now_ms, &running, err);
    if (!status && !running)
        return error_set(err, STATUS_INPUT,
                         "A member without a subscription that runs has none to end; choose "
                         "another measure.",
                         "该成员没有有效订阅可终止，请选择其他处理方式。");
    return status;
}

static enum status check_proposed(struct store *store, int64_t file, const struct case_proposed *p,
                                  int64_t now_ms, struct error *err)
{
    int64_t accused = 0;
    enum status status = count(
        store, "SELECT count(*) FROM case_accused WHERE case_file = ?1 AND member = ?2 AND ?3 > 0",
        file, p->member, now_ms, &accused, err);
    if (status)
        return status;
    if (!accused || p->measure >= CASE_MEASURES)
        return error_set(err, STATUS_INPUT, "Choose a measure for everybody named in the case.",
                         "请为每位涉及成员选择处理方式。");
    if (p->measure != CASE_MEASURE_NONE && !str_trim(p->grounds).len)
        return error_set(err, STATUS_INPUT,
                         "Give the grounds that the member is to be told, for each measure.",
                         "请填写每项处理须告知成员的理由。");
    if (p->measure == CASE_MEASURE_SUSPENSION &&
        (p->days < 1 || p->days > CASE_SUSPENSION_DAYS_MAX))
        return error_set(err, STATUS_INPUT, "A suspension lasts from 1 to %d days.",
                         "暂停期限应为 1 至 %d 天。", CASE_SUSPENSION_DAYS_MAX);
    if (p->measure == CASE_MEASURE_SUSPENSION)
        return account_check_suspension(store, p->member, err);
    return p->measure == CASE_MEASURE_END ? check_end(store, p, now_ms, err) : STATUS_OK;
}

/* Everybody accused, and nobody twice. */
static enum status check_all(struct store *store, int64_t file, const struct case_proposed *members,
                             size_t nmembers, int64_t now_ms, struct error *err)
{
    int64_t accused = 0;
    enum status status =
        count(store, "SELECT count(*) FROM case_accused WHERE case_file = ?1 AND ?2 = 0 AND ?3 > 0",
              file, 0, now_ms, &accused, err);
    for (size_t i = 0; !status && i < nmembers; i++)
        for (size_t j = 0; j < i; j++)
            accused += members[i].member == members[j].member;
    for (size_t i = 0; !status && i < nmembers; i++)
        status = check_proposed(store, file, &members[i], now_ms, err);
    if (!status && (size_t)accused != nmembers)
        return error_set(err, STATUS_INPUT,
                         "Whom the case names has changed; please look again and choose a measure "
                         "for each.",
                         "涉及成员有变动，请重新查看并逐一选择处理方式。");
    return status;
}

static enum status insert_proposed(struct store *store, int64_t decision,
                                   const struct case_proposed *p, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO decision_member (decision, member, measure, days, keeps, grounds)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, decision);
    query_bind_int(q, 2, p->member);
    query_bind_str(q, 3, str_of(case_measure_name(p->measure)));
    query_bind_int(q, 4, p->measure == CASE_MEASURE_SUSPENSION ? p->days : 0);
    query_bind_int(q, 5, p->measure == CASE_MEASURE_END && p->keeps);
    query_bind_str(q, 6, p->measure == CASE_MEASURE_NONE ? STR("") : str_trim(p->grounds));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert_decision(const struct case_going *g, const struct case_proposed *members,
                                   size_t nmembers, struct error *err)
{
    struct query *q =
        query_start(g->store, "INSERT INTO decision (case_file, proposer, proposed_ms, grounds)"
                              " VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(q, 1, g->file);
    query_bind_int(q, 2, g->actor);
    query_bind_int(q, 3, g->now_ms);
    query_bind_str(q, 4, g->words);
    (void)query_row(q);
    enum status status = query_end(q, err);
    int64_t decision = store_last_id(g->store);
    for (size_t i = 0; !status && i < nmembers; i++)
        status = insert_proposed(g->store, decision, &members[i], err);
    return status;
}

enum status case_propose(struct store *store, int64_t file, int64_t actor, struct str words,
                         const struct case_proposed *members, size_t nmembers, int64_t now_ms,
                         struct error *err)
{
    struct case_going g = {.store = store,
                           .file = file,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = CASE_ACT_PROPOSE,
                           .words = words};
    enum status status = case_pass(&g, err);
    if (!status)
        status = check_all(store, file, members, nmembers, now_ms, err);
    if (!status)
        status = insert_decision(&g, members, nmembers, err);
    return status ? status : case_note_step(&g, NULL, err);
}

/* Ends the proposal that waits; `second` 0: by its own proposer. */
static enum status end_decision(const struct case_going *g, int64_t second, const char *outcome,
                                struct error *err)
{
    struct query *q = query_start(g->store, "UPDATE decision SET second = ?2, ended_ms = ?3,"
                                            " outcome = ?4 WHERE id = ?1 AND outcome IS NULL");
    query_bind_int(q, 1, g->decision);
    query_bind_int_or_null(q, 2, second);
    query_bind_int(q, 3, g->now_ms);
    query_bind_str(q, 4, str_of(outcome));
    (void)query_row(q);
    return query_end(q, err);
}

enum status case_withdraw(struct store *store, int64_t file, int64_t actor, struct str words,
                          int64_t now_ms, struct error *err)
{
    struct case_going g = {.store = store,
                           .file = file,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = CASE_ACT_WITHDRAW,
                           .words = words};
    enum status status = case_pass(&g, err);
    if (!status)
        status = end_decision(&g, 0, "withdrawn", err);
    return status ? status : case_note_step(&g, NULL, err);
}

enum status case_return(struct store *store, int64_t file, int64_t actor, struct str words,
                        int64_t now_ms, struct error *err)
{
    struct case_going g = {.store = store,
                           .file = file,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = CASE_ACT_RETURN,
                           .words = words};
    enum status status = case_pass(&g, err);
    if (!status)
        status = end_decision(&g, actor, "returned", err);
    return status ? status : case_note_step(&g, NULL, err);
}

enum status case_reopen(struct store *store, int64_t file, int64_t actor, struct str words,
                        int64_t now_ms, struct error *err)
{
    struct case_going g = {.store = store,
                           .file = file,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = CASE_ACT_REOPEN,
                           .words = words};
    enum status status = case_pass(&g, err);
    return status ? status : case_note_step(&g, NULL, err);
}

/* --- put in force ------------------------------------------------------------------------------- */

static enum status find_appeal_until(struct arena *arena, struct store *store, int64_t now_ms,
                                     int64_t *until_ms, struct error *err)
{
    struct str text;
    uint64_t days = APPEAL_DAYS;
    enum status status = library_get_setting(arena, store, STR("appeal.days"), &text, err);
    if (!status && text.len)
        (void)str_to_u64(text, &days);
    *until_ms = now_ms + (int64_t)days * STORE_DAY_MS;
    return status;
}

/* A sanction that begins. */
struct beginning {
    struct arena *arena;
    const struct case_going *going; /* of the decision */
    struct case_proposed proposed;
    int64_t id, until_ms, appeal_until_ms;
    struct str key;
};

static enum status insert_sanction(struct beginning *b, struct error *err)
{
    const struct case_going *g = b->going;
    const struct case_proposed *p = &b->proposed;
    enum status status = digest_random_key(b->arena, &b->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        g->store, "INSERT INTO sanction (key, case_file, decision, member, measure, keeps, grounds,"
                  " state, told_ms, until_ms, appeal_until_ms)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'standing', ?8, ?9, ?10)");
    query_bind_str(q, 1, b->key);
    query_bind_int(q, 2, g->file);
    query_bind_int(q, 3, g->decision);
    query_bind_int(q, 4, p->member);
    query_bind_str(q, 5, str_of(case_measure_name(p->measure)));
    query_bind_int(q, 6, p->keeps);
    query_bind_str(q, 7, p->grounds);
    query_bind_int(q, 8, g->now_ms);
    query_bind_int_or_null(q, 9, b->until_ms);
    query_bind_int(q, 10, b->appeal_until_ms);
    (void)query_row(q);
    status = query_end(q, err);
    b->id = store_last_id(g->store);
    return status;
}

static enum status note_subscription(struct store *store, int64_t sanction, int64_t subscription,
                                     struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO sanction_subscription (sanction, subscription, keeps, paused_ms)"
               " SELECT ?1, id, keeps, paused_ms FROM subscription WHERE id = ?2");
    query_bind_int(q, 1, sanction);
    query_bind_int(q, 2, subscription);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status end_subscriptions(const struct beginning *b, struct error *err)
{
    const struct case_going *g = b->going;
    struct subscription *list;
    size_t n;
    enum status status = library_list_subscriptions(b->arena, g->store, b->proposed.member,
                                                    g->now_ms, &list, &n, err);
    for (size_t i = 0; !status && i < n; i++) {
        if (list[i].state == SUBSCRIPTION_ENDED || list[i].state == SUBSCRIPTION_KEPT)
            continue;
        status = note_subscription(g->store, b->id, list[i].id, err);
        if (!status)
            status =
                library_end_subscription(g->store, list[i].id, b->proposed.keeps, g->now_ms, err);
    }
    return status;
}

static enum status put_in_force(const struct beginning *b, struct error *err)
{
    const struct case_going *g = b->going;
    if (b->proposed.measure == CASE_MEASURE_SUSPENSION)
        return account_suspend_until(b->arena, g->store, b->proposed.member, b->until_ms, g->now_ms,
                                     err);
    return b->proposed.measure == CASE_MEASURE_END ? end_subscriptions(b, err) : STATUS_OK;
}

static enum status tell(const struct beginning *b, struct error *err)
{
    struct case_going g = *b->going;
    g.sanction = b->id;
    g.act = CASE_ACT_TELL;
    g.words = STR("");
    g.from = CASE_NONE;
    g.to = SANCTION_STANDING;
    enum status status =
        case_note_step(&g,
                       json_pack("{s:o, s:s}", "member", record_member(b->proposed.member),
                                 "measure", case_measure_name(b->proposed.measure)),
                       err);
    if (status)
        return status;
    json_t *data = json_pack(
        "{s:s+, s:s, s:o, s:I, s:I}", "path", "/sanctions/", str_z(b->arena, b->key), "measure",
        case_measure_name(b->proposed.measure), "words", str_to_json(b->proposed.grounds),
        "until_ms", (json_int_t)b->appeal_until_ms, "ends_ms", (json_int_t)b->until_ms);
    return library_queue_letter_of(
        g.store, (struct letter){.member = b->proposed.member, .kind = "sanction"}, data, err);
}

static enum status begin_sanction(struct beginning *b, struct error *err)
{
    if (b->proposed.measure == CASE_MEASURE_SUSPENSION)
        b->until_ms = b->going->now_ms + b->proposed.days * STORE_DAY_MS;
    enum status status = insert_sanction(b, err);
    if (!status)
        status = put_in_force(b, err);
    return status ? status : tell(b, err);
}

static enum status list_proposed(struct arena *arena, struct store *store, int64_t decision,
                                 struct case_proposed **list, size_t *n, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(
        store, "SELECT d.member, m.name, d.measure, d.days, d.keeps, d.grounds FROM decision_member"
               " d JOIN member m ON m.id = d.member WHERE d.decision = ?1 ORDER BY d.member");
    query_bind_int(q, 1, decision);
    while (query_row(q)) {
        struct case_proposed p = {
            .member = query_int(q, 0),
            .name = str_copy(arena, query_str(q, 1)),
            .measure = case_measure_named(query_str(q, 2)),
            .days = query_int(q, 3),
            .keeps = query_int(q, 4) != 0,
            .grounds = str_copy(arena, query_str(q, 5)),
        };
        buf_add(&rows, (struct str){(const char *)&p, sizeof p});
    }
    *n = rows.len / sizeof **list;
    *list = arena_array(arena, *n + 1, struct case_proposed);
    if (*n)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

static enum status begin_sanctions(struct arena *arena, const struct case_going *g,
                                   const struct case_proposed *list, size_t n, struct error *err)
{
    int64_t appeal_until_ms = 0;
    enum status status = find_appeal_until(arena, g->store, g->now_ms, &appeal_until_ms, err);
    for (size_t i = 0; !status && i < n; i++) {
        struct beginning b = {
            .arena = arena, .going = g, .proposed = list[i], .appeal_until_ms = appeal_until_ms};
        if (list[i].measure != CASE_MEASURE_NONE)
            status = begin_sanction(&b, err);
    }
    return status;
}

static bool any_measure(const struct case_proposed *list, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= list[i].measure != CASE_MEASURE_NONE;
    return any;
}

/* The proposal of the last decision, if it waits. */
static enum status find_waiting(struct store *store, int64_t file, int64_t *decision,
                                struct error *err)
{
    return count(store,
                 "SELECT coalesce(max(id), 0) FROM decision WHERE case_file = ?1 AND outcome IS"
                 " NULL AND ?2 = 0 AND ?3 = 0",
                 file, 0, 0, decision, err);
}

/* Who reported by name learns that nothing came of it. A letter to who is covered would tell a mailbox that they
 * reported; they see it on their page. */
static enum status thank_reporters(struct arena *arena, const struct case_going *g,
                                   struct error *err)
{
    struct buf ids = {.arena = arena};
    struct query *q = query_start(
        g->store, "SELECT DISTINCT reporter FROM report WHERE case_file = ?1 AND anonymous = 0");
    query_bind_int(q, 1, g->file);
    while (query_row(q)) {
        int64_t member = query_int(q, 0);
        buf_add(&ids, (struct str){(const char *)&member, sizeof member});
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < ids.len; i += sizeof(int64_t)) {
        int64_t member;
        memcpy(&member, ids.at + i, sizeof member);
        status = library_queue_letter_of(
            g->store, (struct letter){.member = member, .kind = "report-dismissed"},
            json_pack("{s:s}", "path", "/reports"), err);
    }
    return status;
}

enum status case_confirm(struct arena *arena, struct store *store, int64_t file, int64_t actor,
                         int64_t now_ms, struct error *err)
{
    struct case_proposed *list;
    size_t n = 0;
    int64_t decision = 0;
    enum status status = find_waiting(store, file, &decision, err);
    if (!status)
        status = list_proposed(arena, store, decision, &list, &n, err);
    if (status)
        return status;
    bool any = any_measure(list, n);
    struct case_going g = {.store = store,
                           .file = file,
                           .actor = actor,
                           .now_ms = now_ms,
                           .act = any ? CASE_ACT_CONFIRM : CASE_ACT_DISMISS};
    status = case_pass(&g, err);
    if (!status)
        status = end_decision(&g, actor, "confirmed", err);
    if (!status)
        status = case_note_step(&g, NULL, err);
    if (status)
        return status;
    return any ? begin_sanctions(arena, &g, list, n, err) : thank_reporters(arena, &g, err);
}

/* --- listed ------------------------------------------------------------------------------------- */

enum status case_list_decisions(struct arena *arena, struct store *store, int64_t file,
                                struct case_decision **list, size_t *n, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(
        store, "SELECT d.id, p.name, coalesce(s.name, ''), d.proposed_ms, coalesce(d.ended_ms, 0),"
               " coalesce(d.outcome, ''), d.grounds FROM decision d JOIN member p"
               " ON p.id = d.proposer LEFT JOIN member s ON s.id = d.second"
               " WHERE d.case_file = ?1 ORDER BY d.id DESC LIMIT 100");
    query_bind_int(q, 1, file);
    while (query_row(q)) {
        struct case_decision d = {
            .id = query_int(q, 0),
            .proposer = str_copy(arena, query_str(q, 1)),
            .second = str_copy(arena, query_str(q, 2)),
            .proposed_ms = query_int(q, 3),
            .ended_ms = query_int(q, 4),
            .outcome = str_copy(arena, query_str(q, 5)),
            .grounds = str_copy(arena, query_str(q, 6)),
        };
        buf_add(&rows, (struct str){(const char *)&d, sizeof d});
    }
    *n = rows.len / sizeof **list;
    *list = arena_array(arena, *n + 1, struct case_decision);
    if (*n)
        memcpy(*list, rows.at, rows.len);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < *n; i++)
        status = list_proposed(arena, store, (*list)[i].id, &(*list)[i].members,
                               &(*list)[i].nmembers, err);
    return status;
}
