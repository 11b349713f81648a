/* What a member types for a blank: taken in the forms of both languages, kept in one, shown in the text's
 * own; see blank.h. */
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "library/blank.h"

#define NUMBER_MAX 30U /* characters */

static const char *const MONTHS[12] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};

/* On one line, without what nobody sees: such characters would read as marks. */
static struct str tidy(struct arena *arena, struct str typed)
{
    struct buf out = {.arena = arena};
    bool gap = false;
    for (size_t pos = 0; pos < typed.len;) {
        uint32_t code = utf8_next(typed, &pos);
        if (code < 0x20 || (code >= 0x7F && code < 0xA0) || unicode_is_space(code)) {
            gap = out.len > 0;
        } else if (!unicode_is_invisible(code)) {
            if (gap)
                buf_add_byte(&out, ' ');
            gap = false;
            buf_add_code(&out, code);
        }
    }
    return buf_str(&out);
}

/* Full-width figures and signs as those of ASCII. */
static struct str narrow(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        buf_add_code(&out, code >= 0xFF01 && code <= 0xFF5E ? code - 0xFEE0 : code);
    }
    return buf_str(&out);
}

/* --- dates ---------------------------------------------------------------------------------------- */

struct date_part {
    uint64_t number; /* or 0 for a word */
    unsigned month;  /* of a word, from 1 */
};

static unsigned month_of(struct str word)
{
    for (unsigned m = 0; m < 12; m++) {
        size_t len = strlen(MONTHS[m]);
        bool same = word.len == len || (word.len == 3 && len > 3) || (word.len == 4 && m == 8);
        for (size_t i = 0; same && i < word.len; i++)
            same = (word.at[i] | 0x20) == MONTHS[m][i];
        if (same)
            return m + 1;
    }
    return 0;
}

/* Figures and months, whatever stands between them; gives how many there are. */
static size_t split_date(struct str text, struct date_part parts[4])
{
    size_t count = 0;
    for (size_t pos = 0; pos < text.len && count < 4;) {
        size_t at = pos;
        bool digit = text.at[pos] >= '0' && text.at[pos] <= '9';
        bool letter = (text.at[pos] | 0x20) >= 'a' && (text.at[pos] | 0x20) <= 'z';
        while (pos < text.len && digit && text.at[pos] >= '0' && text.at[pos] <= '9')
            pos++;
        while (pos < text.len && letter && (text.at[pos] | 0x20) >= 'a' &&
               (text.at[pos] | 0x20) <= 'z')
            pos++;
        struct str part = str_slice(text, at, pos - at);
        struct date_part p = {0};
        if (digit && !str_to_u64(part, &p.number))
            return 4;
        p.month = letter ? month_of(part) : 0;
        if (digit || p.month)
            parts[count++] = p;
        pos += !digit && !letter;
    }
    return count;
}

static bool is_date(uint64_t year, uint64_t month, uint64_t day)
{
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1000 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

/* Year, month, day; or an English date, whose month is a word: 24 November 2026, November 24, 2026. */
static bool read_date(struct str text, uint64_t date[3])
{
    struct date_part parts[4] = {{0}};
    if (split_date(text, parts) != 3)
        return false;
    unsigned word = parts[0].month ? 0 : 1;
    bool english = parts[word].month > 0;
    date[0] = english ? parts[2].number : parts[0].number;
    date[1] = english ? parts[word].month : parts[1].number;
    date[2] = english ? parts[1 - word].number : parts[2].number;
    return is_date(date[0], date[1], date[2]);
}

/* --- numbers -------------------------------------------------------------------------------------- */

/* Digits with at most one point and a sign before them; commas and spaces between digits fall away. */
static bool read_number(struct str text, char out[NUMBER_MAX + 1])
{
    size_t len = 0;
    unsigned points = 0;
    unsigned digits = 0;
    for (size_t i = 0; i < text.len && len < NUMBER_MAX; i++) {
        char c = text.at[i];
        bool inside = i > 0 && i + 1 < text.len;
        if ((c == ',' || c == ' ') && inside)
            continue;
        bool sign = c == '-' && i == 0;
        points += c == '.';
        digits += c >= '0' && c <= '9';
        if (!sign && !(c == '.' && inside && points == 1) && !(c >= '0' && c <= '9'))
            return false;
        out[len++] = c;
    }
    out[len] = 0;
    return digits > 0 && text.len <= NUMBER_MAX;
}

/* --- taken ---------------------------------------------------------------------------------------- */

static enum status take_date(struct arena *arena, const struct blank *b, struct str typed,
                             struct str *value, struct error *err)
{
    uint64_t date[3];
    if (!read_date(narrow(arena, typed), date))
        return error_set(err, STATUS_INPUT,
                         "\"%.*s\" asks for a date, like 24 November 2026 or 2026-11-24.",
                         "“%.*s”应填日期，如 2026年11月24日 或 2026-11-24。", STR_ARG(b->name));
    *value = str_format(arena, "%04u-%02u-%02u", (unsigned)date[0], (unsigned)date[1],
                        (unsigned)date[2]);
    return STATUS_OK;
}

static enum status take_number(struct arena *arena, const struct blank *b, struct str typed,
                               struct str *value, struct error *err)
{
    char digits[NUMBER_MAX + 1];
    if (!read_number(narrow(arena, typed), digits))
        return error_set(err, STATUS_INPUT,
                         "\"%.*s\" asks for a number in figures, like 1200 or 3.5.",
                         "“%.*s”应填数字，如 1200 或 3.5。", STR_ARG(b->name));
    *value = str_copy(arena, str_of(digits));
    return STATUS_OK;
}

static enum status take_choice(const struct blank *b, struct str typed, struct str *value,
                               struct error *err)
{
    for (size_t i = 0; i < b->nchoices; i++)
        if (str_equal(b->choices[i], typed)) {
            *value = b->choices[i];
            return STATUS_OK;
        }
    return error_set(err, STATUS_INPUT, "\"%.*s\" takes one of its choices only.",
                     "“%.*s”只能从所列选项中选择。", STR_ARG(b->name));
}

enum status library_take_value(struct arena *arena, const struct blank *b, struct str typed,
                               struct str *value, struct error *err)
{
    *value = (struct str){"", 0};
    typed = tidy(arena, typed);
    if (!typed.len)
        return STATUS_OK;
    if (utf8_count(typed) > BLANK_VALUE_MAX)
        return error_set(err, STATUS_INPUT, "\"%.*s\" takes at most %u characters.",
                         "“%.*s”最多填 %u 个字符。", STR_ARG(b->name), BLANK_VALUE_MAX);
    switch (b->kind) {
    case PLACEHOLDER_DATE:
        return take_date(arena, b, typed, value, err);
    case PLACEHOLDER_NUMBER:
        return take_number(arena, b, typed, value, err);
    case PLACEHOLDER_CHOICE:
        return take_choice(b, typed, value, err);
    default:
        *value = typed;
        return STATUS_OK;
    }
}

enum status library_check_complete(const struct blanks *blanks, const struct str *values,
                                   struct error *err)
{
    for (size_t i = 0; i < blanks->count; i++)
        if (blanks->list[i].required && !values[i].len)
            return error_set(err, STATUS_INPUT, "\"%.*s\" is not filled in yet.",
                             "“%.*s”尚未填写。", STR_ARG(blanks->list[i].name));
    return STATUS_OK;
}

/* --- shown ---------------------------------------------------------------------------------------- */

static struct str show_date(struct arena *arena, struct str value, enum lang lang)
{
    uint64_t date[3];
    if (!read_date(value, date))
        return value;
    if (lang == LANG_ZH)
        return str_format(arena, "%u年%u月%u日", (unsigned)date[0], (unsigned)date[1],
                          (unsigned)date[2]);
    const char *month = MONTHS[date[1] - 1];
    return str_format(arena, "%u %c%s %u", (unsigned)date[2], month[0] - 0x20, month + 1,
                      (unsigned)date[0]);
}

/* English groups thousands from 10,000 on; a year stays a year. */
static struct str show_number(struct arena *arena, struct str value, enum lang lang)
{
    struct buf out = {.arena = arena};
    size_t point = str_find(value, STR("."), 0);
    size_t whole = point == SIZE_MAX ? value.len : point;
    size_t sign = value.len && value.at[0] == '-';
    if (lang == LANG_ZH || whole - sign < 5)
        return value;
    for (size_t i = 0; i < value.len; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0)
            buf_add_byte(&out, ',');
        buf_add_byte(&out, value.at[i]);
    }
    return buf_str(&out);
}

struct str library_show_value(struct arena *arena, const struct blank *b, struct str value,
                              enum lang lang)
{
    if (b->kind == PLACEHOLDER_DATE)
        return show_date(arena, value, lang);
    return b->kind == PLACEHOLDER_NUMBER ? show_number(arena, value, lang) : value;
}
