/* Inside chancery-reader: the small program that reads files which strangers made, PDF and pictures.
 *
 * It stands apart from the program so that a fault in a parser of hostile files touches neither keys nor database:
 * a process of its own, without network, without writing, with fonts and models of letters alone to read, little
 * memory and little time (sandbox.c). One process reads one file: what it takes from its arena lives as long as it
 * does, and whatever it can't go on with ends it (reader_refuse). It answers by wire.h.
 *
 * A page is seen as lines of characters with boxes, by pdf.c from the text layer or by picture.c from a picture;
 * words.c makes of the pages one text, leaves heads and feet out, and measures its gaps and lines. All measures are
 * in points (1/72 inch), y grows downwards. Enters base/ and paper/seen.h. */
#ifndef READER_READER_H
#define READER_READER_H

#include "base/str.h"
#include "paper/seen.h"

struct reader_char {
    uint32_t
        code; /* of Unicode; a space is a character too, its box is the room between its neighbours */
    bool raised;                    /* small, above the line: of a note, or an exponent */
    uint8_t doubt;                  /* chance in 255ths that it was misread; 0 in text layers */
    float left, right, top, bottom; /* a text layer: the room that it takes; a picture: its ink */
    /* How much wider than usual the gap behind it is, in ems, and the standard error of that; 0 and 0: not
     * measured; measure.c does it for text layers. READER_BLIND: not to be measured. */
    float wider, wider_noise;
};
#define READER_BLIND 1e3F
struct reader_line {
    struct reader_char *chars; /* in reading order */
    size_t nchars;
    float left, right, top, bottom;
    float base;    /* where its letters stand */
    float size;    /* the em of its text */
    float weight;  /* 1: as most text; 1.3 and more: bold; 0: unknown */
    float height;  /* of its letters: Han, else small Latin ones; 0: unknown, and in text layers */
    float noise;   /* standard error of `base`; 0 in text layers */
    unsigned font; /* the same number for the same font and size; 0: unknown */
    /* How much lower than usual it stands, in ems, and the standard error of that; 0 and 0: as above. */
    float lower, lower_noise;
    bool aside;    /* head, foot or page number: no part of the text */
    bool begins;   /* a paragraph; both are found by layout.c */
    bool note;     /* of a footnote: said after all else */
    bool in_table; /* of a row whose cells are parted by '\t' characters */
};
/* A line that is drawn: of a table, perhaps. */
struct reader_rule {
    float left, right, top, bottom;
    bool upright;
};
struct reader_page {
    float width, height;
    struct reader_rule *rules; /* looked for where there may be a table */
    size_t nrules;
    struct reader_line *lines; /* in reading order */
    size_t nlines;
    struct str *signs; /* what codes (QR) on it say, in the order found */
    size_t nsigns;
    unsigned models;    /* enum wire_models that its letters were read by, of a picture */
    bool pictured;      /* read from a picture; of a paper: it is one, and not read */
    unsigned npictures; /* in its text, of a paper */
};

/* The file at hand. */
struct reader {
    struct arena *arena;
    struct reader_page *pages;
    size_t npages;
};
/* A further page, zeroed; earlier pointers to pages hold no longer. */
struct reader_page *reader_add_page(struct reader *reader);

/* Tells whoever waits how far it is: `done` of `all` pages. */
void reader_tell(unsigned done, unsigned all);

/* Why a file is not read; the words are the parent's (format/see.c). */
enum reader_refusal {
    READER_REFUSED_DAMAGED = 1, /* it is not what it says, or is broken */
    READER_REFUSED_LOCKED,      /* encrypted */
    READER_REFUSED_EMPTY,       /* nothing to read in it */
    READER_REFUSED_PAGES,       /* `number` of them: too many */
    READER_REFUSED_LARGE,       /* a picture of `number` million points */
    READER_REFUSED_BOMB,        /* unpacks to far more than it holds */
    READER_REFUSED_COMPLEX,     /* page `number` takes far more work than a page of a paper */
    READER_REFUSED_SCAN,        /* pictures of pages, where a paper's text was asked for */
    READER_REFUSED_MEMORY,
    READER_REFUSED_TIME,
    READER_REFUSED_SETUP, /* something that it needs is not installed, such as models of letters */
    READER_REFUSED_KIND,  /* a HEIF that is no HEIC as telephones save it, such as AVIF */
    READER_REFUSED_FENCED, /* said in place of SETUP where no file can be opened, for want of Landlock */
    READER_REFUSALS
};
/* Says so and ends the process. */
_Noreturn void reader_refuse(enum reader_refusal why, unsigned number);

/* A picture of a page: leptonica's own type. */
struct Pix;
/* Reads what is written on a picture of a page: fills lines, signs, width and height. `dpi` is what the picture says of
 * itself, 0 where it says nothing. The picture stays the caller's. Refuses where the models of letters are missing. */
void reader_see_picture(struct reader *reader, struct Pix *picture, unsigned dpi,
                        struct reader_page *page);

#endif
