/* Charts as SVG, to stand beside a table of the same figures. */
#ifndef SERVER_CHART_H
#define SERVER_CHART_H

#include "base/str.h"

struct chart_bar {
    struct str label; /* shown under the first and the last bar, and as each bar's title */
    int64_t value;    /* ≥ 0 */
};

/* Bars in order, with the greatest value at the axis. `words` says what it shows to who can't see it. */
struct str chart_bars(struct arena *arena, const struct chart_bar *bars, size_t count,
                      struct str words);

/* Rows of one bar each that is cut into shares. */
#define CHART_SHARES 3
struct chart_share {
    struct str label;            /* before the bar */
    int64_t parts[CHART_SHARES]; /* ≥ 0 */
};

/* As much of a text as there is room for before a bar, with an ellipsis where that is not all. */
struct str chart_label(struct arena *arena, struct str text);
/* All bars on one scale. `parts` names the shares, in each one's title; `words` says what the chart shows. */
struct str chart_shares(struct arena *arena, const struct chart_share *rows, size_t count,
                        const struct str parts[CHART_SHARES], struct str words);

/* Lines over the same steps, such as the months of a year: solid what is, dashed what is to be, dotted what is
 * expected, thin what was; told apart without colour. */
enum chart_stroke { CHART_ACTUAL, CHART_TARGET, CHART_FORECAST, CHART_PAST, CHART_OTHER };
struct chart_line {
    enum chart_stroke stroke;
    struct str name;  /* in the legend */
    const double *at; /* one a step; NAN: none, the line is broken there */
};
struct chart_course {
    const struct str *steps; /* their labels; all but each third may be left out on a phone */
    size_t count;
    const struct chart_line *lines;
    size_t nlines;
    const double *low, *high; /* a band, NAN where there is none; NULL: no band at all */
    bool from_zero;           /* the axis begins at 0, or ends there */
    struct str words;         /* says what it shows to who can't see it */
};
struct str chart_course(struct arena *arena, const struct chart_course *course);

/* Rows of a plan over time. Days are civil days, both ends belong to a bar; 0: no bar. */
struct chart_span {
    struct str label; /* before the row; short */
    struct str title; /* what pointing at it says */
    struct str note;  /* beside the bar, where there is room, else over it; short, may be empty */
    int64_t plan_from, plan_to;
    int64_t from, to; /* as it is to be expected, or was */
    bool point;       /* a day and no time: a diamond */
    bool critical, done;
};

/* Each row's plan as a thin bar under what is to be expected of it, with months above and a line for `today`. */
struct str chart_spans(struct arena *arena, const struct chart_span *rows, size_t count,
                       int64_t today, struct str words);

/* A square field of likelihood by impact: the first row and column are grade 1, which stands at the lower left. */
#define CHART_HEAT_SIDE 5
struct chart_heat_cell {
    const char *level; /* a class of the style sheet: its colour */
    int64_t count;
    struct str title, path; /* where it leads; empty: nowhere */
};
/* What moved from one cell to another, 0-based. */
struct chart_heat_move {
    int from_row, from_column, to_row, to_column;
    bool worse;
    struct str title;
};
struct chart_heat {
    struct chart_heat_cell cells[CHART_HEAT_SIDE][CHART_HEAT_SIDE]; /* by row, then column */
    const struct chart_heat_move *moves;
    size_t nmoves;
    struct str rows, columns; /* what they are */
    struct str words;         /* says what it shows to who can't see it */
};
struct str chart_heat(struct arena *arena, const struct chart_heat *heat);

#endif
