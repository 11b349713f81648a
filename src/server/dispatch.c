/* From a request to its answer: route → viewer → origin → authorisation → input → handler.
 *
 * Nothing below here sees a request that its route's roles do not allow. A refused form is shown again
 * with what was wrong; any other failure becomes an error page in words. */
#include "server/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/utf8.h"
#include "server/first_run.h"
#include "server/outgoing.h"
#include "server/press.h"
#include "server/refill.h"

#define SATED_SECONDS 5

/* --- routes ------------------------------------------------------------------------------------- */

/* Whether a path fits a pattern like "/papers/{paper}"; notes what stands for each name. Most patterns fail at
 * their first letters. */
static bool path_fits(struct str path, const char *pattern, struct str *params)
{
    const char *at = path.at;
    const char *end = at + path.len;
    size_t n = 0;
    for (; *pattern; pattern++) {
        if (*pattern != '{') {
            if (at == end || *at++ != *pattern)
                return false;
            continue;
        }
        const char *from = at;
        while (at < end && *at != '/')
            at++;
        if (at == from || n == REQUEST_PARAMS_MAX)
            return false;
        params[n++] = (struct str){from, (size_t)(at - from)};
        while (*pattern != '}')
            pattern++;
    }
    return at == end;
}

static enum status say_nowhere(struct request *rq, struct error *err)
{
    (void)rq;
    return error_set(err, STATUS_MISSING, "There is nothing at this address.",
                     "此地址下没有内容。");
}

/* Where an address leads that leads nowhere: a walk as any other, so that whoever is signed in finds
 * themselves so on the page that says it. */
static const struct route NOWHERE = {.method = "GET", .roles = ROLE_ANYONE, .run = say_nowhere};

static unsigned lead_nowhere(struct request *rq)
{
    rq->route = &NOWHERE;
    return rq->post ? 404 : 0;
}

unsigned dispatch_find_route(struct request *rq)
{
    bool elsewhere = false;
    if (rq->path.len == 0 || rq->path.at[0] != '/' ||
        (rq->path.len > 1 && rq->path.at[rq->path.len - 1] == '/') ||
        utf8_first_bad(rq->path) != SIZE_MAX) /* pages write it in links */
        return lead_nowhere(rq);
    for (size_t i = route_first(rq->path); route_list[i]; i = route_after(i)) {
        if (!path_fits(rq->path, route_list[i]->path, rq->params))
            continue;
        if ((strcmp(route_list[i]->method, "POST") == 0) == rq->post) {
            rq->route = route_list[i];
            return 0;
        }
        elsewhere = true;
    }
    return elsewhere ? 405 : lead_nowhere(rq);
}

/* --- language ----------------------------------------------------------------------------------- */

/* ?lang= for this page, else the cookie that a choice left, else the browser's first of ours. */
static void choose_lang(struct request *rq)
{
    struct str asked = pairs_find(&rq->query, STR("lang"));
    struct str kept = request_cookie(rq, "lang");
    struct str accepted = request_header(rq, "Accept-Language");
    struct str one;
    rq->lang = LANG_EN;
    if (lang_parse(asked, &rq->lang) || lang_parse(kept, &rq->lang))
        return;
    while (str_split(&accepted, ',', &one)) {
        struct str tag;
        one = str_trim(one);
        if (str_split(&one, ';', &tag) && lang_parse(str_trim(tag), &rq->lang))
            return;
    }
}

/* --- the walk ----------------------------------------------------------------------------------- */

static bool holds_scope(const struct request *rq)
{
    struct str scopes = rq->viewer.scopes;
    struct str scope;
    bool held = false;
    while (rq->route->scope && str_split(&scopes, ' ', &scope))
        held |= str_equal(scope, str_of(rq->route->scope));
    return held;
}

static bool role_allowed(const struct request *rq)
{
    const struct viewer *v = &rq->viewer;
    if (v->by_token && !holds_scope(rq) && !(rq->route->roles & ROLE_ANYONE))
        return false;
    return (v->roles & rq->route->roles) != 0;
}

/* A page for anyone shows its member more; a token without its scope opens it as anyone's does. */
static void narrow_viewer(struct request *rq)
{
    if (rq->viewer.by_token && !holds_scope(rq) && (rq->route->roles & ROLE_ANYONE))
        rq->viewer = (struct viewer){.roles = ROLE_ANYONE, .by_token = true};
}

static enum status refuse_viewer(struct request *rq, struct error *err)
{
    if (!rq->viewer.member && !rq->post && !rq->wants_json) {
        struct buf to = {.arena = rq->arena};
        buf_add(&to, STR("/sign-in?next="));
        struct str own = answer_own_address(rq);
        if (own.len <= REQUEST_NEXT_MOST)
            buf_add(&to, own);
        else
            answer_escape_query(&to, rq->path);
        return answer_redirect(rq, buf_str(&to), NULL, NULL);
    }
    if (!rq->viewer.member && rq->post && !rq->wants_json)
        return error_set(err, STATUS_FORBIDDEN,
                         "You are signed out, and nothing was saved. Sign in in another window, "
                         "then come back to this one.",
                         "您已退出登录，内容尚未保存。请在另一窗口登录，再回到本页。");
    if (!rq->viewer.member)
        return error_set(err, STATUS_FORBIDDEN, "Please sign in first.", "请先登录。");
    if (request_may(rq, ROLE_SUSPENDED) && !rq->post && !rq->wants_json)
        return answer_redirect(rq, STR("/sanctions"), NULL, NULL);
    if (request_may(rq, ROLE_SUSPENDED))
        return error_set(err, STATUS_FORBIDDEN,
                         "Your account is suspended; /sanctions says why and what you can do.",
                         "您的账户已暂停，原因及申诉办法见 /sanctions。");
    if (rq->viewer.by_token && (rq->viewer.roles & rq->route->roles) && !rq->route->scope)
        return error_set(err, STATUS_FORBIDDEN,
                         "No token does this: it takes a person who is signed in.",
                         "此操作不接受令牌，须由本人登录进行。");
    if (rq->viewer.by_token && (rq->viewer.roles & rq->route->roles))
        return error_set(err, STATUS_FORBIDDEN, "This takes a token with the scope \"%s\".",
                         "此操作须使用具备“%s”范围的令牌。", rq->route->scope);
    if (rq->viewer.roles & ROLE_OWNER)
        return error_set(
            err, STATUS_FORBIDDEN,
            "This page is for other roles than yours. You can give yourself the role: it is on "
            "your own page under Members.",
            "您现有的角色不能使用此页面。可在“成员”中打开自己的页面，授予自己所需的角色。");
    return error_set(err, STATUS_FORBIDDEN,
                     "This page is for other roles than yours. Ask the owner if you need it.",
                     "此页面不在您的权限之内。如确有需要，请联系所有者。");
}

/* Before anything is made for somebody for whom a lot lies about; nor is their form shown again. */
static enum status check_outgoing(struct request *rq, struct error *err)
{
    if (!rq->viewer.member || !outgoing_is_full(server_outgoing(rq->server), rq->viewer.member))
        return STATUS_OK;
    rq->sated = true;
    rq->wait_s = SATED_SECONDS;
    return error_set(
        err, STATUS_LIMITED,
        "Much of what you asked for has not reached you yet. Please wait until it has, or end other "
        "downloads.",
        "您先前请求的内容还有很多尚未接收，请待其传完或结束其他下载后再试。");
}

static enum status check_and_run(struct request *rq, struct error *err)
{
    if (!rq->route->early && first_run_waits(server_first_run(rq->server), rq->store))
        return first_run_divert(rq, err);
    enum status status = session_find_viewer(rq, err);
    if (!status)
        status = check_outgoing(rq, err);
    if (!status && rq->post)
        status = session_check_origin(rq, err);
    if (!status && !role_allowed(rq))
        return refuse_viewer(rq, err);
    if (!status)
        narrow_viewer(rq);
    if (!status)
        status = input_check(rq, err);
    if (!status)
        status = rq->route->run(rq, err);
    return status;
}

/* Whether an answer is a page that a refused form can come back in. */
static bool is_page(const struct answer *answer)
{
    return answer->code == 200 && str_starts(answer->type, STR("text/html"));
}

static struct refill refill_of(const struct request *rq, const struct answer *answer)
{
    return (struct refill){.page = answer->body,
                           .action = rq->path,
                           .typed = rq->post ? &rq->form : &rq->query,
                           .asks = !rq->post,
                           .route = rq->route,
                           .blamed = rq->blamed,
                           .place = rq->blamed_place,
                           .problem = rq->problem};
}

static bool show_by_route(struct request *rq)
{
    struct error second;
    const char *blamed = rq->blamed;
    if (rq->route->again(rq, &second))
        return false;
    rq->blamed = blamed; /* the page may have met it anew, or else what else is wrong */
    struct refill refill = refill_of(rq, &rq->answer);
    if (is_page(&rq->answer) && refill_form(rq->arena, &refill))
        rq->answer.body = refill.page;
    return true;
}

static bool shows_page_at(const struct request *rq, const struct route *route, struct str path,
                          struct str *params)
{
    return route->page && strcmp(route->method, "GET") == 0 && (route->roles & rq->viewer.roles) &&
           path_fits(path, route->path, params);
}

/* The page that a form stands on which no route shows again: the nearest above its address. Gives its route, or NULL,
 * and what stands for the names in its path. */
static const struct route *find_page_above(struct request *rq, struct str *params)
{
    for (struct str path = rq->path; path.len > 1;) {
        for (size_t i = route_first(path); route_list[i]; i = route_after(i))
            if (shows_page_at(rq, route_list[i], path, params)) {
                rq->above = path;
                return route_list[i];
            }
        while (path.len > 1 && path.at[path.len - 1] != '/')
            path.len--;
        path.len--;
    }
    return NULL;
}

/* The page as it is when it is asked for, and what was typed put into its form. */
static bool show_page_above(struct request *rq)
{
    struct error second;
    struct request page = *rq;
    page.route = rq->viewer.member ? find_page_above(rq, page.params) : NULL;
    page.path = rq->above;
    page.post = false;
    page.form = page.query = (struct pairs){0};
    if (!page.route || page.route->run(&page, &second) || !is_page(&page.answer))
        return false;
    struct refill refill = refill_of(rq, &page.answer);
    if (!refill_form(rq->arena, &refill))
        return false;
    rq->answer = page.answer;
    rq->answer.body = refill.page;
    return true;
}

/* A page that was asked for with a filter it can't have, as it is without that one, which stands in its form still. */
static bool show_unfiltered(struct request *rq)
{
    struct error second;
    struct request page = *rq;
    if (!rq->blamed ||
        !rq->route->page) /* what is no page may be recorded as soon as it is asked for */
        return false;
    page.query = (struct pairs){0};
    for (size_t i = 0; i < rq->query.count; i++)
        if (!str_equal(rq->query.at[i].name, str_of(rq->blamed)))
            pairs_add(rq->arena, &page.query, rq->query.at[i].name, rq->query.at[i].value);
    if (page.query.count == rq->query.count || input_check(&page, &second) ||
        rq->route->run(&page, &second) || !is_page(&page.answer))
        return false;
    struct refill refill = refill_of(rq, &page.answer);
    (void)refill_form(rq->arena, &refill);
    rq->answer = page.answer;
    rq->answer.body = refill.page;
    return true;
}

/* The page that says what was wrong. */
static bool show_refused(struct request *rq)
{
    if (rq->route->again)
        return show_by_route(rq);
    return rq->post ? show_page_above(rq) : show_unfiltered(rq);
}

/* The input whose name a message begins with: "Last day: give a date like …". */
static const char *named_first(const struct request *rq, const struct error *err)
{
    struct input input;
    for (size_t i = 0; route_input(rq->route, i, &input); i++)
        if (str_starts(str_of(err->en), str_of(input.en)) && err->en[strlen(input.en)] == ':')
            return input.name;
    return NULL;
}

static bool takes(const struct request *rq, const char *name)
{
    struct input input;
    for (size_t i = 0; name && route_input(rq->route, i, &input); i++)
        if (strcmp(input.name, name) == 0)
            return true;
    return false;
}

/* What a refusal is about where no page said so. A form that takes one thing alone can be wrong in nothing else. */
static const char *blame(const struct request *rq, enum status status, const struct error *err)
{
    const char *named = named_first(rq, err);
    struct input only;
    struct input second;
    bool is_typed = status == STATUS_INPUT || status == STATUS_MISSING;
    bool single = route_input(rq->route, 0, &only) && !route_input(rq->route, 1, &second);
    if (named || takes(rq, err->field))
        return named ? named : err->field;
    return single && is_typed ? only.name : NULL;
}

/* A form that was refused comes back with what was typed and why. A script is told why in words: the page around the form
 * may hold what its token's scope does not open. */
static bool show_again(struct request *rq, enum status status, const struct error *err)
{
    /* What is missing may be what a field names; where it is the page's own matter, the page says so. */
    bool typed = status == STATUS_USAGE || status == STATUS_INPUT || status == STATUS_CONFLICT ||
                 status == STATUS_LIMITED || status == STATUS_FORBIDDEN || status == STATUS_MISSING;
    if (!rq->route || rq->wants_json || rq->viewer.by_token || rq->sated || !typed ||
        !role_allowed(rq))
        return false;
    input_mend(rq);
    rq->problem = request_words(rq, err->en, err->zh);
    if (!rq->blamed) {
        rq->blamed = blame(rq, status, err);
        rq->blamed_place = err->place;
    }
    if (!show_refused(rq)) {
        rq->problem = (struct str){0}; /* the error page says it */
        return false;
    }
    rq->answer.code = answer_code_of(status);
    return true;
}

/* What failed in the house is for whoever runs it: a line for the system's journal, without what was asked for in
 * particular. The others are told what they can do. */
static void keep_inside(struct request *rq, struct error *err)
{
    struct buf when = {.arena = rq->arena};
    calendar_write_time(&when, rq->now_ms, LANG_EN, true);
    (void)fprintf(stderr, "%.*s  %s %s: %s\n", STR_ARG(buf_str(&when)), rq->post ? "POST" : "GET",
                  rq->route && rq->route->path ? rq->route->path : "?", err->en);
    if (rq->post)
        (void)error_set(err, err->status,
                        "The server could not finish this. Look whether it was done before you try "
                        "again.",
                        "服务未能完成此操作。请先确认是否已生效，再重试。");
    else
        (void)error_set(err, err->status,
                        "The server could not make this page. Please try again in a moment.",
                        "服务未能生成此页面，请稍后重试。");
}

static void refuse(struct request *rq, enum status status, struct error *err)
{
    if (answer_code_of(status) >= 500)
        keep_inside(rq, err);
    struct str params[REQUEST_PARAMS_MAX];
    if (rq->post && rq->viewer.member && !rq->above.len) {
        input_mend(rq);
        (void)find_page_above(rq, params);
    }
    (void)answer_error(rq, answer_code_of(status), err);
}

/* What every answer needs, a refusal too: nobody yet, the language, page or JSON. */
static void begin_answer(struct request *rq)
{
    rq->viewer.roles = ROLE_ANYONE;
    choose_lang(rq);
    rq->wants_json = str_find(request_header(rq, "Accept"), STR("application/json"), 0) != SIZE_MAX;
}

/* A page is made from one state of the database, and pays for the locks of reading it once. */
static enum status run_reading(struct request *rq, struct error *err)
{
    enum status status = store_begin_read(rq->store, err);
    if (status)
        return status;
    status = check_and_run(rq, err);
    if (store_commit(rq->store, NULL))
        store_rollback(rq->store);
    return status;
}

void dispatch(struct request *rq, struct str body)
{
    struct error err = {0};
    begin_answer(rq);
    rq->seq = server_wait_events(rq->server, -1, 0);
    rq->facts = server_facts(rq->server);
    enum status status = input_read(rq, body, &err);
    if (!status)
        status = rq->post ? check_and_run(rq, &err) : run_reading(rq, &err);
    if (status && !show_again(rq, status, &err))
        refuse(rq, status, &err);
    if (rq->wait_s)
        answer_header(rq, "Retry-After", str_format(rq->arena, "%lld", (long long)rq->wait_s));
}

/* What comes with a token is looked up each time. */
bool dispatch_recall(struct request *rq, struct job *job)
{
    return rq->route->recall && session_cookie(rq).len &&
           !request_header(rq, "Authorization").len && rq->route->recall(rq, job);
}

void dispatch_deliver(struct request *rq)
{
    rq->route->deliver(rq);
}

void dispatch_end(struct request *rq)
{
    press_release(server_presses(rq->server), rq->press);
}

void dispatch_fail(struct request *rq, struct error *err)
{
    rq->now_ms = store_now_ms();
    keep_inside(rq, err);
    dispatch_refuse(rq, 503);
}

void dispatch_refuse(struct request *rq, unsigned code)
{
    struct error err = {0};
    begin_answer(rq);
    if (code == 404)
        (void)say_nowhere(rq, &err);
    else if (code == 405)
        (void)error_set(&err, STATUS_USAGE, "This address does not take that method.",
                        "此地址不接受该请求方法。");
    else if (code == 400)
        (void)error_set(&err, STATUS_INPUT, "This request says twice where it ends.",
                        "该请求对正文长度的说明自相矛盾。");
    else if (code == 403)
        (void)error_set(&err, STATUS_FORBIDDEN,
                        "Files are taken here from those who may send them. Please sign in first.",
                        "此处仅接收有权限者提交的文件，请先登录。");
    else if (code == 413)
        (void)error_set(&err, STATUS_INPUT, "That is more than can be taken at once.",
                        "提交内容超出大小上限。");
    else
        (void)error_set(&err, STATUS_LIMITED,
                        "The server can't take this just now; please try again in a moment.",
                        "服务暂时无法受理，请稍后再试。");
    (void)answer_error(rq, code, &err);
}
