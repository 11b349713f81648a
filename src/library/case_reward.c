/* The reporter's year of subscription; see case.h.
 *
 * Nothing that an accused can see gives the reporter away: the year is set without a word of what it is for, and
 * where the reporter asked not to be named it is set at a moment of chance within the following week, so that no
 * neighbour in time tells. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "library/case_steps.h"
#include "library/letter.h"
#include "library/plan.h"
#include "library/record.h"
#include "library/setting.h"
#include "library/subscription.h"

#define COVER_MS (7 * STORE_DAY_MS)

/* The same day of the next year, local time; 29 February becomes 1 March. */
static int64_t year_after(int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm t;
    (void)localtime_r(&seconds, &t);
    t.tm_year++;
    t.tm_isdst = -1;
    return (int64_t)mktime(&t) * 1000 + time_ms % 1000;
}

/* --- made --------------------------------------------------------------------------------------- */

static enum status moment_of_chance(int64_t now_ms, int64_t *due_ms, struct error *err)
{
    uint32_t chance;
    enum status status = digest_random(&chance, sizeof chance, err);
    *due_ms = now_ms + (int64_t)((uint64_t)chance * (uint64_t)COVER_MS >> 32);
    return status;
}

enum status case_make_rewards(struct store *store, int64_t file, int64_t now_ms, struct error *err)
{
    int64_t covered_ms;
    enum status status = moment_of_chance(now_ms, &covered_ms, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "INSERT INTO reward (case_file, member, made_ms, due_ms)"
               " SELECT r.case_file, r.reporter, ?2, CASE WHEN max(r.anonymous) THEN ?3 ELSE ?2 END"
               " FROM report r WHERE r.case_file = ?1 AND EXISTS (SELECT 1 FROM sanction s"
               "  WHERE s.case_file = ?1 AND s.state = 'upheld')"
               " AND NOT " CASE_ACCUSES_SQL("r.case_file", "r.reporter") " GROUP BY r.reporter"
                                                                         " ON CONFLICT DO NOTHING");
    query_bind_int(q, 1, file);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, covered_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* --- given -------------------------------------------------------------------------------------- */

struct due {
    int64_t id, member, subscription, ends_ms;
    bool covered;
    struct str plan; /* of the subscription */
};

/* The subscription that a year is added to: of those that run (or are paused) the last to end. */
#define RUNNING_SUBSCRIPTION_SQL                                                        \
    "(SELECT s.id FROM subscription s WHERE s.member = w.member AND s.ended_ms IS NULL" \
    " AND (s.ends_ms > ?1 OR s.paused_ms IS NOT NULL) ORDER BY s.ends_ms DESC, s.id DESC LIMIT 1)"

static enum status list_due(struct arena *arena, struct store *store, int64_t now_ms,
                            struct due **list, size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(
        store,
        "SELECT w.id, w.member, coalesce(x.id, 0), coalesce(x.ends_ms, 0), coalesce(p.name, ''),"
        " (SELECT max(r.anonymous) FROM report r WHERE r.case_file = w.case_file"
        "  AND r.reporter = w.member)"
        " FROM reward w LEFT JOIN subscription x ON x.id = " RUNNING_SUBSCRIPTION_SQL
        " LEFT JOIN plan p ON p.id = x.plan WHERE w.given_ms IS NULL AND w.due_ms <= ?1"
        " ORDER BY w.id LIMIT 500");
    query_bind_int(q, 1, now_ms);
    while (query_row(q)) {
        struct due d = {
            .id = query_int(q, 0),
            .member = query_int(q, 1),
            .subscription = query_int(q, 2),
            .ends_ms = query_int(q, 3),
            .plan = str_copy(arena, query_str(q, 4)),
            .covered = query_int(q, 5) != 0,
        };
        buf_add(&rows, (struct str){(const char *)&d, sizeof d});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct due);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}

/* A year on the plan that the setting names. The source of a covered one says no more than that stewards gave
 * it. */
static enum status give_new(struct store *store, struct due *d, struct str plan_name,
                            int64_t now_ms, struct error *err)
{
    int64_t plan = 0;
    struct query *q =
        query_start(store, "SELECT id FROM plan WHERE name = ?1 AND closed_ms IS NULL");
    query_bind_str(q, 1, plan_name);
    if (query_row(q))
        plan = query_int(q, 0);
    enum status status = query_end(q, err);
    if (status || !plan)
        return status;
    struct subscription s = {.member = d->member,
                             .plan = plan,
                             .starts_ms = now_ms,
                             .ends_ms = year_after(now_ms),
                             .source = d->covered ? "steward" : "reward"};
    status = library_subscribe(store, &s, now_ms, err);
    d->subscription = s.id;
    d->ends_ms = s.ends_ms;
    d->plan = plan_name;
    return status;
}

static enum status note_given(struct store *store, const struct due *d, int64_t now_ms,
                              struct error *err)
{
    struct query *q = query_start(store, "UPDATE reward SET given_ms = ?2, subscription = ?3,"
                                         " until_ms = ?4 WHERE id = ?1");
    query_bind_int(q, 1, d->id);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, d->subscription);
    query_bind_int(q, 4, d->ends_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    /* The kind says nothing of a report: it stands in an event. */
    return status ? status
                  : library_queue_letter_of(
                        store, (struct letter){.member = d->member, .kind = "subscription"},
                        json_pack("{s:s, s:o, s:I}", "path", "/reports", "plan",
                                  str_to_json(d->plan), "until_ms", (json_int_t)d->ends_ms),
                        err);
}

static enum status give(struct store *store, struct due *d, struct str plan, int64_t now_ms,
                        struct error *err)
{
    enum status status = STATUS_OK;
    if (d->subscription) {
        int64_t year_ms = year_after(d->ends_ms) - d->ends_ms;
        d->ends_ms += year_ms;
        status = library_extend_subscription(store, d->subscription, year_ms, err);
    } else {
        status = give_new(store, d, plan, now_ms, err);
        if (!status && !d->subscription)
            return STATUS_OK; /* waits for a plan */
    }
    return status ? status : note_given(store, d, now_ms, err);
}

enum status case_give_rewards(struct arena *arena, struct store *store, int64_t now_ms,
                              struct error *err)
{
    struct due *list;
    size_t count = 0;
    struct str plan = {0};
    enum status status = list_due(arena, store, now_ms, &list, &count, err);
    if (!status && count)
        status = library_get_setting(arena, store, STR("reward.plan"), &plan, err);
    for (size_t i = 0; !status && i < count; i++)
        status = give(store, &list[i], plan, now_ms, err);
    return status;
}

/* --- listed ------------------------------------------------------------------------------------- */

enum status case_list_rewards(struct arena *arena, struct store *store, int64_t file,
                              int64_t viewer, int64_t now_ms, struct case_reward **list,
                              size_t *count, struct error *err)
{
    struct buf rows = {.arena = arena};
    struct query *q = query_start(
        store, "SELECT m.name, w.made_ms, w.due_ms, coalesce(w.given_ms, 0),"
               " coalesce(w.until_ms, 0), EXISTS (SELECT 1 FROM report r WHERE r.case_file ="
               " w.case_file AND r.reporter = w.member AND r.anonymous) AND NOT EXISTS (SELECT 1"
               " FROM case_step u WHERE u.case_file = w.case_file AND u.act = 'uncover'"
               " AND u.actor = ?2) FROM reward w JOIN member m ON m.id = w.member"
               " WHERE w.case_file = ?1 ORDER BY w.id");
    query_bind_int(q, 1, file);
    query_bind_int(q, 2, viewer);
    while (query_row(q)) {
        struct case_reward r = {
            .made_ms = query_int(q, 1),
            .due_ms = query_int(q, 2),
            .given_ms = query_int(q, 3),
            .until_ms = query_int(q, 4),
        };
        r.name = query_int(q, 5) ? STR("") : str_copy(arena, query_str(q, 0));
        r.waits = !r.given_ms && r.due_ms <= now_ms;
        buf_add(&rows, (struct str){(const char *)&r, sizeof r});
    }
    *count = rows.len / sizeof **list;
    *list = arena_array(arena, *count + 1, struct case_reward);
    if (*count)
        memcpy(*list, rows.at, rows.len);
    return query_end(q, err);
}
