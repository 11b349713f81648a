/* The year's lines: people change, report and supervise them, figures come in, plans are frozen. */
#include "year.h"

#include "ledger/freeze.h"
#include "ledger/indicator.h"
#include "ledger/standing.h"
#include "ledger/supervision.h"
#include "ledger/watch.h"

/* Lines whose state is no procedure's own. */
static int64_t plain_line(struct year *y)
{
    int64_t line = ask(y,
                       "SELECT id FROM line WHERE id >= ?1 AND kind IN ('goal', 'field',"
                       " 'milestone', 'indicator') LIMIT 1",
                       any_line(y));
    return line ? line : 1;
}

static enum status change_of(struct year *y, int64_t line, enum line_field field, int64_t number,
                             const struct ledger_deed *deed)
{
    struct line_change change = {.field = field, .number = number, .real = (double)number};
    return ledger_change_line(y->c.store, line, &change, 1, deed, &y->c.err);
}

static enum status change(struct year *y, enum line_field field, int64_t number,
                          const struct ledger_deed *deed)
{
    return change_of(y, any_line(y), field, number, deed);
}

static enum status do_progress(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_PROGRESS, roll(y, 101), deed);
}

static enum status do_due(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    return change(y, LINE_DUE, roll(y, 9) ? day + roll(y, 80) - 20 : 0, deed);
}

static enum status do_state(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change_of(y, plain_line(y), LINE_STATE, roll(y, LINE_STATES), deed);
}

static enum status do_move(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_PARENT, any_line(y), deed);
}

static enum status do_weigh(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_WEIGHT, roll(y, 5), deed);
}

static enum status do_lead(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    (void)day;
    return change(y, LINE_LEAD, roll(y, MEMBERS + 1), deed);
}

static enum status do_make(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    static const enum ledger_kind KINDS[] = {LEDGER_GOAL,    LEDGER_FIELD,     LEDGER_MILESTONE,
                                             LEDGER_PROJECT, LEDGER_INDICATOR, LEDGER_RISK};
    struct line line = {
        .kind = KINDS[roll(y, 6)],
        .title = STR("Something that has to be done 要办的事"),
        .state = roll(y, 8) ? LINE_ACTIVE : LINE_PROPOSED,
        .parent = roll(y, 3) ? any_line(y) : 0,
        .unit = roll(y, UNITS + 1),
        .lead = roll(y, MEMBERS + 1),
        .begins_day = day - roll(y, 60),
        .due_day = day + roll(y, 200),
        .weight = (double)roll(y, 4),
    };
    enum status status = ledger_make_line(y->c.arena, y->c.store, &line, deed, &y->c.err);
    if (status || line.kind != LEDGER_INDICATOR)
        return status;
    struct indicator indicator = {.line = line.id,
                                  .measure = STR("km"),
                                  .places = 1,
                                  .fold = (enum ledger_fold)roll(y, LEDGER_FOLDS),
                                  .begins = ledger_month_of(day) - 14,
                                  .due_day = 10};
    return ledger_define_indicator(y->c.arena, y->c.store, &indicator, deed, &y->c.err);
}

static enum status find_indicator(struct year *y, struct indicator *indicator)
{
    int64_t count = ask(y, "SELECT count(*) FROM indicator WHERE ?1 = 0", 0);
    int64_t line = ask(y, "SELECT line FROM indicator ORDER BY line LIMIT 1 OFFSET ?1",
                       count ? roll(y, count) : 0);
    return ledger_find_indicator(y->c.arena, y->c.store, line, indicator, &y->c.err);
}

static enum status do_actual(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct indicator i;
    enum status status = find_indicator(y, &i);
    int month = ledger_month_of(day) - (int)roll(y, 14);
    int64_t amount = roll(y, 12) ? roll(y, 100000) : LEDGER_NONE;
    return status ? status
                  : ledger_put_actual(y->c.store, &i, month, amount, 1 + roll(y, MEMBERS), deed,
                                      &y->c.err);
}

static enum status do_target(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct indicator i;
    struct indicator_target target = {.year = ledger_month_of(day) / 12 + (int)roll(y, 2),
                                      .whole = roll(y, 1000000),
                                      .split = roll(y, 3) ? LEDGER_EVEN : LEDGER_SEASONAL};
    for (int month = 0; month < 12; month++)
        target.by_hand[month] = roll(y, 6) ? LEDGER_NONE : roll(y, 90000);
    enum status status = find_indicator(y, &i);
    return status ? status
                  : ledger_put_target(y->c.arena, y->c.store, &i, &target, deed, &y->c.err);
}

#define IN_HAND(WHAT) \
    "SELECT " WHAT " FROM supervision WHERE state NOT IN ('struck', 'dropped') AND ?1 = 0"
static enum status do_supervise(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t hands = ask(y, IN_HAND("count(*)"), 0);
    int64_t entered = pick(y,
                           roll(y, 5) ? IN_HAND("line")
                                      : "SELECT line FROM supervision"
                                        " WHERE ?1 = 0",
                           0);
    int64_t line = roll(y, 4) ? plain_line(y) : any_line(y);
    if (entered && (roll(y, 4) || hands > 9 + y->lines / 50))
        line = entered;
    struct supervision_deed act = {
        .act = (enum supervise_act)roll(y, SUPERVISE_ACTS),
        .actor = somebody_of(y, line),
        .today = day,
        .rhythm = RHYTHM_WEEKLY,
        .part = ask_text(y,
                         roll(y, 2) ? "SELECT key FROM supervision_part WHERE line = ?1"
                                      " ORDER BY id DESC"
                                    : "SELECT '' WHERE ?1",
                         line),
        .unit = roll(y, UNITS + 1),
        .member = roll(y, MEMBERS + 1),
        .progress = roll(y, 101),
        .words = STR("Seen and said 已办"),
        .shown = STR("File 7"),
    };
    if (line != entered ||
        roll(y, 6) == 0) { /* what is begun at random comes to nothing too often */
        act.act = line == entered ? SUPERVISE_ASSIGN : SUPERVISE_ENTER;
        act.actor = 1;
    }
    if ((act.act == SUPERVISE_DROP || act.act == SUPERVISE_DECLINE) && roll(y, 9))
        return STATUS_CONFLICT;
    return ledger_supervise(y->c.arena, y->c.store, line, &act, deed->now_ms, &y->c.err);
}

static enum status do_watch(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line =
        ask(y, "SELECT id FROM line WHERE kind = 'project' AND id >= ?1 LIMIT 1", any_line(y));
    struct ledger_watch_deed act = {.watch = (enum watch)roll(y, WATCHES),
                                    .act = (enum watch_act)roll(y, WATCH_ACTS),
                                    .member = 1 + roll(y, MEMBERS),
                                    .is = (1U << PROJECT_WHOS) - 1,
                                    .day = day - roll(y, 9),
                                    .condition = (unsigned)roll(y, WATCH_CONDITIONS),
                                    .words = STR("On file 已归档")};
    return line ? ledger_act_on_watch(y->c.arena, y->c.store, line, &act, day, deed, &y->c.err)
                : STATUS_MISSING;
}

static enum status do_freeze(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct str name = str_format(y->c.arena, "Plan of %lld", (long long)day);
    return ledger_freeze_plan(y->c.arena, y->c.store, any_line(y), name, deed, &y->c.err);
}

static const struct year_deed DEEDS[] = {
    {22, 1, do_progress},
    {8, 1, do_due},
    {10, 1, do_state},
    {5, 1, do_move},
    {4, 1, do_weigh},
    {4, 1, do_lead},
    {7, 1, do_make},
    {12, 1, do_actual},
    {6, 1, do_target},
    {15, 14, do_supervise},
    {6, 2, do_watch},
    {1, 1, do_freeze},
    {0},
};

static const char *const NEVER[] = {
    /* states */
    "SELECT id FROM line WHERE (state IN ('done', 'closed')) <> (ended_ms IS NOT NULL)",
    "SELECT id FROM line WHERE (state = 'closed') <> (ended_why <> '')",
    "SELECT id FROM line WHERE begins_day > due_day",
    "WITH RECURSIVE up (id, at, deep) AS (SELECT id, parent, 1 FROM line UNION ALL SELECT u.id,"
    " l.parent, deep + 1 FROM up u JOIN line l ON l.id = u.at WHERE deep < 60)"
    " SELECT id FROM up WHERE at = id OR deep > 50",
    /* numbers are given once, without a gap */
    "SELECT 1 FROM line l JOIN line_count c ON c.kind = l.kind GROUP BY l.kind"
    " HAVING count(*) <> max(c.last)",
    /* targets add up */
    "SELECT y.line FROM indicator_year y JOIN indicator i ON i.line = y.line JOIN indicator_month m"
    " ON m.line = y.line AND m.month / 12 = y.year WHERE i.fold = 'sum' GROUP BY y.line, y.year"
    " HAVING sum(m.amount) <> y.whole OR count(*) <> 12",
    /* a value that was replaced is kept, one holds */
    "SELECT line FROM indicator_actual GROUP BY line, month HAVING sum(replaced_ms IS NULL) <> 1",
    /* no notice twice, none of a day that had not come */
    "SELECT line FROM supervision_notice GROUP BY line, part, cause, period HAVING count(*) > 1",
    /* gates are passed in order */
    "SELECT line FROM project_watch o WHERE watch = 'opening' AND state = 'passed' AND NOT EXISTS"
    " (SELECT 1 FROM project_watch s WHERE s.line = o.line AND s.watch = 'support' AND s.state IN"
    " ('passed', 'waived'))",
    /* every line's history begins with its making */
    "SELECT l.id FROM line l WHERE (SELECT kind FROM event e WHERE e.subject = 'L' || l.id"
    " ORDER BY seq LIMIT 1) <> 'line.made'",
    NULL,
};

static enum status begin(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    enum status status = STATUS_OK;
    struct line goal = {
        .kind = LEDGER_GOAL, .title = STR("All 全局"), .state = LINE_ACTIVE, .weight = 1};
    status = ledger_make_line(y->c.arena, y->c.store, &goal, deed, &y->c.err);
    for (int64_t i = 0; i < y->lines && !status; i++) {
        status = store_begin(y->c.store, &y->c.err);
        if (status)
            break;
        if (do_make(y, day, deed))
            store_rollback(y->c.store);
        else
            status = store_commit(y->c.store, &y->c.err);
        if (i % 100 == 0)
            arena_reset(y->c.arena);
    }
    return status;
}

static const char *const SOME[] = {
    "SELECT line FROM supervision WHERE state IN ('reported', 'checked', 'struck')",
    "SELECT line FROM supervision_part WHERE signed_ms IS NOT NULL",
    "SELECT line FROM project_watch",
    "SELECT line FROM supervision_notice",
    NULL,
};

const struct year_part year_of_lines = {DEEDS, NEVER, SOME, begin, NULL};
