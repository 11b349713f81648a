/* Lines with a band; see chart.h. */
#include "server/chart.h"

#include <math.h>

#include "server/template.h"

#define WIDTH  640
#define HEIGHT 260
#define LEFT   64
#define RIGHT  12
#define TOP    40 /* the legend's */
#define FOOT   24
#define TICKS  5

struct scale {
    double least, most, step; /* of the axis */
    unsigned places;
    size_t count;
};

static const char *const CLASSES[] = {
    [CHART_ACTUAL] = "line",    [CHART_TARGET] = "line target", [CHART_FORECAST] = "line forecast",
    [CHART_PAST] = "line past", [CHART_OTHER] = "line other",
};

static void widen(struct scale *scale, const double *at, size_t count)
{
    for (size_t i = 0; at && i < count; i++) {
        if (isnan(at[i]))
            continue;
        scale->least = fmin(scale->least, at[i]);
        scale->most = fmax(scale->most, at[i]);
    }
}

/* A step of 1, 2 or 5 times a power of ten, of which some five make the range. */
static double round_step(double range)
{
    double power = pow(10, floor(log10(range / TICKS)));
    double times = range / TICKS / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static struct scale scale_of(const struct chart_course *course)
{
    struct scale scale = {.least = HUGE_VAL, .most = -HUGE_VAL, .count = course->count};
    for (size_t i = 0; i < course->nlines; i++)
        widen(&scale, course->lines[i].at, course->count);
    widen(&scale, course->low, course->low ? course->count : 0);
    widen(&scale, course->high, course->high ? course->count : 0);
    if (scale.least > scale.most)
        scale.least = scale.most = 0;
    if (course->from_zero) {
        scale.least = fmin(scale.least, 0);
        scale.most = fmax(scale.most, 0);
    }
    double range = scale.most - scale.least;
    double size = fmax(fabs(scale.most), fabs(scale.least));
    bool flat = range <= size * 1e-9; /* what is left of that is rounding */
    scale.step = round_step(!flat ? range : size > 0 ? size : 1);
    scale.least = floor(scale.least / scale.step) * scale.step;
    scale.most = ceil(scale.most / scale.step) * scale.step;
    if (scale.most <= scale.least)
        scale.most = scale.least + scale.step;
    scale.places = scale.step < 1 ? (unsigned)ceil(-log10(scale.step) - 1e-9) : 0;
    return scale;
}

static double x_of(const struct scale *scale, size_t i)
{
    double inner = WIDTH - LEFT - RIGHT;
    return LEFT + inner * ((double)i + 0.5) / (double)(scale->count ? scale->count : 1);
}

static double y_of(const struct scale *scale, double value)
{
    double part = (value - scale->least) / (scale->most - scale->least);
    return TOP + (HEIGHT - TOP - FOOT) * (1 - part);
}

static void add_axis(struct buf *out, const struct chart_course *course, const struct scale *scale)
{
    long ticks = lround((scale->most - scale->least) / scale->step);
    for (long i = 0; i <= ticks; i++) {
        double tick = scale->least + (double)i * scale->step;
        double shown = fabs(tick) < scale->step / 2 ? 0 : tick;
        buf_format(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y_of(scale, tick),
                   WIDTH - RIGHT);
        buf_format(out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.*f</text>", LEFT - 8,
                   y_of(scale, tick) + 4, (int)scale->places, shown);
    }
    for (size_t i = 0; i < course->count; i++) {
        buf_format(out, "<text%s x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">",
                   i % 3 ? " class=\"minor\"" : "", x_of(scale, i), HEIGHT - 6);
        template_escape(out, course->steps[i]);
        buf_add(out, STR("</text>"));
    }
}

/* The band's upper edge forth and its lower edge back. */
static void add_band(struct buf *out, const struct chart_course *course, const struct scale *scale)
{
    size_t from = 0;
    while (from < course->count && isnan(course->low[from]))
        from++;
    size_t end = from;
    while (end < course->count && !isnan(course->low[end]))
        end++;
    if (end - from < 2)
        return;
    buf_add(out, STR("<path class=\"band\" d=\""));
    for (size_t i = from; i < end; i++)
        buf_format(out, "%c%.1f %.1f", i == from ? 'M' : 'L', x_of(scale, i),
                   y_of(scale, course->high[i]));
    for (size_t i = end; i-- > from;)
        buf_format(out, "L%.1f %.1f", x_of(scale, i), y_of(scale, course->low[i]));
    buf_add(out, STR("Z\"/>"));
}

static void add_line(struct buf *out, const struct chart_line *line, const struct scale *scale)
{
    bool on = false;
    buf_format(out, "<path class=\"%s\" d=\"", CLASSES[line->stroke]);
    for (size_t i = 0; i < scale->count; i++) {
        if (!isnan(line->at[i]))
            buf_format(out, "%c%.1f %.1f", on ? 'L' : 'M', x_of(scale, i),
                       y_of(scale, line->at[i]));
        on = !isnan(line->at[i]);
    }
    buf_add(out, STR("\"/>"));
    for (size_t i = 0; i < scale->count && line->stroke == CHART_ACTUAL; i++)
        if (!isnan(line->at[i]))
            buf_format(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
                       x_of(scale, i), y_of(scale, line->at[i]));
}

static bool has_any(const struct chart_line *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(line->at[i]))
            return true;
    return false;
}

static void add_legend(struct buf *out, const struct chart_course *course)
{
    size_t shown = 0;
    for (size_t i = 0; i < course->nlines; i++)
        shown += has_any(&course->lines[i], course->count);
    double room = (double)(WIDTH - LEFT - RIGHT) / (double)(shown ? shown : 1);
    double x = LEFT;
    for (size_t i = 0; i < course->nlines; i++) {
        if (!has_any(&course->lines[i], course->count))
            continue;
        buf_format(out, "<path class=\"%s\" d=\"M%.1f 14h26\"/><text x=\"%.1f\" y=\"18\">",
                   CLASSES[course->lines[i].stroke], x, x + 32);
        template_escape(out, course->lines[i].name);
        buf_add(out, STR("</text>"));
        x += room;
    }
}

struct str chart_course(struct arena *arena, const struct chart_course *course)
{
    struct buf out = {.arena = arena};
    struct scale scale = scale_of(course);
    buf_format(
        &out,
        "<svg class=\"course\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    template_escape(&out, course->words);
    buf_add(&out, STR("\">"));
    add_axis(&out, course, &scale);
    if (course->low && course->high)
        add_band(&out, course, &scale);
    for (size_t i = course->nlines; i-- > 0;) /* the first lies on top */
        add_line(&out, &course->lines[i], &scale);
    add_legend(&out, course);
    buf_add(&out, STR("</svg>"));
    return buf_str(&out);
}
