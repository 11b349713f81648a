/* The words in which what is kept about a member is shown; see personal.h.
 *
 * The file as data keeps names, kinds and times as programs write them; a page and the file to read say them as people
 * do. A value without a row here is shown as it is kept. */
#include "library/personal.h"

#include <string.h>

#include "base/calendar.h"

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

static const struct {
    const char *name, *value, *en, *zh;
} VALUES[] = {
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
    {"second_factor", "off", "off", "未启用"},
    {"second_factor", "on", "on", "已启用"},
    {"state", "accepted", "accepted", "已接受"},
    {"state", "active", "under way", "推进中"},
    {"state", "appealed", "appealed", "申诉中"},
    {"state", "asked", "waits for a second person", "待另一人确认"},
    {"state", "closed", "closed", "已关闭"},
    {"state", "confirmed", "confirmed", "已确认"},
    {"state", "declined", "declined", "不予采纳"},
    {"state", "done", "done", "已完成"},
    {"state", "lifted", "lifted", "已撤销"},
    {"state", "open", "open", "待答复"},
    {"state", "planned", "planned", "已列入计划"},
    {"state", "proposed", "proposed", "待定"},
    {"state", "published", "published", "已发布"},
    {"state", "standing", "in force", "生效"},
    {"state", "upheld", "upheld", "维持"},
    {"state", "withdrawn", "taken back", "已撤回"},
    {"state", "writing", "being written", "撰写中"},
    {"what", "account.changed", "changes the account's settings", "更改账户设置"},
    {"what", "account.suspended", "account suspended", "账户暂停"},
    {"what", "account.lifted", "account no longer suspended", "账户恢复"},
    {"what", "backup.made", "backup made", "完成备份"},
    {"what", "code.redeemed", "code redeemed", "使用兑换码"},
    {"what", "codes.made", "codes made", "生成兑换码"},
    {"what", "codes.voided", "codes made void", "作废兑换码"},
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
    {"what", "letter.asked", "test letter asked for", "发送测试邮件"},
    {"what", "letter.queued", "letter put out to be sent", "邮件待发"},
    {"what", "link.made", "link to a copy made", "生成副本链接"},
    {"what", "link.opened", "link to a copy opened", "副本链接被打开"},
    {"what", "link.ended", "link to a copy ended", "停用副本链接"},
    {"what", "mail.chosen", "wishes about letters changed", "更改邮件设置"},
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
    {"what", "reading.forgotten", "record of who read what put away", "清除阅读记录"},
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
    {"what", "session.started", "signed in", "登录"},
    {"what", "session.ended", "signed out", "退出登录"},
    {"what", "setting.changed", "setting of the library changed", "更改本站设置"},
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
    {"what", "summary.planned", "report of the ledger planned", "设置自动起草台账报告"},
    {"what", "summary.ended", "report of the ledger planned no more", "取消自动起草台账报告"},
    {"what", "token.made", "token for scripts made", "生成脚本令牌"},
    {"what", "token.ended", "token for scripts ended", "停用脚本令牌"},
    {"what", "unit.made", "unit made", "建立单位"},
    {"what", "unit.joined", "put in a unit", "列入单位"},
    {"what", "unit.left", "taken out of a unit", "移出单位"},
};
/* clang-format on */

const char *personal_word(enum lang lang, struct str name)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_equal(str_of(WORDS[i].name), name))
            return lang_pick(lang, WORDS[i].en, WORDS[i].zh);
    return NULL;
}

struct str personal_shown(struct arena *arena, enum lang lang, const struct personal_value *value)
{
    int64_t time_ms;
    struct buf out = {.arena = arena};
    if (calendar_read_utc(value->value, &time_ms)) {
        calendar_write_time(&out, time_ms, lang, true);
        return buf_str(&out);
    }
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++)
        if (str_equal(value->name, str_of(VALUES[i].name)) &&
            str_equal(value->value, str_of(VALUES[i].value)))
            return str_of(lang_pick(lang, VALUES[i].en, VALUES[i].zh));
    return value->value;
}
