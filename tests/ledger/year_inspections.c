/* The year's inspections: tours are planned, stops scored by several by a sheet, some of it sent twice, and what was found is
 * put right or leads to nothing. */
#include "year.h"

#include "ledger/inspection.h"
#include "ledger/rectification.h"

static enum status begin(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct sheet sheet = {.use = SHEET_INSPECTION, .name = STR("Visits 观摩评分表"), .member = 1};
    (void)day;
    enum status status = sheet_read_items(
        y->c.arena, STR("Progress | 40 | 40\nQuality | 40 | 40\nSafety at the site\n"),
        &sheet.items, &sheet.nitems, &y->c.err);
    return status ? status
                  : ledger_make_sheet(y->c.arena, y->c.store, &sheet, deed->now_ms, &y->c.err);
}

static enum status add_stop(struct year *y, int64_t line, int64_t actor,
                            const struct ledger_deed *deed)
{
    struct inspection_stop stop = {.line = line,
                                   .place = STR("Mill Street 站前街"),
                                   .target = roll(y, 2) ? any_line(y) : 0,
                                   .unit = roll(y, UNITS + 1)};
    return ledger_add_stop(y->c.arena, y->c.store, &stop, actor, deed, &y->c.err);
}

static enum status do_plan(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    struct line line = {.title = STR("Tour of the works 观摩"),
                        .unit = roll(y, UNITS + 1),
                        .lead = roll(y, MEMBERS + 1),
                        .begins_day = day,
                        .due_day = day + 1 + roll(y, 9)};
    struct inspection tour = {.sheet = 1, .by = {(enum rank_rule)roll(y, RANK_RULES), 10}};
    if (is_crowded(y, LEDGER_INSPECTION))
        return STATUS_CONFLICT;
    enum status status =
        ledger_plan_inspection(y->c.arena, y->c.store, &line, &tour, deed, &y->c.err);
    for (int64_t i = 1 + roll(y, 3); !status && i > 0; i--)
        status = add_stop(y, line.id, 1, deed);
    for (int64_t i = 1 + roll(y, 4); !status && i > 0; i--)
        status = ledger_add_scorer(y->c.store, line.id, 1 + roll(y, MEMBERS), 1 + roll(y, 3), 1,
                                   deed, &y->c.err);
    return status || roll(y, 4) == 0
               ? status
               : ledger_inspect(y->c.store, line.id, INSPECT_START, 1, deed, &y->c.err);
}

static enum status do_arrange(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_INSPECTION);
    struct str stop =
        ask_text(y, "SELECT key FROM inspection_stop WHERE line = ?1 AND removed_ms IS NULL", line);
    (void)day;
    switch (line ? roll(y, 4) : 4) {
    case 0:
        return add_stop(y, line, somebody(y), deed);
    case 1:
        return ledger_remove_stop(y->c.arena, y->c.store, line, stop, somebody(y), deed, &y->c.err);
    case 2:
        return ledger_add_scorer(y->c.store, line, 1 + roll(y, MEMBERS), 1 + roll(y, 5),
                                 somebody(y), deed, &y->c.err);
    case 3:
        return ledger_remove_scorer(y->c.store, line, 1 + roll(y, MEMBERS), somebody(y), deed,
                                    &y->c.err);
    default:
        return STATUS_MISSING;
    }
}

static enum status do_inspect(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    static const enum inspect_act ACTS[] = {INSPECT_START, INSPECT_END,    INSPECT_END,
                                            INSPECT_CLOSE, INSPECT_REOPEN, INSPECT_CLOSE};
    int64_t line = any_of_kind(y, LEDGER_INSPECTION);
    enum inspect_act act = roll(y, 60) ? ACTS[roll(y, 6)] : INSPECT_DROP;
    (void)day;
    return line ? ledger_inspect(y->c.store, line, act, somebody(y), deed, &y->c.err)
                : STATUS_MISSING;
}

/* As the phone sends it: once more when the answer was lost, and anew when a mark was wrong. */
static enum status do_score(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_INSPECTION);
    int64_t member = pick(y, "SELECT member FROM inspection_scorer WHERE line = ?1", line);
    int64_t at =
        pick(y, "SELECT id FROM inspection_stop WHERE removed_ms IS NULL AND line = ?1", line);
    struct str stop = ask_text(y, "SELECT key FROM inspection_stop WHERE id = ?1", at);
    struct str before = ask_text(y,
                                 "SELECT sent_key FROM filled WHERE member = ?1 AND replaced_ms IS"
                                 " NULL ORDER BY id DESC",
                                 member);
    struct filled_item items[3] = {{.item = 1, .value = roll(y, 401)},
                                   {.item = 2, .value = roll(y, 401)},
                                   {.item = 3, .value = roll(y, 3) - 1}};
    struct filled filled = {.member = member,
                            .items = items,
                            .nitems = 3,
                            .filled_ms = deed->now_ms - roll(y, 36000000),
                            .replaces = roll(y, 2) ? before : STR("")};
    struct str standing;
    (void)day;
    for (int i = 0; i < 3; i++)
        if (roll(y, 4) == 0) {
            items[i].problem = true;
            items[i].words = STR("Not as it should be 不符合要求");
        }
    filled.sent_key = before.len && roll(y, 4) == 0
                          ? before
                          : str_format(y->c.arena, "sent-%016llx", (unsigned long long)y->dice);
    if (!line || !stop.len)
        return STATUS_MISSING;
    enum status status =
        ledger_score_stop(y->c.arena, y->c.store, line, stop, &filled, &standing, deed, &y->c.err);
    return status || roll(y, 3) ? status
                                : ledger_score_stop(y->c.arena, y->c.store, line, stop, &filled,
                                                    &standing, deed, &y->c.err);
}

static enum status do_settle(struct year *y, int64_t day, const struct ledger_deed *deed)
{
    int64_t line = any_of_kind(y, LEDGER_INSPECTION);
    struct finding *list;
    struct line made;
    size_t count = 0;
    enum status status =
        ledger_list_findings(y->c.arena, y->c.store, line, &list, &count, &y->c.err);
    if (status || !count)
        return status ? status : STATUS_MISSING;
    const struct finding *finding = &list[roll(y, (int64_t)count)];
    if (roll(y, 3) == 0)
        return ledger_drop_finding(y->c.store, finding, deed, &y->c.err);
    status =
        ledger_make_rectification(y->c.arena, y->c.store, line, finding->item_text, finding->words,
                                  finding->unit, 0, day + 20, deed, &made, &y->c.err);
    return status ? status : ledger_settle_finding(y->c.store, finding, made.id, deed, &y->c.err);
}

static const char *const NEVER[] = {
    /* a sheet that was filled in is whole, and stands once for each that it is about */
    "SELECT f.line FROM filled f WHERE (SELECT count(*) FROM filled_item i WHERE i.filled = f.id)"
    " <> (SELECT count(*) FROM sheet_item s WHERE s.sheet = f.sheet)",
    "SELECT line FROM filled WHERE replaced_ms IS NULL GROUP BY line, part, target, unit, member"
    " HAVING count(*) > 1",
    "SELECT f.line FROM filled f JOIN filled_item i ON i.filled = f.id JOIN sheet_item s ON"
    " s.id = i.item WHERE s.most > 0 AND i.value NOT BETWEEN -1 AND 10 * s.most",
    /* a finding leads to one thing */
    "SELECT id FROM finding WHERE (settled_ms IS NOT NULL) <> (line IS NOT NULL OR dropped_why <>"
    " '')",
    "SELECT id FROM finding WHERE line IS NOT NULL AND dropped_why <> ''",
    /* what is closed was scored, and left nothing undecided at its stops */
    "SELECT i.line FROM inspection i WHERE i.state IN ('scored', 'closed') AND i.scored_ms IS NULL",
    "SELECT i.line FROM inspection i JOIN filled f ON f.line = i.line AND f.replaced_ms IS NULL"
    " JOIN inspection_stop s ON s.id = f.part AND s.removed_ms IS NULL JOIN finding d ON"
    " d.filled = f.id WHERE i.state = 'closed' AND d.settled_ms IS NULL AND EXISTS (SELECT 1 FROM"
    " inspection_scorer p WHERE p.line = i.line AND p.member = f.member)",
    /* a tour and its line say the same */
    "SELECT i.line FROM inspection i JOIN line l ON l.id = i.line WHERE l.state <> CASE i.state"
    " WHEN 'planned' THEN 'proposed' WHEN 'closed' THEN 'done' WHEN 'dropped' THEN 'closed'"
    " ELSE 'active' END",
    NULL,
};
static const struct year_deed DEEDS[] = {{2, 1, do_plan},   {2, 2, do_arrange}, {5, 5, do_inspect},
                                         {14, 4, do_score}, {6, 3, do_settle},  {0}};

static const char *const SOME[] = {
    "SELECT line FROM inspection WHERE state = 'closed'",
    "SELECT id FROM finding WHERE line IS NOT NULL",
    "SELECT id FROM filled WHERE replaced_ms IS NOT NULL",
    NULL,
};

const struct year_part year_of_inspections = {DEEDS, NEVER, SOME, begin, NULL};
