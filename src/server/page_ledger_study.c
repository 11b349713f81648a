/* A line's own page of a study session: agenda and materials, who was there, the record, and what was decided. */
#include "base/calendar.h"
#include "server/internal.h"
#include "server/ledger_files.h"
#include "server/ledger_notices.h"
#include "server/ledger_study.h"
#include "server/ledger_terms.h"
#include "server/talk_text.h"

#define PEOPLE_MOST 500

/* --- the page ------------------------------------------------------------------------------------- */

struct step_row {
    struct str words;
    bool here, past;
};
static const struct field STEP_ROW[] = {
    FIELD(TEXT, struct step_row, words),
    FIELD(FLAG, struct step_row, here),
    FIELD(FLAG, struct step_row, past),
    {0},
};
struct paper_row {
    struct str key, title, path, published, soon, soon_words, tone, due;
    int64_t days;
    bool known;
};
static const struct field PAPER_ROW[] = {
    FIELD(TEXT, struct paper_row, key),
    FIELD(TEXT, struct paper_row, title),
    FIELD(TEXT, struct paper_row, path),
    FIELD(DATE, struct paper_row, published),
    FIELD(TEXT, struct paper_row, soon),
    FIELD_HIDDEN(TEXT, struct paper_row, soon_words),
    FIELD_HIDDEN(TEXT, struct paper_row, tone),
    FIELD(DATE, struct paper_row, due),
    FIELD(NUMBER, struct paper_row, days),
    FIELD(FLAG, struct paper_row, known),
    {0},
};
struct line_row {
    struct str key, number, title, state_word, due;
};
static const struct field LINE_ROW[] = {
    FIELD(TEXT, struct line_row, key),   FIELD(TEXT, struct line_row, number),
    FIELD(TEXT, struct line_row, title), FIELD(TEXT, struct line_row, state_word),
    FIELD(DATE, struct line_row, due),   {0},
};
struct item_row {
    struct str key, title, text;
    int64_t place;
    bool first, may_remove;
    struct paper_row *papers;
    struct line_row *lines;
    size_t npapers, nlines;
};
static const struct field ITEM_ROW[] = {
    FIELD(TEXT, struct item_row, key),
    FIELD(TEXT, struct item_row, title),
    FIELD(TEXT, struct item_row, text),
    FIELD(NUMBER, struct item_row, place),
    FIELD(FLAG, struct item_row, first),
    FIELD_HIDDEN(FLAG, struct item_row, may_remove),
    FIELD_OF_LIST(struct item_row, papers, PAPER_ROW),
    FIELD_OF_LIST(struct item_row, lines, LINE_ROW),
    {0},
};
struct presence_row {
    struct str key, name, state, state_words;
    struct ledger_choice *choices;
    size_t nchoices;
};
static const struct field PRESENCE_ROW[] = {
    FIELD(TEXT, struct presence_row, key),
    FIELD(TEXT, struct presence_row, name),
    FIELD(TEXT, struct presence_row, state),
    FIELD_HIDDEN(TEXT, struct presence_row, state_words),
    FIELD_OF_LIST(struct presence_row, choices, ledger_choice_fields),
    {0},
};
struct former_row {
    struct str body, by;
    int64_t written;
    bool confirmed;
};
static const struct field FORMER_ROW[] = {
    FIELD_HIDDEN(MARKUP, struct former_row, body),
    FIELD(TEXT, struct former_row, by),
    FIELD(TIME, struct former_row, written),
    FIELD(FLAG, struct former_row, confirmed),
    {0},
};
struct session_form {
    struct str act, act_words, words;
    bool with_words, with_record, again;
};
static const struct field FORM_ROW[] = {
    FIELD(TEXT, struct session_form, act),
    FIELD_HIDDEN(TEXT, struct session_form, act_words),
    FIELD_HIDDEN(TEXT, struct session_form, words),
    FIELD_HIDDEN(FLAG, struct session_form, with_words),
    FIELD_HIDDEN(FLAG, struct session_form, with_record),
    FIELD_HIDDEN(FLAG, struct session_form, again),
    {0},
};
struct study_page {
    struct ledger_head head;
    struct ledger_files files;
    struct str state, state_words, place, minutes, body, written_by, confirmed_by;
    int64_t written, confirmed, present, excused, absent, limit;
    bool of_body; /* may see who was there, and the record */
    bool may_arrange, may_attend, may_decide, offered;
    struct step_row *steps;
    struct item_row *items;
    struct paper_row *offers; /* new to the body, on no agenda of it yet */
    struct presence_row *people;
    struct former_row *former;
    struct session_form *forms;
    struct ledger_choice *kinds, *units, *leads;
    size_t nsteps, nitems, noffers, npeople, nformer, nforms, nkinds, nunits, nleads;
};
static const struct field STUDY_PAGE[] = {
    LEDGER_HEAD_FIELD(struct study_page, head),
    LEDGER_FILES_FIELD(struct study_page, files),
    FIELD(TEXT, struct study_page, state),
    FIELD_HIDDEN(TEXT, struct study_page, state_words),
    FIELD(TEXT, struct study_page, place),
    FIELD(TEXT, struct study_page, minutes),
    FIELD_HIDDEN(MARKUP, struct study_page, body),
    FIELD(TEXT, struct study_page, written_by),
    FIELD(TEXT, struct study_page, confirmed_by),
    FIELD(TIME, struct study_page, written),
    FIELD(TIME, struct study_page, confirmed),
    FIELD(NUMBER, struct study_page, present),
    FIELD(NUMBER, struct study_page, excused),
    FIELD(NUMBER, struct study_page, absent),
    FIELD(NUMBER, struct study_page, limit),
    FIELD(FLAG, struct study_page, of_body),
    FIELD(FLAG, struct study_page, may_arrange),
    FIELD_HIDDEN(FLAG, struct study_page, may_attend),
    FIELD_HIDDEN(FLAG, struct study_page, may_decide),
    FIELD_HIDDEN(FLAG, struct study_page, offered),
    FIELD_OF_LIST(struct study_page, steps, STEP_ROW),
    FIELD_OF_LIST(struct study_page, items, ITEM_ROW),
    FIELD_OF_LIST(struct study_page, offers, PAPER_ROW),
    FIELD_OF_LIST(struct study_page, people, PRESENCE_ROW),
    FIELD_OF_LIST(struct study_page, former, FORMER_ROW),
    FIELD_OF_LIST(struct study_page, forms, FORM_ROW),
    FIELD_OF_LIST(struct study_page, kinds, ledger_choice_fields),
    FIELD_OF_LIST(struct study_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct study_page, leads, ledger_choice_fields),
    {0},
};

/* A session opened for the viewer. */
struct session {
    struct ledger_sight sight;
    struct study study;
    struct study_body body;
    bool of_body;
};

static enum status open_session(struct request *rq, struct session *s, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &s->sight, err);
    if (!status)
        status = ledger_load_study(rq->arena, rq->store, &s->sight.line, &s->study, err);
    if (!status && s->study.state == SESSION_NONE)
        return error_set(err, STATUS_MISSING, "This line is no study session.",
                         "该条目不是学习安排。");
    if (!status)
        status = ledger_load_study_body(rq->arena, rq->store, s->sight.line.unit, &s->body, err);
    if (!status)
        status = ledger_may_see_attendance(rq->store, &person, &s->sight.line, &s->of_body, err);
    return status;
}

static void fill_steps(const struct request *rq, enum session_state state, struct study_page *page)
{
    static const enum session_act STEPS[] = {SESSION_HOLD, SESSION_WRITE, SESSION_CONFIRM};
    int done = (int)state - SESSION_PLANNED;
    page->nsteps = sizeof STEPS / sizeof *STEPS;
    page->steps = arena_array(rq->arena, page->nsteps, struct step_row);
    for (int i = 0; i < (int)page->nsteps; i++)
        page->steps[i] =
            (struct step_row){str_of(machine_words(session_machine.acts, STEPS[i], rq->lang)),
                              i == done, i < done && state != SESSION_OFF};
}

/* --- agenda --------------------------------------------------------------------------------------- */

static struct paper_row paper_row(struct request *rq, const struct study_paper *seen)
{
    return (struct paper_row){
        .key = seen->key,
        .title = seen->title,
        .path = seen->path,
        .published = ledger_day(rq, seen->published_day),
        .known = seen->title.len,
    };
}

/* How soon, where the body has a limit. */
static enum status fill_time(struct request *rq, const struct session *s,
                             const struct study_paper *seen, struct paper_row *row,
                             struct error *err)
{
    const struct workdays *calendar;
    struct study_time time;
    if (!s->body.unit || !row->known)
        return STATUS_OK;
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &calendar, err);
    if (status)
        return status;
    study_read_time(calendar, seen->published_day, s->body.limit_days, s->study.held_day,
                    calendar_day_of(rq->now_ms), &time);
    row->soon = str_of(soonness_terms.at[time.is].name);
    row->soon_words = str_of(machine_words(soonness_terms, (int)time.is, rq->lang));
    row->tone = ledger_soon_tone(time.is);
    row->due = ledger_day(rq, time.due_day);
    row->days = time.days;
    return STATUS_OK;
}

static enum status fill_papers(struct request *rq, const struct session *s,
                               const struct study_item *item, bool may_remove, struct item_row *row,
                               struct error *err)
{
    enum status status = STATUS_OK;
    row->papers = arena_array(rq->arena, item->npapers + 1, struct paper_row);
    for (size_t i = 0; !status && i < item->npapers; i++) {
        struct study_paper seen;
        status = ledger_see_paper(rq, item->papers[i], &seen, err);
        if (status)
            return status;
        struct paper_row *paper = &row->papers[row->npapers++];
        *paper = paper_row(rq, &seen);
        row->may_remove |= may_remove && paper->path.len;
        status = fill_time(rq, s, &seen, paper, err);
    }
    return status;
}

static void fill_lines(struct request *rq, const struct study_item *item, struct item_row *row)
{
    row->nlines = item->nlines;
    row->lines = arena_array(rq->arena, item->nlines + 1, struct line_row);
    for (size_t i = 0; i < item->nlines; i++)
        row->lines[i] =
            (struct line_row){item->lines[i].key, item->lines[i].number, item->lines[i].title,
                              str_of(line_state_word(item->lines[i].state, rq->lang)),
                              ledger_day(rq, item->lines[i].due_day)};
}

static enum status fill_items(struct request *rq, const struct session *s, struct study_page *page,
                              struct error *err)
{
    struct study_item *list;
    enum status status =
        ledger_list_study_items(rq->arena, rq->store, s->sight.line.id, &list, &page->nitems, err);
    if (status)
        return status;
    page->items = arena_array(rq->arena, page->nitems + 1, struct item_row);
    for (size_t i = 0; !status && i < page->nitems; i++) {
        page->items[i] = (struct item_row){.key = list[i].key,
                                           .title = list[i].title,
                                           .text = list[i].text,
                                           .place = list[i].place,
                                           .first = !list[i].title.len};
        fill_lines(rq, &list[i], &page->items[i]);
        status = fill_papers(rq, s, &list[i], page->may_arrange, &page->items[i], err);
    }
    return status;
}

static enum status fill_offers(struct request *rq, const struct session *s, struct study_page *page,
                               struct error *err)
{
    struct study_paper *list;
    if (!page->may_arrange)
        return STATUS_OK;
    enum status status = ledger_list_new_papers(rq, &s->body, &list, &page->noffers, err);
    if (status)
        return status;
    page->offered = page->noffers;
    page->offers = arena_array(rq->arena, page->noffers + 1, struct paper_row);
    for (size_t i = 0; i < page->noffers; i++)
        page->offers[i] = paper_row(rq, &list[i]);
    return STATUS_OK;
}

/* --- people ---------------------------------------------------------------------------------------- */

static enum status read_key(struct request *rq, int64_t member, struct str *key, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT key FROM member WHERE id = ?1");
    query_bind_int(q, 1, member);
    *key = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

/* Those who were there, and when the list may still be changed those of whom nothing was said. */
static enum status fill_people(struct request *rq, const struct session *s, struct study_page *page,
                               struct error *err)
{
    struct study_presence *list;
    size_t count;
    int64_t *const counts[PRESENCES] = {[PRESENCE_PRESENT] = &page->present,
                                        [PRESENCE_EXCUSED] = &page->excused,
                                        [PRESENCE_ABSENT] = &page->absent};
    if (!s->of_body)
        return STATUS_OK;
    enum status status =
        ledger_list_attendance(rq->arena, rq->store, &s->sight.line, &list, &count, err);
    page->people = arena_array(rq->arena, status ? 1 : count + 1, struct presence_row);
    for (size_t i = 0; !status && i < count; i++) {
        struct presence_row *row = &page->people[page->npeople];
        if (counts[list[i].is])
            ++*counts[list[i].is];
        if (list[i].is == PRESENCE_UNSAID && !page->may_attend)
            continue;
        page->npeople++;
        row->state = str_of(presence_terms.at[list[i].is].name);
        row->state_words = str_of(machine_words(presence_terms, (int)list[i].is, rq->lang));
        ledger_fill_terms(rq, presence_terms, row->state, &row->choices, &row->nchoices);
        status = read_key(rq, list[i].member, &row->key, err);
        if (!status)
            status = ledger_member_name(rq, list[i].member, &row->name, err);
    }
    return status;
}

/* --- the whole ------------------------------------------------------------------------------------ */

extern const struct route route_ledger_study_act;

static enum status fill_forms(struct request *rq, const struct session *s, struct study_page *page,
                              struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    unsigned acts = 0;
    enum status status =
        ledger_study_acts(rq->store, &person, &s->sight.line, &s->study, &acts, err);
    page->forms = arena_array(rq->arena, SESSION_ACTS, struct session_form);
    for (int i = 0; !status && i < SESSION_ACTS; i++) {
        struct str name = str_of(session_machine.acts.at[i].name);
        if (!(acts >> i & 1U))
            continue;
        bool again =
            rq->route == &route_ledger_study_act && str_equal(name, request_input(rq, "act"));
        page->forms[page->nforms++] = (struct session_form){
            .act = name,
            .act_words = str_of(machine_words(session_machine.acts, i, rq->lang)),
            .with_words =
                session_machine.rules[i].needs & SESSION_NEEDS_WORDS && i != SESSION_WRITE,
            .with_record = i == SESSION_WRITE,
            .words = again                ? request_input(rq, "words")
                     : i == SESSION_WRITE ? s->study.minutes
                                          : STR(""),
            .again = again,
        };
    }
    return status;
}

static struct str as_html(struct request *rq, struct str text)
{
    struct buf html = {.arena = rq->arena};
    talk_write_text(&html, text, STR(""), NULL, 0);
    return buf_str(&html);
}

static enum status fill_former(struct request *rq, int64_t line, struct study_page *page,
                               struct error *err)
{
    struct study_former *list;
    enum status status =
        ledger_list_former_records(rq->arena, rq->store, line, &list, &page->nformer, err);
    if (status)
        return status;
    page->former = arena_array(rq->arena, page->nformer + 1, struct former_row);
    for (size_t i = 0; !status && i < page->nformer; i++) {
        page->former[i] = (struct former_row){.body = as_html(rq, list[i].minutes),
                                              .written = list[i].written_ms,
                                              .confirmed = list[i].confirmed};
        status = ledger_member_name(rq, list[i].written_by, &page->former[i].by, err);
    }
    return status;
}

static enum status fill_record(struct request *rq, const struct session *s, struct study_page *page,
                               struct error *err)
{
    if (!s->of_body)
        return STATUS_OK;
    enum status status = fill_former(rq, s->sight.line.id, page, err);
    if (status || !s->study.minutes.len)
        return status;
    page->minutes = s->study.minutes;
    page->body = as_html(rq, page->minutes);
    page->written = s->study.written_ms;
    page->confirmed = s->study.confirmed_ms;
    status = ledger_member_name(rq, s->study.written_by, &page->written_by, err);
    return status ? status
                  : ledger_member_name(rq, s->study.confirmed_by, &page->confirmed_by, err);
}

/* What can be made of a decision: kinds that go by no machine of their own. */
static const enum ledger_kind DECIDED[] = {LEDGER_MILESTONE, LEDGER_GOAL, LEDGER_FIELD,
                                           LEDGER_POLICY, LEDGER_RISK};
#define DECIDED_COUNT (sizeof DECIDED / sizeof *DECIDED)

static enum status fill_deciding(struct request *rq, struct study_page *page, struct error *err)
{
    if (!page->may_decide)
        return STATUS_OK;
    page->nkinds = DECIDED_COUNT;
    page->kinds = arena_array(rq->arena, DECIDED_COUNT, struct ledger_choice);
    for (size_t i = 0; i < DECIDED_COUNT; i++)
        page->kinds[i] =
            (struct ledger_choice){str_of(ledger_kind_name(DECIDED[i])),
                                   str_of(ledger_kind_word(DECIDED[i], rq->lang)), i == 0};
    enum status status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    return status ? status : ledger_list_people(rq, 0, &page->leads, &page->nleads, err);
}

static void fill_state(const struct request *rq, const struct session *s, struct study_page *page)
{
    bool open = SESSION_OPEN >> s->study.state & 1U;
    page->state = str_of(session_machine.states.at[s->study.state].name);
    page->state_words =
        str_of(machine_words(session_machine.states, (int)s->study.state, rq->lang));
    page->place = s->study.place;
    page->limit = s->body.limit_days;
    page->of_body = s->of_body;
    page->may_arrange = page->may_attend = s->of_body && open;
    page->may_decide =
        s->of_body && s->study.state >= SESSION_HELD && s->study.state <= SESSION_CONFIRMED;
    fill_steps(rq, s->study.state, page);
}

static enum status show_study(struct request *rq, struct error *err)
{
    struct session s;
    struct study_page page = {0};
    enum status status = open_session(rq, &s, err);
    if (!status)
        status = ledger_fill_head(rq, &s.sight, "/study", &page.head, err);
    if (status)
        return status;
    fill_state(rq, &s, &page);
    status = fill_items(rq, &s, &page, err);
    if (!status)
        status = fill_offers(rq, &s, &page, err);
    if (!status)
        status = fill_people(rq, &s, &page, err);
    if (!status)
        status = fill_record(rq, &s, &page, err);
    if (!status)
        status = fill_deciding(rq, &page, err);
    if (!status)
        status = fill_forms(rq, &s, &page, err);
    if (!status)
        status = ledger_fill_files(rq, &s.sight, STUDY_MATERIALS, &page.files, err);
    page.files.path = ledger_path(rq, s.sight.line.key, "/study/files");
    return status ? status
                  : answer_titled_page(rq, "ledger-study", s.sight.line.title, STUDY_PAGE, &page);
}

const struct route route_ledger_study = {
    .method = "GET",
    .path = "/ledger/lines/{line}/study",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "A study session: agenda, materials, what was decided; for the body also who was there and "
        "the record.",
    .zh = "学习会：议程、材料、议定事项；学习单位另可查看出席情况和记录。",
    .output = STUDY_PAGE,
    .page = "ledger-study",
    .run = show_study,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct acting {
    int64_t line, now_ms;
    struct study_deed deed;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct acting *a = context;
    return ledger_act_on_study(scratch, store, a->line, &a->deed, a->now_ms, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct session s;
    int at = machine_named(session_machine.acts, request_input(rq, "act"));
    struct acting a = {.now_ms = rq->now_ms,
                       .deed = {.act = (enum session_act)at,
                                .actor = rq->viewer.member,
                                .today = calendar_day_of(rq->now_ms),
                                .words = request_input(rq, "words")}};
    enum status status = open_session(rq, &s, err);
    if (!status && at == SESSION_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    a.line = s.sight.line.id;
    if (!status)
        status = ledger_refuse_marks(rq, a.deed.words, err);
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, act_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/study");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = STUDY_MINUTES_MAX,
     .en = "Words",
     .zh = "内容"},
    {0},
};
const struct route route_ledger_study_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/study",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act in a study session: held, record written, confirmed or sent back, called off.",
    .zh = "办理学习会环节：登记召开、整理记录、确认或退回记录、取消。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_study,
};

/* --- the agenda changed ------------------------------------------------------------------------------ */

struct arranging {
    int64_t line, actor;
    struct str item, title, text;
    int64_t papers[STUDY_PAPERS_MAX];
    size_t npapers;
    bool removes;
    struct ledger_deed deed;
};

static enum status item_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct arranging *a = context;
    return ledger_add_study_item(scratch, store, a->line, a->title, a->text, a->actor, &a->deed,
                                 err);
}

static enum status papers_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct arranging *a = context;
    return a->removes ? ledger_remove_study_paper(scratch, store, a->line, a->item, a->papers[0],
                                                  a->actor, &a->deed, err)
                      : ledger_add_study_papers(scratch, store, a->line, a->item, a->papers,
                                                a->npapers, a->actor, &a->deed, err);
}

static enum status add_item(struct request *rq, struct error *err)
{
    struct session s;
    struct arranging a = {.actor = rq->viewer.member,
                          .title = request_input(rq, "title"),
                          .text = request_input(rq, "text"),
                          .deed = {.now_ms = rq->now_ms}};
    enum status status = open_session(rq, &s, err);
    a.line = s.sight.line.id;
    if (!status)
        status = ledger_refuse_marks(
            rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(a.title), STR_ARG(a.text)), err);
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, item_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/study");
}

static const struct input ITEM_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = STUDY_TITLE_MAX,
     .en = "Item",
     .zh = "议题"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = LINE_TEXT_MAX, .en = "Details", .zh = "说明"},
    {0},
};
const struct route route_ledger_study_item = {
    .method = "POST",
    .path = "/ledger/lines/{line}/study/items",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Add an item to a session's agenda.",
    .zh = "向议程添加议题。",
    .inputs = ITEM_INPUTS,
    .run = add_item,
    .again = show_study,
};

static enum status change_papers(struct request *rq, struct error *err)
{
    struct session s;
    struct arranging a = {.actor = rq->viewer.member,
                          .item = request_input(rq, "item"),
                          .removes = request_number(rq, "remove"),
                          .deed = {.now_ms = rq->now_ms}};
    enum status status = open_session(rq, &s, err);
    a.line = s.sight.line.id;
    if (!status)
        status = ledger_read_papers(rq, "paper", a.papers, STUDY_PAPERS_MAX, &a.npapers, err);
    if (!status && !a.npapers)
        return request_blame(rq, "paper",
                             error_set(err, STATUS_INPUT, "Choose a paper.", "请选择文稿。"));
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, papers_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/study");
}

static const struct input PAPERS_INPUTS[] = {
    {.name = "item", .kind = INPUT_TEXT, .most = 40, .en = "Item", .zh = "议题"},
    {.name = "paper", .kind = INPUT_LIST, .most = 40, .en = "Papers", .zh = "文稿"},
    {.name = "remove", .kind = INPUT_FLAG, .en = "Take it off", .zh = "移出"},
    {0},
};
const struct route route_ledger_study_papers_change = {
    .method = "POST",
    .path = "/ledger/lines/{line}/study/papers",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Put papers that open to the viewer on an item of the agenda, or take one off.",
    .zh = "将可阅读的文稿列入议题，或移出。",
    .inputs = PAPERS_INPUTS,
    .run = change_papers,
    .again = show_study,
};

/* --- who was there ---------------------------------------------------------------------------------- */

struct attending {
    int64_t line, actor;
    struct study_presence list[PEOPLE_MOST];
    size_t count;
    struct ledger_deed deed;
};

static enum status attend_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct attending *a = context;
    return ledger_say_attendance(scratch, store, a->line, a->list, a->count, a->actor, &a->deed,
                                 err);
}

/* Only of those whom the page lists. */
static enum status read_presence(struct request *rq, const struct session *s, struct str key,
                                 struct str state, struct study_presence *one, struct error *err)
{
    struct study_presence *list;
    size_t count;
    int is = machine_named(presence_terms, state);
    struct query *q = query_start(rq->store, "SELECT id FROM member WHERE key = ?1");
    query_bind_str(q, 1, key);
    one->member = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status)
        status = ledger_list_attendance(rq->arena, rq->store, &s->sight.line, &list, &count, err);
    for (size_t i = 0; !status && is != PRESENCES && i < count; i++)
        if (list[i].member == one->member) {
            one->is = (enum presence)is;
            return STATUS_OK;
        }
    return status
               ? status
               : error_in(err, "state",
                          error_set(err, STATUS_INPUT, "Say of each member of the body how it was.",
                                    "请逐一登记学习单位成员的出席情况。"));
}

static enum status attend(struct request *rq, struct error *err)
{
    struct session s;
    struct str *members = arena_array(rq->arena, PEOPLE_MOST, struct str);
    struct str *states = arena_array(rq->arena, PEOPLE_MOST, struct str);
    struct attending *a = arena_new(rq->arena, struct attending);
    size_t said = request_inputs(rq, "state", states, PEOPLE_MOST);
    a->count = request_inputs(rq, "member", members, PEOPLE_MOST);
    a->actor = rq->viewer.member;
    a->deed.now_ms = rq->now_ms;
    enum status status = open_session(rq, &s, err);
    if (!status && !s.of_body)
        return error_set(err, STATUS_FORBIDDEN, "This is for the body that studies.",
                         "此操作须由学习单位成员进行。");
    if (!status && (!a->count || said != a->count))
        return error_set(err, STATUS_INPUT, "Say of each member of the body how it was.",
                         "请逐一登记学习单位成员的出席情况。");
    a->line = s.sight.line.id;
    for (size_t i = 0; !status && i < a->count; i++)
        status = read_presence(rq, &s, members[i], states[i], &a->list[i], err);
    if (!status)
        status = ledger_write(rq, a->line, LEDGER_SEE, attend_step, a, err);
    return status ? status : ledger_answer_recorded(rq, "/study");
}

static const struct input ATTEND_INPUTS[] = {
    {.name = "member", .kind = INPUT_LIST, .most = 40, .en = "Members", .zh = "成员"},
    {.name = "state", .kind = INPUT_LIST, .most = 20, .en = "How it was", .zh = "出席情况"},
    {0},
};
const struct route route_ledger_study_attend = {
    .method = "POST",
    .path = "/ledger/lines/{line}/study/attendance",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say of members of the body whether they were present, excused or absent; one state a "
          "member, in the same order.",
    .zh = "登记学习单位成员出席、请假或缺席，成员与情况按序一一对应。",
    .inputs = ATTEND_INPUTS,
    .run = attend,
    .again = show_study,
};

/* --- what was decided -------------------------------------------------------------------------------- */

struct deciding {
    int64_t line, actor;
    struct str item;
    struct line made;
    struct ledger_deed deed;
};

static enum status decide_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct deciding *d = context;
    return ledger_decide_in_study(scratch, store, d->line, d->item, &d->made, d->actor, &d->deed,
                                  err);
}

static enum status read_decision(struct request *rq, struct deciding *d, struct error *err)
{
    enum ledger_kind kind;
    bool good = false;
    bool named = ledger_kind_named(request_input(rq, "kind"), &kind);
    for (size_t i = 0; named && i < DECIDED_COUNT; i++)
        good |= DECIDED[i] == kind;
    if (!good)
        return request_blame(
            rq, "kind",
            error_set(err, STATUS_INPUT, "Choose what it becomes.", "请选择条目类别。"));
    d->made = (struct line){.kind = kind,
                            .title = request_input(rq, "title"),
                            .text = request_input(rq, "text"),
                            .state = LINE_ACTIVE,
                            .weight = 1,
                            .due_day = ledger_read_day(rq, "due")};
    enum status status = ledger_read_unit(rq, "unit", &d->made.unit, err);
    return status ? status : ledger_read_person(rq, "lead", &d->made.lead, err);
}

static enum status decide(struct request *rq, struct error *err)
{
    struct session s;
    struct deciding d = {.actor = rq->viewer.member,
                         .item = request_input(rq, "item"),
                         .deed = {.now_ms = rq->now_ms}};
    enum status status = open_session(rq, &s, err);
    d.line = s.sight.line.id;
    if (!status)
        status = read_decision(rq, &d, err);
    if (!status)
        status = ledger_refuse_marks(
            rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(d.made.title), STR_ARG(d.made.text)),
            err);
    if (!status)
        status = ledger_write(rq, d.line, LEDGER_SEE, decide_step, &d, err);
    return status ? status
                  : ledger_answer_done(rq, "/study", "The decision is in the ledger.",
                                       "议定事项已列入台账。");
}

static const struct input DECIDE_INPUTS[] = {
    {.name = "item", .kind = INPUT_CHOICE, .needed = true, .most = 40, .en = "Item", .zh = "议题"},
    {.name = "kind", .kind = INPUT_CHOICE, .needed = true, .most = 20, .en = "Kind", .zh = "类别"},
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "What was decided",
     .zh = "议定事项"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = LINE_TEXT_MAX, .en = "Details", .zh = "说明"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "完成期限"},
    {0},
};
const struct route route_ledger_study_decide = {
    .method = "POST",
    .path = "/ledger/lines/{line}/study/decisions",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Make a line of the ledger of what a study session decided.",
    .zh = "将学习会议定事项列入台账。",
    .inputs = DECIDE_INPUTS,
    .run = decide,
    .again = show_study,
};

static enum status attach(struct request *rq, struct error *err)
{
    struct session s;
    struct line_file file;
    enum status status = open_session(rq, &s, err);
    if (!status)
        status = ledger_open(rq, rq->params[0], LEDGER_REPORT, &s.sight, err);
    if (!status)
        status = ledger_take_file(rq, s.sight.line.id, STUDY_MATERIALS, &file, err);
    return status ? status
                  : ledger_answer_done(rq, "/study", "The file is attached.", "材料已添加。");
}

static const struct input ATTACH_INPUTS[] = {LEDGER_FILE_INPUTS, {0}};
const struct route route_ledger_study_attach = {
    .method = "POST",
    .path = "/ledger/lines/{line}/study/files",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Attach material to a study session.",
    .zh = "为学习会添加材料附件。",
    .inputs = ATTACH_INPUTS,
    .uploads = true,
    .run = attach,
};
