/* What was found on a tour or by a check, and what becomes of it: a rectification, or nothing, for a reason. */
#ifndef SERVER_LEDGER_FOUND_H
#define SERVER_LEDGER_FOUND_H

#include "ledger/filled.h"
#include "ledger/rectification.h"
#include "server/ledger.h"

/* Whether findings of a line may be decided upon now, asked where it is written; NULL: always. */
typedef enum status ledger_found_check(struct store *store, int64_t line, struct error *err);

extern const struct input ledger_rectify_inputs[]; /* title, of, lead, due */
extern const struct input ledger_let_go_inputs[];  /* why */
/* By the request's fields, of the finding of `line` whose key is the second part of the address; who may change the line
 * may. STATUS_MISSING, STATUS_CONFLICT when it was decided upon before. */
enum status ledger_rectify_found(struct request *rq, int64_t line, ledger_found_check *check,
                                 struct error *err);
enum status ledger_let_found_go(struct request *rq, int64_t line, ledger_found_check *check,
                                struct error *err);

/* Where a problem was found, of which sort it is, whether it is grave: as inputs, and read from them. */
#define LEDGER_SORT_INPUTS                                                 \
    {.name = "origin",                                                     \
     .kind = INPUT_CHOICE,                                                 \
     .needed = true,                                                       \
     .most = 20,                                                           \
     .en = "Found by",                                                     \
     .zh = "问题来源"},                                                    \
        {.name = "sort",                                                   \
         .kind = INPUT_CHOICE,                                             \
         .needed = true,                                                   \
         .most = 20,                                                       \
         .en = "Sort",                                                     \
         .zh = "问题类别"},                                                \
    {                                                                      \
        .name = "grave", .kind = INPUT_FLAG, .en = "Grave", .zh = "严重" \
    }
enum status ledger_read_sort(struct request *rq, struct rectification *r, struct error *err);

#endif
