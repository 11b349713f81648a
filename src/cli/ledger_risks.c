/* Taking in risks with their measures and monitoring, and sweeps with what units answered, act by act; see
 * ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/indicator.h"
#include "ledger/monitor.h"
#include "ledger/rectification.h"
#include "ledger/register.h"
#include "ledger/sweep.h"

/* --- risks ---------------------------------------------------------------------------------------- */

static enum status said_risk_deed(struct taking *t, enum risk_act act, struct risk_deed *deed,
                                  struct error *err)
{
    *deed = (struct risk_deed){.act = act,
                               .today = t->today,
                               .category = risk_category_named(said_text(t, "category")),
                               .likelihood = said_number(t, "likelihood", 0),
                               .impact = said_number(t, "impact", 0),
                               .words = said_text(t, "words"),
                               .limit_days = said_number(t, "days", 0),
                               .after = json_is_true(json_object_get(t->record, "after"))};
    return said_person(t, "by", t->by, &deed->actor, err);
}

static enum status said_new_line(struct taking *t, struct line *line, struct error *err)
{
    *line = (struct line){.kind = LEDGER_RISK,
                          .title = said_text(t, "title"),
                          .text = said_text(t, "text"),
                          .state = LINE_ACTIVE,
                          .weight = 1,
                          .begins_day = t->today};
    enum status status = said_unit(t, "unit", &line->unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line->lead, err);
    return status ? status : said_day(t, "due", &line->due_day, err);
}

static enum status take_risk(struct taking *t, struct error *err)
{
    struct line line;
    struct risk_deed deed;
    enum status status = said_new_line(t, &line, err);
    if (!status)
        status = said_risk_deed(t, RISK_ENTER, &deed, err);
    if (!status)
        status = ledger_make_line(t->arena, t->store, &line, &t->deed, err);
    if (!status)
        status = ledger_act_on_risk(t->arena, t->store, t->calendar, line.id, &deed, t->deed.now_ms,
                                    err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_risk_act(struct taking *t, struct error *err)
{
    int64_t line = 0;
    struct risk_deed deed;
    struct str said = said_text(t, "act");
    enum risk_act act = (enum risk_act)machine_named(risk_machine.acts, said);
    enum status status = said_the_line(t, &line, err);
    if (!status && act == RISK_ACTS)
        status = said_no("act", said, err);
    if (!status)
        status = said_risk_deed(t, act, &deed, err);
    if (!status)
        status = said_unit(t, "unit", &deed.unit, err);
    if (!status)
        status = said_person(t, "member", 0, &deed.member, err);
    return status ? status
                  : ledger_act_on_risk(t->arena, t->store, t->calendar, line, &deed, t->deed.now_ms,
                                       err);
}

/* The measure that is the n-th by stage and order, from 1. */
static enum status take_measure(struct taking *t, struct error *err)
{
    int64_t line = 0;
    struct step *list;
    size_t count = 0;
    size_t number = (size_t)said_number(t, "number", 1);
    struct step_deed deed = {.act = step_act_named(said_text(t, "act")),
                             .reason = step_reason_named(said_text(t, "reason")),
                             .days = said_number(t, "days", 0),
                             .words = said_text(t, "words")};
    enum status status = said_the_line(t, &line, err);
    if (!status && deed.act == STEP_ACTS)
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    if (!status)
        status = ledger_list_steps(t->arena, t->store, line, &list, &count, err);
    if (!status && (number < 1 || number > count))
        return error_set(err, STATUS_MISSING, "The risk has %zu measures.",
                         "该风险共有 %zu 项措施。", count);
    return status ? status
                  : ledger_act_on_step(t->arena, t->store, t->calendar, &list[number - 1], &deed,
                                       &t->deed, err);
}

static enum status take_threshold(struct taking *t, struct error *err)
{
    int64_t line = 0;
    int64_t by = 0;
    struct line of = {0};
    struct indicator indicator = {0};
    struct threshold marks = {.months = (int)said_number(t, "months", 1)};
    struct str margin = said_text(t, "margin");
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_line(t, "indicator", &of.id, err);
    if (!status)
        status = ledger_find_indicator(t->arena, t->store, of.id, &indicator, err);
    if (!status)
        status = ledger_read_amount(said_text(t, "warn"), indicator.places, &marks.warn, err);
    if (!status)
        status = ledger_read_amount(said_text(t, "alarm"), indicator.places, &marks.act, err);
    if (!status && margin.len)
        status = ledger_read_amount(margin, indicator.places, &marks.margin, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    return status
               ? status
               : ledger_set_threshold(t->arena, t->store, line, of.id, &marks, by, &t->deed, err);
}

/* --- sweeps --------------------------------------------------------------------------------------- */

static enum status said_units(struct taking *t, int64_t **units, size_t *count, struct error *err)
{
    json_t *all = json_object_get(t->record, "units");
    enum status status = STATUS_OK;
    *count = json_array_size(all);
    *units = arena_array(t->arena, *count + 1, int64_t);
    for (size_t i = 0; !status && i < *count; i++) {
        const char *name = json_string_value(json_array_get(all, i));
        json_t *known = name ? json_object_get(t->units, name) : NULL;
        if (!known)
            status = error_set(err, STATUS_MISSING, "There is no unit \"%s\".", "没有单位“%s”。",
                               name ? name : "");
        (*units)[i] = json_integer_value(known);
    }
    return status;
}

static enum status take_sweep(struct taking *t, struct error *err)
{
    struct line line;
    struct sheet sheet = {0};
    int64_t *units;
    size_t count = 0;
    enum status status = said_new_line(t, &line, err);
    if (!status)
        status = ledger_find_sheet(t->arena, t->store, said_key(t, "sheet"), &sheet, err);
    if (!status)
        status = said_units(t, &units, &count, err);
    if (!status)
        status =
            ledger_begin_sweep(t->arena, t->store, &line, sheet.id, units, count, &t->deed, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_answer(struct taking *t, struct error *err)
{
    int64_t sheet_id = 0;
    struct sheet sheet;
    struct filled filled = {.words = said_text(t, "remark")};
    enum status status = said_the_line(t, &filled.line, err);
    if (!status)
        status = ledger_find_sweep(t->store, filled.line, &sheet_id, err);
    if (!status)
        status = ledger_find_sheet_by_id(t->arena, t->store, sheet_id, &sheet, err);
    if (!status)
        status = said_unit(t, "unit", &filled.unit, err);
    if (!status)
        status = said_person(t, "by", t->by, &filled.member, err);
    if (!status)
        status = said_marks(t, &sheet, &filled, err);
    if (!status)
        status = digest_random_key(t->arena, &filled.sent_key, err);
    return status ? status : ledger_answer_sweep(t->arena, t->store, &filled, &t->deed, err);
}

/* The oldest finding of a sweep about which nothing is decided. */
static enum status said_open_finding(struct taking *t, struct finding *finding, struct error *err)
{
    struct finding *list;
    size_t count = 0;
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = ledger_list_findings(t->arena, t->store, line, &list, &count, err);
    for (size_t i = 0; !status && i < count; i++)
        if (!list[i].settled_ms) {
            *finding = list[i];
            return STATUS_OK;
        }
    return status ? status
                  : error_set(err, STATUS_MISSING, "Nothing is left to be decided about.",
                              "没有待处理的问题。");
}

static enum status take_finding_risk(struct taking *t, struct error *err)
{
    struct finding finding;
    struct risk_deed deed;
    struct line line;
    enum status status = said_open_finding(t, &finding, err);
    if (!status)
        status = said_new_line(t, &line, err);
    if (status)
        return status;
    line.unit = finding.unit;
    line.text = finding.words;
    status = said_risk_deed(t, RISK_ENTER, &deed, err);
    if (!status)
        status = ledger_make_line(t->arena, t->store, &line, &t->deed, err);
    if (!status)
        status = ledger_act_on_risk(t->arena, t->store, t->calendar, line.id, &deed, t->deed.now_ms,
                                    err);
    return status ? status : ledger_settle_finding(t->store, &finding, line.id, &t->deed, err);
}

static enum status take_finding_rectify(struct taking *t, struct error *err)
{
    struct finding finding;
    struct line made;
    int64_t due = 0;
    enum status status = said_open_finding(t, &finding, err);
    if (!status)
        status = said_day(t, "due", &due, err);
    if (!status)
        status =
            ledger_make_rectification(t->arena, t->store, finding.line, said_text(t, "title"),
                                      finding.words, finding.unit, 0, due, &t->deed, &made, err);
    return status ? status : ledger_settle_finding(t->store, &finding, made.id, &t->deed, err);
}

static enum status take_finding_drop(struct taking *t, struct error *err)
{
    struct finding finding;
    enum status status = said_open_finding(t, &finding, err);
    return status ? status : ledger_drop_finding(t->store, &finding, &t->deed, err);
}

static enum status take_sweep_end(struct taking *t, struct error *err)
{
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    return status ? status : ledger_end_sweep(t->arena, t->store, line, &t->deed, err);
}

const struct take_row take_risks[] = {
    {"risk", take_risk},
    {"risk act", take_risk_act},
    {"measure", take_measure},
    {"threshold", take_threshold},
    {"sweep", take_sweep},
    {"sweep answer", take_answer},
    {"sweep risk", take_finding_risk},
    {"sweep rectification", take_finding_rectify},
    {"sweep finding dropped", take_finding_drop},
    {"sweep end", take_sweep_end},
    {0},
};
