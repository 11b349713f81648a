/* Inside format/: files that chancery-reader reads. */
#ifndef FORMAT_SEE_H
#define FORMAT_SEE_H

#include "format/format.h"

struct see_block {
    enum paper_block_kind kind; /* title, heading, paragraph, item or row */
    unsigned level;
    struct str text;
};
/* What a reader answered, taken apart. */
struct see_answer {
    struct format_seen seen; /* of an exhibit */
    struct format_glance glance;
    struct see_block *blocks; /* of a paper */
    size_t nblocks;
    struct format_left left[FORMAT_LEFT_KINDS];
    unsigned refused; /* enum reader_refusal, 0: not */
    uint32_t number;  /* … and what it is about */
};
/* Reads an answer, any bytes whatever; everything in it points into `bytes` or the arena. False when it is none, is cut
 * off, or does not fit together. */
bool see_read_answer(struct arena *arena, struct str bytes, struct see_answer *answer);

/* Looks for records of progress in an answer that still grows. *from is where the last one ended, 0 at first; gives the
 * newest. False on a record that is longer than an answer. */
bool see_follow_answer(struct str bytes, size_t *from, unsigned *done, unsigned *all);

/* Runs chancery-reader over a file and gives its whole answer. `silence_ms`: how long it may say nothing. The words of an
 * error begin with the file's name. */
enum status see_run(struct arena *arena, struct str name, struct str bytes, const char *task,
                    int silence_ms, const struct format_watch *watch, struct str *answer,
                    struct error *err);

/* Adds numbers of copies that headers and footers of a Word document or an OpenDocument text show, in words or in a line
 * drawn across the page, to seen->signs. Linear; takes no more than some megabytes of a package. */
void see_margins(struct arena *arena, struct str bytes, struct format_seen *seen);

#define SEE_SILENCE_MS 180000 /* a page that is a picture has a minute of a processor */

#endif
