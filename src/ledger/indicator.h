/* Indicators as they are kept: what is measured, targets, actuals with their revisions, benchmarks; and their figures,
 * those made by formulas included.
 *
 * An indicator is a line of kind LEDGER_INDICATOR; once it says what it measures it has a row of its own. Changes run within the caller's open write
 * transaction and add an event to the line's history: line.indicator, line.actual, line.target, line.benchmark. What
 * follows from them is worked out by ledger_freshen (alarm.h), before the transaction ends. */
#ifndef LEDGER_INDICATOR_H
#define LEDGER_INDICATOR_H

#include "ledger/amount.h"
#include "ledger/formula.h"
#include "ledger/line.h"

#define INDICATOR_MEASURE_MAX 20  /* characters */
#define BENCHMARK_NAME_MAX    60  /* characters */
#define INDICATOR_NAME_MAX    200 /* characters */
#define BENCHMARKS_MAX        20  /* of one indicator */
#define INDICATOR_USES_MOST   60  /* indicators that one formula uses, by way of others too */

struct indicator {
    int64_t line;
    struct str measure; /* "亿元", "%" */
    unsigned places;
    enum ledger_fold fold;
    enum ledger_direction direction;
    struct str formula; /* empty: its actuals are entered */
    int begins;         /* the first month whose actual is expected */
    unsigned due_day;
    unsigned behind_percent;
};

/* "up", "down"; static. */
const char *ledger_direction_name(enum ledger_direction direction);
bool ledger_direction_named(struct str name, enum ledger_direction *direction);

/* Makes a line's indicator; line->kind is set. Errors as ledger_make_line, and STATUS_INPUT for what the formula's reader
 * or the bounds refuse. */
enum status ledger_make_indicator(struct arena *arena, struct store *store, struct line *line,
                                  struct indicator *indicator, const struct ledger_deed *deed,
                                  struct error *err);
/* The same for a line that is of this kind and does not say yet what it measures. STATUS_CONFLICT for other kinds. */
enum status ledger_define_indicator(struct arena *arena, struct store *store,
                                    const struct indicator *indicator,
                                    const struct ledger_deed *deed, struct error *err);
/* Puts it in force. STATUS_CONFLICT where places or fold would change while there are figures, where a formula would
 * make it out of itself (the way is said), and where one is given to an indicator that has actuals. What is so already
 * makes no event. */
enum status ledger_change_indicator(struct arena *arena, struct store *store,
                                    const struct indicator *indicator,
                                    const struct ledger_deed *deed, struct error *err);
/* STATUS_MISSING when the line is none, or does not say yet what it measures. */
enum status ledger_find_indicator(struct arena *arena, struct store *store, int64_t line,
                                  struct indicator *indicator, struct error *err);

/* The id of the indicator of a number, as a formula's reader asks for it (ledger_formula_find); `store` is a store. */
bool ledger_find_indicator_number(void *store, struct str number, int64_t *id);

/* --- actuals ------------------------------------------------------------------------------------------------ */

/* Says what a month's actual is; LEDGER_NONE takes it back. What was said before is kept. What is so already makes no
 * event. STATUS_CONFLICT for an indicator made by a formula. */
enum status ledger_put_actual(struct store *store, const struct indicator *indicator, int month,
                              int64_t amount, int64_t member, const struct ledger_deed *deed,
                              struct error *err);
/* What a month's actual is where the year holds `since` up to and with it, as offices of statistics give figures: less
 * what the months before hold. STATUS_INPUT when one of these lacks, or the indicator's months do not add up. */
enum status ledger_part_since_january(struct store *store, const struct indicator *indicator,
                                      int month, int64_t since, int64_t *amount, struct error *err);
/* LEDGER_NONE where none holds. */
enum status ledger_find_actual(struct store *store, int64_t line, int month, int64_t *amount,
                               struct error *err);
struct indicator_revision {
    int month;
    int64_t amount; /* LEDGER_NONE: taken back */
    int64_t member, entered_ms;
    struct str why;
    bool holds;
};
/* What was said of the months of a year, newest first, at most `most`. */
enum status ledger_list_revisions(struct arena *arena, struct store *store, int64_t line, int year,
                                  size_t most, struct indicator_revision **list, size_t *count,
                                  struct error *err);

/* --- targets ------------------------------------------------------------------------------------------------ */

enum ledger_split_kind { LEDGER_EVEN, LEDGER_SEASONAL };
struct indicator_target {
    int year;
    int64_t whole; /* LEDGER_NONE: there is none */
    enum ledger_split_kind split;
    int64_t by_hand[12]; /* LEDGER_NONE: free */
    int64_t months[12];  /* as planned; read only */
};
/* Plans the year and keeps it; target->months is filled. STATUS_INPUT when it does not add up, STATUS_CONFLICT when it is
 * to follow past years and none is complete. What is so already makes no event. */
enum status ledger_put_target(struct arena *arena, struct store *store,
                              const struct indicator *indicator, struct indicator_target *target,
                              const struct ledger_deed *deed, struct error *err);
/* whole is LEDGER_NONE where there is none. */
enum status ledger_find_target(struct store *store, int64_t line, int year,
                               struct indicator_target *target, struct error *err);

/* --- benchmarks --------------------------------------------------------------------------------------------- */

struct benchmark {
    int64_t id;
    struct str name;
    int64_t months[12]; /* of the year asked for; LEDGER_NONE */
};
/* Those of an indicator by name, with their values of a year. */
enum status ledger_list_benchmarks(struct arena *arena, struct store *store, int64_t line, int year,
                                   struct benchmark **list, size_t *count, struct error *err);
/* Says a benchmark's value of a month, LEDGER_NONE takes it away; the benchmark is made if there is none of this name. */
enum status ledger_put_benchmark(struct store *store, int64_t line, struct str name, int month,
                                 int64_t amount, const struct ledger_deed *deed, struct error *err);

/* --- names in spreadsheets ---------------------------------------------------------------------------------- */

/* The indicator that a spreadsheet calls so: by its number, by a name that was kept, or by its title if only one
 * open indicator bears it. *line is 0 when there is none. */
enum status ledger_find_named(struct store *store, struct str name, int64_t *line,
                              struct error *err);
/* Keeps that spreadsheets call it so; event line.name. STATUS_INPUT when the name can't be taken. */
enum status ledger_keep_name(struct store *store, struct str name, int64_t line,
                             const struct ledger_deed *deed, struct error *err);
struct indicator_name {
    struct str name, number;
};
/* Names kept, in order, at most `most`. */
enum status ledger_list_names(struct arena *arena, struct store *store, size_t most,
                              struct indicator_name **list, size_t *count, struct error *err);

/* --- figures ------------------------------------------------------------------------------------------------ */

/* The actuals of one indicator and of all that its formula uses, read once and worked out as they are asked for. */
struct ledger_figures;
enum status ledger_load_figures(struct arena *arena, struct store *store,
                                const struct indicator *indicator, struct ledger_figures **figures,
                                struct error *err);
/* What months [from, from + count) make together, count 1 … 12: an entered one as its fold says, one made by a formula
 * from what those that it uses make of the same months. LEDGER_NONE where it is not known. */
int64_t ledger_figure(struct ledger_figures *figures, int from, int count);
/* The months [from, from + count) as a series, in the arena. */
struct ledger_series ledger_figure_series(struct arena *arena, struct ledger_figures *figures,
                                          int from, int count);
/* The first and last month with an entered value; false when there is none. */
bool ledger_figures_span(const struct ledger_figures *figures, int *first, int *last);

#endif
