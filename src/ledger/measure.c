/* What figures say; see measure.h. */
#include "ledger/measure.h"

#include <math.h>

#include "ledger/split.h"

#define UNKNOWN ((double)NAN)

static bool known(int64_t amount)
{
    return amount != LEDGER_NONE;
}

/* --- growth ----------------------------------------------------------------------------------------------- */

bool ledger_grow(int64_t now, int64_t base, double *percent)
{
    if (!known(now) || !known(base) || base == 0)
        return false;
    *percent = ((double)now - (double)base) / fabs((double)base) * 100;
    return true;
}

int64_t ledger_year_to_date(enum ledger_fold fold, const struct ledger_series *series, int month)
{
    return ledger_fold_months(fold, series, month - month % 12, month % 12 + 1);
}

/* --- others ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh;
} RANKS[] = {
    [LEDGER_UNRANKED] = {"unranked", "Nothing to compare with", "暂无可比数据"},
    [LEDGER_ABOVE_ALL] = {"above_all", "Above all of them", "全部优于参照"},
    [LEDGER_ABOVE_SOME] = {"above_some", "Above some", "部分优于参照"},
    [LEDGER_BELOW_ALL] = {"below_all", "Above none", "均未优于参照"},
};

const char *ledger_rank_name(enum ledger_rank rank)
{
    return RANKS[rank].name;
}

const char *ledger_rank_word(enum ledger_rank rank, enum lang lang)
{
    return lang_pick(lang, RANKS[rank].en, RANKS[rank].zh);
}

enum ledger_rank ledger_rank(enum ledger_direction direction, double own, const double *others,
                             size_t count, size_t *better, size_t *nknown)
{
    *better = *nknown = 0;
    for (size_t i = 0; i < count && !isnan(own); i++) {
        if (isnan(others[i]))
            continue;
        ++*nknown;
        if (direction == LEDGER_UP ? own > others[i] : own < others[i])
            ++*better;
    }
    if (*nknown == 0)
        return LEDGER_UNRANKED;
    return *better == *nknown ? LEDGER_ABOVE_ALL : *better ? LEDGER_ABOVE_SOME : LEDGER_BELOW_ALL;
}

/* --- the year's end --------------------------------------------------------------------------------------- */

static const struct {
    const char *en, *zh;
} METHODS[] = {
    [LEDGER_NO_FORECAST] = {"There is no forecast yet: nothing is known of the year.",
                            "尚无预测：本年还没有实际值。"},
    [LEDGER_COMPLETE] = {"All twelve months are in: this is the result, not a forecast.",
                         "十二个月均已填报：此为结果，不是预测。"},
    [LEDGER_LIKE_LAST] =
        {"Months to come are taken to stand to last year's as the months known so far do. The band, "
         "8 in 10, comes from how much single months differ from that.",
         "未来各月按上年同月，乘以今年已知月份与上年同期之比推算；区间（八成把握）取自各月对此比例的偏离程度。"},
    [LEDGER_LIKE_SO_FAR] =
        {"Months to come are taken to be as the mean of this year's so far. The band, 8 in 10, "
         "comes from how much single months differ from it.",
         "未来各月按今年已知月份的平均值推算；区间（八成把握）取自各月对平均值的偏离程度。"},
    [LEDGER_TREND] =
        {"The level is taken to go on changing by the mean of its last monthly changes, twelve at most. "
         "The band, 8 in 10, comes from how much single changes differ from it.",
         "按最近（至多十二个月）每月变动的平均值继续推算；区间（八成把握）取自各月变动的偏离程度。"},
};

const char *ledger_method_words(enum ledger_method method, enum lang lang)
{
    return lang_pick(lang, METHODS[method].en, METHODS[method].zh);
}

/* The 90 % point of Student's distribution, so that 80 % lie between it and its negative; by degrees of freedom. */
static double student(unsigned freedom)
{
    static const double points[] = {3.078, 1.886, 1.638, 1.533, 1.476, 1.440,
                                    1.415, 1.397, 1.383, 1.372, 1.363};
    return points[freedom > 11 ? 10 : freedom - 1];
}

struct year {
    int64_t at[12];
    double like[12]; /* what the months are taken to be in proportion to */
    unsigned count;  /* months known */
};

static void set_band(struct ledger_forecast *f, double variance, unsigned freedom)
{
    double reach = freedom ? student(freedom) * sqrt(variance) : UNKNOWN;
    f->low = f->value - reach;
    f->high = f->value + reach;
}

/* Last year's months as the pattern, where that can be; else a flat one. */
static enum ledger_method find_pattern(const struct ledger_series *actuals, int year,
                                       struct year *y)
{
    double beside = 0;
    bool whole = true;
    for (int m = 0; m < 12; m++) {
        int64_t last = ledger_series_at(actuals, (year - 1) * 12 + m);
        whole = whole && known(last) && last >= 0;
        y->like[m] = (double)last;
        if (known(y->at[m]))
            beside += (double)last;
    }
    if (whole && beside > 0)
        return LEDGER_LIKE_LAST;
    for (int m = 0; m < 12; m++)
        y->like[m] = 1;
    return LEDGER_LIKE_SO_FAR;
}

/* A regression through the origin of this year's months on the pattern, as a ratio of sums: the months to come are
 * ratio × pattern, and their sum errs by what scatters in them and by what the ratio errs. */
static void forecast_sum(const struct year *y, struct ledger_forecast *f)
{
    double sum = 0;
    double like = 0;
    double open = 0;
    double scatter = 0;
    unsigned left = 12 - y->count;
    for (int m = 0; m < 12; m++) {
        sum += known(y->at[m]) ? (double)y->at[m] : 0;
        like += known(y->at[m]) ? y->like[m] : 0;
        open += known(y->at[m]) ? 0 : y->like[m];
    }
    f->ratio = sum / like;
    f->value = sum + f->ratio * open;
    for (int m = 0; m < 12; m++) {
        double error = (double)y->at[m] - f->ratio * y->like[m];
        f->months[m] = known(y->at[m]) ? UNKNOWN : f->ratio * y->like[m];
        scatter += known(y->at[m]) ? error * error : 0;
    }
    unsigned freedom = y->count - 1;
    double each = freedom ? scatter / freedom : 0;
    set_band(f, each * (left + y->count * (open / like) * (open / like)), freedom);
}

/* The newest month known up to the year's end, and the changes before it that are known. */
static void forecast_level(const struct ledger_series *actuals, int year, struct ledger_forecast *f)
{
    int newest = year * 12 + 11;
    double changes[12];
    unsigned count = 0;
    double mean = 0;
    double scatter = 0;
    while (newest >= year * 12 && !known(ledger_series_at(actuals, newest)))
        newest--;
    for (int m = newest; m > newest - 12; m--) {
        int64_t now = ledger_series_at(actuals, m);
        int64_t before = ledger_series_at(actuals, m - 1);
        if (known(now) && known(before))
            changes[count++] = (double)now - (double)before;
    }
    if (newest < year * 12 || count == 0)
        return;
    for (unsigned i = 0; i < count; i++)
        mean += changes[i] / count;
    for (unsigned i = 0; i < count; i++)
        scatter += (changes[i] - mean) * (changes[i] - mean);
    unsigned left = (unsigned)(year * 12 + 11 - newest);
    f->method = LEDGER_TREND;
    f->value = (double)ledger_series_at(actuals, newest) + mean * left;
    for (int m = newest + 1; m <= year * 12 + 11; m++)
        f->months[m % 12] = (double)ledger_series_at(actuals, newest) + mean * (m - newest);
    double each = count > 1 ? scatter / (count - 1) : 0;
    set_band(f, each * left * (1 + (double)left / count), count - 1);
}

static void take_result(enum ledger_fold fold, const struct ledger_series *actuals, int year,
                        struct ledger_forecast *f)
{
    f->method = LEDGER_COMPLETE;
    f->value = f->low = f->high = (double)ledger_fold_months(fold, actuals, year * 12, 12);
}

void ledger_forecast_year(enum ledger_fold fold, const struct ledger_series *actuals, int year,
                          struct ledger_forecast *f)
{
    struct year y = {.count = 0};
    *f = (struct ledger_forecast){.value = UNKNOWN, .low = UNKNOWN, .high = UNKNOWN};
    for (int m = 0; m < 12; m++) {
        f->months[m] = UNKNOWN;
        y.at[m] = ledger_series_at(actuals, year * 12 + m);
        y.count += known(y.at[m]);
    }
    f->known = y.count;
    if (y.count == 12 || (fold == LEDGER_LAST && known(y.at[11]))) {
        take_result(fold, actuals, year, f);
    } else if (fold == LEDGER_LAST) {
        forecast_level(actuals, year, f);
    } else if (y.count) {
        f->method = find_pattern(actuals, year, &y);
        forecast_sum(&y, f);
        if (fold == LEDGER_MEAN) {
            f->value /= 12;
            f->low /= 12;
            f->high /= 12;
        }
    }
}

/* --- days and months -------------------------------------------------------------------------------------- */

/* Days from 1970-01-01 to the first of a month, by counting years from March so that a leap day comes last. */
int64_t ledger_month_begin(int month)
{
    int64_t year = month / 12 - (month % 12 < 2);
    int64_t from_march = (month % 12 + 10) % 12;
    return year * 365 + year / 4 - year / 100 + year / 400 + (from_march * 153 + 2) / 5 - 719468;
}

int ledger_month_of(int64_t day)
{
    int month = (int)((double)day / 30.436875) + 1970 * 12 - 1; /* at most one too early or late */
    while (ledger_month_begin(month + 1) <= day)
        month++;
    while (ledger_month_begin(month) > day)
        month--;
    return month;
}

int64_t ledger_actual_due(int month, unsigned due_day)
{
    int64_t begin = ledger_month_begin(month + 1);
    int64_t last = ledger_month_begin(month + 2) - 1;
    return begin + due_day - 1 < last ? begin + due_day - 1 : last;
}

/* The part of the month that has passed by the end of a day. */
static double passed(int month, int64_t day)
{
    int64_t begin = ledger_month_begin(month);
    int64_t days = ledger_month_begin(month + 1) - begin;
    if (day < begin)
        return 0;
    return day - begin + 1 >= days ? 1 : (double)(day - begin + 1) / (double)days;
}

double ledger_planned_part(enum ledger_fold fold, const int64_t targets[12], int year, int64_t day)
{
    double all = 0;
    double due = 0;
    for (int m = 0; m < 12; m++) {
        double weight = fold == LEDGER_SUM ? (double)targets[m]
                                           : (double)(ledger_month_begin(year * 12 + m + 1) -
                                                      ledger_month_begin(year * 12 + m));
        all += weight;
        due += weight * passed(year * 12 + m, day);
    }
    return all > 0 ? fmin(1, fmax(0, due / all)) : 0;
}

/* --- alarms ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh, *rule_en, *rule_zh;
} ALARMS[LEDGER_ALARM_KINDS] = {
    {"late", "Figure overdue", "逾期未报",
     "The actual of a month that has ended is due by the stated day of the next one and is not in.",
     "某月已结束，过了次月规定日期仍未填报实际值。"},
    {"behind", "Behind target", "落后于目标",
     "What the year holds so far is worse than its target to the same month by more than the stated share.",
     "本年累计比同期目标差，且超过规定幅度。"},
    {"miss", "Will be missed", "预计完不成",
     "The forecast of the year misses the target, and so does the better end of its band.",
     "全年预测值未达目标，预测区间的有利一端也未达到。"},
    {"risk", "In doubt", "有完不成的风险",
     "The forecast of the year misses the target, but its band reaches over it.",
     "全年预测值未达目标，但预测区间仍覆盖目标。"},
    {"strange", "Check the figure", "数据待核",
     "The newest month is more than three times, or less than a third of, the same month of last year.",
     "最新一个月超过上年同月的三倍，或不足三分之一。"},
    {"below", "Below a benchmark", "低于参照值",
     "It is to be better than all its benchmarks, and is not better than one of them.",
     "要求优于全部参照值，但至少未优于其中一个。"},
};

static unsigned alarm_index(unsigned alarm)
{
    unsigned index = 0;
    while (index + 1 < LEDGER_ALARM_KINDS && (1U << index) != alarm)
        index++;
    return index;
}

const char *ledger_alarm_name(unsigned alarm)
{
    return ALARMS[alarm_index(alarm)].name;
}

unsigned ledger_alarm_named(struct str name)
{
    for (unsigned i = 0; i < LEDGER_ALARM_KINDS; i++)
        if (str_equal(name, str_of(ALARMS[i].name)))
            return 1U << i;
    return 0;
}

const char *ledger_alarm_word(unsigned alarm, enum lang lang)
{
    return lang_pick(lang, ALARMS[alarm_index(alarm)].en, ALARMS[alarm_index(alarm)].zh);
}

const char *ledger_alarm_rule(unsigned alarm, enum lang lang)
{
    return lang_pick(lang, ALARMS[alarm_index(alarm)].rule_en, ALARMS[alarm_index(alarm)].rule_zh);
}

/* The first month from the beginning of the year on whose actual is overdue; −1. */
static int first_late(const struct ledger_watch_rule *rule, const struct ledger_watched *w,
                      int year, int64_t today)
{
    int from = year * 12 > w->begins ? year * 12 : w->begins;
    for (int m = from; m < year * 12 + 12 && ledger_actual_due(m, rule->due_day) < today; m++)
        if (!known(ledger_series_at(w->actuals, m)))
            return m;
    return -1;
}

/* The newest month of the year that is known and has none missing before it; −1. */
static int newest_month(const struct ledger_watched *w, int year)
{
    int newest = -1;
    for (int m = year * 12; m < year * 12 + 12; m++) {
        if (known(ledger_series_at(w->actuals, m)))
            newest = m;
        else if (w->fold != LEDGER_LAST)
            break;
    }
    return newest;
}

static bool is_worse(enum ledger_direction direction, double value, double than)
{
    return direction == LEDGER_UP ? value < than : value > than;
}

static bool is_behind(const struct ledger_watch_rule *rule, const struct ledger_watched *w,
                      int year, int newest)
{
    struct ledger_series targets = {w->targets, 12, year * 12};
    if (!w->targets || newest < 0)
        return false;
    double so_far = (double)ledger_year_to_date(w->fold, w->actuals, newest);
    double target = (double)ledger_year_to_date(w->fold, &targets, newest);
    double allowed = fabs(target) * rule->behind_percent / 100;
    return is_worse(w->direction, so_far,
                    w->direction == LEDGER_UP ? target - allowed : target + allowed);
}

static unsigned judge_forecast(const struct ledger_watched *w)
{
    const struct ledger_forecast *f = w->forecast;
    double whole = (double)w->whole;
    if (!known(w->whole) || f->method == LEDGER_NO_FORECAST ||
        !is_worse(w->direction, f->value, whole))
        return 0;
    if (isnan(f->low))
        return LEDGER_ALARM_RISK;
    return is_worse(w->direction, w->direction == LEDGER_UP ? f->high : f->low, whole)
               ? LEDGER_ALARM_MISS
               : LEDGER_ALARM_RISK;
}

static bool is_strange(const struct ledger_watched *w, int newest)
{
    int64_t now = newest < 0 ? LEDGER_NONE : ledger_series_at(w->actuals, newest);
    int64_t before = newest < 0 ? LEDGER_NONE : ledger_series_at(w->actuals, newest - 12);
    return known(now) && known(before) && before > 0 && (now / 3 > before || now < before / 3);
}

unsigned ledger_watch(const struct ledger_watch_rule *rule, const struct ledger_watched *w,
                      int year, int64_t today, int *late)
{
    unsigned alarms = judge_forecast(w);
    int newest = newest_month(w, year);
    *late = w->made ? -1 : first_late(rule, w, year, today);
    if (*late >= 0)
        alarms |= LEDGER_ALARM_LATE;
    if (is_behind(rule, w, year, newest))
        alarms |= LEDGER_ALARM_BEHIND;
    if (is_strange(w, newest))
        alarms |= LEDGER_ALARM_STRANGE;
    if (w->rank == LEDGER_ABOVE_SOME || w->rank == LEDGER_BELOW_ALL)
        alarms |= LEDGER_ALARM_BELOW;
    return alarms;
}
