/* Webhooks as the owner meets them: add, choose, see what was delivered, try, renew the secret, end. */
#include "server/internal.h"

#include <string.h>

#include "library/member.h"
#include "library/offer.h"
#include "library/setting.h"
#include "server/hooks.h"
#include "server/reach.h"

#define SALT_BYTES     32
#define HOOKS_SHOWN    100
#define DELIVERIES_MAX 50
#define KINDS_MAX      32

struct kind_choice {
    struct str kind, words;
    bool chosen;
};
struct hook_line {
    struct str key, url;
    int64_t waiting, last;
    struct str failed; /* why the first that waits was not taken */
};
struct hooks_page {
    struct str url;
    struct hook_line *hooks;
    size_t nhooks;
    struct kind_choice *kinds;
    size_t nkinds;
    bool any;
};

static const struct field KIND_CHOICE[] = {
    FIELD(TEXT, struct kind_choice, kind),
    FIELD(TEXT, struct kind_choice, words),
    FIELD(FLAG, struct kind_choice, chosen),
    {0},
};
static const struct field HOOK_LINE[] = {
    FIELD(TEXT, struct hook_line, key),       FIELD(TEXT, struct hook_line, url),
    FIELD(NUMBER, struct hook_line, waiting), FIELD(TIME, struct hook_line, last),
    FIELD(TEXT, struct hook_line, failed),    {0},
};
static const struct field HOOKS_PAGE[] = {
    FIELD_HIDDEN(TEXT, struct hooks_page, url),
    FIELD_OF_LIST(struct hooks_page, hooks, HOOK_LINE),
    FIELD_OF_LIST(struct hooks_page, kinds, KIND_CHOICE),
    FIELD_HIDDEN(FLAG, struct hooks_page, any),
    {0},
};
static const struct input HOOK_INPUTS[] = {
    {.name = "url",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 2000,
     .en = "Address",
     .zh = "网址"},
    {.name = "kinds", .kind = INPUT_LIST, .en = "What to tell", .zh = "通知内容"},
    {0},
};
static const struct input KINDS_INPUTS[] = {
    {.name = "kinds", .kind = INPUT_LIST, .en = "What to tell", .zh = "通知内容"},
    {0},
};

/* --- kinds --------------------------------------------------------------------------------------- */

static bool has_word(struct str words, struct str word)
{
    struct str one;
    while (str_split(&words, ' ', &one))
        if (str_equal(one, word))
            return true;
    return false;
}

static struct kind_choice *list_kinds(struct request *rq, struct str chosen, size_t *count)
{
    struct kind_choice *list = arena_array(rq->arena, KINDS_MAX, struct kind_choice);
    *count = 0;
    for (const struct hook_kind *k = hook_kinds; k->kind && *count < KINDS_MAX; k++)
        list[(*count)++] = (struct kind_choice){.kind = str_of(k->kind),
                                                .words = request_words(rq, k->en, k->zh),
                                                .chosen = has_word(chosen, str_of(k->kind))};
    return list;
}

static struct str kind_words(const struct request *rq, struct str kind)
{
    for (const struct hook_kind *k = hook_kinds; k->kind; k++)
        if (str_equal(kind, str_of(k->kind)))
            return request_words(rq, k->en, k->zh);
    return request_words(rq, "a test", "测试");
}

/* What was ticked, of what there is. */
static struct str ticked_kinds(struct request *rq)
{
    struct str ticked[KINDS_MAX];
    size_t count = request_inputs(rq, "kinds", ticked, KINDS_MAX);
    struct buf out = {.arena = rq->arena};
    for (const struct hook_kind *k = hook_kinds; k->kind; k++)
        for (size_t i = 0; i < count; i++)
            if (str_equal(ticked[i], str_of(k->kind)) && !has_word(buf_str(&out), ticked[i]))
                buf_format(&out, "%s%s", out.len ? " " : "", k->kind);
    return buf_str(&out);
}

static enum status take_kinds(struct request *rq, struct str *kinds, struct error *err)
{
    *kinds = ticked_kinds(rq);
    return kinds->len
               ? STATUS_OK
               : request_blame(rq, "kinds",
                               error_set(err, STATUS_INPUT, "Choose at least one thing to tell.",
                                         "请至少选择一项通知内容。"));
}

/* --- all hooks ------------------------------------------------------------------------------------ */

static enum status show_hooks(struct request *rq, struct error *err)
{
    struct hooks_page page = {.url = request_input(rq, "url")};
    struct str kinds = STR("paper.published");
    page.hooks = arena_array(rq->arena, HOOKS_SHOWN, struct hook_line);
    struct query *q = query_start(
        rq->store,
        "SELECT h.key, h.url,"
        " (SELECT count(*) FROM delivery d WHERE d.hook = h.id AND d.done_ms IS NULL"
        "  AND d.ended_ms IS NULL),"
        " (SELECT max(d.done_ms) FROM delivery d WHERE d.hook = h.id),"
        " coalesce((SELECT d.failed FROM delivery d WHERE d.hook = h.id AND d.done_ms IS NULL"
        "  AND d.ended_ms IS NULL ORDER BY d.event LIMIT 1), '')"
        " FROM hook h WHERE h.ended_ms IS NULL ORDER BY h.id LIMIT 100");
    while (page.nhooks < HOOKS_SHOWN && query_row(q))
        page.hooks[page.nhooks++] = (struct hook_line){
            .key = str_copy(rq->arena, query_str(q, 0)),
            .url = str_copy(rq->arena, query_str(q, 1)),
            .waiting = query_int(q, 2),
            .last = query_int(q, 3),
            .failed = str_copy(rq->arena, query_str(q, 4)),
        };
    enum status status = query_end(q, err);
    if (status)
        return status;
    if (rq->post)
        kinds = ticked_kinds(rq);
    page.any = page.nhooks > 0;
    page.kinds = list_kinds(rq, kinds, &page.nkinds);
    return answer_page(rq, "hooks", "Webhooks", "Webhook", HOOKS_PAGE, &page);
}

const struct route route_hooks = {
    .method = "GET",
    .path = "/settings/hooks",
    .roles = ROLE_OWNER,
    .scope = "manage",
    .en = "Addresses that are told what happens.",
    .zh = "事件通知地址（Webhook）。",
    .output = HOOKS_PAGE,
    .page = "hooks",
    .run = show_hooks,
};

struct new_hook {
    struct str url, kinds, key;
    unsigned char salt[SALT_BYTES];
};

static enum status insert_hook(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct new_hook *h = context;
    struct query *q = query_start(store, "INSERT INTO hook (key, url, salt, kinds, created_ms)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5)");
    query_bind_str(q, 1, h->key);
    query_bind_str(q, 2, h->url);
    query_bind_blob(q, 3, (struct str){(const char *)h->salt, SALT_BYTES});
    query_bind_str(q, 4, h->kinds);
    query_bind_int(q, 5, store_now_ms());
    (void)query_row(q);
    enum status status = query_end(q, err);
    struct str subject = str_format(scratch, "H%lld", (long long)store_last_id(store));
    return status ? status
                  : store_add_event(store, "owner", "hook.made", subject,
                                    str_format(scratch, "{\"kinds\":\"%.*s\"}", STR_ARG(h->kinds)),
                                    err);
}

static enum status add_hook(struct request *rq, struct error *err)
{
    struct new_hook hook;
    struct str reach;
    enum status status = library_get_setting(rq->arena, rq->store, STR("hooks.reach"), &reach, err);
    if (!status)
        status = request_blame(rq, "url",
                               reach_check_url(rq->arena, request_input(rq, "url"),
                                               reach_named(reach), &hook.url, err));
    if (!status)
        status = take_kinds(rq, &hook.kinds, err);
    if (!status)
        status = digest_random(hook.salt, sizeof hook.salt, err);
    if (!status)
        status = digest_random_key(rq->arena, &hook.key, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), insert_hook, &hook, err);
    return status
               ? status
               : answer_redirect(rq,
                                 str_format(rq->arena, "/settings/hooks/%.*s", STR_ARG(hook.key)),
                                 "Added. Give its secret to the receiver, and send a test.",
                                 "已添加。请将密钥告知接收方，并发送一次测试。");
}

const struct route route_hook_make = {
    .method = "POST",
    .path = "/settings/hooks",
    .roles = ROLE_OWNER,
    .en = "Add a webhook.",
    .zh = "添加 Webhook。",
    .inputs = HOOK_INPUTS,
    .run = add_hook,
    .again = show_hooks,
};

/* --- one hook --------------------------------------------------------------------------------------- */

struct hook_delivery {
    struct str kind, words, subject, failed;
    int64_t when, tries, done, next;
    bool waiting, given_up;
};
struct hook_page {
    int64_t id;
    struct str key, url, secret;
    int64_t created;
    struct kind_choice *kinds;
    size_t nkinds;
    struct hook_delivery *deliveries;
    size_t ndeliveries;
    bool any;
};

static const struct field HOOK_DELIVERY[] = {
    FIELD(TEXT, struct hook_delivery, kind),
    FIELD_HIDDEN(TEXT, struct hook_delivery, words),
    FIELD(TEXT, struct hook_delivery, subject),
    FIELD(TEXT, struct hook_delivery, failed),
    FIELD(TIME, struct hook_delivery, when),
    FIELD(NUMBER, struct hook_delivery, tries),
    FIELD(TIME, struct hook_delivery, done),
    FIELD(TIME, struct hook_delivery, next),
    FIELD(FLAG, struct hook_delivery, waiting),
    FIELD(FLAG, struct hook_delivery, given_up),
    {0},
};
static const struct field HOOK_PAGE[] = {
    FIELD(TEXT, struct hook_page, key),
    FIELD(TEXT, struct hook_page, url),
    FIELD_HIDDEN(TEXT, struct hook_page, secret),
    FIELD(TIME, struct hook_page, created),
    FIELD_OF_LIST(struct hook_page, kinds, KIND_CHOICE),
    FIELD_OF_LIST(struct hook_page, deliveries, HOOK_DELIVERY),
    FIELD_HIDDEN(FLAG, struct hook_page, any),
    {0},
};

static enum status find_hook(struct request *rq, struct hook_page *page, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT id, key, url, salt, kinds, created_ms FROM hook"
                               " WHERE key = ?1 AND ended_ms IS NULL");
    query_bind_str(q, 1, rq->params[0]);
    bool found = query_row(q);
    if (found) {
        *page = (struct hook_page){
            .id = query_int(q, 0),
            .key = str_copy(rq->arena, query_str(q, 1)),
            .url = str_copy(rq->arena, query_str(q, 2)),
            .secret = hook_secret(rq->arena, rq->store, query_blob(q, 3)),
            .created = query_int(q, 5),
        };
        page->kinds = list_kinds(rq, query_str(q, 4), &page->nkinds);
    }
    enum status status = query_end(q, err);
    return status || found ? status
                           : error_set(err, STATUS_MISSING, "There is no such webhook (any more).",
                                       "没有这个 Webhook，或已停用。");
}

static enum status list_deliveries(struct request *rq, struct hook_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT coalesce(e.kind, 'test'), coalesce(e.subject, ''), d.failed, d.created_ms,"
        " d.tries, d.done_ms, d.due_ms, d.done_ms IS NULL AND d.ended_ms IS NULL,"
        " d.ended_ms IS NOT NULL FROM delivery d LEFT JOIN event e ON e.seq = d.event"
        " WHERE d.hook = ?1 ORDER BY d.created_ms DESC, d.event DESC LIMIT 50");
    query_bind_int(q, 1, page->id);
    page->deliveries = arena_array(rq->arena, DELIVERIES_MAX, struct hook_delivery);
    while (page->ndeliveries < DELIVERIES_MAX && query_row(q)) {
        bool waiting = query_int(q, 7);
        page->deliveries[page->ndeliveries++] = (struct hook_delivery){
            .kind = str_copy(rq->arena, query_str(q, 0)),
            .words = kind_words(rq, query_str(q, 0)),
            .subject = str_copy(rq->arena, query_str(q, 1)),
            .failed = str_copy(rq->arena, query_str(q, 2)),
            .when = query_int(q, 3),
            .tries = query_int(q, 4),
            .done = query_int(q, 5),
            .next = waiting ? query_int(q, 6) : 0,
            .waiting = waiting,
            .given_up = query_int(q, 8),
        };
    }
    page->any = page->ndeliveries > 0;
    return query_end(q, err);
}

static enum status show_hook(struct request *rq, struct error *err)
{
    struct hook_page page;
    enum status status = find_hook(rq, &page, err);
    if (!status)
        status = list_deliveries(rq, &page, err);
    return status ? status : answer_page(rq, "hook", "Webhook", "Webhook", HOOK_PAGE, &page);
}

const struct route route_hook = {
    .method = "GET",
    .path = "/settings/hooks/{hook}",
    .roles = ROLE_OWNER,
    .scope = "manage",
    .en = "One webhook: its secret, what it tells, what was delivered.",
    .zh = "单个 Webhook：密钥、通知内容与投递记录。",
    .output = HOOK_PAGE,
    .page = "hook",
    .run = show_hook,
};

/* --- changes to one hook ----------------------------------------------------------------------------- */

struct hook_change {
    int64_t hook;
    const char *sql; /* ?1: the hook; where they stand in it, ?2: now, ?3: kinds or salt */
    const char *kind;
    struct str kinds;
    unsigned char salt[SALT_BYTES];
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct hook_change *c = context;
    struct query *q = query_start(store, c->sql);
    query_bind_int(q, 1, c->hook);
    if (strstr(c->sql, "?2"))
        query_bind_int(q, 2, store_now_ms());
    if (c->kinds.len)
        query_bind_str(q, 3, c->kinds);
    else if (strstr(c->sql, "?3"))
        query_bind_blob(q, 3, (struct str){(const char *)c->salt, SALT_BYTES});
    (void)query_row(q);
    enum status status = query_end(q, err);
    struct str subject = str_format(scratch, "H%lld", (long long)c->hook);
    return status ? status : store_add_event(store, "owner", c->kind, subject, STR("{}"), err);
}

static enum status change_hook(struct request *rq, struct hook_change change, const char *done_en,
                               const char *done_zh, struct error *err)
{
    struct hook_page page;
    enum status status = find_hook(rq, &page, err);
    if (status)
        return status;
    change.hook = page.id;
    status = digest_random(change.salt, sizeof change.salt, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), change_step, &change, err);
    bool ended = strcmp(change.kind, "hook.ended") == 0;
    struct str back = ended ? STR("/settings/hooks")
                            : str_format(rq->arena, "/settings/hooks/%.*s", STR_ARG(page.key));
    return status ? status : answer_redirect(rq, back, done_en, done_zh);
}

static enum status choose_kinds(struct request *rq, struct error *err)
{
    struct hook_change change = {.sql = "UPDATE hook SET kinds = ?3 WHERE id = ?1",
                                 .kind = "hook.changed"};
    enum status status = take_kinds(rq, &change.kinds, err);
    return status ? status : change_hook(rq, change, "Saved.", "已保存。", err);
}

static enum status test_hook(struct request *rq, struct error *err)
{
    /* Tests are numbered downwards from -1, apart from events. */
    static const char sql[] =
        "INSERT INTO delivery (hook, event, created_ms, due_ms) SELECT ?1,"
        " min(0, coalesce((SELECT min(event) FROM delivery WHERE hook = ?1), 0)) - 1, ?2, ?2";
    return change_hook(rq, (struct hook_change){.sql = sql, .kind = "hook.tried"},
                       "A test is on its way; reload this page to see what came of it.",
                       "测试已发出，刷新本页可查看结果。", err);
}

static enum status renew_secret(struct request *rq, struct error *err)
{
    return change_hook(rq,
                       (struct hook_change){.sql = "UPDATE hook SET salt = ?3 WHERE id = ?1",
                                            .kind = "hook.rotated"},
                       "The secret is new; give it to the receiver now.",
                       "密钥已更换，请立即告知接收方。", err);
}

static enum status end_hook(struct request *rq, struct error *err)
{
    return change_hook(rq,
                       (struct hook_change){.sql = "UPDATE hook SET ended_ms = ?2 WHERE id = ?1",
                                            .kind = "hook.ended"},
                       "The webhook has ended; nothing more is sent to it.",
                       "Webhook 已停用，不再发送。", err);
}

const struct route route_hook_kinds = {
    .method = "POST",
    .path = "/settings/hooks/{hook}/kinds",
    .roles = ROLE_OWNER,
    .en = "Choose what a webhook tells.",
    .zh = "选择 Webhook 的通知内容。",
    .inputs = KINDS_INPUTS,
    .run = choose_kinds,
    .again = show_hook,
};
const struct route route_hook_test = {
    .method = "POST",
    .path = "/settings/hooks/{hook}/test",
    .roles = ROLE_OWNER,
    .en = "Send a test to a webhook.",
    .zh = "向 Webhook 发送测试。",
    .run = test_hook,
};
const struct route route_hook_rotate = {
    .method = "POST",
    .path = "/settings/hooks/{hook}/secret",
    .roles = ROLE_OWNER,
    .en = "Make a new secret for a webhook.",
    .zh = "更换 Webhook 密钥。",
    .run = renew_secret,
};
const struct route route_hook_end = {
    .method = "POST",
    .path = "/settings/hooks/{hook}/end",
    .roles = ROLE_OWNER,
    .en = "End a webhook.",
    .zh = "停用 Webhook。",
    .run = end_hook,
};
