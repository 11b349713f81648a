/* Figures taken in from a spreadsheet, or pasted from one: all of them, or none and the rows that are wrong.
 *
 * Which column holds what is known by common words, by a source that is chosen, or by one whose headings all stand in the
 * table; else, or when asked, the table is shown and it is said column by column, and kept under the source's name.
 * What was taken in is a batch, which is taken back like any other (page_ledger_batches.c). */
#include "server/internal.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "format/sheet.h"
#include "ledger/batch.h"
#include "ledger/indicator.h"
#include "ledger/mapping.h"
#include "server/ledger.h"
#include "server/ledger_figures.h"

#define UNKNOWN_SHOWN 8U
#define REFUSED_SHOWN 4U
#define ROWS_SHOWN    8U  /* of a table whose columns are asked for */
#define ROWS_LOOKED   20U /* for its headings */

/* --- taken in ------------------------------------------------------------------------------------- */

struct taking {
    struct arena *arena; /* of the request, which waits */
    struct ledger_person person;
    struct ledger_deed deed;
    struct ledger_batch batch;
    struct str called;        /* what the batch is called where no reason is given */
    struct ledger_mapping by; /* id 0: none */
    const struct ledger_import_figure *figures;
    size_t count, made; /* made: of these, left as a formula makes them */
    bool since_january; /* the figures are, each with the months before it */
    struct str name;    /* that the indicator at hand goes by */
    struct indicator indicator;
};

/* The line of each figure; all names that are none's are told at once. */
static enum status find_lines(struct arena *arena, struct store *store, const struct taking *t,
                              int64_t *lines, struct error *err)
{
    struct buf unknown = {.arena = arena};
    struct str last = {0};
    int64_t line = 0;
    unsigned count = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < t->count && !status && count < UNKNOWN_SHOWN; i++) {
        bool again = str_equal(t->figures[i].name, last);
        last = t->figures[i].name;
        if (!again)
            status = ledger_find_named(store, last, &line, err);
        lines[i] = line;
        if (!again && !status && !line)
            buf_format(&unknown, "%s%.*s", count++ ? "; " : "", STR_ARG(utf8_cut(last, 60)));
    }
    if (!status && count)
        return error_set(
            err, STATUS_INPUT,
            "No indicator goes by these names: %.*s. Say below which they are, then take "
            "the figures in again.",
            "没有指标使用以下名称：%.*s。请先在下方说明各是哪个指标，然后重新导入。",
            STR_ARG(buf_str(&unknown)));
    return status;
}

/* A figure by what it is of. */
struct place {
    int64_t line;
    const struct ledger_import_figure *figure;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *one = a;
    const struct place *two = b;
    if (one->line != two->line)
        return one->line < two->line ? -1 : 1;
    if (one->figure->month != two->figure->month)
        return one->figure->month < two->figure->month ? -1 : 1;
    return one->figure < two->figure ? -1 : one->figure > two->figure;
}

/* One value a month: of two that differ, nobody knows which is meant. */
static enum status check_twice(struct arena *arena, const struct taking *t, const int64_t *lines,
                               struct error *err)
{
    struct place *places = arena_array(arena, t->count, struct place);
    for (size_t i = 0; i < t->count; i++)
        places[i] = (struct place){lines[i], &t->figures[i]};
    qsort(places, t->count, sizeof *places, compare_places);
    for (size_t i = 1; i < t->count; i++) {
        const struct ledger_import_figure *one = places[i - 1].figure;
        const struct ledger_import_figure *two = places[i].figure;
        if (places[i].line == places[i - 1].line && one->month == two->month &&
            !str_equal(one->text, two->text))
            return error_set(err, STATUS_INPUT,
                             "Two values are given for %.*s, %04d-%02d: %.*s in row %u and %.*s in "
                             "row %u.",
                             "%.*s %04d-%02d 有两个数值：%.*s（第%u行）和 %.*s（第%u行）。",
                             STR_ARG(utf8_cut(two->name, 60)), two->month / 12, two->month % 12 + 1,
                             STR_ARG(utf8_cut(one->text, 40)), one->row,
                             STR_ARG(utf8_cut(two->text, 40)), two->row);
    }
    return STATUS_OK;
}

static enum status check_figures(struct arena *arena, struct store *store, const struct taking *t,
                                 struct error *err)
{
    int64_t *lines = arena_array(arena, t->count, int64_t);
    enum status status = find_lines(arena, store, t, lines, err);
    return status ? status : check_twice(arena, t, lines, err);
}

static enum status open_named(struct arena *arena, struct store *store, struct taking *t,
                              struct str name, struct error *err)
{
    int64_t line = 0;
    unsigned is = 0;
    if (t->name.len && str_equal(name, t->name))
        return STATUS_OK;
    enum status status = ledger_find_named(store, name, &line, err);
    if (!status)
        status = ledger_stand_to(store, &t->person, line, &is, err);
    if (!status && !ledger_may(is, LEDGER_REPORT))
        return error_set(err, STATUS_FORBIDDEN,
                         "Its figures are entered by its unit, its lead or editors.",
                         "该指标由其责任单位、分包领导或编辑填报。");
    if (!status)
        status = ledger_find_indicator(arena, store, line, &t->indicator, err);
    t->name = status ? (struct str){0} : name;
    return status;
}

static enum status take_figure(struct arena *arena, struct store *store, struct taking *t,
                               const struct ledger_import_figure *figure, struct error *err)
{
    int64_t amount = 0;
    enum status status = open_named(arena, store, t, figure->name, err);
    if (!status && t->indicator.formula.len) { /* as in a file that the list gave */
        t->made++;
        return STATUS_OK;
    }
    if (!status)
        status = ledger_read_amount(figure->text, t->indicator.places, &amount, err);
    if (!status && t->since_january)
        status =
            ledger_part_since_january(store, &t->indicator, figure->month, amount, &amount, err);
    return status ? status
                  : ledger_put_actual(store, &t->indicator, figure->month, amount, t->person.member,
                                      &t->deed, err);
}

/* What was wrong with figures, row by row; nothing of it is kept, so that the others are looked at all the same. */
struct refusals {
    struct buf en, zh;
    size_t count;
    enum status status; /* of the first */
};

static void add_refusal(struct refusals *r, const struct ledger_import_figure *figure,
                        const struct error *why)
{
    r->status = r->count ? r->status : why->status;
    if (r->count++ >= REFUSED_SHOWN)
        return;
    buf_format(&r->en, "%sRow %u, %.*s, %04d-%02d: %s", r->count > 1 ? " " : "", figure->row,
               STR_ARG(utf8_cut(figure->name, 60)), figure->month / 12, figure->month % 12 + 1,
               why->en);
    buf_format(&r->zh, "第%u行，%.*s，%04d-%02d：%s", figure->row,
               STR_ARG(utf8_cut(figure->name, 60)), figure->month / 12, figure->month % 12 + 1,
               why->zh);
}

static enum status tell_refusals(struct refusals *r, struct error *err)
{
    if (r->count > REFUSED_SHOWN) {
        buf_format(&r->en, " Further rows refused: %zu.", r->count - REFUSED_SHOWN);
        buf_format(&r->zh, "另有 %zu 处。", r->count - REFUSED_SHOWN);
    }
    return error_about(err, r->status, str_z(r->en.arena, buf_str(&r->en)),
                       str_z(r->zh.arena, buf_str(&r->zh)), "%s", "%s", "");
}

static enum status take_all(struct store *store, struct arena *scratch, struct taking *t,
                            struct error *err)
{
    struct refusals refused = {.en = {.arena = scratch}, .zh = {.arena = scratch}};
    for (size_t i = 0; i < t->count; i++) {
        struct error why;
        enum status status = take_figure(scratch, store, t, &t->figures[i], &why);
        if (status && status != STATUS_INPUT && status != STATUS_FORBIDDEN &&
            status != STATUS_CONFLICT) {
            *err = why;
            return status;
        }
        if (status)
            add_refusal(&refused, &t->figures[i], &why);
    }
    return refused.count ? tell_refusals(&refused, err) : STATUS_OK;
}

static enum status begin(struct store *store, struct arena *arena, struct taking *t,
                         struct error *err)
{
    struct ledger_deed called = t->deed;
    if (!called.why.len)
        called.why = t->called;
    t->batch = (struct ledger_batch){.member = t->person.member};
    enum status status = ledger_begin_batch(arena, store, &t->batch, &called, err);
    t->deed.batch = t->batch.id;
    return status;
}

static enum status take_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct taking *t = context;
    t->person.is = 0;
    enum status status = ledger_know_person(store, &t->person, err);
    if (!status)
        status = check_figures(scratch, store, t, err);
    if (!status)
        status = begin(store, t->arena, t, err);
    if (!status)
        status = take_all(store, scratch, t, err);
    if (!status)
        status = ledger_end_batch(store, &t->batch, err);
    return status || !t->by.id ? status : ledger_use_mapping(store, t->by.id, t->deed.now_ms, err);
}

/* Cells on one line each, as headings are often broken in two. */
static const struct str *on_one_line(struct arena *arena, const struct sheet_row *row)
{
    struct str *cells = arena_array(arena, row->ncells + 1, struct str);
    for (size_t c = 0; c < row->ncells; c++)
        cells[c] = str_on_one_line(arena, str_trim(row->cells[c]));
    return cells;
}

/* The rows of the file that was sent, or of what was pasted. */
static enum status read_rows(struct request *rq, struct ledger_row **rows, size_t *count,
                             struct error *err)
{
    const struct upload *file = request_upload(rq, "file");
    struct str text = request_input(rq, "text");
    struct sheet sheet = {0};
    enum status status;
    if (file && file->bytes.len)
        status = sheet_read(rq->arena, file->file, file->bytes, &sheet, err);
    else if (str_trim(text).len)
        status = sheet_read(rq->arena, request_words(rq, "What was pasted", "粘贴的内容"), text,
                            &sheet, err);
    else
        return error_set(err, STATUS_INPUT, "Choose a file, or paste the cells.",
                         "请选择文件，或粘贴单元格内容。");
    *count = sheet.nrows;
    *rows = arena_array(rq->arena, sheet.nrows, struct ledger_row);
    for (size_t i = 0; i < sheet.nrows; i++)
        (*rows)[i] = (struct ledger_row){
            sheet.rows[i].number, on_one_line(rq->arena, &sheet.rows[i]), sheet.rows[i].ncells};
    return status;
}

/* What was typed about the figures, whatever their columns are. */
static struct taking start_taking(struct request *rq)
{
    return (struct taking){.arena = rq->arena,
                           .person = ledger_viewer(rq),
                           .since_january = request_number(rq, "since_january") != 0,
                           .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
}

static enum status answer_taken(struct request *rq, const struct taking *t)
{
    struct str path = t->batch.id
                          ? str_format(rq->arena, "/ledger/batches/%.*s", STR_ARG(t->batch.key))
                          : STR("/ledger/indicators");
    struct buf en = {.arena = rq->arena};
    struct buf zh = {.arena = rq->arena};
    buf_format(&en, "Figures taken in: %zu", t->count - t->made);
    buf_format(&zh, "已导入 %zu 个数据", t->count - t->made);
    if (t->made) {
        buf_format(&en, "; left, as formulas make them: %zu", t->made);
        buf_format(&zh, "，另有 %zu 个由公式算出，未导入", t->made);
    }
    if (t->by.id) {
        buf_format(&en, ", by the columns of \"%.*s\"", STR_ARG(t->by.name));
        buf_format(&zh, "（按“%.*s”的列对应）", STR_ARG(t->by.name));
    }
    buf_add(&en, STR("."));
    buf_add(&zh, STR("。"));
    return answer_redirect(rq, path, str_z(rq->arena, buf_str(&en)),
                           str_z(rq->arena, buf_str(&zh)));
}

/* Takes in what the rows hold, by the columns of t->by or by words that all use. */
static enum status take_rows(struct request *rq, struct taking *t, const struct ledger_row *rows,
                             size_t nrows, struct error *err)
{
    struct ledger_import_figure *figures = NULL;
    enum status status =
        ledger_map_rows(rq->arena, rows, nrows, t->by.id ? &t->by.columns : NULL,
                        (int)request_number(rq, "of_year"), &figures, &t->count, err);
    t->figures = figures;
    t->since_january |= t->by.since_january;
    t->called =
        str_format(rq->arena, "%s%s%.*s", lang_pick(rq->lang, "Figures taken in", "导入指标数据"),
                   t->by.id ? lang_pick(rq->lang, ": ", "：") : "", STR_ARG(t->by.name));
    if (!status && t->count == 0)
        return error_set(err, STATUS_INPUT, "There are headings, but no figures under them.",
                         "只有标题行，没有数据。");
    if (!status)
        status = ledger_refuse_marks(rq, t->deed.why, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, take_step, t, err);
    return status ? status : answer_taken(rq, t);
}

/* The source that was chosen, or else one whose headings all stand there; by->id is 0 when there is none. */
static enum status find_source(struct request *rq, const struct ledger_row *rows, size_t nrows,
                               struct ledger_mapping *by, struct error *err)
{
    struct str chosen = request_input(rq, "source");
    struct ledger_mapping *list;
    size_t count;
    if (chosen.len)
        return ledger_find_mapping(rq->arena, rq->store, chosen, by, err);
    enum status status = ledger_list_mappings(rq->arena, rq->store, &list, &count, err);
    const struct ledger_mapping *fits =
        status ? NULL : ledger_fitting_mapping(list, count, rows, nrows);
    if (fits)
        *by = *fits;
    return status;
}

/* --- which column is what ------------------------------------------------------------------------- */

struct asked_column {
    struct str heading, example;
    struct ledger_choice *roles;
    size_t nroles;
};
static const struct field ASKED_COLUMN[] = {
    FIELD(TEXT, struct asked_column, heading),
    FIELD(TEXT, struct asked_column, example),
    FIELD_OF_LIST(struct asked_column, roles, ledger_choice_fields),
    {0},
};
struct shown_cell {
    struct str text;
};
static const struct field SHOWN_CELL[] = {
    FIELD(TEXT, struct shown_cell, text),
    {0},
};
struct shown_row {
    int64_t number;
    struct shown_cell *cells;
    size_t ncells;
};
static const struct field SHOWN_ROW[] = {
    FIELD(NUMBER, struct shown_row, number),
    FIELD_OF_LIST(struct shown_row, cells, SHOWN_CELL),
    {0},
};
struct columns_page {
    struct str name, text, year, why;
    int64_t row; /* of the headings */
    bool since_january, carried;
    struct asked_column *columns;
    size_t ncolumns;
    struct shown_row *rows;
    size_t nrows;
};
static const struct field COLUMNS_PAGE[] = {
    FIELD(NUMBER, struct columns_page, row),
    FIELD_OF_LIST(struct columns_page, columns, ASKED_COLUMN),
    FIELD_OF_LIST(struct columns_page, rows, SHOWN_ROW),
    FIELD_HIDDEN(TEXT, struct columns_page, name),
    FIELD_HIDDEN(TEXT, struct columns_page, text),
    FIELD_HIDDEN(TEXT, struct columns_page, year),
    FIELD_HIDDEN(TEXT, struct columns_page, why),
    FIELD_HIDDEN(FLAG, struct columns_page, since_january),
    FIELD_HIDDEN(FLAG, struct columns_page, carried),
    {0},
};

static size_t filled(const struct ledger_row *row)
{
    size_t count = 0;
    for (size_t c = 0; c < row->ncells; c++)
        count += str_trim(row->cells[c]).len > 0;
    return count;
}

/* The row that was said to hold the headings; else the first of the fullest, as titles above have fewer cells. */
static const struct ledger_row *headings_of(const struct request *rq, const struct ledger_row *rows,
                                            size_t nrows)
{
    const struct ledger_row *best = &rows[0];
    for (size_t i = 0; i < nrows && i < ROWS_LOOKED; i++) {
        if (rows[i].number == (unsigned)request_number(rq, "row"))
            return &rows[i];
        if (filled(&rows[i]) > filled(best))
            best = &rows[i];
    }
    return best;
}

struct str ledger_role_words(const struct request *rq, enum ledger_role role)
{
    static const char *const en[] = {"Left out", "Indicator", "Year", "Month", "Value"};
    static const char *const zh[] = {"不导入", "指标", "年份", "月份", "数值"};
    int month = (int)role - LEDGER_ROLE_JANUARY;
    if (month < 0)
        return request_words(rq, en[role], zh[role]);
    return rq->lang == LANG_ZH ? str_format(rq->arena, "%d月数值", month + 1)
                               : str_format(rq->arena, "Value of month %d", month + 1);
}

static void offer_roles(struct request *rq, struct asked_column *column, struct str chosen)
{
    column->roles = arena_array(rq->arena, LEDGER_ROLES, struct ledger_choice);
    for (; column->nroles < LEDGER_ROLES; column->nroles++) {
        enum ledger_role role = (enum ledger_role)column->nroles;
        column->roles[role] = (struct ledger_choice){str_of(ledger_role_name(role)),
                                                     ledger_role_words(rq, role), false};
    }
    ledger_choose(column->roles, column->nroles, chosen);
}

/* What was said of a heading before, on this page or of the source chosen. */
static struct str said_of(struct request *rq, const struct ledger_mapping *by, struct str heading)
{
    struct str headings[MAPPING_COLUMNS_MAX];
    struct str roles[MAPPING_COLUMNS_MAX];
    size_t count = request_inputs(rq, "heading", headings, MAPPING_COLUMNS_MAX);
    if (request_inputs(rq, "role", roles, MAPPING_COLUMNS_MAX) == count)
        for (size_t i = 0; i < count; i++)
            if (str_equal(headings[i], heading))
                return roles[i];
    for (size_t i = 0; i < by->columns.count; i++)
        if (str_equal(by->columns.at[i].heading, heading))
            return str_of(ledger_role_name(by->columns.at[i].role));
    return str_of(ledger_role_name(ledger_guess_role(heading)));
}

static void fill_columns(struct request *rq, struct columns_page *page,
                         const struct ledger_mapping *by, const struct ledger_row *head,
                         const struct ledger_row *below)
{
    page->columns = arena_array(rq->arena, head->ncells + 1, struct asked_column);
    for (size_t c = 0; c < head->ncells && page->ncolumns < MAPPING_COLUMNS_MAX; c++) {
        struct str heading = str_trim(head->cells[c]);
        if (!heading.len || utf8_count(heading) > MAPPING_HEADING_MAX ||
            ledger_names_month(heading))
            continue;
        struct asked_column *column = &page->columns[page->ncolumns++];
        column->heading = heading;
        column->example =
            below && c < below->ncells ? utf8_cut(str_trim(below->cells[c]), 90) : STR("");
        offer_roles(rq, column, said_of(rq, by, heading));
    }
}

static void fill_rows(struct request *rq, struct columns_page *page, const struct ledger_row *rows,
                      size_t nrows)
{
    page->rows = arena_array(rq->arena, ROWS_SHOWN, struct shown_row);
    for (size_t i = 0; i < nrows && i < ROWS_SHOWN; i++) {
        struct shown_row *row = &page->rows[page->nrows++];
        row->number = rows[i].number;
        row->cells = arena_array(rq->arena, rows[i].ncells + 1, struct shown_cell);
        for (; row->ncells < rows[i].ncells; row->ncells++)
            row->cells[row->ncells].text = utf8_cut(str_trim(rows[i].cells[row->ncells]), 60);
    }
}

/* The cells as text that reads back as the same rows, so that the form carries them along; empty where they are too many. */
static struct str carry(struct request *rq, const struct ledger_row *rows, size_t nrows)
{
    struct buf out = {.arena = rq->arena};
    unsigned number = 1;
    for (size_t i = 0; i < nrows && out.len <= FIGURES_PASTED_MAX; i++, number++) {
        for (; number < rows[i].number; number++)
            buf_add(&out, STR("\t\n")); /* a tab in the first line says that tabs part the cells */
        for (size_t c = 0; c < rows[i].ncells; c++) {
            buf_add_byte(&out, '"');
            for (size_t k = 0; k < rows[i].cells[c].len; k++) {
                if (rows[i].cells[c].at[k] == '"')
                    buf_add_byte(&out, '"');
                buf_add_byte(&out, rows[i].cells[c].at[k]);
            }
            buf_add(&out, STR("\"\t"));
        }
        buf_add(&out, STR("\t\n"));
    }
    return out.len <= FIGURES_PASTED_MAX ? buf_str(&out) : STR("");
}

static enum status ask_columns(struct request *rq, const struct ledger_mapping *by,
                               const struct ledger_row *rows, size_t nrows, struct error *err)
{
    if (!nrows)
        return error_set(err, STATUS_INPUT, "The table is empty.", "表格是空的。");
    const struct ledger_row *head = headings_of(rq, rows, nrows);
    struct columns_page page = {.name = request_input(rq, "name"),
                                .text = carry(rq, rows, nrows),
                                .year = request_input(rq, "of_year"),
                                .why = request_input(rq, "why"),
                                .since_january = request_input(rq, "since_january").len != 0,
                                .row = head->number};
    page.carried = page.text.len != 0;
    fill_columns(rq, &page, by, head, head + 1 < rows + nrows ? head + 1 : NULL);
    fill_rows(rq, &page, rows, nrows);
    return answer_page(rq, "ledger-columns", "Columns", "列对应", COLUMNS_PAGE, &page);
}

/* --- the form under the list ---------------------------------------------------------------------- */

static enum status take_figures(struct request *rq, struct error *err)
{
    struct taking t = start_taking(rq);
    struct ledger_row *rows = NULL;
    size_t nrows = 0;
    enum status status = read_rows(rq, &rows, &nrows, err);
    if (!status)
        status = find_source(rq, rows, nrows, &t.by, err);
    if (status)
        return status;
    return request_number(rq, "choose") ? ask_columns(rq, &t.by, rows, nrows, err)
                                        : take_rows(rq, &t, rows, nrows, err);
}

/* Whether figures are found in the rows, or something is wrong with one of them. */
static bool is_known(struct request *rq, const struct ledger_mapping *by,
                     const struct ledger_row *rows, size_t nrows)
{
    struct ledger_import_figure *figures;
    size_t count = 0;
    const struct ledger_columns *columns = by->id ? &by->columns : NULL;
    return ledger_has_headings(rows, nrows, columns) &&
           (ledger_map_rows(rq->arena, rows, nrows, columns, (int)request_number(rq, "of_year"),
                            &figures, &count, NULL) ||
            count);
}

/* A table whose columns nobody knows is shown so that they are said; for all else the form is shown again. */
static enum status show_again(struct request *rq, struct error *err)
{
    struct ledger_mapping by = {0};
    struct ledger_row *rows = NULL;
    size_t nrows = 0;
    bool read = !read_rows(rq, &rows, &nrows, NULL) && !find_source(rq, rows, nrows, &by, NULL);
    return read && nrows && !is_known(rq, &by, rows, nrows) ? ask_columns(rq, &by, rows, nrows, err)
                                                            : ledger_show_figures(rq, err);
}

static const struct input TAKE_INPUTS[] = {
    FIGURES_INPUTS,
    {.name = "source", .kind = INPUT_TEXT, .most = 40, .en = "Source", .zh = "来源"},
    {.name = "choose", .kind = INPUT_FLAG, .en = "Choose columns", .zh = "指定各列"},
    {0},
};

const struct route route_ledger_figures_import = {
    .method = "POST",
    .path = "/ledger/indicators/import",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Take in actuals from XLSX, CSV or pasted cells: all of them, or none and the row that is wrong. "
        "`source` is the key of a mapping of columns; without it the columns are recognised. What was taken "
        "in is a batch, which can be taken back.",
    .zh =
        "从 XLSX、CSV 或粘贴的单元格导入实际值；如有错误则不导入任何内容，并指明所在行。source 为列对应的标识，"
        "不填则自动识别。一次导入为一个批次，可以撤销。",
    .inputs = TAKE_INPUTS,
    .uploads = true,
    .run = take_figures,
    .again = show_again,
};

/* --- the form for columns ------------------------------------------------------------------------- */

struct keeping {
    struct arena *arena; /* of the request, which waits */
    struct ledger_mapping *mapping;
    bool editor;
    struct ledger_deed deed;
};

static enum status keep_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct keeping *k = context;
    (void)scratch;
    return ledger_keep_mapping(k->arena, store, k->mapping, k->editor, &k->deed, err);
}

/* The columns as the form says them, with the name under which they are kept. */
static enum status read_mapping(struct request *rq, struct ledger_mapping *mapping,
                                struct error *err)
{
    struct str headings[MAPPING_COLUMNS_MAX];
    struct str roles[MAPPING_COLUMNS_MAX];
    struct buf words = {.arena = rq->arena};
    size_t count = request_inputs(rq, "heading", headings, MAPPING_COLUMNS_MAX);
    struct ledger_column *columns = arena_array(rq->arena, count + 1, struct ledger_column);
    if (request_inputs(rq, "role", roles, MAPPING_COLUMNS_MAX) != count)
        return error_set(err, STATUS_INPUT, "Say of each column what it holds.",
                         "请逐列说明其内容。");
    mapping->name = request_input(rq, "name");
    buf_add(&words, mapping->name);
    for (size_t i = 0; i < count; i++) {
        columns[i].heading = headings[i];
        buf_format(&words, "\n%.*s", STR_ARG(headings[i]));
        if (!ledger_role_named(roles[i], &columns[i].role))
            return error_set(err, STATUS_INPUT, "There is no such kind of column.", "没有这种列。");
    }
    mapping->member = rq->viewer.member;
    mapping->since_january = request_number(rq, "since_january") != 0;
    mapping->columns = (struct ledger_columns){columns, count};
    return ledger_refuse_marks(rq, buf_str(&words), err);
}

static enum status keep_columns(struct request *rq, struct error *err)
{
    struct taking t = start_taking(rq);
    struct ledger_row *rows = NULL;
    size_t nrows = 0;
    bool look = str_equal(request_input(rq, "deed"), STR("look"));
    enum status status = read_rows(rq, &rows, &nrows, err);
    if (!status && look)
        return ask_columns(rq, &t.by, rows, nrows, err);
    if (!status)
        status = read_mapping(rq, &t.by, err);
    struct keeping k = {
        rq->arena, &t.by, (ledger_viewer(rq).is & LEDGER_EDITS) != 0, {.now_ms = rq->now_ms}};
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, keep_step, &k, err);
    return status ? status : take_rows(rq, &t, rows, nrows, err);
}

/* Once the columns are known what is wrong are the figures, which the form under the list shows. */
static enum status show_columns_again(struct request *rq, struct error *err)
{
    struct ledger_mapping by = {0};
    struct ledger_row *rows = NULL;
    size_t nrows = 0;
    enum status status = read_rows(rq, &rows, &nrows, err);
    if (!status)
        status = find_source(rq, rows, nrows, &by, err);
    if (status)
        return status;
    return str_equal(by.name, request_input(rq, "name")) ? ledger_show_figures(rq, err)
                                                         : ask_columns(rq, &by, rows, nrows, err);
}

static const struct input COLUMNS_INPUTS[] = {
    FIGURES_INPUTS,
    {.name = "name",
     .kind = INPUT_TEXT,
     .most = MAPPING_NAME_MAX,
     .en = "Name of the source",
     .zh = "来源名称"},
    {.name = "row", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Row", .zh = "行"},
    {.name = "deed", .kind = INPUT_TEXT, .most = 10, .en = "Deed", .zh = "操作"},
    {.name = "heading",
     .kind = INPUT_LIST,
     .most = MAPPING_HEADING_MAX,
     .en = "Heading",
     .zh = "列标题"},
    {.name = "role", .kind = INPUT_LIST, .most = 20, .en = "What it holds", .zh = "内容"},
    {0},
};

const struct route route_ledger_figures_columns = {
    .method = "POST",
    .path = "/ledger/indicators/columns",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en =
        "Say what each column of a source's tables holds, keep it under the source's name, and take the "
        "figures in by it; deed=look shows the table with the headings of another row.",
    .zh = "说明某一来源各列的内容，按来源名称保存，并据此导入；deed=look 时按另一标题行显示。",
    .inputs = COLUMNS_INPUTS,
    .uploads = true,
    .output = COLUMNS_PAGE,
    .page = "ledger-columns",
    .run = keep_columns,
    .again = show_columns_again,
};
