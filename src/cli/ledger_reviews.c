/* Taking in joint reviews, and steps with time limits of any line, act by act; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/review.h"

static enum status take_review(struct taking *t, struct error *err)
{
    struct line line = {.title = said_text(t, "title"), .text = said_text(t, "text")};
    int64_t like = 0;
    int64_t by = 0;
    enum status status = said_line(t, "about", &line.parent, err);
    if (!status)
        status = said_line(t, "like", &like, err);
    if (!status)
        status = said_unit(t, "unit", &line.unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line.lead, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    if (!status)
        status = ledger_make_review(t->arena, t->store, &line, said_text(t, "basis"), like, by,
                                    &t->deed, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_review_act(struct taking *t, struct error *err)
{
    struct review_deed deed = {
        .act = review_act_named(said_text(t, "act")),
        .words = said_text(t, "words"),
        .verdict = review_verdict_named(said_text(t, "verdict")),
        .stage = said_number(t, "stage", 1),
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && (deed.act == REVIEW_ACTS || deed.act == REVIEW_ACT_MAKE))
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    return status
               ? status
               : ledger_act_on_review(t->arena, t->store, t->calendar, line, &deed, &t->deed, err);
}

static enum status take_step(struct taking *t, struct error *err)
{
    struct step step = {
        .stage = said_number(t, "stage", 1),
        .title = said_text(t, "title"),
        .limit_days = said_number(t, "days", 0),
        .work = json_is_true(json_object_get(t->record, "work")),
        .silence = json_is_true(json_object_get(t->record, "silence")),
    };
    enum status status = said_the_line(t, &step.line, err);
    if (!status)
        status = said_unit(t, "unit", &step.unit, err);
    if (!status)
        status = said_person(t, "member", 0, &step.member, err);
    if (!status)
        status = ledger_add_step(t->arena, t->store, &step, &t->deed, err);
    if (!status)
        said_name_key(t, step.key);
    return status;
}

/* The step that a record is about: the one of its ref, or the one that the unit is at work on. */
static enum status find_step(struct taking *t, int64_t line, struct step *found, struct error *err)
{
    struct str key = said_key(t, "step");
    struct step *list = NULL;
    size_t count = 0;
    int64_t unit = 0;
    if (key.len)
        return ledger_find_step(t->arena, t->store, line, key, found, err);
    enum status status = said_unit(t, "unit", &unit, err);
    if (!status)
        status = ledger_list_steps(t->arena, t->store, line, &list, &count, err);
    for (size_t i = 0; i < count && !status; i++)
        if (list[i].unit == unit && (list[i].state == STEP_OPEN || list[i].state == STEP_ASKED)) {
            *found = list[i];
            return STATUS_OK;
        }
    return status ? status
                  : error_set(err, STATUS_MISSING, "That unit has no step of it under way.",
                              "该单位没有在办的步骤。");
}

static enum status take_step_act(struct taking *t, struct error *err)
{
    struct step step = {0};
    struct step_deed deed = {
        .act = step_act_named(said_text(t, "act")),
        .reason = step_reason_named(said_text(t, "reason")),
        .days = said_number(t, "days", 0),
        .words = said_text(t, "words"),
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && deed.act == STEP_ACTS)
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    if (!status)
        status = find_step(t, line, &step, err);
    return status
               ? status
               : ledger_act_on_step(t->arena, t->store, t->calendar, &step, &deed, &t->deed, err);
}

const struct take_row take_reviews[] = {
    {"review", take_review},
    {"review act", take_review_act},
    {"step", take_step},
    {"step act", take_step_act},
    {0},
};
