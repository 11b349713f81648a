/* A table as a file; see grid_file.h. */
#include "server/grid_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/csv.h"
#include "base/utf8.h"

#define CELL_MOST 32000U /* characters; of 32,767 that a workbook takes */

static void write_csv_cell(struct buf *out, const struct grid_cell *cell)
{
    if (cell->number)
        csv_add_number(out, cell->text);
    else
        csv_add_text(out, cell->text);
}

static enum status answer_csv(struct request *rq, const struct grid_table *table, struct str file)
{
    struct buf out = {.arena = rq->arena};
    buf_add(&out, STR("\xEF\xBB\xBF")); /* so that a spreadsheet knows it for UTF-8 */
    for (size_t k = 0; k < table->nheadings; k++) {
        buf_add(&out, k ? STR(",") : STR(""));
        csv_add_text(&out, table->headings[k]);
    }
    for (size_t i = 0; i < table->nrows; i++) {
        const struct grid_row *row = &table->rows[i];
        buf_add(&out, STR("\r\n"));
        for (size_t k = 0; k < row->ncells; k++) {
            buf_add(&out, k ? STR(",") : STR(""));
            write_csv_cell(&out, &row->cells[k]);
        }
    }
    buf_add(&out, STR("\r\n"));
    return answer_bytes(rq, "text/csv; charset=utf-8", buf_str(&out), file);
}

/* A cell's text as a workbook can hold it. */
static struct str fitting(struct request *rq, struct str text)
{
    if (utf8_count(text) <= CELL_MOST)
        return text;
    struct str words =
        request_words(rq, "… (A workbook's cell holds no more; the CSV file has all of it.)",
                      "……（工作簿单元格容纳不下，全文见 CSV 文件。）");
    return str_format(rq->arena, "%.*s%.*s", STR_ARG(utf8_cut(text, CELL_MOST)), STR_ARG(words));
}

static void write_sheet(struct request *rq, const struct grid_table *table, lxw_workbook *book)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *bold = workbook_add_format(book);
    format_set_bold(bold);
    for (size_t k = 0; k < table->nheadings; k++)
        (void)worksheet_write_string(sheet, 0, (lxw_col_t)k, str_z(rq->arena, table->headings[k]),
                                     bold);
    worksheet_freeze_panes(sheet, 1, 0);
    for (size_t i = 0; i < table->nrows; i++) {
        for (size_t k = 0; k < table->rows[i].ncells; k++) {
            const struct grid_cell *cell = &table->rows[i].cells[k];
            double number;
            if (cell->number && str_to_double(cell->text, &number))
                (void)worksheet_write_number(sheet, (lxw_row_t)i + 1, (lxw_col_t)k, number, NULL);
            else if (cell->text.len)
                (void)worksheet_write_string(sheet, (lxw_row_t)i + 1, (lxw_col_t)k,
                                             str_z(rq->arena, fitting(rq, cell->text)), NULL);
        }
    }
}

static enum status read_file(struct request *rq, const char *name, struct str *bytes,
                             struct error *err)
{
    struct buf all = {.arena = rq->arena};
    char piece[65536];
    FILE *file = fopen(name, "rb");
    size_t len = 0;
    while (file && (len = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(&all, (struct str){piece, len});
    bool bad = !file || ferror(file);
    if (file)
        (void)fclose(file);
    *bytes = buf_str(&all);
    return bad ? error_set(err, STATUS_IO, "The workbook could not be written.", "无法写出工作簿。")
               : STATUS_OK;
}

/* The library writes to a name only; the file is ours alone and gone before the answer is out. */
static enum status answer_xlsx(struct request *rq, const struct grid_table *table, struct str file,
                               struct error *err)
{
    struct str bytes;
    char name[] = "/tmp/chancery-sheet-XXXXXX";
    int made = mkstemp(name);
    if (made < 0)
        return error_set(err, STATUS_IO, "The workbook could not be written.", "无法写出工作簿。");
    (void)close(made);
    lxw_workbook *book = workbook_new(name);
    if (book)
        write_sheet(rq, table, book);
    bool written = book && workbook_close(book) == LXW_NO_ERROR;
    enum status status = written ? read_file(rq, name, &bytes, err)
                                 : error_set(err, STATUS_IO, "The workbook could not be written.",
                                             "无法写出工作簿。");
    (void)unlink(name);
    return status
               ? status
               : answer_bytes(rq,
                              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                              bytes, file);
}

bool grid_is_file_format(struct str format)
{
    return str_equal(format, STR("csv")) || str_equal(format, STR("xlsx"));
}

enum status grid_answer_table(struct request *rq, struct str format, const struct grid_table *table,
                              struct error *err)
{
    struct str file = str_format(rq->arena, "%.*s.%.*s", STR_ARG(table->name), STR_ARG(format));
    return str_equal(format, STR("csv")) ? answer_csv(rq, table, file)
                                         : answer_xlsx(rq, table, file, err);
}
