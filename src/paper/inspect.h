/* What someone else may have hidden in a text, or a scanner got wrong.
 *
 * Looks at a text before it is published: invisible characters, look-alikes, odd spaces, mixed
 * widths, mixed forms of one word. Each concern says where, what probably was meant and how unusual
 * it is there. Precision matters more than recall: clean text stays silent. What a text does all the
 * time is its habit and no concern. Pure: the tables are built in. */
#ifndef PAPER_INSPECT_H
#define PAPER_INSPECT_H

#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"

enum concern_kind {
    CONCERN_INVISIBLE, /* zero-width, control, bidi, tag, soft hyphen … */
    CONCERN_LOOKALIKE, /* 第—, 大局屮, Kangxi radicals, Cyrillic in Latin words … */
    CONCERN_SPACE,     /* unusual white space, space inside Chinese text, doubled */
    CONCERN_WIDTH,     /* full width and half width mixed */
    CONCERN_FORM, /* two forms of one word in one text (其他/其它, -ise/-ize, 账/帐 …) */
};
#define CONCERN_KINDS 5

/* A further place of the same concern, put right together with the first. */
struct concern_place {
    size_t at; /* byte of the text */
    struct str found, intended;
};

struct concern {
    enum concern_kind kind;
    size_t at, len;        /* bytes of the text as given; len > 0 */
    unsigned line, column; /* 1-based; column in characters */
    struct str found;      /* the bytes there */
    struct str intended;   /* what was probably meant; may be empty (to be removed) */
    bool certain;          /* may be put right without asking */
    double unusual; /* -log10 of how often this is seen in such a place in clean text; ≥ 0 */
    char en[160], zh[160];      /* what it is and why it is reported, one line */
    struct concern_place *also; /* further places (CONCERN_FORM only), in order of place */
    size_t nalso;
};

struct concerns {
    struct concern *list; /* in order of place; they and their further places never overlap */
    size_t count;
};

/* Inspects text (valid UTF-8, up to 4 GiB; a malformed byte counts as one character and is left
 * alone). Near linear in time and memory. Never fails. `found` points into text; the rest lives in
 * the arena. */
struct concerns paper_inspect(struct arena *arena, struct str text, enum lang lang);

/* The text with the concerns for which apply[i] is true put right (further places included). `text`
 * is the very text that was inspected. Linear. */
struct str paper_inspect_clean(struct arena *arena, struct str text,
                               const struct concerns *concerns, const bool *apply);

const char *concern_kind_name(enum concern_kind kind); /* "invisible", "lookalike", … */

#endif
