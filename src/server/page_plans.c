/* Plans: what a member can subscribe to; made and closed by stewards. */
#include "server/internal.h"

#include "library/group.h"
#include "library/member.h"
#include "library/plan.h"
#include "server/plan_words.h"

#define STEWARDS (ROLE_STEWARD | ROLE_OWNER)

/* --- the list ----------------------------------------------------------------------------------- */

struct opened_group {
    struct str key, name;
};
static const struct field OPENED_GROUP[] = {
    FIELD(TEXT, struct opened_group, key), FIELD(TEXT, struct opened_group, name), {0}};

struct plan_line {
    struct str key, name, about, price, length, lookback;
    int64_t days, lookback_days, running, former, closed;
    struct opened_group *groups;
    size_t ngroups;
};
static const struct field PLAN_LINE[] = {
    FIELD(TEXT, struct plan_line, key),
    FIELD(TEXT, struct plan_line, name),
    FIELD(TEXT, struct plan_line, about),
    FIELD(TEXT, struct plan_line, price),
    FIELD_HIDDEN(TEXT, struct plan_line, length),
    FIELD_HIDDEN(TEXT, struct plan_line, lookback),
    FIELD(NUMBER, struct plan_line, days),
    FIELD(NUMBER, struct plan_line, lookback_days),
    FIELD_OF_LIST(struct plan_line, groups, OPENED_GROUP),
    FIELD(DAY, struct plan_line, closed),
    FIELD_HIDDEN(NUMBER, struct plan_line, running),
    FIELD_HIDDEN(NUMBER, struct plan_line, former),
    {0},
};

struct group_choice {
    struct str key, name;
    bool chosen;
};
static const struct field GROUP_CHOICE[] = {
    FIELD(TEXT, struct group_choice, key),
    FIELD(TEXT, struct group_choice, name),
    FIELD(FLAG, struct group_choice, chosen),
    {0},
};
struct plan_form {
    struct str name, about, price, currency, days, lookback_days;
    struct group_choice *groups;
    size_t ngroups;
};
static const struct field PLAN_FORM[] = {
    FIELD(TEXT, struct plan_form, name),
    FIELD(TEXT, struct plan_form, about),
    FIELD(TEXT, struct plan_form, price),
    FIELD(TEXT, struct plan_form, currency),
    FIELD(TEXT, struct plan_form, days),
    FIELD(TEXT, struct plan_form, lookback_days),
    FIELD_OF_LIST(struct plan_form, groups, GROUP_CHOICE),
    {0},
};
struct plans_page {
    struct plan_line *plans;
    size_t nplans;
    bool may_make;
    struct plan_form form;
};
static const struct field PLANS_PAGE[] = {
    FIELD_OF_LIST(struct plans_page, plans, PLAN_LINE),
    FIELD(FLAG, struct plans_page, may_make),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct plans_page, form),
     .parts = PLAN_FORM},
    {0},
};

static const struct input PLAN_INPUTS[] = {
    {.name = "name", .kind = INPUT_TEXT, .needed = true, .most = 100, .en = "Name", .zh = "名称"},
    {.name = "about", .kind = INPUT_LONG_TEXT, .most = 2000, .en = "About", .zh = "说明"},
    {.name = "price", .kind = INPUT_TEXT, .needed = true, .most = 12, .en = "Price", .zh = "价格"},
    {.name = "currency",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 3,
     .en = "Currency",
     .zh = "币种"},
    {.name = "days",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = PLAN_DAYS_MAX,
     .en = "Length in days",
     .zh = "期限（天）"},
    {.name = "lookback_days",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 0,
     .most = PLAN_DAYS_MAX,
     .en = "Look-back in days",
     .zh = "回溯（天）"},
    {.name = "group", .kind = INPUT_LIST, .most = 40, .en = "Groups", .zh = "群组"},
    {0},
};

static struct plan_line line_of(const struct request *rq, const struct plan *p)
{
    struct plan_line line = {
        .key = p->key,
        .name = p->name,
        .about = p->about,
        .price = library_price_text(rq->arena, p->price, p->currency, rq->lang),
        .length = plan_span(rq, p->days),
        .lookback = plan_span(rq, p->lookback_days),
        .days = p->days,
        .lookback_days = p->lookback_days,
        .running = p->running,
        .former = p->former,
        .closed = p->closed_ms,
        .groups = arena_array(rq->arena, p->ngroups, struct opened_group),
        .ngroups = p->ngroups,
    };
    for (size_t i = 0; i < p->ngroups; i++)
        line.groups[i] = (struct opened_group){p->groups[i].key, p->groups[i].name};
    return line;
}

/* Whether a group is ticked in the form: as it was typed, or as the plan has it. */
static bool was_chosen(const struct request *rq, const struct plan *plan, struct str key)
{
    struct str keys[PLAN_GROUPS_MAX];
    for (size_t i = 0; !rq->post && plan && i < plan->ngroups; i++)
        if (str_equal(plan->groups[i].key, key))
            return true;
    size_t count = request_inputs(rq, "group", keys, PLAN_GROUPS_MAX);
    for (size_t i = 0; i < count; i++)
        if (str_equal(keys[i], key))
            return true;
    return false;
}

/* What the form was sent with, else what stands in it at first. */
static struct str typed(const struct request *rq, const char *name, struct str otherwise)
{
    return rq->post ? request_input(rq, name) : otherwise;
}

static void fill_terms(const struct request *rq, struct plan_form *form, const struct plan *plan)
{
    struct str price = library_price_text(rq->arena, plan->price, STR(""), LANG_EN);
    form->name = typed(rq, "name", plan->name);
    form->about = typed(rq, "about", plan->about);
    form->price = typed(rq, "price", plan->name.len ? str_trim(price) : STR(""));
    form->currency = typed(rq, "currency", plan->currency);
    form->days = typed(rq, "days", str_format(rq->arena, "%lld", (long long)plan->days));
    form->lookback_days =
        typed(rq, "lookback_days", str_format(rq->arena, "%lld", (long long)plan->lookback_days));
}

/* The form of a plan, or of a new one, as it is usual. */
static enum status fill_form(struct request *rq, struct plan_form *form, const struct plan *plan,
                             struct error *err)
{
    static const struct plan USUAL = {
        .currency = {"CNY", 3}, .days = 365, .lookback_days = PLAN_LOOKBACK_DAYS};
    struct group_sight *sights;
    enum status status = library_list_groups(rq->arena, rq->store, rq->viewer.member, true,
                                             rq->now_ms, &sights, &form->ngroups, err);
    if (status)
        return status;
    fill_terms(rq, form, plan ? plan : &USUAL);
    form->groups = arena_array(rq->arena, form->ngroups, struct group_choice);
    for (size_t i = 0; i < form->ngroups; i++)
        form->groups[i] = (struct group_choice){sights[i].group.key, sights[i].group.name,
                                                was_chosen(rq, plan, sights[i].group.key)};
    return STATUS_OK;
}

static enum status show_plans(struct request *rq, struct error *err)
{
    struct plan *plans;
    struct plans_page page = {.may_make = request_may(rq, STEWARDS)};
    enum status status = library_list_plans(rq->arena, rq->store, page.may_make, rq->now_ms, &plans,
                                            &page.nplans, err);
    if (!status && page.may_make)
        status = fill_form(rq, &page.form, NULL, err);
    if (status)
        return status;
    page.plans = arena_array(rq->arena, page.nplans, struct plan_line);
    for (size_t i = 0; i < page.nplans; i++)
        page.plans[i] = line_of(rq, &plans[i]);
    return answer_page(rq, "plans", "Plans", "订阅方案", PLANS_PAGE, &page);
}

const struct route route_plans = {
    .method = "GET",
    .path = "/plans",
    .roles = ROLE_MEMBER,
    .scope = "read",
    .en = "The plans that can be subscribed to.",
    .zh = "可订阅的方案。",
    .output = PLANS_PAGE,
    .page = "plans",
    .run = show_plans,
};

/* --- made --------------------------------------------------------------------------------------- */

static enum status find_groups(struct request *rq, struct plan *plan, struct error *err)
{
    struct str keys[PLAN_GROUPS_MAX];
    plan->ngroups = request_inputs(rq, "group", keys, PLAN_GROUPS_MAX);
    plan->groups = arena_array(rq->arena, plan->ngroups, struct plan_group);
    for (size_t i = 0; i < plan->ngroups; i++) {
        struct group_sight sight;
        enum status status = library_see_group(rq->arena, rq->store, keys[i], rq->viewer.member,
                                               true, rq->now_ms, &sight, err);
        if (status)
            return status;
        plan->groups[i].id = sight.group.id;
    }
    return STATUS_OK;
}

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    return library_make_plan(scratch, store, context, err);
}

/* The plan that was typed. */
static enum status read_plan(struct request *rq, struct plan *plan, struct error *err)
{
    *plan = (struct plan){
        .name = request_input(rq, "name"),
        .about = request_input(rq, "about"),
        .currency = request_input(rq, "currency"),
        .days = request_number(rq, "days"),
        .lookback_days = request_number(rq, "lookback_days"),
    };
    if (!library_parse_price(request_input(rq, "price"), &plan->price))
        return request_blame(rq, "price",
                             error_set(err, STATUS_INPUT,
                                       "The price is a number like 128 or 128.50.",
                                       "价格应为数字，如 128 或 128.50。"));
    return find_groups(rq, plan, err);
}

static enum status make_plan(struct request *rq, struct error *err)
{
    struct plan plan;
    enum status status = read_plan(rq, &plan, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), make_step, &plan, err);
    return status ? status
                  : answer_redirect(rq, STR("/plans"),
                                    "The plan is made. Give it to members, or make codes for it.",
                                    "方案已创建。可直接为成员开通，或生成兑换码。");
}

const struct route route_plan_make = {
    .method = "POST",
    .path = "/plans",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Make a plan.",
    .zh = "创建方案。",
    .inputs = PLAN_INPUTS,
    .run = make_plan,
    .again = show_plans,
};

/* --- changed ------------------------------------------------------------------------------------ */

struct plan_page {
    struct str key, name;
    int64_t running, former, codes;
    bool sold;
    struct plan_form form;
};
static const struct field PLAN_PAGE[] = {
    FIELD(TEXT, struct plan_page, key),
    {.kind = FIELD_TEXT, .name = "plan_name", .at = offsetof(struct plan_page, name)},
    FIELD(NUMBER, struct plan_page, running),
    FIELD(NUMBER, struct plan_page, former),
    FIELD(NUMBER, struct plan_page, codes),
    FIELD(FLAG, struct plan_page, sold),
    FIELD_OF_PART(struct plan_page, form, PLAN_FORM),
    {0},
};

static enum status show_plan(struct request *rq, struct error *err)
{
    struct plan plan;
    struct plan_page page = {0};
    enum status status =
        library_find_plan(rq->arena, rq->store, rq->params[0], rq->now_ms, &plan, err);
    if (!status)
        status = fill_form(rq, &page.form, &plan, err);
    if (status)
        return status;
    page.key = plan.key;
    page.name = plan.name;
    page.running = plan.running;
    page.former = plan.former;
    page.codes = plan.codes;
    page.sold = plan.running > 0 || plan.codes > 0;
    return answer_titled_page(rq, "plan", plan.name, PLAN_PAGE, &page);
}

const struct route route_plan = {
    .method = "GET",
    .path = "/plans/{plan}",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "A plan's terms, to change them, and what was sold by them.",
    .zh = "方案的条款（可修改）及售出情况。",
    .output = PLAN_PAGE,
    .page = "plan",
    .run = show_plan,
};

struct changing {
    struct plan plan;
    int64_t now_ms;
};

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct changing *c = context;
    return library_change_plan(scratch, store, &c->plan, c->now_ms, err);
}

static enum status change_plan(struct request *rq, struct error *err)
{
    struct plan plan;
    struct changing c = {.now_ms = rq->now_ms};
    enum status status =
        library_find_plan(rq->arena, rq->store, rq->params[0], rq->now_ms, &plan, err);
    if (!status)
        status = read_plan(rq, &c.plan, err);
    if (status)
        return status;
    c.plan.id = plan.id;
    status = server_write(rq->server, request_actor(rq), change_step, &c, err);
    return status ? status
                  : answer_redirect(rq, STR("/plans"),
                                    "The plan is changed for what is sold from now on.",
                                    "方案已修改，今后售出的订阅按新条款执行。");
}

const struct route route_plan_change = {
    .method = "POST",
    .path = "/plans/{plan}",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Change a plan for what is sold from now on.",
    .zh = "修改方案，对今后售出的订阅生效。",
    .inputs = PLAN_INPUTS,
    .run = change_plan,
    .again = show_plan,
};

/* --- closed and opened again -------------------------------------------------------------------- */

struct plan_change {
    int64_t plan, now_ms;
};

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct plan_change *c = context;
    (void)scratch;
    return library_close_plan(store, c->plan, c->now_ms, err);
}

static enum status reopen_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return library_reopen_plan(store, ((struct plan_change *)context)->plan, err);
}

static enum status write_plan(struct request *rq, server_write_step step, struct error *err)
{
    struct plan plan;
    enum status status =
        library_find_plan(rq->arena, rq->store, rq->params[0], rq->now_ms, &plan, err);
    struct plan_change c = {plan.id, rq->now_ms};
    return status ? status : server_write(rq->server, request_actor(rq), step, &c, err);
}

static enum status close_plan(struct request *rq, struct error *err)
{
    enum status status = write_plan(rq, close_step, err);
    return status
               ? status
               : answer_redirect(rq, STR("/plans"),
                                 "The plan is closed. Subscriptions that run go on to their end.",
                                 "方案已停止订阅，现有订阅照常有效至到期。");
}

const struct route route_plan_close = {
    .method = "POST",
    .path = "/plans/{plan}/close",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Close a plan: no new subscriptions.",
    .zh = "停止方案的新订阅。",
    .run = close_plan,
};

static enum status reopen_plan(struct request *rq, struct error *err)
{
    enum status status = write_plan(rq, reopen_step, err);
    return status
               ? status
               : answer_redirect(rq, STR("/plans"), "The plan is open again.", "方案已恢复订阅。");
}

const struct route route_plan_reopen = {
    .method = "POST",
    .path = "/plans/{plan}/reopen",
    .roles = STEWARDS,
    .scope = "manage",
    .en = "Open a closed plan again.",
    .zh = "恢复已停止的方案。",
    .run = reopen_plan,
};
