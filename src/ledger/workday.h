/* Working days: which days of a calendar are worked, and counting by them. Calendars are data (calendars/), built into
 * the program. Of a year whose holidays a calendar does not have, Monday to Friday are taken; who counts through one asks
 * workday_unknown_year and says so. Pure. */
#ifndef LEDGER_WORKDAY_H
#define LEDGER_WORKDAY_H

#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"

struct workdays;

/* The calendar built in under that name: "china", "weekdays". STATUS_MISSING. In the arena. */
enum status workday_load(struct arena *arena, struct str name, const struct workdays **calendar,
                         struct error *err);
/* Reads one from the text of a file; STATUS_DAMAGED names the file and the line. */
enum status workday_read(struct arena *arena, const char *file, struct str text,
                         const struct workdays **calendar, struct error *err);
/* What it is called. */
struct str workday_name(const struct workdays *calendar, enum lang lang);

bool workday_is(const struct workdays *calendar, int64_t day);
/* The n-th working day after `day` (before it, where n < 0); 0 gives `day` itself, worked or not. Takes O(n). */
int64_t workday_add(const struct workdays *calendar, int64_t day, int64_t n);
/* `day` if it is worked, else the last working day before it. */
int64_t workday_at_or_before(const struct workdays *calendar, int64_t day);
/* Working days after `from` up to and with `to`; below 0 where `to` comes first, and then from `to` on, `from` left out.
 * workday_between(c, d, workday_add(c, d, n)) is n. Takes O(days). */
int64_t workday_between(const struct workdays *calendar, int64_t from, int64_t to);
/* The first year from the day `from` to the day `to` of which the calendar knows no holidays; 0: it knows them all. */
int workday_unknown_year(const struct workdays *calendar, int64_t from, int64_t to);

#endif
