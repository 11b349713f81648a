/* Days of the local calendar. A day begins at the first moment that bears its date in the installation's time
 * zone and ends where the next one begins, so that it has 23 or 25 hours where summer time changes. Times are
 * Unix milliseconds.
 *
 * The time zone is the process's own: the environment's TZ, or the machine's, unless one is chosen. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/lang.h"
#include "base/str.h"

/* Whether the machine knows a time zone of that name: "Asia/Shanghai". */
bool calendar_knows_zone(struct str name);
/* Chooses the time zone of the process; before any other thread is started. A name that is unknown is left
 * aside and gives false. */
bool calendar_choose_zone(struct str name);
/* The name of the time zone that was chosen; where none was, its abbreviation and offset at now_ms, "CET
 * (UTC+01:00)". In the arena. */
struct str calendar_zone(struct arena *arena, int64_t now_ms);

/* The first moment of the day that is `days` after the one in which time_ms lies; 0: of that day itself. Takes
 * some twenty conversions. */
int64_t calendar_day_begin(int64_t time_ms, int days);
/* Reads "2026-11-24" or "2026/11/24" as the first moment of that day; false on anything else. */
bool calendar_read_day(struct str text, int64_t *time_ms);

/* Civil days: the days of the calendar counted since 1 January 1970, without any clock (proleptic Gregorian; months and
 * days from 1). They are what plans are made of; moments become days by calendar_day_of. Pure. */
int64_t calendar_day_number(int year, unsigned month, unsigned day);
void calendar_date_of(int64_t day_number, int *year, unsigned *month, unsigned *day);
/* Whether there is such a day, of a year from 1900 to 9999. */
bool calendar_is_date(int year, unsigned month, unsigned day);
/* The civil day in which a moment lies, in the installation's time zone. */
int64_t calendar_day_of(int64_t time_ms);
/* The first moment of a civil day. */
int64_t calendar_moment_of(int64_t day_number);
/* "2026-11-24" in the arena. */
struct str calendar_day_text(struct arena *arena, int64_t day_number);
/* Reads "2026-11-24" or "2026/11/24" as a civil day; false on anything else. */
bool calendar_read_date(struct str text, int64_t *day_number);
/* Appends a civil day as people write it: "24 November 2026" or "2026年11月24日". */
void calendar_write_date(struct buf *out, int64_t day_number, enum lang lang);
/* Reads "2026-11-24T19:05:00Z", nothing else; false leaves *time_ms as it was. */
bool calendar_read_utc(struct str text, int64_t *time_ms);
/* Appends a time as people write it, in the installation's time zone: "24 November 2026, 19:05" or "2026年11月24日
 * 19:05"; the day alone without `clock`. Nothing for 0. */
void calendar_write_time(struct buf *out, int64_t time_ms, enum lang lang, bool clock);

#endif
