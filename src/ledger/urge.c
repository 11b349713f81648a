/* The rules of supervision's notices, as data and as a function; see urge.h. */
#include "ledger/urge.h"

#include "base/calendar.h"

#define HOUR_MS 3600000
#define OPEN    (SUPERVISE_BIT(SUPERVISE_ASSIGNED) | SUPERVISE_BIT(SUPERVISE_WORKING))
#define WORKING SUPERVISE_BIT(SUPERVISE_WORKING)

const struct urge_rule urge_rules[URGE_CAUSES] = {
    {URGE_COMING, URGE_REMINDER, OPEN, "coming",
     "15 days or fewer, but more than {near}, are left.",
     "距完成期限不超过 15 天，且多于 {near} 天。", "The day comes", "期限将至"},
    {URGE_FEEDBACK, URGE_REMINDER, WORKING, "feedback",
     "Feedback is due today or on the next working day.", "今日或下一个工作日应报反馈。",
     "Feedback is due", "应报反馈"},
    {URGE_UNSIGNED, URGE_REMINDER, SUPERVISE_BIT(SUPERVISE_ASSIGNED), "unsigned",
     "It was assigned 2 working days ago or longer, and nobody has signed for it.",
     "交办已满 2 个工作日，尚未签收。", "Not signed for", "尚未签收"},
    {URGE_NEAR, URGE_BLUE, OPEN, "near", "{near} days or fewer are left.",
     "距完成期限不超过 {near} 天。", "The day is near", "临近期限"},
    {URGE_BEHIND, URGE_YELLOW, OPEN, "behind",
     "{behind} points or more behind what even work from the first day to the last would have "
     "reached; once a month.",
     "按起止日期均匀推进，进度落后 {behind} 个百分点及以上；每月一次。", "Behind the plan",
     "进度滞后"},
    {URGE_POOR, URGE_YELLOW, WORKING, "poor", "It was found poorly done, or sent back.",
     "经检查办理不力，或报结被退回。", "Poorly done", "办理不力"},
    {URGE_SILENT, URGE_YELLOW, WORKING, "silent", "Feedback that was due is missing.",
     "应报反馈逾期未报。", "Feedback missing", "反馈逾期"},
    {URGE_LATE, URGE_RED, OPEN, "late", "The last day is past.", "已过完成期限。", "Late",
     "已逾期"},
    {URGE_RAISE, URGE_RAISED, OPEN, "raised",
     "Still late 3 working days after the red notice: to the head above its lead.",
     "红色督办单发出满 3 个工作日仍未办结：提级至上一级负责人。", "Still late after red",
     "红色后仍未办结"},
    {URGE_RAISE_ON, URGE_RAISED, OPEN, "raised-on",
     "Still late 3 working days after that: to the head of the unit above.",
     "提级督办满 3 个工作日仍未办结：再提级至上级单位负责人。", "Still late after escalation",
     "提级后仍未办结"},
    {URGE_TELL_ALL, URGE_CIRCULAR, OPEN, "circular",
     "Still late 4 working days after that: told within the organisation.",
     "再提级满 4 个工作日仍未办结：在单位内通报。", "Still late after all", "再提级后仍未办结"},
};

struct str urge_rule_words(struct arena *arena, enum urge_cause cause,
                           const struct ledger_limits *limits, enum lang lang)
{
    return ledger_with_limits(arena, limits,
                              lang_pick(lang, urge_rules[cause].en, urge_rules[cause].zh));
}

static const struct {
    const char *name, *en, *zh;
} KINDS[URGE_KINDS] = {
    [URGE_REMINDER] = {"reminder", "Reminder", "提醒单"},
    [URGE_BLUE] = {"blue", "Blue notice", "蓝色督办单"},
    [URGE_YELLOW] = {"yellow", "Yellow notice", "黄色督办单"},
    [URGE_RED] = {"red", "Red notice", "红色督办单"},
    [URGE_RAISED] = {"raised", "Escalation", "提级督办单"},
    [URGE_CIRCULAR] = {"circular", "Circular", "通报"},
};

const char *urge_kind_name(enum urge_kind kind)
{
    return KINDS[kind].name;
}

const char *urge_kind_words(enum urge_kind kind, enum lang lang)
{
    return lang_pick(lang, KINDS[kind].en, KINDS[kind].zh);
}

enum urge_kind urge_kind_named(struct str name)
{
    int kind = 0;
    while (kind < URGE_KINDS && !str_equal(name, str_of(KINDS[kind].name)))
        kind++;
    return (enum urge_kind)kind;
}

enum urge_cause urge_cause_named(struct str name)
{
    int cause = 0;
    while (cause < URGE_CAUSES && !str_equal(name, str_of(urge_rules[cause].name)))
        cause++;
    return (enum urge_cause)cause;
}

/* --- what holds ----------------------------------------------------------------------------------- */

int64_t urge_missed_feedback(enum rhythm rhythm, const struct workdays *calendar,
                             int64_t signed_day, int64_t fed_day, int64_t today)
{
    if (!signed_day)
        return 0;
    int64_t missed = rhythm_last_day(rhythm, calendar, signed_day, today - 1);
    int64_t before = missed ? rhythm_last_day(rhythm, calendar, signed_day, missed - 1) : 0;
    return fed_day > (before ? before : signed_day - 1) ? 0 : missed;
}

/* The day of a feedback that is due today or on the next working day and is not given. */
static int64_t coming_feedback(const struct urge_facts *f, const struct workdays *calendar)
{
    if (!f->signed_day)
        return 0;
    int64_t due = rhythm_next_day(f->rhythm, calendar, f->signed_day, f->today - 1);
    int64_t before = rhythm_last_day(f->rhythm, calendar, f->signed_day, f->today - 1);
    bool given = f->fed_day > (before ? before : f->signed_day - 1);
    return due && !given && due <= workday_add(calendar, f->today, 1) ? due : 0;
}

static int64_t month_of(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return day - mday + 1;
}

/* Whether so many working days have gone by since a notice. */
static bool is_over(const struct workdays *calendar, int64_t told, int64_t today, int64_t days)
{
    return told && workday_between(calendar, told, today) >= days;
}

/* The period in which a cause holds today; 0: it does not. */
static int64_t period_of(enum urge_cause cause, const struct urge_facts *f,
                         const struct ledger_limits *limits, const struct workdays *calendar)
{
    struct line line = {.state = LINE_ACTIVE,
                        .begins_day = f->begins_day,
                        .due_day = f->due_day,
                        .progress = f->progress};
    int64_t left = f->due_day - f->today;
    bool late = left < 0;
    switch (cause) {
    case URGE_COMING:
        return left > limits->near_days && left <= URGE_COMING_DAYS ? f->due_day : 0;
    case URGE_FEEDBACK:
        return coming_feedback(f, calendar);
    case URGE_UNSIGNED:
        return is_over(calendar, f->assigned_day, f->today, URGE_UNSIGNED_DAYS) ? f->assigned_day
                                                                                : 0;
    case URGE_NEAR:
        return !late && left <= limits->near_days ? f->due_day : 0;
    case URGE_BEHIND:
        return line_light(limits, &line, f->today) == LIGHT_YELLOW ? month_of(f->today) : 0;
    case URGE_POOR:
        return f->fault_day && f->today - f->fault_day <= URGE_POOR_DAYS ? f->fault_day : 0;
    case URGE_SILENT:
        return urge_missed_feedback(f->rhythm, calendar, f->signed_day, f->fed_day, f->today);
    case URGE_LATE:
        return late ? f->due_day : 0;
    case URGE_RAISE:
    case URGE_RAISE_ON:
        return late && is_over(calendar, f->told[cause - 1], f->today, URGE_RAISE_DAYS) ? f->due_day
                                                                                        : 0;
    case URGE_TELL_ALL:
        return late && is_over(calendar, f->told[cause - 1], f->today, URGE_CIRCULAR_DAYS)
                   ? f->due_day
                   : 0;
    case URGE_CAUSES:
        break;
    }
    return 0;
}

size_t urge_find(const struct urge_facts *f, const struct ledger_limits *limits,
                 const struct workdays *calendar, struct urge found[URGE_CAUSES])
{
    size_t count = 0;
    if (!f->due_day || !workday_is(calendar, f->today))
        return 0;
    for (int i = 0; i < URGE_CAUSES; i++) {
        enum urge_cause cause = (enum urge_cause)i;
        if (!(urge_rules[i].from >> f->state & 1U))
            continue;
        int64_t period = period_of(cause, f, limits, calendar);
        if (period)
            found[count++] = (struct urge){cause, period};
    }
    return count;
}

size_t urge_find_of_part(const struct urge_part *part, int64_t today,
                         const struct ledger_limits *limits, const struct workdays *calendar,
                         struct urge found[URGE_CAUSES])
{
    static const enum urge_cause causes[] = {URGE_COMING, URGE_UNSIGNED, URGE_NEAR, URGE_LATE};
    struct urge_facts f = {
        .due_day = part->due_day, .assigned_day = part->given_day, .today = today};
    size_t count = 0;
    if (!workday_is(calendar, today))
        return 0;
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        bool asks = causes[i] == URGE_UNSIGNED ? !part->is_signed : part->due_day != 0;
        int64_t period = asks ? period_of(causes[i], &f, limits, calendar) : 0;
        if (period)
            found[count++] = (struct urge){causes[i], period};
    }
    return count;
}

/* --- when ----------------------------------------------------------------------------------------- */

int64_t urge_next_moment(const struct workdays *calendar, const struct ledger_limits *limits,
                         int64_t now_ms)
{
    int64_t day = calendar_day_of(now_ms);
    int64_t begin = calendar_moment_of(day);
    if (!workday_is(calendar, day) || now_ms >= begin + limits->until_hour * HOUR_MS)
        return urge_next_day(calendar, limits, now_ms);
    int64_t from = begin + limits->from_hour * HOUR_MS;
    return now_ms < from ? from : now_ms;
}

int64_t urge_next_day(const struct workdays *calendar, const struct ledger_limits *limits,
                      int64_t now_ms)
{
    int64_t day = workday_add(calendar, calendar_day_of(now_ms), 1);
    return calendar_moment_of(day) + limits->from_hour * HOUR_MS;
}
