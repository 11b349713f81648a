/* The year's rectifications: problems are found, explained, put right, verified, sent back, and come again. */
#include "year.h"

#include "ledger/rectification.h"

static enum status do_find(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    static const char *const PROBLEMS[] = {
        "The drain in Mill Street is blocked again after rain",
        "Forms ask for papers that the office has already",
        "窗口排队时间过长，群众多次反映",
        "The fire door of the school is locked during lessons",
    };
    struct line line;
    if (is_crowded(y, LEDGER_RECTIFICATION))
        return STATUS_CONFLICT;
    struct str problem = str_of(PROBLEMS[roll(y, 4)]);
    return ledger_make_rectification(y->c.arena, y->c.store, roll(y, 2) ? any_line(y) : 0, problem,
                                     problem, roll(y, 9) ? 1 + roll(y, UNITS) : 0,
                                     roll(y, MEMBERS + 1), roll(y, 3) ? day + roll(y, 60) : 0, deed,
                                     &line, &y->c.err);
}

static enum status do_rectify(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_RECTIFICATION);
    struct rectification_deed act = {.act = (enum rectify_act)roll(y, RECTIFY_ACTS),
                                     .actor = somebody_of(y, line),
                                     .today = day,
                                     .due_day = roll(y, 2) ? day + 5 + roll(y, 40) : 0,
                                     .words = STR("Looked into 已查明"),
                                     .shown = STR("File 9")};
    if (act.act == RECTIFY_DROP && roll(y, 8))
        return STATUS_CONFLICT;
    return line ? ledger_rectify(y->c.arena, y->c.store, line, &act, deed->now_ms, &y->c.err)
                : STATUS_MISSING;
}

static enum status do_recurrence(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = ask(y,
                       "SELECT line FROM recurrence WHERE state = 'proposed' AND line >= ?1"
                       " ORDER BY line LIMIT 1",
                       any_line(y));
    int64_t earlier =
        ask(y, "SELECT earlier FROM recurrence WHERE line = ?1 ORDER BY state DESC", line);
    (void)day;
    return ledger_decide_recurrence(y->c.arena, y->c.store, line, earlier, roll(y, 2), somebody(y),
                                    deed->now_ms, &y->c.err);
}

#define LAST_ACT(ACT) \
    "(SELECT max(id) FROM rectification_act a WHERE a.line = r.line AND a.act = '" ACT "')"
static const char *const NEVER[] = {
    /* nobody verifies, or strikes off, what they said themselves is put right */
    "SELECT r.line FROM rectification r JOIN rectification_act p ON p.id = " LAST_ACT(
        "pass") " WHERE r.state IN ('verified', 'struck') AND p.member = r.told_by",
    "SELECT r.line FROM rectification r JOIN rectification_act p ON p.id = " LAST_ACT(
        "strike") " WHERE r.state = 'struck' AND p.member = r.told_by",
    /* nor is anything struck off that was not verified since it was shown last */
    "SELECT r.line FROM rectification r WHERE r.state = 'struck' AND (" LAST_ACT(
        "pass") " IS NULL OR " LAST_ACT("pass") " < " LAST_ACT("show") ")",
    "SELECT line FROM rectification WHERE state = 'struck' AND struck_day IS NULL",
    /* of what is struck off it is said whether it came again */
    "SELECT r.line FROM rectification r JOIN recurrence c ON c.line = r.line AND c.state ="
    " 'proposed' WHERE r.state = 'struck'",
    "SELECT c.line FROM recurrence c WHERE c.earlier >= c.line AND NOT EXISTS (SELECT 1 FROM"
    " rectification_act a WHERE a.line = c.earlier AND a.act = 'strike')",
    /* a rectification and its line say the same */
    "SELECT r.line FROM rectification r JOIN line l ON l.id = r.line WHERE l.state <> CASE r.state"
    " WHEN 'struck' THEN 'done' WHEN 'dropped' THEN 'closed' ELSE 'active' END",
    NULL,
};
static const struct year_deed DEEDS[] = {
    {3, 1, do_find}, {14, 14, do_rectify}, {3, 4, do_recurrence}, {0}};

static const char *const SOME[] = {
    "SELECT line FROM rectification WHERE state IN ('shown', 'verified', 'struck')",
    "SELECT line FROM rectification WHERE returned > 0",
    NULL,
};

const struct year_part year_of_rectifications = {DEEDS, NEVER, SOME, NULL, NULL};
