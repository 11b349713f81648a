/* Duties of all procedures; see duty.h.
 *
 * A row's query gives line, member (NULL: anybody of the unit), unit, due (NULL: none) and key; ?2 is today. It is CROSS
 * JOINed to its lines, which SQLite takes for the order to go by: what waits is little, and lines under way are many. */
#include "ledger/duty.h"

#include "ledger/inspect.h"
#include "ledger/uptake.h"

#define ONE_SQL(rows)                                                                                    \
    "SELECT " LINE_COLUMNS(                                                                              \
        "l") ", d.due, d.key FROM (" rows                                                                \
             ") d JOIN line l ON l.id = d.line WHERE CASE ?3 WHEN 0 THEN d.member = ?1 OR d.unit IN"     \
             " (SELECT id FROM unit WHERE head = ?1) OR (d.member IS NULL AND d.unit IN (SELECT unit"    \
             " FROM unit_member WHERE member = ?1)) WHEN 1 THEN d.unit IN (WITH RECURSIVE under (id) AS" \
             " (SELECT ?1 UNION SELECT u.id FROM unit u JOIN under o ON u.parent = o.id) SELECT id"      \
             " FROM under) ELSE 1 END ORDER BY d.due IS NULL, d.due, l.id LIMIT ?4"
#define COUNT_SQL(rows) "SELECT count(*), coalesce(sum(due < ?2), 0) FROM (" rows ")"
#define ROW(name, en, zh, page, list, rows)                      \
    {                                                            \
        name, en, zh, page, list, ONE_SQL(rows), COUNT_SQL(rows) \
    }

/* A step that is to be answered or carried out. */
#define STEP_SQL(work)                                                                              \
    "SELECT s.line AS line, s.member AS member, s.unit AS unit, s.due_day AS due,"                  \
    " s.key AS key FROM step s CROSS JOIN line w ON w.id = s.line WHERE s.state = 'open' AND " work \
    " AND w.state = 'active' AND ?2"
/* Who answers for a line is to do something about it. */
#define OF_LINE_SQL(from, state)                                                                    \
    "SELECT w.id AS line, w.lead AS member, w.unit AS unit, w.due_day AS due, '' AS key FROM " from \
    " CROSS JOIN line w ON w.id = x.line WHERE w.state = 'active' AND " state " AND ?2"

const struct duty_source duty_sources[] = {
    ROW("step", "Give your answer", "答复会办事项", NULL, "/ledger/steps", STEP_SQL("s.work = 0")),
    ROW("work", "Carry your step out", "办理步骤", NULL, "/ledger/steps", STEP_SQL("s.work = 1")),
    ROW("question", "Answer a question, the clock stands still", "答复询问（计时已暂停）", NULL,
        "/ledger/steps",
        "SELECT s.line AS line, w.lead AS member, w.unit AS unit, NULL AS due, s.key AS key"
        " FROM step s CROSS JOIN line w ON w.id = s.line WHERE s.state = 'asked' AND w.state = 'active'"
        " AND ?2"),
    /* The plus: a line has few steps, while all that run are many. */
    ROW("reply", "Reply to a joint review", "作出联审回复", "/review", "/ledger/reviews?state=over",
        OF_LINE_SQL("review x", "x.state = 'running' AND NOT EXISTS (SELECT 1 FROM step s WHERE"
                                " s.line = x.line AND +s.state IN ('open', 'asked'))")),
    ROW("score", "Score what you saw on the tour", "填报观摩评分", "/scoring",
        "/ledger/inspections",
        "SELECT i.line AS line, c.member AS member, NULL AS unit, w.due_day AS due, '' AS key"
        " FROM inspection i JOIN inspection_scorer c ON c.line = i.line CROSS JOIN line w"
        " ON w.id = i.line WHERE i.state = 'touring' AND ?2 AND " INSPECTION_OWES_SQL),
    ROW("campaign", "A campaign's line that has not moved for five days", "攻坚条目连续五日未动",
        "", "/ledger/campaigns",
        "SELECT c.line AS line, w.lead AS member, w.unit AS unit, a.due_day AS due, a.key AS key"
        " FROM campaign_line c CROSS JOIN line w ON w.id = c.line JOIN line a ON a.id = c.campaign"
        " WHERE c.left_day IS NULL AND a.state = 'active' AND w.state = 'active'"
        " AND w.progress < c.aim AND EXISTS (SELECT 1 FROM campaign_day d"
        " WHERE d.campaign = c.campaign AND d.line = c.line AND d.day = ?2 - 5"
        " AND d.progress = w.progress)"),
    ROW("campaign-end", "Sum up a campaign that is over, and end it", "攻坚期满，待总结收官", NULL,
        "/ledger/campaigns", OF_LINE_SQL("campaign x", "w.due_day < ?2")),
    ROW("rectification", "Put right what was found", "推进整改", "/rectification",
        "/ledger/rectifications",
        OF_LINE_SQL("rectification x", "x.state IN ('found', 'explained', 'working')")),
    ROW("leaflet", "Look at a leaflet that another wrote", "审核他人编写的明白卡", "/leaflet",
        "/ledger/policies",
        "SELECT w.id AS line, w.lead AS member, w.unit AS unit, NULL AS due, '' AS key"
        " FROM policy_leaflet x CROSS JOIN line w ON w.id = x.line WHERE x.state = 'asked'"
        " AND x.writer IS NOT w.lead AND ?2"),
    ROW("months", "Enter how a policy is used", "填报政策落实数据", "/uptake", "/ledger/policies",
        "SELECT w.id AS line, w.lead AS member, w.unit AS unit, NULL AS due, '' AS key FROM policy p"
        " CROSS JOIN line w ON w.id = p.line WHERE (" UPTAKE_SQL ") & 32"),
    ROW("last-day", "Decide about a policy past its last day", "处理已过有效期的政策", "/policy",
        "/ledger/policies",
        "SELECT w.id AS line, w.lead AS member, w.unit AS unit, p.until_day AS due, '' AS key"
        " FROM policy p CROSS JOIN line w ON w.id = p.line WHERE (" UPTAKE_SQL ") & 1"),
    ROW("minutes", "Write or confirm the record of a study session", "整理或确认学习记录", "/study",
        "/ledger/studies", OF_LINE_SQL("study x", "x.state IN ('held', 'written')")),
    ROW("sweep", "Answer a sweep for your unit", "反馈风险排查", "/sweep",
        "/ledger/sweeps?state=active",
        "SELECT su.line AS line, NULL AS member, su.unit AS unit, w.due_day AS due, '' AS key"
        " FROM sweep_unit su CROSS JOIN line w ON w.id = su.line WHERE w.state = 'active' AND ?2"
        " AND NOT EXISTS (SELECT 1 FROM filled f WHERE f.line = su.line AND f.unit = su.unit)"),
    ROW("risk", "Dispose of a risk, or say that it is done", "处置风险或报结", "/risk",
        "/ledger/risks?state=open",
        OF_LINE_SQL("risk x", "(x.state = 'assessed' OR (x.state = 'disposing' AND NOT EXISTS"
                              " (SELECT 1 FROM step s WHERE s.line = x.line"
                              " AND s.ended_ms IS NULL)))")),
    ROW("risk-alarm", "A risk's alarm calls to act", "风险监测报警，须核实处置", "/risk",
        "/ledger/risks?alarm=2",
        "SELECT DISTINCT w.id AS line, w.lead AS member, w.unit AS unit, NULL AS due, '' AS key"
        " FROM risk_alarm a JOIN risk_threshold t ON t.id = a.threshold CROSS JOIN line w"
        " ON w.id = t.line JOIN risk x ON x.line = w.id WHERE a.fell_ms IS NULL"
        " AND a.level = 'act' AND t.ended_ms IS NULL AND w.state <> 'closed'"
        " AND x.state IN ('assessed', 'accepted') AND ?2"),
    {0},
};
_Static_assert(sizeof duty_sources / sizeof *duty_sources - 1 <= DUTY_SOURCES_MAX,
               "counts of duties have room for each source");

static enum status list_of(struct arena *arena, struct store *store,
                           const struct duty_source *source, enum duty_whose whose, int64_t id,
                           int64_t today, size_t most, struct ledger_duty *list, size_t *count,
                           struct error *err)
{
    struct query *q = query_start(store, source->one_sql);
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, today);
    query_bind_int(q, 3, whose);
    query_bind_int(q, 4, (int64_t)most);
    while (query_row(q)) {
        struct ledger_duty *duty = &list[(*count)++];
        *duty = (struct ledger_duty){.source = source,
                                     .due_day = query_int(q, LINE_COLUMN_COUNT),
                                     .key = str_copy(arena, query_str(q, LINE_COLUMN_COUNT + 1))};
        ledger_take_line(arena, q, &duty->line);
    }
    return query_end(q, err);
}

static bool comes_before(const struct ledger_duty *a, const struct ledger_duty *b)
{
    return a->due_day && (!b->due_day || a->due_day < b->due_day);
}

static void sort(struct ledger_duty *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct ledger_duty one = list[i];
        size_t j = i;
        for (; j && comes_before(&one, &list[j - 1]); j--)
            list[j] = list[j - 1];
        list[j] = one;
    }
}

enum status ledger_list_duties(struct arena *arena, struct store *store, enum duty_whose whose,
                               int64_t id, int64_t today, size_t most, struct ledger_duty **list,
                               size_t *count, struct error *err)
{
    enum status status = STATUS_OK;
    size_t sources = sizeof duty_sources / sizeof *duty_sources - 1;
    *list = arena_array(arena, most * sources, struct ledger_duty);
    *count = 0;
    for (size_t i = 0; !status && i < sources; i++)
        status = list_of(arena, store, &duty_sources[i], whose, id, today, most, *list, count, err);
    sort(*list, *count);
    *count = *count < most ? *count : most;
    return status;
}

enum status ledger_count_duties(struct store *store, int64_t today,
                                struct duty_count counts[DUTY_SOURCES_MAX], struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && duty_sources[i].name; i++) {
        struct query *q = query_start(store, duty_sources[i].count_sql);
        query_bind_int(q, 2, today);
        counts[i] = query_row(q) ? (struct duty_count){query_int(q, 0), query_int(q, 1)}
                                 : (struct duty_count){0};
        status = query_end(q, err);
    }
    return status;
}
