/* Inside format/: the one walk that writes every format, and what a format tells it.
 *
 * format_write walks the blocks; inside each it merges three sorted lists, text, run borders and
 * places of sites, and calls the format's hooks, which append to writer->out. A hook never knows
 * whether it writes the master's text or an alternative. */
#ifndef FORMAT_WRITER_H
#define FORMAT_WRITER_H

#include "format/format.h"

enum line_start {
    LINE_MIDDLE, /* something other than a number has been written in this block */
    LINE_START,  /* nothing yet: a mark here would open a list, a heading … */
    LINE_DIGITS, /* only digits: a full stop here would open a numbered list */
};

#define WRITER_LISTS 16U

struct writer {
    struct arena *arena;
    const struct paper_doc *doc;
    const struct paper_sites *sites; /* may be NULL */
    const struct format_frame *frame;
    struct stamp_plan *plan;
    const struct hooks *hooks;
    struct buf *out;     /* where hooks write */
    struct buf literal;  /* … the text that every copy shares … */
    struct buf alts[2];  /* … and the two sides of a choice */
    const bool *dropped; /* runs that this format can't show, by index; NULL for none */
    size_t block;        /* index of the one being written */
    enum line_start start;
    bool verbatim;  /* inside code: nothing is escaped */
    unsigned lists; /* html: lists open; md: depth of the last item */
    bool ordered[WRITER_LISTS + 1];
    unsigned offset[WRITER_LISTS + 1]; /* md: columns an item's text begins at */
    unsigned headings, paragraphs;
    unsigned top_level; /* smallest heading level of the document */
    unsigned columns;   /* of the table being written */
};

struct hooks {
    void (*begin)(struct writer *writer);
    void (*end)(struct writer *writer);
    void (*block_begin)(struct writer *writer, const struct paper_block *block);
    void (*block_end)(struct writer *writer, const struct paper_block *block);
    void (*run_begin)(struct writer *writer, size_t run);
    void (*run_end)(struct writer *writer, size_t run);
    void (*text)(struct writer *writer, struct str text);
    const bool *(*drop_runs)(struct writer *writer); /* may be NULL */
};

extern const struct hooks format_text_hooks;
extern const struct hooks format_markdown_hooks;
extern const struct hooks format_html_hooks;
extern const struct hooks format_page_hooks;    /* of the same, the part between head and foot */
extern const struct hooks format_outline_hooks; /* a list of links to the headings */

/* First place that begins at or after byte `at`; nplaces when there is none. */
size_t writer_place_from(const struct writer *writer, size_t at);
/* The block before or after the one being written, NULL at the ends. */
const struct paper_block *writer_before(const struct writer *writer);
const struct paper_block *writer_after(const struct writer *writer);
/* An item that is to be shown in a list: its number, if any, is not part of its text. */
bool writer_is_listed(const struct paper_block *block);

#endif
