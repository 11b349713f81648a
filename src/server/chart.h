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

#endif
