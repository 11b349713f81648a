/* What an indicator is, as a form: shared by its own page and by that on which new ones are made. */
#ifndef SERVER_LEDGER_INDICATOR_H
#define SERVER_LEDGER_INDICATOR_H

#include "ledger/indicator.h"
#include "server/ledger_terms.h"

struct indicator_form {
    struct str measure, formula, begins;
    int64_t places, due_day, behind_percent;
    struct ledger_choice *folds, *directions;
    size_t nfolds, ndirections;
};
extern const struct field indicator_form_fields[];
/* How months make a year, and which way is better: "sum", "up" … as kept, and in words. */
extern const struct machine_terms indicator_folds, indicator_directions;

/* In a route's inputs. */
#define INDICATOR_FORM_INPUTS                                                                      \
    {.name = "measure",                                                                            \
     .kind = INPUT_TEXT,                                                                           \
     .needed = true,                                                                               \
     .most = INDICATOR_MEASURE_MAX,                                                                \
     .en = "Measured in",                                                                          \
     .zh = "计量单位"},                                                                            \
        {.name = "places",                                                                         \
         .kind = INPUT_NUMBER,                                                                     \
         .most = LEDGER_PLACES_MAX,                                                                \
         .en = "Decimal places",                                                                   \
         .zh = "小数位数"},                                                                        \
        {.name = "fold",                                                                           \
         .kind = INPUT_TEXT,                                                                       \
         .most = 10,                                                                               \
         .en = "How months make a year",                                                           \
         .zh = "汇总方式"},                                                                        \
        {.name = "direction",                                                                      \
         .kind = INPUT_TEXT,                                                                       \
         .most = 10,                                                                               \
         .en = "Which way is better",                                                              \
         .zh = "优劣方向"},                                                                        \
        {.name = "formula", .kind = INPUT_TEXT, .most = 1000, .en = "Formula", .zh = "公式"},      \
        {.name = "begins", .kind = INPUT_TEXT, .most = 20, .en = "First month", .zh = "起始月份"}, \
        {.name = "due_day",                                                                        \
         .kind = INPUT_NUMBER,                                                                     \
         .least = 1,                                                                               \
         .most = 31,                                                                               \
         .en = "Day due",                                                                          \
         .zh = "填报日"},                                                                          \
    {                                                                                              \
        .name = "behind_percent", .kind = INPUT_NUMBER, .most = 100, .en = "Allowed behind",       \
        .zh = "允许落后幅度"                                                                 \
    }

/* The form as it stands: what was typed where a form is shown again, else the indicator. */
struct indicator_form indicator_form_of(const struct request *rq,
                                        const struct indicator *indicator);
/* What was typed. STATUS_INPUT where it can't be taken. */
enum status indicator_form_read(struct request *rq, struct indicator *indicator, struct error *err);

#endif
