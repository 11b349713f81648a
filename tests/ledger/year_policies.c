/* The year's policies: listed, brought into force by the steps of their route, extended, ended, dropped, taken up again. */
#include "year.h"

#include "ledger/policies.h"

static enum status act_on(struct year *y, int64_t line, struct policy_deed act, int64_t day,
                          const struct ledger_deed *deed)
{
    act.route = (enum policy_route)roll(y, POLICY_ROUTES);
    act.source = STR("Paper 12 of the year 〔2028〕12号");
    act.from_day = day + roll(y, 9);
    act.until_day = act.from_day + roll(y, 400);
    act.hoped_granted = roll(y, 900);
    act.hoped_paid = roll(y, 90000);
    act.hoped_day = day + roll(y, 200);
    act.words = STR("As it was decided 按会议决定");
    return ledger_act_on_policy(y->c.arena, y->c.store, y->calendar, line, &act, deed->now_ms,
                                &y->c.err);
}

static enum status do_list(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct line line = {.kind = LEDGER_POLICY,
                        .title = STR("Grants for small firms 小微企业补助"),
                        .state = LINE_PROPOSED,
                        .unit = 1 + roll(y, UNITS),
                        .lead = roll(y, MEMBERS + 1),
                        .due_day = day + roll(y, 120)};
    if (is_crowded(y, LEDGER_POLICY))
        return STATUS_CONFLICT;
    enum status status = ledger_make_line(y->c.arena, y->c.store, &line, deed, &y->c.err);
    struct policy_deed list = {.act = POLICY_ACT_LIST, .actor = 1};
    return status ? status : act_on(y, line.id, list, day, deed);
}

static enum status do_policy(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_POLICY);
    struct policy_deed act = {.act = (enum policy_act)roll(y, POLICY_ACTS),
                              .actor = somebody_of(y, line)};
    if ((act.act == POLICY_ACT_DROP || act.act == POLICY_ACT_END) && roll(y, 9))
        return STATUS_CONFLICT;
    return line ? act_on(y, line, act, day, deed) : STATUS_MISSING;
}

static const char *const NEVER[] = {
    /* what is in force says which paper it is and since when, and has no step that runs */
    "SELECT line FROM policy WHERE state = 'in-force' AND (source = '' OR from_day IS NULL)",
    "SELECT p.line FROM policy p JOIN step s ON s.line = p.line WHERE p.state <> 'underway' AND"
    " s.state IN ('open', 'asked')",
    "SELECT line FROM policy WHERE until_day < from_day",
    /* a policy and its line say the same */
    "SELECT p.line FROM policy p JOIN line l ON l.id = p.line WHERE l.state <> CASE p.state"
    " WHEN 'listed' THEN 'proposed' WHEN 'ended' THEN 'done' WHEN 'dropped' THEN 'closed'"
    " ELSE 'active' END",
    NULL,
};
static const char *const SOME[] = {
    "SELECT line FROM policy WHERE state = 'in-force'",
    "SELECT s.id FROM step s JOIN policy p ON p.line = s.line WHERE s.state = 'done'",
    NULL,
};
static const struct year_deed DEEDS[] = {{2, 1, do_list}, {5, 6, do_policy}, {0}};

const struct year_part year_of_policies = {DEEDS, NEVER, SOME, NULL, NULL};
