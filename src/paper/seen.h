/* What was seen in an exhibit: its text, how surely each character was read, and how what stands on a page
 * is shifted against where it usually would stand.
 *
 * A reader of files makes it (format_see); paper_read_marks reads marks off it. Nothing in it may depend on
 * any member's codeword: what is uncertain is judged by the page alone. */
#ifndef PAPER_SEEN_H
#define PAPER_SEEN_H

#include "paper/site.h"

struct paper_shift {
    size_t at; /* PAPER_SHIFT_GAP: the byte right behind the character before the gap;
                  PAPER_SHIFT_LINE: the first byte of the line that stands lower */
    enum paper_shift_kind kind;
    float ems;   /* measured: how much wider than usual, in ems of the text (about 0, or about
                    PAPER_GAP_EMS or PAPER_LINE_EMS); a scale that the whole page shares may be left in */
    float noise; /* standard error of it, in ems */
};

struct paper_seen {
    struct str text; /* valid UTF-8 */
    const uint8_t
        *doubt; /* of each byte of the text the chance in 255ths that its character was misread;
                             NULL: none was */
    const struct paper_shift
        *shifts; /* sorted by `at`; a gap that could not be measured is left out */
    size_t nshifts;
};

/* A text that was found as text: nothing doubtful, nothing measured. */
static inline struct paper_seen paper_seen_text(struct str text)
{
    return (struct paper_seen){.text = text};
}

#endif
