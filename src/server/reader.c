/* The reader's walk; see reader.h. */
#include "server/reader.h"

#include <inttypes.h>

#include "library/member.h"
#include "library/notice.h"
#include "library/reading.h"
#include "server/internal.h"
#include "server/press.h"

/* --- refusals ----------------------------------------------------------------------------------- */

/* "look_back" and so on, for scripts. */
static const char *const REFUSAL_NAMES[REFUSAL_COUNT] = {
    [REFUSAL_NONE] = "",
    [REFUSAL_UNKNOWN] = "unknown",
    [REFUSAL_SUSPENDED] = "suspended",
    [REFUSAL_WITHDRAWN] = "withdrawn",
    [REFUSAL_EXPIRED] = "expired",
    [REFUSAL_REVOKED] = "revoked",
    [REFUSAL_COPY_EXPIRED] = "copy_expired",
    [REFUSAL_GROUP] = "group",
    [REFUSAL_SUBSCRIPTION] = "subscription",
    [REFUSAL_ENDED] = "ended",
    [REFUSAL_PAUSED] = "paused",
    [REFUSAL_LOOK_BACK] = "look_back",
    [REFUSAL_NOTICE] = "notice",
};

/* What happened, or happens, at the moment that a refusal turns on. */
static const struct {
    const char *en, *zh;
} REFUSAL_MOMENTS[REFUSAL_COUNT] = {
    [REFUSAL_WITHDRAWN] = {"Withdrawn:", "撤回时间："},
    [REFUSAL_EXPIRED] = {"It closed:", "停止开放时间："},
    [REFUSAL_REVOKED] = {"Revoked:", "收回时间："},
    [REFUSAL_COPY_EXPIRED] = {"It ran out:", "过期时间："},
    [REFUSAL_SUBSCRIPTION] = {"Your subscription begins:", "您的订阅开始时间："},
    [REFUSAL_ENDED] = {"It ended:", "到期时间："},
    [REFUSAL_PAUSED] = {"Paused:", "暂停时间："},
    [REFUSAL_LOOK_BACK] = {"It looks back to:", "可回溯至："},
};

struct access_page {
    struct str key, title, summary, lang, why, message, moment, withdrawn_why, notice;
    int64_t code, published, since, until;
    bool open, downloads, needs_plan, needs_group;
};

static const struct field ACCESS_PAGE[] = {
    FIELD(FLAG, struct access_page, open),
    FIELD(TEXT, struct access_page, why),
    FIELD(TEXT, struct access_page, message),
    FIELD(NUMBER, struct access_page, code),
    FIELD(TEXT, struct access_page, key),
    FIELD(TEXT, struct access_page, title),
    FIELD(TEXT, struct access_page, summary),
    FIELD(TEXT, struct access_page, lang),
    FIELD(TEXT, struct access_page, withdrawn_why),
    FIELD(DAY, struct access_page, published),
    FIELD_HIDDEN(TEXT, struct access_page, moment),
    FIELD(TIME, struct access_page, since),
    FIELD(TIME, struct access_page, until),
    FIELD(FLAG, struct access_page, downloads),
    FIELD(TEXT, struct access_page, notice),
    FIELD_HIDDEN(FLAG, struct access_page, needs_plan),
    FIELD_HIDDEN(FLAG, struct access_page, needs_group),
    {0},
};

static enum status missing(struct error *err)
{
    return error_set(err, STATUS_MISSING, "There is no such paper.", "没有这篇文稿。");
}

static enum status answer_access(struct request *rq, const struct reader *r,
                                 const struct edition *newest, struct str notice)
{
    const struct entitlement *e = &r->entitlement;
    const char *en = "You may open this paper.";
    const char *zh = "您可以阅读这篇文稿。";
    if (e->why)
        library_refusal_words(e->why, &en, &zh);
    struct access_page page = {
        .key = r->offer.key,
        .title = newest->title,
        .summary = r->offer.summary,
        .lang = newest->lang == LANG_ZH ? STR("zh-Hans") : STR("en"),
        .why = str_of(REFUSAL_NAMES[e->why]),
        .message = request_words(rq, en, zh),
        .moment = REFUSAL_MOMENTS[e->why].en
                      ? request_words(rq, REFUSAL_MOMENTS[e->why].en, REFUSAL_MOMENTS[e->why].zh)
                      : STR(""),
        .withdrawn_why = e->why == REFUSAL_WITHDRAWN ? r->offer.withdrawn_why : (struct str){"", 0},
        .code = e->why ? 403 : 200,
        .published = r->offer.published_ms,
        .since = e->since_ms,
        .until = e->until_ms,
        .open = e->why == REFUSAL_NONE,
        .downloads = e->downloads,
        .notice = notice,
        .needs_plan = e->why == REFUSAL_SUBSCRIPTION || e->why == REFUSAL_ENDED ||
                      e->why == REFUSAL_LOOK_BACK || e->why == REFUSAL_PAUSED,
        .needs_group = e->why == REFUSAL_GROUP,
    };
    enum status status = answer_titled_page(rq, "access", newest->title, ACCESS_PAGE, &page);
    rq->answer.code = (unsigned)page.code;
    return status;
}

/* Where to come back to; a form that was sent leads back to the paper. */
static struct str here(struct request *rq)
{
    if (rq->post)
        return str_format(rq->arena, "/papers/%.*s", STR_ARG(rq->params[0]));
    struct buf path = {.arena = rq->arena};
    answer_escape_query(&path, rq->path);
    for (size_t i = 0; i < rq->query.count; i++) {
        buf_add_byte(&path, i ? '&' : '?');
        answer_escape_query(&path, rq->query.at[i].name);
        buf_add_byte(&path, '=');
        answer_escape_query(&path, rq->query.at[i].value);
    }
    return buf_str(&path);
}

/* Why not, to whom may know that there is something. */
static enum status refuse(struct request *rq, struct reader *r, struct error *err)
{
    struct edition newest;
    bool may = false;
    enum status status = library_may_know(rq->store, rq->viewer.member, r->offer.paper, &may, err);
    if (!status && (!may || r->entitlement.why == REFUSAL_UNKNOWN))
        return missing(err);
    if (!status)
        status = library_find_edition(rq->arena, rq->store, r->offer.paper, 0, &newest, err);
    struct str notice = {"", 0};
    if (!status && r->entitlement.why == REFUSAL_NOTICE)
        status = library_notice_path(rq->arena, rq->store, r->entitlement.notice, here(rq), &notice,
                                     err);
    r->refused = true;
    if (!status && notice.len && !rq->wants_json)
        return answer_redirect(rq, notice, NULL, NULL);
    return status ? status : answer_access(rq, r, &newest, notice);
}

/* --- the walk ----------------------------------------------------------------------------------- */

static enum status find_edition(struct request *rq, struct str number, struct reader *r,
                                struct error *err)
{
    uint64_t wanted = 0;
    struct edition newest;
    enum status status =
        library_find_edition(rq->arena, rq->store, r->offer.paper, 0, &newest, err);
    if (status)
        return status;
    r->edition = newest;
    r->newest = true;
    if (!number.len)
        return STATUS_OK;
    if (!str_to_u64(number, &wanted) || wanted == 0 || wanted > (uint64_t)newest.number)
        return error_set(err, STATUS_MISSING, "This paper has no such edition.",
                         "这篇文稿没有这一版。");
    if (wanted == (uint64_t)newest.number)
        return STATUS_OK;
    r->newest = false;
    return library_find_edition(rq->arena, rq->store, r->offer.paper, (int64_t)wanted, &r->edition,
                                err);
}

enum status reader_open(struct request *rq, struct str key, struct str edition, struct reader *r,
                        struct error *err)
{
    *r = (struct reader){0};
    enum status status = library_find_offer_by_key(rq->arena, rq->store, key, &r->offer, err);
    if (status == STATUS_MISSING)
        return missing(err);
    if (!status)
        status = library_entitle(rq->store, rq->viewer.member, r->offer.paper, rq->now_ms,
                                 &r->entitlement, err);
    if (!status && r->entitlement.why)
        return refuse(rq, r, err);
    return status ? status : find_edition(rq, edition, r, err);
}

enum status reader_press(struct request *rq, const struct reader *r, unsigned kind,
                         const struct copy_press **press, struct error *err)
{
    return press_take(server_presses(rq->server), rq->store, &r->edition, kind, press, err);
}

void reader_release(struct request *rq, const struct copy_press *press)
{
    press_release(server_presses(rq->server), press);
}

struct recording {
    int64_t member;
    const struct edition *edition;  /* opened … */
    const struct copy_press *press; /* … or given … */
    struct format_owner *owner;     /* … in this arena */
    struct arena *arena;
};

static enum status record(struct store *store, struct arena *scratch, void *context,
                          struct error *err)
{
    const struct recording *r = context;
    struct entitlement now;
    (void)scratch;
    enum status status =
        library_entitle(store, r->member, r->edition->paper, store_now_ms(), &now, err);
    if (!status && now.why) {
        const char *en;
        const char *zh;
        library_refusal_words(now.why, &en, &zh);
        return error_about(err, STATUS_FORBIDDEN, en, zh, "%s", "%s", "");
    }
    if (!status && !r->press)
        return copy_record_opening(r->edition, store, r->member, err);
    if (!status)
        status = copy_record(r->press, store, r->member, err);
    return status ? status : copy_find_owner(r->press, r->arena, store, r->member, r->owner, err);
}

static enum status write_record(struct request *rq, struct recording *r, struct error *err)
{
    return server_write(rq->server, library_member_id(rq->arena, r->member), record, r, err);
}

enum status reader_record_opening(struct request *rq, const struct edition *edition,
                                  struct error *err)
{
    struct recording r = {.member = rq->viewer.member, .edition = edition};
    bool found = false;
    enum status status = copy_find_opening(edition, rq->store, r.member, &found, err);
    return status || found ? status : write_record(rq, &r, err);
}

enum status reader_record_copy(struct request *rq, const struct copy_press *press,
                               struct format_owner *owner, struct error *err)
{
    struct recording r = {rq->viewer.member, copy_press_edition(press), press, owner, rq->arena};
    return write_record(rq, &r, err);
}

enum status reader_open_document(struct request *rq, struct reader *reader, struct paper_doc *doc,
                                 struct error *err)
{
    struct edition_text text;
    enum status status = reader_open(rq, rq->params[0], request_input(rq, "edition"), reader, err);
    if (status || reader->refused)
        return status;
    status = library_load_edition(rq->arena, rq->store, &reader->edition, &text, err);
    if (!status)
        status = reader_record_opening(rq, &reader->edition, err);
    if (!status)
        *doc = copy_make_doc(rq->arena, rq->store, &text, rq->viewer.member);
    return status;
}

struct str reader_path(struct request *rq, const struct reader *r)
{
    if (r->newest)
        return str_format(rq->arena, "/papers/%.*s", STR_ARG(r->offer.key));
    return str_format(rq->arena, "/papers/%.*s/%" PRId64, STR_ARG(r->offer.key), r->edition.number);
}

/* --- the page about it -------------------------------------------------------------------------- */

static enum status show_access(struct request *rq, struct error *err)
{
    struct reader r;
    enum status status = reader_open(rq, rq->params[0], (struct str){0}, &r, err);
    return status || r.refused ? status : answer_access(rq, &r, &r.edition, STR(""));
}

const struct route route_paper_access = {
    .method = "GET",
    .path = "/papers/{paper}/access",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "Whether a paper is open to you, until when, and why not.",
    .zh = "某篇文稿是否对您开放、开放到何时，或为何不开放。",
    .output = ACCESS_PAGE,
    .page = "access",
    .run = show_access,
};
