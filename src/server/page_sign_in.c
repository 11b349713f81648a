/* Signing in and out: a password, then a code where the account asks for one.
 *
 * Between the two the browser holds no session, only a sealed note of who got the password right and until
 * when; the seal also covers the password kept, so that a changed password ends it. */
#include "server/internal.h"

#include <string.h>

#include "library/account.h"
#include "library/letter.h"
#include "library/second_factor.h"
#include "library/setting.h"
#include "server/guard.h"

#define STEP_COOKIE  "chancery-step"
#define STEP_SECONDS 300

/* --- who it may be -------------------------------------------------------------------------------- */

struct candidate {
    int64_t member; /* 0: nobody */
    struct str password;
    bool suspended, second_factor;
    bool known; /* comes from where they signed in before, or is signed in */
};

static enum status find_candidate(struct request *rq, const char *sql, struct str email,
                                  int64_t member, struct candidate *c, struct error *err)
{
    struct query *q = query_start(rq->store, sql);
    query_bind_str(q, 1, email);
    query_bind_int(q, 2, member);
    query_bind_str(q, 3, session_network(rq->arena, rq->address));
    *c = (struct candidate){0};
    if (query_row(q)) {
        c->member = query_int(q, 0);
        c->password = str_copy(rq->arena, query_str(q, 1));
        c->suspended = query_int(q, 2) != 0;
        c->second_factor = !query_is_null(q, 3);
        c->known = query_int(q, 4) != 0 || c->member == rq->viewer.member;
    }
    return query_end(q, err);
}

#define CANDIDATE_SQL                                                           \
    "SELECT m.id, a.password, a.suspended_ms IS NOT NULL AND NOT " ANSWERS_SQL( \
        "m.id") ", a.totp, EXISTS (SELECT 1 FROM known_network k"               \
                " WHERE k.member = m.id AND k.network = ?3) FROM member m JOIN account a ON a.member = m.id"

static enum status find_by_email(struct request *rq, struct str email, struct candidate *c,
                                 struct error *err)
{
    return find_candidate(rq, CANDIDATE_SQL " WHERE m.email = ?1 AND a.password <> '' AND ?2 = 0",
                          email, 0, c, err);
}

static enum status find_by_member(struct request *rq, int64_t member, struct candidate *c,
                                  struct error *err)
{
    return find_candidate(rq, CANDIDATE_SQL " WHERE m.id = ?2 AND ?1 = ''", STR(""), member, c,
                          err);
}

/* --- the note between password and code ----------------------------------------------------------- */

static struct str seal(struct request *rq, const struct candidate *c, int64_t until_ms)
{
    const struct digest *secret = store_secret(rq->store);
    struct digest key = digest_derive(digest_bytes(secret), STR("sign-in step"));
    struct str text = str_format(rq->arena, "%lld %lld %.*s", (long long)c->member,
                                 (long long)until_ms, STR_ARG(c->password));
    struct digest keyed = digest_keyed(digest_bytes(&key), text);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&keyed, hex);
    return str_copy(rq->arena, (struct str){hex, DIGEST_HEX});
}

static void leave_note(struct request *rq, const struct candidate *c)
{
    int64_t until_ms = rq->now_ms + (int64_t)STEP_SECONDS * 1000;
    struct str note = str_format(rq->arena, "%lld.%lld.%.*s", (long long)c->member,
                                 (long long)until_ms, STR_ARG(seal(rq, c, until_ms)));
    answer_cookie(rq, STEP_COOKIE, note, STEP_SECONDS);
}

/* Whose note the browser brings; nobody's when there is none, or it is not whole, or too old. */
static enum status read_note(struct request *rq, struct candidate *c, struct error *err)
{
    struct str rest = request_cookie(rq, STEP_COOKIE);
    struct str part[3] = {{0}};
    uint64_t member = 0;
    uint64_t until_ms = 0;
    *c = (struct candidate){0};
    for (size_t i = 0; i < 3; i++)
        (void)str_split(&rest, '.', &part[i]);
    if (!str_to_u64(part[0], &member) || !str_to_u64(part[1], &until_ms) || member > INT64_MAX ||
        until_ms > INT64_MAX || (int64_t)until_ms < rq->now_ms)
        return STATUS_OK;
    enum status status = find_by_member(rq, (int64_t)member, c, err);
    if (!c->second_factor || c->suspended ||
        !session_same_secret(part[2], seal(rq, c, (int64_t)until_ms)))
        *c = (struct candidate){0};
    return status;
}

/* --- the password --------------------------------------------------------------------------------- */

struct sign_in_page {
    struct str email, next;
    bool can_join;
};
static const struct field SIGN_IN_PAGE[] = {
    FIELD(TEXT, struct sign_in_page, email),
    FIELD(TEXT, struct sign_in_page, next),
    FIELD(FLAG, struct sign_in_page, can_join),
    {0},
};
static const struct input SIGN_IN_QUERY[] = {
    {.name = "next",
     .kind = INPUT_TEXT,
     .most = REQUEST_NEXT_MOST,
     .en = "Where to go on",
     .zh = "登录后前往"},
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
    {.name = "next",
     .kind = INPUT_TEXT,
     .most = REQUEST_NEXT_MOST,
     .en = "Where to go on",
     .zh = "登录后前往"},
    {0},
};

static struct str where_next(const struct request *rq)
{
    struct str next = request_input(rq, "next");
    return answer_is_local_path(next) ? next : STR("/");
}

static enum status show_sign_in(struct request *rq, struct error *err)
{
    struct sign_in_page page = {request_input(rq, "email"), request_input(rq, "next"), false};
    struct str registration;
    if (!rq->post && rq->viewer.member)
        return answer_redirect(rq, where_next(rq), NULL, NULL);
    enum status status =
        library_get_setting(rq->arena, rq->store, STR("registration"), &registration, err);
    if (!status)
        status = library_can_mail(rq->store, &page.can_join,
                                  err); /* the link to an account goes by mail */
    page.can_join = page.can_join && registration.len > 0;
    return status ? status : answer_page(rq, "sign-in", "Sign in", "登录", SIGN_IN_PAGE, &page);
}

/* Strangers to an account share its tries; who comes from a known network has tries of their own there,
 * so that no stranger's failures keep them out. */
static struct attempt tries_of(struct request *rq, struct str email, bool known)
{
    if (!known)
        return attempt_at(rq->store, ATTEMPT_ACCOUNT, email);
    struct str network = session_network(rq->arena, rq->address);
    return attempt_at(rq->store, ATTEMPT_KNOWN,
                      str_format(rq->arena, "%.*s %.*s", STR_ARG(email), STR_ARG(network)));
}

static enum status ask_code(struct request *rq, const struct candidate *c)
{
    struct buf to = {.arena = rq->arena};
    leave_note(rq, c);
    buf_add(&to, STR("/sign-in/code?next="));
    answer_escape_query(&to, where_next(rq));
    return answer_redirect(rq, buf_str(&to), NULL, NULL);
}

static enum status sign_in(struct request *rq, struct error *err)
{
    struct candidate c;
    struct str email = request_input(rq, "email");
    enum status status = find_by_email(rq, email, &c, err);
    if (status)
        return status;
    const struct attempt tries[] = {
        tries_of(rq, email, c.known),
        attempt_at(rq->store, ATTEMPT_NETWORK, session_network(rq->arena, rq->address)),
    };
    bool fits;
    status = guard_password(rq, c.known ? c.member : 0, tries, 2, c.password,
                            request_input(rq, "password"), &fits, err);
    if (!status && !fits)
        return error_set(err, STATUS_FORBIDDEN, "E-mail or password is not right.",
                         "邮箱或密码不正确。");
    if (!status && c.suspended)
        return error_set(err, STATUS_FORBIDDEN,
                         "This account is suspended. Please write to the organisation.",
                         "此账户已暂停，请与本单位联系。");
    if (!status && c.second_factor)
        return ask_code(rq, &c);
    if (!status)
        status = session_start(rq, c.member, c.password, err);
    return status ? status : answer_redirect(rq, where_next(rq), NULL, NULL);
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
    .en = "Sign in; with a second factor the code is asked next.",
    .zh = "登录；启用两步验证的账户随后输入验证码。",
    .inputs = SIGN_IN_INPUTS,
    .run = sign_in,
    .again = show_sign_in,
};

/* --- the code ------------------------------------------------------------------------------------- */

struct code_page {
    struct str next;
};
static const struct field CODE_PAGE[] = {
    FIELD(TEXT, struct code_page, next),
    {0},
};
static const struct input CODE_INPUTS[] = {
    {.name = "code", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Code", .zh = "验证码"},
    {.name = "next",
     .kind = INPUT_TEXT,
     .most = REQUEST_NEXT_MOST,
     .en = "Where to go on",
     .zh = "登录后前往"},
    {0},
};

static enum status show_code(struct request *rq, struct error *err)
{
    struct candidate c;
    struct code_page page = {request_input(rq, "next")};
    enum status status = read_note(rq, &c, err);
    if (!status && !c.member)
        return answer_redirect(rq, STR("/sign-in"), NULL, NULL);
    return status ? status : answer_page(rq, "sign-in-code", "Code", "验证码", CODE_PAGE, &page);
}

const struct route route_sign_in_code = {
    .method = "GET",
    .path = "/sign-in/code",
    .roles = ROLE_ANYONE,
    .en = "The form for the code of the second factor.",
    .zh = "输入两步验证码的表单。",
    .inputs = SIGN_IN_QUERY,
    .output = CODE_PAGE,
    .page = "sign-in-code",
    .run = show_code,
};

struct code_use {
    int64_t member, now_ms;
    struct str code;
    bool recovery;
};

static enum status use_code_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    struct code_use *u = context;
    return second_factor_use(scratch, store, u->member, u->code, u->now_ms, &u->recovery, err);
}

static enum status check_code(struct request *rq, const struct candidate *c, bool *recovery,
                              struct error *err)
{
    struct str id = library_member_id(rq->arena, c->member);
    struct str network = session_network(rq->arena, rq->address);
    struct code_use use = {c->member, rq->now_ms, request_input(rq, "code"), false};
    struct str who =
        c->known ? str_format(rq->arena, "%.*s %.*s", STR_ARG(id), STR_ARG(network)) : id;
    struct attempt tries = attempt_at(rq->store, ATTEMPT_CODE, who);
    enum status status = guard_enter(rq, &tries, 1, err);
    if (!status)
        status = server_write(rq->server, id, use_code_step, &use, err);
    if (!status)
        status = guard_pass(rq, &tries, 1, err);
    *recovery = use.recovery;
    return status;
}

/* Whoever used up a recovery code sees how many are left to get in with. */
static enum status tell_codes_left(struct request *rq, int64_t member, struct error *err)
{
    bool on;
    int64_t left = 0;
    enum status status = second_factor_of(rq->store, member, &on, &left, err);
    if (status)
        return status;
    if (!left)
        return answer_redirect(rq, STR("/account"),
                               "That was your last recovery code. Make new ones now, under Second "
                               "factor below, so as not to be shut out without your device.",
                               "您已用完最后一个恢复码。请立即在下方“两步验证”处重新生成，"
                               "以免设备不在身边时无法登录。");
    return answer_redirect(
        rq, STR("/account"),
        str_format(rq->arena, "That was a recovery code; it is used up now. Left: %lld.",
                   (long long)left)
            .at,
        str_format(rq->arena, "您使用了一个恢复码，它已失效。还剩 %lld 个。", (long long)left).at);
}

static enum status give_code(struct request *rq, struct error *err)
{
    struct candidate c;
    bool recovery = false;
    enum status status = read_note(rq, &c, err);
    if (!status && !c.member)
        return answer_redirect(rq, STR("/sign-in"), "That took too long. Please sign in once more.",
                               "等待时间过长，请重新登录。");
    if (!status)
        status = check_code(rq, &c, &recovery, err);
    if (!status)
        status = session_start(rq, c.member, c.password, err);
    if (status)
        return status;
    answer_cookie(rq, STEP_COOKIE, STR(""), 0);
    if (!recovery)
        return answer_redirect(rq, where_next(rq), NULL, NULL);
    return tell_codes_left(rq, c.member, err);
}

const struct route route_sign_in_code_post = {
    .method = "POST",
    .path = "/sign-in/code",
    .roles = ROLE_ANYONE,
    .en = "Give the code of the second factor, or a recovery code, and be signed in.",
    .zh = "输入两步验证码或恢复码并登录。",
    .inputs = CODE_INPUTS,
    .run = give_code,
    .again = show_code,
};

/* --- out ------------------------------------------------------------------------------------------ */

static enum status sign_out(struct request *rq, struct error *err)
{
    enum status status = session_end(rq, err);
    return status ? status : answer_redirect(rq, STR("/"), "You are signed out.", "您已退出登录。");
}

const struct route route_sign_out = {
    .method = "POST",
    .path = "/sign-out",
    .roles = ROLE_MEMBER | ROLE_SUSPENDED,
    .en = "Sign out of this browser.",
    .zh = "在此浏览器上退出登录。",
    .run = sign_out,
};
