/* Bytes of a file to UTF-8 text.
 *
 * Order of trial: a byte order mark decides; else UTF-16 when the bytes look like it (zero bytes, or
 * nearly all 16-bit units are Han, punctuation or ASCII in one byte order); else valid UTF-8; else
 * GB18030. Nothing is ever replaced: what fits nothing is refused with its place. Bytes that are
 * plainly UTF-8 but for a few are called damaged UTF-8 and not read as GB18030, which would take
 * them and give nonsense. */
#include <string.h>
#include <unicode/ucnv.h>

#include "base/utf8.h"
#include "format/format.h"

#define CHUNK 4096

/* Lines are counted as an editor shows them: LF, CRLF and CR each end one. */
static size_t line_at(struct str bytes, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset && i < bytes.len; i++) {
        bool cr = bytes.at[i] == '\r' && !(i + 1 < bytes.len && bytes.at[i + 1] == '\n');
        line += bytes.at[i] == '\n' || cr;
    }
    return line;
}

static unsigned unit_at(struct str bytes, size_t i, bool big)
{
    unsigned first = (unsigned char)bytes.at[i];
    unsigned second = (unsigned char)bytes.at[i + 1];
    return big ? first << 8 | second : second << 8 | first;
}

static size_t unit_line_at(struct str bytes, size_t offset, bool big)
{
    size_t line = 1;
    for (size_t i = 0; i + 1 < offset; i += 2) {
        unsigned unit = unit_at(bytes, i, big);
        bool lf = i + 3 < bytes.len && unit_at(bytes, i + 2, big) == '\n';
        line += unit == '\n' || (unit == '\r' && !lf);
    }
    return line;
}

static enum status refuse_nul(size_t offset, size_t line, struct error *err)
{
    return error_set(err, STATUS_INPUT,
                     "The file holds a NUL character at byte %zu (line %zu), so it is not a text. "
                     "Give a plain text or Markdown file.",
                     "文件第 %zu 字节（第 %zu 行）有空字符（NUL），不是文本文件。请提供纯文本或 "
                     "Markdown 文件。",
                     offset, line);
}

static enum status refuse_bytes(const char *encoding, size_t offset, size_t line, struct error *err)
{
    return error_set(err, STATUS_INPUT,
                     "The file is not valid %s: the bytes at offset %zu (line %zu) stand for no "
                     "character. Save it again as UTF-8.",
                     "文件不是有效的 %s 编码：第 %zu 字节处（第 %zu 行）无法解读。请另存为 UTF-8 "
                     "后重试。",
                     encoding, offset, line);
}

static struct str unify_line_ends(struct arena *arena, struct str text)
{
    char *out = arena_take(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == '\r') {
            byte = '\n';
            if (i + 1 < text.len && text.at[i + 1] == '\n')
                i++;
        }
        out[len++] = byte;
    }
    return (struct str){out, len};
}

static enum status decode_utf8(struct arena *arena, struct str bytes, size_t bom, struct str *text,
                               struct error *err)
{
    struct str body = str_slice(bytes, bom, bytes.len);
    size_t bad = utf8_first_bad(body);
    if (bad != SIZE_MAX)
        return refuse_bytes("UTF-8", bom + bad, line_at(bytes, bom + bad), err);
    *text = unify_line_ends(arena, body);
    return STATUS_OK;
}

static enum status decode_utf16(struct arena *arena, struct str bytes, size_t bom, bool big,
                                struct str *text, struct error *err)
{
    const char *name = big ? "UTF-16BE" : "UTF-16LE";
    struct buf out = {.arena = arena};
    buf_reserve(&out, bytes.len + bytes.len / 2 + 4);
    for (size_t i = bom; i < bytes.len; i += 2) {
        if (i + 1 >= bytes.len)
            return refuse_bytes(name, i, unit_line_at(bytes, i, big), err);
        uint32_t code = unit_at(bytes, i, big);
        if (code == 0)
            return refuse_nul(i, unit_line_at(bytes, i, big), err);
        if (code >= 0xD800 && code <= 0xDFFF) {
            unsigned low = i + 3 < bytes.len ? unit_at(bytes, i + 2, big) : 0;
            if (code > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
                return refuse_bytes(name, i, unit_line_at(bytes, i, big), err);
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        }
        buf_add_code(&out, code);
    }
    *text = unify_line_ends(arena, buf_str(&out));
    return STATUS_OK;
}

/* Adds UTF-16 units as UTF-8; a pair may be split over two calls. */
static void add_units(struct buf *out, const UChar *units, size_t count, uint32_t *high)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t unit = (uint32_t)units[i];
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            *high = unit;
            continue;
        }
        if (unit >= 0xDC00 && unit <= 0xDFFF)
            unit = 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00);
        buf_add_code(out, unit);
    }
}

/* False with *bad set to the first byte that fits no character of GB18030. */
static bool convert_gb18030(UConverter *converter, struct str bytes, struct buf *out, size_t *bad)
{
    const char *from = bytes.at;
    const char *end = bytes.at + bytes.len;
    uint32_t high = 0;
    for (;;) {
        UChar units[CHUNK];
        UChar *to = units;
        UErrorCode code = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + CHUNK, &from, end, NULL, true, &code);
        add_units(out, units, (size_t)(to - units), &high);
        if (code == U_BUFFER_OVERFLOW_ERROR)
            continue;
        if (U_SUCCESS(code))
            return true;
        char invalid[16];
        int8_t len = (int8_t)sizeof invalid;
        UErrorCode ignored = U_ZERO_ERROR;
        ucnv_getInvalidChars(converter, invalid, &len, &ignored);
        size_t at = (size_t)(from - bytes.at);
        size_t back = U_SUCCESS(ignored) && len > 0 ? (size_t)len : 0;
        *bad = at >= back ? at - back : 0;
        return false;
    }
}

static enum status decode_gb18030(struct arena *arena, struct str bytes, struct str *text,
                                  struct error *err)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open("gb18030", &code);
    if (U_SUCCESS(code))
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_FAILURE(code)) {
        ucnv_close(converter);
        return error_set(err, STATUS_IO, "The system's ICU has no GB18030 converter (%s).",
                         "系统的 ICU 缺少 GB18030 转换器（%s）。", u_errorName(code));
    }
    struct buf out = {.arena = arena};
    buf_reserve(&out, bytes.len + bytes.len / 2 + 4);
    size_t bad = 0;
    bool whole = convert_gb18030(converter, bytes, &out, &bad);
    ucnv_close(converter);
    if (whole) {
        *text = unify_line_ends(arena, buf_str(&out));
        return STATUS_OK;
    }
    size_t first = utf8_first_bad(bytes);
    return error_set(err, STATUS_INPUT,
                     "The file is neither UTF-8 (byte %zu, line %zu, does not fit) nor GB18030 "
                     "(byte %zu, line %zu, does not fit). Save it as UTF-8 text.",
                     "文件既不是 UTF-8（第 %zu 字节、第 %zu 行不符），也不是 GB18030（第 %zu "
                     "字节、第 %zu 行不符）。请另存为 UTF-8 文本。",
                     first, line_at(bytes, first), bad, line_at(bytes, bad));
}

/* Share of 16-bit units that a text in this byte order would have: Han, CJK and full-width
 * punctuation, printable ASCII, line ends, general punctuation. In thousandths. */
static unsigned plausible_utf16(struct str bytes, bool big)
{
    size_t good = 0;
    size_t count = 0;
    for (size_t i = 0; i + 1 < bytes.len; i += 2, count++) {
        unsigned unit = unit_at(bytes, i, big);
        good += (unit >= 0x4E00 && unit <= 0x9FFF) || (unit >= 0x3000 && unit <= 0x303F) ||
                (unit >= 0xFF01 && unit <= 0xFF5E) || (unit >= 0x20 && unit < 0x7F) ||
                unit == '\n' || unit == '\r' || unit == '\t' || (unit >= 0x2010 && unit <= 0x2027);
    }
    return count ? (unsigned)(good * 1000 / count) : 0;
}

static bool looks_like_utf16(struct str bytes, bool *big)
{
    if (bytes.len < 2 || bytes.len % 2)
        return false;
    unsigned little = plausible_utf16(bytes, false);
    unsigned large = plausible_utf16(bytes, true);
    *big = large > little;
    bool zeros = memchr(bytes.at, 0, bytes.len) != NULL;
    bool utf8 = !zeros && utf8_first_bad(bytes) == SIZE_MAX;
    unsigned best = *big ? large : little;
    unsigned other = *big ? little : large;
    return !utf8 && best >= 900 && best > other + (zeros ? 0 : 300);
}

/* Three-byte sequences hardly ever come about by chance in GB18030. */
static bool is_damaged_utf8(struct str bytes)
{
    size_t good = 0;
    size_t bad = 0;
    for (size_t pos = 0; pos < bytes.len;) {
        size_t from = pos;
        uint32_t code = utf8_next(bytes, &pos);
        good += pos - from >= 3;
        bad += code == 0xFFFD && pos - from == 1;
    }
    return good > 4 * bad;
}

enum status format_decode(struct arena *arena, struct str bytes, struct str *text,
                          const char **encoding, struct error *err)
{
    if (bytes.len > FORMAT_INPUT_MAX)
        return error_set(
            err, STATUS_INPUT, "The file has %zu bytes; at most %zu are taken. Split it.",
            "文件有 %zu 字节，上限为 %zu 字节。请拆分后再试。", bytes.len, FORMAT_INPUT_MAX);
    bool big = str_starts(bytes, STR("\xFE\xFF"));
    if (big || str_starts(bytes, STR("\xFF\xFE"))) {
        *encoding = big ? "UTF-16BE" : "UTF-16LE";
        return decode_utf16(arena, bytes, 2, big, text, err);
    }
    size_t bom = str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    if (!bom && looks_like_utf16(bytes, &big)) {
        *encoding = big ? "UTF-16BE" : "UTF-16LE";
        return decode_utf16(arena, bytes, 0, big, text, err);
    }
    const char *nul = bytes.len ? memchr(bytes.at, 0, bytes.len) : NULL;
    if (nul)
        return refuse_nul((size_t)(nul - bytes.at), line_at(bytes, (size_t)(nul - bytes.at)), err);
    *encoding = "UTF-8";
    if (bom || utf8_first_bad(bytes) == SIZE_MAX || is_damaged_utf8(bytes))
        return decode_utf8(arena, bytes, bom, text, err);
    *encoding = "GB18030";
    return decode_gb18030(arena, bytes, text, err);
}
