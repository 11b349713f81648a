/* Tokens for scripts: made and shown once, ended. They are listed on /account. */
#include "server/internal.h"

#include "library/member.h"
#include "library/token.h"
#include "server/page_account.h"

#define SCOPES_MAX 8U

struct token_page {
    struct str token, token_name;
};
static const struct field TOKEN_PAGE[] = {
    FIELD(TEXT, struct token_page, token),
    FIELD(TEXT, struct token_page, token_name),
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
    {.name = "scope", .kind = INPUT_LIST, .most = 20, .en = "What it is for", .zh = "用途"},
    {0},
};

struct making {
    int64_t member, now_ms;
    struct str name, scopes, secret;
    struct arena *arena; /* the secret outlives the writer's scratch */
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    (void)scratch;
    return token_make(m->arena, store, m->member, m->name, m->scopes, m->now_ms, &m->secret, err);
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
                       .name = request_input(rq, "token_name"),
                       .scopes = buf_str(&all),
                       .arena = rq->arena};
    /* A token outlives the session: an open one alone must not make it. */
    enum status status = page_account_prove(rq, "token_password", err);
    if (!status)
        status =
            server_write(rq->server, library_member_id(rq->arena, m.member), make_step, &m, err);
    struct token_page page = {m.secret, m.name};
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
