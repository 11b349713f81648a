/* Two states of a plan compared; see baseline.h. One merge of two ordered lists. */
#include "ledger/baseline.h"

static void compare(struct baseline_slip *slip)
{
    const struct baseline_item *b = slip->before;
    const struct baseline_item *a = slip->after;
    slip->begins = b->begins && a->begins ? a->begins - b->begins : 0;
    slip->due = b->due && a->due ? a->due - b->due : 0;
    slip->dated = !b->begins != !a->begins || !b->due != !a->due;
    slip->measured = !str_equal(b->measure, a->measure);
    slip->cents = a->cents - b->cents;
    slip->quantity = slip->measured || !b->measure.len ? 0 : a->quantity - b->quantity;
    bool changed =
        slip->begins || slip->due || slip->dated || slip->measured || slip->cents || slip->quantity;
    slip->fate = changed ? BASELINE_CHANGED : BASELINE_SAME;
}

static struct baseline_slip slip_of(const struct baseline_item *before,
                                    const struct baseline_item *after)
{
    const struct baseline_item *there = before ? before : after;
    int64_t sign = before ? -1 : 1;
    struct baseline_slip slip = {.line = there->line, .before = before, .after = after};
    if (before && after) {
        compare(&slip);
        return slip;
    }
    slip.fate = before ? BASELINE_DROPPED : BASELINE_ADDED;
    slip.cents = sign * there->cents;
    slip.quantity = there->measure.len ? sign * there->quantity : 0;
    return slip;
}

static struct baseline_quantity *quantity_of(struct baseline_sum *sum, struct str measure)
{
    size_t at = 0;
    while (at < sum->nquantities && !str_equal(sum->quantities[at].measure, measure))
        at++;
    if (at == sum->nquantities)
        sum->quantities[sum->nquantities++].measure = measure;
    return &sum->quantities[at];
}

static void add_days(struct baseline_sum *sum, const struct baseline_slip *slip)
{
    sum->later += slip->due > 0;
    sum->earlier += slip->due < 0;
    if (slip->due > 0)
        sum->days_later += slip->due;
    else
        sum->days_earlier -= slip->due;
    if (slip->due > sum->worst) {
        sum->worst = slip->due;
        sum->worst_line = slip->line;
    }
}

static void add(struct baseline_sum *sum, const struct baseline_slip *slip)
{
    size_t *const fates[] = {&sum->same, &sum->changed, &sum->added, &sum->dropped};
    const struct baseline_item *b = slip->before;
    const struct baseline_item *a = slip->after;
    ++*fates[slip->fate];
    add_days(sum, slip);
    if (b) {
        sum->cents_before += b->cents;
        sum->end_before = b->due > sum->end_before ? b->due : sum->end_before;
        if (b->measure.len)
            quantity_of(sum, b->measure)->before += b->quantity;
    }
    if (a) {
        sum->cents_after += a->cents;
        sum->end_after = a->due > sum->end_after ? a->due : sum->end_after;
        if (a->measure.len)
            quantity_of(sum, a->measure)->after += a->quantity;
    }
}

void ledger_compare_baselines(struct arena *arena, const struct baseline_item *before,
                              size_t nbefore, const struct baseline_item *after, size_t nafter,
                              struct baseline_slip **slips, size_t *nslips,
                              struct baseline_sum *sum)
{
    size_t b = 0;
    size_t a = 0;
    *slips = arena_array(arena, nbefore + nafter, struct baseline_slip);
    *nslips = 0;
    *sum = (struct baseline_sum){
        .quantities = arena_array(arena, nbefore + nafter, struct baseline_quantity)};
    while (b < nbefore || a < nafter) {
        bool has_before = b < nbefore && (a == nafter || before[b].line <= after[a].line);
        bool has_after = a < nafter && (b == nbefore || after[a].line <= before[b].line);
        struct baseline_slip *slip = &(*slips)[(*nslips)++];
        *slip = slip_of(has_before ? &before[b] : NULL, has_after ? &after[a] : NULL);
        add(sum, slip);
        b += has_before;
        a += has_after;
    }
}
