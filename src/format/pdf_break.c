/* Where a line may end; see pdf_break.h. The numbers are those of the rules in UAX #14, revision 49. */
#include "format/pdf_break.h"

#include <unicode/uchar.h>

#define BIT(class) (UINT64_C(1) << (class))
#define WORDS      (BIT(BREAK_AL))
#define CLOSING    (BIT(BREAK_CL) | BIT(BREAK_CP) | BIT(BREAK_QC))
#define IDEOGRAPHS (BIT(BREAK_ID) | BIT(BREAK_EB) | BIT(BREAK_EM))
/* 13, and of Chinese usage: nothing of these begins a line, spaces before it or not. */
#define NEVER_FIRST \
    (CLOSING | BIT(BREAK_EX) | BIT(BREAK_IS) | BIT(BREAK_SY) | BIT(BREAK_WJ) | BIT(BREAK_ZW))

static bool is_wide(uint32_t code)
{
    int width = u_getIntPropertyValue((UChar32)code, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH || width == U_EA_HALFWIDTH;
}

/* Of Unicode's classes; those left out are letters like any others. */
static const uint8_t CLASSES[U_LB_COUNT] = {
    [U_LB_IDEOGRAPHIC] = BREAK_ID,
    [U_LB_H2] = BREAK_ID,
    [U_LB_H3] = BREAK_ID,
    [U_LB_JL] = BREAK_ID,
    [U_LB_JV] = BREAK_ID,
    [U_LB_JT] = BREAK_ID,
    [U_LB_SPACE] = BREAK_SP,
    [U_LB_LINE_FEED] = BREAK_SP,
    [U_LB_CARRIAGE_RETURN] = BREAK_SP,
    [U_LB_NEXT_LINE] = BREAK_SP,
    [U_LB_MANDATORY_BREAK] = BREAK_SP,
    [U_LB_CLOSE_PUNCTUATION] = BREAK_CL,
    [U_LB_CLOSE_PARENTHESIS] = BREAK_CP,
    [U_LB_QUOTATION] = BREAK_QU,
    [U_LB_EXCLAMATION] = BREAK_EX,
    [U_LB_INFIX_NUMERIC] = BREAK_IS,
    [U_LB_BREAK_SYMBOLS] = BREAK_SY,
    [U_LB_NONSTARTER] = BREAK_NS,
    [U_LB_CONDITIONAL_JAPANESE_STARTER] = BREAK_NS,
    [U_LB_NUMERIC] = BREAK_NU,
    [U_LB_PREFIX_NUMERIC] = BREAK_PR,
    [U_LB_POSTFIX_NUMERIC] = BREAK_PO,
    [U_LB_HYPHEN] = BREAK_HY,
    [U_LB_BREAK_AFTER] = BREAK_BA,
    [U_LB_BREAK_BEFORE] = BREAK_BB,
    [U_LB_BREAK_BOTH] = BREAK_B2,
    [U_LB_INSEPARABLE] = BREAK_IN,
    [U_LB_GLUE] = BREAK_GL,
    [U_LB_WORD_JOINER] = BREAK_WJ,
    [U_LB_ZWSPACE] = BREAK_ZW,
    [U_LB_COMBINING_MARK] = BREAK_CM,
    [U_LB_ZWJ] = BREAK_ZWJ,
    [U_LB_E_BASE] = BREAK_EB,
    [U_LB_E_MODIFIER] = BREAK_EM,
    [U_LB_REGIONAL_INDICATOR] = BREAK_RI,
    [U_LB_OPEN_PUNCTUATION] = BREAK_OP,
};

static enum pdf_break class_of(uint32_t code, bool chinese)
{
    int class = u_getIntPropertyValue((UChar32)code, UCHAR_LINE_BREAK);
    if (class == U_LB_AMBIGUOUS && chinese) /* as wide as ideographs among them: ①, → */
        return BREAK_ID;
    if (class == U_LB_OPEN_PUNCTUATION &&
        is_wide(code)) /* 30: they stay with no word before them */
        return BREAK_QO;
    return class < U_LB_COUNT ? (enum pdf_break)CLASSES[class] : BREAK_AL;
}

enum pdf_break pdf_break_class(uint32_t code, enum lang lang)
{
    bool chinese = lang == LANG_ZH;
    if (chinese && (code == 0x201C || code == 0x2018))
        return BREAK_QO;
    if (chinese && (code == 0x201D || code == 0x2019))
        return BREAK_QC;
    if (chinese && code == 0xB7) /* the point in foreign names */
        return BREAK_NS;
    if (code == 0x2060) /* a mark that nobody sees moves no line */
        return BREAK_CM;
    return class_of(code, chinese);
}

/* Of each class, those that may not follow it on a new line, no space standing between. */
static const uint64_t KEPT[BREAK_CLASSES] = {
    [BREAK_AL] =
        WORDS | BIT(BREAK_NU) | BIT(BREAK_PR) | BIT(BREAK_PO) | BIT(BREAK_OP), /* 23 … 30 */
    [BREAK_ID] = BIT(BREAK_PO),                                                /* 23a */
    [BREAK_EB] = BIT(BREAK_PO) | BIT(BREAK_EM),                                /* 30b */
    [BREAK_EM] = BIT(BREAK_PO),
    [BREAK_CP] = WORDS | BIT(BREAK_NU), /* 30 */
    [BREAK_NU] = WORDS | BIT(BREAK_NU) | BIT(BREAK_PR) | BIT(BREAK_PO) | BIT(BREAK_OP),
    [BREAK_PR] = IDEOGRAPHS | WORDS | BIT(BREAK_NU) | BIT(BREAK_OP),
    [BREAK_PO] = WORDS | BIT(BREAK_NU) | BIT(BREAK_OP),
    [BREAK_HY] = BIT(BREAK_NU),
    [BREAK_IS] = BIT(BREAK_NU) | WORDS, /* 25, 29 */
    [BREAK_RI] = BIT(BREAK_RI),
    [BREAK_QU] = ~UINT64_C(0), /* 19 */
    [BREAK_OP] = ~UINT64_C(0), /* 14 */
    [BREAK_QO] = ~UINT64_C(0),
    [BREAK_GL] = ~UINT64_C(0),
    [BREAK_WJ] = ~UINT64_C(0),
    [BREAK_BB] = ~UINT64_C(0), /* 21 */
    [BREAK_B2] = BIT(BREAK_B2),
};
/* And those that stay with whatever stands right before them. */
#define STAYS \
    (NEVER_FIRST | BIT(BREAK_QU) | BIT(BREAK_NS) | BIT(BREAK_BA) | BIT(BREAK_HY) | BIT(BREAK_IN))

/* 25: a figure is digits with , . / between them, then a bracket or none, then a unit or none: (1,000.5)% */
#define FIGURE_ENDS (BIT(BREAK_PO) | BIT(BREAK_PR))

static uint8_t figure_after(uint8_t figure, enum pdf_break next)
{
    if (next == BREAK_NU)
        return BREAK_IN_FIGURE;
    if (figure == BREAK_IN_FIGURE && (next == BREAK_SY || next == BREAK_IS))
        return BREAK_IN_FIGURE;
    return figure == BREAK_IN_FIGURE && (CLOSING >> next & 1U) ? BREAK_PAST_FIGURE : 0;
}

static bool has(uint64_t classes, enum pdf_break class)
{
    return classes >> class & 1U;
}

static bool may_break_spaced(enum pdf_break before, enum pdf_break next)
{
    if (before == BREAK_OP || before == BREAK_QO) /* 14 */
        return false;
    if (before == BREAK_QU && (next == BREAK_OP || next == BREAK_QO)) /* 15 */
        return false;
    if (has(CLOSING, before) && next == BREAK_NS) /* 16 */
        return false;
    return !(before == BREAK_B2 && next == BREAK_B2); /* 17 */
}

static bool may_break(const struct pdf_breaker *breaker, enum pdf_break next)
{
    enum pdf_break before = breaker->before;
    if (next == BREAK_GL) /* 12a */
        return before == BREAK_BA || before == BREAK_HY;
    if (breaker->figure && has(FIGURE_ENDS, next)) /* 25 */
        return false;
    if (breaker->figure == BREAK_IN_FIGURE && next == BREAK_NU)
        return false;
    if (before == BREAK_HY && has(WORDS, next) &&
        breaker->earlier == BREAK_SP) /* a word's own: -x */
        return false;
    if (before == BREAK_QC && has(WORDS | BIT(BREAK_NU), next)) /* the mark of don’t */
        return !has(WORDS | BIT(BREAK_NU), breaker->earlier);
    return !has(STAYS, next) && !has(KEPT[before], next);
}

bool pdf_break_before(struct pdf_breaker *breaker, enum pdf_break next)
{
    bool begun = breaker->begun;
    breaker->begun = true;
    if (begun && next == BREAK_SP) { /* 7 */
        breaker->spaced = true;
        breaker->joined = false;
        return false;
    }
    if (next == BREAK_CM || next == BREAK_ZWJ) { /* 9; 10 where there is nothing to stand upon */
        breaker->joined = next == BREAK_ZWJ;
        if (begun && !breaker->spaced && breaker->before != BREAK_ZW)
            return false;
        next = BREAK_AL;
    }
    bool may = begun;
    if (begun && breaker->before == BREAK_ZW) /* 8 */
        may = next != BREAK_ZW;
    else if (begun && (has(NEVER_FIRST, next) || (breaker->joined && !breaker->spaced)))
        may = false; /* 8a, 13 */
    else if (begun && breaker->spaced)
        may = may_break_spaced(breaker->before, next);
    else if (begun)
        may = may_break(breaker, next);
    breaker->joined = breaker->joined && (next == BREAK_CM || next == BREAK_ZWJ);
    breaker->figure = figure_after(breaker->spaced ? 0 : breaker->figure, next);
    breaker->earlier = breaker->spaced || !begun ? BREAK_SP : breaker->before;
    breaker->before = next;
    breaker->spaced = next == BREAK_SP;
    return may;
}
