/* Notices given and kept; see urging.h. */
#include "ledger/urging.h"

#include <jansson.h>

#include "base/calendar.h"
#include "base/digest.h"
#include "ledger/key.h"

#define ABOVE_MAX 16U /* units above one another that are asked for a head */

struct urged_line {
    int64_t line, unit, lead;
    struct urge_facts facts;
};
struct giving {
    struct arena *arena;
    struct store *store;
    const struct workdays *calendar;
    const struct urge_keepers *keepers;
    int64_t now_ms, today;
    size_t *given;
    struct error *err;
    struct ledger_limits limits;
};

/* --- what is looked at ---------------------------------------------------------------------------- */

#define TOLD(CAUSE)                                                                          \
    "(SELECT n.made_day FROM supervision_notice n WHERE n.line = l.id AND n.cause = '" CAUSE \
    "' AND n.part IS NULL AND n.period = l.due_day)"

static enum status list_lines(const struct giving *g, int64_t after, size_t most,
                              struct urged_line *list, size_t *count)
{
    struct query *q = query_start(
        g->store,
        "SELECT l.id, l.unit, l.lead, s.state, s.rhythm, l.begins_day, l.due_day,"
        " l.progress, s.assigned_day, s.signed_day, s.fed_day, s.fault_day," TOLD("late") "," TOLD(
            "raised") "," TOLD("raised-on") " FROM supervision s"
                                            " JOIN line l ON l.id = s.line WHERE s.line > ?1 AND s.state IN"
                                            " ('assigned', 'working') AND l.state = 'active' AND l.due_day IS NOT NULL"
                                            " ORDER BY s.line LIMIT ?2");
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, (int64_t)most);
    *count = 0;
    while (*count < most && query_row(q))
        list[(*count)++] = (struct urged_line){query_int(q, 0),
                                               query_int(q, 1),
                                               query_int(q, 2),
                                               {.state = supervise_state_named(query_str(q, 3)),
                                                .rhythm = rhythm_named(query_str(q, 4)),
                                                .begins_day = query_int(q, 5),
                                                .due_day = query_int(q, 6),
                                                .progress = query_int(q, 7),
                                                .assigned_day = query_int(q, 8),
                                                .signed_day = query_int(q, 9),
                                                .fed_day = query_int(q, 10),
                                                .fault_day = query_int(q, 11),
                                                .told = {[URGE_LATE] = query_int(q, 12),
                                                         [URGE_RAISE] = query_int(q, 13),
                                                         [URGE_RAISE_ON] = query_int(q, 14)},
                                                .today = g->today}};
    return query_end(q, g->err);
}

/* A part that was handed on and is not done. */
struct urged_part {
    int64_t id, member, unit, head, giver;
    struct urge_part facts;
};

static enum status list_parts(const struct giving *g, int64_t line, struct urged_part **list,
                              size_t *count)
{
    struct query *q = query_start(
        g->store, "SELECT p.id, p.member, p.unit, u.head, a.member, p.given_ms, p.due_day,"
                  " p.signed_ms IS NOT NULL FROM supervision_part p LEFT JOIN unit u"
                  " ON u.id = p.unit LEFT JOIN supervision_part a ON a.id = p.above"
                  " WHERE p.line = ?1 AND p.done_ms IS NULL AND p.taken_ms IS NULL ORDER BY p.id");
    query_bind_int(q, 1, line);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(g->arena, *list, *count, sizeof **list);
        (*list)[(*count)++] = (struct urged_part){
            query_int(q, 0),
            query_int(q, 1),
            query_int(q, 2),
            query_int(q, 3),
            query_int(q, 4),
            {calendar_day_of(query_int(q, 5)), query_int(q, 6), query_int(q, 7) != 0}};
    }
    return query_end(q, g->err);
}

/* --- whom it goes to ------------------------------------------------------------------------------ */

/* Heads of the unit and of those above it who are not the lead, from below; each once. */
static enum status list_above(const struct giving *g, const struct urged_line *l, int64_t *heads,
                              size_t *count)
{
    struct query *q = query_start(
        g->store, "WITH RECURSIVE over (id, parent, head, depth) AS ("
                  " SELECT id, parent, head, 0 FROM unit WHERE id = ?1 UNION ALL"
                  " SELECT u.id, u.parent, u.head, o.depth + 1 FROM unit u JOIN over o"
                  " ON u.id = o.parent WHERE o.depth < 100)"
                  " SELECT head, min(depth) FROM over WHERE head IS NOT NULL AND head IS NOT ?2"
                  " GROUP BY head ORDER BY 2 LIMIT ?3");
    query_bind_int(q, 1, l->unit);
    query_bind_int_or_null(q, 2, l->lead);
    query_bind_int(q, 3, ABOVE_MAX);
    *count = 0;
    while (*count < ABOVE_MAX && query_row(q))
        heads[(*count)++] = query_int(q, 0);
    return query_end(q, g->err);
}

static enum status send_to(const struct giving *g, int64_t notice, int64_t member, json_t *to)
{
    struct query *q = query_start(g->store, "INSERT OR IGNORE INTO supervision_notice_to"
                                            " (notice, member) VALUES (?1, ?2) RETURNING 1");
    query_bind_int(q, 1, notice);
    query_bind_int(q, 2, member);
    if (query_row(q))
        (void)json_array_append_new(to, ledger_json_id('M', member));
    (void)query_row(q);
    return query_end(q, g->err);
}

/* Heads of all units: a circular is told within the organisation. */
static enum status send_to_heads(const struct giving *g, int64_t notice, json_t *to)
{
    int64_t *heads = NULL;
    size_t count = 0;
    struct query *q = query_start(
        g->store, "SELECT DISTINCT head FROM unit WHERE head IS NOT NULL AND closed_ms IS NULL");
    while (query_row(q)) {
        heads = arena_one_more(g->arena, heads, count, sizeof *heads);
        heads[count++] = query_int(q, 0);
    }
    enum status status = query_end(q, g->err);
    for (size_t i = 0; !status && i < count; i++)
        status = send_to(g, notice, heads[i], to);
    return status;
}

/* The lead; where there is none, who is above. Escalation goes one head further each time, and to those who keep the
 * ledger where there is no head left. */
static enum status send(const struct giving *g, const struct urged_line *l, int64_t notice,
                        enum urge_cause cause, json_t *to)
{
    int64_t heads[ABOVE_MAX];
    size_t count = 0;
    size_t above = cause == URGE_RAISE ? 1 : cause > URGE_RAISE ? 2 : l->lead ? 0 : 1;
    enum status status = list_above(g, l, heads, &count);
    if (!status && l->lead)
        status = send_to(g, notice, l->lead, to);
    for (size_t i = 0; !status && i < above && i < count; i++)
        status = send_to(g, notice, heads[i], to);
    for (size_t i = 0; !status && count < above && i < g->keepers->count; i++)
        status = send_to(g, notice, g->keepers->members[i], to);
    return status || cause != URGE_TELL_ALL ? status : send_to_heads(g, notice, to);
}

/* Whom a part was handed to; of a unit its head; where there is none, who handed it on, or the line's lead. */
static enum status send_to_holder(const struct giving *g, const struct urged_line *l,
                                  const struct urged_part *part, int64_t notice, json_t *to)
{
    int64_t holder = part->member ? part->member : part->head ? part->head : part->giver;
    if (!holder)
        return send(g, l, notice, URGE_COMING, to);
    return send_to(g, notice, holder, to);
}

/* --- giving --------------------------------------------------------------------------------------- */

/* *notice is 0 where the cause has spoken in this period. */
static enum status keep_notice(const struct giving *g, const struct urged_line *l,
                               const struct urged_part *part, const struct urge *urge,
                               int64_t *notice)
{
    struct str key;
    const struct urge_facts *f = &l->facts;
    struct line line = {
        .begins_day = f->begins_day, .due_day = f->due_day, .progress = f->progress};
    enum status status = digest_random_key(g->arena, &key, g->err);
    if (status)
        return status;
    struct query *q = query_start(
        g->store,
        "INSERT INTO supervision_notice (key, line, cause, period, kind, made_day, made_ms, lead,"
        " unit, due_day, progress, planned, unknown_year, near_days, behind_points, part)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
        " ON CONFLICT DO NOTHING RETURNING id");
    query_bind_str(q, 1, key);
    query_bind_int(q, 2, l->line);
    query_bind_str(q, 3, str_of(urge_rules[urge->cause].name));
    query_bind_int(q, 4, urge->period);
    query_bind_str(q, 5, str_of(urge_kind_name(urge_rules[urge->cause].kind)));
    query_bind_int(q, 6, g->today);
    query_bind_int(q, 7, g->now_ms);
    query_bind_int_or_null(q, 8, part ? part->member : l->lead);
    query_bind_int_or_null(q, 9, part ? part->unit : l->unit);
    query_bind_int(q, 10, part && part->facts.due_day ? part->facts.due_day : f->due_day);
    query_bind_int(q, 11, f->progress);
    query_bind_int(q, 12, line_planned(&line, g->today));
    query_bind_int(q, 13, workday_unknown_year(g->calendar, g->today, g->today));
    query_bind_int(q, 14, g->limits.near_days);
    query_bind_int(q, 15, g->limits.behind_points);
    query_bind_int_or_null(q, 16, part ? part->id : 0);
    *notice = query_row(q) ? query_int(q, 0) : 0;
    (void)query_row(q);
    return query_end(q, g->err);
}

/* `part` is NULL for the line's own. */
static enum status give(const struct giving *g, const struct urged_line *l,
                        const struct urged_part *part, const struct urge *urge)
{
    int64_t notice = 0;
    struct ledger_deed deed = {.now_ms = g->now_ms};
    enum status status = keep_notice(g, l, part, urge, &notice);
    if (status || !notice)
        return status;
    json_t *to = json_array();
    json_t *data = json_pack("{s:I, s:s, s:s, s:o}", "notice", (json_int_t)notice, "kind",
                             urge_kind_name(urge_rules[urge->cause].kind), "cause",
                             urge_rules[urge->cause].name, "to", to);
    if (part)
        json_object_set_new(data, "part", json_integer(part->id));
    status = part ? send_to_holder(g, l, part, notice, to) : send(g, l, notice, urge->cause, to);
    if (status) {
        json_decref(data);
        return status;
    }
    ++*g->given;
    return ledger_record(g->store, l->line, "line.urged", data, &deed, g->err);
}

static enum status give_for_parts(const struct giving *g, const struct urged_line *l)
{
    struct urged_part *parts;
    size_t count;
    enum status status = list_parts(g, l->line, &parts, &count);
    for (size_t i = 0; !status && i < count; i++) {
        struct urge found[URGE_CAUSES];
        size_t n = urge_find_of_part(&parts[i].facts, g->today, &g->limits, g->calendar, found);
        for (size_t k = 0; !status && k < n; k++)
            status = give(g, l, &parts[i], &found[k]);
    }
    return status;
}

enum status ledger_give_notices(struct arena *arena, struct store *store,
                                const struct workdays *calendar, const struct urge_keepers *keepers,
                                int64_t now_ms, int64_t *after, size_t most, size_t *given,
                                struct error *err)
{
    struct giving g = {arena, store, calendar, keepers, now_ms, calendar_day_of(now_ms),
                       given, err,   {0}};
    struct urged_line *lines = arena_array(arena, most, struct urged_line);
    size_t count = 0;
    enum status status = ledger_load_limits(store, &g.limits, err);
    if (!status)
        status = list_lines(&g, *after, most, lines, &count);
    for (size_t i = 0; !status && i < count; i++) {
        struct urge found[URGE_CAUSES];
        size_t n = urge_find(&lines[i].facts, &g.limits, calendar, found);
        for (size_t k = 0; !status && k < n; k++)
            status = give(&g, &lines[i], NULL, &found[k]);
        if (!status)
            status = give_for_parts(&g, &lines[i]);
    }
    *after = count == most ? lines[count - 1].line : 0;
    return status;
}
