/* Calendars for other programs: iCalendar (RFC 5545) of days that something is due. Pure. */
#ifndef SERVER_ICAL_H
#define SERVER_ICAL_H

#include "base/str.h"

struct ical_event {
    struct str uid;     /* the same as long as it is the same thing */
    int64_t day;        /* civil day */
    int64_t changed_ms; /* Unix ms */
    struct str summary, text, url, category;
};

/* Begins a calendar with a name, adds a whole day to it, ends it. Text is escaped and lines are folded at 75 octets,
 * never within a character; control characters are left out. */
void ical_begin(struct buf *out, struct str name);
void ical_add(struct buf *out, const struct ical_event *event);
void ical_end(struct buf *out);

#endif
