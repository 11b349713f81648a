/* The outline of official prose as data: numbered parts, the measures under each (一要 …, 一是 …, First, …),
 * and the sentence that each opens with.
 *
 * A measure stands at the head of a paragraph, or further on in one behind the end of a sentence or clause;
 * there it counts when it goes on from the one before, or is a first. A part has a heading, or opens its paragraph by
 * a first sentence that would be one: （一）全力以赴抓项目。项目是… Made from a member's own copy
 * (copy_make_doc), so that what it holds are that member's words. Pure. */
#ifndef LIBRARY_OUTLINE_H
#define LIBRARY_OUTLINE_H

#include "paper/doc.h"

enum outline_kind { OUTLINE_MEASURE, OUTLINE_ITEM };
struct outline_entry {
    enum outline_kind kind;
    unsigned ordinal;    /* 1 for 一要 */
    struct str marker;   /* "一要"; empty for an item numbered by its list */
    struct str sentence; /* with its marker */
    unsigned paragraph;  /* its paragraph's id is "p" and this number */
};

struct outline_part {
    unsigned heading; /* its heading's id is "h" and this number; 0: it has none, */
    unsigned
        paragraph; /* and opens the paragraph whose id is "p" and this number; both 0: what stands before the first */
    unsigned level, ordinal;
    struct str marker; /* "一、"; may be empty */
    struct str title;  /* without it */
    struct outline_entry *entries;
    size_t nentries;
};

struct outline {
    struct outline_part *parts;
    size_t nparts;
    size_t measures; /* in all */
};

/* In the arena; texts point into the document's. */
void library_make_outline(struct arena *arena, const struct paper_doc *doc,
                          struct outline *outline);

#endif
