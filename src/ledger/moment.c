/* Until when, and how much: the date and the quantity that a sentence names.
 *
 * Both are read by small grammars over the sentence's bytes. A date counts as a limit only with a sign of one
 * (到…, …前, …底, by …, no later than …): 从11月起 and "in the past three years" are none. A quantity counts
 * only behind a measure (达到, 不少于, at least): a number alone may be anything. */
#include <string.h>

#include "base/utf8.h"
#include "ledger/internal.h"

struct cursor {
    struct str text;
    size_t at;
};

static bool take(struct cursor *c, const char *word)
{
    size_t len = strlen(word);
    if (len > c->text.len - c->at || memcmp(c->text.at + c->at, word, len) != 0)
        return false;
    c->at += len;
    return true;
}

static bool take_any(struct cursor *c, const char *const *words, size_t count, size_t *which)
{
    for (size_t i = 0; i < count; i++) {
        if (take(c, words[i])) {
            if (which)
                *which = i;
            return true;
        }
    }
    return false;
}
#define TAKE_ANY(c, words, which) take_any((c), (words), sizeof(words) / sizeof *(words), (which))

/* Digits with a fraction and commas between thousands; the whole part, and how many digits it has. */
static unsigned take_digits(struct cursor *c, unsigned *value)
{
    unsigned digits = 0;
    *value = 0;
    while (c->at < c->text.len && c->text.at[c->at] >= '0' && c->text.at[c->at] <= '9' &&
           digits < 9) {
        *value = *value * 10 + (unsigned)(c->text.at[c->at++] - '0');
        digits++;
    }
    return digits;
}

static bool take_number_of(struct cursor *c, unsigned least, unsigned most, const char *behind,
                           unsigned *value)
{
    struct cursor try = *c;
    unsigned digits = take_digits(&try, value);
    if (digits == 0 || digits > 4 || *value < least || *value > most || !take(&try, behind))
        return false;
    *c = try;
    return true;
}

/* --- Chinese dates ------------------------------------------------------------------------------- */

static const char *const HAN_DIGITS[] = {"〇", "一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "零"};

static bool take_han_year(struct cursor *c, int *year)
{
    struct cursor try = *c;
    int value = 0;
    for (int i = 0; i < 4; i++) {
        size_t digit;
        if (!TAKE_ANY(&try, HAN_DIGITS, &digit))
            return false;
        value = value * 10 + (int)(digit % 10);
    }
    if (!take(&try, "年"))
        return false;
    *c = try;
    *year = value;
    return true;
}

/* What may stand for the month, and the last month that it means; 0: none that is known. */
static const struct {
    const char *words;
    unsigned month;
} PARTS_ZH[] = {
    {"一季度", 3}, {"二季度", 6}, {"三季度", 9}, {"四季度", 12}, {"上半年", 6}, {"下半年", 12},
    {"年底", 12},  {"年末", 12},  {"年内", 12},  {"本月底", 0},  {"月底", 0},   {"月内", 0},
    {"秋季", 9},   {"春季", 3},   {"汛期前", 0}, {"入冬前", 0},
};

static bool take_month_zh(struct cursor *c, struct ledger_date *due)
{
    static const char *const month_ends[] = {"底", "末"};
    if (take_number_of(c, 1, 12, "月", &due->month)) {
        if (!TAKE_ANY(c, month_ends, NULL))
            (void)(take_number_of(c, 1, 31, "日", &due->day) ||
                   take_number_of(c, 1, 31, "号", &due->day));
        return true;
    }
    for (size_t i = 0; i < sizeof PARTS_ZH / sizeof *PARTS_ZH; i++) {
        if (take(c, PARTS_ZH[i].words)) {
            due->month = PARTS_ZH[i].month;
            due->day = due->month == 12 && strstr(PARTS_ZH[i].words, "季") == NULL ? 31 : 0;
            return true;
        }
    }
    return false;
}

/* A date that begins here, as a limit or not. */
static bool take_date_zh(struct cursor *c, struct ledger_date *due)
{
    static const char *const near_years[] = {"今明两年", "明后两年", "今年", "明年", "后年",
                                             "本年度",   "三年",     "两年", "五年"};
    static const char *const ends[] = {"底", "末"};
    struct cursor start = *c;
    unsigned year;
    bool some = false;
    *due = (struct ledger_date){0};
    if (take_number_of(c, 1900, 2999, "年", &year)) {
        due->year = (int)year;
        some = true;
    } else {
        some = take_han_year(c, &due->year) || TAKE_ANY(c, near_years, NULL);
    }
    if (some && TAKE_ANY(c, ends, NULL))
        due->month = 12, due->day = 31;
    else
        some = take_month_zh(c, due) || some;
    if (!some)
        *c = start;
    return some;
}

static bool stands_before(struct str text, size_t at, const char *word)
{
    size_t len = strlen(word);
    return at >= len && memcmp(text.at + at - len, word, len) == 0;
}

static bool any_before(struct str text, size_t at, const char *const *words, size_t count,
                       size_t *len)
{
    for (size_t i = 0; i < count; i++) {
        if (stands_before(text, at, words[i])) {
            *len = strlen(words[i]);
            return true;
        }
    }
    return false;
}
#define ANY_BEFORE(text, at, words, len) \
    any_before((text), (at), (words), sizeof(words) / sizeof *(words), (len))

static struct str find_date_zh(struct str sentence, struct ledger_date *due)
{
    static const char *const no_limit[] = {"截至", "截止", "自",   "从",
                                           "早在", "去年", "每年", "每"};
    static const char *const limit[] = {"到", "至", "于", "在", "确保"};
    static const char *const before[] = {"之前", "以前", "前", "以内", "内"};
    static const char *const since[] = {"起", "以来", "来", "间", "多"};
    for (size_t at = 0; at < sentence.len; (void)utf8_next(sentence, &at)) {
        struct cursor c = {sentence, at};
        size_t led = 0;
        if (!take_date_zh(&c, due))
            continue;
        struct str words = str_slice(sentence, at, c.at - at);
        bool closed = TAKE_ANY(&c, before, NULL);
        struct cursor ahead = c;
        bool open = TAKE_ANY(&ahead, since, NULL);
        bool ends = str_find(words, STR("底"), 0) != SIZE_MAX ||
                    str_find(words, STR("内"), 0) != SIZE_MAX || str_equal(words, STR("今明两年"));
        size_t skip;
        bool leads = ANY_BEFORE(sentence, at, limit, &led);
        if (!open && !ANY_BEFORE(sentence, at, no_limit, &skip) && (closed || ends || leads)) {
            if (!leads || stands_before(sentence, at, "确保"))
                led = 0;
            return str_slice(sentence, at - led, c.at - at + led);
        }
        at = c.at > at ? c.at - 1 : at;
        while (at < sentence.len && ((unsigned char)sentence.at[at] & 0xC0) == 0x80)
            at--;
    }
    *due = (struct ledger_date){0};
    return (struct str){0};
}

/* --- English dates ------------------------------------------------------------------------------- */

static const char *const MONTHS[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const struct {
    const char *words;
    unsigned month;
} SEASONS[] = {{"spring", 5}, {"summer", 8}, {"autumn", 11}, {"winter", 2}};

static void take_space(struct cursor *c)
{
    while (take(c, " ") || take(c, "\n"))
        ;
}

static bool take_year_en(struct cursor *c, struct ledger_date *due)
{
    struct cursor try = *c;
    unsigned year;
    (void)take(&try, ",");
    take_space(&try);
    if (take_digits(&try, &year) != 4 || year < 1900 || year > 2999)
        return false;
    due->year = (int)year;
    *c = try;
    return true;
}

static void take_day_end(struct cursor *c)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    (void)TAKE_ANY(c, ends, NULL);
    take_space(c);
}

/* "12 May 2026", "May 12, 2026", "May 2026", "2026". */
static bool take_day_en(struct cursor *c, struct ledger_date *due)
{
    struct cursor try = *c;
    size_t month;
    unsigned day = 0;
    if (take_digits(&try, &day) && day >= 1 && day <= 31)
        take_day_end(&try);
    else
        try = *c, day = 0;
    if (TAKE_ANY(&try, MONTHS, &month)) {
        struct cursor behind = try;
        due->month = (unsigned)month + 1;
        take_space(&behind);
        if (day == 0 && take_digits(&behind, &day) && day >= 1 && day <= 31) {
            take_day_end(&behind);
            try = behind;
        } else if (day > 31) {
            day = 0;
        }
        due->day = day;
        (void)take_year_en(&try, due);
        *c = try;
        return true;
    }
    return take_year_en(c, due);
}

/* "the end of the year", "next summer", "the spring", "the December meeting". */
static bool take_about_en(struct cursor *c, struct ledger_date *due)
{
    static const char *const ends[] = {"the end of ", "the close of "};
    static const char *const leads[] = {"the next ", "the coming ", "the ",
                                        "next ",     "this ",       "that "};
    static const char *const spans[] = {"year", "month", "quarter", "week", "meeting", "season"};
    struct cursor try = *c;
    size_t span;
    bool end = TAKE_ANY(&try, ends, NULL);
    bool led = TAKE_ANY(&try, leads, NULL);
    if (take_day_en(&try, due)) {
        if (end && due->month == 0)
            due->month = 12, due->day = 31;
        *c = try;
        return true;
    }
    for (size_t i = 0; i < sizeof SEASONS / sizeof *SEASONS; i++) {
        if (take(&try, SEASONS[i].words)) {
            due->month = SEASONS[i].month;
            (void)take_year_en(&try, due);
            *c = try;
            return true;
        }
    }
    if ((end || led) && TAKE_ANY(&try, spans, &span)) {
        due->month = end && span == 0 ? 12 : 0;
        due->day = end && span == 0 ? 31 : 0;
        *c = try;
        return true;
    }
    return false;
}

static bool take_within_en(struct cursor *c)
{
    static const char *const spans[] = {"days", "weeks", "months", "years",
                                        "day",  "week",  "month",  "year"};
    for (int words = 0; words < 4 && c->at < c->text.len; words++) {
        if (TAKE_ANY(c, spans, NULL))
            return true;
        while (c->at < c->text.len && c->text.at[c->at] != ' ')
            c->at++;
        take_space(c);
    }
    return false;
}

static struct str find_date_en(const struct ledger_rules *rules, struct str sentence,
                               struct ledger_date *due)
{
    static const char *const limits[] = {"no later than", "not later than", "by",    "before",
                                         "until",         "within",         "in",    "from",
                                         "to the",        "next",           "during"};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct str limit = str_of(limits[i]);
        for (size_t at = ledger_find_word(rules, sentence, limit, 0); at != SIZE_MAX;
             at = ledger_find_word(rules, sentence, limit, at + 1)) {
            bool within = str_equal(limit, STR("within"));
            struct cursor c = {sentence, at + limit.len};
            *due = (struct ledger_date){0};
            if (str_equal(limit, STR("next")))
                c.at = at; /* the word belongs to the date itself */
            take_space(&c);
            if (within ? take_within_en(&c) : take_about_en(&c, due))
                return str_slice(sentence, at, c.at - at);
        }
    }
    *due = (struct ledger_date){0};
    return (struct str){0};
}

struct str ledger_find_date(const struct ledger_rules *rules, struct str sentence,
                            struct ledger_date *due)
{
    return rules->lang == LANG_ZH ? find_date_zh(sentence, due)
                                  : find_date_en(rules, sentence, due);
}

/* --- quantities ---------------------------------------------------------------------------------- */

#define REACH_ZH 16U /* characters between a measure and its number */
#define REACH_EN 2U  /* words up to it … */
#define UNIT_EN  4U  /* … and from it to its unit */

static bool take_unit(const struct ledger_rules *rules, struct cursor *c)
{
    size_t len = ledger_begins_by(rules, RULE_UNIT, str_slice(c->text, c->at, c->text.len));
    c->at += len;
    return len > 0;
}

static bool take_amount_zh(struct cursor *c)
{
    static const char *const han[] = {"一", "二", "两", "三", "四", "五", "六", "七", "八",
                                      "九", "十", "百", "千", "万", "亿", "半", "几"};
    unsigned whole;
    size_t start = c->at;
    if (take_digits(c, &whole)) {
        if (take(c, "."))
            (void)take_digits(c, &whole);
        return true;
    }
    while (TAKE_ANY(c, han, NULL))
        ;
    return c->at > start;
}

static bool quantity_zh(const struct ledger_rules *rules, struct cursor *c)
{
    static const char *const stops[] = {"，", "。", "；", "、", "：", "！", "？", "（", "“"};
    static const char *const more[] = {"以上", "以下", "左右", "以内"};
    for (unsigned passed = 0; passed < REACH_ZH && c->at < c->text.len; passed++) {
        struct cursor try = *c;
        if (TAKE_ANY(&try, stops, NULL))
            return false;
        if (take_amount_zh(&try) && take_unit(rules, &try)) {
            (void)TAKE_ANY(&try, more, NULL);
            *c = try;
            return true;
        }
        (void)utf8_next(c->text, &c->at);
    }
    return false;
}

static void pass_word(struct cursor *c)
{
    while (c->at < c->text.len && c->text.at[c->at] != ' ')
        c->at++;
    take_space(c);
}

static bool take_amount_en(struct cursor *c)
{
    static const char *const words[] = {"one",     "two",       "three",    "four",      "five",
                                        "six",     "seven",     "eight",    "nine",      "ten",
                                        "eleven",  "twelve",    "thirteen", "fourteen",  "fifteen",
                                        "sixteen", "eighteen",  "nineteen", "twenty",    "thirty",
                                        "forty",   "fifty",     "sixty",    "seventy",   "eighty",
                                        "ninety",  "a hundred", "half",     "a quarter", "a third"};
    unsigned whole;
    struct cursor try = *c;
    (void)take(&try, "£");
    if (take_digits(&try, &whole)) {
        while (take(&try, ",") || take(&try, "."))
            (void)take_digits(&try, &whole);
    } else if (!TAKE_ANY(&try, words, NULL)) {
        return false;
    }
    *c = try;
    return true;
}

static bool quantity_en(const struct ledger_rules *rules, struct cursor *c)
{
    for (unsigned passed = 0; passed < REACH_EN && c->at < c->text.len; passed++) {
        struct cursor try = *c;
        if (take_amount_en(&try)) {
            for (unsigned words = 0; words <= UNIT_EN && try.at < try.text.len; words++) {
                struct cursor unit = try;
                take_space(&unit);
                if (take_unit(rules, &unit)) {
                    *c = unit;
                    return true;
                }
                pass_word(&try);
            }
        }
        pass_word(c);
    }
    return false;
}

struct str ledger_find_quantity(const struct ledger_rules *rules, struct str sentence)
{
    for (size_t r = 0; r < rules->count[RULE_MEASURE]; r++) {
        const struct ledger_words *words = &rules->of[RULE_MEASURE][r].words;
        for (size_t i = 0; i < words->count; i++) {
            struct str word = words->at[i];
            for (size_t at = ledger_find_word(rules, sentence, word, 0); at != SIZE_MAX;
                 at = ledger_find_word(rules, sentence, word, at + 1)) {
                struct cursor c = {sentence, at + word.len};
                take_space(&c);
                if (rules->lang == LANG_ZH ? quantity_zh(rules, &c) : quantity_en(rules, &c))
                    return str_slice(sentence, at, c.at - at);
            }
        }
    }
    return (struct str){0};
}
