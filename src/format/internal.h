/* Inside format/: how readers put a document together. Never included from elsewhere. */
#ifndef FORMAT_INTERNAL_H
#define FORMAT_INTERNAL_H

#include "format/format.h"

#define FORMAT_DEPTH_MAX 16U /* quotations, lists and runs nested deeper are flattened */

/* A document while it grows, block by block. */
struct composer {
    struct arena *arena;
    struct buf text;
    struct paper_block *blocks;
    size_t nblocks, blocks_cap;
    struct paper_run *runs;
    size_t nruns, runs_cap;
    size_t first_run;              /* of the open block */
    size_t open[FORMAT_DEPTH_MAX]; /* indices of open runs */
    unsigned depth, too_deep;
    bool broken; /* a line break waits for what comes after it */
};

/* Opens a block; text added belongs to it until compose_end. */
void compose_begin(struct composer *composer, enum paper_block_kind kind, unsigned level,
                   unsigned ordinal);
/* Adds text; in all blocks but code '\n' and '\r' become spaces and leading white space is left
 * out. */
void compose_text(struct composer *composer, struct str text);
/* A line break inside a block: a space, or nothing between two Chinese characters. */
void compose_break(struct composer *composer);
void compose_run_begin(struct composer *composer, enum paper_run_kind kind, struct str target);
void compose_run_end(struct composer *composer);
/* Closes the block, trims it, and drops it when nothing is left. Returns it or NULL. The pointer
 * holds until the next block. */
struct paper_block *compose_end(struct composer *composer);
/* The same, and lays the outline over it: whole for paragraphs, its number only for headings. */
void compose_end_outlined(struct composer *composer, enum lang lang);
/* Takes the open block back, with all in it. */
void compose_drop(struct composer *composer);
/* Text of a block that is closed. */
struct str compose_block_text(const struct composer *composer, size_t block);
/* Turns what was composed into a document, finding the title unless one is given. STATUS_INPUT
 * when there is no text. */
enum status compose_finish(struct composer *composer, enum lang lang, struct str title,
                           struct paper_doc *doc, struct error *err);

/* Whether decoded text is a web page, and what a person reads on it, a line for each block. STATUS_INPUT when it is too
 * great or has no words. */
bool format_is_html(struct str text);
enum status format_read_html_words(struct arena *arena, struct str name, struct str text,
                                   struct str *words, struct error *err);

void format_read_text(struct composer *composer, struct str text, enum lang lang);
void format_read_markdown(struct composer *composer, struct str text, enum lang lang);

#endif
