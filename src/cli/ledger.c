/* `chancery ledger import`: a whole ledger from a file, as from another system: units, lines, figures, projects with
 * their watches and accounts, plans frozen.
 *
 * The file has a JSON object a line. "take" says what it is (ledger_import.h); a line of the ledger gets a name of the
 * file's own by "ref", under which later lines of the file speak of it; its number does as well. Everything goes the
 * way that it takes through the pages, rules and history included, in one transaction. */
#include <inttypes.h>

#include "base/calendar.h"
#include "cli/command.h"
#include "cli/ledger_import.h"
#include "ledger/alarm.h"
#include "ledger/step.h"
#include "ledger/unit.h"
#include "library/member.h"
#include "library/setting.h"

#define FILE_MAX       ((size_t)1 << 30)
#define OFFICE_OPENS   9 /* hour at which a day of the file begins */
#define CLOCKS_AT_ONCE 500

/* --- the file ------------------------------------------------------------------------------------- */

static const struct take_row *const TAKES[] = {
    take_lines,          take_figures,   take_projects, take_above,
    take_supervision,    take_campaigns, take_reviews,  take_inspections,
    take_rectifications, take_studies,   take_policies, take_risks,
};

static const struct take_row *find_take(struct str what)
{
    for (size_t i = 0; i < sizeof TAKES / sizeof *TAKES; i++)
        for (const struct take_row *row = TAKES[i]; row->name; row++)
            if (str_equal(what, str_of(row->name)))
                return row;
    return NULL;
}

/* Lets lapse what does before the clock's next moment, in order: what lapses may open what lapses later. */
static enum status pass_time(struct taking *t, int64_t until_ms, struct error *err)
{
    int64_t moment_ms = 0;
    enum status status = ledger_next_lapse(t->store, 0, &moment_ms, err);
    while (!status && moment_ms <= until_ms) {
        int64_t after = 0;
        size_t lapsed = 0;
        do
            status = ledger_keep_clocks(t->arena, t->store, t->calendar, moment_ms, &after,
                                        CLOCKS_AT_ONCE, &lapsed, err);
        while (!status && after);
        if (!status)
            status = ledger_next_lapse(t->store, moment_ms, &moment_ms, err);
    }
    return status;
}

static enum status move_clock(struct taking *t, struct error *err)
{
    int64_t day;
    int64_t today = calendar_day_of(t->began_ms);
    enum status status = said_day(t, "on", &day, err);
    if (!status && (!day || day > today))
        return error_set(err, STATUS_INPUT, "\"on\" must say a day that has come.",
                         "“on”须为已到来的日期。");
    t->today = day;
    t->deed.now_ms =
        day == today ? t->began_ms : calendar_moment_of(day) + (int64_t)OFFICE_OPENS * 3600000;
    return status ? status : pass_time(t, t->deed.now_ms, err);
}

static enum status take_record(struct taking *t, struct error *err)
{
    struct str what = said_text(t, "take");
    const struct take_row *row = find_take(what);
    t->deed.why = said_text(t, "why");
    if (!what.len && json_object_get(t->record, "on"))
        return move_clock(t, err);
    return row ? row->take(t, err) : said_no("take", what, err);
}

static enum status take(struct taking *t, struct str row, struct error *err)
{
    json_error_t why;
    t->record = json_loadb(row.at, row.len, 0, &why);
    enum status status = json_is_object(t->record)
                             ? take_record(t, err)
                             : error_set(err, STATUS_INPUT, "This is no JSON object: %s",
                                         "不是 JSON 对象：%s", why.text);
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
        status = ledger_freshen(t->store, t->began_ms, err);
    if (!status)
        status = store_commit(t->store, err);
    if (status)
        store_rollback(t->store);
    return status;
}

static enum status load_calendar(struct taking *t, struct error *err)
{
    struct str name;
    enum status status =
        library_get_setting(t->call->arena, t->store, STR("ledger.calendar"), &name, err);
    return status
               ? status
               : workday_load(t->call->arena, name.len ? name : STR("weekdays"), &t->calendar, err);
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
                       .began_ms = store_now_ms()};
    t.deed.now_ms = t.began_ms;
    t.today = calendar_day_of(t.began_ms);
    store_act_as(call->store, library_member_id(call->arena, member.id));
    status = load_calendar(&t, err);
    if (!status)
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
        "Units, lines of every kind, and what was done with them. Everything is checked and recorded as if it "
        "came through the pages; what does not fit is named by its line and nothing is taken. The operator's "
        "manual describes the objects.",
    .more_zh =
        "可导入单位、各类条目及其办理情况。"
        "各项与在页面上办理一样接受检查并留下记录；有一行不合要求，即指明行号且全部不予导入。"
        "各类对象见运维手册。",
    .example = "chancery ledger import ledger.jsonl --by office@example.org",
    .options = import_options,
    .json = true,
    .needs_store = true,
    .run = run_import,
};
