/* A paper's strength, in figures that an editor can act on. */
#ifndef LIBRARY_STRENGTH_H
#define LIBRARY_STRENGTH_H

#include "base/lang.h"
#include "paper/site.h"

#define STRENGTH_FALSE_ALARM 1e-6
#define STRENGTH_ERROR_RATE  0.02 /* marks misread in a text retyped by hand */
#define STRENGTH_READ_SHARE  0.93 /* marks readable in a text retyped by hand */
/* What a page printed and scanned at 200 dpi gives, for planning. */
#define STRENGTH_PAGE_ZH \
    600U /* characters of an A4 page of an official document, white space not counted … */
#define STRENGTH_PAGE_EN    2300U /* … in English */
#define STRENGTH_SCAN_WORDS 0.88  /* marks in words, order and punctuation that are read */
#define STRENGTH_SCAN_LAYOUT \
    0.75 /* marks of the layout that are: some end a line or begin a page … */
#define STRENGTH_SCAN_DOUBT 0U /* … and this is how doubtful they are on average */

struct strength {
    uint32_t sites[PAPER_CHANNELS]; /* unlocked */
    uint32_t locked;
    uint32_t visible;       /* unlocked and surviving retyping */
    size_t characters;      /* of the text, white space not counted */
    uint64_t members;       /* present members */
    size_t excerpt_present; /* characters of a retyped excerpt that name one leaker; 0: the whole
                               text does not */
    size_t excerpt_million; /* the same among a million members */
    unsigned coalition;     /* members who may combine copies, one still named; 0: not even one */
    unsigned coalition_million;
    uint32_t wanted;        /* visible sites that one further colluder would take */
    size_t page_characters; /* of an A4 page … */
    uint32_t page_marks,
        page_layout; /* … which holds about so many marks that survive print and scan, and
                                         of these so many of the layout */
    uint32_t
        scan_pages; /* scanned pages that name one leaker among the present; 0: all of them do not */
};

/* Measures a paper with its sites for a code planned for so many colluders, among `members` that there are now. The arena is
 * for the work alone. */
struct strength library_measure_strength(struct arena *arena, const struct paper_doc *doc,
                                         const struct paper_sites *sites, unsigned colluders,
                                         uint64_t members);

/* What of its marks is read from a print that was scanned or photographed, in a sentence or two. In the arena. */
struct str library_picture_words(struct arena *arena, const struct strength *strength,
                                 enum lang lang);

/* The coalition size to plan a code for, from the visible sites there are: the largest for which
 * the paper holds half as many marks again as such a coalition takes, 2 at the least. */
unsigned library_plan_colluders(uint32_t visible_sites, uint64_t members);

/* Unlocked sites that survive retyping. */
uint32_t library_visible_sites(const struct paper_sites *sites);

#endif
