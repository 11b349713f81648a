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

/* The shape that a row gives as the heading row; false when it is none. */
static bool find_shape(const struct ledger_row *row, struct shape *shape)
{
    *shape =
        (struct shape){.name = SIZE_MAX, .year = SIZE_MAX, .month = SIZE_MAX, .value = SIZE_MAX};
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
    size_t count, cap;
};

static void add_figure(struct figures *f, struct ledger_import_figure figure)
{
    if (f->count == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 64;
        f->at = arena_grow(f->arena, f->at, f->cap * sizeof *f->at, cap * sizeof *f->at);
        f->cap = cap;
    }
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

enum status ledger_map_rows(struct arena *arena, const struct ledger_row *rows, size_t nrows,
                            int year, struct ledger_import_figure **list, size_t *count,
                            struct error *err)
{
    struct figures f = {.arena = arena};
    struct shape shape;
    size_t at = 0;
    enum status status = STATUS_OK;
    while (at < nrows && at < HEADINGS_WITHIN && !find_shape(&rows[at], &shape))
        at++;
    if (at == nrows || at == HEADINGS_WITHIN)
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
