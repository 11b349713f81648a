/* The heat map of risks: how many stand where in the matrix at the end of a day, what moved since another, and the matrix
 * itself with its scales. */
#include "base/calendar.h"
#include "server/chart.h"
#include "server/internal.h"
#include "server/ledger_risk.h"

#define SINCE_DAYS 90 /* movement is shown since so long ago, unless another day is asked for */

struct map_cell {
    int64_t likelihood, impact, count;
    struct str level, level_words, path;
};
static const struct field MAP_CELL[] = {
    FIELD(NUMBER, struct map_cell, likelihood),
    FIELD(NUMBER, struct map_cell, impact),
    FIELD(TEXT, struct map_cell, level),
    FIELD_HIDDEN(TEXT, struct map_cell, level_words),
    FIELD(NUMBER, struct map_cell, count),
    FIELD_HIDDEN(TEXT, struct map_cell, path),
    {0},
};
struct map_row {
    struct str words;
    struct map_cell *cells;
    size_t ncells;
};
static const struct field MAP_ROW[] = {
    FIELD_HIDDEN(TEXT, struct map_row, words),
    FIELD_OF_LIST(struct map_row, cells, MAP_CELL),
    {0},
};
struct moved_row {
    struct str key, number, title, way, way_words, then, then_words, now, now_words;
};
static const struct field MOVED_ROW[] = {
    FIELD(TEXT, struct moved_row, key),
    FIELD(TEXT, struct moved_row, number),
    FIELD(TEXT, struct moved_row, title),
    FIELD(TEXT, struct moved_row, way),
    FIELD_HIDDEN(TEXT, struct moved_row, way_words),
    FIELD(TEXT, struct moved_row, then),
    FIELD_HIDDEN(TEXT, struct moved_row, then_words),
    FIELD(TEXT, struct moved_row, now),
    FIELD_HIDDEN(TEXT, struct moved_row, now_words),
    {0},
};
struct level_row {
    struct str level, words, rule;
    int64_t then, now;
};
static const struct field LEVEL_ROW[] = {
    FIELD(TEXT, struct level_row, level),       FIELD_HIDDEN(TEXT, struct level_row, words),
    FIELD_HIDDEN(TEXT, struct level_row, rule), FIELD(NUMBER, struct level_row, then),
    FIELD(NUMBER, struct level_row, now),       {0},
};
struct grade_row {
    struct str words, how;
};
static const struct field GRADE_ROW[] = {
    FIELD(TEXT, struct grade_row, words),
    FIELD(TEXT, struct grade_row, how),
    {0},
};
struct map_page {
    struct str from, to, by, chart;
    int64_t count;
    bool before;
    struct map_row *rows;
    struct moved_row *moved;
    struct level_row *levels;
    struct grade_row *likelihoods, *impacts;
    struct ledger_choice *views;
    size_t nrows, nmoved, nlevels, nlikelihoods, nimpacts, nviews;
};
static const struct field MAP_PAGE[] = {
    FIELD(DATE, struct map_page, from),
    FIELD(DATE, struct map_page, to),
    FIELD(TEXT, struct map_page, by),
    FIELD_HIDDEN(MARKUP, struct map_page, chart),
    FIELD(NUMBER, struct map_page, count),
    FIELD_HIDDEN(FLAG, struct map_page, before),
    FIELD_OF_LIST(struct map_page, rows, MAP_ROW),
    FIELD_OF_LIST(struct map_page, levels, LEVEL_ROW),
    FIELD_OF_LIST(struct map_page, moved, MOVED_ROW),
    FIELD_OF_LIST(struct map_page, likelihoods, GRADE_ROW),
    FIELD_OF_LIST(struct map_page, impacts, GRADE_ROW),
    FIELD_OF_LIST(struct map_page, views, ledger_choice_fields),
    {0},
};

/* What is asked for. */
struct asked {
    enum risk_view view;
    int64_t then, now, today;
};

static struct grade_row *grades(const struct request *rq, const struct risk_grade list[RISK_SCALE])
{
    struct grade_row *rows = arena_array(rq->arena, RISK_SCALE, struct grade_row);
    for (int i = 0; i < RISK_SCALE; i++)
        rows[i] = (struct grade_row){ledger_grade_words(rq, list, i + 1),
                                     request_words(rq, list[i].how_en, list[i].how_zh)};
    return rows;
}

static void fill_levels(const struct request *rq, const struct risk_movement *list, size_t count,
                        struct map_page *page)
{
    page->nlevels = RISK_LEVELS - 1;
    page->levels = arena_array(rq->arena, page->nlevels, struct level_row);
    for (int i = 0; i < RISK_LEVELS - 1; i++) {
        enum risk_level level = (enum risk_level)(RISK_EXTREME - i);
        page->levels[i] = (struct level_row){str_of(risk_level_name(level)),
                                             str_of(risk_level_words(level, rq->lang)),
                                             str_of(risk_level_rule(level, rq->lang)), 0, 0};
        for (size_t r = 0; r < count; r++) {
            page->levels[i].then +=
                risk_level_of(list[r].then_likelihood, list[r].then_impact) == level;
            page->levels[i].now +=
                risk_level_of(list[r].now_likelihood, list[r].now_impact) == level;
        }
    }
}

/* The list shows what is so now, so that cells of an earlier day lead nowhere. */
static struct map_cell cell_of(const struct request *rq, const struct asked *a, int likelihood,
                               int impact, int64_t count)
{
    enum risk_level level = risk_level_of(likelihood, impact);
    struct map_cell cell = {.likelihood = likelihood,
                            .impact = impact,
                            .count = count,
                            .level = str_of(risk_level_name(level)),
                            .level_words = str_of(risk_level_words(level, rq->lang))};
    if (count && a->now == a->today)
        cell.path =
            str_format(rq->arena, "/ledger/risks?state=open&%s=%d%d",
                       a->view == RISK_AS_IT_STANDS ? "place" : "inherent", likelihood, impact);
    return cell;
}

static void fill_cells(const struct request *rq, const struct asked *a,
                       const struct risk_movement *list, size_t count, struct map_page *page)
{
    int64_t counts[RISK_SCALE + 1][RISK_SCALE + 1] = {{0}};
    for (size_t r = 0; r < count; r++)
        counts[list[r].now_likelihood][list[r].now_impact]++;
    page->nrows = RISK_SCALE;
    page->rows = arena_array(rq->arena, RISK_SCALE, struct map_row);
    for (int row = 0; row < RISK_SCALE; row++) {
        int likelihood = RISK_SCALE - row;
        page->rows[row] =
            (struct map_row){ledger_grade_words(rq, risk_likelihoods, likelihood),
                             arena_array(rq->arena, RISK_SCALE, struct map_cell), RISK_SCALE};
        for (int impact = 1; impact <= RISK_SCALE; impact++) {
            page->rows[row].cells[impact - 1] =
                cell_of(rq, a, likelihood, impact, counts[likelihood][impact]);
            page->count += counts[likelihood][impact];
        }
    }
}

/* How a risk moved, as the page lists it. */
enum way { WAY_WORSE, WAY_BETTER, WAY_ASIDE, WAY_GONE, WAY_NEW, WAYS };
static const struct {
    const char *name, *en, *zh;
} WAY_WORDS[WAYS] = {
    [WAY_WORSE] = {"worse", "worse", "上升"}, [WAY_BETTER] = {"better", "better", "下降"},
    [WAY_ASIDE] = {"aside", "aside", "平移"}, [WAY_GONE] = {"gone", "gone", "消除"},
    [WAY_NEW] = {"new", "new", "新增"},
};

/* By its level first, within one by its place; WAYS where it stayed. */
static enum way way_of(const struct risk_movement *m)
{
    int then = (int)risk_level_of(m->then_likelihood, m->then_impact);
    int now = (int)risk_level_of(m->now_likelihood, m->now_impact);
    int64_t before = m->then_likelihood * m->then_impact;
    int64_t after = m->now_likelihood * m->now_impact;
    if (m->then_likelihood == m->now_likelihood && m->then_impact == m->now_impact)
        return WAYS;
    if (!then || !now)
        return then ? WAY_GONE : WAY_NEW;
    if (now != then)
        return now > then ? WAY_WORSE : WAY_BETTER;
    return after == before ? WAY_ASIDE : after > before ? WAY_WORSE : WAY_BETTER;
}

static struct moved_row moved_row(const struct request *rq, const struct risk_movement *m,
                                  enum way way)
{
    enum risk_level then = risk_level_of(m->then_likelihood, m->then_impact);
    enum risk_level now = risk_level_of(m->now_likelihood, m->now_impact);
    return (struct moved_row){
        .key = m->key,
        .number = m->number,
        .title = m->title,
        .way = str_of(WAY_WORDS[way].name),
        .way_words = request_words(rq, WAY_WORDS[way].en, WAY_WORDS[way].zh),
        .then = str_of(risk_level_name(then)),
        .then_words = ledger_place_words(rq, m->then_likelihood, m->then_impact),
        .now = str_of(risk_level_name(now)),
        .now_words = ledger_place_words(rq, m->now_likelihood, m->now_impact),
    };
}

/* What grew comes first, what is new last. */
static void fill_moved(const struct request *rq, const struct risk_movement *list, size_t count,
                       struct map_page *page)
{
    page->moved = arena_array(rq->arena, count + 1, struct moved_row);
    for (int way = 0; way < WAYS; way++)
        for (size_t r = 0; r < count; r++)
            if (way_of(&list[r]) == (enum way)way)
                page->moved[page->nmoved++] = moved_row(rq, &list[r], (enum way)way);
}

/* One arrow for all that moved from one cell to another. */
static struct chart_heat_move *moves_of(const struct request *rq, const struct risk_movement *list,
                                        size_t count, size_t *nmoves)
{
    struct chart_heat_move *moves = arena_array(rq->arena, count + 1, struct chart_heat_move);
    *nmoves = 0;
    for (size_t r = 0; r < count; r++) {
        const struct risk_movement *m = &list[r];
        enum way way = way_of(m);
        size_t at = 0;
        if (way >= WAY_GONE)
            continue;
        struct chart_heat_move move = {
            (int)m->then_likelihood - 1, (int)m->then_impact - 1, (int)m->now_likelihood - 1,
            (int)m->now_impact - 1,      way == WAY_WORSE,        m->number};
        while (at < *nmoves &&
               (moves[at].from_row != move.from_row || moves[at].from_column != move.from_column ||
                moves[at].to_row != move.to_row || moves[at].to_column != move.to_column))
            at++;
        if (at < *nmoves)
            moves[at].title =
                str_format(rq->arena, "%.*s, %.*s", STR_ARG(moves[at].title), STR_ARG(m->number));
        else
            moves[(*nmoves)++] = move;
    }
    return moves;
}

static void draw(const struct request *rq, const struct risk_movement *list, size_t count,
                 struct map_page *page)
{
    struct chart_heat heat = {
        .rows = request_words(rq, "Likelihood", "可能性"),
        .columns = request_words(rq, "Impact", "影响程度"),
        .words = request_words(rq, "Risks by likelihood and impact; the table below says the same.",
                               "按可能性和影响程度分布的风险，下表内容相同。"),
    };
    for (size_t row = 0; row < page->nrows; row++)
        for (size_t i = 0; i < page->rows[row].ncells; i++) {
            const struct map_cell *c = &page->rows[row].cells[i];
            heat.cells[c->likelihood - 1][c->impact - 1] = (struct chart_heat_cell){
                risk_level_name(risk_level_of(c->likelihood, c->impact)), c->count,
                str_format(rq->arena, "%.*s: %lld",
                           STR_ARG(ledger_place_words(rq, c->likelihood, c->impact)),
                           (long long)c->count),
                c->path};
        }
    heat.moves = moves_of(rq, list, count, &heat.nmoves);
    page->chart = chart_heat(rq->arena, &heat);
}

static enum status read_asked(const struct request *rq, struct asked *a, struct error *err)
{
    struct str by = request_input(rq, "by");
    a->today = calendar_day_of(rq->now_ms);
    a->view = str_equal(by, STR("before")) ? RISK_BEFORE_DISPOSAL : RISK_AS_IT_STANDS;
    a->now = request_input(rq, "to").len ? ledger_read_day(rq, "to") : a->today;
    a->then = request_input(rq, "from").len ? ledger_read_day(rq, "from") : a->now - SINCE_DAYS;
    if (a->then > a->now)
        return error_set(err, STATUS_INPUT, "The first day comes after the second.",
                         "起始日期晚于截止日期。");
    return STATUS_OK;
}

static enum status show_map(struct request *rq, struct error *err)
{
    struct asked a;
    struct risk_movement *list = NULL;
    size_t count = 0;
    enum status status = read_asked(rq, &a, err);
    if (!status)
        status =
            ledger_list_movements(rq->arena, rq->store, a.view, a.then, a.now, &list, &count, err);
    if (status)
        return status;
    struct map_page page = {.from = ledger_day(rq, a.then),
                            .to = ledger_day(rq, a.now),
                            .before = a.view == RISK_BEFORE_DISPOSAL,
                            .by = a.view == RISK_BEFORE_DISPOSAL ? STR("before") : STR("now"),
                            .likelihoods = grades(rq, risk_likelihoods),
                            .impacts = grades(rq, risk_impacts),
                            .nlikelihoods = RISK_SCALE,
                            .nimpacts = RISK_SCALE,
                            .views = arena_array(rq->arena, 2, struct ledger_choice),
                            .nviews = 2};
    page.views[0] =
        (struct ledger_choice){STR("now"), request_words(rq, "As risks stand", "当前风险"), false};
    page.views[1] = (struct ledger_choice){
        STR("before"), request_words(rq, "Before disposal", "固有风险（处置前）"), false};
    ledger_choose(page.views, page.nviews, page.by);
    fill_cells(rq, &a, list, count, &page);
    fill_levels(rq, list, count, &page);
    fill_moved(rq, list, count, &page);
    draw(rq, list, count, &page);
    return answer_page(rq, "ledger-risk-map", "Heat map of risks", "风险热力图", MAP_PAGE, &page);
}

static const struct input MAP_INPUTS[] = {
    {.name = "from", .kind = INPUT_DAY, .en = "Moved since", .zh = "起始日期"},
    {.name = "to", .kind = INPUT_DAY, .en = "As of the day", .zh = "截止日期"},
    {.name = "by", .kind = INPUT_TEXT, .most = 10, .en = "Shown", .zh = "显示"},
    {0},
};
const struct route route_ledger_risk_map = {
    .method = "GET",
    .path = "/ledger/risks/map",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "The heat map of risks on a day, what moved since another, and the matrix with its scales.",
    .zh = "某日风险热力图、与另一日相比的变动，以及风险矩阵和分级标准。",
    .inputs = MAP_INPUTS,
    .output = MAP_PAGE,
    .page = "ledger-risk-map",
    .run = show_map,
};
