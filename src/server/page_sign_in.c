/* Signing in and out. */
#include "server/internal.h"

#include <sodium.h>
#include <string.h>

struct sign_in_page {
    struct str email, next;
};
static const struct field SIGN_IN_PAGE[] = {
    FIELD(TEXT, struct sign_in_page, email),
    FIELD(TEXT, struct sign_in_page, next),
    {0},
};
static const struct input SIGN_IN_QUERY[] = {
    {.name = "next", .kind = INPUT_TEXT, .most = 2000, .en = "Where to go on", .zh = "登录后前往"},
    {0},
};
static const struct input SIGN_IN_INPUTS[] = {
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    {.name = "password",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 1000,
     .en = "Password",
     .zh = "密码"},
    {.name = "next", .kind = INPUT_TEXT, .most = 2000, .en = "Where to go on", .zh = "登录后前往"},
    {0},
};

static enum status show_sign_in(struct request *rq, struct error *err)
{
    struct sign_in_page page = {request_input(rq, "email"), request_input(rq, "next")};
    (void)err;
    return answer_page(rq, "sign-in", "Sign in", "登录", SIGN_IN_PAGE, &page);
}

/* The same work for an address that nobody has, so that time tells nothing. */
#define NOBODY                                               \
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" \
    "Yhb0xjMZx0Un8yX8bMzTqXvWfTT3d9v5nYH0FfHQZ8k"

static enum status sign_in(struct request *rq, struct error *err)
{
    struct str password = request_input(rq, "password");
    struct str next = request_input(rq, "next");
    struct query *q = query_start(rq->store, "SELECT m.id, a.password FROM member m JOIN account a"
                                             " ON a.member = m.id WHERE m.email = ?1"
                                             " AND a.suspended_ms IS NULL AND a.password <> ''");
    query_bind_str(q, 1, request_input(rq, "email"));
    bool found = query_row(q);
    int64_t member = found ? query_int(q, 0) : 0;
    struct str kept = found ? query_str(q, 1) : STR(NOBODY);
    char hash[crypto_pwhash_STRBYTES] = "";
    memcpy(hash, kept.at, kept.len < sizeof hash ? kept.len : sizeof hash - 1);
    enum status status = query_end(q, err);
    if (status)
        return status;
    bool good = crypto_pwhash_str_verify(hash, password.at, password.len) == 0 && found;
    if (!good)
        return error_set(err, STATUS_FORBIDDEN, "E-mail or password is not right.",
                         "邮箱或密码不正确。");
    status = session_start(rq, member, err);
    return status ? status
                  : answer_redirect(rq, answer_is_local_path(next) ? next : STR("/"), NULL, NULL);
}

const struct route route_sign_in = {
    .method = "GET",
    .path = "/sign-in",
    .roles = ROLE_ANYONE,
    .en = "The form to sign in.",
    .zh = "登录表单。",
    .inputs = SIGN_IN_QUERY,
    .output = SIGN_IN_PAGE,
    .page = "sign-in",
    .run = show_sign_in,
};

const struct route route_sign_in_post = {
    .method = "POST",
    .path = "/sign-in",
    .roles = ROLE_ANYONE,
    .en = "Sign in.",
    .zh = "登录。",
    .inputs = SIGN_IN_INPUTS,
    .run = sign_in,
    .again = show_sign_in,
};

static enum status sign_out(struct request *rq, struct error *err)
{
    enum status status = session_end(rq, err);
    return status ? status : answer_redirect(rq, STR("/"), "You are signed out.", "您已退出登录。");
}

const struct route route_sign_out = {
    .method = "POST",
    .path = "/sign-out",
    .roles = ROLE_MEMBER,
    .en = "Sign out of this browser.",
    .zh = "在此浏览器上退出登录。",
    .run = sign_out,
};
