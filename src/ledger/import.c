/* Figures in a spreadsheet; see import.h. */
#include "ledger/import.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "ledger/amount.h"

#define HEADINGS_WITHIN 20U /* rows in which the heading row must stand */
#define COLUMNS_MOST    256U

enum heading {
    HEADING_OTHER,
    HEADING_NUMBER,
    HEADING_NAME,
    HEADING_YEAR,
    HEADING_MONTH,
    HEADING_VALUE
};

static const struct {
    const char *word;
    enum heading heading;
} HEADINGS[] = {
    {"number", HEADING_NUMBER},   {"no.", HEADING_NUMBER},     {"编号", HEADING_NUMBER},
    {"指标编号", HEADING_NUMBER}, {"indicator", HEADING_NAME}, {"name", HEADING_NAME},
    {"title", HEADING_NAME},      {"指标", HEADING_NAME},      {"名称", HEADING_NAME},
    {"指标名称", HEADING_NAME},   {"year", HEADING_YEAR},      {"年份", HEADING_YEAR},
    {"年度", HEADING_YEAR},       {"年", HEADING_YEAR},        {"month", HEADING_MONTH},
    {"period", HEADING_MONTH},    {"月份", HEADING_MONTH},     {"时间", HEADING_MONTH},
    {"value", HEADING_VALUE},     {"actual", HEADING_VALUE},   {"数值", HEADING_VALUE},
    {"实际值", HEADING_VALUE},    {"值", HEADING_VALUE},
};

static enum heading heading_of(struct str cell)
{
    for (size_t i = 0; i < sizeof HEADINGS / sizeof *HEADINGS; i++)
        if (cell.len == strlen(HEADINGS[i].word) &&
            !strncasecmp(cell.at, HEADINGS[i].word, cell.len))
            return HEADINGS[i].heading;
    return HEADING_OTHER;
}

/* "3月", "Mar", "March" as 0 … 11; −1. */
static int bare_month(struct str cell)
{
    static const char *const names[12] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
    uint64_t number;
    for (int m = 0; m < 12; m++)
        if ((cell.len == 3 || cell.len == strlen(names[m])) &&
            !strncasecmp(cell.at, names[m], cell.len))
            return m;
    if (str_ends(cell, STR("月")) && str_to_u64(str_slice(cell, 0, cell.len - 3), &number) &&
        number >= 1 && number <= 12)
        return (int)number - 1;
    return -1;
}

struct shape {
    size_t name, year, month, value; /* columns; SIZE_MAX: none */
    int months
        [COLUMNS_MOST]; /* of each column: −1 none, below 12 a month of the row's year, else a month */
    size_t nmonths;
    bool bare;
};

static void read_heading(struct shape *shape, size_t column, struct str cell)
{
    int month = bare_month(cell);
    shape->months[column] = month;
    if (month < 0 && ledger_read_month(cell, &month))
        shape->months[column] = month;
    shape->nmonths += shape->months[column] >= 0;
    shape->bare = shape->bare || (shape->months[column] >= 0 && shape->months[column] < 12);
    switch (heading_of(cell)) {
    case HEADING_NUMBER: /* a number is surer than a name */
        shape->name = column;
        break;
    case HEADING_NAME:
        shape->name = shape->name == SIZE_MAX ? column : shape->name;
        break;
    case HEADING_YEAR:
        shape->year = column;
        break;
    case HEADING_MONTH:
        shape->month = column;
        break;
    case HEADING_VALUE:
        shape->value = column;
        break;
    case HEADING_OTHER:
        break;
    }
}

/* --- columns that were said ----------------------------------------------------------------------- */

static const char *const ROLES[LEDGER_ROLES] = {"out", "indicator", "year", "month", "value", "m1",
                                                "m2",  "m3",        "m4",   "m5",    "m6",    "m7",
                                                "m8",  "m9",        "m10",  "m11",   "m12"};

const char *ledger_role_name(enum ledger_role role)
{
    return ROLES[role];
}

bool ledger_role_named(struct str name, enum ledger_role *role)
{
    for (int r = 0; r < LEDGER_ROLES; r++)
        if (str_equal(name, str_of(ROLES[r]))) {
            *role = (enum ledger_role)r;
            return true;
        }
    return false;
}

enum ledger_role ledger_guess_role(struct str heading)
{
    static const enum ledger_role roles[] = {
        [HEADING_OTHER] = LEDGER_ROLE_OUT,      [HEADING_NUMBER] = LEDGER_ROLE_INDICATOR,
        [HEADING_NAME] = LEDGER_ROLE_INDICATOR, [HEADING_YEAR] = LEDGER_ROLE_YEAR,
        [HEADING_MONTH] = LEDGER_ROLE_MONTH,    [HEADING_VALUE] = LEDGER_ROLE_VALUE,
    };
    return roles[heading_of(heading)];
}

bool ledger_names_month(struct str heading)
{
    int month;
    return bare_month(heading) >= 0 || ledger_read_month(heading, &month);
}

static bool same_heading(struct str a, struct str b)
{
    return a.len == b.len && (!a.len || !strncasecmp(a.at, b.at, a.len));
}

static size_t count_role(const struct ledger_columns *columns, enum ledger_role role)
{
    size_t count = 0;
    for (size_t i = 0; i < columns->count; i++)
        count += columns->at[i].role == role;
    return count;
}

static bool is_wide(const struct ledger_columns *columns)
{
    return !count_role(columns, LEDGER_ROLE_MONTH);
}

enum status ledger_check_columns(const struct ledger_columns *columns, struct error *err)
{
    bool month_twice = false;
    for (size_t i = 0; i < columns->count; i++)
        for (size_t k = 0; k < i; k++)
            if (same_heading(columns->at[i].heading, columns->at[k].heading))
                return error_set(err, STATUS_INPUT, "Two columns are headed \"%.*s\".",
                                 "有两列的标题都是“%.*s”。", STR_ARG(columns->at[i].heading));
    for (int r = LEDGER_ROLE_YEAR; r < LEDGER_ROLES; r++)
        month_twice |= count_role(columns, (enum ledger_role)r) > 1;
    if (count_role(columns, LEDGER_ROLE_INDICATOR) != 1)
        return error_set(err, STATUS_INPUT, "Say of one column that the indicator stands in it.",
                         "请指定一列为“指标”。");
    if (month_twice)
        return error_set(err, STATUS_INPUT, "Two columns are said to be the same.",
                         "有两列被指定为同一内容。");
    if (count_role(columns, LEDGER_ROLE_MONTH) != count_role(columns, LEDGER_ROLE_VALUE))
        return error_set(err, STATUS_INPUT,
                         "A column with the month needs one with its value, and the other way "
                         "round.",
                         "“月份”与“数值”两列应同时指定。");
    return STATUS_OK;
}

static void read_role(struct shape *shape, size_t column, enum ledger_role role)
{
    switch (role) {
    case LEDGER_ROLE_OUT:
        break;
    case LEDGER_ROLE_INDICATOR:
        shape->name = column;
        break;
    case LEDGER_ROLE_YEAR:
        shape->year = column;
        break;
    case LEDGER_ROLE_MONTH:
        shape->month = column;
        break;
    case LEDGER_ROLE_VALUE:
        shape->value = column;
        break;
    default:
        shape->months[column] = (int)role - LEDGER_ROLE_JANUARY;
        shape->nmonths++;
        shape->bare = true;
    }
}

/* Where a heading stands in the row, SIZE_MAX: nowhere. */
static size_t find_heading(const struct ledger_row *row, struct str heading)
{
    for (size_t c = 0; c < row->ncells && c < COLUMNS_MOST; c++)
        if (same_heading(str_trim(row->cells[c]), heading))
            return c;
    return SIZE_MAX;
}

static bool is_said(const struct ledger_columns *columns, struct str heading)
{
    for (size_t i = 0; i < columns->count; i++)
        if (same_heading(columns->at[i].heading, heading))
            return true;
    return false;
}

/* The shape that a row gives as the heading row of a table of this source; false when it lacks a column that counts. */
static bool fits(const struct ledger_row *row, const struct ledger_columns *columns,
                 struct shape *shape)
{
    for (size_t c = 0; c < COLUMNS_MOST; c++)
        shape->months[c] = -1;
    for (size_t i = 0; i < columns->count; i++) {
        size_t c = find_heading(row, columns->at[i].heading);
        if (c == SIZE_MAX && columns->at[i].role != LEDGER_ROLE_OUT)
            return false;
        if (c != SIZE_MAX)
            read_role(shape, c, columns->at[i].role);
    }
    for (size_t c = 0; is_wide(columns) && c < row->ncells && c < COLUMNS_MOST; c++) {
        struct str cell = str_trim(row->cells[c]);
        int month = bare_month(cell);
        if (is_said(columns, cell) || (month < 0 && !ledger_read_month(cell, &month)))
            continue;
        shape->months[c] = month;
        shape->nmonths++;
        shape->bare |= month < 12;
    }
    return shape->nmonths || !is_wide(columns);
}

/* --- rows ----------------------------------------------------------------------------------------- */

/* The shape that a row gives as the heading row; false when it is none. */
static bool find_shape(const struct ledger_row *row, const struct ledger_columns *columns,
                       struct shape *shape)
{
    *shape =
        (struct shape){.name = SIZE_MAX, .year = SIZE_MAX, .month = SIZE_MAX, .value = SIZE_MAX};
    if (columns)
        return fits(row, columns, shape);
    for (size_t c = 0; c < row->ncells && c < COLUMNS_MOST; c++)
        read_heading(shape, c, str_trim(row->cells[c]));
    for (size_t c = row->ncells; c < COLUMNS_MOST; c++)
        shape->months[c] = -1;
    if (shape->name == SIZE_MAX)
        shape->name = 0;
    bool wide = shape->nmonths && shape->months[shape->name] < 0;
    return wide || (shape->month != SIZE_MAX && shape->value != SIZE_MAX);
}

static struct str cell_at(const struct ledger_row *row, size_t column)
{
    return column < row->ncells ? str_trim(row->cells[column]) : STR("");
}

struct figures {
    struct arena *arena;
    struct ledger_import_figure *at;
    size_t count;
};

static void add_figure(struct figures *f, struct ledger_import_figure figure)
{
    f->at = arena_one_more(f->arena, f->at, f->count, sizeof *f->at);
    f->at[f->count++] = figure;
}

static bool read_year(struct str cell, int *year)
{
    uint64_t number;
    if (str_ends(cell, STR("年")))
        cell = str_slice(cell, 0, cell.len - 3);
    if (!str_to_u64(cell, &number) || number < LEDGER_YEAR_LEAST || number > LEDGER_YEAR_MOST)
        return false;
    *year = (int)number;
    return true;
}

static enum status year_of_row(const struct shape *shape, const struct ledger_row *row, int given,
                               int *year, struct error *err)
{
    *year = given;
    if (shape->year != SIZE_MAX && !read_year(cell_at(row, shape->year), year))
        return error_set(err, STATUS_INPUT, "Row %u: \"%.*s\" is no year.",
                         "第%u行：“%.*s”不是年份。", row->number,
                         STR_ARG(str_slice(cell_at(row, shape->year), 0, 40)));
    return STATUS_OK;
}

static enum status take_wide(struct figures *f, const struct shape *shape,
                             const struct ledger_row *row, int given, struct error *err)
{
    int year;
    struct str name = cell_at(row, shape->name);
    enum status status = name.len ? year_of_row(shape, row, given, &year, err) : STATUS_OK;
    if (status || !name.len)
        return status;
    for (size_t c = 0; c < row->ncells && c < COLUMNS_MOST; c++) {
        int month = shape->months[c];
        if (month >= 0 && cell_at(row, c).len)
            add_figure(f, (struct ledger_import_figure){row->number, name,
                                                        month < 12 ? year * 12 + month : month,
                                                        cell_at(row, c)});
    }
    return STATUS_OK;
}

static enum status take_long(struct figures *f, const struct shape *shape,
                             const struct ledger_row *row, int given, struct error *err)
{
    int year;
    int month;
    struct str name = cell_at(row, shape->name);
    struct str when = cell_at(row, shape->month);
    struct str value = cell_at(row, shape->value);
    if (!name.len || !value.len)
        return STATUS_OK;
    enum status status = year_of_row(shape, row, given, &year, err);
    if (status)
        return status;
    if (!ledger_read_month(when, &month)) {
        month = bare_month(when);
        if (month < 0 || !year)
            return error_set(err, STATUS_INPUT, "Row %u: \"%.*s\" is no month of a year.",
                             "第%u行：“%.*s”不是某年的月份。", row->number,
                             STR_ARG(utf8_cut(when, 40)));
        month += year * 12;
    }
    add_figure(f, (struct ledger_import_figure){row->number, name, month, value});
    return STATUS_OK;
}

/* A month that has another below it is no heading, but a figure's own in a table of which nobody knows the columns. */
static bool has_months_below(const struct shape *shape, const struct ledger_row *below)
{
    for (size_t c = 0; c < below->ncells && c < COLUMNS_MOST; c++) {
        int month;
        if (shape->months[c] >= 0 && ledger_read_month(str_trim(below->cells[c]), &month))
            return true;
    }
    return false;
}

/* The first row that is a heading row, `nrows` where there is none. */
static size_t find_headings(const struct ledger_row *rows, size_t nrows,
                            const struct ledger_columns *columns, struct shape *shape)
{
    for (size_t at = 0; at < nrows && at < HEADINGS_WITHIN; at++)
        if (find_shape(&rows[at], columns, shape) &&
            (columns || at + 1 == nrows || !has_months_below(shape, &rows[at + 1])))
            return at;
    return nrows;
}

bool ledger_has_headings(const struct ledger_row *rows, size_t nrows,
                         const struct ledger_columns *columns)
{
    struct shape shape;
    return find_headings(rows, nrows, columns, &shape) < nrows;
}

enum status ledger_map_rows(struct arena *arena, const struct ledger_row *rows, size_t nrows,
                            const struct ledger_columns *columns, int year,
                            struct ledger_import_figure **list, size_t *count, struct error *err)
{
    struct figures f = {.arena = arena};
    struct shape shape;
    enum status status = STATUS_OK;
    size_t at = find_headings(rows, nrows, columns, &shape);
    if (at == nrows && columns)
        return error_set(
            err, STATUS_INPUT,
            "The columns of this source are not there: no row has all of its headings.",
            "没有找到该来源的各列：没有一行含有全部标题。");
    if (at == nrows)
        return error_set(
            err, STATUS_INPUT,
            "No row names months, such as 2026-03, above the figures; nor a month and a "
            "value.",
            "没有找到标题行：应在数据上方写明月份（如 2026-03），或“月份”和“数值”两列。");
    bool wide = shape.nmonths != 0;
    if (wide && shape.bare && !year && shape.year == SIZE_MAX)
        return error_set(err, STATUS_INPUT,
                         "The months have no year. Give it in the form, or in a column \"Year\".",
                         "月份没有写明年份，请在表单中填写年份，或加一列“年份”。");
    for (at++; at < nrows && !status; at++)
        status = wide ? take_wide(&f, &shape, &rows[at], year, err)
                      : take_long(&f, &shape, &rows[at], year, err);
    *list = f.at;
    *count = f.count;
    return status;
}
