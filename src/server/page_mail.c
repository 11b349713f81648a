/* Letters as people meet them: the owner's settings, and every member's way to stop them. */
#include "server/internal.h"

#include <string.h>

#include "library/member.h"
#include "library/setting.h"
#include "server/letter_text.h"
#include "server/mail.h"
#include "server/setting_form.h"

#define FAILED_SHOWN 100

/* --- settings ------------------------------------------------------------------------------------ */

struct failed_letter {
    struct str name, email, kind, words, failed;
    int64_t when;
};
struct mail_page {
    struct str site, from, url, user, trouble;
    bool password_kept, ready, has_failed;
    int64_t waiting, sent, trouble_since;
    struct failed_letter *failed;
    size_t nfailed;
};

static const struct field FAILED_LETTER[] = {
    FIELD(TEXT, struct failed_letter, name),
    FIELD(TEXT, struct failed_letter, email),
    FIELD(TEXT, struct failed_letter, kind),
    FIELD_HIDDEN(TEXT, struct failed_letter, words),
    FIELD(TEXT, struct failed_letter, failed),
    FIELD(TIME, struct failed_letter, when),
    {0},
};
static const struct field MAIL_PAGE[] = {
    FIELD(TEXT, struct mail_page, site),
    FIELD(TEXT, struct mail_page, from),
    FIELD(TEXT, struct mail_page, url),
    FIELD(TEXT, struct mail_page, user),
    FIELD(TEXT, struct mail_page, trouble),
    FIELD(FLAG, struct mail_page, password_kept),
    FIELD(FLAG, struct mail_page, ready),
    FIELD_HIDDEN(FLAG, struct mail_page, has_failed),
    FIELD(NUMBER, struct mail_page, waiting),
    FIELD(NUMBER, struct mail_page, sent),
    FIELD(TIME, struct mail_page, trouble_since),
    FIELD_OF_LIST(struct mail_page, failed, FAILED_LETTER),
    {0},
};

/* The settings of the form; each input has the name of one. */
static const struct input MAIL_INPUTS[] = {
    {.name = "site.url", .kind = INPUT_TEXT, .en = "Address of the portal", .zh = "门户网址"},
    {.name = "mail.from", .kind = INPUT_TEXT, .most = 320, .en = "Sender", .zh = "发件人"},
    {.name = "smtp.url", .kind = INPUT_TEXT, .en = "Mail server", .zh = "邮件服务器"},
    {.name = "smtp.user", .kind = INPUT_TEXT, .en = "User name", .zh = "用户名"},
    {.name = "smtp.password",
     .kind = INPUT_LONG_TEXT,
     .most = 1000,
     .en = "Password",
     .zh = "密码"},
    {.name = "forget", .kind = INPUT_FLAG, .en = "Forget the password", .zh = "清除密码"},
    {0},
};

static enum status get(struct request *rq, const char *name, struct str *value, struct error *err)
{
    bool typed = rq->post && strcmp(name, "smtp.password") != 0;
    *value = request_input(rq, name);
    return typed ? STATUS_OK : library_get_setting(rq->arena, rq->store, str_of(name), value, err);
}

static enum status count_letters(struct request *rq, struct mail_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT count(*) FILTER (WHERE sent_ms IS NULL AND ended_ms IS NULL"
        " AND kind <> 'entry'), count(*) FILTER (WHERE sent_ms IS NOT NULL) FROM letter");
    if (query_row(q)) {
        page->waiting = query_int(q, 0);
        page->sent = query_int(q, 1);
    }
    return query_end(q, err);
}

static enum status list_failed(struct request *rq, struct mail_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT m.name, m.email, l.kind, l.failed, l.ended_ms FROM letter l"
                   " JOIN member m ON m.id = l.member"
                   " WHERE l.ended_ms IS NOT NULL AND l.failed <> '' ORDER BY l.ended_ms DESC"
                   " LIMIT 100");
    page->failed = arena_array(rq->arena, FAILED_SHOWN, struct failed_letter);
    while (page->nfailed < FAILED_SHOWN && query_row(q))
        page->failed[page->nfailed++] = (struct failed_letter){
            .name = str_copy(rq->arena, query_str(q, 0)),
            .email = str_copy(rq->arena, query_str(q, 1)),
            .kind = str_copy(rq->arena, query_str(q, 2)),
            .words = str_of(letter_kind_words(query_str(q, 2), rq->lang)),
            .failed = str_copy(rq->arena, query_str(q, 3)),
            .when = query_int(q, 4),
        };
    return query_end(q, err);
}

static enum status show_mail(struct request *rq, struct error *err)
{
    struct mail_page page = {0};
    struct str password;
    enum status status = get(rq, "site.url", &page.site, err);
    if (!status)
        status = get(rq, "mail.from", &page.from, err);
    if (!status)
        status = get(rq, "smtp.url", &page.url, err);
    if (!status)
        status = get(rq, "smtp.user", &page.user, err);
    if (!status)
        status = get(rq, "smtp.password", &password, err);
    if (!status)
        status = count_letters(rq, &page, err);
    if (!status)
        status = list_failed(rq, &page, err);
    if (status)
        return status;
    page.password_kept = password.len > 0;
    page.has_failed = page.nfailed > 0;
    page.ready = page.from.len && page.url.len;
    mail_trouble(server_mail(rq->server), rq->arena, &page.trouble, &page.trouble_since);
    return answer_page(rq, "mail-settings", "Mail", "邮件", MAIL_PAGE, &page);
}

static enum status keep_settings(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    struct request *rq = context;
    enum status status = STATUS_OK;
    for (const struct input *i = MAIL_INPUTS; !status && i->name; i++) {
        struct str value = request_input(rq, i->name);
        bool password = strcmp(i->name, "smtp.password") == 0;
        bool keep = password && !value.len && !request_number(rq, "forget");
        if (i->kind != INPUT_FLAG && !keep)
            status = setting_form_keep(store, scratch, i, value, NULL, err);
    }
    return status;
}

static enum status save_mail(struct request *rq, struct error *err)
{
    enum status status = server_write(rq->server, request_actor(rq), keep_settings, rq, err);
    return status ? status
                  : answer_redirect(rq, STR("/settings/mail"),
                                    "Saved. Send yourself a test letter to see that it works.",
                                    "已保存。请给自己发一封测试邮件，以确认可用。");
}

const struct route route_mail = {
    .method = "GET",
    .path = "/settings/mail",
    .roles = ROLE_OWNER,
    .scope = "manage",
    .en = "Mail server, sender, letters that wait or failed.",
    .zh = "邮件服务器、发件人，待发与发送失败的邮件。",
    .output = MAIL_PAGE,
    .page = "mail-settings",
    .run = show_mail,
};

const struct route route_mail_post = {
    .method = "POST",
    .path = "/settings/mail",
    .roles = ROLE_OWNER,
    .en = "Set up mail.",
    .zh = "设置邮件。",
    .inputs = MAIL_INPUTS,
    .run = save_mail,
    .again = show_mail,
};

/* --- a test letter, failed letters ----------------------------------------------------------------- */

static enum status send_test(struct request *rq, struct error *err)
{
    enum status status =
        mail_send_test(rq->server, rq->store, rq->arena, rq->viewer.member, rq->lang, err);
    return status ? status
                  : answer_redirect(rq, STR("/settings/mail"),
                                    "The mail server took a test letter to you.",
                                    "测试邮件已由邮件服务器接收，请查收。");
}

static enum status show_saved(struct request *rq, struct error *err)
{
    rq->post = false; /* what is kept, not what was typed: nothing was */
    return show_mail(rq, err);
}

const struct route route_mail_test = {
    .method = "POST",
    .path = "/settings/mail/test",
    .roles = ROLE_OWNER,
    .en = "Send yourself a test letter.",
    .zh = "给自己发送一封测试邮件。",
    .run = send_test,
    .again = show_saved,
};

static enum status retry_failed(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    (void)scratch;
    (void)context;
    struct query *q =
        query_start(store, "UPDATE letter SET ended_ms = NULL, tries = 0, failed = '',"
                           " created_ms = ?1, due_ms = ?1"
                           " WHERE ended_ms IS NOT NULL AND failed <> ''");
    query_bind_int(q, 1, store_now_ms());
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : store_add_event(store, "owner", "mail.retried", STR(""), STR("{}"), err);
}

static enum status send_again(struct request *rq, struct error *err)
{
    enum status status = server_write(rq->server, request_actor(rq), retry_failed, NULL, err);
    return status ? status
                  : answer_redirect(rq, STR("/settings/mail"), "They are being sent again.",
                                    "正在重新发送。");
}

const struct route route_mail_again = {
    .method = "POST",
    .path = "/settings/mail/again",
    .roles = ROLE_OWNER,
    .en = "Send the failed letters again.",
    .zh = "重新发送失败的邮件。",
    .run = send_again,
};

/* --- how often, and stop --------------------------------------------------------------------------- */

struct unsubscribe_page {
    struct str token;
    bool each, daily, weekly, none;
};
static const struct field UNSUBSCRIBE_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct unsubscribe_page, token),
    FIELD(FLAG, struct unsubscribe_page, each),
    FIELD(FLAG, struct unsubscribe_page, daily),
    FIELD(FLAG, struct unsubscribe_page, weekly),
    FIELD(FLAG, struct unsubscribe_page, none),
    {0},
};
static const struct input UNSUBSCRIBE_INPUTS[] = {
    {.name = "mail", .kind = INPUT_TEXT, .most = 10, .en = "How often", .zh = "频率"},
    {0},
};

static enum status find_letters_of(struct request *rq, int64_t *member, struct str *wish,
                                   struct error *err)
{
    *member = letter_unsubscribe_member(rq->store, rq->params[0]);
    struct query *q = query_start(rq->store, "SELECT mail FROM account WHERE member = ?1");
    query_bind_int(q, 1, *member);
    bool found = query_row(q);
    *wish = found ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    enum status status = query_end(q, err);
    if (status || found)
        return status;
    return error_set(err, STATUS_MISSING,
                     "This address stops nobody's letters. Take it whole from the letter.",
                     "此链接无效，请从邮件中完整复制。");
}

static enum status show_unsubscribe(struct request *rq, struct error *err)
{
    struct str wish;
    int64_t member;
    enum status status = find_letters_of(rq, &member, &wish, err);
    if (status)
        return status;
    struct unsubscribe_page page = {
        .token = rq->params[0],
        .each = str_equal(wish, STR("each")),
        .daily = str_equal(wish, STR("daily")),
        .weekly = str_equal(wish, STR("weekly")),
        .none = str_equal(wish, STR("none")),
    };
    return answer_page(rq, "unsubscribe", "Your letters", "邮件通知", UNSUBSCRIBE_PAGE, &page);
}

const struct route route_unsubscribe = {
    .method = "GET",
    .path = "/unsubscribe/{token}",
    .roles = ROLE_ANYONE,
    .en = "How often the member gets letters.",
    .zh = "成员接收邮件的频率。",
    .output = UNSUBSCRIBE_PAGE,
    .page = "unsubscribe",
    .run = show_unsubscribe,
};

struct wish {
    int64_t member;
    struct str mail;
};

static enum status keep_wish(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct wish *wish = context;
    struct query *q = query_start(store, "UPDATE account SET mail = ?2 WHERE member = ?1");
    query_bind_int(q, 1, wish->member);
    query_bind_str(q, 2, wish->mail);
    (void)query_row(q);
    enum status status = query_end(q, err);
    return status ? status
                  : store_add_event(
                        store, "member", "mail.chosen", library_member_id(scratch, wish->member),
                        str_format(scratch, "{\"mail\":\"%.*s\"}", STR_ARG(wish->mail)), err);
}

/* With one click (RFC 8058) nothing is chosen, which stops them. */
static enum status unsubscribe(struct request *rq, struct error *err)
{
    static const char *const wishes[] = {"each", "daily", "weekly", "none"};
    struct str asked = request_input(rq, "mail");
    struct str now;
    struct wish wish = {.mail = STR("none")};
    enum status status = find_letters_of(rq, &wish.member, &now, err);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (str_equal(asked, str_of(wishes[i])))
            wish.mail = asked;
    if (!status)
        status = server_write(rq->server, library_member_id(rq->arena, wish.member), keep_wish,
                              &wish, err);
    struct str back = str_format(rq->arena, "/unsubscribe/%.*s", STR_ARG(rq->params[0]));
    if (status || !str_equal(wish.mail, STR("none")))
        return status ? status : answer_redirect(rq, back, "Saved.", "已保存。");
    return answer_redirect(rq, back, "You will get no more of these letters.",
                           "已退订，不再向您发送此类邮件。");
}

const struct route route_unsubscribe_post = {
    .method = "POST",
    .path = "/unsubscribe/{token}",
    .roles = ROLE_ANYONE,
    .en = "Choose how often letters come; with nothing chosen they stop (one click, RFC 8058).",
    .zh = "选择接收频率；不选即退订（一键退订，RFC 8058）。",
    .inputs = UNSUBSCRIBE_INPUTS,
    .run = unsubscribe,
};
