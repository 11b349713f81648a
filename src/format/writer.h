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

/* What literals and choices go into. */
struct writer_sink {
    void (*literal)(void *to, struct str bytes);
    void (*choice)(void *to, uint32_t site, struct str alt0, struct str alt1);
    void *to;
};

/* How text looks that is written next, and how what is open looks: for formats that write the two apart. */
struct writer_look {
    unsigned strong, slanted, code; /* runs that are open */
    size_t link; /* the outermost link that is open, its run's index plus 1; 0: none */
};

struct writer {
    struct arena *arena;
    const struct paper_doc *doc;
    const struct paper_sites *sites; /* may be NULL */
    const struct format_frame *frame;
    struct writer_sink sink;
    const struct hooks *hooks;
    void *own;           /* the format's */
    struct buf *out;     /* where hooks write */
    struct buf literal;  /* … the text that every copy shares … */
    struct buf alts[2];  /* … and the two sides of a choice */
    const bool *dropped; /* runs that this format can't show, by index; NULL for none */
    size_t block;        /* index of the one being written */
    enum line_start start;
    struct writer_look wanted, shown;
    bool open;      /* a run of text is, and looks like `shown` */
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
    /* Brings what is open to what is wanted, so that both sides of a choice begin and end alike; may be NULL. */
    void (*settle)(struct writer *writer);
    /* A character with a wider gap behind it; NULL where that can't be shown. */
    void (*gap)(struct writer *writer, struct str character);
};

/* Writes a document through its hooks into the sink. `own` is given to them. */
void writer_write(const struct hooks *hooks, struct arena *arena, const struct paper_doc *doc,
                  const struct paper_sites *sites, const struct format_frame *frame,
                  struct writer_sink sink, void *own);
/* For hooks: a choice of what stands around the words. */
void writer_choose(struct writer *writer, uint32_t site, struct str alt0, struct str alt1);
/* For a plan. */
struct writer_sink writer_into_plan(struct stamp_plan *plan);

extern const struct hooks format_text_hooks;
extern const struct hooks format_markdown_hooks;
extern const struct hooks format_html_hooks;
extern const struct hooks format_page_hooks;    /* of the same, the part between head and foot */
extern const struct hooks format_outline_hooks; /* a list of links; `own` is a writer_contents */

/* What a table of contents names: the headings, and what opens a paragraph as one would (paper_find_opening). */
struct writer_anchor {
    char letter;     /* 'h' or 'p', and */
    unsigned number; /* its number: the id in the page */
};
struct writer_contents {
    struct paper_doc doc;          /* these alone, as headings without runs */
    struct writer_anchor *anchors; /* by block of it */
};
/* Writes it as nested lists of links. */
void writer_write_contents(struct arena *arena, const struct paper_doc *doc,
                           const struct paper_sites *sites, struct writer_sink sink);

/* Text as HTML. */
void format_escape_html(struct buf *out, struct str text);
/* The block before or after the one being written, NULL at the ends. */
const struct paper_block *writer_before(const struct writer *writer);
const struct paper_block *writer_after(const struct writer *writer);
/* Whether a row begins a table: after another block, or by a header of its own. */
bool writer_opens_table(const struct paper_block *before, const struct paper_block *block);
/* The site of a layout mark at the block's first line; NULL where there is none. */
const struct paper_place *writer_line_place(const struct writer *writer,
                                            const struct paper_block *block);
/* Whether a link may lead there: only by schemes that can't run anything, or to a place in the page or site. */
bool writer_is_safe_target(struct str target);
/* An item that is to be shown in a list: its number, if any, is not part of its text. */
bool writer_is_listed(const struct paper_block *block);

#endif
