/* Rectifications kept; see rectification.h. */
#include "ledger/rectification.h"

#include "base/calendar.h"
#include "ledger/key.h"

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_load_rectification(struct arena *arena, struct store *store,
                                      const struct line *line, struct rectification *r,
                                      struct error *err)
{
    *r = (struct rectification){.sort = RECTIFY_OTHER};
    if (line->kind != LEDGER_RECTIFICATION)
        return STATUS_OK;
    struct query *q = query_start(
        store, "SELECT r.state, " RECTIFY_ORIGIN_SQL ", r.sort, r.grave, r.source, r.cause,"
               " r.measure, r.since_day, r.told_by, r.told_day, r.struck_day, r.returned"
               " FROM line l LEFT JOIN rectification r ON r.line = l.id WHERE l.id = ?1");
    query_bind_int(q, 1, line->id);
    bool found = query_row(q);
    r->state = RECTIFY_FOUND;
    r->since_day = calendar_day_of(line->created_ms);
    if (found)
        r->origin = (enum rectify_origin)machine_named(rectify_origins, query_str(q, 1));
    if (found && query_str(q, 0).len)
        *r = (struct rectification){
            .state = (enum rectify_state)machine_named(rectify_machine.states, query_str(q, 0)),
            .origin = (enum rectify_origin)machine_named(rectify_origins, query_str(q, 1)),
            .sort = (enum rectify_sort)machine_named(rectify_sorts, query_str(q, 2)),
            .grave = query_int(q, 3),
            .source = query_int(q, 4),
            .cause = str_copy(arena, query_str(q, 5)),
            .measure = str_copy(arena, query_str(q, 6)),
            .since_day = query_int(q, 7),
            .told_by = query_int(q, 8),
            .told_day = query_int(q, 9),
            .struck_day = query_int(q, 10),
            .returned = query_int(q, 11),
        };
    return query_end(q, err);
}

enum status ledger_list_rectifications_of(struct arena *arena, struct store *store, int64_t source,
                                          struct line **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM rectification r JOIN line l ON l.id ="
                                                       " r.line WHERE r.source = ?1 ORDER BY l.id");
    query_bind_int(q, 1, source);
    return ledger_take_lines(arena, q, list, count, err);
}

enum status ledger_list_rectification_acts(struct arena *arena, struct store *store, int64_t line,
                                           size_t most, struct rectification_entry **list,
                                           size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT act, member, day, made_ms, words, shown FROM rectification_act"
                           " WHERE line = ?1 ORDER BY id DESC LIMIT ?2");
    *list = arena_array(arena, most, struct rectification_entry);
    *count = 0;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, (int64_t)most);
    while (*count < most && query_row(q))
        (*list)[(*count)++] = (struct rectification_entry){
            .act = (enum rectify_act)machine_named(rectify_machine.acts, query_str(q, 0)),
            .member = query_int(q, 1),
            .day = query_int(q, 2),
            .made_ms = query_int(q, 3),
            .words = str_copy(arena, query_str(q, 4)),
            .shown = str_copy(arena, query_str(q, 5)),
        };
    return query_end(q, err);
}

/* --- kept ----------------------------------------------------------------------------------------- */

static enum status keep(struct store *store, int64_t line, const struct rectification *r,
                        struct error *err)
{
    struct query *q = query_start(
        store, "INSERT OR REPLACE INTO rectification (line, state, origin, sort, grave, source,"
               " cause, measure, since_day, told_by, told_day, struck_day, returned)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(rectify_machine.states.at[r->state].name));
    query_bind_str(q, 3, str_of(rectify_origins.at[r->origin].name));
    query_bind_str(q, 4, str_of(rectify_sorts.at[r->sort].name));
    query_bind_int(q, 5, r->grave);
    query_bind_int_or_null(q, 6, r->source);
    query_bind_str(q, 7, r->cause);
    query_bind_str(q, 8, r->measure);
    query_bind_int(q, 9, r->since_day);
    query_bind_int_or_null(q, 10, r->told_by);
    query_bind_int_or_null(q, 11, r->told_day);
    query_bind_int_or_null(q, 12, r->struck_day);
    query_bind_int(q, 13, r->returned);
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *sorted_data(const struct rectification *r)
{
    return json_pack("{s:s, s:s, s:b}", "origin", rectify_origins.at[r->origin].name, "sort",
                     rectify_sorts.at[r->sort].name, "grave", r->grave);
}

/* --- made ----------------------------------------------------------------------------------------- */

static enum rectify_origin origin_of(enum ledger_kind source)
{
    static const struct {
        const char *kind;
        enum rectify_origin origin;
    } FOUND[] = {
        {"inspection", RECTIFY_INSPECTION}, {"risk", RECTIFY_SWEEP}, {"sweep", RECTIFY_SWEEP}};
    for (size_t i = 0; i < sizeof FOUND / sizeof *FOUND; i++)
        if (str_equal(str_of(ledger_kind_name(source)), str_of(FOUND[i].kind)))
            return FOUND[i].origin;
    return RECTIFY_OWN;
}

/* Both lines tell of each other. */
static enum status record_found(struct store *store, const struct line *line,
                                const struct rectification *r, const struct ledger_deed *deed,
                                struct error *err)
{
    json_t *data = sorted_data(r);
    (void)json_object_set_new(data, "act", json_string("found"));
    (void)json_object_set_new(data, "source", ledger_json_id('L', r->source));
    enum status status = ledger_record(store, line->id, "line.rectification", data, deed, err);
    if (status || !r->source)
        return status;
    data = json_object();
    (void)json_object_set_new(data, "line", ledger_json_id('L', line->id));
    return ledger_record(store, r->source, "line.rectified", data, deed, err);
}

enum status ledger_open_rectification(struct arena *arena, struct store *store, struct line *line,
                                      struct rectification *r, const struct ledger_deed *deed,
                                      struct error *err)
{
    struct line source;
    int64_t today = calendar_day_of(deed->now_ms);
    enum status status = STATUS_OK;
    if (!str_trim(line->text).len)
        return error_set(err, STATUS_INPUT, "Say what the problem is.", "请写明问题。");
    if (r->source)
        status = ledger_find_line_by_id(arena, store, r->source, &source, err);
    line->kind = LEDGER_RECTIFICATION;
    line->state = LINE_ACTIVE;
    line->progress = rectify_progress(RECTIFY_FOUND);
    r->state = RECTIFY_FOUND;
    r->since_day = today;
    if (!status)
        status = ledger_make_line(arena, store, line, deed, err);
    if (!status)
        status = keep(store, line->id, r, err);
    if (!status)
        status = record_found(store, line, r, deed, err);
    return status ? status : ledger_look_for_recurrences(arena, store, line->id, today, err);
}

enum status ledger_make_rectification(struct arena *arena, struct store *store, int64_t source,
                                      struct str title, struct str problem, int64_t unit,
                                      int64_t lead, int64_t due_day, const struct ledger_deed *deed,
                                      struct line *line, struct error *err)
{
    struct line found = {0};
    struct rectification r = {.sort = RECTIFY_OTHER, .source = source};
    enum status status =
        source ? ledger_find_line_by_id(arena, store, source, &found, err) : STATUS_OK;
    if (status)
        return status;
    r.origin = source ? origin_of(found.kind) : RECTIFY_OWN;
    *line = (struct line){.title = title,
                          .text = problem,
                          .unit = unit,
                          .lead = lead,
                          .begins_day = due_day ? calendar_day_of(deed->now_ms) : 0,
                          .due_day = due_day,
                          .weight = 1};
    return ledger_open_rectification(arena, store, line, &r, deed, err);
}

/* --- who is who ----------------------------------------------------------------------------------- */

#define WHO(who) MACHINE_BIT(RECTIFY_WHO_##who)

/* `is` as in may.h. Nobody verifies what they answer for, or said themselves. */
static unsigned stand(unsigned is, int64_t member, int64_t told_by)
{
    bool holds = is & (LEDGER_LEADS | LEDGER_HEADS);
    bool apart = !holds && member != told_by;
    unsigned who = 0;
    if (is & LEDGER_EDITS)
        who |= WHO(KEEPER);
    if (holds)
        who |= WHO(HOLDER) | WHO(WORKER);
    if (is & LEDGER_OF_UNIT)
        who |= WHO(WORKER);
    if (apart && is & (LEDGER_EDITS | LEDGER_INSPECTS))
        who |= WHO(VERIFIER);
    if (apart && is & LEDGER_EDITS)
        who |= WHO(STRIKER);
    return who;
}

static enum status stand_to(struct store *store, const struct ledger_person *person, int64_t line,
                            const struct rectification *r, unsigned *who, struct error *err)
{
    unsigned is = 0;
    enum status status = ledger_stand_to(store, person, line, &is, err);
    *who = stand(is, person->member, r->told_by);
    return status;
}

enum status ledger_rectification_acts(struct store *store, const struct ledger_person *person,
                                      int64_t line, const struct rectification *r, unsigned *acts,
                                      struct error *err)
{
    unsigned who = 0;
    enum status status = stand_to(store, person, line, r, &who, err);
    *acts = status ? 0 : machine_acts(&rectify_machine, (int)r->state, who);
    return status;
}

enum status ledger_may_decide_recurrence(struct store *store, const struct ledger_person *person,
                                         int64_t line, const struct rectification *r, bool *may,
                                         struct error *err)
{
    unsigned who = 0;
    enum status status = stand_to(store, person, line, r, &who, err);
    *may = who & WHO(VERIFIER) && rectify_line_state(r->state) == LINE_ACTIVE;
    return status;
}

enum status ledger_may_put_on_record(struct store *store, int64_t member, int64_t unit,
                                     struct error *err)
{
    struct ledger_person person = {.member = member};
    enum status status = ledger_know_person(store, &person, err);
    if (status || ledger_may(person.is, LEDGER_VERIFY))
        return status;
    struct query *q =
        query_start(store, "SELECT 1 FROM unit_member WHERE member = ?1 AND unit = ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, unit);
    bool of_unit = query_row(q);
    status = query_end(q, err);
    if (!status && !of_unit)
        return error_set(err, STATUS_FORBIDDEN,
                         "Members of a unit put problems of their own unit on record.",
                         "单位成员仅可登记本单位的问题。");
    return status;
}

/* --- acts ----------------------------------------------------------------------------------------- */

static enum status ask(struct store *store, const char *sql, int64_t line, int64_t *answer,
                       struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, line);
    *answer = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status find_needs(struct store *store, const struct line *line,
                              const struct rectification_deed *deed, unsigned *met,
                              struct error *err)
{
    int64_t files = 0;
    int64_t open = 0;
    enum status status =
        ask(store,
            "SELECT count(*) FROM line_file f WHERE f.line = ?1 AND f.removed_ms IS NULL"
            " AND f.about = 'rectification' AND f.added_ms >= (SELECT coalesce(max(made_ms), 0)"
            " FROM rectification_act WHERE line = ?1 AND act IN ('return', 'reconsider',"
            " 'reopen'))",
            line->id, &files, err);
    if (!status)
        status =
            ask(store, "SELECT count(*) FROM recurrence WHERE line = ?1 AND state = 'proposed'",
                line->id, &open, err);
    *met = str_trim(deed->words).len ? RECTIFY_NEEDS_WORDS : 0U;
    *met |= line->due_day || deed->due_day ? RECTIFY_NEEDS_DUE : 0U;
    *met |= files || str_trim(deed->shown).len ? RECTIFY_NEEDS_EVIDENCE : 0U;
    *met |= open ? 0U : RECTIFY_NEEDS_DECIDED;
    return status;
}

static enum status allow(struct store *store, const struct line *line,
                         const struct rectification *r, const struct rectification_deed *deed,
                         struct error *err)
{
    struct machine_facts facts = {0};
    struct ledger_person person = {.member = deed->actor};
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = stand_to(store, &person, line->id, r, &facts.is, err);
    if (!status)
        status = find_needs(store, line, deed, &facts.met, err);
    return status ? status
                  : machine_allow(&rectify_machine, (int)r->state, (int)deed->act, facts, err);
}

static enum status check_deed(const struct rectification_deed *deed, struct error *err)
{
    if (!ledger_is_text(deed->words, RECTIFICATION_WORDS_MAX) ||
        !ledger_is_text(deed->shown, RECTIFICATION_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         RECTIFICATION_WORDS_MAX);
    if (deed->act == RECTIFY_PLAN && deed->due_day && deed->due_day < deed->today)
        return error_set(err, STATUS_INPUT, "The last day is past.", "整改期限不能早于今天。");
    return STATUS_OK;
}

static void change(struct rectification *r, const struct rectification_deed *deed)
{
    int to = rectify_machine.rules[deed->act].to;
    struct str words = str_trim(deed->words);
    r->since_day = (int)r->state == to ? r->since_day : deed->today;
    r->state = (enum rectify_state)to;
    switch (deed->act) {
    case RECTIFY_EXPLAIN:
        r->cause = words;
        break;
    case RECTIFY_PLAN:
        r->measure = words;
        break;
    case RECTIFY_SHOW:
        r->told_by = deed->actor;
        r->told_day = deed->today;
        break;
    case RECTIFY_RETURN:
    case RECTIFY_RECONSIDER:
        r->returned++;
        r->told_by = r->told_day = 0;
        break;
    case RECTIFY_STRIKE:
        r->struck_day = deed->today;
        break;
    case RECTIFY_REOPEN:
        r->told_by = r->told_day = r->struck_day = 0;
        break;
    case RECTIFY_PASS:
    case RECTIFY_DROP:
    case RECTIFY_ACTS:
        break;
    }
}

static enum status keep_act(struct store *store, int64_t line,
                            const struct rectification_deed *deed, int64_t now_ms,
                            struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO rectification_act (line, act, member, day, made_ms, words,"
                           " shown) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(rectify_machine.acts.at[deed->act].name));
    query_bind_int(q, 3, deed->actor);
    query_bind_int(q, 4, deed->today);
    query_bind_int(q, 5, now_ms);
    query_bind_str(q, 6, str_trim(deed->words));
    query_bind_str(q, 7, deed->act == RECTIFY_SHOW ? str_trim(deed->shown) : STR(""));
    (void)query_row(q);
    return query_end(q, err);
}

/* The line's own state and progress follow. */
static enum status change_line(struct store *store, const struct line *line,
                               const struct rectification *r, const struct rectification_deed *deed,
                               const struct ledger_deed *said, struct error *err)
{
    struct line_change changes[] = {
        {.field = LINE_STATE, .number = rectify_line_state(r->state)},
        {.field = LINE_PROGRESS, .number = rectify_progress(r->state)},
        {.field = LINE_DUE,
         .number = deed->act == RECTIFY_PLAN && deed->due_day ? deed->due_day : line->due_day},
    };
    if (r->state == RECTIFY_DROPPED)
        changes[1].number = line->progress;
    return ledger_change_line(store, line->id, changes, sizeof changes / sizeof *changes, said,
                              err);
}

enum status ledger_rectify(struct arena *arena, struct store *store, int64_t id,
                           const struct rectification_deed *deed, int64_t now_ms, struct error *err)
{
    struct line line;
    struct rectification r;
    struct ledger_deed said = {.now_ms = now_ms, .why = str_trim(deed->words)};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_load_rectification(arena, store, &line, &r, err);
    if (!status)
        status = allow(store, &line, &r, deed, err);
    if (!status)
        status = check_deed(deed, err);
    if (status)
        return status;
    change(&r, deed);
    status = keep(store, id, &r, err);
    if (!status)
        status = keep_act(store, id, deed, now_ms, err);
    if (!status)
        status = change_line(store, &line, &r, deed, &said, err);
    if (!status && deed->act == RECTIFY_STRIKE)
        status = ledger_keep_likeness(arena, store, id, err);
    if (!status && deed->act == RECTIFY_EXPLAIN)
        status = ledger_look_for_recurrences(arena, store, id, deed->today, err);
    json_t *data = json_pack("{s:s}", "act", rectify_machine.acts.at[deed->act].name);
    if (!status)
        return ledger_record(store, id, "line.rectification", data, &said, err);
    json_decref(data);
    return status;
}

static enum status refuse_lighter(struct store *store, int64_t line, struct error *err)
{
    int64_t again = 0;
    enum status status =
        ask(store, "SELECT count(*) FROM recurrence WHERE line = ?1 AND state = 'confirmed'", line,
            &again, err);
    if (!status && again)
        return error_set(err, STATUS_CONFLICT, "A problem that came back is grave.",
                         "反复出现的问题按严重问题办理。");
    return status;
}

enum status ledger_sort_rectification(struct arena *arena, struct store *store, int64_t id,
                                      const struct rectification *wanted,
                                      const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    struct rectification r;
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_load_rectification(arena, store, &line, &r, err);
    if (!status && r.state == RECTIFY_NONE)
        return error_set(err, STATUS_CONFLICT, "This line is no rectification.",
                         "该条目不是整改事项。");
    if (!status && !wanted->grave)
        status = refuse_lighter(store, id, err);
    if (status ||
        (r.origin == wanted->origin && r.sort == wanted->sort && r.grave == wanted->grave))
        return status;
    r.origin = wanted->origin;
    r.sort = wanted->sort;
    r.grave = wanted->grave;
    status = keep(store, id, &r, err);
    return status ? status
                  : ledger_record(store, id, "line.rectification", sorted_data(&r), deed, err);
}

enum status ledger_may_remove_rectified(struct store *store, int64_t line, struct str about,
                                        struct error *err)
{
    int64_t shown = 0;
    enum status status = ask(store,
                             "SELECT count(*) FROM rectification WHERE line = ?1 AND state IN"
                             " ('shown', 'verified', 'struck')",
                             line, &shown, err);
    if (!status && shown && str_equal(about, RECTIFICATION_EVIDENCE))
        return error_set(err, STATUS_CONFLICT,
                         "What shows that it was put right stays until it is sent back.",
                         "整改佐证须保留，退回或重新整改后方可移除。");
    return status;
}
