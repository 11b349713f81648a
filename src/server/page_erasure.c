/* Erasing a member, for stewards: what it would do, asking, confirming by a second person, the certificate. */
#include "server/internal.h"

#include <jansson.h>

#include "library/erasure.h"
#include "library/member.h"
#include "library/personal.h"
#include "library/roster.h"
#include "server/guard.h"

#define STEWARDS   (ROLE_STEWARD | ROLE_OWNER)
#define LIST_SHOWN 200U

/* What erasing does with one entry of the register. */
struct erasure_line {
    struct str what, stays;
    int64_t rows;
};
struct elsewhere_line {
    struct str where;
    int64_t rows;
};
struct erasure_page {
    struct str key, member, member_key, name, asked_by, decided_by, state, event_hash, obstacle;
    int64_t asked, decided, event, swept;
    struct erasure_line *lines;
    size_t nlines;
    struct elsewhere_line *elsewhere;
    size_t nelsewhere;
    bool is_open, is_done, may_confirm, any_elsewhere, by_member;
};
static const struct field ERASURE_LINE[] = {
    FIELD(TEXT, struct erasure_line, what),
    FIELD(TEXT, struct erasure_line, stays),
    FIELD(NUMBER, struct erasure_line, rows),
    {0},
};
static const struct field ELSEWHERE_LINE[] = {
    FIELD(TEXT, struct elsewhere_line, where),
    FIELD(NUMBER, struct elsewhere_line, rows),
    {0},
};
static const struct field ERASURE_PAGE[] = {
    FIELD(TEXT, struct erasure_page, key),
    FIELD(TEXT, struct erasure_page, member),
    FIELD(TEXT, struct erasure_page, member_key),
    {.kind = FIELD_TEXT, .name = "member_name", .at = offsetof(struct erasure_page, name)},
    FIELD(TEXT, struct erasure_page, state),
    FIELD(TEXT, struct erasure_page, asked_by),
    FIELD(TIME, struct erasure_page, asked),
    FIELD(TEXT, struct erasure_page, decided_by),
    FIELD(TIME, struct erasure_page, decided),
    FIELD(NUMBER, struct erasure_page, event),
    FIELD(TEXT, struct erasure_page, event_hash),
    FIELD(TIME, struct erasure_page, swept),
    FIELD(TEXT, struct erasure_page, obstacle),
    FIELD_OF_LIST(struct erasure_page, lines, ERASURE_LINE),
    FIELD_OF_LIST(struct erasure_page, elsewhere, ELSEWHERE_LINE),
    FIELD_HIDDEN(FLAG, struct erasure_page, is_open),
    FIELD_HIDDEN(FLAG, struct erasure_page, is_done),
    FIELD_HIDDEN(FLAG, struct erasure_page, may_confirm),
    FIELD_HIDDEN(FLAG, struct erasure_page, any_elsewhere),
    FIELD_HIDDEN(FLAG, struct erasure_page, by_member),
    {0},
};

static void fill_head(struct request *rq, struct erasure_page *page, const struct erasure *e)
{
    page->key = e->key;
    page->member_key = e->member_key;
    page->asked_by = library_member_id(rq->arena, e->asked_by);
    page->asked = e->asked_ms;
    page->decided_by = e->decided_by ? library_member_id(rq->arena, e->decided_by) : STR("");
    page->decided = e->decided_ms;
    page->state = e->state;
    page->event = e->event;
    page->event_hash = e->event_hash;
    page->swept = e->swept_ms;
    page->is_open = str_equal(e->state, STR("asked"));
    page->is_done = str_equal(e->state, STR("done"));
    page->by_member = e->asked_by == e->member;
    page->may_confirm = page->is_open && e->asked_by != rq->viewer.member;
}

/* --- before --------------------------------------------------------------------------------------- */

static enum status fill_lines(struct request *rq, struct erasure_page *page, int64_t member,
                              struct error *err)
{
    struct personal_part *parts;
    size_t count;
    enum status status = guard_enter_record(rq, err);
    if (status)
        return status;
    status =
        library_list_personal(rq->arena, rq->store, member, PERSONAL_PLAIN, 0, &parts, &count, err);
    guard_leave_record(rq);
    page->lines = arena_array(rq->arena, status ? 0 : count, struct erasure_line);
    for (size_t i = 0; !status && i < count; i++) {
        const struct personal *entry = parts[i].entry;
        page->lines[page->nlines++] = (struct erasure_line){
            .what = entry ? request_words(rq, entry->en, entry->zh)
                          : request_words(rq, "Events", "事件"),
            .stays = entry && entry->left_en ? request_words(rq, entry->left_en, entry->left_zh)
                     : entry                 ? STR("")
                                             : request_words(rq,
                                                             "That they happened and when, with the number and"
                                                                             " without words.",
                                                             "事件本身及时间，只含编号，不含文字。"),
            .rows = (int64_t)parts[i].count,
        };
    }
    return status;
}

static enum status fill_elsewhere(struct request *rq, struct erasure_page *page, struct str name,
                                  struct error *err)
{
    struct erasure_trace *traces;
    enum status status =
        library_find_name(rq->arena, rq->store, name, &traces, &page->nelsewhere, err);
    page->elsewhere = arena_array(rq->arena, status ? 0 : page->nelsewhere, struct elsewhere_line);
    for (size_t i = 0; !status && i < page->nelsewhere; i++)
        page->elsewhere[i] = (struct elsewhere_line){
            str_format(rq->arena, "%.*s.%.*s", STR_ARG(traces[i].table), STR_ARG(traces[i].column)),
            traces[i].rows};
    page->any_elsewhere = page->nelsewhere > 0;
    return status;
}

static enum status find(struct request *rq, struct roster_member *m, struct error *err)
{
    return roster_find(rq->arena, rq->store, rq->params[0], rq->now_ms, m, err);
}

static enum status show_preview(struct request *rq, struct error *err)
{
    struct roster_member m;
    struct erasure open;
    struct erasure_page page = {0};
    enum status status = find(rq, &m, err);
    if (!status)
        status = library_open_erasure(rq->arena, rq->store, m.id, &open, err);
    if (!status)
        status = library_erasure_obstacle(rq->store, m.id, rq->lang, &page.obstacle, err);
    if (!status)
        status = fill_lines(rq, &page, m.id, err);
    if (!status)
        status = fill_elsewhere(rq, &page, m.name, err);
    if (status)
        return status;
    if (open.id)
        fill_head(rq, &page, &open);
    page.may_confirm = page.may_confirm && m.id != rq->viewer.member;
    page.member = library_member_id(rq->arena, m.id);
    page.member_key = m.key;
    page.name = m.name;
    return answer_page(rq, "erasure", "Erase a member", "抹除成员资料", ERASURE_PAGE, &page);
}

const struct route route_member_erasure = {
    .method = "GET",
    .path = "/members/{member}/erasure",
    .roles = STEWARDS,
    .en = "What erasing a member would take away and leave, and whether it is asked for.",
    .zh = "抹除某成员将清除和保留的内容，以及是否已提出请求。",
    .output = ERASURE_PAGE,
    .page = "erasure",
    .run = show_preview,
};

/* --- asking, confirming --------------------------------------------------------------------------- */

struct deciding {
    int64_t member, by;
    struct str key;
};

static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct deciding *d = context;
    struct str key;
    return library_ask_erasure(scratch, store, d->member, d->by, &key, err);
}

static enum status ask(struct request *rq, struct error *err)
{
    struct roster_member m;
    enum status status = find(rq, &m, err);
    struct deciding d = {.member = m.id, .by = rq->viewer.member};
    if (!status)
        status = server_write(rq->server, request_actor(rq), ask_step, &d, err);
    return status
               ? status
               : answer_redirect(rq, str_format(rq->arena, "/members/%.*s/erasure", STR_ARG(m.key)),
                                 "Asked for; a second person confirms it on this page.",
                                 "已提出，请由另一人在本页确认。");
}

const struct route route_member_erasure_ask = {
    .method = "POST",
    .path = "/members/{member}/erasure",
    .roles = STEWARDS,
    .en = "Ask that a member be erased; a second steward or owner confirms.",
    .zh = "提出抹除某成员的资料，由另一名管理员或所有者确认。",
    .run = ask,
    .again = show_preview,
};

static enum status confirm_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct deciding *d = context;
    return library_confirm_erasure(scratch, store, d->key, d->by, err);
}

static enum status confirm(struct request *rq, struct error *err)
{
    struct deciding d = {.by = rq->viewer.member, .key = rq->params[0]};
    enum status status = server_write(rq->server, request_actor(rq), confirm_step, &d, err);
    return status ? status
                  : answer_redirect(rq, str_format(rq->arena, "/erasures/%.*s", STR_ARG(d.key)),
                                    "Erased. Within a minute the unused bytes are overwritten too.",
                                    "已抹除。一分钟内还将覆盖未用字节。");
}

const struct route route_erasure_confirm = {
    .method = "POST",
    .path = "/erasures/{erasure}/confirm",
    .roles = STEWARDS,
    .en = "Confirm an erasure that somebody else asked for.",
    .zh = "确认他人提出的资料抹除。",
    .run = confirm,
};

static enum status withdraw_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    return library_withdraw_erasure(store, d->key, d->by, err);
}

static enum status withdraw(struct request *rq, struct error *err)
{
    struct deciding d = {.by = rq->viewer.member, .key = rq->params[0]};
    enum status status = server_write(rq->server, request_actor(rq), withdraw_step, &d, err);
    return status ? status
                  : answer_redirect(rq, STR("/erasures"), "Taken back; nothing was erased.",
                                    "已撤回，未抹除任何内容。");
}

const struct route route_erasure_withdraw = {
    .method = "POST",
    .path = "/erasures/{erasure}/withdraw",
    .roles = STEWARDS,
    .en = "Take back an erasure that was asked for.",
    .zh = "撤回已提出的资料抹除。",
    .run = withdraw,
};

/* --- after ---------------------------------------------------------------------------------------- */

static void read_done(struct request *rq, struct erasure_page *page, struct str done)
{
    json_t *rows = json_loadb(done.at, done.len, 0, NULL);
    json_int_t place;
    json_int_t count;
    json_t *row;
    size_t i;
    page->lines = arena_array(rq->arena, json_array_size(rows), struct erasure_line);
    json_array_foreach(rows, i, row)
    {
        if (json_unpack(row, "[I, I]", &place, &count))
            continue;
        const struct personal *entry = &personal_register[place];
        page->lines[page->nlines++] = (struct erasure_line){
            .what = request_words(rq, entry->en, entry->zh),
            .stays = entry->left_en ? request_words(rq, entry->left_en, entry->left_zh) : STR(""),
            .rows = count,
        };
    }
    json_decref(rows);
}

static enum status show_certificate(struct request *rq, struct error *err)
{
    struct erasure e;
    struct erasure_page page = {0};
    enum status status = library_find_erasure(rq->arena, rq->store, rq->params[0], &e, err);
    if (status)
        return status;
    fill_head(rq, &page, &e);
    page.member = library_member_id(rq->arena, e.member);
    page.name = page.member;
    read_done(rq, &page, e.done);
    return answer_page(rq, "erasure-certificate", "Certificate of erasure", "资料抹除证明",
                       ERASURE_PAGE, &page);
}

const struct route route_erasure = {
    .method = "GET",
    .path = "/erasures/{erasure}",
    .roles = STEWARDS,
    .en = "The certificate of an erasure.",
    .zh = "资料抹除证明。",
    .output = ERASURE_PAGE,
    .page = "erasure-certificate",
    .run = show_certificate,
};

struct listed_erasure {
    struct str key, member, name, member_key, state;
    int64_t asked, decided;
    bool is_open, is_done;
};
struct erasures_page {
    struct listed_erasure *erasures;
    size_t nerasures;
    bool any;
};
static const struct field LISTED_ERASURE[] = {
    FIELD(TEXT, struct listed_erasure, key),
    FIELD(TEXT, struct listed_erasure, member),
    FIELD(TEXT, struct listed_erasure, name),
    FIELD(TEXT, struct listed_erasure, member_key),
    FIELD(TEXT, struct listed_erasure, state),
    FIELD(TIME, struct listed_erasure, asked),
    FIELD(TIME, struct listed_erasure, decided),
    FIELD_HIDDEN(FLAG, struct listed_erasure, is_open),
    FIELD_HIDDEN(FLAG, struct listed_erasure, is_done),
    {0},
};
static const struct field ERASURES_PAGE[] = {
    FIELD_OF_LIST(struct erasures_page, erasures, LISTED_ERASURE),
    FIELD_HIDDEN(FLAG, struct erasures_page, any),
    {0},
};

static enum status show_erasures(struct request *rq, struct error *err)
{
    struct erasure *list;
    struct erasures_page page = {0};
    enum status status =
        library_list_erasures(rq->arena, rq->store, LIST_SHOWN, &list, &page.nerasures, err);
    if (status)
        return status;
    page.any = page.nerasures > 0;
    page.erasures = arena_array(rq->arena, page.nerasures, struct listed_erasure);
    for (size_t i = 0; i < page.nerasures; i++)
        page.erasures[i] = (struct listed_erasure){
            .key = list[i].key,
            .member = library_member_id(rq->arena, list[i].member),
            .name = list[i].name,
            .member_key = list[i].member_key,
            .state = list[i].state,
            .asked = list[i].asked_ms,
            .decided = list[i].decided_ms,
            .is_open = str_equal(list[i].state, STR("asked")),
            .is_done = str_equal(list[i].state, STR("done")),
        };
    return answer_page(rq, "erasures", "Erasures", "资料抹除", ERASURES_PAGE, &page);
}

const struct route route_erasures = {
    .method = "GET",
    .path = "/erasures",
    .roles = STEWARDS,
    .en = "Erasures asked for and done.",
    .zh = "已提出和已完成的资料抹除。",
    .output = ERASURES_PAGE,
    .page = "erasures",
    .run = show_erasures,
};
