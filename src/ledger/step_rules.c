/* The machine of steps, as data; see step.h. */
#include "ledger/step.h"

#define AT(state)   STEP_BIT(STEP_##state)
#define NEEDS(need) STEP_NEEDS_##need
#define RUNNING     (AT(OPEN) | AT(ASKED))

const struct machine_rule step_rules[STEP_ACTS] = {
    [STEP_ACT_BEGIN] = {AT(WAITING), STEP_OPEN, STEP_WHO_CLOCK, 0},
    [STEP_ACT_ASK] = {AT(OPEN), STEP_ASKED, STEP_WHO_WORKER,
                      NEEDS(WORDS) | NEEDS(REASON) | NEEDS(LEAVE)},
    [STEP_ACT_ANSWER] = {AT(ASKED), STEP_OPEN, STEP_WHO_HOLDER, NEEDS(WORDS)},
    [STEP_ACT_AGREE] = {RUNNING, STEP_AGREED, STEP_WHO_WORKER, NEEDS(OPINION)},
    [STEP_ACT_CONDITION] = {RUNNING, STEP_CONDITIONS, STEP_WHO_WORKER,
                            NEEDS(WORDS) | NEEDS(OPINION)},
    [STEP_ACT_REFUSE] = {RUNNING, STEP_REFUSED, STEP_WHO_WORKER, NEEDS(WORDS)},
    [STEP_ACT_FINISH] = {RUNNING, STEP_DONE, STEP_WHO_WORKER, NEEDS(WORDS) | NEEDS(WORK)},
    [STEP_ACT_LAPSE] = {AT(OPEN), STEP_SILENT, STEP_WHO_CLOCK, 0},
    [STEP_ACT_EXTEND] = {RUNNING, STEP_NONE, STEP_WHO_KEEPER,
                         NEEDS(WORDS) | NEEDS(DAYS) | NEEDS(LIMIT)},
    [STEP_ACT_DROP] = {AT(WAITING) | RUNNING, STEP_DROPPED, STEP_WHO_KEEPER, NEEDS(WORDS)},
};

static const struct machine_term STATES[STEP_STATES] = {
    [STEP_NONE] = {"none", "not there", "尚无"},
    [STEP_WAITING] = {"waiting", "waiting for its turn", "未轮到"},
    [STEP_OPEN] = {"open", "being worked on", "办理中"},
    [STEP_ASKED] = {"asked", "stopped by a question", "待答复，计时暂停"},
    [STEP_AGREED] = {"agreed", "agreed", "同意"},
    [STEP_CONDITIONS] = {"conditions", "agreed with conditions", "附条件同意"},
    [STEP_REFUSED] = {"refused", "refused", "不同意"},
    [STEP_SILENT] = {"silent", "consent by silence", "逾期未复，视为同意"},
    [STEP_DONE] = {"done", "done", "已办结"},
    [STEP_DROPPED] = {"dropped", "let go", "已撤回"},
};
static const struct machine_term ACTS[STEP_ACTS] = {
    [STEP_ACT_BEGIN] = {"begin", "Its turn comes", "轮到办理"},
    [STEP_ACT_ASK] = {"ask", "Ask a question", "提出问题"},
    [STEP_ACT_ANSWER] = {"answer", "Answer", "答复"},
    [STEP_ACT_AGREE] = {"agree", "Agree", "同意"},
    [STEP_ACT_CONDITION] = {"condition", "Agree with conditions", "附条件同意"},
    [STEP_ACT_REFUSE] = {"refuse", "Refuse", "不同意"},
    [STEP_ACT_FINISH] = {"finish", "Say that it is done", "办结"},
    [STEP_ACT_LAPSE] = {"lapse", "The limit passes in silence", "逾期未复"},
    [STEP_ACT_EXTEND] = {"extend", "Extend the limit", "延长时限"},
    [STEP_ACT_DROP] = {"drop", "Let it go", "撤回"},
};
static const struct machine_term REASONS[STEP_REASONS] = {
    [STEP_REASON_NONE] = {"", "", ""},
    [STEP_REASON_PAPERS] = {"papers", "papers are missing", "材料不全"},
    [STEP_REASON_UNCLEAR] = {"unclear", "something is to be explained", "情况待说明"},
    [STEP_REASON_SITE] = {"site", "it must be seen on the spot", "需现场核查"},
    [STEP_REASON_OTHERS] = {"others", "another body is to be heard", "需征求其他方面意见"},
};
static const struct machine_term WHOS[STEP_WHOS] = {
    [STEP_WHO_WORKER] = {"worker",
                         "whom the step names, else a member of its unit; or who heads the unit",
                         "该步骤的承办人，未指定时为承办单位成员；或该单位负责人"},
    [STEP_WHO_HOLDER] = {"holder", "the line's lead, who heads its unit, or who keeps the ledger",
                         "条目的分包领导、责任单位负责人或台账管理者"},
    [STEP_WHO_KEEPER] = {"keeper", "who keeps the ledger", "台账管理者"},
    [STEP_WHO_CLOCK] = {"clock", "comes of itself", "自动进行"},
};
static const struct machine_term NEEDS_TERMS[STEP_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"reason", "what the question is about", "问题的类别"},
    {"days", "how many working days more", "延长的工作日数"},
    {"limit", "a limit that is not past", "有时限且未到期"},
    {"opinion", "a step that asks for an opinion", "征求意见的步骤"},
    {"work", "a step that is to be carried out", "须办理的步骤"},
    {"leave", "fewer than three questions so far: what is lacking is to be said at once",
     "提问不足三次（所缺事项应一次告知）"},
};
const struct machine step_machine = {
    {STATES, STEP_STATES},           {ACTS, STEP_ACTS}, {WHOS, STEP_WHOS},
    {NEEDS_TERMS, STEP_NEEDS_COUNT}, step_rules,
};

const char *step_state_name(enum step_state state)
{
    return STATES[state].name;
}

const char *step_state_words(enum step_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const char *step_act_name(enum step_act act)
{
    return ACTS[act].name;
}

const char *step_act_words(enum step_act act, enum lang lang)
{
    return lang_pick(lang, ACTS[act].en, ACTS[act].zh);
}

const char *step_reason_name(enum step_reason reason)
{
    return REASONS[reason].name;
}

const char *step_reason_words(enum step_reason reason, enum lang lang)
{
    return lang_pick(lang, REASONS[reason].en, REASONS[reason].zh);
}

const char *step_who_words(enum step_who who, enum lang lang)
{
    return lang_pick(lang, WHOS[who].en, WHOS[who].zh);
}

const char *step_needs_words(unsigned need, enum lang lang)
{
    return machine_need_words(step_machine.needs, need, lang);
}

enum step_state step_state_named(struct str name)
{
    return (enum step_state)machine_named((struct machine_terms){STATES, STEP_STATES}, name);
}

enum step_act step_act_named(struct str name)
{
    return (enum step_act)machine_named((struct machine_terms){ACTS, STEP_ACTS}, name);
}

enum step_reason step_reason_named(struct str name)
{
    return (enum step_reason)machine_named((struct machine_terms){REASONS, STEP_REASONS}, name);
}

enum status step_allow(enum step_state state, enum step_act act, struct machine_facts facts,
                       struct error *err)
{
    return machine_allow(&step_machine, (int)state, (int)act, facts, err);
}
