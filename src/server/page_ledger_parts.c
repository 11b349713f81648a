/* What a line is split into: its parts with their weights; how far ahead it looks, what it takes over from above,
 * and what programmes state about it. */
#include "server/internal.h"

#include "base/calendar.h"
#include "ledger/goal.h"
#include "ledger/progress.h"
#include "server/ledger_programme.h"

#define PARTS_MOST 200 /* weighed at once */

/* --- the page ------------------------------------------------------------------------------------- */

struct part_row {
    struct str key, number, title, kind_word, state, state_word, due, weight, share;
    struct str light, light_word, light_rule;
    int64_t progress;
    bool counts;
};
static const struct field PART_ROW[] = {
    FIELD(TEXT, struct part_row, key),
    FIELD(TEXT, struct part_row, number),
    FIELD(TEXT, struct part_row, title),
    FIELD_HIDDEN(TEXT, struct part_row, kind_word),
    FIELD(TEXT, struct part_row, state),
    FIELD_HIDDEN(TEXT, struct part_row, state_word),
    FIELD(DATE, struct part_row, due),
    FIELD(TEXT, struct part_row, weight),
    FIELD(TEXT, struct part_row, share),
    FIELD(TEXT, struct part_row, light),
    FIELD_HIDDEN(TEXT, struct part_row, light_word),
    FIELD_HIDDEN(TEXT, struct part_row, light_rule),
    FIELD(NUMBER, struct part_row, progress),
    FIELD(FLAG, struct part_row, counts),
    {0},
};
struct above_row {
    struct str key, title, amount, measure;
};
static const struct field ABOVE_ROW[] = {
    FIELD(TEXT, struct above_row, key),
    FIELD(TEXT, struct above_row, title),
    FIELD(TEXT, struct above_row, amount),
    FIELD(TEXT, struct above_row, measure),
    {0},
};
struct parts_page {
    struct ledger_head head;
    struct above_row *above; /* goals of a higher level that it takes over of */
    size_t nabove;
    struct statement_sight *statements; /* of programmes, about it */
    size_t nstatements;
    struct part_row *parts;
    size_t nparts;
    struct str horizon, horizon_word, sum_rule, horizon_rule;
    struct ledger_choice *horizons;
    size_t nhorizons;
    bool is_goal, said, sums, may_weigh;
};
static const struct field PARTS_PAGE[] = {
    LEDGER_HEAD_FIELD(struct parts_page, head),
    FIELD_OF_LIST(struct parts_page, above, ABOVE_ROW),
    FIELD_OF_LIST(struct parts_page, statements, statement_fields),
    FIELD_OF_LIST(struct parts_page, parts, PART_ROW),
    FIELD(TEXT, struct parts_page, horizon),
    FIELD_HIDDEN(TEXT, struct parts_page, horizon_word),
    FIELD(FLAG, struct parts_page, said),
    FIELD_OF_LIST(struct parts_page, horizons, ledger_choice_fields),
    FIELD(TEXT, struct parts_page, sum_rule),
    FIELD(TEXT, struct parts_page, horizon_rule),
    FIELD_HIDDEN(FLAG, struct parts_page, is_goal),
    FIELD(FLAG, struct parts_page, sums),
    FIELD_HIDDEN(FLAG, struct parts_page, may_weigh),
    {0},
};

static enum status fill_parts(struct request *rq, int64_t line, struct parts_page *page,
                              struct error *err)
{
    struct line *list;
    enum status status =
        ledger_list_children(rq->arena, rq->store, line, &list, &page->nparts, err);
    if (status)
        return status;
    struct line_part *parts = arena_array(rq->arena, page->nparts + 1, struct line_part);
    page->parts = arena_array(rq->arena, page->nparts + 1, struct part_row);
    for (size_t i = 0; i < page->nparts; i++)
        parts[i] =
            (struct line_part){list[i].kind, list[i].state, list[i].weight, list[i].progress};
    for (size_t i = 0; i < page->nparts; i++) {
        enum light light = ledger_light(rq, &list[i]);
        page->parts[i] = (struct part_row){
            .key = list[i].key,
            .number = list[i].number,
            .title = list[i].title,
            .kind_word = str_of(ledger_kind_word(list[i].kind, rq->lang)),
            .state = str_of(line_state_name(list[i].state)),
            .state_word = str_of(line_state_word(list[i].state, rq->lang)),
            .due = ledger_day(rq, list[i].due_day),
            .weight = str_format(rq->arena, "%g", list[i].weight),
            .share = str_format(rq->arena, "%.3g", line_part_share(parts, page->nparts, i)),
            .light = str_of(light_name(light)),
            .light_word = str_of(light_word(light, rq->lang)),
            .light_rule = ledger_light_rule(rq, light),
            .progress = list[i].progress,
            .counts = line_part_counts(&parts[i]),
        };
    }
    return STATUS_OK;
}

static enum status fill_horizon(struct request *rq, const struct line *line,
                                struct parts_page *page, struct error *err)
{
    enum goal_horizon said;
    enum status status = ledger_load_horizon(rq->store, line->id, &said, err);
    enum goal_horizon horizon =
        said ? said : goal_horizon_of(line->due_day, calendar_day_of(rq->now_ms));
    page->said = said != HORIZON_NONE;
    page->horizon = str_of(goal_horizon_name(horizon));
    page->horizon_word = str_of(goal_horizon_word(horizon, rq->lang));
    page->horizons = arena_array(rq->arena, HORIZONS, struct ledger_choice);
    for (int i = 0; i < HORIZONS; i++)
        page->horizons[page->nhorizons++] =
            (struct ledger_choice){str_of(goal_horizon_name((enum goal_horizon)i)),
                                   i ? str_of(goal_horizon_word((enum goal_horizon)i, rq->lang))
                                     : request_words(rq, "As the due day says", "按完成期限确定"),
                                   (int)said == i};
    return status;
}

static enum status fill_above(struct request *rq, int64_t line, struct parts_page *page,
                              struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT h.key, h.title, printf('%g', t.amount),"
                   " CASE WHEN h.quantity THEN h.measure ELSE '%' END FROM goal_taking t"
                   " JOIN higher_goal h ON h.id = t.higher WHERE t.line = ?1 ORDER BY h.id");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        size_t n = page->nabove++;
        page->above = arena_one_more(rq->arena, page->above, n, sizeof *page->above);
        page->above[n] = (struct above_row){
            str_copy(rq->arena, query_str(q, 0)), str_copy(rq->arena, query_str(q, 1)),
            str_copy(rq->arena, query_str(q, 2)), str_copy(rq->arena, query_str(q, 3))};
    }
    return query_end(q, err);
}

#define STATEMENTS_MOST 50

static enum status fill_statements(struct request *rq, int64_t line, struct parts_page *page,
                                   struct error *err)
{
    struct statement list[STATEMENTS_MOST];
    size_t count = 0;
    struct query *q = query_start(
        rq->store,
        "SELECT " STATEMENT_COLUMNS("s") " FROM statement s"
                                         " JOIN programme p ON p.id = s.programme"
                                         " WHERE s.line = ?1 AND s.closed_ms IS NULL"
                                         " AND p.closed_ms IS NULL ORDER BY s.id LIMIT ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, STATEMENTS_MOST);
    while (query_row(q))
        ledger_take_statement(rq->arena, q, 0, &list[count++]);
    enum status status = query_end(q, err);
    page->statements = arena_array(rq->arena, count + 1, struct statement_sight);
    for (; !status && page->nstatements < count; page->nstatements++)
        status = ledger_see_statement(rq, &list[page->nstatements],
                                      &page->statements[page->nstatements], err);
    return status;
}

static enum status show_parts(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct parts_page page = {
        .sum_rule = str_of(line_sum_rule(rq->lang)),
        .horizon_rule = str_of(goal_horizon_rule(rq->lang)),
    };
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/parts", &page.head, err);
    if (!status)
        status = fill_parts(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_above(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_statements(rq, sight.line.id, &page, err);
    page.is_goal = !status && sight.line.kind == LEDGER_GOAL;
    if (page.is_goal)
        status = fill_horizon(rq, &sight.line, &page, err);
    if (status)
        return status;
    page.sums = line_kind_sums(sight.line.kind);
    page.may_weigh = page.head.may_change && page.nparts && page.nparts <= PARTS_MOST;
    return answer_titled_page(rq, "ledger-parts", sight.line.title, PARTS_PAGE, &page);
}

const struct route route_ledger_parts = {
    .method = "GET",
    .path = "/ledger/lines/{line}/parts",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "What a line is split into: its parts with weights, shares and progress; a goal's horizon, what the line takes over from above, and what programmes state about it.",
    .zh =
        "条目分解：下级条目的权重、占比与进度，目标的期限类别、承接的上级目标，以及各项规划对它的规定。",
    .output = PARTS_PAGE,
    .page = "ledger-parts",
    .run = show_parts,
};

/* --- weights -------------------------------------------------------------------------------------- */

struct weighing {
    int64_t line;
    struct str numbers[PARTS_MOST];
    double weights[PARTS_MOST];
    size_t count;
    struct ledger_deed deed;
};

static enum status weigh_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct weighing *w = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < w->count; i++) {
        struct line part;
        struct line_change change = {.field = LINE_WEIGHT, .real = w->weights[i]};
        status = ledger_find_line_numbered(scratch, store, w->numbers[i], &part, err);
        if (!status && part.parent != w->line)
            return error_set(err, STATUS_CONFLICT, "%.*s is no longer part of this line.",
                             "%.*s 已不是本条目的下级条目。", STR_ARG(w->numbers[i]));
        if (!status)
            status = ledger_change_line(store, part.id, &change, 1, &w->deed, err);
    }
    return status;
}

static enum status read_weights(struct request *rq, struct weighing *w, struct error *err)
{
    struct str weights[PARTS_MOST];
    w->count = request_inputs(rq, "part", w->numbers, PARTS_MOST);
    if (request_inputs(rq, "weight", weights, PARTS_MOST) != w->count)
        return request_blame(
            rq, "weight",
            error_set(err, STATUS_INPUT, "Give each part a weight.", "请为每项下级填写权重。"));
    for (size_t i = 0; i < w->count; i++)
        if (!str_to_double(weights[i], &w->weights[i]))
            return error_set(err, STATUS_INPUT, "The weight of %.*s is not a number.",
                             "%.*s 的权重不是数字。", STR_ARG(w->numbers[i]));
    return STATUS_OK;
}

static enum status weigh(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct weighing *w = arena_array(rq->arena, 1, struct weighing);
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (!status)
        status = read_weights(rq, w, err);
    if (!status)
        status = ledger_refuse_marks(rq, request_input(rq, "why"), err);
    if (status)
        return status;
    w->line = sight.line.id;
    w->deed = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "why")};
    status = ledger_write(rq, w->line, LEDGER_CHANGE, weigh_step, w, err);
    return status ? status
                  : ledger_answer_done(rq, "/parts", "The weights are changed.", "权重已修改。");
}

static const struct input WEIGH_INPUTS[] = {
    {.name = "part", .kind = INPUT_LIST, .most = 20, .en = "Part", .zh = "下级条目"},
    {.name = "weight", .kind = INPUT_LIST, .most = 20, .en = "Weight", .zh = "权重"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_weigh = {
    .method = "POST",
    .path = "/ledger/lines/{line}/parts",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Weigh the parts of a line, by their numbers.",
    .zh = "按编号设定下级条目的权重。",
    .inputs = WEIGH_INPUTS,
    .run = weigh,
    .again = show_parts,
};

/* --- horizon -------------------------------------------------------------------------------------- */

struct looking {
    int64_t line;
    enum goal_horizon horizon;
    struct ledger_deed deed;
};

static enum status horizon_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct looking *l = context;
    (void)scratch;
    return ledger_say_horizon(store, l->line, l->horizon, &l->deed, err);
}

static enum status say_horizon(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct looking l = {.deed = {.now_ms = rq->now_ms}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (status)
        return status;
    if (!goal_horizon_named(request_input(rq, "horizon"), &l.horizon))
        return request_blame(rq, "horizon",
                             error_set(err, STATUS_INPUT, "Choose a horizon.", "请选择期限类别。"));
    l.line = sight.line.id;
    status = ledger_write(rq, l.line, LEDGER_CHANGE, horizon_step, &l, err);
    return status ? status
                  : ledger_answer_done(rq, "/parts", "The horizon is set.", "期限类别已设定。");
}

static const struct input HORIZON_INPUTS[] = {
    {.name = "horizon", .kind = INPUT_TEXT, .most = 10, .en = "Horizon", .zh = "期限类别"},
    {0},
};
const struct route route_ledger_horizon = {
    .method = "POST",
    .path = "/ledger/lines/{line}/horizon",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say how far ahead a goal looks.",
    .zh = "设定目标的期限类别。",
    .inputs = HORIZON_INPUTS,
    .run = say_horizon,
};
