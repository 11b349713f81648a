/* Acts on steps, and the round that keeps their clocks; see step.h. */
#include "base/calendar.h"
#include "ledger/key.h"
#include "ledger/procedure.h"
#include "ledger/step_kept.h"

/* --- who may -------------------------------------------------------------------------------------- */

enum status ledger_is_step_worker(struct store *store, const struct step *step, int64_t member,
                                  bool *is, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT s.member IS ?2 OR u.head IS ?2 OR (s.member IS NULL AND EXISTS"
                           " (SELECT 1 FROM unit_member m WHERE m.unit = s.unit AND m.member = ?2))"
                           " FROM step s LEFT JOIN unit u ON u.id = s.unit WHERE s.id = ?1");
    query_bind_int(q, 1, step->id);
    query_bind_int(q, 2, member);
    *is = query_row(q) && query_int(q, 0);
    return query_end(q, err);
}

#define WHO(who) (1U << STEP_WHO_##who)

/* `actor` 0 is the clock. */
static enum status stand_to(struct store *store, const struct ledger_person *person,
                            const struct step *step, unsigned *who, struct error *err)
{
    unsigned is = 0;
    bool works = false;
    *who = WHO(CLOCK);
    if (!person->member)
        return STATUS_OK;
    enum status status = ledger_stand_to(store, person, step->line, &is, err);
    if (!status)
        status = ledger_is_step_worker(store, step, person->member, &works, err);
    *who = works && ledger_may(is, LEDGER_SEE) ? WHO(WORKER) : 0;
    *who |= ledger_may(is, LEDGER_CHANGE) ? WHO(HOLDER) : 0U;
    *who |= ledger_may(is, LEDGER_ARRANGE) ? WHO(KEEPER) : 0U;
    return status;
}

/* What lies in the step itself, so that an act that can't come to anything is not offered. */
static unsigned met_by(const struct step *step)
{
    unsigned met = step->work ? STEP_NEEDS_WORK : STEP_NEEDS_OPINION;
    met |= step->limit_days ? STEP_NEEDS_LIMIT : 0U;
    met |= step->questions < STEP_ASK_MAX ? STEP_NEEDS_LEAVE : 0U;
    return met;
}

enum status ledger_step_acts(struct store *store, const struct ledger_person *person,
                             const struct step *step, unsigned *acts, struct error *err)
{
    const unsigned own = STEP_NEEDS_WORK | STEP_NEEDS_OPINION | STEP_NEEDS_LIMIT | STEP_NEEDS_LEAVE;
    unsigned who = 0;
    *acts = 0;
    struct query *q = query_start(store, "SELECT 1 FROM line WHERE id = ?1 AND state = 'active'");
    query_bind_int(q, 1, step->line);
    bool runs = query_row(q) && !step->again_ms;
    enum status status = query_end(q, err);
    if (!status)
        status = stand_to(store, person, step, &who, err);
    for (int i = 0; !status && runs && i < STEP_ACTS; i++) {
        const struct machine_rule *rule = &step_rules[i];
        if (rule->from >> step->state & 1U && who >> rule->who & 1U &&
            !(rule->needs & own & ~met_by(step)))
            *acts |= 1U << i;
    }
    return status;
}

static enum status check_deed(const struct step *step, const struct step_deed *deed,
                              struct error *err)
{
    if (!ledger_is_text(deed->words, STEP_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         STEP_WORDS_MAX);
    if (deed->act == STEP_ACT_EXTEND &&
        (deed->days < 0 || step->limit_days + deed->days > CLOCK_LIMIT_MAX))
        return error_set(err, STATUS_INPUT, "A limit has at most %d working days.",
                         "时限不超过 %d 个工作日。", CLOCK_LIMIT_MAX);
    return STATUS_OK;
}

static enum status allow(struct store *store, const struct step *step, const struct step_deed *deed,
                         const struct clock_reading *clock, struct error *err)
{
    struct ledger_person person = {.member = deed->actor};
    struct machine_facts facts = {.met = met_by(step)};
    enum status status = STATUS_OK;
    facts.met |= str_trim(deed->words).len ? STEP_NEEDS_WORDS : 0U;
    facts.met |=
        deed->reason > STEP_REASON_NONE && deed->reason < STEP_REASONS ? STEP_NEEDS_REASON : 0U;
    facts.met |= deed->days > 0 ? STEP_NEEDS_DAYS : 0U;
    if (clock->due_day && clock->late)
        facts.met &= ~(unsigned)STEP_NEEDS_LIMIT;
    if (person.member)
        status = ledger_know_person(store, &person, err);
    if (!status)
        status = stand_to(store, &person, step, &facts.is, err);
    return status ? status : step_allow(step->state, deed->act, facts, err);
}

/* --- what an act makes of it ---------------------------------------------------------------------- */

static enum status keep_question(struct store *store, const struct step *step,
                                 const struct step_deed *deed, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO step_pause (step, asked_ms, asked_by, reason,"
                                         " question) VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_int(q, 1, step->id);
    query_bind_int(q, 2, now_ms);
    query_bind_int(q, 3, deed->actor);
    query_bind_str(q, 4, str_of(step_reason_name(deed->reason)));
    query_bind_str(q, 5, str_trim(deed->words));
    (void)query_row(q);
    return query_end(q, err);
}

/* By an answer; or without one, as the step ends. */
static enum status close_question(struct store *store, const struct step *step, int64_t member,
                                  struct str answer, int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE step_pause SET answered_ms = ?2, answered_by = ?3, answer = ?4"
                           " WHERE step = ?1 AND answered_ms IS NULL");
    query_bind_int(q, 1, step->id);
    query_bind_int(q, 2, now_ms);
    query_bind_int_or_null(q, 3, member);
    query_bind_str(q, 4, str_trim(answer));
    (void)query_row(q);
    return query_end(q, err);
}

static bool ends(enum step_act act)
{
    return step_rules[act].to > STEP_ASKED;
}

static enum status put_in_force(struct arena *arena, struct store *store,
                                const struct workdays *calendar, struct step *step,
                                const struct step_deed *deed, int64_t now_ms, struct error *err)
{
    enum status status = STATUS_OK;
    if (step_rules[deed->act].to != STEP_NONE)
        step->state = step_rules[deed->act].to;
    if (deed->act == STEP_ACT_ASK) {
        step->questions++;
        status = keep_question(store, step, deed, now_ms, err);
    } else if (deed->act == STEP_ACT_ANSWER) {
        status = close_question(store, step, deed->actor, deed->words, now_ms, err);
    } else if (deed->act == STEP_ACT_EXTEND) {
        step->limit_days += deed->days;
    } else if (ends(deed->act)) {
        step->ended_ms = now_ms;
        step->ended_by = deed->actor;
        step->words = str_trim(deed->words);
        status = close_question(store, step, 0, STR(""), now_ms, err);
    }
    const char *tell = deed->act == STEP_ACT_ANSWER ? "answered"
                       : deed->act == STEP_ACT_ASK  ? "asked"
                                                    : "";
    return status ? status : ledger_keep_step(arena, store, calendar, step, tell, now_ms, err);
}

static enum status finish_act(struct arena *arena, struct store *store,
                              const struct workdays *calendar, const struct step *step,
                              const struct step_deed *step_deed, const struct ledger_deed *deed,
                              struct error *err)
{
    enum status status = ledger_record_step(store, step, step_deed->act, step_deed, deed, err);
    if (!status && ends(step_deed->act))
        status = ledger_open_steps(arena, store, calendar, step->line, deed, err);
    return status ? status : ledger_follow_steps(arena, store, calendar, step->line, deed, err);
}

static enum status check_open(struct arena *arena, struct store *store, const struct step *step,
                              struct error *err)
{
    struct line line;
    enum status status = ledger_find_line_by_id(arena, store, step->line, &line, err);
    if (!status && (line.state != LINE_ACTIVE || step->again_ms))
        return error_set(err, STATUS_CONFLICT, "The step is not under way.", "该步骤不在办理中。");
    return status;
}

enum status ledger_act_on_step(struct arena *arena, struct store *store,
                               const struct workdays *calendar, struct step *step,
                               const struct step_deed *step_deed, const struct ledger_deed *deed,
                               struct error *err)
{
    struct clock_reading clock = {0};
    enum status status = check_deed(step, step_deed, err);
    if (!status)
        status = check_open(arena, store, step, err);
    if (!status)
        status = ledger_read_step_clock(arena, store, calendar, step, calendar_day_of(deed->now_ms),
                                        &clock, err);
    if (!status)
        status = allow(store, step, step_deed, &clock, err);
    if (!status && clock.lapsed && step_deed->act != STEP_ACT_LAPSE)
        return error_set(err, STATUS_CONFLICT,
                         "The limit is past: nothing was said within it, which counts as consent.",
                         "时限已过，期内未提出意见，视为同意。");
    if (!status)
        status = put_in_force(arena, store, calendar, step, step_deed, deed->now_ms, err);
    return status ? status : finish_act(arena, store, calendar, step, step_deed, deed, err);
}

/* --- the clocks' round ---------------------------------------------------------------------------- */

static enum status list_running(struct arena *arena, struct store *store, int64_t after,
                                size_t most, struct step *list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " STEP_COLUMNS " FROM step s JOIN line l ON l.id = s.line WHERE s.id > ?1"
               " AND s.state IN ('open', 'asked') AND s.limit_days > 0 AND l.state = 'active'"
               " ORDER BY s.id LIMIT ?2");
    *count = 0;
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        ledger_take_step(arena, q, &list[(*count)++]);
    return query_end(q, err);
}

static enum status lapse(struct arena *arena, struct store *store, const struct workdays *calendar,
                         struct step *step, int64_t now_ms, struct error *err)
{
    const struct step_deed act = {.act = STEP_ACT_LAPSE};
    const struct ledger_deed deed = {.now_ms = now_ms};
    step->state = STEP_SILENT;
    step->ended_ms = calendar_moment_of(step->due_day + 1);
    enum status status = ledger_keep_step(arena, store, calendar, step, "", now_ms, err);
    return status ? status : finish_act(arena, store, calendar, step, &act, &deed, err);
}

static enum status look_at(struct arena *arena, struct store *store,
                           const struct workdays *calendar, struct step *step, int64_t now_ms,
                           size_t *lapsed, struct error *err)
{
    struct clock_reading clock;
    enum status status =
        ledger_read_step_clock(arena, store, calendar, step, calendar_day_of(now_ms), &clock, err);
    if (status)
        return status;
    bool moved = clock.due_day != step->due_day;
    step->due_day = clock.due_day;
    if (clock.lapsed) {
        ++*lapsed;
        return lapse(arena, store, calendar, step, now_ms, err);
    }
    return moved ? ledger_keep_step(arena, store, calendar, step, "", now_ms, err) : STATUS_OK;
}

static enum status put_off(struct store *store, int64_t next_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE step_round SET next_ms = ?1");
    query_bind_int(q, 1, next_ms);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_keep_clocks(struct arena *arena, struct store *store,
                               const struct workdays *calendar, int64_t now_ms, int64_t *after,
                               size_t most, size_t *lapsed, struct error *err)
{
    struct step *list = arena_array(arena, most, struct step);
    size_t count = 0;
    enum status status = list_running(arena, store, *after, most, list, &count, err);
    for (size_t i = 0; i < count && !status; i++)
        status = look_at(arena, store, calendar, &list[i], now_ms, lapsed, err);
    *after = count == most ? list[count - 1].id : 0;
    return status || *after ? status : put_off(store, calendar_day_begin(now_ms, 1), err);
}

enum status ledger_next_lapse(struct store *store, int64_t after_ms, int64_t *moment_ms,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT min(s.due_day) FROM step s JOIN line l ON l.id = s.line WHERE s.silence"
               " AND s.state = 'open' AND l.state = 'active' AND s.due_day >= ?1");
    query_bind_int(q, 1, calendar_day_of(after_ms));
    *moment_ms =
        query_row(q) && !query_is_null(q, 0) ? calendar_moment_of(query_int(q, 0) + 1) : INT64_MAX;
    return query_end(q, err);
}
