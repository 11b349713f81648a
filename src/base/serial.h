/* Numbers that people read from paper and type: 15 characters at random (74 bits) and one that checks them, from an
 * alphabet without the letters and digits that are mixed up (0, 1, I, L, O), in groups of four: "7KMP-QW3X-HD9A-T5RC".
 *
 * The check finds any one wrong character and any two that changed places, neighbours or not. */
#ifndef BASE_SERIAL_H
#define BASE_SERIAL_H

#include "base/error.h"
#include "base/str.h"

#define SERIAL_LEN      16
#define SERIAL_TEXT_LEN 19 /* with its hyphens */

struct serial {
    char text[SERIAL_LEN + 1]; /* capitals, without hyphens */
};

/* A new one, that nobody guesses. */
enum status serial_make(struct serial *serial, struct error *err);
/* What somebody typed: any case and width, with or without hyphens and spaces. False when it can't be one, as its
 * length, a character or the check says. */
bool serial_read(struct str typed, struct serial *serial);
/* The next one that stands in a text as it is printed, with hyphens or dashes between the groups, at *at or behind it;
 * moves *at behind it. False when there is no more. Linear. */
bool serial_find(struct str text, size_t *at, struct serial *serial);

#define SERIAL_NEAR_MOST 16U
/* What a number may have been of which a reader of letters got one character wrong, left one out or saw one too many: all
 * that the check lets pass. `text` is the number alone, in its four groups as it is printed. 0 where it is none, or not like
 * one. Which of them it was is for whoever knows the numbers that were given. */
size_t serial_list_near(struct str text, struct serial near[SERIAL_NEAR_MOST]);

static inline struct str serial_str(const struct serial *serial)
{
    return (struct str){serial->text, SERIAL_LEN};
}
/* As it is printed, with its hyphens, in the arena. */
struct str serial_print(struct arena *arena, const struct serial *serial);

#endif
