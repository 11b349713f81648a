/* Publishing a draft: how it is to be offered, then a last page that says in words what will happen, and
 * one button. What is published is what that page showed, or nothing. */
#include "base/unicode.h"
#include "server/internal.h"

#include <inttypes.h>
#include <string.h>

#include "library/ask.h"
#include "server/offer_form.h"

#define CHANGES_MAX  100U
#define REQUESTS_MAX 200

/* --- the form -------------------------------------------------------------------------------------- */

struct publish_page {
    struct str key, title, when, earliest;
    int64_t due;
    struct offer_form offer;
    struct writing_choice *levels, *coalitions, *requests;
    size_t nlevels, ncoalitions, nrequests;
    bool silent, as_is, later, next_edition, any_request;
};
static const struct field PUBLISH_PAGE[] = {
    FIELD(TEXT, struct publish_page, key),
    FIELD(TEXT, struct publish_page, title),
    FIELD(TEXT, struct publish_page, when),
    FIELD(TIME, struct publish_page, due),
    FIELD_OF_PART(struct publish_page, offer, OFFER_FORM),
    FIELD_OF_LIST(struct publish_page, levels, WRITING_CHOICE),
    FIELD_OF_LIST(struct publish_page, coalitions, WRITING_CHOICE),
    FIELD_OF_LIST(struct publish_page, requests, WRITING_CHOICE),
    FIELD_HIDDEN(FLAG, struct publish_page, any_request),
    FIELD(FLAG, struct publish_page, silent),
    FIELD(FLAG, struct publish_page, as_is),
    FIELD(FLAG, struct publish_page, later),
    FIELD(FLAG, struct publish_page, next_edition),
    FIELD_HIDDEN(TEXT, struct publish_page, earliest),
    {0},
};

static struct offer_terms offer_terms_of(const struct draft_terms *t)
{
    return (struct offer_terms){t->offer, t->groups, t->ngroups, t->notice};
}

static void offer_levels(struct request *rq, const struct draft_terms *terms,
                         struct publish_page *page)
{
    page->levels = arena_array(rq->arena, PAPER_FULL + 1, struct writing_choice);
    for (int i = PAPER_DISCREET; i <= PAPER_FULL; i++)
        page->levels[page->nlevels++] = (struct writing_choice){
            str_of(paper_level_name((enum paper_level)i)), writing_level(rq, (enum paper_level)i),
            terms->level == (enum paper_level)i};
}

static void offer_coalitions(struct request *rq, const struct draft_terms *terms,
                             struct publish_page *page)
{
    page->coalitions = arena_array(rq->arena, MARK_COLLUDERS_MAX + 1, struct writing_choice);
    page->coalitions[page->ncoalitions++] = (struct writing_choice){
        STR("0"), request_words(rq, "as many as its length allows", "按文稿长度选定"),
        terms->colluders == 0};
    for (unsigned c = MARK_COLLUDERS_MIN; c <= MARK_COLLUDERS_MAX; c++) {
        struct str number = str_format(rq->arena, "%u", c);
        page->coalitions[page->ncoalitions++] =
            (struct writing_choice){number, number, terms->colluders == c};
    }
}

/* Requests that wait for a paper, those with most votes first. */
static enum status offer_requests(struct request *rq, const struct draft_terms *terms,
                                  struct publish_page *page, struct error *err)
{
    struct ask *asks;
    size_t count;
    enum status status = library_list_asks(rq->arena, rq->store, rq->viewer.member, NULL,
                                           rq->now_ms, 0, REQUESTS_MAX, &asks, &count, err);
    if (status)
        return status;
    page->requests = arena_array(rq->arena, count + 1, struct writing_choice);
    page->any_request = count > 0;
    for (size_t i = 0; i < count; i++)
        page->requests[page->nrequests++] = (struct writing_choice){
            asks[i].key, asks[i].title, str_equal(asks[i].key, terms->request)};
    return STATUS_OK;
}

static enum status fill_terms(struct request *rq, const struct draft *draft,
                              const struct draft_terms *t, struct publish_page *page,
                              struct error *err)
{
    struct offer_terms offer = offer_terms_of(t);
    *page = (struct publish_page){
        .key = draft->key,
        .title = draft->title,
        .when = offer_moment_value(rq->arena, t->due_ms),
        .earliest = offer_moment_value(rq->arena, rq->now_ms),
        .due = draft->due_ms,
        .silent = t->silent,
        .as_is = t->as_is,
        .later = t->due_ms != 0,
        .next_edition = draft->paper != 0,
    };
    offer_levels(rq, t, page);
    offer_coalitions(rq, t, page);
    enum status status = offer_requests(rq, t, page, err);
    if (!status)
        status = offer_form_fill(rq, &offer, &page->offer, err);
    page->offer.for_groups &= page->offer.any_group; /* nobody can choose among none */
    return status;
}

static enum status show_terms(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_terms terms;
    struct publish_page page;
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    library_read_terms(rq->arena, draft.terms, &terms);
    status = fill_terms(rq, &draft, &terms, &page, err);
    return status ? status : answer_page(rq, "publish", "Publish", "发布", PUBLISH_PAGE, &page);
}

const struct route route_draft_terms = {
    .method = "GET",
    .path = "/write/{draft}/publish",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "How a draft is to be offered.",
    .zh = "草稿的发布方式。",
    .output = PUBLISH_PAGE,
    .page = "publish",
    .run = show_terms,
};

/* --- the form sent ----------------------------------------------------------------------------------- */

static const struct input TERMS_INPUTS[] = {
    OFFER_INPUTS,
    {.name = "level", .kind = INPUT_TEXT, .most = 10, .en = "Marking level", .zh = "标记级别"},
    {.name = "colluders",
     .kind = INPUT_NUMBER,
     .most = MARK_COLLUDERS_MAX,
     .en = "Members who may combine copies",
     .zh = "合谋人数"},
    {.name = "request", .kind = INPUT_TEXT, .most = 40, .en = "Request", .zh = "需求"},
    {.name = "silent", .kind = INPUT_FLAG, .en = "Silent", .zh = "不通知"},
    {.name = "as_is", .kind = INPUT_FLAG, .en = "As it is", .zh = "按原文"},
    {.name = "later", .kind = INPUT_FLAG, .en = "Later", .zh = "定时"},
    {.name = "due", .kind = INPUT_MOMENT, .en = "Time of publication", .zh = "发布时间"},
    {0},
};

/* What the form says, whether it may be so or not. */
static enum status take_terms(struct request *rq, const struct draft *draft,
                              struct draft_terms *terms, struct error *err)
{
    library_read_terms(rq->arena, draft->terms, terms);
    (void)paper_level_parse(request_input(rq, "level"), &terms->level);
    terms->silent = request_number(rq, "silent") != 0;
    terms->request = request_input(rq, "request");
    terms->as_is = request_number(rq, "as_is") != 0;
    terms->due_ms = request_number(rq, "later") ? request_number(rq, "due") : 0;
    if (draft->paper)
        return STATUS_OK;
    struct offer_terms offer = offer_terms_of(terms);
    enum status status = offer_form_take(rq, &offer, err);
    terms->offer = offer.offer;
    terms->groups = offer.groups;
    terms->ngroups = offer.ngroups;
    terms->notice = offer.notice;
    terms->colluders = (unsigned)request_number(rq, "colluders");
    return status;
}

static enum status check_terms(struct request *rq, const struct draft *draft,
                               const struct draft_terms *t, struct error *err)
{
    struct offer_terms offer = offer_terms_of(t);
    if (request_number(rq, "later") && t->due_ms <= rq->now_ms)
        return request_blame(rq, "due",
                             error_set(err, STATUS_INPUT,
                                       "Give a time of publication that is still to come.",
                                       "请给出一个未到的发布时间。"));
    if (draft->paper)
        return STATUS_OK;
    if (t->colluders == 1)
        return request_blame(rq, "colluders",
                             error_set(err, STATUS_INPUT, "Plan for %u colluders or more.",
                                       "合谋人数至少按 %u 人设计。", MARK_COLLUDERS_MIN));
    return offer_form_check(&offer, t->due_ms ? t->due_ms : rq->now_ms, err);
}

struct change {
    struct request *rq;
    struct draft draft;
    int64_t due_ms;
};

static enum status terms_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct change *c = context;
    (void)scratch;
    return library_save_draft_terms(store, &c->draft, err);
}

static enum status save_terms(struct request *rq, struct error *err)
{
    struct change c = {.rq = rq};
    struct draft_terms terms;
    enum status status = writing_find_draft(rq, &c.draft, err);
    if (!status)
        status = take_terms(rq, &c.draft, &terms, err);
    if (!status)
        status = check_terms(rq, &c.draft, &terms, err);
    if (status)
        return status;
    c.draft.terms = library_write_terms(rq->arena, &terms);
    status = server_write(rq->server, request_actor(rq), terms_step, &c, err);
    return status ? status
                  : answer_redirect(rq, writing_path(rq, c.draft.key, "/confirm"), NULL, NULL);
}

static enum status show_terms_again(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_terms terms;
    struct publish_page page;
    enum status status = writing_find_draft(rq, &draft, err);
    if (!status)
        status = take_terms(rq, &draft, &terms, err);
    if (!status)
        status = fill_terms(rq, &draft, &terms, &page, err);
    if (status)
        return status;
    page.later = request_number(rq, "later") != 0;
    return answer_page(rq, "publish", "Publish", "发布", PUBLISH_PAGE, &page);
}

const struct route route_draft_terms_save = {
    .method = "POST",
    .path = "/write/{draft}/publish",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Say how a draft is to be offered; nothing is published yet.",
    .zh = "设定草稿的发布方式；此时尚不发布。",
    .inputs = TERMS_INPUTS,
    .run = save_terms,
    .again = show_terms_again,
};

/* --- the last page ------------------------------------------------------------------------------------ */

struct correction {
    struct str found, intended;
    int64_t line, column;
    bool removal;
};
struct confirm_page {
    struct str key, title, why, stamp, groups, formats, format_words, mark, mark_words, kind,
        author, summary, notice;
    struct strength_part strength;
    struct correction *put_right;
    size_t nput_right;
    int64_t blanks; /* of a template */
    int64_t readers, corrected, left, unfit, edition, expires, copy_days, delete_days, due,
        characters;
    bool shown, ready, for_groups, free, silent, as_is, next_edition, waits, more;
    bool from_word,
        likeness; /* the text was taken from a Word document; Word copies will look like it */
};
static const struct field CORRECTION[] = {
    FIELD(TEXT, struct correction, found),   FIELD(TEXT, struct correction, intended),
    FIELD(NUMBER, struct correction, line),  FIELD(NUMBER, struct correction, column),
    FIELD(FLAG, struct correction, removal), {0},
};
static const struct field CONFIRM_PAGE[] = {
    FIELD(TEXT, struct confirm_page, key),
    FIELD(TEXT, struct confirm_page, title),
    FIELD(TEXT, struct confirm_page, why),
    FIELD(TEXT, struct confirm_page, stamp),
    FIELD(TEXT, struct confirm_page, groups),
    FIELD(TEXT, struct confirm_page, formats),
    FIELD_HIDDEN(TEXT, struct confirm_page, format_words),
    FIELD(TEXT, struct confirm_page, mark),
    FIELD_HIDDEN(TEXT, struct confirm_page, mark_words),
    FIELD(TEXT, struct confirm_page, kind),
    FIELD(TEXT, struct confirm_page, author),
    FIELD(TEXT, struct confirm_page, summary),
    FIELD(TEXT, struct confirm_page, notice),
    FIELD_OF_PART(struct confirm_page, strength, STRENGTH_PART),
    FIELD_OF_LIST(struct confirm_page, put_right, CORRECTION),
    FIELD(NUMBER, struct confirm_page, readers),
    FIELD(NUMBER, struct confirm_page, corrected),
    FIELD(NUMBER, struct confirm_page, left),
    FIELD(NUMBER, struct confirm_page, unfit),
    FIELD(NUMBER, struct confirm_page, edition),
    FIELD(NUMBER, struct confirm_page, characters),
    FIELD(NUMBER, struct confirm_page, blanks),
    FIELD(DAY, struct confirm_page, expires),
    FIELD(NUMBER, struct confirm_page, copy_days),
    FIELD(NUMBER, struct confirm_page, delete_days),
    FIELD(TIME, struct confirm_page, due),
    FIELD(FLAG, struct confirm_page, ready),
    FIELD(FLAG, struct confirm_page, for_groups),
    FIELD(FLAG, struct confirm_page, free),
    FIELD(FLAG, struct confirm_page, silent),
    FIELD(FLAG, struct confirm_page, as_is),
    FIELD(FLAG, struct confirm_page, next_edition),
    FIELD(FLAG, struct confirm_page, waits),
    FIELD(FLAG, struct confirm_page, from_word),
    FIELD(FLAG, struct confirm_page, likeness),
    FIELD_HIDDEN(FLAG, struct confirm_page, shown),
    FIELD_HIDDEN(FLAG, struct confirm_page, more),
    {0},
};

/* All that the last page shows of a draft: the button publishes this and nothing else. */
static struct str stamp_of(struct request *rq, const struct draft *draft)
{
    struct digest digest = digest_of(str_format(rq->arena, "%" PRId64 "\n%.*s\n%.*s\n%.*s",
                                                draft->version, STR_ARG(draft->terms),
                                                STR_ARG(draft->decisions), STR_ARG(draft->blanks)));
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&digest, hex);
    return str_copy(rq->arena, (struct str){hex, DIGEST_HEX});
}

/* A next edition goes to whom the paper is offered to already. */
static enum status load_offer(struct request *rq, struct draft_edition *edition, struct error *err)
{
    struct offer found;
    struct offer_terms terms;
    struct draft_terms *t = &edition->terms;
    enum status status = library_offer_of(rq->arena, rq->store, edition->draft.paper, &found, err);
    if (!status)
        status = offer_find_terms(rq, found.key, &terms, err);
    if (status)
        return status;
    t->offer = terms.offer;
    t->groups = terms.groups;
    t->ngroups = terms.ngroups;
    t->notice = terms.notice;
    return STATUS_OK;
}

static enum status count_readers(struct request *rq, const struct draft_terms *t,
                                 struct confirm_page *page, struct error *err)
{
    struct offer_terms terms = offer_terms_of(t);
    return offer_count_readers(rq, &terms, &page->readers, &page->groups, err);
}

static void fill_corrections(struct request *rq, const struct draft_edition *edition,
                             struct confirm_page *page)
{
    const struct concerns *all = &edition->concerns;
    page->corrected = (int64_t)edition->nput_right;
    page->left = (int64_t)(all->count - edition->nput_right);
    page->more = edition->nput_right > CHANGES_MAX;
    page->put_right = arena_array(rq->arena, CHANGES_MAX, struct correction);
    for (size_t i = 0; i < all->count && page->nput_right < CHANGES_MAX; i++) {
        const struct concern *c = &all->list[i];
        if (edition->apply[i])
            page->put_right[page->nput_right++] = (struct correction){
                unicode_shown(rq->arena, c->found), unicode_shown(rq->arena, c->intended), c->line,
                c->column, c->intended.len == 0};
    }
}

static void fill_confirm(struct request *rq, const struct draft_edition *edition,
                         struct confirm_page *page)
{
    const struct draft_terms *t = &edition->terms;
    const struct offer *o = &t->offer;
    page->shown = true;
    page->title = edition->doc.title;
    page->edition = edition->laid.edition.number;
    page->formats = o->formats;
    page->format_words = offer_format_words(rq, o->formats);
    page->mark = str_of(format_mark_name(o->mark));
    page->mark_words = offer_mark_words(rq, o->mark);
    page->kind = o->kind;
    page->author = o->author;
    page->summary = o->summary;
    page->notice = t->notice;
    page->expires = o->expires_ms;
    page->copy_days = o->copy_days;
    page->delete_days = o->delete_days;
    page->for_groups = o->for_groups;
    page->free = o->free;
    page->silent = t->silent;
    page->as_is = t->as_is;
    page->due = t->due_ms > rq->now_ms ? t->due_ms : 0;
    page->unfit = (int64_t)edition->nunfit;
    page->blanks = (int64_t)edition->blanks.count;
    page->from_word =
        edition->draft.has_original && library_offers_format(o, str_of(format_name(FORMAT_DOCX)));
    fill_corrections(rq, edition, page);
    page->ready = edition->draft.paper || !o->for_groups || t->ngroups > 0;
}

static enum status show_confirm(struct request *rq, struct error *err)
{
    struct draft draft;
    struct draft_edition edition;
    struct error why = {0};
    enum status status = writing_find_draft(rq, &draft, err);
    if (status)
        return status;
    struct confirm_page page = {.key = draft.key,
                                .title = draft.title,
                                .stamp = stamp_of(rq, &draft),
                                .waits = draft.due_ms != 0,
                                .next_edition = draft.paper != 0};
    if (library_lay_out_draft(rq->arena, rq->store, &draft, &edition, &why)) {
        page.why = request_words(rq, why.en, why.zh);
        return answer_page(rq, "confirm", "Publish", "发布", CONFIRM_PAGE, &page);
    }
    if (draft.paper)
        status = load_offer(rq, &edition, err);
    if (!status)
        status = count_readers(rq, &edition.terms, &page, err);
    if (!status)
        status = writing_measure(rq, &edition.laid, &page.strength, err);
    if (status)
        return status;
    fill_confirm(rq, &edition, &page);
    if (page.from_word)
        status = library_find_likeness(rq->arena, rq->store, &edition, &page.likeness, err);
    return status ? status : answer_page(rq, "confirm", "Publish", "发布", CONFIRM_PAGE, &page);
}

const struct route route_draft_confirm = {
    .method = "GET",
    .path = "/write/{draft}/confirm",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en =
        "What publishing a draft will do: who gets it, how strong its marks are, what is put right.",
    .zh = "发布前的说明：谁能读到、标记强度如何、订正了什么。",
    .output = CONFIRM_PAGE,
    .page = "confirm",
    .run = show_confirm,
};

/* --- publishing --------------------------------------------------------------------------------------- */

static const struct input CONFIRM_INPUTS[] = {
    {.name = "stamp",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = DIGEST_HEX,
     .en = "What was shown",
     .zh = "所示内容"},
    {0},
};

struct recording {
    struct request *rq;
    struct draft_edition edition;
};

static enum status record_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct recording *r = context;
    (void)scratch;
    return library_record_draft(r->rq->arena, store, &r->edition, err);
}

static enum status publish_now(struct request *rq, const struct draft *draft, struct error *err)
{
    struct recording r = {.rq = rq};
    struct offer offer;
    enum status status = library_lay_out_draft(rq->arena, rq->store, draft, &r.edition, err);
    if (!status)
        status = library_keep_draft(rq->arena, rq->store, &r.edition, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), record_step, &r, err);
    if (!status)
        status = library_offer_of(rq->arena, rq->store, r.edition.laid.edition.paper, &offer, err);
    if (status)
        return status;
    return answer_redirect(rq, str_format(rq->arena, "/papers/%.*s/manage", STR_ARG(offer.key)),
                           r.edition.terms.silent ? "Published; nobody was told."
                                                  : "Published. Its readers are being told.",
                           r.edition.terms.silent ? "已发布，未发通知。"
                                                  : "已发布，正在通知读者。");
}

static enum status schedule_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct change *c = context;
    return library_schedule_draft(scratch, store, &c->draft, c->due_ms, err);
}

static enum status publish(struct request *rq, struct error *err)
{
    struct change c = {.rq = rq};
    struct draft_terms terms;
    enum status status = writing_find_draft(rq, &c.draft, err);
    if (status)
        return status;
    if (!str_equal(request_input(rq, "stamp"), stamp_of(rq, &c.draft)))
        return error_set(err, STATUS_CONFLICT,
                         "The draft was changed since this page was made. It stands here as it is "
                         "now; please read it again.",
                         "此页生成后草稿已有改动。现已按最新内容列出，请重新核对。");
    library_read_terms(rq->arena, c.draft.terms, &terms);
    if (!c.draft.paper && terms.offer.for_groups && terms.ngroups == 0)
        return error_set(err, STATUS_CONFLICT, "Say first who may read it.", "请先设定阅读范围。");
    if (terms.due_ms <= rq->now_ms)
        return publish_now(rq, &c.draft, err);
    c.due_ms = terms.due_ms;
    status = server_write(rq->server, request_actor(rq), schedule_step, &c, err);
    return status ? status
                  : answer_redirect(rq, STR("/write"), "It will be published at its time.",
                                    "将按时发布。");
}

const struct route route_draft_publish = {
    .method = "POST",
    .path = "/write/{draft}/confirm",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Publish a draft as its last page showed it, now or at its time.",
    .zh = "按所示内容发布草稿，立即或定时。",
    .inputs = CONFIRM_INPUTS,
    .run = publish,
    .again = show_confirm,
};

static enum status unschedule(struct request *rq, struct error *err)
{
    struct change c = {.rq = rq};
    enum status status = writing_find_draft(rq, &c.draft, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), schedule_step, &c, err);
    return status ? status
                  : answer_redirect(rq, writing_path(rq, c.draft.key, ""),
                                    "It is not published by itself any more.", "已取消定时发布。");
}

const struct route route_draft_unschedule = {
    .method = "POST",
    .path = "/write/{draft}/unschedule",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Stop a publication that was set for later.",
    .zh = "取消定时发布。",
    .run = unschedule,
};
