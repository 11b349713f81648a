/* `chancery supervision`: the machine that supervision goes by, the rules of its notices, and the formula of assessment. */
#include <jansson.h>

#include "cli/command.h"
#include "ledger/assess.h"
#include "ledger/supervise.h"
#include "ledger/urge.h"

static json_t *states_json(enum lang lang)
{
    json_t *all = json_array();
    for (int s = SUPERVISE_ENTERED; s < SUPERVISE_STATES; s++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "state",
                                             supervise_state_name((enum supervise_state)s), "words",
                                             supervise_state_words((enum supervise_state)s, lang),
                                             "of", "line"));
    return all;
}

static json_t *rule_json(const struct supervise_rule *r, enum lang lang)
{
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = SUPERVISE_ENTERED; s < SUPERVISE_STATES; s++)
        if (r->from >> s & 1U)
            json_array_append_new(from, json_string(supervise_state_name((enum supervise_state)s)));
    for (unsigned bit = 0; bit < SUPERVISE_NEEDS_COUNT; bit++)
        if (r->needs >> bit & 1U)
            json_array_append_new(needs, json_string(supervise_needs_words(1U << bit, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:o}", "act", supervise_act_name(r->act),
                     "words", supervise_act_words(r->act, lang), "from", from, "begins",
                     (int)(r->from & SUPERVISE_BIT(SUPERVISE_NONE)), "to",
                     r->to == SUPERVISE_NONE ? NULL : supervise_state_name(r->to), "who_words",
                     supervise_who_words(r->who, lang), "needs", needs);
}

static json_t *table_json(const char *heading, const char *what, const char *when, json_t *rows)
{
    return json_pack("{s:s, s:[s, s], s:o}", "heading", heading, "columns", what, when, "rows",
                     rows);
}

/* By the numbers that count until somebody sets others. */
static json_t *notices_json(struct arena *arena, enum lang lang)
{
    json_t *rows = json_array();
    for (int i = 0; i < URGE_CAUSES; i++) {
        struct str rule = urge_rule_words(arena, (enum urge_cause)i, &ledger_limits_default, lang);
        json_array_append_new(rows, json_pack("[s, s%]", urge_kind_words(urge_rules[i].kind, lang),
                                              rule.at, rule.len));
    }
    return table_json(lang_pick(lang, "Notices", "督办单"), lang_pick(lang, "notice", "督办单"),
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
    return table_json(lang_pick(lang, "Assessment", "考核"),
                      lang_pick(lang, "part (points)", "构成（分值）"),
                      lang_pick(lang, "what counts", "计算方法"), rows);
}

static void say_rule(struct call *call, const struct supervise_rule *r)
{
    call_say(call, "%s: %s%s; %s\n", "%s：%s%s；%s\n", supervise_act_words(r->act, call->lang),
             r->to == SUPERVISE_NONE ? "" : "→ ",
             r->to == SUPERVISE_NONE ? "–" : supervise_state_words(r->to, call->lang),
             supervise_who_words(r->who, call->lang));
}

static enum status run_states(struct call *call, struct error *err)
{
    json_t *rules = json_array();
    (void)err;
    for (int i = 0; i < SUPERVISE_ACTS; i++)
        if (call->json)
            json_array_append_new(rules, rule_json(&supervise_rules[i], call->lang));
        else
            say_rule(call, &supervise_rules[i]);
    if (call->json)
        call_print_json(call,
                        json_pack("{s:o, s:o, s:[o, o]}", "states", states_json(call->lang),
                                  "rules", rules, "tables", notices_json(call->arena, call->lang),
                                  formula_json(call->lang)));
    else
        json_decref(rules);
    return STATUS_OK;
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
