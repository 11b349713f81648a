/* Programmes over an area, and what each states. */
#include "server/grid.h"
#include "server/internal.h"

#include <math.h>

#include "server/ledger_programme.h"

static struct str path_of(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "/ledger/programmes/%.*s", STR_ARG(key));
}

/* --- the list ------------------------------------------------------------------------------------- */

static const char *open_word(struct str value, enum lang lang)
{
    return value.len && value.at[0] == '1' ? lang_pick(lang, "In force", "执行中")
                                           : lang_pick(lang, "Closed", "已关闭");
}

static const struct grid_column COLUMNS[] = {
    {"name", GRID_TEXT, "p.name", NULL, "Programme", "规划", NULL},
    {"area", GRID_TEXT, "p.area", NULL, "Area", "范围", NULL},
    {"body", GRID_TEXT, "p.body", NULL, "Made by", "编制单位", NULL},
    {"statements", GRID_NUMBER,
     "(SELECT count(*) FROM statement s WHERE s.programme = p.id AND s.closed_ms IS NULL)", NULL,
     "Statements", "内容", NULL},
    {"clashes", GRID_NUMBER,
     "(SELECT count(*) FROM " CLASH_FROM_SQL " WHERE p.id IN (a.programme, b.programme)"
     " AND " CLASH_STATE_SQL " IN ('open', 'reopened'))",
     NULL, "Clashes to settle", "待协调冲突", NULL},
    {"state", GRID_TEXT, "p.closed_ms IS NULL", NULL, "State", "状态", open_word},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(p.name || ' ' || p.area || ' ' || p.body), lower({})) > 0",
     .en = "Name, area or body", .zh = "名称、范围或单位"},
    {0},
};
static const struct grid PROGRAMMES = {
    .path = "/ledger/programmes",
    .en = "Programmes",
    .zh = "规划",
    .from = "programme p",
    .where = "1",
    .key = "p.key",
    .link = "'/ledger/programmes/' || p.key",
    .order = "-clashes",
    .columns = COLUMNS,
    .filters = FILTERS,
};

struct programmes_page {
    struct grid_sight grid;
    int64_t waiting;
    struct str name, area, body;
    bool may_arrange;
};
static const struct field PROGRAMMES_PAGE[] = {
    GRID_FIELD(struct programmes_page, grid),
    FIELD(NUMBER, struct programmes_page, waiting),
    FIELD_HIDDEN(TEXT, struct programmes_page, name),
    FIELD_HIDDEN(TEXT, struct programmes_page, area),
    FIELD_HIDDEN(TEXT, struct programmes_page, body),
    FIELD(FLAG, struct programmes_page, may_arrange),
    {0},
};

static enum status show_list(struct request *rq, struct error *err)
{
    struct programmes_page page = {.may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    bool answered = false;
    enum status status = grid_read(rq, &PROGRAMMES, &page.grid, &answered, err);
    if (status || answered)
        return status;
    if (rq->post) {
        page.name = request_input(rq, "name");
        page.area = request_input(rq, "area");
        page.body = request_input(rq, "body");
    }
    status = ledger_count_clashes(rq->store, &page.waiting, err);
    return status
               ? status
               : answer_page(rq, "ledger-programmes", "Programmes", "规划", PROGRAMMES_PAGE, &page);
}

const struct route route_ledger_programmes = {
    .method = "GET",
    .path = "/ledger/programmes",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Programmes over an area, and how many clashes of each wait to be settled.",
    .zh = "各项规划及其待协调的冲突数。",
    .grid = &PROGRAMMES,
    .output = PROGRAMMES_PAGE,
    .page = "ledger-programmes",
    .run = show_list,
};

/* --- made ----------------------------------------------------------------------------------------- */

struct programme_deed {
    struct programme programme;
    struct statement statement;
    struct str why;
    int64_t now_ms;
};

static enum status read_programme(struct request *rq, struct programme *p, struct error *err)
{
    p->name = request_input(rq, "name");
    p->area = request_input(rq, "area");
    p->body = request_input(rq, "body");
    return ledger_refuse_marks(rq,
                               str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(p->name),
                                          STR_ARG(p->area), STR_ARG(p->body)),
                               err);
}

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct programme_deed *d = context;
    struct programme made = d->programme;
    enum status status = ledger_make_programme(scratch, store, &made, d->now_ms, err);
    d->programme.id = made.id;
    return status;
}

static enum status make(struct request *rq, struct error *err)
{
    struct programme_deed d = {.now_ms = rq->now_ms};
    struct str key = STR("");
    enum status status = read_programme(rq, &d.programme, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, make_step, &d, err);
    if (status)
        return status;
    struct query *q = query_start(rq->store, "SELECT key FROM programme WHERE id = ?1");
    query_bind_int(q, 1, d.programme.id);
    if (query_row(q))
        key = str_copy(rq->arena, query_str(q, 0));
    status = query_end(q, err);
    return status
               ? status
               : answer_redirect(rq, path_of(rq, key), "The programme is made. Add what it states.",
                                 "规划已建立，接下来请添加内容。");
}

#define PROGRAMME_INPUTS             \
    {.name = "name",                 \
     .kind = INPUT_TEXT,             \
     .needed = true,                 \
     .most = PROGRAMME_TEXT_MAX,     \
     .en = "Name",                   \
     .zh = "名称"},                  \
        {.name = "area",             \
         .kind = INPUT_TEXT,         \
         .needed = true,             \
         .most = PROGRAMME_TEXT_MAX, \
         .en = "Area",               \
         .zh = "范围"},              \
        {.name = "body",             \
         .kind = INPUT_TEXT,         \
         .most = PROGRAMME_TEXT_MAX, \
         .en = "Made by",            \
         .zh = "编制单位"},          \
    {                                \
        0                            \
    }
static const struct input MAKE_INPUTS[] = {PROGRAMME_INPUTS};
const struct route route_ledger_programme_make = {
    .method = "POST",
    .path = "/ledger/programmes",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Make a programme.",
    .zh = "建立规划。",
    .inputs = MAKE_INPUTS,
    .run = make,
    .again = show_list,
};

/* --- one programme -------------------------------------------------------------------------------- */

struct programme_page {
    struct str key, name, area, body, closed_why;
    int64_t closed;
    struct statement_sight *statements;
    size_t nstatements;
    struct statement_sight typed; /* what stands in the form for one more */
    bool may_arrange, may_state;
};
static const struct field PROGRAMME_PAGE[] = {
    FIELD(TEXT, struct programme_page, key),
    FIELD(TEXT, struct programme_page, name),
    FIELD(TEXT, struct programme_page, area),
    FIELD(TEXT, struct programme_page, body),
    FIELD(DAY, struct programme_page, closed),
    FIELD(TEXT, struct programme_page, closed_why),
    FIELD_OF_LIST(struct programme_page, statements, statement_fields),
    {FIELD_PART, true, "typed", offsetof(struct programme_page, typed), statement_fields, 0, 0},
    FIELD(FLAG, struct programme_page, may_arrange),
    FIELD_HIDDEN(FLAG, struct programme_page, may_state),
    {0},
};

/* What was typed and refused is typed once. Forms for statements that are there begin with what they say. */
static struct statement_sight typed_statement(const struct request *rq)
{
    if (!rq->post)
        return (struct statement_sight){.key = STR("new")};
    return (struct statement_sight){
        .key = STR("new"),
        .subject = request_input(rq, "subject"),
        .line_number = request_input(rq, "line"),
        .first_day = request_input(rq, "first"),
        .last_day = request_input(rq, "last"),
        .least = request_input(rq, "least"),
        .most = request_input(rq, "most"),
        .measure = request_input(rq, "measure"),
        .place = request_input(rq, "place"),
        .use = request_input(rq, "use"),
    };
}

static enum status show_programme(struct request *rq, struct error *err)
{
    struct programme p;
    struct statement *list;
    size_t count;
    enum status status = ledger_find_programme(rq->arena, rq->store, rq->params[0], &p, err);
    if (!status)
        status = ledger_list_statements(rq->arena, rq->store, p.id, &list, &count, err);
    if (status)
        return status;
    bool arranges = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE);
    struct programme_page page = {
        .key = p.key,
        .name = p.name,
        .area = p.area,
        .body = p.body,
        .closed = p.closed_ms,
        .closed_why = p.closed_why,
        .statements = arena_array(rq->arena, count + 1, struct statement_sight),
        .typed = typed_statement(rq),
        .may_arrange = arranges,
        .may_state = arranges && !p.closed_ms,
    };
    for (; !status && page.nstatements < count; page.nstatements++)
        status = ledger_see_statement(rq, &list[page.nstatements],
                                      &page.statements[page.nstatements], err);
    return status ? status
                  : answer_titled_page(rq, "ledger-programme", p.name, PROGRAMME_PAGE, &page);
}

const struct route route_ledger_programme = {
    .method = "GET",
    .path = "/ledger/programmes/{programme}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A programme: its area and what it states of dates, quantities, places and uses.",
    .zh = "规划：范围及其对时间、数量、空间、用途的规定。",
    .output = PROGRAMME_PAGE,
    .page = "ledger-programme",
    .run = show_programme,
};

static enum status write_programme(struct request *rq, server_write_step step,
                                   struct programme_deed *d, const char *en, const char *zh,
                                   struct error *err)
{
    d->now_ms = rq->now_ms;
    enum status status = ledger_write(rq, 0, LEDGER_ARRANGE, step, d, err);
    return status ? status : answer_redirect(rq, path_of(rq, d->programme.key), en, zh);
}

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct programme_deed *d = context;
    (void)scratch;
    return ledger_change_programme(store, &d->programme, d->now_ms, err);
}

static enum status change(struct request *rq, struct error *err)
{
    struct programme_deed d = {0};
    enum status status =
        ledger_find_programme(rq->arena, rq->store, rq->params[0], &d.programme, err);
    if (!status)
        status = read_programme(rq, &d.programme, err);
    return status ? status
                  : write_programme(rq, change_step, &d, "The programme is changed.",
                                    "规划已修改。", err);
}

static const struct input CHANGE_INPUTS[] = {PROGRAMME_INPUTS};
const struct route route_ledger_programme_change = {
    .method = "POST",
    .path = "/ledger/programmes/{programme}/change",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Change a programme's name, area and body.",
    .zh = "修改规划的名称、范围与编制单位。",
    .inputs = CHANGE_INPUTS,
    .run = change,
    .again = show_programme,
};

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct programme_deed *d = context;
    (void)scratch;
    return d->programme.closed_ms
               ? ledger_reopen_programme(store, d->programme.id, d->now_ms, err)
               : ledger_close_programme(store, d->programme.id, d->why, d->now_ms, err);
}

static enum status close_programme(struct request *rq, struct error *err)
{
    struct programme_deed d = {.why = request_input(rq, "why")};
    enum status status =
        ledger_find_programme(rq->arena, rq->store, rq->params[0], &d.programme, err);
    if (!status)
        status = ledger_refuse_marks(rq, d.why, err);
    if (status)
        return status;
    return d.programme.closed_ms
               ? write_programme(rq, close_step, &d, "The programme is in force again.",
                                 "规划已恢复执行。", err)
               : write_programme(rq, close_step, &d, "The programme is closed.", "规划已关闭。",
                                 err);
}

#define WHY_INPUT                                                                            \
    {                                                                                        \
        .name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由" \
    }
static const struct input WHY_INPUTS[] = {WHY_INPUT, {0}};
const struct route route_ledger_programme_close = {
    .method = "POST",
    .path = "/ledger/programmes/{programme}/close",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Close a programme for a reason, or put it in force again.",
    .zh = "关闭规划（须说明理由）或恢复执行。",
    .inputs = WHY_INPUTS,
    .run = close_programme,
    .again = show_programme,
};

/* --- statements ----------------------------------------------------------------------------------- */

static enum status read_amount(struct request *rq, const char *input, double *amount,
                               struct error *err)
{
    struct str text = request_input(rq, input);
    *amount = (double)NAN;
    if (text.len && !str_to_double(text, amount))
        return request_blame(
            rq, input, error_set(err, STATUS_INPUT, "A quantity is a number.", "数量应为数字。"));
    return STATUS_OK;
}

/* A statement about a line is called as the line is, unless said otherwise. */
static enum status read_subject(struct request *rq, struct statement *s, struct error *err)
{
    struct line line = {0};
    struct str number = request_input(rq, "line");
    enum status status = number.len
                             ? ledger_find_line_numbered(rq->arena, rq->store, number, &line, err)
                             : STATUS_OK;
    s->line = line.id;
    s->subject = request_input(rq, "subject");
    if (!s->subject.len && s->line)
        s->subject = line.title;
    return status;
}

static enum status read_statement(struct request *rq, struct statement *s, struct error *err)
{
    enum status status = read_subject(rq, s, err);
    s->first_day = ledger_read_day(rq, "first");
    s->last_day = ledger_read_day(rq, "last");
    s->measure = request_input(rq, "measure");
    s->place = request_input(rq, "place");
    s->use = request_input(rq, "use");
    if (!status)
        status = read_amount(rq, "least", &s->least, err);
    if (!status)
        status = read_amount(rq, "most", &s->most, err);
    return status
               ? status
               : ledger_refuse_marks(rq,
                                     str_format(rq->arena, "%.*s\n%.*s\n%.*s", STR_ARG(s->subject),
                                                STR_ARG(s->place), STR_ARG(s->use)),
                                     err);
}

static enum status state_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct programme_deed *d = context;
    struct statement made = d->statement;
    return ledger_state(scratch, store, &made, d->now_ms, err);
}

static enum status state(struct request *rq, struct error *err)
{
    struct programme_deed d = {0};
    enum status status =
        ledger_find_programme(rq->arena, rq->store, rq->params[0], &d.programme, err);
    if (!status)
        status = read_statement(rq, &d.statement, err);
    d.statement.programme = d.programme.id;
    return status ? status : write_programme(rq, state_step, &d, "It is added.", "已添加。", err);
}

#define STATEMENT_INPUTS                                                                     \
    {.name = "line", .kind = INPUT_TEXT, .most = 20, .en = "Line", .zh = "条目"},            \
        {.name = "subject",                                                                  \
         .kind = INPUT_TEXT,                                                                 \
         .most = PROGRAMME_TEXT_MAX,                                                         \
         .en = "Subject",                                                                    \
         .zh = "事项"},                                                                      \
        {.name = "first", .kind = INPUT_DAY, .en = "From", .zh = "起始日期"},                \
        {.name = "last", .kind = INPUT_DAY, .en = "By", .zh = "完成日期"},                   \
        {.name = "least", .kind = INPUT_TEXT, .most = 20, .en = "At least", .zh = "下限"},   \
        {.name = "most", .kind = INPUT_TEXT, .most = 20, .en = "At most", .zh = "上限"},     \
        {.name = "measure", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "计量单位"}, \
        {.name = "place",                                                                    \
         .kind = INPUT_TEXT,                                                                 \
         .most = PROGRAMME_TEXT_MAX,                                                         \
         .en = "Place",                                                                      \
         .zh = "地点"},                                                                      \
        {.name = "use",                                                                      \
         .kind = INPUT_TEXT,                                                                 \
         .most = PROGRAMME_TEXT_MAX,                                                         \
         .en = "Use",                                                                        \
         .zh = "用途"},                                                                      \
    {                                                                                        \
        0                                                                                    \
    }
static const struct input STATE_INPUTS[] = {STATEMENT_INPUTS};
const struct route route_ledger_state = {
    .method = "POST",
    .path = "/ledger/programmes/{programme}/statements",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Add what a programme states of a subject: days, quantity, place and use.",
    .zh = "添加规划对某一事项的规定：时间、数量、地点、用途。",
    .inputs = STATE_INPUTS,
    .run = state,
    .again = show_programme,
};

/* The statement that the address names, in the programme that it names. */
static enum status open_statement(struct request *rq, struct programme_deed *d, struct error *err)
{
    enum status status =
        ledger_find_programme(rq->arena, rq->store, rq->params[0], &d->programme, err);
    if (!status)
        status = ledger_find_statement(rq->arena, rq->store, rq->params[1], &d->statement, err);
    if (!status && d->statement.programme != d->programme.id)
        return error_set(err, STATUS_MISSING, "The programme states no such thing.",
                         "规划中没有这一条。");
    return status;
}

static enum status restate_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct programme_deed *d = context;
    (void)scratch;
    return ledger_restate(store, &d->statement, d->now_ms, err);
}

static enum status restate(struct request *rq, struct error *err)
{
    struct programme_deed d = {0};
    enum status status = open_statement(rq, &d, err);
    if (!status)
        status = read_statement(rq, &d.statement, err);
    return status ? status
                  : write_programme(rq, restate_step, &d, "It is changed.", "已修改。", err);
}

static const struct input RESTATE_INPUTS[] = {STATEMENT_INPUTS};
const struct route route_ledger_restate = {
    .method = "POST",
    .path = "/ledger/programmes/{programme}/statements/{statement}",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Change what a programme states of a subject.",
    .zh = "修改规划对某一事项的规定。",
    .inputs = RESTATE_INPUTS,
    .run = restate,
};

static enum status withdraw_step(struct store *store, struct arena *scratch, void *context,
                                 struct error *err)
{
    const struct programme_deed *d = context;
    (void)scratch;
    return ledger_withdraw(store, d->statement.id, d->why, d->now_ms, err);
}

static enum status withdraw(struct request *rq, struct error *err)
{
    struct programme_deed d = {.why = request_input(rq, "why")};
    enum status status = open_statement(rq, &d, err);
    if (!status)
        status = ledger_refuse_marks(rq, d.why, err);
    return status ? status
                  : write_programme(rq, withdraw_step, &d, "It is withdrawn.", "已撤销。", err);
}

const struct route route_ledger_withdraw = {
    .method = "POST",
    .path = "/ledger/programmes/{programme}/statements/{statement}/withdraw",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Withdraw what a programme states of a subject, for a reason.",
    .zh = "说明理由并撤销规划对某一事项的规定。",
    .inputs = WHY_INPUTS,
    .run = withdraw,
};
