/* Goals that a higher level sets: the register of them with how much is taken over, and one with the lines that do. */
#include "server/grid.h"
#include "server/internal.h"

#include "base/calendar.h"
#include "ledger/higher.h"

static struct str path_of(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "/ledger/higher/%.*s", STR_ARG(key));
}

/* --- the register --------------------------------------------------------------------------------- */

static const struct ledger_values LEVELS = {higher_level_name, higher_level_word,
                                            .end = HIGHER_LEVELS};

static const struct ledger_values COVERAGES = {higher_coverage_name, higher_coverage_word,
                                               .end = HIGHER_COVERAGES};

static const char *level_word(struct str value, enum lang lang)
{
    enum higher_level level;
    return higher_level_named(value, &level) ? higher_level_word(level, lang) : "";
}

static const char *coverage_word(struct str value, enum lang lang)
{
    enum higher_coverage coverage;
    if (higher_coverage_named(value, &coverage))
        return higher_coverage_word(coverage, lang);
    return lang_pick(lang, "Closed", "已关闭");
}

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "h.title", NULL, "Title", "名称", NULL},
    {"level", GRID_TEXT, "h.level",
     "CASE h.level WHEN 'national' THEN 1 WHEN 'province' THEN 2 WHEN 'city' THEN 3"
     " WHEN 'county' THEN 4 ELSE 5 END",
     "Level", "层级", level_word},
    {"body", GRID_TEXT, "h.body", NULL, "Set by", "下达单位", NULL},
    {"document", GRID_TEXT, "h.document", NULL, "Document", "文件", NULL},
    {"quantity", GRID_TEXT, "CASE WHEN h.quantity THEN printf('%g %s', h.quantity, h.measure) END",
     "h.quantity", "Quantity", "数量", NULL},
    {"due", GRID_DAY, "h.due_day", NULL, "Due", "完成期限", NULL},
    {"lines", GRID_NUMBER,
     "(SELECT count(*) FROM goal_taking t JOIN line l ON l.id = t.line WHERE t.higher = h.id"
     " AND l.state <> 'closed')",
     NULL, "Lines", "承接条目", NULL},
    {"covered", GRID_NUMBER,
     "CASE WHEN h.closed_ms IS NULL THEN printf('%g', round(" HIGHER_COVERED_SQL ", 1)) END",
     "CASE WHEN h.closed_ms IS NULL THEN " HIGHER_COVERED_SQL " END", "Taken over, %", "承接（%）",
     NULL},
    {"coverage", GRID_TEXT,
     "CASE WHEN h.closed_ms IS NULL THEN " HIGHER_COVERAGE_SQL " ELSE 'closed' END",
     "CASE WHEN h.closed_ms IS NULL THEN " HIGHER_COVERED_SQL " END", "Coverage", "承接情况",
     coverage_word},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(h.title || ' ' || h.body || ' ' || h.document), lower({})) > 0",
     .en = "Title, body or document", .zh = "名称、单位或文件"},
    {"level", "h.level = {}", "Level", "层级", .values = &LEVELS},
    {"coverage", "h.closed_ms IS NULL AND " HIGHER_COVERAGE_SQL " = {}", "Coverage", "承接情况",
     .values = &COVERAGES},
    {0},
};
static const struct grid HIGHER = {
    .path = "/ledger/higher",
    .en = "Goals from above",
    .zh = "上级目标",
    .from = "higher_goal h",
    .where = "1",
    .key = "h.key",
    .link = "'/ledger/higher/' || h.key",
    .order = "covered",
    .columns = COLUMNS,
    .filters = FILTERS,
};

struct higher_list_page {
    struct grid_sight grid;
    int64_t open, untaken, partly;
    struct ledger_choice *levels;
    size_t nlevels;
    struct str title, body, document, due, quantity, measure;
    bool may_arrange;
};
static const struct field HIGHER_LIST_PAGE[] = {
    GRID_FIELD(struct higher_list_page, grid),
    FIELD(NUMBER, struct higher_list_page, open),
    FIELD(NUMBER, struct higher_list_page, untaken),
    FIELD(NUMBER, struct higher_list_page, partly),
    FIELD_OF_LIST(struct higher_list_page, levels, ledger_choice_fields),
    FIELD_HIDDEN(TEXT, struct higher_list_page, title),
    FIELD_HIDDEN(TEXT, struct higher_list_page, body),
    FIELD_HIDDEN(TEXT, struct higher_list_page, document),
    FIELD_HIDDEN(TEXT, struct higher_list_page, due),
    FIELD_HIDDEN(TEXT, struct higher_list_page, quantity),
    FIELD_HIDDEN(TEXT, struct higher_list_page, measure),
    FIELD(FLAG, struct higher_list_page, may_arrange),
    {0},
};

static enum status count_coverage(struct request *rq, struct higher_list_page *page,
                                  struct error *err)
{
    int64_t counts[HIGHER_COVERAGES];
    enum status status = ledger_count_higher(rq->store, counts, err);
    for (int i = 0; !status && i < HIGHER_COVERAGES; i++)
        page->open += counts[i];
    page->untaken = status ? 0 : counts[HIGHER_UNTAKEN];
    page->partly = status ? 0 : counts[HIGHER_PARTLY];
    return status;
}

static enum status show_list(struct request *rq, struct error *err)
{
    struct higher_list_page page = {.may_arrange =
                                        ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    bool answered = false;
    enum status status = grid_read(rq, &HIGHER, &page.grid, &answered, err);
    if (status || answered)
        return status;
    ledger_fill_values(rq, &LEVELS, rq->post ? request_input(rq, "level") : STR("city"),
                       &page.levels, &page.nlevels);
    status = count_coverage(rq, &page, err);
    if (rq->post) {
        page.title = request_input(rq, "title");
        page.body = request_input(rq, "body");
        page.document = request_input(rq, "document");
        page.due = request_input(rq, "due");
        page.quantity = request_input(rq, "quantity");
        page.measure = request_input(rq, "measure");
    }
    return status ? status
                  : answer_page(rq, "ledger-higher-list", "Goals from above", "上级目标",
                                HIGHER_LIST_PAGE, &page);
}

const struct route route_ledger_higher_list = {
    .method = "GET",
    .path = "/ledger/higher",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Goals that a higher level sets, and how much of each is taken over; least first.",
    .zh = "上级目标及承接情况，承接少者在前。",
    .grid = &HIGHER,
    .output = HIGHER_LIST_PAGE,
    .page = "ledger-higher-list",
    .run = show_list,
};

/* --- registered ----------------------------------------------------------------------------------- */

struct higher_deed {
    struct higher_goal goal;
    int64_t line, now_ms;
    double amount;
    struct ledger_deed deed;
};

static enum status read_higher(struct request *rq, struct higher_goal *h, struct error *err)
{
    struct str quantity = request_input(rq, "quantity");
    h->title = request_input(rq, "title");
    h->body = request_input(rq, "body");
    h->document = request_input(rq, "document");
    h->measure = request_input(rq, "measure");
    h->due_day = ledger_read_day(rq, "due");
    h->quantity = 0;
    if (!higher_level_named(request_input(rq, "level"), &h->level))
        return request_blame(rq, "level",
                             error_set(err, STATUS_INPUT, "Choose a level.", "请选择层级。"));
    if (quantity.len && (!str_to_double(quantity, &h->quantity) || h->quantity <= 0))
        return request_blame(rq, "quantity",
                             error_set(err, STATUS_INPUT, "A quantity is a number above 0.",
                                       "数量应为大于 0 的数。"));
    return ledger_refuse_marks(rq,
                               str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(h->title),
                                          STR_ARG(h->body), STR_ARG(h->document)),
                               err);
}

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct higher_deed *d = context;
    struct higher_goal made = d->goal;
    enum status status = ledger_make_higher(scratch, store, &made, d->now_ms, err);
    d->goal.id = made.id;
    return status;
}

static enum status key_of(struct request *rq, int64_t id, struct str *key, struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT key FROM higher_goal WHERE id = ?1");
    query_bind_int(q, 1, id);
    *key = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

static enum status make(struct request *rq, struct error *err)
{
    struct higher_deed d = {.now_ms = rq->now_ms};
    struct str key;
    enum status status = read_higher(rq, &d.goal, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, make_step, &d, err);
    if (!status)
        status = key_of(rq, d.goal.id, &key, err);
    return status ? status
                  : answer_redirect(rq, path_of(rq, key),
                                    "It is registered. Say which lines take it over.",
                                    "已登记，接下来请指定承接条目。");
}

#define HIGHER_INPUTS                                                                         \
    {.name = "title",                                                                         \
     .kind = INPUT_TEXT,                                                                      \
     .needed = true,                                                                          \
     .most = LINE_TITLE_MAX,                                                                  \
     .en = "Title",                                                                           \
     .zh = "名称"},                                                                           \
        {.name = "level",                                                                     \
         .kind = INPUT_CHOICE,                                                                \
         .needed = true,                                                                      \
         .most = 20,                                                                          \
         .en = "Level",                                                                       \
         .zh = "层级"},                                                                       \
        {.name = "body",                                                                      \
         .kind = INPUT_TEXT,                                                                  \
         .most = HIGHER_SOURCE_MAX,                                                           \
         .en = "Set by",                                                                      \
         .zh = "下达单位"},                                                                   \
        {.name = "document",                                                                  \
         .kind = INPUT_TEXT,                                                                  \
         .most = HIGHER_SOURCE_MAX,                                                           \
         .en = "Document",                                                                    \
         .zh = "文件"},                                                                       \
        {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "完成期限"},                    \
        {.name = "quantity", .kind = INPUT_TEXT, .most = 20, .en = "Quantity", .zh = "数量"}, \
        {.name = "measure", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "计量单位"},  \
    {                                                                                         \
        0                                                                                     \
    }

static const struct input MAKE_INPUTS[] = {HIGHER_INPUTS};
const struct route route_ledger_higher_make = {
    .method = "POST",
    .path = "/ledger/higher",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Register a goal of a higher level.",
    .zh = "登记上级目标。",
    .inputs = MAKE_INPUTS,
    .run = make,
    .again = show_list,
};

/* --- one of them ---------------------------------------------------------------------------------- */

struct taking_row {
    struct str key, number, title, state, state_word, due, light, light_word, light_rule;
    struct str amount, percent, unit, lead;
    int64_t progress;
    bool closed, within, late, may_change;
};
static const struct field TAKING_ROW[] = {
    FIELD(TEXT, struct taking_row, key),
    FIELD(TEXT, struct taking_row, number),
    FIELD(TEXT, struct taking_row, title),
    FIELD(TEXT, struct taking_row, state),
    FIELD_HIDDEN(TEXT, struct taking_row, state_word),
    FIELD(DATE, struct taking_row, due),
    FIELD(TEXT, struct taking_row, light),
    FIELD_HIDDEN(TEXT, struct taking_row, light_word),
    FIELD_HIDDEN(TEXT, struct taking_row, light_rule),
    FIELD(TEXT, struct taking_row, amount),
    FIELD(TEXT, struct taking_row, percent),
    FIELD(TEXT, struct taking_row, unit),
    FIELD(TEXT, struct taking_row, lead),
    FIELD(NUMBER, struct taking_row, progress),
    FIELD(FLAG, struct taking_row, closed),
    FIELD(FLAG, struct taking_row, within),
    FIELD(FLAG, struct taking_row, late),
    FIELD(FLAG, struct taking_row, may_change),
    {0},
};
/* What stands in the form for changes. */
struct higher_form {
    struct str title, level, body, document, due, quantity, measure;
    bool again; /* it was refused so */
};
static const struct field HIGHER_FORM[] = {
    FIELD(TEXT, struct higher_form, title),
    FIELD(TEXT, struct higher_form, level),
    FIELD(TEXT, struct higher_form, body),
    FIELD(TEXT, struct higher_form, document),
    FIELD(TEXT, struct higher_form, due),
    FIELD(TEXT, struct higher_form, quantity),
    FIELD(TEXT, struct higher_form, measure),
    FIELD(FLAG, struct higher_form, again),
    {0},
};
struct higher_page {
    struct higher_form form;
    struct str key, title, level, level_word, body, document, due, quantity, measure, closed_why;
    struct str coverage, coverage_word, covered, typed, typed_amount;
    struct str higher; /* its key again, where rows have keys of their own */
    int64_t meter, closed;
    struct taking_row *takings;
    size_t ntakings;
    struct ledger_choice *levels;
    size_t nlevels;
    bool may_arrange, may_take;
};
static const struct field HIGHER_PAGE[] = {
    FIELD(TEXT, struct higher_page, key),
    FIELD(TEXT, struct higher_page, title),
    FIELD(TEXT, struct higher_page, level),
    FIELD_HIDDEN(TEXT, struct higher_page, level_word),
    FIELD(TEXT, struct higher_page, body),
    FIELD(TEXT, struct higher_page, document),
    FIELD(DATE, struct higher_page, due),
    FIELD(TEXT, struct higher_page, quantity),
    FIELD(TEXT, struct higher_page, measure),
    FIELD(TEXT, struct higher_page, coverage),
    FIELD_HIDDEN(TEXT, struct higher_page, coverage_word),
    FIELD(TEXT, struct higher_page, covered),
    FIELD_HIDDEN(NUMBER, struct higher_page, meter),
    FIELD_HIDDEN(TEXT, struct higher_page, typed),
    FIELD_HIDDEN(TEXT, struct higher_page, typed_amount),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct higher_page, form),
     .parts = HIGHER_FORM},
    FIELD_HIDDEN(TEXT, struct higher_page, higher),
    FIELD(DAY, struct higher_page, closed),
    FIELD(TEXT, struct higher_page, closed_why),
    FIELD_OF_LIST(struct higher_page, takings, TAKING_ROW),
    FIELD_OF_LIST(struct higher_page, levels, ledger_choice_fields),
    FIELD(FLAG, struct higher_page, may_arrange),
    FIELD_HIDDEN(FLAG, struct higher_page, may_take),
    {0},
};

#define TAKINGS_MOST 500
#define TAKINGS_SQL                                                                                     \
    "SELECT " LINE_COLUMNS(                                                                             \
        "l") ", t.amount, u.name, m.name,"                                                              \
             " EXISTS (WITH RECURSIVE above (id) AS (SELECT l.parent UNION SELECT p.parent FROM line p" \
             " JOIN above a ON p.id = a.id) SELECT 1 FROM above a JOIN goal_taking o ON o.line = a.id"  \
             " AND o.higher = t.higher JOIN line v ON v.id = o.line AND v.state <> 'closed')"           \
             " FROM goal_taking t JOIN line l ON l.id = t.line LEFT JOIN unit u ON u.id = l.unit"       \
             " LEFT JOIN member m ON m.id = l.lead WHERE t.higher = ?1 ORDER BY l.kind, l.id LIMIT ?2"

static struct str number_text(const struct request *rq, double number)
{
    return str_format(rq->arena, "%.12g", number);
}

static struct taking_row row_of(struct request *rq, const struct higher_goal *h,
                                const struct line *line)
{
    enum light light = ledger_light(rq, line);
    return (struct taking_row){
        .key = line->key,
        .number = line->number,
        .title = line->title,
        .state = str_of(line_state_name(line->state)),
        .state_word = str_of(line_state_word(line->state, rq->lang)),
        .due = ledger_day(rq, line->due_day),
        .light = str_of(light_name(light)),
        .light_word = str_of(light_word(light, rq->lang)),
        .light_rule = ledger_light_rule(rq, light),
        .progress = line->progress,
        .closed = line->state == LINE_CLOSED,
        .late = h->due_day && line->due_day > h->due_day,
    };
}

/* Fills the rows, and *covered with what they come to. */
static enum status read_takings(struct request *rq, const struct higher_goal *h,
                                struct higher_page *page, double *covered, struct error *err)
{
    double whole = h->quantity > 0 ? h->quantity : 100;
    struct higher_taking *takings = arena_array(rq->arena, TAKINGS_MOST, struct higher_taking);
    int64_t *lines = arena_array(rq->arena, TAKINGS_MOST, int64_t);
    struct query *q = query_start(rq->store, TAKINGS_SQL);
    query_bind_int(q, 1, h->id);
    query_bind_int(q, 2, TAKINGS_MOST);
    page->takings = arena_array(rq->arena, TAKINGS_MOST, struct taking_row);
    while (query_row(q)) {
        size_t n = page->ntakings++;
        struct taking_row *row = &page->takings[n];
        struct line line;
        ledger_take_line(rq->arena, q, &line);
        lines[n] = line.id;
        *row = row_of(rq, h, &line);
        double amount = query_real(q, LINE_COLUMN_COUNT);
        row->amount = number_text(rq, amount);
        row->percent = str_format(rq->arena, "%.3g", 100 * amount / whole);
        row->unit = str_copy(rq->arena, query_str(q, LINE_COLUMN_COUNT + 1));
        row->lead = str_copy(rq->arena, query_str(q, LINE_COLUMN_COUNT + 2));
        row->within = query_int(q, LINE_COLUMN_COUNT + 3) != 0;
        takings[n] = (struct higher_taking){amount, row->closed, row->within};
    }
    enum status status = query_end(q, err);
    struct ledger_person person = ledger_viewer(rq);
    for (size_t i = 0; !status && i < page->ntakings; i++) {
        unsigned is = 0;
        status = ledger_stand_to(rq->store, &person, lines[i], &is, err);
        page->takings[i].may_change = ledger_may(is, LEDGER_CHANGE);
    }
    *covered = higher_covered(takings, page->ntakings, whole);
    return status;
}

/* What stands in the forms: of the one that was refused what was typed, else the goal as it is. */
static struct higher_form form_of(const struct request *rq, const struct higher_page *page)
{
    if (rq->post && str_ends(rq->path, STR("/change")))
        return (struct higher_form){.title = request_input(rq, "title"),
                                    .level = request_input(rq, "level"),
                                    .body = request_input(rq, "body"),
                                    .document = request_input(rq, "document"),
                                    .due = request_input(rq, "due"),
                                    .quantity = request_input(rq, "quantity"),
                                    .measure = request_input(rq, "measure"),
                                    .again = true};
    return (struct higher_form){.title = page->title,
                                .level = page->level,
                                .body = page->body,
                                .document = page->document,
                                .due = page->due,
                                .quantity = page->quantity,
                                .measure = page->measure};
}

static enum status show_higher(struct request *rq, struct error *err)
{
    struct higher_goal h;
    enum status status = ledger_find_higher(rq->arena, rq->store, rq->params[0], &h, err);
    if (status)
        return status;
    unsigned is = ledger_viewer(rq).is;
    double covered = 0;
    struct higher_page page = {
        .key = h.key,
        .higher = h.key,
        .title = h.title,
        .level = str_of(higher_level_name(h.level)),
        .level_word = str_of(higher_level_word(h.level, rq->lang)),
        .body = h.body,
        .document = h.document,
        .due = ledger_day(rq, h.due_day),
        .quantity = h.quantity > 0 ? number_text(rq, h.quantity) : STR(""),
        .measure = h.measure,
        .closed = h.closed_ms,
        .closed_why = h.closed_why,
        .typed = rq->post ? request_input(rq, "line") : STR(""),
        .typed_amount = rq->post ? request_input(rq, "amount") : STR(""),
        .may_arrange = ledger_may(is, LEDGER_ARRANGE),
        .may_take = !h.closed_ms && is & (LEDGER_EDITS | LEDGER_ROLE_LEAD | LEDGER_IN_UNITS),
    };
    page.form = form_of(rq, &page);
    ledger_fill_values(rq, &LEVELS, page.form.level, &page.levels, &page.nlevels);
    status = read_takings(rq, &h, &page, &covered, err);
    enum higher_coverage coverage = higher_coverage_of(covered);
    page.coverage = str_of(higher_coverage_name(coverage));
    page.coverage_word = str_of(higher_coverage_word(coverage, rq->lang));
    page.covered = str_format(rq->arena, "%.4g", covered);
    page.meter = covered > 100 ? 100 : (int64_t)covered;
    return status ? status : answer_titled_page(rq, "ledger-higher", h.title, HIGHER_PAGE, &page);
}

const struct route route_ledger_higher = {
    .method = "GET",
    .path = "/ledger/higher/{higher}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en =
        "A goal of a higher level: its source, what is asked, and which lines take over how much.",
    .zh = "上级目标：来源、要求，以及各条目承接的数量。",
    .output = HIGHER_PAGE,
    .page = "ledger-higher",
    .run = show_higher,
};

/* --- changes -------------------------------------------------------------------------------------- */

static enum status write_higher(struct request *rq, server_write_step step, struct higher_deed *d,
                                const char *en, const char *zh, struct error *err)
{
    d->now_ms = rq->now_ms;
    d->deed = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "why")};
    enum status status = ledger_refuse_marks(rq, d->deed.why, err);
    if (!status)
        status = ledger_write(rq, d->line, d->line ? LEDGER_CHANGE : LEDGER_ARRANGE, step, d, err);
    return status ? status : answer_redirect(rq, path_of(rq, rq->params[0]), en, zh);
}

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return ledger_change_higher(store, &((struct higher_deed *)context)->goal, err);
}

static enum status change(struct request *rq, struct error *err)
{
    struct higher_deed d = {0};
    enum status status = ledger_find_higher(rq->arena, rq->store, rq->params[0], &d.goal, err);
    if (!status)
        status = read_higher(rq, &d.goal, err);
    return status ? status : write_higher(rq, change_step, &d, "It is changed.", "已修改。", err);
}

static const struct input CHANGE_INPUTS[] = {HIGHER_INPUTS};
const struct route route_ledger_higher_change = {
    .method = "POST",
    .path = "/ledger/higher/{higher}/change",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Change a goal of a higher level.",
    .zh = "修改上级目标。",
    .inputs = CHANGE_INPUTS,
    .run = change,
    .again = show_higher,
};

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct higher_deed *d = context;
    (void)scratch;
    return d->goal.closed_ms ? ledger_reopen_higher(store, d->goal.id, err)
                             : ledger_close_higher(store, d->goal.id, d->deed.why, d->now_ms, err);
}

static enum status close_higher(struct request *rq, struct error *err)
{
    struct higher_deed d = {0};
    enum status status = ledger_find_higher(rq->arena, rq->store, rq->params[0], &d.goal, err);
    if (status)
        return status;
    return d.goal.closed_ms ? write_higher(rq, close_step, &d, "It is open again.", "已恢复。", err)
                            : write_higher(rq, close_step, &d, "It is closed.", "已关闭。", err);
}

static const struct input CLOSE_INPUTS[] = {
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_higher_close = {
    .method = "POST",
    .path = "/ledger/higher/{higher}/close",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Close a goal of a higher level for a reason, or open it again.",
    .zh = "关闭上级目标（须说明理由）或恢复。",
    .inputs = CLOSE_INPUTS,
    .run = close_higher,
    .again = show_higher,
};

/* --- taken over ----------------------------------------------------------------------------------- */

/* The goal, and the line named by its number, which the viewer must be allowed to change. */
static enum status open_taking(struct request *rq, struct higher_deed *d, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    unsigned is = 0;
    enum status status = ledger_find_higher(rq->arena, rq->store, rq->params[0], &d->goal, err);
    if (!status)
        status = ledger_read_line(rq, "line", &d->line, err);
    if (!status)
        status = ledger_stand_to(rq->store, &person, d->line, &is, err);
    if (!status && !ledger_may(is, LEDGER_CHANGE))
        return error_set(
            err, STATUS_FORBIDDEN,
            "What a line takes over is said by its lead, the head of its unit, or editors.",
            "条目的承接由其分包领导、单位负责人或编辑设定。");
    return status;
}

static enum status take_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct higher_deed *d = context;
    (void)scratch;
    return ledger_take_over(store, &d->goal, d->line, d->amount, &d->deed, err);
}

static enum status take(struct request *rq, struct error *err)
{
    struct higher_deed d = {0};
    enum status status = open_taking(rq, &d, err);
    if (!status && !str_to_double(request_input(rq, "amount"), &d.amount))
        return request_blame(rq, "amount",
                             error_set(err, STATUS_INPUT,
                                       "Say how much it takes over, as a number above 0.",
                                       "请填写承接多少，应为大于 0 的数。"));
    return status ? status
                  : write_higher(rq, take_step, &d, "The line takes it over.", "已承接。", err);
}

static const struct input TAKE_INPUTS[] = {
    {.name = "line", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Line", .zh = "条目"},
    {.name = "amount",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 20,
     .en = "How much",
     .zh = "承接数量"},
    {0},
};
const struct route route_ledger_higher_take = {
    .method = "POST",
    .path = "/ledger/higher/{higher}/take",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say that a line takes over so much of a goal of a higher level.",
    .zh = "设定某一条目承接上级目标的数量。",
    .inputs = TAKE_INPUTS,
    .run = take,
    .again = show_higher,
};

static enum status give_up_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct higher_deed *d = context;
    (void)scratch;
    return ledger_give_up(store, d->goal.id, d->line, &d->deed, err);
}

static enum status give_up(struct request *rq, struct error *err)
{
    struct higher_deed d = {0};
    enum status status = open_taking(rq, &d, err);
    return status ? status
                  : write_higher(rq, give_up_step, &d, "The line takes it over no longer.",
                                 "已取消承接。", err);
}

static const struct input GIVE_UP_INPUTS[] = {
    {.name = "line", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Line", .zh = "条目"},
    {.name = "why",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_WHY_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};
const struct route route_ledger_higher_give_up = {
    .method = "POST",
    .path = "/ledger/higher/{higher}/give-up",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Say why a line takes over a goal of a higher level no longer.",
    .zh = "说明理由并取消某一条目的承接。",
    .inputs = GIVE_UP_INPUTS,
    .run = give_up,
    .again = show_higher,
};
