/* The second factor of one's own account: on, off, new recovery codes.
 *
 * A secret is drawn when the page to turn it on is shown, and comes back with the form; a seal over it and
 * the session tells it from one that somebody else chose. */
#include "server/internal.h"

#include "library/member.h"
#include "library/second_factor.h"
#include "library/setting.h"
#include "server/page_account.h"
#include "server/qr.h"

#define GROUP 4U

struct factor_page {
    struct str picture, secret, shown, seal, uri;
};
static const struct field FACTOR_PAGE[] = {
    FIELD_HIDDEN(MARKUP, struct factor_page, picture),
    FIELD_HIDDEN(TEXT, struct factor_page, secret),
    FIELD_HIDDEN(TEXT, struct factor_page, shown),
    FIELD_HIDDEN(TEXT, struct factor_page, seal),
    FIELD_HIDDEN(TEXT, struct factor_page, uri),
    {0},
};
struct code_line {
    struct str code;
};
struct codes_page {
    struct str email, address; /* so that a printed sheet says what it is for */
    struct code_line *codes;
    size_t ncodes;
};
static const struct field CODE_LINE[] = {FIELD(TEXT, struct code_line, code), {0}};
static const struct field CODES_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct codes_page, email),
    FIELD_HIDDEN(TEXT, struct codes_page, address),
    FIELD_OF_LIST(struct codes_page, codes, CODE_LINE),
    {0},
};

static struct str seal_of(struct request *rq, struct str secret)
{
    const struct digest *key = store_secret(rq->store);
    struct digest derived = digest_derive(digest_bytes(key), STR("second factor form"));
    struct buf text = {.arena = rq->arena};
    buf_add(&text, digest_bytes(&rq->viewer.session));
    buf_add(&text, secret);
    struct digest keyed = digest_keyed(digest_bytes(&derived), buf_str(&text));
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&keyed, hex);
    return str_copy(rq->arena, (struct str){hex, DIGEST_HEX});
}

/* "ABCD EFGH …", to be typed by hand. */
static struct str in_groups(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        if (i && i % GROUP == 0)
            buf_add_byte(&out, ' ');
        buf_add_byte(&out, text.at[i]);
    }
    return buf_str(&out);
}

/* The secret of the form that was sent, when its seal is whole; else a new one. */
static enum status choose_secret(struct request *rq, struct second_factor *factor,
                                 struct error *err)
{
    struct str sent = request_input(rq, "secret");
    if (sent.len && session_same_secret(request_input(rq, "seal"), seal_of(rq, sent)) &&
        second_factor_parse(sent, factor))
        return STATUS_OK;
    return second_factor_draw(factor, err);
}

static enum status show_factor(struct request *rq, struct error *err)
{
    struct second_factor factor;
    struct factor_page page = {0};
    struct str issuer;
    bool on;
    int64_t left;
    enum status status = second_factor_of(rq->store, rq->viewer.member, &on, &left, err);
    if (!status && on)
        return answer_redirect(rq, STR("/account"), NULL, NULL);
    if (!status)
        status = choose_secret(rq, &factor, err);
    if (!status)
        status = library_get_setting(rq->arena, rq->store, STR("organisation"), &issuer, err);
    if (status)
        return status;
    page.secret = second_factor_text(rq->arena, &factor);
    page.shown = in_groups(rq->arena, page.secret);
    page.seal = seal_of(rq, page.secret);
    page.uri = second_factor_uri(rq->arena, &factor, rq->viewer.email,
                                 issuer.len ? issuer : STR("Chancery"));
    status = qr_svg(rq->arena, page.uri,
                    request_words(rq, "QR code for your authenticator app", "验证器应用二维码"),
                    &page.picture, err);
    return status
               ? status
               : answer_page(rq, "account-factor", "Second factor", "两步验证", FACTOR_PAGE, &page);
}

const struct route route_account_factor = {
    .method = "GET",
    .path = "/account/second-factor",
    .roles = ROLE_MEMBER,
    .en = "The form to turn on the second factor, with its QR code.",
    .zh = "启用两步验证的表单与二维码。",
    .output = FACTOR_PAGE,
    .page = "account-factor",
    .run = show_factor,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct factoring {
    int64_t member, now_ms;
    struct second_factor factor;
    struct str code;
    struct request *rq;
    struct str codes[SECOND_FACTOR_RECOVERY];
};

/* The codes outlive the writer's scratch. */
static enum status show_codes(struct request *rq, const struct str *codes, struct error *err)
{
    struct code_line lines[SECOND_FACTOR_RECOVERY];
    struct codes_page page = {
        .email = rq->viewer.email, .codes = lines, .ncodes = SECOND_FACTOR_RECOVERY};
    enum status status = answer_public_address(rq, STR("/sign-in"), &page.address, err);
    if (status)
        return status;
    for (size_t i = 0; i < SECOND_FACTOR_RECOVERY; i++)
        lines[i].code = codes[i];
    return answer_page(rq, "account-codes", "Recovery codes", "恢复码", CODES_PAGE, &page);
}

static enum status turn_on_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    struct factoring *f = context;
    (void)scratch;
    return second_factor_turn_on(f->rq->arena, store, f->member, &f->factor, f->code, f->now_ms,
                                 f->codes, err);
}

static enum status turn_on(struct request *rq, struct error *err)
{
    struct factoring f = {.member = rq->viewer.member,
                          .now_ms = rq->now_ms,
                          .code = request_input(rq, "code"),
                          .rq = rq};
    struct str sent = request_input(rq, "secret");
    bool on;
    int64_t left;
    /* Else whoever finds a browser open could lock its owner out of the account for good. */
    enum status status = page_account_prove(rq, "present_password", err);
    if (!status)
        status = second_factor_of(rq->store, f.member, &on, &left, err);
    if (!status && on)
        return error_set(err, STATUS_CONFLICT, "The second factor is on already.",
                         "两步验证已启用。");
    if (!status && (!session_same_secret(request_input(rq, "seal"), seal_of(rq, sent)) ||
                    !second_factor_parse(sent, &f.factor)))
        return error_set(err, STATUS_INPUT,
                         "This form is too old. Scan the picture below and try again.",
                         "表单已失效，请重新扫描下方二维码。");
    if (!status)
        status =
            server_write(rq->server, library_member_id(rq->arena, f.member), turn_on_step, &f, err);
    return status ? status : show_codes(rq, f.codes, err);
}

#define PROOF_INPUT                                                                        \
    {                                                                                      \
        .name = "present_password", .kind = INPUT_LONG_TEXT, .needed = true, .most = 1000, \
        .en = "Present password", .zh = "当前密码",                                        \
    }

static const struct input TURN_ON_INPUTS[] = {
    {.name = "secret", .kind = INPUT_TEXT, .needed = true, .en = "Secret", .zh = "密钥"},
    {.name = "seal", .kind = INPUT_TEXT, .needed = true, .en = "Seal", .zh = "校验"},
    {.name = "code", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Code", .zh = "验证码"},
    PROOF_INPUT,
    {0},
};

const struct route route_account_factor_on = {
    .method = "POST",
    .path = "/account/second-factor",
    .roles = ROLE_MEMBER,
    .en = "Turn on the second factor; answers with ten recovery codes, once.",
    .zh = "启用两步验证，并一次性显示十个恢复码。",
    .inputs = TURN_ON_INPUTS,
    .output = CODES_PAGE,
    .page = "account-codes",
    .run = turn_on,
    .again = show_factor,
};

static const struct input PROOF_INPUTS[] = {PROOF_INPUT, {0}};

static enum status renew_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct factoring *f = context;
    (void)scratch;
    return second_factor_renew_codes(f->rq->arena, store, f->member, f->codes, err);
}

static enum status refuse_off(struct error *err)
{
    return error_set(err, STATUS_CONFLICT, "The second factor is off.", "两步验证未启用。");
}

static enum status renew_codes(struct request *rq, struct error *err)
{
    struct factoring f = {.member = rq->viewer.member, .rq = rq};
    bool on;
    int64_t left;
    enum status status = page_account_prove(rq, "present_password", err);
    if (!status)
        status = second_factor_of(rq->store, f.member, &on, &left, err);
    if (!status && !on)
        return refuse_off(err);
    if (!status)
        status =
            server_write(rq->server, library_member_id(rq->arena, f.member), renew_step, &f, err);
    return status ? status : show_codes(rq, f.codes, err);
}

const struct route route_account_codes = {
    .method = "POST",
    .path = "/account/second-factor/codes",
    .roles = ROLE_MEMBER,
    .en = "New recovery codes in the place of the old ones, shown once.",
    .zh = "重新生成恢复码，旧码作废，仅显示一次。",
    .inputs = PROOF_INPUTS,
    .output = CODES_PAGE,
    .page = "account-codes",
    .run = renew_codes,
    .again = page_account_again,
};

static enum status turn_off_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct factoring *f = context;
    return second_factor_turn_off(scratch, store, f->member, err);
}

static enum status turn_off(struct request *rq, struct error *err)
{
    struct factoring f = {.member = rq->viewer.member};
    enum status status = page_account_prove(rq, "present_password", err);
    if (!status)
        status = server_write(rq->server, library_member_id(rq->arena, f.member), turn_off_step, &f,
                              err);
    return status ? status
                  : answer_redirect(rq, STR("/account"), "The second factor is off.",
                                    "两步验证已停用。");
}

const struct route route_account_factor_off = {
    .method = "POST",
    .path = "/account/second-factor/off",
    .roles = ROLE_MEMBER,
    .en = "Turn off the second factor.",
    .zh = "停用两步验证。",
    .inputs = PROOF_INPUTS,
    .run = turn_off,
    .again = page_account_again,
};
