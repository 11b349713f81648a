/* One line of the ledger: what it is, what is under it, what was said, and its history. */
#include "ledger/account.h"
#include "ledger/campaigning.h"
#include "ledger/policy.h"
#include "ledger/project.h"
#include "ledger/rectification.h"
#include "ledger/review.h"
#include "ledger/risk.h"
#include "ledger/step.h"
#include "ledger/study.h"
#include "ledger/threshold.h"
#include "server/internal.h"
#include "server/ledger_files.h"
#include "server/ledger_letters.h"
#include "server/ledger_terms.h"
#include "server/ledger_told.h"
#include "server/talk_text.h"

#include <jansson.h>
#include <string.h>

#define HISTORY_MOST 500

/* --- the page ------------------------------------------------------------------------------------- */

struct child_line {
    struct str key, number, title, kind_word, state_word, due;
    int64_t progress;
};
static const struct field CHILD_LINE[] = {
    FIELD(TEXT, struct child_line, key),        FIELD(TEXT, struct child_line, number),
    FIELD(TEXT, struct child_line, title),      FIELD_HIDDEN(TEXT, struct child_line, kind_word),
    FIELD(TEXT, struct child_line, state_word), FIELD(DATE, struct child_line, due),
    FIELD(NUMBER, struct child_line, progress), {0},
};
/* A line that this one leads to or comes from. */
struct named_line {
    struct str key, number, title;
};
static const struct field NAMED_LINE[] = {
    FIELD(TEXT, struct named_line, key),
    FIELD(TEXT, struct named_line, number),
    FIELD(TEXT, struct named_line, title),
    {0},
};
struct said_line {
    struct str key, author, body, text;
    int64_t posted, removed;
    bool own; /* the viewer may take it back */
};
static const struct field SAID_LINE[] = {
    FIELD(TEXT, struct said_line, key),           FIELD(TEXT, struct said_line, author),
    FIELD_HIDDEN(MARKUP, struct said_line, body), FIELD(TEXT, struct said_line, text),
    FIELD(TIME, struct said_line, posted),        FIELD(TIME, struct said_line, removed),
    FIELD(FLAG, struct said_line, own),           {0},
};
/* What stands in the form for changes. */
struct line_form {
    struct str title, text, part_of, begins, due, weight, progress, why;
    bool again; /* it was refused so */
};
static const struct field LINE_FORM[] = {
    FIELD(TEXT, struct line_form, title),    FIELD(TEXT, struct line_form, text),
    FIELD(TEXT, struct line_form, part_of),  FIELD(TEXT, struct line_form, begins),
    FIELD(TEXT, struct line_form, due),      FIELD(TEXT, struct line_form, weight),
    FIELD(TEXT, struct line_form, progress), FIELD(TEXT, struct line_form, why),
    FIELD(FLAG, struct line_form, again),    {0},
};
/* A campaign that the line is in. */
struct pushed_row {
    struct str key, number, title, due, words;
    int64_t from, aim;
};
static const struct field PUSHED_ROW[] = {
    FIELD(TEXT, struct pushed_row, key),   FIELD(TEXT, struct pushed_row, number),
    FIELD(TEXT, struct pushed_row, title), FIELD(DATE, struct pushed_row, due),
    FIELD(TEXT, struct pushed_row, words), FIELD(NUMBER, struct pushed_row, from),
    FIELD(NUMBER, struct pushed_row, aim), {0},
};
struct line_page {
    struct ledger_head head;
    struct str text, body;
    struct str machine; /* where its state is changed; empty: here */
    struct line_form form;
    bool followed, leads;
    int64_t followers;
    struct pushed_row *campaigns;
    size_t ncampaigns;
    struct child_line *children;
    size_t nchildren;
    struct ledger_source *sources;
    size_t nsources;
    struct named_line *decided_in, *rectified; /* the study session; what was found here */
    size_t ndecided_in, nrectified;
    struct said_line *said;
    size_t nsaid;
    struct ledger_files files;
    struct ledger_choice *units, *people, *states;
    size_t nunits, npeople, nstates;
};
static const struct field LINE_PAGE[] = {
    LEDGER_HEAD_FIELD(struct line_page, head),
    FIELD(TEXT, struct line_page, text),
    FIELD_HIDDEN(MARKUP, struct line_page, body),
    FIELD_HIDDEN(TEXT, struct line_page, machine),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct line_page, form),
     .parts = LINE_FORM},
    FIELD(FLAG, struct line_page, followed),
    FIELD(FLAG, struct line_page, leads),
    FIELD(NUMBER, struct line_page, followers),
    FIELD_OF_LIST(struct line_page, campaigns, PUSHED_ROW),
    FIELD_OF_LIST(struct line_page, children, CHILD_LINE),
    FIELD_OF_LIST(struct line_page, sources, ledger_source_fields),
    FIELD_OF_LIST(struct line_page, decided_in, NAMED_LINE),
    FIELD_OF_LIST(struct line_page, rectified, NAMED_LINE),
    FIELD_OF_LIST(struct line_page, said, SAID_LINE),
    LEDGER_FILES_FIELD(struct line_page, files),
    FIELD_OF_LIST(struct line_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct line_page, people, ledger_choice_fields),
    FIELD_OF_LIST(struct line_page, states, ledger_choice_fields),
    {0},
};

static struct str as_html(struct request *rq, struct str text)
{
    struct buf out = {.arena = rq->arena};
    talk_write_text(&out, text, STR(""), NULL, 0);
    return buf_str(&out);
}

static enum status fill_campaigns(struct request *rq, int64_t line, struct line_page *page,
                                  struct error *err)
{
    struct campaign_part *list;
    enum status status =
        ledger_list_campaigns_of(rq->arena, rq->store, line, &list, &page->ncampaigns, err);
    if (status)
        return status;
    page->campaigns = arena_array(rq->arena, page->ncampaigns + 1, struct pushed_row);
    for (size_t i = 0; i < page->ncampaigns; i++)
        page->campaigns[i] = (struct pushed_row){
            .key = list[i].campaign.key,
            .number = list[i].campaign.number,
            .title = list[i].campaign.title,
            .due = ledger_day(rq, list[i].campaign.due_day),
            .words = list[i].words,
            .from = list[i].item.from,
            .aim = list[i].item.aim,
        };
    return STATUS_OK;
}

static enum status fill_children(struct request *rq, int64_t line, struct line_page *page,
                                 struct error *err)
{
    struct line *list;
    enum status status =
        ledger_list_children(rq->arena, rq->store, line, &list, &page->nchildren, err);
    if (status)
        return status;
    page->children = arena_array(rq->arena, page->nchildren + 1, struct child_line);
    for (size_t i = 0; i < page->nchildren; i++)
        page->children[i] = (struct child_line){
            list[i].key,
            list[i].number,
            list[i].title,
            str_of(ledger_kind_word(list[i].kind, rq->lang)),
            str_of(line_state_word(list[i].state, rq->lang)),
            ledger_day(rq, list[i].due_day),
            list[i].progress,
        };
    return STATUS_OK;
}

static struct named_line name_line(const struct line *line)
{
    return (struct named_line){line->key, line->number, line->title};
}

static enum status fill_related(struct request *rq, int64_t line, struct line_page *page,
                                struct error *err)
{
    struct line session;
    struct line *list;
    enum status status = ledger_find_deciding_study(rq->arena, rq->store, line, &session, err);
    if (!status)
        status = ledger_list_rectifications_of(rq->arena, rq->store, line, &list, &page->nrectified,
                                               err);
    if (status)
        return status;
    page->decided_in = arena_new(rq->arena, struct named_line);
    page->rectified = arena_array(rq->arena, page->nrectified + 1, struct named_line);
    if (session.id)
        page->decided_in[page->ndecided_in++] = name_line(&session);
    for (size_t i = 0; i < page->nrectified; i++)
        page->rectified[i] = name_line(&list[i]);
    return STATUS_OK;
}

static enum status fill_said(struct request *rq, int64_t line, struct line_page *page,
                             struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT m.name, p.text, p.posted_ms, p.removed_ms, p.key,"
                               " p.member = ?2 FROM line_post p JOIN member m ON m.id = p.member"
                               " WHERE p.line = ?1 ORDER BY p.id DESC LIMIT 200");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, rq->viewer.member);
    while (query_row(q)) {
        size_t n = page->nsaid++;
        page->said = arena_one_more(rq->arena, page->said, n, sizeof *page->said);
        struct str text = str_copy(rq->arena, query_str(q, 1));
        page->said[n] = (struct said_line){
            .key = str_copy(rq->arena, query_str(q, 4)),
            .author = str_copy(rq->arena, query_str(q, 0)),
            .body = as_html(rq, text),
            .text = text,
            .posted = query_int(q, 2),
            .removed = query_int(q, 3),
            .own = !query_int(q, 3) && query_int(q, 5),
        };
    }
    return query_end(q, err);
}

static enum status fill_following(struct request *rq, int64_t line, struct line_page *page,
                                  struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT count(*), coalesce(max(member = ?2), 0)"
                                             " FROM line_follow WHERE line = ?1");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, rq->viewer.member);
    if (query_row(q)) {
        page->followers = query_int(q, 0);
        page->followed = query_int(q, 1) != 0;
    }
    return query_end(q, err);
}

static enum status fill_forms(struct request *rq, const struct line *line, struct line_page *page,
                              struct error *err)
{
    page->form = (struct line_form){
        .title = line->title,
        .text = line->text,
        .part_of = page->head.parent_number,
        .begins = page->head.begins_day,
        .due = page->head.due_day,
        .weight = str_format(rq->arena, "%g", line->weight),
        .progress = str_format(rq->arena, "%lld", (long long)line->progress),
    };
    const char *machine = NULL;
    enum status status = ledger_find_machine(rq->store, line->id, rq->lang, &machine, err);
    ledger_fill_values(rq, &ledger_state_values, str_of(line_state_name(line->state)),
                       &page->states, &page->nstates);
    if (!status)
        status = ledger_list_unit_choices(rq, line->unit, &page->units, &page->nunits, err);
    page->machine = str_of(machine ? machine : "");
    return status ? status : ledger_list_people(rq, line->lead, &page->people, &page->npeople, err);
}

extern const struct route route_ledger_line_change;

/* What was typed and refused stands in the form again. */
static void fill_typed(struct request *rq, struct line_page *page)
{
    page->form = (struct line_form){
        .title = request_input(rq, "title"),
        .text = request_input(rq, "text"),
        .part_of = request_input(rq, "part_of"),
        .begins = request_input(rq, "begins"),
        .due = request_input(rq, "due"),
        .weight = request_input(rq, "weight"),
        .progress = request_input(rq, "progress"),
        .why = request_input(rq, "why"),
        .again = true,
    };
    ledger_choose(page->units, page->nunits, request_input(rq, "unit"));
    ledger_choose(page->people, page->npeople, request_input(rq, "lead"));
}

static enum status show_line(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct line_page page = {0};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "", &page.head, err);
    if (!status)
        status = fill_campaigns(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_children(rq, sight.line.id, &page, err);
    if (!status)
        status = ledger_list_line_sources(rq, sight.line.id, &page.sources, &page.nsources, err);
    if (!status)
        status = fill_related(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_said(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_following(rq, sight.line.id, &page, err);
    if (!status)
        status = ledger_fill_files(rq, &sight, STR(""), &page.files, err);
    if (!status && page.head.may_change)
        status = fill_forms(rq, &sight.line, &page, err);
    if (status)
        return status;
    if (rq->route == &route_ledger_line_change)
        fill_typed(rq, &page);
    page.leads = sight.line.lead == rq->viewer.member && sight.line.state != LINE_CLOSED;
    page.text = sight.line.text;
    page.body = page.text.len ? as_html(rq, page.text) : STR("");
    return answer_titled_page(rq, "ledger-line", sight.line.title, LINE_PAGE, &page);
}

const struct route route_ledger_line = {
    .method = "GET",
    .path = "/ledger/lines/{line}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A line of the ledger: what it is, who answers for it, what is under it, what was said.",
    .zh = "台账条目：内容、责任人、下级条目与讨论。",
    .output = LINE_PAGE,
    .page = "ledger-line",
    .run = show_line,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct changing {
    int64_t line, member;
    struct line_change changes[LINE_FIELDS];
    size_t count;
    struct ledger_deed deed;
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct changing *c = context;
    (void)scratch;
    enum status status = ledger_check_changes(store, c->member, c->line, c->changes, c->count, err);
    return status ? status
                  : ledger_change_line(store, c->line, c->changes, c->count, &c->deed, err);
}

static enum status write_changes(struct request *rq, struct changing *c, const char *en,
                                 const char *zh, struct error *err)
{
    c->member = rq->viewer.member;
    c->deed = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "why")};
    enum status status = ledger_refuse_marks(rq, c->deed.why, err);
    if (!status)
        status = ledger_write(rq, c->line, LEDGER_CHANGE, change_step, c, err);
    return status ? status : ledger_answer_done(rq, "", en, zh);
}

static void add_change(struct changing *c, enum line_field field, struct str text, int64_t number)
{
    c->changes[c->count++] = (struct line_change){.field = field, .text = text, .number = number};
}

static enum status read_changes(struct request *rq, struct changing *c, struct error *err)
{
    double weight = 0;
    int64_t parent = 0;
    int64_t unit = 0;
    int64_t lead = 0;
    if (!str_to_double(request_input(rq, "weight"), &weight))
        return request_blame(
            rq, "weight",
            error_set(err, STATUS_INPUT, "The weight is not a number.", "权重不是数字。"));
    enum status status = ledger_read_line(rq, "part_of", &parent, err);
    if (!status)
        status = ledger_read_unit(rq, "unit", &unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &lead, err);
    add_change(c, LINE_TITLE, request_input(rq, "title"), 0);
    add_change(c, LINE_TEXT, request_input(rq, "text"), 0);
    add_change(c, LINE_PARENT, STR(""), parent);
    add_change(c, LINE_UNIT, STR(""), unit);
    add_change(c, LINE_LEAD, STR(""), lead);
    add_change(c, LINE_BEGINS, STR(""), ledger_read_day(rq, "begins"));
    add_change(c, LINE_DUE, STR(""), ledger_read_day(rq, "due"));
    add_change(c, LINE_PROGRESS, STR(""), request_number(rq, "progress"));
    c->changes[c->count++] = (struct line_change){.field = LINE_WEIGHT, .real = weight};
    return status;
}

static enum status change_line(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct changing c = {0};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (!status)
        status = read_changes(rq, &c, err);
    if (!status && (!str_equal(request_input(rq, "title"), sight.line.title) ||
                    !str_equal(request_input(rq, "text"), sight.line.text)))
        status = ledger_refuse_marks(rq,
                                     str_format(rq->arena, "%.*s\n%.*s",
                                                STR_ARG(request_input(rq, "title")),
                                                STR_ARG(request_input(rq, "text"))),
                                     err);
    c.line = sight.line.id;
    return status ? status : write_changes(rq, &c, "The line is changed.", "条目已修改。", err);
}

#define WHY_INPUT                                                                            \
    {                                                                                        \
        .name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由" \
    }
static const struct input CHANGE_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "名称"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = LINE_TEXT_MAX, .en = "Details", .zh = "说明"},
    {.name = "part_of", .kind = INPUT_TEXT, .most = 20, .en = "Part of", .zh = "上级条目"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "begins", .kind = INPUT_DAY, .en = "Begins", .zh = "开始日期"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "完成期限"},
    {.name = "weight",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 20,
     .en = "Weight",
     .zh = "权重"},
    {.name = "progress",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = 100,
     .en = "Progress",
     .zh = "进度"},
    WHY_INPUT,
    {0},
};
const struct route route_ledger_line_change = {
    .method = "POST",
    .path = "/ledger/lines/{line}/change",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Change a line's fields.",
    .zh = "修改条目。",
    .inputs = CHANGE_INPUTS,
    .run = change_line,
    .again = show_line,
};

static enum status change_state(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct changing c = {0};
    enum line_state state;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (status)
        return status;
    if (!line_state_named(request_input(rq, "state"), &state))
        return request_blame(rq, "state",
                             error_set(err, STATUS_INPUT, "Choose a state.", "请选择状态。"));
    c.line = sight.line.id;
    add_change(&c, LINE_STATE, STR(""), state);
    return write_changes(rq, &c, "The state is changed.", "状态已变更。", err);
}

static const struct input STATE_INPUTS[] = {
    {.name = "state",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "State",
     .zh = "状态"},
    WHY_INPUT,
    {0},
};
const struct route route_ledger_line_state = {
    .method = "POST",
    .path = "/ledger/lines/{line}/state",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Change a line's state; closing it needs a reason.",
    .zh = "变更条目状态；关闭须说明理由。",
    .inputs = STATE_INPUTS,
    .run = change_state,
};

/* --- following and talk --------------------------------------------------------------------------- */

struct saying {
    int64_t line, member, now_ms;
    struct str text;
};

static enum status follow_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct saying *s = context;
    (void)scratch;
    return ledger_follow_line(store, s->line, s->member, err);
}

static enum status leave_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct saying *s = context;
    (void)scratch;
    return ledger_leave_line(store, s->line, s->member, err);
}

static enum status follow_line(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    struct saying s = {.line = sight.line.id, .member = rq->viewer.member};
    if (!status)
        status = ledger_write(rq, s.line, LEDGER_SEE,
                              request_number(rq, "end") ? leave_step : follow_step, &s, err);
    return status ? status : ledger_answer_done(rq, "", NULL, NULL);
}

static const struct input FOLLOW_INPUTS[] = {
    {.name = "end", .kind = INPUT_FLAG, .en = "No longer", .zh = "取消"},
    {0},
};
const struct route route_ledger_line_follow = {
    .method = "POST",
    .path = "/ledger/lines/{line}/follow",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Follow a line, or no longer.",
    .zh = "关注条目或取消关注。",
    .inputs = FOLLOW_INPUTS,
    .run = follow_line,
};

struct speaking {
    int64_t line, member, now_ms;
    struct str text;
    struct mentions mentions;
};

static enum status say_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct speaking *s = context;
    struct str key;
    enum status status =
        ledger_say(scratch, store, s->line, s->member, s->text, s->now_ms, &key, err);
    return status ? status : ledger_tell_said(scratch, store, key, &s->mentions, err);
}

static enum status say(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_REPORT, &sight, err);
    struct speaking s = {.line = sight.line.id, .member = rq->viewer.member, .now_ms = rq->now_ms};
    if (!status)
        status = ledger_refuse_marks(rq, request_input(rq, "text"), err);
    if (!status)
        status = ledger_complete_mentions(rq, request_input(rq, "text"), &s.text, &s.mentions, err);
    if (!status)
        status = ledger_write(rq, s.line, LEDGER_REPORT, say_step, &s, err);
    return status ? status : ledger_answer_done(rq, "#talk", NULL, NULL);
}

static const struct input SAY_INPUTS[] = {
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = LINE_SAID_MAX,
     .en = "Text",
     .zh = "内容"},
    {0},
};
const struct route route_ledger_line_say = {
    .method = "POST",
    .path = "/ledger/lines/{line}/talk",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say something about a line.",
    .zh = "在条目下发言。",
    .inputs = SAY_INPUTS,
    .run = say,
};

static enum status unsay_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct saying *s = context;
    (void)scratch;
    return ledger_unsay(store, s->line, s->member, s->text, s->now_ms, err);
}

static enum status unsay(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    struct saying s = {sight.line.id, rq->viewer.member, rq->now_ms, request_input(rq, "said")};
    if (!status)
        status = ledger_write(rq, s.line, LEDGER_SEE, unsay_step, &s, err);
    return status ? status : ledger_answer_done(rq, "#talk", "It is erased.", "已删除。");
}

static const struct input UNSAY_INPUTS[] = {
    {.name = "said", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Post", .zh = "发言"},
    {0},
};
const struct route route_ledger_line_unsay = {
    .method = "POST",
    .path = "/ledger/lines/{line}/talk/remove",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Erase one's own words about a line; that something stood there stays.",
    .zh = "删除本人在条目下的发言，保留痕迹。",
    .inputs = UNSAY_INPUTS,
    .run = unsay,
};

/* --- history -------------------------------------------------------------------------------------- */

struct change_row {
    struct str field, before, after;
};
static const struct field CHANGE_ROW[] = {
    FIELD(TEXT, struct change_row, field),
    FIELD(DATE, struct change_row, before),
    FIELD(DATE, struct change_row, after),
    {0},
};
struct history_row {
    struct str what, what_words, by, why;
    int64_t time;
    struct change_row *changes;
    size_t nchanges;
};
static const struct field HISTORY_ROW[] = {
    FIELD(TIME, struct history_row, time),
    FIELD(TEXT, struct history_row, what),
    FIELD_HIDDEN(TEXT, struct history_row, what_words),
    FIELD(TEXT, struct history_row, by),
    FIELD(TEXT, struct history_row, why),
    FIELD_OF_LIST(struct history_row, changes, CHANGE_ROW),
    {0},
};
struct history_page {
    struct ledger_head head;
    struct history_row *history;
    size_t nhistory;
};
static const struct field HISTORY_PAGE[] = {
    LEDGER_HEAD_FIELD(struct history_page, head),
    FIELD_OF_LIST(struct history_page, history, HISTORY_ROW),
    {0},
};

/* What events of a line are called; others go by their own name. */
static const struct {
    const char *kind, *en, *zh;
} DEEDS[] = {
    {"line.made", "Made", "建立"},
    {"line.changed", "Changed", "修改"},
    {"line.summed", "Summed from its parts", "按下级条目汇总"},
    {"line.horizon", "Horizon set", "设定期限类别"},
    {"line.took_over", "Takes over from above", "承接上级目标"},
    {"line.gave_up", "Takes over no longer", "取消承接"},
    {"line.said", "Spoke", "发言"},
    {"line.unsaid", "Took own words back", "删除发言"},
    {"line.indicator", "What it measures", "计量方式"},
    {"line.actual", "Actual entered", "填报实际值"},
    {"line.target", "Target set", "设定目标"},
    {"line.benchmark", "Benchmark entered", "填报参照值"},
    {"line.name", "Name in files kept", "记下表格中的称呼"},
    {"line.frozen", "Plan frozen", "冻结基线"},
    {"line.campaign", "Campaign", "攻坚"},
    {"line.watch", "Watch", "五盯"},
    {"line.supervision", "Supervision", "督办"},
    {"line.quantity", "Quantity", "数量"},
    {"line.project", "Library of projects", "项目库"},
    {"line.marked", "Marked", "评分"},
    {"line.entered", "Entered in the account", "台账登记"},
    {"line.entry", "Entry of the account", "台账办理状态"},
    {"line.struck", "Entry struck", "台账登记作废"},
    {"line.urged", "Supervision notice", "发出督办单"},
    {"line.linked", "Made to wait for another", "设定前置条目"},
    {"line.unlinked", "Waits for another no longer", "取消前置条目"},
    {"line.file", "File attached", "添加附件"},
    {"line.handover", "Hand-over", "移交"},
    {"line.file-removed", "File removed", "移除附件"},
    {"line.file-swept", "Content of a removed file deleted", "删除已移除附件的内容"},
    {"line.sourced", "Linked to a paper", "关联文稿"},
    {"line.filled", "Sheet filled in", "填报表格"},
    {"line.inspection", "Inspection", "观摩督导"},
    {"line.stop", "Stop of the tour", "观摩点"},
    {"line.scorer", "Scorer", "评分人"},
    {"line.finding-settled", "Finding taken up", "问题转办"},
    {"line.study", "Study session", "学习会"},
    {"line.decided", "Decided in a study session", "学习会议定事项"},
    {"line.rectification", "Rectification", "整改"},
    {"line.rectified", "Rectification made of it", "转为整改"},
    {"line.recurrence", "Whether the problem came back", "反复问题判定"},
    {"line.finding-dropped", "Finding let go", "问题不予整改"},
    {"line.review", "Joint review", "联审"},
    {"line.permit", "Permit that the reply decides about", "联审对应的手续"},
    {"line.step", "Step", "步骤"},
    {"line.policy", "Policy", "政策"},
    {"line.terms", "Sorted", "调整分类"},
    {"line.leaflet", "Leaflet", "明白卡"},
    {"line.month", "Use entered", "填报落实数据"},
    {"line.appraised", "Appraised", "跟踪评估"},
    {"line.step-added", "Step added", "添加步骤"},
    {"line.steps-again", "Steps sent back", "退回重新办理"},
    {"line.steps-ended", "Steps ended", "步骤终止"},
    {"line.risk", "Risk", "风险办理"},
    {"line.sweep", "Sweep", "风险排查"},
    {"line.threshold", "Monitoring", "监测设置"},
    {"line.alarm", "Alarm", "监测预警"},
};

static struct str deed_words(const struct request *rq, struct str kind)
{
    for (size_t i = 0; i < sizeof DEEDS / sizeof *DEEDS; i++)
        if (str_equal(kind, str_of(DEEDS[i].kind)))
            return request_words(rq, DEEDS[i].en, DEEDS[i].zh);
    return kind;
}

/* What was done, as the event says it; empty where it says nothing more than its kind. */
static struct str act_told(const struct request *rq, struct str kind, const json_t *data)
{
    const char *name = str_equal(kind, STR("line.handover")) ? "handover" : "act";
    const char *act = json_string_value(json_object_get(data, name));
    return str_of(act ? ledger_told(kind, str_of(name), str_of(act), rq->lang) : "");
}

/* Whose a step is, and what was done to it. */
static struct str step_words(struct request *rq, struct str kind, const json_t *data)
{
    const char *unit = json_string_value(json_object_get(data, "unit"));
    const char *member = json_string_value(json_object_get(data, "member"));
    struct str act = act_told(rq, kind, data);
    struct str whose = ledger_name_of(rq, str_of(unit ? unit : member ? member : ""));
    return act.len ? str_format(rq->arena, "%.*s · %.*s", STR_ARG(whose), STR_ARG(act)) : whose;
}

/* The words that a line was given and lost: "+ Manufacturing, − Building". */
static struct str sorting_words(struct request *rq, const json_t *data)
{
    static const char *const HOW[][2] = {{"added", "+"}, {"removed", "−"}};
    struct buf out = {.arena = rq->arena};
    for (size_t i = 0; i < 2; i++) {
        size_t at;
        json_t *id;
        json_array_foreach(json_object_get(data, HOW[i][0]), at, id)
            buf_format(&out, "%s%s %.*s", out.len ? lang_pick(rq->lang, ", ", "，") : "", HOW[i][1],
                       STR_ARG(ledger_name_of(rq, str_of(json_string_value(id)))));
    }
    return buf_str(&out);
}

/* "Assessed anew · Moderate → High", where the act assessed. */
static struct str risk_told(const struct request *rq, struct str kind, const json_t *data)
{
    const json_t *levels = json_object_get(data, "level");
    struct str act = act_told(rq, kind, data);
    enum risk_level was = risk_level_named(str_of(json_string_value(json_array_get(levels, 0))));
    enum risk_level is = risk_level_named(str_of(json_string_value(json_array_get(levels, 1))));
    if (is == RISK_NO_LEVEL)
        return act;
    return was == RISK_NO_LEVEL
               ? str_format(rq->arena, "%.*s · %s", STR_ARG(act), risk_level_words(is, rq->lang))
               : str_format(rq->arena, "%.*s · %s → %s", STR_ARG(act),
                            risk_level_words(was, rq->lang), risk_level_words(is, rq->lang));
}

/* "Warning · 2026-08 · Raised". */
static struct str alarm_told(const struct request *rq, struct str kind, const json_t *data)
{
    const char *said[] = {"level", "month", "alarm"};
    struct buf out = {.arena = rq->arena};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const char *value = json_string_value(json_object_get(data, said[i]));
        struct str words =
            str_of(value ? ledger_told(kind, str_of(said[i]), str_of(value), rq->lang) : "");
        buf_format(&out, "%s%.*s", out.len ? " · " : "",
                   STR_ARG(words.len ? words : str_of(value ? value : "")));
    }
    return buf_str(&out);
}

static struct str deed_told(struct request *rq, struct str kind, const json_t *data)
{
    if (str_equal(kind, STR("line.step")) || str_equal(kind, STR("line.step-added")))
        return step_words(rq, kind, data);
    if (str_equal(kind, STR("line.terms")))
        return sorting_words(rq, data);
    if (str_equal(kind, STR("line.risk")))
        return risk_told(rq, kind, data);
    return str_equal(kind, STR("line.alarm")) ? alarm_told(rq, kind, data)
                                              : act_told(rq, kind, data);
}

/* What was entered in an account, changed or struck there. */
static void tell_entry(struct request *rq, const json_t *data, struct history_row *row)
{
    const char *name = json_string_value(json_object_get(data, "name"));
    const char *of = json_string_value(json_object_get(data, "kind"));
    const json_t *cents = json_object_get(data, "cents");
    const json_t *both = json_object_get(data, "entry");
    enum entry_kind kind = entry_kind_named(str_of(of));
    if (!name || kind == ENTRY_KINDS)
        return;
    struct change_row *change = &row->changes[row->nchanges++];
    *change = (struct change_row){.field = str_format(rq->arena, "%s%s%s",
                                                      entry_kind_words(kind, rq->lang),
                                                      lang_pick(rq->lang, ": ", "："), name)};
    if (cents)
        change->after = account_money(rq->arena, json_integer_value(cents));
    for (size_t i = 0; i < 2 && json_is_array(both); i++) {
        enum entry_state state =
            entry_state_named(str_of(json_string_value(json_array_get(both, i))));
        if (state < ENTRY_STATES)
            *(i ? &change->after : &change->before) =
                str_of(entry_state_words(kind, state, rq->lang));
    }
}

/* What else events of lines change, besides a line's own fields. */
static const struct line_field_row MORE_FIELDS[] = {
    {"higher", LINE_VALUE_LINE, "Goal from above", "上级目标"},
    {"amount", LINE_VALUE_NUMBER, "Taken over", "承接数量"},
    {"actual", LINE_VALUE_TEXT, "Actual", "实际值"},
    {"target", LINE_VALUE_TEXT, "Target of the year", "全年目标"},
    {"benchmark", LINE_VALUE_TEXT, "Benchmark", "参照值"},
    {"measure", LINE_VALUE_TEXT, "Measured in", "计量单位"},
    {"formula", LINE_VALUE_TEXT, "Formula", "公式"},
    {"quantity", LINE_VALUE_TEXT, "Quantity", "数量"},
    {"direction", LINE_VALUE_TEXT, "Which way is better", "优劣方向"},
    {"report_day", LINE_VALUE_NUMBER, "Day due", "填报日"},
    {"file", LINE_VALUE_TEXT, "File", "附件"},
    {"permit", LINE_VALUE_TEXT, "Permit", "手续"},
    {"campaign", LINE_VALUE_LINE, "Campaign", "攻坚行动"},
    {"aim", LINE_VALUE_NUMBER, "To be reached in it, %", "攻坚目标进度（%）"},
    {"lead_asked", LINE_VALUE_MEMBER, "Asked to lead", "请求接手"},
    {"from", LINE_VALUE_DAY, "In force from", "开始执行"},
    {"until", LINE_VALUE_DAY, "In force until", "失效日期"},
    {"hoped", LINE_VALUE_NUMBER, "Hoped to have it", "预期惠及数"},
    {"meant", LINE_VALUE_NUMBER, "It is for", "适用数"},
    {"claimed", LINE_VALUE_NUMBER, "Claimed", "申领数"},
    {"granted", LINE_VALUE_NUMBER, "Granted", "惠及数"},
    {"behind_percent", LINE_VALUE_NUMBER, "Allowed behind, %", "允许落后幅度（%）"},
    {"warn_at", LINE_VALUE_TEXT, "Warns at", "预警值"},
    {"act_at", LINE_VALUE_TEXT, "Calls to act at", "报警值"},
    {"margin", LINE_VALUE_TEXT, "Falls when better by more than", "回落幅度"},
    {"months", LINE_VALUE_NUMBER, "Months in a row", "连续月数"},
};
#define MORE_COUNT (sizeof MORE_FIELDS / sizeof *MORE_FIELDS)

static struct str value_told(struct request *rq, struct str kind,
                             const struct line_field_row *field, const json_t *value)
{
    struct str text = ledger_value_words(rq, field->kind, value);
    const char *words = ledger_told(kind, str_of(field->name), text, rq->lang);
    return *words ? str_of(words) : text;
}

static void tell_change(struct request *rq, const json_t *data, const struct line_field_row *field,
                        struct history_row *row)
{
    const json_t *both = json_object_get(data, field->name);
    const char *month = json_string_value(json_object_get(data, "month"));
    struct str words = request_words(rq, field->en, field->zh);
    if (!json_is_array(both))
        return;
    row->changes[row->nchanges++] = (struct change_row){
        month ? str_format(rq->arena, "%.*s %s", STR_ARG(words), month) : words,
        value_told(rq, row->what, field, json_array_get(both, 0)),
        value_told(rq, row->what, field, json_array_get(both, 1)),
    };
}

static void fill_event(struct request *rq, const json_t *data, struct history_row *row)
{
    const char *why = json_string_value(json_object_get(data, "why"));
    row->why = str_copy(rq->arena, str_of(why ? why : ""));
    struct str act = deed_told(rq, row->what, data);
    if (act.len)
        row->what_words = str_format(rq->arena, "%.*s%s%.*s", STR_ARG(row->what_words),
                                     lang_pick(rq->lang, ": ", "："), STR_ARG(act));
    row->changes = arena_array(rq->arena, LINE_FIELDS + MORE_COUNT + 1, struct change_row);
    tell_entry(rq, data, row);
    for (int i = 0; i < LINE_FIELDS; i++)
        tell_change(rq, data, &line_fields[i], row);
    for (size_t i = 0; i < MORE_COUNT; i++)
        tell_change(rq, data, &MORE_FIELDS[i], row);
}

static enum status fill_history(struct request *rq, int64_t line, struct history_page *page,
                                struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT time_ms, actor, kind, data FROM event"
                               " WHERE subject = 'L' || ?1 ORDER BY seq DESC LIMIT ?2");
    page->history = arena_array(rq->arena, HISTORY_MOST, struct history_row);
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, HISTORY_MOST);
    while (query_row(q)) {
        struct history_row *row = &page->history[page->nhistory++];
        struct str text = query_str(q, 3);
        json_t *data = json_loadb(text.at, text.len, 0, NULL);
        *row = (struct history_row){.time = query_int(q, 0),
                                    .by = str_copy(rq->arena, query_str(q, 1)),
                                    .what = str_copy(rq->arena, query_str(q, 2))};
        row->what_words = deed_words(rq, row->what);
        fill_event(rq, data, row);
        json_decref(data);
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < page->nhistory; i++)
        page->history[i].by = ledger_name_of(rq, page->history[i].by);
    return status;
}

static enum status show_history(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct history_page page = {0};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/history", &page.head, err);
    if (!status)
        status = fill_history(rq, sight.line.id, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-history", sight.line.title, HISTORY_PAGE, &page);
}

const struct route route_ledger_line_history = {
    .method = "GET",
    .path = "/ledger/lines/{line}/history",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A line's history: who changed what, when and why.",
    .zh = "条目的变更记录：何人、何时、改了什么、为何。",
    .output = HISTORY_PAGE,
    .page = "ledger-history",
    .run = show_history,
};
