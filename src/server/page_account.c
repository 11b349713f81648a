/* One's own account: data, password, sessions, language, mail. Second factor and tokens have pages of
 * their own (page_account_factor.c, page_account_token.c) and are shown here. */
#include "server/internal.h"

#include <string.h>

#include "base/calendar.h"
#include "library/account.h"
#include "library/letter.h"
#include "library/member.h"
#include "library/second_factor.h"
#include "library/token.h"
#include "server/guard.h"
#include "server/letter_text.h"
#include "server/new_password.h"
#include "server/page_account.h"

struct account_choice {
    struct str name, words;
    bool chosen;
};
struct account_page {
    struct str member, member_name, email, typed_email, roles;
    bool second_factor, few_codes, can_mail;
    int64_t codes_left;
    struct account_session *sessions;
    size_t nsessions;
    bool other_sessions, ends_tokens;
    struct str token_until; /* the day that the form proposes */
    struct token *tokens;
    size_t ntokens;
    struct str letters; /* the language of letters to who has chosen none */
    struct account_choice *languages, *mails, *scopes;
    size_t nlanguages, nmails, nscopes;
};

#define AS(what, type, member, as)                                       \
    {                                                                    \
        .kind = FIELD_##what, .name = (as), .at = offsetof(type, member) \
    }

static const struct field CHOICE[] = {
    FIELD(TEXT, struct account_choice, name),
    FIELD(TEXT, struct account_choice, words),
    FIELD(FLAG, struct account_choice, chosen),
    {0},
};
static const struct field SESSION[] = {
    FIELD(TEXT, struct account_session, key),
    FIELD(TEXT, struct account_session, agent),
    FIELD(TEXT, struct account_session, place),
    AS(TIME, struct account_session, created_ms, "created"),
    AS(TIME, struct account_session, seen_ms, "seen"),
    FIELD(FLAG, struct account_session, current),
    {0},
};
static const struct field TOKEN[] = {
    FIELD(TEXT, struct token, key),          FIELD(TEXT, struct token, name),
    FIELD(TEXT, struct token, scopes),       AS(TIME, struct token, created_ms, "created"),
    AS(TIME, struct token, seen_ms, "seen"), AS(DAY, struct token, until_ms, "until"),
    FIELD(FLAG, struct token, over),         {0},
};
static const struct field ACCOUNT_PAGE[] = {
    FIELD(TEXT, struct account_page, member),
    FIELD(TEXT, struct account_page, member_name),
    FIELD(TEXT, struct account_page, email),
    FIELD_HIDDEN(TEXT, struct account_page, typed_email),
    FIELD(FLAG, struct account_page, can_mail),
    FIELD(TEXT, struct account_page, roles),
    FIELD(FLAG, struct account_page, second_factor),
    FIELD(NUMBER, struct account_page, codes_left),
    FIELD_HIDDEN(FLAG, struct account_page, few_codes),
    FIELD_OF_LIST(struct account_page, sessions, SESSION),
    FIELD_HIDDEN(FLAG, struct account_page, other_sessions),
    FIELD_OF_LIST(struct account_page, tokens, TOKEN),
    FIELD_HIDDEN(TEXT, struct account_page, token_until),
    FIELD_HIDDEN(FLAG, struct account_page, ends_tokens),
    FIELD_HIDDEN(TEXT, struct account_page, letters),
    FIELD_OF_LIST(struct account_page, languages, CHOICE),
    FIELD_OF_LIST(struct account_page, mails, CHOICE),
    FIELD_OF_LIST(struct account_page, scopes, CHOICE),
    {0},
};

/* --- showing it ----------------------------------------------------------------------------------- */

struct word {
    const char *name, *en, *zh;
};
static const struct word LANGUAGES[] = {
    {"", "as the browser asks", "跟随浏览器"},
    {"en", "English", "English"},
    {"zh", "中文", "中文"},
    {0},
};
static const struct word MAILS[] = {
    {"each", "at once, for each paper", "每篇文稿即时发送"},
    {"daily", "once a day", "每天一封"},
    {"weekly", "once a week", "每周一封"},
    {"none", "never", "不发送"},
    {0},
};

static struct account_choice *make_choices(struct request *rq, const struct word *words,
                                           struct str chosen, size_t *count)
{
    size_t n = 0;
    while (words[n].name)
        n++;
    struct account_choice *choices = arena_array(rq->arena, n, struct account_choice);
    for (size_t i = 0; i < n; i++)
        choices[i] = (struct account_choice){str_of(words[i].name),
                                             request_words(rq, words[i].en, words[i].zh),
                                             str_equal(str_of(words[i].name), chosen)};
    *count = n;
    return choices;
}

static enum status load_preferences(struct request *rq, struct account_page *page,
                                    struct error *err)
{
    struct str lang = STR("");
    struct str mail = STR("");
    enum lang letters;
    enum status status = letter_common_lang(rq->arena, rq->store, &letters, err);
    if (status)
        return status;
    page->letters = letters == LANG_ZH ? request_words(rq, "Chinese", "中文")
                                       : request_words(rq, "English", "英文");
    struct query *q = query_start(rq->store, "SELECT lang, mail FROM account WHERE member = ?1");
    query_bind_int(q, 1, rq->viewer.member);
    if (query_row(q)) {
        lang = str_copy(rq->arena, query_str(q, 0));
        mail = str_copy(rq->arena, query_str(q, 1));
    }
    page->languages = make_choices(rq, LANGUAGES, lang, &page->nlanguages);
    page->mails = make_choices(rq, MAILS, mail, &page->nmails);
    return query_end(q, err);
}

/* The scopes that the viewer's roles can give. */
static void load_scopes(struct request *rq, struct account_page *page)
{
    page->scopes = arena_array(rq->arena, ROLE_COUNT, struct account_choice);
    for (const struct token_scope *s = token_scopes; s->name; s++) {
        unsigned role = *s->role ? role_named(s->role) | ROLE_OWNER : ROLE_MEMBER;
        if (request_may(rq, role))
            page->scopes[page->nscopes++] = (struct account_choice){
                str_of(s->name), request_words(rq, s->en, s->zh), s == token_scopes};
    }
}

static struct str role_words(struct request *rq)
{
    struct buf out = {.arena = rq->arena};
    for (const struct account_role *r = account_roles; r->name; r++)
        if (request_may(rq, role_named(r->name)))
            buf_format(&out, "%s%s", out.len ? lang_pick(rq->lang, "; ", "；") : "",
                       lang_pick(rq->lang, r->en, r->zh));
    return buf_str(&out);
}

static enum status show_account(struct request *rq, struct error *err)
{
    struct account_page page = {
        .member = library_member_id(rq->arena, rq->viewer.member),
        .member_name = rq->viewer.name,
        .email = rq->viewer.email,
        .typed_email = rq->post ? pairs_find(&rq->form, STR("new_email")) : STR(""),
        .roles = role_words(rq),
        .ends_tokens =
            !str_equal(rq->path, STR("/account/password")) || request_number(rq, "end_tokens"),
    };
    int64_t member = rq->viewer.member;
    enum status status =
        second_factor_of(rq->store, member, &page.second_factor, &page.codes_left, err);
    if (!status)
        status = account_list_sessions(rq->arena, rq->store, member, &rq->viewer.session,
                                       rq->now_ms, &page.sessions, &page.nsessions, err);
    if (!status)
        status =
            token_list(rq->arena, rq->store, member, rq->now_ms, &page.tokens, &page.ntokens, err);
    if (!status)
        status = library_can_mail(rq->store, &page.can_mail, err);
    if (!status)
        status = load_preferences(rq, &page, err);
    load_scopes(rq, &page);
    page.token_until = calendar_day_text(rq->arena, calendar_day_of(rq->now_ms) + TOKEN_DAYS);
    page.few_codes = page.codes_left < 3;
    page.other_sessions = page.nsessions > 1;
    return status ? status
                  : answer_page(rq, "account", "My account", "我的账户", ACCOUNT_PAGE, &page);
}

enum status page_account_again(struct request *rq, struct error *err)
{
    return show_account(rq, err);
}

const struct route route_account = {
    .method = "GET",
    .path = "/account",
    .roles = ROLE_MEMBER,
    .en = "One's own account: data, sessions, second factor, tokens, language, mail.",
    .zh = "本人账户：资料、登录、两步验证、令牌、语言、邮件。",
    .output = ACCOUNT_PAGE,
    .page = "account",
    .run = show_account,
};

/* --- language and mail ---------------------------------------------------------------------------- */

static const struct input PREFERENCE_INPUTS[] = {
    {.name = "lang", .kind = INPUT_TEXT, .most = 2, .en = "Language", .zh = "语言"},
    {.name = "mail", .kind = INPUT_CHOICE, .needed = true, .most = 6, .en = "Mail", .zh = "邮件"},
    {0},
};

struct preferring {
    int64_t member;
    struct str lang, mail;
};

static enum status prefer_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct preferring *p = context;
    return account_set_preferences(scratch, store, p->member, p->lang, p->mail, err);
}

static enum status save_preferences(struct request *rq, struct error *err)
{
    struct preferring p = {rq->viewer.member, request_input(rq, "lang"), request_input(rq, "mail")};
    enum status status = server_write(rq->server, request_actor(rq), prefer_step, &p, err);
    if (status)
        return status;
    /* The account's choice takes the place of what this browser was told before. */
    answer_cookie(rq, "lang", STR(""), 0);
    (void)lang_parse(p.lang, &rq->lang);
    return answer_redirect(rq, STR("/account"), "Saved.", "已保存。");
}

const struct route route_account_preferences = {
    .method = "POST",
    .path = "/account/preferences",
    .roles = ROLE_MEMBER,
    .en = "Choose language and mail.",
    .zh = "设置语言和邮件。",
    .inputs = PREFERENCE_INPUTS,
    .run = save_preferences,
    .again = show_account,
};

/* --- password ------------------------------------------------------------------------------------- */

static const struct input PASSWORD_INPUTS[] = {
    {.name = "old_password",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = 1000,
     .en = "Present password",
     .zh = "当前密码"},
    NEW_PASSWORD_INPUTS,
    {.name = "end_tokens", .kind = INPUT_FLAG, .en = "End my tokens too", .zh = "同时停用令牌"},
    {0},
};

/* Whoever sits down at an open session must not be able to take the account over, nor to guess. */
enum status page_account_prove(struct request *rq, const char *input, struct error *err)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&rq->viewer.session, hex);
    struct attempt tries =
        attempt_at(rq->store, ATTEMPT_KNOWN, str_format(rq->arena, "session %s", hex));
    struct query *q = query_start(rq->store, "SELECT password FROM account WHERE member = ?1");
    query_bind_int(q, 1, rq->viewer.member);
    struct str kept = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    enum status status = query_end(q, err);
    bool fits = false;
    if (!status)
        status = guard_password(rq, rq->viewer.member, &tries, 1, kept, request_input(rq, input),
                                &fits, err);
    if (!status && !fits)
        return request_blame(rq, input,
                             error_set(err, STATUS_FORBIDDEN, "The present password is not right.",
                                       "当前密码不正确。"));
    return status;
}

struct changing {
    int64_t member, now_ms;
    struct str hash;
    bool ends_tokens;
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct changing *c = context;
    enum status status = STATUS_OK;
    if (c->ends_tokens)
        status = token_end_all(scratch, store, c->member, c->now_ms, err);
    return status ? status : account_set_password(scratch, store, c->member, c->hash, NULL, err);
}

static enum status say_changed(struct request *rq, bool ends_tokens)
{
    if (ends_tokens)
        return answer_redirect(
            rq, STR("/account"),
            "The password is changed; every other browser is signed out, and your tokens are ended.",
            "密码已更改，其他浏览器均已退出登录，令牌均已停用。");
    return answer_redirect(
        rq, STR("/account"),
        "The password is changed; every other browser is signed out. Your tokens go on.",
        "密码已更改，其他浏览器均已退出登录。令牌仍然有效。");
}

static enum status change_password(struct request *rq, struct error *err)
{
    struct member m = {rq->viewer.member, rq->viewer.name, rq->viewer.email, {0}};
    struct changing c = {m.id, rq->now_ms, STR(""), request_number(rq, "end_tokens") != 0};
    enum status status = page_account_prove(rq, "old_password", err);
    if (!status)
        status = new_password_take(rq, &m, &c.hash, err);
    if (!status)
        status = server_write(rq->server, library_member_id(rq->arena, m.id), change_step, &c, err);
    if (!status)
        status = session_start(rq, m.id, c.hash, err);
    return status ? status : say_changed(rq, c.ends_tokens);
}

const struct route route_account_password = {
    .method = "POST",
    .path = "/account/password",
    .roles = ROLE_MEMBER,
    .en = "Change one's password; all other sessions end, and the tokens where that is chosen.",
    .zh = "更改密码，其他登录随之退出；可选同时停用令牌。",
    .inputs = PASSWORD_INPUTS,
    .run = change_password,
    .again = show_account,
};

/* --- sessions ------------------------------------------------------------------------------------- */

static const struct input SESSION_INPUTS[] = {
    {.name = "session",
     .kind = INPUT_TEXT,
     .most = 64,
     .en = "Session (none: all others)",
     .zh = "登录（留空：其他全部）"},
    {0},
};

struct ending {
    int64_t member;
    struct str key;
    struct digest kept;
};

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct ending *e = context;
    return e->key.len ? account_end_session(scratch, store, e->member, e->key, err)
                      : account_end_sessions(scratch, store, e->member, &e->kept, err);
}

static enum status end_sessions(struct request *rq, struct error *err)
{
    struct ending e = {rq->viewer.member, request_input(rq, "session"), rq->viewer.session};
    enum status status = server_write(rq->server, request_actor(rq), end_step, &e, err);
    return status ? status
                  : answer_redirect(rq, STR("/account"), "Signed out there.",
                                    "已在相应浏览器上退出登录。");
}

const struct route route_account_sessions = {
    .method = "POST",
    .path = "/account/sessions/end",
    .roles = ROLE_MEMBER,
    .en = "End one of one's sessions, or all but this one.",
    .zh = "退出某一登录，或其他全部登录。",
    .inputs = SESSION_INPUTS,
    .run = end_sessions,
    .again = show_account,
};
