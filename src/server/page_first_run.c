/* The first visit of a fresh installation makes its owner. */
#include "server/internal.h"

#include "library/account.h"
#include "library/member.h"
#include "library/setting.h"
#include "server/first_run.h"
#include "server/guard.h"
#include "server/new_password.h"

struct first_run_page {
    struct str wanted_organisation, owner_name, email, given_code;
};
static const struct field FIRST_RUN_PAGE[] = {
    FIELD(TEXT, struct first_run_page, wanted_organisation),
    FIELD(TEXT, struct first_run_page, owner_name),
    FIELD(TEXT, struct first_run_page, email),
    FIELD_HIDDEN(TEXT, struct first_run_page, given_code),
    {0},
};
static const struct input FIRST_RUN_INPUTS[] = {
    {.name = "code", .kind = INPUT_TEXT, .needed = true, .en = "The code", .zh = "安装码"},
    {.name = "organisation",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 60,
     .en = "The organisation's name",
     .zh = "单位名称"},
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 100,
     .en = "Your name",
     .zh = "您的姓名"},
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    NEW_PASSWORD_INPUTS,
    {0},
};

static enum status refuse_late(struct error *err)
{
    return error_set(err, STATUS_MISSING, "This installation has its owner.", "本站已设定所有者。");
}

static enum status show_first_run(struct request *rq, struct error *err)
{
    struct first_run_page page = {request_input(rq, "organisation"), request_input(rq, "name"),
                                  request_input(rq, "email"), request_input(rq, "code")};
    if (!first_run_waits(server_first_run(rq->server), rq->store))
        return refuse_late(err);
    return answer_page(rq, "first-run", "First run", "初次设置", FIRST_RUN_PAGE, &page);
}

const struct route route_first_run = {
    .method = "GET",
    .path = "/first-run",
    .roles = ROLE_ANYONE,
    .en = "The form that makes the owner of a fresh installation.",
    .zh = "新安装站点设定所有者的表单。",
    .output = FIRST_RUN_PAGE,
    .page = "first-run",
    .early = true,
    .run = show_first_run,
};

struct founding {
    struct str organisation, hash;
    struct member owner;
    int64_t now_ms;
    enum lang lang; /* of the page: letters go out in it until somebody chooses otherwise */
};

static enum status found_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct founding *f = context;
    enum status status = account_make_owner(scratch, store, &f->owner, f->hash, f->now_ms, err);
    if (!status)
        status = library_set_setting(store, STR("organisation"), f->organisation, err);
    return status ? status
                  : library_set_setting(store, STR("language"), str_of(lang_code(f->lang)), err);
}

static enum status make_owner(struct request *rq, struct error *err)
{
    struct first_run *first = server_first_run(rq->server);
    struct attempt attempt =
        attempt_at(rq->store, ATTEMPT_FIRST_RUN, session_network(rq->arena, rq->address));
    struct founding f = {
        .organisation = request_input(rq, "organisation"),
        .owner = {.name = request_input(rq, "name"), .email = request_input(rq, "email")},
        .now_ms = rq->now_ms,
        .lang = rq->lang,
    };
    if (!first_run_waits(first, rq->store))
        return refuse_late(err);
    enum status status = guard_enter(rq, &attempt, 1, err);
    if (status)
        return status;
    if (!first_run_code_is(first, request_input(rq, "code")))
        return error_set(err, STATUS_FORBIDDEN,
                         "This is not the code that the server printed when it was last started.",
                         "安装码不对，请核对服务最近一次启动时在终端上显示的安装码。");
    status = guard_pass(rq, &attempt, 1, err);
    if (!status)
        status = new_password_take(rq, &f.owner, &f.hash, err);
    if (!status)
        status = server_write(rq->server, STR("owner"), found_step, &f, err);
    if (!status)
        status = session_start(rq, f.owner.id, f.hash, err);
    return status ? status
                  : answer_redirect(rq, STR("/"), "The installation is yours. Welcome.",
                                    "设置完成，欢迎使用。");
}

const struct route route_first_run_post = {
    .method = "POST",
    .path = "/first-run",
    .roles = ROLE_ANYONE,
    .en = "Make the owner of a fresh installation, with the code from its terminal.",
    .zh = "凭终端上的安装码设定所有者。",
    .inputs = FIRST_RUN_INPUTS,
    .early = true,
    .run = make_owner,
    .again = show_first_run,
};
