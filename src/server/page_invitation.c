/* An invitation followed: the member chooses a password and is signed in. */
#include "server/internal.h"

#include "library/account.h"
#include "library/member.h"
#include "library/ticket.h"
#include "server/new_password.h"

struct invitation_page {
    struct str name, email, secret;
};
static const struct field INVITATION_PAGE[] = {
    FIELD(TEXT, struct invitation_page, name),
    FIELD(TEXT, struct invitation_page, email),
    FIELD_HIDDEN(TEXT, struct invitation_page, secret),
    {0},
};
static const struct input INVITATION_INPUTS[] = {NEW_PASSWORD_INPUTS, {0}};

static enum status find_invited(struct request *rq, struct member *m, struct error *err)
{
    int64_t member;
    enum status status =
        ticket_find(rq->store, TICKET_INVITATION, rq->params[0], rq->now_ms, &member, err);
    return status ? status
                  : library_find_member(rq->arena, rq->store, library_member_id(rq->arena, member),
                                        m, err);
}

static enum status show_invitation(struct request *rq, struct error *err)
{
    struct member m;
    enum status status = find_invited(rq, &m, err);
    if (status)
        return status;
    struct invitation_page page = {m.name, m.email, rq->params[0]};
    return answer_page(rq, "invitation", "Welcome", "欢迎", INVITATION_PAGE, &page);
}

const struct route route_invitation = {
    .method = "GET",
    .path = "/invitation/{secret}",
    .roles = ROLE_ANYONE,
    .en = "The form to choose a password with an invitation.",
    .zh = "凭邀请设置密码的表单。",
    .output = INVITATION_PAGE,
    .page = "invitation",
    .run = show_invitation,
};

struct accepting {
    struct str secret, hash;
    int64_t now_ms, member;
};

static enum status accept_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct accepting *a = context;
    return account_accept_invitation(scratch, store, a->secret, a->hash, a->now_ms, &a->member,
                                     err);
}

static enum status accept_invitation(struct request *rq, struct error *err)
{
    struct member m;
    struct accepting a = {.secret = rq->params[0], .now_ms = rq->now_ms};
    enum status status = find_invited(rq, &m, err);
    if (!status)
        status = new_password_take(rq, &m, &a.hash, err);
    if (!status)
        status = server_write(rq->server, library_member_id(rq->arena, m.id), accept_step, &a, err);
    if (!status)
        status = session_start(rq, a.member, a.hash, err);
    return status ? status
                  : answer_redirect(rq, STR("/"), "Your account is ready. Welcome.",
                                    "账户已开通，欢迎您。");
}

const struct route route_invitation_post = {
    .method = "POST",
    .path = "/invitation/{secret}",
    .roles = ROLE_ANYONE,
    .en = "Choose a password with an invitation, and be signed in.",
    .zh = "凭邀请设置密码并登录。",
    .inputs = INVITATION_INPUTS,
    .run = accept_invitation,
    .again = show_invitation,
};
