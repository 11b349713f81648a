/* Assessment (考核) of who answers for lines under supervision, over a month or quarter: the published formula. Pure.
 *
 * Four parts, each the share of what was owed that was reached; a part of which nothing was owed does not count, and the
 * others fill its place. What is left after points off for notices is the score, from 0 to 100, in tenths. */
#ifndef LEDGER_ASSESS_H
#define LEDGER_ASSESS_H

#include "base/lang.h"
#include "base/str.h"

enum assess_part { ASSESS_TIMELY, ASSESS_COURSE, ASSESS_FEEDBACK, ASSESS_QUALITY, ASSESS_PARTS };

struct assess_rule {
    const char *name;
    int64_t weight;              /* points */
    const char *en, *zh;         /* what it is called */
    const char *how_en, *how_zh; /* what is counted, as a sentence */
};
extern const struct assess_rule assess_rules[ASSESS_PARTS]; /* by the part */

#define ASSESS_RED_TENTHS      20 /* off for each red notice … */
#define ASSESS_RAISED_TENTHS   30
#define ASSESS_CIRCULAR_TENTHS 50
#define ASSESS_OFF_MOST        200 /* … and at most */

/* What one person or unit owed and reached. */
struct assess_facts {
    int64_t owed[ASSESS_PARTS];
    int64_t reached[ASSESS_PARTS]; /* of ASSESS_COURSE in percent of a line: 0 … 100 · owed */
    int64_t reds, raised, circulars;
};
/* Whether anything was owed; nobody is scored on nothing. */
bool assess_is_due(const struct assess_facts *facts);
/* A part's share in percent, 0 … 100; -1 where nothing was owed. */
int64_t assess_percent(const struct assess_facts *facts, enum assess_part part);
/* Tenths of a point off, 0 … ASSESS_OFF_MOST. */
int64_t assess_off(const struct assess_facts *facts);
/* The score in tenths, 0 … 1000. It does not fall when more of what was owed is reached, nor rise with a notice. */
int64_t assess_tenths(const struct assess_facts *facts);
/* To whom what was owed and reached is credited, as a sentence; static. */
const char *assess_credit_rule(enum lang lang);
/* How points come off, as a sentence; static. */
const char *assess_off_rule(enum lang lang);

/* A month ("2026-10") or quarter ("2026-Q3") as its first and last day; false on anything else. */
bool assess_read_period(struct str text, int64_t *first, int64_t *last);
/* What a period is called. In the arena. */
struct str assess_period_words(struct arena *arena, int64_t first, int64_t last, enum lang lang);

#endif
