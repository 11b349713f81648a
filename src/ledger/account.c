/* Accounts of projects, kept; see account.h. */
#include "ledger/account.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/json.h"
#include "ledger/key.h"

static const struct {
    const char *name, *en, *zh;
    const char *source_en, *source_zh;
    const char *states_en[ENTRY_STATES], *states_zh[ENTRY_STATES];
} KINDS[ENTRY_KINDS] = {
    [ENTRY_PLANNED] = {"planned", "Money planned", "计划资金", "From", "资金来源", {""}, {""}},
    [ENTRY_PAID] = {"paid", "Money paid", "支付资金", "From", "资金来源", {""}, {""}},
    [ENTRY_LAND] = {"land",
                    "Land",
                    "用地",
                    "Where, how much",
                    "位置与面积",
                    {"", "needed", "in procedure", "handed over"},
                    {"", "待供", "报批中", "已交付"}},
    [ENTRY_PERMIT] = {"permit",
                      "Permits",
                      "手续",
                      "Granted by",
                      "审批单位",
                      {"", "needed", "applied for", "granted"},
                      {"", "待办", "已申报", "已取得"}},
    [ENTRY_PARTY] = {"party",
                     "Parties",
                     "参建单位",
                     "Part in it",
                     "承担角色",
                     {"", "to be found", "in talks", "under contract"},
                     {"", "待确定", "洽谈中", "已签约"}},
    [ENTRY_DOCUMENT] = {"document",
                        "Documents",
                        "文件资料",
                        "Number, or where it is kept",
                        "文号或存放处",
                        {"", "to be made", "in preparation", "on file"},
                        {"", "待编制", "编制中", "已归档"}},
};
static const char *const STATES[ENTRY_STATES] = {"", "wanted", "asked", "held"};

const char *entry_kind_name(enum entry_kind kind)
{
    return KINDS[kind].name;
}

const char *entry_kind_words(enum entry_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].en, KINDS[kind].zh);
}

enum entry_kind entry_kind_named(struct str name)
{
    int at = 0;
    while (at < ENTRY_KINDS && !str_equal(name, str_of(KINDS[at].name)))
        at++;
    return (enum entry_kind)at;
}

const char *entry_source_words(enum entry_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].source_en, KINDS[kind].source_zh);
}

const char *entry_state_name(enum entry_state state)
{
    return STATES[state];
}

const char *entry_state_words(enum entry_kind kind, enum entry_state state, enum lang lang)
{
    return state == ENTRY_MONEY
               ? ""
               : lang_pick(lang, KINDS[kind].states_en[state], KINDS[kind].states_zh[state]);
}

enum entry_state entry_state_named(struct str name)
{
    int at = 0;
    while (at < ENTRY_STATES && !str_equal(name, str_of(STATES[at])))
        at++;
    return (enum entry_state)at;
}

/* --- found -------------------------------------------------------------------------------------- */

#define ENTRY_SQL                                                                       \
    "SELECT id, key, kind, name, source, cents, state, day, due_day, member, added_ms," \
    " struck_ms, struck_why FROM project_entry WHERE line = ?1"

static void take_entry(struct arena *arena, struct query *q, struct account_entry *e)
{
    *e = (struct account_entry){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .kind = entry_kind_named(query_str(q, 2)),
        .name = str_copy(arena, query_str(q, 3)),
        .source = str_copy(arena, query_str(q, 4)),
        .cents = query_int(q, 5),
        .state = entry_state_named(query_str(q, 6)),
        .day = query_int(q, 7),
        .due_day = query_int(q, 8),
        .member = query_int(q, 9),
        .added_ms = query_int(q, 10),
        .struck_ms = query_int(q, 11),
        .struck_why = str_copy(arena, query_str(q, 12)),
    };
}

enum status ledger_list_entries(struct arena *arena, struct store *store, int64_t line,
                                struct account_entry **list, size_t *count, struct error *err)
{
    struct query *q = query_start(store, ENTRY_SQL " ORDER BY kind, day IS NULL, day, due_day, id");
    *list = NULL;
    *count = 0;
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        *list = arena_one_more(arena, *list, *count, sizeof **list);
        take_entry(arena, q, &(*list)[(*count)++]);
    }
    return query_end(q, err);
}

enum status ledger_find_entry(struct arena *arena, struct store *store, int64_t line,
                              struct str key, struct account_entry *entry, struct error *err)
{
    struct query *q = query_start(store, ENTRY_SQL " AND key = ?2");
    query_bind_int(q, 1, line);
    query_bind_str(q, 2, key);
    bool found = query_row(q);
    if (found)
        take_entry(arena, q, entry);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such entry in this account.",
                         "本台账没有该项登记。");
    return status;
}

static enum status find_standing(struct arena *arena, struct store *store, int64_t line,
                                 struct str key, struct account_entry *entry, struct error *err)
{
    enum status status = ledger_find_entry(arena, store, line, key, entry, err);
    if (!status && entry->struck_ms)
        return error_set(err, STATUS_CONFLICT, "That entry is struck.", "该项登记已作废。");
    return status;
}

/* --- entered ------------------------------------------------------------------------------------ */

static enum status check_entry(const struct account_entry *e, struct error *err)
{
    if (!ledger_is_line_of_text(e->name, 1, ENTRY_NAME_MAX) ||
        !ledger_is_line_of_text(e->source, 0, ENTRY_NAME_MAX))
        return error_in(err, "name",
                        error_set(err, STATUS_INPUT,
                                  "Say what it is for, in at most %d characters.",
                                  "请填写名称或用途，不超过 %d 个字。", ENTRY_NAME_MAX));
    if (entry_is_money(e->kind) && !e->day)
        return error_in(err, "day",
                        error_set(err, STATUS_INPUT, "Money has a day.", "请填写资金日期。"));
    if (entry_is_money(e->kind) &&
        (e->cents == 0 || e->cents > ENTRY_CENTS_MAX || e->cents < -ENTRY_CENTS_MAX))
        return error_in(err, "amount",
                        error_set(err, STATUS_INPUT,
                                  "The amount is nothing, or beyond 100,000,000,000.",
                                  "金额为零，或超过一千亿。"));
    if (!entry_is_money(e->kind) && (e->state == ENTRY_MONEY || e->state >= ENTRY_STATES))
        return error_in(err, "state",
                        error_set(err, STATUS_INPUT, "Choose how it stands.", "请选择办理状态。"));
    return STATUS_OK;
}

static enum status check_line(struct arena *arena, struct store *store, int64_t line,
                              struct error *err)
{
    struct line found;
    enum status status = ledger_find_line_by_id(arena, store, line, &found, err);
    if (!status && found.kind != LEDGER_PROJECT)
        return error_set(err, STATUS_CONFLICT, "Only projects have accounts.", "仅项目设有台账。");
    if (status)
        return status;
    struct query *q = query_start(store, "SELECT count(*) FROM project_entry WHERE line = ?1");
    query_bind_int(q, 1, line);
    bool full = query_row(q) && query_int(q, 0) >= ENTRIES_MAX;
    status = query_end(q, err);
    if (!status && full)
        return error_set(err, STATUS_CONFLICT, "The account holds %d entries and is full.",
                         "台账已有 %d 项登记，不能再增加。", ENTRIES_MAX);
    return status;
}

static enum status insert_entry(struct store *store, int64_t line, struct account_entry *e,
                                struct error *err)
{
    bool money = entry_is_money(e->kind);
    struct query *q = query_start(
        store, "INSERT INTO project_entry (key, line, kind, name, source, cents, day, due_day,"
               " state, member, added_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    query_bind_str(q, 1, e->key);
    query_bind_int(q, 2, line);
    query_bind_str(q, 3, str_of(entry_kind_name(e->kind)));
    query_bind_str(q, 4, e->name);
    query_bind_str(q, 5, e->source);
    query_bind_int_or_null(q, 6, money ? e->cents : 0);
    query_bind_int_or_null(q, 7, e->day);
    query_bind_int_or_null(q, 8, money ? 0 : e->due_day);
    query_bind_str(q, 9, str_of(entry_state_name(money ? ENTRY_MONEY : e->state)));
    query_bind_int(q, 10, e->member);
    query_bind_int(q, 11, e->added_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    e->id = status ? 0 : store_last_id(store);
    return status;
}

/* What lists and frozen plans go by. */
static enum status keep_sums(struct store *store, int64_t line, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT OR REPLACE INTO project_money (line, planned, paid)"
                           " SELECT ?1, coalesce(sum(cents) FILTER (WHERE kind = 'planned'), 0),"
                           " coalesce(sum(cents) FILTER (WHERE kind = 'paid'), 0)"
                           " FROM project_entry WHERE line = ?1 AND struck_ms IS NULL");
    query_bind_int(q, 1, line);
    (void)query_row(q);
    return query_end(q, err);
}

static json_t *data_of(const struct account_entry *e)
{
    json_t *data = json_pack("{s:s, s:o, s:o, s:o}", "kind", entry_kind_name(e->kind), "name",
                             str_to_json(e->name), "source", str_to_json(e->source), "day",
                             ledger_json_day(e->day));
    if (entry_is_money(e->kind))
        (void)json_object_set_new(data, "cents", json_integer(e->cents));
    return data;
}

enum status ledger_enter(struct arena *arena, struct store *store, int64_t line,
                         struct account_entry *entry, const struct ledger_deed *deed,
                         struct error *err)
{
    entry->name = str_trim(entry->name);
    entry->source = str_trim(entry->source);
    entry->added_ms = deed->now_ms;
    enum status status = check_entry(entry, err);
    if (!status)
        status = check_line(arena, store, line, err);
    if (!status)
        status = digest_random_key(arena, &entry->key, err);
    if (!status)
        status = insert_entry(store, line, entry, err);
    if (!status)
        status = keep_sums(store, line, err);
    return status ? status : ledger_record(store, line, "line.entered", data_of(entry), deed, err);
}

enum status ledger_set_entry(struct arena *arena, struct store *store, int64_t line, struct str key,
                             enum entry_state state, int64_t day, const struct ledger_deed *deed,
                             struct error *err)
{
    struct account_entry entry;
    enum status status = find_standing(arena, store, line, key, &entry, err);
    if (!status && (entry_is_money(entry.kind) || state == ENTRY_MONEY || state >= ENTRY_STATES))
        return error_in(err, "state",
                        error_set(err, STATUS_INPUT, "Choose how it stands.", "请选择办理状态。"));
    if (status || (entry.state == state && entry.day == day))
        return status;
    struct query *q =
        query_start(store, "UPDATE project_entry SET state = ?2, day = ?3 WHERE id = ?1");
    query_bind_int(q, 1, entry.id);
    query_bind_str(q, 2, str_of(entry_state_name(state)));
    query_bind_int_or_null(q, 3, day);
    (void)query_row(q);
    status = query_end(q, err);
    if (status)
        return status;
    json_t *data =
        json_pack("{s:s, s:o, s:[s, s], s:o}", "kind", entry_kind_name(entry.kind), "name",
                  str_to_json(entry.name), "entry", entry_state_name(entry.state),
                  entry_state_name(state), "day", ledger_json_day(day));
    return ledger_record(store, line, "line.entry", data, deed, err);
}

enum status ledger_strike_entry(struct arena *arena, struct store *store, int64_t line,
                                struct str key, const struct ledger_deed *deed, struct error *err)
{
    struct account_entry entry;
    enum status status = find_standing(arena, store, line, key, &entry, err);
    if (!status && !str_trim(deed->why).len)
        return error_set(err, STATUS_INPUT, "Say why the entry is struck.", "请说明作废的理由。");
    if (!status && !ledger_is_text(deed->why, LINE_WHY_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         LINE_WHY_MAX);
    if (status)
        return status;
    struct query *q = query_start(
        store, "UPDATE project_entry SET struck_ms = ?2, struck_why = ?3 WHERE id = ?1");
    query_bind_int(q, 1, entry.id);
    query_bind_int(q, 2, deed->now_ms);
    query_bind_str(q, 3, str_trim(deed->why));
    (void)query_row(q);
    status = query_end(q, err);
    if (!status)
        status = keep_sums(store, line, err);
    return status ? status : ledger_record(store, line, "line.struck", data_of(&entry), deed, err);
}

/* --- sums --------------------------------------------------------------------------------------- */

static int year_of(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return year;
}

static void add_money(struct account_part *part, const struct account_entry *e)
{
    *(e->kind == ENTRY_PLANNED ? &part->planned : &part->paid) += e->cents;
}

/* The part with that source, made where there is none yet; the array has room for every entry. */
static struct account_part *part_of_source(struct account_sum *sum, struct str source)
{
    for (size_t i = 0; i < sum->nsources; i++)
        if (str_equal(sum->sources[i].source, source))
            return &sum->sources[i];
    sum->sources[sum->nsources] = (struct account_part){.source = source};
    return &sum->sources[sum->nsources++];
}

static struct account_part *part_of_year(struct account_sum *sum, int year)
{
    size_t at = 0;
    while (at < sum->nyears && sum->years[at].year < year)
        at++;
    if (at < sum->nyears && sum->years[at].year == year)
        return &sum->years[at];
    for (size_t i = sum->nyears++; i > at; i--)
        sum->years[i] = sum->years[i - 1];
    sum->years[at] = (struct account_part){.year = year};
    return &sum->years[at];
}

void account_sum(struct arena *arena, const struct account_entry *entries, size_t count,
                 int64_t today, struct account_sum *sum)
{
    *sum = (struct account_sum){
        .sources = arena_array(arena, count + 1, struct account_part),
        .years = arena_array(arena, count + 1, struct account_part),
    };
    for (size_t i = 0; i < count; i++) {
        const struct account_entry *e = &entries[i];
        if (e->struck_ms)
            continue;
        if (entry_is_money(e->kind)) {
            *(e->kind == ENTRY_PLANNED ? &sum->planned : &sum->paid) += e->cents;
            add_money(part_of_source(sum, e->source), e);
            add_money(part_of_year(sum, year_of(e->day)), e);
            continue;
        }
        sum->needs++;
        sum->held += e->state == ENTRY_HELD;
        sum->late += e->state != ENTRY_HELD && e->due_day && e->due_day < today;
    }
}

struct str account_money(struct arena *arena, int64_t cents)
{
    unsigned long long value = (unsigned long long)(cents < 0 ? -cents : cents);
    struct str whole = str_format(arena, "%llu", value / 100);
    struct buf out = {.arena = arena};
    if (cents < 0)
        buf_add_byte(&out, '-');
    for (size_t i = 0; i < whole.len; i++) {
        if (i && (whole.len - i) % 3 == 0)
            buf_add_byte(&out, ',');
        buf_add_byte(&out, whole.at[i]);
    }
    buf_format(&out, ".%02llu", value % 100);
    return buf_str(&out);
}
