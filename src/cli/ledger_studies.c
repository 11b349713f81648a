/* Taking in study sessions, act by act; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/study.h"

static enum status take_study(struct taking *t, struct error *err)
{
    struct line line = {.title = said_text(t, "title"), .text = said_text(t, "text"), .weight = 1};
    enum status status = said_unit(t, "unit", &line.unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line.lead, err);
    if (!status)
        status = said_day(t, "due", &line.due_day, err);
    if (!status)
        status = ledger_prepare_study(t->arena, t->store, &line, said_text(t, "place"), NULL, 0,
                                      &t->deed, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_item(struct taking *t, struct error *err)
{
    int64_t line = 0;
    int64_t actor = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_person(t, "by", t->by, &actor, err);
    return status ? status
                  : ledger_add_study_item(t->arena, t->store, line, said_text(t, "title"),
                                          said_text(t, "text"), actor, &t->deed, err);
}

/* Who is listed by e-mail under the state's name. */
static enum status read_presence(struct taking *t, enum presence is, struct study_presence *list,
                                 size_t *count, struct error *err)
{
    size_t i;
    json_t *value;
    json_t *record = t->record;
    json_t *said = json_object_get(record, presence_terms.at[is].name);
    enum status status = STATUS_OK;
    json_array_foreach(said, i, value)
    {
        json_t *one = json_pack("{s:O}", "who", value);
        t->record = one;
        list[*count].is = is;
        if (!status)
            status = said_person(t, "who", 0, &list[(*count)++].member, err);
        t->record = record;
        json_decref(one);
    }
    return status;
}

static enum status take_presence(struct taking *t, struct error *err)
{
    int64_t line = 0;
    int64_t actor = 0;
    size_t count = 0;
    size_t most = 0;
    for (int is = PRESENCE_PRESENT; is < PRESENCES; is++)
        most += json_array_size(json_object_get(t->record, presence_terms.at[is].name));
    struct study_presence *list = arena_array(t->arena, most + 1, struct study_presence);
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_person(t, "by", t->by, &actor, err);
    for (int is = PRESENCE_PRESENT; !status && is < PRESENCES; is++)
        status = read_presence(t, (enum presence)is, list, &count, err);
    return status
               ? status
               : ledger_say_attendance(t->arena, t->store, line, list, count, actor, &t->deed, err);
}

static enum status take_act(struct taking *t, struct error *err)
{
    struct str act = said_text(t, "act");
    int at = machine_named(session_machine.acts, act);
    int64_t line = 0;
    struct study_deed deed = {
        .act = (enum session_act)at, .today = t->today, .words = said_text(t, "words")};
    enum status status = said_the_line(t, &line, err);
    if (!status && at == SESSION_ACTS)
        status = said_no("act", act, err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    return status ? status
                  : ledger_act_on_study(t->arena, t->store, line, &deed, t->deed.now_ms, err);
}

/* "item" counts from 1. */
static enum status find_item(struct taking *t, int64_t line, struct str *key, struct error *err)
{
    struct study_item *items;
    size_t count;
    int64_t at = said_number(t, "item", 1);
    enum status status = ledger_list_study_items(t->arena, t->store, line, &items, &count, err);
    if (!status && (at < 1 || at > (int64_t)count))
        return error_set(err, STATUS_MISSING, "There is no such item of the agenda.",
                         "没有该议题。");
    if (!status)
        *key = items[at - 1].key;
    return status;
}

static enum status take_decision(struct taking *t, struct error *err)
{
    int64_t session = 0;
    int64_t actor = 0;
    struct str item = {0};
    struct line made = {.kind = LEDGER_MILESTONE,
                        .title = said_text(t, "title"),
                        .state = LINE_ACTIVE,
                        .weight = 1,
                        .progress = said_number(t, "progress", 0)};
    enum status status = said_the_line(t, &session, err);
    if (!status)
        status = find_item(t, session, &item, err);
    if (!status)
        status = said_unit(t, "unit", &made.unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &made.lead, err);
    if (!status)
        status = said_person(t, "by", t->by, &actor, err);
    if (!status)
        status = said_day(t, "begins", &made.begins_day, err);
    if (!status)
        status = said_day(t, "due", &made.due_day, err);
    if (!status)
        status =
            ledger_decide_in_study(t->arena, t->store, session, item, &made, actor, &t->deed, err);
    if (!status)
        said_name_line(t, made.id);
    return status;
}

const struct take_row take_studies[] = {
    {"study", take_study},   {"study item", take_item},         {"study presence", take_presence},
    {"study act", take_act}, {"study decision", take_decision}, {0},
};
