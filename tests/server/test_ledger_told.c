/* What events of the ledger hold, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ledger/inspect.h"
#include "ledger/policy.h"
#include "ledger/project.h"
#include "ledger/rectify.h"
#include "ledger/review.h"
#include "ledger/risk.h"
#include "ledger/session.h"
#include "ledger/step.h"
#include "ledger/supervise.h"
#include "server/ledger_told.h"

static void every_act_of_every_machine_is_told_as_done(void **state)
{
    static const struct {
        const char *event;
        const struct machine *machine;
    } machines[] = {
        {"line.project", &project_machine},    {"line.watch", &watch_machine},
        {"line.review", &review_machine},      {"line.step", &step_machine},
        {"line.study", &session_machine},      {"line.rectification", &rectify_machine},
        {"line.policy", &policy_machine},      {"line.leaflet", &leaflet_machine},
        {"line.risk", &risk_machine},          {"line.supervision", &supervise_machine},
        {"line.inspection", &inspect_machine},
    };
    (void)state;
    for (size_t m = 0; m < sizeof machines / sizeof *machines; m++) {
        struct machine_terms acts = machines[m].machine->acts;
        for (int i = 0; i < acts.count; i++) {
            struct str name = str_of(acts.at[i].name);
            const char *told = ledger_told(str_of(machines[m].event), STR("act"), name, LANG_EN);
            assert_non_null(told); /* else the act has no words of what was done */
            assert_true(strlen(told) > 0);
            assert_string_equal(ledger_told(str_of(machines[m].event), STR("act"), name, LANG_ZH),
                                acts.at[i].zh);
        }
    }
}

static void a_value_is_told_by_the_event_that_it_stands_in(void **state)
{
    static const struct {
        const char *event, *name, *value, *en, *zh;
    } cases[] = {
        {"line.risk", "act", "report", "Disposal said to be done", "处置报结"},
        {"line.watch", "act", "report", "Reported as reached", "报告已达到"},
        {"line.campaign", "act", "take-out", "Lines taken out", "移出条目"},
        {"line.study", "act", "attendance", "Attendance noted", "登记到会情况"},
        {"line.indicator", "direction", "up", "More is better", "越高越好"},
        {"line.urged", "kind", "blue", "Blue notice", "蓝色督办单"},
        {"clash.found", "aspect", "date", "Dates", "时间"},
        {"line.made", "kind", "sweep", "Sweep", "排查"},
        {"line.risk", "level", "none", "", ""},
        {"line.risk", "act", "no-such", "", ""},
        {"line.said", "act", "report", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int zh = 0; zh < 2; zh++)
            assert_string_equal(ledger_told(str_of(cases[i].event), str_of(cases[i].name),
                                            str_of(cases[i].value), zh ? LANG_ZH : LANG_EN),
                                zh ? cases[i].zh : cases[i].en);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_of_every_machine_is_told_as_done),
        cmocka_unit_test(a_value_is_told_by_the_event_that_it_stands_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
