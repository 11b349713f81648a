/* How far a policy reaches and how it is used: what its months come to, against what was hoped for, and what must be
 * pointed out. A policy that nobody claims, or that is about to end, shows before it has come to nothing. Pure. */
#ifndef LEDGER_UPTAKE_H
#define LEDGER_UPTAKE_H

#include "ledger/policy.h"

#define UPTAKE_ENDING_DAYS    60 /* its last day is near within so many days */
#define UPTAKE_UNCLAIMED_DAYS 60 /* in force so long without a claim is pointed out */
#define UPTAKE_UNTOLD_DAYS    14 /* in force so long without a leaflet is */
#define UPTAKE_BEHIND_POINTS  20 /* so many points of 100 behind what was hoped for by today */
#define UPTAKE_FIGURES_DAY    10 /* a month's figures are due by this day of the next one */
#define UPTAKE_NONE           (-1)

struct uptake_facts {
    enum policy_state state;
    int64_t from_day, until_day; /* until_day 0: until further notice */
    int64_t claimed, granted;    /* to date */
    int64_t hoped_granted;       /* by hoped_day; 0: nothing was said */
    int64_t hoped_day;
    int64_t last_month; /* year × 12 + month − 1 of the latest figures; 0: there are none */
    bool told;          /* a leaflet is shown */
};

/* What is pointed out, the gravest first. */
enum uptake_flag {
    UPTAKE_PAST,      /* its last day is past, and it still counts as in force */
    UPTAKE_UNCLAIMED, /* nobody has claimed it */
    UPTAKE_BEHIND,    /* far fewer have it than was hoped for */
    UPTAKE_ENDING,    /* its last day is near */
    UPTAKE_UNTOLD,    /* nobody is told of it */
    UPTAKE_SILENT,    /* figures are missing */
    UPTAKE_FLAGS
};
/* Bits 1U << UPTAKE_… that hold today; 0 of what is not in force. */
unsigned uptake_flags(const struct uptake_facts *facts, int64_t today);
const char *uptake_flag_name(enum uptake_flag flag);
const char *uptake_flag_words(enum uptake_flag flag, enum lang lang);
/* When it shows, as a sentence. */
const char *uptake_flag_rule(enum uptake_flag flag, enum lang lang);
enum uptake_flag uptake_flag_named(struct str name); /* UPTAKE_FLAGS for anything else */

/* What was hoped for by today, of 100, if it comes evenly from the first day to the day hoped for. */
int64_t uptake_planned(int64_t from_day, int64_t hoped_day, int64_t today);
/* Part of whole in per cent, rounded down; UPTAKE_NONE where the whole is 0. It may be over 100. */
int64_t uptake_share(int64_t part, int64_t whole);
/* The latest month whose figures are due today. */
int64_t uptake_month_due(int64_t today);

/* The same as uptake_flags as SQL, over a policy under the alias `p` and today as ?2. */
#define UPTAKE_MONTH_SQL(DAY)                                               \
    "(CAST(strftime('%Y', (" DAY ") * 86400, 'unixepoch') AS INTEGER) * 12" \
    " + CAST(strftime('%m', (" DAY ") * 86400, 'unixepoch') AS INTEGER) - 1)"
#define UPTAKE_SQL                                                                           \
    "(CASE WHEN p.state <> 'in-force' THEN 0 ELSE"                                           \
    " (p.until_day IS NOT NULL AND p.until_day < ?2) * 1"                                    \
    " + (p.claimed = 0 AND ?2 - p.from_day >= 60) * 2"                                       \
    " + coalesce(p.hoped_granted > 0 AND CASE WHEN ?2 <= p.from_day THEN 0"                  \
    " WHEN ?2 >= p.hoped_day THEN 100"                                                       \
    " ELSE 100 * (?2 - p.from_day) / (p.hoped_day - p.from_day) END"                         \
    " - 100 * p.granted / p.hoped_granted >= 20, 0) * 4"                                     \
    " + (p.until_day IS NOT NULL AND p.until_day BETWEEN ?2 AND ?2 + 60) * 8"                \
    " + (?2 - p.from_day >= 14 AND NOT EXISTS"                                               \
    " (SELECT 1 FROM policy_leaflet pl WHERE pl.line = p.line AND pl.state = 'shown')) * 16" \
    " + (coalesce(p.last_month, 0) < " UPTAKE_MONTH_SQL(                                     \
        "?2 - 10") " - 1"                                                                    \
                   " AND " UPTAKE_MONTH_SQL("p.from_day") " < " UPTAKE_MONTH_SQL(            \
                       "?2 - 10") ") * 32 END)"

#endif
