/* Amounts and months; see amount.h. */
#include "ledger/amount.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

static const char *const FOLDS[LEDGER_FOLDS] = {"sum", "last", "mean"};

const char *ledger_fold_name(enum ledger_fold fold)
{
    return FOLDS[fold];
}

bool ledger_fold_named(struct str name, enum ledger_fold *fold)
{
    for (unsigned i = 0; i < LEDGER_FOLDS; i++)
        if (str_equal(name, str_of(FOLDS[i]))) {
            *fold = (enum ledger_fold)i;
            return true;
        }
    return false;
}

int64_t ledger_series_at(const struct ledger_series *series, int month)
{
    return month < series->first || (size_t)(month - series->first) >= series->count
               ? LEDGER_NONE
               : series->at[month - series->first];
}

/* --- reading what is written --------------------------------------------------------------------------- */

/* Longer forms of the characters that quantities and months are written with. */
static const struct {
    const char *from;
    char to;
} FORMS[] = {
    {"−", '-'},  {"－", '-'}, {"–", '-'},  {"＋", '+'}, {"，", ','},       {"．", '.'},
    {"％", '%'}, {"（", '('}, {"）", ')'}, {"　", ' '}, {"\xC2\xA0", ' '}, {"\xE2\x80\xAF", ' '},
    {"／", '/'}, {"年", '/'}, {"月", '/'}, {"日", '/'},
};

/* The text in ASCII, in at most `size` bytes; its length, or SIZE_MAX when it holds anything else or more. */
static size_t fold_text(struct str text, char *folded, size_t size)
{
    size_t len = 0;
    for (size_t at = 0; at < text.len; len++) {
        struct str rest = {text.at + at, text.len - at};
        size_t form = 0;
        if (len == size)
            return SIZE_MAX;
        if ((unsigned char)text.at[at] < 0x80) {
            folded[len] = text.at[at++];
            continue;
        }
        if (rest.len >= 3 && !memcmp(rest.at, "\xEF\xBC", 2) && (unsigned char)rest.at[2] >= 0x90 &&
            (unsigned char)rest.at[2] <= 0x99) {
            folded[len] = (char)('0' + ((unsigned char)rest.at[2] - 0x90)); /* ０ … ９ */
            at += 3;
            continue;
        }
        while (form < sizeof FORMS / sizeof *FORMS && !str_starts(rest, str_of(FORMS[form].from)))
            form++;
        if (form == sizeof FORMS / sizeof *FORMS)
            return SIZE_MAX;
        folded[len] = FORMS[form].to;
        at += strlen(FORMS[form].from);
    }
    return len;
}

#define DIGITS_MAX 40

/* A number taken apart: its digits without leading zeros, and how many stand before the point. */
struct number {
    char digits[DIGITS_MAX];
    size_t count;
    int64_t before;
    bool minus;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes digits off the text; before the point, groups of three may be set apart by `,` or a space. False when they
 * are set apart otherwise or are too many; after the point, those beyond what is kept say nothing. */
static bool take_digits(struct str *text, bool grouped, struct number *number, size_t *taken)
{
    size_t run = 0;
    bool apart = false;
    for (*taken = 0; text->len; *text = str_slice(*text, 1, text->len)) {
        char c = text->at[0];
        if (grouped && (c == ',' || c == ' ') && text->len > 1 && is_digit(text->at[1])) {
            if (apart ? run != 3 : run < 1 || run > 3)
                return false;
            apart = true;
            run = 0;
            continue;
        }
        if (!is_digit(c))
            break;
        if (number->count == DIGITS_MAX && grouped)
            return false;
        if (number->count < DIGITS_MAX)
            number->digits[number->count++] = c;
        ++*taken;
        run++;
    }
    return !apart || run == 3;
}

static bool take_exponent(struct str *text, struct number *number)
{
    bool minus = false;
    int64_t exponent = 0;
    size_t taken = 0;
    if (!text->len || (text->at[0] != 'e' && text->at[0] != 'E'))
        return true;
    *text = str_slice(*text, 1, text->len);
    if (text->len && (text->at[0] == '-' || text->at[0] == '+')) {
        minus = text->at[0] == '-';
        *text = str_slice(*text, 1, text->len);
    }
    for (; text->len && is_digit(text->at[0]); *text = str_slice(*text, 1, text->len), taken++)
        exponent = exponent < 1000 ? exponent * 10 + (text->at[0] - '0') : exponent;
    number->before += minus ? -exponent : exponent;
    return taken > 0;
}

static bool take_number(struct str text, struct number *number)
{
    size_t whole;
    size_t after = 0;
    if (text.len > 2 && text.at[0] == '(' && text.at[text.len - 1] == ')') {
        number->minus = true;
        text = str_trim(str_slice(text, 1, text.len - 2));
    } else if (text.len && (text.at[0] == '-' || text.at[0] == '+')) {
        number->minus = text.at[0] == '-';
        text = str_trim(str_slice(text, 1, text.len));
    }
    if (!take_digits(&text, true, number, &whole))
        return false;
    number->before = (int64_t)whole;
    if (text.len && text.at[0] == '.') {
        text = str_slice(text, 1, text.len);
        if (!take_digits(&text, false, number, &after))
            return false;
    }
    if (whole + after == 0 || !take_exponent(&text, number))
        return false;
    text = str_trim(text);
    return text.len == 0 || str_equal(text, STR("%"));
}

/* digits × 10^(before − count + places), rounded; false when that is too great. */
static bool scale(const struct number *number, unsigned places, int64_t *amount)
{
    int64_t kept = number->before + (int64_t)places;
    int64_t value = 0;
    for (int64_t i = 0; i < kept; i++) {
        int digit = (size_t)i < number->count ? number->digits[i] - '0' : 0;
        if (value == 0 && (size_t)i >= number->count)
            break; /* nothing but zeros: an exponent makes no more of it */
        value = value * 10 + digit;
        if (value > LEDGER_AMOUNT_MAX)
            return false;
    }
    if (kept >= 0 && (size_t)kept < number->count && number->digits[kept] >= '5')
        value++;
    *amount = number->minus ? -value : value;
    return value <= LEDGER_AMOUNT_MAX;
}

enum status ledger_read_amount(struct str text, unsigned places, int64_t *amount, struct error *err)
{
    char folded[2 * DIGITS_MAX];
    struct number number = {0};
    struct str shown = utf8_cut(text, 60);
    size_t len = fold_text(str_trim(text), folded, sizeof folded);
    if (len == 0)
        return error_set(err, STATUS_INPUT, "A number is missing.", "数值尚未填写。");
    if (len == SIZE_MAX || !take_number(str_trim((struct str){folded, len}), &number))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is not a number.", "“%.*s”不是数字。",
                         STR_ARG(shown));
    if (!scale(&number, places, amount))
        return error_set(err, STATUS_INPUT, "\"%.*s\" is greater than can be kept.",
                         "“%.*s”超出可保存的范围。", STR_ARG(shown));
    return STATUS_OK;
}

struct str ledger_write_amount(struct arena *arena, int64_t amount, unsigned places)
{
    struct buf out = {.arena = arena};
    uint64_t size = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    uint64_t one = 1;
    if (amount == LEDGER_NONE)
        return STR("");
    for (unsigned i = 0; i < places; i++)
        one *= 10;
    buf_format(&out, "%s%llu", amount < 0 ? "-" : "", (unsigned long long)(size / one));
    if (places)
        buf_format(&out, ".%0*llu", (int)places, (unsigned long long)(size % one));
    return buf_str(&out);
}

double ledger_amount_real(int64_t amount, unsigned places)
{
    return (double)amount / pow(10, places);
}

int64_t ledger_real_amount(double value, unsigned places)
{
    double steps = round(value * pow(10, places));
    return isfinite(steps) && fabs(steps) <= (double)LEDGER_AMOUNT_MAX ? (int64_t)steps
                                                                       : LEDGER_NONE;
}

/* --- months ---------------------------------------------------------------------------------------------- */

static int read_digits(struct str *text, size_t most)
{
    int value = 0;
    size_t len = 0;
    for (; len < most && len < text->len && is_digit(text->at[len]); len++)
        value = value * 10 + (text->at[len] - '0');
    *text = str_slice(*text, len, text->len);
    return len ? value : -1;
}

static bool take_separator(struct str *text)
{
    if (text->len == 0 || !strchr("-/.", text->at[0]) || text->at[0] == 0)
        return false;
    *text = str_trim(str_slice(*text, 1, text->len));
    return true;
}

static int days_of(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool ledger_read_month(struct str text, int *month)
{
    char folded[32];
    size_t len = fold_text(str_trim(text), folded, sizeof folded);
    struct str rest = {folded, len == SIZE_MAX ? 0 : len};
    int year = rest.len >= 4 ? read_digits(&rest, 4) : -1;
    bool apart = take_separator(&rest);
    int at = read_digits(&rest, 2);
    if (year < LEDGER_YEAR_LEAST || year > LEDGER_YEAR_MOST || at < 1 || at > 12 ||
        (!apart && len != 6))
        return false;
    if (take_separator(&rest) && rest.len) { /* a day of it */
        int day = read_digits(&rest, 2);
        if (day < 1 || day > days_of(year, at))
            return false;
        (void)take_separator(&rest);
    }
    if (rest.len)
        return false;
    *month = year * 12 + at - 1;
    return true;
}

struct str ledger_write_month(struct arena *arena, int month)
{
    return str_format(arena, "%04d-%02d", month / 12, month % 12 + 1);
}
