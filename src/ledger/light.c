/* Lights of lines; see light.h. */
#include "ledger/light.h"

static const struct {
    const char *name, *en, *zh, *rule_en, *rule_zh;
} LIGHT[LIGHTS] = {
    [LIGHT_NONE] = {"", "–", "–", "Not being worked on, or without a last day.",
                    "未在办理，或未定完成期限。"},
    [LIGHT_GREEN] = {"green", "On course", "正常",
                     "Green: more than {near} days are left, and fewer than {behind} points of the "
                     "planned progress are missing.",
                     "绿灯：距期限 {near} 天以上，进度落后计划不足 {behind} 个百分点。"},
    [LIGHT_BLUE] = {"blue", "Close", "临期", "Blue: {near} days or fewer are left.",
                    "蓝灯：距期限不超过 {near} 天。"},
    [LIGHT_YELLOW] =
        {"yellow", "Behind", "滞后",
         "Yellow: {behind} points or more behind what even work from the first day to the "
         "last would have reached by today.",
         "黄灯：按起止日期均匀推进，今日进度落后 {behind} 个百分点及以上。"},
    [LIGHT_RED] = {"red", "Late", "逾期", "Red: the last day is past.", "红灯：已过完成期限。"},
};

int64_t line_planned(const struct line *line, int64_t today)
{
    if (!line->due_day || today > line->due_day)
        return line->due_day ? 100 : 0;
    if (!line->begins_day || line->begins_day >= line->due_day || today <= line->begins_day)
        return 0;
    return 100 * (today - line->begins_day) / (line->due_day - line->begins_day);
}

enum light line_light(const struct ledger_limits *limits, const struct line *line, int64_t today)
{
    if (line->state != LINE_ACTIVE || !line->due_day)
        return LIGHT_NONE;
    if (today > line->due_day)
        return LIGHT_RED;
    if (line_planned(line, today) - line->progress >= limits->behind_points)
        return LIGHT_YELLOW;
    return line->due_day - today <= limits->near_days ? LIGHT_BLUE : LIGHT_GREEN;
}

const char *light_name(enum light light)
{
    return LIGHT[light].name;
}

const char *light_word(enum light light, enum lang lang)
{
    return lang_pick(lang, LIGHT[light].en, LIGHT[light].zh);
}

struct str light_rule(struct arena *arena, const struct ledger_limits *limits, enum light light,
                      enum lang lang)
{
    return ledger_with_limits(arena, limits,
                              lang_pick(lang, LIGHT[light].rule_en, LIGHT[light].rule_zh));
}
