/* How alike two short texts are, to find a problem that comes back.
 *
 * A text is taken for the set of its words: of Chinese every two characters side by side, of other scripts every word
 * without its plural, letters folded (width, case, Traditional characters). Words that tie others together (的, 和, the,
 * of) and bare numbers don't count. Likeness is Dice's: twice what both have, of what each has, in percent. Of the same
 * unit it weighs a quarter more, about the same sort of thing 15 percent more, a hundred at most. Pure. */
#ifndef LEDGER_LIKENESS_H
#define LEDGER_LIKENESS_H

#include "base/lang.h"
#include "base/str.h"

#define LIKENESS_THRESHOLD 40 /* from here on one is pointed to */

struct likeness {
    uint64_t *words; /* hashes, in order, each once */
    size_t count;
};
/* In the arena; linear but for sorting. */
struct likeness likeness_read(struct arena *arena, struct str text);
/* As bytes to be kept, the same on every machine, and back; in the arena. What is no such thing gives no words. */
struct str likeness_pack(struct arena *arena, const struct likeness *likeness);
struct likeness likeness_unpack(struct arena *arena, struct str packed);
/* 0 … 100; the same both ways; 0 where either has no word. Linear. */
int likeness_of(const struct likeness *one, const struct likeness *other);
int likeness_weigh(int percent, bool same_unit, bool same_sort);

/* The measure and its threshold as sentences; static. */
const char *likeness_rule(enum lang lang);

#endif
