/* `chancery policies`: the machines of a policy and its leaflet, the steps of each route, and what is pointed out. */
#include "cli/machine.h"
#include "ledger/policy.h"
#include "ledger/uptake.h"

static json_t *steps_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int route = 0; route < POLICY_ROUTES; route++) {
        size_t count;
        const struct policy_step *steps = policy_steps((enum policy_route)route, &count);
        for (size_t i = 0; i < count; i++)
            json_array_append_new(
                rows,
                json_pack("[o, o]",
                          json_sprintf("%s %zu", machine_words(policy_routes, route, lang), i + 1),
                          json_sprintf("%s%s%lld%s", lang_pick(lang, steps[i].en, steps[i].zh),
                                       lang_pick(lang, ": ", "："), (long long)steps[i].days,
                                       lang_pick(lang, " working days", " 个工作日"))));
    }
    return machine_table(lang_pick(lang, "Steps of each route", "各类型的步骤"),
                         lang_pick(lang, "route", "来源类型"), lang_pick(lang, "step", "步骤"),
                         rows);
}

static json_t *flags_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < UPTAKE_FLAGS; i++)
        json_array_append_new(rows,
                              json_pack("[s, s]", uptake_flag_words((enum uptake_flag)i, lang),
                                        uptake_flag_rule((enum uptake_flag)i, lang)));
    return machine_table(lang_pick(lang, "What is pointed out", "提示规则"),
                         lang_pick(lang, "shown", "提示"), lang_pick(lang, "when", "条件"), rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    (void)err;
    return machine_print(call,
                         machine_joined(machine_states_json(&policy_machine, "policy", lang),
                                        machine_states_json(&leaflet_machine, "leaflet", lang)),
                         machine_joined(machine_rules_json(&policy_machine, lang),
                                        machine_rules_json(&leaflet_machine, lang)),
                         json_pack("[o, o]", steps_json(lang), flags_json(lang)));
}

const struct command command_policies_states = {
    .name = "policies states",
    .least = 0,
    .most = 0,
    .en = "Say what leads a policy and its leaflet from state to state, who may and what it takes; "
          "the steps of each route, and what is pointed out.",
    .zh =
        "说明政策及其明白卡如何由一种状态进入另一种状态、由谁进行、需要什么，以及各类型的步骤和提示规则。",
    .example = "chancery policies states --json",
    .json = true,
    .run = run_states,
};
