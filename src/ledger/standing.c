/* The whole, added up; see standing.h. */
#include "ledger/standing.h"

#include <math.h>

#include "base/calendar.h"

/* --- lights --------------------------------------------------------------------------------------- */

static void count_light(struct standing_lights *lights, int64_t light, int64_t count)
{
    lights->of[light] += count;
    lights->all += count;
}

static struct standing_unit *unit_of(struct standing *s, int64_t id)
{
    for (size_t i = 0; i < s->nunits; i++)
        if (s->units[i].id == id)
            return &s->units[i];
    return NULL;
}

static enum status load_units(struct arena *arena, struct store *store, struct standing *s,
                              struct error *err)
{
    struct query *q =
        query_start(store, "SELECT id, key, name FROM unit WHERE closed_ms IS NULL ORDER BY name");
    while (query_row(q)) {
        size_t n = s->nunits++;
        s->units = arena_one_more(arena, s->units, n, sizeof *s->units);
        s->units[n] = (struct standing_unit){.id = query_int(q, 0),
                                             .key = str_copy(arena, query_str(q, 1)),
                                             .name = str_copy(arena, query_str(q, 2))};
    }
    return query_end(q, err);
}

/* Lines in hand by kind and unit, their lights in one number: counted in one go through an index that has them in this order,
 * each light worked out once. */
#define LIGHT_BITS 21
#define LIGHTS_SQL                                                                 \
    "sum(CASE " LIGHT_SQL " WHEN 4 THEN 1 << 42 WHEN 3 THEN 1 << 21 WHEN 2 THEN 1" \
    " ELSE 0 END)"

static void count_lights(struct standing_lights *lights, int64_t all, int64_t dated, int64_t packed)
{
    const int64_t mask = (INT64_C(1) << LIGHT_BITS) - 1;
    int64_t red = packed >> 2 * LIGHT_BITS;
    int64_t yellow = packed >> LIGHT_BITS & mask;
    int64_t blue = packed & mask;
    count_light(lights, LIGHT_RED, red);
    count_light(lights, LIGHT_YELLOW, yellow);
    count_light(lights, LIGHT_BLUE, blue);
    count_light(lights, LIGHT_GREEN, dated - red - yellow - blue);
    count_light(lights, LIGHT_NONE, all - dated);
}

static enum status count_lines(struct store *store, struct standing *s, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT l.kind, coalesce(l.unit, 0), count(*), count(l.due_day), " LIGHTS_SQL
               " FROM line l WHERE l.state = 'active' GROUP BY l.kind, l.unit");
    query_bind_int(q, 2, s->today);
    while (query_row(q)) {
        enum ledger_kind kind;
        struct standing_unit *unit = unit_of(s, query_int(q, 1));
        int64_t all = query_int(q, 2);
        int64_t dated = query_int(q, 3);
        if (ledger_kind_named(query_str(q, 0), &kind))
            count_lights(&s->kinds[kind], all, dated, query_int(q, 4));
        if (unit)
            count_lights(&unit->lights, all, dated, query_int(q, 4));
    }
    return query_end(q, err);
}

static enum status count_done(struct store *store, struct standing *s, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT kind, count(*) FROM line WHERE state = 'done' GROUP BY kind");
    while (query_row(q)) {
        enum ledger_kind kind;
        if (ledger_kind_named(query_str(q, 0), &kind))
            s->done[kind] = query_int(q, 1);
    }
    return query_end(q, err);
}

static bool goes_before(const struct standing_unit *a, const struct standing_unit *b)
{
    if (a->lights.of[LIGHT_RED] != b->lights.of[LIGHT_RED])
        return a->lights.of[LIGHT_RED] > b->lights.of[LIGHT_RED];
    return a->lights.of[LIGHT_YELLOW] > b->lights.of[LIGHT_YELLOW];
}

/* By insertion: units are few, and come by name. */
static void order_units(struct standing *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->nunits; i++) {
        struct standing_unit unit = s->units[i];
        size_t at = kept;
        if (unit.lights.all == 0)
            continue;
        while (at > 0 && goes_before(&unit, &s->units[at - 1])) {
            s->units[at] = s->units[at - 1];
            at--;
        }
        s->units[at] = unit;
        kept++;
    }
    s->nunits = kept;
}

/* --- the worst ------------------------------------------------------------------------------------ */

/* Fields are left out: they are late when what lies in them is; milestones of what is late itself too. */
#define WORST_SQL                                                                     \
    "SELECT " LINE_COLUMNS(                                                           \
        "l") ", CASE l.kind WHEN 'milestone' THEN coalesce(p.title, '') ELSE '' END," \
             " coalesce(u.name, '') FROM line l LEFT JOIN line p ON p.id = l.parent"  \
             " LEFT JOIN unit u ON u.id = l.unit WHERE l.state = 'active' AND l.kind <> 'field'"
#define MISSING_SQL "100 * (?2 - l.begins_day) / (l.due_day - l.begins_day) - l.progress"

static enum status load_worst(struct arena *arena, struct store *store, const char *sql,
                              int64_t today, struct standing_line **list, size_t *count,
                              struct error *err)
{
    struct query *q = query_start(store, sql);
    *list = arena_array(arena, STANDING_WORST, struct standing_line);
    *count = 0;
    query_bind_int(q, 1, STANDING_WORST);
    query_bind_int(q, 2, today);
    while (query_row(q)) {
        struct standing_line *at = &(*list)[(*count)++];
        ledger_take_line(arena, q, &at->line);
        at->within = str_copy(arena, query_str(q, LINE_COLUMN_COUNT));
        at->unit = str_copy(arena, query_str(q, LINE_COLUMN_COUNT + 1));
        at->planned = line_planned(&at->line, today);
        at->days = today > at->line.due_day ? today - at->line.due_day : 0;
    }
    return query_end(q, err);
}

/* --- projects ------------------------------------------------------------------------------------- */

#define IN_HAND_SQL "p.state IN ('admitted', 'active', 'suspended')"

static enum status count_projects(struct store *store, struct standing *s, struct error *err)
{
    struct query *q = query_start(store, "SELECT state, count(*) FROM project GROUP BY state");
    while (query_row(q)) {
        enum project_state state = project_state_named(query_str(q, 0));
        if (state < PROJECT_STATES)
            s->projects[state] = query_int(q, 1);
    }
    return query_end(q, err);
}

/* `late` of what is open is late. */
static void take_watch(struct standing_watch *w, struct str state, int64_t count, int64_t late)
{
    bool open = str_equal(state, STR("open"));
    if (str_equal(state, STR("passed")))
        w->passed = count;
    else if (str_equal(state, STR("waived")))
        w->waived = count;
    else if (str_equal(state, STR("reported")))
        w->reported = count;
    w->late = open ? late : w->late;
    w->open -= open ? 0 : count;
}

/* A watch that nothing was said of has no row and is open. */
static enum status count_watches(struct store *store, struct standing *s, struct error *err)
{
    int64_t all = s->projects[PROJECT_ADMITTED] + s->projects[PROJECT_ACTIVE] +
                  s->projects[PROJECT_SUSPENDED];
    /* All of them as the index has them, less those of projects that are not in hand, which are few. */
    struct query *q = query_start(
        store, "SELECT watch, state, sum(n), sum(late) FROM (SELECT watch, state, count(*) AS n,"
               " count(CASE WHEN planned_day < ?1 THEN 1 END) AS late FROM project_watch"
               " GROUP BY watch, state UNION ALL SELECT w.watch, w.state, -1,"
               " -coalesce(w.planned_day < ?1, 0) FROM project p CROSS JOIN project_watch w"
               " ON w.line = p.line WHERE NOT (" IN_HAND_SQL ")) GROUP BY watch, state");
    for (size_t i = 0; i < WATCHES; i++)
        s->watches[i].open = all;
    query_bind_int(q, 1, s->today);
    while (query_row(q)) {
        enum watch watch = watch_named(query_str(q, 0));
        if (watch < WATCHES)
            take_watch(&s->watches[watch], query_str(q, 1), query_int(q, 2), query_int(q, 3));
    }
    return query_end(q, err);
}

static enum status add_money(struct store *store, struct standing *s, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT coalesce(sum(m.planned), 0), coalesce(sum(m.paid), 0) FROM project p"
               " JOIN project_money m ON m.line = p.line WHERE " IN_HAND_SQL);
    if (query_row(q)) {
        s->planned_cents = query_int(q, 0);
        s->paid_cents = query_int(q, 1);
    }
    return query_end(q, err);
}

/* --- indicators ----------------------------------------------------------------------------------- */

/* The year so far of each indicator: entered, as it is kept at the last month with an actual; or made by a formula, whose
 * results stand as what the months make together: with max(month), the bare columns are those of that month. The last column
 * has how many benchmarks there are, and above its 20 lowest bits how many of them are surpassed. */
#define SO_FAR_SQL                                                                                 \
    "WITH s AS (SELECT i.line, i.direction, i.behind_percent,"                                     \
    " f.month, f.actual AS last, CASE i.fold WHEN 'sum' THEN f.actuals WHEN 'mean'"                \
    " THEN 1.0 * f.actuals / f.both ELSE f.actual END AS actual, CASE i.fold WHEN 'sum'"           \
    " THEN f.targets WHEN 'mean' THEN 1.0 * f.targets / f.both ELSE f.target END AS target"        \
    " FROM indicator i LEFT JOIN indicator_so_far f ON f.line = i.line AND f.month = (SELECT"      \
    " max(month) FROM indicator_so_far WHERE line = i.line AND month BETWEEN ?1 AND ?2)"           \
    " WHERE i.formula = '' UNION ALL"                                                              \
    " SELECT r.line, r.direction, r.behind_percent, r.month,"                                      \
    " r.amount, r.so_far, CASE r.fold WHEN 'sum' THEN sum(t.amount) WHEN 'mean' THEN"              \
    " avg(t.amount) ELSE (SELECT amount FROM indicator_month WHERE line = r.line AND"              \
    " month = r.month) END FROM (SELECT i.*, max(a.month) AS month, a.amount, a.so_far"            \
    " FROM indicator i LEFT JOIN indicator_result a ON a.line = i.line AND a.month BETWEEN ?1"     \
    " AND ?2 AND a.so_far IS NOT NULL WHERE i.formula <> '' GROUP BY i.line) r"                    \
    " LEFT JOIN indicator_month t ON t.line = r.line AND t.month BETWEEN ?1 AND r.month"           \
    " GROUP BY r.line)"                                                                            \
    " SELECT s.line, s.actual, s.target, s.month, s.direction, s.behind_percent, (SELECT count(*)" \
    " + (count(CASE WHEN CASE s.direction WHEN 'up' THEN s.last > v.amount ELSE s.last < v.amount" \
    " END THEN 1 END) << 20) FROM benchmark b JOIN benchmark_value v ON v.benchmark = b.id"        \
    " AND v.month = s.month WHERE b.line = s.line) FROM s WHERE s.line IN (SELECT id FROM line"    \
    " WHERE kind = 'indicator' AND state = 'active')"

/* By gap; of equal ones the older line is told first. */
static bool is_worse(const struct standing_indicator *a, const struct standing_indicator *b)
{
    return a->gap < b->gap || (a->gap <= b->gap && a->line < b->line);
}

static void keep_missed(struct standing *s, const struct standing_indicator *one)
{
    size_t at = s->nmissed;
    if (at == STANDING_WORST && !is_worse(one, &s->missed[at - 1]))
        return;
    if (at < STANDING_WORST)
        s->nmissed++;
    else
        at--;
    for (; at > 0 && is_worse(one, &s->missed[at - 1]); at--)
        s->missed[at] = s->missed[at - 1];
    s->missed[at] = *one;
}

static void take_indicator(struct query *q, struct standing *s)
{
    int64_t others = query_int(q, 6) & 0xFFFFF;
    int64_t better = query_int(q, 6) >> 20;
    if (others) {
        s->above_all += better == others;
        s->above_some += better > 0 && better < others;
        s->below_all += better == 0;
    }
    if (query_is_null(q, 1) || query_is_null(q, 2) || query_real(q, 2) == 0) {
        s->untold++;
        return;
    }
    double way = str_equal(query_str(q, 4), STR("up")) ? 1 : -1;
    struct standing_indicator one = {
        .line = query_int(q, 0),
        .actual = llround(query_real(q, 1)),
        .target = llround(query_real(q, 2)),
        .month = (int)query_int(q, 3),
        .gap = way * (query_real(q, 1) - query_real(q, 2)) / fabs(query_real(q, 2)) * 100,
    };
    if (one.gap >= -(double)query_int(q, 5)) {
        *(one.gap >= 0 ? &s->met : &s->near) += 1;
        return;
    }
    s->short_of++;
    keep_missed(s, &one);
}

static enum status name_indicator(struct arena *arena, struct store *store,
                                  struct standing_indicator *one, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT l.key, l.number, l.title, coalesce(u.name, ''), i.measure, i.places"
               " FROM indicator i JOIN line l ON l.id = i.line LEFT JOIN unit u ON u.id = l.unit"
               " WHERE i.line = ?1");
    query_bind_int(q, 1, one->line);
    if (query_row(q)) {
        one->key = str_copy(arena, query_str(q, 0));
        one->number = str_copy(arena, query_str(q, 1));
        one->title = str_copy(arena, query_str(q, 2));
        one->unit = str_copy(arena, query_str(q, 3));
        one->measure = str_copy(arena, query_str(q, 4));
        one->places = (unsigned)query_int(q, 5);
    }
    return query_end(q, err);
}

/* The year is that of last month: in January all of the year before. */
static enum status load_indicators(struct arena *arena, struct store *store, struct standing *s,
                                   struct error *err)
{
    int last = ledger_month_of(s->today) - 1;
    struct query *q = query_start(store, SO_FAR_SQL);
    s->year = last / 12;
    s->missed = arena_array(arena, STANDING_WORST, struct standing_indicator);
    query_bind_int(q, 1, s->year * 12);
    query_bind_int(q, 2, last);
    while (query_row(q))
        take_indicator(q, s);
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < s->nmissed; i++)
        status = name_indicator(arena, store, &s->missed[i], err);
    return status;
}

/* --- all ------------------------------------------------------------------------------------------ */

static enum status load_campaigns(struct arena *arena, struct store *store, struct standing *s,
                                  struct error *err)
{
    struct query *q = query_start(
        store, "SELECT " LINE_COLUMNS("l") ", coalesce(u.name, '') FROM line l LEFT JOIN unit u"
                                           " ON u.id = l.unit WHERE l.kind = 'campaign' AND"
                                           " l.state = 'active' ORDER BY l.due_day, l.id LIMIT ?1");
    query_bind_int(q, 1, STANDING_WORST);
    s->campaigns = arena_array(arena, STANDING_WORST, struct standing_line);
    while (query_row(q)) {
        struct standing_line *one = &s->campaigns[s->ncampaigns++];
        ledger_take_line(arena, q, &one->line);
        one->unit = str_copy(arena, query_str(q, LINE_COLUMN_COUNT));
        one->planned = line_planned(&one->line, s->today);
        one->days = s->today > one->line.due_day ? s->today - one->line.due_day : 0;
    }
    return query_end(q, err);
}

bool standing_tells(enum ledger_kind kind)
{
    return kind != LEDGER_FIELD && kind != LEDGER_INDICATOR;
}

enum status ledger_load_standing(struct arena *arena, struct store *store, int64_t today,
                                 struct standing *s, struct error *err)
{
    *s = (struct standing){.today = today};
    enum status status = load_units(arena, store, s, err);
    if (!status)
        status = count_lines(store, s, err);
    if (!status)
        status = count_done(store, s, err);
    if (!status)
        status = load_worst(
            arena, store,
            WORST_SQL
            " AND l.due_day < ?2 AND NOT (l.kind = 'milestone' AND p.due_day IS NOT NULL AND p.due_day < ?2) ORDER BY l.due_day, l.id LIMIT ?1",
            today, &s->late, &s->nlate, err);
    if (!status)
        status = load_worst(arena, store,
                            WORST_SQL " AND l.id IN (SELECT l.id FROM line l WHERE l.state ="
                                      " 'active' AND l.kind <> 'field' AND " LIGHT_SQL
                                      " = 3 ORDER BY " MISSING_SQL " DESC, l.id LIMIT ?1)"
                                      " ORDER BY " MISSING_SQL " DESC, l.id",
                            today, &s->behind, &s->nbehind, err);
    if (!status)
        status = ledger_count_duties(store, today, s->duties, err);
    if (!status)
        status = load_campaigns(arena, store, s, err);
    if (!status)
        status = count_projects(store, s, err);
    if (!status)
        status = count_watches(store, s, err);
    if (!status)
        status = add_money(store, s, err);
    if (!status)
        status = load_indicators(arena, store, s, err);
    order_units(s);
    return status;
}

#define TO_CHECK_SQL                                                                             \
    " FROM project_watch w CROSS JOIN project p ON p.line = w.line JOIN line l ON l.id = w.line" \
    " WHERE w.state = 'reported' AND w.member IS NOT ?1 AND l.lead IS NOT ?1 AND " IN_HAND_SQL

static enum status load_checks(struct arena *arena, struct store *store, int64_t member,
                               struct standing_own *own, struct error *err)
{
    struct query *q = query_start(store, "SELECT count(*)" TO_CHECK_SQL);
    query_bind_int(q, 1, member);
    own->to_check = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (status)
        return status;
    own->checks = arena_array(arena, STANDING_WORST, struct standing_check);
    q = query_start(store, "SELECT l.key, l.number, l.title, w.watch" TO_CHECK_SQL
                           " ORDER BY w.planned_day, l.id LIMIT ?2");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, STANDING_WORST);
    while (query_row(q))
        own->checks[own->nchecks++] = (struct standing_check){
            str_copy(arena, query_str(q, 0)), str_copy(arena, query_str(q, 1)),
            str_copy(arena, query_str(q, 2)), watch_named(query_str(q, 3))};
    return query_end(q, err);
}

enum status ledger_load_own_standing(struct arena *arena, struct store *store, int64_t member,
                                     int64_t today, struct standing_own *own, struct error *err)
{
    *own = (struct standing_own){0};
    struct query *q =
        query_start(store, "SELECT light, count(*) FROM (SELECT " LIGHT_SQL " AS light FROM line l"
                           " WHERE l.state = 'active' AND (l.lead = ?1 OR l.unit IN"
                           " (SELECT id FROM unit WHERE head = ?1))) GROUP BY 1");
    query_bind_int(q, 1, member);
    query_bind_int(q, 2, today);
    while (query_row(q))
        count_light(&own->lights, query_int(q, 0), query_int(q, 1));
    enum status status = query_end(q, err);
    return status ? status : load_checks(arena, store, member, own, err);
}
