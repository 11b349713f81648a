/* Where spans come from: the steps that procedures go through, why they take time, and a query a source; see flow.h.
 *
 * A procedure added is its steps in the first table, its query at the end, and a further row in flow_sources. */
#include "ledger/flow.h"

/* --- steps and reasons ---------------------------------------------------------------------------- */

const struct flow_step flow_steps[] = {
    {"supervise.assign", "Assigning", "督办：交办", false},
    {"supervise.sign", "Signing for", "督办：签收", false},
    {"supervise.work", "Supervised work", "督办：办理", false},
    {"supervise.check", "Checking", "督办：复核", true},
    {"supervise.strike", "Striking off", "督办：销号", true},
    {"part.sign", "Part: signing", "分办事项：签收", false},
    {"part.work", "Part: work", "分办事项：办理", false},
    {"project.decide", "Admission", "项目：评分与审定", false},
    {"watch.landing", "Landing", "盯落地", false},
    {"watch.start", "Start of works", "盯开工", false},
    {"watch.progress", "Progress", "盯进度", false},
    {"watch.support", "Support", "盯配套", false},
    {"watch.opening", "Opening", "盯投产投用", true},
    {"watch.check", "Watch check", "五盯：核验", false},
    {"watch.opened", "Opening check", "盯投产投用：核验", true},
    {"line.step", "Milestone", "节点", false},
    {"line.last", "Last milestone", "最后一个节点", true},
    {"step.review", "Joint review", "联审联批", false},
    {"step.policy", "Step of a policy", "政策步骤", false},
    {"step.claim", "Last step of a policy", "政策兑现", true},
    {"step.risk", "Disposal of a risk", "风险处置", false},
    {"step.other", "Other step", "其他步骤", false},
    {"rectify.cause", "Naming the cause", "整改：剖析原因", false},
    {"rectify.plan", "Setting the measure", "整改：制定措施", false},
    {"rectify.work", "Putting right", "整改：落实", false},
    {"rectify.check", "Verifying", "整改：验收", true},
    {"rectify.strike", "Closing it", "整改：销号", true},
    {"handover", "Handover", "移交分包领导", false},
    {"objection", "Objection", "考核申诉", false},
    {0},
};

const struct flow_reason flow_reasons[] = {
    {"work", "being worked on", "办理中", false},
    {"again", "worked on again after it was sent back", "退回后重办", false},
    {"assign", "waits to be assigned", "等待交办", true},
    {"sign", "waits for a signature", "等待签收", true},
    {"check", "waits to be checked", "等待核查", true},
    {"strike", "waits to be struck off", "等待销号", true},
    {"decide", "waits for a decision", "等待决定", true},
    {"accept", "waits for another to accept", "等待接手", true},
    {"before", "waits for the line before it", "等待前置条目", true},
    {"papers", "waits for papers that were missing", "等待补正材料", true},
    {"unclear", "waits for an explanation", "等待说明情况", true},
    {"site", "waits for a look on the spot", "等待现场核实", true},
    {"others", "waits for another body", "等待其他单位意见", true},
    {0},
};

const char *flow_step_words(unsigned step, enum lang lang)
{
    return lang_pick(lang, flow_steps[step].en, flow_steps[step].zh);
}

const char *flow_reason_words(unsigned reason, enum lang lang)
{
    return lang_pick(lang, flow_reasons[reason].en, flow_reasons[reason].zh);
}

bool flow_step_named(struct str name, unsigned *step)
{
    for (*step = 0; flow_steps[*step].name; ++*step)
        if (str_equal(name, str_of(flow_steps[*step].name)))
            return true;
    return false;
}

bool flow_reason_named(struct str name, unsigned *reason)
{
    for (*reason = 0; flow_reasons[*reason].name; ++*reason)
        if (str_equal(name, str_of(flow_reasons[*reason].name)))
            return true;
    return false;
}

/* --- sources -------------------------------------------------------------------------------------- */

/* A source is a query that gives: step, reason, line, unit whose turn it is, from, since, until, due, before, behind; line
 * and unit under these names. From, since, until and due are days or moments, and may be NULL: a span begins with the later
 * of from and since, and goes on where until is NULL or lies ahead. What would end before it begins is left out, and a wait
 * for another line that takes no time. ?1 is today. */

#define SUPERVISION_SQL                                                                           \
    "SELECT m.step, m.reason, a.line AS line, CASE m.whose WHEN 'unit' THEN l.unit END AS unit,"  \
    " a.day, NULL, a.until, CASE m.step WHEN 'supervise.work' THEN l.due_day END, NULL, m.behind" \
    " FROM (SELECT line, act, day, lead(day) OVER (PARTITION BY line ORDER BY id) AS until"       \
    " FROM supervision_act WHERE act IN ('enter', 'assign', 'sign', 'decline', 'report', 'pass'," \
    " 'return', 'strike', 'reopen', 'drop')) a"                                                   \
    " JOIN (SELECT column1 AS act, column2 AS step, column3 AS reason, column4 AS whose,"         \
    " column5 AS behind FROM (VALUES"                                                             \
    " ('enter', 'supervise.assign', 'assign', 'keeper', 4),"                                      \
    " ('decline', 'supervise.assign', 'assign', 'keeper', 4),"                                    \
    " ('assign', 'supervise.sign', 'sign', 'unit', 3),"                                           \
    " ('sign', 'supervise.work', 'work', 'unit', 2),"                                             \
    " ('return', 'supervise.work', 'again', 'unit', 2),"                                          \
    " ('reopen', 'supervise.work', 'again', 'unit', 2),"                                          \
    " ('report', 'supervise.check', 'check', 'keeper', 1),"                                       \
    " ('pass', 'supervise.strike', 'strike', 'keeper', 0))) m ON m.act = a.act"                   \
    " JOIN line l ON l.id = a.line"

#define PARTS_SQL                                                                               \
    "SELECT 'part.sign', 'sign', p.line AS line, coalesce(p.unit, l.unit) AS unit, p.given_ms," \
    " NULL, coalesce(p.signed_ms, p.taken_ms), NULL, NULL, 3"                                   \
    " FROM supervision_part p JOIN line l ON l.id = p.line"                                     \
    " UNION ALL SELECT 'part.work', 'work', p.line, coalesce(p.unit, l.unit), p.signed_ms,"     \
    " NULL, coalesce(p.done_ms, p.taken_ms), p.due_day, NULL, 2"                                \
    " FROM supervision_part p JOIN line l ON l.id = p.line WHERE p.signed_ms IS NOT NULL"

/* Work towards a watch begins when the report before it was answered, that towards the first when the project was to
 * begin; while no report waits, a project under way works towards the first watch that is not settled. */
#define WATCHES_SQL                                                                          \
    "SELECT 'watch.' || r.watch, CASE r.again WHEN 1 THEN 'again' ELSE 'work' END,"          \
    " r.line AS line, l.unit AS unit, CASE r.n WHEN 1 THEN l.begins_day - 1 ELSE r.answered" \
    " END, NULL, r.reported_ms, NULL, NULL, 1"                                               \
    " FROM (SELECT line, watch, reported_ms, row_number() OVER of_line AS n,"                \
    " lag(answered_ms) OVER of_line AS answered, lag(passed) OVER of_line = 0 AS again"      \
    " FROM project_watch_report WINDOW of_line AS (PARTITION BY line ORDER BY id)) r"        \
    " JOIN line l ON l.id = r.line"                                                          \
    " UNION ALL SELECT CASE r.watch WHEN 'opening' THEN 'watch.opened' ELSE 'watch.check'"   \
    " END, 'check', r.line, NULL, r.reported_ms, NULL, r.answered_ms, NULL, NULL, 0"         \
    " FROM project_watch_report r"                                                           \
    " UNION ALL SELECT 'watch.' || o.watch, 'work', o.line, l.unit,"                         \
    " coalesce((SELECT max(answered_ms) FROM project_watch_report r WHERE r.line = o.line)," \
    " l.begins_day - 1), NULL, NULL, w.planned_day, NULL, 1 FROM (SELECT line,"              \
    " CASE WHEN settled & 1 = 0 THEN 'landing' WHEN settled & 2 = 0 THEN 'start'"            \
    " WHEN settled & 4 = 0 THEN 'progress' WHEN settled & 8 = 0 THEN 'support'"              \
    " WHEN settled & 16 = 0 THEN 'opening' END AS watch"                                     \
    " FROM (SELECT p.line, coalesce(sum(CASE WHEN w.state IN ('passed', 'waived') THEN"      \
    " CASE w.watch WHEN 'landing' THEN 1 WHEN 'start' THEN 2 WHEN 'progress' THEN 4"         \
    " WHEN 'support' THEN 8 ELSE 16 END END), 0) AS settled,"                                \
    " coalesce(sum(w.state = 'reported'), 0) AS waits"                                       \
    " FROM project p LEFT JOIN project_watch w ON w.line = p.line WHERE p.state = 'active'"  \
    " GROUP BY p.line) WHERE waits = 0) o JOIN line l ON l.id = o.line"                      \
    " LEFT JOIN project_watch w ON w.line = o.line AND w.watch = o.watch"                    \
    " WHERE o.watch IS NOT NULL"

/* Milestones, and other lines that come after one of the same line. While one waits it is the turn of whose line it waits
 * for. One that has not begun waits for the last of these;
 * nobody notes when work began, so one that has progress is taken to have begun as soon as it could. */
#define NOT_ENDED "9e15"
#define AFTER_SQL                                                                                          \
    " FROM line a LEFT JOIN (SELECT k.after, b.id AS before, b.unit AS unit, max(CASE b.state WHEN 'done'" \
    " THEN b.ended_ms + k.lag * 86400000 ELSE " NOT_ENDED " END) AS free_ms FROM line_link k"              \
    " JOIN line b ON b.id = k.before AND b.state <> 'closed' JOIN line x ON x.id = k.after"                \
    " AND x.parent = b.parent GROUP BY k.after) h ON h.after = a.id"                                       \
    " WHERE a.state IN ('active', 'done') AND a.begins_day <= ?1"                                          \
    " AND (a.kind = 'milestone' OR h.after IS NOT NULL)"
#define STEP_SQL                                                                          \
    "CASE WHEN EXISTS (SELECT 1 FROM line_link k WHERE k.before = a.id) THEN 'line.step'" \
    " ELSE 'line.last' END"
#define HELD_SQL "(h.free_ms = " NOT_ENDED " AND a.state = 'active' AND a.progress = 0)"
#define FREE_SQL                                                                            \
    "CASE WHEN h.free_ms < coalesce(a.ended_ms, " NOT_ENDED ") THEN CAST(h.free_ms AS INT)" \
    " END"
#define LINES_SQL                                                                           \
    "SELECT " STEP_SQL ", 'before', a.id AS line, h.unit AS unit, a.begins_day - 1, NULL,"  \
    " CASE WHEN NOT " HELD_SQL " THEN " FREE_SQL " END, NULL, h.before, 1" AFTER_SQL        \
    " AND (" HELD_SQL " OR h.free_ms < coalesce(a.ended_ms, " NOT_ENDED "))"                \
    " UNION ALL SELECT " STEP_SQL ", 'work', a.id, a.unit, a.begins_day - 1, " FREE_SQL "," \
    " a.ended_ms, a.due_day, NULL, 0" AFTER_SQL " AND NOT coalesce(" HELD_SQL ", 0)"

#define ADMISSION_SQL                                                                     \
    "SELECT 'project.decide', 'decide', t.line AS line, NULL AS unit, t.opened_ms, NULL," \
    " t.decided_ms, r.due_day, NULL, 5 FROM project_turn t LEFT JOIN project_round r"     \
    " ON r.id = t.round"

#define HANDOVER_SQL                                                                 \
    "SELECT 'handover', 'accept', h.line AS line, l.unit AS unit, h.asked_ms, NULL," \
    " h.answered_ms, NULL, NULL, 0 FROM handover h JOIN line l ON l.id = h.line"     \
    " WHERE h.state <> 'open' OR l.lead = h.giver"

#define OBJECTION_SQL                                                                      \
    "SELECT 'objection', 'decide', NULL AS line, NULL AS unit, made_ms, NULL, decided_ms," \
    " NULL, NULL, 0 FROM assessment_objection"

/* A step that is open is its unit's to work on; while a question stands, it is up to who answers for the line. Of a policy,
 * the last stage is what its users get. */
#define STEP_OF_SQL                                                                           \
    "CASE l.kind WHEN 'review' THEN 'step.review' WHEN 'risk' THEN 'step.risk' WHEN 'policy'" \
    " THEN CASE WHEN s.stage = (SELECT max(x.stage) FROM step x WHERE x.line = s.line)"       \
    " THEN 'step.claim' ELSE 'step.policy' END ELSE 'step.other' END"
#define BEHIND_SQL "(SELECT count(*) FROM step x WHERE x.line = s.line AND x.state = 'waiting')"
#define STEPS_SQL                                                                               \
    "SELECT " STEP_OF_SQL ", 'work', s.line AS line, s.unit AS unit, coalesce(p.before,"        \
    " s.opened_ms), NULL, p.asked_ms, NULL, NULL, 0 FROM (SELECT step, asked_ms,"               \
    " lag(answered_ms) OVER (PARTITION BY step ORDER BY id) AS before FROM step_pause) p"       \
    " JOIN step s ON s.id = p.step JOIN line l ON l.id = s.line"                                \
    " UNION ALL SELECT " STEP_OF_SQL ", p.reason, s.line, l.unit, p.asked_ms, NULL,"            \
    " p.answered_ms, NULL, NULL, " BEHIND_SQL " FROM step_pause p JOIN step s ON s.id = p.step" \
    " JOIN line l ON l.id = s.line"                                                             \
    " UNION ALL SELECT " STEP_OF_SQL ", 'work', s.line, s.unit, coalesce(p.after,"              \
    " s.opened_ms), NULL, s.ended_ms, s.due_day, NULL, " BEHIND_SQL " FROM step s LEFT JOIN"    \
    " (SELECT step, max(answered_ms) AS after, sum(answered_ms IS NULL) AS standing"            \
    " FROM step_pause GROUP BY step) p ON p.step = s.id JOIN line l ON l.id = s.line"           \
    " WHERE s.opened_ms IS NOT NULL AND coalesce(p.standing, 0) = 0"

#define RECTIFICATION_SQL                                                                        \
    "SELECT m.step, m.reason, a.line AS line, CASE m.whose WHEN 'unit' THEN l.unit END AS unit," \
    " a.day, NULL, a.until, CASE m.step WHEN 'rectify.work' THEN l.due_day END, NULL, m.behind"  \
    " FROM (SELECT line, act, day, lead(day) OVER (PARTITION BY line ORDER BY n) AS until FROM"  \
    " (SELECT line, act, day, id AS n FROM rectification_act UNION ALL SELECT r.line, 'found',"  \
    " l.created_ms, 0 FROM rectification r JOIN line l ON l.id = r.line)) a"                     \
    " JOIN (SELECT column1 AS act, column2 AS step, column3 AS reason, column4 AS whose,"        \
    " column5 AS behind FROM (VALUES"                                                            \
    " ('found', 'rectify.cause', 'work', 'unit', 4),"                                            \
    " ('reconsider', 'rectify.cause', 'again', 'unit', 4),"                                      \
    " ('reopen', 'rectify.cause', 'again', 'unit', 4),"                                          \
    " ('explain', 'rectify.plan', 'work', 'unit', 3),"                                           \
    " ('plan', 'rectify.work', 'work', 'unit', 2),"                                              \
    " ('return', 'rectify.work', 'again', 'unit', 2),"                                           \
    " ('show', 'rectify.check', 'check', 'keeper', 1),"                                          \
    " ('pass', 'rectify.strike', 'strike', 'keeper', 0))) m ON m.act = a.act"                    \
    " JOIN line l ON l.id = a.line"

/* Within the filter; what is closed waits for nothing more. */
#define SPANS(SOURCE)                                                                  \
    "SELECT s.*, CASE l.state WHEN 'closed' THEN l.ended_ms END FROM (" SOURCE ") s"   \
    " LEFT JOIN line l ON l.id = s.line WHERE (?2 = '' OR l.kind = ?2) AND (?3 = 0 OR" \
    " s.unit = ?3) AND ?1 > 0"

const char *const flow_sources[] = {
    SPANS(SUPERVISION_SQL),   SPANS(PARTS_SQL),
    SPANS(WATCHES_SQL),       SPANS(LINES_SQL),
    SPANS(ADMISSION_SQL),     SPANS(STEPS_SQL),
    SPANS(RECTIFICATION_SQL), SPANS(HANDOVER_SQL),
    SPANS(OBJECTION_SQL),     NULL,
};
