/* Where spans come from: the steps that procedures go through, why they take time, and a query a source; see flow.h.
 *
 * A further procedure is its steps in the first table, its query, and a row in flow_sources. */
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
    {"finding", "Finding", "检查发现的问题", false},
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

/* A source is a query that gives: step, reason, line, unit whose turn it is, from, until, due, behind; line and unit under
 * these names. From, until and due are days or moments, and may be NULL: a span that has no beginning, or would end before
 * it, is left out; one goes on where until is NULL or lies ahead. ?3 is the first moment of the period: what ended before
 * need not be given. Milestones have no query: flow.c draws them from the net. */

#define SUPERVISION_SQL                                                                     \
    "SELECT m.step, m.reason, a.line AS line, CASE m.whose WHEN 'unit' THEN l.unit END AS"  \
    " unit, a.day, a.until, CASE m.step WHEN 'supervise.work' THEN l.due_day END, m.behind" \
    " FROM (SELECT line, act, day, lead(day) OVER (PARTITION BY line ORDER BY id) AS until" \
    " FROM supervision_act"                                                                 \
    " WHERE act IN ('enter', 'assign', 'sign', 'decline', 'report', 'pass', 'return',"      \
    " 'strike', 'reopen', 'drop')) a"                                                       \
    " JOIN (SELECT column1 AS act, column2 AS step, column3 AS reason, column4 AS whose,"   \
    " column5 AS behind FROM (VALUES"                                                       \
    " ('enter', 'supervise.assign', 'assign', 'keeper', 4),"                                \
    " ('decline', 'supervise.assign', 'assign', 'keeper', 4),"                              \
    " ('assign', 'supervise.sign', 'sign', 'unit', 3),"                                     \
    " ('sign', 'supervise.work', 'work', 'unit', 2),"                                       \
    " ('return', 'supervise.work', 'again', 'unit', 2),"                                    \
    " ('reopen', 'supervise.work', 'again', 'unit', 2),"                                    \
    " ('report', 'supervise.check', 'check', 'keeper', 1),"                                 \
    " ('pass', 'supervise.strike', 'strike', 'keeper', 0))) m ON m.act = a.act"             \
    " JOIN line l ON l.id = a.line"

#define PARTS_SQL                                                                           \
    "SELECT 'part.sign', 'sign', p.line AS line, coalesce(p.unit, l.unit) AS unit,"         \
    " p.given_ms, coalesce(p.signed_ms, p.taken_ms), NULL, 3 FROM supervision_part p"       \
    " JOIN line l ON l.id = p.line"                                                         \
    " UNION ALL SELECT 'part.work', 'work', p.line, coalesce(p.unit, l.unit), p.signed_ms," \
    " coalesce(p.done_ms, p.taken_ms), p.due_day, 2 FROM supervision_part p"                \
    " JOIN line l ON l.id = p.line WHERE p.signed_ms IS NOT NULL"

/* Work towards a watch begins when the report before it was answered, that towards the first when the project was to
 * begin; while no report waits, a project under way works towards the first watch that is not settled. */
#define WATCHES_SQL                                                                          \
    "SELECT 'watch.' || r.watch, CASE r.again WHEN 1 THEN 'again' ELSE 'work' END, r.line"   \
    " AS line, l.unit AS unit, coalesce(r.since_ms, l.begins_day - 1), r.reported_ms, NULL," \
    " 1 FROM project_watch_report r JOIN line l ON l.id = r.line WHERE r.reported_ms >= ?3"  \
    " UNION ALL SELECT CASE r.watch WHEN 'opening' THEN 'watch.opened' ELSE 'watch.check'"   \
    " END, 'check', r.line, NULL, r.reported_ms, r.answered_ms, NULL, 0"                     \
    " FROM project_watch_report r WHERE r.answered_ms IS NULL OR r.answered_ms >= ?3"        \
    " UNION ALL SELECT 'watch.' || o.watch, 'work', o.line, l.unit, coalesce((SELECT"        \
    " max(answered_ms) FROM project_watch_report r"                                          \
    " WHERE r.line = o.line), l.begins_day - 1), NULL, w.planned_day, 1"                     \
    " FROM (SELECT line, CASE WHEN settled & 1 = 0 THEN 'landing' WHEN settled & 2 = 0 THEN" \
    " 'start' WHEN settled & 4 = 0 THEN 'progress' WHEN settled & 8 = 0 THEN 'support' WHEN" \
    " settled & 16 = 0 THEN 'opening' END AS watch"                                          \
    " FROM (SELECT p.line, coalesce(sum(CASE WHEN w.state IN ('passed', 'waived') THEN CASE" \
    " w.watch WHEN 'landing' THEN 1 WHEN 'start' THEN 2 WHEN 'progress' THEN 4 WHEN"         \
    " 'support' THEN 8 ELSE 16 END END), 0) AS settled, coalesce(sum(w.state = 'reported')," \
    " 0) AS waits FROM project p LEFT JOIN project_watch w ON w.line = p.line"               \
    " WHERE p.state = 'active' GROUP BY p.line) WHERE waits = 0) o"                          \
    " JOIN line l ON l.id = o.line"                                                          \
    " LEFT JOIN project_watch w ON w.line = o.line AND w.watch = o.watch"                    \
    " WHERE o.watch IS NOT NULL"

#define ADMISSION_SQL                                                               \
    "SELECT 'project.decide', 'decide', t.line AS line, NULL AS unit, t.opened_ms," \
    " t.decided_ms, r.due_day, 5 FROM project_turn t"                               \
    " LEFT JOIN project_round r ON r.id = t.round"                                  \
    " WHERE t.decided_ms IS NULL OR t.decided_ms >= ?3"

#define HANDOVER_SQL                                                           \
    "SELECT 'handover', 'accept', h.line AS line, l.unit AS unit, h.asked_ms," \
    " h.answered_ms, NULL, 0 FROM handover h JOIN line l ON l.id = h.line"     \
    " WHERE h.state <> 'open' OR l.lead = h.giver"

/* What was found at a stop or in a sweep, until it is decided what becomes of it. */
#define FINDING_SQL                                                                      \
    "SELECT 'finding', 'decide', x.line AS line, NULL AS unit, x.sent_ms, f.settled_ms," \
    " NULL, 0 FROM finding f JOIN filled x ON x.id = f.filled"                           \
    " WHERE x.replaced_ms IS NULL OR f.settled_ms IS NOT NULL"

#define OBJECTION_SQL                                                                        \
    "SELECT 'objection', 'decide', NULL AS line, NULL AS unit, made_ms, decided_ms, NULL, 0" \
    " FROM assessment_objection"

/* A step that is open is its unit's to work on; while a question stands, it is up to who answers for the line. Of a policy,
 * the last stage is what its users get. */
#define STEP_OF_SQL                                                                  \
    "CASE l.kind WHEN 'review' THEN 'step.review' WHEN 'risk' THEN 'step.risk' WHEN" \
    " 'policy' THEN CASE WHEN s.stage = (SELECT max(x.stage) FROM step x"            \
    " WHERE x.line = s.line) THEN 'step.claim' ELSE 'step.policy' END ELSE 'step.other' END"

#define BEHIND_SQL "(SELECT count(*) FROM step x WHERE x.line = s.line AND x.state = 'waiting')"

#define STEPS_SQL                                                                                  \
    "SELECT " STEP_OF_SQL                                                                          \
    ", 'work', s.line AS line, s.unit AS unit, coalesce(p.before, s.opened_ms), p.asked_ms,"       \
    " NULL, 0"                                                                                     \
    " FROM (SELECT step, asked_ms, lag(answered_ms) OVER (PARTITION BY step ORDER BY id) AS"       \
    " before FROM step_pause) p JOIN step s ON s.id = p.step JOIN line l ON l.id = s.line"         \
    " UNION ALL SELECT " STEP_OF_SQL                                                               \
    ", p.reason, s.line, l.unit, p.asked_ms, p.answered_ms, NULL, " BEHIND_SQL                     \
    " FROM step_pause p JOIN step s ON s.id = p.step JOIN line l ON l.id = s.line"                 \
    " UNION ALL SELECT " STEP_OF_SQL                                                               \
    ", 'work', s.line, s.unit, coalesce(p.after, s.opened_ms), s.ended_ms, s.due_day, " BEHIND_SQL \
    " FROM step s"                                                                                 \
    " LEFT JOIN (SELECT step, max(answered_ms) AS after, sum(answered_ms IS NULL) AS"              \
    " standing FROM step_pause GROUP BY step) p ON p.step = s.id"                                  \
    " JOIN line l ON l.id = s.line"                                                                \
    " WHERE s.opened_ms IS NOT NULL AND coalesce(p.standing, 0) = 0"

#define RECTIFICATION_SQL                                                                  \
    "SELECT m.step, m.reason, a.line AS line, CASE m.whose WHEN 'unit' THEN l.unit END AS" \
    " unit, a.day, a.until, CASE m.step WHEN 'rectify.work' THEN l.due_day END, m.behind"  \
    " FROM (SELECT line, act, day, lead(day) OVER (PARTITION BY line ORDER BY n) AS until" \
    " FROM (SELECT line, act, day, id AS n FROM rectification_act"                         \
    " UNION ALL SELECT r.line, 'found', l.created_ms, 0 FROM rectification r"              \
    " JOIN line l ON l.id = r.line)) a"                                                    \
    " JOIN (SELECT column1 AS act, column2 AS step, column3 AS reason, column4 AS whose,"  \
    " column5 AS behind FROM (VALUES"                                                      \
    " ('found', 'rectify.cause', 'work', 'unit', 4),"                                      \
    " ('reconsider', 'rectify.cause', 'again', 'unit', 4),"                                \
    " ('reopen', 'rectify.cause', 'again', 'unit', 4),"                                    \
    " ('explain', 'rectify.plan', 'work', 'unit', 3),"                                     \
    " ('plan', 'rectify.work', 'work', 'unit', 2),"                                        \
    " ('return', 'rectify.work', 'again', 'unit', 2),"                                     \
    " ('show', 'rectify.check', 'check', 'keeper', 1),"                                    \
    " ('pass', 'rectify.strike', 'strike', 'keeper', 0))) m ON m.act = a.act"              \
    " JOIN line l ON l.id = a.line"

/* Within the filter; what is closed waits for nothing more. */
#define SPANS(SOURCE)                                                          \
    "SELECT s.*, CASE l.state WHEN 'closed' THEN l.ended_ms END FROM (" SOURCE \
    ") s LEFT JOIN line l ON l.id = s.line"                                    \
    " WHERE (?1 = '' OR l.kind = ?1) AND (?2 = 0 OR s.unit = ?2) AND ?3 IS NOT NULL"

const char *const flow_sources[] = {
    SPANS(SUPERVISION_SQL), SPANS(PARTS_SQL),
    SPANS(WATCHES_SQL),     SPANS(ADMISSION_SQL),
    SPANS(STEPS_SQL),       SPANS(RECTIFICATION_SQL),
    SPANS(HANDOVER_SQL),    SPANS(OBJECTION_SQL),
    SPANS(FINDING_SQL),     NULL,
};
