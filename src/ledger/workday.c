/* Working days, from the data in calendars/; calendars/README.md describes the format. */
#include "ledger/workday.h"

#include <string.h>

#include "base/calendar.h"
#include "base/embed.h"

#define YEARS_MAX 200U
#define RULES_MAX 5000U
#define MONDAY    3 /* 1 January 1970 was a Thursday: day + 3 is a whole number of weeks on Mondays */

extern const struct embedded calendar_files[];

struct span {
    int64_t from, to;
};
struct workdays {
    struct str en, zh;
    bool always; /* every year is known */
    bool daily;  /* every day is worked */
    int years[YEARS_MAX];
    size_t nyears;
    struct span *off;
    size_t noff;
    int64_t *work;
    size_t nwork;
};

/* --- reading -------------------------------------------------------------------------------------- */

static int year_of(int64_t day)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    return year;
}

static bool knows(const struct workdays *c, int year)
{
    for (size_t i = 0; i < c->nyears; i++)
        if (c->years[i] == year)
            return true;
    return c->always;
}

static bool is_weekday(int64_t day)
{
    int64_t of_week = (day + MONDAY) % 7;
    return (of_week < 0 ? of_week + 7 : of_week) < 5;
}

static bool read_span(struct str text, struct span *span)
{
    size_t dots = str_find(text, STR(".."), 0);
    struct str last = dots == SIZE_MAX ? text : str_slice(text, dots + 2, text.len);
    return calendar_read_date(dots == SIZE_MAX ? text : str_slice(text, 0, dots), &span->from) &&
           calendar_read_date(last, &span->to) && span->from <= span->to &&
           year_of(span->from) == year_of(span->to);
}

static bool read_name(struct workdays *c, struct str rest)
{
    return str_split(&rest, '|', &c->en) && str_split(&rest, '|', &c->zh) && c->en.len && c->zh.len;
}

static bool read_year(struct workdays *c, struct str rest)
{
    uint64_t year;
    if (!str_to_u64(rest, &year) || year < 1900 || year > 9999 || c->nyears == YEARS_MAX ||
        knows(c, (int)year))
        return false;
    c->years[c->nyears++] = (int)year;
    return true;
}

/* Free days and worked ones are of years that are known. */
static bool read_rule(struct workdays *c, struct str word, struct str rest)
{
    struct span span;
    if (str_equal(word, STR("named")))
        return read_name(c, rest);
    if (str_equal(word, STR("year")))
        return read_year(c, rest);
    if (!read_span(rest, &span) || !knows(c, year_of(span.from)))
        return false;
    if (str_equal(word, STR("off")) && c->noff < RULES_MAX) {
        c->off[c->noff++] = span;
        return true;
    }
    if (str_equal(word, STR("work")) && c->nwork < RULES_MAX && span.from == span.to &&
        !is_weekday(span.from)) {
        c->work[c->nwork++] = span.from;
        return true;
    }
    return false;
}

enum status workday_read(struct arena *arena, const char *file, struct str text,
                         const struct workdays **calendar, struct error *err)
{
    struct workdays *c = arena_new(arena, struct workdays);
    struct str line;
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    lines = lines > RULES_MAX ? RULES_MAX : lines;
    c->off = arena_array(arena, lines, struct span);
    c->work = arena_array(arena, lines, int64_t);
    for (unsigned number = 1; str_split(&text, '\n', &line); number++) {
        struct str rest = line;
        struct str word;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (str_equal(line, STR("always")))
            c->always = true;
        else if (str_equal(line, STR("daily")))
            c->always = c->daily = true;
        else if (!str_split(&rest, ' ', &word) || !read_rule(c, word, rest))
            return error_set(err, STATUS_DAMAGED, "%s, line %u: this is no rule of a calendar.",
                             "%s 第 %u 行：不是日历规则。", file, number);
    }
    if (!c->en.len)
        return error_set(err, STATUS_DAMAGED, "%s does not say what the calendar is called.",
                         "%s 未写明日历名称。", file);
    *calendar = c;
    return STATUS_OK;
}

enum status workday_load(struct arena *arena, struct str name, const struct workdays **calendar,
                         struct error *err)
{
    for (const struct embedded *file = calendar_files; file->name; file++) {
        struct str built = str_of(file->name);
        if (str_ends(built, STR(".txt")) && str_equal(str_slice(built, 0, built.len - 4), name))
            return workday_read(arena, file->name, (struct str){file->at, file->len}, calendar,
                                err);
    }
    return error_set(err, STATUS_MISSING, "There is no calendar %.*s.", "没有名为 %.*s 的日历。",
                     STR_ARG(name));
}

/* --- asking --------------------------------------------------------------------------------------- */

struct str workday_name(const struct workdays *c, enum lang lang)
{
    return lang == LANG_ZH ? c->zh : c->en;
}

bool workday_is(const struct workdays *c, int64_t day)
{
    for (size_t i = 0; i < c->nwork; i++)
        if (c->work[i] == day)
            return true;
    for (size_t i = 0; i < c->noff; i++)
        if (day >= c->off[i].from && day <= c->off[i].to)
            return false;
    return c->daily || is_weekday(day);
}

int64_t workday_add(const struct workdays *c, int64_t day, int64_t n)
{
    int64_t step = n < 0 ? -1 : 1;
    for (int64_t left = n < 0 ? -n : n; left > 0;) {
        day += step;
        left -= workday_is(c, day);
    }
    return day;
}

int64_t workday_at_or_before(const struct workdays *c, int64_t day)
{
    return workday_is(c, day) ? day : workday_add(c, day, -1);
}

int64_t workday_between(const struct workdays *c, int64_t from, int64_t to)
{
    int64_t count = 0;
    for (int64_t day = from + 1; day <= to; day++)
        count += workday_is(c, day);
    for (int64_t day = to; day < from; day++)
        count -= workday_is(c, day);
    return count;
}

int workday_unknown_year(const struct workdays *c, int64_t from, int64_t to)
{
    for (int year = year_of(from); year <= year_of(to); year++)
        if (!knows(c, year))
            return year;
    return 0;
}
