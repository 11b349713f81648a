/* Single characters: the invisible ones, the compatibility forms, and letters of the wrong script.
 *
 * Which characters are default-ignorable and what a compatibility character stands for comes from
 * Unicode's own data; look-alikes between Latin, Cyrillic and Greek are the pairs that common fonts
 * draw with the same outline (UTS #39 names them confusable). */
#include <uchar.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/inspect_look.h"

/* --- invisible -------------------------------------------------------------------------------- */

static const struct look_rule hidden = {
    CONCERN_INVISIBLE, true, 6.0,
    "invisible character: it has no use here and can carry a hidden mark",
    "不可见字符：在此处没有作用，可能藏有暗记"};
static const struct look_rule direction = {
    CONCERN_INVISIBLE, true, 6.5,
    "invisible control of writing direction in a text without right-to-left letters",
    "不可见的书写方向控制符，而文中并无从右向左书写的文字"};
static const struct look_rule variant = {
    CONCERN_INVISIBLE, false, 5.5,
    "variation selector after an ideograph: it may choose a rare shape or hide a mark",
    "汉字后的异体选择符：可能指定罕用字形，也可能藏有暗记"};
static const struct look_rule control = {CONCERN_INVISIBLE, true, 6.0,
                                         "control character: it does not belong in a text",
                                         "控制字符：不应出现在文本中"};

static bool is_emoji(uint32_t c)
{
    return (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0x2190 && c <= 0x2BFF) || c == 0xA9 ||
           c == 0xAE || c == 0x203C || c == 0x2049 || c == 0x2122 || c == 0x2139 || c == 0x3030 ||
           c == 0x303D || c == 0x3297 || c == 0x3299;
}

/* Scripts in which joiners and direction marks are spelling: Hebrew, Arabic and kin, Indic. */
static bool is_joining(uint32_t c)
{
    return (c >= 0x0590 && c <= 0x109F) || (c >= 0x1780 && c <= 0x18AF) ||
           (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC);
}

static bool is_direction(uint32_t c)
{
    return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x206F);
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t' && c != '\f' && c != '\r') ||
           (c >= 0x7F && c <= 0x9F);
}

static bool is_variation(uint32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

/* Whether a letter of a joining script stands within a few characters of i. */
static bool near_joining(const struct look *look, size_t i)
{
    size_t from = i > 8 ? i - 8 : 0;
    for (size_t k = from; k < look->n && k <= i + 8; k++)
        if (k != i && is_joining(look->code[k]) && unicode_is_letter(look->code[k]))
            return true;
    return false;
}

/* Whether the invisible character at i does its proper work there. */
static bool has_use(const struct look *look, size_t i)
{
    uint32_t c = look->code[i];
    uint32_t before = look_before(look, i);
    uint32_t after = look_after(look, i);
    if (c == 0xFE0E || c == 0xFE0F)
        return is_emoji(before) || after == 0x20E3;
    if (c == 0x200D)
        return ((is_emoji(before) || before == 0xFE0F) && is_emoji(after)) || near_joining(look, i);
    if (c == 0x200C || is_direction(c))
        return near_joining(look, i);
    if (c >= 0xE0020 && c <= 0xE007F) /* the flags of England, Scotland, Wales */
        return before == 0x1F3F4 || (before >= 0xE0061 && before <= 0xE007A && i >= 6);
    if (c >= 0x1160 && c <= 0x11FF)
        return unicode_is_letter(before);
    return is_joining(c) && unicode_is_invisible(c); /* Arabic number signs and vowels */
}

static const struct look_rule *invisible_rule(const struct look *look, size_t i)
{
    uint32_t c = look->code[i];
    if (is_control(c))
        return &control;
    if (c < 0xAD || !unicode_is_invisible(c) || has_use(look, i))
        return NULL;
    if (is_direction(c))
        return &direction;
    return is_variation(c) && unicode_is_han(look_before(look, i)) ? &variant : &hidden;
}

/* A run under one rule is one concern: a hidden message is put right as a whole. */
void look_for_invisible(struct look *look)
{
    for (size_t i = 0; i < look->n;) {
        const struct look_rule *rule = invisible_rule(look, i);
        size_t from = i++;
        if (!rule)
            continue;
        while (i < look->n && invisible_rule(look, i) == rule)
            i++;
        look_report(look, rule, from, i, (struct str){"", 0});
    }
}

/* --- compatibility forms ------------------------------------------------------------------------ */

static const struct look_rule radical = {
    CONCERN_LOOKALIKE, true, 6.0,
    "a radical symbol in place of the ideograph: looks the same, search does not find it",
    "用部首符号代替了汉字：看起来相同，检索却找不到"};
static const struct look_rule ideograph = {
    CONCERN_LOOKALIKE, true, 6.0,
    "a compatibility ideograph in place of the usual one: looks the same",
    "用兼容汉字代替了通用汉字：看起来相同"};
static const struct look_rule letters = {CONCERN_LOOKALIKE, false, 5.5,
                                         "mathematical letters in place of ordinary ones",
                                         "用数学字母符号代替了普通字母"};
static const struct look_rule ligature = {CONCERN_LOOKALIKE, true, 5.5,
                                          "a ligature character in place of single letters",
                                          "用连字字符代替了单个字母"};
static const struct look_rule half_kana = {CONCERN_WIDTH, false, 5.5, "half-width katakana",
                                           "半角片假名"};
static const struct look_rule small_form = {
    CONCERN_LOOKALIKE, true, 6.0, "a small or vertical form in place of ordinary punctuation",
    "用小号或竖排标点代替了普通标点"};
static const struct look_rule mark = {CONCERN_LOOKALIKE, true, 6.0,
                                      "looks like ordinary punctuation but is another character",
                                      "看似普通标点，实为另一个字符"};

/* Radicals that Unicode gives no mapping for: each with its ideograph. */
static const char32_t supplement[] =
    U"⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⺁厂⺇几⺋㔾⺌小⺐尢⺡氵⺣灬"
    U"⺤爫⺦丬⺧牛⺩王⺪疋⺬示⺭礻⺮竹⺯糹⺰纟⺲罒⺳网⺴网⺵网⺷羊⺹老⺺聿⺻聿⺼月⺾艹⻂衤⻌辶⻍辶⻏阝⻐钅⻖阝⺅亻⺆冂⺉刂⺊卜⺕彐⺖忄⺗心⺘扌⺙攵"
    U"⺛旡⺝月";
/* Punctuation that is not what it looks like. */
static const char32_t homoglyphs[] = U"\u037E;\u0387·\u1FEF`\u2024.\uA789:\u0589:\u05C3:\u01C3!"
                                     U"\u201A,\u02D0:\u2236:\uA4FA.\uA4F8.\u0704:\u1803:\uFF64、"
                                     U"\uFF61。";

/* The partner of c in a table of pairs, 0 when it has none. */
static uint32_t partner(const char32_t *pairs, uint32_t c)
{
    for (; pairs[0] && pairs[1]; pairs += 2)
        if (pairs[0] == c)
            return pairs[1];
    return 0;
}

static const struct {
    uint32_t first, last;
    const struct look_rule *rule;
} forms[] = {
    {0x2F00, 0x2FD5, &radical},     {0x2E80, 0x2EF3, &radical},    {0xF900, 0xFAFF, &ideograph},
    {0x2F800, 0x2FA1F, &ideograph}, {0x1D400, 0x1D7FF, &letters},  {0xFB00, 0xFB06, &ligature},
    {0xFE10, 0xFE19, &small_form},  {0xFE30, 0xFE44, &small_form}, {0xFE50, 0xFE6B, &small_form},
    {0xFF65, 0xFF9F, &half_kana},
};

static const struct look_rule *compatible_rule(uint32_t c)
{
    for (size_t k = 0; c >= 0x2E80 && k < sizeof forms / sizeof *forms; k++)
        if (c >= forms[k].first && c <= forms[k].last)
            return forms[k].rule;
    return NULL;
}

static struct str stands_for(struct look *look, uint32_t c)
{
    uint32_t plain = c >= 0x2E80 && c <= 0x2EF3 ? partner(supplement, c) : 0;
    struct str s = plain ? look_code(look, plain) : look_compatible(look, c);
    size_t pos = 0;
    /* The small forms fold to half width; among ideographs the full width is meant. */
    if (compatible_rule(c) == &small_form && s.len == 1 && s.at[0] > ' ' && look->han) {
        uint32_t narrow = utf8_next(s, &pos);
        return look_code(look, narrow == '.' ? 0x3002 : narrow + 0xFEE0);
    }
    return s;
}

static void report_homoglyph(struct look *look, size_t i)
{
    uint32_t c = look->code[i];
    uint32_t plain = c < 0x0370 && c != 0x01C3 && c != 0x02D0 ? 0 : partner(homoglyphs, c);
    uint32_t before = look_before(look, i);
    /* In its own script, or in phonetic writing, it is what it seems. */
    bool native = before >= 0x0250 && before < 0x1FFF && before != 0x2BC;
    if (!plain || native)
        return;
    if ((c == 0x01C3 || c == 0x02D0) && !look_is_latin(before))
        return;
    if (unicode_is_han(before) && (plain == ';' || plain == ':' || plain == '!' || plain == ','))
        plain += 0xFEE0;
    look_report(look, &mark, i, i + 1, look_code(look, plain));
}

void look_for_compatible(struct look *look)
{
    for (size_t i = 0; i < look->n;) {
        size_t from = i;
        const struct look_rule *rule = compatible_rule(look->code[i]);
        if (!rule)
            report_homoglyph(look, i);
        if (!rule || stands_for(look, look->code[i]).len == 0) {
            i++;
            continue;
        }
        struct buf intended = {.arena = look->arena};
        for (bool more = true; more && i < look->n && compatible_rule(look->code[i]) == rule; i++) {
            buf_add(&intended, stands_for(look, look->code[i]));
            more = rule == &letters || rule == &half_kana;
        }
        look_report(look, rule, from, i, buf_str(&intended));
    }
}

/* --- letters of the wrong script ---------------------------------------------------------------- */

static const struct look_rule cyrillic = {CONCERN_LOOKALIKE, true, 6.5,
                                          "a Cyrillic letter in a Latin word: looks the same",
                                          "拉丁字母单词中混入了形似的西里尔字母"};
static const struct look_rule greek = {CONCERN_LOOKALIKE, true, 6.0,
                                       "a Greek letter in a Latin word: looks the same",
                                       "拉丁字母单词中混入了形似的希腊字母"};
static const struct look_rule latin = {CONCERN_LOOKALIKE, true, 6.0,
                                       "a Latin letter in a word of another script: looks the same",
                                       "非拉丁字母单词中混入了形似的拉丁字母"};
static const struct look_rule disguised = {
    CONCERN_LOOKALIKE, false, 5.5,
    "a word wholly of Cyrillic letters that look Latin, in a text without Cyrillic",
    "整个单词由形似拉丁字母的西里尔字母组成，而文中并无西里尔文"};

static const char32_t cyrillic_latin[] =
    U"аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwѵvӏlАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSԌGҮYѴVԚQԜWӀI";
static const char32_t greek_latin[] = U"οoνvρpιiΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";

static bool is_greek(uint32_t c)
{
    return (c >= 0x0370 && c <= 0x03FF && c != 0x037E && c != 0x0387) ||
           (c >= 0x1F00 && c <= 0x1FFC);
}

static bool is_cyrillic(uint32_t c)
{
    return c >= 0x0400 && c <= 0x052F;
}

static uint32_t backwards(const char32_t *pairs, uint32_t c)
{
    for (; pairs[0] && pairs[1]; pairs += 2)
        if (pairs[1] == c)
            return pairs[0];
    return 0;
}

/* One word's letters by script; *_own are those that have no Latin double. */
struct letters {
    size_t latin, cyrillic, cyrillic_own, greek, greek_own;
};

static size_t read_word(const struct look *look, size_t i, struct letters *seen)
{
    *seen = (struct letters){0};
    for (; i < look->n; i++) {
        uint32_t c = look->code[i];
        if (look_is_latin(c)) {
            seen->latin++;
        } else if (is_cyrillic(c)) {
            seen->cyrillic++;
            seen->cyrillic_own += !partner(cyrillic_latin, c);
        } else if (is_greek(c)) {
            seen->greek++;
            seen->greek_own += !partner(greek_latin, c);
        } else {
            break;
        }
    }
    return i;
}

/* Reports the letters of [from, to) that have a double in `pairs`, each on its own. */
static void report_letters(struct look *look, size_t from, size_t to, const struct look_rule *rule,
                           const char32_t *pairs, bool back)
{
    for (size_t i = from; i < to; i++) {
        uint32_t c = look->code[i];
        uint32_t plain = back ? backwards(pairs, c) : partner(pairs, c);
        if (plain)
            look_report(look, rule, i, i + 1, look_code(look, plain));
    }
}

static void judge_word(struct look *look, size_t from, size_t to, const struct letters *w,
                       bool foreign_text)
{
    if (w->cyrillic && w->latin && w->cyrillic_own == 0 && !w->greek &&
        (w->latin >= w->cyrillic || !foreign_text))
        report_letters(look, from, to, &cyrillic, cyrillic_latin, false);
    else if (w->latin && w->cyrillic > w->latin && !w->greek)
        report_letters(look, from, to, &latin, cyrillic_latin, true);
    else if (w->greek && w->latin > w->greek && w->greek_own == 0 && w->latin >= 2 && !w->cyrillic)
        report_letters(look, from, to, &greek, greek_latin, false);
    else if (w->latin && w->greek > w->latin && w->greek_own && !w->cyrillic)
        report_letters(look, from, to, &latin, greek_latin, true);
    else if (w->cyrillic && !w->latin && !w->greek && w->cyrillic_own == 0 && !foreign_text)
        report_letters(look, from, to, &disguised, cyrillic_latin, false);
}

void look_for_scripts(struct look *look)
{
    struct letters seen;
    bool foreign_text = false; /* the text holds true Cyrillic words */
    for (size_t i = 0; i < look->n;) {
        size_t to = read_word(look, i, &seen);
        foreign_text |= seen.cyrillic_own > 0 && seen.latin == 0;
        i = to > i ? to : i + 1;
    }
    for (size_t i = 0; i < look->n;) {
        size_t to = read_word(look, i, &seen);
        if (seen.cyrillic || seen.greek)
            judge_word(look, i, to, &seen, foreign_text);
        i = to > i ? to : i + 1;
    }
}
