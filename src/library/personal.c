/* The register of what is kept about a member; see personal.h. */
#include "library/personal.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "library/member.h"

/* A time as exports write it, from a column of Unix milliseconds. */
#define TIME(COLUMN) "strftime('%Y-%m-%dT%H:%M:%SZ', " COLUMN " / 1000, 'unixepoch')"
#define TITLE(PAPER, EDITION) \
    "(SELECT title FROM edition te WHERE te.paper = " PAPER " AND te.number = " EDITION ")"
#define NEWEST(PAPER) "(SELECT max(number) FROM edition ne WHERE ne.paper = " PAPER ")"

/* clang-format off */
const struct personal personal_register[] = {
    {"line_follow", "member", "Lines of the ledger followed", "关注的台账条目",
     "SELECT json_object('number', l.number, 'title', l.title) FROM line_follow f"
     " JOIN line l ON l.id = f.line WHERE f.member = ?1",
     "DELETE FROM line_follow WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"summary_plan", "member", "Reports of the ledger drafted for them", "自动起草的台账报告",
     "SELECT json_object('kind', kind, 'next', " TIME("next_ms") ") FROM summary_plan WHERE member = ?1",
     "DELETE FROM summary_plan WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"saved_view", "member", "Views of the ledger kept", "保存的台账视图",
     "SELECT json_object('name', name, 'what', grid || '?' || query) FROM saved_view WHERE member = ?1",
     "DELETE FROM saved_view WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"line_post", "member", "Words in the ledger", "台账中的发言",
     "SELECT json_object('number', l.number, 'time', " TIME("p.posted_ms") ", 'text', p.text, 'removed', "
     TIME("p.removed_ms") ") FROM line_post p JOIN line l ON l.id = p.line WHERE p.member = ?1 ORDER BY p.id",
     "UPDATE line_post SET text = '', removed_why = '', removed_ms = coalesce(removed_ms, ?2)"
     " WHERE member = ?1",
     "That something stood there, without its words.", "该处曾有发言，不含内容。", PERSONAL_PLAIN},
    {"line_file", "member", "Files added to the ledger", "台账中添加的附件",
     "SELECT json_object('number', l.number, 'time', " TIME("f.added_ms") ", 'name', f.name, 'note', f.note)"
     " FROM line_file f JOIN line l ON l.id = f.line WHERE f.member = ?1 ORDER BY f.id",
     NULL, "The file, which is evidence of the organisation's work, and by which number it was added.",
     "附件（属单位工作佐证）及添加者编号。", PERSONAL_PLAIN},
    {"line", "lead", "Lines of the ledger led", "分包的台账条目",
     "SELECT json_object('number', number, 'title', title, 'state', state) FROM line WHERE lead = ?1",
     "UPDATE line SET lead = NULL WHERE lead = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"line_answered", "lead", "Lines of the ledger led before", "曾分包的台账条目",
     "SELECT json_object('number', l.number, 'title', l.title, 'until', " TIME("a.until_ms") ")"
     " FROM line_answered a JOIN line l ON l.id = a.line WHERE a.lead = ?1 ORDER BY a.until_ms",
     "UPDATE line_answered SET lead = NULL WHERE lead = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"figure_mapping", "member", "Sources of figures kept", "保存的数据来源",
     "SELECT json_object('name', name, 'time', " TIME("kept_ms") ") FROM figure_mapping WHERE member = ?1",
     NULL, "The source's columns, and which number kept them.", "该来源的列对应及保存者编号。", PERSONAL_PLAIN},
    {"line_batch", "member", "Changes of many lines at once", "台账批量修改",
     "SELECT json_object('time', " TIME("made_ms") ", 'used', lines) FROM line_batch WHERE member = ?1",
     NULL, "The number of who changed them.", "修改者的编号。", PERSONAL_PLAIN},
    {"commitment", "member", "Commitments decided upon", "处理的承诺事项", NULL, NULL,
     "The number of who decided.", "处理者的编号。", PERSONAL_PLAIN},
    {"indicator_actual", "member", "Figures entered for indicators", "填报的指标数值",
     "SELECT json_object('number', l.number, 'title', l.title, 'time', " TIME("a.entered_ms") ", 'reason', a.why)"
     " FROM indicator_actual a JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY a.id",
     NULL, "The figure, and which number entered it.", "数值及填报者编号。", PERSONAL_PLAIN},
    {"project_watch", "member", "Watches of projects said to be reached", "报送的项目盯办环节",
     "SELECT json_object('number', l.number, 'title', l.title, 'state', w.state)"
     " FROM project_watch w JOIN line l ON l.id = w.line WHERE w.member = ?1 ORDER BY l.id, w.watch",
     NULL, "The state, and which number said so.", "环节状态及报送者编号。", PERSONAL_PLAIN},
    {"project", "proposer", "Projects proposed", "申报的项目",
     "SELECT json_object('number', l.number, 'title', l.title, 'state', p.state)"
     " FROM project p JOIN line l ON l.id = p.line WHERE p.proposer = ?1 ORDER BY l.id",
     NULL, "The project, and which number proposed it.", "项目及申报者编号。", PERSONAL_PLAIN},
    {"project_turn", "member", "Projects decided upon", "作出入库或调整决定的项目",
     "SELECT json_object('number', l.number, 'title', l.title, 'state', t.verdict, 'time', "
     TIME("t.decided_ms") ", 'text', t.words) FROM project_turn t JOIN line l ON l.id = t.line"
     " WHERE t.member = ?1 ORDER BY t.decided_ms",
     NULL, "What was decided and why, and by which number.", "决定、理由及决定者编号。", PERSONAL_PLAIN},
    {"project_mark", "member", "Marks given to projects", "给项目的评分",
     "SELECT json_object('number', l.number, 'title', l.title, 'time', " TIME("max(m.marked_ms)") ")"
     " FROM project_mark m JOIN line l ON l.id = m.line WHERE m.member = ?1 GROUP BY m.line, m.turn",
     NULL, "The marks, which decisions rest on, and which number gave them.",
     "作为决定依据的评分及评分者编号。", PERSONAL_PLAIN},
    {"project_entry", "member", "Entries in the accounts of projects", "项目台账的登记",
     "SELECT json_object('number', l.number, 'time', " TIME("e.added_ms") ", 'name', e.name)"
     " FROM project_entry e JOIN line l ON l.id = e.line WHERE e.member = ?1 ORDER BY e.id",
     NULL, "The entry, and which number made it.", "登记内容及登记者编号。", PERSONAL_PLAIN},
    {"clash_settlement", "member", "Clashes of programmes settled", "处理的规划冲突",
     "SELECT json_object('time', " TIME("settled_ms") ", 'text', words) FROM clash_settlement"
     " WHERE member = ?1 ORDER BY id",
     NULL, "What was decided, and by which number.", "处理结论及处理者编号。", PERSONAL_PLAIN},
    {"supervision", "told_by", "Lines said to be done", "报结的督办条目", NULL, NULL,
     "Which number said that a line is done.", "报结者编号。", PERSONAL_PLAIN},
    {"supervision_part", "member", "Parts of lines handed over under supervision", "交办的督办事项",
     "SELECT json_object('number', l.number, 'title', l.title, 'text', p.words, 'since', " TIME("p.given_ms")
     ", 'done', " TIME("p.done_ms") ") FROM supervision_part p JOIN line l ON l.id = p.line"
     " WHERE p.member = ?1 ORDER BY p.id",
     NULL, "The part, and which number it was handed to.", "事项及承办者编号。", PERSONAL_PLAIN},
    {"supervision_act", "member", "Acts of supervision", "督办操作",
     "SELECT json_object('number', l.number, 'what', a.act, 'time', " TIME("a.made_ms") ", 'text', a.words)"
     " FROM supervision_act a JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY a.id",
     NULL, "What was done and said on the record of the organisation's work, and by which number.",
     "属单位工作记录的操作与说明，及操作者编号。", PERSONAL_PLAIN},
    {"policy_act", "member", "Acts on policies", "政策推进操作",
     "SELECT json_object('number', l.number, 'what', a.act, 'time', " TIME("a.made_ms") ", 'text', a.words)"
     " FROM policy_act a JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY a.id",
     NULL, "What was done and said on the record of the organisation's work, and by which number.",
     "属单位工作记录的操作与说明，及操作者编号。", PERSONAL_PLAIN},
    {"policy_leaflet", "writer", "Leaflets of policies written", "编写的政策明白卡",
     "SELECT json_object('number', l.number, 'edition', f.number, 'time', " TIME("f.written_ms") ")"
     " FROM policy_leaflet f JOIN line l ON l.id = f.line WHERE f.writer = ?1 ORDER BY f.id",
     NULL, "The leaflet, and which number wrote it.", "明白卡及编写者编号。", PERSONAL_PLAIN},
    {"policy_leaflet", "checker", "Leaflets of policies looked at", "审核的政策明白卡",
     "SELECT json_object('number', l.number, 'edition', f.number, 'time', " TIME("f.checked_ms") ")"
     " FROM policy_leaflet f JOIN line l ON l.id = f.line WHERE f.checker = ?1 ORDER BY f.id",
     NULL, "The leaflet, and which number looked at it.", "明白卡及审核者编号。", PERSONAL_PLAIN},
    {"policy_month", "member", "Figures of policies entered", "填报的政策落实数据",
     "SELECT json_object('number', l.number, 'time', " TIME("f.entered_ms") ")"
     " FROM policy_month f JOIN line l ON l.id = f.line WHERE f.member = ?1 ORDER BY f.line, f.month",
     NULL, "The figures, and which number entered them.", "数据及填报者编号。", PERSONAL_PLAIN},
    {"policy_appraisal", "member", "Policies appraised", "评估的政策",
     "SELECT json_object('number', l.number, 'time', " TIME("a.made_ms") ", 'text', a.words)"
     " FROM policy_appraisal a JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY a.id",
     NULL, "What was found, and by which number.", "评估结论及评估者编号。", PERSONAL_PLAIN},
    {"policy_follow", "member", "Changes of policies asked for by mail", "订阅的政策变动",
     "SELECT json_object('what', coalesce((SELECT max(x.title) FROM policy_leaflet pl JOIN policy_leaflet_text x"
     " ON x.leaflet = pl.id WHERE pl.line = f.line AND pl.state IN ('shown', 'past')), t.en || t.zh)) FROM policy_follow f"
     " LEFT JOIN policy_term t ON t.id = f.term WHERE f.member = ?1",
     "DELETE FROM policy_follow WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"rectification", "told_by", "Problems said to be put right", "报送的整改结果", NULL, NULL,
     "Which number said that a problem is put right.", "报送者编号。", PERSONAL_PLAIN},
    {"rectification_act", "member", "Acts of rectification", "整改操作",
     "SELECT json_object('number', l.number, 'what', a.act, 'time', " TIME("a.made_ms") ", 'text', a.words)"
     " FROM rectification_act a JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY a.id",
     NULL, "What was done and said on the record of the organisation's work, and by which number.",
     "属单位工作记录的操作与说明，及操作者编号。", PERSONAL_PLAIN},
    {"recurrence", "member", "Decisions whether a problem came back", "反复问题的判定", NULL, NULL,
     "What was decided, and by which number.", "判定结论及判定者编号。", PERSONAL_PLAIN},
    {"study", "written_by", "Records of study sessions written", "整理的学习记录",
     "SELECT json_object('number', l.number, 'title', l.title, 'time', " TIME("s.written_ms")
     ") FROM study s JOIN line l ON l.id = s.line WHERE s.written_by = ?1 ORDER BY l.id",
     NULL, "The record of the session, and which number wrote it.", "学习记录及整理者编号。",
     PERSONAL_PLAIN},
    {"study", "confirmed_by", "Records of study sessions confirmed", "确认的学习记录",
     "SELECT json_object('number', l.number, 'title', l.title, 'time', " TIME("s.confirmed_ms")
     ") FROM study s JOIN line l ON l.id = s.line WHERE s.confirmed_by = ?1 ORDER BY l.id",
     NULL, "The record of the session, and which number confirmed it.", "学习记录及确认者编号。",
     PERSONAL_PLAIN},
    {"study_former", "written_by", "Former records of study sessions", "学习记录的历次版本",
     "SELECT json_object('number', l.number, 'title', l.title, 'time', " TIME("f.written_ms")
     ") FROM study_former f JOIN line l ON l.id = f.line WHERE f.written_by = ?1 ORDER BY f.id",
     NULL, "The record as it stood, and which number wrote it.", "当时的学习记录及整理者编号。",
     PERSONAL_PLAIN},
    {"study_attendance", "member", "Presence at study sessions", "学习出席情况",
     "SELECT json_object('number', l.number, 'title', l.title, 'state', a.state) FROM study_attendance a"
     " JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY l.id",
     "DELETE FROM study_attendance WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"supervision_notice", "lead", "Supervision notices about lines led", "分包条目的督办单",
     "SELECT json_object('number', l.number, 'title', l.title, 'kind', n.kind, 'time', " TIME("n.made_ms")
     ") FROM supervision_notice n JOIN line l ON l.id = n.line WHERE n.lead = ?1 ORDER BY n.id",
     NULL, "The notice, and the number of who led the line.", "督办单及分包领导编号。", PERSONAL_PLAIN},
    {"supervision_notice_to", "member", "Supervision notices received", "收到的督办单",
     "SELECT json_object('number', l.number, 'title', l.title, 'kind', n.kind, 'time', " TIME("n.made_ms")
     ") FROM supervision_notice_to t JOIN supervision_notice n ON n.id = t.notice JOIN line l ON l.id = n.line"
     " WHERE t.member = ?1 ORDER BY n.id",
     NULL, "Which number a notice went to.", "督办单接收者编号。", PERSONAL_PLAIN},
    {"step", "member", "Steps of procedures that were theirs", "承办的步骤",
     "SELECT json_object('number', l.number, 'title', l.title, 'text', s.title, 'state', s.state, 'since', "
     TIME("s.opened_ms") ") FROM step s JOIN line l ON l.id = s.line WHERE s.member = ?1 ORDER BY s.id",
     NULL, "The step, and which number it was given to.", "步骤及承办者编号。", PERSONAL_PLAIN},
    {"step", "ended_by", "Opinions given and steps ended", "提出的意见、办结的步骤",
     "SELECT json_object('number', l.number, 'title', l.title, 'state', s.state, 'text', s.words, 'time', "
     TIME("s.ended_ms") ") FROM step s JOIN line l ON l.id = s.line WHERE s.ended_by = ?1 ORDER BY s.id",
     NULL, "What was said for the unit, on which decisions rest, and by which number.",
     "作为决定依据的单位意见及提出者编号。", PERSONAL_PLAIN},
    {"review", "asked_by", "Joint reviews asked for", "提出的联审事项",
     "SELECT json_object('number', l.number, 'title', l.title, 'state', r.state) FROM review r"
     " JOIN line l ON l.id = r.line WHERE r.asked_by = ?1 ORDER BY l.id",
     NULL, "The review, and which number asked for it.", "联审事项及提出者编号。", PERSONAL_PLAIN},
    {"review_reply", "replied_by", "Replies given in joint reviews", "作出的联审回复",
     "SELECT json_object('number', l.number, 'title', l.title, 'text', p.words, 'time', " TIME("p.replied_ms")
     ") FROM review_reply p JOIN line l ON l.id = p.line WHERE p.replied_by = ?1 ORDER BY p.id",
     NULL, "The reply, and which number gave it.", "回复及作出者编号。", PERSONAL_PLAIN},
    {"step_pause", "asked_by", "Questions asked in steps", "步骤中提出的问题",
     "SELECT json_object('number', l.number, 'text', p.question, 'time', " TIME("p.asked_ms")
     ") FROM step_pause p JOIN step s ON s.id = p.step JOIN line l ON l.id = s.line WHERE p.asked_by = ?1"
     " ORDER BY p.id",
     NULL, "The question, which stopped a clock, and by which number.", "使计时暂停的问题及提问者编号。",
     PERSONAL_PLAIN},
    {"step_pause", "answered_by", "Questions answered in steps", "步骤中作出的答复",
     "SELECT json_object('number', l.number, 'text', p.answer, 'time', " TIME("p.answered_ms")
     ") FROM step_pause p JOIN step s ON s.id = p.step JOIN line l ON l.id = s.line WHERE p.answered_by = ?1"
     " ORDER BY p.id",
     NULL, "The answer, and by which number.", "答复及答复者编号。", PERSONAL_PLAIN},
    {"risk", "told_by", "Risks whose disposal they said was done", "报告处置完成的风险", NULL, NULL,
     "Which number said that disposal is done.", "报告处置完成者编号。", PERSONAL_PLAIN},
    {"risk_act", "member", "Acts about risks", "风险办理操作",
     "SELECT json_object('number', l.number, 'what', a.act, 'time', " TIME("a.made_ms") ", 'text', a.words)"
     " FROM risk_act a JOIN line l ON l.id = a.line WHERE a.member = ?1 ORDER BY a.id",
     NULL, "What was done and said on the record of the organisation's work, and by which number.",
     "属单位工作记录的操作与说明，及操作者编号。", PERSONAL_PLAIN},
    {"risk_threshold", "member", "Monitoring of risks set", "设置的风险监测",
     "SELECT json_object('number', l.number, 'time', " TIME("t.made_ms") ")"
     " FROM risk_threshold t JOIN line l ON l.id = t.line WHERE t.member = ?1 ORDER BY t.id",
     NULL, "The marks, and which number set them.", "预警值及设置者编号。", PERSONAL_PLAIN},
    {"assessment_objection", "member", "Objections to assessments", "对考核的异议",
     "SELECT json_object('time', " TIME("made_ms") ", 'text', grounds, 'answered', " TIME("decided_ms")
     ", 'reason', words) FROM assessment_objection WHERE member = ?1 ORDER BY id",
     "UPDATE assessment_objection SET grounds = '' WHERE member = ?1 AND ?2",
     "That the number objected, and what was decided.", "提出异议者编号及决定。", PERSONAL_PLAIN},
    {"assessment_objection", "decided_by", "Objections decided", "处理的考核异议", NULL, NULL,
     "The number of who decided.", "处理者的编号。", PERSONAL_PLAIN},
    {"assessment_score", "member", "Assessments", "考核得分",
     "SELECT json_object('time', " TIME("a.made_ms") ", 'number', coalesce(s.corrected, s.tenths) / 10.0)"
     " FROM assessment_score s JOIN assessment a ON a.id = s.assessment WHERE s.member = ?1 ORDER BY s.id",
     NULL, "The score of a number, as part of the assessment of that time.", "该期考核中该编号的得分。",
     PERSONAL_PLAIN},
    {"assessment", "member", "Assessments made", "进行的考核", NULL, NULL,
     "The number of who assessed.", "考核者的编号。", PERSONAL_PLAIN},
    {"sheet", "member", "Sheets of inspections and checks made", "编制的检查表和评分表",
     "SELECT json_object('name', name, 'time', " TIME("made_ms") ") FROM sheet WHERE member = ?1 ORDER BY id",
     NULL, "The sheet, and which number made it.", "表格及编制者编号。", PERSONAL_PLAIN},
    {"inspection_scorer", "member", "Tours to score", "担任评分人的观摩督导",
     "SELECT json_object('number', l.number, 'title', l.title) FROM inspection_scorer c"
     " JOIN line l ON l.id = c.line WHERE c.member = ?1 ORDER BY l.id",
     NULL, "Which number scored, as results rest on it.", "作为结果依据的评分人编号。", PERSONAL_PLAIN},
    {"filled", "member", "Sheets filled in", "填报的检查表和评分表",
     "SELECT json_object('number', l.number, 'name', s.name, 'time', " TIME("f.sent_ms") ", 'text', f.words)"
     " FROM filled f JOIN sheet s ON s.id = f.sheet JOIN line l ON l.id = f.line WHERE f.member = ?1 ORDER BY f.id",
     NULL, "The marks and remarks, which results rest on, and which number gave them.",
     "作为结果依据的评分、备注及填报者编号。", PERSONAL_PLAIN},
    {"handover", "giver", "Lines of the ledger handed to others", "移交他人的台账条目",
     "SELECT json_object('number', l.number, 'title', l.title, 'reason', h.why, 'state', h.state, 'time', "
     TIME("h.asked_ms") ") FROM handover h JOIN line l ON l.id = h.line WHERE h.giver = ?1 ORDER BY h.id",
     "UPDATE handover SET why = '', state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END WHERE giver = ?1",
     "That a number handed it over, without its words.", "移交者编号，不含其说明。", PERSONAL_PLAIN},
    {"handover", "taker", "Lines of the ledger that they were asked to lead", "请其接手的台账条目",
     "SELECT json_object('number', l.number, 'title', l.title, 'reason', h.answer, 'state', h.state, 'time', "
     TIME("h.asked_ms") ") FROM handover h JOIN line l ON l.id = h.line WHERE h.taker = ?1 ORDER BY h.id",
     "UPDATE handover SET answer = '', state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END WHERE taker = ?1",
     "Which number was asked, without its words.", "接手者编号，不含其说明。", PERSONAL_PLAIN},
    {"unit", "head", "Units headed", "负责的单位",
     "SELECT json_object('name', name) FROM unit WHERE head = ?1",
     "UPDATE unit SET head = NULL WHERE head = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"unit_member", "member", "Units", "所在单位",
     "SELECT json_object('name', u.name) FROM unit_member m JOIN unit u ON u.id = m.unit WHERE m.member = ?1",
     "DELETE FROM unit_member WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"mention", "member", "Mentions by others", "他人的提及",
     "SELECT json_object('group', g.name, 'paper', " TITLE("p.under", NEWEST("p.under")) ", 'time', "
     TIME("p.created_ms") ") FROM mention n JOIN post p ON p.id = n.post"
     " LEFT JOIN \"group\" g ON g.id = p.\"group\" WHERE n.member = ?1",
     "DELETE FROM mention WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"unseen_post", "member", "Posts for them that they have not seen", "尚未查看的与其有关的发言",
     "SELECT json_object('group', g.name, 'paper', " TITLE("p.under", NEWEST("p.under")) ", 'time', "
     TIME("p.created_ms") ") FROM unseen_post u JOIN post p ON p.id = u.post"
     " LEFT JOIN \"group\" g ON g.id = p.\"group\" WHERE u.member = ?1",
     "DELETE FROM unseen_post WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"letter", "member", "Letters", "邮件",
     "SELECT json_object('kind', kind, 'time', " TIME("created_ms") ", 'sent', " TIME("sent_ms")
     ") FROM letter WHERE member = ?1 ORDER BY id",
     "DELETE FROM letter WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"session", "member", "Sign-ins", "登录记录",
     "SELECT json_object('browser', agent, 'network', place, 'since', " TIME("created_ms") ", 'seen', "
     TIME("seen_ms") ") FROM session WHERE member = ?1 ORDER BY created_ms",
     "DELETE FROM session WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"known_network", "member", "Networks signed in from", "登录过的网络",
     "SELECT json_object('network', network, 'seen', " TIME("seen_ms") ") FROM known_network"
     " WHERE member = ?1",
     "DELETE FROM known_network WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"ticket", "member", "Links for invitation and new password (themselves not readable)",
     "邀请与重设密码链接（链接本身不可读）",
     "SELECT json_object('kind', kind, 'time', " TIME("created_ms") ", 'until', " TIME("expires_ms")
     ", 'used', " TIME("used_ms") ") FROM ticket WHERE member = ?1 ORDER BY created_ms",
     "DELETE FROM ticket WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"email_change", "member", "Changes of e-mail address, asked for or made", "邮箱更改（申请中或已完成）",
     "SELECT json_object('old_email', old_email, 'email', email, 'until', " TIME("expires_ms")
     ", 'done', " TIME("done_ms") ") FROM email_change WHERE member = ?1 ORDER BY id",
     "DELETE FROM email_change WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"token", "member", "Tokens for scripts (themselves not readable)", "脚本令牌（令牌本身不可读）",
     "SELECT json_object('name', name, 'scopes', scopes, 'since', " TIME("created_ms") ", 'seen', "
     TIME("seen_ms") ", 'until', " TIME("expires_ms") ", 'ended', " TIME("ended_ms") ") FROM token WHERE member = ?1 ORDER BY id",
     "DELETE FROM token WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"recovery_code", "member", "Recovery codes (themselves not readable)", "恢复码（恢复码本身不可读）",
     "SELECT json_object('codes', count(*)) FROM recovery_code WHERE member = ?1 HAVING count(*) > 0",
     "DELETE FROM recovery_code WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"role", "member", "Roles", "角色",
     "SELECT json_object('role', role) FROM role WHERE member = ?1",
     "DELETE FROM role WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"account", "member", "Account (password and second factor not readable)",
     "账户（密码和两步验证密钥不可读）",
     "SELECT json_object('since', " TIME("created_ms") ", 'language', lang, 'mail', mail, 'second_factor',"
     " CASE WHEN totp IS NULL THEN 'off' ELSE 'on' END, 'suspended', " TIME("suspended_ms")
     ") FROM account WHERE member = ?1",
     "DELETE FROM account WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"group_member", "member", "Groups", "群组",
     "SELECT json_object('group', g.name, 'since', " TIME("i.since_ms") ") FROM group_member i"
     " JOIN \"group\" g ON g.id = i.\"group\" WHERE i.member = ?1",
     "DELETE FROM group_member WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"application", "member", "Applications to groups", "入群申请",
     "SELECT json_object('group', g.name, 'text', a.words, 'time', " TIME("a.asked_ms") ", 'answered', "
     TIME("a.answered_ms") ", 'reason', a.why) FROM application a JOIN \"group\" g ON g.id = a.\"group\""
     " WHERE a.member = ?1 ORDER BY a.id",
     "DELETE FROM application WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"code", "redeemed_by", "Codes redeemed", "已兑换的兑换码",
     "SELECT json_object('code', '…' || tail, 'time', " TIME("redeemed_ms") ") FROM code"
     " WHERE redeemed_by = ?1 ORDER BY redeemed_ms",
     "UPDATE code SET redeemed_by = NULL WHERE redeemed_by = ?1",
     "That the code was used up, and when; not by whom.", "兑换码已被使用及使用时间，不含使用者。", PERSONAL_PLAIN},
    {"subscription", "member", "Subscriptions", "订阅",
     "SELECT json_object('plan', p.name, 'from', " TIME("s.starts_ms") ", 'until', " TIME("s.ends_ms")
     ", 'paused', " TIME("s.paused_ms") ", 'ended', " TIME("s.ended_ms") ")"
     " FROM subscription s JOIN plan p ON p.id = s.plan WHERE s.member = ?1 ORDER BY s.id",
     "DELETE FROM subscription WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"revocation", "member", "Copies revoked", "撤销的副本",
     "SELECT json_object('paper', " TITLE("r.paper", NEWEST("r.paper")) ", 'reason', r.reason, 'time', "
     TIME("r.created_ms") ", 'lifted', " TIME("r.lifted_ms") ") FROM revocation r WHERE r.member = ?1",
     "DELETE FROM revocation WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"draft", "author", "Drafts", "草稿",
     "SELECT json_object('title', title, 'saved', " TIME("saved_ms") ", 'text', text) FROM draft"
     " WHERE author = ?1 ORDER BY id",
     "DELETE FROM draft WHERE author = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"link", "member", "Links to copies, given to others", "提供给他人的副本链接",
     "SELECT json_object('paper', " TITLE("l.paper", "l.edition") ", 'format', l.format, 'note', l.note,"
     " 'since', " TIME("l.created_ms") ", 'until', " TIME("l.expires_ms") ", 'used', l.uses - l.uses_left)"
     " FROM link l WHERE l.member = ?1 ORDER BY l.created_ms",
     "DELETE FROM link WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"deletion", "member", "Copies to be deleted after use", "使用后应删除的副本",
     "SELECT json_object('paper', " TITLE("d.paper", NEWEST("d.paper")) ", 'due', " TIME("d.due_ms")
     ", 'reminded', " TIME("d.reminded_ms") ", 'attested', " TIME("d.attested_ms") ") FROM deletion d"
     " WHERE d.member = ?1",
     "DELETE FROM deletion WHERE member = ?1 AND attested_ms IS NULL",
     "The number and when it gave its word that a copy is deleted: for the organisation's file.",
     "编号及其确认删除副本的时间，供单位存档。", PERSONAL_PLAIN},
    {"fill", "member", "Blanks filled in", "填写的内容",
     "SELECT json_object('paper', " TITLE("f.paper", NEWEST("f.paper")) ", 'name', f.name, 'text', f.value,"
     " 'saved', " TIME("f.kept_ms") ") FROM fill f WHERE f.member = ?1",
     "DELETE FROM fill WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"reading", "member", "Reading positions", "阅读位置",
     "SELECT json_object('paper', " TITLE("r.paper", "r.edition") ", 'seen', " TIME("r.seen_ms")
     ") FROM reading r WHERE r.member = ?1",
     "DELETE FROM reading WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"acknowledgement", "member", "Notices accepted", "已确认的使用须知",
     "SELECT json_object('notice', n.key, 'digest', lower(hex(a.digest)), 'time', " TIME("a.time_ms")
     ", 'network', a.address) FROM acknowledgement a JOIN notice n ON n.id = a.notice"
     " WHERE a.member = ?1 ORDER BY a.time_ms",
     "UPDATE acknowledgement SET address = '' WHERE member = ?1",
     "That the number accepted which wording, and when: its copies were given on these terms.",
     "该编号于何时确认了哪一文本：其副本依此条款提供。", PERSONAL_PLAIN},
    {"post", "author", "Posts in groups and under papers", "在群组中和文稿下的发言",
     "SELECT json_object('group', g.name, 'paper', " TITLE("p.under", NEWEST("p.under")) ", 'time', "
     TIME("p.created_ms") ", 'text', p.text, 'removed', " TIME("p.removed_ms") ") FROM post p"
     " LEFT JOIN \"group\" g ON g.id = p.\"group\" WHERE p.author = ?1 ORDER BY p.id",
     "UPDATE post SET text = '', removed_why = '', removed_ms = coalesce(removed_ms, ?2)"
     " WHERE author = ?1",
     "That something stood there, without its words, so that the answers of others keep their place.",
     "该处曾有发言，不含内容，以便他人的回复各归其位。", PERSONAL_PLAIN},
    {"standing_fit", "member", "Papers that fitted a search kept", "与保存的检索相符的文稿",
     "SELECT json_object('paper', " TITLE("f.paper", NEWEST("f.paper")) ", 'time', " TIME("f.found_ms")
     ") FROM standing_fit f WHERE f.member = ?1",
     "DELETE FROM standing_fit WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"standing", "member", "Searches kept", "保存的检索",
     "SELECT json_object('text', words, 'since', " TIME("created_ms") ") FROM standing WHERE member = ?1",
     "DELETE FROM standing WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"request", "author", "Requests made", "提出的需求",
     "SELECT json_object('title', title, 'text', text, 'state', state, 'time', " TIME("created_ms")
     ", 'removed', " TIME("removed_ms") ") FROM request WHERE author = ?1 ORDER BY id",
     "UPDATE request SET text = '', removed_why = '', title = CASE WHEN votes > 1 THEN title ELSE '' END,"
     " removed_ms = CASE WHEN votes > 1 THEN removed_ms ELSE coalesce(removed_ms, ?2) END"
     " WHERE author = ?1",
     "What was asked for, in a line, where others voted for it too; else that something was asked.",
     "已有他人投票的需求保留标题，其余仅保留曾提出需求这一事实。", PERSONAL_PLAIN},
    {"request_vote", "member", "Votes for requests", "为需求投的票",
     "SELECT json_object('title', r.title) FROM request_vote v JOIN request r ON r.id = v.request"
     " WHERE v.member = ?1",
     NULL, "That the number voted: the vote counts on.", "该编号曾投票，票数不变。", PERSONAL_PLAIN},
    {"request_follow", "member", "Requests followed", "关注的需求",
     "SELECT json_object('title', r.title) FROM request_follow v JOIN request r ON r.id = v.request"
     " WHERE v.member = ?1",
     "DELETE FROM request_follow WHERE member = ?1", NULL, NULL, PERSONAL_PLAIN},
    {"trace", "asked_by", "Traces asked for", "发起的追踪", NULL, NULL,
     "The number of the steward who asked.", "发起者的编号。", PERSONAL_PLAIN},
    {"joint", "decided_by", "Cases joined or parted", "并案或分案", NULL, NULL,
     "The number of the steward who decided.", "作出决定者的编号。", PERSONAL_SECRET},
    {"report", "reporter", "Reports made", "提交的举报",
     "SELECT json_object('kind', kind, 'link', link, 'place', place, 'text', words, 'time', "
     TIME("made_ms") ") FROM report WHERE reporter = ?1 ORDER BY id",
     /* those of cases that go on are emptied when they are over; see erasure.c */
     "UPDATE report SET words = '', place = '', link = '' WHERE reporter = ?1 AND case_file IN"
     " (SELECT id FROM case_file WHERE state IN ('dismissed', 'settled'))",
     "That the number reported something, and its files as evidence. While the case goes on the words and the"
     " files' names stay too, and go when it is over.",
     "该编号曾提交举报；所附文件作为物证保留。案件未结时，举报内容和文件名一并保留，结案后清除。", PERSONAL_OWN},
    {"reward", "member", "Rewards for reports", "举报奖励",
     "SELECT json_object('given', " TIME("given_ms") ", 'until', " TIME("until_ms") ") FROM reward"
     " WHERE member = ?1 AND given_ms IS NOT NULL",
     "UPDATE reward SET subscription = NULL WHERE member = ?1",
     "That a reward was given, to the number.", "已向该编号发放奖励。", PERSONAL_OWN},
    {"sanction", "member", "Decisions about the member", "对该成员的处理",
     "SELECT json_object('kind', measure, 'reason', grounds, 'state', state, 'time', " TIME("told_ms")
     ") FROM sanction WHERE member = ?1 ORDER BY id",
     "UPDATE sanction SET grounds = '' WHERE member = ?1",
     "What was decided about the number and when, without its grounds.",
     "对该编号作出的处理及时间，不含理由。", PERSONAL_OWN},
    {"decision_member", "member", "What decisions propose", "处理意见", NULL,
     "UPDATE decision_member SET grounds = '' WHERE member = ?1",
     "The measure, by number.", "处理方式，只含编号。", PERSONAL_SECRET},
    {"case_accused", "member", "Cases about the member", "涉及该成员的案件",
     "SELECT json_object('time', " TIME("since_ms") ", 'text', words) FROM case_accused WHERE member = ?1",
     "UPDATE case_accused SET words = '' WHERE member = ?1",
     "That a case was about the number, and how it ended.", "曾有案件涉及该编号及其结果。",
     PERSONAL_SECRET},
    {"case_exhibit", "member", "Exhibits added", "补充的物证",
     "SELECT json_object('name', name, 'time', " TIME("added_ms") ") FROM case_exhibit WHERE member = ?1",
     "UPDATE case_exhibit SET name = '' WHERE member = ?1 AND source = 'appeal'",
     "That there was an exhibit, by its digest; what an appeal brought is taken away.",
     "曾有物证，只留摘要；申诉所附文件予以删除。", PERSONAL_OWN},
    {"case_finding", "made_by", "Findings made", "作出的认定", NULL, NULL,
     "The number of the steward who traced.", "追踪者的编号。", PERSONAL_SECRET},
    {"joint", "decided_by", "Joins decided", "并案决定", NULL, NULL,
     "The number of who decided.", "决定者的编号。", PERSONAL_SECRET},
    {"case_step", "actor", "Steps taken in cases", "在案件中的操作", NULL, NULL,
     "What was done in a case, by which number.", "案件中的操作及操作者编号。", PERSONAL_SECRET},
    {"decision", "proposer", "Decisions proposed", "提出的处理", NULL, NULL,
     "The number of who proposed.", "提出者的编号。", PERSONAL_SECRET},
    {"decision", "second", "Decisions confirmed", "复核的处理", NULL, NULL,
     "The number of who confirmed.", "复核者的编号。", PERSONAL_SECRET},
    {"appeal", "decided_by", "Appeals decided", "裁决的申诉", NULL, NULL,
     "The number of who decided.", "裁决者的编号。", PERSONAL_SECRET},
    {"copy", "member", "Papers given", "取得的文稿",
     "SELECT json_object('paper', " TITLE("c.paper", "c.edition") ", 'edition', c.edition, 'given', "
     TIME("c.first_ms") ", 'opened', " TIME("nullif(c.opened_ms, 0)") ", 'number', c.number) FROM copy c WHERE c.member = ?1"
     " ORDER BY c.first_ms",
     "UPDATE copy SET opened_ms = 0 WHERE member = ?1",
     "Which editions the number was given, when first, and what their copies are numbered: a copy that leaks later"
     " must be told from those of others.",
     "该编号得到过哪些版本、首次时间及副本编号：日后如有副本外泄，须能与他人的副本区分。", PERSONAL_PLAIN},
    {"glimpse", "member", "Papers that a search showed sentences of", "检索结果展示过语句的文稿",
     "SELECT json_object('paper', " TITLE("c.paper", "c.edition") ", 'edition', c.edition, 'given', "
     TIME("c.first_ms") ") FROM glimpse c WHERE c.member = ?1 ORDER BY c.first_ms",
     NULL, "As of papers given.", "同“取得的文稿”。", PERSONAL_PLAIN},
    {"erasure", "member", "Erasure", "资料抹除",
     "SELECT json_object('time', " TIME("asked_ms") ", 'state', state) FROM erasure WHERE member = ?1",
     NULL, "The certificate: the number, when, and what was taken out.",
     "抹除证明：编号、时间、抹除的内容。", PERSONAL_PLAIN},
    {"erasure", "asked_by", "Erasures asked for", "提出的资料抹除",
     "SELECT json_object('time', " TIME("asked_ms") ", 'state', state) FROM erasure WHERE asked_by = ?1",
     NULL, "The number of who asked.", "提出者的编号。", PERSONAL_PLAIN},
    {"erasure", "decided_by", "Erasures decided", "决定的资料抹除",
     "SELECT json_object('time', " TIME("decided_ms") ", 'state', state) FROM erasure WHERE decided_by = ?1",
     NULL, "The number of who decided.", "决定者的编号。", PERSONAL_PLAIN},
    {"member", "id", "Name, address and number", "姓名、邮箱和编号",
     "SELECT json_object('number', 'M' || id, 'name', name, 'email', email, 'since', " TIME("created_ms")
     ") FROM member WHERE id = ?1",
     "UPDATE member SET name = 'M' || id, email = 'M' || id, erased_ms = ?2 WHERE id = ?1",
     "The number. It is never given again, and the words of a copy follow from it and a secret: a copy that"
     " leaks is traced to “an erased member, number N”, and to nobody by name.",
     "编号。编号不再另行分配，副本用词由编号和密钥推出：副本如外泄，只能追踪至“已抹除的成员，编号 N”，无法得知姓名。",
     PERSONAL_PLAIN},
    {0},
};

/* clang-format on */

/* --- reading ------------------------------------------------------------------------------------- */

/* Who else acted stays out of what a member is given, and that a subscription came as a reward: it tells who
 * reported. */
#define EVENTS_SQL(BY, DATA, AND)                                                         \
    "SELECT json_object('event', seq, 'time', " TIME(                                     \
        "time_ms") ", 'what', kind, 'by', " BY ", 'about', subject, 'details', " DATA ")" \
                   " FROM event WHERE (actor = 'M' || ?1 OR subject = 'M' || ?1"          \
                   " OR instr(data, '\"M' || ?1 || '\"') > 0)" AND " ORDER BY seq DESC"
static const char EVENTS_OF_INQUIRIES_TOO[] = EVENTS_SQL("actor", "json(data)", "");
static const char EVENTS_PLAIN[] = EVENTS_SQL(
    "CASE actor WHEN 'M' || ?1 THEN actor ELSE '' END", "json_remove(data, '$.source')",
    " AND kind NOT LIKE 'trace.%' AND kind NOT LIKE 'case.%' AND kind NOT LIKE 'report.%'"
    " AND kind NOT LIKE 'sanction.%' AND kind NOT LIKE 'reward.%'");

struct rows {
    struct arena *arena;
    struct buf bytes; /* of struct str, each a row's JSON */
    size_t count;
};

static enum status read_rows(struct rows *rows, struct store *store, const char *sql,
                             int64_t member, size_t most, struct error *err)
{
    struct query *q = query_start(store, sql);
    rows->bytes = (struct buf){.arena = rows->arena};
    rows->count = 0;
    query_bind_int(q, 1, member);
    while (query_row(q)) {
        struct str row = str_copy(rows->arena, rows->count < most ? query_str(q, 0) : STR(""));
        if (rows->count++ < most)
            buf_add(&rows->bytes, (struct str){(const char *)&row, sizeof row});
    }
    return query_end(q, err);
}

static struct str row_at(const struct rows *rows, size_t i)
{
    struct str row;
    memcpy(&row, rows->bytes.at + i * sizeof row, sizeof row);
    return row;
}

static struct str value_text(struct arena *arena, const json_t *value)
{
    if (json_is_string(value))
        return str_copy(arena, (struct str){json_string_value(value), json_string_length(value)});
    if (json_is_null(value))
        return STR("");
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    struct str copy = str_copy(arena, str_of(text));
    free(text);
    return str_equal(copy, STR("{}")) ? STR("") : copy;
}

static struct personal_row parse_row(struct arena *arena, struct str text)
{
    struct personal_row row = {0};
    json_t *json = json_loadb(text.at, text.len, 0, NULL);
    const char *name;
    json_t *value;
    row.values = arena_array(arena, json_object_size(json), struct personal_value);
    json_object_foreach(json, name, value)
    {
        struct str words = value_text(arena, value);
        if (words.len)
            row.values[row.nvalues++] =
                (struct personal_value){str_copy(arena, str_of(name)), words};
    }
    json_decref(json);
    return row;
}

static size_t entries(void)
{
    size_t n = 0;
    while (personal_register[n].table)
        n++;
    return n;
}

static bool is_shown(const struct personal *entry, enum personal_view view)
{
    return entry->rows_sql && (unsigned)entry->shown <= (unsigned)view;
}

static void add_part(struct personal_part *parts, size_t *count, const struct personal *entry,
                     const struct rows *rows, size_t most)
{
    struct personal_part part = {.entry = entry, .count = rows->count};
    if (!rows->count)
        return;
    part.nrows = rows->count < most ? rows->count : most;
    part.rows = arena_array(rows->arena, part.nrows, struct personal_row);
    for (size_t i = 0; i < part.nrows; i++)
        part.rows[i] = parse_row(rows->arena, row_at(rows, i));
    parts[(*count)++] = part;
}

enum status library_list_personal(struct arena *arena, struct store *store, int64_t member,
                                  enum personal_view view, size_t most,
                                  struct personal_part **parts, size_t *count, struct error *err)
{
    struct rows rows = {.arena = arena};
    enum status status = STATUS_OK;
    size_t n = entries();
    *parts = arena_array(arena, n + 1, struct personal_part);
    *count = 0;
    /* Who they are first, although it is the last to go. */
    for (size_t i = n; !status && i-- > 0;) {
        const struct personal *entry = &personal_register[i];
        if (!is_shown(entry, view))
            continue;
        status = read_rows(&rows, store, entry->rows_sql, member, most, err);
        if (!status)
            add_part(*parts, count, entry, &rows, most);
    }
    if (!status)
        status = read_rows(&rows, store,
                           view == PERSONAL_SECRET ? EVENTS_OF_INQUIRIES_TOO : EVENTS_PLAIN, member,
                           most, err);
    if (!status)
        add_part(*parts, count, NULL, &rows, most);
    return status;
}

/* --- as files ------------------------------------------------------------------------------------ */

static void write_rows(struct buf *out, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        buf_add(out, i ? STR(",\n ") : STR("\n "));
        buf_add(out, row_at(rows, i));
    }
    buf_add(out, STR("]"));
}

enum status library_export_member(struct arena *arena, struct store *store, int64_t member,
                                  enum personal_view view, struct str *json, struct error *err)
{
    struct rows rows = {.arena = arena};
    struct buf out = {.arena = arena};
    enum status status = STATUS_OK;
    const char *comma = "";
    buf_format(&out, "{\"member\":\"M%" PRId64 "\",\"parts\":[", member);
    for (size_t i = 0; !status && personal_register[i].table; i++) {
        const struct personal *entry = &personal_register[i];
        if (!is_shown(entry, view))
            continue;
        status = read_rows(&rows, store, entry->rows_sql, member, SIZE_MAX, err);
        buf_format(&out, "%s\n{\"table\":\"%s\",\"column\":\"%s\",\"what\":\"%s\",\"rows\":[",
                   comma, entry->table, entry->column, entry->en);
        comma = ",";
        write_rows(&out, &rows);
        buf_add(&out, STR("}"));
    }
    buf_add(&out, STR("],\n\"events\":["));
    if (!status)
        status = read_rows(&rows, store,
                           view == PERSONAL_SECRET ? EVENTS_OF_INQUIRIES_TOO : EVENTS_PLAIN, member,
                           SIZE_MAX, err);
    if (!status)
        write_rows(&out, &rows);
    buf_add(&out, STR("}\n"));
    *json = buf_str(&out);
    return status;
}

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '&' || c == '<' || c == '>' || c == '"')
            buf_format(out, "&#%d;", c);
        else
            buf_add_byte(out, c);
    }
}

static void write_part(struct buf *out, const struct personal_part *part, enum lang lang,
                       personal_say *say)
{
    const char *what = part->entry ? lang_pick(lang, part->entry->en, part->entry->zh)
                                   : lang_pick(lang, "Events, the newest first", "事件，新的在前");
    buf_format(out, "<h2>%s</h2>\n", what);
    for (size_t i = 0; i < part->nrows; i++) {
        buf_add(out, STR("<dl>"));
        for (size_t v = 0; v < part->rows[i].nvalues; v++) {
            const struct personal_value *value = &part->rows[i].values[v];
            const char *word = personal_word(lang, value->name);
            buf_add(out, STR("<dt>"));
            add_escaped(out, word ? str_of(word) : value->name);
            buf_add(out, STR("</dt><dd>"));
            add_escaped(out, personal_shown(out->arena, lang, &part->rows[i], v, say));
            buf_add(out, STR("</dd>"));
        }
        buf_add(out, STR("</dl>\n"));
    }
}

enum status library_export_member_page(struct arena *arena, struct store *store, int64_t member,
                                       enum personal_view view, enum lang lang, personal_say *say,
                                       struct str *html, struct error *err)
{
    static const char HEAD[] =
        "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>\n"
        "<style>body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;margin:0 0 1rem;"
        "border-top:1px solid #aaa}dt{color:#555}dd{margin:0;white-space:pre-wrap;"
        "overflow-wrap:anywhere}</style></head><body><h1>%s: M%" PRId64 "</h1>\n";
    struct buf out = {.arena = arena};
    struct personal_part *parts;
    size_t count = 0;
    const char *title = lang_pick(lang, "What is kept about a member", "所保存的成员资料");
    enum status status =
        library_list_personal(arena, store, member, view, SIZE_MAX, &parts, &count, err);
    buf_format(&out, HEAD, lang_pick(lang, "en", "zh-CN"), title, title, member);
    for (size_t i = 0; !status && i < count; i++)
        write_part(&out, &parts[i], lang, say);
    buf_add(&out, STR("</body></html>\n"));
    *html = buf_str(&out);
    return status;
}
