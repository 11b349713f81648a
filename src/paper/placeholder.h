/* Placeholders: what a template leaves open, and a document with it filled in.
 *
 * A placeholder is {{name}}, 【name】, a run of two or more X or × (with figures that stand right before it:
 * 20××), or a date with X in it (××年×月×日), which is one. No marking site touches one, so what is filled in
 * takes no mark away. Code holds none. Pure. */
#ifndef PAPER_PLACEHOLDER_H
#define PAPER_PLACEHOLDER_H

#include "paper/site.h"

#define PLACEHOLDER_NAME_MAX 60U /* characters */

/* What is asked for, as far as the text tells. */
enum placeholder_kind {
    PLACEHOLDER_TEXT,
    PLACEHOLDER_DATE,
    PLACEHOLDER_PLACE,
    PLACEHOLDER_NUMBER,
    PLACEHOLDER_CHOICE,
    PLACEHOLDER_KINDS
};
const char *placeholder_kind_name(enum placeholder_kind kind); /* "text", "date", "place" … */
bool placeholder_kind_parse(struct str name, enum placeholder_kind *kind);

struct placeholder {
    size_t at, len; /* in the text, inside one block */
    struct str
        name; /* what stands in its brackets, or the run with the word behind it; never empty */
    enum placeholder_kind kind;
};

/* Finds all of them, in order, in the arena. Linear. */
void paper_find_placeholders(struct arena *arena, const struct paper_doc *doc,
                             struct placeholder **list, size_t *count);

/* A stretch of the text and what stands there instead, on one line. */
struct paper_filling {
    size_t at, len;
    struct str text;
};
/* The document and its sites with the fillings (in order, none overlapping, none touching the inside of a
 * place) put in: text, title, blocks, runs and places moved along. The sites keep numbers and alternatives.
 * In the arena; linear. */
void paper_fill(struct arena *arena, const struct paper_doc *doc, const struct paper_sites *sites,
                const struct paper_filling *fillings, size_t count, struct paper_doc *filled,
                struct paper_sites *moved);

#endif
