/* Passages of an edition between members: in the words of one copy, and what of them bears nobody's marks. Pure. */
#ifndef LIBRARY_PASSAGE_H
#define LIBRARY_PASSAGE_H

#include "library/paper.h"

/* [at, at+len) of the master in the words of one copy, in the arena. The master's own words are nobody's: where both
 * are known, the marks are. */
struct str library_own_words(struct arena *arena, const struct edition_text *text,
                             const uint8_t *bits, size_t at, size_t len);

/* Words of [at, at+len) that could head it and read the same in every copy: of its clauses without a site the longest
 * of at most `most` characters; empty when there is none that says anything. A part of the edition's text. */
struct str library_plain_words(const struct edition_text *text, size_t at, size_t len, size_t most);

/* Whether `words` hold, of [at, at+len), a site as one copy has it, known by the characters around it. */
bool library_bears_marks(struct arena *arena, const struct edition_text *text, const uint8_t *bits,
                         size_t at, size_t len, struct str words);

#endif
