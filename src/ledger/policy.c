/* The machines of a policy and of its leaflet, as data; see policy.h. */
#include "ledger/policy.h"

#include "ledger/may.h"

#define AT(state) MACHINE_BIT(POLICY_##state)
#define ON(state) MACHINE_BIT(LEAFLET_##state)
#define WORDS     POLICY_NEEDS_WORDS

static const struct machine_rule POLICY_RULES[POLICY_ACTS] = {
    [POLICY_ACT_LIST] = {AT(NONE), POLICY_LISTED, POLICY_WHO_HOLDER, 0},
    [POLICY_ACT_START] = {AT(LISTED), POLICY_UNDERWAY, POLICY_WHO_HOLDER,
                          POLICY_NEEDS_ANSWERER | POLICY_NEEDS_DUE},
    [POLICY_ACT_AIM] = {AT(LISTED) | AT(UNDERWAY) | AT(IN_FORCE), POLICY_NONE, POLICY_WHO_HOLDER,
                        0},
    /* What is in force already when it is listed needs no steps. */
    [POLICY_ACT_ENACT] = {AT(LISTED) | AT(UNDERWAY), POLICY_IN_FORCE, POLICY_WHO_KEEPER,
                          POLICY_NEEDS_STEPS | POLICY_NEEDS_SOURCE | POLICY_NEEDS_FROM},
    [POLICY_ACT_EXTEND] = {AT(IN_FORCE), POLICY_NONE, POLICY_WHO_KEEPER, WORDS},
    [POLICY_ACT_END] = {AT(IN_FORCE), POLICY_ENDED, POLICY_WHO_KEEPER, WORDS},
    [POLICY_ACT_DROP] = {AT(LISTED) | AT(UNDERWAY), POLICY_DROPPED, POLICY_WHO_KEEPER, WORDS},
    [POLICY_ACT_REOPEN] = {AT(ENDED) | AT(DROPPED), POLICY_LISTED, POLICY_WHO_KEEPER, WORDS},
};
static const struct machine_rule LEAFLET_RULES[LEAFLET_ACTS] = {
    /* Writing on takes back what waits to be looked at. */
    [LEAFLET_ACT_WRITE] = {ON(NONE) | ON(DRAFT) | ON(ASKED) | ON(SHOWN) | ON(PAST), LEAFLET_DRAFT,
                           POLICY_WHO_WORKER, 0},
    [LEAFLET_ACT_ASK] = {ON(DRAFT), LEAFLET_ASKED, POLICY_WHO_WORKER, POLICY_NEEDS_WHOLE},
    [LEAFLET_ACT_RETURN] = {ON(ASKED), LEAFLET_DRAFT, POLICY_WHO_CHECKER, WORDS},
    [LEAFLET_ACT_SHOW] = {ON(ASKED), LEAFLET_SHOWN, POLICY_WHO_CHECKER,
                          POLICY_NEEDS_WHOLE | POLICY_NEEDS_FORCE},
    [LEAFLET_ACT_WITHDRAW] = {ON(SHOWN), LEAFLET_PAST, POLICY_WHO_KEEPER, WORDS},
};

static const struct machine_term STATES[POLICY_STATES] = {
    [POLICY_NONE] = {"none", "not in the register", "未入册"},
    [POLICY_LISTED] = {"listed", "listed", "已梳理入册"},
    [POLICY_UNDERWAY] = {"underway", "under way", "推进中"},
    [POLICY_IN_FORCE] = {"in-force", "in force", "执行中"},
    [POLICY_ENDED] = {"ended", "ended", "已终止"},
    [POLICY_DROPPED] = {"dropped", "given up", "不再推进"},
};
static const struct machine_term ACTS[POLICY_ACTS] = {
    [POLICY_ACT_LIST] = {"list", "Enter in the register", "列入政策清单"},
    [POLICY_ACT_START] = {"start", "Begin the steps", "启动推进"},
    [POLICY_ACT_AIM] = {"aim", "Say what is hoped for", "设定预期成效"},
    [POLICY_ACT_ENACT] = {"enact", "Put into force", "落地执行"},
    [POLICY_ACT_EXTEND] = {"extend", "Change its last day", "调整有效期"},
    [POLICY_ACT_END] = {"end", "End it", "终止执行"},
    [POLICY_ACT_DROP] = {"drop", "Give it up", "放弃推进"},
    [POLICY_ACT_REOPEN] = {"reopen", "Take it up again", "重新推进"},
};
static const struct machine_term LEAFLET_STATE_TERMS[LEAFLET_STATES] = {
    [LEAFLET_NONE] = {"none", "not written yet", "尚未编写"},
    [LEAFLET_DRAFT] = {"draft", "being written", "编写中"},
    [LEAFLET_ASKED] = {"asked", "to be looked at", "待审核"},
    [LEAFLET_SHOWN] = {"shown", "shown", "已公布"},
    [LEAFLET_PAST] = {"past", "past", "已撤下"},
};
static const struct machine_term LEAFLET_ACT_TERMS[LEAFLET_ACTS] = {
    [LEAFLET_ACT_WRITE] = {"write", "Write", "编写"},
    [LEAFLET_ACT_ASK] = {"ask", "Ask another to look at it", "提交审核"},
    [LEAFLET_ACT_RETURN] = {"return", "Send back", "退回修改"},
    [LEAFLET_ACT_SHOW] = {"show", "Show it", "审核通过并公布"},
    [LEAFLET_ACT_WITHDRAW] = {"withdraw", "Withdraw it", "撤下"},
};
static const struct machine_term WHOS[POLICY_WHOS] = {
    [POLICY_WHO_KEEPER] = {"keeper", "who keeps the ledger", "台账管理者"},
    [POLICY_WHO_HOLDER] = {"holder", "its lead, who heads its unit, or who keeps the ledger",
                           "分包领导、责任单位负责人或台账管理者"},
    [POLICY_WHO_WORKER] = {"worker", "its lead, a member of its unit, or who keeps the ledger",
                           "分包领导、责任单位成员或台账管理者"},
    [POLICY_WHO_CHECKER] = {"checker",
                            "its lead, who heads its unit, an inspector or who keeps the ledger, "
                            "but not who wrote it",
                            "分包领导、责任单位负责人、督导员或台账管理者（不得为编写人）"},
};
static const struct machine_term NEEDS[POLICY_NEEDS_COUNT] = {
    {"words", "a reason in words", "书面理由"},
    {"answerer", "a unit or a lead", "责任单位或分包领导"},
    {"due", "a day by which it is to be in force", "落地期限"},
    {"steps", "none of its steps is still to be ended well", "各步骤均已办结"},
    {"source", "which paper it is", "政策依据（文件名称或文号）"},
    {"from", "the first day that it is in force", "开始执行日期"},
    {"whole", "what one gets, who may claim it, how, and whom to ask, in one language at least",
     "至少一种语言的完整内容：有什么、谁可申领、怎么办、问谁"},
    {"force", "the policy is in force", "政策已落地执行"},
};

const struct machine policy_machine = {
    {STATES, POLICY_STATES},     {ACTS, POLICY_ACTS}, {WHOS, POLICY_WHOS},
    {NEEDS, POLICY_NEEDS_COUNT}, POLICY_RULES,
};
const struct machine leaflet_machine = {
    {LEAFLET_STATE_TERMS, LEAFLET_STATES},
    {LEAFLET_ACT_TERMS, LEAFLET_ACTS},
    {WHOS, POLICY_WHOS},
    {NEEDS, POLICY_NEEDS_COUNT},
    LEAFLET_RULES,
};

static const struct machine_term ROUTES[POLICY_ROUTES] = {
    [POLICY_SEEK] = {"seek", "Sought above", "向上争取"},
    [POLICY_MATCH] = {"match", "With own means", "自身配套"},
    [POLICY_PILOT] = {"pilot", "Tried first", "先行先试"},
};
const struct machine_terms policy_routes = {ROUTES, POLICY_ROUTES};

static const struct policy_step SEEK[] = {
    {"Find out what is given above, and to whom", "梳理上级政策和申报条件", 10},
    {"Talk with the office above", "与上级部门对接", 15},
    {"Apply", "正式申报", 10},
    {"Follow it to an answer", "跟进批复", 40},
    {"Make it ours: who does what", "承接落地、明确分工", 10},
};
static const struct policy_step MATCH[] = {
    {"Draft it", "起草文稿", 15},
    {"Work out what it costs", "测算资金", 10},
    {"Hear those whom it is for", "公开征求意见", 20},
    {"Check that it is lawful and fair", "合法性和公平竞争审查", 10},
    {"Decide and publish", "审议印发", 10},
};
static const struct policy_step PILOT[] = {
    {"Draw up the trial", "制定试点方案", 15},      {"Get leave to try", "取得授权或备案", 30},
    {"Try it in few places", "小范围试行", 60},     {"Look at what it did", "评估试行效果", 15},
    {"Make it the rule", "总结推广、形成制度", 15},
};
static const struct {
    const struct policy_step *steps;
    size_t count;
} STEPS[POLICY_ROUTES] = {
    [POLICY_SEEK] = {SEEK, sizeof SEEK / sizeof *SEEK},
    [POLICY_MATCH] = {MATCH, sizeof MATCH / sizeof *MATCH},
    [POLICY_PILOT] = {PILOT, sizeof PILOT / sizeof *PILOT},
};

const struct policy_step *policy_steps(enum policy_route route, size_t *count)
{
    *count = STEPS[route].count;
    return STEPS[route].steps;
}

enum line_state policy_line_state(enum policy_state state)
{
    static const enum line_state LINES[POLICY_STATES] = {
        [POLICY_NONE] = LINE_ACTIVE,     [POLICY_LISTED] = LINE_PROPOSED,
        [POLICY_UNDERWAY] = LINE_ACTIVE, [POLICY_IN_FORCE] = LINE_ACTIVE,
        [POLICY_ENDED] = LINE_DONE,      [POLICY_DROPPED] = LINE_CLOSED,
    };
    return LINES[state];
}

unsigned policy_stand(unsigned is, bool wrote)
{
    bool holds = ledger_may(is, LEDGER_CHANGE);
    unsigned who = 0;
    if (ledger_may(is, LEDGER_ARRANGE))
        who |= MACHINE_BIT(POLICY_WHO_KEEPER);
    if (holds)
        who |= MACHINE_BIT(POLICY_WHO_HOLDER);
    if (ledger_may(is, LEDGER_REPORT))
        who |= MACHINE_BIT(POLICY_WHO_WORKER);
    if ((holds || ledger_may(is, LEDGER_VERIFY)) && !wrote)
        who |= MACHINE_BIT(POLICY_WHO_CHECKER);
    return who;
}
