/* What an indicator's figures say: where it stands in the year, how it grew, whether it is above the others, where
 * the year will end, and what somebody should look at.
 *
 * Pure: no database, no clock; days are civil days since 1970-01-01. */
#ifndef LEDGER_MEASURE_H
#define LEDGER_MEASURE_H

#include "base/lang.h"
#include "ledger/amount.h"

/* --- growth ----------------------------------------------------------------------------------------------- */

/* In per cent of the base's size: (now − base) / |base| × 100. False when a value is missing or the base is 0. */
bool ledger_grow(int64_t now, int64_t base, double *percent);
/* What the year holds up to and with `month`, as the fold says; LEDGER_NONE when a month of it lacks. */
int64_t ledger_year_to_date(enum ledger_fold fold, const struct ledger_series *series, int month);

/* --- others ----------------------------------------------------------------------------------------------- */

enum ledger_rank {
    LEDGER_UNRANKED,   /* there is nothing to compare with */
    LEDGER_ABOVE_ALL,  /* better than every one */
    LEDGER_ABOVE_SOME, /* better than some, or level with the best */
    LEDGER_BELOW_ALL,  /* worse than every one, or level with the worst and better than none */
};
const char *ledger_rank_name(enum ledger_rank rank);
const char *ledger_rank_word(enum ledger_rank rank, enum lang lang);
/* Ranks a value among the others' that are known (not NAN). `better` gets how many of them it is better than and
 * `known` how many there are. */
enum ledger_rank ledger_rank(enum ledger_direction direction, double own, const double *others,
                             size_t count, size_t *better, size_t *known);

/* --- the year's end --------------------------------------------------------------------------------------- */

enum ledger_method {
    LEDGER_NO_FORECAST, /* nothing is known of the year, or of a level's way */
    LEDGER_COMPLETE,    /* all months are known: no forecast but the result */
    LEDGER_LIKE_LAST, /* as last year's months, times how this year's known months stand to them */
    LEDGER_LIKE_SO_FAR, /* as the mean of the months known this year */
    LEDGER_TREND, /* a level: on by the mean monthly change of the last twelve months at most */
};
/* The method in a sentence, for page and print; static. */
const char *ledger_method_words(enum ledger_method method, enum lang lang);

/* Of the band: 8 of 10 years end within it, as long as what moved the months goes on moving them. */
#define LEDGER_BAND_PERCENT 80

struct ledger_forecast {
    enum ledger_method method;
    unsigned known; /* months that it rests on */
    double value;   /* of the year, in steps */
    double low,
        high; /* the band; NAN with fewer than two months (of a level: changes) to judge scatter by */
    double months[12]; /* the value of each month; NAN for those that are known */
    double ratio;      /* LEDGER_LIKE_LAST: this year to last, of the known months */
};
/* Forecasts the end of `year` from the months known. Values of months may lack between known ones; those are forecast
 * too. Last year is followed when all its months are known and those that stand beside this year's add up to more
 * than 0. */
void ledger_forecast_year(enum ledger_fold fold, const struct ledger_series *actuals, int year,
                          struct ledger_forecast *forecast);

/* --- alarms ----------------------------------------------------------------------------------------------- */

enum ledger_alarm {
    LEDGER_ALARM_LATE = 1,   /* a month's actual is due and not there */
    LEDGER_ALARM_BEHIND = 2, /* the year so far is behind its target by more than allowed */
    LEDGER_ALARM_MISS =
        4, /* the whole band of the forecast lies on the wrong side of the year's target */
    LEDGER_ALARM_RISK = 8, /* the forecast does, but its band reaches over */
    LEDGER_ALARM_STRANGE =
        16,                  /* the newest month is far from what came before: a slip of the pen? */
    LEDGER_ALARM_BELOW = 32, /* worse than a benchmark that it is to be above */
};
#define LEDGER_ALARM_KINDS 6U
/* "late", "behind" … of a single bit. */
const char *ledger_alarm_name(unsigned alarm);
/* Its bit; 0 where a name is none's. */
unsigned ledger_alarm_named(struct str name);
const char *ledger_alarm_word(unsigned alarm, enum lang lang);
/* The rule in a sentence, for page and print. */
const char *ledger_alarm_rule(unsigned alarm, enum lang lang);

struct ledger_watch_rule {
    unsigned
        due_day; /* a month's actual is due on this day of the next month, 1 … 31, or its last day */
    unsigned behind_percent; /* of the target so far, beyond which it is behind */
};
struct ledger_watched {
    enum ledger_fold fold;
    enum ledger_direction direction;
    bool made; /* by a formula: its figures are never late by themselves */
    const struct ledger_series *actuals;
    const int64_t *targets; /* of the year's months; NULL: there are none */
    int64_t whole;          /* the year's target; LEDGER_NONE */
    const struct ledger_forecast *forecast;
    enum ledger_rank rank; /* among those that it is to be above */
    int begins;            /* the first month whose actual is expected */
};
/* The alarms of an indicator in a year as of a day. *late gets the first month that lacks, or −1. */
unsigned ledger_watch(const struct ledger_watch_rule *rule, const struct ledger_watched *watched,
                      int year, int64_t today, int *late);

/* The day on which a month's actual is due: `due_day` of the next month, or its last day where it has no such. */
int64_t ledger_actual_due(int month, unsigned due_day);
/* The first day of a month; days since 1970-01-01. */
int64_t ledger_month_begin(int month);
/* The month in which a day lies. */
int ledger_month_of(int64_t day);
/* What part of the year's target was to be reached by the end of a day: whole months, and of the month running as many
 * parts as days of it have passed. 0 … 1; of a level or mean, the part of the year. */
double ledger_planned_part(enum ledger_fold fold, const int64_t targets[12], int year, int64_t day);

#endif
