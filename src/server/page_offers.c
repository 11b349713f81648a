/* A published paper as those who look after it see it: its editions, how it is offered, copies given, who
 * accepted its notice, what is to be deleted; and what they can do: the next edition, a changed offer,
 * withdrawal, revocation. */
#include "server/internal.h"

#include <inttypes.h>
#include <string.h>

#include "library/member.h"
#include "library/notice.h"
#include "library/revocation.h"
#include "server/chart.h"
#include "server/offer_form.h"

#define DAYS_SHOWN    60U
#define PEOPLE_SHOWN  100U
#define REVOKED_SHOWN 100U
#define DAY_BYTES     10U /* 2026-11-24 */

/* --- the page ------------------------------------------------------------------------------------- */

struct edition_line {
    int64_t number, published, sites, copies;
    struct str title, level;
};
struct day_line {
    struct str day;
    int64_t copies;
};
struct person_line {
    struct str name, email;
    int64_t when;
    bool attested;
};
struct revocation_line {
    struct str id, name, reason;
    int64_t created, lifted;
    bool member, group, everybody, all_papers, stands;
};
struct manage_blank {
    struct str name, kind, kind_words, choices;
    bool required;
};
struct manage_page {
    struct str key, id, title, kind, author, summary, groups, formats, format_words, mark,
        mark_words, notice, withdrawn_why, chart;
    int64_t published, withdrawn, expires, copy_days, delete_days, readers, copies, accepted,
        to_delete, attested, colluders;
    struct edition_line *editions;
    struct day_line *days;
    struct person_line *acknowledgements, *deletions;
    struct revocation_line *revocations;
    struct offer_group *choices;
    struct manage_blank *blanks;
    size_t nblanks, neditions, ndays, nacknowledgements, ndeletions, nrevocations, nchoices;
    struct strength_part strength;
    bool for_groups, free, may_write, may_revoke_all, any_choice, any_revocation, any_deletion,
        is_template;
    struct str member, reason; /* of a refused form */
};

static const struct field EDITION_LINE[] = {
    FIELD(NUMBER, struct edition_line, number),
    FIELD(TEXT, struct edition_line, title),
    FIELD(TIME, struct edition_line, published),
    FIELD(TEXT, struct edition_line, level),
    FIELD(NUMBER, struct edition_line, sites),
    FIELD(NUMBER, struct edition_line, copies),
    {0},
};
static const struct field DAY_LINE[] = {
    FIELD(TEXT, struct day_line, day),
    FIELD(NUMBER, struct day_line, copies),
    {0},
};
static const struct field PERSON_LINE[] = {
    FIELD(TEXT, struct person_line, name),
    FIELD(TEXT, struct person_line, email),
    FIELD(TIME, struct person_line, when),
    FIELD(FLAG, struct person_line, attested),
    {0},
};
static const struct field REVOCATION_LINE[] = {
    FIELD(TEXT, struct revocation_line, id),
    FIELD(TEXT, struct revocation_line, name),
    FIELD(TEXT, struct revocation_line, reason),
    FIELD(TIME, struct revocation_line, created),
    FIELD(TIME, struct revocation_line, lifted),
    FIELD(FLAG, struct revocation_line, member),
    FIELD(FLAG, struct revocation_line, group),
    FIELD(FLAG, struct revocation_line, everybody),
    FIELD(FLAG, struct revocation_line, all_papers),
    FIELD_HIDDEN(FLAG, struct revocation_line, stands),
    {0},
};
static const struct field CHOICE_LINE[] = {
    FIELD(TEXT, struct offer_group, key),
    FIELD(TEXT, struct offer_group, name),
    {0},
};
static const struct field MANAGE_BLANK[] = {
    FIELD(TEXT, struct manage_blank, name),
    FIELD(TEXT, struct manage_blank, kind),
    FIELD_HIDDEN(TEXT, struct manage_blank, kind_words),
    FIELD(TEXT, struct manage_blank, choices),
    FIELD(FLAG, struct manage_blank, required),
    {0},
};
static const struct field MANAGE_PAGE[] = {
    FIELD(TEXT, struct manage_page, key),
    FIELD(TEXT, struct manage_page, id),
    FIELD(TEXT, struct manage_page, title),
    FIELD(TEXT, struct manage_page, kind),
    FIELD(TEXT, struct manage_page, author),
    FIELD(TEXT, struct manage_page, summary),
    FIELD(FLAG, struct manage_page, for_groups),
    FIELD(TEXT, struct manage_page, groups),
    FIELD(FLAG, struct manage_page, free),
    FIELD(TEXT, struct manage_page, formats),
    FIELD_HIDDEN(TEXT, struct manage_page, format_words),
    FIELD(TEXT, struct manage_page, mark),
    FIELD_HIDDEN(TEXT, struct manage_page, mark_words),
    FIELD(TEXT, struct manage_page, notice),
    FIELD(TIME, struct manage_page, published),
    FIELD(TIME, struct manage_page, withdrawn),
    FIELD(TEXT, struct manage_page, withdrawn_why),
    FIELD(DAY, struct manage_page, expires),
    FIELD(NUMBER, struct manage_page, copy_days),
    FIELD(NUMBER, struct manage_page, delete_days),
    FIELD(NUMBER, struct manage_page, readers),
    FIELD(NUMBER, struct manage_page, copies),
    FIELD(NUMBER, struct manage_page, accepted),
    FIELD(NUMBER, struct manage_page, to_delete),
    FIELD(NUMBER, struct manage_page, attested),
    FIELD(NUMBER, struct manage_page, colluders),
    FIELD_OF_LIST(struct manage_page, editions, EDITION_LINE),
    FIELD_OF_LIST(struct manage_page, days, DAY_LINE),
    FIELD_OF_LIST(struct manage_page, acknowledgements, PERSON_LINE),
    FIELD_OF_LIST(struct manage_page, deletions, PERSON_LINE),
    FIELD_OF_LIST(struct manage_page, revocations, REVOCATION_LINE),
    FIELD_OF_PART(struct manage_page, strength, STRENGTH_PART),
    FIELD_OF_LIST(struct manage_page, choices, CHOICE_LINE),
    FIELD_OF_LIST(struct manage_page, blanks, MANAGE_BLANK),
    FIELD_HIDDEN(FLAG, struct manage_page, is_template),
    FIELD_HIDDEN(MARKUP, struct manage_page, chart),
    FIELD_HIDDEN(FLAG, struct manage_page, may_write),
    FIELD_HIDDEN(FLAG, struct manage_page, may_revoke_all),
    FIELD_HIDDEN(FLAG, struct manage_page, any_choice),
    FIELD_HIDDEN(FLAG, struct manage_page, any_revocation),
    FIELD_HIDDEN(FLAG, struct manage_page, any_deletion),
    FIELD_HIDDEN(TEXT, struct manage_page, member),
    FIELD_HIDDEN(TEXT, struct manage_page, reason),
    {0},
};

/* --- what stands there ------------------------------------------------------------------------------ */

static enum status fill_editions(struct request *rq, int64_t paper, struct manage_page *page,
                                 struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT e.number, e.title, e.published_ms, e.level, e.nsites,"
        " (SELECT count(*) FROM copy c WHERE c.paper = e.paper AND c.edition = e.number),"
        " count(*) OVER () FROM edition e WHERE e.paper = ?1 ORDER BY e.number DESC");
    query_bind_int(q, 1, paper);
    while (query_row(q)) {
        enum paper_level level = PAPER_DISCREET;
        if (!page->editions)
            page->editions = arena_array(rq->arena, (size_t)query_int(q, 6), struct edition_line);
        (void)paper_level_parse(query_str(q, 3), &level);
        page->editions[page->neditions++] = (struct edition_line){
            .number = query_int(q, 0),
            .title = str_copy(rq->arena, query_str(q, 1)),
            .published = query_int(q, 2),
            .level = writing_level(rq, level),
            .sites = query_int(q, 4),
            .copies = query_int(q, 5),
        };
    }
    return query_end(q, err);
}

/* First copies by day, in the installation's own days: the last DAYS_SHOWN days up to the latest on which
 * there was one, those without any included. */
static enum status fill_days(struct request *rq, int64_t paper, struct manage_page *page,
                             struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "WITH RECURSIVE given(day, copies) AS (SELECT date(first_ms / 1000, 'unixepoch',"
        " 'localtime'), count(*) FROM (SELECT member, min(first_ms) AS first_ms FROM copy"
        " WHERE paper = ?1 GROUP BY member) GROUP BY 1),"
        " span(day, last) AS (SELECT max(min(day), date(max(day), (1 - ?2) || ' days')), max(day)"
        " FROM given UNION ALL SELECT date(day, '+1 day'), last FROM span WHERE day < last)"
        " SELECT day, coalesce(copies, 0) FROM span LEFT JOIN given USING (day)"
        " WHERE day IS NOT NULL ORDER BY day LIMIT ?2");
    page->days = arena_array(rq->arena, DAYS_SHOWN, struct day_line);
    struct chart_bar *bars = arena_array(rq->arena, DAYS_SHOWN, struct chart_bar);
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, DAYS_SHOWN);
    while (query_row(q)) {
        struct day_line day = {str_copy(rq->arena, query_str(q, 0)), query_int(q, 1)};
        bars[page->ndays] = (struct chart_bar){day.day, day.copies};
        page->days[page->ndays++] = day;
    }
    if (page->ndays)
        page->chart = chart_bars(
            rq->arena, bars, page->ndays,
            request_words(rq, "Members given a copy, by day", "各日首次取得副本的成员数"));
    return query_end(q, err);
}

static enum status fill_counts(struct request *rq, int64_t paper, struct manage_page *page,
                               struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT (SELECT count(DISTINCT member) FROM copy WHERE paper = ?1),"
                   " (SELECT count(*) FROM deletion WHERE paper = ?1 AND attested_ms IS NULL),"
                   " (SELECT count(*) FROM deletion WHERE paper = ?1 AND attested_ms IS NOT NULL)");
    query_bind_int(q, 1, paper);
    if (query_row(q)) {
        page->copies = query_int(q, 0);
        page->to_delete = query_int(q, 1);
        page->attested = query_int(q, 2);
    }
    return query_end(q, err);
}

static enum status fill_acknowledgements(struct request *rq, int64_t paper,
                                         struct manage_page *page, struct error *err)
{
    struct notice notice = {0};
    struct acknowledgement *list;
    size_t count;
    enum status status =
        library_notice_in_force(rq->arena, rq->store, NOTICE_PAPER, paper, &notice, err);
    page->notice = notice.text;
    if (status || !notice.id)
        return status;
    page->accepted = notice.accepted;
    status = library_list_acknowledgements(rq->arena, rq->store, notice.id, 0, PEOPLE_SHOWN, &list,
                                           &count, err);
    if (status)
        return status;
    page->acknowledgements = arena_array(rq->arena, count + 1, struct person_line);
    for (size_t i = 0; i < count; i++)
        page->acknowledgements[page->nacknowledgements++] =
            (struct person_line){list[i].name, list[i].email, list[i].time_ms, true};
    return STATUS_OK;
}

/* Who is to delete copies and has not said so, what is due first ahead; then who has. */
static enum status fill_deletions(struct request *rq, int64_t paper, struct manage_page *page,
                                  struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT m.name, m.email, coalesce(d.attested_ms, d.due_ms),"
                   " d.attested_ms IS NOT NULL FROM deletion d JOIN member m ON m.id = d.member"
                   " WHERE d.paper = ?1 ORDER BY 4, 3, m.id LIMIT ?2");
    page->deletions = arena_array(rq->arena, PEOPLE_SHOWN, struct person_line);
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, PEOPLE_SHOWN);
    while (query_row(q))
        page->deletions[page->ndeletions++] = (struct person_line){
            str_copy(rq->arena, query_str(q, 0)), str_copy(rq->arena, query_str(q, 1)),
            query_int(q, 2), query_int(q, 3) != 0};
    page->any_deletion = page->ndeletions > 0;
    return query_end(q, err);
}

static enum status fill_revocations(struct request *rq, int64_t paper, struct manage_page *page,
                                    struct error *err)
{
    struct revocation *list;
    size_t count;
    enum status status =
        library_list_revocations(rq->arena, rq->store, paper, REVOKED_SHOWN, &list, &count, err);
    if (status)
        return status;
    page->revocations = arena_array(rq->arena, count + 1, struct revocation_line);
    page->any_revocation = count > 0;
    for (size_t i = 0; i < count; i++)
        page->revocations[page->nrevocations++] = (struct revocation_line){
            .id = str_format(rq->arena, "%" PRId64, list[i].id),
            .name = list[i].name,
            .reason = list[i].reason,
            .created = list[i].created_ms,
            .lifted = list[i].lifted_ms,
            .member = list[i].member != 0,
            .group = list[i].group != 0,
            .everybody = !list[i].member && !list[i].group,
            .all_papers = !list[i].paper,
            .stands = !list[i].lifted_ms && (list[i].paper || request_may(rq, ROLE_STEWARD)),
        };
    return STATUS_OK;
}

static enum status fill_blanks(struct request *rq, const struct edition *edition,
                               struct manage_page *page, struct error *err)
{
    struct blanks blanks;
    enum status status = library_edition_blanks(rq->arena, rq->store, edition, &blanks, err);
    if (status)
        return status;
    page->is_template = blanks.count > 0;
    page->blanks = arena_array(rq->arena, blanks.count + 1, struct manage_blank);
    for (size_t i = 0; i < blanks.count; i++) {
        const struct blank *b = &blanks.list[i];
        page->blanks[page->nblanks++] = (struct manage_blank){
            .name = b->name,
            .kind = str_of(placeholder_kind_name(b->kind)),
            .kind_words = writing_blank_kind(rq, b->kind),
            .choices = writing_blank_choices(rq->arena, b),
            .required = b->required,
        };
    }
    return STATUS_OK;
}

static enum status fill_strength(struct request *rq, int64_t paper, struct manage_page *page,
                                 struct error *err)
{
    struct edition newest;
    struct edition_text text;
    enum status status = library_find_edition(rq->arena, rq->store, paper, 0, &newest, err);
    if (!status)
        status = library_load_edition(rq->arena, rq->store, &newest, &text, err);
    if (status)
        return status;
    page->title = newest.title;
    page->colluders = newest.colluders;
    status = fill_blanks(rq, &newest, page, err);
    return status ? status : writing_measure(rq, &text, &page->strength, err);
}

static void fill_offer(struct request *rq, const struct offer_terms *t, struct manage_page *page)
{
    const struct offer *o = &t->offer;
    *page = (struct manage_page){
        .key = o->key,
        .id = library_paper_id(rq->arena, o->paper),
        .kind = o->kind,
        .author = o->author,
        .summary = o->summary,
        .for_groups = o->for_groups,
        .free = o->free,
        .formats = o->formats,
        .format_words = offer_format_words(rq, o->formats),
        .mark = str_of(format_mark_name(o->mark)),
        .mark_words = offer_mark_words(rq, o->mark),
        .published = o->published_ms,
        .withdrawn = o->withdrawn_ms,
        .withdrawn_why = o->withdrawn_why,
        .expires = o->expires_ms,
        .copy_days = o->copy_days,
        .delete_days = o->delete_days,
        .may_write = request_may(rq, ROLE_EDITOR),
        .may_revoke_all = request_may(rq, ROLE_STEWARD),
        .member = request_input(rq, "member"),
        .reason = request_input(rq, "reason"),
    };
}

static enum status show_manage(struct request *rq, struct error *err)
{
    struct offer_terms terms;
    struct manage_page page;
    static enum status (*const parts[])(struct request *, int64_t, struct manage_page *,
                                        struct error *) = {
        fill_editions,  fill_days,        fill_counts,  fill_acknowledgements,
        fill_deletions, fill_revocations, fill_strength};
    enum status status = offer_find_terms(rq, rq->params[0], &terms, err);
    if (status)
        return status;
    fill_offer(rq, &terms, &page);
    status = offer_count_readers(rq, &terms, &page.readers, &page.groups, err);
    for (size_t i = 0; !status && i < sizeof parts / sizeof *parts; i++)
        status = parts[i](rq, terms.offer.paper, &page, err);
    if (!status)
        status = offer_list_groups(rq, NULL, 0, &page.choices, &page.nchoices, err);
    page.any_choice = page.nchoices > 0;
    return status ? status : answer_titled_page(rq, "manage", page.title, MANAGE_PAGE, &page);
}

const struct route route_paper_manage = {
    .method = "GET",
    .path = "/papers/{paper}/manage",
    .roles = ROLE_EDITOR | ROLE_STEWARD,
    .scope = "manage",
    .en =
        "A paper for those who look after it: editions, offer, copies, acknowledgements, deletions.",
    .zh = "文稿管理：版本、发布方式、副本、须知确认与删除情况。",
    .output = MANAGE_PAGE,
    .page = "manage",
    .run = show_manage,
};

static struct str manage_path(struct request *rq, struct str key)
{
    return str_format(rq->arena, "/papers/%.*s/manage", STR_ARG(key));
}

/* --- the offer -------------------------------------------------------------------------------------- */

struct offer_page {
    struct str key, title;
    struct offer_form offer;
};
static const struct field OFFER_PAGE[] = {
    FIELD(TEXT, struct offer_page, key),
    FIELD(TEXT, struct offer_page, title),
    FIELD_OF_PART(struct offer_page, offer, OFFER_FORM),
    {0},
};
static const struct input OFFER_CHANGE[] = {OFFER_INPUTS, {0}};

static enum status answer_offer(struct request *rq, const struct offer_terms *terms,
                                struct error *err)
{
    struct edition newest;
    struct offer_page page = {.key = terms->offer.key};
    enum status status =
        library_find_edition(rq->arena, rq->store, terms->offer.paper, 0, &newest, err);
    if (!status)
        status = offer_form_fill(rq, terms, &page.offer, err);
    page.title = status ? STR("") : newest.title;
    return status ? status
                  : answer_page(rq, "offer", "How it is offered", "发布方式", OFFER_PAGE, &page);
}

static enum status show_offer(struct request *rq, struct error *err)
{
    struct offer_terms terms;
    enum status status = offer_find_terms(rq, rq->params[0], &terms, err);
    return status ? status : answer_offer(rq, &terms, err);
}

static enum status show_offer_again(struct request *rq, struct error *err)
{
    struct offer_terms terms;
    enum status status = offer_find_terms(rq, rq->params[0], &terms, err);
    if (!status)
        status = offer_form_take(rq, &terms, err);
    return status ? status : answer_offer(rq, &terms, err);
}

static enum status change_offer_step(struct store *store, struct arena *scratch, void *context,
                                     struct error *err)
{
    const struct offer_terms *t = context;
    enum status status = library_change_offer(scratch, store, &t->offer, err);
    if (!status)
        status = library_set_offer_groups(store, t->offer.paper, t->groups,
                                          t->offer.for_groups ? t->ngroups : 0, err);
    if (!status)
        status = library_set_notice(scratch, store, NOTICE_PAPER, t->offer.paper, t->notice,
                                    store_now_ms(), err);
    return status;
}

static enum status change_offer(struct request *rq, struct error *err)
{
    struct offer_terms terms;
    enum status status = offer_find_terms(rq, rq->params[0], &terms, err);
    if (!status)
        status = offer_form_take(rq, &terms, err);
    if (!status)
        status = offer_form_check(&terms, terms.offer.published_ms, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), change_offer_step, &terms, err);
    return status ? status
                  : answer_redirect(rq, manage_path(rq, terms.offer.key),
                                    "It is offered like this from now on.", "已按新的方式提供。");
}

const struct route route_paper_offer = {
    .method = "GET",
    .path = "/papers/{paper}/offer",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "How a paper is offered, to be changed.",
    .zh = "文稿的发布方式，可修改。",
    .output = OFFER_PAGE,
    .page = "offer",
    .run = show_offer,
};

const struct route route_paper_offer_change = {
    .method = "POST",
    .path = "/papers/{paper}/offer",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Change how a paper is offered.",
    .zh = "修改文稿的发布方式。",
    .inputs = OFFER_CHANGE,
    .run = change_offer,
    .again = show_offer_again,
};

/* --- the next edition --------------------------------------------------------------------------------- */

struct next_edition {
    struct request *rq;
    int64_t paper;
    struct draft draft;
};

static enum status next_edition_step(struct store *store, struct arena *scratch, void *context,
                                     struct error *err)
{
    struct next_edition *n = context;
    (void)scratch;
    return library_draft_next_edition(n->rq->arena, store, n->rq->viewer.member, n->paper,
                                      &n->draft, err);
}

/* A draft of the same paper that this editor has begun already. */
static enum status find_begun(struct request *rq, int64_t paper, struct str *key, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT key FROM draft WHERE paper = ?1 AND author = ?2"
                               " ORDER BY saved_ms DESC LIMIT 1");
    query_bind_int(q, 1, paper);
    query_bind_int(q, 2, rq->viewer.member);
    *key = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

static enum status begin_next_edition(struct request *rq, struct error *err)
{
    struct offer offer;
    struct str begun;
    struct next_edition n = {.rq = rq};
    const char *rest = request_number(rq, "blanks") ? "/blanks" : "";
    enum status status =
        library_find_offer_by_key(rq->arena, rq->store, rq->params[0], &offer, err);
    if (!status)
        status = find_begun(rq, offer.paper, &begun, err);
    if (status)
        return status;
    if (begun.len)
        return answer_redirect(rq, writing_path(rq, begun, rest),
                               "You have begun its next edition already.",
                               "您已在撰写该文稿的新版本。");
    n.paper = offer.paper;
    status = server_write(rq->server, request_actor(rq), next_edition_step, &n, err);
    return status ? status
                  : answer_redirect(rq, writing_path(rq, n.draft.key, rest),
                                    "A draft with the text of the newest edition.",
                                    "已按最新版本的文字新建草稿。");
}

static const struct input EDIT_INPUTS[] = {
    {.name = "blanks", .kind = INPUT_FLAG, .en = "Begin with its blanks", .zh = "从占位符开始"},
    {0},
};
const struct route route_paper_edit = {
    .method = "POST",
    .path = "/papers/{paper}/edit",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Begin a paper's next edition: a draft with the text of its newest one.",
    .zh = "撰写新版本：以最新版本的文字新建草稿。",
    .inputs = EDIT_INPUTS,
    .run = begin_next_edition,
    .again = show_manage,
};

/* --- withdrawing ---------------------------------------------------------------------------------------- */

struct withdrawal {
    int64_t paper;
    struct str why;
};

static enum status withdraw_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct withdrawal *w = context;
    return library_withdraw_paper(scratch, store, w->paper, w->why, err);
}

static enum status restore_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct withdrawal *w = context;
    return library_restore_paper(scratch, store, w->paper, err);
}

static const struct input WITHDRAW_INPUTS[] = {
    {.name = "reason",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 500,
     .en = "Reason",
     .zh = "原因"},
    {0},
};

static enum status withdraw(struct request *rq, struct error *err)
{
    struct offer offer;
    enum status status =
        library_find_offer_by_key(rq->arena, rq->store, rq->params[0], &offer, err);
    if (status)
        return status;
    struct withdrawal w = {offer.paper, request_input(rq, "reason")};
    status = server_write(rq->server, request_actor(rq), withdraw_step, &w, err);
    return status ? status
                  : answer_redirect(rq, manage_path(rq, offer.key),
                                    "The paper is withdrawn; nobody can open it.",
                                    "文稿已撤回，任何人都不能再打开。");
}

static enum status restore(struct request *rq, struct error *err)
{
    struct offer offer;
    enum status status =
        library_find_offer_by_key(rq->arena, rq->store, rq->params[0], &offer, err);
    if (status)
        return status;
    struct withdrawal w = {.paper = offer.paper};
    status = server_write(rq->server, request_actor(rq), restore_step, &w, err);
    return status ? status
                  : answer_redirect(rq, manage_path(rq, offer.key), "The paper can be read again.",
                                    "文稿已恢复阅读。");
}

const struct route route_paper_withdraw = {
    .method = "POST",
    .path = "/papers/{paper}/withdraw",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Withdraw a paper, with the reason that its page gives.",
    .zh = "撤回文稿，并说明原因。",
    .inputs = WITHDRAW_INPUTS,
    .run = withdraw,
    .again = show_manage,
};

const struct route route_paper_restore = {
    .method = "POST",
    .path = "/papers/{paper}/restore",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Take a withdrawal back.",
    .zh = "取消撤回。",
    .run = restore,
    .again = show_manage,
};

/* --- revoking ------------------------------------------------------------------------------------------- */

static const struct input REVOKE_INPUTS[] = {
    {.name = "whose",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 10,
     .en = "Whose copies",
     .zh = "谁的副本"},
    {.name = "member", .kind = INPUT_TEXT, .most = 320, .en = "Member", .zh = "成员"},
    {.name = "group", .kind = INPUT_TEXT, .most = 40, .en = "Group", .zh = "群组"},
    {.name = "all_papers", .kind = INPUT_FLAG, .en = "Of all papers", .zh = "所有文稿"},
    {.name = "reason",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 500,
     .en = "Reason",
     .zh = "原因"},
    {0},
};

static enum status revoke_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    return library_revoke_copies(scratch, store, context, err);
}

static enum status find_group(struct request *rq, struct revocation *r, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT id FROM \"group\" WHERE key = ?1");
    query_bind_str(q, 1, request_input(rq, "group"));
    r->group = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !r->group)
        return request_blame(rq, "group",
                             error_set(err, STATUS_INPUT,
                                       "Choose the group whose copies are revoked.",
                                       "请选择要撤销副本的群组。"));
    return status;
}

static enum status find_member(struct request *rq, struct revocation *r, struct error *err)
{
    struct member member;
    struct str whose = request_input(rq, "member");
    enum status status =
        whose.len ? library_find_member(rq->arena, rq->store, whose, &member, err) : STATUS_MISSING;
    if (status == STATUS_MISSING || status == STATUS_USAGE)
        return request_blame(rq, "member",
                             error_set(err, STATUS_INPUT,
                                       "Nobody has this e-mail address or number: \"%.*s\".",
                                       "没有此邮箱或编号的成员：“%.*s”。", STR_ARG(whose)));
    r->member = status ? 0 : member.id;
    return status;
}

static enum status take_revocation(struct request *rq, int64_t paper, struct revocation *r,
                                   struct error *err)
{
    struct str whose = request_input(rq, "whose");
    bool all = request_number(rq, "all_papers") != 0;
    *r = (struct revocation){.paper = all ? 0 : paper, .reason = request_input(rq, "reason")};
    if (all && !request_may(rq, ROLE_STEWARD))
        return error_set(err, STATUS_FORBIDDEN, "Only a steward revokes copies of all papers.",
                         "只有管理员可以撤销所有文稿的副本。");
    if (str_equal(whose, STR("member")))
        return find_member(rq, r, err);
    if (str_equal(whose, STR("group")))
        return find_group(rq, r, err);
    if (!str_equal(whose, STR("everybody")) || all)
        return request_blame(
            rq, "whose",
            error_set(err, STATUS_INPUT,
                      "Say whose copies: a member's, a group's, or everybody's of this paper.",
                      "请指明范围：某成员、某群组，或本文稿的全体读者。"));
    return STATUS_OK;
}

static enum status revoke(struct request *rq, struct error *err)
{
    struct offer offer;
    struct revocation r;
    enum status status =
        library_find_offer_by_key(rq->arena, rq->store, rq->params[0], &offer, err);
    if (!status)
        status = take_revocation(rq, offer.paper, &r, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), revoke_step, &r, err);
    return status ? status
                  : answer_redirect(rq, manage_path(rq, offer.key),
                                    "Revoked. It can't be opened any more from now on.",
                                    "已撤销，自此不能再打开。");
}

const struct route route_paper_revoke = {
    .method = "POST",
    .path = "/papers/{paper}/revoke",
    .roles = ROLE_EDITOR | ROLE_STEWARD,
    .scope = "manage",
    .en = "Revoke copies: one member's, one group's or everybody's.",
    .zh = "撤销副本：某成员、某群组或全体。",
    .inputs = REVOKE_INPUTS,
    .run = revoke,
    .again = show_manage,
};

struct lifting {
    int64_t paper, id;
};

static enum status lift_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct lifting *l = context;
    return library_lift_revocation(scratch, store, l->paper, l->id, err);
}

static const struct input LIFT_INPUTS[] = {
    {.name = "revocation",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = INT64_MAX,
     .en = "Revocation",
     .zh = "撤销记录"},
    {0},
};

/* What a steward revoked of all papers, a steward lifts. */
static enum status check_lift(struct request *rq, int64_t id, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT paper IS NULL FROM revocation WHERE id = ?1");
    query_bind_int(q, 1, id);
    bool all = query_row(q) && query_int(q, 0) != 0;
    enum status status = query_end(q, err);
    if (!status && all && !request_may(rq, ROLE_STEWARD))
        return error_set(err, STATUS_FORBIDDEN, "Only a steward lifts what holds for all papers.",
                         "对所有文稿的撤销只能由管理员解除。");
    return status;
}

static enum status lift(struct request *rq, struct error *err)
{
    struct offer offer;
    struct lifting l = {.id = request_number(rq, "revocation")};
    enum status status =
        library_find_offer_by_key(rq->arena, rq->store, rq->params[0], &offer, err);
    if (!status)
        status = check_lift(rq, l.id, err);
    if (status)
        return status;
    l.paper = offer.paper;
    status = server_write(rq->server, request_actor(rq), lift_step, &l, err);
    return status ? status
                  : answer_redirect(rq, manage_path(rq, offer.key), "Lifted.", "已解除撤销。");
}

const struct route route_paper_lift = {
    .method = "POST",
    .path = "/papers/{paper}/lift",
    .roles = ROLE_EDITOR | ROLE_STEWARD,
    .scope = "manage",
    .en = "Lift a revocation.",
    .zh = "解除撤销。",
    .inputs = LIFT_INPUTS,
    .run = lift,
    .again = show_manage,
};
