/* The form of an indicator; see ledger_indicator.h. */
#include "server/ledger_indicator.h"

#include <string.h>

const struct field indicator_form_fields[] = {
    FIELD(TEXT, struct indicator_form, measure),
    FIELD(NUMBER, struct indicator_form, places),
    FIELD(TEXT, struct indicator_form, formula),
    FIELD(TEXT, struct indicator_form, begins),
    FIELD(NUMBER, struct indicator_form, due_day),
    FIELD(NUMBER, struct indicator_form, behind_percent),
    FIELD_OF_LIST(struct indicator_form, folds, ledger_choice_fields),
    FIELD_OF_LIST(struct indicator_form, directions, ledger_choice_fields),
    {0},
};

static const struct machine_term FOLDS[LEDGER_FOLDS] = {
    {"sum", "Months add up (turnover, output)", "各月相加（产值、收入等）"},
    {"last", "What it is at the end counts (population, stock)", "以期末数为准（人口、存量等）"},
    {"mean", "Months are averaged (rates, indices)", "取各月平均（比率、指数等）"},
};
static const struct machine_term DIRECTIONS[] = {
    {"up", "More is better", "越高越好"},
    {"down", "Less is better", "越低越好"},
};
const struct machine_terms indicator_folds = {FOLDS, LEDGER_FOLDS};
const struct machine_terms indicator_directions = {DIRECTIONS,
                                                   sizeof DIRECTIONS / sizeof *DIRECTIONS};

struct indicator_form indicator_form_of(const struct request *rq, const struct indicator *indicator)
{
    bool typed = rq->post && request_input(rq, "measure").len;
    struct str fold = typed ? request_input(rq, "fold") : str_of(ledger_fold_name(indicator->fold));
    struct str direction = typed ? request_input(rq, "direction")
                                 : str_of(ledger_direction_name(indicator->direction));
    struct indicator_form form = {
        .measure = typed ? request_input(rq, "measure") : indicator->measure,
        .formula = typed ? request_input(rq, "formula") : indicator->formula,
        .begins =
            typed ? request_input(rq, "begins") : ledger_write_month(rq->arena, indicator->begins),
        .places = typed ? request_number(rq, "places") : indicator->places,
        .due_day = typed ? request_number(rq, "due_day") : indicator->due_day,
        .behind_percent = typed ? request_number(rq, "behind_percent") : indicator->behind_percent,
    };
    ledger_fill_terms(rq, indicator_folds, fold, &form.folds, &form.nfolds);
    ledger_fill_terms(rq, indicator_directions, direction, &form.directions, &form.ndirections);
    return form;
}

enum status indicator_form_read(struct request *rq, struct indicator *indicator, struct error *err)
{
    struct str fold = request_input(rq, "fold");
    struct str direction = request_input(rq, "direction");
    *indicator =
        (struct indicator){.measure = request_input(rq, "measure"),
                           .places = (unsigned)request_number(rq, "places"),
                           .formula = request_input(rq, "formula"),
                           .due_day = (unsigned)request_number(rq, "due_day"),
                           .behind_percent = (unsigned)request_number(rq, "behind_percent")};
    if (fold.len && !ledger_fold_named(fold, &indicator->fold))
        return request_blame(
            rq, "fold",
            error_set(err, STATUS_INPUT, "Choose how months make a year.", "请选择汇总方式。"));
    if (direction.len && !ledger_direction_named(direction, &indicator->direction))
        return request_blame(
            rq, "direction",
            error_set(err, STATUS_INPUT, "Choose which way is better.", "请选择优劣方向。"));
    if (!ledger_read_month(request_input(rq, "begins"), &indicator->begins))
        return request_blame(rq, "begins",
                             error_set(err, STATUS_INPUT, "Write the first month as 2026-01.",
                                       "请按 2026-01 的形式填写起始月份。"));
    if (indicator->due_day == 0)
        indicator->due_day = 10;
    return STATUS_OK;
}
