/* The formula of assessment; see assess.h. */
#include "ledger/assess.h"

#include <math.h>

#include "base/calendar.h"

const struct assess_rule assess_rules[ASSESS_PARTS] = {
    [ASSESS_TIMELY] = {"timely", 50, "Done in time", "按期办结",
                       "Of the lines whose last day fell in the period: those said to be done by "
                       "then and not sent back since.",
                       "期限在本期内的条目中，按期报结且未被退回的比例。"},
    [ASSESS_COURSE] =
        {"course", 20, "On course", "推进进度",
         "Of the lines still running at its end: progress as last fed back, against "
         "what even work would have reached, at most 100% each.",
         "期末在办条目，最近反馈的进度与按计划应达进度之比（每条最高 100%）的平均值。"},
    [ASSESS_FEEDBACK] = {"feedback", 15, "Feedback", "按期反馈",
                         "Of the feedback due in the period: that which was given by its day.",
                         "本期应报反馈中，按期报送的比例。"},
    [ASSESS_QUALITY] = {"quality", 15, "Quality", "办理质量",
                        "Of the verdicts in the period (confirmed, sent back, found poorly done): "
                        "those that confirmed.",
                        "本期复核通过、退回、指出办理不力各项中，通过的比例。"},
};

const char *assess_credit_rule(enum lang lang)
{
    return lang_pick(
        lang,
        "Each counts for the lead and the unit that answered for the line at its moment: when it was "
        "said to be done, fed back, judged or urged; or, where nothing was done, when the day was over. "
        "Who took a line over later answers from then on.",
        "各项计入当时负责该条目的分包领导和单位：以报结、反馈、评判、督办之时为准；应办未办的，以期限届满之时为准。"
        "其后接手者自接手时起计。");
}

const char *assess_off_rule(enum lang lang)
{
    return lang_pick(
        lang,
        "Off: 2 points for each red notice in the period, 3 for each escalation, 5 for "
        "each circular, at most 20.",
        "扣分：本期每份红色督办单扣 2 分，每份提级督办单扣 3 分，每次通报扣 5 分，最多扣 "
        "20 分。");
}

static double share(const struct assess_facts *f, enum assess_part part)
{
    double owed = (double)f->owed[part] * (part == ASSESS_COURSE ? 100.0 : 1.0);
    return owed > 0 ? (double)f->reached[part] / owed : 0;
}

bool assess_is_due(const struct assess_facts *f)
{
    for (int i = 0; i < ASSESS_PARTS; i++)
        if (f->owed[i])
            return true;
    return false;
}

int64_t assess_percent(const struct assess_facts *f, enum assess_part part)
{
    return f->owed[part] ? llround(100 * share(f, part)) : -1;
}

int64_t assess_off(const struct assess_facts *f)
{
    int64_t off = ASSESS_RED_TENTHS * f->reds + ASSESS_RAISED_TENTHS * f->raised +
                  ASSESS_CIRCULAR_TENTHS * f->circulars;
    return off < ASSESS_OFF_MOST ? off : ASSESS_OFF_MOST;
}

int64_t assess_tenths(const struct assess_facts *f)
{
    double reached = 0;
    double weight = 0;
    for (int i = 0; i < ASSESS_PARTS; i++)
        if (f->owed[i]) {
            weight += (double)assess_rules[i].weight;
            reached += (double)assess_rules[i].weight * share(f, (enum assess_part)i);
        }
    int64_t tenths = (weight > 0 ? llround(1000 * reached / weight) : 0) - assess_off(f);
    return tenths > 0 ? tenths : 0;
}

bool assess_read_period(struct str text, int64_t *first, int64_t *last)
{
    uint64_t year;
    uint64_t number;
    size_t dash = str_find(text, STR("-"), 0);
    struct str rest = dash == 4 ? str_slice(text, 5, text.len) : (struct str){0};
    bool quarter = str_starts(rest, STR("Q"));
    if (!rest.len || !str_to_u64(str_slice(text, 0, 4), &year) || year < 1900 || year > 9998 ||
        !str_to_u64(str_slice(rest, quarter, rest.len), &number) || number < 1 ||
        number > (quarter ? 4 : 12) || rest.len != 2)
        return false;
    unsigned month = quarter ? (unsigned)number * 3 - 2 : (unsigned)number;
    unsigned after = month + (quarter ? 3 : 1);
    *first = calendar_day_number((int)year, month, 1);
    *last = calendar_day_number((int)year + (after > 12), after > 12 ? 1 : after, 1) - 1;
    return true;
}

struct str assess_period_words(struct arena *arena, int64_t first, int64_t last, enum lang lang)
{
    int year;
    unsigned month;
    unsigned day;
    calendar_date_of(first, &year, &month, &day);
    if (last - first > 31)
        return lang == LANG_ZH ? str_format(arena, "%d 年第 %u 季度", year, month / 3 + 1)
                               : str_format(arena, "Quarter %u of %d", month / 3 + 1, year);
    return lang == LANG_ZH ? str_format(arena, "%d 年 %u 月", year, month)
                           : str_format(arena, "%04d-%02u", year, month);
}
