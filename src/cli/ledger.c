/* `chancery ledger import`: a whole ledger from a file, as from another system: units, lines, figures, projects with
 * their watches and accounts, plans frozen.
 *
 * The file has a JSON object a line. "take" says what it is, a row of TAKES; a line of the ledger gets a name of the
 * file's own by "ref", under which later lines of the file speak of it; its number does as well. Everything goes the
 * way that it takes through the pages, rules and history included, in one transaction. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>

#include "base/calendar.h"
#include "cli/command.h"
#include "ledger/account.h"
#include "ledger/admission.h"
#include "ledger/freeze.h"
#include "ledger/goal.h"
#include "ledger/higher.h"
#include "ledger/indicator.h"
#include "ledger/link.h"
#include "ledger/programme.h"
#include "ledger/unit.h"
#include "ledger/watch.h"
#include "library/member.h"

#define FILE_MAX ((size_t)1 << 30)

struct taking {
    struct call *call;
    struct store *store;
    struct arena *arena;   /* of one line of the file */
    json_t *record;        /* at hand */
    json_t *lines, *units; /* ids by ref and by name */
    json_t *members;       /* ids by e-mail */
    json_t *keys;          /* of goals from above and programmes, by ref */
    struct ledger_deed deed;
    int64_t by; /* who is said to have done it, unless a record says otherwise */
    int64_t today;
    uint64_t taken;
};

/* --- what a record says --------------------------------------------------------------------------- */

static struct str text(const struct taking *t, const char *name)
{
    json_t *value = json_object_get(t->record, name);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : STR("");
}

static int64_t number(const struct taking *t, const char *name, int64_t otherwise)
{
    json_t *value = json_object_get(t->record, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static enum status day(const struct taking *t, const char *name, int64_t *found, struct error *err)
{
    struct str said = text(t, name);
    *found = 0;
    if (said.len && !calendar_read_date(said, found))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is no day such as 2026-11-29.",
                         "“%.*s”不是 2026-11-29 这样的日期。", STR_ARG(said));
    return STATUS_OK;
}

static enum status month(const struct taking *t, const char *name, int *found, struct error *err)
{
    struct str said = text(t, name);
    if (!ledger_read_month(said, found))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is no month such as 2026-11.",
                         "“%.*s”不是 2026-11 这样的月份。", STR_ARG(said));
    return STATUS_OK;
}

static enum status person(const struct taking *t, const char *name, int64_t otherwise, int64_t *id,
                          struct error *err)
{
    struct str said = text(t, name);
    struct member member;
    *id = otherwise;
    if (said.len == 0)
        return STATUS_OK;
    json_t *known = json_object_getn(t->members, said.at, said.len);
    if (known) {
        *id = json_integer_value(known);
        return STATUS_OK;
    }
    enum status status = library_find_member(t->arena, t->store, said, &member, err);
    if (status)
        return status;
    json_object_setn_new(t->members, said.at, said.len, json_integer(member.id));
    *id = member.id;
    return STATUS_OK;
}

static enum status unit_named(const struct taking *t, const char *name, int64_t *id,
                              struct error *err)
{
    struct str said = text(t, name);
    *id = 0;
    if (said.len == 0)
        return STATUS_OK;
    json_t *known = json_object_getn(t->units, said.at, said.len);
    if (!known)
        return error_set(err, STATUS_MISSING, "There is no unit \"%.*s\".", "没有单位“%.*s”。",
                         STR_ARG(said));
    *id = json_integer_value(known);
    return STATUS_OK;
}

/* 0 where the record says none. */
static enum status line_named(const struct taking *t, const char *name, int64_t *id,
                              struct error *err)
{
    struct str said = text(t, name);
    struct line line = {0};
    json_t *known = json_object_getn(t->lines, said.at, said.len);
    if (known || said.len == 0) {
        *id = json_integer_value(known);
        return STATUS_OK;
    }
    enum status status = ledger_find_line_numbered(t->arena, t->store, said, &line, NULL);
    *id = line.id;
    return status == STATUS_MISSING
               ? error_set(err, STATUS_MISSING, "No line is called \"%.*s\" before this.",
                           "此前没有名为“%.*s”的条目。", STR_ARG(said))
               : status;
}

static enum status the_line(const struct taking *t, int64_t *id, struct error *err)
{
    enum status status = line_named(t, "line", id, err);
    if (!status && !*id)
        return error_set(err, STATUS_INPUT, "\"line\" must say which line it is about.",
                         "须以“line”说明所指条目。");
    return status;
}

static enum status no_such(const char *what, struct str said, struct error *err)
{
    return error_set(err, STATUS_INPUT, "\"%.*s\" is no %s.", "“%.*s”不能用作 %s。", STR_ARG(said),
                     what);
}

/* --- units and lines ------------------------------------------------------------------------------ */

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
    struct unit unit = {.name = text(t, "name")};
    int64_t head = 0;
    enum status status = unit_named(t, "part_of", &unit.parent, err);
    if (!status)
        status = person(t, "head", 0, &head, err);
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
    struct str kind = text(t, "kind");
    json_t *weight = json_object_get(t->record, "weight");
    *line = (struct line){
        .title = text(t, "title"),
        .text = text(t, "text"),
        .state = str_equal(text(t, "state"), STR("proposed")) ? LINE_PROPOSED : LINE_ACTIVE,
        .weight = weight ? json_number_value(weight) : 1,
        .progress = number(t, "progress", 0),
    };
    if (!ledger_kind_named(kind, &line->kind))
        return no_such("kind", kind, err);
    enum status status = line_named(t, "part_of", &line->parent, err);
    if (!status)
        status = unit_named(t, "unit", &line->unit, err);
    if (!status)
        status = person(t, "lead", 0, &line->lead, err);
    if (!status)
        status = day(t, "begins", &line->begins_day, err);
    return status ? status : day(t, "due", &line->due_day, err);
}

static enum status take_line(struct taking *t, struct error *err)
{
    struct line line;
    struct str ref = text(t, "ref");
    enum status status = read_line(t, &line, err);
    if (!status)
        status = ledger_make_line(t->arena, t->store, &line, &t->deed, err);
    if (!status && ref.len)
        json_object_setn_new(t->lines, ref.at, ref.len, json_integer(line.id));
    return status;
}

static enum status take_change(struct taking *t, struct error *err)
{
    struct line_change changes[3];
    size_t count = 0;
    int64_t line = 0;
    int64_t due = 0;
    enum line_state state = LINE_ACTIVE;
    struct str said = text(t, "state");
    enum status status = the_line(t, &line, err);
    if (!status && said.len && !line_state_named(said, &state))
        status = no_such("state", said, err);
    if (!status)
        status = day(t, "due", &due, err);
    if (due)
        changes[count++] = (struct line_change){.field = LINE_DUE, .number = due};
    if (number(t, "progress", -1) >= 0)
        changes[count++] =
            (struct line_change){.field = LINE_PROGRESS, .number = number(t, "progress", 0)};
    if (said.len)
        changes[count++] = (struct line_change){.field = LINE_STATE, .number = state};
    return status ? status : ledger_change_line(t->store, line, changes, count, &t->deed, err);
}

static enum status take_link(struct taking *t, struct error *err)
{
    int64_t before = 0;
    int64_t after = 0;
    struct line line;
    enum status status = line_named(t, "before", &before, err);
    if (!status)
        status = line_named(t, "after", &after, err);
    if (!status)
        status = ledger_find_line_by_id(t->arena, t->store, after, &line, err);
    return status ? status
                  : ledger_link_lines(t->arena, t->store, line.parent, before, after,
                                      number(t, "lag", 0), &t->deed, err);
}

static enum status take_freeze(struct taking *t, struct error *err)
{
    int64_t line = 0;
    enum status status = the_line(t, &line, err);
    return status ? status
                  : ledger_freeze_plan(t->arena, t->store, line, text(t, "name"), &t->deed, err);
}

/* --- indicators ----------------------------------------------------------------------------------- */

static enum status take_indicator(struct taking *t, struct error *err)
{
    struct indicator indicator = {
        .measure = text(t, "measure"),
        .places = (unsigned)number(t, "places", 0),
        .formula = text(t, "formula"),
        .due_day = (unsigned)number(t, "due_day", 10),
        .behind_percent = (unsigned)number(t, "behind_percent", 5),
    };
    struct str fold = text(t, "fold");
    struct str direction = text(t, "direction");
    enum status status = the_line(t, &indicator.line, err);
    if (!status)
        status = month(t, "begins", &indicator.begins, err);
    if (!status && !ledger_fold_named(fold, &indicator.fold))
        status = no_such("fold", fold, err);
    if (!status && !ledger_direction_named(direction, &indicator.direction))
        status = no_such("direction", direction, err);
    return status ? status : ledger_define_indicator(t->arena, t->store, &indicator, &t->deed, err);
}

/* "values" from the month "from" on; an empty one is left out. Those of a benchmark where `name` is not empty. */
static enum status take_values(struct taking *t, struct str name, struct error *err)
{
    size_t i;
    json_t *value;
    int first = 0;
    int64_t line = 0;
    int64_t by = 0;
    int64_t amount = 0;
    struct indicator indicator;
    enum status status = the_line(t, &line, err);
    if (!status)
        status = ledger_find_indicator(t->arena, t->store, line, &indicator, err);
    if (!status)
        status = month(t, "from", &first, err);
    if (!status)
        status = person(t, "by", t->by, &by, err);
    json_array_foreach(json_object_get(t->record, "values"), i, value)
    {
        struct str said = {json_string_value(value), json_string_length(value)};
        if (status || said.len == 0)
            continue;
        int at = first + (int)i;
        status = ledger_read_amount(said, indicator.places, &amount, err);
        if (!status && name.len)
            status = ledger_put_benchmark(t->store, line, name, at, amount, &t->deed, err);
        else if (!status)
            status = ledger_put_actual(t->store, &indicator, at, amount, by, &t->deed, err);
    }
    return status;
}

static enum status take_actuals(struct taking *t, struct error *err)
{
    return take_values(t, STR(""), err);
}

static enum status take_benchmark(struct taking *t, struct error *err)
{
    struct str name = text(t, "name");
    return name.len ? take_values(t, name, err)
                    : error_set(err, STATUS_INPUT, "A benchmark needs a name.", "参照值须有名称。");
}

static enum status take_target(struct taking *t, struct error *err)
{
    struct indicator indicator;
    struct indicator_target target = {
        .year = (int)number(t, "year", 0),
        .split = str_equal(text(t, "split"), STR("seasonal")) ? LEDGER_SEASONAL : LEDGER_EVEN,
    };
    int64_t line = 0;
    for (int i = 0; i < 12; i++)
        target.by_hand[i] = LEDGER_NONE;
    enum status status = the_line(t, &line, err);
    if (!status)
        status = ledger_find_indicator(t->arena, t->store, line, &indicator, err);
    if (!status)
        status = ledger_read_amount(text(t, "whole"), indicator.places, &target.whole, err);
    return status ? status
                  : ledger_put_target(t->arena, t->store, &indicator, &target, &t->deed, err);
}

/* --- projects ------------------------------------------------------------------------------------- */

/* Who takes a ledger in may act as everybody; who proposed, leads or reported is held apart all the same. */
#define EVERYBODY ((1U << PROJECT_WHOS) - 1U)

static enum status take_project(struct taking *t, struct error *err)
{
    struct ledger_project_deed deed = {
        .act = project_act_named(text(t, "act")),
        .is = EVERYBODY,
        .class = str_equal(text(t, "class"), STR("special")) ? PROJECT_SPECIAL : PROJECT_KEY,
    };
    int64_t line = 0;
    enum status status = the_line(t, &line, err);
    if (!status && deed.act == PROJECT_ACTS)
        status = no_such("act", text(t, "act"), err);
    if (!status)
        status = person(t, "by", t->by, &deed.member, err);
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
    enum status status = the_line(t, &line, err);
    if (!status)
        status = person(t, "by", t->by, &deed.member, err);
    return status
               ? status
               : ledger_mark_project(t->arena, t->store, line, &deed, marks, count, &t->deed, err);
}

static enum status take_watch(struct taking *t, struct error *err)
{
    struct ledger_watch_deed deed = {
        .watch = watch_named(text(t, "watch")),
        .act = watch_act_named(text(t, "act")),
        .is = EVERYBODY,
        .condition = (unsigned)number(t, "condition", 0),
        .words = text(t, "words"),
    };
    int64_t line = 0;
    enum status status = the_line(t, &line, err);
    if (!status && deed.watch == WATCHES)
        status = no_such("watch", text(t, "watch"), err);
    if (!status && deed.act == WATCH_ACTS)
        status = no_such("act", text(t, "act"), err);
    if (!status)
        status = person(t, "by", t->by, &deed.member, err);
    if (!status)
        status = day(t, "day", &deed.day, err);
    return status ? status
                  : ledger_act_on_watch(t->arena, t->store, line, &deed, t->today, &t->deed, err);
}

static enum status take_entry(struct taking *t, struct error *err)
{
    struct account_entry entry = {
        .kind = entry_kind_named(text(t, "kind")),
        .name = text(t, "name"),
        .source = text(t, "source"),
        .state = entry_state_named(text(t, "state")),
    };
    int64_t line = 0;
    enum status status = the_line(t, &line, err);
    if (!status && entry.kind == ENTRY_KINDS)
        status = no_such("kind", text(t, "kind"), err);
    if (!status && entry.state == ENTRY_STATES)
        status = no_such("state", text(t, "state"), err);
    if (!status && entry_is_money(entry.kind))
        status = ledger_read_amount(text(t, "amount"), 2, &entry.cents, err);
    if (!status)
        status = day(t, "day", &entry.day, err);
    if (!status)
        status = day(t, "due", &entry.due_day, err);
    if (!status)
        status = person(t, "by", t->by, &entry.member, err);
    return status ? status : ledger_enter(t->arena, t->store, line, &entry, &t->deed, err);
}

/* --- goals from above, programmes ----------------------------------------------------------------- */

static double real(const struct taking *t, const char *name, double otherwise)
{
    json_t *value = json_object_get(t->record, name);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

static struct str key_named(const struct taking *t, const char *name)
{
    struct str said = text(t, name);
    json_t *known = json_object_getn(t->keys, said.at, said.len);
    return known ? (struct str){json_string_value(known), json_string_length(known)} : said;
}

static void name_key(const struct taking *t, struct str key)
{
    struct str ref = text(t, "ref");
    if (ref.len)
        json_object_setn_new(t->keys, ref.at, ref.len, json_stringn(key.at, key.len));
}

static enum status take_higher(struct taking *t, struct error *err)
{
    struct higher_goal higher = {
        .title = text(t, "title"),
        .body = text(t, "body"),
        .document = text(t, "document"),
        .quantity = real(t, "quantity", 0),
        .measure = text(t, "measure"),
    };
    struct str level = text(t, "level");
    enum status status = day(t, "due", &higher.due_day, err);
    if (!status && !higher_level_named(level, &higher.level))
        status = no_such("level", level, err);
    if (!status)
        status = ledger_make_higher(t->arena, t->store, &higher, t->deed.now_ms, err);
    if (!status)
        name_key(t, higher.key);
    return status;
}

static enum status take_over(struct taking *t, struct error *err)
{
    struct higher_goal higher;
    int64_t line = 0;
    enum status status = the_line(t, &line, err);
    if (!status)
        status = ledger_find_higher(t->arena, t->store, key_named(t, "higher"), &higher, err);
    return status
               ? status
               : ledger_take_over(t->store, &higher, line, real(t, "amount", 100), &t->deed, err);
}

static enum status take_programme(struct taking *t, struct error *err)
{
    struct programme programme = {
        .name = text(t, "name"), .area = text(t, "area"), .body = text(t, "body")};
    enum status status = ledger_make_programme(t->arena, t->store, &programme, t->deed.now_ms, err);
    if (!status)
        name_key(t, programme.key);
    return status;
}

static enum status take_statement(struct taking *t, struct error *err)
{
    struct programme programme = {0};
    struct statement statement = {
        .subject = text(t, "subject"),
        .least = real(t, "least", (double)NAN),
        .most = real(t, "most", (double)NAN),
        .measure = text(t, "measure"),
        .place = text(t, "place"),
        .use = text(t, "use"),
    };
    enum status status =
        ledger_find_programme(t->arena, t->store, key_named(t, "programme"), &programme, err);
    if (!status)
        status = line_named(t, "line", &statement.line, err);
    if (!status)
        status = day(t, "first", &statement.first_day, err);
    if (!status)
        status = day(t, "last", &statement.last_day, err);
    statement.programme = programme.id;
    return status ? status : ledger_state(t->arena, t->store, &statement, t->deed.now_ms, err);
}

/* --- the file ------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum status (*take)(struct taking *t, struct error *err);
} TAKES[] = {
    {"unit", take_unit},           {"line", take_line},           {"change", take_change},
    {"link", take_link},           {"freeze", take_freeze},       {"indicator", take_indicator},
    {"actuals", take_actuals},     {"target", take_target},       {"benchmark", take_benchmark},
    {"project", take_project},     {"marks", take_marks},         {"watch", take_watch},
    {"entry", take_entry},         {"higher", take_higher},       {"take over", take_over},
    {"programme", take_programme}, {"statement", take_statement},
};

static enum status take(struct taking *t, struct str row, struct error *err)
{
    json_error_t why;
    enum status status = STATUS_INPUT;
    t->record = json_loadb(row.at, row.len, 0, &why);
    struct str what = text(t, "take");
    t->deed.why = text(t, "why");
    size_t i = 0;
    while (i < sizeof TAKES / sizeof *TAKES && !str_equal(what, str_of(TAKES[i].name)))
        i++;
    if (!json_is_object(t->record))
        (void)error_set(err, STATUS_INPUT, "This is no JSON object: %s", "不是 JSON 对象：%s",
                        why.text);
    else if (i == sizeof TAKES / sizeof *TAKES)
        (void)no_such("take", what, err);
    else
        status = TAKES[i].take(t, err);
    json_decref(t->record);
    t->record = NULL;
    arena_reset(t->arena);
    t->taken++;
    return status;
}

static enum status take_rows(struct taking *t, struct str rows, struct error *err)
{
    uint64_t row = 0;
    enum status status = STATUS_OK;
    for (size_t at = 0; at < rows.len && !status;) {
        size_t end = str_find(rows, STR("\n"), at);
        struct str one = str_trim(str_slice(rows, at, (end == SIZE_MAX ? rows.len : end) - at));
        struct error why;
        row++;
        at = end == SIZE_MAX ? rows.len : end + 1;
        if (call_interrupted())
            return error_set(err, STATUS_INTERRUPTED, "Stopped; nothing was taken in.",
                             "已停止，未导入任何内容。");
        status = one.len ? take(t, one, &why) : STATUS_OK;
        if (status)
            (void)error_within(err, &why, "Nothing was taken in. Line %" PRIu64 ": ",
                               "未导入任何内容。第 %" PRIu64 " 行：", row);
        else if (row % 1000 == 0)
            call_progress(t->call, "Import", "导入", at, rows.len);
    }
    call_progress(t->call, "Import", "导入", rows.len, rows.len);
    return status;
}

/* Units that are there already may be named too. */
static enum status know_units(struct taking *t, struct error *err)
{
    struct unit *units = NULL;
    size_t count = 0;
    enum status status = ledger_list_units(t->call->arena, t->store, &units, &count, err);
    for (size_t i = 0; i < count && !status; i++)
        json_object_setn_new(t->units, units[i].name.at, units[i].name.len,
                             json_integer(units[i].id));
    return status;
}

static enum status take_file(struct taking *t, struct str bytes, struct error *err)
{
    enum status status = know_units(t, err);
    if (!status)
        status = store_begin(t->store, err);
    if (!status)
        status = take_rows(t, bytes, err);
    if (!status)
        status = store_commit(t->store, err);
    if (status)
        store_rollback(t->store);
    return status;
}

static enum status run_import(struct call *call, struct error *err)
{
    struct str bytes;
    struct str by = STR("");
    struct member member;
    if (!call_option(call, "by", &by))
        return error_set(err, STATUS_USAGE, "Say with --by who takes the ledger in.",
                         "请以 --by 指明由谁导入。");
    enum status status = library_find_member(call->arena, call->store, by, &member, err);
    if (!status)
        status = call_read_file(call, call->arguments[0], FILE_MAX, &bytes, err);
    if (status)
        return status;
    struct taking t = {.call = call,
                       .store = call->store,
                       .arena = arena_make(),
                       .lines = json_object(),
                       .units = json_object(),
                       .members = json_object(),
                       .keys = json_object(),
                       .by = member.id,
                       .deed = {.now_ms = store_now_ms()}};
    t.today = calendar_day_of(t.deed.now_ms);
    store_act_as(call->store, library_member_id(call->arena, member.id));
    status = take_file(&t, bytes, err);
    arena_free(t.arena);
    json_decref(t.lines);
    json_decref(t.units);
    json_decref(t.members);
    json_decref(t.keys);
    if (!status && call->json)
        call_print_json(call, json_pack("{s:I}", "taken", (json_int_t)t.taken));
    else if (!status)
        call_say(call, "Took in %s.\n", "已导入 %s。\n",
                 call_count(call, t.taken, "record", "records", "条记录"));
    return status;
}

static const struct command_option import_options[] = {
    {"by", "MEMBER", "who takes it in and, where the file names nobody, did it",
     "由谁导入；文件未写明经办人的，即记为此人"},
    {0},
};

const struct command command_ledger_import = {
    .name = "ledger import",
    .arguments = "FILE.jsonl",
    .least = 1,
    .most = 1,
    .en = "Take a whole ledger in from a file with a JSON object a line.",
    .zh = "从文件导入整套台账，每行一个 JSON 对象。",
    .more_en =
        "Units, lines, goals from above, programmes, indicators with their figures, projects with marks, "
        "watches and accounts, links and frozen plans. Everything is checked and recorded as if it came through the "
        "pages; what does not fit is named by its line and nothing is taken. The operator's "
        "manual describes the objects.",
    .more_zh =
        "可导入单位、条目、上级目标、规划、指标及数据、项目及其评分、五盯和账目、先后关系、基线。"
        "各项与在页面上办理一样接受检查并留下记录；有一行不合要求，即指明行号且全部不予导入。"
        "各类对象见运行手册。",
    .example = "chancery ledger import ledger.jsonl --by office@example.org",
    .options = import_options,
    .json = true,
    .needs_store = true,
    .run = run_import,
};
