/* Tokens for scripts: made and shown once, ended. They are listed on /account. */
#include "server/internal.h"

#include "base/calendar.h"
#include "library/member.h"
#include "library/token.h"
#include "server/page_account.h"

#define SCOPES_MAX 8U

struct token_page {
    struct str token, token_name;
    int64_t until; /* a moment of its last day */
};
static const struct field TOKEN_PAGE[] = {
    FIELD(TEXT, struct token_page, token),
    FIELD(TEXT, struct token_page, token_name),
    FIELD(DAY, struct token_page, until),
    {0},
};
static const struct input TOKEN_INPUTS[] = {
    {.name = "token_name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 60,
     .en = "Name of a new token",
     .zh = "新令牌名称"},
    {.name = "token_password",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 1000,
     .en = "Present password",
     .zh = "当前密码"},
    {.name = "token_until", .kind = INPUT_DAY, .en = "Last day", .zh = "最后一天"},
    {.name = "scope", .kind = INPUT_LIST, .most = 20, .en = "What it is for", .zh = "用途"},
    {0},
};

struct making {
    int64_t member, expires_ms, now_ms;
    struct str name, scopes, secret;
    struct arena *arena; /* the secret outlives the writer's scratch */
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    (void)scratch;
    return token_make(m->arena, store, m->member, m->name, m->scopes, m->expires_ms, m->now_ms,
                      &m->secret, err);
}

static enum status make_token(struct request *rq, struct error *err)
{
    struct str scopes[SCOPES_MAX];
    struct buf all = {.arena = rq->arena};
    size_t count = request_inputs(rq, "scope", scopes, SCOPES_MAX);
    for (size_t i = 0; i < count; i++)
        buf_format(&all, "%s%.*s", i ? " " : "", STR_ARG(scopes[i]));
    struct making m = {.member = rq->viewer.member,
                       .now_ms = rq->now_ms,
                       .expires_ms = request_last_day(rq, "token_until"),
                       .name = request_input(rq, "token_name"),
                       .scopes = buf_str(&all),
                       .arena = rq->arena};
    if (m.expires_ms && m.expires_ms <= rq->now_ms)
        return request_blame(rq, "token_until",
                             error_set(err, STATUS_INPUT, "Last day: choose a day to come.",
                                       "最后一天：请选择今天或以后的日期。"));
    if (!m.expires_ms)
        m.expires_ms = calendar_day_begin(rq->now_ms, TOKEN_DAYS + 1);
    /* A token outlives the session: an open one alone must not make it. */
    enum status status = page_account_prove(rq, "token_password", err);
    if (!status)
        status =
            server_write(rq->server, library_member_id(rq->arena, m.member), make_step, &m, err);
    struct token_page page = {m.secret, m.name, m.expires_ms - 1};
    return status ? status
                  : answer_page(rq, "account-token", "New token", "新令牌", TOKEN_PAGE, &page);
}

const struct route route_account_token = {
    .method = "POST",
    .path = "/account/tokens",
    .roles = ROLE_MEMBER,
    .en = "Make a token for a script; answers with it, once.",
    .zh = "生成脚本令牌，仅显示一次。",
    .inputs = TOKEN_INPUTS,
    .output = TOKEN_PAGE,
    .page = "account-token",
    .run = make_token,
};

static const struct input END_INPUTS[] = {
    {.name = "token", .kind = INPUT_TEXT, .needed = true, .most = 16, .en = "Token", .zh = "令牌"},
    {0},
};

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct making *m = context;
    return token_end(scratch, store, m->member, m->name, m->now_ms, err);
}

static enum status end_token(struct request *rq, struct error *err)
{
    struct making m = {
        .member = rq->viewer.member, .now_ms = rq->now_ms, .name = request_input(rq, "token")};
    enum status status =
        server_write(rq->server, library_member_id(rq->arena, m.member), end_step, &m, err);
    return status ? status
                  : answer_redirect(rq, STR("/account"), "The token is ended.", "令牌已停用。");
}

const struct route route_account_token_end = {
    .method = "POST",
    .path = "/account/tokens/end",
    .roles = ROLE_MEMBER,
    .en = "End one of one's tokens.",
    .zh = "停用某个令牌。",
    .inputs = END_INPUTS,
    .run = end_token,
    .again = page_account_again,
};
