/* Of pages as lines of characters one text: what an exhibit says, with its doubts and its shifts. */
#ifndef READER_WORDS_H
#define READER_WORDS_H

#include "reader/reader.h"

struct words_paragraph {
    const struct reader_line *first; /* how it looks */
    size_t at;                       /* in the text */
};
struct wording {
    struct paper_seen seen;
    const struct words_paragraph *paragraphs;
    size_t nparagraphs;
};

/* Joins the lines of all pages into paragraphs, a line of the text each, heads and feet left out, notes at the end, and
 * measures. Linear but for sorting and tables. In the reader's arena. */
void words_compose(struct reader *reader, struct wording *words);
/* A paragraph without the line's end. */
struct str words_paragraph_text(const struct wording *words, size_t at);

#endif
