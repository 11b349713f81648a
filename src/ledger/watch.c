/* Watches kept; see watch.h. */
#include "ledger/watch.h"

#include "ledger/key.h"

static void add_condition(struct ledger_watch *w, unsigned number, struct str en, struct str zh)
{
    if (w->nconditions < sizeof w->conditions / sizeof *w->conditions)
        w->conditions[w->nconditions++] = (struct watch_condition){
            .number = number, .en = en, .zh = zh, .own = number >= WATCH_CONDITIONS};
}

static struct watch_condition *find_condition(struct ledger_watch *w, int64_t number)
{
    for (size_t i = 0; i < w->nconditions; i++)
        if (w->conditions[i].number == number)
            return &w->conditions[i];
    return NULL;
}

static enum status load_own(struct arena *arena, struct store *store, int64_t line,
                            struct ledger_watch watches[WATCHES], struct error *err)
{
    struct query *q = query_start(store, "SELECT watch, number, words FROM project_own_condition"
                                         " WHERE line = ?1 AND ended_ms IS NULL"
                                         " ORDER BY watch, number");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        enum watch watch = watch_named(query_str(q, 0));
        struct str words = str_copy(arena, query_str(q, 2));
        if (watch != WATCHES)
            add_condition(&watches[watch], (unsigned)query_int(q, 1), words, words);
    }
    return query_end(q, err);
}

static enum status load_met(struct arena *arena, struct store *store, int64_t line,
                            struct ledger_watch watches[WATCHES], struct error *err)
{
    struct query *q = query_start(store, "SELECT watch, number, note FROM project_condition"
                                         " WHERE line = ?1");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        enum watch watch = watch_named(query_str(q, 0));
        struct watch_condition *c =
            watch == WATCHES ? NULL : find_condition(&watches[watch], query_int(q, 1));
        if (!c)
            continue;
        c->met = true;
        c->note = str_copy(arena, query_str(q, 2));
    }
    return query_end(q, err);
}

static const char *const ABOUT[WATCHES] = {
    [WATCH_LANDING] = "watch.landing",   [WATCH_START] = "watch.start",
    [WATCH_PROGRESS] = "watch.progress", [WATCH_SUPPORT] = "watch.support",
    [WATCH_OPENING] = "watch.opening",
};

struct str watch_evidence(enum watch watch)
{
    return str_of(ABOUT[watch]);
}

/* WATCHES where it is about none. */
static enum watch watch_about(struct str about)
{
    int at = 0;
    while (at < WATCHES && !str_equal(about, str_of(ABOUT[at])))
        at++;
    return (enum watch)at;
}

static enum status count_files(struct store *store, int64_t line,
                               struct ledger_watch watches[WATCHES], struct error *err)
{
    struct query *q = query_start(store, "SELECT about, count(*) FROM line_file WHERE line = ?1"
                                         " AND removed_ms IS NULL GROUP BY about");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        enum watch watch = watch_about(query_str(q, 0));
        if (watch != WATCHES)
            watches[watch].files = query_int(q, 1);
    }
    return query_end(q, err);
}

enum status ledger_load_watches(struct arena *arena, struct store *store, int64_t line,
                                struct ledger_watch watches[WATCHES], struct error *err)
{
    for (int i = 0; i < WATCHES; i++)
        watches[i] = (struct ledger_watch){.state = WATCH_OPEN};
    struct query *q =
        query_start(store, "SELECT watch, state, planned_day, actual_day, member, words"
                           " FROM project_watch WHERE line = ?1");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        enum watch watch = watch_named(query_str(q, 0));
        if (watch != WATCHES)
            watches[watch] = (struct ledger_watch){
                .state = watch_state_named(query_str(q, 1)),
                .planned_day = query_int(q, 2),
                .actual_day = query_int(q, 3),
                .reporter = query_int(q, 4),
                .words = str_copy(arena, query_str(q, 5)),
            };
    }
    enum status status = query_end(q, err);
    for (int i = 0; i < WATCHES; i++)
        for (unsigned k = 0; k < WATCH_CONDITIONS && watch_kinds[i].conditions[k].en; k++)
            add_condition(&watches[i], k, str_of(watch_kinds[i].conditions[k].en),
                          str_of(watch_kinds[i].conditions[k].zh));
    if (!status)
        status = load_own(arena, store, line, watches, err);
    if (!status)
        status = load_met(arena, store, line, watches, err);
    return status ? status : count_files(store, line, watches, err);
}

static enum status find_state(struct arena *arena, struct store *store, int64_t line,
                              struct str about, enum watch_state *state, struct error *err)
{
    struct ledger_watch watches[WATCHES];
    enum watch watch = watch_about(about);
    *state = WATCH_OPEN;
    if (watch == WATCHES)
        return STATUS_OK;
    enum status status = ledger_load_watches(arena, store, line, watches, err);
    *state = watches[watch].state;
    return status;
}

enum status ledger_may_add_evidence(struct arena *arena, struct store *store, int64_t line,
                                    struct str about, struct error *err)
{
    enum watch_state state;
    enum status status = find_state(arena, store, line, about, &state, err);
    if (!status && state != WATCH_OPEN && state != WATCH_REPORTED)
        return error_set(err, STATUS_CONFLICT, "That watch is settled; open it again first.",
                         "该盯已办结，请先重新打开。");
    return status;
}

enum status ledger_may_remove_evidence(struct arena *arena, struct store *store, int64_t line,
                                       struct str about, struct error *err)
{
    enum watch_state state;
    enum status status = find_state(arena, store, line, about, &state, err);
    if (!status && state != WATCH_OPEN)
        return error_set(err, STATUS_CONFLICT,
                         "What a watch was reported with stays until it is open again.",
                         "报告时的佐证须保留，重新打开后方可移除。");
    return status;
}

static struct machine_facts facts_of(const struct ledger_watch watches[WATCHES],
                                     const struct ledger_watch_deed *deed)
{
    const struct ledger_watch *w = &watches[deed->watch];
    enum watch_state states[WATCHES];
    bool met = true;
    bool shown = w->files > 0;
    for (int i = 0; i < WATCHES; i++)
        states[i] = watches[i].state;
    for (size_t i = 0; i < w->nconditions; i++) {
        met &= w->conditions[i].met;
        shown |= w->conditions[i].note.len > 0;
    }
    struct machine_facts facts = {watch_needs_met(states, deed->watch), deed->is};
    facts.met |= (deed->day ? PROJECT_NEEDS_DAY : 0U) | (met ? PROJECT_NEEDS_MET : 0U) |
                 (shown ? PROJECT_NEEDS_EVIDENCE : 0U) |
                 (str_trim(deed->words).len ? PROJECT_NEEDS_WORDS : 0U);
    if (w->reporter == deed->member)
        facts.is &= ~(1U << PROJECT_WHO_CHECKER);
    return facts;
}

static enum status check_words(const struct ledger_watch_deed *deed, struct ledger_watch *w,
                               int64_t today, struct error *err)
{
    const struct watch_condition *c = find_condition(w, deed->condition);
    if (!ledger_is_text(deed->words, WATCH_NOTE_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         WATCH_NOTE_MAX);
    if ((deed->act == WATCH_ACT_MEET && !c) || (deed->act == WATCH_ACT_DROP && (!c || !c->own)))
        return error_set(err, STATUS_INPUT, "There is no such condition.", "没有该项条件。");
    if (deed->act == WATCH_ACT_ADD &&
        !ledger_is_line_of_text(str_trim(deed->words), 1, WATCH_OWN_MAX))
        return error_in(err, "words",
                        error_set(err, STATUS_INPUT, "Say the condition in at most %d characters.",
                                  "请填写条件，不超过 %d 个字。", WATCH_OWN_MAX));
    if (deed->act == WATCH_ACT_REPORT && deed->day > today)
        return error_in(err, "day",
                        error_set(err, STATUS_INPUT, "The day on which it was reached lies ahead.",
                                  "达到日期不能晚于今天。"));
    return STATUS_OK;
}

/* A number is never given again, so that what showed another condition shows no new one. */
static enum status add_own(struct store *store, int64_t line, const struct ledger_watch_deed *deed,
                           struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO project_own_condition (line, watch, number, words)"
                           " SELECT ?1, ?2, ?3 + count(*), ?4 FROM project_own_condition"
                           " WHERE line = ?1 AND watch = ?2 HAVING count(*) < ?5");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(watch_kinds[deed->watch].name));
    query_bind_int(q, 3, WATCH_CONDITIONS);
    query_bind_str(q, 4, str_trim(deed->words));
    query_bind_int(q, 5, WATCH_OWN_CONDITIONS);
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (!status && store_changes(store) == 0)
        return error_set(err, STATUS_CONFLICT, "A watch has at most %u conditions of its own.",
                         "每一盯最多 %u 项自设条件。", WATCH_OWN_CONDITIONS);
    return status;
}

static enum status drop_own(struct store *store, int64_t line, const struct ledger_watch_deed *deed,
                            int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE project_own_condition SET ended_ms = ?4"
                                         " WHERE line = ?1 AND watch = ?2 AND number = ?3");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(watch_kinds[deed->watch].name));
    query_bind_int(q, 3, deed->condition);
    query_bind_int(q, 4, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_condition(struct store *store, int64_t line,
                                  const struct ledger_watch_deed *deed, struct error *err)
{
    struct str note = str_trim(deed->words);
    struct query *q = query_start(
        store, note.len ? "INSERT OR REPLACE INTO project_condition (line, watch, number, note)"
                          " VALUES (?1, ?2, ?3, ?4)"
                        : "DELETE FROM project_condition WHERE line = ?1 AND watch = ?2"
                          " AND number = ?3");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(watch_kinds[deed->watch].name));
    query_bind_int(q, 3, deed->condition);
    if (note.len)
        query_bind_str(q, 4, note);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_watch(struct store *store, int64_t line, enum watch watch,
                              const struct ledger_watch *w, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR REPLACE INTO project_watch (line, watch, state, planned_day,"
                           " actual_day, member, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(watch_kinds[watch].name));
    query_bind_str(q, 3, str_of(watch_state_name(w->state)));
    query_bind_int_or_null(q, 4, w->planned_day);
    query_bind_int_or_null(q, 5, w->actual_day);
    query_bind_int_or_null(q, 6, w->reporter);
    query_bind_str(q, 7, w->words);
    (void)query_row(q);
    return query_end(q, err);
}

/* How long work takes and reports wait is kept for each report. */
static enum status keep_report(struct store *store, int64_t line, enum watch watch, int64_t now_ms,
                               struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO project_watch_report (line, watch, reported_ms, since_ms, again)"
               " SELECT ?1, ?2, ?3, max(answered_ms), coalesce(passed = 0, 0)"
               " FROM project_watch_report WHERE line = ?1");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(watch_kinds[watch].name));
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status keep_answer(struct store *store, int64_t line, enum watch watch, bool passed,
                               int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE project_watch_report SET answered_ms = ?3, passed = ?4"
                           " WHERE line = ?1 AND watch = ?2 AND answered_ms IS NULL");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(watch_kinds[watch].name));
    query_bind_int(q, 3, now_ms);
    query_bind_int(q, 4, passed);
    (void)query_row(q);
    return query_end(q, err);
}

/* What the act makes of the watch itself. */
static void change(struct ledger_watch *w, const struct ledger_watch_deed *deed)
{
    if (watch_rules[deed->act].to != WATCH_NONE)
        w->state = watch_rules[deed->act].to;
    if (deed->act == WATCH_ACT_PLAN)
        w->planned_day = deed->day;
    else
        w->words = str_trim(deed->words);
    if (deed->act == WATCH_ACT_REPORT) {
        w->actual_day = deed->day;
        w->reporter = deed->member;
    }
    if (w->state == WATCH_OPEN || w->state == WATCH_WAIVED) {
        w->actual_day = 0;
        w->reporter = 0;
    }
}

static enum status put_in_force(struct store *store, int64_t line,
                                const struct ledger_watch_deed *deed, struct ledger_watch *w,
                                int64_t now_ms, struct error *err)
{
    switch (deed->act) {
    case WATCH_ACT_MEET:
        return keep_condition(store, line, deed, err);
    case WATCH_ACT_ADD:
        return add_own(store, line, deed, err);
    case WATCH_ACT_DROP:
        return drop_own(store, line, deed, now_ms, err);
    default:
        change(w, deed);
        break;
    }
    enum status status = keep_watch(store, line, deed->watch, w, err);
    if (!status && deed->act == WATCH_ACT_REPORT)
        return keep_report(store, line, deed->watch, now_ms, err);
    if (!status && (deed->act == WATCH_ACT_PASS || deed->act == WATCH_ACT_RETURN))
        return keep_answer(store, line, deed->watch, deed->act == WATCH_ACT_PASS, now_ms, err);
    return status;
}

static json_t *data_of(const struct ledger_watch_deed *deed)
{
    json_t *data = json_object();
    (void)json_object_set_new(data, "watch", json_string(watch_kinds[deed->watch].name));
    (void)json_object_set_new(data, "act", json_string(watch_act_name(deed->act)));
    if (deed->act == WATCH_ACT_MEET || deed->act == WATCH_ACT_DROP)
        (void)json_object_set_new(data, "condition", json_integer(deed->condition));
    if (deed->act == WATCH_ACT_PLAN || deed->act == WATCH_ACT_REPORT)
        (void)json_object_set_new(data, "day", ledger_json_day(deed->day));
    return data;
}

enum status ledger_act_on_watch(struct arena *arena, struct store *store, int64_t line,
                                const struct ledger_watch_deed *deed, int64_t today,
                                const struct ledger_deed *deed_of_line, struct error *err)
{
    struct ledger_watch watches[WATCHES];
    struct ledger_deed said = *deed_of_line;
    enum status status = ledger_load_watches(arena, store, line, watches, err);
    if (!status)
        status = check_words(deed, &watches[deed->watch], today, err);
    if (!status)
        status = watch_allow(watches[deed->watch].state, deed->act, facts_of(watches, deed), err);
    if (!status)
        status = put_in_force(store, line, deed, &watches[deed->watch], deed_of_line->now_ms, err);
    said.why = str_trim(deed->words);
    return status ? status : ledger_record(store, line, "line.watch", data_of(deed), &said, err);
}
