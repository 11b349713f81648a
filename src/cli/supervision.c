/* `chancery supervision`: the machine that supervision goes by, the rules of its notices, and the formula of assessment. */
#include "cli/machine.h"
#include "ledger/assess.h"
#include "ledger/supervise.h"
#include "ledger/urge.h"

/* By the numbers that count until somebody sets others. */
static json_t *notices_json(struct arena *arena, enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < URGE_CAUSES; i++) {
        struct str rule = urge_rule_words(arena, (enum urge_cause)i, &ledger_limits_default, lang);
        json_array_append_new(rows, json_pack("[s, s%]", urge_kind_words(urge_rules[i].kind, lang),
                                              rule.at, rule.len));
    }
    return machine_table(lang_pick(lang, "Notices", "督办单"), lang_pick(lang, "notice", "督办单"),
                         lang_pick(lang, "given when", "何时发出"), rows);
}

static json_t *formula_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < ASSESS_PARTS; i++) {
        const struct assess_rule *r = &assess_rules[i];
        json_array_append_new(
            rows, json_pack("[o, s]",
                            json_sprintf("%s (%d)", lang_pick(lang, r->en, r->zh), (int)r->weight),
                            lang_pick(lang, r->how_en, r->how_zh)));
    }
    json_array_append_new(
        rows, json_pack("[s, s]", lang_pick(lang, "points off", "扣分"), assess_off_rule(lang)));
    json_array_append_new(rows, json_pack("[s, s]", lang_pick(lang, "credited to", "计入对象"),
                                          assess_credit_rule(lang)));
    return machine_table(lang_pick(lang, "Assessment", "考核"),
                         lang_pick(lang, "part (points)", "构成（分值）"),
                         lang_pick(lang, "what counts", "计算方法"), rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    (void)err;
    return machine_print(call, machine_states_json(&supervise_machine, "line", lang),
                         machine_rules_json(&supervise_machine, lang),
                         json_pack("[o, o]", notices_json(call->arena, lang), formula_json(lang)));
}

const struct command command_supervision_states = {
    .name = "supervision states",
    .least = 0,
    .most = 0,
    .en =
        "Say what leads a line under supervision from state to state, who may, and what it takes.",
    .zh = "说明督办事项如何由一个环节进入另一环节、由谁进行、需要什么。",
    .example = "chancery supervision states --json",
    .json = true,
    .run = run_states,
};
