/* What the program needs of Unicode: folding, character kinds, word boundaries. Backed by ICU.
 *
 * *Folding* brings two texts that a reader would call the same to the same code points, so that
 * they can be compared after copying, retyping or conversion: compatibility forms (NFKC), letter
 * case, Traditional to Simplified, look-alike quotation marks and dashes are unified; white space,
 * zero-width and other ignorable characters vanish. Both the master and the exhibit are folded, so
 * what folding blurs is lost on both sides alike and never misread. */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include "base/str.h"

/* A folded text: code[i] came from the bytes that begin at from[i] of the source; from[count] is
 * the source's length. One source character may give none, one or several codes. */
struct folded {
    uint32_t *code;
    uint32_t *from;
    size_t count;
};

/* Folds s (at most 4 GiB). Linear. Thread-safe. */
struct folded unicode_fold(struct arena *arena, struct str s);
/* Folds one code point into out, returns how many codes (0 … UNICODE_FOLD_MAX). */
#define UNICODE_FOLD_MAX 18
size_t unicode_fold_code(uint32_t code, uint32_t out[UNICODE_FOLD_MAX]);

bool unicode_is_han(uint32_t code);    /* ideographs, radicals and 〇 */
bool unicode_is_letter(uint32_t code); /* letters of any script, Han included */
bool unicode_is_digit(uint32_t code);  /* decimal digits, full width included */
bool unicode_is_space(uint32_t code);  /* white space of any width, U+3000 included */
/* Invisible: zero-width, joiners, bidirectional controls, soft hyphen, BOM, variation selectors,
 * tags. Not white space. */
bool unicode_is_invisible(uint32_t code);
bool unicode_is_punct(uint32_t code); /* punctuation and symbols */

/* The text with white space and what can't be seen shown by their numbers: "U+200B". In the arena. */
struct str unicode_shown(struct arena *arena, struct str text);

/* A secret text as RFC 8265 prepares it (OpaqueString): every space becomes U+0020, then composed characters
 * alike (NFC); width and case stay. False, and nothing given, when s holds a control, an invisible or an
 * unassigned character, or is not valid UTF-8. In the arena. Thread-safe. */
bool unicode_opaque(struct arena *arena, struct str s, struct str *opaque);

/* Word boundaries by dictionary for Chinese and by UAX #29 for the rest: end[i] is the byte offset
 * at which word i ends; the first begins at 0. s must be valid UTF-8. White space and punctuation
 * come as words of their own. On an ICU failure every character is a word. Thread-safe. */
struct words {
    size_t *end;
    size_t count;
};
struct words unicode_segment(struct arena *arena, struct str s, bool chinese);

#endif
