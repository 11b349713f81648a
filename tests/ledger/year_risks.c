/* The year's risks: assessed, watched by figures, disposed of by measures (steps, acted on in
 * year_reviews.c), judged by another, borne or gone. */
#include "year.h"

#include "ledger/monitor.h"
#include "ledger/register.h"

static enum status do_make(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct line line = {.kind = LEDGER_RISK,
                        .title = STR("The dam leaks 大坝渗漏"),
                        .state = LINE_ACTIVE,
                        .unit = 1 + roll(y, UNITS),
                        .lead = roll(y, MEMBERS + 1),
                        .weight = 1};
    struct risk_deed enter = {.act = RISK_ENTER,
                              .actor = 1,
                              .today = day,
                              .category = (enum risk_category)roll(y, RISK_CATEGORIES),
                              .likelihood = 1 + roll(y, RISK_SCALE),
                              .impact = 1 + roll(y, RISK_SCALE)};
    if (is_crowded(y, LEDGER_RISK))
        return STATUS_CONFLICT;
    enum status status = ledger_make_line(y->c.arena, y->c.store, &line, deed, &y->c.err);
    return status ? status
                  : ledger_act_on_risk(y->c.arena, y->c.store, y->calendar, line.id, &enter,
                                       deed->now_ms, &y->c.err);
}

static enum status do_risk(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_RISK);
    struct risk_deed act = {.act = (enum risk_act)roll(y, RISK_ACTS),
                            .actor = somebody_of(y, line),
                            .today = day,
                            .category = (enum risk_category)roll(y, RISK_CATEGORIES),
                            .likelihood = roll(y, RISK_SCALE + 1),
                            .impact = 1 + roll(y, RISK_SCALE),
                            .words = STR("Looked at 已研判"),
                            .unit = 1 + roll(y, UNITS),
                            .limit_days = 1 + roll(y, 20),
                            .after = roll(y, 2)};
    if ((act.act == RISK_CLOSE || act.act == RISK_ACCEPT || act.act == RISK_REASSESS) && roll(y, 6))
        return STATUS_CONFLICT;
    return line ? ledger_act_on_risk(y->c.arena, y->c.store, y->calendar, line, &act, deed->now_ms,
                                     &y->c.err)
                : STATUS_MISSING;
}

static enum status do_threshold(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_RISK);
    int64_t indicator = pick(y, "SELECT line FROM indicator WHERE ?1 = 0", 0);
    struct threshold marks = {.warn = roll(y, 90000),
                              .act = roll(y, 90000),
                              .margin = roll(y, 900),
                              .months = 1 + (int)roll(y, 3)};
    struct str key =
        ask_text(y, "SELECT key FROM risk_threshold WHERE line = ?1 AND ended_ms IS NULL", line);
    (void)day;
    if (!line)
        return STATUS_MISSING;
    return roll(y, 4) ? ledger_set_threshold(y->c.arena, y->c.store, line, indicator, &marks,
                                             somebody(y), deed, &y->c.err)
                      : ledger_end_threshold(y->c.store, line, key, deed, &y->c.err);
}

static const char *const NEVER[] = {
    /* who says that disposal is done neither judges what is left nor bears it */
    "SELECT r.line FROM risk r JOIN risk_act a ON a.id = (SELECT max(id) FROM risk_act j WHERE"
    " j.line = r.line AND j.act = 'judge') WHERE r.state = 'judged' AND a.member = r.told_by",
    /* the highest level is not borne */
    "SELECT r.line FROM risk r WHERE r.state = 'accepted' AND " RISK_STANDING_SQL " = 4",
    /* a risk and its line say the same */
    "SELECT r.line FROM risk r JOIN line l ON l.id = r.line WHERE l.state <> CASE r.state"
    " WHEN 'accepted' THEN 'done' WHEN 'closed' THEN 'closed' ELSE 'active' END",
    /* disposal that runs has measures; what is judged has none that runs */
    "SELECT s.line FROM step s JOIN risk r ON r.line = s.line WHERE s.state IN ('open', 'asked')"
    " AND r.state NOT IN ('disposing')",
    /* an alarm stands by a threshold that is in force, and once a level */
    "SELECT t.line FROM risk_alarm a JOIN risk_threshold t ON t.id = a.threshold WHERE a.fell_ms IS"
    " NULL AND t.ended_ms IS NOT NULL",
    "SELECT threshold FROM risk_alarm WHERE fell_ms IS NULL GROUP BY threshold, level HAVING"
    " count(*) > 1",
    NULL,
};
static const struct year_deed DEEDS[] = {
    {2, 1, do_make}, {9, 8, do_risk}, {2, 2, do_threshold}, {0}};

static const char *const SOME[] = {
    "SELECT line FROM risk WHERE state IN ('accepted', 'closed')",
    "SELECT line FROM risk_act WHERE act = 'report'",
    "SELECT id FROM risk_alarm WHERE fell_ms IS NOT NULL",
    NULL,
};

const struct year_part year_of_risks = {DEEDS, NEVER, SOME, NULL, NULL};
