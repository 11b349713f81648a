/* Machines of acts as commands say them; see machine.h. */
#include "cli/machine.h"

json_t *machine_states_json(const struct machine *m, const char *of, enum lang lang)
{
    json_t *all = json_array();
    for (int s = 1; s < m->states.count; s++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "state", m->states.at[s].name,
                                             "words", machine_words(m->states, s, lang), "of", of));
    return all;
}

static json_t *rule_json(const struct machine *m, int act, enum lang lang)
{
    const struct machine_rule *rule = &m->rules[act];
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = 1; s < m->states.count; s++)
        if (rule->from >> s & 1U)
            json_array_append_new(from, json_string(m->states.at[s].name));
    for (int n = 0; n < m->needs.count; n++)
        if (rule->needs >> n & 1U)
            json_array_append_new(needs, json_string(machine_words(m->needs, n, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:s, s:o}", "act", m->acts.at[act].name,
                     "words", machine_words(m->acts, act, lang), "from", from, "begins",
                     (int)(rule->from & 1U), "to", rule->to ? m->states.at[rule->to].name : NULL,
                     "who", m->whos.at[rule->who].name, "who_words",
                     machine_words(m->whos, rule->who, lang), "needs", needs);
}

json_t *machine_rules_json(const struct machine *m, enum lang lang)
{
    json_t *all = json_array();
    for (int act = 0; act < m->acts.count; act++)
        json_array_append_new(all, rule_json(m, act, lang));
    return all;
}

json_t *machine_table(const char *heading, const char *what, const char *means, json_t *rows)
{
    return json_pack("{s:s, s:[s, s], s:o}", "heading", heading, "columns", what, means, "rows",
                     rows);
}

json_t *machine_joined(json_t *first, json_t *second)
{
    (void)json_array_extend(first, second);
    json_decref(second);
    return first;
}

enum status machine_print(struct call *call, json_t *states, json_t *rules, json_t *tables)
{
    size_t i;
    json_t *rule;
    json_t *all = json_pack("{s:o, s:o, s:o}", "states", states, "rules", rules, "tables", tables);
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
