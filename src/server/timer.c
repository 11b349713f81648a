/* The timer; see timer.h. A duty is a row: when it is next due, and the write that does it. */
#include "server/timer.h"

#include <stdio.h>

#include "base/calendar.h"
#include "ledger/alarm.h"
#include "ledger/campaigning.h"
#include "ledger/file.h"
#include "library/case.h"
#include "library/deletion.h"
#include "library/draft.h"
#include "library/erasure.h"
#include "library/readers.h"
#include "library/subscription.h"
#include "server/internal.h"
#include "server/ledger_monitor.h"
#include "server/ledger_notices.h"
#include "server/live_lines.h"
#include "server/sheet_letters.h"
#include "server/step_round.h"
#include "server/summary_draft.h"

#define ROUND_MS 60000
#define TELL_MS  3600000
#define KEEP     STORE_DAYS_SQL(30) /* what has expired is remembered for so long */

struct duty {
    const char *due_sql;   /* one time or none (Unix ms) */
    server_write_step run; /* in the writer's thread */
    /* Or what takes long, and writes in transactions of its own, in this one. */
    enum status (*run_here)(struct store *store, int64_t now_ms, struct error *err);
};

/* --- forgetting --------------------------------------------------------------------------------- */

static enum status forget(struct store *store, struct arena *scratch, void *context,
                          struct error *err)
{
    static const char *const HOW[] = {
        "DELETE FROM session WHERE expires_ms <= ?1 - " KEEP,
        "DELETE FROM ticket WHERE expires_ms <= ?1 - " KEEP,
        "DELETE FROM email_change WHERE expires_ms <= ?1 - " KEEP,
        "DELETE FROM attempt WHERE last_ms <= ?1 - " KEEP,
        "DELETE FROM link WHERE expires_ms <= ?1 - " KEEP,
        "DELETE FROM letter WHERE created_ms <= ?1 - " KEEP
        " AND (sent_ms IS NOT NULL OR ended_ms IS NOT NULL)",
        "DELETE FROM delivery WHERE created_ms <= ?1 - " KEEP
        " AND (done_ms IS NOT NULL OR ended_ms IS NOT NULL)",
    };
    enum status status = STATUS_OK;
    (void)scratch;
    (void)context;
    for (size_t i = 0; !status && i < sizeof HOW / sizeof *HOW; i++) {
        struct query *q = query_start(store, HOW[i]);
        query_bind_int(q, 1, store_now_ms());
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static enum status remind_subscribers(struct store *store, struct arena *scratch, void *context,
                                      struct error *err)
{
    (void)context;
    return library_make_reminders(store, scratch, store_now_ms(), err);
}

static enum status keep_case_time(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    (void)context;
    return case_keep_time(scratch, store, store_now_ms(), err);
}

static enum status keep_campaigns(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    (void)scratch;
    (void)context;
    return ledger_keep_campaigns(store, store_now_ms(), err);
}

/* --- a clock that was set right ------------------------------------------------------------------ */

/* What was put off while the clock was ahead would wait until it is there again, perhaps for years, and no limit would be
 * watched meanwhile. None of these is put off for so long by itself. */
#define FAR_SQL "unixepoch() * 1000 + " STORE_DAYS_SQL(20)
#define PUT_OFF_SQL                                                                          \
    "SELECT min(0) FROM (SELECT next_ms AS ms FROM alarm_round UNION ALL"                    \
    " SELECT next_ms FROM step_round UNION ALL SELECT next_ms FROM campaign_round UNION ALL" \
    " SELECT next_ms FROM supervision_round UNION ALL SELECT max(due_ms) FROM letter"        \
    " WHERE sent_ms IS NULL AND ended_ms IS NULL UNION ALL SELECT max(due_ms) FROM delivery" \
    " WHERE done_ms IS NULL AND ended_ms IS NULL) WHERE ms > " FAR_SQL

static enum status take_up_again(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    static const char *const HOW[] = {
        "UPDATE alarm_round SET next_ms = 0 WHERE next_ms > " FAR_SQL,
        "UPDATE step_round SET next_ms = 0 WHERE next_ms > " FAR_SQL,
        "UPDATE campaign_round SET next_ms = 0 WHERE next_ms > " FAR_SQL,
        "UPDATE supervision_round SET next_ms = 0 WHERE next_ms > " FAR_SQL,
        "UPDATE letter SET due_ms = 0 WHERE due_ms > " FAR_SQL
        " AND sent_ms IS NULL AND ended_ms IS NULL",
        "UPDATE delivery SET due_ms = 0 WHERE due_ms > " FAR_SQL
        " AND done_ms IS NULL AND ended_ms IS NULL",
    };
    enum status status = STATUS_OK;
    (void)scratch;
    (void)context;
    for (size_t i = 0; !status && i < sizeof HOW / sizeof *HOW; i++)
        status = store_run(store, HOW[i], err);
    return status;
}

/* --- the round ----------------------------------------------------------------------------------- */

/* In the order in which they run. */
static const struct duty DUTIES[] = {
    {.due_sql = PUT_OFF_SQL, .run = take_up_again},
    {.due_sql = SUMMARY_DUE_SQL, .run = summary_make_due},
    {.due_sql = "SELECT min(due_ms) FROM draft", .run_here = library_publish_due},
    {.due_sql = READING_FORGET_SQL, .run = library_forget_reading},
    {.due_sql = ERASURE_SWEEP_SQL, .run_here = library_sweep_erasures},
    {.due_sql = REMINDER_DUE_SQL, .run = remind_subscribers},
    {.due_sql = CASE_DUE_SQL, .run = keep_case_time},
    {.due_sql = LEDGER_FILES_DUE_SQL, .run_here = ledger_sweep_files},
    {.due_sql = LEDGER_ALARMS_DUE_SQL, .run_here = ledger_alarm_round},
    {.due_sql = LEDGER_NOTICES_DUE_SQL, .run_here = ledger_notices_round},
    {.due_sql = LEDGER_MONITOR_DUE_SQL, .run = ledger_tell_risks},
    {.due_sql = SHEET_GIVEN_DUE_SQL, .run = sheet_tell_given},
    {.due_sql = SHEET_NEAR_DUE_SQL, .run = sheet_tell_near},
    {.due_sql = SHEET_TOUR_DUE_SQL, .run = sheet_tell_scorers},
    {.due_sql = CAMPAIGN_DUE_SQL, .run = keep_campaigns},
    {.due_sql = LEDGER_CLOCKS_DUE_SQL, .run_here = step_keep_clocks},
    {.due_sql = LEDGER_STEPS_TELL_SQL, .run_here = step_tell},
    {.due_sql = DELETION_REMINDER_SQL, .run = library_make_deletion_reminders},
    {.due_sql =
         "SELECT min(ms) + " KEEP " FROM (SELECT min(expires_ms) AS ms FROM session UNION ALL"
         " SELECT min(expires_ms) FROM ticket UNION ALL SELECT min(expires_ms) FROM email_change"
         " UNION ALL SELECT min(last_ms) FROM attempt UNION ALL"
         " SELECT min(expires_ms) FROM link UNION ALL"
         " SELECT min(created_ms) FROM letter WHERE sent_ms IS NOT NULL OR ended_ms IS NOT NULL"
         " UNION ALL SELECT min(created_ms) FROM delivery WHERE done_ms IS NOT NULL"
         " OR ended_ms IS NOT NULL)",
     .run = forget},
};

#define DUTIES_COUNT (sizeof DUTIES / sizeof *DUTIES)
_Static_assert(DUTIES_COUNT <= TIMER_DUTIES_MAX, "each duty has room for when it was told of");

static int64_t due_ms(struct store *store, const struct duty *duty)
{
    struct query *q = query_start(store, duty->due_sql);
    int64_t due = query_row(q) && !query_is_null(q, 0) ? query_int(q, 0) : INT64_MAX;
    return query_end(q, NULL) ? INT64_MAX : due;
}

static enum status run(struct server *server, struct store *store, const struct duty *duty,
                       struct error *err)
{
    int64_t seq = 0;
    if (duty->run)
        return server_write(server, STR(""), duty->run, NULL, err);
    enum status status = duty->run_here(store, store_now_ms(), err);
    if (!status && !store_newest_event(store, &seq, NULL))
        server_note_events(server, seq);
    return status;
}

static void tell(struct arena *arena, int64_t *told_ms, const struct error *err)
{
    int64_t now_ms = store_now_ms();
    struct buf when = {.arena = arena};
    if (now_ms - *told_ms < TELL_MS)
        return;
    *told_ms = now_ms;
    calendar_write_time(&when, now_ms, LANG_EN, true);
    (void)fprintf(stderr, "%.*s  timer: %s\n", STR_ARG(buf_str(&when)), err->en);
}

int64_t timer_round(struct server *server, struct store *store, struct arena *arena, void *context)
{
    struct timer *timer = context;
    int64_t again_ms = store_now_ms() + ROUND_MS;
    for (size_t i = 0; i < DUTIES_COUNT && !server_stopping(server); i++) {
        struct error err;
        if (due_ms(store, &DUTIES[i]) <= store_now_ms() && run(server, store, &DUTIES[i], &err))
            tell(arena, &timer->told_ms[i], &err);
        int64_t next_ms = due_ms(store, &DUTIES[i]);
        /* What could not be done waits for the next round. */
        if (next_ms > store_now_ms() && next_ms < again_ms)
            again_ms = next_ms;
    }
    return again_ms;
}
