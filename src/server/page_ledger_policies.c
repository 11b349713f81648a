/* The register of policies: all of them with route, state, words, use and what is pointed out; and entering one. */
#include "base/calendar.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_notices.h"
#include "server/ledger_policy.h"

/* --- the list ------------------------------------------------------------------------------------- */

static const char *route_word(struct str value, enum lang lang)
{
    return ledger_term_words(policy_routes, value, lang);
}

static const char *state_word(struct str value, enum lang lang)
{
    return ledger_term_words(policy_machine.states, value, lang);
}

/* The gravest of what UPTAKE_SQL gave. */
static const char *flag_word(struct str value, enum lang lang)
{
    uint64_t flags = 0;
    int flag = 0;
    if (!str_to_u64(value, &flags) || !flags)
        return "";
    while (!(flags >> flag & 1U))
        flag++;
    return flag < UPTAKE_FLAGS ? uptake_flag_words((enum uptake_flag)flag, lang) : "";
}

static const struct ledger_values ROUTES = {.terms = &policy_routes};

static const struct ledger_values STATES = {.terms = &policy_machine.states};

static const struct ledger_values FLAGS = {uptake_flag_name, uptake_flag_words,
                                           .end = UPTAKE_FLAGS};

static enum status term_choices(struct request *rq, enum policy_facet facet, struct str chosen,
                                struct ledger_choice **list, size_t *count, struct error *err)
{
    struct policy_term *terms;
    size_t nterms;
    enum status status = ledger_list_terms(rq->arena, rq->store, &terms, &nterms, err);
    *count = 0;
    *list = arena_array(rq->arena, status ? 1 : nterms + 1, struct ledger_choice);
    for (size_t i = 0; !status && i < nterms; i++)
        if (terms[i].facet == facet && (!terms[i].ended_ms || terms[i].lines))
            (*list)[(*count)++] =
                (struct ledger_choice){terms[i].key, policy_term_words(&terms[i], rq->lang),
                                       str_equal(terms[i].key, chosen)};
    return status;
}

#define CHOICES_OF(NAME, FACET)                                                   \
    static enum status NAME##_choices(struct request *rq, struct str chosen,      \
                                      struct ledger_choice **list, size_t *count, \
                                      struct error *err)                          \
    {                                                                             \
        return term_choices(rq, FACET, chosen, list, count, err);                 \
    }
CHOICES_OF(industry, FACET_INDUSTRY)
CHOICES_OF(field, FACET_FIELD)
CHOICES_OF(category, FACET_CATEGORY)
CHOICES_OF(audience, FACET_AUDIENCE)

static const struct grid_option MINE[] = {
    {"led", "I lead", "我分包的"},
    {"unit", "Of my units", "我单位的"},
    {"look", "Leaflets to look at", "明白卡待我审核"},
    {0},
};

/* Leaflets that wait for another than who wrote them. */
#define WAITS_FOR_LOOK                                                                     \
    "EXISTS (SELECT 1 FROM policy_leaflet w WHERE w.line = l.id AND w.state = 'asked' AND" \
    " w.writer <> ?1)"
#define TERM_FILTER                                                                           \
    "EXISTS (SELECT 1 FROM line_term lt JOIN policy_term t ON t.id = lt.term WHERE lt.line =" \
    " l.id AND t.key = {})"

static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Name or number", .zh = "名称或编号"},
    {"route", "p.route = {}", "Route", "来源类型", .values = &ROUTES},
    {"state", "coalesce(p.state, 'none') = {}", "State", "状态", .values = &STATES},
    {"industry", TERM_FILTER, "Industry", "行业", .choices = industry_choices},
    {"field", TERM_FILTER, "Field", "领域", .choices = field_choices},
    {"category", TERM_FILTER, "Category", "类别", .choices = category_choices},
    {"audience", TERM_FILTER, "Whom it is for", "适用对象", .choices = audience_choices},
    {"flag",
     "(" UPTAKE_SQL ") & CASE {} WHEN 'past' THEN 1 WHEN 'unclaimed' THEN 2 WHEN 'behind' THEN 4"
     " WHEN 'ending' THEN 8 WHEN 'untold' THEN 16 WHEN 'silent' THEN 32 ELSE 0 END",
     "Pointed out", "提示", .values = &FLAGS},
    {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
     .choices = grid_unit_choices},
    {"mine",
     "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'unit' THEN l.unit IN (SELECT unit FROM"
     " unit_member WHERE member = ?1) WHEN 'look' THEN " WAITS_FOR_LOOK " END",
     "Mine", "与我有关", .options = MINE},
    {0},
};

/* A facet's words in one of the two languages, else in the other. */
#define TERMS_SQL(FACET, FIRST, OTHER, COMMA)                                           \
    "(SELECT group_concat(coalesce(nullif(t." FIRST ", ''), t." OTHER "), '" COMMA "')" \
    " FROM line_term lt JOIN policy_term t ON t.id = lt.term"                           \
    " WHERE lt.line = l.id AND t.facet = '" FACET "')"
#define COLUMNS(FIRST, OTHER, COMMA)                                                                 \
    {"title", GRID_TEXT, "l.title", NULL, "Policy", "政策", NULL},                                   \
        {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},                           \
        {"route", GRID_TEXT, "coalesce(p.route, '')", NULL, "Route", "来源类型", route_word},        \
        {"state", GRID_TEXT, "coalesce(p.state, 'none')", NULL, "State", "状态", state_word},        \
        {"flag", GRID_TEXT, "nullif(" UPTAKE_SQL ", 0)", NULL, "Pointed out", "提示", flag_word},    \
        {"industry", GRID_TEXT, TERMS_SQL("industry", FIRST, OTHER, COMMA), NULL, "Industry",        \
         "行业",     NULL},                                                                          \
        {"field", GRID_TEXT, TERMS_SQL("field", FIRST, OTHER, COMMA), NULL, "Field", "领域", NULL},  \
        {"category", GRID_TEXT, TERMS_SQL("category", FIRST, OTHER, COMMA), NULL, "Category",        \
         "类别",     NULL},                                                                          \
        {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},                               \
        {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},                               \
        {"due",  GRID_DAY, "iif(p.state = 'in-force', p.until_day, l.due_day)", NULL, "Due or ends", \
         "期限", NULL},                                                                              \
        {"claimed", GRID_NUMBER, "CASE WHEN p.last_month IS NOT NULL THEN p.claimed END",            \
         NULL,      "Claimed",   "申领数",                                                           \
         NULL},                                                                                      \
        {"granted", GRID_NUMBER, "CASE WHEN p.last_month IS NOT NULL THEN p.granted END",            \
         NULL,      "Granted",   "惠及数",                                                           \
         NULL},                                                                                      \
        {0},
static const struct grid_column COLUMNS_EN[] = {COLUMNS("en", "zh", ", ")};
static const struct grid_column COLUMNS_ZH[] = {COLUMNS("zh", "en", "、")};

/* The same list for readers of each language: only the words of the facets differ. */
#define GRID(LANG_COLUMNS)                                                                     \
    {                                                                                          \
        .path = "/ledger/policies", .en = "Policies", .zh = "政策清单",                        \
        .from = "line l LEFT JOIN policy p ON p.line = l.id LEFT JOIN unit u ON u.id = l.unit" \
                " LEFT JOIN member m ON m.id = l.lead",                                        \
        .where = "l.kind = 'policy'", .key = "l.key",                                          \
        .link = "'/ledger/lines/' || l.key || '/policy'", .order = "number",                   \
        .columns = (LANG_COLUMNS), .filters = FILTERS,                                         \
    }
static const struct grid POLICIES[] = {
    [LANG_EN] = GRID(COLUMNS_EN),
    [LANG_ZH] = GRID(COLUMNS_ZH),
};

/* How many policies of a route stand where. */
struct route_row {
    struct str route, words;
    int64_t listed, underway, force, ended, dropped;
};
static const struct field ROUTE_ROW[] = {
    FIELD(TEXT, struct route_row, route),     FIELD_HIDDEN(TEXT, struct route_row, words),
    FIELD(NUMBER, struct route_row, listed),  FIELD(NUMBER, struct route_row, underway),
    FIELD(NUMBER, struct route_row, force),   FIELD(NUMBER, struct route_row, ended),
    FIELD(NUMBER, struct route_row, dropped), {0},
};
struct policies_page {
    struct grid_sight grid;
    bool may_make, any;
    int64_t to_look;
    struct policy_flag_row *flags;
    struct route_row *routes;
    struct str title, text, source, due;
    struct policy_facet_row *facets;
    struct ledger_choice *kinds, *units, *people;
    size_t nflags, nroutes, nfacets, nkinds, nunits, npeople;
};
static const struct field POLICIES_PAGE[] = {
    GRID_FIELD(struct policies_page, grid),
    FIELD(FLAG, struct policies_page, may_make),
    FIELD_HIDDEN(FLAG, struct policies_page, any),
    FIELD(NUMBER, struct policies_page, to_look),
    FIELD_OF_LIST(struct policies_page, flags, policy_flag_fields),
    FIELD_OF_LIST(struct policies_page, routes, ROUTE_ROW),
    FIELD_HIDDEN(TEXT, struct policies_page, title),
    FIELD_HIDDEN(TEXT, struct policies_page, text),
    FIELD_HIDDEN(TEXT, struct policies_page, source),
    FIELD_HIDDEN(TEXT, struct policies_page, due),
    FIELD_OF_LIST(struct policies_page, facets, policy_facet_fields),
    FIELD_OF_LIST(struct policies_page, kinds, ledger_choice_fields),
    FIELD_OF_LIST(struct policies_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct policies_page, people, ledger_choice_fields),
    {0},
};

static enum status fill_routes(struct request *rq, struct policies_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT route, count(*) FILTER (WHERE state = 'listed'),"
                   " count(*) FILTER (WHERE state = 'underway'),"
                   " count(*) FILTER (WHERE state = 'in-force'),"
                   " count(*) FILTER (WHERE state = 'ended'),"
                   " count(*) FILTER (WHERE state = 'dropped') FROM policy GROUP BY route");
    page->nroutes = POLICY_ROUTES;
    page->routes = arena_array(rq->arena, POLICY_ROUTES, struct route_row);
    for (int i = 0; i < POLICY_ROUTES; i++)
        page->routes[i] =
            (struct route_row){.route = str_of(policy_routes.at[i].name),
                               .words = str_of(machine_words(policy_routes, i, rq->lang))};
    while (query_row(q)) {
        enum policy_route route = (enum policy_route)machine_named(policy_routes, query_str(q, 0));
        if (route == POLICY_ROUTES)
            continue;
        struct route_row *row = &page->routes[route];
        row->listed = query_int(q, 1);
        row->underway = query_int(q, 2);
        row->force = query_int(q, 3);
        row->ended = query_int(q, 4);
        row->dropped = query_int(q, 5);
        page->any = true;
    }
    return query_end(q, err);
}

static enum status fill_flags(struct request *rq, struct policies_page *page, struct error *err)
{
    int64_t counts[UPTAKE_FLAGS];
    enum status status = ledger_count_flags(rq->store, calendar_day_of(rq->now_ms), counts, err);
    unsigned flags = 0;
    for (int i = 0; !status && i < UPTAKE_FLAGS; i++)
        flags |= counts[i] ? 1U << i : 0U;
    page->flags = ledger_flag_rows(rq, flags, &page->nflags);
    for (size_t i = 0; i < page->nflags; i++)
        page->flags[i].count = counts[uptake_flag_named(page->flags[i].flag)];
    return status;
}

/* Leaflets that the viewer may look at: others' of which they hold the policy, or all for who keeps the ledger. */
static enum status count_looks(struct request *rq, struct policies_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT count(*) FROM line l WHERE l.kind = 'policy' AND " WAITS_FOR_LOOK
                   " AND (?2 OR l.lead = ?1 OR l.unit IN (SELECT id FROM unit WHERE head = ?1))");
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, request_may(rq, ROLES_LEDGER_ALL | ROLE_INSPECTOR));
    page->to_look = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static enum status fill_form(struct request *rq, struct policies_page *page, struct error *err)
{
    bool typed = rq->post;
    ledger_fill_terms(rq, policy_routes, typed ? request_input(rq, "route") : STR("seek"),
                      &page->kinds, &page->nkinds);
    if (typed) {
        page->title = request_input(rq, "title");
        page->text = request_input(rq, "text");
        page->source = request_input(rq, "source");
        page->due = request_input(rq, "due");
    }
    enum status status = ledger_fill_facets(rq, 0, &page->facets, &page->nfacets, err);
    if (!status)
        status = grid_unit_choices(rq, typed ? request_input(rq, "unit") : STR(""), &page->units,
                                   &page->nunits, err);
    return status ? status
                  : grid_lead_choices(rq, typed ? request_input(rq, "lead") : STR(""),
                                      &page->people, &page->npeople, err);
}

static enum status show_policies(struct request *rq, struct error *err)
{
    struct policies_page page = {.may_make = ledger_may(ledger_viewer(rq).is, LEDGER_MAKE)};
    bool answered = false;
    enum status status = grid_read(rq, &POLICIES[rq->lang], &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = fill_routes(rq, &page, err);
    if (!status)
        status = fill_flags(rq, &page, err);
    if (!status)
        status = count_looks(rq, &page, err);
    if (!status && page.may_make)
        status = fill_form(rq, &page, err);
    return status
               ? status
               : answer_page(rq, "ledger-policies", "Policies", "政策清单", POLICIES_PAGE, &page);
}

const struct route route_ledger_policies = {
    .method = "GET",
    .path = "/ledger/policies",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The register of policies: route, state, industry, field and category, use, and what is "
          "pointed out; with format=csv or xlsx the whole of it as a file.",
    .zh = "政策清单：来源类型、状态、行业领域类别、落实情况及提示；format=csv 或 xlsx 时导出全部。",
    .grid = POLICIES, /* both take the same */
    .output = POLICIES_PAGE,
    .page = "ledger-policies",
    .run = show_policies,
};

/* --- entering one --------------------------------------------------------------------------------- */

struct entering {
    struct line line;
    struct policy_deed deed;
    int64_t terms[TERMS_OF_A_LINE];
    size_t nterms;
    int64_t now_ms;
    const struct workdays *calendar;
};

static enum status enter_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct entering *e = context;
    struct ledger_deed deed = {.now_ms = e->now_ms};
    enum status status = ledger_make_line(scratch, store, &e->line, &deed, err);
    if (!status)
        status =
            ledger_act_on_policy(scratch, store, e->calendar, e->line.id, &e->deed, e->now_ms, err);
    return status
               ? status
               : ledger_set_line_terms(scratch, store, e->line.id, e->terms, e->nterms, &deed, err);
}

static enum status read_policy(struct request *rq, struct entering *e, struct error *err)
{
    e->line = (struct line){
        .kind = LEDGER_POLICY,
        .title = request_input(rq, "title"),
        .text = request_input(rq, "text"),
        .state = LINE_PROPOSED,
        .weight = 1,
        .due_day = ledger_read_day(rq, "due"),
    };
    e->deed = (struct policy_deed){
        .act = POLICY_ACT_LIST,
        .actor = rq->viewer.member,
        .route = (enum policy_route)machine_named(policy_routes, request_input(rq, "route")),
        .source = request_input(rq, "source")};
    enum status status = ledger_read_unit(rq, "unit", &e->line.unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &e->line.lead, err);
    if (!status)
        status = ledger_read_terms(rq, e->terms, &e->nterms, err);
    return status ? status
                  : ledger_refuse_marks(rq,
                                        str_format(rq->arena, "%.*s\n%.*s\n%.*s",
                                                   STR_ARG(e->line.title), STR_ARG(e->line.text),
                                                   STR_ARG(e->deed.source)),
                                        err);
}

static enum status enter(struct request *rq, struct error *err)
{
    struct entering e = {.now_ms = rq->now_ms};
    struct line made;
    enum status status = read_policy(rq, &e, err);
    if (!status)
        status = ledger_notices_calendar(rq->arena, rq->store, &e.calendar, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_MAKE, enter_step, &e, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, e.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/policy"),
                                    "The policy is in the register.", "政策已列入清单。");
}

static const struct input ENTER_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Name",
     .zh = "名称"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = LINE_TEXT_MAX, .en = "Details", .zh = "说明"},
    {.name = "route",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "Route",
     .zh = "来源类型"},
    {.name = "source",
     .kind = INPUT_TEXT,
     .most = POLICY_SOURCE_MAX,
     .en = "What it rests on",
     .zh = "政策依据"},
    POLICY_TERM_INPUT,
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "due", .kind = INPUT_DAY, .en = "To be in force by", .zh = "落地期限"},
    {0},
};
const struct route route_ledger_policy_enter = {
    .method = "POST",
    .path = "/ledger/policies",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Enter a policy in the register.",
    .zh = "将政策列入清单。",
    .inputs = ENTER_INPUTS,
    .run = enter,
    .again = show_policies,
};
