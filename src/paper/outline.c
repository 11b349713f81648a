/* The outline of official papers, recognised line by line.
 *
 * Chinese documents number their levels 一、（一）1.（1）① (GB/T 9704-2012, 7.3.3) and count what is
 * to be done as 一要, 二要 … or 一是, 二是 …; English ones use 1., 1.1, (a), I. A line is matched
 * against a table of shapes, "opening, number, closing"; the first that fits wins. Whether a
 * numbered line is a heading depends on its body: short, one clause run, no end of sentence. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/doc.h"

#define HEADING_MAX_ZH 60  /* characters; section headings of speeches run to 40 and more */
#define HEADING_MAX_EN 100 /* characters */
#define ORDINAL_MAX    199 /* beyond it a number is a year or a quantity */

enum number_kind {
    NUMBER_HAN,     /* 一, 十二 */
    NUMBER_DIGITS,  /* 1, １ */
    NUMBER_DOTTED,  /* 1.1, 1.1.2 */
    NUMBER_CIRCLED, /* ① */
    NUMBER_ROMAN,   /* I, IV */
    NUMBER_LETTER,  /* a */
    NUMBER_NONE,    /* the opening alone: 首先 */
};

enum follow {
    FOLLOW_ANY,
    FOLLOW_NO_DIGIT,   /* "3.5" is no number 3 */
    FOLLOW_SPACE,      /* Latin outlines put a space behind the number */
    FOLLOW_NO_ORDINAL, /* 一、二、三等奖 is a list of ranks */
};

struct shape {
    const char *open;
    enum number_kind number;
    const char *close;
    enum follow follow;
    enum paper_block_kind heading; /* the kind when its body reads like a heading … */
    unsigned heading_level;        /* … in a Chinese paper */
    unsigned heading_level_en;     /* … in an English one */
    enum paper_block_kind otherwise;
    unsigned level;
    unsigned ordinal; /* for NUMBER_NONE */
};

#define H PAPER_HEADING
#define P PAPER_PARAGRAPH
#define I PAPER_ITEM
#define M PAPER_MEASURE

/* clang-format off */
static const struct shape SHAPES[] = {
    {"",   NUMBER_HAN,     "、",   FOLLOW_NO_ORDINAL, H, 1, 1, P, 0, 0},
    {"（", NUMBER_HAN,     "）",   FOLLOW_ANY,        H, 2, 2, P, 0, 0},
    {"(",  NUMBER_HAN,     ")",    FOLLOW_ANY,        H, 2, 2, P, 0, 0},
    {"（", NUMBER_HAN,     ")",    FOLLOW_ANY,        H, 2, 2, P, 0, 0},
    {"(",  NUMBER_HAN,     "）",   FOLLOW_ANY,        H, 2, 2, P, 0, 0},
    {"",   NUMBER_HAN,     "要",   FOLLOW_ANY,        M, 0, 0, M, 0, 0},
    {"",   NUMBER_HAN,     "是",   FOLLOW_ANY,        M, 0, 0, M, 0, 0},
    {"第", NUMBER_HAN,     "，",   FOLLOW_ANY,        M, 0, 0, M, 0, 0},
    {"第", NUMBER_HAN,     "、",   FOLLOW_ANY,        M, 0, 0, M, 0, 0},
    {"第", NUMBER_HAN,     "章",   FOLLOW_ANY,        H, 1, 1, P, 0, 0},
    {"第", NUMBER_HAN,     "部分", FOLLOW_ANY,        H, 1, 1, P, 0, 0},
    {"第", NUMBER_HAN,     "节",   FOLLOW_ANY,        H, 2, 2, P, 0, 0},
    {"第", NUMBER_HAN,     "条",   FOLLOW_ANY,        P, 0, 0, P, 0, 0},
    {"",   NUMBER_DOTTED,  "",     FOLLOW_SPACE,      H, 0, 0, P, 0, 0},
    {"",   NUMBER_DIGITS,  "、",   FOLLOW_NO_ORDINAL, H, 3, 1, I, 1, 0},
    {"",   NUMBER_DIGITS,  "．",   FOLLOW_NO_DIGIT,   H, 3, 1, I, 1, 0},
    {"",   NUMBER_DIGITS,  ".",    FOLLOW_NO_DIGIT,   H, 3, 1, I, 1, 0},
    {"",   NUMBER_DIGITS,  ")",    FOLLOW_SPACE,      I, 1, 1, I, 1, 0},
    {"（", NUMBER_DIGITS,  "）",   FOLLOW_ANY,        I, 2, 2, I, 2, 0},
    {"(",  NUMBER_DIGITS,  ")",    FOLLOW_ANY,        I, 2, 2, I, 2, 0},
    {"",   NUMBER_CIRCLED, "",     FOLLOW_ANY,        I, 3, 3, I, 3, 0},
    {"(",  NUMBER_LETTER,  ")",    FOLLOW_SPACE,      I, 2, 2, I, 2, 0},
    {"",   NUMBER_ROMAN,   ".",    FOLLOW_SPACE,      H, 1, 1, P, 0, 0},
    {"首先，", NUMBER_NONE, "",    FOLLOW_ANY,        P, 0, 0, P, 0, 1},
    {"首先",   NUMBER_NONE, "",    FOLLOW_ANY,        P, 0, 0, P, 0, 1},
    {"其次，", NUMBER_NONE, "",    FOLLOW_ANY,        P, 0, 0, P, 0, 2},
    {"再次，", NUMBER_NONE, "",    FOLLOW_ANY,        P, 0, 0, P, 0, 3},
    {"First,",   NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 1},
    {"Firstly,", NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 1},
    {"Second,",  NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 2},
    {"Secondly,", NUMBER_NONE, "", FOLLOW_SPACE,      P, 0, 0, P, 0, 2},
    {"Third,",   NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 3},
    {"Thirdly,", NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 3},
    {"Fourth,",  NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 4},
    {"Fifth,",   NUMBER_NONE, "",  FOLLOW_SPACE,      P, 0, 0, P, 0, 5},
};
/* clang-format on */

#undef H
#undef P
#undef I
#undef M

static uint32_t peek(struct str line, size_t at)
{
    return at < line.len ? utf8_next(line, &at) : 0;
}

static bool take(struct str line, size_t *at, const char *word)
{
    struct str s = str_of(word);
    if (!str_starts(str_slice(line, *at, line.len), s))
        return false;
    *at += s.len;
    return true;
}

static unsigned han_digit(uint32_t code)
{
    static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                      0x516D, 0x4E03, 0x516B, 0x4E5D}; /* 一 … 九 */
    for (unsigned i = 0; i < 9; i++) {
        if (digits[i] == code)
            return i + 1;
    }
    return 0;
}

/* 一 … 九十九, as outlines count. */
static unsigned take_han(struct str line, size_t *at)
{
    size_t pos = *at;
    unsigned units = han_digit(peek(line, pos));
    if (units)
        (void)utf8_next(line, &pos);
    unsigned value = units;
    if (peek(line, pos) == 0x5341) { /* 十 */
        (void)utf8_next(line, &pos);
        unsigned more = han_digit(peek(line, pos));
        if (more)
            (void)utf8_next(line, &pos);
        value = (units ? units * 10 : 10) + more;
    }
    if (value)
        *at = pos;
    return value;
}

static unsigned take_digits(struct str line, size_t *at)
{
    unsigned value = 0;
    size_t pos = *at;
    for (;;) {
        uint32_t code = peek(line, pos);
        unsigned digit = code >= 0xFF10 ? code - 0xFF10 : code - '0';
        if (code < '0' || digit > 9)
            break;
        value = value * 10 + digit;
        if (value > ORDINAL_MAX)
            return 0;
        (void)utf8_next(line, &pos);
    }
    if (value)
        *at = pos;
    return value;
}

/* "1.2" or "1.2.3", a full stop behind it allowed; the last part is the ordinal. */
static unsigned take_dotted(struct str line, size_t *at, unsigned *parts)
{
    size_t pos = *at;
    unsigned value = take_digits(line, &pos);
    *parts = 1;
    while (value && peek(line, pos) == '.' && *parts < 6) {
        size_t next = pos + 1;
        unsigned part = take_digits(line, &next);
        if (!part)
            break;
        value = part;
        pos = next;
        ++*parts;
    }
    if (!value || *parts < 2)
        return 0;
    if (peek(line, pos) == '.')
        pos++;
    *at = pos;
    return value;
}

static unsigned take_circled(struct str line, size_t *at)
{
    uint32_t code = peek(line, *at);
    if (code < 0x2460 || code > 0x2473) /* ① … ⑳ */
        return 0;
    (void)utf8_next(line, at);
    return code - 0x2460 + 1;
}

/* I … XXXIX, in capitals and in the one spelling each number has. */
static unsigned take_roman(struct str line, size_t *at)
{
    static const char *const units[] = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
    size_t pos = *at;
    unsigned tens = 0;
    while (tens < 3 && peek(line, pos) == 'X') {
        tens++;
        pos++;
    }
    for (unsigned i = 10; i-- > 0;) {
        size_t end = pos;
        uint32_t next = take(line, &end, units[i]) ? peek(line, end) : 'I';
        if (next == 'I' || next == 'V' || next == 'X')
            continue;
        if (tens * 10 + i)
            *at = end;
        return tens * 10 + i;
    }
    return 0;
}

static unsigned take_letter(struct str line, size_t *at)
{
    uint32_t code = peek(line, *at);
    if (code < 'a' || code > 'z')
        return 0;
    ++*at;
    return code - 'a' + 1;
}

static unsigned take_number(struct str line, size_t *at, enum number_kind kind, unsigned *parts)
{
    switch (kind) {
    case NUMBER_HAN:
        return take_han(line, at);
    case NUMBER_DIGITS:
        return take_digits(line, at);
    case NUMBER_DOTTED:
        return take_dotted(line, at, parts);
    case NUMBER_CIRCLED:
        return take_circled(line, at);
    case NUMBER_ROMAN:
        return take_roman(line, at);
    case NUMBER_LETTER:
        return take_letter(line, at);
    case NUMBER_NONE:
        break;
    }
    return 0;
}

static bool follows(struct str line, size_t at, enum follow follow)
{
    uint32_t code = peek(line, at);
    size_t pos = at;
    switch (follow) {
    case FOLLOW_ANY:
        return true;
    case FOLLOW_NO_DIGIT:
        return !unicode_is_digit(code);
    case FOLLOW_SPACE:
        return code != 0 && unicode_is_space(code);
    case FOLLOW_NO_ORDINAL:
        return !((take_han(line, &pos) || take_digits(line, &pos)) &&
                 peek(line, pos) == 0x3001); /* 、 */
    }
    return false;
}

static bool ends_sentence(uint32_t code)
{
    return code == '.' || code == '!' || code == '?' || code == ';' || code == ',' ||
           code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == 0xFF1B || code == 0xFF0C ||
           code == 0x2026;
}

/* Short, no full stop inside a Chinese line, and no sentence's or clause's end at the end. */
static bool reads_like_heading(struct str body, enum lang lang)
{
    size_t most = lang == LANG_ZH ? HEADING_MAX_ZH : HEADING_MAX_EN;
    size_t count = 0;
    uint32_t last = 0;
    for (size_t pos = 0; pos < body.len;) {
        uint32_t code = utf8_next(body, &pos);
        if (++count > most || code == 0x3002)
            return false;
        bool closing = code == 0x201D || code == 0x2019 || code == '"' || code == 0xFF09;
        last = closing ? last : code;
    }
    return count > 0 && !ends_sentence(last);
}

static bool matches(struct str line, const struct shape *shape, enum lang lang,
                    struct paper_block *block)
{
    size_t at = 0;
    unsigned parts = 1;
    if (!take(line, &at, shape->open))
        return false;
    unsigned ordinal = shape->ordinal;
    if (shape->number != NUMBER_NONE && !(ordinal = take_number(line, &at, shape->number, &parts)))
        return false;
    if (!take(line, &at, shape->close) || !follows(line, at, shape->follow))
        return false;
    struct str body = str_trim(str_slice(line, at, line.len));
    bool heading = reads_like_heading(body, lang);
    block->kind = heading ? shape->heading : shape->otherwise;
    block->level =
        heading ? (lang == LANG_ZH ? shape->heading_level : shape->heading_level_en) : shape->level;
    if (heading && shape->number == NUMBER_DOTTED)
        block->level = parts;
    block->ordinal = ordinal;
    block->marker_len = at;
    return body.len > 0;
}

void paper_classify_line(struct str line, enum lang lang, struct paper_block *block)
{
    for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++) {
        if (matches(line, &SHAPES[i], lang, block))
            return;
    }
    block->kind = PAPER_PARAGRAPH;
    block->level = 0;
    block->ordinal = 0;
    block->marker_len = 0;
}

bool paper_find_opening(const struct paper_doc *doc, const struct paper_block *block,
                        struct paper_block *opening)
{
    if (block->kind != PAPER_PARAGRAPH && block->kind != PAPER_MEASURE)
        return false;
    struct str sentence = str_trim(paper_sentence_at(doc, block->at, 1));
    if (str_ends(sentence, STR("。")) || str_ends(sentence, STR(".")))
        (void)utf8_before(sentence, &sentence.len);
    *opening = (struct paper_block){.len = sentence.len};
    opening->at = (size_t)(sentence.at - doc->text.at);
    paper_classify_line(sentence, doc->lang, opening);
    return opening->kind == PAPER_HEADING && opening->ordinal && sentence.len < block->len;
}
