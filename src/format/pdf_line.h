/* Inside format/: clusters as lines, and the pen that writes them into a page's content (ISO 32000-1, 9.4).
 *
 * Lengths on a page are thousandths of a point, along a line thousandths of those, since a width in thousandths of an em
 * times a size in thousandths of a point is one. */
#ifndef FORMAT_PDF_LINE_H
#define FORMAT_PDF_LINE_H

#include "format/pdf_tree.h"
#include "format/pdf_type.h"

struct pdf_line {
    uint32_t from, to; /* clusters, spaces at the end left out */
    int64_t width;     /* thousandths of an em */
    bool last;         /* of its paragraph */
};

/* Which text is broken how. `first` is taken off the first line; widths in thousandths of an em. */
struct pdf_measure {
    int64_t room, first;
    bool verbatim; /* spaces at a line's beginning stay */
};
/* Breaks n clusters into lines, in the arena: greedily, at the last place that allows it, or anywhere in what is longer
 * than a line. Gives how many; none for no clusters. Linear. */
uint32_t pdf_break_lines(struct arena *arena, const struct pdf_cluster *const *clusters, size_t n,
                         const struct pdf_measure *measure, struct pdf_line **lines);

/* How wide the line is when nothing is stretched, and the number of places between its clusters that may be. */
unsigned pdf_line_gaps(const struct pdf_cluster *const *clusters, const struct pdf_line *line);
/* The line's clusters as they are drawn from left to right: what is written backward is turned round. In the arena where
 * they differ. */
const struct pdf_cluster *const *pdf_line_order(struct arena *arena,
                                                const struct pdf_cluster *const *clusters,
                                                const struct pdf_line *line);

/* What the pen has in hand on the present page. */
#define PDF_ARTIFACT (UINT32_MAX - 1) /* the element of what is not read aloud */
struct pdf_pen {
    struct buf *out;
    struct pdf_tree *tree;
    uint32_t element; /* of which something is being written; PDF_NOBODY: none */
    int32_t size, stretch, rise;
    uint32_t font; /* index; PDF_NOBODY: none */
    bool wide;     /* it is the font's marks with room behind them */
    bool leaned, blue;
};
/* Takes up the pen on a new page. */
void pdf_pen_begin(struct pdf_pen *pen);
/* Writes for an element from here on. */
void pdf_pen_mark(struct pdf_pen *pen, uint32_t element);
/* Nothing is being written any more: lines may be drawn, or the page ended. */
void pdf_pen_lift(struct pdf_pen *pen);
/* Draws the first n of a line's `all` clusters, as ordered, from x (thousandths of thousandths) on the base line y;
 * `stretch` is added behind each that may be stretched. Gives where it ends. */
struct pdf_stroke {
    int64_t x;
    int64_t y;
    int32_t size, stretch;
    bool blue;
};
int64_t pdf_pen_draw(struct pdf_pen *pen, const struct pdf_cluster *const *clusters, size_t n,
                     size_t all, const struct pdf_stroke *stroke);

#endif
