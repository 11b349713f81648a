/* Folding and word boundaries over ICU; see unicode.h.
 *
 * ICU answers a fold in microseconds, which a million-character exhibit would feel, so the answers
 * for the basic plane are a table made at build time. */
#include "base/unicode.h"

#include <inttypes.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#include "base/fold_table.h"
#include "base/utf8.h"

#define PLANE      0x10000U
#define OPAQUE_MAX ((size_t)1 << 20)

/* Characters outside the plane or with several codes: ICU takes them apart, the table then folds
 * each part. */
static size_t fold_slowly(uint32_t code, uint32_t out[UNICODE_FOLD_MAX])
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
    UChar source[2];
    UChar target[2 * UNICODE_FOLD_MAX];
    int32_t units = 0;
    UBool failed = false;
    U16_APPEND(source, units, 2, code, failed);
    if (failed || U_FAILURE(status))
        return 0;
    int32_t len = unorm2_normalize(nfkc, source, units, target, 2 * UNICODE_FOLD_MAX, &status);
    if (U_FAILURE(status))
        return out[0] = code, 1;
    size_t count = 0;
    for (int32_t i = 0; i < len && count < UNICODE_FOLD_MAX;) {
        UChar32 c;
        U16_NEXT(target, i, len, c);
        if (unicode_is_space((uint32_t)c) || unicode_is_invisible((uint32_t)c) || c < 0x20)
            continue;
        bool single = c < (UChar32)PLANE && fold_table[c] != FOLD_TABLE_SEVERAL && fold_table[c];
        out[count++] = single ? fold_table[c] : (uint32_t)c;
    }
    return count;
}

size_t unicode_fold_code(uint32_t code, uint32_t out[UNICODE_FOLD_MAX])
{
    if (code >= PLANE || fold_table[code] == FOLD_TABLE_SEVERAL)
        return fold_slowly(code, out);
    out[0] = fold_table[code];
    return out[0] != 0;
}

struct folded unicode_fold(struct arena *arena, struct str s)
{
    size_t cap = utf8_count(s) + UNICODE_FOLD_MAX + 1;
    struct folded f = {arena_array(arena, cap, uint32_t), arena_array(arena, cap, uint32_t), 0};
    for (size_t pos = 0; pos < s.len;) {
        uint32_t out[UNICODE_FOLD_MAX];
        size_t at = pos;
        size_t count = unicode_fold_code(utf8_next(s, &pos), out);
        if (f.count + count + 1 > cap) {
            size_t more = cap + cap / 2 + UNICODE_FOLD_MAX;
            f.code = arena_grow(arena, f.code, cap * sizeof *f.code, more * sizeof *f.code);
            f.from = arena_grow(arena, f.from, cap * sizeof *f.from, more * sizeof *f.from);
            cap = more;
        }
        for (size_t i = 0; i < count; i++) {
            f.code[f.count] = out[i];
            f.from[f.count++] = (uint32_t)at;
        }
    }
    f.from[f.count] = (uint32_t)s.len;
    return f;
}

bool unicode_is_han(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
           (code >= 0x20000 && code <= 0x323AF) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0x2E80 && code <= 0x2FD5) || code == 0x3007 || code == 0x3005;
}

bool unicode_is_letter(uint32_t code)
{
    return u_isalpha((UChar32)code);
}

bool unicode_is_digit(uint32_t code)
{
    return u_isdigit((UChar32)code);
}

bool unicode_is_space(uint32_t code)
{
    return u_isUWhiteSpace((UChar32)code) || code == 0x3164 || code == 0x2800;
}

bool unicode_is_invisible(uint32_t code)
{
    return u_hasBinaryProperty((UChar32)code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_charType((UChar32)code) == U_FORMAT_CHAR;
}

bool unicode_is_punct(uint32_t code)
{
    return u_ispunct((UChar32)code) || (U_GET_GC_MASK((UChar32)code) & U_GC_S_MASK);
}

static bool is_opaque_char(uint32_t code)
{
    int8_t type = u_charType((UChar32)code);
    return type != U_CONTROL_CHAR && type != U_UNASSIGNED && type != U_LINE_SEPARATOR &&
           type != U_PARAGRAPH_SEPARATOR && type != U_SURROGATE && !unicode_is_invisible(code);
}

/* NFC may change how many units a text has; ICU says how many it takes when there is no room. */
static bool compose(struct arena *arena, const UChar *units, int32_t count, struct str *text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    int32_t room = 3 * count + 1; /* the most that NFC makes of a text, in UTF-16 (UAX #15) */
    UChar *composed = arena_array(arena, (size_t)room, UChar);
    int32_t len = unorm2_normalize(nfc, units, count, composed, room, &status);
    int32_t bytes = 0;
    char *at = U_FAILURE(status) ? NULL : arena_take(arena, (size_t)len * 3 + 1);
    if (at)
        (void)u_strToUTF8(at, len * 3 + 1, &bytes, composed, len, &status);
    *text = (struct str){at, (size_t)bytes};
    return at && U_SUCCESS(status);
}

bool unicode_opaque(struct arena *arena, struct str s, struct str *opaque)
{
    int32_t count = 0;
    if (s.len > OPAQUE_MAX || utf8_first_bad(s) != SIZE_MAX)
        return false;
    UChar *units = arena_array(arena, s.len + 1, UChar);
    for (size_t at = 0; at < s.len;) {
        uint32_t code = utf8_next(s, &at);
        if (!is_opaque_char(code))
            return false;
        if (u_charType((UChar32)code) == U_SPACE_SEPARATOR)
            code = ' ';
        U16_APPEND_UNSAFE(units, count, code);
    }
    return compose(arena, units, count, opaque);
}

static struct words every_character(struct arena *arena, struct str s)
{
    struct words w = {arena_array(arena, utf8_count(s) + 1, size_t), 0};
    for (size_t pos = 0; pos < s.len;) {
        (void)utf8_next(s, &pos);
        w.end[w.count++] = pos;
    }
    return w;
}

struct words unicode_segment(struct arena *arena, struct str s, bool chinese)
{
    UErrorCode status = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    if (s.len == 0)
        return (struct words){arena_array(arena, 1, size_t), 0};
    utext_openUTF8(&text, s.at, (int64_t)s.len, &status);
    UBreakIterator *breaks = ubrk_open(UBRK_WORD, chinese ? "zh" : "en", NULL, 0, &status);
    if (U_SUCCESS(status))
        ubrk_setUText(breaks, &text, &status);
    if (U_FAILURE(status)) {
        ubrk_close(breaks);
        utext_close(&text);
        return every_character(arena, s);
    }
    struct words w = {arena_array(arena, utf8_count(s) + 1, size_t), 0};
    (void)ubrk_first(breaks);
    for (int32_t end = ubrk_next(breaks); end != UBRK_DONE; end = ubrk_next(breaks))
        w.end[w.count++] = (size_t)end;
    ubrk_close(breaks);
    utext_close(&text);
    return w;
}

struct str unicode_shown(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (unicode_is_invisible(code) || unicode_is_space(code))
            buf_format(&out, "%sU+%04" PRIX32, out.len ? " " : "", code);
        else
            buf_add(&out, str_slice(text, from, at - from));
    }
    return buf_str(&out);
}
