/* The year's campaigns: lines are chosen, pushed, aimed anew and taken out, and each night it is kept how they stand. */
#include "year.h"

#include "ledger/campaigning.h"

static enum status act(struct year *y, int64_t line, enum campaign_act what, int64_t day,
                       const struct ledger_deed *deed)
{
    int64_t lines[4];
    struct campaign_outcome outcome;
    for (int i = 0; i < 4; i++)
        lines[i] = any_line(y);
    if (what != CAMPAIGN_ADD && roll(y, 2))
        lines[0] = pick(
            y, "SELECT line FROM campaign_line WHERE campaign = ?1 AND left_day IS NULL", line);
    struct campaign_deed how = {.act = what,
                                .lines = lines,
                                .nlines = what == CAMPAIGN_ADD ? 4 : 1,
                                .aim = 1 + roll(y, 100),
                                .points = 1 + roll(y, 9),
                                .words = STR("It is open 建成"),
                                .rule = (enum campaign_rule)roll(y, CAMPAIGN_RULES),
                                .over = (enum campaign_over)roll(y, CAMPAIGN_OVERS),
                                .due_day = day + roll(y, 90),
                                .today = day,
                                .said = *deed};
    return ledger_campaign(y->c.arena, y->c.store, line, &how, &outcome, &y->c.err);
}

static enum status do_make(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t begins = day + roll(y, 5);
    struct line line = {.kind = LEDGER_CAMPAIGN,
                        .title = STR("Push 攻坚"),
                        .state = LINE_PROPOSED,
                        .lead = roll(y, MEMBERS + 1),
                        .begins_day = begins,
                        .due_day = begins + (roll(y, 2) ? 59 : 99)};
    if (is_crowded(y, LEDGER_CAMPAIGN))
        return STATUS_CONFLICT;
    enum status status = ledger_make_line(y->c.arena, y->c.store, &line, deed, &y->c.err);
    if (!status)
        status = act(y, line.id, CAMPAIGN_ADD, day, deed);
    return status || roll(y, 3) == 0 ? status : act(y, line.id, CAMPAIGN_START, day, deed);
}

static enum status do_campaign(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    enum campaign_act what = (enum campaign_act)roll(y, CAMPAIGN_ACTS);
    int64_t line = any_of_kind(y, LEDGER_CAMPAIGN);
    if ((what == CAMPAIGN_DROP || what == CAMPAIGN_END) && roll(y, 5))
        what = CAMPAIGN_ADD;
    return line ? act(y, line, what, day, deed) : STATUS_MISSING;
}

static enum status night(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return ledger_keep_campaigns(y->c.store, deed->now_ms, &y->c.err);
}

static const char *const NEVER[] = {
    /* a day that was kept has every line that was in it then, and no other */
    "SELECT c.line FROM campaign c JOIN campaign_line n ON n.campaign = c.line AND n.joined_day <="
    " c.kept_day AND (n.left_day IS NULL OR n.left_day > c.kept_day) LEFT JOIN campaign_day d ON"
    " d.campaign = c.line AND d.day = c.kept_day AND d.line = n.line JOIN line l ON l.id = c.line"
    " WHERE d.line IS NULL AND l.begins_day <= c.kept_day",
    "SELECT d.campaign FROM campaign_day d WHERE NOT EXISTS (SELECT 1 FROM campaign_line n WHERE"
    " n.campaign = d.campaign AND n.line = d.line AND n.joined_day <= d.day)",
    "SELECT campaign FROM campaign_day WHERE progress NOT BETWEEN 0 AND 100",
    "SELECT campaign FROM campaign_line WHERE left_day < joined_day",
    "SELECT n.campaign FROM campaign_line n JOIN line l ON l.id = n.line WHERE l.kind = 'campaign'",
    NULL,
};
static const struct year_deed DEEDS[] = {{2, 1, do_make}, {6, 2, do_campaign}, {0}};

static const char *const SOME[] = {
    "SELECT c.line FROM campaign c JOIN line l ON l.id = c.line WHERE l.state = 'done'",
    "SELECT campaign FROM campaign_day",
    "SELECT line FROM campaign_line WHERE left_day IS NOT NULL",
    NULL,
};

const struct year_part year_of_campaigns = {DEEDS, NEVER, SOME, NULL, night};
