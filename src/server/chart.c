/* Charts; see chart.h. Presentation is left to the style sheet's classes. */
#include "server/chart.h"

#include <inttypes.h>

#include "server/template.h"

#define WIDTH  640
#define HEIGHT 160
#define FOOT   20 /* for labels under the axis */
#define SIDE   48 /* for the greatest value */
#define GAP    2
#define LABEL  72  /* a label's width */
#define FEWEST 12U /* bars get no wider than for this many */

static void add_label(struct buf *out, int x, int y, const char *anchor, struct str text)
{
    buf_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor);
    template_escape(out, text);
    buf_add(out, STR("</text>"));
}

static void add_bar(struct buf *out, const struct chart_bar *bar, double x, double width,
                    double height)
{
    buf_format(out,
               "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
               x, HEIGHT - height, width, height);
    template_escape(out, bar->label);
    buf_format(out, ": %" PRId64 "</title></rect>", bar->value);
}

/* The last bar's label ends with the bar, but keeps clear of the first one's. */
static int last_label(double step, size_t count)
{
    int end = SIDE + (int)(step * (double)count);
    return end > SIDE + 2 * LABEL ? end : SIDE + 2 * LABEL;
}

struct str chart_bars(struct arena *arena, const struct chart_bar *bars, size_t count,
                      struct str words)
{
    struct buf out = {.arena = arena};
    int64_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = bars[i].value > most ? bars[i].value : most;
    double step = (double)(WIDTH - SIDE) / (double)(count > FEWEST ? count : FEWEST);
    buf_format(&out,
               "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"",
               WIDTH, HEIGHT + FOOT, WIDTH, HEIGHT + FOOT);
    template_escape(&out, words);
    buf_add(&out, STR("\">"));
    for (size_t i = 0; i < count; i++)
        add_bar(&out, &bars[i], SIDE + step * (double)i, step > 2 * GAP ? step - GAP : step,
                (double)bars[i].value / (double)most * (HEIGHT - FOOT));
    buf_format(&out, "<path class=\"axis\" d=\"M%d %dH%d\"/>", SIDE, HEIGHT, WIDTH);
    add_label(&out, SIDE - 6, FOOT + 6, "end", str_format(arena, "%" PRId64, most));
    add_label(&out, SIDE - 6, HEIGHT, "end", STR("0"));
    if (count)
        add_label(&out, SIDE, HEIGHT + FOOT - 4, "start", bars[0].label);
    if (count > 1)
        add_label(&out, last_label(step, count), HEIGHT + FOOT - 4, "end", bars[count - 1].label);
    buf_add(&out, STR("</svg>"));
    return buf_str(&out);
}
