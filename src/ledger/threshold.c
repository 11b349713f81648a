/* Thresholds over months; see threshold.h. Each mark is a trigger of its own; as `act` lies beyond `warn`, what passes it
 * passes both, and what leaves `warn` leaves both. */
#include "ledger/threshold.h"

static const struct {
    const char *name, *en, *zh;
} LEVELS[THRESHOLD_LEVELS] = {
    [THRESHOLD_CALM] = {"calm", "No alarm", "正常"},
    [THRESHOLD_WARN] = {"warn", "Warning", "预警"},
    [THRESHOLD_ACT] = {"act", "Act", "报警"},
};

const char *threshold_level_name(enum threshold_level level)
{
    return LEVELS[level].name;
}

const char *threshold_level_words(enum threshold_level level, enum lang lang)
{
    return lang_pick(lang, LEVELS[level].en, LEVELS[level].zh);
}

enum threshold_level threshold_level_named(struct str name)
{
    int at = 0;
    while (at < THRESHOLD_LEVELS && !str_equal(name, str_of(LEVELS[at].name)))
        at++;
    return (enum threshold_level)at;
}

static bool is_amount(int64_t amount)
{
    return amount >= -LEDGER_AMOUNT_MAX && amount <= LEDGER_AMOUNT_MAX;
}

enum status threshold_check(const struct threshold *t, struct error *err)
{
    if (!is_amount(t->warn) || !is_amount(t->act) || t->margin < 0 || !is_amount(t->margin))
        return error_set(err, STATUS_INPUT,
                         "Marks and margin must be quantities, the margin from 0.",
                         "预警值、报警值和回落幅度须为数值，回落幅度不小于 0。");
    if (t->direction == LEDGER_UP ? t->act > t->warn : t->act < t->warn)
        return error_set(err, STATUS_INPUT,
                         "The mark at which to act must be worse than the one that warns.",
                         "报警值须比预警值更差。");
    if (t->months < 1 || t->months > THRESHOLD_MONTHS_MAX)
        return error_set(err, STATUS_INPUT, "Months in a row are 1 to %d.", "连续月数为 1 至 %d。",
                         THRESHOLD_MONTHS_MAX);
    return STATUS_OK;
}

/* How much better than the mark a figure is; 0 or less: at it or beyond. */
static int64_t above(const struct threshold *t, int64_t mark, int64_t amount)
{
    return t->direction == LEDGER_UP ? amount - mark : mark - amount;
}

/* Whether the `months` months up to and with the one at `at` are all passed (or all left) at the mark. */
static bool passed(const struct threshold *t, int64_t mark, const int64_t *at)
{
    for (int i = 0; i < t->months; i++)
        if (at[-i] == LEDGER_NONE || above(t, mark, at[-i]) > 0)
            return false;
    return true;
}

static bool left(const struct threshold *t, int64_t mark, const int64_t *at)
{
    for (int i = 0; i < t->months; i++)
        if (at[-i] == LEDGER_NONE || above(t, mark, at[-i]) <= t->margin)
            return false;
    return true;
}

struct threshold_standing threshold_judge(const struct threshold *t,
                                          const struct ledger_series *series)
{
    const int64_t marks[THRESHOLD_LEVELS] = {0, t->warn, t->act};
    struct threshold_standing s = {THRESHOLD_CALM, {-1, -1, -1}, -1};
    for (size_t m = 0; m < series->count; m++) {
        if (series->at[m] != LEDGER_NONE)
            s.last = series->first + (int)m;
        for (int level = THRESHOLD_WARN; m + 1 >= (size_t)t->months && level < THRESHOLD_LEVELS;
             level++) {
            if (s.since[level] < 0 && passed(t, marks[level], &series->at[m]))
                s.since[level] = series->first + (int)m;
            else if (s.since[level] >= 0 && left(t, marks[level], &series->at[m]))
                s.since[level] = -1;
        }
    }
    s.level = s.since[THRESHOLD_ACT] >= 0    ? THRESHOLD_ACT
              : s.since[THRESHOLD_WARN] >= 0 ? THRESHOLD_WARN
                                             : THRESHOLD_CALM;
    return s;
}
