/* `chancery inspections`: the machine that a tour of inspection goes by, and the rules that settle its scores. */
#include "cli/machine.h"
#include "ledger/inspect.h"
#include "ledger/rank.h"

static json_t *ranking_json(struct arena *arena, enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < RANK_RULES; i++) {
        struct rank_by by = {(enum rank_rule)i, 15};
        struct str words = rank_rule_words(arena, by, lang);
        json_array_append_new(
            rows, json_pack("[s, s%]", rank_rule_title(by.rule, lang), words.at, words.len));
    }
    return machine_table(
        lang_pick(lang, "Rules for the scores of several people", "多人评分的处理规则"),
        lang_pick(lang, "rule", "规则"), lang_pick(lang, "in full", "全文"), rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    (void)err;
    return machine_print(call, machine_states_json(&inspect_machine, "tour", call->lang),
                         machine_rules_json(&inspect_machine, call->lang),
                         json_pack("[o]", ranking_json(call->arena, call->lang)));
}

const struct command command_inspections_states = {
    .name = "inspections states",
    .least = 0,
    .most = 0,
    .en =
        "Say what leads a tour of inspection from state to state, who may, and what it takes; and "
        "the rules that settle its scores.",
    .zh = "说明观摩督导如何由一个环节进入另一环节、由谁进行、需要什么，以及多人评分的处理规则。",
    .example = "chancery inspections states --json",
    .json = true,
    .run = run_states,
};
