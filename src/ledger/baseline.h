/* Plans agreed upon and what became of them: two states of the same lines held against each other, line by line and in
 * sum. Either state may be frozen, or be how things are now. Pure. */
#ifndef LEDGER_BASELINE_H
#define LEDGER_BASELINE_H

#include "base/error.h"
#include "base/str.h"

/* A line as it stood. */
struct baseline_item {
    int64_t line;
    int64_t begins, due; /* days; 0: none */
    int64_t cents;       /* money planned */
    int64_t quantity;    /* in thousandths of its measure */
    struct str measure;  /* "km"; empty: it has no quantity */
};

enum baseline_fate { BASELINE_SAME, BASELINE_CHANGED, BASELINE_ADDED, BASELINE_DROPPED };

/* What became of a line. Differences are the later state's value less the earlier's. Of a line that was added or dropped,
 * and of days where only one state has one, the days are 0; its money and quantity count in full. */
struct baseline_slip {
    int64_t line;
    enum baseline_fate fate;
    const struct baseline_item *before, *after; /* NULL where it was not there */
    int64_t begins, due;                        /* days; above 0: later */
    int64_t cents, quantity;                    /* quantity: 0 where the measure changed */
    bool dated;                                 /* a day was set or taken away */
    bool measured;                              /* the measure was changed */
};

/* Quantities can be added only where they are measured alike. */
struct baseline_quantity {
    struct str measure;
    int64_t before, after;
};

struct baseline_sum {
    size_t same, changed, added, dropped;
    size_t later, earlier;            /* lines by their due days */
    int64_t days_later, days_earlier; /* of all of them, both ≥ 0 */
    int64_t worst;                    /* the greatest slip; 0: none is later */
    int64_t worst_line;
    int64_t end_before, end_after; /* the last due day; 0: none */
    int64_t cents_before, cents_after;
    struct baseline_quantity *quantities; /* by measure, in the order in which they come */
    size_t nquantities;
};

/* Compares. Both states are ordered by line, each line once. *slips holds every line of either, by line, in the arena;
 * items are pointed to, not copied. Takes O(lines × measures). */
void ledger_compare_baselines(struct arena *arena, const struct baseline_item *before,
                              size_t nbefore, const struct baseline_item *after, size_t nafter,
                              struct baseline_slip **slips, size_t *nslips,
                              struct baseline_sum *sum);

#endif
