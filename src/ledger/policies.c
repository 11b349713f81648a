/* Policies kept; see policies.h. */
#include "ledger/policies.h"

#include <stdlib.h>

#include "ledger/key.h"

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_find_policy(struct arena *arena, struct store *store, int64_t line,
                               struct policy *p, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT state, route, since_ms, words, source, from_day, until_day, hoped_granted,"
               " hoped_paid, hoped_day, hoped_words, public, meant, claimed, granted, paid,"
               " last_month, EXISTS (SELECT 1 FROM policy_leaflet pl WHERE pl.line = p.line"
               " AND pl.state = 'shown') FROM policy p WHERE line = ?1");
    query_bind_int(q, 1, line);
    *p = (struct policy){.state = POLICY_NONE};
    if (query_row(q))
        *p = (struct policy){
            .state = (enum policy_state)machine_named(policy_machine.states, query_str(q, 0)),
            .route = (enum policy_route)machine_named(policy_routes, query_str(q, 1)),
            .since_ms = query_int(q, 2),
            .words = str_copy(arena, query_str(q, 3)),
            .source = str_copy(arena, query_str(q, 4)),
            .from_day = query_int(q, 5),
            .until_day = query_int(q, 6),
            .hoped_granted = query_int(q, 7),
            .hoped_paid = query_int(q, 8),
            .hoped_day = query_int(q, 9),
            .hoped_words = str_copy(arena, query_str(q, 10)),
            .public = query_int(q, 11) != 0,
            .meant = query_int(q, 12),
            .claimed = query_int(q, 13),
            .granted = query_int(q, 14),
            .paid = query_int(q, 15),
            .last_month = query_int(q, 16),
            .told = query_int(q, 17) != 0,
        };
    return query_end(q, err);
}

struct uptake_facts ledger_policy_facts(const struct policy *p)
{
    return (struct uptake_facts){
        .state = p->state,
        .from_day = p->from_day,
        .until_day = p->until_day,
        .claimed = p->claimed,
        .granted = p->granted,
        .hoped_granted = p->hoped_granted,
        .hoped_day = p->hoped_day,
        .last_month = p->last_month,
        .told = p->told,
    };
}

enum status ledger_list_policy_acts(struct arena *arena, struct store *store, int64_t line,
                                    size_t most, struct policy_entry **list, size_t *count,
                                    struct error *err)
{
    struct query *q = query_start(store, "SELECT act, member, made_ms, words FROM policy_act"
                                         " WHERE line = ?1 ORDER BY id DESC LIMIT ?2");
    *list = arena_array(arena, most, struct policy_entry);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct policy_entry){
            .act = (enum policy_act)machine_named(policy_machine.acts, query_str(q, 0)),
            .member = query_int(q, 1),
            .made_ms = query_int(q, 2),
            .words = str_copy(arena, query_str(q, 3)),
        };
    return query_end(q, err);
}

enum status ledger_policy_acts(struct store *store, const struct ledger_person *person,
                               int64_t line, const struct policy *policy, unsigned *acts,
                               struct error *err)
{
    unsigned is = 0;
    enum status status = ledger_stand_to(store, person, line, &is, err);
    *acts = machine_acts(&policy_machine, (int)policy->state, policy_stand(is, false));
    return status;
}

enum status ledger_count_flags(struct store *store, int64_t today, int64_t counts[UPTAKE_FLAGS],
                               struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " UPTAKE_SQL " FROM policy p WHERE p.state = 'in-force'");
    for (int i = 0; i < UPTAKE_FLAGS; i++)
        counts[i] = 0;
    query_bind_int(q, 2, today);
    while (query_row(q))
        for (int i = 0; i < UPTAKE_FLAGS; i++)
            counts[i] += query_int(q, 0) >> i & 1;
    return query_end(q, err);
}

/* --- an act --------------------------------------------------------------------------------------- */

static unsigned met_by(const struct line *line, const struct policy *p,
                       const struct policy_deed *deed)
{
    unsigned met = 0;
    met |= str_trim(deed->words).len ? POLICY_NEEDS_WORDS : 0U;
    met |= line->unit || line->lead ? POLICY_NEEDS_ANSWERER : 0U;
    met |= line->due_day ? POLICY_NEEDS_DUE : 0U;
    met |= str_trim(deed->source).len || p->source.len ? POLICY_NEEDS_SOURCE : 0U;
    met |= deed->from_day ? POLICY_NEEDS_FROM : 0U;
    return met;
}

static bool is_count(int64_t value)
{
    return value >= 0 && value <= POLICY_COUNT_MAX;
}

static enum status check_deed(const struct line *line, const struct policy *p,
                              const struct policy_deed *deed, struct error *err)
{
    int64_t from = deed->act == POLICY_ACT_ENACT ? deed->from_day : p->from_day;
    bool dated = deed->act == POLICY_ACT_ENACT || deed->act == POLICY_ACT_EXTEND;
    if (line->kind != LEDGER_POLICY)
        return error_set(err, STATUS_INPUT, "This line is no policy.", "该条目不是政策。");
    if (!ledger_is_text(deed->words, POLICY_WORDS_MAX) ||
        !ledger_is_line_of_text(deed->source, 0, POLICY_SOURCE_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters, and %d for the source.",
                         "说明不超过 %d 个字，依据不超过 %d 个字。", POLICY_WORDS_MAX,
                         POLICY_SOURCE_MAX);
    if (deed->act == POLICY_ACT_LIST && deed->route == POLICY_ROUTES)
        return error_in(
            err, "route",
            error_set(err, STATUS_INPUT, "Choose how it is come by.", "请选择政策来源类型。"));
    if (dated && deed->until_day && deed->until_day < from)
        return error_in(err, "until",
                        error_set(err, STATUS_INPUT, "Its last day is before its first.",
                                  "失效日期早于开始执行日期。"));
    if (deed->act == POLICY_ACT_AIM &&
        !(is_count(deed->hoped_granted) && is_count(deed->hoped_paid)))
        return error_set(err, STATUS_INPUT, "That number can't be taken.", "该数值无法采用。");
    if (deed->act == POLICY_ACT_AIM && (deed->hoped_granted || deed->hoped_paid) &&
        !deed->hoped_day)
        return error_in(err, "by",
                        error_set(err, STATUS_INPUT, "Say by which day.", "请填写预期达成日期。"));
    return STATUS_OK;
}

static void change(struct policy *p, const struct policy_deed *deed, int64_t now_ms)
{
    enum policy_state to = (enum policy_state)policy_machine.rules[deed->act].to;
    if (to != POLICY_NONE) {
        p->state = to;
        p->since_ms = now_ms;
        p->words = str_trim(deed->words);
    }
    if (deed->act == POLICY_ACT_LIST)
        p->route = deed->route;
    if (str_trim(deed->source).len)
        p->source = str_trim(deed->source);
    if (deed->act == POLICY_ACT_ENACT)
        p->from_day = deed->from_day;
    if (deed->act == POLICY_ACT_ENACT || deed->act == POLICY_ACT_EXTEND)
        p->until_day = deed->until_day;
    if (deed->act == POLICY_ACT_AIM) {
        p->hoped_granted = deed->hoped_granted;
        p->hoped_paid = deed->hoped_paid;
        p->hoped_day = deed->hoped_day;
        p->hoped_words = str_trim(deed->words);
    }
}

static enum status keep(struct store *store, int64_t line, const struct policy *p,
                        struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO policy (line, route, state, since_ms, words, source, from_day,"
               " until_day, hoped_granted, hoped_paid, hoped_day, hoped_words)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
               " ON CONFLICT (line) DO UPDATE SET state = excluded.state,"
               " since_ms = excluded.since_ms, words = excluded.words, source = excluded.source,"
               " from_day = excluded.from_day, until_day = excluded.until_day,"
               " hoped_granted = excluded.hoped_granted, hoped_paid = excluded.hoped_paid,"
               " hoped_day = excluded.hoped_day, hoped_words = excluded.hoped_words");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(policy_routes.at[p->route].name));
    query_bind_str(q, 3, str_of(policy_machine.states.at[p->state].name));
    query_bind_int(q, 4, p->since_ms);
    query_bind_str(q, 5, p->words);
    query_bind_str(q, 6, p->source);
    query_bind_int_or_null(q, 7, p->from_day);
    query_bind_int_or_null(q, 8, p->until_day);
    query_bind_int_or_null(q, 9, p->hoped_granted);
    query_bind_int_or_null(q, 10, p->hoped_paid);
    query_bind_int_or_null(q, 11, p->hoped_day);
    query_bind_str(q, 12, p->hoped_words);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_act(struct store *store, int64_t line, const struct policy_deed *deed,
                            int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO policy_act (line, act, member, made_ms, words)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(policy_machine.acts.at[deed->act].name));
    query_bind_int(q, 3, deed->actor);
    query_bind_int(q, 4, now_ms);
    query_bind_str(q, 5, str_trim(deed->words));
    (void)query_row(q);
    return query_end(q, err);
}

/* The line follows: its state always, its days once the policy is in force, as then its last day is what must not pass
 * unnoticed. */
static enum status change_line(struct store *store, int64_t line, const struct policy *p,
                               const struct policy_deed *deed, const struct ledger_deed *said,
                               struct error *err)
{
    struct line_change changes[4];
    size_t count = 0;
    changes[count++] =
        (struct line_change){.field = LINE_STATE, .number = policy_line_state(p->state)};
    if (deed->act == POLICY_ACT_ENACT) {
        changes[count++] = (struct line_change){.field = LINE_BEGINS, .number = p->from_day};
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = 100};
    }
    if (deed->act == POLICY_ACT_ENACT || deed->act == POLICY_ACT_EXTEND)
        changes[count++] = (struct line_change){.field = LINE_DUE, .number = p->until_day};
    if (deed->act == POLICY_ACT_REOPEN)
        changes[count++] = (struct line_change){.field = LINE_PROGRESS, .number = 0};
    return ledger_change_line(store, line, changes, count, said, err);
}

static json_t *data_of(const struct policy *was, const struct policy *is,
                       const struct policy_deed *deed)
{
    json_t *data = json_pack("{s:s}", "act", policy_machine.acts.at[deed->act].name);
    if (deed->act == POLICY_ACT_LIST)
        (void)json_object_set_new(data, "route", json_string(policy_routes.at[is->route].name));
    if (was->from_day != is->from_day)
        (void)json_object_set_new(
            data, "from",
            json_pack("[o, o]", ledger_json_day(was->from_day), ledger_json_day(is->from_day)));
    if (was->until_day != is->until_day)
        (void)json_object_set_new(
            data, "until",
            json_pack("[o, o]", ledger_json_day(was->until_day), ledger_json_day(is->until_day)));
    if (deed->act == POLICY_ACT_AIM)
        (void)json_object_set_new(
            data, "hoped",
            json_pack("[I, I]", (json_int_t)was->hoped_granted, (json_int_t)is->hoped_granted));
    return data;
}

static enum status allow(struct store *store, const struct line *line, const struct policy *p,
                         const struct policy_deed *deed, struct error *err)
{
    struct machine_facts facts = {.met = met_by(line, p, deed)};
    struct step_sum sum;
    struct ledger_person person = {.member = deed->actor};
    unsigned is = 0;
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = ledger_stand_to(store, &person, line->id, &is, err);
    if (!status)
        status = ledger_sum_steps(store, line->id, &sum, err);
    if (status)
        return status;
    facts.is = policy_stand(is, false);
    facts.met |= sum.stage ? 0U : POLICY_NEEDS_STEPS;
    return machine_allow(&policy_machine, (int)p->state, (int)deed->act, facts, err);
}

/* Whether a stage has a step that counts and was not let go. */
static bool has_stage(const struct step *list, size_t count, int64_t stage)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].stage == stage && !list[i].again_ms && list[i].state != STEP_DROPPED)
            return true;
    return false;
}

enum status ledger_follow_policy(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, const struct line *line,
                                 const struct ledger_deed *deed, struct error *err)
{
    struct policy policy;
    struct step_sum sum;
    const struct ledger_deed plain = {.now_ms = deed->now_ms, .batch = deed->batch};
    (void)calendar;
    enum status status = ledger_find_policy(arena, store, line->id, &policy, err);
    if (!status)
        status = ledger_sum_steps(store, line->id, &sum, err);
    /* What was let go stands beside what was made anew in its place. */
    int64_t all = sum.all - sum.of[STEP_DROPPED];
    int64_t well = sum.ended - sum.of[STEP_DROPPED] - sum.of[STEP_REFUSED];
    if (status || policy.state != POLICY_UNDERWAY || !all)
        return status;
    const struct line_change progress = {.field = LINE_PROGRESS, .number = 95 * well / all};
    return ledger_change_line(store, line->id, &progress, 1, &plain, err);
}

/* The steps of the route. Once it was begun before it goes on where it was left: what was refused is asked again, what was
 * let go is made anew, what was done stays done. */
static enum status begin_steps(struct arena *arena, struct store *store,
                               const struct workdays *calendar, const struct line *line,
                               const struct policy *p, enum lang lang,
                               const struct ledger_deed *said, struct error *err)
{
    const struct ledger_deed again = {.now_ms = said->now_ms,
                                      .why = p->words.len ? p->words : STR("-")};
    size_t count;
    const struct policy_step *steps = policy_steps(p->route, &count);
    struct step_sum sum;
    struct step *list = NULL;
    size_t nlist = 0;
    enum status status = ledger_sum_steps(store, line->id, &sum, err);
    if (!status && sum.stuck)
        status = ledger_send_steps_back(arena, store, calendar, line->id, sum.stage, &again, err);
    if (!status)
        status = ledger_list_steps(arena, store, line->id, &list, &nlist, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct step step = {
            .line = line->id,
            .stage = (int64_t)i + 1,
            .title = str_of(lang_pick(lang, steps[i].en, steps[i].zh)),
            .unit = line->unit,
            .member = line->lead,
            .limit_days = steps[i].days,
            .work = true,
        };
        if (!has_stage(list, nlist, step.stage))
            status = ledger_add_step(arena, store, &step, said, err);
    }
    if (!status)
        status = ledger_open_steps(arena, store, calendar, line->id, said, err);
    return status ? status : ledger_follow_policy(arena, store, calendar, line, said, err);
}

enum status ledger_act_on_policy(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, int64_t id,
                                 const struct policy_deed *deed, int64_t now_ms, struct error *err)
{
    struct line line;
    struct policy was;
    struct ledger_deed said = {.now_ms = now_ms, .why = str_trim(deed->words)};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_find_policy(arena, store, id, &was, err);
    if (!status)
        status = check_deed(&line, &was, deed, err);
    if (!status)
        status = allow(store, &line, &was, deed, err);
    if (status)
        return status;
    struct policy is = was;
    change(&is, deed, now_ms);
    status = keep(store, id, &is, err);
    if (!status)
        status = keep_act(store, id, deed, now_ms, err);
    if (!status)
        status = change_line(store, id, &is, deed, &said, err);
    if (!status && deed->act == POLICY_ACT_START)
        status = begin_steps(arena, store, calendar, &line, &was, deed->lang, &said, err);
    if (!status && deed->act == POLICY_ACT_DROP)
        status = ledger_end_steps(store, id, &said, err);
    return status ? status
                  : ledger_record(store, id, "line.policy", data_of(&was, &is, deed), &said, err);
}

/* --- who reads its leaflet ------------------------------------------------------------------------ */

static enum status set_public(struct store *store, int64_t line, int64_t public,
                              const struct ledger_deed *deed, struct error *err)
{
    struct query *q = query_start(store, "UPDATE policy SET public = ?2 WHERE line = ?1"
                                         " AND public <> ?2 RETURNING line");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, public);
    bool changed = query_row(q);
    enum status status = query_end(q, err);
    return status || !changed
               ? status
               : ledger_record(store, line, "line.policy",
                               json_pack("{s:s}", "act", public ? "open" : "shut"), deed, err);
}

enum status ledger_open_policy(struct store *store, int64_t line, const struct ledger_deed *deed,
                               struct error *err)
{
    return set_public(store, line, 1, deed, err);
}

enum status ledger_shut_policy(struct store *store, int64_t line, const struct ledger_deed *deed,
                               struct error *err)
{
    return set_public(store, line, 0, deed, err);
}

/* --- what fits ------------------------------------------------------------------------------------ */

struct fitting {
    struct fit_word own[TERMS_OF_A_LINE]; /* of the line that is looked at */
    size_t nown;
    struct fit_word words[TERMS_OF_A_LINE]; /* of the policy at hand */
    size_t nwords;
};

static enum status load_own(struct arena *arena, struct store *store, int64_t line,
                            struct fitting *f, struct error *err)
{
    struct policy_term *list;
    size_t count;
    enum status status = ledger_list_line_terms(arena, store, line, &list, &count, err);
    for (size_t i = 0; !status && i < count && f->nown < TERMS_OF_A_LINE; i++)
        f->own[f->nown++] = (struct fit_word){list[i].id, list[i].facet};
    return status;
}

/* Words that were ended count where they stand. */
static void judge_last(struct fitting *f, struct policy_fit *list, size_t *count)
{
    if (!*count)
        return;
    struct policy_fit *last = &list[*count - 1];
    last->fit = fit_judge(f->words, f->nwords, f->own, f->nown, &last->shared);
    *count -= last->fit == FIT_NO;
    f->nwords = 0;
}

static int compare(const void *a, const void *b)
{
    const struct policy_fit *x = a;
    const struct policy_fit *y = b;
    if (x->fit != y->fit)
        return x->fit > y->fit ? -1 : 1;
    if (x->state != y->state)
        return x->state > y->state ? -1 : 1; /* in force before under way */
    if (x->shared != y->shared)
        return x->shared > y->shared ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* A row a word of a policy, the words of each policy behind each other. */
static enum status judge_all(struct arena *arena, struct store *store, struct fitting *f,
                             struct policy_fit **list, size_t *count, struct error *err)
{
    int64_t at = 0;
    struct query *q =
        query_start(store, "SELECT p.line, p.state, t.id, t.facet FROM policy p"
                           " LEFT JOIN line_term lt ON lt.line = p.line LEFT JOIN policy_term t"
                           " ON t.id = lt.term AND t.facet IN ('industry', 'field')"
                           " WHERE p.state IN ('underway', 'in-force') ORDER BY p.line");
    while (query_row(q)) {
        if (query_int(q, 0) != at) {
            judge_last(f, *list, count);
            at = query_int(q, 0);
            size_t n = (*count)++;
            *list = arena_one_more(arena, *list, n, sizeof **list);
            (*list)[n] = (struct policy_fit){
                .line = at,
                .state = (enum policy_state)machine_named(policy_machine.states, query_str(q, 1))};
        }
        if (!query_is_null(q, 2) && f->nwords < TERMS_OF_A_LINE)
            f->words[f->nwords++] =
                (struct fit_word){query_int(q, 2), policy_facet_named(query_str(q, 3))};
    }
    judge_last(f, *list, count);
    return query_end(q, err);
}

/* What is shown of one: looked up of those alone that are. */
static enum status fill_fit(struct arena *arena, struct store *store, struct policy_fit *fit,
                            struct error *err)
{
    struct query *q = query_start(store, "SELECT l.key, l.number, l.title, p.route, p.until_day"
                                         " FROM policy p JOIN line l ON l.id = p.line"
                                         " WHERE p.line = ?1");
    query_bind_int(q, 1, fit->line);
    if (query_row(q)) {
        fit->key = str_copy(arena, query_str(q, 0));
        fit->number = str_copy(arena, query_str(q, 1));
        fit->title = str_copy(arena, query_str(q, 2));
        fit->route = (enum policy_route)machine_named(policy_routes, query_str(q, 3));
        fit->until_day = query_int(q, 4);
    }
    return query_end(q, err);
}

enum status ledger_list_fitting(struct arena *arena, struct store *store, int64_t line, size_t most,
                                struct policy_fit **list, size_t *count, struct error *err)
{
    struct fitting f = {.nown = 0};
    *list = NULL;
    *count = 0;
    enum status status = load_own(arena, store, line, &f, err);
    if (!status)
        status = judge_all(arena, store, &f, list, count, err);
    if (*count)
        qsort(*list, *count, sizeof **list, compare);
    *count = *count < most ? *count : most;
    for (size_t i = 0; !status && i < *count; i++)
        status = fill_fit(arena, store, &(*list)[i], err);
    return status;
}
