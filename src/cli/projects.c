/* `chancery projects`: the machines that a project and its watches go by. */
#include "cli/machine.h"
#include "ledger/project.h"

static enum status run_states(struct call *call, struct error *err)
{
    enum lang lang = call->lang;
    (void)err;
    return machine_print(call,
                         machine_joined(machine_states_json(&project_machine, "project", lang),
                                        machine_states_json(&watch_machine, "watch", lang)),
                         machine_joined(machine_rules_json(&project_machine, lang),
                                        machine_rules_json(&watch_machine, lang)),
                         json_array());
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
