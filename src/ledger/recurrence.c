/* Problems that come back: found by likeness, decided by a person; see rectification.h. */
#include "base/calendar.h"
#include "ledger/key.h"
#include "ledger/likeness.h"
#include "ledger/rectification.h"

static const struct machine_term STATES[RECURRENCE_STATES] = {
    [RECURRENCE_PROPOSED] = {"proposed", "to be decided", "待判定"},
    [RECURRENCE_CONFIRMED] = {"confirmed", "the same again", "属反复问题"},
    [RECURRENCE_DENIED] = {"denied", "another problem", "非同一问题"},
};
const struct machine_terms recurrence_states = {STATES, RECURRENCE_STATES};

/* --- found ---------------------------------------------------------------------------------------- */

struct compared {
    int64_t line, unit;
    struct likeness text;
    struct str sort;
};
struct found {
    int64_t line;
    int likeness;
};

/* Where the words were kept, title and text are not read. */
#define COMPARED                                                                             \
    "SELECT l.id, l.unit, CASE WHEN r.words IS NULL THEN l.title || char(10) || l.text END," \
    " coalesce(r.sort, 'other'), r.words"

static void take(struct arena *arena, struct query *q, struct compared *c)
{
    struct str packed = query_blob(q, 4);
    *c = (struct compared){.line = query_int(q, 0),
                           .unit = query_int(q, 1),
                           .text = packed.len ? likeness_unpack(arena, packed)
                                              : likeness_read(arena, query_str(q, 2)),
                           .sort = str_copy(arena, query_str(q, 3))};
}

static enum status read_own(struct arena *arena, struct store *store, int64_t line,
                            struct compared *own, struct error *err)
{
    struct query *q = query_start(store, COMPARED " FROM line l LEFT JOIN rectification r ON r.line"
                                                  " = l.id WHERE l.id = ?1");
    query_bind_int(q, 1, line);
    *own = (struct compared){0};
    if (query_row(q))
        take(arena, q, own);
    return query_end(q, err);
}

static int weigh(const struct compared *own, const struct compared *other)
{
    bool same_unit = own->unit && own->unit == other->unit;
    bool same_sort = !str_equal(own->sort, str_of(rectify_sorts.at[RECTIFY_OTHER].name)) &&
                     str_equal(own->sort, other->sort);
    return likeness_weigh(likeness_of(&own->text, &other->text), same_unit, same_sort);
}

/* Keeps the most alike, the later of equals. */
static void put(struct found *best, struct found one)
{
    for (size_t i = 0; i < RECURRENCES_MAX; i++) {
        if (one.likeness < best[i].likeness ||
            (one.likeness == best[i].likeness && one.line < best[i].line))
            continue;
        struct found pushed = best[i];
        best[i] = one;
        one = pushed;
    }
}

static enum status compare_all(struct store *store, const struct compared *own, int64_t today,
                               struct found *best, struct error *err)
{
    struct arena *scratch = arena_make();
    struct query *q =
        query_start(store, COMPARED " FROM rectification r JOIN line l ON l.id = r.line"
                                    " WHERE r.struck_day >= ?2 AND r.line <> ?1");
    query_bind_int(q, 1, own->line);
    query_bind_int(q, 2, today - RECURRENCE_DAYS);
    while (query_row(q)) {
        struct compared other;
        take(scratch, q, &other);
        int likeness = weigh(own, &other);
        if (likeness >= LIKENESS_THRESHOLD)
            put(best, (struct found){other.line, likeness});
        arena_reset(scratch);
    }
    arena_free(scratch);
    return query_end(q, err);
}

static enum status point_to(struct store *store, int64_t line, struct found found,
                            struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO recurrence (line, earlier, likeness) VALUES (?1, ?2, ?3)"
                           " ON CONFLICT DO UPDATE SET likeness = ?3 WHERE state = 'proposed'");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, found.line);
    query_bind_int(q, 3, found.likeness);
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_look_for_recurrences(struct arena *arena, struct store *store, int64_t line,
                                        int64_t today, struct error *err)
{
    struct compared own;
    struct found best[RECURRENCES_MAX] = {0};
    enum status status = read_own(arena, store, line, &own, err);
    if (!status)
        status = compare_all(store, &own, today, best, err);
    for (size_t i = 0; !status && i < RECURRENCES_MAX && best[i].line; i++)
        status = point_to(store, line, best[i], err);
    return status;
}

enum status ledger_keep_likeness(struct arena *arena, struct store *store, int64_t line,
                                 struct error *err)
{
    struct compared own;
    enum status status = read_own(arena, store, line, &own, err);
    if (status)
        return status;
    struct query *q = query_start(store, "UPDATE rectification SET words = ?2 WHERE line = ?1");
    query_bind_int(q, 1, line);
    query_bind_blob(q, 2, likeness_pack(arena, &own.text));
    (void)query_row(q);
    return query_end(q, err);
}

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_list_recurrences(struct arena *arena, struct store *store, int64_t line,
                                    struct recurrence **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT " LINE_COLUMNS("l") ", coalesce(r.measure, ''), r.struck_day, c.likeness,"
                                    " c.state, c.member, c.decided_ms FROM recurrence c"
                                    " JOIN line l ON l.id = c.earlier LEFT JOIN rectification"
                                    " r ON r.line = l.id WHERE c.line = ?1"
                                    " ORDER BY c.likeness DESC, l.id DESC");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        struct recurrence *c = &(*list)[n];
        *c = (struct recurrence){
            .measure = str_copy(arena, query_str(q, LINE_COLUMN_COUNT)),
            .struck_day = query_int(q, LINE_COLUMN_COUNT + 1),
            .likeness = query_int(q, LINE_COLUMN_COUNT + 2),
            .state = (enum recurrence_state)machine_named(recurrence_states,
                                                          query_str(q, LINE_COLUMN_COUNT + 3)),
            .member = query_int(q, LINE_COLUMN_COUNT + 4),
            .decided_ms = query_int(q, LINE_COLUMN_COUNT + 5),
        };
        ledger_take_line(arena, q, &c->earlier);
    }
    return query_end(q, err);
}

enum status ledger_list_came_back(struct arena *arena, struct store *store, int64_t earlier,
                                  struct line **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM recurrence c JOIN line l ON l.id ="
                                                       " c.line WHERE c.earlier = ?1 AND c.state ="
                                                       " 'confirmed' ORDER BY l.id");
    query_bind_int(q, 1, earlier);
    return ledger_take_lines(arena, q, list, count, err);
}

/* --- decided -------------------------------------------------------------------------------------- */

static enum status decide(struct store *store, int64_t line, int64_t earlier, bool again,
                          int64_t actor, int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE recurrence SET state = ?3, member = ?4, decided_ms = ?5"
                           " WHERE line = ?1 AND earlier = ?2 RETURNING earlier");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, earlier);
    query_bind_str(q, 3, str_of(STATES[again ? RECURRENCE_CONFIRMED : RECURRENCE_DENIED].name));
    query_bind_int(q, 4, actor);
    query_bind_int(q, 5, now_ms);
    bool found = query_row(q);
    (void)(found && query_row(q));
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "That line was not pointed to.",
                         "该条目不在提示之列。");
    return status;
}

static enum status check_decider(struct store *store, int64_t line, const struct rectification *r,
                                 int64_t actor, struct error *err)
{
    struct ledger_person person = {.member = actor};
    bool may = false;
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = ledger_may_decide_recurrence(store, &person, line, r, &may, err);
    if (!status && rectify_line_state(r->state) != LINE_ACTIVE)
        return error_set(err, STATUS_CONFLICT, "The rectification is ended.", "该整改事项已办结。");
    if (!status && !may)
        return error_set(err, STATUS_FORBIDDEN,
                         "This is for an inspector or who keeps the ledger, but nobody who answers "
                         "for it.",
                         "须由督导员或台账管理者（不得为责任人）判定。");
    return status;
}

enum status ledger_decide_recurrence(struct arena *arena, struct store *store, int64_t id,
                                     int64_t earlier, bool again, int64_t actor, int64_t now_ms,
                                     struct error *err)
{
    struct line line;
    struct rectification r;
    struct ledger_deed deed = {.now_ms = now_ms};
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    if (!status)
        status = ledger_load_rectification(arena, store, &line, &r, err);
    if (!status)
        status = check_decider(store, id, &r, actor, err);
    if (!status)
        status = decide(store, id, earlier, again, actor, now_ms, err);
    if (status)
        return status;
    json_t *data = json_pack("{s:b}", "again", again);
    (void)json_object_set_new(data, "earlier", ledger_json_id('L', earlier));
    status = ledger_record(store, id, "line.recurrence", data, &deed, err);
    if (status || !again)
        return status;
    r.grave = true;
    return ledger_sort_rectification(arena, store, id, &r, &deed, err);
}
