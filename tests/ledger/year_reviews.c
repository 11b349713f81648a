/* The year's joint reviews: matters go to units in stages, are asked about, agreed, refused, sent back, or lapse. */
#include "year.h"

#include "ledger/review.h"

#define STAGES 3

static enum status add_step(struct year *y, int64_t line, int64_t stage,
                            const struct ledger_deed *deed)
{
    struct step step = {.line = line,
                        .stage = stage,
                        .title = STR("Say what you think 请提出意见"),
                        .unit = 1 + roll(y, UNITS),
                        .member = roll(y, 3) ? 0 : 1 + roll(y, MEMBERS),
                        .limit_days = roll(y, 5),
                        .work = roll(y, 5) == 0};
    step.silence = step.limit_days && !step.work && roll(y, 4);
    return ledger_add_step(y->c.arena, y->c.store, &step, deed, &y->c.err);
}

static enum status do_make(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct line line = {.title = STR("A permit 许可"),
                        .parent = roll(y, 2) ? any_line(y) : 0,
                        .unit = 1 + roll(y, UNITS),
                        .lead = roll(y, MEMBERS + 1)};
    (void)day;
    if (is_crowded(y, LEDGER_REVIEW))
        return STATUS_CONFLICT;
    enum status status = ledger_make_review(y->c.arena, y->c.store, &line, STR("Rule 4"),
                                            roll(y, 4) ? 0 : any_of_kind(y, LEDGER_REVIEW),
                                            1 + roll(y, MEMBERS), deed, &y->c.err);
    for (int64_t stage = 1; !status && stage <= STAGES; stage += roll(y, 2))
        status = roll(y, 4) ? add_step(y, line.id, stage, deed) : STATUS_OK;
    struct review_deed start = {.act = REVIEW_ACT_START, .actor = 1};
    return status || roll(y, 4) == 0 ? status
                                     : ledger_act_on_review(y->c.arena, y->c.store, y->calendar,
                                                            line.id, &start, deed, &y->c.err);
}

static enum status do_review(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_REVIEW);
    struct review_deed act = {.act = (enum review_act)roll(y, REVIEW_ACTS),
                              .actor = somebody_of(y, line),
                              .words = STR("So it is 经研究"),
                              .verdict = (enum review_verdict)roll(y, REVIEW_VERDICTS),
                              .stage = 1 + roll(y, STAGES)};
    (void)day;
    if (act.act == REVIEW_ACT_WITHDRAW && roll(y, 12))
        return STATUS_CONFLICT;
    if (roll(y, 6) == 0)
        return line ? add_step(y, line, 1 + roll(y, STAGES), deed) : STATUS_MISSING;
    return line ? ledger_act_on_review(y->c.arena, y->c.store, y->calendar, line, &act, deed,
                                       &y->c.err)
                : STATUS_MISSING;
}

/* Any step that runs, of whatever procedure. */
static enum status do_step(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t id = pick(y, "SELECT id FROM step WHERE state IN ('open', 'asked') AND ?1 = 0", 0);
    struct step_deed act = {.act = (enum step_act)roll(y, STEP_ACTS),
                            .actor = roll(y, 3) ? 6 + roll(y, UNITS) : somebody(y),
                            .reason = (enum step_reason)(1 + roll(y, STEP_REASONS - 1)),
                            .days = 1 + roll(y, 5),
                            .words = STR("Seen and said 已阅")};
    struct step step;
    struct str key = ask_text(y, "SELECT key FROM step WHERE id = ?1", id);
    int64_t line = ask(y, "SELECT line FROM step WHERE id = ?1", id);
    (void)day;
    if (act.act == STEP_ACT_REFUSE && roll(y, 3))
        return STATUS_CONFLICT;
    enum status status = ledger_find_step(y->c.arena, y->c.store, line, key, &step, &y->c.err);
    return status ? status
                  : ledger_act_on_step(y->c.arena, y->c.store, y->calendar, &step, &act, deed,
                                       &y->c.err);
}

static enum status night(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t after = 0;
    size_t lapsed = 0;
    enum status status = STATUS_OK;
    (void)day;
    do
        status = ledger_keep_clocks(y->c.arena, y->c.store, y->calendar, deed->now_ms, &after, 50,
                                    &lapsed, &y->c.err);
    while (!status && after);
    return status;
}

#define ENDED "('agreed', 'conditions', 'refused', 'silent', 'done', 'dropped')"
#define WELL  "('agreed', 'conditions', 'silent', 'done', 'dropped')"
static const char *const NEVER[] = {
    /* a stage opens when all before it have ended well */
    "SELECT a.line FROM step a JOIN step b ON b.line = a.line AND b.stage < a.stage AND"
    " b.again_ms IS NULL WHERE a.again_ms IS NULL AND a.state IN ('open', 'asked')"
    " AND b.state NOT IN " WELL,
    "SELECT line FROM step WHERE (state IN " ENDED ") <> (ended_ms IS NOT NULL)",
    "SELECT line FROM step WHERE state = 'waiting' AND opened_ms IS NOT NULL",
    /* silence is consent where the rule says so, after the last day, and with no question open */
    "SELECT line FROM step WHERE state = 'silent' AND (silence = 0 OR limit_days = 0 OR ended_by IS"
    " NOT NULL OR ended_ms / 86400000 <= due_day)",
    "SELECT s.line FROM step s WHERE (s.state = 'asked') <> EXISTS (SELECT 1 FROM step_pause p"
    " WHERE p.step = s.id AND p.answered_ms IS NULL)",
    "SELECT step FROM step_pause GROUP BY step HAVING count(*) > 3",
    /* nothing runs in what is over */
    "SELECT s.line FROM step s JOIN line l ON l.id = s.line WHERE l.state IN ('done', 'closed')"
    " AND s.state IN ('open', 'asked')",
    /* a review and its line say the same */
    "SELECT r.line FROM review r JOIN line l ON l.id = r.line WHERE l.state <> CASE r.state"
    " WHEN 'draft' THEN 'proposed' WHEN 'running' THEN 'active' WHEN 'replied' THEN 'done'"
    " ELSE 'closed' END",
    "SELECT r.line FROM review r WHERE r.state = 'replied' AND NOT EXISTS (SELECT 1 FROM"
    " review_reply p WHERE p.line = r.line)",
    /* what was refused is not replied to as agreed */
    "SELECT r.line FROM review r JOIN step s ON s.line = r.line AND s.again_ms IS NULL AND s.state ="
    " 'refused' WHERE r.state = 'replied' AND (SELECT verdict FROM review_reply p WHERE p.line ="
    " r.line ORDER BY id DESC LIMIT 1) = 'open'",
    NULL,
};
static const struct year_deed DEEDS[] = {{3, 1, do_make}, {5, 6, do_review}, {20, 8, do_step}, {0}};

static const char *const SOME[] = {
    "SELECT line FROM review WHERE state = 'replied'",
    "SELECT line FROM step WHERE state = 'silent'",
    "SELECT line FROM step WHERE again_ms IS NOT NULL",
    "SELECT step FROM step_pause WHERE answered_ms IS NOT NULL",
    NULL,
};

const struct year_part year_of_reviews = {DEEDS, NEVER, SOME, NULL, night};
