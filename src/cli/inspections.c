/* `chancery inspections`: the machine that a tour of inspection goes by, and the rules that settle its scores. */
#include <jansson.h>

#include "cli/command.h"
#include "ledger/inspect.h"
#include "ledger/rank.h"

#define MACHINE (&inspect_machine)

static json_t *states_json(enum lang lang)
{
    json_t *all = json_array();
    for (int s = INSPECT_PLANNED; s < INSPECT_STATES; s++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "state", MACHINE->states.at[s].name,
                                             "words", machine_words(MACHINE->states, s, lang), "of",
                                             "tour"));
    return all;
}

static json_t *rule_json(int act, enum lang lang)
{
    const struct machine_rule *rule = &MACHINE->rules[act];
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = INSPECT_PLANNED; s < INSPECT_STATES; s++)
        if (rule->from >> s & 1U)
            json_array_append_new(from, json_string(MACHINE->states.at[s].name));
    for (int n = 0; n < MACHINE->needs.count; n++)
        if (rule->needs >> n & 1U)
            json_array_append_new(needs, json_string(machine_words(MACHINE->needs, n, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:o}", "act", MACHINE->acts.at[act].name,
                     "words", machine_words(MACHINE->acts, act, lang), "from", from, "begins",
                     (int)(rule->from & MACHINE_BIT(INSPECT_NONE)), "to",
                     rule->to ? MACHINE->states.at[rule->to].name : NULL, "who_words",
                     machine_words(MACHINE->whos, rule->who, lang), "needs", needs);
}

static json_t *rules_json(enum lang lang)
{
    json_t *all = json_array();
    for (int act = 0; act < INSPECT_ACTS; act++)
        json_array_append_new(all, rule_json(act, lang));
    return all;
}

static json_t *ranking_json(struct arena *arena, enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < RANK_RULES; i++) {
        struct rank_by by = {(enum rank_rule)i, 15};
        struct str words = rank_rule_words(arena, by, lang);
        json_array_append_new(
            rows, json_pack("[s, s%]", rank_rule_title(by.rule, lang), words.at, words.len));
    }
    return json_pack(
        "{s:s, s:[s, s], s:o}", "heading",
        lang_pick(lang, "Rules for the scores of several people", "多人评分的处理规则"), "columns",
        lang_pick(lang, "rule", "规则"), lang_pick(lang, "in full", "全文"), "rows", rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    json_t *rules = rules_json(call->lang);
    size_t i;
    json_t *rule;
    (void)err;
    json_t *all = json_pack("{s:o, s:o, s:[o]}", "states", states_json(call->lang), "rules", rules,
                            "tables", ranking_json(call->arena, call->lang));
    if (call->json) {
        call_print_json(call, all);
        return STATUS_OK;
    }
    json_array_foreach(rules, i, rule)
        call_say(call, "%s: %s\n", "%s：%s\n", json_string_value(json_object_get(rule, "words")),
                 json_string_value(json_object_get(rule, "who_words")));
    json_decref(all);
    return STATUS_OK;
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
