/* Units of the organisation, to which lines of the ledger belong. */
#include "server/internal.h"
#include "server/ledger.h"

static struct str path_of(const struct request *rq, struct str key)
{
    return str_format(rq->arena, "/ledger/units/%.*s", STR_ARG(key));
}

/* --- the list ------------------------------------------------------------------------------------- */

struct unit_line {
    struct str key, name, parent, head;
    int64_t members, lines;
    bool closed;
};
static const struct field UNIT_LINE[] = {
    FIELD(TEXT, struct unit_line, key),       FIELD(TEXT, struct unit_line, name),
    FIELD(TEXT, struct unit_line, parent),    FIELD(TEXT, struct unit_line, head),
    FIELD(NUMBER, struct unit_line, members), FIELD(NUMBER, struct unit_line, lines),
    FIELD(FLAG, struct unit_line, closed),    {0},
};
struct units_page {
    struct unit_line *units;
    size_t nunits;
    bool may_arrange;
    struct str typed;
};
static const struct field UNITS_PAGE[] = {
    FIELD_OF_LIST(struct units_page, units, UNIT_LINE),
    FIELD(FLAG, struct units_page, may_arrange),
    FIELD_HIDDEN(TEXT, struct units_page, typed),
    {0},
};

static struct str name_of_unit(const struct unit *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return list[i].name;
    return STR("");
}

static enum status show_units(struct request *rq, struct error *err)
{
    struct unit *list;
    struct units_page page = {.may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE)};
    if (rq->post)
        page.typed = request_input(rq, "name");
    enum status status = ledger_list_units(rq->arena, rq->store, &list, &page.nunits, err);
    if (status)
        return status;
    page.units = arena_array(rq->arena, page.nunits + 1, struct unit_line);
    for (size_t i = 0; !status && i < page.nunits; i++) {
        const struct unit *u = &list[i];
        page.units[i] = (struct unit_line){
            u->key,           u->name,    name_of_unit(list, page.nunits, u->parent),
            STR(""),          u->members, u->lines,
            u->closed_ms != 0};
        status = ledger_member_name(rq, u->head, &page.units[i].head, err);
    }
    return status ? status : answer_page(rq, "ledger-units", "Units", "单位", UNITS_PAGE, &page);
}

const struct route route_ledger_units = {
    .method = "GET",
    .path = "/ledger/units",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The units of the organisation.",
    .zh = "各单位。",
    .output = UNITS_PAGE,
    .page = "ledger-units",
    .run = show_units,
};

struct unit_deed {
    struct unit unit;
    int64_t member, now_ms;
    struct str why;
};

static enum status make_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct unit_deed *d = context;
    return ledger_make_unit(scratch, store, &d->unit, d->now_ms, err);
}

static enum status make_unit(struct request *rq, struct error *err)
{
    struct unit_deed d = {.unit = {.name = request_input(rq, "name")}, .now_ms = rq->now_ms};
    struct unit made;
    enum status status = ledger_write(rq, 0, LEDGER_ARRANGE, make_step, &d, err);
    if (!status)
        status = ledger_find_unit_by_id(rq->arena, rq->store, d.unit.id, &made, err);
    return status
               ? status
               : answer_redirect(rq, path_of(rq, made.key), "The unit is made. Put its members in.",
                                 "单位已建立，接下来请添加成员。");
}

#define NAME_INPUT                                                                               \
    {                                                                                            \
        .name = "name", .kind = INPUT_TEXT, .needed = true, .most = UNIT_NAME_MAX, .en = "Name", \
        .zh = "名称"                                                                           \
    }
static const struct input MAKE_INPUTS[] = {NAME_INPUT, {0}};
const struct route route_ledger_unit_make = {
    .method = "POST",
    .path = "/ledger/units",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Make a unit.",
    .zh = "建立单位。",
    .inputs = MAKE_INPUTS,
    .run = make_unit,
    .again = show_units,
};

/* --- one unit ------------------------------------------------------------------------------------- */

struct unit_member {
    struct str key, name;
    bool is_head;
};
static const struct field UNIT_MEMBER[] = {
    FIELD(TEXT, struct unit_member, key),
    FIELD(TEXT, struct unit_member, name),
    FIELD(FLAG, struct unit_member, is_head),
    {0},
};
struct unit_page {
    struct str key, name, parent, parent_key, head, closed_why, typed;
    int64_t lines, created, closed;
    struct unit_member *members;
    size_t nmembers;
    struct ledger_choice *units, *heads;
    size_t nunits, nheads;
    bool may_arrange;
};
static const struct field UNIT_PAGE[] = {
    FIELD(TEXT, struct unit_page, key),
    FIELD(TEXT, struct unit_page, name),
    FIELD(TEXT, struct unit_page, parent),
    FIELD(TEXT, struct unit_page, parent_key),
    FIELD(TEXT, struct unit_page, head),
    FIELD(TEXT, struct unit_page, closed_why),
    FIELD_HIDDEN(TEXT, struct unit_page, typed),
    FIELD(NUMBER, struct unit_page, lines),
    FIELD(DAY, struct unit_page, created),
    FIELD(DAY, struct unit_page, closed),
    FIELD_OF_LIST(struct unit_page, members, UNIT_MEMBER),
    FIELD_OF_LIST(struct unit_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct unit_page, heads, ledger_choice_fields),
    FIELD(FLAG, struct unit_page, may_arrange),
    {0},
};

static enum status fill_members(struct request *rq, const struct unit *unit, struct unit_page *page,
                                struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT m.key, m.name, m.id = ?2 FROM unit_member um"
                                             " JOIN member m ON m.id = um.member WHERE um.unit = ?1"
                                             " ORDER BY m.name, m.id");
    query_bind_int(q, 1, unit->id);
    query_bind_int(q, 2, unit->head);
    page->members = arena_array(rq->arena, (size_t)unit->members + 1, struct unit_member);
    page->heads = arena_array(rq->arena, (size_t)unit->members + 1, struct ledger_choice);
    while (query_row(q) && page->nmembers < (size_t)unit->members) {
        struct unit_member m = {str_copy(rq->arena, query_str(q, 0)),
                                str_copy(rq->arena, query_str(q, 1)), query_int(q, 2) != 0};
        page->heads[page->nheads++] = (struct ledger_choice){m.key, m.name, m.is_head};
        page->members[page->nmembers++] = m;
    }
    return query_end(q, err);
}

static enum status show_unit(struct request *rq, struct error *err)
{
    struct unit unit;
    struct unit above = {0};
    enum status status = ledger_find_unit(rq->arena, rq->store, rq->params[0], &unit, err);
    if (!status && unit.parent)
        status = ledger_find_unit_by_id(rq->arena, rq->store, unit.parent, &above, err);
    if (status)
        return status;
    struct unit_page page = {
        .key = unit.key,
        .name = unit.name,
        .parent = above.name,
        .parent_key = above.key,
        .closed_why = unit.closed_why,
        .typed = unit.name,
        .lines = unit.lines,
        .created = unit.created_ms,
        .closed = unit.closed_ms,
        .may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE),
    };
    status = ledger_member_name(rq, unit.head, &page.head, err);
    if (!status)
        status = fill_members(rq, &unit, &page, err);
    if (!status)
        status = ledger_list_unit_choices(rq, unit.parent, &page.units, &page.nunits, err);
    return status ? status : answer_titled_page(rq, "ledger-unit", unit.name, UNIT_PAGE, &page);
}

const struct route route_ledger_unit = {
    .method = "GET",
    .path = "/ledger/units/{unit}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A unit: its head, its members, how many lines it answers for.",
    .zh = "单位：负责人、成员与承担的条目数。",
    .output = UNIT_PAGE,
    .page = "ledger-unit",
    .run = show_unit,
};

/* --- changes -------------------------------------------------------------------------------------- */

static enum status change_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return ledger_change_unit(store, &((struct unit_deed *)context)->unit, err);
}

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct unit_deed *d = context;
    (void)scratch;
    return ledger_close_unit(store, d->unit.id, d->why, d->now_ms, err);
}

static enum status reopen_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    (void)scratch;
    return ledger_reopen_unit(store, ((struct unit_deed *)context)->unit.id, err);
}

static enum status put_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct unit_deed *d = context;
    (void)scratch;
    return ledger_put_in_unit(store, d->unit.id, d->member, err);
}

static enum status take_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct unit_deed *d = context;
    (void)scratch;
    return ledger_take_out_of_unit(store, d->unit.id, d->member, err);
}

static enum status write_unit(struct request *rq, server_write_step step, struct unit_deed *d,
                              const char *en, const char *zh, struct error *err)
{
    d->now_ms = rq->now_ms;
    enum status status = ledger_write(rq, 0, LEDGER_ARRANGE, step, d, err);
    return status ? status : answer_redirect(rq, path_of(rq, rq->params[0]), en, zh);
}

static enum status change_unit(struct request *rq, struct error *err)
{
    struct unit_deed d = {0};
    enum status status = ledger_find_unit(rq->arena, rq->store, rq->params[0], &d.unit, err);
    if (!status)
        status = ledger_read_unit(rq, "parent", &d.unit.parent, err);
    if (!status)
        status = ledger_read_person(rq, "head", &d.unit.head, err);
    d.unit.name = request_input(rq, "name");
    return status ? status
                  : write_unit(rq, change_step, &d, "The unit is changed.", "单位已修改。", err);
}

static const struct input CHANGE_INPUTS[] = {
    NAME_INPUT,
    {.name = "parent", .kind = INPUT_TEXT, .most = 40, .en = "Under", .zh = "上级单位"},
    {.name = "head", .kind = INPUT_TEXT, .most = 40, .en = "Head", .zh = "负责人"},
    {0},
};
const struct route route_ledger_unit_change = {
    .method = "POST",
    .path = "/ledger/units/{unit}/change",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Change a unit's name, place and head.",
    .zh = "修改单位的名称、隶属与负责人。",
    .inputs = CHANGE_INPUTS,
    .run = change_unit,
    .again = show_unit,
};

static enum status close_unit(struct request *rq, struct error *err)
{
    struct unit_deed d = {.why = request_input(rq, "why")};
    enum status status = ledger_find_unit(rq->arena, rq->store, rq->params[0], &d.unit, err);
    if (status)
        return status;
    return d.unit.closed_ms
               ? write_unit(rq, reopen_step, &d, "The unit is open again.", "单位已恢复。", err)
               : write_unit(rq, close_step, &d, "The unit is closed.", "单位已关闭。", err);
}

static const struct input CLOSE_INPUTS[] = {
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_unit_close = {
    .method = "POST",
    .path = "/ledger/units/{unit}/close",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Close a unit for a reason, or open it again.",
    .zh = "关闭单位（须说明理由）或重新启用。",
    .inputs = CLOSE_INPUTS,
    .run = close_unit,
    .again = show_unit,
};

/* Who is put in need not have seen the ledger before: being in a unit opens it. */
static enum status find_member(struct request *rq, const char *sql, int64_t *member,
                               struct error *err)
{
    struct query *q = query_start(rq->store, sql);
    query_bind_str(q, 1, request_input(rq, "member"));
    *member = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*member)
        return error_set(err, STATUS_MISSING, "There is no such member.", "没有这名成员。");
    return status;
}

static enum status put_in_unit(struct request *rq, struct error *err)
{
    struct unit_deed d = {0};
    enum status status = ledger_find_unit(rq->arena, rq->store, rq->params[0], &d.unit, err);
    if (!status)
        status = find_member(rq, "SELECT id FROM member WHERE email = ?1 AND erased_ms IS NULL",
                             &d.member, err);
    return status ? status
                  : write_unit(rq, put_step, &d, "The member is in the unit.", "成员已加入单位。",
                               err);
}

static const struct input MEMBER_INPUTS[] = {
    {.name = "member",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 254,
     .en = "Member",
     .zh = "成员"},
    {0},
};
const struct route route_ledger_unit_put = {
    .method = "POST",
    .path = "/ledger/units/{unit}/members",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Put a member in a unit, by e-mail address.",
    .zh = "按邮箱将成员列入单位。",
    .inputs = MEMBER_INPUTS,
    .run = put_in_unit,
    .again = show_unit,
};

static enum status take_out_of_unit(struct request *rq, struct error *err)
{
    struct unit_deed d = {0};
    enum status status = ledger_find_unit(rq->arena, rq->store, rq->params[0], &d.unit, err);
    if (!status)
        status = find_member(rq, "SELECT id FROM member WHERE key = ?1", &d.member, err);
    return status ? status
                  : write_unit(rq, take_step, &d, "The member is out of the unit.",
                               "成员已移出单位。", err);
}

const struct route route_ledger_unit_take = {
    .method = "POST",
    .path = "/ledger/units/{unit}/members/remove",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Take a member out of a unit.",
    .zh = "将成员移出单位。",
    .inputs = MEMBER_INPUTS,
    .run = take_out_of_unit,
};
