/* `chancery policies`: the machines of a policy and its leaflet, the steps of each route, and what is pointed out. */
#include <jansson.h>

#include "cli/command.h"
#include "ledger/policy.h"
#include "ledger/uptake.h"

static void add_states(json_t *all, const struct machine *m, const char *of, enum lang lang)
{
    for (int s = 1; s < m->states.count; s++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "state", m->states.at[s].name,
                                             "words", machine_words(m->states, s, lang), "of", of));
}

static json_t *rule_json(const struct machine *m, int act, enum lang lang)
{
    const struct machine_rule *r = &m->rules[act];
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = 1; s < m->states.count; s++)
        if (r->from >> s & 1U)
            json_array_append_new(from, json_string(m->states.at[s].name));
    for (int bit = 0; bit < m->needs.count; bit++)
        if (r->needs >> bit & 1U)
            json_array_append_new(needs, json_string(machine_words(m->needs, bit, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:o}", "act", m->acts.at[act].name, "words",
                     machine_words(m->acts, act, lang), "from", from, "begins",
                     (int)(r->from & MACHINE_BIT(0)), "to", r->to ? m->states.at[r->to].name : NULL,
                     "who_words", machine_words(m->whos, r->who, lang), "needs", needs);
}

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
    return json_pack("{s:s, s:[s, s], s:o}", "heading",
                     lang_pick(lang, "Steps of each route", "各类型的步骤"), "columns",
                     lang_pick(lang, "route", "来源类型"), lang_pick(lang, "step", "步骤"), "rows",
                     rows);
}

static json_t *flags_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < UPTAKE_FLAGS; i++)
        json_array_append_new(rows,
                              json_pack("[s, s]", uptake_flag_words((enum uptake_flag)i, lang),
                                        uptake_flag_rule((enum uptake_flag)i, lang)));
    return json_pack(
        "{s:s, s:[s, s], s:o}", "heading", lang_pick(lang, "What is pointed out", "提示规则"),
        "columns", lang_pick(lang, "shown", "提示"), lang_pick(lang, "when", "条件"), "rows", rows);
}

static json_t *all_json(enum lang lang)
{
    json_t *states = json_array();
    json_t *rules = json_array();
    add_states(states, &policy_machine, "policy", lang);
    add_states(states, &leaflet_machine, "leaflet", lang);
    for (int i = 0; i < POLICY_ACTS; i++)
        json_array_append_new(rules, rule_json(&policy_machine, i, lang));
    for (int i = 0; i < LEAFLET_ACTS; i++)
        json_array_append_new(rules, rule_json(&leaflet_machine, i, lang));
    return json_pack("{s:o, s:o, s:[o, o]}", "states", states, "rules", rules, "tables",
                     steps_json(lang), flags_json(lang));
}

static void say_acts(struct call *call, const struct machine *m)
{
    for (int i = 0; i < m->acts.count; i++) {
        int to = m->rules[i].to;
        call_say(call, "%s: %s%s; %s\n", "%s：%s%s；%s\n", machine_words(m->acts, i, call->lang),
                 to ? "→ " : "", to ? machine_words(m->states, to, call->lang) : "–",
                 machine_words(m->whos, m->rules[i].who, call->lang));
    }
}

static enum status run_states(struct call *call, struct error *err)
{
    (void)err;
    if (call->json) {
        call_print_json(call, all_json(call->lang));
        return STATUS_OK;
    }
    say_acts(call, &policy_machine);
    say_acts(call, &leaflet_machine);
    return STATUS_OK;
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
