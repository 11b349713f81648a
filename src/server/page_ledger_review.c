/* One joint review: who stands where, what was said, the reply and how it came about. */
#include "base/calendar.h"
#include "ledger/permit.h"
#include "server/internal.h"
#include "server/ledger_files.h"
#include "server/ledger_notices.h"
#include "server/ledger_steps.h"
#include "server/ledger_terms.h"
#include "server/step_round.h"

/* --- the page ------------------------------------------------------------------------------------- */

struct reply_row {
    struct str verdict, verdict_words, words, by;
    int64_t replied;
};
static const struct field REPLY_ROW[] = {
    FIELD(TEXT, struct reply_row, verdict), FIELD_HIDDEN(TEXT, struct reply_row, verdict_words),
    FIELD(TEXT, struct reply_row, words),   FIELD(TEXT, struct reply_row, by),
    FIELD(TIME, struct reply_row, replied), {0},
};
/* The permit of the project that the reply decides about. */
struct permit_part {
    struct str entry, name, state, state_words, path, grant_path, today;
    bool tied, struck;
    bool may_tie, may_grant; /* where the reply set conditions: say that they are met */
    struct ledger_choice *choices;
    size_t nchoices;
};
static const struct field PERMIT_PART[] = {
    FIELD(TEXT, struct permit_part, entry),
    FIELD(TEXT, struct permit_part, name),
    FIELD(TEXT, struct permit_part, state),
    FIELD_HIDDEN(TEXT, struct permit_part, state_words),
    FIELD(TEXT, struct permit_part, path),
    FIELD_HIDDEN(TEXT, struct permit_part, grant_path),
    FIELD_HIDDEN(TEXT, struct permit_part, today),
    FIELD_HIDDEN(FLAG, struct permit_part, tied),
    FIELD(FLAG, struct permit_part, struck),
    FIELD(FLAG, struct permit_part, may_tie),
    FIELD(FLAG, struct permit_part, may_grant),
    FIELD_OF_LIST(struct permit_part, choices, ledger_choice_fields),
    {0},
};
struct review_page {
    struct permit_part permit;
    struct ledger_head head;
    struct ledger_steps steps;
    struct str text, state, state_words, basis, asked_by, draft;
    struct str back_words, withdraw_words; /* as typed, when they were refused */
    bool kept;                             /* the line is a review */
    bool may_make;                         /* of a line of that kind that is none yet */
    bool may_start, may_reply, may_back, may_withdraw, over, stuck;
    struct reply_row *replies, *former;
    struct ledger_choice *verdicts, *stages;
    size_t nreplies, nformer, nverdicts, nstages;
};
static const struct field REVIEW_PAGE[] = {
    LEDGER_HEAD_FIELD(struct review_page, head),
    LEDGER_STEPS_FIELD(struct review_page, steps),
    FIELD_OF_PART(struct review_page, permit, PERMIT_PART),
    FIELD(TEXT, struct review_page, text),
    FIELD(TEXT, struct review_page, state),
    FIELD_HIDDEN(TEXT, struct review_page, state_words),
    FIELD(TEXT, struct review_page, basis),
    FIELD(TEXT, struct review_page, asked_by),
    FIELD(TEXT, struct review_page, draft),
    FIELD_HIDDEN(TEXT, struct review_page, back_words),
    FIELD_HIDDEN(TEXT, struct review_page, withdraw_words),
    FIELD_HIDDEN(FLAG, struct review_page, kept),
    FIELD(FLAG, struct review_page, may_make),
    FIELD(FLAG, struct review_page, may_start),
    FIELD(FLAG, struct review_page, may_reply),
    FIELD(FLAG, struct review_page, may_back),
    FIELD(FLAG, struct review_page, may_withdraw),
    FIELD(FLAG, struct review_page, over),
    FIELD(FLAG, struct review_page, stuck),
    FIELD_OF_LIST(struct review_page, replies, REPLY_ROW),
    FIELD_OF_LIST(struct review_page, former, REPLY_ROW),
    FIELD_OF_LIST(struct review_page, verdicts, ledger_choice_fields),
    FIELD_OF_LIST(struct review_page, stages, ledger_choice_fields),
    {0},
};

static const struct ledger_values VERDICTS = {review_verdict_name, review_verdict_words,
                                              .first = REVIEW_AGREED, .end = REVIEW_VERDICTS};

/* The opinions that count, as the steps show them. */
static struct str draft_of(const struct request *rq, const struct ledger_steps *steps)
{
    size_t count = 0;
    size_t most = 0;
    for (size_t i = 0; i < steps->nstages; i++)
        most += steps->stages[i].nsteps;
    struct review_opinion *list = arena_array(rq->arena, most + 1, struct review_opinion);
    for (size_t i = 0; i < steps->nstages; i++)
        for (size_t k = 0; k < steps->stages[i].nsteps; k++) {
            const struct ledger_step_row *row = &steps->stages[i].steps[k];
            enum step_state state = step_state_named(row->state);
            if (state != STEP_DROPPED)
                list[count++] = (struct review_opinion){
                    row->whose, state,
                    row->ended ? calendar_day_of(row->ended) - (state == STEP_SILENT) : 0,
                    row->words};
        }
    return review_draft(rq->arena, list, count, rq->lang);
}

/* Stages that were asked, from where they can be asked again; the one that holds up the rest is proposed. */
static void fill_stages(const struct request *rq, struct review_page *page)
{
    const struct ledger_steps *steps = &page->steps;
    page->stages = arena_array(rq->arena, steps->nstages + 1, struct ledger_choice);
    for (size_t i = 0; i < steps->nstages; i++) {
        const struct ledger_stage_row *stage = &steps->stages[i];
        bool asked = false;
        for (size_t k = 0; k < stage->nsteps; k++)
            asked = asked || stage->steps[k].opened;
        struct str number = str_format(rq->arena, "%lld", (long long)stage->number);
        if (asked)
            page->stages[page->nstages++] = (struct ledger_choice){
                number, number, stage->number == (steps->sum.stage ? steps->sum.stage : 1)};
    }
}

static enum status fill_replies(struct request *rq, int64_t line, enum review_state state,
                                struct review_page *page, struct error *err)
{
    struct review_reply *list;
    size_t count;
    enum status status = ledger_list_review_replies(rq->arena, rq->store, line, &list, &count, err);
    if (status)
        return status;
    page->replies = arena_array(rq->arena, 1, struct reply_row);
    page->former = arena_array(rq->arena, count + 1, struct reply_row);
    for (size_t i = 0; i < count && !status; i++) {
        struct reply_row row = {
            .verdict = str_of(review_verdict_name(list[i].verdict)),
            .verdict_words = str_of(review_verdict_words(list[i].verdict, rq->lang)),
            .words = list[i].words,
            .replied = list[i].replied_ms,
        };
        status = ledger_member_name(rq, list[i].replied_by, &row.by, err);
        if (i == 0 && state == REVIEW_REPLIED)
            page->replies[page->nreplies++] = row;
        else
            page->former[page->nformer++] = row;
    }
    return status;
}

/* --- the permit ----------------------------------------------------------------------------------- */

/* None, those of the project that are not granted and not struck, and a new one. */
static enum status list_permits(struct request *rq, int64_t project, const struct permit *tied,
                                struct permit_part *part, struct error *err)
{
    struct account_entry *list;
    size_t count;
    enum status status = ledger_list_entries(rq->arena, rq->store, project, &list, &count, err);
    if (status)
        return status;
    part->choices = arena_array(rq->arena, count + 2, struct ledger_choice);
    part->choices[part->nchoices++] =
        (struct ledger_choice){STR(""), request_words(rq, "none", "不关联"), !tied->project};
    for (size_t i = 0; i < count; i++) {
        bool chosen = tied->project && list[i].id == tied->entry.id;
        bool open = list[i].state != ENTRY_HELD && !list[i].struck_ms;
        if (list[i].kind == ENTRY_PERMIT && (chosen || open))
            part->choices[part->nchoices++] =
                (struct ledger_choice){list[i].key, list[i].name, chosen};
    }
    part->choices[part->nchoices++] = (struct ledger_choice){
        STR(PERMIT_NEW),
        request_words(rq, "a new one, named as this matter", "新增手续，名称同本事项"), false};
    return STATUS_OK;
}

static void tell_permit(struct request *rq, const struct permit *permit, const struct line *project,
                        struct permit_part *part)
{
    const struct account_entry *entry = &permit->entry;
    *part = (struct permit_part){
        .tied = true,
        .entry = entry->key,
        .name = entry->name,
        .state = str_of(entry_state_name(entry->state)),
        .state_words = str_of(entry_state_words(entry->kind, entry->state, rq->lang)),
        .path = ledger_path(rq, project->key, "/account#permit"),
        .grant_path = ledger_path(rq, project->key, "/account/state"),
        .today = ledger_day(rq, calendar_day_of(rq->now_ms)),
        .struck = entry->struck_ms,
    };
}

static enum status fill_permit(struct request *rq, const struct line *line,
                               const struct review *review, struct review_page *page,
                               struct error *err)
{
    struct permit permit;
    struct line project = {0};
    struct ledger_person person = ledger_viewer(rq);
    unsigned is = 0;
    struct permit_part *part = &page->permit;
    enum status status = ledger_find_permit(rq->arena, rq->store, line->id, &permit, err);
    int64_t about = permit.project ? permit.project : line->parent;
    if (!status && about)
        status = ledger_find_line_by_id(rq->arena, rq->store, about, &project, err);
    if (status || project.kind != LEDGER_PROJECT || !about)
        return status;
    if (permit.project)
        tell_permit(rq, &permit, &project, part);
    status = ledger_stand_to(rq->store, &person, about, &is, err);
    bool may = !status && ledger_may(is, LEDGER_CHANGE);
    part->may_tie = may && line->parent == about && review->state != REVIEW_WITHDRAWN;
    part->may_grant = may && part->tied && !part->struck && permit.entry.state != ENTRY_HELD &&
                      page->nreplies &&
                      review_verdict_named(page->replies[0].verdict) == REVIEW_CONDITIONS;
    return status || !part->may_tie ? status : list_permits(rq, about, &permit, part, err);
}

/* --- what may be done ----------------------------------------------------------------------------- */

static bool allows(const struct review_page *page, enum review_state state, enum review_act act)
{
    return page->head.may_change && review_rules[act].from >> state & 1U;
}

/* What was typed into a form of this page that is refused stands in it again. */
static void keep_typed(const struct request *rq, struct review_page *page)
{
    struct str words = request_input(rq, "words");
    switch (rq->post && !rq->params[1].len ? review_act_named(request_input(rq, "act"))
                                           : REVIEW_ACTS) {
    case REVIEW_ACT_REPLY:
        page->draft = words;
        ledger_choose(page->verdicts, page->nverdicts, request_input(rq, "verdict"));
        break;
    case REVIEW_ACT_BACK:
        page->back_words = words;
        break;
    case REVIEW_ACT_WITHDRAW:
        page->withdraw_words = words;
        break;
    default:
        break;
    }
}

static enum status fill_review(struct request *rq, const struct ledger_sight *sight,
                               struct review_page *page, struct error *err)
{
    struct review review;
    enum status status = ledger_load_review(rq->arena, rq->store, sight->line.id, &review, err);
    if (!status)
        status = ledger_fill_steps(rq, sight, &page->steps, err);
    if (!status)
        status = ledger_member_name(rq, review.asked_by, &page->asked_by, err);
    if (!status)
        status = fill_replies(rq, sight->line.id, review.state, page, err);
    const struct step_sum *sum = &page->steps.sum;
    page->kept = review.state != REVIEW_NONE;
    page->steps.may_add =
        page->steps.may_add && (review.state == REVIEW_DRAFT || review.state == REVIEW_RUNNING);
    page->text = sight->line.text;
    page->basis = review.basis;
    page->state = str_of(review_state_name(review.state));
    page->state_words = str_of(review_state_words(review.state, rq->lang));
    page->over = review.state == REVIEW_RUNNING && sum->over;
    page->stuck = page->over && sum->stuck;
    if (page->over)
        page->state_words = request_words(rq, "to be replied to", "待回复");
    page->may_make = allows(page, review.state, REVIEW_ACT_MAKE) &&
                     sight->line.kind == LEDGER_REVIEW && sight->line.state != LINE_CLOSED &&
                     sight->line.state != LINE_DONE;
    page->may_start = allows(page, review.state, REVIEW_ACT_START) && sum->all;
    page->may_reply = allows(page, review.state, REVIEW_ACT_REPLY) && sum->over;
    page->may_withdraw = allows(page, review.state, REVIEW_ACT_WITHDRAW);
    if (status)
        return status;
    if (page->kept)
        status = fill_permit(rq, &sight->line, &review, page, err);
    fill_stages(rq, page);
    page->may_back = allows(page, review.state, REVIEW_ACT_BACK) && page->nstages;
    ledger_fill_values(rq, &VERDICTS, str_of(review_verdict_name(review_verdict_of(sum))),
                       &page->verdicts, &page->nverdicts);
    if (page->may_reply)
        page->draft = draft_of(rq, &page->steps);
    keep_typed(rq, page);
    return status;
}

enum status ledger_show_review(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct review_page page = {0};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/review", &page.head, err);
    if (!status)
        status = fill_review(rq, &sight, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-review", sight.line.title, REVIEW_PAGE, &page);
}

const struct route route_ledger_review = {
    .method = "GET",
    .path = "/ledger/lines/{line}/review",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A joint review: whom it went to, how far each one is, and the reply.",
    .zh = "联审事项：送审单位、各方进展与统一回复。",
    .output = REVIEW_PAGE,
    .page = "ledger-review",
    .run = ledger_show_review,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct reviewing {
    int64_t line, now_ms;
    struct review_deed deed;
};

static enum status review_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct reviewing *r = context;
    const struct workdays *calendar;
    const struct ledger_deed deed = {.now_ms = r->now_ms};
    enum status status = ledger_notices_calendar(scratch, store, &calendar, err);
    if (!status && r->deed.act == REVIEW_ACT_MAKE)
        return ledger_take_up_review(scratch, store, r->line, r->deed.actor, &deed, err);
    if (!status)
        status = ledger_act_on_review(scratch, store, calendar, r->line, &r->deed, &deed, err);
    return status || r->deed.act != REVIEW_ACT_REPLY ? status
                                                     : step_tell_reply(store, r->line, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct reviewing r = {.now_ms = rq->now_ms,
                          .deed = {.act = review_act_named(request_input(rq, "act")),
                                   .actor = rq->viewer.member,
                                   .words = request_input(rq, "words"),
                                   .verdict = review_verdict_named(request_input(rq, "verdict")),
                                   .stage = request_number(rq, "stage")}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (!status && r.deed.act == REVIEW_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    if (!status)
        status = ledger_refuse_marks(rq, r.deed.words, err);
    r.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, r.line, LEDGER_CHANGE, review_step, &r, err);
    return status ? status : ledger_answer_recorded(rq, "/review");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = REVIEW_REPLY_MAX,
     .en = "Words",
     .zh = "说明"},
    {.name = "verdict", .kind = INPUT_TEXT, .most = 20, .en = "Verdict", .zh = "回复结论"},
    {.name = "stage",
     .kind = INPUT_NUMBER,
     .least = 1,
     .most = STEP_STAGE_MAX,
     .en = "Stage",
     .zh = "阶段"},
    {0},
};
const struct route route_ledger_review_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/review",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Act on a joint review: take a line up as one, send it to the units, reply, ask a stage again, withdraw.",
    .zh = "办理联审：将条目作为联审事项准备、送审、统一回复、退回重审、撤回。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = ledger_show_review,
};

/* --- tying a permit ------------------------------------------------------------------------------- */

struct tying {
    int64_t line, actor;
    struct str entry;
    struct ledger_deed deed;
};

static enum status tie_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct tying *t = context;
    return ledger_tie_permit(scratch, store, t->line, t->entry, t->actor, &t->deed, err);
}

static enum status tie(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    struct tying t = {
        sight.line.id, rq->viewer.member, request_input(rq, "permit"), {.now_ms = rq->now_ms}};
    if (!status)
        status = ledger_write(rq, t.line, LEDGER_CHANGE, tie_step, &t, err);
    return status ? status : ledger_answer_recorded(rq, "/review");
}

static const struct input TIE_INPUTS[] = {
    {.name = "permit", .kind = INPUT_TEXT, .most = 40, .en = "Permit", .zh = "手续"},
    {0},
};
const struct route route_ledger_review_permit = {
    .method = "POST",
    .path = "/ledger/lines/{line}/review/permit",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Say which permit in the account of its project the reply to a joint review decides about.",
    .zh = "设定联审回复所对应的项目手续。",
    .inputs = TIE_INPUTS,
    .run = tie,
    .again = ledger_show_review,
};
