/* A paper's strength, in figures that an editor can act on. */
#ifndef LIBRARY_STRENGTH_H
#define LIBRARY_STRENGTH_H

#include "base/lang.h"
#include "paper/site.h"

#define STRENGTH_FALSE_ALARM 1e-6
#define STRENGTH_ERROR_RATE  0.02 /* marks misread in a text retyped by hand */
#define STRENGTH_READ_SHARE  0.93 /* marks readable in a text retyped by hand */

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
    uint32_t wanted; /* visible sites that one further colluder would take */
};

struct strength library_measure_strength(struct arena *arena, const struct paper_doc *doc,
                                         const struct paper_sites *sites, unsigned colluders,
                                         uint64_t members);

/* What of it is read from a print, scan, photograph or screenshot, in a sentence, in the arena. */
struct str library_picture_words(struct arena *arena, const struct strength *strength,
                                 enum lang lang);

/* The coalition size to plan a code for, from the visible sites there are: the largest for which
 * the paper holds half as many marks again as such a coalition takes, 2 at the least. */
unsigned library_plan_colluders(uint32_t visible_sites, uint64_t members);

/* Unlocked sites that survive retyping. */
uint32_t library_visible_sites(const struct paper_sites *sites);

#endif
