/* The machine of a case, as data; see case.h. docs/cases.md is drawn from it. */
#include "library/case_steps.h"

#define AT(state) CASE_STATE_BIT(CASE_##state)
#define ON(state) CASE_STATE_BIT(SANCTION_##state)
#define ANY_STATE (AT(OPEN) | AT(PROPOSED) | AT(DECIDED) | AT(DISMISSED) | AT(SETTLED))

const struct case_rule case_rules[] = {
    {CASE_ACT_REPORT, AT(NONE), CASE_OPEN, CASE_WHO_MEMBER, CASE_NEEDS_REPORT},
    {CASE_ACT_ADD, AT(OPEN), CASE_NONE, CASE_WHO_STEWARD, CASE_NEEDS_FILE},
    {CASE_ACT_NOTE, ANY_STATE, CASE_NONE, CASE_WHO_STEWARD, CASE_NEEDS_WORDS},
    {CASE_ACT_TRACE, AT(OPEN), CASE_NONE, CASE_WHO_STEWARD, 0},
    {CASE_ACT_ACCUSE, AT(OPEN), CASE_NONE, CASE_WHO_DECIDER, CASE_NEEDS_WORDS},
    {CASE_ACT_CLEAR, AT(OPEN), CASE_NONE, CASE_WHO_DECIDER, CASE_NEEDS_WORDS},
    {CASE_ACT_UNCOVER, ANY_STATE, CASE_NONE, CASE_WHO_STEWARD, CASE_NEEDS_WORDS},
    {CASE_ACT_PROPOSE, AT(OPEN), CASE_PROPOSED, CASE_WHO_DECIDER,
     CASE_NEEDS_WORDS | CASE_NEEDS_MEASURES},
    {CASE_ACT_WITHDRAW, AT(PROPOSED), CASE_OPEN, CASE_WHO_PROPOSER, CASE_NEEDS_WORDS},
    {CASE_ACT_RETURN, AT(PROPOSED), CASE_OPEN, CASE_WHO_SECOND, CASE_NEEDS_WORDS},
    {CASE_ACT_CONFIRM, AT(PROPOSED), CASE_DECIDED, CASE_WHO_SECOND, CASE_NEEDS_SANCTION},
    {CASE_ACT_DISMISS, AT(PROPOSED), CASE_DISMISSED, CASE_WHO_SECOND, CASE_NEEDS_NO_SANCTION},
    {CASE_ACT_REOPEN, AT(DISMISSED), CASE_OPEN, CASE_WHO_DECIDER, CASE_NEEDS_WORDS},
    {CASE_ACT_SETTLE, AT(DECIDED), CASE_SETTLED, CASE_WHO_TIME, CASE_NEEDS_ALL_SETTLED},
    {CASE_ACT_TELL, AT(NONE), SANCTION_STANDING, CASE_WHO_TIME, 0},
    {CASE_ACT_APPEAL, ON(STANDING), SANCTION_APPEALED, CASE_WHO_ACCUSED,
     CASE_NEEDS_WORDS | CASE_NEEDS_TIME_LEFT},
    {CASE_ACT_EXPIRE, ON(STANDING), SANCTION_UPHELD, CASE_WHO_TIME, CASE_NEEDS_TIME_OVER},
    {CASE_ACT_REFUSE, ON(APPEALED), SANCTION_UPHELD, CASE_WHO_THIRD, CASE_NEEDS_WORDS},
    {CASE_ACT_GRANT, ON(APPEALED), SANCTION_LIFTED, CASE_WHO_THIRD, CASE_NEEDS_WORDS},
    {CASE_ACT_FILE, ANY_STATE, CASE_NONE, CASE_WHO_STEWARD, 0},
    {CASE_ACT_FILE, ON(STANDING) | ON(APPEALED) | ON(UPHELD) | ON(LIFTED), CASE_NONE,
     CASE_WHO_ACCUSED, 0},
};
const size_t case_rule_count = sizeof case_rules / sizeof *case_rules;

struct term {
    const char *name, *en, *zh;
};

static const struct term STATES[CASE_STATES] = {
    [CASE_NONE] = {"none", "not there yet", "尚无"},
    [CASE_OPEN] = {"open", "open", "处理中"},
    [CASE_PROPOSED] = {"proposed", "waits for a second steward", "待第二位管理员复核"},
    [CASE_DECIDED] = {"decided", "decided, appeals possible", "已决定，可申诉"},
    [CASE_DISMISSED] = {"dismissed", "no ground found", "不成立"},
    [CASE_SETTLED] = {"settled", "settled", "已结案"},
    [SANCTION_STANDING] = {"standing", "in force, appeal possible", "已生效，可申诉"},
    [SANCTION_APPEALED] = {"appealed", "appealed", "申诉中"},
    [SANCTION_UPHELD] = {"upheld", "upheld for good", "已维持"},
    [SANCTION_LIFTED] = {"lifted", "lifted", "已撤销"},
};

static const struct term ACTS[CASE_ACTS] = {
    [CASE_ACT_REPORT] = {"report", "report a leak or a reseller", "举报泄露或倒卖"},
    [CASE_ACT_ADD] = {"add", "add exhibits", "补充物证"},
    [CASE_ACT_NOTE] = {"note", "write a note", "添加备注"},
    [CASE_ACT_TRACE] = {"trace", "trace exhibits", "追踪"},
    [CASE_ACT_ACCUSE] = {"accuse", "name a member", "列入成员"},
    [CASE_ACT_CLEAR] = {"clear", "take a named member off", "移出成员"},
    [CASE_ACT_UNCOVER] = {"uncover", "see who reported", "查看举报人"},
    [CASE_ACT_PROPOSE] = {"propose", "propose a decision", "提出处理意见"},
    [CASE_ACT_WITHDRAW] = {"withdraw", "withdraw the proposal", "撤回处理意见"},
    [CASE_ACT_RETURN] = {"return", "send the proposal back", "退回处理意见"},
    [CASE_ACT_CONFIRM] = {"confirm", "confirm the proposal", "确认处理意见"},
    [CASE_ACT_DISMISS] = {"dismiss", "confirm that there is no ground", "确认不成立"},
    [CASE_ACT_REOPEN] = {"reopen", "open the case again", "重新开案"},
    [CASE_ACT_SETTLE] = {"settle", "settle the case", "结案"},
    [CASE_ACT_TELL] = {"tell", "tell the member", "告知成员"},
    [CASE_ACT_APPEAL] = {"appeal", "appeal", "申诉"},
    [CASE_ACT_EXPIRE] = {"expire", "let the time to appeal run out", "申诉期满"},
    [CASE_ACT_REFUSE] = {"refuse", "refuse the appeal", "驳回申诉"},
    [CASE_ACT_FILE] = {"file", "take the case file", "生成案件卷宗"},
    [CASE_ACT_GRANT] = {"grant", "grant the appeal", "支持申诉"},
};

/* What was done, in English; Chinese says both with the same words. */
static const char *const DONE[CASE_ACTS] = {
    [CASE_ACT_REPORT] = "leak or reseller reported",
    [CASE_ACT_ADD] = "exhibits added",
    [CASE_ACT_NOTE] = "note written",
    [CASE_ACT_TRACE] = "exhibits traced",
    [CASE_ACT_ACCUSE] = "member named",
    [CASE_ACT_CLEAR] = "named member taken off",
    [CASE_ACT_UNCOVER] = "reporter's name seen",
    [CASE_ACT_PROPOSE] = "decision proposed",
    [CASE_ACT_WITHDRAW] = "proposal withdrawn",
    [CASE_ACT_RETURN] = "proposal sent back",
    [CASE_ACT_CONFIRM] = "proposal confirmed",
    [CASE_ACT_DISMISS] = "confirmed that there is no ground",
    [CASE_ACT_REOPEN] = "case opened again",
    [CASE_ACT_SETTLE] = "case settled",
    [CASE_ACT_TELL] = "member told",
    [CASE_ACT_APPEAL] = "appealed",
    [CASE_ACT_EXPIRE] = "time to appeal over",
    [CASE_ACT_REFUSE] = "appeal refused",
    [CASE_ACT_FILE] = "case file taken",
    [CASE_ACT_GRANT] = "appeal granted",
};

static const struct term WHOS[CASE_WHOS] = {
    [CASE_WHO_MEMBER] = {"member", "any member", "任何成员"},
    [CASE_WHO_STEWARD] = {"steward", "a steward whom the case does not accuse",
                          "与本案无涉的管理员"},
    [CASE_WHO_DECIDER] = {"decider", "such a steward who did not report it either",
                          "与本案无涉且非举报人的管理员"},
    [CASE_WHO_PROPOSER] = {"proposer", "the steward who proposed", "提出意见的管理员"},
    [CASE_WHO_SECOND] = {"second", "a second steward, not the one who proposed",
                         "另一位管理员（不得为提出意见者）"},
    [CASE_WHO_THIRD] = {"third", "a third steward, neither of the two who decided",
                        "第三位管理员（不得为作出决定的两位）"},
    [CASE_WHO_ACCUSED] = {"accused", "the member whom it is about", "被处理的成员"},
    [CASE_WHO_TIME] = {"time", "by itself", "自动"},
};

static const struct term NEEDS[CASE_NEEDS_COUNT] = {
    {"words", "a reason in words", "书面理由"},
    {"file", "a file", "文件"},
    {"measures", "a measure and grounds for everybody named", "对每位列入成员的处理与理由"},
    {"sanction", "at least one measure is proposed", "至少提出一项处理"},
    {"no-sanction", "no measure is proposed", "未提出任何处理"},
    {"time-left", "the time to appeal has not run out", "申诉期未满"},
    {"time-over", "the time to appeal has run out", "申诉期已满"},
    {"all-settled", "every sanction is upheld or lifted", "各项处理均已维持或撤销"},
    {"report", "a link, a file or words", "链接、文件或说明"},
};

const char *case_state_name(enum case_state state)
{
    return STATES[state].name;
}

const char *case_state_words(enum case_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const char *case_act_name(enum case_act act)
{
    return ACTS[act].name;
}

const char *case_act_words(enum case_act act, enum lang lang)
{
    return lang_pick(lang, ACTS[act].en, ACTS[act].zh);
}

const char *case_done_words(enum case_act act, enum lang lang)
{
    return lang_pick(lang, DONE[act], ACTS[act].zh);
}

const char *case_who_name(enum case_who who)
{
    return WHOS[who].name;
}

const char *case_who_words(enum case_who who, enum lang lang)
{
    return lang_pick(lang, WHOS[who].en, WHOS[who].zh);
}

static const struct term *find_need(unsigned need)
{
    size_t at = 0;
    while (at + 1 < CASE_NEEDS_COUNT && !(need >> at & 1U))
        at++;
    return &NEEDS[at];
}

const char *case_needs_name(unsigned need)
{
    return find_need(need)->name;
}

const char *case_needs_words(unsigned need, enum lang lang)
{
    return lang_pick(lang, find_need(need)->en, find_need(need)->zh);
}

enum case_state case_state_named(struct str name)
{
    for (int i = CASE_NONE + 1; i < CASE_STATES; i++)
        if (str_equal(name, str_of(STATES[i].name)))
            return (enum case_state)i;
    return CASE_NONE;
}

enum case_act case_act_named(struct str name)
{
    int act = 0;
    while (act + 1 < CASE_ACTS && !str_equal(name, str_of(ACTS[act].name)))
        act++;
    return (enum case_act)act;
}
