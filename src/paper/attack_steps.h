/* Inside attacks only: the tables, and the noise that several attacks share. */
#ifndef PAPER_ATTACK_STEPS_H
#define PAPER_ATTACK_STEPS_H

#include "paper/attack.h"

/* A number below `limit` (> 0). */
size_t attack_pick(struct attack_dice *dice, size_t limit);

/* As a hand retypes it: nothing invisible, compatibility forms as their plain ones, white space
 * laid anew, and of every hundred characters two wrong, missing or doubled. */
struct str attack_retype(struct arena *arena, struct str text, struct attack_dice *dice);
/* As a scanner reads it. */
struct str attack_scan(struct arena *arena, struct str text, enum lang lang,
                       struct attack_dice *dice);
/* NFKC of the whole text; as it is when ICU refuses. */
struct str attack_normalise(struct arena *arena, struct str text);

/* A sentence that has nothing to do with any paper. */
struct str attack_foreign_sentence(enum lang lang, struct attack_dice *dice);

#endif
