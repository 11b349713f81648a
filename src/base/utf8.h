/* UTF-8, one code point at a time (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Reads the code point at byte *pos of s (pos < s.len) and moves *pos past it. A malformed
 * sequence gives U+FFFD and moves one byte, so that any bytes can be walked. */
uint32_t utf8_next(struct str s, size_t *pos);
/* Reads the code point that ends before byte *pos (pos > 0) and moves *pos to its first byte. */
uint32_t utf8_before(struct str s, size_t *pos);
/* Writes the 1 to 4 bytes of `code` to out (no terminator), returns how many. A surrogate or a
 * value above 0x10FFFF is written as U+FFFD. */
size_t utf8_put(char out[4], uint32_t code);
/* The first bytes of s, at most `most`, that cut no character. */
struct str utf8_cut(struct str s, size_t most);
/* s itself when it is valid; else a copy in the arena, with U+FFFD for each byte that belongs to no character. */
struct str utf8_mend(struct arena *arena, struct str s);
/* Code points in s. */
size_t utf8_count(struct str s);
/* Offset of the first byte that breaks UTF-8 (overlong, surrogate, cut), or SIZE_MAX if none. */
size_t utf8_first_bad(struct str s);

#endif
