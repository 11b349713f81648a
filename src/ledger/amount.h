/* Measured quantities as whole numbers, so that what is split always adds up, and the months they belong to.
 *
 * An amount counts steps of an indicator's last decimal place: with 2 places 12.5 is 1250. A month is numbered
 * year × 12 + (month − 1), so that the month a year before is 12 less, across every year's end.
 *
 * Pure: no database, no clock. */
#ifndef LEDGER_AMOUNT_H
#define LEDGER_AMOUNT_H

#include "base/error.h"
#include "base/str.h"

#define LEDGER_NONE       INT64_MIN /* no amount is known */
#define LEDGER_AMOUNT_MAX ((int64_t)1000000000000000)
#define LEDGER_PLACES_MAX 6U
#define LEDGER_YEAR_LEAST 1950
#define LEDGER_YEAR_MOST  2199

/* How the months of a year make the year: a turnover is summed, a population is what it is at the end, a rate is
 * averaged. */
enum ledger_fold { LEDGER_SUM, LEDGER_LAST, LEDGER_MEAN, LEDGER_FOLDS };
/* "sum", "last", "mean": as stored and in JSON; static. */
const char *ledger_fold_name(enum ledger_fold fold);
/* Reads such a name; false on anything else. */
bool ledger_fold_named(struct str name, enum ledger_fold *fold);

/* Whether more or less is better. */
enum ledger_direction { LEDGER_UP, LEDGER_DOWN };

/* Values of consecutive months; LEDGER_NONE where none is known. The values are borrowed. */
struct ledger_series {
    const int64_t *at;
    size_t count;
    int first; /* the month of at[0] */
};

/* The month's value; LEDGER_NONE also outside the series. */
int64_t ledger_series_at(const struct ledger_series *series, int month);

/* Reads a quantity as people and spreadsheets write it: grouped digits ("1,234.5"), full-width ones, a minus or
 * brackets for what is below nothing, a per cent sign, an exponent. What goes beyond `places` is rounded, half away
 * from zero. STATUS_INPUT, saying what is wrong, and *amount as it was. */
enum status ledger_read_amount(struct str text, unsigned places, int64_t *amount,
                               struct error *err);
/* As a plain decimal number, "-12.50"; empty for LEDGER_NONE. In the arena. */
struct str ledger_write_amount(struct arena *arena, int64_t amount, unsigned places);
double ledger_amount_real(int64_t amount, unsigned places);
/* The nearest amount; LEDGER_NONE when it is no finite number or beyond LEDGER_AMOUNT_MAX. */
int64_t ledger_real_amount(double value, unsigned places);

/* Reads a month: "2026-03", "2026/3", "2026.03", "202603", "2026年3月", a day within it as "2026-03-01" or
 * "2026年3月1日", full-width digits too. False on anything else. */
bool ledger_read_month(struct str text, int *month);
/* "2026-03", in the arena. */
struct str ledger_write_month(struct arena *arena, int month);

#endif
