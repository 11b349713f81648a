/* Days of the local calendar. A day begins at the first moment that bears its date in the installation's time
 * zone and ends where the next one begins, so that it has 23 or 25 hours where summer time changes. Times are
 * Unix milliseconds.
 *
 * The time zone is the process's own: the environment's TZ, or the machine's, unless one is chosen. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

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

#endif
