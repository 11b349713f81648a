/* What the pages of a tour share: the tour opened for who asks. */
#ifndef SERVER_LEDGER_INSPECTION_H
#define SERVER_LEDGER_INSPECTION_H

#include "ledger/inspection.h"
#include "server/ledger.h"

struct tour_sight {
    struct ledger_sight sight;
    struct inspection inspection;
    struct sheet sheet;
    unsigned is; /* 1U << INSPECT_WHO_… of who asks */
    bool known;  /* the scoring is closed: marks are shown */
};
/* Finds the tour whose line's key it is. STATUS_MISSING when there is none. */
enum status tour_open(struct request *rq, struct str key, struct tour_sight *tour,
                      struct error *err);
/* Sheets that are in use for tours, and the rules by which scores are settled. */
enum status tour_list_sheets(struct request *rq, int64_t chosen, struct ledger_choice **list,
                             size_t *count, struct error *err);
void tour_fill_rules(const struct request *rq, enum rank_rule chosen, struct ledger_choice **list,
                     size_t *count);
/* Sheet and rule as the form of a tour says them. */
enum status tour_read_plan(struct request *rq, struct inspection *inspection, struct error *err);

#define TOUR_PLAN_INPUTS                                              \
    {.name = "sheet",                                                 \
     .kind = INPUT_CHOICE,                                            \
     .needed = true,                                                  \
     .most = 40,                                                      \
     .en = "Sheet",                                                   \
     .zh = "评分表"},                                                 \
        {.name = "rule",                                              \
         .kind = INPUT_CHOICE,                                        \
         .needed = true,                                              \
         .most = 10,                                                  \
         .en = "Rule",                                                \
         .zh = "计分规则"},                                           \
    {                                                                 \
        .name = "far", .kind = INPUT_NUMBER, .least = 1, .most = 100, \
        .en = "Points from the median", .zh = "偏离分值"          \
    }

#endif
