/* The register of risks; see register.h. */
#include "ledger/register.h"

#include "ledger/key.h"
#include "ledger/monitor.h"

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_load_risk(struct store *store, const struct line *line, struct risk *risk,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT state, category, likelihood, impact,"
                                         " residual_likelihood, residual_impact, told_by"
                                         " FROM risk WHERE line = ?1");
    query_bind_int(q, 1, line->id);
    *risk = (struct risk){.state = RISK_NONE, .category = RISK_CATEGORIES};
    if (query_row(q))
        *risk = (struct risk){
            .state = (enum risk_state)machine_named(risk_machine.states, query_str(q, 0)),
            .category = risk_category_named(query_str(q, 1)),
            .likelihood = query_int(q, 2),
            .impact = query_int(q, 3),
            .residual_likelihood = query_int(q, 4),
            .residual_impact = query_int(q, 5),
            .told_by = query_int(q, 6),
        };
    return query_end(q, err);
}

enum risk_level ledger_risk_level(const struct risk *risk)
{
    return risk->residual_likelihood
               ? risk_level_of(risk->residual_likelihood, risk->residual_impact)
               : risk_level_of(risk->likelihood, risk->impact);
}

enum status ledger_list_risk_acts(struct arena *arena, struct store *store, int64_t line,
                                  size_t most, struct risk_entry **list, size_t *count,
                                  struct error *err)
{
    struct query *q =
        query_start(store, "SELECT act, member, day, made_ms, likelihood, impact, words"
                           " FROM risk_act WHERE line = ?1 ORDER BY id DESC LIMIT ?2");
    *list = arena_array(arena, most, struct risk_entry);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct risk_entry){
            .act = (enum risk_act)machine_named(risk_machine.acts, query_str(q, 0)),
            .member = query_int(q, 1),
            .day = query_int(q, 2),
            .made_ms = query_int(q, 3),
            .likelihood = query_int(q, 4),
            .impact = query_int(q, 5),
            .words = str_copy(arena, query_str(q, 6)),
        };
    return query_end(q, err);
}

/* --- who is who ----------------------------------------------------------------------------------- */

#define WHO(who) (1U << RISK_WHO_##who)

/* `is` as in may.h. Nobody judges or bears what they answer for, or said themselves. */
static unsigned stand(unsigned is, int64_t member, int64_t told_by)
{
    bool answers = is & (LEDGER_LEADS | LEDGER_HEADS);
    bool apart = !answers && member != told_by;
    unsigned who = 0;
    if (answers || is & LEDGER_EDITS)
        who |= WHO(HOLDER) | WHO(WORKER);
    if (is & LEDGER_OF_UNIT)
        who |= WHO(WORKER);
    if (apart && is & (LEDGER_EDITS | LEDGER_INSPECTS))
        who |= WHO(CHECKER);
    if (apart && is & LEDGER_EDITS)
        who |= WHO(BEARER);
    return who;
}

static enum status stand_to(struct store *store, const struct ledger_person *person,
                            const struct line *line, const struct risk *risk, unsigned *who,
                            struct error *err)
{
    unsigned is = 0;
    enum status status = ledger_stand_to(store, person, line->id, &is, err);
    *who = stand(is, person->member, risk->told_by);
    return status;
}

enum status ledger_risk_acts(struct store *store, const struct ledger_person *person,
                             const struct line *line, const struct risk *risk, unsigned *acts,
                             struct error *err)
{
    unsigned who = 0;
    enum status status = stand_to(store, person, line, risk, &who, err);
    *acts = status ? 0 : machine_acts(&risk_machine, (int)risk->state, who);
    return status;
}

/* --- acting --------------------------------------------------------------------------------------- */

/* Measures carried out since disposal began, or was last sent back. */
static enum status count_done(struct store *store, int64_t line, int64_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT count(*) FROM step WHERE line = ?1 AND state = 'done' AND ended_ms >="
               " (SELECT coalesce(max(made_ms), 0) FROM risk_act WHERE line = ?1"
               " AND act IN ('dispose', 'back'))");
    query_bind_int(q, 1, line);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status find_needs(struct store *store, int64_t line, const struct risk *risk,
                              const struct risk_deed *deed, unsigned *met, struct error *err)
{
    bool placed = risk_level_of(deed->likelihood, deed->impact) != RISK_NO_LEVEL;
    struct step_sum sum;
    int64_t done = 0;
    enum status status = ledger_sum_steps(store, line, &sum, err);
    if (!status)
        status = count_done(store, line, &done, err);
    if (status)
        return status;
    *met |= str_trim(deed->words).len ? RISK_NEEDS_WORDS : 0U;
    *met |= placed ? RISK_NEEDS_PLACE : 0U;
    *met |= sum.of[STEP_WAITING] ? RISK_NEEDS_MEASURES : 0U;
    *met |= done && !sum.of[STEP_WAITING] && !sum.running ? RISK_NEEDS_ENDED : 0U;
    *met |= ledger_risk_level(risk) < RISK_EXTREME ? RISK_NEEDS_BEARABLE : 0U;
    return STATUS_OK;
}

static enum status check_deed(const struct line *line, const struct risk_deed *deed,
                              struct error *err)
{
    if (line->kind != LEDGER_RISK)
        return error_set(err, STATUS_CONFLICT, "The line is no risk.", "该条目不是风险。");
    if (!ledger_is_text(deed->words, RISK_WORDS_MAX))
        return error_in(err, "words",
                        error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                                  RISK_WORDS_MAX));
    if (deed->act == RISK_ENTER && deed->category == RISK_CATEGORIES)
        return error_in(err, "category",
                        error_set(err, STATUS_INPUT, "Choose a category.", "请选择风险类别。"));
    return STATUS_OK;
}

static enum status allow(struct store *store, const struct line *line, const struct risk *risk,
                         const struct risk_deed *deed, struct error *err)
{
    struct ledger_person person = {.member = deed->actor};
    struct machine_facts facts = {0};
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = find_needs(store, line->id, risk, deed, &facts.met, err);
    if (!status)
        status = stand_to(store, &person, line, risk, &facts.is, err);
    return status ? status
                  : machine_allow(&risk_machine, (int)risk->state, (int)deed->act, facts, err);
}

static bool assesses(enum risk_act act)
{
    return risk_machine.rules[act].needs & RISK_NEEDS_PLACE;
}

static void change(struct risk *risk, const struct risk_deed *deed)
{
    if (risk_machine.rules[deed->act].to)
        risk->state = (enum risk_state)risk_machine.rules[deed->act].to;
    switch (deed->act) {
    case RISK_ENTER:
    case RISK_REASSESS:
        risk->category = deed->category < RISK_CATEGORIES ? deed->category : risk->category;
        risk->likelihood = deed->likelihood;
        risk->impact = deed->impact;
        risk->residual_likelihood = risk->residual_impact = 0;
        risk->told_by = 0;
        break;
    case RISK_REPORT:
        risk->told_by = deed->actor;
        break;
    case RISK_JUDGE:
        risk->residual_likelihood = deed->likelihood;
        risk->residual_impact = deed->impact;
        break;
    default:
        break;
    }
}

static enum status keep(struct store *store, int64_t line, const struct risk *risk,
                        struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO risk (line, category, state, likelihood, impact,"
               " residual_likelihood, residual_impact, told_by)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (line) DO UPDATE SET"
               " category = ?2, state = ?3, likelihood = ?4, impact = ?5,"
               " residual_likelihood = ?6, residual_impact = ?7, told_by = ?8");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(risk_category_name(risk->category)));
    query_bind_str(q, 3, str_of(risk_machine.states.at[risk->state].name));
    query_bind_int(q, 4, risk->likelihood);
    query_bind_int(q, 5, risk->impact);
    query_bind_int_or_null(q, 6, risk->residual_likelihood);
    query_bind_int_or_null(q, 7, risk->residual_impact);
    query_bind_int_or_null(q, 8, risk->told_by);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_act(struct store *store, int64_t line, const struct risk_deed *deed,
                            int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO risk_act (line, act, member, day, made_ms, likelihood, impact, words)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(risk_machine.acts.at[deed->act].name));
    query_bind_int(q, 3, deed->actor);
    query_bind_int(q, 4, deed->today);
    query_bind_int(q, 5, now_ms);
    query_bind_int_or_null(q, 6, assesses(deed->act) ? deed->likelihood : 0);
    query_bind_int_or_null(q, 7, assesses(deed->act) ? deed->impact : 0);
    query_bind_str(q, 8, str_trim(deed->words));
    (void)query_row(q);
    return query_end(q, err);
}

/* The line's own state follows; what it is to be already changes nothing. */
static enum status follow(struct store *store, const struct line *line, enum risk_state state,
                          const struct ledger_deed *said, struct error *err)
{
    struct line_change changes[2];
    size_t count = 0;
    enum line_state to = risk_line_state(state);
    changes[count++] = (struct line_change){.field = LINE_STATE, .number = to};
    if (to == LINE_DONE)
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = 100};
    else if (to == LINE_ACTIVE && line->state >= LINE_DONE)
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = 0};
    return ledger_change_line(store, line->id, changes, count, said, err);
}

/* Together with the last measures that have not ended, or after all there are. */
static enum status find_stage(struct store *store, int64_t line, bool after, int64_t *stage,
                              struct error *err)
{
    struct query *q = query_start(
        store, "SELECT coalesce(max(stage), 0), coalesce(max(stage) FILTER"
               " (WHERE ended_ms IS NULL), 0) FROM step WHERE line = ?1 AND again_ms IS NULL");
    query_bind_int(q, 1, line);
    *stage = 1;
    if (query_row(q))
        *stage = !after && query_int(q, 1) ? query_int(q, 1) : query_int(q, 0) + 1;
    return query_end(q, err);
}

static enum status add_measure(struct arena *arena, struct store *store,
                               const struct workdays *calendar, int64_t line,
                               const struct risk *risk, const struct risk_deed *deed,
                               const struct ledger_deed *said, struct error *err)
{
    struct ledger_deed alone = {.now_ms = said->now_ms};
    struct step step = {.line = line,
                        .title = str_trim(deed->words),
                        .unit = deed->unit,
                        .member = deed->member,
                        .limit_days = deed->limit_days,
                        .work = true};
    if (deed->limit_days < 1)
        return error_set(err, STATUS_INPUT, "Say within how many working days.",
                         "请填写办理时限（工作日）。");
    enum status status = find_stage(store, line, deed->after, &step.stage, err);
    if (!status)
        status = ledger_add_step(arena, store, &step, &alone, err);
    return status || risk->state != RISK_DISPOSING
               ? status
               : ledger_open_steps(arena, store, calendar, line, &alone, err);
}

/* What an act makes of the measures, and of what watches it. */
static enum status carry_on(struct arena *arena, struct store *store,
                            const struct workdays *calendar, int64_t line, const struct risk *risk,
                            const struct risk_deed *deed, const struct ledger_deed *said,
                            struct error *err)
{
    switch (deed->act) {
    case RISK_MEASURE:
        return add_measure(arena, store, calendar, line, risk, deed, said, err);
    case RISK_DISPOSE:
        return ledger_open_steps(arena, store, calendar, line, said, err);
    case RISK_ACCEPT:
    case RISK_CLOSE:
        return ledger_end_steps(store, line, said, err);
    case RISK_REASSESS:
        return ledger_judge_risk(store, line, said->now_ms, err);
    default:
        return STATUS_OK;
    }
}

static json_t *data_of(const struct risk *was, const struct risk *is, const struct risk_deed *deed)
{
    json_t *data = json_object();
    (void)json_object_set_new(data, "act", json_string(risk_machine.acts.at[deed->act].name));
    if (assesses(deed->act))
        (void)json_object_set_new(data, "level",
                                  json_pack("[s, s]", risk_level_name(ledger_risk_level(was)),
                                            risk_level_name(ledger_risk_level(is))));
    return data;
}

enum status ledger_act_on_risk(struct arena *arena, struct store *store,
                               const struct workdays *calendar, int64_t id,
                               const struct risk_deed *deed, int64_t now_ms, struct error *err)
{
    struct line line;
    struct risk was;
    struct ledger_deed said = {.now_ms = now_ms, .why = str_trim(deed->words)};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = check_deed(&line, deed, err);
    if (!status)
        status = ledger_load_risk(store, &line, &was, err);
    if (!status)
        status = allow(store, &line, &was, deed, err);
    if (status)
        return status;
    struct risk is = was;
    change(&is, deed);
    status = keep(store, id, &is, err);
    if (!status)
        status = keep_act(store, id, deed, now_ms, err);
    /* Measures end before their line does, and begin when it is under way. */
    if (!status && is.state != RISK_CLOSED && is.state != RISK_ACCEPTED)
        status = follow(store, &line, is.state, &said, err);
    if (!status)
        status = carry_on(arena, store, calendar, id, &is, deed, &said, err);
    if (!status && (is.state == RISK_CLOSED || is.state == RISK_ACCEPTED))
        status = follow(store, &line, is.state, &said, err);
    return status ? status
                  : ledger_record(store, id, "line.risk", data_of(&was, &is, deed), &said, err);
}

enum status ledger_follow_measures(struct arena *arena, struct store *store,
                                   const struct workdays *calendar, const struct line *line,
                                   const struct ledger_deed *deed, struct error *err)
{
    struct step_sum sum;
    (void)arena;
    (void)calendar;
    struct query *q =
        query_start(store, "SELECT 1 FROM risk WHERE line = ?1 AND state = 'disposing'");
    query_bind_int(q, 1, line->id);
    bool disposing = query_row(q);
    enum status status = query_end(q, err);
    if (!status)
        status = ledger_sum_steps(store, line->id, &sum, err);
    if (status || !disposing || !sum.all)
        return status;
    struct line_change progress = {.field = LINE_PROGRESS, .number = 100 * sum.ended / sum.all};
    struct ledger_deed alone = {.now_ms = deed->now_ms};
    return ledger_change_line(store, line->id, &progress, 1, &alone, err);
}

/* --- the whole of them -------------------------------------------------------------------------- */

/* "43" as a number where it stood at the end of day DAY; NULL: nowhere. */
#define PLACE_ON(DAY)                                                                              \
    "(SELECT a.likelihood * 10 + a.impact FROM risk_act a WHERE a.line = r.line AND a.day <= " DAY \
    " AND (a.act = 'close' OR (a.likelihood IS NOT NULL AND (?1 = 0 OR a.act <> 'judge')))"        \
    " ORDER BY a.day DESC, a.id DESC LIMIT 1)"

enum status ledger_list_movements(struct arena *arena, struct store *store, enum risk_view view,
                                  int64_t then_day, int64_t now_day, struct risk_movement **list,
                                  size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT id, key, number, title, earlier, later FROM (SELECT l.id, l.key, l.number, l.title,"
        " " PLACE_ON("?2") " AS earlier, " PLACE_ON(
            "?3") " AS later FROM risk r"
                  " JOIN line l ON l.id = r.line) WHERE earlier IS NOT NULL OR later IS NOT NULL"
                  " ORDER BY id");
    query_bind_int(q, 1, view == RISK_BEFORE_DISPOSAL);
    query_bind_int(q, 2, then_day);
    query_bind_int(q, 3, now_day);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        (*list)[(*count)++] = (struct risk_movement){
            .line = query_int(q, 0),
            .key = str_copy(arena, query_str(q, 1)),
            .number = str_copy(arena, query_str(q, 2)),
            .title = str_copy(arena, query_str(q, 3)),
            .then_likelihood = query_int(q, 4) / 10,
            .then_impact = query_int(q, 4) % 10,
            .now_likelihood = query_int(q, 5) / 10,
            .now_impact = query_int(q, 5) % 10,
        };
    }
    return query_end(q, err);
}
