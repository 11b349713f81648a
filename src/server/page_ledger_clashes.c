/* Clashes between programmes: all of them, those that wait first, and one with both statements side by side. */
#include "server/grid.h"
#include "server/internal.h"

#include "server/ledger_programme.h"

static struct str path_of(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "/ledger/clashes/%.*s", STR_ARG(key));
}

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values ASPECTS = {clash_aspect_name, clash_aspect_word,
                                             .end = CLASH_ASPECTS};

static const struct ledger_values STATES = {clash_state_name, clash_state_word,
                                            .end = CLASH_STATES};

static const char *aspect_word(struct str value, enum lang lang)
{
    enum clash_aspect aspect;
    return clash_aspect_named(value, &aspect) ? clash_aspect_word(aspect, lang) : "";
}

static const char *state_word(struct str value, enum lang lang)
{
    enum clash_state state;
    return clash_state_named(value, &state) ? clash_state_word(state, lang) : "";
}

/* What a statement under an alias says of the clash's aspect, in signs that need no language. */
#define SPAN_SQL(FROM, TO)                                                              \
    "CASE WHEN " FROM " IS " TO " THEN " FROM " WHEN " FROM " IS NULL THEN '≤ ' || " TO \
    " WHEN " TO " IS NULL THEN '≥ ' || " FROM " ELSE " FROM " || ' – ' || " TO " END"
#define DAY_SQL(DAY)  "date(" DAY " * 86400, 'unixepoch')"
#define NUMBER_SQL(X) "iif(" X " IS NULL, NULL, printf('%g', " X "))"
#define SAYS_SQL(S)                                                                                       \
    "CASE c.aspect WHEN 'date' THEN " SPAN_SQL(                                                           \
        DAY_SQL(S ".first_day"),                                                                          \
        DAY_SQL(                                                                                          \
            S                                                                                             \
            ".last_day")) " WHEN 'quantity' THEN " SPAN_SQL(NUMBER_SQL(S ".least"),                       \
                                                            NUMBER_SQL(                                   \
                                                                S                                         \
                                                                ".most")) " || ' ' || " S                 \
                                                                          ".measure WHEN 'place' THEN " S \
                                                                          ".place ELSE " S                \
                                                                          ".place || ' · ' || " S         \
                                                                          ".use END"

static const struct grid_column COLUMNS[] = {
    {"subject", GRID_TEXT,
     "CASE WHEN a.subject = b.subject THEN a.subject ELSE a.subject || ' / ' || b.subject END",
     NULL, "Subject", "事项", NULL},
    {"aspect", GRID_TEXT, "c.aspect", NULL, "Clash of", "冲突类型", aspect_word},
    {"one", GRID_TEXT, "p.name", NULL, "One programme", "规划一", NULL},
    {"one_says", GRID_DAYS, SAYS_SQL("a"), NULL, "Says", "规定", NULL},
    {"other", GRID_TEXT, "r.name", NULL, "The other", "规划二", NULL},
    {"other_says", GRID_DAYS, SAYS_SQL("b"), NULL, "Says", "规定", NULL},
    {"state", GRID_TEXT, CLASH_STATE_SQL,
     "CASE " CLASH_STATE_SQL " WHEN 'reopened' THEN 1 WHEN 'open' THEN 2 WHEN 'settled' THEN 3"
     " ELSE 4 END",
     "State", "状态", state_word},
    {"found", GRID_DAY,
     "CAST(julianday(date(c.found_ms / 1000, 'unixepoch', 'localtime')) - 2440587.5 AS INTEGER)",
     "c.found_ms", "Found on", "发现日期", NULL},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words",
     "instr(lower(a.subject || ' ' || b.subject || ' ' || p.name || ' ' || r.name), lower({})) > 0",
     .en = "Subject or programme", .zh = "事项或规划"},
    {"aspect", "c.aspect = {}", "Clash of", "冲突类型", .values = &ASPECTS},
    {"state", CLASH_STATE_SQL " = {}", "State", "状态", .values = &STATES},
    {0},
};
static const struct grid CLASHES = {
    .path = "/ledger/clashes",
    .en = "Clashes of programmes",
    .zh = "规划冲突",
    .from = CLASH_FROM_SQL " JOIN programme p ON p.id = a.programme"
                           " JOIN programme r ON r.id = b.programme",
    .where = "1",
    .key = "c.key",
    .link = "'/ledger/clashes/' || c.key",
    .order = "state",
    .columns = COLUMNS,
    .filters = FILTERS,
};
struct clashes_page {
    struct grid_sight grid;
    int64_t waiting;
};
static const struct field CLASHES_PAGE[] = {
    GRID_FIELD(struct clashes_page, grid),
    FIELD(NUMBER, struct clashes_page, waiting),
    {0},
};

static enum status show_list(struct request *rq, struct error *err)
{
    struct clashes_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &CLASHES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = ledger_count_clashes(rq->store, &page.waiting, err);
    return status ? status
                  : answer_page(rq, "ledger-clashes", "Clashes of programmes", "规划冲突",
                                CLASHES_PAGE, &page);
}

const struct route route_ledger_clashes = {
    .method = "GET",
    .path = "/ledger/clashes",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Where programmes say what can't both be, those that wait to be settled first.",
    .zh = "各项规划相互冲突之处，待协调的在前。",
    .grid = &CLASHES,
    .output = CLASHES_PAGE,
    .page = "ledger-clashes",
    .run = show_list,
};

/* --- one clash ------------------------------------------------------------------------------------ */

struct settlement_row {
    struct str by, words;
    int64_t settled;
    bool stands; /* neither statement changed since */
};
static const struct field SETTLEMENT_ROW[] = {
    FIELD(TEXT, struct settlement_row, by),
    FIELD(TEXT, struct settlement_row, words),
    FIELD(TIME, struct settlement_row, settled),
    FIELD(FLAG, struct settlement_row, stands),
    {0},
};
struct clash_page {
    struct str key, aspect, aspect_word, rule, state, state_word, typed;
    int64_t found, gone, one_changes, other_changes;
    struct statement_sight *statements; /* both */
    size_t nstatements;
    struct settlement_row *settlements; /* newest first */
    size_t nsettlements;
    bool waits, may_settle;
};
static const struct field CLASH_PAGE[] = {
    FIELD(TEXT, struct clash_page, key),
    FIELD(TEXT, struct clash_page, aspect),
    FIELD_HIDDEN(TEXT, struct clash_page, aspect_word),
    FIELD(TEXT, struct clash_page, rule),
    FIELD(TEXT, struct clash_page, state),
    FIELD_HIDDEN(TEXT, struct clash_page, state_word),
    FIELD(TIME, struct clash_page, found),
    FIELD(TIME, struct clash_page, gone),
    FIELD(NUMBER, struct clash_page, one_changes),
    FIELD(NUMBER, struct clash_page, other_changes),
    FIELD_OF_LIST(struct clash_page, statements, statement_fields),
    FIELD_OF_LIST(struct clash_page, settlements, SETTLEMENT_ROW),
    FIELD_HIDDEN(TEXT, struct clash_page, typed),
    FIELD(FLAG, struct clash_page, waits),
    FIELD(FLAG, struct clash_page, may_settle),
    {0},
};

static enum status fill_settlements(struct request *rq, const struct clash *clash,
                                    struct clash_page *page, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "SELECT m.name, s.words, s.settled_ms, s.one_changes = ?2 AND s.other_changes = ?3"
        " FROM clash_settlement s JOIN member m ON m.id = s.member WHERE s.clash = ?1"
        " ORDER BY s.id DESC");
    query_bind_int(q, 1, clash->id);
    query_bind_int(q, 2, clash->one.changes);
    query_bind_int(q, 3, clash->other.changes);
    while (query_row(q)) {
        size_t n = page->nsettlements++;
        page->settlements =
            arena_one_more(rq->arena, page->settlements, n, sizeof *page->settlements);
        page->settlements[n] = (struct settlement_row){str_copy(rq->arena, query_str(q, 0)),
                                                       str_copy(rq->arena, query_str(q, 1)),
                                                       query_int(q, 2), query_int(q, 3) != 0};
    }
    return query_end(q, err);
}

static enum status show_clash(struct request *rq, struct error *err)
{
    struct clash clash = {0};
    enum status status = ledger_find_clash(rq->arena, rq->store, rq->params[0], &clash, err);
    if (status)
        return status;
    struct clash_page page = {
        .key = clash.key,
        .aspect = str_of(clash_aspect_name(clash.aspect)),
        .aspect_word = str_of(clash_aspect_word(clash.aspect, rq->lang)),
        .rule = str_of(clash_aspect_rule(clash.aspect, rq->lang)),
        .state = str_of(clash_state_name(clash.state)),
        .state_word = str_of(clash_state_word(clash.state, rq->lang)),
        .found = clash.found_ms,
        .gone = clash.gone_ms,
        .one_changes = clash.one.changes,
        .other_changes = clash.other.changes,
        .statements = arena_array(rq->arena, 2, struct statement_sight),
        .nstatements = 2,
        .typed = rq->post ? request_input(rq, "words") : STR(""),
        .waits = clash_waits(clash.state),
    };
    page.may_settle = page.waits && ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE);
    status = ledger_see_statement(rq, &clash.one, &page.statements[0], err);
    if (!status)
        status = ledger_see_statement(rq, &clash.other, &page.statements[1], err);
    if (!status)
        status = fill_settlements(rq, &clash, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-clash", clash.one.subject, CLASH_PAGE, &page);
}

const struct route route_ledger_clash = {
    .method = "GET",
    .path = "/ledger/clashes/{clash}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A clash: what both programmes say, by what rule that clashes, and how it was settled.",
    .zh = "规划冲突：双方的规定、判定规则与协调结论。",
    .output = CLASH_PAGE,
    .page = "ledger-clash",
    .run = show_clash,
};

struct settling {
    struct clash seen;
    struct str words;
    int64_t member, now_ms;
};

static enum status settle_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct settling *s = context;
    (void)scratch;
    return ledger_settle_clash(store, &s->seen, s->member, s->words, s->now_ms, err);
}

static enum status settle(struct request *rq, struct error *err)
{
    struct settling s = {
        .words = request_input(rq, "words"), .member = rq->viewer.member, .now_ms = rq->now_ms};
    enum status status = ledger_find_clash(rq->arena, rq->store, rq->params[0], &s.seen, err);
    if (!status)
        status = ledger_refuse_marks(rq, s.words, err);
    if (status)
        return status;
    s.seen.one.changes = request_number(rq, "one");
    s.seen.other.changes = request_number(rq, "other");
    status = ledger_write(rq, 0, LEDGER_ARRANGE, settle_step, &s, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, rq->params[0]), "The clash is settled.",
                                    "冲突已协调。");
}

#define COUNTER_INPUT(NAME, EN, ZH)                                                          \
    {                                                                                        \
        .name = (NAME), .kind = INPUT_NUMBER, .needed = true, .least = 1, .most = INT32_MAX, \
        .en = (EN), .zh = (ZH)                                                               \
    }
static const struct input SETTLE_INPUTS[] = {
    COUNTER_INPUT("one", "Changes of the one", "规划一的修改次数"),
    COUNTER_INPUT("other", "Changes of the other", "规划二的修改次数"),
    {.name = "words",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = CLASH_WORDS_MAX,
     .en = "How and why",
     .zh = "结论与理由"},
    {0},
};
const struct route route_ledger_settle = {
    .method = "POST",
    .path = "/ledger/clashes/{clash}/settle",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Settle a clash: say how and why, of the statements as they were seen.",
    .zh = "协调规划冲突：针对所见内容写明结论与理由。",
    .inputs = SETTLE_INPUTS,
    .run = settle,
    .again = show_clash,
};
