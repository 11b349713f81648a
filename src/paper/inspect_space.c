/* White space and widths: both are judged by the text's own habit.
 *
 * Typesetters put no-break spaces between "Chapter" and its number, tables are aligned with runs of
 * blanks, technical Chinese sets spaces around Latin words, and some houses keep half-width
 * brackets. None of it is a concern as long as the text does it all along. What is reported is the
 * exception: a few places that differ from what the same text does everywhere else. */
#include <string.h>
#include <uchar.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/inspect_look.h"

static const struct look_rule odd_space = {
    CONCERN_SPACE, true, 5.0, "an unusual space where the text has ordinary ones or none",
    "不常见的空格，同类位置上全文用普通空格或不用空格"};
static const struct look_rule wide_space = {
    CONCERN_SPACE, false, 4.8, "a full-width space inside a sentence", "句中出现全角空格"};
static const struct look_rule han_space = {
    CONCERN_SPACE, false, 4.8, "a space between Chinese characters, where the text has none",
    "汉字之间出现空格，而全文一般没有"};
static const struct look_rule doubled = {CONCERN_SPACE, false, 4.6,
                                         "a doubled space where the text has single ones",
                                         "连续空格，而全文一般只用一个"};
static const struct look_rule trailing = {
    CONCERN_SPACE, false, 3.0, "white space at the end of lines; it can carry a hidden mark",
    "行末有空白；可能藏有暗记"};

static bool is_odd_space(uint32_t c)
{
    return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
           c == 0x3164 || c == 0x2800 || c == 0x2028 || c == 0x2029;
}

static bool ends_sentence(uint32_t c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == 0xFF0C;
}

static bool is_cjk_punct(uint32_t c)
{
    return (c >= 0x3001 && c <= 0x3017) || (c >= 0xFF01 && c <= 0xFF0F) || c == 0xFF1A ||
           c == 0xFF1B || c == 0xFF1F;
}

struct line {
    size_t from, to; /* cells, without '\n' */
    size_t han;      /* ideographs */
    size_t stops;    /* sentence punctuation of Chinese */
    size_t gaps;     /* Han, blank, Han */
    size_t runs;     /* runs of two blanks or more after the indent */
};

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000 || is_odd_space(c);
}

static struct line read_line(const struct look *look, size_t from)
{
    struct line l = {.from = from, .to = from};
    while (l.to < look->n && look->code[l.to] != '\n')
        l.to++;
    bool text_begun = false;
    for (size_t i = from; i < l.to; i++) {
        uint32_t c = look->code[i];
        l.han += unicode_is_han(c);
        l.stops += ends_sentence(c);
        bool blank = is_blank(c);
        l.gaps += blank && i + 1 < l.to && unicode_is_han(look->code[i + 1]) && i > from &&
                  unicode_is_han(look->code[i - 1]);
        l.runs += blank && text_begun && i + 1 < l.to && is_blank(look->code[i + 1]) &&
                  !is_blank(look->code[i - 1]);
        text_begun |= !blank;
    }
    return l;
}

/* The cell where the line's blanks at the end begin, when they are such as hide something: after
 * text, neither the single space of a wrapped line nor the two of a Markdown line break, and not in
 * a line laid out with blanks. */
static size_t blank_tail(const struct look *look, const struct line *l)
{
    size_t from = l->to;
    bool tab = false;
    while (from > l->from && is_blank(look->code[from - 1]))
        tab |= look->code[--from] == '\t';
    bool told = l->to - from > 2 || tab;
    return from > l->from && told && l->runs <= 1 ? from : l->to;
}

/* What the text does as a rule. */
struct habit {
    size_t lines;
    size_t odd[5];        /* of each odd space: no-break, narrow no-break, 2000–200A, others */
    size_t typeset;       /* no-break spaces where typesetters put them */
    size_t han_gaps;      /* Han, blank, Han */
    size_t doubles;       /* runs of blanks after the indent */
    size_t spaced, tight; /* between Han and Latin or a digit: with a space, without */
    size_t trailing;      /* lines that end in blanks */
};

static unsigned odd_class(uint32_t c)
{
    return c == 0xA0 ? 0 : c == 0x202F ? 1 : c >= 0x2000 && c <= 0x200A ? 2 : 3;
}

static bool is_word_char(uint32_t c)
{
    return look_is_latin(c) || (c >= '0' && c <= '9');
}

/* Typesetting that asks for a space that does not break: beside a number, a mark, a capital. */
static bool is_typeset(const struct look *look, size_t i)
{
    static const char32_t counters[] = U"第章节条款图表例录页卷部篇";
    uint32_t before = look_before(look, i);
    uint32_t after = look_after(look, i);
    bool number = (before >= '0' && before <= '9') || (after >= '0' && after <= '9');
    bool mark = (unicode_is_punct(before) && before < 0x3000) || unicode_is_punct(after);
    for (size_t k = 0; counters[k]; k++)
        if (before == counters[k])
            return true;
    bool name = after >= 'A' && after <= 'Z';
    return number || mark || name || is_blank(before) || is_blank(after) || before == '\n' ||
           !before || !after || after == '\n';
}

static struct habit read_habit(const struct look *look)
{
    struct habit h = {0};
    for (size_t at = 0; at < look->n;) {
        struct line l = read_line(look, at);
        h.lines++;
        h.han_gaps += l.gaps;
        h.doubles += l.runs;
        h.trailing += blank_tail(look, &l) < l.to;
        at = l.to + 1;
    }
    for (size_t i = 0; i < look->n; i++) {
        uint32_t c = look->code[i];
        uint32_t before = look_before(look, i);
        uint32_t after = look_after(look, i);
        if (is_odd_space(c))
            h.odd[odd_class(c)]++;
        h.typeset += c == 0xA0 && is_typeset(look, i);
        if (c == ' ' && ((unicode_is_han(before) && is_word_char(after)) ||
                         (is_word_char(before) && unicode_is_han(after))))
            h.spaced++;
        if ((unicode_is_han(c) && is_word_char(after)) ||
            (is_word_char(c) && unicode_is_han(after)))
            h.tight++;
    }
    return h;
}

static struct str plain_space(struct look *look, size_t i, const struct habit *h)
{
    uint32_t before = look_before(look, i);
    uint32_t after = look_after(look, i);
    bool han_before = unicode_is_han(before) || is_cjk_punct(before);
    bool han_after = unicode_is_han(after) || is_cjk_punct(after);
    bool none = (han_before && han_after) || is_cjk_punct(before) || is_cjk_punct(after) ||
                ((han_before || han_after) && h->tight > h->spaced);
    return none ? (struct str){"", 0} : look_code(look, ' ');
}

static void report_odd(struct look *look, size_t i, const struct habit *h)
{
    uint32_t c = look->code[i];
    size_t seen = h->odd[odd_class(c)];
    /* A no-break space beside numbers is good typesetting, and a text that has many of them was
     * typeset; a narrow or thin space in plain text nearly never is. */
    if (c == 0xA0 && (is_typeset(look, i) || h->typeset > 10 + look->n / 5000))
        return;
    if (is_typeset(look, i) && seen > 3 + look->n / 5000)
        return;
    struct concern *found = look_report(look, &odd_space, i, i + 1, plain_space(look, i, h));
    found->unusual = c == 0xA0 ? 4.3 : 5.5;
    found->certain = !is_blank(look_before(look, i)) && !is_blank(look_after(look, i)) &&
                     look_before(look, i) != '\n';
}

/* Words of a heading are spread or parted with blanks: no concern. A sentence's are not. */
static bool is_running_text(const struct line *l)
{
    return l->han >= 20 && l->stops >= 1 && l->gaps <= 1 + l->han / 40;
}

static void report_gap(struct look *look, size_t i, const struct line *l, const struct habit *h)
{
    if (!unicode_is_han(look_before(look, i)) || !unicode_is_han(look_after(look, i)))
        return;
    /* Who sets spaces around Latin words also sets off names and references with them. */
    if (h->spaced > 3 && h->spaced > h->tight)
        return;
    if (!is_running_text(l) || h->han_gaps > 3 + look->han / 1500 || i < l->from + 8)
        return;
    look_report(look, look->code[i] == 0x3000 ? &wide_space : &han_space, i, i + 1,
                (struct str){"", 0});
}

static void report_double(struct look *look, size_t i, const struct line *l, const struct habit *h)
{
    uint32_t before = look_before(look, i);
    uint32_t after = i + 2 < look->n ? look->code[i + 2] : 0;
    bool between = unicode_is_letter(before) && unicode_is_letter(after);
    if (!between || l->runs != 1 || is_blank(look->code[l->from]) || l->to - l->from < 40 ||
        h->doubles > 2 + h->lines / 200)
        return;
    bool han = unicode_is_han(before) && unicode_is_han(after);
    look_report(look, &doubled, i, i + 2, han ? (struct str){"", 0} : look_code(look, ' '));
}

static void report_trailing(struct look *look, const struct line *l, const struct habit *h)
{
    struct concern *c =
        look_report(look, &trailing, blank_tail(look, l), l->to, (struct str){"", 0});
    struct str en = str_format(look->arena,
                               "white space at the end of %zu lines, first here; "
                               "it can carry a hidden mark",
                               h->trailing);
    struct str zh =
        str_format(look->arena, "共 %zu 行行末有空白，此处为首处；可能藏有暗记", h->trailing);
    memcpy(c->en, en.at, en.len + 1);
    memcpy(c->zh, zh.at, zh.len + 1);
}

void look_for_spaces(struct look *look)
{
    struct habit h = read_habit(look);
    bool told = false;
    for (size_t at = 0; at < look->n;) {
        struct line l = read_line(look, at);
        for (size_t i = l.from; i < l.to; i++) {
            if (is_odd_space(look->code[i]))
                report_odd(look, i, &h);
            else if (look->code[i] == ' ' && look_after(look, i) == ' ')
                report_double(look, i, &l, &h);
            else if (look->code[i] == ' ' || look->code[i] == 0x3000)
                report_gap(look, i, &l, &h);
        }
        if (!told && h.trailing > 1 && blank_tail(look, &l) < l.to) {
            report_trailing(look, &l, &h);
            told = true;
        }
        at = l.to + 1;
    }
}

/* --- widths ------------------------------------------------------------------------------------- */

static const struct look_rule half_mark = {
    CONCERN_WIDTH, false, 4.5, "half-width punctuation among Chinese; the text uses full width",
    "中文里的半角标点，而全文一般用全角"};
static const struct look_rule full_mark = {CONCERN_WIDTH, false, 4.8,
                                           "full-width punctuation between Latin words",
                                           "西文单词之间的全角标点"};
static const struct look_rule full_letters = {
    CONCERN_WIDTH, true, 5.0, "full-width letters or digits; the text uses half width",
    "全角字母或数字，而全文一般用半角"};

#define MARKS 8
static const struct {
    uint32_t half, full;
} marks[MARKS] = {{',', 0xFF0C}, {';', 0xFF1B}, {':', 0xFF1A}, {'?', 0xFF1F},
                  {'!', 0xFF01}, {'(', 0xFF08}, {')', 0xFF09}, {'.', 0x3002}};

/* Whether cell i, a mark, stands where Chinese uses full width: ideographs at both sides, or one
 * before and the end of the line after. */
static bool among_han(const struct look *look, size_t i)
{
    uint32_t before = look_before(look, i);
    uint32_t after = look_after(look, i);
    if (after == ' ' && i + 2 < look->n)
        after = look->code[i + 2];
    bool opens = look->code[i] == '(' || look->code[i] == 0xFF08;
    if (!unicode_is_han(before))
        return false;
    return unicode_is_han(after) || (!opens && (after == '\n' || after == 0)) ||
           (!opens && is_cjk_punct(after));
}

static int mark_at(const struct look *look, size_t i, bool *full)
{
    uint32_t c = look->code[i];
    for (int k = 0; k < MARKS; k++)
        if ((c == marks[k].half || c == marks[k].full) && among_han(look, i)) {
            *full = c == marks[k].full;
            return k;
        }
    return -1;
}

/* The bracket that belongs to the one at i, on the same line and near; `i` itself when there is
 * none. */
static size_t partner_bracket(const struct look *look, size_t i)
{
    uint32_t c = look->code[i];
    bool opens = c == '(' || c == 0xFF08;
    for (size_t step = 1; step < 80; step++) {
        if (opens ? i + step >= look->n : step > i)
            break;
        size_t k = opens ? i + step : i - step;
        uint32_t other = look->code[k];
        if (other == '\n')
            break;
        if (opens ? other == ')' || other == 0xFF09 : other == '(' || other == 0xFF08)
            return k;
    }
    return i;
}

/* A pair is set for what stands within and about it: one side alone says nothing. */
static bool is_lone_bracket(const struct look *look, size_t i)
{
    uint32_t c = look->code[i];
    if (c != '(' && c != ')')
        return false;
    size_t k = partner_bracket(look, i);
    return (look->code[k] == '(' || look->code[k] == ')') && !among_han(look, k);
}

static void report_half_marks(struct look *look)
{
    size_t half[MARKS] = {0};
    size_t whole[MARKS] = {0};
    bool full = false;
    for (size_t i = 0; i < look->n; i++) {
        int k = mark_at(look, i, &full);
        if (k >= 0)
            (full ? whole : half)[k]++;
    }
    for (size_t i = 0; i < look->n; i++) {
        int k = mark_at(look, i, &full);
        if (k < 0 || full || whole[k] < 2 || half[k] > 1 + whole[k] / 50 ||
            is_lone_bracket(look, i))
            continue;
        look_report(look, &half_mark, i, i + 1, look_code(look, marks[k].full));
    }
}

/* Full-width comma and kin between two Latin words of an English text. */
static void report_full_marks(struct look *look)
{
    if (look->lang != LANG_EN || look->han * 50 > look->n)
        return;
    for (size_t i = 0; i < look->n; i++) {
        uint32_t c = look->code[i];
        uint32_t after = look_after(look, i);
        bool between = is_word_char(look_before(look, i)) &&
                       (is_word_char(after) || after == ' ' || after == '\n' || after == 0);
        for (int k = 0; between && k < MARKS; k++)
            if (c == marks[k].full) {
                char text[3] = {(char)marks[k].half, is_word_char(after) ? ' ' : 0, 0};
                struct str plain = {text, is_word_char(after) ? 2 : 1};
                look_report(look, &full_mark, i, i + 1, str_copy(look->arena, plain));
            }
    }
}

static bool is_full_letter(uint32_t c)
{
    return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) ||
           (c >= 0xFF41 && c <= 0xFF5A);
}

static void report_full_letters(struct look *look)
{
    size_t full = 0;
    size_t half = 0;
    for (size_t i = 0; i < look->n; i++) {
        full += is_full_letter(look->code[i]);
        half += is_word_char(look->code[i]);
    }
    if (full == 0 || full * 8 > half)
        return;
    for (size_t i = 0; i < look->n; i++) {
        if (!is_full_letter(look->code[i]))
            continue;
        size_t from = i;
        struct buf plain = {.arena = look->arena};
        for (; i < look->n && is_full_letter(look->code[i]); i++)
            buf_add_code(&plain, look->code[i] - 0xFEE0);
        look_report(look, &full_letters, from, i, buf_str(&plain));
    }
}

void look_for_widths(struct look *look)
{
    report_half_marks(look);
    report_full_marks(look);
    report_full_letters(look);
}
