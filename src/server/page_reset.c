/* A forgotten password: a letter with a link, and the page that it leads to. */
#include "server/internal.h"

#include <stdio.h>

#include "library/account.h"
#include "library/asking.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/ticket.h"
#include "server/guard.h"
#include "server/new_password.h"

/* --- asking for the letter ------------------------------------------------------------------------ */

struct forgotten_page {
    bool can_mail, asked;
};
static const struct field FORGOTTEN_PAGE[] = {
    FIELD(FLAG, struct forgotten_page, can_mail),
    FIELD(FLAG, struct forgotten_page, asked),
    {0},
};
static const struct input FORGOTTEN_INPUTS[] = {
    {.name = "email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "E-mail",
     .zh = "邮箱"},
    {0},
};

/* Whoever follows a link that is used up finds here what to ask for another with. */
static enum status show_forgotten(struct request *rq, struct error *err)
{
    struct forgotten_page page = {.asked = rq->post && !rq->problem.len};
    enum status status = library_can_mail(rq->store, &page.can_mail, err);
    return status ? status
                  : answer_page(rq, "forgotten", "Forgotten password", "忘记密码", FORGOTTEN_PAGE,
                                &page);
}

const struct route route_forgotten = {
    .method = "GET",
    .path = "/forgotten",
    .roles = ROLE_ANYONE,
    .en = "The form to ask for a letter with which to choose a new password.",
    .zh = "申请重设密码邮件的表单。",
    .output = FORGOTTEN_PAGE,
    .page = "forgotten",
    .run = show_forgotten,
};

struct asking {
    struct attempt tries;
    struct asker asker;
};

/* One commit whether the address is known or not, and whether it had its letters for now or not. */
static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct asking *a = context;
    int64_t wait_ms;
    (void)scratch;
    enum status status = attempt_count(store, &a->tries, 1, a->asker.now_ms, &wait_ms, err);
    if (status)
        return status == STATUS_LIMITED ? STATUS_OK : status;
    return asking_reset(store, &a->asker, err);
}

static enum status ask_reset(struct request *rq, struct error *err)
{
    struct str email = request_input(rq, "email");
    struct str network = session_network(rq->arena, rq->address);
    struct attempt from = attempt_at(rq->store, ATTEMPT_LETTERS_FROM, network);
    struct asking a = {attempt_at(rq->store, ATTEMPT_LETTER, email),
                       {STR(""), email, rq->lang, rq->now_ms}};
    enum status status = guard_enter(rq, &from, 1, err);
    if (!status)
        status = server_write(rq->server, STR(""), ask_step, &a, err);
    return status ? status : show_forgotten(rq, err);
}

const struct route route_forgotten_post = {
    .method = "POST",
    .path = "/forgotten",
    .roles = ROLE_ANYONE,
    .en = "Ask for a letter with which to choose a new password. The answer is the same for every "
          "address.",
    .zh = "申请重设密码邮件，对任何邮箱的答复都相同。",
    .inputs = FORGOTTEN_INPUTS,
    .output = FORGOTTEN_PAGE,
    .run = ask_reset,
    .again = show_forgotten,
};

/* --- following it --------------------------------------------------------------------------------- */

struct reset_page {
    struct str email, secret;
};
static const struct field RESET_PAGE[] = {
    FIELD(TEXT, struct reset_page, email),
    FIELD_HIDDEN(TEXT, struct reset_page, secret),
    {0},
};
static const struct input RESET_INPUTS[] = {NEW_PASSWORD_INPUTS, {0}};

static enum status find_resetting(struct request *rq, struct member *m, struct error *err)
{
    int64_t member;
    enum status status =
        ticket_find(rq->store, TICKET_RESET, rq->params[0], rq->now_ms, &member, err);
    return status ? status
                  : library_find_member(rq->arena, rq->store, library_member_id(rq->arena, member),
                                        m, err);
}

static enum status show_reset(struct request *rq, struct error *err)
{
    struct member m;
    enum status status = find_resetting(rq, &m, err);
    if (status)
        return status;
    struct reset_page page = {m.email, rq->params[0]};
    return answer_page(rq, "reset", "New password", "新密码", RESET_PAGE, &page);
}

const struct route route_reset = {
    .method = "GET",
    .path = "/reset/{secret}",
    .roles = ROLE_ANYONE,
    .en = "The form to choose a new password.",
    .zh = "设置新密码的表单。",
    .output = RESET_PAGE,
    .page = "reset",
    .run = show_reset,
    .again = show_forgotten,
};

struct resetting {
    struct str secret, hash;
    int64_t now_ms;
    struct attempt tries;
};

static enum status reset_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct resetting *r = context;
    enum status status = account_reset(scratch, store, r->secret, r->hash, r->now_ms, err);
    return status ? status : attempt_forgive(store, &r->tries, 1, err);
}

static enum status show_reset_again(struct request *rq, struct error *err)
{
    enum status status = show_reset(rq, err);
    return status == STATUS_MISSING ? show_forgotten(rq, err) : status;
}

/* The second factor is not the mail's to give: whoever resets signs in like anybody. */
static enum status reset(struct request *rq, struct error *err)
{
    struct member m;
    struct resetting r = {.secret = rq->params[0], .now_ms = rq->now_ms};
    enum status status = find_resetting(rq, &m, err);
    if (!status)
        status = new_password_take(rq, &m, &r.hash, err);
    if (status)
        return status;
    r.tries = attempt_at(rq->store, ATTEMPT_ACCOUNT, m.email);
    status = server_write(rq->server, library_member_id(rq->arena, m.id), reset_step, &r, err);
    return status ? status
                  : answer_redirect(rq, STR("/sign-in"),
                                    "Your password is changed; all sessions and tokens are ended. "
                                    "Sign in with the new one.",
                                    "密码已更改，所有登录和令牌均已失效。请用新密码登录。");
}

const struct route route_reset_post = {
    .method = "POST",
    .path = "/reset/{secret}",
    .roles = ROLE_ANYONE,
    .en = "Choose a new password; all sessions and tokens end.",
    .zh = "设置新密码，所有登录和令牌随之失效。",
    .inputs = RESET_INPUTS,
    .run = reset,
    .again = show_reset_again,
};
