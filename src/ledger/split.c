/* Targets by month; see split.h. */
#include "ledger/split.h"

__extension__ typedef __int128 wide;

/* numerator / denominator to the nearest, halves away from zero. */
static int64_t divide(wide numerator, wide denominator)
{
    wide half = denominator / 2;
    return (int64_t)(numerator < 0 ? -((-numerator + half) / denominator)
                                   : (numerator + half) / denominator);
}

void ledger_split(int64_t whole, const int64_t *weights, size_t count, int64_t *parts)
{
    wide sum = 0;
    wide so_far = 0;
    int64_t given = 0;
    for (size_t i = 0; weights && i < count; i++)
        sum += weights[i];
    if (sum == 0)
        weights = NULL;
    for (size_t i = 0; i < count; i++) {
        so_far += weights ? weights[i] : 1;
        int64_t upto = divide(whole * so_far, weights ? sum : (wide)count);
        parts[i] = upto - given;
        given = upto;
    }
}

static bool is_complete(const struct ledger_series *actuals, int year)
{
    for (int m = 0; m < 12; m++)
        if (ledger_series_at(actuals, year * 12 + m) == LEDGER_NONE)
            return false;
    return true;
}

unsigned ledger_weigh_months(const struct ledger_series *actuals, int year, int64_t weights[12])
{
    unsigned years = 0;
    bool good = true;
    for (int m = 0; m < 12; m++)
        weights[m] = 0;
    for (int past = year - 1; past * 12 >= actuals->first && years < 3; past--) {
        if (!is_complete(actuals, past))
            continue;
        years++;
        for (int m = 0; m < 12; m++)
            weights[m] += ledger_series_at(actuals, past * 12 + m);
    }
    for (int m = 0; m < 12; m++)
        good = good && weights[m] >= 0;
    for (int m = 0; m < 12 && !good; m++)
        weights[m] = 0;
    return good ? years : 0;
}

/* --- a year ---------------------------------------------------------------------------------------------- */

static enum status refuse_sum(const struct ledger_year_plan *plan, int64_t left, unsigned places,
                              struct error *err)
{
    struct arena *scratch = arena_make();
    struct str much = ledger_write_amount(scratch, left < 0 ? -left : left, places);
    enum status status =
        plan->fold == LEDGER_LAST
            ? error_set(
                  err, STATUS_INPUT,
                  "December is set by hand and differs from the year's target by %.*s; change "
                  "one of them or leave December open.",
                  "12月由手工填写，与全年目标相差 %.*s；请改动其一，或将12月留空。", STR_ARG(much))
            : error_set(
                  err, STATUS_INPUT,
                  left < 0 ? "All months are set by hand and exceed the year's target by %.*s; "
                             "change one or leave one open."
                           : "All months are set by hand and fall short of the year's target by "
                             "%.*s; change one or leave one open.",
                  left < 0 ? "各月均由手工填写，合计超出全年目标 %.*s；请改动或留空其中一个月。"
                           : "各月均由手工填写，合计比全年目标少 %.*s；请改动或留空其中一个月。",
                  STR_ARG(much));
    arena_free(scratch);
    return status;
}

/* Months that add up to `total`: what is set by hand stays, the free ones share the rest. */
static enum status plan_shares(const struct ledger_year_plan *plan, int64_t total, unsigned places,
                               int64_t months[12], struct error *err)
{
    int64_t weights[12];
    int64_t parts[12];
    size_t free = 0;
    for (int m = 0; m < 12; m++) {
        if (plan->by_hand[m] != LEDGER_NONE)
            total -= plan->by_hand[m];
        else
            weights[free++] = plan->weights ? plan->weights[m] : 1;
    }
    if (free == 0 && (plan->fold == LEDGER_MEAN ? divide(total, 12) : total) != 0)
        return refuse_sum(plan, plan->fold == LEDGER_MEAN ? divide(total, 12) : total, places, err);
    if (free)
        ledger_split(total, weights, free, parts);
    free = 0;
    for (int m = 0; m < 12; m++)
        months[m] = plan->by_hand[m] != LEDGER_NONE ? plan->by_hand[m] : parts[free++];
    return STATUS_OK;
}

/* Where the way begins: unless it is known, at the first level that is given, so that it is held until then. */
static int64_t first_level(const struct ledger_year_plan *plan)
{
    int64_t level = plan->start;
    for (int m = 0; m < 11 && level == LEDGER_NONE; m++)
        level = plan->by_hand[m];
    return level == LEDGER_NONE ? plan->whole : level;
}

/* A way from `start` to the year's target through the levels that are set by hand. */
static enum status plan_way(const struct ledger_year_plan *plan, unsigned places,
                            int64_t months[12], struct error *err)
{
    int64_t level = first_level(plan);
    int from = 0;
    if (plan->by_hand[11] != LEDGER_NONE && plan->by_hand[11] != plan->whole)
        return refuse_sum(plan, plan->whole - plan->by_hand[11], places, err);
    for (int m = 0; m < 12; m++) {
        int64_t parts[12];
        int64_t to = m == 11 ? plan->whole : plan->by_hand[m];
        if (to == LEDGER_NONE)
            continue;
        ledger_split(to - level, plan->weights ? plan->weights + from : NULL,
                     (size_t)(m - from + 1), parts);
        for (int i = from; i <= m; i++)
            months[i] = level += parts[i - from];
        from = m + 1;
    }
    return STATUS_OK;
}

enum status ledger_plan_year(const struct ledger_year_plan *plan, unsigned places,
                             int64_t months[12], struct error *err)
{
    switch (plan->fold) {
    case LEDGER_LAST:
        return plan_way(plan, places, months, err);
    case LEDGER_MEAN: {
        struct ledger_year_plan level = *plan;
        level.weights = NULL; /* a rate is to hold all year */
        return plan_shares(&level, plan->whole * 12, places, months, err);
    }
    case LEDGER_SUM:
    case LEDGER_FOLDS:
        break;
    }
    return plan_shares(plan, plan->whole, places, months, err);
}

void ledger_set_quarter(struct ledger_year_plan *plan, const int64_t months[12], unsigned quarter,
                        int64_t amount)
{
    int64_t *hand = plan->by_hand + (size_t)quarter * 3;
    const int64_t *so_far = months + (size_t)quarter * 3;
    bool weighs = so_far[0] >= 0 && so_far[1] >= 0 && so_far[2] >= 0;
    if (plan->fold == LEDGER_LAST) { /* the months on the way there stay free */
        hand[0] = hand[1] = LEDGER_NONE;
        hand[2] = amount;
    } else if (plan->fold == LEDGER_MEAN) {
        hand[0] = hand[1] = hand[2] = amount;
    } else {
        ledger_split(amount, weighs ? so_far : NULL, 3, hand);
    }
}

int64_t ledger_fold_months(enum ledger_fold fold, const struct ledger_series *series, int from,
                           int count)
{
    wide sum = 0;
    if (fold == LEDGER_LAST)
        return ledger_series_at(series, from + count - 1);
    for (int m = from; m < from + count; m++) {
        int64_t value = ledger_series_at(series, m);
        if (value == LEDGER_NONE)
            return LEDGER_NONE;
        sum += value;
    }
    return fold == LEDGER_MEAN ? divide(sum, count) : (int64_t)sum;
}
