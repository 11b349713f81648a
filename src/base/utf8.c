/* UTF-8; see utf8.h. */
#include "base/utf8.h"

#define REPLACEMENT 0xFFFDU

/* Length of the well-formed sequence at s[pos], its value in *code; 0 when malformed. */
static size_t sequence(struct str s, size_t pos, uint32_t *code)
{
    const unsigned char *b = (const unsigned char *)s.at + pos;
    size_t left = s.len - pos;
    if (b[0] < 0x80) {
        *code = b[0];
        return 1;
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = b[0] >= 0xF0 ? 4 : b[0] >= 0xE0 ? 3 : 2;
    if (b[0] < 0xC2 || b[0] > 0xF4 || left < len)
        return 0;
    uint32_t value = b[0] & (0xFFU >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((b[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (b[i] & 0x3FU);
    }
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return len;
}

uint32_t utf8_next(struct str s, size_t *pos)
{
    uint32_t code = REPLACEMENT;
    size_t len = sequence(s, *pos, &code);
    *pos += len ? len : 1;
    return len ? code : REPLACEMENT;
}

uint32_t utf8_before(struct str s, size_t *pos)
{
    size_t end = *pos;
    size_t start = end - 1;
    while (start > 0 && end - start < 4 && ((unsigned char)s.at[start] & 0xC0) == 0x80)
        start--;
    uint32_t code = REPLACEMENT;
    size_t len = sequence((struct str){s.at, end}, start, &code);
    if (len == end - start) {
        *pos = start;
        return code;
    }
    *pos = end - 1;
    return REPLACEMENT;
}

size_t utf8_put(char out[4], uint32_t code)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = REPLACEMENT;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t pos = 0; pos < s.len; count++)
        (void)utf8_next(s, &pos);
    return count;
}

size_t utf8_first_bad(struct str s)
{
    for (size_t pos = 0; pos < s.len;) {
        uint32_t code = REPLACEMENT;
        size_t len = sequence(s, pos, &code);
        if (len == 0)
            return pos;
        pos += len;
    }
    return SIZE_MAX;
}

struct str utf8_mend(struct arena *arena, struct str s)
{
    struct buf out = {.arena = arena};
    if (utf8_first_bad(s) == SIZE_MAX)
        return s;
    for (size_t pos = 0; pos < s.len;)
        buf_add_code(&out, utf8_next(s, &pos));
    return buf_str(&out);
}

struct str utf8_cut(struct str s, size_t most)
{
    size_t end = s.len < most ? s.len : most;
    while (end < s.len && end > 0 && ((unsigned char)s.at[end] & 0xC0) == 0x80)
        end--;
    return str_slice(s, 0, end);
}
