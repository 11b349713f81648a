/* Taking in rectifications, act by act; see ledger_import.h. */
#include "base/calendar.h"
#include "cli/ledger_import.h"
#include "ledger/rectification.h"

/* A term by its name, `otherwise` where nothing is said. */
static enum status said_term(const struct taking *t, const char *name, struct machine_terms terms,
                             int otherwise, int *at, struct error *err)
{
    struct str said = said_text(t, name);
    *at = said.len ? machine_named(terms, said) : otherwise;
    return *at == terms.count ? said_no(name, said, err) : STATUS_OK;
}

static enum status take_rectification(struct taking *t, struct error *err)
{
    int origin = 0;
    int sort = 0;
    struct rectification r = {.grave = json_is_true(json_object_get(t->record, "grave"))};
    struct line line = {.title = said_text(t, "title"), .text = said_text(t, "text"), .weight = 1};
    enum status status = said_term(t, "origin", rectify_origins, RECTIFY_OWN, &origin, err);
    if (!status)
        status = said_term(t, "sort", rectify_sorts, RECTIFY_OTHER, &sort, err);
    if (!status)
        status = said_unit(t, "unit", &line.unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line.lead, err);
    if (!status)
        status = said_line(t, "source", &r.source, err);
    if (!status)
        status = said_day(t, "due", &line.due_day, err);
    r.origin = (enum rectify_origin)origin;
    r.sort = (enum rectify_sort)sort;
    line.begins_day = line.due_day ? calendar_day_of(t->deed.now_ms) : 0;
    if (!status)
        status = ledger_open_rectification(t->arena, t->store, &line, &r, &t->deed, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_rectify(struct taking *t, struct error *err)
{
    struct str act = said_text(t, "act");
    int at = machine_named(rectify_machine.acts, act);
    int64_t line = 0;
    struct rectification_deed deed = {
        .act = (enum rectify_act)at,
        .today = t->today,
        .words = said_text(t, "words"),
        .shown = said_text(t, "shown"),
    };
    enum status status = said_the_line(t, &line, err);
    if (!status && at == RECTIFY_ACTS)
        status = said_no("act", act, err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    if (!status)
        status = said_day(t, "due", &deed.due_day, err);
    return status ? status : ledger_rectify(t->arena, t->store, line, &deed, t->deed.now_ms, err);
}

static enum status take_recurrence(struct taking *t, struct error *err)
{
    int64_t line = 0;
    int64_t earlier = 0;
    int64_t actor = 0;
    bool again = json_is_true(json_object_get(t->record, "again"));
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_line(t, "earlier", &earlier, err);
    if (!status)
        status = said_person(t, "by", t->by, &actor, err);
    return status ? status
                  : ledger_decide_recurrence(t->arena, t->store, line, earlier, again, actor,
                                             t->deed.now_ms, err);
}

const struct take_row take_rectifications[] = {
    {"rectification", take_rectification},
    {"rectify", take_rectify},
    {"recurrence", take_recurrence},
    {0},
};
