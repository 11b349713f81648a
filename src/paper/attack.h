/* What leakers do to a text, as functions: for rehearsals, tests and benchmarks.
 *
 * Each takes plain text (or several members' copies of it) and a seed, and gives the attacked text.
 * The same seed gives the same result on every machine. Pure. */
#ifndef PAPER_ATTACK_H
#define PAPER_ATTACK_H

#include "base/lang.h"
#include "base/str.h"
#include "paper/seen.h"

/* A small deterministic generator (splitmix64). Not for keys. */
struct attack_dice {
    uint64_t state;
};
/* The next 64 bits, each as likely. */
uint64_t attack_roll(struct attack_dice *dice);
double attack_chance(struct attack_dice *dice); /* [0, 1) */

enum attack_kind {
    ATTACK_PASTE,       /* as it is */
    ATTACK_STRIP,       /* zero-width characters and odd spaces gone */
    ATTACK_FOLD,        /* NFKC, full and half width */
    ATTACK_REFLOW,      /* white space collapsed, lines re-broken */
    ATTACK_TRADITIONAL, /* Simplified → Traditional → Simplified (no-op on English) */
    ATTACK_RETYPE,   /* 2 % of characters wrong, missing or doubled; nothing invisible survives */
    ATTACK_OCR,      /* typical confusions, spaces and line breaks inserted */
    ATTACK_EXCERPT,  /* 1,200 characters (en: 3,000) from anywhere, retyped */
    ATTACK_REORDER,  /* paragraphs in another order */
    ATTACK_EMBED,    /* foreign text before, between and after */
    ATTACK_REWRITE,  /* a third of the sentences rewritten */
    ATTACK_COMBINED, /* strip, fold, reorder, embed, retype together */
    ATTACK_SINGLES
};
/* Mixing several members' copies of one edition. */
enum attack_mix {
    MIX_SENTENCE, /* each sentence from one of them */
    MIX_RANDOM,   /* each site from one of them */
    MIX_MAJORITY,
    MIX_MINORITY,
    MIX_ZEROS,
    MIX_ONES,
    ATTACK_MIXES
};
const char *attack_name(enum attack_kind kind, enum lang lang);
const char *attack_mix_name(enum attack_mix mix, enum lang lang);

/* Applies a single-copy attack to `text`. */
struct str attack_text(struct arena *arena, struct str text, enum lang lang, enum attack_kind kind,
                       struct attack_dice *dice);
/* How a page is seen: with which noise its layout is measured, and how its words are read. */
struct attack_page {
    double noise;   /* standard error of what is measured, in ems */
    double offset;  /* by which all that is measured is off, in ems … */
    double stretch; /* … and how much wider than meant, 1 as it is meant */
    double lost;    /* share of the layout's marks that end a line or begin a page */
    double
        doubtful; /* share of characters that are read with some doubt; a third of them wrongly */
    size_t characters; /* seen of the copy, from anywhere in it; 0: all of them */
};
/* What a reader of pages sees of the copy with these bits, locks applied. */
struct paper_seen attack_measure(struct arena *arena, const struct paper_doc *doc,
                                 const struct paper_sites *sites, const uint8_t *bits,
                                 const struct attack_page *how, struct attack_dice *dice);
/* The bits that a coalition comes to: bits[k] is member k's (locks applied), result has nsites. For
 * MIX_SENTENCE the site's sentence decides. Ties in majority/minority fall at random. */
void attack_mix_bits(const struct paper_doc *doc, const struct paper_sites *sites,
                     const uint8_t *const *bits, size_t members, enum attack_mix mix,
                     struct attack_dice *dice, uint8_t *result);

#endif
