/* What a tour came to, once its scoring is closed: the ranking with the rule in words, how each score counted, what was
 * remarked, and what becomes of each finding. */
#include "ledger/score.h"
#include "server/internal.h"
#include "server/ledger_found.h"
#include "server/ledger_inspection.h"
#include "server/sheet_form.h"

struct mark_row {
    struct str text, value, words;
};
static const struct field MARK_ROW[] = {
    FIELD(TEXT, struct mark_row, text),
    FIELD(TEXT, struct mark_row, value),
    FIELD(TEXT, struct mark_row, words),
    {0},
};
struct score_row {
    struct str scorer, score, counted_words, remark;
    int64_t weight, sent;
    bool counts;
    struct mark_row *marks;
    struct sheet_form_photo *photos;
    size_t nmarks, nphotos;
};
static const struct field PHOTO_ROW[] = {
    FIELD(TEXT, struct sheet_form_photo, key),
    FIELD(TEXT, struct sheet_form_photo, name),
    FIELD(TEXT, struct sheet_form_photo, path),
    {0},
};
static const struct field SCORE_ROW[] = {
    FIELD(TEXT, struct score_row, scorer),
    FIELD(TEXT, struct score_row, score),
    FIELD(NUMBER, struct score_row, weight),
    FIELD(FLAG, struct score_row, counts),
    FIELD(TEXT, struct score_row, counted_words),
    FIELD(TEXT, struct score_row, remark),
    FIELD(TIME, struct score_row, sent),
    FIELD_OF_LIST(struct score_row, marks, MARK_ROW),
    FIELD_OF_LIST(struct score_row, photos, PHOTO_ROW),
    {0},
};
struct rank_row {
    struct str key, stop, unit, target, target_number, result;
    int64_t place, counted;
    struct score_row *scores;
    size_t nscores;
};
static const struct field RANK_ROW[] = {
    FIELD(NUMBER, struct rank_row, place),       FIELD(TEXT, struct rank_row, stop),
    FIELD(TEXT, struct rank_row, unit),          FIELD(TEXT, struct rank_row, target),
    FIELD(TEXT, struct rank_row, target_number), FIELD(TEXT, struct rank_row, result),
    FIELD(NUMBER, struct rank_row, counted),     FIELD_OF_LIST(struct rank_row, scores, SCORE_ROW),
    FIELD_HIDDEN(TEXT, struct rank_row, key),    {0},
};
struct finding_row {
    struct str key, stop, item, words, made, made_number, made_title, dropped_why, by;
    struct str title;
    struct ledger_choice *units;
    size_t nunits;
    bool open, may_decide;
};
static const struct field FINDING_ROW[] = {
    FIELD(TEXT, struct finding_row, key),
    FIELD(TEXT, struct finding_row, stop),
    FIELD(TEXT, struct finding_row, item),
    FIELD(TEXT, struct finding_row, words),
    FIELD(TEXT, struct finding_row, by),
    FIELD(TEXT, struct finding_row, made),
    FIELD(TEXT, struct finding_row, made_number),
    FIELD_HIDDEN(TEXT, struct finding_row, made_title),
    FIELD(TEXT, struct finding_row, dropped_why),
    FIELD(FLAG, struct finding_row, open),
    FIELD_HIDDEN(TEXT, struct finding_row, title),
    FIELD_HIDDEN(FLAG, struct finding_row, may_decide),
    FIELD_OF_LIST(struct finding_row, units, ledger_choice_fields),
    {0},
};
struct ranking_page {
    struct ledger_head head;
    bool known, may_remove; /* photos */
    struct str state_words, rule_words, sheet_key, sheet_name;
    struct rank_row *stops;
    struct finding_row *findings;
    struct ledger_choice *people;
    int64_t open_findings;
    size_t nstops, nfindings, npeople;
};
static const struct field RANKING_PAGE[] = {
    LEDGER_HEAD_FIELD(struct ranking_page, head),
    FIELD(FLAG, struct ranking_page, known),
    FIELD_HIDDEN(FLAG, struct ranking_page, may_remove),
    FIELD_HIDDEN(TEXT, struct ranking_page, state_words),
    FIELD(TEXT, struct ranking_page, rule_words),
    FIELD(TEXT, struct ranking_page, sheet_key),
    FIELD(TEXT, struct ranking_page, sheet_name),
    FIELD(NUMBER, struct ranking_page, open_findings),
    FIELD_OF_LIST(struct ranking_page, stops, RANK_ROW),
    FIELD_OF_LIST(struct ranking_page, findings, FINDING_ROW),
    FIELD_OF_LIST(struct ranking_page, people, ledger_choice_fields),
    {0},
};

/* --- the ranking ---------------------------------------------------------------------------------- */

static void fill_marks(struct request *rq, const struct tour_sight *tour,
                       const struct filled *filled, struct score_row *row)
{
    row->marks = arena_array(rq->arena, filled->nitems + 1, struct mark_row);
    for (size_t i = 0; i < filled->nitems && i < tour->sheet.nitems; i++)
        row->marks[row->nmarks++] = (struct mark_row){
            tour->sheet.items[i].text,
            sheet_value_words(rq->arena, &tour->sheet.items[i], filled->items[i].value, rq->lang),
            filled->items[i].words};
}

struct telling {
    struct request *rq;
    const struct tour_sight *tour;
    const struct inspection_ranking *ranking;
    struct str *scorers; /* names */
    struct line_file *files;
    size_t nfiles;
};

static void fill_photos(const struct telling *t, const struct filled *filled, struct score_row *row)
{
    struct str about = filled_files_about(t->rq->arena, filled->id);
    row->photos = arena_array(t->rq->arena, t->nfiles + 1, struct sheet_form_photo);
    for (size_t i = 0; i < t->nfiles; i++)
        if (str_equal(t->files[i].about, about))
            row->photos[row->nphotos++] = (struct sheet_form_photo){
                t->files[i].key, t->files[i].name,
                ledger_path(t->rq, t->tour->sight.line.key,
                            str_format(t->rq->arena, "/files/%.*s", STR_ARG(t->files[i].key)).at)};
}

static void fill_scores(const struct telling *t, size_t stop, struct rank_row *row)
{
    const struct inspection_ranking *r = t->ranking;
    row->scores = arena_array(t->rq->arena, r->nscorers + 1, struct score_row);
    for (size_t i = 0; i < r->nscorers; i++) {
        const struct rank_score *score = &r->scores[stop * r->nscorers + i];
        const struct filled *filled = r->filled[stop * r->nscorers + i];
        struct score_row *to = &row->scores[row->nscores++];
        *to = (struct score_row){
            .scorer = t->scorers[i],
            .score = score->score == RANK_NONE ? STR("") : score_text(t->rq->arena, score->score),
            .weight = score->weight,
            .counts = score->counted == RANK_COUNTS,
            .counted_words = str_of(rank_count_words(score->counted, t->rq->lang)),
        };
        row->counted += to->counts;
        if (!filled)
            continue;
        to->remark = filled->words;
        to->sent = filled->sent_ms;
        fill_marks(t->rq, t->tour, filled, to);
        fill_photos(t, filled, to);
    }
}

/* By place, then as the tour went. */
static void order_stops(const struct telling *t, struct ranking_page *page)
{
    const struct inspection_ranking *r = t->ranking;
    page->stops = arena_array(t->rq->arena, r->nstops + 1, struct rank_row);
    for (size_t place = 1; place <= r->nstops + 1; place++) {
        size_t wanted = place <= r->nstops ? place : 0;
        for (size_t i = 0; i < r->nstops; i++) {
            if (r->places[i] != wanted)
                continue;
            struct rank_row *row = &page->stops[page->nstops++];
            *row = (struct rank_row){
                .key = r->stops[i].key,
                .place = (int64_t)wanted,
                .stop = r->stops[i].place,
                .unit = r->stops[i].unit_name,
                .target = r->stops[i].target_key,
                .target_number = r->stops[i].target_number,
                .result =
                    r->results[i] == RANK_NONE ? STR("") : score_text(t->rq->arena, r->results[i]),
            };
            fill_scores(t, i, row);
        }
    }
}

static enum status fill_ranking(struct request *rq, const struct tour_sight *tour,
                                struct ranking_page *page, struct error *err)
{
    struct inspection_ranking ranking;
    struct telling t = {.rq = rq, .tour = tour, .ranking = &ranking};
    enum status status =
        ledger_rank_inspection(rq->arena, rq->store, &tour->inspection, &ranking, err);
    if (!status)
        status = ledger_list_files_of_matters(rq->arena, rq->store, tour->sight.line.id,
                                              FILLED_FILES, &t.files, &t.nfiles, err);
    if (status)
        return status;
    t.scorers = arena_array(rq->arena, ranking.nscorers + 1, struct str);
    for (size_t i = 0; !status && i < ranking.nscorers; i++)
        status = ledger_member_name(rq, ranking.scorers[i].member, &t.scorers[i], err);
    if (!status)
        order_stops(&t, page);
    return status;
}

/* --- findings ------------------------------------------------------------------------------------- */

static enum status fill_made(struct request *rq, int64_t line, struct finding_row *row,
                             struct error *err)
{
    struct line made = {0};
    enum status status =
        line ? ledger_find_line_by_id(rq->arena, rq->store, line, &made, err) : STATUS_OK;
    row->made = made.key;
    row->made_number = made.number;
    row->made_title = made.title;
    return status;
}

static enum status fill_finding(struct request *rq, const struct tour_sight *tour,
                                const struct inspection_stop *stops, size_t nstops,
                                const struct finding *finding, struct finding_row *row,
                                struct error *err)
{
    const struct inspection_stop *stop = NULL;
    for (size_t i = 0; i < nstops; i++)
        if (stops[i].id == finding->part)
            stop = &stops[i];
    *row = (struct finding_row){
        .key = finding->key,
        .stop = stop ? stop->place : STR(""),
        .item = finding->item_text,
        .words = finding->words,
        .dropped_why = finding->dropped_why,
        .open = !finding->settled_ms,
        .may_decide = !finding->settled_ms && tour->inspection.state == INSPECT_SCORED &&
                      tour->is >> INSPECT_WHO_KEEPER & 1U,
    };
    row->title = row->stop.len ? str_format(rq->arena, "%.*s%s%.*s", STR_ARG(row->stop),
                                            lang_pick(rq->lang, ": ", "："), STR_ARG(row->item))
                               : row->item;
    enum status status = ledger_member_name(rq, finding->member, &row->by, err);
    if (!status)
        status = fill_made(rq, finding->made_line, row, err);
    if (!status && row->may_decide)
        status = ledger_list_unit_choices(rq, finding->unit, &row->units, &row->nunits, err);
    return status;
}

static enum status fill_findings(struct request *rq, const struct tour_sight *tour,
                                 struct ranking_page *page, struct error *err)
{
    struct finding *list;
    struct inspection_stop *stops;
    size_t nstops;
    int64_t line = tour->sight.line.id;
    enum status status = ledger_list_stops(rq->arena, rq->store, line, &stops, &nstops, err);
    if (!status)
        status = ledger_list_findings(rq->arena, rq->store, line, &list, &page->nfindings, err);
    if (status)
        return status;
    page->findings = arena_array(rq->arena, page->nfindings + 1, struct finding_row);
    for (size_t i = 0; !status && i < page->nfindings; i++) {
        status = fill_finding(rq, tour, stops, nstops, &list[i], &page->findings[i], err);
        page->open_findings += page->findings[i].open;
    }
    return status ? status : ledger_list_people(rq, 0, &page->people, &page->npeople, err);
}

static enum status show_ranking(struct request *rq, struct error *err)
{
    struct tour_sight tour;
    struct ranking_page page = {0};
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    if (!status)
        status = ledger_fill_head(rq, &tour.sight, "/ranking", &page.head, err);
    if (status)
        return status;
    page.known = tour.known;
    page.may_remove = ledger_may(tour.sight.is, LEDGER_CHANGE) && !page.head.closed;
    page.state_words =
        str_of(machine_words(inspect_machine.states, (int)tour.inspection.state, rq->lang));
    page.rule_words = rank_rule_words(rq->arena, tour.inspection.by, rq->lang);
    page.sheet_key = tour.sheet.key;
    page.sheet_name = tour.sheet.name;
    if (page.known)
        status = fill_ranking(rq, &tour, &page, err);
    if (!status && page.known)
        status = fill_findings(rq, &tour, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-ranking", tour.sight.line.title, RANKING_PAGE,
                                       &page);
}

const struct route route_ledger_ranking = {
    .method = "GET",
    .path = "/ledger/lines/{line}/ranking",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The ranking of a tour whose scoring is closed: the rule, each score and how it counted, "
          "and the findings.",
    .zh = "评分截止后的排名：计分规则、各项评分及是否计入、发现的问题。",
    .output = RANKING_PAGE,
    .page = "ledger-ranking",
    .run = show_ranking,
};

/* --- a finding decided ---------------------------------------------------------------------------- */

/* What has become of the tour is asked once more where it is written. */
static enum status check_decides(struct store *store, int64_t line, struct error *err)
{
    struct inspection now;
    enum status status = ledger_load_inspection(store, line, &now, err);
    if (!status && now.state != INSPECT_SCORED)
        return error_set(err, STATUS_CONFLICT,
                         "Findings are decided upon between the end of the scoring and that of the "
                         "tour.",
                         "评分截止后、观摩办结前方可处理问题。");
    return status;
}

/* Nobody hears of a finding before the ranking is known. */
static enum status open_tour(struct request *rq, int64_t *line, struct error *err)
{
    struct tour_sight tour;
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    if (!status && !tour.known)
        return error_set(err, STATUS_MISSING, "There is no such finding.", "没有这个问题。");
    *line = status ? 0 : tour.sight.line.id;
    return status;
}

static enum status rectify(struct request *rq, struct error *err)
{
    int64_t line;
    enum status status = open_tour(rq, &line, err);
    if (!status)
        status = ledger_rectify_found(rq, line, check_decides, err);
    return status ? status
                  : ledger_answer_done(rq, "/ranking", "A rectification is made of it.",
                                       "已转为整改。");
}

const struct route route_ledger_finding_rectify = {
    .method = "POST",
    .path = "/ledger/lines/{line}/ranking/{finding}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Make a rectification of a finding.",
    .zh = "将问题转为整改。",
    .inputs = ledger_rectify_inputs,
    .run = rectify,
    .again = show_ranking,
};

static enum status drop(struct request *rq, struct error *err)
{
    int64_t line;
    enum status status = open_tour(rq, &line, err);
    if (!status)
        status = ledger_let_found_go(rq, line, check_decides, err);
    return status ? status
                  : ledger_answer_done(rq, "/ranking", "The finding is let go, with the reason.",
                                       "已注明理由，不予整改。");
}

const struct route route_ledger_finding_drop = {
    .method = "POST",
    .path = "/ledger/lines/{line}/ranking/{finding}/drop",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Let a finding go, for a reason.",
    .zh = "说明理由，不予整改。",
    .inputs = ledger_let_go_inputs,
    .run = drop,
    .again = show_ranking,
};
