/* RFC 5545, sections 3.1 (lines), 3.3.11 (text), 3.6.1 (events); see ical.h. */
#include "server/ical.h"

#include <time.h>

#include "base/calendar.h"

#define LINE_OCTETS 75U

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* A further line begins with a space, which counts among its octets. */
static void add_folded(struct buf *out, struct str line)
{
    size_t room = LINE_OCTETS;
    for (size_t at = 0; at < line.len;) {
        size_t end = at + room < line.len ? at + room : line.len;
        while (end < line.len && end > at + 1 && continues(line.at[end]))
            end--;
        if (at)
            buf_add(out, STR(" "));
        buf_add(out, str_slice(line, at, end - at));
        buf_add(out, STR("\r\n"));
        at = end;
        room = LINE_OCTETS - 1;
    }
}

static void add_text(struct buf *out, const char *name, struct str text)
{
    struct buf line = {.arena = out->arena};
    if (text.len == 0)
        return;
    buf_format(&line, "%s:", name);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\n')
            buf_add(&line, STR("\\n"));
        else if (c == '\\' || c == ';' || c == ',')
            buf_format(&line, "\\%c", c);
        else if ((unsigned char)c >= 0x20 && c != 0x7F)
            buf_add(&line, (struct str){&c, 1});
    }
    add_folded(out, buf_str(&line));
}

static void add_day(struct buf *out, const char *name, int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    buf_format(out, "%s;VALUE=DATE:%04d%02u%02u\r\n", name, year, month, mday);
}

static void add_moment(struct buf *out, const char *name, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[20];
    (void)gmtime_r(&seconds, &utc);
    (void)strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    buf_format(out, "%s:%s\r\n", name, text);
}

void ical_begin(struct buf *out, struct str name)
{
    buf_add(out, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Chancery//Ledger//EN\r\n"
                     "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"));
    add_text(out, "X-WR-CALNAME", name);
    buf_add(out, STR("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"));
}

void ical_add(struct buf *out, const struct ical_event *event)
{
    buf_add(out, STR("BEGIN:VEVENT\r\n"));
    add_text(out, "UID", event->uid);
    add_moment(out, "DTSTAMP", event->changed_ms);
    add_day(out, "DTSTART", event->day);
    add_day(out, "DTEND", event->day + 1);
    add_text(out, "SUMMARY", event->summary);
    add_text(out, "DESCRIPTION", event->text);
    add_text(out, "CATEGORIES", event->category);
    if (event->url.len) /* a URI is not escaped */
        add_folded(out, str_format(out->arena, "URL:%.*s", STR_ARG(event->url)));
    buf_add(out, STR("TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"));
}

void ical_end(struct buf *out)
{
    buf_add(out, STR("END:VCALENDAR\r\n"));
}
