/* Projects in the library; see admission.h. */
#include "ledger/admission.h"

#include "ledger/key.h"
#include "ledger/watch.h"

enum status ledger_find_project(struct arena *arena, struct store *store, int64_t line,
                                struct ledger_project *project, struct error *err)
{
    struct query *q = query_start(store, "SELECT state, class, proposer, turn, since_ms, words"
                                         " FROM project WHERE line = ?1");
    *project = (struct ledger_project){.state = PROJECT_NONE};
    query_bind_int(q, 1, line);
    if (query_row(q))
        *project = (struct ledger_project){
            .state = project_state_named(query_str(q, 0)),
            .class = project_class_named(query_str(q, 1)),
            .proposer = query_int(q, 2),
            .turn = query_int(q, 3),
            .since_ms = query_int(q, 4),
            .words = str_copy(arena, query_str(q, 5)),
        };
    return query_end(q, err);
}

/* --- turns -------------------------------------------------------------------------------------- */

#define TURN_SQL                                                                          \
    "SELECT t.turn, t.round, t.total, t.scorers, t.passes, t.verdict, t.words, t.member," \
    " t.opened_ms, t.decided_ms, coalesce(r.name, '') FROM project_turn t"                \
    " LEFT JOIN project_round r ON r.id = t.round WHERE t.line = ?1"

static void take_turn(struct arena *arena, struct query *q, struct project_turn *t)
{
    *t = (struct project_turn){
        .turn = query_int(q, 0),
        .round = query_int(q, 1),
        .total = query_is_null(q, 2) ? SCORE_NONE : query_int(q, 2),
        .scorers = query_int(q, 3),
        .passes = query_int(q, 4) != 0,
        .verdict = str_copy(arena, query_str(q, 5)),
        .words = str_copy(arena, query_str(q, 6)),
        .member = query_int(q, 7),
        .opened_ms = query_int(q, 8),
        .decided_ms = query_int(q, 9),
        .round_name = str_copy(arena, query_str(q, 10)),
    };
}

enum status ledger_list_turns(struct arena *arena, struct store *store, int64_t line,
                              struct project_turn **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, TURN_SQL " ORDER BY t.turn DESC");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        take_turn(arena, q, &(*list)[n]);
    }
    return query_end(q, err);
}

/* The project's present turn; all zero where it has none. */
static enum status find_turn(struct arena *arena, struct store *store, int64_t line, int64_t turn,
                             struct project_turn *t, struct error *err)
{
    struct query *q = query_start(store, TURN_SQL " AND t.turn = ?2");
    *t = (struct project_turn){.total = SCORE_NONE};
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, turn);
    if (query_row(q))
        take_turn(arena, q, t);
    return query_end(q, err);
}

static enum status add_turn(struct store *store, int64_t line, int64_t turn, int64_t now_ms,
                            struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO project_turn (line, turn, round, opened_ms) VALUES (?1, ?2,"
                           " (SELECT id FROM project_round WHERE closed_ms IS NULL), ?3)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, turn);
    query_bind_int(q, 3, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

static size_t place_of_criterion(const struct project_sheet *sheet, int64_t id)
{
    size_t at = 0;
    while (at < sheet->ncriteria && sheet->criteria[at].id != id)
        at++;
    return at;
}

static enum status take_marks(struct arena *arena, struct store *store, int64_t line, int64_t turn,
                              struct project_sheet *sheet, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT m.member, m.criterion, m.mark FROM project_mark m JOIN line l ON l.id = m.line"
        " JOIN project p ON p.line = m.line WHERE m.line = ?1 AND m.turn = ?2"
        " AND m.member <> p.proposer AND m.member IS NOT l.lead ORDER BY m.member");
    size_t wide = sheet->ncriteria;
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, turn);
    while (query_row(q)) {
        size_t n = sheet->nscorers;
        size_t criterion = place_of_criterion(sheet, query_int(q, 1));
        if (n == 0 || sheet->scorers[n - 1] != query_int(q, 0)) {
            sheet->scorers = arena_one_more(arena, sheet->scorers, n, sizeof(int64_t));
            sheet->marks = arena_one_more(arena, sheet->marks, n, wide * sizeof(int64_t));
            sheet->scorers[n] = query_int(q, 0);
            for (size_t i = 0; i < wide; i++)
                sheet->marks[n * wide + i] = SCORE_NONE;
            sheet->nscorers++;
        }
        if (criterion < wide)
            sheet->marks[(sheet->nscorers - 1) * wide + criterion] = query_int(q, 2);
    }
    return query_end(q, err);
}

enum status ledger_load_sheet(struct arena *arena, struct store *store, int64_t line, int64_t turn,
                              struct project_sheet *sheet, struct error *err)
{
    struct score_criterion rules[SCORE_CRITERIA_MAX] = {{0}};
    *sheet = (struct project_sheet){0};
    enum status status =
        ledger_list_criteria(arena, store, &sheet->criteria, &sheet->ncriteria, err);
    if (!status)
        status = ledger_load_bar(store, &sheet->bar, err);
    if (!status)
        status = take_marks(arena, store, line, turn, sheet, err);
    if (status)
        return status;
    for (size_t i = 0; i < sheet->ncriteria; i++)
        rules[i] = sheet->criteria[i].rule;
    score_sum(rules, sheet->ncriteria, sheet->marks, sheet->nscorers, &sheet->bar, &sheet->result);
    return STATUS_OK;
}

enum status ledger_refresh_turn(struct arena *arena, struct store *store, int64_t line,
                                int64_t turn, struct error *err)
{
    struct project_sheet sheet;
    enum status status = ledger_load_sheet(arena, store, line, turn, &sheet, err);
    if (status)
        return status;
    const struct score_result *r = &sheet.result;
    struct query *q = query_start(store, "UPDATE project_turn SET total = ?3, scorers = ?4,"
                                         " passes = ?5 WHERE line = ?1 AND turn = ?2"
                                         " AND decided_ms IS NULL");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, turn);
    if (r->total == SCORE_NONE)
        query_bind_null(q, 3);
    else
        query_bind_int(q, 3, r->total);
    query_bind_int(q, 4, (int64_t)r->scorers);
    query_bind_int(q, 5, r->passes);
    (void)query_row(q);
    return query_end(q, err);
}

/* --- acts --------------------------------------------------------------------------------------- */

struct standing {
    struct line line;
    struct ledger_project project;
    struct project_turn turn;
};

static enum status load_standing(struct arena *arena, struct store *store, int64_t line,
                                 struct standing *s, struct error *err)
{
    enum status status = ledger_find_line_by_id(arena, store, line, &s->line, err);
    if (!status && s->line.kind != LEDGER_PROJECT)
        return error_set(err, STATUS_INPUT, "Only projects stand in the library.",
                         "仅项目可进入项目库。");
    if (!status)
        status = ledger_find_project(arena, store, line, &s->project, err);
    if (!status)
        status = ledger_refresh_turn(arena, store, line, s->project.turn, err);
    return status ? status : find_turn(arena, store, line, s->project.turn, &s->turn, err);
}

static bool is_open(const struct project_turn *turn)
{
    return turn->turn && !turn->decided_ms;
}

static enum status settle_facts(struct arena *arena, struct store *store, const struct standing *s,
                                const struct ledger_project_deed *deed, struct str why,
                                struct machine_facts *facts, struct error *err)
{
    struct ledger_watch watches[WATCHES];
    enum watch_state states[WATCHES];
    struct score_bar bar;
    enum status status = ledger_load_watches(arena, store, s->line.id, watches, err);
    if (!status)
        status = ledger_load_bar(store, &bar, err);
    if (status)
        return status;
    for (int i = 0; i < WATCHES; i++)
        states[i] = watches[i].state;
    *facts = (struct machine_facts){
        .met = watch_needs_met(states, WATCH_LANDING) & PROJECT_NEEDS_WATCHES,
        .is = deed->is,
    };
    if (str_trim(why).len)
        facts->met |= PROJECT_NEEDS_WORDS;
    if (s->turn.passes)
        facts->met |= PROJECT_NEEDS_SCORES;
    if (s->line.lead && s->line.unit)
        facts->met |= PROJECT_NEEDS_LEAD;
    if (s->line.due_day)
        facts->met |= PROJECT_NEEDS_DAY;
    if (is_open(&s->turn) && s->turn.round && s->turn.scorers >= (int64_t)bar.scorers)
        facts->met |= PROJECT_NEEDS_MARKS;
    if (deed->member == s->project.proposer || deed->member == s->line.lead)
        facts->is &= ~(1U << PROJECT_WHO_DECIDER);
    if (deed->member == s->line.lead)
        facts->is &= ~(1U << PROJECT_WHO_CHECKER);
    return STATUS_OK;
}

/* Whether the act settles what an open turn is about. */
static bool decides(enum project_act act)
{
    const unsigned deciding = 1U << PROJECT_ACT_ADMIT | 1U << PROJECT_ACT_DECLINE |
                              1U << PROJECT_ACT_KEEP | 1U << PROJECT_ACT_SUSPEND |
                              1U << PROJECT_ACT_RESUME | 1U << PROJECT_ACT_WITHDRAW;
    return deciding >> act & 1U;
}

/* In a review nobody decides about what they proposed or lead, whatever the act asks otherwise. To withdraw what is
 * only proposed is no decision about the library. */
static enum status check_review(const struct standing *s, enum project_act act,
                                struct machine_facts facts, struct error *err)
{
    if (!decides(act) || !is_open(&s->turn) || s->project.state == PROJECT_PROPOSED ||
        facts.is >> PROJECT_WHO_DECIDER & 1U)
        return STATUS_OK;
    return error_set(err, STATUS_FORBIDDEN,
                     "While the library is under review this is for somebody who neither proposed "
                     "the project nor leads it.",
                     "调整轮次进行期间，此操作须由申报人、分包领导以外的人办理。");
}

static enum status decide_turn(struct store *store, int64_t line, const struct standing *s,
                               const struct ledger_project_deed *deed, struct str why,
                               int64_t now_ms, struct error *err)
{
    struct query *q =
        query_start(store, "UPDATE project_turn SET verdict = ?3, words = ?4,"
                           " member = ?5, decided_ms = ?6 WHERE line = ?1 AND turn = ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, s->turn.turn);
    query_bind_str(q, 3, str_of(project_act_name(deed->act)));
    query_bind_str(q, 4, why);
    query_bind_int(q, 5, deed->member);
    query_bind_int(q, 6, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* The row of a project that is proposed, for the first time or again. */
static enum status put_project(struct store *store, int64_t line, const struct standing *s,
                               const struct ledger_project_deed *deed,
                               const struct ledger_deed *deed_of_line, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO project (line, class, state, proposer, turn, since_ms, words)"
               " VALUES (?1, ?2, 'proposed', ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
               " state = 'proposed', proposer = ?3, turn = ?4, since_ms = ?5, words = ?6");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(project_class_name(deed->class)));
    query_bind_int(q, 3, deed->member);
    query_bind_int(q, 4, s->project.turn + 1);
    query_bind_int(q, 5, deed_of_line->now_ms);
    query_bind_str(q, 6, str_trim(deed_of_line->why));
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status : add_turn(store, line, s->project.turn + 1, deed_of_line->now_ms, err);
}

static enum status move_project(struct store *store, int64_t line, enum project_state to,
                                const struct ledger_deed *deed_of_line, struct error *err)
{
    struct query *q = query_start(
        store, "UPDATE project SET state = ?2, since_ms = ?3, words = ?4 WHERE line = ?1");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, str_of(project_state_name(to)));
    query_bind_int(q, 3, deed_of_line->now_ms);
    query_bind_str(q, 4, str_trim(deed_of_line->why));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status put_in_force(struct store *store, int64_t line, const struct standing *s,
                                const struct ledger_project_deed *deed,
                                const struct ledger_deed *deed_of_line, struct error *err)
{
    enum project_state to = project_rules[deed->act].to;
    enum status status = STATUS_OK;
    if (decides(deed->act) && is_open(&s->turn))
        status = decide_turn(store, line, s, deed, str_trim(deed_of_line->why),
                             deed_of_line->now_ms, err);
    if (!status && (deed->act == PROJECT_ACT_PROPOSE || deed->act == PROJECT_ACT_RENEW))
        status = put_project(store, line, s, deed, deed_of_line, err);
    else if (!status && to != PROJECT_NONE)
        status = move_project(store, line, to, deed_of_line, err);
    if (status || to == PROJECT_NONE)
        return status;
    struct line_change change = {.field = LINE_STATE, .number = project_line_state(to)};
    return ledger_change_line(store, line, &change, 1, deed_of_line, err);
}

enum status ledger_act_on_project(struct arena *arena, struct store *store, int64_t line,
                                  const struct ledger_project_deed *deed,
                                  const struct ledger_deed *deed_of_line, struct error *err)
{
    struct standing s = {0};
    struct machine_facts facts;
    if (deed->act == PROJECT_ACT_SCORE || deed->class >= PROJECT_CLASSES)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要办理的事项。");
    if (!ledger_is_text(deed_of_line->why, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         LINE_WHY_MAX);
    enum status status = load_standing(arena, store, line, &s, err);
    if (!status)
        status = settle_facts(arena, store, &s, deed, deed_of_line->why, &facts, err);
    if (!status)
        status = project_allow(s.project.state, deed->act, facts, err);
    if (!status)
        status = check_review(&s, deed->act, facts, err);
    if (!status)
        status = put_in_force(store, line, &s, deed, deed_of_line, err);
    if (status)
        return status;
    json_t *data = json_pack("{s:s}", "act", project_act_name(deed->act));
    if (s.turn.total != SCORE_NONE && decides(deed->act))
        (void)json_object_set_new(data, "total", json_integer(s.turn.total));
    return ledger_record(store, line, "line.project", data, deed_of_line, err);
}

/* --- marks -------------------------------------------------------------------------------------- */

static enum status check_marks(const int64_t *marks, size_t count,
                               const struct project_sheet *sheet, struct error *err)
{
    if (count != sheet->ncriteria)
        return error_set(err, STATUS_INPUT, "Mark every criterion; they have changed meanwhile.",
                         "请逐项评分；评分标准可能已变更，请重新填写。");
    for (size_t i = 0; i < count; i++)
        if (marks[i] < 0 || marks[i] > 100)
            return error_set(err, STATUS_INPUT, "A mark is a whole number from 0 to 100.",
                             "评分应为 0 至 100 的整数。");
    return STATUS_OK;
}

static enum status put_mark(struct store *store, int64_t line, int64_t turn, int64_t member,
                            int64_t criterion, int64_t mark, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(
        store,
        "INSERT OR REPLACE INTO project_mark (line, turn, member, criterion, mark, marked_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, turn);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, criterion);
    query_bind_int(q, 5, mark);
    query_bind_int(q, 6, now_ms);
    (void)query_row(q);
    return query_end(q, err);
}

/* So many may mark a project; who did already may do so again. */
static enum status check_room(const struct project_sheet *sheet, int64_t member, struct error *err)
{
    for (size_t i = 0; i < sheet->nscorers; i++)
        if (sheet->scorers[i] == member)
            return STATUS_OK;
    if (sheet->nscorers < SCORERS_MAX)
        return STATUS_OK;
    return error_set(err, STATUS_CONFLICT, "%u people have marked it already.", "已有 %u 人评分。",
                     SCORERS_MAX);
}

enum status ledger_mark_project(struct arena *arena, struct store *store, int64_t line,
                                const struct ledger_project_deed *deed, const int64_t *marks,
                                size_t count, const struct ledger_deed *deed_of_line,
                                struct error *err)
{
    struct standing s = {0};
    struct machine_facts facts;
    struct project_sheet sheet;
    enum status status = load_standing(arena, store, line, &s, err);
    if (!status)
        status = settle_facts(arena, store, &s, deed, STR(""), &facts, err);
    if (!status)
        status = project_allow(s.project.state, PROJECT_ACT_SCORE, facts, err);
    if (!status && !is_open(&s.turn))
        return error_set(err, STATUS_CONFLICT,
                         "It was decided upon; marks are given again in the next review.",
                         "本次已作出决定，下一轮调整时方可再评分。");
    if (!status)
        status = ledger_load_sheet(arena, store, line, s.turn.turn, &sheet, err);
    if (!status)
        status = check_marks(marks, count, &sheet, err);
    if (!status)
        status = check_room(&sheet, deed->member, err);
    for (size_t i = 0; !status && i < count; i++)
        status = put_mark(store, line, s.turn.turn, deed->member, sheet.criteria[i].id, marks[i],
                          deed_of_line->now_ms, err);
    if (!status)
        status = ledger_refresh_turn(arena, store, line, s.turn.turn, err);
    return status ? status : ledger_record(store, line, "line.marked", NULL, deed_of_line, err);
}
