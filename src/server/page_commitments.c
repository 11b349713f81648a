/* What a paper commits to, in the reader's own words: what the rules propose, and what editors decide of it, many at a
 * time. Each row of the form sends its place, kind and title; the ticked ones are meant. */
#include "server/commitments.h"

#include <string.h>

#include "base/calendar.h"
#include "library/copy.h"
#include "library/passage.h"
#include "server/internal.h"
#include "server/ledger_terms.h"
#include "server/reader.h"

#define ROWS_MAX     1000U
#define HEADING_MOST 40U /* characters of a title that is proposed */

/* --- the page ------------------------------------------------------------------------------------- */

struct commitment_line {
    struct str kind, word, sentence, date, quantity, body, anchor, path;
    struct str place, title, state, state_word, line, number, line_title;
    int64_t year, month, day;
    bool open, chosen, dropped;
    struct ledger_choice *kinds;
    size_t nkinds;
};
static const struct field COMMITMENT_LINE[] = {
    FIELD(TEXT, struct commitment_line, kind),
    FIELD_HIDDEN(TEXT, struct commitment_line, word),
    FIELD(TEXT, struct commitment_line, sentence),
    FIELD(TEXT, struct commitment_line, date),
    FIELD(NUMBER, struct commitment_line, year),
    FIELD(NUMBER, struct commitment_line, month),
    FIELD(NUMBER, struct commitment_line, day),
    FIELD(TEXT, struct commitment_line, quantity),
    FIELD(TEXT, struct commitment_line, body),
    FIELD(TEXT, struct commitment_line, anchor),
    FIELD_HIDDEN(TEXT, struct commitment_line, path),
    FIELD(TEXT, struct commitment_line, place),
    FIELD(TEXT, struct commitment_line, title),
    FIELD(TEXT, struct commitment_line, state),
    FIELD_HIDDEN(TEXT, struct commitment_line, state_word),
    FIELD(TEXT, struct commitment_line, line),
    FIELD(TEXT, struct commitment_line, number),
    FIELD(TEXT, struct commitment_line, line_title),
    FIELD_HIDDEN(FLAG, struct commitment_line, open),
    FIELD_HIDDEN(FLAG, struct commitment_line, chosen),
    FIELD_HIDDEN(FLAG, struct commitment_line, dropped),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "kinds",
     .at = offsetof(struct commitment_line, kinds),
     .parts = ledger_choice_fields,
     .count_at = offsetof(struct commitment_line, nkinds),
     .size = sizeof(struct ledger_choice)},
    {0},
};

struct gone_line {
    struct str commitment, line, number, line_title, was, path, now, place;
};
static const struct field GONE_LINE[] = {
    FIELD(TEXT, struct gone_line, commitment),
    FIELD(TEXT, struct gone_line, line),
    FIELD(TEXT, struct gone_line, number),
    FIELD(TEXT, struct gone_line, line_title),
    FIELD(TEXT, struct gone_line, was),
    FIELD(TEXT, struct gone_line, path),
    FIELD(TEXT, struct gone_line, now),
    FIELD(TEXT, struct gone_line, place),
    {0},
};

struct commitments_page {
    struct str key, title, lang, into, why;
    int64_t edition, count, open;
    struct commitment_line *commitments;
    size_t ncommitments;
    struct gone_line *gone;
    size_t ngone;
    bool any_gone;
};
static const struct field COMMITMENTS_PAGE[] = {
    FIELD(TEXT, struct commitments_page, key),
    FIELD(TEXT, struct commitments_page, title),
    FIELD(TEXT, struct commitments_page, lang),
    FIELD(NUMBER, struct commitments_page, edition),
    FIELD(NUMBER, struct commitments_page, count),
    FIELD(NUMBER, struct commitments_page, open),
    FIELD_HIDDEN(TEXT, struct commitments_page, into),
    FIELD_HIDDEN(TEXT, struct commitments_page, why),
    FIELD_HIDDEN(FLAG, struct commitments_page, any_gone),
    FIELD_OF_LIST(struct commitments_page, commitments, COMMITMENT_LINE),
    FIELD_OF_LIST(struct commitments_page, gone, GONE_LINE),
    {0},
};

static const struct input COMMITMENTS_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {0},
};

/* An edition opened for an editor: the master to reckon with, and their bits to show it by. */
struct opened {
    struct reader reader;
    struct edition_text text;
    const uint8_t *bits;
    struct commitments joined;
};

static enum status open_edition(struct request *rq, struct opened *o, struct error *err)
{
    enum status status =
        reader_open(rq, rq->params[0], request_input(rq, "edition"), &o->reader, err);
    if (status || o->reader.refused)
        return status;
    status = library_load_edition(rq->arena, rq->store, &o->reader.edition, &o->text, err);
    if (!status)
        status = reader_record_opening(rq, &o->reader.edition, err);
    if (!status)
        status = commitments_join(rq->arena, rq->store, &o->text, &o->joined, err);
    if (!status)
        o->bits = copy_make_bits(rq->arena, rq->store, &o->text, rq->viewer.member);
    return status;
}

/* A part of the master in the viewer's words. */
static struct str own(struct request *rq, const struct opened *o, struct str part)
{
    struct str text = o->text.doc.text;
    if (!part.len || part.at < text.at || part.at + part.len > text.at + text.len)
        return part.len ? part : STR("");
    return library_own_words(rq->arena, &o->text, o->bits, (size_t)(part.at - text.at), part.len);
}

static void fill_decided(struct request *rq, const struct commitment *c, struct commitment_line *l)
{
    static const struct {
        const char *name, *en, *zh;
    } DECIDED[] = {
        [COMMITMENT_ACCEPTED] = {"accepted", "accepted", "已采纳"},
        [COMMITMENT_MERGED] = {"merged", "joined to another line", "已并入"},
        [COMMITMENT_DROPPED] = {"dropped", "dropped", "已略去"},
    };
    l->state = str_of(DECIDED[c->state].name);
    l->state_word = request_words(rq, DECIDED[c->state].en, DECIDED[c->state].zh);
    l->dropped = c->state == COMMITMENT_DROPPED;
    l->open = l->dropped;
    l->line = c->line.key;
    l->number = c->line.number;
    l->line_title = c->line.title;
}

static struct commitment_line line_of(struct request *rq, const struct opened *o,
                                      const struct commitment_place *p, struct str paper)
{
    const struct ledger_commitment *c = &p->proposed;
    struct str anchor = str_format(rq->arena, "p%u", c->number);
    struct commitment_line line = {
        .kind = str_of(ledger_kind_name(c->kind)),
        .word = str_of(ledger_kind_word(c->kind, rq->lang)),
        .sentence = own(rq, o, c->sentence),
        .date = own(rq, o, c->date),
        .year = c->due.year,
        .month = c->due.month,
        .day = c->due.day,
        .quantity = own(rq, o, c->quantity),
        .body = own(rq, o, c->body),
        .anchor = anchor,
        .path = str_format(rq->arena, "%.*s#%.*s", STR_ARG(paper), STR_ARG(anchor)),
        .place = p->name,
        .title = library_plain_words(&o->text, p->place.at, p->place.len, HEADING_MOST),
        .state = STR("proposed"),
        .open = true,
    };
    ledger_fill_values(rq, &ledger_kind_values, str_of(ledger_kind_name(c->kind)), &line.kinds,
                       &line.nkinds);
    if (p->decided)
        fill_decided(rq, p->decided, &line);
    return line;
}

/* What was ticked and typed, when the form is shown again. */
static void fill_typed(struct request *rq, struct commitments_page *page)
{
    struct str *places = arena_array(rq->arena, ROWS_MAX, struct str);
    struct str *titles = arena_array(rq->arena, ROWS_MAX, struct str);
    struct str *chosen = arena_array(rq->arena, ROWS_MAX, struct str);
    size_t nplaces = request_inputs(rq, "place", places, ROWS_MAX);
    size_t ntitles = request_inputs(rq, "title", titles, ROWS_MAX);
    size_t nchosen = request_inputs(rq, "chosen", chosen, ROWS_MAX);
    for (size_t i = 0; i < page->ncommitments; i++) {
        struct commitment_line *line = &page->commitments[i];
        for (size_t k = 0; k < nchosen; k++)
            line->chosen |= str_equal(chosen[k], line->place);
        for (size_t k = 0; k < nplaces && k < ntitles; k++)
            if (str_equal(places[k], line->place))
                line->title = titles[k];
    }
    page->into = request_input(rq, "into");
    page->why = request_input(rq, "why");
}

/* The words that were there, in an earlier edition. */
static enum status fill_gone(struct request *rq, const struct opened *o,
                             struct commitments_page *page, struct error *err)
{
    enum status status = STATUS_OK;
    page->gone = arena_array(rq->arena, o->joined.ngone + 1, struct gone_line);
    for (size_t i = 0; !status && i < o->joined.ngone; i++) {
        const struct commitment_gone *g = &o->joined.gone[i];
        struct opened before = *o;
        struct str place = str_format(rq->arena, "%s", "");
        status = library_find_edition(rq->arena, rq->store, g->decided->place.paper,
                                      g->decided->place.edition, &before.reader.edition, err);
        if (!status)
            status = library_load_edition(rq->arena, rq->store, &before.reader.edition,
                                          &before.text, err);
        if (!status)
            status = reader_record_opening(rq, &before.reader.edition, err);
        if (status)
            break;
        before.bits = copy_make_bits(rq->arena, rq->store, &before.text, rq->viewer.member);
        page->gone[page->ngone++] = (struct gone_line){
            .commitment = g->decided->key,
            .line = g->decided->line.key,
            .number = g->decided->line.number,
            .line_title = g->decided->line.title,
            .was = library_own_words(rq->arena, &before.text, before.bits, g->decided->place.at,
                                     g->decided->place.len),
            .path = str_format(rq->arena, "/papers/%.*s/%lld", STR_ARG(o->reader.offer.key),
                               (long long)g->decided->place.edition),
            .now = g->now ? own(rq, o, g->now->proposed.sentence) : place,
            .place = g->now ? g->now->name : place,
        };
    }
    page->any_gone = page->ngone > 0;
    return status;
}

static enum status show_commitments(struct request *rq, struct error *err)
{
    struct opened o = {0};
    enum status status = open_edition(rq, &o, err);
    if (status || o.reader.refused)
        return status;
    struct commitments_page page = {
        .key = o.reader.offer.key,
        .title = o.reader.edition.title,
        .lang = o.reader.edition.lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .edition = o.reader.edition.number,
        .count = (int64_t)o.joined.nplaces,
        .ncommitments = o.joined.nplaces,
    };
    struct str paper = reader_path(rq, &o.reader);
    page.commitments = arena_array(rq->arena, page.ncommitments + 1, struct commitment_line);
    for (size_t i = 0; i < page.ncommitments; i++) {
        page.commitments[i] = line_of(rq, &o, &o.joined.places[i], paper);
        page.open += !o.joined.places[i].decided;
    }
    if (rq->post)
        fill_typed(rq, &page);
    status = fill_gone(rq, &o, &page, err);
    return status
               ? status
               : answer_page(rq, "commitments", "Commitments", "承诺事项", COMMITMENTS_PAGE, &page);
}

const struct route route_paper_commitments = {
    .method = "GET",
    .path = "/papers/{paper}/commitments",
    .roles = ROLE_EDITOR,
    .scope = "read",
    .en =
        "What the paper commits to, as the rules propose it for the ledger, and what was decided.",
    .zh = "文稿中的承诺事项：规则提出的建议与处理结果。",
    .inputs = COMMITMENTS_INPUTS,
    .output = COMMITMENTS_PAGE,
    .page = "commitments",
    .run = show_commitments,
};

/* --- decided -------------------------------------------------------------------------------------- */

struct chosen_row {
    const struct commitment_place *place;
    struct line line;
};
struct deciding {
    struct chosen_row *rows;
    size_t nrows;
    int64_t into, member;
    struct ledger_deed deed;
};

/* The last day that a date of the text leaves. */
static int64_t due_day(const struct ledger_date *due)
{
    unsigned month = due->month ? due->month : 12;
    unsigned day = due->day ? due->day : 31;
    if (!due->year)
        return 0;
    while (day > 28 && !calendar_is_date(due->year, month, day))
        day--;
    return calendar_is_date(due->year, month, day) ? calendar_day_number(due->year, month, day) : 0;
}

static const struct commitment_place *find_named(const struct commitments *joined, struct str name)
{
    for (size_t i = 0; i < joined->nplaces; i++)
        if (str_equal(joined->places[i].name, name))
            return &joined->places[i];
    return NULL;
}

/* The open unit that bears the name that the text gives. */
static enum status unit_named(struct request *rq, struct str name, int64_t *unit, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT id FROM unit WHERE name = ?1 AND closed_ms IS NULL");
    query_bind_str(q, 1, name);
    *unit = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status check_title(struct request *rq, const struct opened *o,
                               const struct chosen_row *row, struct error *err)
{
    const struct ledger_place *p = &row->place->place;
    if (!row->line.title.len)
        return error_set(err, STATUS_INPUT,
                         "Give each line that you accept a title: \"%.*s…\" has none.",
                         "请为采纳的条目填写名称，“%.*s……”尚未填写。",
                         STR_ARG(str_slice(own(rq, o, row->place->proposed.sentence), 0, 60)));
    if (str_equal(row->line.title, library_plain_words(&o->text, p->at, p->len, HEADING_MOST)))
        return STATUS_OK;
    if (library_bears_marks(rq->arena, &o->text, o->bits, p->at, p->len, row->line.title))
        return error_set(err, STATUS_INPUT,
                         "The title \"%.*s\" holds words as only your own copy may have them. "
                         "Shorten it, or say it otherwise.",
                         "名称“%.*s”含有您副本特有的用词，请缩短或换一种说法。",
                         STR_ARG(row->line.title));
    return ledger_refuse_marks(rq, row->line.title, err);
}

static enum status read_row(struct request *rq, const struct opened *o, struct str place,
                            struct str kind, struct str title, struct deciding *d,
                            struct error *err)
{
    const struct commitment_place *p = find_named(&o->joined, place);
    struct chosen_row *row = &d->rows[d->nrows++];
    if (!p || (p->decided && p->decided->state != COMMITMENT_DROPPED))
        return error_set(err, STATUS_CONFLICT,
                         "Somebody decided upon one of these meanwhile. Look at the page again.",
                         "其中有的语句已由他人处理，请重新查看。");
    row->place = p;
    row->line = (struct line){.kind = p->proposed.kind,
                              .title = title,
                              .weight = 1,
                              .due_day = due_day(&p->proposed.due)};
    (void)ledger_kind_named(kind, &row->line.kind);
    row->line.state = line_first_state(row->line.kind);
    return p->proposed.body.len ? unit_named(rq, p->proposed.body, &row->line.unit, err)
                                : STATUS_OK;
}

static bool is_among(struct str name, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(name, list[i]))
            return true;
    return false;
}

static enum status read_rows(struct request *rq, const struct opened *o, struct deciding *d,
                             struct error *err)
{
    struct str *values[4];
    size_t counts[4];
    static const char *const NAMES[4] = {"place", "kind", "title", "chosen"};
    for (size_t i = 0; i < 4; i++) {
        values[i] = arena_array(rq->arena, ROWS_MAX, struct str);
        counts[i] = request_inputs(rq, NAMES[i], values[i], ROWS_MAX);
    }
    if (counts[1] != counts[0] || counts[2] != counts[0])
        return error_set(err, STATUS_INPUT, "Each place takes a kind and a title.",
                         "每处语句须有类别与名称。");
    if (!counts[3])
        return error_set(err, STATUS_INPUT, "Tick the sentences that you mean.",
                         "请勾选要处理的语句。");
    enum status status = STATUS_OK;
    d->rows = arena_array(rq->arena, counts[0] + 1, struct chosen_row);
    for (size_t i = 0; !status && i < counts[0]; i++)
        if (is_among(values[0][i], values[3], counts[3]))
            status = read_row(rq, o, values[0][i], values[1][i], values[2][i], d, err);
    return status;
}

static enum status accept_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct deciding *d = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < d->nrows; i++)
        status = ledger_accept(scratch, store, &d->rows[i].place->place, &d->rows[i].line,
                               d->member, &d->deed, err);
    return status;
}

static enum status merge_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct deciding *d = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < d->nrows; i++)
        status = ledger_merge(scratch, store, &d->rows[i].place->place, d->rows[i].line.kind,
                              d->into, d->member, &d->deed, err);
    return status;
}

static enum status drop_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct deciding *d = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < d->nrows; i++)
        status = ledger_drop(scratch, store, &d->rows[i].place->place, d->rows[i].line.kind,
                             d->member, &d->deed, err);
    return status;
}

static struct str page_path(struct request *rq, const struct reader *r)
{
    return r->newest ? str_format(rq->arena, "/papers/%.*s/commitments", STR_ARG(r->offer.key))
                     : str_format(rq->arena, "/papers/%.*s/commitments?edition=%lld",
                                  STR_ARG(r->offer.key), (long long)r->edition.number);
}

static enum status check_deed(struct request *rq, const struct opened *o, struct deciding *d,
                              server_write_step *step, struct error *err)
{
    struct str deed = request_input(rq, "deed");
    enum status status = STATUS_OK;
    if (str_equal(deed, STR("drop"))) {
        *step = drop_step;
    } else if (str_equal(deed, STR("merge"))) {
        *step = merge_step;
        status = ledger_read_line(rq, "into", &d->into, err);
        if (!status && !d->into)
            return request_blame(rq, "into",
                                 error_set(err, STATUS_INPUT,
                                           "Say which line they join, by its number.",
                                           "请填写要并入的条目编号。"));
    } else {
        *step = accept_step;
        for (size_t i = 0; !status && i < d->nrows; i++)
            status = check_title(rq, o, &d->rows[i], err);
    }
    return status;
}

static enum status decide(struct request *rq, struct error *err)
{
    struct opened o = {0};
    struct deciding d = {.member = rq->viewer.member,
                         .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    server_write_step step = NULL;
    enum status status = open_edition(rq, &o, err);
    if (status || o.reader.refused)
        return status;
    status = read_rows(rq, &o, &d, err);
    if (!status)
        status = check_deed(rq, &o, &d, &step, err);
    if (!status)
        status = ledger_refuse_marks(rq, d.deed.why, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, step, &d, err);
    return status ? status
                  : answer_redirect(rq, page_path(rq, &o.reader), "Decided.", "处理完毕。");
}

static const struct input DECIDE_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {.name = "deed",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 20,
     .en = "Decision",
     .zh = "处理方式"},
    {.name = "place", .kind = INPUT_LIST, .most = 40, .en = "Places", .zh = "语句"},
    {.name = "kind", .kind = INPUT_LIST, .most = 40, .en = "Kinds", .zh = "类别"},
    {.name = "title", .kind = INPUT_LIST, .most = LINE_TITLE_MAX, .en = "Titles", .zh = "名称"},
    {.name = "chosen", .kind = INPUT_LIST, .most = 40, .en = "Chosen", .zh = "所选语句"},
    {.name = "into", .kind = INPUT_TEXT, .most = 20, .en = "Line to join", .zh = "并入的条目"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_paper_commitments_decide = {
    .method = "POST",
    .path = "/papers/{paper}/commitments",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Accept commitments as lines of the ledger, join them to a line, or drop them.",
    .zh = "将承诺事项采纳为台账条目、并入已有条目或略去。",
    .inputs = DECIDE_INPUTS,
    .run = decide,
    .again = show_commitments,
};

/* --- moved to where it stands now ----------------------------------------------------------------- */

struct moving {
    int64_t commitment;
    const struct ledger_place *place;
};

static enum status move_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct moving *m = context;
    (void)scratch;
    return ledger_move_commitment(store, m->commitment, m->place, err);
}

static enum status move(struct request *rq, struct error *err)
{
    struct opened o = {0};
    struct moving m = {0};
    enum status status = open_edition(rq, &o, err);
    if (status || o.reader.refused)
        return status;
    const struct commitment_place *place = find_named(&o.joined, request_input(rq, "place"));
    for (size_t i = 0; i < o.joined.ngone; i++)
        if (str_equal(o.joined.gone[i].decided->key, request_input(rq, "commitment")))
            m.commitment = o.joined.gone[i].decided->id;
    if (!place || !m.commitment)
        return error_set(err, STATUS_CONFLICT,
                         "Somebody decided upon this meanwhile. Look at the page again.",
                         "此事项已由他人处理，请重新查看。");
    m.place = &place->place;
    status = ledger_write(rq, 0, LEDGER_ARRANGE, move_step, &m, err);
    return status
               ? status
               : answer_redirect(rq, page_path(rq, &o.reader),
                                 "The line now points to the new wording.", "条目已指向新的表述。");
}

static const struct input MOVE_INPUTS[] = {
    {.name = "edition", .kind = INPUT_TEXT, .most = 20, .en = "Edition", .zh = "版本"},
    {.name = "commitment",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "Commitment",
     .zh = "承诺事项"},
    {.name = "place", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Place", .zh = "语句"},
    {0},
};
const struct route route_paper_commitments_move = {
    .method = "POST",
    .path = "/papers/{paper}/commitments/move",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Say which sentence of a new edition a commitment has become.",
    .zh = "指明承诺事项在新版本中对应的语句。",
    .inputs = MOVE_INPUTS,
    .run = move,
};
