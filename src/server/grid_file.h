/* A table taken along as CSV or XLSX. */
#ifndef SERVER_GRID_FILE_H
#define SERVER_GRID_FILE_H

#include "server/grid.h"

struct grid_table {
    struct str name; /* of the file, without its ending */
    const struct str *headings;
    size_t nheadings;
    const struct grid_row *rows; /* cells whose `number` is set are written as numbers */
    size_t nrows;
};
/* "csv" or "xlsx". */
bool grid_is_file_format(struct str format);
/* The answer is the table in that format. */
enum status grid_answer_table(struct request *rq, struct str format, const struct grid_table *table,
                              struct error *err);

#endif
