/* The ledger joined with members and papers; see ledger.h. */
#include "server/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "ledger/alarm.h"
#include "ledger/amount.h"
#include "library/quotation.h"
#include "library/search.h"
#include "server/commitments.h"
#include "server/server.h"
#include "server/template.h"

struct ledger_person ledger_viewer(const struct request *rq)
{
    static const struct {
        unsigned role, is;
    } MEANING[] = {
        {ROLES_LEDGER_ALL, LEDGER_EDITS},
        {ROLE_INSPECTOR, LEDGER_INSPECTS},
        {ROLE_LEAD, LEDGER_ROLE_LEAD},
        {ROLE_UNIT, LEDGER_IN_UNITS},
    };
    struct ledger_person person = {.member = rq->viewer.member};
    for (size_t i = 0; i < sizeof MEANING / sizeof *MEANING; i++)
        if (request_may(rq, MEANING[i].role))
            person.is |= MEANING[i].is;
    return person;
}

enum status ledger_open(struct request *rq, struct str key, enum ledger_deed_kind deed,
                        struct ledger_sight *sight, struct error *err)
{
    struct ledger_person person = ledger_viewer(rq);
    enum status status = ledger_find_line(rq->arena, rq->store, key, &sight->line, err);
    if (!status)
        status = ledger_stand_to(rq->store, &person, sight->line.id, &sight->is, err);
    if (!status && !ledger_may(sight->is, deed))
        return error_set(err, STATUS_FORBIDDEN,
                         "This is for its lead, the head of its unit, or editors.",
                         "此操作须由分包领导、单位负责人或编辑进行。");
    return status;
}

const struct ledger_limits *ledger_limits_now(struct request *rq)
{
    struct ledger_limits *limits = arena_new(rq->arena, struct ledger_limits);
    if (rq->limits)
        return rq->limits;
    if (ledger_load_limits(rq->store, limits, NULL)) /* the page's own query will say it */
        *limits = ledger_limits_default;
    return rq->limits = limits;
}

enum light ledger_light(struct request *rq, const struct line *line)
{
    return line_light(ledger_limits_now(rq), line, calendar_day_of(rq->now_ms));
}

struct str ledger_light_rule(struct request *rq, enum light light)
{
    return light_rule(rq->arena, ledger_limits_now(rq), light, rq->lang);
}

struct guarded {
    int64_t member, line;
    enum ledger_deed_kind deed;
    server_write_step step;
    void *context;
    int64_t now_ms;
};

static enum status guarded_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    const struct guarded *g = context;
    enum status status = ledger_check_right(store, g->member, g->line, g->deed, err);
    if (!status)
        status = g->step(store, scratch, g->context, err);
    return status ? status : ledger_freshen(store, g->now_ms, err);
}

enum status ledger_write(struct request *rq, int64_t line, enum ledger_deed_kind deed,
                         server_write_step step, void *context, struct error *err)
{
    struct guarded g = {rq->viewer.member, line, deed, step, context, rq->now_ms};
    return server_write(rq->server, request_actor(rq), guarded_step, &g, err);
}

/* --- words ---------------------------------------------------------------------------------------- */

struct str ledger_path(const struct request *rq, struct str key, const char *rest)
{
    return str_format(rq->arena, "/ledger/lines/%.*s%s", STR_ARG(key), rest);
}

enum status ledger_answer_done(struct request *rq, const char *rest, const char *done_en,
                               const char *done_zh)
{
    return answer_redirect(rq, ledger_path(rq, rq->params[0], rest), done_en, done_zh);
}

enum status ledger_answer_recorded(struct request *rq, const char *rest)
{
    return ledger_answer_done(rq, rest, "It is recorded.", "已记录。");
}

enum status ledger_read_typed(struct request *rq, const char *input, unsigned places,
                              int64_t *amount, struct error *err)
{
    return error_in(err, input, ledger_read_amount(request_input(rq, input), places, amount, err));
}

struct str ledger_day(const struct request *rq, int64_t day)
{
    return day ? calendar_day_text(rq->arena, day) : STR("");
}

struct str ledger_day_words(const struct request *rq, int64_t day)
{
    struct buf out = {.arena = rq->arena};
    if (day)
        calendar_write_date(&out, day, rq->lang);
    return buf_str(&out);
}

enum status ledger_member_name(struct request *rq, int64_t member, struct str *name,
                               struct error *err)
{
    struct query *q = query_start(rq->store, "SELECT name FROM member WHERE id = ?1");
    query_bind_int(q, 1, member);
    *name = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : STR("");
    return query_end(q, err);
}

struct str ledger_name_of(struct request *rq, struct str id)
{
    static const struct {
        char letter;
        const char *sql;
    } NAMES[] = {
        {'M', "SELECT name FROM member WHERE id = ?1"},
        {'U', "SELECT name FROM unit WHERE id = ?1"},
        {'L', "SELECT number || ' ' || title FROM line WHERE id = ?1"},
        {'H', "SELECT title FROM higher_goal WHERE id = ?1"},
        {'T', "SELECT iif(iif(?2, zh, en) <> '', iif(?2, zh, en), en || zh) FROM policy_term"
              " WHERE id = ?1"},
    };
    uint64_t number;
    if (id.len < 2 || !str_to_u64(str_slice(id, 1, id.len), &number))
        return id;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (id.at[0] != NAMES[i].letter)
            continue;
        struct query *q = query_start(rq->store, NAMES[i].sql);
        query_bind_int(q, 1, (int64_t)number);
        if (NAMES[i].letter == 'T')
            query_bind_int(q, 2, rq->lang == LANG_ZH);
        struct str name = query_row(q) ? str_copy(rq->arena, query_str(q, 0)) : id;
        return query_end(q, NULL) ? id : name;
    }
    return id;
}

struct str ledger_value_words(struct request *rq, enum line_value_kind kind, const json_t *value)
{
    enum line_state state;
    if (json_is_object(value)) /* a plan, of which the whole is told */
        value = json_object_get(value, "whole");
    if (json_is_real(value))
        return str_format(rq->arena, "%g", json_real_value(value));
    if (json_is_integer(value))
        return str_format(rq->arena, "%lld", (long long)json_integer_value(value));
    if (!json_is_string(value))
        return STR("");
    struct str text =
        str_copy(rq->arena, (struct str){json_string_value(value), json_string_length(value)});
    if (kind == LINE_VALUE_STATE && line_state_named(text, &state))
        return str_of(line_state_word(state, rq->lang));
    if (kind == LINE_VALUE_LINE || kind == LINE_VALUE_UNIT || kind == LINE_VALUE_MEMBER)
        return ledger_name_of(rq, text);
    return text;
}

/* --- the head ------------------------------------------------------------------------------------- */

const struct field ledger_tab_fields[] = {
    FIELD(TEXT, struct ledger_tab, path),
    FIELD(TEXT, struct ledger_tab, words),
    FIELD(FLAG, struct ledger_tab, here),
    {0},
};
const struct field ledger_section_fields[] = {
    FIELD_OF_LIST(struct ledger_section, groups, ledger_tab_fields),
    FIELD_OF_LIST(struct ledger_section, pages, ledger_tab_fields),
    FIELD(TEXT, struct ledger_section, group),
    {0},
};
const struct field ledger_head_fields[] = {
    FIELD(TEXT, struct ledger_head, key),
    FIELD(TEXT, struct ledger_head, number),
    FIELD(TEXT, struct ledger_head, title),
    FIELD(TEXT, struct ledger_head, kind),
    FIELD_HIDDEN(TEXT, struct ledger_head, kind_word),
    FIELD(TEXT, struct ledger_head, state),
    FIELD_HIDDEN(TEXT, struct ledger_head, state_word),
    FIELD(TEXT, struct ledger_head, unit),
    FIELD(TEXT, struct ledger_head, unit_key),
    FIELD(TEXT, struct ledger_head, lead),
    FIELD(TEXT, struct ledger_head, parent),
    FIELD(TEXT, struct ledger_head, parent_number),
    FIELD(TEXT, struct ledger_head, parent_title),
    FIELD(DATE, struct ledger_head, begins_day),
    FIELD(DATE, struct ledger_head, due_day),
    FIELD(REAL, struct ledger_head, weight),
    FIELD(NUMBER, struct ledger_head, progress),
    FIELD(TEXT, struct ledger_head, light),
    FIELD_HIDDEN(TEXT, struct ledger_head, light_word),
    FIELD_HIDDEN(TEXT, struct ledger_head, light_rule),
    FIELD(TIME, struct ledger_head, changed),
    FIELD(TEXT, struct ledger_head, ended_why),
    FIELD_HIDDEN(FLAG, struct ledger_head, closed),
    FIELD(FLAG, struct ledger_head, may_change),
    FIELD(FLAG, struct ledger_head, may_report),
    FIELD(FLAG, struct ledger_head, may_verify),
    FIELD_OF_LIST(struct ledger_head, tabs, ledger_tab_fields),
    {0},
};

/* The ledger's own pages, in groups so that they stay two short rows however many there come to be. A page added is a
 * row here, at the place in its group where it is to show. Pages below an address belong to it. */
enum section_group {
    SECTION_ALL,
    SECTION_GOALS,
    SECTION_PROJECTS,
    SECTION_POLICIES,
    SECTION_SUPERVISION,
    SECTION_STUDY,
    SECTION_GROUPS
};
static const struct {
    const char *en, *zh;
} GROUPS[SECTION_GROUPS] = {
    [SECTION_ALL] = {"Overview", "总体情况"},
    [SECTION_GOALS] = {"Goals", "目标指标"},
    [SECTION_PROJECTS] = {"Projects", "项目推进"},
    [SECTION_POLICIES] = {"Policies and risks", "政策风险"},
    [SECTION_SUPERVISION] = {"Supervision", "督查督办"},
    [SECTION_STUDY] = {"Study and rectification", "学习整改"},
};
static const struct section_page {
    enum section_group group;
    const char *path, *en, *zh;
    unsigned roles; /* who may; 0: all to whom the ledger is open */
} SECTION[] = {
    {SECTION_ALL, "/ledger", "Lines", "条目", 0},
    {SECTION_ALL, "/ledger/wall", "Wall", "总览", 0},
    {SECTION_ALL, "/ledger/today", "My day", "今日待办", 0},
    {SECTION_ALL, "/ledger/leads", "Leads", "分包领导", 0},
    {SECTION_ALL, "/ledger/units", "Units", "单位", 0},
    {SECTION_ALL, "/ledger/reports", "Reports", "台账报告", ROLE_EDITOR},
    {SECTION_ALL, "/ledger/calendars", "Calendars", "日历订阅", 0},
    {SECTION_GOALS, "/ledger/goals", "Goals", "目标", 0},
    {SECTION_GOALS, "/ledger/higher", "Goals from above", "上级目标", 0},
    {SECTION_GOALS, "/ledger/indicators", "Figures", "指标数据", 0},
    {SECTION_GOALS, "/ledger/alarms", "Alarms", "指标提醒", 0},
    {SECTION_GOALS, "/ledger/programmes", "Programmes", "规划", 0},
    {SECTION_GOALS, "/ledger/clashes", "Clashes of programmes", "规划冲突", 0},
    {SECTION_PROJECTS, "/ledger/projects", "Projects", "项目库", 0},
    {SECTION_PROJECTS, "/ledger/campaigns", "Campaigns", "攻坚行动", 0},
    {SECTION_PROJECTS, "/ledger/accounts", "Accounts", "项目台账", 0},
    {SECTION_PROJECTS, "/ledger/reviews", "Joint reviews", "联审联批", 0},
    {SECTION_PROJECTS, "/ledger/steps", "Waiting for us", "待办步骤", 0},
    {SECTION_PROJECTS, "/ledger/reviews/times", "How long units take", "联审用时", 0},
    {SECTION_POLICIES, "/ledger/policies", "Policies", "政策清单", 0},
    {SECTION_POLICIES, "/ledger/risks", "Risks", "风险台账", 0},
    {SECTION_POLICIES, "/ledger/risks/map", "Heat map", "风险热力图", 0},
    {SECTION_POLICIES, "/ledger/sweeps", "Sweeps", "风险排查", 0},
    {SECTION_SUPERVISION, "/ledger/supervision", "Lines under supervision", "督办事项", 0},
    {SECTION_SUPERVISION, "/ledger/supervision/notices", "Notices", "督办单", 0},
    {SECTION_SUPERVISION, "/ledger/rules", "Rules", "规则", 0},
    {SECTION_SUPERVISION, "/ledger/assessments", "Assessments", "考核", 0},
    {SECTION_SUPERVISION, "/ledger/bottlenecks", "Bottlenecks", "堵点分析", 0},
    {SECTION_SUPERVISION, "/ledger/inspections", "Inspections", "观摩督导", 0},
    {SECTION_SUPERVISION, "/ledger/sheets", "Sheets", "检查表和评分表", 0},
    {SECTION_STUDY, "/ledger/studies", "Study sessions", "学习会", 0},
    {SECTION_STUDY, "/ledger/studies/papers", "How soon studied", "第一时间", 0},
    {SECTION_STUDY, "/ledger/studies/bodies", "What to study", "学习要求", 0},
    {SECTION_STUDY, "/ledger/rectifications", "Rectifications", "整改", 0},
};
#define SECTION_COUNT (sizeof SECTION / sizeof *SECTION)

static bool is_under(struct str path, const char *prefix)
{
    struct str p = str_of(prefix);
    return str_starts(path, p) && (path.len == p.len || path.at[p.len] == '/');
}

/* Of the pages that an address lies under, the nearest. */
static const struct section_page *section_page_of(struct str path)
{
    const struct section_page *nearest = NULL;
    for (const struct section_page *p = SECTION; p < SECTION + SECTION_COUNT; p++)
        if (is_under(path, p->path) && (!nearest || strlen(p->path) > strlen(nearest->path)))
            nearest = p;
    return nearest;
}

void ledger_fill_section(const struct request *rq, struct ledger_section *section)
{
    const struct section_page *here = section_page_of(rq->path);
    bool begun[SECTION_GROUPS] = {false};
    if (!here)
        return;
    section->groups = arena_array(rq->arena, SECTION_GROUPS, struct ledger_tab);
    section->pages = arena_array(rq->arena, SECTION_COUNT, struct ledger_tab);
    section->group = request_words(rq, GROUPS[here->group].en, GROUPS[here->group].zh);
    for (const struct section_page *p = SECTION; p < SECTION + SECTION_COUNT; p++) {
        struct str path = str_of(p->path);
        if (p->roles && !request_may(rq, p->roles))
            continue;
        if (!begun[p->group])
            section->groups[section->ngroups++] = (struct ledger_tab){
                path, request_words(rq, GROUPS[p->group].en, GROUPS[p->group].zh),
                p->group == here->group};
        begun[p->group] = true;
        if (p->group == here->group)
            section->pages[section->npages++] =
                (struct ledger_tab){path, request_words(rq, p->en, p->zh), p == here};
    }
}

/* The pages of a line, in order: those of all kinds, and those of one kind. */
static const struct {
    int kind; /* enum ledger_kind, or -1: all */
    const char *path, *en, *zh;
} TABS[] = {
    {-1, "", "Overview", "概况"},
    {LEDGER_INDICATOR, "/indicator", "Figures", "数据"},
    {LEDGER_REVIEW, "/review", "Joint review", "联审"},
    {LEDGER_CAMPAIGN, "/campaign", "Campaign", "攻坚"},
    {LEDGER_PROJECT, "/project", "Library", "入库管理"},
    {LEDGER_PROJECT, "/account", "Account", "台账明细"},
    {LEDGER_PROJECT, "/watches", "Five watches", "五盯"},
    {LEDGER_STUDY, "/study", "Study", "学习"},
    {LEDGER_RECTIFICATION, "/rectification", "Rectification", "整改"},
    {LEDGER_RISK, "/risk", "Risk", "风险"},
    {LEDGER_SWEEP, "/sweep", "Sweep", "排查"},
    {LEDGER_INSPECTION, "/inspection", "Tour", "观摩安排"},
    {LEDGER_INSPECTION, "/scoring", "Scoring", "评分"},
    {LEDGER_INSPECTION, "/ranking", "Ranking", "排名与问题"},
    {LEDGER_PROJECT, "/policies", "Policies that fit", "适用政策"},
    {LEDGER_POLICY, "/policy", "Policy", "政策推进"},
    {LEDGER_POLICY, "/leaflet", "Leaflet", "明白卡"},
    {LEDGER_POLICY, "/uptake", "Use and effect", "落实评估"},
    {LEDGER_POLICY, "/checks", "Checks", "督导检查"},
    {-1, "/parts", "Parts", "分解与承接"},
    {-1, "/supervision", "Supervision", "督办"},
    {-1, "/schedule", "Schedule", "进度计划"},
    {-1, "/baselines", "Baselines", "基线"},
    {-1, "/history", "History", "变更记录"},
};

static void fill_tabs(struct request *rq, const struct line *line, const char *here,
                      struct ledger_head *head)
{
    head->tabs = arena_array(rq->arena, sizeof TABS / sizeof *TABS, struct ledger_tab);
    for (size_t i = 0; i < sizeof TABS / sizeof *TABS; i++)
        if (TABS[i].kind < 0 || TABS[i].kind == (int)line->kind)
            head->tabs[head->ntabs++] = (struct ledger_tab){
                ledger_path(rq, line->key, TABS[i].path),
                request_words(rq, TABS[i].en, TABS[i].zh),
                strcmp(TABS[i].path, here) == 0,
            };
}

static enum status fill_around(struct request *rq, const struct line *line,
                               struct ledger_head *head, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT u.name, u.key, m.name, p.key, p.number, p.title FROM line l"
                   " LEFT JOIN unit u ON u.id = l.unit LEFT JOIN member m ON m.id = l.lead"
                   " LEFT JOIN line p ON p.id = l.parent WHERE l.id = ?1");
    struct str *const into[] = {&head->unit,   &head->unit_key,      &head->lead,
                                &head->parent, &head->parent_number, &head->parent_title};
    query_bind_int(q, 1, line->id);
    if (query_row(q))
        for (int i = 0; i < 6; i++)
            *into[i] = str_copy(rq->arena, query_str(q, i));
    return query_end(q, err);
}

enum status ledger_fill_head(struct request *rq, const struct ledger_sight *sight, const char *here,
                             struct ledger_head *head, struct error *err)
{
    const struct line *line = &sight->line;
    enum light light = ledger_light(rq, line);
    *head = (struct ledger_head){
        .key = line->key,
        .number = line->number,
        .title = line->title,
        .kind = str_of(ledger_kind_name(line->kind)),
        .kind_word = str_of(ledger_kind_word(line->kind, rq->lang)),
        .state = str_of(line_state_name(line->state)),
        .state_word = str_of(line_state_word(line->state, rq->lang)),
        .begins_day = ledger_day(rq, line->begins_day),
        .due_day = ledger_day(rq, line->due_day),
        .weight = line->weight,
        .progress = line->progress,
        .light = str_of(light_name(light)),
        .light_word = str_of(light_word(light, rq->lang)),
        .light_rule = ledger_light_rule(rq, light),
        .changed = line->changed_ms,
        .ended_why = line->ended_why,
        .closed = line->state == LINE_CLOSED,
        .may_change = ledger_may(sight->is, LEDGER_CHANGE),
        .may_report = ledger_may(sight->is, LEDGER_REPORT),
        .may_verify = ledger_may(sight->is, LEDGER_VERIFY),
    };
    fill_tabs(rq, line, here, head);
    return fill_around(rq, line, head, err);
}

/* --- choices -------------------------------------------------------------------------------------- */

const struct field ledger_choice_fields[] = {
    FIELD(TEXT, struct ledger_choice, value),
    FIELD(TEXT, struct ledger_choice, words),
    FIELD(FLAG, struct ledger_choice, chosen),
    {0},
};

static enum status take_choices(struct request *rq, struct query *q, struct ledger_choice **list,
                                size_t *count, struct error *err)
{
    *list = NULL;
    *count = 0;
    while (query_row(q)) {
        size_t n = (*count)++;
        *list = arena_one_more(rq->arena, *list, n, sizeof **list);
        (*list)[n] =
            (struct ledger_choice){str_copy(rq->arena, query_str(q, 0)),
                                   str_copy(rq->arena, query_str(q, 1)), query_int(q, 2) != 0};
    }
    return query_end(q, err);
}

enum status ledger_list_people(struct request *rq, int64_t chosen, struct ledger_choice **list,
                               size_t *count, struct error *err)
{
    /* Namesakes are told apart by their unit and number. */
    struct query *q = query_start(
        rq->store,
        "SELECT m.key, m.name || CASE WHEN count(*) OVER (PARTITION BY m.name) = 1 THEN '' ELSE"
        " coalesce((SELECT ' · ' || min(u.name) FROM unit_member b JOIN unit u ON u.id = b.unit"
        " WHERE b.member = m.id), '') || ' · M' || m.id END, m.id = ?1 FROM member m WHERE"
        " m.id = ?1 OR " LEDGER_OPEN_TO_SQL " ORDER BY m.name, m.id");
    query_bind_int(q, 1, chosen);
    return take_choices(rq, q, list, count, err);
}

void ledger_choose(struct ledger_choice *list, size_t count, struct str value)
{
    for (size_t i = 0; i < count; i++)
        list[i].chosen = str_equal(list[i].value, value);
}

enum status ledger_list_unit_choices(struct request *rq, int64_t chosen,
                                     struct ledger_choice **list, size_t *count, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT u.key, u.name, u.id = ?1 FROM unit u"
                               " WHERE u.closed_ms IS NULL OR u.id = ?1 ORDER BY u.name");
    query_bind_int(q, 1, chosen);
    return take_choices(rq, q, list, count, err);
}

enum status ledger_read_person(struct request *rq, const char *input, int64_t *member,
                               struct error *err)
{
    struct str key = request_input(rq, input);
    *member = 0;
    if (!key.len)
        return STATUS_OK;
    struct query *q = query_start(
        rq->store, "SELECT m.id FROM member m WHERE m.key = ?1 AND " LEDGER_OPEN_TO_SQL);
    query_bind_str(q, 1, key);
    *member = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (!status && !*member)
        return request_blame(
            rq, input,
            error_set(err, STATUS_INPUT,
                      "The ledger is not open to them: give them a role or put them in a unit "
                      "first.",
                      "台账未向该成员开放，请先为其设置角色或将其列入单位。"));
    return status;
}

enum status ledger_read_unit(struct request *rq, const char *input, int64_t *unit,
                             struct error *err)
{
    struct str key = request_input(rq, input);
    struct unit found = {0};
    enum status status =
        key.len ? ledger_find_unit(rq->arena, rq->store, key, &found, err) : STATUS_OK;
    *unit = found.id;
    return request_blame(rq, input, status);
}

enum status ledger_read_line(struct request *rq, const char *input, int64_t *line,
                             struct error *err)
{
    struct str number = request_input(rq, input);
    struct line found = {0};
    enum status status = number.len
                             ? ledger_find_line_numbered(rq->arena, rq->store, number, &found, err)
                             : STATUS_OK;
    *line = found.id;
    return request_blame(rq, input, status);
}

int64_t ledger_read_day(const struct request *rq, const char *input)
{
    int64_t moment = request_number(rq, input);
    return moment ? calendar_day_of(moment) : 0;
}

#define SAID_LEAST 8 /* characters: shorter pieces are nobody's words */

/* Which eight bytes in a row stand in a text, by a bit for each: most of what the ledger says need not be looked for
 * in a text where its first and last eight do not stand. */
#define EIGHT sizeof(uint64_t)
struct eights {
    uint64_t *bits;
    unsigned shift;
};

static size_t eight_at(const struct eights *eights, const char *at)
{
    uint64_t value;
    memcpy(&value, at, EIGHT);
    return (size_t)((value * 0x9E3779B97F4A7C15U) >> eights->shift);
}

static struct eights list_eights(struct arena *arena, struct str text)
{
    struct eights eights = {.shift = 64 - 10};
    while (eights.shift > 32 && (uint64_t)1 << (64 - eights.shift) < 8 * text.len)
        eights.shift--;
    eights.bits = arena_array(arena, ((size_t)1 << (64 - eights.shift)) / 64, uint64_t);
    for (size_t i = 0; i + EIGHT <= text.len; i++) {
        size_t bit = eight_at(&eights, text.at + i);
        eights.bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return eights;
}

static bool has_eight(const struct eights *eights, const char *at)
{
    size_t bit = eight_at(eights, at);
    return eights->bits[bit / 64] >> bit % 64 & 1;
}

/* Leaves a line's end in each place, so that nothing is joined. Within the text's own bytes: it may hold every line of
 * the ledger, and one many times. */
static void leave_out(char *text, size_t *len, struct str said)
{
    size_t to = 0;
    size_t from = 0;
    size_t at;
    while ((at = str_find((struct str){text, *len}, said, from)) != SIZE_MAX) {
        memmove(text + to, text + from, at - from);
        to += at - from;
        text[to++] = '\n';
        from = at + said.len;
    }
    memmove(text + to, text + from, *len - from);
    *len = to + *len - from;
}

static int longest_first(const void *a, const void *b)
{
    const struct str *x = a;
    const struct str *y = b;
    return (x->len < y->len) - (x->len > y->len);
}

/* The text without what stands in the ledger already, where all who see it may repeat it. */
static enum status leave_out_lines(struct request *rq, struct str text, struct str *left,
                                   struct error *err)
{
    struct str *list = NULL;
    size_t count = 0;
    struct eights eights = list_eights(rq->arena, text);
    struct query *q =
        query_start(rq->store, "SELECT title FROM line WHERE length(title) >= ?1 UNION ALL"
                               " SELECT text FROM line WHERE length(text) >= ?1");
    query_bind_int(q, 1, SAID_LEAST);
    while (query_row(q)) {
        struct str said = query_str(q, 0);
        if (said.len < EIGHT || !has_eight(&eights, said.at) ||
            !has_eight(&eights, said.at + said.len - EIGHT))
            continue;
        list = arena_one_more(rq->arena, list, count, sizeof *list);
        list[count++] = str_copy(rq->arena, said);
    }
    enum status status = query_end(q, err);
    if (count)
        qsort(list, count, sizeof *list, longest_first);
    char *own = arena_take_unset(rq->arena, text.len + 1);
    size_t len = text.len;
    if (len)
        memcpy(own, text.at, len);
    for (size_t i = 0; i < count; i++)
        leave_out(own, &len, list[i]);
    *left = (struct str){own, len};
    return status;
}

/* Editors see where the marks are; others must not learn it by what is refused them. */
static enum status shows_words(struct request *rq, struct str text, bool *shows, struct error *err)
{
    struct quoted quoted = {0};
    if (ledger_viewer(rq).is & LEDGER_EDITS)
        return library_shows_marks(rq->arena, rq->store, rq->viewer.member, text, shows, err);
    enum status status = leave_out_lines(rq, text, &text, err);
    if (!status)
        status = library_quote_passages(rq->arena, rq->store, rq->viewer.member, text, rq->now_ms,
                                        &quoted, err);
    *shows = quoted.words;
    return status;
}

enum status ledger_refuse_marks(struct request *rq, struct str text, struct error *err)
{
    bool shows = false;
    enum status status = shows_words(rq, text, &shows, err);
    if (!status && shows)
        return error_set(
            err, STATUS_INPUT,
            "This holds words of a paper as your own copy has them; all who see the "
            "ledger would see its marks. Say it in your own words.",
            "其中贴有您副本中的原文，其标记会让所有能看台账的人看到。请改用自己的话。");
    return status;
}

/* --- sources -------------------------------------------------------------------------------------- */

const struct field ledger_source_fields[] = {
    FIELD(TEXT, struct ledger_source, title), FIELD(TEXT, struct ledger_source, path),
    FIELD(TEXT, struct ledger_source, words), FIELD(TEXT, struct ledger_source, lang),
    FIELD(FLAG, struct ledger_source, open),  {0},
};

struct glimpses {
    int64_t member;
    struct search_hit *hits;
    size_t count;
};

static enum status record_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct glimpses *g = context;
    (void)scratch;
    return library_record_glimpses(store, g->member, g->hits, g->count, err);
}

/* Words of a copy leave only once it is on record that they did. */
static enum status keep_glimpses(struct request *rq, struct glimpses *g, struct error *err)
{
    bool known = true;
    enum status status =
        library_find_glimpses(rq->store, g->member, g->hits, g->count, &known, err);
    if (status || known)
        return status;
    return server_write(rq->server, request_actor(rq), record_step, g, err);
}

enum status ledger_list_line_sources(struct request *rq, int64_t line, struct ledger_source **list,
                                     size_t *count, struct error *err)
{
    struct ledger_place *places;
    struct glimpses g = {.member = rq->viewer.member};
    enum status status = ledger_list_sources(rq->arena, rq->store, line, &places, count, err);
    if (status)
        return status;
    *list = arena_array(rq->arena, *count + 1, struct ledger_source);
    g.hits = arena_array(rq->arena, *count + 1, struct search_hit);
    for (size_t i = 0; !status && i < *count; i++) {
        struct quotation place = {.paper = places[i].paper,
                                  .edition = places[i].edition,
                                  .at = places[i].at,
                                  .len = places[i].len};
        struct quotation_sight sight;
        status = library_see_place(rq->arena, rq->store, &place, rq->viewer.member, rq->now_ms,
                                   &sight, err);
        (*list)[i] =
            (struct ledger_source){sight.title, sight.path, sight.words,
                                   sight.lang == LANG_ZH ? STR("zh-Hans") : STR("en"), sight.open};
        if (sight.open)
            g.hits[g.count++] = (struct search_hit){.paper = place.paper, .edition = place.edition};
    }
    return status ? status : keep_glimpses(rq, &g, err);
}

/* --- the margin ----------------------------------------------------------------------------------- */

static void write_mark(struct request *rq, struct buf *out, const struct commitment *c)
{
    struct str words = str_format(rq->arena, "%.*s %s", STR_ARG(c->line.number),
                                  line_state_word(c->line.state, rq->lang));
    buf_format(out, "<a class=\"margin\" data-state=\"%s\" href=\"/ledger/lines/",
               line_state_name(c->line.state));
    template_escape(out, c->line.key);
    buf_add(out, STR("\" aria-label=\""));
    template_escape(out, words);
    buf_add(out, STR("\" data-words=\""));
    template_escape(out, words);
    buf_add(out, STR("\"></a>"));
}

/* Behind the paragraph's opening tag. Texts of the page are escaped, so that ` id="` stands in tags only. */
static size_t find_paragraph(struct request *rq, struct str html, unsigned number)
{
    size_t at = str_find(html, str_format(rq->arena, " id=\"p%u\"", number), 0);
    size_t end = at == SIZE_MAX ? SIZE_MAX : str_find(html, STR(">"), at);
    return end == SIZE_MAX ? SIZE_MAX : end + 1;
}

enum status ledger_mark_margin(struct request *rq, const struct edition *edition, struct str *html,
                               struct error *err)
{
    struct commitment_mark *marks = NULL;
    size_t count = 0;
    if (!request_may(rq, ROLES_LEDGER))
        return STATUS_OK;
    enum status status = commitments_marks(rq->arena, rq->store, edition, &marks, &count, err);
    for (size_t i = 0; !status && i < count;) {
        struct buf out = {.arena = rq->arena};
        unsigned paragraph = marks[i].paragraph;
        size_t at = find_paragraph(rq, *html, paragraph);
        buf_add(&out, str_slice(*html, 0, at == SIZE_MAX ? html->len : at));
        for (; i < count && marks[i].paragraph == paragraph; i++)
            if (at != SIZE_MAX)
                write_mark(rq, &out, marks[i].decided);
        if (at != SIZE_MAX)
            buf_add(&out, str_slice(*html, at, html->len));
        *html = buf_str(&out);
    }
    return status;
}
