/* Progress of what has parts; see progress.h. */
#include "ledger/progress.h"

#include <math.h>

bool line_part_counts(const struct line_part *part)
{
    return (part->state == LINE_ACTIVE || part->state == LINE_DONE) && part->weight > 0 &&
           part->kind != LEDGER_INDICATOR;
}

static double weigh(const struct line_part *parts, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += line_part_counts(&parts[i]) ? parts[i].weight : 0;
    return sum;
}

int64_t line_sum_parts(const struct line_part *parts, size_t count, int64_t own)
{
    double weights = weigh(parts, count);
    double reached = 0;
    for (size_t i = 0; i < count; i++)
        if (line_part_counts(&parts[i]))
            reached +=
                parts[i].weight * (parts[i].state == LINE_DONE ? 100.0 : (double)parts[i].progress);
    /* A mean that is whole must not fall below itself by the last bit of a division. */
    return weights > 0 ? (int64_t)floor(reached / weights + 1e-9) : own;
}

double line_part_share(const struct line_part *parts, size_t count, size_t part)
{
    return line_part_counts(&parts[part]) ? 100 * parts[part].weight / weigh(parts, count) : 0;
}

bool line_kind_sums(enum ledger_kind kind)
{
    return kind == LEDGER_GOAL || kind == LEDGER_FIELD || kind == LEDGER_MILESTONE;
}

const char *line_sum_rule(enum lang lang)
{
    return lang_pick(
        lang,
        "A goal, field or milestone with parts stands at the mean of their progress by "
        "weight, rounded down. What is done counts as 100%; what is only proposed, was "
        "closed, weighs 0 or is an indicator does not count.",
        "目标、领域、节点设有下级条目的，进度为下级条目进度按权重的平均值，舍去小数。"
        "已完成的按 100% 计；待定、已关闭、权重为 0 的条目及指标不计入。");
}
