/* What marks come to; see score.h. */
#include "ledger/score.h"

/* a / b rounded half up; both ≥ 0, b > 0. */
static int64_t divide(int64_t a, int64_t b)
{
    return (2 * a + b) / (2 * b);
}

static bool is_whole(const int64_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (marks[i] == SCORE_NONE)
            return false;
    return count > 0;
}

/* The mark of one criterion in hundredths of a point, over the scorers that count. */
static int64_t mark_of(const int64_t *marks, size_t count, size_t scorers, size_t criterion,
                       size_t whole)
{
    int64_t sum = 0;
    int64_t lowest = 100;
    int64_t highest = 0;
    for (size_t i = 0; i < scorers; i++) {
        int64_t mark = marks[i * count + criterion];
        if (!is_whole(&marks[i * count], count))
            continue;
        sum += mark;
        lowest = mark < lowest ? mark : lowest;
        highest = mark > highest ? mark : highest;
    }
    if (whole >= SCORE_TRIM_FROM)
        return divide((sum - lowest - highest) * 100, (int64_t)whole - 2);
    return divide(sum * 100, (int64_t)whole);
}

void score_sum(const struct score_criterion *criteria, size_t count, const int64_t *marks,
               size_t scorers, const struct score_bar *bar, struct score_result *result)
{
    int64_t weights = 0;
    int64_t sum = 0;
    *result = (struct score_result){.total = SCORE_NONE, .below = count};
    for (size_t i = 0; i < scorers; i++)
        result->scorers += is_whole(&marks[i * count], count);
    for (size_t k = 0; k < count; k++) {
        result->marks[k] =
            result->scorers ? mark_of(marks, count, scorers, k, result->scorers) : SCORE_NONE;
        if (result->scorers && result->marks[k] < criteria[k].least * 100 && result->below == count)
            result->below = k;
        weights += criteria[k].weight;
        sum += criteria[k].weight * result->marks[k];
    }
    if (!result->scorers)
        return;
    result->total = divide(sum, weights);
    result->enough = result->scorers >= bar->scorers;
    result->passes = result->enough && result->below == count && result->total >= bar->threshold;
}

struct str score_text(struct arena *arena, int64_t hundredths)
{
    long long whole = (long long)(hundredths / 100);
    int rest = (int)(hundredths % 100);
    if (hundredths == SCORE_NONE)
        return STR("");
    if (rest % 10)
        return str_format(arena, "%lld.%02d", whole, rest);
    return rest ? str_format(arena, "%lld.%d", whole, rest / 10) : str_format(arena, "%lld", whole);
}

const char *score_rule_words(enum lang lang)
{
    return lang_pick(
        lang,
        "Each scorer gives 0 to 100 by every criterion; who leaves one out does not count. A "
        "criterion's mark is the mean; from five scorers on, its highest and lowest are left out. "
        "The total is the mean of the criteria's marks by their weights.",
        "每名评分人按各项标准逐项评 0 至 100 分，未评全者不计。各项得分取平均值；评分人满五名时，"
        "先去掉一个最高分和一个最低分。总分为各项得分按权重的加权平均。");
}
