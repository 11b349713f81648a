/* The year's study sessions: prepared, held, written down by one and confirmed by another; lines are decided upon in them. */
#include "year.h"

#include "ledger/study.h"

static enum status do_prepare(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct line line = {.title = STR("Study session 学习会"),
                        .unit = 1 + roll(y, UNITS),
                        .lead = roll(y, 4) ? 4 + roll(y, 6) : 0,
                        .due_day = day + roll(y, 9) - 1};
    if (is_crowded(y, LEDGER_STUDY))
        return STATUS_CONFLICT;
    enum status status = ledger_prepare_study(y->c.arena, y->c.store, &line, STR("Room 2"), NULL, 0,
                                              deed, &y->c.err);
    return status ? status
                  : ledger_add_study_item(y->c.arena, y->c.store, line.id,
                                          STR("What is to be done 下步安排"), STR(""), 1, deed,
                                          &y->c.err);
}

static enum status do_attend(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct study_presence list[3];
    int64_t line = any_of_kind(y, LEDGER_STUDY);
    (void)day;
    for (int i = 0; i < 3; i++)
        list[i] = (struct study_presence){1 + roll(y, MEMBERS), (enum presence)roll(y, PRESENCES)};
    return line ? ledger_say_attendance(y->c.arena, y->c.store, line, list, 3, somebody(y), deed,
                                        &y->c.err)
                : STATUS_MISSING;
}

static enum status do_study(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_STUDY);
    struct study_deed act = {.act = (enum session_act)roll(y, SESSION_ACTS),
                             .actor = somebody_of(y, line),
                             .today = day,
                             .words = STR("It was read and talked over 传达学习")};
    if (act.act == SESSION_CALL_OFF && roll(y, 12))
        return STATUS_CONFLICT;
    return line ? ledger_act_on_study(y->c.arena, y->c.store, line, &act, deed->now_ms, &y->c.err)
                : STATUS_MISSING;
}

static enum status do_decide(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_STUDY);
    struct str item =
        ask_text(y, "SELECT key FROM study_item WHERE line = ?1 ORDER BY place DESC", line);
    struct line made = {.kind = LEDGER_GOAL,
                        .title = STR("What was decided 会议议定"),
                        .state = LINE_ACTIVE,
                        .unit = 1 + roll(y, UNITS),
                        .weight = 1,
                        .due_day = day + roll(y, 60)};
    return line ? ledger_decide_in_study(y->c.arena, y->c.store, line, item, &made, somebody(y),
                                         deed, &y->c.err)
                : STATUS_MISSING;
}

static const char *const NEVER[] = {
    /* a record is confirmed by another than who wrote it, of a session at which somebody was */
    "SELECT line FROM study WHERE state = 'confirmed' AND confirmed_by IS written_by",
    "SELECT s.line FROM study s WHERE s.state IN ('written', 'confirmed') AND NOT EXISTS (SELECT 1"
    " FROM study_attendance a WHERE a.line = s.line AND a.state = 'present')",
    "SELECT line FROM study WHERE state = 'confirmed' AND (minutes = '' OR confirmed_ms IS NULL)",
    /* nothing is held before its day */
    "SELECT s.line FROM study s JOIN event e ON e.subject = 'L' || s.line AND e.kind = 'line.study'"
    " AND json_extract(e.data, '$.act') = 'hold' WHERE s.state = 'planned' AND NOT EXISTS (SELECT 1"
    " FROM event r WHERE r.subject = e.subject AND r.seq > e.seq)",
    /* a line is decided upon in one session */
    "SELECT d.line FROM study_decision d JOIN study_item i ON i.id = d.item WHERE d.line = i.line",
    NULL,
};
static const struct year_deed DEEDS[] = {
    {2, 1, do_prepare}, {4, 2, do_attend}, {8, 6, do_study}, {2, 2, do_decide}, {0}};

static const char *const SOME[] = {
    "SELECT line FROM study WHERE state = 'confirmed'",
    "SELECT line FROM study_decision",
    NULL,
};

const struct year_part year_of_studies = {DEEDS, NEVER, SOME, NULL, NULL};
