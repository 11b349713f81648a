/* Inside paper/ only: the lexicon as the site finder sees it. The file format is described in
 * lexicon/README.md; paper/site.h holds what other rooms may call. */
#ifndef PAPER_LEXICON_H
#define PAPER_LEXICON_H

#include "base/lang.h"
#include "base/str.h"
#include "paper/site.h"

enum lexicon_kind {
    LEXICON_WORD,
    LEXICON_ORDER,
    LEXICON_PUNCT,
    LEXICON_GLYPH,
    LEXICON_LOCKS,
    LEXICON_GUARD,
    LEXICON_KINDS
};

enum lexicon_test {
    TEST_NEXT,
    TEST_PREV,
    TEST_AFTER,
    TEST_BEFORE,
    TEST_HAS,
    TEST_TEXT,
    TEST_OPENS,
    TEST_START,
    TEST_END,
    TEST_ALONE
};

struct lexicon_values {
    const struct str *at;
    size_t count;
};

struct lexicon_condition {
    enum lexicon_test test;
    bool wanted; /* false: the condition must not hold */
    struct lexicon_values values;
};

struct lexicon_entry {
    enum lexicon_kind kind;
    struct str alt[2];
    bool one_way; /* only alt[0] in the master may change */
    bool paper;   /* one choice for the whole paper */
    const struct lexicon_condition *conditions;
    size_t nconditions;
    uint32_t kin;      /* first entry of its family (paper:NAME), else the entry itself */
    struct str family; /* NAME, or empty */
    struct str rule;   /* "zh:推动/推进" */
    unsigned line;
};

/* A way to recognise something at a place of the text: one alternative of an entry, or what follows
 * an absent one, or a phrase to lock or to keep whole. */
struct lexicon_form {
    enum lexicon_kind kind;
    uint32_t entry;  /* index into the book's entries; unused for locks and guards */
    uint8_t side;    /* which alternative stands in the text */
    bool absent;     /* that alternative is empty: `text` is what follows it */
    struct str text; /* unescaped; English in lower case */
    uint32_t next;   /* next form of the chain, or LEXICON_NONE */
};

#define LEXICON_NONE     UINT32_MAX
#define LEXICON_BUCKETS  2048U
#define LEXICON_ANYWHERE LEXICON_BUCKETS /* chain of absent forms that no first letter gives away */

/* All that is known for one language. Chains hold forms with the same first code point (hashed),
 * longest first. */
struct lexicon_book {
    struct lexicon_entry *entries;
    size_t nentries;
    struct lexicon_form *forms;
    size_t nforms;
    uint32_t chain[LEXICON_BUCKETS + 1];
};

struct paper_lexicon {
    struct arena *arena;
    struct lexicon_book book[LANG_COUNT];
};

/* The chain for text that begins with `code`. */
uint32_t lexicon_bucket(uint32_t code);

/* --- reading text by the lexicon (site_match.c) --- */

/* What the whole paper was asked for: the values, and whether it says one of them. */
struct scene_answer {
    const struct str *values;
    bool holds;
};
#define SCENE_ANSWERS 64U

/* What surrounds every question about a place: the document and what is known of its bytes. */
struct scene {
    const struct paper_doc *doc;
    const uint8_t *tongues; /* of each block, an enum lang */
    const struct lexicon_book *book;
    bool chinese;                 /* book and scene are of this language, and of its blocks alone */
    bool curly;                   /* the paper writes ’ for an apostrophe */
    uint8_t *marks;               /* SCENE_… bits of each byte, text.len + 1 of them */
    struct scene_answer *answers; /* SCENE_ANSWERS of them, filled as they are asked for */
};
enum {
    SCENE_EDGE = 1,   /* a word begins or ends before this byte */
    SCENE_LOCKED = 2, /* no site may touch this byte */
    SCENE_RUN = 4,    /* a run begins or ends before this byte */
    SCENE_TAKEN = 8,  /* a site lies here */
    SCENE_BLANK =
        16, /* a placeholder's: no site lies beside it either that is read from its neighbours */
};

/* Where `words` match the text that begins at byte `at`: the byte after them, or SIZE_MAX. Chinese
 * bytes as they are; English without case, white space runs as one space, whole words. */
size_t scene_match(const struct scene *scene, struct str words, size_t at);
/* Whether all conditions of an entry hold around [at, end) of the block. */
bool scene_allows(const struct scene *scene, const struct lexicon_entry *entry,
                  const struct paper_block *block, size_t at, size_t end);
/* A clause begins (ends) at this byte of the block. */
bool scene_clause_starts(const struct scene *scene, const struct paper_block *block, size_t at);
bool scene_clause_ends(const struct scene *scene, const struct paper_block *block, size_t end);
/* Whether [at, end) is free of locks and crosses no run's border. */
bool scene_is_open(const struct scene *scene, size_t at, size_t end);
bool scene_ends_stretch(uint32_t code); /* 。！？； and their like */
/* Whether the full stop at this byte of the block ends an English sentence: not in a decimal, a
 * file's name or an abbreviation. Looks no further than a few hundred bytes. */
bool scene_stops(const struct scene *scene, const struct paper_block *block, size_t at);

/* Fills SCENE_EDGE, SCENE_RUN and SCENE_LOCKED (locks.c). Linear. */
void scene_find_edges(struct arena *arena, struct scene *scene);
void scene_find_locks(struct arena *arena, struct scene *scene);
/* Whether the block is of the scene's language. */
bool scene_speaks(const struct scene *scene, const struct paper_block *block);
/* A block of the scene's language that may carry sites at all, and the byte where they may begin. */
bool scene_block_open(const struct scene *scene, const struct paper_block *block, size_t *from);

/* --- candidates (site_find.c, order.c, site_hidden.c) --- */

struct candidate {
    size_t at, end;
    struct str alt; /* what would stand there instead */
    uint32_t entry; /* of the book */
    uint32_t kin;   /* of the entry; set before candidates are put together */
    uint8_t side;
    bool holds; /* its context holds; else it is only a word that must not be left behind */
    bool head;  /* stands at the beginning of a stretch: parallel to its like in the block */
    uint32_t block;
    uint32_t stretch;
};
struct candidates {
    struct arena *arena;
    struct candidate *list;
    size_t count;
};
void candidates_add(struct candidates *candidates, struct candidate candidate);

/* The pair of like items that begins at byte `at`, if any, as candidate. */
bool order_match(struct arena *arena, const struct scene *scene, const struct paper_block *block,
                 const struct lexicon_form *form, size_t at, struct candidate *found);

/* A site in the making: places before they are numbered. */
struct draft {
    struct paper_place *places;
    size_t nplaces;
    struct paper_site *sites; /* in order of making; renumbered at the end */
    size_t nsites;
    struct arena *arena;
};
uint32_t draft_site(struct draft *draft, enum paper_channel channel, bool wide, struct str rule);
void draft_place(struct draft *draft, uint32_t site, size_t at, size_t end, struct str alt0,
                 struct str alt1);
/* Adds the sites of the invisible channels that the level has, in the gaps between the places that are there, which are
 * sorted. */
void hidden_find(const struct scene *scene, enum paper_level level, struct draft *draft);
/* Adds the sites of the layout, clear of all others. The draft's places are sorted. */
void layout_find(const struct scene *scene, enum paper_level level, struct draft *draft);

#endif
