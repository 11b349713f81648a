/* What the pages of figures share. */
#ifndef SERVER_LEDGER_FIGURES_H
#define SERVER_LEDGER_FIGURES_H

#include "ledger/import.h"
#include "server/request.h"

#define FIGURES_PASTED_MAX 200000 /* characters */

/* The list of figures with the forms under it; after a form that was refused, with what was typed. */
enum status ledger_show_figures(struct request *rq, struct error *err);
/* What a column is called by what it holds. */
struct str ledger_role_words(const struct request *rq, enum ledger_role role);
/* The inputs of a form that takes figures in, but for its own. */
#define FIGURES_INPUTS                                                                             \
    {.name = "file", .kind = INPUT_FILE, .en = "File", .zh = "文件"},                              \
        {.name = "text",                                                                           \
         .kind = INPUT_LONG_TEXT,                                                                  \
         .most = FIGURES_PASTED_MAX,                                                               \
         .en = "Cells",                                                                            \
         .zh = "单元格"},                                                                          \
        {.name = "of_year",                                                                        \
         .kind = INPUT_NUMBER,                                                                     \
         .least = LEDGER_YEAR_LEAST,                                                               \
         .most = LEDGER_YEAR_MOST,                                                                 \
         .en = "Year",                                                                             \
         .zh = "年份"},                                                                            \
        {.name = "since_january", .kind = INPUT_FLAG, .en = "Since January", .zh = "自1月起累计"}, \
    {                                                                                              \
        .name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "说明"       \
    }

#endif
