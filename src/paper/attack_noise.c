/* What hands and scanners get wrong; see attack_steps.h. */
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/attack_steps.h"

/* Frequent ideographs, which are what a slip of an input method gives. */
static const char frequent_han[] =
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因"
    "只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应";

static const char *const keys[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};

/* The character at number n of a UTF-8 table of three-byte characters. */
static uint32_t han_at(size_t n)
{
    size_t pos = 3 * n;
    return utf8_next((struct str){frequent_han, sizeof frequent_han - 1}, &pos);
}

static uint32_t slip_of_letter(uint32_t code, struct attack_dice *dice)
{
    bool upper = code >= 'A' && code <= 'Z';
    char letter = (char)(upper ? code - 'A' + 'a' : code);
    for (size_t row = 0; row < sizeof keys / sizeof *keys; row++) {
        const char *at = strchr(keys[row], letter);
        if (!at)
            continue;
        size_t len = strlen(keys[row]);
        size_t i = (size_t)(at - keys[row]);
        i = i == 0 ? 1 : i + 1 == len || attack_pick(dice, 2) ? i - 1 : i + 1;
        uint32_t slip = (unsigned char)keys[row][i];
        return upper ? slip - 'a' + 'A' : slip;
    }
    return code;
}

static uint32_t slip_of(uint32_t code, struct attack_dice *dice)
{
    static const uint32_t marks[] = {0xFF0C, 0x3002, 0x3001, 0xFF1B};
    if (unicode_is_han(code)) {
        uint32_t slip = han_at(attack_pick(dice, (sizeof frequent_han - 1) / 3));
        return slip == code ? han_at(0) == code ? han_at(1) : han_at(0) : slip;
    }
    if (code >= '0' && code <= '9')
        return '0' + (uint32_t)(code - '0' + 1 + attack_pick(dice, 9)) % 10;
    if (code < 0x80 && unicode_is_letter(code))
        return slip_of_letter(code, dice);
    if (code >= 0x3000)
        return marks[attack_pick(dice, sizeof marks / sizeof *marks)];
    return code == ',' ? '.' : code == '.' ? ',' : code;
}

struct str attack_normalise(struct arena *arena, struct str text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    if (text.len > INT32_MAX / 18 || U_FAILURE(status))
        return text;
    int32_t units = 0;
    UChar *wide = arena_array(arena, text.len + 1, UChar);
    u_strFromUTF8WithSub(wide, (int32_t)text.len + 1, &units, text.at, (int32_t)text.len, 0xFFFD,
                         NULL, &status);
    int32_t len = unorm2_normalize(nfkc, wide, units, NULL, 0, &status);
    status = status == U_BUFFER_OVERFLOW_ERROR ? U_ZERO_ERROR : status;
    UChar *plain = arena_array(arena, (size_t)len + 1, UChar);
    len = unorm2_normalize(nfkc, wide, units, plain, len + 1, &status);
    char *bytes = arena_take(arena, (size_t)len * 3 + 1);
    int32_t count = 0;
    u_strToUTF8(bytes, len * 3 + 1, &count, plain, len, &status);
    return U_FAILURE(status) ? text : (struct str){bytes, (size_t)count};
}

/* What a reader takes a look-alike for: a compatibility form is its plain form, and Cyrillic or Greek
 * letters in the shape of Latin ones are Latin. Punctuation keeps its width. */
static uint32_t as_read(uint32_t code)
{
    static const char *const alike[] = {"аa", "еe", "оo", "рp", "сc", "хx", "уy", "іi",
                                        "ѕs", "јj", "АA", "ВB", "ЕE", "КK", "МM", "НH",
                                        "ОO", "РP", "СC", "ТT", "ХX", "οo", "Οo", "屮中"};
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        struct str pair = str_of(alike[i]);
        size_t pos = 0;
        if (utf8_next(pair, &pos) == code)
            return utf8_next(pair, &pos);
    }
    bool compatible = (code >= 0x2E80 && code <= 0x2FD5) || (code >= 0xF900 && code <= 0xFAFF);
    uint32_t folded[UNICODE_FOLD_MAX];
    if (compatible && unicode_fold_code(code, folded) == 1)
        return folded[0];
    return code;
}

/* Spaces as a typist sets them: one line break for several, one space between Latin words, none
 * beside ideographs. Called for each character; remembers what white space is due. */
struct typist {
    struct buf out;
    uint32_t due;    /* 0, ' ' or '\n' */
    uint32_t before; /* the last character set */
};

static bool takes_space(uint32_t code)
{
    return code < 0x2E80;
}

static void set_character(struct typist *typist, uint32_t code)
{
    if (unicode_is_invisible(code))
        return;
    if (unicode_is_space(code) || code < ' ') {
        typist->due = code == '\n' || typist->due == '\n' ? '\n' : ' ';
        return;
    }
    if (typist->due == '\n' && typist->before)
        buf_add_byte(&typist->out, '\n');
    else if (typist->due && typist->before && takes_space(typist->before) && takes_space(code))
        buf_add_byte(&typist->out, ' ');
    typist->due = 0;
    typist->before = code;
    buf_add_code(&typist->out, code);
}

struct str attack_retype(struct arena *arena, struct str text, struct attack_dice *dice)
{
    struct typist typist = {.out = {.arena = arena}};
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = as_read(utf8_next(text, &pos));
        bool slips = !unicode_is_space(code) && attack_chance(dice) < 0.02;
        size_t how = slips ? attack_pick(dice, 3) : 3;
        if (how == 0)
            set_character(&typist, slip_of(code, dice));
        else if (how != 1)
            set_character(&typist, code);
        if (how == 2)
            set_character(&typist, code);
    }
    return buf_str(&typist.out);
}

/* --- scanning --------------------------------------------------------------------------------- */

struct confusion {
    const char *seen, *read;
    double chance;
};

/* Both directions where both happen. Punctuation goes wrong most. */
static const struct confusion confusions_zh[] = {
    {"一", "—", 0.05},  {"己", "已", 0.15}, {"已", "己", 0.1},  {"未", "末", 0.1},
    {"末", "未", 0.1},  {"日", "曰", 0.08}, {"曰", "日", 0.3},  {"土", "士", 0.1},
    {"士", "土", 0.1},  {"人", "入", 0.03}, {"入", "人", 0.05}, {"大", "太", 0.02},
    {"太", "大", 0.05}, {"中", "屮", 0.02}, {"。", ".", 0.15},  {"，", ",", 0.15},
    {"；", ";", 0.1},   {"、", "`", 0.02},  {"“", "\"", 0.2},   {"”", "\"", 0.2},
};
static const struct confusion confusions_en[] = {
    {"rn", "m", 0.15}, {"cl", "d", 0.08}, {"l", "1", 0.02},  {"l", "I", 0.02}, {"I", "l", 0.08},
    {"1", "l", 0.05},  {"O", "0", 0.08},  {"0", "O", 0.05},  {"e", "c", 0.02}, {"c", "e", 0.02},
    {",", ".", 0.02},  {"h", "b", 0.01},  {"ri", "n", 0.04}, {"vv", "w", 0.2},
};

/* The confusion that befalls the text at pos, or NULL. */
static const struct confusion *confuse(struct str rest, enum lang lang, struct attack_dice *dice)
{
    const struct confusion *table = lang == LANG_ZH ? confusions_zh : confusions_en;
    size_t count = lang == LANG_ZH ? sizeof confusions_zh / sizeof *table
                                   : sizeof confusions_en / sizeof *table;
    for (size_t i = 0; i < count; i++) {
        if (str_starts(rest, str_of(table[i].seen)) && attack_chance(dice) < table[i].chance)
            return &table[i];
    }
    return NULL;
}

struct str attack_scan(struct arena *arena, struct str text, enum lang lang,
                       struct attack_dice *dice)
{
    struct buf out = {.arena = arena};
    size_t line = 0;
    for (size_t pos = 0; pos < text.len;) {
        struct str rest = str_slice(text, pos, text.len);
        const struct confusion *confusion = confuse(rest, lang, dice);
        if (confusion) {
            buf_add(&out, str_of(confusion->read));
            pos += str_of(confusion->seen).len;
            continue;
        }
        uint32_t code = as_read(utf8_next(text, &pos));
        if (unicode_is_invisible(code))
            continue;
        bool blank = unicode_is_space(code);
        double fate = attack_chance(dice);
        if (blank)
            buf_add_byte(&out, code == '\n' ? '\n' : ' ');
        else
            buf_add_code(&out, fate < 0.008 ? slip_of(code, dice) : code);
        line = code == '\n' ? 0 : line + 1;
        if (!blank && fate > 0.995)
            buf_add_byte(&out, ' ');
        if ((lang == LANG_ZH ? line >= 38 : line >= 80 && blank)) {
            buf_add_byte(&out, '\n');
            line = 0;
        }
    }
    return buf_str(&out);
}
