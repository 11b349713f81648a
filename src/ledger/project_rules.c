/* The machines of a project and of its watches, as data; see project.h. */
#include "ledger/project.h"

#define AT(state) (1U << (PROJECT_##state))
#define ON(state) (1U << (WATCH_##state))

const struct machine_rule project_rules[PROJECT_ACTS] = {
    [PROJECT_ACT_PROPOSE] = {AT(NONE), PROJECT_PROPOSED, PROJECT_WHO_MEMBER, 0},
    [PROJECT_ACT_SCORE] = {AT(PROPOSED) | AT(ADMITTED) | AT(ACTIVE) | AT(SUSPENDED), PROJECT_NONE,
                           PROJECT_WHO_DECIDER, 0},
    [PROJECT_ACT_ADMIT] = {AT(PROPOSED), PROJECT_ADMITTED, PROJECT_WHO_DECIDER,
                           PROJECT_NEEDS_SCORES | PROJECT_NEEDS_LEAD | PROJECT_NEEDS_DAY},
    [PROJECT_ACT_DECLINE] = {AT(PROPOSED), PROJECT_WITHDRAWN, PROJECT_WHO_DECIDER,
                             PROJECT_NEEDS_WORDS},
    [PROJECT_ACT_KEEP] = {AT(ADMITTED) | AT(ACTIVE) | AT(SUSPENDED), PROJECT_NONE,
                          PROJECT_WHO_DECIDER, PROJECT_NEEDS_WORDS | PROJECT_NEEDS_MARKS},
    [PROJECT_ACT_START] = {AT(ADMITTED), PROJECT_ACTIVE, PROJECT_WHO_LEAD, 0},
    [PROJECT_ACT_SUSPEND] = {AT(ACTIVE), PROJECT_SUSPENDED, PROJECT_WHO_KEEPER,
                             PROJECT_NEEDS_WORDS},
    [PROJECT_ACT_RESUME] = {AT(SUSPENDED), PROJECT_ACTIVE, PROJECT_WHO_KEEPER, PROJECT_NEEDS_WORDS},
    [PROJECT_ACT_WITHDRAW] = {AT(PROPOSED) | AT(ADMITTED) | AT(ACTIVE) | AT(SUSPENDED),
                              PROJECT_WITHDRAWN, PROJECT_WHO_KEEPER, PROJECT_NEEDS_WORDS},
    [PROJECT_ACT_RENEW] = {AT(WITHDRAWN), PROJECT_PROPOSED, PROJECT_WHO_KEEPER,
                           PROJECT_NEEDS_WORDS},
    [PROJECT_ACT_FINISH] = {AT(ACTIVE), PROJECT_FINISHED, PROJECT_WHO_CHECKER,
                            PROJECT_NEEDS_WATCHES},
    [PROJECT_ACT_REOPEN] = {AT(FINISHED), PROJECT_ACTIVE, PROJECT_WHO_KEEPER, PROJECT_NEEDS_WORDS},
};

const struct machine_rule watch_rules[WATCH_ACTS] = {
    [WATCH_ACT_PLAN] = {ON(OPEN), WATCH_NONE, PROJECT_WHO_LEAD, PROJECT_NEEDS_DAY},
    [WATCH_ACT_MEET] = {ON(OPEN), WATCH_NONE, PROJECT_WHO_LEAD, 0},
    [WATCH_ACT_ADD] = {ON(OPEN), WATCH_NONE, PROJECT_WHO_LEAD, 0},
    [WATCH_ACT_DROP] = {ON(OPEN), WATCH_NONE, PROJECT_WHO_KEEPER, PROJECT_NEEDS_WORDS},
    [WATCH_ACT_REPORT] = {ON(OPEN), WATCH_REPORTED, PROJECT_WHO_LEAD,
                          PROJECT_NEEDS_DAY | PROJECT_NEEDS_MET | PROJECT_NEEDS_EVIDENCE},
    [WATCH_ACT_PASS] = {ON(REPORTED), WATCH_PASSED, PROJECT_WHO_CHECKER,
                        PROJECT_NEEDS_WORDS | PROJECT_NEEDS_BEFORE},
    [WATCH_ACT_RETURN] = {ON(REPORTED), WATCH_OPEN, PROJECT_WHO_CHECKER, PROJECT_NEEDS_WORDS},
    [WATCH_ACT_WAIVE] = {ON(OPEN), WATCH_WAIVED, PROJECT_WHO_DECIDER, PROJECT_NEEDS_WORDS},
    [WATCH_ACT_REOPEN] = {ON(PASSED) | ON(WAIVED), WATCH_OPEN, PROJECT_WHO_KEEPER,
                          PROJECT_NEEDS_WORDS | PROJECT_NEEDS_UNUSED},
};

const struct watch_kind watch_kinds[WATCHES] = {
    [WATCH_LANDING] = {"landing",
                       "Landing",
                       "落地",
                       0,
                       {{"The agreement is signed", "协议已签订"},
                        {"The project is approved or on file", "立项批复或备案已取得"},
                        {"The site is settled", "选址已确定"},
                        {"The money is pledged", "资金来源已落实"}}},
    [WATCH_START] = {"start",
                     "Start of works",
                     "开工",
                     WATCH_BIT(WATCH_LANDING),
                     {{"Land is handed over", "土地已交付"},
                      {"Permits to build are granted", "施工许可等手续已办理"},
                      {"Builder and supervisor are under contract", "施工、监理单位已进场"},
                      {"Works on the ground have begun", "现场已实质性动工"}}},
    [WATCH_PROGRESS] = {"progress",
                        "Progress",
                        "进度",
                        WATCH_BIT(WATCH_START),
                        {{"The main works are done", "主体工程已完成"},
                         {"Payments keep up with the works", "资金支付与形象进度相符"},
                         {"Quality and safety were inspected", "质量安全检查已通过"}}},
    [WATCH_SUPPORT] = {"support",
                       "Supporting works",
                       "配套",
                       WATCH_BIT(WATCH_START),
                       {{"Water, power and gas are connected", "水电气等已接通"},
                        {"Roads and drains are in place", "道路、管网已到位"},
                        {"Facilities against pollution are ready", "环保设施已同步建成"}}},
    [WATCH_OPENING] = {"opening",
                       "Opening",
                       "投产投用",
                       WATCH_BIT(WATCH_PROGRESS) | WATCH_BIT(WATCH_SUPPORT),
                       {{"The works are accepted", "竣工验收已通过"},
                        {"Permits to operate are granted", "生产或运营许可已取得"},
                        {"It is in use", "已正式投产或投用"}}},
};

static const struct machine_term CLASS_TERMS[PROJECT_CLASSES] = {
    [PROJECT_SPECIAL] = {"special", "Major programme", "重大专项"},
    [PROJECT_KEY] = {"key", "Key project", "重点项目"},
};
static const struct machine_term STATES[PROJECT_STATES] = {
    [PROJECT_NONE] = {"none", "not there yet", "尚无"},
    [PROJECT_PROPOSED] = {"proposed", "proposed", "申报"},
    [PROJECT_ADMITTED] = {"admitted", "in the library", "已入库"},
    [PROJECT_ACTIVE] = {"active", "under way", "实施中"},
    [PROJECT_SUSPENDED] = {"suspended", "suspended", "已暂停"},
    [PROJECT_FINISHED] = {"finished", "finished", "已完成"},
    [PROJECT_WITHDRAWN] = {"withdrawn", "withdrawn", "已退出"},
};
static const struct machine_term ACTS[PROJECT_ACTS] = {
    [PROJECT_ACT_PROPOSE] = {"propose", "Propose", "申报项目"},
    [PROJECT_ACT_SCORE] = {"score", "Score", "评分"},
    [PROJECT_ACT_ADMIT] = {"admit", "Admit", "准予入库"},
    [PROJECT_ACT_DECLINE] = {"decline", "Decline", "不予入库"},
    [PROJECT_ACT_KEEP] = {"keep", "Keep in the library", "继续保留"},
    [PROJECT_ACT_START] = {"start", "Begin", "启动实施"},
    [PROJECT_ACT_SUSPEND] = {"suspend", "Suspend", "暂停"},
    [PROJECT_ACT_RESUME] = {"resume", "Resume", "恢复实施"},
    [PROJECT_ACT_WITHDRAW] = {"withdraw", "Withdraw", "退出项目库"},
    [PROJECT_ACT_RENEW] = {"renew", "Propose again", "重新申报"},
    [PROJECT_ACT_FINISH] = {"finish", "Finish", "确认完成"},
    [PROJECT_ACT_REOPEN] = {"reopen", "Open again", "重新实施"},
};
static const struct machine_term GATE_STATES[WATCH_STATES] = {
    [WATCH_NONE] = {"none", "not there yet", "尚无"},
    [WATCH_OPEN] = {"open", "not reached", "未达到"},
    [WATCH_REPORTED] = {"reported", "reported, to be checked", "已报告，待核验"},
    [WATCH_PASSED] = {"passed", "passed", "已通过"},
    [WATCH_WAIVED] = {"waived", "does not apply", "不适用"},
};
static const struct machine_term GATE_ACTS[WATCH_ACTS] = {
    [WATCH_ACT_PLAN] = {"plan", "Plan the day", "确定计划日期"},
    [WATCH_ACT_MEET] = {"meet", "Say whether a condition is met", "更新条件"},
    [WATCH_ACT_ADD] = {"add", "Add a condition of its own", "增加自设条件"},
    [WATCH_ACT_DROP] = {"drop", "Drop a condition of its own", "取消自设条件"},
    [WATCH_ACT_REPORT] = {"report", "Report as reached", "报告已达到"},
    [WATCH_ACT_PASS] = {"pass", "Pass", "核验通过"},
    [WATCH_ACT_RETURN] = {"return", "Send back", "退回"},
    [WATCH_ACT_WAIVE] = {"waive", "Say that it does not apply", "列为不适用"},
    [WATCH_ACT_REOPEN] = {"reopen", "Open again", "重新打开"},
};
static const struct machine_term WHOS[PROJECT_WHOS] = {
    [PROJECT_WHO_MEMBER] = {"member",
                            "who keeps the ledger or may change the line; for a new one also "
                            "members of its unit",
                            "台账管理者或有权修改该条目者；新项目亦可由本单位成员申报"},
    [PROJECT_WHO_KEEPER] = {"keeper", "who keeps the ledger", "台账管理者"},
    [PROJECT_WHO_DECIDER] = {"decider",
                             "who keeps the ledger, but neither proposed the project nor leads it",
                             "台账管理者（不得为申报人或分包领导）"},
    [PROJECT_WHO_LEAD] = {"lead", "its lead, or who keeps the ledger", "分包领导或台账管理者"},
    [PROJECT_WHO_CHECKER] = {"checker",
                             "an inspector or who keeps the ledger, but neither its lead nor who "
                             "reported it",
                             "督导员或台账管理者（不得为分包领导或报告人）"},
};
static const struct machine_term NEEDS[PROJECT_NEEDS_COUNT] = {
    {"words", "a reason in words", "书面理由"},
    {"scores", "marks for every criterion, none below its least, and a sum high enough",
     "各项标准均已评分且不低于下限，总分达到入库线"},
    {"lead", "a lead and a unit", "已明确分包领导与责任单位"},
    {"day", "a day", "日期"},
    {"watches", "all five watches passed, or found not to apply", "五盯均已通过或不适用"},
    {"before", "the watches before it are passed, or do not apply", "前序各盯已通过或不适用"},
    {"met", "all its conditions are met", "各项条件均已满足"},
    {"evidence", "evidence: a file, or a note with a condition", "佐证：文件或条件说明"},
    {"unused", "no watch after it is reported or passed", "后续各盯均未报告或通过"},
    {"marks", "an open review, with marks by enough scorers", "调整轮次进行中，且已有足够人数评分"},
};
const struct machine project_machine = {
    {STATES, PROJECT_STATES},     {ACTS, PROJECT_ACTS}, {WHOS, PROJECT_WHOS},
    {NEEDS, PROJECT_NEEDS_COUNT}, project_rules,
};
const struct machine watch_machine = {
    {GATE_STATES, WATCH_STATES},
    {GATE_ACTS, WATCH_ACTS},
    {WHOS, PROJECT_WHOS},
    {NEEDS, PROJECT_NEEDS_COUNT},
    watch_rules,
};

const char *project_class_name(enum project_class class)
{
    return CLASS_TERMS[class].name;
}

const char *project_class_words(enum project_class class, enum lang lang)
{
    return lang_pick(lang, CLASS_TERMS[class].en, CLASS_TERMS[class].zh);
}

enum line_state project_line_state(enum project_state state)
{
    static const enum line_state LINES[PROJECT_STATES] = {
        [PROJECT_NONE] = LINE_ACTIVE,        [PROJECT_PROPOSED] = LINE_PROPOSED,
        [PROJECT_ADMITTED] = LINE_ACTIVE,    [PROJECT_ACTIVE] = LINE_ACTIVE,
        [PROJECT_SUSPENDED] = LINE_PROPOSED, [PROJECT_FINISHED] = LINE_DONE,
        [PROJECT_WITHDRAWN] = LINE_CLOSED,
    };
    return LINES[state];
}

const char *project_state_name(enum project_state state)
{
    return STATES[state].name;
}

const char *project_state_words(enum project_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const char *project_act_name(enum project_act act)
{
    return ACTS[act].name;
}

const char *project_act_words(enum project_act act, enum lang lang)
{
    return lang_pick(lang, ACTS[act].en, ACTS[act].zh);
}

const char *project_who_words(enum project_who who, enum lang lang)
{
    return lang_pick(lang, WHOS[who].en, WHOS[who].zh);
}

const char *project_needs_words(unsigned need, enum lang lang)
{
    return machine_need_words(project_machine.needs, need, lang);
}

const char *watch_state_name(enum watch_state state)
{
    return GATE_STATES[state].name;
}

const char *watch_state_words(enum watch_state state, enum lang lang)
{
    return lang_pick(lang, GATE_STATES[state].en, GATE_STATES[state].zh);
}

const char *watch_act_name(enum watch_act act)
{
    return GATE_ACTS[act].name;
}

const char *watch_act_words(enum watch_act act, enum lang lang)
{
    return lang_pick(lang, GATE_ACTS[act].en, GATE_ACTS[act].zh);
}

enum project_class project_class_named(struct str name)
{
    return (enum project_class)machine_named((struct machine_terms){CLASS_TERMS, PROJECT_CLASSES},
                                             name);
}

enum project_state project_state_named(struct str name)
{
    return (enum project_state)machine_named((struct machine_terms){STATES, PROJECT_STATES}, name);
}

enum project_act project_act_named(struct str name)
{
    return (enum project_act)machine_named((struct machine_terms){ACTS, PROJECT_ACTS}, name);
}

enum watch_state watch_state_named(struct str name)
{
    return (enum watch_state)machine_named((struct machine_terms){GATE_STATES, WATCH_STATES}, name);
}

enum watch_act watch_act_named(struct str name)
{
    return (enum watch_act)machine_named((struct machine_terms){GATE_ACTS, WATCH_ACTS}, name);
}

enum watch watch_named(struct str name)
{
    int at = 0;
    while (at < WATCHES && !str_equal(name, str_of(watch_kinds[at].name)))
        at++;
    return (enum watch)at;
}

/* --- the gate ----------------------------------------------------------------------------------- */

enum status project_allow(enum project_state state, enum project_act act,
                          struct machine_facts facts, struct error *err)
{
    return machine_allow(&project_machine, (int)state, (int)act, facts, err);
}

enum status watch_allow(enum watch_state state, enum watch_act act, struct machine_facts facts,
                        struct error *err)
{
    return machine_allow(&watch_machine, (int)state, (int)act, facts, err);
}

static bool is_settled(enum watch_state state)
{
    return state == WATCH_PASSED || state == WATCH_WAIVED;
}

unsigned watch_needs_met(const enum watch_state states[WATCHES], enum watch watch)
{
    unsigned met = PROJECT_NEEDS_BEFORE | PROJECT_NEEDS_UNUSED | PROJECT_NEEDS_WATCHES;
    for (int other = 0; other < WATCHES; other++) {
        if (!is_settled(states[other]))
            met &= ~(unsigned)PROJECT_NEEDS_WATCHES;
        if (watch_kinds[watch].before & WATCH_BIT(other) && !is_settled(states[other]))
            met &= ~(unsigned)PROJECT_NEEDS_BEFORE;
        if (watch_kinds[other].before & WATCH_BIT(watch) &&
            (states[other] == WATCH_PASSED || states[other] == WATCH_REPORTED))
            met &= ~(unsigned)PROJECT_NEEDS_UNUSED;
    }
    return met;
}
