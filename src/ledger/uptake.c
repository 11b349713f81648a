/* How a policy is used; see uptake.h. */
#include "ledger/uptake.h"

#include "base/calendar.h"

static const struct {
    const char *name, *en, *zh, *rule_en, *rule_zh;
} FLAGS[UPTAKE_FLAGS] = {
    [UPTAKE_PAST] = {"past", "Past its last day", "已过有效期",
                     "Its last day is past: end it, or give it another.",
                     "有效期已过，应终止执行或调整有效期。"},
    [UPTAKE_UNCLAIMED] = {"unclaimed", "Not claimed", "无人申领",
                          "In force for 60 days or longer, and nobody has claimed it.",
                          "执行满 60 天仍无人申领。"},
    [UPTAKE_BEHIND] = {"behind", "Behind what was hoped", "未达预期",
                       "20 points or more behind what was hoped for by today.",
                       "按预期目标均匀推算，惠及数落后 20 个百分点及以上。"},
    [UPTAKE_ENDING] = {"ending", "Ends soon", "即将到期", "It ends within 60 days.",
                       "60 天内到期。"},
    [UPTAKE_UNTOLD] = {"untold", "Not told of", "未公布明白卡",
                       "In force for 14 days or longer, and no leaflet is shown.",
                       "执行满 14 天仍未公布明白卡。"},
    [UPTAKE_SILENT] = {"silent", "Figures missing", "缺少数据",
                       "The figures of a month are due by the 10th of the next, and are missing.",
                       "每月数据应于次月 10 日前填报，现有缺报。"},
};

const char *uptake_flag_name(enum uptake_flag flag)
{
    return FLAGS[flag].name;
}

const char *uptake_flag_words(enum uptake_flag flag, enum lang lang)
{
    return lang_pick(lang, FLAGS[flag].en, FLAGS[flag].zh);
}

const char *uptake_flag_rule(enum uptake_flag flag, enum lang lang)
{
    return lang_pick(lang, FLAGS[flag].rule_en, FLAGS[flag].rule_zh);
}

enum uptake_flag uptake_flag_named(struct str name)
{
    int flag = 0;
    while (flag < UPTAKE_FLAGS && !str_equal(name, str_of(FLAGS[flag].name)))
        flag++;
    return (enum uptake_flag)flag;
}

static int64_t month_of(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return (int64_t)year * 12 + month - 1;
}

int64_t uptake_month_due(int64_t today)
{
    return month_of(today - UPTAKE_FIGURES_DAY) - 1;
}

int64_t uptake_planned(int64_t from_day, int64_t hoped_day, int64_t today)
{
    if (today <= from_day)
        return 0;
    return today >= hoped_day ? 100 : 100 * (today - from_day) / (hoped_day - from_day);
}

int64_t uptake_share(int64_t part, int64_t whole)
{
    return whole > 0 ? 100 * part / whole : UPTAKE_NONE;
}

unsigned uptake_flags(const struct uptake_facts *f, int64_t today)
{
    int64_t since = today - f->from_day;
    int64_t left = f->until_day - today;
    int64_t due = uptake_month_due(today);
    const bool holds[UPTAKE_FLAGS] = {
        [UPTAKE_PAST] = f->until_day && left < 0,
        [UPTAKE_UNCLAIMED] = f->claimed == 0 && since >= UPTAKE_UNCLAIMED_DAYS,
        [UPTAKE_BEHIND] = f->hoped_granted && uptake_planned(f->from_day, f->hoped_day, today) -
                                                      uptake_share(f->granted, f->hoped_granted) >=
                                                  UPTAKE_BEHIND_POINTS,
        [UPTAKE_ENDING] = f->until_day && left >= 0 && left <= UPTAKE_ENDING_DAYS,
        [UPTAKE_UNTOLD] = !f->told && since >= UPTAKE_UNTOLD_DAYS,
        [UPTAKE_SILENT] = f->last_month < due && month_of(f->from_day) <= due,
    };
    unsigned flags = 0;
    for (int i = 0; f->state == POLICY_IN_FORCE && i < UPTAKE_FLAGS; i++)
        flags |= holds[i] ? 1U << i : 0U;
    return flags;
}
