/* The words of a text, as search knows them.
 *
 * One function for the index, for questions and for finding a hit again in a member's copy, so that the
 * three never disagree. Text is folded (see unicode.h) first, so that width, case, Traditional characters
 * and hidden marks make no difference. Then
 *
 *   Chinese and kana   each two neighbours make a word: 经济发展 → 经济 济发 发展 展. The last character
 *                      stands alone besides, so that every character begins some word: a single one is
 *                      found as the beginning of words, a phrase as a row of words.
 *   letters            a run of letters and digits is a word; one of a to z has a stem as well (Porter's
 *                      second English stemmer): papers → paper.
 *   numbers            whole, with their point and without grouping: 1,024.5 → 1024.5.
 *
 * Everything else only parts words. */
#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include "base/str.h"

#define TOKEN_BYTES_MAX 64 /* what a longer run has more is left out */

enum token_kind {
    TOKEN_PAIR, /* two characters of Chinese */
    TOKEN_LAST, /* the last one of a run, alone */
    TOKEN_WORD, /* letters, perhaps with digits */
    TOKEN_NUMBER,
};

struct token {
    enum token_kind kind;
    uint32_t at, end; /* the bytes of the text that it was made from */
    struct str word;  /* folded */
    struct str stem;  /* what it is looked up by; the word itself where there is nothing to stem */
};
struct tokens {
    struct token *at;
    size_t count;
};

/* The words of a text (any bytes, at most 4 GiB) in their order, in the arena. Linear. Thread-safe. */
struct tokens token_split(struct arena *arena, struct str text);

#endif
