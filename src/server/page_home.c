/* The front door: home, what a browser fetches besides pages, the choice of language. */
#include "server/internal.h"

#include <string.h>

#include "base/embed.h"
#include "library/application.h"
#include "library/case.h"
#include "library/deletion.h"
#include "library/erasure.h"
#include "library/post.h"
#include "server/live.h"
#include "server/shelf.h"

extern const struct embedded web_files[];

#define HOME_PAPERS 6
#define HOME_BEGUN  4
#define HOME_SAID   5
#define HOME_CASES  20 /* looked at, the latest changed first */

struct home_deletion {
    struct str title;
    int64_t until;
    bool overdue;
};
struct home_group {
    struct str key, name;
    int64_t count;
};
struct home_sanction {
    struct str key;
    int64_t told, until;
    bool open;
};
struct home_case {
    struct str key, state_words;
    int64_t number;
};
struct home_said {
    struct str path, author, place, lang;
    bool mentions;
    int64_t time;
};
struct home_page {
    struct shelf_line *papers, *reading;
    size_t npapers, nreading;
    struct home_deletion *deletions;
    size_t ndeletions;
    struct home_sanction *sanctions;
    size_t nsanctions;
    struct home_group *applications;
    size_t napplications;
    int64_t erasures; /* asked for by somebody else, that the viewer may confirm */
    struct home_case *cases;
    size_t ncases;
    struct home_said *said;
    size_t nsaid;
    bool due, begun, spoken;
};

static const struct field HOME_DELETION[] = {
    FIELD(TEXT, struct home_deletion, title),
    FIELD(DAY, struct home_deletion, until),
    FIELD(FLAG, struct home_deletion, overdue),
    {0},
};
static const struct field HOME_GROUP[] = {
    FIELD(TEXT, struct home_group, key),
    FIELD(TEXT, struct home_group, name),
    FIELD(NUMBER, struct home_group, count),
    {0},
};
static const struct field HOME_CASE[] = {
    FIELD(TEXT, struct home_case, key),
    FIELD_HIDDEN(TEXT, struct home_case, state_words),
    FIELD(NUMBER, struct home_case, number),
    {0},
};
static const struct field HOME_SANCTION[] = {
    FIELD(TEXT, struct home_sanction, key),
    FIELD(DAY, struct home_sanction, told),
    FIELD(DAY, struct home_sanction, until),
    FIELD(FLAG, struct home_sanction, open),
    {0},
};
static const struct field HOME_SAID_LINE[] = {
    FIELD(TEXT, struct home_said, path),
    FIELD(TEXT, struct home_said, author),
    FIELD(TEXT, struct home_said, place),
    FIELD_HIDDEN(TEXT, struct home_said, lang),
    FIELD(FLAG, struct home_said, mentions),
    FIELD(TIME, struct home_said, time),
    {0},
};
static const struct field HOME_PAGE[] = {
    FIELD_OF_LIST(struct home_page, papers, SHELF_LINE),
    FIELD_OF_LIST(struct home_page, reading, SHELF_LINE),
    FIELD_OF_LIST(struct home_page, deletions, HOME_DELETION),
    FIELD_OF_LIST(struct home_page, sanctions, HOME_SANCTION),
    FIELD_OF_LIST(struct home_page, applications, HOME_GROUP),
    FIELD(NUMBER, struct home_page, erasures),
    FIELD_OF_LIST(struct home_page, cases, HOME_CASE),
    FIELD_OF_LIST(struct home_page, said, HOME_SAID_LINE),
    FIELD_HIDDEN(FLAG, struct home_page, due),
    FIELD_HIDDEN(FLAG, struct home_page, begun),
    FIELD_HIDDEN(FLAG, struct home_page, spoken),
    {0},
};

static enum status fill_papers(struct request *rq, struct home_page *page, struct error *err)
{
    struct shelf_paper *papers;
    struct shelf_paper *begun;
    struct shelf_query query = {
        .member = rq->viewer.member, .now_ms = rq->now_ms, .most = HOME_PAPERS};
    enum status status =
        library_list_shelf(rq->arena, rq->store, &query, &papers, &page->npapers, err);
    query.most = HOME_BEGUN;
    if (!status)
        status = library_list_begun(rq->arena, rq->store, &query, &begun, &page->nreading, err);
    if (status)
        return status;
    page->papers = shelf_make_lines(rq, papers, page->npapers);
    page->reading = shelf_make_lines(rq, begun, page->nreading);
    page->begun = page->nreading > 0;
    return STATUS_OK;
}

/* Groups whose applications wait for the viewer's answer. */
static enum status fill_applications(struct request *rq, struct home_page *page, struct error *err)
{
    struct waiting_group *list;
    enum status status = library_list_waiting(rq->arena, rq->store, rq->viewer.member, rq->now_ms,
                                              &list, &page->napplications, err);
    if (status)
        return status;
    page->applications = arena_array(rq->arena, page->napplications, struct home_group);
    for (size_t i = 0; i < page->napplications; i++)
        page->applications[i] = (struct home_group){list[i].key, list[i].name, list[i].count};
    return STATUS_OK;
}

/* Cases in which the next act is the viewer's. */
static enum status fill_cases(struct request *rq, struct home_page *page, struct error *err)
{
    struct case_line *list;
    size_t count = 0;
    if (!request_may(rq, ROLE_STEWARD | ROLE_OWNER))
        return STATUS_OK;
    enum status status = case_list(rq->arena, rq->store, rq->viewer.member, CASE_NONE, 0,
                                   HOME_CASES, &list, &count, err);
    page->cases = arena_array(rq->arena, status ? 0 : count, struct home_case);
    for (size_t i = 0; !status && i < count; i++)
        if (list[i].waits_for_me)
            page->cases[page->ncases++] = (struct home_case){
                .key = list[i].file.key,
                .state_words = str_of(case_state_words(list[i].file.state, rq->lang)),
                .number = list[i].file.id,
            };
    return status;
}

static enum status fill_due(struct request *rq, struct home_page *page, struct error *err)
{
    struct deletion *list;
    size_t count;
    enum status status =
        library_list_deletions(rq->arena, rq->store, rq->viewer.member, &list, &count, err);
    page->deletions = arena_array(rq->arena, status ? 0 : count, struct home_deletion);
    for (size_t i = 0; !status && i < count && !list[i].attested_ms; i++)
        page->deletions[page->ndeletions++] =
            (struct home_deletion){list[i].title, list[i].due_ms, list[i].due_ms <= rq->now_ms};
    if (!status)
        status = fill_applications(rq, page, err);
    if (!status && request_may(rq, ROLE_STEWARD | ROLE_OWNER))
        status = library_count_erasures(rq->store, rq->viewer.member, &page->erasures, err);
    if (!status)
        status = fill_cases(rq, page, err);
    page->due =
        page->ndeletions > 0 || page->napplications > 0 || page->ncases > 0 || page->erasures > 0;
    return status;
}

/* What was decided about the reader and is not settled, or not read yet. */
static enum status fill_sanctions(struct request *rq, struct home_page *page, struct error *err)
{
    struct case_sanction *list;
    size_t count;
    enum status status =
        case_list_own_sanctions(rq->arena, rq->store, rq->viewer.member, &list, &count, err);
    page->sanctions = arena_array(rq->arena, status ? 0 : count, struct home_sanction);
    for (size_t i = 0; !status && i < count; i++)
        if (!list[i].read_ms || list[i].state == SANCTION_STANDING)
            page->sanctions[page->nsanctions++] =
                (struct home_sanction){list[i].key, list[i].told_ms, list[i].appeal_until_ms,
                                       list[i].state == SANCTION_STANDING};
    page->due |= page->nsanctions > 0;
    return status;
}

/* What was said to the reader in talk, until they have seen it there. */
static enum status fill_said(struct request *rq, struct home_page *page, struct error *err)
{
    struct unseen_post *list;
    enum status status = library_list_unseen_posts(rq->arena, rq->store, rq->viewer.member,
                                                   rq->now_ms, HOME_SAID, &list, &page->nsaid, err);
    if (status)
        return status;
    page->said = arena_array(rq->arena, page->nsaid, struct home_said);
    for (size_t i = 0; i < page->nsaid; i++)
        page->said[i] = (struct home_said){list[i].path, list[i].author,   list[i].place,
                                           list[i].lang, list[i].mentions, list[i].created_ms};
    page->spoken = page->nsaid > 0;
    return STATUS_OK;
}

static enum status show_home(struct request *rq, struct error *err)
{
    struct home_page page = {0};
    if (request_may(rq, ROLE_SUSPENDED))
        return answer_redirect(rq, STR("/sanctions"), NULL, NULL);
    enum status status = rq->viewer.member ? fill_papers(rq, &page, err) : STATUS_OK;
    if (!status && rq->viewer.member)
        status = fill_due(rq, &page, err);
    if (!status && rq->viewer.member)
        status = fill_sanctions(rq, &page, err);
    if (!status && rq->viewer.member)
        status = fill_said(rq, &page, err);
    return status ? status : answer_page(rq, "home", "Home", "首页", HOME_PAGE, &page);
}

const struct route route_home = {
    .method = "GET",
    .path = "/",
    .roles = ROLE_ANYONE,
    .scope = "read",
    .en = "What is new for the reader.",
    .zh = "读者的最新内容。",
    .output = HOME_PAGE,
    .page = "home",
    .run = show_home,
};

/* --- files ---------------------------------------------------------------------------------------- */

static const char *type_of(struct str name)
{
    if (str_ends(name, STR(".css")))
        return "text/css; charset=utf-8";
    if (str_ends(name, STR(".js")))
        return "text/javascript; charset=utf-8";
    if (str_ends(name, STR(".svg")))
        return "image/svg+xml";
    return NULL;
}

static const struct embedded *find_file(struct str name)
{
    for (const struct embedded *file = web_files; file->name; file++)
        if (str_equal(str_of(file->name), name))
            return file;
    return NULL;
}

static enum status send_asset(struct request *rq, struct error *err)
{
    const char *type = type_of(rq->params[0]);
    const struct embedded *file = type ? find_file(rq->params[0]) : NULL;
    if (!file)
        return error_set(err, STATUS_MISSING, "There is no such file.", "没有这个文件。");
    const struct embedded *packed = find_file(str_format(rq->arena, "%s.gz", file->name));
    if (packed && str_find(request_header(rq, "Accept-Encoding"), STR("gzip"), 0) != SIZE_MAX) {
        answer_header(rq, "Content-Encoding", STR("gzip"));
        file = packed;
    }
    if (str_equal(rq->params[0], STR("worker.js")))
        answer_header(rq, "Service-Worker-Allowed", STR("/ledger/"));
    return answer_asset(rq, type, (struct str){file->at, file->len});
}

const struct route route_asset = {
    .method = "GET",
    .path = "/assets/{file}",
    .roles = ROLE_ANYONE,
    .en = "Style sheet, script, pictures.",
    .zh = "样式表、脚本、图片。",
    .early = true,
    .run = send_asset,
};

static const struct input LIVE_INPUTS[] = {
    {.name = "after",
     .kind = INPUT_NUMBER,
     .most = INT64_MAX,
     .en = "Last event known",
     .zh = "已知的最后一条事件"},
    {0},
};

const struct route route_live = {
    .method = "GET",
    .path = "/live",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "What happens, as it happens (server-sent events).",
    .zh = "实时动态（服务器推送事件）。",
    .inputs = LIVE_INPUTS,
    .streams = true,
    .run = live_answer,
};

/* --- language ------------------------------------------------------------------------------------- */

static const struct input LANG_INPUTS[] = {
    {.name = "lang", .kind = INPUT_TEXT, .needed = true, .most = 2, .en = "Language", .zh = "语言"},
    {.name = "to",
     .kind = INPUT_TEXT,
     .most = REQUEST_NEXT_MOST,
     .en = "Where to go on",
     .zh = "返回地址"},
    {0},
};

bool answer_is_local_path(struct str path)
{
    return path.len && path.at[0] == '/' &&
           (path.len == 1 || (path.at[1] != '/' && path.at[1] != '\\'));
}

static enum status choose_lang(struct request *rq, struct error *err)
{
    struct str to = request_input(rq, "to");
    enum lang lang;
    if (!lang_parse(request_input(rq, "lang"), &lang))
        return error_set(err, STATUS_INPUT, "The languages are zh and en.", "语言只有 zh 和 en。");
    enum status status = answer_redirect(rq, answer_is_local_path(to) ? to : STR("/"), NULL, NULL);
    answer_cookie(rq, "lang", str_of(lang_code(lang)), 365L * 24 * 3600);
    return status;
}

const struct route route_choose_lang = {
    .method = "GET",
    .path = "/language",
    .roles = ROLE_ANYONE,
    .en = "Choose the language of the pages.",
    .zh = "选择页面语言。",
    .inputs = LANG_INPUTS,
    .early = true,
    .run = choose_lang,
};
