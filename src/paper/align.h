/* Reading marks off a found text: winnowed grams to find the source, a lattice to read it.
 *
 * A *lattice* is an edition's folded text with both alternatives at each site. An exhibit is folded
 * the same way, anchored on the lattice by shared grams (so that pieces may be cut out, reordered,
 * repeated or lie among foreign text), and between anchors aligned by banded dynamic programming in
 * which either alternative costs nothing. Each site is read as the alternative whose best path is
 * strictly cheaper, else erased. Channels that folding destroys (glyph, space, zero) are read from
 * the exhibit's raw characters around the aligned place, and the layout from the shifts measured there.
 * What a reader of pictures doubts, and what noise leaves open, becomes the reading's doubt. */
#ifndef PAPER_ALIGN_H
#define PAPER_ALIGN_H

#include "base/unicode.h"
#include "mark/mark.h"
#include "paper/seen.h"

/* --- grams ------------------------------------------------------------------------------------ */
/* Fingerprints by winnowing (Schleimer, Wilkerson, Aiken 2003): hashes of k consecutive folded
 * codes, k by language; of every w consecutive grams at least one is kept. */
#define WINNOW_WINDOW 12
struct gram {
    uint64_t hash; /* never 0 */
    uint32_t at;   /* index of its first folded code */
};
struct grams {
    struct gram *grams;
    size_t count;
};
/* Grams kept of a text that is to be found later (winnowed). */
struct grams paper_winnow(struct arena *arena, const struct folded *text);
/* All grams of a text that is looked for (not winnowed, so a mark beside a gram costs only the
 * grams that touch it). Both are linear. The gram length is chosen gram by gram from the script at
 * its beginning, so a mixed text works. */
struct grams paper_all_grams(struct arena *arena, const struct folded *text);

/* --- alignment -------------------------------------------------------------------------------- */
struct lattice;
/* Prepares an edition for alignment. Linear. The lattice keeps pointing at doc and sites. */
struct lattice *paper_lattice_make(struct arena *arena, const struct paper_doc *doc,
                                   const struct paper_sites *sites);

struct reading {
    int8_t *read;   /* nsites: 0, 1 or MARK_ERASED; locked and absent sites always erased */
    uint8_t *doubt; /* nsites: class of doubt of what was read, see mark_doubt_error */
    uint32_t sites[PAPER_CHANNELS];    /* unlocked sites of the edition, by channel */
    uint32_t reads[PAPER_CHANNELS];    /* … read … */
    uint32_t doubtful[PAPER_CHANNELS]; /* … of these in any doubt */
    uint32_t erased[PAPER_CHANNELS];   /* … lying in the stretch covered but not readable */
    uint32_t ones;                     /* sites read as 1 */
    double coverage;  /* share of the edition's folded characters that were aligned and matched */
    double explained; /* share of the exhibit's folded characters that this edition explains */
    size_t matched;   /* folded characters matched */
    struct span {     /* stretches of the exhibit (bytes) explained, in exhibit order */
        size_t at, len;
        size_t source_at, source_len; /* bytes in the edition's text */
    } * spans;
    size_t nspans;
    struct sight *sights; /* the places met, in exhibit order */
    size_t nsights;
};
/* A place of the edition met in the exhibit, and what is seen there. */
struct sight {
    uint32_t place; /* index in paper_sites.places */
    int8_t
        value; /* the alternative seen: 0, 1 or MARK_ERASED when neither can be told. What counts is
                       reading.read of its site, which several places may vote on */
    size_t at,
        len; /* bytes of the exhibit where it is seen; len 0 where the alternative is empty */
};

/* Reads what was seen (any length) against one edition. Near linear in the exhibit.
 * What several sights of one site say is put together by mark_sight_add: different outcomes that are
 * equally sure erase it. A mark too doubtful to count is erased. An exhibit that shares nothing gives coverage 0 and everything erased. */
void paper_read_marks(struct arena *arena, const struct lattice *lattice,
                      const struct paper_seen *exhibit, struct reading *reading);

#endif
