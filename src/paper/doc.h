/* A paper as the program holds it: one text, cut into blocks, with runs laid over it.
 *
 * `text` is the whole edition as plain UTF-8, blocks separated by '\n'. Everything else points into
 * it by byte offsets: blocks, runs, sites, outline. Formats read into this and write from this.
 * Pure, like all of paper/: enters base/ and mark/, knows no file and no database. */
#ifndef PAPER_DOC_H
#define PAPER_DOC_H

#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"

enum paper_block_kind {
    PAPER_TITLE, /* the paper's own title line, at most one */
    PAPER_HEADING, /* level 1 … 6: Markdown #, or 一、 → 1, （一） → 2, 1. → 3 when it stands alone */
    PAPER_PARAGRAPH, /* level 0 */
    PAPER_MEASURE,   /* a paragraph that opens with 一要 / 一是 / 二要 … : level 0 */
    PAPER_ITEM,      /* list item; level = depth from 1; `ordinal` > 0 when numbered */
    PAPER_QUOTE,     /* level = depth from 1 */
    PAPER_CODE,      /* kept verbatim, may hold '\n' */
    PAPER_ROW,       /* one table row, cells separated by '\t'; level 1 for the header row */
    PAPER_RULE,      /* a horizontal line; empty text */
};

struct paper_block {
    enum paper_block_kind kind;
    unsigned level;
    unsigned ordinal;
    size_t at, len; /* range in the text, without the separating '\n' */
    size_t
        marker_len; /* bytes at its beginning that are the outline number, e.g. "一、", "（一）", "一要" */
};

enum paper_run_kind { PAPER_EMPHASIS, PAPER_STRONG, PAPER_CODE_SPAN, PAPER_LINK };

struct paper_run {
    enum paper_run_kind kind;
    size_t at, len; /* range in the text; runs nest but never cross; sorted by at, longer first */
    struct str target; /* of a link */
};

struct paper_doc {
    enum lang lang;
    struct str title; /* never empty: the title block's text, or the beginning of the first block */
    struct str text;
    struct paper_block *blocks;
    size_t nblocks;
    struct paper_run *runs;
    size_t nruns;
};

/* The block that holds byte `at` (binary search); the place right behind a block's last byte counts
 * as its own, so that an empty place at its end is found. NULL outside all. */
const struct paper_block *paper_block_at(const struct paper_doc *doc, size_t at);

/* The first run that begins at or behind byte `at` (binary search); nruns when there is none. */
size_t paper_run_from(const struct paper_doc *doc, size_t at);

/* The sentence around [at, at+len): a range inside one block that ends after 。！？；… or . ! ? and
 * closing quotes. A sentence longer than 4 KiB is cut on either side, so that asking stays cheap.
 * Empty when `at` lies outside all blocks. */
struct str paper_sentence_at(const struct paper_doc *doc, size_t at, size_t len);

/* The text's language by its letters: Chinese when at least a fifth of the letters are Han. */
enum lang paper_detect_lang(struct str text);

/* Recognises the official outline in one line of plain text: "一、", "（一）", "1.", "（1）", "一要",
 * "一是", "第一，" and the English "1.", "1.1", "(a)", "First,". Fills kind (PAPER_HEADING,
 * PAPER_MEASURE, PAPER_ITEM or PAPER_PARAGRAPH), level, ordinal and marker_len of *block. A numbered
 * line is a heading only when it is short and ends without sentence punctuation. */
void paper_classify_line(struct str line, enum lang lang, struct paper_block *block);

/* The first sentence of a paragraph or measure, when without its full stop it would be a numbered heading as a line of its
 * own: （一）全力以赴抓项目。项目是…. Fills *opening as that heading, by its place in the text; false when there is none. */
bool paper_find_opening(const struct paper_doc *doc, const struct paper_block *block,
                        struct paper_block *opening);

/* The document as bytes for keeping (versioned, little-endian, digest-stable: the same document
 * always gives the same bytes), and back. Reading accepts any bytes: STATUS_DAMAGED on what
 * does not fit, never an overrun. */
struct str paper_doc_pack(struct arena *arena, const struct paper_doc *doc);
enum status paper_doc_unpack(struct arena *arena, struct str bytes, struct paper_doc *doc,
                             struct error *err);

#endif
