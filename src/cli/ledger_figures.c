/* Taking in indicators with their figures, targets and benchmarks; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/indicator.h"

static enum status take_indicator(struct taking *t, struct error *err)
{
    struct indicator indicator = {
        .measure = said_text(t, "measure"),
        .places = (unsigned)said_number(t, "places", 0),
        .formula = said_text(t, "formula"),
        .due_day = (unsigned)said_number(t, "due_day", 10),
        .behind_percent = (unsigned)said_number(t, "behind_percent", 5),
    };
    struct str fold = said_text(t, "fold");
    struct str direction = said_text(t, "direction");
    enum status status = said_the_line(t, &indicator.line, err);
    if (!status)
        status = said_month(t, "begins", &indicator.begins, err);
    if (!status && !ledger_fold_named(fold, &indicator.fold))
        status = said_no("fold", fold, err);
    if (!status && !ledger_direction_named(direction, &indicator.direction))
        status = said_no("direction", direction, err);
    return status ? status : ledger_define_indicator(t->arena, t->store, &indicator, &t->deed, err);
}

/* "values" from the month "from" on; an empty one is left out. Those of a benchmark where `name` is not empty. */
static enum status take_values(struct taking *t, struct str name, struct error *err)
{
    size_t i;
    json_t *value;
    int first = 0;
    int64_t line = 0;
    int64_t by = 0;
    int64_t amount = 0;
    struct indicator indicator;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = ledger_find_indicator(t->arena, t->store, line, &indicator, err);
    if (!status)
        status = said_month(t, "from", &first, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    json_array_foreach(json_object_get(t->record, "values"), i, value)
    {
        struct str said = {json_string_value(value), json_string_length(value)};
        if (status || said.len == 0)
            continue;
        int at = first + (int)i;
        status = ledger_read_amount(said, indicator.places, &amount, err);
        if (!status && name.len)
            status = ledger_put_benchmark(t->store, line, name, at, amount, &t->deed, err);
        else if (!status)
            status = ledger_put_actual(t->store, &indicator, at, amount, by, &t->deed, err);
    }
    return status;
}

static enum status take_actuals(struct taking *t, struct error *err)
{
    return take_values(t, STR(""), err);
}

static enum status take_benchmark(struct taking *t, struct error *err)
{
    struct str name = said_text(t, "name");
    return name.len ? take_values(t, name, err)
                    : error_set(err, STATUS_INPUT, "A benchmark needs a name.", "参照值须有名称。");
}

static enum status take_target(struct taking *t, struct error *err)
{
    struct indicator indicator;
    struct indicator_target target = {
        .year = (int)said_number(t, "year", 0),
        .split = str_equal(said_text(t, "split"), STR("seasonal")) ? LEDGER_SEASONAL : LEDGER_EVEN,
    };
    int64_t line = 0;
    for (int i = 0; i < 12; i++)
        target.by_hand[i] = LEDGER_NONE;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = ledger_find_indicator(t->arena, t->store, line, &indicator, err);
    if (!status)
        status = ledger_read_amount(said_text(t, "whole"), indicator.places, &target.whole, err);
    return status ? status
                  : ledger_put_target(t->arena, t->store, &indicator, &target, &t->deed, err);
}

const struct take_row take_figures[] = {
    {"indicator", take_indicator},
    {"actuals", take_actuals},
    {"target", take_target},
    {"benchmark", take_benchmark},
    {0},
};
