/* Marking sites: where an edition has two renderings that read the same.
 *
 * The finder runs once per edition. A *site* has one bit in each member's codeword and one place or
 * more in the text ("one choice, one site": spelling, terms and other things that good style keeps
 * consistent are one site for the whole paper; what writers vary freely is a site at each place).
 * Sites belong to the paper: paper_carry_sites gives a new edition's sites their old numbers
 * wherever the passage is unchanged. */
#ifndef PAPER_SITE_H
#define PAPER_SITE_H

#include "paper/doc.h"

enum paper_channel {
    PAPER_WORD,
    PAPER_ORDER,
    PAPER_PUNCT,
    PAPER_GLYPH,
    PAPER_SPACE,
    PAPER_ZERO,
    PAPER_LAYOUT,
    PAPER_CHANNELS
};
/* How a layout mark shows. Its place covers one character, and both alternatives are that character: what
 * differs is the space beside it. */
enum paper_shift_kind {
    PAPER_SHIFT_GAP,  /* rule "layout:gap": with bit 1 the gap behind the character is wider … */
    PAPER_SHIFT_LINE, /* rule "layout:line": with bit 1 the character's line stands lower … */
};
#define PAPER_GAP_EMS  0.125 /* … by so many ems of the text's size … */
#define PAPER_LINE_EMS 0.1   /* … or so many */
enum paper_level { PAPER_DISCREET, PAPER_STANDARD, PAPER_FULL };

const char *paper_channel_name(enum paper_channel channel); /* "word", "order", … */
/* As a reader of `lang` calls it: "word order", "语序"; static. */
const char *paper_channel_word(enum paper_channel channel, enum lang lang);
bool paper_channel_parse(struct str name, enum paper_channel *channel);
const char *paper_level_name(enum paper_level level); /* "discreet", "standard", "full" */
bool paper_level_parse(struct str name, enum paper_level *level);
bool paper_level_has(enum paper_level level, enum paper_channel channel);
/* Word, order and punct survive retyping; the other channels do not. */
bool paper_channel_is_visible(enum paper_channel channel);

/* One place of a site. alt[0] is exactly the master's bytes [at, at+len); alt[1] replaces them.
 * Either may be empty (not both). The two are the same for the layout, whose places cover one
 * character that no place but an empty one touches, and for no other channel. Places never overlap and never cross a block's border. */
struct paper_place {
    size_t at, len;
    uint32_t site;
    struct str alt[2];
};

struct paper_site {
    uint32_t number; /* index of its bit in the paper's codewords; equal to its index in `sites` */
    enum paper_channel channel;
    bool locked;     /* never marked: every copy has alternative 0 */
    bool absent;     /* a number of the paper that this edition has no place for */
    bool wide;       /* one choice for the whole paper, read by vote over its places */
    bool by_hand;    /* added by an editor */
    struct str rule; /* lexicon entry or rule that made it, e.g. "zh:推动/推进" */
};

/* How the marks of a site of the channel PAPER_LAYOUT show. */
enum paper_shift_kind paper_site_shift(const struct paper_site *site);
/* What a layout mark with this bit looks like, for people: "wider gap behind this mark". Static. */
const char *paper_shift_words(enum paper_shift_kind kind, unsigned bit, enum lang lang);

struct paper_sites {
    struct paper_site *sites; /* index = number; nsites is the codeword's length */
    uint32_t nsites;
    struct paper_place *places; /* sorted by at */
    size_t nplaces;
};

/* The first place that begins at or behind byte `at` (binary search); their number when there is none, 0 for no sites. */
size_t paper_place_from(const struct paper_sites *sites, size_t at);

/* The lexicon: alternatives with their context rules, and locked phrases, for both languages, read
 * from the data files; see lexicon/README.md for their format. */
struct paper_lexicon;

/* Parses one lexicon file's text into the lexicon (made by paper_lexicon_make). `name` is used in
 * messages: STATUS_INPUT names file, line and what is wrong. Entries keep pointing into `text`. */
struct paper_lexicon *paper_lexicon_make(struct arena *arena);
enum status paper_lexicon_add(struct paper_lexicon *lexicon, struct str name, struct str text,
                              struct error *err);
/* Entries (pairs) for a language, for figures and tests. */
size_t paper_lexicon_count(const struct paper_lexicon *lexicon, enum lang lang);

/* Finds the sites of doc for a level. Pure and deterministic for the same lexicon. Numbers run from
 * 0 in order of first place. Takes near-linear time. */
enum status paper_find_sites(struct arena *arena, const struct paper_doc *doc,
                             const struct paper_lexicon *lexicon, enum paper_level level,
                             struct paper_sites *sites, struct error *err);

/* Gives `now` (found in doc_now) the numbers, locks and hand-made sites of `before` (of doc_before)
 * wherever the passage is unchanged, i.e. the place and its neighbours within 2 characters match;
 * new sites get numbers from before->nsites on; numbers without a place are kept as absent. */
void paper_carry_sites(struct arena *arena, const struct paper_doc *doc_before,
                       const struct paper_sites *before, const struct paper_doc *doc_now,
                       struct paper_sites *now);

/* Adds by hand: every occurrence of `quoted` (which may carry context: the part that differs from
 * `alternative` is what is replaced) becomes one site (or, with `each`, one site a place). Fails
 * with STATUS_INPUT when the words are not in the text, or when they overlap a site that is there
 * (named in the message), or when both read the same. */
enum status paper_add_site(struct arena *arena, const struct paper_doc *doc, struct str quoted,
                           struct str alternative, bool each, struct paper_sites *sites,
                           struct error *err);

/* Kept form, like paper_doc_pack. */
struct str paper_sites_pack(struct arena *arena, const struct paper_sites *sites);
enum status paper_sites_unpack(struct arena *arena, struct str bytes, const struct paper_doc *doc,
                               struct paper_sites *sites, struct error *err);

#endif
