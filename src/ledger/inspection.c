/* Inspections kept; see inspection.h. */
#include "ledger/inspection.h"

#include "base/json.h"
#include "ledger/key.h"

/* --- read ----------------------------------------------------------------------------------------- */

enum status ledger_load_inspection(struct store *store, int64_t line, struct inspection *i,
                                   struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT coalesce(i.state, 'none'), i.sheet, i.rule, i.far, i.scored_ms FROM line l"
        " LEFT JOIN inspection i ON i.line = l.id WHERE l.id = ?1 AND l.kind = 'inspection'");
    query_bind_int(q, 1, line);
    bool found = query_row(q);
    if (found) {
        enum rank_rule rule = rank_rule_named(query_str(q, 2));
        *i = (struct inspection){
            .line = line,
            .state = (enum inspect_state)machine_named(inspect_machine.states, query_str(q, 0)),
            .sheet = query_int(q, 1),
            .by = {rule == RANK_RULES ? RANK_TRIM : rule, query_int(q, 3)},
            .scored_ms = query_int(q, 4),
        };
    }
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "That line is no inspection.",
                         "该条目不是观摩督导。");
    return status;
}

#define STOP_SQL                                                                          \
    "SELECT s.id, s.key, s.line, s.place, s.target, s.unit, s.removed_ms, s.removed_why," \
    " t.key, t.number, u.name FROM inspection_stop s LEFT JOIN line t ON t.id = s.target" \
    " LEFT JOIN unit u ON u.id = s.unit"

static void take_stop(struct arena *arena, struct query *q, struct inspection_stop *stop)
{
    *stop = (struct inspection_stop){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .line = query_int(q, 2),
        .place = str_copy(arena, query_str(q, 3)),
        .target = query_int(q, 4),
        .unit = query_int(q, 5),
        .removed_ms = query_int(q, 6),
        .removed_why = str_copy(arena, query_str(q, 7)),
        .target_key = str_copy(arena, query_str(q, 8)),
        .target_number = str_copy(arena, query_str(q, 9)),
        .unit_name = str_copy(arena, query_str(q, 10)),
    };
}

enum status ledger_list_stops(struct arena *arena, struct store *store, int64_t line,
                              struct inspection_stop **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, STOP_SQL " WHERE s.line = ?1 ORDER BY s.id");
    query_bind_int(q, 1, line);
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        take_stop(arena, q, &(*list)[(*count)++]);
    }
    return query_end(q, err);
}

enum status ledger_find_stop(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct inspection_stop *stop, struct error *err)
{
    struct query *q = query_start(store, STOP_SQL " WHERE s.line = ?1 AND s.key = ?2"
                                                  " AND s.removed_ms IS NULL");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, key);
    bool found = query_row(q);
    if (found)
        take_stop(arena, q, stop);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "The tour has no such stop.", "没有该观摩点。");
    return status;
}

enum status ledger_list_scorers(struct arena *arena, struct store *store, int64_t line,
                                struct inspection_scorer **list, size_t *count, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT c.member, c.weight, (SELECT count(*) FROM filled f"
               " JOIN inspection_stop s ON s.id = f.part AND s.removed_ms IS NULL"
               " WHERE f.line = c.line AND f.member = c.member AND f.replaced_ms IS NULL)"
               " FROM inspection_scorer c WHERE c.line = ?1 ORDER BY c.member");
    *list = arena_array(arena, INSPECTION_SCORERS_MAX, struct inspection_scorer);
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q) && *count < INSPECTION_SCORERS_MAX)
        (*list)[(*count)++] =
            (struct inspection_scorer){query_int(q, 0), query_int(q, 1), query_int(q, 2)};
    return query_end(q, err);
}

/* --- who, and what is met ------------------------------------------------------------------------- */

enum status ledger_stand_to_inspection(struct store *store, const struct ledger_person *person,
                                       int64_t line, unsigned *is, struct error *err)
{
    unsigned stands = 0;
    *is = 0;
    enum status status = ledger_stand_to(store, person, line, &stands, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "SELECT 1 FROM inspection_scorer WHERE line = ?1 AND member = ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, person->member);
    if (query_row(q) && ledger_may(stands, LEDGER_SEE))
        *is |= 1U << INSPECT_WHO_SCORER;
    if (ledger_may(stands, LEDGER_CHANGE))
        *is |= 1U << INSPECT_WHO_KEEPER;
    return query_end(q, err);
}

enum status ledger_is_own_stop(struct store *store, const struct inspection_stop *stop,
                               int64_t member, bool *own, struct error *err)
{
    struct query *q = query_start(
        store, "SELECT EXISTS (SELECT 1 FROM unit_member WHERE unit = ?1 AND member = ?3)"
               " OR EXISTS (SELECT 1 FROM line WHERE id = ?2 AND lead = ?3)");
    query_bind_int(q, 1, stop->unit);
    query_bind_int(q, 2, stop->target);
    query_bind_int(q, 3, member);
    *own = query_row(q) && query_int(q, 0);
    return query_end(q, err);
}

/* How many stand: stops, scorers, stops that no scorer has scored, findings undecided. */
struct tally {
    int64_t stops, scorers, unscored, undecided;
};

static enum status count_up(struct store *store, int64_t line, struct tally *tally,
                            struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT (SELECT count(*) FROM inspection_stop WHERE line = ?1 AND removed_ms IS NULL),"
        " (SELECT count(*) FROM inspection_scorer WHERE line = ?1),"
        " (SELECT count(*) FROM inspection_stop s WHERE s.line = ?1 AND s.removed_ms IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM filled f JOIN inspection_scorer c ON c.line = f.line"
        " AND c.member = f.member WHERE f.line = ?1 AND f.part = s.id AND f.replaced_ms IS NULL)),"
        " (SELECT count(*) FROM filled f JOIN finding d ON d.filled = f.id WHERE f.line = ?1"
        " AND f.replaced_ms IS NULL AND d.settled_ms IS NULL)");
    query_bind_int(q, 1, line);
    *tally = (struct tally){0};
    if (query_row(q))
        *tally = (struct tally){query_int(q, 0), query_int(q, 1), query_int(q, 2), query_int(q, 3)};
    return query_end(q, err);
}

static enum status allow(struct store *store, const struct inspection *i, enum inspect_act act,
                         int64_t actor, struct str words, struct error *err)
{
    struct ledger_person person = {.member = actor};
    struct tally tally = {0};
    unsigned is = 0;
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = ledger_stand_to_inspection(store, &person, i->line, &is, err);
    if (!status)
        status = count_up(store, i->line, &tally, err);
    unsigned met = (str_trim(words).len ? INSPECT_NEEDS_WORDS : 0U) |
                   (tally.stops ? INSPECT_NEEDS_STOPS : 0U) |
                   (tally.scorers ? INSPECT_NEEDS_SCORERS : 0U) |
                   (tally.unscored ? 0U : INSPECT_NEEDS_SCORES) |
                   (tally.undecided ? 0U : INSPECT_NEEDS_SETTLED);
    struct machine_facts facts = {.met = met, .is = is};
    return status ? status : machine_allow(&inspect_machine, (int)i->state, (int)act, facts, err);
}

/* Who scores what stands once marks are known, so that nobody turns a result that they have seen. */
static enum status allow_arranging(struct store *store, int64_t line, int64_t actor,
                                   struct error *err)
{
    struct inspection i;
    enum status status = ledger_load_inspection(store, line, &i, err);
    if (!status)
        status = allow(store, &i, INSPECT_ARRANGE, actor, STR(""), err);
    if (!status && i.scored_ms)
        return error_set(err, STATUS_CONFLICT,
                         "Marks are known already: stops and scorers stay as they are.",
                         "评分结果已公开，观摩点和评分人不再调整。");
    return status;
}

/* --- planned -------------------------------------------------------------------------------------- */

static enum status check_plan(struct arena *arena, struct store *store, const struct inspection *i,
                              struct error *err)
{
    struct sheet sheet;
    if (i->by.rule == RANK_RULES)
        return error_in(err, "rule",
                        error_set(err, STATUS_INPUT, "Choose by which rule scores are settled.",
                                  "请选择多人评分的处理规则。"));
    if (i->by.rule == RANK_FAR && (i->by.far < 1 || i->by.far > 100))
        return error_in(err, "far",
                        error_set(err, STATUS_INPUT,
                                  "Say from how many points off the median on, 1 to 100.",
                                  "偏离中位数的分值应为 1 至 100。"));
    enum status status = ledger_find_sheet_by_id(arena, store, i->sheet, &sheet, err);
    if (!status && (sheet.closed_ms || sheet.use != SHEET_INSPECTION))
        return error_set(err, STATUS_CONFLICT, "Choose a sheet that is in use for inspections.",
                         "请选择在用的观摩督导评分表。");
    return status;
}

static enum status keep(struct store *store, const struct inspection *i, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR REPLACE INTO inspection (line, state, sheet, rule,"
                           " far, scored_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, i->line);
    query_bind_str(q, 2, str_of(inspect_machine.states.at[i->state].name));
    query_bind_int(q, 3, i->sheet);
    query_bind_str(q, 4, str_of(rank_rule_name(i->by.rule)));
    query_bind_int(q, 5, i->by.rule == RANK_FAR ? i->by.far : 0);
    query_bind_int_or_null(q, 6, i->scored_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static enum status tell(struct store *store, const struct inspection *i, enum inspect_act act,
                        const struct ledger_deed *deed, struct error *err)
{
    json_t *data = json_pack("{s:s}", "act", inspect_machine.acts.at[act].name);
    if (act == INSPECT_PLAN || act == INSPECT_SET) {
        json_object_set_new(data, "sheet", ledger_json_id('Q', i->sheet));
        json_object_set_new(data, "rule", json_string(rank_rule_name(i->by.rule)));
        json_object_set_new(data, "far", json_integer(i->by.rule == RANK_FAR ? i->by.far : 0));
    }
    return ledger_record(store, i->line, "line.inspection", data, deed, err);
}

enum status ledger_plan_inspection(struct arena *arena, struct store *store, struct line *line,
                                   struct inspection *i, const struct ledger_deed *deed,
                                   struct error *err)
{
    line->kind = LEDGER_INSPECTION;
    line->state = LINE_PROPOSED;
    i->state = INSPECT_PLANNED;
    i->scored_ms = 0;
    enum status status = check_plan(arena, store, i, err);
    if (!status)
        status = ledger_make_line(arena, store, line, deed, err);
    i->line = line->id;
    if (!status)
        status = keep(store, i, err);
    return status ? status : tell(store, i, INSPECT_PLAN, deed, err);
}

/* --- stops and scorers ---------------------------------------------------------------------------- */

/* A line that is looked at gives the stop its name and unit. */
static enum status complete_stop(struct arena *arena, struct store *store,
                                 struct inspection_stop *stop, struct error *err)
{
    struct line target = {0};
    enum status status = STATUS_OK;
    if (stop->target)
        status = ledger_find_line_by_id(arena, store, stop->target, &target, err);
    if (status)
        return status;
    stop->place = str_trim(stop->place).len ? str_trim(stop->place) : target.title;
    stop->unit = stop->unit ? stop->unit : target.unit;
    if (!ledger_is_line_of_text(stop->place, 1, INSPECTION_PLACE_MAX))
        return error_set(err, STATUS_INPUT,
                         "Name the stop in 1 to %d characters, or the line that is looked at.",
                         "请用 1 至 %d 个字写明观摩点，或填写所看条目的编号。",
                         INSPECTION_PLACE_MAX);
    return STATUS_OK;
}

static enum status check_stop(struct store *store, const struct inspection_stop *stop,
                              struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT count(*), coalesce(sum(target IS NOT NULL AND target = ?2), 0) FROM inspection_stop"
        " WHERE line = ?1 AND removed_ms IS NULL");
    query_bind_int(q, 1, stop->line);
    query_bind_int(q, 2, stop->target);
    bool full = query_row(q) && query_int(q, 0) >= INSPECTION_STOPS_MAX;
    bool there = query_int(q, 1) > 0;
    enum status status = query_end(q, err);
    if (!status && full)
        return error_set(err, STATUS_LIMITED, "A tour has at most %u stops.",
                         "每次观摩最多 %u 个点。", INSPECTION_STOPS_MAX);
    if (!status && there)
        return error_set(err, STATUS_CONFLICT, "That line is a stop of this tour already.",
                         "该条目已是本次观摩点。");
    return status;
}

static enum status insert_stop(struct store *store, struct inspection_stop *stop, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO inspection_stop (key, line, place, target, unit)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_str(q, 1, stop->key);
    query_bind_int(q, 2, stop->line);
    query_bind_str(q, 3, stop->place);
    query_bind_int_or_null(q, 4, stop->target);
    query_bind_int_or_null(q, 5, stop->unit);
    (void)query_row(q);
    enum status status = query_end(q, err);
    stop->id = status ? 0 : store_last_id(store);
    return status;
}

enum status ledger_add_stop(struct arena *arena, struct store *store, struct inspection_stop *stop,
                            int64_t actor, const struct ledger_deed *deed, struct error *err)
{
    enum status status = allow_arranging(store, stop->line, actor, err);
    if (!status)
        status = complete_stop(arena, store, stop, err);
    if (!status)
        status = check_stop(store, stop, err);
    if (!status)
        status = digest_random_key(arena, &stop->key, err);
    if (!status)
        status = insert_stop(store, stop, err);
    return status ? status
                  : ledger_record(store, stop->line, "line.stop",
                                  json_pack("{s:[n, o]}", "stop", str_to_json(stop->place)), deed,
                                  err);
}

enum status ledger_remove_stop(struct arena *arena, struct store *store, int64_t line,
                               struct str key, int64_t actor, const struct ledger_deed *deed,
                               struct error *err)
{
    struct inspection_stop stop;
    enum status status = allow_arranging(store, line, actor, err);
    if (!status)
        status = ledger_find_stop(arena, store, line, key, &stop, err);
    if (!status && !ledger_is_line_of_text(str_trim(deed->why), 1, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "Say why it is taken out.", "请说明撤下的理由。");
    if (status)
        return status;
    struct query *q = query_start(
        store, "UPDATE inspection_stop SET removed_ms = ?2, removed_why = ?3 WHERE id = ?1");
    query_bind_int(q, 1, stop.id);
    query_bind_int(q, 2, deed->now_ms);
    query_bind_str(q, 3, str_trim(deed->why));
    (void)query_row(q);
    status = query_end(q, err);
    return status
               ? status
               : ledger_record(store, line, "line.stop",
                               json_pack("{s:[o, n]}", "stop", str_to_json(stop.place)), deed, err);
}

static enum status check_scorer(struct store *store, int64_t line, int64_t member, int64_t weight,
                                struct error *err)
{
    struct query *q = query_start(
        store, "SELECT count(*) FROM inspection_scorer WHERE line = ?1 AND member <> ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, member);
    bool full = query_row(q) && query_int(q, 0) >= INSPECTION_SCORERS_MAX;
    enum status status = query_end(q, err);
    if (status)
        return status;
    if (weight < 1 || weight > RANK_WEIGHT_MAX)
        return error_set(err, STATUS_INPUT, "A weight is a whole number from 1 to %d.",
                         "权重应为 1 至 %d 的整数。", RANK_WEIGHT_MAX);
    if (full)
        return error_set(err, STATUS_LIMITED, "A tour has at most %u scorers.",
                         "每次观摩最多 %u 名评分人。", INSPECTION_SCORERS_MAX);
    if (ledger_check_right(store, member, line, LEDGER_SEE, NULL))
        return error_set(err, STATUS_INPUT, "The ledger is not open to that person.",
                         "此人无权查看台账。");
    return STATUS_OK;
}

enum status ledger_add_scorer(struct store *store, int64_t line, int64_t member, int64_t weight,
                              int64_t actor, const struct ledger_deed *deed, struct error *err)
{
    enum status status = allow_arranging(store, line, actor, err);
    if (!status)
        status = check_scorer(store, line, member, weight, err);
    if (status)
        return status;
    struct query *q = query_start(store, "INSERT INTO inspection_scorer (line, member, weight)"
                                         " VALUES (?1, ?2, ?3) ON CONFLICT (line, member)"
                                         " DO UPDATE SET weight = ?3");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, weight);
    (void)query_row(q);
    status = query_end(q, err);
    return status
               ? status
               : ledger_record(store, line, "line.scorer",
                               json_pack("{s:[n, o], s:I}", "scorer", ledger_json_id('M', member),
                                         "weight", (json_int_t)weight),
                               deed, err);
}

enum status ledger_remove_scorer(struct store *store, int64_t line, int64_t member, int64_t actor,
                                 const struct ledger_deed *deed, struct error *err)
{
    enum status status = allow_arranging(store, line, actor, err);
    if (status)
        return status;
    struct query *q =
        query_start(store, "DELETE FROM inspection_scorer WHERE line = ?1 AND member = ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, member);
    (void)query_row(q);
    status = query_end(q, err);
    if (status || store_changes(store) == 0)
        return status;
    return ledger_record(store, line, "line.scorer",
                         json_pack("{s:[o, n]}", "scorer", ledger_json_id('M', member)), deed, err);
}

/* --- acts ----------------------------------------------------------------------------------------- */

/* The tour's state drives the line's. */
static enum status drive_line(struct store *store, const struct inspection *i,
                              const struct ledger_deed *deed, struct error *err)
{
    struct line_change changes[] = {{.field = LINE_STATE, .number = inspect_line_state(i->state)},
                                    {.field = LINE_PROGRESS, .number = 100}};
    return ledger_change_line(store, i->line, changes, i->state == INSPECT_CLOSED ? 2 : 1, deed,
                              err);
}

enum status ledger_set_inspection(struct arena *arena, struct store *store,
                                  const struct inspection *inspection, int64_t actor,
                                  const struct ledger_deed *deed, struct error *err)
{
    struct inspection i = {0};
    enum status status = ledger_load_inspection(store, inspection->line, &i, err);
    bool first = i.state == INSPECT_NONE;
    enum inspect_act act = first ? INSPECT_PLAN : INSPECT_SET;
    if (!status)
        status = allow(store, &i, act, actor, deed->why, err);
    if (!status)
        status = check_plan(arena, store, inspection, err);
    if (status)
        return status;
    i.state = INSPECT_PLANNED;
    i.sheet = inspection->sheet;
    i.by = inspection->by;
    status = keep(store, &i, err);
    if (!status && first)
        status = drive_line(store, &i, deed, err);
    return status ? status : tell(store, &i, act, deed, err);
}

enum status ledger_inspect(struct store *store, int64_t line, enum inspect_act act, int64_t actor,
                           const struct ledger_deed *deed, struct error *err)
{
    struct inspection i;
    enum status status = ledger_load_inspection(store, line, &i, err);
    if (!status &&
        (act >= INSPECT_ACTS || inspect_machine.rules[act].to == 0 || act == INSPECT_PLAN))
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    if (!status)
        status = allow(store, &i, act, actor, deed->why, err);
    if (!status && !ledger_is_text(deed->why, INSPECTION_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         INSPECTION_WORDS_MAX);
    if (status)
        return status;
    i.state = (enum inspect_state)inspect_machine.rules[act].to;
    if (act == INSPECT_END && !i.scored_ms)
        i.scored_ms = deed->now_ms;
    status = keep(store, &i, err);
    if (!status)
        status = drive_line(store, &i, deed, err);
    return status ? status : tell(store, &i, act, deed, err);
}

/* --- scored --------------------------------------------------------------------------------------- */

/* A tour has come as far as its stops are scored. */
static enum status note_progress(struct store *store, int64_t line, const struct ledger_deed *deed,
                                 struct error *err)
{
    struct tally tally;
    enum status status = count_up(store, line, &tally, err);
    if (status || !tally.stops)
        return status;
    struct line_change change = {.field = LINE_PROGRESS,
                                 .number = 95 * (tally.stops - tally.unscored) / tally.stops};
    return ledger_change_line(store, line, &change, 1, deed, err);
}

static enum status allow_scoring(struct store *store, const struct inspection *i,
                                 const struct inspection_stop *stop, const struct filled *filled,
                                 struct error *err)
{
    bool own = false;
    enum status status = allow(store, i, INSPECT_SCORE, filled->member, STR(""), err);
    if (!status)
        status = ledger_is_own_stop(store, stop, filled->member, &own, err);
    if (!status && own)
        return error_set(err, STATUS_FORBIDDEN,
                         "Nobody scores a stop of their own unit, or one that they lead.",
                         "本单位或本人分包的观摩点须回避，不能评分。");
    if (!status && i->scored_ms && filled->replaces.len)
        return error_set(
            err, STATUS_CONFLICT,
            "Marks are known already: what was sent stays. What is missing can be sent.",
            "评分结果已公开，已提交的评分不再修改，只能补交。");
    return status;
}

/* Whether the member sent it before, so that it is answered in any state. */
static enum status was_sent(struct store *store, const struct filled *filled, bool *sent,
                            struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM filled WHERE member = ?1 AND sent_key = ?2");
    query_bind_int(q, 1, filled->member);
    query_bind_str(q, 2, filled->sent_key);
    *sent = query_row(q);
    return query_end(q, err);
}

/* The tour and the stop to be scored, where it may be. */
static enum status open_scoring(struct arena *arena, struct store *store, int64_t line,
                                struct str stop_key, const struct filled *filled,
                                struct inspection *i, struct inspection_stop *stop,
                                struct error *err)
{
    bool sent = false;
    enum status status = ledger_load_inspection(store, line, i, err);
    if (!status)
        status = ledger_find_stop(arena, store, line, stop_key, stop, err);
    if (!status)
        status = was_sent(store, filled, &sent, err);
    return status || sent ? status : allow_scoring(store, i, stop, filled, err);
}

enum status ledger_may_score(struct arena *arena, struct store *store, int64_t line,
                             struct str stop_key, const struct filled *filled, struct error *err)
{
    struct inspection i;
    struct inspection_stop stop;
    return open_scoring(arena, store, line, stop_key, filled, &i, &stop, err);
}

enum status ledger_score_stop(struct arena *arena, struct store *store, int64_t line,
                              struct str stop_key, struct filled *filled, struct str *standing,
                              const struct ledger_deed *deed, struct error *err)
{
    struct inspection i;
    struct inspection_stop stop;
    enum status status = open_scoring(arena, store, line, stop_key, filled, &i, &stop, err);
    if (status)
        return status;
    filled->sheet = i.sheet;
    filled->line = line;
    filled->part = stop.id;
    filled->target = stop.target;
    filled->unit = stop.unit;
    status = ledger_fill_sheet(arena, store, filled, standing, deed, err);
    return status || filled->repeated ? status : note_progress(store, line, deed, err);
}
