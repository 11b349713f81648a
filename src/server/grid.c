/* Tables of the ledger; see grid.h. */
#include "server/grid.h"

#include <string.h>

#include "base/calendar.h"
#include "ledger/account.h"
#include "ledger/amount.h"
#include "ledger/view.h"
#include "server/grid_file.h"
#include "server/internal.h"

#define ROWS_A_PAGE 100
#define ROWS_A_FILE 200000
#define FIRST_BOUND 3 /* ?1 is the viewer, ?2 today */

/* --- fields --------------------------------------------------------------------------------------- */

static const struct field CELL[] = {
    FIELD(TEXT, struct grid_cell, column),        FIELD(TEXT, struct grid_cell, text),
    FIELD_HIDDEN(TEXT, struct grid_cell, path),   FIELD_HIDDEN(TEXT, struct grid_cell, shown),
    FIELD_HIDDEN(FLAG, struct grid_cell, number), FIELD_HIDDEN(FLAG, struct grid_cell, first),
    FIELD_HIDDEN(FLAG, struct grid_cell, day),    {0},
};
static const struct field ROW[] = {
    FIELD(TEXT, struct grid_row, key),
    FIELD_HIDDEN(TEXT, struct grid_row, title),
    FIELD_OF_LIST(struct grid_row, cells, CELL),
    {0},
};
static const struct field HEADING[] = {
    FIELD(TEXT, struct grid_heading, name), FIELD(TEXT, struct grid_heading, words),
    FIELD(TEXT, struct grid_heading, path), FIELD(FLAG, struct grid_heading, up),
    FIELD(FLAG, struct grid_heading, down), {0},
};
static const struct field FILTER[] = {
    FIELD(TEXT, struct grid_field, name),
    FIELD(TEXT, struct grid_field, words),
    FIELD(TEXT, struct grid_field, value),
    FIELD_HIDDEN(FLAG, struct grid_field, typed),
    FIELD_OF_LIST(struct grid_field, choices, ledger_choice_fields),
    {0},
};
static const struct field VIEW[] = {
    FIELD(TEXT, struct grid_view, key),    FIELD(TEXT, struct grid_view, name),
    FIELD(TEXT, struct grid_view, path),   FIELD(FLAG, struct grid_view, own),
    FIELD(FLAG, struct grid_view, shared), FIELD(FLAG, struct grid_view, opens),
    FIELD(FLAG, struct grid_view, here),   {0},
};
const struct field grid_fields[] = {
    FIELD_HIDDEN(TEXT, struct grid_sight, path),
    FIELD(TEXT, struct grid_sight, query),
    FIELD(TEXT, struct grid_sight, sort),
    FIELD(TEXT, struct grid_sight, csv),
    FIELD(TEXT, struct grid_sight, xlsx),
    FIELD(TEXT, struct grid_sight, newer),
    FIELD(TEXT, struct grid_sight, older),
    FIELD(NUMBER, struct grid_sight, count),
    FIELD(NUMBER, struct grid_sight, page),
    FIELD_HIDDEN(TEXT, struct grid_sight, deeds),
    FIELD_HIDDEN(FLAG, struct grid_sight, filtered),
    FIELD_OF_LIST(struct grid_sight, headings, HEADING),
    FIELD_OF_LIST(struct grid_sight, filters, FILTER),
    FIELD_OF_LIST(struct grid_sight, rows, ROW),
    FIELD_OF_LIST(struct grid_sight, views, VIEW),
    FIELD_HIDDEN(TEXT, struct grid_sight, all),
    FIELD_HIDDEN(FLAG, struct grid_sight, kept),
    {0},
};

/* --- the query ------------------------------------------------------------------------------------ */

static size_t count_columns(const struct grid *grid)
{
    size_t count = 0;
    while (grid->columns[count].name)
        count++;
    return count;
}

#define WORDS_MOST  100 /* characters that are looked for */
#define CHOICE_MOST 40  /* of a choice: a key, or a name of ours */

static const struct input LIST_INPUTS[] = {
    {.name = "sort", .kind = INPUT_TEXT, .most = 40, .en = "Sorted by", .zh = "排序"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {.name = "format", .kind = INPUT_TEXT, .most = 8, .en = "Format", .zh = "格式"},
};
#define NLIST_INPUTS (sizeof LIST_INPUTS / sizeof *LIST_INPUTS)

static bool is_typed(const struct grid_filter *f)
{
    return !f->choices && !f->options && !f->values;
}

bool route_input(const struct route *route, size_t index, struct input *input)
{
    for (const struct input *i = route->inputs; i && i->name; i++)
        if (index-- == 0) {
            *input = *i;
            return true;
        }
    if (!route->grid || index < NLIST_INPUTS) {
        *input = route->grid ? LIST_INPUTS[index] : (struct input){0};
        return route->grid;
    }
    const struct grid_filter *f = route->grid->filters;
    for (index -= NLIST_INPUTS; index && f->name; index--)
        f++;
    *input = (struct input){.name = f->name,
                            .kind = INPUT_TEXT,
                            .most = is_typed(f) ? WORDS_MOST : CHOICE_MOST,
                            .en = f->en,
                            .zh = f->zh};
    return f->name;
}

/* Under a form that is shown again, what was typed into it is no filter of the list, though names be the same. */
static struct str asked_for(const struct request *rq, const char *name)
{
    return rq->post ? STR("") : request_input(rq, name);
}

/* The column that is sorted by, from the address or the list's own; *down for the other way round. */
static const struct grid_column *sorted_by(const struct request *rq, const struct grid *grid,
                                           bool *down)
{
    const struct str asked[] = {asked_for(rq, "sort"), str_of(grid->order)};
    for (size_t i = 0; i < 2; i++) {
        *down = str_starts(asked[i], STR("-"));
        struct str name = str_slice(asked[i], *down, asked[i].len);
        for (const struct grid_column *c = grid->columns; c->name; c++)
            if (str_equal(str_of(c->name), name))
                return c;
    }
    return grid->columns;
}

/* FROM … WHERE …, the same for rows and their number. */
static void write_body(struct buf *sql, const struct request *rq, const struct grid *grid)
{
    int bound = FIRST_BOUND;
    buf_format(sql, " FROM %s WHERE (%s) AND ?1 IS NOT NULL AND ?2 IS NOT NULL", grid->from,
               grid->where);
    for (const struct grid_filter *f = grid->filters; f->name; f++) {
        struct str rest = str_of(f->sql);
        if (!asked_for(rq, f->name).len)
            continue;
        buf_add(sql, STR(" AND ("));
        for (size_t at; (at = str_find(rest, STR("{}"), 0)) != SIZE_MAX;) {
            buf_add(sql, str_slice(rest, 0, at));
            buf_format(sql, "?%d", bound);
            rest = str_slice(rest, at + 2, rest.len);
        }
        buf_add(sql, rest);
        buf_add_byte(sql, ')');
        bound++;
    }
}

static struct query *start(struct request *rq, const struct grid *grid, const struct buf *sql)
{
    int bound = FIRST_BOUND;
    struct query *q = query_start_made(rq->store, buf_str(sql));
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, calendar_day_of(rq->now_ms));
    for (const struct grid_filter *f = grid->filters; f->name; f++) {
        struct str value = asked_for(rq, f->name);
        if (value.len)
            query_bind_str(q, bound++, value);
    }
    return q;
}

static enum status count_rows(struct request *rq, const struct grid *grid, int64_t *count,
                              struct error *err)
{
    struct buf sql = {.arena = rq->arena};
    /* A count in one query would look into every table that is joined; a list does not, where it shows nothing of it. */
    buf_add(&sql, STR("SELECT count(*) FROM (SELECT 1"));
    write_body(&sql, rq, grid);
    buf_add(&sql, STR(" LIMIT -1)"));
    struct query *q = start(rq, grid, &sql);
    *count = query_row(q) ? query_int(q, 0) : 0;
    return query_end(q, err);
}

static void write_order(struct buf *sql, const struct request *rq, const struct grid *grid)
{
    bool down;
    const struct grid_column *by = sorted_by(rq, grid, &down);
    const char *expression = by->sort ? by->sort : by->sql;
    const char *last = grid->row ? grid->row : grid->key;
    buf_add(sql, STR(" ORDER BY "));
    if (strcmp(expression, last) != 0) /* what has no value comes last either way */
        buf_format(sql, "%s IS NULL, ", expression);
    buf_format(sql, "%s%s, %s", expression, down ? " DESC" : "", last);
}

static void write_limit(struct buf *sql, int64_t skip, int64_t most)
{
    buf_format(sql, " LIMIT %lld OFFSET %lld", (long long)most, (long long)skip);
}

/* Where rows have a number, the page's are found by it first: otherwise all columns of all rows are worked out, to be
 * sorted and left out. */
static struct query *start_rows(struct request *rq, const struct grid *grid, int64_t skip,
                                int64_t most)
{
    struct buf sql = {.arena = rq->arena};
    buf_format(&sql, "SELECT %s, ", grid->key);
    if (grid->link)
        buf_add(&sql, str_of(grid->link));
    else
        buf_format(&sql, "'/ledger/lines/' || %s", grid->key);
    for (const struct grid_column *c = grid->columns; c->name; c++)
        buf_format(&sql, ", %s", c->sql);
    if (grid->row) {
        buf_format(&sql, " FROM %s WHERE %s IN (SELECT %s", grid->from, grid->row, grid->row);
        write_body(&sql, rq, grid);
        write_order(&sql, rq, grid);
        write_limit(&sql, skip, most);
        buf_add_byte(&sql, ')');
        write_order(&sql, rq, grid);
    } else {
        write_body(&sql, rq, grid);
        write_order(&sql, rq, grid);
        write_limit(&sql, skip, most);
    }
    return start(rq, grid, &sql);
}

/* A text with each day in it as people write it. */
static void write_days(struct buf *out, struct str text, enum lang lang)
{
    static const size_t DAY = sizeof "2026-11-24" - 1;
    int64_t day_ms;
    for (size_t at = 0; at < text.len;) {
        if (at + DAY <= text.len && calendar_read_day(str_slice(text, at, DAY), &day_ms)) {
            calendar_write_time(out, day_ms, lang, false);
            at += DAY;
        } else {
            buf_add_byte(out, text.at[at++]);
        }
    }
}

static struct str cell_shown(struct request *rq, struct query *q, int at,
                             const struct grid_column *c)
{
    struct buf out = {.arena = rq->arena};
    if (query_is_null(q, at))
        return STR("");
    if (c->kind == GRID_MONEY)
        return account_money(rq->arena, query_int(q, at));
    if (c->kind == GRID_DAY)
        calendar_write_date(&out, query_int(q, at), rq->lang);
    if (c->kind == GRID_DAYS)
        write_days(&out, query_str(q, at), rq->lang);
    return buf_str(&out);
}

static struct str cell_text(struct request *rq, struct query *q, int at,
                            const struct grid_column *c)
{
    if (query_is_null(q, at))
        return STR("");
    if (c->kind == GRID_DAY)
        return calendar_day_text(rq->arena, query_int(q, at));
    if (c->kind == GRID_MONEY)
        return query_is_null(q, at) ? STR("") : ledger_write_amount(rq->arena, query_int(q, at), 2);
    struct str text = query_str(q, at);
    return c->words ? str_of(c->words(text, rq->lang)) : str_copy(rq->arena, text);
}

static struct grid_row take_row(struct request *rq, const struct grid *grid, struct query *q)
{
    struct grid_row row = {.key = str_copy(rq->arena, query_str(q, 0))};
    struct str path = str_copy(rq->arena, query_str(q, 1));
    row.cells = arena_array(rq->arena, count_columns(grid), struct grid_cell);
    for (const struct grid_column *c = grid->columns; c->name; c++) {
        size_t n = row.ncells++;
        row.cells[n] = (struct grid_cell){
            .column = request_words(rq, c->en, c->zh),
            .text = cell_text(rq, q, (int)n + 2, c),
            .path = path,
            .shown = cell_shown(rq, q, (int)n + 2, c),
            .number = c->kind == GRID_NUMBER || c->kind == GRID_MONEY,
            .day = c->kind == GRID_DAY,
            .first = n == 0,
        };
    }
    row.title = row.ncells ? row.cells[0].text : STR("");
    return row;
}

static enum status read_rows(struct request *rq, const struct grid *grid, int64_t skip,
                             int64_t most, struct grid_row **rows, size_t *count, struct error *err)
{
    struct query *q = start_rows(rq, grid, skip, most);
    *rows = NULL;
    *count = 0;
    while (query_row(q)) {
        *rows = arena_one_more(rq->arena, *rows, *count, sizeof **rows);
        (*rows)[(*count)++] = take_row(rq, grid, q);
    }
    return query_end(q, err);
}

/* --- addresses ------------------------------------------------------------------------------------ */

static void add_pair(struct buf *out, const char *name, struct str value)
{
    buf_format(out, "%s%s=", out->len ? "&" : "", name);
    answer_escape_query(out, value);
}

/* The filters of this address, with another order if told. */
static struct str query_of(const struct request *rq, const struct grid *grid, struct str sort)
{
    struct buf out = {.arena = rq->arena};
    for (const struct grid_filter *f = grid->filters; f->name; f++)
        if (asked_for(rq, f->name).len)
            add_pair(&out, f->name, asked_for(rq, f->name));
    if (sort.len)
        add_pair(&out, "sort", sort);
    return buf_str(&out);
}

static struct str address(const struct request *rq, const struct grid *grid, struct str query,
                          const char *name, struct str value)
{
    struct buf more = {.arena = rq->arena};
    buf_add(&more, query);
    if (name)
        add_pair(&more, name, value);
    return str_format(rq->arena, "%s%s%.*s", grid->path, more.len ? "?" : "",
                      STR_ARG(buf_str(&more)));
}

static struct str page_address(const struct request *rq, const struct grid *grid, struct str query,
                               int64_t page)
{
    return address(rq, grid, query, "page", str_format(rq->arena, "%lld", (long long)page));
}

static void fill_headings(struct request *rq, const struct grid *grid, struct grid_sight *sight)
{
    bool down;
    const struct grid_column *by = sorted_by(rq, grid, &down);
    sight->headings = arena_array(rq->arena, count_columns(grid), struct grid_heading);
    for (const struct grid_column *c = grid->columns; c->name; c++) {
        bool up = by == c && !down;
        struct str sort = str_format(rq->arena, "%s%s", up ? "-" : "", c->name);
        sight->headings[sight->nheadings++] = (struct grid_heading){
            .name = str_of(c->name),
            .words = request_words(rq, c->en, c->zh),
            .path = address(rq, grid, query_of(rq, grid, sort), NULL, STR("")),
            .up = up,
            .down = by == c && down,
        };
    }
}

void grid_offer(const struct request *rq, const struct grid_option *options, struct str chosen,
                struct ledger_choice **list, size_t *count)
{
    size_t all = 0;
    while (options[all].value)
        all++;
    *list = arena_array(rq->arena, all, struct ledger_choice);
    for (*count = 0; *count < all; ++*count, options++)
        (*list)[*count] = (struct ledger_choice){
            str_of(options->value), request_words(rq, options->en, options->zh), false};
    ledger_choose(*list, all, chosen);
}

static enum status fill_filters(struct request *rq, const struct grid *grid,
                                struct grid_sight *sight, struct error *err)
{
    size_t count = 0;
    enum status status = STATUS_OK;
    while (grid->filters[count].name)
        count++;
    sight->filters = arena_array(rq->arena, count + 1, struct grid_field);
    for (const struct grid_filter *f = grid->filters; !status && f->name; f++) {
        struct grid_field *field = &sight->filters[sight->nfilters++];
        *field = (struct grid_field){.name = str_of(f->name),
                                     .words = request_words(rq, f->en, f->zh),
                                     .value = asked_for(rq, f->name),
                                     .typed = is_typed(f)};
        sight->filtered |= field->value.len > 0;
        if (f->choices)
            status = f->choices(rq, field->value, &field->choices, &field->nchoices, err);
        else if (f->options)
            grid_offer(rq, f->options, field->value, &field->choices, &field->nchoices);
        else if (f->values)
            ledger_fill_values(rq, f->values, field->value, &field->choices, &field->nchoices);
    }
    return status;
}

/* --- taken along ---------------------------------------------------------------------------------- */

static enum status answer_file(struct request *rq, const struct grid *grid, struct str format,
                               struct error *err)
{
    struct grid_row *rows;
    struct grid_table table = {.name = request_words(rq, grid->en, grid->zh)};
    struct str *headings = arena_array(rq->arena, count_columns(grid), struct str);
    for (const struct grid_column *c = grid->columns; c->name; c++)
        headings[table.nheadings++] = request_words(rq, c->en, c->zh);
    table.headings = headings;
    enum status status = read_rows(rq, grid, 0, ROWS_A_FILE, &rows, &table.nrows, err);
    table.rows = rows;
    return status ? status : grid_answer_table(rq, format, &table, err);
}

/* --- views ---------------------------------------------------------------------------------------- */

/* The views of the list; *opens is the address of the one with which it opens, empty for none. */
static enum status fill_views(struct request *rq, const struct grid *grid, struct grid_sight *sight,
                              struct str *opens, struct error *err)
{
    struct ledger_view *list;
    size_t count;
    enum status status = ledger_list_views(rq->arena, rq->store, rq->viewer.member,
                                           str_of(grid->path), &list, &count, err);
    *opens = STR("");
    if (status)
        return status;
    sight->kept = count > 0;
    sight->views = arena_array(rq->arena, count + 1, struct grid_view);
    for (size_t i = 0; i < count; i++) {
        bool own = list[i].member == rq->viewer.member;
        struct str path = address(rq, grid, list[i].query, NULL, STR(""));
        sight->views[sight->nviews++] = (struct grid_view){list[i].key,
                                                           list[i].name,
                                                           path,
                                                           own,
                                                           list[i].shared,
                                                           own && list[i].opens,
                                                           str_equal(list[i].query, sight->query)};
        if (own && list[i].opens && list[i].query.len)
            *opens = path;
    }
    return STATUS_OK;
}

/* --- the whole ------------------------------------------------------------------------------------ */

enum status grid_read(struct request *rq, const struct grid *grid, struct grid_sight *sight,
                      bool *answered, struct error *err)
{
    struct str format = asked_for(rq, "format");
    *answered = grid_is_file_format(format);
    if (*answered)
        return answer_file(rq, grid, format, err);
    int64_t page = rq->post ? 0 : request_number(rq, "page");
    struct str sort = asked_for(rq, "sort");
    struct str query = query_of(rq, grid, sort);
    *sight = (struct grid_sight){
        .path = str_of(grid->path),
        .deeds = str_of(grid->deeds),
        .query = query,
        .sort = sort,
        .page = page ? page : 1,
        .csv = address(rq, grid, query, "format", STR("csv")),
        .xlsx = address(rq, grid, query, "format", STR("xlsx")),
    };
    struct str opens;
    enum status status = fill_views(rq, grid, sight, &opens, err);
    *answered = !status && opens.len && !rq->post && !rq->query.count && !rq->wants_json;
    if (status || *answered)
        return status ? status : answer_redirect(rq, opens, NULL, NULL);
    sight->all = page_address(rq, grid, STR(""), 1);
    fill_headings(rq, grid, sight);
    status = fill_filters(rq, grid, sight, err);
    if (!status)
        status = count_rows(rq, grid, &sight->count, err);
    if (!status)
        status = read_rows(rq, grid, (sight->page - 1) * ROWS_A_PAGE, ROWS_A_PAGE, &sight->rows,
                           &sight->nrows, err);
    if (sight->page > 1)
        sight->newer = page_address(rq, grid, query, sight->page - 1);
    if (sight->page * ROWS_A_PAGE < sight->count)
        sight->older = page_address(rq, grid, query, sight->page + 1);
    return status;
}
