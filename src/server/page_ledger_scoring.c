/* Scoring a tour: a scorer's own forms, one for each stop, and what they send. See sheet_form.h for the form. */
#include "server/internal.h"
#include "server/ledger_inspection.h"
#include "server/sheet_form.h"

struct own_row {
    struct str place;
};
static const struct field OWN_ROW[] = {FIELD(TEXT, struct own_row, place), {0}};
struct scoring_page {
    struct ledger_head head;
    bool scorer, under_way, sheet_closed;
    struct str state_words, rule_words;
    struct sheet_form *forms;
    struct own_row *own; /* stops that are not the viewer's to score */
    int64_t sent;
    size_t nforms, nown;
};
static const struct field SCORING_PAGE[] = {
    LEDGER_HEAD_FIELD(struct scoring_page, head),
    FIELD(FLAG, struct scoring_page, scorer),
    FIELD(FLAG, struct scoring_page, under_way),
    FIELD_HIDDEN(TEXT, struct scoring_page, state_words),
    FIELD(TEXT, struct scoring_page, rule_words),
    FIELD(NUMBER, struct scoring_page, sent),
    FIELD_OF_LIST(struct scoring_page, forms, sheet_form_fields),
    FIELD_OF_LIST(struct scoring_page, own, OWN_ROW),
    {0},
};

/* What the viewer has sent of a tour, and the files with it. */
struct sent {
    struct filled *list;
    struct line_file *files;
    size_t count, nfiles;
};

static const struct filled *sent_at(const struct request *rq, const struct sent *sent, int64_t stop)
{
    for (size_t i = 0; i < sent->count; i++)
        if (sent->list[i].part == stop && sent->list[i].member == rq->viewer.member)
            return &sent->list[i];
    return NULL;
}

static enum status fill_form(struct request *rq, const struct tour_sight *tour,
                             const struct inspection_stop *stop, const struct sent *sent,
                             struct sheet_form *form, struct error *err)
{
    const struct filled *filled = sent_at(rq, sent, stop->id);
    bool under_way = tour->inspection.state == INSPECT_TOURING;
    *form = (struct sheet_form){
        .id = str_format(rq->arena, "stop-%.*s", STR_ARG(stop->key)),
        .path = ledger_path(rq, tour->sight.line.key,
                            str_format(rq->arena, "/scoring/%.*s", STR_ARG(stop->key)).at),
        .title = stop->place,
        .may_fill = under_way && !(filled && tour->inspection.scored_ms),
    };
    enum status status = sheet_form_fill(rq, &tour->sight.line, &tour->sheet, filled, sent->files,
                                         sent->nfiles, form, err);
    if (!status && rq->post && form->may_fill && str_equal(rq->params[1], stop->key))
        sheet_form_again(rq, form);
    return status;
}

static enum status fill_forms(struct request *rq, const struct tour_sight *tour,
                              struct scoring_page *page, struct error *err)
{
    struct inspection_stop *stops;
    struct sent sent = {0};
    size_t count;
    int64_t line = tour->sight.line.id;
    enum status status = ledger_list_stops(rq->arena, rq->store, line, &stops, &count, err);
    if (!status)
        status = ledger_list_filled(rq->arena, rq->store, line, &sent.list, &sent.count, err);
    if (!status)
        status = ledger_list_files_of_matters(rq->arena, rq->store, line, FILLED_FILES, &sent.files,
                                              &sent.nfiles, err);
    if (status)
        return status;
    page->forms = arena_array(rq->arena, count + 1, struct sheet_form);
    page->own = arena_array(rq->arena, count + 1, struct own_row);
    for (size_t i = 0; !status && i < count; i++) {
        bool own = false;
        if (stops[i].removed_ms)
            continue;
        status = ledger_is_own_stop(rq->store, &stops[i], rq->viewer.member, &own, err);
        if (own)
            page->own[page->nown++] = (struct own_row){stops[i].place};
        if (status || own)
            continue;
        status = fill_form(rq, tour, &stops[i], &sent, &page->forms[page->nforms], err);
        page->sent += page->forms[page->nforms++].sent != 0;
    }
    return status;
}

static enum status show_scoring(struct request *rq, struct error *err)
{
    struct tour_sight tour;
    struct scoring_page page = {0};
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    if (!status)
        status = ledger_fill_head(rq, &tour.sight, "/scoring", &page.head, err);
    if (status)
        return status;
    page.scorer = tour.is >> INSPECT_WHO_SCORER & 1U;
    page.under_way = tour.inspection.state == INSPECT_TOURING;
    page.state_words =
        str_of(machine_words(inspect_machine.states, (int)tour.inspection.state, rq->lang));
    page.rule_words = rank_rule_words(rq->arena, tour.inspection.by, rq->lang);
    if (page.scorer && tour.inspection.state > INSPECT_PLANNED)
        status = fill_forms(rq, &tour, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-scoring", tour.sight.line.title, SCORING_PAGE,
                                       &page);
}

const struct route route_ledger_scoring = {
    .method = "GET",
    .path = "/ledger/lines/{line}/scoring",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A scorer's own forms of a tour, with what they have sent.",
    .zh = "评分人本人的评分表及已提交内容。",
    .output = SCORING_PAGE,
    .page = "ledger-scoring",
    .run = show_scoring,
};

/* --- sent ----------------------------------------------------------------------------------------- */

struct scoring {
    int64_t line;
    struct str stop;
    struct filled filled;
    struct line_file *photos;
    size_t nphotos;
    struct ledger_deed deed;
};

static enum status score_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct scoring *s = context;
    enum status status =
        ledger_score_stop(scratch, store, s->line, s->stop, &s->filled, NULL, &s->deed, err);
    return status ? status
                  : sheet_form_attach(scratch, store, &s->filled, s->photos, s->nphotos, &s->deed,
                                      err);
}

static enum status score(struct request *rq, struct error *err)
{
    struct tour_sight tour;
    struct scoring s = {.stop = rq->params[1], .deed = {.now_ms = rq->now_ms}};
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    if (!status)
        status = sheet_form_read(rq, &tour.sheet, &s.filled, err);
    s.line = tour.sight.line.id;
    if (!status)
        status = ledger_may_score(rq->arena, rq->store, s.line, s.stop, &s.filled, err);
    if (!status)
        status = sheet_form_read_photos(rq, &s.photos, &s.nphotos, err);
    if (!status)
        status = ledger_write(rq, s.line, LEDGER_SEE, score_step, &s, err);
    return status ? status
                  : ledger_answer_done(rq, "/scoring", "Your sheet has arrived.", "评分已收到。");
}

static const struct input SCORE_INPUTS[] = {SHEET_FORM_INPUTS, {0}};
const struct route route_ledger_score = {
    .method = "POST",
    .path = "/ledger/lines/{line}/scoring/{stop}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Send a sheet filled in at a stop; sent again under the same key it is kept once.",
    .zh = "提交某观摩点的评分；以同一编号重复提交只保留一份。",
    .inputs = SCORE_INPUTS,
    .uploads = true,
    .run = score,
    .again = show_scoring,
};

/* --- a photo taken back --------------------------------------------------------------------------- */

struct taking_back {
    int64_t line;
    struct line_file file;
    struct ledger_deed deed;
};

static enum status take_back_step(struct store *store, struct arena *scratch, void *context,
                                  struct error *err)
{
    const struct taking_back *t = context;
    struct inspection now;
    (void)scratch;
    enum status status = ledger_load_inspection(store, t->line, &now, err);
    if (!status && now.state != INSPECT_TOURING)
        return error_set(err, STATUS_CONFLICT,
                         "The scoring is closed: who keeps the ledger can remove the photo.",
                         "评分已截止，如需移除照片请联系台账管理者。");
    return status ? status : ledger_remove_file(store, &t->file, &t->deed, err);
}

static enum status take_back(struct request *rq, struct error *err)
{
    struct tour_sight tour;
    struct taking_back t = {.deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    enum status status = tour_open(rq, rq->params[0], &tour, err);
    t.line = tour.sight.line.id;
    if (!status)
        status = ledger_find_file(rq->arena, rq->store, t.line, rq->params[1], &t.file, err);
    bool own = !status && t.file.member == rq->viewer.member &&
               str_starts(t.file.about, str_format(rq->arena, "%.*s.", STR_ARG(FILLED_FILES)));
    if (!status && !own)
        return error_set(err, STATUS_MISSING, "There is no such photo of yours.",
                         "没有您提交的这张照片。");
    if (!status)
        status = ledger_refuse_marks(rq, t.deed.why, err);
    if (!status)
        status = ledger_write(rq, t.line, LEDGER_SEE, take_back_step, &t, err);
    return status ? status
                  : ledger_answer_done(rq, "/scoring", "The photo is removed; its record stays.",
                                       "照片已移除，记录保留。");
}

static const struct input TAKE_BACK_INPUTS[] = {
    {.name = "why",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_WHY_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_score_photo = {
    .method = "POST",
    .path = "/ledger/lines/{line}/scoring/photos/{attachment}",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Take back a photo that one sent with a sheet, while the tour is being scored.",
    .zh = "评分期间移除本人随评分提交的照片。",
    .inputs = TAKE_BACK_INPUTS,
    .run = take_back,
    .again = show_scoring,
};
