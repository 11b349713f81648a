/* Strings and buffers; see str.h. */
#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct str str_of(const char *terminated)
{
    return (struct str){terminated ? terminated : "", terminated ? strlen(terminated) : 0};
}

struct str str_copy(struct arena *arena, struct str s)
{
    return (struct str){str_z(arena, s), s.len};
}

char *str_z(struct arena *arena, struct str s)
{
    char *at = arena_take_unset(arena, s.len + 1);
    if (s.len)
        memcpy(at, s.at, s.len);
    at[s.len] = 0;
    return at;
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    char small[128];
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int written = vsnprintf(small, sizeof small, format, args);
    size_t len = written < 0 ? 0 : (size_t)written;
    char *at = arena_take(arena, len + 1);
    if (len < sizeof small)
        memcpy(at, small, len);
    else
        (void)vsnprintf(at, len + 1, format, again);
    va_end(again);
    va_end(args);
    return (struct str){at, len};
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_is_among(struct str s, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(s, list[i]))
            return true;
    return false;
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.at, b.at, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.at + s.len - suffix.len, suffix.at, suffix.len) == 0);
}

struct str str_slice(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.at ? s.at + from : "", len};
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct str str_trim(struct str s)
{
    const struct str wide = STR("\xE3\x80\x80");
    for (;;) {
        if (s.len && is_blank(s.at[0]))
            s = str_slice(s, 1, s.len);
        else if (str_starts(s, wide))
            s = str_slice(s, wide.len, s.len);
        else
            break;
    }
    for (;;) {
        if (s.len && is_blank(s.at[s.len - 1]))
            s.len--;
        else if (str_ends(s, wide))
            s.len -= wide.len;
        else
            return s;
    }
}

struct str str_on_one_line(struct arena *arena, struct str s)
{
    char *at = arena_array(arena, s.len + 1, char);
    for (size_t i = 0; i < s.len; i++)
        at[i] = (unsigned char)s.at[i] < ' ' || s.at[i] == 0x7F ? ' ' : s.at[i];
    return (struct str){at, s.len};
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char *hit = memmem(s.at + from, s.len - from, needle.at, needle.len);
    return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

bool str_split(struct str *rest, char separator, struct str *piece)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->at, separator, rest->len);
    size_t len = end ? (size_t)(end - rest->at) : rest->len;
    *piece = (struct str){rest->at, len};
    *rest = str_slice(*rest, len + (end != NULL), rest->len);
    return true;
}

int str_hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool str_to_u64(struct str s, uint64_t *value)
{
    uint64_t sum = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(sum, (uint64_t)10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)digit, &sum))
            return false;
    }
    *value = sum;
    return true;
}

bool str_to_double(struct str s, double *value)
{
    char text[64];
    if (s.len == 0 || s.len >= sizeof text || is_blank(s.at[0]) || memchr(s.at, 0, s.len))
        return false;
    memcpy(text, s.at, s.len);
    text[s.len] = 0;
    char *end;
    errno = 0;
    double parsed = strtod(text, &end);
    if (*end || errno == ERANGE || !isfinite(parsed))
        return false;
    *value = parsed;
    return true;
}

void buf_reserve(struct buf *buf, size_t more)
{
    size_t wanted = buf->len + more + 1;
    if (wanted <= buf->cap)
        return;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < wanted)
        cap *= 2;
    buf->at = arena_grow_unset(buf->arena, buf->at, buf->cap, cap);
    buf->cap = cap;
    buf->at[buf->len] = 0;
}

void buf_add(struct buf *buf, struct str s)
{
    buf_reserve(buf, s.len);
    if (s.len)
        memcpy(buf->at + buf->len, s.at, s.len);
    buf->len += s.len;
    buf->at[buf->len] = 0;
}

void buf_add_byte(struct buf *buf, char byte)
{
    buf_add(buf, (struct str){&byte, 1});
}

void buf_add_code(struct buf *buf, uint32_t code)
{
    char bytes[4];
    buf_add(buf, (struct str){bytes, utf8_put(bytes, code)});
}

void buf_vformat(struct buf *buf, const char *format, va_list values)
{
    va_list again;
    va_copy(again, values);
    buf_reserve(buf, 63);
    int written = vsnprintf(buf->at + buf->len, buf->cap - buf->len, format, values);
    size_t len = written < 0 ? 0 : (size_t)written;
    if (len >= buf->cap - buf->len) {
        buf_reserve(buf, len);
        (void)vsnprintf(buf->at + buf->len, len + 1, format, again);
    }
    buf->len += len;
    buf->at[buf->len] = 0;
    va_end(again);
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    buf_vformat(buf, format, values);
    va_end(values);
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->at ? buf->at : "", buf->len};
}
