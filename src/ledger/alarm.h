/* What follows from figures: results of formulas over them, and alarms.
 *
 * Both are kept as rows, so that lists, files and the wall need no working out. A change of a figure, target or benchmark
 * only notes the indicator; ledger_freshen works out anew what follows for it and for all that use it, once, before the
 * write ends. Alarms hang on the day too: once a day all are looked at. */
#ifndef LEDGER_ALARM_H
#define LEDGER_ALARM_H

#include "ledger/indicator.h"
#include "ledger/measure.h"

/* An indicator's year as it is judged. */
struct ledger_year {
    int year;
    struct ledger_figures *figures;
    struct ledger_series actuals; /* of the year and the one before */
    struct indicator_target target;
    struct ledger_forecast forecast;
    struct benchmark *benchmarks;
    size_t nbenchmarks;
    int compared; /* its newest month, 0 … 11, of which both it and a benchmark are known; −1 */
    enum ledger_rank rank; /* in that month */
};
/* All of an indicator's year, in the arena; what nobody has entered yet is left empty. Two years of actuals are read. */
enum status ledger_load_year(struct arena *arena, struct store *store,
                             const struct indicator *indicator, int year, struct ledger_year *of,
                             struct error *err);
/* Its alarms as of a day, bits of enum ledger_alarm. *late gets the first month that lacks, or −1. */
unsigned ledger_year_alarms(const struct indicator *indicator, const struct ledger_year *of,
                            int64_t today, int *late);

/* Works out anew what follows from figures that changed, within the open write transaction. Next to nothing where none
 * did. An alarm keeps the day on which it was found first; a missing actual counts from the day after it was due. */
enum status ledger_freshen(struct store *store, int64_t now_ms, struct error *err);

/* When all alarms are next to be looked at, one time or none (Unix ms). */
#define LEDGER_ALARMS_DUE_SQL                                                         \
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM indicator_stale) THEN 0 ELSE next_ms END" \
    " FROM alarm_round WHERE EXISTS (SELECT 1 FROM indicator)"
/* Looks at them in transactions of its own, a few hundred indicators each; then it is due when the next day begins. */
enum status ledger_alarm_round(struct store *store, int64_t now_ms, struct error *err);

#endif
