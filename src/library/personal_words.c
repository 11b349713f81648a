/* The words in which what is kept about a member is shown; see personal.h.
 *
 * The file as data keeps names, kinds and times as programs write them; a page and the file to read say them as people
 * do. A value without a row here is shown as it is kept. */
#include "library/personal.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/calendar.h"
#include "format/format.h"

/* clang-format off */
static const struct {
    const char *name, *en, *zh;
} WORDS[] = {
    {"about", "about", "对象"}, {"answered", "answered", "答复时间"}, {"attested", "word given", "确认时间"}, {"browser", "browser", "浏览器"},
    {"by", "by", "操作者"}, {"code", "code", "兑换码"}, {"codes", "how many", "数量"},
    {"details", "details", "详情"}, {"digest", "digest of the wording", "文本摘要"}, {"due", "due", "期限"},
    {"edition", "edition", "版本"}, {"email", "e-mail", "邮箱"}, {"old_email", "e-mail before", "原邮箱"},
    {"done", "done", "完成时间"}, {"ended", "ended", "终止时间"},
    {"event", "event", "事件序号"}, {"format", "format", "格式"}, {"from", "from", "开始时间"},
    {"given", "first given", "首次取得"}, {"group", "group", "群组"}, {"kind", "kind", "类型"},
    {"language", "language", "语言"}, {"lifted", "lifted", "解除时间"}, {"link", "link", "链接"}, {"mail", "letters", "邮件频率"},
    {"name", "name", "名称"}, {"network", "network", "网络"}, {"note", "note", "备注"},
    {"notice", "notice", "须知"}, {"number", "number", "编号"}, {"opened", "last opened", "最近打开"},
    {"paper", "paper", "文稿"}, {"paused", "paused", "暂停时间"}, {"place", "seen at", "发现处"}, {"plan", "plan", "方案"},
    {"reason", "reason", "理由"}, {"reminded", "reminded", "提醒时间"}, {"removed", "removed", "删除时间"},
    {"role", "role", "角色"}, {"saved", "saved", "保存时间"}, {"scopes", "may", "权限"},
    {"second_factor", "second factor", "两步验证"}, {"seen", "last seen", "最近活动"},
    {"sent", "sent", "发出时间"}, {"since", "since", "起始时间"}, {"state", "state", "状态"}, {"suspended", "suspended", "停用时间"}, {"text", "text", "内容"},
    {"time", "time", "时间"}, {"title", "title", "标题"}, {"until", "until", "截止时间"},
    {"used", "used", "使用情况"}, {"what", "what", "事项"},
};

/* What an event's details are called, where not as above. */
static const struct {
    const char *name, *en, *zh;
} DETAILS[] = {
    {"access", "open to", "阅读范围"},
    {"act", "step", "操作"}, {"act_at", "alarm from", "报警值"},
    {"actual", "figure", "实际值"}, {"added", "added", "新增"}, {"after", "now", "改后"}, {"again", "came back", "反复"},
    {"aim", "aim", "目标数"}, {"alarm", "alarm", "预警"}, {"amount", "amount", "数量"}, {"announced", "announced", "已通知读者"},
    {"area", "area", "区域"}, {"asked_by", "asked by", "请求者"}, {"asking", "takes applications", "接受申请"},
    {"aspect", "clash of", "冲突方面"}, {"before", "before it", "前序条目"}, {"begins", "begins", "开始"},
    {"begins_day", "first day", "开始日期"}, {"behind_percent", "behind from, in per cent", "滞后阈值（%）"},
    {"benchmark", "benchmark", "参照值"}, {"body", "issued by", "发文单位"}, {"campaign", "campaign", "攻坚"},
    {"case", "case", "案件"}, {"cause", "cause", "原因"}, {"cents", "amount", "金额"}, {"claimed", "claimed", "申领"},
    {"colluders", "members who may combine copies", "预计合并副本人数"}, {"column", "column", "列"},
    {"condition", "condition", "条件"}, {"confirmed_by", "confirmed by", "确认者"}, {"copy_days", "days to read", "可读天数"},
    {"count", "how many", "数量"}, {"currency", "currency", "币种"}, {"day", "day", "日期"}, {"days", "days", "天数"},
    {"delete_days", "days until deletion", "须删除的天数"}, {"direction", "better when", "指标方向"},
    {"doc", "digest of the text", "正文摘要"}, {"document", "document", "文件"}, {"due_day", "due", "期限"},
    {"due_ms", "due", "时间"}, {"earlier", "earlier one", "此前问题"}, {"ends_ms", "ends", "结束时间"},
    {"everyone", "among all", "全体成员"}, {"exhibits", "exhibits", "物证"},
    {"expires_ms", "no longer read from", "停止阅读时间"}, {"false_alarm", "chance of error allowed", "允许的误认概率"},
    {"far", "far from it", "偏差"}, {"file", "digest of the file", "文件摘要"}, {"first", "from number", "起始编号"}, {"first_day", "first day", "开始日期"},
    {"fits", "fit", "相符"}, {"fold", "months added up by", "汇总方式"}, {"formats", "formats", "格式"},
    {"formula", "formula", "公式"}, {"free", "free", "免费"}, {"granted", "granted", "兑现"}, {"grave", "grave", "严重"},
    {"groups", "groups", "群组"}, {"head", "head", "负责人"}, {"higher", "goal from above", "上级目标"},
    {"hoped", "sum hoped for", "争取额"}, {"imported", "taken in", "导入"}, {"indicator", "indicator", "指标"},
    {"items", "points", "评分项"}, {"joint", "test on several papers", "联合检验"}, {"keeps", "kept after its end", "到期保留"},
    {"lag", "days between", "间隔天数"}, {"lang", "language", "语言"}, {"last", "to number", "截止编号"}, {"last_day", "last day", "截止日期"}, {"least", "at least", "下限"},
    {"lead", "lead", "分包领导"}, {"left", "left", "剩余"}, {"level", "level", "级别"}, {"limit", "at most", "上限"},
    {"line", "line", "条目"}, {"lines", "lines", "条目数"}, {"log10_p_all", "chance as a power of ten", "概率（以10为底的对数）"},
    {"lookback_days", "days of earlier papers", "可读往期天数"}, {"margin", "margin", "余量"},
    {"mark", "shown on copies", "副本显示"}, {"marks", "digest of the marks", "标记摘要"}, {"meant", "meant for", "应享数"},
    {"measure", "measure", "措施或计量单位"}, {"member", "member", "成员"}, {"month", "month", "月份"},
    {"months", "months", "月数"}, {"most", "at most", "上限"}, {"named", "named", "认定"}, {"notice", "notice", "须知或督办单"}, {"notices", "notices", "须知"}, {"one", "one", "其一"},
    {"origin", "found by", "问题来源"}, {"other", "the other", "其二"}, {"over", "over", "范围"}, {"paid", "paid", "付费或拨付"},
    {"papers", "papers", "文稿"}, {"parent", "under", "上级条目"}, {"part", "part", "事项"}, {"parts", "parts", "部分"},
    {"path", "page", "页面"}, {"places", "decimals", "小数位"}, {"post", "post", "帖子"}, {"price", "price", "价格"},
    {"programme", "programme", "规划"}, {"progress", "progress in per cent", "进度（%）"}, {"proposed", "proposed", "建议"},
    {"public", "public", "公开"}, {"quantity", "quantity", "数量"}, {"rate", "rate", "比率"},
    {"removed", "taken away", "移除"}, {"report_day", "day of report", "报数日"}, {"rhythm", "rhythm", "填报频率"},
    {"route", "route", "路径"}, {"rows", "rows", "行数"}, {"rule", "rule", "规则"}, {"sanction", "sanction", "处理"},
    {"scorer", "scorer", "评分人"}, {"sessions", "sessions ended", "退出的登录"}, {"sheet", "sheet", "表格"},
    {"sites", "sites", "标记位"}, {"skipped", "left out", "跳过"}, {"sort", "sort", "类别"}, {"source", "source", "来源"},
    {"sources", "from editions", "来源版本"}, {"split", "split", "分解方式"}, {"stage", "stage", "阶段"},
    {"starts_ms", "starts", "开始时间"}, {"statement", "statement", "规划事项"}, {"step", "step", "环节"},
    {"stop", "stop", "点位"}, {"subject", "subject", "事项"}, {"target", "target", "目标值"}, {"tell", "told", "告知"},
    {"tested", "members tested", "受检成员"}, {"to", "to", "发给"}, {"tokens", "tokens ended", "停用的令牌"},
    {"total", "total", "总额"}, {"trace", "trace", "追踪"}, {"type", "type", "类型"}, {"unit", "unit", "单位"},
    {"units", "units", "单位"}, {"until_ms", "until", "截止时间"}, {"url", "address", "网址"}, {"use", "used for", "用途"},
    {"uses", "times", "次数"}, {"value", "value", "值"}, {"verdict", "verdict", "结论"}, {"version", "version", "版本"},
    {"warn_at", "warning from", "预警值"}, {"watch", "gate", "盯办环节"}, {"weight", "weight", "权重"},
    {"whole", "whole", "全年"}, {"why", "reason", "理由"}, {"window", "days ahead", "提前天数"}, {"with", "with", "关联"},
    {"year", "year", "年份"},
};

static const struct {
    const char *name, *value, *en, *zh;
} VALUES[] = {
    {"format", "page", "on the page", "在线阅读"},
    {"level", "discreet", "discreet", "轻度"},
    {"level", "standard", "standard", "标准"},
    {"level", "full", "full", "全面"},
    {"access", "members", "all members", "全体成员"},
    {"access", "groups", "groups", "群组"},
    {"mark", "none", "nothing", "不显示"},
    {"mark", "margin", "name in the margin", "页边姓名"},
    {"mark", "diagonal", "watermark", "水印"},
    {"verdict", "named", "somebody named", "已认定"},
    {"verdict", "nobody", "nobody named", "未认定任何人"},
    {"verdict", "insufficient", "too little to name anybody", "依据不足，未认定"},
    {"kind", "appeal-granted", "appeal granted", "申诉成立"},
    {"kind", "appeal-over", "time to appeal over", "申诉期满"},
    {"kind", "appeal-refused", "appeal refused", "申诉不成立"},
    {"kind", "admitted", "admitted to a group", "批准入群"},
    {"kind", "declined", "not admitted to a group", "未获准入群"},
    {"kind", "deletion", "copies to be deleted", "提醒删除副本"},
    {"kind", "digest", "new papers, together", "新文稿汇总"},
    {"kind", "end", "end of subscription", "终止订阅"},
    {"kind", "granted", "request fulfilled", "需求已满足"},
    {"kind", "invitation", "invitation", "邀请"},
    {"kind", "join", "registration", "注册"},
    {"kind", "leak", "leak", "泄露"},
    {"kind", "mention", "mention", "提及"},
    {"kind", "monthly", "monthly report", "月报"},
    {"kind", "none", "no ground", "不成立"},
    {"kind", "published", "new paper", "新文稿"},
    {"kind", "quarterly", "quarterly report", "季报"},
    {"kind", "renewal", "renewal", "续订提醒"},
    {"kind", "request", "request", "需求"},
    {"kind", "reseller", "reseller", "倒卖"},
    {"kind", "reset", "new password", "重设密码"},
    {"kind", "sanction", "decision about the member", "处理决定"},
    {"kind", "standing", "kept search", "保存的检索"},
    {"kind", "subscription", "subscription", "订阅"},
    {"kind", "suspension", "suspension for a time", "限期暂停"},
    {"kind", "warning", "warning", "警告"},
    {"kind", "weekly", "weekly report", "周报"},
    {"language", "en", "English", "English"},
    {"language", "zh", "Chinese", "中文"},
    {"mail", "daily", "once a day", "每天一封"},
    {"mail", "each", "at once, for each paper", "每篇文稿即时发送"},
    {"mail", "none", "none", "不发送"},
    {"mail", "weekly", "once a week", "每周一封"},
    {"role", "editor", "editor", "编辑"},
    {"role", "inspector", "inspector", "督导员"},
    {"role", "lead", "lead", "分包领导"},
    {"role", "owner", "owner", "所有者"},
    {"role", "steward", "steward", "管理员"},
    {"source", "code", "code", "兑换码"},
    {"source", "import", "import", "导入"},
    {"source", "steward", "steward", "管理员"},
    {"measure", "suspension", "suspension", "暂停"},
    {"measure", "warning", "warning", "警告"},
    {"second_factor", "off", "off", "未启用"},
    {"second_factor", "on", "on", "已启用"},
    {"state", "accepted", "accepted", "已接受"},
    {"state", "active", "under way", "推进中"},
    {"state", "appealed", "appealed", "申诉中"},
    {"state", "asked", "waits for a second person", "待另一人确认"},
    {"state", "closed", "closed", "已关闭"},
    {"state", "confirmed", "confirmed", "已确认"},
    {"state", "decided", "decided", "已决定"},
    {"state", "declined", "declined", "不予采纳"},
    {"state", "dismissed", "no ground found", "不成立"},
    {"state", "done", "done", "已完成"},
    {"state", "lifted", "lifted", "已撤销"},
    {"state", "open", "open", "待答复"},
    {"state", "planned", "planned", "已列入计划"},
    {"state", "proposed", "proposed", "待定"},
    {"state", "published", "published", "已发布"},
    {"state", "settled", "settled", "已结案"},
    {"state", "standing", "in force", "生效"},
    {"state", "upheld", "upheld", "维持"},
    {"state", "withdrawn", "taken back", "已撤回"},
    {"state", "writing", "being written", "撰写中"},
    {"what", "account.changed", "changes the account's settings", "更改账户设置"},
    {"what", "account.suspended", "account suspended", "账户暂停"},
    {"what", "account.lifted", "account no longer suspended", "账户恢复"},
    {"what", "assessment.made", "assessment made", "作出考核"},
    {"what", "assessment.objected", "objection to an assessment", "对考核提出异议"},
    {"what", "assessment.decided", "objection to an assessment decided", "答复考核异议"},
    {"what", "backup.made", "backup made", "完成备份"},
    {"what", "clash.found", "two goals may not go together", "发现目标可能冲突"},
    {"what", "clash.gone", "two goals go together again", "目标冲突消除"},
    {"what", "clash.settled", "conflict of goals settled", "处理目标冲突"},
    {"what", "code.redeemed", "code redeemed", "使用兑换码"},
    {"what", "codes.made", "codes made", "生成兑换码"},
    {"what", "codes.voided", "codes made void", "作废兑换码"},
    {"what", "commitment.dropped", "commitment of a paper passed over", "略过文稿中的事项"},
    {"what", "commitment.moved", "commitment taken along to a new edition", "事项转入新版本"},
    {"what", "copies.revoked", "copies revoked", "撤销副本"},
    {"what", "copy.docx", "copy downloaded (Word)", "下载副本（Word）"},
    {"what", "copy.given", "copy given", "取得副本"},
    {"what", "copy.glimpsed", "found in a search", "检索中看到摘录"},
    {"what", "copy.opened", "paper opened", "打开文稿"},
    {"what", "copy.pdf", "copy downloaded (PDF)", "下载副本（PDF）"},
    {"what", "deletion.attested", "word given that copies are deleted", "声明副本已删除"},
    {"what", "deletion.reminded", "reminded to delete copies", "收到删除副本的提醒"},
    {"what", "draft.made", "draft begun", "新建草稿"},
    {"what", "draft.deleted", "draft deleted", "删除草稿"},
    {"what", "draft.scheduled", "publication set for later", "设定定时发布"},
    {"what", "draft.failed", "publication failed", "发布失败"},
    {"what", "email.asked", "change of e-mail asked for", "申请更改邮箱"},
    {"what", "email.changed", "e-mail changed", "邮箱已更改"},
    {"what", "email.restored", "e-mail put back", "邮箱已恢复"},
    {"what", "email.stopped", "change of e-mail stopped", "取消更改邮箱"},
    {"what", "fills.kept", "blanks filled in", "填写范本"},
    {"what", "fills.deleted", "what was filled in deleted", "删除填写内容"},
    {"what", "folder.made", "library made", "建立文库"},
    {"what", "group.made", "group made", "新建群组"},
    {"what", "group.changed", "group changed", "修改群组"},
    {"what", "group.closed", "group closed", "关闭群组"},
    {"what", "group.reopened", "group open again", "重新开放群组"},
    {"what", "group.asked", "asks to join a group", "申请加入群组"},
    {"what", "group.unasked", "request to join taken back", "撤回入群申请"},
    {"what", "group.declined", "request to join declined", "入群申请未通过"},
    {"what", "group.joined", "joins a group", "加入群组"},
    {"what", "group.left", "leaves a group", "退出群组"},
    {"what", "higher.made", "goal from above entered", "登记上级目标"},
    {"what", "higher.changed", "goal from above changed", "修改上级目标"},
    {"what", "higher.closed", "goal from above closed", "关闭上级目标"},
    {"what", "higher.reopened", "goal from above open again", "重新启用上级目标"},
    {"what", "hook.made", "webhook made", "新建 Webhook"},
    {"what", "hook.changed", "webhook changed", "修改 Webhook"},
    {"what", "hook.tried", "webhook tried", "测试 Webhook"},
    {"what", "hook.rotated", "webhook given a new secret", "更换 Webhook 密钥"},
    {"what", "hook.ended", "webhook ended", "停用 Webhook"},
    {"what", "keys.rotated", "new keys for marking", "更换标记密钥"},
    {"what", "ledger.limits", "limits of the lights changed", "更改亮灯规则"},
    {"what", "letter.asked", "test letter asked for", "发送测试邮件"},
    {"what", "letter.queued", "letter put out to be sent", "邮件待发"},
    {"what", "line.made", "line of the ledger made", "新建台账条目"},
    {"what", "line.changed", "line of the ledger changed", "修改台账条目"},
    {"what", "line.summed", "line summed from its parts", "按下级条目汇总"},
    {"what", "line.horizon", "line: horizon set", "设定期限类别"},
    {"what", "line.took_over", "line takes over a goal from above", "承接上级目标"},
    {"what", "line.gave_up", "line takes over a goal no longer", "取消承接上级目标"},
    {"what", "line.said", "said something about a line", "在条目中发言"},
    {"what", "line.unsaid", "took back what was said about a line", "删除条目中的发言"},
    {"what", "line.indicator", "indicator: what it measures", "设置指标的计量方式"},
    {"what", "line.actual", "indicator: actual entered", "填报指标实际值"},
    {"what", "line.target", "indicator: target set", "设定指标目标值"},
    {"what", "line.benchmark", "indicator: benchmark entered", "填报指标参照值"},
    {"what", "line.name", "line: its name in files kept", "记下条目在表格中的称呼"},
    {"what", "line.frozen", "line: plan frozen", "冻结条目基线"},
    {"what", "line.campaign", "campaign", "攻坚"},
    {"what", "line.watch", "watch of a project", "项目五盯"},
    {"what", "line.supervision", "supervision", "督办"},
    {"what", "line.quantity", "line: quantity set", "设定条目数量"},
    {"what", "line.project", "library of projects", "项目库办理"},
    {"what", "line.marked", "project marked", "项目评分"},
    {"what", "line.entered", "entered in a project's account", "登记项目台账"},
    {"what", "line.entry", "entry of a project's account changed", "更新项目台账登记"},
    {"what", "line.struck", "entry of a project's account struck", "作废项目台账登记"},
    {"what", "line.urged", "supervision notice", "发出督办单"},
    {"what", "line.linked", "line made to wait for another", "设定前置条目"},
    {"what", "line.unlinked", "line waits for another no longer", "取消前置条目"},
    {"what", "line.file", "file attached to a line", "为条目添加附件"},
    {"what", "line.file-removed", "file of a line removed", "移除条目附件"},
    {"what", "line.file-swept", "content of a removed file deleted", "删除已移除附件的内容"},
    {"what", "line.handover", "line handed over", "移交条目"},
    {"what", "line.sourced", "line linked to a paper", "条目关联文稿"},
    {"what", "line.filled", "sheet filled in", "填报表格"},
    {"what", "line.inspection", "inspection", "观摩督导"},
    {"what", "line.stop", "stop of a tour", "观摩点"},
    {"what", "line.scorer", "scorer of a tour", "观摩评分人"},
    {"what", "line.finding-settled", "finding of a tour taken up", "观摩问题转办"},
    {"what", "line.finding-dropped", "finding of a tour let go", "观摩问题不予整改"},
    {"what", "line.study", "study session", "学习会"},
    {"what", "line.decided", "decided in a study session", "学习会议定事项"},
    {"what", "line.rectification", "rectification", "整改"},
    {"what", "line.rectified", "rectification made of a finding", "问题转为整改"},
    {"what", "line.recurrence", "whether a problem came back", "反复问题判定"},
    {"what", "line.review", "joint review", "联审"},
    {"what", "line.permit", "permit that a joint review decides about", "联审对应的手续"},
    {"what", "line.step", "step of a procedure", "办理步骤"},
    {"what", "line.step-added", "step of a procedure added", "添加办理步骤"},
    {"what", "line.steps-again", "steps of a procedure sent back", "退回重新办理"},
    {"what", "line.steps-ended", "steps of a procedure ended", "步骤终止"},
    {"what", "line.policy", "policy", "政策办理"},
    {"what", "line.terms", "policy sorted", "调整政策分类"},
    {"what", "line.leaflet", "leaflet of a policy", "政策明白卡"},
    {"what", "line.month", "use of a policy entered", "填报政策落实数据"},
    {"what", "line.appraised", "policy appraised", "政策跟踪评估"},
    {"what", "line.risk", "risk", "风险办理"},
    {"what", "line.sweep", "sweep for risks", "风险排查"},
    {"what", "line.threshold", "monitoring of an indicator set", "设置指标监测"},
    {"what", "line.alarm", "alarm of an indicator", "指标监测预警"},
    {"what", "link.made", "link to a copy made", "生成副本链接"},
    {"what", "link.opened", "link to a copy opened", "副本链接被打开"},
    {"what", "link.ended", "link to a copy ended", "停用副本链接"},
    {"what", "mail.chosen", "wishes about letters changed", "更改邮件设置"},
    {"what", "mail.tested", "mail server tried", "测试邮件服务器"},
    {"what", "mail.retried", "letters sent again", "重新发送邮件"},
    {"what", "mapping.kept", "reading of a table kept", "保存表格读取方式"},
    {"what", "mapping.renamed", "reading of a table renamed", "重命名表格读取方式"},
    {"what", "mapping.removed", "reading of a table removed", "删除表格读取方式"},
    {"what", "member.added", "put on the list of members", "加入成员名单"},
    {"what", "member.imported", "members imported", "导入成员"},
    {"what", "member.invited", "invited", "受邀"},
    {"what", "member.changed", "name or e-mail corrected", "更正姓名或邮箱"},
    {"what", "member.erased", "member erased", "抹除成员资料"},
    {"what", "member.erasure_asked", "erasure asked for", "请求抹除资料"},
    {"what", "member.erasure_withdrawn", "request to be erased taken back", "撤回抹除请求"},
    {"what", "notice.accepted", "notice accepted", "确认使用须知"},
    {"what", "notice.changed", "notice changed", "更新使用须知"},
    {"what", "offer.changed", "terms of a paper changed", "修改文稿的发布方式"},
    {"what", "paper.published", "paper published", "发布文稿"},
    {"what", "paper.withdrawn", "paper withdrawn", "撤回文稿"},
    {"what", "paper.restored", "withdrawn paper open again", "恢复已撤回的文稿"},
    {"what", "password.changed", "password set", "设置密码"},
    {"what", "password.reset_link", "link for a new password made", "生成重设密码的链接"},
    {"what", "plan.made", "plan made", "新建订阅方案"},
    {"what", "plan.changed", "plan changed", "修改订阅方案"},
    {"what", "plan.closed", "plan closed", "停售订阅方案"},
    {"what", "plan.reopened", "plan on sale again", "恢复订阅方案"},
    {"what", "post.made", "post written", "发言"},
    {"what", "post.edited", "post changed", "修改发言"},
    {"what", "post.removed", "post removed", "删除发言"},
    {"what", "post.hidden", "post hidden", "隐藏发言"},
    {"what", "post.shown", "post shown again", "恢复显示发言"},
    {"what", "programme.made", "programme entered", "登记规划"},
    {"what", "programme.changed", "programme changed", "修改规划"},
    {"what", "programme.closed", "programme closed", "关闭规划"},
    {"what", "programme.reopened", "programme open again", "重新启用规划"},
    {"what", "programme.stated", "what a programme states entered", "登记规划内容"},
    {"what", "programme.restated", "what a programme states changed", "修改规划内容"},
    {"what", "programme.withdrew", "what a programme states taken out", "撤销规划内容"},
    {"what", "project.criterion", "criterion for projects changed", "调整项目评分标准"},
    {"what", "project.bar", "bar for projects changed", "调整项目入库分数线"},
    {"what", "reading.forgotten", "record of who read what put away", "清除阅读记录"},
    {"what", "recovery_code.used", "recovery code used", "使用恢复码"},
    {"what", "recovery_codes.made", "recovery codes made", "生成恢复码"},
    {"what", "request.made", "request made", "提出需求"},
    {"what", "request.answered", "request answered", "答复需求"},
    {"what", "request.followed", "follows a request", "关注需求"},
    {"what", "request.unfollowed", "follows a request no more", "取消关注需求"},
    {"what", "request.voted", "votes for a request", "为需求投票"},
    {"what", "request.unvoted", "takes a vote back", "撤回投票"},
    {"what", "request.removed", "request removed", "删除需求"},
    {"what", "revocation.lifted", "copies no longer revoked", "解除副本撤销"},
    {"what", "role.given", "role given", "授予角色"},
    {"what", "role.taken", "role taken away", "收回角色"},
    {"what", "round.opened", "round of reports opened", "开启填报周期"},
    {"what", "round.closed", "round of reports closed", "结束填报周期"},
    {"what", "second_factor.off", "second factor turned off", "停用两步验证"},
    {"what", "second_factor.on", "second factor turned on", "启用两步验证"},
    {"what", "session.started", "signed in", "登录"},
    {"what", "session.ended", "signed out", "退出登录"},
    {"what", "setting.changed", "setting of the library changed", "更改本站设置"},
    {"what", "sheet.made", "sheet made", "新建表格"},
    {"what", "sheet.changed", "sheet changed", "修改表格"},
    {"what", "sheet.closed", "sheet closed", "停用表格"},
    {"what", "sites.changed", "marking sites changed", "调整标记位"},
    {"what", "standing.kept", "search kept", "保存检索"},
    {"what", "standing.dropped", "search dropped", "删除保存的检索"},
    {"what", "standing.fits", "paper fits a kept search", "有文稿与保存的检索相符"},
    {"what", "subscription.made", "subscription given", "开通订阅"},
    {"what", "subscription.imported", "subscriptions imported", "导入订阅"},
    {"what", "subscription.extended", "subscription extended", "延长订阅"},
    {"what", "subscription.paused", "subscription paused", "暂停订阅"},
    {"what", "subscription.resumed", "subscription goes on", "恢复订阅"},
    {"what", "subscription.ended", "subscription ended", "终止订阅"},
    {"what", "subscription.restored", "ended subscription given back", "恢复已终止的订阅"},
    {"what", "subscription.exported", "list of subscriptions taken along", "导出订阅名单"},
    {"what", "summary.planned", "report of the ledger planned", "设置自动起草台账报告"},
    {"what", "summary.ended", "report of the ledger planned no more", "取消自动起草台账报告"},
    {"what", "term.made", "word for sorting policies made", "新增政策分类词"},
    {"what", "term.ended", "word for sorting policies ended", "停用政策分类词"},
    {"what", "term.resumed", "word for sorting policies in use again", "恢复政策分类词"},
    {"what", "token.made", "token for scripts made", "生成脚本令牌"},
    {"what", "token.ended", "token for scripts ended", "停用脚本令牌"},
    {"what", "unit.made", "unit made", "建立单位"},
    {"what", "unit.joined", "put in a unit", "列入单位"},
    {"what", "unit.left", "taken out of a unit", "移出单位"},
    {"what", "unit.changed", "unit changed", "修改单位"},
    {"what", "unit.closed", "unit closed", "关闭单位"},
    {"what", "unit.reopened", "unit open again", "重新启用单位"},
    {"what", "unit.study", "unit's study changed", "调整单位学习安排"},
};
/* clang-format on */

const char *personal_word(enum lang lang, struct str name)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_equal(str_of(WORDS[i].name), name))
            return lang_pick(lang, WORDS[i].en, WORDS[i].zh);
    return NULL;
}

/* --- an event's details ---------------------------------------------------------------------------- */

#define LIST_MOST 20U /* of a list's entries are written; the file as data has them all */

static const char *detail_word(enum lang lang, struct str name)
{
    for (size_t i = 0; i < sizeof DETAILS / sizeof *DETAILS; i++)
        if (str_equal(str_of(DETAILS[i].name), name))
            return lang_pick(lang, DETAILS[i].en, DETAILS[i].zh);
    return personal_word(lang, name);
}

/* A time or a number of days of 0 is none. */
static bool is_none(struct str name, json_t *value)
{
    return json_is_integer(value) && !json_integer_value(value) &&
           (str_ends(name, STR("_ms")) || str_ends(name, STR("_days")));
}

static bool says_nothing(struct str name, json_t *value)
{
    return is_none(name, value) || json_is_null(value) || json_is_false(value) ||
           (json_is_string(value) && !json_string_length(value)) ||
           ((json_is_array(value) || json_is_object(value)) && !json_object_size(value) &&
            !json_array_size(value));
}

/* One event's details as they are said. */
struct saying {
    struct buf out;
    enum lang lang;
    struct str event;
    personal_say *say;
};
static void write_pairs(struct saying *s, json_t *object);
static void write_detail(struct saying *s, struct str name, json_t *value);

/* What was changed is kept as what it was and what it is; what is many, as a list. */
static bool is_change(struct str name, json_t *list)
{
    static const char *const LISTS[] = {"to",      "added",  "removed", "exhibits",
                                        "sources", "groups", "named"};
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        if (str_equal(name, str_of(LISTS[i])))
            return false;
    return json_array_size(list) == 2;
}

static void write_list(struct saying *s, struct str name, json_t *list)
{
    bool change = is_change(name, list);
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && i < LIST_MOST; i++) {
        if (i)
            buf_add(&s->out, change ? STR(" → ") : str_of(lang_pick(s->lang, ", ", "、")));
        write_detail(s, name, json_array_get(list, i));
    }
    if (count > LIST_MOST)
        buf_add(&s->out, str_of(lang_pick(s->lang, " …", "……")));
}

/* A kind, state or format in words; the value itself where there are none. */
static struct str value_words(enum lang lang, struct str name, struct str value)
{
    enum format_kind format;
    if (str_equal(name, STR("format")) && format_parse_name(value, &format))
        return str_of(format_label(format, lang));
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++)
        if (str_equal(name, str_of(VALUES[i].name)) && str_equal(value, str_of(VALUES[i].value)))
            return str_of(lang_pick(lang, VALUES[i].en, VALUES[i].zh));
    return value;
}

/* Several formats are kept as one text. */
static void write_words(struct saying *s, struct str name, struct str text)
{
    struct str one;
    for (bool first = true; str_split(&text, ' ', &one); first = false) {
        if (!first)
            buf_add(&s->out, str_of(lang_pick(s->lang, ", ", "、")));
        buf_add(&s->out, value_words(s->lang, name, one));
    }
}

static void write_text(struct saying *s, struct str name, struct str text)
{
    int64_t time_ms;
    const char *said = s->say ? s->say(s->event, name, text, s->lang) : "";
    if (*said)
        buf_add(&s->out, str_of(said));
    else if (calendar_read_day(text, &time_ms))
        calendar_write_time(&s->out, time_ms, s->lang, false);
    else if (calendar_read_utc(text, &time_ms))
        calendar_write_time(&s->out, time_ms, s->lang, true);
    else if (str_equal(name, STR("formats")))
        write_words(s, STR("format"), text);
    else
        buf_add(&s->out, value_words(s->lang, name, text));
}

static void write_number(struct saying *s, struct str name, int64_t number)
{
    if (str_ends(name, STR("_ms")))
        calendar_write_time(&s->out, number, s->lang, true);
    else if (str_equal(name, STR("cents")) || str_equal(name, STR("price")))
        buf_format(&s->out, "%.2f", (double)number / 100);
    else
        buf_format(&s->out, "%" PRId64, number);
}

static void write_detail(struct saying *s, struct str name, json_t *value)
{
    if (says_nothing(name, value))
        buf_add(&s->out, STR("–"));
    else if (json_is_object(value))
        write_pairs(s, value);
    else if (json_is_array(value))
        write_list(s, name, value);
    else if (json_is_string(value))
        write_text(s, name, (struct str){json_string_value(value), json_string_length(value)});
    else if (json_is_integer(value))
        write_number(s, name, json_integer_value(value));
    else if (json_is_true(value))
        buf_add(&s->out, str_of(lang_pick(s->lang, "yes", "是")));
    else
        buf_format(&s->out, "%g", json_real_value(value));
}

static void write_pairs(struct saying *s, json_t *object)
{
    const char *key;
    json_t *value;
    bool any = false;
    json_object_foreach(object, key, value)
    {
        const char *word = detail_word(s->lang, str_of(key));
        if (says_nothing(str_of(key), value))
            continue;
        if (any)
            buf_add(&s->out, str_of(lang_pick(s->lang, "; ", "；")));
        any = true;
        buf_format(&s->out, "%s%s", word ? word : key, lang_pick(s->lang, ": ", "："));
        write_detail(s, str_of(key), value);
    }
}

/* What the row's event is: the value of that name. */
static struct str event_of(const struct personal_row *row)
{
    for (size_t i = 0; i < row->nvalues; i++)
        if (str_equal(row->values[i].name, STR("what")))
            return row->values[i].value;
    return STR("");
}

struct str personal_shown(struct arena *arena, enum lang lang, const struct personal_row *row,
                          size_t at, personal_say *say)
{
    int64_t time_ms;
    const struct personal_value *value = &row->values[at];
    struct saying s = {.out = {.arena = arena}, .lang = lang, .event = event_of(row), .say = say};
    json_t *details = str_equal(value->name, STR("details"))
                          ? json_loadb(value->value.at, value->value.len, 0, NULL)
                          : NULL;
    if (details) {
        write_pairs(&s, details);
        json_decref(details);
        return buf_str(&s.out);
    }
    if (calendar_read_utc(value->value, &time_ms)) {
        calendar_write_time(&s.out, time_ms, lang, true);
        return buf_str(&s.out);
    }
    return value_words(lang, value->name, value->value);
}
