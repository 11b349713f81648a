/* Lines in the store; see line.h. */
#include "ledger/line.h"
#include "ledger/answered.h"

#include <math.h>

#include "base/calendar.h"
#include "base/json.h"
#include "ledger/campaign.h"
#include "ledger/inspect.h"
#include "ledger/key.h"
#include "ledger/policy.h"
#include "ledger/project.h"
#include "ledger/rectify.h"
#include "ledger/review.h"
#include "ledger/risk.h"
#include "ledger/session.h"
#include "ledger/sum.h"

static const struct {
    const char *name, *en, *zh;
} STATES[LINE_STATES] = {
    [LINE_PROPOSED] = {"proposed", "Proposed", "待定"},
    [LINE_ACTIVE] = {"active", "Under way", "推进中"},
    [LINE_DONE] = {"done", "Done", "已完成"},
    [LINE_CLOSED] = {"closed", "Closed", "已关闭"},
};

const char *line_state_name(enum line_state state)
{
    return STATES[state].name;
}

bool line_state_named(struct str name, enum line_state *state)
{
    for (int i = 0; i < LINE_STATES; i++) {
        if (str_equal(name, str_of(STATES[i].name))) {
            *state = (enum line_state)i;
            return true;
        }
    }
    return false;
}

enum line_state line_first_state(enum ledger_kind kind)
{
    return kind == LEDGER_CAMPAIGN ? LINE_PROPOSED : LINE_ACTIVE;
}

const char *line_state_word(enum line_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const struct line_field_row line_fields[LINE_FIELDS] = {
    [LINE_TITLE] = {"title", LINE_VALUE_TEXT, "Title", "名称"},
    [LINE_TEXT] = {"text", LINE_VALUE_TEXT, "Details", "说明"},
    [LINE_STATE] = {"state", LINE_VALUE_STATE, "State", "状态"},
    [LINE_PARENT] = {"parent", LINE_VALUE_LINE, "Part of", "上级条目"},
    [LINE_UNIT] = {"unit", LINE_VALUE_UNIT, "Unit", "责任单位"},
    [LINE_LEAD] = {"lead", LINE_VALUE_MEMBER, "Lead", "分包领导"},
    [LINE_BEGINS] = {"begins_day", LINE_VALUE_DAY, "Begins", "开始日期"},
    [LINE_DUE] = {"due_day", LINE_VALUE_DAY, "Due", "完成期限"},
    [LINE_WEIGHT] = {"weight", LINE_VALUE_NUMBER, "Weight", "权重"},
    [LINE_PROGRESS] = {"progress", LINE_VALUE_NUMBER, "Progress", "进度"},
};

/* --- found -------------------------------------------------------------------------------------- */

void ledger_take_line(struct arena *arena, struct query *q, struct line *line)
{
    *line = (struct line){
        .id = query_int(q, 0),
        .key = str_copy(arena, query_str(q, 1)),
        .number = str_copy(arena, query_str(q, 3)),
        .title = str_copy(arena, query_str(q, 4)),
        .text = str_copy(arena, query_str(q, 5)),
        .parent = query_int(q, 7),
        .unit = query_int(q, 8),
        .lead = query_int(q, 9),
        .begins_day = query_int(q, 10),
        .due_day = query_int(q, 11),
        .weight = query_real(q, 12),
        .progress = query_int(q, 13),
        .created_ms = query_int(q, 14),
        .changed_ms = query_int(q, 15),
        .ended_ms = query_int(q, 16),
        .ended_why = str_copy(arena, query_str(q, 17)),
    };
    (void)ledger_kind_named(query_str(q, 2), &line->kind);
    (void)line_state_named(query_str(q, 6), &line->state);
}

enum status ledger_take_lines(struct arena *arena, struct query *q, struct line **list,
                              size_t *count, struct error *err)
{
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(arena, *list, n, sizeof **list);
        ledger_take_line(arena, q, &(*list)[n]);
    }
    return query_end(q, err);
}

static enum status take_one(struct arena *arena, struct query *q, struct line *line,
                            struct error *err)
{
    bool found = query_row(q);
    if (found)
        ledger_take_line(arena, q, line);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_MISSING, "There is no such line in the ledger.",
                         "台账中没有这一条目。");
    return status;
}

enum status ledger_find_line(struct arena *arena, struct store *store, struct str key,
                             struct line *line, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM line l WHERE l.key = ?1");
    query_bind_str(q, 1, key);
    return take_one(arena, q, line, err);
}

enum status ledger_find_line_by_id(struct arena *arena, struct store *store, int64_t id,
                                   struct line *line, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM line l WHERE l.id = ?1");
    query_bind_int(q, 1, id);
    return take_one(arena, q, line, err);
}

enum status ledger_find_line_numbered(struct arena *arena, struct store *store, struct str number,
                                      struct line *line, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM line l WHERE l.number = upper(?1)");
    query_bind_str(q, 1, number);
    enum status status = take_one(arena, q, line, err);
    if (status == STATUS_MISSING)
        return error_set(err, status, "No line has the number \"%.*s\"; numbers are like G12.",
                         "没有编号为“%.*s”的条目，编号形如 G12。", STR_ARG(number));
    return status;
}

enum status ledger_list_children(struct arena *arena, struct store *store, int64_t parent,
                                 struct line **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT " LINE_COLUMNS("l") " FROM line l"
                                                       " WHERE l.parent = ?1 ORDER BY l.id");
    query_bind_int(q, 1, parent);
    return ledger_take_lines(arena, q, list, count, err);
}

/* --- checked ------------------------------------------------------------------------------------ */

static bool is_day(int64_t day)
{
    return day == 0 ||
           (day >= calendar_day_number(1900, 1, 1) && day <= calendar_day_number(9999, 12, 31));
}

static enum status check_fields(const struct line *line, struct error *err)
{
    if (!ledger_is_line_of_text(line->title, 1, LINE_TITLE_MAX))
        return error_in(err, "title",
                        error_set(err, STATUS_INPUT,
                                  "The title must have 1 to %d characters, on one line.",
                                  "名称应为一行，1 至 %d 个字。", LINE_TITLE_MAX));
    if (!ledger_is_text(line->text, LINE_TEXT_MAX))
        return error_in(
            err, "text",
            error_set(err, STATUS_INPUT,
                      "The details have more than %d characters, or control characters.",
                      "说明超过 %d 个字，或含有控制字符。", LINE_TEXT_MAX));
    if (!is_day(line->begins_day) || !is_day(line->due_day))
        return error_set(err, STATUS_INPUT, "There is no such day.", "没有这个日期。");
    if (line->begins_day && line->due_day && line->begins_day > line->due_day)
        return error_in(err, "begins",
                        error_set(err, STATUS_INPUT, "It begins after the day on which it is due.",
                                  "开始日期晚于完成期限。"));
    if (!(isfinite(line->weight) && line->weight >= 0 && line->weight <= 1e6))
        return error_in(err, "weight",
                        error_set(err, STATUS_INPUT, "A weight is a number from 0 to 1,000,000.",
                                  "权重应为 0 至 1,000,000 的数。"));
    if (line->progress < 0 || line->progress > 100)
        return error_in(err, "progress",
                        error_set(err, STATUS_INPUT, "Progress is a whole number from 0 to 100.",
                                  "进度应为 0 至 100 的整数。"));
    return STATUS_OK;
}

/* Runs a query of one column over ?1 and ?2; *answer is -1 where it has no row. */
static enum status ask(struct store *store, const char *sql, int64_t one, int64_t two,
                       int64_t *answer, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, one);
    query_bind_int(q, 2, two);
    *answer = query_row(q) ? query_int(q, 0) : -1;
    return query_end(q, err);
}

static enum status check_unit(struct store *store, int64_t unit, struct error *err)
{
    int64_t closed = 0;
    enum status status =
        unit ? ask(store, "SELECT closed_ms IS NOT NULL FROM unit WHERE id = ?1 AND ?2 = 0", unit,
                   0, &closed, err)
             : STATUS_OK;
    if (status || closed == 0)
        return status;
    if (closed < 0)
        return error_set(err, STATUS_MISSING, "There is no such unit.", "没有这个单位。");
    return error_in(err, "unit",
                    error_set(err, STATUS_CONFLICT, "That unit is closed and takes no lines.",
                              "该单位已关闭，不再承担条目。"));
}

/* `line` is 0 for one that is still to be made. */
static enum status check_parent(struct store *store, int64_t line, int64_t parent,
                                struct error *err)
{
    int64_t closed = 0;
    int64_t under = 0;
    if (!parent)
        return STATUS_OK;
    enum status status = ask(store, "SELECT state = 'closed' FROM line WHERE id = ?1 AND ?2 = 0",
                             parent, 0, &closed, err);
    if (!status && closed >= 0)
        status = ask(store,
                     "WITH RECURSIVE above (id) AS (SELECT ?1 UNION SELECT l.parent FROM line l"
                     " JOIN above a ON l.id = a.id WHERE l.parent IS NOT NULL)"
                     " SELECT EXISTS (SELECT 1 FROM above WHERE id = ?2)",
                     parent, line, &under, err);
    if (status)
        return status;
    if (closed < 0)
        return error_set(err, STATUS_MISSING, "There is no line that it could be part of.",
                         "上级条目不存在。");
    if (closed)
        return error_in(err, "part_of",
                        error_set(err, STATUS_CONFLICT,
                                  "The line that it would be part of is closed.",
                                  "上级条目已关闭。"));
    if (under)
        return error_in(err, "part_of",
                        error_set(err, STATUS_CONFLICT, "A line can't be part of itself.",
                                  "条目不能隶属于自身。"));
    return STATUS_OK;
}

static enum status check_lead(struct store *store, int64_t lead, struct error *err)
{
    int64_t found = 0;
    enum status status =
        lead ? ask(store, "SELECT 1 FROM member WHERE id = ?1 AND ?2 = 0 AND erased_ms IS NULL",
                   lead, 0, &found, err)
             : STATUS_OK;
    if (!status && found < 0)
        return error_set(err, STATUS_MISSING, "There is no such member.", "没有这名成员。");
    return status;
}

/* --- made --------------------------------------------------------------------------------------- */

static enum status next_number(struct arena *arena, struct store *store, enum ledger_kind kind,
                               struct str *number, struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO line_count (kind, last) VALUES (?1, 1)"
                           " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last");
    query_bind_str(q, 1, str_of(ledger_kind_name(kind)));
    if (query_row(q))
        *number = str_format(arena, "%c%lld", ledger_kind_letter(kind), (long long)query_int(q, 0));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status insert_line(struct store *store, struct line *line, struct error *err)
{
    struct query *q = query_start(
        store, "INSERT INTO line (key, kind, number, title, text, state, parent, unit, lead,"
               " begins_day, due_day, weight, progress, created_ms, changed_ms)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14)");
    query_bind_str(q, 1, line->key);
    query_bind_str(q, 2, str_of(ledger_kind_name(line->kind)));
    query_bind_str(q, 3, line->number);
    query_bind_str(q, 4, line->title);
    query_bind_str(q, 5, line->text);
    query_bind_str(q, 6, str_of(line_state_name(line->state)));
    query_bind_int_or_null(q, 7, line->parent);
    query_bind_int_or_null(q, 8, line->unit);
    query_bind_int_or_null(q, 9, line->lead);
    query_bind_int_or_null(q, 10, line->begins_day);
    query_bind_int_or_null(q, 11, line->due_day);
    query_bind_real(q, 12, line->weight);
    query_bind_int(q, 13, line->progress);
    query_bind_int(q, 14, line->created_ms);
    (void)query_row(q);
    enum status status = query_end(q, err);
    line->id = status ? 0 : store_last_id(store);
    return status;
}

json_t *ledger_field_json(const struct line *line, enum line_field field)
{
    switch (field) {
    case LINE_TITLE:
        return str_to_json(line->title);
    case LINE_TEXT:
        return str_to_json(line->text);
    case LINE_STATE:
        return json_string(line_state_name(line->state));
    case LINE_PARENT:
        return ledger_json_id('L', line->parent);
    case LINE_UNIT:
        return ledger_json_id('U', line->unit);
    case LINE_LEAD:
        return ledger_json_id('M', line->lead);
    case LINE_BEGINS:
        return ledger_json_day(line->begins_day);
    case LINE_DUE:
        return ledger_json_day(line->due_day);
    case LINE_WEIGHT:
        return json_real(line->weight);
    case LINE_PROGRESS:
        return json_integer(line->progress);
    case LINE_FIELDS:
        break;
    }
    return json_null();
}

static bool read_id(json_t *value, char letter, int64_t *id)
{
    uint64_t number = 0;
    struct str text = str_of(json_string_value(value));
    *id = 0;
    if (json_is_null(value))
        return true;
    if (!text.len || text.at[0] != letter || !str_to_u64(str_slice(text, 1, text.len), &number))
        return false;
    *id = (int64_t)number;
    return true;
}

bool ledger_read_field(struct arena *arena, json_t *value, enum line_field field,
                       struct line_change *change)
{
    enum line_state state = LINE_PROPOSED;
    struct str text = {json_string_value(value), json_string_length(value)};
    bool good = false;
    *change = (struct line_change){.field = field};
    switch (line_fields[field].kind) {
    case LINE_VALUE_TEXT:
        change->text = str_copy(arena, text);
        return json_is_string(value);
    case LINE_VALUE_STATE:
        good = json_is_string(value) && line_state_named(text, &state);
        change->number = state;
        return good;
    case LINE_VALUE_LINE:
        return read_id(value, 'L', &change->number);
    case LINE_VALUE_UNIT:
        return read_id(value, 'U', &change->number);
    case LINE_VALUE_MEMBER:
        return read_id(value, 'M', &change->number);
    case LINE_VALUE_DAY:
        return json_is_null(value) ||
               (json_is_string(value) && calendar_read_date(text, &change->number));
    case LINE_VALUE_NUMBER:
        change->real = json_number_value(value);
        change->number = json_integer_value(value);
        return json_is_number(value);
    }
    return false;
}

enum status ledger_make_line(struct arena *arena, struct store *store, struct line *line,
                             const struct ledger_deed *deed, struct error *err)
{
    line->created_ms = line->changed_ms = deed->now_ms;
    enum status status = check_fields(line, err);
    if (!status && line->state > LINE_ACTIVE)
        return error_set(err, STATUS_INPUT, "A new line is proposed or under way.",
                         "新条目应为待定或推进中。");
    if (!status)
        status = check_unit(store, line->unit, err);
    if (!status)
        status = check_parent(store, 0, line->parent, err);
    if (!status)
        status = check_lead(store, line->lead, err);
    if (!status)
        status = digest_random_key(arena, &line->key, err);
    if (!status)
        status = next_number(arena, store, line->kind, &line->number, err);
    if (!status)
        status = insert_line(store, line, err);
    if (status)
        return status;
    json_t *data = json_pack("{s:s, s:o}", "kind", ledger_kind_name(line->kind), "number",
                             str_to_json(line->number));
    for (int field = 0; field < LINE_FIELDS; field++)
        json_object_set_new(data, line_fields[field].name,
                            ledger_field_json(line, (enum line_field)field));
    status = ledger_record(store, line->id, "line.made", data, deed, err);
    return status ? status : ledger_sum_up(store, line->parent, deed, err);
}

/* --- changed ------------------------------------------------------------------------------------ */

static void put(struct line *line, const struct line_change *c)
{
    switch (c->field) {
    case LINE_TITLE:
        line->title = c->text;
        break;
    case LINE_TEXT:
        line->text = c->text;
        break;
    case LINE_STATE:
        line->state = (enum line_state)c->number;
        break;
    case LINE_PARENT:
        line->parent = c->number;
        break;
    case LINE_UNIT:
        line->unit = c->number;
        break;
    case LINE_LEAD:
        line->lead = c->number;
        break;
    case LINE_BEGINS:
        line->begins_day = c->number;
        break;
    case LINE_DUE:
        line->due_day = c->number;
        break;
    case LINE_WEIGHT:
        line->weight = c->real;
        break;
    case LINE_PROGRESS:
        line->progress = c->number;
        break;
    case LINE_FIELDS:
        break;
    }
}

/* Ended since when and why, as the state says. */
static enum status settle_end(const struct line *was, struct line *is,
                              const struct ledger_deed *deed, struct error *err)
{
    if (was->state == is->state)
        return STATUS_OK;
    if (is->state == LINE_CLOSED && !deed->why.len)
        return error_in(
            err, "why",
            error_set(err, STATUS_INPUT, "Say why the line is closed.", "请说明关闭的理由。"));
    is->ended_ms = is->state >= LINE_DONE ? deed->now_ms : 0;
    is->ended_why = is->state == LINE_CLOSED ? deed->why : STR("");
    return STATUS_OK;
}

static bool fits_project(struct str state, enum line_state line)
{
    return project_line_state(project_state_named(state)) == line;
}

static bool fits_policy(struct str state, enum line_state line)
{
    return policy_line_state((enum policy_state)machine_named(policy_machine.states, state)) ==
           line;
}

/* What is found and not taken up yet may be proposed too. */
static bool fits_rectification(struct str state, enum line_state line)
{
    int at = machine_named(rectify_machine.states, state);
    return rectify_line_state((enum rectify_state)at) == line ||
           (at == RECTIFY_FOUND && line == LINE_PROPOSED);
}

static bool fits_study(struct str state, enum line_state line)
{
    int at = machine_named(session_machine.states, state);
    return session_line_state((enum session_state)at) == line ||
           (at == SESSION_PLANNED && line == LINE_PROPOSED);
}

static bool fits_review(struct str state, enum line_state line)
{
    return review_line_state(review_state_named(state)) == line;
}

static bool fits_inspection(struct str state, enum line_state line)
{
    int at = machine_named(inspect_machine.states, state);
    return inspect_line_state((enum inspect_state)at) == line;
}

static bool fits_campaign(struct str state, enum line_state line)
{
    return str_equal(state, str_of(line_state_name(line)));
}

static bool fits_risk(struct str state, enum line_state line)
{
    return risk_line_state((enum risk_state)machine_named(risk_machine.states, state)) == line;
}

/* Kinds that go by a machine of their own: the line's state follows from it. A query gives the machine's state by the
 * line's id, no row where the line doesn't go by it. */
static const struct {
    const char *sql;
    bool (*fits)(struct str state, enum line_state line);
    const char *en, *zh; /* why not, without its full stop */
} MACHINES[] = {
    {"SELECT state FROM project WHERE line = ?1", fits_project,
     "The state of a project is changed where it stands in the library",
     "项目状态须在“入库管理”页面办理"},
    {"SELECT state FROM policy WHERE line = ?1", fits_policy,
     "The state of a policy is changed where it stands in the register",
     "政策状态须在“政策推进”页面办理"},
    {"SELECT coalesce(r.state, 'found') FROM line l LEFT JOIN rectification r ON r.line = l.id"
     " WHERE l.id = ?1 AND l.kind = 'rectification'",
     fits_rectification, "The state of a rectification is changed by its own acts",
     "整改事项的状态须在“整改”页面办理"},
    {"SELECT coalesce(s.state, 'planned') FROM line l LEFT JOIN study s ON s.line = l.id"
     " WHERE l.id = ?1 AND l.kind = 'study'",
     fits_study, "The state of a study session is changed by its own acts",
     "学习安排的状态须在“学习”页面办理"},
    {"SELECT state FROM campaign WHERE line = ?1", fits_campaign,
     "The state of a campaign is changed by its own acts", "攻坚行动的状态须在“攻坚”页面办理"},
    {"SELECT state FROM review WHERE line = ?1", fits_review,
     "The state of a joint review is changed by its own acts", "联审事项的状态须在“联审”页面办理"},
    {"SELECT state FROM inspection WHERE line = ?1", fits_inspection,
     "The state of an inspection is changed by its own acts",
     "观摩督导的状态须在“观摩安排”页面办理"},
    {"SELECT state FROM risk WHERE line = ?1", fits_risk,
     "The state of a risk is changed by its own acts", "风险的状态须在“风险”页面办理"},
};

enum status ledger_find_machine(struct store *store, int64_t line, enum lang lang,
                                const char **words, struct error *err)
{
    enum status status = STATUS_OK;
    *words = NULL;
    for (size_t i = 0; !status && !*words && i < sizeof MACHINES / sizeof *MACHINES; i++) {
        struct query *q = query_start(store, MACHINES[i].sql);
        query_bind_int(q, 1, line);
        if (query_row(q))
            *words = lang_pick(lang, MACHINES[i].en, MACHINES[i].zh);
        status = query_end(q, err);
    }
    return status;
}

static enum status check_state(struct store *store, const struct line *is, struct error *err)
{
    for (size_t i = 0; i < sizeof MACHINES / sizeof *MACHINES; i++) {
        struct query *q = query_start(store, MACHINES[i].sql);
        query_bind_int(q, 1, is->id);
        bool fits = !query_row(q) || MACHINES[i].fits(query_str(q, 0), is->state);
        enum status status = query_end(q, err);
        if (status)
            return status;
        if (!fits)
            return error_about(err, STATUS_CONFLICT, MACHINES[i].en, MACHINES[i].zh, ".", "。");
    }
    return STATUS_OK;
}

static enum status check_change(struct store *store, const struct line *was, const struct line *is,
                                struct error *err)
{
    enum status status = check_fields(is, err);
    if (!status && is->state != was->state)
        status = check_state(store, is, err);
    if (!status && is->unit != was->unit)
        status = check_unit(store, is->unit, err);
    if (!status && is->parent != was->parent)
        status = check_parent(store, is->id, is->parent, err);
    if (!status && is->lead != was->lead)
        status = check_lead(store, is->lead, err);
    return status;
}

static enum status update_line(struct store *store, const struct line *line, struct error *err)
{
    struct query *q = query_start(
        store,
        "UPDATE line SET title = ?2, text = ?3, state = ?4, parent = ?5, unit = ?6, lead = ?7,"
        " begins_day = ?8, due_day = ?9, weight = ?10, progress = ?11, ended_ms = ?12,"
        " ended_why = ?13 WHERE id = ?1");
    query_bind_int(q, 1, line->id);
    query_bind_str(q, 2, line->title);
    query_bind_str(q, 3, line->text);
    query_bind_str(q, 4, str_of(line_state_name(line->state)));
    query_bind_int_or_null(q, 5, line->parent);
    query_bind_int_or_null(q, 6, line->unit);
    query_bind_int_or_null(q, 7, line->lead);
    query_bind_int_or_null(q, 8, line->begins_day);
    query_bind_int_or_null(q, 9, line->due_day);
    query_bind_real(q, 10, line->weight);
    query_bind_int(q, 11, line->progress);
    query_bind_int_or_null(q, 12, line->ended_ms);
    query_bind_str(q, 13, line->ended_why);
    (void)query_row(q);
    return query_end(q, err);
}

/* {"due_day": ["2026-06-30", "2026-09-30"], …}; NULL when the two are the same. */
static json_t *differences(const struct line *was, const struct line *is)
{
    json_t *data = json_object();
    for (int field = 0; field < LINE_FIELDS; field++) {
        json_t *before = ledger_field_json(was, (enum line_field)field);
        json_t *after = ledger_field_json(is, (enum line_field)field);
        if (json_equal(before, after)) {
            json_decref(before);
            json_decref(after);
        } else {
            json_object_set_new(data, line_fields[field].name, json_pack("[o, o]", before, after));
        }
    }
    if (json_object_size(data))
        return data;
    json_decref(data);
    return NULL;
}

enum status ledger_change_line(struct store *store, int64_t line, const struct line_change *changes,
                               size_t count, const struct ledger_deed *deed, struct error *err)
{
    struct arena *scratch = arena_make();
    struct line was;
    enum status status = ledger_find_line_by_id(scratch, store, line, &was, err);
    struct line is = was;
    for (size_t i = 0; !status && i < count; i++)
        put(&is, &changes[i]);
    if (!status)
        status = settle_end(&was, &is, deed, err);
    if (!status)
        status = check_change(store, &was, &is, err);
    if (!status)
        status = ledger_sum_line(store, line, is.kind, is.progress, &is.progress, err);
    json_t *data = status ? NULL : differences(&was, &is);
    if (!status && data)
        status = ledger_keep_answering(store, &was, &is, deed, err);
    if (!status && data)
        status = update_line(store, &is, err);
    if (!status && data)
        status = ledger_record(store, line, "line.changed", json_incref(data), deed, err);
    if (!status && (was.progress != is.progress || was.state != is.state))
        status = ledger_sum_campaigns_of(store, line, deed, err);
    if (!status && data && was.parent != is.parent)
        status = ledger_sum_up(store, was.parent, deed, err);
    if (!status && data)
        status = ledger_sum_up(store, is.parent, deed, err);
    json_decref(data);
    arena_free(scratch);
    return status;
}
