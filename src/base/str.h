/* Byte strings: `struct str` is a borrowed view, `struct buf` grows in an arena.
 *
 * Text is UTF-8 everywhere inside the program; terminators exist only at the edge to libraries
 * (str_z). A str never owns its bytes: they live in an arena, a file image or the program text. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct str {
    const char *at;
    size_t len;
};

/* A str over a string literal. */
#define STR(literal) ((struct str){("" literal), sizeof(literal) - 1})
/* For printf: "%.*s" with STR_ARG(s). Lengths above INT_MAX are cut. */
#define STR_ARG(s) ((int)((s).len > 0x7FFFFFFF ? 0x7FFFFFFF : (s).len)), ((s).at ? (s).at : "")

/* A view of a terminated string (NULL gives the empty str). */
struct str str_of(const char *terminated);
/* A copy in the arena, with a terminator after its last byte. */
struct str str_copy(struct arena *arena, struct str s);
/* A terminated copy, for libraries that need one. Bytes after an embedded NUL are lost to them. */
char *str_z(struct arena *arena, struct str s);
/* printf into the arena. */
struct str str_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

bool str_equal(struct str a, struct str b);
bool str_is_among(struct str s, const struct str *list, size_t count);
/* Byte-wise order, as memcmp with the shorter first. */
int str_compare(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Bytes [from, from+len), cut to what there is. */
struct str str_slice(struct str s, size_t from, size_t len);
/* Without ASCII white space (and U+3000) at both ends. */
struct str str_trim(struct str s);
/* A copy in the arena with a space for each control character of ASCII, line breaks and tabs too. */
struct str str_on_one_line(struct arena *arena, struct str s);
/* Offset of the first `needle` at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
/* Takes the next piece up to `separator` off *rest; false when nothing is left. A trailing
 * separator does not make an empty last piece. */
bool str_split(struct str *rest, char separator, struct str *piece);
/* The value of a hexadecimal digit; -1 of anything else. */
int str_hex_digit(char c);
/* A decimal number of digits only, 0 … UINT64_MAX. False, and *value as it was, on anything else. */
bool str_to_u64(struct str s, uint64_t *value);
/* A finite decimal number in C notation, whole string. False otherwise. */
bool str_to_double(struct str s, double *value);

/* A buffer that grows in its arena. Make one with (struct buf){.arena = arena}. The bytes may move
 * with each append; `at` is terminated after every append for the edge to libraries. */
struct buf {
    struct arena *arena;
    char *at;
    size_t len;
    size_t cap;
};

void buf_add(struct buf *buf, struct str s);
void buf_add_byte(struct buf *buf, char byte);
/* Appends the UTF-8 form of a code point (a surrogate or out of range: U+FFFD). */
void buf_add_code(struct buf *buf, uint32_t code);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vformat(struct buf *buf, const char *format, va_list values)
    __attribute__((format(printf, 2, 0)));
/* Makes room for `more` further bytes, so that they can be written at buf->at + buf->len. */
void buf_reserve(struct buf *buf, size_t more);
struct str buf_str(const struct buf *buf);

#endif
