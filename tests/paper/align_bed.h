/* A test bed for alignment: papers made up on the spot, with sites of every kind, and copies.
 *
 * The text between sites is drawn from a list of characters (or syllables), so that it repeats
 * itself about as much as prose does; the same seed gives the same paper. */
#ifndef TEST_ALIGN_BED_H
#define TEST_ALIGN_BED_H

#include "paper/align.h"
#include "paper/attack.h"

struct bed {
    struct arena *arena;
    struct paper_doc doc;
    struct paper_sites sites;
    struct lattice *lattice;
};

/* Kinds of sites to lay out, as bits. */
enum {
    BED_PAIRS = 1,    /* one word or another */
    BED_OPTIONAL = 2, /* a character or nothing */
    BED_ORDER = 4,    /* two items in either order */
    BED_PUNCT = 8,    /* ； or ， */
    BED_ZERO = 16,    /* a zero-width character or nothing */
    BED_SPACE = 32,   /* a thin space or nothing */
    BED_GLYPH = 64,   /* a compatibility form */
    BED_WIDE = 128,   /* one choice for the whole paper, at many places */
    BED_LAYOUT = 256, /* gaps behind full stops, and lines */
    BED_VISIBLE = BED_PAIRS | BED_OPTIONAL | BED_ORDER | BED_PUNCT,
};

/* A paper of about `characters` characters. */
struct bed bed_make(struct arena *arena, enum lang lang, size_t characters, unsigned kinds,
                    uint64_t seed);
/* A paper with the given text and places (places sorted; sites numbered by `site`). */
struct bed bed_of(struct arena *arena, enum lang lang, const char *text,
                  const struct paper_place *places, size_t nplaces, struct paper_site *sites,
                  uint32_t nsites);
/* Random bits for the sites, and the copy that they give. */
uint8_t *bed_bits(const struct bed *bed, uint64_t seed);
struct str bed_copy(const struct bed *bed, const uint8_t *bits);

/* Marks read, of them wrong, and unlocked sites in all. */
struct bed_score {
    uint32_t sites, read, wrong;
};
struct bed_score bed_score(const struct bed *bed, const struct reading *reading,
                           const uint8_t *bits);

#endif
