/* `chancery reviews`: the machines that joint reviews and the steps of all procedures go by. */
#include <jansson.h>

#include "cli/command.h"
#include "ledger/review.h"

static json_t *state_json(const char *name, const char *words, const char *of)
{
    return json_pack("{s:s, s:s, s:s}", "state", name, "words", words, "of", of);
}

static json_t *states_json(enum lang lang)
{
    json_t *all = json_array();
    for (int s = REVIEW_DRAFT; s < REVIEW_STATES; s++)
        json_array_append_new(all,
                              state_json(review_state_name((enum review_state)s),
                                         review_state_words((enum review_state)s, lang), "review"));
    for (int s = STEP_WAITING; s < STEP_STATES; s++)
        json_array_append_new(all, state_json(step_state_name((enum step_state)s),
                                              step_state_words((enum step_state)s, lang), "step"));
    return all;
}

static json_t *review_rule_json(const struct review_rule *r, enum lang lang)
{
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = REVIEW_DRAFT; s < REVIEW_STATES; s++)
        if (r->from >> s & 1U)
            json_array_append_new(from, json_string(review_state_name((enum review_state)s)));
    for (unsigned bit = 0; bit < REVIEW_NEEDS_COUNT; bit++)
        if (r->needs >> bit & 1U)
            json_array_append_new(needs, json_string(review_needs_words(1U << bit, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s, s:s, s:o}", "act", review_act_name(r->act), "words",
                     review_act_words(r->act, lang), "from", from, "begins",
                     (int)(r->from & REVIEW_BIT(REVIEW_NONE)), "to", review_state_name(r->to),
                     "who_words", step_who_words(STEP_WHO_HOLDER, lang), "needs", needs);
}

static json_t *step_rule_json(const struct step_rule *r, enum lang lang)
{
    json_t *from = json_array();
    json_t *needs = json_array();
    for (int s = STEP_WAITING; s < STEP_STATES; s++)
        if (r->from >> s & 1U)
            json_array_append_new(from, json_string(step_state_name((enum step_state)s)));
    for (unsigned bit = 0; bit < STEP_NEEDS_COUNT; bit++)
        if (r->needs >> bit & 1U)
            json_array_append_new(needs, json_string(step_needs_words(1U << bit, lang)));
    return json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:o}", "act", step_act_name(r->act), "words",
                     step_act_words(r->act, lang), "from", from, "begins", 0, "to",
                     r->to == STEP_NONE ? NULL : step_state_name(r->to), "who_words",
                     step_who_words(r->who, lang), "needs", needs);
}

static json_t *reasons_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int i = STEP_REASON_NONE + 1; i < STEP_REASONS; i++)
        json_array_append_new(rows, json_pack("[s, s]", step_reason_name((enum step_reason)i),
                                              step_reason_words((enum step_reason)i, lang)));
    return json_pack("{s:s, s:[s, s], s:o}", "heading",
                     lang_pick(lang, "What a question is about", "问题类别"), "columns",
                     lang_pick(lang, "name", "名称"), lang_pick(lang, "in words", "含义"), "rows",
                     rows);
}

static json_t *clock_json(enum lang lang)
{
    static const struct {
        const char *en, *zh, *how_en, *how_zh;
    } RULES[] = {
        {"what counts", "计入的天数",
         "a working day on which no question stood open; the day on which the clock starts does "
         "not count",
         "没有问题待答复的工作日；开始计时的当天不计"},
        {"a question", "提出问题",
         "the clock stands still from its day to the day of the answer, both included; a unit has "
         "its last day after it whole",
         "自提问当日至答复当日均不计时，答复之后仍留有完整的剩余天数"},
        {"the end", "到期",
         "the limit ends with the last moment of its last day by the calendar of the portal",
         "按门户工作日历，时限于最后一天结束时届满"},
        {"silence", "逾期未复",
         "where the step says so, it is consent from the first moment after the last day, unless a "
         "question is open or the calendar does not know the year's holidays yet",
         "步骤注明的，自最后一天结束起视为同意；有问题待答复或工作日历尚无当年放假安排时除外"},
    };
    json_t *rows = json_array();
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        json_array_append_new(rows, json_pack("[s, s]", lang_pick(lang, RULES[i].en, RULES[i].zh),
                                              lang_pick(lang, RULES[i].how_en, RULES[i].how_zh)));
    return json_pack("{s:s, s:[s, s], s:o}", "heading", lang_pick(lang, "The clock", "计时规则"),
                     "columns", lang_pick(lang, "of", "事项"), lang_pick(lang, "rule", "规则"),
                     "rows", rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    json_t *rules = json_array();
    (void)err;
    for (int i = 0; i < REVIEW_ACTS; i++)
        json_array_append_new(rules, review_rule_json(&review_rules[i], call->lang));
    for (int i = 0; i < STEP_ACTS; i++)
        json_array_append_new(rules, step_rule_json(&step_rules[i], call->lang));
    json_t *all = json_pack("{s:o, s:o, s:[o, o]}", "states", states_json(call->lang), "rules",
                            rules, "tables", clock_json(call->lang), reasons_json(call->lang));
    if (call->json) {
        call_print_json(call, all);
        return STATUS_OK;
    }
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        call_say(call, "%s: %s\n", "%s：%s\n", json_string_value(json_object_get(rule, "words")),
                 json_string_value(json_object_get(rule, "who_words")));
    }
    json_decref(all);
    return STATUS_OK;
}

const struct command command_reviews_states = {
    .name = "reviews states",
    .least = 0,
    .most = 0,
    .en =
        "Say what leads a joint review and its steps from state to state, who may, and how clocks run.",
    .zh = "说明联审及其各步骤的状态变化、由谁进行、如何计时。",
    .example = "chancery reviews states --json",
    .json = true,
    .run = run_states,
};
