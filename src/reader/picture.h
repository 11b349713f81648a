/* Pictures inside the reader: opened, made flat, read, measured; see reader.h for what comes of them.
 *
 * picture_open.c decodes (HEIC by heif.c and hevc.c), picture_screen.c lays what screens show on white, picture_flat.c finds the page and makes it
 * straight, picture.c has it read by Tesseract, picture_signs.c reads codes, picture_numbers.c a copy's number in print,
 * picture_gaps.c measures gaps within lines, picture_lines.c where lines stand. */
#ifndef READER_PICTURE_H
#define READER_PICTURE_H

#include <leptonica/allheaders.h>

#include "reader/reader.h"

/* Whether the bytes begin like a picture. A file that is neither that nor a PDF is refused by the reader of PDF. */
bool picture_is(struct str bytes);
/* Reads a file that is a picture, or several in one (TIFF): adds a page for each. Refuses what is none. */
void picture_see(struct reader *reader, struct str bytes);
/* The first picture of such a file, upright as its camera was held. The caller's. Refuses what is none. */
PIX *picture_glance(struct reader *reader, struct str bytes);

/* Adds what codes on a grey picture say to the page's signs. */
void picture_read_signs(struct arena *arena, PIX *grey, struct reader_page *page);

/* The em that a flat picture is brought to, in pixels: what Tesseract's nets read best and quickly. */
#define PICTURE_EM 42.0F

/* A picture of a page made flat: lines run level, shading and what lies around the page are gone. */
struct picture_flat {
    PIX *grey;         /* 8 bits, letters dark on white (at 255), em about PICTURE_EM. Owned */
    float scale;       /* pixels of it to one of the source's, about */
    float noise;       /* standard deviation of its paper's grey */
    bool straightened; /* from a perspective */
    unsigned turned;   /* quarter turns clockwise that the source was given */
};

/* Grey of 8 bits from any picture, letters dark on light. The caller's. NULL where memory is lacking. */
PIX *picture_grey(PIX *source);
/* A picture of a screen with every colour that fills an area white, and what stands on it dark, whichever was the
 * brighter. The caller's. NULL: it is of no screen, or memory is lacking. */
PIX *picture_of_screen(PIX *grey);
/* Where a picture (8 bits) longer than a page is best cut behind row `from`; its height, where what is left is no
 * longer than that. */
int picture_find_cut(PIX *grey, int from);
/* Makes a grey picture flat; the source stays the caller's. Which side is up is not known yet: half the pictures
 * of pages that lie on their side come out upside down (picture_turn). False: nothing like text is in it. */
bool picture_flatten(PIX *grey, struct picture_flat *flat);
/* Turns a flat picture upside down. */
void picture_turn(struct picture_flat *flat);

/* Adds numbers of copies that stand in print above or below the text (lines read from `flat`, boxes in its pixels) to the
 * page's signs; nothing where a code has said one. */
void picture_read_numbers(struct arena *arena, const struct picture_flat *flat,
                          const struct reader_line *lines, size_t nlines, struct reader_page *page);
/* A reader of letters by Tesseract's models of these languages; the caller's. Refuses where they are missing. */
struct TessBaseAPI *picture_letters(const char *languages);

/* Measures how much wider than usual the gaps behind punctuation are, where lines stand and how large their text is,
 * on lines read from `flat` (boxes in its pixels). */
void picture_measure(struct arena *arena, const struct picture_flat *flat,
                     struct reader_line *lines, size_t nlines);
/* Its last part: where lines stand, `base` with its `noise`, and the `height` of their letters, where that can be told. */
void picture_measure_lines(struct arena *arena, const struct picture_flat *flat,
                           struct reader_line *lines, size_t nlines);

/* A projective map of the plane that takes four points to four others. False where three of them lie on a line. */
struct picture_corner {
    double x, y;
};
bool picture_map_corners(const struct picture_corner *from, const struct picture_corner *to,
                         double map[9]);
/* A grey picture of w × h whose points are the source's at where `map` takes them; `outside` where that is beyond it.
 * The caller's. */
PIX *picture_resample(PIX *source, const double map[9], int w, int h, unsigned outside);

/* Solves `n` linear equations, given as rows of n + 1 numbers each, whose last is the right side: the solution takes its
 * place. False where they have none, or many. */
bool picture_solve(double *rows, int n);

#endif
