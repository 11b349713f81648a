/* A policy's own page: where it stands and what is next, how it is sorted, what is pointed out, and what was done. */
#include "base/calendar.h"
#include "ledger/amount.h"
#include "server/internal.h"
#include "server/ledger_leaflet.h"
#include "server/ledger_notices.h"
#include "server/ledger_policy.h"
#include "server/ledger_steps.h"
#include "server/ledger_terms.h"
#include "server/ledger_told.h"

#define ACTS_MOST 100

/* An act that is the viewer's to do, with what its form asks and what was typed. */
struct act_row {
    struct str act, words, needs, typed, source, from, until, granted, paid, by;
    bool with_route, with_source, with_days, with_from, with_hope, with_words, words_needed, read,
        opened;
};
static const struct field ACT_ROW[] = {
    FIELD(TEXT, struct act_row, act),
    FIELD_HIDDEN(TEXT, struct act_row, words),
    FIELD_HIDDEN(TEXT, struct act_row, needs),
    FIELD_HIDDEN(TEXT, struct act_row, typed),
    FIELD_HIDDEN(TEXT, struct act_row, source),
    FIELD_HIDDEN(TEXT, struct act_row, from),
    FIELD_HIDDEN(TEXT, struct act_row, until),
    FIELD_HIDDEN(TEXT, struct act_row, granted),
    FIELD_HIDDEN(TEXT, struct act_row, paid),
    FIELD_HIDDEN(TEXT, struct act_row, by),
    FIELD_HIDDEN(FLAG, struct act_row, with_route),
    FIELD_HIDDEN(FLAG, struct act_row, with_source),
    FIELD_HIDDEN(FLAG, struct act_row, with_days),
    FIELD_HIDDEN(FLAG, struct act_row, with_from),
    FIELD_HIDDEN(FLAG, struct act_row, with_hope),
    FIELD_HIDDEN(FLAG, struct act_row, with_words),
    FIELD_HIDDEN(FLAG, struct act_row, words_needed),
    FIELD_HIDDEN(FLAG, struct act_row, read),
    FIELD_HIDDEN(FLAG, struct act_row, opened),
    {0},
};
struct done_row {
    struct str act, words, why, by;
    int64_t time;
};
static const struct field DONE_ROW[] = {
    FIELD(TEXT, struct done_row, act),  FIELD_HIDDEN(TEXT, struct done_row, words),
    FIELD(TEXT, struct done_row, why),  FIELD(TEXT, struct done_row, by),
    FIELD(TIME, struct done_row, time), {0},
};
struct stage_row {
    struct str words;
    bool here, past;
};
static const struct field STAGE_ROW[] = {
    FIELD(TEXT, struct stage_row, words),
    FIELD(FLAG, struct stage_row, here),
    FIELD(FLAG, struct stage_row, past),
    {0},
};
struct policy_page {
    struct ledger_head head;
    struct str state, state_words, route, route_words, source, words, from, until;
    struct str hoped_granted, hoped_paid, hoped_by, hoped_words;
    int64_t since;
    bool listed, may_sort, sorted, with_steps;
    struct ledger_steps steps;
    struct stage_row *stages;
    struct policy_flag_row *flags;
    struct policy_facet_row *facets;
    struct act_row *acts;
    struct done_row *done;
    struct ledger_choice *kinds;
    size_t nstages, nflags, nfacets, nacts, ndone, nkinds;
};
static const struct field POLICY_PAGE[] = {
    LEDGER_HEAD_FIELD(struct policy_page, head),
    FIELD(TEXT, struct policy_page, state),
    FIELD_HIDDEN(TEXT, struct policy_page, state_words),
    FIELD(TEXT, struct policy_page, route),
    FIELD_HIDDEN(TEXT, struct policy_page, route_words),
    FIELD(TEXT, struct policy_page, source),
    FIELD(TEXT, struct policy_page, words),
    FIELD(DATE, struct policy_page, from),
    FIELD(DATE, struct policy_page, until),
    FIELD(TEXT, struct policy_page, hoped_granted),
    FIELD(TEXT, struct policy_page, hoped_paid),
    FIELD(DATE, struct policy_page, hoped_by),
    FIELD(TEXT, struct policy_page, hoped_words),
    FIELD(DAY, struct policy_page, since),
    FIELD_HIDDEN(FLAG, struct policy_page, listed),
    FIELD_HIDDEN(FLAG, struct policy_page, may_sort),
    FIELD_HIDDEN(FLAG, struct policy_page, sorted),
    FIELD_HIDDEN(FLAG, struct policy_page, with_steps),
    LEDGER_STEPS_FIELD(struct policy_page, steps),
    FIELD_OF_LIST(struct policy_page, stages, STAGE_ROW),
    FIELD_OF_LIST(struct policy_page, flags, policy_flag_fields),
    FIELD_OF_LIST(struct policy_page, facets, policy_facet_fields),
    FIELD_OF_LIST(struct policy_page, acts, ACT_ROW),
    FIELD_OF_LIST(struct policy_page, done, DONE_ROW),
    FIELD_OF_LIST(struct policy_page, kinds, ledger_choice_fields),
    {0},
};

/* --- the page ------------------------------------------------------------------------------------- */

static struct str needs_words(struct request *rq, unsigned needs)
{
    struct buf out = {.arena = rq->arena};
    for (unsigned bit = 0; bit < POLICY_NEEDS_COUNT; bit++)
        if (needs >> bit & 1U && 1U << bit != POLICY_NEEDS_WORDS)
            buf_format(&out, "%s%s", out.len ? lang_pick(rq->lang, "; ", "；") : "",
                       machine_words(policy_machine.needs, (int)bit, rq->lang));
    return buf_str(&out);
}

static struct str count_text(const struct request *rq, int64_t value)
{
    return value ? str_format(rq->arena, "%lld", (long long)value) : STR("");
}

static struct str money_text(const struct request *rq, int64_t cents)
{
    return cents ? ledger_write_amount(rq->arena, cents, 2) : STR("");
}

/* What a form holds at first: what was typed where it was refused, else what is so. */
static struct str typed_or(const struct request *rq, bool opened, const char *input, struct str is)
{
    return opened ? request_input(rq, input) : is;
}

static void fill_acts(struct request *rq, const struct policy *p, unsigned acts,
                      struct policy_page *page)
{
    struct str refused = rq->post ? request_input(rq, "act") : STR("");
    page->acts = arena_array(rq->arena, POLICY_ACTS, struct act_row);
    for (int i = 0; i < POLICY_ACTS; i++) {
        unsigned needs = policy_machine.rules[i].needs;
        bool opened = str_equal(refused, str_of(policy_machine.acts.at[i].name));
        if (!(acts >> i & 1U))
            continue;
        page->acts[page->nacts++] = (struct act_row){
            .act = str_of(policy_machine.acts.at[i].name),
            .words = str_of(machine_words(policy_machine.acts, i, rq->lang)),
            .needs = needs_words(rq, needs),
            .opened = opened,
            .with_route = i == POLICY_ACT_LIST,
            .with_source = i == POLICY_ACT_LIST || i == POLICY_ACT_ENACT,
            .with_from = i == POLICY_ACT_ENACT,
            .with_days = i == POLICY_ACT_ENACT || i == POLICY_ACT_EXTEND,
            .with_hope = i == POLICY_ACT_AIM,
            .with_words = needs & POLICY_NEEDS_WORDS || i == POLICY_ACT_AIM,
            .words_needed = needs & POLICY_NEEDS_WORDS,
            .read = i == POLICY_ACT_END,
            .typed = typed_or(rq, opened, "words", i == POLICY_ACT_AIM ? p->hoped_words : STR("")),
            .source = typed_or(rq, opened, "source", p->source),
            .from = typed_or(rq, opened, "from", ledger_day(rq, p->from_day)),
            .until = typed_or(rq, opened, "until", ledger_day(rq, p->until_day)),
            .granted = typed_or(rq, opened, "granted", count_text(rq, p->hoped_granted)),
            .paid = typed_or(rq, opened, "paid", money_text(rq, p->hoped_paid)),
            .by = typed_or(rq, opened, "by", ledger_day(rq, p->hoped_day)),
        };
    }
}

static enum status fill_done(struct request *rq, int64_t line, struct policy_page *page,
                             struct error *err)
{
    struct policy_entry *list;
    enum status status =
        ledger_list_policy_acts(rq->arena, rq->store, line, ACTS_MOST, &list, &page->ndone, err);
    if (status)
        return status;
    page->done = arena_array(rq->arena, page->ndone + 1, struct done_row);
    for (size_t i = 0; !status && i < page->ndone; i++) {
        page->done[i] = (struct done_row){
            .act = str_of(policy_machine.acts.at[list[i].act].name),
            .words = str_of(ledger_done_words(&policy_machine, (int)list[i].act, rq->lang)),
            .why = list[i].words,
            .time = list[i].made_ms,
        };
        status = ledger_member_name(rq, list[i].member, &page->done[i].by, err);
    }
    return status;
}

static enum status fill_sorting(struct request *rq, int64_t line, struct policy_page *page,
                                struct error *err)
{
    enum status status = ledger_fill_facets(rq, line, &page->facets, &page->nfacets, err);
    for (size_t i = 0; !status && i < page->nfacets; i++)
        for (size_t k = 0; k < page->facets[i].nterms; k++)
            page->sorted |= page->facets[i].terms[k].chosen;
    return status;
}

/* The way to its end, and how far along it is. */
static void fill_stages(const struct request *rq, enum policy_state state, struct policy_page *page)
{
    page->stages = arena_array(rq->arena, POLICY_STATES, struct stage_row);
    for (int i = POLICY_LISTED; i <= POLICY_ENDED && state != POLICY_DROPPED; i++)
        page->stages[page->nstages++] =
            (struct stage_row){str_of(machine_words(policy_machine.states, i, rq->lang)),
                               i == (int)state, i < (int)state};
}

static void fill_facts(struct request *rq, const struct policy *p, struct policy_page *page)
{
    struct uptake_facts facts = ledger_policy_facts(p);
    page->listed = p->state != POLICY_NONE;
    page->state = str_of(policy_machine.states.at[p->state].name);
    page->state_words = str_of(machine_words(policy_machine.states, p->state, rq->lang));
    page->route = page->listed ? str_of(policy_routes.at[p->route].name) : STR("");
    page->route_words =
        page->listed ? str_of(machine_words(policy_routes, p->route, rq->lang)) : STR("");
    page->since = p->since_ms;
    page->words = p->words;
    page->source = p->source;
    page->from = ledger_day(rq, p->from_day);
    page->until = ledger_day(rq, p->until_day);
    page->hoped_granted = count_text(rq, p->hoped_granted);
    page->hoped_paid = money_text(rq, p->hoped_paid);
    page->hoped_by = ledger_day(rq, p->hoped_day);
    page->hoped_words = p->hoped_words;
    page->flags =
        ledger_flag_rows(rq, uptake_flags(&facts, calendar_day_of(rq->now_ms)), &page->nflags);
    ledger_fill_terms(rq, policy_routes, rq->post ? request_input(rq, "route") : STR("seek"),
                      &page->kinds, &page->nkinds);
}

static enum status show_policy(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct policy p;
    struct policy_page page = {0};
    unsigned acts = 0;
    struct ledger_person person = ledger_viewer(rq);
    enum status status = ledger_open_policy_line(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/policy", &page.head, err);
    if (!status)
        status = ledger_find_policy(rq->arena, rq->store, sight.line.id, &p, err);
    if (!status)
        status = ledger_policy_acts(rq->store, &person, sight.line.id, &p, &acts, err);
    if (!status)
        status = fill_done(rq, sight.line.id, &page, err);
    if (!status)
        status = fill_sorting(rq, sight.line.id, &page, err);
    if (!status)
        status = ledger_fill_steps(rq, &sight, &page.steps, err);
    if (status)
        return status;
    page.may_sort = ledger_may(sight.is, LEDGER_CHANGE);
    page.steps.may_add = p.state == POLICY_UNDERWAY && page.may_sort;
    page.with_steps = p.state == POLICY_UNDERWAY || page.steps.sum.all;
    fill_facts(rq, &p, &page);
    fill_stages(rq, p.state, &page);
    fill_acts(rq, &p, acts, &page);
    return answer_titled_page(rq, "ledger-policy", sight.line.title, POLICY_PAGE, &page);
}

const struct route route_ledger_policy = {
    .method = "GET",
    .path = "/ledger/lines/{line}/policy",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A policy: where it stands on its way into force, what was hoped for, how it is sorted, "
          "what is pointed out.",
    .zh = "政策推进情况：状态、预期成效、分类与提示。",
    .output = POLICY_PAGE,
    .page = "ledger-policy",
    .run = show_policy,
};

/* --- acts ----------------------------------------------------------------------------------------- */

struct policy_acting {
    int64_t line, now_ms;
    const struct workdays *calendar;
    struct policy_deed deed;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct policy_acting *a = context;
    enum status status =
        ledger_act_on_policy(scratch, store, a->calendar, a->line, &a->deed, a->now_ms, err);
    if (!status && a->deed.act == POLICY_ACT_EXTEND)
        status = leaflet_tell(scratch, store, a->line, LEAFLET_NEWS_EXTENDED, a->deed.actor, err);
    if (!status && a->deed.act == POLICY_ACT_END)
        status = leaflet_tell(scratch, store, a->line, LEAFLET_NEWS_ENDED, a->deed.actor, err);
    return status;
}

static enum status read_deed(struct request *rq, struct policy_deed *deed, struct error *err)
{
    struct str paid = request_input(rq, "paid");
    *deed = (struct policy_deed){
        .act = (enum policy_act)machine_named(policy_machine.acts, request_input(rq, "act")),
        .actor = rq->viewer.member,
        .lang = rq->lang,
        .route = (enum policy_route)machine_named(policy_routes, request_input(rq, "route")),
        .source = request_input(rq, "source"),
        .from_day = ledger_read_day(rq, "from"),
        .until_day = ledger_read_day(rq, "until"),
        .hoped_granted = request_number(rq, "granted"),
        .hoped_day = ledger_read_day(rq, "by"),
        .words = request_input(rq, "words"),
    };
    if (deed->act == POLICY_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要进行的操作。");
    enum status status =
        paid.len ? ledger_read_typed(rq, "paid", 2, &deed->hoped_paid, err) : STATUS_OK;
    return status ? status
                  : ledger_refuse_marks(rq,
                                        str_format(rq->arena, "%.*s\n%.*s", STR_ARG(deed->source),
                                                   STR_ARG(deed->words)),
                                        err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct policy_acting a = {.now_ms = rq->now_ms};
    enum status status = ledger_open_policy_line(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = read_deed(rq, &a.deed, err);
    if (!status)
        status = ledger_notices_calendar(rq->arena, rq->store, &a.calendar, err);
    a.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, act_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/policy");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "route", .kind = INPUT_TEXT, .most = 20, .en = "Route", .zh = "来源类型"},
    {.name = "source",
     .kind = INPUT_TEXT,
     .most = POLICY_SOURCE_MAX,
     .en = "What it rests on",
     .zh = "政策依据"},
    {.name = "from", .kind = INPUT_DAY, .en = "In force from", .zh = "开始执行日期"},
    {.name = "until", .kind = INPUT_DAY, .en = "Until", .zh = "失效日期"},
    {.name = "granted",
     .kind = INPUT_NUMBER,
     .most = POLICY_COUNT_MAX,
     .en = "How many are to have it",
     .zh = "预期惠及数"},
    {.name = "paid", .kind = INPUT_TEXT, .most = 30, .en = "Money", .zh = "预期兑现资金"},
    {.name = "by", .kind = INPUT_DAY, .en = "By which day", .zh = "预期达成日期"},
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .most = POLICY_WORDS_MAX,
     .en = "In words",
     .zh = "说明"},
    {0},
};
const struct route route_ledger_policy_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/policy",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act on a policy: enter, begin, aim, put into force, extend, end, give up, take up "
          "again.",
    .zh = "办理政策：入册、启动、设定预期、落地执行、调整有效期、终止、不再推进、重新推进。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_policy,
};

/* --- sorting -------------------------------------------------------------------------------------- */

struct sorting {
    int64_t line;
    int64_t terms[TERMS_OF_A_LINE];
    size_t nterms;
    struct ledger_deed deed;
};

static enum status sort_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct sorting *s = context;
    return ledger_set_line_terms(scratch, store, s->line, s->terms, s->nterms, &s->deed, err);
}

static enum status sort(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct sorting s = {.deed = {.now_ms = rq->now_ms}};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_CHANGE, &sight, err);
    if (!status)
        status = ledger_read_terms(rq, s.terms, &s.nterms, err);
    s.line = sight.line.id;
    if (!status)
        status = ledger_write(rq, s.line, LEDGER_CHANGE, sort_step, &s, err);
    return status ? status
                  : answer_redirect(
                        rq,
                        ledger_path(rq, rq->params[0],
                                    sight.line.kind == LEDGER_POLICY ? "/policy" : "/policies"),
                        "It is sorted so.", "分类已保存。");
}

static const struct input SORT_INPUTS[] = {POLICY_TERM_INPUT, {0}};
const struct route route_ledger_line_sort = {
    .method = "POST",
    .path = "/ledger/lines/{line}/terms",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say of which industry, field, category a line is, and whom it is for.",
    .zh = "设定条目的行业、领域、类别和适用对象。",
    .inputs = SORT_INPUTS,
    .run = sort,
};

/* --- which policies fit a line -------------------------------------------------------------------- */

#define FITTING_MOST 100

struct fit_row {
    struct str key, number, title, route_words, state, state_words, until, fit_words;
    bool fits;
};
static const struct field FIT_ROW[] = {
    FIELD(TEXT, struct fit_row, key),   FIELD(TEXT, struct fit_row, number),
    FIELD(TEXT, struct fit_row, title), FIELD_HIDDEN(TEXT, struct fit_row, route_words),
    FIELD(TEXT, struct fit_row, state), FIELD_HIDDEN(TEXT, struct fit_row, state_words),
    FIELD(DATE, struct fit_row, until), FIELD_HIDDEN(TEXT, struct fit_row, fit_words),
    FIELD(FLAG, struct fit_row, fits),  {0},
};
struct fitting_page {
    struct ledger_head head;
    bool may_sort, sorted;
    struct policy_facet_row *facets;
    struct fit_row *policies;
    size_t nfacets, npolicies;
};
static const struct field FITTING_PAGE[] = {
    LEDGER_HEAD_FIELD(struct fitting_page, head),
    FIELD_HIDDEN(FLAG, struct fitting_page, may_sort),
    FIELD_HIDDEN(FLAG, struct fitting_page, sorted),
    FIELD_OF_LIST(struct fitting_page, facets, policy_facet_fields),
    FIELD_OF_LIST(struct fitting_page, policies, FIT_ROW),
    {0},
};

static enum status fill_fitting(struct request *rq, int64_t line, struct fitting_page *page,
                                struct error *err)
{
    struct policy_fit *list;
    enum status status =
        ledger_list_fitting(rq->arena, rq->store, line, FITTING_MOST, &list, &page->npolicies, err);
    if (status)
        return status;
    page->policies = arena_array(rq->arena, page->npolicies + 1, struct fit_row);
    for (size_t i = 0; i < page->npolicies; i++)
        page->policies[i] = (struct fit_row){
            .key = list[i].key,
            .number = list[i].number,
            .title = list[i].title,
            .route_words = str_of(machine_words(policy_routes, list[i].route, rq->lang)),
            .state = str_of(policy_machine.states.at[list[i].state].name),
            .state_words = str_of(machine_words(policy_machine.states, list[i].state, rq->lang)),
            .until = ledger_day(rq, list[i].until_day),
            .fit_words = str_of(fit_words(list[i].fit, rq->lang)),
            .fits = list[i].fit == FIT_YES,
        };
    return STATUS_OK;
}

static enum status show_fitting(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct fitting_page page = {0};
    enum status status = ledger_open(rq, rq->params[0], LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/policies", &page.head, err);
    if (!status)
        status = ledger_fill_facets(rq, sight.line.id, &page.facets, &page.nfacets, err);
    if (!status)
        status = fill_fitting(rq, sight.line.id, &page, err);
    if (status)
        return status;
    page.may_sort = ledger_may(sight.is, LEDGER_CHANGE);
    page.nfacets = FACET_CATEGORY; /* industry and field: what is matched by */
    for (size_t i = 0; i < page.nfacets; i++)
        for (size_t k = 0; k < page.facets[i].nterms; k++)
            page.sorted |= page.facets[i].terms[k].chosen;
    return answer_titled_page(rq, "ledger-fitting", sight.line.title, FITTING_PAGE, &page);
}

const struct route route_ledger_fitting = {
    .method = "GET",
    .path = "/ledger/lines/{line}/policies",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Policies that fit a line by its industry and field.",
    .zh = "按行业和领域匹配的适用政策。",
    .output = FITTING_PAGE,
    .page = "ledger-fitting",
    .run = show_fitting,
};
