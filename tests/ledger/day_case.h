/* Days and calendars of working days as tests write them. */
#ifndef TESTS_DAY_CASE_H
#define TESTS_DAY_CASE_H

#include "ledger_case.h"

#include "base/calendar.h"
#include "ledger/workday.h"

/* "2026-02-28" as a day number; NULL is none. */
static inline int64_t day(const char *text)
{
    int64_t number = 0;
    if (text && !calendar_read_date(str_of(text), &number))
        fail_msg("%s is no day", text);
    return number;
}

static inline const struct workdays *load(struct arena *arena, const char *name)
{
    const struct workdays *calendar = NULL;
    struct error err;
    if (workday_load(arena, str_of(name), &calendar, &err))
        fail_msg("%s", err.en);
    return calendar;
}

#endif
