/* Marks for a project, and what they come to: the rule by which projects are admitted to the library and reviewed.
 *
 * * Several people mark a project from 0 to 100 by each criterion. Only who has marked every criterion counts. A
 * criterion's mark is the mean of theirs; where five or more count, its highest and its lowest are left out first.
 * The total is the mean of the criteria's marks by their weights. Pure, in whole numbers: no order of the scorers
 * and no machine's rounding changes a total. */
#ifndef LEDGER_SCORE_H
#define LEDGER_SCORE_H

#include "base/lang.h"
#include "base/str.h"

#define SCORE_CRITERIA_MAX 30U
#define SCORE_NONE         (-1) /* not marked */
#define SCORE_TRIM_FROM    5U   /* so many scorers, and the extremes are left out */

struct score_criterion {
    int64_t weight; /* 1 … 1000 */
    int64_t least;  /* 0 … 100; below it the whole does not pass */
};
/* What it takes. */
struct score_bar {
    int64_t threshold; /* of the total, hundredths of a point */
    size_t scorers;
};
struct score_result {
    size_t scorers;                    /* who marked every criterion */
    int64_t marks[SCORE_CRITERIA_MAX]; /* hundredths of a point, by criterion; SCORE_NONE */
    int64_t total;                     /* hundredths of a point; SCORE_NONE: no scorer counts */
    size_t below;        /* the first criterion below its least; count of criteria: none */
    bool enough, passes; /* enough scorers; and total and every criterion are high enough */
};

/* `marks` holds scorer by scorer a mark for each of `count` criteria, SCORE_NONE where there is none. Takes
 * O(criteria × scorers). */
void score_sum(const struct score_criterion *criteria, size_t count, const int64_t *marks,
               size_t scorers, const struct score_bar *bar, struct score_result *result);

/* "87.5" for 8750; empty for SCORE_NONE. In the arena. */
struct str score_text(struct arena *arena, int64_t hundredths);
/* The rule in words, as pages and print say it; static. */
const char *score_rule_words(enum lang lang);

#endif
