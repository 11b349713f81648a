/* Plans frozen: days, money and quantities of a line and of all under it as they were agreed upon, to be held against
 * later ones (baseline.h). What was frozen never changes.
 *
 * Money is what the account plans (account.h). The quantity is what the line is to bring about, as was said here; of
 * an indicator, its target for the year in which the line is due. */
#ifndef LEDGER_FREEZE_H
#define LEDGER_FREEZE_H

#include "ledger/baseline.h"
#include "ledger/line.h"

#define FREEZE_NAME_MAX 100

struct ledger_frozen {
    int64_t id;
    struct str key, name;
    int64_t frozen_ms, lines;
};
/* Freezes what is not closed. Event line.frozen. STATUS_INPUT when the name can't be taken, STATUS_CONFLICT when a
 * plan of the line has it already. */
enum status ledger_freeze_plan(struct arena *arena, struct store *store, int64_t line,
                               struct str name, const struct ledger_deed *deed, struct error *err);
/* Of a line, the latest first. */
enum status ledger_list_frozen(struct arena *arena, struct store *store, int64_t line,
                               struct ledger_frozen **list, size_t *count, struct error *err);
/* As they were frozen; frozen 0: as they are now. By line, as ledger_compare_baselines takes them. */
enum status ledger_load_state(struct arena *arena, struct store *store, int64_t line,
                              int64_t frozen, struct baseline_item **items, size_t *count,
                              struct error *err);

#define QUANTITY_MEASURE_MAX 20               /* characters */
#define QUANTITY_MAX         1000000000000000 /* thousandths */
/* Says what a line is to bring about, in thousandths of a measure; an empty measure takes it back. Event line.quantity.
 * STATUS_INPUT; STATUS_CONFLICT for an indicator, whose targets say it. */
enum status ledger_set_quantity(struct arena *arena, struct store *store, int64_t line,
                                int64_t quantity, struct str measure,
                                const struct ledger_deed *deed, struct error *err);
/* As it was said; an empty measure where nothing was. */
enum status ledger_find_quantity_of(struct arena *arena, struct store *store, int64_t line,
                                    int64_t *quantity, struct str *measure, struct error *err);

#endif
