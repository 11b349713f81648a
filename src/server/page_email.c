/* A new e-mail address: asked for on the account page, confirmed and objected to by links in letters. */
#include "server/internal.h"

#include "library/address.h"
#include "library/letter.h"
#include "library/member.h"
#include "server/guard.h"
#include "server/page_account.h"

/* --- asking --------------------------------------------------------------------------------------- */

static const struct input ASK_INPUTS[] = {
    {.name = "new_email",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 320,
     .en = "New e-mail",
     .zh = "新邮箱"},
    {.name = "email_password",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 1000,
     .en = "Present password",
     .zh = "当前密码"},
    {0},
};

struct asking {
    int64_t member, now_ms;
    struct str email;
};

static enum status ask_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct asking *a = context;
    return address_ask(scratch, store, a->member, a->email, a->now_ms, err);
}

/* Letters that one member can have sent to strangers are few. */
static enum status ask(struct request *rq, struct error *err)
{
    struct asking a = {rq->viewer.member, rq->now_ms, request_input(rq, "new_email")};
    struct attempt letters = attempt_at(rq->store, ATTEMPT_LETTER, request_actor(rq));
    bool can = false;
    enum status status = library_can_mail(rq->store, &can, err);
    if (!status && !can)
        return error_set(err, STATUS_CONFLICT,
                         "This site sends no mail yet; ask a steward to change your address.",
                         "本站尚未启用邮件，请联系管理员更改邮箱。");
    if (!status)
        status = page_account_prove(rq, "email_password", err);
    if (!status)
        status = guard_enter(rq, &letters, 1, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), ask_step, &a, err);
    return status ? status
                  : answer_redirect(rq, STR("/account"),
                                    "A letter is on its way to the new address; the change is made "
                                    "when you follow its link.",
                                    "已向新邮箱发送邮件，打开其中的链接后即完成更改。");
}

const struct route route_account_email = {
    .method = "POST",
    .path = "/account/email",
    .roles = ROLE_MEMBER,
    .en = "Ask for a change of one's e-mail; letters go to the new address and to the old.",
    .zh = "申请更改邮箱；新旧邮箱都会收到邮件。",
    .inputs = ASK_INPUTS,
    .run = ask,
    .again = page_account_again,
};

/* --- the links ------------------------------------------------------------------------------------ */

struct email_page {
    struct str secret, old_email, new_email;
    bool done;
};
static const struct field EMAIL_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct email_page, secret),
    FIELD(TEXT, struct email_page, old_email),
    FIELD(TEXT, struct email_page, new_email),
    FIELD(FLAG, struct email_page, done),
    {0},
};

static enum status show(struct request *rq, const char *name, const char *title_en,
                        const char *title_zh, const struct address_change *c)
{
    struct email_page page = {rq->params[0], c->old_email, c->email, c->done};
    return answer_page(rq, name, title_en, title_zh, EMAIL_PAGE, &page);
}

static enum status show_new(struct request *rq, struct error *err)
{
    struct address_change c;
    enum status status = address_find_new(rq->arena, rq->store, rq->params[0], rq->now_ms, &c, err);
    return status ? status : show(rq, "email-new", "Your new address", "新邮箱", &c);
}

static enum status show_old(struct request *rq, struct error *err)
{
    struct address_change c;
    enum status status = address_find_old(rq->arena, rq->store, rq->params[0], rq->now_ms, &c, err);
    return status ? status : show(rq, "email-old", "Was it not you?", "并非您本人操作？", &c);
}

struct following {
    struct arena *arena; /* of the request, for the words of the change */
    struct str secret;
    int64_t now_ms;
    struct address_change change;
};

static enum status confirm_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    struct following *f = context;
    (void)scratch;
    return address_confirm(f->arena, store, f->secret, f->now_ms, &f->change, err);
}

static enum status object_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct following *f = context;
    (void)scratch;
    return address_object(f->arena, store, f->secret, f->now_ms, &f->change, err);
}

static enum status confirm(struct request *rq, struct error *err)
{
    struct following f = {rq->arena, rq->params[0], rq->now_ms, {0}};
    enum status status = server_write(rq->server, STR(""), confirm_step, &f, err);
    if (status)
        return status;
    return answer_redirect(rq, rq->viewer.member ? STR("/account") : STR("/sign-in"),
                           "Your e-mail address is changed. Sign in with the new one from now on.",
                           "邮箱已更改，今后请用新邮箱登录。");
}

static enum status object(struct request *rq, struct error *err)
{
    struct following f = {rq->arena, rq->params[0], rq->now_ms, {0}};
    enum status status = server_write(rq->server, STR(""), object_step, &f, err);
    if (status)
        return status;
    if (f.change.done)
        return answer_redirect(rq, STR("/forgotten"),
                               "Your old address counts again, and everybody is signed out of your "
                               "account. Now choose a new password.",
                               "已恢复原邮箱，您账户的所有登录均已退出。请随即重设密码。");
    return answer_redirect(rq, STR("/sign-in"),
                           "The change is stopped. Whoever asked for it knows your password: sign "
                           "in and change it.",
                           "更改已中止。申请者知道您的密码，请登录后立即更改密码。");
}

const struct route route_email_new = {
    .method = "GET",
    .path = "/email/{secret}",
    .roles = ROLE_ANYONE,
    .en = "Whether a new e-mail address is to count, as asked by letter.",
    .zh = "新邮箱的确认页，由邮件进入。",
    .output = EMAIL_PAGE,
    .page = "email-new",
    .run = show_new,
};

const struct route route_email_new_post = {
    .method = "POST",
    .path = "/email/{secret}",
    .roles = ROLE_ANYONE,
    .en = "Make the new e-mail address count.",
    .zh = "确认使用新邮箱。",
    .run = confirm,
};

const struct route route_email_old = {
    .method = "GET",
    .path = "/email/old/{secret}",
    .roles = ROLE_ANYONE,
    .en = "The page to object to a change of e-mail address, as told by letter.",
    .zh = "对更改邮箱提出异议的页面，由邮件进入。",
    .output = EMAIL_PAGE,
    .page = "email-old",
    .run = show_old,
};

const struct route route_email_old_post = {
    .method = "POST",
    .path = "/email/old/{secret}",
    .roles = ROLE_ANYONE,
    .en =
        "Stop a change of e-mail address; one that was made is undone, and all sessions and tokens end.",
    .zh = "中止更改邮箱；已完成的更改将撤销，所有登录和令牌随之失效。",
    .run = object,
};
