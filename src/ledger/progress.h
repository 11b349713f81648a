/* How far a goal has come, from how far its parts have come.
 *
 * One rule: what has parts stands at the mean of their progress by weight, rounded down, so that 100 % means that
 * nothing is missing. A part counts while it is under way, by its progress, and once it is done, as 100; what is only
 * proposed or was closed, weighs 0, or is an indicator, which has figures instead, does not count. Where no part
 * counts, a line stands at what is reported of itself. Each level is summed from what the level below shows, so that
 * anybody can check it.
 *
 * Pure: no database, no clock. */
#ifndef LEDGER_PROGRESS_H
#define LEDGER_PROGRESS_H

#include "ledger/line.h"

struct line_part {
    enum ledger_kind kind;
    enum line_state state;
    double weight;    /* ≥ 0 */
    int64_t progress; /* 0 … 100 */
};

/* Whether a part counts in what it is part of, by the rule above. */
bool line_part_counts(const struct line_part *part);
/* Where a line with such parts stands, 0 … 100; `own` where none counts. It lies between the least and the greatest of
 * what counts, and does not change when all weights are multiplied by one number. Takes O(count). */
int64_t line_sum_parts(const struct line_part *parts, size_t count, int64_t own);
/* Percent of the whole that a part makes up, 0 … 100; 0 for one that does not count. */
double line_part_share(const struct line_part *parts, size_t count, size_t part);

/* Whether lines of a kind stand where their parts do: goals, fields and milestones. What is done in a project or for
 * a policy is reported by who leads it. */
bool line_kind_sums(enum ledger_kind kind);

/* The rule as a sentence; static. */
const char *line_sum_rule(enum lang lang);

/* The same as SQL: whether the line under the alias `l` counts as a part. */
#define LINE_COUNTS_SQL "(l.state IN ('active', 'done') AND l.weight > 0 AND l.kind <> 'indicator')"
/* What it has reached: all once it is done, whatever was last entered. */
#define LINE_REACHED_SQL "CASE l.state WHEN 'done' THEN 100 ELSE l.progress END"

#endif
