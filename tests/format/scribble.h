/* For tests of writers: documents and sites made up at random, and copies of them by the plainest means. */
#ifndef TESTS_SCRIBBLE_H
#define TESTS_SCRIBBLE_H

#include <stddef.h>
#include <stdint.h>

#include "format/format.h"

/* Below `below`; the same row of numbers in each run. */
size_t scribble_dice(size_t below);
/* Reads a text; the test fails where it can't be read. */
struct paper_doc scribble_read(struct arena *arena, struct str text, enum format_kind kind);
/* A text full of what may mean something in Markdown. */
struct str scribble_markdown(struct arena *arena);
/* At most 200 sites of one place each, some empty, at character borders inside blocks; never overlapping. */
struct paper_sites scribble_sites(struct arena *arena, const struct paper_doc *doc);
/* The copy's text by plain replacement in the document's text. */
struct str scribble_stamp(struct arena *arena, const struct paper_doc *doc,
                          const struct paper_sites *sites, const uint8_t *bits);
/* Without white space. */
struct str scribble_pressed(struct arena *arena, struct str text);

#endif
