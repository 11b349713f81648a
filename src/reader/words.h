/* Of pages as lines of characters one text: what an exhibit says, with its doubts and its shifts. */
#ifndef READER_WORDS_H
#define READER_WORDS_H

#include "reader/reader.h"

/* Joins the lines of all pages into paragraphs, a line of the text each, heads and feet left out, and measures. Linear
 * but for sorting. In the reader's arena. */
void words_compose(struct reader *reader, struct paper_seen *seen);

#endif
