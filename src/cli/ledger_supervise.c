/* Taking in lines under supervision, act by act; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/supervision.h"

/* What was handed on just now gets the record's ref. */
static enum status name_part(const struct taking *t, int64_t line, struct error *err)
{
    struct supervision_part *parts;
    size_t count;
    enum status status = ledger_list_parts(t->arena, t->store, line, &parts, &count, err);
    const struct supervision_part *newest = NULL;
    for (size_t i = 0; !status && i < count; i++)
        if (!newest || parts[i].id > newest->id)
            newest = &parts[i];
    if (newest)
        said_name_key(t, newest->key);
    return status;
}

static enum status take_supervise(struct taking *t, struct error *err)
{
    struct str rhythm = said_text(t, "rhythm");
    struct supervision_deed deed = {
        .act = supervise_act_named(said_text(t, "act")),
        .today = t->today,
        .rhythm = rhythm.len ? rhythm_named(rhythm) : RHYTHM_MONTHLY,
        .part = said_key(t, "part"),
        .progress = said_number(t, "progress", -1),
        .words = said_text(t, "words"),
        .shown = said_text(t, "shown"),
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && deed.act == SUPERVISE_ACTS)
        status = said_no("act", said_text(t, "act"), err);
    if (!status && deed.rhythm == RHYTHMS)
        status = said_no("rhythm", rhythm, err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    if (!status)
        status = said_person(t, "member", 0, &deed.member, err);
    if (!status)
        status = said_unit(t, "unit", &deed.unit, err);
    if (!status)
        status = said_day(t, "due", &deed.due_day, err);
    if (!status)
        status = ledger_supervise(t->arena, t->store, line, &deed, t->deed.now_ms, err);
    return status || deed.act != SUPERVISE_SHARE ? status : name_part(t, line, err);
}

const struct take_row take_supervision[] = {
    {"supervise", take_supervise},
    {0},
};
