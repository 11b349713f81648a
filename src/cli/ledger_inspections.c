/* Taking in sheets and tours of inspection, act by act; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/inspection.h"
#include "ledger/rectification.h"

static enum status take_sheet(struct taking *t, struct error *err)
{
    struct str use = said_text(t, "use");
    struct sheet sheet = {.use = sheet_use_named(use), .name = said_text(t, "name")};
    enum status status = said_person(t, "by", t->by, &sheet.member, err);
    if (!status && sheet.use == SHEET_USES)
        status = said_no("use", use, err);
    if (!status)
        status =
            sheet_read_items(t->arena, said_text(t, "items"), &sheet.items, &sheet.nitems, err);
    if (!status)
        status = ledger_make_sheet(t->arena, t->store, &sheet, t->deed.now_ms, err);
    if (!status)
        said_name_key(t, sheet.key);
    return status;
}

static enum status take_inspection(struct taking *t, struct error *err)
{
    struct sheet sheet = {0};
    struct line line = {.title = said_text(t, "title"), .text = said_text(t, "text"), .weight = 1};
    struct inspection inspection = {
        .by = {rank_rule_named(said_text(t, "rule")), said_number(t, "far", 0)}};
    enum status status = ledger_find_sheet(t->arena, t->store, said_key(t, "sheet"), &sheet, err);
    inspection.sheet = sheet.id;
    if (!status)
        status = said_unit(t, "unit", &line.unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line.lead, err);
    if (!status)
        status = said_day(t, "begins", &line.begins_day, err);
    if (!status)
        status = said_day(t, "due", &line.due_day, err);
    if (!status)
        status = ledger_plan_inspection(t->arena, t->store, &line, &inspection, &t->deed, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_stop(struct taking *t, struct error *err)
{
    int64_t by = 0;
    struct inspection_stop stop = {.place = said_text(t, "place")};
    enum status status = said_the_line(t, &stop.line, err);
    if (!status)
        status = said_line(t, "target", &stop.target, err);
    if (!status)
        status = said_unit(t, "unit", &stop.unit, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    if (!status)
        status = ledger_add_stop(t->arena, t->store, &stop, by, &t->deed, err);
    if (!status)
        said_name_key(t, stop.key);
    return status;
}

static enum status take_scorer(struct taking *t, struct error *err)
{
    int64_t line = 0;
    int64_t by = 0;
    int64_t member = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    if (!status)
        status = said_person(t, "member", 0, &member, err);
    return status ? status
                  : ledger_add_scorer(t->store, line, member, said_number(t, "weight", 1), by,
                                      &t->deed, err);
}

static enum status take_act(struct taking *t, struct error *err)
{
    int64_t line = 0;
    int64_t by = 0;
    struct str said = said_text(t, "act");
    int act = machine_named(inspect_machine.acts, said);
    enum status status = said_the_line(t, &line, err);
    if (!status && act == INSPECT_ACTS)
        status = said_no("act", said, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    return status ? status
                  : ledger_inspect(t->store, line, (enum inspect_act)act, by, &t->deed, err);
}

enum status said_marks(struct taking *t, const struct sheet *sheet, struct filled *filled,
                       struct error *err)
{
    json_t *marks = json_object_get(t->record, "marks");
    enum status status = STATUS_OK;
    filled->nitems = sheet->nitems;
    filled->items = arena_array(t->arena, sheet->nitems, struct filled_item);
    for (size_t i = 0; !status && i < sheet->nitems; i++) {
        json_t *mark = json_array_get(marks, i);
        const char *value = json_string_value(json_object_get(mark, "value"));
        filled->items[i].item = sheet->items[i].id;
        filled->items[i].words = str_of(json_string_value(json_object_get(mark, "words")));
        filled->items[i].problem = json_is_true(json_object_get(mark, "problem"));
        status = sheet_read_value(&sheet->items[i], str_of(value), &filled->items[i].value, err);
    }
    return status;
}

static enum status take_score(struct taking *t, struct error *err)
{
    int64_t line = 0;
    struct inspection inspection = {0};
    struct sheet sheet = {0};
    struct filled filled = {.words = said_text(t, "remark")};
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = ledger_load_inspection(t->store, line, &inspection, err);
    if (!status)
        status = ledger_find_sheet_by_id(t->arena, t->store, inspection.sheet, &sheet, err);
    if (!status)
        status = said_person(t, "by", t->by, &filled.member, err);
    if (!status)
        status = said_marks(t, &sheet, &filled, err);
    if (!status)
        status = digest_random_key(t->arena, &filled.sent_key, err);
    return status ? status
                  : ledger_score_stop(t->arena, t->store, line, said_key(t, "stop"), &filled, NULL,
                                      &t->deed, err);
}

/* The oldest finding at a stop about which nothing is decided. */
static enum status said_finding(struct taking *t, int64_t line, struct finding *finding,
                                struct error *err)
{
    struct inspection_stop stop;
    struct finding *list;
    size_t count;
    enum status status =
        ledger_find_stop(t->arena, t->store, line, said_key(t, "stop"), &stop, err);
    if (!status)
        status = ledger_list_findings(t->arena, t->store, line, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++) {
        if (list[i].part == stop.id && !list[i].settled_ms) {
            *finding = list[i];
            return STATUS_OK;
        }
    }
    return status ? status
                  : error_set(err, STATUS_MISSING, "No finding is open at that stop.",
                              "该观摩点没有待处理的问题。");
}

static enum status rectify(struct taking *t, const struct finding *finding, struct error *err)
{
    struct line made;
    int64_t unit = 0;
    int64_t lead = 0;
    int64_t due_day = 0;
    enum status status = said_unit(t, "unit", &unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &lead, err);
    if (!status)
        status = said_day(t, "due", &due_day, err);
    if (!status)
        status = ledger_make_rectification(t->arena, t->store, finding->line, said_text(t, "title"),
                                           finding->words, unit ? unit : finding->unit, lead,
                                           due_day, &t->deed, &made, err);
    if (!status)
        said_name_line(t, made.id);
    return status ? status : ledger_settle_finding(t->store, finding, made.id, &t->deed, err);
}

/* With a title it becomes a rectification, without one it is let go for the record's "why". */
static enum status take_finding(struct taking *t, struct error *err)
{
    int64_t line = 0;
    struct finding finding;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_finding(t, line, &finding, err);
    if (status)
        return status;
    return said_text(t, "title").len ? rectify(t, &finding, err)
                                     : ledger_drop_finding(t->store, &finding, &t->deed, err);
}

const struct take_row take_inspections[] = {
    {"sheet", take_sheet},     {"inspection", take_inspection},
    {"stop", take_stop},       {"scorer", take_scorer},
    {"inspect", take_act},     {"score", take_score},
    {"finding", take_finding}, {0},
};
