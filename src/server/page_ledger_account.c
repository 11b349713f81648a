/* A project's account: money planned and paid with their sums, land, permits, parties and documents. */
#include "base/calendar.h"
#include "ledger/account.h"
#include "ledger/amount.h"
#include "server/grid.h"
#include "server/internal.h"
#include "server/ledger_project.h"

struct entry_row {
    struct str key, name, source, cents, state, state_words, day, due, by, why;
    int64_t struck;
    bool is_late, may_set, may_strike;
    struct ledger_choice *states;
    size_t nstates;
};
static const struct field ENTRY_ROW[] = {
    FIELD(TEXT, struct entry_row, key),
    FIELD(TEXT, struct entry_row, name),
    FIELD(TEXT, struct entry_row, source),
    FIELD(TEXT, struct entry_row, cents),
    FIELD(TEXT, struct entry_row, state),
    FIELD_HIDDEN(TEXT, struct entry_row, state_words),
    FIELD(DATE, struct entry_row, day),
    FIELD(DATE, struct entry_row, due),
    FIELD(TEXT, struct entry_row, by),
    FIELD(TIME, struct entry_row, struck),
    FIELD(TEXT, struct entry_row, why),
    FIELD(FLAG, struct entry_row, is_late),
    FIELD_HIDDEN(FLAG, struct entry_row, may_set),
    FIELD_HIDDEN(FLAG, struct entry_row, may_strike),
    FIELD_OF_LIST(struct entry_row, states, ledger_choice_fields),
    {0},
};
struct kind_part {
    struct str kind, words, source_words, sum;
    struct str name, source, amount, day, due; /* as typed, when it was refused just now */
    bool money, may_enter, opened;
    struct ledger_choice *states;
    struct entry_row *entries;
    size_t nstates, nentries;
};
static const struct field KIND_PART[] = {
    FIELD(TEXT, struct kind_part, kind),
    FIELD_HIDDEN(TEXT, struct kind_part, words),
    FIELD_HIDDEN(TEXT, struct kind_part, source_words),
    FIELD(TEXT, struct kind_part, sum),
    FIELD_HIDDEN(FLAG, struct kind_part, money),
    FIELD_HIDDEN(FLAG, struct kind_part, may_enter),
    FIELD_HIDDEN(FLAG, struct kind_part, opened),
    FIELD_HIDDEN(TEXT, struct kind_part, name),
    FIELD_HIDDEN(TEXT, struct kind_part, source),
    FIELD_HIDDEN(TEXT, struct kind_part, amount),
    FIELD_HIDDEN(TEXT, struct kind_part, day),
    FIELD_HIDDEN(TEXT, struct kind_part, due),
    FIELD_OF_LIST(struct kind_part, states, ledger_choice_fields),
    FIELD_OF_LIST(struct kind_part, entries, ENTRY_ROW),
    {0},
};
struct sum_row {
    struct str name, planned, paid, rest;
};
static const struct field SUM_ROW[] = {
    FIELD(TEXT, struct sum_row, name),
    FIELD(TEXT, struct sum_row, planned),
    FIELD(TEXT, struct sum_row, paid),
    FIELD(TEXT, struct sum_row, rest),
    {0},
};
struct account_page {
    struct ledger_head head;
    struct str planned, paid, rest, csv, xlsx, today;
    int64_t percent, needs, held, late;
    bool any, over;
    struct sum_row *sources, *years;
    struct kind_part *kinds;
    size_t nsources, nyears, nkinds;
};
static const struct field ACCOUNT_PAGE[] = {
    LEDGER_HEAD_FIELD(struct account_page, head),
    FIELD(TEXT, struct account_page, planned),
    FIELD(TEXT, struct account_page, paid),
    FIELD(TEXT, struct account_page, rest),
    FIELD(NUMBER, struct account_page, percent),
    FIELD(NUMBER, struct account_page, needs),
    FIELD(NUMBER, struct account_page, held),
    FIELD(NUMBER, struct account_page, late),
    FIELD_HIDDEN(FLAG, struct account_page, any),
    FIELD(FLAG, struct account_page, over),
    FIELD_HIDDEN(TEXT, struct account_page, today),
    FIELD(TEXT, struct account_page, csv),
    FIELD(TEXT, struct account_page, xlsx),
    FIELD_OF_LIST(struct account_page, sources, SUM_ROW),
    FIELD_OF_LIST(struct account_page, years, SUM_ROW),
    FIELD_OF_LIST(struct account_page, kinds, KIND_PART),
    {0},
};

/* --- the page ------------------------------------------------------------------------------------- */

static struct ledger_choice *state_choices(struct request *rq, enum entry_kind kind,
                                           enum entry_state chosen)
{
    struct ledger_choice *list = arena_array(rq->arena, ENTRY_STATES, struct ledger_choice);
    for (int s = ENTRY_WANTED; s < ENTRY_STATES; s++)
        list[s - ENTRY_WANTED] = (struct ledger_choice){
            str_of(entry_state_name((enum entry_state)s)),
            str_of(entry_state_words(kind, (enum entry_state)s, rq->lang)), s == (int)chosen};
    return list;
}

static enum status fill_entry(struct request *rq, const struct account_entry *e, bool may,
                              int64_t today, struct entry_row *row, struct error *err)
{
    bool money = entry_is_money(e->kind);
    *row = (struct entry_row){
        .key = e->key,
        .name = e->name,
        .source = e->source,
        .cents = money ? account_money(rq->arena, e->cents) : STR(""),
        .state = str_of(entry_state_name(e->state)),
        .state_words = str_of(entry_state_words(e->kind, e->state, rq->lang)),
        .day = ledger_day(rq, e->day),
        .due = ledger_day(rq, e->due_day),
        .struck = e->struck_ms,
        .why = e->struck_why,
        .is_late =
            !money && !e->struck_ms && e->state != ENTRY_HELD && e->due_day && e->due_day < today,
        .may_set = may && !money && !e->struck_ms,
        .may_strike = may && !e->struck_ms,
    };
    if (row->may_set) {
        row->states = state_choices(rq, e->kind, e->state);
        row->nstates = ENTRY_STATES - ENTRY_WANTED;
    }
    return ledger_member_name(rq, e->member, &row->by, err);
}

/* What the form of a kind begins with: the day of today, or what was typed and refused. */
static void fill_form(struct request *rq, struct kind_part *part)
{
    part->day = ledger_day(rq, calendar_day_of(rq->now_ms));
    part->opened = rq->post && str_equal(request_input(rq, "kind"), part->kind);
    if (!part->opened)
        return;
    part->name = request_input(rq, "name");
    part->source = request_input(rq, "source");
    part->amount = request_input(rq, "amount");
    part->day = request_input(rq, "day");
    part->due = request_input(rq, "due");
}

static enum status fill_kind(struct request *rq, enum entry_kind kind,
                             const struct account_entry *list, size_t count, bool may,
                             struct kind_part *part, struct error *err)
{
    enum status status = STATUS_OK;
    int64_t sum = 0;
    *part = (struct kind_part){
        .kind = str_of(entry_kind_name(kind)),
        .words = str_of(entry_kind_words(kind, rq->lang)),
        .source_words = str_of(entry_source_words(kind, rq->lang)),
        .money = entry_is_money(kind),
        .may_enter = may,
        .states = state_choices(
            rq, kind, rq->post ? entry_state_named(request_input(rq, "state")) : ENTRY_WANTED),
        .nstates = entry_is_money(kind) ? 0 : ENTRY_STATES - ENTRY_WANTED,
        .entries = arena_array(rq->arena, count + 1, struct entry_row),
    };
    for (size_t i = 0; !status && i < count; i++) {
        if (list[i].kind != kind)
            continue;
        sum += list[i].struck_ms ? 0 : list[i].cents;
        status = fill_entry(rq, &list[i], may, calendar_day_of(rq->now_ms),
                            &part->entries[part->nentries++], err);
    }
    fill_form(rq, part);
    part->sum = part->money ? account_money(rq->arena, sum) : STR("");
    return status;
}

static struct sum_row sum_row_of(struct request *rq, struct str name, int64_t planned, int64_t paid)
{
    return (struct sum_row){name, account_money(rq->arena, planned), account_money(rq->arena, paid),
                            account_money(rq->arena, planned - paid)};
}

static void fill_sums(struct request *rq, const struct account_entry *list, size_t count,
                      struct account_page *page)
{
    struct account_sum sum;
    account_sum(rq->arena, list, count, calendar_day_of(rq->now_ms), &sum);
    struct sum_row all = sum_row_of(rq, STR(""), sum.planned, sum.paid);
    page->planned = all.planned;
    page->paid = all.paid;
    page->rest = all.rest;
    page->percent = sum.planned > 0 ? sum.paid * 100 / sum.planned : 0;
    page->over = sum.paid > sum.planned;
    page->any = sum.nsources > 0;
    page->needs = (int64_t)sum.needs;
    page->held = sum.held;
    page->late = sum.late;
    page->nsources = sum.nsources;
    page->nyears = sum.nyears;
    page->sources = arena_array(rq->arena, sum.nsources + 1, struct sum_row);
    page->years = arena_array(rq->arena, sum.nyears + 1, struct sum_row);
    for (size_t i = 0; i < sum.nsources; i++)
        page->sources[i] =
            sum_row_of(rq,
                       sum.sources[i].source.len ? sum.sources[i].source
                                                 : request_words(rq, "not said", "未注明"),
                       sum.sources[i].planned, sum.sources[i].paid);
    for (size_t i = 0; i < sum.nyears; i++)
        page->years[i] = sum_row_of(rq, str_format(rq->arena, "%d", sum.years[i].year),
                                    sum.years[i].planned, sum.years[i].paid);
}

static enum status fill_account(struct request *rq, int64_t line, bool may,
                                struct account_page *page, struct error *err)
{
    struct account_entry *list;
    size_t count;
    enum status status = ledger_list_entries(rq->arena, rq->store, line, &list, &count, err);
    if (status)
        return status;
    fill_sums(rq, list, count, page);
    page->kinds = arena_array(rq->arena, ENTRY_KINDS, struct kind_part);
    for (; !status && page->nkinds < ENTRY_KINDS; page->nkinds++)
        status = fill_kind(rq, (enum entry_kind)page->nkinds, list, count, may,
                           &page->kinds[page->nkinds], err);
    return status;
}

static enum status show_account(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct account_page page = {.today = ledger_day(rq, calendar_day_of(rq->now_ms))};
    enum status status = ledger_open_project(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/account", &page.head, err);
    if (status)
        return status;
    page.csv = str_format(rq->arena, "/ledger/accounts?format=csv&number=%.*s",
                          STR_ARG(sight.line.number));
    page.xlsx = str_format(rq->arena, "/ledger/accounts?format=xlsx&number=%.*s",
                           STR_ARG(sight.line.number));
    status = fill_account(rq, sight.line.id, ledger_may(sight.is, LEDGER_CHANGE), &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-account", sight.line.title, ACCOUNT_PAGE, &page);
}

const struct route route_ledger_account = {
    .method = "GET",
    .path = "/ledger/lines/{line}/account",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A project's account: money planned and paid, land, permits, parties, documents.",
    .zh = "项目台账：计划与支付资金、用地、手续、参建单位、文件资料。",
    .output = ACCOUNT_PAGE,
    .page = "ledger-account",
    .run = show_account,
};

/* --- all accounts --------------------------------------------------------------------------------- */

static const char *kind_word(struct str value, enum lang lang)
{
    enum entry_kind kind = entry_kind_named(value);
    return kind < ENTRY_KINDS ? entry_kind_words(kind, lang) : "";
}

/* "permit-held": how it stands, in the words of its kind. */
static const char *state_word(struct str value, enum lang lang)
{
    struct str kind;
    struct str rest = value;
    if (!str_split(&rest, '-', &kind))
        return "";
    enum entry_kind of = entry_kind_named(kind);
    enum entry_state state = entry_state_named(rest);
    return of < ENTRY_KINDS && state < ENTRY_STATES ? entry_state_words(of, state, lang) : "";
}

static const struct ledger_values KINDS = {entry_kind_name, entry_kind_words, .end = ENTRY_KINDS};

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Project", "项目", NULL},
    {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
    {"kind", GRID_TEXT, "e.kind", NULL, "Kind", "类别", kind_word},
    {"name", GRID_TEXT, "e.name", NULL, "What for", "名称或用途", NULL},
    {"source", GRID_TEXT, "e.source", NULL, "From, by, where", "来源、单位或位置", NULL},
    {"amount", GRID_MONEY, "e.cents", NULL, "Amount, yuan", "金额（元）", NULL},
    {"day", GRID_DAY, "e.day", NULL, "Day", "日期", NULL},
    {"due", GRID_DAY, "e.due_day", NULL, "Needed by", "需要时间", NULL},
    {"state", GRID_TEXT, "e.kind || '-' || e.state", "e.state", "State", "状态", state_word},
    {"struck", GRID_TEXT, "e.struck_why", NULL, "Struck because", "作废理由", NULL},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title || ' ' || e.name || ' ' || e.source), lower({})) > 0",
     .en = "Words", .zh = "关键词"},
    {"number", "l.number = upper({})", .en = "Number", .zh = "编号"},
    {"kind", "e.kind = {}", "Kind", "类别", .values = &KINDS},
    {0},
};
static const struct grid ENTRIES = {
    .path = "/ledger/accounts",
    .en = "Accounts",
    .zh = "项目台账",
    .from = "project_entry e JOIN line l ON l.id = e.line",
    .where = "1",
    .key = "e.key",
    .row = "e.id",
    .link = "'/ledger/lines/' || l.key || '/account'",
    .order = "number",
    .columns = COLUMNS,
    .filters = FILTERS,
};
struct accounts_page {
    struct grid_sight grid;
};
static const struct field ACCOUNTS_PAGE[] = {GRID_FIELD(struct accounts_page, grid), {0}};

static enum status show_accounts(struct request *rq, struct error *err)
{
    struct accounts_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &ENTRIES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    return answer_page(rq, "ledger-accounts", "Accounts of projects", "项目台账", ACCOUNTS_PAGE,
                       &page);
}

const struct route route_ledger_accounts = {
    .method = "GET",
    .path = "/ledger/accounts",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The accounts of all projects, entry by entry; with format=csv or xlsx as a file.",
    .zh = "全部项目的台账登记；format=csv 或 xlsx 时导出。",
    .grid = &ENTRIES,
    .output = ACCOUNTS_PAGE,
    .page = "ledger-accounts",
    .run = show_accounts,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct keeping {
    int64_t line;
    struct account_entry entry;
    struct ledger_deed deed;
};

static enum status enter_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct keeping *k = context;
    return ledger_enter(scratch, store, k->line, &k->entry, &k->deed, err);
}

static enum status set_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct keeping *k = context;
    return ledger_set_entry(scratch, store, k->line, k->entry.key, k->entry.state, k->entry.day,
                            &k->deed, err);
}

static enum status strike_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct keeping *k = context;
    return ledger_strike_entry(scratch, store, k->line, k->entry.key, &k->deed, err);
}

static enum status write(struct request *rq, server_write_step step, struct keeping *k,
                         const char *en, const char *zh, struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open_project(rq, LEDGER_CHANGE, &sight, err);
    k->line = sight.line.id;
    k->deed.now_ms = rq->now_ms;
    if (!status)
        status =
            ledger_refuse_marks(rq,
                                str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(k->entry.name),
                                           STR_ARG(k->entry.source), STR_ARG(k->deed.why)),
                                err);
    if (!status)
        status = ledger_write(rq, k->line, LEDGER_CHANGE, step, k, err);
    return status ? status : ledger_answer_done(rq, "/account", en, zh);
}

static enum status enter(struct request *rq, struct error *err)
{
    struct keeping k = {.entry = {
                            .kind = entry_kind_named(request_input(rq, "kind")),
                            .name = request_input(rq, "name"),
                            .source = request_input(rq, "source"),
                            .state = entry_state_named(request_input(rq, "state")),
                            .day = ledger_read_day(rq, "day"),
                            .due_day = ledger_read_day(rq, "due"),
                            .member = rq->viewer.member,
                        }};
    if (k.entry.kind == ENTRY_KINDS)
        return request_blame(rq, "kind",
                             error_set(err, STATUS_INPUT, "Choose a kind.", "请选择类别。"));
    enum status status = entry_is_money(k.entry.kind)
                             ? ledger_read_typed(rq, "amount", 2, &k.entry.cents, err)
                             : STATUS_OK;
    return status ? status : write(rq, enter_step, &k, "It is entered.", "已登记。", err);
}

static const struct input ENTER_INPUTS[] = {
    {.name = "kind", .kind = INPUT_CHOICE, .needed = true, .most = 20, .en = "Kind", .zh = "类别"},
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = ENTRY_NAME_MAX,
     .en = "What for",
     .zh = "名称或用途"},
    {.name = "source",
     .kind = INPUT_TEXT,
     .most = ENTRY_NAME_MAX,
     .en = "From, by, where",
     .zh = "来源、单位或位置"},
    {.name = "amount", .kind = INPUT_TEXT, .most = 40, .en = "Amount", .zh = "金额"},
    {.name = "state", .kind = INPUT_TEXT, .most = 20, .en = "State", .zh = "状态"},
    {.name = "day", .kind = INPUT_DAY, .en = "Day", .zh = "日期"},
    {.name = "due", .kind = INPUT_DAY, .en = "Needed by", .zh = "需要时间"},
    {0},
};
const struct route route_ledger_account_enter = {
    .method = "POST",
    .path = "/ledger/lines/{line}/account",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Enter money, land, a permit, a party or a document in a project's account.",
    .zh = "在项目台账中登记资金、用地、手续、参建单位或文件资料。",
    .inputs = ENTER_INPUTS,
    .run = enter,
    .again = show_account,
};

static enum status set_entry(struct request *rq, struct error *err)
{
    struct keeping k = {
        .entry = {.key = request_input(rq, "entry"),
                  .state = entry_state_named(request_input(rq, "state")),
                  .day = ledger_read_day(rq, "day")},
        .deed = {.why = request_input(rq, "why")},
    };
    return write(rq, set_step, &k, "Its state is kept.", "办理状态已更新。", err);
}

#define ENTRY_INPUT                                                                     \
    {                                                                                   \
        .name = "entry", .kind = INPUT_TEXT, .needed = true, .most = 40, .en = "Entry", \
        .zh = "登记事项",                                                               \
    }
static const struct input SET_INPUTS[] = {
    ENTRY_INPUT,
    {.name = "state",
     .kind = INPUT_CHOICE,
     .needed = true,
     .most = 20,
     .en = "State",
     .zh = "状态"},
    {.name = "day", .kind = INPUT_DAY, .needed = true, .en = "Since", .zh = "日期"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_account_set = {
    .method = "POST",
    .path = "/ledger/lines/{line}/account/state",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say how land, a permit, a party or a document of a project stands.",
    .zh = "更新用地、手续、参建单位或文件资料的办理状态。",
    .inputs = SET_INPUTS,
    .run = set_entry,
    .again = show_account,
};

static enum status strike_entry(struct request *rq, struct error *err)
{
    struct keeping k = {.entry = {.key = request_input(rq, "entry")},
                        .deed = {.why = request_input(rq, "why")}};
    return write(rq, strike_step, &k, "The entry is struck.", "登记已作废。", err);
}

static const struct input STRIKE_INPUTS[] = {
    ENTRY_INPUT,
    {.name = "why",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_WHY_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_account_strike = {
    .method = "POST",
    .path = "/ledger/lines/{line}/account/strike",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Strike an entry of a project's account, with a reason.",
    .zh = "作废项目台账中的一项登记，须说明理由。",
    .inputs = STRIKE_INPUTS,
    .run = strike_entry,
    .again = show_account,
};
