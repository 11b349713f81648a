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

/* --- shares ------------------------------------------------------------------------------------------- */

#define ROW        28 /* from bar to bar */
#define THICK      18
#define ROW_LABEL  112
#define ROW_NUMBER 48

static void add_share(struct buf *out, const struct chart_share *row, unsigned part, double x,
                      double y, double width, struct str name)
{
    static const char *const CLASSES[CHART_SHARES] = {"bar", "bar second", "bar third"};
    buf_format(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"><title>",
               CLASSES[part], x, y, width, THICK);
    template_escape(out, row->label);
    buf_add(out, STR(", "));
    template_escape(out, name);
    buf_format(out, ": %" PRId64 "</title></rect>", row->parts[part]);
}

static int64_t whole_of(const struct chart_share *row)
{
    int64_t sum = 0;
    for (unsigned part = 0; part < CHART_SHARES; part++)
        sum += row->parts[part];
    return sum;
}

struct str chart_shares(struct arena *arena, const struct chart_share *rows, size_t count,
                        const struct str parts[CHART_SHARES], struct str words)
{
    struct buf out = {.arena = arena};
    int64_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = whole_of(&rows[i]) > most ? whole_of(&rows[i]) : most;
    int height = (int)count * ROW;
    buf_format(&out,
               "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"",
               WIDTH, height, WIDTH, height);
    template_escape(&out, words);
    buf_add(&out, STR("\">"));
    for (size_t i = 0; i < count; i++) {
        double x = ROW_LABEL;
        double y = (double)i * ROW + (double)(ROW - THICK) / 2;
        add_label(&out, ROW_LABEL - 8, (int)y + THICK - 5, "end", rows[i].label);
        for (unsigned part = 0; part < CHART_SHARES; part++) {
            double width =
                (double)rows[i].parts[part] / (double)most * (WIDTH - ROW_LABEL - ROW_NUMBER);
            if (width > 0)
                add_share(&out, &rows[i], part, x, y, width, parts[part]);
            x += width;
        }
        add_label(&out, (int)x + 6, (int)y + THICK - 5, "start",
                  str_format(arena, "%" PRId64, whole_of(&rows[i])));
    }
    buf_add(&out, STR("</svg>"));
    return buf_str(&out);
}
