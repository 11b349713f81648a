/* `chancery risks`: the machine that disposal of a risk goes by, the matrix, and its scales. */
#include <jansson.h>

#include "cli/command.h"
#include "ledger/risk.h"

static json_t *states_json(enum lang lang)
{
    json_t *all = json_array();
    for (int s = RISK_ASSESSED; s < RISK_STATES; s++)
        json_array_append_new(
            all, json_pack("{s:s, s:s, s:s}", "state", risk_state_name((enum risk_state)s), "words",
                           risk_state_words((enum risk_state)s, lang), "of", "risk"));
    return all;
}

static json_t *rule_json(const struct risk_rule *r, enum lang lang)
{
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = RISK_ASSESSED; s < RISK_STATES; s++)
        if (r->from >> s & 1U)
            json_array_append_new(from, json_string(risk_state_name((enum risk_state)s)));
    for (unsigned bit = 0; bit < RISK_NEEDS_COUNT; bit++)
        if (r->needs >> bit & 1U)
            json_array_append_new(needs, json_string(risk_needs_words(1U << bit, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:o}", "act", risk_act_name(r->act), "words",
                     risk_act_words(r->act, lang), "from", from, "begins",
                     (int)(r->from & RISK_BIT(RISK_NONE)), "to",
                     r->to == RISK_NONE ? NULL : risk_state_name(r->to), "who_words",
                     risk_who_words(r->who, lang), "needs", needs);
}

static json_t *table_json(const char *heading, const char *what, const char *means, json_t *rows)
{
    return json_pack("{s:s, s:[s, s], s:o}", "heading", heading, "columns", what, means, "rows",
                     rows);
}

static json_t *grades_json(enum lang lang, const char *heading,
                           const struct risk_grade grades[RISK_SCALE])
{
    json_t *rows = json_array();
    for (int i = 0; i < RISK_SCALE; i++)
        json_array_append_new(
            rows,
            json_pack("[o, s]",
                      json_sprintf("%d %s", i + 1, lang_pick(lang, grades[i].en, grades[i].zh)),
                      lang_pick(lang, grades[i].how_en, grades[i].how_zh)));
    return table_json(heading, lang_pick(lang, "grade", "级别"), lang_pick(lang, "means", "含义"),
                      rows);
}

/* Each likelihood with the levels of the five impacts. */
static json_t *matrix_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int l = RISK_SCALE; l >= 1; l--) {
        const char *words[RISK_SCALE];
        for (int i = 0; i < RISK_SCALE; i++)
            words[i] = risk_level_words(risk_level_of(l, i + 1), lang);
        json_array_append_new(rows,
                              json_pack("[o, o]", json_sprintf("%d", l),
                                        json_sprintf("%s · %s · %s · %s · %s", words[0], words[1],
                                                     words[2], words[3], words[4])));
    }
    return table_json(lang_pick(lang, "Matrix", "风险矩阵"),
                      lang_pick(lang, "likelihood", "可能性"),
                      lang_pick(lang, "level at impact 1 · 2 · 3 · 4 · 5",
                                "影响程度 1 · 2 · 3 · 4 · 5 级时的等级"),
                      rows);
}

static json_t *levels_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int i = RISK_EXTREME; i > RISK_NO_LEVEL; i--)
        json_array_append_new(rows, json_pack("[s, s]", risk_level_words((enum risk_level)i, lang),
                                              risk_level_rule((enum risk_level)i, lang)));
    return table_json(lang_pick(lang, "Levels", "风险等级"), lang_pick(lang, "level", "等级"),
                      lang_pick(lang, "what is to be done", "管控要求"), rows);
}

static json_t *all_json(enum lang lang)
{
    json_t *rules = json_array();
    for (int i = 0; i < RISK_ACTS; i++)
        json_array_append_new(rules, rule_json(&risk_rules[i], lang));
    return json_pack("{s:o, s:o, s:[o, o, o, o]}", "states", states_json(lang), "rules", rules,
                     "tables",
                     grades_json(lang, lang_pick(lang, "Likelihood", "可能性"), risk_likelihoods),
                     grades_json(lang, lang_pick(lang, "Impact", "影响程度"), risk_impacts),
                     matrix_json(lang), levels_json(lang));
}

static enum status run_states(struct call *call, struct error *err)
{
    (void)err;
    if (call->json)
        call_print_json(call, all_json(call->lang));
    for (int i = 0; !call->json && i < RISK_ACTS; i++)
        call_say(
            call, "%s: %s%s; %s\n", "%s：%s%s；%s\n", risk_act_words(risk_rules[i].act, call->lang),
            risk_rules[i].to == RISK_NONE ? "" : "→ ",
            risk_rules[i].to == RISK_NONE ? "–" : risk_state_words(risk_rules[i].to, call->lang),
            risk_who_words(risk_rules[i].who, call->lang));
    return STATUS_OK;
}

const struct command command_risks_states = {
    .name = "risks states",
    .least = 0,
    .most = 0,
    .en =
        "Say what leads a risk from state to state, who may and what it takes; the matrix and its "
        "scales.",
    .zh = "说明风险如何由一种状态进入另一种状态、由谁进行、需要什么，以及风险矩阵和分级标准。",
    .example = "chancery risks states --json",
    .json = true,
    .run = run_states,
};
