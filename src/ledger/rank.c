/* Scores and rankings; see rank.h. */
#include "ledger/rank.h"

#define FINE 1000000 /* in which shares are summed, so that a whole of every part is a whole */

/* a / b rounded half up; a ≥ 0, b > 0. */
static int64_t divide(int64_t a, int64_t b)
{
    return (2 * a + b) / (2 * b);
}

int64_t rank_weigh(const struct rank_part *parts, size_t count)
{
    int64_t weights = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].value == RANK_NONE)
            continue;
        weights += parts[i].weight;
        sum += parts[i].weight * divide(parts[i].value * FINE, parts[i].most);
    }
    return weights ? divide(sum, weights * (FINE / RANK_WHOLE)) : RANK_NONE;
}

/* --- rules ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh;
} RULES[RANK_RULES] = {
    [RANK_ALL] = {"all", "All scores count", "全部计入"},
    [RANK_TRIM] = {"trim", "Without one highest and one lowest", "去掉一个最高分和一个最低分"},
    [RANK_FAR] = {"far", "Without those far from the median", "剔除偏离中位数过大的评分"},
};

const char *rank_rule_name(enum rank_rule rule)
{
    return RULES[rule].name;
}

enum rank_rule rank_rule_named(struct str name)
{
    int i = 0;
    while (i < RANK_RULES && !str_equal(name, str_of(RULES[i].name)))
        i++;
    return (enum rank_rule)i;
}

const char *rank_rule_title(enum rank_rule rule, enum lang lang)
{
    return lang_pick(lang, RULES[rule].en, RULES[rule].zh);
}

struct str rank_rule_words(struct arena *arena, struct rank_by by, enum lang lang)
{
    static const char *const EN[RANK_RULES] = {
        [RANK_ALL] = "Every score counts.",
        [RANK_TRIM] = "Where five or more people scored, one highest and one lowest score are left "
                      "out; where fewer did, all count.",
    };
    static const char *const ZH[RANK_RULES] = {
        [RANK_ALL] = "所有评分均计入。",
        [RANK_TRIM] = "评分人满五名时，去掉一个最高分和一个最低分；不足五名时全部计入。",
    };
    struct buf out = {.arena = arena};
    if (by.rule != RANK_FAR)
        buf_add(&out, str_of(lang_pick(lang, EN[by.rule], ZH[by.rule])));
    else if (lang == LANG_ZH)
        buf_format(&out, "与各评分中位数相差超过 %lld 分的不计入；如无一在此范围内，则全部计入。",
                   (long long)by.far);
    else
        buf_format(&out,
                   "A score more than %lld points from the median of all is left out; if that is "
                   "true of every one, all count.",
                   (long long)by.far);
    buf_add(&out, str_of(lang_pick(lang,
                                   " The result is the mean of the scores that count, by the "
                                   "scorers' weights. Equal results share a place.",
                                   "结果为计入评分按评分人权重的加权平均，结果相同的名次并列。")));
    return buf_str(&out);
}

const char *rank_count_words(enum rank_count counted, enum lang lang)
{
    static const struct {
        const char *en, *zh;
    } WORDS[RANK_COUNT_KINDS] = {
        [RANK_COUNTS] = {"counts", "计入"},
        [RANK_ABSENT] = {"not scored", "未评分"},
        [RANK_HIGHEST] = {"left out: highest", "最高分，不计"},
        [RANK_LOWEST] = {"left out: lowest", "最低分，不计"},
        [RANK_APART] = {"left out: far from the median", "偏离中位数，不计"},
    };
    return lang_pick(lang, WORDS[counted].en, WORDS[counted].zh);
}

/* --- several scores ------------------------------------------------------------------------------- */

/* Leaves out the highest of those that count (sign 1) or the lowest (sign -1). */
static void leave_out(struct rank_score *scores, size_t count, int sign, enum rank_count as)
{
    struct rank_score *out = NULL;
    for (size_t i = 0; i < count; i++) {
        struct rank_score *s = &scores[i];
        if (s->counted != RANK_COUNTS)
            continue;
        int64_t beyond = out ? sign * (s->score - out->score) : 1;
        if (beyond > 0 || (beyond == 0 && s->weight < out->weight))
            out = s;
    }
    if (out)
        out->counted = as;
}

/* The n-th smallest of those that count, from 0. */
static int64_t nth(const struct rank_score *scores, size_t count, size_t n)
{
    for (size_t i = 0; i < count; i++) {
        size_t below = 0;
        size_t equal = 0;
        for (size_t k = 0; k < count && scores[i].counted == RANK_COUNTS; k++) {
            below += scores[k].counted == RANK_COUNTS && scores[k].score < scores[i].score;
            equal += scores[k].counted == RANK_COUNTS && scores[k].score == scores[i].score;
        }
        if (below <= n && n < below + equal)
            return scores[i].score;
    }
    return RANK_NONE;
}

static void leave_out_far(struct rank_score *scores, size_t count, size_t given, int64_t far)
{
    int64_t twice = nth(scores, count, (given - 1) / 2) + nth(scores, count, given / 2);
    size_t near = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t off = 2 * scores[i].score - twice;
        bool apart = off > 200 * far || off < -200 * far;
        if (scores[i].counted == RANK_COUNTS && apart)
            scores[i].counted = RANK_APART;
        near += scores[i].counted == RANK_COUNTS;
    }
    for (size_t i = 0; i < count && !near; i++)
        if (scores[i].counted == RANK_APART)
            scores[i].counted = RANK_COUNTS;
}

int64_t rank_settle(struct rank_by by, struct rank_score *scores, size_t count)
{
    size_t given = 0;
    int64_t weights = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        scores[i].counted = scores[i].score == RANK_NONE ? RANK_ABSENT : RANK_COUNTS;
        given += scores[i].counted == RANK_COUNTS;
    }
    if (by.rule == RANK_TRIM && given >= RANK_TRIM_FROM) {
        leave_out(scores, count, 1, RANK_HIGHEST);
        leave_out(scores, count, -1, RANK_LOWEST);
    }
    if (by.rule == RANK_FAR && given)
        leave_out_far(scores, count, given, by.far);
    for (size_t i = 0; i < count; i++) {
        if (scores[i].counted != RANK_COUNTS)
            continue;
        weights += scores[i].weight;
        sum += scores[i].weight * scores[i].score;
    }
    return weights ? divide(sum, weights) : RANK_NONE;
}

void rank_place(const int64_t *results, size_t count, size_t *places)
{
    for (size_t i = 0; i < count; i++) {
        places[i] = results[i] == RANK_NONE ? 0 : 1;
        for (size_t k = 0; k < count && places[i]; k++)
            places[i] += results[k] > results[i];
    }
}
