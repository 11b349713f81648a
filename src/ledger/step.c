/* Steps as they are kept: made, opened, listed, summed, sent back; see step.h. Acts and the clocks' round are in
 * step_acts.c. */
#include "ledger/step.h"

#include "base/calendar.h"
#include "base/digest.h"
#include "ledger/key.h"
#include "ledger/step_kept.h"

#define NEAR_DAYS    1 /* working days before the last one, when the limit is said to near */
#define NEAR_LEAST   3 /* of limits shorter than this nobody is told so */
#define OFFICE_OPENS 8

/* --- read ----------------------------------------------------------------------------------------- */

void ledger_take_step(struct arena *arena, struct query *q, struct step *step)
{
    *step = (struct step){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .line = query_int(q, 2),
        .stage = query_int(q, 3),
        .round = query_int(q, 4),
        .title = str_copy(arena, query_str(q, 5)),
        .unit = query_int(q, 6),
        .member = query_int(q, 7),
        .limit_days = query_int(q, 8),
        .work = query_int(q, 9),
        .silence = query_int(q, 10),
        .state = step_state_named(query_str(q, 11)),
        .opened_ms = query_int(q, 12),
        .due_day = query_int(q, 13),
        .ended_ms = query_int(q, 14),
        .ended_by = query_int(q, 15),
        .words = str_copy(arena, query_str(q, 16)),
        .again_ms = query_int(q, 17),
        .questions = query_int(q, 18),
    };
}

enum status ledger_list_steps(struct arena *arena, struct store *store, int64_t line,
                              struct step **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT " STEP_COLUMNS " FROM step s WHERE s.line = ?1"
                                         " ORDER BY s.stage, s.round, s.id");
    *list = arena_array(arena, STEPS_MAX, struct step);
    *count = 0;
    query_bind_int(q, 1, line);
    while (*count < STEPS_MAX && query_row(q))
        ledger_take_step(arena, q, &(*list)[(*count)++]);
    return query_end(q, err);
}

enum status ledger_find_step(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct step *step, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " STEP_COLUMNS " FROM step s WHERE s.line = ?1 AND s.key = ?2");
    bool found = false;
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, key);
    if (query_row(q)) {
        found = true;
        ledger_take_step(arena, q, step);
    }
    enum status status = query_end(q, err);
    return status || found
               ? status
               : error_set(err, STATUS_MISSING, "There is no such step.", "没有该步骤。");
}

enum status ledger_list_step_questions(struct arena *arena, struct store *store, int64_t line,
                                       struct step_question **list, size_t *count,
                                       struct error *err)
{
    struct query *q = query_start(
        store, "SELECT p.id, p.step, p.asked_ms, p.asked_by, p.reason, p.question, p.answered_ms,"
               " p.answered_by, p.answer FROM step s JOIN step_pause p ON p.step = s.id"
               " WHERE s.line = ?1 ORDER BY p.asked_ms, p.id LIMIT ?2");
    size_t most = STEPS_MAX * STEP_ASK_MAX;
    *list = arena_array(arena, most, struct step_question);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct step_question){
            .id = query_int(q, 0),
            .step = query_int(q, 1),
            .asked_ms = query_int(q, 2),
            .asked_by = query_int(q, 3),
            .reason = step_reason_named(query_str(q, 4)),
            .question = str_copy(arena, query_str(q, 5)),
            .answered_ms = query_int(q, 6),
            .answered_by = query_int(q, 7),
            .answer = str_copy(arena, query_str(q, 8)),
        };
    return query_end(q, err);
}

enum status ledger_sum_steps(struct store *store, int64_t line, struct step_sum *sum,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT stage, state, count(*) FROM step WHERE line = ?1"
                                         " AND again_ms IS NULL GROUP BY stage, state"
                                         " ORDER BY stage");
    bool refused = false;
    *sum = (struct step_sum){0};
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        enum step_state state = step_state_named(query_str(q, 1));
        bool well = STEP_WELL >> state & 1U;
        sum->of[state] += query_int(q, 2);
        sum->all += query_int(q, 2);
        refused = refused || state == STEP_REFUSED;
        if (!well && !sum->stage)
            sum->stage = query_int(q, 0);
    }
    sum->running = sum->of[STEP_OPEN] + sum->of[STEP_ASKED];
    sum->ended = sum->all - sum->running - sum->of[STEP_WAITING];
    sum->stuck = refused && !sum->running;
    sum->over = sum->stuck || (sum->all && sum->ended == sum->all);
    return query_end(q, err);
}

/* --- clocks --------------------------------------------------------------------------------------- */

static enum status list_pauses(struct arena *arena, struct store *store, int64_t step,
                               struct clock_pause **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT asked_ms, answered_ms FROM step_pause WHERE step = ?1 ORDER BY id LIMIT ?2");
    *list = arena_array(arena, STEP_ASK_MAX, struct clock_pause);
    *count = 0;
    query_bind_int(q, 1, step);
    query_bind_int(q, 2, STEP_ASK_MAX);
    while (*count < STEP_ASK_MAX && query_row(q))
        (*list)[(*count)++] =
            (struct clock_pause){calendar_day_of(query_int(q, 0)),
                                 query_is_null(q, 1) ? 0 : calendar_day_of(query_int(q, 1))};
    return query_end(q, err);
}

enum status ledger_read_step_clock(struct arena *arena, struct store *store,
                                   const struct workdays *calendar, const struct step *step,
                                   int64_t today, struct clock_reading *reading, struct error *err)
{
    struct clock_pause *pauses;
    size_t count;
    *reading = (struct clock_reading){0};
    if (!step->opened_ms)
        return STATUS_OK;
    enum status status = list_pauses(arena, store, step->id, &pauses, &count, err);
    if (status)
        return status;
    struct clock clock = {
        .opened_day = calendar_day_of(step->opened_ms),
        .limit = step->limit_days,
        /* What lapsed did so at the end of its last day, kept as the first moment after it. */
        .ended_day =
            !step->ended_ms ? 0 : calendar_day_of(step->ended_ms) - (step->state == STEP_SILENT),
        .silence = step->silence,
        .pauses = pauses,
        .npauses = count,
    };
    clock_read(&clock, calendar, today, reading);
    return STATUS_OK;
}

/* When the limit is said to near: in the morning of the working day before the last one. */
static int64_t near_ms(const struct workdays *calendar, const struct step *step, int64_t now_ms)
{
    int64_t day = step->due_day && step->limit_days >= NEAR_LEAST && !step->ended_ms
                      ? workday_add(calendar, step->due_day, -NEAR_DAYS)
                      : 0;
    int64_t moment = day ? calendar_moment_of(day) + (int64_t)OFFICE_OPENS * 3600000 : 0;
    return moment > now_ms ? moment : 0;
}

enum status ledger_keep_step(struct arena *arena, struct store *store,
                             const struct workdays *calendar, struct step *step, const char *tell,
                             int64_t now_ms, struct error *err)
{
    struct clock_reading clock;
    enum status status =
        ledger_read_step_clock(arena, store, calendar, step, calendar_day_of(now_ms), &clock, err);
    if (status)
        return status;
    step->due_day = clock.due_day;
    int64_t tell_ms = *tell ? now_ms : near_ms(calendar, step, now_ms);
    /* What is still to be told at once is not lost by what comes after it, unless that is the end. */
    struct query *q = query_start(
        store,
        "UPDATE step SET state = ?2, limit_days = ?3, opened_ms = ?4, due_day = ?5, ended_ms = ?6,"
        " ended_by = ?7, words = ?8, used_days = ?11, stopped_days = ?12, late_days = ?13,"
        " tell = CASE WHEN ?9 = 'near' AND ?6 IS NULL AND tell_ms IS NOT NULL THEN tell ELSE ?9 END,"
        " tell_ms = CASE WHEN ?9 = 'near' AND ?6 IS NULL AND tell_ms IS NOT NULL AND tell <> 'near'"
        " THEN tell_ms ELSE ?10 END WHERE id = ?1");
    query_bind_int(q, 1, step->id);
    query_bind_str(q, 2, str_of(step_state_name(step->state)));
    query_bind_int(q, 3, step->limit_days);
    query_bind_int_or_null(q, 4, step->opened_ms);
    query_bind_int_or_null(q, 5, step->due_day);
    query_bind_int_or_null(q, 6, step->ended_ms);
    query_bind_int_or_null(q, 7, step->ended_by);
    query_bind_str(q, 8, step->words);
    query_bind_str(q, 9, str_of(*tell ? tell : "near"));
    query_bind_int_or_null(q, 10, step->ended_ms ? 0 : tell_ms);
    if (step->ended_ms) {
        query_bind_int(q, 11, clock.used);
        query_bind_int(q, 12, clock.stopped);
        query_bind_int(q, 13, clock.late);
    }
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_step_told(struct arena *arena, struct store *store,
                             const struct workdays *calendar, struct step *step, int64_t now_ms,
                             struct error *err)
{
    struct query *q = query_start(store, "UPDATE step SET tell_ms = NULL WHERE id = ?1");
    query_bind_int(q, 1, step->id);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : ledger_keep_step(arena, store, calendar, step, "", now_ms, err);
}

struct str step_files(struct arena *arena, struct str key)
{
    return str_format(arena, "step.%.*s", STR_ARG(key));
}

bool step_is_files(struct str about)
{
    return str_starts(about, STR("step."));
}

/* --- made and opened ------------------------------------------------------------------------------ */

enum status ledger_record_step(struct store *store, const struct step *step, enum step_act act,
                               const struct step_deed *step_deed, const struct ledger_deed *deed,
                               struct error *err)
{
    json_t *data =
        json_pack("{s:s, s:I, s:I, s:o, s:o}", "act", step_act_name(act), "step",
                  (json_int_t)step->id, "stage", (json_int_t)step->stage, "unit",
                  ledger_json_id('U', step->unit), "member", ledger_json_id('M', step->member));
    if (step_deed && act == STEP_ACT_ASK)
        (void)json_object_set_new(data, "reason", json_string(step_reason_name(step_deed->reason)));
    if (step_deed && act == STEP_ACT_EXTEND)
        (void)json_object_set_new(data, "days", json_integer(step_deed->days));
    return ledger_record(store, step->line, "line.step", data, deed, err);
}

static enum status check_new(const struct step *step, struct error *err)
{
    if (!ledger_is_line_of_text(step->title, 0, STEP_TITLE_MAX))
        return error_in(err, "title",
                        error_set(err, STATUS_INPUT,
                                  "A step's title has at most %d characters, on one line.",
                                  "步骤名称须为一行，不超过 %d 个字。", STEP_TITLE_MAX));
    if (!step->unit && !step->member)
        return error_in(err, "asks",
                        error_set(err, STATUS_INPUT, "Say which unit or who is to take the step.",
                                  "请选择步骤的承办单位或承办人。"));
    if (step->stage < 1 || step->stage > STEP_STAGE_MAX)
        return error_in(err, "stage",
                        error_set(err, STATUS_INPUT, "A stage is a number from 1 to %d.",
                                  "阶段须为 1 至 %d 的数。", STEP_STAGE_MAX));
    if (step->limit_days < 0 || step->limit_days > CLOCK_LIMIT_MAX)
        return error_in(err, "limit",
                        error_set(err, STATUS_INPUT, "A limit has at most %d working days.",
                                  "时限不超过 %d 个工作日。", CLOCK_LIMIT_MAX));
    if (step->silence && (!step->limit_days || step->work))
        return error_set(err, STATUS_INPUT,
                         "Silence can be consent only to a question of opinion with a limit.",
                         "仅限有时限的征求意见步骤可设“逾期未复视为同意”。");
    return STATUS_OK;
}

static enum status check_place(struct arena *arena, struct store *store, const struct step *step,
                               struct error *err)
{
    struct line line;
    int64_t count = 0;
    int64_t passed = 0;
    enum status status = ledger_find_line_by_id(arena, store, step->line, &line, err);
    if (status)
        return status;
    struct query *q = query_start(
        store, "SELECT count(*), coalesce(max(CASE WHEN again_ms IS NULL AND opened_ms IS NOT NULL"
               " THEN stage END), 0) FROM step WHERE line = ?1");
    query_bind_int(q, 1, step->line);
    if (query_row(q)) {
        count = query_int(q, 0);
        passed = query_int(q, 1);
    }
    status = query_end(q, err);
    if (!status && (line.state == LINE_CLOSED || line.state == LINE_DONE))
        return error_set(err, STATUS_CONFLICT, "The line is at its end.", "该条目已结束。");
    if (!status && count >= STEPS_MAX)
        return error_set(err, STATUS_CONFLICT, "A line has at most %d steps.",
                         "每个条目最多 %d 个步骤。", STEPS_MAX);
    if (!status && step->stage < passed)
        return error_set(err, STATUS_CONFLICT, "A later stage is open already.",
                         "后续阶段已经开始。");
    return status;
}

enum status ledger_add_step(struct arena *arena, struct store *store, struct step *step,
                            const struct ledger_deed *deed, struct error *err)
{
    enum status status = check_new(step, err);
    if (!status)
        status = check_place(arena, store, step, err);
    if (!status)
        status = digest_random_key(arena, &step->key, err);
    if (status)
        return status;
    struct query *q = query_start(
        store,
        "INSERT INTO step (key, line, stage, round, title, unit, member, limit_days, work,"
        " silence, made_ms) VALUES (?1, ?2, ?3, coalesce((SELECT max(round) FROM step WHERE"
        " line = ?2 AND stage = ?3 AND again_ms IS NULL), (SELECT max(round) + 1 FROM step"
        " WHERE line = ?2 AND stage = ?3), 1), ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id, round");
    query_bind_str(q, 1, step->key);
    query_bind_int(q, 2, step->line);
    query_bind_int(q, 3, step->stage);
    query_bind_str(q, 4, str_trim(step->title));
    query_bind_int_or_null(q, 5, step->unit);
    query_bind_int_or_null(q, 6, step->member);
    query_bind_int(q, 7, step->limit_days);
    query_bind_int(q, 8, step->work);
    query_bind_int(q, 9, step->silence);
    query_bind_int(q, 10, deed->now_ms);
    step->state = STEP_WAITING;
    if (query_row(q)) {
        step->id = query_int(q, 0);
        step->round = query_int(q, 1);
    }
    (void)query_row(q);
    status = query_end(q, err);
    json_t *data =
        json_pack("{s:I, s:I, s:o, s:o, s:I}", "step", (json_int_t)step->id, "stage",
                  (json_int_t)step->stage, "unit", ledger_json_id('U', step->unit), "member",
                  ledger_json_id('M', step->member), "days", (json_int_t)step->limit_days);
    if (status) {
        json_decref(data);
        return status;
    }
    return ledger_record(store, step->line, "line.step-added", data, deed, err);
}

static enum status begin(struct arena *arena, struct store *store, const struct workdays *calendar,
                         struct step *step, const struct ledger_deed *deed, struct error *err)
{
    const struct ledger_deed plain = {.now_ms = deed->now_ms, .batch = deed->batch};
    step->state = STEP_OPEN;
    step->opened_ms = deed->now_ms;
    enum status status = ledger_keep_step(arena, store, calendar, step, "open", deed->now_ms, err);
    return status ? status : ledger_record_step(store, step, STEP_ACT_BEGIN, NULL, &plain, err);
}

enum status ledger_open_steps(struct arena *arena, struct store *store,
                              const struct workdays *calendar, int64_t line,
                              const struct ledger_deed *deed, struct error *err)
{
    struct step *list;
    size_t count;
    int64_t held = INT64_MAX; /* the first stage that has something to do, or did not end well */
    enum status status = ledger_list_steps(arena, store, line, &list, &count, err);
    for (size_t i = 0; i < count; i++)
        if (!status && !list[i].again_ms && !(STEP_WELL >> list[i].state & 1U) &&
            list[i].stage < held)
            held = list[i].stage;
    for (size_t i = 0; i < count && !status; i++)
        if (!list[i].again_ms && list[i].state == STEP_WAITING && list[i].stage == held)
            status = begin(arena, store, calendar, &list[i], deed, err);
    return status;
}

/* --- let go and sent back ------------------------------------------------------------------------- */

/* Runs what ends with a NULL, over the line ?1, the stage ?2 and now ?3. */
static enum status run(struct store *store, const char *const *how, int64_t line, int64_t stage,
                       int64_t now_ms, struct error *err)
{
    enum status status = STATUS_OK;
    for (; *how && !status; how++) {
        struct query *q = query_start(store, *how);
        query_bind_int(q, 1, line);
        query_bind_int(q, 2, stage);
        query_bind_int(q, 3, now_ms);
        (void)query_row(q);
        status = query_end(q, err);
    }
    return status;
}

static const char CLOSE_QUESTIONS[] =
    "UPDATE step_pause SET answered_ms = ?3 WHERE answered_ms IS NULL AND step IN"
    " (SELECT id FROM step WHERE line = ?1 AND stage >= ?2)";

static enum status record_going(struct store *store, int64_t line, int64_t stage, const char *kind,
                                const struct ledger_deed *deed, struct error *err)
{
    return ledger_record(store, line, kind, json_pack("{s:I}", "stage", (json_int_t)stage), deed,
                         err);
}

enum status ledger_end_steps(struct store *store, int64_t line, const struct ledger_deed *deed,
                             struct error *err)
{
    static const char *const HOW[] = {
        CLOSE_QUESTIONS,
        "UPDATE step SET state = 'dropped', ended_ms = ?3, due_day = NULL, tell_ms = NULL WHERE"
        " line = ?1 AND stage >= ?2 AND state IN ('waiting', 'open', 'asked')",
        NULL,
    };
    struct step_sum sum;
    enum status status = ledger_sum_steps(store, line, &sum, err);
    if (status || sum.ended == sum.all)
        return status;
    status = run(store, HOW, line, 1, deed->now_ms, err);
    return status ? status : record_going(store, line, sum.stage, "line.steps-ended", deed, err);
}

/* Only what was opened is asked again; what still waits goes on waiting, and what was let go stays so. */
static bool goes_back(const struct step *step, int64_t stage)
{
    return step->stage >= stage && !step->again_ms && step->opened_ms;
}

static enum status ask_again(struct arena *arena, struct store *store, const struct step *list,
                             size_t count, int64_t stage, const struct ledger_deed *deed,
                             struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct step again = list[i];
        if (goes_back(&list[i], stage) && list[i].state != STEP_DROPPED)
            status = ledger_add_step(arena, store, &again, deed, err);
    }
    return status;
}

enum status ledger_send_steps_back(struct arena *arena, struct store *store,
                                   const struct workdays *calendar, int64_t line, int64_t stage,
                                   const struct ledger_deed *deed, struct error *err)
{
    static const char *const HOW[] = {
        CLOSE_QUESTIONS,
        "UPDATE step SET state = 'dropped', ended_ms = ?3, due_day = NULL, tell_ms = NULL WHERE"
        " line = ?1 AND stage >= ?2 AND state IN ('open', 'asked')",
        "UPDATE step SET again_ms = ?3 WHERE line = ?1 AND stage >= ?2 AND again_ms IS NULL"
        " AND opened_ms IS NOT NULL",
        NULL,
    };
    const struct ledger_deed plain = {.now_ms = deed->now_ms, .batch = deed->batch};
    struct step *list;
    size_t count;
    bool opened = false;
    if (!str_trim(deed->why).len)
        return error_in(
            err, "why",
            error_set(err, STATUS_INPUT, "Say why it is sent back.", "请说明退回的原因。"));
    enum status status = ledger_list_steps(arena, store, line, &list, &count, err);
    for (size_t i = 0; i < count && !status; i++)
        opened = opened || (list[i].stage == stage && goes_back(&list[i], stage));
    if (!status && !opened)
        return error_set(err, STATUS_CONFLICT, "That stage was not asked yet.",
                         "该阶段尚未开始，无从退回。");
    if (!status)
        status = run(store, HOW, line, stage, deed->now_ms, err);
    if (!status)
        status = record_going(store, line, stage, "line.steps-again", deed, err);
    if (!status)
        status = ask_again(arena, store, list, count, stage, &plain, err);
    return status ? status : ledger_open_steps(arena, store, calendar, line, &plain, err);
}
