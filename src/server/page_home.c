/* The front door: home, what a browser fetches besides pages, the choice of language. */
#include "server/internal.h"

#include <string.h>

#include "base/embed.h"
#include "server/live.h"

extern const struct embedded web_files[];

struct home_paper {
    struct str id, title, lang;
    int64_t edition, published;
};
struct home_page {
    struct home_paper *papers;
    size_t npapers;
};

static const struct field HOME_PAPER[] = {
    FIELD(TEXT, struct home_paper, id),       FIELD(TEXT, struct home_paper, title),
    FIELD(TEXT, struct home_paper, lang),     FIELD(NUMBER, struct home_paper, edition),
    FIELD(DAY, struct home_paper, published), {0},
};
static const struct field HOME_PAGE[] = {
    FIELD_OF_LIST(struct home_page, papers, HOME_PAPER),
    {0},
};

static enum status show_home(struct request *rq, struct error *err)
{
    struct home_page page = {0};
    (void)err;
    return answer_page(rq, "home", "Home", "首页", HOME_PAGE, &page);
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

static enum status send_asset(struct request *rq, struct error *err)
{
    const char *type = type_of(rq->params[0]);
    for (const struct embedded *file = web_files; type && file->name; file++)
        if (str_equal(str_of(file->name), rq->params[0]))
            return answer_asset(rq, type, (struct str){file->at, file->len});
    return error_set(err, STATUS_MISSING, "There is no such file.", "没有这个文件。");
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
    {.name = "to", .kind = INPUT_TEXT, .most = 2000, .en = "Where to go on", .zh = "返回地址"},
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
