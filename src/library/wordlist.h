/* The lexicon that is built into the program. */
#ifndef LIBRARY_WORDLIST_H
#define LIBRARY_WORDLIST_H

#include "paper/site.h"

/* Reads every embedded lexicon file. Some milliseconds. The lexicon lives in the arena. Fails only
 * when a file was built in broken, which the tests rule out. */
enum status library_load_lexicon(struct arena *arena, struct paper_lexicon **lexicon,
                                 struct error *err);

#endif
