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

static enum pdf_break class_of(uint32_t code, bool chinese)
{
    switch ((ULineBreak)u_getIntPropertyValue((UChar32)code, UCHAR_LINE_BREAK)) {
    case U_LB_IDEOGRAPHIC:
    case U_LB_H2:
    case U_LB_H3:
    case U_LB_JL:
    case U_LB_JV:
    case U_LB_JT:
        return BREAK_ID;
    case U_LB_AMBIGUOUS: /* as wide as ideographs among them: ①, → */
        return chinese ? BREAK_ID : BREAK_AL;
    case U_LB_SPACE:
    case U_LB_LINE_FEED:
    case U_LB_CARRIAGE_RETURN:
    case U_LB_NEXT_LINE:
    case U_LB_MANDATORY_BREAK:
        return BREAK_SP;
    case U_LB_OPEN_PUNCTUATION: /* 30: those of East Asia stay with no word before them */
        return is_wide(code) ? BREAK_QO : BREAK_OP;
    case U_LB_CLOSE_PUNCTUATION:
        return BREAK_CL;
    case U_LB_CLOSE_PARENTHESIS:
        return BREAK_CP;
    case U_LB_QUOTATION:
        return BREAK_QU;
    case U_LB_EXCLAMATION:
        return BREAK_EX;
    case U_LB_INFIX_NUMERIC:
        return BREAK_IS;
    case U_LB_BREAK_SYMBOLS:
        return BREAK_SY;
    case U_LB_NONSTARTER:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
        return BREAK_NS;
    case U_LB_NUMERIC:
        return BREAK_NU;
    case U_LB_PREFIX_NUMERIC:
        return BREAK_PR;
    case U_LB_POSTFIX_NUMERIC:
        return BREAK_PO;
    case U_LB_HYPHEN:
        return BREAK_HY;
    case U_LB_BREAK_AFTER:
        return BREAK_BA;
    case U_LB_BREAK_BEFORE:
        return BREAK_BB;
    case U_LB_BREAK_BOTH:
        return BREAK_B2;
    case U_LB_INSEPARABLE:
        return BREAK_IN;
    case U_LB_GLUE:
        return BREAK_GL;
    case U_LB_WORD_JOINER:
        return BREAK_WJ;
    case U_LB_ZWSPACE:
        return BREAK_ZW;
    case U_LB_COMBINING_MARK:
        return BREAK_CM;
    case U_LB_ZWJ:
        return BREAK_ZWJ;
    case U_LB_E_BASE:
        return BREAK_EB;
    case U_LB_E_MODIFIER:
        return BREAK_EM;
    case U_LB_REGIONAL_INDICATOR:
        return BREAK_RI;
    default:
        return BREAK_AL;
    }
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
