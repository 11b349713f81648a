/* `chancery projects`: the machines that a project and its watches go by. */
#include <jansson.h>

#include "cli/command.h"
#include "ledger/project.h"

/* Both machines say the same of a row, in names of their own. */
struct row {
    const char *act, *words, *to, *to_words, *of;
    unsigned from;
    enum project_who who;
    unsigned needs;
};

static const char *const WHO_NAMES[PROJECT_WHOS] = {"member", "keeper", "decider", "lead",
                                                    "checker"};

static struct row project_row(int act, enum lang lang)
{
    const struct project_rule *r = &project_rules[act];
    return (struct row){project_act_name(r->act),
                        project_act_words(r->act, lang),
                        r->to == PROJECT_NONE ? NULL : project_state_name(r->to),
                        project_state_words(r->to, lang),
                        "project",
                        r->from,
                        r->who,
                        r->needs};
}

static struct row watch_row(int act, enum lang lang)
{
    const struct watch_rule *r = &watch_rules[act];
    return (struct row){watch_act_name(r->act),
                        watch_act_words(r->act, lang),
                        r->to == WATCH_NONE ? NULL : watch_state_name(r->to),
                        watch_state_words(r->to, lang),
                        "watch",
                        r->from,
                        r->who,
                        r->needs};
}

static const char *state_name(const struct row *row, int state)
{
    return row->of[0] == 'p' ? project_state_name((enum project_state)state)
                             : watch_state_name((enum watch_state)state);
}

static json_t *rule_json(const struct row *row, enum lang lang)
{
    json_t *from = json_array();
    json_t *needs = json_array();
    int states = row->of[0] == 'p' ? (int)PROJECT_STATES : (int)WATCH_STATES;
    for (int s = 1; s < states; s++)
        if (row->from >> s & 1U)
            json_array_append_new(from, json_string(state_name(row, s)));
    for (unsigned bit = 0; bit < PROJECT_NEEDS_COUNT; bit++)
        if (row->needs >> bit & 1U)
            json_array_append_new(needs, json_string(project_needs_words(1U << bit, lang)));
    return json_pack("{s:s, s:s, s:s, s:o, s:s?, s:s, s:s, s:o}", "of", row->of, "act", row->act,
                     "words", row->words, "from", from, "to", row->to, "who", WHO_NAMES[row->who],
                     "who_words", project_who_words(row->who, lang), "needs", needs);
}

static json_t *states_json(enum lang lang)
{
    json_t *all = json_array();
    for (int s = PROJECT_PROPOSED; s < PROJECT_STATES; s++)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "state",
                                             project_state_name((enum project_state)s), "words",
                                             project_state_words((enum project_state)s, lang), "of",
                                             "project"));
    for (int s = WATCH_OPEN; s < WATCH_STATES; s++)
        json_array_append_new(
            all, json_pack("{s:s, s:s, s:s}", "state", watch_state_name((enum watch_state)s),
                           "words", watch_state_words((enum watch_state)s, lang), "of", "watch"));
    return all;
}

static void say_rule(struct call *call, const struct row *row)
{
    call_say(call, "%s: %s%s; %s\n", "%s：%s%s；%s\n", row->words, row->to ? "→ " : "",
             row->to ? row->to_words : "–", project_who_words(row->who, call->lang));
}

static enum status run_states(struct call *call, struct error *err)
{
    json_t *rules = json_array();
    (void)err;
    for (int i = 0; i < PROJECT_ACTS + WATCH_ACTS; i++) {
        struct row row =
            i < PROJECT_ACTS ? project_row(i, call->lang) : watch_row(i - PROJECT_ACTS, call->lang);
        if (call->json)
            json_array_append_new(rules, rule_json(&row, call->lang));
        else
            say_rule(call, &row);
    }
    if (call->json)
        call_print_json(call,
                        json_pack("{s:o, s:o}", "states", states_json(call->lang), "rules", rules));
    else
        json_decref(rules);
    return STATUS_OK;
}

const struct command command_projects_states = {
    .name = "projects states",
    .least = 0,
    .most = 0,
    .en =
        "Say what leads a project and its watches from state to state, who may, and what it takes.",
    .zh = "说明项目及其五盯如何由一个状态进入另一状态、由谁进行、需要什么。",
    .example = "chancery projects states --json",
    .json = true,
    .run = run_states,
};
