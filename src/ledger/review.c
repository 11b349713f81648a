/* Joint reviews as they are kept; see review.h. */
#include "ledger/review.h"

#include "base/calendar.h"
#include "ledger/key.h"
#include "ledger/permit.h"

enum status ledger_load_review(struct arena *arena, struct store *store, int64_t line,
                               struct review *review, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT state, asked_by, basis FROM review WHERE line = ?1");
    query_bind_int(q, 1, line);
    *review = (struct review){.state = REVIEW_NONE};
    if (query_row(q))
        *review = (struct review){
            .state = review_state_named(query_str(q, 0)),
            .asked_by = query_int(q, 1),
            .basis = str_copy(arena, query_str(q, 2)),
        };
    return query_end(q, err);
}

enum status ledger_list_review_replies(struct arena *arena, struct store *store, int64_t line,
                                       struct review_reply **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, "SELECT verdict, words, replied_ms, replied_by FROM"
                                         " review_reply WHERE line = ?1 ORDER BY id DESC LIMIT ?2");
    *list = arena_array(arena, REVIEW_REPLIES_MOST, struct review_reply);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, REVIEW_REPLIES_MOST);
    while (*count < REVIEW_REPLIES_MOST && query_row(q))
        (*list)[(*count)++] = (struct review_reply){
            .verdict = review_verdict_named(query_str(q, 0)),
            .words = str_copy(arena, query_str(q, 1)),
            .replied_ms = query_int(q, 2),
            .replied_by = query_int(q, 3),
        };
    return query_end(q, err);
}

static enum status record(struct store *store, int64_t line, enum review_act act,
                          enum review_verdict verdict, const struct ledger_deed *deed,
                          struct error *err)
{
    json_t *data = json_pack("{s:s}", "act", review_act_name(act));
    if (act == REVIEW_ACT_REPLY)
        (void)json_object_set_new(data, "verdict", json_string(review_verdict_name(verdict)));
    return ledger_record(store, line, "line.review", data, deed, err);
}

/* --- made ----------------------------------------------------------------------------------------- */

static enum status copy_steps(struct arena *arena, struct store *store, int64_t from, int64_t to,
                              const struct ledger_deed *deed, struct error *err)
{
    struct step *list;
    size_t count;
    struct review model;
    enum status status = ledger_load_review(arena, store, from, &model, err);
    if (!status && model.state == REVIEW_NONE)
        return error_set(err, STATUS_INPUT, "The steps can be taken over from a joint review only.",
                         "只能沿用其他联审事项的步骤。");
    if (!status)
        status = ledger_list_steps(arena, store, from, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct step step = list[i];
        step.line = to;
        if (!step.again_ms && step.state != STEP_DROPPED)
            status = ledger_add_step(arena, store, &step, deed, err);
    }
    return status;
}

static enum status begin(struct store *store, int64_t line, struct str basis, int64_t member,
                         const struct ledger_deed *deed, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO review (line, state, asked_by, basis) VALUES (?1, 'draft', ?2, ?3)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, member);
    query_bind_str(q, 3, str_trim(basis));
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : record(store, line, REVIEW_ACT_MAKE, REVIEW_OPEN, deed, err);
}

enum status ledger_take_up_review(struct arena *arena, struct store *store, int64_t id,
                                  int64_t member, const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct review review;
    enum status status = ledger_check_right(store, member, id, LEDGER_CHANGE, err);
    if (!status)
        status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_load_review(arena, store, id, &review, err);
    if (!status)
        status = review_allow(review.state, REVIEW_ACT_MAKE, 0, err);
    if (!status &&
        (line.kind != LEDGER_REVIEW || line.state == LINE_DONE || line.state == LINE_CLOSED))
        return error_set(err, STATUS_CONFLICT, "The line is no joint review, or at its end.",
                         "该条目不是联审事项，或已结束。");
    if (!status)
        status = begin(store, id, STR(""), member, deed, err);
    const struct line_change proposed = {.field = LINE_STATE, .number = LINE_PROPOSED};
    return status ? status : ledger_change_line(store, id, &proposed, 1, deed, err);
}

enum status ledger_make_review(struct arena *arena, struct store *store, struct line *line,
                               struct str basis, int64_t like, int64_t member,
                               const struct ledger_deed *deed, struct error *err)
{
    line->kind = LEDGER_REVIEW;
    line->state = LINE_PROPOSED;
    line->weight = line->parent ? 0 : 1;
    if (!ledger_is_text(basis, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "The rule has at most %d characters.",
                         "依据不超过 %d 个字。", LINE_WHY_MAX);
    enum status status = ledger_make_line(arena, store, line, deed, err);
    if (status)
        return status;
    status = begin(store, line->id, basis, member, deed, err);
    return status || !like ? status : copy_steps(arena, store, like, line->id, deed, err);
}

/* --- what steps make of the line ------------------------------------------------------------------ */

/* When a step will have ended at the latest, if it begins on the day `start` or runs already; while a question holds it,
 * if it were answered today. */
static int64_t latest_end(const struct step *step, const struct workdays *calendar, int64_t start)
{
    if (step->ended_ms || !step->limit_days)
        return start;
    return step->due_day ? step->due_day : workday_add(calendar, start, step->limit_days);
}

/* The day on which all limits, one stage after the other, have run out; 0: none of them has one. */
static int64_t expected_end(const struct step *list, size_t count, const struct workdays *calendar,
                            int64_t today)
{
    int64_t start = today;
    int64_t end = today;
    int64_t stage = 0;
    bool limited = false;
    for (size_t i = 0; i < count; i++) {
        if (list[i].again_ms || list[i].ended_ms)
            continue;
        if (list[i].stage != stage)
            start = end;
        stage = list[i].stage;
        int64_t latest = latest_end(&list[i], calendar, start);
        end = latest > end ? latest : end;
        limited = limited || list[i].limit_days;
    }
    return limited ? end : 0;
}

enum status ledger_follow_review(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, const struct line *line,
                                 const struct ledger_deed *deed, struct error *err)
{
    struct step *list;
    size_t count;
    struct step_sum sum;
    struct line_change changes[2];
    size_t nchanges = 0;
    const struct ledger_deed plain = {.now_ms = deed->now_ms, .batch = deed->batch};
    enum status status = ledger_sum_steps(store, line->id, &sum, err);
    if (!status)
        status = ledger_list_steps(arena, store, line->id, &list, &count, err);
    if (status || line->state != LINE_ACTIVE || !sum.all)
        return status;
    int64_t end = expected_end(list, count, calendar, calendar_day_of(deed->now_ms));
    /* What is left to do after the last opinion is the reply. */
    changes[nchanges++] =
        (struct line_change){.field = LINE_PROGRESS, .number = sum.ended * 95 / sum.all};
    if (end > line->due_day)
        changes[nchanges++] = (struct line_change){.field = LINE_DUE, .number = end};
    return ledger_change_line(store, line->id, changes, nchanges, &plain, err);
}

/* --- acts ----------------------------------------------------------------------------------------- */

static enum status keep_state(struct store *store, int64_t line, enum review_state state,
                              struct error *err)
{
    struct query *q = query_start(store, "UPDATE review SET state = ?2 WHERE line = ?1");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(review_state_name(state)));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_reply(struct store *store, int64_t line, const struct review_deed *act,
                              int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO review_reply (line, verdict, words,"
                                         " replied_ms, replied_by) VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(review_verdict_name(act->verdict)));
    query_bind_str(q, 3, str_trim(act->words));
    query_bind_int(q, 4, now_ms);
    query_bind_int(q, 5, act->actor);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status change_state(struct store *store, int64_t line, enum line_state state,
                                int64_t begins_day, const struct ledger_deed *deed,
                                struct error *err)
{
    struct line_change changes[3] = {{.field = LINE_STATE, .number = state}};
    size_t count = 1;
    if (begins_day)
        changes[count++] = (struct line_change){.field = LINE_BEGINS, .number = begins_day};
    if (state == LINE_DONE)
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = 100};
    return ledger_change_line(store, line, changes, count, deed, err);
}

static enum status check_deed(const struct review_deed *deed, struct error *err)
{
    int most = deed->act == REVIEW_ACT_REPLY ? REVIEW_REPLY_MAX : LINE_WHY_MAX;
    if (!ledger_is_text(deed->words, (size_t)most))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。", most);
    if (deed->act == REVIEW_ACT_REPLY &&
        (deed->verdict <= REVIEW_OPEN || deed->verdict >= REVIEW_VERDICTS))
        return error_set(err, STATUS_INPUT, "Say whether it is agreed or refused.",
                         "请选择回复结论。");
    return STATUS_OK;
}

static unsigned met_by(const struct review_deed *deed, const struct step_sum *sum)
{
    unsigned met = str_trim(deed->words).len ? REVIEW_NEEDS_WORDS : 0U;
    met |= sum->all > sum->of[STEP_DROPPED] ? REVIEW_NEEDS_STEPS : 0U;
    return met | (sum->over ? REVIEW_NEEDS_OVER : 0U);
}

/* `said` has the words as the reason, for what needs one; the reply itself is no reason. */
static enum status put_in_force(struct arena *arena, struct store *store,
                                const struct workdays *calendar, const struct line *line,
                                const struct review_deed *act, const struct ledger_deed *plain,
                                struct error *err)
{
    struct ledger_deed said = *plain;
    enum status status = STATUS_OK;
    said.why = str_trim(act->words);
    switch (act->act) {
    case REVIEW_ACT_START:
        status =
            change_state(store, line->id, LINE_ACTIVE, calendar_day_of(plain->now_ms), plain, err);
        return status ? status : ledger_open_steps(arena, store, calendar, line->id, plain, err);
    case REVIEW_ACT_REPLY:
        status = ledger_end_steps(store, line->id, plain, err);
        if (!status)
            status = keep_reply(store, line->id, act, plain->now_ms, err);
        return status ? status : change_state(store, line->id, LINE_DONE, 0, plain, err);
    case REVIEW_ACT_BACK:
        status = change_state(store, line->id, LINE_ACTIVE, 0, plain, err);
        return status ? status
                      : ledger_send_steps_back(arena, store, calendar, line->id, act->stage, &said,
                                               err);
    case REVIEW_ACT_WITHDRAW:
        status = ledger_end_steps(store, line->id, plain, err);
        return status ? status : change_state(store, line->id, LINE_CLOSED, 0, &said, err);
    default:
        return status;
    }
}

enum status ledger_act_on_review(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, int64_t id,
                                 const struct review_deed *act, const struct ledger_deed *deed,
                                 struct error *err)
{
    struct line line;
    struct review review;
    struct step_sum sum;
    const struct ledger_deed plain = {.now_ms = deed->now_ms, .batch = deed->batch};
    enum status status = check_deed(act, err);
    if (!status)
        status = ledger_check_right(store, act->actor, id, LEDGER_CHANGE, err);
    if (!status)
        status = ledger_load_review(arena, store, id, &review, err);
    if (!status)
        status = ledger_sum_steps(store, id, &sum, err);
    if (!status)
        status = review_allow(review.state, act->act, met_by(act, &sum), err);
    if (!status)
        status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = keep_state(store, id, review_rules[act->act].to, err);
    if (!status)
        status = put_in_force(arena, store, calendar, &line, act, &plain, err);
    if (!status)
        status = record(store, id, act->act, act->verdict, &plain, err);
    if (!status)
        status = ledger_follow_permit(arena, store, id, act->act, act->verdict, &plain, err);
    if (!status)
        status = ledger_find_line_by_id(arena, store, id, &line, err);
    return status ? status : ledger_follow_review(arena, store, calendar, &line, &plain, err);
}
