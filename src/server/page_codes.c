/* Codes: redeemed by members; made in batches, printed and voided by stewards. */
#include "server/internal.h"

#include "base/csv.h"
#include "library/code.h"
#include "library/member.h"
#include "library/offer.h"
#include "library/plan.h"
#include "library/setting.h"
#include "server/guard.h"
#include "server/plan_words.h"

#define STEWARDS     (ROLE_STEWARD | ROLE_OWNER)
#define BATCHES_MOST 200
#define CODES_A_PAGE 100

/* --- redeeming ---------------------------------------------------------------------------------- */

struct redeem_page {
    struct str code;
};
static const struct field REDEEM_PAGE[] = {FIELD_HIDDEN(TEXT, struct redeem_page, code), {0}};
static const struct input REDEEM_INPUTS[] = {
    {.name = "code", .kind = INPUT_TEXT, .needed = true, .most = 60, .en = "Code", .zh = "兑换码"},
    {0},
};

static enum status show_redeem(struct request *rq, struct error *err)
{
    struct redeem_page page = {rq->post ? request_input(rq, "code") : STR("")};
    (void)err;
    return answer_page(rq, "redeem", "Redeem a code", "使用兑换码", REDEEM_PAGE, &page);
}

const struct route route_redeem = {
    .method = "GET",
    .path = "/redeem",
    .roles = ROLE_MEMBER,
    .en = "The form to redeem a code.",
    .zh = "兑换码表单。",
    .output = REDEEM_PAGE,
    .page = "redeem",
    .run = show_redeem,
};

struct redeeming {
    int64_t member, now_ms;
    struct str code;
    struct subscription subscription;
};

static enum status redeem_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct redeeming *r = context;
    (void)scratch;
    return library_redeem_code(store, r->member, r->code, r->now_ms, &r->subscription, err);
}

static enum status redeem(struct request *rq, struct error *err)
{
    struct redeeming r = {
        .member = rq->viewer.member, .now_ms = rq->now_ms, .code = request_input(rq, "code")};
    struct attempt tries = attempt_at(rq->store, ATTEMPT_REDEEM, request_actor(rq));
    enum status status = guard_enter(rq, &tries, 1, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), redeem_step, &r, err);
    if (!status)
        status = guard_pass(rq, &tries, 1, err);
    return status ? status
                  : answer_redirect(rq, STR("/subscriptions"),
                                    "The code is redeemed. This is what it opens.",
                                    "兑换成功，以下为您的订阅内容。");
}

const struct route route_redeem_post = {
    .method = "POST",
    .path = "/redeem",
    .roles = ROLE_MEMBER,
    .en = "Redeem a code for a subscription.",
    .zh = "使用兑换码开通订阅。",
    .inputs = REDEEM_INPUTS,
    .run = redeem,
    .again = show_redeem,
};

/* --- batches ------------------------------------------------------------------------------------ */

struct batch_line {
    struct str key, plan, note;
    int64_t count, redeemed, made, until, voided;
};
static const struct field BATCH_LINE[] = {
    FIELD(TEXT, struct batch_line, key),
    FIELD(TEXT, struct batch_line, plan),
    FIELD(TEXT, struct batch_line, note),
    FIELD(NUMBER, struct batch_line, count),
    FIELD(NUMBER, struct batch_line, redeemed),
    FIELD(DAY, struct batch_line, made),
    FIELD(DAY, struct batch_line, until),
    FIELD(DAY, struct batch_line, voided),
    {0},
};
struct codes_page {
    struct batch_line *batches;
    size_t nbatches;
    struct plan_choice *plans;
    size_t nplans;
    struct str count, note, expires, once;
};
static const struct field CODES_PAGE[] = {
    FIELD_OF_LIST(struct codes_page, batches, BATCH_LINE),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "plans",
     .at = offsetof(struct codes_page, plans),
     .parts = PLAN_CHOICE,
     .count_at = offsetof(struct codes_page, nplans),
     .size = sizeof(struct plan_choice)},
    FIELD_HIDDEN(TEXT, struct codes_page, count),
    FIELD_HIDDEN(TEXT, struct codes_page, note),
    FIELD_HIDDEN(TEXT, struct codes_page, expires),
    FIELD_HIDDEN(TEXT, struct codes_page, once),
    {0},
};
static const struct input MAKE_INPUTS[] = {
    {.name = "plan", .kind = INPUT_CHOICE, .needed = true, .most = 40, .en = "Plan", .zh = "方案"},
    {.name = "count",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = CODE_BATCH_MAX,
     .en = "How many",
     .zh = "数量"},
    {.name = "note", .kind = INPUT_TEXT, .most = 200, .en = "Note", .zh = "备注"},
    {.name = "expires", .kind = INPUT_DAY, .en = "Last day to redeem", .zh = "兑换截止日"},
    {.name = "once", .kind = INPUT_TEXT, .most = DIGEST_KEY_LEN, .en = "Form", .zh = "表单"},
    {.name = "as", .kind = INPUT_TEXT, .most = 4, .en = "Shown as", .zh = "显示方式"},
    {0},
};

static struct batch_line line_of(const struct code_batch *b)
{
    return (struct batch_line){
        .key = b->key,
        .plan = b->plan_name,
        .note = b->note,
        .count = b->count,
        .redeemed = b->redeemed,
        .made = b->made_ms,
        .until = b->expires_ms ? b->expires_ms - 1 : 0,
        .voided = b->voided_ms,
    };
}

static enum status show_codes(struct request *rq, struct error *err)
{
    struct code_batch *batches = NULL;
    struct str count = request_input(rq, "count");
    struct codes_page page = {.count = count.len ? count : STR("20"),
                              .note = request_input(rq, "note"),
                              .expires = request_input(rq, "expires")};
    enum status status = library_list_code_batches(rq->arena, rq->store, BATCHES_MOST, &batches,
                                                   &page.nbatches, err);
    if (!status)
        status = plan_choices(rq, request_input(rq, "plan"), &page.plans, &page.nplans, err);
    if (!status)
        status = digest_random_key(rq->arena, &page.once, err);
    if (status)
        return status;
    page.batches = arena_array(rq->arena, page.nbatches, struct batch_line);
    for (size_t i = 0; i < page.nbatches; i++)
        page.batches[i] = line_of(&batches[i]);
    return answer_page(rq, "codes", "Codes", "兑换码", CODES_PAGE, &page);
}

const struct route route_codes = {
    .method = "GET",
    .path = "/codes",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Batches of codes, and the form to make one.",
    .zh = "兑换码批次，以及生成新批次的表单。",
    .output = CODES_PAGE,
    .page = "codes",
    .run = show_codes,
};

/* --- made, and shown once ----------------------------------------------------------------------- */

struct code_line {
    struct str code;
};
static const struct field CODE_LINE[] = {FIELD(TEXT, struct code_line, code), {0}};
struct made_page {
    struct str key, plan, length, address, sheet, organisation;
    int64_t until;
    struct code_line *codes;
    size_t ncodes;
};
static const struct field MADE_PAGE[] = {
    FIELD(TEXT, struct made_page, key),
    FIELD(TEXT, struct made_page, plan),
    FIELD_HIDDEN(TEXT, struct made_page, length),
    FIELD_HIDDEN(TEXT, struct made_page, address),
    FIELD_HIDDEN(TEXT, struct made_page, organisation),
    FIELD_HIDDEN(TEXT, struct made_page, sheet),
    FIELD(DAY, struct made_page, until),
    FIELD_OF_LIST(struct made_page, codes, CODE_LINE),
    {0},
};

struct making {
    struct code_batch batch;
    struct str *codes;
    size_t ncodes;
    int64_t now_ms;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct making *m = context;
    (void)scratch;
    return library_make_codes(store, &m->batch, m->codes, m->ncodes, m->now_ms, err);
}

/* The form's own mark, so that sending it twice makes one batch; scripts need none. */
static enum status batch_key(struct request *rq, struct str *key, struct error *err)
{
    *key = request_input(rq, "once");
    bool plain = key->len == DIGEST_KEY_LEN;
    for (size_t i = 0; i < key->len; i++)
        plain = plain && ((key->at[i] >= 'a' && key->at[i] <= 'z') ||
                          (key->at[i] >= '0' && key->at[i] <= '9'));
    return plain ? STATUS_OK : digest_random_key(rq->arena, key, err);
}

static enum status draw_codes(struct request *rq, struct making *m, struct error *err)
{
    enum status status = STATUS_OK;
    m->ncodes = (size_t)request_number(rq, "count");
    m->codes = arena_array(rq->arena, m->ncodes, struct str);
    for (size_t i = 0; !status && i < m->ncodes; i++)
        status = library_new_code(rq->arena, &m->codes[i], err);
    return status;
}

static struct str sheet_of(struct request *rq, const struct making *m, const struct plan *plan)
{
    struct buf out = {.arena = rq->arena};
    buf_add(&out, rq->lang == LANG_ZH ? STR("\xEF\xBB\xBF兑换码,方案\r\n")
                                      : STR("\xEF\xBB\xBF"
                                            "code,plan\r\n"));
    for (size_t i = 0; i < m->ncodes; i++) {
        buf_format(&out, "%.*s,", STR_ARG(m->codes[i]));
        csv_add_text(&out, plan->name);
        buf_add(&out, STR("\r\n"));
    }
    return buf_str(&out);
}

static enum status show_made(struct request *rq, const struct making *m, const struct plan *plan,
                             struct error *err)
{
    struct buf link = {.arena = rq->arena};
    struct made_page page = {
        .key = m->batch.key,
        .plan = plan->name,
        .length = plan_span(rq, plan->days),
        .until = m->batch.expires_ms ? m->batch.expires_ms - 1 : 0,
        .codes = arena_array(rq->arena, m->ncodes, struct code_line),
        .ncodes = m->ncodes,
    };
    enum status status = answer_public_address(rq, STR("/redeem"), &page.address, err);
    if (!status)
        status =
            library_get_setting(rq->arena, rq->store, STR("organisation"), &page.organisation, err);
    if (status)
        return status;
    for (size_t i = 0; i < m->ncodes; i++)
        page.codes[i].code = m->codes[i];
    buf_add(&link, STR("data:text/csv;charset=utf-8,"));
    answer_escape_query(&link, sheet_of(rq, m, plan));
    page.sheet = buf_str(&link);
    return answer_page(rq, "codes-made", "New codes", "新生成的兑换码", MADE_PAGE, &page);
}

static enum status make_codes(struct request *rq, struct error *err)
{
    struct plan plan;
    struct making m = {.now_ms = rq->now_ms};
    int64_t expires = request_last_day(rq, "expires");
    enum status status =
        library_find_plan(rq->arena, rq->store, request_input(rq, "plan"), rq->now_ms, &plan, err);
    if (!status && expires && expires <= rq->now_ms)
        return request_blame(rq, "expires",
                             error_set(err, STATUS_INPUT, "The last day to redeem is over already.",
                                       "兑换截止日已过。"));
    if (!status)
        status = batch_key(rq, &m.batch.key, err);
    if (!status)
        status = draw_codes(rq, &m, err);
    if (status)
        return status;
    m.batch.plan = plan.id;
    m.batch.note = request_input(rq, "note");
    m.batch.expires_ms = expires;
    status = server_write(rq->server, request_actor(rq), make_step, &m, err);
    if (status)
        return status;
    if (str_equal(request_input(rq, "as"), STR("csv")))
        return answer_bytes(rq, "text/csv; charset=utf-8", sheet_of(rq, &m, &plan),
                            STR("codes.csv"));
    return show_made(rq, &m, &plan, err);
}

const struct route route_codes_make = {
    .method = "POST",
    .path = "/codes",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Make a batch of codes; they are shown this once.",
    .zh = "生成一批兑换码；仅显示这一次。",
    .inputs = MAKE_INPUTS,
    .output = MADE_PAGE,
    .page = "codes-made",
    .run = make_codes,
    .again = show_codes,
};

/* --- one batch ---------------------------------------------------------------------------------- */

struct state_line {
    struct str tail, redeemed_by;
    int64_t redeemed;
};
static const struct field STATE_LINE[] = {
    FIELD(TEXT, struct state_line, tail),
    FIELD(TEXT, struct state_line, redeemed_by),
    FIELD(TIME, struct state_line, redeemed),
    {0},
};
struct batch_page {
    struct batch_line batch;
    struct str newer, older;
    struct state_line *codes;
    size_t ncodes;
    bool over;
};
static const struct field BATCH_PAGE[] = {
    FIELD_OF_PART(struct batch_page, batch, BATCH_LINE),
    FIELD(TEXT, struct batch_page, newer),
    FIELD(TEXT, struct batch_page, older),
    FIELD_OF_LIST(struct batch_page, codes, STATE_LINE),
    FIELD(FLAG, struct batch_page, over),
    {0},
};
static const struct input PAGE_INPUTS[] = {
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

static enum status show_batch(struct request *rq, struct error *err)
{
    struct code_batch b;
    struct code_state *codes = NULL;
    struct batch_page page = {0};
    int64_t number = rq->post ? 1 : request_number(rq, "page");
    number = number ? number : 1;
    enum status status = library_find_code_batch(rq->arena, rq->store, rq->params[0], &b, err);
    if (!status)
        status = library_list_codes(rq->arena, rq->store, b.id, (number - 1) * CODES_A_PAGE,
                                    CODES_A_PAGE, &codes, &page.ncodes, err);
    if (status)
        return status;
    page.batch = line_of(&b);
    page.over = b.voided_ms || (b.expires_ms && b.expires_ms <= rq->now_ms);
    page.codes = arena_array(rq->arena, page.ncodes, struct state_line);
    for (size_t i = 0; i < page.ncodes; i++)
        page.codes[i] =
            (struct state_line){codes[i].tail, codes[i].redeemed_by, codes[i].redeemed_ms};
    if (number > 1)
        page.newer = str_format(rq->arena, "?page=%lld", (long long)number - 1);
    if (number * CODES_A_PAGE < b.count)
        page.older = str_format(rq->arena, "?page=%lld", (long long)number + 1);
    return answer_page(rq, "code-batch", "Batch of codes", "兑换码批次", BATCH_PAGE, &page);
}

const struct route route_code_batch = {
    .method = "GET",
    .path = "/codes/{batch}",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "A batch of codes: which were redeemed, by their last four characters.",
    .zh = "一批兑换码的使用情况，以末四位识别。",
    .inputs = PAGE_INPUTS,
    .output = BATCH_PAGE,
    .page = "code-batch",
    .run = show_batch,
};

struct voiding {
    int64_t batch, now_ms;
};

static enum status void_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct voiding *v = context;
    (void)scratch;
    return library_void_codes(store, v->batch, v->now_ms, err);
}

static enum status void_batch(struct request *rq, struct error *err)
{
    struct code_batch b = {0};
    enum status status = library_find_code_batch(rq->arena, rq->store, rq->params[0], &b, err);
    struct voiding v = {b.id, rq->now_ms};
    if (!status)
        status = server_write(rq->server, request_actor(rq), void_step, &v, err);
    return status ? status
                  : answer_redirect(rq, str_format(rq->arena, "/codes/%.*s", STR_ARG(b.key)),
                                    "The batch is voided: its unused codes are good for nothing.",
                                    "该批已作废，未使用的兑换码全部失效。");
}

const struct route route_codes_void = {
    .method = "POST",
    .path = "/codes/{batch}/void",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Void the codes of a batch that were not redeemed.",
    .zh = "作废批次中尚未使用的兑换码。",
    .run = void_batch,
    .again = show_batch,
};
