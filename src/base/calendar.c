/* Days of the local calendar; see calendar.h. */
#include "base/calendar.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define ZONE_MAX    64

static char chosen[ZONE_MAX + 1]; /* set before threads are started, read ever after */

bool calendar_knows_zone(struct str name)
{
    char path[sizeof ZONE_FOLDER + ZONE_MAX];
    struct stat file;
    if (name.len == 0 || name.len > ZONE_MAX || name.at[0] == '/')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!good && (c == 0 || !strchr("/_+-", c)))
            return false;
    }
    (void)snprintf(path, sizeof path, ZONE_FOLDER "%.*s", STR_ARG(name));
    return stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

bool calendar_choose_zone(struct str name)
{
    if (!calendar_knows_zone(name))
        return false;
    memcpy(chosen, name.at, name.len);
    chosen[name.len] = 0;
    (void)setenv("TZ", chosen, 1);
    tzset();
    return true;
}

static struct tm local(int64_t seconds)
{
    time_t at = (time_t)seconds;
    struct tm t = {0};
    (void)localtime_r(&at, &t);
    return t;
}

struct str calendar_zone(struct arena *arena, int64_t now_ms)
{
    struct tm t = local(now_ms / 1000);
    long minutes = labs(t.tm_gmtoff) / 60;
    if (chosen[0])
        return str_of(chosen);
    return str_format(arena, "%s (UTC%c%02ld:%02ld)", t.tm_zone ? t.tm_zone : "",
                      t.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static int date_of(const struct tm *t)
{
    return (t->tm_year * 12 + t->tm_mon) * 31 + t->tm_mday;
}

/* The first second that bears the date of `day` (a normalised noon): dates never go back, so it lies where they
 * change. That is midnight, but where the clock is set forward at midnight there is none. */
static int64_t first_second(const struct tm *day)
{
    struct tm noon = *day;
    int64_t late = (int64_t)mktime(&noon);
    int64_t early = late - 20 * 3600; /* the day before: no change of the clock is that long */
    while (early + 1 < late) {
        int64_t middle = early + (late - early) / 2;
        struct tm t = local(middle);
        if (date_of(&t) < date_of(&noon))
            early = middle;
        else
            late = middle;
    }
    return late;
}

int64_t calendar_day_begin(int64_t time_ms, int days)
{
    struct tm t = local(time_ms / 1000 - (time_ms % 1000 < 0));
    struct tm day = {.tm_year = t.tm_year,
                     .tm_mon = t.tm_mon,
                     .tm_mday = t.tm_mday + days,
                     .tm_hour = 12,
                     .tm_isdst = -1};
    return first_second(&day) * 1000;
}

/* Digits from `at` on as a number; -1 for anything else. */
static int digits(struct str text, size_t at, size_t count)
{
    int value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        value = value * 10 + text.at[i] - '0';
    }
    return value;
}

/* The year, month and day of "2026-11-24" as they stand; whether there is such a day is another matter. */
static bool read_date(struct str text, int *year, int *month, int *mday)
{
    if (text.len != 10 || (text.at[4] != '-' && text.at[4] != '/') || text.at[7] != text.at[4])
        return false;
    *year = digits(text, 0, 4);
    *month = digits(text, 5, 2);
    *mday = digits(text, 8, 2);
    return *year >= 1900 && *month >= 1 && *month <= 12 && *mday >= 1;
}

bool calendar_read_day(struct str text, int64_t *time_ms)
{
    int year;
    int month;
    int mday;
    if (!read_date(text, &year, &month, &mday))
        return false;
    struct tm day = {.tm_year = year - 1900,
                     .tm_mon = month - 1,
                     .tm_mday = mday,
                     .tm_hour = 12,
                     .tm_isdst = -1};
    struct tm same = day;
    if (mktime(&same) == (time_t)-1 || same.tm_mday != mday)
        return false;
    *time_ms = first_second(&day) * 1000;
    return true;
}

/* --- civil days ------------------------------------------------------------------------------------ */

#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970      719468 /* from 1 March of the year 0 */

/* Years are counted from March, so that the leap day is a year's last. */
int64_t calendar_day_number(int year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           DAYS_TO_1970;
}

void calendar_date_of(int64_t day_number, int *year, unsigned *month, unsigned *day)
{
    int64_t n = day_number + DAYS_TO_1970;
    int64_t era = (n >= 0 ? n : n - (DAYS_OF_400_YEARS - 1)) / DAYS_OF_400_YEARS;
    int64_t of_era = n - era * DAYS_OF_400_YEARS;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *day = (unsigned)(of_year - (153 * m + 2) / 5 + 1);
    *month = (unsigned)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

bool calendar_is_date(int year, unsigned month, unsigned day)
{
    int y;
    unsigned m;
    unsigned d;
    if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    calendar_date_of(calendar_day_number(year, month, day), &y, &m, &d);
    return m == month && d == day;
}

int64_t calendar_day_of(int64_t time_ms)
{
    struct tm t = local(time_ms / 1000 - (time_ms % 1000 < 0));
    return calendar_day_number(t.tm_year + 1900, (unsigned)t.tm_mon + 1, (unsigned)t.tm_mday);
}

int64_t calendar_moment_of(int64_t day_number)
{
    int year;
    unsigned month;
    unsigned day;
    calendar_date_of(day_number, &year, &month, &day);
    struct tm noon = {.tm_year = year - 1900,
                      .tm_mon = (int)month - 1,
                      .tm_mday = (int)day,
                      .tm_hour = 12,
                      .tm_isdst = -1};
    return first_second(&noon) * 1000;
}

struct str calendar_day_text(struct arena *arena, int64_t day_number)
{
    int year;
    unsigned month;
    unsigned day;
    calendar_date_of(day_number, &year, &month, &day);
    return str_format(arena, "%04d-%02u-%02u", year, month, day);
}

bool calendar_read_date(struct str text, int64_t *day_number)
{
    int year;
    int month;
    int mday;
    if (!read_date(text, &year, &month, &mday) ||
        !calendar_is_date(year, (unsigned)month, (unsigned)mday))
        return false;
    *day_number = calendar_day_number(year, (unsigned)month, (unsigned)mday);
    return true;
}

bool calendar_read_utc(struct str text, int64_t *time_ms)
{
    static const char FORM[] = "0000-00-00T00:00:00Z";
    int n[6] = {0};
    size_t part = 0;
    if (text.len != sizeof FORM - 1)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (FORM[i] != '0' ? text.at[i] != FORM[i] : !digit)
            return false;
        if (digit)
            n[part] = n[part] * 10 + (text.at[i] - '0');
        else
            part++;
    }
    if (!calendar_is_date(n[0], (unsigned)n[1], (unsigned)n[2]) || n[3] > 23 || n[4] > 59 ||
        n[5] > 59)
        return false;
    *time_ms =
        ((calendar_day_number(n[0], (unsigned)n[1], (unsigned)n[2]) * 24 + n[3]) * 60 + n[4]) *
            60000 +
        n[5] * 1000;
    return true;
}

static void write_day(struct buf *out, int year, unsigned month, unsigned day, enum lang lang)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    if (lang == LANG_ZH)
        buf_format(out, "%d年%u月%u日", year, month, day);
    else
        buf_format(out, "%u %s %d", day, months[month - 1], year);
}

void calendar_write_date(struct buf *out, int64_t day_number, enum lang lang)
{
    int year;
    unsigned month;
    unsigned day;
    calendar_date_of(day_number, &year, &month, &day);
    write_day(out, year, month, day, lang);
}

void calendar_write_time(struct buf *out, int64_t time_ms, enum lang lang, bool clock)
{
    if (time_ms == 0)
        return;
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm t;
    (void)localtime_r(&seconds, &t);
    write_day(out, t.tm_year + 1900, (unsigned)t.tm_mon + 1, (unsigned)t.tm_mday, lang);
    if (clock)
        buf_format(out, "%s%02d:%02d", lang == LANG_ZH ? " " : ", ", t.tm_hour, t.tm_min);
}
