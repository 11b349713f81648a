/* Taking in projects with their marks, watches and accounts; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/account.h"
#include "ledger/admission.h"
#include "ledger/indicator.h"
#include "ledger/watch.h"

/* Who takes a ledger in may act as everybody; who proposed, leads or reported is held apart all the same. */
#define EVERYBODY ((1U << PROJECT_WHOS) - 1U)

static enum status take_project(struct taking *t, struct error *err)
{
    struct ledger_project_deed deed = {
        .act = project_act_named(said_text(t, "act")),
        .is = EVERYBODY,
        .class = str_equal(said_text(t, "class"), STR("special")) ? PROJECT_SPECIAL : PROJECT_KEY,
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && deed.act == PROJECT_ACTS)
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.member, err);
    return status ? status : ledger_act_on_project(t->arena, t->store, line, &deed, &t->deed, err);
}

static enum status take_marks(struct taking *t, struct error *err)
{
    struct ledger_project_deed deed = {.act = PROJECT_ACT_SCORE, .is = EVERYBODY};
    json_t *said = json_object_get(t->record, "marks");
    size_t count = json_array_size(said);
    int64_t *marks = arena_array(t->arena, count + 1, int64_t);
    int64_t line = 0;
    for (size_t i = 0; i < count; i++)
        marks[i] = json_integer_value(json_array_get(said, i));
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.member, err);
    return status
               ? status
               : ledger_mark_project(t->arena, t->store, line, &deed, marks, count, &t->deed, err);
}

static enum status take_watch(struct taking *t, struct error *err)
{
    struct ledger_watch_deed deed = {
        .watch = watch_named(said_text(t, "watch")),
        .act = watch_act_named(said_text(t, "act")),
        .is = EVERYBODY,
        .condition = (unsigned)said_number(t, "condition", 0),
        .words = said_text(t, "words"),
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && deed.watch == WATCHES)
        status = said_no("watch", said_text(t, "watch"), err);
    if (!status && deed.act == WATCH_ACTS)
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.member, err);
    if (!status)
        status = said_day(t, "day", &deed.day, err);
    return status ? status
                  : ledger_act_on_watch(t->arena, t->store, line, &deed, t->today, &t->deed, err);
}

static enum status take_entry(struct taking *t, struct error *err)
{
    struct account_entry entry = {
        .kind = entry_kind_named(said_text(t, "kind")),
        .name = said_text(t, "name"),
        .source = said_text(t, "source"),
        .state = entry_state_named(said_text(t, "state")),
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && entry.kind == ENTRY_KINDS)
        status = said_no("kind", said_text(t, "kind"), err);
    if (!status && entry.state == ENTRY_STATES)
        status = said_no("state", said_text(t, "state"), err);
    if (!status && entry_is_money(entry.kind))
        status = ledger_read_amount(said_text(t, "amount"), 2, &entry.cents, err);
    if (!status)
        status = said_day(t, "day", &entry.day, err);
    if (!status)
        status = said_day(t, "due", &entry.due_day, err);
    if (!status)
        status = said_person(t, "by", t->by, &entry.member, err);
    return status ? status : ledger_enter(t->arena, t->store, line, &entry, &t->deed, err);
}

const struct take_row take_projects[] = {
    {"project", take_project},
    {"marks", take_marks},
    {"watch", take_watch},
    {"entry", take_entry},
    {0},
};
