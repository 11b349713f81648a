/* Rectifications: all of them with counts by unit, and putting a problem on record. */
#include "base/calendar.h"
#include "ledger/likeness.h"
#include "server/grid.h"
#include "server/grid_choices.h"
#include "server/internal.h"
#include "server/ledger_found.h"

/* --- the list ------------------------------------------------------------------------------------- */

static const struct ledger_values STATES = {.terms = &rectify_machine.states,
                                            .first = RECTIFY_NONE + 1};

static const struct ledger_values ORIGINS = {.terms = &rectify_origins};

static const struct ledger_values SORTS = {.terms = &rectify_sorts};

static const char *state_word(struct str value, enum lang lang)
{
    return ledger_term_words(rectify_machine.states, value, lang);
}
static const char *origin_word(struct str value, enum lang lang)
{
    return ledger_term_words(rectify_origins, value, lang);
}
static const char *sort_word(struct str value, enum lang lang)
{
    return ledger_term_words(rectify_sorts, value, lang);
}
static const char *gravity_word(struct str value, enum lang lang)
{
    return str_equal(value, STR("1")) ? lang_pick(lang, "grave", "严重")
                                      : lang_pick(lang, "ordinary", "一般");
}

static const struct grid_option MINE[] = {
    {"led", "I lead", "我分包的"},
    {"unit", "Of my units", "我单位的"},
    {"verify", "Wait for me to verify", "待我验收"},
    {0},
};
static const struct grid_option AGAIN[] = {
    {"open", "Alike to earlier ones, to be decided", "与既往问题相似，待判定"},
    {"confirmed", "The same again", "反复问题"},
    {0},
};
static const struct grid_option GRAVITY[] = {
    {"1", "Grave", "严重"},
    {"0", "Ordinary", "一般"},
    {0},
};

/* Of a line without a row of its own too; see rectification.h. */
#define STATE  "coalesce(r.state, 'found')"
#define ORIGIN RECTIFY_ORIGIN_SQL
#define SORT   "coalesce(r.sort, 'other')"
#define GRAVE  "coalesce(r.grave, 0)"
#define AGAIN_SQL(state) \
    "EXISTS (SELECT 1 FROM recurrence c WHERE c.line = l.id AND c.state = '" state "')"

static const struct grid RECTIFICATIONS = {
    .path = "/ledger/rectifications",
    .en = "Rectifications",
    .zh = "整改",
    .from = "line l LEFT JOIN rectification r ON r.line = l.id LEFT JOIN unit u ON u.id = l.unit"
            " LEFT JOIN member m ON m.id = l.lead",
    .where = "l.kind = 'rectification'",
    .key = "l.key",
    .row = "l.id",
    .link = "'/ledger/lines/' || l.key || '/rectification'",
    .order = "-number",
    .deeds = "/ledger/bulk",
    .columns =
        (const struct grid_column[]){
            {"title", GRID_TEXT, "l.title", NULL, "Problem", "问题", NULL},
            {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
            {"state", GRID_TEXT, STATE, NULL, "Stands at", "整改环节", state_word},
            {"unit", GRID_TEXT, "u.name", NULL, "Unit", "责任单位", NULL},
            {"lead", GRID_TEXT, "m.name", NULL, "Lead", "分包领导", NULL},
            {"due", GRID_DAY, "l.due_day", NULL, "Due", "整改期限", NULL},
            {"light", GRID_TEXT, LIGHT_SQL, NULL, "Light", "亮灯", grid_light_word},
            {"gravity", GRID_TEXT, GRAVE, NULL, "Gravity", "程度", gravity_word},
            {"origin", GRID_TEXT, ORIGIN, NULL, "Found by", "问题来源", origin_word},
            {"sort", GRID_TEXT, SORT, NULL, "Sort", "问题类别", sort_word},
            {"returned", GRID_NUMBER, "coalesce(r.returned, 0)", NULL, "Sent back", "退回次数",
             NULL},
            {"struck", GRID_DAY, "r.struck_day", NULL, "Struck off", "销号日期", NULL},
            {0},
        },
    .filters =
        (const struct grid_filter[]){
            {"words",
             "instr(lower(l.title), lower({})) > 0 OR instr(lower(l.text), lower({})) > 0"
             " OR l.number = upper({})",
             .en = "Words or number", .zh = "关键词或编号"},
            {"state", STATE " = {}", "Stands at", "整改环节", .values = &STATES},
            {"unit", "l.unit = (SELECT id FROM unit WHERE key = {})", "Unit", "责任单位",
             .choices = grid_unit_choices},
            {"origin", ORIGIN " = {}", "Found by", "问题来源", .values = &ORIGINS},
            {"nature", SORT " = {}", "Sort", "问题类别", .values = &SORTS},
            {"gravity", GRAVE " = CAST({} AS INTEGER)", "Gravity", "程度", .options = GRAVITY},
            {"again",
             "CASE {} WHEN 'open' THEN " AGAIN_SQL("proposed") " WHEN 'confirmed' THEN " AGAIN_SQL(
                 "confirmed") " END",
             "Came back", "反复情况", .options = AGAIN},
            {"mine",
             "CASE {} WHEN 'led' THEN l.lead = ?1 WHEN 'unit' THEN l.unit IN"
             " (SELECT unit FROM unit_member WHERE member = ?1) WHEN 'verify' THEN"
             " r.state = 'shown' AND r.told_by IS NOT ?1 AND l.lead IS NOT ?1 AND NOT EXISTS"
             " (SELECT 1 FROM unit h WHERE h.id = l.unit AND h.head = ?1) AND EXISTS (SELECT 1"
             " FROM role WHERE member = ?1 AND role IN ('editor', 'steward', 'owner',"
             " 'inspector')) END",
             "Mine", "与我有关", .options = MINE},
            {0},
        },
};

/* --- how units stand ------------------------------------------------------------------------------ */

struct rectify_count {
    struct str unit, key; /* empty: of no unit */
    int64_t found, working, verifying, struck, late, again;
    int64_t due, in_time; /* of those that are judged: struck off, or past their last day */
    struct str share;     /* "83%"; empty where none is judged */
};
static const struct field COUNT_ROW[] = {
    FIELD(TEXT, struct rectify_count, unit),        FIELD(TEXT, struct rectify_count, key),
    FIELD(NUMBER, struct rectify_count, found),     FIELD(NUMBER, struct rectify_count, working),
    FIELD(NUMBER, struct rectify_count, verifying), FIELD(NUMBER, struct rectify_count, struck),
    FIELD(NUMBER, struct rectify_count, late),      FIELD(NUMBER, struct rectify_count, again),
    FIELD(NUMBER, struct rectify_count, due),       FIELD(NUMBER, struct rectify_count, in_time),
    FIELD(TEXT, struct rectify_count, share),       {0},
};

static struct str share_of(struct request *rq, const struct rectify_count *c)
{
    return c->due ? str_format(rq->arena, "%lld%%", (long long)(100 * c->in_time / c->due))
                  : STR("");
}

static void add_up(struct rectify_count *all, const struct rectify_count *one)
{
    all->found += one->found;
    all->working += one->working;
    all->verifying += one->verifying;
    all->struck += one->struck;
    all->late += one->late;
    all->again += one->again;
    all->due += one->due;
    all->in_time += one->in_time;
}

/* In time is what was said to be put right by its last day and then struck off: who verifies late is not held against who
 * did the work. */
static enum status count_units(struct request *rq, struct rectify_count **list, size_t *count,
                               struct rectify_count *all, struct error *err)
{
    struct query *q = query_start(
        rq->store,
        "WITH c AS (SELECT l.unit AS unit, " STATE
        " AS state, l.due_day AS due, r.told_day AS told,"
        " " AGAIN_SQL(
            "confirmed") " AS again FROM line l LEFT JOIN rectification r"
                         " ON r.line = l.id WHERE l.kind = 'rectification' AND l.state <> 'closed')"
                         " SELECT coalesce(u.name, ''), coalesce(u.key, ''), sum(state IN ('found', 'explained')),"
                         " sum(state = 'working'), sum(state IN ('shown', 'verified')), sum(state = 'struck'),"
                         " sum(state IN ('found', 'explained', 'working') AND due < ?1), sum(again),"
                         " sum(due IS NOT NULL AND (state = 'struck' OR (state IN ('found', 'explained', 'working')"
                         " AND due < ?1))), sum(state = 'struck' AND told <= due)"
                         " FROM c LEFT JOIN unit u ON u.id = c.unit GROUP BY c.unit ORDER BY u.name");
    query_bind_int(q, 1, calendar_day_of(rq->now_ms));
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(rq->arena, *list, n, sizeof **list);
        struct rectify_count *c = &(*list)[n];
        *c = (struct rectify_count){
            .unit = str_copy(rq->arena, query_str(q, 0)),
            .key = str_copy(rq->arena, query_str(q, 1)),
            .found = query_int(q, 2),
            .working = query_int(q, 3),
            .verifying = query_int(q, 4),
            .struck = query_int(q, 5),
            .late = query_int(q, 6),
            .again = query_int(q, 7),
            .due = query_int(q, 8),
            .in_time = query_int(q, 9),
        };
        c->share = share_of(rq, c);
        add_up(all, c);
    }
    all->share = share_of(rq, all);
    return query_end(q, err);
}

/* --- the page ------------------------------------------------------------------------------------- */

struct rectifications_page {
    struct grid_sight grid;
    struct rectify_count all, *counts;
    struct ledger_choice *origins, *sorts, *units, *people;
    size_t ncounts, norigins, nsorts, nunits, npeople;
    struct str title, text, due, source;
    bool counted, grave, again;
};
static const struct field RECTIFICATIONS_PAGE[] = {
    GRID_FIELD(struct rectifications_page, grid),
    FIELD_OF_PART(struct rectifications_page, all, COUNT_ROW),
    FIELD_OF_LIST(struct rectifications_page, counts, COUNT_ROW),
    FIELD_OF_LIST(struct rectifications_page, origins, ledger_choice_fields),
    FIELD_OF_LIST(struct rectifications_page, sorts, ledger_choice_fields),
    FIELD_OF_LIST(struct rectifications_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct rectifications_page, people, ledger_choice_fields),
    FIELD_HIDDEN(FLAG, struct rectifications_page, counted),
    FIELD_HIDDEN(TEXT, struct rectifications_page, title),
    FIELD_HIDDEN(TEXT, struct rectifications_page, text),
    FIELD_HIDDEN(TEXT, struct rectifications_page, due),
    FIELD_HIDDEN(TEXT, struct rectifications_page, source),
    FIELD_HIDDEN(FLAG, struct rectifications_page, grave),
    FIELD_HIDDEN(FLAG, struct rectifications_page, again),
    {0},
};

extern const struct route route_ledger_rectification_open;

/* What was typed and refused stands in the form again. */
static void fill_typed(struct request *rq, struct rectifications_page *page)
{
    page->again = true;
    page->title = request_input(rq, "title");
    page->text = request_input(rq, "text");
    page->due = request_input(rq, "due");
    page->source = request_input(rq, "source");
    page->grave = request_number(rq, "grave");
    ledger_choose(page->origins, page->norigins, request_input(rq, "origin"));
    ledger_choose(page->sorts, page->nsorts, request_input(rq, "sort"));
    ledger_choose(page->units, page->nunits, request_input(rq, "unit"));
    ledger_choose(page->people, page->npeople, request_input(rq, "lead"));
}

static enum status show_rectifications(struct request *rq, struct error *err)
{
    struct rectifications_page page = {0};
    bool answered = false;
    enum status status = grid_read(rq, &RECTIFICATIONS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = count_units(rq, &page.counts, &page.ncounts, &page.all, err);
    page.counted = page.ncounts;
    ledger_fill_terms(rq, rectify_origins, STR("own"), &page.origins, &page.norigins);
    ledger_fill_terms(rq, rectify_sorts, STR("other"), &page.sorts, &page.nsorts);
    if (!status)
        status = ledger_list_unit_choices(rq, 0, &page.units, &page.nunits, err);
    if (!status)
        status = ledger_list_people(rq, 0, &page.people, &page.npeople, err);
    if (status)
        return status;
    if (rq->route == &route_ledger_rectification_open)
        fill_typed(rq, &page);
    return answer_page(rq, "ledger-rectifications", "Rectifications", "整改", RECTIFICATIONS_PAGE,
                       &page);
}

const struct route route_ledger_rectifications = {
    .method = "GET",
    .path = "/ledger/rectifications",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Rectifications: each problem and how far it is, how units stand, what came back.",
    .zh = "整改台账：各问题及其环节、各单位整改情况、反复问题。",
    .grid = &RECTIFICATIONS,
    .output = RECTIFICATIONS_PAGE,
    .page = "ledger-rectifications",
    .run = show_rectifications,
};

/* --- a problem put on record ------------------------------------------------------------------------ */

struct opening {
    struct line line;
    struct rectification r;
    struct ledger_deed deed;
    int64_t member;
};

static enum status open_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct opening *o = context;
    enum status status = ledger_may_put_on_record(store, o->member, o->line.unit, err);
    return status ? status
                  : ledger_open_rectification(scratch, store, &o->line, &o->r, &o->deed, err);
}

static enum status read_opening(struct request *rq, struct opening *o, struct error *err)
{
    *o = (struct opening){
        .line = {.title = request_input(rq, "title"),
                 .text = request_input(rq, "text"),
                 .weight = 1,
                 .due_day = ledger_read_day(rq, "due")},
        .deed = {.now_ms = rq->now_ms},
        .member = rq->viewer.member,
    };
    o->line.begins_day = o->line.due_day ? calendar_day_of(rq->now_ms) : 0;
    enum status status = ledger_read_sort(rq, &o->r, err);
    if (!status)
        status = ledger_read_unit(rq, "unit", &o->line.unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &o->line.lead, err);
    return status ? status : ledger_read_line(rq, "source", &o->r.source, err);
}

static enum status open_rectification(struct request *rq, struct error *err)
{
    struct opening o;
    struct line made;
    enum status status = read_opening(rq, &o, err);
    if (!status)
        status = ledger_refuse_marks(
            rq, str_format(rq->arena, "%.*s\n%.*s", STR_ARG(o.line.title), STR_ARG(o.line.text)),
            err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, open_step, &o, err);
    if (!status)
        status = ledger_find_line_by_id(rq->arena, rq->store, o.line.id, &made, err);
    return status ? status
                  : answer_redirect(rq, ledger_path(rq, made.key, "/rectification"),
                                    "The problem is on record.", "问题已列入整改台账。");
}

static const struct input OPEN_INPUTS[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "标题"},
    {.name = "text",
     .kind = INPUT_LONG_TEXT,
     .needed = true,
     .most = LINE_TEXT_MAX,
     .en = "Problem",
     .zh = "问题"},
    LEDGER_SORT_INPUTS,
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "整改期限"},
    {.name = "source", .kind = INPUT_TEXT, .most = 20, .en = "Found at the line", .zh = "来源条目"},
    {0},
};
const struct route route_ledger_rectification_open = {
    .method = "POST",
    .path = "/ledger/rectifications",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Put a problem on record, to be put right.",
    .zh = "将问题列入整改台账。",
    .inputs = OPEN_INPUTS,
    .run = open_rectification,
    .again = show_rectifications,
};
