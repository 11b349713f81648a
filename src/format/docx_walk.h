/* Inside format/: a Word document as it is walked. */
#ifndef FORMAT_DOCX_WALK_H
#define FORMAT_DOCX_WALK_H

#include "format/docx_looks.h"
#include "format/docx_map.h"
#include "format/internal.h"

#define DOCX_FIELDS_MOST 16U

struct docx_link {
    struct str id, target;
};
struct docx_note {
    struct str id, text;
    size_t at;       /* in what was gathered of notes … */
    size_t piece;    /* … and the first of the map's pieces that may be its own */
    unsigned number; /* in the order in which they are referred to; 0: not at all */
};
struct docx {
    struct arena *arena;
    struct package *package;
    struct composer *composer;
    struct xml *xml;
    struct docx_looks *looks;
    struct format_left *left;
    enum lang lang;
    struct str folder; /* of the main part: "word/" */
    struct docx_link *relations;
    size_t nrelations;
    struct docx_note *notes;
    size_t nnotes;
    unsigned noted;
    size_t numbering;  /* bytes of the numbers that were written out */
    struct buf *aside; /* text that is only gathered goes here */
    struct buf noted_text;
    struct docx_map *map; /* NULL: nobody asks */
    uint32_t part;        /* that is walked, as the map counts them */
    size_t lines_cap;
    int spacing;      /* of the run: behind letters, in twentieths of a point … */
    unsigned size;    /* … and of them, in half points; 0: of no run, or set to fit a width */
    struct buf boxes; /* text of boxes met in the open paragraph, a line for each of theirs … */
    size_t boxed;     /* … and the first of the map's pieces that may be theirs */
    struct docx_paragraph paragraph;
    bool sums;                /* spaces below and above are added up: else the larger counts */
    struct str style_before;  /* of the paragraph right before it … */
    unsigned below;           /* … the space below that … */
    bool follows;             /* … if there is one */
    bool open, in_row, joins; /* joins: the paragraph's end was taken out, the next goes on */
    bool styled;              /* a heading or title: how its letters look is its style */
    bool bold, slanted, linked;
    unsigned fields;                   /* that are open */
    bool coded[DOCX_FIELDS_MOST];      /* still in what the field is made from, not what it shows */
    struct buf code[DOCX_FIELDS_MOST]; /* that */
    bool field_links[DOCX_FIELDS_MOST];
};

typedef void docx_taker(struct docx *d);

/* --- the walk ------------------------------------------------------------------------------------- */

/* The element that begins here, whose children are to be read one after the other. */
int docx_enter(struct docx *d);
/* Goes on to the next element in the one entered; false at its end. Whoever is given an element reads that to its end, or
 * goes on to what is in it by leaving it as it is. */
bool docx_next_in(struct docx *d, int entered);
/* Calls `take` for each element in the one that begins here; it reads that to its end. */
void docx_each_child(struct docx *d, docx_taker *take);
/* What stands around content without being any itself, for both versions of Word, and accepted changes. True when the
 * element was one of these, and read. */
bool docx_take_wrapping(struct docx *d, docx_taker *take);
/* Walks a part; false when it is damaged. */
bool docx_walk(struct docx *d, struct str part, docx_taker *take);
/* The same for its text alone, one paragraph a line, with nothing counted. */
bool docx_gather(struct docx *d, struct str part, docx_taker *take, struct str *text);
/* Whether the element is called so; what an attribute of it says; whether it switches on: <w:b/> and <w:b w:val="true"/>, but
 * not <w:b w:val="0"/>. */
bool docx_is(struct docx *d, const char *name);
struct str docx_said(struct docx *d, const char *attribute);
bool docx_is_on(struct docx *d);
/* The id of the note that the element is or refers to: notes of a page and of the document count apart. */
struct str docx_note_id(struct docx *d, bool end);
/* Counts what a paper can't hold. */
void docx_leave_out(struct docx *d, enum format_left_kind kind, struct str example);

/* --- the body ------------------------------------------------------------------------------------- */

/* A paragraph, a table, or what stands around them. */
void docx_take_block(struct docx *d);
void docx_end_block(struct docx *d);
/* Boxes met in the last paragraph, each line a paragraph of its own; or nobody's. */
void docx_put_boxes(struct docx *d);
void docx_forget_boxes(struct docx *d);

/* --- the map, where one is asked for --------------------------------------------------------------- */

void docx_add_piece(struct docx *d, struct docx_piece piece);
/* The line of the open paragraph; its size is that of its first run. */
void docx_add_line(struct docx *d);
void docx_size_line(struct docx *d);
/* Text `piece` was composed from byte `before` on: at its beginning white space may have been added or left out. */
void docx_note_composed(struct docx *d, struct docx_piece piece, size_t before);
/* Composes text that was gathered in a buffer from byte `at` on: what has a piece there, none before the map's *next, gets
 * its piece here, and what was trimmed off it is nobody's. */
void docx_compose_gathered(struct docx *d, const struct buf *in, size_t at, struct str text,
                           size_t *next);
/* A block's end may have cut white space, or the block was taken back: so were their pieces, and its line. */
void docx_clip_pieces(struct docx *d);
/* Puts pieces in order. What was only gathered is none of the document's text. */
void docx_finish_map(struct docx *d);
struct str docx_style_of(const struct docx *d, const struct docx_paragraph *p);
/* The space around a paragraph, by what it says and its style. */
struct docx_above docx_above_of(const struct docx *d, const struct docx_paragraph *p);

#endif
