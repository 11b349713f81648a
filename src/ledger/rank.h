/* Scores and rankings: what the marks of a sheet come to, how the scores that several people gave to one thing are made
 * one by a stated rule, and who comes in which place. Pure, in whole numbers: neither the order of scorers nor a
 * machine's rounding changes a result.
 *
 * A score is in hundredths of a point of 100: 8750 is 87.50 (in text by score_text, score.h). RANK_NONE is none. */
#ifndef LEDGER_RANK_H
#define LEDGER_RANK_H

#include "base/lang.h"
#include "base/str.h"

#define RANK_NONE       (-1)
#define RANK_WHOLE      10000
#define RANK_VALUE_MAX  100000 /* of a part */
#define RANK_WEIGHT_MAX 1000
#define RANK_TRIM_FROM  5U /* so many scores, and RANK_TRIM leaves the extremes out */

/* Something that was marked, or measured, as a part of a whole: `value` of at most `most`. */
struct rank_part {
    int64_t value;  /* 0 … most; RANK_NONE: it does not apply and is left out */
    int64_t most;   /* 1 … RANK_VALUE_MAX */
    int64_t weight; /* 0 … RANK_WEIGHT_MAX */
};
/* The mean of what was reached of each part, by their weights. RANK_NONE when no part with a weight applies. */
int64_t rank_weigh(const struct rank_part *parts, size_t count);

/* What is done with scores that stand apart from the others. */
enum rank_rule {
    RANK_ALL,  /* nothing: all count */
    RANK_TRIM, /* of RANK_TRIM_FROM scores and more, one highest and one lowest are left out */
    RANK_FAR, /* scores more than so many points from the median are left out; if that is all of them, none is */
    RANK_RULES
};
struct rank_by {
    enum rank_rule rule;
    int64_t far; /* RANK_FAR: points, 1 … 100 */
};
/* "all", "trim", "far" as kept; RANK_RULES for anything else. */
const char *rank_rule_name(enum rank_rule rule);
enum rank_rule rank_rule_named(struct str name);
/* In a few words for a choice; static. */
const char *rank_rule_title(enum rank_rule rule, enum lang lang);
/* The whole rule in words, as it is shown with every ranking; in the arena. */
struct str rank_rule_words(struct arena *arena, struct rank_by by, enum lang lang);

enum rank_count {
    RANK_COUNTS,
    RANK_ABSENT,  /* there is no score */
    RANK_HIGHEST, /* left out as the highest */
    RANK_LOWEST,  /* left out as the lowest */
    RANK_APART,   /* left out: too far from the median */
    RANK_COUNT_KINDS
};
/* "counts", "left out: highest"; static. */
const char *rank_count_words(enum rank_count counted, enum lang lang);

/* What one scorer gave. */
struct rank_score {
    int64_t score;           /* RANK_NONE: nothing */
    int64_t weight;          /* 1 … RANK_WEIGHT_MAX */
    enum rank_count counted; /* set by rank_settle */
};
/* What the scores come to by the rule: the mean by weights of those that count. Of equal extremes the one of the least
 * weight is left out. RANK_NONE when there is no score. Takes O(n²). */
int64_t rank_settle(struct rank_by by, struct rank_score *scores, size_t count);

/* Places from 1: as many come before one as have a higher result. Equal results share a place and the next is left free
 * (1, 1, 3). RANK_NONE gets place 0. Takes O(n²). */
void rank_place(const int64_t *results, size_t count, size_t *places);

#endif
