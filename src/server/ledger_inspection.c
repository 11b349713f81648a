/* What the pages of a tour share; see ledger_inspection.h. */
#include "server/ledger_inspection.h"
#include "server/ledger_terms.h"

enum status tour_open(struct request *rq, struct str key, struct tour_sight *tour,
                      struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    *tour = (struct tour_sight){0};
    enum status status = ledger_open(rq, key, LEDGER_SEE, &tour->sight, err);
    int64_t line = tour->sight.line.id;
    if (!status)
        status = ledger_load_inspection(rq->store, line, &tour->inspection, err);
    if (!status && tour->inspection.sheet)
        status = ledger_find_sheet_by_id(rq->arena, rq->store, tour->inspection.sheet, &tour->sheet,
                                         err);
    if (!status)
        status = ledger_stand_to_inspection(rq->store, &person, line, &tour->is, err);
    tour->known =
        tour->inspection.state == INSPECT_SCORED || tour->inspection.state == INSPECT_CLOSED;
    return status;
}

enum status tour_list_sheets(struct request *rq, int64_t chosen, struct ledger_choice **list,
                             size_t *count, struct error *err)
{
    struct sheet *sheets;
    enum status status =
        ledger_list_sheets(rq->arena, rq->store, SHEET_INSPECTION, &sheets, count, err);
    if (status)
        return status;
    *list = arena_array(rq->arena, *count + 1, struct ledger_choice);
    for (size_t i = 0; i < *count; i++)
        (*list)[i] = (struct ledger_choice){sheets[i].key, sheets[i].name, sheets[i].id == chosen};
    return STATUS_OK;
}

void tour_fill_rules(const struct request *rq, enum rank_rule chosen, struct ledger_choice **list,
                     size_t *count)
{
    static const struct ledger_values RULES = {rank_rule_name, rank_rule_title, .end = RANK_RULES};
    ledger_fill_values(rq, &RULES, str_of(rank_rule_name(chosen)), list, count);
}

enum status tour_read_plan(struct request *rq, struct inspection *inspection, struct error *err)
{
    struct sheet sheet;
    enum status status =
        ledger_find_sheet(rq->arena, rq->store, request_input(rq, "sheet"), &sheet, err);
    inspection->sheet = sheet.id;
    inspection->by =
        (struct rank_by){rank_rule_named(request_input(rq, "rule")), request_number(rq, "far")};
    return status;
}
