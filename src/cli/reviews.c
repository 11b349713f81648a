/* `chancery reviews`: the machines that joint reviews and the steps of all procedures go by. */
#include "cli/machine.h"
#include "ledger/review.h"

static json_t *reasons_json(enum lang lang)
{
    json_t *rows = json_array();
    for (int i = STEP_REASON_NONE + 1; i < STEP_REASONS; i++)
        json_array_append_new(rows, json_pack("[s, s]", step_reason_name((enum step_reason)i),
                                              step_reason_words((enum step_reason)i, lang)));
    return machine_table(lang_pick(lang, "What a question is about", "问题类别"),
                         lang_pick(lang, "name", "名称"), lang_pick(lang, "in words", "含义"),
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
    return machine_table(lang_pick(lang, "The clock", "计时规则"), lang_pick(lang, "of", "事项"),
                         lang_pick(lang, "rule", "规则"), rows);
}

static enum status run_states(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    (void)err;
    return machine_print(call,
                         machine_joined(machine_states_json(&review_machine, "review", lang),
                                        machine_states_json(&step_machine, "step", lang)),
                         machine_joined(machine_rules_json(&review_machine, lang),
                                        machine_rules_json(&step_machine, lang)),
                         json_pack("[o, o]", clock_json(lang), reasons_json(lang)));
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
