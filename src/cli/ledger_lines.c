/* Taking in units and lines, their changes, links and frozen plans; see ledger_import.h. */
#include "cli/ledger_import.h"
#include "ledger/freeze.h"
#include "ledger/link.h"
#include "ledger/unit.h"
#include "library/member.h"

static enum status put_members(const struct taking *t, int64_t unit, struct error *err)
{
    size_t i;
    json_t *value;
    enum status status = STATUS_OK;
    json_array_foreach(json_object_get(t->record, "members"), i, value)
    {
        struct member member;
        struct str email = {json_string_value(value), json_string_length(value)};
        if (!status)
            status = library_find_member(t->arena, t->store, email, &member, err);
        if (!status)
            status = ledger_put_in_unit(t->store, unit, member.id, err);
    }
    return status;
}

static enum status take_unit(struct taking *t, struct error *err)
{
    struct unit unit = {.name = said_text(t, "name")};
    int64_t head = 0;
    enum status status = said_unit(t, "part_of", &unit.parent, err);
    if (!status)
        status = said_person(t, "head", 0, &head, err);
    unit.head = head;
    if (!status)
        status = ledger_make_unit(t->arena, t->store, &unit, t->deed.now_ms, err);
    if (!status)
        status = put_members(t, unit.id, err);
    if (!status)
        json_object_setn_new(t->units, unit.name.at, unit.name.len, json_integer(unit.id));
    return status;
}

static enum status read_line(struct taking *t, struct line *line, struct error *err)
{
    struct str kind = said_text(t, "kind");
    json_t *weight = json_object_get(t->record, "weight");
    *line = (struct line){
        .title = said_text(t, "title"),
        .text = said_text(t, "text"),
        .state = str_equal(said_text(t, "state"), STR("proposed")) ? LINE_PROPOSED : LINE_ACTIVE,
        .weight = weight ? json_number_value(weight) : 1,
        .progress = said_number(t, "progress", 0),
    };
    if (!ledger_kind_named(kind, &line->kind))
        return said_no("kind", kind, err);
    enum status status = said_line(t, "part_of", &line->parent, err);
    if (!status)
        status = said_unit(t, "unit", &line->unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line->lead, err);
    if (!status)
        status = said_day(t, "begins", &line->begins_day, err);
    return status ? status : said_day(t, "due", &line->due_day, err);
}

static enum status take_line(struct taking *t, struct error *err)
{
    struct line line;
    enum status status = read_line(t, &line, err);
    if (!status)
        status = ledger_make_line(t->arena, t->store, &line, &t->deed, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_change(struct taking *t, struct error *err)
{
    struct line_change changes[3];
    size_t count = 0;
    int64_t line = 0;
    int64_t due = 0;
    enum line_state state = LINE_ACTIVE;
    struct str said = said_text(t, "state");
    enum status status = said_the_line(t, &line, err);
    if (!status && said.len && !line_state_named(said, &state))
        status = said_no("state", said, err);
    if (!status)
        status = said_day(t, "due", &due, err);
    if (due)
        changes[count++] = (struct line_change){.field = LINE_DUE, .number = due};
    if (said_number(t, "progress", -1) >= 0)
        changes[count++] =
            (struct line_change){.field = LINE_PROGRESS, .number = said_number(t, "progress", 0)};
    if (said.len)
        changes[count++] = (struct line_change){.field = LINE_STATE, .number = state};
    return status ? status : ledger_change_line(t->store, line, changes, count, &t->deed, err);
}

static enum status take_link(struct taking *t, struct error *err)
{
    int64_t before = 0;
    int64_t after = 0;
    struct line line;
    enum status status = said_line(t, "before", &before, err);
    if (!status)
        status = said_line(t, "after", &after, err);
    if (!status)
        status = ledger_find_line_by_id(t->arena, t->store, after, &line, err);
    return status ? status
                  : ledger_link_lines(t->arena, t->store, line.parent, before, after,
                                      said_number(t, "lag", 0), &t->deed, err);
}

static enum status take_freeze(struct taking *t, struct error *err)
{
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    return status
               ? status
               : ledger_freeze_plan(t->arena, t->store, line, said_text(t, "name"), &t->deed, err);
}

const struct take_row take_lines[] = {
    {"unit", take_unit}, {"line", take_line},     {"change", take_change},
    {"link", take_link}, {"freeze", take_freeze}, {0},
};
