/* `chancery rectifications`, `chancery studies`: the machines that problems and study sessions go by. */
#include "cli/machine.h"
#include "ledger/likeness.h"
#include "ledger/rectify.h"
#include "ledger/session.h"

/* What makes the first state of a machine: nothing that was there before. */
static json_t *beginning(const char *act, const char *words, const char *to, const char *who,
                         const char *needs)
{
    return json_pack("{s:s, s:s, s:[], s:b, s:s, s:s, s:[s]}", "act", act, "words", words, "from",
                     "begins", 1, "to", to, "who_words", who, "needs", needs);
}

static json_t *limits_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int s = RECTIFY_FOUND; s < RECTIFY_STATES; s++) {
        enum rectify_state state = (enum rectify_state)s;
        if (rectify_limit(state, false))
            json_array_append_new(
                rows, json_pack("[s, o]", machine_words(rectify_machine.states, s, lang),
                                json_sprintf("%d / %d", (int)rectify_limit(state, false),
                                             (int)rectify_limit(state, true))));
    }
    return machine_table(lang_pick(lang, "Time limits", "时限"), lang_pick(lang, "state", "环节"),
                         lang_pick(lang, "working days, ordinary / grave", "工作日（一般／严重）"),
                         rows);
}

static json_t *likeness_json(enum lang lang)
{
    return json_pack(
        "{s:s, s:[s, s], s:[[s, s], [s, s]]}", "heading",
        lang_pick(lang, "Problems that come back", "反复问题"), "columns",
        lang_pick(lang, "rule", "规则"), lang_pick(lang, "in full", "全文"), "rows",
        lang_pick(lang, "likeness", "相似度"), likeness_rule(lang),
        lang_pick(lang, "gravity", "程度"),
        lang_pick(lang, "A problem that came back is grave.", "反复出现的问题按严重问题办理。"));
}

static enum status run_rectifications(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    json_t *rules = machine_rules_json(&rectify_machine, lang);
    (void)err;
    json_array_insert_new(
        rules, 0,
        beginning("found", lang_pick(lang, "Put it on record", "登记问题"),
                  rectify_machine.states.at[RECTIFY_FOUND].name,
                  lang_pick(lang, "who keeps the ledger or inspects; of their own unit its members",
                            "台账管理者、督导员；单位成员限本单位"),
                  lang_pick(lang, "the problem", "问题描述")));
    return machine_print(call, machine_states_json(&rectify_machine, "problem", lang), rules,
                         json_pack("[o, o]", limits_json(lang), likeness_json(lang)));
}

static enum status run_studies(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    json_t *rules = machine_rules_json(&session_machine, lang);
    (void)err;
    json_array_insert_new(
        rules, 0,
        beginning("prepared", lang_pick(lang, "Prepare it", "筹备"),
                  session_machine.states.at[SESSION_PLANNED].name,
                  lang_pick(lang, "who keeps the ledger; of their own unit its members",
                            "台账管理者；单位成员限本单位"),
                  lang_pick(lang, "a body and a day", "学习单位和日期")));
    return machine_print(call, machine_states_json(&session_machine, "session", lang), rules,
                         json_array());
}

const struct command command_rectifications_states = {
    .name = "rectifications states",
    .least = 0,
    .most = 0,
    .en =
        "Say what leads a problem from state to state until it is put right, who may, and what it "
        "takes; and how problems that come back are found.",
    .zh = "说明问题整改如何由一个环节进入另一环节、由谁进行、需要什么，以及反复问题如何认定。",
    .example = "chancery rectifications states --json",
    .json = true,
    .run = run_rectifications,
};
const struct command command_studies_states = {
    .name = "studies states",
    .least = 0,
    .most = 0,
    .en = "Say what leads a study session from state to state, who may, and what it takes.",
    .zh = "说明学习会如何由一个环节进入另一环节、由谁进行、需要什么。",
    .example = "chancery studies states --json",
    .json = true,
    .run = run_studies,
};
