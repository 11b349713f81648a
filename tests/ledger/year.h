/* What the files of the simulated year share: the dice, the people, and what each procedure brings: what people do in it,
 * what comes by itself each night, and what must hold every evening. A further procedure is a file and a row of
 * year_parts. */
#ifndef TESTS_LEDGER_YEAR_H
#define TESTS_LEDGER_YEAR_H

#include "ledger_case.h"

#include "ledger/line.h"
#include "ledger/workday.h"

#define MEMBERS 9 /* editor, steward, inspector, two leads; 6 to 9 head units, in turn */
#define UNITS   4

struct year {
    struct ledger_case c;
    int64_t lines; /* in the beginning */
    int64_t first, days;
    uint64_t dice;
    const struct workdays *calendar;
    struct arena *kept; /* for the whole of a process */
};

int64_t roll(struct year *y, int64_t sides);
/* Anybody, but those who keep and inspect more often. */
int64_t somebody(struct year *y);
/* Half of the time who leads a line or heads its unit, else somebody. */
int64_t somebody_of(struct year *y, int64_t line);
/* Ends the process with words unless it is fine. */
void need(struct year *y, enum status status, const char *what);
/* The first column of the first row; 0 where there is none. The parameter must be in the query. */
int64_t ask(struct year *y, const char *sql, int64_t one);
/* The same as text, in the arena. */
struct str ask_text(struct year *y, const char *sql, int64_t one);
/* The first column of one of the first two hundred rows; 0 where there is none. */
int64_t pick(struct year *y, const char *sql, int64_t one);
/* A line of a kind, of five times four one that is in hand; 0: there is none. */
int64_t any_of_kind(struct year *y, enum ledger_kind kind);
/* Whether so many of a kind are in hand that nobody begins another. */
bool is_crowded(struct year *y, enum ledger_kind kind);
/* Any line: that what is closed is refused is wanted too. */
int64_t any_line(struct year *y);

struct year_deed {
    unsigned share; /* out of all shares */
    int tries; /* people look for something that they may do: so often at most, the dice thrown anew */
    enum status (*run)(struct year *y, int64_t day, const struct ledger_deed *deed);
};
struct year_part {
    const struct year_deed *deeds; /* end with a share of 0 */
    const char *const *never;      /* queries that find rows that may not be; end with NULL */
    const char *const *some;       /* queries that find something once the year is over */
    /* Once, before the first day, and each night, within a transaction; each may be NULL. */
    enum status (*begin)(struct year *y, int64_t day, const struct ledger_deed *deed);
    enum status (*night)(struct year *y, int64_t day, const struct ledger_deed *deed);
};
extern const struct year_part year_of_lines, year_of_reviews, year_of_rectifications,
    year_of_inspections, year_of_campaigns, year_of_risks, year_of_studies, year_of_policies;

#endif
