/* `chancery risks`: the machine that disposal of a risk goes by, the matrix, and its scales. */
#include <jansson.h>

#include "cli/machine.h"
#include "ledger/risk.h"

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
    return machine_table(heading, lang_pick(lang, "grade", "级别"),
                         lang_pick(lang, "means", "含义"), rows);
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
    return machine_table(lang_pick(lang, "Matrix", "风险矩阵"),
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
    return machine_table(lang_pick(lang, "Levels", "风险等级"), lang_pick(lang, "level", "等级"),
                         lang_pick(lang, "what is to be done", "管控要求"), rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    (void)err;
    return machine_print(
        call, machine_states_json(&risk_machine, "risk", lang),
        machine_rules_json(&risk_machine, lang),
        json_pack("[o, o, o, o]",
                  grades_json(lang, lang_pick(lang, "Likelihood", "可能性"), risk_likelihoods),
                  grades_json(lang, lang_pick(lang, "Impact", "影响程度"), risk_impacts),
                  matrix_json(lang), levels_json(lang)));
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
