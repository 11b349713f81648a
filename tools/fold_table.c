/* Writes src/base's table of folds for the basic plane, at build time: to standard output, as C.
 *
 * ICU needs some 70 ms to answer for all of it, which every short command would feel. The table
 * holds the single code that a character folds to, 0 for none, 0xFFFF where there are several (the
 * program asks ICU for those). What folding means is said in src/base/unicode.h. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define PLANE   0x10000U
#define SEVERAL 0xFFFFU

static UChar simplified[PLANE]; /* Traditional → Simplified, one unit each; 0 for itself */

/* Writers' choices that a keyboard, an editor or a chat program changes unasked. */
static const struct {
    uint32_t to;
    UChar from[16];
} unified[] = {
    {'\'', u"\u2018\u2019\u201B\u2032\u300C\u300D`"},
    {'"', u"\u201C\u201D\u201F\u2033\u300E\u300F"},
    {'-', u"\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30FC_~"},
    {0xB7, u"\u30FB\u2022\u2027\u22C5\u0387"},
    {'.', u"\u3002\uFF61\u2026"},
};

static uint32_t unify(uint32_t code)
{
    for (size_t i = 0; i < sizeof unified / sizeof *unified; i++) {
        if (code < PLANE && u_strchr(unified[i].from, (UChar)code) && code)
            return unified[i].to;
    }
    return code;
}

static bool vanishes(UChar32 c)
{
    return c < 0x20 || u_isUWhiteSpace(c) || c == 0x3164 || c == 0x2800 ||
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_charType(c) == U_FORMAT_CHAR;
}

static uint32_t fold(uint32_t code, const UNormalizer2 *nfkc)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar source = (UChar)code;
    UChar target[64];
    uint32_t only = 0;
    if (U16_IS_SURROGATE(code))
        return 0;
    int32_t len = unorm2_normalize(nfkc, &source, 1, target, 64, &status);
    if (U_FAILURE(status))
        exit(1);
    for (int32_t i = 0; i < len;) {
        UChar32 c;
        U16_NEXT(target, i, len, c);
        if (vanishes(c))
            continue;
        if (only || c >= (UChar32)PLANE)
            return SEVERAL;
        for (int step = 0; step < 4 && simplified[c] && simplified[c] != c; step++)
            c = simplified[c]; /* ICU goes one step; folding must not go on */
        only = unify((uint32_t)c);
    }
    return only;
}

/* Asks for the Simplified form of every ideograph of the basic plane, each on a line of its own so
 * that its neighbours can't change the answer. */
static void fill_simplified(void)
{
    static UChar text[4 * PLANE];
    const uint32_t first = 0x3400;
    const uint32_t last = 0x9FFF;
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *trans =
        utrans_openU(u"Traditional-Simplified", -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    int32_t len = 0;
    for (uint32_t c = first; c <= last; c++) {
        text[len++] = (UChar)c;
        text[len++] = u'\n';
    }
    int32_t limit = len;
    if (U_SUCCESS(status))
        utrans_transUChars(trans, text, &len, 4 * PLANE, 0, &limit, &status);
    if (U_FAILURE(status))
        exit(1);
    for (uint32_t c = first, at = 0; c <= last; c++) {
        uint32_t end = at;
        while (text[end] != u'\n')
            end++;
        if (end - at == 1)
            simplified[c] = text[at];
        at = end + 1;
    }
    utrans_close(trans);
}

int main(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status))
        return 1;
    fill_simplified();
    (void)puts("/* Made by tools/fold_table.c. */\n#include \"base/fold_table.h\"\n\n"
               "const uint16_t fold_table[0x10000] = {");
    for (uint32_t c = 0; c < PLANE; c++)
        (void)printf("%u,%c", fold(c, nfkc), c % 16 == 15 ? '\n' : ' ');
    (void)puts("};");
    return 0;
}
